"""/imagetransfers: downloads and uploads of images.

A transfer holds its disk until it is finalized or cancelled, or until nobody has extended it for its ``inactivity_timeout``.  The URLs are those of a host and
of the proxy; no image data is served there.
"""

from __future__ import annotations

from .. import errors
from ..clock import timed
from . import disks
from .base import Collection, action
from .hosts import hosts_of_data_center

PROXY_PORT = 54323
HOST_PORT = 54322
INACTIVITY_SECONDS = 60
RELEASE_SECONDS = 1
CLOSING_SECONDS = 10
KEPT_SECONDS = 900
OPEN = ("initializing", "transferring", "resuming", "paused_system", "paused_user")


class ImageTransfers(Collection):
    type = "image_transfer"
    paths = ("imagetransfers",)

    def add(self, ctx, body, parents):
        ident = next((body[name].get("id") for name in ("disk", "image", "snapshot") if body.get(name)), None)
        disk = ctx.row("disk", (ident or "").lower())
        domain = ctx.row("storage_domain", (disk or {}).get("_domain"))
        if disk is None or domain is None or disk["storage_type"] != "image":
            raise errors.failed(500, "[General command validation failure.]")
        disks.check_transfer(ctx, disk, "transfer")
        disks.check_unlocked(ctx, disk, "transfer")
        disks.check_domain(ctx, domain, "transfer")
        running = [vm for vm, attachment in disks.attachments_of(ctx, disk) if attachment.get("active") and vm["status"] != "down"]
        if running:
            raise errors.refused(409, "Cannot transfer Virtual Disk. At least one of the VMs is not down.")
        host = self._host(ctx, body, domain)
        ticket = ctx.new_id()
        row = {
            "id": ctx.new_id(), "active": False, "direction": body.get("direction", "upload"), "format": body.get("format", disk["format"]),
            "inactivity_timeout": body.get("inactivity_timeout", INACTIVITY_SECONDS), "phase": "transferring",
            "proxy_url": f"https://localhost:{PROXY_PORT}/images/{ticket}", "shallow": body.get("shallow", False),
            "timeout_policy": body.get("timeout_policy", "legacy"), "transfer_url": f"https://{host['address']}:{HOST_PORT}/images/{ticket}",
            "transferred": 0, "host": {"id": host["id"]}, "image": {"id": disk["id"]},
        }
        disks.hold(ctx, disk)
        self.of(ctx).save(row)
        self._watch(ctx, row)
        return row

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

    def _watch(self, ctx, row):
        row["_watched"] = ctx.engine.next_number("transfer_watch")
        self.of(ctx).save(row)
        if row["inactivity_timeout"] > 0:
            ctx.later(row["inactivity_timeout"], "image_transfer.idle", transfer=row["id"], watched=row["_watched"])

    def present(self, ctx, row, rep):
        rep["image"] = {"id": row["image"]["id"]}

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
            self._watch(ctx, row)

    @action("resume", entity=False)
    def resume(self, ctx, row, body):
        if row["phase"] in ("paused_user", "paused_system"):
            row["phase"] = "transferring"
            self._watch(ctx, row)
        elif row["phase"] != "unknown":
            raise errors.refused(409, "Cannot resume image transfer as it's not in a paused state.")

    @action("cancel", entity=False)
    def cancel(self, ctx, row, body):
        self._close(ctx, row, "cancelled_user")

    def _close(self, ctx, row, phase):
        if row["phase"] in OPEN:
            close(ctx, row, phase)


def close(ctx, row, phase) -> None:
    row["phase"] = phase
    ctx.table("image_transfer").save(row)
    ctx.later(RELEASE_SECONDS, "image_transfer.released", transfer=row["id"])


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
def released(ctx, transfer):
    """The image is free; the engine's next look at the transfer, some seconds later, ends it."""
    row = ctx.row("image_transfer", transfer)
    if row is None:
        return
    disk = ctx.row("disk", row["image"]["id"])
    if disk is not None:
        disks.release(ctx, disk)
        if row["direction"] == "upload" and row["phase"] != "finalizing_success":
            disk["status"] = "illegal"
            ctx.table("disk").save(disk)
    ctx.later(CLOSING_SECONDS, "image_transfer.closed", transfer=transfer)


@timed("image_transfer.closed")
def closed(ctx, transfer):
    row = ctx.row("image_transfer", transfer)
    if row is not None:
        row["phase"] = "finished_success" if row["phase"] == "finalizing_success" else "finished_failure"
        ctx.table("image_transfer").save(row)
        ctx.later(KEPT_SECONDS, "image_transfer.forgotten", transfer=transfer)


@timed("image_transfer.forgotten")
def forgotten(ctx, transfer):
    ctx.table("image_transfer").remove(transfer)
