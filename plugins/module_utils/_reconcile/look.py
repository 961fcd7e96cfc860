# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading objects of a kind, in the very shape that results of changes have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate, is_id
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import present, read
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Resource

_WORTH_A_LIST = 3
"""From this many references of one kind on, their names come from one list instead of one request each."""


def look(resource: Resource, options: Mapping[str, Any], estate: Estate) -> list[dict[str, Any]]:
    """Objects that fit ``id``, ``name`` (lists; any of them), ``search``, and the parents given; all of them when nothing is given.

    A name or id that nothing has adds nothing to the list.
    """
    collection = _collection(resource, options, estate)
    ids, names, search = options.get("id") or [], options.get(resource.identity.by) or [], options.get("search")
    wires: list[Wire] = []
    for identifier in ids:
        if not is_id(identifier):
            raise InvalidInput(f"id has {identifier!r}, which is not an id of the engine.", hint="Give names as name.")
        wires.append(read(resource, collection, identifier, estate) or {})
    key = resource.field_of(resource.identity.by).where
    for name in names:
        for found in estate.find(collection, name, key=key):
            wires.append(_whole(resource, collection, found, estate))
    if search or not (ids or names):
        listed = estate.list(collection, search=search, follow=resource.follow)
        wires.extend(_whole(resource, collection, wire, estate, followed=True) for wire in listed)
    found_once = {wire["id"]: wire for wire in wires if wire}
    _load_names(resource, list(found_once.values()), estate)
    return [present(resource, wire, estate) for wire in found_once.values()]


def _collection(resource: Resource, options: Mapping[str, Any], estate: Estate) -> str:
    if not resource.under:
        return resource.collection
    given = [under for under in resource.under if options.get(under.option)]
    if len(given) != 1:
        raise InvalidInput(f"A {resource.words} belongs to one {' or '.join(under.option for under in resource.under)}: give exactly one of them.")
    parent = estate.reference(given[0].to, str(options[given[0].option]))
    return given[0].path.format(id=parent["id"])


def _whole(resource: Resource, collection: str, wire: Wire, estate: Estate, followed: bool = False) -> Wire:
    if resource.read_params or resource.follow and not followed:
        return read(resource, collection, wire["id"], estate) or {}
    return resource.complete(estate, wire) if resource.complete else wire


def _load_names(resource: Resource, wires: list[Wire], estate: Estate) -> None:
    """One list for every kind of which several names are needed."""
    for ref in resource.references:
        ids = {identifier for wire in wires if (identifier := dig(wire, f"{ref.where}.id")) and dig(wire, f"{ref.where}.name") is None}
        place = REFERENCES.get(ref.to)
        if place is not None and "{" not in place.path and len(ids) >= _WORTH_A_LIST:
            try:
                estate.load(place.path)
            except NotFound:
                continue
