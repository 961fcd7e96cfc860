"""Which host takes a machine: filters in the engine's order and words, for starts and migrations."""

from __future__ import annotations

import json

import pytest

from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.estate import Builder, build
from ansible_collections.virtops.ovirt.extensions.engine.http import Request

GIB = 1024 ** 3
FILTERED = "There is no host that satisfies current scheduling constraints. See below for details:"


class Lab:
    """The demo estate: two hosts, networks web and backend on both, VMs of which three run."""

    def __init__(self):
        self.engine = Engine(password="secret", speed=0, seed=1)
        build(self.engine, "demo")
        self.headers = Builder(self.engine).headers
        self.hosts = {row["name"]: row["id"] for row in self.engine.store.table("host")}
        self.cluster = next(row["id"] for row in self.engine.store.table("cluster") if row["name"] == "demo")
        self.vms = {row["name"]: row["id"] for row in self.engine.store.table("vm")}

    def ask(self, method, path, body=None):
        answer = self.engine.handle(Request(method, f"/ovirt-engine/api/{path}", dict(self.headers), b"" if body is None else json.dumps(body).encode()))
        self.engine.advance(20)
        return answer.status, json.loads(answer.body) if answer.body else None

    def done(self, method, path, body=None):
        status, answer = self.ask(method, path, body)
        assert status < 300, answer
        return answer

    def refused(self, path, body, name, why, *, verb="run", host="demo-host2", hosts=2):
        status, answer = self.ask("POST", path, body)
        line = f"The host {host} did not satisfy internal filter {name} because {why}."
        assert status == 409 and answer["fault"]["detail"] == f"[Cannot {verb} VM. {', '.join([FILTERED, *[line] * hosts])}]", answer

    def start(self, name, body=None):
        return f"vms/{self.vms[name]}/start", body or {}

    def change(self, name, body):
        self.done("PUT", f"vms/{self.vms[name]}", body)


@pytest.fixture
def lab():
    made = Lab()
    yield made
    made.engine.close()


def only_on(lab, *hosts):
    """Puts the NIC of the VM that is down on a network of its own, which these hosts have."""
    center = lab.done("GET", f"clusters/{lab.cluster}")["data_center"]["id"]
    network = lab.done("POST", "networks", {"name": "lan", "vlan": {"id": 7}, "data_center": {"id": center}})
    lab.done("POST", f"clusters/{lab.cluster}/networks", {"id": network["id"], "required": False})
    profile = lab.done("GET", f"networks/{network['id']}/vnicprofiles")["vnic_profile"][0]
    (nic,) = lab.done("GET", f"vms/{lab.vms['spare1']}/nics")["nic"]
    lab.done("PUT", f"vms/{lab.vms['spare1']}/nics/{nic['id']}", {"vnic_profile": {"id": profile["id"]}})
    wanted = {"network_attachment": [{"network": {"id": network["id"]}, "host_nic": {"name": "eth3"}}]}
    for host in hosts:
        lab.done("POST", f"hosts/{lab.hosts[host]}/setupnetworks", {"modified_network_attachments": wanted})


def test_a_network_that_no_host_has(lab):
    only_on(lab)
    lab.refused(*lab.start("spare1"), "Network", "network(s) lan are missing")
    (nic,) = lab.done("GET", f"vms/{lab.vms['spare1']}/nics")["nic"]
    lab.done("PUT", f"vms/{lab.vms['spare1']}/nics/{nic['id']}", {"plugged": False})
    lab.done(*("POST", *lab.start("spare1")))


def test_a_host_that_has_it_is_taken_and_migration_elsewhere_is_refused(lab):
    only_on(lab, "demo-host1")
    lab.done(*("POST", *lab.start("spare1")))
    vm = lab.done("GET", f"vms/{lab.vms['spare1']}")
    assert vm["host"]["id"] == lab.hosts["demo-host1"]
    lab.refused(f"vms/{lab.vms['spare1']}/migrate", {}, "Network", "network(s) lan are missing", verb="migrate", hosts=1)


def test_a_run_once_on_a_host_without_it(lab):
    only_on(lab, "demo-host2")
    body = {"vm": {"placement_policy": {"hosts": {"host": [{"id": lab.hosts["demo-host1"]}]}}}}
    lab.refused(*lab.start("spare1", body), "Network", "network(s) lan are missing", host="demo-host1", hosts=1)


