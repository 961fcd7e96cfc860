# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One area of the recordings against an embedded engine of its own."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import engine_process

from . import estate
from .replay import Step, able, replay
from .stories import Pace, Server

# As fast as what lasts a second can still be seen by the next request on a busy machine.
SPEED = 10.0
# Areas that look at what passes within some seconds.
SLOWER = {"run": 5.0}
# Recorded before there was an estate, and their answers list all there is: this story, and those of the area that need nothing of the estate.
ON_A_FRESH_ENGINE = ("collection", "protocol-paths")


@dataclass
class Outcome:
    """What came of an area; ``said`` tells of stories that stopped or could not be replayed, ``errors`` is the engine's error output."""

    area: str
    steps: list[Step] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    errors: str = ""


def area(name: str, stories: list[dict[str, Any]], speed: float | None = None) -> Outcome:
    """Replay the stories of an area, each kind on an engine of its own: those that expect a fresh one, and those that need the estate."""
    outcome = Outcome(name)
    speed = speed or SLOWER.get(name, SPEED)
    area_of_its_own, single = ON_A_FRESH_ENGINE
    fresh = [story for story in stories if story["id"] == single or story["area"] == area_of_its_own and set(story["needs"]) <= estate.ALWAYS]
    # A plain user's first, who sees what others leave behind: permissions of everyone stay for good.
    stories = sorted(stories, key=lambda story: "plain_user" not in story["needs"])
    for some, prepared in ((fresh, False), ([story for story in stories if story not in fresh], True)):
        if some:
            _replay(outcome, some, prepared, speed)
    return outcome


def _replay(outcome: Outcome, stories: list[dict[str, Any]], prepared: bool, speed: float) -> None:
    pace = Pace(speed)
    plain = estate.specification()["plain_user"]
    with engine_process.running("--speed", f"{speed:g}", "--seed", "1", plain_users=(plain,)) as running:
        server = Server(running.url, running.username, running.password, verify=running.ca_file)
        variables: dict[str, str] = {}
        needs = set(estate.ALWAYS)
        if prepared:
            try:
                variables, needs = estate.build(server, pace, outcome.said.append, (f"{plain}@internal", running.passwords[plain]))
            except estate.NotBuilt as error:
                outcome.said.append(str(error))
        for story in stories:
            if not able(story, needs):
                outcome.said.append(f"{story['id']} cannot be replayed: the estate lacks {', '.join(sorted(set(story['needs']) - needs))}")
        outcome.steps += replay(server, stories, variables, pace,
                                lambda story, steps, note: outcome.said.append(f"{story['id']} stopped: {note}") if note else None)
        outcome.errors += running.said.read_text(encoding="utf-8", errors="replace")
