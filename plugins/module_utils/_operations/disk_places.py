# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where disks are, and where they may go: what moves depend on, read in a handful of lists, and the engine's rules for a target.

The rules are those of ``MoveOrCopyDiskCommand``, ``LiveMigrateDiskCommand`` and ``StorageDomainValidator``, so that what the engine would refuse is
known for all disks before the first of them moves.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import FOLLOWED_AT_ONCE, Estate, ambiguous
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem

LIVE = frozenset({"up", "paused"})
PASSING = frozenset({"wait_for_launch", "powering_up", "powering_down", "reboot_in_progress", "migrating", "restoring_state", "image_locked"})
BLOCK = frozenset({"iscsi", "fcp"})
OF_THE_ENGINE = frozenset(
    {"ovf_store", "hosted_engine", "hosted_engine_sanlock", "hosted_engine_metadata", "hosted_engine_configuration", "backup_scratch"}
)
"""Contents of disks that the engine keeps for itself, and moves for nobody."""
GIB = 2**30
_QCOW_OVERHEAD = 1.1
_REPLICA = 3 * 2560 * 2**20
"""What the engine adds for the replica of a live move (three chunks of ``VolumeUtilizationChunkInMB``), at most the size of the disk."""
_UNDER_WAY = re.compile(r"^(?:Moving|Migrating|Copying) Disk (?P<disk>.+) from .+? to (?P<target>.+?)(?: of VM .+)?$")


def places(disk: Wire) -> Wires:
    found: Wires = dig(disk, "storage_domains.storage_domain") or []
    return found


def name_of(disk: Wire) -> str:
    return str(disk.get("alias") or disk["id"])


@dataclass
class Domain:
    """A storage domain as a place for disks. ``left`` is what the disks of this plan leave of it above its reserve."""

    id: str
    name: str
    status: str
    purpose: str
    type: str
    data_center: str
    left: int
    reserve: int = 0
    low: int = 0
    backup: bool = False

    @classmethod
    def of(cls, wire: Wire, data_center: str) -> Domain:
        available, used = int(wire.get("available") or 0), int(wire.get("used") or 0)
        reserve = int(wire.get("critical_space_action_blocker") or 0) * GIB
        low = (available + used) * int(wire.get("warning_low_space_indicator") or 0) // 100
        purpose, storage = str(wire.get("type") or "data"), str(dig(wire, "storage.type") or "")
        status, backup = str(wire.get("status", "active")), wire.get("backup") == "true"
        return cls(wire["id"], wire["name"], status, purpose, storage, data_center, available - reserve, reserve, low, backup)

    @property
    def gets_low(self) -> bool:
        """Whether the plan leaves less free than the space from which on the engine warns."""
        return self.left + self.reserve < self.low


@dataclass(frozen=True)
class UnderWay:
    """A move or copy that the engine is busy with."""

    target: str
    job: str


