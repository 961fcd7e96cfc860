#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: storage_domain
short_description: Manage storage domains
version_added: 1.0.0
description:
  - Makes or imports a storage domain, attaches it to a data center, activates it, brings it to maintenance, detaches, removes or destroys it.
  - A file domain that is already on the storage is imported with what is on it; the engine does so by itself when the path is named again.
  - The first data domain brings its data center up.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the storage domain, instead of O(name). With both, the storage domain gets that name.
    type: str
  name:
    description:
      - 'Name, unique in the engine: letters, digits, C(-) and C(_).'
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
      - Data center, by name or id, it is attached to. Left out, it stays where it is.
    type: str
  type:
    description:
      - What it is for. V(data) when it is left out.
      - Cannot be changed later.
    type: str
    choices:
      - data
      - iso
      - export
      - image
      - volume
      - managed_block_storage
  storage:
    description:
      - Where it is. Cannot be changed afterwards.
      - Cannot be changed later.
    type: dict
    suboptions:
      type:
        description:
          - Kind of storage.
        type: str
        choices:
          - nfs
          - posixfs
          - glusterfs
          - localfs
          - iscsi
          - fcp
      address:
        description:
          - Server, for V(nfs), V(posixfs) and V(iscsi).
        type: str
      path:
        description:
          - Export, volume or directory, for file storage.
        type: str
      vfs_type:
        description:
          - File system, for V(posixfs); V(glusterfs) for that.
        type: str
      mount_options:
        description:
          - Options of the mount, separated by commas.
        type: str
      nfs_version:
        description:
          - Version of NFS; the host decides when it is left out.
        type: str
        choices:
          - auto
          - v3
          - v4
          - v4_0
          - v4_1
          - v4_2
      nfs_timeo:
        description:
          - Tenths of a second before an NFS request is repeated.
        type: int
      nfs_retrans:
        description:
          - Repetitions before NFS gives up.
        type: int
      logical_units:
        description:
          - LUNs, for V(iscsi) and V(fcp).
        type: list
        elements: dict
        suboptions:
          id:
            description:
              - Id of the LUN.
            type: str
          address:
            description:
              - Address of the iSCSI portal.
            type: str
          port:
            description:
              - Port of the iSCSI portal.
            type: int
          target:
            description:
              - Qualified name of the iSCSI target.
            type: str
          username:
            description:
              - CHAP user.
            type: str
          password:
            description:
              - CHAP password.
            type: str
      override_luns:
        description:
          - Whether LUNs that have something on them are overwritten.
        type: bool
  storage_format:
    description:
      - Format at creation; when it is left out that of the data center, or the newest without one. It follows the compatibility level of the data center
        from then on.
      - M(virtops.ovirt.storage_domain_upgrade) brings it to a newer one.
      - Cannot be changed later.
    type: str
    choices:
      - v1
      - v2
      - v3
      - v4
      - v5
  wipe_after_delete:
    description:
      - Whether new disks on it are overwritten when they are deleted.
    type: bool
  discard_after_delete:
    description:
      - Whether blocks of deleted disks are given back to block storage.
    type: bool
  backup:
    description:
      - 'Whether it is for backups: VMs on it cannot be started.'
    type: bool
  warning_low_space:
    description:
      - Percent of free space below which the engine warns.
    type: int
  critical_space:
    description:
      - GiB of free space below which the engine refuses to use more.
    type: int
  host:
    description:
      - Host, by name or id, that makes or removes it. Any that is up when it is left out.
    type: str
  format:
    description:
      - With O(state=absent), whether what is on the storage is deleted. Without it, the domain can be imported again.
    type: bool
  destroy:
    description:
      - With O(state=absent), make the engine forget a domain whose storage is lost. Its disks and VMs are forgotten, too.
    type: bool
  state:
    description:
      - What the storage domain is to be.
      - 'V(present): It exists with the options given.'
      - 'V(maintenance): It exists, attached to its data center, and in maintenance.'
      - 'V(unattached): It exists, attached to no data center. It is brought to maintenance and detached where need be.'
      - 'V(absent): It does not exist. It is brought to maintenance and detached where need be, and removed; see O(format) and O(destroy).'
    type: str
    choices:
      - present
      - maintenance
      - unattached
      - absent
    default: present
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.changes
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.storage_domain_info
"""

EXAMPLES = r"""
---
- name: Have a data domain on NFS, attached and active
  virtops.ovirt.storage_domain:
    name: fast
    data_center: production
    storage:
      type: nfs
      address: nfs.example.com
      path: /exports/fast
    warning_low_space: 15

- name: Bring it to maintenance
  virtops.ovirt.storage_domain:
    name: fast
    state: maintenance

- name: Detach it and keep what is on it
  virtops.ovirt.storage_domain:
    name: fast
    state: unattached

- name: Remove it with everything on it
  virtops.ovirt.storage_domain:
    name: fast
    format: true
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the storage domain. Null when there is none.
  returned: success
  type: str
storage_domain:
  description:
    - The storage domain as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
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
before:
  description:
    - The storage domain as it was before, with the keys of RV(storage_domain). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(storage_domain).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.storage_domain import STORAGE_DOMAIN


def main() -> None:
    run_state_module(STORAGE_DOMAIN)


if __name__ == "__main__":
    main()
