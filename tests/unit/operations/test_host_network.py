# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks on the NICs of hosts: put there, moved, given addresses, taken off, by one request; never the one that the engine needs."""
from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from in_process import Estate

sys.path.insert(0, str(Path(__file__).parent.parent / "laws"))
from samples import STAGE  # noqa: E402

ADDRESS = {"address": "192.0.2.11", "netmask": "24"}


@pytest.fixture
def estate() -> Estate:
    made = Estate()
    for name in ("data center", "cluster", "host"):
        made.made(*STAGE[name])
    for name, more in (("web", {"vlan_id": 100}), ("back", {"vlan_id": 200}), ("plain", {}), ("bare", {}), ("jumbo", {"vlan_id": 300, "mtu": 9000})):
        made.made("network", {"name": name, "data_center": "stage", "clusters": [{"cluster": "stage", "required": False}], **more})
    made.made("network", {"name": "far", "data_center": "stage"})
    made.line.writes.clear()
    return made


def of(*networks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"hosts": ["stage"], "networks": list(networks), **more}


def once(estate: Estate, options: dict[str, Any]) -> dict[str, Any]:
    """Planned, done by one request, and found done."""
    planned = estate.operate("host_network", options, check=True)
    assert planned["changed"] and not planned.get("failed") and estate.line.writes == [], planned.get("msg")
    done = estate.operate("host_network", options)
    assert done["changed"] and not done.get("failed"), done.get("msg")
    assert done["diff"] == planned["diff"] and [path.rpartition("/")[2] for _method, path in estate.line.writes] == ["setupnetworks"]
    assert {one["network"]: one["nic"] for one in done["results"][0]["networks"]} == {one["network"]: one["nic"] for one in planned["results"][0]["networks"]}
    estate.line.writes.clear()
    again = estate.operate("host_network", options)
    assert not again["changed"] and not again.get("failed") and estate.line.writes == [], (again.get("msg"), again["diff"])
    return done


def refused(estate: Estate, options: dict[str, Any], *words: str) -> None:
    for check in (True, False):
        result = estate.operate("host_network", options, check=check)
        assert result.get("failed") and all(word in result["msg"] for word in words), result
    assert estate.line.writes == []


def shown(result: dict[str, Any], network: str) -> Any:
    return next((one for one in result["results"][0]["networks"] if one["network"] == network), None)


def test_several_networks_by_one_request(estate: Estate) -> None:
    done = once(estate, of({"network": "web", "nic": "eth1"}, {"network": "back", "nic": "eth1", "ipv4": ADDRESS}))
    assert shown(done, "web")["nic"] == "eth1" and shown(done, "web")["ipv4"]["method"] == "none"
    assert shown(done, "back")["ipv4"] == {"method": "static", "address": "192.0.2.11", "netmask": "24", "gateway": None}
    assert done["diff"]["before"]["host stage"] == {"web": None, "back": None}


def test_what_is_there_is_changed_in_place_and_the_rest_stays(estate: Estate) -> None:
    once(estate, of({"network": "web", "nic": "eth1", "ipv4": ADDRESS}))
    moved = once(estate, of({"network": "web", "nic": "eth2"}))
    assert shown(moved, "web")["nic"] == "eth2" and shown(moved, "web")["ipv4"]["address"] == "192.0.2.11"
    assert not estate.operate("host_network", of({"network": "web", "ipv4": {"address": "192.0.2.11", "netmask": "255.255.255.0"}}))["changed"]
    six = once(estate, of({"network": "web", "ipv6": {"address": "2001:db8::1", "netmask": "64"}}))
    assert shown(six, "web")["ipv4"]["address"] == "192.0.2.11" and shown(six, "web")["ipv6"]["address"] == "2001:db8::1"
    # These hosts take no IPv6 addresses, so that the network is out of sync by now.
    refused(estate, of({"network": "web", "ipv6": {"method": "none"}}), "out of sync", "sync: true")
    none = once(estate, of({"network": "web", "ipv4": {"method": "none"}, "ipv6": {"method": "none"}}, sync=True))
    assert shown(none, "web")["ipv4"]["method"] == "none"
    gone = once(estate, of({"network": "web", "state": "absent"}))
    assert shown(gone, "web") is None and shown(gone, "ovirtmgmt") is not None


