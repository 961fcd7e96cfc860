# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the engine is and who asks, as one value."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional
from urllib.parse import urlsplit

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._base.secrets import Secret
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.token_cache import default_directory

ENVIRONMENT = {
    "url": "OVIRT_URL",
    "username": "OVIRT_USERNAME",
    "password": "OVIRT_PASSWORD",
    "token": "OVIRT_TOKEN",
    "ca_file": "OVIRT_CAFILE",
    "validate_certs": "OVIRT_VALIDATE_CERTS",
}
"""Option -> environment variable that stands in for it; the names of AWX's Red Hat Virtualization credential."""

_FALSE = ("0", "false", "no", "off", "n", "f")
_TRUE = ("1", "true", "yes", "on", "y", "t")
_HEADER_NAME = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
_HEADER_VALUE = re.compile(r"^(?:[!-~\x80-\xff][\t -~\x80-\xff]*)?$")
_LONGEST = 86_400
"""Of a time-out, a day in seconds."""


@dataclass(frozen=True)
class Connection:
    """Everything that is needed to talk to one engine.

    :param url: address of the API as it was normalised, ``https://engine.example.com/ovirt-engine/api``.
    :param username: user with its profile, ``admin@internal``.
    :param token: an SSO token that somebody else got; used instead of a login, and never logged out.
    :param ca_file: PEM file of the authorities to trust, instead of the system's.
    :param validate_certs: False accepts any certificate.
    :param timeout: seconds that a request may stay without an answer.
    :param connect_timeout: seconds to make a connection.
    :param headers: sent with each request.
    :param auth: ``sso`` gets a token and sends that; ``basic`` sends user and password each time.
    :param retries: repeats of a request that is safe to repeat, as long as this client has not had any answer from the engine.
    :param patience: seconds that an outage of an engine which did answer before (a restart, say) is waited out.
    :param session_cache: directory where the token is kept for the next task, None keeps none.
    :param proxy: URL of an HTTP proxy; None follows the environment (``HTTPS_PROXY``, ``NO_PROXY``), the empty string uses none.
    :param pool_size: connections kept open, and requests in flight at most.
    :param max_answer: bytes of one answer, unpacked, that are accepted.
    :param environ: where proxies and the trusted authorities are looked up when no option names them.
    """

    url: str
    username: Optional[str] = None
    password: Optional[Secret] = None
    token: Optional[Secret] = None
    ca_file: Optional[str] = None
    validate_certs: bool = True
    timeout: float = 60.0
    connect_timeout: float = 10.0
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    auth: str = "sso"
    retries: int = 3
    patience: float = 180.0
    session_cache: Optional[str] = None
    proxy: Optional[str] = None
    pool_size: int = 8
    max_answer: int = 1024**3
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)

    @classmethod
    def from_options(cls, options: Mapping[str, Any], environ: Optional[Mapping[str, str]] = None) -> Connection:
        """A connection from the keys of the option ``engine`` and, for those left out, from the environment.

        :param options: keys named like the parameters of the class, and ``keep_session`` (true unless given), which lets the next
            tasks of the user go on with the token; None counts as left out.
        :param environ: variables to fall back to, the process's own by default.
        :raises InvalidInput: naming the option and what to do.
        """
        environ = os.environ if environ is None else environ
        given = {name: value for name, value in options.items() if value is not None}
        explicit_login = given.get("username") or given.get("password")
        for name, variable in ENVIRONMENT.items():
            if name == "token" and explicit_login:
                continue
            if name in ("username", "password") and given.get("token") and not explicit_login:
                continue
            value = environ.get(variable)
            if name not in given and value:
                given[name] = _boolean(value, variable) if name == "validate_certs" else value
        validate_certs = bool(given.pop("validate_certs", True))
        url = normalise_url(str(given.pop("url", "")), plain_allowed=not validate_certs)
        password, token = given.pop("password", None), given.pop("token", None)
        if given.pop("keep_session", True):
            given.setdefault("session_cache", default_directory(environ))
        connection = cls(
            url=url,
            validate_certs=validate_certs,
            password=Secret(str(password)) if password else None,
            token=Secret(str(token)) if token else None,
            headers={str(name): str(value) for name, value in dict(given.pop("headers", {})).items()},
            environ=dict(environ),
            **given,
        )
        connection._check()
        return connection

    def _check(self) -> None:
        if self.auth not in ("sso", "basic"):
            raise InvalidInput(f"engine.auth is {self.auth!r}; it can be sso or basic")
        if self.token is None or self.auth == "basic":
            for name, value in (("username", self.username), ("password", self.password)):
                if not value:
                    raise InvalidInput(f"engine.{name} is missing", hint=f"Give engine.{name}, or {ENVIRONMENT[name]} in the environment, or engine.token.")
        if self.username and "@" not in self.username:
            raise InvalidInput(f"engine.username {self.username!r} has no profile", hint="Write it like admin@internal.")
        if self.ca_file is not None and not os.path.isfile(self.ca_file):
            raise InvalidInput(f"engine.ca_file {self.ca_file!r} is not a file")
        for name, number in (("timeout", self.timeout), ("connect_timeout", self.connect_timeout)):
            if not 0 < number <= _LONGEST:
                raise InvalidInput(f"engine.{name} is {number}; it must be more than 0 and at most {_LONGEST} seconds")
        for name, number in (("retries", self.retries), ("patience", self.patience)):
            if not 0 <= number <= _LONGEST:
                raise InvalidInput(f"engine.{name} is {number}; it cannot be negative, nor more than {_LONGEST}")
        for name, number in (("pool_size", self.pool_size), ("max_answer", self.max_answer)):
            if number < 1:
                raise InvalidInput(f"engine.{name} is {number}; it must be at least 1")
        for name, value in self.headers.items():
            if not _HEADER_NAME.match(name) or not _HEADER_VALUE.match(value):
                raise InvalidInput(f"engine.headers has {name!r}, which is not a valid header, or has a value that none can have",
                                   hint="A value has no line breaks, no space at its beginning, and no characters beyond Latin-1.")
        if self.token is not None and not re.match(r"^[!-~]+$", self.token.reveal()):
            raise InvalidInput("engine.token has spaces, line breaks or other characters that no token has")

    @property
    def origin(self) -> str:
        """``https://engine.example.com:8443``"""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def api_root(self) -> str:
        """Path of the API on the server, ``/ovirt-engine/api``."""
        return urlsplit(self.url).path

    @property
    def engine_root(self) -> str:
        """Path of the engine on the server, ``/ovirt-engine``; the SSO service lies beside the API below it."""
        return self.api_root[: -len("/api")]


