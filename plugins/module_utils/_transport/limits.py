# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An end for every exchange: the time-outs of ``requests`` are for each read, and a server that drips its answer never meets them.

Each thread says how long its exchange may take; the connections that it goes over read no longer than that. They also tell how far they came, since
only a connection that was still being made has surely carried nothing.
"""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Any

try:
    import urllib3
    from requests.adapters import HTTPAdapter
except ImportError:
    # The transport says that the library is missing.
    HTTPAdapter = object  # type: ignore[assignment,misc]
    urllib3 = None  # type: ignore[assignment]

_exchanges = threading.local()


@dataclass
class Exchange:
    """One request on its way.

    :param until: when it has to be over, on the clock that never jumps.
    :param handshake_cut: the server closed the connection while it was being secured.
    :param passed: it was not over by then.
    """

    until: float
    handshake_cut: bool = False
    passed: bool = False


def begin(seconds: float) -> Exchange:
    """The exchange that this thread begins now, which may take so many seconds."""
    _exchanges.now = Exchange(time.monotonic() + seconds)
    return current()


def current() -> Exchange:
    found: Exchange = _exchanges.now
    return found


class _Bounded(io.RawIOBase):
    """What reads from a socket, and not beyond the end of the exchange."""

    def __init__(self, raw: Any, connection: socket.socket) -> None:
        super().__init__()
        self._raw, self._connection = raw, connection

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        exchange = current()
        left = exchange.until - time.monotonic()
        if left <= 0:
            exchange.passed = True
            raise TimeoutError("the time of the exchange is over")
        silence = self._connection.gettimeout()
        self._connection.settimeout(left if silence is None else min(silence, left))
        try:
            return self._raw.readinto(buffer)
        except TimeoutError:
            exchange.passed = time.monotonic() >= exchange.until
            raise
        finally:
            if self._connection.fileno() >= 0:
                self._connection.settimeout(silence)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *arguments: Any, **options: Any) -> None:
        super().__init__(sock, *arguments, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_Bounded(sock.makefile("rb", buffering=0), sock))


if urllib3 is not None:

    class _Plain(urllib3.connection.HTTPConnection):
        response_class = _Answer

    class _Secure(urllib3.connection.HTTPSConnection):
        response_class = _Answer

        def connect(self) -> None:
            try:
                super().connect()
            except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
                current().handshake_cut = True
                raise

    class _PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = _Plain

    class _SecurePool(urllib3.HTTPSConnectionPool):
        ConnectionCls = _Secure

    _POOLS = {"http": _PlainPool, "https": _SecurePool}


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: Any, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager


def adapter(**options: Any) -> HTTPAdapter:
    """What ``requests`` sends with."""
    return _Adapter(**options)
