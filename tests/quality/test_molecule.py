# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The molecule scenarios, on a real copy, as their reader would run them."""
from __future__ import annotations

import subprocess

import pytest

import environments
import workspace
from lab import places


def the_lab_works_here() -> None:
    """Skips with the lab's own reason otherwise."""
    environments.ensure("hosts")
    try:
        places.need("mmdebstrap", "unshare", "mount")
        places.mirror()
    except places.Skip as reason:
        pytest.skip(str(reason))


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["default", "kvm_host"])
def test_a_scenario_passes(scenario: str) -> None:
    binaries = environments.ensure("molecule") / "bin"
    root = workspace.CACHE / "molecule" / scenario
    if scenario == "kvm_host":
        the_lab_works_here()
    copy = workspace.repository(root)
    environment = workspace.private_environment(root / "home", collections=root, binaries=binaries)
    # The connection into the lab's user-land is of community.general, which the environment of the lab has.
    bundle = [str(path) for path in environments.directory("hosts").glob("lib/python*/site-packages")]
    environment["ANSIBLE_COLLECTIONS_PATH"] = ":".join([str(root), *bundle])
    outcome = subprocess.run(
        ["nice", "-n", "10", str(binaries / "molecule"), "test", "--scenario-name", scenario],
        cwd=copy / "extensions", env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        timeout=900,
    )
    assert outcome.returncode == 0, outcome.stdout[-8000:]
