# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Carrying out a plan. The only place that writes to an engine."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Deadline, polling_delay
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import (
    AnswerLost,
    Conflict,
    EngineError,
    GivenUp,
    JobFailed,
    ServerError,
    TimedOut,
    ValidationError,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.plan import Plan
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.settle import Watch, settle
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ACT, CREATE, LOOK, REMOVE, UPDATE, Step

# How often a refused request is sent within the time after which the engine says it will be accepted.
LOOKS_WITHIN_TOLD_TIME = 10
LOST_ANSWER_LOOKS = 6
"""How often a new object is looked for after its creation's answer was lost, some seconds in all."""


@dataclass
class Done:
    """A step that was sent, for the result."""

    do: str
    says: str
    correlation_id: str
    job: str | None = None
    settled: bool = False

    def shown(self) -> dict[str, Any]:
        return {"do": self.do, "says": self.says, "correlation_id": self.correlation_id, "job": self.job, "settled": self.settled}


@dataclass
class Journal:
    """What was done so far; still of use when a later step fails."""

    done: list[Done] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)
    seen: dict[str, Wire] = field(default_factory=dict)
    """By their paths, the objects as they were when last looked at."""


def apply(plan: Plan, client: Client, deadline: Deadline, journal: Journal, *, wait: bool, progress: Callable[[str], None]) -> None:
    """Carries out the steps of a plan for an object of a kind; see ``apply_steps``."""
    situation = plan.situation
    if situation.current is not None:
        journal.ids["id"] = situation.identifier
        journal.seen.setdefault(situation.own_path, situation.wire or {})
    within = situation.resource.identity.within
    parent = situation.wanted.get(within) if within else None
    place = situation.resource.field_of(within).where if within else ""

    def sibling(step: Step, item: Wire) -> bool:
        return parent is None or not step.own or dig(item, f"{place}.id") == parent.get("id")

    apply_steps(plan.steps, client, deadline, journal, wait=wait, progress=progress, sibling=sibling)


def apply_steps(
    steps: Sequence[Step],
    client: Client,
    deadline: Deadline,
    journal: Journal,
    *,
    wait: bool,
    progress: Callable[[str], None],
    sibling: Callable[[Step, Wire], bool] = lambda step, item: True,
) -> None:
    """Sends the steps in turn and waits for each. When ``wait`` is false the last one that writes is not waited for, and nothing is looked at after it.

    :param sibling: whether an object of the right name is in the place where the step creates one; asked after a lost answer.
    :raises EngineError: ``journal`` tells what had been done by then.
    """
    last_write = max((place for place, step in enumerate(steps) if step.do != LOOK), default=-1)
    for place, step in enumerate(steps if wait else steps[: last_write + 1]):
        last = place == last_write
        following: Step | None = step
        limit: Deadline | None = None
        while following is not None:
            if following.within is not None and limit is None:
                limit = client.clock.deadline(following.within)
            carry = _Carry(following, client, deadline, journal, progress, sibling)
            before, following = following, _carry_out(carry, wait or not last, limit)
            # What is asked for again gets no more time than it had at first.
            limit = limit if following is before else None


def may_have_come_about(step: Step, client: Client, journal: Journal) -> bool:
    """Whether what an action leads to is so already, or on its way; other steps are judged by what is there."""
    if step.do != ACT or step.settle is None:
        return True
    path = _filled(step.watch or step.path, journal.ids)
    return step.settle.verdict(client.get(path, follow=step.follow, missing="none")) != "bad"


