#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: user_info
short_description: Read users
version_added: 1.0.0
description:
  - Reads users in the same shape that M(virtops.ovirt.user) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the users to read.
    type: list
    elements: str
  name:
    description:
      - Names of the users to read. One that does not exist adds nothing to the list.
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
  - module: virtops.ovirt.user
"""

EXAMPLES = r"""
---
- name: Read every user
  virtops.ovirt.user_info:

- name: Read one user by its name
  virtops.ovirt.user_info:
    name: my-user
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.users[0]
  when: found.users | length > 0

- name: Read users with a query
  virtops.ovirt.user_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
users:
  description:
    - The users that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the user.
      returned: success
      type: str
    name:
      description:
        - 'Name with the authorization domain: C(alice@internal-authz), C(alice@example.com@example.com-authz).'
      returned: success
      type: str
    namespace:
      description:
        - Namespace in the authorization domain, where that has several. Only looked at when the user is added.
      returned: success
      type: str
    authz_name:
      description:
        - Authorization domain.
      returned: success
      type: str
    principal:
      description:
        - Name in the directory.
      returned: success
      type: str
    first_name:
      description:
        - First name.
      returned: success
      type: str
    last_name:
      description:
        - Last name.
      returned: success
      type: str
    email:
      description:
        - Address for mail.
      returned: success
      type: str
    department:
      description:
        - Department.
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.user import USER


def main() -> None:
    run_info_module(USER)


if __name__ == "__main__":
    main()
