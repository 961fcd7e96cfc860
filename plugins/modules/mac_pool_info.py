#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: mac_pool_info
short_description: Read MAC pools
version_added: 1.0.0
description:
  - Reads MAC pools in the same shape that M(virtops.ovirt.mac_pool) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the MAC pools to read.
    type: list
    elements: str
  name:
    description:
      - Names of the MAC pools to read. One that does not exist adds nothing to the list.
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
  - module: virtops.ovirt.mac_pool
"""

EXAMPLES = r"""
---
- name: Read every MAC pool
  virtops.ovirt.mac_pool_info:

- name: Read one MAC pool by its name
  virtops.ovirt.mac_pool_info:
    name: my-mac-pool
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.mac_pools[0]
  when: found.mac_pools | length > 0
"""

RETURN = r"""
mac_pools:
  description:
    - The MAC pools that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the MAC pool.
      returned: success
      type: str
    name:
      description:
        - Name of the pool, unique in the engine.
      returned: success
      type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    ranges:
      description:
        - Ranges of addresses, managed as a whole. They must not overlap with those of other pools.
      returned: success
      type: list
      elements: dict
      contains:
        from:
          description:
            - First address.
          returned: success
          type: str
        to:
          description:
            - Last address.
          returned: success
          type: str
    allow_duplicates:
      description:
        - Whether an address may be given by hand to several NICs.
      returned: success
      type: bool
    default_pool:
      description:
        - Whether it is the pool that new clusters take.
      returned: success
      type: bool
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.mac_pool import MAC_POOL


def main() -> None:
    run_info_module(MAC_POOL)


if __name__ == "__main__":
    main()
