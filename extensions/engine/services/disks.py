"""/disks: images on storage domains and direct LUNs; their moves, copies and conversions.

A move is accepted at once and carried out later: cold ones by copying, live ones (the disk is plugged into a VM that is up or paused) by a snapshot, a mirrored
copy and the removal of that snapshot, one disk of a VM at a time.
"""

from __future__ import annotations

import re

from .. import errors
from ..clock import timed
from ..commands import Job
from ..rules import places
from ..rules import quota as quotas
from ..rules.refusals import Command
from . import permissions
from .base import Collection, Created, action
from .storage_domains import BUSY, GIB, available, disks_on, shown

CREATE_SECONDS = 1.5
LOCK_SECONDS = 1.0
REMOVE_SECONDS = 1.0
# The engine asks for the state of its tasks so often (AsyncTaskPollingRate), and until then a task of the storage pool manager runs.
POLLED_SECONDS = 10.0
COPY_SECONDS = 4.0
SNAPSHOT_SECONDS = 2.0
STRUCTURE_SECONDS = 1.5
SYNC_SECONDS = 2.0
MERGE_SECONDS = 2.0
JOB_TAIL_SECONDS = 3.0
THIN_BYTES = 200704
QCOW_OVERHEAD = 1.1
REPLICA = 3 * 2560 * 1024 ** 2       # what the replica of a live move is given at first, at most the size of the disk
MOVABLE = ("data", "memory_dump_volume", "memory_metadata_volume", "iso")
LOCKED = "The following disks are locked: %s. Please try again in a few minutes."
SNAPSHOT_BUSY = "The VM is performing an operation on a Snapshot. Please wait for the operation to finish, and try again."
ADD, EDIT, REMOVE = Command("add", "Virtual Disk"), Command("edit", "Virtual Disk"), Command("remove", "Virtual Disk")
COPY = Command("copy", "Virtual Disk")
ALIAS = re.compile(r"[\w.-]*")
CHANGEABLE = ("description", "wipe_after_delete", "propagate_errors", "shareable", "backup", "qcow_version", "sgio")


