"""The search language, held to what a real engine was seen to answer."""

from __future__ import annotations


import pytest

from ansible_collections.virtops.ovirt.extensions.engine import errors, search
from ansible_collections.virtops.ovirt.extensions.engine.http import Request
from ansible_collections.virtops.ovirt.extensions.engine.store import Store


class Asked:
    """What search needs of a context: the store, the parameters of a request, the time."""

    def __init__(self, store, **query):
        self.store = store
        self.filtered = False
        self.now = 1_750_000_000_000
        self._request = Request("GET", "/ovirt-engine/api/x?" + "&".join(f"{name}={_quoted(value)}" for name, value in query.items()))

    def parameter(self, name):
        return self._request.parameter(name)

    def flag(self, name):
        return self._request.flag(name)


def _quoted(text):
    from urllib.parse import quote
    return quote(str(text), safe="")


@pytest.fixture(scope="module")
def store():
    made = Store()
    made.table("data_center").save({"id": "d1", "name": "run-dc", "status": "uninitialized", "local": False})
    for ident, name, description, comment in (("c1", "run-alpha", "first one", "k1"), ("c2", "run-beta", "second one", "k2"),
                                              ("c3", "run-gamma", "third", "k3")):
        made.table("cluster").save({"id": ident, "name": name, "description": description, "comment": comment, "data_center": {"id": "d1"}})
    made.table("tag").save({"id": "t0", "name": "root"})
    made.table("tag").save({"id": "t1", "name": "red", "parent": {"id": "t0"}})
    made.table("tag").save({"id": "t2", "name": "dark", "parent": {"id": "t1"}})
    made.table("host").save({"id": "h1", "name": "node1", "status": "non_responsive", "address": "10.0.0.1", "cluster": {"id": "c1"}})
    made.table("host").save({"id": "h2", "name": "node2", "status": "up", "address": "10.0.0.2", "cluster": {"id": "c2"}})
    for number, status, host, tags in ((1, "up", "h1", ["t1"]), (2, "powering_up", "h2", ["t2"]), (3, "down", None, [])):
        vm = {"id": f"00000000-0000-4000-8000-00000000000{number}", "name": f"vm_{number}", "status": status, "memory": number * 1073741824,
              "cluster": {"id": "c1"}, "_tags": tags}
        if host:
            vm["host"] = {"id": host}
        made.table("vm").save(vm)
    for index, severity in ((1, "normal"), (2, "warning"), (3, "error"), (4, "alert")):
        made.table("event").save({"id": str(index), "index": index, "severity": severity, "code": 30 + index, "description": f"text {index}",
                                  "time": 1_750_000_000_000 - index * 86_400_000, "origin": "oVirt", "vm": {"id": "v", "name": f"vm_{index}"}})
    made.table("event").save({"id": "5", "index": 5, "severity": "error", "code": 1, "description": "gone", "time": 0, "origin": "oVirt", "_deleted": True})
    return made


def names(store, collection, table, **query):
    return [row.get("name", row["id"]) for row in search.run(Asked(store, **query), collection, list(store.table(table)))]


@pytest.mark.parametrize("text, expected", [
    ("name=run-alpha", "a"), ("name=run-ALPHA", "a"), ("name=run-*a sortby name", "abg"), ("name=run*et*", "b"), ("name=run-nosuch", ""),
    ("name=run* and name!=run-beta sortby name", "ag"), ("name=run* and description=first*", "a"), ("name=run-alpha or name=run-beta sortby name desc", "ba"),
    ('name="run-alpha"', "a"), ('description="first one" and name=run*', "a"), ("description=first one", ""), ("name='run-alpha'", ""),
    ("name=run* sortby nosuch", ""), ("Clusters: name=run-alpha", ""), ("Hosts: name=run-alpha", ""), ("run-alpha", "a"), ("run*", "abg"), ('"run-alpha"', "a"),
    ("name=run* and comment=k2", "b"), ("datacenter.name=run-dc sortby name", "abg"), ("datacenter=run-dc sortby name", "abg"), ("datacenter=other", ""),
    ("id=c1", ""), ("name==run", ""), ("nosuch=1", ""), ("name=", ""), ("=x", ""), ("name run", ""), ("name=run* and", ""), ("name=run* or", ""),
    ('name="run', ""), ("(name=run-alpha or name=run-beta) and description=first*", ""), ("name>run", ""), ("name=run%", ""), ("name=run_alpha", ""),
    ("name=run-alpha; drop", ""), ("  name = run-alpha  ", "a"), ("name = run-alpha and description = third", ""), ("name=run* sortby", ""),
    ("name=run* sortby name sideways", ""), ("name=run* SORTBY name DESC", "gba"), ("name=run* AND description=third", "g"), ("Clusters:", ""),
    ("name=run* page 1", "abg"), ("name=run* sortby name page 1", ""), ("name=run* sortby name page x", ""), ("name=run\\*", ""), ('name="run\\"x"', ""),
    ("name=run* and nosuch.name=x", ""), ("name=run* and vms.name=x", ""), ("", "abg"), ("name!=run_alpha", "bg"), ("description!=third", "ab"),
])
def test_clusters(store, text, expected):
    found = names(store, "clusters", "cluster", search=text)
    assert "".join(name[4] for name in found) == expected


