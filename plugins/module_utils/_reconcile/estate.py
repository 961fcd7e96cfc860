# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of an engine while a task runs. It only ever sends GET: whatever is given an ``Estate`` cannot change anything."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Optional, Protocol

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import utc
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import AdministratorsOnly, Ambiguous, InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.search import SORT_FIELDS, collection_of
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._places import centers
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ID_PATTERN

_LASTING = frozenset({"operatingsystems", "clusterlevels"})
FOLLOWED_AT_ONCE = 500
"""Objects in one answer where links are followed: a link can cost an engine 20 ms for each, and it answers only when it has all."""
_ID = re.compile(rf"^{ID_PATTERN}$")


def is_id(text: str) -> bool:
    return bool(_ID.match(text))


class Getter(Protocol):
    """The reading half of the engine client."""

    def get(
        self, path: str, *, follow: Sequence[str] = (), params: Optional[Mapping[str, Any]] = None, missing: Literal["none"]
    ) -> Optional[Wire]: ...

    def list(
        self,
        path: str,
        *,
        search: Optional[str] = None,
        follow: Sequence[str] = (),
        params: Optional[Mapping[str, Any]] = None,
        page_size: Optional[int] = None,
    ) -> Wires: ...

    def find(self, path: str, name: str, *, search_field: str = "name", member: str = "name") -> Wires: ...


class _Collection:
    """A whole collection by id, and by whatever member it was searched for. May be used by several threads at once."""

    def __init__(self, wires: Wires) -> None:
        self._lock = threading.Lock()
        self._by_id = {str(wire.get("id") or number): wire for number, wire in enumerate(wires)}
        self._indices: dict[str, dict[Any, dict[str, Wire]]] = {}

    @property
    def wires(self) -> Wires:
        with self._lock:
            return list(self._by_id.values())

    def get(self, identifier: str) -> Wire | None:
        return self._by_id.get(identifier)

    def find(self, key: str, value: Any) -> Wires:
        with self._lock:
            if key not in self._indices:
                index: dict[Any, dict[str, Wire]] = {}
                for identifier, wire in self._by_id.items():
                    index.setdefault(str(dig(wire, key)), {})[identifier] = wire
                self._indices[key] = index
            return [wire for wire in self._indices[key].get(str(value), {}).values() if dig(wire, key) == value]

    def put(self, wire: Wire) -> None:
        self.drop(wire["id"])
        with self._lock:
            self._by_id[wire["id"]] = wire
            for key, index in self._indices.items():
                index.setdefault(str(dig(wire, key)), {})[wire["id"]] = wire

    def drop(self, identifier: str) -> None:
        with self._lock:
            old = self._by_id.pop(identifier, None)
            if old is not None:
                for key, index in self._indices.items():
                    index.get(str(dig(old, key)), {}).pop(identifier, None)


class _Kept:
    """A list that is read once; who asks meanwhile waits for it, and for no other."""

    def __init__(self) -> None:
        self.asking = threading.Lock()
        self.wires: Optional[Wires] = None


