"""/imagetransfers: downloads and uploads of images.

A transfer holds its disk until it is finalized or cancelled, or until nobody has extended it for its ``inactivity_timeout``.  The URLs are those of a host and
of the proxy; no image data is served there.
"""

from __future__ import annotations

from .. import errors
from ..clock import timed
from ..rules import places
from . import disks
from .base import Collection, action
from .hosts import hosts_of_data_center

PROXY_PORT = 54323
HOST_PORT = 54322
INACTIVITY_SECONDS = 60
RESUME_SECONDS = 1
RELEASE_SECONDS = 1
CLOSING_SECONDS = 10
KEPT_SECONDS = 900
OPEN = ("initializing", "transferring", "resuming", "paused_system", "paused_user")


class ImageTransfers(Collection):
    type = "image_transfer"
    paths = ("imagetransfers",)
    bare = ("pause", "finalize", "extend", "resume", "cancel")

    def add(self, ctx, body, parents):
        ident = next((body[name].get("id") for name in ("disk", "image", "snapshot") if body.get(name)), None)
        disk = ctx.row("disk", places.uuid(ident)) if ident else None
        backup = ctx.row("backup", places.uuid(body["backup"]["id"])) if (body.get("backup") or {}).get("id") else None
        domain = ctx.row("storage_domain", (disk or {}).get("_domain"))
        if disk is None or domain is None or disk["storage_type"] != "image" or (body.get("backup") and backup is None):
            raise errors.failed(500, "[General command validation failure.]")
        disks.check_transfer(ctx, disk, "transfer")
        if backup is None:
            self._check_disk(ctx, disk)
        disks.check_domain(ctx, domain, "transfer")
        if backup is not None:
            self._check_backup(body, disk, backup)
        host = self._host(ctx, body, domain)
        ticket = ctx.new_id()
        row = {
            "id": ctx.new_id(), "active": False, "direction": body.get("direction", "upload"), "format": body.get("format", disk["format"]),
            "inactivity_timeout": body.get("inactivity_timeout", INACTIVITY_SECONDS), "phase": "transferring",
            "proxy_url": f"https://localhost:{PROXY_PORT}/images/{ticket}", "shallow": body.get("shallow", False),
            "timeout_policy": body.get("timeout_policy", "legacy"), "transfer_url": f"https://{host['address']}:{HOST_PORT}/images/{ticket}",
            "transferred": 0, "host": {"id": host["id"]}, "image": {"id": disk["id"]},
        }
        if backup is None:
            disks.hold(ctx, disk)
        else:
            row["_backup"] = backup["id"]
        self.of(ctx).save(row)
        self.watch(ctx, row)
        return row

    @staticmethod
    def _check_disk(ctx, disk):
        if disk["status"] == "illegal":
            raise errors.refused(500, f"Cannot transfer Virtual Disk. The following disks are in ILLEGAL status: {disk['alias']} - please remove them and try "
                                      "again.")
        if any(attachment.get("active") and vm["status"] != "down" for vm, attachment in disks.attachments_of(ctx, disk)):
            raise errors.refused(409, "Cannot transfer Virtual Disk. At least one of the VMs is not down.")
        disks.check_unlocked(ctx, disk, "transfer")

    @staticmethod
    def _check_backup(body, disk, backup):
        if backup["phase"] != "ready":
            raise errors.refused(409, f"Cannot transfer Virtual Disk. The VM backup is not in READY phase, backup phase is {backup['phase'].upper()}.")
        if body.get("format", disk["format"]) == "cow":
            raise errors.refused(400, "Cannot transfer Virtual Disk. The specified format is not applicable for VM backup.")

    @staticmethod
    def _host(ctx, body, domain):
        wanted = body.get("host") or {}
        pool = ctx.row("data_center", domain["_pool"])
        hosts = [host for host in hosts_of_data_center(ctx, pool["id"]) if host["status"] == "up"]
        if wanted:
            hosts = [host for host in hosts if wanted in ({"id": host["id"]}, {"name": host["name"]})]
        if not hosts:
            raise errors.refused(409, "Cannot transfer Virtual Disk. There is no active Host in the Data Center.")
        return hosts[0]

    def watch(self, ctx, row):
        row["_watched"] = ctx.engine.next_number("transfer_watch")
        self.of(ctx).save(row)
        if row["inactivity_timeout"] > 0:
            ctx.later(row["inactivity_timeout"], "image_transfer.idle", transfer=row["id"], watched=row["_watched"])

    def present(self, ctx, row, rep):
        rep["image"] = {"id": row["image"]["id"]}
        if row["phase"].startswith("finished"):
            for name in ("proxy_url", "transfer_url"):
                rep.pop(name, None)

    def find(self, ctx, ident, parents):
        if ctx.request is not None and ctx.request.method == "POST" and self.of(ctx).get(ident) is None:
            # As observed: actions on a transfer that is not there are done.
            return {"id": ident, "phase": "unknown"}
        return super().find(ctx, ident, parents)

    @action("pause", entity=False)
    def pause(self, ctx, row, body):
        if row["phase"] == "transferring":
            row["phase"] = "paused_user"
            self.of(ctx).save(row)

    @action("finalize", entity=False)
    def finalize(self, ctx, row, body):
        self._close(ctx, row, "finalizing_success")

    @action("extend", entity=False)
    def extend(self, ctx, row, body):
        if row["phase"] == "transferring":
            self.watch(ctx, row)

    @action("resume", entity=False)
    def resume(self, ctx, row, body):
        if row["phase"] in ("paused_user", "paused_system"):
            row["phase"] = "resuming"
            self.of(ctx).save(row)
            ctx.later(RESUME_SECONDS, "image_transfer.resumed", transfer=row["id"])
        elif row["phase"] != "unknown":
            raise errors.refused(409, "Cannot resume image transfer as it's not in a paused state.")

    @action("cancel", entity=False)
    def cancel(self, ctx, row, body):
        self._close(ctx, row, "cancelled_user")

    def _close(self, ctx, row, phase):
        if row["phase"] in OPEN:
            close(ctx, row, phase)


