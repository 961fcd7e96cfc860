# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Consoles and video devices: whatever pair is asked for is made in one run, can be edited afterwards and starts, or is refused before anything is written."""
from __future__ import annotations

from typing import Any

import pytest
from in_process import Estate
from samples import ESTATE, STAGE

SYSTEM = {"name": "system", "size": "1GiB", "storage_domain": "stage", "bootable": True}

PAIRS = [
    ("spice alone", {"graphics": ["spice"]}, "qxl"),
    ("both", {"graphics": ["spice", "vnc"]}, "qxl"),
    ("vnc alone", {"graphics": ["vnc"]}, "vga"),
    ("spice and what it takes", {"graphics": ["spice"], "console": {"video_type": "qxl"}}, "qxl"),
    ("vnc and qxl", {"graphics": ["vnc"], "console": {"video_type": "qxl"}}, "qxl"),
    ("qxl alone", {"console": {"video_type": "qxl"}}, "qxl"),
    ("bochs", {"graphics": ["vnc"], "console": {"video_type": "bochs"}, "bios_type": "q35_ovmf"}, "bochs"),
    ("no console", {"graphics": []}, None),
]
REFUSED = [
    ({"graphics": ["spice"], "console": {"video_type": "vga"}}, "The video type vga does not go with the SPICE console of VM law, which takes qxl."),
    ({"console": {"video_type": "bochs"}, "bios_type": "q35_sea_bios"}, "needs UEFI, and its firmware is q35_sea_bios"),
    ({"console": {"video_type": "cirrus"}}, "needs a cluster of compatibility version 4.2"),
]


def staged() -> Estate:
    estate = Estate()
    for name in ESTATE:
        estate.made(*STAGE[name])
    estate.made("vm", {"name": "origin", "cluster": "stage"})
    estate.line.writes.clear()
    return estate


def once(estate: Estate, options: dict[str, Any]) -> dict[str, Any]:
    """Makes it, after check mode has foretold it, and finds it made when asked again."""
    planned = estate.run("vm", options, check=True)
    assert planned["changed"] and not planned.get("failed") and estate.line.writes == [], planned.get("msg")
    made = estate.made("vm", options)
    assert made["changed"] and made["warnings"] == [] and made["diff"] == planned["diff"], (made["warnings"], made["diff"])
    estate.line.writes.clear()
    again = estate.run("vm", options)
    assert not again["changed"] and not again.get("failed") and estate.line.writes == [], (again.get("msg"), again["diff"])
    return made


def shown(result: dict[str, Any]) -> tuple[list[str], Any]:
    return sorted(result["after"]["graphics"]), result["after"]["console"]["video_type"]


def edited_and_started(estate: Estate) -> None:
    for options in ({"description": "edited"}, {"state": "running"}):
        result = estate.run("vm", {"name": "law", **options})
        assert result["changed"] and not result.get("failed"), result.get("msg")


@pytest.mark.parametrize(("options", "video"), [pytest.param(options, video, id=name) for name, options, video in PAIRS])
def test_a_new_vm(options: dict[str, Any], video: str | None) -> None:
    estate = staged()
    made = once(estate, {"name": "law", "cluster": "stage", "disks": [SYSTEM], **options})
    assert made["after"]["console"]["video_type"] == video or video is None
    assert sorted(made["after"]["graphics"]) == sorted(options.get("graphics", ["vnc"]))
    edited_and_started(estate)


@pytest.mark.parametrize("before", [["spice"], ["vnc"], ["spice", "vnc"], []])
@pytest.mark.parametrize(("options", "video"), [pytest.param(options, video, id=name) for name, options, video in PAIRS if "graphics" in options])
def test_a_vm_that_is_there(before: list[str], options: dict[str, Any], video: str | None) -> None:
    estate = staged()
    estate.made("vm", {"name": "law", "cluster": "stage", "disks": [SYSTEM], "graphics": before})
    result = estate.run("vm", {"name": "law", **options})
    assert not result.get("failed"), result["msg"]
    assert sorted(result["after"]["graphics"]) == sorted(options["graphics"])
    if (options.get("console") or {}).get("video_type"):
        assert result["after"]["console"]["video_type"] == video
    estate.line.writes.clear()
    again = estate.run("vm", {"name": "law", **options})
    assert not again["changed"] and not again.get("failed") and estate.line.writes == [], (again.get("msg"), again["diff"])
    edited_and_started(estate)


