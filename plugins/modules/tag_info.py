#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: tag_info
short_description: Read tags
version_added: 1.0.0
description:
  - Reads tags in the same shape that M(virtops.ovirt.tag) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the tags to read.
    type: list
    elements: str
  name:
    description:
      - Names of the tags to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  fields:
    description:
      - Members of the result to read, besides C(id) and C(name); all of them when it is left out.
    type: list
    elements: str
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.tag
"""

EXAMPLES = r"""
---
- name: Read every tag
  virtops.ovirt.tag_info:

- name: Read one tag by its name
  virtops.ovirt.tag_info:
    name: my-tag
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.tags[0]
  when: found.tags | length > 0
"""

RETURN = r"""
tags:
  description:
    - The tags that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the tag.
      returned: success
      type: str
    name:
      description:
        - 'Name, unique in the engine: at most 50 letters, digits, C(-) and C(_).'
      returned: success
      type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    parent:
      description:
        - Tag, by name or id, that it is below. V(root) when it is left out at creation.
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
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.tag import TAG


def main() -> None:
    run_info_module(TAG)


if __name__ == "__main__":
    main()
