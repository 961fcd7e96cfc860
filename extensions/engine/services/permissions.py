"""Permissions: of the system, of objects, of users and of groups.

A row keeps whom it is for in ``_principal`` and what it is on in ``_kind`` (a type, or ``system``) and ``_object``.  An object's list has those of all it lies
in as well, shown as if they were its own.
"""

from __future__ import annotations

from .. import errors
from ..rules.authority import EVERYONE, SUPER_USER, SYSTEM, above, is_super_user
from .base import UUID, Collection, Created

TEMPLATE_USER, PROFILE_EDITOR, CPU_PROFILE_OPERATOR, VNIC_PROFILE_USER, MAC_POOL_USER = (
    "def00009-0000-0000-0000-def000000009", "def00021-0000-0000-0000-def000000015", "def00017-0000-0000-0000-def000000017",
    "def0000a-0000-0000-0000-def000000010", "def00014-0000-0000-0000-def000000014")
NETWORK_ADMIN, TEMPLATE_OWNER, DISK_OPERATOR, VM_MANAGER, DISK_PROFILE_USER, CPU_PROFILE_CREATOR, MAC_POOL_ADMIN = (
    "def00005-0000-0000-0000-def000000005", "def0000a-0000-0000-0000-def00000000f", "def0000a-0000-0000-0000-def00000000b",
    "def00006-0000-0000-0000-def000000006", "def00020-0000-0000-0000-abc000000010", "def00016-0000-0000-0000-def000000016",
    "def00013-0000-0000-0000-def000000013")
# What the maker of an object gets on it, and what everyone does; of what may be made for the public, everyone only then.
MAKERS = {"network": ((NETWORK_ADMIN,), None), "vnic_profile": ((NETWORK_ADMIN,), None), "cpu_profile": ((CPU_PROFILE_CREATOR,), CPU_PROFILE_OPERATOR),
          "disk_profile": ((), DISK_PROFILE_USER), "mac_pool": ((MAC_POOL_ADMIN,), None), "disk": ((DISK_OPERATOR,), None), "vm": ((VM_MANAGER,), None),
          "template": ((TEMPLATE_OWNER, TEMPLATE_USER), None), "instance_type": ((TEMPLATE_OWNER,), TEMPLATE_USER)}
PUBLIC = {"vnic_profile": VNIC_PROFILE_USER}
SEEDED = (
    ("00000004-0004-0004-0004-000000000355", TEMPLATE_USER, "template", "00000000-0000-0000-0000-000000000000"),
    ("00000004-0004-0004-0004-000000000392", TEMPLATE_USER, "template", "00000003-0003-0003-0003-0000000000be"),
    ("00000006-0006-0006-0006-000000000044", TEMPLATE_USER, "template", "00000005-0005-0005-0005-0000000002e6"),
    ("00000008-0008-0008-0008-0000000001b7", TEMPLATE_USER, "template", "00000007-0007-0007-0007-00000000010a"),
    ("0000000a-000a-000a-000a-000000000309", TEMPLATE_USER, "template", "00000009-0009-0009-0009-0000000000f1"),
    ("0000000c-000c-000c-000c-00000000039b", TEMPLATE_USER, "template", "0000000b-000b-000b-000b-00000000021f"),
    ("14124e3a-fedf-11e9-8092-8c1645ce738e", CPU_PROFILE_OPERATOR, "cpu_profile", "58ca604e-01a7-003f-01de-000000000250"),
    ("58ca605c-010d-0307-0224-0000000001a9", PROFILE_EDITOR, "system", SYSTEM),
)
# The members a permission can show its object in, in the order the engine looks for a home of it.
MEMBERS = ("cluster", "data_center", "disk", "host", "storage_domain", "template", "user", "group", "vm", "vm_pool")
SHOWN = tuple(name for name in MEMBERS if name not in ("user", "group"))
IN_BODIES = ("data_center", "cluster", "host", "storage_domain", "vm", "vm_pool", "template")
WORDS = {"vm": "VM", "host": "Host", "template": "Template", "vm_pool": "VmPool", "cluster": "Cluster", "data_center": "StoragePool",
         "storage_domain": "Storage", "disk": "Disk", "network": "Network", "vnic_profile": "VnicProfile", "quota": "Quota", "mac_pool": "MacPool",
         "cpu_profile": "CpuProfile", "disk_profile": "DiskProfile", "system": "System"}
COLLECTIONS = {"vm": "vms", "host": "hosts", "template": "templates", "vm_pool": "vmpools", "cluster": "clusters", "data_center": "datacenters",
               "storage_domain": "storagedomains", "disk": "disks", "network": "networks", "vnic_profile": "vnicprofiles", "mac_pool": "macpools",
               "cpu_profile": "cpuprofiles", "disk_profile": "diskprofiles", "user": "users", "group": "groups"}


