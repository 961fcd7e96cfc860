# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user reads when a task is refused: every case of ``refusals/AREA.yml``, provoked through a playbook, one playbook an area.

A file has ``engine`` (options of the embedded engine, the demo estate when left out), ``faults`` (rules for it), ``vars`` and ``prepare`` (tasks), and
``cases``, which are run in turn:

    name      what is tried
    scenario  the scenario of ``tests/contract/scenarios.json`` that it is, or several; none where it is not among them
    prepare   tasks that bring the estate there
    task      the task that is refused; its options may be templates
    says      texts that the message has
    foretold  false: only the engine itself can refuse it. Otherwise check mode says the same, and nothing is written by either

``covers`` names families of scenarios (``quota``, ``snapshot``). Each of them that is a refusal has a case, or a reason under ``not_met``.
"""
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

HERE = Path(__file__).parent
AREAS: dict[str, dict[str, Any]] = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("refusals/*.yml"))}
SCENARIOS = json.loads((HERE.parent / "contract" / "scenarios.json").read_text(encoding="utf-8"))["scenarios"]
DEMO = ["--estate", "demo", "--speed", "60"]
WRITES = "{{ lookup('ansible.builtin.file', journal) | regex_findall('\"wrote\":true') | length }}"


def scenarios(case: dict[str, Any]) -> list[str]:
    named = case.get("scenario", [])
    return [named] if isinstance(named, str) else named


def refuses(expected: dict[str, Any]) -> bool:
    return (expected.get("status") or 0) >= 400 or (expected.get("body") or {}).get("status") == "failed"


def tasks(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The case as tasks; what came out of it is added to ``told`` under its name."""
    refused = {"name": f"{case['name']}, for real", **case["task"], "register": "refused", "ignore_errors": True}
    foretold = {**refused, "name": f"{case['name']}, in check mode", "check_mode": True, "register": "foretold"}
    kept = {"foretold": "{{ foretold }}", "refused": "{{ refused }}", "wrote": f"{{{{ {WRITES[3:-3]} - before | int }}}}"}
    return [
        *case.get("prepare", []),
        {"name": "Count what was written", "ansible.builtin.set_fact": {"before": WRITES}},
        *([foretold] if case.get("foretold", True) else [{"name": "Forget", "ansible.builtin.set_fact": {"foretold": None}}]),
        refused,
        {"name": "Keep it", "ansible.builtin.set_fact": {"told": "{{ told | combine({case: kept}) }}"}, "vars": {"case": case["name"], "kept": kept}},
    ]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The playbook of an area, run when it is first asked for: its output, and what each case was answered."""
    known: dict[str, tuple[str, dict[str, Any]]] = {}

    def of(area: str) -> tuple[str, dict[str, Any]]:
        if area not in known:
            known[area] = run(AREAS[area], tmp_path_factory.mktemp(area))
        return known[area]

    return of


def run(area: dict[str, Any], place: Path) -> tuple[str, dict[str, Any]]:
    answers = place / "answers.json"
    faults = place / "faults.json"
    faults.write_text(json.dumps(area.get("faults", [])), encoding="utf-8")
    with engine_process.running(*area.get("engine", DEMO), "--faults", str(faults)) as reached:
        play = {
            "hosts": "localhost",
            "gather_facts": False,
            "vars": {"journal": str(reached.journal), "told": {}, **area.get("vars", {})},
            "tasks": [
                {
                    "name": "The cases",
                    "block": [*area.get("prepare", []), *(task for case in area["cases"] for task in tasks(case))],
                    "always": [{"name": "Tell", "ansible.builtin.copy": {"content": "{{ told | to_json }}", "dest": str(answers), "mode": "0600"}}],
                }
            ],
        }
        playbook = place / "play.yml"
        playbook.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
        environment = {**workspace.private_environment(place / "home", collections=workspace.tree()), **reached.variables()}
        outcome = subprocess.run(
            [str(Path(sys.executable).parent / "ansible-playbook"), str(playbook)], cwd=place, env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=900,
        )
    return outcome.stdout, json.loads(answers.read_text(encoding="utf-8")) if answers.exists() else {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("area", "case"),
    [
        pytest.param(area, case, id=f"{area}: {' '.join([*scenarios(case), case['name']])}", marks=pytest.mark.xdist_group(f"refusals {area}"))
        for area, content in AREAS.items()
        for case in content["cases"]
    ],
)
def test_a_refusal_says_what_is_wrong(area: str, case: dict[str, Any], told: Any) -> None:
    output, answers = told(area)
    assert case["name"] in answers, f"The playbook did not come that far:\n{output}"
    answer = answers[case["name"]]
    message = answer["refused"].get("msg", "")
    assert answer["refused"].get("failed"), answer["refused"]
    assert [text for text in case["says"] if text not in message] == [], message
    assert "defect of the collection" not in message, answer["refused"]
    if case.get("foretold", True):
        assert answer["foretold"].get("msg") == message
        assert int(answer["wrote"]) == 0 and not answer["refused"].get("changed") and not answer["foretold"].get("changed")


@pytest.mark.parametrize("area", AREAS)
def test_every_scenario_of_a_family_is_met(area: str) -> None:
    content = AREAS[area]
    families = [f"{family}-" for family in content.get("covers", [])]
    refusals = {one["id"] for one in SCENARIOS if one["id"].startswith(tuple(families)) and refuses(one["expect"])} if families else set()
    met = {ident for case in content["cases"] for ident in scenarios(case)}
    assert refusals - met == set(content.get("not_met", {}))
    assert met <= {one["id"] for one in SCENARIOS}
