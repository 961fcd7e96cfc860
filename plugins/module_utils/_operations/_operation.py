# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of an operation, and how its units are carried out.

A survey looks at everything first (GET only) and says which units of work there are and what stands against them. Only when nothing
does are the units carried out, several at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Deadline
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import EngineError, InvalidInput, JobFailed
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.apply import Journal, apply_steps
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import Goal
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.many import Attempt, run_many
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.plan import Plan
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome, carry_out, foresee
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Field
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import LOOK, Problem, Resource, State, Step

STOP, GO_ON = "stop", "go_on"


@dataclass(frozen=True)
class Operation:
    """A module that is about an operation, not about one object of a kind.

    name      the module's name
    options   its options, by the same fields that kinds have; ``defaults`` are the values of those left out
    states    the choices of the option ``state``, the first being the default; none: there is no such option
    survey    looks at the engine, and drafts the work
    returned  what each of the results has beside the members that all operations give
    shows     what the whole result has beside them
    reads     it only reads, as an info module
    """

    name: str
    summary: str
    options: Sequence[Field]
    survey: Callable[[View], Draft]
    about: Sequence[str] = ()
    notes: Sequence[str] = ()
    states: Sequence[State] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    returned: Sequence[Field] = ()
    shows: Sequence[Field] = ()
    seealso: Sequence[str] = ()
    reads: bool = False

    def view(self, params: Mapping[str, Any], client: Client) -> View:
        """:raises InvalidInput: a value that an option does not take."""
        options = {item.option: item.accept(params[item.option], item.option) for item in self.options if params.get(item.option) is not None}
        return View(options, params.get("state") or "", Estate(client), client)


@dataclass
class View:
    """What a survey is given. Options that were left out are not in ``options``; the client is for its clock and the engine's version."""

    options: Mapping[str, Any]
    state: str
    estate: Estate
    client: Client


@dataclass(eq=False)
class Unit:
    """What is done to one object.

    title    how messages call it, ``disk db01_data``
    item     what it is known by in its result: id, name, and whatever tells it from others
    outcome  foreseen by the survey, and filled with the truth when it is carried out: ``before`` and ``after`` hold what changes
    steps    requests in turn; none: it is as wanted already
    work     instead of ``steps``, where the next one depends on what the last one led to
    verify   reads what became of it; its members replace those of ``outcome.after``. Raises ``JobFailed`` where it is not as wanted
    shares   what it needs while it is carried out, as (key, how many units may have the same at a time)
    after    units that have to be done well before this one is begun
    waits    further units that have to be over before, with the number of them that have to be done well
    undo     takes back what it has done, where the draft is all or nothing
    shows    further members of its result
    current  an object of a kind as it is now, in its result shape; None when it is not there
    whole    the same as it will be, and once it has been carried out, as it is
    plan     of which ``work`` carries out the steps
    """

    title: str
    item: Mapping[str, Any]
    outcome: Outcome = field(default_factory=Outcome)
    steps: Sequence[Step] = ()
    work: Optional[Callable[[Hands], None]] = None
    verify: Optional[Callable[[Hands], Mapping[str, Any]]] = None
    shares: Sequence[tuple[str, int]] = ()
    after: Sequence[Unit] = ()
    waits: Sequence[tuple[Sequence[Unit], int]] = ()
    undo: Optional[Callable[[Hands], None]] = None
    shows: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    current: Optional[Mapping[str, Any]] = None
    whole: Optional[Mapping[str, Any]] = None
    plan: Optional[Plan] = None

    def __post_init__(self) -> None:
        if self.steps:
            self.outcome.steps = [{"do": step.do, "says": step.says} for step in self.steps]
            self.outcome.changed = any(step.do != LOOK for step in self.steps)

    def nothing_done(self) -> None:
        """What was foreseen will not be."""
        self.outcome.changed, self.outcome.steps, self.outcome.after = False, [], self.outcome.before

    @property
    def idle(self) -> bool:
        return not self.steps and self.work is None


@dataclass
class Draft:
    """What a survey found: the units, and what stands against them. ``shows`` goes into the result of the task.

    With ``all_or_nothing``, what was done is undone where another unit failed.
    """

    units: list[Unit] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    shows: dict[str, Any] = field(default_factory=dict)
    all_or_nothing: bool = False

    def check(self) -> None:
        """:raises InvalidInput: something stands against it; all of it is named."""
        problems = [*self.problems, *(problem for unit in self.units for problem in unit.problems)]
        if problems:
            hints = dict.fromkeys(problem.hint for problem in problems if problem.hint)
            raise InvalidInput(" ".join(dict.fromkeys(problem.message for problem in problems)), hint=" ".join(hints) or None)


@dataclass
class Hands:
    """What a unit is carried out with."""

    client: Client
    estate: Estate
    deadline: Deadline
    wait: bool
    progress: Callable[[str], None]
    journal: Journal = field(default_factory=Journal)

    def do(self, *steps: Step, wait: bool | None = None) -> None:
        """Sends steps and waits for each, the last one only when the task waits (or ``wait`` says so).

        :raises EngineError: with the engine's reason.
        """
        apply_steps(steps, self.client, self.deadline, self.journal, wait=self.wait if wait is None else wait, progress=self.progress)


