# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bodies and answers of the embedded engine in JSON and XML, asked through its requests."""
from __future__ import annotations

import base64
import json
import re
import time
import xml.etree.ElementTree as ET

import pytest
from ansible_collections.virtops.ovirt.extensions.engine import codec
from ansible_collections.virtops.ovirt.extensions.engine.app import Engine
from ansible_collections.virtops.ovirt.extensions.engine.contract.model import Model
from ansible_collections.virtops.ovirt.extensions.engine.http import Request

JSON = "application/json"
XML = "application/xml"
SYNTAX = "Request syntactically incorrect."
INVALID = "Invalid value"
NONE = object()


class Client:
    def __init__(self, engine):
        self.engine = engine
        self.credentials = "Basic " + base64.b64encode(b"admin@internal:secret").decode()

    def send(self, method, path, body=b"", **headers):
        all_headers = {"authorization": self.credentials, "accept": JSON, "content-type": JSON, "host": "engine.example:8443"}
        all_headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return self.engine.handle(Request(method, "/ovirt-engine/api" + path, {name: value for name, value in all_headers.items() if value is not None},
                                          body if isinstance(body, bytes) else json.dumps(body).encode()))

    def ask(self, method, path, body=b"", **headers):
        answer = self.send(method, path, body, **headers)
        return answer.status, json.loads(answer.body)


@pytest.fixture(scope="module")
def client():
    return Client(Engine(password="secret", speed=0, seed=7))


@pytest.fixture(scope="module")
def cluster(client):
    return client.ask("GET", "/clusters")[1]["cluster"][0]


@pytest.mark.parametrize(("member", "value", "shown"), [
    ("threads_as_cores", True, "true"), ("threads_as_cores", "TRUE", "true"), ("threads_as_cores", 0, "false"), ("threads_as_cores", "1", "true"),
    ("threads_as_cores", None, NONE), ("threads_as_cores", "yes", SYNTAX), ("threads_as_cores", "", SYNTAX), ("threads_as_cores", 1.0, SYNTAX),
    ("threads_as_cores", {}, SYNTAX), ("threads_as_cores", [], SYNTAX),
    ("switch_type", "Legacy", "legacy"), ("switch_type", "", SYNTAX), ("switch_type", 1, SYNTAX), ("switch_type", "nosuch", SYNTAX),
    ("switch_type", " ovs ", SYNTAX),
    ("description", 5, "5"), ("description", 5.50, "5.5"), ("description", True, "true"), ("description", None, NONE), ("description", {"a": 1}, SYNTAX),
    ("description", ["a"], SYNTAX), ("cpu", "x", SYNTAX), ("cpu", [], SYNTAX), ("cpu", {}, NONE), ("cpu", None, NONE),
    ("required_rng_sources", ["random"], SYNTAX), ("required_rng_sources", {"required_rng_source": "random"}, SYNTAX),
    ("required_rng_sources", {"required_rng_source": ["HWRNG"]}, {"required_rng_source": ["hwrng", "urandom"]}),
    ("required_rng_sources", {"required_rng_source": ["nosuch"]}, SYNTAX),
])
def test_json_values(client, cluster, member, value, shown):
    before = client.ask("GET", f"/clusters/{cluster['id']}")[1].get(member)
    status, answer = client.ask("PUT", f"/clusters/{cluster['id']}", {member: value})
    if shown == SYNTAX:
        assert (status, answer["reason"]) == (400, SYNTAX)
        assert answer["detail"] == "For correct usage, see: https://engine.example:8443/ovirt-engine/apidoc#services/cluster/methods/update"
    else:
        assert (status, answer.get(member)) == (200, before if shown is NONE else shown)


@pytest.mark.parametrize(("value", "shown"), [
    ("150", "150"), (150, "150"), (" 150 ", "150"), ("+150", "150"), ("0150", "150"), (150.5, SYNTAX), ("abc", SYNTAX), ("1_0", SYNTAX), (4294967296, SYNTAX),
    (True, SYNTAX), ({}, SYNTAX), ("", "100"), (-4294967146, "150"),
])
def test_json_integers(client, cluster, value, shown):
    status, answer = client.ask("PUT", f"/clusters/{cluster['id']}", {"memory_policy": {"over_commit": {"percent": value}}})
    if shown == SYNTAX:
        assert (status, answer["reason"]) == (400, SYNTAX)
    else:
        assert (status, answer["memory_policy"]["over_commit"]["percent"]) == (200, shown)


