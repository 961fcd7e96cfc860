# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The integration targets: real playbooks, each run twice from prepare to cleanup, that leave the engine as they found it.

Each has an embedded engine to itself. With ENGINE_URL (and ENGINE_USERNAME, ENGINE_PASSWORD, ENGINE_CA_FILE) they run unchanged
against a real one, one after the other; ENGINE_VARS names a YAML file with its hosts and storage (see docs/testing.md). What other people have
there, and what they do meanwhile, does not count.
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

OWN = "itest"
"""How the names begin of all that a target makes."""
PRINCIPALS = {"user": ("user itest_user",), "group": ("group itest_group",), "permission": ("user itest_user", "user itest_other", "group itest_group")}
"""Whom the directory of the domain internal-authz has to have for a target. They are not made: that is done on the engine's machine."""


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


class Looks:
    """Plain GET requests to the engine."""

    def __init__(self, reached: engine_process.Engine) -> None:
        self._url, self._verify = reached.url, reached.ca_file or True
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.auth = (reached.username, reached.password)

    def items(self, path: str, kind: str, **query: str) -> list[dict[str, str]]:
        answer = self._session.get(f"{self._url}/{path}", params=query, headers={"Accept": "application/json"}, verify=self._verify, timeout=120)
        answer.raise_for_status()
        return list(answer.json().get(kind, []))


def estate(looks: Looks) -> dict[str, list[str]]:
    """The names of what is on the engine, by collection; on one of everybody only those of targets, as others work there meanwhile."""
    mine = OWN if os.environ.get("ENGINE_URL") else ""
    named = {collection: [item.get("name") or item["id"] for item in looks.items(collection, kind)] for collection, kind in COLLECTIONS.items()}
    return {collection: sorted(name for name in names if name.startswith(mine)) for collection, names in named.items()}


def absent(looks: Looks, target: str) -> list[str]:
    """Users and groups that the target needs, and the directory does not have."""
    domain = next((one["id"] for one in looks.items("domains", "domain") if one["name"] == "internal-authz"), None)
    needed = [one.split() for one in PRINCIPALS.get(target, ())]
    return [
        f"{kind} {name}"
        for kind, name in needed
        if domain is None or not any(one["name"].partition("@")[0] == name for one in looks.items(f"domains/{domain}/{kind}s", kind, search=f"name={name}"))
    ]


@pytest.mark.slow
@pytest.mark.parametrize("target", targets.NAMES)
def test_a_target_passes_twice_and_leaves_nothing(target: str, tmp_path: Path) -> None:
    with engine(tmp_path / "journal") as reached:
        looks = Looks(reached)
        missing = absent(looks, target)
        if missing:
            pytest.skip(f"the directory of internal-authz has no {' and no '.join(missing)}; docs/testing.md says how they are made")
        before = estate(looks)
        for _turn in ("once", "again"):
            outcome = targets.play(target, reached, tmp_path / "home")
            assert outcome.returncode == 0, outcome.stdout
            assert estate(looks) == before
