# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several objects in one task, side by side within a budget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, Optional, TypeVar

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import EngineError

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class Attempt(Generic[Item, Result]):
    """What became of one item: a result, an error, or neither when it was not begun."""

    item: Item
    result: Optional[Result] = None
    error: Optional[EngineError] = None
    begun: bool = False


Shares = Sequence[tuple[str, int]]
"""What an item needs while it is worked on: (key, how many items may have the same key at a time)."""

Waits = Sequence[tuple[Sequence[Item], Optional[int]]]
"""What an item waits for: (items that have to be over, how many of them have to be done well; None: all)."""


def run_many(
    items: Sequence[Item],
    work: Callable[[Item], Result],
    *,
    at_once: int,
    go_on: bool,
    shares: Callable[[Item], Shares] = lambda item: (),
    after: Callable[[Item], Sequence[Item]] = lambda item: (),
    waits: Callable[[Item], Waits[Item]] = lambda item: (),
) -> list[Attempt[Item, Result]]:
    """Does ``work`` for each item, at most ``at_once`` at a time, and gives an attempt for each, in order.

    An item whose shares are taken lets later ones pass. One whose forerunners failed, or were not begun, is not begun either.

    :param after: the forerunners of an item, all of which have to be done well; those that are not among ``items`` count as done.
    :param waits: further forerunners, of which fewer have to be: what is over in any way lets the item begin once enough are done.
    :param go_on: begin the rest after a failure; otherwise what is under way is finished and nothing more is begun.
    """
    attempts: list[Attempt[Item, Result]] = [Attempt(item) for item in items]
    forerunners = _Forerunners(items, lambda item: [(after(item), None), *waits(item)])
    waiting = list(attempts)
    running: dict[Future[Result], Attempt[Item, Result]] = {}
    taken: Counter[str] = Counter()
    failed = False
    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        while True:
            passed_by: list[Attempt[Item, Result]] = []
            for place, attempt in enumerate(waiting):
                if len(running) >= max(1, at_once) or (failed and not go_on):
                    passed_by.extend(waiting[place:])
                    break
                needs = shares(attempt.item)
                if forerunners.ready(attempt.item) and all(taken[key] < most for key, most in needs):
                    taken.update(key for key, _most in needs)
                    attempt.begun = True
                    running[pool.submit(work, attempt.item)] = attempt
                else:
                    passed_by.append(attempt)
            waiting = passed_by
            if not running:
                return attempts
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                attempt = running.pop(future)
                taken.subtract(key for key, _most in shares(attempt.item))
                try:
                    attempt.result = future.result()
                    forerunners.finish(attempt.item)
                except EngineError as error:
                    attempt.error = error
                    failed = True
                    forerunners.lose(attempt.item)


class _Wait(Generic[Item]):
    """Items that others wait for, and how many of them are still to be done well before these may begin."""

    def __init__(self, pending: set[int], least: int) -> None:
        self.pending, self.least = pending, least
        self.waiting: list[Item] = []

    @property
    def met(self) -> bool:
        return not self.pending and self.least <= 0

    @property
    def lost(self) -> bool:
        return len(self.pending) < self.least


class _Forerunners(Generic[Item]):
    """What each item waits for; items that have the very same list of forerunners are counted once."""

    def __init__(self, items: Sequence[Item], waits: Callable[[Item], Waits[Item]]) -> None:
        known = {id(item) for item in items}
        by_list: dict[tuple[int, Optional[int]], _Wait[Item]] = {}
        self._waits: dict[int, list[_Wait[Item]]] = {}
        self._counted_in: dict[int, list[_Wait[Item]]] = {}
        self._over: set[int] = set()
        for item in items:
            for found, least in [(found, least) for found, least in waits(item) if found]:
                key = (id(found), least)
                if key not in by_list:
                    those = {id(one) for one in found}
                    by_list[key] = _Wait(those & known, (len(those) if least is None else least) - len(those - known))
                    for identifier in those & known:
                        self._counted_in.setdefault(identifier, []).append(by_list[key])
                by_list[key].waiting.append(item)
                self._waits.setdefault(id(item), []).append(by_list[key])

    def ready(self, item: Item) -> bool:
        return all(wait.met for wait in self._waits.get(id(item), ()))

    def finish(self, item: Item) -> None:
        for wait in self._counted_in.get(id(item), ()):
            wait.pending.discard(id(item))
            wait.least -= 1

    def lose(self, item: Item) -> None:
        """The item failed: whatever cannot begin without it is over, too."""
        losing = [item]
        while losing:
            gone = losing.pop()
            if id(gone) in self._over:
                continue
            self._over.add(id(gone))
            for wait in self._counted_in.get(id(gone), ()):
                wait.pending.discard(id(gone))
                if wait.lost:
                    losing.extend(wait.waiting)
