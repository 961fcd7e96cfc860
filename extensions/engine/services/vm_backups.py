"""Backups of machines, and the checkpoints that incremental ones start from."""

from __future__ import annotations

from .. import errors
from ..clock import timed
from ..rules import previews
from ..rules.refusals import Command
from .base import Collection, action

BACKUP = Command("backup", "VM")
READY_SECONDS = 0.5
FINALIZE_SECONDS = 1.0
LONGEST_DESCRIPTION = 1024
OVER = ("succeeded", "failed")


class Backups(Collection):
    type = "backup"
    paths = ("vms/{vm}/backups",)
    bare = ("finalize",)
    links = ("disks",)

    def add(self, ctx, body, parents):
        vm = ctx.row("vm", parents["vm"].lower())
        if vm is None:
            raise BACKUP.refuses(400, "VM is not found.")
        wanted = [disk["id"].lower() for disk in body["disks"] if disk.get("id")]
        self._check(ctx, vm, wanted, body)
        snapshot = previews.create(ctx, vm, "Auto-generated for Backup VM", memory=False, only=wanted)
        ctx.current_job = None
        row = {"id": ctx.new_id(), "vm": {"id": vm["id"]}, "creation_date": ctx.now, "modification_date": ctx.now, "phase": "starting",
               "snapshot": {"id": snapshot["id"]}, "_disks": wanted}
        if body.get("from_checkpoint_id"):
            row["from_checkpoint_id"] = body["from_checkpoint_id"]
        if body.get("description"):
            row["description"] = body["description"]
        if any((ctx.row("disk", ident) or {}).get("backup") == "incremental" for ident in wanted):
            row["_checkpoint"] = ctx.new_id()
        self.of(ctx).save(row)
        ctx.later(previews.CREATE_SECONDS + READY_SECONDS, "backup.ready", backup=row["id"])
        return row

    def _check(self, ctx, vm, wanted, body):
        if any(one["phase"] not in OVER for one in self.of(ctx).by("vm.id", vm["id"])):
            raise BACKUP.refuses(409, ": Disk is locked. Please try again later.")
        unknown = [ident for ident in wanted if ctx.row("disk", ident) is None]
        if unknown:
            raise BACKUP.refuses(400, f"The following disk(s) ID(s) does not exist: {', '.join(unknown)}.")
        locked = [disk["alias"] for disk in (ctx.row("disk", ident) for ident in wanted) if disk["status"] == "locked"]
        if locked:
            raise BACKUP.refuses(409, f": The following disks are locked: {', '.join(locked)}. Please try again in a few minutes.")
        plugged = {one["disk"]["id"] for one in ctx.table("disk_attachment").by("vm.id", vm["id"]) if one.get("active")}
        idle = [ident for ident in wanted if ident not in plugged]
        if idle:
            raise BACKUP.refuses(409, f"The following disks are not active on VM {vm['name']}: {', '.join(idle)}")
        checkpoint = body.get("from_checkpoint_id")
        if checkpoint is not None and ctx.row("checkpoint", checkpoint) is None:
            raise BACKUP.refuses(400, f"Checkpoint ID {checkpoint} doesn't exist.")
        if vm["status"] not in ("up", "down"):
            raise BACKUP.refuses(409, "The Virtual Machine should be in Up or Down status.")
        if any(one["snapshot_status"] == "in_preview" for one in ctx.table("snapshot").by("vm.id", vm["id"])):
            raise BACKUP.refuses(409, "VM is previewing a Snapshot.")
        if len(body.get("description") or "") > LONGEST_DESCRIPTION:
            raise BACKUP.refuses(400, f"The VM backup description shouldn't contain more than {LONGEST_DESCRIPTION} characters.")

    def present(self, ctx, row, rep):
        if "snapshot" in rep:
            rep["snapshot"] = {"id": row["snapshot"]["id"]}

    @action("finalize", entity=False)
    def finalize(self, ctx, row, body):
        if any(one.get("_backup") == row["id"] and not one["phase"].startswith("finished") for one in ctx.table("image_transfer")):
            raise Command("stop", "VM backup").refuses(409, "There is an active image transfer for VM backup")
        if row["phase"] in OVER:
            raise Command("stop", "VM backup").refuses(409, f"The VM backup is not in READY phase, backup phase is {row['phase'].upper()}.")
        if row["phase"] == "ready":
            _move(ctx, row, "finalizing")
            ctx.later(FINALIZE_SECONDS, "backup.over", backup=row["id"])
        else:
            row["_finalize"] = True
            self.of(ctx).save(row)


