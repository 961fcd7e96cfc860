# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs on their way from one status to another, which are waited for where the engine would refuse them meanwhile."""

from __future__ import annotations

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import LOOK, Settle, Step

PASSING = frozenset({"image_locked", "powering_up", "powering_down", "wait_for_launch", "reboot_in_progress", "migrating", "saving_state", "restoring_state"})
"""A VM does not stay so."""
FALLING = frozenset({"image_locked", "powering_down"})
"""These lead to a VM that is down."""
STUCK = frozenset({"suspended", "unknown", "not_responding", "image_illegal", "unassigned"})


def rest(vm: Wire, path: str, good: frozenset[str]) -> list[Step]:
    """Waits until a VM that is on its way has come to one of these statuses; no step where it is not."""
    if vm.get("status") not in PASSING or vm.get("status") in good:
        return []
    return [Step(LOOK, f"wait until VM {vm.get('name')} is {' or '.join(sorted(good))}", path, settle=Settle(good=good, bad=STUCK - good))]
