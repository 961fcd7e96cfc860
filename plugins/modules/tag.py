#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: tag
short_description: Manage tags
version_added: 1.0.0
description:
  - Tags mark hosts, VMs, templates and users, and searches find them by it.
  - VMs are given theirs with O(virtops.ovirt.vm#module:tags), hosts with O(virtops.ovirt.host#module:tags).
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the tag, instead of O(name). With both, the tag gets that name.
    type: str
  name:
    description:
      - 'Name, unique in the engine: at most 50 letters, digits, C(-) and C(_).'
    type: str
  description:
    description:
      - Description.
    type: str
  parent:
    description:
      - Tag, by name or id, that it is below. V(root) when it is left out at creation.
    type: str
  recursive:
    description:
      - With O(state=absent), whether tags below it may be removed along with it.
    type: bool
  state:
    description:
      - What the tag is to be.
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
  - module: virtops.ovirt.tag_info
"""

EXAMPLES = r"""
---
- name: A tag, and one below it
  virtops.ovirt.tag:
    name: "{{ item.name }}"
    parent: "{{ item.parent }}"
    description: "{{ item.description }}"
  loop:
    - {name: production, parent: root, description: Handle with care}
    - {name: billing, parent: production, description: The billing application}

- name: Put it on a VM
  virtops.ovirt.vm:
    name: db1
    tags: [billing]

- name: Remove a tag and all below it
  virtops.ovirt.tag:
    name: production
    recursive: true
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the tag. Null when there is none.
  returned: success
  type: str
tag:
  description:
    - The tag as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the tag.
      returned: success
      type: str
    name:
      description:
        - 'Name, unique in the engine: at most 50 letters, digits, C(-) and C(_).'
      returned: success
      type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    parent:
      description:
        - Tag, by name or id, that it is below. V(root) when it is left out at creation.
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
before:
  description:
    - The tag as it was before, with the keys of RV(tag). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(tag).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.tag import TAG


def main() -> None:
    run_state_module(TAG)


if __name__ == "__main__":
    main()
