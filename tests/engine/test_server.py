# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP and TLS of the embedded engine, over real sockets."""
from __future__ import annotations

import gzip
import json
import socket
import ssl
import time
from urllib.parse import urlsplit

import pytest
import requests

import engine_process
from wire import Wire

HEALTH = "/ovirt-engine/services/health"
TOKEN = "/ovirt-engine/sso/oauth/token"


@pytest.fixture(scope="module")
def engine():
    with engine_process.running("--speed", "20") as running:
        yield running


@pytest.fixture
def wire(engine):
    with Wire(engine) as connection:
        yield connection


def get(path: str, *headers: str, method: str = "GET", version: str = "1.1") -> str:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: engine", *headers, "", ""])


def form(engine, **extra: str) -> str:
    values = {"grant_type": "password", "scope": "ovirt-app-api", "username": engine.username, "password": engine.password, **extra}
    return "&".join(f"{name}={value}" for name, value in values.items())


def bearer(engine) -> str:
    answer = requests.post(engine.url.replace("/ovirt-engine/api", TOKEN), data=form(engine), verify=engine.ca_file, timeout=10,
                           headers={"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"})
    return "Authorization: Bearer " + answer.json()["access_token"]


def test_a_connection_carries_many_requests(wire) -> None:
    for _index in range(3):
        wire.send(get(HEALTH))
        assert wire.answer().body == b"DB Up!Welcome to Health Status!"


def test_requests_sent_ahead_are_answered_in_their_order(engine, wire) -> None:
    token = bearer(engine)
    wire.send(get(HEALTH) + get("/ovirt-engine/api", token, "Accept: application/json") + get("/nowhere") + get(HEALTH))
    answers = [wire.answer() for _index in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 404, 200]
    assert json.loads(answers[1].body)["special_objects"]


def test_requests_that_come_byte_by_byte_are_whole_in_the_end(wire) -> None:
    for byte in get(HEALTH).encode():
        wire.send(bytes([byte]))
    assert wire.answer().status == 200


@pytest.mark.parametrize("pieces", [1, 7, 1000])
def test_chunked_bodies(engine, wire, pieces: int) -> None:
    body = form(engine)
    chunks = "".join(f"{len(body[at:at + pieces]):x};x=y\r\n{body[at:at + pieces]}\r\n" for at in range(0, len(body), pieces))
    wire.send(get(TOKEN, "Accept: application/json", "Transfer-Encoding: chunked", "Content-Type: application/x-www-form-urlencoded", method="POST"))
    wire.send(f"{chunks}0\r\nTrailer: 1\r\n\r\n" + get(HEALTH))
    assert "access_token" in json.loads(wire.answer().body)
    assert wire.answer().status == 200


def test_a_client_that_waits_for_100_is_told_to_go_on(engine, wire) -> None:
    body = form(engine)
    wire.send(get(TOKEN, "Accept: application/json", "Expect: 100-continue", f"Content-Length: {len(body)}",
                  "Content-Type: application/x-www-form-urlencoded", method="POST"))
    assert wire.answer().status == 100
    wire.send(body)
    assert wire.answer().status == 200


def test_head_has_the_headers_of_get_and_no_body(wire) -> None:
    wire.send(get(HEALTH, method="HEAD") + get(HEALTH))
    head, full = wire.answer(body=False), wire.answer()
    assert head.status == 200 and head.headers["content-length"] == full.headers["content-length"] == str(len(full.body))


def test_large_answers_are_compressed_when_the_client_offers_it(engine, wire) -> None:
    token = bearer(engine)
    for offer in ("identity", "gzip;q=0", "deflate"):
        wire.send(get("/ovirt-engine/api", token, "Accept: application/json", f"Accept-Encoding: {offer}"))
        plain = wire.answer()
        assert "content-encoding" not in plain.headers and len(plain.body) > 1024
    wire.send(get("/ovirt-engine/api", token, "Accept: application/json", "Accept-Encoding: deflate, gzip;q=0.5"))
    packed = wire.answer()
    assert packed.headers["content-encoding"] == "gzip" and len(packed.body) < len(plain.body)
    assert json.loads(gzip.decompress(packed.body)).keys() == json.loads(plain.body).keys()


