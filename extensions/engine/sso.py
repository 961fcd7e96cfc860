"""Single sign-on: tokens, Basic, sessions of the REST API, and the small services beside it.

Texts and orders of checks are those of the engine's ``enginesso`` and ``aaa`` modules; recorded answers settle the rest.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import html
import json
import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Mapping, Sequence
from urllib.parse import parse_qsl

from . import tls
from .commands import Identity
from .errors import Answer
from .http import Request, Response
from .rules import authority

if TYPE_CHECKING:
    from .app import Engine

API_SCOPE = "ovirt-app-api"
API_SCOPE_NEEDS = ("ovirt-ext=token-info:authz-search", "ovirt-ext=token-info:public-authz-search", "ovirt-ext=token-info:validate",
                   "ovirt-ext=token:password-access")
VALIDATE_SCOPE = "ovirt-ext=token-info:validate"
PROFILE = "internal"
CLIENT = "ovirt-engine-core"
TOKEN_LIFETIME = 7 * 24 * 3600
IDLE_LIMIT = 30 * 60
LOCK_TIME = 3600

LOGIN_FAILED = "Unable to log in. Verify your login information or contact the system administrator."
ACCOUNT_LOCKED = "Unable to log in because the user account is disabled or locked. Contact the system administrator."
GRANT_EXPIRED = "The provided authorization grant for the auth code has expired."
UNSUPPORTED_GRANT = "The authorization grant type is not supported by the authorization server."
UNKNOWN_CLIENT = "The client is not authorized to request an authorization. It's required to access the system using FQDN."


class Refused(Exception):
    """An OAuth error: its code and its text."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


@dataclass
class Account:
    """Who may log in; ``failures`` are the wrong passwords since the last right one."""

    identity: Identity
    password: str
    failures: int = 0
    locked_until: float = 0.0


@dataclass
class Session:
    """What a token or a session cookie stands for; moments are simulated seconds since the epoch.

    ``identity`` is there once the REST API has let the user in, and stays what it was then.
    """

    account: Account
    scope: str
    ends: float
    idle_limit: float
    used: float
    identity: Identity | None = None


