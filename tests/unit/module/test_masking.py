# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of a task is secret, whether the task is accepted or not."""
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._module.masking import secrets
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import state_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE

HOST, VM = state_spec(CATALOGUE["host"]), state_spec(CATALOGUE["vm"])


@pytest.mark.parametrize(
    ("spec", "given", "secret"),
    [
        (HOST, {"root_password": "s3kr1t"}, {"s3kr1t"}),
        (HOST, {"root_password": ["s3kr1t", 12345]}, {"s3kr1t", "12345"}),
        (HOST, {"root_passwort": "s3kr1t", "nonsense": 5}, {"s3kr1t"}),
        (HOST, {"fence_agents": [{"password": "s3kr1t", "address": "a"}]}, {"s3kr1t"}),
        (HOST, {"fence_agents": "password=s3kr1t"}, {"password=s3kr1t"}),
        (HOST, {"fence_agents": [{"options": {"passwd": "s3kr1t", "lanplus": "1"}}]}, {"s3kr1t"}),
        (VM, {"initialization": {"root_password": {"a": "s3kr1t"}}}, {"s3kr1t"}),
        (VM, {"initialization": "root_password=s3kr1t"}, {"root_password=s3kr1t"}),
        (VM, {"engine": {"password": "s3kr1t", "token": "t0ken", "username": "admin@internal"}}, {"s3kr1t", "t0ken"}),
        (VM, {"engine": {"proxy": "http://bob:s3kr%21t@proxy:3128"}}, {"s3kr%21t", "s3kr!t"}),
        (VM, {"engine": {"url": "https://bob:s3kr1t@engine.example.com"}}, {"s3kr1t"}),
        (VM, {"engine": {"headers": {"Authorization": "Bearer s3kr1t", "X-Plain": "plain"}}}, {"Bearer s3kr1t"}),
        (VM, {"custom_properties": {"with_token": "true"}, "name": "web", "description": "a password"}, set()),
        (VM, {"engine": "nonsense", "nics": [None, 5, "x"], "tags": None}, {"nonsense"}),
        (VM, ["nonsense"], set()),
    ],
)
def test_what_is_secret(spec: dict[str, Any], given: Any, secret: set[str]) -> None:
    assert set(secrets(spec, given)) == secret
