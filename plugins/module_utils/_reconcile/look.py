# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading objects of a kind, in the very shape that results of changes have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import FOLLOWED_AT_ONCE, Estate, is_id
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import present
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Ref, Wire
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Resource

Item = TypeVar("Item")
Result = TypeVar("Result")

_AT_ONCE = 8
"""Objects that are read side by side."""
_WORTH_A_LIST = 3
"""From this many references of one kind on, their names come from one list instead of one request each."""


def look(resource: Resource, options: Mapping[str, Any], estate: Estate) -> list[dict[str, Any]]:
    """Objects that fit ``id``, ``name`` (lists; any of them), ``search``, and the parents given; all of them when nothing is given.

    A name or id that nothing has adds nothing to the list. With ``fields`` only these are shown, and only what they need is read.
    """
    shown = _shown(resource, options.get("fields"))
    collection = _collection(resource, options, estate)
    reading = _Reading(resource, collection, shown, estate)
    ids, names, search = options.get("id") or [], options.get(resource.identity.by) or [], options.get("search")
    for identifier in ids:
        if not is_id(identifier):
            raise InvalidInput(f"id has {identifier!r}, which is not an id of the engine.", hint="Give names as name.")
    key = resource.field_of(resource.identity.by).where
    wanted = [*ids, *(found["id"] for name in names for found in estate.find(collection, name, key=key))]
    wires = reading.each(wanted)
    if search or not (ids or names):
        wires += reading.listed(search)
    found_once = list({wire["id"]: wire for wire in wires}.values())
    _load_names(resource, found_once, shown, estate)
    return [_cut(present(resource, wire, estate, shown), shown) for wire in found_once]


def _shown(resource: Resource, fields: Sequence[str] | None) -> frozenset[str] | None:
    """The fields that are wanted, the identity always among them; None for all."""
    if not fields:
        return None
    known = [item.option for item in resource.fields if not item.write_only]
    unknown = [name for name in fields if name not in known and name != "id"]
    if unknown:
        raise InvalidInput(f"fields: a {resource.words} has no {' and no '.join(unknown)}.", hint=f"It has {', '.join(known)}.")
    return frozenset({*fields, resource.identity.by} - {"id"})


def _cut(result: dict[str, Any], shown: frozenset[str] | None) -> dict[str, Any]:
    return result if shown is None else {name: value for name, value in result.items() if name == "id" or name in shown}


class _Reading:
    """How objects are read: as much of each as the fields wanted need."""

    def __init__(self, resource: Resource, collection: str, shown: frozenset[str] | None, estate: Estate) -> None:
        self._resource, self._collection, self._shown, self._estate = resource, collection, shown, estate
        self._links = resource.links(shown)
        self._whole = bool(resource.unlisted) and (shown is None or resource.whole(shown))

    def each(self, ids: Sequence[str]) -> list[Wire]:
        """One request for each, side by side; those that are not there are left out."""

        def one(identifier: str) -> Wire | None:
            params = self._resource.read_params if self._whole else None
            wire = self._estate.get(f"{self._collection}/{identifier}", follow=self._links, params=params)
            return wire if wire is None else self._resource.completed(self._estate, wire, self._shown, by_itself=self._whole)

        return [wire for wire in self._side_by_side(one, ids) if wire is not None]

    def listed(self, search: str | None) -> list[Wire]:
        if self._whole:
            return self.each([wire["id"] for wire in self._estate.list(self._collection, search=search)])
        size = FOLLOWED_AT_ONCE if self._links else None
        return self._side_by_side(self._complete, self._estate.list(self._collection, search=search, follow=self._links, page_size=size))

    def _complete(self, wire: Wire) -> Wire:
        return self._resource.completed(self._estate, wire, by_itself=False)

    @staticmethod
    def _side_by_side(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return list(pool.map(work, items))


def _collection(resource: Resource, options: Mapping[str, Any], estate: Estate) -> str:
    if not resource.under:
        return resource.collection
    given = [under for under in resource.under if options.get(under.option)]
    if len(given) != 1:
        raise InvalidInput(f"A {resource.words} belongs to one {' or '.join(under.option for under in resource.under)}: give exactly one of them.")
    parent = estate.reference(given[0].to, str(options[given[0].option]))
    return given[0].path.format(id=parent["id"])


def _load_names(resource: Resource, wires: Sequence[Wire], shown: frozenset[str] | None, estate: Estate) -> None:
    """One list for every kind of which several names are needed."""
    nameless: dict[str, set[str]] = {}

    def note(ref: Ref, value: Wire) -> Wire:
        if value.get("name") is None and value.get("id") is not None:
            nameless.setdefault(ref.to, set()).add(value["id"])
        return value

    fields = [item for item in resource.fields if not item.write_only and (shown is None or item.option in shown)]
    for wire in wires:
        for item in fields:
            value = item.read(wire)
            if value is not None:
                item.named(value, note)
    for kind, ids in nameless.items():
        place = REFERENCES.get(kind)
        if place is not None and "{" not in place.path and len(ids) >= _WORTH_A_LIST:
            try:
                estate.load(place.path)
            except NotFound:
                continue
