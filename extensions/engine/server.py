"""HTTP/1.1 over TLS around the engine, on one thread.

A connection reads one request at a time; what a client sends ahead (pipelining) waits in its buffer, so answers keep the order of the
requests.  Everything that reaches the engine is a whole request.
"""

from __future__ import annotations

import asyncio
import json
import math
import socket
import ssl
import time
import zlib
from email.utils import formatdate
from http.client import responses as REASONS
from typing import Any

from . import costs as prices
from .app import Engine
from .costs import Processors
from .faults import RESTART, Rule
from .http import Parked, Request, Response
from .journal import Journal

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 10 * 1024 * 1024
READ_AHEAD = 256 * 1024
IDLE_LIMIT = 300.0
PARTIAL_LIMIT = 60.0
HANDSHAKE_LIMIT = 20.0
SWEEP_EVERY = 5.0
GOODBYE_LIMIT = 2.0
REBIND_LIMIT = 30.0
COMPRESS_FROM = 1024
COMPRESSED = ("application/json", "application/xml", "text/html")
NO_BODY = (204, 304)
TOKEN = frozenset(b"!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")


class BadRequest(Exception):
    """What came is no request; the connection ends with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Incoming:
    """A request whose head is read and whose body may still come."""

    __slots__ = ("method", "target", "headers", "keep", "length", "body", "left", "state")

    def __init__(self, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        parts = lines[0].split(" ")
        if len(parts) != 3 or not parts[0] or not TOKEN.issuperset(parts[0].encode("latin-1")) or not parts[2].startswith("HTTP/"):
            raise BadRequest(400)
        self.method, self.target, version = parts
        if version not in ("HTTP/1.1", "HTTP/1.0"):
            raise BadRequest(505)
        headers: dict[str, str] = {}
        for line in lines[1:]:
            name, mark, value = line.partition(":")
            if not mark or not name or not TOKEN.issuperset(name.encode("latin-1")):
                raise BadRequest(400)
            name, value = name.lower(), value.strip(" \t")
            if name in headers:
                if name in ("content-length", "host", "transfer-encoding") and headers[name] != value:
                    raise BadRequest(400)
                value = headers[name] if name in ("content-length", "host") else headers[name] + ("; " if name == "cookie" else ", ") + value
            headers[name] = value
        if self.target[:1] != "/" and self.target != "*":
            self.target = _origin_form(self.target)
        if version == "HTTP/1.1" and "host" not in headers:
            raise BadRequest(400)
        connection = headers.get("connection", "").lower()
        self.keep = "close" not in connection if version == "HTTP/1.1" else "keep-alive" in connection
        self.headers = headers
        self.body = bytearray()
        self.left = 0
        coding, length = headers.get("transfer-encoding"), headers.get("content-length")
        if coding is not None:
            if length is not None or coding.lower() != "chunked":
                raise BadRequest(400 if length is not None else 501)
            self.length, self.state = None, "size"
        else:
            if length is not None and not (length.isascii() and length.isdigit()):
                raise BadRequest(400)
            self.length, self.state = int(length or 0), "plain"
            if self.length > BODY_LIMIT:
                raise BadRequest(413)

    def feed(self, buffer: bytearray) -> bool:
        """Take what belongs to the body; True when it is complete."""
        if self.length is not None:
            if len(buffer) < self.length:
                return False
            self.body = buffer[:self.length]
            del buffer[:self.length]
            return True
        while True:
            if self.state == "data":
                if len(buffer) < self.left + 2:
                    return False
                if buffer[self.left:self.left + 2] != b"\r\n":
                    raise BadRequest(400)
                self.body += buffer[:self.left]
                del buffer[:self.left + 2]
                self.state = "size"
            end = buffer.find(b"\r\n")
            if end < 0:
                if len(buffer) > HEAD_LIMIT:
                    raise BadRequest(400)
                return False
            line = bytes(buffer[:end])
            del buffer[:end + 2]
            if self.state == "trailer":
                if not line:
                    return True
                continue
            size = line.partition(b";")[0].strip()
            try:
                self.left = int(size, 16) if size[:1].isalnum() else -1
            except ValueError:
                self.left = -1
            if self.left < 0:
                raise BadRequest(400)
            if len(self.body) + self.left > BODY_LIMIT:
                raise BadRequest(413)
            self.state = "data" if self.left else "trailer"


def _origin_form(target: str) -> str:
    """The path of a target in absolute form (``GET https://host/path``)."""
    scheme, mark, rest = target.partition("://")
    if not mark or scheme.lower() not in ("http", "https"):
        raise BadRequest(400)
    _host, slash, path = rest.partition("/")
    return slash + path or "/"


class Connection(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.incoming: _Incoming | None = None
        self.busy = False
        self.blocked = False
        self.ending = False
        self.touched = time.monotonic()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.server.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.server.connections.discard(self)
        self.transport = None

    def eof_received(self) -> bool:
        return False

    def pause_writing(self) -> None:
        self.blocked = True

    def resume_writing(self) -> None:
        self.blocked = False
        self.go_on()

    def data_received(self, data: bytes) -> None:
        self.touched = time.monotonic()
        self.buffer += data
        if self.busy or self.blocked:
            if len(self.buffer) > READ_AHEAD and self.transport is not None:
                self.transport.pause_reading()
        else:
            self.go_on()

    def go_on(self) -> None:
        """Serve what the buffer holds, one request after the other."""
        while self.transport is not None and not (self.busy or self.blocked or self.ending):
            try:
                incoming = self._next()
            except BadRequest as error:
                self.ending = True
                self.write(Response(error.status), "GET", False)
                return
            if incoming is None:
                self.transport.resume_reading()
                return
            self.busy = True
            self.server.serve(self, Request(incoming.method, incoming.target, incoming.headers, bytes(incoming.body)), incoming.keep)

    def _next(self) -> _Incoming | None:
        incoming = self.incoming
        if incoming is None:
            while self.buffer.startswith(b"\r\n"):
                del self.buffer[:2]
            end = self.buffer.find(b"\r\n\r\n")
            if end > HEAD_LIMIT or end < 0 and len(self.buffer) > HEAD_LIMIT:
                raise BadRequest(431)
            if end < 0:
                return None
            head = bytes(self.buffer[:end])
            del self.buffer[:end + 4]
            incoming = self.incoming = _Incoming(head)
            if not self.buffer and incoming.length != 0 and incoming.headers.get("expect", "").lower() == "100-continue" and self.transport is not None:
                self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if not incoming.feed(self.buffer):
            return None
        self.incoming = None
        return incoming

    def write(self, response: Response, method: str, keep: bool, accepted: str = "", half: bool = False) -> None:
        """Send an answer and, when the connection stays, go on with the next request."""
        if self.transport is None:
            return
        keep = keep and not self.server.stopping and not half
        head, body = self.server.encode(response, method, keep, accepted)
        if half:
            body = body[:len(body) // 2]
        self.transport.write(head + body)
        if keep:
            self.done()
        else:
            self.ending = True
            self.transport.close()

    def done(self) -> None:
        """The request is answered."""
        self.busy = False
        self.touched = time.monotonic()
        if self.buffer:
            asyncio.get_running_loop().call_soon(self.go_on)

    def abort(self) -> None:
        """Cut the connection without a word."""
        if self.transport is not None:
            self.transport.abort()

    def overdue(self, now: float) -> bool:
        partial = self.incoming is not None or bool(self.buffer)
        return not self.busy and now - self.touched > (PARTIAL_LIMIT if partial else IDLE_LIMIT)


class Server:
    """Listens, hands requests to the engine, and plays the faults that concern connections."""

    def __init__(self, engine: Engine, context: ssl.SSLContext, journal: Journal | None = None, *, costs: bool = False) -> None:
        self.engine = engine
        self._processors = Processors(time.monotonic) if costs else None
        self.connections: set[Connection] = set()
        self.stopping = False
        self._context = context
        self._journal = journal
        self._listeners: list[asyncio.Server] = []
        self._addresses: list[tuple[int, tuple[Any, ...]]] = []
        self._parked: dict[Parked, tuple[Connection, Request, bool, float]] = {}
        self._phase: str | None = None
        self._held: list[tuple[Connection, Request, bool]] = []
        self._restarting: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._date = (0, "")

    # -- life

    async def start(self, host: str, port: int) -> int:
        """Listen; gives the port, which is a free one when 0 was asked for.  OSError when it cannot be had."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(_quiet)
        found = await loop.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        wanted = list(dict.fromkeys((family, address) for family, _type, _protocol, _name, address in found))
        for number, (family, address) in enumerate(wanted):
            if self._addresses:
                address = (address[0], self._addresses[0][1][1], *address[2:])
            try:
                bound = await self._listen(family, address)
            except OSError:
                if number == 0 and len(wanted) == 1 or not self._addresses and number == len(wanted) - 1:
                    raise
                continue
            self._addresses.append((family, bound))
        self._sweep()
        return int(self._addresses[0][1][1])

    async def stop(self) -> None:
        """Take no more requests, let the answers under way go out, close."""
        self.stopping = True
        if self._restarting is not None:
            self._restarting.cancel()
        self._close_listeners()
        for connection in list(self.connections):
            if connection.transport is not None:
                connection.transport.close()
        limit = time.monotonic() + GOODBYE_LIMIT
        while self.connections and time.monotonic() < limit:
            await asyncio.sleep(0.01)
        for connection in list(self.connections):
            connection.abort()

    async def _listen(self, family: int, address: tuple[Any, ...]) -> tuple[Any, ...]:
        sock = socket.socket(family, socket.SOCK_STREAM)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            sock.bind(address)
            bound = sock.getsockname()
            self._listeners.append(await asyncio.get_running_loop().create_server(
                lambda: Connection(self), sock=sock, ssl=self._context, backlog=512, ssl_handshake_timeout=HANDSHAKE_LIMIT))
        except OSError:
            sock.close()
            raise
        return tuple(bound)

    def _close_listeners(self) -> None:
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()

    def _sweep(self) -> None:
        now = time.monotonic()
        for connection in list(self.connections):
            if connection.overdue(now):
                if connection.incoming is not None or connection.buffer:
                    connection.write(Response(408), "GET", False)
                else:
                    connection.abort()
        asyncio.get_running_loop().call_later(SWEEP_EVERY, self._sweep)

    # -- requests

    def serve(self, connection: Connection, request: Request, keep: bool) -> None:
        """Answer one whole request, at once or later."""
        started = time.monotonic()
        if self._phase is not None and self._out_of_order(connection, request, keep, started):
            return
        rule = self.engine.faults.request(request)
        cost = prices.of(request, len(self.engine.store.table("vm").rows)) if self._processors is not None else 0.0
        if rule is None and cost and self._processors is not None:
            delay = self._processors.done_at(cost) - started
            asyncio.get_running_loop().call_later(delay, self._carry_out, connection, request, keep, started)
        elif rule is None:
            self._carry_out(connection, request, keep, started)
        elif "delay" in rule.do:
            asyncio.get_running_loop().call_later(rule.do["delay"], self._misbehave, rule, connection, request, keep, started)
        else:
            self._misbehave(rule, connection, request, keep, started)

    def _carry_out(self, connection: Connection, request: Request, keep: bool, started: float, rule: Rule | None = None) -> None:
        answer = self.engine.handle(request)
        if isinstance(answer, Parked):
            self._parked[answer] = (connection, request, keep, started)
        else:
            self._answer(connection, request, answer, keep, started, rule)
        self._arm()

    def _answer(self, connection: Connection, request: Request, response: Response, keep: bool, started: float, rule: Rule | None = None,
                drop: str | None = None) -> None:
        if self._journal is not None:
            self._journal.record(request, response, started, rule.number if rule is not None else None, sent=drop is None)
        if drop == "after":
            connection.abort()
        else:
            connection.write(response, request.method, keep, request.headers.get("accept-encoding", ""), half=drop == "half")

    def _misbehave(self, rule: Rule, connection: Connection, request: Request, keep: bool, started: float) -> None:
        do = rule.do
        if do.get("drop") == "before":
            if self._journal is not None:
                self._journal.record(request, None, started, rule.number)
            connection.abort()
        elif "drop" in do:
            answer = self.engine.handle(request)
            self._arm()
            if isinstance(answer, Parked):
                connection.abort()
            else:
                self._answer(connection, request, answer, keep, started, rule, do["drop"])
        elif "status" in do:
            body, headers = do.get("body", ""), dict(do.get("headers", {}))
            if not isinstance(body, str):
                body = json.dumps(body)
                headers.setdefault("Content-Type", "application/json")
            elif body:
                headers.setdefault("Content-Type", "text/html;charset=UTF-8")
            self._answer(connection, request, Response(do["status"], headers, body.encode()), keep, started, rule)
        elif "restart" in do:
            self._restarting = asyncio.get_running_loop().create_task(self._restart({**RESTART, **do["restart"]}))
            self._phase = "going_down"
            self._out_of_order(connection, request, keep, started, rule)
        else:
            if "expire_token" in do:
                self.engine.sso.revoke(request.headers.get("authorization", ""))
            self._carry_out(connection, request, keep, started, rule)

    def _arm(self) -> None:
        """See to it that what is due is done in time, and that parked requests are answered."""
        due = self.engine.due_in()
        if due is None or math.isinf(due):
            return
        loop = asyncio.get_running_loop()
        if self._timer is not None and not self._timer.cancelled() and self._timer.when() > loop.time():
            if self._timer.when() <= loop.time() + due:
                return
            self._timer.cancel()
        self._timer = loop.call_later(due + 0.001, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.engine.tick()
        for parked in [one for one in self._parked if one.response is not None]:
            connection, request, keep, started = self._parked.pop(parked)
            assert parked.response is not None
            self._answer(connection, request, parked.response, keep, started)
        self._arm()

    # -- a restart, as a client of a real engine sees it

    async def _restart(self, plan: dict[str, Any]) -> None:
        await asyncio.sleep(plan["going_down"])
        self._phase = "proxy" if plan["proxy"] else "down"
        self._parked.clear()
        for connection in list(self.connections):
            connection.abort()
        if not plan["proxy"]:
            self._close_listeners()
        await asyncio.sleep(plan["down"])
        if not plan["proxy"]:
            self._phase = "starting"
            for family, address in self._addresses:
                await self._listen_again(family, address)
        await asyncio.sleep(plan["starting"])
        self.engine.sso.forget()
        self._phase = None
        held, self._held = self._held, []
        for connection, request, keep in held:
            if connection.transport is not None:
                self.serve(connection, request, keep)

    async def _listen_again(self, family: int, address: tuple[Any, ...]) -> None:
        limit = time.monotonic() + REBIND_LIMIT
        while True:
            try:
                await self._listen(family, address)
                return
            except OSError:
                if time.monotonic() > limit:
                    raise
            await asyncio.sleep(0.05)

    def _out_of_order(self, connection: Connection, request: Request, keep: bool, started: float, rule: Rule | None = None) -> bool:
        """Answer as an engine does that goes down or comes up; False when the request is to be served after all."""
        if self._phase == "starting":
            self._held.append((connection, request, keep))
        elif self._phase == "proxy":
            self._answer(connection, request, _page(503, "503 Service Unavailable", "The server is temporarily unable to service your request."), keep,
                         started, rule)
        elif self._phase == "going_down" and request.segments[:2] == ["ovirt-engine", "api"]:
            response = _page(401, "Error", "server_error: Connection refused")
            response.headers["WWW-Authenticate"] = 'Basic realm="RESTAPI"'
            self._answer(connection, request, response, keep, started, rule)
        else:
            if self._journal is not None:
                self._journal.record(request, None, started, rule.number if rule is not None else None)
            connection.abort()
        return True

    # -- answers as bytes

    def encode(self, response: Response, method: str, keep: bool, accepted: str) -> tuple[bytes, bytes]:
        """(head, body) of an answer; large texts are compressed when the client offers it."""
        status, body, headers = response.status, response.body, response.headers
        lines = [f"HTTP/1.1 {status} {REASONS.get(status, 'Unknown')}", f"Date: {self._now()}"]
        lines.extend(f"{name}: {value}" for name, value in headers.items())
        if len(body) >= COMPRESS_FROM and _offers_gzip(accepted) and headers.get("Content-Type", "").startswith(COMPRESSED):
            packer = zlib.compressobj(1, zlib.DEFLATED, 31)
            body = packer.compress(body) + packer.flush()
            lines.append("Content-Encoding: gzip")
            lines.append("Vary: Accept-Encoding")
        if status not in NO_BODY:
            lines.append(f"Content-Length: {len(body)}")
        if not keep:
            lines.append("Connection: close")
        lines.append("\r\n")
        return "\r\n".join(lines).encode("utf-8"), b"" if method == "HEAD" or status in NO_BODY else body

    def _now(self) -> str:
        second = int(time.time())
        if self._date[0] != second:
            self._date = (second, formatdate(second, usegmt=True))
        return self._date[1]


def _offers_gzip(accepted: str) -> bool:
    for part in accepted.split(","):
        coding, _mark, weight = part.partition(";")
        if coding.strip().lower() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _page(status: int, title: str, text: str) -> Response:
    return Response(status, {"Content-Type": "text/html;charset=UTF-8"}, f"<html><head><title>{title}</title></head><body>{text}</body></html>".encode())


def _quiet(loop: asyncio.AbstractEventLoop, found: dict[str, Any]) -> None:
    """A client that hangs up or speaks no TLS is no error of ours."""
    if not isinstance(found.get("exception"), (ssl.SSLError, OSError)):
        loop.default_exception_handler(found)
