#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: storage_domain_upgrade
short_description: Bring storage domains to a newer format while VMs run
version_added: 1.0.0
description:
  - All data domains of a data center have one format, that of its compatibility version; the engine converts them when that is raised. There are three
    ways to a newer format, and check mode shows the plan of each.
  - V(in_place) raises every cluster that is below, then the data center. All its data domains are converted at once, with the VMs up.
  - V(attach) takes a domain that belongs to no data center, or to one that stays old, into one that is new enough, where it is converted; the templates
    and VMs on it can be registered there. It is detached from an old data center before, which needs the VMs on it down.
  - 'V(evacuate) moves all disks to other domains of the data center, live, as M(virtops.ovirt.disk_move) does: to another type of storage, or away from
    a domain that is not to be converted. The format of the old domain is left alone.'
  - 'Before the first change it is looked at what stands in the way: the status of the data center and its hosts, the levels that hosts know by the version
    of their VDSM, other domains that go along, CPU types that the new level does not offer, suspended VMs and previews of snapshots, the space of targets,
    leases, ISO images in use. VMs with a level, a machine type or pending changes of their own are named.'
  - Every way can be run again after a failure or a killed task, and does what is left. A domain that has the format already changes nothing.
  - 'A VM that runs through the raise keeps the old level until it is restarted: RV(keep_level) names them, O(on_running) can restart them, now or in a
    later run.'
author:
  - virtops.ovirt contributors (@virtops)
options:
  storage_domain:
    description:
      - Storage domain, by name or id.
    type: str
    required: true
  format:
    description:
      - Format it is to have, or a newer one.
    type: str
    choices:
      - v4
      - v5
    default: v5
  method:
    description:
      - The way there.
      - V(auto) evacuates where O(targets) is given, attaches a domain that does not belong to O(data_center), or to none at all, and raises the data center
        that it belongs to otherwise.
    type: str
    choices:
      - auto
      - in_place
      - attach
      - evacuate
    default: auto
  compatibility_version:
    description:
      - 'In place, the level that clusters and data center are raised to; the lowest with the format when it is left out. In quotes: V(''4.7'').'
    type: str
  data_center:
    description:
      - To attach, data center, by name or id.
    type: str
  register_in:
    description:
      - To attach, cluster, by name or id, in which the templates and VMs that are found on the domain are registered.
    type: str
  targets:
    description:
      - To evacuate, storage domains of the same data center, by name or id.
    type: list
    elements: str
  templates:
    description:
      - To evacuate, what happens to disks of templates, as in M(virtops.ovirt.disk_move).
    type: str
    choices:
      - move
      - copy
      - keep
      - refuse
    default: move
  per_source:
    description:
      - To evacuate, how many disks are moved away at a time.
    type: int
    default: 2
  per_target:
    description:
      - To evacuate, how many disks are moved to one storage domain at a time.
    type: int
    default: 2
  afterwards:
    description:
      - To evacuate, what the old domain is once it is empty. V(absent) removes it, and what is on its storage.
    type: str
    choices:
      - kept
      - maintenance
      - unattached
      - absent
    default: kept
  on_running:
    description:
      - In place, what happens with VMs that run.
      - V(next_run) leaves them at the old level until they are restarted, V(restart) reboots them after the raise, which the engine makes a cold start,
        V(fail) fails before anything is written.
    type: str
    choices:
      - next_run
      - restart
      - fail
    default: next_run
  grace_period:
    description:
      - With O(on_running=restart), seconds a guest has to reboot before O(force) decides. 300 when it is left out.
    type: int
  force:
    description:
      - With O(on_running=restart), whether a guest that does not reboot in time is powered off and started.
    type: bool
notes:
  - The API does not tell the machine types and CPU flags of hosts. The engine asks its hosts itself when the first cluster is raised, before it changes
    anything, and refuses with the names of those that lack them.
  - A new domain to evacuate to is made by M(virtops.ovirt.storage_domain) in a task before.
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.operation
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.disk_move
  - module: virtops.ovirt.storage_domain
  - module: virtops.ovirt.data_center
  - module: virtops.ovirt.cluster
"""

EXAMPLES = r"""
---
- name: Show what it takes to have V5, and what goes along
  virtops.ovirt.storage_domain_upgrade:
    storage_domain: data1
  check_mode: true
  register: plan

- name: Raise clusters and data center, VMs stay up
  virtops.ovirt.storage_domain_upgrade:
    storage_domain: data1
    compatibility_version: "4.7"

- name: The same, and restart the VMs that run, so that they have the new level, too
  virtops.ovirt.storage_domain_upgrade:
    storage_domain: data1
    compatibility_version: "4.7"
    on_running: restart
    force: true
    at_once: 10

- name: Take a domain of another estate in, with its templates and VMs
  virtops.ovirt.storage_domain_upgrade:
    storage_domain: imported
    data_center: new
    register_in: cluster1

- name: Take a domain out of a data center that stays old; the VMs on it are down
  virtops.ovirt.storage_domain_upgrade:
    storage_domain: archive
    data_center: new
    register_in: cluster1

- name: A new domain on other storage
  virtops.ovirt.storage_domain:
    name: new
    data_center: production
    host: host1
    storage:
      type: nfs
      address: nas2.example.com
      path: /exports/new

- name: Move everything to it, the VMs stay up, and remove the old domain
  virtops.ovirt.storage_domain_upgrade:
    storage_domain: old
    targets: [new]
    afterwards: absent
    timeout: 86400
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
method:
  description:
    - The way that is taken; V(none) where the domain has the format.
  returned: success
  type: str
format:
  description:
    - C(before) and C(after).
  returned: success
  type: dict
along:
  description:
    - 'Other data domains that are converted in the same moment: C(id), C(name) and C(format).'
  returned: success
  type: list
  elements: dict
keep_level:
  description:
    - 'VMs that run and keep the old level until they are restarted: C(id) and C(name).'
  returned: success
  type: list
  elements: dict
left:
  description:
    - 'Disks of the engine''s own that stay on an evacuated domain: C(id), C(name) and C(content_type).'
  returned: success
  type: list
  elements: dict
bytes:
  description:
    - Bytes that an evacuation moves.
  returned: success
  type: int
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
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.storage_domain_upgrade import STORAGE_DOMAIN_UPGRADE


def main() -> None:
    run_operation_module(STORAGE_DOMAIN_UPGRADE)


if __name__ == "__main__":
    main()
