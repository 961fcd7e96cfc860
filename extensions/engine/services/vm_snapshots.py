"""/vms/V/snapshots with the disks, NICs and CD-ROMs a snapshot holds."""

from __future__ import annotations

from .. import errors
from ..rules import machine, power, previews
from .base import UUID, Collection, action
from .vms import HIDDEN


class Snapshots(Collection):
    type = "snapshot"
    paths = ("vms/{vm}/snapshots",)
    parents = {"vm": "vm.id"}
    links = ("disks", "nics", "cdroms")
    echoed = {"restore": {"async": False}}

    def rows(self, ctx, parents):
        rows = super().rows(ctx, parents)
        return sorted(rows, key=lambda row: (row["snapshot_type"] != "active", row["date"]))

    def listed(self, ctx, parents):
        ctx.listing = True
        return super().listed(ctx, parents)

    def find(self, ctx, ident, parents):
        if not UUID.fullmatch(ident):
            raise errors.not_found()
        row = self.of(ctx).get(ident.lower())
        if row is None or row["vm"]["id"] != parents["vm"].lower():
            if ctx.request is not None and ctx.request.segments[-1:] == ["restore"]:
                raise errors.Answer(500, "refusal", "Operation Failed", "java.lang.NullPointerException")
            raise errors.entity_not_found(f"GetSnapshotBySnapshotId: snapshot id={ident}")
        return row

    def path_of(self, row):
        return f"/vms/{row['vm']['id']}/snapshots/{row['id']}"

    def render(self, ctx, row, parents=None):
        rep = {name: value for name, value in row.items() if name[0] != "_" and name != "vm"}
        href = rep["href"] = ctx.prefix + self.path_of(row)
        rep["actions"] = {"link": [{"rel": "restore", "href": f"{href}/restore"}]}
        # The active one shows no configuration in lists: it is the machine.
        shown = row["snapshot_type"] not in ("active", "stateless") or row["snapshot_type"] == "active" and not ctx.listing
        rep["link"] = [{"rel": rel, "href": f"{href}/{rel}"} for rel in self.links] if row["snapshot_type"] == "regular" or shown else []
        writing = ctx.request is not None and ctx.request.method in ("POST", "PUT")
        if shown and writing:
            vm = ctx.row("vm", row["vm"]["id"])
            rep["vm"] = {"id": row["vm"]["id"], "href": f"{ctx.prefix}/vms/{row['vm']['id']}"}
            rep["initialization"] = {"configuration": {"type": "ovf", "data": machine.ovf(vm)}}
        elif shown and ("_vm" in row or row["snapshot_type"] == "active"):
            rep["vm"] = self._machine(ctx, row)
            if ctx.all_content:
                rep["initialization"] = {"configuration": {"type": "ovf", "data": machine.ovf(ctx.row("vm", row["vm"]["id"]))}}
        return rep

    @staticmethod
    def _machine(ctx, row):
        """The configuration a snapshot holds, with the state the machine is in now."""
        vm = ctx.row("vm", row["vm"]["id"])
        saved = dict(row["_vm"] if "_vm" in row else {name: vm[name] for name in ("id", *previews.MEMBERS) if name in vm})
        for name in ("stop_reason", *power.RUNTIME):
            saved.pop(name, None)
        rep = {name: value for name, value in saved.items() if name[0] != "_" and name not in HIDDEN}
        if vm is not None:
            for name in ("status", "status_detail", "host", "start_time", "stop_time", "run_once", "fqdn", "guest_operating_system", "guest_time_zone",
                         "stop_reason"):
                if name in vm:
                    rep[name] = vm[name]
            if power.running(vm) and "_console" in vm:
                protocols = vm["_running"]["graphics"]
                rep["display"] = {**rep["display"], **vm["_console"], "type": "spice" if "spice" in protocols else (protocols or ["vnc"])[0]}
        if "initialization" in rep:
            rep["initialization"] = machine.hidden_secrets(rep["initialization"])
        return rep

    def add(self, ctx, body, parents):
        vm = ctx.row("vm", parents["vm"].lower())
        if not body.get("description"):
            raise errors.incomplete("Snapshot", ["description"], "doAdd")
        if vm is None:
            raise previews.CREATE.refuses(400, "VM is not found.")
        if "disk_attachments" in body and not body["disk_attachments"]:
            raise errors.html(500, "ERROR", "ERROR")
        if len(body["description"]) > previews.MAX_DESCRIPTION:
            raise errors.refused(400, "Snapshot description must not exceed 4000 characters", "Attribute: description")
        only = [one["disk"]["id"].lower() for one in body["disk_attachments"] if (one.get("disk") or {}).get("id")] if "disk_attachments" in body else None
        return previews.create(ctx, vm, body["description"], memory=body.get("persist_memorystate", True), only=only)

    def remove(self, ctx, row):
        previews.remove(ctx, ctx.row("vm", row["vm"]["id"]), row)

    @action("restore")
    def restore(self, ctx, row, body):
        previews.preview(ctx, ctx.row("vm", row["vm"]["id"]), row, memory=bool(body.get("restore_memory")), restoring=True)

    def stub(self, ctx, row):
        rep = super().stub(ctx, row)
        rep["vm"] = {"id": row["vm"]["id"], "href": f"{ctx.prefix}/vms/{row['vm']['id']}"}
        return rep


def held_in(ctx, parents):
    """The snapshot that a path leads through."""
    snapshot = ctx.row("snapshot", parents["snapshot"].lower())
    if snapshot is None:
        raise errors.entity_not_found(f"GetSnapshotBySnapshotId: snapshot id={parents['snapshot']}")
    return snapshot


class SnapshotNics(Collection):
    type = "nic"
    paths = ("vms/{vm}/snapshots/{snapshot}/nics",)

    def rows(self, ctx, parents):
        snapshot = held_in(ctx, parents)
        if "_nics" in snapshot:
            return list(snapshot["_nics"])
        return ctx.table("nic").by("vm.id", snapshot["vm"]["id"])

    def find(self, ctx, ident, parents):
        found = next((row for row in self.rows(ctx, parents) if row["id"] == ident), None)
        if found is None:
            raise errors.not_found()
        return found

    def render(self, ctx, row, parents=None):
        # They come from the configuration, which knows networks by name and no profiles.
        return {name: value for name, value in row.items() if name[0] != "_" and name != "vnic_profile"}


class SnapshotDisks(SnapshotNics):
    type = "disk"
    paths = ("vms/{vm}/snapshots/{snapshot}/disks",)

    def rows(self, ctx, parents):
        snapshot = held_in(ctx, parents)
        if "_disks" in snapshot:
            return [one["disk"] for one in snapshot["_disks"]]
        found = [ctx.row("disk", one["disk"]["id"]) for one in ctx.table("disk_attachment").by("vm.id", snapshot["vm"]["id"])]
        return [{**disk, "snapshot": {"id": snapshot["id"]}} for disk in found if disk is not None and disk["storage_type"] == "image"]

    def render(self, ctx, row, parents=None):
        rep = {name: value for name, value in row.items() if name[0] != "_" and name not in ("qcow_version", "disk_profile", "quota")}
        rep.update({"actual_size": row["provisioned_size"], "total_size": 0})
        return rep


class SnapshotCdroms(SnapshotNics):
    type = "cdrom"
    paths = ("vms/{vm}/snapshots/{snapshot}/cdroms",)

    def rows(self, ctx, parents):
        held_in(ctx, parents)
        return [{"id": machine.BLANK}]
