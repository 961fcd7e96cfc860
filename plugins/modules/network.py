#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: network
short_description: Manage logical networks
version_added: 1.0.0
description:
  - A logical network of a data center. The engine makes a vNIC profile of the same name for every new network of VMs.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the network, instead of O(name). With both, the network gets that name.
    type: str
  name:
    description:
      - Name, unique in its data center.
    type: str
  data_center:
    description:
      - Data center, by name or id, it belongs to. Needed unless O(id) is given.
      - Needed to create it.
      - Cannot be changed later.
    type: str
  description:
    description:
      - Description.
    type: str
  comment:
    description:
      - Comment.
    type: str
  vlan_id:
    description:
      - VLAN tag; V(-1) for none.
    type: int
    aliases:
      - vlan
  mtu:
    description:
      - MTU in bytes; V(0) takes the engine's default.
    type: int
  vm_network:
    description:
      - Whether VMs use it.
    type: bool
  stp:
    description:
      - Whether the bridge uses the spanning tree protocol.
    type: bool
  port_isolation:
    description:
      - Whether VMs on the same host are kept from each other. Cannot be changed afterwards.
      - Cannot be changed later.
    type: bool
  profile_required:
    description:
      - At creation, whether the engine makes a vNIC profile for it.
    type: bool
  qos:
    description:
      - Host network QoS, by name or id.
    type: str
  dns_servers:
    description:
      - Name servers for hosts, at most three.
    type: list
    elements: str
  external_provider:
    description:
      - External network provider, by name or id, that it is made on.
      - Cannot be changed later.
    type: str
  clusters:
    description:
      - Clusters it is made available in. VMs of a cluster can be put on it only then. Clusters that are not listed are left alone.
    type: list
    elements: dict
    suboptions:
      cluster:
        description:
          - Cluster, by name or id.
        type: str
      assigned:
        description:
          - Whether it is available there. V(true) when it is left out.
        type: bool
      required:
        description:
          - Whether hosts without it are not operational. V(false) when it is left out for a new one.
        type: bool
      display:
        description:
          - Whether it is the cluster's network for display.
        type: bool
      migration:
        description:
          - Whether it is the cluster's network for migration.
        type: bool
      gluster:
        description:
          - Whether it is the cluster's network for gluster.
        type: bool
      management:
        description:
          - Whether it is the cluster's network for management.
        type: bool
      default_route:
        description:
          - Whether it is the cluster's network for default route.
        type: bool
  state:
    description:
      - What the network is to be.
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
  - module: virtops.ovirt.network_info
"""

EXAMPLES = r"""
---
- name: Have a network with a VLAN tag
  virtops.ovirt.network:
    name: web
    data_center: production
    vlan_id: 120
    mtu: 9000

- name: Take the tag off
  virtops.ovirt.network:
    name: web
    data_center: production
    vlan_id: -1

- name: Remove it
  virtops.ovirt.network:
    name: web
    data_center: production
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the network. Null when there is none.
  returned: success
  type: str
network:
  description:
    - The network as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the network.
      returned: success
      type: str
    name:
      description:
        - Name, unique in its data center.
      returned: success
      type: str
    data_center:
      description:
        - Data center, by name or id, it belongs to. Needed unless O(id) is given.
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
    comment:
      description:
        - Comment.
      returned: success
      type: str
    vlan_id:
      description:
        - VLAN tag; V(-1) for none.
      returned: success
      type: int
    mtu:
      description:
        - MTU in bytes; V(0) takes the engine's default.
      returned: success
      type: int
    vm_network:
      description:
        - Whether VMs use it.
      returned: success
      type: bool
    stp:
      description:
        - Whether the bridge uses the spanning tree protocol.
      returned: success
      type: bool
    port_isolation:
      description:
        - Whether VMs on the same host are kept from each other. Cannot be changed afterwards.
      returned: success
      type: bool
    qos:
      description:
        - Host network QoS, by name or id.
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
    dns_servers:
      description:
        - Name servers for hosts, at most three.
      returned: success
      type: list
      elements: str
    external_provider:
      description:
        - External network provider, by name or id, that it is made on.
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
    clusters:
      description:
        - Clusters it is made available in. VMs of a cluster can be put on it only then. Clusters that are not listed are left alone.
      returned: success
      type: list
      elements: dict
      contains:
        cluster:
          description:
            - Cluster, by name or id.
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
        assigned:
          description:
            - Whether it is available there. V(true) when it is left out.
          returned: success
          type: bool
        required:
          description:
            - Whether hosts without it are not operational. V(false) when it is left out for a new one.
          returned: success
          type: bool
        display:
          description:
            - Whether it is the cluster's network for display.
          returned: success
          type: bool
        migration:
          description:
            - Whether it is the cluster's network for migration.
          returned: success
          type: bool
        gluster:
          description:
            - Whether it is the cluster's network for gluster.
          returned: success
          type: bool
        management:
          description:
            - Whether it is the cluster's network for management.
          returned: success
          type: bool
        default_route:
          description:
            - Whether it is the cluster's network for default route.
          returned: success
          type: bool
    vdsm_name:
      description:
        - Name of its device on hosts.
      returned: success
      type: str
before:
  description:
    - The network as it was before, with the keys of RV(network). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(network).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.network import NETWORK


def main() -> None:
    run_state_module(NETWORK)


if __name__ == "__main__":
    main()
