"""Where a machine stands: its cluster, data center, profiles, quota, and what its events refer to."""

from __future__ import annotations

from typing import Any

from .. import errors
from ..services.base import UUID


def cluster_of(ctx: Any, row: dict[str, Any]) -> dict[str, Any] | None:
    return ctx.row("cluster", (row.get("cluster") or {}).get("id"))


def data_center_of(ctx: Any, cluster: dict[str, Any] | None) -> dict[str, Any] | None:
    return ctx.row("data_center", ((cluster or {}).get("data_center") or {}).get("id"))


def about(ctx: Any, vm: dict[str, Any]) -> dict[str, Any]:
    """What the events of a machine refer to."""
    cluster = cluster_of(ctx, vm)
    return {"vm": vm, "cluster": cluster, "data_center": data_center_of(ctx, cluster), "host": ctx.row("host", (vm.get("host") or {}).get("id")),
            "template": ctx.row("template", (vm.get("template") or {}).get("id"))}


def master_of(ctx: Any, cluster: dict[str, Any] | None) -> dict[str, Any]:
    """The master storage domain of a cluster's data center, as events of new machines refer to it."""
    center = data_center_of(ctx, cluster)
    return {"storage_domain": next((one for one in ctx.table("storage_domain").by("_pool", center["id"]) if one.get("master")), None)} if center else {}


def cpu_profile(ctx: Any, cluster: dict[str, Any]) -> dict[str, str] | None:
    """The first CPU profile of a cluster, which machines take that name none."""
    profile = next(iter(ctx.table("cpu_profile").by("cluster.id", cluster["id"])), None)
    return {"id": profile["id"]} if profile else None


def default_quota(ctx: Any, data_center: dict[str, Any] | None) -> dict[str, str] | None:
    if data_center is None:
        return None
    quota = next((one for one in ctx.table("quota").by("data_center.id", data_center["id"]) if one.get("_default")), None)
    return {"id": quota["id"]} if quota else None


def check_quota(ctx: Any, row: dict[str, Any], cluster: dict[str, Any] | None, command: Any) -> None:
    ident = (row.get("quota") or {}).get("id")
    if not ident:
        return
    quota = ctx.row("quota", ident)
    if quota is None:
        raise command.refuses(400, "Quota doesn't exist.")
    if cluster is not None and quota["data_center"]["id"] != ((cluster.get("data_center") or {}).get("id")):
        raise command.refuses(400, "Quota is not valid.")


def check_cpu_profile(ctx: Any, row: dict[str, Any], cluster: dict[str, Any], command: Any) -> None:
    ident = (row.get("cpu_profile") or {}).get("id")
    if ident is None:
        profile = cpu_profile(ctx, cluster)
        if profile:
            row["cpu_profile"] = profile
        return
    found = ctx.row("cpu_profile", ident)
    if found is None:
        raise command.refuses(400, "CPU profile with id ${cpuProfileId} doesn't exist.")
    if (found.get("cluster") or {}).get("id") != cluster["id"]:
        raise command.refuses(400, "CPU Profile doesn't match provided Cluster.")


def icons(ctx: Any, row: dict[str, Any]) -> None:
    """The icons of the guest's operating system, for machines that have none of their own."""
    if row.get("_icons_of") == row["os"]["type"]:
        return
    if row.get("large_icon") and "_icons_of" not in row:
        return
    system = ctx.table("operating_system").named(row["os"]["type"]) or {}
    for name in ("small_icon", "large_icon"):
        if (system.get(name) or {}).get("id"):
            row[name] = {"id": system[name]["id"]}
    row["_icons_of"] = row["os"]["type"]


def named_hosts(ctx: Any, body: dict[str, Any]) -> None:
    """Hosts of a placement policy by name become hosts by id; a name that leads nowhere is a fault of its own form."""
    for host in (body.get("placement_policy") or {}).get("hosts") or []:
        host_id(ctx, host)


def host_id(ctx: Any, reference: dict[str, Any]) -> str | None:
    if reference.get("id"):
        if not UUID.fullmatch(reference["id"]):
            raise errors.fault(400, f"Invalid UUID string: {reference['id']}", "Operation failed")
        reference["id"] = reference["id"].lower()
    elif reference.get("name"):
        found = ctx.table("host").named(reference["name"])
        if found is None:
            raise errors.entity_not_found(reference["name"])
        reference["id"] = found["id"]
    return reference.get("id")


def export_host(ctx: Any, row: dict[str, Any], reference: dict[str, Any], command: Any) -> dict[str, Any]:
    """The host that writes an archive of a machine or template: up, and in the same data center."""
    host = ctx.row("host", host_id(ctx, reference))
    if host is None:
        raise command.refuses(400, "Invalid Host Id.")
    if host["status"] != "up":
        raise command.refuses(409, "Operation can be performed only when Host status is Up.")
    center = data_center_of(ctx, cluster_of(ctx, row))
    if center is None:
        raise command.refuses(400, "Data Center doesn't exist.")
    if data_center_of(ctx, cluster_of(ctx, host)) is not center:
        raise command.refuses(409, "Proxy host and virtual machine do not reside at the same data center.")
    return host


def check_dedicated(ctx: Any, row: dict[str, Any], command: Any) -> None:
    """Hosts a machine is bound to must be there, and in its cluster."""
    for host in row["placement_policy"].get("hosts", ()):
        found = ctx.row("host", host["id"])
        if found is None:
            raise command.refuses(409, "VM is pinned to a specific host. The required host doesn't exist.")
        if found["cluster"]["id"] != row["cluster"]["id"]:
            raise command.refuses(409, "VM is pinned to a specific host. The host's cluster must be the same as the selected VM cluster.")
