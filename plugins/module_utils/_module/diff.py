# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What ``--diff`` prints: what changes and nothing else, and above it how that reaches what runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Unit
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome


def of_one(outcome: Outcome) -> dict[str, Any]:
    return _headed(outcome.diff, _said(outcome.effects))


def of_several(units: Sequence[Unit]) -> dict[str, Any]:
    changed = [unit for unit in units if unit.outcome.changed]
    diff = {side: {unit.title: values for unit in changed if (values := getattr(unit.outcome, side) or {})} for side in ("before", "after")}
    said = {unit.title: text for unit in changed if (text := _said(unit.outcome.effects))}
    alike = len(said) == len(changed) and len(set(said.values())) == 1
    return _headed(diff, next(iter(said.values())) if alike else "; ".join(f"{title}: {text}" for title, text in said.items()))


def standing_on(shown: Mapping[str, Any], not_yet: Sequence[str]) -> dict[str, Any]:
    """With what it stands on that former tasks of a run in check mode would have made."""
    if not not_yet:
        return dict(shown)
    header = f"not there yet: {', '.join(not_yet)}"
    return {**shown, "after_header": f"{shown['after_header']}; {header}" if shown.get("after_header") else header}


def _said(effects: Mapping[str, str]) -> str:
    return ", ".join(f"{option} ({effect})" for option, effect in effects.items())


def _headed(diff: Mapping[str, Any], header: str) -> dict[str, Any]:
    return {**diff, "after_header": header} if header else dict(diff)
