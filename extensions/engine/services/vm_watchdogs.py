"""Watchdogs of machines, templates and instance types; each has one at most."""

from __future__ import annotations

from ..rules.refusals import Command
from .base import Collection


class VmWatchdogs(Collection):
    type = "watchdog"
    paths = ("vms/{vm}/watchdogs",)
    owner = "vm"

    def add(self, ctx, body, parents):
        owner = ctx.row(self.owner, parents[self.owner].lower())
        command = Command("add", "Watchdog")
        if owner is None:
            raise command.refuses(400, "VM is not found.")
        if self.owner == "vm":
            command.free(ctx, f"vm:{owner['id']}")
        if ctx.table("watchdog").by("_owner", owner["id"]):
            raise command.refuses(409, "Watchdog already exists.")
        row = self.of(ctx).save({"id": ctx.new_id(), "model": body.get("model", "i6300esb"), "action": body["action"], self.owner: {"id": owner["id"]},
                                 "_owner": owner["id"]})
        ctx.job(f"Adding watchdog to VM {owner['name']}").finish()
        return row

    def update(self, ctx, row, body):
        row.update({name: body[name] for name in ("model", "action") if name in body})
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])


class TemplateWatchdogs(VmWatchdogs):
    paths = ("templates/{template}/watchdogs",)
    owner = "template"


class InstanceTypeWatchdogs(VmWatchdogs):
    paths = ("instancetypes/{instance_type}/watchdogs",)
    owner = "instance_type"
