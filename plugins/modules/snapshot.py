#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot
short_description: Manage snapshots of VMs
version_added: 1.0.0
description:
  - Takes, previews, commits, restores and removes snapshots of a VM, told apart by their description.
  - Two snapshots of one description are an error that lists their ids and dates, unless O(id) is given.
  - A VM on its way (starting, stopping, migrating, locked) is waited for; one that stays as it is is refused before anything is written.
  - A live snapshot that the engine shows as C(ok) may still fail afterwards; the module waits for the engine's job and tells why it failed.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the snapshot, instead of O(description). With both, the snapshot gets that description.
    type: str
  vm:
    description:
      - VM, by name or id.
    type: str
  description:
    description:
      - Description, which is its name.
      - Cannot be changed later.
    type: str
  memory:
    description:
      - At creation, whether the memory of a VM that runs is kept, too. V(false) when it is left out. A VM that is down has none.
    type: bool
  disks:
    description:
      - At creation, disks by name or id that are part of it; all of them when it is left out, and only the configuration of the VM when it is empty.
    type: list
    elements: str
  restore_memory:
    description:
      - Whether a preview, commit or restore brings the memory back, too.
    type: bool
  state:
    description:
      - What the snapshot is to be.
      - 'V(present): It exists with the options given.'
      - 'V(previewed): The VM, which has to be down, shows what it was then; to be followed by V(committed) or V(undone). With O(restore_memory) it is suspended
        meanwhile.'
      - 'V(committed): The VM is what it was then, for good; newer snapshots are gone. Ends a preview, or begins and ends one. Nothing is done where no
        newer snapshot was taken and the VM has not run since.'
      - 'V(undone): A preview of it is ended, and the VM is again what it was before.'
      - 'V(restored): The VM, which has to be down, is made what it was then, in one request; newer snapshots are gone. This is done every time.'
      - 'V(absent): It does not exist. Of a VM that runs it is merged live, and that is waited for.'
    type: str
    choices:
      - present
      - previewed
      - committed
      - undone
      - restored
      - absent
    default: present
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.changes
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.snapshot_info
"""

EXAMPLES = r"""
---
- name: Take a snapshot before an update
  virtops.ovirt.snapshot:
    vm: web1
    description: before update

- name: Look at what was then; the VM has to be down
  virtops.ovirt.snapshot:
    vm: web1
    description: before update
    state: previewed

- name: Keep it that way
  virtops.ovirt.snapshot:
    vm: web1
    description: before update
    state: committed

- name: Keep nothing but the configuration of a VM
  virtops.ovirt.snapshot:
    vm: web1
    description: settings of today
    disks: []

- name: See which newer snapshots would go with it, before the VM is made what it was
  virtops.ovirt.snapshot:
    vm: web1
    description: before update
    state: restored
  check_mode: true
  diff: true

- name: Remove it, merging live when the VM runs
  virtops.ovirt.snapshot:
    vm: web1
    description: before update
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the snapshot. Null when there is none.
  returned: success
  type: str
snapshot:
  description:
    - The snapshot as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the snapshot.
      returned: success
      type: str
    description:
      description:
        - Description, which is its name.
      returned: success
      type: str
    memory:
      description:
        - At creation, whether the memory of a VM that runs is kept, too. V(false) when it is left out. A VM that is down has none.
      returned: success
      type: bool
    status:
      description:
        - 'Status: C(ok), C(locked) while it is made or removed, or C(in_preview).'
      returned: success
      type: str
    type:
      description:
        - C(regular), C(active), C(stateless) or C(preview).
      returned: success
      type: str
    date:
      description:
        - When it was taken, in milliseconds since the epoch.
      returned: success
      type: int
    taken:
      description:
        - The same as text, in UTC.
      returned: success
      type: str
    newer:
      description:
        - Descriptions of the snapshots that were taken after it; they go when it is committed or restored.
      returned: success
      type: list
      elements: str
before:
  description:
    - The snapshot as it was before, with the keys of RV(snapshot). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(snapshot).
  returned: always
  type: dict
diff:
  description:
    - What changes, and nothing else.
  returned: always
  type: dict
  contains:
    before:
      description:
        - Options that change, as they were.
      returned: always
      type: dict
    after:
      description:
        - The same options as they are now.
      returned: always
      type: dict
    after_header:
      description:
        - How the changes reach what runs, and in check mode what they stand on that is not there yet, as C(--diff) prints it above them.
      returned: when there is any of it
      type: str
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
effects:
  description:
    - 'For each changed option of something that runs, how the change reaches it: V(live), V(hotplug), V(next_run) or V(needs_down).'
  returned: always
  type: dict
correlation_id:
  description:
    - That of the last step.
  returned: success
  type: str
job:
  description:
    - The engine's job of the last step, where its answer named one.
  returned: success
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_state_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.snapshot import SNAPSHOT


def main() -> None:
    run_state_module(SNAPSHOT)


if __name__ == "__main__":
    main()
