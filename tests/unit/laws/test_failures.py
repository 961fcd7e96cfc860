# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user gets to know when the engine, its hosts or the line to it fail."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible_collections.virtops.ovirt.extensions.engine.http import Response
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import state_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate as Known
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import Goal
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome, reconcile
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE
from in_process import PASSWORD, Estate
from samples import ESTATE, STAGE

DISK = {"name": "data", "size": "1GiB", "storage_domain": "stage"}


def staged(*further: str, faults: Path | None = None) -> Estate:
    estate = Estate(faults=faults)
    for name in (*ESTATE, *further):
        estate.made(*STAGE[name])
    estate.line.writes.clear()
    return estate


def faulty(path: Path, *rules: dict[str, Any]) -> None:
    path.write_text(json.dumps(rules), encoding="utf-8")


def test_a_refusal_without_a_text_gets_that_of_the_events(tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    faulty(faults)
    estate = staged(faults=faults)
    faulty(faults, {"match": {"command": "AddDisk", "subject": "data"}, "do": {"message": "no space left on device"}})
    failed = estate.run("disk", DISK)
    assert failed["failed"] and "Add-Disk operation failed to complete" in failed["msg"], failed["msg"]
    assert estate.info("disk", {"name": "data"})["disks"] == []
    made = estate.run("disk", DISK)
    assert made["changed"] and not made.get("failed")


def test_a_wait_that_is_not_wanted_returns_what_to_look_for() -> None:
    estate = staged()
    made = estate.run("disk", {**DISK, "wait": False})
    assert made["changed"] and made["after"]["status"] == "locked"
    assert made["correlation_id"] and made["steps"][-1]["settled"] is False
    assert [job.status for job in estate.client().jobs(made["correlation_id"])] == ["started"]


def test_a_time_that_is_over_says_how_far_it_came() -> None:
    estate = staged()
    late = estate.run("disk", {**DISK, "timeout": 1})
    assert late["failed"] and late["error"] == "TimedOut" and "within 1 s" in late["msg"]
    assert late["changed"] and late["steps"][0]["says"] == "create disk data"
    again = estate.run("disk", DISK)
    assert not again.get("failed") and not again["changed"]


def test_a_busy_object_is_waited_for() -> None:
    estate = staged()
    estate.made("disk", {**DISK, "wait": False})
    changed = estate.run("disk", {"name": "data", "description": "later"})
    assert changed["changed"] and not changed.get("failed"), changed
    assert changed["after"]["description"] == "later"


def test_a_refusal_that_stays_fails_at_once_with_the_words_of_the_engine() -> None:
    estate = staged()
    begun = estate.clock.now()
    failed = estate.run("data_center", {"name": "x" * 41})
    assert failed["failed"] and "size must be between 1 and 40" in failed["msg"]
    assert not failed["changed"] and estate.clock.now() == begun


def test_a_failed_task_shows_what_is_there_not_what_was_foreseen(tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    faulty(faults)
    estate = staged(faults=faults)
    failed = estate.run("vm", {"name": "not a name!", "cluster": "stage"})
    assert failed["failed"] and not failed["changed"] and failed["after"] == {} and failed["diff"] == {"before": {}, "after": {}}, failed
    estate.made("vm", {"name": "web", "cluster": "stage"})
    faulty(faults, {"match": {"command": "AddDisk", "subject": "data"}, "do": {"message": "no space left on device"}})
    half = estate.run("vm", {"name": "web", "memory": "2GiB", "disks": [DISK]})
    assert half["failed"] and half["changed"], half
    assert half["after"]["memory"] == 2 * 1024**3 and half["after"]["disks"] == []
    assert half["diff"]["after"] == {"memory": 2 * 1024**3} and list(half["diff"]["before"]) == ["memory"]


@pytest.mark.parametrize("last", [True, False])
def test_a_deactivation_that_the_engine_gives_up_ends_with_its_reason(tmp_path: Path, last: bool) -> None:
    """For uncleared tasks it is asked for again; nothing else passes by itself."""
    faults = tmp_path / "faults.json"
    faulty(faults)
    estate = staged(faults=faults)
    if not last:
        estate.made("storage_domain", {"name": "more", "data_center": "stage", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/more"}})
    faulty(faults, {"match": {"command": "DeactivateStorageDomain", "subject": "stage"}, "do": {"message": "of the host"}})
    begun = estate.clock.now()
    done = estate.run("storage_domain", {"name": "stage", "state": "maintenance"})
    asked = sum(path.endswith("/deactivate") for _method, path in estate.line.writes)
    if last:
        assert not done.get("failed") and done["after"]["status"] == "maintenance" and asked == 2, done.get("msg")
        return
    assert done["failed"] and "Failed to deactivate Storage Domain stage" in done["msg"] and "of the host" in done["msg"], done["msg"]
    assert "goes on with it" not in done["msg"] and asked == 1 and estate.clock.now() - begun < 120


def test_what_somebody_else_has_done_meanwhile_is_not_done_again() -> None:
    estate, other = staged("network"), []
    wanted = {"name": "web", "cluster": "stage", "nics": [{"name": "nic1"}]}

    def meanwhile(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/nics") and not other:
            other.append(path)
            estate.made("nic", {"vm": "web", "name": "nic1"})

    estate.line.before = meanwhile
    made = estate.run("vm", wanted)
    assert other and made["changed"] and not made.get("failed"), made.get("msg")
    assert [nic["name"] for nic in made["after"]["nics"]] == ["nic1"]
    assert not estate.run("vm", wanted)["changed"]
    # What is refused for a reason that stays is an error all the same.
    taken = estate.run("nic", {"vm": "web", "name": "nic2", "mac": made["after"]["nics"][0]["mac"]})
    assert taken["failed"] and not taken["changed"], taken


@pytest.mark.parametrize(("kind", "options"), [("snapshot", {"vm": "web", "description": "law"}), ("disk", DISK), ("nic", {"vm": "web", "name": "nic1"})])
def test_what_was_refused_as_busy_is_looked_for_before_it_is_sent_again(kind: str, options: dict[str, Any]) -> None:
    estate, refused = staged("network"), []
    estate.made("vm", {"name": "web", "cluster": "stage"})
    busy = {"reason": "Operation Failed", "detail": "[Cannot create it. VM is locked. Please try again in a few minutes.]"}

    def instead(method: str, path: str) -> Response | None:
        if method != "POST" or "/sso" in path or refused:
            return None
        refused.append(path)
        # Somebody else comes first.
        estate.made(kind, options)
        return Response(409, {"Content-Type": "application/json"}, json.dumps(busy).encode())

    estate.line.instead = instead
    done = estate.run(kind, options)
    assert refused and not done.get("failed") and not done["changed"], done
    again = estate.run(kind, options)
    assert not again.get("failed") and not again["changed"], again.get("msg")


@pytest.mark.parametrize("group", [True, False])
def test_a_part_whose_answer_was_lost_is_found_by_the_plan(group: bool) -> None:
    estate, lost = staged(), []
    estate.made("vm", {"name": "web", "cluster": "stage"})
    wanted = ("quota", {"data_center": "stage", "name": "q", "cluster_limit": {"vcpus": 4}}
              ) if group else ("vm", {"name": "web", "watchdog": {"model": "i6300esb"}})

    def lose(method: str, path: str) -> None:
        if method == "POST" and path.endswith(("limits", "watchdogs")) and not lost:
            lost.append(path)
            raise requests.exceptions.ConnectionError("the line broke")

    estate.line.after = lose
    done = estate.run(*wanted)
    assert lost and done["changed"] and not done.get("failed"), done.get("msg")
    assert sum(path == lost[0] for _method, path in estate.line.writes) == 1
    assert not estate.run(*wanted)["changed"]


def test_a_line_that_breaks_before_the_request_leaves_is_no_matter() -> None:
    estate = staged()
    broken: list[str] = []

    def breaks(method: str, path: str) -> None:
        if method == "GET" and not broken:
            broken.append(path)
            raise requests.exceptions.ConnectTimeout("no route")

    estate.line.before = breaks
    made = estate.run("disk", DISK)
    assert broken and made["changed"] and not made.get("failed")


def test_secrets_are_masked_and_in_no_result() -> None:
    estate = staged()
    result = estate.run("host", {**STAGE["host"][1], "name": "other", "address": "192.0.2.11"})
    assert "secret-of-root" not in json.dumps(result) and PASSWORD not in json.dumps(result)
    assert state_spec(CATALOGUE["host"])["root_password"]["no_log"] is True


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_every_secret_of_a_spec_is_marked(kind: str) -> None:
    def unmarked(spec: dict[str, Any], place: str) -> list[str]:
        found = []
        for name, entry in spec.items():
            if any(word in name for word in ("password", "secret", "passphrase")) and entry["type"] == "str" and not entry.get("no_log"):
                found.append(f"{place}.{name}")
            found += unmarked(entry.get("options", {}), f"{place}.{name}")
        return found

    assert unmarked(state_spec(CATALOGUE[kind]), kind) == []


def test_a_defect_of_the_collection_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    estate = staged()

    def broken(*_arguments: Any, **_options: Any) -> None:
        raise KeyError("members")

    monkeypatch.setattr("ansible_collections.virtops.ovirt.plugins.module_utils._module.run.reconcile", broken)
    failed = estate.run("disk", DISK)
    assert failed["failed"] and "please report it: KeyError" in failed["msg"] and "\n" not in failed["msg"]


@pytest.mark.parametrize(
    ("operation", "options", "path"),
    [
        ("event", {"origin": "law", "custom_id": 7, "description": "d"}, "/events"),
        ("permission", {"cluster": "stage", "user": "law", "authz_name": "internal-authz", "role": "UserRole"}, "/users"),
        ("permission", {"cluster": "stage", "user": "law", "authz_name": "internal-authz", "role": "UserRole"}, "/permissions"),
    ],
)
def test_what_an_operation_made_is_found_after_a_lost_answer(operation: str, options: dict[str, Any], path: str) -> None:
    estate, lost = staged(), []

    def lose(method: str, where: str) -> None:
        if method == "POST" and where.endswith(path) and not lost:
            lost.append(where)
            raise requests.exceptions.ConnectionError("the line broke")

    estate.line.after = lose
    done = estate.operate(operation, options)
    assert lost and done["changed"] and not done.get("failed"), done.get("msg")
    assert sum(where == lost[0] for _method, where in estate.line.writes) == 1
    assert not estate.operate(operation, options)["changed"]


@pytest.mark.parametrize(("kind", "made", "change"), [
    ("role", {"name": "law", "permits": ["login", "create_vm"]}, {"name": "law", "permits": ["login"]}),
    ("vm", {"name": "web", "cluster": "stage", "affinity_labels": ["stage"]}, {"name": "web", "affinity_labels": []}),
    ("vm", {"name": "web", "cluster": "stage", "disks": [DISK]}, {"name": "web", "disks": [], "purge_disks": True}),
])
def test_a_removal_that_is_sent_again_and_refused_has_been_done(kind: str, made: dict[str, Any], change: dict[str, Any]) -> None:
    estate, lost = staged("affinity label"), []
    estate.made(kind, made)

    def lose(method: str, where: str) -> None:
        if method == "DELETE" and not lost:
            lost.append(where)
            raise requests.exceptions.ConnectionError("the line broke")

    estate.line.after = lose
    done = estate.run(kind, change)
    assert lost and not done.get("failed"), done.get("msg")
    assert not estate.run(kind, change)["changed"]


def test_what_was_loaded_in_bulk_stays_whole_when_somebody_else_comes_first() -> None:
    """Entries of a blueprint plan by what was loaded, side by side: links that were read along must not get lost for the others."""
    estate, other = staged("network"), []
    made = estate.made("vm", {"name": "b", "cluster": "stage", "nics": [{"name": "nic1"}]})

    def meanwhile(method: str, path: str) -> None:
        if method == "POST" and path.endswith("/vms") and not other:
            other.append(path)
            estate.made("vm", {"name": "a", "cluster": "stage"})

    estate.line.before = meanwhile
    client = estate.client()
    known = Known(client)
    known.load("vms", follow=CATALOGUE["vm"].links())
    goal, deadline = Goal.from_options(CATALOGUE["vm"], {"name": "a", "cluster": "stage", "description": "d"}), client.clock.deadline(900)
    outcome = Outcome()
    reconcile(goal, outcome, known, client, deadline)
    assert other and outcome.after is not None and outcome.after["description"] == "d"
    wire = known.known("vms", made["id"])
    assert wire is not None and [nic["name"] for nic in wire["nics"]["nic"]] == ["nic1"]
