# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logical networks: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-network"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Int, ListOf, Ref, Struct, Text, Wire, dig, put
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    CREATE,
    REMOVE,
    UPDATE,
    Identity,
    Leaves,
    Problem,
    Reader,
    Resource,
    Situation,
    Step,
    Work,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, remove_step, update_steps
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vnic_profile import in_use, users_of


class VmUsage(Bool):
    """Whether the list of usages has ``vm``; the other usages are those of a network in a cluster."""

    def read(self, wire: Wire) -> Any:
        usages = dig(wire, self.where)
        return "vm" in usages if isinstance(usages, list) else False

    def write(self, body: Wire, native: Any) -> None:
        put(body, self.where, ["vm"] if native else [])


class Vlan(Int):
    """A tag below ``vlan``, which is sent empty to take the tag off."""

    def write(self, body: Wire, native: Any) -> None:
        body["vlan"] = {} if native == self.none else {"id": native}


class NameServers(ListOf):
    """Taken off by an empty configuration; an empty list in it is refused."""

    def write(self, body: Wire, native: Any) -> None:
        body["dns_resolver_configuration"] = {"name_servers": {"name_server": list(native)}} if native else {}


USAGES = ("display", "migration", "gluster", "management", "default_route")


class InClusters(ListOf):
    """What the network is in clusters. Clusters that are not listed do not count."""

    def write(self, body: Wire, native: Any) -> None:
        """See ``steps``."""

    def now(self, item: Any, current: Any) -> Any:
        return next((one for one in current or [] if one["cluster"]["id"] == item["cluster"]["id"]), None)

    def differs(self, item: Any, current: Any) -> bool:
        now = self.now(item, current)
        if not item.get("assigned", True):
            return now is not None
        return now is None or not self.each.same(item, now)

    def same(self, wanted: Any, current: Any) -> bool:
        return not any(self.differs(item, current) for item in wanted)

    def differing(self, wanted: Any, current: Any) -> tuple[Any, Any]:
        changed = [item for item in wanted if self.differs(item, current)]
        names = {item["cluster"]["name"]: (self.now(item, current), item) for item in changed}
        return {name: now for name, (now, _item) in names.items()}, {name: item for name, (_now, item) in names.items()}

    def merged(self, wanted: Any, current: Any) -> Any:
        listed = {item["cluster"]["id"] for item in wanted}
        rest = [one for one in current or [] if one["cluster"]["id"] not in listed]
        return rest + [self.each.merged({"assigned": True, **item}, self.now(item, current)) for item in wanted if item.get("assigned", True)]


IN_CLUSTERS = InClusters(
    "clusters",
    "Clusters it is made available in. VMs of a cluster can be put on it only then. Clusters that are not listed are left alone.",
    path="_clusters",
    each=Struct(
        "cluster",
        "",
        fields=(
            Ref("cluster", "Cluster, by name or id.", to="cluster", needed=True),
            Bool("assigned", "Whether it is available there. V(true) when it is left out.", absent=True),
            Bool("required", "Whether hosts without it are not operational. V(false) when it is left out for a new one."),
            *(Bool(usage, f"Whether it is the cluster's network for {usage.replace('_', ' ')}.") for usage in USAGES),
        ),
    ),
)


def complete(reader: Reader, wire: Wire) -> Wire:
    """Adds what the network is in each cluster of its data center, from one list."""
    found = []
    for cluster in reader.once("clusters", follow=("networks",)):
        for network in dig(cluster, "networks.network") or []:
            if network.get("id") == wire["id"]:
                usages = dig(network, "usages.usage") or []
                inside = {"cluster": {"id": cluster["id"], "name": cluster.get("name")}, "assigned": True, "required": network.get("required", "false")}
                found.append({**inside, **{usage: usage in usages for usage in USAGES}})
    return {**wire, "_clusters": found}


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    """Who has a NIC on a network that is to go."""
    facts = dict(situation.facts)
    if situation.current is not None and not situation.state.exists and not reader.together:
        profiles = {one["id"] for one in reader.once("vnicprofiles") if dig(one, "network.id") == situation.identifier}
        facts["users"] = users_of(reader, profiles) if profiles else {}
    return facts