def test_what_is_out_of_step_is_told_and_brought_into_step_when_asked(estate: Estate) -> None:
    done = estate.operate("host_network", of({"network": "jumbo", "nic": "eth1"}))
    assert "Network jumbo on host stage is out of sync: mtu is 1500 and should be 9000." in done["warnings"]
    again = estate.operate("host_network", of({"network": "jumbo"}))
    assert not again["changed"] and "sync: true" in again["warnings"][0]
    planned = estate.operate("host_network", of({"network": "jumbo"}, sync=True), check=True)
    assert planned["diff"]["after"]["host stage"] == {"jumbo": {"in_sync": True}}
    asked = estate.operate("host_network", of({"network": "jumbo"}, sync=True))
    assert asked.get("failed") and "did not take all of it over: mtu is 1500 and should be 9000" in asked["msg"]


@pytest.mark.parametrize("sync", [False, True])
def test_a_real_host_takes_over_mtu_and_ipv6(estate: Estate, sync: bool) -> None:
    estate.engine.real_hosts = True
    six = {"address": "2001:db8::1", "netmask": "64"}
    done = once(estate, of({"network": "jumbo", "nic": "eth1", "ipv6": six}, sync=sync))
    assert done["warnings"] == [] and shown(done, "jumbo")["in_sync"] and shown(done, "jumbo")["ipv6"] == {"method": "static", "gateway": None, **six}
    once(estate, of({"network": "jumbo", "ipv6": {"method": "autoconf"}}, sync=sync))
    estate.made("network", {"name": "jumbo", "data_center": "stage", "mtu": 1500})
    estate.line.writes.clear()
    assert shown(once(estate, of({"network": "jumbo", "nic": "eth2"}, sync=sync)), "jumbo")["in_sync"]


def test_a_network_that_a_host_did_not_take_over_is_brought_into_step_once(estate: Estate) -> None:
    estate.operate("host_network", of({"network": "jumbo", "nic": "eth1"}))
    estate.line.writes.clear()
    estate.engine.real_hosts = True
    assert shown(once(estate, of({"network": "jumbo"}, sync=True)), "jumbo")["in_sync"]


@pytest.mark.parametrize(("networks", "words"), [
    ([{"network": "wbe", "nic": "eth1"}], ("Network 'wbe' is not in cluster stage of host stage, which has back, bare, jumbo",)),
    ([{"network": "far", "nic": "eth1"}], ("Network 'far' is not in cluster stage",)),
    ([{"network": "web", "nic": "eth9"}], ("Host stage has no NIC 'eth9'. It has eth0, eth1",)),
    ([{"network": "web"}], ("nothing says on which NIC",)),
    ([{"network": "web", "nic": "eth1"}, {"network": "web", "nic": "eth2"}], ("'web' is listed twice",)),
    ([{"network": "plain", "nic": "eth1"}, {"network": "bare", "nic": "eth1"}], ("NIC eth1 of host stage carries network plain without a VLAN already",)),
    ([{"network": "plain", "nic": "eth0"}], ("carries network ovirtmgmt without a VLAN",)),
    ([{"network": "ovirtmgmt", "state": "absent"}], ("would be cut off",)),
    ([{"network": "ovirtmgmt", "nic": "eth1"}], ("the engine may lose the host", "change_management: true")),
    ([{"network": "ovirtmgmt", "ipv4": {"method": "none"}}], ("the engine may lose the host",)),
    ([{"network": "web", "nic": "eth1", "ipv4": {"address": "192.0.2"}}], ("'192.0.2' is no IPv4 address",)),
    ([{"network": "web", "nic": "eth1", "ipv4": {"address": "192.0.2.1"}}], ("needs address and netmask",)),
    ([{"network": "web", "nic": "eth1", "ipv4": {"address": "192.0.2.1", "netmask": "255.0.255.0"}}], ("is no netmask",)),
    ([{"network": "web", "nic": "eth1", "ipv4": {"method": "dhcp", "address": "192.0.2.1", "netmask": "24"}}], ("only for the method static",)),
])
def test_what_is_in_the_way_is_told_before_anything_is_written(estate: Estate, networks: list[dict[str, Any]], words: tuple[str, ...]) -> None:
    refused(estate, of(*networks), *words)


def test_one_request_a_host_when_there_is_nothing_to_do(estate: Estate) -> None:
    once(estate, of({"network": "web", "nic": "eth1"}))
    estate.line.reads.clear()
    assert not estate.operate("host_network", of({"network": "web", "nic": "eth1"}))["changed"]
    assert len([path for path in estate.line.reads if path.startswith("hosts/")]) == 1 and len(estate.line.reads) <= 4, estate.line.reads
