# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which snapshots a rotation keeps, as days pass at the engine: by its clock, whatever the time and the time zone of the machine that runs the module."""
from __future__ import annotations

import time
from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

DAY = 86400.0


@pytest.fixture
def estate() -> Estate:
    """A VM with a snapshot of each of ten days, nightly 1 the oldest, and one by hand of the first day; an hour has gone by since the last."""
    made = Estate()
    for name in (*ESTATE, "vm"):
        made.made(*STAGE[name])
    made.made("snapshot", {"vm": "stage", "description": "by hand"})
    for day in range(1, 11):
        made.made("snapshot", {"vm": "stage", "description": f"nightly {day}"})
        made.clock.advance(3600 if day == 10 else DAY)
    return made


def rotate(estate: Estate, check: bool = False, **options: Any) -> list[str]:
    result = estate.operate("snapshot_group", {"vms": ["stage"], "pattern": "nightly *", **options}, check=check)
    assert not result.get("failed"), result["msg"]
    return [one["description"] for one in result["removed"]]


def left(estate: Estate) -> list[str]:
    found = [one for one in estate.info("snapshot", {"vm": "stage"})["snapshots"] if one["type"] == "regular"]
    return [one["description"] for one in sorted(found, key=lambda one: one["date"])]


def nightly(*days: int) -> list[str]:
    return [f"nightly {day}" for day in days]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Asia/Kolkata"])
def test_ages_are_the_same_everywhere(estate: Estate, zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert rotate(estate, check=True, max_age="3d") == nightly(1, 2, 3, 4, 5, 6, 7)
        # The eighth is two days and an hour old.
        assert rotate(estate, check=True, max_age="49h") == nightly(1, 2, 3, 4, 5, 6, 7, 8)
        assert rotate(estate, check=True, max_age="50h") == nightly(1, 2, 3, 4, 5, 6, 7)
        assert rotate(estate, check=True, max_age="1w") == nightly(1, 2, 3)
        shown = estate.operate("snapshot_group", {"vms": ["stage"], "pattern": "nightly *", "max_age": "1w"}, check=True)["removed"]
        assert all(time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(one["date"] / 1000)) == one["taken"] for one in shown)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_clock_of_this_machine_does_not_count(estate: Estate) -> None:
    estate.clock.time = lambda: 0.0  # type: ignore[method-assign]
    assert rotate(estate, check=True, max_age="3d") == nightly(1, 2, 3, 4, 5, 6, 7)


def test_what_either_keeps_stays_and_check_mode_says_what_goes(estate: Estate) -> None:
    options: dict[str, Any] = {"keep_last": 4, "max_age": "50h"}
    foretold = rotate(estate, check=True, **options)
    assert foretold == nightly(1, 2, 3, 4, 5, 6) and len(left(estate)) == 11
    assert rotate(estate, **options) == foretold
    assert left(estate) == ["by hand", *nightly(7, 8, 9, 10)]
    assert rotate(estate, **options) == []


def test_the_one_that_is_taken_counts(estate: Estate) -> None:
    assert rotate(estate, description="nightly 11", keep_last=3) == nightly(1, 2, 3, 4, 5, 6, 7, 8)
    assert left(estate) == ["by hand", *nightly(9, 10, 11)]


def test_nothing_goes_where_the_new_one_could_not_be_taken(estate: Estate, tmp_path: Any) -> None:
    result = estate.operate("snapshot_group", {"vms": ["stage"], "pattern": "nightly *", "description": "nightly 11", "keep_last": 1, "timeout": 0})
    assert result["failed"], result
    assert left(estate)[:11] == ["by hand", *nightly(*range(1, 11))]


def test_what_the_engine_makes_for_a_live_move_is_not_owned(estate: Estate) -> None:
    estate.made("snapshot", {"vm": "stage", "description": "disk Auto-generated for Live Storage Migration"})
    assert rotate(estate, check=True, pattern="*", keep_last=1) == ["by hand", *nightly(*range(1, 10))]
