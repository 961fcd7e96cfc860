# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quotas for the VMs and disks of a data center, and its quota mode.

The engine puts whatever names no quota on the default one (``QuotaManager.getFirstQuotaForUser``), which is unlimited and cannot be changed: enforcement
does nothing for it. So a VM or disk on the default quota counts as one without. A disk's quota changes while its VM runs only through ``/disks``
(``UpdateDiskCommand`` wants the VM down when it is named with the disk).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._engine.search import nothing_fits
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View, of_kind
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, ListOf, Map, Struct, Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import UPDATE, Problem, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.disk import READY
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.quota import BEYOND, DEFAULT, NEAR, OVER, complete, standing, usages
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import VM

GIB = 1024 ** 3
IDLE = ("down", "suspended", "image_locked")
"""VMs in these states use nothing of their quota."""
CHARGED = ("data", "iso")
"""Content of disks that people make; others are the engine's own."""
NAMED_AT_MOST = 20


@dataclass
class Rule:
    """Who gets a quota. VMs that a search or a list names, and all of some clusters; disks of some storage domains."""

    quota: Wire
    vms: set[str] = field(default_factory=set)
    clusters: set[str] = field(default_factory=set)
    domains: set[str] = field(default_factory=set)
    empty: str = ""

    def fits_vm(self, vm: Wire) -> bool:
        return vm["id"] in self.vms or dig(vm, "cluster.id") in self.clusters

    def fits_disk(self, disk: Wire) -> bool:
        return bool(self.domains & _domains_of(disk))


@dataclass
class Charged:
    """A VM or a disk, the quota that it is on, and the one that it gets (None: it stays)."""

    kind: str
    wire: Wire
    quota: Wire
    gets: Wire | None = None
    vm: Wire | None = None

    @property
    def name(self) -> str:
        return str(self.wire.get("alias") or self.wire["name"])

    @property
    def after(self) -> Wire:
        return self.gets or self.quota

    @property
    def takes(self) -> dict[str, float]:
        """What it uses of its quota."""
        if self.kind == "disk":
            return {"storage": int(self.wire.get("provisioned_size") or 0) / GIB}
        if self.wire.get("status") in IDLE:
            return {}
        topology = dig(self.wire, "cpu.topology") or {}
        cores = [int(topology.get(name) or 1) for name in ("sockets", "cores", "threads")]
        return {"vcpus": cores[0] * cores[1] * cores[2], "memory": int(self.wire.get("memory") or 0) / GIB}

    @property
    def places(self) -> set[str]:
        """Ids that a limit for a single cluster or storage domain may be about."""
        return _domains_of(self.wire) if self.kind == "disk" else {dig(self.wire, "cluster.id")}

    def shown(self) -> dict[str, Any]:
        return {"kind": self.kind, "id": self.wire["id"], "name": self.name, "vm": self.vm["name"] if self.vm else None}


def survey(view: View) -> Draft:
    estate, options = view.estate, view.options
    center = estate.reference("data_center", options["data_center"])
    home = f"datacenters/{center['id']}"
    mode = str((estate.get(home) or {}).get("quota_mode"))
    wanted = options.get("quota_mode", mode)
    quotas = {one["id"]: one for one in estate.list(f"{home}/quotas")}
    charged = _charged(view, home, quotas)
    rules = list(_rules(view, center))
    _assign(charged, rules, _quota(view, center, options["quota"]) if options.get("quota") else None, bool(options.get("reassign")))
    draft = Draft(units=[_unit(view, one) for one in charged if one.gets])
    left = [one for one in charged if one.after["name"] == DEFAULT]
    draft.shows = {"unassigned": [one.shown() for one in left], "quotas": list(_forecast(view, quotas, charged))}
    draft.warnings += [rule.empty for rule in rules if rule.empty]
    _judge(view, draft, center, mode, wanted, left)
    if wanted != mode:
        _set_mode(draft, center, home, mode, wanted)
    return draft


