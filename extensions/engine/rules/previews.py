"""Snapshots of machines: what one holds, its making and removal, previews and what ends them.

A row of the table ``snapshot`` holds, besides what the API shows, ``_vm`` (the configuration at that time), ``_nics`` and ``_disks`` (pairs of an attachment
and the disk's row).  The active snapshot of a machine has none of these: it is the machine.
"""

from __future__ import annotations

import copy
from typing import Any

from .. import errors
from ..clock import timed
from ..commands import Job
from ..services import disks as images
from ..services import storage_domains
from . import machine, power, storage
from .estate import about
from .refusals import Command

CREATE = Command("create", "Snapshot")
REMOVE = Command("remove", "Snapshot")
PREVIEW = Command("preview", "Snapshot")
REVERT = Command("revert to", "Snapshot")

CREATE_SECONDS, MEMORY_SECONDS = 2.5, 1.0
REMOVE_SECONDS, LIVE_REMOVE_SECONDS = 2.0, 3.0
PREVIEW_SECONDS, TAIL_SECONDS, SUSPENDED_TAIL_SECONDS = 1.5, 4.0, 2.0
MAX_DESCRIPTION = 4000
MEMORY_OVERHEAD, METADATA_BYTES = 216 * machine.MIB, 10240   # what a memory volume has beyond the memory; the volume of its description
BUSY = images.SNAPSHOT_BUSY
MEMBERS = ("name", "status", "stop_time", "stop_reason", "start_time", "run_once", "fqdn", "guest_operating_system", "guest_time_zone", "host", "template",
           "original_template", "instance_type", "cluster", "creation_time", "next_run_configuration_exists", "vm_pool", "use_latest_template_version",
           *machine.INHERITED)


def of_vm(ctx: Any, vm: dict[str, Any]) -> list[dict[str, Any]]:
    return ctx.table("snapshot").by("vm.id", vm["id"])


def active(ctx: Any, vm: dict[str, Any]) -> dict[str, Any]:
    return next(one for one in of_vm(ctx, vm) if one["snapshot_type"] == "active")


def in_preview(ctx: Any, vm: dict[str, Any]) -> dict[str, Any] | None:
    return next((one for one in of_vm(ctx, vm) if one["snapshot_status"] == "in_preview"), None)


def locked_message(vm: dict[str, Any]) -> str:
    return f"Snapshot is currently being created for VM {vm['name']}."


def hold_configuration(ctx: Any, vm: dict[str, Any], snapshot: dict[str, Any], only: list[str] | None = None) -> None:
    """Put the machine as it is into a snapshot: all disks, or only those named."""
    snapshot["_vm"] = {name: copy.deepcopy(vm[name]) for name in MEMBERS if name in vm}
    snapshot["_vm"]["id"] = vm["id"]
    snapshot["_nics"] = copy.deepcopy(ctx.table("nic").by("vm.id", vm["id"]))
    snapshot["_disks"] = []
    for attachment in storage.attachments_of(ctx, vm):
        disk = ctx.row("disk", attachment["disk"]["id"])
        if disk is not None and disk["storage_type"] == "image" and not disk.get("shareable") and (only is None or disk["id"] in only):
            saved = copy.deepcopy(disk)
            saved["snapshot"] = {"id": snapshot["id"]}
            snapshot["_disks"].append({"attachment": copy.deepcopy(attachment), "disk": saved})


def hold_memory(ctx: Any, vm: dict[str, Any], snapshot: dict[str, Any]) -> None:
    """Two disks beside the machine's keep its memory."""
    domains = [one["disk"]["_domain"] for one in snapshot["_disks"]]
    pool = ((ctx.row("cluster", vm["cluster"]["id"]) or {}).get("data_center") or {}).get("id")
    domains += [one["id"] for one in ctx.table("storage_domain").by("_pool", pool) if one["type"] == "data" and one["_status"] == "active"]
    if not domains:
        return
    snapshot["_memory"] = []
    for name, kind, size, used in (("memory", "memory_dump_volume", vm["memory"] + MEMORY_OVERHEAD, 4096),
                                   ("metadata", "memory_metadata_volume", METADATA_BYTES, METADATA_BYTES)):
        alias = f"{vm['name']}_snapshot_{name}"
        disk = {"id": ctx.new_id(), "image_id": ctx.new_id(), "name": alias, "alias": alias, "status": "ok", "storage_type": "image", "content_type": kind,
                "description": f"Memory snapshot disk for snapshot '{snapshot['description']}' of VM '{vm['name']}' (VM ID: '{vm['id']}')", "format": "raw",
                "sparse": name == "memory", "provisioned_size": size, "actual_size": used, "total_size": used, "backup": "none", "propagate_errors": False,
                "shareable": False, "wipe_after_delete": False, "storage_domains": [{"id": domains[0]}], "_domain": domains[0]}
        images.complete(ctx, disk)
        disk.pop("disk_profile", None)
        snapshot["_memory"].append(ctx.table("disk").save(disk)["id"])


