#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: port_mirroring_info
short_description: Read which networks are mirrored and who listens
version_added: 1.0.0
description:
  - Reads every logical network that a vNIC profile mirrors, with the NICs that get its traffic.
author:
  - virtops.ovirt contributors (@virtops)
options:
  network:
    description:
      - Logical network, by name or id; all of them when it is left out.
    type: str
  data_center:
    description:
      - Data center, by name or id, of the network; needed where several have a network of that name.
    type: str
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.port_mirroring
"""

EXAMPLES = r"""
---
- name: Read who listens to what
  virtops.ovirt.port_mirroring_info:
  register: mirrored
- name: Show it
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.listeners | map(attribute='vm.name') | join(', ') }}"
  loop: "{{ mirrored.networks }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
networks:
  description:
    - The mirrored networks.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the network.
      returned: success
      type: str
    name:
      description:
        - Its name.
      returned: success
      type: str
    data_center:
      description:
        - Its data center.
      returned: success
      type: str
    profiles:
      description:
        - 'Its profiles that mirror: C(id) and C(name).'
      returned: success
      type: list
      elements: dict
    listeners:
      description:
        - 'NICs on them: C(vm) with C(id), C(name) and C(status), C(nic) with C(id), C(name) and C(mac), C(vnic_profile), C(plugged), C(linked).'
      returned: success
      type: list
      elements: dict
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_operation_module
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.port_mirroring import PORT_MIRRORING_INFO


def main() -> None:
    run_operation_module(PORT_MIRRORING_INFO)


if __name__ == "__main__":
    main()