# By the phase in which a transfer is closed: the one that its clean-up is in, and its last one.
CLOSINGS = {"finalizing_success": ("finalizing_success", "finished_success"), "cancelled_user": ("finalizing_cleanup", "finished_cleanup"),
            "cancelled_system": ("finalizing_failure", "finished_failure")}


def close(ctx, row, phase) -> None:
    row["phase"] = phase
    ctx.table("image_transfer").save(row)
    ctx.later(RELEASE_SECONDS, "image_transfer.released", transfer=row["id"], closed_as=phase)


@timed("image_transfer.resumed")
def resumed(ctx, transfer):
    row = ctx.row("image_transfer", transfer)
    if row is not None and row["phase"] == "resuming":
        row["phase"] = "transferring"
        ctx.engine.services.of_type("image_transfer").watch(ctx, row)


@timed("image_transfer.idle")
def idle(ctx, transfer, watched):
    """Nobody asked for more time: an upload can be resumed, a download is over."""
    row = ctx.row("image_transfer", transfer)
    if row is None or row["phase"] != "transferring" or row["_watched"] != watched:
        return
    policy = row["timeout_policy"]
    if policy == "pause" or policy == "legacy" and row["direction"] == "upload":
        row["phase"] = "paused_system"
        ctx.table("image_transfer").save(row)
    else:
        close(ctx, row, "cancelled_system")


@timed("image_transfer.released")
def released(ctx, transfer, closed_as):
    """The image is free, an upload that was given up illegal; the engine's next look at the transfer, some seconds later, ends it."""
    row = ctx.row("image_transfer", transfer)
    if row is None:
        return
    row["phase"] = CLOSINGS[closed_as][0]
    ctx.table("image_transfer").save(row)
    disk = ctx.row("disk", row["image"]["id"])
    if disk is not None and "_backup" not in row:
        disks.release(ctx, disk)
        if given_up(row, closed_as):
            disk["status"] = "illegal"
            ctx.table("disk").save(disk)
    ctx.later(CLOSING_SECONDS, "image_transfer.closed", transfer=transfer, closed_as=closed_as)


def given_up(row, closed_as) -> bool:
    return row["direction"] == "upload" and closed_as != "finalizing_success"


@timed("image_transfer.closed")
def closed(ctx, transfer, closed_as):
    """The end; the disk of an upload that was given up is removed."""
    row = ctx.row("image_transfer", transfer)
    if row is None:
        return
    row["phase"] = CLOSINGS[closed_as][1]
    ctx.table("image_transfer").save(row)
    disk = ctx.row("disk", row["image"]["id"])
    if given_up(row, closed_as) and disk is not None and disk["status"] == "illegal":
        disks.delete(ctx, disk)
    ctx.later(KEPT_SECONDS, "image_transfer.forgotten", transfer=transfer)


@timed("image_transfer.forgotten")
def forgotten(ctx, transfer):
    ctx.table("image_transfer").remove(transfer)
