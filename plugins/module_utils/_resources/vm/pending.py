# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What will wait for the next start of a VM that runs, once a plan has been carried out: the result's ``pending``, foretold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import HOTPLUG, LIVE, Field, Struct
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Situation
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import display, reported

Put = tuple[Sequence[str], bool]
"""The options of a request that changes the VM, and whether it only says what is to be at the next start."""


def foreseen(situation: Situation, puts: Iterable[Put]) -> dict[str, Any]:
    current = situation.current or {}
    found = dict(current.get("pending") or {})
    shown = display.plan(situation)
    wanted = {**situation.wanted, **with_what_comes_along(situation)}
    for options, later in puts:
        along = {"console"} if "graphics" in options else set()
        for option in {*options, *along} - {"graphics"}:
            _lay(found, situation.resource.field_of(option), wanted.get(option, {}), current, later)
    drawn = sorted(one["protocol"] for one in current.get("consoles") or [])
    if shown.wants and drawn:
        found.pop("graphics", None)
        if drawn != sorted(shown.wants):
            found["graphics"] = {"running": drawn, "next_run": sorted(shown.wants)}
    return found


def with_what_comes_along(situation: Situation) -> dict[str, dict[str, Any]]:
    """Options as wanted, with members that the engine sets to go with them: the video device of consoles, the one type of USB that engines know, the
    policy of processors that are pinned one by one.
    """
    shown = display.plan(situation)
    console = dict(situation.wanted.get("console") or {})
    if shown.body and shown.video:
        console["video_type"] = shown.video
    if "usb" in console:
        console.setdefault("usb_type", "native" if console["usb"] else None)
    cpu = dict(situation.wanted.get("cpu") or {})
    if "pinning" in cpu:
        cpu.setdefault("pinning_policy", "manual" if cpu["pinning"] else "none")
    return {option: members for option, members in (("console", console), ("cpu", cpu)) if members}


def _lay(found: dict[str, Any], item: Field, wanted: Any, current: Mapping[str, Any], later: bool) -> None:
    """What waits of one option, when that is wanted of it."""
    now = current.get(item.option)
    runs = reported.running(current, item.option) if item.option in found else now
    configured = item.merged(wanted, now)
    if not later:
        runs = _at_once(item, wanted, runs)
    found.pop(item.option, None)
    if runs != configured:
        found[item.option] = dict(zip(("running", "next_run"), item.differing(configured, runs)))


def _at_once(item: Field, wanted: Any, runs: Any) -> Any:
    """What a VM runs with, once it has taken what it can of it."""
    if isinstance(item, Struct) and isinstance(wanted, Mapping):
        taken = {inner.option: _at_once(inner, wanted[inner.option], (runs or {}).get(inner.option)) for inner in item.fields if inner.option in wanted}
        return item.merged(taken, runs)
    return item.merged(wanted, runs) if item.effect_of(wanted, runs) in (LIVE, HOTPLUG) else runs
