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
