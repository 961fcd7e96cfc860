#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: permission_info
short_description: Read who has which role on what
version_added: 1.0.0
description:
  - Reads the permissions of an object, or those of a user or group on all objects; without any of these, all permissions of everybody.
  - By user and group the engine does not tell which network, vNIC profile, quota, MAC pool, CPU or disk profile a permission is on; the members of its
    C(object) are null then.
author:
  - virtops.ovirt contributors (@virtops)
options:
  system:
    description:
      - 'The system as a whole: what is given here counts for everything.'
    type: bool
  data_center:
    description:
      - Data center, by name or id. Beside O(network), O(vnic_profile) or O(quota), the one that these are looked for in.
    type: str
  cluster:
    description:
      - Cluster, by name or id.
    type: str
  host:
    description:
      - Host, by name or id.
    type: str
  storage_domain:
    description:
      - Storage domain, by name or id.
    type: str
  vm:
    description:
      - VM, by name or id.
    type: str
  vm_pool:
    description:
      - VM pool, by name or id.
    type: str
  template:
    description:
      - Template, by name or id; of several versions the newest.
    type: str
  disk:
    description:
      - Disk, by name or id.
    type: str
  network:
    description:
      - Logical network, by name or id. Beside O(vnic_profile), the one that its name is looked for in.
    type: str
  vnic_profile:
    description:
      - vNIC profile, by name or id.
    type: str
  quota:
    description:
      - Quota, by name or id; needs O(data_center).
    type: str
  mac_pool:
    description:
      - MAC pool, by name or id.
    type: str
  cpu_profile:
    description:
      - CPU profile, by name or id.
    type: str
  disk_profile:
    description:
      - Disk profile, by name or id.
    type: str
  user:
    description:
      - 'User, by id or name: C(alice@internal-authz), or with O(authz_name) the name that the directory has, C(alice) or C(alice@example.com).'
    type: str
  group:
    description:
      - Group, by id or name, instead of O(user).
    type: str
  authz_name:
    description:
      - Authorization domain of the user or group, such as C(internal-authz) or C(example.com-authz).
      - It may be left out where the name ends with it (C(alice@internal-authz)), or is known to the engine only once.
    type: str
  namespace:
    description:
      - Namespace of the user or group in its authorization domain, where that has several (C(dc=example,dc=com)).
    type: str
  role:
    description:
      - Only permissions with this role, by name or id.
    type: str
  inherited:
    description:
      - Whether those are among them that the object has by what it lies in, or the user by groups.
    type: bool
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.permission
  - module: virtops.ovirt.role_info
"""

EXAMPLES = r"""
---
- name: Who may do what on a VM, its cluster and data center included
  virtops.ovirt.permission_info:
    vm: db01
    inherited: true
  register: read
- name: Show it
  ansible.builtin.debug:
    msg: "{{ read.permissions | map(attribute='role.name') }}"

- name: Everything that Alice has
  virtops.ovirt.permission_info:
    user: alice@internal-authz

- name: Everybody who is an administrator of anything
  virtops.ovirt.permission_info:
    role: SuperUser
"""

RETURN = r"""
permissions:
  description:
    - The permissions that fit, by object.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier.
      returned: success
      type: str
    user:
      description:
        - User that has it; null for a group.
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
    group:
      description:
        - Group that has it; null for a user.
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
    role:
      description:
        - The role.
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
    object:
      description:
        - What it is on really.
      returned: success
      type: dict
      contains:
        kind:
          description:
            - Its kind, or V(system); null where the engine does not tell.
          returned: success
          type: str
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
    inherited:
      description:
        - Whether it is on something else that the object lies in, or of a group.
      returned: success
      type: bool
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_operation_module
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.permission import PERMISSION_INFO


def main() -> None:
    run_operation_module(PERMISSION_INFO)


if __name__ == "__main__":
    main()
