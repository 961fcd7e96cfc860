# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation of the API's model, asked for in many ways: none may end in an error of the embedded engine's own.

What it does not serve (501) is listed in not_served.json; the list only gets shorter.  ``python -m pytest tests/engine/test_whole_model.py`` says what to
take out of it.
"""
from __future__ import annotations

import ast
import base64
import copy
import json
from pathlib import Path
from typing import Any, Iterator

import pytest
from ansible_collections.virtops.ovirt.extensions import engine as package
from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.clock import HANDLERS
from ansible_collections.virtops.ovirt.extensions.engine.estate import build
from ansible_collections.virtops.ovirt.extensions.engine.http import Parked, Request, Response

UNKNOWN = "12345678-1234-4234-8234-123456789abc"
NOT_SERVED = set(json.loads(Path(__file__).with_name("not_served.json").read_text(encoding="utf-8")))
# Where the first item of a list is not the best one to try things on.
PREFERRED = {"/vms": "spare1", "/datacenters": "demo", "/clusters": "demo", "/templates": "template", "/jobs": "external"}
READS = ("", "?follow=permissions", "?max=1&search=name%3Dx&all_content=true", "?follow=nosuch")
BODIES: tuple[tuple[str, Any], ...] = (
    ("", {}), ("", {"id": UNKNOWN}), ("", {"name": "x", "description": "d"}), ("", {"name": 5, "id": "nope"}), ("?async=true", {"nosuch": {}}), ("", None))


class World:
    """A demo estate with something of everything, that can be had again as it was."""

    def __init__(self) -> None:
        self.engine = Engine(password="secret", speed=0, seed=7)
        build(self.engine, "demo")
        self.headers = {"authorization": "Basic " + base64.b64encode(b"admin@internal:secret").decode(), "host": "engine.example",
                        "content-type": "application/json"}
        self._fill()
        self.kept: dict[str, Any] = {}
        self.keep()

    def ask(self, method: str, path: str, body: Any = None, media: str = "json") -> Response | Parked:
        headers = {**self.headers, "accept": f"application/{media}"}
        data = b"" if body is None else json.dumps(body).encode()
        return self.engine.handle(Request(method, f"/ovirt-engine/api{path}", headers, data))

    def made(self, path: str, body: dict[str, Any], seconds: float = 2) -> str:
        answer = self.ask("POST", path, body)
        assert isinstance(answer, Response) and answer.status < 300, (path, answer)
        self.engine.advance(seconds)
        return str(json.loads(answer.body)["id"])

    def items(self, path: str) -> list[dict[str, Any]]:
        answer = self.ask("GET", path)
        if not isinstance(answer, Response) or answer.status != 200:
            return []
        found = next((value for value in json.loads(answer.body).values() if isinstance(value, list)), [])
        return [one for one in found if isinstance(one, dict) and "id" in one]

    def first(self, path: str, wanted: str | None = None) -> str:
        wanted = wanted or PREFERRED.get(path)
        items = self.items(path)
        return next((one["id"] for one in items if wanted in (one.get("name"), one.get("description"))), items[0]["id"] if items else UNKNOWN)

    def _fill(self) -> None:
        vm, cluster, center, host = (self.first(path) for path in ("/vms", "/clusters", "/datacenters", "/hosts"))
        self.made("/bookmarks", {"name": "bookmark", "value": "Vms:"})
        self.made("/macpools", {"name": "pool", "ranges": {"range": [{"from": "02:00:00:00:00:00", "to": "02:00:00:00:00:ff"}]}})
        self.made("/instancetypes", {"name": "type"})
        self.made("/roles", {"name": "role", "administrative": False, "permits": {"permit": [{"id": "1"}]}})
        self.made("/schedulingpolicies", {"name": "policy"})
        self.made("/openstacknetworkproviders", {"name": "provider", "type": "external", "url": "http://provider.example:9696"})
        self.made("/storageconnections", {"type": "nfs", "address": "nas.example.com", "path": "/a/b"})
        job = self.made("/jobs", {"description": "external", "auto_cleared": True})
        self.made(f"/jobs/{job}/steps", {"description": "step", "type": "validating"})
        label = self.made("/affinitylabels", {"name": "label"})
        self.made("/tags", {"name": "tag"})
        for owner, ident in (("vms", vm), ("hosts", host)):
            self.made(f"/{owner}/{ident}/tags", {"name": "tag"})
            self.made(f"/{owner}/{ident}/affinitylabels", {"id": label})
        self.made(f"/clusters/{cluster}/affinitygroups", {"name": "group", "vms": {"vm": [{"id": vm}]}, "hosts": {"host": [{"id": host}]},
                                                          "vm_labels": {"affinity_label": [{"id": label}]},
                                                          "host_labels": {"affinity_label": [{"id": label}]}})
        self.made(f"/datacenters/{center}/quotas", {"name": "quota"})
        self.made(f"/datacenters/{center}/qoss", {"name": "qos", "type": "storage", "max_iops": 100})
        self.made(f"/datacenters/{center}/iscsibonds", {"name": "bond"})
        self.made(f"/hosts/{host}/fenceagents", {"type": "ipmilan", "address": "192.0.2.9", "username": "u", "password": "p", "order": 1})
        self.made(f"/vms/{vm}/watchdogs", {"model": "i6300esb", "action": "reset"})
        self.made(f"/vms/{vm}/snapshots", {"description": "snapshot"}, 20)
        template = self.made("/templates", {"name": "template", "vm": {"id": vm}}, 60)
        self.made("/vmpools", {"name": "pool", "size": 1, "cluster": {"id": cluster}, "template": {"id": template}}, 60)

        self._fill_gluster(center)

    def _fill_gluster(self, center: str) -> None:
        cluster = self.made("/clusters", {"name": "gluster", "data_center": {"id": center}, "cpu": {"type": "Intel Nehalem Family"}, "gluster_service": True})
        hosts = [self.made("/hosts", {"name": name, "address": f"{name}.example.com", "root_password": "secret", "cluster": {"id": cluster}}, 10)
                 for name in ("gluster1", "gluster2")]
        self.made(f"/clusters/{cluster}/glustervolumes", {"name": "volume", "volume_type": "distribute", "bricks": {
            "brick": [{"server_id": host, "brick_dir": "/brick"} for host in hosts]}})

    def keep(self) -> None:
        self.kept = {name: copy.deepcopy(table.rows) for name, table in self.engine.store.tables.items()}
        self.heap = list(self.engine.timeline._heap)

    def restore(self) -> None:
        for name, table in self.engine.store.tables.items():
            table.rows, table._indices, table._keys = copy.deepcopy(self.kept.get(name, {})), {}, {}
        self.engine.timeline._heap = list(self.heap)
        self.engine.parked.clear()
        self.engine.store._dirty.clear()

    def place(self, template: str) -> str:
        """A path with ids of what is there, as far as something is."""
        path = ""
        for part in template.strip("/").split("/"):
            wanted = "gluster" if "/glustervolumes" in template and path.endswith("/clusters") else None
            path += "/" + (self.first(path, wanted) if part.startswith("{") else part)
        return path


@pytest.fixture(scope="module")
def world() -> World:
    return World()


def probes(operation: dict[str, Any]) -> Iterator[tuple[str, Any, str]]:
    method = operation["http"]
    if method == "GET":
        yield from ((query, None, "json") for query in READS)
        yield "", None, "xml"
    elif method == "DELETE":
        yield from (("", None, "json"), ("?force=true", None, "xml"))
    else:
        yield from ((query, body, "json") for query, body in BODIES)
        mandatory = _mandatory(operation)
        if mandatory:
            yield "", mandatory, "xml"


def _mandatory(operation: dict[str, Any]) -> dict[str, Any]:
    """The members that the operation asks for, each with a text."""
    body: dict[str, Any] = {}
    for wanted in operation.get("mandatory") or next(iter(operation.get("variants", ())), {}).get("mandatory", ()):
        parts = wanted.split("|")[0].split(".")[0 if operation.get("action") else 1:]
        if not any(part.endswith("[]") for part in parts):
            inner = body
            for part in parts[:-1]:
                inner = inner.setdefault(part, {})
            inner[parts[-1]] = "1"
    return body


def test_no_request_ends_in_an_error_of_our_own(world: World, capfd) -> None:
    wrong, not_served = [], set()
    for template, service in world.engine.model.paths:
        if template == "/":
            continue
        known = world.place(template)
        for path in [known, known.rpartition("/")[0] + f"/{UNKNOWN}"] if template.endswith("}") else [known]:
            for operation in world.engine.model.operations(service):
                target = path + (f"/{operation['action']}" if operation.get("action") else "")
                for query, body, media in probes(operation):
                    answer = world.ask(operation["http"], target + query, body, media)
                    status = answer.status if isinstance(answer, Response) else 0
                    if status == 501:
                        not_served.add(f"{operation['name']} {template}")
                    changed = not isinstance(answer, Response) or answer.wrote
                    if changed:
                        world.engine.advance(200)
                    said = capfd.readouterr().err
                    if "Traceback" in said:
                        wrong.append(f"{operation['http']} {template} {query} {body}: {said.strip().splitlines()[-1]}")
                    if changed:
                        world.restore()
    assert not wrong, "\n".join(wrong[:20])
    assert not_served <= NOT_SERVED, f"not served any more: {sorted(not_served - NOT_SERVED)}"
    assert not_served == NOT_SERVED, f"served now, take it out of not_served.json: {sorted(NOT_SERVED - not_served)}"


def test_everything_that_happens_later_has_its_handler() -> None:
    Engine(password="secret")  # which loads all services
    named = set()
    for file in Path(package.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "later" and len(node.args) > 1:
                name = node.args[1]
                if isinstance(name, ast.Constant):
                    named.add(name.value)
    assert named and named <= set(HANDLERS), named - set(HANDLERS)
