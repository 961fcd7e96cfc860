# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a VM: what its areas change, in an order that the engine takes.

A PUT on a VM that runs replaces whatever waits for its next start: the engine lays the body over the running configuration, not over the waiting one.
With ``next_run=true`` it lays the body over the waiting one, and takes nothing at once. So what waits already is sent along with what takes effect
at once, and everything else goes with ``next_run=true``.
"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import HOTPLUG, LIVE, NEEDS_DOWN, NEXT_RUN, Wire
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._marks import MARKS, mark_steps
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    ACT,
    CREATE,
    LOOK,
    REMOVE,
    UPDATE,
    Settle,
    Situation,
    Step,
    Work,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import devices, display, hardware, parts, pending, power, reported

ELSEWHERE = frozenset({"nics", "disks", "graphics", "watchdog", "numa_nodes", "host_devices"}) | MARKS
"""Options that have requests of their own, and no place in the body of the VM."""

HOT_SET = ("memory", "cpu")
"""Options of which the engine would take back a part of a running VM, where less of it is wanted."""

HALTED = frozenset({"paused", "suspended"})
MADE = Settle(busy=frozenset({"image_locked"}))
"""Not ``down``: somebody else may have started it by then."""


def steps(situation: Situation) -> Work:
    work = Work()
    if not situation.state.exists:
        _remove(work, situation)
        return work
    work.warnings.extend(situation.facts.get("unplaced", ()))
    _locked(work, situation)
    late = power.late(situation)
    needs_down = display.needs_down(situation) or any(change.effect == NEEDS_DOWN for change in situation.changes())
    stays = situation.state.name in ("present", "running", "restarted")
    restart = stays and situation.wanted.get("on_running") == "restart" and bool(late or power.waiting(situation))
    status = (situation.current or {}).get("status")
    if restart and needs_down or situation.state.name == "stopped" and status in power.ACTIVE | HALTED and situation.changes():
        power.stop_steps(work, situation, status, restarts=restart)
        _configure(work, situation, running=False)
        if restart:
            power.start_steps(work, situation, "down")
    elif situation.state.name in ("running", "restarted") and status in HALTED and _plugs(situation) and not restart:
        # Nothing is plugged into a VM whose processors are halted.
        power.power_steps(work, situation)
        _configure(work, situation, running=True)
    else:
        _configure(work, situation, running=power.runs(situation))
        if restart:
            power.restart_steps(work, situation)
        elif stays and situation.wanted.get("on_running") == "restart" and power.taken_down(situation.wire):
            power.start_steps(work, situation, "down")
        else:
            power.power_steps(work, situation)
    if restart:
        work.leads["pending"] = {}
    elif late and "pending" not in work.leads:
        work.warnings.append(f"{situation.title} runs: {', '.join(late)} will change at its next start.")
    if situation.current is not None:
        for option, members in pending.with_what_comes_along(situation).items():
            work.follows[option] = situation.resource.field_of(option).merged(members, situation.current.get(option))
    if work.leads.get("status") == "down":
        work.follows.update(reported.AT_REST)
    if power.runs(situation) and "pending" not in work.leads:
        work.follows["pending"] = pending.foreseen(situation, _puts(situation, True))
    work.steps.extend(reported.wait_steps(situation))
    return work


def _plugs(situation: Situation) -> bool:
    return any(change.option in ("nics", "disks") for change in situation.changes())


def _locked(work: Work, situation: Situation) -> None:
    """A VM that is still being made, by a task that was killed for example, is waited for before anything is asked of it."""
    if (situation.current or {}).get("status") == "image_locked":
        work.steps.append(Step(LOOK, f"see {situation.title} unlocked", situation.own_path, settle=MADE))
        work.leads["status"] = "down"


def _configure(work: Work, situation: Situation, *, running: bool) -> None:
    if situation.current is None:
        step = create_step(situation)
        params = {"clone": "true"} if situation.wanted.get("clone") else {}
        work.steps.append(parts.learning(situation, Step(**{**vars(step), "params": params})))
        work.follows.update(parts.foreseen(situation))
        work.steps.extend(hardware.numa_steps(situation))
    else:
        work.steps.extend(hardware.host_device_steps(situation, gone=True))
        work.steps.extend(display.before(situation))
        requests = [_update_steps(situation, running), hardware.numa_steps(situation)]
        for part in reversed(requests) if hardware.less_room(situation) else requests:
            work.steps.extend(part)
    work.steps.extend(hardware.host_device_steps(situation, gone=False))
    born = parts.as_born(situation)
    work.steps.extend(devices.nic_steps(born))
    work.steps.extend(devices.disk_steps(born))
    work.steps.extend(display.after(situation))
    work.steps.extend(watchdog_steps(born))
    work.steps.extend(mark_steps(situation))


