"""/tags, a tree of names, and the tags of hosts, VMs, templates, users and groups.

An object keeps the ids of its tags in ``_tags``.
"""

from __future__ import annotations

import re

from .. import errors
from .base import Collection, Created

ROOT = "00000000-0000-0000-0000-000000000000"
NAME = re.compile(r"[A-Za-z0-9_-]+")
LONGEST = 50
RECURSIVE = "Operation canceled, recursive Tag hierarchy cannot be defined."
TAKEN = "The specified Tag name already exists."
# Type of the object -> codes of its events and the words in them.
EVENTS = {"vm": (440, 446, "VM(s)"), "host": (442, 444, "Host(s)"), "template": (183, 185, "Template(s)"), "user": (436, 448, "User(s)"),
          "group": (438, 450, "Group(s)")}


class Tags(Collection):
    type = "tag"
    paths = ("tags",)
    seed_rank = 10

    def seed(self, ctx):
        self.of(ctx).save({"id": ROOT, "name": "root", "description": "root"})

    def listed(self, ctx, parents):
        # As observed: sorted by no name, the root last, and max is ignored.
        rows = self.rows(ctx, parents)
        return [row for row in rows if row["id"] != ROOT] + [row for row in rows if row["id"] == ROOT]

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("Tag", ["name"], "add")
        parent = self._parent(ctx, body)
        self._check_name(body["name"])
        if ctx.table("tag").named(body["name"]):
            raise errors.refused(409, TAKEN)
        if parent is not None and ctx.row("tag", parent) is None:
            raise errors.entity_not_found(body["name"])
        row = {"id": ctx.new_id(), "name": body["name"], "parent": {"id": parent or ROOT}}
        if "description" in body:
            row["description"] = body["description"]
        ctx.event(432, "normal", f"New Tag {row['name']} was created by {ctx.identity.principal}.")
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        parent = self._parent(ctx, body)
        if parent is not None and parent != (row.get("parent") or {}).get("id"):
            self._move(ctx, row, parent)
        if row["id"] == ROOT:
            raise errors.refused(500, "General command validation failure.")
        name = body.get("name", row["name"])
        self._check_name(name)
        other = ctx.table("tag").named(name)
        if other is not None and other is not row:
            raise errors.refused(409, TAKEN)
        row["name"] = name
        if "description" in body:
            row["description"] = body["description"]
        ctx.event(430, "normal", f"Tag {name} configuration was updated by {ctx.identity.principal}.")
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        if row["id"] == ROOT:
            raise errors.refused(400, "Cannot remove tag. Tag does not exist.")
        gone = self._below(ctx, row)
        for one in gone:
            self.of(ctx).remove(one["id"])
        ids = {one["id"] for one in gone}
        for table in EVENTS:
            for owner in ctx.table(table):
                if ids & set(owner.get("_tags", ())):
                    owner["_tags"] = [ident for ident in owner["_tags"] if ident not in ids]
                    ctx.table(table).save(owner)
        ctx.event(434, "normal", f"Tag {row['name']} was removed by {ctx.identity.principal}.")

    def _move(self, ctx, row, parent):
        refused = [RECURSIVE] * ((parent == row["id"]) + (parent in {one["id"] for one in self._below(ctx, row)}))
        if refused:
            raise errors.refused(409, *refused)
        target = ctx.row("tag", parent) or {}
        before = ctx.row("tag", row["parent"]["id"]) or {}
        if not target:
            # As observed: a parent that there is not is taken and shown, and the tree keeps the tag where it was.
            row["_kept_below"] = row.get("_kept_below", row["parent"]["id"])
        else:
            row.pop("_kept_below", None)
        row["parent"] = {"id": parent}
        self.of(ctx).save(row)
        ctx.event(555, "normal", f"Tag {row['name']} was moved from {before.get('name', '[null]')} to {target.get('name', '[null]')} "
                                 f"by {ctx.identity.principal}.")

    def _below(self, ctx, row):
        """The tag and all tags below it."""
        found, look = [], [row]
        while look:
            one = look.pop()
            found.append(one)
            look += [*self.of(ctx).by("parent.id", one["id"]), *self.of(ctx).by("_kept_below", one["id"])]
        return found

    def _parent(self, ctx, body):
        """The id of the parent a body names; None when it names none."""
        given = body.get("parent") or {}
        if given.get("name") is not None:
            row = ctx.table("tag").named(given["name"])
            if row is None:
                raise errors.entity_not_found(given["name"])
            return row["id"]
        if given.get("id") is not None:
            self.resolve(ctx, given, "tag", "Tag")
            return given["id"].lower()
        return None

    @staticmethod
    def _check_name(name):
        if not 1 <= len(name) <= LONGEST:
            raise errors.refused(400, f"size must be between 1 and {LONGEST}", "Attribute: _tag.name")
        if not NAME.fullmatch(name):
            raise errors.refused(400, "Invalid tag name. Only letters, numbers, '-', and '_' are valid characters.", "Attribute: _tag.name")


