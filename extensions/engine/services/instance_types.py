"""/instancetypes: sizes of machines."""

from __future__ import annotations

import copy

from .. import errors
from ..clock import timed
from ..rules import machine
from ..rules.machine import MIB
from ..rules.refusals import Command
from .base import Collection
from .permissions import own
from .vms import HIDDEN

REMOVE = Command("remove", "Template")
ADD = Command("add", "Template")
EDIT = Command("edit", "Template")
# Members of a machine that an instance type has.
MEMBERS = ("console", "cpu", "display", "high_availability", "io", "memory", "memory_policy", "migration", "migration_downtime", "os", "placement_policy",
           "rng_device", "soundcard_enabled", "tpm_enabled", "usb", "virtio_scsi", "custom_cpu_model", "custom_emulated_machine", "_graphics")
SEEDED = (("Tiny", "00000003-0003-0003-0003-0000000000be", 512, 1), ("Small", "00000005-0005-0005-0005-0000000002e6", 2048, 1),
          ("Medium", "00000007-0007-0007-0007-00000000010a", 4096, 2), ("Large", "00000009-0009-0009-0009-0000000000f1", 8192, 2),
          ("XLarge", "0000000b-000b-000b-000b-00000000021f", 16384, 4))
CREATED_LOCK_SECONDS = 3.0


class InstanceTypes(Collection):
    type = "instance_type"
    paths = ("instancetypes",)
    search = "instancetypes"
    links = ("nics", "watchdogs", "graphicsconsoles")

    def seed(self, ctx):
        for name, ident, mebibytes, sockets in SEEDED:
            row = self._fresh(name, f"{'Extra Large' if name == 'XLarge' else name} instance type", 1399237200000, ident)
            row.update({"memory": mebibytes * MIB, "io": {"threads": 0}, "soundcard_enabled": False, "_graphics": ["spice", "vnc"]})
            row["memory_policy"] = {"ballooning": True, "guaranteed": mebibytes * MIB, "max": 4 * mebibytes * MIB}
            row["cpu"]["topology"]["sockets"] = sockets
            self.of(ctx).save(row)

    @staticmethod
    def _fresh(name, description, created, ident):
        blank = machine.blank()
        row = {"id": ident, "name": name, "description": description, "creation_time": created,
               **{member: blank[member] for member in MEMBERS if member in blank}}
        row["soundcard_enabled"] = False
        row["cpu"].pop("architecture")
        row["os"].pop("type")
        return row

    def render(self, ctx, row, parents=None):
        full = ctx.all_content or (ctx.request is not None and ctx.request.method in ("POST", "PUT"))
        rep = {name: value for name, value in row.items() if name[0] != "_" and (full or name not in HIDDEN)}
        href = rep["href"] = f"{ctx.prefix}/instancetypes/{row['id']}"
        rep["link"] = [{"rel": rel, "href": f"{href}/{rel}"} for rel in self.links]
        rep["display"] = {**row["display"], "type": "spice" if "spice" in row["_graphics"] else "vnc"}
        return rep

    def add(self, ctx, body, parents):
        if not body.get("name"):
            raise errors.incomplete("InstanceType", ["name"], "add")
        if self.of(ctx).named(body["name"]) is not None:
            raise ADD.refuses(409, "The Template name is already in use, please choose a unique name and try again.")
        row = self._fresh(body["name"], body.get("description", ""), ctx.now, ctx.new_id())
        self._take(row, body)
        machine.memory_defaults(row, body, None)
        machine.check_memory(row, ADD)
        self.of(ctx).save(row)
        own(ctx, "instance_type", row["id"])
        ctx.lock(f"instance_type:{row['id']}", "Template ${TemplateName} is being created.")
        ctx.later(CREATED_LOCK_SECONDS, "instance_type.created", instance_type=row["id"])
        return row

    @staticmethod
    def _take(row, body):
        """Take what a body says, as far as instance types have it."""
        whole = {**machine.blank(), **row}
        whole["os"] = {"type": "other", **row["os"]}
        machine.configure(whole, body)
        machine.set_usb(whole, body, creating=False)
        machine.set_graphics(whole, body, None)
        whole["os"].pop("type", None)
        whole["cpu"].pop("architecture", None)
        for name in ("name", "description", *MEMBERS):
            if name in whole:
                row[name] = whole[name]
            else:
                row.pop(name, None)

    def update(self, ctx, row, body):
        name = body.get("name", row["name"])
        other = self.of(ctx).named(name)
        if other is not None and other["id"] != row["id"]:
            raise EDIT.refuses(409, "The Template name is already in use, please choose a unique name and try again.")
        wanted = copy.deepcopy(row)
        self._take(wanted, body)
        machine.check_memory(wanted, EDIT)
        row.clear()
        row.update(wanted)
        vms = ctx.engine.services.of_type("vm")
        for vm in ctx.table("vm").by("instance_type.id", row["id"]):
            if vm["status"] == "down":
                vms.follow_type(ctx, vm, row)
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        REMOVE.free(ctx, f"instance_type:{row['id']}")
        users = ctx.table("vm").by("instance_type.id", row["id"])
        for vm in users:
            vm.pop("instance_type")
            ctx.table("vm").save(vm)
        ctx.job(f"Removing VM Template {row['name']} from Data Center <UNKNOWN>").finish()
        for nic in ctx.table("_instance_type_nic").by("instance_type.id", row["id"]):
            ctx.table("_instance_type_nic").remove(nic["id"])
        self.of(ctx).remove(row["id"])


@timed("instance_type.created")
def created(ctx, instance_type):
    ctx.unlock(f"instance_type:{instance_type}")
