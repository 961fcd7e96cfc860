# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scripted engine behind a certificate of its own, and clients of it whose pauses take no time."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from scripted_server import ScriptedEngine, make_certificate

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import FakeClock
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.connection import Connection


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def engine(certificate: Path) -> Iterator[ScriptedEngine]:
    with ScriptedEngine(certificate) as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def log_in(engine: ScriptedEngine, certificate: Path, clock: FakeClock) -> Iterator[Callable[..., Client]]:
    opened = []

    def to_engine(**changes: Any) -> Client:
        options: dict[str, Any] = {
            "url": engine.origin,
            "username": "admin@internal",
            "password": "secret",
            "ca_file": str(certificate),
            "timeout": 0.4,
            "keep_session": False,
            **changes,
        }
        used = options.pop("clock", clock)
        opened.append(Client(Connection.from_options(options, {}), used))
        return opened[-1]

    yield to_engine
    for client in opened:
        client.close()
