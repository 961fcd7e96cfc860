# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares results of modules, but for what every run makes anew."""
from __future__ import annotations

import re
from typing import Any

IDENTIFIER = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CORRELATION = re.compile(r"ansible-[0-9A-Za-z]{8,}")
# Members that tell of the moment, not of the work.
FLEETING = {"date", "creation_time", "start_time", "stop_time", "time_ms", "used", "available"}
# How far a job has come is a matter of the moment, too.
OF_A_JOB = {"status", "start", "end", "engine_steps", "steps"}
# Milliseconds since the epoch, other numbers of the clock, and dates, inside texts.
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:Z| UTC)?|\d{12,13}")
# Ansible's own, put into the failure of every process that gives no traceback.
OF_ANSIBLE = {"exception", "failed_when_suppressed_exception"}


class Same:
    """Replaces what every run makes anew by the order in which it came up."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def text(self, text: str) -> str:
        text = IDENTIFIER.sub(lambda match: self.seen.setdefault(match[0], f"id-{len(self.seen)}"), text)
        text = CORRELATION.sub("ansible-X", text)
        return MOMENT.sub("MOMENT", re.sub(r"127\.0\.0\.1:\d+|/tmp/\S+", "HERE", text))

    def of(self, value: Any) -> Any:
        if isinstance(value, dict):
            lasting = {name: item for name, item in sorted(value.items()) if name not in FLEETING | OF_ANSIBLE and not name.startswith("_ansible")}
            return {self.text(name): self.of(item) for name, item in lasting.items()}
        if isinstance(value, list):
            return [self.of(item) for item in value]
        return self.text(value) if isinstance(value, str) else value


def differences(one: Any, other: Any, place: str) -> list[str]:
    """Where two results differ, a line each."""
    if isinstance(one, dict) and isinstance(other, dict):
        skipped = OF_A_JOB if place.startswith("virtops.ovirt.job") else set()
        return [text for name in sorted({*one, *other} - skipped) for text in differences(one.get(name, "-"), other.get(name, "-"), f"{place}.{name}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [text for number, pair in enumerate(zip(one, other)) for text in differences(*pair, f"{place}[{number}]")]
    return [] if one == other else [f"{place}: {one!r} in process, {other!r} shipped"]
