# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What would be done. Pure: from a situation alone, without the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Optional

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Struct
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import LOOK, Change, Problem, Situation, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import standard_work


@dataclass
class Plan:
    """
    steps     requests that write, in order
    changes   what the user will see differently, one for each option
    before    result shape now, None when the object is not there
    after     result shape once all steps are done, as far as it can be known; None when the object will be gone
    problems  what stands against it; nothing is done while there is one
    again     looks and plans anew
    """

    situation: Situation
    steps: list[Step] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    again: Optional[Callable[[], Plan]] = None

    @property
    def changed(self) -> bool:
        return any(step.do != LOOK for step in self.steps)

    @property
    def effects(self) -> dict[str, str]:
        """How each changed option reaches an object that runs, where the kind tells."""
        return {change.option: change.effect for change in self.changes if change.effect}

    @property
    def diff(self) -> dict[str, Any]:
        """Exactly what changes, in the form that ``--diff`` prints."""
        if self.steps and self.after is None:
            return {"before": self.before or {}, "after": {}}
        created = self.before is None
        return {
            "before": {} if created else {change.option: change.before for change in self.changes},
            "after": {change.option: change.after for change in self.changes},
        }

    def check(self) -> None:
        """:raises InvalidInput: there are problems; the message has all of them."""
        if self.problems:
            first, *others = self.problems
            message = " ".join([first.message, *(f"{problem.message}" for problem in others)])
            raise InvalidInput(message, hint=" ".join(problem.hint for problem in self.problems if problem.hint) or None)


def make_plan(situation: Situation) -> Plan:
    resource, current = situation.resource, situation.current
    plan = Plan(situation, before=current)
    plan.problems.extend(_missing(situation) if current is None else _fixed(situation))
    plan.problems.extend(_ignored(situation))
    if not plan.problems:
        for rule in resource.rules:
            plan.problems.extend(rule(situation))
    if plan.problems:
        return plan
    work = (resource.steps or standard_work)(situation)
    plan.steps, plan.warnings = work.steps, work.warnings
    if not situation.state.exists:
        return plan
    plan.changes = situation.changes()
    settled = {option: value for option, value in work.leads.items() if (current or {}).get(option) != value}
    plan.changes.extend(Change(option, (current or {}).get(option), value) for option, value in settled.items())
    plan.after = {**_after(situation, plan.changes), **work.follows}
    return plan


def _after(situation: Situation, changes: Sequence[Change]) -> dict[str, Any]:
    after = dict(situation.current or {"id": None})
    fields = {item.option: item for item in situation.resource.fields}
    for change in changes:
        item = fields.get(change.option)
        merges = item is not None and change.option in situation.wanted
        after[change.option] = item.merged(situation.wanted[change.option], after.get(change.option)) if item and merges else change.after
    return after


def _missing(situation: Situation) -> list[Problem]:
    if not situation.state.exists:
        return []
    resource, wanted = situation.resource, situation.wanted
    missing = [item.option for item in resource.options if item.needed and wanted.get(item.option) in (None, "", {}, [])]
    if not missing:
        return []
    return [Problem(f"{situation.title} does not exist, and cannot be created without {' and '.join(missing)}.", f"Add {', '.join(missing)}.")]


def _fixed(situation: Situation) -> list[Problem]:
    if not situation.state.exists:
        return []
    fixed = {item.option for item in situation.resource.fields if item.fixed}
    fixed |= {f"{item.option}.{inner.option}" for item in situation.resource.fields if isinstance(item, Struct) for inner in item.fields if inner.fixed}
    return [
        Problem(
            f"{change.option} of {situation.title} is {_plain(change.before)} and cannot be changed to {_plain(change.after)}.",
            f"Leave {change.option} as it is, or make a new {situation.resource.words}.",
        )
        for change in _deep_changes(situation)
        if change.option in fixed
    ]


def _deep_changes(situation: Situation) -> Iterator[Change]:
    """The changes, and those inside them: ``cpu.architecture``."""
    for change in situation.changes():
        yield change
        if isinstance(situation.resource.field_of(change.option), Struct) and isinstance(change.after, Mapping):
            before = change.before if isinstance(change.before, Mapping) else {}
            yield from (Change(f"{change.option}.{name}", before.get(name), value) for name, value in change.after.items())


def _ignored(situation: Situation) -> Iterator[Problem]:
    """What the engine would take and ignore, without what belongs to it."""
    if not situation.state.exists:
        return
    for item in situation.resource.fields:
        if not isinstance(item, Struct) or not situation.wanted.get(item.option):
            continue
        for name, beside, needed in item.alone(situation.wanted[item.option], (situation.current or {}).get(item.option)):
            with_it = f"{item.option}.{beside}" + ("" if needed is None else f": {str(needed).lower() if isinstance(needed, bool) else needed}")
            yield Problem(f"The engine ignores {item.option}.{name} of {situation.title} without "
                          f"{with_it}.", f"Add {with_it}, or leave {item.option}.{name} out.")


def _plain(value: Any) -> str:
    if isinstance(value, dict) and "name" in value:
        return str(value["name"] or value.get("id"))
    return "not set" if value is None else str(value)
