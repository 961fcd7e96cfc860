# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A VM on a network that no host has: check mode warns of it, a real run fails with the engine's words."""
from __future__ import annotations

from typing import Any

from in_process import Estate
from samples import ESTATE, STAGE

VM: dict[str, Any] = {"name": "law", "cluster": "stage", "os": {"boot_devices": ["network"]}, "nics": [{"name": "nic1", "network": "lan"}]}
WORDS = "VM law will not start: it has a NIC on network lan, which none of the hosts has that are up in its cluster (stage)."


def staged() -> Estate:
    estate = Estate()
    for name in ESTATE:
        estate.made(*STAGE[name])
    estate.made("network", {"name": "lan", "data_center": "stage", "clusters": [{"cluster": "stage", "required": False}]})
    estate.line.reads.clear()
    return estate


def test_check_mode_warns_and_the_engine_refuses() -> None:
    estate = staged()
    planned = estate.run("vm", {**VM, "state": "running"}, check=True)
    assert planned["changed"] and any(WORDS in text for text in planned["warnings"]), planned["warnings"]
    refused = estate.run("vm", {**VM, "state": "running"})
    assert refused["failed"] and "did not satisfy internal filter Network because network(s) lan are missing" in refused["msg"]
    again = estate.run("vm", {"name": "law", "state": "running"}, check=True)
    assert any(WORDS in text for text in again["warnings"])


def test_nobody_is_warned_where_a_host_has_it_or_nothing_starts() -> None:
    estate = staged()
    assert estate.run("vm", VM, check=True)["warnings"] == []
    unplugged = {**VM, "nics": [{"name": "nic1", "network": "lan", "plugged": False}], "state": "running"}
    assert estate.run("vm", unplugged, check=True)["warnings"] == []
    estate.carry("lan")
    assert estate.run("vm", {**VM, "state": "running"}, check=True)["warnings"] == []


def test_a_real_run_asks_for_none_of_it() -> None:
    estate = staged()
    estate.carry("lan")
    estate.line.reads.clear()
    estate.made("vm", {**VM, "state": "running"})
    assert not [path for path in estate.line.reads if path == "hosts"], estate.line.reads


def test_a_pool_that_starts_vms_in_advance_warns_as_a_vm_does() -> None:
    estate = staged()
    estate.made("vm", VM)
    estate.made("template", {"name": "golden", "vm": "law"})
    pool = {"name": "desks", "cluster": "stage", "template": "golden", "size": 2}
    assert estate.run("vm_pool", pool, check=True)["warnings"] == []
    words = WORDS.replace("VM law will not start: it has", "VM pool desks will not start: it has")
    planned = estate.run("vm_pool", {**pool, "prestarted": 1}, check=True)
    assert any(words in text for text in planned["warnings"]), planned["warnings"]
    estate.carry("lan")
    assert estate.run("vm_pool", {**pool, "prestarted": 1}, check=True)["warnings"] == []
    estate.made("vm_pool", {**pool, "prestarted": 1})
    assert not estate.made("vm_pool", {**pool, "prestarted": 1})["changed"]
