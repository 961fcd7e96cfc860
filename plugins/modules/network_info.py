#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: network_info
short_description: Read networks
version_added: 1.0.0
description:
  - Reads networks in the same shape that M(virtops.ovirt.network) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the networks to read.
    type: list
    elements: str
  name:
    description:
      - Names of the networks to read. One that does not exist adds nothing to the list.
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
  - module: virtops.ovirt.network
"""

EXAMPLES = r"""
---
- name: Read every network
  virtops.ovirt.network_info:

- name: Read one network by its name
  virtops.ovirt.network_info:
    name: my-network
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.networks[0]
  when: found.networks | length > 0

- name: Read networks with a query
  virtops.ovirt.network_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
networks:
  description:
    - The networks that fit; an empty list when there is none.
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
        - Name, unique in its data center.
      returned: success
      type: str
    data_center:
      description:
        - Data center, by name or id, it belongs to. Needed unless C(id) is given.
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
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.network import NETWORK


def main() -> None:
    run_info_module(NETWORK)


if __name__ == "__main__":
    main()
