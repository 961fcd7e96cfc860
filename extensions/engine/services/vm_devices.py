"""Devices of machines that hosts lend: NUMA nodes, host devices, mediated devices."""

from __future__ import annotations

from .. import errors
from ..rules import numa, power
from ..rules.refusals import Command
from .base import Collection
from .host_hardware import HostDevices


class VmNumaNodes(Collection):
    """NUMA nodes; a machine that runs has them from its next start, and no lock or status keeps them from being changed."""

    type = "virtual_numa_node"
    paths = ("vms/{vm}/numanodes",)

    def rows(self, ctx, parents):
        return numa.nodes_of(ctx, {"id": parents["vm"].lower()})

    def add(self, ctx, body, parents):
        vm = ctx.row("vm", parents["vm"].lower())
        if vm is None:
            raise errors.refused(400, "Cannot ${action} ${type}. VM is not found.")
        row = {"id": ctx.new_id(), "vm": {"id": vm["id"]}, "index": body["index"], "memory": body["memory"], "cpu": body.get("cpu") or {},
               "numa_tune_mode": body.get("numa_tune_mode", "interleave"), **self._pins(body)}
        numa.check(ctx, vm, [*numa.nodes_of(ctx, vm), row])
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        wanted = {**row, **{name: body[name] for name in ("index", "memory", "cpu", "numa_tune_mode") if name in body}, **self._pins(body)}
        vm = ctx.row("vm", row["vm"]["id"])
        numa.check(ctx, vm, [wanted if node["id"] == row["id"] else node for node in numa.nodes_of(ctx, vm)])
        row.update(wanted)
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        vm = ctx.row("vm", row["vm"]["id"])
        numa.check(ctx, vm, [node for node in numa.nodes_of(ctx, vm) if node["id"] != row["id"]])
        self.of(ctx).remove(row["id"])

    def present(self, ctx, row, rep):
        for name, value in (("cpu", numa.cpus(row)), ("numa_node_pins", numa.pins(row))):
            if not value:
                rep.pop(name, None)

    @staticmethod
    def _pins(body):
        return {"numa_node_pins": body["numa_node_pins"] or []} if "numa_node_pins" in body else {}


class VmHostDevices(Collection):
    type = "host_device"
    table = "vm_host_device"
    paths = ("vms/{vm}/hostdevices",)
    id_is_uuid = False

    def add(self, ctx, body, parents):
        command = Command("add", "Host devices")
        vm = ctx.row("vm", parents["vm"].lower())
        if vm is None:
            raise command.refuses(400, "VM is not found.")
        devices = self._lendable(ctx, vm, command)
        wanted = body.get("id") or body.get("name", "").encode().hex()
        device = next((one for one in devices if one["id"] == wanted), None)
        if device is None:
            raise command.refuses(400, "One or more of specified host devices not found.")
        for one in self._group(devices, device):
            ident = f"{vm['id']}:{one['id']}"
            have = self.of(ctx).get(ident) or {**one, "id": ident, "vm": {"id": vm["id"]}, "_device": one["id"], "placeholder": True}
            if one is device:
                have.pop("placeholder", None)
            self.of(ctx).save(have)
        return self.of(ctx).get(f"{vm['id']}:{device['id']}")

    @staticmethod
    def _lendable(ctx, vm, command):
        """The devices of the one host that a machine has to be bound to, and it has to be down."""
        if vm["status"] != "down":
            raise command.refuses(409, f" because the VM is in {power.shown(vm['status'])} status.")
        hosts = vm["placement_policy"].get("hosts", ())
        if not hosts:
            raise command.refuses(409, "VM must be pinned to a host.")
        if len(hosts) > 1:
            raise command.refuses(409, "VM must be pinned to a single host.")
        return HostDevices(ctx.engine).rows(ctx, {"host": hosts[0]["id"]})

    @staticmethod
    def _group(devices, device):
        """What goes with a device: all of its IOMMU group."""
        group = device.get("iommu_group")
        return [device] if group is None else [one for one in devices if one.get("iommu_group") == group]

    def find(self, ctx, ident, parents):
        row = self.of(ctx).get(f"{parents['vm'].lower()}:{ident}")
        if row is None:
            raise errors.not_found()
        return row

    def path_of(self, row):
        return f"/vms/{row['vm']['id']}/hostdevices/{row.get('_device', row['id'])}"

    def present(self, ctx, row, rep):
        rep["id"] = row.get("_device", row["id"])

    def remove(self, ctx, row):
        vm = ctx.row("vm", row["vm"]["id"])
        devices = self._lendable(ctx, vm, Command("remove", "Host devices"))
        device = next((one for one in devices if one["id"] == row["_device"]), {"id": row["_device"]})
        row["placeholder"] = True
        self.of(ctx).save(row)
        group = [one for one in (self.of(ctx).get(f"{vm['id']}:{other['id']}") for other in self._group(devices, device)) if one is not None]
        if all(one.get("placeholder") for one in group):
            for one in group:
                self.of(ctx).remove(one["id"])


class VmMediatedDevices(Collection):
    type = "vm_mediated_device"
    missing = "VM is not found."
    paths = ("vms/{vm}/mediateddevices",)
    owner = "vm"

    def add(self, ctx, body, parents):
        owner = ctx.row(self.owner, parents[self.owner].lower())
        if owner is None:
            raise errors.refused(400, f"Cannot ${{action}} ${{type}}. {self.missing}")
        if body.get("spec_params") is None:
            raise errors.fault(500, None)
        self._check(body["spec_params"])
        return self.of(ctx).save({"id": ctx.new_id(), "spec_params": body["spec_params"], self.owner: {"id": owner["id"]}})

    def update(self, ctx, row, body):
        if "spec_params" in body:
            self._check(body["spec_params"])
            row["spec_params"] = body["spec_params"]
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])

    @staticmethod
    def _check(properties):
        if "mdevType" not in {one.get("name") for one in properties if one.get("value") is not None}:
            raise errors.refused(400, "Cannot ${action} ${type}. Mediated device ID or VM/Template ID or a parameter value is null.")


class TemplateMediatedDevices(VmMediatedDevices):
    missing = "The relevant Template doesn't exist."
    paths = ("templates/{template}/mediateddevices",)
    owner = "template"
