# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the client asks, what it makes of the answers, and what it says of refusals. Texts and shapes are those of a real engine."""
from __future__ import annotations

from typing import Any, Callable

import pytest
from scripted_server import API, Drop, Got, Half, Reply, ScriptedEngine, Stall

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import FakeClock
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import (
    AnswerLost,
    AuthError,
    Conflict,
    EngineError,
    InvalidInput,
    JobFailed,
    NotFound,
    ProtocolError,
    ServerError,
    TransportError,
    Unsupported,
    ValidationError,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client

LogIn = Callable[..., Client]
ROOT = {
    "product_info": {"name": "oVirt Engine", "version": {"major": "4", "minor": "5", "build": "8", "revision": "0", "full_version": "4.5.8-1.el9"}},
    "special_objects": {"blank_template": {"id": "00000000-0000-0000-0000-000000000000", "href": f"{API}/templates/00000000-0000-0000-0000-000000000000"}},
    "summary": {"vms": {"total": "0"}},
}
MISSING = Reply(404)
UNKNOWN_PATH = Reply(404, "<html><body>RESTEASY003210: Could not find resource for full path: x</body></html>")


class TestReading:
    @pytest.mark.parametrize("path", ["vms/1/nics", "/vms/1/nics", "/ovirt-engine/api/vms/1/nics", "vms/1/nics/"])
    def test_a_path_or_an_href_leads_there(self, engine: ScriptedEngine, log_in: LogIn, path: str) -> None:
        engine.api("GET", "vms/1/nics", Reply(200, {"nic": [{"id": "7"}]}))
        assert log_in().list(path) == [{"id": "7"}]

    def test_an_href_is_found_behind_another_root(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.on("POST", "/site/ovirt-engine/sso/oauth/token", Reply(200, {"access_token": "t"}))
        engine.on("GET", "/site/ovirt-engine/api/vms/1", Reply(200, {"id": "1"}))
        assert log_in(url=f"{engine.origin}/site/ovirt-engine/api").get("/ovirt-engine/api/vms/1") == {"id": "1"}

    @pytest.mark.parametrize("path", ["vms/../hosts", "vms/%2e%2e/hosts", "vms/a\nb"])
    def test_a_path_that_leads_elsewhere_is_refused(self, engine: ScriptedEngine, log_in: LogIn, path: str) -> None:
        with pytest.raises(InvalidInput):
            log_in().get(path)
        assert all("hosts" not in one.path for one in engine.requests)

    def test_an_id_cannot_add_to_the_query(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("GET", "vms/1%3Fforce=true%23", MISSING)
        assert log_in().get("vms/1?force=true#", missing="none") is None
        assert engine.requests[-1].query == {}

    def test_parameters_are_written_as_the_engine_reads_them(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("GET", "vms/1", Reply(200, {"id": "1"}))
        log_in().get("vms/1", follow=("nics", "disk_attachments.disk"), params={"all_content": True, "next_run": False, "max": 3, "none": None})
        got = engine.requests[-1]
        assert got.query == {"follow": "nics,disk_attachments.disk", "all_content": "true", "next_run": "false", "max": "3"}
        assert (got.headers["accept"], got.headers["version"]) == ("application/json", "4")

    @pytest.mark.parametrize(("body", "items"), [({}, []), ({"network": []}, []), ({"network": [{"id": "1"}]}, [{"id": "1"}])])
    def test_a_collection_is_unwrapped(self, engine: ScriptedEngine, log_in: LogIn, body: Any, items: Any) -> None:
        engine.api("GET", "networks", Reply(200, body))
        assert log_in().list("networks") == items

    @pytest.mark.parametrize(
        "body",
        [b"", {"network": {"id": "1"}}, {"network": "none"}, {"a": [], "b": []}, {"network": [1]}, {"network": [{"name": "n"}]}, {"network": [{"id": 5}]}],
    )
    def test_nothing_else_is_taken_for_a_collection(self, engine: ScriptedEngine, log_in: LogIn, body: Any) -> None:
        engine.api("GET", "networks", Reply(200, body))
        with pytest.raises(ProtocolError):
            log_in().list("networks")

    @pytest.mark.parametrize("gone", [MISSING, Reply(404, {"reason": "Operation Failed", "detail": "Entity not found: GetSnapshotBySnapshotId: id=1"})])
    def test_a_clean_404_is_the_absence_of_an_object(self, engine: ScriptedEngine, log_in: LogIn, gone: Reply) -> None:
        engine.api("GET", "vms/1", gone)
        client = log_in()
        assert client.get("vms/1", missing="none") is None
        with pytest.raises(NotFound):
            client.get("vms/1")

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            (UNKNOWN_PATH, ProtocolError),
            (Reply(404, "<html>nginx</html>"), ProtocolError),
            (Reply(404, None, {"Correlation-Id": ""}), NotFound),
            (Reply(404, {"message": "no Route matched with those values"}), ProtocolError),
            (Reply(404, {"error": {"code": 404, "status": "NOT_FOUND"}}), ProtocolError),
            (Reply(404, {}), ProtocolError),
            (Reply(200, b""), ProtocolError),
            (Reply(200, b"[" * 100_000, {"Content-Type": "application/json"}), ProtocolError),
            (Reply(400, "java.lang.NullPointerException"), ValidationError),
            (Reply(500, "<html><title>Error</title><body>ERROR</body></html>"), ServerError),
            (Reply(403, {"reason": "Operation Failed", "detail": "[User is not authorized to perform this action.]"}), AuthError),
            (Reply(503, "<html>503</html>"), TransportError),
            (Drop(), TransportError),
            (Half(Reply(200, {"id": "1"}), 3), TransportError),
            (Stall(3), TransportError),
            (Reply(200, "<html>log in to the wifi</html>"), ProtocolError),
            (Reply(200, b"[1]", {"Content-Type": "application/json"}), ProtocolError),
            (Reply(200, b'{"id": "1', {"Content-Type": "application/json"}), ProtocolError),
        ],
        ids=repr,
    )
    def test_nothing_else_is_ever_taken_for_absence(self, engine: ScriptedEngine, log_in: LogIn, answer: Any, error: type[EngineError]) -> None:
        engine.api("GET", "vms/1", answer)
        if error is NotFound:
            assert log_in().get("vms/1", missing="none") is None
            return
        with pytest.raises(error) as caught:
            log_in(patience=1).get("vms/1", missing="none")
        assert not isinstance(caught.value, NotFound)
        assert "\n" not in str(caught.value) and "Traceback" not in str(caught.value)


class TestFinding:
    def vms(self, *names: str) -> Reply:
        return Reply(200, {"vm": [{"id": str(number), "name": name, "cluster": {"id": f"c{number}"}} for number, name in enumerate(names)]})

    @pytest.mark.parametrize(("name", "search"), [("web1", 'name="web1"'), ("my web 1", 'name="my web 1"'), ("a_b-c.d", 'name="a_b-c.d"')])
    def test_a_plain_name_is_searched_once(self, engine: ScriptedEngine, log_in: LogIn, name: str, search: str) -> None:
        engine.api("GET", "vms", Reply(200, {}))
        assert log_in().find("vms", name) == []
        assert [one.query for one in engine.asked("GET", "vms")] == [{"search": search}]

    @pytest.mark.parametrize(
        ("name", "search"),
        [
            ('he said "hi"', 'name="he said *hi*"'),
            ("it's", 'name="it*s"'),
            ("a;b", 'name="a*b"'),
            ("100%", 'name="100*"'),
            ("back\\slash", 'name="back*slash"'),
            ("any*", 'name="any*"'),
            ("größe", 'name="größe"'),
            (" spaced ", 'name=" spaced "'),
        ],
    )
    def test_what_the_language_cannot_say_is_searched_wider_and_then_listed(self, engine: ScriptedEngine, log_in: LogIn, name: str, search: str) -> None:
        engine.api("GET", "vms", lambda got: Reply(200, {}) if "search" in got.query else self.vms("other", name))
        assert [vm["name"] for vm in log_in().find("vms", name)] == [name]
        assert [one.query for one in engine.asked("GET", "vms")] == [{"search": search}, {}]

    def test_the_engine_s_loose_match_is_made_exact(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("GET", "vms", self.vms("Any*", "any1", "any*", "any*"))
        assert [vm["id"] for vm in log_in().find("vms", "any*")] == ["2", "3"]
        assert [vm["id"] for vm in log_in().find("vms", "any*", within={"cluster.id": "c3"})] == ["3"]
        assert log_in().find("vms", "any*", within={"cluster.nothing.id": "c3"}) == []

    @pytest.mark.parametrize("path", ["tags", "vnicprofiles", "vms/1/nics", "datacenters/1/clusters"])
    def test_where_the_engine_does_not_search_it_is_listed(self, engine: ScriptedEngine, log_in: LogIn, path: str) -> None:
        engine.api("GET", path, Reply(200, {"item": [{"id": "1", "name": "a"}, {"id": "2", "name": "b"}]}))
        assert [item["id"] for item in log_in().find(path, "b")] == ["2"]
        assert engine.requests[-1].query == {}


class TestPaging:
    def served(self, names: list[str]) -> Callable[[Got], Reply]:
        def answer(got: Got) -> Reply:
            words = got.query.get("search", "").split()
            size = int(got.query.get("max", len(names)))
            if "page" not in words:
                return Reply(200, {"vm": [{"id": name} for name in names]})
            # Without the direction before it, an engine answers any page with nothing.
            if words[words.index("page") - 1] not in ("asc", "desc"):
                return Reply(200, {})
            start = (int(words[-1]) - 1) * size
            return Reply(200, {"vm": [{"id": name} for name in names[start : start + size]]})

        return answer

    @pytest.mark.parametrize("count", [0, 1, 4, 5, 6, 12])
    @pytest.mark.parametrize("search", [None, "name=v*", "name=v* sortby name", "name=v* sortby name desc"])
    def test_pages_make_the_whole(self, engine: ScriptedEngine, log_in: LogIn, count: int, search: Any) -> None:
        names = [f"v{number:02}" for number in range(count)]
        engine.api("GET", "", Reply(200, ROOT))
        engine.api("GET", "vms", self.served(names))
        assert [vm["id"] for vm in log_in().list("vms", search=search, page_size=5)] == names
        assert len(engine.asked("GET", "vms")) == count // 5 + 1

    @pytest.mark.parametrize("expected", [0, 3, 12, 13, 20])
    def test_pages_side_by_side_make_the_whole_however_many_were_expected(self, engine: ScriptedEngine, log_in: LogIn, expected: int) -> None:
        names = [f"v{number:02}" for number in range(12)]
        engine.api("GET", "vms", self.served(names))
        assert [vm["id"] for page in log_in().pages("vms", 5, expected=expected) for vm in page] == names
        assert len(engine.asked("GET", "vms")) == max(3, -(-expected // 5))

    def test_an_object_that_moves_to_the_next_page_is_not_doubled(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("GET", "", Reply(200, ROOT))
        engine.api("GET", "vms", Reply(200, {"vm": [{"id": "a"}, {"id": "b"}]}), Reply(200, {"vm": [{"id": "b"}]}))
        assert [vm["id"] for vm in log_in().list("vms", page_size=2)] == ["a", "b"]

    def test_a_user_who_sees_only_his_own_gets_them_all(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        """The engine cuts the page before it leaves out what the user may not see: a short page is not the last one."""
        engine.api("GET", "", Reply(200, {name: value for name, value in ROOT.items() if name != "summary"}))
        engine.api("GET", "vms", self.served(["a", "b", "c"]))
        assert len(log_in().list("vms", page_size=2)) == 3

    def test_a_sub_collection_comes_in_one(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("GET", "clusters/1/networks", Reply(200, {"network": [{"id": "1"}]}))
        assert len(log_in().list("clusters/1/networks", page_size=1)) == 1
        assert len(engine.asked("GET", "clusters/1/networks")) == 1


class TestChanging:
    @pytest.mark.parametrize("answer", [Reply(201, b""), Reply(204), Reply(201, {}), Reply(201, {"id": None}), Reply(201, "<html></html>")], ids=repr)
    def test_a_creation_that_names_no_object_is_a_lost_answer(self, engine: ScriptedEngine, log_in: LogIn, answer: Reply) -> None:
        engine.api("POST", "vms", answer)
        with pytest.raises(AnswerLost):
            log_in().create("vms", {"name": "a"})

    def test_a_change_carries_its_correlation_id(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("POST", "vms", Reply(201, {"id": "1"}))
        engine.api("PUT", "vms/1", Reply(200, {"id": "1"}))
        engine.api("DELETE", "vms/1", Reply(200, {"status": "complete"}))
        engine.api("POST", "vms/1/start", Reply(200, {"status": "complete"}))
        client = log_in()
        client.create("vms", {"name": "größe"}, correlation_id="mine-1")
        client.update("vms/1", {"comment": "x"}, params={"next_run": True})
        client.act("vms/1", "start")
        assert client.remove("vms/1")
        changes = engine.requests[1:]
        assert changes[0].json == {"name": "größe"}
        assert changes[0].headers["content-type"] == "application/json"
        assert changes[1].query == {"next_run": "true"}
        assert changes[2].json == {}
        ids = [one.headers["correlation-id"] for one in changes]
        assert ids[0] == "mine-1" and len(set(ids)) == 4
        assert all(len(one) <= 36 and one.replace("-", "").isalnum() for one in ids)

    @pytest.mark.parametrize("loss", [Drop(), Stall(3), Half(Reply(201, {"id": "1"}), 4), Reply(201, b'{"id', {"Content-Type": "application/json"})], ids=repr)
    @pytest.mark.parametrize("verb", [None, "start"])
    def test_a_change_whose_answer_is_lost_names_where_to_look(self, engine: ScriptedEngine, log_in: LogIn, loss: Any, verb: Any) -> None:
        path = "vms/start" if verb else "vms"
        engine.api("POST", path, loss)
        client = log_in()
        with pytest.raises(AnswerLost) as caught:
            client.act("vms", verb, correlation_id="mine-1") if verb else client.create("vms", {"name": "a"}, correlation_id="mine-1")
        assert len(engine.asked("POST", path)) == 1
        assert caught.value.correlation_id in ("mine-1", "of-the-server")
        assert "may have" in str(caught.value)

    def test_an_update_whose_answer_is_lost_is_said_again(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("PUT", "vms/1", Drop(), Reply(200, {"id": "1"}))
        assert log_in().update("vms/1", {"comment": "x"}) == {"id": "1"}

    def test_a_removal_whose_answer_is_lost_has_removed(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("DELETE", "vms/1", Drop(), MISSING)
        assert log_in().remove("vms/1", missing="raise") is True

    def test_removing_what_is_not_there(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("DELETE", "vms/1", MISSING)
        assert log_in().remove("vms/1") is False
        with pytest.raises(NotFound):
            log_in().remove("vms/1", missing="raise")
        engine.api("DELETE", "vms/1", Reply(404, {"message": "no Route matched with those values"}))
        with pytest.raises(ProtocolError):
            log_in().remove("vms/1")
        engine.api("DELETE", "vms/1", Drop(), Reply(404, {"message": "no Route matched with those values"}))
        with pytest.raises(ProtocolError):
            log_in().remove("vms/1")
        engine.api("DELETE", "vms/1", UNKNOWN_PATH)
        with pytest.raises(ProtocolError):
            log_in().remove("vms/1")

    def test_an_action_may_take_longer_than_other_requests(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        def slow(_got: Got) -> Reply:
            engine._stopped.wait(0.8)
            return Reply(200, {"status": "complete"})

        engine.api("POST", "disks/1/move", slow)
        assert log_in().act("disks/1", "move", {"storage_domain": {"id": "2"}}, timeout=10)["status"] == "complete"

    def test_an_action_that_failed_with_200_failed(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        said = "Invalid fence agents defined for host '192.0.2.1'."
        engine.api("POST", "hosts/1/fence", Reply(200, {"status": "failed", "fault": {"reason": said}}))
        with pytest.raises(JobFailed, match=said):
            log_in().act("hosts/1", "fence", {"fence_type": "status"})


class TestRefusals:
    @pytest.mark.parametrize(
        ("answer", "error", "said"),
        [
            (Reply(409, {"reason": "Operation Failed", "detail": "[Cannot run VM. VM is running.]"}), Conflict, "Cannot run VM. VM is running."),
            (Reply(400, {"reason": "Operation Failed", "detail": "[]"}), ValidationError, "Operation Failed"),
            (
                Reply(400, {"status": "failed", "fault": {"reason": "Operation Failed", "detail": "[Cannot stop VM. VM is not found.]"}}),
                ValidationError,
                "VM is not found",
            ),
            (
                Reply(400, {"reason": "Input validation failed.", "detail": "Parameter 'tag.name' is mandatory but was not provided."}),
                ValidationError,
                "Parameter 'tag.name' is mandatory",
            ),
            (
                Reply(400, "<html><body>Unrecognized field &quot;x&quot; (class org.ovirt.engine.api.model.Vm), not marked as ignorable</body></html>"),
                ValidationError,
                'Unrecognized field "x".*version of the engine does not have',
            ),
            (Reply(400, "99999 is not a valid permit ID."), ValidationError, "99999 is not a valid permit ID."),
            (Reply(405, None, {"Allow": "GET"}), Unsupported, "405"),
            (Reply(501, {"reason": "Not implemented", "detail": "This is not served."}), Unsupported, "This is not served"),
            (Reply(500, {"reason": "Operation Failed", "detail": "java.lang.NullPointerException: x"}), ServerError, "NullPointerException"),
            (Reply(415), ValidationError, "answers 415 and says no more"),
            (Reply(302, None, {"Location": "https://elsewhere.example.com/"}), ProtocolError, "redirects to https://elsewhere.example.com/"),
        ],
        ids=lambda value: getattr(value, "__name__", None),
    )
    def test_a_refusal_is_told_in_the_engine_s_words(self, engine: ScriptedEngine, log_in: LogIn, answer: Reply, error: type[EngineError], said: str) -> None:
        engine.api("POST", "vms", answer)
        with pytest.raises(error, match=said) as caught:
            log_in().create("vms", {"name": "a"}, correlation_id="mine-1")
        assert caught.value.status == answer.status
        assert caught.value.path == f"{API}/vms"
        assert len(engine.asked("POST", "vms")) == 1

    def test_a_secret_that_comes_back_is_masked(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("POST", "vms", Reply(400, {"reason": "Operation Failed", "detail": "[password secret of token-1 is bad]"}))
        with pytest.raises(ValidationError) as caught:
            log_in().create("vms", {})
        assert str(caught.value).startswith("password ******** of ******** is bad")
        assert "secret" not in repr(vars(caught.value))

    def test_a_refused_repetition_says_that_there_was_an_earlier_sending(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("PUT", "vms/1", Drop(), Reply(409, {"reason": "Operation Failed", "detail": "[Cannot edit VM. VM is being updated.]"}))
        with pytest.raises(Conflict, match="earlier sending was lost") as caught:
            log_in().update("vms/1", {})
        assert caught.value.passing


class TestWhatBecameOfAChange:
    """The stories of failures on a real engine."""

    def job(self, number: int, description: str, status: str, start: int, *steps: dict[str, Any]) -> dict[str, Any]:
        job: dict[str, Any] = {"id": f"job-{number}", "description": description, "status": status, "start_time": start * 1000}
        if status != "started":
            job["end_time"] = (start + 30) * 1000
        return {**job, "steps": {"step": list(steps)}} if steps else job

    def event(self, number: int, code: int, severity: str, description: str, **more: Any) -> dict[str, Any]:
        return {"id": str(number), "index": str(number), "code": str(code), "severity": severity, "description": description, "time": number * 1000, **more}

    def test_the_job_of_the_command_is_the_one_named_or_the_first(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        jobs = [
            self.job(2, "Creating VM Snapshot x for VM v", "finished", 101),
            self.job(1, "Migrating Disk d from a to b of VM v", "started", 100, {"id": "s", "description": "Copying Volume", "status": "started"}),
            self.job(3, "CloneImageGroupVolumesStructure", "finished", 112),
        ]
        engine.api("GET", "jobs", Reply(200, {"job": jobs}), Reply(200, {"job": jobs}), Reply(200, {}))
        client = log_in()
        own = client.job("mine-1")
        assert own is not None and (own.id, own.ended, own.steps[0].description, own.start) == ("job-1", False, "Copying Volume", 100)
        assert engine.requests[-1].query == {"search": "correlation_id=mine-1", "follow": "steps"}
        named = client.job("mine-1", "job-3")
        assert named is not None and named.description == "CloneImageGroupVolumesStructure"
        assert client.job("mine-1") is None

    def test_why_puts_the_gravest_first_and_names_the_failed_step(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        phase = {"id": "p", "description": "Finalizing", "status": "failed", "type": "finalizing"}
        copying = {"id": "c", "description": "Copying Volume", "status": "failed", "type": "unknown", "parent_step": {"id": "p"}}
        engine.api("GET", "jobs", Reply(200, {"job": [self.job(1, "Migrating Disk d from a to b of VM v", "failed", 100, phase, copying)]}))
        own = [
            self.event(100, 2008, "normal", "User U moving disk d to domain b."),
            self.event(128, 170, "warning", "Something  was odd."),
            self.event(129, 2011, "error", "User U has failed to move disk d to domain b."),
        ]
        nearby = [
            self.event(20, 10802, "error", "VDSM h command OldVDS failed: long ago"),
            self.event(120, 10802, "error", "VDSM h command CopyVolumeDataVDS failed: copy failed"),
            self.event(121, 32, "normal", "VM v started"),
        ]
        engine.api("GET", "events", lambda got: Reply(200, {"event": own if "correlation_id=mine-1" in got.query["search"] else nearby}))
        assert log_in().why("mine-1") == (
            "User U has failed to move disk d to domain b. Something was odd. "
            "Job failed: Migrating Disk d from a to b of VM v at: Copying Volume. "
            "A host said meanwhile: VDSM h command CopyVolumeDataVDS failed: copy failed"
        )

    def test_why_is_none_when_nothing_failed(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("GET", "jobs", Reply(200, {"job": [self.job(1, "Launching VM v", "finished", 100)]}))
        engine.api("GET", "events", Reply(200, {"event": [self.event(101, 32, "normal", "VM v started")]}))
        assert log_in().why("mine-1") is None

    def test_events_come_oldest_first_and_only_the_new_ones(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        vm = {"id": "7", "name": "v", "href": f"{API}/vms/7"}
        served = [self.event(9, 32, "normal", "nine", vm=vm), self.event(8, 153, "normal", "eight"), self.event(5, 1, "normal", "old")]
        engine.api("GET", "events", Reply(200, {"event": served}))
        client = log_in()
        events = client.events(since=5, search="severity>=error", limit=50)
        assert [(event.id, event.code, event.about) for event in events] == [(8, 153, {}), (9, 32, {"vm": "7"})]
        assert engine.requests[-1].query == {"search": "severity>=error sortby time asc", "from": "5", "max": "50"}
        client.events(correlation_id="mine-1 or severity=error")
        assert engine.requests[-1].query == {"search": "correlation_id=mine-1orseverityerror sortby time desc"}


class TestTheEngineItself:
    def test_the_root_is_read_once(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("GET", "", Reply(200, ROOT))
        client = log_in()
        assert (client.version.major, client.version.minor, str(client.version)) == (4, 5, "4.5.8-1.el9")
        assert client.product == "oVirt Engine"
        assert client.special_objects == {"blank_template": "00000000-0000-0000-0000-000000000000"}
        assert client.filtered is False
        assert len(engine.asked("GET", "")) == 1

    def test_another_api_is_not_taken_for_the_engine_s(self, engine: ScriptedEngine, log_in: LogIn) -> None:
        engine.api("GET", "", Reply(200, {"hello": "world"}))
        with pytest.raises(ProtocolError, match="not the API of an engine.*engine.url"):
            log_in().version

    def test_the_log_holds_what_was_asked_and_no_secret(self, engine: ScriptedEngine, log_in: LogIn, clock: FakeClock) -> None:
        engine.api("GET", "vms", Reply(200, {}))
        engine.api("POST", "vms", Reply(201, {"id": "1"}))
        client = log_in(headers={"X-Key": "hidden"})
        client.list("vms", search="name=a")
        client.create("vms", {"initialization": {"root_password": "hidden"}})
        assert [(call.method, call.path, call.status) for call in client.log] == [
            ("POST", "/ovirt-engine/sso/oauth/token", 200),
            ("GET", f"{API}/vms", 200),
            ("POST", f"{API}/vms", 201),
        ]
        assert client.counts == {"GET": 1, "POST": 2}
        assert not any(secret in repr(client.log) for secret in ("hidden", "secret", "token-1"))