def forget(ctx: Any, snapshot: dict[str, Any]) -> None:
    """A snapshot goes, and with it the memory that no other one holds."""
    ctx.table("snapshot").remove(snapshot["id"])
    held = {ident for one in ctx.table("snapshot").by("vm.id", snapshot["vm"]["id"]) for ident in one.get("_memory", ())}
    for ident in snapshot.get("_memory", ()):
        if ident not in held:
            ctx.table("disk").remove(ident)


# -- making


def check_creation(ctx: Any, vm: dict[str, Any], only: list[str] | None, command: Command = CREATE) -> None:
    command.free(ctx, f"vm:{vm['id']}")
    if only:
        unknown = [ident for ident in only if ctx.row("disk", ident) is None]
        if unknown:
            raise command.refuses(400, f"The following disk(s) ID(s) does not exist: {', '.join(unknown)}.")
        foreign = [ident for ident in only if ctx.row("disk_attachment", f"{vm['id']}:{ident}") is None]
        if foreign:
            raise command.refuses(400, f"The following disk(s) are not attached to the VM {vm['name']}: "
                                       f"{', '.join(ctx.row('disk', ident)['alias'] for ident in foreign)}.")
    if vm["status"] in ("saving_state", "restoring_state"):
        raise command.refuses(409, power.SAVING)
    if vm["status"] in ("suspended", "image_locked", "not_responding", "unassigned"):
        raise command.refuses(409, f" because the VM is in {power.shown(vm['status'])} status.")
    command.free(ctx, f"snapshots:{vm['id']}")
    if in_preview(ctx, vm) is not None:
        raise command.refuses(409, "VM is previewing a Snapshot.")
    if vm["status"] == "migrating":
        raise command.refuses(409, f"VM {vm['name']} is being migrated.")
    if (vm.get("_running") or {}).get("stateless"):
        raise command.refuses(409, "The VM is running as Stateless. Please try again when VM is not running as Stateless.")
    checked = [disk for disk in storage.disks_of(ctx, vm) if disk["storage_type"] == "image" and not disk.get("shareable")
               and (only is None or disk["id"] in only)]
    locked = [disk["alias"] for disk in checked if disk.get("status") == "locked"]
    if locked:
        raise command.refuses(409, storage.locked_words(ctx, locked))
    illegal = [disk["alias"] for disk in checked if disk.get("status") == "illegal"]
    if illegal:
        raise command.refuses(500, f"The following attached disks are in ILLEGAL status: {', '.join(illegal)} - please remove them and try again.")
    check_domains(ctx, checked, command)


def check_domains(ctx: Any, held: list[dict[str, Any]], command: Command) -> None:
    """All domains that disks lie on must be active."""
    for disk in held:
        domain = ctx.row("storage_domain", disk.get("_domain"))
        if domain is not None and domain["_status"] != "active":
            raise command.refuses(409, f"The relevant Storage Domain's status is {power.shown(domain['_status'])}.")


