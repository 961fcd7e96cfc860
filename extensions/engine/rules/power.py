"""Starting, stopping and moving machines, and what becomes of their state meanwhile."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Callable, Iterator

from .. import errors
from ..clock import timed
from ..commands import Job
from ..services.base import UUID
from . import displays, machine, quota, scheduling
from .estate import about
from .machine import check_properties
from .refusals import Command

START_SECONDS, UP_SECONDS = 0.8, 2.2
RESUME_SECONDS = 0.8
STOP_SECONDS = 0.8
SHUTDOWN_SECONDS = 2.0
UNHEARD_SECONDS = 300.0              # for which a guest that was asked to shut down counts as doing so
REBOOT_SECONDS = 1.5
SAVING_SECONDS, SAVED_SECONDS = 0.7, 2.5
MIGRATION_SECONDS = 2.5
GUEST_SECONDS = 5.0                  # until the guest agent and the console have been heard of
NEXT_RUN_SECONDS = 1.5

RUN = Command("run", "VM")
STOP = Command("stop", "VM")
MIGRATE = Command("migrate", "VM")
HIBERNATE = Command("hibernate", "VM")

BEING_UPDATED = "VM is being updated."
SAVING = "VM is in saving/restoring state.\n-Please try again when the VM is either up or down."
NO_BOOT_DISK = ("Cannot {0} {1} without at least one bootable disk.\nAlternatives:\n- Create a disk for this VM, and rerun the VM.\n- Change the boot sequence "
                "using the Edit VM command (Boot Option Sub-Tab).\n- Use the 'Run Once' command to select a different boot option and rerun the VM.")
NO_BOOT_NIC = ("VM is configured to be 'Network bootable', but no Network Interface is configured.\nAlternatives:\n- Select a different boot device (using the "
               "'Run Once' command or 'Edit VM' command on Boot Option Sub-Tab).\n- Configure Network Interface and rerun the VM.")
NO_ISO_DOMAIN = ("Cannot {0} {1} with attached CD without an active ISO domain.\nAlternatives:\n- Attach an ISO Domain (to enable CD operations).\n- "
                 "Change the "
                 "boot sequence, using the Edit VM command (Boot Sub-Tab).\n- Select a different boot device (using the 'Run Once' command).")
NOT_RUNNING = frozenset(("down", "suspended", "image_locked", "unassigned"))
STATUS_WORDS = {"migrating": "Migrating", "reboot_in_progress": "Reboot in Progress", "wait_for_launch": "Wait for Launch"}
# What a machine has only while it runs.
RUNTIME = ("host", "start_time", "run_once", "fqdn", "guest_operating_system", "guest_time_zone", "_running", "_console")


def shown(status: str) -> str:
    """A machine's status as messages write it."""
    return STATUS_WORDS.get(status, status.replace("_", " ").title())


def running(vm: dict[str, Any]) -> bool:
    return vm["status"] not in NOT_RUNNING


def plugged_disks(ctx: Any, vm: dict[str, Any]) -> list[dict[str, Any]]:
    return [disk for disk in (ctx.row("disk", one["disk"]["id"]) for one in ctx.table("disk_attachment").by("vm.id", vm["id"]) if one.get("active"))
            if disk is not None]


def keys(vm: dict[str, Any]) -> tuple[str, str]:
    """The locks that keep other commands off a machine."""
    return f"vm:{vm['id']}", f"snapshots:{vm['id']}"


# -- start


def check_boot(ctx: Any, vm: dict[str, Any], devices: list[str], command: Command) -> None:
    if devices == ["hd"] and not plugged_disks(ctx, vm):
        raise errors.refused(409, NO_BOOT_DISK.format(command.action, command.kind))
    if devices == ["network"] and not ctx.table("nic").by("vm.id", vm["id"]):
        raise errors.refused(409, NO_BOOT_NIC)


