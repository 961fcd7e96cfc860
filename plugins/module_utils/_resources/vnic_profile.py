# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""vNIC profiles: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-vnic_profile"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Map, Ref, Switch, Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Identity, Problem, Reader, Resource, Situation

NAMED_AT_MOST = 20


def no_mirroring_with_pass_through(situation: Situation) -> Iterator[Problem]:
    if situation.state.exists and situation.effective("pass_through") and situation.effective("port_mirroring"):
        yield Problem(f"{situation.title} cannot have port_mirroring and pass_through together.", "Leave one of them out.")


def what_the_engine_ignores(situation: Situation) -> Iterator[Problem]:
    if not situation.state.exists:
        return
    if situation.wanted.get("migratable") and not situation.effective("pass_through"):
        yield Problem(f"The engine ignores migratable of {situation.title} without pass_through: true.", "Add pass_through: true, or leave migratable out.")
    if situation.wanted.get("failover") == {} and (situation.current or {}).get("failover"):
        yield Problem(f"The engine ignores an empty failover of {situation.title}.", "Name another profile, or make a new one without failover.")


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    """Who has a NIC on a profile that is to go."""
    facts = dict(situation.facts)
    if situation.current is not None and not situation.state.exists and not reader.together:
        facts["users"] = users_of(reader, {situation.identifier})
    return facts


def users_of(reader: Reader, profiles: Collection[str]) -> dict[str, list[str]]:
    """Names of the VMs and templates with NICs on vNIC profiles, by how the engine calls them."""
    return {
        words: sorted(str(one.get("name")) for one in reader.list(many, follow=("nics",)) if _on(one, profiles))
        for many, words in (("vms", "virtual machine"), ("templates", "template"))
    }


def _on(wire: Wire, profiles: Collection[str]) -> bool:
    return any(dig(nic, "vnic_profile.id") in profiles for nic in dig(wire, "nics.nic") or [])


def in_use(title: str, what: str, users: Mapping[str, Sequence[str]]) -> Iterator[Problem]:
    for words, names in users.items():
        if names:
            many = words if len(names) == 1 else f"{words}s ({len(names)})"
            more = f" and {len(names) - NAMED_AT_MOST} more" if len(names) > NAMED_AT_MOST else ""
            yield Problem(f"This {what} is used by {many}: {', '.join(names[:NAMED_AT_MOST])}{more}. ({title}.)", "Put their NICs on another one first.")


def unused_to_go(situation: Situation) -> Iterator[Problem]:
    yield from in_use(situation.title, "VM network interface profile", situation.facts.get("users") or {})


VNIC_PROFILE = Resource(
    kind="vnic_profile",
    words="vNIC profile",
    collection="vnicprofiles",
    summary="Manage vNIC profiles",
    about=("What a NIC of a VM gets from its logical network: filter, quality of service, pass-through, port mirroring.",),
    identity=Identity(within="network"),
    fields=(
        Text("name", "Name, unique on its network."),
        Ref("network", "Logical network, by name or id, it is for. Needed unless O(id) is given.", to="network", within="data_center", needed=True, fixed=True),
        Text("description", "Description."),
        Bool(
            "port_mirroring",
            "Whether NICs on it get a copy of all traffic of the network. Cannot be changed while VMs use it; M(virtops.ovirt.port_mirroring) deals with that.",
        ),
        Switch("pass_through", "Whether NICs on it are virtual functions of the host's card.", path="pass_through.mode"),
        Bool("migratable", "With O(pass_through=true), whether VMs can be migrated."),
        Ref(
            "network_filter",
            "Network filter, by name or id. An empty string takes it off; the engine's default when it is left out at creation.",
            to="network_filter",
        ),
        Ref("qos", "VM network QoS, by name or id. An empty string takes it off.", to="qos", within="network.data_center"),
        Ref("failover", "Profile, by id, that takes over while a VM with O(pass_through=true) is migrated.", to="vnic_profile"),
        Map("custom_properties", "Custom properties, managed as a whole.", path="custom_properties.custom_property"),
    ),
    arguments=(Ref("data_center", "Data center, by name or id, of the network; needed where several have a network of that name.", to="data_center"),),
    gather=gather,
    rules=(no_mirroring_with_pass_through, what_the_engine_ignores, unused_to_go),
    searchable=False,
)
