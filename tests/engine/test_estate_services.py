# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of data centers, clusters and networks that no recording shows, taken from the engine's validators."""
from __future__ import annotations

import base64
import json

import pytest
from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.http import Request


@pytest.fixture
def ask():
    engine = Engine(password="secret", speed=0, seed=11)
    headers = {"authorization": "Basic " + base64.b64encode(b"admin@internal:secret").decode(), "accept": "application/json",
               "content-type": "application/json", "host": "engine.example"}

    def send(method, path, body=None):
        answer = engine.handle(Request(method, "/ovirt-engine/api" + path, dict(headers), b"" if body is None else json.dumps(body).encode()))
        return answer.status, json.loads(answer.body) if answer.body[:1] in (b"{", b"[") else None

    return send


@pytest.fixture
def estate(ask):
    data_center = ask("POST", "/datacenters", {"name": "dc", "local": False})[1]
    cluster = ask("POST", "/clusters", {"name": "cl", "data_center": {"id": data_center["id"]}, "cpu": {"type": "Intel Nehalem Family"}})[1]
    return data_center["id"], cluster["id"]


@pytest.mark.parametrize(("body", "status", "detail"), [
    ({"migration": {"parallel_migrations_policy": "inherit"}}, 400, "[Cluster cannot inherit parallel migration settings.]"),
    ({"migration": {"parallel_migrations_policy": "custom", "custom_parallel_migrations": 256}}, 400,
     "[Custom number of parallel migration connections must be between 2 and 255.]"),
    ({"custom_scheduling_policy_properties": {"property": [{"name": "HighUtilization", "value": "7"}]}}, 400,
     "[Cannot edit Cluster if some of the specified custom properties have illegal values. The keys are: HighUtilization]"),
    ({"memory_policy": {"over_commit": {"percent": 150}}, "ksm": {"enabled": False}, "ballooning_enabled": False}, 409,
     "[KSM or ballooning must be enabled to allow memory optimization.]"),
    ({"id": "00000000-0000-0000-0000-000000000009"}, 409, "Attempt to set immutable field: id"),
    ({"cpu": {"type": "IBM POWER9"}}, 409, "[Q35 chipset is allowed for x86 architecture only.]"),
    ({"management_network": {"name": "nosuch"}}, 404, "Entity not found: Network: nosuch"),
])
def test_refused_changes_of_a_cluster(ask, estate, body, status, detail):
    before = ask("GET", f"/clusters/{estate[1]}")[1]
    answer = ask("PUT", f"/clusters/{estate[1]}", body)
    assert (answer[0], answer[1]["detail"]) == (status, detail)
    assert ask("GET", f"/clusters/{estate[1]}")[1] == before


def test_another_policy_brings_its_properties(ask, estate):
    policy = next(one for one in ask("GET", "/schedulingpolicies")[1]["scheduling_policy"] if one["name"] == "power_saving")
    answer = ask("PUT", f"/clusters/{estate[1]}", {"scheduling_policy": {"id": policy["id"]}})[1]
    assert answer["scheduling_policy"]["id"] == policy["id"]
    assert {one["name"]: one["value"] for one in answer["custom_scheduling_policy_properties"]["property"]} == {
        one["name"]: one["value"] for one in policy["properties"]["property"]}


def test_a_cpu_type_the_new_level_lacks_is_replaced(ask, estate):
    level = {"major": 4, "minor": 2}
    data_center = ask("POST", "/datacenters", {"name": "old", "local": False, "version": level})[1]["id"]
    cluster = ask("POST", "/clusters", {"name": "old", "data_center": {"id": data_center}, "version": level, "cpu": {"type": "AMD Opteron G1"}})[1]["id"]
    raised = ask("PUT", f"/clusters/{cluster}", {"version": {"major": 4, "minor": 7}})[1]
    assert raised["cpu"] == {"type": "AMD Opteron G4", "architecture": "x86_64"}


def test_every_role_has_one_network(ask, estate):
    data_center, cluster = estate
    network = ask("POST", "/networks", {"name": "net", "data_center": {"id": data_center}})[1]["id"]
    assert ask("POST", f"/clusters/{cluster}/networks", {"id": network, "usages": {"usage": ["display"]}})[0] == 201

    def usages():
        return {one["name"]: one["usages"]["usage"] for one in ask("GET", f"/clusters/{cluster}/networks")[1]["network"]}

    assert usages() == {"ovirtmgmt": ["vm", "migration", "management", "default_route"], "net": ["vm", "display"]}
    assert ask("DELETE", f"/clusters/{cluster}/networks/{network}")[0] == 200
    assert usages() == {"ovirtmgmt": ["vm", "display", "migration", "management", "default_route"]}


@pytest.mark.parametrize(("body", "status", "detail"), [
    ({"usages": {"usage": ["vm"]}}, 400, "[Cannot edit Network. Unsetting management network property is not allowed. It is done automatically when "
                                         "moving the role "
                                         "to another network.]"),
    ({"required": False}, 400, "[Cannot edit Network. The management network 'ovirtmgmt' must be required, please change the network to be required "
                               "and try again.]"),
])
def test_the_management_network_stays(ask, estate, body, status, detail):
    network = ask("GET", f"/clusters/{estate[1]}/networks")[1]["network"][0]["id"]
    answer = ask("PUT", f"/clusters/{estate[1]}/networks/{network}", body)
    assert (answer[0], answer[1]["detail"]) == (status, detail)


