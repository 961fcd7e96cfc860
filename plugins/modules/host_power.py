#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: host_power
short_description: Ask for and switch the power of hosts
version_added: 1.0.0
description:
  - Asks for the power of hosts through their fence agents, switches it on and off, and restarts hosts.
  - Each host is asked before the first one is switched, in check mode, too; one that cannot be asked fails the task with the engine's reason.
  - The agents are those of O(virtops.ovirt.host#module:fence_agents). The engine asks them through another host of the data center that is up.
author:
  - virtops.ovirt contributors (@virtops)
options:
  hosts:
    description:
      - Hosts, by name or id.
    type: list
    elements: str
    required: true
  force:
    description:
      - With O(state=stopped) and O(state=restarted), whether a host that is up is brought to maintenance first; its VMs are migrated away.
    type: bool
  reason:
    description:
      - Reason of that maintenance, for the engine's log.
    type: str
  state:
    description:
      - What is to be.
      - 'V(tested): Its power can be asked for. Nothing is changed.'
      - 'V(started): It is on. One that was off is started and waited for until it is up, or in maintenance.'
      - 'V(stopped): It is off. It has to be in maintenance, or O(force) be true.'
      - 'V(restarted): It is restarted, every time. While VMs run on it that is an error, unless O(force) is true.'
    type: str
    choices:
      - tested
      - started
      - stopped
      - restarted
    default: tested
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.operation
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.host
"""

EXAMPLES = r"""
---
- name: Ask every host of the rack whether its power can be asked for
  virtops.ovirt.host_power:
    hosts: [node1, node2, node3]
  register: power

- name: Switch a host off for the night; its VMs are migrated away first
  virtops.ovirt.host_power:
    hosts: [node3]
    state: stopped
    force: true
    reason: Saving power

- name: And on in the morning
  virtops.ovirt.host_power:
    hosts: [node3]
    state: started

- name: Restart hosts in maintenance, one after another
  virtops.ovirt.host_power:
    hosts: [node1, node2]
    state: restarted
    at_once: 1
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
    name:
      description:
        - Name of the host.
      returned: success
      type: str
    power:
      description:
        - Whether it is on, as its agents say.
      returned: success
      type: str
    status:
      description:
        - Status of the host in the engine.
      returned: success
      type: str
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
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.host_power import HOST_POWER


def main() -> None:
    run_operation_module(HOST_POWER)


if __name__ == "__main__":
    main()
