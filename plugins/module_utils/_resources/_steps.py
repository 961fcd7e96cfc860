# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps that most kinds need. A kind with a plan of its own puts it together from these; all of them are pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    CREATE,
    REMOVE,
    UPDATE,
    Action,
    Situation,
    Step,
    Work,
)


def standard_work(situation: Situation) -> Work:
    """Create or update, then the actions of the state; or remove."""
    work = Work()
    if not situation.state.exists:
        if situation.current is not None:
            work.steps.append(remove_step(situation))
        return work
    if situation.current is None:
        work.steps.append(create_step(situation))
    else:
        work.steps.extend(update_steps(situation))
    add_actions(work, situation)
    return work


def create_step(situation: Situation) -> Step:
    resource = situation.resource
    for item in resource.fields:
        if item.on_create is not None:
            situation.wanted.setdefault(item.option, item.on_create)
    return Step(
        do=CREATE,
        says=f"create {situation.title}",
        path=situation.collection,
        body=resource.body(situation, [option for option in situation.wanted if option != "id"]),
        settle=resource.settles,
        own=True,
        look_for=(resource.field_of(resource.identity.by).where, str(situation.wanted.get(resource.identity.by, ""))),
        known=frozenset(situation.facts.get("namesakes", ())),
        leaves=resource.born(situation) if resource.born else (),
    )


def update_steps(situation: Situation) -> list[Step]:
    """At most one PUT with exactly what changes."""
    changed = [change.option for change in situation.changes()]
    if not changed:
        return []
    return [
        Step(
            do=UPDATE,
            says=f"change {', '.join(changed)} of {situation.title}",
            path=situation.own_path,
            body=situation.resource.body(situation, changed),
            settle=situation.resource.settles,
        )
    ]


def remove_step(situation: Situation) -> Step:
    resource = situation.resource
    return Step(
        do=REMOVE,
        says=f"remove {situation.title}",
        path=situation.own_path,
        params=resource.removal(situation) if resource.removal else {},
        settle=resource.removed,
    )


def add_actions(work: Work, situation: Situation) -> None:
    """The actions of the state that are not true already, each seeing what those before it lead to."""
    seen = standing(situation, work)
    for action in situation.state.actions:
        if not action.already(seen):
            add_action(work, situation, action)
            seen.update(action.leads)


def add_action(work: Work, situation: Situation, action: Action) -> None:
    work.steps.append(action.step(situation))
    work.leads.update(action.leads)


def standing(situation: Situation, work: Work) -> dict[str, Any]:
    """The result shape as it will be once the steps so far are done."""
    if situation.current is not None:
        return {**situation.current, **work.leads}
    settles = situation.resource.settles
    born = {settles.read: next(iter(settles.good))} if settles is not None and len(settles.good) == 1 else {}
    return {**born, **situation.wanted, **work.leads}


def without_wait(step: Step) -> Step:
    return replace(step, settle=None)
