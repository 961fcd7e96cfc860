# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moving disks between storage domains, under running VMs or cold.

What the engine refuses, and when (``MoveOrCopyDiskCommand``, ``LiveMigrateDiskCommand``), is looked at for all disks before the first request that
writes. A second live move of one VM gets no answer before the first is over: disks of one VM go one after the other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import EngineError, InvalidInput, JobFailed, NotFound, ValidationError
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate, ambiguous
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Int, ListOf, Map, Size, Text, Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ACT, LOOK, Problem, Settle, Step

READY = Settle(good=frozenset({"ok"}), bad=frozenset({"illegal"}), job=False)
MOVABLE = Settle(good=frozenset({"up", "down", "paused"}))
LIVE = frozenset({"up", "paused"})
PASSING = frozenset({"wait_for_launch", "powering_up", "powering_down", "reboot_in_progress", "migrating", "restoring_state"})
BLOCK = frozenset({"iscsi", "fcp"})
OF_THE_ENGINE = frozenset(
    {"ovf_store", "memory_dump_volume", "memory_metadata_volume", "hosted_engine", "hosted_engine_sanlock", "hosted_engine_metadata"}
    | {"hosted_engine_configuration", "backup_scratch"}
)
"""Contents of disks that the engine keeps for itself: it moves or makes them again on its own."""

_UNDER_WAY = re.compile(r"^(?:Moving|Migrating) Disk (?P<disk>.+) from (?P<source>\S+) to (?P<target>\S+)(?: of VM .+)?$")
_SAME = "source and target storage domains are the same"
_GIB = 2**30
_MERGE = _GIB
"""What a live move takes on a block domain beside the disk itself: the first extent of the layer that is written to meanwhile."""


@dataclass
class Domain:
    """A storage domain as a place for disks. ``left`` is what the disks of this plan leave of its space."""

    id: str
    name: str
    status: str
    type: str
    data_center: str
    left: int

    @classmethod
    def of(cls, wire: Wire, data_center: str) -> Domain:
        reserved = int(wire.get("critical_space_action_blocker") or 0) * _GIB
        left = int(wire.get("available") or 0) - reserved
        return cls(wire["id"], wire["name"], wire.get("status", "active"), dig(wire, "storage.type") or "", data_center, left)


@dataclass
class Surroundings:
    """All that moves depend on, read in a handful of lists."""

    disks: Wires
    domains: dict[str, Domain] = field(default_factory=dict)
    vms: dict[str, Wires] = field(default_factory=dict)
    templates: dict[str, Wires] = field(default_factory=dict)
    moving: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, estate: Estate) -> Surroundings:
        around = cls(estate.list("disks"))
        for center in estate.list("datacenters"):
            for wire in estate.list(f"datacenters/{center['id']}/storagedomains"):
                around.domains[wire["id"]] = Domain.of(wire, center["id"])
        for vm in estate.list("vms", follow=("disk_attachments", "snapshots")):
            for attachment in dig(vm, "disk_attachments.disk_attachment") or []:
                around.vms.setdefault(attachment["id"], []).append({**vm, "active": attachment.get("active") == "true"})
        for template in estate.list("templates", follow=("disk_attachments",)):
            for attachment in dig(template, "disk_attachments.disk_attachment") or []:
                around.templates.setdefault(attachment["id"], []).append(template)
        if any(disk.get("status") == "locked" for disk in around.disks):
            around._moves(estate)
        return around

    def _moves(self, estate: Estate) -> None:
        """The targets of moves that are under way, by the name of the disk: the engine's jobs name neither ids nor parameters."""
        for job in estate.list("jobs"):
            found = _UNDER_WAY.match(job.get("description") or "") if job.get("status") == "started" else None
            if found:
                self.moving[found["disk"]] = found["target"]

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


def places(disk: Wire) -> Wires:
    found: Wires = dig(disk, "storage_domains.storage_domain") or []
    return found


