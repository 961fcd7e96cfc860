# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in to the embedded engine: tokens, Basic, sessions, and what is refused in which words."""
from __future__ import annotations

import base64
import json
import re
from urllib.parse import urlencode

import pytest

from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.http import Request, Response

LOGIN_FAILED = "Unable to log in. Verify your login information or contact the system administrator.."
EXPIRED = "invalid_grant: The provided authorization grant for the auth code has expired."


@pytest.fixture
def engine():
    made = Engine(password="secret", speed=0, seed=1)
    yield made
    made.close()


def post(engine: Engine, place: str, accept: str | None = "application/json", authorization: str | None = None, **form: str) -> Response:
    headers = {"content-type": "application/x-www-form-urlencoded", "accept": accept, "authorization": authorization}
    answer = engine.handle(Request("POST", f"/ovirt-engine/{place}", {name: value for name, value in headers.items() if value is not None},
                                   urlencode(form).encode()))
    assert isinstance(answer, Response)
    return answer


def token(engine: Engine, scope: str = "ovirt-app-api", password: str = "secret", username: str = "admin@internal", **more: str | None) -> dict[str, str]:
    return json.loads(post(engine, "sso/oauth/token", grant_type="password", scope=scope, username=username, password=password, **more).body)


def get(engine: Engine, **headers: str) -> Response:
    answer = engine.handle(Request("GET", "/ovirt-engine/api", {"accept": "application/json", **headers}))
    assert isinstance(answer, Response)
    return answer


def basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def denied(response: Response) -> str:
    """The reason on the page of a 401."""
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == 'Basic realm="RESTAPI"'
    assert "Correlation-Id" not in response.headers
    found = re.search(r"<body>(.*)</body>", response.body.decode())
    assert found
    return found.group(1)


def test_a_token_opens_the_api_until_it_is_given_back(engine) -> None:
    answer = token(engine)
    assert answer["token_type"] == "bearer" and int(answer["exp"]) > engine.clock.milliseconds()
    assert answer["scope"].split()[0] == "ovirt-app-api" and "ovirt-ext=token:password-access" in answer["scope"]
    bearer = "Bearer " + answer["access_token"]
    assert get(engine, authorization=bearer).status == 200
    assert post(engine, "services/sso-logout", scope="ovirt-app-api", token=answer["access_token"]).body == b"{}"
    assert denied(get(engine, authorization=bearer)) == EXPIRED
    assert post(engine, "services/sso-logout", scope="ovirt-app-api", token=answer["access_token"]).status == 200


def test_a_token_is_revoked_by_a_registered_client_alone(engine) -> None:
    mine = token(engine)["access_token"]
    for client, text in (({}, "Missing parameter: 'client_id'"), ({"client_id": "x"}, "Missing parameter: 'client_secret'"),
                         ({"client_id": "x", "client_secret": "y"}, "The client is not authorized")):
        answer = post(engine, "sso/oauth/revoke", scope="ovirt-app-api", token=mine, **client)
        assert answer.status == 400 and json.loads(answer.body)["error"].startswith(text)
    assert get(engine, authorization="Bearer " + mine).status == 200
    assert post(engine, "sso/oauth/revoke", scope="ovirt-app-api", token=mine, client_id="ovirt-engine-core", client_secret="secret").status == 200
    assert denied(get(engine, authorization="Bearer " + mine)) == EXPIRED


def test_a_token_of_another_scope_does_not_open_the_api(engine) -> None:
    answer = token(engine, scope="other")
    assert answer["scope"] == "other"
    assert denied(get(engine, authorization="Bearer " + answer["access_token"])) == "The required scope ovirt-app-api is not granted."


def test_an_idle_token_expires_and_a_used_one_does_not(engine) -> None:
    used, idle = (token(engine)["access_token"] for _index in range(2))
    for _index in range(4):
        engine.advance(25 * 60)
        assert get(engine, authorization="Bearer " + used).status == 200
    assert denied(get(engine, authorization="Bearer " + idle)) == EXPIRED
    engine.advance(8 * 24 * 3600)
    assert denied(get(engine, authorization="Bearer " + used)) == EXPIRED