class Disks(Collection):
    type = "disk"
    paths = ("disks",)
    search: str | None = "disks"
    links = ("permissions", "disksnapshots", "statistics")

    # -- reading

    def listed(self, ctx, parents):
        ctx.listing = True
        return super().listed(ctx, parents)

    def present(self, ctx, row, rep):
        present_disk(ctx, row, rep)
        if ctx.listing and "total_size" in rep:
            # As observed: the search behind the list does not sum up the chain.
            rep["total_size"] = 0

    # -- writing

    def add(self, ctx, body, parents):
        row = create(ctx, body)
        if row.get("quota") and ctx.row("quota", row["quota"]["id"].lower()) is None:
            raise errors.refused(400, "Cannot add Virtual Disk. Quota doesn't exist.")
        charge(ctx, row, row.get("quota"), row.get("provisioned_size") or 0, "Cannot add Virtual Disk")
        job = ctx.job(f"Adding Disk {row['alias']}")
        if row["storage_type"] == "lun":
            ctx.table("disk").save(row)
            own(ctx, row)
            job.finish()
            ctx.event(2021, "normal", f"The disk '{row['alias']}' was successfully added.")
            return row
        refused = ctx.host_step("AddDisk", "Creating Volume", name=row["alias"], id=row["id"])
        if refused is not None:
            job.fail(finalizing=True)
            ctx.event(2023, "error", f"Add-Disk operation failed (User: {ctx.identity.principal}).")
            ctx.event(2022, "error", "Add-Disk operation failed to complete.")
            raise errors.failed(400, "[]")
        ctx.table("disk").save(row)
        ctx.event(
            2020,
            "normal",
            f"Add-Disk operation of '{row['alias']}' was initiated by {ctx.identity.principal}.",
            storage_domain=ctx.row("storage_domain", row["_domain"]),
        )
        ctx.later(CREATE_SECONDS, "disk.created", disk=row["id"], job=job.id, _domain=row["_domain"])
        return row

    def update(self, ctx, row, body):
        alias = body.get("alias") or body.get("name")
        if not alias:
            alias = "_Disk1" if "alias" in body or "name" in body else row["alias"]
        check_alias(alias)
        for vm in vms_of(ctx, row):
            if vm["status"] == "migrating" and ctx.locked(f"vm:{vm['id']}"):
                raise errors.refused(409, f"Cannot edit Virtual Disk. {ctx.locked('vm:' + vm['id'])}")
        check_unlocked(ctx, row, "edit")
        if row.get("content_type", "data") != "data":
            raise EDIT.refuses(409, f"The operation is not supported for {row['content_type'].upper()} disks.")
        size = body.get("provisioned_size", row.get("provisioned_size"))
        image = row["storage_type"] == "image"
        if image and size != row["provisioned_size"]:
            self._check_size(ctx, row, size)
        if image and row.get("format") == "raw" and (body.get("qcow_version") or body.get("backup") == "incremental"):
            raise EDIT.refuses(400, "The amend operation does not support disk without any QCOW2 volumes." if body.get("qcow_version") else
                               "Incremental backup is not supported for RAW format disks.")
        if image:
            self._check_sharing(ctx, row, body.get("shareable", row.get("shareable")))
            self._charge(ctx, row, (body.get("quota") or {}).get("id"), size)
            check_profile(ctx, EDIT, row["_domain"], body.get("disk_profile"))
        before = dict(row)
        for member in CHANGEABLE:
            if member in body:
                row[member] = body[member]
        row["alias"] = row["name"] = alias
        if (body.get("quota") or {}).get("id"):
            row["quota"] = {"id": body["quota"]["id"]}
        if "disk_profile" in body:
            row["disk_profile"] = {"id": body["disk_profile"]["id"]}
        if image and size > before["provisioned_size"]:
            row["provisioned_size"] = size
            if not row.get("sparse"):
                row["actual_size"] = row["total_size"] = size
            ctx.event(377, "normal", f"Extending disk '{row['alias']}' to {size // 1024 ** 3} GB was initiated by {ctx.identity.principal}.")
        before["status"] = "locked"
        lock(ctx, row)
        ctx.listing = True
        rep = self.render(ctx, before)
        ctx.event(88 if vms_of(ctx, row) else 86, "normal", f"Disk {row['alias']} was updated by {ctx.identity.principal}.")
        return Created(row, rep=rep)

    @staticmethod
    def _check_size(ctx, row, size):
        if any(attachment.get("read_only") for _vm, attachment in attachments_of(ctx, row)):
            raise EDIT.refuses(409, "Read-only disk cannot be resized.")
        if size < row["provisioned_size"]:
            raise EDIT.refuses(400, "New disk size must be larger than the current disk size.")
        for vm, attachment in attachments_of(ctx, row):
            if attachment.get("active") and vm["status"] in ("wait_for_launch", "powering_up", "powering_down", "paused", "reboot_in_progress", "migrating",
                                                             "saving_state", "restoring_state", "image_locked"):
                raise EDIT.refuses(409, f" because the VM is in {shown(vm['status'])} status.")
        check_domain(ctx, ctx.row("storage_domain", row["_domain"]), "edit")
        if row.get("format") == "raw" and not row.get("sparse") and available(ctx, row["_domain"]) < size - row["provisioned_size"]:
            raise EDIT.refuses(409, f"Low disk space on Storage Domain {ctx.row('storage_domain', row['_domain'])['name']}.")

    @staticmethod
    def _check_sharing(ctx, row, shareable):
        """A disk becomes shareable, or no longer is."""
        for vm in vms_of(ctx, row):
            if any(one["snapshot_type"] == "preview" for one in ctx.table("snapshot").by("vm.id", vm["id"])):
                raise EDIT.refuses(409, "VM is previewing a Snapshot.")
        if shareable and not row.get("shareable"):
            if row.get("_based_on") or snapshots_of(ctx, row):
                raise EDIT.refuses(409, "Disk cannot be shareable if it depends on a snapshot. In order to share it, remove the disk's snapshots.")
            if row.get("format") == "cow":
                raise EDIT.refuses(409, "Disk's volume format is not supported for shareable disk.")
        if row.get("shareable") and not shareable and len(vms_of(ctx, row)) > 1:
            raise EDIT.refuses(409, "Disk is shared between VMs and cannot be made unshareable. Detach the disk from the rest of the VMs it is attached to and "
                                    "then update the disk to be unshareable.")

    @staticmethod
    def _charge(ctx, row, quota, size):
        """Another quota takes the whole disk, the same one what is added."""
        if quota is None or quota == (row.get("quota") or {}).get("id"):
            charge(ctx, row, row.get("quota"), size - row["provisioned_size"], "Cannot edit Virtual Disk")
            return
        found = ctx.row("quota", quota)
        if found is None:
            raise errors.refused(400, "Cannot edit Virtual Disk. Quota doesn't exist.")
        if found["data_center"]["id"] != (ctx.row("storage_domain", row["_domain"]) or {}).get("_pool"):
            raise errors.refused(400, "Cannot edit Virtual Disk. Quota is not valid.")
        charge(ctx, row, {"id": quota}, size, "Cannot edit Virtual Disk")

    def remove(self, ctx, row):
        for vm in vms_of(ctx, row):
            for key in (f"vm:{vm['id']}", f"snapshots:{vm['id']}"):
                if ctx.locked(key):
                    raise errors.refused(409, f"Cannot remove Virtual Disk. {ctx.locked(key)}")
        check_converted(ctx, row, "remove")
        check_transfer(ctx, row, "remove")
        if ctx.locked(f"disk:{row['id']}") is not None or row["status"] == "locked":
            raise errors.refused(409, f"Cannot remove Virtual Disk. {BUSY}")
        running = [vm for vm, attachment in attachments_of(ctx, row) if attachment.get("active") and vm["status"] != "down"]
        if running:
            raise errors.refused(409, "Cannot remove Virtual Disk. At least one of the VMs is not down.")
        if row.get("content_type") == "iso":
            inserted = [one["name"] for table in ("vm", "template") for one in ctx.table(table) if row["id"] in (one.get("_cd"), one.get("_cd_now"))]
            if inserted:
                raise REMOVE.refuses(409, f"The disk is an ISO disk attached as CDROM to the following VMs/Templates: {','.join(inserted)}.")
        if row.get("content_type") == "ovf_store" and row["status"] != "illegal":
            raise REMOVE.refuses(409, "The operation can be performed only for OVF disks that are in ILLEGAL status.")
        holders = [one for one in ctx.table("snapshot") if row["id"] in one.get("_memory", ())]
        if len(holders) > 1:
            raise REMOVE.refuses(409, "The memory disk is a part of a snapshot currently in preview.")
        if templates_of(ctx, row):
            raise errors.refused(400, "Cannot remove Virtual Disk. A storage domain must be specified when deleting one of a template's disk's copies.")
        job = ctx.job(f"Removing Disk {row['alias']}")
        delete(ctx, row, job)

    def unknown(self, ctx, verb, ident):
        # Names are resolved before the disk is looked for.
        if verb == "export":
            self._target(ctx, ctx.body, "export")
        if verb == "refreshlun":
            check_host(ctx, ctx.body)
        return errors.not_found()

    # -- actions

    @action("sparsify")
    def sparsify(self, ctx, row, body):
        check_converted(ctx, row, "sparsify")
        check_plugged(ctx, row, "sparsify")
        command = Command("sparsify", "Virtual Disk")
        if not row.get("sparse"):
            raise command.refuses(400, f"Sparsifying is not supported for preallocated disk {row['alias']}.")
        if row.get("format") == "cow":
            raise command.refuses(400, f"Sparsifying is not supported for QCOW2 disk {row['alias']}.")
        if snapshots_of(ctx, row):
            raise command.refuses(400, "Disks with snapshots are not supported.")
        check_unlocked(ctx, row, "sparsify")
        job = ctx.job(f"Sparsifying Disk {row['alias']}")
        hold(ctx, row)
        ctx.later(COPY_SECONDS, "disk.settled", disk=row["id"], job=job.id)

    @action("copy")
    def copy(self, ctx, row, body):
        target = self._target(ctx, body, "copy")
        if row.get("content_type") not in MOVABLE:
            raise COPY.refuses(409, f"The operation is not supported for {row['content_type'].upper()} disks.")
        check_unlocked(ctx, row, "copy")
        check_domain(ctx, ctx.row("storage_domain", row["_domain"]), "copy")
        check_domain(ctx, target, "copy")
        if target["type"] != "data":
            raise COPY.refuses(409, "Storage Domain type is illegal.")
        check_space(ctx, target, row, "copy")
        check_plugged(ctx, row, "copy")
        check_profile(ctx, COPY, target["id"], body.get("disk_profile"))
        quota = body.get("quota") or row.get("quota")
        if (body.get("quota") or {}).get("id") and ctx.row("quota", body["quota"]["id"]) is None:
            raise COPY.refuses(400, "Quota doesn't exist.")
        if not templates_of(ctx, row):
            quotas.store(ctx, target["_pool"], quota, target["id"], row["provisioned_size"], "Cannot copy Virtual Disk")
        alias = (body.get("disk") or {}).get("name") or (body.get("disk") or {}).get("alias") or row["alias"]
        job = ctx.job(f"Copying Disk {row['alias']} from {ctx.row('storage_domain', row['_domain'])['name']} to {target['name']}")
        hold(ctx, row)
        ctx.event(2004, "normal", f"User {ctx.identity.principal} is copying disk {row['alias']} to domain {target['name']}.", storage_domain=target,
                  data_center=ctx.row("data_center", target["_pool"]))
        if templates_of(ctx, row):
            if target["id"] in [one["id"] for one in row["storage_domains"]]:
                release(ctx, row)
                raise errors.refused(400, "Cannot copy Virtual Disk. The selected destination Storage Domain already contains the disk.")
            ctx.later(COPY_SECONDS, "disk.template_copied", disk=row["id"], target=target["id"], job=job.id)
            return
        copied = {name: value for name, value in row.items() if name not in ("id", "image_id", "disk_profile", "_copies")}
        copied.update({"id": ctx.new_id(), "image_id": ctx.new_id(), "name": alias, "alias": alias, "status": "locked", "total_size": row.get("actual_size", 0),
                       "storage_domains": [{"id": target["id"]}], "_domain": target["id"], "_held": True})
        if (quota or {}).get("id"):
            copied["quota"] = {"id": quota["id"].lower()}
        self.of(ctx).save(copied)
        ctx.later(COPY_SECONDS, "disk.copied", disk=row["id"], copy=copied["id"], target=target["id"], job=job.id)

    @action("export", entity=False)
    def export(self, ctx, row, body):
        target = self._target(ctx, body, "export")
        if target["type"] == "data":
            raise errors.refused(400, "Internal Engine Error")
        raise errors.refused(409, "Cannot export Virtual Disk. Storage Domain type is illegal.")

    @action("move")
    def move(self, ctx, row, body):
        target = self._target(ctx, body, "move")
        start_move(ctx, row, target, body)

    @action("refreshlun")
    def refresh_lun(self, ctx, row, body):
        check_host(ctx, body)
        if row["storage_type"] != "lun":
            raise errors.refused(400, "Cannot sync Virtual Disk. The specified disk does not exist.")

    @action("convert")
    def convert(self, ctx, row, body):
        wanted = body["disk"]
        command = Command("convert disk", "Virtual Disk")
        check_converted(ctx, row, command.action)
        if snapshots_of(ctx, row):
            raise command.refuses(400, "Disks with multiple snapshots are not supported.")
        if ctx.locked(f"disk:{row['id']}") is not None or row["status"] == "locked":
            raise command.refuses(409, ": Disk is locked. Please try again later.")
        if any(one.get("active") and vm["status"] not in ("down", "suspended", "image_locked") for vm, one in attachments_of(ctx, row)):
            raise command.refuses(409, "VM is running.")
        check_configuration(command, wanted.get("format", row["format"]), wanted.get("sparse", row["sparse"]), row.get("backup", "none"))
        job = ctx.job(
            f"Converting disk {row['alias']} to {'Thin' if wanted.get('sparse', row['sparse']) else 'Preallocated'}"
            f"/{wanted.get('format', row['format']).upper()}"
        )
        hold(ctx, row)
        ctx.lock(f"converted:{row['id']}")
        ctx.later(
            COPY_SECONDS,
            "disk.converted",
            disk=row["id"],
            job=job.id,
            format=wanted.get("format", row["format"]),
            sparse=wanted.get("sparse", row["sparse"]),
        )

    @action("reduce")
    def reduce(self, ctx, row, body):
        raise errors.refused(400, "Cannot ${action} Storage. Reduce image isn't required for file based domains.")

    def _target(self, ctx, body, verb):
        reference = body.get("storage_domain") or {}
        if not reference.get("id") and not reference.get("name"):
            raise errors.incomplete("Action", ["storageDomain.id|name"], verb)
        target = self.resolve(ctx, reference, "storage_domain", "Storage")
        if target is None:
            raise errors.refused(400, f"Cannot {verb} Virtual Disk. Storage Domain doesn't exist.")
        return target