def _update_steps(situation: Situation, running: bool) -> Iterator[Step]:
    puts = _puts(situation, running)
    if running and _stuck(situation) and puts:
        yield _memory_back(situation)
    at_once = any(not later for _options, later in puts)
    for options, later in puts:
        yield _put(situation, list(options), later=later, along=_waiting(situation) if running and at_once and not later else None)


def _puts(situation: Situation, running: bool) -> list[pending.Put]:
    """One PUT; two where some of it takes effect at once, and the engine would try to take memory or processors from the guest."""
    changed = _changed(situation)
    if not changed:
        return []
    back = _taken_back(situation)
    at_once = [option for option, effect in changed.items() if effect in (LIVE, HOTPLUG) and option not in back]
    if not running:
        return [(list(changed), False)]
    if not at_once:
        return [(list(changed), True)]
    kept_back = [option for option in changed if option in HOT_SET and option not in at_once]
    first: pending.Put = ([option for option in changed if option not in kept_back], False)
    return [first, (kept_back, True)] if kept_back else [first]


def _changed(situation: Situation) -> dict[str, str | None]:
    """What the body of the VM has to say, and how that reaches it."""
    changed = {change.option: change.effect for change in situation.changes() if change.option not in ELSEWHERE}
    if display.plan(situation).body and "console" not in changed:
        changed["graphics"] = NEXT_RUN
    return changed


def _stuck(situation: Situation) -> bool:
    """The engine plugs no memory in while another size of it waits."""
    return _changed(situation).get("memory") == HOTPLUG and "memory" in (situation.current or {}).get("pending", {})


def _taken_back(situation: Situation) -> list[str]:
    """Changes that only take back what waits for the next start."""
    current = situation.current or {}
    taken = []
    for option in current.get("pending", {}):
        item = next((one for one in situation.resource.fields if one.option == option and option in situation.wanted), None)
        if item is not None and not item.same(situation.wanted[option], current.get(option)):
            if item.same(item.touched(situation.wanted[option], current.get(option)), reported.running(current, option)):
                taken.append(option)
    return taken


def _memory_back(situation: Situation) -> Step:
    body = {"memory": reported.running(situation.current or {}, "memory")}
    return Step(UPDATE, f"take back the memory that waits of {situation.title}", situation.own_path, body=body, params={"next_run": "true"})


def _put(situation: Situation, options: list[str], *, later: bool = False, along: Wire | None = None) -> Step:
    body = overlaid(along or {}, situation.resource.body(situation, options))
    shown = "graphics" in options or "console" in options
    if shown:
        body = display.write(body, situation)
    params = {"next_run": "true"} if later else {}
    leaves = display.left(situation) if shown and not later else ()
    return Step(UPDATE, f"change {', '.join(options)} of {situation.title}", situation.own_path, body=body, params=params, leaves=leaves)


def _waiting(situation: Situation) -> Wire:
    """The part of a body that keeps what waits for the next start already."""
    body: Wire = {}
    for option, values in (situation.current or {}).get("pending", {}).items():
        if option not in ELSEWHERE:
            situation.resource.field_of(option).write(body, values["next_run"])
            if option == "console":
                body = overlaid(body, display.waiting(values["next_run"]))
    return body


def overlaid(under: Wire, over: Wire) -> Wire:
    merged = dict(under)
    for name, value in over.items():
        both = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = overlaid(merged[name], value) if both else value
    return merged


def watchdog_steps(situation: Situation) -> Iterator[Step]:
    item = situation.resource.field_of("watchdog")
    wanted = situation.wanted.get("watchdog")
    current = (situation.current or {}).get("watchdog")
    if wanted is None or item.same(wanted, current):
        return
    base = f"{situation.own_path}/watchdogs"
    if not wanted:
        yield Step(REMOVE, f"remove the watchdog of {situation.title}", f"{base}/{situation.facts['watchdog_id']}")
    elif current is None:
        yield Step(CREATE, f"add a watchdog to {situation.title}", base, body={"model": "i6300esb", "action": "none", **wanted})
    else:
        yield Step(UPDATE, f"change the watchdog of {situation.title}", f"{base}/{situation.facts['watchdog_id']}", body=dict(wanted))


def _remove(work: Work, situation: Situation) -> None:
    if situation.current is None:
        return
    if situation.current.get("status") in power.ACTIVE | {"suspended"}:
        work.steps.append(Step(ACT, f"power off {situation.title}", situation.own_path, verb="stop", settle=power.STOPPED))
    keep = situation.current.get("disks") and situation.wanted.get("remove_disks") is False
    params = {"detach_only": "true"} if keep else {}
    work.steps.append(Step(REMOVE, f"remove {situation.title}", situation.own_path, params=params, settle=Settle(gone=True)))