def _charged(view: View, home: str, quotas: Mapping[str, Wire]) -> list[Charged]:
    """The VMs of the data center, then its disks, those of templates left out."""
    estate, center = view.estate, home.rpartition("/")[2]
    default = next(one for one in quotas.values() if one["name"] == DEFAULT)
    clusters = {one["id"] for one in estate.list("clusters") if dig(one, "data_center.id") == center}
    vms = [one for one in estate.list("vms", follow=("disk_attachments",)) if dig(one, "cluster.id") in clusters]
    owners = {dig(attachment, "disk.id"): vm for vm in vms for attachment in dig(vm, "disk_attachments.disk_attachment") or []}
    domains = {one["id"] for one in estate.list(f"{home}/storagedomains")}
    of_templates = {
        dig(attachment, "disk.id")
        for template in estate.list("templates", follow=("disk_attachments",))
        for attachment in dig(template, "disk_attachments.disk_attachment") or []
    }
    disks = [
        one for one in estate.list("disks")
        if domains & _domains_of(one) and one.get("content_type", "data") in CHARGED and one["id"] not in of_templates
    ]

    def quota(wire: Wire) -> Wire:
        return quotas.get(str(dig(wire, "quota.id")), default)

    return [Charged("vm", vm, quota(vm)) for vm in vms] + [Charged("disk", disk, quota(disk), vm=owners.get(disk["id"])) for disk in disks]


def _domains_of(disk: Wire) -> set[str]:
    return {str(one["id"]) for one in dig(disk, "storage_domains.storage_domain") or []}


def _quota(view: View, center: Wire, text: str) -> Wire:
    return view.estate.reference("quota", text, scope={"data_center": center["id"]})


def _rules(view: View, center: Wire) -> Iterator[Rule]:
    estate = view.estate
    for given in view.options.get("rules") or []:
        rule = Rule(_quota(view, center, given["quota"]))
        if given.get("search"):
            found = estate.list("vms", search=given["search"])
            rule.vms |= {vm["id"] for vm in found}
            rule.empty = "" if found else nothing_fits("VM", given["search"])
        rule.vms |= {estate.reference("vm", text)["id"] for text in given.get("vms") or []}
        rule.clusters = {estate.reference("cluster", text)["id"] for text in given.get("clusters") or []}
        rule.domains = {estate.reference("storage_domain", text)["id"] for text in given.get("storage_domains") or []}
        yield rule


def _assign(charged: list[Charged], rules: list[Rule], rest: Wire | None, reassign: bool) -> None:
    """The first rule that fits a VM or a disk; for a disk the quota of its VM after that; what is left gets ``rest``."""
    of_vm: dict[str, Wire] = {}
    for one in charged:
        if one.quota["name"] == DEFAULT or reassign:
            fits = Rule.fits_disk if one.kind == "disk" else Rule.fits_vm
            found = next((rule.quota for rule in rules if fits(rule, one.wire)), None)
            if found is None and one.vm is not None and of_vm[one.vm["id"]]["name"] != DEFAULT:
                found = of_vm[one.vm["id"]]
            if found is None and one.quota["name"] == DEFAULT:
                found = rest
            one.gets = found if found is not None and found["id"] != one.quota["id"] else None
        if one.kind == "vm":
            of_vm[one.wire["id"]] = one.after


def _unit(view: View, one: Charged) -> Unit:
    title, quota = f"{'VM' if one.kind == 'vm' else 'disk'} {one.name}", one.after
    item = {"id": one.wire["id"], "name": one.name, "kind": one.kind}
    shares = [(f"vm:{(one.vm or one.wire)['id']}", 1)]
    before, after = {"quota": one.quota["name"]}, {"quota": quota["name"]}
    if one.kind == "vm" and one.wire.get("next_run_configuration_exists") == "true":
        # What waits for the next start has to be sent along.
        unit = of_kind(view, VM, {"id": one.wire["id"], "quota": quota["id"]})
        unit.item, unit.shares = item, shares
        unit.outcome.before, unit.outcome.after = before, after
        return unit
    path = f"{one.kind}s/{one.wire['id']}"
    settle = READY if one.kind == "disk" else None
    step = Step(UPDATE, f"put {title} on quota {quota['name']}", path, body={"quota": {"id": quota["id"]}}, settle=settle)
    unit = Unit(title, item, steps=[step], shares=shares)
    unit.outcome.before, unit.outcome.after = before, after

    def verify(hands: Hands) -> Mapping[str, Any]:
        now = dig(hands.estate.get(path), "quota.id")
        return {"quota": quota["name"] if now == quota["id"] else now}

    unit.verify = verify
    return unit


