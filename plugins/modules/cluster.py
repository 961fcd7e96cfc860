#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: cluster
short_description: Manage clusters
version_added: 1.0.0
description:
  - A cluster holds hosts of one kind of processor, and the VMs that run on them. Its CPU type is what guests see of the processor.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the cluster, instead of O(name). With both, the cluster gets that name.
    type: str
  name:
    description:
      - 'Name: letters, digits, C(-), C(_) and C(.).'
    type: str
  description:
    description:
      - Description.
    type: str
  comment:
    description:
      - Comment.
    type: str
  data_center:
    description:
      - Data center, by name or id, it belongs to.
      - Needed to create it.
      - Cannot be changed later.
    type: str
  cpu_type:
    description:
      - 'CPU type that its guests see, as the engine offers it for the compatibility level: V(Intel Haswell Family), V(AMD Opteron G5), V(IBM POWER9) and
        others.'
      - It is checked against what the engine offers before anything is written.
    type: str
  architecture:
    description:
      - Processor architecture; follows O(cpu_type).
    type: str
    choices:
      - undefined
      - x86_64
      - ppc64
      - s390x
      - aarch64
      - loongarch64
  compatibility_version:
    description:
      - Compatibility level, for example V(4.7); that of the data center when it is left out at creation. It can be raised, and lowered only while there
        are no hosts.
    type: str
  management_network:
    description:
      - Network, by name or id, that carries the engine's traffic. C(ovirtmgmt) when it is left out.
      - Cannot be changed later.
    type: str
  scheduling_policy:
    description:
      - Scheduling policy, by name or id.
    type: str
  scheduling_policy_properties:
    description:
      - Properties of the scheduling policy, managed as a whole.
    type: dict
  mac_pool:
    description:
      - MAC pool, by name or id, its VMs draw from.
    type: str
  bios_type:
    description:
      - Chipset and firmware of VMs that take the cluster's.
    type: str
    choices:
      - i440fx_sea_bios
      - q35_sea_bios
      - q35_ovmf
      - q35_secure_boot
  virt_service:
    description:
      - Whether it runs VMs.
    type: bool
  gluster_service:
    description:
      - Whether its hosts serve GlusterFS volumes.
    type: bool
  gluster_tuned_profile:
    description:
      - Profile of tuned on hosts that serve GlusterFS.
    type: str
  threads_as_cores:
    description:
      - Whether threads of a host's processor count as cores.
    type: bool
  ballooning:
    description:
      - Whether memory balloons are used.
    type: bool
  memory_overcommit:
    description:
      - Percent of the hosts' memory that VMs may have altogether, from V(100).
    type: int
  transparent_hugepages:
    description:
      - Whether hosts use transparent huge pages.
    type: bool
  ksm:
    description:
      - Kernel same-page merging.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether equal memory pages are merged.
        type: bool
      merge_across_nodes:
        description:
          - Whether they are merged across NUMA nodes.
        type: bool
  error_handling:
    description:
      - What happens to VMs of a host that fails.
    type: str
    choices:
      - migrate
      - do_not_migrate
      - migrate_highly_available
  migration:
    description:
      - How VMs are migrated between its hosts.
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
      policy:
        description:
          - Migration policy, by name (Minimal downtime, Suspend workload if needed, Post-copy migration or Very large VMs) or id.
        type: str
      bandwidth:
        description:
          - How bandwidth is limited.
        type: str
        choices:
          - auto
          - custom
          - hypervisor_default
      bandwidth_mbps:
        description:
          - Mbit/s for O(migration.bandwidth=custom).
        type: int
      parallel:
        description:
          - Whether several connections are used.
        type: str
        choices:
          - auto
          - auto_parallel
          - disabled
          - custom
      connections:
        description:
          - Number of connections for O(migration.parallel=custom).
        type: int
  fencing:
    description:
      - When hosts that do not answer are restarted by power management.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether they are.
        type: bool
      skip_if_storage_lease:
        description:
          - Not while the host still writes to storage.
        type: bool
      skip_if_connectivity_broken:
        description:
          - Not while many hosts have lost their connection.
        type: bool
      connectivity_threshold:
        description:
          - Percent of hosts that count as many.
        type: int
      skip_if_gluster_bricks_up:
        description:
          - Not while its bricks are up.
        type: bool
      skip_if_gluster_quorum_not_met:
        description:
          - Not when volumes would lose their quorum.
        type: bool
  ha_reservation:
    description:
      - Whether the engine watches that there is room to restart highly available VMs.
    type: bool
  trusted_service:
    description:
      - Whether hosts have to be attested.
    type: bool
  tunnel_migration:
    description:
      - Whether migrations go through libvirt's connection.
    type: bool
  vnc_encryption:
    description:
      - Whether VNC consoles are encrypted.
    type: bool
  rng_sources:
    description:
      - Sources of randomness that hosts have to offer beside C(urandom).
    type: list
    elements: str
    choices:
      - urandom
      - hwrng
      - random
  switch_type:
    description:
      - Kind of switch on hosts.
      - Cannot be changed later.
    type: str
    choices:
      - legacy
      - ovs
  firewall_type:
    description:
      - Kind of firewall on hosts.
    type: str
    choices:
      - firewalld
      - iptables
  fips_mode:
    description:
      - Whether hosts run in FIPS mode.
    type: str
    choices:
      - undefined
      - disabled
      - enabled
  log_max_memory_used_threshold:
    description:
      - Use of a host's memory above which an event is written.
    type: int
  log_max_memory_used_threshold_type:
    description:
      - Whether that is a percentage, or MiB left.
    type: str
    choices:
      - percentage
      - absolute_value_in_mb
  serial_number:
    description:
      - Serial number the firmware of VMs shows.
    type: dict
    suboptions:
      policy:
        description:
          - V(host) and V(vm) take the id of that, V(custom) takes O(serial_number.value).
        type: str
        choices:
          - host
          - vm
          - custom
          - none
      value:
        description:
          - Serial number for O(serial_number.policy=custom).
        type: str
  spice_proxy:
    description:
      - Proxy for SPICE consoles as a URL.
    type: str
  state:
    description:
      - What the cluster is to be.
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
  - module: virtops.ovirt.cluster_info
