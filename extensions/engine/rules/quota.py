"""What quotas allow: limits, what is used of them, and whether more may be used.

A quota's row keeps its limits in ``_cluster`` and ``_storage``: by the id of a cluster or storage domain, or under ``GLOBAL`` for the whole data center.
A cluster's limit is ``{"vcpu", "memory"}`` (memory in MiB), a domain's ``{"size"}`` (GiB); -1 is unlimited, a member that was left out has no value.
"""

from __future__ import annotations

from typing import Any

from .. import errors
from ..contract.roles import number
from .authority import may

GLOBAL = "global"
UNLIMITED: dict[str, dict[str, int]] = {"_cluster": {"vcpu": -1, "memory": -1}, "_storage": {"size": -1}}
GIB = 1024 ** 3
MIB = 1024 ** 2
# A machine that is not in one of these uses what its quota gives it.
IDLE = ("down", "suspended", "image_locked", None)


def limits(quota: dict[str, Any], side: str) -> dict[str, Any]:
    """The limits of one side (``_cluster``, ``_storage``); a quota that was never given any is unlimited."""
    return quota.get(side, {GLOBAL: dict(UNLIMITED[side])})


def vcpus(vm: dict[str, Any]) -> int:
    topology = (vm.get("cpu") or {}).get("topology") or {}
    return topology.get("sockets", 1) * topology.get("cores", 1) * topology.get("threads", 1)


def counts(vm: dict[str, Any]) -> bool:
    """Does a machine use what its quota gives it?"""
    return vm.get("status") not in IDLE


def cluster_usage(ctx: Any, quota: dict[str, Any], cluster: str | None = None) -> tuple[int, int]:
    """Virtual CPUs and MiB of memory of the machines that run on a quota, in one cluster or in all."""
    running = [vm for vm in ctx.table("vm").by("quota.id", quota["id"]) if counts(vm) and (cluster is None or vm["cluster"]["id"] == cluster)]
    return sum(map(vcpus, running)), sum(vm.get("memory", 0) for vm in running) // MIB


def storage_usage(ctx: Any, quota: dict[str, Any], domain: str | None = None) -> float:
    """GiB of the disks that are charged to a quota, on one storage domain or on all."""
    disks = [disk for disk in ctx.table("disk").by("quota.id", quota["id"])
             if domain is None or any(one["id"] == domain for one in disk.get("storage_domains") or ())]
    return sum(disk.get("provisioned_size") or 0 for disk in disks) / GIB


def in_use(ctx: Any, quota: dict[str, Any]) -> bool:
    """Is a VM or a disk charged to this quota?"""
    return bool(ctx.table("vm").by("quota.id", quota["id"]) or ctx.table("disk").by("quota.id", quota["id"]))


