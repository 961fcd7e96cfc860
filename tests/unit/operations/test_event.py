# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading the log: how much is asked for, and that a job which goes on where it stopped sees each event once."""
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import View
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.event import SLACK, report
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate

Wire = dict[str, Any]


class Log:
    """An engine with nothing but a log: (index, time) each, all of them of one severity."""

    def __init__(self, events: list[tuple[int, int]]) -> None:
        self.events = [{"id": str(index), "index": str(index), "time": str(time), "severity": "error", "code": "1"} for index, time in events]
        self.asked: list[dict[str, Any]] = []

    def list(self, path: str, *, search: str | None = None, params: dict[str, Any] | None = None) -> list[Wire]:
        assert path == "events"
        params = params or {}
        self.asked.append({"search": search, **params})
        found = [one for one in self.events if int(one["index"]) > params.get("from", 0)]
        by_time = search is not None and search.endswith("sortby time asc")
        found.sort(key=(lambda one: int(one["time"])) if by_time else lambda one: -int(one["index"]))
        return found[: params["max"]]

    def read(self, **options: Any) -> dict[str, Any]:
        client: Any = self
        return report(View(options, "", Estate(client), client)).shows


def test_a_log_of_100000_is_read_by_two_requests_for_few() -> None:
    log = Log([(index, index) for index in range(1, 100_001)])
    shown = log.read(limit=10)
    assert [one["id"] for one in shown["events"]] == list(range(99_991, 100_001))
    assert (shown["last"], shown["more"]) == (100_000, True)
    assert [one["max"] for one in log.asked] == [1, 11]


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_each_event_is_seen_once_by_who_goes_on(limit: int) -> None:
    """Indices are drawn before the time is taken, so that neighbours may stand the other way round."""
    log = Log([(index, 1000 * (index // 10) - index % 10) for index in range(1, 101)])
    seen, after = [], 0
    for _turn in range(200):
        shown = log.read(limit=limit, after=after)
        seen += [one["id"] for one in shown["events"]]
        after = shown["last"]
        if not shown["more"]:
            break
    assert sorted(seen) == list(range(1, 101)) and len(seen) == 100
    assert max(one["max"] for one in log.asked) <= limit + SLACK + 1


def test_a_search_that_finds_nothing_goes_on_from_the_end_of_the_log() -> None:
    log = Log([(1, 1), (2, 2)])
    assert log.read(limit=5, after=2) == {"events": [], "last": 2, "more": False}
    # A log that has begun anew is read from where it is.
    assert log.read(limit=5, after=70)["last"] == 2


def test_a_time_bounds_what_is_newest() -> None:
    log = Log([(index, 1000 * index) for index in range(1, 10)])
    shown = log.read(limit=5, since="1970-01-01T00:00:08Z")
    assert [one["time"] for one in shown["events"]] == ["1970-01-01T00:00:08Z", "1970-01-01T00:00:09Z"]
    assert not shown["more"] and shown["last"] == 9
    assert log.read(limit=5, since="1970-01-01T01:00:08+01:00") == shown
    assert log.read(limit=5, since="1970-01-01T00:00:01Z")["more"]