def check_start(ctx: Any, vm: dict[str, Any], once: dict[str, Any] | None, command: Command) -> None:
    """All that keeps a machine from starting, short of a host."""
    devices = (((once or {}).get("os") or {}).get("boot") or {}).get("devices") or vm["os"].get("boot", {}).get("devices") or ["hd"]
    command.free(ctx, f"vm:{vm['id']}")
    if once is not None:
        check_properties(once, command)
    if vm["status"] != "suspended":
        check_boot(ctx, vm, list(devices), command)
        if not machine.display_supported(ctx, vm):
            raise command.refuses(400, displays.NOT_BY_SYSTEM)
    if vm["status"] == "image_locked":
        raise command.refuses(409, ": VM is locked. Please try again in a few minutes.")
    command.free(ctx, f"snapshots:{vm['id']}")
    if vm["status"] not in ("down", "suspended", "paused"):
        raise command.refuses(409, f" because the VM is in {shown(vm['status'])} status.")
    if once is not None and vm["status"] != "down":
        raise command.refuses(409, f" because the VM is in {shown(vm['status'])} status.")
    _check_level(ctx, vm, command)
    if vm["status"] == "down" and not vm["high_availability"]["enabled"]:
        check_iso(ctx, vm, once, command)
    if vm.get("stateless") or (once or {}).get("stateless"):
        if any(one["snapshot_type"] == "preview" for one in ctx.table("snapshot").by("vm.id", vm["id"])):
            raise command.refuses(409, "Stateless flag on VM conflicts with running the VM in Preview mode. Either remove the Stateless flag from the VM or "
                                       "run the VM not in Preview mode.")
        if vm["high_availability"]["enabled"]:
            raise command.refuses(409, "Highly Available Virtual servers can not be run as stateless.")
    disks = plugged_disks(ctx, vm)
    for disk in disks:
        domain = ctx.row("storage_domain", disk.get("_domain"))
        if domain is not None and domain["_status"] != "active":
            raise command.refuses(409, f"The relevant Storage Domain's status is {shown(domain['_status'])}.")
    locked = [disk["alias"] for disk in disks if disk.get("status") == "locked"]
    if locked:
        raise command.refuses(409, f": The following disks are locked: {', '.join(locked)}. Please try again in a few minutes.")
    illegal = [disk["alias"] for disk in disks if disk.get("status") == "illegal"]
    if illegal:
        raise command.refuses(500, f"The following attached disks are in ILLEGAL status: {', '.join(illegal)} - please remove them and try again.")


def check_iso(ctx: Any, vm: dict[str, Any], once: dict[str, Any] | None, command: Command) -> None:
    """The image in the drive must be there: a disk by its id, or by its name a file of an active ISO domain (whose files are not looked at here)."""
    drives = (once or {}).get("cdroms") or []
    wanted = next((drive["file"]["id"] for drive in drives if (drive.get("file") or {}).get("id")), None) or vm.get("_cd")
    if not wanted:
        return
    pool = ((ctx.row("cluster", vm["cluster"]["id"]) or {}).get("data_center") or {}).get("id")
    domains = ctx.table("storage_domain").by("_pool", pool)
    if not UUID.fullmatch(wanted):
        if not any(one["type"] == "iso" and one["_status"] == "active" for one in domains):
            raise errors.refused(409, NO_ISO_DOMAIN.format(command.action, command.kind))
        return
    disk = ctx.row("disk", wanted.lower())
    if disk is None or disk.get("content_type") != "iso":
        raise errors.refused(400, "Invalid ISO image path")
    if disk["status"] != "ok":
        raise command.refuses(409, f"The CDROM ISO image is in {disk['status'].upper()} status.")
    if not any(one["id"] == disk["_domain"] and one["_status"] == "active" for one in domains):
        raise errors.refused(409, NO_ISO_DOMAIN.format(command.action, command.kind))


