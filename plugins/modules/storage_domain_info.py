#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: storage_domain_info
short_description: Read storage domains
version_added: 1.0.0
description:
  - Reads storage domains in the same shape that M(virtops.ovirt.storage_domain) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the storage domains to read.
    type: list
    elements: str
  name:
    description:
      - Names of the storage domains to read. One that does not exist adds nothing to the list.
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
  - module: virtops.ovirt.storage_domain
"""

EXAMPLES = r"""
---
- name: Read every storage domain
  virtops.ovirt.storage_domain_info:

- name: Read one storage domain by its name
  virtops.ovirt.storage_domain_info:
    name: my-storage-domain
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.storage_domains[0]
  when: found.storage_domains | length > 0

- name: Read storage domains with a query
  virtops.ovirt.storage_domain_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
storage_domains:
  description:
    - The storage domains that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the storage domain.
      returned: success
      type: str
    name:
      description:
        - 'Name, unique in the engine: letters, digits, C(-) and C(_).'
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
        - Data center, by name or id, it is attached to. Left out, it stays where it is.
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
    type:
      description:
        - What it is for. V(data) when it is left out.
      returned: success
      type: str
    storage:
      description:
        - Where it is. Cannot be changed afterwards.
      returned: success
      type: dict
      contains:
        type:
          description:
            - Kind of storage.
          returned: success
          type: str
        address:
          description:
            - Server, for V(nfs), V(posixfs) and V(iscsi).
          returned: success
          type: str
        path:
          description:
            - Export, volume or directory, for file storage.
          returned: success
          type: str
        vfs_type:
          description:
            - File system, for V(posixfs); V(glusterfs) for that.
          returned: success
          type: str
        mount_options:
          description:
            - Options of the mount, separated by commas.
          returned: success
          type: str
        nfs_version:
          description:
            - Version of NFS; the host decides when it is left out.
          returned: success
          type: str
        nfs_timeo:
          description:
            - Tenths of a second before an NFS request is repeated.
          returned: success
          type: int
        nfs_retrans:
          description:
            - Repetitions before NFS gives up.
          returned: success
          type: int
        logical_units:
          description:
            - LUNs, for V(iscsi) and V(fcp).
          returned: success
          type: list
          elements: dict
          contains:
            id:
              description:
                - Id of the LUN.
              returned: success
              type: str
            address:
              description:
                - Address of the iSCSI portal.
              returned: success
              type: str
            port:
              description:
                - Port of the iSCSI portal.
              returned: success
              type: int
            target:
              description:
                - Qualified name of the iSCSI target.
              returned: success
              type: str
            username:
              description:
                - CHAP user.
              returned: success
              type: str
    storage_format:
      description:
        - Format at creation; when it is left out that of the data center, or the newest without one. It follows the compatibility level of the data center
          from then on.
      returned: success
      type: str
    wipe_after_delete:
      description:
        - Whether new disks on it are overwritten when they are deleted.
      returned: success
      type: bool
    discard_after_delete:
      description:
        - Whether blocks of deleted disks are given back to block storage.
      returned: success
      type: bool
    backup:
      description:
        - 'Whether it is for backups: VMs on it cannot be started.'
      returned: success
      type: bool
    warning_low_space:
      description:
        - Percent of free space below which the engine warns.
      returned: success
      type: int
    critical_space:
      description:
        - GiB of free space below which the engine refuses to use more.
      returned: success
      type: int
    status:
      description:
        - Status in its data center; C(unattached) where it has none.
      returned: success
      type: str
    master:
      description:
        - Whether it is the master domain of its data center.
      returned: success
      type: bool
    available:
      description:
        - Free bytes.
      returned: success
      type: int
    used:
      description:
        - Bytes in use.
      returned: success
      type: int
    committed:
      description:
        - Bytes promised to its disks.
      returned: success
      type: int
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.storage_domain import STORAGE_DOMAIN


def main() -> None:
    run_info_module(STORAGE_DOMAIN)


if __name__ == "__main__":
    main()
