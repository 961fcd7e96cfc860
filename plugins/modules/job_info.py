#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: job_info
short_description: Read jobs of the engine
version_added: 1.0.0
description:
  - Reads what the engine does and has done lately. It keeps finished jobs for some minutes, and failed ones for an hour.
author:
  - virtops.ovirt contributors (@virtops)
options:
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
  status:
    description:
      - Only jobs that stand like this.
    type: str
    choices:
      - started
      - finished
      - failed
      - aborted
      - unknown
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.job
"""

EXAMPLES = r"""
---
- name: Read what the engine is doing
  virtops.ovirt.job_info:
    status: started
  register: running
- name: Show it
  ansible.builtin.debug:
    msg: "{{ running.jobs | map(attribute='description') }}"
"""

RETURN = r"""
jobs:
  description:
    - The jobs that fit.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier.
      returned: success
      type: str
    description:
      description:
        - The engine's words for it.
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
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_operation_module
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.job import JOB_INFO


def main() -> None:
    run_operation_module(JOB_INFO)


if __name__ == "__main__":
    main()
