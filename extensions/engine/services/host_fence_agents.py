"""/hosts/H/fenceagents: the devices that can switch a host off and on."""

from __future__ import annotations

from .. import errors
from .base import Collection, merge

# The kinds of agents the engine is configured with (its option VdsFenceType).
KINDS = ("apc", "apc_snmp", "bladecenter", "cisco_ucs", "drac5", "drac7", "eps", "hpblade", "ilo", "ilo2", "ilo3", "ilo4", "ilo_ssh", "ipmilan", "rsa", "rsb",
         "wti")
MEMBERS = ("address", "username", "type", "order", "encrypt_options", "concurrent")


class FenceAgents(Collection):
    type = "agent"
    paths = ("hosts/{host}/fenceagents",)

    def rows(self, ctx, parents):
        return sorted(super().rows(ctx, parents), key=lambda row: row.get("order", 0))

    def add(self, ctx, body, parents):
        host = ctx.row("host", parents["host"])
        if host is None:
            raise errors.not_found()
        self._check(body, "add")
        ctx.job(f"Adding fence agent to host {host['name']}").finish()
        row = {"id": ctx.new_id(), "host": {"id": parents["host"]}, "encrypt_options": False, "_password": body["password"]}
        self._take(row, body)
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        self._check(body, "edit")
        ctx.job(f"Updating fence agent of host {ctx.row('host', row['host']['id'])['name']}").finish()
        self._take(row, body)
        if "password" in body:
            row["_password"] = body["password"]
        # As observed: one that was changed is listed after the others.
        self.of(ctx).remove(row["id"])
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        host = ctx.row("host", row["host"]["id"])
        self.of(ctx).remove(row["id"])
        ctx.job(f"Removing fence agent from host {host['name']}").finish()

    @staticmethod
    def _check(body, verb):
        if body.get("type", KINDS[0]) not in KINDS:
            raise errors.refused(409, f"Cannot {verb} Fence Agent. Selected Power Management Agent is not supported.")

    @staticmethod
    def _take(row, body):
        """As observed, the port is an option too, and an update that names it forgets the other options."""
        merge(row, body, *MEMBERS)
        options = list(body.get("options") or ())
        if "port" in body:
            row["port"] = body["port"]
            options.append({"name": "port", "value": str(body["port"])})
        if options:
            row["options"] = options


def renew_agents(ctx, host):
    """As the real engine does it at each update of a host: all agents are removed and saved anew, with other ids (``UpdateVdsCommand``)."""
    table = ctx.table("agent")
    for row in table.by("host.id", host["id"]):
        table.remove(row["id"])
        table.save({**row, "id": ctx.new_id()})
