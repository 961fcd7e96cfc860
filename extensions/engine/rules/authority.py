"""Who may do what: roles that permit it, given to a user or to everyone, on an object or on anything that it lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator

if TYPE_CHECKING:
    from ..store import Row, Store

SYSTEM = "aaa00000-0000-0000-0000-123456789aaa"
EVERYONE = "eee00000-0000-0000-0000-123456789eee"
SUPER_USER = "00000000-0000-0000-0000-000000000001"
LOGIN = 1300
# Permits that say nothing of what is there already: a role of these alone does not show what lies in its object.
BLIND = frozenset((1, 16, 200, 300, 1100, 1106, LOGIN, 1301, 1302, 1303, 1304, 1400, 1500))
# Roles that come with the engine and do not show it either, whatever they permit.
BLIND_ROLES = frozenset((
    "PowerUserRole", "QuotaConsumer", "DiskCreator", "VmCreator", "TemplateCreator", "ExternalEventsCreator", "ExternalTasksCreator", "VnicProfileUser",
    "UserTemplateBasedVm", "InstanceCreator", "UserInstanceManager", "TagManager", "BookmarkManager", "EventNotificationManager", "AuditLogManager",
    "DiskProfileUser", "UserVmRunTimeManager", "UserProfileEditor", "CpuProfileOperator", "CpuProfileCreator"))


def shows_children(role: Row) -> bool:
    """Does a role on an object show what lies in the object?"""
    return not BLIND.issuperset(role["_permits"]) if role["mutable"] else role["name"] not in BLIND_ROLES


def permissions_of(store: Store, user: str, everyone: bool = True) -> Iterator[tuple[Row, Row]]:
    """What a user has, by name and as one of everyone: pairs of a permission and its role."""
    table, roles = store.table("permission"), store.table("role")
    for principal in (user, EVERYONE) if everyone else (user,):
        for permission in table.by("_principal", principal):
            role = roles.get(permission["role"]["id"])
            if role is not None:
                yield permission, role


def may_log_in(store: Store, user: str) -> bool:
    """What everyone has lets nobody in."""
    return any(LOGIN in role["_permits"] for _permission, role in permissions_of(store, user, everyone=False))


def is_admin(store: Store, user: str) -> bool:
    """Has the user a role for administrators, on whatever object?"""
    return any(role["administrative"] for _permission, role in permissions_of(store, user))


def is_super_user(store: Store, user: str) -> bool:
    return any(permission["_object"] == SYSTEM for permission, role in permissions_of(store, user) if role["id"] == SUPER_USER)


def may(store: Store, user: str, permit: int | None, kind: str, ident: str | None) -> bool:
    """Is there a role with this permit on the object, or on what it lies in?"""
    places = above(store, kind, ident)
    return any(permission["_object"] in places and permit in role["_permits"] for permission, role in permissions_of(store, user))


def above(store: Store, kind: str, ident: str | None) -> list[str]:
    """Ids of an object and of what it lies in, up to the system."""
    found = [] if ident is None else [ident]
    row = store.table(kind).get(ident) or {}
    for one in (*PLACES.get(kind, _nowhere)(store, row), SYSTEM):
        if one is not None and one not in found:
            found.append(one)
    return found


def _nowhere(store: Store, row: Row) -> tuple[str | None, ...]:
    return ()


def _in_cluster(store: Store, row: Row) -> tuple[str | None, ...]:
    cluster = reference(row, "cluster")
    return cluster, center_of(store, cluster)


def _in_center(store: Store, row: Row) -> tuple[str | None, ...]:
    return (reference(row, "data_center"),)


def _of_domain(store: Store, row: Row) -> tuple[str | None, ...]:
    return (row.get("_pool"),)


def _of_disk(store: Store, row: Row) -> tuple[str | None, ...]:
    """A disk lies in its machine as well, where it has one."""
    domain = row.get("_domain")
    machine = next((reference(one, "vm") for one in store.table("disk_attachment").by("disk.id", row.get("id")) if "vm" in one), None)
    vm = store.table("vm").get(machine) or {}
    return (store.table("storage_domain").get(domain) or {}).get("_pool"), domain, machine, reference(vm, "cluster")


def _of_template(store: Store, row: Row) -> tuple[str | None, ...]:
    """A template lies in the data center of its first disk."""
    first = next(iter(store.table("disk_attachment").by("template.id", row.get("id"))), {})
    disk = store.table("disk").get(reference(first, "disk")) or {}
    return ((store.table("storage_domain").get(disk.get("_domain")) or {}).get("_pool"),)


def _of_vnic_profile(store: Store, row: Row) -> tuple[str | None, ...]:
    network = reference(row, "network")
    return network, reference(store.table("network").get(network) or {}, "data_center")


def _of_disk_profile(store: Store, row: Row) -> tuple[str | None, ...]:
    domain = reference(row, "storage_domain")
    return domain, (store.table("storage_domain").get(domain) or {}).get("_pool")


PLACES = {"vm": _in_cluster, "host": _in_cluster, "vm_pool": _in_cluster, "cpu_profile": _in_cluster, "gluster_volume": _in_cluster,
          "gluster_hook": _in_cluster, "cluster": _in_center, "quota": _in_center, "network": _in_center, "storage_domain": _of_domain, "disk": _of_disk,
          "template": _of_template, "vnic_profile": _of_vnic_profile, "disk_profile": _of_disk_profile}


def center_of(store: Store, cluster: str | None) -> str | None:
    """The data center of a cluster."""
    return reference(store.table("cluster").get(cluster) or {}, "data_center")


def reference(row: Row, member: str) -> str | None:
    """The id that a row's reference has."""
    value: str | None = (row.get(member) or {}).get("id")
    return value
