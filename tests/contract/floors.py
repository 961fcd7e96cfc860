# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many clean steps each area must have at least (floors.json).  Floors only rise: ``python -m tests.contract --raise-floors``."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Iterable

from .replay import Tally

FILE = Path(__file__).with_name("floors.json")


def read() -> dict[str, int]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def slack(steps: int) -> int:
    """Steps that may differ from run to run: those of large areas that watch what passes in a moment."""
    return steps // 100


def lift(tallies: Iterable[tuple[str, Tally]]) -> dict[str, tuple[int, int]]:
    """Raise the floors to what was reached; gives (before, now) of those that rose."""
    floors, risen = read(), {}
    for area, tally in tallies:
        reached = max(0, tally.clean - slack(tally.steps))
        if reached > floors.get(area, 0):
            risen[area] = (floors.get(area, 0), reached)
            floors[area] = reached
    FILE.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return risen
