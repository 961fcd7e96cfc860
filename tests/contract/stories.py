# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded stories, and sending their requests to a server.

A story is a list of exchanges; the ``step`` of each says what is sent, saved, waited for and watched (see README.md).
"""
from __future__ import annotations

import http.cookiejar
import json
import random
import re
import time
import uuid
from xml.etree import ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Iterable
from urllib.parse import urlsplit

import requests

OBSERVED = Path(__file__).resolve().parent / "observed"
PREFIX = "/ovirt-engine/api"
POLL_EVERY = 0.2
UUID = re.compile(r"(?:(?<=%2C)|(?<![0-9a-fA-F-]))[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?![0-9a-fA-F])")
VARIABLE = re.compile(r"\{([a-z][a-z0-9_]*)\}")

Variables = dict[str, Any]
Sequences = list[tuple[dict[str, Any], tuple[list[str], bool]]]
OnStep = Callable[[dict[str, Any], "requests.Response | None", Variables, Sequences], None]


class Unresolved(Exception):
    """A place holder has no value."""


def load(only: Iterable[str] = (), folder: Path = OBSERVED) -> list[dict[str, Any]]:
    """The stories of the areas or with the ids in ``only`` (``prefix*`` works too), all of them when it is empty."""
    wanted = list(only)
    found = [story for path in sorted(folder.glob("*.json")) for story in json.loads(path.read_text(encoding="utf-8"))["stories"]]
    return [story for story in found if not wanted or any(
        one in (story["area"], story["id"]) or one.endswith("*") and story["id"].startswith(one[:-1]) for one in wanted)]


# -- values


def substitute(value: Any, variables: Variables) -> Any:
    """Put variables into every string of a JSON-like value; a string that is one variable alone becomes its value."""
    if isinstance(value, str):
        whole = VARIABLE.fullmatch(value)
        if whole and not isinstance(variables.get(whole.group(1), ""), str):
            return variables[whole.group(1)]

        def one(match: re.Match[str]) -> str:
            if match.group(1) not in variables:
                raise Unresolved(match.group(1))
            return str(variables[match.group(1)])
        return VARIABLE.sub(one, value)
    if isinstance(value, list):
        return [substitute(one, variables) for one in value]
    if isinstance(value, dict):
        return {substitute(name, variables): substitute(one, variables) for name, one in value.items()}
    return value


def dig(data: Any, path: str) -> Any:
    """A value by path: ``a.b[0].c``, ``list[name=x].id``, ``list[-1].id``, ``a.b.#`` for a length."""
    for part in re.findall(r"[^.\[\]]+|\[[^\]]*\]", path):
        if part.startswith("["):
            data = _select(data, part[1:-1])
        elif part == "#":
            data = len(data) if isinstance(data, (dict, list)) else None
        else:
            data = data.get(part) if isinstance(data, dict) else None
        if data is None:
            return None
    return data


def _select(data: Any, which: str) -> Any:
    if not isinstance(data, list):
        return None
    if re.fullmatch(r"-?\d+", which):
        index = int(which)
        return data[index] if -len(data) <= index < len(data) else None
    negate = "!=" in which
    name, _mark, value = which.partition("!=" if negate else "=")
    return next((one for one in data if isinstance(one, dict) and (str(dig(one, name.replace("/", "."))) == value) != negate), None)


def xml_data(text: str) -> dict[str, Any]:
    """XML as data: attributes ``@name``, text ``#text``, children as lists."""
    def convert(element: ElementTree.Element) -> dict[str, Any]:
        out: dict[str, Any] = {"@" + name.split("}")[-1]: value for name, value in element.attrib.items()}
        for child in element:
            out.setdefault(child.tag.split("}")[-1], []).append(convert(child))
        if (element.text or "").strip():
            out["#text"] = (element.text or "").strip()
        return out
    root = ElementTree.fromstring(text)
    return {root.tag.split("}")[-1]: convert(root)}


def content(response: requests.Response) -> tuple[str, Any]:
    """(kind, data) of an answer; kinds are empty, json, badjson, xml, badxml, html, text."""
    kind = (response.headers.get("Content-Type") or "").split(";")[0].strip().lower()
    text = response.text
    if not response.content:
        return "empty", None
    if "json" in kind:
        try:
            return "json", json.loads(text)
        except ValueError:
            return "badjson", text
    if "xml" in kind and "html" not in kind:
        try:
            return "xml", xml_data(text)
        except ElementTree.ParseError:
            return "badxml", text
    return ("html" if "html" in kind else "text"), text


