# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user wants of one object, and how it stands with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate, ambiguous, is_id
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Field, Ref, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Resource, Situation, State


@dataclass
class Goal:
    """Options as the user gave them, in native form; references are still text. Options left out are not in ``wanted``."""

    resource: Resource
    state: State
    wanted: dict[str, Any] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_options(cls, resource: Resource, options: Mapping[str, Any]) -> Goal:
        """:raises InvalidInput: a value that the field does not take, no identity, no parent."""
        wanted: dict[str, Any] = {}
        if options.get("id") is not None:
            if not is_id(str(options["id"])):
                raise InvalidInput(f"id is {options['id']!r}, which is not an id of the engine.", hint="Give a name as name.")
            wanted["id"] = options["id"]
        for item in resource.options:
            value = options.get(item.option)
            if value is not None:
                wanted[item.option] = item.accept(value, item.option)
        by = resource.identity.by
        if wanted.get(by) == "":
            raise InvalidInput(f"{by} is empty.")
        if "id" not in wanted and by not in wanted:
            ways = f"None of {by}, id, {resource.many} and search" if resource.several else f"Neither {by} nor id"
            raise InvalidInput(f"{ways} is given: the {resource.words} is not known.")
        new = resource.identity.new
        if new in wanted and ("id" in wanted or not wanted[new]):
            raise InvalidInput(f"{new} is the other {by} of an object that is named by its {by}: with id, {by} is what it is to have.")
        parents = {under.option: str(options[under.option]) for under in resource.under if options.get(under.option)}
        if resource.under and len(parents) != 1:
            names = " or ".join(under.option for under in resource.under)
            raise InvalidInput(f"A {resource.words} belongs to one {names}: give exactly one of them.")
        return cls(resource, resource.state_of(options.get("state") or resource.states[0].name), wanted, parents)


def locate(goal: Goal, estate: Estate) -> Situation:
    """Finds the object and resolves every reference; GET only.

    :raises NotFound: the id, or something that is referred to, is not there.
    :raises Ambiguous: a name fits several objects.
    """
    resource = goal.resource
    situation = Situation(resource, goal.state, dict(goal.wanted), None, None, resource.collection)
    try:
        _enter(goal, situation, estate)
    except NotFound:
        if goal.state.exists:
            raise
        return situation
    wire = _find(situation, estate)
    if wire is not None:
        situation.wire, situation.current = wire, present(resource, wire, estate)
    _resolve_references(situation, estate)
    if resource.gather:
        situation.facts = resource.gather(estate, situation)
    return situation


def present(resource: Resource, wire: Wire, estate: Estate, named: Collection[str] | None = None) -> dict[str, Any]:
    """The result shape, with a name for every reference (or for those in the options ``named``)."""

    def name_of(ref: Ref, value: Wire) -> Wire:
        if value.get("name") is None and value.get("id") is not None and ref.to in REFERENCES:
            return {"id": value["id"], "name": estate.name_of(ref.to, value["id"], value.get("href"))}
        return {"id": value.get("id"), "name": value.get("name")}

    shown = resource.result(wire)
    for item in resource.fields:
        if shown.get(item.option) is not None and (named is None or item.option in named):
            shown[item.option] = item.named(shown[item.option], name_of)
    return shown


def read(resource: Resource, collection: str, identifier: str, estate: Estate, options: Collection[str] | None = None) -> Wire | None:
    """The representation of one object, fresh from the engine: whole, or with what the options named need."""
    params = resource.read_params if options is None or resource.whole(options) else None
    wire = estate.get(f"{collection}/{identifier}", follow=resource.links(options), params=params or None)
    return resource.completed(estate, wire, options) if wire is not None else wire


def _enter(goal: Goal, situation: Situation, estate: Estate) -> None:
    """Resolves what the object is looked for in: its parent, and the reference that its name is unique within."""
    for under in goal.resource.under:
        if under.option in goal.parents:
            parent = estate.reference(under.to, goal.parents[under.option])
            situation.collection = under.path.format(id=parent["id"])
            situation.facts[under.option] = parent
            situation.wanted[under.option] = parent
    within = goal.resource.identity.within
    while within in situation.wanted:
        ref = goal.resource.field_of(within)
        if not isinstance(ref, Ref):
            break
        if ref.within in situation.wanted and isinstance(situation.wanted[ref.within], str):
            _resolve(goal.resource.field_of(ref.within), situation, estate)
        _resolve(ref, situation, estate)
        break


def _find(situation: Situation, estate: Estate) -> Wire | None:
    resource, wanted, collection = situation.resource, situation.wanted, situation.collection
    if "id" in wanted:
        wire = estate.known(collection, wanted["id"]) or read(resource, collection, wanted["id"], estate)
        if wire is None and situation.state.exists:
            raise NotFound(f"There is no {resource.words} with the id {wanted['id']}.", hint="Give a name instead to have it created.")
        return wire
    by, new = resource.identity.by, wanted.pop(resource.identity.new, None)
    name = str(wanted[by])
    found = _named(situation, estate, name)
    if new is not None and new != name:
        found = _renamed(situation, name, new, found, _named(situation, estate, new))
        wanted[by] = new
    if not found:
        return None
    whole = estate.known(collection, found[0]["id"])
    if whole is None and not (resource.follow or resource.read_params or resource.unlisted):
        whole = found[0]
    if whole is None:
        return read(resource, collection, found[0]["id"], estate)
    return resource.completed(estate, whole, by_itself=False)


