# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options and environment become a connection, or one clear message."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.connection import Connection

GIVEN = {"url": "https://engine.example.com/ovirt-engine/api", "username": "admin@internal", "password": "secret"}


@pytest.mark.parametrize(
    ("url", "normal", "sso"),
    [
        ("https://e.example.com", "https://e.example.com/ovirt-engine/api", "/ovirt-engine"),
        (" https://e.example.com/ ", "https://e.example.com/ovirt-engine/api", "/ovirt-engine"),
        ("https://e.example.com/ovirt-engine", "https://e.example.com/ovirt-engine/api", "/ovirt-engine"),
        ("https://e.example.com:8443/ovirt-engine/api/", "https://e.example.com:8443/ovirt-engine/api", "/ovirt-engine"),
        ("https://e.example.com//ovirt-engine//api/v4", "https://e.example.com/ovirt-engine/api", "/ovirt-engine"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443/ovirt-engine/api", "/ovirt-engine"),
        ("engine.example.com", "https://engine.example.com/ovirt-engine/api", "/ovirt-engine"),
        ("engine.example.com:8443", "https://engine.example.com:8443/ovirt-engine/api", "/ovirt-engine"),
        ("[2001:db8::1]:8443/ovirt-engine", "https://[2001:db8::1]:8443/ovirt-engine/api", "/ovirt-engine"),
        ("https://proxy.example.com/site-a/ovirt-engine/api", "https://proxy.example.com/site-a/ovirt-engine/api", "/site-a/ovirt-engine"),
    ],
)
def test_an_address_is_normalised(url: str, normal: str, sso: str) -> None:
    connection = Connection.from_options({**GIVEN, "url": url}, {})
    assert (connection.url, connection.engine_root) == (normal, sso)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"url": None}, "engine.url is missing.*OVIRT_URL"),
        ({"url": "engine.example.com:port"}, "engine.url .* is not a URL"),
        ({"url": "ftp://engine.example.com"}, "engine.url .* is not a URL"),
        ({"url": "https://e.example.com:port/"}, "engine.url .* is not a URL"),
        ({"url": "http://e.example.com/ovirt-engine/api"}, "http://.*password readable"),
        ({"url": "https://e.example.com/somewhere"}, "does not lead to the API"),
        ({"url": "https://admin:pw@e.example.com/"}, "holds a user or password"),
        ({"url": "https://e.example.com/ovirt-engine/api?x=1"}, "query"),
        ({"username": None}, "engine.username is missing.*OVIRT_USERNAME"),
        ({"password": None}, "engine.password is missing.*OVIRT_PASSWORD"),
        ({"username": "admin"}, "'admin' has no profile.*admin@internal"),
        ({"ca_file": "/nowhere/ca.pem"}, "engine.ca_file '/nowhere/ca.pem' is not a file"),
        ({"timeout": 0}, "engine.timeout is 0"),
        ({"retries": -1}, "engine.retries is -1"),
        ({"patience": -1.0}, "engine.patience is -1"),
        ({"auth": "digest"}, "engine.auth is 'digest'; it can be sso or basic"),
        ({"headers": {"X-A": "a\nb"}}, "engine.headers has 'X-A'"),
        ({"headers": {"X A": "a"}}, "engine.headers has 'X A'"),
        ({"headers": {"X-A": " leading"}}, "engine.headers has 'X-A'"),
        ({"headers": {"X-A": "\u0142"}}, "engine.headers has 'X-A'"),
        ({"pool_size": 0}, "engine.pool_size is 0"),
        ({"pool_size": -1}, "engine.pool_size is -1"),
        ({"timeout": float("nan")}, "engine.timeout is nan"),
        ({"timeout": float("inf")}, "engine.timeout is inf"),
        ({"connect_timeout": 1e308}, "engine.connect_timeout is 1e"),
        ({"patience": float("nan")}, "engine.patience is nan"),
        ({"username": None, "password": None, "token": "two words"}, "engine.token has spaces"),
    ],
)
def test_a_wrong_option_is_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        Connection.from_options({**GIVEN, **changes}, {})
    assert "secret" not in str(caught.value)


def test_the_environment_stands_in_for_options_left_out(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    ca_file.write_text("")
    environ = {
        "OVIRT_URL": "https://from.environment",
        "OVIRT_USERNAME": "env@internal",
        "OVIRT_PASSWORD": "env-secret",
        "OVIRT_CAFILE": str(ca_file),
        "OVIRT_VALIDATE_CERTS": "no",
    }
    connection = Connection.from_options({"username": "me@internal"}, environ)
    assert (connection.origin, connection.username, connection.ca_file) == ("https://from.environment", "me@internal", str(ca_file))
    assert connection.validate_certs is False
    assert connection.password is not None and connection.password.reveal() == "env-secret"
    assert Connection.from_options({"validate_certs": True}, environ).validate_certs is True


def test_what_the_task_says_of_the_login_goes_before_a_token_of_the_environment() -> None:
    environ = {"OVIRT_TOKEN": "from-env", "OVIRT_URL": "https://e.example.com"}
    assert Connection.from_options({}, environ).token is not None
    assert Connection.from_options({"username": "a@b", "password": "c"}, environ).token is None


def test_a_switch_of_the_environment_that_is_none_is_named() -> None:
    with pytest.raises(InvalidInput, match="OVIRT_VALIDATE_CERTS is 'perhaps'"):
        Connection.from_options(GIVEN, {"OVIRT_VALIDATE_CERTS": "perhaps"})


def test_a_connection_shows_no_secrets() -> None:
    shown = repr(Connection.from_options({**GIVEN, "token": "t0ken", "headers": {"X-Key": "k3y"}}, {"OVIRT_PASSWORD": "3nv"}))
    assert not any(secret in shown for secret in ("secret", "t0ken", "k3y", "3nv"))
