# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NUMA nodes and host devices of a VM, as lists that are made true."""
from __future__ import annotations

from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

GIB = 1024 ** 3
NODES: list[dict[str, Any]] = [{"index": 0, "memory": "1GiB", "cpus": [0, 1]}, {"index": 1, "memory": "1GiB", "cpus": [2, 3]}]
BASE: dict[str, Any] = {"name": "law", "cluster": "stage", "memory": "2GiB", "memory_guaranteed": "512MiB", "cpu": {"sockets": 2, "cores": 2}}
NETWORK, GPU, SOUND = "pci_0000_3b_00_0", "pci_0000_65_00_0", "pci_0000_65_00_1"


def staged(**more: Any) -> Estate:
    estate = Estate()
    for name in ESTATE:
        kind, options = STAGE[name]
        estate.made(kind, {**options, **({"kernel_cmdline": "intel_iommu=on"} if name == "host" else {})})
    estate.made("vm", {**BASE, **more})
    estate.line.writes.clear()
    return estate


def thrice(estate: Estate, options: dict[str, Any]) -> dict[str, Any]:
    """Runs it in check mode, for real, and again."""
    planned = estate.run("vm", {"name": "law", **options}, check=True)
    assert planned["changed"] and not planned.get("failed"), planned.get("msg")
    assert estate.line.writes == []
    done = estate.run("vm", {"name": "law", **options})
    assert done["changed"] and not done.get("failed"), done.get("msg")
    assert done["diff"] == planned["diff"] and [step["says"] for step in planned["steps"]] == [step["says"] for step in done["steps"]]
    again = estate.run("vm", {"name": "law", **options})
    assert not again["changed"] and not again.get("failed"), (again.get("msg"), again["diff"])
    estate.line.writes.clear()
    return done


def test_nodes_are_made_changed_and_removed() -> None:
    estate = staged()
    made = thrice(estate, {"numa_nodes": NODES})
    assert made["after"]["numa_nodes"] == [
        {"index": 0, "memory": GIB, "cpus": [0, 1], "mode": "interleave", "pins": []},
        {"index": 1, "memory": GIB, "cpus": [2, 3], "mode": "interleave", "pins": []},
    ]
    one = thrice(estate, {"placement": {"hosts": ["stage"]}, "numa_nodes": [{"index": 1, "mode": "strict", "pins": [1]}]})
    assert one["diff"]["after"]["numa_nodes"] == {"1": {"mode": "strict", "pins": [1]}}
    moved = thrice(estate, {"numa_nodes": [{"index": 0, "memory": "1536MiB", "cpus": [0, 1, 2]}, {"index": 1, "memory": "512MiB", "cpus": [3]}]})
    assert [step["says"] for step in moved["steps"]] == ["change memory, cpus of NUMA node 1 of VM law", "change memory, cpus of NUMA node 0 of VM law"]
    assert moved["after"]["numa_nodes"][1]["pins"] == [1], "what is left out stays"
    swapped = thrice(estate, {"numa_nodes": [{"index": 0, "cpus": [3]}, {"index": 1, "cpus": [0, 1, 2]}]})
    assert [node["cpus"] for node in swapped["after"]["numa_nodes"]] == [[3], [0, 1, 2]] and swapped["after"]["numa_nodes"][1]["mode"] == "strict"
    purged = thrice(estate, {"numa_nodes": [{"index": 0}], "purge_numa_nodes": True})
    assert [node["index"] for node in purged["after"]["numa_nodes"]] == [0] and purged["diff"]["after"]["numa_nodes"] == {"1": None}
    assert thrice(estate, {"numa_nodes": [{"index": 0, "state": "absent"}]})["after"]["numa_nodes"] == []


def test_a_vm_is_made_with_nodes_and_shrinks_with_them() -> None:
    estate = Estate()
    for name in ESTATE:
        estate.made(*STAGE[name])
    estate.line.writes.clear()
    made = thrice(estate, {**BASE, "numa_nodes": NODES})
    assert len(made["after"]["numa_nodes"]) == 2
    node = {"index": 0, "memory": "1GiB", "cpus": [0, 1]}
    smaller = thrice(estate, {"memory": "1GiB", "cpu": {"sockets": 1}, "numa_nodes": [node], "purge_numa_nodes": True})
    assert smaller["after"]["memory"] == GIB and len(smaller["after"]["numa_nodes"]) == 1
    thrice(estate, {"memory": "2GiB", "cpu": {"sockets": 2}, "numa_nodes": NODES})


