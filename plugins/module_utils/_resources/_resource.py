# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of a kind. From one ``Resource`` come argument spec, request bodies, comparison, plan, waits, results and documentation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional, Protocol, Union

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import LIVE, Field, Ref, Struct, Wire, Wires, dig

ID_PATTERN = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


class Reader(Protocol):
    """What looks at the engine and never changes it; all that rules, hooks and plans get to see of it.

    together   whether other objects are planned along with this one, so that what is in use now may be free when its turn comes
    foretells  whether the plan is only told, so that what the engine would refuse may be worth requests of its own
    """

    together: bool
    foretells: bool

    def get(self, path: str, *, follow: Sequence[str] = (), params: Mapping[str, Any] | None = None) -> Wire | None: ...

    def list(self, path: str, *, search: str | None = None, follow: Sequence[str] = ()) -> Wires: ...

    def once(self, path: str, *, follow: Sequence[str] = ()) -> Wires: ...

    def find(self, path: str, value: str, *, key: str = "name") -> Wires: ...

    def reference(self, kind: str, text: str, *, scope: Mapping[str, Any] | None = None) -> Wire: ...

    def name_of(self, kind: str, identifier: str, href: str | None = None) -> str | None: ...


@dataclass(frozen=True)
class Settle:
    """When an operation is over: a table of values of one member, not a loop.

    read    the member that is watched, dotted
    good    its values at the end; empty: any value that is neither bad nor busy
    bad     its values when it failed
    busy    its values on the way, where ``good`` is empty
    gone    the end is that the object is not there any more
    until   a further condition on the representation, for ends that one member does not tell
    job     the engine's job of the request has to be over and well, too
    decides whether a value of the end is the end, though the job failed: that was at something beside it
    tells   what to say of the representation when it has not come to that in time
    lasts   how long a bad value has to stay before it counts, in seconds (a host passes through bad ones while it boots)
    laments codes of the events about the object that end such a stay at once: the engine itself says that it failed
    """

    read: str = "status"
    good: frozenset[str] = frozenset()
    bad: frozenset[str] = frozenset()
    busy: frozenset[str] = frozenset()
    gone: bool = False
    until: Optional[Callable[[Wire], bool]] = None
    tells: Optional[Callable[[Wire], str]] = None
    job: bool = True
    decides: bool = False
    lasts: float = 0
    laments: frozenset[int] = frozenset()

    def verdict(self, wire: Wire | None) -> str:
        """``"done"``, ``"bad"`` or ``"busy"``."""
        if wire is None:
            return "done" if self.gone else "bad"
        value = str(dig(wire, self.read) or "")
        if value in self.bad:
            return "bad"
        if self.gone:
            return "busy"
        reached = value in self.good if self.good else value not in self.busy
        return "done" if reached and (self.until is None or self.until(wire)) else "busy"


NOTHING_TO_WAIT_FOR: Optional[Settle] = None
GONE = Settle(gone=True)


@dataclass(frozen=True)
class Change:
    """One option that changes; ``before`` and ``after`` are cut down to what differs."""

    option: str
    before: Any
    after: Any
    effect: str | None = None


Leaves = Sequence[tuple[str, Optional[Wire]]]
"""Objects by their paths, with members that they have; None for one that is gone."""
CREATE, UPDATE, REMOVE, ACT, LOOK = "create", "update", "remove", "act", "look"