def _named(situation: Situation, estate: Estate, name: str) -> list[Wire]:
    """The one object of that name; an empty list when there is none."""
    resource, wanted, within = situation.resource, situation.wanted, situation.resource.identity.within
    found = estate.find(situation.collection, name, key=resource.field_of(resource.identity.by).where)
    situation.facts["namesakes"] = [item["id"] for item in found]
    if within and wanted.get(within):
        place = resource.field_of(within).where
        found = [item for item in found if dig(item, f"{place}.id") == wanted[within]["id"]]
    if resource.identity.meant:
        found = resource.identity.meant(estate, situation, found)
    if len(found) > 1:
        raise ambiguous(resource.words, name, found)
    return found if not found or situation.state.exists or _in_place(situation, found[0], estate) else []


def _in_place(situation: Situation, wire: Wire, estate: Estate) -> bool:
    """Whether what is to be removed is where the options say; nothing is in a place that is not there.

    :raises InvalidInput: it is somewhere else, and so another one is meant.
    """
    resource, option = situation.resource, situation.resource.identity.place
    place = resource.field_of(option) if situation.wanted.get(option) else None
    if not isinstance(place, Ref):
        return True
    try:
        meant = estate.reference(place.to, str(situation.wanted[option]))
    except NotFound:
        return False
    there = place.read(wire) or {}
    if there.get("id") == meant["id"]:
        return True
    words = REFERENCES[place.to].words
    name = estate.name_of(place.to, there["id"], there.get("href")) if there.get("id") else None
    where = f"is in {words} {name}" if name else f"is in no {words}"
    raise InvalidInput(f"{situation.title} ({wire['id']}) {where}, not in {meant['name']}: it is not removed.",
                       hint=f"Give the {option} that it is in, or its id.")


def _renamed(situation: Situation, old: str, new: str, found: list[Wire], there: list[Wire]) -> list[Wire]:
    """The object that has, or had, the old name."""
    words, by = situation.resource.words, situation.resource.identity.by
    if found and there:
        raise Ambiguous(f"There is a {words} {old!r} ({found[0]['id']}), and a {words} {new!r} ({there[0]['id']}) as well.", hint="Choose another new name.")
    if not found and not there and situation.state.exists:
        raise NotFound(f"There is no {words} {old!r} to rename, and none that is called {new!r} already.", hint=f"To make one, give its {by} alone.")
    return found or there


def _resolve_references(situation: Situation, estate: Estate) -> None:
    resource = situation.resource
    ready = {under.option for under in resource.under}
    pending = [item for item in resource.options if item.option in situation.wanted and item.option not in ready]
    if not situation.state.exists:
        steering = {item.option for item in resource.arguments}
        pending = [item for item in pending if item.option in steering]
    for item in sorted(pending, key=lambda item: bool(isinstance(item, Ref) and (item.within or item.apart))):
        _resolve(item, situation, estate)


def _resolve(item: Field, situation: Situation, estate: Estate) -> None:
    """Replaces the text of every reference in one option by ``{"id", "name"}``."""

    def resolve(ref: Ref, text: str) -> Wire:
        try:
            return _referred(ref, text, situation, estate)
        except (NotFound, InvalidInput) as error:
            error.message = f"{item.option}: {error.message}"
            raise

    situation.wanted[item.option] = item.resolve(situation.wanted[item.option], resolve)


def _referred(ref: Ref, text: str, situation: Situation, estate: Estate) -> Wire:
    try:
        return estate.reference(ref.to, text, scope=_scope(ref.within, situation, estate))
    except Ambiguous:
        nearer = _scope(ref.apart, situation, estate)
        if not nearer:
            raise
        return estate.reference(ref.to, text, scope=nearer)


def _scope(within: str, situation: Situation, estate: Estate) -> dict[str, Any]:
    """The parent within which a reference's name is unique: ``within`` names an option, and after a dot a member of what it refers to."""
    if not within:
        return {}
    option, _dot, member = within.partition(".")
    holder = situation.effective(option)
    if not isinstance(holder, dict) or not holder.get("id"):
        return {}
    if not member:
        return {option: holder["id"]}
    field_of_option = situation.resource.field_of(option) if option not in situation.facts else None
    kind = field_of_option.to if isinstance(field_of_option, Ref) else next(under.to for under in situation.resource.under if under.option == option)
    wire = estate.known(REFERENCES[kind].path, holder["id"]) or estate.get(f"{REFERENCES[kind].path}/{holder['id']}")
    direct = dig(wire, f"{member}.id")
    several = dig(wire, f"{member}s.{member}")
    return {member: several[0]["id"] if direct is None and isinstance(several, list) and several else direct}
