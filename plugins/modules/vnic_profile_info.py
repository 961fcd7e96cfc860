#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: vnic_profile_info
short_description: Read vNIC profiles
version_added: 1.0.0
description:
  - Reads vNIC profiles in the same shape that M(virtops.ovirt.vnic_profile) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the vNIC profiles to read.
    type: list
    elements: str
  name:
    description:
      - Names of the vNIC profiles to read. One that does not exist adds nothing to the list.
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
  - module: virtops.ovirt.vnic_profile
"""

EXAMPLES = r"""
---
- name: Read every vNIC profile
  virtops.ovirt.vnic_profile_info:

- name: Read one vNIC profile by its name
  virtops.ovirt.vnic_profile_info:
    name: my-vnic-profile
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.vnic_profiles[0]
  when: found.vnic_profiles | length > 0
"""

RETURN = r"""
vnic_profiles:
  description:
    - The vNIC profiles that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
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
        - Logical network, by name or id, it is for. Needed unless C(id) is given.
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
        - With C(pass_through=true), whether VMs can be migrated.
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
        - Profile, by id, that takes over while a VM with C(pass_through=true) is migrated.
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
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vnic_profile import VNIC_PROFILE


def main() -> None:
    run_info_module(VNIC_PROFILE)


if __name__ == "__main__":
    main()
