# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Console and display of a VM, and what a person at it may do."""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    LIVE,
    NEXT_RUN,
    Bool,
    Enum,
    Group,
    Int,
    ListOf,
    Text,
    Wire,
    Wires,
    dig,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Situation


class SingleSignOn(Bool):
    """One method, or none."""

    def read(self, wire: Wire) -> bool:
        return bool(dig(wire, self.where))

    def to_wire(self, native: bool) -> Wires:
        return [{"id": "guest_agent"}] if native else []


@dataclass(frozen=True, eq=False)
class VideoType(Enum):
    def write(self, body: Wire, native: str) -> None:
        """See ``display``: a body that names it replaces the consoles."""


GRAPHICS = ListOf(
    "graphics",
    (
        "Graphical consoles: V(spice), V(vnc), both, or an empty list for a headless VM.",
        "Changing them on a running VM takes effect at its next start.",
    ),
    path="graphics_consoles.graphics_console",
    each=Enum("protocol", "", path="protocol", choices=("spice", "vnc")),
    effect=NEXT_RUN,
)

CONSOLE = Group(
    "console",
    "Display and console.",
    fields=(
        VideoType(
            "video_type",
            (
                "Video device. SPICE takes V(qxl) alone, VNC all; V(bochs) needs UEFI firmware and compatibility version 4.6, V(cirrus) 4.2.",
                "When it is left out, it stays as it is while the consoles take it, and is V(qxl) for SPICE and V(vga) for VNC where they do not.",
            ),
            path="display.video_type",
            choices=("bochs", "cirrus", "vga", "qxl"),
            effect=NEXT_RUN,
        ),
        Int("monitors", "Number of monitors. More than one needs SPICE.", path="display.monitors", least=1, effect=NEXT_RUN),
        Bool(
            "single_qxl_pci",
            "Whether several monitors share one QXL device. Engines of 4.5 decide that by the operating system, take the option and do not keep it.",
            path="display.single_qxl_pci",
            write_only=True,
        ),
        Bool(
            "smartcard",
            "Whether a smart card of the client's machine is passed through, which needs SPICE. M(virtops.ovirt.smartcard) does it for many VMs.",
            path="display.smartcard_enabled",
            effect=NEXT_RUN,
        ),
        Bool("file_transfer", "Whether files can be dragged into a SPICE console.", path="display.file_transfer_enabled", effect=NEXT_RUN),
        Bool("copy_paste", "Whether the clipboard is shared with a SPICE console.", path="display.copy_paste_enabled", effect=NEXT_RUN),
        SingleSignOn(
            "single_sign_on",
            "Whether who opens the console is logged in to the guest, by its agent.",
            path="sso.methods.method",
            effect=LIVE,
        ),
        Bool("allow_override", "Whether another user may take over a connected console.", path="display.allow_override", effect=LIVE),
        Text(
            "keyboard_layout",
            "Keyboard layout of VNC, for example V(de). An empty string takes the engine's default.",
            path="display.keyboard_layout",
            effect=NEXT_RUN,
        ),
        Enum(
            "disconnect_action",
            "What happens to the guest when the console is closed.",
            path="display.disconnect_action",
            choices=("none", "lock_screen", "logout", "reboot", "shutdown"),
            effect=LIVE,
        ),
        Int("disconnect_action_delay", "Minutes before the disconnect action is taken.", path="display.disconnect_action_delay", least=0, effect=LIVE),
        Bool("serial", "Whether it has a serial console over SSH.", path="console.enabled", effect=NEXT_RUN),
        Bool("usb", "Whether USB devices of the client's machine are passed through.", path="usb.enabled", effect=NEXT_RUN),
        Enum(
            "usb_type",
            "How USB is passed through. V(native) is the only one that current engines know.",
            path="usb.type",
            choices=("legacy", "native"),
            effect=NEXT_RUN,
            only_with=("usb", True),
        ),
        Bool("soundcard", "Whether it has a sound device.", path="soundcard_enabled", effect=LIVE),
    ),
)


def leave_out_what_is_not_shown(situation: Situation) -> None:
    """The engine tells nothing of the display of a VM that has no graphical console: there is nothing to compare with, and nobody to see a difference."""
    if situation.current is None or "console" not in situation.wanted or situation.effective("graphics"):
        return
    hidden = {item.option for item in CONSOLE.fields if item.where.startswith("display.")}
    situation.wanted["console"] = {option: value for option, value in situation.wanted["console"].items() if option not in hidden}