@pytest.mark.parametrize(("path", "body", "name", "java"), [
    ("/tags", {"name": "a", "no_such": 1}, "no_such", "Tag"), ("/vms", {"deleteProtected": True}, "deleteProtected", "Vm"),
    ("/vms", {"cpu": {"topology": {"socket": 1}}}, "socket", "CpuTopology"),
    ("/vms", {"custom_properties": {"custom_property": [{"nam": "x"}]}}, "nam", "CustomProperty"),
    ("/vms", {"nics": {"nick": []}}, "nick", "Nics"), ("/vms", {"os": {"boot": {"devices": {"devices": []}}}}, "devices", "Boot$DevicesList"),
])
def test_unknown_json_members_are_a_page(client, path, body, name, java):
    answer = client.send("POST", path, body)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "text/html;charset=UTF-8")
    assert answer.body.decode() == f"Unrecognized field &quot;{name}&quot; (class org.ovirt.engine.api.model.{java}), not marked as ignorable"


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"5", b"{'name':'x'}", b'{"name":"x",}', b'{"name":NaN}', b'{"name":"\xe4"}', b"<tag/>", b"[" * 100000])
def test_broken_json(client, body):
    status, answer = client.ask("POST", "/bookmarks", body)
    assert (status, answer["reason"]) == (400, SYNTAX)


@pytest.mark.parametrize("body", [b"", b"null", b"  "])
def test_no_body(client, cluster, body):
    assert client.ask("POST", "/bookmarks", body) == (400, {"reason": "Input validation failed.", "detail": "Parameter 'bookmark' is mandatory but "
                                                                                                            "was not provided."})
    assert client.send("PUT", f"/clusters/{cluster['id']}", body).status == 500


@pytest.mark.parametrize(("headers", "expected"), [
    ({"accept": JSON}, JSON), ({"accept": XML}, XML), ({"accept": None}, XML), ({"accept": "*/*"}, XML), ({"accept": "application/*"}, XML),
    ({"accept": "application/xml;q=0.5, application/json;q=0.9"}, JSON), ({"accept": "application/json; charset=utf-8"}, JSON),
    ({"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}, XML), ({"accept": "text/plain"}, None), ({"accept": "text/xml"}, None),
    ({"accept": "application/json;q=0"}, None),
])
def test_accept(client, headers, expected):
    answer = client.send("GET", "/tags", **headers)
    if expected is None:
        assert (answer.status, answer.body) == (406, b"")
    else:
        assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, expected)


def test_accept_as_a_parameter(client):
    assert client.send("GET", "/tags?accept=application%2Fjson", accept="*/*").headers["Content-Type"] == JSON


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "text/json"])
def test_other_kinds_of_bodies(client, kind):
    answer = client.send("POST", "/bookmarks", b'{"name":"x","value":"y"}', content_type=kind)
    assert (answer.status, answer.body) == (415, b"")


def test_xml_both_ways(client):
    status, made = client.ask("POST", "/bookmarks", b"<bookmark><name>a &amp; b</name><value>Vms:</value></bookmark>", content_type=XML)
    assert (status, made["name"]) == (201, "a & b")
    answer = client.send("GET", f"/bookmarks/{made['id']}", accept=XML)
    top = ET.fromstring(answer.body)
    assert (top.tag, top.attrib, [child.tag for child in top]) == ("bookmark", {"id": made["id"], "href": made["href"]}, ["name", "value"])
    assert top.findtext("name") == "a & b"
    listed = ET.fromstring(client.send("GET", "/bookmarks", accept=XML).body)
    assert listed.tag == "bookmarks" and made["id"] in [one.get("id") for one in listed]


def test_xml_shapes(client, cluster):
    top = ET.fromstring(client.send("GET", f"/clusters/{cluster['id']}", accept=XML).body)
    assert [one.text for one in top.find("required_rng_sources")][-1] == "urandom"
    assert top.find("data_center").attrib == cluster["data_center"]
    assert {one.get("rel") for one in top.findall("link")} == {one["rel"] for one in cluster["link"]}
    assert {one.get("rel") for one in top.find("actions")} == {one["rel"] for one in cluster["actions"]["link"]}
    tags = [child.tag for child in top]
    places = [tags.index(tag) for tag in ("actions", "name", "link", "ballooning_enabled", "version", "data_center")]
    assert places == sorted(places)


