#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: quota
short_description: Manage quotas
version_added: 1.0.0
description:
  - 'Limits what VMs and disks of a data center may take: virtual processors and memory of VMs that run, and size of disks.'
  - Whether a quota is ignored, reported or kept is the quota mode of the data center, see O(virtops.ovirt.data_center#module:quota_mode).
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the quota, instead of O(name). With both, the quota gets that name.
    type: str
  data_center:
    description:
      - Data center, by name or id, it belongs to.
    type: str
  name:
    description:
      - Name, unique in its data center.
    type: str
  description:
    description:
      - Description.
    type: str
  cluster_threshold:
    description:
      - Percent of a cluster limit from which on the engine warns. The engine makes 80 of a 0.
    type: int
  cluster_grace:
    description:
      - Percent by which a cluster limit may be exceeded before VMs are refused. The engine makes 20 of a 0.
    type: int
  storage_threshold:
    description:
      - Percent of a storage limit from which on the engine warns. The engine makes 80 of a 0.
    type: int
  storage_grace:
    description:
      - Percent by which a storage limit may be exceeded before disks are refused. The engine makes 20 of a 0.
    type: int
  cluster_limit:
    description:
      - General limit for all clusters of the data center.
    type: dict
    suboptions:
      vcpus:
        description:
          - Virtual processors of VMs that run; V(-1) for no limit.
        type: int
      memory:
        description:
          - GiB of memory of VMs that run; V(-1) for no limit.
        type: float
  storage_limit:
    description:
      - General limit for all storage domains of the data center.
    type: dict
    suboptions:
      size:
        description:
          - GiB of disks; V(-1) for no limit.
        type: int
  cluster_limits:
    description:
      - Limits of single clusters that the quota has already; the engine makes none through its API. Those not listed are left alone.
    type: list
    elements: dict
    suboptions:
      of:
        description:
          - Cluster, by name or id.
        type: str
      vcpus:
        description:
          - Virtual processors of VMs that run; V(-1) for no limit.
        type: int
      memory:
        description:
          - GiB of memory of VMs that run; V(-1) for no limit.
        type: float
  storage_limits:
    description:
      - Limits of single storage domains that the quota has already; the engine makes none through its API. Those not listed are left alone.
    type: list
    elements: dict
    suboptions:
      of:
        description:
          - Storage domain, by name or id.
        type: str
      size:
        description:
          - GiB of disks; V(-1) for no limit.
        type: int
  users:
    description:
      - Users, by name or id, that may use it, managed as a whole.
    type: list
    elements: str
  groups:
    description:
      - Groups, by name or id, that may use it, managed as a whole.
    type: list
    elements: str
  state:
    description:
      - What the quota is to be.
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
  - module: virtops.ovirt.quota_info
"""

EXAMPLES = r"""
---
- name: Let a team have 40 virtual processors, 200 GiB of memory and 2 TiB of disks
  virtops.ovirt.quota:
    data_center: production
    name: team-a
    cluster_limit:
      vcpus: 40
      memory: 200
    storage_limit:
      size: 2048
    cluster_threshold: 80
    cluster_grace: 10

- name: Take the limit of memory off
  virtops.ovirt.quota:
    data_center: production
    name: team-a
    cluster_limit:
      memory: -1

- name: Show who is over
  virtops.ovirt.quota_info:
    data_center: production
  register: found

- name: Remove it
  virtops.ovirt.quota:
    data_center: production
    name: team-a
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the quota. Null when there is none.
  returned: success
  type: str
quota:
  description:
    - The quota as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the quota.
      returned: success
      type: str
    name:
      description:
        - Name, unique in its data center.
      returned: success
      type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    cluster_threshold:
      description:
        - Percent of a cluster limit from which on the engine warns. The engine makes 80 of a 0.
      returned: success
      type: int
    cluster_grace:
      description:
        - Percent by which a cluster limit may be exceeded before VMs are refused. The engine makes 20 of a 0.
      returned: success
      type: int
    storage_threshold:
      description:
        - Percent of a storage limit from which on the engine warns. The engine makes 80 of a 0.
      returned: success
      type: int
    storage_grace:
      description:
        - Percent by which a storage limit may be exceeded before disks are refused. The engine makes 20 of a 0.
      returned: success
      type: int
    cluster_limit:
      description:
        - General limit for all clusters of the data center.
      returned: success
      type: dict
      contains:
        vcpus:
          description:
            - Virtual processors of VMs that run; V(-1) for no limit.
          returned: success
          type: int
        memory:
          description:
            - GiB of memory of VMs that run; V(-1) for no limit.
          returned: success
          type: float
        vcpus_used:
          description:
            - Virtual processors in use.
          returned: success
          type: int
        memory_used:
          description:
            - GiB in use.
          returned: success
          type: float
    storage_limit:
      description:
        - General limit for all storage domains of the data center.
      returned: success
      type: dict
      contains:
        size:
          description:
            - GiB of disks; V(-1) for no limit.
          returned: success
          type: int
        used:
          description:
            - GiB in use.
          returned: success
          type: float
    cluster_limits:
      description:
        - Limits of single clusters that the quota has already; the engine makes none through its API. Those not listed are left alone.
      returned: success
      type: list
      elements: dict
      contains:
        of:
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
        vcpus:
          description:
            - Virtual processors of VMs that run; V(-1) for no limit.
          returned: success
          type: int
        memory:
          description:
            - GiB of memory of VMs that run; V(-1) for no limit.
          returned: success
          type: float
        vcpus_used:
          description:
            - Virtual processors in use.
          returned: success
          type: int
        memory_used:
          description:
            - GiB in use.
          returned: success
          type: float
    storage_limits:
      description:
        - Limits of single storage domains that the quota has already; the engine makes none through its API. Those not listed are left alone.
      returned: success
      type: list
      elements: dict
      contains:
        of:
          description:
            - Storage domain, by name or id.
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
        size:
          description:
            - GiB of disks; V(-1) for no limit.
          returned: success
          type: int
        used:
          description:
            - GiB in use.
          returned: success
          type: float
    users:
      description:
        - Users, by name or id, that may use it, managed as a whole.
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
    groups:
      description:
        - Groups, by name or id, that may use it, managed as a whole.
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
    usage:
      description:
        - What is used of each limit.
      returned: success
      type: list
      elements: dict
      contains:
        what:
          description:
            - What is limited; memory and storage in GiB.
          returned: success
          type: str
        cluster:
          description:
            - Cluster, where the limit is for that one alone.
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
        storage_domain:
          description:
            - Storage domain, where the limit is for that one alone.
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
        limit:
          description:
            - The limit; null for none.
          returned: success
          type: float
        threshold:
          description:
            - From here on the engine warns.
          returned: success
          type: float
        grace:
          description:
            - Beyond this it refuses more, where quotas are enforced.
          returned: success
          type: float
        used:
          description:
            - What is used.
          returned: success
          type: float
        percent:
          description:
            - The same as a part of the limit.
          returned: success
          type: float
        over:
          description:
            - What is used beyond the limit.
          returned: success
          type: float
        state:
          description:
            - How it stands.
          returned: success
          type: str
    exceeded:
      description:
        - Those of C(usage) whose threshold is exceeded.
      returned: success
      type: list
      elements: dict
      contains:
        what:
          description:
            - What is limited; memory and storage in GiB.
          returned: success
          type: str
        cluster:
          description:
            - Cluster, where the limit is for that one alone.
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
        storage_domain:
          description:
            - Storage domain, where the limit is for that one alone.
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
        limit:
          description:
            - The limit; null for none.
          returned: success
          type: float
        threshold:
          description:
            - From here on the engine warns.
          returned: success
          type: float
        grace:
          description:
            - Beyond this it refuses more, where quotas are enforced.
          returned: success
          type: float
        used:
          description:
            - What is used.
          returned: success
          type: float
        percent:
          description:
            - The same as a part of the limit.
          returned: success
          type: float
        over:
          description:
            - What is used beyond the limit.
          returned: success
          type: float
        state:
          description:
            - How it stands.
          returned: success
          type: str
before:
  description:
    - The quota as it was before, with the keys of RV(quota). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(quota).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.quota import QUOTA


def main() -> None:
    run_state_module(QUOTA)


if __name__ == "__main__":
    main()