def _check_level(ctx: Any, vm: dict[str, Any], command: Command) -> None:
    """A machine's own level must be one its data center takes."""
    own = vm.get("custom_compatibility_version")
    cluster = ctx.row("cluster", vm["cluster"]["id"]) or {}
    center = ctx.row("data_center", (cluster.get("data_center") or {}).get("id")) or {}
    level = center.get("version")
    if own and level and (own["major"], own["minor"]) < (level["major"], level["minor"]):
        raise command.refuses(409, f"The Custom Compatibility Version of VM {vm['name']} ({own['major']}.{own['minor']}) is not supported in Data Center "
                                   f"compatibility version {level['major']}.{level['minor']}.")


@contextmanager
def told(ctx: Any, vm: dict[str, Any], code: int, text: Callable[[str], str]) -> Iterator[None]:
    """Tell of a refusal in an event too; ``text`` puts the refusal's detail into its words."""
    try:
        yield
    except errors.Answer as refused:
        if refused.kind == "refusal":
            ctx.event(code, "error", text(refused.detail or ""), **about(ctx, vm))
        raise


def start(ctx: Any, vm: dict[str, Any], *, once: dict[str, Any] | None = None, pause: bool = False, stateless: bool = False,
          command: Command = RUN) -> None:
    """Run a machine, let a paused one go on, or bring a suspended one back."""
    table = ctx.table("vm")
    if vm["status"] == "paused" and once is None:
        command.free(ctx, f"vm:{vm['id']}")
        job = ctx.job(f"Launching VM {vm['name']}")
        ctx.event(40, "normal", f"VM {vm['name']} was resumed by {ctx.identity.principal} (Host: {host_name(ctx, vm)}).", **about(ctx, vm))
        ctx.later(RESUME_SECONDS, "vm.resumed", vm=vm["id"], run=vm["_running"]["run"], job=job.id)
        return
    wanted = [host["id"] for host in ((once or {}).get("placement_policy") or {}).get("hosts") or []]
    with told(ctx, vm, 54, lambda why: f"Failed to run VM {vm['name']} due to a failed validation: {why} (User: {ctx.identity.principal})."):
        check_start(ctx, vm, once, command)
        quota.run_vm(ctx, vm)
        host = scheduling.choose(ctx, vm, command, only=wanted[0] if wanted else None)
    job = ctx.job(f"Launching VM {vm['name']}" + (" in run-once mode" if once is not None else ""))
    refused = ctx.host_step("RunVm", None, vm=vm, host=host)
    if refused is not None:
        _start_failed(ctx, vm, host, job)
    resumed = vm["status"] == "suspended"
    run = ctx.engine.next_number("run")
    vm.update({"status": "wait_for_launch", "host": {"id": host["id"]}, "start_time": ctx.now, "run_once": once is not None,
               "_running": {"run": run, "name": vm["name"], "boot": _boot_of(vm, once), "graphics": _graphics_of(vm, once),
                            "stateless": stateless or bool(vm.get("stateless"))}})
    if vm["_running"]["stateless"] and not resumed:
        vm["stop_reason"] = ""
        _stateless_snapshot(ctx, vm)
    table.save(vm)
    ctx.event(153, "normal", f"VM {vm['name']} was started by {ctx.identity.principal} (Host: {host['name']}).", **about(ctx, vm))
    paused = pause or bool(vm.get("start_paused"))
    ctx.later(START_SECONDS, "vm.powering_up", vm=vm["id"], run=run)
    ctx.later(UP_SECONDS, "vm.launched", vm=vm["id"], run=run, job=job.id, paused=paused, resumed=resumed)


def _boot_of(vm: dict[str, Any], once: dict[str, Any] | None) -> list[str]:
    return list((((once or {}).get("os") or {}).get("boot") or {}).get("devices") or vm["os"].get("boot", {}).get("devices") or [])


