# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The client and the embedded engine, two writings of one protocol, over TLS: with restarts, lost answers and failing commands."""
from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest
from engine_process import Engine, running

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import AnswerLost, AuthError, Conflict, NotFound, ValidationError
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.connection import Connection

Misbehave = Callable[..., None]


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("faults") / "faults.json"
    path.write_text("[]")
    return path


def connect(engine: Engine, **options: Any) -> Client:
    return Client(Connection.from_options({"timeout": 20, "keep_session": False, **options}, engine.variables()))


@pytest.fixture(scope="module")
def engine(faults: Path) -> Iterator[Engine]:
    """One with two storage domains, a host and some VMs, of which the last is started."""
    with running("--speed", "30", "--seed", "7", "--faults", str(faults)) as started:
        with connect(started) as client:
            center = client.create("datacenters", {"name": "dc", "local": False})
            cpu = {"type": "Intel Haswell Family", "architecture": "x86_64"}
            cluster = client.create("clusters", {"name": "cl", "data_center": {"id": center["id"]}, "cpu": cpu})
            host = client.create("hosts", {"name": "h", "address": "192.0.2.1", "root_password": "x", "cluster": {"id": cluster["id"]}})
            settled(client, host["href"], "up")
            for name in ("sd1", "sd2"):
                storage = {"type": "nfs", "address": "192.0.2.9", "path": f"/{name}"}
                client.create("storagedomains", {"name": name, "type": "data", "host": {"id": host["id"]}, "storage": storage})
                attached = client.create(f"datacenters/{center['id']}/storagedomains", {"name": name})
                settled(client, attached["href"], "active")
            for number in range(5):
                vm = client.create("vms", {"name": f"v{number}", "cluster": {"id": cluster["id"]}, "template": {"name": "Blank"}, "memory": 1 << 28})
                settled(client, vm["href"], "down")
                client.create(f"{vm['href']}/nics", {"name": "nic1"})
            disk = {"name": "d", "provisioned_size": 1 << 30, "format": "cow", "storage_domains": {"storage_domain": [{"name": "sd1"}]}}
            added = client.create(f"{vm['href']}/diskattachments", {"interface": "virtio", "bootable": True, "active": True, "disk": disk})
            settled(client, f"disks/{added['id']}", "ok")
            client.act(vm["href"], "start")
            settled(client, vm["href"], "up")
        yield started


@pytest.fixture
def misbehave(faults: Path) -> Iterator[Misbehave]:
    def with_rules(*rules: dict[str, Any]) -> None:
        following = faults.with_suffix(".new")
        following.write_text(json.dumps(rules))
        following.replace(faults)
        time.sleep(0.05)

    yield with_rules
    with_rules()


@pytest.fixture
def client(engine: Engine) -> Iterator[Client]:
    with connect(engine) as opened:
        yield opened


@pytest.fixture
def vm(client: Client) -> Iterator[dict[str, Any]]:
    where = client.list("vms", search="status=up")[0]["cluster"]
    made = client.create("vms", {"name": "of-this-test", "cluster": {"id": where["id"]}, "template": {"name": "Blank"}})
    settled(client, made["href"], "down")
    yield made
    for disk in client.list(f"{made['href']}/diskattachments"):
        settled(client, f"disks/{disk['id']}", "ok")
    client.remove(made["href"])


def settled(client: Client, path: str, status: str) -> dict[str, Any]:
    deadline = client.clock.deadline(30)
    while not deadline.passed:
        found = client.get(path)
        if found.get("status") == status:
            return found
        client.clock.sleep(0.1)
    raise AssertionError(f"{path} is not {status} but {found.get('status')}")


def test_the_engine_is_known(client: Client) -> None:
    assert (client.version.major, client.version.minor) == (4, 5)
    assert client.special_objects["blank_template"] == "00000000-0000-0000-0000-000000000000"
    assert not client.filtered
    assert client.get("vms/00000000-0000-0000-0000-00000000dead", missing="none") is None


NAMES = [
    "plain",
    "with space",
    "it's",
    'he "said"',
    "a*b",
    "a;b",
    "back\\slash",
    "100%",
    "a_b",
    "größe",
    "and or page 1",
    "x=y",
    "(a)",
    "[b]",
    "a,b",
    "日本",
]


@pytest.mark.parametrize(
    ("path", "more"), [("networks", {"data_center": {"name": "dc"}}), ("bookmarks", {"value": "Vms:"})], ids=["searched", "listed"]
)
def test_every_name_finds_itself_and_nothing_else(client: Client, path: str, more: dict[str, Any]) -> None:
    made = {}
    try:
        for name in NAMES:
            made[name] = client.create(path, {"name": name, **more})
        for name in NAMES:
            assert [one["id"] for one in client.find(path, name)] == [made[name]["id"]], name
        assert client.find(path, "a?b") == client.find(path, "A*B") == client.find(path, "") == []
    finally:
        for one in made.values():
            client.remove(one["href"])


def test_pages_make_the_whole(client: Client) -> None:
    whole = sorted(vm["id"] for vm in client.list("vms"))
    assert len(whole) == 5
    assert sorted(vm["id"] for vm in client.list("vms", page_size=2)) == whole
    assert sorted(vm["id"] for vm in client.list("vms", page_size=1000)) == whole