def survey(view: View) -> Draft:
    estate, options = view.estate, view.options
    around = Surroundings.read(estate)
    source = _domain(around, options["source"], "source") if options.get("source") else None
    targets = [_domain(around, text, "targets") for text in options["targets"]]
    chosen, left = _chosen(around, options, source)
    draft = moves(around, chosen, targets, options)
    for disk in left:
        draft.warnings.append(f"Disk {disk.get('alias')} ({disk.get('content_type') or disk.get('storage_type')}) stays: it belongs to the engine.")
    draft.shows["left"] = [{"id": disk["id"], "name": disk.get("alias"), "content_type": disk.get("content_type")} for disk in left]
    return draft


def evacuation(around: Surroundings, source: Domain, targets: Sequence[Domain], options: Mapping[str, Any]) -> tuple[Draft, Wires]:
    """The draft that empties a domain, and the disks on it that are the engine's own.

    :param options: as of this module: ``templates``, ``disk_profile``, ``quota``, ``per_source``, ``per_target``.
    """
    chosen, left = _chosen(around, {}, source)
    return moves(around, chosen, targets, options), left


def moves(around: Surroundings, disks: Wires, targets: Sequence[Domain], options: Mapping[str, Any]) -> Draft:
    """One unit for each disk, templates' copies first."""
    draft = Draft()
    if options.get("templates", "copy") == "copy":
        disks = sorted(disks, key=lambda disk: disk["id"] not in around.templates)
    copied: dict[str, str] = {}
    copies: list[Unit] = []
    total = 0
    for disk in disks:
        unit, size = _unit(around, disk, targets, options, copied)
        draft.units.append(unit)
        if disk["id"] in copied:
            copies.append(unit)
        elif around.based_on(disk):
            unit.after = list(copies)
        total += size
    draft.shows["bytes"] = total
    draft.shows["targets"] = {domain.name: {"available_after": domain.left} for domain in targets}
    return draft


def _unit(
    around: Surroundings, disk: Wire, targets: Sequence[Domain], options: Mapping[str, Any], copied: dict[str, str]
) -> tuple[Unit, int]:
    name = disk.get("alias") or disk["id"]
    vms, home = around.vms.get(disk["id"], []), around.of(disk)
    unit = Unit(f"disk {name}", {"id": disk["id"], "name": name, "vms": [vm["name"] for vm in vms]})
    unit.shows = {"action": "none", "bytes": 0, "live": False}
    problems = list(_never(disk, vms, home))
    if problems or home is None:
        unit.problems = problems
        return unit, 0
    here = {one["id"] for one in places(disk)} & {domain.id for domain in targets}
    if here and disk.get("status") != "locked":
        return unit, 0
    if disk["id"] in around.templates:
        return _copy(around, unit, disk, home, targets, options, copied)
    live = any(vm["active"] and vm.get("status") != "down" for vm in vms)
    size = _needed(disk, live)
    base = around.based_on(disk)
    if base:
        base = base | set(copied.values())
    running = around.moving.get(name) if disk.get("status") == "locked" else None
    target = next((domain for domain in targets if domain.name == running), None)
    adopted = target is not None
    if target is None:
        target, problem = _best(targets, disk, home, size, base)
        if target is None:
            unit.problems = [problem]
            return unit, 0
        target.left -= size
    unit.outcome = Outcome(not adopted, {"storage_domain": home.name}, {"storage_domain": target.name})
    unit.outcome.steps = [{"do": LOOK if adopted else ACT, "says": f"move disk {name} to {target.name}"}]
    unit.shows = {"action": "wait" if adopted else "move", "bytes": size, "live": live}
    unit.shares = [
        *((f"vm:{vm['id']}", 1) for vm in vms),
        (f"source:{home.id}", options.get("per_source", 2)),
        (f"target:{target.id}", options.get("per_target", 2)),
    ]
    waits = [vm for vm in vms if vm["active"] and vm.get("status") in PASSING]
    unit.work = partial(_move, disk=disk, home=home, target=target, vms=waits, adopted=adopted, options=options)
    unit.verify = partial(_verify, disk=disk, target=target)
    return unit, size


