#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: host_network
short_description: Put logical networks on the NICs of hosts
version_added: 1.0.0
description:
  - Makes the listed networks true on the NICs of each host, with their addresses, by one request for each host. Networks that are not listed stay.
  - A VM starts only on a host that has all networks of its plugged NICs, so every network of VMs has to be on the hosts of its cluster.
  - The VLAN and the MTU are those of the network (M(virtops.ovirt.network)), which has to be in the cluster of the host.
  - 'What is in the way is named for all hosts before the first change: unknown networks and NICs, two networks without a VLAN on one NIC, and whatever
    would cut off the management network.'
author:
  - virtops.ovirt contributors (@virtops)
options:
  hosts:
    description:
      - Hosts, by name or id. Those of one cluster are changed one after the other.
    type: list
    elements: str
    required: true
  networks:
    description:
      - The networks, each at most once.
    type: list
    elements: dict
    suboptions:
      network:
        description:
          - Logical network, by name or id, of the host's cluster.
        type: str
      nic:
        description:
          - NIC or bond, by name or id, that carries it. Needed for a network that is not on the host yet; another NIC moves it.
        type: str
      ipv4:
        description:
          - Addresses of IPv4 that the host has on the network. Not managed when it is left out; a new attachment has none then.
        type: dict
        suboptions:
          method:
            description:
              - Where they come from; V(static) when O(networks[].ipv4.address) is given.
            type: str
            choices:
              - none
              - dhcp
              - static
          address:
            description:
              - Address, for V(static).
            type: str
          netmask:
            description:
              - Netmask, V(255.255.255.0), or the length of the prefix, V(24).
            type: str
          gateway:
            description:
              - Gateway, for V(static).
            type: str
      ipv6:
        description:
          - Addresses of IPv6 that the host has on the network. Not managed when it is left out; a new attachment has none then.
        type: dict
        suboptions:
          method:
            description:
              - Where they come from; V(static) when O(networks[].ipv6.address) is given.
            type: str
            choices:
              - none
              - dhcp
              - autoconf
              - dhcp_and_autoconf
              - static
          address:
            description:
              - Address, for V(static).
            type: str
          netmask:
            description:
              - Length of the prefix, for V(static), for example V(64).
            type: str
          gateway:
            description:
              - Gateway, for V(static).
            type: str
      state:
        description:
          - Whether it is on the host; V(present) when it is left out.
        type: str
        choices:
          - present
          - absent
    required: true
  sync:
    description:
      - Whether listed networks that are out of sync with the host (its VLAN, MTU or addresses are others than the engine wants) are made as wanted. Otherwise
        a warning tells of them.
    type: bool
  change_management:
    description:
      - Whether the NIC and the addresses of the management network may change. It is never removed.
    type: bool
  check_connectivity:
    description:
      - Whether the host takes the change back when it loses the engine by it. True when it is left out.
    type: bool
  connectivity_timeout:
    description:
      - Seconds for that check.
    type: int
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.operation
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.network
  - module: virtops.ovirt.host
"""

EXAMPLES = r"""
---
- name: Networks for VMs, on the second NIC of every host
  virtops.ovirt.host_network:
    hosts: [kvm1, kvm2]
    networks:
      - network: web
        nic: eth1
      - network: backend
        nic: eth1

- name: A network of the host's own, with an address
  virtops.ovirt.host_network:
    hosts: [kvm1]
    networks:
      - network: storage
        nic: eth2
        ipv4:
          address: 192.0.2.11
          netmask: 24
        ipv6:
          method: autoconf

- name: Another NIC for one network, and another network that is not needed any more
  virtops.ovirt.host_network:
    hosts: [kvm1]
    networks:
      - network: web
        nic: bond0
      - network: backend
        state: absent

- name: What the hosts have otherwise than the engine wants it, as wanted
  virtops.ovirt.host_network:
    hosts: [kvm1, kvm2]
    networks:
      - network: web
    sync: true
"""

RETURN = r"""
results:
  description:
    - One for each object.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the object.
      returned: always
      type: str
    changed:
      description:
        - Whether something was asked of the engine for it; or would be in check mode.
      returned: always
      type: bool
    before:
      description:
        - What changes of it, as it was.
      returned: always
      type: dict
    after:
      description:
        - The same as it is now, or would be in check mode.
      returned: always
      type: dict
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
    failed:
      description:
        - Whether the work on it failed.
      returned: when it failed
      type: bool
    skipped:
      description:
        - That it was not begun, because another one failed.
      returned: when it was not begun
      type: bool
    msg:
      description:
        - Why.
      returned: when it failed or was not begun
      type: str
    name:
      description:
        - Name of the host.
      returned: success
      type: str
    networks:
      description:
        - 'All networks on the host: C(network), C(nic), C(ipv4) and C(ipv6) with C(method), C(address), C(netmask) and C(gateway), C(in_sync).'
      returned: success
      type: list
      elements: dict
handles:
  description:
    - 'What M(virtops.ovirt.job) waits for later: correlation ids and jobs of what goes on, after O(wait=false).'
  returned: always
  type: list
  elements: str
diff:
  description:
    - What changes, and nothing else, by object.
  returned: always
  type: dict
  contains:
    before:
      description:
        - Members that change, as they were.
      returned: always
      type: dict
    after:
      description:
        - The same members as they will be.
      returned: always
      type: dict
    after_header:
      description:
        - How the changes reach what runs, and in check mode what they stand on that is not there yet, as C(--diff) prints it above them.
      returned: when there is any of it
      type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_operation_module
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.host_network import HOST_NETWORK


def main() -> None:
    run_operation_module(HOST_NETWORK)


if __name__ == "__main__":
    main()
