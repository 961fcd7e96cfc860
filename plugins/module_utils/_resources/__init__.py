# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Floor 3: what the kinds are. One file each, declared in the language of the files that begin with ``_``; ``_catalogue`` has them all."""

from __future__ import annotations
