#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: nic_info
short_description: Read NICs
version_added: 1.0.0
description:
  - Reads NICs in the same shape that M(virtops.ovirt.nic) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the NICs to read.
    type: list
    elements: str
  name:
    description:
      - Names of the NICs to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  vm:
    description:
      - VM, by name or id, it belongs to.
    type: str
  template:
    description:
      - Template, by name or id, it belongs to.
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
  - module: virtops.ovirt.nic
"""

EXAMPLES = r"""
---
- name: Read every NIC
  virtops.ovirt.nic_info:
    vm: my-vm

- name: Read one NIC by its name
  virtops.ovirt.nic_info:
    vm: my-vm
    name: my-nic
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.nics[0]
  when: found.nics | length > 0
"""

RETURN = r"""
nics:
  description:
    - The NICs that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the NIC.
      returned: success
      type: str
    name:
      description:
        - Name, unique in its VM, for example V(nic1).
      returned: success
      type: str
    vnic_profile:
      description:
        - vNIC profile, by name or id; looked for on C(network), or on all networks of the data center. An empty string disconnects it.
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
    interface:
      description:
        - Device model. V(virtio) when it is left out at creation.
      returned: success
      type: str
    mac:
      description:
        - MAC address. The engine draws one from its pool when it is left out.
      returned: success
      type: str
    linked:
      description:
        - Whether the link is up. V(true) when it is left out at creation.
      returned: success
      type: bool
    plugged:
      description:
        - Whether it is plugged in. V(true) when it is left out at creation.
      returned: success
      type: bool
    synced:
      description:
        - Whether the running VM has what is configured.
      returned: success
      type: bool
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.nic import NIC


def main() -> None:
    run_info_module(NIC)


if __name__ == "__main__":
    main()
