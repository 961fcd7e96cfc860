# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Power of a VM: what leads from one status to another, and what can wait or be forced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import NEEDS_DOWN, NEXT_RUN, Bool, Enum, Group, Int, ListOf, Ref, Text, Wire
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    ACT,
    LOOK,
    PRESENT,
    Problem,
    Settle,
    Situation,
    State,
    Step,
    Work,
)

UP = frozenset({"up"})
STARTING = frozenset({"wait_for_launch", "powering_up", "restoring_state", "reboot_in_progress", "migrating"})
LAUNCHING = frozenset({"wait_for_launch", "powering_up"})
STOPPING = frozenset({"powering_down", "saving_state"})
ACTIVE = UP | STARTING | frozenset({"paused", "powering_down"})
# After a start the status may be "down" for a moment before it is "wait_for_launch".
STARTED = Settle(good=UP, bad=frozenset({"down"}), lasts=5)
# A reboot is a cold one where a configuration waits for the next start: the VM is down until the engine has started it again.
REBOOTED = Settle(good=UP, bad=frozenset({"down"}), lasts=120, laments=frozenset({54, 9612, 9613}))
STOPPED = Settle(good=frozenset({"down"}), decides=True)
"""The engine's job of it may fail at the memory of a suspended VM, which a snapshot needs."""
SHUT_DOWN = replace(STOPPED, tells=lambda wire: "the guest has not shut down, and force: true would power it off")
SUSPENDED = Settle(good=frozenset({"suspended"}), bad=frozenset({"down"}))
PAUSED = Settle(good=frozenset({"paused"}), bad=frozenset({"down"}), lasts=5)

RESTARTS = "virtops.ovirt restarts it."
"""The reason that a task gives for taking down what it is to start again. The engine shows it as ``stop_reason`` until the next start, so that the run after
one that was killed, or whose start was refused, tells this VM from one that somebody else has taken down."""

RUNNING_STATE = State("running", "It exists and runs; a suspended or paused one goes on.")
STOPPED_STATE = State("stopped", "It exists and is down. The guest is asked first and has O(grace_period) to comply; then O(force) decides.")
SUSPENDED_STATE = State("suspended", "It exists and its memory is kept on storage. Needs a VM that runs.")
PAUSED_STATE = State("paused", "It exists and has been started, with its processors halted. Needs a VM that is down, or paused already.")
RESTARTED_STATE = State("restarted", "It is rebooted, or started when it was down. This is done every time.")
RESET_STATE = State("reset", "It is reset as by the button, without asking the guest. This is done every time, and needs a VM that runs.")
ABSENT_STATE = State("absent", "It does not exist.", exists=False)
STATES = (PRESENT, RUNNING_STATE, STOPPED_STATE, SUSPENDED_STATE, PAUSED_STATE, RESTARTED_STATE, RESET_STATE, ABSENT_STATE)

RUN_ONCE = Group(
    "run_once",
    "What differs from its configuration in the run that this task starts; it is forgotten when the VM stops.",
    fields=(
        ListOf(
            "boot_devices", "Devices to boot from.", path="os.boot.devices.device", each=Enum("device", "", choices=("hd", "cdrom", "network")), ordered=True
        ),
        Text("cdrom", "Id of an ISO image (or its file name on an ISO domain) in the CD drive.", path="cdrom"),
        Ref("host", "Host to start on, by name or id.", path="host", to="host"),
        Text("kernel", "Path of a kernel to boot directly.", path="os.kernel"),
        Text("initrd", "Path of the initial RAM disk.", path="os.initrd"),
        Text("cmdline", "Kernel command line.", path="os.cmdline"),
        Bool("stateless", "Whether what the guest writes is thrown away at the end of the run.", path="stateless"),
        Enum(
            "initialize",
            "Force the first boot configuration to be applied in this run, in this form.",
            path="initialize",
            choices=("cloud_init", "sysprep", "ignition"),
        ),
    ),
)

POWER_ARGUMENTS = (
    Int(
        "grace_period",
        "Seconds the guest has to shut down before O(force) decides. V(0) pulls the plug at once, and needs O(force=true). 300 when it is left out.",
        least=0,
    ),
    Bool("force", "Whether a guest that does not shut down in time is powered off, and whether O(state=absent) may stop a VM that runs."),
    RUN_ONCE,
    Enum(
        "on_running",
        (
            "What happens when a change cannot reach a VM that runs (see V(effects) in the result).",
            "V(next_run) keeps it for the next start, V(restart) stops and starts the VM, "
            "V(fail) fails before anything is written. V(next_run) when it is left out.",
        ),
        choices=("next_run", "restart", "fail"),
    ),
)


