# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way by attaching: a domain that belongs to no data center, or to one that stays old, is taken into one that is new enough.

What is on it is registered there. It is known only when the domain is attached: until then the engine shows nothing of it.
"""

from __future__ import annotations

from functools import partial

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import EngineError, InvalidInput, JobFailed
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Unit, View, of_kind
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.storage_formats import below, converted, has, home_of, level_of
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import FOLLOWED_AT_ONCE, Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ACT, CREATE, LOOK, Problem, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.storage_domain import STORAGE_DOMAIN
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.storage_domain import FIRST_LEVEL

_KINDS = {"templates": "template", "vms": "VM"}


def draft(view: View, draft: Draft, domain: Wire) -> None:
    estate, wanted, home = view.estate, view.options["format"], home_of(domain)
    if not view.options.get("data_center") and home is None:
        raise InvalidInput("data_center is not given: nothing says where the storage domain is to be attached.")
    center_id = estate.reference("data_center", view.options["data_center"])["id"] if view.options.get("data_center") else home
    center = estate.get(f"datacenters/{center_id}") or {}
    draft.problems += _against(estate, center, domain, wanted)
    if draft.problems:
        return
    path, title = f"datacenters/{center['id']}/storagedomains", f"storage domain {domain['name']}"
    item = {"id": domain["id"], "name": domain["name"], "kind": "storage_domain"}
    before: list[Unit] = []
    if home is not None and home != center_id:
        before.append(_detach(view, draft, domain))
    if home != center_id:
        shown = {"data_center": None, "storage_format": domain.get("storage_format")}, {"data_center": center["name"], "storage_format": wanted}
        says = f"attach {title} to data center {center['name']}"
        place = f"{path}/{domain['id']}"
        attach = Step(CREATE, says, path, body={"id": domain["id"]}, settle=converted(wanted), watch=place, look_for=("id", domain["id"]))
        before.append(Unit(title, item, Outcome(True, *shown), steps=[attach], after=list(before)))
        before[-1].verify = partial(_verify, place=place)
    elif (estate.get(f"{path}/{domain['id']}") or {}).get("status") in ("locked", "activating", "unknown", "mixed"):
        look = Step(LOOK, f"wait until {title} is {wanted} and active", f"{path}/{domain['id']}", settle=converted(wanted))
        before.append(Unit(title, item, Outcome(False, {}, {}), steps=[look]))
    draft.units += before
    if view.options.get("register_in"):
        draft.units += _register(view, domain, before, there=home == center_id)


def _against(estate: Estate, center: Wire, domain: Wire, wanted: str) -> list[Problem]:
    problems = []
    if below(level_of(center), FIRST_LEVEL[wanted]):
        problems.append(
            Problem(
                f"Data center {center['name']} has compatibility version {level_of(center)}, whose data domains are older than {wanted}.",
                f"Raise it to {FIRST_LEVEL[wanted]} or newer first.",
            )
        )
    elif not has({"storage_format": "v5" if not below(level_of(center), "4.3") else "v4"}, domain.get("storage_format") or "v1"):
        problems.append(Problem(f"Storage domain {domain['name']} is {domain['storage_format']} already, newer than data center {center['name']} takes."))
    if home_of(domain) != center["id"]:
        clusters = {one["id"] for one in estate.list("clusters") if dig(one, "data_center.id") == center["id"]}
        if not any(host.get("status") == "up" and dig(host, "cluster.id") in clusters for host in estate.once("hosts")):
            problems.append(Problem(f"No host of data center {center['name']} is up, so nothing can be attached to it.", "Bring one up first."))
    return problems


def _detach(view: View, draft: Draft, domain: Wire) -> Unit:
    """It leaves its old data center, with the VMs and templates that lie on it wholly; what runs on it stands against that."""
    estate = view.estate
    unit = of_kind(view, STORAGE_DOMAIN, {"id": domain["id"], "state": "unattached"})
    unit.item = {**unit.item, "kind": "storage_domain"}
    unit.title = f"{unit.title} in its old data center"
    here: set[str] = set()
    elsewhere: set[str] = set()
    for disk in estate.list("disks"):
        at = {one["id"] for one in dig(disk, "storage_domains.storage_domain") or []}
        (here if domain["id"] in at else elsewhere).add(disk["id"])
    leaves: list[str] = []
    stays: list[str] = []
    for vm in estate.list("vms", follow=("disk_attachments",), page_size=FOLLOWED_AT_ONCE):
        disks = {one["id"] for one in dig(vm, "disk_attachments.disk_attachment") or []}
        if disks & here and vm.get("status") not in ("down", "suspended"):
            draft.problems.append(Problem(f"VM {vm['name']} is {vm.get('status')}, and has disks on storage domain {domain['name']}.", "Stop it first."))
        if disks & here:
            (stays if disks & elsewhere else leaves).append(vm["name"])
    if leaves:
        draft.warnings.append(f"These VMs leave their data center with storage domain {domain['name']}: {', '.join(leaves)}.")
    if stays:
        problem = f"These VMs have disks on storage domain {domain['name']} and elsewhere, and would lose those here: {', '.join(stays)}."
        draft.problems.append(Problem(problem, "Move all their disks to one side first (disk_move)."))
    return unit


def _verify(hands: Hands, *, place: str) -> dict[str, str | None]:
    return {"storage_format": (hands.estate.get(place) or {}).get("storage_format")}


def _unregistered(view: View | Hands, domain: Wire) -> list[tuple[str, Wire]]:
    """Templates first: VMs may stand on them."""
    found = []
    for kind in _KINDS:
        found += [(kind, wire) for wire in view.client.list(f"storagedomains/{domain['id']}/{kind}", params={"unregistered": "true"})]
    return found


def _register(view: View, domain: Wire, before: list[Unit], *, there: bool) -> list[Unit]:
    cluster = view.estate.reference("cluster", view.options["register_in"])
    found = [f"{_KINDS[kind]} {wire.get('name')}" for kind, wire in _unregistered(view, domain)] if there else ["what is found on it"]
    if not found:
        return []
    outcome = Outcome(True, {"registered": []}, {"registered": found})
    what = ", ".join(found) if there else "the templates and VMs"
    outcome.steps = [{"do": ACT, "says": f"register {what} of storage domain {domain['name']} in cluster {cluster['name']}"}]
    item = {"id": domain["id"], "name": domain["name"], "kind": "contents"}
    unit = Unit(f"contents of storage domain {domain['name']}", item, outcome, after=list(before))
    unit.work = partial(_bring_back, unit=unit, domain=domain, cluster=cluster)
    return [unit]


def _bring_back(hands: Hands, *, unit: Unit, domain: Wire, cluster: Wire) -> None:
    registered: list[str] = []
    failed: list[str] = []
    for kind, wire in _unregistered(hands, domain):
        name, path = f"{_KINDS[kind]} {wire.get('name')}", f"storagedomains/{domain['id']}/{kind}/{wire['id']}"
        try:
            hands.do(Step(ACT, f"register {name}", path, verb="register", body={"cluster": {"id": cluster["id"]}}))
            registered.append(name)
        except EngineError as error:
            failed.append(f"{name}: {error}")
    unit.outcome.after = {"registered": registered}
    unit.outcome.changed = bool(registered)
    if failed:
        raise JobFailed(f"Not registered in cluster {cluster['name']}: {' '.join(failed)}", hint="Everything else is; see to these, and run the task again.")
