# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Previews with memory: the VM is suspended, and they end in any way from there."""
from __future__ import annotations

from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE


@pytest.fixture
def estate() -> Estate:
    """A VM that is down, with a snapshot of the time when it ran, its memory included."""
    made = Estate()
    for name in ESTATE:
        made.made(*STAGE[name])
    made.made("vm", {**STAGE["vm with a disk"][1], "disks": [{"name": "stage", "size": "1GiB",
              "storage_domain": "stage", "bootable": True}], "state": "running"})
    made.made("snapshot", {"vm": "stage", "description": "warm", "memory": True})
    made.made("vm", {"name": "stage", "state": "stopped", "force": True})
    return made


def twice(estate: Estate, **options: Any) -> dict[str, Any]:
    """Planned, done as planned, and nothing left to do."""
    task = {"vm": "stage", "description": "warm", **options}
    planned = estate.run("snapshot", task, check=True)
    made = estate.made("snapshot", task)
    assert planned["changed"] and made["changed"] and planned["diff"] == made["diff"], (planned, made)
    assert not estate.made("snapshot", task)["changed"]
    return made


def status(estate: Estate) -> str:
    return str(estate.info("vm", {"name": ["stage"]})["vms"][0]["status"])


@pytest.mark.parametrize(("state", "then"), [("undone", "down"), ("committed", "suspended")])
def test_a_preview_with_memory_ends(estate: Estate, state: str, then: str) -> None:
    twice(estate, state="previewed", restore_memory=True)
    assert status(estate) == "suspended"
    assert twice(estate, state=state)["snapshot"]["status"] == "ok"
    assert status(estate) == then
    estate.made("vm", {"name": "stage", "state": "running"})


def test_committed_in_one_task_with_its_memory(estate: Estate) -> None:
    twice(estate, state="committed", restore_memory=True)
    assert status(estate) == "suspended"


def test_a_vm_that_was_suspended_by_hand_is_not_made_another_one(estate: Estate) -> None:
    estate.made("vm", {"name": "stage", "state": "running"})
    estate.made("vm", {"name": "stage", "state": "suspended"})
    for state in ("previewed", "committed", "restored"):
        refused = estate.run("snapshot", {"vm": "stage", "description": "warm", "state": state})
        said = "VM stage is suspended; it has to be down for that. Bring it to state stopped first, which gives its memory up."
        assert refused["failed"] and said in refused["msg"]
