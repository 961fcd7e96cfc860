#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: vm_pool
short_description: Manage pools of VMs
version_added: 1.0.0
description:
  - A pool lends VMs of one template to its users. Their configuration is that of the template; M(virtops.ovirt.template) makes it.
  - VMs that the pool makes are waited for until none is locked any more.
  - The engine makes pools larger and never smaller. Removing a pool removes its VMs.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the VM pool, instead of O(name). With both, the VM pool gets that name.
    type: str
  name:
    description:
      - Name, unique in the engine. Numbers of its VMs take the place of one run of question marks in it, or come behind it after a dash.
      - Cannot be changed later.
    type: str
  description:
    description:
      - Description.
    type: str
  comment:
    description:
      - Comment.
    type: str
  cluster:
    description:
      - Cluster, by name or id, its VMs are in.
      - Needed to create it.
      - Cannot be changed later.
    type: str
  template:
    description:
      - Template, by name or id, its VMs are made from. Of several versions the newest, unless O(template_version) says which.
      - Needed to create it.
      - Cannot be changed later.
    type: str
  size:
    description:
      - Number of VMs. It can only be raised.
      - Needed to create it.
    type: int
  prestarted:
    description:
      - Number of VMs that are started before anybody asks for them.
    type: int
  vms_per_user:
    description:
      - Most VMs of the pool that a user can have.
    type: int
  type:
    description:
      - Whether the engine takes back a VM that its user has stopped (V(automatic)), or an administrator does (V(manual)). V(automatic) when left out.
      - Cannot be changed later.
    type: str
    choices:
      - automatic
      - manual
  stateful:
    description:
      - Whether what a guest writes is kept when its VM goes back to the pool.
      - Cannot be changed later.
    type: bool
  auto_storage_select:
    description:
      - Whether each disk is made on the storage domain with most space of those that have the template's.
      - Cannot be changed later.
    type: bool
  use_latest_template_version:
    description:
      - Whether VMs are made again from the newest version of the template when they start.
    type: bool
  template_version:
    description:
      - Number of the version of O(template).
    type: int
  force:
    description:
      - With O(state=absent), whether VMs of the pool that run may be stopped and removed. Otherwise that is an error.
    type: bool
  state:
    description:
      - What the VM pool is to be.
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
  - module: virtops.ovirt.vm_pool_info
"""

EXAMPLES = r"""
---
- name: A pool of ten VMs, named desk-01 to desk-10, of which two wait for their users
  virtops.ovirt.vm_pool:
    name: desk-??
    cluster: prod
    template: desktop
    size: 10
    prestarted: 2
    vms_per_user: 1

- name: Make it larger
  virtops.ovirt.vm_pool:
    name: desk-??
    size: 20

- name: Remove it with its VMs, whether they run or not
  virtops.ovirt.vm_pool:
    name: desk-??
    state: absent
    force: true
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the VM pool. Null when there is none.
  returned: success
  type: str
vm_pool:
  description:
    - The VM pool as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
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
        - Template, by name or id, its VMs are made from. Of several versions the newest, unless O(template_version) says which.
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
before:
  description:
    - The VM pool as it was before, with the keys of RV(vm_pool). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(vm_pool).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm_pool import VM_POOL


def main() -> None:
    run_state_module(VM_POOL)


if __name__ == "__main__":
    main()