def _move(ctx, row, phase):
    row["phase"] = phase
    row["modification_date"] = ctx.now
    ctx.table("backup").save(row)


@timed("backup.ready")
def ready(ctx, backup):
    row = ctx.row("backup", backup)
    if row is None or row["phase"] != "starting":
        return
    if row.get("_checkpoint"):
        others = ctx.table("checkpoint").by("vm.id", row["vm"]["id"])
        made = {"id": row["_checkpoint"], "vm": row["vm"], "creation_date": ctx.now, "state": "created", "_disks": row["_disks"],
                **({"description": row["description"]} if "description" in row else {})}
        if others:
            made["parent_id"] = others[-1]["id"]
        ctx.table("checkpoint").save(made)
        row["to_checkpoint_id"] = made["id"]
    if row.get("_finalize"):
        _move(ctx, row, "finalizing")
        ctx.later(FINALIZE_SECONDS, "backup.over", backup=backup)
    else:
        _move(ctx, row, "ready")


@timed("backup.over")
def over(ctx, backup):
    row = ctx.row("backup", backup)
    if row is None:
        return
    snapshot = ctx.row("snapshot", (row.pop("snapshot", None) or {}).get("id"))
    _move(ctx, row, "succeeded")
    if snapshot is not None:
        previews.merge_disks(ctx, snapshot)
        ctx.table("snapshot").remove(snapshot["id"])


class Checkpoints(Collection):
    type = "checkpoint"
    paths = ("vms/{vm}/checkpoints",)
    links = ("disks",)

    def remove(self, ctx, row):
        if any(one["phase"] not in OVER for one in ctx.table("backup").by("vm.id", row["vm"]["id"])):
            raise errors.refused(409, "Cannot remove checkpoint. The VM is during a backup operation.")
        self.of(ctx).remove(row["id"])


class BackupDisks(Collection):
    type = "disk"
    paths = ("vms/{vm}/backups/{owner}/disks",)
    holder = "backup"

    def rows(self, ctx, parents):
        row = ctx.row(self.holder, parents["owner"].lower())
        return [] if row is None else [disk for disk in (ctx.row("disk", ident) for ident in row["_disks"]) if disk is not None]

    def find(self, ctx, ident, parents):
        found = next((disk for disk in self.rows(ctx, parents) if disk["id"] == ident.lower()), None)
        if found is None:
            raise errors.not_found()
        return found

    def listed(self, ctx, parents):
        ctx.listing = True
        return super().listed(ctx, parents)

    def render(self, ctx, row, parents=None):
        """As they were in the backup, without links; in lists no part has an address either."""
        rep = ctx.engine.services.of_type("disk").render(ctx, row)
        rep.pop("link", None)
        of = ctx.row(self.holder, (parents or {}).get("owner", "").lower()) or {}
        rep["backup_mode"] = "incremental" if of.get("from_checkpoint_id") or of.get("parent_id") else "full"
        if ctx.listing:
            for name in ("href", "actions"):
                rep.pop(name, None)
            quota = ctx.row("quota", (rep.get("quota") or {}).get("id"))
            if quota is not None:
                rep["quota"] = {"id": quota["id"], "data_center": {"id": quota["data_center"]["id"]}}
            rep["disk_profile"] = {"id": rep["disk_profile"]["id"]}
            rep["storage_domains"] = [{"id": one["id"]} for one in rep["storage_domains"]]
        return rep


class CheckpointDisks(BackupDisks):
    paths = ("vms/{vm}/checkpoints/{owner}/disks",)
    holder = "checkpoint"
