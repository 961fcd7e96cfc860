"""Simulated time, and what is due in it."""

from __future__ import annotations

import heapq
import time
from typing import Any, Callable

from .store import Store

HANDLERS: dict[str, Callable[..., None]] = {}


def timed(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function that the timeline calls: ``function(ctx, **arguments)``; arguments must be JSON."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        if name in HANDLERS and HANDLERS[name] is not function:
            raise ValueError(f"two handlers named {name}")
        HANDLERS[name] = function
        return function

    return register


class Clock:
    """Simulated seconds since the epoch: they run ``speed`` times as fast as real ones, or only by ``advance`` when speed is 0."""

    def __init__(self, speed: float = 1.0, start: float | None = None) -> None:
        self.speed = speed
        self._base = time.time() if start is None else start
        self._origin = time.monotonic()
        self._moment: float | None = None

    def now(self) -> float:
        if self._moment is not None:
            return self._moment
        return self._base + (time.monotonic() - self._origin) * self.speed

    def milliseconds(self) -> int:
        return int(self.now() * 1000)

    def advance(self, seconds: float) -> None:
        self._base += seconds

    def real(self, seconds: float) -> float:
        """Real seconds until so many simulated ones have passed."""
        return seconds / self.speed if self.speed else float("inf")

    def at(self, moment: float | None) -> None:
        """Hold time still at a moment while something that was due then is done; None lets it run again."""
        self._moment = moment


class Timeline:
    """What will happen: entries are rows, so that they outlive a restart with everything else."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.clock = clock
        self._table = store.table("_timeline")
        self._count = max((row["order"] for row in self._table), default=0)
        self._heap = [(row["due"], row["order"], row["id"]) for row in self._table]
        heapq.heapify(self._heap)

    def after(self, seconds: float, name: str, arguments: dict[str, Any]) -> str:
        """Do it so many simulated seconds from now; returns an id for ``cancel``."""
        if name not in HANDLERS:
            raise KeyError(f"no handler named {name}")
        self._count += 1
        row: dict[str, Any] = {"id": f"t{self._count}", "order": self._count, "due": self.clock.now() + seconds, "name": name, "arguments": arguments}
        self._table.save(row)
        heapq.heappush(self._heap, (row["due"], row["order"], row["id"]))
        return str(row["id"])

    def cancel(self, ident: str) -> None:
        self._table.remove(ident)

    def pending(self, name: str | None = None, **arguments: Any) -> list[dict[str, Any]]:
        """Entries that are still to come, by name and by some of their arguments."""
        return [row for row in self._table if (name is None or row["name"] == name)
                and all(row["arguments"].get(key) == value for key, value in arguments.items())]

    def next_due(self) -> float | None:
        while self._heap and self._heap[0][2] not in self._table.rows:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def run(self, call: Callable[[Callable[..., None], dict[str, Any]], None]) -> bool:
        """Do all that is due, in order, each at its own moment; True when there was any."""
        limit, any_done = self.clock.now(), False
        while True:
            due = self.next_due()
            if due is None or due > limit:
                return any_done
            row = self._table.remove(heapq.heappop(self._heap)[2])
            if row is None:
                continue
            any_done = True
            self.clock.at(due)
            try:
                call(HANDLERS[row["name"]], row["arguments"])
            finally:
                self.clock.at(None)
