# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Replay recordings of a real engine and show what differs, for people who work on the embedded engine.

Starts an embedded engine, builds the estate that the stories need, and replays them.  Examples, from the top of the checkout:

    python -m tests.contract --only sso                   one area
    python -m tests.contract --only vm-create* --show 5   some stories, few differences
    python -m tests.contract --only disk-life --verbose   with the requests and answers behind the differences
    python -m tests.contract                              everything, the areas side by side
    python -m tests.contract --list                       areas and stories
"""
from __future__ import annotations

import argparse
import collections
import concurrent.futures
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

import engine_process  # noqa: E402

from . import floors, stories  # noqa: E402
from .replay import SCORES, Step, Tally, tally  # noqa: E402
from .runs import SPEED, Outcome, area  # noqa: E402

ALIKE = 2  # differences at the same place of one step that are shown


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.contract", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[], metavar="AREA|STORY", help="what to replay; may be given more than once, prefix* works")
    parser.add_argument("--show", type=int, default=40, metavar="N", help="how many differences to show (default: 40)")
    parser.add_argument("--verbose", action="store_true", help="show request, recorded answer and answer of every step that differs")
    parser.add_argument("--speed", type=float, metavar="FACTOR", help=f"speed of the engine (default: {SPEED:g}, for some areas less)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="areas side by side (default: 2)")
    parser.add_argument("--worst", action="store_true", help="list the stories with the most differing steps instead of the differences")
    parser.add_argument("--list", action="store_true", help="list areas and stories and end")
    parser.add_argument("--raise-floors", action="store_true", help="raise the floors of the tests to what was reached (whole areas only)")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write all differences there")
    options = parser.parse_args(argv)
    wanted = stories.load(options.only)
    if not wanted:
        parser.error(f"no area and no story is called {', '.join(options.only)}; see --list")
    if options.raise_floors and any("*" in one or one not in {story["area"] for story in wanted} for one in options.only):
        parser.error("floors are for whole areas")
    if options.list:
        for story in wanted:
            print(f"{story['area']:<14} {story['id']:<44} {len(story['exchanges']):>4} steps  needs {', '.join(story['needs'])}")
        return 0
    started = time.monotonic()
    outcomes = _run(wanted, options.speed, options.jobs)
    steps = [step for outcome in outcomes for step in outcome.steps]
    if options.worst:
        _worst(steps)
    else:
        _differences(steps, options.show, options.verbose)
    _table(outcomes)
    for outcome in outcomes:
        for line in outcome.said:
            print(f"{outcome.area}: {line}")
        if "Traceback" in outcome.errors:
            print(f"--- output of the engine in area {outcome.area}\n{outcome.errors[-6000:]}")
    if options.json:
        options.json.write_text(json.dumps([
            {"area": step.area, "story": step.story, "step": step.name, "differences": step.result.differences} for step in steps if not step.clean], indent=1))
    if options.raise_floors:
        for name, (before, now) in floors.lift((outcome.area, tally(outcome.steps)) for outcome in outcomes).items():
            print(f"floor of {name}: {before} -> {now}")
    print(f"{len(steps)} steps in {time.monotonic() - started:.0f} s")
    return 0


def _run(wanted: list[dict[str, Any]], speed: float | None, jobs: int) -> list[Outcome]:
    by_area: dict[str, list[dict[str, Any]]] = {}
    for story in wanted:
        by_area.setdefault(story["area"], []).append(story)
    largest_first = sorted(by_area, key=lambda name: -sum(len(story["exchanges"]) for story in by_area[name]))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        try:
            return sorted(pool.map(lambda name: area(name, by_area[name], speed), largest_first), key=lambda outcome: outcome.area)
        except engine_process.EngineDidNotStart as error:
            sys.exit(str(error))


def _differences(steps: list[Step], show: int, verbose: bool) -> None:
    shown = left = 0
    for step in steps:
        if step.clean:
            continue
        if shown >= show:
            left += len(step.result.differences)
            continue
        sent = step.entry["step"]
        query = f" {json.dumps(sent['query'])}" if sent.get("query") else ""
        print(f"\n{step.story} / {step.name}   {sent.get('method', '-')} {sent.get('path', '')}{query}")
        alike: collections.Counter[tuple[str, str]] = collections.Counter()
        for what, where, want, got in step.result.differences:
            alike[what, where] += 1
            if shown >= show:
                left += 1
            elif alike[what, where] <= ALIKE:
                print(f"  {what} {where}\n    real: {want}\n    here: {got}")
                shown += 1
        for (what, where), count in alike.items():
            if count > ALIKE:
                print(f"  {what} {where}: {count - ALIKE} more of this kind")
        if verbose:
            _exchange(step)
    if left:
        print(f"\n... {left} more differences (--show, --json)")


def _exchange(step: Step) -> None:
    for name in ("headers", "body", "raw_body", "form"):
        if name in step.entry["step"]:
            print(f"  sent {name}: {json.dumps(step.entry['step'][name], ensure_ascii=False)}")
    print(f"  recorded: {json.dumps(step.entry.get('answer'), indent=1, ensure_ascii=False)}")
    if step.answer is not None:
        print(f"  here: HTTP {step.answer.status_code} {dict(step.answer.headers)}\n{step.answer.text}")


def _worst(steps: list[Step]) -> None:
    by_story: dict[str, list[Step]] = {}
    for step in steps:
        by_story.setdefault(step.story, []).append(step)
    for name, found in sorted(by_story.items(), key=lambda pair: -sum(not step.clean for step in pair[1])):
        bad = sum(not step.clean for step in found)
        if bad:
            print(f"{bad:>5} of {len(found):<5} {name}")


def _table(outcomes: list[Outcome]) -> None:
    print(f"\n{'area':<16}{'steps':>7}{'clean':>7}{'share':>8}" + "".join(f"{name:>10}" for name in SCORES))
    for outcome in outcomes:
        _row(outcome.area, tally(outcome.steps))
    if len(outcomes) > 1:
        _row("all", tally(step for outcome in outcomes for step in outcome.steps))


def _row(name: str, counted: Tally) -> None:
    cells = "".join(f"{'-':>10}" if value is None else f"{value:>10.1f}" for value in counted.scores.values())
    print(f"{name:<16}{counted.steps:>7}{counted.clean:>7}{counted.share:>7.1f}%{cells}")


if __name__ == "__main__":
    sys.exit(main())
