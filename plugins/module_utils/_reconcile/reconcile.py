# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One object, from what is wanted to what came of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Deadline
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import (
    AnswerLost,
    Conflict,
    EngineError,
    NotKept,
    ServerError,
    ValidationError,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.apply import Done, Journal, apply, may_have_come_about
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import Goal, locate, present, read
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.plan import Plan, make_plan
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import LOOK, Situation, Step

SHOWN_WITHIN = 15.0
"""Seconds after which the engine has to show what it accepted; a busy one takes several for a single answer."""


@dataclass
class Outcome:
    """What a user gets to know. When nothing was applied, ``after`` is predicted and no step has a correlation id.

    Filled as the work goes on, so that after an error it still tells what was done.
    """

    changed: bool = False
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    diff: dict[str, Any] = field(default_factory=dict)
    steps: list[dict[str, Any]] = field(default_factory=list)
    effects: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    @property
    def id(self) -> str | None:
        return (self.after or self.before or {}).get("id")


def reconcile(
    goal: Goal,
    outcome: Outcome,
    estate: Estate,
    client: Client,
    deadline: Deadline,
    *,
    dry: bool = False,
    wait: bool = True,
    progress: Callable[[str], None] = lambda text: None,
) -> Plan:
    """Makes the goal true, and fills ``outcome`` on the way.

    :param dry: only look and plan.
    :param wait: wait for the end of the last step, too.
    :raises EngineError: ``outcome`` tells what had been done by then.
    """
    plan = foresee(goal, outcome, estate)
    plan.check()
    if plan.steps and not dry:
        carry_out(plan, outcome, estate, client, deadline, wait=wait, progress=progress)
    return plan


def _plan(goal: Goal, estate: Estate) -> Plan:
    plan = make_plan(locate(goal, estate))
    plan.again = lambda: _plan(goal, estate)
    return plan


def foresee(goal: Goal, outcome: Outcome, estate: Estate) -> Plan:
    """Looks and plans; ``outcome`` tells what will be, as check mode shows it. The plan may have problems."""
    plan = _plan(goal, estate)
    outcome.before, outcome.after, outcome.warnings = plan.before, plan.after if plan.steps else plan.before, list(plan.warnings)
    resting = (plan.before or {}).get("status") in plan.situation.resource.at_rest
    outcome.diff, outcome.effects, outcome.changed = plan.diff, {} if resting else plan.effects, plan.changed
    outcome.steps = [{"do": step.do, "says": step.says} for step in plan.steps]
    return plan


def carry_out(
    plan: Plan,
    outcome: Outcome,
    estate: Estate,
    client: Client,
    deadline: Deadline,
    *,
    wait: bool,
    progress: Callable[[str], None],
    shown: Collection[str] | None = None,
) -> None:
    """Does what was foreseen, and reads what became of it.

    :param shown: the options of ``outcome.after`` that anybody looks at; all when left out.
    :raises EngineError: ``outcome`` tells what had been done by then.
    """
    journal = Journal()
    try:
        _persist(plan, estate, client, deadline, journal, wait=wait, progress=progress)
    except EngineError:
        estate.stale()
        _tell_how_far(outcome, plan, estate, journal)
        raise
    finally:
        outcome.steps = [done.shown() for done in journal.done]
        outcome.changed = bool(journal.done)
        estate.stale()
    _look_again(outcome, plan, estate, journal, shown)
    if wait and outcome.after is not None:
        _judge(outcome, plan, estate, client, deadline, shown)


def _persist(
    plan: Plan, estate: Estate, client: Client, deadline: Deadline, journal: Journal, *, wait: bool, progress: Callable[[str], None]
) -> None:
    """Applies a plan; what somebody else has done meanwhile, a run that was killed and is not quite dead above all, is not done again.

    Nor is what was done though its answer was lost: the plan for what is there now tells.
    """
    while True:
        try:
            return apply(plan, client, deadline, journal, wait=wait, progress=progress)
        except (Conflict, ValidationError, ServerError, AnswerLost) as refused:
            step = _unsent(plan, journal)
            better = _overtaken(plan, step, estate, client, journal) if step is not None and not deadline.passed else None
            if step is None or better is None:
                raise
            if isinstance(refused, (AnswerLost, ServerError)):
                journal.done.append(Done(step.do, step.says, refused.correlation_id or "", settled=True))
            progress(f"{plan.situation.title} has changed meanwhile, looking again: {refused.message}")
            plan = better


def _unsent(plan: Plan, journal: Journal) -> Step | None:
    """The step that was just refused, or whose answer was lost."""
    sent = {done.says for done in journal.done}
    return next((step for step in plan.steps if step.do != LOOK and step.says not in sent), None)


def _overtaken(plan: Plan, refused: Step, estate: Estate, client: Client, journal: Journal) -> Plan | None:
    """The plan for what is there now, where it does not need what was just refused; otherwise the refusal stands.

    An action that has come to the opposite of what it leads to is needed, whatever the plan says: it may be this task that took the object down before.
    """
    if not may_have_come_about(refused, client, journal):
        return None
    _read_anew(plan.situation, estate, client, journal.ids.get("id"))
    better = plan.again() if plan.again is not None else plan
    stands = better.problems or any(step.says == refused.says for step in better.steps)
    return None if stands else better


def _read_anew(situation: Situation, estate: Estate, client: Client, identifier: str | None) -> None:
    """The object alone, as a whole: what was loaded in bulk is not read again, since others plan by it meanwhile, and by the links that came with it."""
    resource, collection = situation.resource, situation.collection
    estate.stale()
    ids = [identifier] if identifier is not None else []
    name = situation.wanted.get(resource.identity.by)
    if not ids and name:
        ids = [item["id"] for item in Estate(client).find(collection, str(name), key=resource.field_of(resource.identity.by).where)]
    for one in ids:
        wire = read(resource, collection, one, estate)
        if wire is not None:
            estate.note(collection, wire)


def _tell_how_far(outcome: Outcome, plan: Plan, estate: Estate, journal: Journal) -> None:
    """After a failure: what is there now instead of what was foreseen, and in the diff only what did change."""
    situation = plan.situation
    identifier = journal.ids.get("id")
    if not journal.done:
        outcome.after, outcome.diff = plan.before, {"before": {}, "after": {}}
        return
    try:
        wire = read(situation.resource, situation.collection, identifier, estate) if identifier else None
        outcome.after = present(situation.resource, wire, estate) if wire is not None else None
    except EngineError:
        # Nobody knows. The error that led here is the one to tell.
        outcome.after = None
        return
    if outcome.after is None:
        outcome.diff = {"before": plan.before or {}, "after": {}}
        return
    _tell_what_came_true(outcome, plan)


def _tell_what_came_true(outcome: Outcome, plan: Plan) -> None:
    made = [change for change in plan.changes if _reached(plan.situation, change.option, outcome.after or {})]
    outcome.diff = {
        "before": {change.option: change.before for change in made} if plan.before is not None else {},
        "after": {change.option: change.after for change in made},
    }


def _reached(situation: Situation, option: str, now: dict[str, Any]) -> bool:
    item = next((one for one in situation.resource.fields if one.option == option and not one.write_only), None)
    if item is None or option not in situation.wanted:
        return False
    return item.same(situation.wanted[option], now.get(option))


def _look_again(outcome: Outcome, plan: Plan, estate: Estate, journal: Journal, shown: Collection[str] | None) -> None:
    """Reads what has really become of it."""
    situation = plan.situation
    identifier = journal.ids.get("id", "")
    if not situation.state.exists:
        estate.forget(situation.collection, identifier)
        outcome.after = None
        return
    wire = read(situation.resource, situation.collection, identifier, estate, shown)
    if wire is None:
        outcome.after = None
        return
    estate.note(situation.collection, wire)
    outcome.after = present(situation.resource, wire, estate)


def _judge(outcome: Outcome, plan: Plan, estate: Estate, client: Client, deadline: Deadline, shown: Collection[str] | None) -> None:
    """What the engine shows has to be what was asked for; it may take some seconds to show it.

    :raises NotKept: it is not. Without that, every further run would change it again.
    """
    situation, identifier = plan.situation, str(outcome.id)
    begun = client.clock.now()
    while _not_kept(plan, outcome.after or {}) and client.clock.now() - begun < SHOWN_WITHIN and not deadline.passed:
        client.clock.sleep(1)
        estate.stale()
        wire = read(situation.resource, situation.collection, identifier, estate, shown)
        if wire is None:
            return
        estate.note(situation.collection, wire)
        outcome.after = present(situation.resource, wire, estate)
    left = _not_kept(plan, outcome.after or {})
    if left:
        _tell_what_came_true(outcome, plan)
        told = "; ".join(f"{option} is {'not set' if now in (None, '', [], {}) else now}, not {wanted}" for option, wanted, now in left)
        raise NotKept(
            f"The engine accepted the change of {situation.title}, and did not keep all of it: {told}.",
            hint="Take out of the task what this engine does not keep, or give a value that it keeps.",
        )


def _not_kept(plan: Plan, after: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Options that were asked for, and are otherwise: what is wanted and what is there, cut down to what differs."""
    situation, found = plan.situation, []
    for item in situation.resource.fields:
        if item.option not in situation.wanted or item.read_only or item.write_only:
            continue
        wanted, now = situation.wanted[item.option], after.get(item.option)
        if not item.same(wanted, now):
            before, then = item.differing(wanted, now)
            found.append((item.option, then, before))
    return found
