#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: group
short_description: Manage which groups the engine knows
version_added: 1.0.0
description:
  - A group of a directory is added to the engine, so that all its users can be given permissions at once, or removed from it along with all permissions.
  - 'What the directory has is not touched: making and removing accounts is its own business.'
  - M(virtops.ovirt.permission) adds groups by itself where it needs them.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the group, instead of O(name). With both, the group gets that name.
    type: str
  name:
    description:
      - Name as the directory has it.
    type: str
  authz_name:
    description:
      - Authorization domain, such as C(internal-authz).
      - Needed to create it.
      - Cannot be changed later.
    type: str
  namespace:
    description:
      - Namespace in the authorization domain, where that has several.
      - Cannot be changed later.
    type: str
  state:
    description:
      - What the group is to be.
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
  - module: virtops.ovirt.group_info
"""

EXAMPLES = r"""
---
- name: Have the engine know a group of the company's directory
  virtops.ovirt.group:
    name: operators
    authz_name: example.com-authz

- name: Its users look after a cluster
  virtops.ovirt.permission:
    cluster: prod
    group: operators
    role: ClusterAdmin

- name: Have the engine forget another, with all permissions
  virtops.ovirt.group:
    name: contractors
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the group. Null when there is none.
  returned: success
  type: str
group:
  description:
    - The group as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the group.
      returned: success
      type: str
    name:
      description:
        - Name as the directory has it.
      returned: success
      type: str
    authz_name:
      description:
        - Authorization domain, such as C(internal-authz).
      returned: success
      type: str
    namespace:
      description:
        - Namespace in the authorization domain, where that has several.
      returned: success
      type: str
    domain_entry_id:
      description:
        - Identifier in the directory.
      returned: success
      type: str
before:
  description:
    - The group as it was before, with the keys of RV(group). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(group).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.group import GROUP


def main() -> None:
    run_state_module(GROUP)


if __name__ == "__main__":
    main()
