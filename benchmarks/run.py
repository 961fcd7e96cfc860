# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same work on the same embedded engine in one run: this collection, the incumbent `ovirt.ovirt`, and the floors below both.

    make benchmark [ARGS='--quick']

Writes docs/benchmarks.md with an SVG, and every measurement to benchmarks/results.json.
"""
from __future__ import annotations

import argparse
import dataclasses
import json
import platform
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests" / "tools")]
import work  # noqa: E402  pylint: disable=wrong-import-position
import workspace  # noqa: E402  pylint: disable=wrong-import-position
from measure import Bench  # noqa: E402  pylint: disable=wrong-import-position
from report import Page, plot  # noqa: E402  pylint: disable=wrong-import-position


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes, one run each, nothing written")
    quick = parser.parse_args().quick
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="virtops-benchmark-") as name:
        bench = Bench(Path(name), 1 if quick else 3)
        work.no_op(bench, 5 if quick else 20)
        work.converged(bench, [100] if quick else [100, 1000, 10000], 100 if quick else 1000, 5 if quick else 30)
        work.inventories(bench, [100] if quick else [100, 1000, 5000, 10000], [100] if quick else [100, 1000])
        work.life(bench, 10 if quick else 100, 2 if quick else 10)
        work.real_costs(bench, 100 if quick else 300, 10 if quick else 100, 2 if quick else 10)
        work.evacuation(bench, 10 if quick else 200, 2 if quick else 10)
        work.waits(bench, [0.5] if quick else [1, 0.2, 0.1, 0.05])
        # The last: a child's peak memory is never less than what this process had at its own peak.
        work.engine_itself(bench)
    minutes = (time.monotonic() - begun) / 60
    page = Page(bench).text(bench.repeats, minutes)
    print(f"\n{page}")
    if not quick:
        docs = workspace.CHECKOUT / "docs"
        (docs / "benchmarks.md").write_text(page, encoding="utf-8")
        (docs / "benchmarks.svg").write_text(plot(bench), encoding="utf-8")
        results = {
            "machine": platform.platform(), "python": platform.python_version(), "minutes": minutes, "numbers": bench.numbers,
            "costs": [dataclasses.asdict(one) for one in bench.costs],
        }
        (HERE / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
