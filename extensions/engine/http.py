"""Requests and answers, without sockets."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_plus

TRUE = frozenset(("t", "true", "y", "yes", "1", ""))
FALSE = frozenset(("f", "false", "n", "no", "0"))


@dataclass
class Request:
    """One request as it came.

    ``target`` is the raw request target; ``headers`` have lower case names.  ``segments`` are the decoded parts of the
    path without matrix parameters and without empty parts; ``matrix`` holds the parameters of the last segment.  ``session`` is a
    session that was begun for this request and whose cookie the answer carries.
    """

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    segments: list[str] = field(init=False)
    query: dict[str, str] = field(init=False)
    matrix: dict[str, str] = field(init=False)
    path: str = field(init=False)
    session: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.path, _mark, query = self.target.partition("?")
        self.query = _pairs(query, "&", unquote_plus) if query else {}
        parts = [part for part in self.path.split("/") if part]
        self.matrix = {}
        if ";" in self.path:
            if parts:
                self.matrix = _pairs(parts[-1].partition(";")[2], ";", unquote)
            parts = [part.partition(";")[0] for part in parts]
            parts = [part for part in parts if part]
        self.segments = [unquote(part) for part in parts] if "%" in self.path else parts

    def parameter(self, name: str, header: bool = False) -> str | None:
        """A parameter by the engine's order: query, matrix of the last segment, then the header if asked."""
        if name in self.query:
            return self.query[name]
        if name in self.matrix:
            return self.matrix[name]
        return self.headers.get(name.replace("_", "-").lower()) if header else None

    def flag(self, name: str, header: bool = False) -> bool | None:
        """A boolean parameter; without a value it is true, with an unknown one it is ignored (None)."""
        value = self.parameter(name, header)
        if value is None:
            return None
        value = value.strip().lower()
        return True if value in TRUE else False if value in FALSE else None


def _pairs(text: str, separator: str, decode) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split(separator):
        if part:
            name, _mark, value = part.partition("=")
            found.setdefault(decode(name), decode(value))
    return found


@dataclass
class Response:
    """An answer; ``headers`` as they are to be sent, Content-Length is added by the server.  ``wrote``: did the request change the estate?"""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    wrote: bool = False


class Parked:
    """An answer that comes later; the server writes ``response`` once it is there."""

    def __init__(self, request: Request, key: str) -> None:
        self.request = request
        self.key = key
        self.response: Response | None = None
