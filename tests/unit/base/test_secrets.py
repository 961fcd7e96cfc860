# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secrets do not show."""
from __future__ import annotations

import copy
import json
import pickle

import pytest

from ansible_collections.virtops.ovirt.plugins.module_utils._base.secrets import MASK, Secret, redact


def test_a_secret_shows_nowhere_but_where_it_is_revealed() -> None:
    secret = Secret("hunter2")
    shown = [str(secret), repr(secret), f"{secret}", "%s" % secret, repr([secret]), repr({"password": secret})]
    assert not any("hunter2" in text for text in shown)
    assert secret.reveal() == "hunter2"
    for write in (pickle.dumps, json.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            write(secret)


def test_text_is_redacted_without_a_rest() -> None:
    text = "login with pass and passphrase failed"
    assert redact(text, [Secret("pass"), Secret("passphrase"), Secret("")]) == f"login with {MASK} and {MASK} failed"
