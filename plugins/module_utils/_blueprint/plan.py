# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it takes to make a document true: one unit of work for each entry that is not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, EngineError, InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._blueprint.document import Entry, identity_of, references
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Unit
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate, Getter
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.foreseen import Effect, Foreseen, effects_of, is_foreseen
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import Goal
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.plan import Plan
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome, carry_out, foresee
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, Wires, level
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ID_PATTERN, Problem

LEVEL = "compatibility_version"
_ONE = re.compile(rf"^(\w+)/({ID_PATTERN})$")
_PURGES = (("nics", "purge_nics"), ("disks", "purge_disks"), ("host_devices", "purge_host_devices"))
_BROUGHT_ALONG = {"data_center": ("networks", "vnicprofiles"), "cluster": ("cpuprofiles",), "network": ("vnicprofiles",), "storage_domain": ("diskprofiles",)}
"""Collections in which the engine makes something of its own when an object of the kind is made."""
_BESIDE_VMS = {
    "": ("clusters", "hosts", "templates", "cpuprofiles"),
    "nics": ("networks", "vnicprofiles"),
    "disk_attachments.disk": ("storagedomains", "diskprofiles"),
}
"""By what is followed of VMs, what their representations refer to by id."""


class Overview(Estate):
    """An estate of which whole collections were read at once. While a plan is made, single objects come from there, too."""

    together = True

    def __init__(self, client: Getter) -> None:
        super().__init__(client)
        self.planning = True
        self._of_templates: dict[tuple[str, tuple[str, ...]], Wires] = {}

    def get(self, path: str, *, follow: Sequence[str] = (), params: Mapping[str, Any] | None = None) -> Wire | None:
        found = _ONE.match(path)
        if self.planning and found and not params and found[1] in self._loaded:
            return self.known(found[1], found[2])
        return super().get(path, follow=follow, params=params)

    def once(self, path: str, *, follow: Sequence[str] = ()) -> Wires:
        # What changes in them meanwhile does so by this very work, which notes it.
        if not follow and path in self._loaded:
            return self.load(path)
        if not path.startswith("templates/"):
            return super().once(path, follow=follow)
        # What VMs are made from stays as it is while they are made.
        key = (path, tuple(follow))
        if key not in self._of_templates:
            self._of_templates[key] = self.list(path, follow=follow)
        return self._of_templates[key]

    def made(self, kind: str) -> None:
        """Reads again what has changed along with a new object of the kind."""
        for path in _BROUGHT_ALONG.get(kind, ()):
            self.reload(path)

    def changed(self, kind: str) -> None:
        """Forgets what is not true any more once an object of the kind has changed."""
        if kind == "template":
            self._of_templates.clear()


def overview(client: Client, entries: Sequence[Entry]) -> Overview:
    """Reads every collection that the entries are in or refer to, several at a time."""
    estate = Overview(client)
    wanted: dict[str, set[str]] = {}
    for entry in entries:
        resource = entry.goal.resource
        if not resource.under:
            wanted.setdefault(resource.collection, set()).update(_follow(entry))
        for kind, _text in references(entry.goal):
            if "{" not in REFERENCES[kind].path:
                wanted.setdefault(REFERENCES[kind].path, set())
    if any(disk.get("name") and not disk.get("id") for entry in entries if entry.kind == "vm" for disk in entry.goal.wanted.get("disks") or []):
        wanted.setdefault("disks", set())
    if any(entry.kind == "vm" for entry in entries):
        for path in [path for link, paths in _BESIDE_VMS.items() if not link or link in wanted["vms"] for path in paths]:
            wanted.setdefault(path, set())
    with ThreadPoolExecutor(max_workers=4) as pool:
        for loading in [pool.submit(estate.load, path, follow=tuple(sorted(follow))) for path, follow in wanted.items()]:
            loading.result()
    for entry in [one for one in entries if not one.goal.resource.under and one.goal.resource.whole(one.goal.wanted)]:
        resource = entry.goal.resource
        for wire in estate.find(resource.collection, entry.name, key=resource.field_of(resource.identity.by).where):
            estate.forget(resource.collection, wire["id"])
            whole = estate.get(f"{resource.collection}/{wire['id']}", follow=resource.links(), params=resource.read_params)
            if whole is not None:
                estate.note(resource.collection, resource.completed(estate, whole, entry.goal.wanted))
    return estate