@dataclass
class Surroundings:
    """All that moves depend on."""

    estate: Estate
    disks: Wires
    domains: dict[str, Domain] = field(default_factory=dict)
    centers: dict[str, Wire] = field(default_factory=dict)
    vms: dict[str, Wires] = field(default_factory=dict)
    templates: dict[str, Wires] = field(default_factory=dict)
    moving: dict[str, list[UnderWay]] = field(default_factory=dict)
    charged: Counter[tuple[str, str]] = field(default_factory=Counter)

    @classmethod
    def read(cls, estate: Estate) -> Surroundings:
        around = cls(estate, estate.list("disks"))
        for center in estate.list("datacenters"):
            around.centers[center["id"]] = center
            for wire in estate.list(f"datacenters/{center['id']}/storagedomains"):
                around.domains[wire["id"]] = Domain.of(wire, center["id"])
        for vm in estate.list("vms", follow=("disk_attachments", "snapshots"), page_size=FOLLOWED_AT_ONCE):
            for attachment in dig(vm, "disk_attachments.disk_attachment") or []:
                around.vms.setdefault(attachment["id"], []).append({**vm, "active": attachment.get("active") == "true"})
        for template in estate.list("templates", follow=("disk_attachments",)):
            for attachment in dig(template, "disk_attachments.disk_attachment") or []:
                around.templates.setdefault(attachment["id"], []).append(template)
        if any(disk.get("status") == "locked" for disk in around.disks):
            around._moves()
        return around

    def _moves(self) -> None:
        """Moves that are under way, by the name of the disk: the engine's jobs name neither ids nor parameters."""
        for job in self.estate.list("jobs"):
            found = _UNDER_WAY.match(job.get("description") or "") if job.get("status") == "started" else None
            if found:
                self.moving.setdefault(found["disk"], []).append(UnderWay(found["target"], job["id"]))

    def under_way(self, disk: Wire) -> UnderWay | None:
        """The move of a locked disk, where its name leaves no doubt which it is."""
        if disk.get("status") != "locked":
            return None
        moves, name = self.moving.get(name_of(disk), []), name_of(disk)
        alone = len([one for one in self.disks if one.get("status") == "locked" and name_of(one) == name]) == 1
        return moves[0] if len(moves) == 1 and alone else None

    def of(self, disk: Wire) -> Domain | None:
        """Where the disk is; of a template's disk with several copies, the first."""
        return next((self.domains[one["id"]] for one in places(disk) if one["id"] in self.domains), None)

    def based_on(self, disk: Wire) -> set[str]:
        """The domains with the template's disk that a thin disk stands on; empty for one that stands by itself.

        The API does not tell of what image another one is a layer. A disk that a VM has from its template bears the same name there.
        """
        templates = {dig(vm, "template.id") for vm in self.vms.get(disk["id"], [])}
        bases = [
            one
            for one in self.disks
            if one.get("alias") == disk.get("alias") and templates & {template["id"] for template in self.templates.get(one["id"], [])}
        ]
        return {place["id"] for base in bases for place in places(base)}

    def measured(self, disk: Wire) -> Wire:
        """The disk with the size of all its layers: lists of the engine do not sum them up."""
        layered = any(len(dig(vm, "snapshots.snapshot") or []) > 1 for vm in self.vms.get(disk["id"], []))
        return self.estate.get(f"disks/{disk['id']}") or disk if layered else disk

    def in_drives(self, disk: Wire) -> list[str]:
        """Names of the VMs that run with an ISO image in their drive."""
        return [
            vm["name"]
            for vm in self.estate.once("vms", follow=("cdroms",))
            if vm.get("status") != "down" and disk["id"] in [dig(drive, "file.id") for drive in dig(vm, "cdroms.cdrom") or []]
        ]

    def domain(self, text: str, option: str) -> Domain:
        """:raises NotFound: no data center has a storage domain of this name or id."""
        found = [domain for domain in self.domains.values() if text in (domain.id, domain.name)]
        if not found:
            raise NotFound(f"{option}: no data center has a storage domain {text!r}.", hint="Check the spelling, or attach it first.")
        return found[0]

    # -- what goes along with a disk

    def profile(self, domain: Domain, text: str) -> str | None:
        """The id of a disk profile of a domain, by name or id."""
        profiles = self.estate.once(f"storagedomains/{domain.id}/diskprofiles")
        return next((one["id"] for one in profiles if text in (one["id"], one.get("name"))), None)

    def quota(self, data_center: str, text: str) -> str:
        """:raises NotFound: the data center has no quota of this name or id."""
        quotas = [one for one in self.estate.once(f"datacenters/{data_center}/quotas") if text in (one["id"], one.get("name"))]
        if not quotas:
            raise NotFound(f"quota: data center {self.centers[data_center]['name']} has no quota {text!r}.", hint="Check the spelling.")
        if len(quotas) > 1:
            raise ambiguous("quota", text, quotas)
        return str(quotas[0]["id"])

    def over_quota(self, domain: Domain, disk: Wire, wanted: str | None) -> str | None:
        """What a quota that is enforced has against a disk on a domain."""
        quota = wanted or dig(disk, "quota.id")
        if quota is None or self.centers[domain.data_center].get("quota_mode") != "enabled":
            return None
        path = f"datacenters/{domain.data_center}/quotas/{quota}"
        limits = {one["id"]: one for one in self.estate.once(f"{path}/quotastoragelimits")}
        whole = quota in limits
        if whole and quota == dig(disk, "quota.id"):
            return None
        limit = limits.get(quota if whole else domain.id)
        if limit is None:
            return "has no limit in the quota, so nothing may go there" if limits else None
        most = float(limit.get("limit") or -1)
        if most <= 0:
            return None
        grace = float((self.estate.get(path) or {}).get("storage_hard_limit_pct") or 0)
        there = float(limit.get("usage") or 0) + self.charged[quota, "" if whole else domain.id] / GIB
        more = int(disk.get("provisioned_size") or 0) / GIB
        if there + more > most * (1 + grace / 100):
            return f"would exceed the quota, which has {max(most - there, 0):g} GiB left"
        return None

    def charge(self, domain: Domain, disk: Wire, wanted: str | None) -> None:
        """Counts a disk of the plan against its quota on the target."""
        quota = wanted or dig(disk, "quota.id")
        for place in (domain.id, ""):
            self.charged[str(quota), place] += int(disk.get("provisioned_size") or 0)


