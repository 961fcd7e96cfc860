# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task took down it brings up again, now or in the next run, whatever came between."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import requests
from ansible_collections.virtops.ovirt.extensions.engine.http import Response
from in_process import Estate
from samples import ESTATE, STAGE

NO_ROOM = {
    "reason": "Operation Failed",
    "detail": "[Cannot run VM. There is no host that satisfies current scheduling constraints. See below for details:, "
    "The host stage did not satisfy internal filter Memory because its available memory is too low.]",
}
RESTART = {"on_running": "restart", "force": True}
# What restarts a VM, and how the task is said.
TASKS: dict[str, Callable[[Estate], dict[str, Any]]] = {
    "a change for the next start": lambda estate: estate.run("vm", {"name": "law", "boot_menu": True, **RESTART}),
    "a change that needs it down": lambda estate: estate.run("vm", {"name": "law", "cluster": "other", **RESTART}),
    "a smart card": lambda estate: estate.operate("smartcard", {"vms": ["law"], **RESTART}),
}


class Killed(BaseException):
    """Nobody catches it, like a signal."""


def on_start(estate: Estate, between: str) -> None:
    """What comes between the shutdown and the start."""

    def is_start(method: str, path: str) -> bool:
        return method == "POST" and path.endswith("/start")

    def before(method: str, path: str) -> None:
        if is_start(method, path) and between != "refused" and between != "500":
            raise Killed if between == "killed" else requests.exceptions.ConnectionError("reset by peer")

    def instead(method: str, path: str) -> Response | None:
        if not is_start(method, path) or between not in ("refused", "500"):
            return None
        headers = {"Content-Type": "application/json", "Correlation-Id": "x"}
        if between == "refused":
            return Response(409, headers, json.dumps(NO_ROOM).encode())
        return Response(500, {"Content-Type": "text/html"}, b"<html>Error</html>")

    estate.line.before, estate.line.instead = before, instead


def calm(estate: Estate) -> None:
    estate.line.before, estate.line.instead = lambda method, path: None, lambda method, path: None


def running() -> Estate:
    estate = Estate()
    for name in ESTATE:
        estate.made(*STAGE[name])
    estate.made("cluster", {"name": "other", "data_center": "stage", "cpu_type": "Intel Haswell Family"})
    estate.made("host", {**STAGE["host"][1], "name": "other", "address": "192.0.2.11", "cluster": "other"})
    disk = {"name": "system", "size": "1GiB", "storage_domain": "stage", "bootable": True}
    estate.made("vm", {"name": "law", "cluster": "stage", "graphics": ["spice"], "disks": [disk], "state": "running"})
    estate.clock.advance(6)
    estate.line.writes.clear()
    return estate


def status(estate: Estate) -> str:
    return str(estate.info("vm", {"name": ["law"], "fields": ["status"]})["vms"][0]["status"])


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("between", ["refused", "killed", "lost", "500"])
def test_a_vm_that_a_task_took_down_is_brought_up_by_the_next_run(task: str, between: str) -> None:
    estate = running()
    on_start(estate, between)
    if between == "killed":
        with pytest.raises(Killed):
            TASKS[task](estate)
    else:
        failed = TASKS[task](estate)
        assert failed["failed"], "the VM is down, and the task said ok"
        assert between != "refused" or "its available memory is too low" in failed["msg"], failed["msg"]
        again = TASKS[task](estate)
        assert again["failed"], "the VM is down still, and the next task said ok"
    calm(estate)
    assert status(estate) == "down"
    done = TASKS[task](estate)
    assert done["changed"] and not done.get("failed"), done.get("msg")
    assert status(estate) == "up"
    assert not TASKS[task](estate)["changed"]


def test_check_mode_tells_that_it_would_be_started() -> None:
    estate = running()
    on_start(estate, "refused")
    assert TASKS["a change for the next start"](estate)["failed"]
    calm(estate)
    estate.clock.advance(5)
    planned = estate.run("vm", {"name": "law", "boot_menu": True, **RESTART}, check=True)
    assert planned["diff"] == {"before": {"status": "down"}, "after": {"status": "up"}} and [step["says"] for step in planned["steps"]] == ["start VM law"]


def test_a_vm_that_somebody_else_took_down_stays_so() -> None:
    estate = running()
    estate.made("vm", {"name": "law", "state": "stopped", "force": True})
    for options in ({"boot_menu": True}, {"boot_menu": True}, {"description": "d"}):
        assert not estate.run("vm", {"name": "law", **options, **RESTART}).get("failed")
    assert status(estate) == "down"


def test_a_task_that_asks_for_no_restart_starts_nothing() -> None:
    estate = running()
    on_start(estate, "refused")
    assert TASKS["a change for the next start"](estate)["failed"]
    calm(estate)
    estate.made("vm", {"name": "law", "description": "d"})
    assert status(estate) == "down"
