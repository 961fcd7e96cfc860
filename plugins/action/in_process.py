# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the modules of the collection in the controller's process.

They are calls to an API: where the connection is local there is nothing that a process of their own would be good for, and starting one costs half
a second of processor time. What a task cannot tell from a shipped module: validation and its messages, ``environment``, check mode,
masking, results. Modules are shipped as
usual for another connection, ``become``, ``async``, another Python than the controller's, a controller without ``requests``, and where the variable
``virtops_ovirt_ship_modules`` is true.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any, NoReturn

from ansible import constants, context
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values, sanitize_keys
from ansible.module_utils.errors import UnsupportedError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible_collections.virtops.ovirt.plugins.module_utils._module.elsewhere import answered
from ansible_collections.virtops.ovirt.plugins.module_utils._module.host import RUN_DIRECTORY, Host
from ansible_collections.virtops.ovirt.plugins.module_utils._module.masking import secrets
from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import inform, manage, operate
from ansible_collections.virtops.ovirt.plugins.module_utils._module.session import end_session
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import ArgumentSpec, info_spec, operation_spec, session_spec, state_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE

try:
    import requests  # noqa: F401  pylint: disable=unused-import

    HAS_REQUESTS = True
except ImportError:
    HAS_REQUESTS = False

SHIP = "virtops_ovirt_ship_modules"
MASK = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"


class Ended(Exception):
    """The module has said its result."""

    def __init__(self, result: dict[str, Any]) -> None:
        super().__init__()
        self.result = result


class InProcessHost:
    """What ``_module.host.Host`` asks for, in the worker of the controller."""

    loops = True

    def __init__(self, action: ActionBase, params: Mapping[str, Any], environ: Mapping[str, str], no_log: set[str]) -> None:
        self._action = action
        self.params = params
        self.environ = environ
        self.check_mode: bool = action._task.check_mode
        self.run_directory = _run_directory()
        self.no_log = no_log
        self.warnings: list[str] = []

    def mask(self, secret: str) -> None:
        self.no_log.add(secret)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def progress(self, text: str) -> None:
        self._action._display.verbose(remove_values(text, self.no_log), caplevel=0)

    def exit(self, result: Mapping[str, Any]) -> NoReturn:
        raise Ended(dict(result))

    def fail(self, message: str, result: Mapping[str, Any]) -> NoReturn:
        raise Ended({"failed": True, "msg": message, **result})


class ActionModule(ActionBase):
    """One plugin for the whole action group; see meta/runtime.yml."""

    _supports_async = True
    _supports_check_mode = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        task_vars = task_vars or {}
        result = super().run(tmp, task_vars)
        name = self._task.action.rpartition(".")[2]
        known = _module(name)
        if known is None or self._has_to_ship(task_vars):
            if _run_directory():
                self._task.environment = [*_layers(self._task.environment), {RUN_DIRECTORY: _run_directory()}]
            result.update(
                self._execute_module(
                    module_name=f"virtops.ovirt.{name}", module_args=self._task.args, task_vars=task_vars, wrap_async=self._task.async_val
                )
            )
            return result
        spec, work = known
        given = _plain(self._task.args)
        checked = ArgumentSpecValidator(spec).validate(given)
        no_log = {*checked._no_log_values, *secrets(spec, given)}
        host = InProcessHost(self, checked.validated_parameters, self._environment(), no_log)
        for text in _remarks(checked):
            host.warn(text)
        if checked.error_messages:
            ended = {"failed": True, "msg": _refusal(name, checked.errors[0])}
        else:
            try:
                work(host)
                ended = {}
            except Ended as end:
                ended = end.result
        if host.warnings:
            ended["warnings"] = host.warnings
        if checked._deprecations:
            ended["deprecations"] = checked._deprecations
        if _shows_invocation(task_vars):
            ended["invocation"] = {"module_args": _masked(spec, checked.validated_parameters)}
        clean = remove_values(ended, no_log)
        result.update(sanitize_keys(clean, no_log, frozenset()) if no_log else clean)
        return result

    def _has_to_ship(self, task_vars: Mapping[str, Any]) -> bool:
        if not HAS_REQUESTS or self._connection.transport != "local" or self._connection.become or self._task.async_val:
            return True
        delegated = task_vars.get("ansible_delegated_vars") or {}
        variables = delegated.get(self._task.delegate_to, task_vars) if self._task.delegate_to else task_vars
        interpreter = self._templar.template(variables.get("ansible_python_interpreter", sys.executable))
        if not str(interpreter).startswith("auto") and os.path.realpath(str(interpreter)) != os.path.realpath(sys.executable):
            return True
        return boolean(self._templar.template(task_vars.get(SHIP, False)), strict=False)

    def _environment(self) -> dict[str, str]:
        """The controller's, with the ``environment`` of the task over it."""
        environ = dict(os.environ)
        for layer in _layers(self._task.environment):
            if layer:
                environ.update({str(key): str(value) for key, value in self._templar.template(layer).items()})
        return environ


