#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: group_info
short_description: Read groups
version_added: 1.0.0
description:
  - Reads groups in the same shape that M(virtops.ovirt.group) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the groups to read.
    type: list
    elements: str
  name:
    description:
      - Names of the groups to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  search:
    description:
      - Query in the search language of the engine, such as V(name=prod* sortby name asc).
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
  - module: virtops.ovirt.group
"""

EXAMPLES = r"""
---
- name: Read every group
  virtops.ovirt.group_info:

- name: Read one group by its name
  virtops.ovirt.group_info:
    name: my-group
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.groups[0]
  when: found.groups | length > 0

- name: Read groups with a query
  virtops.ovirt.group_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
groups:
  description:
    - The groups that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
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
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.group import GROUP


def main() -> None:
    run_info_module(GROUP)


if __name__ == "__main__":
    main()