def _copy(
    around: Surroundings, unit: Unit, disk: Wire, home: Domain, targets: Sequence[Domain], options: Mapping[str, Any], copied: dict[str, str]
) -> tuple[Unit, int]:
    """A template's disk never moves; a further copy of it on the target is what its thin disks need to follow."""
    owner = ", ".join(template["name"] for template in around.templates[disk["id"]])
    unit.title = f"disk {unit.item['name']} of template {owner}"
    if options.get("templates", "copy") == "refuse":
        unit.problems = [Problem(f"{unit.title} cannot be moved: the engine only copies disks of templates.", "Use templates: copy, or keep.")]
        return unit, 0
    if options.get("templates", "copy") == "keep":
        return unit, 0
    size = _needed(disk, live=False)
    target, problem = _best(targets, disk, home, size, set())
    if target is None:
        unit.problems = [problem]
        return unit, 0
    target.left -= size
    copied[disk["id"]] = target.id
    before = [around.domains[one["id"]].name for one in places(disk) if one["id"] in around.domains]
    unit.outcome = Outcome(False, {"copies": before}, {"copies": [*before, target.name]})
    step = Step(
        ACT,
        f"copy {unit.title} to {target.name}",
        f"disks/{disk['id']}",
        verb="copy",
        body={"storage_domain": {"id": target.id}},
        settle=Settle(good=frozenset({"ok"}), bad=frozenset({"illegal"})),
        slow=True,
    )
    unit.steps = [step]
    unit.outcome.changed, unit.outcome.steps = True, [{"do": ACT, "says": step.says}]
    unit.shows = {"action": "copy", "bytes": size, "live": False}
    unit.shares = [(f"source:{home.id}", options.get("per_source", 2)), (f"target:{target.id}", options.get("per_target", 2))]
    return unit, size


def _never(disk: Wire, vms: Wires, home: Domain | None) -> Iterable[Problem]:
    """What stands against a move wherever it would go."""
    name = disk.get("alias") or disk["id"]
    if disk.get("storage_type") != "image":
        yield Problem(f"Disk {name} is a direct LUN: there is no image to move.", "Leave it out.")
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


def _needed(disk: Wire, live: bool) -> int:
    """Bytes that the disk takes on its new domain."""
    whole = int(disk.get("provisioned_size") or 0)
    used = max(int(disk.get("total_size") or 0), int(disk.get("actual_size") or 0))
    return (used if disk.get("sparse") == "true" else max(whole, used)) + (_MERGE if live else 0)


def _best(targets: Sequence[Domain], disk: Wire, home: Domain, size: int, base: set[str]) -> tuple[Domain | None, Problem]:
    """The target with the most space left, and why there is none."""
    reasons: list[str] = []
    fit: list[Domain] = []
    for domain in targets:
        reason = _unfit(domain, disk, home, size, base)
        if reason:
            reasons.append(f"{domain.name} {reason}")
        else:
            fit.append(domain)
    problem = Problem(
        f"Disk {disk.get('alias')} cannot go anywhere: {'; '.join(reasons)}.", "Name other targets, or make room there." if reasons else "Name targets."
    )
    return max(fit, key=lambda domain: domain.left, default=None), problem


def _unfit(domain: Domain, disk: Wire, home: Domain, size: int, base: set[str]) -> str | None:
    if domain.data_center != home.data_center:
        return "belongs to another data center"
    if domain.status not in ("active", "locked"):
        return f"is {domain.status}"
    if disk.get("shareable") == "true" and domain.type == "glusterfs":
        return "is of type glusterfs, which has no shareable disks"
    if base and domain.id not in base:
        return "has no copy of the template's disk that it stands on (copy that first, or use templates: copy)"
    if domain.left < size:
        return f"has {max(domain.left, 0) // 2**20} MiB left and {size // 2**20} MiB are needed"
    return None


