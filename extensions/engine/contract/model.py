"""The model of the REST API: types, enumerated values, services with their operations, and the paths they are found at.

``model.json`` is the published API model in the names of the wire.  A type is ``{"element", "collection", "identified", "attributes", "base"}``; an attribute
``{"name", "type"}`` with ``list`` and ``item`` (the tag of a member), ``enum``, ``link`` and ``wire`` (the exact number) where they apply.  A service
has ``operations``: ``{"name", "http", "params", "action", "mandatory", "variants"}``.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

SCALARS = frozenset(("string", "integer", "boolean", "decimal", "date"))

LINK: dict[str, Any] = {"element": "link", "collection": "links", "identified": False,
                        "attributes": [{"name": "href", "type": "string"}, {"name": "rel", "type": "string"}]}
ACTIONS: dict[str, Any] = {"element": "actions", "collection": "actions", "identified": False,
                           "attributes": [{"name": "link", "type": "link", "list": True, "bare": True}]}
# What every object has beside the members of its own type, in the order of its XML elements.
RESOURCE: list[dict[str, Any]] = [
    {"name": "actions", "type": "actions"}, {"name": "name", "type": "string"}, {"name": "description", "type": "string"},
    {"name": "comment", "type": "string"}, {"name": "creation_status", "type": "string"},
    {"name": "link", "type": "link", "list": True, "bare": True}, {"name": "href", "type": "string"}, {"name": "id", "type": "string"},
]


class Place(NamedTuple):
    """What a path leads to; ``kind`` is ``collection``, ``item`` or the verb of an action."""

    service: str
    params: dict[str, str]
    kind: str


class Model:
    """The API model; get it by ``Model.load()``."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.types: dict[str, dict[str, Any]] = data["types"]
        self.enums: dict[str, frozenset[str]] = {name: frozenset(one["values"]) for name, one in data["enums"].items()}
        self.enum_values: dict[str, list[str]] = {name: one["values"] for name, one in data["enums"].items()}
        self.services: dict[str, dict[str, Any]] = data["services"]
        for service in self.services.values():
            have = {one["name"] for one in service["operations"]}
            above = self.services.get(service.get("base", ""), {"operations": ()})
            service["operations"] += [one for one in above["operations"] if one["name"] not in have]
        self.paths: list[tuple[str, str]] = [tuple(entry) for entry in data["paths"]]
        self.types["link"] = LINK
        self.types["actions"] = ACTIONS
        self._members: dict[str, dict[str, dict[str, Any]]] = {}
        self._verbs: dict[str, dict[str, str]] = {}
        self._tree: dict[str | None, Any] = {}
        for path, service in data["paths"]:
            node, names = self._tree, []
            for part in path.split("/"):
                if part.startswith("{"):
                    names.append(part[1:-1])
                    part = ""
                elif not part:
                    continue
                node = node.setdefault(part, {})
            node[None] = (service, names)

    @staticmethod
    @lru_cache(maxsize=None)
    def load() -> Model:
        """The model, read once for the whole process."""
        return Model(json.loads(Path(__file__).with_name("model.json").read_bytes()))

    def members(self, type_name: str) -> dict[str, dict[str, Any]]:
        """All attributes of a type by name, those of the types it extends first, in the order of XML elements."""
        found = self._members.get(type_name)
        if found is None:
            kind = self.types[type_name]
            found = {}
            if kind["identified"] or type_name == "api":
                found.update((one["name"], one) for one in RESOURCE)
            base = kind.get("base")
            if base and base != "identified":
                found.update(self.members(base))
            own = [one for one in kind["attributes"] if one["name"] not in found]
            if type_name == "action":
                own += [one for one in self._of_variants() if one["name"] not in found and all(one["name"] != other["name"] for other in own)]
            found.update((one["name"], one) for one in sorted(own, key=lambda one: (bool(one.get("link")), one["name"])))
            self._members[type_name] = found
        return found

    def _of_variants(self) -> list[dict[str, Any]]:
        """Parameters that actions have in some of their signatures only."""
        found = {param["name"]: {"name": param["name"], "type": param["type"]} for service in self.services.values() for one in service["operations"]
                 if one.get("action") for variant in one.get("variants", ()) for param in variant.get("params", ()) if "in" in param.get("dir", "in")}
        return list(found.values())

    def attribute(self, type_name: str, name: str) -> dict[str, Any] | None:
        """One attribute of a type, its own or an inherited one."""
        return self.members(type_name).get(name)

    def operations(self, service: str) -> list[dict[str, Any]]:
        return self.services[service]["operations"]

    def operation(self, service: str, name: str) -> dict[str, Any] | None:
        """An operation by its name or, for an action, by its verb in the path."""
        for one in self.services[service]["operations"]:
            if one["name"] == name or one.get("action") == name:
                return one
        return None

    def verbs(self, service: str) -> dict[str, str]:
        """The actions of a service: verb in the path -> name of the operation."""
        found = self._verbs.get(service)
        if found is None:
            found = self._verbs[service] = {one["action"]: one["name"] for one in self.services[service]["operations"] if one.get("action")}
        return found

    def match(self, segments: list[str]) -> Place | None:
        """What the decoded segments below the API's root lead to; None when the API has no such path."""
        node, values, literal, verb = self._tree, [], True, ""
        last = len(segments) - 1
        for position, segment in enumerate(segments):
            following = node.get(segment) if segment else None
            literal = following is not None
            if following is None:
                if position == last and None in node and segment in self.verbs(node[None][0]):
                    verb = segment
                    break
                following = node.get("")
                if following is None:
                    return None
                values.append(segment)
            node = following
        if None not in node:
            return None
        service, names = node[None]
        return Place(service, dict(zip(names, values)), verb or ("collection" if literal else "item"))