def normalise_url(text: str, plain_allowed: bool = False) -> str:
    """``https://HOST[:PORT]/ovirt-engine/api`` from that, or from only the host's name or address, with a port or without.

    :param plain_allowed: accept ``http``, which sends the password readable.
    :raises InvalidInput: not such an address.
    """
    text = text.strip()
    if not text:
        raise InvalidInput("engine.url is missing", hint="Give engine.url like https://engine.example.com/ovirt-engine/api, or OVIRT_URL in the environment.")
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InvalidInput(f"engine.url {text!r} is not a URL: {error}") from error
    if parts.scheme == "http" and not plain_allowed:
        raise InvalidInput("engine.url begins with http://, which would send the password readable", hint="Write it with https://.")
    if parts.scheme not in ("https", "http") or not host:
        raise InvalidInput(f"engine.url {text!r} is not a URL", hint="Write it like https://engine.example.com/ovirt-engine/api.")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput("engine.url holds a user or password", hint="Give them as engine.username and engine.password.")
    if parts.query or parts.fragment:
        raise InvalidInput(f"engine.url {text!r} has a query or fragment", hint="Write it like https://engine.example.com/ovirt-engine/api.")
    path = re.sub(r"/+", "/", parts.path).rstrip("/")
    path = re.sub(r"/v4$", "", path)
    if path == "":
        path = "/ovirt-engine/api"
    elif path.endswith("/ovirt-engine"):
        path += "/api"
    if not path.endswith("/api"):
        raise InvalidInput(f"engine.url {text!r} does not lead to the API", hint="It ends with /ovirt-engine/api.")
    address = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{address}{f':{port}' if port else ''}{path}"


def _boolean(text: str, variable: str) -> bool:
    if text.lower() in _TRUE:
        return True
    if text.lower() in _FALSE:
        return False
    raise InvalidInput(f"the environment variable {variable} is {text!r}; it can be true or false")