def _graphics_of(vm: dict[str, Any], once: dict[str, Any] | None) -> list[str]:
    wanted = ((once or {}).get("display") or {}).get("type")
    return [wanted] if wanted else list(vm["_graphics"])


def _start_failed(ctx: Any, vm: dict[str, Any], host: dict[str, Any], job: Job) -> None:
    """The host does not create the machine, and no other host is left."""
    executing = job.executing()
    if executing is not None:
        job.end_step(executing, "failed")
    job.step("validating", "Validating", status="failed")
    job.fail()
    references = {**about(ctx, vm), "host": host}
    ctx.event(151, "warning", f"Failed to run VM {vm['name']} on Host {host['name']}.", **references)
    ctx.event(54, "error", f"Failed to run VM {vm['name']}  (User: {ctx.identity.principal}).", **references)
    raise errors.refused(400, scheduling.NO_HOSTS)


def _stateless_snapshot(ctx: Any, vm: dict[str, Any]) -> None:
    ctx.table("snapshot").save({"id": ctx.new_id(), "vm": {"id": vm["id"]}, "description": "stateless snapshot", "date": ctx.now, "snapshot_type": "stateless",
                                "snapshot_status": "ok", "persist_memorystate": False})


def current(ctx: Any, vm: str, run: int) -> dict[str, Any] | None:
    """The machine, if it is still in the run an entry of the timeline was made for."""
    row = ctx.row("vm", vm)
    return row if row is not None and (row.get("_running") or {}).get("run") == run else None


def host_name(ctx: Any, vm: dict[str, Any]) -> str:
    return (ctx.row("host", (vm.get("host") or {}).get("id")) or {}).get("name", "")


@timed("vm.powering_up")
def powering_up(ctx, vm, run):
    row = current(ctx, vm, run)
    if row is not None and row["status"] == "wait_for_launch":
        row["status"] = "powering_up"
        ctx.table("vm").save(row)


@timed("vm.launched")
def launched(ctx, vm, run, job, paused, resumed):
    row, running_job = current(ctx, vm, run), Job.find(ctx, job)
    if row is None:
        if running_job is not None:
            running_job.fail()
        return
    row["status"] = "paused" if paused else "up"
    if paused:
        row["status_detail"] = "none"
    ctx.table("vm").save(row)
    stateless = " as stateless" if row["_running"]["stateless"] else ""
    ctx.event(538 if stateless else 32, "normal", f"VM {row['name']} started on Host {host_name(ctx, row)}{stateless}", **about(ctx, row))
    ctx.later(GUEST_SECONDS, "vm.guest", vm=vm, run=run)
    if running_job is not None:
        running_job.finish(finalizing=False)


@timed("vm.resumed")
def resumed(ctx, vm, run, job):
    row, running_job = current(ctx, vm, run), Job.find(ctx, job)
    if row is not None:
        row["status"] = "up"
        row.pop("status_detail", None)
        ctx.table("vm").save(row)
    if running_job is not None:
        running_job.finish(finalizing=False)


@timed("vm.guest")
def guest(ctx, vm, run):
    """The guest agent and the console report."""
    row = current(ctx, vm, run)
    if row is None or row["status"] != "up":
        return
    if ctx.host_step("ReportGuest", None, vm=row) is None:
        row["fqdn"] = f"{row['_running'].get('name', row['name'])}.fake"
        row["guest_operating_system"] = {
            "architecture": "x86_64", "codename": "", "distribution": "Fake Linux", "family": "Linux",
            "kernel": {"version": {"build": 0, "full_version": "5.14.0", "major": 5, "minor": 14}}, "version": {"full_version": "9", "major": 9}}
        row["guest_time_zone"] = {"name": "UTC", "utc_offset": "+00:00"}
    row["_console"] = {"address": (ctx.row("host", row["host"]["id"]) or {}).get("address", ""), "port": 5900}
    ctx.table("vm").save(row)


# -- stop


