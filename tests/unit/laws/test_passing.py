# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Refusals that pass by themselves, beside locks."""
from __future__ import annotations

import json
from typing import Any

import pytest
from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.http import Request, Response
from in_process import Estate
from samples import ESTATE, STAGE

STILL = {"reason": "Operation Failed", "detail": "[Cannot remove Template. The following Disk(s) are based on it: \n itest_system  (0f3f6e9c) .]"}


class Refusing:
    """An engine that refuses the removal of templates so many times."""

    def __init__(self, engine: Engine, times: int) -> None:
        self._engine, self._times = engine, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def handle(self, request: Request) -> Any:
        if request.method == "DELETE" and "/templates/" in request.target and self._times:
            self._times -= 1
            return Response(409, {"content-type": "application/json"}, json.dumps(STILL).encode())
        return self._engine.handle(request)


@pytest.mark.parametrize(("times", "fails"), [(3, False), (1000, True)])
def test_disks_that_are_being_deleted_are_waited_for(times: int, fails: bool) -> None:
    estate = Estate()
    for name in (*ESTATE, "vm with a disk", "template"):
        estate.made(*STAGE[name])
    estate.line.engine = Refusing(estate.engine, times)  # type: ignore[assignment]
    begun = estate.clock.now()
    gone = estate.run("template", {"name": "stage", "state": "absent"})
    assert bool(gone.get("failed")) == fails
    if fails:
        assert "The following Disk(s) are based on it" in gone["msg"] and 50 < estate.clock.now() - begun < 90
