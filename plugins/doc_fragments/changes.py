# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that change something."""

    DOCUMENTATION = r"""
options:
  wait:
    description:
      - Whether to wait until the engine has finished what was asked of it, and fail when it fails.
      - With V(false) the task ends when the last request is accepted; RV(job) and RV(correlation_id) say what to look for later.
    type: bool
    default: true
  timeout:
    description:
      - Seconds for the whole task. Time that the engine needs to become ready for a request counts, too.
    type: int
    default: 900
notes:
  - An option that is left out is not managed. An explicitly empty value clears.
  - Objects are named by name or by id. Two of one name are an error that has the ids of both.
"""
