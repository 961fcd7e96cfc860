# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking things up: names and ids, scopes, bulk, and what is still to come."""
from __future__ import annotations

from typing import Any, Optional

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate

A, B, C = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "abc")
NETWORKS = [
    {"id": A, "name": "web", "data_center": {"id": "east"}},
    {"id": B, "name": "web", "data_center": {"id": "west"}},
    {"id": C, "name": 'it\'s "x*"', "data_center": {"id": "east"}},
]


class Client:
    """Collections in memory; counts what it is asked."""

    def __init__(self, **collections: list[dict[str, Any]]) -> None:
        self.collections = collections
        self.asked: list[str] = []

    def get(self, path: str, *, missing: str, **_options: Any) -> Optional[dict[str, Any]]:
        self.asked.append(path)
        collection, _slash, identifier = path.rpartition("/")
        return next((item for item in self.collections.get(collection, []) if item["id"] == identifier), None)

    def list(self, path: str, **_options: Any) -> list[dict[str, Any]]:
        self.asked.append(path)
        return self.collections.get(path, [])

    def find(self, path: str, name: str, *, member: str = "name", **_options: Any) -> list[dict[str, Any]]:
        self.asked.append(f"{path}?{name}")
        return [item for item in self.collections.get(path, []) if item.get(member) == name]


def test_a_name_within_its_scope_and_an_id_are_found() -> None:
    estate = Estate(Client(networks=NETWORKS))
    assert estate.reference("network", "web", scope={"data_center": "west"}) == {"id": B, "name": "web"}
    assert estate.reference("network", A) == {"id": A, "name": "web"}
    assert estate.reference("network", 'it\'s "x*"')["id"] == C


def test_several_are_an_error_with_every_id() -> None:
    with pytest.raises(Ambiguous) as caught:
        Estate(Client(networks=NETWORKS)).reference("network", "web")
    assert A in str(caught.value) and B in str(caught.value) and C not in str(caught.value)


def test_none_is_an_error_that_says_where_it_was_looked_for() -> None:
    estate = Estate(Client(networks=NETWORKS, datacenters=[{"id": "east", "name": "East"}]))
    with pytest.raises(NotFound) as caught:
        estate.reference("network", "db", scope={"data_center": "east"})
    assert "no network 'db' in data center East" in str(caught.value)


def test_a_kind_inside_another_needs_to_know_where() -> None:
    with pytest.raises(InvalidInput) as caught:
        Estate(Client()).reference("quota", "gold")
    assert "data center is not known" in str(caught.value)


def test_what_was_loaded_answers_without_a_request() -> None:
    client = Client(networks=NETWORKS)
    estate = Estate(client)
    estate.load("networks")
    client.asked.clear()
    assert estate.reference("network", A)["name"] == "web"
    assert [item["id"] for item in estate.find("networks", "web")] == [A, B]
    assert estate.name_of("network", C) == 'it\'s "x*"'
    estate.note("networks", {"id": A, "name": "renamed"})
    estate.forget("networks", B)
    assert estate.find("networks", "web") == [] and len(estate.list("networks")) == 2
    assert client.asked == []


def test_a_name_is_asked_for_once() -> None:
    client = Client(networks=NETWORKS)
    estate = Estate(client)
    assert [estate.name_of("network", A) for _look in range(3)] == ["web"] * 3
    assert len(client.asked) == 1


def test_a_list_read_once_is_read_again_after_a_write() -> None:
    client = Client(clusters=[])
    estate = Estate(client)
    estate.once("clusters"), estate.once("clusters")
    assert len(client.asked) == 1
    estate.stale()
    estate.once("clusters")
    assert len(client.asked) == 2


def test_what_is_still_to_be_made_can_be_referred_to() -> None:
    estate = Estate(Client(networks=NETWORKS))
    estate.expect("network", "new")
    assert estate.reference("network", "new") == {"id": None, "name": "new"}


def test_a_short_list_that_many_refer_to_is_read_once() -> None:
    quotas = [{"id": A, "name": "gold"}, {"id": B, "name": "silver"}]
    client = Client(**{"datacenters/east/quotas": quotas})
    estate = Estate(client)
    found = [estate.reference("quota", name, scope={"data_center": "east"})["id"] for name in ("gold", "silver", "gold")]
    assert found == [A, B, A] and client.asked == ["datacenters/east/quotas"]
    estate.stale()
    quotas.append({"id": C, "name": "bronze"})
    assert estate.reference("quota", "bronze", scope={"data_center": "east"})["id"] == C
