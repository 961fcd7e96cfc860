#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: host
short_description: Manage hosts
version_added: 1.0.0
description:
  - Adds a hypervisor to a cluster, waits until the engine has deployed it, activates it, brings it to maintenance, and removes it.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the host, instead of O(name). With both, the host gets that name.
    type: str
  name:
    description:
      - 'Name: letters, digits, C(-), C(_) and C(.).'
    type: str
  address:
    description:
      - Name or address under which the engine reaches it. Cannot be changed afterwards.
      - Cannot be changed later.
    type: str
  cluster:
    description:
      - Cluster, by name or id. Can be changed in maintenance.
      - Needed to create it.
    type: str
  comment:
    description:
      - Comment.
    type: str
  root_password:
    description:
      - Password of root, or of O(ssh.user), with which the engine logs in once to deploy it.
    type: str
  ssh:
    description:
      - How the engine logs in.
    type: dict
    suboptions:
      authentication:
        description:
          - By O(root_password), or by the engine's public key.
        type: str
        choices:
          - password
          - publickey
      port:
        description:
          - Port of SSH.
        type: int
      fingerprint:
        description:
          - Fingerprint of its key that the engine has to see.
        type: str
      user:
        description:
          - User to log in as.
        type: str
  port:
    description:
      - Port of its agent.
      - Cannot be changed later.
    type: int
  spm_priority:
    description:
      - How readily it becomes the storage pool manager, from V(-1) (never) to V(10).
    type: int
  power_management:
    description:
      - Fencing.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether the engine may switch it off and on. Needs one of O(fence_agents).
        type: bool
      automatic:
        description:
          - Whether the engine may do so to save power.
        type: bool
      kdump_detection:
        description:
          - Whether a host that writes a crash dump is left alone.
        type: bool
  fence_agents:
    description:
      - Devices that can switch it off and on, told apart by their addresses. What is listed is what there is; an empty list removes them all.
      - They are there before O(power_management.enabled) is switched on, and go after it is switched off.
    type: list
    elements: dict
    suboptions:
      address:
        description:
          - Name or address of the device.
        type: str
      type:
        description:
          - Kind of the device, for example V(ipmilan), V(ilo4) or V(apc). Has to be given for a new one.
        type: str
      username:
        description:
          - User to log in as. Has to be given for a new one.
        type: str
      password:
        description:
          - 'Password. The engine never shows it: it is sent with a new agent and with any other change of one.'
        type: str
      port:
        description:
          - Port of the device.
        type: int
      order:
        description:
          - In which order agents are asked. The place in the list when it is left out for a new one.
        type: int
      concurrent:
        description:
          - Whether it is asked at the same time as others of its order.
        type: bool
      encrypt_options:
        description:
          - Whether the engine keeps the options encrypted.
        type: bool
      options:
        description:
          - Further options of the device by name, for example C(lanplus). The engine shows them to whoever may see the host.
          - 'Values that are called like a password are masked in that task alone: a password goes into O(fence_agents[].password).'
        type: dict
  kernel_cmdline:
    description:
      - Additions to its kernel's command line; used when it is installed.
    type: str
  vgpu_placement:
    description:
      - How virtual GPUs are spread.
    type: str
    choices:
      - consolidated
      - separated
  tags:
    description:
      - Tags, managed as a whole; an empty list takes them all off.
    type: list
    elements: str
  affinity_labels:
    description:
      - Affinity labels, managed as a whole; an empty list takes them all off.
    type: list
    elements: str
  console_address:
    description:
      - Address that consoles connect to instead of its own.
    type: str
  reason:
    description:
      - Reason of the maintenance, for the engine's log.
    type: str
  force:
    description:
      - With O(state=absent), whether it is brought to maintenance first.
    type: bool
  state:
    description:
      - What the host is to be.
      - 'V(present): It exists with the options given.'
      - 'V(up): It is part of its cluster and up; one in maintenance is activated.'
      - 'V(maintenance): It is part of its cluster and in maintenance; its VMs are migrated away first.'
      - 'V(absent): It is not part of any cluster. It has to be in maintenance, or O(force) be true.'
    type: str
    choices:
      - present
      - up
      - maintenance
      - absent
    default: present
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.changes
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.host_info
"""

EXAMPLES = r"""
---
- name: Add a host and wait until it is up
  virtops.ovirt.host:
    name: node1
    address: node1.example.com
    cluster: haswell
    root_password: "{{ vault_root_password }}"
    state: up
    timeout: 1800

- name: Bring it to maintenance
  virtops.ovirt.host:
    name: node1
    reason: New memory
    state: maintenance

- name: Remove it
  virtops.ovirt.host:
    name: node1
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the host. Null when there is none.
  returned: success
  type: str
host:
  description:
    - The host as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
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
            - Whether the engine may switch it off and on. Needs one of O(fence_agents).
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
before:
  description:
    - The host as it was before, with the keys of RV(host). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(host).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.host import HOST


def main() -> None:
    run_state_module(HOST)


if __name__ == "__main__":
    main()