def own(ctx, kind, ident, public=False):
    """Give the maker of an object, and everyone, what they get on it."""
    mine, everyone = MAKERS[kind]
    shown = "template" if kind == "instance_type" else kind
    for role in mine:
        grant(ctx, role, shown, ident, user=ctx.identity.user_id)
    shared = PUBLIC.get(kind) if public else everyone
    if shared is not None:
        grant(ctx, shared, shown, ident, group=EVERYONE)


def forget(store):
    """What was on an object goes with it."""
    table = store.table("permission")
    for kind, ident in store.removed():
        for row in table.by("_object", ident) if kind in WORDS or kind == "instance_type" else ():
            table.remove(row["id"])


def grant(ctx, role, kind, ident, user=None, group=None, permission_id=None):
    """Give a user or a group a role on an object; what is there already stays."""
    principal = user or group
    for known in ctx.table("permission").by("_principal", principal):
        if known["role"]["id"] == role and known["_object"] == ident:
            return known
    row = {"id": permission_id or ctx.new_id(), "role": {"id": role}, "_principal": principal, "_kind": kind, "_object": ident,
           "user" if user else "group": {"id": principal}}
    if kind in SHOWN:
        row[kind] = {"id": ident}
    return ctx.table("permission").save(row)


class Permissions(Collection):
    type = "permission"
    paths = ("permissions", *(f"{path}/{{{kind}}}/permissions" for kind, path in COLLECTIONS.items()),
             "datacenters/{data_center}/quotas/{quota}/permissions", "datacenters/{data_center}/clusters/{cluster}/permissions",
             "networks/{network}/vnicprofiles/{vnic_profile}/permissions", "storagedomains/{storage_domain}/disks/{disk}/permissions",
             "datacenters/{data_center}/storagedomains/{storage_domain}/disks/{disk}/permissions",
             "clusters/{cluster}/cpuprofiles/{cpu_profile}/permissions", "datacenters/{data_center}/networks/{network}/permissions",
             "storagedomains/{storage_domain}/diskprofiles/{disk_profile}/permissions")
    seed_rank = 40

    def seed(self, ctx):
        for ident, role, kind, target in SEEDED:
            grant(ctx, role, kind, target, group=EVERYONE, permission_id=ident)
        for profile in ctx.table("vnic_profile"):
            grant(ctx, VNIC_PROFILE_USER, "vnic_profile", profile["id"], group=EVERYONE, permission_id="0000000b-000b-000b-000b-0000000001d5")
        for pool in ctx.table("mac_pool"):
            # As observed: the permission has the id of the pool.
            grant(ctx, MAC_POOL_USER, "mac_pool", pool["id"], group=EVERYONE, permission_id=pool["id"])
        grant(ctx, SUPER_USER, "system", SYSTEM, user=ctx.identity.user_id)
        for group in ctx.table("group").by("name", "ovirt-administrator"):
            grant(ctx, SUPER_USER, "system", SYSTEM, group=group["id"])

    # -- reading

    def rows(self, ctx, parents):
        kind, ident = self._target(parents)
        table = self.of(ctx)
        if kind in ("user", "group"):
            principals = [ident, *([EVERYONE] if kind == "user" else [])]
            found = [row for principal in principals for row in table.by("_principal", principal)]
        else:
            found = [row for one in above(ctx.store, kind, ident) for row in table.by("_object", one)]
        return sorted(found, key=lambda row: row["id"])

    def find(self, ctx, ident, parents):
        row = super().find(ctx, ident, {})
        return {**row, "_asked": self._target(parents)}

    def path_of(self, row):
        return f"/permissions/{row['id']}"

    def render(self, ctx, row, parents=None):
        kind, ident = self._target(parents) if parents is not None else row.get("_asked", ("system", SYSTEM))
        rep = {"id": row["id"], "role": {"id": row["role"]["id"]}}
        for member in ("user", "group"):
            if member in row:
                rep[member] = {"id": row["_principal"]}
        shown = (kind, ident) if kind in SHOWN and "_asked" not in row else (row["_kind"], row["_object"])
        if shown[0] in SHOWN:
            rep[shown[0]] = {"id": shown[1]}
        self.engine.services.complete(ctx, "permission", rep)
        if "group" in rep:
            home = f"groups/{row['_principal']}/"
        elif kind == "system":
            home = ""
        elif kind in MEMBERS:
            home = f"{COLLECTIONS[kind]}/{ident}/"
        else:
            # As observed: what a permission cannot name as its object gives a user's no href.
            return rep
        rep["href"] = f"{ctx.prefix}/{home}permissions/{row['id']}"
        return rep

    # -- writing

    def add(self, ctx, body, parents):
        kind, ident = self._target(parents)
        given = body.get("role") or {}
        absent = [] if given.get("id") is not None or given.get("name") is not None else ["role.id|name"]
        if kind in ("user", "group"):
            target = next((name for name in IN_BODIES if (body.get(name) or {}).get("id") is not None), None)
            if target is None:
                absent.append("dataCenter|cluster|host|storageDomain|vm|vmPool|template.id")
        elif not any((body.get(name) or {}).get("id") is not None for name in ("user", "group")):
            absent.append("user|group.id")
        if absent:
            raise errors.incomplete("Permission", absent, "add")
        if kind in ("user", "group"):
            principal, as_group, (kind, ident) = ident, kind == "group", (target, self._id(body[target]["id"]))
        else:
            named = "user" if (body.get("user") or {}).get("id") is not None else "group"
            principal, as_group = self._id(body[named]["id"]), False
        role = self._role(ctx, given)
        if role is None:
            raise errors.refused(400, "Cannot add permission, invalid Role id")
        if kind != "system" and ctx.row(kind, ident) is None:
            raise errors.refused(400, "Cannot add permission, invalid object ID or type")
        if role["administrative"] and not is_super_user(ctx.store, ctx.identity.user_id):
            raise errors.refused(403, "Cannot add permission, only system super user can give permissions with admin Role")
        if kind == "vm" and (ctx.row("vm", ident) or {}).get("vm_pool"):
            raise errors.refused(409, "Cannot add permission, VM is part of VM-Pool, permission should be given on VM-Pool instead")
        is_user, is_group = ctx.row("user", principal), ctx.row("group", principal)
        if is_user is None and is_group is None:
            raise errors.refused(400)
        row = grant(ctx, role["id"], kind, ident, **({"user": principal} if is_user else {"group": principal}))
        self._tell(ctx, row, role, is_user or is_group, "granted")
        return self._created(ctx, row, as_group)

    def remove(self, ctx, row):
        if row["role"]["id"] == SUPER_USER and len(ctx.table("permission").by("role.id", SUPER_USER)) <= 1:
            raise errors.refused(409, "Cannot remove Permission. The system must have at least one Super User Role defined.")
        if (ctx.row("role", row["role"]["id"]) or {}).get("administrative") and not is_super_user(ctx.store, ctx.identity.user_id):
            raise errors.refused(403, "Cannot remove permission, only system super user can remove permissions with admin Role")
        if row["_object"] == SYSTEM and row["_principal"] == EVERYONE:
            raise errors.refused(409, "It's not allowed to remove system permissions assigned to built-in Everyone group")
        kind, ident = row["_asked"]
        if kind == "user" and row["_principal"] != ident:
            raise errors.refused(409, "Cannot remove inherited permission")
        self.of(ctx).remove(row["id"])
        role = ctx.row("role", row["role"]["id"]) or {"name": ""}
        self._tell(ctx, row, role, ctx.row("user", row["_principal"]) or ctx.row("group", row["_principal"]) or {"name": ""}, "removed")

    def _created(self, ctx, row, as_group):
        """As observed: the answer calls a group a user, but among a group's own permissions, and looks for its href in an order of its own."""
        rep = {"id": row["id"], "role": {"id": row["role"]["id"]}, "group" if as_group else "user": {"id": row["_principal"]}}
        if row["_kind"] in SHOWN:
            rep[row["_kind"]] = {"id": row["_object"]}
        self.engine.services.complete(ctx, "permission", rep)
        home = next(rep[name]["href"] for name in MEMBERS if name in rep)
        rep["href"] = f"{home}/permissions/{row['id']}"
        return Created(row, rep=rep)

    @staticmethod
    def _tell(ctx, row, role, principal, what):
        who = principal.get("user_name") or principal["name"]
        target = {} if row["_kind"] == "system" else ctx.row(row["_kind"], row["_object"]) or {}
        word, by = WORDS.get(row["_kind"], row["_kind"]), ctx.identity.principal
        if what == "granted":
            domain = (principal.get("domain") or {}).get("name", "")
            ctx.event(850, "normal", f"User/Group {who}, Namespace {principal.get('namespace', '*')}, Authorization provider: {domain} was granted permission "
                      f"for Role {role['name']} on {word} {target.get('name', '')}, by {by}.")
        else:
            ctx.event(852, "normal", f"User/Group {who} Role {role['name']} permission was removed from {word} {target.get('name', '')} by {by}")

    def _role(self, ctx, given):
        if given.get("id") is not None:
            return ctx.row("role", self._id(given["id"]))
        return ctx.table("role").named(given["name"])

    @staticmethod
    def _id(text):
        if not UUID.fullmatch(text):
            raise errors.fault(400, f"Invalid UUID string: {text}", "Operation failed")
        return text.lower()

    @staticmethod
    def _target(parents):
        """What the path is about: the last place holder."""
        if not parents:
            return "system", SYSTEM
        kind = list(parents)[-1]
        return kind, parents[kind].lower()
