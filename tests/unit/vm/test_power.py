# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every state from every status, what a killed task leaves behind, guests that do not listen, and the wait for a guest."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

VM: dict[str, Any] = {"name": "law", "cluster": "stage", "disks": [{"name": "system", "size": "1GiB", "storage_domain": "stage", "bootable": True}]}
REACHED_BY = {"down": [], "up": ["running"], "paused": ["paused"], "suspended": ["running", "suspended"]}
GONE = {"force": True, "remove_disks": True}
# From each status: what each state leads to, or the words in which it is refused.
LEADS: dict[str, dict[str, str]] = {
    "down": {
        "present": "down", "running": "up", "stopped": "down", "paused": "paused", "restarted": "up", "absent": "gone",
        "suspended": "only a VM that runs can be suspended", "reset": "only a VM that runs can be reset",
    },
    "up": {
        "present": "up", "running": "up", "stopped": "down", "suspended": "suspended", "restarted": "up", "reset": "up", "absent": "gone",
        "paused": "the engine can pause a VM only as it starts",
    },
    "paused": {
        "present": "paused", "running": "up", "stopped": "down", "paused": "paused", "restarted": "up", "absent": "gone",
        "suspended": "only a VM that runs can be suspended", "reset": "only a VM that runs can be reset",
    },
    "suspended": {
        "present": "suspended", "running": "up", "stopped": "down", "suspended": "suspended", "restarted": "up", "absent": "gone",
        "paused": "the engine can pause a VM only as it starts", "reset": "only a VM that runs can be reset",
    },
}


def staged(*, status: str = "down", faults: Path | None = None, **more: Any) -> Estate:
    if faults is not None:
        faults.write_text("[]", encoding="utf-8")
    estate = Estate(faults=faults)
    for name in (*ESTATE, "network"):
        estate.made(*STAGE[name])
    estate.carry("stage")
    for state in ["present", *REACHED_BY[status]]:
        made = estate.made("vm", {**VM, **more, "state": state})
    assert made["after"]["status"] == status
    estate.clock.advance(6)
    estate.line.writes.clear()
    return estate


def verbs(estate: Estate) -> list[str]:
    return [path.rpartition("/")[2] for method, path in estate.line.writes if method == "POST"]


@pytest.mark.parametrize(("status", "state"), [(status, state) for status, states in LEADS.items() for state in states])
def test_a_state_from_a_status(status: str, state: str) -> None:
    estate, leads = staged(status=status), LEADS[status][state]
    options = {"name": "law", "state": state, "force": True, **({"remove_disks": True} if state == "absent" else {})}
    planned = estate.run("vm", options, check=True)
    done = estate.run("vm", options)
    if leads not in ("gone", *REACHED_BY):
        assert done["failed"] and leads in done["msg"] and planned["msg"] == done["msg"] and estate.line.writes == []
        return
    assert not done.get("failed"), done["msg"]
    assert done["changed"] == planned["changed"] == (leads != status or state in ("restarted", "reset"))
    assert done["diff"] == planned["diff"] and [step["says"] for step in done["steps"]] == [step["says"] for step in planned["steps"]]
    assert done["after"].get("status", "gone") == leads and planned["after"].get("status", "gone") == leads
    estate.line.writes.clear()
    again = estate.run("vm", options)
    assert again["changed"] == (state in ("restarted", "reset")) and not again.get("failed"), again.get("msg")


def test_removal_of_what_runs_has_to_be_allowed() -> None:
    for status in ("up", "paused", "suspended"):
        refused = staged(status=status).run("vm", {"name": "law", "state": "absent", "remove_disks": True})
        assert refused["failed"] and f"VM law is {status}. Bring it to state stopped first, or add force: true" in refused["msg"], refused["msg"]


# -- what a killed task leaves behind


@pytest.mark.parametrize(("status", "state", "between"), [("down", "running", "wait_for_launch"), ("up", "stopped", "powering_down"), ("up", "suspended", "up"),
                                                          ("suspended", "running", "wait_for_launch"), ("down", "paused", "wait_for_launch")])
