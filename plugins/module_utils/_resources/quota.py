# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quotas: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-quota

A new quota has a general limit of -1 (unlimited) for clusters and for storage. While a general one is there the engine refuses limits for a single cluster or
storage domain, and removing the general one only resets it: specific limits are edited where the quota has them already, and never made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Decimal, Enum, Field, Int, ListOf, Ref, Struct, Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    CREATE,
    REMOVE,
    Leaves,
    Problem,
    Reader,
    Resource,
    Situation,
    Step,
    Under,
    Work,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, remove_step, update_steps

UNLIMITED = -1
NAMED_AT_MOST = 20
DEFAULT = "Default"
"""Every data center has a quota of this name, for whatever names none. It has no limit, and cannot be changed or removed."""


class Number(Field):
    """A number with a fraction, -1 for no limit."""

    ansible_type = "float"

    def from_wire(self, value: Any) -> Any:
        return float(value)

    def same(self, wanted: Any, current: Any) -> bool:
        return float(wanted) == float(UNLIMITED if current is None else current)


@dataclass(frozen=True, eq=False)
class Limit(Int):
    absent: Any = UNLIMITED


class Limits(Struct):
    """The general limit of one sort, which has a collection of its own."""

    def read(self, wire: Wire) -> Any:
        general = next((one for one in wire.get(self.where) or [] if one.get("id") == wire.get("id")), None)
        return self.from_wire(general) if general is not None else None

    def write(self, body: Wire, native: Any) -> None:
        """See ``steps``."""


class Specific(ListOf):
    """Limits for single clusters or storage domains. Those not listed are left alone."""

    def read(self, wire: Wire) -> Any:
        return [self.each.from_wire(one) for one in wire.get(self.where) or [] if one.get("id") != wire.get("id")]

    def write(self, body: Wire, native: Any) -> None:
        """See ``steps``."""

    def now(self, item: Any, current: Any) -> Any:
        return next((one for one in current or [] if (one.get("of") or {}).get("id") == item["of"]["id"]), None)

    def same(self, wanted: Any, current: Any) -> bool:
        return all((now := self.now(item, current)) is not None and self.each.same(item, now) for item in wanted)

    def merged(self, wanted: Any, current: Any) -> Any:
        known = [one for one in current or [] if not any((one.get("of") or {}).get("id") == item["of"]["id"] for item in wanted)]
        return known + [self.each.merged(item, self.now(item, current)) for item in wanted]


class Users(ListOf):
    def write(self, body: Wire, native: Any) -> None:
        """See ``steps``."""


CLUSTERS = Limits(
    "cluster_limit",
    "General limit for all clusters of the data center.",
    path="_cluster_limits",
    fields=(
        Limit("vcpus", "Virtual processors of VMs that run; V(-1) for no limit.", path="vcpu_limit", least=-1),
        Number("memory", "GiB of memory of VMs that run; V(-1) for no limit.", path="memory_limit"),
        Int("vcpus_used", "Virtual processors in use.", path="vcpu_usage", read_only=True),
        Number("memory_used", "GiB in use.", path="memory_usage", read_only=True),
    ),
)
STORAGE = Limits(
    "storage_limit",
    "General limit for all storage domains of the data center.",
    path="_storage_limits",
    fields=(
        Limit("size", "GiB of disks; V(-1) for no limit.", path="limit", least=-1),
        Number("used", "GiB in use.", path="usage", read_only=True),
    ),
)
CLUSTERS_EACH = Specific(
    "cluster_limits",
    "Limits of single clusters that the quota has already; the engine makes none through its API. Those not listed are left alone.",
    path="_cluster_limits",
    each=Struct("limit", "", fields=(Ref("of", "Cluster, by name or id.", path="cluster", to="cluster", needed=True), *CLUSTERS.fields)),
)
STORAGE_EACH = Specific(
    "storage_limits",
    "Limits of single storage domains that the quota has already; the engine makes none through its API. Those not listed are left alone.",
    path="_storage_limits",
    each=Struct("limit", "", fields=(Ref("of", "Storage domain, by name or id.", path="storage_domain", to="storage_domain", needed=True), *STORAGE.fields)),
)
PERCENTAGES = ("cluster_threshold", "cluster_grace", "storage_threshold", "storage_grace")
SORTS = ((CLUSTERS, CLUSTERS_EACH, "quotaclusterlimits", "cluster"), (STORAGE, STORAGE_EACH, "quotastoragelimits", "storage_domain"))


