"""Rules that make the engine misbehave on purpose, from a JSON file that may be rewritten while the engine runs.

A file holds a list of rules ``{"match": {...}, "do": {...}, "times": N}``.  There are two kinds.

Of a request: ``match`` has ``method`` (or a list), ``path`` (a pattern with ``*``, from ``/ovirt-engine`` or from the API's root), ``query`` (a
pattern for the raw query) and ``nth`` (the first matching request it counts for); ``do`` has one of

================  ==========================================================================================================
``status``        answer with this status, ``body`` (a text, or JSON) and ``headers`` without asking the engine
``drop``          ``before``: close the connection unread; ``after``: carry the request out, then close; ``half``: send half the answer
``expire_token``  forget the token of the request, as if it had expired
``restart``       restart the engine: ``{"going_down": s, "down": s, "starting": s, "proxy": bool}``, real seconds
================  ==========================================================================================================

and, beside it or alone, ``delay`` (real seconds before the answer).

Of a command: ``match`` has ``command``, ``step`` and ``subject`` (a pattern for the name or the id of what it works on); ``do`` has ``message``,
what the host says.  ``times`` is how often a rule fires, 1 unless given, null for always.
"""

from __future__ import annotations

import ast
import json
import os
import sys
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .http import Request

if TYPE_CHECKING:
    from .app import Engine

ID_CHARACTERS = frozenset("0123456789abcdefABCDEF-?")
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")
ROOT = "/ovirt-engine/api"
SERVICES = ("sso/oauth/token", "sso/oauth/revoke", "sso/oauth/token-info", "sso/oauth/token-http-auth", "services/sso-logout", "services/health",
            "services/pki-resource")
REQUEST_MATCH = {"method", "path", "query", "nth"}
COMMAND_MATCH = {"command", "step", "subject"}
REQUEST_DO = {"status", "body", "headers", "drop", "expire_token", "restart", "delay"}
MAIN = ("status", "drop", "expire_token", "restart")
DROPS = ("before", "after", "half")
RESTART = {"going_down": 0.5, "down": 2.0, "starting": 2.0, "proxy": False}
DEFAULT_MESSAGE = "General Exception"


class BadRules(ValueError):
    """The file cannot be used; the text says which rule, why, and what would be right."""


@dataclass
class Rule:
    """One rule, with what has become of it: ``seen`` matching requests or steps, ``fired`` times."""

    number: int
    source: dict[str, Any]
    match: dict[str, Any]
    do: dict[str, Any]
    times: int | None = 1
    seen: int = field(default=0, init=False)
    fired: int = field(default=0, init=False)

    @property
    def of_request(self) -> bool:
        return "command" not in self.match

    def take(self) -> bool:
        """Count one match; does the rule fire for it?"""
        self.seen += 1
        if self.seen < self.match.get("nth", 1) or (self.times is not None and self.fired >= self.times):
            return False
        self.fired += 1
        return True


@dataclass(frozen=True)
class Fault:
    """A host's refusal of a step, in its own words."""

    message: str


