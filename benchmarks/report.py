# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was measured, as a page with a table of ratios and as a picture."""
from __future__ import annotations

import math
import os
import platform

from measure import FLOOR, OURS, THEIRS, Bench
from work import LIFE

ABOUT = """Written by `make benchmark`; do not edit. The same work on the same embedded engine in one run, medians of {repeats} runs where a run is short.
Loops of the incumbent (`ovirt.ovirt` with its SDK) are shorter where they would take hours, and compared by object. Requests are those in the
engine's journal. Operations take the engine their simulated time, at five times the pace for the life of VMs and at twenty times for moves, the same
for both sides.

{machine}, {processors} processors, Python {python}, {minutes:.0f} minutes.
"""
NOTES = """## How to read it

**A no-op task.** "Beyond a play without tasks" leaves out what `ansible-playbook` needs to start, which all pay alike. In a loop an item costs little
more than one of `debug`: items share one worker process, its connection and its session. Task by task Ansible forks a worker each time, which has to
connect anew; a third of what is left then is the slow hash that keeps the password from being guessed out of the session cache, the rest TLS, two
requests, and Ansible's own.

**Inventory.** "A bare inventory" adds as many hosts with as many variables and asks nobody: what Ansible itself costs a plugin that goes the usual way;
ours gives variables to the host itself, which saves a conversion of each. The engine's own list is the second floor, since VMs are asked for in pages
while others are worked on. Ansible's start is the smallest bare inventory.

**Growth** compares what each further VM costs between 1,000 and 10,000 with what it costs between 100 and 1,000, so that the start, which is the same
for all, does not flatter it.

**Waits.** A wait looks four times in the first second, then once a second, and after ten seconds each time a tenth more of it has passed. So the end of
operations shorter than ten seconds can be noticed up to a second late. The share of looks within the first second and the job that is asked for at the
end bring operations of less than half a minute above one request a second.
"""


