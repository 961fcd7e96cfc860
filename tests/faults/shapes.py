# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine has, without what no two runs have in common: ids, addresses that are drawn, times."""
from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.virtops.ovirt.extensions.engine.app import Engine

TOLD = {"event", "job", "step"}
"""Tables of what happened, not of what is."""
TIMES = re.compile(r"(_time|_reason|^date|^time|^index|^run)$")
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MAC = re.compile(r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}")


def shape(engine: Engine) -> dict[str, list[str]]:
    """For each kind of object, what its objects are like, in an order of its own."""
    tables = {name: table.rows for name, table in engine.store.tables.items() if not name.startswith("_") and name not in TOLD}
    names = {identifier: f"{table}:{_name(row)}" for table, rows in tables.items() for identifier, row in rows.items()}
    return {table: sorted(repr(_plain(row, names)) for row in rows.values()) for table, rows in tables.items() if rows}


def differences(clean: Mapping[str, list[str]], found: Mapping[str, list[str]]) -> list[str]:
    """A line for each kind that is not as it should be."""
    lines = []
    for table in sorted({*clean, *found}):
        lost, more = list(clean.get(table, [])), []
        for one in found.get(table, []):
            lost.remove(one) if one in lost else more.append(one)
        if lost or more:
            lines.append(f"{table}: {_apart(lost, more)}")
    return lines


def _apart(lost: list[str], more: list[str]) -> str:
    if len(lost) == len(more) == 1:
        place = next((at for at, (left, right) in enumerate(zip(lost[0], more[0])) if left != right), 0)
        return f"...{lost[0][max(0, place - 40):place + 60]}... became ...{more[0][max(0, place - 40):place + 60]}..."
    return f"{len(lost)} are missing ({[one[:200] for one in lost]}), {len(more)} are too many ({[one[:200] for one in more]})"


def _name(row: Mapping[str, Any]) -> str:
    return next((str(row[key]) for key in ("name", "alias", "description", "address") if row.get(key)), "")


def _plain(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(value[key], names) for key in sorted(value) if not key.startswith("_") and key != "id" and not TIMES.search(key)}
    if isinstance(value, (list, tuple)):
        return [_plain(item, names) for item in value]
    text = str(value)
    return MAC.sub("<mac>", ID.sub(lambda match: names.get(match[0], "<id>"), text))
