"""/users, /groups and /domains, and what belongs to one user: keys, options, subscriptions to events."""

from __future__ import annotations

import base64
import binascii
import json
import re

from .. import errors
from ..follow import Written
from .base import Collection
from .permissions import EVERYONE, SUPER_USER, SYSTEM

DOMAIN = "internal-authz"
DOMAIN_ID = DOMAIN.encode().hex().upper()
ADMINISTRATORS = "ovirt-administrator"
KEY_KINDS = ("ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
BAD_KEY = "The given SSH public key is invalid."
NO_DOMAIN = "Parameters 'user.domain.id' or 'user.domain.name' are mandatory but both were not provided."


def entry_id(ident):
    """The id of a directory entry: the letters of its UUID as hexadecimal numbers."""
    return ident.encode().hex().upper()


def directory_user(identity):
    """A user of the domain as its directory shows it."""
    principal = identity.principal.rpartition("@")[0]
    return {"name": principal, "department": "", "email": f"{principal}@localhost", "last_name": "", "namespace": "*", "principal": principal,
            "user_name": identity.principal, "domain": {"id": DOMAIN_ID, "name": DOMAIN}}


def directory_group(name):
    """A group of the domain as its directory shows it."""
    return {"name": name, "namespace": "*", "domain": {"id": DOMAIN_ID, "name": DOMAIN}}


class Users(Collection):
    type = "user"
    paths = ("users",)
    search = "users"
    links = ("groups", "roles", "permissions", "tags", "options", "eventsubscriptions", "sshpublickeys")
    seed_rank = 20

    def seed(self, ctx):
        self._save(ctx, ctx.identity)

    def present(self, ctx, row, rep):
        options = ctx.table("user_option").by("user.id", row["id"])
        if options and ctx.request is not None and ctx.request.method != "POST":
            rep["user_options"] = [{"name": one["name"], "value": one["content"]} for one in options]

    def add(self, ctx, body, parents):
        if not body["user_name"]:
            raise errors.incomplete("User", ["userName"], "add")
        domain = body.get("domain") or {}
        name, _at, suffix = body["user_name"].rpartition("@")
        if suffix != DOMAIN and domain.get("name") is None and domain.get("id") is None:
            raise errors.fault(400, NO_DOMAIN, "Input validation failed.")
        login = name if suffix == DOMAIN else body["user_name"]
        where = domain.get("name") or (DOMAIN if suffix == DOMAIN or domain.get("id") == DOMAIN_ID else None)
        if where is None:
            raise errors.fault(400, f"Domain: '{domain['id']}' does not exist.", None)
        if where != DOMAIN:
            raise errors.fault(400, 'cannot invoke "java.util.list.iterator()" because "namespaces" is null')
        identity = ctx.engine.sso.known(f"{login}@internal")
        if identity is None:
            raise errors.entity_not_found(f"ADUSER@{DOMAIN}:{body.get('namespace', '')}: username={login}")
        return self.meet(ctx, identity)

    def meet(self, ctx, identity):
        """The row of somebody of the directory, made when the engine did not know them."""
        return self.of(ctx).get(identity.user_id) or self._save(ctx, identity)

    def update(self, ctx, row, body):
        options = body.get("user_options")
        if options is not None:
            for one in ctx.table("user_option").by("user.id", row["id"]):
                ctx.table("user_option").remove(one["id"])
            for one in options:
                ctx.table("user_option").save({"id": ctx.new_id(), "name": one["name"], "content": one["value"], "user": {"id": row["id"]}})
        return row

    def remove(self, ctx, row):
        if row["id"] == ctx.identity.user_id:
            raise errors.refused(409, "Cannot remove User. User is currently logged in.")
        for table, member in (("permission", "_principal"), ("user_option", "user.id"), ("ssh_public_key", "user.id"), ("event_subscription", "user.id")):
            for one in ctx.table(table).by(member, row["id"]):
                ctx.table(table).remove(one["id"])
        self.of(ctx).remove(row["id"])
        ctx.event(325, "normal", f"User {row['user_name']} was removed by {ctx.identity.principal}.")

    def _save(self, ctx, identity):
        return self.of(ctx).save({"id": identity.user_id, "domain_entry_id": entry_id(identity.user_id), **directory_user(identity)})


class Groups(Collection):
    type = "group"
    paths = ("groups",)
    search = "groups"
    links = ("roles", "permissions", "tags")
    seed_rank = 20

    def seed(self, ctx):
        for ident, name in ((EVERYONE, "Everyone"), (ctx.new_id(), ADMINISTRATORS)):
            self.of(ctx).save({"id": ident, "name": name, "namespace": "*", "domain_entry_id": entry_id(ident), "_everyone": ident == EVERYONE})

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("Group", ["name"], "add")
        given = body.get("domain") or {}
        if given.get("id") is None and given.get("name") is None and not body["name"].endswith(f"@{DOMAIN}"):
            raise errors.incomplete("Group", ["domain.id|name"], "add")
        domain = given.get("name") or DOMAIN
        if domain != DOMAIN:
            raise errors.fault(400, 'cannot invoke "java.util.list.iterator()" because "namespaces" is null')
        name = body["name"].removesuffix(f"@{DOMAIN}")
        ident = ctx.engine.sso.groups.get(name)
        if ident is None:
            # The domain of a fresh engine has users alone.
            raise errors.entity_not_found(f"ADGROUP@{DOMAIN}:: name={name}")
        return self.of(ctx).get(ident) or self.of(ctx).save({"id": ident, "domain_entry_id": entry_id(ident), **directory_group(name)})

    def remove(self, ctx, row):
        permissions = ctx.table("permission")
        last = all(one["_principal"] == row["id"] for one in permissions.by("role.id", SUPER_USER) if one["_object"] == SYSTEM)
        if last:
            raise errors.refused(409, "Cannot remove Group. The system must have at least one Super User Role defined.")
        if row["id"] == EVERYONE:
            raise errors.refused(409, 'Cannot remove the built-in group "Everyone".')
        for one in permissions.by("_principal", row["id"]):
            permissions.remove(one["id"])
        self.of(ctx).remove(row["id"])
        ctx.event(408, "normal", f"Group {row['name']} was removed by {ctx.identity.principal}.")


class UserGroups(Collection):
    """The groups a user is in by the directory; the internal domain has none."""

    type = "group"
    table = "_user_group"
    paths = ("users/{user}/groups",)

    def find(self, ctx, ident, parents):
        raise errors.html(404, "", f"<html>{ident}</html>")


class Domains(Collection):
    type = "domain"
    paths = ("domains",)
    id_is_uuid = False
    seed_rank = 10

    def seed(self, ctx):
        self.of(ctx).save({"id": DOMAIN_ID, "name": DOMAIN})

    def present(self, ctx, row, rep):
        rep["link"] = [{"rel": rel, "href": f"{rep['href']}/{path}"} for rel, path in (
            ("groups", "groups"), ("users", "users"), ("groups/search", "groups?search={query}"), ("users/search", "users?search={query}"))]


class DomainUsers(Collection):
    """Who is in the directory of a domain, known to the engine or not."""

    type = "user"
    table = "_directory_user"
    paths = ("domains/{domain}/users",)

    # What a search calls a member of a row.
    places = {"name": "name", "username": "principal", "lastname": "last_name", "department": "department", "allnames": "principal"}

    def known(self, ctx):
        """Everybody in the directory, as rows."""
        return [{"id": entry_id(one.user_id), **directory_user(one)} for one in ctx.engine.sso.identities()]

    def rows(self, ctx, parents):
        if parents["domain"] != DOMAIN_ID:
            raise errors.not_found()
        return self.known(ctx)

    def listed(self, ctx, parents):
        rows = super().listed(ctx, parents)
        text = ctx.parameter("search")
        if not text or text.strip() in ("allnames=*",):
            return rows
        field, _mark, value = text.partition("=")
        place = self.places.get(field.strip().lower())
        wanted = value.strip().strip('"').lower()
        start = wanted.rstrip("*")
        return [row for row in rows if place and (row[place].lower() == start or wanted.endswith("*") and row[place].lower().startswith(start))]

    def find(self, ctx, ident, parents):
        row = next((one for one in self.rows(ctx, parents) if one["id"] == ident), None)
        if row is None:
            raise errors.not_found()
        return row

    def render(self, ctx, row, parents=None):
        href = f"{ctx.prefix}/domains/{DOMAIN_ID}"
        return {**row, "domain": {**row["domain"], "href": href}, "groups": Written(), "href": f"{href}/users/{row['id']}"}


class DomainGroups(DomainUsers):
    """The same for groups."""

    type = "group"
    table = "_directory_group"
    paths = ("domains/{domain}/groups",)
    places = {"name": "name", "allnames": "name"}

    def known(self, ctx):
        return [{"id": entry_id(ident), **directory_group(name)} for name, ident in ctx.engine.sso.groups.items()]

    def render(self, ctx, row, parents=None):
        href = f"{ctx.prefix}/domains/{DOMAIN_ID}"
        return {**row, "domain": {**row["domain"], "href": href}, "href": f"{href}/groups/{row['id']}"}


class SshPublicKeys(Collection):
    type = "ssh_public_key"
    paths = ("users/{user}/sshpublickeys",)

    def add(self, ctx, body, parents):
        self._check(body["content"], "add")
        row = {"id": ctx.new_id(), "content": body["content"], "user": {"id": parents["user"].lower()}}
        told(ctx, "created", row["user"]["id"], "SSH_PUBLIC_KEY")
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        if "content" in body:
            self._check(body["content"], "edit")
            self.of(ctx).remove(row["id"])
            # As observed: a changed key is another key.
            row = {**row, "id": ctx.new_id(), "content": body["content"]}
            told(ctx, "replaced", row["user"]["id"], "SSH_PUBLIC_KEY")
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])
        told(ctx, "removed", row["user"]["id"], "SSH_PUBLIC_KEY")

    @staticmethod
    def _check(content, verb):
        """As observed, keys of type ed25519 are refused like nonsense."""
        parts = content.split()
        try:
            blob = base64.b64decode(parts[1], validate=True) if len(parts) > 1 else b""
        except binascii.Error:
            blob = b""
        size = int.from_bytes(blob[:4], "big")
        if not parts or parts[0] not in KEY_KINDS or blob[4:4 + size] != parts[0].encode():
            raise errors.refused(400, f"Cannot {verb} User Profile Property. {BAD_KEY}")


