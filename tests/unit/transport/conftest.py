# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scripted server behind a certificate of its own, and transports to it whose pauses take no time."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from scripted_server import ScriptedServer, make_certificate

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import FakeClock
from ansible_collections.virtops.ovirt.plugins.module_utils._transport.transport import Transport


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def server(certificate: Path) -> Iterator[ScriptedServer]:
    with ScriptedServer(certificate) as running:
        yield running


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def connect(server: ScriptedServer, certificate: Path, clock: FakeClock) -> Iterator[Callable[..., Transport]]:
    opened = []

    def to_server(**changes: Any) -> Transport:
        options: dict[str, Any] = {"clock": clock, "environ": {}, "ca_file": str(certificate), "timeout": 0.4, "connect_timeout": 2, **changes}
        opened.append(Transport(options.pop("origin", server.origin), **options))
        return opened[-1]

    yield to_server
    for transport in opened:
        transport.close()