def runs(situation: Situation) -> bool:
    return (situation.current or {}).get("status") in ACTIVE


def will_run(situation: Situation) -> bool:
    """Whether it is up once the task is done."""
    return situation.state.name in ("running", "restarted", "reset") or situation.state.name == "present" and runs(situation)


def late(situation: Situation) -> list[str]:
    """Options whose change cannot reach the VM as it runs."""
    if not runs(situation):
        return []
    return [change.option for change in situation.changes() if change.effect in (NEXT_RUN, NEEDS_DOWN)]


def waiting(situation: Situation) -> list[str]:
    """Options that are as wanted, but wait for the next start, as a task leaves them that ended before the restart it was to make."""
    if not runs(situation):
        return []
    changed = {change.option for change in situation.changes()}
    return [option for option in (situation.current or {}).get("pending", {}) if option in situation.wanted and option not in changed]


def taken_down(vm: Wire | None) -> bool:
    """Whether a task has taken it down for a restart, and not brought it up again."""
    return vm is not None and vm.get("status") == "down" and vm.get("stop_reason") == RESTARTS


def power_rules(situation: Situation) -> Iterator[Problem]:
    status = (situation.current or {}).get("status")
    name, wanted = situation.state.name, situation.wanted
    if situation.current is None:
        if name in ("suspended", "reset"):
            yield Problem(f"{situation.title} does not exist, so it cannot be {name}.", "Bring it to state running first.")
        return
    if name == "suspended" and status in ("down", "paused"):
        yield Problem(f"{situation.title} is {status}; only a VM that runs can be suspended.", "Bring it to state running first.")
    if name == "paused" and status in UP | STARTING - LAUNCHING | {"suspended"}:
        yield Problem(f"{situation.title} is {status}; the engine can pause a VM only as it starts.", "Use suspended, or stop it first.")
    if name == "reset" and status not in UP | STARTING:
        yield Problem(f"{situation.title} is {status}; only a VM that runs can be reset.", "Use restarted or running.")
    if name == "stopped" and wanted.get("grace_period") == 0 and not wanted.get("force") and status in ACTIVE:
        yield Problem("grace_period is 0, which powers the VM off at once, and force is not true.", "Add force: true, or give the guest some time.")
    behind = late(situation) if situation.state.exists and name != "stopped" else []
    if behind and wanted.get("on_running") == "fail":
        yield Problem(
            f"{situation.title} runs, and {', '.join(behind)} cannot change before its next start.", "Use on_running: restart or next_run, or leave them out."
        )
    if name == "absent":
        yield from _removal(situation, status)


def _removal(situation: Situation, status: Any) -> Iterator[Problem]:
    current, wanted = situation.current or {}, situation.wanted
    if current.get("delete_protected"):
        yield Problem(f"{situation.title} is protected against deletion.", "Set delete_protected: false in a task of its own first.")
    if status not in ("down", "image_locked", "illegal") and not wanted.get("force"):
        yield Problem(f"{situation.title} is {status}.", "Bring it to state stopped first, or add force: true to have it powered off.")
    disks = [str(disk.get("name") or disk.get("id")) for disk in current.get("disks") or []]
    if disks and wanted.get("remove_disks") is None:
        yield Problem(
            f"{situation.title} has disks ({', '.join(disks)}), and nothing says what becomes of them.",
            "Set remove_disks to true to delete them, or to false to keep them.",
        )


def power_steps(work: Work, situation: Situation) -> None:
    """What brings the VM from its status to the wanted state, after it has been made or changed."""
    status = (situation.current or {"status": "down"}).get("status")
    status = "down" if status == "image_locked" else status
    name = situation.state.name
    if name == "present" or not situation.state.exists:
        return
    if name == "stopped":
        stop_steps(work, situation, status)
    elif name == "suspended" and status == "saving_state":
        _look(work, situation, "suspended", SUSPENDED)
    elif name == "suspended" and status != "suspended":
        _await(work, situation, status, STARTED)
        _act(work, situation, "suspend", "suspend", SUSPENDED, "suspended")
    elif name == "reset":
        _act(work, situation, "reset", "reset", STARTED, "up")
    elif name == "restarted" and status in UP | STARTING:
        _await(work, situation, status, STARTED)
        _act(work, situation, "reboot", "reboot", REBOOTED, "up", body={"force": True} if situation.wanted.get("force") else {})
        # A reboot is a cold one where a configuration waits.
        work.leads["pending"] = {}
    elif name in ("running", "restarted", "paused"):
        start_steps(work, situation, status)