def page_text(page: str) -> str:
    """What a page says: its title, or the bare text that is labelled as HTML."""
    title = re.search(r"<title>(.*?)</title>", page, re.S | re.I)
    if title:
        return title.group(1).strip()
    return "{html}" if "<html" in page.lower() or len(page) > 1000 else page.strip()


# -- a server


class Server:
    """A server that claims to speak the oVirt API, with the administrator's credentials."""

    def __init__(self, url: str, username: str, password: str, verify: str | bool = True, timeout: float = 120) -> None:
        parts = urlsplit(url)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self.username, self.password, self.timeout = username, password, timeout
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        self.session.verify = verify
        self._token: str | None = None

    def token(self) -> str:
        if self._token is None:
            answer = self.session.post(
                self.origin + "/ovirt-engine/sso/oauth/token", headers={"Accept": "application/json"}, timeout=self.timeout,
                data={"grant_type": "password", "scope": "ovirt-app-api", "username": self.username, "password": self.password})
            if answer.status_code != 200:
                raise RuntimeError(f"no token: HTTP {answer.status_code} {answer.text[:200]}")
            self._token = answer.json()["access_token"]
        return self._token

    def send(self, method: str, path: str, *, headers: dict[str, str | None] | None = None, query: dict[str, str] | None = None, body: Any = None,
             raw: str | None = None, form: dict[str, str] | None = None, auth: str = "bearer") -> requests.Response:
        """Send a request; a path that starts with ``!`` is not below the API's root, a header that is None is not sent."""
        head: dict[str, str | None] = {"Accept": "application/json"}
        data: Any = form
        if raw is not None or body is not None:
            data = raw.encode() if raw is not None else json.dumps(body).encode()
            head["Content-Type"] = "application/json"
        basic = {"basic": (self.username, self.password), "bad": (self.username, "not-the-password-1"),
                 "baduser": ("nobody-here@internal", "not-the-password-1")}.get(auth)
        if auth == "bearer":
            head["Authorization"] = "Bearer " + self.token()
        elif auth == "badbearer":
            head["Authorization"] = "Bearer not-a-token-0123456789"
        head.update(headers or {})
        url = self.origin + (path[1:] if path.startswith("!") else PREFIX + path)
        return self.session.request(method, url, headers=head, params=query, data=data, auth=basic or _NoAuth(),  # type: ignore[arg-type]
                                    timeout=self.timeout, allow_redirects=False)

    def get(self, path: str, query: dict[str, str] | None = None) -> Any:
        """The JSON at a path, None when the answer is not 200."""
        answer = self.send("GET", path, query=query)
        return answer.json() if answer.status_code == 200 else None


class _NoAuth(requests.auth.AuthBase):
    """Keeps requests from looking for credentials of its own."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


def prelude(server: Server, estate: Variables | None = None) -> Variables:
    """Variables that exist on every engine, found by name, and those of the estate."""
    found: Variables = {}

    def look(name: str, path: str, query: dict[str, str] | None, where: str) -> None:
        value = dig(server.get(path, query), where)
        if value:
            found[name] = value
    look("default_dc", "/datacenters", {"search": "name=Default"}, "data_center[0].id")
    look("default_cluster", "/clusters", {"search": "name=Default"}, "cluster[0].id")
    if "default_dc" in found:
        look("ovirtmgmt", f"/datacenters/{found['default_dc']}/networks", None, "network[name=ovirtmgmt].id")
    if "ovirtmgmt" in found:
        look("ovirtmgmt_profile", f"/networks/{found['ovirtmgmt']}/vnicprofiles", None, "vnic_profile[name=ovirtmgmt].id")
    look("admin_user", "/users", {"search": "usrname=admin*"}, "user[0].id")
    look("default_macpool", "/macpools", None, "mac_pool[default_pool=true].id")
    found.update({name: value for name, value in (estate or {}).items() if isinstance(value, str)})
    return found


# -- running a story


@dataclass(frozen=True)
class Pace:
    """How fast the server's time runs: pauses of a story shrink with it."""

    speed: float = 1.0

    def pause(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)

    def poll(self, every: float | None) -> None:
        time.sleep(max(0.02, (every or POLL_EVERY) / self.speed))


