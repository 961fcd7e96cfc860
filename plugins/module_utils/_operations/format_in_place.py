# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way in place: every cluster of a data center is raised, then the data center, and the engine converts its data domains at once.

A VM that runs through the raise keeps the old level as its own until its next start; a restart of it is a reboot, which is a cold one where a
configuration waits, and which the engine brings to its end by itself, whatever becomes of the task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import TimedOut
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Unit, View, of_kind
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.storage_formats import LEVEL, below, converted, has, level_of
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import FOLLOWED_AT_ONCE, Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, Wires, dig, level
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ACT, LOOK, UPDATE, Problem, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.cluster import CLUSTER
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.storage_domain import FIRST_LEVEL
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.power import ACTIVE, REBOOTED, RESTARTS, STARTED, STOPPED, taken_down

_KNOWN_BY = {(4, 20): "4.2", (4, 30): "4.3", (4, 40): "4.6", (4, 50): "4.8"}
"""The newest compatibility level that a host's VDSM knows. Newer ones are not judged here: the engine asks the host itself."""


def draft(view: View, draft: Draft, domain: Wire, center_id: str) -> None:
    estate, wanted = view.estate, view.options["format"]
    center = estate.get(f"datacenters/{center_id}") or {}
    clusters = [one for one in estate.list("clusters") if dig(one, "data_center.id") == center_id]
    domains = estate.list(f"datacenters/{center_id}/storagedomains")
    vms = _vms(estate, clusters)
    goal = view.options.get("compatibility_version") or max([FIRST_LEVEL[wanted], level_of(center)], key=level)
    if below(goal, FIRST_LEVEL[wanted]):
        hint = f"Give {FIRST_LEVEL[wanted]} or a newer one."
        draft.problems.append(Problem(f"Data domains of compatibility version {goal} do not have the format {wanted}.", hint))
        return
    to_raise = [cluster for cluster in clusters if below(level_of(cluster), goal)]
    draft.problems += _in_the_way(center, clusters, to_raise, domains, vms, estate, goal)
    draft.warnings += _worth_knowing(to_raise, vms, estate, goal)
    draft.shows["along"] = [
        {"id": one["id"], "name": one["name"], "format": one.get("storage_format")}
        for one in domains
        if one.get("type") == "data" and one["id"] != domain["id"] and not has(one, wanted)
    ]
    raised = [_raise_cluster(view, cluster, goal) for cluster in to_raise]
    draft.units += raised
    center_unit = _raise_center(center, clusters, domains, goal, wanted)
    center_unit.after = list(raised)
    draft.units.append(center_unit)
    _mark_vms(view, draft, vms, {cluster["id"] for cluster in to_raise}, [center_unit])


def restarts(view: View, draft: Draft, center_id: str) -> None:
    """What an earlier run has left: VMs that still run at the level of before the raise."""
    clusters = [one for one in view.estate.list("clusters") if dig(one, "data_center.id") == center_id]
    _mark_vms(view, draft, _vms(view.estate, clusters), set(), [])


def _vms(estate: Estate, clusters: Wires) -> Wires:
    homes = {cluster["id"]: cluster for cluster in clusters}
    vms = estate.list("vms", follow=("snapshots",), page_size=FOLLOWED_AT_ONCE)
    return [{**vm, "cluster_level": level_of(homes[dig(vm, "cluster.id")])} for vm in vms if dig(vm, "cluster.id") in homes]


def _in_the_way(
    center: Wire, clusters: Wires, to_raise: Wires, domains: Wires, vms: Wires, estate: Estate, goal: str
) -> Iterator[Problem]:
    if center.get("status") != "up":
        yield Problem(f"Data center {center.get('name')} is {center.get('status')}.", "It has to be up: see to its hosts and storage first.")
    for one in domains:
        if one.get("type") == "data" and one.get("status") != "active":
            yield Problem(f"Storage domain {one['name']} goes along, and is {one.get('status')}.", "Activate it, or detach it first.")
    for host in _hosts(estate, clusters):
        if host.get("status") not in ("up", "maintenance"):
            detail = f" ({host['status_detail']})" if host.get("status_detail") else ""
            yield Problem(f"Host {host['name']} is {host.get('status')}{detail}.", "Bring it up, or to maintenance: it may not come back at the new level.")
        elif host.get("status") == "up" and _too_old(host, goal):
            yield Problem(_why_too_old(host, goal), "Update it, or move it to maintenance first.")
    raised = {cluster["id"] for cluster in to_raise}
    asleep = [vm["name"] for vm in vms if vm.get("status") == "suspended" and below(_own_level(vm) or "0.0", goal)]
    if asleep:
        yield Problem(f"These VMs are suspended, and keep the data center from being raised: {', '.join(asleep)}.", "Resume them, or power them off.")
    previewed = [
        vm["name"]
        for vm in vms
        if dig(vm, "cluster.id") in raised and any(one.get("snapshot_status") == "in_preview" for one in dig(vm, "snapshots.snapshot") or [])
    ]
    if previewed:
        yield Problem(f"These VMs preview a snapshot, and keep their cluster from being raised: {', '.join(previewed)}.", "Commit or undo the previews first.")


