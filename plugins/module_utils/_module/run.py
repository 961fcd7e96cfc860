# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules' ``main`` calls. ``manage`` and ``inform`` do the same for any other host."""

from __future__ import annotations

from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._module.host import Host, ModuleHost
from ansible_collections.virtops.ovirt.plugins.module_utils._module.session import session
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import info_spec, state_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import Goal
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.look import look
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome, reconcile
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Resource


def run_state_module(resource: Resource) -> None:
    manage(resource, ModuleHost(state_spec(resource)))


def run_info_module(resource: Resource) -> None:
    inform(resource, ModuleHost(info_spec(resource)))


def manage(resource: Resource, host: Host) -> None:
    outcome = Outcome()
    with session(host, lambda: _shown(resource, outcome)) as client:
        goal = Goal.from_options(resource, host.params)
        deadline = client.clock.deadline(host.params["timeout"])
        with client.within(deadline):
            reconcile(goal, outcome, Estate(client), client, deadline, dry=host.check_mode, wait=host.params["wait"], progress=host.progress)
    for text in outcome.warnings:
        host.warn(text)
    host.exit(_shown(resource, outcome))


def inform(resource: Resource, host: Host) -> None:
    found: list[dict[str, Any]] = []
    with session(host, dict) as client:
        found = look(resource, host.params, Estate(client))
    host.exit({"changed": False, resource.many: found})


def _shown(resource: Resource, outcome: Outcome) -> dict[str, Any]:
    last = outcome.steps[-1] if outcome.steps else {}
    return {
        "changed": outcome.changed,
        "id": outcome.id,
        resource.kind: outcome.after or {},
        "before": outcome.before or {},
        "after": outcome.after or {},
        "diff": outcome.diff,
        "steps": outcome.steps,
        "effects": outcome.effects,
        "correlation_id": last.get("correlation_id"),
        "job": last.get("job"),
    }
