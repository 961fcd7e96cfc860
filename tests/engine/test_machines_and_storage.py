# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines and their storage as a client meets them, where the recordings show too little: what is given up, what is still going on, what is refused."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from ansible_collections.virtops.ovirt.extensions.engine import estate
from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.http import Request

LOGIN = "Basic " + base64.b64encode(b"admin@internal:secret").decode()
GIB = 1024 ** 3


class Demo:
    """The demo estate, asked over HTTP; time passes by ``wait`` alone."""

    def __init__(self, rules: Any) -> None:
        self._rules = rules
        rules.write_text("[]")
        self.engine = Engine(password="secret", speed=0, seed=1, faults=str(rules))
        estate.build(self.engine, "demo")

    def faults(self, *rules: dict) -> None:
        self._rules.write_text(json.dumps(rules))

    def ask(self, method: str, path: str, body: dict | None = None, *, status: int | None = None) -> Any:
        headers = {"authorization": LOGIN, "accept": "application/json", "content-type": "application/json"}
        answer = self.engine.handle(Request(method, f"/ovirt-engine/api/{path}", headers, b"" if body is None else json.dumps(body).encode()))
        if status is not None:
            assert answer.status == status, answer.body.decode()
        return json.loads(answer.body) if answer.body else None

    def refused(self, method: str, path: str, body: dict | None = None, *, status: int) -> str:
        """The engine's words, brackets included."""
        said = self.ask(method, path, body, status=status)
        return said.get("fault", said)["detail"]

    def wait(self, seconds: float = 20) -> None:
        self.engine.advance(seconds)

    def ident(self, table: str, name: str) -> str:
        return str(self.engine.store.table(table).named(name)["id"])

    def events(self, *codes: int) -> list[str]:
        return [row["description"] for row in self.engine.store.table("event") if row["code"] in codes]


@pytest.fixture
def demo(tmp_path):
    made = Demo(tmp_path / "rules.json")
    yield made
    made.engine.close()


def test_a_preview_with_memory_is_suspended_and_can_be_undone_and_kept(demo) -> None:
    vm = demo.ident("vm", "web1")
    snapshot = demo.ask("POST", f"vms/{vm}/snapshots", {"description": "warm"}, status=201)["id"]
    demo.wait()
    demo.ask("POST", f"vms/{vm}/stop", {}, status=200)
    demo.wait()

    def preview() -> str:
        demo.ask("POST", f"vms/{vm}/previewsnapshot", {"snapshot": {"id": snapshot}, "restore_memory": True}, status=202)
        demo.wait()
        return demo.ask("GET", f"vms/{vm}")["status"]

    assert preview() == "suspended"
    demo.ask("POST", f"vms/{vm}/undosnapshot", {}, status=202)
    demo.wait()
    assert demo.ask("GET", f"vms/{vm}")["status"] == "down"
    assert preview() == "suspended"
    demo.ask("POST", f"vms/{vm}/commitsnapshot", {}, status=202)
    demo.wait()
    assert demo.ask("GET", f"vms/{vm}")["status"] == "suspended"
    demo.ask("POST", f"vms/{vm}/start", {}, status=200)


def test_a_template_is_refused_while_images_of_a_pool_that_is_gone_are_deleted(demo) -> None:
    template = demo.ask("POST", "templates", {"name": "golden", "vm": {"id": demo.ident("vm", "spare1")}}, status=201)["id"]
    demo.wait()
    body = {"name": "p", "size": 1, "cluster": {"id": demo.ident("cluster", "demo")}, "template": {"id": template}}
    pool = demo.ask("POST", "vmpools", body, status=201)["id"]
    demo.wait()
    demo.ask("DELETE", f"vmpools/{pool}", status=200)
    demo.ask("GET", f"vmpools/{pool}", status=404)
    assert demo.refused("DELETE", f"templates/{template}", status=409).startswith(
        "[Cannot remove Template. The following Disk(s) are based on it: \n spare1-system  (")
    demo.wait(5)
    demo.ask("DELETE", f"templates/{template}", status=200)


@pytest.mark.parametrize("last, step, words", [
    (True, "Stopping SPM", "Not stopping SPM on vds demo-host1, pool id {pool} as there are uncleared tasks Task 'x', status 'finished'"),
    (False, "Deactivating Storage Domain", "VDSM demo-host1 command DeactivateStorageDomainVDS failed: Task 'x', status 'finished'")])
