# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of disks. ``POST /disks`` takes any, and whatever comes after that refuses some (``ValidI18NName``): such a disk can be neither attached
nor changed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem

_LEGAL = re.compile(r"[\w.-]*")


def illegal_name(title: str, name: Any, *, there: bool = False) -> Iterator[Problem]:
    """
    :param title: the disk, for the message.
    :param name: the name that it has or gets.
    :param there: whether it exists, and is to be changed.
    """
    if _LEGAL.fullmatch(str(name or "")):
        return
    rule = "names of disks are made of letters, digits, '-', '_' and '.'"
    if there:
        yield Problem(f"{title} cannot be changed: {rule}.", "Give it another name first: its id, with name.")
    else:
        yield Problem(f"{title} cannot have the name {name!r}: {rule}.", "Choose another name.")
