# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the action plugin says of parameters in the place of AnsibleModule."""
from __future__ import annotations

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.virtops.ovirt.plugins.action import in_process


def test_an_option_beside_its_alias_is_told_in_ansibles_words() -> None:
    checked = ArgumentSpecValidator({"name": {"type": "str", "aliases": ["title"]}}).validate({"name": "one", "title": "other"})
    assert in_process._remarks(checked) == ["Both option name and its alias title are set."]
