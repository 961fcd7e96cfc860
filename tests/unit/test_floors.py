# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The floors of the collection: who may import what, and where the words of Ansible, HTTP and time may appear."""
from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from workspace import CHECKOUT

MODULE_UTILS = "ansible_collections.virtops.ovirt.plugins.module_utils"
FLOORS = {"_base": 0, "_transport": 1, "_engine": 2, "_resources": 3, "_reconcile": 4, "_operations": 5, "_blueprint": 6, "_module": 7}
# Runs on hosts, where nothing but a Python is: stands beside the floors and knows none of them.
ON_HOSTS = "_kvm"
ANSIBLE_WORDS = {"AnsibleModule", "exit_json", "fail_json", "check_mode"}
HTTP_LIBRARIES = {"requests", "urllib3", "http", "urllib"}
LIBRARIES = {"requests", "urllib3"}
# Parsing an address is no conversation.
HARMLESS = {"urllib.parse"}


def imported(path: Path, source: ast.Module) -> list[str]:
    """The absolute names of the modules that a file imports; `from package import name` counts as package.name where that is a floor."""
    package = ["ansible_collections", "virtops", "ovirt", *path.parent.parts]
    names = []
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) + ("." if node.module else "") if node.level else ""
            base += node.module or ""
            names += [f"{base}.{alias.name}" for alias in node.names] if base in (MODULE_UTILS, "urllib", "http") or not node.module else [base]
    return names


def words(source: ast.Module) -> set[str]:
    """The identifiers that a file uses, whatever for."""
    found = set()
    for node in ast.walk(source):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, (ast.arg, ast.keyword)) and node.arg:
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add(node.name.rpartition(".")[2])
    return found


def sleeps(source: ast.Module) -> bool:
    """Whether a file reaches time.sleep in any spelling."""
    for node in ast.walk(source):
        if isinstance(node, ast.Attribute) and node.attr == "sleep" and isinstance(node.value, ast.Name) and node.value.id == "time":
            return True
        if isinstance(node, ast.ImportFrom) and node.module == "time" and any(alias.name == "sleep" for alias in node.names):
            return True
    return False


def violations(path: Path, text: str) -> list[str]:
    """What a file, given by its path inside the collection and its text, does that its floor forbids."""
    source = ast.parse(text)
    parts = path.parts
    found = []
    if parts[:3] == ("plugins", "module_utils", ON_HOSTS):
        for name in imported(path, source):
            if name.partition(".")[0] not in sys.stdlib_module_names and not f"{name}.".startswith(f"{MODULE_UTILS}.{ON_HOSTS}."):
                found.append(f"imports {name}; what runs on a host has the standard library only")
    elif parts[:2] == ("plugins", "module_utils"):
        floor = FLOORS.get(parts[2])
        if floor is None:
            return [] if parts[2] == "__init__.py" else [f"{parts[2]} is not one of the floors {', '.join(FLOORS)}"]
        for name in imported(path, source):
            top = name.partition(".")[0]
            if name.startswith("ansible_collections"):
                target = name[len(MODULE_UTILS) + 1:].partition(".")[0] if name.startswith(MODULE_UTILS + ".") else None
                if target not in FLOORS:
                    found.append(f"imports {name}, which is on no floor below it")
                elif FLOORS[target] > floor:
                    found.append(f"imports {name}, which is above it")
            elif top == "ansible":
                if parts[2] != "_module":
                    found.append(f"imports {name}; only _module knows Ansible")
            elif top in HTTP_LIBRARIES and name not in HARMLESS and not name.startswith("urllib.parse."):
                if parts[2] != "_transport":
                    found.append(f"imports {name}; only _transport speaks HTTP")
            elif top not in sys.stdlib_module_names and top not in LIBRARIES:
                found.append(f"imports {name}, which is no dependency of the collection")
        if parts[2] != "_module":
            found += [f"says {word}; only _module knows Ansible" for word in sorted(words(source) & ANSIBLE_WORDS)]
        if sleeps(source) and path.name != "clock.py":
            found.append("sleeps; only the clock does")
    elif parts[:2] == ("plugins", "modules"):
        for name in imported(path, source):
            known = tuple(f"{MODULE_UTILS}.{place}" for place in ("_module", "_resources", "_operations", ON_HOSTS))
            if name.startswith(MODULE_UTILS) and not name.startswith(known):
                found.append(f"imports {name}; a module knows declarations and _module only")
            elif name.partition(".")[0] in HTTP_LIBRARIES:
                found.append(f"imports {name}; only _transport speaks HTTP")
    elif parts[:2] == ("extensions", "engine"):
        inside = "ansible_collections.virtops.ovirt.extensions.engine"
        for name in imported(path, source):
            top = name.partition(".")[0]
            if name.startswith("ansible_collections") and not f"{name}.".startswith(f"{inside}."):
                found.append(f"imports {name}; the embedded engine shares nothing with the client")
            elif top not in sys.stdlib_module_names and top not in ("ansible_collections", "cryptography"):
                found.append(f"imports {name}; the embedded engine stands on the standard library and cryptography")
    return found