def run_vm(ctx: Any, vm: dict[str, Any], what: str = "Cannot run VM") -> None:
    """Charge a machine that is about to run, or refuse it."""
    cluster = ctx.row("cluster", vm["cluster"]["id"]) or {}
    found = _quota(ctx, (cluster.get("data_center") or {}).get("id"), vm.get("quota"))
    if found is None:
        return
    quota, mode = found
    _check_consumer(ctx, quota, mode, what)
    limit = limits(quota, "_cluster").get(GLOBAL) or limits(quota, "_cluster").get(cluster["id"])
    if limit is None:
        _refuse(mode, f"{what}. Quota is not valid.")
        return
    if 0 in (limit.get("vcpu"), limit.get("memory")):
        raise errors.refused(409, f"{what}. Quota is not valid.")
    used = cluster_usage(ctx, quota, None if GLOBAL in limits(quota, "_cluster") else cluster["id"])
    asked = {"vcpu": (used[0], vcpus(vm)), "memory": (used[1], vm.get("memory", 0) // MIB)}
    shares = {name: (100 * now / limit[name], 100 * more / limit[name]) for name, (now, more) in asked.items() if (limit.get(name) or -1) > 0}
    over = _charge(ctx, quota, shares, "cluster", mode, vm=vm)
    if over:
        _refuse(mode, f"{what}. Quota has insufficient cluster resources.")


def store(ctx: Any, data_center: str | None, reference: dict[str, Any] | None, domain: str, size: int, what: str) -> None:
    """Charge ``size`` more bytes on a storage domain, or refuse them."""
    found = _quota(ctx, data_center, reference)
    if found is None or size <= 0:
        return
    quota, mode = found
    _check_consumer(ctx, quota, mode, what)
    limit = limits(quota, "_storage").get(GLOBAL) or limits(quota, "_storage").get(domain)
    if limit is None:
        _refuse(mode, f"{what}. No quota is defined for the selected domain. Assign a quota to the domain or select a different domain.")
        return
    most = limit.get("size")
    if most is None or most < 0:
        return
    used = storage_usage(ctx, quota, None if GLOBAL in limits(quota, "_storage") else domain)
    share = (100 * used / most, 100 * size / GIB / most) if most else (float("inf"), float("inf"))
    over = _charge(ctx, quota, {"size": share}, "storage", mode)
    if over:
        _refuse(mode, f"{what}. Quota has insufficient storage resources.")


def move(ctx: Any, data_center: str | None, own: dict[str, Any] | None, other: str | None, domain: str, size: int, what: str) -> None:
    """Charge an image that goes to another domain: it is released where it was, so that within one limit nothing changes."""
    found = _quota(ctx, data_center, {"id": other} if other else own)
    if found is not None and (found[0]["id"] != (own or {}).get("id") or GLOBAL not in limits(found[0], "_storage")):
        store(ctx, data_center, {"id": found[0]["id"]}, domain, size, what)


def _quota(ctx: Any, data_center: str | None, reference: dict[str, Any] | None) -> tuple[dict[str, Any], str] | None:
    """The quota that is charged and the mode of its data center; None where nothing is counted."""
    mode = (ctx.row("data_center", data_center) or {}).get("quota_mode", "disabled")
    if mode == "disabled":
        return None
    quota = ctx.row("quota", (reference or {}).get("id"))
    if quota is None:
        quota = next((one for one in ctx.table("quota").by("data_center.id", data_center) if one.get("_default")), None)
    return None if quota is None else (quota, mode)


def _check_consumer(ctx: Any, quota: dict[str, Any], mode: str, what: str) -> None:
    """Where quotas are enforced, only who may consume one is charged to it."""
    if mode == "enabled" and not may(ctx.store, ctx.identity.user_id, number("consume_quota"), "quota", quota["id"]):
        raise errors.refused(403, f"{what}. The user is not a consumer of the Quota assigned to the resource.")


def _refuse(mode: str, text: str) -> None:
    if mode == "enabled":
        raise errors.refused(409, text)


def _charge(ctx: Any, quota: dict[str, Any], shares: dict[str, tuple[float, float]], side: str, mode: str, **references: Any) -> bool:
    """Warn of what comes near a limit; True when it is over it and over the grace beyond."""
    words = {"vcpu": "vcpu", "memory": "mem"}
    grace = 100 + quota[f"{side}_hard_limit_pct"]
    threshold = quota[f"{side}_soft_limit_pct"]
    word, base = ("Cluster", 3006) if side == "cluster" else ("Storage", 3009)
    sums = {name: now + more for name, (now, more) in shares.items()}

    def told(values: dict[str, float]) -> str:
        if side == "storage":
            return f"{_number(values['size'])}%"
        return "".join(f"{words[name]}:{_number(value)}% " for name, value in values.items())

    over = [name for name, total in sums.items() if total > grace]
    hint = "Please select a different quota or contact your administrator to extend the quota."
    if over:
        now, more = ({name: shares[name][which] for name in over} for which in (0, 1))
        blocked = mode == "enabled"
        amounts = f"Utilization(used/requested): {told(now)}/{told(more)}" if side == "storage" else f"Utilization: {told(now)}, Requested: {told(more)}"
        what = "limit exceeded and operation was blocked" if blocked else "limit exceeded, proceeding since in Permissive (Audit) mode"
        code = base if blocked else {"cluster": 3015, "storage": 3016}[side]
        ctx.event(code, "error" if blocked else "warning", f"{word}-Quota {quota['name']} {what}. {amounts} - {hint}", **references)
        return True
    beyond = {name: total for name, total in sums.items() if total > 100}
    near = {name: total for name, total in sums.items() if total > threshold}
    if beyond:
        ctx.event(base + 1, "warning", f"{word}-Quota {quota['name']} limit exceeded and entered the grace zone. Utilization: {told(beyond)} "
                  "(It is advised to select a different quota or contact your administrator to extend the quota).", **references)
    elif near:
        ctx.event(base + 2, "warning", f"{word}-Quota {quota['name']} is about to exceed. Utilization: {told(near)}", **references)
    return False


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