def create(ctx: Any, vm: dict[str, Any], description: str, *, memory: bool = True, only: list[str] | None = None) -> dict[str, Any]:
    """Start the making of a snapshot; the machine goes on with a new active one, the new snapshot takes over the id of the old active one."""
    check_creation(ctx, vm, only)
    table, before = ctx.table("snapshot"), active(ctx, vm)
    live = vm["status"] == "up" or vm["status"] == "paused"
    ident = before["id"]
    table.remove(ident)
    row = {"id": ident, "vm": {"id": vm["id"]}, "description": description, "date": ctx.now, "snapshot_type": "regular", "snapshot_status": "locked",
           "persist_memorystate": memory and live}
    table.save(row)
    table.save({**before, "id": ctx.new_id(), "date": ctx.now})
    job = Job.start(ctx, f"Creating VM Snapshot {description} for VM {vm['name']}")
    hold_configuration(ctx, vm, row, only)
    if row["persist_memorystate"]:
        hold_memory(ctx, vm, row)
    for one in row["_disks"]:
        job.step("unknown", "Creating Volume", parent=job.executing())["external_type"] = "vdsm"
        images.hold(ctx, ctx.row("disk", one["disk"]["id"]))
    table.save(row)
    ctx.lock(f"vm:{vm['id']}", locked_message(vm))
    ctx.event(45, "normal", f"Snapshot '{description}' creation for VM '{vm['name']}' was initiated by {ctx.identity.principal}.", **about(ctx, vm))
    seconds = CREATE_SECONDS + (MEMORY_SECONDS if row["persist_memorystate"] else 0)
    ctx.later(seconds, "snapshot.created", snapshot=row["id"], vm=vm["id"], job=job.id, live=live)
    return row


@timed("snapshot.created")
def created(ctx, snapshot, vm, job, live):
    row, owner, running = ctx.row("snapshot", snapshot), ctx.row("vm", vm), Job.find(ctx, job)
    ctx.unlock(f"vm:{vm}")
    if row is None or owner is None:
        return
    row["snapshot_status"] = "ok"
    ctx.table("snapshot").save(row)
    for one in row["_disks"]:
        disk = ctx.row("disk", one["disk"]["id"])
        if disk is not None:
            one["disk"]["status"] = "ok"
            disk["image_id"] = ctx.new_id()
            disk["total_size"] = disk.get("total_size", 0) + images.THIN_BYTES
            disk["actual_size"] = images.THIN_BYTES
            disk.update({"format": "cow", "sparse": True, "qcow_version": "qcow2_v3"})
            images.release(ctx, disk)
    ctx.table("snapshot").save(row)
    refused = ctx.host_step("CreateSnapshotForVm", "Live snapshot", vm=owner, snapshot=row) if live else None
    if running is not None:
        for step in running.steps:
            if step["description"] == "Creating Volume":
                running.end_step(step)
    if refused is None:
        ctx.event(68, "normal", f"Snapshot '{row['description']}' creation for VM '{owner['name']}' has been completed.", **about(ctx, owner))
        if running is not None:
            running.finish()
        return
    ctx.event(170, "warning", f"Failed to create live snapshot '{row['description']}' for VM '{owner['name']}' due to: {refused}. VM restart is recommended. "
                              "Note that using the created snapshot might cause data inconsistency.", **about(ctx, owner))
    ctx.event(69, "error", f"Failed to complete snapshot '{row['description']}' creation for VM '{owner['name']}'.", **about(ctx, owner))
    if running is not None:
        running.fail(finalizing=True)
    ctx.lock(f"snapshots:{vm}", BUSY)
    ctx.later(1.5, "snapshot.dropped", snapshot=snapshot, vm=vm)


@timed("snapshot.dropped")
def dropped(ctx, snapshot, vm):
    """A snapshot that could not be completed goes again."""
    row = ctx.row("snapshot", snapshot)
    ctx.unlock(f"snapshots:{vm}")
    if row is not None:
        merge_disks(ctx, row)
        forget(ctx, row)


# -- removing


