# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage domains in data centers whose level has an older format than the newest."""
from __future__ import annotations

from typing import Any

import pytest
from in_process import Estate
from samples import STAGE


def nfs(name: str) -> dict[str, Any]:
    return {"name": name, "storage": {"type": "nfs", "address": "192.0.2.20", "path": f"/{name}"}}


@pytest.fixture
def estate() -> Estate:
    made = Estate()
    made.made("data_center", {"name": "old", "compatibility_version": "4.2"})
    made.made("cluster", {"name": "old", "data_center": "old", "cpu_type": "Intel Haswell Family", "compatibility_version": "4.2"})
    made.made("host", {**STAGE["host"][1], "cluster": "old"})
    return made


def test_without_a_format_that_of_the_data_center_is_taken(estate: Estate) -> None:
    for name in ("first", "second"):
        assert estate.made("storage_domain", {**nfs(name), "data_center": "old"})["after"]["storage_format"] == "v4"
        assert not estate.made("storage_domain", {**nfs(name), "data_center": "old"})["changed"]


def test_a_newer_one_is_refused_before_anything_is_made(estate: Estate) -> None:
    refused = estate.run("storage_domain", {**nfs("first"), "data_center": "old", "storage_format": "v5"}, check=True)
    assert "storage domain first has the format v5, and data center old takes v4 at most. Leave storage_format out, or make it v4." in refused["msg"]


def test_what_an_earlier_run_left_is_told_with_what_to_do(estate: Estate) -> None:
    assert estate.made("storage_domain", nfs("left"))["after"]["storage_format"] == "v5"
    estate.line.writes.clear()
    refused = estate.run("storage_domain", {**nfs("left"), "data_center": "old"})
    assert "storage domain left has the format v5, and data center old takes v4 at most. Remove it with state: absent and format: true" in refused["msg"]
    assert estate.line.writes == []
    estate.made("storage_domain", {"name": "left", "state": "absent", "format": True})
    estate.made("storage_domain", {**nfs("left"), "data_center": "old"})


def test_the_data_center_of_one_that_is_detached_is_no_promise(estate: Estate) -> None:
    for name in ("first", "second"):
        estate.made("storage_domain", {**nfs(name), "data_center": "old"})
    task = {"name": "second", "data_center": "old", "state": "unattached"}
    planned = estate.run("storage_domain", task, check=True)
    made = estate.made("storage_domain", task)
    assert planned["after"]["data_center"] is None and planned["diff"] == made["diff"] and made["warnings"] == []
    assert not estate.made("storage_domain", task)["changed"]