def _follow(entry: Entry) -> tuple[str, ...]:
    """Links that are followed in a list: only those whose option is wanted of anything."""
    asked = {*entry.goal.wanted, *(option for option, purge in _PURGES if entry.goal.wanted.get(purge))}
    return entry.goal.resource.links(asked)


def draft(entries: Sequence[Entry], estate: Overview, broken: Set[tuple[str, str]] = frozenset()) -> Draft:
    """A unit for each entry, in the order of the entries; those that are as wanted have no work.

    :param broken: (kind, name) of what is in the document and not among the entries.
    """
    made = Draft()
    units: dict[int, Unit] = {}
    # By the list of those that are needed, which many entries may share.
    needed: dict[int, tuple[list[Unit], bool, bool]] = {}
    # By kind and id: two entries that cannot be told apart by what the document says may still mean one object.
    found: dict[tuple[str, str], Entry] = {}
    raised = _raised(entries, estate)
    for entry in entries:
        needs, unclear, comes = _drafted(entry.needs, units, needed)
        waits = [(_drafted(those, units, needed), least) for those, least in entry.waits]
        unclear, comes = unclear or any(wait[1] for wait, _least in waits), comes or any(wait[2] for wait, _least in waits)
        if unclear or (broken and not broken.isdisjoint(references(entry.goal))):
            # What is wrong there is told there.
            unit = _unit(entry, Outcome())
            unit.shows = {"action": "unknown"}
        elif entry in raised:
            unit = _raise(entry, estate)
        elif entry.built is not None:
            unit = _started(entry, units[id(entry.built)], estate)
        elif comes:
            unit = _deferred(entry, estate)
        else:
            unit = _planned(entry, estate)
            twin = found.setdefault((entry.kind, unit.item["id"]), entry) if unit.item["id"] else entry
            if entry.place != twin.place and identity_of(twin) != identity_of(entry):
                unit.problems = [*unit.problems, Problem(f"{entry.place}: is the same {entry.goal.resource.words} as {twin.place}.", "Merge the two.")]
        unit.after, unit.waits, unit.shares = needs, [(those, least) for (those, _unclear, _comes), least in waits], _shares(entry)
        unit.shows = {**unit.shows, "place": entry.place}
        units[id(entry)] = unit
        made.units.append(unit)
        if unit.shows.get("action") == "create":
            estate.expect(entry.kind, entry.name)
    for entry in raised:
        _raise_after(units[id(entry)], [units[id(one)] for one in raised[entry]], made.units)
    return made


def _raised(entries: Sequence[Entry], estate: Overview) -> dict[Entry, list[Entry]]:
    """Data centers of the document that are there and get a higher compatibility level, each with the clusters of the document that get it, too."""
    found: dict[Entry, list[Entry]] = {}
    for entry in entries:
        wanted = entry.goal.wanted
        there = estate.find("datacenters", entry.name) if entry.kind == "data_center" and wanted.get(LEVEL) else []
        if len(there) == 1 and entry.goal.state.exists and level(wanted[LEVEL]) > level(entry.goal.resource.field_of(LEVEL).read(there[0])):
            inside = [one for one in entries if one.kind == "cluster" and one.goal.state.exists and one.goal.wanted.get("data_center") == entry.name]
            found[entry] = [one for one in inside if one.goal.wanted.get(LEVEL) and level(one.goal.wanted[LEVEL]) >= level(wanted[LEVEL])]
    return {entry: clusters for entry, clusters in found.items() if clusters}