def test_more_processors_than_a_host_has_come_before_its_networks(lab):
    only_on(lab)
    lab.change("spare1", {"cpu": {"topology": {"sockets": 1, "cores": 17, "threads": 1}}})
    lab.refused(*lab.start("spare1"), "CPU", "it has an insufficient amount of CPU cores to run the VM")


def test_more_memory_than_a_host_has(lab):
    lab.change("spare1", {"memory": 200 * GIB, "memory_policy": {"guaranteed": GIB, "max": 200 * GIB}})
    free = lab.ask("POST", *lab.start("spare1"))[1]["fault"]["detail"]
    assert "did not satisfy internal filter Memory because its available memory is too low (" in free


def test_processors_that_no_host_has_online(lab):
    pins = {"vcpu_pins": {"vcpu_pin": [{"vcpu": 0, "cpu_set": "30-33,^31"}]}}
    lab.change("spare1", {"cpu": {"cpu_tune": pins}, "placement_policy": {"hosts": {"host": [{"id": lab.hosts["demo-host1"]}]}}})
    why = "it is either missing online CPU core(s) or the requested CPU core(s) are exclusively pinned by another VM. Unavailable cores are: 32, 33"
    lab.refused(*lab.start("spare1"), "CpuPinning", why)


def test_a_pinned_machine_whose_host_is_in_maintenance(lab):
    lab.change("spare1", {"placement_policy": {"affinity": "pinned", "hosts": {"host": [{"id": lab.hosts["demo-host1"]}]}}})
    lab.done("POST", f"hosts/{lab.hosts['demo-host1']}/deactivate", {})
    lab.engine.advance(120)
    lab.refused(*lab.start("spare1"), "PinToHost", "the host is not present in the pinning list.", hosts=1)


@pytest.mark.parametrize(("positive", "why"), [(True, "it did not match positive affinity rules "), (False, "it matched negative affinity rules ")])
def test_hosts_that_an_affinity_group_keeps_it_off(lab, positive, why):
    rule = {"enabled": True, "enforcing": True, "positive": positive}
    hosts = [] if positive else [{"id": ident} for ident in lab.hosts.values()]
    body = {"name": "rule", "vms_rule": {"enabled": False}, "hosts_rule": rule, "vms": {"vm": [{"id": lab.vms["spare1"]}]}, "hosts": {"host": hosts}}
    lab.done("POST", f"clusters/{lab.cluster}/affinitygroups", body)
    lab.refused(*lab.start("spare1"), "VmToHostsAffinityGroups", why)


def test_machines_that_are_to_stay_apart(lab):
    members = [{"id": lab.vms[name]} for name in ("spare1", "web1", "db1")]
    places = {lab.done("GET", f"vms/{one['id']}")["host"]["id"] for one in members[1:]}
    body = {"name": "apart", "vms_rule": {"enabled": True, "enforcing": True, "positive": False}, "vms": {"vm": members}}
    lab.done("POST", f"clusters/{lab.cluster}/affinitygroups", body)
    if places == set(lab.hosts.values()):
        lab.refused(*lab.start("spare1"), "VmAffinityGroups", "it matched negative affinity rules ")
    else:
        lab.done(*("POST", *lab.start("spare1")))
        assert lab.done("GET", f"vms/{lab.vms['spare1']}")["host"]["id"] not in places


def test_a_cluster_in_maintenance_starts_what_is_highly_available(lab):
    policy = next(one["id"] for one in lab.done("GET", "schedulingpolicies")["scheduling_policy"] if one["name"] == "cluster_maintenance")
    lab.done("PUT", f"clusters/{lab.cluster}", {"scheduling_policy": {"id": policy}})
    lab.refused(*lab.start("spare1"), "ClusterInMaintenance", "the cluster is in maintenance and only highly available VMs are allowed to start")
    lab.change("spare1", {"high_availability": {"enabled": True}})
    lab.done(*("POST", *lab.start("spare1")))


def test_no_host_is_told_in_other_words(lab):
    status, answer = lab.ask("POST", *lab.start("spare1", {"vm": {"placement_policy": {"hosts": {"host": [{"id": lab.vms["web1"]}]}}}}))
    assert status == 400 and "There are no hosts to use." in answer["fault"]["detail"]
