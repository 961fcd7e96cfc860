"""Statistics of disks; values are those of an idle one."""

from __future__ import annotations

from .. import errors
from .host_statistics import Statistics

DISK = (
    ("data.current.read", "gauge", "decimal", "bytes_per_second", "Read data rate"),
    ("data.current.read_ops", "counter", "decimal", "none", "Read data ops"),
    ("data.current.write", "gauge", "decimal", "bytes_per_second", "Write data rate"),
    ("data.current.write_ops", "counter", "decimal", "none", "Write data ops"),
    ("disk.read.latency", "gauge", "decimal", "seconds", "Read latency"),
    ("disk.write.latency", "gauge", "decimal", "seconds", "Write latency"),
    ("disk.flush.latency", "gauge", "decimal", "seconds", "Flush latency"),
)


class DiskStatistics(Statistics):
    paths = ("disks/{disk}/statistics", "storagedomains/{storage_domain}/disks/{disk}/statistics",
             "datacenters/{data_center}/storagedomains/{storage_domain}/disks/{disk}/statistics")

    def rows(self, ctx, parents):
        disk = ctx.row("disk", parents["disk"].lower())
        if disk is None:
            raise errors.entity_not_found(parents["disk"])
        return [self.measured(f"/disks/{disk['id']}/statistics", {"disk": {"id": disk["id"]}}, *kind) for kind in DISK]
