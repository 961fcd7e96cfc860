# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several objects at once: results in order, a budget, and what a failure means for the rest."""
from __future__ import annotations

import threading
import time

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Conflict
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.many import run_many


def work(item: int) -> int:
    if item < 0:
        raise Conflict(f"{item} is refused")
    return item * 10


def test_results_come_in_the_order_of_the_items() -> None:
    assert [attempt.result for attempt in run_many([3, 1, 2], work, at_once=2, go_on=False)] == [30, 10, 20]
    assert run_many([], work, at_once=2, go_on=True) == []


def test_the_first_failure_stops_what_has_not_begun() -> None:
    attempts = run_many([1, -1, 2, 3], work, at_once=1, go_on=False)
    assert [attempt.result for attempt in attempts] == [10, None, None, None]
    assert str(attempts[1].error) == "-1 is refused"
    assert [attempt.begun for attempt in attempts] == [True, True, False, False]


def test_going_on_does_the_rest() -> None:
    attempts = run_many([1, -1, 2, -2], work, at_once=1, go_on=True)
    assert [attempt.result for attempt in attempts] == [10, None, 20, None]
    assert [attempt.item for attempt in attempts if attempt.error] == [-1, -2]


@pytest.mark.parametrize("budget", [1, 3])
def test_the_budget_is_kept_and_used(budget: int) -> None:
    together = threading.Barrier(budget, timeout=10)
    running, most, lock = 0, 0, threading.Lock()

    def counted(item: int) -> int:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        together.wait()
        with lock:
            running -= 1
        return item

    run_many(list(range(budget * 2)), counted, at_once=budget, go_on=True)
    assert most == budget


class Item:
    def __init__(self, fails: bool = False, after: tuple[Item, ...] = ()) -> None:
        self.fails, self.after = fails, after


@pytest.mark.parametrize("go_on", [True, False])
def test_what_stands_on_a_failure_is_not_begun(go_on: bool) -> None:
    good, bad = Item(), Item(fails=True)
    items = [Item(after=(bad,)), Item(after=(good,)), good, bad]

    def fail(item: Item) -> str:
        if item.fails:
            raise Conflict("refused")
        done.append(item)
        return "done"

    done: list[Item] = []
    attempts = run_many(items, fail, at_once=1, go_on=go_on, after=lambda item: item.after)
    assert [attempt.begun for attempt in attempts] == [False, True, True, True]
    assert done == [good, items[1]] and str(attempts[3].error) == "refused"


def test_a_share_is_held_by_so_many_at_a_time() -> None:
    most, now, lock = 0, 0, threading.Lock()

    def count(_item: int) -> None:
        nonlocal most, now
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        with lock:
            now -= 1

    run_many(range(8), count, at_once=8, go_on=True, shares=lambda item: (("domain", 2),))
    assert most == 2


@pytest.mark.parametrize(
    ("states", "least", "begun"),
    [
        ("good good", 1, True),
        ("bad good", 1, True),
        ("bad bad", 1, False),
        ("bad bad", 0, True),
        ("skipped good", 1, True),
        ("skipped bad", 1, False),
        ("skipped skipped", 0, True),
        ("good elsewhere", 2, True),
        ("bad elsewhere", 1, True),
    ],
)
def test_some_of_several_forerunners_are_enough(states: str, least: int, begun: bool) -> None:
    bad = Item(fails=True)
    kinds = {"good": Item, "bad": lambda: Item(fails=True), "skipped": lambda: Item(after=(bad,)), "elsewhere": Item}
    several = [kinds[state]() for state in states.split()]
    waiting, last = Item(), Item()
    last.after = (waiting,)
    items = [last, waiting, *(item for item, state in zip(several, states.split()) if state != "elsewhere"), bad]
    order: list[Item] = []

    def work_on(item: Item) -> None:
        order.append(item)
        if item.fails:
            raise Conflict("refused")

    attempts = run_many(
        items, work_on, at_once=1, go_on=True, after=lambda item: item.after, waits=lambda item: [(several, least)] if item is waiting else []
    )
    assert [attempt.begun for attempt in attempts][:2] == [begun, begun]
    assert not begun or all(order.index(item) < order.index(waiting) for item in several if item in order)