def _raise(entry: Entry, estate: Overview) -> Unit:
    """The rise of a data center, which is planned when its clusters have risen; what else it is to be is foretold."""
    goal = entry.goal
    rest = {option: value for option, value in goal.wanted.items() if option != LEVEL}
    unit = _planned(replace(entry, goal=Goal(goal.resource, goal.state, rest, goal.parents)), estate)
    now = goal.resource.field_of(LEVEL).read(estate.find("datacenters", entry.name)[0])
    outcome = unit.outcome
    outcome.before, outcome.after = {**(outcome.before or {}), LEVEL: now}, {**(outcome.after or {}), LEVEL: goal.wanted[LEVEL]}
    outcome.changed, outcome.steps = True, [{"do": "update", "says": f"change {', '.join(outcome.after)} of {entry.title}"}]
    unit.shows, unit.work = {"action": "change"}, _Work(unit, entry, None, estate)
    return unit


def _raise_after(center: Unit, clusters: Sequence[Unit], units: list[Unit]) -> None:
    """The level of a data center is raised after those of its clusters, as the engine demands; so they, and what they need, do not wait for it."""
    before: set[int] = set()
    looking = list(clusters)
    while looking:
        unit = looking.pop()
        if id(unit) not in before:
            before.add(id(unit))
            unit.after = [one for one in unit.after if one is not center]
            looking.extend([*unit.after, *(one for those, _least in unit.waits for one in those)])
    center.after = [*center.after, *clusters]
    units.remove(center)
    units.insert(1 + max(units.index(unit) for unit in clusters), center)


def _drafted(
    entries: Sequence[Entry], units: Mapping[int, Unit], needed: dict[int, tuple[list[Unit], bool, bool]]
) -> tuple[list[Unit], bool, bool]:
    """The units of entries that others need, whether anything is unclear about them, and whether any of them is made by this very work."""
    if id(entries) not in needed:
        found = [units[id(need)] for need in entries if id(need) in units]
        unclear = any(need.problems or need.shows["action"] == "unknown" for need in found)
        needed[id(entries)] = found, unclear, any(need.shows["action"] == "create" for need in found)
    return needed[id(entries)]


def _shares(entry: Entry) -> list[tuple[str, int]]:
    """A VM does one thing at a time: its snapshots, NICs and disks are not changed side by side, nor is it made several templates of."""
    machine = entry.name if entry.kind == "vm" else entry.goal.parents.get("vm") or entry.goal.wanted.get("vm")
    return [(f"vm {machine}", 1)] if machine else []


def _unit(entry: Entry, outcome: Outcome) -> Unit:
    return Unit(entry.title, {"kind": entry.kind, "name": entry.name, "id": None}, outcome)


def _planned(entry: Entry, estate: Overview) -> Unit:
    outcome = Outcome()
    unit = _unit(entry, outcome)
    unit.shows = {"action": "unknown"}
    try:
        plan = foresee(entry.goal, outcome, estate)
    except (NotFound, Ambiguous, InvalidInput) as error:
        unit.problems = [Problem(f"{entry.place}: {error.message}", error.hint or "")]
        return unit
    current = plan.situation.current
    unit.item = {**unit.item, "id": (current or {}).get("id")}
    unit.problems = [Problem(f"{entry.place}: {problem.message}", problem.hint) for problem in plan.problems]
    action = "none" if not plan.steps else "remove" if not entry.goal.state.exists else "create" if current is None else "change"
    unit.shows = {"action": action}
    outcome.before, outcome.after = outcome.diff["before"], outcome.diff["after"]
    if plan.steps:
        unit.work = _Work(unit, entry, plan, estate)
    return unit


