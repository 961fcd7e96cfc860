"""Watchdogs of machines, templates and instance types; each has one at most.

The engine's commands for them give their refusals neither action nor type, and for some no text at all but the message's name in lower case.
"""

from __future__ import annotations

from .. import errors
from ..rules import estate
from .base import Collection

MODELS = {"s390x": "diag288"}
USUAL_MODEL = "i6300esb"


class VmWatchdogs(Collection):
    type = "watchdog"
    paths = ("vms/{vm}/watchdogs",)
    owner = "vm"
    missing = "VM is not found."
    job = "Adding watchdog to VM {}", "Updating watchdog on VM {}", "Remove watchdog from VM {}"

    def add(self, ctx, body, parents):
        absent = [name for name in ("action", "model") if name not in body]
        if absent:
            raise errors.incomplete("Watchdog", absent, "add")
        owner = ctx.row(self.owner, parents[self.owner].lower())
        if owner is None:
            raise errors.refused(400, f"Cannot ${{action}} ${{type}}. {self.missing}")
        if ctx.table("watchdog").by("_owner", owner["id"]):
            raise errors.refused(409, "watchdog already exists")
        row = {"id": ctx.new_id(), "model": body["model"], "action": body["action"], self.owner: {"id": owner["id"]}, "_owner": owner["id"]}
        self._check(ctx, row, owner)
        self._started(ctx, 0, owner)
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        owner = ctx.row(self.owner, row[self.owner]["id"])
        wanted = {**row, **{name: body[name] for name in ("model", "action") if name in body}}
        self._check(ctx, wanted, owner)
        self._started(ctx, 1, owner)
        row.update(wanted)
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self._started(ctx, 2, ctx.row(self.owner, row[self.owner]["id"]))
        self.of(ctx).remove(row["id"])

    def _check(self, ctx, row, owner):
        """The models that the guest's architecture knows."""
        if self.owner == "template" and estate.cluster_of(ctx, owner) is None:
            raise errors.refused(400, "Cannot ${action} ${type}. The relevant Cluster doesn't exist.")
        if self.owner != "instance_type" and row["model"] != MODELS.get(owner["cpu"].get("architecture"), USUAL_MODEL):
            raise errors.refused(400, "Cannot ${action} ${type}. Selected watchdog model is not supported by the operating system.")

    def _started(self, ctx, which, owner):
        ctx.job(self.job[which].format(owner["name"] if self.owner == "vm" else "<UNKNOWN>")).finish(finalizing=False)


class TemplateWatchdogs(VmWatchdogs):
    paths = ("templates/{template}/watchdogs",)
    owner = "template"
    missing = "The relevant Template doesn't exist."


class InstanceTypeWatchdogs(VmWatchdogs):
    paths = ("instancetypes/{instance_type}/watchdogs",)
    owner = "instance_type"
    missing = "The relevant Template doesn't exist."
