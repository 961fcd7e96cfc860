"""Permissions as a client meets them: who gets in, what a plain user sees, what a command is refused for, and what makers get."""

from __future__ import annotations

import base64
import json

import pytest

from ansible_collections.virtops.ovirt.extensions.engine import estate
from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.http import Request
from ansible_collections.virtops.ovirt.extensions.engine.rules import permits, reading

NOT_AUTHORIZED = "[User is not authorized to perform this action.]"
REFUSED_QUERY = (400, "query execution failed due to insufficient permissions.")


class Asker:
    """Somebody who sends requests with Basic, each a session of its own."""

    def __init__(self, engine, name):
        self.engine = engine
        self.login = "Basic " + base64.b64encode(f"{name}@internal:{name}".encode()).decode()

    def __call__(self, method, path, body=None, **headers):
        head = {"authorization": self.login, "accept": "application/json", "content-type": "application/json", **headers}
        answer = self.engine.handle(Request(method, f"/ovirt-engine/api{path}", head, b"" if body is None else json.dumps(body).encode()))
        kind = answer.headers.get("Content-Type", "")
        return answer.status, json.loads(answer.body) if answer.body and kind.startswith("application/json") else None

    def names(self, path, key):
        status, body = self("GET", path)
        assert status == 200, body
        return sorted(row["name"] for row in body.get(key, ()))


@pytest.fixture(scope="module")
def demo():
    """The demo estate, with users who can log in and one who cannot."""
    made = Engine(password="admin", speed=0, seed=1, users={"reader": "reader", "other": "other", "mute": None})
    estate.build(made, "demo")
    yield made
    made.close()


@pytest.fixture
def admin(demo):
    return Asker(demo, "admin")


@pytest.fixture
def reader(demo, admin):
    """A plain user without a role; whatever a test gives is taken away again."""
    plain = Asker(demo, "reader")
    plain("GET", "")
    plain.id = {row["name"]: row["id"] for row in demo.store.table("user")}["reader"]
    yield plain
    for row in demo.store.table("permission").by("_principal", plain.id):
        demo.store.table("permission").remove(row["id"])


def give(admin, user, role, path=""):
    status, body = admin("POST", f"{path}/permissions", {"role": {"name": role}, "user": {"id": user.id}})
    assert status == 201, body
    return body["id"]


def ident(admin, path, key, name):
    return next(row["id"] for row in admin("GET", path)[1][key] if row["name"] == name)


def refused(answer):
    status, body = answer
    return status, (body.get("fault") or body)["detail"]


# -- who gets in


def test_nobody_gets_in_without_a_role_that_lets_them(reader, admin):
    assert reader("GET", "/vms")[0] == 401
    assert "reader" in admin.names("/users", "user"), "who tried is among the users"
    give(admin, reader, "UserTemplateBasedVm", "/templates/00000000-0000-0000-0000-000000000000")
    assert reader("GET", "/vms")[0] == 401, "a role without the permit to log in lets nobody in"
    give(admin, reader, "UserRole", "/vms/" + ident(admin, "/vms", "vm", "spare1"))
    assert reader("GET", "/vms")[0] == 200


def test_who_has_no_password_cannot_log_in(demo):
    assert Asker(demo, "mute")("GET", "")[0] == 401


def test_a_session_outlives_the_role_that_began_it(demo, reader, admin):
    given = give(admin, reader, "UserRole")
    cookie = demo.handle(Request("GET", "/ovirt-engine/api", {"authorization": reader.login, "prefer": "persistent-auth"})).headers["Set-Cookie"].split(";")[0]
    assert admin("DELETE", f"/permissions/{given}")[0] == 200
    kept = Request("GET", "/ovirt-engine/api/vms", {"cookie": cookie, "prefer": "persistent-auth", "accept": "application/json"})
    answer = demo.handle(kept)
    assert answer.status == 200 and json.loads(answer.body) == {}
    assert reader("GET", "/vms")[0] == 401


# -- what is seen