@pytest.mark.parametrize("query, expected", [
    ({"search": "name=run-ALPHA", "case_sensitive": "true"}, ""), ({"search": "name=run-ALPHA", "case_sensitive": ""}, ""),
    ({"search": "name=run-alpha", "case_sensitive": "true"}, "a"), ({"search": "name=run-ALPHA", "case_sensitive": "perhaps"}, "a"),
    ({"search": "name=run*", "max": "2"}, "ab"), ({"search": "*", "max": "0"}, ""), ({"max": "1.5"}, "abg"),
    ({"max": "99999999999"}, "abg"), ({"max": ""}, "abg"),
    ({"search": "name=run* sortby name asc page 2", "max": "2"}, "g"), ({"search": "name=run* sortby name desc page 1", "max": "2"}, "gb"),
    ({"search": "name=run* sortby name asc page 3", "max": "2"}, ""),
])
def test_parameters(store, query, expected):
    assert "".join(name[4] for name in names(store, "clusters", "cluster", **query)) == expected


def refusal(store, collection, table, **query):
    with pytest.raises(errors.Answer) as caught:
        names(store, collection, table, **query)
    assert caught.value.status == 400
    return caught.value.detail


def test_refusals_of_the_database_quote_its_statement(store):
    assert refusal(store, "clusters", "cluster", max="-1") == "illegal max count value for query : -1"
    assert refusal(store, "clusters", "cluster", search="name=run* sortby name asc page 0", max="2") == (
        "statementcallback; sql [select * from ((select  cluster view.* from  cluster view   where  cluster view.name ilike 'run%' )  order by name asc nulls "
        "first) as t1 offset (-1 -1) limit 2]; error: offset must not be negative; nested exception is org.postgresql.util.psqlexception: error: offset must "
        "not be negative")
    assert refusal(store, "vms", "vm", search="name=run-1234* sortby name", **{"from": "1"}) == (
        "statementcallback; bad sql grammar [select * from ((select  vms.* from  vms   where  vms.vm name ilike 'run-1234%'  and  vm guid >  1)  order by vm "
        "name asc nulls first) as t1 offset (1 -1) limit 2147483647]; nested exception is org.postgresql.util.psqlexception: error: operator does not exist: "
        "uuid > integer\n  hint: no operator matches the given name and argument types. you might need to add explicit type casts.\n  position: 94")
    assert refusal(store, "clusters", "cluster", search="name=run-1234* sortby name", **{"from": "1"}).endswith("position: 121")
    assert refusal(store, "jobs", "job", search="status=finished") == (
        "statementcallback; bad sql grammar [select * from (select * from job where ( job id in (select distinct job.job id from  job   where  (  ) ))  order "
        "by start time asc) as t1 offset (1 -1) limit 2147483647]; nested exception is org.postgresql.util.psqlexception: error: syntax error at or near "
        "\")\"\n  position: 102")
    assert refusal(store, "instancetypes", "instance_type", search="nosuch=1").endswith(
        "error: column instance types storage domain.tag name does not exist\n  position: 569")


