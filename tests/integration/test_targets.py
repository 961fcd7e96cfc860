# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The integration targets: real playbooks, each run twice from prepare to cleanup, that leave the engine as they found it.

Each has an embedded engine to itself. With ENGINE_URL (and ENGINE_USERNAME, ENGINE_PASSWORD, ENGINE_CA_FILE) they run unchanged
against a real one, one after the other; ENGINE_VARS names a YAML file with its hosts and storage (see setup_estate/defaults/main.yml).
"""
from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Iterator

import pytest
import requests

import engine_process
import targets

# On one engine of everybody they would be in each other's way.
pytestmark = [pytest.mark.xdist_group("engine")] if os.environ.get("ENGINE_URL") else []
# What a target may make. Read from the engine itself before and after, so that nothing is left behind unseen.
COLLECTIONS = {
    "datacenters": "data_center", "clusters": "cluster", "hosts": "host", "networks": "network", "vnicprofiles": "vnic_profile",
    "storagedomains": "storage_domain", "disks": "disk", "vms": "vm", "templates": "template", "tags": "tag", "users": "user",
}


@contextlib.contextmanager
def engine(journal: Path) -> Iterator[engine_process.Engine]:
    """The engine of the run: a real one that was named, or an embedded one."""
    if os.environ.get("ENGINE_URL"):
        yield engine_process.Engine(
            os.environ["ENGINE_URL"], os.environ.get("ENGINE_CA_FILE", ""), os.environ.get("ENGINE_USERNAME", "admin@internal"),
            os.environ["ENGINE_PASSWORD"], journal, journal,
        )
    else:
        with engine_process.running(*targets.ENGINE) as embedded:
            yield embedded


def estate(reached: engine_process.Engine) -> dict[str, list[str]]:
    """The names of what is on the engine, by collection."""
    with requests.Session() as session:
        session.trust_env = False
        session.auth = (reached.username, reached.password)
        found = {}
        for collection, kind in COLLECTIONS.items():
            answer = session.get(f"{reached.url}/{collection}", headers={"Accept": "application/json"}, verify=reached.ca_file or True, timeout=60)
            answer.raise_for_status()
            found[collection] = sorted(item.get("name") or item["id"] for item in answer.json().get(kind, []))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("target", targets.NAMES)
def test_a_target_passes_twice_and_leaves_nothing(target: str, tmp_path: Path) -> None:
    with engine(tmp_path / "journal") as reached:
        before = estate(reached)
        for _turn in ("once", "again"):
            outcome = targets.play(target, reached, tmp_path / "home")
            assert outcome.returncode == 0, outcome.stdout
            assert estate(reached) == before