def unused_to_go(situation: Situation) -> Iterator[Problem]:
    yield from in_use(situation.title, "logical network", situation.facts.get("users") or {})


def steps(situation: Situation) -> Work:
    work = Work()
    if not situation.state.exists:
        if situation.current is not None:
            work.steps.append(remove_step(situation))
        return work
    if situation.current is None:
        work.steps.append(create_step(situation))
    elif any(change.option != "clusters" for change in situation.changes()):
        work.steps.extend(update_steps(situation))
    current = (situation.current or {}).get("clusters")
    for item in situation.wanted.get("clusters") or []:
        if not IN_CLUSTERS.differs(item, current):
            continue
        now, name = IN_CLUSTERS.now(item, current), item["cluster"]["name"]
        base = f"clusters/{item['cluster']['id']}/networks"
        own = situation.identifier or "{id}"
        if not item.get("assigned", True):
            work.steps.append(Step(REMOVE, f"take {situation.title} from cluster {name}", f"{base}/{own}"))
            continue
        if now is None:
            body: Wire = {"id": situation.identifier} if situation.current else {"name": situation.wanted["name"]}
            work.steps.append(Step(CREATE, f"make {situation.title} available in cluster {name}", base, body={**body, "required": item.get("required", False)}))
            now = {}
        usages = [usage for usage in USAGES if item.get(usage, now.get(usage, False))]
        if any(bool(item.get(usage, now.get(usage, False))) != bool(now.get(usage, False)) for usage in USAGES) or (
            now and "required" in item and item["required"] != now["required"]
        ):
            vm = ["vm"] if situation.effective("vm_network") is not False else []
            body = {"usages": {"usage": vm + usages}, "required": item.get("required", now.get("required", False))}
            work.steps.append(Step(UPDATE, f"change what {situation.title} is in cluster {name}", f"{base}/{own}", body=body))
    return work


def born(situation: Situation) -> Leaves:
    wanted = situation.wanted
    if wanted.get("vm_network") is False:
        return ()
    for_vms = ("networks/{new}", {"usages": {"usage": ["vm"]}})
    profile = ("vnicprofiles/{profile}", {"name": wanted["name"], "network": {"id": "{new}"}})
    return (for_vms,) if wanted.get("profile_required") is False else (for_vms, profile)


NETWORK = Resource(
    kind="network",
    words="network",
    collection="networks",
    summary="Manage logical networks",
    about=("A logical network of a data center. The engine makes a vNIC profile of the same name for every new network of VMs.",),
    identity=Identity(within="data_center"),
    fields=(
        Text("name", "Name, unique in its data center."),
        Ref("data_center", "Data center, by name or id, it belongs to. Needed unless O(id) is given.", to="data_center", needed=True, fixed=True),
        Text("description", "Description."),
        Text("comment", "Comment."),
        Vlan("vlan_id", "VLAN tag; V(-1) for none.", path="vlan.id", least=0, most=4094, none=-1, aliases=("vlan",)),
        Int("mtu", "MTU in bytes; V(0) takes the engine's default.", least=0, none=0, kept=True),
        VmUsage("vm_network", "Whether VMs use it.", path="usages.usage", absent=True),
        Bool("stp", "Whether the bridge uses the spanning tree protocol."),
        Bool("port_isolation", "Whether VMs on the same host are kept from each other. Cannot be changed afterwards.", fixed=True),
        Bool("profile_required", "At creation, whether the engine makes a vNIC profile for it.", write_only=True),
        Ref("qos", "Host network QoS, by name or id.", to="qos", within="data_center"),
        NameServers(
            "dns_servers",
            "Name servers for hosts, at most three.",
            path="dns_resolver_configuration.name_servers.name_server",
            each=Text("server", ""),
            ordered=True,
        ),
        Ref("external_provider", "External network provider, by name or id, that it is made on.", to="external_network_provider", fixed=True),
        IN_CLUSTERS,
        Text("vdsm_name", "Name of its device on hosts.", read_only=True),
    ),
    complete=complete,
    gather=gather,
    rules=(unused_to_go,),
    steps=steps,
    born=born,
)
