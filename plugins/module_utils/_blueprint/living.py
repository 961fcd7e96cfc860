# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A living estate against documents: written as one, and searched for what a document owns and no longer names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._blueprint.document import Entry, go_in_turn
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import FOLLOWED_AT_ONCE, Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import Goal, present
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Field, ListOf, Ref, Struct, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem, Resource

KINDS = tuple(kind for kind, resource in CATALOGUE.items() if all(under.to == "data_center" for under in resource.under))
"""Kinds that can be exported and pruned."""
EXPORTED = tuple(kind for kind in KINDS if CATALOGUE[kind].exported)
"""Those that are exported when none are named."""


def export(estate: Estate, kinds: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The document of an estate, which applied again changes nothing. Secrets are not in it: the engine does not tell them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for kind in kinds:
        resource = CATALOGUE.get(kind)
        if resource is None:
            raise InvalidInput(f"kinds: there is no kind {kind}.", hint=f"There are {', '.join(KINDS)}.")
        if resource.under and kind not in EXPORTED:
            raise InvalidInput(f"kinds: {resource.words}s are inside other objects, and are not exported by themselves.")
        written = [{**parents, **one} for parents, collection in _places(resource, estate) for one in _written(resource, collection, estate)]
        found[kind] = sorted(written, key=lambda one: str(one.get(resource.identity.by)))
    return found


def _places(resource: Resource, estate: Estate) -> list[tuple[dict[str, str], str]]:
    """Where objects of a kind are: what names the parent in their options, and the path."""
    if not resource.under:
        return [({}, resource.collection)]
    return [
        ({under.option: parent["name"]}, under.path.format(id=parent["id"]))
        for under in resource.under
        for parent in estate.load(REFERENCES[under.to].path)
    ]


def _written(resource: Resource, collection: str, estate: Estate) -> list[dict[str, Any]]:
    member, values = resource.of_users
    wires = [wire for wire in estate.load(collection, follow=resource.links(), page_size=FOLLOWED_AT_ONCE) if not member or wire.get(member) in values]
    shown = [present(resource, resource.complete(estate, wire) if resource.complete else wire, estate) for wire in wires]
    writer = _Writer(estate)
    written = [writer.options(resource, one) for one in shown]
    twins = Counter(_identity(resource, one) for one in written)
    # Two of one name can only be told apart by their ids.
    return [{**options, "id": one["id"]} if twins[_identity(resource, options)] > 1 else options for options, one in zip(written, shown)]


def _identity(resource: Resource, options: Mapping[str, Any]) -> tuple[str, ...]:
    identity = resource.identity
    return tuple(str(options.get(option)) for option in (identity.by, identity.within, *identity.apart))


class _Writer:
    """Writes what a user would write for what results show."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate

    def options(self, resource: Resource, shown: Mapping[str, Any]) -> dict[str, Any]:
        pairs = ((item, shown.get(item.option)) for item in resource.fields if not item.read_only and not item.write_only)
        written = {item.option: value for item, native in pairs if (value := self.given(item, native)) not in (None, "", [], {})}
        return _without(resource.unlisted, written)

    def given(self, item: Field, native: Any) -> Any:
        """None leaves it out."""
        if native is None:
            return None
        if isinstance(item, Ref):
            return self._name(item, native) if isinstance(native, Mapping) else native
        if isinstance(item, ListOf):
            return [value for one in native if (value := self.given(item.each, one)) not in (None, {})]
        if isinstance(item, Struct):
            inner = ((part, native.get(part.option)) for part in item.fields if not part.read_only and not part.write_only)
            return {part.option: value for part, one in inner if (value := self.given(part, one)) not in (None, "", [], {})}
        return item.as_given(native)

    def _name(self, ref: Ref, native: Mapping[str, Any]) -> Any:
        """The name, or the id where several have it."""
        path = REFERENCES[ref.to].path
        name = native.get("name")
        if not name or "{" in path:
            return name or native.get("id")
        self.estate.load(path)
        return name if len(self.estate.find(path, name)) == 1 else native["id"]


def _without(unlisted: Collection[str], written: dict[str, Any]) -> dict[str, Any]:
    """An object as a list shows it: what is not in lists would look like a change."""
    for option in unlisted:
        outer, _dot, inner = option.partition(".")
        if inner:
            (written.get(outer) or {}).pop(inner, None)
        else:
            written.pop(outer, None)
    return written


def outlived(estate: Estate, entries: Sequence[Entry], prune: Mapping[str, Any], problems: list[Problem]) -> list[Entry]:
    """A removal for each object that bears the document's mark and is not in the document.

    :param prune: ``kinds``, ``owner``, ``at_most`` and ``options``, as the module documents them.
    """
    found: list[Entry] = []
    for kind in prune.get("kinds") or []:
        if kind not in CATALOGUE or CATALOGUE[kind].under:
            problems.append(Problem(f"prune.kinds: {kind} cannot be pruned.", f"There are {', '.join(KINDS)}."))
            continue
        found += _unnamed(estate, kind, entries, prune)
    if len(found) > prune["at_most"]:
        names = ", ".join(entry.title for entry in found)
        problem = f"prune: {len(found)} objects would be removed, more than at_most ({prune['at_most']}): {names}."
        problems.append(Problem(problem, "Raise at_most if that is meant."))
    go_in_turn(found)
    order = list(CATALOGUE)
    return sorted(found, key=lambda entry: -order.index(entry.kind))


def _unnamed(estate: Estate, kind: str, entries: Sequence[Entry], prune: Mapping[str, Any]) -> list[Entry]:
    resource = CATALOGUE[kind]
    named = {value for entry in entries if entry.kind == kind for value in (entry.goal.wanted.get("id"), entry.goal.wanted.get(resource.identity.by)) if value}
    place = resource.field_of(resource.identity.by).where
    steering = (prune.get("options") or {}).get(kind) or {}
    made = []
    for wire in estate.load(resource.collection, follow=("tags",) if "tags" in resource.follow else ()):
        if _owned(wire, prune["owner"]) and wire["id"] not in named and dig(wire, place) not in named:
            goal = Goal.from_options(resource, {"id": wire["id"], resource.identity.by: dig(wire, place), "state": "absent", **steering})
            made.append(Entry(kind, f"prune.{kind} ({dig(wire, place)})", goal))
    return made


def _owned(wire: Wire, owner: str) -> bool:
    return wire.get("comment") == owner or owner in {tag.get("name") for tag in dig(wire, "tags.tag") or []}