def stop(ctx: Any, vm: dict[str, Any], reason: str | None = None, *, instead: bool = False) -> None:
    """Power off; a machine that is down stays so without complaint."""
    if vm["status"] in ("saving_state", "restoring_state"):
        raise STOP.refuses(409, SAVING)
    if vm["status"] in ("unknown", "unassigned"):
        raise STOP.refuses(409, "VM is not running.")
    if vm["status"] == "image_locked":
        raise STOP.refuses(409, ": VM is locked. Please try again in a few minutes.")
    job = ctx.job(f"{'Shutting down' if instead else 'Stopping'} VM {vm['name']}")
    job.step("validating", "Validating", status="finished")
    job.step("executing", "Executing")
    if vm["status"] == "down":
        job.finish(finalizing=False)
        what = "Shutdown" if instead else "Stop"
        ctx.event(254, "normal", f"VM {vm['name']} is already Down, {what} VM was skipped. User: {ctx.identity.principal}.", **about(ctx, vm))
        return
    why = f", with reason: {reason}" if reason else ""
    if vm["status"] == "suspended":
        ctx.event(33, "normal", f"VM {vm['name']} powered off by {ctx.identity.principal} (Host: <UNKNOWN>){why}.", **about(ctx, vm))
        down(ctx, vm, reason)
        job.finish(finalizing=False)
        return
    text = f"VM {vm['name']} {'was powered off ungracefully' if instead else 'powered off'} by {ctx.identity.principal}"
    ctx.event(76 if instead else 33, "normal", f"{text} (Host: {host_name(ctx, vm)}){why}.", **about(ctx, vm))
    ctx.later(STOP_SECONDS, "vm.stopped", vm=vm["id"], run=(vm.get("_running") or {}).get("run", 0), reason=reason or "", job=job.id)


def shutdown(ctx: Any, vm: dict[str, Any], reason: str | None = None) -> None:
    """Ask the guest to shut down; a machine that cannot hear it is powered off."""
    if vm["status"] not in ("up",):
        stop(ctx, vm, reason, instead=True)
        return
    job = ctx.job(f"Shutting down VM {vm['name']}")
    why = f", with reason: {reason}" if reason else ""
    ctx.event(73, "normal", f"VM shutdown initiated by {ctx.identity.principal} on VM {vm['name']} (Host: {host_name(ctx, vm)}){why}.", **about(ctx, vm))
    vm["status"] = "powering_down"
    ctx.table("vm").save(vm)
    job.finish(finalizing=False)
    if ctx.host_step("ShutdownVm", None, vm=vm) is not None:
        ctx.later(UNHEARD_SECONDS, "vm.unheard", vm=vm["id"], run=vm["_running"]["run"])
        return
    ctx.later(SHUTDOWN_SECONDS, "vm.stopped", vm=vm["id"], run=vm["_running"]["run"], reason=reason or "", job=None)


@timed("vm.unheard")
def unheard(ctx, vm, run):
    """The guest has not shut down, and shows as what it is again."""
    row = current(ctx, vm, run)
    if row is not None and row["status"] == "powering_down":
        row["status"] = "up"
        ctx.table("vm").save(row)


@timed("vm.stopped")
def stopped(ctx, vm, run, reason, job):
    row, running_job = current(ctx, vm, run), Job.find(ctx, job)
    if row is not None:
        graceful = row["status"] == "powering_down"
        down(ctx, row, reason)
        if graceful:
            ctx.event(61, "normal", f"VM {row['name']} is down. Exited by User.", **about(ctx, row))
    if running_job is not None:
        running_job.finish(finalizing=False)


