# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals that one look at the engine foretells: check mode says what a real run says, in the engine's words, and neither writes."""
from __future__ import annotations

from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

NEW = {"name": "new", "cluster": "stage"}
DISK = {"name": "d", "size": "1GiB", "storage_domain": "stage"}
MAC = "02:00:00:00:00:07"
ASLEEP = {"type": "nfs", "address": "192.0.2.20"}
CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "a name with a blank": ("vm", {**NEW, "name": "two words"}, "Can not add VM. The given name contains special characters."),
    "more guaranteed than there is": ("vm", {**NEW, "memory": "1GiB", "memory_guaranteed": "2GiB"}, "Physical Memory Guaranteed cannot exceed Memory Size."),
    "the same of a VM that is there": ("vm", {"name": "stage", "memory_guaranteed": "64GiB"}, "Cannot edit VM. Physical Memory Guaranteed"),
    "more than its maximum": ("vm", {**NEW, "memory": "4GiB", "memory_max": "2GiB"}, "Memory size (4096MB) cannot exceed maximum memory size (2048MB)."),
    "an unknown operating system": ("vm", {**NEW, "os": {"type": "rhel_9"}}, "knows no operating system 'rhel_9'"),
    "a time zone of Windows": ("vm", {**NEW, "os": {"type": "rhel_9x64"}, "time_zone": "GMT Standard Time"}, "Invalid time zone for given OS type."),
    "one for Windows": ("vm", {**NEW, "os": {"type": "windows_2022"}, "time_zone": "Europe/Berlin"}, "Invalid time zone for given OS type."),
    "nothing to boot from": ("vm", {"name": "stage", "state": "running"}, "Cannot run VM without at least one bootable disk"),
    "nothing to boot from, new": ("vm", {**NEW, "state": "running"}, "Cannot run VM without at least one bootable disk"),
    "no NIC to boot from": ("vm", {**NEW, "os": {"boot_devices": ["network"]}, "state": "running"}, "configured to be 'Network bootable'"),
    "a shareable disk of cow": ("disk", {**DISK, "shareable": True}, "Disk's volume format is not supported for shareable disk."),
    "a disk on a domain in maintenance": ("disk", {**DISK, "storage_domain": "asleep"}, "The relevant Storage Domain's status is Maintenance."),
    "a disk inside a VM there": ("vm", {**NEW, "disks": [{**DISK, "storage_domain": "asleep"}]}, "The relevant Storage Domain's status is Maintenance."),
    "a MAC address in use": ("vm", {**NEW, "nics": [{"name": "nic1", "mac": MAC}]}, f"MAC Address {MAC} is already in use by VM or snapshot: stage."),
    "a MAC address in use, alone": ("nic", {"vm": "other", "name": "nic1", "mac": MAC}, f"MAC Address {MAC} is already in use by VM or snapshot: stage."),
    "a path in use": ("storage_domain", {"name": "new", "data_center": "stage", "storage": {**ASLEEP, "path": "/asleep"}}, "already exists for asleep."),
    "a role in use": ("role", {"name": "held", "state": "absent"}, "One or more Permissions is still associated with Role."),
    "a cluster that is not empty": ("cluster", {"name": "stage", "state": "absent"}, "Cannot remove Cluster. Cluster contains one or more Hosts"),
    "a profile in use": ("vnic_profile", {"name": "stage", "network": "stage", "state": "absent"}, "profile is used by virtual machine: "),
    "a network in use": ("network", {"name": "stage", "data_center": "stage", "state": "absent"}, "This logical network is used by virtual machine: "),
}


@pytest.fixture(scope="module")
def estate() -> Estate:
    made = Estate()
    for name in (*ESTATE, "network"):
        made.made(*STAGE[name])
    made.made("vm", {**STAGE["vm"][1], "nics": [{"name": "nic1", "network": "stage", "mac": MAC}]})
    made.made("vm", {"name": "other", "cluster": "stage"})
    made.made("storage_domain", {"name": "asleep", "data_center": "stage", "storage": {**ASLEEP, "path": "/asleep"}, "state": "maintenance"})
    made.made("role", {"name": "held", "permits": ["login"]})
    granted = made.operate("permission", {"group": "Everyone", "role": "held", "vm": "stage"})
    assert not granted.get("failed"), granted["msg"]
    return made


@pytest.mark.parametrize("case", CASES)
def test_check_mode_foretells_it(case: str, estate: Estate) -> None:
    kind, options, said = CASES[case]
    estate.line.writes.clear()
    foretold, refused = (estate.run(kind, options, check=check) for check in (True, False))
    assert foretold.get("failed") and said in foretold["msg"], foretold.get("msg")
    assert foretold["msg"] == refused["msg"] and not foretold["changed"]
    assert estate.line.writes == []


def test_near_names_of_operating_systems_are_told(estate: Estate) -> None:
    assert "rhel_9x64" in estate.run("vm", {**NEW, "os": {"type": "rhel_9"}}, check=True)["msg"]


def test_what_is_as_wanted_asks_for_none_of_it(estate: Estate) -> None:
    estate.made("vm", {"name": "stage", "os": {"type": "rhel_9x64"}, "time_zone": "Europe/Berlin"})
    estate.line.reads.clear()
    assert not estate.run("vm", {"name": "stage", "os": {"type": "rhel_9x64"}, "time_zone": "Europe/Berlin"})["changed"]
    assert "operatingsystems" not in estate.line.reads
    assert not estate.run("vm", {"name": "stage", "state": "stopped"})["changed"]


def test_another_mac_pool_may_give_the_same_address(estate: Estate) -> None:
    estate.made("mac_pool", {"name": "other", "ranges": [{"from": "02:00:00:00:00:00", "to": "02:00:00:00:00:ff"}]})
    estate.made("cluster", {"name": "other", "data_center": "stage", "cpu_type": "Intel Haswell Family", "mac_pool": "other"})
    wanted = {"name": "same", "cluster": "other", "nics": [{"name": "nic1", "mac": MAC}]}
    assert not estate.run("vm", wanted, check=True).get("failed")
    assert estate.made("vm", wanted)["after"]["nics"][0]["mac"] == MAC
    estate.line.reads.clear()
    assert not estate.run("vm", wanted)["changed"] and "macpools" not in " ".join(estate.line.reads)


def test_what_goes_along_in_a_blueprint_is_not_in_the_way(estate: Estate) -> None:
    document = {"network": [{"name": "stage", "data_center": "stage", "state": "absent"}], "vm": [{"name": "stage", "state": "absent"}]}
    told = estate.blueprint({"document": document}, check=True)
    assert not told.get("failed"), told.get("msg")
