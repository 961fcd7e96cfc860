# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP to a server that behaves badly: what is sent again, what is not, and what is said."""
from __future__ import annotations

import gzip
import socket
import threading
import time
from pathlib import Path
from typing import Callable

import pytest
from scripted_server import Drip, Drop, Half, Reply, Reset, ScriptedServer, Stall, free_port

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import FakeClock
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import (
    AnswerLost,
    EngineError,
    InvalidInput,
    ProtocolError,
    TransportError,
    Unreachable,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._transport.messages import Request
from ansible_collections.virtops.ovirt.plugins.module_utils._transport.transport import Transport

Connect = Callable[..., Transport]
GOOD = Reply(200, {"id": "1"})
PAGE_503 = Reply(503, "<html><title>503</title><body>Service Unavailable</body></html>")
PAGE_502 = Reply(502, "<html><title>502</title><body>Bad Gateway</body></html>")
LOSSES = [Drop(), Reset(), Half(GOOD, 4), Stall(5), PAGE_502, Reply(504, "Gateway Timeout")]


def test_an_answer_comes_whole(server: ScriptedServer, connect: Connect) -> None:
    packed = gzip.compress(b'{"vm": []}')
    server.on("GET", "/list", Reply(200, packed, {"Content-Type": "application/json", "Content-Encoding": "gzip"}))
    response = connect(headers={"X-Mine": "yes"}).send(Request("GET", "/list", params={"search": 'name="a b"'}))
    assert (response.status, response.media_type, response.json()) == (200, "application/json", {"vm": []})
    assert server.requests[0].query == {"search": 'name="a b"'}
    assert server.requests[0].headers["x-mine"] == "yes"


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_a_read_whose_answer_is_lost_is_sent_again(server: ScriptedServer, connect: Connect, clock: FakeClock, loss: object) -> None:
    server.on("GET", "/x", loss, loss, GOOD)
    assert connect().send(Request("GET", "/x")).json() == {"id": "1"}
    assert len(server.requests) == 3
    assert len(clock.sleeps) == 2


@pytest.mark.parametrize("loss", LOSSES, ids=repr)
def test_a_change_whose_answer_is_lost_is_never_sent_again(server: ScriptedServer, connect: Connect, loss: object) -> None:
    server.on("POST", "/x", loss, GOOD)
    with pytest.raises(AnswerLost, match="127.0.0.1|web server") as caught:
        connect().send(Request("POST", "/x", json={"name": "a"}, headers={"Correlation-Id": "mine-1"}))
    assert len(server.requests) == 1
    assert caught.value.correlation_id == "mine-1"


def test_a_change_that_was_not_passed_on_is_sent_again(server: ScriptedServer, connect: Connect) -> None:
    server.on("POST", "/x", PAGE_503, GOOD)
    assert not connect().send(Request("POST", "/x", json={})).repeated
    assert len(server.requests) == 2


def test_a_repeatable_change_says_that_it_was_repeated(server: ScriptedServer, connect: Connect) -> None:
    server.on("DELETE", "/x", Drop(), Reply(404))
    response = connect().send(Request("DELETE", "/x", repeatable=True))
    assert (response.status, response.repeated) == (404, True)


def test_a_repeatable_change_that_stays_lost_is_lost(server: ScriptedServer, connect: Connect) -> None:
    server.on("PUT", "/x", Drop())
    with pytest.raises(AnswerLost):
        connect().send(Request("PUT", "/x", json={}, repeatable=True))
    assert len(server.requests) == 4


def test_a_server_that_never_answered_is_given_up_soon(connect: Connect, clock: FakeClock) -> None:
    port = free_port()
    with pytest.raises(Unreachable) as caught:
        connect(origin=f"https://127.0.0.1:{port}").send(Request("GET", "/x"))
    assert str(caught.value).startswith(f"127.0.0.1:{port} cannot be reached: connection refused. Check engine.url")
    assert len(clock.sleeps) == 3
    assert clock.now() < 5


def test_an_unknown_host_is_named(connect: Connect) -> None:
    with pytest.raises(Unreachable, match="no-such-host.invalid cannot be reached"):
        connect(origin="https://no-such-host.invalid").send(Request("GET", "/x"))


def test_an_outage_of_a_server_that_answered_is_waited_out(certificate: Path, clock: FakeClock, connect: Connect) -> None:
    first = ScriptedServer(certificate)
    first.on("GET", "/x", GOOD)
    transport = connect(origin=first.origin)
    transport.send(Request("GET", "/x"))
    first.stop()

    class Restart(FakeClock):
        second: list[ScriptedServer] = []

        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if self.now() > 26 and not self.second:
                self.second.append(ScriptedServer(certificate, first.port))
                self.second[0].on("POST", "/x", GOOD)

    transport._clock = Restart()
    assert transport.send(Request("POST", "/x", json={})).status == 200
    Restart.second[0].stop()


def test_patience_ends(server: ScriptedServer, connect: Connect, clock: FakeClock) -> None:
    server.on("GET", "/x", GOOD, PAGE_503)
    transport = connect(patience=60)
    transport.send(Request("GET", "/x"))
    with pytest.raises(Unreachable, match="not available"):
        transport.send(Request("GET", "/x"))
    assert 60 <= clock.now() < 70


def test_no_repeat_begins_after_the_deadline(server: ScriptedServer, connect: Connect, clock: FakeClock) -> None:
    server.on("GET", "/x", GOOD, PAGE_503)
    transport = connect()
    transport.send(Request("GET", "/x"))
    with pytest.raises(Unreachable):
        transport.send(Request("GET", "/x", deadline=clock.deadline(7)))
    assert clock.now() == 7


@pytest.mark.parametrize("headers", [True, False])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_drips_ends_with_the_task(server: ScriptedServer, connect: Connect, clock: FakeClock, method: str, headers: bool) -> None:
    """Each byte comes in time, and the answer never does."""
    server.on(method, "/x", Drip(Reply(200, {"id": "1" * 500}), 0.05, headers))
    begun = time.monotonic()
    with pytest.raises(TransportError) as caught:
        connect(retries=0).send(Request(method, "/x", deadline=clock.deadline(1.0)))
    assert "in the time of the task" in str(caught.value) and time.monotonic() - begun < 4


def test_an_answer_that_drips_and_comes_in_time_is_whole(server: ScriptedServer, connect: Connect, clock: FakeClock) -> None:
    server.on("GET", "/x", Drip(GOOD, 0.01, True))
    assert connect(retries=0).send(Request("GET", "/x", deadline=clock.deadline(30.0))).json() == {"id": "1"}


def test_a_change_without_an_answer_ends_with_the_task(server: ScriptedServer, connect: Connect, clock: FakeClock) -> None:
    server.on("POST", "/x", Stall(8))
    begun = time.monotonic()
    with pytest.raises(AnswerLost):
        connect(timeout=60).send(Request("POST", "/x", deadline=clock.deadline(1.0)))
    assert time.monotonic() - begun < 5


def test_a_handshake_that_is_cut_is_an_outage(connect: Connect, clock: FakeClock) -> None:
    """A balancer before an engine that restarts closes the connection cleanly, in the middle of the handshake."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        cut = []

        def close() -> None:
            while True:
                try:
                    connection, _address = listening.accept()
                except OSError:
                    return
                cut.append(connection.recv(1))
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1000)
                connection.close()

        thread = threading.Thread(target=close, daemon=True)
        thread.start()
        transport = connect(origin=f"https://127.0.0.1:{listening.getsockname()[1]}", retries=2)
        with pytest.raises(Unreachable, match="during the TLS handshake"):
            transport.send(Request("POST", "/x"))
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    assert len(cut) == 3


def test_a_bomb_is_not_unpacked(server: ScriptedServer, connect: Connect) -> None:
    packed = gzip.compress(b'{"vm": [' + b" " * 200 * 1024**2)
    server.on("GET", "/list", Reply(200, packed, {"Content-Type": "application/json", "Content-Encoding": "gzip"}))
    with pytest.raises(ProtocolError, match="packed so tightly"):
        connect(timeout=30).send(Request("GET", "/list"))


def test_a_redirect_to_no_url_is_told(server: ScriptedServer, connect: Connect) -> None:
    server.on("GET", "/x", Reply(302, None, {"Location": "https://[nonsense"}))
    with pytest.raises(ProtocolError, match="no URL"):
        connect().send(Request("GET", "/x"))


def test_pauses_grow_and_differ(server: ScriptedServer, connect: Connect, clock: FakeClock) -> None:
    server.on("GET", "/x", PAGE_503)
    for _client in range(2):
        with pytest.raises(Unreachable):
            connect(retries=5).send(Request("GET", "/x"))
    one, other = clock.sleeps[:5], clock.sleeps[5:]
    assert one != other
    assert one[4] > one[0]


def test_an_untrusted_certificate_is_refused_at_once(server: ScriptedServer, connect: Connect, clock: FakeClock) -> None:
    with pytest.raises(Unreachable, match="not trusted here.*engine.ca_file.*validate_certs: false"):
        connect(ca_file=None).send(Request("POST", "/x", json={}))
    assert server.requests == [] and clock.sleeps == []


def test_a_certificate_for_another_name_is_refused(server: ScriptedServer, connect: Connect) -> None:
    with pytest.raises(Unreachable, match="for another name"):
        connect(origin=server.origin.replace("127.0.0.1", "localhost")).send(Request("GET", "/x"))


def test_any_certificate_is_accepted_when_told_so_whatever_the_environment_says(
    server: ScriptedServer, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "nowhere.pem"))
    server.on("GET", "/x", GOOD)
    assert connect(ca_file=None, validate_certs=False).send(Request("GET", "/x")).status == 200
    assert not [warning for warning in recwarn if "Insecure" in str(warning.category)]


def test_the_option_goes_before_the_environment(server: ScriptedServer, connect: Connect, certificate: Path, tmp_path: Path) -> None:
    server.on("GET", "/x", GOOD)
    other = tmp_path / "other.pem"
    other.write_bytes(certificate.read_bytes())
    assert connect(environ={"REQUESTS_CA_BUNDLE": str(tmp_path / "nowhere.pem")}).send(Request("GET", "/x")).status == 200
    assert connect(ca_file=None, environ={"REQUESTS_CA_BUNDLE": str(other)}).send(Request("GET", "/x")).status == 200
    with pytest.raises(InvalidInput, match="REQUESTS_CA_BUNDLE.*nowhere.pem.*No such file"):
        connect(ca_file=None, environ={"REQUESTS_CA_BUNDLE": str(tmp_path / "nowhere.pem")})


def test_a_file_without_a_certificate_is_named(connect: Connect, tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing\n")
    with pytest.raises(InvalidInput, match="engine.ca_file: .*empty.pem.* holds no certificate"):
        connect(ca_file=str(empty))


def test_plain_http_on_the_port_is_told(connect: Connect) -> None:
    with ScriptedServer(None) as plain:
        with pytest.raises(EngineError, match="TLS"):
            connect(origin=plain.origin.replace("http:", "https:")).send(Request("GET", "/x"))


def test_a_netrc_does_not_replace_the_credentials(server: ScriptedServer, connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password stolen\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server.on("GET", "/x", GOOD)
    connect().send(Request("GET", "/x", headers={"Authorization": "Bearer mine"}))
    assert server.requests[0].headers["authorization"] == "Bearer mine"


def test_a_redirect_within_the_server_is_followed(server: ScriptedServer, connect: Connect) -> None:
    server.on("GET", "/old", Reply(302, None, {"Location": "/new?a=1"}))
    server.on("GET", "/new", GOOD)
    assert connect().send(Request("GET", "/old", params={"a": "1"})).json() == {"id": "1"}
    assert server.requests[1].query == {"a": "1"}


def test_a_circle_of_redirects_ends(server: ScriptedServer, connect: Connect) -> None:
    server.on("GET", "/x", Reply(302, None, {"Location": "/x"}))
    with pytest.raises(ProtocolError, match="circle"):
        connect().send(Request("GET", "/x"))


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_credentials_do_not_follow_a_redirect_to_elsewhere(server: ScriptedServer, connect: Connect, certificate: Path, method: str) -> None:
    with ScriptedServer(certificate) as elsewhere:
        elsewhere.on(method, "/x", GOOD)
        server.on(method, "/x", Reply(307, None, {"Location": elsewhere.origin + "/x"}))
        with pytest.raises(ProtocolError, match=f"redirects to {elsewhere.origin}/x.*engine.url"):
            connect().send(Request(method, "/x", headers={"Authorization": "Bearer mine"}, json={} if method == "POST" else None))
        assert elsewhere.requests == []


def test_an_answer_that_is_too_large_is_cut_off(server: ScriptedServer, connect: Connect) -> None:
    bomb = gzip.compress(b" " * 5_000_000)
    server.on("GET", "/x", Reply(200, bomb, {"Content-Type": "application/json", "Content-Encoding": "gzip"}))
    with pytest.raises(ProtocolError, match="larger than 1000000 bytes"):
        connect(max_answer=1_000_000).send(Request("GET", "/x"))
    assert len(server.requests) == 1


def test_what_is_not_json_is_said(server: ScriptedServer, connect: Connect) -> None:
    server.on("GET", "/x", Reply(200, "<html>please log in to the wifi</html>"))
    with pytest.raises(ProtocolError, match="not JSON but text/html of 38 bytes"):
        connect().send(Request("GET", "/x")).json()


def test_a_broken_encoding_is_a_lost_answer(server: ScriptedServer, connect: Connect) -> None:
    server.on("GET", "/x", Reply(200, b"this is not gzip", {"Content-Encoding": "gzip"}), GOOD)
    assert connect().send(Request("GET", "/x")).status == 200


def test_connections_are_kept_and_limited(server: ScriptedServer, connect: Connect) -> None:
    server.on("GET", "/x", GOOD)
    transport = connect(pool_size=3, timeout=10)
    for _request in range(5):
        transport.send(Request("GET", "/x"))
    assert server.connections == 1
    threads = [threading.Thread(target=lambda: [transport.send(Request("GET", "/x")) for _request in range(5)]) for _thread in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(server.requests) == 65
    assert server.connections <= 3


def test_a_proxy_is_taken_from_the_environment_unless_excepted(server: ScriptedServer, connect: Connect) -> None:
    server.on("GET", "/x", GOOD)
    dead = {"HTTPS_PROXY": f"http://127.0.0.1:{free_port()}"}
    with pytest.raises(TransportError, match="proxy.*HTTPS_PROXY"):
        connect(environ=dead).send(Request("GET", "/x"))
    assert server.requests == []
    assert connect(environ={**dead, "NO_PROXY": "127.0.0.1"}).send(Request("GET", "/x")).status == 200
    assert connect(environ=dead, proxy="").send(Request("GET", "/x")).status == 200


def test_a_proxy_that_wants_a_password_is_told_at_once(server: ScriptedServer, connect: Connect, clock: FakeClock) -> None:
    with ScriptedServer(None) as proxy:
        proxy.on("CONNECT", f"127.0.0.1:{server.port}", Reply(407, "Proxy Authentication Required"))
        with pytest.raises(TransportError, match="proxy.*407"):
            connect(proxy=proxy.origin).send(Request("GET", "/x"))
    assert clock.sleeps == []


def test_exchanges_are_told_without_what_they_carry(server: ScriptedServer, connect: Connect) -> None:
    server.on("GET", "/x", Drop(), GOOD)
    seen = []
    connect(on_exchange=lambda request, status, seconds: seen.append((request.method, request.path, status))).send(Request("GET", "/x"))
    assert seen == [("GET", "/x", None), ("GET", "/x", 200)]
    assert "secret" not in repr(Request("POST", "/token", form={"password": "secret"}))


def test_a_header_that_cannot_be_sent_is_wrong_input(connect: Connect) -> None:
    with pytest.raises(InvalidInput):
        connect().send(Request("GET", "/x", headers={"X-Bad": "a\r\nb"}))