class Estate:
    """Looks things up, and remembers names and whatever was loaded in bulk.

    ``load`` reads a whole collection once; from then on ``find``, ``reference`` and ``list`` answer from it without a request.
    ``expect`` announces an object that an earlier part of the same work will make, so that a plan can refer to it before it is there.
    """

    together = False

    def __init__(self, client: Getter, *, foretells: bool = False) -> None:
        self.foretells = foretells
        self._client = client
        self._loaded: dict[str, _Collection] = {}
        self._names: dict[tuple[str, str], Optional[str]] = {}
        self._once: dict[tuple[str, tuple[str, ...]], _Kept] = {}
        self._naming: dict[tuple[str, str], threading.Lock] = {}
        self._asking = threading.Lock()
        self._expected: dict[tuple[str, str], Wire] = {}

    def load(self, path: str, *, follow: Sequence[str] = (), page_size: int | None = None) -> Wires:
        if path not in self._loaded:
            self._loaded[path] = _Collection(self._client.list(path, follow=follow, page_size=page_size))
        return self._loaded[path].wires

    def note(self, path: str, wire: Wire) -> None:
        """Puts an object that was just made or changed into a loaded collection."""
        if path in self._loaded:
            self._loaded[path].put(wire)

    def forget(self, path: str, identifier: str) -> None:
        if path in self._loaded:
            self._loaded[path].drop(identifier)
        for kind in [kind for kind, place in REFERENCES.items() if place.path == path]:
            self._names.pop((kind, identifier), None)

    def reload(self, path: str) -> None:
        """Reads a loaded collection again."""
        if path in self._loaded:
            self._loaded[path] = _Collection(self._client.list(path))

    def expect(self, kind: str, name: str) -> None:
        self._expected[kind, name] = {"id": None, "name": name}

    def get(self, path: str, *, follow: Sequence[str] = (), params: Mapping[str, Any] | None = None) -> Wire | None:
        """One object, fresh; None where the engine says that it is not there."""
        return self._client.get(path, follow=follow, params=params, missing="none")

    def known(self, collection: str, identifier: str) -> Wire | None:
        """An object out of a loaded collection; None where it, or the collection, is not known."""
        loaded = self._loaded.get(collection)
        return loaded.get(identifier) if loaded is not None else None

    def list(self, path: str, *, search: str | None = None, follow: Sequence[str] = (), page_size: int | None = None) -> Wires:
        if search is None and path in self._loaded:
            return self._loaded[path].wires
        return self._client.list(path, search=search, follow=follow, page_size=page_size)

    def once(self, path: str, *, follow: Sequence[str] = ()) -> Wires:
        """A list that may be asked for many times, and is read again only after something was written."""
        key = (path, tuple(follow))
        with self._asking:
            kept = self._once.setdefault(key, _Kept())
        with kept.asking:
            if kept.wires is None:
                kept.wires = self._client.list(path, follow=follow)
            return kept.wires

    def stale(self) -> None:
        """Something was written: what was read ``once`` does not count any more, but for what the engine brings along itself."""
        with self._asking:
            self._once = {key: kept for key, kept in self._once.items() if key[0] in _LASTING}

    def find(self, path: str, value: str, *, key: str = "name") -> Wires:
        """Every object of the collection whose member ``key`` is exactly ``value``."""
        if path in self._loaded:
            return self._loaded[path].find(key, value)
        if collection_of(path) is None:
            # The engine does not search in it: what else is asked of it comes from the same list.
            return [wire for wire in self.once(path) if dig(wire, key) == value]
        return self._client.find(path, value, search_field=SORT_FIELDS.get(path, "name") if key == "name" else key, member=key)

    def reference(self, kind: str, text: str, *, scope: Mapping[str, Any] | None = None) -> Wire:
        """``{"id", "name"}`` of the one object that a user means by a name or an id.

        :param scope: id of the parent by its kind (``{"data_center": "..."}``); siblings elsewhere do not count.
        :raises NotFound: there is none.
        :raises Ambiguous: there are several; the message has their ids.
        """
        place = REFERENCES[kind]
        scope = scope or {}
        missing = [name for name in re.findall(r"{(\w+)}", place.path) if not scope.get(name)]
        if missing:
            raise InvalidInput(f"The {place.words} {text!r} cannot be looked up: its {REFERENCES[missing[0]].words} is not known.")
        path = place.path.format(**scope)
        if is_id(text):
            if self._names.get((kind, text)) is not None:
                return {"id": text, "name": self._names[kind, text]}
            wire = self.known(path, text) or self.get(f"{path}/{text}")
            found = [wire] if wire is not None else self.find(path, text, key=place.key)
        else:
            # Collections inside others are short, and many objects refer to the same few.
            named = self.find(path, text, key=place.key) if path == place.path else [item for item in self.once(path) if item.get("name") == text]
            found = [item for item in named if self._inside(item, scope)]
        if place.versions:
            found = newest(found)
        if len(found) > 1:
            raise ambiguous(place.words, text, found)
        if found:
            self._names[kind, found[0]["id"]] = found[0].get(place.key)
            return {"id": found[0]["id"], "name": found[0].get(place.key)}
        if (kind, text) in self._expected:
            return self._expected[kind, text]
        where = "".join(f" in {REFERENCES[owner].words} {self.name_of(owner, identifier) or identifier}" for owner, identifier in scope.items() if identifier)
        raise NotFound(f"There is no {place.words} {text!r}{where}.", hint="Check the spelling, or create it first.")

    def _inside(self, wire: Wire, scope: Mapping[str, Any]) -> bool:
        """Whether an object is in what the scope names; one that is in none is in all."""
        return all(self._owner(wire, owner) in (None, identifier) for owner, identifier in scope.items())

    def _owner(self, wire: Wire, kind: str) -> Any:
        direct = dig(wire, f"{kind}.id")
        if direct is None and kind == "data_center" and dig(wire, "cluster.id"):
            return centers(self).get(dig(wire, "cluster.id"))
        return direct

    def name_of(self, kind: str, identifier: str, href: str | None = None) -> str | None:
        """The name of an object of which the id is known; asked for at most once."""
        if (kind, identifier) not in self._names:
            with self._asking:
                naming = self._naming.setdefault((kind, identifier), threading.Lock())
            with naming:
                self._learn_name(kind, identifier, href)
        return self._names.get((kind, identifier))

    def _learn_name(self, kind: str, identifier: str, href: str | None) -> None:
        if (kind, identifier) in self._names:
            return
        collection = REFERENCES[kind].path
        path = href or (f"{collection}/{identifier}" if "{" not in collection else None)
        try:
            wire = self.known(collection, identifier) or (self.get(path) if path else None)
        except AdministratorsOnly:
            # The user has to do without this name.
            wire = None
        self._names[kind, identifier] = (wire or {}).get(REFERENCES[kind].key)


def newest(found: Wires) -> Wires:
    """The newest of several versions of one thing; what are versions of different things stays as it is."""
    bases = {dig(one, "version.base_template.id") or one["id"] for one in found}
    return found if len(bases) != 1 else [max(found, key=lambda one: int(dig(one, "version.version_number") or 1))]


def ambiguous(words: str, name: str, found: Sequence[Wire]) -> Ambiguous:
    ids = ", ".join(sorted(f"{item.get('id')} from {utc(int(item['date']) / 1000)}" if "date" in item else str(item.get("id")) for item in found))
    return Ambiguous(f"There are {len(found)} objects that fit {words} {name!r}, with the ids {ids}.", hint="Give the id instead of the name.")
