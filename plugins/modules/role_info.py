#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: role_info
short_description: Read roles
version_added: 1.0.0
description:
  - Reads roles in the same shape that M(virtops.ovirt.role) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the roles to read.
    type: list
    elements: str
  name:
    description:
      - Names of the roles to read. One that does not exist adds nothing to the list.
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
  - module: virtops.ovirt.role
"""

EXAMPLES = r"""
---
- name: Read every role
  virtops.ovirt.role_info:

- name: Read one role by its name
  virtops.ovirt.role_info:
    name: my-role
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.roles[0]
  when: found.roles | length > 0
"""

RETURN = r"""
roles:
  description:
    - The roles that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
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
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.role import ROLE


def main() -> None:
    run_info_module(ROLE)


if __name__ == "__main__":
    main()
