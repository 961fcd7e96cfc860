"""Disks as machines and templates have them: /vms/V/diskattachments and /templates/T/diskattachments."""

from __future__ import annotations

from typing import Any

from .. import errors
from ..clock import timed
from ..commands import Job
from ..rules import estate, power, storage
from ..rules.refusals import Command
from . import disks
from .base import UUID, Collection, Created

ATTACH = Command("attach", "Virtual Disk")
DETACH = Command("detach", "Virtual Disk")
EDIT = Command("edit", "Virtual Disk")
REMOVE = Command("remove", "Virtual Disk")
NOT_DOWN = "At least one of the VMs is not down."
HOT_INTERFACES = ("virtio", "virtio_scsi")
UNSUPPORTED = ": The disk interface is not supported by the VM OS: {0}."
IN_SNAPSHOT = "The disk is already configured in a snapshot. In order to detach it, remove the disk's snapshots."


class VmDiskAttachments(Collection):
    type = "disk_attachment"
    paths = ("vms/{vm}/diskattachments",)
    parents = {"vm": "vm.id"}
    owner = "vm"

    def path_of(self, row):
        return f"/{self.paths[0].partition('/')[0]}/{row[self.owner]['id']}/diskattachments/{row['disk']['id']}"

    def find(self, ctx, ident, parents):
        row = self.of(ctx).get(f"{parents[self.owner].lower()}:{ident.lower()}")
        if row is None:
            if ctx.request is not None and ctx.request.method == "DELETE" and self.owner == "vm" and UUID.fullmatch(ident):
                vm = ctx.row("vm", parents["vm"])
                if vm is not None:
                    raise errors.refused(400, "Cannot detach Virtual Disk. The specified disk is not attached to the VM ${VmName}.", vm["name"])
            raise errors.not_found()
        return row

    def present(self, ctx, row, rep):
        rep["id"] = row["disk"]["id"]
        if self.owner == "vm":
            rep.pop("template", None)

    # -- adding

    def add(self, ctx, body, parents):
        vm = ctx.row("vm", parents["vm"])
        if vm is None:
            raise ATTACH.refuses(400, "VM is not found.")
        disk = body.get("disk")
        if disk is None:
            raise errors.html(500, "ERROR", "ERROR")
        if disk.get("id"):
            return self._attach(ctx, vm, body)
        return self._create(ctx, vm, body)

    def _attach(self, ctx, vm, body):
        ident = body["disk"]["id"]
        if not UUID.fullmatch(ident):
            raise errors.fault(400, f"Invalid UUID string: {ident}", "Operation failed")
        if not body.get("interface"):
            raise errors.refused(400, "Interface is required", "Attribute: diskVmElement.diskInterface")
        ATTACH.free(ctx, f"vm:{vm['id']}")
        row = ctx.row("disk", ident.lower())
        if row is None:
            raise ATTACH.refuses(400, "The specified disk does not exist.")
        active = bool(body.get("active"))
        if row.get("content_type", "data") != "data":
            raise ATTACH.refuses(409, f"The operation is not supported for {row['content_type'].upper()} disks.")
        if row.get("status") == "illegal":
            raise ATTACH.refuses(400, "Disk is in an illegal state. Disks in an illegal state can only be deleted.")
        disks.check_unlocked(ctx, row, "attach")
        if vm["status"] not in ("up", "paused", "down"):
            raise ATTACH.refuses(409, f" because the VM is in {power.shown(vm['status'])} status.")
        if body.get("bootable"):
            self._only_boot(ctx, vm, None, ATTACH)
        if self.of(ctx).get(f"{vm['id']}:{row['id']}") is not None:
            raise ATTACH.refuses(409, "The disk is already attached to VM.")
        if not row.get("shareable") and disks.vms_of(ctx, row):
            raise ATTACH.refuses(409, "The disk is not shareable and is already attached to a VM.")
        if row.get("_domain"):
            self._check_place(ctx, vm, row)
        self._check_element(ctx, vm, row, body, ATTACH)
        self._not_in_preview(ctx, vm, ATTACH)
        if power.running(vm) and active and body.get("interface") not in HOT_INTERFACES:
            raise ATTACH.refuses(400, UNSUPPORTED.format(os_name(ctx, vm)))
        made = storage.attach(ctx, vm, row, {**body, "active": active})
        if power.running(vm) and active:
            disks.lock(ctx, row)
        ctx.event(2016, "normal", f"Disk {row['alias']} was successfully attached to VM {vm['name']} by {ctx.identity.principal}.", **estate.about(ctx, vm))
        return made

    @staticmethod
    def _check_place(ctx, vm, row):
        domain = ctx.row("storage_domain", row["_domain"]) or {}
        if domain.get("_pool") != ((estate.cluster_of(ctx, vm) or {}).get("data_center") or {}).get("id"):
            raise ATTACH.refuses(409, "The target Data Center does not contain the Virtual Disk.")
        if domain.get("backup") and power.running(vm):
            raise ATTACH.refuses(400, "Running VM can not contain disks which are stored on a backup storage domain.")
        if domain["_status"] != "active":
            raise ATTACH.refuses(409, f"The relevant Storage Domain's status is {power.shown(domain['_status'])}.")

    @staticmethod
    def _check_element(ctx, vm, disk, body, command):
        """What a disk and its interface do not take."""
        interface = body.get("interface")
        if body.get("read_only") and interface in ("ide", "sata"):
            raise command.refuses(400, f"{interface.upper()} disks can't be read-only.")
        if interface == "virtio_scsi":
            if disk.get("sgio") and disk.get("storage_type", "image") == "image":
                raise command.refuses(400, "SCSI Generic IO is not supported for image disk.")
            if not (vm.get("virtio_scsi") or {}).get("enabled"):
                raise command.refuses(409, "VirtIO-SCSI is disabled for the VM")
        if body.get("pass_discard") and interface not in ("virtio_scsi", "virtio", "ide", "sata"):
            raise command.refuses(400, f"Enable discard for {disk.get('alias', '')} is supported only by VirtIO-SCSI and IDE disk interfaces.")

    @staticmethod
    def _not_in_preview(ctx, vm, command):
        command.free(ctx, f"snapshots:{vm['id']}")
        if any(one["snapshot_type"] == "preview" for one in ctx.table("snapshot").by("vm.id", vm["id"])):
            raise command.refuses(409, "VM is previewing a Snapshot.")

    @staticmethod
    def _only_boot(ctx, vm, row, command):
        for other in storage.attachments_of(ctx, vm):
            if other.get("bootable") and (row is None or other["id"] != row["id"]):
                alias = (ctx.row("disk", other["disk"]["id"]) or {}).get("alias", "")
                raise command.refuses(409, f"Disk {alias} in VM {vm['name']} is already marked as boot.")

    def _create(self, ctx, vm, body):
        command = Command("add", "Virtual Disk")
        wanted = dict(body["disk"])
        if "lun_storage" not in wanted:
            absent = [text for name, text in (("provisioned_size", "provisionedSize|size"), ("format", "format")) if wanted.get(name) is None]
            if absent:
                raise errors.incomplete("Disk", absent, "invoke")
        if not body.get("interface"):
            raise errors.refused(400, "Interface is required", "Attribute: diskVmElement.diskInterface")
        command.free(ctx, *power.keys(vm))
        references = wanted.get("storage_domains") or []
        if references and references[0].get("name") and not references[0].get("id") and ctx.table("storage_domain").named(references[0]["name"]) is None:
            raise errors.not_found()
        disks.check_alias(wanted.get("alias") or wanted.get("name"))
        if not wanted.get("alias") and not wanted.get("name"):
            wanted["alias"] = f"{vm['name']}_Disk{len(storage.attachments_of(ctx, vm)) + 1}"
        if body.get("bootable"):
            self._only_boot(ctx, vm, None, command)
        row = disks.create(ctx, wanted, format_needed="invoke")
        self._check_element(ctx, vm, {**row, "sgio": wanted.get("sgio")}, body, command)
        if row.get("_domain") and (ctx.row("storage_domain", row["_domain"]) or {}).get("_pool") != (
                (estate.cluster_of(ctx, vm) or {}).get("data_center") or {}).get("id"):
            raise command.refuses(409, "The target Data Center does not contain the Virtual Machine.")
        if vm["status"] == "image_locked":
            raise command.refuses(409, ": VM is locked. Please try again in a few minutes.")
        self._not_in_preview(ctx, vm, command)
        if power.running(vm) and body.get("active") and body.get("interface") not in HOT_INTERFACES:
            raise command.refuses(400, UNSUPPORTED.format(os_name(ctx, vm)))
        job = Job.start(ctx, f"Adding Disk {row['alias']}")
        refused = ctx.host_step("AddDisk", "Creating Volume", disk=row, vm=vm)
        if refused is not None:
            job.fail(finalizing=True)
            ctx.event(2023, "error", f"Add-Disk operation failed (User: {ctx.identity.principal}).")
            ctx.event(98, "error", f"Add-Disk operation failed to complete on VM {vm['name']}.", **estate.about(ctx, vm))
            raise errors.fault(400, "[]")
        live = power.running(vm)
        active = bool(body.get("active", False))
        made = storage.attach(ctx, vm, row, {**body, "active": active and not live})
        ctx.table("disk").save(row)
        domain = ctx.row("storage_domain", row.get("_domain"))
        if row["storage_type"] != "image":
            job.finish()
            return made
        job.step("unknown", "Creating Volume", parent=job.executing())["external_type"] = "vdsm"
        disks.hold(ctx, row)
        ctx.event(78, "normal", f"Add-Disk operation of {row['alias']} was initiated on VM {vm['name']} by {ctx.identity.principal}.",
                  storage_domain=domain, **estate.about(ctx, vm))
        ctx.later(disks.CREATE_SECONDS, "attachment.created", attachment=made["id"], disk=row["id"], vm=vm["id"], job=job.id, plug=active)
        return made

    # -- changing

    def update(self, ctx, row, body):
        vm, disk = ctx.row("vm", row["vm"]["id"]), ctx.row("disk", row["disk"]["id"])
        EDIT.free(ctx, f"vm:{vm['id']}")
        before = dict(row)
        options = {name: body[name] for name in storage.OPTIONS if name in body and name != "active" and body[name] != row.get(name)}
        plugging = body.get("active") if "active" in body and body["active"] != row.get("active") else None
        inner = {name: value for name, value in (body.get("disk") or {}).items() if name not in ("id", "href", "link", "actions")}
        if plugging is not None:
            self._plug(ctx, vm, disk, row, plugging)
            before = {**row}
        if options or inner:
            if plugging is None:
                disks.check_unlocked(ctx, disk, "edit")
            quota = (inner.get("quota") or {}).get("id", (disk.get("quota") or {}).get("id"))
            changed = {"bootable", "interface", "read_only"} & set(options) or disk.get("quota") and quota != disk["quota"]["id"]
            if changed and row.get("active") and vm["status"] != "down":
                raise EDIT.refuses(409, NOT_DOWN)
            if options.get("bootable"):
                self._only_boot(ctx, vm, row, EDIT)
            if options:
                self._check_element(ctx, vm, disk, {**row, **options}, EDIT)
            row.update(options)
            self.of(ctx).save(row)
            if inner:
                ctx.engine.services.of_type("disk").update(ctx, disk, inner)
            else:
                disks.lock(ctx, disk)
            ctx.event(88, "normal", f"VM {vm['name']} {disk['alias']} disk was updated by {ctx.identity.principal}.", **estate.about(ctx, vm))
        else:
            # The engine updates the disk in any case, and keeps it locked for a moment.
            if plugging is None:
                disks.check_unlocked(ctx, disk, "edit")
            disks.lock(ctx, disk)
        return Created(row, rep=self.render(ctx, before))

    def _plug(self, ctx, vm, disk, row, active):
        verb = Command("hot plug" if active else "hot unplug", "Virtual Disk")
        disks.check_unlocked(ctx, disk, verb.action)
        if vm["status"] not in ("up", "paused", "down"):
            raise verb.refuses(409, f" because the VM is in {power.shown(vm['status'])} status.")
        if power.running(vm) and row.get("interface") not in HOT_INTERFACES:
            raise verb.refuses(400, UNSUPPORTED.format(os_name(ctx, vm)))
        self._not_in_preview(ctx, vm, verb)
        if power.running(vm):
            refused = ctx.host_step("HotPlugDiskToVm", None, vm=vm, disk=disk)
            if refused is not None:
                ctx.event(2001 if active else 2003, "error", f"Failed to {'plug' if active else 'unplug'} disk {disk['alias']} "
                          f"{'to' if active else 'from'} VM {vm['name']} (User: {ctx.identity.principal}).", **estate.about(ctx, vm))
                raise errors.refused(400, refused)
        row["active"] = active
        self.of(ctx).save(row)
        ctx.event(2000 if active else 2002, "normal", f"VM {vm['name']} disk {disk['alias']} was {'plugged' if active else 'unplugged'} by "
                  f"{ctx.identity.principal}.", **estate.about(ctx, vm))

    # -- removing

    def remove(self, ctx, row):
        vm, disk = ctx.row("vm", row["vm"]["id"]), ctx.row("disk", row["disk"]["id"])
        DETACH.free(ctx, f"vm:{vm['id']}")
        if power.running(vm) and row.get("active") and vm["status"] not in ("up", "paused"):
            raise DETACH.refuses(409, NOT_DOWN)
        held = ctx.table("snapshot").by("vm.id", vm["id"])
        whole = ctx.flag("detach_only") is False
        if whole:
            if power.running(vm) and row.get("active"):
                raise Command("remove", "Virtual Disk").refuses(409, NOT_DOWN)
            ctx.engine.services.of_type("disk").remove(ctx, disk)
            ctx.current_job = None
            return
        if any(one["disk"]["id"] == disk["id"] for snapshot in held if snapshot["snapshot_type"] == "regular" for one in snapshot.get("_disks", ())):
            raise DETACH.refuses(409, IN_SNAPSHOT)
        disks.check_unlocked(ctx, disk, "detach")
        if power.running(vm) and row.get("active") and row.get("interface") not in HOT_INTERFACES:
            raise DETACH.refuses(400, UNSUPPORTED.format(os_name(ctx, vm)))
        self.of(ctx).remove(row["id"])
        ctx.event(2018, "normal", f"Disk {disk['alias']} was successfully detached from VM {vm['name']} by {ctx.identity.principal}.", **estate.about(ctx, vm))