def start_steps(work: Work, situation: Situation, status: Any) -> None:
    goal = "paused" if situation.state.name == "paused" else "up"
    settle = PAUSED if goal == "paused" else STARTED
    if status == goal:
        return
    if status in STARTING:
        _look(work, situation, goal, settle if goal == "up" else replace(PAUSED, bad=PAUSED.bad | UP))
        return
    if status in STOPPING:
        _await(work, situation, status, Settle(good=frozenset({"down", "suspended"})))
    _act(work, situation, "start", "start", settle, goal, body=start_body(situation, goal))


def stop_steps(work: Work, situation: Situation, status: Any, *, restarts: bool = False) -> None:
    """Ask the guest, then force it where that is allowed; a suspended or paused one has nobody to ask."""
    if status == "down":
        return
    wanted = situation.wanted
    grace = wanted.get("grace_period", 300)
    body = {"reason": RESTARTS} if restarts else {}
    plug = Step(ACT, f"power off {situation.title}", situation.own_path, verb="stop", body=body, settle=STOPPED)
    if status in ("saving_state", "restoring_state"):
        settled = frozenset({"suspended", "up", "down"})
        work.steps.append(Step(LOOK, f"see {situation.title} saved or restored", situation.own_path, settle=Settle(good=settled)))
        status = "suspended" if status == "saving_state" else "up"
    forced = plug if wanted.get("force") else None
    settle = STOPPED if forced else SHUT_DOWN
    if grace == 0 or status in ("suspended", "paused", "not_responding", "unknown"):
        work.steps.append(plug)
    else:
        work.steps.append(_shutdown(situation, status, body, settle, grace, forced))
    work.leads.update({"status": "down", "pending": {}})


def _shutdown(situation: Situation, status: Any, body: Wire, settle: Settle, grace: float, forced: Step | None) -> Step:
    """A guest that shows as up again has not heard; it is asked again, as long as it has time."""
    ask = Step(
        ACT,
        f"shut down {situation.title}",
        situation.own_path,
        verb="shutdown",
        body=body,
        settle=settle,
        within=grace,
        otherwise=forced,
        insists=lambda reason: True,
    )
    if status != "powering_down":
        return ask
    going = replace(settle, bad=UP, lasts=3)
    within = grace if forced else None
    return Step(LOOK, f"see {situation.title} go down", situation.own_path, settle=going, within=within, otherwise=forced, instead=ask)


def restart_steps(work: Work, situation: Situation) -> None:
    """Down and up again, for changes that wait for the next start."""
    stop_steps(work, situation, (situation.current or {}).get("status"), restarts=True)
    _act(work, situation, "start", "start", STARTED, "up", body=start_body(situation, "up"))


def start_body(situation: Situation, goal: str) -> dict[str, Any]:
    body: dict[str, Any] = {"pause": True} if goal == "paused" else {}
    once = situation.wanted.get("run_once")
    if not once:
        return body
    vm: dict[str, Any] = {}
    RUN_ONCE.write(vm, {name: value for name, value in once.items() if name not in ("cdrom", "host", "initialize")})
    if "cdrom" in once:
        vm["cdroms"] = {"cdrom": [{"file": {"id": once["cdrom"]}}]}
    if once.get("host"):
        vm["placement_policy"] = {"hosts": {"host": [{"id": once["host"]["id"]}]}}
    if once.get("initialize"):
        body[f"use_{once['initialize']}"] = True
    return {**body, "vm": vm} if vm else body


def _look(work: Work, situation: Situation, goal: str, settle: Settle) -> None:
    """What is under way already is only waited for."""
    work.steps.append(Step(LOOK, f"see {situation.title} {goal}", situation.own_path, settle=settle))
    work.leads["status"] = goal


def _await(work: Work, situation: Situation, status: Any, settle: Settle) -> None:
    if status in STARTING | STOPPING:
        work.steps.append(Step(LOOK, f"see {situation.title} {' or '.join(sorted(settle.good))}", situation.own_path, settle=settle))


def _act(work: Work, situation: Situation, verb: str, says: str, settle: Settle, leads: str, body: Any = None) -> None:
    work.steps.append(Step(ACT, f"{says} {situation.title}", situation.own_path, verb=verb, body=body or {}, settle=settle))
    work.leads["status"] = leads
