# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs, made from declarations."""

from __future__ import annotations

from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import GO_ON, STOP, Operation
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Resource

ArgumentSpec = dict[str, dict[str, Any]]

_SIDE_BY_SIDE: ArgumentSpec = {
    "at_once": {"type": "int", "default": 4},
    "on_failure": {"type": "str", "choices": [STOP, GO_ON], "default": STOP},
}
"""How several objects are worked on."""


def engine_spec() -> ArgumentSpec:
    """The option ``engine`` of every module; the documentation fragment ``engine`` says what the inner options mean."""
    return {
        "engine": {
            "type": "dict",
            "options": {
                "url": {"type": "str"},
                "username": {"type": "str"},
                "password": {"type": "str", "no_log": True},
                "token": {"type": "str", "no_log": True},
                "auth": {"type": "str", "choices": ["sso", "basic"]},
                "ca_file": {"type": "path"},
                "validate_certs": {"type": "bool"},
                "timeout": {"type": "float"},
                "connect_timeout": {"type": "float"},
                "retries": {"type": "int"},
                "patience": {"type": "float"},
                "headers": {"type": "dict"},
                "proxy": {"type": "str"},
                "pool_size": {"type": "int"},
                "session_cache": {"type": "path"},
                "keep_session": {"type": "bool"},
            },
        }
    }


def one_spec(resource: Resource) -> ArgumentSpec:
    """What is said of one object of the kind."""
    spec: ArgumentSpec = {"id": {"type": "str"}}
    for under in resource.under:
        spec[under.option] = {"type": "str"}
    for item in resource.options:
        spec[item.option] = item.spec()
    spec["state"] = {"type": "str", "choices": [state.name for state in resource.states], "default": resource.states[0].name}
    return spec


def state_spec(resource: Resource) -> ArgumentSpec:
    """Of the module that manages the kind."""
    spec = one_spec(resource)
    if resource.several:
        spec.update({resource.many: {"type": "list", "elements": "str"}, "search": {"type": "str"}, **_SIDE_BY_SIDE})
    spec["wait"] = {"type": "bool", "default": True}
    spec["timeout"] = {"type": "int", "default": 900}
    return {**spec, **engine_spec()}


def session_spec() -> ArgumentSpec:
    return {"state": {"type": "str", "choices": ["absent"], "default": "absent"}, **engine_spec()}


def info_spec(resource: Resource) -> ArgumentSpec:
    """Of the module that reads the kind."""
    spec: ArgumentSpec = {"id": {"type": "list", "elements": "str"}, resource.identity.by: {"type": "list", "elements": "str"}}
    for under in resource.under:
        spec[under.option] = {"type": "str"}
    if resource.searchable and not resource.under:
        spec["search"] = {"type": "str"}
    spec["fields"] = {"type": "list", "elements": "str"}
    return {**spec, **engine_spec()}


def operation_spec(operation: Operation) -> ArgumentSpec:
    """Of the module that carries out the operation."""
    spec: ArgumentSpec = {item.option: item.spec() for item in operation.options}
    for item in operation.options:
        if item.needed:
            spec[item.option]["required"] = True
        if item.option in operation.defaults:
            spec[item.option]["default"] = operation.defaults[item.option]
    if operation.states:
        spec["state"] = {"type": "str", "choices": [state.name for state in operation.states], "default": operation.states[0].name}
    if not operation.reads:
        spec.update(_SIDE_BY_SIDE)
        spec["wait"] = {"type": "bool", "default": True}
        spec["timeout"] = {"type": "int", "default": 3600}
    return {**spec, **engine_spec()}