def _forecast(view: View, quotas: Mapping[str, Wire], charged: list[Charged]) -> Iterator[dict[str, Any]]:
    """What each limit of each quota will have to give, once everything is assigned."""
    for quota in quotas.values():
        if quota["name"] == DEFAULT:
            continue
        for use in usages(complete(view.estate, quota)):
            place = dig(use, "cluster.id") or dig(use, "storage_domain.id")
            more = sum(
                ((one.after["id"] == quota["id"]) - (one.quota["id"] == quota["id"])) * one.takes.get(use["what"], 0)
                for one in charged
                if one.gets and (place is None or place in one.places)
            )
            mark = "storage" if use["what"] == "storage" else "cluster"
            shares = [float(quota[f"{mark}_{name}_limit_pct"]) for name in ("soft", "hard")]
            then = standing(use.get("limit", -1.0), round(use["used"] + more, 3), *shares)
            name = view.estate.name_of("cluster" if use["cluster"] else "storage_domain", place) if place else None
            yield {"name": quota["name"], "what": use["what"], "of": name, "limit": use.get("limit"), "used": use["used"], **_after(then)}


def _after(then: Wire) -> dict[str, Any]:
    return {"used_after": then["used"], "over_after": then["over"], "state_after": then["state"]}


def _judge(view: View, draft: Draft, center: Wire, mode: str, wanted: str, left: list[Charged]) -> None:
    if wanted == "enabled" and left:
        text = f"In data center {center['name']} these are on no quota but {DEFAULT}, which has no limit: {_listed(left)}."
        if view.options["on_unassigned"] == "fail":
            draft.problems.append(Problem(text, "Give them one with quota or rules, or leave them with on_unassigned: leave."))
        else:
            draft.warnings.append(text)
    for one in draft.shows["quotas"]:
        if one["state_after"] not in (OVER, BEYOND, NEAR):
            continue
        where = f" in {one['of']}" if one["of"] else ""
        text = f"Quota {one['name']} will have {one['used_after']:g} of {one['limit']:g} {_WORDS[one['what']]}{where} in use: {one['state_after']}."
        if one["state_after"] == BEYOND and wanted == "enabled" and view.options["on_exceeded"] == "fail":
            draft.problems.append(Problem(text, "Raise its limit with virtops.ovirt.quota, or go on with on_exceeded: warn; nothing more can be taken then."))
        elif one["state_after"] == BEYOND and mode == "enabled" and one["used_after"] > one["used"]:
            draft.problems.append(Problem(text, "The engine refuses that while quotas are enforced: raise the limit first."))
        else:
            draft.warnings.append(text)


_WORDS = {"vcpus": "vCPUs", "memory": "GiB of memory", "storage": "GiB of storage"}


def _listed(left: list[Charged]) -> str:
    parts = []
    for kind, words in (("vm", "VMs"), ("disk", "disks")):
        names = sorted(one.name for one in left if one.kind == kind)
        if names:
            more = f" and {len(names) - NAMED_AT_MOST} more" if len(names) > NAMED_AT_MOST else ""
            parts.append(f"{len(names)} {words} ({', '.join(names[:NAMED_AT_MOST])}{more})")
    return ", ".join(parts)


