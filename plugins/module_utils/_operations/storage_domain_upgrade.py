# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage domains in a newer format, while VMs run.

The engine has no such action: all data domains of a data center have the format of its compatibility level (``VersionStorageFormatUtil``). They are
converted when the level of the data center is raised, which needs every cluster at that level before, or when a domain is attached.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput, JobFailed, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._operations import disk_move
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View, of_kind
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate, ambiguous
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    Bool,
    Enum,
    Int,
    ListOf,
    Map,
    Text,
    Version,
    Wire,
    Wires,
    dig,
    level,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ACT, CREATE, LOOK, UPDATE, Problem, Settle, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.cluster import CLUSTER
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.storage_domain import STORAGE_DOMAIN
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.power import ACTIVE, STARTED, STOPPED

FORMATS = ("v1", "v2", "v3", "v4", "v5")
FIRST_LEVEL = {"v4": "4.2", "v5": "4.3"}
"""The lowest compatibility level whose data domains have the format."""

_LEVEL = Version("version", "")


def survey(view: View) -> Draft:
    domain = _domain(view.estate, view.options["storage_domain"])
    wanted = view.options["format"]
    draft = Draft(shows={"method": "none", "format": {"before": domain.get("storage_format"), "after": wanted}, "along": [], "keep_level": [], "left": []})
    centers = dig(domain, "data_centers.data_center") or []
    method = view.options["method"]
    if method == "auto":
        method = "evacuate" if view.options.get("targets") else "in_place" if centers else "attach"
    if method != "evacuate" and FORMATS.index(domain.get("storage_format") or "v1") >= FORMATS.index(wanted) and (centers or method == "in_place"):
        draft.shows["format"]["after"] = domain.get("storage_format")
        return draft
    draft.shows["method"] = method
    if method == "attach":
        _attach(view, draft, domain, centers)
    elif not centers:
        draft.problems.append(Problem(f"Storage domain {domain['name']} belongs to no data center.", "Use method: attach."))
    elif method == "evacuate":
        _evacuate(view, draft, domain)
    else:
        _in_place(view, draft, domain, centers[0]["id"])
    return draft


# In place: through the compatibility levels


def _in_place(view: View, draft: Draft, domain: Wire, center_id: str) -> None:
    estate, wanted = view.estate, view.options["format"]
    center = estate.get(f"datacenters/{center_id}") or {}
    clusters = [one for one in estate.list("clusters") if dig(one, "data_center.id") == center_id]
    domains = estate.list(f"datacenters/{center_id}/storagedomains")
    vms = [one for one in estate.list("vms") if dig(one, "cluster.id") in {cluster["id"] for cluster in clusters}]
    goal = view.options.get("compatibility_version") or max([FIRST_LEVEL[wanted], _level(center)], key=level)
    if level(goal) < level(FIRST_LEVEL[wanted]):
        hint = f"Give {FIRST_LEVEL[wanted]} or a newer one."
        draft.problems.append(Problem(f"Data domains of compatibility version {goal} do not have the format {wanted}.", hint))
        return
    draft.problems += _in_the_way(center, clusters, domains, vms, estate, goal)
    draft.shows["along"] = [
        {"id": one["id"], "name": one["name"], "format": one.get("storage_format")}
        for one in domains
        if one.get("type") == "data" and one["id"] != domain["id"] and one.get("storage_format") != wanted
    ]
    raised = [_raise_cluster(view, cluster, goal) for cluster in clusters if level(_level(cluster)) < level(goal)]
    draft.units += raised
    center_unit = _raise_center(center, domains, goal, wanted)
    center_unit.after = list(raised)
    draft.units.append(center_unit)
    _mark_vms(view, draft, vms, {unit.item["id"] for unit in raised}, center_unit)


def _in_the_way(center: Wire, clusters: Wires, domains: Wires, vms: Wires, estate: Estate, goal: str) -> Iterator[Problem]:
    if center.get("status") != "up":
        yield Problem(f"Data center {center.get('name')} is {center.get('status')}.", "It has to be up: see to its hosts and storage first.")
    for one in domains:
        if one.get("type") == "data" and one.get("status") != "active":
            yield Problem(f"Storage domain {one['name']} goes along, and is {one.get('status')}.", "Activate it, or detach it first.")
    for host in estate.list("hosts"):
        if dig(host, "cluster.id") in {cluster["id"] for cluster in clusters} and host.get("status") not in ("up", "maintenance"):
            hint = "Bring it up, or to maintenance: it may not come back at the new level."
            yield Problem(f"Host {host['name']} is {host.get('status')}.", hint)
    asleep = [vm["name"] for vm in vms if vm.get("status") == "suspended" and level(_own_level(vm) or "0.0") < level(goal)]
    if asleep:
        yield Problem(f"These VMs are suspended, and keep the data center from being raised: {', '.join(asleep)}.", "Resume them, or power them off.")


