"""The collections of the API, one file each; every class with ``paths`` is found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any

from .base import Collection

if TYPE_CHECKING:
    from ..app import Engine
    from ..commands import Context

PLACE = "{}"


class Services:
    """Finds the collection of a path, and the home of a type."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.collections: list[Collection] = []
        self._tree: dict[str, Any] = {}
        self._by_type: dict[str, Collection] = {}
        self._references: dict[str, tuple[tuple[str, str, bool, bool], ...]] = {}
        for info in pkgutil.iter_modules(__path__):
            module = importlib.import_module(f"{__name__}.{info.name}")
            for value in vars(module).values():
                if isinstance(value, type) and issubclass(value, Collection) and value.paths and value.__module__ == module.__name__:
                    self._register(value(engine))

    def _register(self, collection: Collection) -> None:
        self.collections.append(collection)
        for path in collection.paths:
            node, names = self._tree, []
            for part in path.split("/"):
                if part.startswith("{"):
                    names.append(part[1:-1])
                    part = PLACE
                node = node.setdefault(part, {})
            if "" in node:
                raise ValueError(f"two collections at {path}")
            node[""] = (collection, names)
        if "{" not in collection.paths[0] or collection.type not in self._by_type:
            known = self._by_type.get(collection.type)
            if known is None or "{" in known.paths[0]:
                self._by_type[collection.type] = collection

    def match(self, segments: list[str]) -> tuple[Collection, dict[str, str], list[str]] | None:
        """The collection of a path, the ids of its parents, and what of the path is left (item id, action)."""
        node, values, best = self._tree, [], None
        for position, segment in enumerate(segments):
            following = node.get(segment)
            if following is None:
                following = node.get(PLACE)
                if following is None:
                    break
                values.append(segment)
            node = following
            if "" in node:
                collection, names = node[""]
                best = (collection, dict(zip(names, values)), segments[position + 1:])
        return best

    def of_type(self, type_name: str) -> Collection | None:
        """The collection an object of this type is at home in."""
        return self._by_type.get(type_name)

    def href(self, ctx: Context, type_name: str, ident: str) -> str:
        """The path of an object below the API's root."""
        collection = self._by_type[type_name]
        row = ctx.row(collection.table, ident)
        return collection.path_of(row if row is not None else {"id": ident})

    # -- references inside representations

    def complete(self, ctx: Context, type_name: str, rep: dict[str, Any]) -> None:
        """Copy nested parts and give every reference that has an id its href."""
        for name, inner, is_list, identified in self._plan(type_name):
            value = rep.get(name)
            if not value:
                continue
            if is_list:
                rep[name] = [self._completed(ctx, inner, one, identified) for one in value] if isinstance(value, list) else value
            else:
                rep[name] = self._completed(ctx, inner, value, identified)

    def _completed(self, ctx: Context, type_name: str, value: Any, identified: bool) -> Any:
        if not isinstance(value, dict):
            return value
        copy = dict(value)
        if identified and "id" in copy and "href" not in copy and type_name in self._by_type:
            copy["href"] = ctx.prefix + self.href(ctx, type_name, copy["id"])
        self.complete(ctx, type_name, copy)
        return copy

    def _plan(self, type_name: str) -> tuple[tuple[str, str, bool, bool], ...]:
        """Members of a type that are structs or references: (name, type, is a list, is identified)."""
        plan = self._references.get(type_name)
        if plan is None:
            types = self.engine.model.types
            found = []
            for attribute in self.engine.model.members(type_name).values() if type_name in types else ():
                inner = attribute["type"]
                if not attribute.get("enum") and inner in types:
                    found.append((attribute["name"], inner, bool(attribute.get("list")), bool(types[inner].get("identified"))))
            plan = self._references[type_name] = tuple(found)
        return plan
