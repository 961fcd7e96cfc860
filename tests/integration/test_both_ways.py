# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module that runs in the controller's process and one that is shipped give the same results: every target, field by field."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import engine_process
import targets
from results import Same, differences


def answers(target: str, place: Path, *, ship: bool) -> list[Any]:
    """What the modules of a target answered, in order."""
    place.mkdir()
    record = place / "results"
    with engine_process.running(*targets.ENGINE, "--seed", "1") as reached:
        outcome = targets.play(target, reached, place / "home", record=record, ship=ship)
    assert outcome.returncode == 0, outcome.stdout
    if "ansible.builtin.uri" not in "".join(path.read_text(encoding="utf-8") for path in (targets.HERE / "targets" / target).rglob("*.yml")):
        assert (place / "home" / "shipped").exists() == ship
    same = Same()
    return [same.of(json.loads(line)) for line in record.read_text(encoding="utf-8").splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("target", targets.NAMES)
def test_both_ways_give_the_same_results(target: str, tmp_path: Path) -> None:
    inside, shipped = answers(target, tmp_path / "inside", ship=False), answers(target, tmp_path / "shipped", ship=True)
    assert [one[:2] for one in inside] == [one[:2] for one in shipped]
    assert [text for one, other in zip(inside, shipped) for text in differences(one[2], other[2], " / ".join(one[:2]))] == []
