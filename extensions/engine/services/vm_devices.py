"""Devices of machines that hosts lend: NUMA nodes, host devices, mediated devices."""

from __future__ import annotations

from .. import errors
from ..rules import power
from ..rules.refusals import Command
from .base import Collection


class VmNumaNodes(Collection):
    type = "virtual_numa_node"
    paths = ("vms/{vm}/numanodes",)

    def add(self, ctx, body, parents):
        command = Command("add", "VM virtual NUMA node")
        vm = ctx.row("vm", parents["vm"].lower())
        if vm is None:
            raise command.refuses(400, "VM is not found.")
        for other in self.of(ctx).by("vm.id", vm["id"]):
            if other["index"] == body["index"]:
                raise errors.refused(400, f"NUMA node index {body['index']} is already used.")
        row = {"id": ctx.new_id(), "vm": {"id": vm["id"]}, "index": body["index"], "memory": body["memory"], "cpu": body.get("cpu", {}),
               "numa_tune_mode": body.get("numa_tune_mode", "interleave")}
        if body.get("numa_node_pins"):
            if not vm["placement_policy"].get("hosts"):
                raise errors.refused(400, "Cannot pin NUMA nodes when VM is not pin to a VDS.")
            row["numa_node_pins"] = body["numa_node_pins"]
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        row.update({name: body[name] for name in ("index", "memory", "cpu", "numa_tune_mode", "numa_node_pins") if name in body})
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])


class VmHostDevices(Collection):
    type = "host_device"
    table = "vm_host_device"
    paths = ("vms/{vm}/hostdevices",)
    id_is_uuid = False

    def add(self, ctx, body, parents):
        command = Command("attach", "host device")
        vm = ctx.row("vm", parents["vm"].lower())
        if vm is None:
            raise command.refuses(400, "VM is not found.")
        hosts = vm["placement_policy"].get("hosts", ())
        if not hosts:
            raise command.refuses(409, "VM must be pinned to at least one host.")
        if len(hosts) > 1:
            raise command.refuses(409, "VM must be pinned to a single host.")
        wanted = body.get("name") or body.get("id")
        device = next((one for one in ctx.table("host_device").by("host.id", hosts[0]["id"]) if wanted in (one["name"], one["id"])), None)
        if device is None:
            raise command.refuses(400, "One or more of specified host devices not found.")
        return self.of(ctx).save({**device, "id": f"{vm['id']}:{device['id']}", "vm": {"id": vm["id"]}, "_device": device["id"]})

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
        if vm is not None and power.running(vm):
            raise Command("detach", "host device").refuses(409, f" because the VM is in {power.shown(vm['status'])} status.")
        self.of(ctx).remove(row["id"])


class VmMediatedDevices(Collection):
    type = "vm_mediated_device"
    paths = ("vms/{vm}/mediateddevices",)
    owner = "vm"

    def add(self, ctx, body, parents):
        owner = ctx.row(self.owner, parents[self.owner].lower())
        if owner is None:
            raise errors.refused(400, "Cannot add mediated device. VM is not found.")
        if not body.get("spec_params"):
            raise errors.failed(500, 'Cannot invoke "org.ovirt.engine.api.model.Properties.getProperties()" because the return value of '
                                     '"org.ovirt.engine.api.model.VmMediatedDevice.getSpecParams()" is null')
        return self.of(ctx).save({"id": ctx.new_id(), "spec_params": body["spec_params"], self.owner: {"id": owner["id"]}})

    def update(self, ctx, row, body):
        if "spec_params" in body:
            row["spec_params"] = body["spec_params"]
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])


class TemplateMediatedDevices(VmMediatedDevices):
    paths = ("templates/{template}/mediateddevices",)
    owner = "template"
