"""Answers that show an object below its parent, and bodies that name what is not there."""

from __future__ import annotations

import re
from typing import Any

from .. import errors
from ..services.base import UUID

Rep = dict[str, Any]
NAME = re.compile(r"[A-Za-z0-9_-]+")


def moved(rep: Rep, href: str) -> Rep:
    """The representation with its own href, links and actions at another place."""
    old = rep["href"]
    rep["href"] = href
    for link in (*rep.get("link", ()), *rep.get("actions", {}).get("link", ())):
        link["href"] = href + link["href"].removeprefix(old)
    return rep


def uuid(text: str) -> str:
    """An id of a body, which must be one."""
    if not UUID.fullmatch(text):
        raise errors.fault(400, f"Invalid UUID string: {text}", "Operation failed")
    return text.lower()


def named(ctx: Any, table: str, reference: Rep, what: str) -> Any:
    """The row a reference means, by id before name; ``Entity not found: WHAT: id=..`` (or ``name=``) when there is none."""
    if reference.get("id") is not None:
        row = ctx.row(table, uuid(reference["id"]))
        if row is None:
            raise errors.entity_not_found(f"{what}: id={reference['id']}")
        return row
    row = ctx.table(table).named(reference.get("name") or "")
    if row is None:
        raise errors.entity_not_found(f"{what}: name={reference.get('name')}")
    return row


def violation(message: str, attribute: str) -> str:
    """One violated constraint of a field, as it stands in the list of messages."""
    return f"{message}, Attribute: {attribute}"
