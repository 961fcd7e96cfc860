# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deadlines, back-off and the pace of polling."""
from __future__ import annotations

import random

import pytest

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Clock, FakeClock, backoff, polling_delay


def test_a_deadline_comes_when_its_time_is_over() -> None:
    clock = FakeClock()
    deadline = clock.deadline(10)
    clock.sleep(4)
    assert (deadline.left, deadline.passed) == (6, False)
    clock.sleep(7)
    assert (deadline.left, deadline.passed) == (0, True)


def test_no_limit_is_a_deadline_that_never_comes() -> None:
    clock = FakeClock()
    deadline = clock.deadline(None)
    clock.sleep(1e9)
    assert not deadline.passed


def test_a_real_clock_goes_on() -> None:
    clock = Clock()
    before = clock.now(), clock.time()
    clock.sleep(0.02)
    assert clock.now() - before[0] >= 0.02
    assert clock.time() > before[1]
    clock.sleep(-1)


def test_backoff_doubles_up_to_its_cap_and_differs_between_clients() -> None:
    assert [backoff(attempt, first=1, cap=5, jitter=0) for attempt in range(5)] == [1, 2, 4, 5, 5]
    delays = {backoff(3, rng=random.Random(seed)) for seed in range(20)}
    assert len(delays) == 20
    assert all(1.2 <= delay <= 2.4 for delay in delays)
    assert backoff(10_000) <= 5


@pytest.mark.parametrize("length", [0.5, 2, 7, 30, 29.9, 600])
def test_polling_is_at_most_a_tenth_late_with_a_request_a_second(length: float) -> None:
    now, polls = 0.0, 0
    while now < length:
        now += polling_delay(now)
        polls += 1
    assert now - length <= (0.25 if length <= 1 else max(1.0, length * 0.1))
    assert polls <= 4 + length