def remove(ctx: Any, vm: dict[str, Any], row: dict[str, Any]) -> None:
    REMOVE.free(ctx, f"vm:{vm['id']}", f"snapshots:{vm['id']}")
    if any(one["phase"] not in ("succeeded", "failed") for one in ctx.table("backup").by("vm.id", vm["id"])):
        raise REMOVE.refuses(409, "The VM is during a backup operation.")
    if in_preview(ctx, vm) is not None:
        raise REMOVE.refuses(409, "VM is previewing a Snapshot.")
    if row["snapshot_type"] != "regular":
        raise REMOVE.refuses(409, "The operation is only allowed for regular snapshots.")
    if vm["status"] not in ("down", "up", "paused"):
        raise REMOVE.refuses(409, f"VM {vm['name']} must be in status Down, Up or Paused.")
    live = vm["status"] != "down"
    held = [one["disk"] for one in row.get("_disks", ())]
    if live:
        plugged = {disk["id"] for disk in power.plugged_disks(ctx, vm)}
        loose = [disk["alias"] for disk in held if disk["id"] not in plugged and ctx.row("disk", disk["id"]) is not None]
        if loose:
            raise REMOVE.refuses(409, f"The following disks are either unplugged or unattached: \n {', '.join(loose)}")
    now = [disk for disk in (ctx.row("disk", disk["id"]) for disk in held) if disk is not None]
    locked = [disk["alias"] for disk in now if disk.get("status") == "locked"]
    if locked:
        raise REMOVE.refuses(409, storage.locked_words(ctx, locked))
    check_domains(ctx, now, REMOVE)
    job = ctx.job(f"Removing Snapshot {row['description']} of VM {vm['name']}")
    later = [one for one in of_vm(ctx, vm) if one["snapshot_type"] in ("regular", "active") and one["date"] > row["date"]]
    above = min(later, key=lambda one: (one["date"], one["snapshot_type"] == "active"), default=None) if later else None
    ctx.event(342, "normal", f"Snapshot '{row['description']}' deletion for VM '{vm['name']}' was initiated by {ctx.identity.principal}.", **about(ctx, vm))
    _merge_steps(ctx, vm, row, job, now, above, live)
    row["snapshot_status"] = "locked"
    ctx.table("snapshot").save(row)
    for disk in now:
        images.hold(ctx, disk)
    ctx.lock(f"snapshots:{vm['id']}", BUSY)
    if now:
        ctx.later(LIVE_REMOVE_SECONDS if live else REMOVE_SECONDS, "snapshot.removed", snapshot=row["id"], vm=vm["id"], job=job.id, live=live)
    else:
        removed(ctx, row["id"], vm["id"], job.id, live)


def _merge_steps(ctx, vm, row, job, disks, above, live):
    """The steps a merge shows: preparing, merging on a host, finalizing, deleting the volume that is left over."""
    host = ctx.row("host", (vm.get("host") or {}).get("id")) if live else next((one for one in ctx.table("host") if one["spm"].get("status") == "spm"), None)
    executing = job.executing()
    for disk in disks:
        if not live:
            _merge_step(job, executing, "Preparing for disk snapshots merge")
        source = (above or {}).get("description", "Active VM")
        on = f" on host {host['name']}" if host is not None else ""
        merging = job.step("unknown", f"Merging snapshots ({source} into {row['description']}) of disk {disk['alias']}{on}", parent=executing)
        if host is not None:
            merging["execution_host"] = {"id": host["id"]}
            ctx.event(72, "normal", merging["description"])
        if not live:
            _merge_step(job, executing, "Finalizing disk snapshots merge")
        _merge_step(job, executing, "Deleting Volume")


def _merge_step(job, executing, description):
    job.step("unknown", description, parent=executing)["external_type"] = "vdsm"


@timed("snapshot.removed")
def removed(ctx, snapshot, vm, job, live):
    row, owner, running = ctx.row("snapshot", snapshot), ctx.row("vm", vm), Job.find(ctx, job)
    ctx.unlock(f"snapshots:{vm}")
    if row is None or owner is None:
        return
    for one in row.get("_disks", ()):
        disk = ctx.row("disk", one["disk"]["id"])
        if disk is not None:
            images.release(ctx, disk)
    refused = ctx.host_step("RemoveSnapshot", "Merging snapshots", vm=owner, snapshot=row)
    if refused is not None:
        row["snapshot_status"] = "ok"
        ctx.table("snapshot").save(row)
        ctx.event(357, "error", f"Failed to delete snapshot '{row['description']}' for VM '{owner['name']}'.", **about(ctx, owner))
        if running is not None:
            running.fail()
        return
    merge_disks(ctx, row)
    forget(ctx, row)
    ctx.event(356, "normal", f"Snapshot '{row['description']}' deletion for VM '{owner['name']}' has been completed.", **about(ctx, owner))
    if running is not None:
        steps = [step for step in running.steps if step.get("external_type") == "vdsm"]
        for step in sorted(steps, key=lambda one: one["description"].split()[0] != "Finalizing"):
            running.end_step(step)
            running.step("finalizing", "Finalizing", "finished", parent=step)
        running.finish()