def _worth_knowing(to_raise: Wires, vms: Wires, estate: Estate, goal: str) -> Iterator[str]:
    raised = {cluster["id"] for cluster in to_raise}
    out = [host["name"] for host in _hosts(estate, to_raise) if host.get("status") != "up" and _too_old(host, goal)]
    if out:
        yield f"These hosts drop out of their clusters: their VDSM does not know compatibility version {goal}: {', '.join(out)}."
    machines = [f"{vm['name']} ({vm['custom_emulated_machine']})" for vm in vms if dig(vm, "cluster.id") in raised and vm.get("custom_emulated_machine")]
    if machines:
        yield f"These VMs have a machine type of their own and keep it, so they start only on hosts that have it: {', '.join(machines)}."


def _hosts(estate: Estate, clusters: Wires) -> Wires:
    ids = {cluster["id"] for cluster in clusters}
    return [host for host in estate.once("hosts") if dig(host, "cluster.id") in ids]


def _known_level(host: Wire) -> str | None:
    """The newest level that a host knows by the version of its VDSM; None where that says nothing."""
    found = re.match(r"vdsm-(\d+)\.(\d+)", dig(host, "version.full_version") or "")
    return _KNOWN_BY.get((int(found[1]), int(found[2]))) if found else None


def _too_old(host: Wire, goal: str) -> bool:
    known = _known_level(host)
    return known is not None and below(known, goal)


def _why_too_old(host: Wire, goal: str) -> str:
    return f"Host {host['name']} runs {dig(host, 'version.full_version')}, which knows compatibility versions up to {_known_level(host)}, not {goal}."


def _raise_cluster(view: View, cluster: Wire, goal: str) -> Unit:
    """The cluster's own module checks the CPU type against what the engine offers at the new level."""
    unit = of_kind(view, CLUSTER, {"id": cluster["id"], "compatibility_version": goal})
    unit.item = {**unit.item, "kind": "cluster"}
    return unit


def _raise_center(center: Wire, clusters: Wires, domains: Wires, goal: str, wanted: str) -> Unit:
    path, title = f"datacenters/{center['id']}", f"data center {center['name']}"
    steps = []
    if below(level_of(center), goal):
        steps.append(Step(UPDATE, f"raise {title} to {goal}", path, body={"version": LEVEL.to_wire(goal)}))
    of_data = [one for one in domains if one.get("type") == "data"]
    steps += [
        Step(LOOK, f"wait until storage domain {one['name']} is {wanted} and active", f"{path}/storagedomains/{one['id']}", settle=converted(wanted))
        for one in of_data
    ]
    before = {"compatibility_version": level_of(center), "formats": {one["name"]: one.get("storage_format") for one in of_data}}
    after = {"compatibility_version": max([level_of(center), goal], key=level), "formats": {one["name"]: wanted for one in of_data}}
    unit = Unit(title, {"id": center["id"], "name": center["name"], "kind": "data_center"}, Outcome(True, before, after), steps=steps)
    unit.verify = partial(_verify, unit=unit, center_id=center["id"], clusters=clusters)
    return unit


def _verify(hands: Hands, *, unit: Unit, center_id: str, clusters: Wires) -> dict[str, dict[str, str]]:
    """The formats as they are now; hosts that do not stand the new level are told."""
    ids = {cluster["id"] for cluster in clusters}
    for host in hands.estate.list("hosts"):
        if dig(host, "cluster.id") in ids and host.get("status") in ("non_operational", "non_responsive", "error"):
            detail = f" ({host['status_detail']})" if host.get("status_detail") else ""
            unit.outcome.warnings.append(f"Host {host['name']} has dropped out since: it is {host['status']}{detail}.")
    domains = hands.estate.list(f"datacenters/{center_id}/storagedomains")
    return {"formats": {one["name"]: str(one.get("storage_format")) for one in domains if one.get("type") == "data"}}


