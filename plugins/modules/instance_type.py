#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: instance_type
short_description: Manage instance types
version_added: 1.0.0
description:
  - An instance type sets the hardware of the VMs that have it (O(virtops.ovirt.vm#module:instance_type)).
  - For some seconds after one was made the engine refuses to remove it, which is waited for.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the instance type, instead of O(name). With both, the instance type gets that name.
    type: str
  name:
    description:
      - Name, unique in the engine.
    type: str
  description:
    description:
      - Description.
    type: str
  memory:
    description:
      - Memory, for example V(4GiB); a bare number is bytes. The engine takes 1 GiB when it is left out at creation.
      - With a unit, such as V(10GiB); a bare number is bytes.
    type: str
  memory_guaranteed:
    description:
      - Memory that a host keeps for a VM even when memory is short.
      - With a unit, such as V(10GiB); a bare number is bytes.
    type: str
  memory_max:
    description:
      - Up to where memory can be added while a VM runs. The engine takes four times O(memory) when it is left out.
      - With a unit, such as V(10GiB); a bare number is bytes.
    type: str
  ballooning:
    description:
      - Whether the host may take unused memory back from the guest.
    type: bool
  cpu:
    description:
      - Virtual processors. Their number is O(cpu.sockets) times O(cpu.cores) times O(cpu.threads).
    type: dict
    suboptions:
      sockets:
        description:
          - Number of sockets. More are plugged into a running VM at once.
        type: int
      cores:
        description:
          - Cores of each socket.
        type: int
      threads:
        description:
          - Threads of each core.
        type: int
  graphics:
    description:
      - 'Graphical consoles: V(spice), V(vnc), both, or an empty list for none. V(vnc) when it is left out at creation.'
    type: list
    elements: str
    choices:
      - spice
      - vnc
  console:
    description:
      - Display and console.
    type: dict
    suboptions:
      monitors:
        description:
          - Number of monitors. More than one needs SPICE.
        type: int
      smartcard:
        description:
          - Whether a smart card of the client's machine is passed through, which needs SPICE. M(virtops.ovirt.smartcard) does it for many VMs.
        type: bool
      serial:
        description:
          - Whether it has a serial console over SSH.
        type: bool
      usb:
        description:
          - Whether USB devices of the client's machine are passed through.
        type: bool
  high_availability:
    description:
      - What the engine does when its host fails.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether it is started again on another host.
        type: bool
      priority:
        description:
          - Which ones are started first; V(1) is low, V(50) medium, V(100) high.
        type: int
  placement:
    description:
      - Hosts it may run on.
    type: dict
    suboptions:
      affinity:
        description:
          - Whether the engine may move it (V(migratable)), a user may (V(user_migratable)), or nobody (V(pinned)).
        type: str
        choices:
          - migratable
          - user_migratable
          - pinned
  migration:
    description:
      - How it is migrated to another host.
    type: dict
    suboptions:
      auto_converge:
        description:
          - Whether a guest that writes too fast is slowed down.
        type: str
        choices:
          - inherit
          - 'true'
          - 'false'
      compressed:
        description:
          - Whether memory is compressed on the way.
        type: str
        choices:
          - inherit
          - 'true'
          - 'false'
      encrypted:
        description:
          - Whether memory is encrypted on the way.
        type: str
        choices:
          - inherit
          - 'true'
          - 'false'
      downtime:
        description:
          - Longest pause at the end, in milliseconds. V(-1) takes the engine's default.
        type: int
  virtio_scsi:
    description:
      - Whether it has a VirtIO-SCSI controller.
    type: bool
  io_threads:
    description:
      - Number of threads for disk input and output.
    type: int
  rng:
    description:
      - Random number generator.
    type: dict
    suboptions:
      source:
        description:
          - Where randomness comes from.
        type: str
        choices:
          - urandom
          - hwrng
          - random
      bytes:
        description:
          - Bytes in each O(rng.period).
        type: int
      period:
        description:
          - Milliseconds.
        type: int
  watchdog:
    description:
      - Watchdog card. An empty dictionary removes it.
    type: dict
    suboptions:
      model:
        description:
          - Model; V(diag288) is for s390x.
        type: str
        choices:
          - i6300esb
          - diag288
      action:
        description:
          - What is done when the guest stops responding.
        type: str
        choices:
          - none
          - reset
          - poweroff
          - pause
          - dump
  new_name:
    description:
      - Name that the instance type called O(name) is to have. With O(id), O(name) is the new name.
    type: str
  state:
    description:
      - What the instance type is to be.
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
  - module: virtops.ovirt.instance_type_info
"""

EXAMPLES = r"""
---
- name: An instance type
  virtops.ovirt.instance_type:
    name: database
    description: What databases get
    memory: 16GiB
    memory_guaranteed: 16GiB
    cpu:
      sockets: 2
      cores: 4
    high_availability:
      enabled: true
      priority: 50
    graphics: [vnc]
    watchdog:
      model: i6300esb
      action: reset

- name: A VM that has it
  virtops.ovirt.vm:
    name: db1
    cluster: prod
    instance_type: database

- name: No watchdog any more
  virtops.ovirt.instance_type:
    name: database
    watchdog: {}

- name: Remove it
  virtops.ovirt.instance_type:
    name: database
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the instance type. Null when there is none.
  returned: success
  type: str
instance_type:
  description:
    - The instance type as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the instance type.
      returned: success
      type: str
    name:
      description:
        - Name, unique in the engine.
      returned: success
      type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    memory:
      description:
        - Memory, for example V(4GiB); a bare number is bytes. The engine takes 1 GiB when it is left out at creation.
      returned: success
      type: int
    memory_guaranteed:
      description:
        - Memory that a host keeps for a VM even when memory is short.
      returned: success
      type: int
    memory_max:
      description:
        - Up to where memory can be added while a VM runs. The engine takes four times O(memory) when it is left out.
      returned: success
      type: int
    ballooning:
      description:
        - Whether the host may take unused memory back from the guest.
      returned: success
      type: bool
    cpu:
      description:
        - Virtual processors. Their number is O(cpu.sockets) times O(cpu.cores) times O(cpu.threads).
      returned: success
      type: dict
      contains:
        sockets:
          description:
            - Number of sockets. More are plugged into a running VM at once.
          returned: success
          type: int
        cores:
          description:
            - Cores of each socket.
          returned: success
          type: int
        threads:
          description:
            - Threads of each core.
          returned: success
          type: int
    graphics:
      description:
        - 'Graphical consoles: V(spice), V(vnc), both, or an empty list for none. V(vnc) when it is left out at creation.'
      returned: success
      type: list
      elements: str
    console:
      description:
        - Display and console.
      returned: success
      type: dict
      contains:
        monitors:
          description:
            - Number of monitors. More than one needs SPICE.
          returned: success
          type: int
        smartcard:
          description:
            - Whether a smart card of the client's machine is passed through, which needs SPICE. M(virtops.ovirt.smartcard) does it for many VMs.
          returned: success
          type: bool
        serial:
          description:
            - Whether it has a serial console over SSH.
          returned: success
          type: bool
        usb:
          description:
            - Whether USB devices of the client's machine are passed through.
          returned: success
          type: bool
    high_availability:
      description:
        - What the engine does when its host fails.
      returned: success
      type: dict
      contains:
        enabled:
          description:
            - Whether it is started again on another host.
          returned: success
          type: bool
        priority:
          description:
            - Which ones are started first; V(1) is low, V(50) medium, V(100) high.
          returned: success
          type: int
    placement:
      description:
        - Hosts it may run on.
      returned: success
      type: dict
      contains:
        affinity:
          description:
            - Whether the engine may move it (V(migratable)), a user may (V(user_migratable)), or nobody (V(pinned)).
          returned: success
          type: str
    migration:
      description:
        - How it is migrated to another host.
      returned: success
      type: dict
      contains:
        auto_converge:
          description:
            - Whether a guest that writes too fast is slowed down.
          returned: success
          type: str
        compressed:
          description:
            - Whether memory is compressed on the way.
          returned: success
          type: str
        encrypted:
          description:
            - Whether memory is encrypted on the way.
          returned: success
          type: str
        downtime:
          description:
            - Longest pause at the end, in milliseconds. V(-1) takes the engine's default.
          returned: success
          type: int
    virtio_scsi:
      description:
        - Whether it has a VirtIO-SCSI controller.
      returned: success
      type: bool
    io_threads:
      description:
        - Number of threads for disk input and output.
      returned: success
      type: int
    rng:
      description:
        - Random number generator.
      returned: success
      type: dict
      contains:
        source:
          description:
            - Where randomness comes from.
          returned: success
          type: str
        bytes:
          description:
            - Bytes in each O(rng.period).
          returned: success
          type: int
        period:
          description:
            - Milliseconds.
          returned: success
          type: int
    watchdog:
      description:
        - Watchdog card. An empty dictionary removes it.
      returned: success
      type: dict
      contains:
        model:
          description:
            - Model; V(diag288) is for s390x.
          returned: success
          type: str
        action:
          description:
            - What is done when the guest stops responding.
          returned: success
          type: str
before:
  description:
    - The instance type as it was before, with the keys of RV(instance_type). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(instance_type).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.instance_type import INSTANCE_TYPE


def main() -> None:
    run_state_module(INSTANCE_TYPE)


if __name__ == "__main__":
    main()