class DomainDisks(Disks):
    """The same disks, below their storage domain."""

    paths = ("storagedomains/{storage_domain}/disks",)
    search = None
    listed_at_top = True               # where the items of a list say they are

    def rows(self, ctx, parents):
        if ctx.flag("unregistered"):
            return [aside["disk"] for aside in ctx.table("_unregistered").by("domain", parents["storage_domain"])]
        return disks_on(ctx, parents["storage_domain"])

    def find(self, ctx, ident, parents):
        row = ctx.row("disk", ident)
        if row is None or row not in self.rows(ctx, parents):
            raise errors.not_found()
        return row

    def add(self, ctx, body, parents):
        if ctx.flag("unregistered"):
            aside = ctx.row("_unregistered", (body.get("id") or "").lower())
            if aside is None or aside["domain"] != parents["storage_domain"]:
                raise errors.not_found()
            row = register(ctx, aside)
            ctx.job(f"Importing Disk {row['alias']}").finish()
            ctx.event(378, "normal", f"Disk '{row['alias']}' has been successfully registered as a floating disk.")
            rep = self.as_listed(ctx, row, f"/storagedomains/{aside['domain']}/disks/{row['id']}")
            rep.pop("quota", None)
            return Created(row, rep=rep)
        return super().add(ctx, {**body, "storage_domains": [{"id": parents["storage_domain"]}]}, {})

    def path_of(self, row):
        return f"/disks/{row['id']}"

    def render(self, ctx, row, parents=None):
        if not ctx.listing:
            return super().render(ctx, row, parents)
        if not ctx.flag("unregistered"):
            return self.as_listed(ctx, row, f"/{'' if self.listed_at_top else 'storagedomains/' + row['_domain'] + '/'}disks/{row['id']}")
        rep = self.as_listed(ctx, row, f"/disks/{row['id']}")
        for name in ("actions", "disk_profile", "quota"):
            rep.pop(name, None)
        return rep

    def as_listed(self, ctx, row, path):
        """As items of lists are shown: with their domain, fewer links and fewer actions."""
        rep = super().render(ctx, row)
        href = rep["href"] = ctx.prefix + path
        rep["storage_domain"] = {"id": row["_domain"], "href": ctx.href("storage_domain", row["_domain"])}
        rep["link"] = [{"rel": rel, "href": f"{href}/{rel}"} for rel in ("permissions", "statistics")]
        rep["actions"] = {"link": [{"rel": verb, "href": f"{href}/{verb}"} for verb in ("sparsify", "copy", "reduce", "export", "move")]}
        return rep


