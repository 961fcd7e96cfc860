# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab of the host roles: user-lands in name spaces, machines under emulation. Everything heavy is cached outside the checkout."""
from __future__ import annotations
