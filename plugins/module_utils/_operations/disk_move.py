# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Moving disks between storage domains, under running VMs or cold.

All disks are looked at before the first request that writes (``disk_places``). A second live move of one VM gets no answer before the first is over:
disks of one VM go one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import EngineError, InvalidInput, JobFailed, NotFound, ValidationError
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.disk_places import (
    GIB,
    OF_THE_ENGINE,
    PASSING,
    Domain,
    Surroundings,
    best,
    name_of,
    needed,
    never,
    places,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate, ambiguous
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Int, ListOf, Map, Size, Text, Wire, Wires
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ACT, LOOK, REMOVE, Problem, Settle, Step

READY = Settle(good=frozenset({"ok"}), bad=frozenset({"illegal"}), job=False)
MOVABLE = Settle(good=frozenset({"up", "down", "paused"}))

_THERE = ("source and target storage domains are the same", "already contains the disk", "Template Images already exists")
"""What the engine says to a request that an earlier one has made superfluous meanwhile."""


def survey(view: View) -> Draft:
    estate, options = view.estate, view.options
    around = Surroundings.read(estate)
    source = around.domain(options["source"], "source") if options.get("source") else None
    targets = [around.domain(text, "targets") for text in options["targets"]]
    if options["templates"] == "move" and source is None:
        raise InvalidInput("templates is move, and source is not given: nothing says which of their copies is to go.")
    if source is not None and source.id in {target.id for target in targets}:
        raise InvalidInput(f"Storage domain {source.name} is the source, and a target, too: what is on it stays there.", hint="Name other targets.")
    chosen, left = _chosen(around, options, source)
    draft = _draft(_Plan(around, targets, options, source), chosen)
    for disk in left:
        why = "it is a direct LUN" if disk.get("storage_type") != "image" else "it belongs to the engine"
        draft.warnings.append(f"Disk {name_of(disk)} ({disk.get('content_type') or disk.get('storage_type')}) stays: {why}.")
    draft.shows["left"] = [{"id": disk["id"], "name": disk.get("alias"), "content_type": disk.get("content_type")} for disk in left]
    return draft


def evacuation(around: Surroundings, source: Domain, targets: list[Domain], options: Mapping[str, Any]) -> tuple[Draft, Wires]:
    """The draft that empties a domain, and the disks on it that are the engine's own.

    :param options: as of this module: ``templates``, ``disk_profile``, ``quota``, ``per_source``, ``per_target``.
    """
    chosen, left = _chosen(around, {}, source)
    return _draft(_Plan(around, targets, options, source), chosen), left


@dataclass
class _Plan:
    """What the units of a draft have in common."""

    around: Surroundings
    targets: list[Domain]
    options: Mapping[str, Any]
    source: Domain | None
    copied: dict[str, str] = field(default_factory=dict)
    total: int = 0

    @property
    def templates(self) -> str:
        return str(self.options.get("templates", "copy"))

    @property
    def copies(self) -> bool:
        return self.templates in ("copy", "move")

    def shares(self, home: Domain, target: Domain) -> list[tuple[str, int]]:
        return [(f"source:{home.id}", self.options.get("per_source", 2)), (f"target:{target.id}", self.options.get("per_target", 2))]

    def target(self, disk: Wire, home: Domain, live: bool, base: set[str]) -> tuple[Domain | None, Problem]:
        """Where a disk goes; its space and quota are taken there."""
        domain, problem = best(self.around, self.targets, disk, home, base, self.options, live)
        if domain is not None:
            size = needed(disk, domain, live)
            domain.left -= size
            self.total += size
            quota = self.options.get("quota")
            self.around.charge(domain, disk, self.around.quota(domain.data_center, quota) if quota else None)
        return domain, problem

    def body(self, target: Domain) -> Wire:
        body: Wire = {"storage_domain": {"id": target.id}}
        if self.options.get("disk_profile"):
            body["disk_profile"] = {"id": self.around.profile(target, self.options["disk_profile"])}
        if self.options.get("quota"):
            body["quota"] = {"id": self.around.quota(target.data_center, self.options["quota"])}
        return body


def _draft(plan: _Plan, disks: Wires) -> Draft:
    """A unit for each disk: what is under way already first, then templates' copies, then the disks that may stand on them."""
    draft, around = Draft(), plan.around
    disks = sorted(disks, key=lambda disk: (around.under_way(disk) is None, not (plan.copies and disk["id"] in around.templates)))
    copies: list[Unit] = []
    standing: list[Unit] = []
    removals: list[Unit] = []
    for disk in disks:
        if disk["id"] in around.templates:
            unit = _template(plan, disk)
            copies.append(unit)
            if plan.templates == "move":
                removals += _removals(plan, disk, unit)
        else:
            unit = _unit(plan, disk)
            standing.append(unit)
            if plan.copies and around.based_on(disk):
                unit.after = [copy for copy in copies if not copy.idle]
        draft.units.append(unit)
    for removal in removals:
        removal.after = [*removal.after, *standing]
    draft.units += removals
    draft.shows["bytes"] = plan.total
    draft.shows["targets"] = {domain.name: {"available_after": domain.left} for domain in plan.targets}
    draft.warnings += [
        f"Storage domain {domain.name} gets low: {max(domain.left + domain.reserve, 0) // GIB} GiB stay free, "
        f"and below {domain.low // GIB} GiB the engine warns."
        for domain in plan.targets
        if domain.gets_low and any(not unit.idle for unit in draft.units)
    ]
    return draft


def _unit(plan: _Plan, disk: Wire) -> Unit:
    around, name = plan.around, name_of(disk)
    vms, home = around.vms.get(disk["id"], []), around.of(disk)
    unit = Unit(f"disk {name}", {"id": disk["id"], "name": name, "vms": [vm["name"] for vm in vms]})
    unit.shows = {"action": "none", "bytes": 0, "live": False}
    there = _there(plan, disk)
    if there and disk.get("status") != "locked":
        return unit
    problems = list(never(around, disk, vms, home))
    if problems or home is None:
        unit.problems = problems
        return unit
    live = any(vm["active"] and vm.get("status") != "down" for vm in vms)
    disk = around.measured(disk)
    running = around.under_way(disk)
    # On its target and locked, it has arrived and is not let go yet.
    target = next((domain for domain in plan.targets if domain.id in there or running and domain.name == running.target), None)
    size = needed(disk, target, live) if target else 0
    adopted = target is not None
    if target is None:
        base = around.based_on(disk)
        if base:
            base = base | set(plan.copied.values())
        target, problem = plan.target(disk, home, live, base)
        if target is None:
            unit.problems = [problem]
            return unit
        size = needed(disk, target, live)
    unit.outcome = Outcome(not adopted, {"storage_domain": home.name}, {"storage_domain": target.name})
    says = f"wait for the move of disk {name} to {target.name} that is under way" if adopted else f"move disk {name} to {target.name}"
    unit.outcome.steps = [{"do": LOOK if adopted else ACT, "says": says, **({"job": running.job} if adopted and running else {})}]
    unit.shows = {"action": "wait" if adopted else "move", "bytes": size, "live": live}
    unit.shares = [*((f"vm:{vm['id']}", 1) for vm in vms), *plan.shares(home, target)]
    waits = [vm for vm in vms if vm["active"] and vm.get("status") in PASSING]
    unit.work = partial(_transfer, unit=unit, verb="move", disk=disk, target=target, allowed=plan.targets, vms=waits, adopted=adopted, body=plan.body(target))
    unit.verify = partial(_verify, disk=disk, allowed=plan.targets)
    return unit


def _there(plan: _Plan, disk: Wire) -> set[str]:
    return {one["id"] for one in places(disk)} & {domain.id for domain in plan.targets}


def _template(plan: _Plan, disk: Wire) -> Unit:
    """A template's disk never moves; a further copy of it on the target is what its thin disks need to follow."""
    around = plan.around
    owner = ", ".join(template["name"] for template in around.templates[disk["id"]])
    unit = Unit(f"disk {name_of(disk)} of template {owner}", {"id": disk["id"], "name": name_of(disk), "vms": []})
    unit.shows = {"action": "none", "bytes": 0, "live": False}
    home = around.of(disk)
    if home is None or plan.templates == "keep" or (_there(plan, disk) and disk.get("status") != "locked"):
        return unit
    if plan.templates == "refuse":
        unit.problems = [Problem(f"{unit.title} cannot be moved: the engine only copies disks of templates.", "Use templates: copy, move or keep.")]
        return unit
    running = around.under_way(disk)
    target = next((domain for domain in plan.targets if running and domain.name == running.target), None)
    adopted = target is not None
    if target is None:
        unit.problems = list(never(around, disk, [], home))
        target, problem = plan.target(disk, home, False, set())
        if target is None or unit.problems:
            unit.problems = unit.problems or [problem]
            return unit
    plan.copied[disk["id"]] = target.id
    before = [around.domains[one["id"]].name for one in places(disk) if one["id"] in around.domains]
    unit.outcome = Outcome(not adopted, {"copies": before}, {"copies": [*before, target.name]})
    says = f"wait for the copy of {unit.title} to {target.name} that is under way" if adopted else f"copy {unit.title} to {target.name}"
    unit.outcome.steps = [{"do": LOOK if adopted else ACT, "says": says, **({"job": running.job} if adopted and running else {})}]
    unit.shows = {"action": "wait" if adopted else "copy", "bytes": needed(disk, target, False), "live": False}
    unit.shares = plan.shares(home, target)
    unit.work = partial(_transfer, unit=unit, verb="copy", disk=disk, target=target, allowed=plan.targets, vms=[], adopted=adopted, body=plan.body(target))
    unit.verify = partial(_verify_copies, disk=disk, allowed=plan.targets)
    return unit


def _removals(plan: _Plan, disk: Wire, copy: Unit) -> Iterator[Unit]:
    """With the copy on the target, the one on the source goes, once nothing there stands on it any more."""
    source = plan.source
    if source is None or source.id not in {one["id"] for one in places(disk)} or source.id in {domain.id for domain in plan.targets} or copy.problems:
        return
    template = plan.around.templates[disk["id"]][0]
    title = f"{copy.title} on {source.name}"
    unit = Unit(title, {"id": disk["id"], "name": name_of(disk), "vms": []}, Outcome(True, {"copies": [source.name]}, {"copies": []}))
    path = f"templates/{template['id']}/diskattachments/{disk['id']}"
    step = Step(REMOVE, f"remove {title}", path, params={"storage_domain": source.id}, settle=Settle(until=partial(_left, domain=source.id)))
    unit.outcome.steps = [{"do": REMOVE, "says": step.says}]
    unit.shows = {"action": "remove", "bytes": 0, "live": False}
    unit.after = [] if copy.idle else [copy]
    unit.work = partial(_remove, unit=unit, step=step, disk=disk, source=source)
    yield unit


def _left(wire: Wire, *, domain: str) -> bool:
    return wire.get("status") == "ok" and domain not in {one["id"] for one in places(wire)}


def _remove(hands: Hands, *, unit: Unit, step: Step, disk: Wire, source: Domain) -> None:
    path = f"disks/{disk['id']}"
    hands.do(Step(LOOK, f"wait for disk {name_of(disk)}", path, settle=READY), wait=True)
    now = hands.estate.get(path)
    if now is None or source.id not in {one["id"] for one in places(now)}:
        _nothing_sent(unit)
        return
    hands.do(Step(step.do, step.says, step.path, params=step.params, settle=step.settle, watch=path))


def _transfer(
    hands: Hands, *, unit: Unit, verb: str, disk: Wire, target: Domain, allowed: Sequence[Domain], vms: Wires, adopted: bool, body: Wire
) -> None:
    """Moves or copies a disk, or waits for what an earlier run began."""
    name, path = name_of(disk), f"disks/{disk['id']}"
    if adopted and not hands.wait:
        return
    if adopted or disk.get("status") == "locked":
        hands.do(Step(LOOK, f"wait for disk {name}", path, settle=READY), wait=True)
    for vm in vms:
        hands.do(Step(LOOK, f"wait until VM {vm['name']} is up or down", f"vms/{vm['id']}", settle=MOVABLE), wait=True)
    now = hands.estate.get(path)
    if now is None:
        raise NotFound(f"Disk {name} is not there any more.")
    if {one["id"] for one in places(now)} & {domain.id for domain in allowed}:
        _nothing_sent(unit)
        return
    if adopted:
        raise JobFailed(
            f"The {verb} of disk {name} to {target.name} that was under way has failed.{_whereabouts(hands, path, name)}",
            hint="Run the task again to start a new one.",
        )
    arrived = Settle(good=frozenset({"ok"}), bad=frozenset({"illegal"}), until=partial(_is_on, target=target.id))
    try:
        hands.do(Step(ACT, f"{verb} disk {name} to {target.name}", path, verb=verb, body=body, settle=arrived, slow=True))
    except EngineError as error:
        # A request of an earlier run, of which the answer had not been waited for, has been carried out meanwhile.
        if isinstance(error, ValidationError) and any(text in (error.detail or "") for text in _THERE):
            _nothing_sent(unit)
            return
        error.message += _whereabouts(hands, path, name)
        raise


def _nothing_sent(unit: Unit) -> None:
    """Another run, or another person, has done it meanwhile."""
    unit.outcome.changed = False
    unit.outcome.steps = [{**step, "settled": True} for step in unit.outcome.steps if step["do"] == LOOK]


def _is_on(wire: Wire, *, target: str) -> bool:
    return target in {one["id"] for one in places(wire)}


def _whereabouts(hands: Hands, path: str, name: str) -> str:
    """Where a disk is after a failure, as far as it can still be told."""
    try:
        wire = hands.estate.get(path)
        return f" Disk {name} is on {', '.join(_names(hands.estate, wire))}." if wire else ""
    except EngineError:
        return ""


def _names(estate: Estate, disk: Wire) -> list[str]:
    return [estate.name_of("storage_domain", one["id"]) or str(one["id"]) for one in places(disk)]


def _verify(hands: Hands, *, disk: Wire, allowed: Sequence[Domain]) -> dict[str, Any]:
    return {"storage_domain": _landed(hands, disk, allowed)[0].name}


def _verify_copies(hands: Hands, *, disk: Wire, allowed: Sequence[Domain]) -> dict[str, Any]:
    return {"copies": _names(hands.estate, _landed(hands, disk, allowed)[1])}


def _landed(hands: Hands, disk: Wire, allowed: Sequence[Domain]) -> tuple[Domain, Wire]:
    wire = hands.estate.get(f"disks/{disk['id']}") or {}
    for domain in allowed:
        if _is_on(wire, target=domain.id):
            return domain, wire
    raise JobFailed(
        f"Disk {name_of(disk)} did not arrive on {' or '.join(domain.name for domain in allowed)}: it is on {', '.join(_names(hands.estate, wire))}.",
        hint="See the events of the engine.",
    )


# -- which disks are meant


def _chosen(around: Surroundings, options: Mapping[str, Any], source: Domain | None) -> tuple[Wires, Wires]:
    """The disks that are meant, and those on the source or of the VMs that cannot be: the engine's own, and direct LUNs."""
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
        return [disk for disk in pool if disk.get("storage_type") == "image"], [disk for disk in pool if disk.get("storage_type") != "image"]
    return [*{disk["id"]: disk for disk in (_disk(pool, text, options) for text in options["disks"])}.values()], []


def _disks_of(around: Surroundings, text: str) -> set[str]:
    found = {(vm["id"], vm["name"]): vm for vms in around.vms.values() for vm in vms if text in (vm["id"], vm["name"])}
    if len({identifier for identifier, _name_ in found}) > 1:
        raise ambiguous("VM", text, list(found.values()))
    if not found:
        raise NotFound(f"vms: there is no VM {text!r} with disks.", hint="Check the spelling.")
    return {disk for disk, vms in around.vms.items() if any(text in (vm["id"], vm["name"]) for vm in vms)}


def _disk(pool: Wires, text: str, options: Mapping[str, Any]) -> Wire:
    found = [disk for disk in pool if text in (disk["id"], disk.get("alias"))]
    if len(found) > 1:
        raise ambiguous("disk", text, found)
    if not found:
        where = " of these VMs" if options.get("vms") else f" on {options['source']}" if options.get("source") else ""
        raise NotFound(f"disks: there is no disk {text!r}{where}.", hint="Check the spelling.")
    return found[0]


DISK_MOVE = Operation(
    name="disk_move",
    summary="Move disks to other storage domains, also while their VMs run",
    about=(
        "Moves single disks, all disks of VMs, or everything on a storage domain, to one storage domain or to the best of several.",
        "A disk of a VM that is up or paused is moved live, every other one is copied over. Disks that are on one of O(targets) already stay as they are.",
        "Before the first disk is moved all of them are looked at: status, purpose and space of the storage domains, disk profiles and quotas there, the state "
        "of VMs and snapshots, shared disks, ISO images in use and direct LUNs, templates that thin disks stand on. What stands against any of them is named "
        "at once.",
        "Space is reckoned as the engine does, with the overhead of layered disks and of the replica of a live move. What a storage domain "
        "keeps free stays free (C(critical_space) in M(virtops.ovirt.storage_domain)); a plan that leaves less than C(warning_low_space) gives a warning.",
        "After a killed or failed run, run the task again: moves that are still under way on the engine are waited for, not started a second time.",
    ),
    notes=(
        "Disks of one VM move one after the other: the engine answers the request for a second live move only when the first is over.",
        "With O(wait=false) a task ends when the engine has taken every move on. "
        "O(per_source) and O(per_target) limit what is begun at a time, not what then goes on.",
        "What is going on shows with C(-v).",
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
                "V(move) also removes the one on O(source), once nothing there stands on it any more. "
                "V(keep) leaves them alone, V(refuse) fails before anything is written.",
            ),
            choices=("copy", "move", "keep", "refuse"),
        ),
        Text("disk_profile", "Disk profile, by name or id, that the disks get; only targets that have it are taken. The engine chooses when it is left out."),
        Text("quota", "Quota of the data center, by name or id, that their space counts against from then on. They keep theirs when it is left out."),
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
            "V(move), V(copy) and V(remove) for disks of templates, V(wait) for what was under way already, or V(none).",
            choices=("move", "copy", "remove", "wait", "none"),
        ),
        Size("bytes", "Bytes it takes on the target."),
        Bool("live", "Whether its VM runs meanwhile."),
    ),
    shows=(
        Size("bytes", "Bytes that the whole plan moves."),
        Map("targets", "For each target, C(available_after), the bytes that the plan leaves there for further disks."),
        ListOf(
            "left", "What stays, of the engine's own on O(source), and direct LUNs of O(vms): C(id), C(name) and C(content_type).", each=Map("disk", "")
        ),
    ),
    seealso=("disk", "disk_info", "storage_domain_upgrade"),
)