class AttachedDomainDisks(DomainDisks):
    """The same once more, below the data center."""

    paths = ("datacenters/{data_center}/storagedomains/{storage_domain}/disks",)
    listed_at_top = False

    @action("register")
    def register(self, ctx, row, body):
        raise errors.refused(409, f"Cannot register Virtual Disk: The following disks are locked: {row['alias']}. Please try again in a few minutes.")


class DiskSnapshots(Collection):
    """Images that snapshots hold, of one disk or of all disks on a domain."""

    type = "disk_snapshot"
    paths = ("storagedomains/{storage_domain}/disksnapshots", "disks/{disk}/disksnapshots")

    def rows(self, ctx, parents):
        """The newest first; each stands on the image that the snapshot before it holds."""
        disk, domain = parents.get("disk"), parents.get("storage_domain")
        found, below = [], {}
        for snapshot in sorted(ctx.table("snapshot"), key=lambda one: one["date"]):
            if snapshot["snapshot_type"] == "active":
                continue
            for one in snapshot.get("_disks", ()):
                held = one["disk"]
                if disk in (None, held["id"]) and domain in (None, held["_domain"]):
                    row = {name: value for name, value in held.items() if name not in ("id", "image_id", "_based_on", "snapshot")}
                    row.update({"id": held["image_id"], "disk": {"id": held["id"]}, "snapshot": {"id": snapshot["id"]}, "_below": below.get(held["id"]),
                                "_at": f"/disks/{disk}" if disk else f"/storagedomains/{held['_domain']}"})
                    found.append(row)
                below[held["id"]] = held["image_id"]
        return found[::-1]

    def find(self, ctx, ident, parents):
        row = next((row for row in self.rows(ctx, parents) if row["id"] == ident), None)
        if row is None:
            raise errors.not_found()
        return row

    def path_of(self, row):
        return f"{row['_at']}/disksnapshots/{row['id']}"

    def present(self, ctx, row, rep):
        rep["snapshot"] = dict(row["snapshot"])
        if row["_below"] is not None:
            rep["parent"] = {"id": row["_below"], "href": f"{ctx.prefix}{row['_at']}/disksnapshots/{row['_below']}"}
        if row["_at"].startswith("/storagedomains"):
            rep["storage_domain"] = {"id": row["_domain"], "href": ctx.href("storage_domain", row["_domain"])}


# -- what other services ask


def create(ctx, body, *, format_needed="add"):
    """A new row from a body; not saved.  Refuses what the engine refuses."""
    if "lun_storage" in body:
        return _direct_lun(ctx, body)
    absent = [text for name, text in (("provisioned_size", "provisionedSize"), ("format", "format")) if body.get(name) is None]
    if absent:
        raise errors.incomplete("Disk", absent, format_needed)
    references = body.get("storage_domains") or ([body["storage_domain"]] if body.get("storage_domain") else [])
    domain = None
    for reference in references[:1]:
        domain = (
            ctx.row("storage_domain", (reference.get("id") or "").lower())
            if reference.get("id")
            else ctx.table("storage_domain").named(reference.get("name") or "")
        )
        if domain is None:
            raise errors.entity_not_found(str(reference.get("id") or reference.get("name") or "ID or name"))
    if domain is None:
        raise errors.refused(400, "Cannot add Virtual Disk. Storage Domain hasn't been specified.")
    if domain["_pool"] is None or format_needed == "add" and not references[0].get("id"):
        # A domain by its name is found without its data center, and therefore without its status.
        raise errors.refused(409, "Cannot add Virtual Disk. The relevant Storage Domain's status is Unknown.")
    if domain["_status"] != "active":
        raise errors.refused(409, f"Cannot add Virtual Disk. The relevant Storage Domain's status is {shown(domain['_status'])}.")
    size, sparse = body["provisioned_size"], body.get("sparse", body["format"] == "cow")
    check_configuration(ADD, body["format"], sparse, body.get("backup", "none"))
    if domain["type"] in ("iso", "export"):
        raise ADD.refuses(409, "Storage Domain type is illegal.")
    there = available(ctx, domain["id"])
    if not sparse and there < size or there < domain["critical_space_action_blocker"] * GIB:
        raise ADD.refuses(409, f"Low disk space on Storage Domain {domain['name']}.")
    if body.get("shareable") and body["format"] == "cow":
        raise ADD.refuses(409, "Disk's volume format is not supported for shareable disk.")
    check_profile(ctx, ADD, domain["id"], body.get("disk_profile"))
    if size <= 0:
        raise ADD.refuses(400, "Disk's provisioned size has to be greater than 0.")
    alias = body.get("alias") or body.get("name") or f"Disk{ctx.engine.next_number('disk')}"
    row = {
        "id": ctx.new_id(), "image_id": ctx.new_id(), "name": alias, "alias": alias, "description": body.get("description", ""), "status": "locked",
        "storage_type": "image", "content_type": body.get("content_type", "data"), "format": body["format"], "sparse": sparse, "provisioned_size": size,
        "actual_size": 0, "total_size": 0, "backup": body.get("backup", "none"), "propagate_errors": body.get("propagate_errors", False),
        "shareable": body.get("shareable", False), "wipe_after_delete": body.get("wipe_after_delete", domain.get("wipe_after_delete", False)),
        "storage_domains": [{"id": domain["id"]}], "_domain": domain["id"],
    }
    if body.get("qcow_version"):
        row["_qcow_version"] = body["qcow_version"]
    for member in ("quota", "disk_profile"):
        if (body.get(member) or {}).get("id"):
            row[member] = {"id": body[member]["id"]}
    complete(ctx, row)
    return row


def check_configuration(command, volume, sparse, backup) -> None:
    """File storage has no preallocated QCOW2 images but for incremental backups, and those are of no other format."""
    if volume == "cow" and not sparse and backup != "incremental" or volume == "raw" and backup == "incremental":
        raise command.refuses(409, f"Disk configuration ({volume.upper()} {'Sparse' if sparse else 'Preallocated'} backup-{backup.capitalize()}) is "
                                   "incompatible "
                                   "with the storage domain type.")


def check_profile(ctx, command, domain, reference) -> None:
    profile = ((reference or {}).get("id") or "").lower()
    if profile and ((ctx.row("disk_profile", profile) or {}).get("storage_domain") or {}).get("id") != domain:
        raise command.refuses(400, f"Cannot find a disk profile defined on storage domain {domain}.")


def check_alias(alias) -> None:
    """Bean validation of a disk's name, which the making of floating disks leaves out."""
    if alias and not ALIAS.fullmatch(alias):
        raise errors.refused(400, places.violation('Disk alias name must be formed of alpha-numeric characters or "-_."', "diskInfo.diskAlias"))


def check_converted(ctx, row, verb) -> None:
    if ctx.locked(f"converted:{row['id']}") is not None:
        raise errors.refused(409, f"Cannot {verb} Virtual Disk. Disk {row['alias']} is being converted.")