def down(ctx: Any, vm: dict[str, Any], reason: str | None = None) -> None:
    """A machine is off: what belonged to the run goes, what waited for it is taken up."""
    stateless = (vm.get("_running") or {}).get("stateless")
    for name in (*RUNTIME, "status_detail"):
        vm.pop(name, None)
    vm["status"] = "down"
    vm["stop_time"] = ctx.now
    vm["stop_reason"] = reason or ""
    ctx.unlock(f"vm:{vm['id']}")
    ctx.table("vm").save(vm)
    if stateless:
        for one in ctx.table("snapshot").by("vm.id", vm["id"]):
            if one["snapshot_type"] == "stateless":
                ctx.table("snapshot").remove(one["id"])
    ended_backups(ctx, vm)
    waiting = ctx.row("next_run", vm["id"])
    if waiting is not None:
        ctx.table("next_run").remove(vm["id"])
        vm["next_run_configuration_exists"] = False
        ctx.table("vm").save(vm)
        ctx.lock(f"vm:{vm['id']}", BEING_UPDATED)
        ctx.later(NEXT_RUN_SECONDS, "vm.next_run", vm=vm["id"], configuration={name: value for name, value in waiting.items() if name != "id"})


def ended_backups(ctx: Any, vm: dict[str, Any]) -> None:
    """A machine that stops ends the backups that were under way."""
    for backup in ctx.table("backup").by("vm.id", vm["id"]):
        if backup["phase"] not in ("succeeded", "failed"):
            backup["phase"] = "failed"
            backup["modification_date"] = ctx.now
            snapshot = backup.pop("snapshot", None)
            ctx.table("backup").save(backup)
            if snapshot is not None:
                _given_up(ctx, snapshot["id"])


def _given_up(ctx: Any, snapshot: str) -> None:
    """The snapshot a backup was to read goes, made or half made."""
    for entry in ctx.engine.timeline.pending("snapshot.created", snapshot=snapshot):
        ctx.engine.timeline.cancel(entry["id"])
    row = ctx.table("snapshot").remove(snapshot)
    for one in (row or {}).get("_disks", ()):
        disk = ctx.row("disk", one["disk"]["id"])
        if disk is not None and disk.get("status") == "locked":
            disk["status"] = "ok"
            ctx.unlock(f"disk:{disk['id']}")
            ctx.table("disk").save(disk)


@timed("vm.next_run")
def next_run(ctx, vm, configuration):
    row = ctx.row("vm", vm)
    ctx.unlock(f"vm:{vm}")
    if row is not None:
        for name in configuration.pop("_absent", ()):
            row.pop(name, None)
        row.update(configuration)
        ctx.table("vm").save(row)


@timed("vm.unlock")
def unlock(ctx, vm):
    ctx.unlock(f"vm:{vm}")


# -- the rest


def reboot(ctx: Any, vm: dict[str, Any], verb: str) -> None:
    """``restart`` and ``reset``, which look alike from outside."""
    command = Command(verb, "VM")
    if verb == "reset" and vm["status"] == "migrating":
        # Observed: it is accepted, and the migration goes on.
        ctx.job(f"Resetting VM {vm['name']}").finish(finalizing=False)
        ctx.event(221, "normal", f"VM {vm['name']} is resetting. Reset by: {ctx.identity.principal}", **about(ctx, vm))
        return
    command.free(ctx, f"vm:{vm['id']}")
    if vm["status"] not in ("up", "powering_up") and not (verb == "reset" and vm["status"] == "reboot_in_progress"):
        raise command.refuses(409, f" because the VM is in {shown(vm['status'])} status.")
    job = ctx.job(f"{'Rebooting' if verb == 'restart' else 'Resetting'} VM {vm['name']}")
    code, words = (157, "rebooting. Rebooted by") if verb == "restart" else (221, "resetting. Reset by")
    ctx.event(code, "normal", f"VM {vm['name']} is {words}: {ctx.identity.principal}", **about(ctx, vm))
    vm["status"] = "reboot_in_progress"
    ctx.table("vm").save(vm)
    job.finish(finalizing=False)
    cold = verb == "restart" and (ctx.row("next_run", vm["id"]) is not None or bool(vm.get("run_once")))
    ctx.later(REBOOT_SECONDS, "vm.cold_rebooted" if cold else "vm.rebooted", vm=vm["id"], run=vm["_running"]["run"])