def _raise_cluster(view: View, cluster: Wire, goal: str) -> Unit:
    """The cluster's own module checks the CPU type against what the engine offers at the new level."""
    unit = of_kind(view, CLUSTER, {"id": cluster["id"], "compatibility_version": goal})
    unit.item = {**unit.item, "kind": "cluster"}
    return unit


def _raise_center(center: Wire, domains: Wires, goal: str, wanted: str) -> Unit:
    path, title = f"datacenters/{center['id']}", f"data center {center['name']}"
    steps = []
    if level(_level(center)) < level(goal):
        steps.append(Step(UPDATE, f"raise {title} to {goal}", path, body={"version": _LEVEL.to_wire(goal)}))
    converted = Settle(good=frozenset({"active"}), until=partial(_has, wanted=wanted), job=False)
    of_data = [one for one in domains if one.get("type") == "data"]
    steps += [
        Step(LOOK, f"wait until storage domain {one['name']} is {wanted} and active", f"{path}/storagedomains/{one['id']}", settle=converted)
        for one in of_data
    ]
    before = {"compatibility_version": _level(center), "formats": {one["name"]: one.get("storage_format") for one in of_data}}
    after = {"compatibility_version": max([_level(center), goal], key=level), "formats": {one["name"]: wanted for one in of_data}}
    return Unit(title, {"id": center["id"], "name": center["name"], "kind": "data_center"}, Outcome(True, before, after), steps=steps)


def _has(wire: Wire, *, wanted: str) -> bool:
    return bool(wire.get("storage_format") == wanted)


def _mark_vms(view: View, draft: Draft, vms: Wires, raised: set[str], center: Unit) -> None:
    """VMs that keep their level: those that run, until they are restarted; those with a level of their own, for good."""
    running = [vm for vm in vms if dig(vm, "cluster.id") in raised and vm.get("status") in ACTIVE and not _own_level(vm)]
    own = [vm["name"] for vm in vms if dig(vm, "cluster.id") in raised and _own_level(vm)]
    waiting = [vm["name"] for vm in running if vm.get("next_run_configuration_exists") == "true"]
    if own:
        draft.warnings.append(f"These VMs have a compatibility version of their own and keep it: {', '.join(own)}.")
    if waiting:
        draft.warnings.append(f"These VMs have further changes that wait for their next start: {', '.join(waiting)}.")
    restart = view.options["on_running"] == "restart"
    if running and view.options["on_running"] == "fail":
        names = ", ".join(vm["name"] for vm in running)
        problem = f"These VMs run, and would keep the old level until they are restarted: {names}."
        draft.problems.append(Problem(problem, "Use on_running: restart or next_run."))
    draft.shows["keep_level"] = [] if restart else [{"id": vm["id"], "name": vm["name"]} for vm in running]
    draft.units += [_restart(view, vm, center) for vm in running if restart]


def _restart(view: View, vm: Wire, center: Unit) -> Unit:
    path, title = f"vms/{vm['id']}", f"VM {vm['name']}"
    plug = Step(ACT, f"power off {title}", path, verb="stop", settle=STOPPED)
    grace = view.options.get("grace_period", 300)
    forced = plug if view.options.get("force") else None
    steps = [
        Step(ACT, f"shut down {title}", path, verb="shutdown", settle=STOPPED, within=grace, otherwise=forced),
        Step(ACT, f"start {title}", path, verb="start", settle=STARTED),
    ]
    shown = {"compatibility_version": "that of before the raise"}, {"compatibility_version": "that of its cluster"}
    return Unit(title, {"id": vm["id"], "name": vm["name"], "kind": "vm"}, Outcome(True, *shown), steps=steps, after=[center])


def _level(wire: Wire) -> str:
    return str(_LEVEL.read(wire) or "0.0")


def _own_level(vm: Wire) -> str | None:
    own = vm.get("custom_compatibility_version")
    return f"{own['major']}.{own['minor']}" if own else None


# Attach: an older domain into a newer data center


