# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What tasks of a run in check mode tell the later ones: a private file for each engine and user, in the directory that Ansible has for the run and removes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from typing import Any, cast

from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._module.host import Host
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Unit
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.foreseen import Effect, Foreseen, effects_of, effects_of_steps

_read: dict[str, tuple[int, Foreseen]] = {}
"""How far each file was read, for the next item of a loop."""


def ahead(host: Host, client: Client) -> Client:
    """In check mode, a client that answers as if the former tasks of the run had done what they foretold."""
    path = _file(host, client)
    if not path:
        return client
    offset, foreseen = _read.get(path) or (0, Foreseen(client))
    foreseen.serve(client)
    lines = _since(path, offset)
    foreseen.add(Effect(*json.loads(line)) for line in lines.splitlines())
    _read[path] = offset + len(lines), foreseen
    return cast(Client, foreseen)


def announce(host: Host, client: Client, effects: Iterable[Effect]) -> None:
    """Lets later tasks of the run see what this one would do."""
    path = _file(host, client)
    lines = "".join(json.dumps([effect.path, effect.members, effect.new]) + "\n" for effect in effects) if path else ""
    if not lines:
        return
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(lines.encode())
    except OSError as error:
        host.warn(f"Later tasks of this run will not know what this one would do: {error}")


def leant_on(client: Client, shown: Any = None) -> list[str]:
    """What the task found, or shows, that is not there yet, in words."""
    if not isinstance(client, Foreseen):
        return []
    client.notice(shown)
    return list(client.leant_on)


def effects_of_units(units: Iterable[Unit]) -> Iterator[Effect]:
    for unit in units:
        yield from effects_of(unit.plan) if unit.plan is not None else effects_of_steps(unit.steps)


def _file(host: Host, client: Client) -> str:
    if not (host.check_mode and host.run_directory):
        return ""
    connection = client.connection
    key = hashlib.sha256(f"{connection.url}\n{connection.username}".encode()).hexdigest()[:16]
    return os.path.join(host.run_directory, f"virtops.ovirt-{key}.jsonl")


def _since(path: str, offset: int) -> bytes:
    """Whole lines; none where the file is not there, or is somebody else's."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            if os.fstat(handle).st_uid != os.geteuid():
                return b""
            file.seek(offset)
            text = file.read()
    except OSError:
        return b""
    return text[:text.rfind(b"\n") + 1]
