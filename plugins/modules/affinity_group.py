#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: affinity_group
short_description: Manage affinity groups
version_added: 1.0.0
description:
  - VMs of an affinity group run on one host or on different ones, on certain hosts or on others.
  - Members are managed as a whole; whole sets of VMs and hosts are members by their affinity labels, see M(virtops.ovirt.affinity_label).
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the affinity group, instead of O(name). With both, the affinity group gets that name.
    type: str
  cluster:
    description:
      - Cluster, by name or id, that its VMs and hosts are in.
    type: str
  name:
    description:
      - 'Name, unique in the engine: letters, digits, C(.), C(-) and C(_).'
    type: str
  description:
    description:
      - Description.
    type: str
  vms_rule:
    description:
      - 'What it means for its VMs: on one host (V(positive)), on different ones (V(negative)), or nothing. V(disabled) when it is left out at creation.'
    type: str
    choices:
      - positive
      - negative
      - disabled
  vms_enforcing:
    description:
      - Whether a VM rather does not run than break that rule.
    type: bool
  hosts_rule:
    description:
      - 'Where its VMs run: on its hosts (V(positive)), on others (V(negative)), or anywhere. V(disabled) when it is left out at creation.'
    type: str
    choices:
      - positive
      - negative
      - disabled
  hosts_enforcing:
    description:
      - Whether a VM rather does not run than break that rule.
    type: bool
  priority:
    description:
      - 'Which of several groups comes first, where not all of them can be met: the higher one.'
    type: float
  vms:
    description:
      - VMs, by name or id, managed as a whole.
    type: list
    elements: str
  hosts:
    description:
      - Hosts, by name or id, managed as a whole.
    type: list
    elements: str
  vm_labels:
    description:
      - Affinity labels whose VMs are members, by name or id, managed as a whole.
    type: list
    elements: str
  host_labels:
    description:
      - Affinity labels whose hosts are members, by name or id, managed as a whole.
    type: list
    elements: str
  state:
    description:
      - What the affinity group is to be.
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
  - module: virtops.ovirt.affinity_group_info
"""

EXAMPLES = r"""
---
- name: The two databases never run on the same host
  virtops.ovirt.affinity_group:
    cluster: prod
    name: databases
    vms_rule: negative
    vms_enforcing: true
    vms: [db01, db02]

- name: VMs with a licence run on the hosts that have one
  virtops.ovirt.affinity_group:
    cluster: prod
    name: licensed
    hosts_rule: positive
    hosts_enforcing: true
    vm_labels: [licensed]
    host_labels: [licensed]

- name: Remove a group, and leave its VMs as they are
  virtops.ovirt.affinity_group:
    cluster: prod
    name: databases
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the affinity group. Null when there is none.
  returned: success
  type: str
affinity_group:
  description:
    - The affinity group as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the affinity group.
      returned: success
      type: str
    name:
      description:
        - 'Name, unique in the engine: letters, digits, C(.), C(-) and C(_).'
      returned: success
      type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    vms_rule:
      description:
        - 'What it means for its VMs: on one host (V(positive)), on different ones (V(negative)), or nothing. V(disabled) when it is left out at creation.'
      returned: success
      type: str
    vms_enforcing:
      description:
        - Whether a VM rather does not run than break that rule.
      returned: success
      type: bool
    hosts_rule:
      description:
        - 'Where its VMs run: on its hosts (V(positive)), on others (V(negative)), or anywhere. V(disabled) when it is left out at creation.'
      returned: success
      type: str
    hosts_enforcing:
      description:
        - Whether a VM rather does not run than break that rule.
      returned: success
      type: bool
    priority:
      description:
        - 'Which of several groups comes first, where not all of them can be met: the higher one.'
      returned: success
      type: float
    vms:
      description:
        - VMs, by name or id, managed as a whole.
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
    hosts:
      description:
        - Hosts, by name or id, managed as a whole.
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
    vm_labels:
      description:
        - Affinity labels whose VMs are members, by name or id, managed as a whole.
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
    host_labels:
      description:
        - Affinity labels whose hosts are members, by name or id, managed as a whole.
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
    broken:
      description:
        - Whether it is not met at present.
      returned: success
      type: bool
before:
  description:
    - The affinity group as it was before, with the keys of RV(affinity_group). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(affinity_group).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.affinity_group import AFFINITY_GROUP


def main() -> None:
    run_state_module(AFFINITY_GROUP)


if __name__ == "__main__":
    main()
