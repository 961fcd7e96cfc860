"""/bookmarks: searches kept under a name."""

from __future__ import annotations

from .. import errors
from ..rules import places
from .base import Collection

LONGEST_NAME = 40


class Bookmarks(Collection):
    type = "bookmark"
    paths = ("bookmarks",)

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("Bookmark", ["name"], "add")
        self._check(ctx, body["name"], "add")
        row = self.of(ctx).save({"id": ctx.new_id(), "name": body["name"], "value": body["value"]})
        ctx.event(350, "normal", f"Bookmark {row['name']} was added by {ctx.identity.principal}.")
        return row

    def update(self, ctx, row, body):
        if body.get("name", row["name"]) != row["name"]:
            self._check(ctx, body["name"], "edit")
        row.update({name: body[name] for name in ("name", "value") if name in body})
        ctx.event(352, "normal", f"Bookmark {row['name']} was updated by {ctx.identity.principal}.")
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])
        ctx.event(354, "normal", f"Bookmark {row['name']} was removed by {ctx.identity.principal}.")

    def _check(self, ctx, name, action):
        if len(name) > LONGEST_NAME:
            raise errors.refused(400, places.violation(f"size must be between 0 and {LONGEST_NAME}", "bookmark.name"))
        if self.of(ctx).named(name):
            raise errors.refused(409, f"Cannot {action} Bookmark. The Bookmark name is already in use, please choose a unique name and try again.")
