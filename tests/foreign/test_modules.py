# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules and the inventory of `ovirt.ovirt` against the embedded engine: a story, twice, the second time without a change."""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import engine_process
import workspace

BINARIES = Path(sys.executable).parent
pytest.importorskip("ovirtsdk4", reason="the SDK is compiled: run it with make test-foreign")


def run(command: list[str], reached: engine_process.Engine, place: Path) -> str:
    # The bundle's own collections are found beside Ansible.
    environment = {**workspace.private_environment(place / "home"), **reached.variables()}
    outcome = subprocess.run(
        command, cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=900
    )
    assert outcome.returncode == 0, outcome.stdout
    return outcome.stdout


def test_a_story_of_its_modules_and_inventory(tmp_path: Path) -> None:
    play = [str(BINARIES / "ansible-playbook"), "-e", f"ansible_python_interpreter={sys.executable}", str(Path(__file__).with_name("story.yml"))]
    source = tmp_path / "estate.ovirt.yml"
    source.write_text("plugin: ovirt.ovirt.ovirt\novirt_hostname_preference: [name]\n", encoding="utf-8")
    with engine_process.running("--speed", "20") as reached:
        assert "changed=9 " in run(play, reached, tmp_path)
        assert "changed=0 " in run(play, reached, tmp_path)
        assert '"cluster": "foreign"' in run([str(BINARIES / "ansible-inventory"), "-i", str(source), "--host", "v1"], reached, tmp_path)
