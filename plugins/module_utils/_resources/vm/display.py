# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Consoles and the video device together, since the engine refuses to edit or to start what has a pair that its guest does not take.

A body that names a video type replaces all consoles by the one that it stands for; one that names a type lets the engine pick the video device.
Only a change of a VM takes the video type itself: a new VM has that of what it is made of, and a template that of its VM. Requests about consoles
leave the video device as it is, but the last one that goes takes it along. So the body says both, and what it leaves of consoles is put right after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import CREATE, REMOVE, UPDATE, Leaves, Problem, Reader, Situation, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import reported

TAKES = {"spice": ("qxl",), "vnc": ("vga", "qxl", "bochs", "cirrus")}
"""The video types of each console, for all guests but those of ppc64."""
BLANK = "00000000-0000-0000-0000-000000000000"
CONSOLE_IDS = {"spice": "7370696365", "vnc": "766e63"}
"""Ids of graphical consoles: their protocols in hexadecimal."""
UEFI = frozenset({"q35_ovmf", "q35_secure_boot"})
MADE_OF = "made_of"
PLACE = "place"
"""Facts: consoles and video device of what a new one is made of, and the cluster, where the video type depends on it."""


@dataclass(frozen=True)
class Display:
    """What a body says of the display, the consoles that it leaves and those that are wanted, and the video type that a new VM is given afterwards."""

    body: Wire = field(default_factory=dict)
    leaves: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    video: str = ""
    afterwards: bool = False


def video_wanted(situation: Situation) -> str:
    return (situation.wanted.get("console") or {}).get("video_type") or ""


def plan(situation: Situation) -> Display:
    video, graphics = video_wanted(situation), situation.wanted.get("graphics")
    if graphics is None and not video:
        return Display()
    have = _now(situation)
    wants = tuple(graphics if graphics is not None else have[0] if have else (_console_of(video),))
    if not wants:
        return Display(leaves=have[0]) if have else Display({"type": "vnc"}, ("vnc",))
    if have and set(wants) == set(have[0]) and video in ("", have[1]):
        return Display(leaves=have[0], wants=have[0])
    target = video or (have[1] if have and _fits(wants, have[1]) else "qxl" if "spice" in wants else "vga")
    if have and target == have[1] and have[0] and not _waits(situation):
        return Display(leaves=have[0], wants=wants, video=target)
    console = _console_of(target)
    if situation.current is not None and situation.resource.kind == "vm" or target == "qxl":
        return Display({"type": console, "video_type": target}, (console,), wants, target)
    if have and target == have[1]:
        return Display({"video_type": target}, (console,), wants, target)
    return Display({"type": console, "video_type": target}, (console,), wants, target, afterwards=bool(video))


def _console_of(video: str) -> str:
    return "spice" if video == "qxl" else "vnc"


def _fits(graphics: tuple[str, ...], video: str) -> bool:
    return all(video in TAKES[protocol] for protocol in graphics)


def _now(situation: Situation) -> tuple[tuple[str, ...], str] | None:
    """Consoles and video type as they are, or as they come along; None where nobody knows."""
    if situation.current is None:
        known: tuple[tuple[str, ...], str] | None = situation.facts.get(MADE_OF)
        return known
    wire = situation.wire or situation.facts.get("vm") or {}
    return tuple(situation.current.get("graphics") or ()), str(dig(wire, "display.video_type") or "").lower()


def _waits(situation: Situation) -> bool:
    """Whether a configuration waits for the next start, which has consoles of its own."""
    return reported.RUNNING in (situation.wire or {})


# -- looking


def gather(reader: Reader, situation: Situation) -> None:
    video, graphics = video_wanted(situation), situation.wanted.get("graphics")
    comes_along = situation.current is None and situation.resource.kind != "template"
    if comes_along and (video or graphics is not None) and "spice" not in (graphics or ()):
        situation.facts[MADE_OF] = _origin(reader, situation)
    if video in ("bochs", "cirrus") and situation.effective("cluster"):
        situation.facts[PLACE] = reader.get(f"clusters/{situation.effective('cluster')['id']}")