def _move(hands: Hands, *, disk: Wire, home: Domain, target: Domain, vms: Wires, adopted: bool, options: Mapping[str, Any]) -> None:
    name, path = disk.get("alias") or disk["id"], f"disks/{disk['id']}"
    if adopted or disk.get("status") == "locked":
        hands.do(Step(LOOK, f"wait for disk {name}", path, settle=READY), wait=True)
    for vm in vms:
        hands.do(Step(LOOK, f"wait until VM {vm['name']} is up or down", f"vms/{vm['id']}", settle=MOVABLE), wait=True)
    now = hands.estate.get(path)
    if now is None:
        raise NotFound(f"Disk {name} is not there any more.")
    if target.id in {one["id"] for one in places(now)}:
        return
    if adopted:
        raise JobFailed(f"The move of disk {name} to {target.name} that was under way has failed.", hint="Run the task again to start a new one.")
    body: Wire = {"storage_domain": {"id": target.id}}
    for option in ("disk_profile", "quota"):
        if options.get(option):
            body[option] = {"id": options[option]}
    arrived = Settle(good=frozenset({"ok"}), bad=frozenset({"illegal"}), until=partial(_is_on, target=target.id))
    try:
        hands.do(Step(ACT, f"move disk {name} to {target.name}", path, verb="move", body=body, settle=arrived, slow=True))
    except ValidationError as error:
        # A request of an earlier run, of which the answer had not been waited for, has been carried out meanwhile.
        if _SAME not in (error.detail or ""):
            raise
    except EngineError as error:
        error.message += _whereabouts(hands, path, name)
        raise


def _is_on(wire: Wire, *, target: str) -> bool:
    return target in {one["id"] for one in places(wire)}


def _whereabouts(hands: Hands, path: str, name: str) -> str:
    """Where a disk is after a failure, as far as it can still be told."""
    try:
        wire = hands.estate.get(path)
        return f" Disk {name} is on {', '.join(_name(hands.estate, one) for one in places(wire))}." if wire else ""
    except EngineError:
        return ""


def _name(estate: Estate, place: Wire) -> str:
    return estate.name_of("storage_domain", place["id"]) or str(place["id"])


def _verify(hands: Hands, *, disk: Wire, target: Domain) -> dict[str, Any]:
    wire = hands.estate.get(f"disks/{disk['id']}") or {}
    if not _is_on(wire, target=target.id):
        raise JobFailed(
            f"Disk {disk.get('alias')} did not arrive on {target.name}: it is on {', '.join(_name(hands.estate, one) for one in places(wire))}.",
            hint="See the events of the engine.",
        )
    return {"storage_domain": target.name}


def _chosen(around: Surroundings, options: Mapping[str, Any], source: Domain | None) -> tuple[Wires, Wires]:
    """The disks that are meant, and those on the source that are the engine's own."""
    on_source = [disk for disk in around.disks if source is None or source.id in {one["id"] for one in places(disk)}]
    if options.get("disks") is None and not options.get("vms"):
        if source is None:
            raise InvalidInput("Neither disks nor vms nor source is given: nothing says what to move.")
        return (
            [disk for disk in on_source if disk.get("content_type") not in OF_THE_ENGINE],
            [disk for disk in on_source if disk.get("content_type") in OF_THE_ENGINE],
        )
    pool = on_source
    if options.get("vms"):
        ids = {disk for text in options["vms"] for disk in _disks_of(around, text)}
        pool = [disk for disk in on_source if disk["id"] in ids]
    if options.get("disks") is None:
        return [disk for disk in pool if disk.get("storage_type") == "image"], []
    return [_disk(pool, text, around, options) for text in options["disks"]], []


