# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server over TLS that answers as it is told, well or badly: for tests of how a client bears it."""
from __future__ import annotations

import datetime
import ipaddress
import json
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Optional, Union
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

API = "/ovirt-engine/api"
TOKEN_PATH = "/ovirt-engine/sso/oauth/token"
LOGOUT_PATH = "/ovirt-engine/services/sso-logout"


@dataclass
class Got:
    """A request as it came."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass
class Reply:
    """A whole answer; a document becomes JSON, and text HTML."""

    status: int = 200
    body: Union[bytes, str, dict, None] = None
    headers: dict[str, str] = field(default_factory=dict)

    def wire(self) -> tuple[dict[str, str], bytes]:
        headers = {"Correlation-Id": "of-the-server", **self.headers}
        if isinstance(self.body, dict):
            headers.setdefault("Content-Type", "application/json")
            data = json.dumps(self.body).encode()
        elif isinstance(self.body, str):
            headers.setdefault("Content-Type", "text/html;charset=UTF-8")
            data = self.body.encode()
        else:
            data = self.body or b""
        headers.setdefault("Content-Length", str(len(data)))
        return headers, data


@dataclass
class Drop:
    """Takes the request and closes the connection without a word."""


@dataclass
class Reset:
    """Takes the request and resets the connection."""


@dataclass
class Half:
    """Announces an answer and closes after some of its bytes."""

    reply: Reply
    count: int


@dataclass
class Drip:
    """Answers a byte at a time, with a pause before each: the headers, too, or only the body."""

    reply: Reply
    pause: float
    headers: bool = False


@dataclass
class Stall:
    """Takes the request and stays silent."""

    seconds: float


Behaviour = Union[Reply, Drop, Reset, Half, Drip, Stall, Callable[[Got], Any]]


class ScriptedServer:
    """Answers each path with its behaviours in their order; the last one stays. Keeps what it got."""

    def __init__(self, certificate: Optional[Path], port: int = 0) -> None:
        self.requests: list[Got] = []
        self.connections = 0
        self._behaviours: dict[tuple[str, str], list[Behaviour]] = {}
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._sockets: set[socket.socket] = set()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30
            disable_nagle_algorithm = True

            def setup(self) -> None:
                if context is not None:
                    self.request = context.wrap_socket(self.request, server_side=True)
                with owner._lock:
                    owner.connections += 1
                    owner._sockets.add(self.request)
                super().setup()

            def log_message(self, *_arguments: Any) -> None:
                return

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return self._serve
                raise AttributeError(name)

            def _serve(self) -> None:
                parts = urlsplit(self.path)
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                got = Got(
                    self.command,
                    self.path if self.command == "CONNECT" else parts.path,
                    {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()},
                    {name.lower(): value for name, value in self.headers.items()},
                    body,
                )
                behaviour = owner._next(got)
                if callable(behaviour):
                    behaviour = behaviour(got)
                if isinstance(behaviour, Stall):
                    owner._stopped.wait(behaviour.seconds)
                    behaviour = Drop()
                if isinstance(behaviour, Reset):
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    behaviour = Drop()
                if isinstance(behaviour, Drop):
                    self._hang_up()
                    return
                if isinstance(behaviour, Drip):
                    self._drip(behaviour)
                    return
                half = behaviour if isinstance(behaviour, Half) else None
                reply = half.reply if half else behaviour
                headers, data = reply.wire()
                self.send_response(reply.status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data[: half.count] if half else data)
                if half:
                    self._hang_up()

            def _drip(self, drip: Drip) -> None:
                headers, data = drip.reply.wire()
                head = f"HTTP/1.1 {drip.reply.status} X\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
                slow = head.encode() + data if drip.headers else data
                try:
                    if not drip.headers:
                        self.wfile.write(head.encode())
                    for place in range(len(slow)):
                        self.wfile.write(slow[place : place + 1])
                        if owner._stopped.wait(drip.pause):
                            break
                except OSError:
                    pass
                self._hang_up()

            def _hang_up(self) -> None:
                self.close_connection = True
                self.connection.close()

            def finish(self) -> None:
                try:
                    super().finish()
                except OSError:
                    pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True

            def handle_error(self, *_arguments: Any) -> None:
                return

        context: Optional[ssl.SSLContext] = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
        self._server = Server(("127.0.0.1", port), Handler)
        self.port = self._server.server_address[1]
        self.origin = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def on(self, method: str, path: str, *behaviours: Behaviour) -> None:
        with self._lock:
            self._behaviours[method, path] = list(behaviours)

    def _next(self, got: Got) -> Behaviour:
        with self._lock:
            self.requests.append(got)
            behaviours = self._behaviours.get((got.method, got.path))
            if not behaviours:
                return Reply(404, "<html><body>nothing is told for this path</body></html>")
            return behaviours.pop(0) if len(behaviours) > 1 else behaviours[0]

    def got(self, method: str, path: str) -> list[Got]:
        return [one for one in self.requests if (one.method, one.path) == (method, path)]

    def stop(self) -> None:
        """Close the port and every connection, as a server that goes down does."""
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
        for connection in self._sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            connection.close()

    def __enter__(self) -> ScriptedServer:
        return self

    def __exit__(self, *_arguments: Any) -> None:
        self.stop()


class ScriptedEngine(ScriptedServer):
    """A scripted server that logs in whoever has the password ``secret``, with a new token each time."""

    def __init__(self, certificate: Optional[Path], port: int = 0, password: str = "secret") -> None:
        super().__init__(certificate, port)
        self.password = password
        self.tokens: list[str] = []
        self.on("POST", TOKEN_PATH, self._log_in)
        self.on("POST", LOGOUT_PATH, Reply(200, {}))

    def _log_in(self, got: Got) -> Reply:
        if got.form.get("password") != self.password:
            said = f"Cannot authenticate user '{got.form.get('username')}': The user name or password is incorrect."
            return Reply(400, {"error_code": "access_denied", "error": said})
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        return Reply(200, {"access_token": self.tokens[-1], "token_type": "bearer", "exp": str(int((time.time() + 3600) * 1000))})

    def api(self, method: str, path: str, *behaviours: Behaviour) -> None:
        self.on(method, f"{API}/{path}" if path else API, *behaviours)

    def asked(self, method: str, path: str) -> list[Got]:
        return self.got(method, f"{API}/{path}" if path else API)


def only_with(token: str, reply: Behaviour) -> Callable[[Got], Behaviour]:
    """Answers who comes with this token, and rejects all others as an engine does."""

    def answer(got: Got) -> Behaviour:
        if got.headers.get("authorization") == f"Bearer {token}":
            return reply
        return Reply(401, "<html><head><title>Error</title></head><body>invalid_grant: The provided authorization grant has expired.</body></html>")

    return answer


def free_port() -> int:
    """A port where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def make_certificate(directory: Path, name: str = "127.0.0.1", days: int = 1) -> Path:
    """A file with a key and its own certificate for an address or name; with negative days one that has expired."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.timezone.utc)
    try:
        alternative: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        alternative = x509.DNSName(name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=10))
        .not_valid_after(now + datetime.timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = directory / f"{name}.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    return path