@pytest.mark.parametrize(("body", "status", "reason", "detail"), [
    (b"<cluster><threads_as_cores>yes</threads_as_cores></cluster>", 400, INVALID,
     'Value "yes" isn\'t a valid boolean, it should be "true" , "false", "0" or "1"'),
    (b"<cluster><switch_type>x</switch_type></cluster>", 400, INVALID,
     "The string 'x' isn't a valid value for the 'SwitchType' enumerated type. Valid values are: 'legacy', 'ovs'."),
    (b"<cluster><log_max_memory_used_threshold>4294967296</log_max_memory_used_threshold></cluster>", 400, INVALID,
     "Value 4294967296 is greater than maximum integer 2147483647"),
    (b"<cluster><nosuch/></cluster>", 400, SYNTAX, None), (b"<cluster><cpu>x</cpu></cluster>", 400, SYNTAX, None),
    (b"<cluster><description>x</cluster>", 400, SYNTAX, None), (b"<nosuch/>", 400, SYNTAX, None), (b"", 400, SYNTAX, None), (b"{}", 400, SYNTAX, None),
])
def test_wrong_xml(client, cluster, body, status, reason, detail):
    answer = client.ask("PUT", f"/clusters/{cluster['id']}", body, content_type=XML)
    assert (answer[0], answer[1]["reason"]) == (status, reason)
    assert detail is None or answer[1]["detail"] == detail


def test_xml_of_another_type_and_entities(client):
    answer = client.send("POST", "/bookmarks", b"<tag><name>x</name></tag>", content_type=XML)
    assert answer.status == 500 and re.fullmatch(r"java\.lang\.ClassCastException@[0-9a-f]+", answer.body.decode())
    body = b'<!DOCTYPE bookmark [<!ENTITY e "v">]><bookmark><name>&e;</name><value>x</value></bookmark>'
    assert client.ask("POST", "/bookmarks", body, content_type=XML)[1]["detail"] == "Bookmark [name] required for add"


def test_faults_in_xml(client):
    top = ET.fromstring(client.send("POST", "/bookmarks", {}, accept=XML).body)
    assert (top.tag, top.findtext("reason"), top.findtext("detail")) == (
        "fault", "Input validation failed.", "Parameter 'bookmark.name' is mandatory but was not provided.")


def test_every_type_survives_both_media():
    """What one media writes the other reads back as the same representation, for every type of the model."""
    model = Model.load()

    def sample(type_name, depth=0):
        rep = {}
        for name, attribute in model.members(type_name).items():
            kind = attribute["type"]
            if attribute.get("bare"):
                value = [{"href": "/x", "rel": "y"}]
            elif attribute.get("enum"):
                value = model.enum_values[kind][0]
            elif kind in ("string", "integer", "boolean", "decimal", "date"):
                value = {"string": "t<&\"'", "integer": 7, "boolean": True, "decimal": 1.5, "date": 1500000000123}[kind]
                value = 2.5 if attribute.get("wire") == "double" else value
            elif depth < 1:
                value = sample(kind, depth + 1)
            else:
                continue
            rep[name] = [value] if attribute.get("list") and not attribute.get("bare") else value
        return rep

    for type_name in model.types:
        if type_name in ("actions", "link"):
            continue
        rep = sample(type_name)
        for media in (JSON, XML):
            text = codec.encode(model, type_name, rep, media.rpartition("/")[2])
            if media == JSON or sum(one["element"] == model.types[type_name]["element"] for one in model.types.values()) == 1:
                assert codec.decode(model, type_name, media, text) == rep, (type_name, media)


def test_members_the_api_lacks_never_reach_a_client():
    with pytest.raises(LookupError, match="vm has no member nosuch"):
        codec.encode(Model.load(), "vm", {"nosuch": 1}, "json")
    assert codec.encode(Model.load(), "vm", {"_private": 1, "name": None}, "json") == b"{}"


def test_ten_thousand_machines_in_seconds(client):
    model = Model.load()
    rep = client.ask("GET", "/templates")[1]["template"][0]
    machine = codec.decode(model, "template", JSON, json.dumps(rep).encode())
    started = time.process_time()
    text = codec.encode_list(model, "template", [machine] * 10000, "json")
    assert len(json.loads(text)["template"]) == 10000
    assert time.process_time() - started < 10