def _disks_of(around: Surroundings, text: str) -> set[str]:
    found = {(vm["id"], vm["name"]): vm for vms in around.vms.values() for vm in vms if text in (vm["id"], vm["name"])}
    if len({identifier for identifier, _name_ in found}) > 1:
        raise ambiguous("VM", text, list(found.values()))
    if not found:
        raise NotFound(f"vms: there is no VM {text!r} with disks.", hint="Check the spelling.")
    return {disk for disk, vms in around.vms.items() if any(text in (vm["id"], vm["name"]) for vm in vms)}


def _disk(pool: Wires, text: str, around: Surroundings, options: Mapping[str, Any]) -> Wire:
    found = [disk for disk in pool if text in (disk["id"], disk.get("alias"))]
    if len(found) > 1:
        raise ambiguous("disk", text, found)
    if not found:
        where = " of these VMs" if options.get("vms") else f" on {options['source']}" if options.get("source") else ""
        raise NotFound(f"disks: there is no disk {text!r}{where}.", hint="Check the spelling.")
    return found[0]


def _domain(around: Surroundings, text: str, option: str) -> Domain:
    found = [domain for domain in around.domains.values() if text in (domain.id, domain.name)]
    if not found:
        raise NotFound(f"{option}: no data center has a storage domain {text!r}.", hint="Check the spelling, or attach it first.")
    return found[0]


DISK_MOVE = Operation(
    name="disk_move",
    summary="Move disks to other storage domains, also while their VMs run",
    about=(
        "Moves single disks, all disks of VMs, or everything on a storage domain, to one storage domain or to the best of several.",
        "A disk of a VM that is up or paused is moved live, every other one is copied over. Disks that are on one of O(targets) already stay as they are.",
        "Before the first disk is moved all of them are looked at: status and space of the storage domains, the state of VMs and snapshots, "
        "shared disks and direct LUNs, templates that thin disks stand on. What stands against any of them is named at once.",
        "After a killed or failed run, run the task again: moves that are still under way on the engine are waited for, not started a second time.",
    ),
    options=(
        ListOf("disks", "Disks, by name or id. A name is looked for among the disks of O(vms) and on O(source), where these are given.", each=Text("disk", "")),
        ListOf("vms", "VMs, by name or id. Without O(disks), all their disks are meant.", each=Text("vm", "")),
        Text("source", "Storage domain, by name or id, that the disks are on. Without O(disks) and O(vms), everything on it is meant."),
        ListOf(
            "targets",
            "Storage domains, by name or id, of the same data center. Of several, the one with the most space left at that point of the plan is taken.",
            each=Text("domain", ""),
            needed=True,
        ),
        Enum(
            "templates",
            (
                "What happens to disks of templates, which the engine cannot move.",
                "V(copy) puts a copy on the target, which thin disks need in order to follow; the one on the source stays. "
                "V(keep) leaves them alone, V(refuse) fails before anything is written.",
            ),
            choices=("copy", "keep", "refuse"),
        ),
        Text("disk_profile", "Id of the disk profile of the target that the disks get."),
        Text("quota", "Id of the quota that their space counts against from then on."),
        Int("per_source", "How many disks are moved away from one storage domain at a time.", least=1),
        Int("per_target", "How many disks are moved to one storage domain at a time.", least=1),
    ),
    defaults={"templates": "copy", "per_source": 2, "per_target": 2},
    survey=survey,
    returned=(
        Text("name", "Name of the disk."),
        ListOf("vms", "VMs that have it.", each=Text("vm", "")),
        Enum(
            "action",
            "V(move), V(copy) for a disk of a template, V(wait) for a move that was under way, or V(none).",
            choices=("move", "copy", "wait", "none"),
        ),
        Size("bytes", "Bytes it takes on the target."),
        Bool("live", "Whether its VM runs meanwhile."),
    ),
    shows=(
        Size("bytes", "Bytes that the whole plan moves."),
        Map("targets", "For each target, C(available_after), the bytes that the plan leaves there for further disks."),
        ListOf("left", "Disks of the engine's own on O(source), which stay: C(id), C(name) and C(content_type).", each=Map("disk", "")),
    ),
    seealso=("disk", "disk_info", "storage_domain_upgrade"),
)
