# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which values of a task are secret, whether the task is accepted or not.

Ansible masks what a spec marks, and knows of that only where the task was found good. A refused one is shown with all that it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

SECRET_HEADER = re.compile(r"auth|token|secret|cookie|key|session", re.IGNORECASE)
_SECRET_NAME = re.compile(r"passw|passphrase|secret|token|credential|private_?key|license_?key", re.IGNORECASE)
_SHORTEST = 4
"""Characters below which a value that is only taken for a secret by its name is none: it would be masked wherever it is part of a word."""
_WORDS = frozenset({"true", "false", "none", "null"})


def secrets(spec: Mapping[str, Any], given: Any) -> Iterator[str]:
    """The secret values of what was given, however wrong it is: what the spec marks, what is called like a secret, passwords in URLs, headers."""
    if not isinstance(given, Mapping):
        return
    for name, value in given.items():
        entry = spec.get(str(name), {})
        if entry.get("no_log"):
            yield from _leaves(value)
        elif str(name) not in spec and _SECRET_NAME.search(str(name)):
            yield from (leaf for leaf in _leaves(value) if len(leaf) >= _SHORTEST and leaf.lower() not in _WORDS)
        else:
            yield from _inside(str(name), entry.get("options", {}), value)


def _inside(name: str, options: Mapping[str, Any], value: Any) -> Iterator[str]:
    if name == "engine" and isinstance(value, Mapping):
        yield from _of_connection(value)
    for item in value if isinstance(value, (list, tuple)) else [value]:
        if isinstance(item, Mapping):
            yield from secrets(options, item)
        elif isinstance(item, str) and any(entry.get("no_log") for entry in options.values()):
            yield item


def _of_connection(engine: Mapping[str, Any]) -> Iterator[str]:
    for place in ("url", "proxy"):
        yield from _in_url(str(engine.get(place) or ""))
    headers = engine.get("headers")
    for name, value in headers.items() if isinstance(headers, Mapping) else ():
        if value and SECRET_HEADER.search(str(name)):
            yield str(value)


def _in_url(text: str) -> Iterator[str]:
    try:
        password = urlsplit(text).password
    except ValueError:
        return
    if password:
        yield from dict.fromkeys((password, unquote(password)))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    elif value is not None and not isinstance(value, bool) and str(value):
        yield str(value)
