# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Versions of templates, which share a name: none is taken for another, whatever fails on the way."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from in_process import Estate
from samples import ESTATE, STAGE

FIRST = {"name": "golden", "vm": "stage"}
SECOND = {**FIRST, "version_name": "second"}


@pytest.fixture
def estate() -> Estate:
    made = Estate()
    for name in (*ESTATE, "network"):
        made.made(*STAGE[name])
    made.made("vm", {
        "name": "stage", "cluster": "stage", "nics": [{"name": "nic1", "vnic_profile": "stage"}], "watchdog": {"model": "i6300esb", "action": "reset"},
        "disks": [{"name": "system", "size": "1GiB", "storage_domain": "stage"}, {"name": "data", "size": "1GiB", "storage_domain": "stage"}],
    })
    made.line.writes.clear()
    return made


def versions(estate: Estate) -> list[int]:
    return sorted(one["version_number"] for one in estate.info("template", {"name": "golden"})["templates"])


def break_once(when: str, estate: Estate) -> None:
    broken: list[str] = []

    def fail(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/templates") and not broken:
            broken.append(path)
            raise requests.exceptions.ConnectionError("the line broke")

    setattr(estate.line, when, fail)


@pytest.mark.parametrize("when", ["before", "after"])
def test_the_base_is_not_taken_for_a_version_whose_answer_was_lost(estate: Estate, when: str) -> None:
    estate.made("template", FIRST)
    break_once(when, estate)
    made = estate.run("template", SECOND)
    if made.get("failed"):
        made = estate.run("template", SECOND)
    assert not made.get("failed"), made.get("msg")
    assert made["template"]["version_number"] == 2 and made["template"]["version_name"] == "second"
    assert versions(estate) == [1, 2]
    assert not estate.run("template", SECOND)["changed"]


def test_one_that_is_being_made_is_waited_for(estate: Estate) -> None:
    class Killed(BaseException):
        """Nobody catches it, like a signal."""

    def after(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/templates"):
            raise Killed(path)

    estate.line.after = after
    with pytest.raises(Killed):
        estate.run("template", FIRST)
    estate.line.after = lambda method, path: None
    planned = estate.run("template", {**FIRST, "nics": [{"name": "nic1", "linked": False}]}, check=True)
    assert planned["before"]["status"] == "locked" and planned["template"]["status"] == "ok"
    again = estate.run("template", {**FIRST, "nics": [{"name": "nic1", "linked": False}]})
    assert not again.get("failed"), again.get("msg")
    assert again["template"]["status"] == "ok" and not again["template"]["nics"][0]["linked"]
    assert versions(estate) == [1]


def test_the_oldest_version_left_becomes_the_base(estate: Estate) -> None:
    estate.made("template", FIRST)
    second = estate.made("template", SECOND)["id"]
    third = estate.made("template", {**FIRST, "version_number": 3})
    assert third["template"]["base_template"]["id"] != second
    assert estate.run("template", {"name": "golden", "version_number": 1, "state": "absent"})["changed"]
    found = estate.info("template", {"name": "golden"})["templates"]
    assert {one["base_template"]["id"] for one in found} == {second} and versions(estate) == [2, 3]
    renamed = estate.run("template", {"name": "golden", "version_number": 2, "new_name": "other"})
    assert not renamed.get("failed"), renamed.get("msg")
    assert [one["name"] for one in estate.info("template", {})["templates"] if one["id"] == third["id"]] == ["other"]


def test_the_same_name_in_another_data_center_is_another_template(estate: Estate) -> None:
    first = estate.made("template", FIRST)["id"]
    estate.made("data_center", {"name": "elsewhere"})
    estate.made("cluster", {"name": "elsewhere", "data_center": "elsewhere", "cpu_type": "Intel Haswell Family"})
    estate.made("host", {"name": "elsewhere", "address": "192.0.2.11", "cluster": "elsewhere", "root_password": "secret-of-root", "state": "up"})
    estate.made("storage_domain", {"name": "elsewhere", "data_center": "elsewhere", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/elsewhere"}})
    estate.made("vm", {"name": "other", "cluster": "elsewhere"})
    made = estate.run("template", {"name": "golden", "vm": "other", "data_center": "elsewhere"})
    assert not made.get("failed") and made["template"]["version_number"] == 1, made.get("msg")
    refused = estate.run("template", {"name": "golden"})
    assert refused["failed"] and first in refused["msg"] and made["id"] in refused["msg"]
    assert estate.run("template", {"name": "golden", "cluster": "stage"})["id"] == first
    assert estate.run("template", {"name": "golden", "data_center": "elsewhere"})["id"] == made["id"]
    # Nor is it taken for one whose answer was lost.
    assert estate.run("template", {"name": "golden", "cluster": "stage", "state": "absent"})["changed"]
    break_once("before", estate)
    lost = estate.run("template", {**FIRST, "cluster": "stage"})
    assert lost["failed"] and "nothing shows that it was done" in lost["msg"]
    # The VM tells the data center, too.
    again = estate.run("template", FIRST)
    assert again["changed"] and again["template"]["cluster"]["name"] == "stage", again.get("msg")
    assert estate.run("template", {"name": "golden", "vm": "other"})["id"] == made["id"]


def test_the_vm_may_be_gone_when_the_task_runs_again(estate: Estate) -> None:
    estate.made("template", FIRST)
    assert estate.run("vm", {"name": "stage", "state": "absent", "remove_disks": True})["changed"]
    again = estate.run("template", {**FIRST, "memory": "2GiB"})
    assert not again.get("failed") and [step["do"] for step in again["steps"]] == ["update"], again.get("msg")
    gone = estate.run("template", SECOND)
    assert gone["failed"] and "vm: There is no VM 'stage'." in gone["msg"]


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("AddVmTemplate", "Failed to create Template golden or its disks from VM stage."),
        ("SealVmTemplate", "Failed to seal Template golden (VM: stage)."),
    ],
)
def test_the_engine_says_why_one_could_not_be_made(tmp_path: Path, command: str, reason: str) -> None:
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps([{"match": {"command": command, "subject": "golden"}, "do": {"message": "no space left on device"}}]), encoding="utf-8")
    estate = Estate(faults=faults)
    for name in (*ESTATE, "vm with a disk"):
        estate.made(*STAGE[name])
    told = estate.run("template", {**FIRST, "seal": True})
    assert told["failed"] and reason in told["msg"] and told["after"] == {}, told["msg"]
    assert versions(estate) == [] and estate.run("vm", {"name": "stage"})["vm"]["status"] == "down"
    assert not estate.run("template", {**FIRST, "seal": True}).get("failed")
    assert versions(estate) == [1]


def bodies(estate: Estate) -> list[dict[str, Any]]:
    """What is sent to make templates."""
    sent: list[dict[str, Any]] = []
    real = estate.engine.handle

    def handle(request: Any) -> Any:
        if request.method == "POST" and request.target.partition("?")[0].endswith("/templates"):
            sent.append({**json.loads(request.body), "query": request.target.partition("?")[2]})
        return real(request)

    estate.engine.handle = handle  # type: ignore[method-assign]
    return sent


def test_only_what_is_said_of_disks_is_sent(estate: Estate) -> None:
    sent = bodies(estate)
    estate.made("template", {**FIRST, "seal": True, "disks": [{"name": "data", "new_name": "golden data", "format": "raw"}]})
    (copy,) = sent[0]["vm"]["disk_attachments"]["disk_attachment"]
    assert copy["disk"]["alias"] == "golden data" and copy["disk"]["format"] == "raw" and copy["disk"]["sparse"] is False
    assert "storage_domains" not in copy["disk"] and "version" not in sent[0] and "seal=true" in sent[0]["query"]
    told = estate.run("template", {**FIRST, "disks": [{"name": "data", "new_name": "golden data", "format": "cow"}]})
    assert not told["changed"] and told["warnings"] == [
        "Disk golden data of template golden is otherwise than format says. Disks are shaped at creation alone."
    ]
    estate.made("template", {**SECOND, "storage_domain": "stage"})
    assert len(sent[1]["vm"]["disk_attachments"]["disk_attachment"]) == 2 and sent[1]["version"]["version_name"] == "second"


def test_permissions_on_the_vm_are_given_on_the_template_where_that_is_asked_for(estate: Estate) -> None:
    client = estate.client()
    vm, user = estate.run("vm", {"name": "stage"})["id"], client.list("users")[0]["id"]
    client.create(f"vms/{vm}/permissions", {"role": {"name": "UserVmManager"}, "user": {"id": user}})

    def roles(template: str) -> set[str]:
        found = client.list(f"templates/{template}/permissions")
        return {one["role"]["id"] for one in found if one.get("template", {}).get("id") == template}

    (manager,) = [one["id"] for one in client.list("roles") if one["name"] == "UserVmManager"]
    assert manager not in roles(estate.made("template", FIRST)["id"])
    assert manager in roles(estate.made("template", {**SECOND, "clone_permissions": True})["id"])