def test_a_plain_user_sees_what_the_roles_show(reader, admin):
    vm = ident(admin, "/vms", "vm", "spare1")
    give(admin, reader, "UserRole", f"/vms/{vm}")
    assert reader.names("/vms", "vm") == ["spare1"]
    assert reader("GET", "/vms", filter="true") == reader("GET", "/vms")
    assert reader("GET", "/vms/" + next(row["id"] for row in admin("GET", "/vms")[1]["vm"] if row["id"] != vm))[0] == 404
    assert reader.names("/disks", "disk") == ["spare1-system"]
    assert reader.names("/clusters", "cluster") == ["Default", "demo"], "everyone's role on the system shows clusters"
    assert reader.names("/vnicprofiles", "vnic_profile") == ["ovirtmgmt", "ovirtmgmt"]
    assert [row["user_name"] for row in reader("GET", "/users")[1]["user"]] == ["reader@internal-authz"]
    assert all(role["administrative"] == "false" for role in reader("GET", "/roles")[1]["role"])
    assert reader("GET", f"/datacenters/{ident(admin, '/datacenters', 'data_center', 'demo')}/quotas")[0] == 204
    domain = reader("GET", "/storagedomains")[1]["storage_domain"][0]
    assert domain["storage"] == {"type": "nfs"} and "summary" not in reader("GET", "")[1]


def test_a_role_on_a_cluster_shows_its_machines_only_where_it_shows_children(reader, admin):
    cluster = "/clusters/" + ident(admin, "/clusters", "cluster", "demo")
    give(admin, reader, "PowerUserRole", cluster)
    assert reader.names("/vms", "vm") == []
    give(admin, reader, "UserRole", cluster)
    assert reader.names("/vms", "vm") == admin.names("/vms", "vm")


@pytest.mark.parametrize("path", ["/tags", "/macpools", "/jobs", "/bookmarks", "/affinitylabels", "/schedulingpolicies", "/networkfilters"])
def test_queries_of_administrators_are_refused(reader, admin, path):
    give(admin, reader, "UserRole")
    assert refused(reader("GET", path)) == REFUSED_QUERY
    assert refused(admin("GET", path, filter="true")) == REFUSED_QUERY


def test_whoever_asks_unfiltered_must_be_an_administrator(reader, admin):
    give(admin, reader, "UserRole")
    assert refused(reader("GET", "/vms", filter="false")) == REFUSED_QUERY


def test_a_role_for_administrators_anywhere_shows_everything_and_permits_nothing_else(reader, admin):
    give(admin, reader, "ReadOnlyAdmin", "/clusters/" + ident(admin, "/clusters", "cluster", "Default"))
    assert reader.names("/vms", "vm") == admin.names("/vms", "vm")
    assert reader("GET", "/hosts/" + ident(admin, "/hosts", "host", "demo-host1"))[0] == 200
    assert refused(reader("POST", "/tags", {"name": "t"})) == (403, NOT_AUTHORIZED)


# -- what is permitted


def test_commands_ask_for_their_permits(reader, admin):
    vm = "/vms/" + ident(admin, "/vms", "vm", "spare1")
    give(admin, reader, "UserRole", vm)
    for method, path, body in (("PUT", vm, {"description": "x"}), ("DELETE", vm, None), ("POST", f"{vm}/nics", {"name": "n9"}), ("POST", f"{vm}/clone", {
            "vm": {"name": "copy"}}), ("POST", f"{vm}/permissions", {"role": {"name": "UserRole"}, "user": {"id": reader.id}})):
        assert refused(reader(method, path, body)) == (403, NOT_AUTHORIZED), (method, path)
    assert reader("POST", f"{vm}/start", {})[0] == 200
    assert reader("POST", f"{vm}/stop", {})[0] == 200
    other = next(f"/vms/{row['id']}" for row in admin("GET", "/vms")[1]["vm"] if row["name"] != "spare1")
    assert refused(reader("POST", f"{other}/stop", {})) == (403, NOT_AUTHORIZED), "an action on what is not seen is refused, too"
    give(admin, reader, "UserVmManager", vm)
    assert reader("PUT", vm, {"description": "x"})[0] == 200


def test_what_is_moved_to_another_object_needs_the_permit_there(reader, admin):
    disk = "/disks/" + ident(admin, "/disks", "disk", "spare1-system")
    target = ident(admin, "/storagedomains", "storage_domain", "demo-slow")
    give(admin, reader, "StorageAdmin", disk)
    assert refused(reader("POST", f"{disk}/move", {"storage_domain": {"id": target}})) == (403, NOT_AUTHORIZED)
    give(admin, reader, "DiskCreator", f"/storagedomains/{target}")
    assert reader("POST", f"{disk}/move", {"storage_domain": {"id": target}})[0] != 403


