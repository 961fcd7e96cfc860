# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs a module: Ansible's own machinery on a target, or an action plugin in the controller's process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NoReturn, Protocol

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.virtops.ovirt.plugins.module_utils._module.elsewhere import answered
from ansible_collections.virtops.ovirt.plugins.module_utils._module.masking import secrets
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import ArgumentSpec


class Host(Protocol):
    """The few things that floor 5 asks of it.

    params   validated against the argument spec, defaults filled in
    environ  environment variables that count for the task
    loops    whether this process goes on with the next item of a loop
    run_directory  where tasks of a run in check mode leave word for later ones; "" where the run is a real one
    """

    params: Mapping[str, Any]
    loops: bool
    check_mode: bool
    environ: Mapping[str, str]
    run_directory: str

    def mask(self, secret: str) -> None:
        """Keeps a value out of everything that is shown from now on."""

    def warn(self, text: str) -> None: ...

    def progress(self, text: str) -> None:
        """Says what is going on, where there is somebody to read it."""

    def exit(self, result: Mapping[str, Any]) -> NoReturn: ...

    def fail(self, message: str, result: Mapping[str, Any]) -> NoReturn: ...


RUN_DIRECTORY = "VIRTOPS_OVIRT_RUN_DIRECTORY"
"""The environment variable by which a shipped module learns of it."""


class _Module(AnsibleModule):
    """Refuses parameters in the words of Ansible, says what they are called here, and masks secrets among them, too."""

    def fail_json(self, msg: str, **result: Any) -> NoReturn:
        self.no_log_values.update(secrets(self.argument_spec, self.params))
        super().fail_json(answered(str(self._name).rpartition(".")[2], msg), **result)
        raise SystemExit(1)


class ModuleHost:
    """A module that Ansible has shipped to a target."""

    loops = False

    def __init__(self, spec: ArgumentSpec) -> None:
        self._module = _Module(argument_spec=spec, supports_check_mode=True)
        self.params: Mapping[str, Any] = self._module.params
        self.check_mode: bool = self._module.check_mode
        self.environ: Mapping[str, str] = os.environ
        self.run_directory = os.environ.get(RUN_DIRECTORY, "")

    def mask(self, secret: str) -> None:
        self._module.no_log_values.add(secret)

    def warn(self, text: str) -> None:
        self._module.warn(text)

    def progress(self, text: str) -> None:
        pass

    def exit(self, result: Mapping[str, Any]) -> NoReturn:
        self._module.exit_json(**result)
        raise SystemExit(0)

    def fail(self, message: str, result: Mapping[str, Any]) -> NoReturn:
        self._module.fail_json(msg=message, **result)