@pytest.mark.parametrize("text, expected", [
    ("status=up", [1]), ("status=poweringup", [2]), ("status=powering_up", []), ("status!=down", [1, 2]), ("host=node1", [1]), ("host.name=node*", [1, 2]),
    ("hosts.status=nonresponsive", [1]), ("host.name=node1 and host.status=up", []), ("on_host=node2", [2]),
    ("memory>1024", [2, 3]), ("memory>=1024", [1, 2, 3]),
    ("memory=x", []), ("tag=red", [1, 2]), ("tag=dark", [2]), ("tag=d*", [2]), ("tag=root", []), ("id=00000000-0000-4000-8000-000000000002", [2]),
    ("cluster=run-alpha", [1, 2, 3]), ("datacenter=run-dc and status=down", [3]), ("hostile", []), ("vm_1", [1]),
    ("status=up or status=down sortby memory desc", [3, 1]),
    ("name=vm_1 and status=up or name=vm_3", [1, 3]), ("name=vm*", [1, 2, 3]), ("name=vm?1", []), ("name!=vm_1", [2, 3]),
])
def test_vms(store, text, expected):
    assert [int(name[-1]) for name in names(store, "vms", "vm", search=text)] == expected


def test_id_that_is_none_is_refused_by_the_database(store):
    assert 'error: invalid input syntax for type uuid: "x"' in refusal(store, "vms", "vm", search="id=x")


@pytest.mark.parametrize("query, expected", [
    ({}, "4321"), ({"search": "severity>=error"}, "43"), ({"search": "severity=alert", "max": "1"}, "4"), ({"search": "sortby time asc"}, "4321"),
    ({"from": "2"}, "43"),
    ({"search": "event_vm=vm_2"}, "2"), ({"search": "type=31"}, "1"), ({"search": "type=x"}, ""), ({"search": "name=none"}, ""),
    ({"search": "time>yesterday"}, "1"),
    ({"search": "text"}, "4321"), ({"search": "page 2", "max": "3"}, "1"),
])
def test_events(store, query, expected):
    assert "".join(row["id"] for row in search.run(Asked(store, **query), "events", list(store.table("event")))) == expected


class Named(dict):
    """A row that counts how often the name of one of its kind is looked at."""

    looks = 0

    def get(self, name, default=None):
        Named.looks += name == "name"
        return super().get(name, default)

    def __getitem__(self, name):
        Named.looks += name == "name"
        return super().__getitem__(name)


def test_a_name_among_many_is_found_by_an_index():
    made = Store()
    for number in range(1000):
        made.table("vm").save(Named(id=str(number), name=f"vm{number}"))
    rows = list(made.table("vm"))
    search.run(Asked(made, search="name=vm1"), "vms", rows)
    Named.looks = 0
    for number in range(20):
        assert len(search.run(Asked(made, search=f"name=VM{number}"), "vms", rows)) == 1
    assert 0 < Named.looks < 100


def _searches():
    from ansible_collections.virtops.ovirt.extensions.engine.vocabulary import COLLECTIONS, ENTITIES, ENUMS

    values = {"text": "a*", "number": "1", "integer": "1", "decimal": "1.5", "amount": "1", "exact": "x", "flag": "true", "time": "today", "date": "today",
              "span": "1.02:30", "listed": "x", "tagged": "x*", "quota": "null", "id": "00000000-0000-0000-0000-000000000000"}
    for collection, word in COLLECTIONS.items():
        for path, fields in [("", ENTITIES[word].fields), *((f"{cross}.", ENTITIES[_singular(cross)].fields) for cross in ENTITIES[word].crosses)]:
            for field in fields.values():
                value = list(ENUMS[field.enum])[0] if field.enum else values[field.kind]
                yield collection, f'{path}{field.verb}{field.relations[-1]}"{value}"'


def _singular(word):
    from ansible_collections.virtops.ovirt.extensions.engine.vocabulary import singular
    return singular(word)


def test_every_word_can_be_searched():
    """On the estate of a fresh engine, through the API where it has the collection."""
    import base64

    from ansible_collections.virtops.ovirt.extensions.engine.app import Engine

    engine = Engine(password="secret", speed=0, seed=1)
    login = "Basic " + base64.b64encode(b"admin@internal:secret").decode()
    wrong = []
    for collection, text in _searches():
        if collection in ("providers", "glustervolumes"):
            continue
        target = f"/ovirt-engine/api/{collection}?search={_quoted(text)}"
        status = engine.handle(Request("GET", target, {"authorization": login, "accept": "application/json"})).status
        if status != 200:
            wrong.append((status, collection, text))
    engine.close()
    assert wrong == []