@timed("vm.rebooted")
def rebooted(ctx, vm, run):
    row = current(ctx, vm, run)
    if row is not None and row["status"] == "reboot_in_progress":
        row["status"] = "up"
        ctx.table("vm").save(row)


@timed("vm.cold_rebooted")
def cold_rebooted(ctx, vm, run):
    """What waits for the next start takes effect: the machine is shut down, and the engine starts it again."""
    row = current(ctx, vm, run)
    if row is not None and row["status"] == "reboot_in_progress":
        down(ctx, row)
        ctx.later(NEXT_RUN_SECONDS + 0.5, "vm.started_again", vm=vm)


@timed("vm.started_again")
def started_again(ctx, vm):
    row = ctx.row("vm", vm)
    if row is not None and row["status"] == "down":
        try:
            start(ctx, row)
        except errors.Answer:
            # The events tell why; nobody waits for an answer.
            return


def suspend(ctx: Any, vm: dict[str, Any]) -> None:
    HIBERNATE.free(ctx, *keys(vm))
    if vm.get("vm_pool"):
        raise errors.refused(409, "Cannot suspend VM that belongs to a  VM-Pool.") if running(vm) else HIBERNATE.refuses(409, "VM is not up.")
    if vm["status"] != "up":
        raise HIBERNATE.refuses(409, "VM is not up.")
    if vm["_running"]["stateless"]:
        raise errors.refused(409, "Cannot suspend VM, VM is stateless.")
    job = ctx.job(f"Performing Hibernate action on VM {vm['name']}")
    ctx.event(501, "normal", f"Suspending VM {vm['name']} was initiated by User {ctx.identity.principal} (Host: {host_name(ctx, vm)}).", **about(ctx, vm))
    ctx.later(SAVING_SECONDS, "vm.saving", vm=vm["id"], run=vm["_running"]["run"])
    ctx.later(SAVED_SECONDS, "vm.suspended", vm=vm["id"], run=vm["_running"]["run"], job=job.id)


@timed("vm.saving")
def saving(ctx, vm, run):
    row = current(ctx, vm, run)
    if row is not None and row["status"] == "up":
        row["status"] = "saving_state"
        ctx.table("vm").save(row)


@timed("vm.suspended")
def suspended(ctx, vm, run, job):
    row, running_job = current(ctx, vm, run), Job.find(ctx, job)
    if row is not None and row["status"] == "saving_state":
        references, host = about(ctx, row), host_name(ctx, row)
        refused = ctx.host_step("HibernateVm", None, vm=row)
        if refused is not None:
            row["status"] = "up"
            ctx.table("vm").save(row)
            ctx.event(521, "error", f"Failed to complete suspending of VM {row['name']}.", **references)
            if running_job is not None:
                running_job.fail()
            return
        for name in RUNTIME:
            row.pop(name, None)
        row["status"] = "suspended"
        row["stop_time"] = ctx.now
        ctx.table("vm").save(row)
        ctx.event(503, "normal", f"VM {row['name']} on Host {host} is suspended.", **references)
    if running_job is not None:
        running_job.finish()


def _destination(ctx: Any, vm: dict[str, Any], target: str | None, force: bool) -> dict[str, Any]:
    if target is not None and ctx.row("host", target) is None:
        raise MIGRATE.refuses(400, "Invalid Host Id.")
    MIGRATE.free(ctx, *keys(vm))
    if vm["status"] == "migrating":
        raise MIGRATE.refuses(409, f"VM {vm['name']} is being migrated.")
    if vm["status"] not in ("up", "paused", "powering_up", "reboot_in_progress"):
        raise MIGRATE.refuses(409, "VM is not running.")
    affinity = vm["placement_policy"].get("affinity")
    if affinity == "pinned":
        raise MIGRATE.refuses(409, "VM is pinned to Host.")
    if affinity == "user_migratable" and not force:
        raise MIGRATE.refuses(409, "VM is non migratable and user did not specify the force-migration flag")
    if target is not None and target == vm["host"]["id"]:
        raise errors.refused(400, scheduling.NO_HOSTS)
    return scheduling.choose(ctx, vm, MIGRATE, only=target, leave=vm["host"]["id"])


