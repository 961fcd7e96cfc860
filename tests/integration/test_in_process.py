# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that runs in the controller's process cannot be told from one that is shipped, and ships where it has to."""
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
from results import Same, differences

# Everything goes through as it came: it only makes a connection, and a way to become somebody, other than Ansible's own.
PLUGINS = {
    "connection_plugins/elsewhere.py": '''
DOCUMENTATION = """
name: elsewhere
short_description: This machine, under another name
description: Runs everything here.
extends_documentation_fragment: [connection_pipelining]
"""
from ansible.plugins.connection.local import Connection as Local


class Connection(Local):
    transport = "elsewhere"
''',
    "become_plugins/nobody_else.py": '''
DOCUMENTATION = """
name: nobody_else
short_description: Becomes nobody else
description: Runs everything as it is.
options:
  become_user: {description: Who., default: root, vars: [{name: ansible_become_user}]}
"""
from ansible.plugins.become import BecomeBase


class BecomeModule(BecomeBase):
    name = "nobody_else"

    def build_become_command(self, cmd, shell):
        super().build_become_command(cmd, shell)
        return cmd
''',
}


class Play:
    """Runs tasks, each of which registers what it gives, and reads that."""

    def __init__(self, place: Path, reached: engine_process.Engine) -> None:
        self.place, self.reached = place, reached
        for name, text in PLUGINS.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")

    def run(self, tasks: list[dict[str, Any]], *, ship: bool = False, hosts: str = "localhost", options: tuple[str, ...] = (), **play: Any) -> "Ran":
        home = self.place / ("shipped" if ship else "inside")
        named = [{"name": f"task {number}", "register": f"r{number}", **task} for number, task in enumerate(tasks)]
        shown = "{{ {" + ", ".join(f"'{number}': r{number}" for number in range(len(tasks))) + "} | to_json }}"
        last = {"name": "Write", "ansible.builtin.copy": {"content": shown, "dest": str(self.place / "results.json"), "mode": "0600"}, "check_mode": False,
                "delegate_to": "localhost", "vars": {"ansible_python_interpreter": sys.executable}, "become": False, "no_log": True}
        source = self.place / "play.yml"
        source.write_text(yaml.safe_dump([{"hosts": hosts, "gather_facts": False, "tasks": [*named, last], **play}]), encoding="utf-8")
        reached_by = {"localhost": "local", "other": "elsewhere"}
        known = {name: {"ansible_connection": way, "ansible_python_interpreter": sys.executable} for name, way in reached_by.items()}
        (self.place / "hosts.yml").write_text(yaml.safe_dump({"all": {"hosts": known}}), encoding="utf-8")
        environment = {
            **workspace.private_environment(home, collections=workspace.tree()), **self.reached.variables(), "ANSIBLE_REMOTE_TMP": str(home / "modules"),
            "ANSIBLE_INJECT_INVOCATION": "true", "ANSIBLE_ASYNC_DIR": str(home / "async"),
        }
        before = len(self.reached.requests())
        command = [str(Path(sys.executable).parent / "ansible-playbook"), "-i", str(self.place / "hosts.yml"), str(source), "-vvv", *options]
        command += ["--extra-vars", '{"virtops_ovirt_ship_modules": true}'] if ship else []
        outcome = subprocess.run(command, cwd=self.place, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                 text=True, check=False, timeout=300)
        assert outcome.returncode == 0, outcome.stdout
        results = json.loads((self.place / "results.json").read_text(encoding="utf-8"))
        return Ran([results[str(number)] for number in range(len(tasks))], outcome.stdout, self.reached.requests()[before:])


class Ran:
    def __init__(self, results: list[dict[str, Any]], said: str, requests: list[dict[str, Any]]) -> None:
        self.results, self.said, self.requests = results, said, requests

    @property
    def shipped(self) -> bool:
        """Whether a module of the collection went through Ansible's own machinery."""
        return "Using module file" in self.said.partition("TASK [Write]")[0]

    @property
    def logins(self) -> int:
        return sum(one["path"].endswith("/sso/oauth/token") for one in self.requests)


def center(**options: Any) -> dict[str, Any]:
    return {"virtops.ovirt.data_center": {"name": "demo", **options}}


