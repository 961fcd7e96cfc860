#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: event
short_description: Write events of other systems into the engine's log
version_added: 1.0.0
description:
  - 'Writes an event into the log that administrators see in the portal: that a backup went wrong, or that maintenance begins.'
  - An event is known by its O(origin) and O(custom_id). What is there already is not written again, and cannot be changed.
  - The engine refuses the number of an event that was removed, too.
author:
  - virtops.ovirt contributors (@virtops)
options:
  origin:
    description:
      - The system that the event comes from, such as C(backup); anything but C(oVirt).
    type: str
    required: true
  custom_id:
    description:
      - Number of the event, unique for its origin.
    type: int
    required: true
  description:
    description:
      - What has happened.
    type: str
  severity:
    description:
      - How bad it is; V(normal) when it is left out. The engine takes no alerts from others.
    type: str
    choices:
      - normal
      - warning
      - error
  custom_data:
    description:
      - Further text that is kept with it.
    type: str
  vm:
    description:
      - VM, by name or id, that it is about.
    type: str
  host:
    description:
      - Host, by name or id, that it is about.
    type: str
  cluster:
    description:
      - Cluster, by name or id, that it is about.
    type: str
  data_center:
    description:
      - Data center, by name or id, that it is about.
    type: str
  storage_domain:
    description:
      - Storage domain, by name or id, that it is about.
    type: str
  template:
    description:
      - Template, by name or id, that it is about.
    type: str
  state:
    description:
      - What is to be.
      - 'V(present): It is in the log.'
      - 'V(absent): It is not shown any more.'
    type: str
    choices:
      - present
      - absent
    default: present
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.operation
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.event_info
"""

EXAMPLES = r"""
---
- name: Tell administrators that last night's backup failed
  virtops.ovirt.event:
    origin: backup
    custom_id: 20260131
    severity: error
    description: The backup of db01 failed, see backup.example.com
    vm: db01

- name: Take it out of the log again
  virtops.ovirt.event:
    origin: backup
    custom_id: 20260131
    state: absent
"""

RETURN = r"""
results:
  description:
    - One for each object.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the object.
      returned: always
      type: str
    changed:
      description:
        - Whether something was asked of the engine for it; or would be in check mode.
      returned: always
      type: bool
    before:
      description:
        - What changes of it, as it was.
      returned: always
      type: dict
    after:
      description:
        - The same as it is now, or would be in check mode.
      returned: always
      type: dict
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
    failed:
      description:
        - Whether the work on it failed.
      returned: when it failed
      type: bool
    skipped:
      description:
        - That it was not begun, because another one failed.
      returned: when it was not begun
      type: bool
    msg:
      description:
        - Why.
      returned: when it failed or was not begun
      type: str
    origin:
      description:
        - Its origin.
      returned: success
      type: str
    custom_id:
      description:
        - Its number.
      returned: success
      type: int
handles:
  description:
    - 'What M(virtops.ovirt.job) waits for later: correlation ids and jobs of what goes on, after O(wait=false).'
  returned: always
  type: list
  elements: str
diff:
  description:
    - What changes, and nothing else, by object.
  returned: always
  type: dict
  contains:
    before:
      description:
        - Members that change, as they were.
      returned: always
      type: dict
    after:
      description:
        - The same members as they will be.
      returned: always
      type: dict
    after_header:
      description:
        - How the changes reach what runs, and in check mode what they stand on that is not there yet, as C(--diff) prints it above them.
      returned: when there is any of it
      type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_operation_module
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.event import EVENT


def main() -> None:
    run_operation_module(EVENT)


if __name__ == "__main__":
    main()
