# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded engine answers as a real one did: every recorded story, area by area, never below the area's floor."""
from __future__ import annotations

import pytest

from . import floors, stories
from .replay import tally
from .runs import area

AREAS = sorted({story["area"] for story in stories.load()})


@pytest.mark.slow
@pytest.mark.parametrize("name", AREAS)
def test_area(name: str, record_property) -> None:
    outcome = area(name, stories.load([name]))
    found = tally(outcome.steps)
    record_property("contract", {"area": name, "steps": found.steps, "clean": found.clean, "scores": found.scores})
    floor = floors.read().get(name, 0)
    differing = [f"{step.story} / {step.name}: {step.result.differences[0]}" for step in outcome.steps if not step.clean]
    assert found.clean >= floor, (
        f"{name}: {found.clean} of {found.steps} steps are clean, {floor} are the floor; see python -m tests.contract --only {name}\n"
        + "\n".join([*outcome.said, *differing[:20]]))
    assert "Traceback" not in outcome.errors, outcome.errors


def test_every_floor_has_its_area() -> None:
    assert set(floors.read()) <= set(AREAS)
