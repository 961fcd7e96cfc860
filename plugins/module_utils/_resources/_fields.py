# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a field of a resource is: one option of the module, one place in the engine's representation, one key of the result.

Three forms of a value are told apart here and nowhere else:

* *given*: what the user wrote, after Ansible's own type conversion (``"10GiB"``, ``"prod"``);
* *native*: what everything above this floor works with, and what results show (``10737418240``,
  ``{"id": "...", "name": "prod"}``);
* *wire*: JSON of the engine, in which numbers and booleans are strings (``"10737418240"``, ``{"id": "..."}``) and a list sits
  below the name of its element (``{"range": [...]}``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Optional, Union

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._base.sizes import to_bytes

Wire = dict[str, Any]
Wires = list[Wire]
Native = Any

LIVE = "live"
HOTPLUG = "hotplug"
NEXT_RUN = "next_run"
NEEDS_DOWN = "needs_down"
STRONGEST_FIRST = (NEEDS_DOWN, NEXT_RUN, HOTPLUG, LIVE)

Effect = Union[str, Callable[[Native, Native], str]]
"""How a change reaches an object that is running: one of the constants above, or a function of (wanted, current)."""

Resolve = Callable[["Ref", str], Wire]
"""Turns what a user wrote for a reference into ``{"id": ..., "name": ...}``."""

NameOf = Callable[["Ref", Wire], Wire]
"""Adds the name to a reference of which only ``id`` and ``href`` are known."""


def dig(wire: Mapping[str, Any] | None, path: str) -> Any:
    """The value at a dotted path, None where any part of it is missing."""
    value: Any = wire
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value


def put(wire: Wire, path: str, value: Any) -> None:
    """Sets the value at a dotted path, making the objects on the way."""
    *parents, last = path.split(".")
    for part in parents:
        wire = wire.setdefault(part, {})
    wire[last] = value


_LOOK_LIKE_SECRETS = frozenset({"pass_through", "pass_discard", "authorized_ssh_keys", "regenerate_ssh_keys"})
"""Options that Ansible takes for secrets by their names, and that are none."""


@dataclass(frozen=True, eq=False)
class Field:
    """One option. ``path`` is where it sits on the wire (dotted; the option's own name when left out).

    needed      the object cannot be created without it
    fixed       cannot be changed afterwards: a differing value is an error before anything is written
    read_only   never an option, only part of results
    write_only  the engine never answers it: sent when the object is created, never compared
    on_create   sent at creation when the user gives nothing, only where the API demands a value
    absent      what it means, and what results show, when the engine leaves the member out
    cleared     the wire value that clears it, where that is not the empty native value itself
    effect      how a change takes effect on something that runs
    only_with   the option beside it, and the value of that, without which the engine ignores this one (None: any value); both are sent together
    """

    option: str
    doc: str | Sequence[str]
    path: str = ""
    needed: bool = False
    fixed: bool = False
    read_only: bool = False
    write_only: bool = False
    on_create: Native = None
    absent: Native = None
    cleared: Any = None
    effect: Effect | None = None
    aliases: Sequence[str] = ()
    only_with: tuple[str, Any] | None = None

    ansible_type = "str"

    @property
    def where(self) -> str:
        return self.path or self.option

    def spec(self) -> dict[str, Any]:
        """The entry of Ansible's argument spec."""
        spec: dict[str, Any] = {"type": self.ansible_type}
        if self.option in _LOOK_LIKE_SECRETS:
            spec["no_log"] = False
        if self.aliases:
            spec["aliases"] = list(self.aliases)
        return spec

    def shape(self) -> dict[str, Any]:
        """How results show it: ``type`` and, where they apply, ``elements`` and ``fields``."""
        return {"type": self.ansible_type}

    def accept(self, given: Any, option: str) -> Native:
        """Native from given; InvalidInput names the option."""
        return given

    def resolve(self, native: Native, resolve: Resolve) -> Native:
        """The same with every reference in it resolved."""
        return native

    def named(self, native: Native, name_of: NameOf) -> Native:
        """The same with a name for every reference in it."""
        return native

    def from_wire(self, value: Any) -> Native:
        return value

    def to_wire(self, native: Native) -> Any:
        return native

    def as_given(self, native: Native) -> Any:
        """What a user would write for it."""
        return native

    def read(self, wire: Wire) -> Native:
        """Native out of the whole object's representation."""
        value = dig(wire, self.where)
        return self.absent if value is None else self.from_wire(value)

    def write(self, body: Wire, native: Native) -> None:
        """Into the body of a request."""
        empty = native is None or native in ("", {}, []) or native == self.cleared_by
        put(body, self.where, self.cleared if empty and self.cleared is not None else self.to_wire(native))

    @property
    def cleared_by(self) -> Native:
        """The native value by which a user clears it, beside the empty ones."""
        return None

    def same(self, wanted: Native, current: Native) -> bool:
        """Whether the engine already has what is wanted."""
        return bool(wanted == (self.absent if current is None else current))

    def merged(self, wanted: Native, current: Native) -> Native:
        """What the object will show once ``wanted`` has been written over ``current``."""
        return wanted

    def differing(self, wanted: Native, current: Native) -> tuple[Native, Native]:
        """Before and after, cut down to what a change touches."""
        return current, wanted

    def touched(self, wanted: Native, current: Native) -> Native:
        """The part of what is wanted that is not there already."""
        return wanted

    def effect_of(self, wanted: Native, current: Native) -> str | None:
        return self.effect(wanted, current) if callable(self.effect) else self.effect


@dataclass(frozen=True, eq=False)
class Text(Field):
    """A string. An empty one clears."""

    absent: Native = ""

    def from_wire(self, value: Any) -> Native:
        return str(value)


@dataclass(frozen=True, eq=False)
class Mac(Text):
    """A MAC address in any of its usual spellings; shown in lower case with colons, as the engine keeps it."""

    def accept(self, given: Any, option: str) -> Native:
        digits = re.sub(r"[:.-]", "", str(given)).lower()
        if given and not re.fullmatch(r"[0-9a-f]{12}", digits):
            raise InvalidInput(f"{option} is {given!r}, and has to be a MAC address such as '56:6f:1a:00:00:01'.")
        return ":".join(digits[place:place + 2] for place in range(0, len(digits), 2))

    def from_wire(self, value: Any) -> Native:
        return str(value).lower()


@dataclass(frozen=True, eq=False)
class SecretText(Field):
    """A password or key: masked everywhere, never compared."""

    write_only: bool = True

    def spec(self) -> dict[str, Any]:
        return {**super().spec(), "no_log": True}


@dataclass(frozen=True, eq=False)
class Bool(Field):
    absent: Native = False
    ansible_type = "bool"

    def from_wire(self, value: Any) -> Native:
        return value if isinstance(value, bool) else str(value).lower() == "true"


@dataclass(frozen=True, eq=False)
class Int(Field):
    """A whole number. ``none`` is the number by which a user says "no value" (``vlan_id: -1``); ``kept`` tells that the engine shows it all the same."""

    least: Optional[int] = None
    most: Optional[int] = None
    none: Optional[int] = None
    kept: bool = False
    ansible_type = "int"

    def accept(self, given: Any, option: str) -> Native:
        if given != self.none and (self.least is not None and given < self.least or self.most is not None and given > self.most):
            raise InvalidInput(f"{option} is {given}, and has to be {_span(self.least, self.most)}.")
        return given

    def from_wire(self, value: Any) -> Native:
        return int(value)

    def same(self, wanted: Native, current: Native) -> bool:
        absent = self.none if self.absent is None else self.absent
        return bool(wanted == (absent if current is None else current))

    def merged(self, wanted: Native, current: Native) -> Native:
        return None if wanted == self.none and not self.kept else wanted

    def differing(self, wanted: Native, current: Native) -> tuple[Native, Native]:
        return current, self.merged(wanted, current)

    @property
    def cleared_by(self) -> Native:
        return self.none


@dataclass(frozen=True, eq=False)
class Decimal(Field):
    ansible_type = "float"

    def from_wire(self, value: Any) -> Native:
        return float(value)


@dataclass(frozen=True, eq=False)
class Size(Field):
    """Bytes on the wire and in results; users write ``10GiB``."""

    def shape(self) -> dict[str, Any]:
        return {"type": "int"}

    def accept(self, given: Any, option: str) -> Native:
        try:
            size = to_bytes(given)
        except InvalidInput as error:
            raise InvalidInput(f"{option}: {error.message}.") from error
        if 0 < size < _LEAST_BARE and str(given).strip().isdigit():
            raise InvalidInput(f"{option} is {size} without a unit, which is {size} bytes.", hint=f"Write {size}GiB, {size}MiB or, if that is meant, {size}B.")
        return size

    def from_wire(self, value: Any) -> Native:
        return int(value)


@dataclass(frozen=True, eq=False)
class Enum(Field):
    choices: Sequence[str] = ()

    def spec(self) -> dict[str, Any]:
        return {**super().spec(), "choices": list(self.choices)}

    def from_wire(self, value: Any) -> Native:
        return str(value).lower()


@dataclass(frozen=True, eq=False)
class Switch(Field):
    """A truth value which the engine spells as one of two words (``enabled`` and ``disabled``)."""

    on: str = "enabled"
    off: str = "disabled"
    absent: Native = False
    ansible_type = "bool"

    def from_wire(self, value: Any) -> Native:
        return str(value).lower() == self.on

    def to_wire(self, native: Native) -> Any:
        return self.on if native else self.off


@dataclass(frozen=True, eq=False)
class Version(Field):
    """A compatibility level: ``"4.7"`` for ``{"major": 4, "minor": 7}``. An empty one clears."""

    absent: Native = ""

    def accept(self, given: Any, option: str) -> Native:
        if given == "":
            return given
        major, dot, minor = str(given).partition(".")
        if not (dot and major.isdigit() and minor.isdigit()):
            raise InvalidInput(f"{option} is {given!r}, and has to be a level such as '4.7' (in quotes, or YAML reads 4.10 as 4.1).")
        return f"{int(major)}.{int(minor)}"

    def from_wire(self, value: Any) -> Native:
        return f"{value['major']}.{value['minor']}" if value.get("major") is not None and value.get("minor") is not None else None

    def to_wire(self, native: Native) -> Any:
        major, minor = level(native)
        return {"major": major, "minor": minor}


def level(version: str) -> tuple[int, int]:
    """A compatibility level in a form that can be compared."""
    major, minor = version.split(".")
    return int(major), int(minor)


@dataclass(frozen=True, eq=False)
class Ref(Field):
    """Another object, by name or id. An empty string clears it.

    to      the kind it refers to (a key of the catalogue of references)
    within  the option of the same resource that holds the object in which the name is unique
    apart   the option that tells which is meant, where several have the name
    nobody  the name of what the engine gives where nothing is named, and which an empty string means
    """

    to: str = ""
    within: str = ""
    apart: str = ""
    nobody: str = ""
    cleared: Any = field(default_factory=dict)

    def shape(self) -> dict[str, Any]:
        return {"type": "dict", "fields": (Text("id", "Unique identifier."), Text("name", "Name."))}

    def accept(self, given: Any, option: str) -> Native:
        given = _meant(given)
        text = str(given).strip()
        if text != str(given):
            raise InvalidInput(f"{option} is {given!r}: a name does not begin or end with a space.")
        if not text and self.needed:
            raise InvalidInput(f"{option} is empty, and cannot be.", hint="Give a name or an id, or leave it out.")
        return text

    def resolve(self, native: Native, resolve: Resolve) -> Native:
        return resolve(self, native) if isinstance(native, str) and native else {} if native == "" else native

    def named(self, native: Native, name_of: NameOf) -> Native:
        return name_of(self, native) if native else native

    def from_wire(self, value: Any) -> Native:
        known = {key: value[key] for key in ("id", "name", "href") if value.get(key) is not None}
        return known or None

    def to_wire(self, native: Native) -> Any:
        return {"id": native["id"]}

    def same(self, wanted: Native, current: Native) -> bool:
        if not wanted and current and self.nobody == current.get("name"):
            return True
        return bool((wanted or {}).get("id") == (current or {}).get("id") and bool(wanted) == bool(current))

    def merged(self, wanted: Native, current: Native) -> Native:
        return wanted or None

    def differing(self, wanted: Native, current: Native) -> tuple[Native, Native]:
        return current, wanted or None


@dataclass(frozen=True, eq=False)
class Struct(Field):
    """Options below one option. Those left out are not managed; each inner path starts at this one's place."""

    fields: Sequence[Field] = ()
    ansible_type = "dict"

    def spec(self) -> dict[str, Any]:
        return {**super().spec(), "options": {inner.option: inner.spec() for inner in self.fields if not inner.read_only}}

    def shape(self) -> dict[str, Any]:
        return {"type": "dict", "fields": tuple(inner for inner in self.fields if not inner.write_only)}

    def _given(self, native: Native) -> Iterator[tuple[Field, Native]]:
        for inner in self.fields:
            if inner.option in native:
                yield inner, native[inner.option]

    def accept(self, given: Any, option: str) -> Native:
        native = {}
        for inner in self.fields:
            value = given.get(inner.option)
            if value is not None and not (inner.needed and isinstance(inner, Ref) and value == ""):
                native[inner.option] = inner.accept(value, f"{option}.{inner.option}")
            elif inner.needed:
                raise InvalidInput(f"{option}.{inner.option} is missing.")
        return native

    def alone(self, wanted: Native, current: Native) -> Iterator[tuple[str, str, Any]]:
        """Members that would change and be ignored, each with the one beside it and the value that this one needs."""
        for inner, value in self._given(wanted):
            if inner.only_with is None or value in (None, "") or inner.same(value, (current or {}).get(inner.option)):
                continue
            beside, needed = inner.only_with
            has = wanted.get(beside, (current or {}).get(beside))
            if has is None or needed is not None and has != needed:
                yield inner.option, beside, needed

    def whole(self, wanted: Native, current: Native) -> Native:
        """What is wanted, with the members that the engine only takes together with it as they are."""
        whole, now = dict(wanted), current or {}
        tied = [(inner.option, *inner.only_with) for inner in self.fields if inner.only_with is not None]
        for option, beside, _needed in tied:
            if option in wanted and now.get(beside) is not None:
                whole.setdefault(beside, now[beside])
        for option, beside, needed in tied:
            if beside in whole and needed in (None, whole[beside]) and now.get(option) is not None:
                whole.setdefault(option, now[option])
        return whole

    def resolve(self, native: Native, resolve: Resolve) -> Native:
        return {inner.option: inner.resolve(value, resolve) for inner, value in self._given(native)}

    def named(self, native: Native, name_of: NameOf) -> Native:
        return {inner.option: inner.named(value, name_of) for inner, value in self._given(native)}

    def from_wire(self, value: Any) -> Native:
        return {inner.option: inner.read(value) for inner in self.fields if not inner.write_only}

    def to_wire(self, native: Native) -> Any:
        body: Wire = {}
        for inner, value in self._given(native):
            inner.write(body, value)
        return body

    def same(self, wanted: Native, current: Native) -> bool:
        return all(inner.write_only or inner.same(value, (current or {}).get(inner.option)) for inner, value in self._given(wanted))

    def merged(self, wanted: Native, current: Native) -> Native:
        shown = {inner.option: inner.merged(value, (current or {}).get(inner.option)) for inner, value in self._given(wanted) if not inner.write_only}
        return {**(current or {}), **shown}

    def differing(self, wanted: Native, current: Native) -> tuple[Native, Native]:
        before, after = {}, {}
        for inner, value in self._given(wanted):
            old = (current or {}).get(inner.option)
            if not inner.write_only and not inner.same(value, old):
                before[inner.option], after[inner.option] = inner.differing(value, old)
        return before, after

    def touched(self, wanted: Native, current: Native) -> Native:
        now = {inner.option: (current or {}).get(inner.option) for inner in self.fields}
        return {inner.option: inner.touched(value, now[inner.option]) for inner, value in self._given(wanted) if not inner.same(value, now[inner.option])}

    def effect_of(self, wanted: Native, current: Native) -> str | None:
        found = [
            inner.effect_of(value, (current or {}).get(inner.option))
            for inner, value in self._given(wanted)
            if not inner.write_only and not inner.same(value, (current or {}).get(inner.option))
        ]
        known = [effect for effect in found if effect]
        return min(known, key=STRONGEST_FIRST.index) if known else super().effect_of(wanted, current)


@dataclass(frozen=True, eq=False)
class Group(Struct):
    """Options below one option which the engine keeps in several places: inner paths start at the object itself."""

    def read(self, wire: Wire) -> Native:
        return self.from_wire(wire)

    def write(self, body: Wire, native: Native) -> None:
        for inner, value in self._given(native):
            inner.write(body, value)


@dataclass(frozen=True, eq=False)
class ListOf(Field):
    """A list, managed as a whole: what is given is what there is, and an empty one clears.

    each     what an element is (its option name is not used)
    ordered  whether the order means something
    filled   whether the engine takes no empty list
    """

    each: Field = field(default_factory=lambda: Text("item", ""))
    ordered: bool = False
    filled: bool = False
    absent: Native = field(default_factory=list)
    ansible_type = "list"

    def spec(self) -> dict[str, Any]:
        element = self.each.spec()
        spec = {**super().spec(), "elements": element.pop("type")}
        return {**spec, **element}

    def shape(self) -> dict[str, Any]:
        element = self.each.shape()
        return {**element, "type": "list", "elements": element["type"]}

    def accept(self, given: Any, option: str) -> Native:
        if list(given) in ([""], [None]):
            # What Ansible makes of an empty text, which clears like an empty list.
            return []
        if isinstance(self.each, Ref) and any(item in ("", None) for item in given):
            raise InvalidInput(f"{option} has an element that is empty, which names nothing.", hint="An empty list clears it.")
        if self.filled and not given:
            raise InvalidInput(f"{option} is empty, and cannot be.", hint="Name at least one, or leave it out.")
        return [self.each.accept(item, f"{option}[{place}]") for place, item in enumerate(given)]

    def resolve(self, native: Native, resolve: Resolve) -> Native:
        return [self.each.resolve(item, resolve) for item in native]

    def named(self, native: Native, name_of: NameOf) -> Native:
        return [self.each.named(item, name_of) for item in native or []]

    def read(self, wire: Wire) -> Native:
        value = dig(wire, self.where)
        return [self.each.from_wire(item) for item in value] if isinstance(value, list) else []

    def to_wire(self, native: Native) -> Any:
        return [self.each.to_wire(item) for item in native]

    def write(self, body: Wire, native: Native) -> None:
        put(body, self.where, self.to_wire(native))

    def same(self, wanted: Native, current: Native) -> bool:
        left = list(current or [])
        if len(left) != len(wanted):
            return False
        if self.ordered:
            return all(self.each.same(item, other) for item, other in zip(wanted, left))
        for item in wanted:
            match = next((other for other in left if self.each.same(item, other)), None)
            if match is None:
                return False
            left.remove(match)
        return True


@dataclass(frozen=True, eq=False)
class Map(Field):
    """Names and values, managed as a whole (custom properties). On the wire a list of ``{"name", "value"}``."""

    absent: Native = field(default_factory=dict)
    ansible_type = "dict"

    def accept(self, given: Any, option: str) -> Native:
        return {str(name): _text(value) for name, value in given.items()}

    def read(self, wire: Wire) -> Native:
        value = dig(wire, self.where)
        return {item["name"]: str(item.get("value", "")) for item in value} if isinstance(value, list) else {}

    def to_wire(self, native: Native) -> Any:
        return [{"name": name, "value": value} for name, value in native.items()]

    def write(self, body: Wire, native: Native) -> None:
        put(body, self.where, self.to_wire(native))


def at_rest(item: Any, doc: str | Sequence[str] = "", *, only: Sequence[str] = (), without: Sequence[str] = ()) -> Any:
    """The same field for what never runs, where each change is there at once; ``only`` and ``without`` choose among options below it."""
    if not isinstance(item, Struct):
        return replace(item, doc=doc or item.doc, effect=None)
    kept = [inner for inner in item.fields if inner.option not in without and (not only or inner.option in only)]
    return replace(item, doc=doc or item.doc, effect=None, fields=tuple(at_rest(inner) for inner in kept))


_LEAST_BARE = 1024**2
"""A smaller number without a unit is no size that anybody means in bytes."""


def _meant(given: Any) -> Any:
    """What a reference names. Results show references with ``id`` and ``name``; one that is given back so comes as the text of that."""
    if not str(given).startswith("{"):
        return given
    try:
        shown = ast.literal_eval(str(given))
    except (ValueError, SyntaxError):
        return given
    named = (shown.get("id") or shown.get("name")) if isinstance(shown, dict) else None
    return given if named is None else named


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _span(least: int | None, most: int | None) -> str:
    if least is None:
        return f"at most {most}"
    return f"at least {least}" if most is None else f"from {least} to {most}"