def check_plugged(ctx, row, verb) -> None:
    busy = sorted(vm["name"] for vm, one in attachments_of(ctx, row) if one.get("active") and vm["status"] != "down")
    if busy:
        raise errors.refused(409, f"Cannot {verb} Virtual Disk. The disk {row['alias']} is plugged to non-Down VMs: {','.join(busy)}")


def snapshots_of(ctx, row):
    """Snapshots that hold an image of the disk."""
    return [one for vm in vms_of(ctx, row) for one in ctx.table("snapshot").by("vm.id", vm["id"])
            if any(held["disk"]["id"] == row["id"] for held in one.get("_disks", ()))]


def _direct_lun(ctx, body):
    storage = body["lun_storage"]
    units = storage.get("logical_units") or []
    if not units:
        if not storage:
            raise errors.fault(400, "LogicalUnit  required for add", "Incomplete parameters")
        raise errors.incomplete("LogicalUnit", ["id"], "add")
    if not storage.get("type"):
        raise errors.incomplete("HostStorage", ["type"], "add")
    if storage["type"] == "iscsi" and units[0].get("address"):
        absent = [name for name in ("target", "port") if units[0].get(name) is None]
        if absent:
            raise errors.incomplete("LogicalUnit", absent, "invoke")
    ident = ctx.new_id()
    alias = body.get("alias") or body.get("name") or f"Disk{ctx.engine.next_number('disk')}"
    unit = {"id": units[0]["id"], "active_paths": 0, "discard_zeroes_data": False, "disk_id": ident, "paths": 0, "size": 0}
    return {"id": ident, "name": alias, "alias": alias, "description": body.get("description", ""), "content_type": "data", "storage_type": "lun",
            "lun_storage": {"id": units[0]["id"], "logical_units": [unit]}, "propagate_errors": body.get("propagate_errors", False),
            "shareable": body.get("shareable", False), "wipe_after_delete": body.get("wipe_after_delete", False), "_status": "ok", "status": None}


def charge(ctx, row, reference, size, what) -> None:
    """Charge more bytes of an image to a quota, or refuse them."""
    domain = ctx.row("storage_domain", row.get("_domain"))
    if row["storage_type"] == "image" and domain is not None:
        quotas.store(ctx, domain["_pool"], reference, domain["id"], size, what)


def own(ctx, row) -> None:
    """Who made a disk operates it."""
    permissions.own(ctx, "disk", row["id"])


def register(ctx, aside):
    """A disk that its domain remembered is known to the engine again."""
    ctx.table("_unregistered").remove(aside["id"])
    row = {name: value for name, value in aside["disk"].items() if name not in ("disk_profile", "quota")}
    complete(ctx, row)
    return ctx.table("disk").save(row)


def complete(ctx, row) -> None:
    """Profile and quota a disk takes when none was named."""
    domain = ctx.row("storage_domain", row["_domain"])
    if "disk_profile" not in row:
        profile = next(iter(ctx.table("disk_profile").by("storage_domain.id", row["_domain"])), None)
        if profile is not None:
            row["disk_profile"] = {"id": profile["id"]}
    if "quota" not in row and domain is not None:
        quota = next((one for one in ctx.table("quota").by("data_center.id", domain["_pool"]) if one.get("_default")), None)
        if quota is not None:
            row["quota"] = {"id": quota["id"]}


def present_disk(ctx, row, rep) -> None:
    if row.get("shareable"):
        # It has no chain of images whose sizes could be summed up.
        rep.pop("total_size", None)
    if "lun_storage" in rep:
        # It has the id of its unit and is not one of a host's storages.
        rep["lun_storage"].pop("href", None)
    if ctx.all_content:
        vms = vms_of(ctx, row)
        if vms:
            rep["vms"] = [{"id": vm["id"], "href": ctx.href("vm", vm["id"])} for vm in vms]


def attachments_of(ctx, row):
    """Pairs of VM and attachment for a disk."""
    found = []
    for attachment in ctx.table("disk_attachment").by("disk.id", row["id"]):
        vm = ctx.row("vm", (attachment.get("vm") or {}).get("id"))
        if vm is not None:
            found.append((vm, attachment))
    return found


def vms_of(ctx, row):
    return [vm for vm, _attachment in attachments_of(ctx, row)]


def templates_of(ctx, row):
    """Names of the templates a disk belongs to."""
    found = []
    for attachment in ctx.table("disk_attachment").by("disk.id", row["id"]):
        template = ctx.row("template", (attachment.get("template") or {}).get("id"))
        if template is not None:
            found.append(template["name"])
    return found


def hold(ctx, row) -> None:
    """Lock a disk for an operation that names it when it refuses others."""
    ctx.lock(f"disk:{row['id']}", row["alias"])
    row["status"] = "locked"
    ctx.table("disk").save(row)


def release(ctx, row) -> None:
    ctx.unlock(f"disk:{row['id']}")
    row["status"] = "ok"
    ctx.table("disk").save(row)


def lock(ctx, row, seconds: float = LOCK_SECONDS) -> None:
    """The moment every write to a disk keeps it locked (observed: about a second)."""
    if row["storage_type"] != "image":
        ctx.table("disk").save(row)
        return
    ctx.lock(f"disk:{row['id']}", "${diskAliases}")
    row["status"] = "locked"
    ctx.table("disk").save(row)
    ctx.later(seconds, "disk.settled", disk=row["id"], job=None)


def check_unlocked(ctx, row, verb: str) -> None:
    check_converted(ctx, row, verb)
    check_transfer(ctx, row, verb)
    if any(row["id"] in one["_disks"] and one["phase"] not in ("succeeded", "failed") for one in ctx.table("backup")):
        raise errors.refused(409, f"Cannot {verb} Virtual Disk: Disk is locked. Please try again later.")
    held = ctx.locked(f"disk:{row['id']}")
    if held is None and row.get("status") != "locked":
        return
    if verb in ("move", "copy") and held and not held.startswith("$"):
        raise errors.refused(409, f"Cannot {verb} Virtual Disk. Disk {row['alias']} is being moved or copied.")
    raise errors.refused(409, f"Cannot {verb} Virtual Disk: {LOCKED % (held or '${diskAliases}')}")


def check_host(ctx, body) -> None:
    name = (body.get("host") or {}).get("name")
    if name and not ctx.table("host").named(name):
        raise errors.entity_not_found(name)


# Phases in which an image transfer holds its disk.
TRANSFER_PHASES = ("initializing", "transferring", "resuming", "paused_system", "paused_user", "cancelled_user", "cancelled_system", "finalizing_success",
                   "finalizing_failure", "finalizing_cleanup")