def merge_disks(ctx: Any, row: dict[str, Any]) -> None:
    """The volumes of a snapshot become one with those above them."""
    for one in row.get("_disks", ()):
        disk = ctx.row("disk", one["disk"]["id"])
        if disk is not None:
            disk["image_id"] = one["disk"]["image_id"] if not _later_holders(ctx, row, disk) else disk["image_id"]
            disk["total_size"] = max(images.THIN_BYTES, disk.get("total_size", 0) - images.THIN_BYTES)
            ctx.table("disk").save(disk)


def _later_holders(ctx, row, disk):
    return [one for one in ctx.table("snapshot").by("vm.id", row["vm"]["id"])
            if one["id"] != row["id"] and one["date"] > row["date"] and any(held["disk"]["id"] == disk["id"] for held in one.get("_disks", ()))]


# -- preview, commit, undo, restore


def preview(ctx: Any, vm: dict[str, Any], row: dict[str, Any], *, memory: bool = False, disks: list[str] | None = None, restoring: bool = False) -> Job:
    """Put the machine into the state of a snapshot, to be kept by ``commit`` or given up by ``undo``."""
    PREVIEW.free(ctx, f"vm:{vm['id']}")
    if vm["status"] != "down":
        raise PREVIEW.refuses(409, "At least one of the VMs is not down.")
    PREVIEW.free(ctx, f"snapshots:{vm['id']}")
    if in_preview(ctx, vm) is not None:
        raise PREVIEW.refuses(409, "VM is previewing a Snapshot.")
    if row["snapshot_type"] == "active":
        raise errors.refused(400, "Cannot preview Active VM snapshot.")
    if row["snapshot_type"] != "regular":
        raise PREVIEW.refuses(409, "The operation is only allowed for regular snapshots.")
    held = [disk for disk in (ctx.row("disk", one["disk"]["id"]) for one in row.get("_disks", ()))
            if disk is not None and (disks is None or disk["id"] in disks)]
    attached = [disk for disk in storage.disks_of(ctx, vm) if disk["storage_type"] == "image" and not disk.get("shareable")]
    locked = [disk["alias"] for disk in attached if disk.get("status") == "locked"]
    if locked:
        raise PREVIEW.refuses(409, storage.locked_words(ctx, locked))
    check_domains(ctx, attached, PREVIEW)
    words = f"Restoring VM Snapshot {row['description']} of VM {vm['name']}" if restoring else f"Preview VM Snapshot {row['description']} of VM {vm['name']}"
    job = ctx.job(words)
    if restoring:
        ctx.event(1190, "normal", f"Restoring VM {vm['name']} from snapshot started by user {ctx.identity.principal}.", **about(ctx, vm))
    else:
        ctx.event(46, "normal", f"Snapshot-Preview {row['description']} for VM {vm['name']} was initiated by {ctx.identity.principal}.", **about(ctx, vm))
    memory = memory and row["persist_memorystate"]
    before = _branch(ctx, vm, row, memory)
    if not held:
        _finish_preview(ctx, vm, row, disks, memory)
        if restoring:
            _committed(ctx, vm, row)
            ctx.event(100, "normal", f"VM {vm['name']} restoring from Snapshot has been completed.", **about(ctx, vm))
        job.finish()
        return job
    for disk in held:
        images.hold(ctx, disk)
    if restoring:
        _finish_preview(ctx, vm, row, disks, memory)
        _committed(ctx, vm, row)
        vm["status"] = "image_locked"
        ctx.table("vm").save(vm)
        ctx.later(0.2, "snapshot.disks_ready", disks=[disk["id"] for disk in held])
        ctx.later(TAIL_SECONDS, "snapshot.reverted", vm=vm["id"], job=job.id, code=100, text=f"VM {vm['name']} restoring from Snapshot has been completed.")
        return job
    before["snapshot_status"] = "locked"
    ctx.table("snapshot").save(before)
    vm["status"] = "image_locked"
    ctx.table("vm").save(vm)
    ctx.lock(f"snapshots:{vm['id']}", BUSY)
    ctx.later(PREVIEW_SECONDS, "snapshot.previewed", snapshot=row["id"], vm=vm["id"], job=job.id, disks=disks, memory=memory)
    return job


