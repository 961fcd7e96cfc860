# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind and every operation, with each of fifteen faults on its first three writes: the next run converges on what a clean run leads to.

A part of the cells that a seed draws is tried by default; `make test-faults` tries all of them. A kind of the catalogue comes in by its sample.
"""
from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._catalogue import OPERATIONS
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE
from faults import FAULTS, Trap
from in_process import Estate
from samples import SAMPLES, STAGE, WORKS, Work, reference, removal
from shapes import differences, shape

WRITES_TRIED = 3
LEFT_BROKEN = {("host.made", "job"), ("host_power.started", "job")}
"""What the fault itself leaves: a host that does not work, until somebody mends it."""
AFTERWARDS = 900.0
"""Seconds after which everything that still goes on at the engine has ended."""


def of_kinds() -> Iterator[tuple[str, Work]]:
    for kind, sample in SAMPLES.items():
        yield f"{kind}.made", Work((kind, sample.options), sample.stands_on)
        made = ((kind, sample.options),)
        for place, change in enumerate(sample.changes):
            before = tuple((kind, {**reference(kind), **one}) for one in sample.changes[:place])
            yield f"{kind}.changed {place + 1}", Work((kind, {**reference(kind), **change}), sample.stands_on, (*made, *before))
        yield f"{kind}.removed", Work((kind, removal(kind)), sample.stands_on, made)


TASKS: Mapping[str, Work] = {**dict(of_kinds()), **WORKS}


def play(estate: Estate, what: str, options: Mapping[str, Any]) -> dict[str, Any]:
    return estate.run(what, options) if what in CATALOGUE else estate.operate(what, options)


def prepared(work: Work) -> Estate:
    estate = Estate()
    for what, options in (*(STAGE[name] for name in work.stands_on), *work.after):
        done = play(estate, what, options)
        assert not done.get("failed"), f"{what} {options}: {done['msg']}"
    estate.clock.advance(AFTERWARDS)
    return estate


@dataclass
class Run:
    """How a task went without any fault."""

    writes: int
    steps: int
    shape: dict[str, list[str]]


def clean(estate: Estate, work: Work) -> Run:
    estate = estate.copy()
    counting = Trap(estate, "job", 0, lambda path: True)
    done = play(estate, *work.play)
    assert done["changed"] and not done.get("failed"), done.get("msg", done)
    counting.spring()
    again = play(estate, *work.play)
    assert not again.get("failed") and (work.again or not again["changed"]), again.get("msg", again)
    estate.clock.advance(AFTERWARDS)
    return Run(len(estate.line.writes), counting.seen, shape(estate.engine))


def cell(estate: Estate, work: Work, run: Run, fault: str, nth: int) -> str | None:
    """What is wrong after a run with a fault and the next one; None when all is well."""
    estate = estate.copy()
    trap = Trap(estate, fault, nth, lambda path: True)
    first = play(estate, *work.play)
    trap.spring()
    if not trap.fired:
        return None
    said = str(first.get("msg", "")) if first.get("failed") else ""
    if "please report it" in said:
        return f"the first run said: {said}"
    again = play(estate, *work.play)
    if again.get("failed"):
        return f"the next run failed: {again['msg']} (the first one: {said or 'ok'})"
    if not first.get("failed") and again["changed"] and not work.again:
        return f"the first run said ok, and the next one has still to do {[step['says'] for step in again.get('steps', [])]}"
    third = play(estate, *work.play)
    if third.get("failed") or third["changed"] and not work.again:
        return f"the third run is not idle: {third.get('msg') or [step['says'] for step in third.get('steps', [])]}"
    estate.clock.advance(AFTERWARDS)
    other = differences(run.shape, shape(estate.engine))
    return f"it led elsewhere: {'; '.join(other)} (the first run: {said or 'ok'})" if other else None


def cells(name: str, config: pytest.Config, run: Run) -> list[tuple[str, int]]:
    """All of a task, or as many as were asked for, drawn by the seed."""
    every = [(fault, nth) for fault in FAULTS for nth in range(1, min(WRITES_TRIED, run.steps if fault == "job" else run.writes) + 1)]
    most = int(config.getoption("--faults-cells"))
    drawn = random.Random(f"{config.getoption('--faults-seed')} {name}").sample(every, min(most, len(every)))
    return [(fault, nth) for fault, nth in every if (most == 0 or (fault, nth) in drawn) and (name, fault) not in LEFT_BROKEN]


def test_every_operation_that_writes_has_its_works() -> None:
    assert {name for name, operation in OPERATIONS.items() if not operation.reads} - {"job"} <= {name.partition(".")[0] for name in WORKS}


@pytest.mark.parametrize("name", TASKS)
def test_the_next_run_converges(name: str, request: pytest.FixtureRequest) -> None:
    work = TASKS[name]
    estate = prepared(work)
    run = clean(estate, work)
    wrong = {f"{fault} at {nth}": cell(estate, work, run, fault, nth) for fault, nth in cells(name, request.config, run)}
    assert not any(wrong.values()), "\n".join(f"{where}: {what}" for where, what in wrong.items() if what)
