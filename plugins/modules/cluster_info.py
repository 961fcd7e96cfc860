#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_info
short_description: Read clusters
version_added: 1.0.0
description:
  - Reads clusters in the same shape that M(virtops.ovirt.cluster) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the clusters to read.
    type: list
    elements: str
  name:
    description:
      - Names of the clusters to read. One that does not exist adds nothing to the list.
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
  - module: virtops.ovirt.cluster
"""

EXAMPLES = r"""
---
- name: Read every cluster
  virtops.ovirt.cluster_info:

- name: Read one cluster by its name
  virtops.ovirt.cluster_info:
    name: my-cluster
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.clusters[0]
  when: found.clusters | length > 0

- name: Read clusters with a query
  virtops.ovirt.cluster_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
clusters:
  description:
    - The clusters that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the cluster.
      returned: success
      type: str
    name:
      description:
        - 'Name: letters, digits, C(-), C(_) and C(.).'
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
    data_center:
      description:
        - Data center, by name or id, it belongs to.
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
    cpu_type:
      description:
        - 'CPU type that its guests see, as the engine offers it for the compatibility level: V(Intel Haswell Family), V(AMD Opteron G5), V(IBM POWER9)
          and others.'
      returned: success
      type: str
    architecture:
      description:
        - Processor architecture; follows C(cpu_type).
      returned: success
      type: str
    compatibility_version:
      description:
        - Compatibility level, for example V(4.7); that of the data center when it is left out at creation. It can be raised, and lowered only while there
          are no hosts.
      returned: success
      type: str
    management_network:
      description:
        - Network, by name or id, that carries the engine's traffic. C(ovirtmgmt) when it is left out.
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
    scheduling_policy:
      description:
        - Scheduling policy, by name or id.
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
    scheduling_policy_properties:
      description:
        - Properties of the scheduling policy, managed as a whole.
      returned: success
      type: dict
    mac_pool:
      description:
        - MAC pool, by name or id, its VMs draw from.
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
    bios_type:
      description:
        - Chipset and firmware of VMs that take the cluster's.
      returned: success
      type: str
    virt_service:
      description:
        - Whether it runs VMs.
      returned: success
      type: bool
    gluster_service:
      description:
        - Whether its hosts serve GlusterFS volumes.
      returned: success
      type: bool
    gluster_tuned_profile:
      description:
        - Profile of tuned on hosts that serve GlusterFS.
      returned: success
      type: str
    threads_as_cores:
      description:
        - Whether threads of a host's processor count as cores.
      returned: success
      type: bool
    ballooning:
      description:
        - Whether memory balloons are used.
      returned: success
      type: bool
    memory_overcommit:
      description:
        - Percent of the hosts' memory that VMs may have altogether, from V(100).
      returned: success
      type: int
    transparent_hugepages:
      description:
        - Whether hosts use transparent huge pages.
      returned: success
      type: bool
    ksm:
      description:
        - Kernel same-page merging.
      returned: success
      type: dict
      contains:
        enabled:
          description:
            - Whether equal memory pages are merged.
          returned: success
          type: bool
        merge_across_nodes:
          description:
            - Whether they are merged across NUMA nodes.
          returned: success
          type: bool
    error_handling:
      description:
        - What happens to VMs of a host that fails.
      returned: success
      type: str
    migration:
      description:
        - How VMs are migrated between its hosts.
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
        policy:
          description:
            - Migration policy, by name (Minimal downtime, Suspend workload if needed, Post-copy migration or Very large VMs) or id.
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
        bandwidth:
          description:
            - How bandwidth is limited.
          returned: success
          type: str
        bandwidth_mbps:
          description:
            - Mbit/s for C(migration.bandwidth=custom).
          returned: success
          type: int
        parallel:
          description:
            - Whether several connections are used.
          returned: success
          type: str
        connections:
          description:
            - Number of connections for C(migration.parallel=custom).
          returned: success
          type: int
    fencing:
      description:
        - When hosts that do not answer are restarted by power management.
      returned: success
      type: dict
      contains:
        enabled:
          description:
            - Whether they are.
          returned: success
          type: bool
        skip_if_storage_lease:
          description:
            - Not while the host still writes to storage.
          returned: success
          type: bool
        skip_if_connectivity_broken:
          description:
            - Not while many hosts have lost their connection.
          returned: success
          type: bool
        connectivity_threshold:
          description:
            - Percent of hosts that count as many.
          returned: success
          type: int
        skip_if_gluster_bricks_up:
          description:
            - Not while its bricks are up.
          returned: success
          type: bool
        skip_if_gluster_quorum_not_met:
          description:
            - Not when volumes would lose their quorum.
          returned: success
          type: bool
    ha_reservation:
      description:
        - Whether the engine watches that there is room to restart highly available VMs.
      returned: success
      type: bool
    trusted_service:
      description:
        - Whether hosts have to be attested.
      returned: success
      type: bool
    tunnel_migration:
      description:
        - Whether migrations go through libvirt's connection.
      returned: success
      type: bool
    vnc_encryption:
      description:
        - Whether VNC consoles are encrypted.
      returned: success
      type: bool
    rng_sources:
      description:
        - Sources of randomness that hosts have to offer beside C(urandom).
      returned: success
      type: list
      elements: str
    switch_type:
      description:
        - Kind of switch on hosts.
      returned: success
      type: str
    firewall_type:
      description:
        - Kind of firewall on hosts.
      returned: success
      type: str
    fips_mode:
      description:
        - Whether hosts run in FIPS mode.
      returned: success
      type: str
    log_max_memory_used_threshold:
      description:
        - Use of a host's memory above which an event is written.
      returned: success
      type: int
    log_max_memory_used_threshold_type:
      description:
        - Whether that is a percentage, or MiB left.
      returned: success
      type: str
    serial_number:
      description:
        - Serial number the firmware of VMs shows.
      returned: success
      type: dict
      contains:
        policy:
          description:
            - V(host) and V(vm) take the id of that, V(custom) takes C(serial_number.value).
          returned: success
          type: str
        value:
          description:
            - Serial number for C(serial_number.policy=custom).
          returned: success
          type: str
    spice_proxy:
      description:
        - Proxy for SPICE consoles as a URL.
      returned: success
      type: str
    upgrade_in_progress:
      description:
        - Whether it is being upgraded.
      returned: success
      type: bool
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.cluster import CLUSTER


def main() -> None:
    run_info_module(CLUSTER)


if __name__ == "__main__":
    main()