def _origin(reader: Reader, situation: Situation) -> tuple[tuple[str, ...], str] | None:
    wanted = situation.wanted
    if situation.resource.kind == "instance_type":
        return ("vnc",), "vga"
    if wanted.get("from_snapshot"):
        return None
    source = wanted.get("instance_type") or wanted.get("template") or {"id": BLANK}
    place = "instancetypes" if wanted.get("instance_type") else "templates"
    wire = reader.get(f"{place}/{source['id']}", follow=("graphics_consoles",)) if source["id"] else None
    if wire is None:
        return None
    consoles = tuple(str(one["protocol"]).lower() for one in dig(wire, "graphics_consoles.graphics_console") or [])
    return consoles, str(dig(wire, "display.video_type") or "").lower()


# -- what stands against it


def rules(situation: Situation) -> Iterator[Problem]:
    if not situation.state.exists:
        return
    shown = plan(situation)
    if shown.video:
        yield from _pairs(situation, shown)
        yield from _reached(situation, shown)
    yield from _broken(situation, shown)


def _pairs(situation: Situation, shown: Display) -> Iterator[Problem]:
    title, video = situation.title, shown.video
    system = str((situation.effective("os") or {}).get("type") or "")
    if system.endswith("ppc64") and (video != "vga" or "spice" in shown.wants):
        yield Problem(f"The operating system {system} of {title} takes a VNC console with the video type vga only.", "Use graphics: [vnc].")
        return
    for protocol in shown.wants:
        if video not in TAKES[protocol]:
            yield Problem(
                f"The video type {video} does not go with the {protocol.upper()} console of {title}, which takes {' or '.join(TAKES[protocol])}.",
                "Change graphics, or console.video_type, or both.",
            )
    yield from _by_place(situation, video)


def _by_place(situation: Situation, video: str) -> Iterator[Problem]:
    cluster = situation.facts.get(PLACE)
    if cluster is None or video not in ("bochs", "cirrus"):
        return
    version = dig(cluster, "version") or {}
    level = (int(version.get("major", 4)), int(version.get("minor", 8)))
    if video == "bochs" and level < (4, 6) or video == "cirrus" and level > (4, 2):
        needs = "a cluster of compatibility version 4.6 or later" if video == "bochs" else "a cluster of compatibility version 4.2"
        yield Problem(f"The video type {video} of {situation.title} needs {needs}; {cluster.get('name')} has {level[0]}.{level[1]}.", "Use vga.")
    firmware = situation.effective("bios_type")
    firmware = dig(cluster, "bios_type") if firmware in (None, "cluster_default") else firmware
    if video == "bochs" and firmware not in UEFI:
        yield Problem(f"The video type bochs of {situation.title} needs UEFI, and its firmware is "
                      f"{firmware}.", "Use bios_type: q35_ovmf, or another video type.")


def _reached(situation: Situation, shown: Display) -> Iterator[Problem]:
    """Pairs that the engine has no request for."""
    if situation.resource.kind != "vm" and shown.afterwards:
        now = _now(situation)
        yield Problem(
            f"The engine lets nobody choose the video type {shown.video} for {situation.title}"
            + (f", which has {now[1] or 'none'} from its VM." if now else "."),
            "Leave console.video_type out, or give it to the VM and make the template again.",
        )
    if needs_down(situation):
        consoles = " and ".join(protocol.upper() for protocol in shown.wants)
        waits = "while another configuration waits for its next start" if not shown.body else "together with its video device"
        if situation.state.name != "stopped" and situation.wanted.get("on_running") != "restart":
            yield Problem(
                f"{situation.title} runs, and cannot be given the console {consoles} {waits}.",
                f"Use state: stopped, on_running: restart, or graphics: [{_console_of(shown.video)}].",
            )


