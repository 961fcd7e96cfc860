"""Which host takes a machine."""

from __future__ import annotations

from typing import Any

from .. import errors
from .machine import MIB

NO_HOSTS = "There are no hosts to use. Check that the cluster contains at least one host in Up state."
FILTERED = "There is no host that satisfies current scheduling constraints. See below for details:"


def running_on(ctx: Any, host: dict[str, Any]) -> list[dict[str, Any]]:
    return ctx.table("vm").by("host.id", host["id"])


def free_memory(ctx: Any, host: dict[str, Any], machine: dict[str, Any]) -> int:
    """MiB a host has left for new machines."""
    total = host.get("max_scheduling_memory") or host.get("memory") or 0
    used = sum(vm["memory"] for vm in running_on(ctx, host) if vm["id"] != machine["id"])
    return (total - used) // MIB


def choose(ctx: Any, vm: dict[str, Any], command: Any, *, only: str | None = None, leave: str | None = None) -> dict[str, Any]:
    """The host for a machine: the one with the fewest machines among those that pass.

    ``only`` is a host asked for, ``leave`` the one it runs on now.  Refuses with a line for each host that was filtered out.
    """
    hosts = [host for host in ctx.table("host").by("cluster.id", vm["cluster"]["id"]) if host["status"] == "up"]
    if only is not None:
        hosts = [host for host in hosts if host["id"] == only]
    if not hosts:
        raise errors.refused(400, NO_HOSTS)
    bound = {host["id"] for host in vm["placement_policy"].get("hosts", ())}
    pinned = bound and vm["placement_policy"].get("affinity") == "pinned"
    passed, reasons = [], []
    for host in hosts:
        free = free_memory(ctx, host, vm)
        if host["id"] == leave:
            reasons.append(f"The host {host['name']} did not satisfy internal filter Migration because it currently hosts the VM..")
        elif pinned and host["id"] not in bound:
            reasons.append(f"The host {host['name']} did not satisfy internal filter PinToHost because the host is not present in the pinning list..")
        elif vm["memory_policy"]["guaranteed"] // MIB > free:
            reasons.append(f"The host {host['name']} did not satisfy internal filter Memory because its available memory is too low ({free} MB) to run the VM.")
        else:
            passed.append(host)
    if not passed:
        raise errors.refused(409, f"Cannot {command.action} {command.kind}. {FILTERED}", *reasons)
    preferred = [host for host in passed if host["id"] in bound]
    return min(preferred or passed, key=lambda host: (len(running_on(ctx, host)), (host.get("spm") or {}).get("status") == "spm"))
