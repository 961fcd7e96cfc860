#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: event_info
short_description: Read the events of the engine
version_added: 1.0.0
description:
  - 'Reads the engine''s log: what happened, how bad it is, and what it is about. It keeps events for a month, unless configured otherwise.'
  - Without O(after) these are the newest, at most O(limit); with it those that came next. A job that looks regularly gives O(after) what C(last) was in
    the run before, and nothing is read twice or left out.
  - All conditions have to be met.
author:
  - virtops.ovirt contributors (@virtops)
options:
  severity:
    description:
      - Only events that are at least this bad.
    type: str
    choices:
      - normal
      - warning
      - error
      - alert
  search:
    description:
      - Search in the engine's language, such as C(message=*storage* and severity>=warning). It has no parentheses.
      - What the engine does not understand finds nothing, and is no error.
    type: str
  codes:
    description:
      - 'Only events of one of these kinds, by number: C(54) for a VM that could not be started.'
    type: list
    elements: int
  correlation_id:
    description:
      - Only events of one request, as C(correlation_id) of the modules that change something returns it.
    type: str
  origin:
    description:
      - 'Only events that come from there: C(oVirt) for the engine''s own.'
    type: str
  vm:
    description:
      - Only events about this VM, by name or id; C(*) in a name is any text.
    type: str
  host:
    description:
      - Only events about this host, by name or id; C(*) in a name is any text.
    type: str
  cluster:
    description:
      - Only events about this cluster, by name or id; C(*) in a name is any text.
    type: str
  data_center:
    description:
      - Only events about this data center, by name or id; C(*) in a name is any text.
    type: str
  storage_domain:
    description:
      - Only events about this storage domain, by name or id; C(*) in a name is any text.
    type: str
  template:
    description:
      - Only events about this template, by name or id; C(*) in a name is any text.
    type: str
  user:
    description:
      - Only events of what this user did, by the name that events have (C(admin@internal-authz)) or id.
    type: str
  after:
    description:
      - Only events with a higher index, beginning with the oldest of them.
    type: int
  since:
    description:
      - 'Only events from this time on, by the engine''s clock: C(2026-01-31T18:30:00Z). It is UTC unless it says otherwise.'
    type: str
  limit:
    description:
      - At most so many.
    type: int
    default: 100
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.event
  - module: virtops.ovirt.job_info
"""

EXAMPLES = r"""
---
- name: What went wrong lately
  virtops.ovirt.event_info:
    severity: error
    limit: 20
  register: bad

- name: Show when, what and where
  ansible.builtin.debug:
    msg: "{{ item.time }} {{ item.description }} ({{ (item.vm or item.host or {}).name | default('-') }})"
  loop: "{{ bad.events }}"
  loop_control:
    label: "{{ item.id }}"

- name: Go on where the last run stopped, as a monitoring job does
  virtops.ovirt.event_info:
    severity: warning
    after: "{{ lookup('ansible.builtin.file', '/var/lib/monitoring/ovirt-events', errors='ignore') | default(0, true) }}"
    limit: 1000
  register: news

- name: Remember how far that was
  ansible.builtin.copy:
    content: "{{ news.last }}"
    dest: /var/lib/monitoring/ovirt-events
    mode: "0644"

- name: What became of one change
  virtops.ovirt.event_info:
    correlation_id: ansible-5065b22e45304fb3

- name: What happened to a VM since yesterday evening
  virtops.ovirt.event_info:
    vm: db01
    since: "2026-01-30T18:00:00Z"
"""

RETURN = r"""
events:
  description:
    - The events that fit, oldest first.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Its index, which grows from event to event.
      returned: success
      type: int
    code:
      description:
        - Number of its kind.
      returned: success
      type: int
    severity:
      description:
        - How bad it is.
      returned: success
      type: str
    time:
      description:
        - When it happened, by the engine's clock, in UTC.
      returned: success
      type: str
    time_ms:
      description:
        - The same in milliseconds since the epoch.
      returned: success
      type: int
    description:
      description:
        - The engine's words.
      returned: success
      type: str
    correlation_id:
      description:
        - The request it belongs to.
      returned: success
      type: str
    origin:
      description:
        - 'Where it comes from: C(oVirt), or another system.'
      returned: success
      type: str
    custom_id:
      description:
        - Number that another system gave it.
      returned: success
      type: int
    custom_data:
      description:
        - Text that another system gave it.
      returned: success
      type: str
    vm:
      description:
        - VM it is about.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier; null where the object was removed before the event was written.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    host:
      description:
        - Host it is about.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier; null where the object was removed before the event was written.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    cluster:
      description:
        - Cluster it is about.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier; null where the object was removed before the event was written.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    data_center:
      description:
        - Data center it is about.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier; null where the object was removed before the event was written.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    storage_domain:
      description:
        - Storage domain it is about.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier; null where the object was removed before the event was written.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    template:
      description:
        - Template it is about.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier; null where the object was removed before the event was written.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    user:
      description:
        - User whose request it belongs to.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier; null where the object was removed before the event was written.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
last:
  description:
    - The index up to which events were looked at, to be given as O(after) by the next run.
  returned: success
  type: int
more:
  description:
    - Whether there are more that fit, which O(limit) has cut off.
  returned: success
  type: bool
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_operation_module
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.event import EVENT_INFO


def main() -> None:
    run_operation_module(EVENT_INFO)


if __name__ == "__main__":
    main()
