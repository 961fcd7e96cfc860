#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: data_center
short_description: Manage data centers
version_added: 1.0.0
description:
  - A data center holds clusters, networks and storage domains.
  - It becomes C(up) when its first data domain is attached and a host of one of its clusters is up, see M(virtops.ovirt.storage_domain).
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the data center, instead of O(name). With both, the data center gets that name.
    type: str
  name:
    description:
      - Name of the data center, at most 40 letters, digits, C(-) and C(_).
    type: str
  description:
    description:
      - Description.
    type: str
  comment:
    description:
      - Comment.
    type: str
  local:
    description:
      - Whether its storage is local to one host, instead of shared. V(false) when it is left out at creation.
    type: bool
  compatibility_version:
    description:
      - Compatibility level, for example V(4.7). The newest that the engine knows when it is left out at creation.
      - Raising it needs every cluster of the data center at that level or above. It converts the attached data domains to the storage format of the level.
    type: str
  quota_mode:
    description:
      - Whether quotas are ignored (V(disabled)), only reported when exceeded (V(audit)), or enforced (V(enabled)).
      - When they are to be enforced, VMs that no quota limits are named in a warning; M(virtops.ovirt.quota_enforcement) gives them one first.
    type: str
    choices:
      - disabled
      - audit
      - enabled
  force:
    description:
      - With O(state=absent), remove it even though its storage cannot be reached. Its hosts have to be in maintenance.
    type: bool
  state:
    description:
      - What the data center is to be.
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
  - module: virtops.ovirt.data_center_info
"""

EXAMPLES = r"""
---
- name: Have a data center
  virtops.ovirt.data_center:
    name: production
    description: Everything that customers see
    compatibility_version: "4.7"
    quota_mode: audit

- name: Show what raising its level would do, without doing it
  virtops.ovirt.data_center:
    name: production
    compatibility_version: "4.8"
  check_mode: true
  diff: true

- name: Rename it
  virtops.ovirt.data_center:
    id: "{{ data_center_id }}"
    name: production-west

- name: Clear the description
  virtops.ovirt.data_center:
    name: production-west
    description: ""

- name: Remove it
  virtops.ovirt.data_center:
    name: production-west
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the data center. Null when there is none.
  returned: success
  type: str
data_center:
  description:
    - The data center as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
  contains:
    id:
      description:
        - Unique identifier of the data center.
      returned: success
      type: str
    name:
      description:
        - Name of the data center, at most 40 letters, digits, C(-) and C(_).
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
    local:
      description:
        - Whether its storage is local to one host, instead of shared. V(false) when it is left out at creation.
      returned: success
      type: bool
    compatibility_version:
      description:
        - Compatibility level, for example V(4.7). The newest that the engine knows when it is left out at creation.
      returned: success
      type: str
    quota_mode:
      description:
        - Whether quotas are ignored (V(disabled)), only reported when exceeded (V(audit)), or enforced (V(enabled)).
      returned: success
      type: str
    mac_pool:
      description:
        - MAC pool of its clusters, where they all have the same; see M(virtops.ovirt.cluster).
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
    storage_format:
      description:
        - Format of the data domains. The engine sets it by the compatibility level; none before there is storage.
      returned: success
      type: str
    status:
      description:
        - Status of the data center.
      returned: success
      type: str
    supported_versions:
      description:
        - Compatibility levels it can be raised to, and its own.
      returned: success
      type: list
      elements: str
before:
  description:
    - The data center as it was before, with the keys of RV(data_center). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(data_center).
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
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.data_center import DATA_CENTER


def main() -> None:
    run_state_module(DATA_CENTER)


if __name__ == "__main__":
    main()