def of_kind(view: View, resource: Resource, options: Mapping[str, Any]) -> Unit:
    """The unit that makes one object of a kind what the options of its module say."""
    outcome = Outcome()
    plan = foresee(Goal.from_options(resource, options), outcome, view.estate)
    situation = plan.situation
    current = situation.current or {}
    name = current.get(resource.identity.by) or situation.wanted.get(resource.identity.by)
    unit = Unit(situation.title, {"id": current.get("id"), resource.identity.by: name}, outcome, problems=plan.problems, current=situation.current)
    unit.whole, unit.plan = outcome.after, plan
    outcome.before, outcome.after = outcome.diff["before"], outcome.diff["after"]
    if plan.steps:

        def work(hands: Hands) -> None:
            done = Outcome()
            try:
                carry_out(plan, done, hands.estate, hands.client, hands.deadline, wait=hands.wait, progress=hands.progress)
            finally:
                outcome.steps, outcome.changed = done.steps, done.changed
                if done.diff:
                    # After a failure this is how far it came.
                    outcome.before, outcome.after = done.diff["before"], done.diff["after"]
                outcome.warnings.extend(done.warnings)
                unit.whole = done.after
                unit.item = {**unit.item, "id": unit.item["id"] or done.id}

        unit.work = work
    return unit


def perform(
    draft: Draft, client: Client, estate: Estate, deadline: Deadline, *, at_once: int, on_failure: str, wait: bool, progress: Callable[[str], None]
) -> list[Attempt[Unit, None]]:
    """Carries out what is not as wanted, side by side, and tells what became of each unit; units that were idle are not among them."""
    busy = [unit for unit in draft.units if not unit.idle]
    forerunners = {id(unit) for later in busy for those in (later.after, *(found for found, _least in later.waits)) for unit in those}
    over = 0

    def hands(waits: bool) -> Hands:
        return Hands(client, estate, deadline, waits, lambda text: progress(f"{over} of {len(busy)} done; {text}"))

    def work(unit: Unit) -> None:
        nonlocal over
        with client.within(deadline):
            # What another unit comes after has to be over before, whatever the task waits for.
            _carry_out(unit, hands(wait or id(unit) in forerunners))
        over += 1

    def undo(unit: Unit) -> None:
        if unit.undo is not None:
            with client.within(deadline):
                unit.undo(hands(wait))
            unit.outcome.changed, unit.outcome.after = False, unit.outcome.before
            unit.shows = {**unit.shows, "undone": True}

    attempts = run_many(
        busy, work, at_once=at_once, go_on=on_failure == GO_ON, shares=lambda unit: unit.shares, after=lambda unit: unit.after, waits=lambda unit: unit.waits
    )
    if draft.all_or_nothing and any(attempt.error is not None for attempt in attempts):
        done = [attempt.item for attempt in attempts if attempt.begun and attempt.error is None and attempt.item.outcome.changed]
        for taken_back in run_many(done, undo, at_once=at_once, go_on=True):
            if taken_back.error is not None:
                taken_back.item.outcome.warnings.append(f"{taken_back.item.title} could not be taken back: {taken_back.error}")
    return attempts


def _carry_out(unit: Unit, hands: Hands) -> None:
    try:
        if unit.work:
            unit.work(hands)
        else:
            hands.do(*unit.steps)
    finally:
        if hands.journal.done or unit.steps:
            unit.outcome.steps = [done.shown() for done in hands.journal.done]
            unit.outcome.changed = bool(hands.journal.done)
        hands.estate.stale()
    if unit.verify and hands.wait:
        unit.outcome.after = {**(unit.outcome.after or {}), **unit.verify(hands)}


def told(units: Sequence[Unit], attempts: Sequence[Attempt[Unit, None]] = ()) -> list[dict[str, Any]]:
    """The results of the units, in order; without attempts as they are foreseen."""
    of = {id(attempt.item): attempt for attempt in attempts}
    return [_told(unit, of.get(id(unit)), bool(attempts)) for unit in units]


def _told(unit: Unit, attempt: Attempt[Unit, None] | None, carried_out: bool) -> dict[str, Any]:
    outcome = unit.outcome
    begun = attempt is None or attempt.begun
    result = {
        **unit.item,
        "changed": outcome.changed and begun,
        "before": outcome.before or {},
        "after": outcome.after or {},
        "steps": outcome.steps if begun else [],
        **({"effects": outcome.effects} if outcome.effects else {}),
        **unit.shows,
    }
    if attempt is not None and attempt.error is not None:
        result.update(failed=True, msg=str(attempt.error))
        if not outcome.changed:
            result["after"] = result["before"]
    elif not begun:
        result.update(skipped=True, msg="Not begun, because another one failed.")
    return result


def handles(results: Sequence[Mapping[str, Any]]) -> list[str]:
    """What a later task waits on: the correlation ids, or else the jobs, of the steps whose end was not waited for."""
    steps = [step for result in results for step in result["steps"] if not step.get("settled")]
    return list(dict.fromkeys(step.get("correlation_id") or step["job"] for step in steps if step.get("correlation_id") or step.get("job")))


def failure(attempts: Sequence[Attempt[Unit, None]]) -> EngineError | None:
    """One error for all that failed; with only one unit, its own."""
    failed = [(attempt.item, attempt.error) for attempt in attempts if attempt.error is not None]
    if not failed:
        return None
    if len(attempts) == 1:
        return failed[0][1]
    lines = [f"{len(failed)} of {len(attempts)} failed."]
    lines += [f"{unit.title}: {error}" for unit, error in failed]
    waiting = [attempt.item.title for attempt in attempts if not attempt.begun]
    if waiting:
        lines.append(f"Not begun: {', '.join(waiting)}.")
    return JobFailed(" ".join(lines), hint="What was done is kept; run the task again for the rest.")
