# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the next run makes of work that was killed in its middle: it goes on from there, and asks for nothing twice."""
from __future__ import annotations

import re
from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

NIC = {"network": "stage", "replug": True}


class Killed(BaseException):
    """Nobody catches it, like a signal."""


def kill_before(estate: Estate, method: str, pattern: str, nth: int = 1) -> None:
    """Kills the run that is about to send its nth request of that sort."""
    seen = 0

    def before(verb: str, path: str) -> None:
        nonlocal seen
        seen += verb == method and re.search(pattern, path) is not None
        if seen == nth and verb == method:
            raise Killed(path)

    estate.line.before = before


def kill_after(estate: Estate, method: str, pattern: str) -> None:
    """Kills the run when the engine has carried out such a request, before the answer is read."""

    def after(verb: str, path: str) -> None:
        if verb == method and re.search(pattern, path):
            raise Killed(path)

    estate.line.after = after


def calm(estate: Estate) -> None:
    estate.line.before = estate.line.after = lambda method, path: None


def accepted(estate: Estate, method: str, pattern: str) -> int:
    return sum(verb == method and re.search(pattern, path) is not None for verb, path in estate.line.writes)


@pytest.fixture
def estate() -> Estate:
    made = Estate()
    for name in (*ESTATE, "network"):
        made.made(*STAGE[name])
    made.carry("stage")
    made.made("vm", {"name": "stage", "cluster": "stage", "os": {"boot_devices": ["network"]}, "nics": [{"name": "nic1", "vnic_profile": "stage"}]})
    made.line.writes.clear()
    return made


def nic(estate: Estate) -> tuple[str, bool]:
    (found,) = estate.info("nic", {"vm": "stage"})["nics"]
    return found["vnic_profile"]["name"], found["plugged"]


@pytest.mark.parametrize("state", ["enabled", "disabled"])
def test_a_nic_that_was_unplugged_for_mirroring_is_plugged_by_the_next_run(estate: Estate, state: str) -> None:
    listeners = [{"vm": "stage", "nic": "nic1"}]
    if state == "disabled":
        assert not estate.operate("port_mirroring", {**NIC, "listeners": listeners}).get("failed")
    estate.made("vm", {"name": "stage", "state": "running"})
    options = {**NIC, "listeners": listeners, "state": state}
    kill_before(estate, "PUT", "/nics/", nth=2)
    with pytest.raises(Killed):
        estate.operate("port_mirroring", options)
    calm(estate)
    assert nic(estate)[1] is False
    again = estate.operate("port_mirroring", options)
    assert again["changed"] and not again.get("failed"), again.get("msg")
    assert nic(estate) == ("stage_mirror" if state == "enabled" else "stage", True)
    assert not estate.operate("port_mirroring", options)["changed"]


def test_a_nic_that_could_not_be_changed_is_plugged_again_as_it_was(estate: Estate, tmp_path: Any) -> None:
    estate.made("vm", {"name": "stage", "state": "running"})
    real, count = estate.engine.handle, 0

    def handle(request: Any) -> Any:
        nonlocal count
        if request.method == "PUT" and "/nics/" in request.target:
            count += 1
            if count == 2:
                request.body = request.body.replace(b'"plugged": true', b'"plugged": true, "interface": "pci_passthrough"')
        return real(request)

    estate.engine.handle = handle  # type: ignore[method-assign]
    failed = estate.operate("port_mirroring", {**NIC, "listeners": [{"vm": "stage", "nic": "nic1"}]})
    assert failed["failed"] and "doesn't match the profile" in failed["msg"] and "The NIC is plugged again, on the profile that it had." in failed["msg"]
    assert nic(estate) == ("stage", True)


def test_a_snapshot_that_is_being_made_is_waited_for(estate: Estate) -> None:
    options = {"vms": ["stage"], "description": "nightly"}
    kill_after(estate, "POST", "/snapshots$")
    with pytest.raises(Killed):
        estate.operate("snapshot_group", options)
    calm(estate)
    planned = estate.operate("snapshot_group", options, check=True)
    assert not planned["changed"] and [one["action"] for one in planned["results"]] == ["wait"]
    again = estate.operate("snapshot_group", options)
    assert not again.get("failed") and not again["changed"], again.get("msg")
    (found,) = [one for one in estate.info("snapshot", {"vm": "stage"})["snapshots"] if one["type"] == "regular"]
    assert found["status"] == "ok" and accepted(estate, "POST", "/snapshots$") == 1


