"""Affinity groups that cannot all be held to: what the engine refuses to save, and what it warns of."""

from __future__ import annotations

from typing import Any

from .. import errors

Row = dict[str, Any]


def check_conflicts(ctx: Any, changed: Row) -> None:
    """Refuse a group that contradicts the others of its cluster."""
    groups = [_flat(ctx, one) for one in ctx.table("affinity_group").by("cluster.id", changed["cluster"]["id"]) if one["id"] != changed["id"]]
    groups.append(_flat(ctx, changed))
    _hosts(ctx, groups)
    _machines(ctx, groups)


def _flat(ctx: Any, group: Row) -> Row:
    """The group with the machines and hosts of its labels among its own."""
    def ids(member: str, labels: str, carried: str) -> set[str]:
        found = {one["id"] for one in group[member]}
        for label in group[labels]:
            found |= set((ctx.row("affinity_label", label["id"]) or {}).get(carried, ()))
        return found

    return {"group": group, "vms": ids("vms", "vm_labels", "_vms"), "hosts": ids("hosts", "host_labels", "_hosts")}


def groups_of(ctx: Any, vm: Row) -> list[Row]:
    """The groups that a machine is in, by itself or by a label; a label with an implicit group binds to the hosts that carry it."""
    found = [flat for flat in (_flat(ctx, one) for one in ctx.table("affinity_group").by("cluster.id", vm["cluster"]["id"])) if vm["id"] in flat["vms"]]
    for label in ctx.table("affinity_label"):
        if label.get("has_implicit_affinity_group") and vm["id"] in label.get("_vms", ()):
            rule = {"enabled": True, "enforcing": True, "positive": True}
            found.append({"group": {"name": label["name"], "vms_rule": {**rule, "enabled": False}, "hosts_rule": rule}, "vms": set(label["_vms"]),
                          "hosts": {one for one in label.get("_hosts", ()) if ctx.row("host", one)}})
    return found


def _names(ctx: Any, table: str, idents: set[str]) -> str:
    return ",".join(row["name"] for row in ctx.table(table) if row["id"] in idents)


def _hosts(ctx: Any, groups: list[Row]) -> None:
    """The same machines bound to a host by one group and kept off it by another."""
    ruled = [one for one in groups if one["group"]["hosts_rule"]["enabled"] and one["hosts"]]
    for enforcing in (True, False):
        bound = [one for one in ruled if one["group"]["hosts_rule"]["enforcing"] or not enforcing]
        names, vms, hosts = [], set(), set()
        for negative in bound:
            for positive in bound:
                if negative["group"]["hosts_rule"]["positive"] or not positive["group"]["hosts_rule"]["positive"]:
                    continue
                if negative["vms"] & positive["vms"] and negative["hosts"] & positive["hosts"]:
                    names += [one["group"]["name"] for one in (positive, negative) if one["group"]["name"] not in names]
                    vms |= negative["vms"] & positive["vms"]
                    hosts |= negative["hosts"] & positive["hosts"]
        if not names:
            continue
        shown = ",".join(names), _names(ctx, "host", hosts), _names(ctx, "vm", vms)
        if enforcing:
            raise errors.refused(409, "The following affinity groups, containing the indicated hosts and VMs, have VM to host conflicts between positive and "
                                      "negative enforcing affinity groups.", f"Affinity Groups: {shown[0]}", f"Hosts: {shown[1]}", f"VMs: {shown[2]}")
        ctx.event(10357, "warning", f"The affinity groups: {shown[0]}, with hosts: {shown[1]} and VMs: {shown[2]}, have VM to host conflicts "
                                    "between positive and negative affinity groups.", cluster=ctx.row("cluster", groups[-1]["group"]["cluster"]["id"]))


def _machines(ctx: Any, groups: list[Row]) -> None:
    """Machines that some groups want together and another one apart."""
    ruled = [one for one in groups if one["group"]["vms_rule"]["enabled"]]
    together: list[set[str]] = []
    for one in ruled:
        if one["group"]["vms_rule"]["positive"]:
            touching = [other for other in together if other & one["vms"]]
            together = [other for other in together if not other & one["vms"]] + [one["vms"].union(*touching)]
    for one in ruled:
        for unified in together:
            both = one["vms"] & unified
            if not one["group"]["vms_rule"]["positive"] and len(both) > 1:
                raise errors.refused(409, f"Affinity Group collision detected in unified affinity group of VMs:\n{_names(ctx, 'vm', unified)}\n "
                                          f"and negative affinity group:\n{one['group']['name']} \n with VMs:\n {_names(ctx, 'vm', both)}")