class AssignedTags(Collection):
    """The tags of one object; the place holder of the path is the object's type."""

    type = "tag"
    table = "tag"
    paths = ("vms/{vm}/tags", "hosts/{host}/tags", "templates/{template}/tags", "users/{user}/tags", "groups/{group}/tags")

    def rows(self, ctx, parents):
        _kind, owner = self._owner(ctx, parents)
        found = (ctx.row("tag", ident) for ident in (owner or {}).get("_tags", ()))
        return [row for row in found if row is not None]

    def find(self, ctx, ident, parents):
        row = next((one for one in self.rows(ctx, parents) if one["id"] == ident.lower()), None)
        if row is None:
            raise errors.not_found()
        return {**row, "_owner": parents}

    def render(self, ctx, row, parents=None):
        parents = parents or row["_owner"]
        (kind, ident), = parents.items()
        rep = {"id": row["id"], "name": row["name"], "description": row.get("description", ""), "parent": dict(row.get("parent") or {}),
               kind: {"id": ident}}
        self.engine.services.complete(ctx, "tag", rep)
        rep["href"] = f"{rep[kind]['href']}/tags/{row['id']}"
        return rep

    def add(self, ctx, body, parents):
        if body.get("id") is None and body.get("name") is not None and ctx.table("tag").named(body["name"]) is None:
            raise errors.entity_not_found(body["name"])
        tag = self.resolve(ctx, body, "tag", "Tag")
        if tag is None:
            raise errors.refused(400, "Internal Engine Error")
        kind, owner = self._owner(ctx, parents)
        if owner is None:
            raise errors.not_found()
        if tag["id"] not in owner.get("_tags", ()):
            owner["_tags"] = [*owner.get("_tags", ()), tag["id"]]
            ctx.table(kind).save(owner)
            ctx.event(EVENTS[kind][0], "normal", f"Tag {tag['name']} was attached to {EVENTS[kind][2]} {owner['name']} by {ctx.identity.principal}.",
                      **({kind: owner} if kind != "group" else {}))
        rep = self.render(ctx, tag, parents)
        if not rep["description"]:
            del rep["description"]
        return Created(tag, rep=rep)

    def remove(self, ctx, row):
        kind, owner = self._owner(ctx, row["_owner"])
        owner["_tags"] = [ident for ident in owner["_tags"] if ident != row["id"]]
        ctx.table(kind).save(owner)
        ctx.event(EVENTS[kind][1], "normal", f"Tag {row['name']} was detached from {EVENTS[kind][2]} {owner['name']} by {ctx.identity.principal}.",
                  **({kind: owner} if kind != "group" else {}))

    @staticmethod
    def _owner(ctx, parents):
        (kind, ident), = parents.items()
        return kind, ctx.row(kind, ident.lower())
