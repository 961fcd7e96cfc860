# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-cluster"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Group, Int, ListOf, Map, Ref, Text, Version, Wire, dig, level
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._migration import INHERITABLE, Inheritable, MigrationPolicy
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Leaves, Problem, Reader, Resource, Situation
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.data_center import MANAGEMENT_NETWORK, NAMED_AT_MOST


class RngSources(ListOf):
    """The one of the level, C(urandom), is always among them, whatever is asked for."""

    def accept(self, given: Any, option: str) -> Any:
        return sorted({"urandom", *super().accept(given, option)} - {"random"})


def shape_body(body: Wire, situation: Situation) -> Wire:
    """The engine takes the threshold only together with what it means, and that never without a threshold."""
    threshold = ("log_max_memory_used_threshold", "log_max_memory_used_threshold_type")
    if any(name in body for name in threshold):
        body.update({name: situation.effective(name) for name in threshold if situation.effective(name) is not None})
        body.setdefault(threshold[1], "percentage")
    return body


def look_at_levels(reader: Reader, situation: Situation) -> dict[str, Any]:
    """CPU types that the engine offers, by compatibility level; asked for only when the CPU type or the level is wanted otherwise."""
    wanted, current = situation.wanted, situation.current or {}
    judged = ("cpu_type", "compatibility_version", "architecture")
    if not situation.state.exists or not any(wanted.get(name) not in (None, current.get(name)) for name in judged):
        return {}
    return {
        "levels": {one["id"]: {cpu["name"]: cpu.get("architecture") for cpu in dig(one, "cpu_types.cpu_type") or []} for one in reader.list("clusterlevels")}
    }


def look(reader: Reader, situation: Situation) -> dict[str, Any]:
    """What a cluster that is to go still holds, or the CPU types of one that is to be."""
    if situation.state.exists or situation.current is None:
        return look_at_levels(reader, situation)
    if reader.together:
        return dict(situation.facts)
    here = {many: [str(one.get("name")) for one in reader.list(many) if dig(one, "cluster.id") == situation.identifier] for many in HOLDS}
    return {**situation.facts, "holds": here}


HOLDS = {
    "hosts": "Cluster contains one or more Hosts",
    "vms": "One or more VMs are still assigned to the Cluster",
    "templates": "One or more Template(s) are still associated with the Cluster",
}


def empty_to_go(situation: Situation) -> Iterator[Problem]:
    for many, said in HOLDS.items():
        names = sorted((situation.facts.get("holds") or {}).get(many) or ())
        if names:
            more = f" and {len(names) - NAMED_AT_MOST} more" if len(names) > NAMED_AT_MOST else ""
            shown = ", ".join(names[:NAMED_AT_MOST])
            yield Problem(f"Cannot remove Cluster. {said}. ({many} of {situation.title}: "
                          f"{shown}{more}.)", "Remove them first, or move them to another cluster.")


def cpu_type_is_offered(situation: Situation) -> Iterator[Problem]:
    levels = situation.facts.get("levels")
    if not levels:
        return
    wanted_level = situation.effective("compatibility_version")
    if wanted_level and wanted_level not in levels:
        yield Problem(f"The engine does not know compatibility version {wanted_level}.", f"It knows {', '.join(sorted(levels, key=level))}.")
        return
    chosen = wanted_level or max(levels, key=level)
    cpu_type, architecture = situation.effective("cpu_type"), situation.effective("architecture")
    offered = levels[chosen]
    if cpu_type and cpu_type not in offered:
        elsewhere = sorted((one for one, types in levels.items() if cpu_type in types), key=level)
        near = sorted(one for one in offered if str(cpu_type).partition(" Family")[0].lower() in one.lower())
        hint = (
            f"Levels that have it: {', '.join(elsewhere)}."
            if elsewhere
            else f"Near to it: {', '.join(near)}." if near else f"It offers {', '.join(sorted(offered))}."
        )
        yield Problem(f"CPU type {cpu_type!r} is not offered at compatibility version {chosen}.", hint)
    elif cpu_type and architecture not in (None, "undefined", offered[cpu_type]):
        yield Problem(
            f"CPU type {cpu_type!r} is of architecture {offered[cpu_type]}, not of {architecture}.", "Leave architecture out: it follows the CPU type."
        )