def needed(disk: Wire, target: Domain, live: bool) -> int:
    """Bytes that the disk takes on its new domain, as the engine reckons them."""
    whole = int(disk.get("provisioned_size") or 0)
    used = max(int(disk.get("total_size") or 0), int(disk.get("actual_size") or 0))
    layered = disk.get("format") == "cow"
    size = used if layered or disk.get("sparse") == "true" and target.type not in BLOCK else max(whole, used)
    return math.ceil(size * _QCOW_OVERHEAD if layered else size) + (min(_REPLICA, whole) if live else 0)


def never(around: Surroundings, disk: Wire, vms: Wires, home: Domain | None) -> Iterator[Problem]:
    """What stands against a move wherever it would go."""
    name = name_of(disk)
    if disk.get("storage_type") != "image":
        yield Problem(f"Disk {name} is a direct LUN: there is no image to move.", "Leave it out.")
        return
    if disk.get("content_type") in OF_THE_ENGINE:
        yield Problem(f"Disk {name} ({disk['content_type']}) belongs to the engine, which does not move it.", "Leave it out.")
        return
    if disk.get("status") == "illegal":
        yield Problem(f"Disk {name} is illegal, so the engine does not move it.", "See the events of the engine for what happened to it.")
    if home is None:
        yield Problem(f"Disk {name} is on no storage domain of a data center.", "Attach its storage domain first.")
    elif home.status not in ("active", "locked"):
        yield Problem(f"Disk {name} is on storage domain {home.name}, which is {home.status}.", "Activate it first.")
    for vm in vms:
        if any("preview" in f"{one.get('snapshot_status')} {one.get('snapshot_type')}" for one in dig(vm, "snapshots.snapshot") or []):
            yield Problem(f"Disk {name} belongs to VM {vm['name']}, which previews a snapshot.", "Commit or undo the preview first.")
        if vm["active"] and vm.get("status") not in LIVE | PASSING | {"down"}:
            yield Problem(f"Disk {name} belongs to VM {vm['name']}, which is {vm.get('status')}.", "Disks move while their VM is up, paused or down.")
    running = [vm["name"] for vm in vms if vm["active"] and vm.get("status") != "down"]
    if running and disk.get("shareable") == "true":
        yield Problem(f"Disk {name} is shareable, and VM {', '.join(running)} runs with it.", "Shareable disks move only while their VMs are down.")
    if disk.get("content_type") == "iso":
        used = around.in_drives(disk)
        if used:
            yield Problem(f"Disk {name} is an ISO image in the drive of a VM that runs: {', '.join(used)}.", "Eject it first.")


def unfit(around: Surroundings, domain: Domain, disk: Wire, home: Domain, base: set[str], options: Mapping[str, Any], live: bool) -> str | None:
    """What keeps a disk from going to a domain, as the end of a sentence that begins with its name."""
    size = needed(disk, domain, live)
    if domain.data_center != home.data_center:
        return "belongs to another data center"
    if domain.purpose != "data":
        return f"is for {domain.purpose}, not for disks"
    if domain.status not in ("active", "locked"):
        return f"is {domain.status}"
    if live and domain.backup:
        return "is for backups, where no disk of a VM that runs may be"
    if disk.get("shareable") == "true" and domain.type == "glusterfs":
        return "is of type glusterfs, which has no shareable disks"
    if disk.get("shareable") == "true" and disk.get("sparse") == "true" and domain.type in BLOCK:
        return f"is of type {domain.type}, which has no thin shareable disks"
    if base and domain.id not in base:
        return "has no copy of the template's disk that it stands on (copy that first, or use templates: copy)"
    if domain.left < size:
        reserve = f" above the {domain.reserve // GIB} GiB that are to stay free" if domain.reserve else ""
        return f"has {max(domain.left, 0) // 2**20} MiB left{reserve} and {size // 2**20} MiB are needed"
    if options.get("disk_profile") and around.profile(domain, options["disk_profile"]) is None:
        return f"has no disk profile {options['disk_profile']!r}"
    return around.over_quota(domain, disk, around.quota(domain.data_center, options["quota"]) if options.get("quota") else None)


def best(
    around: Surroundings, targets: list[Domain], disk: Wire, home: Domain, base: set[str], options: Mapping[str, Any], live: bool
) -> tuple[Domain | None, Problem]:
    """The target with the most space left, and why there is none."""
    reasons: list[str] = []
    fit: list[Domain] = []
    for domain in targets:
        reason = unfit(around, domain, disk, home, base, options, live)
        if reason:
            reasons.append(f"{domain.name} {reason}")
        else:
            fit.append(domain)
    problem = Problem(
        f"Disk {name_of(disk)} cannot go anywhere: {'; '.join(reasons)}.", "Name other targets, or make room there." if reasons else "Name targets."
    )
    return max(fit, key=lambda domain: domain.left, default=None), problem
