# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an inventory makes of a VM's representation."""
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.jobs import Event
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.inventory import MOST_EVENTS, Report, Wish, address, describe, refresh

JOINS: dict[str, dict[str, Any]] = {
    "clusters": {"c": {"id": "c", "name": "prod", "data_center": {"id": "d"}}},
    "data_centers": {"d": {"id": "d", "name": "home"}},
    "hosts": {"h": {"id": "h", "name": "host1"}},
    "templates": {},
    "labels_of_vms": {"v": {"names": ["gold"]}},
    "vnic_profiles": {"p1": {"id": "p1", "network": {"id": "n1"}}, "p2": {"id": "p2", "network": {"id": "n2"}}},
    "networks": {"n1": {"id": "n1", "name": "lan"}, "n2": {"id": "n2", "name": "management"}},
}
VM: dict[str, Any] = {
    "id": "v", "name": "web1", "cluster": {"id": "c"}, "host": {"id": "h"}, "memory": "1073741824", "tags": {"tag": [{"name": "web"}]},
    "cpu": {"topology": {"sockets": "2", "cores": "4", "threads": "1"}},
    "nics": {"nic": [
        {"mac": {"address": "56:6F:00:00:00:01"}, "vnic_profile": {"id": "p1"}},
        {"mac": {"address": "56:6f:00:00:00:02"}, "vnic_profile": {"id": "p2"}},
    ]},
    "reported_devices": {"reported_device": [
        {
            "name": "eth0",
            "mac": {"address": "56:6f:00:00:00:01"},
            "ips": {"ip": [{"address": "fe80::1", "version": "v6"}, {"address": "192.0.2.7", "version": "v4"}]},
        },
        {
            "name": "eth1",
            "mac": {"address": "56:6f:00:00:00:02"},
            "ips": {"ip": [{"address": "198.51.100.7", "version": "v4"}, {"address": "2001:db8::7", "version": "v6"}]},
        },
        {"name": "docker0"},
    ]},
}


def test_names_are_joined_by_id() -> None:
    shown = describe(VM, JOINS)
    assert (shown["cluster"], shown["data_center"], shown["host"], shown["template"]) == ("prod", "home", "host1", None)
    assert shown["tags"] == ["web"] and shown["affinity_labels"] == ["gold"]
    assert shown["memory"] == 2**30 and shown["cpu"]["total"] == 8
    assert shown["devices"] == {"eth0": ["fe80::1", "192.0.2.7"], "eth1": ["198.51.100.7", "2001:db8::7"], "docker0": []}


@pytest.mark.parametrize(
    ("networks", "family", "found"),
    [
        ([], "v4", "192.0.2.7"),
        (["management"], "v4", "198.51.100.7"),
        (["storage", "management"], "v6", "2001:db8::7"),
        (["lan"], "v6", None),
        (["lan"], "any", "192.0.2.7"),
        (["storage"], "any", None),
    ],
)
def test_the_address_is_of_the_first_network_that_has_one(networks: list[str], family: str, found: str | None) -> None:
    assert address(describe(VM, JOINS), networks, family) == found


class Engine:
    """Answers an inventory; ``asked`` has the paths."""

    filtered = False

    def __init__(self, events: list[Event]) -> None:
        self.news, self.asked = events, []

    def events(self, since: int | None = None, limit: int | None = None) -> list[Event]:
        found = [event for event in self.news if since is None or event.id > since]
        return found[:limit] if since is not None else found[-1:]

    def count(self, collection: str) -> int:
        return 1

    def list(self, path: str, **query: Any) -> list[dict[str, Any]]:
        return []

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        self.asked.append(path)
        return {"id": path.rpartition("/")[2], "name": "new"}

    def pages(self, path: str, size: int, **query: Any) -> list[list[dict[str, Any]]]:
        self.asked.append(path)
        return [[{"id": "v", "name": "new"}]]


def event(number: int, code: int, **about: str) -> Event:
    return Event.read({"id": str(number), "code": str(code), **{kind: {"id": identifier} for kind, identifier in about.items()}})


LOGINS = [event(number, 30) for number in range(1, MOST_EVENTS + 2)]


@pytest.mark.parametrize(
    ("events", "asked"),
    [
        ([], []),
        (LOGINS[:5], []),
        ([event(6, 32, vm="v", host="h")], ["vms/v"]),
        ([event(6, 32, vm="v"), event(7, 811, cluster="c")], ["vms"]),
        # More than one answer holds: what the last of them is about is not known.
        (LOGINS, ["vms"]),
    ],
)
def test_a_refresh_asks_for_what_events_are_about(events: list[Event], asked: list[str]) -> None:
    engine = Engine(events)
    report = refresh(engine, Wish(), Report({"v": {"name": "old"}}, cursor=0))  # type: ignore[arg-type]
    assert engine.asked == asked
    assert report.vms["v"]["name"] == ("new" if asked else "old")
    assert report.cursor == (events[-1].id if events else 0)
