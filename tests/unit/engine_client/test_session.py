# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in, once; again when a token ends; never with a password that was refused."""
from __future__ import annotations

import base64
import json
import os
import threading
from pathlib import Path
from typing import Callable

import pytest
from scripted_server import LOGOUT_PATH, TOKEN_PATH, Drop, Reply, ScriptedEngine, only_with

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Clock, FakeClock
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import AuthError, ProtocolError, TransportError
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client

LogIn = Callable[..., Client]
VMS = Reply(200, {"vm": [{"id": "1", "name": "a"}]})
GOING_DOWN = Reply(401, "<html><body>server_error: Connection refused</body></html>")


def test_one_login_serves_many_requests_and_ends_with_the_client(engine: ScriptedEngine, log_in: LogIn) -> None:
    engine.api("GET", "vms", VMS)
    with log_in() as client:
        for _request in range(3):
            client.list("vms")
    assert [one.headers["authorization"] for one in engine.asked("GET", "vms")] == ["Bearer token-1"] * 3
    assert engine.got("POST", TOKEN_PATH)[0].form == {
        "grant_type": "password",
        "scope": "ovirt-app-api",
        "username": "admin@internal",
        "password": "secret",
    }
    assert [one.form["token"] for one in engine.got("POST", LOGOUT_PATH)] == ["token-1"]


