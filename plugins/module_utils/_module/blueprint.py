# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module ``blueprint``: a document in, a plan and its results out."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.yaml import HAS_YAML, yaml_load

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import EngineError, InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._base.memory import all_kept
from ansible_collections.virtops.ovirt.plugins.module_utils._blueprint import living, looks, plan
from ansible_collections.virtops.ovirt.plugins.module_utils._blueprint.document import InvalidDocument, Reading, read, tell
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._module import diff
from ansible_collections.virtops.ovirt.plugins.module_utils._module.foreseen import ahead, announce, leant_on
from ansible_collections.virtops.ovirt.plugins.module_utils._module.elsewhere import answered
from ansible_collections.virtops.ovirt.plugins.module_utils._module.host import Host, ModuleHost
from ansible_collections.virtops.ovirt.plugins.module_utils._module.masking import secrets
from ansible_collections.virtops.ovirt.plugins.module_utils._module.session import end, session
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import ArgumentSpec, engine_spec, one_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import GO_ON, STOP, Draft, failure, perform, told
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE


def blueprint_spec() -> ArgumentSpec:
    return {
        "document": {"type": "dict"},
        "src": {"type": "path"},
        "state": {"type": "str", "choices": ["present", "planned", "exported"], "default": "present"},
        "fail_on_drift": {"type": "bool", "default": False},
        "kinds": {"type": "list", "elements": "str"},
        "prune": {
            "type": "dict",
            "options": {
                "kinds": {"type": "list", "elements": "str", "required": True},
                "owner": {"type": "str", "required": True},
                "at_most": {"type": "int", "default": 10},
                "options": {"type": "dict"},
            },
        },
        "at_once": {"type": "int", "default": 8},
        "starts_at_once": {"type": "int", "default": 8},
        "on_failure": {"type": "str", "choices": [GO_ON, STOP], "default": GO_ON},
        "timeout": {"type": "int", "default": 3600},
        **engine_spec(),
    }


def run_blueprint_module() -> None:
    blueprint(ModuleHost(blueprint_spec()))


def blueprint(host: Host) -> None:
    result: dict[str, Any] = {"changed": False}
    with session(host, lambda: result) as client:
        if host.params["state"] == "exported":
            result["document"] = living.export(Estate(client), host.params["kinds"] or living.EXPORTED)
        else:
            _apply(host, client, result)
    end(host, result)


def _apply(host: Host, own: Client, result: dict[str, Any]) -> None:
    seen = ahead(host, own)
    client = cast(Client, looks.SharedLooks(seen))
    with client.within(client.clock.deadline(host.params["timeout"])), all_kept():
        document = _document(host.params)
        _mask(host, document)
        reading = read(document, _check)
        try:
            draft, estate = _drafted(host, client, reading)
        except InvalidDocument as invalid:
            result["problems"] = invalid.told
            raise
    _tell(result, draft)
    result["diff"] = diff.standing_on(result["diff"], leant_on(seen, result["plan"]))
    drifted = [unit.title for unit in draft.units if not unit.idle]
    if host.params["state"] == "planned":
        result["changed"] = False
        if drifted and host.params["fail_on_drift"]:
            raise InvalidInput(f"The estate is not as the document says, in {len(drifted)} places: {', '.join(drifted)}.")
    elif host.check_mode:
        announce(host, seen, plan.foretold(draft, estate, seen))
    else:
        _carry_out(host, client, estate, draft, result)


def _drafted(host: Host, client: Client, reading: Reading) -> tuple[Draft, plan.Overview]:
    wanted, problems = reading.entries, reading.problems
    try:
        estate = plan.overview(client, wanted)
    except EngineError:
        tell(problems)
        raise
    gone = living.outlived(estate, wanted, host.params["prune"], problems) if host.params["prune"] and not reading.broken else []
    draft = plan.draft([*wanted, *gone], estate, reading.broken)
    tell([*problems, *(problem for unit in draft.units for problem in unit.problems)])
    for unit in draft.units:
        if (unit.outcome.after or {}).get("status") == "up" or any("start" in str(step.get("says")) for step in unit.outcome.steps):
            unit.shares = [*unit.shares, ("starts", host.params["starts_at_once"])]
    estate.planning = False
    return draft, estate


