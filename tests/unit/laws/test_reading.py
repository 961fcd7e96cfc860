# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What reading costs the engine: of many objects, no more than the members that were asked for."""
from __future__ import annotations

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

VMS = 12


@pytest.fixture(scope="module")
def estate() -> Estate:
    made = Estate()
    for name in ESTATE:
        made.made(*STAGE[name])
    for number in range(VMS):
        made.made("vm", {"name": f"vm{number:02}", "cluster": "stage", "memory": "1GiB"})
    made.line.reads.clear()
    return made


@pytest.fixture(autouse=True)
def _forget(estate: Estate) -> None:
    estate.line.reads.clear()


def test_fields_of_many_come_in_one_list(estate: Estate) -> None:
    shown = estate.info("vm", {"fields": ["status", "memory", "cluster", "nics", "addresses"]})["vms"]
    assert len(shown) == VMS and {tuple(one) for one in shown} == {("id", "name", "cluster", "memory", "nics", "status", "addresses")}
    assert {one["cluster"]["name"] for one in shown} == {"stage"}
    assert [path for path in estate.line.reads if path.startswith("vms/")] == []
    assert len(estate.line.reads) <= 4, estate.line.reads


def test_what_lists_do_not_show_is_read_of_each(estate: Estate) -> None:
    shown = estate.info("vm", {"fields": ["rng"], "search": "name=vm0*"})["vms"]
    assert len(shown) == 10 and all(one["rng"]["source"] == "urandom" for one in shown)
    assert len([path for path in estate.line.reads if path.startswith("vms/")]) == 10


def test_fields_and_everything_agree(estate: Estate) -> None:
    everything = {one["id"]: one for one in estate.info("vm", {})["vms"]}
    for name in everything[next(iter(everything))]:
        for one in estate.info("vm", {"fields": [name]})["vms"]:
            assert one[name] == everything[one["id"]][name], name


def test_a_field_that_there_is_not_is_named_before_anything_is_asked(estate: Estate) -> None:
    failed = estate.info("vm", {"fields": ["status", "colour"]})
    assert failed["failed"] and "a VM has no colour. It has name," in failed["msg"]
    assert estate.line.reads == []


def test_what_changes_nothing_reads_snapshots_once() -> None:
    """They take an engine by far the longest to list."""
    estate = Estate()
    for name in (*ESTATE, "vm"):
        estate.made(*STAGE[name])
    estate.made("snapshot", {"vm": "stage", "description": "law"})
    vm = estate.info("vm", {"name": ["stage"], "fields": ["name"]})["vms"][0]["id"]
    estate.line.reads.clear()
    assert not estate.run("snapshot", {"vm": "stage", "description": "law"})["changed"]
    assert not estate.operate("snapshot_group", {"vms": ["stage"], "description": "law", "pattern": "l*", "keep_last": 2})["changed"]
    snapshots = f"vms/{vm}/snapshots"
    assert [path for path in estate.line.reads if path not in ("", "vms", snapshots)] == []
    assert estate.line.reads.count(snapshots) == 2 and estate.line.reads.count("vms") == 2
