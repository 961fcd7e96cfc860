"""/roles and what they permit."""

from __future__ import annotations

from .. import errors
from ..contract.roles import catalog, number
from .base import Collection

READ_ONLY = "The Role is Read-Only."
LONGEST_NAME = 126


def permit_of(body):
    """The number of the permit a body names, None for one that there is not."""
    permits = catalog()[0]
    if body.get("id") is not None:
        return int(body["id"]) if body["id"].isdigit() and int(body["id"]) in permits else None
    return number(str(body.get("name", "")).lower())


class Roles(Collection):
    type = "role"
    paths = ("roles",)
    links = ("permits",)
    seed_rank = 10

    def seed(self, ctx):
        for role in catalog()[1]:
            self.of(ctx).save({"id": role["id"], "name": role["name"], "description": role["description"], "administrative": role["administrative"],
                               "mutable": False, "_permits": role["permits"]})

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("Role", ["name"], "add")
        given = body.get("permits") or []
        if any(one.get("id") is None for one in given):
            raise errors.incomplete("Role", ["permits.id"], "add")
        for one in given:
            if permit_of(one) is None:
                raise errors.text(400, f"{one['id']} is not a valid permit ID.", "application/json")
        self._check_name(body["name"])
        if ctx.table("role").named(body["name"]):
            raise errors.refused(409, "Cannot add Role. The Role name is already in use, please choose a unique name and try again.")
        if "administrative" not in body:
            raise errors.refused(400, "Invalid Role Type.")
        permits = list(dict.fromkeys(permit_of(one) for one in given))
        if not body["administrative"] and any(catalog()[0][one][1] for one in permits):
            raise errors.refused(409, "Cannot add administrator's action group to a User Role.")
        row = {"id": ctx.new_id(), "name": body["name"], "administrative": body["administrative"], "mutable": True, "_permits": permits}
        if "description" in body:
            row["description"] = body["description"]
        ctx.event(864, "normal", f"Role {row['name']} was added by {ctx.identity.principal}")
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        if not row["mutable"]:
            raise errors.refused(409, f"Cannot edit Role. {READ_ONLY}")
        name = body.get("name", row["name"])
        self._check_name(name)
        if name != row["name"] and ctx.table("role").named(name):
            raise errors.refused(409, "Cannot edit Role. The Role name is already in use, please choose a unique name and try again.")
        if body.get("administrative", row["administrative"]) != row["administrative"]:
            raise errors.refused(400, "Cannot edit Role. Changing Role type is not allowed.")
        row["name"] = name
        if "description" in body:
            row["description"] = body["description"]
        ctx.event(856, "normal", f"{ctx.identity.principal} Role was updated to the {name} Role")
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        if not row["mutable"]:
            raise errors.refused(409, f"Cannot remove Role. {READ_ONLY}")
        if ctx.table("permission").by("role.id", row["id"]):
            raise errors.refused(409, "One or more Permissions is still associated with Role.\n- Please remove all Permissions first.")
        self.of(ctx).remove(row["id"])
        ctx.event(858, "normal", f"Role {row['name']} removed from {ctx.identity.principal}")

    @staticmethod
    def _check_name(name):
        if not 1 <= len(name) <= LONGEST_NAME:
            raise errors.refused(400, f"size must be between 1 and {LONGEST_NAME}", "Attribute: role.name")


