# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Time, as the one thing that may sleep."""

from __future__ import annotations

import random
import time
from typing import Optional


class Deadline:
    """A moment on a clock; ``seconds=None`` never comes."""

    def __init__(self, clock: Clock, seconds: Optional[float]) -> None:
        self._clock = clock
        self._at = None if seconds is None else clock.now() + seconds
        self.seconds = seconds

    @property
    def left(self) -> float:
        """Seconds until then, never below 0, infinite when it never comes."""
        return float("inf") if self._at is None else max(0.0, self._at - self._clock.now())

    @property
    def passed(self) -> bool:
        return self.left <= 0.0


class Clock:
    """The time of this machine."""

    def now(self) -> float:
        """Seconds on a clock that never jumps; only differences mean anything."""
        return time.monotonic()

    def time(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        if seconds > 0:
            time.sleep(seconds)

    def deadline(self, seconds: Optional[float]) -> Deadline:
        return Deadline(self, seconds)


class FakeClock(Clock):
    """A clock that stands still but for its sleeps; ``sleeps`` keeps them."""

    def __init__(self, epoch: float = 1_700_000_000.0) -> None:
        self._epoch = epoch
        self._now = 0.0
        self.sleeps: list[float] = []

    def now(self) -> float:
        return self._now

    def time(self) -> float:
        return self._epoch + self._now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self._now += max(0.0, seconds)


def utc(seconds: float) -> str:
    """A moment since the epoch for people, wherever they and this machine are: ``2026-03-01T04:00:00Z``."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def backoff(attempt: int, first: float = 0.3, cap: float = 5.0, jitter: float = 0.5, rng: Optional[random.Random] = None) -> float:
    """Seconds to wait before trying a failed request again.

    :param attempt: 0 after the first failure, 1 after the second, ...
    :param jitter: the share of the delay that is random, so that many clients of one engine do not come back at the same moment.
    """
    delay = min(cap, first * 2.0 ** min(attempt, 30))
    return delay * (1.0 - jitter * (rng or random).random())


def polling_delay(elapsed: float, first: float = 0.25, cap: float = 3.0) -> float:
    """Seconds until the next look at something that has been awaited for ``elapsed`` seconds.

    A few looks within the first second, then one a second, and from ten seconds on one after a tenth of the wait so far: what takes ten
    seconds or more is noticed at most a tenth late, with about a request a second.
    """
    if elapsed < 1.0:
        return first
    return min(cap, max(first, 1.0, elapsed / 10.0))
