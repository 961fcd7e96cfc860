#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: data_center_info
short_description: Read data centers
version_added: 1.0.0
description:
  - Reads data centers in the same shape that M(virtops.ovirt.data_center) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the data centers to read.
    type: list
    elements: str
  name:
    description:
      - Names of the data centers to read. One that does not exist adds nothing to the list.
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
  - module: virtops.ovirt.data_center
"""

EXAMPLES = r"""
---
- name: Read every data center
  virtops.ovirt.data_center_info:

- name: Read one data center by its name
  virtops.ovirt.data_center_info:
    name: my-data-center
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.data_centers[0]
  when: found.data_centers | length > 0

- name: Read data centers with a query
  virtops.ovirt.data_center_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
data_centers:
  description:
    - The data centers that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
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
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.data_center import DATA_CENTER


def main() -> None:
    run_info_module(DATA_CENTER)


if __name__ == "__main__":
    main()