def _set_mode(draft: Draft, center: Wire, home: str, mode: str, wanted: str) -> None:
    """Stricter after everything has its quota, and otherwise before."""
    title = f"data center {center['name']}"
    step = Step(UPDATE, f"set the quota mode of {title} to {wanted}", home, body={"quota_mode": wanted})
    item = {"id": center["id"], "name": center["name"], "kind": "data_center"}
    unit = Unit(title, item, Outcome(True, {"quota_mode": mode}, {"quota_mode": wanted}), steps=[step])
    if wanted == "enabled":
        unit.after = list(draft.units)
        draft.units.append(unit)
    else:
        for one in draft.units:
            one.after = [unit]
        draft.units.insert(0, unit)


QUOTA_ENFORCEMENT = Operation(
    name="quota_enforcement",
    summary="Give VMs and disks their quotas, and enforce them",
    about=(
        "Puts VMs and disks of a data center that have no quota of their own on one, by rules, and sets the quota mode of the data center.",
        "The engine puts whatever names no quota on the quota C(Default), which has no limit and cannot be changed. Enforcing quotas does nothing for "
        "those, so that they count as having none here.",
        "Before the first change it tells which VMs and disks would be left without (RV(unassigned)), and how much of each limit will be in use (RV(quotas)); "
        "check mode shows the same. The stricter mode is set when all of them have their quota.",
        "VMs may run meanwhile. Direct LUNs, disks of templates and the engine's own disks are left alone.",
    ),
    options=(
        Text("data_center", "Data center, by name or id.", needed=True),
        Enum(
            "quota_mode",
            "Whether quotas are ignored (V(disabled)), only reported when exceeded (V(audit)), or enforced (V(enabled)). Left as it is when it is left out.",
            choices=("disabled", "audit", "enabled"),
        ),
        ListOf(
            "rules",
            "Which quota VMs and disks get. The first rule that fits counts; a disk that none fits gets the quota of its VM.",
            each=Struct(
                "rule",
                "",
                fields=(
                    Text("quota", "Quota of the data center, by name or id.", needed=True),
                    Text("search", "VMs, by a query in the search language of the engine, such as V(tag=web)."),
                    ListOf("vms", "VMs, by name or id.", each=Text("vm", "")),
                    ListOf("clusters", "All VMs of these clusters, by name or id.", each=Text("cluster", "")),
                    ListOf("storage_domains", "All disks on these storage domains, by name or id, whatever VM they are of.", each=Text("domain", "")),
                ),
            ),
        ),
        Text("quota", "Quota, by name or id, for those that no rule fits."),
        Bool("reassign", "Whether those that have another quota already are put on the one that O(rules) say. V(false) when it is left out."),
        Enum(
            "on_unassigned",
            (
                "What happens when quotas are to be enforced and VMs or disks are left without one.",
                "V(fail) fails before anything is written and lists them, V(leave) leaves them unlimited, with a warning.",
            ),
            choices=("fail", "leave"),
        ),
        Enum(
            "on_exceeded",
            (
                "What happens when quotas are to be enforced and one will have more in use than its limit and grace.",
                "V(fail) fails before anything is written, V(warn) goes on. What runs goes on running; nothing more is started or made on that quota.",
            ),
            choices=("fail", "warn"),
        ),
    ),
    defaults={"on_unassigned": "fail", "on_exceeded": "fail"},
    survey=survey,
    returned=(
        Text("name", "Name of the object."),
        Enum("kind", "What it is.", choices=("vm", "disk", "data_center")),
    ),
    shows=(
        ListOf("unassigned", "VMs and disks that stay without one of their own: C(kind), C(id), C(name), and C(vm) of a disk.", each=Map("object", "")),
        ListOf(
            "quotas",
            "Each limit of each quota: C(name) of the quota, C(what) is limited, C(of) which cluster or storage domain (null for all), "
            "C(limit) (null for none), C(used) now, and C(used_after), C(over_after) and C(state_after) the task. Memory and storage are in GiB.",
            each=Map("limit", ""),
        ),
    ),
    seealso=("quota", "quota_info", "data_center"),
)