class Sso:
    """Accounts and sessions.  Sessions are in memory alone: like a real engine's they do not survive a restart."""

    def __init__(self, engine: Engine, username: str, password: str, users: Mapping[str, str | None], groups: Sequence[str] = ()) -> None:
        self._engine = engine
        self.lockout = 0
        self.pki: tls.Pki | None = None
        self._tokens: dict[str, Session] = {}
        self._cookies: dict[str, Session] = {}
        self._accounts: dict[str, Account] = {}
        table = engine.store.table("_account")
        kept = table.get("administrator") or {"id": "administrator", "user_id": engine.new_id()}
        table.save(kept)
        self._administrator = self.add_account(username, password, kept["user_id"], admin=True)
        for name, known in users.items():
            # Who has no password cannot log in, and is there to be given permissions.
            self.add_account(name, known or secrets.token_urlsafe(), self._entry(name))
        self.groups = {name: self._entry(f"group {name}") for name in groups}
        """Ids of the groups of the directory by their names."""

    def _entry(self, name: str) -> str:
        """The id of somebody in the directory, the same whenever the engine is started."""
        table = self._engine.store.table("_account")
        return table.save(table.get(name) or {"id": name, "user_id": self._engine.new_id()})["user_id"]

    # -- who there is

    def add_account(self, username: str, password: str, user_id: str, admin: bool = False) -> Identity:
        """Let somebody log in; a name without a profile belongs to ``internal``."""
        name, _at, profile = username.rpartition("@")
        name, profile = (name, profile) if name else (username, PROFILE)
        identity = Identity(user_id, f"{name}@{profile}", f"{name}@{profile}-authz", admin)
        self._accounts[identity.name] = Account(identity, password)
        return identity

    def administrator(self) -> Account:
        """The account the engine was started with."""
        return self._accounts[self._administrator.name]

    def identity(self, user_id: str | None = None) -> Identity:
        """The identity of a user, the administrator's without an id or for one that cannot log in."""
        return next((one.identity for one in self._accounts.values() if one.identity.user_id == user_id), self._administrator)

    def identities(self) -> list[Identity]:
        """Everybody who can log in."""
        return [one.identity for one in self._accounts.values()]

    def known(self, name: str) -> Identity | None:
        """Who logs in by this name (``admin@internal``)."""
        account = self._accounts.get(name)
        return account.identity if account is not None else None

    def logged_in(self, user_id: str) -> bool:
        """Has this user a session that is still good?"""
        return any(session.account.identity.user_id == user_id and self._good(session) for session in (*self._tokens.values(), *self._cookies.values()))

    # -- the REST API's side

    def authenticate(self, request: Request) -> Identity:
        """Who sends this request, by session cookie, Bearer or Basic; a 401 answer otherwise.

        As observed, a cookie that comes without ``Prefer: persistent-auth`` ends its session.  A new session is left in
        ``request.session`` for the answer's cookie.
        """
        prefer = request.headers.get("prefer", "").lower()
        persistent = "persistent-auth" in prefer
        cookie = _cookie(request, "JSESSIONID")
        if cookie is not None:
            if persistent and "new-auth" not in prefer:
                session = self._look_up(self._cookies, cookie)
                if session is not None:
                    return self._let_in(session)
            else:
                self._cookies.pop(cookie, None)
        session = self._by_header(request.headers.get("authorization", ""))
        identity = self._let_in(session)
        if persistent:
            minutes = request.headers.get("session-ttl", "")
            idle = int(minutes) * 60 * self._pace() if minutes.isdigit() and int(minutes) >= 1 else self._idle_limit()
            now = self._engine.clock.now()
            request.session = secrets.token_urlsafe(24)
            self._cookies[request.session] = Session(session.account, session.scope, session.ends, idle, now, identity)
        return identity

    def _let_in(self, session: Session) -> Identity:
        """Begin the engine's own session.  As observed, whoever asks is among the users from then on, but gets in only with a role that lets them."""
        if session.identity is None:
            identity = session.account.identity
            if self._engine.store.table("user").get(identity.user_id) is None:
                users: Any = self._engine.services.of_type("user")
                users.meet(self._engine.context(), identity)
                self._engine.store.commit()
            if not authority.may_log_in(self._engine.store, identity.user_id):
                name, _at, profile = identity.name.rpartition("@")
                authz = identity.principal.rpartition("@")[2]
                raise unauthorized(f"The user {name}@{authz} with profile [{profile}] is not authorized to perform login")
            session.identity = replace(identity, admin=authority.is_admin(self._engine.store, identity.user_id))
        return session.identity

    def cookie(self, session: str) -> str:
        """The Set-Cookie header that hands a new session to the client."""
        return f"JSESSIONID={session}; path=/ovirt-engine/api; secure; HttpOnly"

    def revoke(self, authorization: str) -> None:
        """Forget the token of an Authorization header, as if it had expired just now."""
        self._tokens.pop(authorization.partition(" ")[2].strip(), None)

    def forget(self) -> None:
        """What a restart of the engine does to tokens and sessions."""
        self._tokens.clear()
        self._cookies.clear()

    def _by_header(self, authorization: str) -> Session:
        try:
            if authorization.startswith("Basic"):
                name, password = _basic(authorization)
                return self._session(self._log_in(name, password), API_SCOPE)
            if authorization.startswith("Bearer"):
                session = self._look_up(self._tokens, authorization[len("Bearer"):].strip())
                if session is None:
                    raise Refused("invalid_grant", GRANT_EXPIRED)
                if API_SCOPE not in session.scope.split():
                    raise unauthorized("The required scope ovirt-app-api is not granted.")
                return session
        except Refused as refused:
            raise unauthorized(str(refused)) from None
        raise unauthorized("Unauthorized")

    # -- tokens

    def _pace(self) -> float:
        """Sessions are idle in real time: a fast clock must not log out a client that was never slow."""
        return max(1.0, self._engine.clock.speed)

    def _idle_limit(self) -> float:
        return IDLE_LIMIT * self._pace()

    def _session(self, account: Account, scope: str) -> Session:
        now = self._engine.clock.now()
        return Session(account, scope, now + TOKEN_LIFETIME * self._pace(), self._idle_limit(), now)

    def _good(self, session: Session) -> bool:
        now = self._engine.clock.now()
        return now < session.ends and now - session.used < session.idle_limit

    def _look_up(self, sessions: dict[str, Session], key: str) -> Session | None:
        session = sessions.get(key)
        if session is None:
            return None
        if not self._good(session):
            del sessions[key]
            return None
        session.used = self._engine.clock.now()
        return session

    def _log_in(self, username: str, password: str) -> Account:
        """The account of a name and password; every failure is told in the one form that the engine has for them."""
        name, at, profile = username.rpartition("@")
        if not at:
            name, profile = username, ""
        account = self._accounts.get(username)
        if not name:
            reason = "No user name found in credentials."
        elif profile != PROFILE:
            reason = "No valid profile found in credentials."
        elif account is not None and self._locked(account):
            reason = ACCOUNT_LOCKED
        elif account is not None and hmac.compare_digest(account.password.encode(), password.encode()):
            account.failures = 0
            return account
        else:
            if account is not None:
                self._count_failure(account)
            reason = LOGIN_FAILED
        raise Refused("access_denied", f"Cannot authenticate user '{name}@{profile or 'N/A'}': {reason}.")

    def _locked(self, account: Account) -> bool:
        return self._engine.clock.now() < account.locked_until

    def _count_failure(self, account: Account) -> None:
        account.failures += 1
        if self.lockout and account.failures >= self.lockout:
            account.failures = 0
            account.locked_until = self._engine.clock.now() + LOCK_TIME * self._pace()

    # -- the services beside the REST API

    def handle(self, request: Request) -> Response:
        """Everything below /ovirt-engine/sso and /ovirt-engine/services."""
        parameters = _parameters(request)
        place = "/".join(request.segments[1:])
        if place == "services/health":
            return Response(200, {"Content-Type": "text/html;charset=UTF-8"}, b"DB Up!Welcome to Health Status!")
        if place == "services/pki-resource" and self.pki is not None:
            return self._pki_resource(parameters)
        answer = {"sso/oauth/token": self._token, "sso/oauth/revoke": self._revoke, "sso/oauth/token-info": self._token_info,
                  "sso/oauth/token-http-auth": self._token_http_auth, "services/sso-logout": self._log_out}.get(place)
        if answer is None:
            raise Answer(404, "html", "Error", "404 - Not Found")
        try:
            return _json(200, answer(request, parameters))
        except Refused as refused:
            if API_SCOPE in _scope(parameters).split():
                return _json(400, {"error_code": refused.code, "error": refused.text})
            return _json(400, {"error": refused.code, "error_description": refused.text})

    def _token(self, request: Request, parameters: dict[str, str]) -> dict[str, Any]:
        if parameters.get("grant_type") != "password":
            if parameters.get("grant_type") == "authorization_code":
                self._client(request, parameters)
                raise Refused("invalid_grant", GRANT_EXPIRED)
            raise Refused("unsupported_grant_type", UNSUPPORTED_GRANT)
        session = self._session(self._log_in(_needed(parameters, "username"), _needed(parameters, "password")), _scope(parameters))
        _check_accept(request)
        token = secrets.token_urlsafe(64)
        self._tokens[token] = session
        return {"access_token": token, "scope": session.scope, "exp": str(int(session.ends * 1000)), "token_type": "bearer"}

    def _token_http_auth(self, request: Request, parameters: dict[str, str]) -> dict[str, Any]:
        raise Refused("access_denied", "Cannot authenticate user Authentication failed..")

    def _revoke(self, request: Request, parameters: dict[str, str]) -> dict[str, Any]:
        token = _needed(parameters, "token")
        _check_accept(request)
        self._client(request, parameters)
        self._tokens.pop(token, None)
        return {}

    def _log_out(self, request: Request, parameters: dict[str, str]) -> dict[str, Any]:
        self._tokens.pop(parameters.get("token", ""), None)
        return {}

    def _token_info(self, request: Request, parameters: dict[str, str]) -> dict[str, Any]:
        scope = parameters.get("scope", "").split()
        _check_accept(request)
        if VALIDATE_SCOPE not in scope:
            self._client(request, parameters)
        session = self._look_up(self._tokens, _needed(parameters, "token"))
        if session is None:
            raise Refused("invalid_grant", GRANT_EXPIRED)
        if VALIDATE_SCOPE in scope:
            return {}
        identity = session.account.identity
        name = identity.name.rpartition("@")[0]
        known = {"version": "0", "principal_id": identity.user_id, "email": None, "namespace": "*", "first_name": name, "last_name": None,
                 "group_ids": ["java.util.ArrayList", []], "capability_credentials_change": True}
        return {"active": True, "token_type": "bearer", "client_id": None, "user_id": identity.name, "user_authz": identity.principal.rpartition("@")[2],
                "scope": session.scope, "exp": str(int(session.ends * 1000)), "ovirt": ["java.util.HashMap", known]}

    def _client(self, request: Request, parameters: dict[str, str]) -> None:
        """A registered client must ask.  There is one here, ``ovirt-engine-core``, whose secret is the administrator's password."""
        name, secret = parameters.get("client_id", ""), parameters.get("client_secret", "")
        if not name and not secret and request.headers.get("authorization", "").startswith("Basic"):
            name, secret = _basic(request.headers["authorization"])
        if not name:
            raise Refused("invalid_request", "Missing parameter: 'client_id'")
        if not secret:
            raise Refused("invalid_request", "Missing parameter: 'client_secret'")
        if name != CLIENT:
            raise Refused("unauthorized_client", UNKNOWN_CLIENT)
        if not hmac.compare_digest(secret.encode(), self._accounts[self._administrator.name].password.encode()):
            raise Refused("invalid_request", "Missing parameter: 'client_secret'")

    def _pki_resource(self, parameters: dict[str, str]) -> Response:
        assert self.pki is not None
        try:
            kind, body = tls.public_resource(self.pki, parameters.get("resource"), parameters.get("format"), parameters.get("alias"))
        except ValueError as error:
            raise Answer(400, "html", "Error", html.escape(str(error), quote=False)) from None
        return Response(200, {"Content-Type": kind}, body.encode())