class UserOptions(Collection):
    type = "user_option"
    paths = ("users/{user}/options",)

    def add(self, ctx, body, parents):
        user = parents["user"].lower()
        try:
            content = json.loads(body["content"])
        except ValueError:
            raise errors.refused(400, "Internal Engine Error") from None
        known = next((one for one in self.of(ctx).by("user.id", user) if one["name"] == body["name"]), None)
        if known is not None:
            raise errors.refused(400, f"Cannot add User Profile Property. User Profile property with name {known['name']} already exists. "
                                      f"Property type is JSON and ID={known['id']}.")
        row = {"id": ctx.new_id(), "name": body["name"], "content": as_kept(content), "user": {"id": user}}
        told(ctx, "created", user, row["name"])
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])
        told(ctx, "removed", row["user"]["id"], row["name"])


class EventSubscriptions(Collection):
    """An item's id is the name of the event."""

    type = "event_subscription"
    paths = ("users/{user}/eventsubscriptions",)
    id_is_uuid = False

    def find(self, ctx, ident, parents):
        if ident not in self.engine.model.enums["notifiable_event"]:
            raise errors.html(500, "ERROR", "")
        row = next((one for one in self.rows(ctx, {"user": parents["user"].lower()}) if one["event"] == ident), None)
        if row is None:
            raise errors.not_found()
        return row

    def render(self, ctx, row, parents=None):
        user = {"id": row["user"]["id"], "href": f"{ctx.prefix}/users/{row['user']['id']}"}
        rep = {name: row[name] for name in ("address", "event", "notification_method") if row.get(name) is not None}
        return {**rep, "id": row["event"], "user": user, "href": f"{user['href']}/eventsubscriptions/{row['event']}"}

    def add(self, ctx, body, parents):
        user = parents["user"].lower()
        # Whatever is asked for, the API makes subscriptions by mail.
        method = "smtp"
        address = body.get("address") or None
        if address is not None and not ADDRESS.fullmatch(address):
            raise errors.refused(400, "email format is not valid", "Attribute: privateEventSubscriber.methodAddress")
        if any(one["event"] == body["event"] and one["notification_method"] == method for one in self.of(ctx).by("user.id", user)):
            raise errors.refused(409, "User is already subscribed to this event with the same Notification method.")
        owner = ctx.row("user", user)
        if owner is None:
            raise errors.refused(400, "User must exist in Database.")
        return self.of(ctx).save({"id": f"{user}/{body['event']}/{method}", "event": body["event"], "notification_method": method,
                                  "address": address, "user": {"id": user}})

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])


def as_kept(value):
    """JSON as the engine's database writes it: shorter keys first, a blank after each mark."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {as_kept(value[key])}" for key in sorted(value, key=lambda key: (len(key.encode()), key))) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_kept, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def told(ctx, what, user, name):
    """The event of a change to a user's profile, one's own or somebody else's."""
    own = user == ctx.identity.user_id
    code = {"created": 15002, "removed": 15006, "replaced": 15010}[what] + (2 if own else 0)
    text = {"created": f"created property '{name}'", "removed": f"removed property '{name}'",
            "replaced": f"replaced the existing instance of property '{name}' with a new instance"}[what]
    owner = "" if own else f" for user {(ctx.row('user', user) or {}).get('user_name', '')}"
    ctx.event(code, "normal", f"Account Settings: {ctx.identity.principal} {text}{' ' if own and what == 'replaced' else ''}{owner}.")