class Permits(Collection):
    """What a role permits; an item's id is the number of the permit."""

    type = "permit"
    table = "role"
    paths = ("roles/{role}/permits", "users/{user}/roles/{role}/permits", "groups/{group}/roles/{role}/permits")
    id_is_uuid = False

    def rows(self, ctx, parents):
        role = ctx.row("role", parents["role"].lower())
        return [self._row(role, ident) for ident in role["_permits"]] if role is not None else []

    def find(self, ctx, ident, parents):
        role = ctx.row("role", parents["role"].lower())
        number = int(ident) if ident.isdigit() else None
        asked = ctx.request.method if ctx.request is not None else "GET"
        if role is None or number not in catalog()[0] or (asked != "DELETE" and number not in role["_permits"]):
            raise errors.not_found()
        return self._row(role, number)

    def render(self, ctx, row, parents=None):
        role = {"id": row["role"]["id"], "href": f"{ctx.prefix}/roles/{row['role']['id']}"}
        return {**row, "role": role, "href": f"{role['href']}/permits/{row['id']}"}

    def add(self, ctx, body, parents):
        role = ctx.row("role", parents["role"].lower())
        if role is None:
            raise errors.not_found()
        number = permit_of(body)
        if number is None:
            raise errors.refused(500, "General command validation failure.") if body.get("id") is not None else errors.fault(500, None)
        if not role["mutable"]:
            raise errors.refused(409, f"Cannot attach Role. {READ_ONLY}")
        if number in role["_permits"]:
            raise errors.refused(409, "Cannot attach action group to Role. This action group is already attached to Role.")
        if catalog()[0][number][1] and not role["administrative"]:
            raise errors.refused(409, "Cannot add administrator's action group to a User Role.")
        role["_permits"] = [*role["_permits"], number]
        ctx.table("role").save(role)
        ctx.event(860, "normal", f"Action group {catalog()[0][number][0].upper()} was attached to Role {role['name']} by {ctx.identity.principal}")
        return self._row(role, number)

    def remove(self, ctx, row):
        role, number = ctx.row("role", row["role"]["id"]), int(row["id"])
        if not role["mutable"]:
            raise errors.refused(409, f"Cannot detach Role. {READ_ONLY}")
        if number not in role["_permits"]:
            raise errors.refused(400, "Cannot detach action group from Role. This action group is not attached to this Role.")
        role["_permits"] = [one for one in role["_permits"] if one != number]
        ctx.table("role").save(role)
        ctx.event(862, "normal", f"Action group {catalog()[0][number][0].upper()} was detached from Role {role['name']} by {ctx.identity.principal}")

    @staticmethod
    def _row(role, number):
        name, administrative = catalog()[0][number]
        return {"id": str(number), "name": name, "administrative": administrative, "role": {"id": role["id"]}}


class AssignedRoles(Collection):
    """The roles a user or a group has anywhere, through groups too."""

    type = "role"
    table = "role"
    paths = ("users/{user}/roles", "groups/{group}/roles")

    def rows(self, ctx, parents):
        (kind, ident), = parents.items()
        principals = [ident.lower(), *([one["id"] for one in ctx.table("group") if one.get("_everyone")] if kind == "user" else [])]
        found = {permission["role"]["id"]: None for principal in principals for permission in ctx.table("permission").by("_principal", principal)
                 if permission["_kind"] == "system"}
        return [{**role, "_owner": parents} for role in map(ctx.table("role").get, found) if role is not None]

    def find(self, ctx, ident, parents):
        row = next((one for one in self.rows(ctx, parents) if one["id"] == ident.lower()), None)
        if row is None:
            raise errors.not_found()
        return row

    def update(self, ctx, row, body):
        """A change of the role itself, wherever it is assigned."""
        owner = row["_owner"]
        return {**self.engine.services.of_type("role").update(ctx, ctx.row("role", row["id"]), body), "_owner": owner}

    def remove(self, ctx, row):
        self.engine.services.of_type("role").remove(ctx, ctx.row("role", row["id"]))

    def render(self, ctx, row, parents=None):
        (_kind, ident), = row["_owner"].items()
        owner = {"id": ident, "href": f"{ctx.prefix}/users/{ident}"}
        href = f"{owner['href']}/roles/{row['id']}"
        # As observed: the API calls a group a user here.
        return {"id": row["id"], "name": row["name"], "user": owner, "href": href, "link": [{"rel": "permits", "href": f"{href}/permits"}]}
