# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NICs of VMs and templates: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-nic"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import LIVE, Bool, Enum, Mac, Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem, Reader, Resource, Situation, Step, Under, Work, REMOVE, UPDATE
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, update_steps
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import macs
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.devices import RUNS, ProfileRef, center_of, find_profile


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    facts = dict(situation.facts)
    wanted = situation.wanted
    if situation.state.exists and (isinstance(wanted.get("vnic_profile"), str) or wanted.get("network")):
        name, network = wanted.get("vnic_profile") or wanted["network"], wanted.get("network")
        wanted["vnic_profile"] = find_profile(_profiles(reader, situation), name, network, lambda: center_of(reader, _cluster_of(reader, situation)))
    if "vm" in facts and situation.current is not None and not situation.state.exists:
        facts["status"] = (reader.get(f"vms/{facts['vm']['id']}") or {}).get("status")
    if situation.state.exists and "vm" in facts:
        facts[macs.TAKEN] = macs.taken(reader, _mac(situation), None, facts["vm"]["id"])
    return facts


def _mac(situation: Situation) -> dict[str, str]:
    """The MAC address that it is to get."""
    mac = situation.wanted.get("mac")
    return {mac: str(situation.effective("name"))} if mac and mac != (situation.current or {}).get("mac") else {}


def rules(situation: Situation) -> Iterator[Problem]:
    if situation.state.exists:
        yield from macs.refused(situation.facts.get(macs.TAKEN) or {}, _mac(situation), f"VM {(situation.facts.get('vm') or {}).get('name')}")


def _cluster_of(reader: Reader, situation: Situation) -> Any:
    return dig(reader.get(situation.collection.rsplit("/", 1)[0]), "cluster.id")


def _profiles(reader: Reader, situation: Situation) -> list[Wire]:
    """Profiles on the networks of the data center that the owner is in; of a template that is in none, all of them."""
    owner = reader.get(situation.collection.rsplit("/", 1)[0]) or {}
    cluster_id = dig(owner, "cluster.id")
    data_center = dig(reader.get(f"clusters/{cluster_id}"), "data_center.id") if cluster_id else None
    networks = {one["id"]: one.get("name") for one in reader.list("networks") if data_center in (None, dig(one, "data_center.id"))}
    found = reader.list("vnicprofiles")
    return [{"id": one["id"], "name": one.get("name"), "network": networks[dig(one, "network.id")]} for one in found if dig(one, "network.id") in networks]


def steps(situation: Situation) -> Work:
    work = Work()
    if situation.state.exists:
        work.steps.extend([create_step(situation)] if situation.current is None else update_steps(situation))
    elif situation.current is not None:
        if situation.facts.get("status") in RUNS and situation.current.get("plugged", True):
            work.steps.append(Step(UPDATE, f"unplug {situation.title}", situation.own_path, body={"plugged": False}))
        work.steps.append(Step(REMOVE, f"remove {situation.title}", situation.own_path))
    return work


NIC = Resource(
    kind="nic",
    words="NIC",
    collection="nics",
    summary="Manage network interfaces of VMs and templates",
    about=(
        "Adds, changes, plugs, unplugs and removes the virtual network interfaces of a VM or a template.",
        "One that is plugged into a running VM is unplugged before it is removed. The engine changes the model and the MAC address only of one that is not "
        "plugged into a running VM: set O(plugged=false) first.",
    ),
    under=(
        Under("vm", "vm", "vms/{id}/nics", "VM, by name or id, it belongs to."),
        Under("template", "template", "templates/{id}/nics", "Template, by name or id, it belongs to."),
    ),
    fields=(
        Text("name", "Name, unique in its VM, for example V(nic1).", effect=LIVE),
        ProfileRef(
            "vnic_profile",
            "vNIC profile, by name or id; looked for on O(network), or on all networks of the data center. An empty string disconnects it.",
            to="vnic_profile",
            effect=LIVE,
        ),
        Enum(
            "interface",
            "Device model. V(virtio) when it is left out at creation.",
            choices=("virtio", "e1000", "e1000e", "rtl8139", "rtl8139_virtio", "spapr_vlan", "pci_passthrough"),
            effect=LIVE,
        ),
        Mac("mac", "MAC address. The engine draws one from its pool when it is left out.", path="mac.address", effect=LIVE),
        Bool("linked", "Whether the link is up. V(true) when it is left out at creation.", absent=True, effect=LIVE),
        Bool("plugged", "Whether it is plugged in. V(true) when it is left out at creation.", absent=True, effect=LIVE),
        Bool("synced", "Whether the running VM has what is configured.", read_only=True),
    ),
    arguments=(Text("network", "Network on which O(vnic_profile) is looked for; alone it means the profile named like the network."),),
    gather=gather,
    rules=(rules,),
    steps=steps,
    searchable=False,
)