def test_what_is_under_way_is_waited_for_and_not_begun_again(status: str, state: str, between: str) -> None:
    estate = staged(status=status)
    begun = estate.run("vm", {"name": "law", "state": state, "wait": False})
    assert begun["changed"] and begun["steps"][-1]["settled"] is False and begun["after"]["status"] == between
    if between == "up":
        estate.clock.advance(1)
    estate.line.writes.clear()
    adopted = estate.run("vm", {"name": "law", "state": state})
    assert not adopted["changed"] and not adopted.get("failed") and estate.line.writes == [], (adopted.get("msg"), estate.line.writes)
    assert adopted["after"]["status"] == {"running": "up", "stopped": "down"}.get(state, state)


def test_a_vm_that_is_still_being_made_is_waited_for() -> None:
    estate = staged()
    client = estate.client()
    vm = estate.run("vm", {"name": "law"})["id"]
    client.create("templates", {"name": "golden", "vm": {"id": vm}})
    estate.clock.advance(60)
    clone: dict[str, Any] = {"name": "copy", "cluster": "stage", "template": "golden", "clone": True}
    begun = estate.run("vm", {**clone, "wait": False})
    assert begun["changed"] and begun["after"]["status"] == "image_locked"
    estate.line.writes.clear()
    planned = estate.run("vm", {**clone, "state": "running", "tags": []}, check=True)
    adopted = estate.run("vm", {**clone, "state": "running", "tags": []})
    assert not adopted.get("failed"), adopted["msg"]
    assert verbs(estate) == ["start"] and adopted["after"]["status"] == "up" and planned["after"]["status"] == "up"
    assert adopted["after"]["template"]["name"] == "golden"
    waits = estate.run("vm", {**clone, "name": "other", "wait": False})
    assert waits["after"]["status"] == "image_locked"
    assert estate.run("vm", {**clone, "name": "other"})["after"]["status"] == "down"


def test_a_vm_that_is_being_saved_is_stopped_once_it_is() -> None:
    estate = staged(status="up")
    estate.made("vm", {"name": "law", "state": "suspended", "wait": False})
    estate.clock.advance(1)
    stopped = estate.run("vm", {"name": "law", "state": "stopped", "force": True})
    assert not stopped.get("failed") and stopped["after"]["status"] == "down", stopped.get("msg")


@pytest.mark.parametrize("status", ["paused", "suspended"])
@pytest.mark.parametrize(("state", "order"), [("running", ["start", "add NIC nic9 of"]), ("stopped", ["power off", "add NIC nic9 of"])])
def test_what_cannot_be_plugged_in_waits_until_it_can(status: str, state: str, order: list[str]) -> None:
    estate = staged(status=status)
    done = estate.run("vm", {"name": "law", "state": state, "force": True, "nics": [{"name": "nic9"}]})
    assert done["changed"] and not done.get("failed"), done["msg"]
    assert [step["says"].partition(" VM law")[0] for step in done["steps"]] == order
    assert not estate.run("vm", {"name": "law", "state": state, "force": True, "nics": [{"name": "nic9"}]})["changed"]


def test_a_stop_takes_up_what_waits_and_what_is_wanted_besides() -> None:
    estate = staged(status="up")
    estate.made("vm", {"name": "law", "boot_menu": True})
    options = {"name": "law", "state": "stopped", "force": True, "io_threads": 2}
    planned = estate.run("vm", options, check=True)
    done = estate.made("vm", options)
    assert done["diff"] == planned["diff"] and done["after"]["pending"] == {} and done["after"]["boot_menu"] and done["after"]["io_threads"] == 2
    assert [step["do"] for step in done["steps"]] == ["act", "update"]


# -- guests that do not listen


