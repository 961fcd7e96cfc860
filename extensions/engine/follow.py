"""``follow=nics.vnic_profile,cluster``: links of an answer are replaced by what they lead to.

A name is that of an attribute; case and underscores do not matter.  It leads to a sub-collection when the object links to one of that name, else to the one
object the attribute refers to.  Whatever cannot be followed (no such attribute, no value, nothing there) fails the whole request with a page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import errors
from .codec import EMPTY_LISTS
from .rules import reading

if TYPE_CHECKING:
    from .app import Engine
    from .commands import Context

Rep = dict[str, Any]
Tree = dict[str, "Tree"]


class Written(list):  # type: ignore[type-arg]
    """A list that is written as ``{"nic": []}`` when it is empty, where an ordinary one is ``{}``."""

    def __bool__(self) -> bool:
        return True


def apply(engine: Engine, ctx: Context, type_name: str, reps: list[Rep], wanted: str) -> None:
    """Put what ``wanted`` names into the representations."""
    for name, below in _tree(wanted).items():
        _follow(engine, ctx, type_name, reps, name, below)


def _tree(wanted: str) -> Tree:
    tree: Tree = {}
    for path in _split(wanted, ","):
        node = tree
        for name in _split(path, "."):
            node = node.setdefault(name, {})
    return tree


def _split(text: str, separator: str) -> list[str]:
    """Empty parts count, but not at the end."""
    return text.rstrip(separator).split(separator)


def _follow(engine: Engine, ctx: Context, type_name: str, reps: list[Rep], name: str, below: Tree) -> None:
    if not reps:
        return
    folded = name.lower().replace("_", "")
    attribute = next((one for one in engine.model.members(type_name).values() if one["name"].replace("_", "") == folded), None)
    if attribute is None or attribute["type"] not in engine.model.types:
        raise _cannot()
    member, inner = attribute["name"], attribute["type"]
    known: dict[str, Any] = {}
    reached: list[Rep] = []
    for rep in reps:
        href = next((link["href"] for link in rep.get("link") or () if link["rel"] == folded), None)
        if href is None:
            referred = rep.get(member)
            href = referred.get("href") if isinstance(referred, dict) else None
            if href is None:
                raise _cannot()
        if href not in known:
            known[href] = _fetch(engine, ctx, href, bool(attribute.get("list")), bool(below))
            reached += known[href] if attribute.get("list") else [known[href]]
        rep[member] = known[href]
        rep.setdefault("link", [])
    for deeper, rest in below.items():
        _follow(engine, ctx, inner, reached, deeper, rest)


def _fetch(engine: Engine, ctx: Context, href: str, many: bool, opened: bool) -> Any:
    segments = [part for part in href[len(ctx.prefix):].split("/") if part]
    place, found = engine.model.match(segments), engine.services.match(segments)
    if place is None or (place.kind == "collection") != many:
        raise _cannot()
    if found is None or len(found[2]) != (0 if many else 1):
        raise errors.fault(501, f"The embedded engine does not serve this part of the API: GET /{'/'.join(segments)}", "Not Implemented")
    collection, parents, left = found
    try:
        if many:
            reps = [collection.render(ctx, row, parents) for row in reading.shown(ctx, collection, collection.rows(ctx, parents), parents)]
            return Written(reps) if opened or place.service in EMPTY_LISTS else reps
        reading.admit(ctx, collection, True)
        row = collection.find(ctx, left[0], parents)
        reading.look(ctx, collection, row, parents)
        return collection.render(ctx, row, parents)
    except errors.Answer:
        raise _cannot() from None


def _cannot() -> errors.Answer:
    """As observed: the application server's page, without a correlation id."""
    return errors.html(500, "ERROR", "")
