# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client for the length of a task, and one way for everything that can go wrong in it."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import EngineError
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.connection import Connection
from ansible_collections.virtops.ovirt.plugins.module_utils._module.host import Host, ModuleHost
from ansible_collections.virtops.ovirt.plugins.module_utils._module.masking import secrets
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import session_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.foreseen import without_ids


def connect(host: Host) -> Client:
    """:raises InvalidInput: the option ``engine`` or the environment says something that is not usable."""
    options = host.params.get("engine") or {}
    for value in secrets({}, {"engine": options}):
        host.mask(value)
    connection = Connection.from_options(options, host.environ)
    for secret in (connection.password, connection.token):
        if secret:
            host.mask(secret.reveal())
    return _open.take(connection) or Client(connection)


class _Open:
    """The last client of this process, for the next item of a loop: connected, and with its token at hand.

    Only the very same connection gets it, environment and all, and only where the session outlives the task anyway.
    """

    def __init__(self) -> None:
        self._client: Client | None = None
        self._process = 0

    def take(self, connection: Connection) -> Client | None:
        client, self._client = self._client, None
        if client is None or self._process != os.getpid():
            return None
        if client.connection == connection:
            return client
        client.close()
        return None

    def keep(self, client: Client) -> bool:
        """Whether it is kept; otherwise it has to be closed."""
        connection = client.connection
        if connection.auth == "sso" and connection.token is None and connection.session_cache is None:
            return False
        self._client, self._process = client, os.getpid()
        return True


_open = _Open()


@contextmanager
def session(host: Host, so_far: Callable[[], Mapping[str, Any]]) -> Iterator[Client]:
    """Whatever is raised inside ends the task with one clear message, and with what ``so_far`` gives by then."""
    client, well = None, False
    try:
        client = connect(host)
        yield client
        well = True
    except EngineError as error:
        host.fail(_shown(host, str(error)), _shown(host, {**so_far(), **_particulars(error)}))
    except Exception as error:  # pylint: disable=broad-except
        # Ansible shows this member only to those who ask for it with -vvv.
        trace = "".join(traceback.format_exception(type(error), error, error.__traceback__))
        host.fail(f"This is a defect of the collection, please report it: {type(error).__name__}: {error}", {**so_far(), "exception": trace})
    finally:
        if client is not None and not (well and host.loops and _open.keep(client)):
            client.close()


def end(host: Host, result: Mapping[str, Any]) -> NoReturn:
    host.exit(_shown(host, result))


def _shown(host: Host, value: Any) -> Any:
    """What check mode tells has no ids of what is not there yet."""
    return without_ids(value) if host.check_mode else value


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


def run_session_module() -> None:
    end_session(ModuleHost(session_spec()))


def end_session(host: Host) -> None:
    """Logs out, where an earlier task has left a session."""
    changed = False
    with session(host, dict) as client:
        changed = client.session_kept
        if changed and not host.check_mode:
            client.log_out()
    host.exit({"changed": changed})
