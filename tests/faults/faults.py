# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fifteen ways in which a request that writes can go wrong."""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import requests
from ansible_collections.virtops.ovirt.extensions.engine.faults import Fault
from ansible_collections.virtops.ovirt.extensions.engine.http import Response
from in_process import WRITES, Estate

PAGE = "<html><head><title>{0}</title></head><body>{0}</body></html>"
BUSY = "[Cannot do it. The object is locked. Please try again in a few minutes.]"
NEVER = "[Cannot do it. It is not allowed here.]"
DOWN = 20.0
"""Seconds for which an engine that restarts is away."""
FAULTS = (
    "drop_before", "drop_after", "half", "slow", "s500", "s500_after", "s502", "s502_after", "s503", "s409", "s409busy", "expire", "restart",
    "restart_after", "job",
)


def page(status: int) -> Response:
    return Response(status, {"Content-Type": "text/html"}, PAGE.format(status).encode())


def refusal(status: int, detail: str) -> Response:
    headers = {"Content-Type": "application/json", "Correlation-Id": "of-the-engine"}
    return Response(status, headers, json.dumps({"reason": "Operation Failed", "detail": detail}).encode())


class Trap:
    """Lets the nth request that writes, or the nth step of a host, go wrong in one way, once.

    :param only: of which paths writes count.
    """

    def __init__(self, estate: Estate, fault: str, nth: int, only: Callable[[str], bool]) -> None:
        self.estate, self.fault, self.nth, self.only = estate, fault, nth, only
        self.seen = 0
        self.fired = False
        self._away_until = -1.0
        self._real_step = estate.engine.faults.step
        if fault == "job":
            estate.engine.faults.step = self._step  # type: ignore[method-assign]
        estate.line.before, estate.line.after, estate.line.instead = self._before, self._after, self._instead

    def spring(self) -> None:
        """From now on everything goes well."""
        line = self.estate.line
        line.before = line.after = lambda method, path: None
        line.instead = lambda method, path: None
        self.estate.engine.faults.step = self._real_step  # type: ignore[method-assign]

    def _counts(self, method: str, path: str) -> bool:
        return method in WRITES and "/sso" not in path and self.only(path)

    def _before(self, method: str, path: str) -> None:
        if self.estate.clock.now() < self._away_until:
            raise requests.exceptions.ConnectTimeout("connection refused")
        if not self._counts(method, path) or self.fired or self.fault == "job":
            return
        self.seen += 1
        if self.seen != self.nth:
            return
        if self.fault == "expire":
            self.fired = True
            self.estate.engine.sso.forget()
        elif self.fault == "restart":
            self._restart()
            raise requests.exceptions.ConnectTimeout("connection refused")
        elif self.fault == "drop_before":
            self.fired = True
            raise requests.exceptions.ConnectionError("connection reset by peer")

    def _due(self, method: str, path: str) -> bool:
        return not self.fired and self.seen == self.nth and self._counts(method, path)

    def _instead(self, method: str, path: str) -> Response | None:
        answers: dict[str, Callable[[], Response]] = {
            "s500": lambda: page(500),
            "s502": lambda: page(502),
            "s503": lambda: page(503),
            "s409": lambda: refusal(409, NEVER),
            "s409busy": lambda: refusal(409, BUSY),
        }
        if self.fault not in answers or not self._due(method, path):
            return None
        self.fired = True
        return answers[self.fault]()

    def _after(self, method: str, path: str) -> Response | None:
        if not self._due(method, path) or self.fault == "job":
            return None
        self.fired = True
        if self.fault in ("s500_after", "s502_after"):
            return page(int(self.fault[1:4]))
        if self.fault == "slow":
            self.estate.clock.advance(60)
            raise requests.exceptions.ReadTimeout("read timed out")
        if self.fault == "restart_after":
            self._restart()
        if self.fault == "half":
            raise requests.exceptions.ChunkedEncodingError("half of it came")
        raise requests.exceptions.ConnectionError("connection reset by peer")

    def _restart(self) -> None:
        self.fired = True
        self._away_until = self.estate.clock.now() + DOWN
        self.estate.engine.sso.forget()

    def _step(self, command: str, step: str | None, subject: dict[str, Any]) -> Fault | None:
        if self.fired:
            return None
        self.seen += 1
        self.fired = self.seen == self.nth
        return Fault("the host says no") if self.fired else None