def test_only_the_super_user_gives_roles_for_administrators(reader, admin):
    cluster = "/clusters/" + ident(admin, "/clusters", "cluster", "demo")
    give(admin, reader, "ClusterAdmin", cluster)
    assert reader("POST", f"{cluster}/permissions", {"role": {"name": "UserRole"}, "user": {"id": reader.id}})[0] == 201
    assert refused(reader("POST", f"{cluster}/permissions", {"role": {"name": "HostAdmin"}, "user": {"id": reader.id}})) == (
        403, "[Cannot add permission, only system super user can give permissions with admin Role]")


def test_an_enforced_quota_is_for_its_consumers(demo, reader, admin):
    demo.advance(60)
    vm, center = ("/vms/" + ident(admin, "/vms", "vm", "spare1"), "/datacenters/" + ident(admin, "/datacenters", "data_center", "demo"))
    give(admin, reader, "UserRole", vm)
    assert admin("PUT", center, {"quota_mode": "enabled"})[0] == 200
    try:
        assert refused(reader("POST", f"{vm}/start", {})) == (
            403, "[Cannot run VM. The user is not a consumer of the Quota assigned to the resource.]")
        give(admin, reader, "QuotaConsumer", f"{center}/quotas/" + ident(admin, f"{center}/quotas", "quota", "Default"))
        assert reader("POST", f"{vm}/start", {})[0] == 200
        assert reader("POST", f"{vm}/stop", {})[0] == 200
    finally:
        admin("PUT", center, {"quota_mode": "disabled"})


# -- makers


def roles_on(admin, path):
    names = {row["id"]: row["name"] for row in admin("GET", "/roles")[1]["role"]}
    return sorted(names[one["role"]["id"]] for one in admin("GET", f"{path}/permissions")[1]["permission"])


def test_makers_get_permissions_on_what_they_make(demo, reader, admin):
    center = ident(admin, "/datacenters", "data_center", "demo")
    cluster = ident(admin, "/clusters", "cluster", "demo")
    _status, network = admin("POST", "/networks", {"name": "made", "data_center": {"id": center}})
    profile = ident(admin, f"/networks/{network['id']}/vnicprofiles", "vnic_profile", "made")
    assert roles_on(admin, f"/vnicprofiles/{profile}").count("NetworkAdmin") == 2, "on the network and on its profile"
    assert "VnicProfileUser" not in roles_on(admin, f"/vnicprofiles/{profile}")
    give(admin, reader, "PowerUserRole", f"/clusters/{cluster}")
    status, vm = reader("POST", "/vms", {"name": "mine", "cluster": {"id": cluster}, "template": {"name": "Blank"}})
    assert status == 201, vm
    assert reader.names("/vms", "vm") == ["mine"] and "UserVmManager" in roles_on(admin, f"/vms/{vm['id']}")
    demo.advance(60)
    assert reader("DELETE", f"/vms/{vm['id']}")[0] == 200
    demo.advance(60)
    assert not demo.store.table("permission").by("_object", vm["id"]), "what was on an object goes with it"


# -- the tables


def test_every_collection_says_how_it_is_read_and_what_its_commands_ask_for(demo):
    unread, unasked = set(), set()
    for collection in demo.services.collections:
        name = type(collection).__name__
        if name not in reading.READS:
            unread.add(name)
        offered = [operation for operation in ("add", "update", "remove") if getattr(type(collection), operation, None) is not None]
        unasked |= {f"{name}.{operation}" for operation in (*offered, *collection.actions, *collection.collection_actions)
                    if permits.rule_of(collection, operation) is None}
    assert not unread, "say in rules/reading.py who may read them"
    assert not unasked, "say in rules/permits.py what they ask for"


def test_every_permit_is_one_of_the_engine(demo):
    from ansible_collections.virtops.ovirt.extensions.engine.contract.roles import number

    written = {subject.split()[0] for rules in permits.COMMANDS.values() for rule in rules.values() if isinstance(rule, str)
               for either in rule.split(",") for subject in either.split("|") if subject.strip()}
    assert not {name for name in written if number(name) is None}
