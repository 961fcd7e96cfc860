#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: vnic_profile
short_description: Manage vNIC profiles
version_added: 1.0.0
description:
  - 'What a NIC of a VM gets from its logical network: filter, quality of service, pass-through, port mirroring.'
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the vNIC profile, instead of O(name). With both, the vNIC profile gets that name.
    type: str
  name:
    description:
      - Name, unique on its network.
    type: str
  network:
    description:
      - Logical network, by name or id, it is for. Needed unless O(id) is given.
      - Needed to create it.
      - Cannot be changed later.
    type: str
  description:
    description:
      - Description.
    type: str
  port_mirroring:
    description:
      - Whether NICs on it get a copy of all traffic of the network. Cannot be changed while VMs use it; M(virtops.ovirt.port_mirroring) deals with that.
    type: bool
  pass_through:
    description:
      - Whether NICs on it are virtual functions of the host's card.
    type: bool
  migratable:
    description:
      - With O(pass_through=true), whether VMs can be migrated.
    type: bool
  network_filter:
    description:
      - Network filter, by name or id. An empty string takes it off; the engine's default when it is left out at creation.
    type: str
  qos:
    description:
      - VM network QoS, by name or id. An empty string takes it off.
    type: str
  failover:
    description:
      - Profile, by id, that takes over while a VM with O(pass_through=true) is migrated.
    type: str
  custom_properties:
    description:
      - Custom properties, managed as a whole.
    type: dict
  data_center:
    description:
      - Data center, by name or id, of the network; needed where several have a network of that name.
    type: str
  state:
    description:
      - What the vNIC profile is to be.
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
  - module: virtops.ovirt.vnic_profile_info
"""

EXAMPLES = r"""
---
- name: Have a profile without a filter
  virtops.ovirt.vnic_profile:
    name: web-open
    network: web
    data_center: production
    network_filter: ""

- name: Remove it
  virtops.ovirt.vnic_profile:
    name: web-open
    network: web
    data_center: production
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the vNIC profile. Null when there is none.
  returned: success
  type: str
vnic_profile:
  description:
    - The vNIC profile as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the vNIC profile.
      returned: success
      type: str
    name:
      description:
        - Name, unique on its network.
      returned: success
      type: str
    network:
      description:
        - Logical network, by name or id, it is for. Needed unless O(id) is given.
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
    description:
      description:
        - Description.
      returned: success
      type: str
    port_mirroring:
      description:
        - Whether NICs on it get a copy of all traffic of the network. Cannot be changed while VMs use it; M(virtops.ovirt.port_mirroring) deals with that.
      returned: success
      type: bool
    pass_through:
      description:
        - Whether NICs on it are virtual functions of the host's card.
      returned: success
      type: bool
    migratable:
      description:
        - With O(pass_through=true), whether VMs can be migrated.
      returned: success
      type: bool
    network_filter:
      description:
        - Network filter, by name or id. An empty string takes it off; the engine's default when it is left out at creation.
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
    qos:
      description:
        - VM network QoS, by name or id. An empty string takes it off.
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
    failover:
      description:
        - Profile, by id, that takes over while a VM with O(pass_through=true) is migrated.
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
    custom_properties:
      description:
        - Custom properties, managed as a whole.
      returned: success
      type: dict
before:
  description:
    - The vNIC profile as it was before, with the keys of RV(vnic_profile). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(vnic_profile).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vnic_profile import VNIC_PROFILE


def main() -> None:
    run_state_module(VNIC_PROFILE)


if __name__ == "__main__":
    main()