def migrate(ctx: Any, vm: dict[str, Any], *, target: str | None = None, force: bool = False, reason: str | None = None) -> None:
    source = host_name(ctx, vm) if vm.get("host") else "<UNKNOWN>"
    with told(ctx, vm, 65, lambda why: f"Migration failed due to a failed validation: {why} (VM: {vm['name']}, Source: {source})."):
        host = _destination(ctx, vm, target, force)
    job = ctx.job(f"Migrating VM {vm['name']}" + (f" to Host {host['name']}" if target is not None else ""))
    why = f", with reason: {reason}" if reason else ""
    ctx.event(62, "normal", f"Migration started (VM: {vm['name']}, Source: {host_name(ctx, vm)}, Destination: {host['name']}, "
                            f"User: {ctx.identity.principal}{why}). ", **about(ctx, vm))
    vm["_running"]["before"] = vm["status"]
    vm["status"] = "migrating"
    ctx.table("vm").save(vm)
    ctx.lock(f"vm:{vm['id']}", f"VM {vm['name']} is being migrated.")
    ctx.later(MIGRATION_SECONDS, "vm.migrated", vm=vm["id"], run=vm["_running"]["run"], target=host["id"], job=job.id)


@timed("vm.migrated")
def migrated(ctx, vm, run, target, job):
    row, running_job = current(ctx, vm, run), Job.find(ctx, job)
    if row is None or row["status"] != "migrating":
        return
    ctx.unlock(f"vm:{vm}")
    row["status"] = row["_running"].pop("before", "up")
    source, host = host_name(ctx, row), ctx.row("host", target)
    refused = ctx.host_step("MigrateVm", None, vm=row, host=host)
    if refused is not None or host is None or host["status"] != "up":
        ctx.table("vm").save(row)
        ctx.event(65, "error", f"Migration failed due to an Error: {refused or 'Fatal error during migration'} (VM: {row['name']}, Source: {source}, "
                               f"Destination: {(host or {}).get('name', '')}).", **about(ctx, row))
        if running_job is not None:
            running_job.fail()
        return
    row["host"] = {"id": target}
    if "_console" in row:
        row["_console"] = {**row["_console"], "address": host.get("address", "")}
    ctx.table("vm").save(row)
    ctx.event(63, "normal", f"Migration completed (VM: {row['name']}, Source: {source}, Destination: {host['name']}, Duration: 2 seconds, "
                            "Total: 2 seconds, Actual downtime: 50ms)", **about(ctx, row))
    if running_job is not None:
        running_job.finish(finalizing=False)


def cancel_migration(ctx: Any, vm: dict[str, Any]) -> None:
    if vm["status"] != "migrating":
        raise errors.refused(409, "Cannot cancel migration for non migrating VM.")
    job = Job.start(ctx, f"Canceling migration of VM {vm['name']}")
    ctx.unlock(f"vm:{vm['id']}")
    vm["status"] = vm["_running"].pop("before", "up")
    ctx.table("vm").save(vm)
    for entry in ctx.engine.timeline.pending("vm.migrated", vm=vm["id"]):
        ctx.engine.timeline.cancel(entry["id"])
        other = Job.find(ctx, entry["arguments"].get("job"))
        if other is not None:
            other.fail()
    job.finish(finalizing=False)
    ctx.event(161, "normal", f"Migration cancelled (VM: {vm['name']}, Source: {host_name(ctx, vm)}, User: {ctx.identity.principal}).", **about(ctx, vm))
