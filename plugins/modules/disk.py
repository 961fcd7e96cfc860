#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: disk
short_description: Manage disks
version_added: 1.0.0
description:
  - Creates, grows, changes and removes disks that stand by themselves or are attached to VMs.
  - Disks of a VM are best managed with O(virtops.ovirt.vm#module:disks), which finds them within the VM; a bare name in the whole estate may fit several
    disks, and then the id is needed.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the disk, instead of O(name). With both, the disk gets that name.
    type: str
  name:
    description:
      - 'Name (alias). The engine does not keep it unique: when several disks have it the module fails and lists their ids.'
    type: str
  description:
    description:
      - Description.
    type: str
  size:
    description:
      - Size a guest sees. Needed to make one; it can be made larger, also while a VM runs, never smaller.
      - With a unit, such as V(10GiB); a bare number is bytes.
    type: str
  storage_domain:
    description:
      - Storage domain, by name or id, it is made on. M(virtops.ovirt.disk_move) moves it later.
    type: str
  format:
    description:
      - Image format. V(cow) knows snapshots and grows, V(raw) is faster. V(cow) when it is left out.
      - Cannot be changed later.
    type: str
    choices:
      - cow
      - raw
  sparse:
    description:
      - Whether space is taken as it is written (V(true)) or at once. Follows O(format) when it is left out.
      - Cannot be changed later.
    type: bool
  content_type:
    description:
      - What it holds.
      - Cannot be changed later.
    type: str
    choices:
      - data
      - iso
      - memory_dump_volume
      - memory_metadata_volume
      - ovf_store
      - hosted_engine
      - hosted_engine_sanlock
      - hosted_engine_metadata
      - hosted_engine_configuration
      - backup_scratch
  shareable:
    description:
      - Whether several VMs can have it. Needs O(format=raw).
    type: bool
  wipe_after_delete:
    description:
      - Whether it is overwritten when it is deleted.
    type: bool
  propagate_errors:
    description:
      - Whether I/O errors reach the guest instead of pausing it.
    type: bool
  backup:
    description:
      - Whether incremental backups are possible.
    type: str
    choices:
      - none
      - incremental
  qcow_version:
    description:
      - Version of the C(cow) format.
    type: str
    choices:
      - qcow2_v2
      - qcow2_v3
  quota:
    description:
      - Quota, by name or id, that its space counts against.
    type: str
  disk_profile:
    description:
      - Disk profile, by name or id, with its quality of service.
    type: str
  state:
    description:
      - What the disk is to be.
      - 'V(present): It exists with the options given.'
      - 'V(absent): It does not exist.'
    type: str
    choices:
      - present
      - absent
    default: present
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.changes
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.disk_info
"""

EXAMPLES = r"""
---
- name: Have a disk that no VM has yet
  virtops.ovirt.disk:
    name: shared-data
    size: 100GiB
    storage_domain: fast
    format: raw
    sparse: true
    shareable: true

- name: Make it larger
  virtops.ovirt.disk:
    name: shared-data
    size: 200GiB

- name: Remove it
  virtops.ovirt.disk:
    name: shared-data
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the disk. Null when there is none.
  returned: success
  type: str
disk:
  description:
    - The disk as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the disk.
      returned: success
      type: str
    name:
      description:
        - 'Name (alias). The engine does not keep it unique: when several disks have it the module fails and lists their ids.'
      returned: success
      type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    size:
      description:
        - Size a guest sees. Needed to make one; it can be made larger, also while a VM runs, never smaller.
      returned: success
      type: int
    storage_domain:
      description:
        - Storage domain, by name or id, it is made on. M(virtops.ovirt.disk_move) moves it later.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    format:
      description:
        - Image format. V(cow) knows snapshots and grows, V(raw) is faster. V(cow) when it is left out.
      returned: success
      type: str
    sparse:
      description:
        - Whether space is taken as it is written (V(true)) or at once. Follows O(format) when it is left out.
      returned: success
      type: bool
    content_type:
      description:
        - What it holds.
      returned: success
      type: str
    shareable:
      description:
        - Whether several VMs can have it. Needs O(format=raw).
      returned: success
      type: bool
    wipe_after_delete:
      description:
        - Whether it is overwritten when it is deleted.
      returned: success
      type: bool
    propagate_errors:
      description:
        - Whether I/O errors reach the guest instead of pausing it.
      returned: success
      type: bool
    backup:
      description:
        - Whether incremental backups are possible.
      returned: success
      type: str
    qcow_version:
      description:
        - Version of the C(cow) format.
      returned: success
      type: str
    quota:
      description:
        - Quota, by name or id, that its space counts against.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    disk_profile:
      description:
        - Disk profile, by name or id, with its quality of service.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    storage_type:
      description:
        - C(image), or C(lun) for a disk that is a LUN itself.
      returned: success
      type: str
    actual_size:
      description:
        - Bytes it takes on the storage domain.
      returned: success
      type: int
    total_size:
      description:
        - Bytes it takes with its snapshots.
      returned: success
      type: int
    image_id:
      description:
        - Id of its active image.
      returned: success
      type: str
    status:
      description:
        - Status of the disk.
      returned: success
      type: str
before:
  description:
    - The disk as it was before, with the keys of RV(disk). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(disk).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.disk import DISK


def main() -> None:
    run_state_module(DISK)


if __name__ == "__main__":
    main()
