# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""unpack.py DIRECTORY: a minimal Debian user-land of amd64, built with mmdebstrap the first time; `enter` runs commands in it."""
from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parents[3] / "tests/tools")]

from lab import places, roots  # noqa: E402

try:
    places.need("unshare", "mount", "tar")
    with roots.unpacked("minimal", "amd64", Path(sys.argv[1])):
        pass
except places.Skip as reason:
    sys.exit(str(reason))
