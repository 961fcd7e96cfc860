# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run in check mode as a whole: what a task would make is there for the later ones, for every kind, and nothing is written."""
from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE
from in_process import Estate
from samples import SAMPLES, STAGE
from test_laws import KINDS, reference

SECRETS = ("secret-of-root", "secret-of-guest", "secret-of-windows")


def empty(run_directory: Path) -> Estate:
    estate = Estate()
    estate.run_directory = str(run_directory)
    return estate


def planned(estate: Estate, kind: str, options: dict[str, Any]) -> dict[str, Any]:
    result = estate.run(kind, options, check=True)
    assert not result.get("failed"), f"{kind} {options}: {result['msg']} {result.get('exception', '')}"
    assert "ffffffff-" not in repr(result)
    return result


def _kept(options: dict[str, Any]) -> dict[str, Any]:
    """Without what may be a secret, which no task tells another."""
    return {name: {inner: one for inner, one in value.items() if inner != "custom_script"} if name == "initialization" else value
            for name, value in options.items()}


def staged(kind: str, run_directory: Path) -> Estate:
    estate = empty(run_directory)
    for name in SAMPLES[kind].stands_on:
        assert planned(estate, *STAGE[name])["changed"]
    return estate


@pytest.mark.parametrize("kind", KINDS)
def test_on_nothing(kind: str, tmp_path: Path) -> None:
    """Made, there, changed, and gone again, all of it only planned."""
    estate, sample = staged(kind, tmp_path), SAMPLES[kind]
    assert planned(estate, kind, sample.options)["changed"]
    assert not planned(estate, kind, sample.options)["changed"], "what was foretold is not found again"
    for options in sample.changes:
        change = {**reference(kind), **_kept(options)}
        # What the engine chooses by itself is not known, and may be what is wanted here.
        planned(estate, kind, change)
        assert not planned(estate, kind, change)["changed"], options
    if kind not in ("host", "vm_pool"):
        gone = {**reference(kind), "state": "absent", **({"remove_disks": True} if kind == "vm" else {})}
        assert planned(estate, kind, gone)["changed"]
        assert not planned(estate, kind, gone)["changed"]
    assert estate.line.writes == []


def test_what_is_left_behind_is_private(tmp_path: Path) -> None:
    estate = staged("vm", tmp_path)
    initialization = next(options for options in SAMPLES["vm"].changes if "root_password" in options.get("initialization", {}))
    planned(estate, "vm", {**SAMPLES["vm"].options, **initialization})
    (left,) = tmp_path.iterdir()
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    assert not [secret for secret in SECRETS if secret in left.read_text(encoding="utf-8")]


def test_a_name_that_no_task_has_announced_stays_an_error(tmp_path: Path) -> None:
    estate = staged("disk", tmp_path)
    refused = estate.run("disk", {"name": "d", "size": "1GiB", "storage_domain": "stahe"}, check=True)
    assert refused["failed"] and "There is no storage domain 'stahe'" in refused["msg"]


def test_the_diff_says_what_is_not_there_yet(tmp_path: Path) -> None:
    estate = staged("disk", tmp_path)
    told = planned(estate, "disk", SAMPLES["disk"].options)
    assert told["diff"]["after_header"] == "not there yet: storage domain stage"
    assert told["id"] is None and told["after"]["storage_domain"] == {"id": None, "name": "stage"}


def test_info_tells_only_what_is_there(tmp_path: Path) -> None:
    estate = staged("nic", tmp_path)
    assert estate.info("vm", {"name": ["stage"]}, check=True)["vms"] == []
    assert estate.info("nic", {"vm": "stage"}, check=True)["nics"] == []
    assert "There is no VM 'stahe'" in estate.info("nic", {"vm": "stahe"}, check=True)["msg"]


def test_outside_of_such_a_run_nothing_is_foreseen(tmp_path: Path) -> None:
    estate = staged("disk", tmp_path)
    estate.run_directory = ""
    assert "There is no storage domain 'stage'" in estate.run("disk", SAMPLES["disk"].options, check=True)["msg"]


def test_every_kind_is_tried() -> None:
    assert set(KINDS) == set(CATALOGUE)


def test_a_blueprint_knows_former_tasks_and_tells_later_ones(tmp_path: Path) -> None:
    estate = empty(tmp_path)
    for name in ("data center", "cluster", "host"):
        planned(estate, *STAGE[name])
    disk = {"name": "s", "size": "1GiB", "storage_domain": "stage"}
    document = {"storage_domain": [STAGE["storage"][1]], "vm": [{"name": f"vm{number}", "cluster": "stage", "disks": [disk]} for number in range(3)]}
    told = estate.blueprint({"document": document}, check=True)
    assert not told.get("failed") and [one["action"] for one in told["plan"]] == ["create"] * 4, told.get("msg")
    assert "not there yet: " in told["diff"]["after_header"]
    again = estate.blueprint({"document": document}, check=True)
    assert not again.get("failed") and not again["changed"], again.get("msg", again.get("plan"))
    taken = estate.operate("snapshot_group", {"vms": ["vm0", "vm2"], "description": "first"}, check=True)
    assert taken["changed"] and not taken.get("failed"), taken.get("msg")
    assert estate.line.writes == [] and "ffffffff-" not in repr([told, taken])