FAILS = {"ignore_errors": True}
BEHAVIOURS: dict[str, list[dict[str, Any]]] = {
    "options that are refused": [
        {**center(nonsense=1), **FAILS}, {**center(name=None), **FAILS}, {**center(state="sideways"), **FAILS}, {**center(timeout="long"), **FAILS},
        {**center(engine={"username": "admin@internal", "nonsense": 1}), **FAILS}, {**center(mac_pool="nowhere"), **FAILS},
        {"virtops.ovirt.disk_move": {}, **FAILS}, {"virtops.ovirt.vm_info": {"name": {"a": 1}}, **FAILS},
    ],
    "secrets": [
        {**center(engine={"password": "not-this-one"}), **FAILS}, {**center(comment="{{ lookup('env', 'OVIRT_PASSWORD') }}"), "check_mode": True},
        {"virtops.ovirt.host": {"name": "h9", "address": "192.0.2.9", "cluster": "demo", "root_password": "sesame", "comment": "open sesame"},
         "check_mode": True},
        {**center(), "no_log": True},
    ],
    "check mode and diff": [{**center(description="Other"), "check_mode": True, "diff": True}, {**center(description="Other"), "diff": True}],
    "strings for other types": [center(local="no", timeout="30"), {"virtops.ovirt.vm_info": {"name": "web1"}}],
    "loops": [{**center(), "virtops.ovirt.data_center": {"name": "demo", "description": "{{ item }}"}, "loop": ["one", "one", "two"]}],
    "warnings": [{"virtops.ovirt.vm": {"name": "web1", "memory": "3GiB", "memory_max": "8GiB"}, "check_mode": True}],
}


@pytest.mark.slow
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_results_are_those_of_a_shipped_module(behaviour: str, tmp_path: Path) -> None:
    found = []
    for ship in (False, True):
        (tmp_path / str(ship)).mkdir()
        with engine_process.running("--estate", "demo", "--seed", "1") as reached:
            ran = Play(tmp_path / str(ship), reached).run(BEHAVIOURS[behaviour], ship=ship)
            assert ran.shipped == ship
            assert reached.password not in ran.said and "sesame" not in ran.said
            found.append(Same().of(ran.results))
    different = [text for number, pair in enumerate(zip(*found)) for text in differences(*pair, str(number))]
    assert not different, "\n".join(different)


@pytest.mark.slow
@pytest.mark.parametrize("ship", [False, True])
def test_a_run_in_check_mode_knows_its_former_tasks(ship: bool, tmp_path: Path) -> None:
    planned = {"virtops.ovirt.cluster": {"name": "planned", "data_center": "planned", "cpu_type": "Intel Haswell Family"}}
    mistyped = {"virtops.ovirt.cluster": {"name": "planned", "data_center": "plannde"}, **FAILS}
    with engine_process.running("--estate", "demo") as reached:
        ran = Play(tmp_path, reached).run([center(name="planned"), planned, planned, mistyped], ship=ship, options=("--check", "--diff"))
        assert ran.shipped == ship
        assert [result["changed"] for result in ran.results] == [True, True, False, False]
        assert "There is no data center 'plannde'" in ran.results[3]["msg"]
        assert not [one for one in ran.requests if one["wrote"]]
        # Nothing of it is left for another run, or for a task in check mode of a run that is none.
        another = Play(tmp_path, reached).run([{**planned, **FAILS}], ship=ship, options=("--check",))
        assert another.results[0]["failed"]
        task = Play(tmp_path, reached).run([{**center(name="planned"), "check_mode": True}, {**planned, "check_mode": True, **FAILS}], ship=ship)
        assert task.results[1]["failed"]