def sources() -> list[Path]:
    """The Python files that a floor holds, relative to the collection."""
    places = [CHECKOUT / "plugins", CHECKOUT / "extensions" / "engine"]
    return sorted(path.relative_to(CHECKOUT) for place in places for path in place.rglob("*.py"))


@pytest.mark.parametrize("path", sources(), ids=str)
def test_a_file_keeps_to_its_floor(path: Path) -> None:
    assert violations(path, (CHECKOUT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("plugins/module_utils/_base/x.py", f"from {MODULE_UTILS}._engine.client import Client", "above it"),
        ("plugins/module_utils/_base/x.py", "from .._reconcile import plan", "above it"),
        ("plugins/module_utils/_base/x.py", f"from {MODULE_UTILS} import _module", "above it"),
        ("plugins/module_utils/_reconcile/x.py", "from ansible.module_utils.basic import AnsibleModule", "only _module knows Ansible"),
        ("plugins/module_utils/_reconcile/x.py", "def plan(check_mode): pass", "says check_mode"),
        ("plugins/module_utils/_engine/x.py", "import requests", "only _transport speaks HTTP"),
        ("plugins/module_utils/_engine/x.py", "from urllib import request", "only _transport speaks HTTP"),
        ("plugins/module_utils/_engine/x.py", "import ovirtsdk4", "no dependency"),
        ("plugins/module_utils/_module/x.py", "import requests.adapters", "only _transport speaks HTTP"),
        ("plugins/module_utils/_transport/x.py", "import time\ntime.sleep(1)", "only the clock"),
        ("plugins/module_utils/_engine/x.py", "from time import sleep", "only the clock"),
        ("plugins/module_utils/_engine/x.py", "from ansible_collections.virtops.ovirt.extensions.engine import app", "no floor below"),
        ("plugins/module_utils/_kvm/x.py", f"from {MODULE_UTILS}._base import sizes", "standard library only"),
        ("plugins/module_utils/tools/x.py", "", "not one of the floors"),
        ("plugins/modules/x.py", f"from {MODULE_UTILS}._engine.client import Client", "declarations and _module only"),
        ("extensions/engine/x.py", f"from {MODULE_UTILS}._base import sizes", "shares nothing"),
        ("extensions/engine/services/x.py", "from ....plugins.module_utils._base import sizes", "shares nothing"),
        ("extensions/engine/x.py", "import aiohttp", "standard library"),
    ],
)
def test_a_planted_violation_is_found(path: str, text: str, said: str) -> None:
    assert said in "; ".join(violations(Path(path), text))


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("plugins/module_utils/_engine/x.py", f"from urllib.parse import quote\nfrom {MODULE_UTILS}._transport.http import Transport"),
        ("plugins/module_utils/_base/clock.py", "import time\ntime.sleep(1)"),
        ("plugins/module_utils/_module/x.py", "from ansible.module_utils.basic import AnsibleModule, missing_required_lib"),
        ("plugins/modules/x.py", f"from {MODULE_UTILS}._module.state import run\nfrom {MODULE_UTILS}._resources.vm import VM"),
        ("extensions/engine/services/x.py", "from ..errors import Answer\nfrom . import base\nfrom cryptography import x509"),
    ],
)
def test_what_a_floor_allows_passes(path: str, text: str) -> None:
    assert violations(Path(path), text) == []