def test_a_running_vm_has_other_nodes_from_its_next_start() -> None:
    estate = staged(disks=[{"name": "system", "size": "1GiB", "storage_domain": "stage", "bootable": True}], state="running")
    made = thrice(estate, {"numa_nodes": NODES})
    assert made["effects"] == {"numa_nodes": "next_run"} and made["warnings"] == ["VM law runs: numa_nodes will change at its next start."]


@pytest.mark.parametrize(("options", "said"), [
    ({"numa_nodes": [{"index": 1, "memory": "1GiB", "cpus": [0]}]}, "would have NUMA nodes with the indices 1, which have to go from 0 without a gap"),
    ({"numa_nodes": [{"index": 0}]}, "has no NUMA node 0, and it cannot be made without memory and cpus"),
    ({"numa_nodes": [{"index": 0, "memory": "1GiB"}, {"index": 0, "memory": "1GiB"}]}, "numa_nodes names 0 twice"),
    ({"numa_nodes": [{"index": 0, "memory": "1000000B"}]}, "has to be in whole mebibytes"),
])
def test_what_cannot_be_is_said_before_a_write(options: dict[str, Any], said: str) -> None:
    estate = staged()
    refused = estate.run("vm", {"name": "law", **options})
    assert refused["failed"] and said in refused["msg"] and estate.line.writes == []


@pytest.mark.parametrize(("options", "said"), [
    ({"numa_nodes": [{"index": 0, "memory": "4GiB", "cpus": [0]}]}, "The NUMA nodes' total memory of 4096 exceeds the VM's total memory of 2048."),
    ({"numa_nodes": [{"index": 0, "memory": "1GiB", "cpus": [9]}]}, "A NUMA node has an invalid CPU index: 9. Indexes must be between 0 and 3."),
    ({"numa_nodes": [{"index": 0, "memory": "1GiB", "cpus": [0], "pins": [0]}]}, "VM must be pinned to at least one host."),
    (
        {"numa_nodes": [{"index": 0, "memory": "1GiB", "cpus": [0], "mode": "preferred"}]},
        "Preferred NUMA tune mode is allowed for a single pinned Virtual NUMA Node.",
    ),
    (
        {"numa_nodes": [{"index": 0, "memory": "1GiB", "cpus": [0], "pins": [7]}], "placement": {"hosts": ["stage"]}},
        "Host NUMA node with index 7 does not exist for host 'stage'.",
    ),
    ({"host_devices": [{"name": NETWORK}]}, "Cannot add Host devices. VM must be pinned to a host."),
    ({"host_devices": [{"name": "pci_none"}], "placement": {"hosts": ["stage"]}}, "Cannot add Host devices. One or more of specified host devices not found."),
])
def test_refusals_are_told_in_the_words_of_the_engine(options: dict[str, Any], said: str) -> None:
    refused = staged().run("vm", {"name": "law", **options})
    assert refused["failed"] and said in refused["msg"], refused["msg"]


def test_host_devices_are_lent_and_given_back() -> None:
    estate = staged(disks=[{"name": "system", "size": "1GiB", "storage_domain": "stage", "bootable": True}])
    lent = thrice(estate, {"placement": {"hosts": ["stage"], "affinity": "pinned"}, "host_devices": [{"name": GPU}, {"name": NETWORK}]})
    assert [one["name"] for one in lent["after"]["host_devices"]] == [GPU, NETWORK]
    assert lent["after"]["host_devices"][0] == {
        "name": GPU, "capability": "pci", "vendor": "NVIDIA Corporation", "product": "TU104GL [Tesla T4]", "iommu_group": 40,
    }
    estate.made("vm", {"name": "law", "state": "running"})
    estate.line.writes.clear()
    refused = estate.run("vm", {"name": "law", "host_devices": [{"name": GPU, "state": "absent"}]})
    assert refused["failed"] and "host_devices of VM law can only change while it is down." in refused["msg"] and estate.line.writes == []
    back = estate.made("vm", {"name": "law", "host_devices": [{"name": GPU, "state": "absent"}], "on_running": "restart", "force": True})
    assert [step["says"].partition(" VM")[0] for step in back["steps"]] == ["shut down", f"give back host device {GPU} of", "start"]
    assert [one["name"] for one in back["after"]["host_devices"]] == [NETWORK] and back["after"]["status"] == "up"
    purged = estate.made("vm", {"name": "law", "purge_host_devices": True, "state": "stopped", "force": True})
    assert purged["after"]["host_devices"] == [] and purged["diff"]["after"]["host_devices"] == {NETWORK: None}
