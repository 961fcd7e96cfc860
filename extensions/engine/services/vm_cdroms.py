"""The CD-ROM drive every machine and template has."""

from __future__ import annotations

from typing import Any

from .. import errors
from ..rules import estate
from ..rules.machine import BLANK
from .base import UUID, Collection


class VmCdroms(Collection):
    """One drive with an id of zeroes; ``current`` shows what is in it now, else what a start puts in."""

    type = "cdrom"
    paths = ("vms/{vm}/cdroms",)
    owner = "vm"

    def rows(self, ctx, parents):
        owner = ctx.row(self.owner, parents[self.owner].lower())
        return [] if owner is None else [self._row(ctx, owner)]

    def _row(self, ctx, owner):
        inserted = owner.get("_cd_now") if ctx.flag("current") and "_cd_now" in owner else owner.get("_cd")
        row = {"id": BLANK, self.owner: {"id": owner["id"]}}
        if inserted:
            row["file"] = {"id": inserted}
        return row

    def find(self, ctx, ident, parents):
        rows = self.rows(ctx, parents)
        if not UUID.fullmatch(ident) or not rows:
            raise errors.not_found()
        return rows[0]

    def path_of(self, row):
        return f"/{self.paths[0].partition('/')[0]}/{row[self.owner]['id']}/cdroms/{row['id']}"

    def present(self, ctx, row, rep):
        if "file" in rep:
            rep["file"] = {"id": rep["file"]["id"], "href": f"{ctx.prefix}/files/{rep['file']['id']}"}

    def add(self, ctx, body, parents):
        return self._insert(ctx, ctx.row("vm", parents["vm"].lower()), body)

    def update(self, ctx, row, body):
        if "file" not in body:
            raise errors.incomplete("Cdrom", ["file"], "update")
        return self._insert(ctx, ctx.row("vm", row["vm"]["id"]), body)

    def _insert(self, ctx, vm, body):
        if vm is None:
            raise errors.not_found()
        wanted = (body.get("file") or {}).get("id") or None
        if wanted and not ctx.flag("current") and not self._known(ctx, vm, wanted):
            raise errors.refused(400, "Invalid ISO image path")
        vm["_cd_now" if ctx.flag("current") else "_cd"] = wanted
        ctx.table("vm").save(vm)
        return self._row(ctx, vm)

    @staticmethod
    def _known(ctx, vm, wanted):
        """Is it a disk with an image on it, or a file of the data center's ISO domain (whose files are not looked at)?"""
        disk = ctx.row("disk", wanted.lower())
        pool = ((estate.cluster_of(ctx, vm) or {}).get("data_center") or {}).get("id")
        return (disk or {}).get("content_type") == "iso" or any(
            one["type"] == "iso" and one["_status"] == "active" for one in ctx.table("storage_domain").by("_pool", pool))


class TemplateCdroms(VmCdroms):
    paths = ("templates/{template}/cdroms",)
    owner = "template"
    add: Any = None
    update: Any = None
