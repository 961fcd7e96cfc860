# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client for the length of a task, and one way for everything that can go wrong in it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import EngineError
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.connection import Connection
from ansible_collections.virtops.ovirt.plugins.module_utils._module.host import Host

_SECRET_HEADER = re.compile(r"auth|token|secret|cookie|key|session", re.IGNORECASE)


def connect(host: Host) -> Client:
    """:raises InvalidInput: the option ``engine`` or the environment says something that is not usable."""
    options = host.params.get("engine") or {}
    connection = Connection.from_options(options, host.environ)
    for secret in (connection.password, connection.token):
        if secret:
            host.mask(secret.reveal())
    for name, value in connection.headers.items():
        if value and _SECRET_HEADER.search(name):
            host.mask(value)
    return Client(connection)


@contextmanager
def session(host: Host, so_far: Callable[[], Mapping[str, Any]]) -> Iterator[Client]:
    """Whatever is raised inside ends the task with one clear message, and with what ``so_far`` gives by then."""
    client = None
    try:
        client = connect(host)
        yield client
    except EngineError as error:
        host.fail(str(error), {**so_far(), **_particulars(error)})
    except Exception as error:  # pylint: disable=broad-except
        # Ansible shows this member only to those who ask for it with -vvv.
        trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        host.fail(f"This is a defect of the collection, please report it: {type(error).__name__}: {error}", {**so_far(), "exception": trace})
    finally:
        if client is not None:
            client.close()


def _particulars(error: EngineError) -> dict[str, Any]:
    """The parts of an error that a playbook may want to look at."""
    parts = {
        "error": type(error).__name__,
        "status": error.status,
        "reason": error.reason,
        "detail": error.detail,
        "correlation_id": error.correlation_id,
        "hint": error.hint,
    }
    return {name: value for name, value in parts.items() if value is not None}
