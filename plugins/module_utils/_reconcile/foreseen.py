# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What former tasks of a run in check mode would have left behind, laid over what the engine answers.

The steps of a plan are carried out here on representations alone: what one would make is there for the next task, with an id that no engine has; what one
would change or remove is seen so. Nothing else is guessed. What such an object refers to, and what is inside it, is answered without the engine.
"""

from __future__ import annotations

import copy
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Optional

from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.plan import Plan
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, Wires, dig, put
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import CREATE, ID_PATTERN, REMOVE, UPDATE, Step

_PREFIX = "ffffffff-ffff-4fff-bfff-"
_MADE_UP = re.compile(_PREFIX + "[0-9a-f]{12}")
_OBJECT = re.compile(rf"^(.+)/({ID_PATTERN}|[0-9a-f]{{6,32}})$")
_TERM = re.compile(r"""^\s*(\w+)\s*=\s*["']?([^"']*?)["']?\s*$""")
_SECRETS = re.compile(r"password|passphrase|secret|token|license_key|custom_script|private_key", re.IGNORECASE)
_ELEMENTS = {"numa_nodes": "vm_numa_node", "numanodes": "vm_numa_node", "graphicsconsoles": "graphics_console", "diskattachments": "disk_attachment"}
"""How the elements of a collection are called, where that is not its name without the last letter."""
_WORDS = {place.path: place.words for place in REFERENCES.values()}
_KINDS = {place.path: kind for kind, place in REFERENCES.items()}


@dataclass(frozen=True)
class Effect:
    """What becomes of one object.

    path     of the object
    members  what it has, or has otherwise than before; None when it is gone
    new      whether it was not there before
    """

    path: str
    members: Optional[Wire]
    new: bool = False


def is_foreseen(identifier: Any) -> bool:
    """Whether the id is that of an object which is not there yet."""
    return bool(_MADE_UP.search(str(identifier)))


def without_ids(value: Any) -> Any:
    """A result without ids that were made up: nobody can use them after the run."""
    if isinstance(value, Mapping):
        return {name: without_ids(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [without_ids(item) for item in value]
    if isinstance(value, str) and _PREFIX in value:
        return None if _MADE_UP.fullmatch(value) or value.startswith("/") else _MADE_UP.sub("(not there yet)", value)
    return value


def effects_of(plan: Plan) -> list[Effect]:
    """Of the steps of a plan for an object of a kind, and of what it leads to."""
    situation = plan.situation
    ids = {"id": situation.identifier or _new_id()}
    effects = effects_of_steps(plan.steps, ids)
    if not situation.state.exists:
        return effects
    led: Wire = {}
    fields = {item.option: item for item in situation.resource.fields}
    for change in plan.changes:
        if change.option in fields and change.option not in situation.wanted and isinstance(change.after, (str, bool, int)):
            fields[change.option].write(led, change.after)
    return [*effects, Effect(f"{situation.collection}/{ids['id']}", _as_told(led))] if led else effects


def effects_of_steps(steps: Iterable[Step], ids: dict[str, str] | None = None) -> list[Effect]:
    """
    :param ids: what placeholders of paths stand for; that of a new object is given there as ``id``.
    """
    ids = ids if ids is not None else {"id": _new_id()}
    return [effect for step in steps for effect in _effects(step, ids)]


def _effects(step: Step, ids: dict[str, str]) -> Iterator[Effect]:
    path = _filled(step.path, ids)
    if step.learns:
        ids.update(step.learns({}))
    if step.do == REMOVE:
        yield Effect(path, None)
    elif step.do == UPDATE and not step.params.get("next_run"):
        yield Effect(path, _as_told(step.body))
    elif step.do == CREATE:
        known = f"{path.rpartition('/')[2]} {step.body.get('name')}"
        told = next((beside.rpartition("/")[2] for beside, _more in step.leaves if beside.rpartition("/")[0] == step.path), "{new}")
        new = ids["id"] if step.own else dig(step.body, "id") or dig(step.body, "disk.id") or ids.get(known)
        new = new or (_filled(told, ids) if told != "{new}" else _new_id())
        if step.own:
            ids[known] = new
        if step.saves:
            ids[step.saves] = new
        members = {**_inside(path), **_as_told(step.body)}
        if step.own and step.settle is not None and len(step.settle.good) == 1:
            put(members, step.settle.read, *step.settle.good)
        yield Effect(f"{path}/{new}", members, new=True)
        ids = {**ids, "new": new}
    for beside, more in step.leaves:
        yield Effect(_filled(beside, ids), None if more is None else _as_told(_named(more, ids)), new=True)


def _inside(path: str) -> Wire:
    """The member by which what is inside another object names it."""
    above = _OBJECT.match(path.rpartition("/")[0])
    kind = _KINDS.get(above[1]) if above else None
    return {kind: {"id": above[2]}} if above and kind else {}


def _new_id() -> str:
    return _PREFIX + secrets.token_hex(6)


def _filled(text: str, ids: dict[str, str]) -> str:
    return re.sub(r"{([^}]+)}", lambda match: ids.setdefault(match[1], _new_id()), text)


def _named(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {name: _named(item, ids) for name, item in value.items()}
    if isinstance(value, list):
        return [_named(item, ids) for item in value]
    return _filled(value, ids) if isinstance(value, str) else value


def _as_told(body: Any) -> Any:
    """The body of a request in the form of an answer, without what no answer has: secrets."""
    if isinstance(body, Mapping):
        hidden = _SECRETS.search(str(body.get("name") or ""))
        return {name: _as_told(value) for name, value in body.items() if value is not None and not _SECRETS.search(name) and not (hidden and name == "value")}
    if isinstance(body, list):
        return [_as_told(value) for value in body]
    return str(body).lower() if isinstance(body, bool) else str(body)


class Foreseen:
    """A client whose answers hold what former tasks of the run would have done."""

    def __init__(self, client: Client, effects: Iterable[Effect] = ()) -> None:
        self._client = client
        self._made: dict[str, dict[str, Wire]] = {}
        self._changed: dict[str, Wire] = {}
        self._gone: set[str] = set()
        self._touched: set[str] = set()
        self.leant_on: dict[str, None] = {}
        self.add(effects)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def serve(self, client: Client) -> None:
        """Goes on with another client, for another task."""
        self._client = client
        self.leant_on = {}

    def add(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self._add(effect)

    def _add(self, effect: Effect) -> None:
        collection, _slash, identifier = effect.path.rpartition("/")
        parts = effect.path.split("/")
        self._touched |= {"/".join(parts[:end]) for end in range(1, len(parts) + 1)}
        if effect.members is None:
            if self._made.get(collection, {}).pop(identifier, None) is None:
                self._gone.add(effect.path)
        elif identifier in self._made.get(collection, {}):
            _lay(self._made[collection][identifier], effect.members)
        elif effect.new and (collection.count("/") or is_foreseen(identifier)):
            identifier = self._same(collection, effect.members) or identifier
            self._gone.discard(f"{collection}/{identifier}")
            self._made.setdefault(collection, {})[identifier] = {**copy.deepcopy(effect.members), "id": identifier}
        else:
            _lay(self._changed.setdefault(effect.path, {}), effect.members)

    def _same(self, collection: str, members: Wire) -> str | None:
        """The id of what was made as an object of its own, and is put into something else here by its name."""
        above, _slash, last = collection.rpartition("/")
        found = [one["id"] for one in self._made.get(last, {}).values() if above and one.get("name") is not None and one.get("name") == members.get("name")]
        return found[0] if len(found) == 1 else None

    def notice(self, shown: Any) -> None:
        """What is shown leans on whatever is named in it: lists are read without saying what for."""
        ids = set(_MADE_UP.findall(repr(shown)))
        for collection in [path for path in self._made if "/" not in path] if ids else ():
            for identifier in ids & set(self._made[collection]):
                self._lean_on(collection, self._made[collection][identifier])

    # Reading

    def get(self, path: str, *, follow: Sequence[str] = (), params: Optional[Mapping[str, Any]] = None, missing: str = "raise") -> Optional[Wire]:
        path = self._client.below_root(path)
        if not self._stands_apart(path):
            wire: Optional[Wire] = self._client.get(path, follow=follow, params=params, missing=missing)  # type: ignore[call-overload]
            return None if self._is_gone(path) else self._overlaid(path, wire, follow)
        match = _OBJECT.match(path)
        if match is None:
            return {_element(path.rpartition("/")[2]): self._new_ones(path, follow)}
        wire = self._new_one(match[1], match[2], follow)
        if wire is not None and "/" not in match[1]:
            self._lean_on(match[1], wire)
        return wire

    def list(
        self,
        path: str,
        *,
        search: Optional[str] = None,
        follow: Sequence[str] = (),
        params: Optional[Mapping[str, Any]] = None,
        page_size: Optional[int] = None,
    ) -> Wires:
        path = self._client.below_root(path)
        if self._stands_apart(path):
            return self._new_ones(path, follow)
        wires = self._client.list(path, search=search, follow=follow, params=params, page_size=page_size)
        if not self._concerns(path) or (params or {}).get("unregistered"):
            return wires
        return [*self._kept(path, wires, follow), *(one for one in self._new_ones(path, follow) if search is None or _fits(one, search))]

    def find(self, path: str, name: str, *, search_field: str = "name", member: str = "name", **more: Any) -> Wires:
        path = self._client.below_root(path)
        found = [] if self._stands_apart(path) else self._client.find(path, name, search_field=search_field, member=member, **more)
        if not self._concerns(path):
            return found
        found = [*self._kept(path, found, ()), *self._renamed(path, found, member, name), *self._new_ones(path, ())]
        found = [one for one in found if dig(one, member) == name]
        for wire in found:
            if is_foreseen(wire["id"]) and "/" not in path:
                self._lean_on(path, wire)
        return found

    def _stands_apart(self, path: str) -> bool:
        return bool(_MADE_UP.search(path))

    def _concerns(self, collection: str) -> bool:
        return collection in self._touched or collection.rpartition("/")[2] in self._touched

    def _is_gone(self, path: str) -> bool:
        return path in self._gone or _alone(path) in self._gone

    def _kept(self, path: str, wires: Wires, follow: Sequence[str]) -> Wires:
        kept = (wire for wire in wires if not self._is_gone(f"{path}/{wire.get('id')}"))
        return [overlaid for wire in kept if (overlaid := self._overlaid(f"{path}/{wire.get('id')}", wire, follow)) is not None]

    def _renamed(self, path: str, found: Wires, member: str, name: str) -> Wires:
        """What the engine still has by another name."""
        known = {f"{path}/{one['id']}" for one in found}
        renamed = [changed for changed, members in self._changed.items() if changed.rpartition("/")[0] == path and dig(members, member) == name]
        wires = [self.get(one, missing="none") for one in renamed if one not in known]
        return [wire for wire in wires if wire is not None]

    def _overlaid(self, path: str, wire: Optional[Wire], follow: Sequence[str]) -> Optional[Wire]:
        if wire is None or path not in self._touched and _alone(path) not in self._touched:
            return wire
        wire = copy.deepcopy(wire)
        _lay(wire, self._changed.get(_alone(path), {}))
        _lay(wire, self._changed.get(path, {}))
        for link in dict.fromkeys(one.partition(".")[0] for one in follow):
            inside = f"{path}/{link.replace('_', '')}"
            if inside in self._touched:
                there = dig(wire, f"{link}.{_element(link)}")
                wire[link] = {_element(link): [*self._kept(inside, there if isinstance(there, list) else [], ()), *self._followed(inside, follow, link)]}
        return wire

    def _new_ones(self, path: str, follow: Sequence[str]) -> Wires:
        return [wire for identifier in list(self._made.get(path, {})) if (wire := self._new_one(path, identifier, follow)) is not None]

    def _new_one(self, collection: str, identifier: str, follow: Sequence[str]) -> Optional[Wire]:
        members = self._made.get(collection, {}).get(identifier)
        if members is None:
            return None
        alone = self._made.get(collection.rpartition("/")[2], {}).get(identifier, {})
        wire = copy.deepcopy({**alone, **members})
        for link in dict.fromkeys(one.partition(".")[0] for one in follow):
            wire[link] = {_element(link): self._followed(f"{collection}/{identifier}/{link.replace('_', '')}", follow, link)}
        return wire

    def _followed(self, path: str, follow: Sequence[str], link: str) -> Wires:
        """What is inside, with what it refers to in full where that is followed, too."""
        further = [one.partition(".")[2] for one in follow if one.startswith(f"{link}.")]
        wires = self._new_ones(path, ())
        for wire in wires:
            for member in further:
                identifier = dig(wire, f"{member}.id")
                whole = identifier and self.get(f"{member}s/{identifier}", missing="none")
                if whole:
                    wire[member] = whole
        return wires

    def _lean_on(self, collection: str, wire: Wire) -> None:
        name = wire.get("name") or wire.get("alias")
        if name:
            self.leant_on[f"{_WORDS.get(collection, collection)} {name}"] = None


def _alone(path: str) -> str:
    """Where the engine also has an object that is shown inside another one."""
    return "/".join(path.split("/")[-2:])


def _element(collection: str) -> str:
    return _ELEMENTS.get(collection, collection[:-1])


def _lay(under: Wire, over: Wire) -> None:
    """Puts members over others, objects into objects."""
    for name, value in over.items():
        if isinstance(value, Mapping) and isinstance(under.get(name), dict) and value:
            _lay(under[name], dict(value))
        else:
            under[name] = copy.deepcopy(value)


def _fits(wire: Wire, search: str) -> bool:
    """For the one form of search that can be answered without an engine, ``member=value``; nothing fits any other."""
    term = _TERM.match(search)
    if term is None:
        return False
    value = dig(wire, term[1])
    value = value.get("name") if isinstance(value, Mapping) else value
    return value is not None and str(value).lower() == term[2].lower()