def _attach(view: View, draft: Draft, domain: Wire, centers: Wires) -> None:
    estate, wanted = view.estate, view.options["format"]
    if centers:
        home = estate.name_of("data_center", centers[0]["id"])
        draft.problems.append(Problem(f"Storage domain {domain['name']} is attached to data center {home}.", "Detach it there first, or use method: in_place."))
        return
    if not view.options.get("data_center"):
        raise InvalidInput("data_center is not given: nothing says where the storage domain is to be attached.")
    center = estate.get(f"datacenters/{estate.reference('data_center', view.options['data_center'])['id']}") or {}
    if level(_level(center)) < level(FIRST_LEVEL[wanted]):
        draft.problems.append(
            Problem(
                f"Data center {center['name']} has compatibility version {_level(center)}, whose data domains are older than {wanted}.",
                f"Raise it to {FIRST_LEVEL[wanted]} or newer first.",
            )
        )
    path, title = f"datacenters/{center['id']}/storagedomains", f"storage domain {domain['name']}"
    converted = Settle(good=frozenset({"active"}), until=partial(_has, wanted=wanted), job=False)
    attach = Step(CREATE, f"attach {title} to data center {center['name']}", path, body={"id": domain["id"]}, settle=converted, look_for=("id", domain["id"]))
    shown = {"data_center": None, "storage_format": domain.get("storage_format")}, {"data_center": center["name"], "storage_format": wanted}
    unit = Unit(title, {"id": domain["id"], "name": domain["name"], "kind": "storage_domain"}, Outcome(True, *shown), steps=[attach])
    draft.units.append(unit)
    if view.options.get("register_in"):
        draft.units.append(_register(view, domain, unit))


def _register(view: View, domain: Wire, attached: Unit) -> Unit:
    """What is on a domain is known only once it is attached."""
    cluster = view.estate.reference("cluster", view.options["register_in"])
    outcome = Outcome(True, {"registered": []}, {"registered": ["what is found on it"]})
    outcome.steps = [{"do": ACT, "says": f"register the templates and VMs of storage domain {domain['name']} in cluster {cluster['name']}"}]
    unit = Unit(f"contents of storage domain {domain['name']}", {"id": domain["id"], "name": domain["name"], "kind": "contents"}, outcome, after=[attached])

    def work(hands: Hands) -> None:
        registered: list[str] = []
        for kind in ("templates", "vms"):
            place = f"storagedomains/{domain['id']}/{kind}"
            for wire in hands.client.list(place, params={"unregistered": "true"}):
                name = f"{kind[:-1].replace('vm', 'VM')} {wire.get('name')}"
                hands.do(Step(ACT, f"register {name}", f"{place}/{wire['id']}", verb="register", body={"cluster": {"id": cluster["id"]}}))
                registered.append(name)
        outcome.after = {"registered": registered}
        outcome.changed = bool(registered)

    unit.work = work
    return unit


# Evacuate: everything moved away, live


def _evacuate(view: View, draft: Draft, domain: Wire) -> None:
    options, estate = view.options, view.estate
    if not options.get("targets"):
        raise InvalidInput("targets is not given: nothing says where the disks go.")
    around = disk_move.Surroundings.read(estate)
    targets = [_target(around, estate, text) for text in options["targets"]]
    draft.shows["format"] = {"before": domain.get("storage_format"), "after": domain.get("storage_format")}
    moves, left = disk_move.evacuation(around, around.domains[domain["id"]], targets, {"templates": "copy"})
    draft.units += moves.units
    draft.shows["bytes"] = moves.shows["bytes"]
    draft.shows["left"] = [{"id": disk["id"], "name": disk.get("alias"), "content_type": disk.get("content_type")} for disk in left]
    state = options["afterwards"]
    if state == "kept":
        return
    steering: dict[str, Any] = {"format": True} if state == "absent" else {}
    unit = of_kind(view, STORAGE_DOMAIN, {"id": domain["id"], "state": state, **steering})
    unit.item = {**unit.item, "kind": "storage_domain"}
    unit.after = list(moves.units)
    unit.work = partial(_last, unit=unit, domain=domain, then=unit.work) if unit.work else None
    draft.units.append(unit)


def _last(hands: Hands, *, unit: Unit, domain: Wire, then: Any) -> None:
    """Looks again before the domain goes: nothing of a user's may have been put on it meanwhile."""
    stay = [
        disk.get("alias") or disk["id"]
        for disk in hands.estate.list("disks")
        if [one["id"] for one in disk_move.places(disk)] == [domain["id"]] and disk.get("content_type") not in disk_move.OF_THE_ENGINE
    ]
    if stay:
        raise JobFailed(f"Storage domain {domain['name']} still has disks: {', '.join(stay)}.", hint="Run the task again to move them, too.")
    then(hands)


