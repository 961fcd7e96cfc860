"""What is seen of a running machine: sessions, applications, reported devices, errata."""

from __future__ import annotations

import ipaddress
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
    """Network devices as the agent in the guest tells of them, once it has been heard of: one for each plugged NIC."""

    type = "reported_device"
    paths = ("vms/{vm}/reporteddevices", "vms/{vm}/nics/{nic}/reporteddevices")

    def rows(self, ctx, parents):
        vm = ctx.row("vm", parents["vm"].lower())
        if vm is None or "fqdn" not in vm:
            return []
        plugged = [nic for nic in ctx.table("nic").by("vm.id", vm["id"]) if nic["plugged"]]
        wanted = parents.get("nic")
        return [_reported(vm, nic, place) for place, nic in enumerate(plugged) if wanted is None or nic["id"] == wanted.lower()]

    def find(self, ctx, ident, parents):
        row = next((row for row in self.rows(ctx, parents) if row["id"] == ident.lower()), None)
        return super().find(ctx, ident, parents) if row is None else row


def _reported(vm, nic, place):
    """What the guest makes of a NIC: the address that it was told at its first boot, else one that follows from the MAC address."""
    name, mac = f"eth{place}", nic["mac"]["address"]
    octets = [int(part, 16) for part in mac.split(":")]
    row = {"id": str(uuid.uuid5(uuid.UUID(vm["id"]), mac)), "name": name, "description": "guest reported data", "type": "network", "mac": {"address": mac},
           "vm": {"id": vm["id"]}}
    if nic["linked"] and nic.get("vnic_profile"):
        told = next((one for one in (vm.get("initialization") or {}).get("nic_configurations") or () if one.get("name") == name), {})
        given = (told.get("ip") or {}).get("address") if told.get("boot_protocol") == "static" else None
        local = ipaddress.IPv6Address(bytes([0xFE, 0x80, *[0] * 6, octets[0] ^ 2, octets[1], octets[2], 0xFF, 0xFE, *octets[3:]]))
        row["ips"] = [{"address": given or f"198.18.{octets[4]}.{octets[5]}", "version": "v4"}, {"address": str(local), "version": "v6"}]
    return row


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
