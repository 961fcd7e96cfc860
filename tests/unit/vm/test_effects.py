# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each option reaches a VM that runs: what is foretold, what the engine makes of it, and what there is after the next start.

The effects are those of a real engine of 4.5, seen one option at a time.
"""
from __future__ import annotations

from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

GIB = 1024 ** 3
FRESH = {
    "name": "law", "cluster": "stage", "memory": "2GiB", "memory_max": "8GiB", "memory_guaranteed": "1GiB", "cpu": {"sockets": 2, "cores": 2},
    "os": {"type": "rhel_9x64"}, "bios_type": "q35_ovmf", "graphics": ["vnc"], "high_availability": {"enabled": True, "resume_behaviour": "kill"},
    "disks": [{"name": "system", "size": "1GiB", "storage_domain": "stage", "bootable": True}],
}
Row = tuple[str, dict[str, Any]]
LIVE: list[Row] = [
    ("description", {"description": "other"}),
    ("comment", {"comment": "other"}),
    ("memory_guaranteed", {"memory_guaranteed": "1536MiB"}),
    ("cpu.profile", {"cpu": {"profile": "law"}}),
    ("os.type", {"os": {"type": "rhel_8x64"}}),
    ("bios_type", {"bios_type": "q35_sea_bios"}),
    ("console.disconnect_action", {"console": {"disconnect_action": "shutdown"}}),
    ("console.disconnect_action_delay", {"console": {"disconnect_action_delay": 5}}),
    ("console.allow_override", {"console": {"allow_override": True}}),
    ("console.soundcard", {"console": {"soundcard": False}}),
    ("console.single_sign_on", {"console": {"single_sign_on": False}}),
    ("high_availability.enabled", {"high_availability": {"enabled": False}}),
    ("high_availability.priority", {"high_availability": {"priority": 50}}),
    ("high_availability.lease", {"high_availability": {"lease": "stage"}}),
    ("placement.affinity", {"placement": {"affinity": "user_migratable"}}),
    ("placement.hosts", {"placement": {"hosts": ["stage"]}}),
    ("migration.auto_converge", {"migration": {"auto_converge": True}}),
    ("migration.compressed", {"migration": {"compressed": "false"}}),
    ("migration.encrypted", {"migration": {"encrypted": True}}),
    ("migration.downtime", {"migration": {"downtime": 500}}),
    ("migration.policy", {"migration": {"policy": "Post-copy migration"}}),
    ("migration.parallel", {"migration": {"parallel": "custom", "connections": 4}}),
    ("delete_protected", {"delete_protected": True}),
    ("quota", {"quota": "law"}),
    ("tags", {"tags": ["law"]}),
    ("affinity_labels", {"affinity_labels": ["law"]}),
]
HOTPLUG: list[Row] = [
    ("memory", {"memory": "3GiB"}),
    ("cpu.sockets", {"cpu": {"sockets": 4}}),
]
NEXT_RUN: list[Row] = [
    ("memory_max", {"memory_max": "16GiB"}),
    ("ballooning", {"ballooning": False}),
    ("cpu.cores", {"cpu": {"cores": 4}}),
    ("cpu.threads", {"cpu": {"threads": 2}}),
    ("cpu.model", {"cpu": {"model": "Haswell-noTSX"}}),
    ("cpu.mode", {"cpu": {"mode": "host_passthrough"}}),
    ("cpu.shares", {"cpu": {"shares": 1024}}),
    ("cpu.pinning_policy", {"cpu": {"pinning_policy": "resize_and_pin_numa"}}),
    ("os.boot_devices", {"os": {"boot_devices": ["network", "hd"]}}),
    ("boot_menu", {"boot_menu": True}),
    ("machine_type", {"machine_type": "pc-q35-rhel9.4.0"}),
    ("compatibility_version", {"compatibility_version": "4.7"}),
    ("tpm", {"tpm": True}),
    ("graphics", {"graphics": ["spice"]}),
    ("console.smartcard", {"console": {"smartcard": True}}),
    ("console.keyboard_layout", {"console": {"keyboard_layout": "de"}}),
    ("console.file_transfer", {"console": {"file_transfer": False}}),
    ("console.copy_paste", {"console": {"copy_paste": False}}),
    ("console.usb", {"console": {"usb": True}}),
    ("console.serial", {"console": {"serial": True}}),
    ("console.video_type", {"console": {"video_type": "bochs"}}),
    ("rng", {"rng": {"source": "hwrng"}}),
    ("rng rate", {"rng": {"source": "urandom", "bytes": 100, "period": 1000}}),
    ("virtio_scsi", {"virtio_scsi": False}),
    ("virtio_scsi_multi_queues", {"virtio_scsi_multi_queues": True}),
    ("multi_queues", {"multi_queues": False}),
    ("io_threads", {"io_threads": 2}),
    ("high_availability.resume_behaviour", {"high_availability": {"resume_behaviour": "leave_paused"}}),
    ("stateless", {"stateless": True}),
    ("start_paused", {"start_paused": True}),
    ("time_zone", {"time_zone": "Europe/Berlin"}),
    ("serial_number", {"serial_number": {"policy": "custom", "value": "abc"}}),
    ("custom_properties", {"custom_properties": {"sap_agent": "true"}}),
    ("type", {"type": "desktop"}),
    ("memory less", {"memory": "1GiB"}),
]


def running(**more: Any) -> Estate:
    estate = Estate()
    for name in ESTATE:
        estate.made(*STAGE[name])
    client = estate.client()
    cluster = estate.info("cluster", {"name": "stage"})["clusters"][0]
    client.create(f"clusters/{cluster['id']}/cpuprofiles", {"name": "law"})
    client.create("tags", {"name": "law"})
    client.create("affinitylabels", {"name": "law"})
    estate.made("quota", {"data_center": "stage", "name": "law"})
    made = estate.made("vm", {**FRESH, **more, "state": "running"})
    assert made["after"]["status"] == "up"
    estate.clock.advance(6)  # until the guest and the console have been heard of
    estate.line.writes.clear()
    return estate


def part(shown: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    """What a result shows of the options, those inside an option included."""
    return {name: {inner: shown[name].get(inner) for inner in value} if isinstance(value, dict) and name != "custom_properties" else shown[name]
            for name, value in options.items()}


@pytest.mark.parametrize(("options", "effect"), [
    pytest.param(options, effect, id=name) for effect, rows in (("live", LIVE), ("hotplug", HOTPLUG), ("next_run", NEXT_RUN)) for name, options in rows
])
def test_a_change_of_a_running_vm(options: dict[str, Any], effect: str) -> None:
    estate = running()
    (option,) = options
    planned = estate.run("vm", {"name": "law", **options}, check=True)
    assert not planned.get("failed"), planned["msg"]
    assert planned["effects"] == {option: effect}
    assert estate.line.writes == []
    made = estate.run("vm", {"name": "law", **options})
    assert not made.get("failed"), made["msg"]
    assert made["changed"] and made["effects"] == {option: effect} and made["diff"] == planned["diff"]
    assert made["after"]["status"] == "up"
    # A console brings the video device that goes with it.
    along = {"console"} if option == "graphics" else set()
    assert set(made["after"]["pending"]) == ({option} | along if effect == "next_run" else set())
    assert planned["after"]["pending"] == made["after"]["pending"]
    assert bool(made["warnings"]) == (effect == "next_run"), made["warnings"]
    estate.line.writes.clear()
    again = estate.run("vm", {"name": "law", **options})
    assert not again["changed"] and not again.get("failed") and estate.line.writes == [], again["diff"]
    stopped = estate.run("vm", {"name": "law", "state": "stopped", "force": True})
    assert not stopped.get("failed"), stopped["msg"]
    estate.clock.advance(5)
    later = estate.run("vm", {"name": "law"})
    assert later["after"]["pending"] == {}
    assert part(later["after"], options) == part(made["after"], options)
    assert not estate.run("vm", {"name": "law", **options})["changed"]


DEVICES = {
    "disks": [*FRESH["disks"], {"name": "data", "size": "1GiB", "storage_domain": "stage"}],
    "nics": [{"name": "nic1", "network": "stage"}, {"name": "nic2", "network": "stage", "plugged": False}],
}


@pytest.mark.parametrize(("option", "elements", "effect"), [
    ("nics", [{"name": "nic1", "linked": False}], "live"),
    ("nics", [{"name": "nic1", "vnic_profile": ""}], "live"),
    ("nics", [{"name": "nic1", "plugged": False}], "hotplug"),
    ("nics", [{"name": "nic3", "network": "stage"}], "hotplug"),
    ("nics", [{"name": "nic2", "state": "absent"}], "hotplug"),
    ("nics", [{"name": "nic1", "state": "absent"}], "hotplug"),
    ("nics", [{"name": "nic2", "interface": "e1000"}], "live"),
    ("nics", [{"name": "nic1", "interface": "e1000"}], "needs_down"),
    ("nics", [{"name": "nic1", "mac": "02:00:00:00:00:01"}, {"name": "nic2", "linked": False}], "needs_down"),
    ("disks", [{"name": "data", "size": "2GiB"}], "live"),
    ("disks", [{"name": "data", "description": "d"}], "live"),
    ("disks", [{"name": "data", "active": False}], "hotplug"),
    ("disks", [{"name": "more", "size": "1GiB", "storage_domain": "stage"}], "hotplug"),
    ("disks", [{"name": "data", "state": "detached"}], "hotplug"),
    ("disks", [{"name": "data", "interface": "virtio"}], "needs_down"),
    ("disks", [{"name": "data", "read_only": True}], "needs_down"),
])
def test_a_change_of_what_is_plugged_into_a_running_vm(option: str, elements: list[dict[str, Any]], effect: str) -> None:
    estate = Estate()
    for name in (*ESTATE, "network"):
        estate.made(*STAGE[name])
    estate.carry("stage")
    estate.made("vm", {**FRESH, **DEVICES, "state": "running"})
    estate.line.writes.clear()
    options = {"name": "law", option: elements}
    if effect == "needs_down":
        refused = estate.run("vm", options)
        words = {"nics": "NIC", "disks": "disk"}[option]
        assert refused["failed"] and f"of VM law can only change while the VM is down, or the {words} is not plugged in." in refused["msg"]
        assert estate.line.writes == []
        options.update(on_running="restart", force=True)
    planned = estate.run("vm", options, check=True)
    done = estate.run("vm", options)
    assert not done.get("failed"), done["msg"]
    assert done["effects"] == planned["effects"] == {option: effect} and done["diff"] == planned["diff"] and done["warnings"] == []
    assert done["after"]["status"] == "up"
    assert not estate.run("vm", options)["changed"]


def test_what_waits_already_is_not_lost_by_the_next_change() -> None:
    estate = running()
    for options in ({"boot_menu": True}, {"tpm": True}, {"description": "other"}, {"memory": "1GiB"}, {"comment": "other"}, {"cpu": {"cores": 4}},
                    {"high_availability": {"priority": 50, "resume_behaviour": "leave_paused"}}):
        planned = estate.run("vm", {"name": "law", **options}, check=True)
        made = estate.run("vm", {"name": "law", **options})
        assert made["changed"] and not made.get("failed"), made["msg"]
        assert planned["after"]["pending"] == made["after"]["pending"]
    pending = made["after"]["pending"]
    assert set(pending) == {"boot_menu", "tpm", "memory", "cpu", "high_availability"}
    assert pending["cpu"] == {"running": {"cores": 2}, "next_run": {"cores": 4}}
    assert pending["memory"] == {"running": 2 * GIB, "next_run": GIB}
    assert made["after"]["description"] == "other" and made["after"]["high_availability"]["priority"] == 50
    estate.made("vm", {"name": "law", "state": "stopped", "force": True})
    after = estate.made("vm", {"name": "law", "state": "running"})["after"]
    assert after["boot_menu"] and after["tpm"] and after["memory"] == GIB and after["cpu"]["cores"] == 4 and after["pending"] == {}


def test_memory_and_sockets_that_cannot_be_plugged_in_wait() -> None:
    estate = running()
    made = estate.run("vm", {"name": "law", "description": "other", "memory": "2100MiB", "cpu": {"sockets": 1}})
    assert made["changed"] and not made.get("failed"), made["msg"]
    assert made["effects"] == {"description": "live", "memory": "next_run", "cpu": "next_run"}
    assert made["after"]["pending"] == {
        "memory": {"running": 2 * GIB, "next_run": 2100 * 1024 ** 2}, "cpu": {"running": {"sockets": 2}, "next_run": {"sockets": 1}},
    }
    assert [step["says"] for step in made["steps"]] == ["change description of VM law", "change memory, cpu of VM law"]


@pytest.mark.parametrize("options", [options for _name, options in NEXT_RUN[:3]])
def test_a_policy_decides_what_becomes_of_a_change_that_waits(options: dict[str, Any]) -> None:
    estate = running()
    refused = estate.run("vm", {"name": "law", "on_running": "fail", **options})
    assert refused["failed"] and f"{next(iter(options))} cannot change before its next start" in refused["msg"] and estate.line.writes == []
    planned = estate.run("vm", {"name": "law", "on_running": "restart", "force": True, **options}, check=True)
    restarted = estate.run("vm", {"name": "law", "on_running": "restart", "force": True, **options})
    assert planned["after"]["pending"] == {} and planned["diff"] == restarted["diff"]
    assert not restarted.get("failed"), restarted["msg"]
    assert restarted["after"]["status"] == "up" and restarted["after"]["pending"] == {}
    assert [step["do"] for step in restarted["steps"]] == ["update", "act", "act"]
    assert not estate.run("vm", {"name": "law", "on_running": "restart", "force": True, **options})["changed"]


@pytest.mark.parametrize("waits", [{}, {"tpm": True}])
@pytest.mark.parametrize("options", [{"boot_menu": True}, {}])
def test_a_reboot_brings_what_waits_and_check_mode_says_so(waits: dict[str, Any], options: dict[str, Any]) -> None:
    estate = running()
    estate.made("vm", {"name": "law", **waits})
    planned = estate.run("vm", {"name": "law", **options, "state": "restarted", "force": True}, check=True)
    made = estate.made("vm", {"name": "law", **options, "state": "restarted", "force": True})
    assert made["diff"] == planned["diff"] and made["after"]["pending"] == planned["after"]["pending"] == {} and made["warnings"] == []
    assert ("pending" in made["diff"]["after"]) == bool(waits)


def test_a_restart_that_a_killed_task_did_not_come_to_is_made_up_for() -> None:
    estate = running()
    estate.made("vm", {"name": "law", "boot_menu": True})
    planned = estate.run("vm", {"name": "law", "boot_menu": True, "on_running": "restart", "force": True}, check=True)
    assert planned["changed"] and planned["diff"]["before"] == {"pending": {"boot_menu": {"running": False, "next_run": True}}}
    assert planned["diff"]["after"] == {"pending": {}}
    done = estate.made("vm", {"name": "law", "boot_menu": True, "on_running": "restart", "force": True})
    assert done["diff"] == planned["diff"] and done["after"]["pending"] == {} and done["after"]["status"] == "up"
    assert not estate.run("vm", {"name": "law", "boot_menu": True, "on_running": "restart", "force": True})["changed"]


def test_a_cluster_changes_only_while_the_vm_is_down() -> None:
    estate = running()
    estate.made("cluster", {"name": "other", "data_center": "stage", "cpu_type": "Intel Haswell Family"})
    estate.line.writes.clear()
    refused = estate.run("vm", {"name": "law", "cluster": "other"})
    assert refused["failed"] and "cluster of VM law can only change while it is down. Use state: stopped, or on_running: restart." in refused["msg"]
    assert estate.line.writes == []
    stopped = estate.made("vm", {"name": "law", "cluster": "other", "state": "stopped", "force": True})
    assert stopped["after"]["cluster"]["name"] == "other" and stopped["after"]["status"] == "down"


@pytest.mark.parametrize(("waits", "back", "options"), [
    ({"memory": "1GiB"}, {"memory": "2GiB"}, {}),
    ({"memory": "1GiB"}, {"memory": "2GiB"}, {"description": "other"}),
    ({"cpu": {"cores": 4}}, {"cpu": {"cores": 2}}, {}),
    ({"cpu": {"sockets": 1}}, {"cpu": {"sockets": 2}}, {"comment": "other"}),
    ({"boot_menu": True}, {"boot_menu": False}, {}),
    ({"machine_type": "pc-q35-rhel9.4.0"}, {"machine_type": ""}, {}),
    ({"memory": "1GiB", "io_threads": 2}, {"memory": "2GiB"}, {}),
])
@pytest.mark.parametrize("on_running", ["next_run", "restart", "fail"])
def test_what_waits_is_taken_back(waits: dict[str, Any], back: dict[str, Any], options: dict[str, Any], on_running: str) -> None:
    estate = running()
    estate.made("vm", {"name": "law", **waits})
    wanted = {"name": "law", **back, **options, "on_running": on_running}
    planned = estate.run("vm", wanted, check=True)
    made = estate.run("vm", wanted)
    assert not made.get("failed"), made["msg"]
    assert made["effects"] == planned["effects"] == dict.fromkeys([*back, *options], "live") and made["warnings"] == []
    assert planned["after"]["pending"] == made["after"]["pending"]
    assert set(made["after"]["pending"]) == set(waits) - set(back) and made["after"]["status"] == "up"
    assert [step["do"] for step in made["steps"]] in (["update"], ["update", "update"])
    assert not estate.run("vm", wanted)["changed"]


@pytest.mark.parametrize(("wanted", "effect", "left"), [
    ("3GiB", "hotplug", None), ("1536MiB", "next_run", 1536 * 1024 ** 2), ("2100MiB", "next_run", 2100 * 1024 ** 2)])
def test_memory_is_measured_by_what_runs_while_another_size_waits(wanted: str, effect: str, left: int | None) -> None:
    estate = running()
    estate.made("vm", {"name": "law", "memory": "1GiB", "boot_menu": True})
    options = {"name": "law", "memory": wanted, "description": "other"}
    planned = estate.run("vm", options, check=True)
    made = estate.run("vm", options)
    assert not made.get("failed"), made["msg"]
    assert made["effects"] == planned["effects"] == {"memory": effect, "description": "live"}
    pending = made["after"]["pending"]
    assert planned["after"]["pending"] == pending
    assert pending.get("memory", {}).get("next_run") == left and pending["boot_menu"]["next_run"] is True
    assert not estate.run("vm", options)["changed"]


@pytest.mark.parametrize("waits", [{"memory": "1GiB"}, {"cpu": {"sockets": 1}}, {"cpu": {"sockets": 1, "cores": 4}}, {"memory": "1GiB", "cpu": {"sockets": 1}}])
def test_what_alone_waits_is_not_lost_by_another_change(waits: dict[str, Any]) -> None:
    estate = running()
    before = estate.made("vm", {"name": "law", **waits})["after"]["pending"]
    made = estate.made("vm", {"name": "law", "description": "other"})
    assert made["after"]["pending"] == before and made["after"]["description"] == "other"


def test_a_vm_that_is_down_has_no_effects_to_tell() -> None:
    estate = running()
    estate.made("vm", {"name": "law", "state": "stopped", "force": True})
    made = estate.made("vm", {"name": "law", "memory": "1GiB", "boot_menu": True})
    assert made["changed"] and made["effects"] == {} and made["warnings"] == []


def test_marks_go_back_as_results_show_them_and_an_empty_text_clears() -> None:
    estate = running()
    shown = estate.made("vm", {"name": "law", "tags": ["law"], "affinity_labels": ["law"]})["after"]
    again = {name: [str(one) for one in shown[name]] for name in ("tags", "affinity_labels")}
    assert not estate.made("vm", {"name": "law", "cluster": str(shown["cluster"]), **again})["changed"]
    cleared = estate.made("vm", {"name": "law", "tags": [""], "affinity_labels": ""})["after"]
    assert cleared["tags"] == cleared["affinity_labels"] == []
    refused = estate.run("vm", {"name": "law", "nics": [{"name": "nic1", "vnic_profile": "nosuch"}]})
    assert refused["failed"] and "there is no vNIC profile 'nosuch' in data center stage." in refused["msg"]
