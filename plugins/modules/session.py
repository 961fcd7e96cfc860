#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: session
short_description: End the session that tasks of an engine share
version_added: 1.0.0
description:
  - Tasks log in once, and keep the token of the engine's single sign-on for the next (see O(engine.session_cache)). This module logs out and removes
    that token, as the last task of a play that shall not leave one behind.
  - Without it the token stays until the engine ends it, half an hour after its last use unless configured otherwise.
  - With O(engine.keep_session=false) no task leaves a token, and there is nothing to end.
author:
  - virtops.ovirt contributors (@virtops)
options:
  state:
    description:
      - V(absent) ends the session of this user at this engine, if tasks have left one.
    type: str
    choices: [absent]
    default: absent
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes
attributes:
  diff_mode:
    description: There is nothing to show.
    support: none
"""

EXAMPLES = r"""
---
- name: Leave no session behind
  virtops.ovirt.session:
    state: absent
"""

RETURN = r"""
changed:
  description:
    - Whether there was a session to end; or, in check mode, whether there is.
  returned: success
  type: bool
  sample: true
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.session import run_session_module


def main() -> None:
    run_session_module()


if __name__ == "__main__":
    main()
