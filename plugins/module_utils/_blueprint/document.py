# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A document: sections named after kinds, each a list of the options that the kind's module takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import Goal
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Ref, Wire
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import PRESENT, Problem

Check = Callable[[str, Mapping[str, Any]], tuple[Mapping[str, Any], Sequence[str]]]
"""Validates the options of a kind as its module does: the options with defaults filled in, and what is wrong with them."""

_MOST_SHOWN = 50
"""Problems in a message; the result has all of them."""


@dataclass(eq=False)
class Entry:
    """An object that a document wants.

    place  where it stands, ``vm[3] (web1)``
    needs  entries that have to be true before it; many entries may share one list
    waits  further entries that are tried before it, with how many of them have to be true
    built  of an entry that starts something: the one that makes it, with other entries between the two
    """

    kind: str
    place: str
    goal: Goal
    needs: Sequence[Entry] = ()
    waits: Sequence[tuple[Sequence[Entry], int]] = ()
    built: Entry | None = None

    @property
    def name(self) -> str:
        return str(self.goal.wanted.get(self.goal.resource.identity.by) or self.goal.wanted.get("id"))

    @property
    def title(self) -> str:
        inside = "".join(f" of {value}" for value in self.goal.parents.values())
        return f"{self.goal.resource.words} {self.name}{inside}"


@dataclass
class Reading:
    """What came of a document.

    entries   in an order in which each comes after those it needs
    problems  all that is wrong with it, each with its place
    broken    (kind, name) of what is in the document and has a problem: nothing is known of what refers to it
    """

    entries: list[Entry]
    problems: list[Problem]
    broken: set[tuple[str, str]]


def read(document: Mapping[str, Any], check: Check) -> Reading:
    problems: list[Problem] = []
    broken: set[tuple[str, str]] = set()
    found = list(_read(document, check, problems, broken))
    _tell_twins(found, problems)
    _connect(found)
    found = _start_last(found)
    return Reading(_ordered(found, problems), problems, broken)


