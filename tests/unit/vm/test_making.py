# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM is made of: templates, snapshots, instance types, disks of others; and what is kept secret."""
from __future__ import annotations

import json
from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

SYSTEM = {"name": "system", "size": "1GiB", "storage_domain": "stage", "bootable": True}


def staged() -> Estate:
    estate = Estate()
    for name in (*ESTATE, "network"):
        estate.made(*STAGE[name])
    estate.made("vm", {"name": "origin", "cluster": "stage", "memory": "512MiB", "disks": [SYSTEM], "nics": [{"name": "nic1", "network": "stage"}]})
    estate.line.writes.clear()
    return estate


def template(estate: Estate) -> str:
    identifier = estate.client().create("templates", {"name": "golden", "vm": {"id": estate.run("vm", {"name": "origin"})["id"]}})["id"]
    estate.clock.advance(60)
    estate.line.writes.clear()
    return str(identifier)


def once(estate: Estate, options: dict[str, Any]) -> dict[str, Any]:
    """Makes it, after check mode has foretold it, and finds it made when asked again."""
    planned = estate.run("vm", options, check=True)
    assert planned["changed"] and not planned.get("failed") and estate.line.writes == [], planned.get("msg")
    made = estate.run("vm", options)
    assert made["changed"] and not made.get("failed") and made["warnings"] == [], (made.get("msg"), made["warnings"])
    assert made["diff"] == planned["diff"]
    estate.line.writes.clear()
    again = estate.run("vm", options)
    assert not again["changed"] and not again.get("failed") and estate.line.writes == [], (again.get("msg"), again["diff"])
    return made


def test_a_thin_vm_stands_on_its_template_and_a_clone_does_not() -> None:
    estate = staged()
    golden = template(estate)
    client = estate.client()
    thin = once(estate, {"name": "thin", "cluster": "stage", "template": "golden"})
    clone = once(estate, {"name": "clone", "cluster": "stage", "template": golden, "clone": True})
    assert client.get(f"vms/{thin['id']}")["template"]["id"] == golden != client.get(f"vms/{clone['id']}")["template"]["id"]
    for made in (thin, clone):
        assert made["after"]["template"] == {"id": golden, "name": "golden"} and made["after"]["memory"] == 512 * 1024 ** 2
        assert [disk["size"] for disk in made["after"]["disks"]] == [1024 ** 3] and [nic["name"] for nic in made["after"]["nics"]] == ["nic1"]
    assert not any(step["do"] == "look" for step in clone["steps"])