def os_name(ctx, vm):
    """A machine's operating system as the engine shows it."""
    return (ctx.table("operating_system").named(vm["os"]["type"]) or {}).get("description", vm["os"]["type"])


class TemplateDiskAttachments(VmDiskAttachments):
    paths = ("templates/{template}/diskattachments",)
    parents = {"template": "template.id"}
    owner = "template"
    add: Any = None
    update: Any = None

    def remove(self, ctx, row):
        """Remove one copy of a template's disk from a domain; the last one goes with the template only."""
        disk = ctx.row("disk", row["disk"]["id"])
        domain = (ctx.parameter("storage_domain") or "").lower()
        if not domain:
            raise REMOVE.refuses(400, "A storage domain must be specified when deleting one of a template's disk's copies.")
        if domain not in [one["id"] for one in disk["storage_domains"]]:
            raise REMOVE.refuses(400, "Provided wrong storage domain, which is not related to disk.")
        if len(disk["storage_domains"]) == 1:
            raise REMOVE.refuses(409, "The image is the only remaining copy of a Template disk.")
        based = [one for one in ctx.table("disk").by("_based_on", disk["id"]) if one["_domain"] == domain]
        if based:
            names = dict.fromkeys(vm["name"] for one in based for vm in disks.vms_of(ctx, one))
            raise errors.refused(409, f"Cannot delete Template. Template is being used by the following VMs: {','.join(names)}.")
        job = ctx.job(f"Removing Disk {disk['alias']}")
        disk["storage_domains"] = [one for one in disk["storage_domains"] if one["id"] != domain]
        disk["_domain"] = disk["storage_domains"][0]["id"]
        disk["_copies"] = len(disk["storage_domains"]) > 1
        disks.lock(ctx, disk)
        job.finish()


@timed("attachment.created")
def created(ctx, attachment, disk, vm, job, plug):
    """The volume of a disk that was made for a machine is there; a running machine gets it plugged in."""
    row, owner, made, running = ctx.table("disk_attachment").get(attachment), ctx.row("vm", vm), ctx.row("disk", disk), Job.find(ctx, job)
    if made is not None:
        disks.made(ctx, made)
    if running is not None:
        for step in running.steps:
            if step["description"] == "Creating Volume":
                running.end_step(step)
        running.finish()
    if row is None or owner is None or made is None:
        return
    if plug and not row["active"]:
        row["active"] = True
        ctx.table("disk_attachment").save(row)
    ctx.event(97, "normal", f"The disk {made['alias']} was successfully added to VM {owner['name']}.",
              storage_domain=ctx.row("storage_domain", made.get("_domain")), **estate.about(ctx, owner))