@dataclass(frozen=True, eq=False)
class Usage(ListOf):
    """What is used of each limit, and how it stands with threshold and grace.

    over   only limits whose threshold is exceeded
    """

    over: bool = False

    def read(self, wire: Wire) -> Any:
        found = [self.each.from_wire(one) for one in usages(wire)]
        return [one for one in found if one["state"] not in (UNLIMITED_STATE, OK)] if self.over else found


OK, UNLIMITED_STATE = "ok", "unlimited"
NEAR, OVER, BEYOND = "threshold exceeded", "limit exceeded", "grace exceeded"
RESOURCES = (("_cluster_limits", "cluster", (("vcpus", "vcpu_limit", "vcpu_usage"), ("memory", "memory_limit", "memory_usage"))),
             ("_storage_limits", "storage", (("storage", "limit", "usage"),)))


def usages(wire: Wire) -> Iterator[Wire]:
    """One for each number that a quota limits, out of its completed representation."""
    for where, mark, resources in RESOURCES:
        threshold, grace = (float(wire[f"{mark}_{name}_limit_pct"]) for name in ("soft", "hard"))
        for one in wire.get(where) or []:
            for name, limit_key, usage_key in resources:
                told = {"what": name, "cluster": one.get("cluster"), "storage_domain": one.get("storage_domain")}
                yield {**told, **standing(float(one.get(limit_key, UNLIMITED)), float(one.get(usage_key) or 0), threshold, grace)}


def standing(limit: float, used: float, threshold: float, grace: float) -> Wire:
    """How use stands with a limit; ``threshold`` and ``grace`` are percentages of it."""
    if limit < 0:
        return {"used": used, "state": UNLIMITED_STATE, "over": 0.0}
    warned, refused = round(limit * threshold / 100, 3), round(limit * (1 + grace / 100), 3)
    state = BEYOND if used > refused else OVER if used > limit else NEAR if used > warned else OK
    numbers = {"limit": limit, "threshold": warned, "grace": refused, "used": used, "percent": round(100 * used / limit, 1) if limit else None}
    return {**numbers, "state": state, "over": round(max(0.0, used - limit), 3)}


USE = Struct(
    "use",
    "",
    fields=(
        Enum("what", "What is limited; memory and storage in GiB.", choices=("vcpus", "memory", "storage")),
        Ref("cluster", "Cluster, where the limit is for that one alone.", to="cluster"),
        Ref("storage_domain", "Storage domain, where the limit is for that one alone.", to="storage_domain"),
        Decimal("limit", "The limit; null for none."),
        Decimal("threshold", "From here on the engine warns."),
        Decimal("grace", "Beyond this it refuses more, where quotas are enforced."),
        Decimal("used", "What is used."),
        Decimal("percent", "The same as a part of the limit."),
        Decimal("over", "What is used beyond the limit."),
        Enum("state", "How it stands.", choices=(UNLIMITED_STATE, OK, NEAR, OVER, BEYOND)),
    ),
)


def complete(reader: Reader, wire: Wire) -> Wire:
    base = f"datacenters/{dig(wire, 'data_center.id')}/quotas/{wire['id']}"
    permissions = [one for one in reader.list(f"{base}/permissions") if dig(one, "role.id") == CONSUMER_ROLE and dig(one, "quota.id") in (None, wire["id"])]
    return {
        **wire,
        "_cluster_limits": reader.list(f"{base}/quotaclusterlimits"),
        "_storage_limits": reader.list(f"{base}/quotastoragelimits"),
        "_users": [{"id": dig(one, "user.id")} for one in permissions if dig(one, "user.id")],
        "_groups": [{"id": dig(one, "group.id")} for one in permissions if dig(one, "group.id")],
        "_permissions": permissions,
    }


