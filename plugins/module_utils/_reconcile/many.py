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


def run_many(
    items: Sequence[Item],
    work: Callable[[Item], Result],
    *,
    at_once: int,
    go_on: bool,
    shares: Callable[[Item], Shares] = lambda item: (),
    after: Callable[[Item], Sequence[Item]] = lambda item: (),
) -> list[Attempt[Item, Result]]:
    """Does ``work`` for each item, at most ``at_once`` at a time, and gives an attempt for each, in order.

    An item whose shares are taken lets later ones pass. One whose forerunners failed, or were not begun, is not begun either.

    :param after: the forerunners of an item; those that are not among ``items`` count as done.
    :param go_on: begin the rest after a failure; otherwise what is under way is finished and nothing more is begun.
    """
    attempts: list[Attempt[Item, Result]] = [Attempt(item) for item in items]
    forerunners = _Forerunners(items, after)
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
                if forerunners.done(attempt.item) and all(taken[key] < most for key, most in needs):
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


class _Forerunners(Generic[Item]):
    """How many of the forerunners of each item are not done yet; items that have the very same list of them are counted once."""

    def __init__(self, items: Sequence[Item], after: Callable[[Item], Sequence[Item]]) -> None:
        known = {id(item) for item in items}
        lists = {id(found): found for found in (after(item) for item in items) if found}
        self._after = after
        self._pending = {key: {id(item) for item in found} & known for key, found in lists.items()}
        self._counted_in: dict[int, list[int]] = {}
        for key, pending in self._pending.items():
            for identifier in pending:
                self._counted_in.setdefault(identifier, []).append(key)

    def done(self, item: Item) -> bool:
        return not self._pending.get(id(self._after(item)))

    def finish(self, item: Item) -> None:
        for key in self._counted_in.get(id(item), ()):
            self._pending[key].discard(id(item))