@dataclass(frozen=True)
class Step:
    """One request that writes, and what it leads to; ``LOOK`` writes nothing, and only waits.

    path    below the API root; ``{id}`` stands for the object's own id, ``{KEY}`` for that of an object which an earlier step of
            this plan created with ``saves=KEY``
    settle  what has to be waited for before the next step (None: nothing)
    watch   the path that is read while waiting (the object's own when left out)
    follow  links that are read along while waiting
    own     whether it creates the object itself, not something inside it
    look_for  after a lost answer of a creation: the member and value by which the new object is found in its collection
    finds   what looks for the new object, where a member and its value do not tell it
    slow    the engine may take long to answer the request itself
    within  seconds for the wait, where they are fewer than the task has
    otherwise  the step that is taken when they are over (None: the task fails)
    insists  whether an action that the engine gave up, with this reason, is asked for again while there is time
    passing  words of a refusal that passes by itself, beside those that always do, and the seconds after which it is believed
    instead  the step that is taken when what is looked at comes to something bad (None: the task fails)
    known    ids of what fits ``look_for`` and was there before
    learns   what later steps need to know of the object once the wait is over: ids by the keys that their paths name
    leaves   what else is there, or is otherwise, once it is done, as (path, members or None for gone): ``{new}`` is the new id, other
             placeholders are ids that nothing else tells. Only plans of what comes after it look at that
    """

    do: str
    says: str
    path: str
    body: Wire = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    verb: str = ""
    settle: Settle | None = None
    watch: str = ""
    follow: Sequence[str] = ()
    saves: str = ""
    own: bool = False
    look_for: tuple[str, str] = ("", "")
    finds: Optional[Callable[[Reader], Wires]] = None
    slow: bool = False
    within: float | None = None
    otherwise: Optional[Step] = None
    insists: Optional[Callable[[str], bool]] = None
    passing: tuple[str, float] = ("", 0.0)
    instead: Optional[Step] = None
    known: Collection[str] = frozenset()
    learns: Optional[Callable[[Wire], Mapping[str, str]]] = None
    leaves: Leaves = ()


@dataclass(frozen=True)
class Problem:
    """What stands against a plan, found before anything is written."""

    message: str
    hint: str = ""


@dataclass
class Situation:
    """All that a plan is made of. ``wanted`` holds native values with resolved references, ``current`` the object's result shape
    (None: it is not there), ``facts`` what the kind's ``gather`` hook looked up."""

    resource: Resource
    state: State
    wanted: dict[str, Any]
    current: dict[str, Any] | None
    wire: Wire | None
    collection: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def identifier(self) -> str:
        return str(self.current["id"]) if self.current else ""

    @property
    def own_path(self) -> str:
        return f"{self.collection}/{self.identifier or '{id}'}"

    @property
    def title(self) -> str:
        """``data center prod``, for messages."""
        return self.resource.title(self.wanted, self.current)

    def effective(self, option: str) -> Any:
        """What is wanted of an option, or what it is now where nothing is."""
        return self.wanted[option] if option in self.wanted else (self.current or {}).get(option)

    def changes(self) -> list[Change]:
        """Fields of the object that are wanted otherwise than they are."""
        found = []
        current = self.current or {}
        for item in self.resource.fields:
            if item.option not in self.wanted or item.read_only or item.write_only:
                continue
            wanted, now = self.wanted[item.option], current.get(item.option)
            if self.current is None or not item.same(wanted, now):
                before, after = item.differing(wanted, now)
                found.append(Change(item.option, before, after, self._effect(item, wanted, now) if self.current is not None else None))
        return found

    def _effect(self, item: Field, wanted: Any, now: Any) -> str | None:
        """How a change reaches what runs; where another configuration waits, that is not what the object shows."""
        waits = self.resource.running is not None and item.option in (self.current or {}).get("pending", {})
        if not waits or self.resource.running is None:
            return item.effect_of(wanted, now)
        runs, touched = self.resource.running(self.current or {}, item.option), item.touched(wanted, now)
        return LIVE if item.same(touched, runs) else item.effect_of(touched, runs)


@dataclass(frozen=True)
class Action:
    """An operation of the engine as a value.

    already  whether the object (in its result shape) is there already
    reached  the wait for its end
    leads    fields of the result that it changes, and to what
    body     the request's body, from the situation
    on       the path it is posted below, from the situation (the object's own when left out)
    watch    the path that is read while waiting, from the situation
    """

    verb: str
    says: str
    already: Callable[[dict[str, Any]], bool]
    reached: Settle
    leads: Mapping[str, Any] = field(default_factory=dict)
    body: Optional[Callable[[Situation], Wire]] = None
    on: Optional[Callable[[Situation], str]] = None
    watch: Optional[Callable[[Situation], str]] = None

    def step(self, situation: Situation) -> Step:
        return Step(
            do=ACT,
            says=f"{self.says} {situation.title}",
            path=self.on(situation) if self.on else situation.own_path,
            verb=self.verb,
            body=self.body(situation) if self.body else {},
            settle=self.reached,
            watch=self.watch(situation) if self.watch else "",
        )


