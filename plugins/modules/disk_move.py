#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: disk_move
short_description: Move disks to other storage domains, also while their VMs run
version_added: 1.0.0
description:
  - Moves single disks, all disks of VMs, or everything on a storage domain, to one storage domain or to the best of several.
  - A disk of a VM that is up or paused is moved live, every other one is copied over. Disks that are on one of O(targets) already stay as they are.
  - 'Before the first disk is moved all of them are looked at: status, purpose and space of the storage domains, disk profiles and quotas there, the state
    of VMs and snapshots, shared disks, ISO images in use and direct LUNs, templates that thin disks stand on. What stands against any of them is named
    at once.'
  - Space is reckoned as the engine does, with the overhead of layered disks and of the replica of a live move. What a storage domain keeps free stays free
    (C(critical_space) in M(virtops.ovirt.storage_domain)); a plan that leaves less than C(warning_low_space) gives a warning.
  - 'After a killed or failed run, run the task again: moves that are still under way on the engine are waited for, not started a second time.'
author:
  - virtops.ovirt contributors (@virtops)
options:
  disks:
    description:
      - Disks, by name or id. A name is looked for among the disks of O(vms) and on O(source), where these are given.
    type: list
    elements: str
  vms:
    description:
      - VMs, by name or id. Without O(disks), all their disks are meant.
    type: list
    elements: str
  source:
    description:
      - Storage domain, by name or id, that the disks are on. Without O(disks) and O(vms), everything on it is meant.
    type: str
  targets:
    description:
      - Storage domains, by name or id, of the same data center. Of several, the one with the most space left at that point of the plan is taken.
    type: list
    elements: str
    required: true
  templates:
    description:
      - What happens to disks of templates, which the engine cannot move.
      - V(copy) puts a copy on the target, which thin disks need in order to follow; the one on the source stays. V(move) also removes the one on O(source),
        once nothing there stands on it any more. V(keep) leaves them alone, V(refuse) fails before anything is written.
    type: str
    choices:
      - copy
      - move
      - keep
      - refuse
    default: copy
  disk_profile:
    description:
      - Disk profile, by name or id, that the disks get; only targets that have it are taken. The engine chooses when it is left out.
    type: str
  quota:
    description:
      - Quota of the data center, by name or id, that their space counts against from then on. They keep theirs when it is left out.
    type: str
  per_source:
    description:
      - How many disks are moved away from one storage domain at a time.
    type: int
    default: 2
  per_target:
    description:
      - How many disks are moved to one storage domain at a time.
    type: int
    default: 2
notes:
  - 'Disks of one VM move one after the other: the engine answers the request for a second live move only when the first is over.'
  - With O(wait=false) a task ends when the engine has taken every move on. O(per_source) and O(per_target) limit what is begun at a time, not what then
    goes on.
  - What is going on shows with C(-v).
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.operation
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.disk
  - module: virtops.ovirt.disk_info
  - module: virtops.ovirt.storage_domain_upgrade
"""

EXAMPLES = r"""
---
- name: Move the disks of a VM that runs
  virtops.ovirt.disk_move:
    vms: [db01]
    targets: [fast]

- name: Move one disk of it, found among the disks of that VM
  virtops.ovirt.disk_move:
    vms: [db01]
    disks: [db01_data]
    targets: [fast]

- name: Show what emptying a storage domain would take, in bytes and disk by disk
  virtops.ovirt.disk_move:
    source: old
    targets: [new1, new2]
  check_mode: true
  register: plan

- name: Empty it, with the disks of templates, for a quota and a disk profile of the new storage
  virtops.ovirt.disk_move:
    source: old
    targets: [new1, new2]
    templates: move
    quota: tier1
    disk_profile: gold

- name: Empty it, four disks at a time, going on after a failure
  virtops.ovirt.disk_move:
    source: old
    targets: [new1, new2]
    at_once: 4
    per_source: 4
    on_failure: go_on
    timeout: 86400
"""

RETURN = r"""
results:
  description:
    - One for each object.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the object.
      returned: always
      type: str
    changed:
      description:
        - Whether something was asked of the engine for it; or would be in check mode.
      returned: always
      type: bool
    before:
      description:
        - What changes of it, as it was.
      returned: always
      type: dict
    after:
      description:
        - The same as it is now, or would be in check mode.
      returned: always
      type: dict
    steps:
      description:
        - What was asked of the engine, in order; or would be in check mode.
      returned: always
      type: list
      elements: dict
      contains:
        do:
          description:
            - One of V(create), V(update), V(remove) and V(act).
          returned: always
          type: str
        says:
          description:
            - The step in words.
          returned: always
          type: str
        correlation_id:
          description:
            - Under it the engine keeps jobs and events of the step.
          returned: when it was sent
          type: str
        job:
          description:
            - The engine's job of the step, where the answer named one.
          returned: when it was sent
          type: str
        settled:
          description:
            - Whether its end was waited for.
          returned: when it was sent
          type: bool
    failed:
      description:
        - Whether the work on it failed.
      returned: when it failed
      type: bool
    skipped:
      description:
        - That it was not begun, because another one failed.
      returned: when it was not begun
      type: bool
    msg:
      description:
        - Why.
      returned: when it failed or was not begun
      type: str
    name:
      description:
        - Name of the disk.
      returned: success
      type: str
    vms:
      description:
        - VMs that have it.
      returned: success
      type: list
      elements: str
    action:
      description:
        - V(move), V(copy) and V(remove) for disks of templates, V(wait) for what was under way already, or V(none).
      returned: success
      type: str
    bytes:
      description:
        - Bytes it takes on the target.
      returned: success
      type: int
    live:
      description:
        - Whether its VM runs meanwhile.
      returned: success
      type: bool
handles:
  description:
    - 'What M(virtops.ovirt.job) waits for later: correlation ids and jobs of what goes on, after O(wait=false).'
  returned: always
  type: list
  elements: str
bytes:
  description:
    - Bytes that the whole plan moves.
  returned: success
  type: int
targets:
  description:
    - For each target, C(available_after), the bytes that the plan leaves there for further disks.
  returned: success
  type: dict
left:
  description:
    - 'What stays, of the engine''s own on O(source), and direct LUNs of O(vms): C(id), C(name) and C(content_type).'
  returned: success
  type: list
  elements: dict
diff:
  description:
    - What changes, and nothing else, by object.
  returned: always
  type: dict
  contains:
    before:
      description:
        - Members that change, as they were.
      returned: always
      type: dict
    after:
      description:
        - The same members as they will be.
      returned: always
      type: dict
    after_header:
      description:
        - How the changes reach what runs, and in check mode what they stand on that is not there yet, as C(--diff) prints it above them.
      returned: when there is any of it
      type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_operation_module
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.disk_move import DISK_MOVE


def main() -> None:
    run_operation_module(DISK_MOVE)


if __name__ == "__main__":
    main()