def born(situation: Situation) -> Leaves:
    network = situation.wanted.get("management_network")
    carries = {"id": network["id"]} if network else {"name": MANAGEMENT_NETWORK}
    return (
        ("clusters/{new}/networks/{network}", {**carries, "required": "true",
         "usages": {"usage": ["vm", "display", "management", "migration", "default_route"]}}),
        ("cpuprofiles/{profile}", {"name": situation.wanted.get("name"), "cluster": {"id": "{new}"}}),
    )


CLUSTER = Resource(
    kind="cluster",
    words="cluster",
    collection="clusters",
    summary="Manage clusters",
    about=("A cluster holds hosts of one kind of processor, and the VMs that run on them. Its CPU type is what guests see of the processor.",),
    fields=(
        Text("name", "Name: letters, digits, C(-), C(_) and C(.)."),
        Text("description", "Description."),
        Text("comment", "Comment."),
        Ref("data_center", "Data center, by name or id, it belongs to.", to="data_center", needed=True, fixed=True),
        Text(
            "cpu_type",
            (
                "CPU type that its guests see, as the engine offers it for the compatibility level: "
                "V(Intel Haswell Family), V(AMD Opteron G5), V(IBM POWER9) and others.",
                "It is checked against what the engine offers before anything is written.",
            ),
            path="cpu.type",
        ),
        Enum(
            "architecture",
            "Processor architecture; follows O(cpu_type).",
            path="cpu.architecture",
            choices=("undefined", "x86_64", "ppc64", "s390x", "aarch64", "loongarch64"),
        ),
        Version(
            "compatibility_version",
            "Compatibility level, for example V(4.7); that of the data center when it is left out at creation. "
            "It can be raised, and lowered only while there are no hosts.",
            path="version",
        ),
        Ref(
            "management_network",
            "Network, by name or id, that carries the engine's traffic. C(ovirtmgmt) when it is left out.",
            to="network",
            within="data_center",
            fixed=True,
        ),
        Ref("scheduling_policy", "Scheduling policy, by name or id.", to="scheduling_policy", nobody="none"),
        Map("scheduling_policy_properties", "Properties of the scheduling policy, managed as a whole.", path="custom_scheduling_policy_properties.property"),
        Ref("mac_pool", "MAC pool, by name or id, its VMs draw from.", to="mac_pool", nobody="Default"),
        Enum("bios_type", "Chipset and firmware of VMs that take the cluster's.", choices=("i440fx_sea_bios", "q35_sea_bios", "q35_ovmf", "q35_secure_boot")),
        Bool("virt_service", "Whether it runs VMs.", absent=True),
        Bool("gluster_service", "Whether its hosts serve GlusterFS volumes."),
        Text("gluster_tuned_profile", "Profile of tuned on hosts that serve GlusterFS."),
        Bool("threads_as_cores", "Whether threads of a host's processor count as cores."),
        Bool("ballooning", "Whether memory balloons are used.", path="ballooning_enabled"),
        Int(
            "memory_overcommit", "Percent of the hosts' memory that VMs may have altogether, from V(100).", path="memory_policy.over_commit.percent", least=100
        ),
        Bool("transparent_hugepages", "Whether hosts use transparent huge pages.", path="memory_policy.transparent_hugepages.enabled"),
        Group(
            "ksm",
            "Kernel same-page merging.",
            fields=(
                Bool("enabled", "Whether equal memory pages are merged.", path="ksm.enabled"),
                Bool("merge_across_nodes", "Whether they are merged across NUMA nodes.", path="ksm.merge_across_nodes"),
            ),
        ),
        Enum(
            "error_handling",
            "What happens to VMs of a host that fails.",
            path="error_handling.on_error",
            choices=("migrate", "do_not_migrate", "migrate_highly_available"),
        ),
        Group(
            "migration",
            "How VMs are migrated between its hosts.",
            fields=(
                Inheritable("auto_converge", "Whether a guest that writes too fast is slowed down.", path="migration.auto_converge", choices=INHERITABLE),
                Inheritable("compressed", "Whether memory is compressed on the way.", path="migration.compressed", choices=INHERITABLE),
                Inheritable("encrypted", "Whether memory is encrypted on the way.", path="migration.encrypted", choices=INHERITABLE),
                MigrationPolicy("policy", f"Migration policy, by name ({MigrationPolicy.known()}) or id.", path="migration.policy"),
                Enum("bandwidth", "How bandwidth is limited.", path="migration.bandwidth.assignment_method", choices=("auto", "custom", "hypervisor_default")),
                Int(
                    "bandwidth_mbps",
                    "Mbit/s for O(migration.bandwidth=custom).",
                    path="migration.bandwidth.custom_value",
                    least=0,
                    only_with=("bandwidth", "custom"),
                ),
                Enum(
                    "parallel",
                    "Whether several connections are used.",
                    path="migration.parallel_migrations_policy",
                    choices=("auto", "auto_parallel", "disabled", "custom"),
                ),
                Int(
                    "connections",
                    "Number of connections for O(migration.parallel=custom).",
                    path="migration.custom_parallel_migrations",
                    least=2,
                    most=255,
                    only_with=("parallel", "custom"),
                ),
            ),
        ),
        Group(
            "fencing",
            "When hosts that do not answer are restarted by power management.",
            fields=(
                Bool("enabled", "Whether they are.", path="fencing_policy.enabled"),
                Bool("skip_if_storage_lease", "Not while the host still writes to storage.", path="fencing_policy.skip_if_sd_active.enabled"),
                Bool(
                    "skip_if_connectivity_broken", "Not while many hosts have lost their connection.", path="fencing_policy.skip_if_connectivity_broken.enabled"
                ),
                Int(
                    "connectivity_threshold",
                    "Percent of hosts that count as many.",
                    path="fencing_policy.skip_if_connectivity_broken.threshold",
                    least=1,
                    most=100,
                ),
                Bool("skip_if_gluster_bricks_up", "Not while its bricks are up.", path="fencing_policy.skip_if_gluster_bricks_up"),
                Bool("skip_if_gluster_quorum_not_met", "Not when volumes would lose their quorum.", path="fencing_policy.skip_if_gluster_quorum_not_met"),
            ),
        ),
        Bool("ha_reservation", "Whether the engine watches that there is room to restart highly available VMs."),
        Bool("trusted_service", "Whether hosts have to be attested."),
        Bool("tunnel_migration", "Whether migrations go through libvirt's connection."),
        Bool("vnc_encryption", "Whether VNC consoles are encrypted."),
        RngSources(
            "rng_sources",
            "Sources of randomness that hosts have to offer beside C(urandom).",
            path="required_rng_sources.required_rng_source",
            each=Enum("source", "", choices=("urandom", "hwrng", "random")),
        ),
        Enum("switch_type", "Kind of switch on hosts.", choices=("legacy", "ovs"), fixed=True),
        Enum("firewall_type", "Kind of firewall on hosts.", choices=("firewalld", "iptables")),
        Enum("fips_mode", "Whether hosts run in FIPS mode.", choices=("undefined", "disabled", "enabled")),
        Int("log_max_memory_used_threshold", "Use of a host's memory above which an event is written.", least=0),
        Enum("log_max_memory_used_threshold_type", "Whether that is a percentage, or MiB left.", choices=("percentage", "absolute_value_in_mb")),
        Group(
            "serial_number",
            "Serial number the firmware of VMs shows.",
            fields=(
                Enum(
                    "policy",
                    "V(host) and V(vm) take the id of that, V(custom) takes O(serial_number.value).",
                    path="serial_number.policy",
                    choices=("host", "vm", "custom", "none"),
                    absent="none",
                ),
                Text("value", "Serial number for O(serial_number.policy=custom).", path="serial_number.value", only_with=("policy", "custom")),
            ),
        ),
        Text("spice_proxy", "Proxy for SPICE consoles as a URL.", path="display.proxy"),
        Bool("upgrade_in_progress", "Whether it is being upgraded.", read_only=True),
    ),
    gather=look,
    shape_body=shape_body,
    rules=(cpu_type_is_offered, empty_to_go),
    born=born,
)