@timed("snapshot.previewed")
def previewed(ctx, snapshot, vm, job, disks, memory):
    row, owner, running = ctx.row("snapshot", snapshot), ctx.row("vm", vm), Job.find(ctx, job)
    ctx.unlock(f"snapshots:{vm}")
    if row is None or owner is None:
        return
    _finish_preview(ctx, owner, row, disks, memory)
    for one in row.get("_disks", ()):
        disk = ctx.row("disk", one["disk"]["id"])
        if disk is not None and disk.get("status") == "locked":
            images.release(ctx, disk)
    ctx.event(71, "normal", f"Snapshot-Preview {row['description']} for VM {owner['name']} has been completed.", **about(ctx, owner))
    if running is not None:
        running.finish()


def _branch(ctx, vm, row, memory):
    """The machine as it is goes into a snapshot of its own, which ends the preview one day; a new active one takes its place."""
    table, before = ctx.table("snapshot"), active(ctx, vm)
    hold_configuration(ctx, vm, before)
    before.update({"snapshot_type": "preview", "description": "Active VM before the preview"})
    table.save(before)
    table.save({"id": ctx.new_id(), "vm": {"id": vm["id"]}, "description": "Active VM", "date": ctx.now, "snapshot_type": "active", "snapshot_status": "ok",
                "persist_memorystate": memory, **({"_memory": row["_memory"]} if memory and "_memory" in row else {})})
    return before


def _finish_preview(ctx, vm, row, disks, memory):
    """The machine is what the snapshot holds.  With its memory it counts as suspended, so that its next start brings the memory back."""
    table = ctx.table("snapshot")
    for one in of_vm(ctx, vm):
        if one["snapshot_type"] == "preview":
            one["snapshot_status"] = "ok"
            table.save(one)
    row["snapshot_status"] = "in_preview"
    table.save(row)
    take_configuration(ctx, vm, row, disks)
    vm["status"] = "suspended" if memory else "down"
    ctx.table("vm").save(vm)


def take_configuration(ctx: Any, vm: dict[str, Any], row: dict[str, Any], disks: list[str] | None = None) -> None:
    """The machine becomes what a snapshot holds; what it is called and where it runs stays."""
    kept = ("id", "name", "status", "cluster", "stop_time", "stop_reason", "host", "start_time", "run_once", "next_run_configuration_exists", "vm_pool",
            "creation_time",
            "fqdn", "guest_operating_system", "guest_time_zone")
    saved = row.get("_vm")
    if saved:
        for name in MEMBERS:
            if name in kept:
                continue
            if name in saved:
                vm[name] = copy.deepcopy(saved[name])
            else:
                vm.pop(name, None)
        ctx.table("vm").save(vm)
    nics = ctx.table("nic")
    for nic in nics.by("vm.id", vm["id"]):
        nics.remove(nic["id"])
    for nic in row.get("_nics", ()):
        nics.save(copy.deepcopy(nic))
    for one in row.get("_disks", ()):
        disk = ctx.row("disk", one["disk"]["id"])
        if disk is not None and (disks is None or disk["id"] in disks):
            disk["image_id"] = ctx.new_id()
            disk.pop("disk_profile", None)
            disk["provisioned_size"] = one["disk"]["provisioned_size"]
            disk["total_size"] = disk.get("total_size", 0) + images.THIN_BYTES
            ctx.table("disk").save(disk)
            ctx.table("disk_attachment").save(copy.deepcopy(one["attachment"]))


def _checked(ctx, vm):
    REVERT.free(ctx, f"vm:{vm['id']}")
    row = in_preview(ctx, vm)
    if row is None:
        raise REVERT.refuses(400, "VM's Snapshot does not exist.")
    held = [disk for disk in (ctx.row("disk", one["disk"]["id"]) for one in row.get("_disks", ())) if disk is not None]
    check_domains(ctx, held, REVERT)
    locked = [disk["alias"] for disk in held if disk.get("status") == "locked"]
    if locked:
        raise REVERT.refuses(409, storage.locked_words(ctx, locked))
    if vm["status"] not in ("down", "suspended"):
        raise REVERT.refuses(409, f" because the VM is in {power.shown(vm['status'])} status.")
    REVERT.free(ctx, f"snapshots:{vm['id']}")
    return row, held


