# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several VMs in one task: named in a list, found by a search, made alike."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

WEB = ["web1", "web2", "web3"]
ALIKE: dict[str, Any] = {
    "vms": WEB, "cluster": "stage", "memory": "256MiB", "tags": ["web"],
    "disks": [{"name": "system", "size": "1GiB", "storage_domain": "stage", "bootable": True}],
}


def staged(faults: Path | None = None) -> Estate:
    if faults is not None:
        faults.write_text("[]", encoding="utf-8")
    estate = Estate(faults=faults)
    for name in ESTATE:
        estate.made(*STAGE[name])
    estate.client().create("tags", {"name": "web"})
    estate.line.writes.clear()
    return estate


def statuses(estate: Estate) -> dict[str, str]:
    return {vm["name"]: vm["status"] for vm in estate.info("vm", {})["vms"]}


def test_several_are_made_alike_once() -> None:
    estate = staged()
    planned = estate.run("vm", ALIKE, check=True)
    assert planned["changed"] and not planned.get("failed") and estate.line.writes == []
    assert [one["vm"]["memory"] for one in planned["results"]] == [256 * 1024 ** 2] * 3
    made = estate.run("vm", ALIKE)
    assert made["changed"] and not made.get("failed"), made.get("msg")
    assert [one["name"] for one in made["results"]] == WEB and all(one["changed"] and one["vm"]["status"] == "down" for one in made["results"])
    assert made["diff"] == planned["diff"] and set(made["diff"]["after"]) == {f"VM {name}" for name in WEB}
    assert len({one["vm"]["disks"][0]["id"] for one in made["results"]}) == 3
    estate.line.writes.clear()
    again = estate.run("vm", ALIKE)
    assert not again["changed"] and not again.get("failed") and estate.line.writes == []
    assert again["diff"] == {"before": {}, "after": {}} and [one["id"] for one in again["results"]] == [one["id"] for one in made["results"]]


def test_a_search_starts_stops_and_removes() -> None:
    estate = staged()
    estate.made("vm", ALIKE)
    estate.made("vm", {"name": "other", "cluster": "stage"})
    started = estate.made("vm", {"search": "tag=web", "state": "running", "at_once": 2})
    assert [one["vm"]["status"] for one in started["results"]] == ["up"] * 3
    assert not estate.run("vm", {"search": "tag=web", "state": "running"})["changed"]
    assert not estate.run("vm", {"search": "tag=web", "vms": ["web2", started["results"][0]["id"]], "state": "running"})["changed"]
    changed = estate.made("vm", {"search": "tag=web", "boot_menu": True})
    assert [one["effects"] for one in changed["results"]] == [{"boot_menu": "next_run"}] * 3 and len(changed["warnings"]) == 3
    estate.made("vm", {"search": "tag=web and status=up", "state": "stopped", "force": True})
    assert statuses(estate) == {"web1": "down", "web2": "down", "web3": "down", "other": "down"}
    refused = estate.run("vm", {"search": "tag=web", "state": "absent"})
    assert refused["failed"] and all(f"VM {name} has disks (system)" in refused["msg"] for name in WEB)
    gone = estate.made("vm", {"search": "tag=web", "state": "absent", "remove_disks": True})
    assert gone["changed"] and [one["vm"] for one in gone["results"]] == [{}] * 3
    none = estate.run("vm", {"search": "tag=web", "state": "absent", "remove_disks": True})
    assert not none.get("failed") and not none["changed"] and none["results"] == [] and none["msg"].startswith("No VM fits the search 'tag=web'. A query that")
    assert statuses(estate) == {"other": "down"}


def test_what_stands_against_any_of_them_is_named_before_the_first_write() -> None:
    estate = staged()
    estate.made("vm", {**ALIKE, "vms": ["web1", "web2"]})
    estate.made("vm", {"name": "web2", "delete_protected": True})
    estate.line.writes.clear()
    refused = estate.run("vm", {"vms": ["web1", "web2"], "state": "absent", "remove_disks": True})
    assert refused["failed"] and "VM web2 is protected against deletion." in refused["msg"] and "web1" not in refused["msg"]
    missing = "00000000-1111-2222-3333-444444444444"
    refused = estate.run("vm", {"vms": ["web1", missing, "web3"], "state": "running"})
    assert refused["failed"] and f"There is no VM with the id {missing}" in refused["msg"]
    assert "VM web3 does not exist, and cannot be created without cluster" in refused["msg"] and estate.line.writes == []


