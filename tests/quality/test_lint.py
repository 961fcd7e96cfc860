# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-lint with the production profile, on a real copy."""
from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import environments
import workspace


def lint(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    binaries = environments.ensure("lint") / "bin"
    root = copy.parents[2]
    environment = workspace.private_environment(root / "home", collections=root, binaries=binaries)
    return subprocess.run(
        ["nice", "-n", "10", str(binaries / "ansible-lint"), "--offline", "--nocolor", *arguments],
        cwd=copy, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=900,
    )


@pytest.fixture
def copy(request: pytest.FixtureRequest) -> Path:
    """A real copy in a tree of collections: only there does ansible-lint find own modules and roles. Each test has its own, as they run side by side."""
    return workspace.repository(workspace.CACHE / "lint" / request.node.name.split("@")[0])


@pytest.mark.slow
def test_production_profile(copy: Path) -> None:
    outcome = lint(copy, "--profile", "production", "--strict")
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.slow
def test_a_planted_defect_is_found(copy: Path) -> None:
    (copy / "playbooks").mkdir(exist_ok=True)
    planted = copy / "playbooks" / "planted.yml"
    planted.write_text("---\n- hosts: localhost\n  tasks:\n    - command: echo\n", encoding="utf-8")
    try:
        outcome = lint(copy, "--profile", "production", "playbooks/planted.yml")
    finally:
        planted.unlink()
    assert outcome.returncode != 0 and "fqcn" in outcome.stdout, outcome.stdout