def commit(ctx: Any, vm: dict[str, Any]) -> bool:
    """Keep the previewed state; the snapshots after it go.  Does it go on?  Without disks it is done at once."""
    row, held = _checked(ctx, vm)
    job = ctx.job(f"Restoring VM Snapshot {row['description']} of VM {vm['name']}")
    ctx.event(94, "normal", f"Committing a Snapshot-Preview for VM {vm['name']} was initialized by {ctx.identity.principal}.", **about(ctx, vm))
    _committed(ctx, vm, row)
    text = f"Committing a Snapshot-Preview for VM {vm['name']} has been completed."
    if not held:
        ctx.event(95, "normal", text, **about(ctx, vm))
        job.finish()
        return False
    if vm["status"] == "suspended":
        ctx.lock(f"vm:{vm['id']}", storage_domains.BUSY)
    else:
        vm["status"] = "image_locked"
        ctx.table("vm").save(vm)
    ctx.later(TAIL_SECONDS if vm["status"] == "image_locked" else SUSPENDED_TAIL_SECONDS, "snapshot.reverted", vm=vm["id"], job=job.id, code=95, text=text)
    return True


def _committed(ctx, vm, row):
    table = ctx.table("snapshot")
    row["snapshot_status"] = "ok"
    table.save(row)
    for one in of_vm(ctx, vm):
        if one["snapshot_type"] == "preview" or one["snapshot_type"] == "regular" and one["date"] > row["date"]:
            forget(ctx, one)


def undo(ctx: Any, vm: dict[str, Any]) -> bool:
    """Give the previewed state up; the machine is again what it was before.  Does it go on?"""
    row, held = _checked(ctx, vm)
    table = ctx.table("snapshot")
    before = next(one for one in of_vm(ctx, vm) if one["snapshot_type"] == "preview")
    job = ctx.job(f"Restoring VM Snapshot {before['description']} of VM {vm['name']}")
    ctx.event(650, "normal", f"Undoing a Snapshot-Preview for VM {vm['name']} was initialized by {ctx.identity.principal}.", **about(ctx, vm))
    forget(ctx, active(ctx, vm))
    take_configuration(ctx, vm, before)
    vm["status"] = "suspended" if before["persist_memorystate"] else "down"
    ctx.table("vm").save(vm)
    row["snapshot_status"] = "ok"
    table.save(row)
    before = {name: value for name, value in before.items() if name not in ("_vm", "_nics", "_disks")}
    before.update({"snapshot_type": "active", "snapshot_status": "locked" if held else "ok", "description": "Active VM"})
    table.save(before)
    text = f"Undoing a Snapshot-Preview for VM {vm['name']} has been completed."
    if not held:
        ctx.event(651, "normal", text, **about(ctx, vm))
        job.finish()
        return False
    ctx.lock(f"snapshots:{vm['id']}", BUSY)
    ctx.later(TAIL_SECONDS, "snapshot.reverted", vm=vm["id"], job=job.id, code=651, text=text)
    return True


@timed("snapshot.disks_ready")
def disks_ready(ctx, disks):
    for ident in disks:
        disk = ctx.row("disk", ident)
        if disk is not None and disk.get("status") == "locked":
            images.release(ctx, disk)


@timed("snapshot.reverted")
def reverted(ctx, vm, job, code, text):
    row, running = ctx.row("vm", vm), Job.find(ctx, job)
    ctx.unlock(f"snapshots:{vm}")
    ctx.unlock(f"vm:{vm}")
    if row is not None:
        if row["status"] == "image_locked":
            row["status"] = "down"
            ctx.table("vm").save(row)
        for one in of_vm(ctx, row):
            if one["snapshot_status"] == "locked" and one["snapshot_type"] == "active":
                one["snapshot_status"] = "ok"
                ctx.table("snapshot").save(one)
        ctx.event(code, "normal", text, **about(ctx, row))
    if running is not None:
        running.finish()
