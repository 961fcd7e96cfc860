"""``follow`` through the front door of the engine: which names lead where, and what fails."""

from __future__ import annotations

import json

import pytest

from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.http import Request


@pytest.fixture(scope="module")
def engine():
    made = Engine(password="secret", speed=0, seed=1)
    yield made
    made.close()


def ask(engine, path, **headers):
    import base64
    login = base64.b64encode(b"admin@internal:secret").decode()
    answer = engine.handle(Request("GET", f"/ovirt-engine/api{path}", {"authorization": f"Basic {login}", "accept": "application/json", **headers}))
    return answer.status, json.loads(answer.body) if "json" in answer.headers.get("Content-Type", "") else answer.body.decode()


@pytest.mark.parametrize("wanted", ["permits", "PERMITS", "per_mits"])
def test_a_sub_collection_by_any_spelling(engine, wanted):
    status, role = ask(engine, f"/roles/00000000-0000-0000-0000-000000000001?follow={wanted}")
    assert status == 200 and {"create_vm", "delete_vm"} <= {one["name"] for one in role["permits"]["permit"]}
    assert [link["rel"] for link in role["link"]] == ["permits"]


def test_what_a_followed_object_refers_to(engine):
    status, role = ask(engine, "/roles/00000000-0000-0000-0000-000000000001;follow=permits.role")
    assert status == 200 and {one["role"]["name"] for one in role["permits"]["permit"]} == {"SuperUser"}


def test_every_object_of_a_list(engine):
    status, roles = ask(engine, "/roles?max=2&follow=permits")
    assert status == 200 and [bool(role["permits"]["permit"]) for role in roles["role"]] == [True, True]


@pytest.mark.parametrize("wanted", ["nosuch", "permits,nosuch", "permits.nosuch", "name", ",permits", "permits,,permits", "permits,%20permits", "."])
def test_what_cannot_be_followed_fails_with_a_page(engine, wanted):
    status, page = ask(engine, f"/roles/00000000-0000-0000-0000-000000000001?follow={wanted}")
    assert status == 500 and "<title>ERROR</title>" in page


def test_nothing_to_follow(engine):
    assert ask(engine, "/roles/00000000-0000-0000-0000-000000000001?follow=")[0] == 200
    assert ask(engine, "/bookmarks?follow=nosuch") == (200, {"bookmark": []})
    assert ask(engine, "/roles/00000000-0000-0000-0000-00000000ffff?follow=permits") == (404, "")
