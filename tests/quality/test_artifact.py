# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The artifact as a user gets it: built, installed offline into a clean place, and used from there with nothing of the checkout in sight."""
from __future__ import annotations

import json
import subprocess
import tarfile
from pathlib import Path

import pytest

import artifact
import engine_process
import environments
import workspace

PLAYBOOK = """\
- name: A first contact
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Made
      virtops.ovirt.data_center:
        name: made_from_the_artifact
      register: made
    - name: Made again
      virtops.ovirt.data_center:
        name: made_from_the_artifact
      register: again
    - name: Read
      virtops.ovirt.data_center_info:
        name: made_from_the_artifact
      register: read
    - name: It is there once
      ansible.builtin.assert:
        that:
          - made is changed
          - again is not changed
          - read.data_centers | map(attribute='id') | list == [made.id]
"""


@pytest.fixture(scope="module")
def binaries() -> Path:
    return environments.ensure("core") / "bin"


@pytest.fixture(scope="module")
def tarball(tmp_path_factory: pytest.TempPathFactory, binaries: Path) -> Path:
    return artifact.build(tmp_path_factory.mktemp("artifact"), binaries)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, tarball: Path, binaries: Path) -> Path:
    place = tmp_path_factory.mktemp("clean") / "collections"
    artifact.install(tarball, place, binaries)
    return place


def run(root: Path, binaries: Path, *command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """A command in an empty directory and an empty home."""
    home = root.parent / "home"
    environment = {**workspace.private_environment(home, collections=root, binaries=binaries), **variables}
    return subprocess.run(
        [str(binaries / command[0]), *command[1:]],
        cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300,
    )


def test_it_holds_what_belongs_to_it(tarball: Path) -> None:
    with tarfile.open(tarball) as archive:
        names = archive.getnames()
    wanted = {"MANIFEST.json", "README.md", "LICENSE", "meta/runtime.yml", "extensions/engine/__main__.py", "playbooks/quickstart.yml", "requirements.txt"}
    assert wanted <= set(names)
    assert not [name for name in names if name.startswith((".git", ".cache", ".ci")) or "__pycache__" in name]


def test_every_module_has_documentation_that_ansible_doc_shows(root: Path, binaries: Path) -> None:
    modules = sorted(f"virtops.ovirt.{path.stem}" for path in (root / workspace.COLLECTION / "plugins" / "modules").glob("*.py"))
    outcome = run(root, binaries, "ansible-doc", "--type", "module", "--json", *modules)
    assert outcome.returncode == 0, outcome.stdout
    shown = json.loads(outcome.stdout[outcome.stdout.index("{"):])
    assert sorted(shown) == modules
    assert [name for name, parts in shown.items() if not (parts["doc"] and parts["examples"] and parts["return"])] == []


@pytest.mark.slow
def test_a_playbook_uses_it(root: Path, binaries: Path, tmp_path: Path) -> None:
    playbook = tmp_path / "play.yml"
    playbook.write_text(PLAYBOOK, encoding="utf-8")
    with engine_process.running("--estate", "empty", collections=root) as engine:
        outcome = run(root, binaries, "ansible-playbook", str(playbook), **engine.variables())
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.slow
def test_the_quickstart_foretells_on_an_empty_engine_what_it_will_do(root: Path, binaries: Path) -> None:
    with engine_process.running("--estate", "empty", "--speed", "30", collections=root) as engine:
        foretold = run(root, binaries, "ansible-playbook", "virtops.ovirt.quickstart", "--check", "--diff", **engine.variables())
        assert foretold.returncode == 0, foretold.stdout
        assert "not there yet: data center quickstart" in foretold.stdout
        assert not [line for line in engine.requests() if line["wrote"]]
        done = run(root, binaries, "ansible-playbook", "virtops.ovirt.quickstart", **engine.variables())
    assert done.returncode == 0, done.stdout
    assert changed(foretold.stdout) == changed(done.stdout)


def changed(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("changed: ")]