def needs_down(situation: Situation) -> bool:
    """Whether requests about consoles would be lost at the next start, since what waits for it has consoles of its own."""
    shown = plan(situation)
    runs = (situation.current or {}).get("status") not in (None, "down", "image_locked") and situation.resource.kind == "vm"
    return runs and set(shown.leaves) != set(shown.wants) and bool(shown.body or _waits(situation))


def _broken(situation: Situation, shown: Display) -> Iterator[Problem]:
    """What is there has a pair that makes the engine refuse every edit."""
    now = _now(situation) if situation.current is not None and situation.resource.kind != "instance_type" else None
    if now is None or not now[0] or not now[1] or _fits(now[0], now[1]) or shown.body or not situation.changes():
        return
    takes = TAKES["spice" if "spice" in now[0] else "vnc"][0]
    yield Problem(
        f"{situation.title} has {' and '.join(one.upper() for one in now[0])} with the video type {now[1]}, and the engine refuses every edit of that.",
        f"Add console: {{video_type: {takes}}} to the task.",
    )


# -- bodies and steps


def write(body: Wire, situation: Situation) -> Wire:
    """The body with what it has to say of consoles and video device."""
    said = plan(situation).body
    return {**body, "display": {**body.get("display", {}), **said}} if said else body


def left(situation: Situation) -> Leaves:
    """The consoles that a body leaves, for ``Step.leaves``."""
    shown = plan(situation)
    return consoles_at(situation.own_path, shown.leaves) if shown.body else ()


def born(situation: Situation) -> Leaves:
    """Those of a new object."""
    shown = plan(situation)
    return consoles_at(f"{situation.collection}/{{new}}", shown.leaves if shown.body or shown.wants else ("vnc",))


def consoles_at(place: str, protocols: Sequence[str]) -> Leaves:
    return tuple((f"{place}/graphicsconsoles/{one}", {"protocol": protocol} if protocol in protocols else None) for protocol, one in CONSOLE_IDS.items())


def waiting(native: Wire) -> Wire:
    """The part of a body that keeps a video type which waits for the next start."""
    video = native.get("video_type")
    return {"display": {"type": _console_of(video), "video_type": video}} if video else {}


def before(situation: Situation) -> Iterator[Step]:
    """Consoles that have to be right before the change of the object: several monitors are refused beside VNC."""
    shown = plan(situation)
    if not shown.body and _monitors(situation) > 1:
        yield from _consoles(situation, shown)


def after(situation: Situation) -> Iterator[Step]:
    """The rest: one is added before another goes, so that the video device stays."""
    shown = plan(situation)
    if situation.current is None and shown.afterwards and situation.resource.kind == "vm":
        says = f"give {situation.title} the video type {shown.video}"
        yield Step(UPDATE, says, situation.own_path, body={"display": {"type": _console_of(shown.video), "video_type": shown.video}})
    if shown.body or _monitors(situation) <= 1 or situation.current is None:
        yield from _consoles(situation, shown)


def _monitors(situation: Situation) -> int:
    return int((situation.wanted.get("console") or {}).get("monitors") or 1)


def _consoles(situation: Situation, shown: Display) -> Iterator[Step]:
    path = f"{situation.own_path}/graphicsconsoles"
    for protocol in shown.wants:
        if protocol not in shown.leaves:
            says = f"add the {protocol} console of {situation.title}"
            leaves: Leaves = ((f"{path}/{CONSOLE_IDS[protocol]}", {}),)
            yield Step(CREATE, says, path, body={"protocol": protocol}, look_for=("protocol", protocol), leaves=leaves)
    for protocol in shown.leaves:
        if protocol not in shown.wants:
            yield Step(REMOVE, f"remove the {protocol} console of {situation.title}", f"{path}/{CONSOLE_IDS[protocol]}")
