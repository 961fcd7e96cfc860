#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: role
short_description: Manage roles
version_added: 1.0.0
description:
  - A role says what somebody may do who has it on an object, see M(virtops.ovirt.permission).
  - The engine's own roles, such as UserRole and ClusterAdmin, can be neither changed nor removed.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the role, instead of O(name). With both, the role gets that name.
    type: str
  name:
    description:
      - Name, unique in the engine.
    type: str
  description:
    description:
      - Description.
    type: str
  administrative:
    description:
      - Whether it may have permits of administrators, and lets into the administration portal.
      - Cannot be changed later.
    type: bool
  permits:
    description:
      - 'What it permits, managed as a whole: names as the engine has them, such as C(login), C(create_vm), C(reboot_vm).'
      - Those of a role that is there already are shown by M(virtops.ovirt.role_info); the role SuperUser has nearly all.
      - Needed to create it.
    type: list
    elements: str
  state:
    description:
      - What the role is to be.
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
  - module: virtops.ovirt.role_info
"""

EXAMPLES = r"""
---
- name: A role that may restart VMs and open their consoles, and nothing else
  virtops.ovirt.role:
    name: vm-operator
    description: On-call
    permits: [login, reboot_vm, run_vm, shut_down_vm, stop_vm, connect_to_vm]

- name: A role of administrators
  virtops.ovirt.role:
    name: tagger
    administrative: true
    permits: [login, tag_management]

- name: Let the group on call have it on a cluster
  virtops.ovirt.permission:
    cluster: prod
    group: oncall
    authz_name: example.com-authz
    role: vm-operator

- name: Remove a role that nobody has any more
  virtops.ovirt.role:
    name: tagger
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the role. Null when there is none.
  returned: success
  type: str
role:
  description:
    - The role as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the role.
      returned: success
      type: str
    name:
      description:
        - Name, unique in the engine.
      returned: success
      type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    administrative:
      description:
        - Whether it may have permits of administrators, and lets into the administration portal.
      returned: success
      type: bool
    permits:
      description:
        - 'What it permits, managed as a whole: names as the engine has them, such as C(login), C(create_vm), C(reboot_vm).'
      returned: success
      type: list
      elements: str
    mutable:
      description:
        - Whether it can be changed; the engine's own cannot.
      returned: success
      type: bool
before:
  description:
    - The role as it was before, with the keys of RV(role). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(role).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.role import ROLE


def main() -> None:
    run_state_module(ROLE)


if __name__ == "__main__":
    main()