class InvalidDocument(InvalidInput):
    """A document that cannot be made true; ``told`` has all that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.told = [f"{problem.message} {problem.hint}".strip() for problem in problems]
        more = [f"And {len(problems) - _MOST_SHOWN} more."] if len(problems) > _MOST_SHOWN else []
        count = "a problem" if len(problems) == 1 else f"{len(problems)} problems"
        super().__init__(f"The document has {count}: {' '.join([*self.told[:_MOST_SHOWN], *more])}")


def tell(problems: Sequence[Problem]) -> None:
    """:raises InvalidDocument: there are problems."""
    if problems:
        raise InvalidDocument(problems)


def _read(document: Mapping[str, Any], check: Check, problems: list[Problem], broken: set[tuple[str, str]]) -> Iterator[Entry]:
    for kind, section in document.items():
        if kind not in CATALOGUE:
            near = get_close_matches(str(kind), CATALOGUE, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"There are {', '.join(sorted(CATALOGUE))}."
            problems.append(Problem(f"{kind}: there is no such kind.", hint))
            continue
        if not isinstance(section, list):
            problems.append(Problem(f"{kind}: has to be a list of {CATALOGUE[kind].words}s, and is {type(section).__name__}."))
            continue
        for number, given in enumerate(section):
            entry = _entry(kind, number, given, check, problems)
            if entry is not None:
                yield entry
            elif isinstance(given, Mapping):
                broken.add((kind, str(given.get(CATALOGUE[kind].identity.by) or given.get("id"))))


def _entry(kind: str, number: int, given: Any, check: Check, problems: list[Problem]) -> Entry | None:
    resource = CATALOGUE[kind]
    if not isinstance(given, Mapping):
        problems.append(Problem(f"{kind}[{number}]: has to be a dictionary of options, and is {type(given).__name__}."))
        return None
    name = given.get(resource.identity.by) or given.get("id")
    place = f"{kind}[{number}]" + (f" ({name})" if name else "")
    options, errors = check(kind, given)
    problems.extend(Problem(f"{place}: {error.rstrip('.')}.") for error in errors)
    if errors:
        return None
    try:
        goal = Goal.from_options(resource, options)
    except InvalidInput as error:
        problems.append(Problem(f"{place}: {error.message}", error.hint or ""))
        return None
    return Entry(kind, place, goal)


def identity_of(entry: Entry) -> tuple[Any, ...]:
    """What the document alone tells entries apart by."""
    goal = entry.goal
    within = goal.wanted.get(goal.resource.identity.within) if goal.resource.identity.within else None
    apart = tuple(goal.wanted.get(option) for option in goal.resource.identity.apart)
    return (entry.kind, entry.name, tuple(sorted(goal.parents.items())), str(within), apart)


def _tell_twins(found: Sequence[Entry], problems: list[Problem]) -> None:
    first: dict[tuple[Any, ...], Entry] = {}
    for entry in found:
        twin = first.setdefault(identity_of(entry), entry)
        if twin is not entry:
            problems.append(Problem(f"{entry.place}: is the same {entry.goal.resource.words} as {twin.place}.", "Merge the two."))


def _connect(found: Sequence[Entry]) -> None:
    """Gives each entry those of the document that it refers to, or is inside of."""
    by_name: dict[tuple[str, str], list[Entry]] = {}
    by_kind: dict[str, list[Entry]] = {}
    kept = [entry for entry in found if entry.goal.state.exists]
    for entry in kept:
        by_name.setdefault((entry.kind, entry.name), []).append(entry)
        by_kind.setdefault(entry.kind, []).append(entry)
    ground = Ground(by_name, by_kind)
    for entry in kept:
        named = [other for name in [*references(entry.goal), *_implied(entry.goal)] for other in by_name.get(name, ())]
        entry.needs = [other for other in {id(other): other for other in [*named, *_earlier(entry, by_name)]}.values() if other is not entry]
        entry.waits = ground.of(entry)
    go_in_turn([entry for entry in found if not entry.goal.state.exists])


def _earlier(entry: Entry, by_name: Mapping[tuple[str, str], list[Entry]]) -> list[Entry]:
    """Versions of one thing are made in the order of the document."""
    namesakes = by_name[entry.kind, entry.name] if entry.goal.resource.identity.apart else []
    return namesakes[: namesakes.index(entry)] if namesakes else []


def go_in_turn(gone: Sequence[Entry]) -> None:
    """What stands on others goes away before them."""
    higher: dict[str, list[Entry]] = {kind: [] for kind in _ORDER}
    for kind, entries_ in higher.items():
        entries_.extend(entry for entry in gone if _ORDER[entry.kind] > _ORDER[kind])
    for entry in gone:
        entry.needs = higher[entry.kind]


_ORDER = {kind: number for number, kind in enumerate(CATALOGUE)}
"""Kinds, each after those that it can stand on: what goes away does so in the opposite order."""


class Ground:
    """What the engine needs without its being named: a host of the data center to make storage with, and storage for the data center to be up.

    One of several is enough. What cannot be told to be in another data center, by the document alone, counts.
    """

    def __init__(self, by_name: Mapping[tuple[str, str], list[Entry]], by_kind: Mapping[str, list[Entry]]) -> None:
        self._by_name, self._by_kind = by_name, by_kind
        self._lists: dict[tuple[str, str | None], list[Entry]] = {}

    def of(self, entry: Entry) -> list[tuple[Sequence[Entry], int]]:
        center = self._center(entry)
        data = self._in("storage_domain", center)
        if entry.kind == "host":
            return self._of_host(entry)
        if entry.kind == "storage_domain":
            return self._of_storage(entry, center, data)
        if entry.kind in ("vm", "disk", "vm_pool", "template"):
            return [(data or self._in("host", center), 1)]
        return []

    def _of_host(self, entry: Entry) -> list[tuple[Sequence[Entry], int]]:
        """Two hosts cannot have one address: the first of the document gets it, whichever could be added sooner."""
        first = self._lists.setdefault(("address", str(entry.goal.wanted.get("address") or entry.name)), [entry])
        return [] if first[0] is entry else [(first, 0)]

    def _of_storage(self, entry: Entry, center: str | None, data: list[Entry]) -> list[tuple[Sequence[Entry], int]]:
        """The first data domain makes the data center one; others come when that has been tried, and need one where they hold no data."""
        waits: list[tuple[Sequence[Entry], int]] = [] if entry.goal.wanted.get("host") else [(self._in("host", center), 1)]
        if entry not in data:
            return [*waits, (data, 1)] if data else waits
        first = self._lists.setdefault(("first", data[0].name), data[:1])
        return waits if entry is data[0] else [*waits, (first, 0)]

    def _in(self, kind: str, center: str | None) -> list[Entry]:
        """Those of the data center, one list for all who ask; of storage domains only those that hold data."""
        if (kind, center) not in self._lists:
            found = [one for one in self._by_kind.get(kind, ()) if kind != "storage_domain" or one.goal.wanted.get("type", "data") == "data"]
            self._lists[kind, center] = [one for one in found if center is None or self._center(one) in (None, center)]
        return self._lists[kind, center]

    def _center(self, entry: Entry) -> str | None:
        """The data center that an entry is in, as far as the document tells."""
        wanted = entry.goal.wanted
        center = wanted.get("data_center")
        if isinstance(center, str) and center:
            return center
        for option in ("cluster", "storage_domain"):
            for other in self._by_name.get((option, str(wanted.get(option))), ()):
                return self._center(other)
        return None


_STARTS = ("running", "paused", "restarted")
_OF_A_START = ("run_once", "wait_for")


def _start_last(found: list[Entry]) -> list[Entry]:
    """VMs that an affinity group is about are made, then it, and then they are started: otherwise the engine would move them at once."""
    groups = [entry for entry in found if entry.kind == "affinity_group" and entry.goal.state.exists]
    about: dict[tuple[str, str], list[Entry]] = {}
    for group in groups:
        for option in ("vms", "vm_labels"):
            for name in group.goal.wanted.get(option) or []:
                about.setdefault((option, name), []).append(group)
    made: list[Entry] = []
    for entry in found:
        concerned = _groups_of(entry, about) if entry.kind == "vm" and entry.goal.state.name in _STARTS else []
        if concerned:
            entry.built = Entry(entry.kind, entry.place, _without_start(entry.goal), entry.needs, entry.waits)
            entry.needs, entry.waits = [entry.built, *concerned], ()
            made.append(entry.built)
        made.append(entry)
    for group in groups:
        group.needs = [other.built or other for other in group.needs]
    return made


def _groups_of(entry: Entry, about: Mapping[tuple[str, str], list[Entry]]) -> list[Entry]:
    wanted = entry.goal.wanted
    keys = [*(("vms", wanted[by]) for by in ("name", "id") if by in wanted), *(("vm_labels", label) for label in wanted.get("affinity_labels") or [])]
    return list({id(group): group for key in keys for group in about.get(key, ())}.values())


def _without_start(goal: Goal) -> Goal:
    wanted = {option: value for option, value in goal.wanted.items() if option not in _OF_A_START}
    return Goal(goal.resource, PRESENT, wanted, goal.parents)


def _implied(goal: Goal) -> list[tuple[str, str]]:
    """What the engine makes along with something of the document: a network brings a vNIC profile of its name."""
    profiles = [nic.get("vnic_profile") or nic.get("network") for nic in goal.wanted.get("nics") or []]
    return [("network", text) for text in [*profiles, goal.wanted.get("vnic_profile")] if isinstance(text, str) and text]


def references(goal: Goal) -> list[tuple[str, str]]:
    """(kind, name or id) of everything that the options of a goal name."""
    found: list[tuple[str, str]] = [(under.to, goal.parents[under.option]) for under in goal.resource.under if under.option in goal.parents]

    def note(ref: Ref, text: str) -> Wire:
        found.append((ref.to, text))
        return {"id": None, "name": text}

    for item in goal.resource.options:
        if item.option in goal.wanted:
            item.resolve(goal.wanted[item.option], note)
    return [(kind, text) for kind, text in found if isinstance(text, str) and text]


def _ordered(found: Sequence[Entry], problems: list[Problem]) -> list[Entry]:
    """Each after those it needs; a circle is a problem."""
    ordered: list[Entry] = []
    state: dict[int, int] = {}
    walked: set[int] = set()

    def walk(entry: Entry) -> tuple[Entry, Iterator[Entry]]:
        state[id(entry)] = 1
        waits = [other for those, _least in entry.waits if id(those) not in walked for other in those if other is not entry]
        return entry, iter([*(() if id(entry.needs) in walked else entry.needs), *waits])

    for root in found:
        stack = [walk(root)] if id(root) not in state else []
        while stack:
            entry, needs = stack[-1]
            need = next(needs, None)
            if need is None:
                state[id(entry)] = 2
                walked.update([id(entry.needs), *(id(those) for those, _least in entry.waits)])
                ordered.append(entry)
                stack.pop()
            elif id(need) not in state:
                stack.append(walk(need))
            elif state[id(need)] == 1:
                circle = [one.place for one, _rest in stack]
                circle = [*circle[circle.index(need.place):], need.place]
                problems.append(Problem(f"These need one another in a circle: {' -> '.join(circle)}."))
    return ordered
