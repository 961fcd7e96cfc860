# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules' ``main`` calls. ``manage``, ``inform`` and ``operate`` do the same for any other host."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NoReturn

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Deadline
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import EngineError, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.search import nothing_fits
from ansible_collections.virtops.ovirt.plugins.module_utils._module import diff
from ansible_collections.virtops.ovirt.plugins.module_utils._module.foreseen import ahead, announce, effects_of_units, leant_on
from ansible_collections.virtops.ovirt.plugins.module_utils._module.host import Host, ModuleHost
from ansible_collections.virtops.ovirt.plugins.module_utils._module.session import end, session
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import info_spec, operation_spec, state_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._operations import several
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Operation, View, failure, handles, perform, told
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.foreseen import effects_of, is_foreseen
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import Goal
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.look import look
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome, reconcile
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Resource


def run_state_module(resource: Resource) -> None:
    manage(resource, ModuleHost(state_spec(resource)))


def run_info_module(resource: Resource) -> None:
    inform(resource, ModuleHost(info_spec(resource)))


def run_operation_module(operation: Operation) -> None:
    operate(operation, ModuleHost(operation_spec(operation)))


def manage(resource: Resource, host: Host) -> None:
    if several.asked_for(resource, host.params):
        manage_several(resource, host)
    outcome = Outcome()
    with session(host, lambda: _shown(resource, outcome)) as client:
        goal = Goal.from_options(resource, host.params)
        deadline = client.clock.deadline(host.params["timeout"])
        seen = ahead(host, client)
        with client.within(deadline):
            estate = Estate(seen, foretells=host.check_mode)
            plan = reconcile(goal, outcome, estate, seen, deadline, dry=host.check_mode, wait=host.params["wait"], progress=host.progress)
        announce(host, client, effects_of(plan))
        not_yet = leant_on(seen)
    for text in outcome.warnings:
        host.warn(text)
    end(host, _shown(resource, outcome, not_yet))


def manage_several(resource: Resource, host: Host) -> NoReturn:
    result: dict[str, Any] = {"changed": False}
    with session(host, lambda: result) as client:
        deadline = client.clock.deadline(host.params["timeout"])
        seen = ahead(host, client)
        view = View({}, "", Estate(seen, foretells=host.check_mode), seen)
        with client.within(deadline):
            draft = several.draft_of(resource, host.params, view, deadline)
        _carry_out(host, view, draft, deadline, result, partial(several.results_of, resource))
        not_yet = leant_on(seen)
    _exit(host, draft, result, not_yet)


def inform(resource: Resource, host: Host) -> None:
    found: list[dict[str, Any]] = []
    with session(host, dict) as client:
        try:
            found = look(resource, host.params, Estate(client))
        except NotFound:
            if not _parent_to_come(resource, host, client):
                raise
    search = host.params.get("search")
    nothing = {"msg": nothing_fits(resource.words, search)} if search and not found else {}
    end(host, {"changed": False, resource.many: found, **nothing})


def _parent_to_come(resource: Resource, host: Host, client: Client) -> bool:
    """Whether what the objects would be inside of is made by a former task of a run in check mode: there is nothing to read yet."""
    estate = Estate(ahead(host, client))
    return any(is_foreseen(estate.reference(under.to, host.params[under.option])["id"]) for under in resource.under if host.params.get(under.option))


def operate(operation: Operation, host: Host) -> None:
    result: dict[str, Any] = {"changed": False}
    with session(host, lambda: result) as client:
        deadline = client.clock.deadline(host.params.get("timeout"))
        with client.within(deadline):
            # What only reads tells what is there, and nothing else.
            view = operation.view(host.params, client if operation.reads else ahead(host, client))
            draft = operation.survey(view)
        if operation.reads:
            result.update(draft.shows)
            draft.check()
        else:
            _carry_out(host, view, draft, deadline, result, told)
        not_yet = leant_on(view.client)
    _exit(host, draft, result, not_yet)


def _carry_out(host: Host, view: View, draft: Draft, deadline: Deadline, result: dict[str, Any], results: Callable[..., list[dict[str, Any]]]) -> None:
    """Tells what is going to be done, and does it; ``results`` makes the results of units and attempts."""
    for text in draft.warnings:
        host.warn(text)
    result.update(draft.shows)
    _tell(result, draft, results(draft.units))
    result["handles"] = []
    try:
        draft.check()
    except EngineError:
        for unit in draft.units:
            unit.nothing_done()
        _tell(result, draft, results(draft.units))
        raise
    if host.check_mode:
        announce(host, view.client, effects_of_units(draft.units))
        return
    attempts = perform(
        draft,
        view.client,
        view.estate,
        deadline,
        at_once=host.params["at_once"],
        on_failure=host.params["on_failure"],
        wait=host.params["wait"],
        progress=host.progress,
    )
    for attempt in attempts:
        if not attempt.begun:
            attempt.item.nothing_done()
    _tell(result, draft, results(draft.units, attempts))
    result["handles"] = handles(result["results"])
    failed = failure(attempts)
    if failed is not None:
        raise failed


def _tell(result: dict[str, Any], draft: Draft, results: list[dict[str, Any]]) -> None:
    result["results"] = results
    result["changed"] = any(item["changed"] for item in results)
    result["diff"] = diff.of_several(draft.units)


def _exit(host: Host, draft: Draft, result: dict[str, Any], not_yet: Sequence[str]) -> NoReturn:
    for text in dict.fromkeys(text for unit in draft.units for text in unit.outcome.warnings):
        host.warn(text)
    if "diff" in result:
        result["diff"] = diff.standing_on(result["diff"], not_yet)
    end(host, result)


def _shown(resource: Resource, outcome: Outcome, not_yet: Sequence[str] = ()) -> dict[str, Any]:
    last = outcome.steps[-1] if outcome.steps else {}
    return {
        "changed": outcome.changed,
        "id": outcome.id,
        resource.kind: outcome.after or {},
        "before": outcome.before or {},
        "after": outcome.after or {},
        "diff": diff.standing_on(diff.of_one(outcome), not_yet),
        "steps": outcome.steps,
        "effects": outcome.effects,
        "correlation_id": last.get("correlation_id"),
        "job": last.get("job"),
    }
