"""Disks of machines: what is attached, and copies for new machines."""

from __future__ import annotations

from typing import Any

from ..services import disks

COPY_SECONDS = 2.0
OPTIONS = ("bootable", "interface", "pass_discard", "read_only", "uses_scsi_reservation", "active")


def attachments_of(ctx: Any, vm: dict[str, Any]) -> list[dict[str, Any]]:
    return ctx.table("disk_attachment").by("vm.id", vm["id"])


def disks_of(ctx: Any, vm: dict[str, Any]) -> list[dict[str, Any]]:
    """The disks attached to a machine, plugged or not."""
    return [disk for disk in (ctx.row("disk", one["disk"]["id"]) for one in attachments_of(ctx, vm)) if disk is not None]


def attach(ctx: Any, vm: dict[str, Any], disk: dict[str, Any], options: dict[str, Any], member: str = "vm") -> dict[str, Any]:
    """Save the attachment of a disk to a machine (or, with ``member`` template, to a template)."""
    row = {"id": f"{vm['id']}:{disk['id']}", "disk": {"id": disk["id"]}, "vm": {"id": vm["id"]}, "active": False, "bootable": False, "pass_discard": False,
           "read_only": False, "uses_scsi_reservation": False, **{name: options[name] for name in OPTIONS if name in options}}
    if member == "template":
        row["template"] = {"id": vm["id"]}
    return ctx.table("disk_attachment").save(row)


def _wanted(body: dict[str, Any], ident: str) -> dict[str, Any]:
    """What a body says of the copy of one disk."""
    for one in body.get("disk_attachments") or []:
        disk = one.get("disk") or {}
        if (disk.get("id") or "").lower() == ident:
            return disk
    return {}


def copy_disks(ctx: Any, attachments: list[dict[str, Any]], vm: dict[str, Any], body: dict[str, Any], *, clone: bool, member: str = "vm") -> list[str]:
    """Copies of attached disks, locked until ``settle``: independent ones, or thin ones that stay based on their source."""
    made = []
    for attachment in attachments:
        disk = ctx.row("disk", attachment["disk"]["id"])
        if disk is None:
            continue
        if disk["storage_type"] != "image" or disk.get("shareable"):
            if member == "vm":
                attach(ctx, vm, disk, attachment)
            continue
        copied = duplicate(ctx, disk, _wanted(body, disk["id"]), body)
        if not clone:
            copied["_based_on"] = disk["id"]
            copied["format"], copied["sparse"] = "cow", True
        ctx.table("disk").save(copied)
        disks.hold(ctx, copied)
        attach(ctx, vm, copied, attachment, member)
        made.append(copied["id"])
    return made


def duplicate(ctx: Any, disk: dict[str, Any], wanted: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """A row like another disk's; not saved."""
    copied = {name: value for name, value in disk.items() if name not in ("id", "image_id", "_based_on", "_copies", "_held", "snapshot")}
    copied.update({"id": ctx.new_id(), "image_id": ctx.new_id(), "storage_domains": [{"id": disk["_domain"]}]})
    for name in ("format", "sparse", "description"):
        if name in wanted:
            copied[name] = wanted[name]
    if copied["format"] == "raw":
        copied.pop("qcow_version", None)
    if wanted:
        # What is said of a disk is all that is said of it.
        copied.pop("quota", None)
        if (wanted.get("quota") or {}).get("id"):
            copied["quota"] = {"id": wanted["quota"]["id"]}
    if wanted.get("alias") or wanted.get("name"):
        copied["alias"] = copied["name"] = wanted.get("alias") or wanted.get("name")
    references = wanted.get("storage_domains") or ([body["storage_domain"]] if body.get("storage_domain") else [])
    for reference in references[:1]:
        domain = ctx.row("storage_domain", reference.get("id")) or ctx.table("storage_domain").named(reference.get("name") or "")
        if domain is not None and domain["id"] != copied["_domain"]:
            copied["_domain"] = domain["id"]
            copied["storage_domains"] = [{"id": domain["id"]}]
            copied.pop("disk_profile", None)
            disks.complete(ctx, copied)
    return copied


def clone_saved(ctx: Any, snapshot: dict[str, Any], vm: dict[str, Any], body: dict[str, Any]) -> None:
    """Independent copies of the disks a snapshot holds."""
    for one in snapshot.get("_disks", ()):
        source = {**one["disk"], "status": "ok"}
        copied = duplicate(ctx, source, _wanted(body, source["id"]), body)
        ctx.table("disk").save(copied)
        disks.hold(ctx, copied)
        attach(ctx, vm, copied, one["attachment"])


def settle(ctx: Any, vm: dict[str, Any]) -> None:
    """The copies made for a machine are ready."""
    for disk in disks_of(ctx, vm):
        if disk.get("status") == "locked":
            disks.release(ctx, disk)


def erase_disks(ctx: Any, doomed: list[dict[str, Any]], job: Any) -> None:
    """Remove images with the machine they belonged to; the job ends with the last of them."""
    if not doomed:
        if job is not None:
            job.finish()
        return
    for disk in doomed:
        if job is not None:
            job.step("unknown", "Deleting Image", parent=job.executing())["external_type"] = "vdsm"
    for position, disk in enumerate(doomed):
        ctx.lock(f"disk:{disk['id']}", "")
        disk["status"] = "locked"
        ctx.table("disk").save(disk)
        ctx.later(disks.REMOVE_SECONDS + 1.0, "disk.gone", disk=disk["id"], job=job.id if job is not None and position == len(doomed) - 1 else None,
                  _domain=disk["_domain"])


def locked_words(ctx: Any, aliases: list[str]) -> str:
    return f": The following disks are locked: {', '.join(aliases)}. Please try again in a few minutes."