CONSUMER_ROLE = "def0000a-0000-0000-0000-def00000000a"
"""The engine's own role QuotaConsumer has this id on every engine."""


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    """Who uses a quota that is to go, where the engine minds."""
    facts = dict(situation.facts)
    if situation.current is None or situation.state.exists:
        return facts
    center = reader.get(f"datacenters/{dig(situation.wire, 'data_center.id')}") or {}
    if center.get("quota_mode") != "disabled":
        for words, path in (("VM", "vms"), ("disk", "disks")):
            users = [one for one in reader.list(path) if dig(one, "quota.id") == situation.identifier]
            facts.setdefault("used_by", []).extend(f"{words} {one.get('alias') or one.get('name')}" for one in users)
    return facts


def rules(situation: Situation) -> Iterator[Problem]:
    current = situation.current
    if not situation.state.exists:
        if current is not None and current.get("name") == DEFAULT:
            yield Problem("The default quota of a data center cannot be removed.", "Change the quota mode of the data center instead.")
        used_by = sorted(situation.facts.get("used_by") or ())
        if used_by:
            more = f" and {len(used_by) - NAMED_AT_MOST} more" if len(used_by) > NAMED_AT_MOST else ""
            yield Problem(
                f"{situation.title} is in use, and quotas count in its data center: {', '.join(used_by[:NAMED_AT_MOST])}{more}.",
                "Put them on another one first, with virtops.ovirt.quota_enforcement and reassign, or disable quotas in the data center.",
            )
        return
    if current is not None and current.get("name") == DEFAULT and situation.changes():
        yield Problem("The default quota of a data center cannot be changed.", "Make a quota of your own.")
    for _general, each, _path, words in SORTS:
        for item in situation.wanted.get(each.option) or []:
            if each.now(item, (current or {}).get(each.option)) is None:
                yield Problem(
                    f"{situation.title} has no limit for {words.replace('_', ' ')} {item['of'].get('name')}, and this engine makes none "
                    f"through its API beside a general one.",
                    f"Use {_general.option}, or make the limit in the portal once; from then on it is edited here.",
                )


def born(situation: Situation) -> Leaves:
    """The engine warns from 80 %, and grants 20 % more, where nothing else is said."""
    unsaid = [option for option in PERCENTAGES if option not in situation.wanted]
    percentages = {situation.resource.field_of(option).where: 80 if option.endswith("threshold") else 20 for option in unsaid}
    return ((f"{situation.collection}/{{new}}", percentages),)


def steps(situation: Situation) -> Work:
    work = Work()
    if not situation.state.exists:
        if situation.current is not None:
            work.steps.append(remove_step(situation))
        return work
    plain = {"cluster_limit", "storage_limit", "cluster_limits", "storage_limits", "users", "groups"}
    if situation.current is None:
        work.steps.append(create_step(situation))
    elif any(change.option not in plain for change in situation.changes()):
        work.steps.extend(update_steps(situation))
    for general, each, path, owner in SORTS:
        base = f"{situation.own_path}/{path}"
        wanted, now = situation.wanted.get(general.option), (situation.current or {}).get(general.option)
        if wanted is not None and not general.same(wanted, now):
            # A limit that is left out of the request would be reset, so the one that stays is sent along.
            body = general.to_wire({**{item.option: (now or {}).get(item.option, UNLIMITED) for item in general.fields if not item.read_only}, **wanted})
            says = f"set the {general.option.replace('_', ' ')} of {situation.title}"
            work.steps.append(Step(CREATE, says, base, body=body, leaves=((f"{base}/{situation.identifier or '{id}'}", {}),)))
        for item in situation.wanted.get(each.option) or []:
            found = each.now(item, (situation.current or {}).get(each.option))
            if found is not None and not each.each.same(item, found):
                body = each.each.to_wire({**{name: value for name, value in found.items() if not name.endswith("used")}, **item})
                work.steps.append(Step(CREATE, f"set the limit of {owner.replace('_', ' ')} {item['of']['name']} in {situation.title}", base, body=body))
    _consumers(work, situation)
    if situation.current is not None and work.steps:
        work.follows.update(_standing_then(situation))
    return work