def _module(name: str) -> tuple[ArgumentSpec, Callable[[Host], None]] | None:
    """The argument spec and the work of a module; None for one that does not talk to the engine's API."""
    if name in CATALOGUE:
        return state_spec(CATALOGUE[name]), partial(manage, CATALOGUE[name])
    kind, _underscore, reads = name.rpartition("_")
    if reads == "info" and kind in CATALOGUE:
        return info_spec(CATALOGUE[kind]), partial(inform, CATALOGUE[kind])
    if name == "session":
        return session_spec(), end_session
    return _large(name)


def _large(name: str) -> tuple[ArgumentSpec, Callable[[Host], None]] | None:
    """Imported where they are asked for, once a task: what they do takes longer, and plays without them do not pay for it."""
    if name == "blueprint":
        from ansible_collections.virtops.ovirt.plugins.module_utils._module.blueprint import blueprint, blueprint_spec

        return blueprint_spec(), blueprint
    from ansible_collections.virtops.ovirt.plugins.module_utils._operations._catalogue import OPERATIONS

    return (operation_spec(OPERATIONS[name]), partial(operate, OPERATIONS[name])) if name in OPERATIONS else None


def _layers(environment: Any) -> list[Any]:
    return environment if isinstance(environment, list) else [environment] if environment else []


def _run_directory() -> str:
    """Of a run that is in check mode as a whole: the directory that Ansible made for it alone, and removes in the end."""
    return str(constants.DEFAULT_LOCAL_TMP) if context.CLIARGS.get("check") else ""


def _plain(value: Any) -> Any:
    """As a shipped module is given it: without the types in which Ansible keeps where a value comes from."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def _shows_invocation(task_vars: Mapping[str, Any]) -> bool:
    """Cores that have the setting leave the member out unless it says otherwise; older ones always give it."""
    return not hasattr(constants, "INJECT_INVOCATION") or bool(constants.config.get_config_value("INJECT_INVOCATION", variables=task_vars))


def _refusal(name: str, error: Any) -> str:
    """The words in which ``AnsibleModule`` refuses parameters."""
    message = f"Unsupported parameters for (virtops.ovirt.{name}) module: {error.msg}" if isinstance(error, UnsupportedError) else str(error.msg)
    return answered(name, message)


def _remarks(checked: Any) -> list[str]:
    """What ``AnsibleModule`` warns of while it looks at parameters."""
    return [f"Both option {both['option']} and its alias {both['alias']} are set." for both in checked._warnings]


def _masked(spec: Mapping[str, Any], params: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as ``invocation`` shows them: all of the spec and what else was given, secrets left out by name."""
    shown: dict[str, Any] = {name: value for name, value in params.items() if name not in spec}
    for name, entry in spec.items():
        value = params.get(name)
        if value is not None and entry.get("no_log"):
            value = MASK
        elif isinstance(value, Mapping) and "options" in entry:
            value = _masked(entry["options"], value)
        elif isinstance(value, list) and "options" in entry:
            value = [_masked(entry["options"], item) if isinstance(item, Mapping) else item for item in value]
        shown[name] = value
    return shown
