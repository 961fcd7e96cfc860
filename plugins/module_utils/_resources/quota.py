# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quotas: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-quota

A new quota has a general limit of -1 (unlimited) for clusters and for storage. While a general one is there the engine refuses limits for a single cluster or
storage domain, and removing the general one only resets it: specific limits are edited where the quota has them already, and never made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Field, Int, ListOf, Ref, Struct, Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import CREATE, REMOVE, Problem, Reader, Resource, Situation, Step, Under, Work
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, remove_step, update_steps

UNLIMITED = -1
CONSUMER = "QuotaConsumer"


class Number(Field):
    """A number with a fraction, -1 for no limit."""

    ansible_type = "float"

    def from_wire(self, value: Any) -> Any:
        return float(value)

    def same(self, wanted: Any, current: Any) -> bool:
        return float(wanted) == float(UNLIMITED if current is None else current)


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
SORTS = ((CLUSTERS, CLUSTERS_EACH, "quotaclusterlimits", "cluster"), (STORAGE, STORAGE_EACH, "quotastoragelimits", "storage_domain"))


class Over(Field):
    """Which limits are exceeded, and by how much, beyond the threshold and beyond the grace."""

    ansible_type = "list"

    def shape(self) -> dict[str, Any]:
        return {"type": "list", "elements": "dict"}

    def read(self, wire: Wire) -> Any:
        found = []
        for where, pairs, mark in (
            ("_cluster_limits", (("vcpus", "vcpu_limit", "vcpu_usage"), ("memory", "memory_limit", "memory_usage")), "cluster"),
            ("_storage_limits", (("storage", "limit", "usage"),), "storage"),
        ):
            threshold, grace = float(wire.get(f"{mark}_soft_limit_pct") or 80), float(wire.get(f"{mark}_hard_limit_pct") or 20)
            for one in wire.get(where) or []:
                for name, limit_key, usage_key in pairs:
                    limit, usage = float(one.get(limit_key, UNLIMITED)), float(one.get(usage_key) or 0)
                    if limit < 0 or usage <= limit * threshold / 100:
                        continue
                    owner = dig(one, "cluster.id") or dig(one, "storage_domain.id")
                    state = "grace exceeded" if usage > limit * (1 + grace / 100) else "limit exceeded" if usage > limit else "threshold exceeded"
                    found.append({"what": name, "of": owner, "limit": limit, "used": usage, "over": round(usage - limit, 3), "state": state})
        return found


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


def rules(situation: Situation) -> Iterator[Problem]:
    current = situation.current
    if not situation.state.exists:
        if current is not None and current.get("name") == "Default":
            yield Problem("The default quota of a data center cannot be removed.", "Change the quota mode of the data center instead.")
        return
    if current is not None and current.get("name") == "Default" and situation.changes():
        yield Problem("The default quota of a data center cannot be changed.", "Make a quota of your own.")
    for _general, each, _path, words in SORTS:
        for item in situation.wanted.get(each.option) or []:
            if each.now(item, (current or {}).get(each.option)) is None:
                yield Problem(
                    f"{situation.title} has no limit for {words.replace('_', ' ')} {item['of'].get('name')}, and this engine makes none "
                    f"through its API beside a general one.",
                    f"Use {_general.option}, or make the limit in the portal once; from then on it is edited here.",
                )


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
            work.steps.append(Step(CREATE, f"set the {general.option.replace('_', ' ')} of {situation.title}", base, body=body))
        for item in situation.wanted.get(each.option) or []:
            found = each.now(item, (situation.current or {}).get(each.option))
            if found is not None and not each.each.same(item, found):
                body = each.each.to_wire({**{name: value for name, value in found.items() if not name.endswith("used")}, **item})
                work.steps.append(Step(CREATE, f"set the limit of {owner.replace('_', ' ')} {item['of']['name']} in {situation.title}", base, body=body))
    _consumers(work, situation)
    return work


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
        Int("cluster_threshold", "Percent of a cluster limit from which on the engine warns.", path="cluster_soft_limit_pct", least=0, most=100),
        Int("cluster_grace", "Percent by which a cluster limit may be exceeded before VMs are refused.", path="cluster_hard_limit_pct", least=0),
        Int("storage_threshold", "Percent of a storage limit from which on the engine warns.", path="storage_soft_limit_pct", least=0, most=100),
        Int("storage_grace", "Percent by which a storage limit may be exceeded before disks are refused.", path="storage_hard_limit_pct", least=0),
        CLUSTERS,
        STORAGE,
        CLUSTERS_EACH,
        STORAGE_EACH,
        Users("users", "Users, by name or id, that may use it, managed as a whole.", path="_users", each=Ref("user", "", to="user")),
        Users("groups", "Groups, by name or id, that may use it, managed as a whole.", path="_groups", each=Ref("group", "", to="group")),
        Over("exceeded", "Limits whose threshold is exceeded, each with what, limit, used, over and state.", read_only=True),
    ),
    complete=complete,
    rules=(rules,),
    steps=steps,
    searchable=False,
)
