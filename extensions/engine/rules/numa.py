"""NUMA nodes of machines: what a set of them has to be like."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .. import errors
from .machine import MIB

Node = dict[str, Any]


def nodes_of(ctx: Any, vm: dict[str, Any]) -> list[Node]:
    return sorted(ctx.table("virtual_numa_node").by("vm.id", vm["id"]), key=lambda node: node["index"])


def tune_mode(nodes: list[Node]) -> str | None:
    """The mode of a machine: that of its nodes where all have the same."""
    modes = {node["numa_tune_mode"] for node in nodes}
    return modes.pop() if len(modes) == 1 else None


def cpus(node: Node) -> list[int]:
    return [core["index"] for core in (node.get("cpu") or {}).get("cores") or () if "index" in core]


def pins(node: Node) -> list[int]:
    return [pin["index"] for pin in node.get("numa_node_pins") or () if "index" in pin]


def check(ctx: Any, vm: dict[str, Any], nodes: list[Node], cannot: str = "Cannot ${action} ${type}") -> None:
    """Refuse nodes that do not fit together, the machine or its hosts."""
    if not nodes:
        return
    _check_tuning(nodes)
    topology = vm["cpu"]["topology"]
    count = topology["cores"] * topology["sockets"] * topology["threads"]
    if count < len(nodes):
        raise errors.refused(400, f"{cannot}. Assigned {len(nodes)} NUMA nodes for {count} CPU cores. Cannot assign more NUMA nodes than CPU cores.")
    _check_indices(nodes)
    _check_cpus(nodes, count)
    memory, total = vm["memory"] // MIB, sum(node["memory"] for node in nodes)
    if total > memory:
        raise errors.refused(400, f"The NUMA nodes' total memory of {total} exceeds the VM's total memory of {memory}.")
    _check_hosts(ctx, vm, nodes, cannot)


def _check_tuning(nodes: list[Node]) -> None:
    preferred = any(node["numa_tune_mode"] == "preferred" for node in nodes)
    if preferred and not (len(nodes) == 1 and len(pins(nodes[0])) == 1):
        raise errors.refused(400, "Preferred NUMA tune mode is allowed for a single pinned Virtual NUMA Node.")


def _check_indices(nodes: list[Node]) -> None:
    found = Counter(node["index"] for node in nodes)
    twice = next((index for index, times in found.items() if times > 1), None)
    if twice is not None:
        raise errors.refused(400, f"NUMA node with index {twice} exists at least twice.")
    missing = [index for index in range(len(nodes)) if index not in found]
    if missing:
        raise errors.refused(400, f"Expected a continuous sequence of 0-{len(nodes) - 1} for {len(nodes)} numa nodes. Missing indices "
                                  f"{', '.join(map(str, missing[:10]))}. Assign indices with increasing order starting from 0 to your virtual numa nodes.")


def _check_cpus(nodes: list[Node], count: int) -> None:
    found = Counter(cpu for node in nodes for cpu in cpus(node))
    wrong = next((cpu for cpu in found if not 0 <= cpu < count), None)
    if wrong is not None:
        raise errors.refused(400, f"A NUMA node has an invalid CPU index: {wrong}. Indexes must be between 0 and {count - 1}.")
    twice = [str(cpu) for cpu, times in found.items() if times > 1]
    if twice:
        raise errors.refused(400, f"CPUs with the following indexes are assigned to two or more NUMA nodes: {', '.join(twice)}.")


def _check_hosts(ctx: Any, vm: dict[str, Any], nodes: list[Node], cannot: str) -> None:
    """The hosts a machine is bound to have to have what its nodes are pinned to."""
    if vm.get("cpu_pinning_policy") == "resize_and_pin_numa":
        return
    hosts = [ctx.row("host", host["id"]) for host in vm["placement_policy"].get("hosts") or ()]
    if not hosts and any(pins(node) for node in nodes):
        raise errors.refused(409, f"{cannot}. VM must be pinned to at least one host.")
    for host in hosts:
        there = {node["index"]: node for node in ctx.engine.services.of_type("numa_node").reported(host)} if host.get("memory") else {}
        if not there:
            raise errors.refused(400, f"Cannot pin VM NUMA nodes when the host '{host['name']}' has no NUMA nodes.")
        for node in nodes:
            for index in pins(node):
                if index not in there:
                    raise errors.refused(400, f"Host NUMA node with index {index} does not exist for host '{host['name']}'.")
                if node["numa_tune_mode"] == "strict" and node["memory"] > there[index]["memory"]:
                    raise errors.refused(400, f"NUMA node memory incompatibility error exists for VM's NUMA node with index {node['index']} and host's "
                                              f"NUMA node with index {index} for host '{host['name']}'.")