class Page:
    def __init__(self, bench: Bench) -> None:
        self.bench, self.rows = bench, ["| measure | ours | other | ratio | at most |", "|---|---|---|---|---|"]

    def ratio(self, measure: str, ours: float, other: float, at_most: str = "") -> None:
        self.rows.append(f"| {measure} | {ours:.4g} | {other:.4g} | {'1/' + format(other / ours, '.3g') if ours > 0 else '0'} | {at_most} |")

    def value(self, measure: str, ours: float, at_most: str = "") -> None:
        self.rows.append(f"| {measure} | {ours:.4g} | | | {at_most} |")

    def text(self, repeats: int, minutes: float) -> str:
        self._no_op()
        self._life()
        self._real_costs()
        self._converged()
        self._inventories()
        self._waits()
        self._engine()
        lines = [f"| {one.what} | {one.who} | {one.objects} | {one.wall:.2f} | {one.cpu:.2f} | {one.memory:.0f} | {one.requests} |" for one in self.bench.costs]
        about = ABOUT.format(
            repeats=repeats, machine=platform.platform(), processors=os.cpu_count(), python=platform.python_version(), minutes=minutes)
        return "\n".join([
            "# Benchmarks", "", about, "![wall seconds by object](benchmarks.svg)", "", *self.rows, "", NOTES,
            "## All runs", "", "| work | by | objects | wall s | CPU s | peak MB | requests |", "|---|---|---|---|---|---|---|", *lines, ""])

    def _no_op(self) -> None:
        start = self.bench.cost(FLOOR, "a play without tasks")
        for way in ("in a loop", "task by task"):
            ours, theirs = self.bench.cost(OURS, f"no-op, {way}"), self.bench.cost(THEIRS, f"no-op, {way}")
            ping, debug = self.bench.cost(FLOOR, f"ping, {way}"), self.bench.cost(FLOOR, f"debug, {way}")
            items = ours.objects
            limit = (lambda text: text) if way == "in a loop" else (lambda text: "")
            self.ratio(f"no-op {way}: CPU seconds, whole run of {items}; incumbent", ours.cpu, theirs.cpu, limit("1/10"))
            self.ratio(f"no-op {way}: wall seconds, whole run; incumbent", ours.wall, theirs.wall, limit("1/10"))
            self.ratio(f"no-op {way}: wall seconds, whole run; `ping`", ours.wall, ping.wall, limit("1/5"))
            beyond = "an item beyond a play without tasks"
            self.ratio(f"no-op {way}: CPU seconds {beyond}; incumbent", (ours.cpu - start.cpu) / items, (theirs.cpu - start.cpu) / items)
            self.ratio(f"no-op {way}: wall seconds {beyond}; `ping`", (ours.wall - start.wall) / items, (ping.wall - start.wall) / items)
            self.value(f"no-op {way}: wall seconds an item of `debug`, Ansible's own floor", (debug.wall - start.wall) / items)

    def _life(self) -> None:
        for what in (*(f"VMs {one}" for one in LIFE), "disks moved"):
            ours, theirs = self.bench.cost(OURS, what), self.bench.cost(THEIRS, what)
            first = what == f"VMs {LIFE[0]}"
            sizes = f"{ours.objects} and {theirs.objects}"
            self.ratio(f"{what}: wall seconds each ({sizes})", ours.wall / ours.objects, theirs.wall / theirs.objects, "1/20" if first else "")
            self.ratio(f"{what}: requests each", ours.requests / ours.objects, theirs.requests / theirs.objects, "1/5" if first else "")

    def _real_costs(self) -> None:
        own = next(one for one in self.bench.costs if one.what.startswith("at real costs: list of"))
        for one in [one for one in self.bench.costs if one.who == OURS and one.what.startswith("at real costs")]:
            theirs = self.bench.cost(THEIRS, one.what)
            self.ratio(f"{one.what}: wall seconds each", one.wall / one.objects, theirs.wall / theirs.objects)
            self.ratio(f"{one.what}: requests each", one.requests / one.objects, theirs.requests / theirs.objects)
        ours = self.bench.cost(OURS, f"at real costs: inventory of {own.objects}")
        self.ratio(f"at real costs: inventory of {own.objects}: wall seconds, the engine's own list", ours.wall, own.wall)

    def _converged(self) -> None:
        both = next(one for one in self.bench.costs if one.who == THEIRS and one.what.startswith("converged"))
        ours = self.bench.cost(OURS, both.what)
        self.ratio(f"{both.what}: wall seconds each ({ours.objects} and {both.objects} VMs)", ours.wall / ours.objects, both.wall / both.objects, "1/100")
        self.value(f"{both.what}: requests in all (the incumbent: {both.requests / both.objects:.0f} for each VM)", ours.requests, "10")
        self._growth("converged, of", OURS)

    def _growth(self, what: str, who: str) -> None:
        few, some, many = (self.bench.maybe(who, f"{what} {size}") for size in (100, 1000, 10000))
        if few and some and many:
            early, late = (some.cpu - few.cpu) / 900, (many.cpu - some.cpu) / 9000
            self.value(f"{what.split(',')[0].split()[0]}: CPU of each further VM, towards 10,000 against towards 1,000", late / early, "1.2")
            self.value(f"{what.split(',')[0].split()[0]}: wall for each VM, at 10,000 against at 100", many.wall / 10000 / (few.wall / 100), "1.2")

    def _inventories(self) -> None:
        sizes = sorted({one.objects for one in self.bench.costs if one.what.startswith("inventory")})
        for size in sizes:
            theirs = self.bench.maybe(THEIRS, f"inventory of {size}")
            if theirs:
                ours = self.bench.cost(OURS, f"inventory of {size}")
                self.ratio(f"inventory of {size}: wall seconds", ours.wall, theirs.wall)
                self.ratio(f"inventory of {size}: requests", ours.requests, theirs.requests)
        largest = sizes[-1]
        ours, own, bare = (self.bench.cost(who, what) for who, what in (
            (OURS, f"inventory of {largest}"), (FLOOR, f"the engine's own list of {largest}"), (FLOOR, f"a bare inventory of {largest}")))
        self.value(f"inventory of {largest}: wall seconds", ours.wall, "5")
        self.value(f"inventory of {largest}: requests", ours.requests, f"10 + {largest // 1000 + 1}")
        self.value(f"inventory of {largest}: peak memory, MB", ours.memory, "500")
        self.ratio(f"inventory of {largest}: wall seconds, the engine's own list", ours.wall, own.wall)
        start = self.bench.cost(FLOOR, f"a bare inventory of {sizes[0]}").wall
        beyond = (ours.wall - own.wall - start) / own.wall
        self.value(f"inventory of {largest}: wall beyond the engine's own list and Ansible's start, as a share of the list", beyond, "0.2")
        self.ratio(f"inventory of {largest}: CPU seconds, a bare inventory", ours.cpu, bare.cpu)
        self._growth("inventory of", OURS)

    def _waits(self) -> None:
        numbers = self.bench.numbers
        for number in range(sum(name.endswith(" length") for name in numbers)):
            length = numbers[f"wait {number} length"]
            self.value(f"wait of {length:.1f} s: noticed late, as a share of it", numbers[f"wait {number} late"] / length, "0.1")
            self.value(f"wait of {length:.1f} s: requests a second", numbers[f"wait {number} rate"], "1")

    def _engine(self) -> None:
        numbers = self.bench.numbers
        self.value("embedded engine: start, seconds", numbers["start"], "0.5")
        self.rows.append(f"| embedded engine: GETs of one VM in a second of one processor | {numbers['gets']:.0f} | | | at least 1000 |")
        self.value("embedded engine: GETs of one VM a second over one connection of `requests`", numbers["gets over one connection"])
        self.value("embedded engine: list of 10,000 VMs with NICs and disks, CPU seconds", numbers["list"])
        self.value("embedded engine: peak memory with 10,000 VMs and that list, MB", numbers["memory"])


def plot(bench: Bench) -> str:
    """Bars of wall seconds by object, on a logarithmic scale, without a library."""
    chosen = [one for one in bench.costs if one.who in (OURS, THEIRS) and not one.what.startswith("wait")]
    bars, low = [], min(one.wall / one.objects for one in chosen) / 2
    span = math.log10(max(one.wall / one.objects for one in chosen) / low)
    for number, one in enumerate(chosen):
        each, top = one.wall / one.objects, 20 + number * 24
        width = 420 * math.log10(each / low) / span
        colour = "#2a7" if one.who == OURS else "#b55"
        bars.append(f'<text x="290" y="{top + 13}" text-anchor="end">{one.what} ({one.who})</text>'
                    f'<rect x="300" y="{top}" width="{width:.0f}" height="17" fill="{colour}"/>'
                    f'<text x="{305 + width:.0f}" y="{top + 13}">{each * 1000:.3g} ms</text>')
    height = 40 + len(chosen) * 24
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="820" height="{height}" font-family="sans-serif" font-size="12">'
            f'<rect width="100%" height="100%" fill="white"/>{"".join(bars)}</svg>\n')