@pytest.mark.slow
def test_what_makes_a_process_of_its_own_necessary_ships_the_module(tmp_path: Path) -> None:
    another = tmp_path / "python3"
    another.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    another.chmod(0o755)
    cases: list[tuple[bool, dict[str, Any], dict[str, Any]]] = [
        (False, {}, {}),
        (False, {}, {"hosts": "other", "delegate": True}),
        (True, {}, {"hosts": "other"}),
        (True, {"delegate_to": "other"}, {}),
        (True, {"become": True, "become_method": "nobody_else"}, {}),
        (True, {"async": 60, "poll": 1}, {}),
        (True, {"vars": {"ansible_python_interpreter": str(another)}}, {}),
        (True, {"vars": {"virtops_ovirt_ship_modules": True}}, {}),
    ]
    with engine_process.running("--estate", "demo") as reached:
        for number, (ships, keywords, how) in enumerate(cases):
            place = tmp_path / str(number)
            place.mkdir()
            task = {**center(), **keywords, **({"delegate_to": "localhost"} if how.get("delegate") else {})}
            ran = Play(place, reached).run([task], hosts=how.get("hosts", "localhost"))
            assert ran.results[0]["data_center"]["name"] == "demo" and not ran.results[0]["changed"]
            assert ran.shipped == ships, keywords


@pytest.mark.slow
def test_a_loop_is_one_task_over_one_connection(tmp_path: Path) -> None:
    with engine_process.running("--estate", "demo") as reached:
        ran = Play(tmp_path, reached).run([{**center(), "loop": [1, 2, 3, 4]}])
        assert ran.logins == 1


@pytest.mark.slow
def test_nothing_leaks_from_one_item_or_task_to_the_next(tmp_path: Path) -> None:
    items = ["right", "wrong", "right"]
    environment = {"OVIRT_PASSWORD": "{{ lookup('env', 'OVIRT_PASSWORD') if item == 'right' else 'wrong' }}"}
    with engine_process.running("--estate", "demo") as reached:
        other = {"OVIRT_URL": "https://127.0.0.1:1/ovirt-engine/api"}
        ran = Play(tmp_path, reached).run([
            {**center(), "loop": items, "environment": environment, **FAILS},
            {**center(engine={"retries": 0}), "environment": other, **FAILS},
            center(),
            {**center(), "loop": [1, 2], "environment": {"XDG_CACHE_HOME": str(tmp_path / "{{ item }}")}},
            {**center(engine={"keep_session": False}), "loop": [1, 2]},
        ])
        looped, elsewhere, here, caches, ended = ran.results
        assert [one.get("failed", False) for one in looped["results"]] == [False, True, False]
        assert "refuses the login" in looped["results"][1]["msg"]
        assert elsewhere["failed"] and "127.0.0.1:1" in elsewhere["msg"]
        assert here["data_center"]["name"] == "demo"
        assert all((tmp_path / str(item) / "virtops.ovirt" / "sessions").is_dir() for item in (1, 2)) and not caches["changed"]
        # Who keeps no session logs out after each item.
        assert [one["path"].rpartition("/")[2] for one in ran.requests].count("sso-logout") == 2 and not ended["changed"]


@pytest.mark.slow
def test_module_defaults_and_the_engine_as_an_option(tmp_path: Path) -> None:
    with engine_process.running("--estate", "demo") as reached:
        engine = {"url": reached.url, "username": reached.username, "password": reached.password, "ca_file": reached.ca_file}
        defaults = {"group/virtops.ovirt.all": {"engine": engine}}
        nowhere = {"OVIRT_URL": "https://127.0.0.1:1/ovirt-engine/api", "OVIRT_PASSWORD": ""}
        ran = Play(tmp_path, reached).run([center(), {"virtops.ovirt.vm_info": {"name": ["web1"]}}], module_defaults=defaults, environment=nowhere)
        assert ran.results[0]["data_center"]["name"] == "demo" and reached.password not in json.dumps(ran.results) + ran.said
        assert [vm["name"] for vm in ran.results[1]["vms"]] == ["web1"]


@pytest.mark.slow
@pytest.mark.parametrize("ship", [False, True])
def test_a_session_can_be_ended(ship: bool, tmp_path: Path) -> None:
    end: dict[str, Any] = {"virtops.ovirt.session": {"state": "absent"}}
    with engine_process.running("--estate", "demo") as reached:
        ran = Play(tmp_path, reached).run([end, center(), {**end, "check_mode": True}, center(), end, end, center(), end], ship=ship)
        assert [ran.results[number]["changed"] for number in (0, 2, 4, 5, 7)] == [False, True, True, False, True]
        assert ran.logins == 2 and [one["path"].rpartition("/")[2] for one in ran.requests].count("sso-logout") == 2
        assert not list(tmp_path.rglob("*.token"))