def check_transfer(ctx, row, verb: str) -> None:
    if any(one["phase"] in TRANSFER_PHASES for one in ctx.table("image_transfer").by("image.id", row["id"])):
        raise errors.refused(409, f"Cannot {verb} Virtual Disk. Disk {row['alias']} is being transferred.")


def check_domain(ctx, domain, verb: str) -> None:
    status = "Unknown" if domain["_pool"] is None else shown(domain["_status"])
    if status != "Active":
        raise errors.refused(409, f"Cannot {verb} Virtual Disk. The relevant Storage Domain's status is {status}.")


def check_space(ctx, domain, row, verb: str, live: bool = False) -> None:
    """Above its critical space, and enough for all layers: of file storage here, where thin volumes take what is used of them."""
    there = available(ctx, domain["id"])
    used, whole = max(row.get("total_size") or 0, row.get("actual_size") or 0), row.get("provisioned_size") or 0
    size = used if row.get("sparse") or row.get("format") == "cow" else whole
    size = size * QCOW_OVERHEAD if row.get("format") == "cow" else size
    if there < domain["critical_space_action_blocker"] * GIB or there < size + (min(REPLICA, whole) if live else 0):
        raise errors.refused(409, f"Cannot {verb} Virtual Disk. Low disk space on Storage Domain {domain['name']}.")


def delete(ctx, row, job=None) -> None:
    """Remove a disk: locked for a moment, then gone with its attachments."""
    domain = ctx.row("storage_domain", row.get("_domain"))
    if row["storage_type"] == "lun":
        gone(ctx, row["id"], job.id if job is not None else None)
        return
    hold(ctx, row)
    if domain is not None:
        ctx.event(
            2038,
            "normal",
            f"Removal of Disk {row['alias']} from domain {domain['name']} was initiated by {ctx.identity.principal}.",
            storage_domain=domain,
        )
    ctx.later(REMOVE_SECONDS, "disk.gone", disk=row["id"], job=job.id if job is not None else None, _domain=row.get("_domain"))


def start_move(ctx, row, target, body) -> None:
    """Accept a move, or refuse it as the engine does."""
    source = ctx.row("storage_domain", row.get("_domain"))
    if row["storage_type"] != "image":
        raise errors.refused(400, "Cannot move Virtual Disk. The following disk storage type is not supported: LUN.")
    if row.get("content_type") not in MOVABLE:
        raise errors.refused(400, f"Cannot move Virtual Disk. The operation is not supported for {row['content_type'].upper()} disks.")
    check_unlocked(ctx, row, "move")
    if source is not None and source["id"] == target["id"]:
        raise errors.refused(400, "Cannot move Virtual Disk. The source and target storage domains are the same.")
    if templates_of(ctx, row):
        raise errors.refused(400, f"Cannot move Virtual Disk. The following disk(s) are not attached to any VM: {row['alias']}.")
    base = ctx.row("disk", row.get("_based_on"))
    if base is not None and target["id"] not in [one["id"] for one in base["storage_domains"]]:
        raise errors.refused(400, "Cannot move Virtual Disk. The selected Storage Domain does not contain the VM Template.")
    if row.get("shareable") and target["storage"]["type"] == "glusterfs":
        raise errors.refused(400, f"Cannot move Virtual Disk. {row['alias']} is shareable, which Gluster domains do not support.")
    if target["_pool"] != (source or {}).get("_pool") and target["_pool"] is not None:
        raise errors.refused(400, "Cannot move Virtual Disk. The selected Storage Domain is not part of the Data Center.")
    check_domain(ctx, target, "move")
    if source is not None:
        check_domain(ctx, source, "move")
    if target["type"] != "data":
        raise errors.refused(409, "Cannot move Virtual Disk. Storage Domain type is illegal.")
    live = next((vm for vm, attachment in attachments_of(ctx, row) if attachment.get("active") and vm["status"] != "down"), None)
    check_space(ctx, target, row, "move", live is not None)
    profile = (body.get("disk_profile") or {}).get("id")
    if profile is not None and ((ctx.row("disk_profile", profile) or {}).get("storage_domain") or {}).get("id") != target["id"]:
        raise errors.refused(400, f"Cannot move Virtual Disk. Cannot find a disk profile defined on storage domain {target['id']}.")
    if live is not None:
        if live["status"] not in ("up", "paused"):
            raise errors.refused(409, "Cannot move Virtual Disk. The Virtual Machine should be either in Up or Paused status.")
        if target.get("backup"):
            raise errors.refused(409, "Cannot move Virtual Disk. Running VM can not contain disks which are stored on a backup storage domain.")
        if row.get("shareable"):
            raise errors.refused(400, f"Cannot move a shareable Virtual Disk ({row['alias']}). This operation is not supported.")
    for vm, _attachment in attachments_of(ctx, row):
        if any(one["snapshot_status"] == "in_preview" or one["snapshot_type"] == "preview" for one in ctx.table("snapshot").by("vm.id", vm["id"])):
            raise errors.refused(409, "Cannot move Virtual Disk. VM is previewing a Snapshot.")
    arguments = {"disk": row["id"], "source": row["_domain"], "target": target["id"], "profile": profile, "quota": (body.get("quota") or {}).get("id")}
    quotas.move(ctx, target["_pool"], row.get("quota"), arguments["quota"], target["id"], row["provisioned_size"], "Cannot move Virtual Disk")
    if live is None:
        _start_cold(ctx, row, source, target, arguments)
    else:
        _start_live(ctx, row, source, target, live, arguments)


def _start_cold(ctx, row, source, target, arguments):
    job = Job.start(ctx, f"Moving Disk {row['alias']} from {source['name']} to {target['name']}")
    created = job.step("unknown", "Creating Volume", parent=job.executing())
    created["external_type"] = "vdsm"
    hold(ctx, row)
    ctx.event(2008, "normal", f"User {ctx.identity.principal} moving disk {row['alias']} to domain {target['name']}.", storage_domain=target,
              data_center=ctx.row("data_center", target["_pool"]))
    job.end_step(created)
    job.step("finalizing", "Finalizing", "finished", parent=created)
    job.step("unknown", "Copying Volume", parent=job.executing())
    ctx.later(COPY_SECONDS, "disk.moved_cold", job=job.id, _domain=row["_domain"], **arguments)


