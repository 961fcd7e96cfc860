#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: mac_pool
short_description: Manage MAC pools
version_added: 1.0.0
description:
  - A MAC pool has the addresses that NICs of VMs get. Clusters choose one, see M(virtops.ovirt.cluster).
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the MAC pool, instead of O(name). With both, the MAC pool gets that name.
    type: str
  name:
    description:
      - Name of the pool, unique in the engine.
    type: str
  description:
    description:
      - Description.
    type: str
  ranges:
    description:
      - Ranges of addresses, managed as a whole. They must not overlap with those of other pools.
      - Needed to create it.
    type: list
    elements: dict
    suboptions:
      from:
        description:
          - First address.
        type: str
      to:
        description:
          - Last address.
        type: str
  allow_duplicates:
    description:
      - Whether an address may be given by hand to several NICs.
    type: bool
  state:
    description:
      - What the MAC pool is to be.
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
  - module: virtops.ovirt.mac_pool_info
"""

EXAMPLES = r"""
---
- name: Have a pool of addresses for the DMZ
  virtops.ovirt.mac_pool:
    name: dmz
    description: NICs that face the Internet
    ranges:
      - from: "56:6f:1a:00:00:00"
        to: "56:6f:1a:00:03:ff"
    allow_duplicates: false

- name: Let a cluster draw from it
  virtops.ovirt.cluster:
    name: dmz
    mac_pool: dmz

- name: Remove it, once no cluster uses it
  virtops.ovirt.mac_pool:
    name: dmz
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the MAC pool. Null when there is none.
  returned: success
  type: str
mac_pool:
  description:
    - The MAC pool as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
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
before:
  description:
    - The MAC pool as it was before, with the keys of RV(mac_pool). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(mac_pool).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.mac_pool import MAC_POOL


def main() -> None:
    run_state_module(MAC_POOL)


if __name__ == "__main__":
    main()