def _target(around: disk_move.Surroundings, estate: Estate, text: str) -> disk_move.Domain:
    wire = _domain(estate, text)
    if wire["id"] not in around.domains:
        raise NotFound(f"targets: storage domain {text!r} belongs to no data center.", hint="Attach it first.")
    return around.domains[wire["id"]]


def _domain(estate: Estate, text: str) -> Wire:
    found = [one for one in estate.once("storagedomains") if text in (one["id"], one["name"])]
    if len(found) > 1:
        raise ambiguous("storage domain", text, found)
    if not found:
        raise NotFound(f"There is no storage domain {text!r}.", hint="Check the spelling.")
    return found[0]


STORAGE_DOMAIN_UPGRADE = Operation(
    name="storage_domain_upgrade",
    summary="Bring storage domains to a newer format while VMs run",
    about=(
        "All data domains of a data center have one format, that of its compatibility version; the engine converts them when that is raised. "
        "There are three ways to a newer format, and check mode shows the plan of each.",
        "V(in_place) raises every cluster that is below, then the data center. All its data domains are converted at once, with the VMs up.",
        "V(attach) attaches a domain that belongs to no data center to one that is new enough, where it is converted.",
        "V(evacuate) moves all disks to other domains of the data center, live, as M(virtops.ovirt.disk_move) does: to another type of storage, or away "
        "from a domain that is not to be converted. The format of the old domain is left alone.",
        "Before the first change it is looked at what stands in the way: the data center's and hosts' status, other domains that go along, CPU types that "
        "the new level does not offer, suspended VMs, the space of targets.",
        "Every way can be run again after a failure or a killed task, and does what is left. A domain that has the format already changes nothing.",
        "A VM that runs through the raise keeps the old level until it is restarted: RV(keep_level) names them, O(on_running) can restart them.",
    ),
    options=(
        Text("storage_domain", "Storage domain, by name or id.", needed=True),
        Enum("format", "Format it is to have, or a newer one.", choices=("v4", "v5")),
        Enum(
            "method",
            (
                "The way there.",
                "V(auto) evacuates where O(targets) is given, else raises the data center that the domain belongs to, or attaches one that belongs to none.",
            ),
            choices=("auto", "in_place", "attach", "evacuate"),
        ),
        Version(
            "compatibility_version",
            "In place, the level that clusters and data center are raised to; the lowest with the format when it is left out. In quotes: V('4.7').",
        ),
        Text("data_center", "To attach, data center, by name or id."),
        Text("register_in", "To attach, cluster, by name or id, in which the templates and VMs that are found on the domain are registered."),
        ListOf("targets", "To evacuate, storage domains of the same data center, by name or id.", each=Text("domain", "")),
        Enum(
            "afterwards",
            "To evacuate, what the old domain is once it is empty. V(absent) formats it.",
            choices=("kept", "maintenance", "unattached", "absent"),
        ),
        Enum(
            "on_running",
            (
                "In place, what happens with VMs that run.",
                "V(next_run) leaves them at the old level until they are restarted, V(restart) shuts them down and starts them after the raise, "
                "V(fail) fails before anything is written.",
            ),
            choices=("next_run", "restart", "fail"),
        ),
        Int("grace_period", "With O(on_running=restart), seconds a guest has to shut down before O(force) decides. 300 when it is left out.", least=0),
        Bool("force", "With O(on_running=restart), whether a guest that does not shut down in time is powered off."),
    ),
    defaults={"format": "v5", "method": "auto", "afterwards": "kept", "on_running": "next_run"},
    survey=survey,
    returned=(
        Text("name", "Name of the object."),
        Enum("kind", "What it is.", choices=("cluster", "data_center", "storage_domain", "contents", "vm", "disk")),
    ),
    shows=(
        Enum("method", "The way that is taken; V(none) where the domain has the format.", choices=("none", "in_place", "attach", "evacuate")),
        Map("format", "C(before) and C(after)."),
        ListOf("along", "Other data domains that are converted in the same moment: C(id), C(name) and C(format).", each=Map("domain", "")),
        ListOf("keep_level", "VMs that run and keep the old level until they are restarted: C(id) and C(name).", each=Map("vm", "")),
        ListOf("left", "Disks of the engine's own that stay on an evacuated domain: C(id), C(name) and C(content_type).", each=Map("disk", "")),
        Int("bytes", "Bytes that an evacuation moves."),
    ),
    seealso=("disk_move", "storage_domain", "data_center", "cluster"),
)