@dataclass(frozen=True)
class State:
    """A choice of the option ``state``. ``actions`` are made true in turn once the object is there."""

    name: str
    doc: str
    exists: bool = True
    actions: Sequence[Action] = ()


PRESENT = State("present", "It exists with the options given.")
ABSENT = State("absent", "It does not exist.", exists=False)


@dataclass(frozen=True)
class Identity:
    """How an object is told from its siblings: by ``id``, or by the field ``by``, which is unique within ``within``
    (a reference field of the same resource; "" where it is unique among all). ``new`` is the argument that gives it another one.
    Where several share it by right, ``apart`` are the options that tell them apart, and ``meant`` picks the one that is meant; GET only.
    ``place`` is the reference that says where it is: what is somewhere else is never removed."""

    by: str = "name"
    within: str = ""
    new: str = ""
    place: str = ""
    apart: Sequence[str] = ()
    meant: Optional[Callable[[Reader, Situation, Wires], Wires]] = None


@dataclass(frozen=True)
class Under:
    """A parent: the object is in a sub-collection of what the option names. Of several, one is to be given."""

    option: str
    to: str
    path: str
    doc: str = ""


@dataclass
class Work:
    """What a plan says: the steps, and the fields of the result they change beside the changed options; those in ``follows`` are only reckoned
    from others, and no part of the diff."""

    steps: list[Step] = field(default_factory=list)
    leads: dict[str, Any] = field(default_factory=dict)
    follows: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


Rule = Callable[[Situation], Iterator[Problem]]


