"""NICs of machines: MAC addresses from the cluster's pool, and what a profile asks for."""

from __future__ import annotations

import re
from typing import Any

from .. import errors
from ..commands import mac_from
from . import estate

MAC = re.compile(r"([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")
NAME = re.compile(r"[\w.\-]+", re.ASCII)
FORMAT = ('MAC address must be in format "HH:HH:HH:HH:HH:HH" where H is a hexadecimal character (either a digit or A-F, case is insignificant).')
DEFAULT_RANGE = ("56:6f:a7:3f:00:00", "56:6f:a7:3f:ff:ff")


def number_of(mac: str) -> int:
    return int(mac.replace(":", ""), 16)


def pool_of(ctx: Any, cluster: dict[str, Any] | None) -> dict[str, Any]:
    return ctx.row("mac_pool", ((cluster or {}).get("mac_pool") or {}).get("id")) or next(
        (pool for pool in ctx.table("mac_pool") if pool.get("default_pool")), {"id": "default"})


def used(ctx: Any, mac: str) -> list[dict[str, Any]]:
    return ctx.table("nic").by("mac.address", mac)


def draw(ctx: Any, cluster: dict[str, Any] | None, what: str = "add Interface") -> str:
    """A MAC address that nobody has, from the pool of the cluster."""
    pool = pool_of(ctx, cluster)
    ranges = [(one["from"], one["to"]) for one in pool.get("ranges") or []] or [DEFAULT_RANGE]
    spans = [(number_of(first), number_of(last)) for first, last in ranges]
    size = sum(last - first + 1 for first, last in spans)
    for _attempt in range(size):
        position = (ctx.engine.next_number(f"mac:{pool['id']}") - 1) % size
        for first, last in spans:
            if position <= last - first:
                mac = mac_from(first + position)
                break
            position -= last - first + 1
        if not used(ctx, mac):
            return mac
    raise errors.refused(409, f"Cannot {what}. Not enough MAC addresses left in MAC Address Pool.")


def check_move(ctx: Any, vms: list[dict[str, Any]], source: str | None, target: str | None) -> None:
    """May the MAC addresses of these machines go from one pool to another?  Not where they would be there twice and must not."""
    pool = ctx.row("mac_pool", target)
    if pool is None or source == target or pool.get("allow_duplicates"):
        return
    macs = [nic["mac"]["address"].lower() for vm in vms for nic in ctx.table("nic").by("vm.id", vm["id"]) if nic.get("mac")]
    moving = {vm["id"] for vm in vms}
    there = {nic["mac"]["address"].lower() for cluster in ctx.table("cluster").by("mac_pool.id", target)
             for vm in ctx.table("vm").by("cluster.id", cluster["id"])
             if vm["id"] not in moving for nic in ctx.table("nic").by("vm.id", vm["id"]) if nic.get("mac")}
    twice = [mac for mac in dict.fromkeys(macs) if macs.count(mac) > 1 or mac in there]
    if twice:
        raise errors.refused(409, "Cannot migrate MACs to another MAC pool, because that action would create duplicates in target MAC pool, which are not "
                                  "allowed. Problematic MACs are \t" + ",\n\t".join(twice))


def take(ctx: Any, cluster: dict[str, Any] | None, mac: str, nic: str | None = None) -> str:
    """A MAC address that was asked for, unless someone of the same pool has it."""
    pool = pool_of(ctx, cluster)
    if not pool.get("allow_duplicates"):
        for other in used(ctx, mac):
            owner = ctx.row("vm", (other.get("vm") or {}).get("id")) or {}
            if other["id"] != nic and pool_of(ctx, estate.cluster_of(ctx, owner) if owner else None)["id"] == pool["id"]:
                raise errors.refused(409, f"MAC Address {mac} is already in use by VM or snapshot: {owner.get('name', '')}.")
    return mac


def mac_violation(mac: str) -> str | None:
    if not MAC.fullmatch(mac) or not int(mac.replace(":", ""), 16):
        return FORMAT
    return "Multi-cast MAC address is not allowed." if int(mac[:2], 16) & 1 else None


def copy_nics(ctx: Any, source: str, vm: dict[str, Any]) -> None:
    """The NICs of a template, machine or instance type for a new machine, with MAC addresses of their own."""
    table = ctx.table("nic")
    typed = ctx.table("_instance_type_nic").by("instance_type.id", source)
    copy_saved(ctx, [*table.by("template.id", source), *table.by("vm.id", source), *typed], vm)


def copy_saved(ctx: Any, nics: Any, vm: dict[str, Any]) -> None:
    cluster = estate.cluster_of(ctx, vm)
    for nic in nics:
        made = {name: nic[name] for name in ("name", "interface", "linked", "plugged", "vnic_profile") if name in nic}
        ctx.table("nic").save({"id": ctx.new_id(), **made, "synced": True, "mac": {"address": draw(ctx, cluster, "add VM")}, "vm": {"id": vm["id"]}})


def reorder(ctx: Any, vm: dict[str, Any]) -> None:
    """MAC addresses in the order of the NICs' names."""
    nics = sorted(ctx.table("nic").by("vm.id", vm["id"]), key=lambda nic: nic["name"])
    for nic, mac in zip(nics, sorted(nic["mac"]["address"] for nic in nics)):
        nic["mac"] = {"address": mac}
        ctx.table("nic").save(nic)


def in_cluster(ctx: Any, network: dict[str, Any], cluster: dict[str, Any]) -> bool:
    return any(one["cluster"]["id"] == cluster["id"] for one in ctx.table("cluster_network").by("network.id", network["id"]))


def check_profile(ctx: Any, profile: dict[str, Any], vm: dict[str, Any], command: Any) -> None:
    """The network behind a profile must be one of the machine's cluster."""
    network = ctx.row("network", (profile.get("network") or {}).get("id"))
    cluster = estate.cluster_of(ctx, vm)
    if network is not None and cluster is not None and not in_cluster(ctx, network, cluster):
        raise errors.refused(409, "The specified Logical Network doesn't exist in the current Cluster.")
