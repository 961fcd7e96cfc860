# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same options for several objects of a kind, named in a list or found by a query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Deadline
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.search import nothing_fits
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Unit, View, of_kind, told
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import is_id
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.many import Attempt, run_many
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem, Resource

Options = Mapping[str, Any]


def asked_for(resource: Resource, options: Options) -> bool:
    """Whether the options mean several objects."""
    return resource.several and (options.get(resource.many) is not None or options.get("search") is not None)


def draft_of(resource: Resource, options: Options, view: View, deadline: Deadline) -> Draft:
    """A unit for each object that is meant, every one of them looked at.

    :raises InvalidInput: one object is named beside them, or one of them twice.
    """
    by = resource.identity.by
    beside = [name for name in ("id", by, resource.identity.new) if name and options.get(name) is not None]
    if beside:
        raise InvalidInput(f"{' and '.join(beside)} cannot be given together with {resource.many} or search, which mean several {resource.words}s.")
    draft = Draft()
    goals = list(_goals(resource, options, view))
    if not goals and options.get("search") is not None:
        draft.shows["msg"] = nothing_fits(resource.words, options["search"])

    def look(goal: Options) -> Unit:
        with view.client.within(deadline):
            return of_kind(view, resource, {**options, **goal})

    seen: set[str] = set()
    for attempt in run_many(goals, look, at_once=options["at_once"], go_on=True):
        draft.problems.extend(_problem(resource, attempt))
        unit = attempt.result
        if unit is None or unit.item["id"] in seen:
            continue
        if unit.item["id"] is not None:
            seen.add(unit.item["id"])
        unit.problems = [Problem(_titled(unit.title, problem.message), problem.hint) for problem in unit.problems]
        draft.units.append(unit)
    return draft


def _goals(resource: Resource, options: Options, view: View) -> Iterator[Options]:
    texts = options.get(resource.many) or []
    for place, text in enumerate(texts):
        if text in texts[:place]:
            raise InvalidInput(f"{resource.many} names {text!r} twice.")
        yield {"id": text} if is_id(text) else {resource.identity.by: text}
    if options.get("search") is not None:
        yield from ({"id": wire["id"]} for wire in view.estate.list(resource.collection, search=options["search"]))


def _problem(resource: Resource, attempt: Attempt[Options, Unit]) -> Iterator[Problem]:
    if attempt.error is None:
        return
    if not isinstance(attempt.error, (InvalidInput, NotFound, Ambiguous)):
        raise attempt.error
    label = attempt.item.get(resource.identity.by) or attempt.item["id"]
    yield Problem(_titled(f"{resource.words} {label}", attempt.error.message), attempt.error.hint or "")


def _titled(title: str, message: str) -> str:
    return message if title in message else f"{title}: {message}"


def results_of(resource: Resource, units: Sequence[Unit], attempts: Sequence[Attempt[Unit, None]] = ()) -> list[dict[str, Any]]:
    """What operations tell of each object, and the whole object and the handle of its last step, as the module gives them for a single one."""
    found = []
    for unit, one in zip(units, told(units, attempts)):
        last = one["steps"][-1] if one["steps"] else {}
        found.append({**one, resource.kind: unit.whole or {}, "correlation_id": last.get("correlation_id"), "job": last.get("job")})
    return found
