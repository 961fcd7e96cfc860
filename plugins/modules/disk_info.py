#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: disk_info
short_description: Read disks
version_added: 1.0.0
description:
  - Reads disks in the same shape that M(virtops.ovirt.disk) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the disks to read.
    type: list
    elements: str
  name:
    description:
      - Names of the disks to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  search:
    description:
      - Query in the search language of the engine, such as V(name=prod* sortby name asc).
    type: str
  fields:
    description:
      - Members of the result to read, besides C(id) and C(name); all of them when it is left out.
      - 'Of many disks, reading only what is needed is much faster: they come in one list.'
      - Each of them is read by itself with any of V(total_size).
    type: list
    elements: str
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.disk
"""

EXAMPLES = r"""
---
- name: Read every disk
  virtops.ovirt.disk_info:

- name: Read one disk by its name
  virtops.ovirt.disk_info:
    name: my-disk
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.disks[0]
  when: found.disks | length > 0

- name: Read disks with a query
  virtops.ovirt.disk_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
disks:
  description:
    - The disks that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
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
        - Whether space is taken as it is written (V(true)) or at once. Follows C(format) when it is left out.
      returned: success
      type: bool
    content_type:
      description:
        - What it holds.
      returned: success
      type: str
    shareable:
      description:
        - Whether several VMs can have it. Needs C(format=raw).
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
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.disk import DISK


def main() -> None:
    run_info_module(DISK)


if __name__ == "__main__":
    main()
