# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options and states of another collection are answered with what they are here."""
from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.virtops.ovirt.plugins.module_utils._module.elsewhere import OPTIONS, STATES, answered
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import operation_spec, state_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._catalogue import OPERATIONS
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE

SPECS: dict[str, Any] = {
    **{kind: state_spec(resource) for kind, resource in CATALOGUE.items()},
    **{name: operation_spec(operation) for name, operation in OPERATIONS.items()},
}


@pytest.mark.parametrize("module", sorted(OPTIONS))
def test_what_is_said_to_be_ours_is(module: str) -> None:
    for name, ours in OPTIONS[module].items():
        other, path = ours[1:].split(".", 1) if ours.startswith("@") else (module, ours)
        spec = SPECS[other]
        for part in path.split("."):
            assert part in spec, (module, name, ours)
            spec = spec[part].get("options", {})
        assert "." in name or name not in SPECS[module], (module, name)


@pytest.mark.parametrize("module", sorted(STATES))
def test_a_state_that_is_answered_is_none_of_ours(module: str) -> None:
    assert not set(STATES[module]) & set(SPECS[module].get("state", {}).get("choices", []))


@pytest.mark.parametrize(
    ("module", "options", "said"),
    [
        ("vm", {"name": "a", "cd_iso": "x.iso"}, "cd_iso of ovirt.ovirt is run_once.cdrom here."),
        ("vm", {"name": "a", "auth": {}, "cpu_cores": 2}, "For auth of ovirt.ovirt: the login is the option engine"),
        ("vm", {"name": "a", "auth": {}, "cpu_cores": 2}, "cpu_cores of ovirt.ovirt is cpu.cores here."),
        ("vm", {"name": "a", "nics": [{"name": "n", "profile_name": "p"}]}, "nics.profile_name of ovirt.ovirt is nics.vnic_profile here."),
        ("disk", {"name": "a", "vm_name": "v"}, "vm_name of ovirt.ovirt is disks of virtops.ovirt.vm."),
        ("host", {"name": "a", "state": "reinstalled"}, "For state reinstalled of ovirt.ovirt: "),
        ("snapshot", {"vm": "a", "description": "d", "state": "restore"}, "it is called restored."),
    ],
)
def test_a_refusal_says_what_it_is_here(module: str, options: dict[str, Any], said: str) -> None:
    messages = ArgumentSpecValidator(SPECS[module]).validate(options).error_messages
    assert said in " ".join(answered(module, message) for message in messages)
    refused = ArgumentSpecValidator(SPECS[module]).validate({**options, "nonsense": 1}).error_messages
    assert any("nonsense" in answered(module, message) for message in refused)


def test_any_other_refusal_stays_as_it_is() -> None:
    assert answered("vm", "memory: 'much' is not a size") == "memory: 'much' is not a size"