def unauthorized(message: str) -> Answer:
    """The 401 of the REST API: a page, with the reason in it."""
    return Answer(401, "html", "Error", html.escape(message, quote=False), {"WWW-Authenticate": 'Basic realm="RESTAPI"'})


def _basic(authorization: str) -> tuple[str, str]:
    try:
        name, mark, password = base64.b64decode(authorization[len("Basic"):].strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (name, password) if mark else ("", "")


def _cookie(request: Request, name: str) -> str | None:
    for part in request.headers.get("cookie", "").split(";"):
        key, _mark, value = part.strip().partition("=")
        if key == name:
            return value
    return None


def _parameters(request: Request) -> dict[str, str]:
    """Parameters of a servlet: of the query, then of a form in the body."""
    found = dict(request.query)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
        for name, value in parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True):
            found.setdefault(name, value)
    return found


def _scope(parameters: dict[str, str]) -> str:
    """The scope asked for, with those that come with it, sorted."""
    scopes = set(parameters.get("scope", "").split())
    if API_SCOPE in scopes:
        scopes.update(API_SCOPE_NEEDS)
    return " ".join(sorted(scopes))


def _needed(parameters: dict[str, str], name: str) -> str:
    if name not in parameters:
        raise Refused("invalid_request", f"Missing parameter: '{name}'")
    return parameters[name]


def _check_accept(request: Request) -> None:
    if request.headers.get("accept") != "application/json":
        raise Refused("invalid_request", "Missing parameter: 'Accept Header'")


def _json(status: int, body: dict[str, Any]) -> Response:
    return Response(status, {"Content-Type": "application/json", "Set-Cookie": "locale=en_US; path=/; secure; HttpOnly; Max-Age=2147483647"},
                    json.dumps(body, separators=(",", ":")).encode())
