# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits: by status and job, honest about the end, and cheap."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Optional

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import FakeClock
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import GivenUp, JobFailed, TimedOut, Unreachable
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.jobs import Job
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.settle import Watch, settle
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import GONE, Settle
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.power import STOPPED

READY = Settle(good=frozenset({"ok"}), bad=frozenset({"illegal"}))
Timeline = Callable[[float], Any]


class Engine:
    """An engine of which only the time of day matters: ``object`` and ``job`` are functions of it."""

    def __init__(self, thing: Timeline, job: Timeline = lambda now: "finished") -> None:
        self.clock = FakeClock()
        self.thing, self.job_status = thing, job
        self.looks: list[float] = []

    def get(self, _path: str, *, follow: object, missing: str) -> Optional[dict[str, Any]]:
        assert missing == "none"
        self.looks.append(self.clock.now())
        found = self.thing(self.clock.now())
        if isinstance(found, Exception):
            raise found
        return {"status": found} if isinstance(found, str) else found

    def job(self, _correlation_id: str, _job_id: Optional[str] = None) -> Optional[Job]:
        status = self.job_status(self.clock.now())
        return Job("1", "Creating it", status, 0.0) if status else None

    def why(self, _correlation_id: str, _said: str = "", *, given_up: bool = False) -> Optional[str]:
        return "the disk is full"

    def wait(self, table: Settle = READY, timeout: float = 900, origin: str = "") -> list[str]:
        said: list[str] = []
        watch = Watch("create it", table, self, "c-1", origin=origin)  # type: ignore[arg-type]
        settle(watch, "things/1", self.clock, self.clock.deadline(timeout), said.append)
        return said


def until(moment: float, before: Any, after: Any) -> Timeline:
    return lambda now: before if now < moment else after


@pytest.mark.parametrize("length", [0.1, 1, 5, 30, 120, 600])
def test_the_end_is_noticed_soon_and_with_few_requests(length: float) -> None:
    engine = Engine(until(length, "locked", "ok"))
    engine.wait()
    assert engine.clock.now() - length <= (0.25 if length <= 1 else max(1.0, length * 0.1))
    assert len(engine.looks) <= 5 + length


def test_a_good_status_does_not_count_while_the_job_runs() -> None:
    engine = Engine(until(2, "locked", "ok"), until(10, "started", "finished"))
    engine.wait()
    assert engine.clock.now() >= 10


def test_a_job_that_failed_at_something_beside_what_is_reached_is_no_failure_where_the_status_decides() -> None:
    def stopped() -> Engine:
        return Engine(until(2, "suspended", "down"), until(5, "started", "failed"))

    engine = stopped()
    engine.wait(STOPPED, origin="suspended")
    assert engine.clock.now() >= 5
    with pytest.raises(JobFailed, match="job 'Creating it' failed. The engine says: the disk is full"):
        stopped().wait(replace(STOPPED, decides=False), origin="suspended")


@pytest.mark.parametrize(("answered", "looks"), [("ok", 0), ("locked", 1)])
def test_what_its_own_answer_shows_done_is_not_looked_at(answered: str, looks: int) -> None:
    engine = Engine(lambda now: "ok", lambda now: "failed" if answered == "ok" else "finished")
    watch = Watch("create it", READY, engine, "c-1")  # type: ignore[arg-type]
    settle(watch, "things/1", engine.clock, engine.clock.deadline(900), lambda text: None, seen={"status": answered})
    assert len(engine.looks) == looks


def test_a_job_that_fails_after_a_good_status_is_a_failure() -> None:
    engine = Engine(until(2, "locked", "ok"), until(10, "started", "failed"))
    with pytest.raises(JobFailed) as caught:
        engine.wait()
    assert "the disk is full" in str(caught.value)
    assert engine.clock.now() < 12


def test_a_job_that_fails_while_the_status_stays_is_noticed() -> None:
    engine = Engine(lambda now: "locked", until(5, "started", "failed"))
    with pytest.raises(JobFailed):
        engine.wait()
    assert engine.clock.now() < 15


