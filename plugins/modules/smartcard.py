#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: smartcard
short_description: Pass smart cards through to VMs
version_added: 1.0.0
description:
  - Enables or disables the smart card of VMs, templates, instance types and the VMs of pools, each named or found by a query.
  - Before the first change, each that gets a smart card is looked at for a SPICE console, without which there is none.
  - A VM that runs has the change at its next start; RV(results[].active) says so for each, and O(on_running) can restart it.
  - 'A pool has no settings of its own: the VMs it has are changed, and the engine makes further ones like them.'
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
      - VMs, by a query in the search language of the engine, such as V(tag=secure and cluster=office).
    type: str
  vm_pools:
    description:
      - VM pools, by name or id. All their VMs are meant.
    type: list
    elements: str
  templates:
    description:
      - Templates, by name or id. VMs that were made from them before do not change.
    type: list
    elements: str
  instance_types:
    description:
      - Instance types, by name or id.
    type: list
    elements: str
  on_running:
    description:
      - What happens with VMs that run.
      - V(next_run) leaves the change for their next start, V(restart) shuts them down and starts them, V(fail) fails before anything is written.
    type: str
    choices:
      - next_run
      - restart
      - fail
    default: next_run
  grace_period:
    description:
      - With O(on_running=restart), seconds the guest has to shut down before O(force) decides. 300 when it is left out.
    type: int
  force:
    description:
      - With O(on_running=restart), whether a guest that does not shut down in time is powered off.
    type: bool
  state:
    description:
      - What is to be.
      - 'V(enabled): A smart card of the client''s machine is passed through.'
      - 'V(disabled): It is not.'
    type: str
    choices:
      - enabled
      - disabled
    default: enabled
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.operation
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.vm
"""

EXAMPLES = r"""
---
- name: Give the VMs of a pool smart cards, for those that run from their next start on
  virtops.ovirt.smartcard:
    vm_pools: [desktops]

- name: Give all desktops of an office smart cards now, ten at a time
  virtops.ovirt.smartcard:
    search: tag=office
    on_running: restart
    grace_period: 120
    force: true
    at_once: 10
    on_failure: go_on

- name: Take them from a template and an instance type
  virtops.ovirt.smartcard:
    templates: [desktop]
    instance_types: [Large]
    state: disabled
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
        - Name of the object.
      returned: success
      type: str
    kind:
      description:
        - What it is.
      returned: success
      type: str
    smartcard:
      description:
        - Whether it has a smart card, now or after its next start.
      returned: success
      type: bool
    active:
      description:
        - V(now), or V(next_start) for a VM that runs, or is suspended, without the change until then.
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
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.smartcard import SMARTCARD


def main() -> None:
    run_operation_module(SMARTCARD)


if __name__ == "__main__":
    main()
