# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What requests cost a real engine: seconds of a processor, as they were observed on oVirt 4.5.8 with 300 VMs on a machine of two processors."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from .http import Request

PROCESSORS = 2
WRITE = 0.165
SINGLE = 0.02
LIST = 0.015
INSIDE = 0.01
VM = 0.0009
FOLLOWED = {
    "cdroms": 0.0003, "tags": 0.0003, "affinity_labels": 0.0003, "disk_attachments": 0.0003, "disk_attachments.disk": 0.0003, "snapshots": 0.0003,
    "host_devices": 0.0003, "cpu_profile": 0.0003, "nics": 0.001, "reported_devices": 0.001, "nics.reported_devices": 0.001, "cluster": 0.0007,
    "permissions": 0.0035, "template": 0.007, "original_template": 0.007, "sessions": 0.009, "applications": 0.009, "statistics": 0.012,
    "graphics_consoles": 0.021,
}
WHOLE = 0.021


def of(request: Request, vms: int) -> float:
    """
    :param vms: how many VMs the engine has.
    """
    if "api" not in request.segments[:2]:
        return 0.0
    segments = request.segments[request.segments.index("api") + 1:]
    if request.method != "GET":
        return WRITE
    one = len(segments) % 2 == 0
    if not segments or segments[0] != "vms" or len(segments) > 2:
        return SINGLE if one else INSIDE if len(segments) > 2 else LIST
    links = [link.strip() for link in (request.parameter("follow") or "").split(",") if link.strip()]
    each = sum(FOLLOWED.get(link, 0.0) for link in links) + (WHOLE if request.flag("all_content", header=True) else 0.0)
    return SINGLE + each if one else LIST + _shown(request, vms) * (VM + each)


def _shown(request: Request, vms: int) -> int:
    """How many VMs a list shows, as far as the request tells: a search by name finds few."""
    if "name=" in (request.parameter("search") or ""):
        return min(vms, 1)
    most = request.parameter("max") or ""
    return min(vms, int(most)) if most.isdigit() else vms


@dataclass
class Processors:
    """Requests take turns on so many processors; nothing else waits for them."""

    now: Callable[[], float]
    free: list[float] = field(default_factory=lambda: [0.0] * PROCESSORS)

    def done_at(self, cost: float) -> float:
        """When a request that comes now is over."""
        first = self.free.index(min(self.free))
        self.free[first] = max(self.now(), self.free[first]) + cost
        return self.free[first]