def _carry_out(carry: _Carry, wait: bool, limit: Deadline | None) -> Step | None:
    """One step; the answer is the step to take instead, or to take again, where the engine did not come to its end."""
    step, deadline = carry.step, carry.deadline
    carry.send()
    if step.settle is None:
        carry.done.settled = True
    if step.settle is None or not wait:
        return None
    try:
        carry.wait(limit)
    except TimedOut:
        if step.otherwise is None or deadline.passed:
            raise
        return step.otherwise
    except JobFailed as failed:
        if deadline.passed:
            raise
        if step.do == LOOK and step.instead is not None:
            return step.instead
        if not isinstance(failed, GivenUp) or step.insists is None or not step.insists(failed.detail or ""):
            raise
        carry.progress(f"{step.says}: the engine has given it up, asking again. {failed.detail or ''}".strip())
        return step
    return None


class _Carry:
    """One step on its way."""

    def __init__(
        self,
        step: Step,
        client: Client,
        deadline: Deadline,
        journal: Journal,
        progress: Callable[[str], None],
        sibling: Callable[[Step, Wire], bool],
    ) -> None:
        self.step, self.client, self.deadline, self.journal, self.progress, self.sibling = step, client, deadline, journal, progress, sibling
        self.path = _filled(step.path, journal.ids)
        self.done = Done(step.do, step.says, client.new_correlation_id())
        self.origin = ""
        self._adopted = False
        self.answer: Optional[Wire] = None

    def send(self) -> None:
        self.progress(self.step.says)
        if self.step.do == LOOK:
            return
        self.origin = self._origin()
        answer = self._patiently()
        if self._adopted:
            return
        self.done.job = dig(answer, "job.id")
        self.journal.done.append(self.done)
        if self.step.do == CREATE and answer is not None:
            self._keep(answer)
            self.answer = answer

    def _keep(self, made: Wire) -> None:
        """Later steps name it in their paths."""
        if self.step.own:
            self.journal.ids["id"] = made["id"]
        if self.step.saves:
            self.journal.ids[self.step.saves] = made["id"]
        self.path = f"{self.path}/{made['id']}"

    def _origin(self) -> str:
        """The status before an action or a removal, by which it is seen whether the engine has given it up."""
        step, path = self.step, self._watched() if self.step.do in (ACT, REMOVE) else ""
        if step.settle is None or not step.settle.job or not path:
            return ""
        if path not in self.journal.seen and step.do == ACT and not step.slow:
            self.journal.seen[path] = self.client.get(path, follow=step.follow, missing="none") or {}
        return str(dig(self.journal.seen.get(path), step.settle.read) or "")

    def wait(self, limit: Deadline | None = None) -> None:
        if self.step.settle is None:
            return
        correlation_id = None if self.step.do == LOOK else self.done.correlation_id
        watch = Watch(self.step.says, self.step.settle, self.client, correlation_id, self.done.job, self.step.follow, self.origin)
        path = self._watched()
        deadline = limit if self.step.within is not None and limit is not None and limit.left < self.deadline.left else self.deadline
        try:
            settle(watch, path, self.client.clock, deadline, self.progress, seen=None if self.step.watch else self.answer)
        finally:
            self.journal.seen[path] = watch.seen or {}
        self.done.settled = True
        if self.step.learns:
            self.journal.ids.update(self.step.learns(self.client.get(path, follow=self.step.follow, missing="none") or {}))

    def _watched(self) -> str:
        return _filled(self.step.watch, self.journal.ids) if self.step.watch else self.path

    def _patiently(self) -> Optional[Wire]:
        """Sends, and sends again while the engine refuses only because it is busy.

        What it is busy with may be the very same action or creation, of a run that was killed: that is waited for, and not asked for again.
        """
        begun, before = self.client.clock.now(), ""
        while True:
            try:
                return self._once()
            except EngineError as error:
                refused = error
                if before not in ("", "done") and self._stands() == "done":
                    self._adopted = True
                    return None
                if not (error.passing or self._passes(error, begun)) or self.deadline.passed:
                    self._add_reason(error)
                    raise
                self.progress(f"{self.step.says}: waiting, {error.message}")
                told = (error.retry_in or 0.0) / LOOKS_WITHIN_TOLD_TIME
            before = before or self._stands()
            self.client.clock.sleep(min(max(polling_delay(self.client.clock.now() - begun, first=1.0), told), self.deadline.left))
            if self.step.do == CREATE:
                self._adopt(refused)
                if self._adopted:
                    return None
            self.done.correlation_id = self.client.new_correlation_id()

    def _passes(self, error: EngineError, begun: float) -> bool:
        words, within = self.step.passing
        return bool(words) and words in (error.detail or error.reason or "") and self.client.clock.now() - begun < within

    def _adopt(self, refused: EngineError) -> None:
        """What was refused, and has come meanwhile, is somebody else's, and not made a second time.

        :raises Conflict: the object itself has come, so that there is another plan to make.
        """
        found = self._made()
        if found and self.step.own:
            raise Conflict(f"somebody else has done it meanwhile: {self.step.says}", status=refused.status, detail=refused.detail) from refused
        if found:
            self._adopted = True
            self._keep(found[0])

    def _stands(self) -> str:
        """How it stands with what an action leads to."""
        if self.step.do != ACT or self.step.settle is None:
            return "done"
        return self.step.settle.verdict(self.client.get(self._watched(), follow=self.step.follow, missing="none"))

    def _add_reason(self, error: EngineError) -> None:
        """A refusal is at times empty, or names another cause than the one that the engine's events have: these are added."""
        if error.status == 403:
            error.message = f"Could not {self.step.says}: {error.message}"
            return
        if not isinstance(error, (Conflict, ValidationError, ServerError, JobFailed)):
            return
        job = self.client.job(self.done.correlation_id)
        why = self.client.why(self.done.correlation_id, error.message) if job is not None and job.failed else None
        if why:
            error.message = f"Could not {self.step.says}: {error.message} The engine's events: {why}"

    def _once(self) -> Optional[Wire]:
        step, correlation_id = self.step, self.done.correlation_id
        params = step.params or None
        if step.do == UPDATE:
            return self.client.update(self.path, step.body, params=params, correlation_id=correlation_id)
        if step.do == REMOVE:
            self.client.remove(self.path, params=params, correlation_id=correlation_id)
            return None
        try:
            if step.do == CREATE:
                return self.client.create(self.path, step.body, params=params, correlation_id=correlation_id)
            return self.client.act(self.path, step.verb, step.body, correlation_id=correlation_id, timeout=self.deadline.left if step.slow else None)
        except AnswerLost as lost:
            return self._after_lost_answer(lost)

    def _after_lost_answer(self, lost: AnswerLost) -> Wire:
        """Finds out whether a creation or an action was carried out; neither is ever sent blindly again."""
        clock, begun = self.client.clock, self.client.clock.now()
        for _look in range(LOST_ANSWER_LOOKS):
            found = self._traces()
            if found is not None:
                return found
            if self.deadline.passed:
                break
            clock.sleep(min(polling_delay(clock.now() - begun, first=0.5), self.deadline.left))
        raise AnswerLost(
            f"The connection was lost while asking the engine to {self.step.says}, and nothing shows that it was done.",
            correlation_id=lost.correlation_id,
            hint="Run the task again: it looks at what is there first.",
        ) from lost

    def _traces(self) -> Optional[Wire]:
        """What the request left behind: the new object, or the job of the action."""
        if self.step.do == ACT:
            job = self.client.job(self.done.correlation_id)
            return {"job": {"id": job.id}} if job is not None else None
        made = self._made()
        return made[0] if len(made) == 1 else None

    def _made(self) -> Wires:
        """What a creation makes, where it is there now and was not before."""
        if self.step.finds is not None:
            return [*self.step.finds(Estate(self.client))]
        member, value = self.step.look_for
        if not value:
            return []
        return [item for item in Estate(self.client).find(self.path, value, key=member) if item["id"] not in self.step.known and self.sibling(self.step, item)]


def _filled(path: str, ids: dict[str, str]) -> str:
    return re.sub(r"{([^}]+)}", lambda match: ids[match[1]], path)
