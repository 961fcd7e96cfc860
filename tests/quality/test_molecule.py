# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The molecule scenarios, on a real copy, as their reader would run them."""
from __future__ import annotations

import subprocess

import pytest

import environments
import workspace

# Scenarios of the host roles prepare a machine; they belong to the lab (see docs/testing.md).
SCENARIOS = ["default"]


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_passes(scenario: str) -> None:
    binaries = environments.ensure("molecule") / "bin"
    root = workspace.CACHE / "molecule"
    copy = workspace.repository(root)
    environment = workspace.private_environment(root / "home", collections=root, binaries=binaries)
    outcome = subprocess.run(
        ["nice", "-n", "10", str(binaries / "molecule"), "test", "--scenario-name", scenario],
        cwd=copy / "extensions", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        timeout=900,
    )
    assert outcome.returncode == 0, outcome.stdout[-8000:]
