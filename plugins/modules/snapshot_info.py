#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot_info
short_description: Read snapshots
version_added: 1.0.0
description:
  - Reads snapshots in the same shape that M(virtops.ovirt.snapshot) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the snapshots to read.
    type: list
    elements: str
  description:
    description:
      - Descriptions of the snapshots to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  vm:
    description:
      - VM, by name or id.
    type: str
  fields:
    description:
      - Members of the result to read, besides C(id) and C(description); all of them when it is left out.
    type: list
    elements: str
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.snapshot
"""

EXAMPLES = r"""
---
- name: Read every snapshot
  virtops.ovirt.snapshot_info:
    vm: my-vm

- name: Read one snapshot by its description
  virtops.ovirt.snapshot_info:
    vm: my-vm
    description: my-snapshot
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.snapshots[0]
  when: found.snapshots | length > 0
"""

RETURN = r"""
snapshots:
  description:
    - The snapshots that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
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
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.snapshot import SNAPSHOT


def main() -> None:
    run_info_module(SNAPSHOT)


if __name__ == "__main__":
    main()