def test_what_is_followed_comes_within(client: Client) -> None:
    (one,) = client.list("vms", search="status=up", follow=("nics", "disk_attachments.disk"))
    assert [nic["name"] for nic in one["nics"]["nic"]] == ["nic1"]
    assert [attachment["disk"]["name"] for attachment in one["disk_attachments"]["disk_attachment"]] == ["d"]


def test_a_refusal_comes_in_the_engine_s_words(client: Client) -> None:
    with pytest.raises(Conflict, match="Cannot remove VM. VM is running.") as caught:
        client.remove(client.list("vms", search="status=up")[0]["href"])
    assert not caught.value.passing
    with pytest.raises(ValidationError, match="Unrecognized field"):
        client.create("tags", {"name": "x", "no_such_attribute": 1})


def test_a_lost_answer_can_be_looked_up(engine: Engine, client: Client, misbehave: Misbehave) -> None:
    misbehave({"match": {"method": "POST", "path": "/tags"}, "do": {"drop": "after"}})
    with pytest.raises(AnswerLost) as caught:
        client.create("tags", {"name": "lost"}, correlation_id="lost-1")
    assert caught.value.correlation_id == "lost-1"
    (found,) = client.find("tags", "lost")
    assert len([line for line in engine.requests() if line["method"] == "POST" and line["path"].endswith("/tags") and line["correlation_id"] == "lost-1"]) == 1
    misbehave({"match": {"method": "DELETE", "path": "/tags/*"}, "do": {"drop": "after"}})
    assert client.remove(found["href"], missing="raise") is True
    assert client.find("tags", "lost") == []


def test_half_an_answer_to_a_read_is_asked_for_again(client: Client, misbehave: Misbehave) -> None:
    misbehave({"match": {"method": "GET", "path": "/vms"}, "do": {"drop": "half"}, "times": 2})
    assert client.list("vms")


def test_an_expired_token_is_replaced(engine: Engine, client: Client, misbehave: Misbehave) -> None:
    client.list("vms")
    misbehave({"match": {"method": "GET", "path": "/clusters"}, "do": {"expire_token": True}})
    assert client.list("clusters")
    assert [call.status for call in client.log if call.path.endswith("/clusters")] == [401, 200]


def test_a_wrong_password_is_told(engine: Engine) -> None:
    with pytest.raises(AuthError, match="refuses the login of admin@internal"):
        connect(engine, password="wrong").list("vms")


def test_basic_is_enough(engine: Engine) -> None:
    with connect(engine, auth="basic") as client:
        assert client.list("vms")
        assert {call.path for call in client.log} == {"/ovirt-engine/api/vms"}


@pytest.mark.parametrize("proxy", [False, True])
def test_a_restart_is_survived(client: Client, misbehave: Misbehave, proxy: bool) -> None:
    client.list("vms")
    phases = {"going_down": 0.5, "down": 1.0, "starting": 1.0, "proxy": proxy}
    misbehave({"match": {"method": "GET", "path": "/vms"}, "do": {"restart": phases}})
    assert client.list("vms")
    assert client.list("tags")
    made = client.create("tags", {"name": "after-restart"})
    assert client.remove(made["href"])


def test_a_change_leaves_a_job_and_events(client: Client, vm: dict[str, Any]) -> None:
    client.update(vm["href"], {"comment": "changed"}, correlation_id="change-1")
    job = client.job("change-1")
    assert job is not None and (job.description, job.ended, job.failed) == ("Editing VM of-this-test properties", True, False)
    (event,) = client.events("change-1")
    assert (event.code, event.severity, event.about["vm"]) == (35, "normal", vm["id"])
    assert client.events(since=event.id - 1, limit=1)[0].id == event.id
    assert all(later.id > event.id for later in client.events(since=event.id))
    assert client.why("change-1") is None


def test_the_host_s_reason_of_a_failed_move_is_told(client: Client, vm: dict[str, Any], misbehave: Misbehave) -> None:
    source, target = (client.find("storagedomains", name)[0]["id"] for name in ("sd1", "sd2"))
    disk = {"name": "of-this-test", "provisioned_size": 1 << 30, "format": "cow", "storage_domains": {"storage_domain": [{"id": source}]}}
    attachment = client.create(f"{vm['href']}/diskattachments", {"interface": "virtio", "bootable": False, "active": True, "disk": disk})
    path = f"disks/{attachment['id']}"
    settled(client, path, "ok")
    misbehave({"match": {"command": "MoveDisk"}, "do": {"message": "copy failed"}})
    client.act(path, "move", {"storage_domain": {"id": target}}, correlation_id="move-1")
    settled(client, path, "ok")
    deadline = client.clock.deadline(20)
    while (job := client.job("move-1")) is None or not job.ended:
        assert not deadline.passed
        client.clock.sleep(0.1)
    assert job.failed and job.failed_steps
    why = client.why("move-1")
    assert why is not None
    assert "failed to move disk of-this-test" in why
    assert "Job failed: Moving Disk of-this-test" in why
    assert "copy failed" in why


def test_what_is_gone_is_gone_once(client: Client) -> None:
    made = client.create("tags", {"name": "gone"})
    assert client.remove(made["href"]) is True
    assert client.remove(made["href"]) is False
    with pytest.raises(NotFound):
        client.get(made["href"])