def test_http_1_0_closes_unless_asked_to_stay(wire) -> None:
    wire.send(get(HEALTH, "Connection: keep-alive", version="1.0"))
    assert wire.answer().status == 200
    wire.send(get(HEALTH, version="1.0"))
    assert wire.answer().headers["connection"] == "close"
    assert wire.closed()


@pytest.mark.parametrize("request_text, status", [
    ("GET /\r\n\r\n", 400),
    ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505),
    ("GET / HTTP/1.1\r\n\r\n", 400),
    ("G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400),
    ("GET / HTTP/1.1\r\nHost: x\r\n folded: yes\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
    ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
    ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n", 413),
    ("GET / HTTP/1.1\r\nHost: x\r\nLong: " + "x" * 70_000 + "\r\n\r\n", 431),
])
def test_what_is_no_request_is_refused_and_the_connection_ends(engine, request_text: str, status: int) -> None:
    with Wire(engine) as wire:
        wire.send(request_text)
        answer = wire.answer()
        assert answer.status == status and answer.headers["connection"] == "close"
        assert wire.closed()
    with Wire(engine) as wire:
        wire.send(get(HEALTH))
        assert wire.answer().status == 200


def test_plain_http_and_broken_connections_do_no_harm(engine) -> None:
    place = urlsplit(engine.url)
    for data in (b"GET / HTTP/1.1\r\n\r\n", b"", b"\x16\x03\x01"):
        with socket.create_connection((place.hostname, place.port), 5) as plain:
            plain.sendall(data)
    with Wire(engine) as wire:
        wire.send("POST /ovirt-engine/api/tags HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{")
    assert requests.get(engine.url.replace("/api", "/services/health"), verify=engine.ca_file, timeout=5).status_code == 200
    assert "Traceback" not in engine.said.read_text()


def test_the_certificate_is_good_for_every_name_of_the_machine_itself_and_for_no_other(engine) -> None:
    port = urlsplit(engine.url).port
    context = ssl.create_default_context(cafile=engine.ca_file)
    for name, good in (("localhost", True), ("127.0.0.1", True), ("::1", True), ("engine.example.com", False)):
        with socket.create_connection(("127.0.0.1", port), 5) as plain:
            if good:
                context.wrap_socket(plain, server_hostname=name).close()
            else:
                with pytest.raises(ssl.SSLCertVerificationError):
                    context.wrap_socket(plain, server_hostname=name)


def test_who_does_not_know_the_authority_does_not_trust_the_engine(engine) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(engine.url, timeout=5)


@pytest.mark.parametrize("query, kind", [
    ("resource=ca-certificate&format=X509-PEM-CA", "application/x-x509-ca-cert"),
    ("resource=ca-certificate", "application/x-x509-ca-cert"),
    ("resource=engine-certificate", "application/x-x509-cert"),
    ("resource=engine-certificate&format=OPENSSH-PUBKEY", "text/plain"),
])
def test_public_keys_can_be_fetched_without_a_login(engine, query: str, kind: str) -> None:
    answer = requests.get(f"{engine.url.replace('/api', '/services/pki-resource')}?{query}", verify=engine.ca_file, timeout=5)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == kind
    if query.startswith("resource=ca"):
        with open(engine.ca_file, encoding="ascii") as file:
            assert answer.text == file.read()


@pytest.mark.parametrize("query, reason", [("", "Missing resource name"), ("resource=x", "Resource 'x' is invalid"),
                                           ("resource=ca-certificate&format=x", "Format 'x' is invalid")])
def test_unknown_public_keys_are_refused_in_the_engines_words(engine, query: str, reason: str) -> None:
    answer = requests.get(f"{engine.url.replace('/api', '/services/pki-resource')}?{query}", verify=engine.ca_file, timeout=5)
    assert answer.status_code == 400 and reason in answer.text


def test_a_thousand_small_requests_take_no_longer_than_a_second_or_two(engine, wire) -> None:
    one = get("/ovirt-engine/api/bookmarks", bearer(engine), "Accept: application/json").encode()
    begun = time.monotonic()
    for _index in range(20):
        wire.send(one * 50)
        for _answer in range(50):
            assert wire.answer().status == 200
    assert time.monotonic() - begun < 2.0
