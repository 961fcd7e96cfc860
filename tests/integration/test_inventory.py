# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventory plugin as ansible-inventory runs it, against a served engine."""
from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests

import engine_process
import workspace

BASIC = "plugin: virtops.ovirt.engine\n"


def inventory(text: str, reached: engine_process.Engine, place: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    source = place / "estate.ovirt.yml"
    source.write_text(BASIC + text, encoding="utf-8")
    environment = {**workspace.private_environment(place / "home", collections=workspace.tree()), **reached.variables(), **variables}
    return subprocess.run(
        [str(Path(sys.executable).parent / "ansible-inventory"), "-i", str(source), "--list", "--export"], cwd=place, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=300,
    )


def plain(value: Any) -> Any:
    """Without the mark that ansible-inventory puts on texts that are no templates."""
    if isinstance(value, dict):
        return value["__ansible_unsafe"] if "__ansible_unsafe" in value else {name: plain(item) for name, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list) else value


def read(text: str, reached: engine_process.Engine, place: Path) -> dict[str, Any]:
    outcome = inventory(text, reached, place)
    assert outcome.returncode == 0, outcome.stderr
    return plain(json.loads(outcome.stdout))


def change(reached: engine_process.Engine, method: str, path: str, body: Any = None) -> Any:
    answer = requests.request(
        method, f"{reached.url}/{path}", json=body, auth=(reached.username, reached.password), headers={"Accept": "application/json"},
        verify=reached.ca_file, timeout=60,
    )
    answer.raise_for_status()
    return answer.json()


def asked(reached: engine_process.Engine) -> list[str]:
    return [one["path"] for one in reached.requests() if one["method"] == "GET"]


def test_groups_names_and_variables(tmp_path: Path) -> None:
    text = """
hostnames: ["{{ ovirt_name }}.example.com"]
keyed_groups: [{key: ovirt_cluster, prefix: cluster}, {key: ovirt_status, prefix: ''}]
groups: {big: ovirt_memory > 4 * 1024 ** 3}
compose: {ansible_user: "'admin'"}
"""
    with engine_process.running("--estate", "demo") as reached:
        found = read(text, reached, tmp_path)
        assert set(found["cluster_demo"]["hosts"]) == {f"{name}.example.com" for name in ("web1", "web2", "db1", "spare1")}
        assert found["big"]["hosts"] == ["db1.example.com"] and found["_down"]["hosts"] == ["spare1.example.com"]
        assert len(asked(reached)) <= 10
        assert "spare1" in read("search: status=down", reached, tmp_path)["ungrouped"]["hosts"]


def test_vms_of_one_name_are_hosts_by_their_ids_and_the_rest_as_ever(tmp_path: Path) -> None:
    with engine_process.running("--estate", "demo") as reached:
        vms = change(reached, "GET", "vms")["vm"]
        for vm in vms[:2]:
            change(reached, "PUT", f"vms/{vm['id']}", {"comment": "twin"})
        outcome = inventory("hostnames: [\"{{ ovirt_comment or ovirt_name }}\"]", reached, tmp_path)
        found = plain(json.loads(outcome.stdout))["_meta"]["hostvars"]
        assert set(found) == {*(vm["id"] for vm in vms[:2]), *(vm["name"] for vm in vms[2:])}
        said = outcome.stderr.replace("\n", " ")
        assert "2 VMs are called twin" in said and all(vm["id"] in said for vm in vms[:2])
        assert len(read("ovirt_query_filter: {search: 'cluster=demo', case_sensitive: false, max: 3}", reached, tmp_path)["_meta"]["hostvars"]) == 3


def test_what_a_guest_says_is_no_template(tmp_path: Path) -> None:
    with engine_process.running("--estate", "demo") as reached:
        vm = change(reached, "GET", "vms?search=name%3Dspare1")["vm"][0]
        change(reached, "PUT", f"vms/{vm['id']}", {"description": "{{ 6 * 7 }}"})
        inventory(BASIC, reached, tmp_path)
        play = tmp_path / "play.yml"
        play.write_text("- {hosts: spare1, gather_facts: false, tasks: [{debug: {var: ovirt_description}}], connection: local}\n", encoding="utf-8")
        environment = {**workspace.private_environment(tmp_path / "home", collections=workspace.tree()), **reached.variables()}
        outcome = subprocess.run(
            [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(tmp_path / "estate.ovirt.yml"), str(play)], env=environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300,
        )
        assert outcome.returncode == 0 and "{{ 6 * 7 }}" in outcome.stdout and "42" not in outcome.stdout, outcome.stdout


def test_a_cache_asks_only_for_what_events_name(tmp_path: Path) -> None:
    text = f"cache: true\ncache_plugin: jsonfile\ncache_connection: {tmp_path / 'cache'}\n"
    with engine_process.running("--estate", "scale:60") as reached:
        assert len(read(text, reached, tmp_path)["_meta"]["hostvars"]) == 60
        before = len(asked(reached))
        read(text, reached, tmp_path)
        assert [path.rpartition("/")[2] for path in asked(reached)[before:]] == ["events"]
        vm = change(reached, "GET", "vms?search=name%3Dvm00001")["vm"][0]
        change(reached, "POST", f"vms/{vm['id']}/start", {})
        before = len(asked(reached))
        found = read(text, reached, tmp_path)
        assert found["_meta"]["hostvars"]["vm00001"]["ovirt_status"] in ("wait_for_launch", "powering_up", "up")
        assert not [path for path in asked(reached)[before:] if path.endswith("/vms")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("search: 'bogus((='", "no VM fits the search"),
        ("hostnames: [data_center]\nstrict: true", "4 VMs are called demo"),
        ("hostnames: [ovirt_nothing, data_center]", "hostnames: VMs have no variable 'ovirt_nothing'"),
        ("hostnames: [\"name ~ '.' ~ data_center\"]", "a template is written in double braces"),
        ("serch: cluster=demo", "serch: there is no such option. Did you mean search?"),
        ("ovirt_query_filter: {search: name=web1, maximum: 3}", "ovirt_query_filter.maximum: there is no such option. Did you mean ovirt_query_filter.max?"),
        ("keyed_groups: [{key: cluster}]", "the variable cluster is called ovirt_cluster"),
        ("engine: {password: wrong}", "password"),
        ("engine: {url: 'https://127.0.0.1:1'}", "127.0.0.1:1"),
    ],
)
def test_what_goes_wrong_is_told(text: str, said: str, tmp_path: Path) -> None:
    with engine_process.running("--estate", "demo") as reached:
        outcome = inventory(text, reached, tmp_path)
        assert said in outcome.stderr.replace("\n", " "), outcome.stderr
        assert reached.password not in outcome.stderr + outcome.stdout