@dataclass(frozen=True)
class Resource:
    """A kind.

    kind        singular, the module's name and the key of its results
    words       how a sentence calls it ("data center")
    collection  where it lives below the API root, or below each of ``under``
    fields      its options and results, in the order of the documentation
    arguments   options that steer the work and are no part of the object
    follow      links that are read along, each with the option (or several) that it shows; only ones the engine always has
    unlisted    options (or ``option.member``) that lists do not show: who wants them reads each object by itself, with ``read_params``
    beside      options among these that take a request of their own for each object, with what adds them to its representation
    rules       pure checks of a situation
    gather      GETs for facts that rules or steps need
    complete    GETs that add to a representation what the engine keeps elsewhere
    shape_body  last touch to a body, for members that only make sense together
    steps       the plan, where the standard one does not do
    born        what the engine adds to a new one and makes beside it, see ``Step.leaves``
    settles     the wait after creation and change
    removed     the wait after removal
    removal     query parameters of the removal
    searchable  whether the collection takes the engine's search
    several     whether a task may mean several of them, in a list named ``many`` or by a search
    at_rest     statuses in which a change is simply there, so that there is nothing to tell of how it reaches what runs
    running     what an object runs with of an option, where another value of it waits (the result has ``pending`` then)
    exported    whether an export that names no kinds has it
    of_users    where the collection also has what the engine makes for itself: the member, and its values, of what users make
    """

    kind: str
    words: str
    collection: str
    summary: str
    fields: Sequence[Field]
    plural: str = ""
    about: Sequence[str] = ()
    notes: Sequence[str] = ()
    identity: Identity = Identity()
    under: Sequence[Under] = ()
    arguments: Sequence[Field] = ()
    states: Sequence[State] = (PRESENT, ABSENT)
    follow: Mapping[str, Union[str, Sequence[str]]] = field(default_factory=dict)
    unlisted: frozenset[str] = frozenset()
    beside: Mapping[str, Callable[[Reader, Wire], Wire]] = field(default_factory=dict)
    read_params: Mapping[str, Any] = field(default_factory=dict)
    rules: Sequence[Rule] = ()
    gather: Optional[Callable[[Reader, Situation], dict[str, Any]]] = None
    complete: Optional[Callable[[Reader, Wire], Wire]] = None
    shape_body: Optional[Callable[[Wire, Situation], Wire]] = None
    steps: Optional[Callable[[Situation], Work]] = None
    born: Optional[Callable[[Situation], Leaves]] = None
    settles: Settle | None = NOTHING_TO_WAIT_FOR
    removed: Settle | None = NOTHING_TO_WAIT_FOR
    removal: Optional[Callable[[Situation], Mapping[str, Any]]] = None
    searchable: bool = True
    several: bool = False
    at_rest: frozenset[str] = frozenset()
    running: Optional[Callable[[Mapping[str, Any], str], Any]] = None
    exported: bool = True
    of_users: tuple[str, Sequence[str]] = ("", ())

    @property
    def many(self) -> str:
        """The key of a list of them in results."""
        return self.plural or f"{self.kind}s"

    @property
    def options(self) -> list[Field]:
        """Every field and argument that is an option of the state module, in order."""
        return [item for item in (*self.fields, *self.arguments) if not item.read_only]

    @property
    def references(self) -> list[Ref]:
        """The options that are references, those that others look within first."""
        refs = [item for item in self.options if isinstance(item, Ref)]
        return sorted(refs, key=lambda ref: bool(ref.within))

    def links(self, options: Collection[str] | None = None) -> tuple[str, ...]:
        """The links to follow for the options named, or for all of them."""
        return tuple(link for link, shown in self.follow.items() if options is None or any(one in options for one in _as_list(shown)))

    def whole(self, options: Mapping[str, Any] | Collection[str]) -> bool:
        """Whether the options named need each object read by itself. Of an option whose members are named, too, these count."""

        def named(option: str, member: str) -> bool:
            inner = options.get(option) if isinstance(options, Mapping) else None
            return option in options and (not member or not isinstance(inner, Mapping) or member in inner)

        return any(named(*one.partition(".")[::2]) for one in self.unlisted)

    def completed(self, reader: Reader, wire: Wire, options: Collection[str] | None = None, *, by_itself: bool = True) -> Wire:
        """A representation with what the engine keeps elsewhere of the options named, or of all.

        :param by_itself: the object was not read in a list.
        """
        reading = [read for option, read in self.beside.items() if by_itself and (options is None or option in options)]
        for read in dict.fromkeys(reading):
            wire = read(reader, wire)
        return self.complete(reader, wire) if self.complete else wire

    def field_of(self, option: str) -> Field:
        return next(item for item in (*self.fields, *self.arguments) if item.option == option)

    def state_of(self, name: str) -> State:
        return next(state for state in self.states if state.name == name)

    def title(self, wanted: Mapping[str, Any], current: Mapping[str, Any] | None) -> str:
        label = (current or {}).get(self.identity.by) or wanted.get(self.identity.by) or wanted.get("id") or ""
        return f"{self.words} {label}".strip()

    def result(self, wire: Wire) -> dict[str, Any]:
        """The result shape of a representation: ``id``, every field that can be read, and the object's ``href``."""
        shown: dict[str, Any] = {"id": wire.get("id")}
        for item in self.fields:
            if not item.write_only:
                shown[item.option] = item.read(wire)
        return shown

    def body(self, situation: Situation, options: Sequence[str]) -> Wire:
        """A request body that holds the options named."""
        body: Wire = {}
        for item in self.fields:
            if item.option in options:
                wanted = situation.wanted[item.option]
                item.write(body, item.whole(wanted, (situation.current or {}).get(item.option)) if isinstance(item, Struct) and wanted else wanted)
        return self.shape_body(body, situation) if self.shape_body else body


def _as_list(one_or_several: Union[str, Sequence[str]]) -> Sequence[str]:
    return (one_or_several,) if isinstance(one_or_several, str) else one_or_several