"""

EXAMPLES = r"""
---
- name: Have a cluster of Intel Haswell machines
  virtops.ovirt.cluster:
    name: haswell
    data_center: production
    cpu_type: Intel Haswell Family
    memory_overcommit: 150
    ballooning: true

- name: Have a cluster of AMD Opteron G5 machines
  virtops.ovirt.cluster:
    name: opteron
    data_center: production
    cpu_type: AMD Opteron G5

- name: Show what raising its level would do, without doing it
  virtops.ovirt.cluster:
    name: haswell
    compatibility_version: "4.8"
  check_mode: true
  diff: true

- name: Remove it
  virtops.ovirt.cluster:
    name: haswell
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the cluster. Null when there is none.
  returned: success
  type: str
cluster:
  description:
    - The cluster as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
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
        - Processor architecture; follows O(cpu_type).
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
            - Mbit/s for O(migration.bandwidth=custom).
          returned: success
          type: int
        parallel:
          description:
            - Whether several connections are used.
          returned: success
          type: str
        connections:
          description:
            - Number of connections for O(migration.parallel=custom).
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
            - V(host) and V(vm) take the id of that, V(custom) takes O(serial_number.value).
          returned: success
          type: str
        value:
          description:
            - Serial number for O(serial_number.policy=custom).
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
before:
  description:
    - The cluster as it was before, with the keys of RV(cluster). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(cluster).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.cluster import CLUSTER


def main() -> None:
    run_state_module(CLUSTER)


if __name__ == "__main__":
    main()