def _carry_out(host: Host, client: Client, estate: plan.Overview, draft: Draft, result: dict[str, Any]) -> None:
    attempts = perform(
        draft,
        client,
        estate,
        client.clock.deadline(host.params["timeout"]),
        at_once=host.params["at_once"],
        on_failure=host.params["on_failure"],
        wait=True,
        progress=host.progress,
    )
    outcomes = told(draft.units, attempts)
    result["results"] = [one for one in outcomes if one["action"] != "none"]
    result["changed"] = any(one["changed"] for one in outcomes)
    for name, marked in (("failed_entries", "failed"), ("skipped_entries", "skipped")):
        result[name] = [one["place"] for one in outcomes if one.get(marked)]
    for text in dict.fromkeys(text for unit in draft.units for text in unit.outcome.warnings):
        host.warn(text)
    failed = failure(attempts)
    if failed is not None:
        raise failed


def _tell(result: dict[str, Any], draft: Draft) -> None:
    result["plan"] = [
        {"place": unit.shows["place"], **unit.item, "action": unit.shows["action"], "before": unit.outcome.before or {}, "after": unit.outcome.after or {}}
        for unit in draft.units
        if not unit.idle
    ]
    result["diff"] = diff.of_several(draft.units)
    result["changed"] = bool(result["plan"])
    # An entry that is made and started in two turns is one.
    result["unchanged"] = len({unit.shows["place"] for unit in draft.units} - {unit.shows["place"] for unit in draft.units if not unit.idle})


@lru_cache(maxsize=None)
def _validator(kind: str) -> ArgumentSpecValidator:
    return ArgumentSpecValidator(one_spec(CATALOGUE[kind]))


def _check(kind: str, given: Mapping[str, Any]) -> tuple[Mapping[str, Any], Sequence[str]]:
    checked = _validator(kind).validate(dict(given))
    return checked.validated_parameters, [answered(kind, message) for message in checked.error_messages]


def _mask(host: Host, document: Mapping[str, Any]) -> None:
    """Before anything is said of it: an entry with something wrong is shown, too."""
    for kind, section in document.items():
        spec = one_spec(CATALOGUE[kind]) if kind in CATALOGUE else {}
        for given in section if isinstance(section, list) else [section]:
            for secret in secrets(spec, given):
                host.mask(secret)


def _document(params: Mapping[str, Any]) -> dict[str, Any]:
    if (params["document"] is None) == (params["src"] is None):
        raise InvalidInput("Exactly one of document and src has to be given.")
    if params["document"] is not None:
        return dict(params["document"])
    merged: dict[str, Any] = {}
    for path in _files(params["src"]):
        for kind, section in _sections(path).items():
            if kind in merged and isinstance(merged[kind], list) and isinstance(section, list):
                merged[kind] = merged[kind] + section
            else:
                merged[kind] = section
    return merged


def _files(src: str) -> list[str]:
    if not os.path.isdir(src):
        return [src]
    found = sorted(os.path.join(src, name) for name in os.listdir(src) if name.endswith((".yml", ".yaml")))
    if not found:
        raise InvalidInput(f"src: the directory {src} has no YAML files.")
    return found


def _sections(path: str) -> dict[str, Any]:
    if not HAS_YAML:
        raise InvalidInput("src needs the Python library PyYAML.", hint="Install it, or give document.")
    try:
        with open(path, encoding="utf-8") as stream:
            content = yaml_load(stream)
    except Exception as error:  # pylint: disable=broad-except
        raise InvalidInput(f"src: {path} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise InvalidInput(f"src: {path} has to be a dictionary of sections.")
    return content
