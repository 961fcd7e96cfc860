# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""mypy: strict on the floors below Ansible, plain on the embedded engine."""
from __future__ import annotations

import subprocess
import sys

import pytest

import workspace

COLLECTION = "ansible_collections.virtops.ovirt"
FLOORS = [f"{COLLECTION}.plugins.module_utils.{name}" for name in ("_base", "_transport", "_engine", "_resources", "_reconcile", "_operations", "_blueprint")]


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    tree = workspace.tree()
    return subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", str(workspace.CHECKOUT / "pyproject.toml"), *arguments],
        cwd=tree, env={**workspace.private_environment(workspace.CACHE / "typing"), "MYPYPATH": str(tree)},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=900,
    )


@pytest.mark.slow
def test_the_floors_below_ansible_are_strictly_typed() -> None:
    outcome = mypy("--strict", *(f"--package={name}" for name in FLOORS))
    assert outcome.returncode == 0, outcome.stdout


@pytest.mark.slow
def test_the_embedded_engine_is_typed() -> None:
    outcome = mypy(f"--package={COLLECTION}.extensions.engine")
    assert outcome.returncode == 0, outcome.stdout


def test_a_planted_defect_is_found() -> None:
    outcome = mypy("--strict", "-c", "def size(text) -> int:\n    return text\n")
    assert outcome.returncode == 1 and "no-untyped-def" in outcome.stdout, outcome.stdout
