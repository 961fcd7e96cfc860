#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: host_info
short_description: Read hosts
version_added: 1.0.0
description:
  - Reads hosts in the same shape that M(virtops.ovirt.host) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the hosts to read.
    type: list
    elements: str
  name:
    description:
      - Names of the hosts to read. One that does not exist adds nothing to the list.
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
  - module: virtops.ovirt.host
"""

EXAMPLES = r"""
---
- name: Read every host
  virtops.ovirt.host_info:

- name: Read one host by its name
  virtops.ovirt.host_info:
    name: my-host
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.hosts[0]
  when: found.hosts | length > 0

- name: Read hosts with a query
  virtops.ovirt.host_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
hosts:
  description:
    - The hosts that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the host.
      returned: success
      type: str
    name:
      description:
        - 'Name: letters, digits, C(-), C(_) and C(.).'
      returned: success
      type: str
    address:
      description:
        - Name or address under which the engine reaches it. Cannot be changed afterwards.
      returned: success
      type: str
    cluster:
      description:
        - Cluster, by name or id. Can be changed in maintenance.
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
    comment:
      description:
        - Comment.
      returned: success
      type: str
    ssh:
      description:
        - How the engine logs in.
      returned: success
      type: dict
      contains:
        port:
          description:
            - Port of SSH.
          returned: success
          type: int
    port:
      description:
        - Port of its agent.
      returned: success
      type: int
    spm_priority:
      description:
        - How readily it becomes the storage pool manager, from V(-1) (never) to V(10).
      returned: success
      type: int
    power_management:
      description:
        - Fencing.
      returned: success
      type: dict
      contains:
        enabled:
          description:
            - Whether the engine may switch it off and on. Needs one of C(fence_agents).
          returned: success
          type: bool
        automatic:
          description:
            - Whether the engine may do so to save power.
          returned: success
          type: bool
        kdump_detection:
          description:
            - Whether a host that writes a crash dump is left alone.
          returned: success
          type: bool
    fence_agents:
      description:
        - Devices that can switch it off and on, told apart by their addresses. What is listed is what there is; an empty list removes them all.
      returned: success
      type: list
      elements: dict
      contains:
        address:
          description:
            - Name or address of the device.
          returned: success
          type: str
        type:
          description:
            - Kind of the device, for example V(ipmilan), V(ilo4) or V(apc). Has to be given for a new one.
          returned: success
          type: str
        username:
          description:
            - User to log in as. Has to be given for a new one.
          returned: success
          type: str
        port:
          description:
            - Port of the device.
          returned: success
          type: int
        order:
          description:
            - In which order agents are asked. The place in the list when it is left out for a new one.
          returned: success
          type: int
        concurrent:
          description:
            - Whether it is asked at the same time as others of its order.
          returned: success
          type: bool
        encrypt_options:
          description:
            - Whether the engine keeps the options encrypted.
          returned: success
          type: bool
        options:
          description:
            - Further options of the device by name, for example C(lanplus). The engine shows them to whoever may see the host.
          returned: success
          type: dict
    kernel_cmdline:
      description:
        - Additions to its kernel's command line; used when it is installed.
      returned: success
      type: str
    vgpu_placement:
      description:
        - How virtual GPUs are spread.
      returned: success
      type: str
    tags:
      description:
        - Tags, managed as a whole; an empty list takes them all off.
      returned: success
      type: list
      elements: dict
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
    affinity_labels:
      description:
        - Affinity labels, managed as a whole; an empty list takes them all off.
      returned: success
      type: list
      elements: dict
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
    console_address:
      description:
        - Address that consoles connect to instead of its own.
      returned: success
      type: str
    status:
      description:
        - Status of the host.
      returned: success
      type: str
    status_detail:
      description:
        - Why it is not operational.
      returned: success
      type: str
    memory:
      description:
        - Bytes of memory.
      returned: success
      type: int
    cpu_type:
      description:
        - Best CPU type of the engine that its processor has.
      returned: success
      type: str
    cpu_model:
      description:
        - Name of its processor.
      returned: success
      type: str
    update_available:
      description:
        - Whether there are newer packages for it.
      returned: success
      type: bool
    reinstallation_required:
      description:
        - Whether changes wait for a reinstallation.
      returned: success
      type: bool
    spm_status:
      description:
        - Whether it is the storage pool manager.
      returned: success
      type: str
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.host import HOST


def main() -> None:
    run_info_module(HOST)


if __name__ == "__main__":
    main()
