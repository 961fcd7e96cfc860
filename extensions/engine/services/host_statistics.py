"""Statistics of hosts, their interfaces and NUMA nodes; values are those of an idle machine."""

from __future__ import annotations

import hashlib
import uuid

from .. import errors
from .base import Collection

SWAP = 17178820608
USED_SHARE = 0.03
BOOTED = 1790000000
HOST = (
    ("memory.total", "integer", "bytes", "Total memory"),
    ("memory.used", "integer", "bytes", "Used memory"),
    ("memory.free", "integer", "bytes", "Free memory"),
    ("memory.shared", "integer", "bytes",
     "The amount of memory, in bytes, shared among Virtual-Machines on this Host by Kernel Same-page Merging (KSM)"),
    ("swap.total", "integer", "bytes", "Total swap"),
    ("swap.free", "integer", "bytes", "Free swap"),
    ("swap.used", "integer", "bytes", "Used swap"),
    ("ksm.cpu.current", "decimal", "percent", "KSM CPU usage"),
    ("cpu.current.user", "decimal", "percent", "User CPU usage"),
    ("cpu.current.system", "decimal", "percent", "System CPU usage"),
    ("cpu.current.idle", "decimal", "percent", "Idle CPU usage"),
    ("cpu.load.avg.5m", "decimal", "percent", "CPU 5 minute load average"),
    ("boot.time", "integer", "none", "Boot time of the machine"),
    ("hugepages.2048.free", "integer", "none", "Amount of free huge pages of the given size"),
    ("hugepages.1048576.free", "integer", "none", "Amount of free huge pages of the given size"),
    ("hugepages.2048.total", "integer", "none", "Amount of total huge pages of the given size"),
    ("hugepages.1048576.total", "integer", "none", "Amount of total huge pages of the given size"),
)
NIC = (
    ("data.current.rx", "gauge", "decimal", "bytes_per_second", "Receive data rate"),
    ("data.current.tx", "gauge", "decimal", "bytes_per_second", "Transmit data rate"),
    ("data.current.rx.bps", "gauge", "decimal", "bits_per_second", "Receive data rate"),
    ("data.current.tx.bps", "gauge", "decimal", "bits_per_second", "Transmit data rate"),
    ("data.total.rx", "counter", "integer", "bytes", "Total received data"),
    ("data.total.tx", "counter", "integer", "bytes", "Total transmitted data"),
    ("errors.total.rx", "counter", "integer", "none", "Total receive errors"),
    ("errors.total.tx", "counter", "integer", "none", "Total transmit errors"),
)
NUMA = (
    ("memory.total", "integer", "bytes", "Total memory"),
    ("memory.used", "integer", "bytes", "Used memory"),
    ("memory.free", "integer", "bytes", "Free memory"),
    ("cpu.current.user", "decimal", "percent", "User CPU usage"),
    ("cpu.current.system", "decimal", "percent", "System CPU usage"),
    ("cpu.current.idle", "decimal", "percent", "Idle CPU usage"),
)


def ident_of(name):
    """The id of a measurement is made of its name alone, so that all owners share it."""
    return str(uuid.UUID(bytes=hashlib.md5(name.encode(), usedforsecurity=False).digest(), version=3))


class Statistics(Collection):
    """A list of measurements that is made when it is asked for."""

    type = "statistic"

    def find(self, ctx, ident, parents):
        row = next((row for row in self.rows(ctx, parents) if row["id"] == ident), None)
        if row is None:
            raise errors.not_found()
        return row

    def path_of(self, row):
        return f"{row['_path']}/{row['id']}"

    @staticmethod
    def measured(path, owner, name, kind, value_type, unit, description, datum=0):
        return {"id": ident_of(name), "name": name, "kind": kind, "type": value_type, "unit": unit, "description": description,
                "values": [] if datum is None else [{"datum": datum}], "_path": path, **owner}


def load(memory):
    """What an idle machine with so many bytes of memory measures."""
    used = int(memory * USED_SHARE)
    return {"memory.total": memory, "memory.used": used, "memory.free": memory - used, "swap.total": SWAP, "swap.free": SWAP, "cpu.current.user": 2,
            "cpu.current.system": 1, "cpu.current.idle": 98, "cpu.load.avg.5m": 0.05, "boot.time": BOOTED}


class HostStatistics(Statistics):
    paths = ("hosts/{host}/statistics",)

    def rows(self, ctx, parents):
        host = ctx.row("host", parents["host"].lower())
        if host is None:
            raise errors.entity_not_found(parents["host"])
        values = load(host["memory"])
        return [self.measured(f"/hosts/{host['id']}/statistics", {"host": {"id": host["id"]}}, name, "gauge", value_type, unit, text, values.get(name, 0))
                for name, value_type, unit, text in HOST]

    def present(self, ctx, row, rep):
        if row["name"].startswith("hugepages."):
            for name in ("href", "host"):
                rep.pop(name)


class HostNicStatistics(Statistics):
    paths = ("hosts/{host}/nics/{nic}/statistics",)

    def rows(self, ctx, parents):
        nic = ctx.row("host_nic", parents["nic"].lower())
        if nic is None:
            raise errors.not_found()
        path = f"/hosts/{nic['host']['id']}/nics/{nic['id']}/statistics"
        # The agent counts what goes through physical interfaces alone.
        return [self.measured(path, {"host_nic": {"id": nic["id"]}}, *kind, datum=None if kind[1] == "counter" and "status" not in nic else 0) for kind in NIC]


class NumaNodeStatistics(Statistics):
    paths = ("hosts/{host}/numanodes/{node}/statistics",)

    def rows(self, ctx, parents):
        host = ctx.row("host", parents["host"].lower())
        if host is None:
            return []
        values = load(host["memory"] // 2)
        node = f"/hosts/{host['id']}/numanodes/{parents['node']}"
        owner = {"host_numa_node": {"id": parents["node"], "href": ctx.prefix + node}}
        return [self.measured(f"{node}/statistics", owner, name, "gauge", value_type, unit, text, values.get(name, 0))
                for name, value_type, unit, text in NUMA]
