# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What messages have to say, beyond the engine's words."""
from __future__ import annotations

import pytest
from in_process import Estate
from samples import ESTATE, STAGE


@pytest.fixture(scope="module")
def estate() -> Estate:
    made = Estate()
    for name in (*ESTATE, "network", "vm with a disk"):
        made.made(*STAGE[name])
    made.made("storage_domain", {"name": "other", "data_center": "stage", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/other"}})
    return made


def test_a_move_onto_its_own_source_is_no_move(estate: Estate) -> None:
    for targets in (["stage"], ["other", "stage"]):
        refused = estate.operate("disk_move", {"source": "stage", "targets": targets}, check=True)
        assert refused["failed"] and "Storage domain stage is the source, and a target, too: what is on it stays there." in refused["msg"], refused


def test_a_wait_for_an_address_of_no_vm_tells_of_the_vm(estate: Estate) -> None:
    options = {"name": "nobody", "state": "running", "wait_for": {"address_on": "stage"}}
    assert "VM nobody does not exist, and cannot be created without cluster." in estate.run("vm", options)["msg"]


def test_a_search_that_finds_nothing_may_not_have_been_understood(estate: Estate) -> None:
    found = estate.info("vm", {"search": "flavour=sweet"})
    assert found["vms"] == [] and found["msg"] == "No VM fits the search 'flavour=sweet'. A query that the engine does not understand looks the same."
    assert "msg" not in estate.info("vm", {"search": "name=stage"})


@pytest.mark.parametrize("name", ["two words", "it's", 'a "b"', "a/b"])
def test_names_of_disks_that_the_engine_refuses_later_are_refused_before_anything_is_made(estate: Estate, name: str) -> None:
    new = {"name": name, "size": "1GiB", "storage_domain": "stage"}
    rule = f"cannot have the name {name!r}: names of disks are made of letters, digits, '-', '_' and '.'."
    assert rule in estate.run("disk", new, check=True)["msg"]
    assert rule in estate.run("vm", {"name": "stage", "disks": [new]}, check=True)["msg"]
    assert rule in estate.run("vm", {"name": "new", "cluster": "stage", "disks": [new]}, check=True)["msg"]


def test_a_disk_that_has_such_a_name_is_found_renamed_and_removed(estate: Estate) -> None:
    domain = {"storage_domain": [{"id": estate.run("storage_domain", {"name": "stage"})["id"]}]}
    identifier = estate.client().create("disks", {"name": "old one", "provisioned_size": 1 << 30, "format": "cow", "storage_domains": domain})["id"]
    assert not estate.made("disk", {"name": "old one"})["changed"]
    refused = estate.run("disk", {"name": "old one", "size": "2GiB"}, check=True)
    assert "disk old one cannot be changed: names of disks" in refused["msg"] and "Give it another name first: its id, with name." in refused["msg"]
    assert estate.made("disk", {"id": identifier, "name": "old_one", "size": "2GiB"})["changed"]
    assert estate.made("disk", {"name": "old_one", "state": "absent"})["changed"]


def test_letters_of_all_alphabets_are_letters(estate: Estate) -> None:
    assert estate.made("disk", {"name": "диск-ä_1.2", "size": "1GiB", "storage_domain": "stage"})["changed"]
