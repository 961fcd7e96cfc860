# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fault rules and the journal: what a rule does to a client, what the journal tells of it, and rules that are refused."""
from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
import requests

import engine_process
from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.faults import BadRules, commands


class Estate:
    """An engine whose rules can be rewritten, a session that is logged in, and the journal since the rules were written last."""

    def __init__(self, running: engine_process.Engine, rules: Path) -> None:
        self.running, self._rules, self._seen = running, rules, 0
        self.session = requests.Session()
        self.session.verify = running.ca_file
        self.session.headers["Accept"] = "application/json"
        self.log_in()

    def log_in(self) -> None:
        form = {"grant_type": "password", "scope": "ovirt-app-api", "username": self.running.username, "password": self.running.password}
        token = self.session.post(self.running.url.replace("/api", "/sso/oauth/token"), data=form, timeout=10).json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def rules(self, *rules: dict) -> None:
        self._rules.write_text(json.dumps(rules), encoding="utf-8")
        self._seen = len(self.running.requests())

    def journal(self) -> list[dict]:
        return self.running.requests()[self._seen:]

    def get(self, path: str = "/bookmarks") -> requests.Response:
        return self.session.get(self.running.url + path, timeout=10)

    def bookmark(self, name: str) -> requests.Response:
        return self.session.post(self.running.url + "/bookmarks", json={"name": name, "value": "Vms:"}, timeout=10, headers={"Correlation-Id": name})

    def names(self) -> set[str]:
        return {one["name"] for one in self.get().json().get("bookmark", [])}


@pytest.fixture(scope="module")
def estate(tmp_path_factory):
    rules = tmp_path_factory.mktemp("faults") / "rules.json"
    rules.write_text("[]", encoding="utf-8")
    with engine_process.running("--faults", str(rules)) as running:
        yield Estate(running, rules)


def test_the_journal_tells_of_every_request_and_which_of_them_wrote(estate) -> None:
    estate.rules()
    estate.get("/bookmarks?max=1")
    assert estate.bookmark("told").status_code == 201
    assert estate.bookmark("told").status_code == 409
    estate.session.post(estate.running.url.replace("/api", "/sso/oauth/token"), params={"grant_type": "password", "password": "hidden"}, timeout=10)
    lines = estate.journal()
    assert [(line["method"], line["path"], line["status"], line["wrote"]) for line in lines] == [
        ("GET", "/ovirt-engine/api/bookmarks", 200, False), ("POST", "/ovirt-engine/api/bookmarks", 201, True),
        ("POST", "/ovirt-engine/api/bookmarks", 409, False), ("POST", "/ovirt-engine/sso/oauth/token", 400, False)]
    assert lines[0]["query"] == "max=1" and lines[1]["correlation_id"] == "told"
    assert "hidden" not in estate.running.journal.read_text()


def test_an_answer_is_replaced_so_many_times(estate) -> None:
    estate.rules({"match": {"method": "GET", "path": "/bookmarks"}, "do": {"status": 503, "body": "<html>busy</html>", "headers": {"Retry-After": "1"}},
                  "times": 2})
    answers = [estate.get() for _index in range(3)]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    assert answers[0].headers["Retry-After"] == "1" and answers[0].text == "<html>busy</html>"
    assert [line.get("fault") for line in estate.journal()] == [1, 1, None]


def test_a_rule_waits_for_its_turn_and_leaves_other_requests_alone(estate) -> None:
    estate.rules({"match": {"method": ["POST", "PUT"], "path": "/bookmarks*", "nth": 2}, "do": {"status": 500, "body": {"reason": "x"}}})
    assert [estate.get().status_code, estate.bookmark("first").status_code, estate.bookmark("second").status_code, estate.bookmark("third").status_code] \
        == [200, 201, 500, 201]


