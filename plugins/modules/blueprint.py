#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: blueprint
short_description: Make an estate what one document says
version_added: 1.0.0
description:
  - Takes a document with a section for each kind of object, reads what is there in a handful of list requests, makes one plan, and carries it out side by side.
  - A section is named like the module of its kind (V(data_center), V(cluster), V(network), V(vm) and so on), and is a list of the very options that
    this module takes, O(virtops.ovirt.vm#module:state) included.
  - Objects refer to one another by name, in any order and across sections; what others need is made first.
  - All that is wrong with the document is told at once with its place, before the first request that writes - unknown kinds and options, values, twins,
    references that lead nowhere, circles.
  - A failure does not stop what does not depend on it. The next run does the rest.
author:
  - virtops.ovirt contributors (@virtops)
options:
  document:
    description:
      - The document. Exactly one of this and O(src) is given, unless O(state=exported).
    type: dict
  src:
    description:
      - YAML file of the document, or a directory of such files, of which sections of one name are put together. Jinja in them is not rendered;
        use C(document) with C(lookup('template', ...) | from_yaml) for that.
    type: path
  state:
    description:
      - V(present) makes the estate what the document says. What the document does not name is left alone; see O(prune).
      - V(planned) is the drift report. It never changes anything; RV(plan) has what V(present) would do.
      - V(exported) returns the document of the living estate, which applied again changes nothing. Passwords are not in it,
        nor what the engine shows of single VMs only (C(initialization), C(rng), C(virtio_scsi), C(tpm), C(console.serial), C(console.soundcard)).
    type: str
    choices: [present, planned, exported]
    default: present
  fail_on_drift:
    description:
      - With O(state=planned), whether the task fails when the estate is not as the document says, as a pipeline wants it.
    type: bool
    default: false
  kinds:
    description:
      - With O(state=exported), the kinds that are exported. All but disks and templates when it is left out.
        Disks of VMs are among the options of their VM, and of templates the engine does not tell which VM they were made from.
        NICs and snapshots are not exported by themselves.
    type: list
    elements: str
  prune:
    description:
      - Removes objects that bear the mark of the document and that the document does not name any more.
    type: dict
    suboptions:
      kinds:
        description:
          - The kinds that are pruned, and no others.
        type: list
        elements: str
        required: true
      owner:
        description:
          - The mark, the name of a tag of VMs and other objects that have tags, or the exact comment of any object.
        type: str
        required: true
      at_most:
        description:
          - With more removals than this nothing is done at all, and the task fails with their list.
        type: int
        default: 10
      options:
        description:
          - By kind, options of its module for the removal, such as C(remove_disks) and C(force) for V(vm).
        type: dict
  at_once:
    description:
      - How many objects are worked on at a time. No more requests than that are under way at the engine.
    type: int
    default: 8
  starts_at_once:
    description:
      - How many VMs are started at a time.
    type: int
    default: 8
  on_failure:
    description:
      - V(go_on) does what does not depend on the object that failed. V(stop) finishes what is under way.
      - In both cases the task fails at the end, with the list of what failed and why.
    type: str
    choices: [go_on, stop]
    default: go_on
  timeout:
    description:
      - Seconds for the whole task.
    type: int
    default: 3600
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes
"""

EXAMPLES = r"""
---
- name: Make a small estate
  virtops.ovirt.blueprint:
    document:
      data_center:
        - name: prod
      cluster:
        - name: prod
          data_center: prod
          cpu_type: Intel Haswell Family
      network:
        - name: web
          data_center: prod
          vlan_id: 120
          clusters:
            - cluster: prod
      vm:
        - name: web1
          cluster: prod
          memory: 4GiB
          nics:
            - name: nic1
              vnic_profile: web
          comment: prod document

- name: Report drift, and fail the pipeline when there is any
  virtops.ovirt.blueprint:
    src: estate/
    state: planned
    fail_on_drift: true

- name: Apply the files, and remove VMs of this document that are not in it any more
  virtops.ovirt.blueprint:
    src: estate/
    prune:
      kinds: [vm]
      owner: prod document
      at_most: 5
      options:
        vm:
          force: true
          remove_disks: true

- name: Write the living estate down
  virtops.ovirt.blueprint:
    state: exported
    kinds: [data_center, cluster, network, vm]
  register: living
"""

RETURN = r"""
plan:
  description:
    - What is to be done, in order; an empty list when the estate is as the document says.
  returned: when O(state) is V(present) or V(planned)
  type: list
  elements: dict
  contains:
    place:
      description:
        - Where it stands in the document, such as C(vm[3]), and its name.
      returned: always
      type: str
    kind:
      description:
        - Kind of the object.
      returned: always
      type: str
    name:
      description:
        - Its name.
      returned: always
      type: str
    id:
      description:
        - Its id, null for what is not there yet.
      returned: always
      type: str
    action:
      description:
        - V(create), V(change) or V(remove).
      returned: always
      type: str
    before:
      description:
        - What changes of it, as it is.
      returned: always
      type: dict
    after:
      description:
        - The same as it will be.
      returned: always
      type: dict
problems:
  description:
    - All that is wrong with the document, each with its place. Nothing was sent that writes.
  returned: when there is something
  type: list
  elements: str
unchanged:
  description:
    - How many entries are as the document says already.
  returned: when O(state) is V(present) or V(planned)
  type: int
results:
  description:
    - What became of each entry of the plan, with the keys of RV(plan) and C(changed), C(steps), and C(failed) or C(skipped) with C(msg).
  returned: when it was carried out
  type: list
  elements: dict
failed_entries:
  description:
    - Places of the entries that failed.
  returned: when it was carried out
  type: list
  elements: str
skipped_entries:
  description:
    - Places of the entries that were not begun, since what they need failed.
  returned: when it was carried out
  type: list
  elements: str
document:
  description:
    - The document of the living estate.
  returned: when O(state) is V(exported)
  type: dict
diff:
  description:
    - What changes, and nothing else, by object.
  returned: when O(state) is V(present) or V(planned)
  type: dict
  contains:
    before:
      description:
        - As it was.
      returned: always
      type: dict
    after:
      description:
        - As it is.
      returned: always
      type: dict
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.blueprint import run_blueprint_module


def main() -> None:
    run_blueprint_module()


if __name__ == "__main__":
    main()
