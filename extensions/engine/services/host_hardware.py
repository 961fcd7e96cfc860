"""What a host's agent reports of the machine: devices, NUMA nodes, CPUs, hooks, and the storage it sees."""

from __future__ import annotations

import uuid

from .. import errors
from ..rules import machine
from .base import Collection
from .host_nics import HEX

NODES = 2
MIB = 1024 ** 2
NEAR, FAR = "10", "21"
SYSTEM_DEVICE = ("computer", "636f6d7075746572")
# What a host lends to machines: name, IOMMU group, vendor, product, driver.
LENT = (
    ("pci_0000_3b_00_0", 20, "Intel Corporation", "I350 Gigabit Network Connection", "igb"),
    ("pci_0000_3b_00_1", 21, "Intel Corporation", "I350 Gigabit Network Connection", "igb"),
    ("pci_0000_65_00_0", 40, "NVIDIA Corporation", "TU104GL [Tesla T4]", "vfio-pci"),
    ("pci_0000_65_00_1", 40, "NVIDIA Corporation", "TU104 HD Audio Controller", "vfio-pci"),
)


class Reported(Collection):
    """Parts of a host that are derived from what is known of it; nothing of a host that is not there."""

    def rows(self, ctx, parents):
        host = ctx.row("host", parents["host"].lower())
        return [] if host is None or not host["memory"] else self.reported(host)

    def reported(self, host):
        return []

    def find(self, ctx, ident, parents):
        row = next((row for row in self.rows(ctx, parents) if row["id"] == ident), None)
        if row is None:
            raise errors.not_found()
        return row


def cpus(host):
    """CPUs of a host as (cpu, core, socket); odd ones are on the second socket, as on most two-socket machines."""
    topology = host["cpu"]["topology"]
    sockets, cores, threads = (topology.get(name, 1) for name in ("sockets", "cores", "threads"))
    return [(number, number // sockets % cores, number % sockets) for number in range(sockets * cores * threads)]


class NumaNodes(Reported):
    type = "numa_node"
    paths = ("hosts/{host}/numanodes",)
    links = ("statistics",)

    def reported(self, host):
        return [{"id": str(uuid.uuid5(uuid.UUID(host["id"]), f"numa{node}")), "host": {"id": host["id"]}, "index": node,
                 "memory": host["memory"] // NODES // MIB, "node_distance": " ".join(NEAR if other == node else FAR for other in range(NODES)),
                 "cpu": {"cores": [{"index": number} for number, _core, _socket in cpus(host) if number % NODES == node]}} for node in range(NODES)]


class CpuUnits(Reported):
    type = "host_cpu_unit"
    paths = ("hosts/{host}/cpuunits",)

    def rows(self, ctx, parents):
        if ctx.row("host", parents["host"].lower()) is None:
            raise errors.html(500, "", "ERROR")
        return super().rows(ctx, parents)

    def reported(self, host):
        units = [{"id": str(number), "cpu_id": number, "core_id": core, "socket_id": socket} for number, core, socket in cpus(host)]
        if len(units) > 1:
            # The agent keeps to the second CPU unless it is told otherwise.
            units[1]["runs_vdsm"] = True
        return units

    def present(self, ctx, row, rep):
        for name in ("id", "href"):
            rep.pop(name)

    def path_of(self, row):
        return f"/hosts/cpuunits/{row['id']}"


class HostDevices(Reported):
    """The id of a device is its name in hexadecimal digits."""

    type = "host_device"
    paths = ("hosts/{host}/devices",)

    def find(self, ctx, ident, parents):
        if not HEX.fullmatch(ident):
            raise errors.html(500, "Error", "")
        return super().find(ctx, ident, parents)

    def reported(self, host):
        name, ident = SYSTEM_DEVICE
        computer = {"id": ident, "name": name, "capability": "system", "product": {"name": host["hardware_information"]["product_name"]},
                    "host": {"id": host["id"]}, "parent_device": {"id": ident, "name": name}}
        return [computer, *(self._lent(host, *one) for one in LENT if machine.lends(host))]

    @staticmethod
    def _lent(host, name, group, vendor, product, driver):
        return {"id": name.encode().hex(), "name": name, "capability": "pci", "iommu_group": group, "vendor": {"name": vendor}, "product": {"name": product},
                "driver": driver, "host": {"id": host["id"]}, "parent_device": {"id": SYSTEM_DEVICE[1], "name": SYSTEM_DEVICE[0]}}

    def present(self, ctx, row, rep):
        rep["parent_device"] = {**row["parent_device"], "href": f"{rep['href'].rpartition('/')[0]}/{row['parent_device']['id']}"}


class HostHooks(Reported):
    type = "hook"
    paths = ("hosts/{host}/hooks",)


class HostStorage(Reported):
    """Block devices; machines here have none besides their own disks, which the agent does not show."""

    type = "host_storage"
    paths = ("hosts/{host}/storage",)

    def rows(self, ctx, parents):
        if ctx.row("host", parents["host"].lower()) is None:
            raise errors.fault(400, "Cannot fetch storage, host doesn't exist anymore.")
        return []


class StorageConnectionExtensions(Collection):
    """Credentials of one host for an iSCSI target."""

    type = "storage_connection_extension"
    paths = ("hosts/{host}/storageconnectionextensions",)

    def add(self, ctx, body, parents):
        host = ctx.row("host", parents["host"])
        if host is None:
            raise errors.not_found()
        self._check(ctx, host, body.get("target"), None, "add")
        row = {"id": ctx.new_id(), "host": {"id": host["id"]}, **{name: body[name] for name in ("target", "username", "password") if name in body}}
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        self._check(ctx, ctx.row("host", row["host"]["id"]), body.get("target"), row["id"], "edit")
        row.update({name: body[name] for name in ("target", "username", "password") if name in body})
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])
        ctx.job("RemoveStorageServerConnectionExtension").finish()

    def _check(self, ctx, host, target, own, verb):
        for other in self.of(ctx).by("host.id", host["id"]):
            if other.get("target") == target and other["id"] != own:
                raise errors.refused(409, f"Cannot {verb} Storage Connection Extension. Connection extension already exists for the host {host['name']} and "
                                          f"the target {target}.")


class NetworkProviderConfigurations(Collection):
    type = "external_network_provider_configuration"
    paths = ("hosts/{host}/externalnetworkproviderconfigurations",)

    def rows(self, ctx, parents):
        if ctx.row("host", parents["host"].lower()) is None:
            raise errors.not_found()
        return super().rows(ctx, parents)
