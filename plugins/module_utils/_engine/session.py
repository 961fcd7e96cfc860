# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How requests prove who asks: a token of the engine's single sign-on, or user and password each time."""

from __future__ import annotations

import base64
import threading
from typing import Any, Optional

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Clock, Deadline, backoff
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import AnswerLost, AuthError, EngineError, ProtocolError, TransportError
from ansible_collections.virtops.ovirt.plugins.module_utils._base.secrets import Secret, redact
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.connection import Connection
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.refusals import readable, refusal
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.token_cache import TokenCache
from ansible_collections.virtops.ovirt.plugins.module_utils._transport.messages import Request, Response
from ansible_collections.virtops.ovirt.plugins.module_utils._transport.transport import Transport

_SCOPE = "ovirt-app-api"
_DEFAULT_LIFE = 3600.0


class Session:
    """The credentials of one client; may be used by several threads at once, which then log in once.

    A login that the engine refuses is not tried again: five wrong passwords lock an account for an hour.
    """

    def __init__(self, connection: Connection, transport: Transport, clock: Clock) -> None:
        self._connection = connection
        self._transport = transport
        self._clock = clock
        self._lock = threading.RLock()
        self._token: Optional[Secret] = None
        self._given = connection.auth == "sso" and connection.token is not None
        if self._given:
            self._token = connection.token
        self._refused: Optional[AuthError] = None
        self._cache: Optional[TokenCache] = None
        if connection.session_cache and connection.auth == "sso" and not self._given and connection.username and connection.password:
            self._cache = TokenCache(connection.session_cache, connection.url, connection.username, connection.password, clock)

    @property
    def secrets(self) -> list[Secret]:
        """Values that no message may show."""
        return [secret for secret in (self._connection.password, self._connection.token, self._token) if secret]

    def authorization(self, deadline: Optional[Deadline] = None) -> Secret:
        """The value of the ``Authorization`` header, after a login where one is needed.

        :raises AuthError: the engine does not accept user and password.
        """
        with self._lock:
            if self._refused is not None:
                raise self._refused
            if self._connection.auth == "basic":
                return Secret("Basic " + base64.b64encode(f"{self._connection.username}:{_revealed(self._connection.password)}".encode()).decode())
            if self._token is None:
                self._token = self._obtain(None, deadline)
            return Secret("Bearer " + self._token.reveal())

    def renew(self, rejected: Secret, deadline: Optional[Deadline] = None) -> bool:
        """Replace credentials that the engine has just rejected; False when there are no others to try."""
        with self._lock:
            if self._connection.auth == "basic":
                return False
            if self._token is not None and rejected != Secret("Bearer " + self._token.reveal()):
                return True
            if not self._connection.username or not self._connection.password:
                return False
            stale, self._token, self._given = self._token, None, False
            self._token = self._obtain(stale, deadline)
            return True

    def close(self, deadline: Optional[Deadline] = None) -> None:
        """Log out, unless the token was given by somebody else or is kept for the next task."""
        if self._cache is None:
            self.revoke(deadline)

    @property
    def kept(self) -> bool:
        """Whether an earlier task has left a token that would be used."""
        return self._cache is not None and self._cache.load() is not None

    def revoke(self, deadline: Optional[Deadline] = None) -> bool:
        """Log out for good, also from a session that was kept; whether there was one."""
        with self._lock:
            if self._given:
                return False
            token = self._token
            if self._cache is not None:
                token = token or self._cache.load()
                self._cache.forget()
            self._token = None
            if token is None:
                return False
            self._send("/services/sso-logout", {"scope": _SCOPE, "token": token.reveal()}, deadline)
            return True

    def _obtain(self, stale: Optional[Secret], deadline: Optional[Deadline]) -> Secret:
        if self._cache is None:
            return self._log_in(deadline)[0]
        kept = self._cache.load()
        if kept is not None and kept != stale:
            return kept
        with self._cache.alone():
            kept = self._cache.load()
            if kept is not None and kept != stale:
                return kept
            token, expires = self._log_in(deadline)
            self._cache.store(token, expires)
            return token

    def _log_in(self, deadline: Optional[Deadline]) -> tuple[Secret, float]:
        form = {
            "grant_type": "password",
            "scope": _SCOPE,
            "username": self._connection.username or "",
            "password": _revealed(self._connection.password),
        }
        patience = self._clock.deadline(self._connection.patience)
        attempt = 0
        while True:
            response = self._send("/sso/oauth/token", form, deadline)
            answer = _document(response)
            token = answer.get("access_token")
            if response.status == 200 and token:
                return Secret(str(token)), self._expiry(answer.get("exp"))
            error = self._not_logged_in(response, answer)
            if answer.get("error_code") != "server_error" or patience.passed or (deadline is not None and deadline.passed):
                if isinstance(error, AuthError):
                    self._refused = error
                raise error
            self._clock.sleep(backoff(attempt))
            attempt += 1

    def _not_logged_in(self, response: Response, answer: dict[str, Any]) -> EngineError:
        facts: dict[str, Any] = {"method": response.method, "path": response.path, "status": response.status}
        code = answer.get("error_code") or answer.get("error")
        if code is None:
            if response.status in (401, 403):
                return refusal(response, secrets=self.secrets)
            return ProtocolError(
                "what answers there is not the single sign-on of an engine" + (f": {readable(response)}" if response.body else ""),
                hint="Check engine.url; it is like https://engine.example.com/ovirt-engine/api.",
                **facts,
            )
        said = redact(str(answer.get("error_description") or answer.get("error") or code), self.secrets)
        facts.update(reason=str(code), detail=said)
        if code == "server_error":
            return TransportError(f"the engine cannot check logins now: {said}", hint="It may be starting or its database be away.", **facts)
        return AuthError(
            f"the engine refuses the login of {self._connection.username}: {said.rstrip('. ')}.",
            hint="Check engine.username (with its profile, admin@internal) and engine.password; after five wrong ones the account is locked for a while.",
            **facts,
        )

    def _expiry(self, milliseconds: Any) -> float:
        """Seconds since the epoch; the engine gives milliseconds, as text."""
        try:
            return float(milliseconds) / 1000.0
        except (TypeError, ValueError):
            return self._clock.time() + _DEFAULT_LIFE

    def _send(self, path: str, form: dict[str, str], deadline: Optional[Deadline]) -> Response:
        request = Request(
            "POST",
            self._connection.engine_root + path,
            headers={"Accept": "application/json"},
            form=form,
            repeatable=True,
            deadline=deadline,
        )
        try:
            return self._transport.send(request)
        except AnswerLost as error:
            raise TransportError(error.message, method=error.method, path=error.path, status=error.status) from error


def _document(response: Response) -> dict[str, Any]:
    if not response.is_json:
        return {}
    answer = response.json()
    return answer if isinstance(answer, dict) else {}


def _revealed(secret: Optional[Secret]) -> str:
    return secret.reveal() if secret is not None else ""