def test_a_query_can_be_matched(estate) -> None:
    estate.rules({"match": {"query": "*search=*"}, "do": {"status": 418}})
    assert estate.get().status_code == 200 and estate.get("/bookmarks?search=x").status_code == 418


@pytest.mark.parametrize("drop, done, status", [("before", False, None), ("after", True, None), ("half", True, None)])
def test_a_connection_breaks(estate, drop: str, done: bool, status: int | None) -> None:
    estate.rules({"match": {"method": "POST"}, "do": {"drop": drop}})
    with pytest.raises(requests.exceptions.RequestException):
        estate.bookmark(f"drop-{drop}")
    line = estate.journal()[0]
    assert line["status"] is status and line["wrote"] is done and line["fault"] == 1
    assert (f"drop-{drop}" in estate.names()) is done


def test_an_answer_is_late(estate) -> None:
    estate.rules({"match": {}, "do": {"delay": 0.4}})
    begun = time.monotonic()
    assert estate.get().status_code == 200
    assert time.monotonic() - begun >= 0.4


def test_a_token_expires_in_the_middle(estate) -> None:
    estate.rules({"match": {"path": "/bookmarks", "nth": 2}, "do": {"expire_token": True}})
    assert [estate.get().status_code for _index in range(3)] == [200, 401, 401]
    estate.log_in()
    assert estate.get().status_code == 200


def test_a_restart_goes_through_all_that_a_client_sees(estate) -> None:
    assert estate.bookmark("kept").status_code == 201
    estate.rules({"match": {"method": "GET"}, "do": {"restart": {"going_down": 0.6, "down": 0.6, "starting": 0.6}}})
    first = estate.get()
    assert first.status_code == 401 and "server_error" in first.text
    with pytest.raises(requests.exceptions.ConnectionError):
        estate.session.get(estate.running.url.replace("/api", "/services/health"), timeout=5)
    seen, limit = set(), time.monotonic() + 20
    while time.monotonic() < limit:
        try:
            answer = estate.session.get(estate.running.url, timeout=0.25)
        except requests.exceptions.ReadTimeout:
            seen.add("no answer")
        except requests.exceptions.ConnectionError as error:
            seen.add("refused" if "refused" in str(error) else "cut")
        else:
            seen.add("server_error" if "server_error" in answer.text else "invalid_grant" if "invalid_grant" in answer.text else answer.text)
            if "invalid_grant" in answer.text:
                break
        time.sleep(0.05)
    assert {"refused", "no answer", "invalid_grant"} <= seen <= {"refused", "no answer", "invalid_grant", "server_error", "cut"}
    estate.log_in()
    assert "kept" in estate.names()


def test_behind_a_proxy_a_restart_is_a_page(estate) -> None:
    estate.rules({"match": {"method": "GET"}, "do": {"restart": {"going_down": 0.1, "down": 0.4, "starting": 0, "proxy": True}}})
    estate.get()
    time.sleep(0.2)
    assert (estate.get().status_code, estate.get().headers["Content-Type"]) == (503, "text/html;charset=UTF-8")
    time.sleep(0.4)
    assert estate.get().status_code == 401
    estate.log_in()


def test_a_broken_file_leaves_the_old_rules_in_force(estate) -> None:
    estate.rules({"match": {"method": "GET"}, "do": {"status": 503}, "times": None})
    assert estate.get().status_code == 503
    estate._rules.write_text("[{", encoding="utf-8")
    assert estate.get().status_code == 503
    assert "the old fault rules stay in force" in estate.running.said.read_text()
    estate.rules()
    assert estate.get().status_code == 200


def test_what_never_fired_is_told_at_the_end(tmp_path) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps([{"match": {"path": "/bookmarks"}, "do": {"status": 500}}, {"match": {"path": "/tags", "nth": 2}, "do": {"status": 500}}]))
    engine = Engine(faults=str(rules))
    assert [line.split(":")[0] for line in engine.faults.unfired()] == ["fault rule 1 never fired (nothing matched it)",
                                                                        "fault rule 2 never fired (nothing matched it)"]
    engine.close()