def run(server: Server, steps: list[dict[str, Any]], base: Variables, on_step: OnStep, pace: Pace = Pace()) -> str:
    """Send all steps, telling ``on_step`` of each one.  Gives why it stopped early, "" when it did not; clean-up steps run all the same."""
    variables = {**base, "u": _fresh_name(), "uuid": str(uuid.uuid4()), "username": server.username, "password": server.password}
    stopped = ""
    for step in steps:
        cleanup = step.get("cleanup", False)
        if stopped and not cleanup:
            continue
        try:
            response, sequences = _run_step(server, step, variables, pace)
        except Unresolved as error:
            if not cleanup:
                stopped = stopped or f"step {step['name']}: no value for {error}"
            continue
        except (requests.RequestException, RuntimeError) as error:
            stopped = stopped or f"step {step['name']}: {type(error).__name__}: {error}"
            continue
        if stopped:
            continue
        problem = _save(step, response, variables)
        on_step(step, response, variables, sequences)
        if problem and not cleanup:
            stopped = f"step {step['name']}: {problem}"
    return stopped


def _fresh_name() -> str:
    return "z" + "".join(random.choice("bcdfghjkmnpqrstvwxyz") for _index in range(6)) + "z"


def _run_step(server: Server, step: dict[str, Any], variables: Variables, pace: Pace) -> tuple[requests.Response | None, Sequences]:
    if step.get("pause"):
        pace.pause(float(step["pause"]))
    response = None
    if step.get("method"):
        response = server.send(
            step["method"], substitute(step["path"], variables), headers=substitute(step.get("headers"), variables),
            query=substitute(step.get("query"), variables), body=substitute(step.get("body"), variables), raw=_raw(step.get("raw_body"), variables),
            form=substitute(step.get("form"), variables), auth=step.get("auth", "bearer"))
        variables = dict(variables)
        _save(step, response, variables)
    sequences: Sequences = []
    for kind in ("wait", "watch"):
        specs = step.get(kind) or []
        for spec in specs if isinstance(specs, list) else [specs]:
            if response is not None and response.status_code >= 400:
                spec = {**spec, "timeout_s": 0}  # what was refused will not happen: one look, no waiting
            sequences.append(({**spec, "kind": kind}, _poll(server, spec, variables, pace)))
    return response, sequences


def _poll(server: Server, spec: dict[str, Any], variables: Variables, pace: Pace) -> tuple[list[str], bool]:
    """Watch a field until it has one of the wanted values; gives the different values seen, and whether it came to that."""
    path, query = substitute(spec["path"], variables), substitute(spec.get("query"), variables)
    until = [str(value) for value in spec.get("until", [])]
    # A server whose time runs fast is never slower than real time, and one that runs late is no failure of what it shows.
    limit = time.monotonic() + max(float(spec.get("timeout_s", 60)) / pace.speed, min(float(spec.get("timeout_s", 60)), 10.0))
    seen: list[str] = []
    while True:
        response = server.send(spec.get("method", "GET"), path, query=query)
        if response.status_code != 200:
            value = f"http {response.status_code}"
        else:
            _kind, data = content(response)
            found = dig(data, substitute(spec["field"], variables))
            value = "absent" if found is None else str(found)
        if not seen or seen[-1] != value:
            seen.append(value)
        if value in until:
            return seen, True
        if time.monotonic() > limit:
            return seen, False
        pace.poll(spec.get("every"))


def _save(step: dict[str, Any], response: requests.Response | None, variables: Variables) -> str:
    """Put what a step saves into the variables; gives what could not be saved."""
    if response is None:
        return ""
    for name, where in (step.get("save") or {}).items():
        optional = where.endswith("?")
        where = substitute(where.rstrip("?"), variables)
        value: Any
        if where == "@status":
            value = str(response.status_code)
        elif where.startswith("@header:"):
            value = response.headers.get(where[len("@header:"):])
        elif where.startswith("@cookie:"):
            value = response.cookies.get(where[len("@cookie:"):])
        elif where == "@text":
            value = response.text
        else:
            value = dig(content(response)[1], where)
        if value is not None:
            variables[name] = value
        elif not optional:
            return f"nothing to save for {name} (HTTP {response.status_code})"
    return ""


def _raw(raw: str | None, variables: Variables) -> str | None:
    """Raw bodies hold braces of their own: there a variable is ``<<name>>``."""
    if raw is None:
        return None
    return re.sub(r"<<([a-z][a-z0-9_]*)>>", lambda match: str(variables[match.group(1)]), raw)
