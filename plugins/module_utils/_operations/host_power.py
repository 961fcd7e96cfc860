# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The power of hosts, switched and asked through their fence agents.

The engine has another host of the data center ask the agents; the answer to ``fence_type: status`` is the power, or a failed action with a status of 200
(``BackendHostResource.fence``). It stops only hosts in maintenance, and starts only those that do not run (``StopVdsCommand``, ``StartVdsCommand``).
"""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Conflict, JobFailed, ServerError, ValidationError
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.apply import LOOKS_WITHIN_TOLD_TIME
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, ListOf, Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ACT, LOOK, Problem, Settle, State, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.host import deactivation

VERBS = {"started": ("start", "on"), "stopped": ("stop", "off"), "restarted": ("restart", "")}
"""By state: what the engine is told, and the power with which there is nothing to do."""
# A host that boots is non_responsive for as long as that takes.
RUNS = Settle(good=frozenset({"up", "maintenance"}), bad=frozenset({"install_failed", "non_operational", "error"}), lasts=60)
# Seconds that a refusal may last longer than the engine said.
TOLD_MARGIN = 5.0
STOPPED = Settle(good=frozenset({"down"}), bad=frozenset({"error"}))


def survey(view: View) -> Draft:
    draft = Draft()
    for text in view.options["hosts"]:
        reference = view.estate.reference("host", text)
        if reference["id"] not in [unit.item["id"] for unit in draft.units]:
            draft.units.append(_unit(view, view.estate.get(f"hosts/{reference['id']}") or reference))
    return draft


def _unit(view: View, host: Wire) -> Unit:
    title = f"host {host['name']}"
    unit = Unit(title, {"id": host["id"], "name": host["name"]}, Outcome(False, {}, {}))
    power, reason = _ask(view.client, host["id"])
    unit.shows = {"power": power, "status": host.get("status")}
    if power is None:
        hint = "Check its fence_agents and power_management.enabled (virtops.ovirt.host), and that another host of its data center is up."
        unit.problems = [Problem(f"The power of {title} cannot be asked for: {reason}", hint)]
    elif view.state in VERBS and power != VERBS[view.state][1]:
        _switch(view, unit, host, power)
    elif view.state == "started" and host.get("status") not in RUNS.good:
        # It boots already, begun by a run that was killed.
        unit.steps = [Step(LOOK, f"wait until {title} is up", f"hosts/{host['id']}", settle=RUNS)]
    return unit


def _switch(view: View, unit: Unit, host: Wire, power: str) -> None:
    verb, works, leaving = VERBS[view.state][0], host.get("status") == "up", host.get("status") == "preparing_for_maintenance"
    vms = int(dig(host, "summary.total") or 0)
    steps = []
    if (works or leaving) and verb in ("stop", "restart"):
        if leaving or view.options.get("force"):
            rest = deactivation(unit.title, f"hosts/{host['id']}", view.options.get("reason"), host.get("status"))
            steps.append(rest if view.options.get("force") else replace(rest, instead=None))
        elif verb == "stop" or vms:
            runs = f" and runs {vms} VMs" if vms else ""
            unit.problems = [Problem(f"{unit.title} is up{runs}.", "Bring it to maintenance first, or set force: true to have that done.")]
    settle = STOPPED if verb == "stop" else RUNS
    steps.append(Step(ACT, f"{verb} {unit.title}", f"hosts/{host['id']}", verb="fence", body={"fence_type": verb}, settle=settle, slow=True))
    before, after = ({"restarted": False}, {"restarted": True}) if verb == "restart" else ({"power": power}, {"power": VERBS[view.state][1]})
    unit.outcome = Outcome(True, before, after, steps=[{"do": step.do, "says": step.says} for step in steps])
    unit.shows = {**unit.shows, "power": "off" if verb == "stop" else "on"}

    def carry_out(hands: Hands) -> None:
        hands.do(*steps)
        if hands.wait:
            now = hands.estate.get(f"hosts/{host['id']}") or {}
            unit.shows = {"power": _ask(hands.client, host["id"])[0], "status": now.get("status")}

    unit.work = carry_out


def _ask(client: Client, identifier: str) -> tuple[str | None, str]:
    """``on`` or ``off``; or None, and why nobody knows. A refusal that says how long it lasts is waited out."""
    deadline = None
    while True:
        try:
            answer = client.act(f"hosts/{identifier}", "fence", {"fence_type": "status"})
            break
        except (Conflict, JobFailed, ServerError, ValidationError) as error:
            if error.retry_in is None or (deadline is not None and deadline.passed):
                return None, error.message
            deadline = deadline or client.clock.deadline(error.retry_in + TOLD_MARGIN)
            client.clock.sleep(min(max(1.0, error.retry_in / LOOKS_WITHIN_TOLD_TIME), deadline.left))
    power = str(dig(answer, "power_management.status") or "")
    return (power, "") if power in ("on", "off") else (None, f"its fence agents say {power or 'nothing'}.")


HOST_POWER = Operation(
    name="host_power",
    summary="Ask for and switch the power of hosts",
    about=(
        "Asks for the power of hosts through their fence agents, switches it on and off, and restarts hosts.",
        "Each host is asked before the first one is switched, in check mode, too; one that cannot be asked fails the task with the engine's reason.",
        "The agents are those of O(virtops.ovirt.host#module:fence_agents). The engine asks them through another host of the data center that is up.",
    ),
    options=(
        ListOf("hosts", "Hosts, by name or id.", each=Text("name", ""), needed=True),
        Bool("force", "With O(state=stopped) and O(state=restarted), whether a host that is up is brought to maintenance first; its VMs are migrated away."),
        Text("reason", "Reason of that maintenance, for the engine's log."),
    ),
    states=(
        State("tested", "Its power can be asked for. Nothing is changed."),
        State("started", "It is on. One that was off is started and waited for until it is up, or in maintenance."),
        State("stopped", "It is off. It has to be in maintenance, or O(force) be true."),
        State("restarted", "It is restarted, every time. While VMs run on it that is an error, unless O(force) is true."),
    ),
    survey=survey,
    returned=(
        Text("name", "Name of the host."),
        Enum("power", "Whether it is on, as its agents say.", choices=("on", "off")),
        Text("status", "Status of the host in the engine."),
    ),
    seealso=("host",),
)
