"""Graphics consoles of machines, templates and instance types: SPICE and VNC."""

from __future__ import annotations

import secrets

from .. import errors
from ..rules import displays, power
from .base import Collection, action

PROTOCOLS = ("spice", "vnc")
EXPIRY = 7200
TWICE = "Cannot ${action} ${type}. One VM can not contain more than one device with the same graphics type."


def identifier(protocol: str) -> str:
    """The id of a console is its protocol, letter by letter in hexadecimal."""
    return protocol.encode().hex()


def console_ports(vm) -> dict[str, dict[str, int]]:
    """The ports of the consoles a machine runs with: SPICE has a second one, for TLS."""
    port, found = vm["_console"]["port"], {}
    for protocol in PROTOCOLS:
        if protocol in vm["_running"]["graphics"]:
            found[protocol] = {"port": port, **({"tls_port": port + 1} if protocol == "spice" else {})}
            port += len(found[protocol])
    return found


def viewer_file(vm, protocol: str) -> str:
    """What the remote viewer is started with."""
    console = vm["_console"]
    port = console_ports(vm)[protocol]["port"]
    lines = ["[virt-viewer]", f"type={protocol}", f"host={console['address']}", f"port={port}", f"password={secrets.token_urlsafe(9)}",
             "delete-this-file=1", f"title={vm['name']}:%d", "toggle-fullscreen=shift+f11", "release-cursor=shift+f12"]
    return "\n".join(lines) + "\n"


class VmGraphicsConsoles(Collection):
    type = "graphics_console"
    paths = ("vms/{vm}/graphicsconsoles",)
    owner = "vm"
    id_is_uuid = False
    accepts = ("x-virt-viewer",)

    def _owner(self, ctx, parents):
        return ctx.row(self.owner, parents[self.owner].lower())

    def rows(self, ctx, parents):
        owner = self._owner(ctx, parents)
        if owner is None:
            return []
        if ctx.flag("current"):
            console = owner.get("_console")
            if not console:
                return []
            return [{"id": identifier(one), "protocol": one, self.owner: {"id": owner["id"]}, "address": console["address"], **ports}
                    for one, ports in console_ports(owner).items()]
        # What waits for the next start has consoles of its own; requests about consoles go past it.
        configured = (ctx.row("next_run", owner["id"]) or owner).get("_graphics", owner["_graphics"])
        return [{"id": identifier(one), "protocol": one, self.owner: {"id": owner["id"]}} for one in PROTOCOLS if one in configured]

    def find(self, ctx, ident, parents):
        row = next((row for row in self.rows(ctx, parents) if row["id"] == ident), None)
        if row is None:
            raise errors.not_found()
        if ctx.request is not None and ctx.request.method == "GET" and "x-virt-viewer" in ctx.request.headers.get("accept", ""):
            self._viewer(ctx, row)
        return row

    def _viewer(self, ctx, row):
        vm = ctx.row("vm", row["vm"]["id"])
        ctx.media = "xml"
        if not power.running(vm):
            raise errors.fault(409, None, f"Vm {vm['name']} is not running.")
        if "_console" not in vm or row["protocol"] not in vm["_running"]["graphics"]:
            raise errors.fault(409, None, f"Vm {vm['name']} doesn't have {row['protocol'].upper()} console.")
        raise errors.text(200, viewer_file(vm, row["protocol"]), "application/x-virt-viewer")

    def path_of(self, row):
        return f"/{self.paths[0].partition('/')[0]}/{row[self.owner]['id']}/graphicsconsoles/{row['id']}"

    def add(self, ctx, body, parents):
        owner = self._owner(ctx, parents)
        if owner is None:
            raise errors.refused(400, "Cannot add VM. VM is not found.")
        protocol = body["protocol"]
        if protocol in owner["_graphics"]:
            raise errors.refused(400, TWICE)
        displays.add_console(owner, protocol)
        if self.owner == "vm" and "_console" not in owner and owner.get("_running"):
            owner["_running"]["graphics"] = list(owner["_graphics"])
        ctx.table(self.owner).save(owner)
        return {"id": identifier(protocol), "protocol": protocol, self.owner: {"id": owner["id"]}}

    def remove(self, ctx, row):
        owner = ctx.row(self.owner, row[self.owner]["id"])
        displays.remove_console(owner, row["protocol"])
        ctx.table(self.owner).save(owner)

    @action("proxyticket", entity=False)
    def proxy_ticket(self, ctx, row, body):
        raise errors.fault(400, "Graphics console can't be obtained. Is vm ready for connecting to console?")

    @action("remoteviewerconnectionfile", entity=False)
    def remote_viewer_connection_file(self, ctx, row, body):
        vm = ctx.row("vm", row["vm"]["id"])
        if "_console" not in vm or row["protocol"] not in vm["_running"]["graphics"]:
            raise errors.empty(204)
        return {"remote_viewer_connection_file": viewer_file(vm, row["protocol"])}

    @action("ticket", entity=False)
    def ticket(self, ctx, row, body):
        vm = ctx.row("vm", row["vm"]["id"])
        if not power.running(vm):
            raise errors.fault(409, f"[Cannot set Virtual Machine Ticket because the VM is in {power.shown(vm['status'])} status.]")
        wanted = body.get("ticket") or {}
        return {"ticket": {"expiry": wanted.get("expiry", EXPIRY), "value": wanted.get("value") or secrets.token_urlsafe(9)}}


class TemplateGraphicsConsoles(VmGraphicsConsoles):
    paths = ("templates/{template}/graphicsconsoles",)
    owner = "template"
    proxy_ticket = remote_viewer_connection_file = ticket = None


class InstanceTypeGraphicsConsoles(TemplateGraphicsConsoles):
    paths = ("instancetypes/{instance_type}/graphicsconsoles",)
    owner = "instance_type"
