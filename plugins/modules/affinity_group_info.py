#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: affinity_group_info
short_description: Read affinity groups
version_added: 1.0.0
description:
  - Reads affinity groups in the same shape that M(virtops.ovirt.affinity_group) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the affinity groups to read.
    type: list
    elements: str
  name:
    description:
      - Names of the affinity groups to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  cluster:
    description:
      - Cluster, by name or id, that its VMs and hosts are in.
    type: str
  fields:
    description:
      - Members of the result to read, besides C(id) and C(name); all of them when it is left out.
    type: list
    elements: str
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.affinity_group
"""

EXAMPLES = r"""
---
- name: Read every affinity group
  virtops.ovirt.affinity_group_info:
    cluster: my-cluster

- name: Read one affinity group by its name
  virtops.ovirt.affinity_group_info:
    cluster: my-cluster
    name: my-affinity-group
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.affinity_groups[0]
  when: found.affinity_groups | length > 0
"""

RETURN = r"""
affinity_groups:
  description:
    - The affinity groups that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
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
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.affinity_group import AFFINITY_GROUP


def main() -> None:
    run_info_module(AFFINITY_GROUP)


if __name__ == "__main__":
    main()
