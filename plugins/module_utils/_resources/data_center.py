# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Data centers: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-data_center"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, ListOf, Ref, Text, Version, dig, level
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Leaves, Problem, Reader, Resource, Situation, Work
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import standard_work

NAMED_AT_MOST = 20
MANAGEMENT_NETWORK = "ovirtmgmt"
"""What the engine calls the network that it makes in every data center."""


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    """Its clusters when its level changes, and the VMs that no quota limits when quotas are to be enforced; nothing otherwise."""
    if situation.current is None or not situation.state.exists:
        return {}
    changing = {change.option: change.after for change in situation.changes()}
    enforced = changing.get("quota_mode") == "enabled"
    if not enforced and "compatibility_version" not in changing:
        return {}
    clusters = [cluster for cluster in reader.list("clusters") if dig(cluster, "data_center.id") == situation.identifier]
    return {"clusters": clusters, "unlimited": list(_unlimited(reader, situation, {one["id"] for one in clusters})) if enforced else []}


def _unlimited(reader: Reader, situation: Situation, clusters: set[str]) -> Iterator[str]:
    """VMs on the quota of a data center that has no limit, which the engine takes for those that name none."""
    limited = {quota["id"] for quota in reader.list(f"datacenters/{situation.identifier}/quotas") if quota["name"] != "Default"}
    for vm in reader.list("vms"):
        if dig(vm, "cluster.id") in clusters and dig(vm, "quota.id") not in limited:
            yield vm["name"]


def steps(situation: Situation) -> Work:
    work = standard_work(situation)
    unlimited = sorted(situation.facts.get("unlimited") or ())
    if unlimited:
        more = f" and {len(unlimited) - NAMED_AT_MOST} more" if len(unlimited) > NAMED_AT_MOST else ""
        work.warnings.append(
            f"Enforcing quotas does nothing for {len(unlimited)} VMs of {situation.title}, which are on its unlimited quota Default: "
            f"{', '.join(unlimited[:NAMED_AT_MOST])}{more}. virtops.ovirt.quota_enforcement gives them and their disks another one."
        )
    return work


def clusters_first(situation: Situation) -> Iterator[Problem]:
    if "compatibility_version" not in situation.wanted:
        return
    wanted = situation.wanted["compatibility_version"]
    levels = {cluster["name"]: Version("compatibility_version", "", path="version").read(cluster) for cluster in situation.facts.get("clusters", ())}
    behind = [name for name, has in levels.items() if level(has) < level(str(wanted))]
    if behind:
        yield Problem(
            f"{situation.title} cannot be at compatibility version {wanted}: these clusters are below it: {', '.join(sorted(behind))}.",
            "Raise the clusters first.",
        )


def removal(situation: Situation) -> Mapping[str, Any]:
    return {"force": "true"} if situation.wanted.get("force") else {}


def born(situation: Situation) -> Leaves:
    return (
        ("datacenters/{new}", {"status": "uninitialized"}),
        ("datacenters/{new}/quotas/{quota}", {"name": "Default"}),
        ("networks/{network}", {"name": MANAGEMENT_NETWORK, "data_center": {"id": "{new}"}}),
        ("vnicprofiles/{profile}", {"name": MANAGEMENT_NETWORK, "network": {"id": "{network}"}}),
    )


DATA_CENTER = Resource(
    kind="data_center",
    words="data center",
    collection="datacenters",
    summary="Manage data centers",
    about=(
        "A data center holds clusters, networks and storage domains.",
        "It becomes C(up) when its first data domain is attached and a host of one of its clusters is up, see M(virtops.ovirt.storage_domain).",
    ),
    fields=(
        Text("name", "Name of the data center, at most 40 letters, digits, C(-) and C(_)."),
        Text("description", "Description."),
        Text("comment", "Comment."),
        Bool(
            "local",
            "Whether its storage is local to one host, instead of shared. V(false) when it is left out at creation.",
            on_create=False,
        ),
        Version(
            "compatibility_version",
            (
                "Compatibility level, for example V(4.7). The newest that the engine knows when it is left out at creation.",
                "Raising it needs every cluster of the data center at that level or above. It converts the attached data domains to the storage format"
                " of the level.",
            ),
            path="version",
        ),
        Enum(
            "quota_mode",
            (
                "Whether quotas are ignored (V(disabled)), only reported when exceeded (V(audit)), or enforced (V(enabled)).",
                "When they are to be enforced, VMs that no quota limits are named in a warning; M(virtops.ovirt.quota_enforcement) gives them one first.",
            ),
            choices=("disabled", "audit", "enabled"),
        ),
        Ref("mac_pool", "MAC pool of its clusters, where they all have the same; see M(virtops.ovirt.cluster).", to="mac_pool", read_only=True),
        Enum(
            "storage_format",
            "Format of the data domains. The engine sets it by the compatibility level; none before there is storage.",
            choices=("v1", "v2", "v3", "v4", "v5"),
            read_only=True,
        ),
        Enum(
            "status",
            "Status of the data center.",
            choices=("uninitialized", "up", "maintenance", "not_operational", "problematic", "contend"),
            read_only=True,
        ),
        ListOf(
            "supported_versions",
            "Compatibility levels it can be raised to, and its own.",
            path="supported_versions.version",
            each=Version("level", ""),
            read_only=True,
        ),
    ),
    arguments=(Bool("force", "With O(state=absent), remove it even though its storage cannot be reached. Its hosts have to be in maintenance."),),
    gather=gather,
    rules=(clusters_first,),
    steps=steps,
    removal=removal,
    born=born,
)
