"""Statistics of machines and of their NICs; values are those of an idle guest."""

from __future__ import annotations

from .. import errors
from ..rules import power
from .base import Collection
from .host_statistics import ident_of

MACHINE = (
    ("memory.installed", "gauge", "integer", "bytes", "Total memory configured"),
    ("memory.used", "gauge", "integer", "bytes", "Memory used (agent)"),
    ("cpu.current.guest", "gauge", "decimal", "percent", "CPU used by guest"),
    ("cpu.current.hypervisor", "gauge", "decimal", "percent", "CPU overhead"),
    ("cpu.current.total", "gauge", "decimal", "percent", "Total CPU used"),
    ("migration.progress", "gauge", "decimal", "percent", "Migration Progress"),
    ("memory.buffered", "gauge", "integer", "bytes", "Memory buffered (agent)"),
    ("memory.cached", "gauge", "integer", "bytes", "Memory cached (agent)"),
    ("memory.free", "gauge", "integer", "bytes", "Memory free (agent)"),
    ("memory.unused", "gauge", "integer", "bytes", "Memory unused (agent)"),
    ("network.current.total", "gauge", "decimal", "percent", "Total network used"),
    ("disks.usage", "gauge", "string", "none", "Disk usage, in bytes, per filesystem as JSON (agent)"),
    ("elapsed.time", "counter", "integer", "seconds", "Elapsed VM runtime"),
    ("cpu.usage.history", "gauge", "decimal", "percent", "List of CPU usage history, sorted by date from newest to oldest, at intervals of 30 seconds"),
    ("memory.usage.history", "gauge", "decimal", "percent", "List of memory usage history, sorted by date from newest to oldest, at intervals of 30 seconds"),
    ("network.usage.history", "gauge", "decimal", "percent", "List of network usage history, sorted by date from newest to oldest, at intervals of 30 seconds"),
)
NIC = (
    ("data.current.rx", "gauge", "decimal", "bytes_per_second", "Receive data rate"),
    ("data.current.tx", "gauge", "decimal", "bytes_per_second", "Transmit data rate"),
    ("data.current.rx.bps", "gauge", "decimal", "bits_per_second", "Receive data rate"),
    ("data.current.tx.bps", "gauge", "decimal", "bits_per_second", "Transmit data rate"),
    ("errors.total.rx", "counter", "integer", "none", "Total receive errors"),
    ("errors.total.tx", "counter", "integer", "none", "Total transmit errors"),
    ("data.total.rx", "counter", "integer", "bytes", "Total received data"),
    ("data.total.tx", "counter", "integer", "bytes", "Total transmitted data"),
)
HISTORY = {"cpu.usage.history": 0, "memory.usage.history": 15, "network.usage.history": 0}
MEMORY_SHARE = 0.15


class VmStatistics(Collection):
    type = "statistic"
    paths = ("vms/{vm}/statistics",)
    kinds = MACHINE

    def rows(self, ctx, parents):
        vm = ctx.row("vm", parents["vm"].lower())
        if vm is None:
            raise errors.entity_not_found(parents["vm"])
        return [self._row(ctx, vm, *kind) for kind in self.kinds]

    def _row(self, ctx, vm, name, kind, value_type, unit, description):
        row = {"id": ident_of(name), "name": name, "kind": kind, "type": value_type, "unit": unit, "description": description,
               "values": self._values(ctx, vm, name), "_path": f"/vms/{vm['id']}/statistics"}
        if name not in HISTORY:
            row["vm"] = {"id": vm["id"]}
        return row

    @staticmethod
    def _values(ctx, vm, name):
        up = power.running(vm)
        if name in HISTORY:
            return [{"datum": HISTORY[name]}] if up else []
        if name == "disks.usage":
            return []
        known = {"memory.installed": vm["memory"]}
        if up:
            known.update({"memory.used": int(vm["memory"] * MEMORY_SHARE), "cpu.current.guest": 0.3, "cpu.current.hypervisor": 0.1, "cpu.current.total": 0.4})
        return [{"datum": known.get(name, 0)}]

    def find(self, ctx, ident, parents):
        row = next((row for row in self.rows(ctx, parents) if row["id"] == ident), None)
        if row is None:
            raise errors.not_found()
        return row

    def path_of(self, row):
        return f"{row['_path']}/{row['id']}"

    def present(self, ctx, row, rep):
        if row["name"] in HISTORY:
            rep.pop("href")


class NicStatistics(VmStatistics):
    paths = ("vms/{vm}/nics/{nic}/statistics",)

    def rows(self, ctx, parents):
        nic = ctx.row("nic", parents["nic"].lower())
        if nic is None:
            return []
        path = f"/vms/{nic['vm']['id']}/nics/{nic['id']}/statistics"
        return [{"id": ident_of(name), "name": name, "kind": kind, "type": value_type, "unit": unit, "description": description,
                 "values": [{"datum": 0}] if kind == "gauge" else [], "nic": {"id": nic["id"]}, "_path": path}
                for name, kind, value_type, unit, description in NIC]
