#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot_group
short_description: Take snapshots of several VMs, and remove outlived ones
version_added: 1.0.0
description:
  - Takes one snapshot of each of several VMs, named by its description and made once; or removes it.
  - 'With O(keep_last) and O(max_age) it is a rotation: of the snapshots that fit O(pattern), those that neither keeps are removed, after the new one was
    made well. What goes is listed in check mode, with the date.'
  - The snapshots of a group are taken side by side; each is consistent in itself. All begin within seconds where O(at_once) is as large.
  - 'Never touched: the active state, previews, snapshots that are being made or removed, those that the engine makes for a live move, and whatever does
    not fit the pattern.'
author:
  - virtops.ovirt contributors (@virtops)
options:
  vms:
    description:
      - VMs, by name or id.
    type: list
    elements: str
  search:
    description:
      - VMs, by a query in the search language of the engine, such as V(tag=nightly).
    type: str
  description:
    description:
      - Description, which is the name of the snapshot in each VM. Without it nothing is made, and only the rotation is done.
    type: str
  memory:
    description:
      - Whether the memory of VMs that run is kept, too. V(false) when it is left out.
    type: bool
  all_or_nothing:
    description:
      - Whether snapshots that this task has made are removed again when another one of the group fails.
    type: bool
  pattern:
    description:
      - 'Which snapshots the rotation owns: a pattern for the description, with V(*) for any text. Needed with O(keep_last) and O(max_age).'
    type: str
  keep_last:
    description:
      - How many of the newest of them are kept in each VM, the one that this task makes included.
    type: int
  max_age:
    description:
      - 'Those younger than this are kept, too: a number with V(m), V(h), V(d) or V(w), by the engine''s clock; time zones do not matter.'
    type: str
  state:
    description:
      - What is to be.
      - 'V(present): Each VM has the snapshot.'
      - 'V(absent): No VM has it.'
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
  - module: virtops.ovirt.snapshot
  - module: virtops.ovirt.snapshot_info
"""

EXAMPLES = r"""
---
- name: Snapshot an application before its update, all of it or nothing
  virtops.ovirt.snapshot_group:
    vms: [web1, web2, db1]
    description: before 4.2
    all_or_nothing: true
    at_once: 3

- name: Weekly snapshots of all tagged VMs, of which the last four and whatever is younger than 30 days is kept
  virtops.ovirt.snapshot_group:
    search: tag=weekly
    description: "weekly {{ now(fmt='%G-W%V') }}"
    pattern: weekly *
    keep_last: 4
    max_age: 30d
    on_failure: go_on

- name: Show what a stricter rotation would remove
  virtops.ovirt.snapshot_group:
    search: tag=weekly
    pattern: weekly *
    keep_last: 2
  check_mode: true
  register: rotation

- name: Remove the snapshots of that update
  virtops.ovirt.snapshot_group:
    vms: [web1, web2, db1]
    description: before 4.2
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
    description:
      description:
        - Description of the snapshot.
      returned: success
      type: str
    vm:
      description:
        - Its VM.
      returned: success
      type: str
    action:
      description:
        - What is done.
      returned: success
      type: str
    date:
      description:
        - For one that is removed, when it was taken, in milliseconds since the epoch.
      returned: success
      type: int
    taken:
      description:
        - The same as text, in UTC.
      returned: success
      type: str
    undone:
      description:
        - That it was made and removed again, because another one of the group failed.
      returned: success
      type: bool
handles:
  description:
    - 'What M(virtops.ovirt.job) waits for later: correlation ids and jobs of what goes on, after O(wait=false).'
  returned: always
  type: list
  elements: str
removed:
  description:
    - 'Snapshots that go: C(id), C(description), C(vm), C(date), and C(taken), the date as text in UTC.'
  returned: success
  type: list
  elements: dict
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
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.snapshot_group import SNAPSHOT_GROUP


def main() -> None:
    run_operation_module(SNAPSHOT_GROUP)


if __name__ == "__main__":
    main()