def _deferred(entry: Entry, estate: Overview) -> Unit:
    """Of what is made inside or on something that is not there yet, everything is new; it is planned when its turn comes."""
    goal = entry.goal
    exists = goal.state.exists
    after = {**{option: {"id": None, "name": text} for option, text in goal.parents.items()}, **goal.wanted} if exists else {}
    unit = _unit(entry, Outcome(exists, {}, after))
    unit.shows = {"action": "create" if exists else "none"}
    missing = [item.option for item in goal.resource.options if item.needed and goal.wanted.get(item.option) in (None, "", {}, [])]
    if exists and missing:
        unit.problems = [Problem(f"{entry.place}: {entry.title} cannot be created without {' and '.join(missing)}.", f"Add {', '.join(missing)}.")]
    if exists:
        unit.outcome.steps = [{"do": "create", "says": f"create {entry.title}"}]
        unit.work = _Work(unit, entry, None, estate)
    return unit


def foretold(made: Draft, estate: Overview, client: Client) -> Iterator[Effect]:
    """What becomes of the entries, for later tasks of a run in check mode; those that were put off are planned as if what they need were there."""
    if not isinstance(client, Foreseen):
        return
    estate.planning = True
    for work in [unit.work for unit in made.units if isinstance(unit.work, _Work)]:
        try:
            plan = work.plan or foresee(work.entry.goal, Outcome(), estate)
        except EngineError:
            # That it cannot be told does not make the entry wrong.
            continue
        if plan.problems:
            continue
        effects = effects_of(plan)
        client.add(effects)
        for path in dict.fromkeys(effect.path for effect in effects if effect.path.count("/") == 1):
            collection, _slash, identifier = path.partition("/")
            wire = client.get(path, follow=plan.situation.resource.links(), missing="none") if is_foreseen(identifier) else None
            if wire is not None:
                estate.note(collection, wire)
        yield from effects


def _started(entry: Entry, built: Unit, estate: Overview) -> Unit:
    """What is left of an entry once it is made: its start. What is made with it is told of there."""
    if built.idle:
        return _planned(entry, estate)
    made = {step["says"] for step in built.outcome.steps}
    unit = _planned(entry, estate) if built.shows["action"] == "change" else _unit(entry, Outcome(True))
    unit.item = built.item
    starts = [step for step in unit.outcome.steps if step["says"] not in made]
    if built.shows["action"] == "change" and not starts:
        return Unit(entry.title, built.item, Outcome(), problems=unit.problems, shows={"action": "none"})
    status = "paused" if entry.goal.state.name == "paused" else "up"
    unit.outcome.before, unit.outcome.after = {}, {"status": status}
    unit.outcome.steps = starts or [{"do": "act", "says": f"start {entry.title}"}]
    unit.shows, unit.work = {"action": "change"}, _Work(unit, entry, None, estate)
    return unit


class _Work:
    """Carries out the plan of an entry, or makes it first where it could not be made before."""

    def __init__(self, unit: Unit, entry: Entry, plan: Plan | None, estate: Overview) -> None:
        self.unit, self.entry, self.plan, self.estate = unit, entry, plan, estate

    def __call__(self, hands: Hands) -> None:
        done = Outcome()
        plan = self.plan or foresee(self.entry.goal, done, self.estate)
        plan.check()
        done.changed, done.steps = False, []
        try:
            if plan.steps:
                shown = {*plan.situation.wanted}
                carry_out(plan, done, self.estate, hands.client, hands.deadline, wait=True, progress=hands.progress, shown=shown)
                self.estate.changed(self.entry.kind)
                if plan.situation.current is None:
                    self.estate.made(self.entry.kind)
        finally:
            outcome = self.unit.outcome
            outcome.steps, outcome.changed = done.steps, done.changed
            outcome.warnings.extend(done.warnings)
            if plan.diff["after"]:
                outcome.before, outcome.after = plan.diff["before"], plan.diff["after"]
            self.unit.item = {**self.unit.item, "id": done.id or self.unit.item["id"]}