class Faults:
    """The rules in force.  Without a file there are none."""

    def __init__(self, path: str | None, engine: Engine) -> None:
        self._path = path
        self._engine = engine
        self._stamp: tuple[int, int] | None = None
        self.rules: list[Rule] = []
        if path is not None:
            if not os.path.exists(path):
                raise BadRules(f"{path}: there is no such file; an empty list [] means no faults")
            self._stamp = self._changed()
            self.rules = self._load()

    def request(self, request: Request) -> Rule | None:
        """The rule that fires for this request, if any."""
        self._reload()
        return next((rule for rule in self.rules if rule.of_request and _matches(rule, request) and rule.take()), None)

    def step(self, command: str, step: str | None, subject: dict[str, Any]) -> Fault | None:
        """The refusal of a command at the step where the host would act; ``subject`` are the rows it works on, by their kind."""
        if self._path is None:
            return None
        self._reload()
        for rule in self.rules:
            if rule.of_request or rule.match["command"] != command or rule.match.get("step", step) != step:
                continue
            if _about(rule.match.get("subject", "*"), subject) and rule.take():
                return Fault(rule.do["message"])
        return None

    def unfired(self) -> list[str]:
        """A line for each rule that has not fired, for the end of a run."""
        return [f"fault rule {rule.number} never fired ({_count(rule)}): {json.dumps(rule.source)}" for rule in self.rules if not rule.fired]

    # -- the file

    def _changed(self) -> tuple[int, int] | None:
        assert self._path is not None
        try:
            found = os.stat(self._path)
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size

    def _reload(self) -> None:
        if self._path is None:
            return
        stamp = self._changed()
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            rules = self._load() if stamp is not None else []
        except BadRules as error:
            print(f"the old fault rules stay in force: {error}", file=sys.stderr, flush=True)
            return
        for line in self.unfired():
            print(line, file=sys.stderr, flush=True)
        self.rules = rules

    def _load(self) -> list[Rule]:
        assert self._path is not None
        try:
            found = json.loads(Path(self._path).read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise BadRules(f"{self._path}: cannot be read: {error}") from None
        except ValueError as error:
            raise BadRules(f"{self._path}: not JSON: {error}") from None
        if not isinstance(found, list):
            raise BadRules(f"{self._path}: must be a list of rules, is {_kind(found)}")
        try:
            return [self._rule(number, one) for number, one in enumerate(found, 1)]
        except BadRules as error:
            raise BadRules(f"{self._path}: {error}") from None

    def _rule(self, number: int, source: Any) -> Rule:
        here = f"rule {number}"
        _members(here, source, {"match", "do", "times"}, ("match", "do"))
        match, do, times = source["match"], source["do"], source.get("times", 1)
        if times is not None and not _whole(times, 1):
            raise BadRules(f"{here}: times must be a whole number from 1 on, or null for always, is {json.dumps(times)}")
        if isinstance(match, dict) and COMMAND_MATCH & set(match):
            self._check_command(here, match, do)
            do = {"message": DEFAULT_MESSAGE, **do}
        else:
            self._check_request(here, match, do)
            match = {**match, "method": _listed(match.get("method", list(METHODS))), "path": _absolute(match.get("path", "*"))}
        return Rule(number, source, match, do, times)

    def _check_request(self, here: str, match: Any, do: Any) -> None:
        _members(f"{here}: match", match, REQUEST_MATCH)
        _members(f"{here}: do", do, REQUEST_DO)
        methods = _listed(match.get("method", "GET"))
        for method in methods:
            if method not in METHODS:
                raise BadRules(f"{here}: no request has method {json.dumps(method)}; there are {', '.join(METHODS)}")
        for name in ("path", "query"):
            if not isinstance(match.get(name, ""), str):
                raise BadRules(f"{here}: {name} must be a text, is {_kind(match[name])}")
        if not _whole(match.get("nth", 1), 1):
            raise BadRules(f"{here}: nth must be a whole number from 1 on, is {json.dumps(match['nth'])}")
        if "path" in match and not any(_can_meet(_absolute(match["path"]), served) for served in self._served()):
            raise BadRules(f"{here}: no path of the engine can match {json.dumps(match['path'])}; paths look like /vms, /vms/*/start, /ovirt-engine/sso/*")
        given = [name for name in MAIN if name in do]
        if len(given) > 1 or not given and "delay" not in do:
            raise BadRules(f"{here}: do needs one of {', '.join(MAIN)}, or delay alone; it has {', '.join(do) or 'nothing'}")
        if "status" in do and not (_whole(do["status"], 200) and do["status"] < 600):
            raise BadRules(f"{here}: status must be a number from 200 to 599, is {json.dumps(do['status'])}")
        if "status" not in do and ("body" in do or "headers" in do):
            raise BadRules(f"{here}: body and headers belong to status")
        headers = do.get("headers", {})
        if not isinstance(headers, dict) or not all(isinstance(value, str) and value.isprintable() for value in headers.values()):
            raise BadRules(f"{here}: headers must be texts by name")
        if "drop" in do and do["drop"] not in DROPS:
            raise BadRules(f"{here}: drop must be one of {', '.join(DROPS)}, is {json.dumps(do['drop'])}")
        if "expire_token" in do and do["expire_token"] is not True:
            raise BadRules(f"{here}: expire_token must be true, is {json.dumps(do['expire_token'])}")
        if "delay" in do and not _seconds(do["delay"]):
            raise BadRules(f"{here}: delay must be seconds, is {json.dumps(do['delay'])}")
        if "restart" in do:
            _members(f"{here}: restart", do["restart"], set(RESTART))
            for name, value in do["restart"].items():
                if not (isinstance(value, bool) if name == "proxy" else _seconds(value)):
                    raise BadRules(f"{here}: restart: {name} must be {'true or false' if name == 'proxy' else 'seconds'}, is {json.dumps(value)}")

    def _check_command(self, here: str, match: dict[str, Any], do: Any) -> None:
        _members(f"{here}: match", match, COMMAND_MATCH, ("command",))
        _members(f"{here}: do", do, {"message"})
        for place, name in ((match, "command"), (match, "step"), (match, "subject"), (do, "message")):
            if not isinstance(place.get(name, ""), str):
                raise BadRules(f"{here}: {name} must be a text, is {_kind(place[name])}")
        known = commands()
        if match["command"] not in known:
            raise BadRules(f"{here}: no command {json.dumps(match['command'])}; there are {', '.join(sorted(known))}")
        steps = known[match["command"]]
        if "step" in match and match["step"] not in steps:
            there = ", ".join(json.dumps(step) for step in sorted(steps)) or "none, leave it out"
            raise BadRules(f"{here}: {match['command']} has no step {json.dumps(match['step'])}; there are {there}")

    def _served(self) -> list[str]:
        """Patterns of all paths of the engine, ``*`` for an id."""
        found = [ROOT, *(f"/ovirt-engine/{place}" for place in SERVICES)]
        model = self._engine.model
        for path, service in model.paths:
            pattern = "/".join([ROOT, *("*" if part.startswith("{") else part for part in path.split("/") if part)])
            found.append(pattern)
            found.extend(f"{pattern}/{one['action']}" for one in model.services[service]["operations"] if "action" in one)
        return found


def commands() -> dict[str, set[str]]:
    """Every command whose host steps can be made to fail, with its steps: what the services themselves ask about (``ctx.host_step``)."""
    found: dict[str, set[str]] = {}
    for path in sorted(Path(__file__).parent.glob("**/*.py")):
        text = path.read_text(encoding="utf-8")
        if "host_step(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "host_step":
                texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
                if texts:
                    found.setdefault(texts[0], set()).update(texts[1:2])
    return found


def _matches(rule: Rule, request: Request) -> bool:
    match = rule.match
    if request.method not in match["method"] or not fnmatchcase("/" + "/".join(request.segments), match["path"]):
        return False
    return "query" not in match or fnmatchcase(request.target.partition("?")[2], match["query"])


def _about(pattern: str, subject: dict[str, Any]) -> bool:
    names = [str(row[name]) for row in (subject, *subject.values()) if isinstance(row, dict) for name in ("name", "alias", "id") if row.get(name)]
    return pattern == "*" or any(fnmatchcase(name, pattern) for name in names)


def _absolute(path: str) -> str:
    return path if path.startswith("/ovirt-engine") or path.startswith("*") else ROOT + "/" + path.lstrip("/") if path.strip("/") else ROOT


def _can_meet(pattern: str, served: str) -> bool:
    """Is there a path that matches the pattern (``*`` for any text) and is served (``*`` for an id)?"""
    rows = [[False] * (len(served) + 1) for _index in range(len(pattern) + 1)]
    for i in range(len(pattern), -1, -1):
        for j in range(len(served), -1, -1):
            if i == len(pattern) and j == len(served):
                rows[i][j] = True
            elif i < len(pattern) and pattern[i] == "*":
                rows[i][j] = rows[i + 1][j] or (j < len(served) and rows[i][j + 1])
            elif j < len(served) and served[j] == "*":
                rows[i][j] = rows[i][j + 1] or (i < len(pattern) and pattern[i] in ID_CHARACTERS and rows[i + 1][j])
            elif i < len(pattern) and j < len(served) and pattern[i] in ("?", served[j]):
                rows[i][j] = rows[i + 1][j + 1]
    return rows[0][0]


def _members(where: str, value: Any, known: set[str], needed: tuple[str, ...] = ()) -> None:
    if not isinstance(value, dict):
        raise BadRules(f"{where}: must be an object, is {_kind(value)}")
    for name in value:
        if name not in known:
            raise BadRules(f"{where}: unknown member {json.dumps(name)}; there are {', '.join(sorted(known))}")
    for name in needed:
        if name not in value:
            raise BadRules(f"{where}: {name} is missing")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _seconds(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 3600


def _kind(value: Any) -> str:
    return {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}.get(type(value), "a number")


def _count(rule: Rule) -> str:
    return f"matched {rule.seen} times, {rule.match['nth']} are needed" if rule.seen else "nothing matched it"