def test_a_bad_status_fails_at_once_and_one_that_may_pass_after_its_time() -> None:
    engine = Engine(until(3, "locked", "illegal"))
    with pytest.raises(JobFailed) as caught:
        engine.wait()
    assert "it ended illegal" in str(caught.value) and engine.clock.now() < 4
    patient = Settle(good=frozenset({"up"}), bad=frozenset({"non_responsive"}), lasts=60)
    Engine(until(30, "non_responsive", "up")).wait(patient)
    with pytest.raises(JobFailed):
        Engine(lambda now: "non_responsive").wait(patient)


def test_what_vanishes_has_failed_unless_it_is_to_vanish() -> None:
    with pytest.raises(JobFailed) as caught:
        Engine(until(2, "locked", None)).wait()
    assert "not there any more" in str(caught.value)
    Engine(until(2, "locked", None)).wait(GONE)


def test_a_further_condition_holds_the_end_back() -> None:
    table = Settle(good=frozenset({"ok"}), until=lambda wire: wire.get("where") == "b")
    engine = Engine(until(8, {"status": "ok", "where": "a"}, {"status": "ok", "where": "b"}))
    engine.wait(table)
    assert engine.clock.now() >= 8


def test_an_engine_that_is_away_is_waited_for() -> None:
    engine = Engine(lambda now: "locked" if now < 2 else Unreachable("refused") if now < 20 else "ok")
    engine.wait()
    assert engine.clock.now() >= 20


@pytest.mark.parametrize("job", ["finished", "failed", "aborted", None])
def test_what_the_engine_gives_up_ends_at_once_with_its_reason(job: Optional[str]) -> None:
    engine = Engine(until(20, "preparing", "active"), until(20, "started", job))
    with pytest.raises(JobFailed) as caught:
        engine.wait(Settle(good=frozenset({"maintenance"})), origin="active")
    assert "the disk is full" in str(caught.value) and engine.clock.now() < 40, str(caught.value)
    assert isinstance(caught.value, GivenUp) == (job in ("finished", None))


@pytest.mark.parametrize("job", ["started", "finished"])
def test_what_takes_its_time_is_not_given_up(job: str) -> None:
    """The status stays for a while before the work begins, or changes while the job is over."""
    still = Engine(until(100, "active", "maintenance") if job == "started" else until(100, "preparing", "maintenance"), until(99, job, "finished"))
    still.wait(Settle(good=frozenset({"maintenance"})), origin="active")
    assert still.clock.now() >= 100


@pytest.mark.parametrize(("job", "goes_on"), [("started", True), ("finished", False), (None, False)])
def test_time_that_is_over_tells_the_status_and_whether_the_engine_goes_on(job: Optional[str], goes_on: bool) -> None:
    engine = Engine(lambda now: "locked", lambda now: job)
    with pytest.raises(TimedOut) as caught:
        engine.wait(timeout=10)
    assert "within 10 s: it is locked" in str(caught.value)
    assert ("The engine goes on with it." in str(caught.value)) == goes_on
    assert engine.clock.now() == pytest.approx(10)


def test_progress_is_said_once_for_each_status() -> None:
    engine = Engine(lambda now: "locked" if now < 5 else "copying" if now < 9 else "ok")
    assert engine.wait() == ["create it: locked", "create it: copying"]


def test_what_the_answer_shows_saves_a_look_where_it_is_over() -> None:
    for seen, looks in (({"status": "ok"}, 0), ({"status": "locked"}, 1), ({"status": "illegal"}, 1), ({}, 1)):
        engine = Engine(lambda now: "ok")
        watch = Watch("create it", READY, engine, "c-1")  # type: ignore[arg-type]
        settle(watch, "things/1", engine.clock, engine.clock.deadline(9), lambda text: None, seen=seen)
        assert len(engine.looks) == looks