def _standing_then(situation: Situation) -> dict[str, Any]:
    """How use will stand with the limits that are wanted."""
    wanted = situation.wanted
    wire = {**(situation.wire or {}), **situation.resource.body(situation, [option for option in PERCENTAGES if option in wanted])}
    for general, each, _path, owner in SORTS:
        wire[general.where] = [
            {**one, **general.to_wire(wanted.get(general.option) or {})} if one.get("id") == wire["id"] else
            {**one, **general.to_wire(next((item for item in wanted.get(each.option) or [] if item["of"]["id"] == dig(one, f"{owner}.id")), {}))}
            for one in wire.get(general.where) or []
        ]
    # Names of single clusters and storage domains are known from what is there now.
    named = {(one["what"], (one["cluster"] or one["storage_domain"] or {}).get("id")): one for one in (situation.current or {}).get("usage") or []}
    uses = [USE.from_wire(one) for one in usages(wire)]
    for use in uses:
        known = named.get((use["what"], (use["cluster"] or use["storage_domain"] or {}).get("id")), {})
        use.update({place: known.get(place) for place in ("cluster", "storage_domain")})
    return {"usage": uses, "exceeded": [use for use in uses if use["state"] not in (UNLIMITED_STATE, OK)]}


def _consumers(work: Work, situation: Situation) -> None:
    base = f"{situation.own_path}/permissions"
    for option, words in (("users", "user"), ("groups", "group")):
        if option not in situation.wanted:
            continue
        now = {one["id"] for one in (situation.current or {}).get(option) or []}
        wanted = {one["id"]: one for one in situation.wanted[option]}
        for identifier, one in wanted.items():
            if identifier not in now:
                body = {"role": {"id": CONSUMER_ROLE}, words: {"id": identifier}}
                work.steps.append(Step(CREATE, f"let {words} {one['name']} use {situation.title}", base, body=body))
        for permission in (situation.wire or {}).get("_permissions") or []:
            owner = dig(permission, f"{words}.id")
            if owner and owner not in wanted:
                work.steps.append(Step(REMOVE, f"take {situation.title} from a {words}", f"{base}/{permission['id']}"))


QUOTA = Resource(
    kind="quota",
    words="quota",
    collection="quotas",
    summary="Manage quotas",
    about=(
        "Limits what VMs and disks of a data center may take: virtual processors and memory of VMs that run, and size of disks.",
        "Whether a quota is ignored, reported or kept is the quota mode of the data center, see O(virtops.ovirt.data_center#module:quota_mode).",
    ),
    under=(Under("data_center", "data_center", "datacenters/{id}/quotas", "Data center, by name or id, it belongs to."),),
    fields=(
        Text("name", "Name, unique in its data center."),
        Text("description", "Description."),
        Int("cluster_threshold", "Percent of a cluster limit from which on the engine warns. The engine makes 80 of a "
                                 "0.", path="cluster_soft_limit_pct", least=1, most=100),
        Int("cluster_grace", "Percent by which a cluster limit may be exceeded before VMs are refused. The engine makes 20 of a 0.",
            path="cluster_hard_limit_pct", least=1, most=100),
        Int("storage_threshold", "Percent of a storage limit from which on the engine warns. The engine makes 80 of a "
                                 "0.", path="storage_soft_limit_pct", least=1, most=100),
        Int("storage_grace", "Percent by which a storage limit may be exceeded before disks are refused. The engine makes 20 of a 0.",
            path="storage_hard_limit_pct", least=1, most=100),
        CLUSTERS,
        STORAGE,
        CLUSTERS_EACH,
        STORAGE_EACH,
        Users("users", "Users, by name or id, that may use it, managed as a whole.", path="_users", each=Ref("user", "", to="user")),
        Users("groups", "Groups, by name or id, that may use it, managed as a whole.", path="_groups", each=Ref("group", "", to="group")),
        Usage("usage", "What is used of each limit.", each=USE, read_only=True),
        Usage("exceeded", "Those of C(usage) whose threshold is exceeded.", each=USE, over=True, read_only=True),
    ),
    complete=complete,
    gather=gather,
    rules=(rules,),
    steps=steps,
    born=born,
    searchable=False,
)
