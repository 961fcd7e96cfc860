# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User-lands of this machine's own architecture for tests, which are skipped with the reason where they cannot be had."""
from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Iterator

import pytest

from lab import roots
from lab.places import USER_LANDS, Skip, mirror, need

ARCHITECTURE = "amd64"


@contextlib.contextmanager
def user_land(kind: str) -> Iterator[Path]:
    if os.uname().machine != "x86_64":
        pytest.skip(f"the native user-land of the lab is {ARCHITECTURE}")
    try:
        need("mmdebstrap", "unshare", "setpriv", "mount")
        mirror(USER_LANDS[kind])
        with roots.unpacked(kind, ARCHITECTURE) as root:
            yield root
    except Skip as reason:
        pytest.skip(str(reason))
