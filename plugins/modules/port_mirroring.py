#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: port_mirroring
short_description: Copy the traffic of a logical network to NICs of VMs
version_added: 1.0.0
description:
  - Puts NICs onto a vNIC profile that mirrors its logical network, and off it again.
  - The profile is made where the network has none. NICs that do not exist are added to their VM, and those that are not plugged are plugged.
  - 'The engine moves no plugged NIC of a running VM onto such a profile or off it: with O(replug=true) it is unplugged for that moment.'
  - 'What is in the way is named for all NICs before the first change: external networks, pass-through, profiles in use, clusters without the network.'
author:
  - virtops.ovirt contributors (@virtops)
options:
  network:
    description:
      - Logical network, by name or id, whose traffic is copied.
    type: str
    required: true
  data_center:
    description:
      - Data center, by name or id, of the network; needed where several have a network of that name.
    type: str
  listeners:
    description:
      - The NICs that get the traffic. With O(state=disabled), those that no longer do; all of the network when it is left out.
    type: list
    elements: dict
    suboptions:
      vm:
        description:
          - VM, by name or id.
        type: str
      nic:
        description:
          - NIC of that VM, by name or id.
        type: str
  profile:
    description:
      - vNIC profile of the network, by name or id, that mirrors or may begin to because nothing uses it; made where there is none of that name.
      - When it is left out, one of the network that mirrors already, or a new one named like the network with C(_mirror) after it.
    type: str
  restore_profile:
    description:
      - With O(state=disabled), profile of the network that the NICs go back to. The one named like the network when it is left out.
    type: str
  remove_profile:
    description:
      - With O(state=disabled), whether mirroring profiles that nothing uses afterwards are removed.
    type: bool
  replug:
    description:
      - Whether plugged NICs of running VMs may be unplugged for the change, and plugged again. Their guests lose the link for a moment.
      - NICs that are found unplugged, as an interrupted run leaves them, are plugged, too.
    type: bool
  state:
    description:
      - What is to be.
      - 'V(enabled): The NICs get a copy of the network''s traffic.'
      - 'V(disabled): They do not.'
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
  - module: virtops.ovirt.port_mirroring_info
  - module: virtops.ovirt.vnic_profile
  - module: virtops.ovirt.nic
"""

EXAMPLES = r"""
---
- name: Let a monitor VM see the traffic of a network
  virtops.ovirt.port_mirroring:
    network: web
    listeners:
      - {vm: monitor, nic: nic2}

- name: Put a NIC that is plugged into a running VM onto it, losing its link for a moment
  virtops.ovirt.port_mirroring:
    network: web
    listeners:
      - {vm: monitor, nic: nic1}
    replug: true

- name: Stop mirroring the network, and remove its mirroring profiles
  virtops.ovirt.port_mirroring:
    network: web
    replug: true
    remove_profile: true
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
        - Name of the NIC or profile.
      returned: success
      type: str
    vm:
      description:
        - VM that has the NIC.
      returned: success
      type: str
    kind:
      description:
        - What it is.
      returned: success
      type: str
    replugged:
      description:
        - Whether the NIC is unplugged and plugged for it.
      returned: success
      type: bool
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
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.port_mirroring import PORT_MIRRORING


def main() -> None:
    run_operation_module(PORT_MIRRORING)


if __name__ == "__main__":
    main()
