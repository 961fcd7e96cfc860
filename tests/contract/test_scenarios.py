# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Behaviours read from the source of a real engine (scenarios.json), for those whose precondition an estate can be brought into.

Where a recording contradicts a scenario, the recording is right and the scenario is not here.
"""
from __future__ import annotations

import itertools
import json
import time
from pathlib import Path
from typing import Any, Callable

import pytest

import engine_process

from . import estate
from .stories import Pace, Server, dig

SPEED = 20.0
LATER_LIMIT = 15.0
MEBIBYTE = 1024 ** 2
SCENARIOS = {one["id"]: one for one in json.loads(Path(__file__).with_name("scenarios.json").read_text(encoding="utf-8"))["scenarios"]}

Setup = Callable[["Stage"], dict[str, Any]]
SETUPS: dict[str, Setup] = {}


class Stage:
    """An estate to bring into the state that a scenario asks for.  Names are new each time."""

    def __init__(self, server: Server, variables: dict[str, str]) -> None:
        self.server = server
        self.known = variables
        self._numbers = itertools.count(1)
        self.asked = ""  # the scenario to bring about
        self.gluster_made: tuple[dict[str, Any], dict[str, str]] | None = None

    def name(self, stem: str) -> str:
        return f"{stem}-{next(self._numbers)}"

    def post(self, path: str, body: dict[str, Any], query: dict[str, str] | None = None) -> dict[str, Any]:
        answer = self.server.send("POST", path, body=body, query=query)
        assert answer.ok, f"POST {path}: HTTP {answer.status_code} {answer.text}"
        return dict(answer.json())

    def until(self, path: str, field: str, wanted: str) -> None:
        limit = time.monotonic() + LATER_LIMIT
        while True:
            answer = self.server.send("GET", path)
            value = f"http {answer.status_code}" if answer.status_code != 200 else str(dig(answer.json(), field))
            if value == wanted:
                return
            assert time.monotonic() < limit, f"{path}: {field} is {value}, never {wanted}"
            time.sleep(0.05)

    def vm(self, status: str = "down", **members: Any) -> dict[str, Any]:
        body = {"name": self.name("vm"), "cluster": {"id": self.known["cluster_id"]}, "template": {"name": "Blank"}, "memory": 256 * MEBIBYTE, **members}
        made = self.post("/vms", body)
        path = f"/vms/{made['id']}"
        if status != "down":
            self.disk_of(made, bootable=True)
            self.post(f"{path}/start", {"pause": True} if status == "paused" else {})
            self.until(path, "status", "paused" if status == "paused" else "up")
        if status == "suspended":
            self.post(f"{path}/suspend", {})
            self.until(path, "status", "suspended")
        return made

    def disk(self, name: str | None = None, wait: bool = True, **members: Any) -> dict[str, Any]:
        made = self.post("/disks", {"name": name or self.name("disk"), "provisioned_size": 64 * MEBIBYTE, "format": "cow", "sparse": True,
                                    "storage_domains": {"storage_domain": [{"id": self.known["sd1_id"]}]}, **members})
        if wait:
            self.until(f"/disks/{made['id']}", "status", "ok")
        return made

    def disk_of(self, vm: dict[str, Any], bootable: bool = False) -> dict[str, Any]:
        disk = self.disk()
        self.post(f"/vms/{vm['id']}/diskattachments", {"disk": {"id": disk["id"]}, "interface": "virtio_scsi", "bootable": bootable, "active": True})
        return disk

    def nic_of(self, vm: dict[str, Any], **members: Any) -> dict[str, Any]:
        return self.post(f"/vms/{vm['id']}/nics", {"name": self.name("nic"), "vnic_profile": {"id": self.known["mgmt_profile"]}, **members})

    def snapshot_of(self, vm: dict[str, Any]) -> dict[str, Any]:
        made = self.post(f"/vms/{vm['id']}/snapshots", {"description": self.name("snapshot"), "persist_memorystate": False})
        self.until(f"/vms/{vm['id']}/snapshots/{made['id']}", "snapshot_status", "ok")
        return made

    def previewed(self) -> tuple[dict[str, Any], dict[str, Any]]:
        vm = self.vm()
        self.disk_of(vm)
        snapshot = self.snapshot_of(vm)
        self.post(f"/vms/{vm['id']}/previewsnapshot", {"snapshot": {"id": snapshot["id"]}})
        self.until(f"/vms/{vm['id']}/snapshots/{snapshot['id']}", "snapshot_status", "in_preview")
        return vm, snapshot

    def template(self) -> dict[str, Any]:
        vm = self.vm()
        self.disk_of(vm, bootable=True)
        made = self.post("/templates", {"name": self.name("template"), "vm": {"id": vm["id"]}})
        self.until(f"/templates/{made['id']}", "status", "ok")
        return made

    def domain(self, status: str, **members: Any) -> dict[str, Any]:
        """A storage domain of its own, unattached or attached to the data center."""
        storage = {"type": "nfs", "address": "nas.example.com", "path": f"/{self.name('export')}"}
        host = {"id": self.known["host1_id"]}
        made = self.post("/storagedomains", {"name": self.name("domain"), "type": "data", "host": host, "storage": storage, **members})
        if status != "unattached":
            self.until(f"/storagedomains/{made['id']}", "status", "unattached")
            path = f"/datacenters/{self.known['dc_id']}/storagedomains"
            self.post(path, {"id": made["id"]})
            self.until(f"{path}/{made['id']}", "status", "active")
        if status == "maintenance":
            self.post(f"{path}/{made['id']}/deactivate", {})
            self.until(f"{path}/{made['id']}", "status", "maintenance")
        return made

    def gluster(self) -> tuple[dict[str, Any], dict[str, str]]:
        """A cluster with the Gluster service and three hosts, by the names that scenarios give them."""
        if self.gluster_made is None:
            cluster = self.post("/clusters", {"name": self.name("gluster"), "data_center": {"id": self.known["dc_id"]}, "cpu": {"type": "Intel Nehalem Family"},
                                              "gluster_service": True, "virt_service": False})
            hosts = {}
            for short in ("h1", "h2", "h3"):
                name = self.name("host")
                hosts[short] = str(self.post("/hosts", {"name": name, "address": f"{name}.example.com", "root_password": "x",
                                                        "cluster": {"id": cluster["id"]}})["id"])
                self.until(f"/hosts/{hosts[short]}", "status", "up")
            self.gluster_made = cluster, hosts
        return self.gluster_made

    def network(self) -> dict[str, Any]:
        return self.post("/networks", {"name": self.name("net"), "data_center": {"id": self.known["dc_id"]}})


def scenario(*idents: str) -> Callable[[Setup], Setup]:
    """The decorated function makes the precondition of these scenarios.

    It gives the values of the place holders in the path, and beside them: ``in_body``, texts of the body and the expectation by what they are here;
    ``body`` or ``raw``, what to send instead; ``form`` to send a form; ``unlike``, members that a recording shows otherwise; ``made``, look later at what
    the answer names.
    """
    def register(function: Setup) -> Setup:
        for ident in idents:
            assert ident in SCENARIOS and ident not in SETUPS, ident
            SETUPS[ident] = function
        return function
    return register


@scenario("protocol-003", "protocol-017", "protocol-022", "protocol-024", "storage-002", "storage-022")
def nothing(stage: Stage) -> dict[str, Any]:
    return {"id": stage.known["sd1_id"]}


@scenario("protocol-006")
def unknown_id(stage: Stage) -> dict[str, Any]:
    return {"unknown uuid": "12345678-1234-4234-8234-123456789abc"}


@scenario("protocol-016")
def some_vms(stage: Stage) -> dict[str, Any]:
    for _index in range(3):
        stage.vm()
    return {}


@scenario("protocol-010")
def no_json(stage: Stage) -> dict[str, Any]:
    return {"raw": "no JSON at all"}


@scenario("protocol-008", "protocol-011", "protocol-012", "vm-001", "vm-004", "vm-006")
def new_vm(stage: Stage) -> dict[str, Any]:
    return {"in_body": {"Default": stage.known["cluster_name"], "vm1": stage.name("vm"), "x": stage.name("vm")}}


@scenario("vm-003")
def vm_of_that_name(stage: Stage) -> dict[str, Any]:
    return {"in_body": {"Default": stage.known["cluster_name"], "vm1": stage.vm()["name"]}}


@scenario("sso-001")
def login(stage: Stage) -> dict[str, Any]:
    return {"form": {"grant_type": "password", "scope": "ovirt-app-api", "username": stage.server.username, "password": stage.server.password},
            "unlike": {"scope"}}


@scenario("sso-003")
def other_grant(stage: Stage) -> dict[str, Any]:
    return {"form": {"grant_type": "client_credentials", "scope": "ovirt-app-api"}}


@scenario("sso-005", "sso-006")
def logout(stage: Stage) -> dict[str, Any]:
    return {"form": {"token": "of-nobody", "scope": "ovirt-app-api", "client_id": "ovirt-engine-core", "client_secret": stage.server.password}}


@scenario("vm-035", "vm-037", "vm-039", "vm-047", "nic-001", "snapshot-017")
def vm_down(stage: Stage) -> dict[str, Any]:
    return {"id": stage.vm()["id"], "in_body": {"00000000-0000-0000-0000-0000000000xx": stage.known["mgmt_profile"]}}


@scenario("vm-048")
def vm_of_the_next_run(stage: Stage) -> dict[str, Any]:
    return {"id": stage.vm("up")["id"], "body": {"description": "next"}}


@scenario("snapshot-003")
def vm_with_memory(stage: Stage) -> dict[str, Any]:
    return {"id": stage.vm("up")["id"]}


@scenario("disk-023")
def disk_inline(stage: Stage) -> dict[str, Any]:
    return {"id": stage.vm()["id"], "in_body": {"A": stage.known["sd1_name"], "d": stage.name("disk")}, "made": True}


@scenario("vm-007", "protocol-021")
def vm_to_start(stage: Stage) -> dict[str, Any]:
    vm = stage.vm()
    stage.disk_of(vm, bootable=True)
    return {"id": vm["id"]}


@scenario("vm-008", "vm-023", "vm-027", "vm-034", "vm-040", "vm-046")
def vm_up(stage: Stage) -> dict[str, Any]:
    return {"id": stage.vm("up")["id"]}


@scenario("vm-015")
def vm_paused(stage: Stage) -> dict[str, Any]:
    return {"id": stage.vm("paused")["id"]}


@scenario("vm-025", "vm-041")
def vm_suspended(stage: Stage) -> dict[str, Any]:
    return {"id": stage.vm("suspended")["id"]}


@scenario("vm-032")
def vm_stateless(stage: Stage) -> dict[str, Any]:
    return {"id": stage.vm("up", stateless=True)["id"]}


@scenario("vm-042")
def vm_protected(stage: Stage) -> dict[str, Any]:
    return {"id": stage.vm(delete_protected=True)["id"]}


@scenario("nic-005")
def nic_plugged(stage: Stage) -> dict[str, Any]:
    vm = stage.vm("up")
    return {"id": vm["id"], "nic": stage.nic_of(vm)["id"]}


@scenario("nic-004")
def nic_mirrored(stage: Stage) -> dict[str, Any]:
    vm = stage.vm("up")
    profile = stage.post("/vnicprofiles", {"name": stage.name("mirror"), "network": {"id": stage.known["mgmt_network"]}, "port_mirroring": True})
    return {"id": vm["id"], "nic": stage.nic_of(vm, vnic_profile={"id": profile["id"]})["id"], "in_body": {"other": stage.known["mgmt_profile"]}}


@scenario("disk-001", "disk-005", "disk-019", "disk-021")
def disk_floating(stage: Stage) -> dict[str, Any]:
    return {"id": stage.disk()["id"], "in_body": {"A": stage.known["sd1_id"], "B": stage.known["sd2_id"]}}


@scenario("disk-004")
def disk_locked(stage: Stage) -> dict[str, Any]:
    disk = stage.disk()
    stage.post(f"/disks/{disk['id']}/move", {"storage_domain": {"id": stage.known["sd2_id"]}})
    return {"id": disk["id"], "in_body": {"B": stage.known["sd1_id"], "disk1": disk["name"]}}


@scenario("disk-017")
def disk_new(stage: Stage) -> dict[str, Any]:
    # By its name the domain is found without a status, and refused (recorded in disk-formats-and-changes).
    body = {**SCENARIOS[stage.asked]["body"], "name": stage.name("disk"), "storage_domains": {"storage_domain": [{"id": stage.known["sd1_id"]}]}}
    return {"body": body}


@scenario("disk-022")
def disk_to_attach(stage: Stage) -> dict[str, Any]:
    return {"id": stage.vm()["id"], "in_body": {"D": stage.disk()["id"]}}


@scenario("disk-027")
def disk_attached(stage: Stage) -> dict[str, Any]:
    vm = stage.vm()
    return {"id": vm["id"], "disk": stage.disk_of(vm)["id"]}


@scenario("disk-028", "snapshot-020")
def disk_in_snapshot(stage: Stage) -> dict[str, Any]:
    vm = stage.vm()
    disk = stage.disk_of(vm)
    return {"id": vm["id"], "disk": disk["id"], "snap": stage.snapshot_of(vm)["id"]}


@scenario("snapshot-011", "snapshot-019")
def snapshot_of_running(stage: Stage) -> dict[str, Any]:
    vm = stage.vm("up")
    snapshot = stage.snapshot_of(vm)["id"]
    return {"id": vm["id"], "snap": snapshot, "in_body": {"S": snapshot}}


@scenario("snapshot-012", "snapshot-021")
def snapshot_in_preview(stage: Stage) -> dict[str, Any]:
    vm, snapshot = stage.previewed()
    return {"id": vm["id"], "snap": snapshot["id"], "in_body": {"S": snapshot["id"]}}


@scenario("snapshot-022")
def snapshot_active(stage: Stage) -> dict[str, Any]:
    vm = stage.vm()
    return {"id": vm["id"], "active": dig(stage.server.get(f"/vms/{vm['id']}/snapshots"), "snapshot[snapshot_type=active].id")}


@scenario("storage-007", "storage-019", "storage-020")
def domain_active(stage: Stage) -> dict[str, Any]:
    return {"dc": stage.known["dc_id"], "id": stage.known["sd2_id"]}


@scenario("quota-001")
def quota_new(stage: Stage) -> dict[str, Any]:
    return {"dc": stage.known["dc_id"], "in_body": {"q1": stage.name("quota")}}


@scenario("vnic-001")
def profile_new(stage: Stage) -> dict[str, Any]:
    return {"in_body": {"N": stage.network()["id"], "mirror": stage.name("mirror")}}


@scenario("vnic-003")
def profile_of_network(stage: Stage) -> dict[str, Any]:
    profile = stage.post("/vnicprofiles", {"name": stage.name("profile"), "network": {"id": stage.network()["id"]}})
    return {"id": profile["id"], "in_body": {"N2": stage.network()["id"]}}


@scenario("vnic-005")
def network_without_vms(stage: Stage) -> dict[str, Any]:
    network = stage.post("/networks", {"name": stage.name("net"), "data_center": {"id": stage.known["dc_id"]}, "usages": {"usage": []}})
    return {"in_body": {"N": network["id"]}}


@scenario("vnic-006")
def profile_of_that_name(stage: Stage) -> dict[str, Any]:
    network = stage.network()["id"]
    name = stage.post("/vnicprofiles", {"name": stage.name("profile"), "network": {"id": network}})["name"]
    return {"in_body": {"N": network, "p": name}}


@scenario("host-002")
def host_new(stage: Stage) -> dict[str, Any]:
    return {"in_body": {"h1": stage.name("host")}}


@scenario("host-008")
def host_up(stage: Stage) -> dict[str, Any]:
    return {"id": stage.known["host1_id"]}


@scenario("host-004", "host-007", "host-011")
def host_in_maintenance(stage: Stage) -> dict[str, Any]:
    name = stage.name("host")
    host = stage.post("/hosts", {"name": name, "address": f"{name}.example.com", "root_password": "x", "cluster": {"id": stage.known["cluster_id"]}})
    stage.until(f"/hosts/{host['id']}", "status", "up")
    stage.post(f"/hosts/{host['id']}/deactivate", {})
    stage.until(f"/hosts/{host['id']}", "status", "maintenance")
    return {"id": host["id"]}


@scenario("host-009")
def host_to_install(stage: Stage) -> dict[str, Any]:
    return host_in_maintenance(stage)


@scenario("host-013")
def host_with_agent(stage: Stage) -> dict[str, Any]:
    path = f"/hosts/{stage.known['host2_id']}"
    if not stage.server.get(f"{path}/fenceagents").get("agent"):
        stage.post(f"{path}/fenceagents", {"type": "ipmilan", "address": "192.0.2.9", "username": "u", "password": "p", "order": 1})
    assert stage.server.send("PUT", path, body={"power_management": {"enabled": True}}).ok
    return {"id": stage.known["host2_id"]}


@scenario("vm-033", "vm-043")
def vm_of_pool(stage: Stage) -> dict[str, Any]:
    cluster, template = {"id": stage.known["cluster_id"]}, {"id": stage.template()["id"]}
    pool = stage.post("/vmpools", {"name": stage.name("pool"), "size": 1, "cluster": cluster, "template": template})
    name = f"{pool['name']}-1"
    stage.until(f"/vms?search=name%3D{name}", "vm[0].status", "down")
    ident = dig(stage.server.get(f"/vms?search=name%3D{name}"), "vm[0].id")
    if stage.asked == "vm-033":
        stage.post(f"/vms/{ident}/start", {})
        stage.until(f"/vms/{ident}", "status", "up")
    return {"id": ident}


@scenario("vm-002")
def vm_from_template(stage: Stage) -> dict[str, Any]:
    return {"in_body": {"vm2": stage.name("vm"), "Default": stage.known["cluster_name"], "tpl": stage.template()["name"]}}


@scenario("vm-044", "misc-004")
def vm_on_template(stage: Stage) -> dict[str, Any]:
    template = stage.template()
    vm = stage.post("/vms", {"name": stage.name("vm"), "cluster": {"id": stage.known["cluster_id"]}, "template": {"id": template["id"]}})
    stage.until(f"/vms/{vm['id']}", "status", "down")
    ident = {"misc-004": template["id"]}.get(stage.asked, vm["id"])
    return {"id": ident, "in_body": {"VMs: vm1.": f"VMs: {vm['name']}."}}


@scenario("disk-011")
def disk_for_gluster(stage: Stage) -> dict[str, Any]:
    disk = stage.disk(format="raw", sparse=False, shareable=True)
    storage = {"type": "glusterfs", "address": "gluster.example.com", "path": f"/{stage.name('volume')}", "vfs_type": "glusterfs"}
    domain = stage.domain("active", storage=storage)
    return {"id": disk["id"], "in_body": {"G": domain["id"], "disk1": disk["name"]}}


@scenario("disk-012")
def disk_of_suspended(stage: Stage) -> dict[str, Any]:
    vm = stage.vm("suspended")
    return {"id": dig(stage.server.get(f"/vms/{vm['id']}/diskattachments"), "disk_attachment[0].id"), "in_body": {"B": stage.known["sd2_id"]}}


@scenario("disk-026")
def disk_locked_to_attach(stage: Stage) -> dict[str, Any]:
    disk = stage.disk()
    stage.post(f"/disks/{disk['id']}/move", {"storage_domain": {"id": stage.known["sd2_id"]}})
    return {"id": stage.vm()["id"], "in_body": {"D": disk["id"], "locked: d.": f"locked: {disk['name']}."}}


@scenario("snapshot-023")
def snapshot_of_unplugged(stage: Stage) -> dict[str, Any]:
    vm = stage.vm("up")
    disk = stage.disk_of(vm)
    stage.until(f"/disks/{disk['id']}", "status", "ok")
    snapshot = stage.snapshot_of(vm)
    assert stage.server.send("PUT", f"/vms/{vm['id']}/diskattachments/{disk['id']}", body={"active": False}).ok
    stage.until(f"/disks/{disk['id']}", "status", "ok")
    return {"id": vm["id"], "snap": snapshot["id"], "in_body": {"unattached: \n d": f"unattached: \n {disk['name']}"}}


@scenario("snapshot-024")
def snapshot_of_suspended(stage: Stage) -> dict[str, Any]:
    vm = stage.vm()
    stage.disk_of(vm, bootable=True)
    snapshot = stage.snapshot_of(vm)
    stage.post(f"/vms/{vm['id']}/start", {})
    stage.until(f"/vms/{vm['id']}", "status", "up")
    stage.post(f"/vms/{vm['id']}/suspend", {})
    stage.until(f"/vms/{vm['id']}", "status", "suspended")
    return {"id": vm["id"], "snap": snapshot["id"], "in_body": {"VM vm1 must": f"VM {vm['name']} must"}}


@scenario("storage-008")
def domain_unattached(stage: Stage) -> dict[str, Any]:
    domain = stage.domain("unattached")["id"]
    return {"dc": stage.known["dc_id"], "SD": domain, "in_body": {"SD": domain}}


@scenario("storage-010")
def domain_second_iso(stage: Stage) -> dict[str, Any]:
    stage.domain("active", type="iso")
    return {"dc": stage.known["dc_id"], "in_body": {"ISO2": stage.domain("unattached", type="iso")["id"]}}


@scenario("storage-014")
def domain_of_running(stage: Stage) -> dict[str, Any]:
    stage.vm("up")
    return {"dc": stage.known["dc_id"], "id": stage.known["sd1_id"]}


@scenario("storage-016", "storage-018", "storage-021")
def domain_in_maintenance(stage: Stage) -> dict[str, Any]:
    return {"dc": stage.known["dc_id"], "id": stage.domain("maintenance")["id"]}


@scenario("storage-027")
def data_center_of_latest_level(stage: Stage) -> dict[str, Any]:
    return {"dc": stage.post("/datacenters", {"name": stage.name("dc"), "local": False})["id"]}


@scenario("gluster-001")
def gluster_new(stage: Stage) -> dict[str, Any]:
    cluster, hosts = stage.gluster()
    return {"c": cluster["id"], "in_body": {**hosts, "v1": stage.name("volume")}}


@scenario("gluster-004", "gluster-011", "gluster-008", "gluster-018", "gluster-012", "gluster-014", "gluster-015", "gluster-020", "gluster-021", "gluster-022")
def gluster_volume(stage: Stage) -> dict[str, Any]:
    cluster, hosts = stage.gluster()
    kind = {"volume_type": "replicate", "replica_count": 3} if stage.asked in ("gluster-012",) else {"volume_type": "distribute"}
    body = {"name": stage.name("volume"), **kind,
            "bricks": {"brick": [{"server_id": host, "brick_dir": f"/{stage.name('brick')}"} for host in hosts.values()]}}
    volume = stage.post(f"/clusters/{cluster['id']}/glustervolumes", body)
    if stage.asked not in ("gluster-014", "gluster-018", "gluster-004"):
        stage.post(f"/clusters/{cluster['id']}/glustervolumes/{volume['id']}/start", {})
    words = {"Volume v1 ": f"Volume {volume['name']} ", "name v1 ": f"name {volume['name']} "}
    have: dict[str, Any] = {"c": cluster["id"], "v": volume["id"], "in_body": words}
    return {**have, "body": body} if stage.asked == "gluster-004" else have


@scenario("gluster-026")
def gluster_without_servers(stage: Stage) -> dict[str, Any]:
    have = gluster_volume(stage)
    cluster = stage.server.get(f"/clusters/{have['c']}")["name"]
    for host in stage.server.get(f"/hosts?search=cluster%3D{cluster}")["host"]:
        stage.post(f"/hosts/{host['id']}/deactivate", {})
        stage.until(f"/hosts/{host['id']}", "status", "maintenance")
    stage.gluster_made = None
    return {**have, "in_body": {"found in c.": f"found in {cluster}."}}


@pytest.fixture(scope="module")
def stage():
    with engine_process.running("--speed", f"{SPEED:g}") as running:
        server = Server(running.url, running.username, running.password, verify=running.ca_file)
        said: list[str] = []
        variables, needs = estate.build(server, Pace(SPEED), said.append)
        assert {"two_hosts", "two_domains", "updc"} <= needs, said
        yield Stage(server, variables)


@pytest.mark.slow
@pytest.mark.parametrize("ident", SETUPS)
def test_scenario(stage: Stage, ident: str) -> None:
    told = SCENARIOS[ident]
    stage.asked = ident
    have = SETUPS[ident](stage)
    names = have.get("in_body", {})
    path = _filled(told["path"], have)
    body = have.get("body", _renamed(told.get("body"), names))
    if told["method"] == "POST" and body is None and "form" not in have and "raw" not in have:
        body = {}
    headers = {name: str(value) for name, value in told.get("headers", {}).items()}
    answer = stage.server.send(told["method"], "!" + path, headers=headers, query=told.get("query"), raw=have.get("raw"), form=have.get("form"),
                               body=body if "form" not in have else None)
    expected = told["expect"]
    wanted = (expected["status"],) if expected.get("status") is not None else (200, 201, 202, 400)
    assert answer.status_code in wanted, answer.text
    if isinstance(expected.get("body"), dict):
        _assert_like({name: value for name, value in _renamed(expected["body"], names).items() if name not in have.get("unlike", ())}, answer.json(), "")
    names_it = have.get("made") or told["method"] == "POST" and "{id}" not in told["path"]
    made = answer.json().get("id") if answer.content and names_it else have.get("id")
    for later in expected.get("later", []):
        _assert_later(stage, later, {**have, "id": made})


def _assert_later(stage: Stage, later: dict[str, Any], have: dict[str, Any]) -> None:
    path = _filled(later["GET"], have)
    if "{" in path:
        return
    for field, values in later.items():
        if field == "GET" or field != "http" and "http" in later and later["http"][-1] == 404:
            continue
        if field == "http":
            if values[-1] == 404:
                stage.until(path.replace("/ovirt-engine/api", ""), "id", "http 404")
        elif "[" not in field:
            stage.until(path.replace("/ovirt-engine/api", ""), field, values[-1])


def _filled(path: str, have: dict[str, Any]) -> str:
    for name, value in have.items():
        if isinstance(value, str):
            path = path.replace("{%s}" % name, value).replace(f"/{name}", f"/{value}" if name.isupper() else f"/{name}")
    return path


def _renamed(value: Any, names: dict[str, str]) -> Any:
    """Whole texts, and names inside sentences, by what they are here."""
    if isinstance(value, str):
        if value in names:
            return names[value]
        for name, other in names.items():
            if len(name) > 3:
                value = value.replace(name, other)
        return value
    if isinstance(value, list):
        return [_renamed(one, names) for one in value]
    if isinstance(value, dict):
        return {name: _renamed(one, names) for name, one in value.items()}
    return value


def _assert_like(want: Any, got: Any, where: str) -> None:
    """Everything told is there; a text in capitals stands for any text."""
    if isinstance(want, dict):
        assert isinstance(got, dict), f"{where}: {got!r}"
        for name, value in want.items():
            assert name in got, f"{where}.{name} is missing in {got!r}"
            _assert_like(value, got[name], f"{where}.{name}")
    elif isinstance(want, str) and want.replace("_", "").isupper():
        assert isinstance(got, str) and got, f"{where}: {got!r}"
    elif isinstance(want, str):
        assert got == want, f"{where}: {got!r} instead of {want!r}"
    elif isinstance(want, list) and want and not isinstance(want[0], str):
        assert isinstance(got, list) and len(got) >= len(want), f"{where}: {got!r}"
    elif not isinstance(want, list):
        assert str(got).lower() == str(want).lower(), f"{where}: {got!r} instead of {want!r}"
