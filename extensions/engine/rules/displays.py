"""Consoles of a machine and its video device: what a body asks for, what the engine picks, and which go together.

The private member ``_graphics`` holds the protocols of the consoles.  A machine without a console has the video type ``none``.
"""

from __future__ import annotations

from typing import Any

from . import guest_os

NONE = "none"
# The console that a video type stands for, as clients of old had it.
CONSOLE_OF = {"qxl": "spice", "vga": "vnc", "cirrus": "vnc", "bochs": "vnc"}
NOT_BY_SYSTEM = "Selected display type is not supported by the operating system."
NOT_BY_FIRMWARE = "Selected display type is not supported by the firmware."


def take(row: dict[str, Any], body: dict[str, Any], level: tuple[int, int] | None, uefi: bool, *, sets_video: bool) -> None:
    """Take the display of a body into the row.

    The consoles are those of the video type, or else of the type.  A type lets the engine pick the video device anew; only the change of a
    machine takes the video type itself (``sets_video``).  ``level`` is None for what is in no cluster.
    """
    display = body.get("display") or {}
    video = display.get("video_type")
    protocol = CONSOLE_OF.get(video) if video else display.get("type")
    if protocol:
        row["_graphics"] = [protocol]
    if display.get("type"):
        row["display"].pop("video_type", None)
    if video and sets_video:
        row["display"]["video_type"] = video
    pick(row, level, uefi)


def pick(row: dict[str, Any], level: tuple[int, int] | None, uefi: bool) -> None:
    """The video type of a machine that has none, or one that its guest does not take."""
    system, known = (row.get("os") or {}).get("type") or guest_os.OTHER, row["display"].get("video_type")
    if known and (level is None or known == NONE or guest_os.takes_video(system, known, level)):
        return
    row["display"]["video_type"] = guest_os.video_type(row["_graphics"], row.get("type") == "server", uefi, level or guest_os.NEWEST, system)


def suit_consoles(row: dict[str, Any], body: dict[str, Any], level: tuple[int, int]) -> None:
    """Consoles that come along with a new machine give way to the one that its video device takes."""
    display = body.get("display") or {}
    if display.get("type") or display.get("video_type") or supported(row, level):
        return
    protocols = [protocol for protocol, video in guest_os.displays(row["os"]["type"], level) if video == row["display"].get("video_type")]
    row["_graphics"] = protocols[:1] or row["_graphics"]


def supported(row: dict[str, Any], level: tuple[int, int], graphics: list[str] | None = None) -> bool:
    pairs = guest_os.displays(row["os"]["type"], level)
    return all((protocol, row["display"].get("video_type")) in pairs for protocol in (row["_graphics"] if graphics is None else graphics))


def check(row: dict[str, Any], command: Any, level: tuple[int, int], uefi: bool) -> None:
    if not supported(row, level):
        raise command.refuses(400, NOT_BY_SYSTEM)
    if row["display"].get("video_type") == "bochs" and not uefi:
        raise command.refuses(400, NOT_BY_FIRMWARE)


def add_console(row: dict[str, Any], protocol: str) -> None:
    """A console by itself: the video device stays, unless this is the first console."""
    if not row["_graphics"] and row["display"].get("video_type") == NONE:
        row["display"] = {**row["display"], "video_type": "vga"}
    row["_graphics"] = [*row["_graphics"], protocol]


def remove_console(row: dict[str, Any], protocol: str) -> None:
    row["_graphics"] = [one for one in row["_graphics"] if one != protocol]
    if not row["_graphics"]:
        row["display"] = {**row["display"], "video_type": NONE}
