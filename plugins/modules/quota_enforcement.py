#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: quota_enforcement
short_description: Give VMs and disks their quotas, and enforce them
version_added: 1.0.0
description:
  - Puts VMs and disks of a data center that have no quota of their own on one, by rules, and sets the quota mode of the data center.
  - The engine puts whatever names no quota on the quota C(Default), which has no limit and cannot be changed. Enforcing quotas does nothing for those,
    so that they count as having none here.
  - Before the first change it tells which VMs and disks would be left without (RV(unassigned)), and how much of each limit will be in use (RV(quotas));
    check mode shows the same. The stricter mode is set when all of them have their quota.
  - VMs may run meanwhile. Direct LUNs, disks of templates and the engine's own disks are left alone.
author:
  - virtops.ovirt contributors (@virtops)
options:
  data_center:
    description:
      - Data center, by name or id.
    type: str
    required: true
  quota_mode:
    description:
      - Whether quotas are ignored (V(disabled)), only reported when exceeded (V(audit)), or enforced (V(enabled)). Left as it is when it is left out.
    type: str
    choices:
      - disabled
      - audit
      - enabled
  rules:
    description:
      - Which quota VMs and disks get. The first rule that fits counts; a disk that none fits gets the quota of its VM.
    type: list
    elements: dict
    suboptions:
      quota:
        description:
          - Quota of the data center, by name or id.
        type: str
      search:
        description:
          - VMs, by a query in the search language of the engine, such as V(tag=web).
        type: str
      vms:
        description:
          - VMs, by name or id.
        type: list
        elements: str
      clusters:
        description:
          - All VMs of these clusters, by name or id.
        type: list
        elements: str
      storage_domains:
        description:
          - All disks on these storage domains, by name or id, whatever VM they are of.
        type: list
        elements: str
  quota:
    description:
      - Quota, by name or id, for those that no rule fits.
    type: str
  reassign:
    description:
      - Whether those that have another quota already are put on the one that O(rules) say. V(false) when it is left out.
    type: bool
  on_unassigned:
    description:
      - What happens when quotas are to be enforced and VMs or disks are left without one.
      - V(fail) fails before anything is written and lists them, V(leave) leaves them unlimited, with a warning.
    type: str
    choices:
      - fail
      - leave
    default: fail
  on_exceeded:
    description:
      - What happens when quotas are to be enforced and one will have more in use than its limit and grace.
      - V(fail) fails before anything is written, V(warn) goes on. What runs goes on running; nothing more is started or made on that quota.
    type: str
    choices:
      - fail
      - warn
    default: fail
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.operation
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.quota
  - module: virtops.ovirt.quota_info
  - module: virtops.ovirt.data_center
"""

EXAMPLES = r"""
---
- name: See which VMs and disks have no quota, and what enforcing quotas would mean
  virtops.ovirt.quota_enforcement:
    data_center: production
    quota_mode: enabled
    on_unassigned: leave
    on_exceeded: warn
  check_mode: true
  register: preflight

- name: Give all of them one, and enforce quotas when that is done
  virtops.ovirt.quota_enforcement:
    data_center: production
    rules:
      - {quota: web, search: tag=web}
      - {quota: archive, storage_domains: [archive]}
      - {quota: test, clusters: [test1, test2]}
    quota: everybody
    quota_mode: enabled

- name: Put the VMs of a project on another quota, and their disks with them
  virtops.ovirt.quota_enforcement:
    data_center: production
    rules:
      - {quota: project2, vms: [app1, app2]}
    reassign: true
    on_failure: go_on
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
handles:
  description:
    - 'What M(virtops.ovirt.job) waits for later: correlation ids and jobs of what goes on, after O(wait=false).'
  returned: always
  type: list
  elements: str
unassigned:
  description:
    - 'VMs and disks that stay without one of their own: C(kind), C(id), C(name), and C(vm) of a disk.'
  returned: success
  type: list
  elements: dict
quotas:
  description:
    - 'Each limit of each quota: C(name) of the quota, C(what) is limited, C(of) which cluster or storage domain (null for all), C(limit) (null for none),
      C(used) now, and C(used_after), C(over_after) and C(state_after) the task. Memory and storage are in GiB.'
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
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.quota_enforcement import QUOTA_ENFORCEMENT


def main() -> None:
    run_operation_module(QUOTA_ENFORCEMENT)


if __name__ == "__main__":
    main()
