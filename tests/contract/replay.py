# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replay recorded stories against a server and count how alike it answers."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Iterable

import requests

from . import compare, stories
from .compare import SCORES, Binding, Result
from .stories import UUID, Pace, Sequences, Server, Variables


@dataclass
class Step:
    """One exchange of a story: what was recorded, what came here."""

    story: str
    area: str
    entry: dict[str, Any]
    result: Result
    request: requests.PreparedRequest | None = None
    answer: requests.Response | None = None

    @property
    def name(self) -> str:
        return str(self.entry["step"]["name"])

    @property
    def clean(self) -> bool:
        return not self.result.differences


@dataclass
class Tally:
    """Steps, how many of them are clean, and the mean of each score (percent, None where no step has it)."""

    steps: int
    clean: int
    scores: dict[str, float | None]

    @property
    def share(self) -> float:
        """Clean steps in percent."""
        return 100 * self.clean / self.steps if self.steps else 100.0


def tally(steps: Iterable[Step]) -> Tally:
    found = list(steps)
    scores = [step.result.scores() for step in found]
    means: dict[str, float | None] = {}
    for name in SCORES:
        have = [value for value in (one[name] for one in scores) if value is not None]
        means[name] = 100 * sum(have) / len(have) if have else None
    return Tally(len(found), sum(step.clean for step in found), means)


def replay(server: Server, wanted: list[dict[str, Any]], estate: Variables | None = None, pace: Pace = Pace(),
           on_story: Callable[[dict[str, Any], list[Step], str], None] = lambda story, steps, note: None) -> list[Step]:
    """Replay stories one after the other; ``on_story`` is told of each: the story, its steps, why it stopped early."""
    base = stories.prelude(server, estate)
    found: list[Step] = []
    for story in wanted:
        steps, note = _story(server, story, base, pace)
        on_story(story, steps, note)
        found.extend(steps)
    return found


def able(story: dict[str, Any], needs: set[str]) -> bool:
    return set(story["needs"]) <= needs


def _story(server: Server, story: dict[str, Any], base: Variables, pace: Pace) -> tuple[list[Step], str]:
    entries = {entry["step"]["name"]: entry for entry in story["exchanges"]}
    sent: dict[str, Step] = {}
    binding: Binding | None = None

    def on_step(step: dict[str, Any], response: requests.Response | None, variables: Variables, sequences: Sequences) -> None:
        nonlocal binding
        if binding is None:
            binding = Binding(variables)
            for name, value in base.items():
                if isinstance(value, str) and UUID.fullmatch(value):
                    binding.force("{id:%s}" % name, value)
            binding.force("{id:uuid}", variables["uuid"])
        binding.variables = variables
        entry = entries[step["name"]]
        for name, place in entry.get("saved", {}).items():
            value = variables.get(name)
            if isinstance(place, str) and isinstance(value, str) and compare.PLACE.fullmatch(place) and UUID.fullmatch(value) \
                    and binding.forward.get(place) != value.lower():
                binding.force(place, value)
        sent[step["name"]] = Step(story["id"], story["area"], entry, compare.exchange(entry, response, sequences, binding),
                                  response.request if response is not None else None, response)

    note = stories.run(server, [entry["step"] for entry in story["exchanges"]], base, on_step, pace)
    unsent = Binding({})
    return [sent.get(name) or Step(story["id"], story["area"], entry, compare.exchange(entry, None, None, unsent)) for name, entry in entries.items()], note
