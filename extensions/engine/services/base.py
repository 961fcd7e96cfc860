"""What all collections of the API have in common.

A collection is one class: ``type`` (of the model), ``paths`` and the methods it offers.  See ``bookmarks.py`` for a small one.

==================  ==========================================================================================================
``rows``            the rows of a list, of their table; below a parent those that refer to it
``find``            one row, or ``errors.not_found()``
``present``         a row's representation beyond what all share (``id``, ``href``, links, actions, references with hrefs)
``add``             POST: take the body (a representation), refuse with ``errors.refused``, save and return the row
``update``          PUT: the row and the body; save and return the row
``remove``          DELETE: the row
``@action(verb)``   POST .../ID/verb: the row and the body (an ``action`` representation)
``seed``            rows a fresh engine has
==================  ==========================================================================================================

What the model has and a class does not offer is answered with 501; what the model does not have with 405.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Callable

from .. import errors, search
from ..commands import Context
from ..rules import reading

if TYPE_CHECKING:
    from ..app import Engine
    from ..store import Row, Table

Rep = dict[str, Any]
Parents = dict[str, str]
UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")


def action(verb: str, *, entity: bool = True, on_collection: bool = False) -> Callable[[Any], Any]:
    """Mark a method as an action.  ``entity``: the answer names the object acted on, as most do.

    The method gets ``(ctx, row, body)`` (``(ctx, parents, body)`` on a collection) and returns None or members to add to the answer;
    ``{"status": "pending"}`` makes it a 202 with its own id and links.
    """

    def mark(function: Any) -> Any:
        function.action = (verb, entity, on_collection)
        return function

    return mark


class Created:
    """What ``add`` returns when a row alone does not say it: another status, a representation of its own, also of another type."""

    def __init__(self, row: Row, status: int = 201, rep: Rep | None = None, kind: str | None = None) -> None:
        self.row = row
        self.status = status
        self.rep = rep
        self.kind = kind


class Collection:
    """One collection of the API with its items; one instance per engine."""

    # What a collection offers beyond reading; None is not served.
    add: Any = None
    update: Any = None
    remove: Any = None

    type: str = ""
    paths: tuple[str, ...] = ()
    table: str = ""
    search: str | None = None          # its vocabulary in search.py
    links: tuple[str, ...] = ()        # sub-collections an item links to, as URL segments
    parents: dict[str, str] = {}       # place holder in the path -> dotted member of the row that holds the parent's id
    id_is_uuid = True
    accepts: tuple[str, ...] = ()      # media types an item is answered in besides JSON and XML
    echoed: dict[str, Rep] = {}        # action -> members that its answers have, asked for or not
    unechoed: tuple[str, ...] = ()     # members of actions that answers do not repeat
    bare: tuple[str, ...] = ()         # actions whose refusals are not wrapped in the action
    seed_rank = 50                     # lower ones are seeded first

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.table = self.table or self.type
        self.actions: dict[str, tuple[Any, bool]] = {}
        self.collection_actions: dict[str, tuple[Any, bool]] = {}
        for name in dir(type(self)):
            marked = getattr(getattr(type(self), name, None), "action", None)
            if isinstance(marked, tuple):
                verb, entity, on_collection = marked
                (self.collection_actions if on_collection else self.actions)[verb] = (getattr(self, name), entity)

    # -- what a collection says of itself; override what differs

    def seed(self, ctx: Context) -> None:
        """Put what a fresh engine has into the tables."""

    def rows(self, ctx: Context, parents: Parents) -> list[Row]:
        table = self.of(ctx)
        if not parents:
            return list(table)
        (member, value), *others = ((self.parent_member(name), ident) for name, ident in parents.items())
        found = table.by(member, value)
        for member, value in others:
            found = [row for row in found if _dig(row, member) == value]
        return found

    def find(self, ctx: Context, ident: str, parents: Parents) -> Row:
        if self.id_is_uuid and not UUID.fullmatch(ident):
            raise errors.not_found()
        row = self.of(ctx).get(ident.lower() if self.id_is_uuid else ident)
        if row is None or any(_dig(row, self.parent_member(name)) != value for name, value in parents.items()):
            raise errors.not_found()
        return row

    def present(self, ctx: Context, row: Row, rep: Rep) -> None:
        """Change the representation in place: members that are computed, links that depend on the state."""

    def unknown(self, ctx: Context, verb: str, ident: str) -> errors.Answer:
        """The answer to an action on an id that is not there."""
        return errors.not_found()

    # -- shared machinery

    def of(self, ctx: Context) -> Table:
        return ctx.store.table(self.table)

    def parent_member(self, place: str) -> str:
        return self.parents.get(place, f"{place}.id")

    def path_of(self, row: Row) -> str:
        """The path of an item below the API's root; the first of ``paths`` with the row's own parents in it."""
        path = self.paths[0]
        if "{" in path:
            path = re.sub(r"\{(\w+)\}", lambda match: str(_dig(row, self.parent_member(match.group(1)))), path)
        return f"/{path}/{row['id']}"

    def render(self, ctx: Context, row: Row, parents: Parents | None = None) -> Rep:
        """The representation of a row as the API shows it."""
        rep = {name: value for name, value in row.items() if name[0] != "_" and value is not None}
        href = ctx.prefix + self.path_of(row)
        rep["href"] = href
        self.engine.services.complete(ctx, self.type, rep)
        if self.links:
            rep["link"] = [{"rel": rel, "href": f"{href}/{rel}"} for rel in self.links]
        if self.actions:
            rep["actions"] = {"link": [{"rel": verb, "href": f"{href}/{verb}"} for verb in self.actions]}
        self.present(ctx, row, rep)
        return rep

    def stub(self, ctx: Context, row: Row) -> Rep:
        """The object as the answer of an action names it: id, href, links and actions alone."""
        rep = self.render(ctx, row)
        return {name: rep[name] for name in ("id", "href", "link", "actions") if name in rep}

    def listed(self, ctx: Context, parents: Parents) -> list[Row]:
        """The rows of a list after search, filter and max."""
        rows = reading.shown(ctx, self, self.rows(ctx, parents), parents)
        if self.search and not parents:
            return search.run(ctx, self.search, rows)
        return search.limited(ctx, rows)

    # -- references in bodies

    def resolve(self, ctx: Context, reference: Rep | None, table: str, what: str) -> Row | None:
        """The row a reference means: by id if it has one, else by name; None when there is none of that id.

        A name that leads nowhere is ``Entity not found: WHAT: name=NAME``, an id that is none is the fault of malformed ids.
        """
        if not reference:
            return None
        ident = reference.get("id")
        if ident is not None:
            if not UUID.fullmatch(ident):
                raise errors.fault(400, f"Invalid UUID string: {ident}", "Operation failed")
            return ctx.row(table, ident.lower())
        name = reference.get("name")
        if name is None:
            return None
        row = ctx.table(table).named(name)
        if row is None:
            raise errors.entity_not_found(f"{what}: name={name}")
        return row


def _dig(row: Row, path: str) -> Any:
    value: Any = row
    for part in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def merge(row: Row, body: Rep, *members: str) -> None:
    """Take members of a body into the row; structs member by member, everything else as a whole."""
    for name in members or body:
        if name in body:
            value = body[name]
            if isinstance(value, dict) and isinstance(row.get(name), dict) and "id" not in value:
                merge(row[name], value)
            else:
                row[name] = value
