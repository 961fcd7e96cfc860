#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: quota_info
short_description: Read quotas
version_added: 1.0.0
description:
  - Reads quotas in the same shape that M(virtops.ovirt.quota) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the quotas to read.
    type: list
    elements: str
  name:
    description:
      - Names of the quotas to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  data_center:
    description:
      - Data center, by name or id, it belongs to.
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
  - module: virtops.ovirt.quota
"""

EXAMPLES = r"""
---
- name: Read every quota
  virtops.ovirt.quota_info:
    data_center: my-data_center

- name: Read one quota by its name
  virtops.ovirt.quota_info:
    data_center: my-data_center
    name: my-quota
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.quotas[0]
  when: found.quotas | length > 0
"""

RETURN = r"""
quotas:
  description:
    - The quotas that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
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
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.quota import QUOTA


def main() -> None:
    run_info_module(QUOTA)


if __name__ == "__main__":
    main()