@pytest.mark.parametrize("options", [{"vms": ["a", "a"]}, {"vms": ["a"], "name": "b"}, {"search": "name=a", "id": "00000000-1111-2222-3333-444444444444"},
                                     {"vms": ["a"], "new_name": "b"}, {}])
def test_what_does_not_go_together_is_refused(options: dict[str, Any]) -> None:
    estate = staged()
    refused = estate.run("vm", {**options, "cluster": "stage"})
    assert refused["failed"] and refused["error"] == "InvalidInput" and estate.line.writes == []


@pytest.mark.parametrize(("on_failure", "started"), [("stop", ["web1"]), ("go_on", ["web1", "web3"])])
def test_a_failure_stops_the_rest_or_does_not(on_failure: str, started: list[str], tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    estate = staged(faults)
    estate.made("vm", ALIKE)
    faults.write_text(json.dumps([{"match": {"command": "RunVm", "subject": "web2"}, "do": {"message": "no memory"}}]), encoding="utf-8")
    failed = estate.run("vm", {"vms": WEB, "state": "running", "at_once": 1, "on_failure": on_failure})
    assert failed["failed"] and failed["changed"], failed
    assert f"1 of {3} failed. VM web2:" in failed["msg"] and "Failed to run VM web2 on Host stage." in failed["msg"], failed["msg"]
    assert [name for name, status in statuses(estate).items() if status == "up"] == started
    told = {one["name"]: (one["changed"], one.get("failed", False), one.get("skipped", False)) for one in failed["results"]}
    assert told == {"web1": (True, False, False), "web2": (False, True, False), "web3": (on_failure == "go_on", False, on_failure == "stop")}
    again = estate.run("vm", {"vms": WEB, "state": "running"})
    assert again["changed"] and not again.get("failed") and set(statuses(estate).values()) == {"up"}


def test_without_a_wait_each_has_a_handle() -> None:
    estate = staged()
    made = estate.run("vm", {**ALIKE, "state": "running", "wait": False})
    assert made["changed"] and not made.get("failed"), made.get("msg")
    handles = [one["correlation_id"] for one in made["results"]]
    assert made["handles"] == handles and len(set(handles)) == 3 and all(one["steps"][-1]["settled"] is False for one in made["results"])
    assert [[job.description for job in estate.client().jobs(handle)] for handle in handles] == [[f"Launching VM {name}"] for name in WEB]
    later = estate.run("vm", {**ALIKE, "state": "running"})
    assert not later["changed"] and [one["vm"]["status"] for one in later["results"]] == ["up"] * 3


def test_a_vm_is_renamed_once() -> None:
    estate = staged()
    made = estate.made("vm", {"name": "old", "cluster": "stage"})
    options = {"name": "old", "new_name": "new", "description": "d"}
    planned = estate.run("vm", options, check=True)
    done = estate.made("vm", options)
    assert planned["diff"] == done["diff"] == {"before": {"name": "old", "description": ""}, "after": {"name": "new", "description": "d"}}
    assert done["id"] == made["id"] and done["after"]["name"] == "new"
    assert not estate.run("vm", options)["changed"]
    assert estate.made("vm", {"id": made["id"], "name": "newer"})["after"]["name"] == "newer"
    neither = estate.run("vm", {**options, "cluster": "stage"})
    assert neither["failed"] and "There is no VM 'old' to rename, and none that is called 'new' already" in neither["msg"]
    estate.made("vm", {"name": "old", "cluster": "stage"})
    both = estate.run("vm", {"name": "old", "new_name": "newer"})
    assert both["failed"] and made["id"] in both["msg"]
