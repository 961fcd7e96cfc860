"""Scheduling policies: what the built-in ones are made of, and the properties of a cluster that follow from its policy."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from .. import errors
from . import levels

NONE = "b4ed2332-a7ac-4d5f-9596-99a439cb2812"
_FILTERS = ("CPU", "CPUOverloaded", "Emulated-Machine", "HA", "Swap", "Memory", "NUMA", "HugePages", "Migration", "VmAffinityGroups",
            "VmToHostsAffinityGroups", "Network", "HostedEngineSpares", "Migration-Tsc-Frequency", "Host-hooks")
_WEIGHTS = (("PreferredHosts", 99), ("HA", 1), ("OptimalForHaReservation", 1), ("VmAffinityGroups", 1), ("VmToHostsAffinityGroups", 20),
            ("CPU for high performance VMs", 4), ("CPU and NUMA pinning compatibility", 5))
_EVEN = (("OptimalForCpuEvenDistribution", 2), ("OptimalForMemoryEvenDistribution", 1))
_OWN: dict[str, tuple[str, tuple[tuple[str, int], ...]]] = {
    "none": ("None", _EVEN), "cluster_maintenance": ("None", _EVEN), "evenly_distributed": ("OptimalForEvenDistribution", _EVEN),
    "power_saving": ("OptimalForPowerSaving", (("OptimalForCpuPowerSaving", 2), ("OptimalForMemoryPowerSaving", 1))),
    "vm_evenly_distributed": ("OptimalForEvenGuestDistribution", (("OptimalForEvenGuestDistribution", 2),))}


@lru_cache(maxsize=None)
def _units() -> dict[tuple[str | None, str], str]:
    return {(one["type"], one["name"]): one["id"] for one in levels.catalog()["policy_units"]}


@lru_cache(maxsize=None)
def _properties() -> dict[str, dict[str, str]]:
    return {one["id"]: one["properties"] for one in levels.catalog()["policy_units"]}


def built_in(name: str) -> dict[str, list[dict[str, Any]]]:
    """Filters, weights and balances of a policy the engine brings along, as rows of its lists."""
    units = _units()
    balance, weights = _OWN[name]
    filters = (("ClusterInMaintenance",) if name == "cluster_maintenance" else ()) + _FILTERS
    return {"filters": [{"id": units["filter", one], "position": 0} for one in filters],
            "weights": [{"id": units["weight", one], "factor": factor} for one, factor in (*weights, *_WEIGHTS)],
            "balances": [{"id": units["load_balancing", balance]}]}


def filters_of(policy: dict[str, Any]) -> list[str]:
    """Names of the filters of a policy, in the order in which they are applied."""
    names = {ident: name for (kind, name), ident in _units().items() if kind == "filter"}
    return [names[one["id"]] for one in sorted(policy["_parts"]["filters"], key=lambda one: one.get("position") or 0) if one["id"] in names]


def patterns(policy: dict[str, Any]) -> dict[str, str]:
    """The properties that the units of a policy know: name -> regular expression of its value."""
    known = _properties()
    return {name: pattern for part in ("filters", "weights", "balances") for one in policy["_parts"][part]
            for name, pattern in known.get(one["id"], {}).items()}


def check(properties: list[dict[str, Any]], allowed: dict[str, str], what: str) -> None:
    """Refuse properties that no unit knows, or whose values do not fit."""
    unknown = [one["name"] for one in properties if one["name"] not in allowed]
    if unknown:
        raise errors.refused(400, f"{what} if some of the specified custom properties are not configured by the system. The keys are: {', '.join(unknown)}")
    wrong = [one["name"] for one in properties if not re.fullmatch(allowed[one["name"]], one.get("value") or "")]
    if wrong:
        raise errors.refused(400, f"{what} if some of the specified custom properties have illegal values. The keys are: {', '.join(wrong)}")


def settle(ctx: Any, cluster: dict[str, Any], reference: dict[str, Any], command: Any) -> None:
    """Give a cluster its policy and the properties that belong to it.

    The engine asks for the policy by id, then by name where the cluster has none yet, and takes the default for one that is not there.
    """
    table = ctx.table("scheduling_policy")
    have = (cluster.get("scheduling_policy") or {}).get("id")
    policy = table.get((reference.get("id") or "").lower()) or table.get(have) or table.named(reference.get("name") or "") or table.get(NONE)
    cluster["scheduling_policy"] = {"id": policy["id"]}
    allowed = patterns(policy)
    values = {one["name"]: one.get("value") for one in cluster.get("custom_scheduling_policy_properties") or []}
    for one in policy.get("properties") or []:
        values.setdefault(one["name"], one["value"])
    kept = [{"name": name, "value": value} for name, value in values.items() if name in allowed]
    check(kept, allowed, f"Cannot {command.action} Cluster")
    cluster["custom_scheduling_policy_properties"] = kept or None