def test_profiles_follow_what_a_network_is_for(ask, estate):
    network = ask("POST", "/networks", {"name": "net", "data_center": {"id": estate[0]}})[1]["id"]
    profiles = f"/networks/{network}/vnicprofiles"
    assert [one["name"] for one in ask("GET", profiles)[1]["vnic_profile"]] == ["net"]
    assert ask("PUT", f"/networks/{network}", {"usages": {"usage": []}})[0] == 200
    assert ask("GET", profiles)[1] == {"vnic_profile": []}
    assert ask("PUT", f"/networks/{network}", {"usages": {"usage": ["vm"]}, "vlan": {"id": 7}})[1]["vlan"] == {"id": "7"}
    assert [one["name"] for one in ask("GET", profiles)[1]["vnic_profile"]] == ["net"]
    assert ask("PUT", f"/networks/{network}", {"vlan": {}})[1].get("vlan") is None
    assert ask("PUT", f"/networks/{network}", {"port_isolation": True})[1]["detail"] == (
        "[Cannot edit Network. Port isolation option cannot be updated after Network is defined.]")


def test_the_management_network_of_a_cluster_is_not_removed(ask, estate):
    network = ask("GET", f"/datacenters/{estate[0]}/networks")[1]["network"][0]["id"]
    assert ask("DELETE", f"/networks/{network}")[1]["detail"] == "[The Management Network ('ovirtmgmt') is mandatory and cannot be removed.]"


def test_a_removed_data_center_leaves_nothing_of_its_own(ask, estate):
    data_center, cluster = estate
    ask("POST", f"/datacenters/{data_center}/qoss", {"name": "q", "type": "cpu", "cpu_limit": 5})
    assert ask("DELETE", f"/datacenters/{data_center}")[0] == 200
    assert "data_center" not in ask("GET", f"/clusters/{cluster}")[1]
    assert [one["name"] for one in ask("GET", "/networks")[1]["network"]] == ["ovirtmgmt"]
    assert ask("GET", f"/datacenters/{data_center}/quotas")[1] == {}


def test_affinity_rules(ask, estate):
    groups = f"/clusters/{estate[1]}/affinitygroups"
    group = ask("POST", groups, {"name": "g", "positive": False, "enforcing": True, "priority": 1.5})[1]
    assert (group["positive"], group["enforcing"], group["priority"]) == ("false", "true", 1.5)
    assert group["vms_rule"] == {"enabled": "true", "enforcing": "true", "positive": "false"}
    off = ask("PUT", f"{groups}/{group['id']}", {"vms_rule": {"enabled": False}})[1]
    assert "positive" not in off and off["vms_rule"]["enabled"] == "false"
    label = ask("POST", "/affinitylabels", {"name": "l"})[1]["id"]
    assert ask("POST", f"{groups}/{group['id']}/vmlabels", {"id": label}) == (200, {"status": "complete"})
    assert ask("POST", f"{groups}/{group['id']}/vmlabels", {"id": label})[1]["detail"] == "[Cannot edit Affinity Group. Duplicate LABEL.]"
    assert [one["id"] for one in ask("GET", f"{groups}/{group['id']}")[1]["vm_labels"]["affinity_label"]] == [label]


def test_units_of_a_policy(ask):
    policy = ask("POST", "/schedulingpolicies", {"name": "p"})[1]["id"]
    units = {(one.get("type"), one["name"]): one["id"] for one in ask("GET", "/schedulingpolicyunits")[1]["scheduling_policy_unit"]}
    unit = {"scheduling_policy_unit": {"id": units["weight", "HA"]}}
    assert ask("POST", f"/schedulingpolicies/{policy}/filters", unit)[1]["detail"] == (
        "[Cannot edit Scheduling Policy. Policy unit doesn't implement "
        "Filtering.]")
    # What was refused stays in the engine's memory and stands against every further change.
    assert ask("PUT", f"/schedulingpolicies/{policy}", {"description": "d"})[1]["detail"] == (
        "[Cannot edit Scheduling Policy. Policy unit doesn't implement "
        "Filtering.]")
    assert ask("DELETE", f"/schedulingpolicies/{policy}/filters/{units['weight', 'HA']}")[0] == 200
    assert ask("POST", f"/schedulingpolicies/{policy}/weights", {**unit, "factor": 3})[1]["factor"] == "3"
    assert ask("POST", f"/schedulingpolicies/{policy}/weights", unit)[1]["detail"] == (
        "[Cannot edit Scheduling Policy. policy unit already exists in "
        "Scheduling Policy.]")
    assert [one["id"] for one in ask("GET", f"/schedulingpolicies/{policy}/weights")[1]["weight"]] == [units["weight", "HA"]] * 2
    assert ask("DELETE", f"/schedulingpolicies/{policy}/weights/{units['weight', 'HA']}")[0] == 200
    assert ask("GET", f"/schedulingpolicies/{policy}/weights")[1] == {}