@pytest.mark.parametrize("form, code, text", [
    ({}, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server."),
    ({"grant_type": "client_credentials"}, "unsupported_grant_type", "The authorization grant type is not supported by the authorization server."),
    ({"grant_type": "password", "password": "secret"}, "invalid_request", "Missing parameter: 'username'"),
    ({"grant_type": "password", "username": "admin@internal"}, "invalid_request", "Missing parameter: 'password'"),
    ({"grant_type": "password", "username": "admin@internal", "password": "wrong"}, "access_denied",
     f"Cannot authenticate user 'admin@internal': {LOGIN_FAILED}"),
    ({"grant_type": "password", "username": "nobody@internal", "password": "secret"}, "access_denied",
     f"Cannot authenticate user 'nobody@internal': {LOGIN_FAILED}"),
    ({"grant_type": "password", "username": "admin", "password": "secret"}, "access_denied",
     "Cannot authenticate user 'admin@N/A': No valid profile found in credentials.."),
    ({"grant_type": "password", "username": "admin@nowhere", "password": "secret"}, "access_denied",
     "Cannot authenticate user 'admin@nowhere': No valid profile found in credentials.."),
    ({"grant_type": "password", "username": "@internal", "password": "secret"}, "access_denied",
     "Cannot authenticate user '@internal': No user name found in credentials.."),
])
def test_what_is_no_login_is_refused(engine, form: dict[str, str], code: str, text: str) -> None:
    answer = post(engine, "sso/oauth/token", scope="ovirt-app-api", **form)
    assert (answer.status, json.loads(answer.body)) == (400, {"error_code": code, "error": text})
    answer = post(engine, "sso/oauth/token", **form)
    assert (answer.status, json.loads(answer.body)) == (400, {"error": code, "error_description": text})


def test_a_login_without_the_accept_header_is_refused_after_the_password_was_checked(engine) -> None:
    assert token(engine, accept=None)["error"] == "Missing parameter: 'Accept Header'"
    assert token(engine, accept="application/xml", password="wrong")["error_code"] == "access_denied"


def test_basic_is_checked_with_every_request(engine) -> None:
    assert get(engine, authorization=basic("admin@internal", "secret")).status == 200
    assert denied(get(engine, authorization=basic("admin@internal", "wrong"))) == f"access_denied: Cannot authenticate user 'admin@internal': {LOGIN_FAILED}"
    assert denied(get(engine, authorization="Basic no-base-64!")).startswith("access_denied")
    assert denied(get(engine)) == "Unauthorized"
    assert denied(get(engine, authorization="Digest x")) == "Unauthorized"


def test_a_session_lives_by_its_cookie_as_long_as_it_is_asked_to(engine) -> None:
    first = get(engine, authorization=basic("admin@internal", "secret"), prefer="persistent-auth")
    cookie = first.headers["Set-Cookie"].split(";")[0]
    again = get(engine, cookie=cookie, prefer="persistent-auth")
    assert again.status == 200 and "Set-Cookie" not in again.headers
    assert denied(get(engine, cookie=cookie)) == "Unauthorized"
    assert denied(get(engine, cookie=cookie, prefer="persistent-auth")) == "Unauthorized"


def test_a_session_ends_after_the_minutes_its_client_asked_for(engine) -> None:
    cookies = [get(engine, authorization=basic("admin@internal", "secret"), prefer="persistent-auth", **more).headers["Set-Cookie"].split(";")[0]
               for more in ({"session-ttl": "2"}, {"session-ttl": "no number"})]
    engine.advance(3 * 60)
    assert [get(engine, cookie=cookie, prefer="persistent-auth").status for cookie in cookies] == [401, 200]


def test_wrong_passwords_lock_the_account_when_that_is_asked_for(engine) -> None:
    for _index in range(10):
        token(engine, password="wrong")
    assert "access_token" in token(engine)
    engine.sso.lockout = 5
    for _index in range(4):
        token(engine, password="wrong")
    assert "access_token" in token(engine)
    for _index in range(5):
        token(engine, password="wrong")
    assert "disabled or locked" in token(engine)["error"]
    engine.advance(3601)
    assert "access_token" in token(engine)


def test_no_token_survives_a_restart(tmp_path) -> None:
    path = str(tmp_path / "state")
    before = Engine(password="secret", state=path)
    bearer = "Bearer " + token(before)["access_token"]
    administrator = json.loads(get(before, authorization=bearer).body)["authenticated_user"]["id"]
    before.close()
    after = Engine(password="secret", state=path)
    assert denied(get(after, authorization=bearer)) == EXPIRED
    bearer = "Bearer " + token(after)["access_token"]
    assert json.loads(get(after, authorization=bearer).body)["authenticated_user"]["id"] == administrator
    after.close()