def test_a_guest_that_does_not_shut_down_is_powered_off_when_that_is_allowed(tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    estate = staged(status="up", faults=faults)
    faults.write_text(json.dumps([{"match": {"command": "ShutdownVm"}, "do": {"message": "no answer"}}]), encoding="utf-8")
    refused = estate.run("vm", {"name": "law", "state": "stopped", "grace_period": 30})
    assert refused["failed"] and "Could not shut down VM law within 30 s: it is powering_down; the guest has not shut down" in refused["msg"], refused["msg"]
    assert "force: true" in refused["msg"]
    begun = estate.clock.now()
    done = estate.run("vm", {"name": "law", "state": "stopped", "grace_period": 30, "force": True})
    assert done["changed"] and done["after"]["status"] == "down" and 30 <= estate.clock.now() - begun < 60, done.get("msg")
    assert verbs(estate) == ["shutdown", "stop"], "it was asked once"


@pytest.mark.parametrize("force", [False, True])
def test_a_guest_that_did_not_hear_is_asked_again_within_its_time(tmp_path: Path, force: bool) -> None:
    faults = tmp_path / "faults.json"
    estate = staged(status="up", faults=faults)
    faults.write_text(json.dumps([{"match": {"command": "ShutdownVm"}, "do": {"message": "no answer"}}]), encoding="utf-8")
    done = estate.run("vm", {"name": "law", "state": "stopped", "grace_period": 600, "force": force})
    assert not done.get("failed") and done["after"]["status"] == "down", done.get("msg")
    assert verbs(estate) == ["shutdown", "shutdown"]


def test_a_guest_that_ignored_the_shutdown_of_an_earlier_run_is_asked_again(tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    estate = staged(status="up", faults=faults)
    faults.write_text(json.dumps([{"match": {"command": "ShutdownVm"}, "do": {"message": "no answer"}}]), encoding="utf-8")
    assert estate.run("vm", {"name": "law", "state": "stopped", "grace_period": 5})["failed"]
    done = estate.run("vm", {"name": "law", "state": "stopped"})
    assert not done.get("failed") and done["after"]["status"] == "down", done.get("msg")
    assert verbs(estate) == ["shutdown", "shutdown"]


def test_a_restart_whose_start_is_refused_ends_at_once_with_the_reason() -> None:
    estate = staged(status="up")
    estate.made("host", {**STAGE["host"][1], "name": "other", "address": "192.0.2.11", "state": "maintenance"})
    estate.made("vm", {"name": "law", "placement": {"hosts": ["other"], "affinity": "pinned"}, "boot_menu": True})
    begun = estate.clock.now()
    failed = estate.run("vm", {"name": "law", "state": "restarted"})
    assert failed["failed"] and "Failed to run VM law due to a failed validation" in failed["msg"], failed["msg"]
    assert "goes on with it" not in failed["msg"] and estate.clock.now() - begun < 60, estate.clock.now() - begun


def test_no_grace_needs_force() -> None:
    estate = staged(status="up")
    refused = estate.run("vm", {"name": "law", "state": "stopped", "grace_period": 0})
    assert refused["failed"] and "grace_period is 0, which powers the VM off at once, and force is not true" in refused["msg"]
    assert estate.run("vm", {"name": "law", "state": "stopped", "grace_period": 0, "force": True})["changed"] and verbs(estate) == ["stop"]


# -- the guest

NIC = {"nics": [{"name": "nic1", "network": "stage"}]}


def test_the_guest_is_waited_for() -> None:
    estate = staged(**NIC)
    options = {"name": "law", "state": "running", "wait_for": {"guest_agent": True, "address_on": "stage", "address_family": "ipv4"}}
    planned = estate.run("vm", options, check=True)
    assert planned["changed"] and [step["do"] for step in planned["steps"]] == ["act", "look", "look"] and planned["after"]["addresses"] == []
    done = estate.run("vm", options)
    assert not done.get("failed"), done["msg"]
    after = done["after"]
    assert after["fqdn"] == "law.fake" and len(after["addresses"]) == 2
    assert after["guest_devices"] == [{"name": "eth0", "mac": after["nics"][0]["mac"], "network": "stage", "addresses": after["addresses"]}]
    assert after["consoles"] == [{"protocol": "vnc", "address": STAGE["host"][1]["address"], "port": 5900, "tls_port": None}]
    again = estate.run("vm", options)
    assert not again["changed"] and again["steps"] == []
    waited = estate.run("vm", {"name": "law", "wait_for": {"guest_agent": True}}, check=True)
    assert not waited["changed"] and waited["steps"] == []


def test_without_a_wait_nothing_is_waited_for() -> None:
    estate = staged(**NIC)
    done = estate.run("vm", {"name": "law", "state": "running", "wait": False, "wait_for": {"guest_agent": True}})
    assert done["changed"] and done["after"]["status"] == "wait_for_launch" and done["steps"][-1]["says"] == "start VM law"


@pytest.mark.parametrize(("nics", "wanted", "said"), [
    ([{"name": "nic1", "network": "stage", "linked": False}], {"address_on": "stage"}, "its NIC there is nic1 (56:6f:"),
    ([{"name": "nic1", "network": "stage", "linked": False}], {"address_on": "stage"}, ") with no address"),
    ([{"name": "nic1", "vnic_profile": ""}], {"address_on": "stage"}, "it has no NIC on that network"),
    ([{"name": "nic1", "network": "stage"}], {"address_on": "stage", "address_family": "ipv6"}, ") with 198.18."),
])
def test_a_wait_that_is_over_says_what_there_is(nics: list[dict[str, Any]], wanted: dict[str, Any], said: str) -> None:
    estate = staged(nics=nics)
    late = estate.run("vm", {"name": "law", "state": "running", "wait_for": wanted, "timeout": 60})
    assert late["failed"] and late["error"] == "TimedOut" and late["changed"]
    assert "address of VM law on network stage within 60 s: it is up; " in late["msg"] and said in late["msg"], late["msg"]


def test_an_agent_that_is_not_heard_of(tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    estate = staged(faults=faults, **NIC)
    faults.write_text(json.dumps([{"match": {"command": "ReportGuest"}, "do": {"message": "silence"}}]), encoding="utf-8")
    late = estate.run("vm", {"name": "law", "state": "running", "wait_for": {"guest_agent": True}, "timeout": 60})
    assert late["failed"] and "its guest agent has not reported" in late["msg"], late["msg"]
    late = estate.run("vm", {"name": "law", "wait_for": {"address_on": "stage"}, "timeout": 10})
    assert late["failed"] and not late["changed"] and "and its guest agent has not reported" in late["msg"], late["msg"]


@pytest.mark.parametrize(("state", "wanted", "said"), [
    ("present", {"guest_agent": True}, "wait_for needs a VM that runs, and VM law will not after this task"),
    ("stopped", {"address_on": "stage"}, "wait_for needs a VM that runs"),
    ("running", {"address_on": "nosuch"}, "There is no network 'nosuch'"),
])
def test_a_wait_that_cannot_end_is_refused(state: str, wanted: dict[str, Any], said: str) -> None:
    estate = staged()
    refused = estate.run("vm", {"name": "law", "state": state, "wait_for": wanted})
    assert refused["failed"] and said in refused["msg"] and estate.line.writes == []


def test_a_run_once_leaves_the_configuration_alone() -> None:
    estate = staged(os={"boot_devices": ["hd"]})
    once = {"boot_devices": ["cdrom", "hd"], "stateless": True, "host": "stage", "initialize": "cloud_init"}
    started = estate.run("vm", {"name": "law", "state": "running", "run_once": once})
    assert started["changed"] and not started.get("failed"), started.get("msg")
    wire = estate.client().get(f"vms/{started['id']}")
    assert wire["run_once"] == "true" and wire["os"]["boot"]["devices"]["device"] == ["cdrom", "hd"]
    assert not estate.run("vm", {"name": "law", "state": "running", "run_once": once})["changed"]
    stopped = estate.made("vm", {"name": "law", "state": "stopped", "force": True})
    assert stopped["after"]["os"]["boot_devices"] == ["hd"] and not stopped["after"]["stateless"]


def test_a_template_by_name_is_the_newest_version_and_stays_what_it_was() -> None:
    estate = staged()
    client = estate.client()
    vm = estate.run("vm", {"name": "law"})["id"]
    first = client.create("templates", {"name": "golden", "vm": {"id": vm}})["id"]
    estate.clock.advance(60)
    assert estate.made("vm", {"name": "one", "cluster": "stage", "template": "golden"})["after"]["template"] == {"id": first, "name": "golden"}
    second = client.create("templates", {"name": "golden", "vm": {"id": vm}, "version": {"base_template": {"id": first}, "version_name": "second"}})["id"]
    estate.clock.advance(60)
    assert estate.made("vm", {"name": "two", "cluster": "stage", "template": "golden"})["after"]["template"]["id"] == second
    assert not estate.run("vm", {"name": "one", "cluster": "stage", "template": "golden"})["changed"]
    old = {"name": "three", "cluster": "stage", "template": "golden", "template_version": 1}
    assert estate.made("vm", old)["after"]["template"]["id"] == first and not estate.run("vm", old)["changed"]
    assert "cannot be changed" in estate.run("vm", {"name": "two", "template": "golden", "template_version": 1})["msg"]
    assert "cannot be changed" in estate.run("vm", {"name": "two", "template": first})["msg"]
    assert "template golden has no version 7. It has 1, 2." in estate.run("vm", {**old, "name": "four", "template_version": 7})["msg"]
