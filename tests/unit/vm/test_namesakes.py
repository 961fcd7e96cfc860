# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two of one name: disks in a VM, VMs and templates of several data centers. Never the first hit."""
from __future__ import annotations

from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

GIB = 1024 ** 3
OTHER: tuple[tuple[str, dict[str, Any]], ...] = (
    ("data_center", {"name": "other"}),
    ("cluster", {"name": "other", "data_center": "other", "cpu_type": "Intel Haswell Family"}),
    ("host", {"name": "other", "address": "192.0.2.11", "cluster": "other", "root_password": "secret-of-root", "state": "up"}),
    ("storage_domain", {"name": "other", "data_center": "other", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/other"}}),
)


def refused(estate: Estate, kind: str, options: dict[str, Any], *says: str) -> None:
    """In check mode and for real, with nothing written."""
    estate.line.writes.clear()
    for check in (True, False):
        result = estate.run(kind, options, check=check)
        assert result.get("failed") and all(text in result["msg"] for text in says), result.get("msg", result)
    assert estate.line.writes == []


def with_twin_disks() -> tuple[Estate, list[str]]:
    """A VM with two disks that are called data."""
    estate = Estate()
    for name in ESTATE:
        estate.made(*STAGE[name])
    estate.made("vm", {"name": "twice", "cluster": "stage", "disks": [{"name": "data", "size": "1GiB", "storage_domain": "stage"}]})
    other = estate.made("disk", {"name": "other", "size": "2GiB", "storage_domain": "stage"})["id"]
    estate.made("disk", {"id": other, "name": "data"})
    disks = estate.made("vm", {"name": "twice", "disks": [{"id": other, "interface": "virtio"}]})["after"]["disks"]
    return estate, sorted(disk["id"] for disk in disks)


@pytest.mark.parametrize("change", [{"size": "5GiB"}, {"state": "detached"}, {"state": "absent"}, {"interface": "sata"}, {}])
def test_a_disk_that_two_are_called_is_not_touched(change: dict[str, Any]) -> None:
    estate, ids = with_twin_disks()
    refused(estate, "vm", {"name": "twice", "disks": [{"name": "data", **change}]}, "VM twice: disks: there are 2 that are called 'data'", *ids)
    refused(estate, "vm", {"name": "twice", "disks": [{"name": "data", **change}], "purge_disks": True}, *ids)


def test_neither_a_snapshot_nor_a_template_takes_the_first_of_two_disks() -> None:
    estate, ids = with_twin_disks()
    refused(estate, "snapshot", {"vm": "twice", "description": "s", "disks": ["data"]}, "2 disks of VM twice are called 'data'", *ids)
    refused(estate, "template", {"name": "t", "vm": "twice", "disks": [{"name": "data", "format": "raw"}]}, "has 2 disks 'data'", *ids)


def test_two_disks_of_one_name_are_told_apart_by_their_ids() -> None:
    estate, ids = with_twin_disks()
    grown = estate.made("vm", {"name": "twice", "disks": [{"id": ids[0], "size": "7GiB"}]})
    assert {disk["id"]: disk["size"] for disk in grown["after"]["disks"]}[ids[0]] == 7 * GIB
    purged = estate.made("vm", {"name": "twice", "disks": [], "purge_disks": True})
    assert purged["after"]["disks"] == [] and len(purged["diff"]["before"]["disks"]) == 2


def test_a_fence_agent_whose_address_two_have_is_not_touched() -> None:
    estate = Estate()
    for name in ("data center", "cluster", "host"):
        estate.made(*STAGE[name])
    client = estate.client()
    host = estate.run("host", {"name": "stage"})["id"]
    for port in (1, 2):
        body = {"address": "pdu", "type": "apc", "username": "u", "password": "p", "port": port, "order": port}
        client.create(f"hosts/{host}/fenceagents", body)
    agent = {"address": "pdu", "type": "apc", "username": "other", "password": "p"}
    refused(estate, "host", {"name": "stage", "fence_agents": [agent]}, "2 agents at pdu")


# -- data centers


def two_data_centers() -> Estate:
    estate = Estate()
    for name in ESTATE:
        estate.made(*STAGE[name])
    for kind, options in OTHER:
        estate.made(kind, options)
    estate.made("cluster", {"name": "beside", "data_center": "stage", "cpu_type": "Intel Haswell Family"})
    estate.made("vm", {"name": "web", "cluster": "stage", "description": "first"})
    return estate


def test_a_vm_of_another_data_center_is_another_vm() -> None:
    estate = two_data_centers()
    first = estate.run("vm", {"name": "web"})["id"]
    assert not estate.made("vm", {"name": "web", "cluster": "other", "state": "absent"})["changed"]
    planned = estate.run("vm", {"name": "web", "cluster": "other", "description": "second"}, check=True)
    made = estate.made("vm", {"name": "web", "cluster": "other", "description": "second"})
    assert made["changed"] and made["id"] != first and planned["diff"] == made["diff"]
    assert not estate.made("vm", {"name": "web", "cluster": "other", "description": "second"})["changed"]
    refused(estate, "vm", {"name": "web", "description": "which"}, "There are 2 objects that fit VM 'web'", first, made["id"])
    refused(estate, "vm", {"name": "web", "state": "absent"}, first, made["id"])
    gone = estate.made("vm", {"name": "web", "cluster": "other", "state": "absent"})
    assert gone["changed"] and gone["before"]["id"] == made["id"] and estate.info("vm", {"name": ["web"]})["vms"][0]["id"] == first


def test_what_is_elsewhere_is_not_removed() -> None:
    estate = two_data_centers()
    estate.made("disk", {"name": "d", "size": "1GiB", "storage_domain": "stage"})
    refused(estate, "vm", {"name": "web", "cluster": "beside", "state": "absent"}, "VM web (", "is in cluster stage, not in beside: it is not removed")
    refused(estate, "disk", {"name": "d", "storage_domain": "other", "state": "absent"}, "is in storage domain stage, not in other")
    for nowhere in ({"name": "web", "cluster": "nosuch"}, {"name": "nosuch", "cluster": "other"}):
        assert not estate.made("vm", {**nowhere, "state": "absent"})["changed"]
    assert estate.made("vm", {"name": "web", "cluster": "stage", "state": "absent"})["changed"]
    assert estate.made("disk", {"name": "d", "storage_domain": "stage", "state": "absent"})["changed"]


def test_a_vm_moves_between_clusters_of_its_data_center() -> None:
    estate = two_data_centers()
    moved = estate.made("vm", {"name": "web", "cluster": "beside"})
    assert moved["diff"]["after"]["cluster"]["name"] == "beside" and moved["before"]["id"] == moved["after"]["id"]


def test_a_template_is_that_of_the_data_center() -> None:
    estate = two_data_centers()
    estate.made("vm", {"name": "source", "cluster": "other"})
    near = estate.made("template", {"name": "golden", "vm": "web"})["id"]
    far = estate.made("template", {"name": "golden", "vm": "source"})["id"]
    assert near != far
    for cluster, template in (("stage", near), ("other", far)):
        made = estate.made("vm", {"name": "thin", "cluster": cluster, "template": "golden", "template_version": 1})
        assert made["after"]["template"]["id"] == template
        assert not estate.made("vm", {"name": "thin", "cluster": cluster, "template": "golden"})["changed"]
    group = estate.made("affinity_group", {"name": "near", "cluster": "other", "vms": ["thin"]})
    assert group["after"]["vms"][0]["id"] == made["id"]
