"""Quotas as a client meets them: limits over HTTP, and what they do to machines and disks in each mode."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.http import Request
from ansible_collections.virtops.ovirt.extensions.engine.rules import quota as rules

LOGIN = "Basic " + base64.b64encode(b"admin@internal:secret").decode()
GIB = 1024 ** 3


@pytest.fixture
def engine():
    made = Engine(password="secret", speed=0, seed=1)
    yield made
    made.close()


def ask(engine, method, path, body=None):
    headers = {"authorization": LOGIN, "accept": "application/json", "content-type": "application/json"}
    answer = engine.handle(Request(method, f"/ovirt-engine/api{path}", headers, b"" if body is None else json.dumps(body).encode()))
    return answer.status, json.loads(answer.body) if answer.body else None


@pytest.fixture
def place(engine):
    """A data center with a quota of two CPUs and 4 GiB, and what a machine's row needs."""
    _status, center = ask(engine, "POST", "/datacenters", {"name": "dc", "local": False})
    home = f"/datacenters/{center['id']}"
    _status, cluster = ask(engine, "POST", "/clusters", {"name": "cl", "data_center": {"id": center["id"]}})
    status, quota = ask(engine, "POST", f"{home}/quotas", {"name": "small", "cluster_hard_limit_pct": 1, "storage_hard_limit_pct": 1})
    assert status == 201
    assert ask(engine, "POST", f"{home}/quotas/{quota['id']}/quotaclusterlimits", {"vcpu_limit": 2, "memory_limit": 4})[0] == 200
    assert ask(engine, "POST", f"{home}/quotas/{quota['id']}/quotastoragelimits", {"limit": 10})[0] == 200
    return {"home": home, "center": center["id"], "cluster": cluster["id"], "quota": quota["id"]}


def machine(engine, place, name, cores, status="down"):
    row = {"id": engine.new_id(), "name": name, "status": status, "cluster": {"id": place["cluster"]}, "quota": {"id": place["quota"]}, "memory": GIB,
           "cpu": {"topology": {"sockets": 1, "cores": cores, "threads": 1}}}
    return engine.store.table("vm").save(row)


def mode(engine, place, value):
    assert ask(engine, "PUT", place["home"], {"quota_mode": value})[0] == 200


def test_usage_counts_what_runs(engine, place):
    machine(engine, place, "off", 1)
    machine(engine, place, "on", 2, "up")
    _status, limits = ask(engine, "GET", f"{place['home']}/quotas/{place['quota']}/quotaclusterlimits")
    (limit,) = limits["quota_cluster_limit"]
    assert (limit["vcpu_usage"], limit["memory_usage"], limit["memory_limit"]) == ("2", 1.0, 4.0)


@pytest.mark.parametrize("value, refused, code", [("disabled", False, None), ("audit", False, 3015), ("enabled", True, 3006)])
def test_what_is_over_the_limit(engine, place, value, refused, code):
    mode(engine, place, value)
    ctx, vm = engine.context(), machine(engine, place, "big", 3)
    if refused:
        with pytest.raises(Exception, match=r"\[Cannot run VM. Quota has insufficient cluster resources.\]"):
            rules.run_vm(ctx, vm)
    else:
        rules.run_vm(ctx, vm)
    assert [event["code"] for event in engine.store.table("event") if event["code"] in (3006, 3015)] == ([code] if code else [])


def test_what_comes_near_the_limit_is_told(engine, place):
    mode(engine, place, "enabled")
    rules.run_vm(engine.context(), machine(engine, place, "fits", 2))
    assert any(event["code"] == 3008 and "vcpu:100%" in event["description"] for event in engine.store.table("event"))


def test_storage_is_charged(engine, place):
    mode(engine, place, "enabled")
    reference = {"id": place["quota"]}
    rules.store(engine.context(), place["center"], reference, "some domain", 8 * GIB, "Cannot add Virtual Disk")
    with pytest.raises(Exception, match="Quota has insufficient storage resources"):
        rules.store(engine.context(), place["center"], reference, "some domain", 11 * GIB, "Cannot add Virtual Disk")


def test_a_quota_in_use_stays_while_it_counts(engine, place):
    machine(engine, place, "user", 1)
    path = f"{place['home']}/quotas/{place['quota']}"
    mode(engine, place, "enabled")
    status, fault = ask(engine, "DELETE", path)
    assert status == 409 and "Quota is still in use by a VM or a disk" in fault["detail"]
    mode(engine, place, "disabled")
    assert ask(engine, "DELETE", path)[0] == 200 and ask(engine, "GET", path)[0] == 404


def test_limits_are_for_everything_or_for_something(engine, place):
    path = f"{place['home']}/quotas/{place['quota']}/quotaclusterlimits"
    assert ask(engine, "POST", path, {"vcpu_limit": 1, "memory_limit": 1, "cluster": {"id": place["cluster"]}})[0] == 409
    assert ask(engine, "DELETE", f"{path}/{place['quota']}")[0] == 200
    assert [one["vcpu_limit"] for one in ask(engine, "GET", path)[1]["quota_cluster_limit"]] == ["-1"]


def test_another_quota_takes_the_whole_disk(engine, place):
    _status, other = ask(engine, "POST", "/datacenters", {"name": "elsewhere", "local": False})
    _status, far = ask(engine, "POST", f"/datacenters/{other['id']}/quotas", {"name": "far"})
    domain = engine.store.table("storage_domain").save({"id": engine.new_id(), "name": "sd", "_pool": place["center"], "type": "data", "status": "active"})
    disk = engine.store.table("disk").save({"id": engine.new_id(), "alias": "d", "name": "d", "storage_type": "image", "status": "ok", "_domain": domain["id"],
                                            "storage_domains": [{"id": domain["id"]}], "provisioned_size": 11 * GIB, "content_type": "data"})
    mode(engine, place, "enabled")
    path = f"/disks/{disk['id']}"
    for quota, code, said in ((engine.new_id(), 400, "Quota doesn't exist."), (far["id"], 400, "Quota is not valid."),
                              (place["quota"], 409, "Quota has insufficient storage resources.")):
        status, fault = ask(engine, "PUT", path, {"quota": {"id": quota}})
        assert (status, fault["detail"]) == (code, f"[Cannot edit Virtual Disk. {said}]")


def test_a_limit_of_nothing_lets_nothing_run(engine, place):
    mode(engine, place, "audit")
    assert ask(engine, "POST", f"{place['home']}/quotas/{place['quota']}/quotaclusterlimits", {"vcpu_limit": 0, "memory_limit": 4})[0] == 200
    with pytest.raises(Exception, match=r"\[Cannot run VM. Quota is not valid.\]"):
        rules.run_vm(engine.context(), machine(engine, place, "any", 1))
