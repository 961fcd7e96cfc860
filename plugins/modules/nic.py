#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: nic
short_description: Manage network interfaces of VMs and templates
version_added: 1.0.0
description:
  - Adds, changes, plugs, unplugs and removes the virtual network interfaces of a VM or a template.
  - 'One that is plugged into a running VM is unplugged before it is removed. The engine changes the model and the MAC address only of one that is not plugged
    into a running VM: set O(plugged=false) first.'
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the NIC, instead of O(name). With both, the NIC gets that name.
    type: str
  vm:
    description:
      - VM, by name or id, it belongs to.
    type: str
  template:
    description:
      - Template, by name or id, it belongs to.
    type: str
  name:
    description:
      - Name, unique in its VM, for example V(nic1).
    type: str
  vnic_profile:
    description:
      - vNIC profile, by name or id; looked for on O(network), or on all networks of the data center. An empty string disconnects it.
    type: str
  interface:
    description:
      - Device model. V(virtio) when it is left out at creation.
    type: str
    choices:
      - virtio
      - e1000
      - e1000e
      - rtl8139
      - rtl8139_virtio
      - spapr_vlan
      - pci_passthrough
  mac:
    description:
      - MAC address. The engine draws one from its pool when it is left out.
    type: str
  linked:
    description:
      - Whether the link is up. V(true) when it is left out at creation.
    type: bool
  plugged:
    description:
      - Whether it is plugged in. V(true) when it is left out at creation.
    type: bool
  network:
    description:
      - Network on which O(vnic_profile) is looked for; alone it means the profile named like the network.
    type: str
  state:
    description:
      - What the NIC is to be.
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
  - module: virtops.ovirt.nic_info
"""

EXAMPLES = r"""
---
- name: Have a second NIC in a VM
  virtops.ovirt.nic:
    vm: web1
    name: nic2
    vnic_profile: web
    interface: virtio

- name: Unplug it
  virtops.ovirt.nic:
    vm: web1
    name: nic2
    plugged: false

- name: Remove it
  virtops.ovirt.nic:
    vm: web1
    name: nic2
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the NIC. Null when there is none.
  returned: success
  type: str
nic:
  description:
    - The NIC as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
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
        - vNIC profile, by name or id; looked for on O(network), or on all networks of the data center. An empty string disconnects it.
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
before:
  description:
    - The NIC as it was before, with the keys of RV(nic). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(nic).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.nic import NIC


def main() -> None:
    run_state_module(NIC)


if __name__ == "__main__":
    main()
