"""What is seen of a running machine: sessions, applications, reported devices, errata."""

from __future__ import annotations

import uuid

from .. import errors
from ..rules import power
from .base import Collection


class Nothing(Collection):
    """A list the engine has and nothing here fills."""

    def rows(self, ctx, parents):
        return []

    def find(self, ctx, ident, parents):
        raise errors.not_found()


class Applications(Nothing):
    type = "application"
    paths = ("vms/{vm}/applications",)


class ReportedDevices(Nothing):
    type = "reported_device"
    paths = ("vms/{vm}/reporteddevices", "vms/{vm}/nics/{nic}/reporteddevices")


class KatelloErrata(Nothing):
    type = "katello_erratum"
    paths = ("vms/{vm}/katelloerrata",)


class Sessions(Collection):
    type = "session"
    paths = ("vms/{vm}/sessions",)

    def rows(self, ctx, parents):
        vm = ctx.row("vm", parents["vm"].lower())
        if vm is None or not power.running(vm):
            return []
        return [{"id": str(uuid.uuid5(uuid.UUID(vm["id"]), "session")), "user": {"user_name": "Unknown"}, "vm": {"id": vm["id"]}}]

    def find(self, ctx, ident, parents):
        row = next((row for row in self.rows(ctx, parents) if row["id"] == ident), None)
        if row is None:
            raise errors.not_found()
        return row
