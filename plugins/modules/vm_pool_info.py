#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: vm_pool_info
short_description: Read VM pools
version_added: 1.0.0
description:
  - Reads VM pools in the same shape that M(virtops.ovirt.vm_pool) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the VM pools to read.
    type: list
    elements: str
  name:
    description:
      - Names of the VM pools to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  search:
    description:
      - Query in the search language of the engine, such as V(name=prod* sortby name asc).
    type: str
  fields:
    description:
      - Members of the result to read, besides C(id) and C(name); all of them when it is left out.
      - 'Of many VM pools, reading only what is needed is much faster: they come in one list.'
      - Each of them is read by itself with any of V(vms).
    type: list
    elements: str
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.vm_pool
"""

EXAMPLES = r"""
---
- name: Read every VM pool
  virtops.ovirt.vm_pool_info:

- name: Read one VM pool by its name
  virtops.ovirt.vm_pool_info:
    name: my-vm-pool
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.vm_pools[0]
  when: found.vm_pools | length > 0

- name: Read VM pools with a query
  virtops.ovirt.vm_pool_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
vm_pools:
  description:
    - The VM pools that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the VM pool.
      returned: success
      type: str
    name:
      description:
        - Name, unique in the engine. Numbers of its VMs take the place of one run of question marks in it, or come behind it after a dash.
      returned: success
      type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    comment:
      description:
        - Comment.
      returned: success
      type: str
    cluster:
      description:
        - Cluster, by name or id, its VMs are in.
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
    template:
      description:
        - Template, by name or id, its VMs are made from. Of several versions the newest, unless C(template_version) says which.
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
    size:
      description:
        - Number of VMs. It can only be raised.
      returned: success
      type: int
    prestarted:
      description:
        - Number of VMs that are started before anybody asks for them.
      returned: success
      type: int
    vms_per_user:
      description:
        - Most VMs of the pool that a user can have.
      returned: success
      type: int
    type:
      description:
        - Whether the engine takes back a VM that its user has stopped (V(automatic)), or an administrator does (V(manual)). V(automatic) when left out.
      returned: success
      type: str
    stateful:
      description:
        - Whether what a guest writes is kept when its VM goes back to the pool.
      returned: success
      type: bool
    auto_storage_select:
      description:
        - Whether each disk is made on the storage domain with most space of those that have the template's.
      returned: success
      type: bool
    use_latest_template_version:
      description:
        - Whether VMs are made again from the newest version of the template when they start.
      returned: success
      type: bool
    vms:
      description:
        - Its VMs.
      returned: success
      type: list
      elements: dict
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
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm_pool import VM_POOL


def main() -> None:
    run_info_module(VM_POOL)


if __name__ == "__main__":
    main()