def test_threads_share_one_login(engine: ScriptedEngine, log_in: LogIn) -> None:
    engine.api("GET", "vms", VMS)
    client = log_in(timeout=10)
    threads = [threading.Thread(target=client.list, args=("vms",)) for _thread in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(engine.asked("GET", "vms")) == 10
    assert len(engine.tokens) == 1


def test_a_token_that_has_ended_is_replaced_and_the_request_sent_again(engine: ScriptedEngine, log_in: LogIn) -> None:
    engine.api("POST", "vms", only_with("token-2", Reply(201, {"id": "1"})))
    assert log_in().create("vms", {"name": "a"}) == {"id": "1"}
    assert len(engine.asked("POST", "vms")) == 2
    assert len(engine.tokens) == 2


def test_an_engine_that_rejects_new_tokens_too_is_not_asked_for_ever(engine: ScriptedEngine, log_in: LogIn) -> None:
    engine.api("GET", "vms", only_with("no such token", VMS))
    with pytest.raises(AuthError):
        log_in().list("vms")
    assert len(engine.tokens) == 2


def test_a_wrong_password_is_tried_once(engine: ScriptedEngine, log_in: LogIn) -> None:
    client = log_in(password="wr0ng")
    for _request in range(3):
        with pytest.raises(AuthError) as caught:
            client.list("vms")
    said = str(caught.value)
    assert "login of admin@internal: Cannot authenticate user 'admin@internal': The user name or password is incorrect." in said
    assert "wr0ng" not in said
    assert len(engine.got("POST", TOKEN_PATH)) == 1


def test_an_engine_that_goes_down_rejects_nobody(engine: ScriptedEngine, log_in: LogIn) -> None:
    """It answers 401 when it cannot look a token up: the token is good, and another login would be refused."""
    engine.api("POST", "vms", GOING_DOWN, GOING_DOWN, Reply(201, {"id": "1"}))
    assert log_in().create("vms", {"name": "a"}) == {"id": "1"}
    assert len(engine.tokens) == 1


def test_a_login_that_cannot_be_checked_now_is_waited_for(engine: ScriptedEngine, log_in: LogIn) -> None:
    away = Reply(400, {"error_code": "server_error", "error": "The connection pool is exhausted"})
    engine.on("POST", TOKEN_PATH, Drop(), Reply(503, "starting"), away, away, Reply(200, {"access_token": "at-last"}))
    engine.api("GET", "vms", only_with("at-last", VMS))
    assert log_in(retries=9).list("vms")


def test_a_restart_in_the_middle_of_a_wait_is_survived(engine: ScriptedEngine, log_in: LogIn, clock: FakeClock) -> None:
    up, down = Reply(200, {"id": "1", "status": "up"}), Reply(503, "<html>503 - Service Unavailable</html>")
    engine.api("GET", "vms/1", Reply(200, {"id": "1", "status": "wait_for_launch"}), GOING_DOWN, Drop(), *[down] * 8, only_with("token-2", up))
    client = log_in()
    assert client.get("vms/1")["status"] == "wait_for_launch"
    assert client.get("vms/1")["status"] == "up"
    assert len(engine.tokens) == 2


def test_an_outage_ends_with_the_deadline_of_the_task(engine: ScriptedEngine, log_in: LogIn, clock: FakeClock) -> None:
    engine.api("GET", "vms", VMS, GOING_DOWN)
    client = log_in()
    client.list("vms")
    with client.within(clock.deadline(9)), pytest.raises(TransportError, match="cannot check tokens now: server_error"):
        client.list("vms")
    assert 9 <= clock.now() < 15


def test_basic_sends_user_and_password_and_never_twice_when_refused(engine: ScriptedEngine, log_in: LogIn) -> None:
    engine.api("GET", "vms", VMS, only_with("nobody", VMS))
    client = log_in(auth="basic", password="sé:cret")
    client.list("vms")
    scheme, _space, value = engine.requests[0].headers["authorization"].partition(" ")
    assert (scheme, base64.b64decode(value).decode()) == ("Basic", "admin@internal:sé:cret")
    with pytest.raises(AuthError, match="does not accept the credentials"):
        client.list("vms")
    client.close()
    assert len(engine.requests) == 2


def test_a_token_of_somebody_else_is_used_and_left_alone(engine: ScriptedEngine, log_in: LogIn) -> None:
    engine.api("GET", "vms", only_with("given", VMS))
    with log_in(token="given", username=None, password=None) as client:
        assert client.list("vms")
        assert not client.log_out()
    assert {one.path for one in engine.requests} == {"/ovirt-engine/api/vms"}


def test_a_given_token_that_has_ended_is_told_or_replaced(engine: ScriptedEngine, log_in: LogIn) -> None:
    engine.api("GET", "vms", only_with("token-1", VMS))
    with pytest.raises(AuthError, match="token that has not expired"):
        log_in(token="old", username=None, password=None).list("vms")
    assert log_in(token="old").list("vms")


@pytest.mark.parametrize("answer", [Reply(404, "<html><title>404 Not Found</title></html>"), Reply(200, "<html>a web shop</html>"), Reply(200, {"hello": 1})])
def test_what_is_no_engine_is_told(engine: ScriptedEngine, log_in: LogIn, answer: Reply) -> None:
    engine.on("POST", TOKEN_PATH, answer)
    with pytest.raises(ProtocolError, match="not the single sign-on of an engine.*engine.url"):
        log_in().list("vms")


class TestKeptSessions:
    @pytest.fixture
    def directory(self, tmp_path: Path) -> Path:
        return tmp_path / "cache" / "sessions"

    @pytest.fixture
    def task(self, engine: ScriptedEngine, log_in: LogIn, directory: Path) -> Callable[..., None]:
        def run(**changes: object) -> None:
            with log_in(keep_session=True, session_cache=str(directory), **changes) as client:
                client.list("vms")

        engine.api("GET", "vms", VMS)
        return run

    def files(self, directory: Path) -> list[Path]:
        return sorted(directory.glob("*.token"))

    def test_a_play_logs_in_once(self, engine: ScriptedEngine, task: Callable[..., None], directory: Path) -> None:
        before = os.umask(0)
        try:
            for _task in range(5):
                task()
        finally:
            os.umask(before)
        assert len(engine.got("POST", TOKEN_PATH)) == 1
        assert engine.got("POST", LOGOUT_PATH) == []
        (file,) = self.files(directory)
        assert file.stat().st_mode & 0o777 == 0o600
        assert directory.stat().st_mode & 0o777 == 0o700
        assert "secret" not in file.read_text() and "admin" not in file.name
        assert [path for path in directory.iterdir() if path.suffix == ".new"] == []

    def test_a_wrong_password_does_not_profit(self, engine: ScriptedEngine, task: Callable[..., None]) -> None:
        task()
        with pytest.raises(AuthError, match="refuses the login"):
            task(password="wrong")

    def test_users_do_not_share(self, engine: ScriptedEngine, task: Callable[..., None], directory: Path) -> None:
        task()
        task(username="other@internal")
        assert len(engine.tokens) == 2
        assert len(self.files(directory)) == 2

    def test_a_token_of_an_engine_that_restarted_is_replaced_for_all(self, engine: ScriptedEngine, task: Callable[..., None]) -> None:
        task()
        engine.api("GET", "vms", only_with("token-2", VMS))
        task()
        task()
        assert len(engine.tokens) == 2

    def test_a_token_that_ends_soon_is_not_used(self, engine: ScriptedEngine, task: Callable[..., None], clock: FakeClock) -> None:
        engine.on("POST", TOKEN_PATH, Reply(200, {"access_token": "short", "exp": str(int((clock.time() + 30) * 1000))}))
        task()
        task()
        assert len(engine.got("POST", TOKEN_PATH)) == 2

    @pytest.mark.parametrize("spoil", ["readable", "garbage", "link", "empty"])
    def test_a_file_that_cannot_be_trusted_is_not_used(
        self, engine: ScriptedEngine, task: Callable[..., None], directory: Path, tmp_path: Path, spoil: str
    ) -> None:
        task()
        (file,) = self.files(directory)
        if spoil == "readable":
            file.chmod(0o644)
        elif spoil == "garbage":
            file.write_text('{"token": 1')
        elif spoil == "empty":
            file.write_text(json.dumps([]))
        else:
            file.rename(tmp_path / "elsewhere")
            file.symlink_to(tmp_path / "elsewhere")
        task()
        assert len(engine.tokens) == 2
        assert not file.is_symlink() and file.stat().st_mode & 0o777 == 0o600

    def test_a_directory_that_cannot_be_used_keeps_nothing_and_fails_nothing(self, engine: ScriptedEngine, log_in: LogIn, tmp_path: Path) -> None:
        engine.api("GET", "vms", VMS)
        (tmp_path / "file").write_text("")
        for _task in range(2):
            with log_in(keep_session=True, session_cache=str(tmp_path / "file" / "sessions")) as client:
                assert client.list("vms")
        assert len(engine.tokens) == 2

    def test_tasks_that_begin_together_log_in_once(self, engine: ScriptedEngine, task: Callable[..., None]) -> None:
        threads = [threading.Thread(target=task, kwargs={"timeout": 10, "clock": Clock()}) for _task in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(engine.asked("GET", "vms")) == 6
        assert len(engine.tokens) == 1

    def test_a_kept_session_can_be_ended(self, engine: ScriptedEngine, task: Callable[..., None], log_in: LogIn, directory: Path) -> None:
        task()
        with log_in(keep_session=True, session_cache=str(directory)) as client:
            assert client.log_out()
            assert not client.log_out()
        assert [one.form["token"] for one in engine.got("POST", LOGOUT_PATH)] == ["token-1"]
        assert self.files(directory) == []