def test_a_deactivation_that_the_engine_gives_up(demo, last, step, words) -> None:
    pool = demo.ident("data_center", "demo")
    path = f"datacenters/{pool}/storagedomains/"
    slow, fast = (path + demo.ident("storage_domain", f"demo-{name}") for name in ("slow", "fast"))
    for name in ("web1", "web2", "db1"):
        demo.ask("POST", f"vms/{demo.ident('vm', name)}/stop", {}, status=200)
    demo.wait()
    if last:
        demo.ask("POST", f"{slow}/deactivate", {}, status=200)
        demo.wait()
    demo.faults({"match": {"command": "DeactivateStorageDomain", "step": step}, "do": {"message": "Task 'x', status 'finished'"}})
    job = demo.ask("POST", f"{fast}/deactivate", {}, status=200)["job"]["id"]
    demo.wait()
    assert demo.ask("GET", fast)["status"] == "active"
    assert demo.ask("GET", f"jobs/{job}")["status"] == "finished"
    assert demo.events(969) == ["Failed to deactivate Storage Domain demo-fast (Data Center demo)."]
    assert demo.events(9030, 10802) == [words.format(pool=pool)]
    demo.ask("POST", f"{fast}/deactivate", {}, status=200)
    demo.wait()
    assert demo.ask("GET", fast)["status"] == "maintenance"


def test_names_of_disks_are_judged_where_the_engine_judges_them(demo) -> None:
    """A floating disk takes any name when it is made; attached ones and edits have to have a plain one."""
    vm, domain = demo.ident("vm", "spare1"), demo.ident("storage_domain", "demo-slow")
    disk = {"alias": "a 'disk'", "provisioned_size": GIB, "format": "cow", "storage_domains": {"storage_domain": [{"id": domain}]}}
    words = '[Disk alias name must be formed of alpha-numeric characters or "-_.", Attribute: diskInfo.diskAlias]'
    assert demo.refused("POST", f"vms/{vm}/diskattachments", {"bootable": False, "interface": "virtio", "disk": disk}, status=400) == words
    made = demo.ask("POST", "disks", disk, status=201)["id"]
    demo.wait()
    assert demo.refused("PUT", f"disks/{made}", {"description": "d"}, status=400) == words
    demo.ask("PUT", f"disks/{made}", {"alias": "a_disk", "description": "d"}, status=200)


def test_a_machine_whose_image_is_not_there_does_not_start(demo) -> None:
    vm = demo.ident("vm", "spare1")
    for image, status, words in (("11111111-2222-3333-4444-555555555555", 400, "[Invalid ISO image path]"),
                                 ("gone.iso", 409, "[Cannot run VM with attached CD without an active ISO domain.\n")):
        once = {"vm": {"cdroms": {"cdrom": [{"file": {"id": image}}]}}}
        assert demo.refused("POST", f"vms/{vm}/start", once, status=status).startswith(words)


def test_custom_properties_are_those_that_the_engine_knows(demo) -> None:
    vm = demo.ident("vm", "spare1")
    for name, value, words in (("nothing", "1", "are not configured by the system"), ("sap_agent", "perhaps", "have illegal values")):
        body = {"custom_properties": {"custom_property": [{"name": name, "value": value}]}}
        said = f"[Cannot edit VM if some of the specified custom properties {words}. The keys are: {name}]"
        assert demo.refused("PUT", f"vms/{vm}", body, status=400) == said
    demo.ask("PUT", f"vms/{vm}", {"custom_properties": {"custom_property": [{"name": "sap_agent", "value": "true"}]}}, status=200)


def test_an_instance_type_beats_the_memory_of_the_request(demo) -> None:
    kind = demo.ask("GET", "instancetypes?search=name%3DMedium")["instance_type"][0]
    body = {"name": "typed", "cluster": {"id": demo.ident("cluster", "demo")}, "template": {"name": "Blank"}, "memory": 7 * GIB,
            "instance_type": {"id": kind["id"]}, "os": {"type": "nothing_known"}}
    made = demo.ask("POST", "vms", body, status=201)
    assert made["memory"] == kind["memory"] and made["os"]["type"] == "other"


def test_the_memory_of_a_snapshot_is_two_disks(demo) -> None:
    vm = demo.ident("vm", "web1")

    def memory() -> list[str]:
        return sorted(disk["content_type"] for disk in demo.ask("GET", "disks")["disk"] if disk["content_type"].startswith("memory"))

    snapshot = demo.ask("POST", f"vms/{vm}/snapshots", {"description": "warm", "persist_memorystate": True}, status=201)["id"]
    demo.wait()
    assert memory() == ["memory_dump_volume", "memory_metadata_volume"]
    demo.ask("DELETE", f"vms/{vm}/snapshots/{snapshot}", status=200)
    demo.wait(60)
    assert memory() == []
