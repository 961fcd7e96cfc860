# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind that the embedded engine serves and `ovirt.ovirt` has a module for: made, asked for again, changed, read, removed (``kinds.yml``)."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import engine_process
import workspace

pytest.importorskip("ovirtsdk4", reason="the SDK is compiled: run it with make test-foreign")
KINDS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("kinds.yml").read_text(encoding="utf-8"))
AUTH = {name: f"{{{{ lookup('env', 'OVIRT_{variable}') }}}}" for name, variable in
        {"url": "URL", "username": "USERNAME", "password": "PASSWORD", "ca_file": "CAFILE"}.items()}
STEPS = ("make", "change", "remove")


def task(kind: str, step: str, module: str, options: dict[str, Any]) -> list[dict[str, Any]]:
    """One call of a module; its result is added to ``told``."""
    return [
        {"name": f"{kind}: {step}", f"ovirt.ovirt.{module}": {**options, "auth": AUTH}, "register": "result", "ignore_errors": True},
        {"name": "Keep it", "ansible.builtin.set_fact": {"told": "{{ told | combine({key: result}) }}"}, "vars": {"key": f"{kind} {step}"}},
    ]


def tasks() -> list[dict[str, Any]]:
    found = []
    for case in KINDS:
        for step in STEPS[:2]:
            if step in case:
                found += task(case["kind"], step, case["module"], case[step]) + task(case["kind"], f"{step} again", case["module"], case[step])
        if "info" in case:
            found += task(case["kind"], "info", case["info"]["module"], case["info"]["options"])
    for case in reversed(KINDS):
        if "remove" in case:
            found += task(case["kind"], "remove", case["module"], case["remove"]) + task(case["kind"], "remove again", case["module"], case["remove"])
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    place = tmp_path_factory.mktemp("kinds")
    answers, playbook = place / "answers.json", place / "play.yml"
    tell = {"name": "Tell", "ansible.builtin.copy": {"content": "{{ told | to_json }}", "dest": str(answers), "mode": "0600"}}
    play = {"hosts": "localhost", "gather_facts": False, "vars": {"told": {}}, "tasks": [{"block": tasks(), "always": [tell]}]}
    playbook.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
    with engine_process.running("--speed", "40") as reached:
        environment = {**workspace.private_environment(place / "home"), **reached.variables()}
        command = [str(Path(sys.executable).parent / "ansible-playbook"), "-e", f"ansible_python_interpreter={sys.executable}", str(playbook)]
        outcome = subprocess.run(
            command, cwd=place, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            timeout=1800,
        )
    assert answers.exists(), outcome.stdout
    return dict(json.loads(answers.read_text(encoding="utf-8")))


def said(answer: dict[str, Any]) -> str:
    return str(answer.get("msg") or answer)[:2000]


@pytest.mark.parametrize(("case", "step"), [pytest.param(case, step, id=f"{case['kind']} {step}") for case in KINDS for step in STEPS if step in case])
def test_a_kind(case: dict[str, Any], step: str, told: dict[str, Any]) -> None:
    first, second = told[f"{case['kind']} {step}"], told[f"{case['kind']} {step} again"]
    assert not first.get("failed"), said(first)
    assert first["changed"], said(first)
    assert bool(second.get("failed")) == (step in case.get("stubborn", {})), said(second)
    assert second["changed"] == (step in case.get("restless", {})), said(second)


@pytest.mark.parametrize("case", [pytest.param(case, id=case["kind"]) for case in KINDS if "info" in case])
def test_it_is_read(case: dict[str, Any], told: dict[str, Any]) -> None:
    found = told[f"{case['kind']} info"]
    assert not found.get("failed"), said(found)
    assert found[case["info"]["key"]], said(found)
