#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: permission
short_description: Give users and groups roles on objects
version_added: 1.0.0
description:
  - A user or group has a role on an object, or several have, and all others lose theirs where that is asked for.
  - Only permissions of the object itself count. What a user may do because of a permission on the cluster or the system stays as it is; with O(state=absent)
    a warning says where the role still comes from.
  - A user or group that the engine does not know yet is looked for in the directory of its authorization domain, and added to the engine.
  - Whoever or whatever is not there is told for all of them at once, before the first change. Roles are given before others are taken away.
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
      - Role, by name (C(UserVmManager)) or id.
    type: str
  permissions:
    description:
      - Several permissions of the object, instead of O(user), O(group) and O(role).
    type: list
    elements: dict
    suboptions:
      user:
        description:
          - User, by name or id.
        type: str
      group:
        description:
          - Group, by name or id, instead of the user.
        type: str
      role:
        description:
          - Role, by name or id.
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
  purge:
    description:
      - Whether permissions of the object that O(permissions) does not list are taken away.
      - 'Those that it inherits, those of the group Everyone, which the engine gives itself, and the role SuperUser on the system are left alone: they are
        taken away by name, with O(state=absent).'
    type: bool
  state:
    description:
      - What is to be.
      - 'V(present): They have it.'
      - 'V(absent): They do not.'
    type: str
    choices:
      - present
      - absent
    default: present
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.operation
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.permission_info
  - module: virtops.ovirt.role
"""

EXAMPLES = r"""
---
- name: Alice may use a VM
  virtops.ovirt.permission:
    vm: db01
    user: alice@internal-authz
    role: UserRole

- name: A group of the company's directory, added to the engine if need be, looks after a cluster
  virtops.ovirt.permission:
    cluster: prod
    group: operators
    authz_name: example.com-authz
    role: ClusterAdmin

- name: These and nobody else
  virtops.ovirt.permission:
    network: web
    data_center: prod
    permissions:
      - {user: alice@internal-authz, role: VnicProfileUser}
      - {group: operators, authz_name: example.com-authz, role: NetworkAdmin}
    purge: true

- name: Bob administers the system no longer
  virtops.ovirt.permission:
    system: true
    user: bob@internal-authz
    role: SuperUser
    state: absent
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
    kind:
      description:
        - 'What it is: C(permission), or C(user) and C(group) that are added to the engine.'
      returned: success
      type: str
    user:
      description:
        - Name of the user.
      returned: success
      type: str
    group:
      description:
        - Name of the group.
      returned: success
      type: str
    role:
      description:
        - Name of the role.
      returned: success
      type: str
handles:
  description:
    - 'What M(virtops.ovirt.job) waits for later: correlation ids and jobs of what goes on, after O(wait=false).'
  returned: always
  type: list
  elements: str
object:
  description:
    - What the permissions are on.
  returned: success
  type: dict
  contains:
    kind:
      description:
        - Its kind.
      returned: success
      type: str
    id:
      description:
        - Unique identifier; null for the system.
      returned: success
      type: str
    name:
      description:
        - Name.
      returned: success
      type: str
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
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.permission import PERMISSION


def main() -> None:
    run_operation_module(PERMISSION)


if __name__ == "__main__":
    main()