def test_a_command_fails_at_the_step_of_its_host(tmp_path) -> None:
    known = commands()
    command = sorted(known)[0]
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps([{"match": {"command": command, "subject": "web*"}, "do": {"message": "copy failed"}, "times": 2}]))
    engine = Engine(faults=str(rules))
    step = next(iter(known[command]), None)
    subjects = [{"vm": {"name": "db1", "id": "1"}}, {"vm": {"name": "web1", "id": "2"}}, {"name": "web2", "id": "3"}, {"name": "web3", "id": "4"}]
    asked = [engine.faults.step(command, step, subject) for subject in subjects]
    assert [found and found.message for found in asked] == [None, "copy failed", "copy failed", None]
    assert engine.faults.step("Another", None, {"vm": {"name": "web1"}}) is None
    engine.close()


@pytest.mark.parametrize("rules, problem", [
    ("{}", "must be a list of rules, is an object"),
    ("[1]", "rule 1: must be an object, is a number"),
    ('[{"match": {}}]', "rule 1: do is missing"),
    ('[{"match": {}, "do": {"status": 500}, "x": 1}]', 'rule 1: unknown member "x"'),
    ('[{"match": {"host": "x"}, "do": {"status": 500}}]', 'rule 1: match: unknown member "host"'),
    ('[{"match": {"method": "get"}, "do": {"status": 500}}]', 'no request has method "get"'),
    ('[{"match": {"path": "/vm"}, "do": {"status": 500}}]', 'no path of the engine can match "/vm"'),
    ('[{"match": {"path": "/vms/*/begin"}, "do": {"status": 500}}]', "no path of the engine can match"),
    ('[{"match": {"path": "/ovirt-engine/sso/token"}, "do": {"status": 500}}]', "no path of the engine can match"),
    ('[{"match": {"nth": 0}, "do": {"status": 500}}]', "nth must be a whole number from 1 on"),
    ('[{"match": {}, "do": {}}]', "do needs one of status, drop, expire_token, restart, or delay alone"),
    ('[{"match": {}, "do": {"status": 500, "drop": "after"}}]', "do needs one of"),
    ('[{"match": {}, "do": {"status": 99}}]', "status must be a number from 200 to 599"),
    ('[{"match": {}, "do": {"drop": "later"}}]', "drop must be one of before, after, half"),
    ('[{"match": {}, "do": {"delay": -1}}]', "delay must be seconds"),
    ('[{"match": {}, "do": {"drop": "after", "body": "x"}}]', "body and headers belong to status"),
    ('[{"match": {}, "do": {"restart": {"up": 1}}}]', 'restart: unknown member "up"'),
    ('[{"match": {}, "do": {"status": 500}, "times": 0}]', "times must be a whole number from 1 on, or null"),
    ('[{"match": {"command": "NoSuchCommand"}, "do": {}}]', 'no command "NoSuchCommand"; there are '),
    ('[{"match": {"step": "x"}, "do": {}}]', "rule 1: match: command is missing"),
    ("[", "not JSON"),
])
def test_rules_that_cannot_work_are_refused_at_the_start(tmp_path, rules: str, problem: str) -> None:
    path = tmp_path / "rules.json"
    path.write_text(rules)
    with pytest.raises(BadRules) as refused:
        Engine(faults=str(path))
    assert problem in str(refused.value) and str(path) in str(refused.value)


@pytest.mark.parametrize("path", ["/vms", "vms/*", "/vms/*/start", "/*/start", "/ovirt-engine/api/vms/*", "/ovirt-engine/sso/*", "*", "/", "/vms/*/nics/*"])
def test_paths_that_can_match_are_taken(tmp_path, path: str) -> None:
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps([{"match": {"path": path}, "do": {"status": 500}}]))
    Engine(faults=str(rules)).close()
