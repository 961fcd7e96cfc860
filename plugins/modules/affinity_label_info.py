#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: affinity_label_info
short_description: Read affinity labels
version_added: 1.0.0
description:
  - Reads affinity labels in the same shape that M(virtops.ovirt.affinity_label) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the affinity labels to read.
    type: list
    elements: str
  name:
    description:
      - Names of the affinity labels to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  fields:
    description:
      - Members of the result to read, besides C(id) and C(name); all of them when it is left out.
    type: list
    elements: str
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.affinity_label
"""

EXAMPLES = r"""
---
- name: Read every affinity label
  virtops.ovirt.affinity_label_info:

- name: Read one affinity label by its name
  virtops.ovirt.affinity_label_info:
    name: my-affinity-label
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.affinity_labels[0]
  when: found.affinity_labels | length > 0
"""

RETURN = r"""
affinity_labels:
  description:
    - The affinity labels that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
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
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.affinity_label import AFFINITY_LABEL


def main() -> None:
    run_info_module(AFFINITY_LABEL)


if __name__ == "__main__":
    main()
