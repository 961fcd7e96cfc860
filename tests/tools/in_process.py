# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules and the embedded engine in one process: no sockets, no waiting, time passes only where a client sleeps."""
from __future__ import annotations

import contextlib
import copy
import io
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn
from unittest import mock
from urllib.parse import urlsplit

import requests
import urllib3
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.http import Parked, Request, Response
from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import FakeClock
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client, open_transport
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.connection import Connection
from ansible_collections.virtops.ovirt.plugins.module_utils._module import blueprint, run, session
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import info_spec, operation_spec, state_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._catalogue import OPERATIONS
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE
from requests.adapters import HTTPAdapter

PASSWORD = "in-process"
WRITES = ("POST", "PUT", "DELETE")


class SharedClock(FakeClock):
    """The client's clock; what it sleeps passes on the engine, too."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine

    def advance(self, seconds: float) -> None:
        super().advance(seconds)
        self._engine.advance(seconds)


class Line(HTTPAdapter):
    """The line between client and engine. ``before`` and ``after`` may raise, which the client sees as a broken connection.

    What ``instead`` answers comes in place of the engine, which does not get to know of the request; what ``after`` answers, in place of its answer.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.writes: list[tuple[str, str]] = []
        self.reads: list[str] = []
        self._one_at_a_time = threading.RLock()
        self.before: Callable[[str, str], None] = lambda method, path: None
        self.after: Callable[[str, str], Response | None] = lambda method, path: None
        self.instead: Callable[[str, str], Response | None] = lambda method, path: None

    def send(self, request: requests.PreparedRequest, **_options: Any) -> requests.Response:
        # The engine's state belongs to one thread; a client may have several.
        with self._one_at_a_time:
            return self._send(request)

    def _send(self, request: requests.PreparedRequest) -> requests.Response:
        place = urlsplit(request.url or "")
        method, path = str(request.method), place.path
        self.before(method, path)
        stand_in = self.instead(method, path)
        if stand_in is not None:
            return self._answered(request, stand_in)
        body = request.body or b""
        headers = {name.lower(): value for name, value in request.headers.items()}
        headers["host"] = place.netloc
        answer = self.engine.handle(
            Request(method, f"{path}?{place.query}" if place.query else path, headers, body if isinstance(body, bytes) else body.encode())
        )
        while isinstance(answer, Parked):
            self.engine.advance(1)
            if answer.response is not None:
                answer = answer.response
        if method in WRITES and "/sso" not in path:
            self.writes.append((method, path))
        elif method == "GET":
            self.reads.append(path.removeprefix("/ovirt-engine/api").lstrip("/"))
        return self._answered(request, self.after(method, path) or answer)

    def _answered(self, request: requests.PreparedRequest, answer: Response) -> requests.Response:
        raw = urllib3.HTTPResponse(body=io.BytesIO(answer.body), headers=answer.headers, status=answer.status, preload_content=False)
        return self.build_response(request, raw)


class Ended(Exception):
    """The module said its result."""


class Player:
    """The host of one module run."""

    loops = False

    def __init__(self, params: Mapping[str, Any], check_mode: bool, run_directory: str) -> None:
        self.params, self.check_mode, self.environ, self.run_directory = params, check_mode, {}, run_directory
        self.result: dict[str, Any] = {"warnings": []}
        self.said: list[str] = []
        self.masked: set[str] = set()

    def mask(self, secret: str) -> None:
        self.masked.add(secret)

    def warn(self, text: str) -> None:
        self.result["warnings"].append(text)

    def progress(self, text: str) -> None:
        self.said.append(text)

    def exit(self, result: Mapping[str, Any]) -> NoReturn:
        self.result.update(result)
        raise Ended

    def fail(self, message: str, result: Mapping[str, Any]) -> NoReturn:
        self.result.update({**result, "failed": True, "msg": message})
        raise Ended


class Estate:
    """An engine, and modules to run against it."""

    def __init__(self, seed: int = 1, faults: Path | None = None, engine: Engine | None = None) -> None:
        users = {"law": None, "plain": PASSWORD}
        self.engine = engine or Engine(
            password=PASSWORD, speed=0, seed=seed, faults=str(faults) if faults else None, users=users, groups=("law",)
        )
        self.user = "admin"
        self.line = Line(self.engine)
        self.clock = SharedClock(self.engine)
        self.run_directory = ""
        """Of a run in check mode, whose tasks know of each other."""

    def copy(self) -> Estate:
        """Another one that is just the same, and goes its own way."""
        engine = self.engine
        return Estate(engine=copy.deepcopy(engine, {id(engine._lock): threading.RLock()}))

    @contextlib.contextmanager
    def plain(self) -> Iterator[None]:
        """What runs in here, a plain user runs: one whom the directory has, and who has the roles that a test gave."""
        self.user = "plain"
        try:
            yield
        finally:
            self.user = "admin"

    def client(self, *_host: Any) -> Client:
        connection = Connection.from_options({"url": "https://engine.example.com", "username": f"{self.user}@internal", "password": PASSWORD}, {})
        return Client(connection, self.clock, transport=open_transport(connection, self.clock, self.line))

    def run(self, kind: str, options: Mapping[str, Any], *, check: bool = False) -> dict[str, Any]:
        """The result of the state module of a kind; ``failed`` and ``msg`` are in it when it fails."""
        return self._play(run.manage, CATALOGUE[kind], state_spec(CATALOGUE[kind]), options, check)

    def info(self, kind: str, options: Mapping[str, Any], *, check: bool = False) -> dict[str, Any]:
        return self._play(run.inform, CATALOGUE[kind], info_spec(CATALOGUE[kind]), options, check)

    def carry(self, network: str, *, host: str = "stage", nic: str = "eth1") -> None:
        """Puts a network on a NIC of a host, without which no VM that has it starts there."""
        result = self.operate("host_network", {"hosts": [host], "networks": [{"network": network, "nic": nic}]})
        assert not result.get("failed"), result["msg"]

    def operate(self, name: str, options: Mapping[str, Any], *, check: bool = False) -> dict[str, Any]:
        """The result of the module of an operation."""
        return self._play(run.operate, OPERATIONS[name], operation_spec(OPERATIONS[name]), options, check)

    def blueprint(self, options: Mapping[str, Any], *, check: bool = False) -> dict[str, Any]:
        """The result of the module ``blueprint``."""
        return self._play(lambda _what, player: blueprint.blueprint(player), None, blueprint.blueprint_spec(), options, check)

    def made(self, kind: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """The same, for what a test stands on: it must not fail."""
        result = self.run(kind, options)
        assert not result.get("failed"), f"{kind} {options}: {result['msg']}"
        return result

    def _play(self, play: Callable[..., None], what: Any, spec: Any, options: Mapping[str, Any], check: bool) -> dict[str, Any]:
        checked = ArgumentSpecValidator(spec).validate(dict(options))
        if checked.error_messages:
            return {"failed": True, "msg": "; ".join(checked.error_messages), "changed": False, "warnings": []}
        player = Player(checked.validated_parameters, check, self.run_directory)
        with mock.patch.object(session, "connect", self.client):
            try:
                play(what, player)
            except Ended:
                return {**player.result, "said": player.said}
        raise AssertionError("the module ended without a result")
