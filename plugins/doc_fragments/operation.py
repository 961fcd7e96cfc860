# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that carry out an operation on several objects."""

    DOCUMENTATION = r"""
options:
  at_once:
    description:
      - How many objects are worked on at a time.
    type: int
    default: 4
  on_failure:
    description:
      - What happens to the rest when the work on one object fails. In both cases the task fails at the end, with the list of what failed and why.
      - V(stop) finishes what is under way and begins nothing more.
      - V(go_on) does the rest.
    type: str
    choices: [stop, go_on]
    default: stop
  wait:
    description:
      - Whether to wait until the engine has finished what was asked of it, and fail when it fails.
      - With V(false) the task ends when the last request of each object is accepted; RV(handles) is what M(virtops.ovirt.job) waits for later. What
        has to be over before something else can begin is waited for all the same.
    type: bool
    default: true
  timeout:
    description:
      - Seconds for the whole task. Time that the engine needs to become ready for a request counts, too.
    type: int
    default: 3600
notes:
  - Everything is looked at before the first request that writes; what stands against the work is named for all objects at once.
  - Objects are named by name or by id. Two of one name are an error that has the ids of both.
"""