# VMs that keep their level: those that run, until they are restarted; those with a level of their own, for good


def _mark_vms(view: View, draft: Draft, vms: Wires, raised: set[str], after: list[Unit]) -> None:
    kept = [vm for vm in vms if _keeps(view.estate, vm)]
    own = [vm["name"] for vm in vms if dig(vm, "cluster.id") in raised and _own_level(vm) and vm not in kept]
    running = [vm for vm in vms if dig(vm, "cluster.id") in raised and vm.get("status") in ACTIVE and not _own_level(vm)]
    waiting = [vm["name"] for vm in running if vm.get("next_run_configuration_exists") == "true"]
    if own:
        draft.warnings.append(f"These VMs have a compatibility version of their own and keep it: {', '.join(own)}.")
    if waiting:
        draft.warnings.append(f"These VMs have further changes that wait for their next start: {', '.join(waiting)}.")
    policy = view.options["on_running"]
    if running and policy == "fail":
        names = ", ".join(vm["name"] for vm in running)
        problem = f"These VMs run, and would keep the old level until they are restarted: {names}."
        draft.problems.append(Problem(problem, "Use on_running: restart or next_run."))
    restart = policy == "restart"
    draft.shows["keep_level"] = [] if restart else [{"id": vm["id"], "name": vm["name"]} for vm in [*kept, *running]]
    draft.units += [_restart(view, vm, after) for vm in [*kept, *running] if restart]
    draft.units += [_start(vm, after) for vm in vms if restart and taken_down(vm)]


def _keeps(estate: Estate, vm: Wire) -> bool:
    """Whether a VM has run through an earlier raise: it has the level of then as its own, and its next configuration does not."""
    if vm.get("status") not in ACTIVE or not _own_level(vm) or vm.get("next_run_configuration_exists") != "true":
        return False
    if not below(_own_level(vm) or "0.0", vm["cluster_level"]):
        return False
    waiting = estate.get(f"vms/{vm['id']}", params={"next_run": "true"}) or {}
    return _own_level(waiting) is None


def _restart(view: View, vm: Wire, after: list[Unit]) -> Unit:
    shown = {"compatibility_version": "that of before the raise"}, {"compatibility_version": "that of its cluster"}
    unit = Unit(f"VM {vm['name']}", {"id": vm["id"], "name": vm["name"], "kind": "vm"}, Outcome(True, *shown), after=after)
    unit.outcome.steps = [{"do": ACT, "says": f"restart VM {vm['name']}"}]
    unit.work = partial(_reboot, vm=vm, grace=view.options.get("grace_period", 300), force=bool(view.options.get("force")))
    return unit


def _start(vm: Wire, after: list[Unit]) -> Unit:
    """What an earlier run powered off for its restart, and did not come to start."""
    item = {"id": vm["id"], "name": vm["name"], "kind": "vm"}
    step = Step(ACT, f"start VM {vm['name']}", f"vms/{vm['id']}", verb="start", settle=STARTED)
    return Unit(f"VM {vm['name']}", item, Outcome(True, {"status": "down"}, {"status": "up"}), steps=[step], after=after)


def _reboot(hands: Hands, *, vm: Wire, grace: int, force: bool) -> None:
    path, title = f"vms/{vm['id']}", f"VM {vm['name']}"
    reborn = replace(REBOOTED, until=_at_its_clusters_level, job=False)
    off = Step(ACT, f"power off {title}", path, verb="stop", body={"reason": RESTARTS}, settle=STOPPED)
    if vm.get("status") == "paused":
        hands.do(off, Step(ACT, f"start {title}", path, verb="start", settle=STARTED))
        return
    reboot = Step(ACT, f"reboot {title}", path, verb="reboot", settle=reborn, within=grace)
    if vm.get("status") == "reboot_in_progress":
        # An earlier run has asked for it.
        reboot = Step(LOOK, f"see {title} rebooted", path, settle=reborn, within=grace)
    try:
        hands.do(reboot)
    except TimedOut:
        if not force or hands.deadline.passed:
            raise
        hands.do(off, Step(ACT, f"start {title}", path, verb="start", settle=STARTED))


def _at_its_clusters_level(vm: Wire) -> bool:
    return vm.get("next_run_configuration_exists") != "true" and _own_level(vm) is None


def _own_level(vm: Wire) -> str | None:
    own = vm.get("custom_compatibility_version")
    return f"{own['major']}.{own['minor']}" if own else None
