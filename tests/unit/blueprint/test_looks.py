# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits of many, folded into few lists: never older than the question, never about something else."""
from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Optional

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Clock
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Unreachable
from ansible_collections.virtops.ovirt.plugins.module_utils._blueprint.looks import SharedLooks
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.jobs import Job

IDS = [f"00000000-0000-0000-0000-{number:012}" for number in range(40)]


class Engine:
    """Answers lists and single objects, and counts both."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.counts: Counter[str] = Counter()
        self.status = dict.fromkeys(IDS, "locked")
        self.jobs = {f"c-{number}": "finished" for number in range(40)}
        self.fails = False
        self._lock = threading.Lock()

    def _count(self, what: str) -> None:
        with self._lock:
            self.counts[what] += 1
        if self.fails:
            raise Unreachable("away")

    def get(self, path: str, **_query: Any) -> Optional[dict[str, Any]]:
        self._count("get")
        identifier = path.rpartition("/")[2]
        return {"id": identifier, "status": self.status[identifier]} if identifier in self.status else None

    def list(self, path: str, *, search: str = "") -> list[dict[str, Any]]:
        self._count(path)
        if path == "jobs":
            asked = [term.partition("=")[2] for term in search.split(" or ")]
            return [{"id": f"job of {one}", "status": self.jobs[one]} for one in asked if one in self.jobs]
        return [{"id": identifier, "status": status} for identifier, status in self.status.items()]

    def job(self, correlation_id: str, job_id: Optional[str] = None) -> Optional[Job]:
        self._count("job")
        return Job("1", "", self.jobs[correlation_id]) if correlation_id in self.jobs else None


def at_once(work: Any, items: list[Any]) -> list[Any]:
    with ThreadPoolExecutor(max_workers=len(items)) as pool:
        return list(pool.map(work, items))


def test_many_looks_become_few_lists() -> None:
    engine = Engine()
    looks = SharedLooks(engine)  # type: ignore[arg-type]
    found = at_once(lambda identifier: looks.get(f"vms/{identifier}", missing="none"), IDS)
    assert [one["id"] for one in found] == IDS
    assert engine.counts["vms"] <= 2 and engine.counts["get"] <= 3


def test_a_few_are_looked_at_singly() -> None:
    engine = Engine()
    looks = SharedLooks(engine)  # type: ignore[arg-type]
    at_once(lambda identifier: looks.get(f"vms/{identifier}", missing="none"), IDS[:3])
    assert engine.counts == {"get": 3}


def test_a_list_is_never_older_than_the_question() -> None:
    engine = Engine()
    looks = SharedLooks(engine)  # type: ignore[arg-type]
    for status in ("locked", "ok", "up"):
        engine.status = dict.fromkeys(IDS, status)
        assert {one["status"] for one in at_once(lambda identifier: looks.get(f"vms/{identifier}", missing="none"), IDS)} == {status}


def test_what_a_list_does_not_show_is_asked_for_itself() -> None:
    engine = Engine()
    gone = engine.status.popitem()[0]
    looks = SharedLooks(engine)  # type: ignore[arg-type]
    found = at_once(lambda identifier: looks.get(f"vms/{identifier}", missing="none"), IDS)
    assert [identifier for identifier, one in zip(IDS, found) if one is None] == [gone]


def test_jobs_that_all_went_well_are_one_search_and_others_are_told_apart() -> None:
    engine = Engine()
    looks = SharedLooks(engine)  # type: ignore[arg-type]
    changes = list(engine.jobs)
    assert all(job.ended and not job.failed for job in at_once(looks.job, changes))
    assert engine.counts["jobs"] <= 4 and engine.counts["job"] <= 3
    engine.jobs["c-7"] = "failed"
    assert [change for change, job in zip(changes, at_once(looks.job, changes)) if job.failed] == ["c-7"]


def test_a_failure_of_the_list_reaches_all_who_wait_and_the_next_round_is_a_new_one() -> None:
    engine = Engine()
    looks = SharedLooks(engine)  # type: ignore[arg-type]
    engine.fails = True

    def look(identifier: str) -> Any:
        try:
            return looks.get(f"vms/{identifier}", missing="none")
        except Unreachable:
            return "away"

    assert set(at_once(look, IDS)) == {"away"}
    engine.fails = False
    begun = time.monotonic()
    assert all(one["status"] == "locked" for one in at_once(look, IDS))
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize("path", ["vms", "vms/nothing", f"vms/{IDS[0]}/nics"])
def test_other_reads_go_through(path: str) -> None:
    engine = Engine()
    engine.status["nothing"] = engine.status["nics"] = engine.status["vms"] = "ok"
    assert SharedLooks(engine).get(path, missing="none")  # type: ignore[arg-type]
    assert engine.counts == {"get": 1}
