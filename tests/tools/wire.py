# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP as bytes, for what a client library would not send."""
from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

from engine_process import Engine


@dataclass(frozen=True)
class Answer:
    """One answer; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Wire:
    """A TLS connection to an engine that sends what it is given and reads answers one by one."""

    def __init__(self, engine: Engine, timeout: float = 10.0) -> None:
        place = urlsplit(engine.url)
        context = ssl.create_default_context(cafile=engine.ca_file)
        plain = socket.create_connection((place.hostname, place.port or 443), timeout)
        self.socket = context.wrap_socket(plain, server_hostname=place.hostname)
        self._read = b""

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()

    def send(self, data: bytes | str) -> None:
        self.socket.sendall(data.encode() if isinstance(data, str) else data)

    def answer(self, body: bool = True) -> Answer:
        """The next answer; ``body`` is false when none follows (HEAD).  ConnectionError when the connection ends before."""
        while b"\r\n\r\n" not in self._read:
            self._more()
        head, _mark, self._read = self._read.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)}
        status = int(first.split(" ")[1])
        length = int(headers.get("content-length", 0)) if body and status >= 200 else 0
        while len(self._read) < length:
            self._more()
        content, self._read = self._read[:length], self._read[length:]
        return Answer(status, headers, content)

    def closed(self) -> bool:
        """Has the server closed the connection, with nothing more to read?"""
        try:
            self._more()
        except ConnectionError:
            return True
        return False

    def _more(self) -> None:
        try:
            data = self.socket.recv(65536)
        except ssl.SSLError as error:
            raise ConnectionError(str(error)) from None
        if not data:
            raise ConnectionError("the connection was closed")
        self._read += data
