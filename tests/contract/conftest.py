# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A table of the replayed areas at the end of a run."""
from __future__ import annotations

SCORES = ("status", "shape", "text", "value", "sequence")


def pytest_terminal_summary(terminalreporter) -> None:
    rows = [value for reports in terminalreporter.stats.values() for report in reports
            for name, value in getattr(report, "user_properties", []) if name == "contract" and report.when == "call"]
    if not rows:
        return
    terminalreporter.section("recordings of a real engine")
    terminalreporter.line(f"{'area':<16}{'steps':>7}{'clean':>7}{'share':>8}" + "".join(f"{name:>10}" for name in SCORES))
    for row in sorted(rows, key=lambda one: one["area"]):
        cells = "".join(f"{'-' if row['scores'][name] is None else format(row['scores'][name], '.1f'):>10}" for name in SCORES)
        terminalreporter.line(f"{row['area']:<16}{row['steps']:>7}{row['clean']:>7}{100 * row['clean'] / row['steps']:>7.1f}%{cells}")
    steps, clean = sum(row["steps"] for row in rows), sum(row["clean"] for row in rows)
    terminalreporter.line(f"{'all':<16}{steps:>7}{clean:>7}{100 * clean / steps:>7.1f}%")