def _start_live(ctx, row, source, target, vm, arguments):
    if ctx.locked(f"lsm:{vm['id']}") is not None:
        raise errors.Park(f"lsm:{vm['id']}")
    if ctx.locked(f"snapshots:{vm['id']}") is not None:
        raise errors.refused(409, f"Cannot create Snapshot. {SNAPSHOT_BUSY}")
    job = Job.start(ctx, f"Migrating Disk {row['alias']} from {source['name']} to {target['name']} of VM {vm['name']}")
    job.step("unknown", "Cloning image's structure", parent=job.executing())
    snapshot_job = Job.start(ctx, f"Creating VM Snapshot {row['alias']} Auto-generated for Live Storage Migration for VM {vm['name']}")
    snapshot_job.step("unknown", "Creating Volume", parent=snapshot_job.executing())["external_type"] = "vdsm"
    hold(ctx, row)
    ctx.lock(f"lsm:{vm['id']}")
    ctx.lock(f"snapshots:{vm['id']}", SNAPSHOT_BUSY)
    snapshot = ctx.table("snapshot").save({
        "id": ctx.new_id(), "vm": {"id": vm["id"]}, "description": f"{row['alias']} Auto-generated for Live Storage Migration", "date": ctx.now,
        "persist_memorystate": False, "snapshot_status": "locked", "snapshot_type": "regular"})
    around = about(ctx, vm)
    ctx.event(45, "normal", f"Snapshot '{snapshot['description']}' creation for VM '{vm['name']}' was initiated by {ctx.identity.principal}.", **around)
    ctx.event(2008, "normal", f"User {ctx.identity.principal} moving disk {row['alias']} to domain {target['name']}.", storage_domain=target, **around)
    ctx.later(
        SNAPSHOT_SECONDS,
        "disk.live_snapshot_made",
        job=job.id,
        snapshot=snapshot["id"],
        snapshot_job=snapshot_job.id,
        vm=vm["id"],
        _domain=row["_domain"],
        **arguments,
    )


def about(ctx, vm):
    """What events of a VM refer to."""
    cluster = ctx.row("cluster", (vm.get("cluster") or {}).get("id"))
    return {
        "vm": vm,
        "cluster": cluster,
        "host": ctx.row("host", (vm.get("host") or {}).get("id")),
        "template": ctx.row("template", (vm.get("template") or {}).get("id")),
        "data_center": ctx.row("data_center", ((cluster or {}).get("data_center") or {}).get("id")),
    }


def place(ctx, row, target, profile, quota) -> None:
    """The image lies on another domain now."""
    domain = ctx.row("storage_domain", target)
    row["storage_domains"] = [{"id": target}]
    row["_domain"] = target
    row.pop("disk_profile", None)
    if profile:
        row["disk_profile"] = {"id": profile}
    if quota:
        row["quota"] = {"id": quota}
    if domain is not None and not profile:
        complete(ctx, row)
    ctx.table("disk").save(row)


# -- what happens later


def made(ctx, row) -> None:
    """The volume of a new disk is there."""
    row["actual_size"] = row["total_size"] = THIN_BYTES if row["format"] == "cow" else 0 if row["sparse"] else row["provisioned_size"]
    if row["format"] == "cow":
        row["qcow_version"] = row.pop("_qcow_version", "qcow2_v3")
    release(ctx, row)


@timed("disk.created")
def created(ctx, disk, job, _domain=None):
    row, running = ctx.row("disk", disk), Job.find(ctx, job)
    if row is None:
        return
    made(ctx, row)
    own(ctx, row)
    ctx.event(2021, "normal", f"The disk '{row['alias']}' was successfully added.", storage_domain=ctx.row("storage_domain", row["_domain"]))
    if running is not None:
        running.finish()


@timed("disk.settled")
def settled(ctx, disk, job):
    row, running = ctx.row("disk", disk), Job.find(ctx, job)
    if row is not None:
        release(ctx, row)
    if running is not None:
        running.finish()


@timed("disk.gone")
def gone(ctx, disk, job, _domain=None):
    row, running = ctx.row("disk", disk), Job.find(ctx, job)
    if row is not None:
        ctx.unlock(f"disk:{disk}")
        for attachment in ctx.table("disk_attachment").by("disk.id", disk):
            ctx.table("disk_attachment").remove(attachment["id"])
        ctx.table("disk").remove(disk)
        domain = ctx.row("storage_domain", row.get("_domain"))
        where = f"from domain {domain['name']} " if domain else ""
        ctx.event(
            2014 if domain else 2012,
            "normal",
            f"Disk {row['alias']} was successfully removed {where}(User {ctx.identity.principal}).",
            storage_domain=domain,
        )
        if domain:
            ctx.later(POLLED_SECONDS, "disk.removal_polled", _domain=domain["id"])
    if running is not None:
        running.finish()


@timed("disk.removal_polled")
def removal_polled(_ctx, _domain):
    """The engine has heard that the image is gone: its task ends."""


@timed("disk.copied")
def copied(ctx, disk, copy, target, job):
    row, made, running = ctx.row("disk", disk), ctx.row("disk", copy), Job.find(ctx, job)
    domain = ctx.row("storage_domain", target)
    refused = ctx.host_step("CopyDisk", "Copying Volume", name=(row or {}).get("alias", ""), id=disk)
    if row is not None:
        release(ctx, row)
    if made is not None:
        if refused is not None:
            ctx.table("disk").remove(copy)
        else:
            made.pop("_held", None)
            made["status"] = "ok"
            ctx.table("disk").save(made)
    alias = (row or made or {}).get("alias", "")
    if refused is not None:
        ctx.event(2007, "error", f"User {ctx.identity.principal} finished with error copying disk {alias} to domain {domain['name']}.", storage_domain=domain)
    else:
        ctx.event(2006, "normal", f"User {ctx.identity.principal} finished copying disk {alias} to domain {domain['name']}.", storage_domain=domain)
    if running is not None:
        running.fail() if refused is not None else running.finish()


@timed("disk.template_copied")
def template_copied(ctx, disk, target, job):
    row, running = ctx.row("disk", disk), Job.find(ctx, job)
    if row is not None:
        row["storage_domains"] = [*row["storage_domains"], {"id": target}]
        row["_copies"] = True
        release(ctx, row)
    if running is not None:
        running.finish()


@timed("disk.converted")
def converted(ctx, disk, job, format, sparse):
    row, running = ctx.row("disk", disk), Job.find(ctx, job)
    ctx.unlock(f"converted:{disk}")
    if row is not None:
        row.update({"format": format, "sparse": sparse, "image_id": ctx.new_id()})
        row["actual_size"] = row["total_size"] = THIN_BYTES if format == "cow" else 0 if sparse else row["provisioned_size"]
        if format == "cow":
            row["qcow_version"] = "qcow2_v3"
        else:
            row.pop("qcow_version", None)
        release(ctx, row)
    if running is not None:
        running.finish()