def test_disks_of_a_template_go_where_they_are_told() -> None:
    estate = staged()
    template(estate)
    estate.made("storage_domain", {"name": "other", "data_center": "stage", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/other"}})
    estate.line.writes.clear()
    made = once(estate, {"name": "clone", "cluster": "stage", "template": "golden", "clone": True, "storage_domain": "other"})
    assert [disk["storage_domain"]["name"] for disk in made["after"]["disks"]] == ["other"]


def test_a_vm_is_made_from_a_snapshot() -> None:
    estate = staged()
    estate.made("snapshot", {"vm": "origin", "description": "before"})
    estate.made("vm", {"name": "origin", "memory": "1GiB"})
    estate.line.writes.clear()
    made = once(estate, {"name": "copy", "cluster": "stage", "from_snapshot": {"vm": "origin", "snapshot": "before"}})
    assert made["after"]["memory"] == 512 * 1024 ** 2 and [disk["size"] for disk in made["after"]["disks"]] == [1024 ** 3]
    refused = estate.run("vm", {"name": "copy2", "cluster": "stage", "from_snapshot": {"vm": "origin", "snapshot": "nosuch"}})
    assert refused["failed"] and "from_snapshot: VM origin has no snapshot 'nosuch'." in refused["msg"]


def test_an_instance_type_sets_the_hardware() -> None:
    estate = staged()
    estate.client().create("instancetypes", {"name": "big", "memory": str(4 * 1024 ** 3), "cpu": {"topology": {"sockets": 4, "cores": 1, "threads": 1}}})
    estate.line.writes.clear()
    made = once(estate, {"name": "typed", "cluster": "stage", "instance_type": "big"})
    assert made["after"]["memory"] == 4 * 1024 ** 3 and made["after"]["cpu"]["sockets"] == 4
    free = estate.made("vm", {"name": "typed", "instance_type": ""})
    assert free["changed"] and free["after"]["instance_type"] is None and not estate.run("vm", {"name": "typed", "instance_type": ""})["changed"]


def test_an_instance_type_decides_with_each_change_what_is_its_own_alone() -> None:
    estate = staged()
    client = estate.client()
    vm = f"vms/{estate.run('vm', {'name': 'origin'})['id']}"
    policy = {"id": "80554327-0569-496b-bdeb-fcbbf52b827b"}
    client.update(vm, {"migration": {"policy": policy, "auto_converge": "true"}, "placement_policy": {
                  "affinity": "pinned"}, "memory_policy": {"max": 8 * 1024 ** 3}})
    client.update(vm, {"instance_type": {"name": "Small"}, "memory": 1024 ** 3, "migration_downtime": 5})
    typed = client.update(vm, {"migration": {"policy": policy}, "cpu": {"topology": {"sockets": 3}}})
    assert "policy" not in typed["migration"] and typed["migration"]["auto_converge"] == "true"
    assert typed["placement_policy"]["affinity"] == "migratable" and typed["migration_downtime"] == "-1"
    assert (typed["memory"], typed["memory_policy"]["max"], typed["cpu"]["topology"]["sockets"]) == (str(2 * 1024 ** 3), str(8 * 1024 ** 3), "1")


def test_a_disk_is_found_in_its_vm_and_never_by_a_bare_name() -> None:
    estate = staged()
    made = once(estate, {"name": "second", "cluster": "stage", "disks": [SYSTEM]})
    first = estate.run("vm", {"name": "origin"})["after"]["disks"][0]["id"]
    assert made["after"]["disks"][0]["id"] != first
    grown = once(estate, {"name": "second", "disks": [{"name": "system", "size": "3GiB"}]})
    assert grown["after"]["disks"][0]["size"] == 3 * 1024 ** 3
    assert estate.run("vm", {"name": "origin"})["after"]["disks"][0]["size"] == 1024 ** 3


def test_a_purge_detaches_and_only_a_name_deletes() -> None:
    estate = staged()
    names = ("system", "data", "old")
    estate.made("vm", {"name": "origin", "disks": [SYSTEM, *({"name": name, "size": "1GiB", "storage_domain": "stage"} for name in names[1:])]})
    estate.line.writes.clear()
    purged = once(estate, {"name": "origin", "disks": [{"name": "system"}, {"name": "old", "state": "absent"}], "purge_disks": True})
    assert [step["says"] for step in purged["steps"]] == ["delete disk old of VM origin", "detach disk data of VM origin"]
    assert [disk["name"] for disk in purged["after"]["disks"]] == ["system"]
    left = [disk for disk in estate.info("disk", {})["disks"] if disk["name"] in names]
    assert sorted(disk["name"] for disk in left) == ["data", "system"]
    data = next(disk["id"] for disk in left if disk["name"] == "data")
    back = once(estate, {"name": "origin", "disks": [{"id": data, "interface": "virtio"}]})
    assert {disk["name"] for disk in back["after"]["disks"]} == {"system", "data"}


def test_secrets_of_the_first_boot_are_shown_nowhere() -> None:
    estate = staged()
    secret = {"root_password": "secret-of-guest", "windows_license_key": "secret-of-windows"}
    made = once(estate, {"name": "told", "cluster": "stage", "initialization": {"host_name": "told", "user_name": "admin", **secret}})
    changed = once(estate, {"name": "told", "initialization": {"host_name": "other", **secret}})
    assert changed["diff"]["after"] == {"initialization": {"host_name": "other"}}
    read = estate.info("vm", {"name": "told"})
    for shown in (made, changed, read):
        assert "secret-of" not in json.dumps(shown)


def test_a_headless_vm_keeps_quiet_about_its_display() -> None:
    estate = staged()
    options = {"name": "quiet", "cluster": "stage", "graphics": [], "console": {"copy_paste": False, "serial": True}}
    made = once(estate, options)
    assert made["after"]["graphics"] == [] and made["after"]["console"]["serial"] is True
    seen = once(estate, {**options, "graphics": ["spice"], "console": {"copy_paste": False, "monitors": 2}})
    assert seen["after"]["graphics"] == ["spice"] and seen["after"]["console"]["monitors"] == 2


# -- what comes along from a template or a snapshot


def golden(estate: Estate) -> None:
    """A template with a NIC, a disk and a watchdog."""
    estate.made("vm", {"name": "origin", "watchdog": {"model": "i6300esb", "action": "reset"}})
    estate.made("storage_domain", {"name": "other", "data_center": "stage", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/other"}})
    estate.made("network", {"name": "backend", "data_center": "stage", "clusters": [{"cluster": "stage"}]})
    for nic, network in (("eth1", "stage"), ("eth2", "backend")):
        estate.carry(network, nic=nic)
    estate.line.writes.clear()
    estate.made("template", {"name": "golden", "vm": "origin"})
    estate.line.writes.clear()


@pytest.mark.parametrize("clone", [False, True])
def test_what_comes_from_the_template_is_shaped_and_not_made_twice(clone: bool) -> None:
    estate = staged()
    golden(estate)
    disks = [
        {"name": "system", "size": "3GiB", "interface": "virtio", **({"storage_domain": "other", "format": "raw"} if clone else {})},
        {"name": "data", "size": "1GiB", "storage_domain": "other"},
    ]
    made = once(estate, {
        "name": "new", "cluster": "stage", "template": "golden", "clone": clone, "disks": disks, "watchdog": {},
        "nics": [{"name": "nic1", "network": "backend"}, {"name": "nic2", "network": "stage"}], "state": "running",
    })
    after = made["after"]
    assert {disk["name"]: disk["size"] for disk in after["disks"]} == {"system": 3 * 1024 ** 3, "data": 1024 ** 3}
    system = next(disk for disk in after["disks"] if disk["name"] == "system")
    assert (system["storage_domain"]["name"], system["format"], system["sparse"]) == (("other", "raw", False) if clone else ("stage", "cow", True))
    assert system["interface"] == "virtio" and system["bootable"]
    assert {nic["name"]: nic["vnic_profile"]["name"] for nic in after["nics"]} == {"nic1": "backend", "nic2": "stage"}
    assert after["watchdog"] is None and after["status"] == "up"


def test_what_comes_from_the_template_is_foretold_whole() -> None:
    estate = staged()
    golden(estate)
    planned = estate.run("vm", {"name": "new", "cluster": "stage", "template": "golden", "disks": [{"name": "system", "size": "3GiB"}]}, check=True)
    assert [(disk["name"], disk["size"], disk["bootable"]) for disk in planned["after"]["disks"]] == [("system", 3 * 1024 ** 3, True)]
    assert [step["says"] for step in planned["steps"]] == ["create VM new", "change size of disk system of VM new"]


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({"nics": [{"name": "eth0", "network": "stage"}], "purge_nics": True}, {"nics": ["eth0"], "disks": ["system"]}),
        ({"nics": [{"name": "nic1", "state": "absent"}]}, {"nics": [], "disks": ["system"]}),
        ({"disks": [{"name": "own", "size": "1GiB", "storage_domain": "stage"}], "purge_disks": True}, {"nics": ["nic1"], "disks": ["own"]}),
        ({"disks": [{"name": "system", "state": "absent"}]}, {"nics": ["nic1"], "disks": []}),
        ({"graphics": []}, {"graphics": []}),
    ],
)
def test_what_comes_from_the_template_can_be_left_out(options: dict[str, Any], left: dict[str, list[str]]) -> None:
    estate = staged()
    golden(estate)
    made = once(estate, {"name": "new", "cluster": "stage", "template": "golden", **options})
    assert {name: [one if isinstance(one, str) else one["name"] for one in made["after"][name]] for name in left} == left


def test_a_thin_disk_keeps_its_format() -> None:
    estate = staged()
    golden(estate)
    refused = estate.run("vm", {"name": "new", "cluster": "stage", "template": "golden", "disks": [{"name": "system", "format": "raw"}]})
    assert refused["failed"] and "format of disk 'system' of VM new" in refused["msg"] and "clone: true" in refused["msg"] and estate.line.writes == []


def test_what_comes_from_a_snapshot_is_changed_and_not_made_twice() -> None:
    estate = staged()
    estate.made("snapshot", {"vm": "origin", "description": "before"})
    estate.line.writes.clear()
    made = once(estate, {
        "name": "copy", "cluster": "stage", "from_snapshot": {"vm": "origin", "snapshot": "before"},
        "disks": [{"name": "system", "size": "2GiB"}], "nics": [{"name": "nic1", "linked": False}],
    })
    assert [(disk["name"], disk["size"]) for disk in made["after"]["disks"]] == [("system", 2 * 1024 ** 3)]
    assert [(nic["name"], nic["linked"]) for nic in made["after"]["nics"]] == [("nic1", False)]


# -- disks that are there already


def test_a_disk_of_no_vm_is_attached_by_its_name() -> None:
    estate = staged()
    loose = estate.made("disk", {"name": "data", "size": "2GiB", "storage_domain": "stage"})["id"]
    estate.line.writes.clear()
    made = once(estate, {"name": "origin", "disks": [{"name": "data", "size": "3GiB", "storage_domain": "stage", "interface": "virtio"}]})
    assert [step["says"] for step in made["steps"]] == ["attach disk data of VM origin", "change size of disk data of VM origin"]
    assert {disk["id"]: disk["size"] for disk in made["after"]["disks"]}[loose] == 3 * 1024 ** 3
    assert once(estate, {"name": "second", "cluster": "stage", "disks": [
                {"name": "data", "size": "1GiB", "storage_domain": "stage"}]})["after"]["disks"][0]["id"] != loose


def test_a_disk_of_no_vm_that_is_otherwise_is_neither_attached_nor_made_twice() -> None:
    estate = staged()
    loose = estate.made("disk", {"name": "data", "size": "2GiB", "format": "raw", "storage_domain": "stage"})["id"]
    estate.line.writes.clear()
    for said in ({"size": "2GiB", "storage_domain": "stage", "format": "cow"}, {"size": "1GiB", "storage_domain": "stage"}):
        refused = estate.run("vm", {"name": "origin", "disks": [{"name": "data", **said}]})
        assert refused["failed"] and "'data'" in refused["msg"] and loose in refused["msg"] and estate.line.writes == [], refused["msg"]
    twin = estate.made("disk", {"name": "more", "size": "2GiB", "storage_domain": "stage"})["id"]
    estate.made("disk", {"id": twin, "name": "data"})
    estate.line.writes.clear()
    refused = estate.run("vm", {"name": "origin", "disks": [{"name": "data"}]})
    assert refused["failed"] and loose in refused["msg"] and twin in refused["msg"] and estate.line.writes == []


def test_a_shared_disk_is_attached_to_each_vm_that_names_it() -> None:
    estate = staged()
    shared = {"name": "shared", "size": "1GiB", "format": "raw", "sparse": False, "shareable": True, "storage_domain": "stage"}
    disk = estate.made("disk", shared)["id"]
    estate.line.writes.clear()
    for name in ("one", "two"):
        made = once(estate, {"name": name, "cluster": "stage", "disks": [{**shared, "interface": "virtio"}]})
        assert [one["id"] for one in made["after"]["disks"]] == [disk]
    refused = estate.run("vm", {"name": "origin", "disks": [{"id": "00000000-0000-0000-0000-00000000abcd"}]})
    assert refused["failed"] and "there is no disk with the id" in refused["msg"]
