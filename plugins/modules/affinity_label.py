#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: affinity_label
short_description: Manage affinity labels
version_added: 1.0.0
description:
  - VMs with an affinity label run on hosts that carry the same one.
  - VMs are given theirs with O(virtops.ovirt.vm#module:affinity_labels), hosts with O(virtops.ovirt.host#module:affinity_labels).
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the affinity label, instead of O(name). With both, the affinity label gets that name.
    type: str
  name:
    description:
      - 'Name, unique in the engine: letters, digits, C(-) and C(_).'
    type: str
  implicit_affinity_group:
    description:
      - Whether its VMs also stay together, as those of an affinity group do.
      - Cannot be changed later.
    type: bool
  force:
    description:
      - With O(state=absent), whether it is taken off the VMs and hosts that carry it. Otherwise that is an error.
    type: bool
  state:
    description:
      - What the affinity label is to be.
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
  - module: virtops.ovirt.affinity_label_info
"""

EXAMPLES = r"""
---
- name: A label for what needs the licence
  virtops.ovirt.affinity_label:
    name: licensed

- name: A host that has the licence
  virtops.ovirt.host:
    name: kvm1
    affinity_labels: [licensed]

- name: A VM that runs only there
  virtops.ovirt.vm:
    name: db1
    affinity_labels: [licensed]

- name: Remove the label from whatever carries it, and for good
  virtops.ovirt.affinity_label:
    name: licensed
    force: true
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the affinity label. Null when there is none.
  returned: success
  type: str
affinity_label:
  description:
    - The affinity label as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the affinity label.
      returned: success
      type: str
    name:
      description:
        - 'Name, unique in the engine: letters, digits, C(-) and C(_).'
      returned: success
      type: str
    implicit_affinity_group:
      description:
        - Whether its VMs also stay together, as those of an affinity group do.
      returned: success
      type: bool
    hosts:
      description:
        - Hosts that carry it.
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
    vms:
      description:
        - VMs that carry it.
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
    read_only:
      description:
        - Whether it is the engine's own, and cannot be changed.
      returned: success
      type: bool
before:
  description:
    - The affinity label as it was before, with the keys of RV(affinity_label). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(affinity_label).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.affinity_label import AFFINITY_LABEL


def main() -> None:
    run_state_module(AFFINITY_LABEL)


if __name__ == "__main__":
    main()
