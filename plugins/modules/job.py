#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: job
short_description: Wait for jobs of the engine
version_added: 1.0.0
description:
  - Waits until jobs of the engine are over, and fails with the engine's reason when one fails.
  - What a task with C(wait=false) has begun is waited for here later, by the handles, the job or the correlation id that it returned.
  - A job that the engine has cleared away meanwhile is judged by the events that it left.
  - Changes nothing. In check mode it does not wait, and shows how the jobs stand.
author:
  - virtops.ovirt contributors (@virtops)
options:
  handles:
    description:
      - 'What a module for several objects returned as C(handles) with C(wait=false): correlation ids, or ids of jobs. An empty list waits for nothing.'
    type: list
    elements: str
  ids:
    description:
      - Ids of jobs, as C(job) of the modules that change something returns them.
    type: list
    elements: str
  correlation_ids:
    description:
      - Correlation ids, as C(correlation_id) of these modules.
    type: list
    elements: str
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.operation
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.job_info
"""

EXAMPLES = r"""
---
- name: Begin two long moves without waiting
  virtops.ovirt.disk_move:
    vms: [db01, db02]
    targets: [fast]
    wait: false
  register: moves

- name: Wait for them later
  virtops.ovirt.job:
    handles: "{{ moves.handles }}"
    timeout: 7200

- name: Start a VM without waiting
  virtops.ovirt.vm:
    name: db01
    state: running
    wait: false
  register: start

- name: Wait for it later
  virtops.ovirt.job:
    correlation_ids: ["{{ start.correlation_id }}"]
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
        - The engine's words for it.
      returned: success
      type: str
    correlation_id:
      description:
        - The correlation id it was asked for by.
      returned: success
      type: str
    status:
      description:
        - How it stands.
      returned: success
      type: str
    start:
      description:
        - When it began, in seconds since the epoch, by the engine's clock.
      returned: success
      type: float
    end:
      description:
        - When it ended; null while it goes on.
      returned: success
      type: float
    engine_steps:
      description:
        - Its steps.
      returned: success
      type: list
      elements: dict
      contains:
        description:
          description:
            - What it does.
          returned: success
          type: str
        status:
          description:
            - How it stands.
          returned: success
          type: str
        type:
          description:
            - Its phase.
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
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.job import JOB


def main() -> None:
    run_operation_module(JOB)


if __name__ == "__main__":
    main()
