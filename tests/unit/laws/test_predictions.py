# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine changes by itself along with what was asked for: check mode shows it as the real run does."""
from __future__ import annotations

from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

PINNED = {"name": "pinned", "cpu": {"pinning": [{"vcpu": 0, "cpu_set": "0-1"}]}}
LEADS: list[tuple[str, dict[str, Any], str]] = [
    ("vm", {"name": "pinned", "cluster": "stage", "placement": {"hosts": ["stage"]}, "nics": [{"name": "nic1", "network": "stage"}]}, "name"),
    ("vm", PINNED, "cpu"),
    ("vm", {**PINNED, "cpu": {"pinning": []}}, "cpu"),
    ("vm", {**PINNED, "cpu": {"shares": 512}}, "cpu"),
    ("vm", {**PINNED, "cpu": {"shares": 0}}, "cpu"),
    ("vm", {"name": "pinned", "console": {"usb": True}}, "console"),
    ("vm", {"name": "pinned", "console": {"usb": False}}, "console"),
    ("network", {"name": "stage", "data_center": "stage", "mtu": 1400}, "mtu"),
    ("network", {"name": "stage", "data_center": "stage", "mtu": 0}, "mtu"),
    ("host", {"name": "stage", "state": "maintenance", "reason": "new fans"}, "status_detail"),
    ("host", {"name": "stage", "state": "up"}, "status_detail"),
    ("host", {"name": "stage", "state": "maintenance"}, "spm_status"),
    ("host", {"name": "stage", "state": "up"}, "status"),
]


@pytest.fixture(scope="module")
def estate() -> Estate:
    made = Estate()
    for name in (*ESTATE, "network"):
        made.made(*STAGE[name])
    return made


def test_check_mode_shows_what_goes_along(estate: Estate) -> None:
    for kind, options, option in LEADS:
        planned = estate.run(kind, options, check=True)
        made = estate.made(kind, options)
        assert made["changed"] and planned["after"][option] == made["after"][option], (kind, options)


def test_a_template_has_the_profiles_of_its_vm(estate: Estate) -> None:
    estate.made("vm", {"name": "with-nic", "cluster": "stage", "nics": [{"name": "nic1", "network": "stage"}]})
    task = {"name": "of-it", "vm": "with-nic"}
    planned, made = estate.run("template", task, check=True), estate.made("template", task)
    assert [one["vnic_profile"] for one in planned["after"]["nics"]] == [one["vnic_profile"] for one in made["after"]["nics"]] != []


def test_a_vm_that_is_to_stop_is_on_no_host(estate: Estate) -> None:
    system = {"name": "system", "size": "1GiB", "storage_domain": "stage", "bootable": True}
    estate.made("vm", {"name": "runs", "cluster": "stage", "disks": [system], "graphics": ["vnc"], "state": "running"})
    estate.clock.advance(10)
    task = {"name": "runs", "state": "stopped", "force": True}
    planned, made = estate.run("vm", task, check=True), estate.made("vm", task)
    for option in ("host", "addresses", "guest_devices", "consoles"):
        assert planned["after"][option] == made["after"][option] and not made["after"][option]
