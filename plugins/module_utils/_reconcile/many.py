# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several objects in one task, side by side within a budget."""

from __future__ import annotations

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


def run_many(items: Sequence[Item], work: Callable[[Item], Result], *, at_once: int, go_on: bool) -> list[Attempt[Item, Result]]:
    """Does ``work`` for each item, at most ``at_once`` at a time, and gives an attempt for each, in order.

    :param go_on: begin the rest after a failure; otherwise what is under way is finished and nothing more is begun.
    """
    attempts: list[Attempt[Item, Result]] = [Attempt(item) for item in items]
    waiting = iter(attempts)
    running: dict[Future[Result], Attempt[Item, Result]] = {}
    failed = False
    with ThreadPoolExecutor(max_workers=max(1, at_once)) as pool:
        while True:
            while len(running) < at_once and (go_on or not failed):
                attempt = next(waiting, None)
                if attempt is None:
                    break
                attempt.begun = True
                running[pool.submit(work, attempt.item)] = attempt
            if not running:
                return attempts
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                attempt = running.pop(future)
                try:
                    attempt.result = future.result()
                except EngineError as error:
                    attempt.error = error
                    failed = True
