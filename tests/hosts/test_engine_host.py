# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role engine_host takes recorded machines into a served embedded engine, and refuses those that the engine does not know."""
from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest

import engine_process
import recorded

PLAY = """
- hosts: all
  gather_facts: false
  connection: local
  vars: {ansible_host: node1.example.com}
  roles: [virtops.ovirt.engine_host]
"""
CLUSTER = """
- hosts: all
  gather_facts: false
  connection: local
  tasks:
    - virtops.ovirt.data_center: {name: lab}
    - virtops.ovirt.cluster: {name: power, data_center: lab, cpu_type: IBM POWER9}
"""
ANOTHER = """
- hosts: all
  gather_facts: false
  connection: local
  tasks:
    - virtops.ovirt.host: {name: node0, address: node0.example.com, cluster: power, root_password: open-sesame}
"""


@pytest.fixture(scope="module")
def engine() -> Iterator[engine_process.Engine]:
    with engine_process.running("--estate", "empty", "--speed", "100") as running:
        yield running


def machine(name: str, directory: Path) -> dict[str, Any]:
    from ansible_collections.virtops.ovirt.plugins.module_utils._kvm.machine import Machine
    from ansible_collections.virtops.ovirt.plugins.module_utils._kvm.report import report

    said: dict[str, Any] = report(Machine(str(recorded.lay_out(name, directory / "root"))), "4.7")
    return said


def play(text: str, engine: engine_process.Engine, directory: Path, variables: dict[str, Any], *arguments: str) -> tuple[int, int, str]:
    """Exit code, number of changes and output."""
    (directory / "play.yml").write_text(text)
    done = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), "-i", "node1,", "play.yml", "-e", json.dumps(variables), *arguments],
        cwd=directory,
        env={**os.environ, **engine.variables()},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    found = re.search(r"changed=(\d+)", done.stdout)
    return done.returncode, int(found.group(1)) if found else -1, done.stdout


def test_a_machine_joins_once(engine: engine_process.Engine, tmp_path: Path) -> None:
    code, dummy, output = play(CLUSTER, engine, tmp_path, {})
    assert code == 0, output
    said = machine("ppc64el-powernv9", tmp_path)
    assert said["verdict"]["status"] == "ready"
    variables = {
        "engine_host_machine": said, "engine_host_authentication": "password", "engine_host_password": "open-sesame",
        "engine_host_check_prerequisites": False, "engine_host_tags": ["rack1"], "engine_host_affinity_labels": ["power9"],
    }
    code, changed, output = play(PLAY, engine, tmp_path, variables)
    assert code == 0, output
    assert changed == 4, output
    assert "open-sesame" not in output
    code, changed, output = play(PLAY, engine, tmp_path, variables)
    assert (code, changed) == (0, 0), output
    agent = dict(type="ipmilan", address="bmc1.example.com", username="admin", password="open-sesame", options={"lanplus": "1"})
    variables["engine_host_fence_agents"] = [agent]
    code, changed, output = play(PLAY, engine, tmp_path, variables)
    assert (code, changed) == (0, 1), output
    assert "is set and cannot be tested yet" in output and "open-sesame" not in output
    code, dummy, output = play(ANOTHER, engine, tmp_path, {})
    assert code == 0, output
    code, changed, output = play(PLAY, engine, tmp_path, variables)
    assert (code, changed) == (0, 0), output
    assert "Test power management" in output and "is set and cannot be tested yet" not in output, output
    variables["engine_host_tags"] = ["rack1", "rack2"]
    code, changed, output = play(PLAY, engine, tmp_path, variables, "--check")
    assert (code, changed) == (0, 1) and "changed: [node1 -> localhost] => (item=rack2)" in output, output
    code, changed, output = play(PLAY, engine, tmp_path, variables)
    assert (code, changed) == (0, 2), output
    code, changed, output = play(PLAY, engine, tmp_path, variables, "--check")
    assert (code, changed) == (0, 0), output


@pytest.mark.parametrize("name, words", [
    ("arm64-virt-el2", "the engine has no cluster architecture for aarch64"),
    ("mips64el-malta", "the engine has no cluster architecture for mips64"),
    ("initramfs-x86-nosvm", "does not pass svm on"),
    ("amd64-q35-tcg-svm", "No cluster fits node1"),
])
def test_a_machine_that_the_engine_cannot_have(name: str, words: str, engine: engine_process.Engine, tmp_path: Path) -> None:
    code, dummy, output = play(PLAY, engine, tmp_path, {"engine_host_machine": machine(name, tmp_path), "engine_host_check_prerequisites": False})
    assert code == 2
    assert words in output, output
    assert "Traceback" not in output
