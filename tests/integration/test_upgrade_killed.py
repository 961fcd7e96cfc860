# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each way to a newer storage format, killed at every step of it and run again: it goes on where it was, and asks for nothing twice.

The next request is kept waiting by a fault of the engine, so that it is certain between which two the play is killed.
"""
from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Iterator

import pytest
import requests
import yaml

import engine_process
import workspace

API = "/ovirt-engine/api"
OLD = """
- virtops.ovirt.data_center: {name: old, compatibility_version: "4.2"}
- virtops.ovirt.cluster: {name: "{{ item }}", data_center: old, compatibility_version: "4.2", cpu_type: Intel Haswell Family}
  loop: [c1, c2]
- virtops.ovirt.host: {name: "h-{{ item }}", address: "{{ item }}.example.com", cluster: "{{ item }}", root_password: not-a-secret, state: up}
  loop: [c1, c2]
- virtops.ovirt.storage_domain:
    name: "{{ item }}"
    data_center: old
    host: h-c1
    storage_format: v4
    storage: {type: nfs, address: nas.example.com, path: "/{{ item }}"}
  loop: [data1, data2]
- virtops.ovirt.vm:
    name: "{{ item.name }}"
    cluster: "{{ item.cluster }}"
    disks:
      - {name: "{{ item.name }}-system", size: 1GiB, storage_domain: "{{ item.domain }}", bootable: true}
    state: "{{ item.state }}"
  loop:
    - {name: up1, cluster: c1, domain: data1, state: running}
    - {name: up2, cluster: c2, domain: data1, state: running}
    - {name: down1, cluster: c1, domain: data1, state: stopped}
    - {name: apart1, cluster: c1, domain: data2, state: stopped}
    - {name: apart2, cluster: c1, domain: data2, state: stopped}
"""
NEW = """
- virtops.ovirt.data_center: {name: new, compatibility_version: "4.7"}
- virtops.ovirt.cluster: {name: c3, data_center: new, compatibility_version: "4.7", cpu_type: Intel Haswell Family}
- virtops.ovirt.host: {name: h-c3, address: c3.example.com, cluster: c3, root_password: not-a-secret, state: up}
- virtops.ovirt.storage_domain:
    name: data3
    data_center: new
    host: h-c3
    storage: {type: nfs, address: nas.example.com, path: /data3}
"""


class Story:
    """One engine, plays against it, and what it was asked to write."""

    def __init__(self, reached: engine_process.Engine, faults: Path, place: Path) -> None:
        self.reached, self.faults, self.place = reached, faults, place

    def start(self, tasks: str) -> subprocess.Popen[str]:
        playbook = self.place / "play.yml"
        playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": yaml.safe_load(tasks)}]), encoding="utf-8")
        environment = {**workspace.private_environment(self.place / "home", collections=workspace.tree()), **self.reached.variables()}
        return subprocess.Popen(
            [str(Path(sys.executable).parent / "ansible-playbook"), "-v", str(playbook)], cwd=self.place, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )

    def play(self, tasks: str) -> str:
        said, _none = (process := self.start(tasks)).communicate(timeout=300)
        assert process.returncode == 0, said
        return said

    def kill_before(self, tasks: str, method: str, path: str, *, nth: int = 1, ready: tuple[str, str, int]) -> None:
        """Kills the play when it has had so many requests (method, path, count in all) carried out, and waits for the answer to its next one."""
        rule = {"match": {"method": method, "path": path, "nth": nth}, "do": {"drop": "before", "delay": 120}}
        self.faults.write_text(json.dumps([rule]), encoding="utf-8")
        process = self.start(tasks)
        limit = time.monotonic() + 120
        while self.count(ready[0], ready[1]) < ready[2]:
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < limit, f"{ready} was never reached: {[(one['method'], one['path']) for one in self.written()]}"
            time.sleep(0.05)
        time.sleep(1.0)
        assert process.poll() is None, process.communicate()[0]
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        self.faults.write_text("[]", encoding="utf-8")

    def written(self) -> list[dict[str, Any]]:
        return [one for one in self.reached.requests() if one["wrote"] and one["method"] != "GET"]

    def count(self, method: str, path: str) -> int:
        return len([one for one in self.written() if one["method"] == method and fnmatchcase(one["path"], API + path)])

    def get(self, path: str) -> Any:
        answer = requests.get(
            f"{self.reached.url}/{path}", auth=(self.reached.username, self.reached.password), headers={"Accept": "application/json"},
            verify=self.reached.ca_file, timeout=60,
        )
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        answer = requests.post(
            f"{self.reached.url}/{path}", json=body, auth=(self.reached.username, self.reached.password), headers={"Accept": "application/json"},
            verify=self.reached.ca_file, timeout=60,
        )
        answer.raise_for_status()
        return answer.json()

    def named(self, collection: str, kind: str) -> dict[str, dict[str, Any]]:
        return {one.get("alias") or one["name"]: one for one in self.get(collection).get(kind, [])}


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    faults = tmp_path / "faults.json"
    faults.write_text("[]", encoding="utf-8")
    with engine_process.running("--estate", "empty", "--speed", "60", "--faults", str(faults)) as reached:
        made = Story(reached, faults, tmp_path)
        made.play(OLD)
        yield made


@pytest.mark.slow
def test_in_place(story: Story) -> None:
    upgrade = """