@pytest.mark.parametrize(("options", "words"), REFUSED)
@pytest.mark.parametrize("there", [False, True])
def test_pairs_that_the_engine_does_not_take_are_foretold(options: dict[str, Any], words: str, there: bool) -> None:
    estate = staged()
    if there:
        estate.made("vm", {"name": "law", "cluster": "stage"})
    estate.line.writes.clear()
    for check in (True, False):
        result = estate.run("vm", {"name": "law", "cluster": "stage", **options}, check=check)
        assert result.get("failed") and words in result["msg"], result
    assert estate.line.writes == []


def test_a_template_gets_the_consoles_and_lets_nobody_choose_its_video_device() -> None:
    estate = staged()
    estate.made("template", {"name": "golden", "vm": "origin", "graphics": ["spice", "vnc"]})
    assert not estate.run("template", {"name": "golden", "graphics": ["spice", "vnc"], "console": {"video_type": "qxl"}})["changed"]
    refused = estate.run("template", {"name": "golden", "graphics": ["vnc"], "console": {"video_type": "bochs"}, "bios_type": "q35_ovmf"}, check=True)
    assert "The engine lets nobody choose the video type bochs for template golden, which has qxl" in refused["msg"]
    estate.line.writes.clear()
    made = once(estate, {"name": "law", "cluster": "stage", "template": "golden", "graphics": ["vnc"], "console": {"video_type": "vga"}})
    assert shown(made) == (["vnc"], "vga")


def test_what_a_running_vm_has_at_its_next_start_is_not_changed_for_ever() -> None:
    estate = staged()
    estate.made("vm", {"name": "law", "cluster": "stage", "disks": [SYSTEM], "state": "running"})
    estate.clock.advance(10)
    refused = estate.run("vm", {"name": "law", "graphics": ["spice", "vnc"]}, check=True)
    assert "VM law runs, and cannot be given the console SPICE and VNC together with its video device" in refused["msg"]
    made = estate.run("vm", {"name": "law", "graphics": ["spice"]})
    assert made["changed"] and made["after"]["graphics"] == ["spice"]
    estate.line.writes.clear()
    assert not estate.run("vm", {"name": "law", "graphics": ["spice"]})["changed"] and estate.line.writes == []
    both = estate.run("vm", {"name": "law", "graphics": ["spice", "vnc"], "on_running": "restart", "force": True})
    assert not both.get("failed"), both["msg"]
    assert shown(both) == (["spice", "vnc"], "qxl") and both["after"]["status"] == "up"


def test_a_pair_from_elsewhere_that_the_engine_refuses_to_edit_is_told_with_the_remedy() -> None:
    estate = staged()
    made = estate.made("vm", {"name": "law", "cluster": "stage"})
    estate.client().create(f"vms/{made['id']}/graphicsconsoles", {"protocol": "spice"})
    refused = estate.run("vm", {"name": "law", "description": "x"}, check=True)
    assert "the engine refuses every edit of that" in refused["msg"] and "console: {video_type: qxl}" in refused["msg"]
    assert shown(estate.made("vm", {"name": "law", "description": "x", "console": {"video_type": "qxl"}})) == (["spice", "vnc"], "qxl")


def test_what_is_as_it_is_said_is_left_alone_whatever_the_pair() -> None:
    """The engine's own instance types have SPICE and vga."""
    estate = staged()
    assert not estate.run("instance_type", {"name": "Tiny", "graphics": ["spice", "vnc"]})["changed"]
    changed = estate.made("instance_type", {"name": "Tiny", "graphics": ["vnc"]})
    assert changed["changed"] and not estate.run("instance_type", {"name": "Tiny", "graphics": ["vnc"]})["changed"]
