# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations


class ModuleDocFragment:
    """Attributes of the modules that change something, and (INFO) of those that only read."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Sends nothing that writes, and predicts the result.
    support: full
  diff_mode:
    description: Shows exactly what changes.
    support: full
  action_group:
    description: Use C(group/virtops.ovirt.all) in C(module_defaults) to give options to all modules of the collection.
    support: full
    membership:
      - virtops.ovirt.all
"""

    INFO = r"""
attributes:
  check_mode:
    description: Reads the same in check mode.
    support: full
  diff_mode:
    description: Changes nothing, so that there is nothing to show.
    support: N/A
  action_group:
    description: Use C(group/virtops.ovirt.all) in C(module_defaults) to give options to all modules of the collection.
    support: full
    membership:
      - virtops.ovirt.all
"""