- virtops.ovirt.storage_domain_upgrade: {storage_domain: data1, compatibility_version: "4.7", on_running: restart, at_once: 1}
"""
    clusters, reboots = story.count("PUT", "/clusters/*"), "/vms/*/reboot"
    story.kill_before(upgrade, "PUT", "/clusters/*", nth=2, ready=("PUT", "/clusters/*", clusters + 1))
    story.kill_before(upgrade, "PUT", "/datacenters/*", ready=("PUT", "/clusters/*", clusters + 2))
    story.kill_before(upgrade, "POST", reboots, ready=("PUT", "/datacenters/*", 1))
    assert {one["storage_format"] for one in story.get("storagedomains")["storage_domain"]} == {"v5"}
    assert "custom_compatibility_version" in story.named("vms", "vm")["up1"]
    story.kill_before(upgrade, "POST", reboots, nth=2, ready=("POST", reboots, 1))
    story.play(upgrade)
    for name in ("up1", "up2"):
        vm = story.named("vms", "vm")[name]
        assert (vm["status"], vm["next_run_configuration_exists"]) == ("up", "false") and "custom_compatibility_version" not in vm
    assert [story.count("PUT", "/clusters/*") - clusters, story.count("PUT", "/datacenters/*"), story.count("POST", reboots)] == [2, 1, 2]
    assert "changed=0" in story.play(upgrade)


@pytest.mark.slow
def test_by_attaching(story: Story) -> None:
    attach = """
- virtops.ovirt.storage_domain_upgrade: {storage_domain: data2, data_center: new, register_in: c3}
"""
    story.play(NEW)
    deactivate, inside, register = "/datacenters/*/storagedomains/*/deactivate", "/datacenters/*/storagedomains", "/storagedomains/*/vms/*/register"
    attached = story.count("POST", inside)
    story.kill_before(attach, "DELETE", inside + "/*", ready=("POST", deactivate, 1))
    story.kill_before(attach, "POST", inside, ready=("DELETE", inside + "/*", 1))
    story.kill_before(attach, "POST", register, ready=("POST", inside, attached + 1))
    story.kill_before(attach, "POST", register, nth=2, ready=("POST", register, 1))
    said = story.play(attach)
    assert "changed=1" in said
    vms = story.named("vms", "vm")
    home = story.named("clusters", "cluster")["c3"]["id"]
    assert [vms[name]["cluster"]["id"] for name in ("apart1", "apart2")] == [home, home]
    assert story.named("storagedomains", "storage_domain")["data2"]["storage_format"] == "v5"
    assert [story.count("POST", deactivate), story.count("POST", inside) - attached, story.count("POST", register)] == [1, 1, 2]
    assert "changed=0" in story.play(attach)


@pytest.mark.slow
def test_by_evacuation(story: Story) -> None:
    evacuate = """
- virtops.ovirt.storage_domain_upgrade:
    {storage_domain: data1, targets: [data2], format: v4, method: evacuate, afterwards: absent, at_once: 1}
"""
    template = story.post("templates", {"name": "t1", "vm": {"id": story.named("vms", "vm")["down1"]["id"]}})
    while story.get(f"templates/{template['id']}")["status"] != "ok":
        time.sleep(0.1)
    story.play("- virtops.ovirt.vm: {name: thin1, cluster: c1, template: t1}")
    move, copy, left = "/disks/*/move", "/disks/*/copy", "/templates/*/diskattachments/*"
    deactivate, inside = "/datacenters/*/storagedomains/*/deactivate", "/datacenters/*/storagedomains/*"
    story.kill_before(evacuate, "POST", move, ready=("POST", copy, 1))
    story.kill_before(evacuate, "POST", move, nth=3, ready=("POST", move, 2))
    story.kill_before(evacuate, "DELETE", left, ready=("POST", move, 4))
    story.kill_before(evacuate, "POST", deactivate, ready=("DELETE", left, 1))
    story.kill_before(evacuate, "DELETE", inside, ready=("POST", deactivate, 1))
    story.kill_before(evacuate, "DELETE", "/storagedomains/*", ready=("DELETE", inside, 1))
    story.play(evacuate)
    assert "data1" not in story.named("storagedomains", "storage_domain")
    home = story.named("storagedomains", "storage_domain")["data2"]["id"]
    disks = [one for one in story.get("disks")["disk"] if one["content_type"] == "data"]
    assert len(disks) == 7 and all([place["id"] for place in one["storage_domains"]["storage_domain"]] == [home] for one in disks)
    assert {name: vm["status"] for name, vm in story.named("vms", "vm").items() if name.startswith("up")} == {"up1": "up", "up2": "up"}
    assert [story.count("POST", copy), story.count("POST", move), story.count("DELETE", left)] == [1, 4, 1]
    assert "changed=0" in story.play(evacuate)
