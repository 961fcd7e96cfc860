# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What requests cost with `--costs real`: by kind, two at a time, and nothing for others that wait."""
from __future__ import annotations

import pytest
import requests

import engine_process
from ansible_collections.virtops.ovirt.extensions.engine import costs
from ansible_collections.virtops.ovirt.extensions.engine.http import Request

API = "/ovirt-engine/api"


@pytest.mark.parametrize(
    ("method", "target", "seconds"),
    [
        ("GET", "/vms", 0.28),
        ("GET", "/vms?max=100", 0.10),
        ("GET", "/vms?follow=tags", 0.38),
        ("GET", "/vms?follow=nics,reported_devices,tags,cluster,disk_attachments", 1.1),
        ("GET", "/vms?follow=graphics_consoles", 6.6),
        ("GET", "/vms?search=name%3D%22web1%22&follow=graphics_consoles", 0.037),
        ("GET", "/disks", 0.015),
        ("GET", "/vms/0", 0.02),
        ("GET", "/vms/0/nics", 0.01),
        ("POST", "/vms", 0.165),
    ],
)
def test_kinds_of_requests(method: str, target: str, seconds: float) -> None:
    assert costs.of(Request(method, API + target), vms=300) == pytest.approx(seconds, rel=0.2)


def test_logging_in_is_free() -> None:
    assert costs.of(Request("POST", "/ovirt-engine/sso/oauth/token"), vms=300) == 0


def test_two_are_worked_on_at_a_time() -> None:
    processors = costs.Processors(lambda: 10.0)
    assert [processors.done_at(1.0) for _request in range(3)] == [11.0, 11.0, 12.0]


def test_an_engine_takes_that_time() -> None:
    with engine_process.running("--costs", "real") as running:
        session = requests.Session()
        session.auth, session.verify, session.headers["Accept"] = (running.username, running.password), running.ca_file, "application/json"
        assert session.post(running.url + "/bookmarks", json={"name": "a", "value": "Vms:"}, timeout=10).status_code == 201
        assert [line["milliseconds"] >= 160 for line in running.requests() if line["method"] == "POST" and line["path"].endswith("/bookmarks")] == [True]
