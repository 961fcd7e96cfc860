# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation, argument specs, examples and the action group of every module say the same."""
from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.virtops.ovirt.plugins.module_utils._blueprint.document import read
from ansible_collections.virtops.ovirt.plugins.module_utils._module.blueprint import _check, blueprint_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._module.spec import info_spec, operation_spec, session_spec, state_spec
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._catalogue import OPERATIONS
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.goal import Goal
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE
from workspace import CHECKOUT

SPECS = {
    **{kind: state_spec(resource) for kind, resource in CATALOGUE.items()},
    **{f"{kind}_info": info_spec(resource) for kind, resource in CATALOGUE.items()},
    **{name: operation_spec(operation) for name, operation in OPERATIONS.items()},
    "blueprint": blueprint_spec(),
    "session": session_spec(),
}
OPTIONS = {**{kind: resource.options for kind, resource in CATALOGUE.items()}, **{name: operation.options for name, operation in OPERATIONS.items()}}
MODULES = CHECKOUT / "plugins" / "modules"


def part(path: Path, name: str) -> Any:
    """A YAML constant of a plugin file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = next(node.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name)
    assert isinstance(found, ast.Constant)
    return yaml.safe_load(str(found.value))


def fragments(documentation: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for name in documentation["extends_documentation_fragment"]:
        path = CHECKOUT / "plugins" / "doc_fragments" / f"{name.split('.')[2]}.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "DOCUMENTATION":
                assert isinstance(node.value, ast.Constant)
                options.update(yaml.safe_load(str(node.value.value)).get("options", {}))
    return options


def differences(documented: dict[str, Any], spec: dict[str, Any], place: str) -> list[str]:
    found = [f"{place}.{name} is in one only" for name in documented.keys() ^ spec.keys()]
    for name in documented.keys() & spec.keys():
        doc, entry = documented[name], spec[name]
        for key, fallback in (("type", "str"), ("elements", None), ("choices", None), ("default", None), ("required", False), ("aliases", [])):
            if doc.get(key, fallback) != entry.get(key, fallback):
                found.append(f"{place}.{name}: {key} is documented as {doc.get(key)}, and is {entry.get(key)}")
        if not doc.get("description"):
            found.append(f"{place}.{name} has no description")
        found += differences(doc.get("suboptions", {}), entry.get("options", {}), f"{place}.{name}")
    return found


@pytest.mark.parametrize("module", sorted(SPECS))
def test_options_are_documented_as_they_are(module: str) -> None:
    documentation = part(MODULES / f"{module}.py", "DOCUMENTATION")
    assert documentation["module"] == module
    assert differences({**documentation["options"], **fragments(documentation)}, SPECS[module], module) == []


@pytest.mark.parametrize("module", sorted(SPECS))
def test_examples_are_accepted(module: str) -> None:
    tasks = part(MODULES / f"{module}.py", "EXAMPLES")
    assert tasks, "there are none"
    used = set()
    for task in tasks:
        assert task.get("name")
        for name, options in task.items():
            known = name.removeprefix("virtops.ovirt.")
            if known in SPECS:
                used.add(known)
                assert set(options or {}) <= {*SPECS[known], *(alias for entry in SPECS[known].values() for alias in entry.get("aliases", ()))}, task["name"]
                plain = {key: value for key, value in (options or {}).items() if "{{" not in str(value)}
                checked = ArgumentSpecValidator(SPECS[known]).validate(plain)
                assert not checked.error_messages, (task["name"], checked.error_messages)
                if known in CATALOGUE and plain == options and not CATALOGUE[known].several:
                    Goal.from_options(CATALOGUE[known], checked.validated_parameters)
                if known == "blueprint" and "document" in plain:
                    assert read(plain["document"], _check).problems == [], task["name"]
                for item in OPTIONS.get(known, ()):
                    if checked.validated_parameters.get(item.option) is not None and item.option in plain:
                        item.accept(checked.validated_parameters[item.option], f"{task['name']}: {item.option}")
    assert module in used


def test_the_examples_of_the_inventory_are_accepted() -> None:
    path = CHECKOUT / "plugins" / "inventory" / "engine.py"
    documentation = part(path, "DOCUMENTATION")
    of_ansible = {"compose", "groups", "keyed_groups", "strict", "cache", "cache_plugin", "cache_connection", "cache_timeout", "cache_prefix", "engine"}
    assert set(part(path, "EXAMPLES")) <= {*documentation["options"], *of_ansible}


def test_the_modules_are_rendered_from_their_declarations() -> None:
    outcome = subprocess.run(
        [sys.executable, "tests/tools/render_modules.py", "--check"], cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=120,
        env={"PYTHONPATH": ":".join(path for path in sys.path if path)},
    )
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_action_group_has_every_module() -> None:
    runtime = yaml.safe_load((CHECKOUT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert set(SPECS) <= set(runtime["action_groups"]["all"])


@pytest.mark.parametrize("path", sorted((CHECKOUT / "changelogs" / "fragments").glob("*.yml")), ids=lambda path: path.stem)
def test_a_changelog_fragment_has_lines_in_known_sections(path: Path) -> None:
    configuration = yaml.safe_load((CHECKOUT / "changelogs" / "config.yaml").read_text(encoding="utf-8"))
    known = {name for name, _title in configuration["sections"]}
    fragment = yaml.safe_load(path.read_text(encoding="utf-8"))
    prose = {configuration["prelude_section_name"]}
    assert set(fragment) <= known | prose
    assert all(isinstance(line, str) for section, lines in fragment.items() if section not in prose for line in lines)