@timed("disk.moved_cold")
def moved_cold(ctx, disk, source, target, profile, quota, job, _domain):
    row, running, domain = ctx.row("disk", disk), Job.find(ctx, job), ctx.row("storage_domain", target)
    if row is None:
        return
    refused = ctx.host_step("MoveDisk", "Copying Volume", name=row["alias"], id=disk)
    pool = ctx.row("data_center", (domain or {}).get("_pool"))
    if refused is None:
        place(ctx, row, target, profile, quota)
        ctx.event(
            2010,
            "normal",
            f"User {ctx.identity.principal} finished moving disk {row['alias']} to domain {domain['name']}.",
            storage_domain=domain,
            data_center=pool,
        )
    else:
        ctx.event(
            2011,
            "error",
            f"User {ctx.identity.principal} has failed to move disk {row['alias']} to domain {domain['name']}.",
            storage_domain=domain,
            data_center=pool,
        )
    release(ctx, row)
    if running is not None:
        running.fail() if refused is not None else running.finish()


@timed("disk.live_snapshot_made")
def live_snapshot_made(ctx, snapshot, snapshot_job, vm, disk, job, **rest):
    machine, row = ctx.row("vm", vm), ctx.row("disk", disk)
    made, running = ctx.row("snapshot", snapshot), Job.find(ctx, snapshot_job)
    if made is not None:
        made["snapshot_status"] = "ok"
        ctx.table("snapshot").save(made)
    if running is not None:
        running.finish()
    if machine is not None and made is not None:
        ctx.event(68, "normal", f"Snapshot '{made['description']}' creation for VM '{machine['name']}' has been completed.", **about(ctx, machine))
    arguments = {"snapshot": snapshot, "vm": vm, "disk": disk, "job": job, **rest}
    if row is not None and machine is not None:
        row["_below"], row["image_id"] = row["image_id"], ctx.new_id()
        ctx.table("disk").save(row)
        refused = ctx.host_step("LiveMigrateDisk", "Cloning image's structure", name=row["alias"], id=disk)
        if refused is not None:
            _live_failed(ctx, row, machine, arguments)
            return
        structure = Job.start(ctx, "CloneImageGroupVolumesStructure")
        for _volume in ("base", "active"):
            created = structure.step("unknown", "Creating Volume", "finished", parent=structure.executing())
            created["external_type"] = "vdsm"
            structure.step("finalizing", "Finalizing", "finished", parent=created)
        structure.finish()
    ctx.later(STRUCTURE_SECONDS + SYNC_SECONDS, "disk.live_synced", **arguments)


@timed("disk.live_synced")
def live_synced(ctx, snapshot, vm, disk, job, source, target, profile, quota, _domain):
    row, machine, running = ctx.row("disk", disk), ctx.row("vm", vm), Job.find(ctx, job)
    arguments = {
        "snapshot": snapshot,
        "vm": vm,
        "disk": disk,
        "job": job,
        "source": source,
        "target": target,
        "profile": profile,
        "quota": quota,
        "_domain": _domain,
    }
    if row is None or machine is None:
        return
    refused = ctx.host_step("LiveMigrateDisk", "Copying Volume", name=row["alias"], id=disk) or ctx.host_step(
        "LiveMigrateDisk", "Synchronizing image data", name=row["alias"], id=disk)
    if refused is not None:
        _live_failed(ctx, row, machine, arguments)
        return
    place(ctx, row, target, profile, quota)
    row.pop("disk_profile", None)
    ctx.table("disk").save(row)
    if running is not None:
        synchronized = running.step("unknown", "Synchronizing image data", "finished", parent=running.executing())
        running.step("validating", "Validating", "finished", parent=synchronized)
        copying = running.step("executing", "Executing", "finished", parent=synchronized)
        running.step("finalizing", "Finalizing", "finished", parent=synchronized)
        running.step("unknown", "Copying Volume", "finished", parent=copying)
    _merge(ctx, machine, snapshot, arguments)


def _live_failed(ctx, row, machine, arguments):
    running = Job.find(ctx, arguments["job"])
    domain = ctx.row("storage_domain", arguments["target"])
    if running is not None:
        running.fail()
    ctx.event(
        2011,
        "error",
        f"User {ctx.identity.principal} has failed to move disk {row['alias']} to domain {domain['name']}.",
        storage_domain=domain,
        **about(ctx, machine),
    )
    release(ctx, row)
    _merge(ctx, machine, arguments["snapshot"], {**arguments, "job": None})


def _merge(ctx, machine, snapshot, arguments):
    made = ctx.row("snapshot", snapshot)
    if made is not None:
        made["snapshot_status"] = "locked"
        ctx.table("snapshot").save(made)
        ctx.event(
            342,
            "normal",
            f"Snapshot '{made['description']}' deletion for VM '{machine['name']}' was initiated by {ctx.identity.principal}.",
            **about(ctx, machine),
        )
        Job.start(ctx, f"Removing Snapshot {made['description']} of VM {machine['name']}").finish()
        running, row = Job.find(ctx, arguments["job"]), ctx.row("disk", arguments["disk"])
        if running is not None and row is not None:
            running.step("unknown", f"Merging snapshots ({made['description']} into Active VM) of disk {row['alias']}", parent=running.executing())
    ctx.later(MERGE_SECONDS, "disk.live_merged", **{name: arguments[name] for name in ("snapshot", "vm", "disk", "job", "_domain")})


@timed("disk.live_merged")
def live_merged(ctx, snapshot, vm, disk, job, _domain):
    row, machine = ctx.row("disk", disk), ctx.row("vm", vm)
    made = ctx.table("snapshot").remove(snapshot)
    ctx.unlock(f"lsm:{vm}")
    ctx.unlock(f"snapshots:{vm}")
    if row is not None:
        # The volume of the snapshot takes in what was written above it, and is the one in use again.
        row["image_id"] = row.pop("_below", row["image_id"])
        ctx.table("disk").save(row)
    if row is not None and job is not None:
        release(ctx, row)
    if machine is not None and made is not None:
        ctx.event(356, "normal", f"Snapshot '{made['description']}' deletion for VM '{machine['name']}' has been completed.", **about(ctx, machine))
    if job is not None:
        ctx.later(JOB_TAIL_SECONDS, "disk.live_moved", job=job, disk=disk, vm=vm)


@timed("disk.live_moved")
def live_moved(ctx, job, disk, vm):
    row, machine, running = ctx.row("disk", disk), ctx.row("vm", vm), Job.find(ctx, job)
    if running is not None:
        running.finish()
    if row is not None:
        domain = ctx.row("storage_domain", row["_domain"])
        ctx.event(2010, "normal", f"User {ctx.identity.principal} finished moving disk {row['alias']} to domain {domain['name']}.", storage_domain=domain,
                  **(about(ctx, machine) if machine is not None else {}))