@pytest.mark.parametrize(
    ("state", "request_sent", "status"),
    [("previewed", "/previewsnapshot$", "in_preview"), ("undone", "/undosnapshot$", "ok"), ("committed", "/commitsnapshot$", "ok")],
)
def test_a_preview_is_not_begun_or_ended_twice(estate: Estate, state: str, request_sent: str, status: str) -> None:
    options = {"vm": "stage", "description": "then"}
    estate.made("snapshot", options)
    if state != "previewed":
        estate.made("snapshot", {**options, "state": "previewed"})
    estate.line.writes.clear()
    kill_after(estate, "POST", request_sent)
    with pytest.raises(Killed):
        estate.run("snapshot", {**options, "state": state})
    calm(estate)
    again = estate.run("snapshot", {**options, "state": state})
    assert not again.get("failed"), again.get("msg")
    assert again["snapshot"]["status"] == status
    assert not estate.run("snapshot", {**options, "state": state})["changed"]
    estate.made("snapshot", {"vm": "stage", "description": "after"} if state != "previewed" else {**options, "state": "undone"})


def test_a_merge_that_goes_on_is_waited_for(estate: Estate) -> None:
    options = {"vm": "stage", "description": "then"}
    estate.made("snapshot", options)
    kill_after(estate, "DELETE", "/snapshots/")
    with pytest.raises(Killed):
        estate.run("snapshot", {**options, "state": "absent"})
    calm(estate)
    again = estate.run("snapshot", {**options, "state": "absent"})
    assert not again.get("failed"), again.get("msg")
    assert [one["type"] for one in estate.info("snapshot", {"vm": "stage"})["snapshots"]] == ["active"]


def test_quotas_that_were_given_are_not_given_again(estate: Estate) -> None:
    for number in range(3):
        estate.made("vm", {"name": f"vm{number}", "cluster": "stage"})
    estate.made("quota", {"data_center": "stage", "name": "all"})
    options = {"data_center": "stage", "quota": "all", "quota_mode": "enabled", "at_once": 1}
    kill_before(estate, "PUT", "/vms/", nth=3)
    with pytest.raises(Killed):
        estate.operate("quota_enforcement", options)
    calm(estate)
    estate.line.writes.clear()
    again = estate.operate("quota_enforcement", options)
    assert not again.get("failed"), again.get("msg")
    assert accepted(estate, "PUT", "/vms/") == 2 and accepted(estate, "PUT", "/datacenters/") == 1
    assert not estate.operate("quota_enforcement", options)["changed"]


@pytest.mark.parametrize("state", ["maintenance", "unattached", "absent", "present"])
def test_a_domain_on_its_way_to_maintenance_is_waited_for(estate: Estate, state: str) -> None:
    estate.made("storage_domain", {"name": "law", "data_center": "stage", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/law"}})
    estate.line.writes.clear()
    kill_after(estate, "POST", "/deactivate$")
    with pytest.raises(Killed):
        estate.run("storage_domain", {"name": "law", "state": "maintenance"})
    calm(estate)
    options = {"name": "law", "state": state, **({"format": True} if state == "absent" else {})}
    planned = estate.run("storage_domain", options, check=True)
    done = estate.run("storage_domain", options)
    assert not done.get("failed"), done.get("msg")
    assert planned["changed"] == (state in ("unattached", "absent")) and done["changed"] == (state != "maintenance")
    assert done["after"].get("status") == {"present": "active", "absent": None}.get(state, state)
    assert accepted(estate, "POST", "/deactivate$") == 1
    assert not estate.run("storage_domain", options)["changed"]


@pytest.mark.parametrize("state", ["maintenance", "absent"])
def test_a_host_on_its_way_to_maintenance_is_waited_for(estate: Estate, state: str) -> None:
    estate.made("host", {**STAGE["host"][1], "name": "other", "address": "192.0.2.11"})
    estate.line.writes.clear()
    kill_after(estate, "POST", "/deactivate$")
    with pytest.raises(Killed):
        estate.run("host", {"name": "other", "state": "maintenance"})
    calm(estate)
    done = estate.run("host", {"name": "other", "state": state, "force": True})
    assert not done.get("failed"), done.get("msg")
    assert accepted(estate, "POST", "/deactivate$") == 1
    assert not estate.run("host", {"name": "other", "state": state, "force": True})["changed"]


@pytest.mark.parametrize("force", [True, False])
def test_a_host_on_its_way_to_maintenance_is_switched_off_when_it_is_there(estate: Estate, force: bool) -> None:
    agent = {"type": "ipmilan", "address": "192.0.2.99", "username": "u", "password": "p"}
    estate.made("host", {**STAGE["host"][1], "name": "other", "address": "192.0.2.11", "fence_agents": [agent], "power_management": {"enabled": True}})
    kill_after(estate, "POST", "/deactivate$")
    with pytest.raises(Killed):
        estate.operate("host_power", {"hosts": ["other"], "state": "stopped", "force": True})
    calm(estate)
    done = estate.operate("host_power", {"hosts": ["other"], "state": "stopped", "force": force})
    assert not done.get("failed") and done["results"][0]["power"] == "off", done.get("msg")
    assert not estate.operate("host_power", {"hosts": ["other"], "state": "stopped", "force": force})["changed"]
