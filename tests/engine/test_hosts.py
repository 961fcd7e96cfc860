# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts as a client meets them: power management and networks, where the recordings show too little."""

from __future__ import annotations

from typing import Any

import pytest

from .test_machines_and_storage import Demo

AGENT = {"type": "ipmilan", "address": "10.1.1.9", "username": "admin", "password": "x", "order": 1}


@pytest.fixture
def demo(tmp_path):
    made = Demo(tmp_path / "rules.json")
    yield made
    made.engine.close()


class Host:
    """The second host of the demo, with a fence agent."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.path = f"hosts/{demo.ident('host', 'demo-host2')}"
        demo.ask("POST", f"{self.path}/fenceagents", AGENT, status=201)
        demo.ask("PUT", self.path, {"power_management": {"enabled": True}}, status=200)

    @property
    def status(self) -> str:
        return self.demo.ask("GET", self.path)["status"]

    def fence(self, kind: str, status: int = 200, **more: Any) -> Any:
        return self.demo.ask("POST", f"{self.path}/fence", {"fence_type": kind, **more}, status=status)

    def to_maintenance(self) -> None:
        self.demo.ask("POST", f"{self.path}/deactivate", {}, status=200)
        self.demo.wait()
        assert self.status == "maintenance"


def test_every_change_of_a_host_gives_its_fence_agents_new_ids(demo):
    host = Host(demo)
    before = demo.ask("GET", f"{host.path}/fenceagents")["agent"][0]["id"]
    demo.ask("PUT", host.path, {"comment": "x"}, status=200)
    after = demo.ask("GET", f"{host.path}/fenceagents")["agent"][0]
    assert after["id"] != before and after["address"] == AGENT["address"]
    demo.ask("DELETE", f"{host.path}/fenceagents/{before}", status=404)
    demo.ask("DELETE", f"{host.path}/fenceagents/{after['id']}", status=200)


def test_a_host_in_maintenance_stays_there_when_it_is_restarted(demo):
    host = Host(demo)
    host.to_maintenance()
    host.fence("restart")
    demo.wait()
    assert host.status == "maintenance"


def test_a_restart_may_end_in_maintenance(demo):
    host = Host(demo)
    host.fence("restart", maintenance_after_restart=True)
    demo.wait()
    assert host.status == "maintenance"


def test_a_stopped_host_starts_only_after_the_quiet_time(demo):
    host = Host(demo)
    host.to_maintenance()
    host.fence("stop")
    assert (host.status, host.fence("status")["power_management"]["status"]) == ("down", "off")
    demo.wait(20)
    said = host.fence("start", status=409)["fault"]["detail"]
    assert said == "[Another Power Management operation is still running, please retry in 160 Sec., Cannot start Host. Fence operation failed.]"
    demo.wait(161)
    host.fence("start")
    assert host.status == "reboot"
    demo.wait()
    assert host.status == "up"


def test_what_a_host_says_is_in_an_event_of_its_own(demo):
    vm = demo.ident("vm", "web1")
    demo.ask("POST", f"vms/{vm}/stop", {}, status=200)
    demo.wait()
    demo.faults({"match": {"command": "RunVm", "subject": "web1"}, "do": {"message": "internal error: no room left"}})
    demo.ask("POST", f"vms/{vm}/start", {}, status=400)
    (event,) = [row for row in demo.engine.store.table("event") if row["code"] == 10802]
    assert event["description"] == f"VDSM {event['host']['name']} command CreateBrokerVDS failed: internal error: no room left"
    assert event["correlation_id"] not in {row.get("correlation_id") for row in demo.engine.store.table("event") if row["code"] == 54}


def test_a_host_moves_into_a_cluster_of_an_old_level(demo):
    host = Host(demo)
    center = demo.ask("POST", "datacenters", {"name": "old", "local": False, "version": {"major": 4, "minor": 2}}, status=201)["id"]
    cluster = demo.ask("POST", "clusters", {"name": "old", "data_center": {"id": center}, "version": {"major": 4, "minor": 2},
                                            "cpu": {"type": "Intel Nehalem Family", "architecture": "x86_64"}}, status=201)["id"]
    host.to_maintenance()
    demo.ask("PUT", host.path, {"cluster": {"id": cluster}}, status=200)
    demo.ask("POST", f"{host.path}/activate", {}, status=200)
    demo.wait()
    found = demo.ask("GET", host.path)
    assert (found["status"], found["cpu"]["type"]) == ("up", "Intel Skylake Client IBRS SSBD MDS Family")


def test_a_host_stays_in_preparation_while_a_snapshot_is_made_on_it(demo):
    vm = demo.ident("vm", "web1")
    host = f"hosts/{demo.ask('GET', f'vms/{vm}')['host']['id']}"
    demo.ask("POST", f"vms/{vm}/snapshots", {"description": "s", "persist_memorystate": False}, status=201)
    demo.ask("POST", f"{host}/deactivate", {}, status=200)
    assert "Snapshot is currently being created" in demo.refused("POST", f"{host}/deactivate", {}, status=409)
    assert len(demo.events(602)) == 2
    demo.wait(60)
    assert demo.ask("GET", host)["status"] == "preparing_for_maintenance"
    demo.ask("POST", f"{host}/deactivate", {}, status=200)
    demo.wait()
    assert demo.ask("GET", host)["status"] == "maintenance"


def test_the_hosts_that_may_ask_the_agents_are_those_that_are_named(demo):
    host = Host(demo)
    named = {"power_management": {"pm_proxies": {"pm_proxy": [{"type": "other_dc"}]}}}
    assert demo.ask("PUT", host.path, named, status=200)["power_management"]["pm_proxies"] == {"pm_proxy": [{"type": "other_dc"}]}
    host.to_maintenance()
    assert "There is no other Host in the Data Center" in host.fence("restart", status=409)["fault"]["detail"]
    demo.ask("PUT", host.path, {"power_management": {"pm_proxies": {"pm_proxy": [{"type": "dc"}]}}}, status=200)
    host.fence("restart")
