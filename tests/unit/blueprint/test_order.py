# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a blueprint does, and in which order, against the embedded engine in process."""
from __future__ import annotations

from typing import Any

from in_process import Estate

CPU = "Intel Haswell Family"


def center(name: str) -> dict[str, list[dict[str, Any]]]:
    """A data center with all that a VM needs."""
    return {
        "data_center": [{"name": name}],
        "cluster": [{"name": name, "data_center": name, "cpu_type": CPU}],
        "host": [{"name": name, "address": f"{name}.example.com", "cluster": name, "root_password": "secret-of-root", "state": "up"}],
        "storage_domain": [{"name": name, "data_center": name, "storage": {"type": "nfs", "address": "nas.example.com", "path": f"/{name}"}}],
    }


def together(*documents: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    kinds = dict.fromkeys(kind for document in documents for kind in document)
    return {kind: [entry for document in documents for entry in document.get(kind, [])] for kind in kinds}


def once(estate: Estate, document: dict[str, Any]) -> dict[str, Any]:
    """Carries it out, and finds that a second run changes nothing."""
    made = estate.blueprint({"document": document})
    assert not made.get("failed"), made["msg"]
    again = estate.blueprint({"document": document})
    assert not again.get("failed") and not again["changed"], again.get("msg", again.get("plan"))
    return made


def test_vms_of_one_name_in_two_data_centers_are_two() -> None:
    estate = Estate()
    document = together(center("a"), center("b"), {"vm": [{"name": "web", "cluster": "a"}, {"name": "web", "cluster": "b"}]})
    made = once(estate, document)
    assert len([one for one in made["results"] if one["kind"] == "vm"]) == 2
    beside = {"name": "beside", "data_center": "a", "cpu_type": CPU}
    estate.made("cluster", beside)
    refused = estate.blueprint({"document": {"vm": [{"name": "web", "cluster": "a"}, {"name": "web", "cluster": "beside"}]}}, check=True)
    assert refused["failed"] and "vm[1] (web): is the same VM as vm[0] (web)" in refused["msg"]


def test_what_vms_have_from_their_template_is_read_once() -> None:
    estate = Estate()
    estate.blueprint({"document": together(center("a"), {"vm": [{"name": "origin", "cluster": "a",
                     "disks": [{"name": "s", "size": "1GiB", "storage_domain": "a"}]}]})})
    estate.made("template", {"name": "golden", "vm": "origin"})
    estate.line.reads.clear()
    vms = [{"name": f"vm{number}", "cluster": "a", "template": "golden", "disks": [{"name": "s", "size": "2GiB"}]} for number in range(4)]
    made = once(estate, {"vm": vms})
    assert [len(one["after"]["disks"]) for one in made["results"]] == [1] * 4
    assert len([path for path in estate.line.reads if path.startswith("templates/")]) == 1


def skipped(result: dict[str, Any]) -> list[str]:
    return [place.partition(" ")[0] for place in result["skipped_entries"]]


def test_what_failed_stops_only_what_needs_it() -> None:
    estate = Estate()
    a, b = center("a"), center("b")
    b["host"][0]["address"] = a["host"][0]["address"]
    document = together(a, b, {"vm": [{"name": "a", "cluster": "a", "disks": [
                        {"name": "a", "size": "1GiB", "storage_domain": "a"}]}, {"name": "b", "cluster": "b"}]})
    made = estate.blueprint({"document": document})
    assert made["failed"] and made["failed_entries"] == ["host[1] (b)"]
    assert skipped(made) == ["storage_domain[1]", "vm[1]"]
    assert {one["name"] for one in made["results"] if one["kind"] == "vm" and one["changed"]} == {"a"}


def test_one_host_of_a_data_center_is_enough() -> None:
    estate = Estate()
    a = center("a")
    a["host"].append({**a["host"][0], "name": "second"})
    made = estate.blueprint({"document": together(a, {"vm": [{"name": "web", "cluster": "a"}]})})
    assert made["failed"] and len(made["failed_entries"]) == 1 and made["skipped_entries"] == []
    assert estate.info("vm", {"name": ["web"]})["vms"] != []


def test_a_storage_domain_that_fails_stops_only_what_is_on_it() -> None:
    estate = Estate()
    a = center("a")
    a["storage_domain"].append({"name": "bad", "data_center": "a", "storage": {"type": "nfs", "address": "nas.example.com", "path": "/a"}})
    vms = [{"name": name, "cluster": "a", "disks": [{"name": "s", "size": "1GiB", "storage_domain": name}]} for name in ("a", "bad")]
    made = estate.blueprint({"document": together(a, {"vm": vms})})
    assert made["failed"] and made["failed_entries"] == ["storage_domain[1] (bad)"] and skipped(made) == ["vm[1]"]


def test_data_comes_first_in_any_order_of_the_list() -> None:
    a = center("a")
    others = [
        {"name": name, "data_center": "a", "type": kind, "storage": {"type": "nfs", "address": "nas.example.com", "path": f"/{name}"}}
        for name, kind in (("isos", "iso"), ("out", "export"), ("data2", "data"), ("data3", "data"))
    ]
    for domains in ([*others, *a["storage_domain"]], [*a["storage_domain"], *others]):
        once(Estate(), {**a, "storage_domain": domains})


def test_vms_are_started_after_their_affinity_group_is_there() -> None:
    estate = Estate()
    a = center("a")
    a["host"].append({**a["host"][0], "name": "second", "address": "second.example.com"})
    vms = [
        {"name": f"db{number}", "cluster": "a", "disks": [{"name": f"db{number}", "size": "1GiB", "storage_domain": "a", "bootable": True}], "state": "running"}
        for number in (1, 2)
    ]
    group = {"name": "apart", "cluster": "a", "vms": ["db1", "db2"], "vms_rule": "negative", "vms_enforcing": True}
    document = together(a, {"affinity_group": [group], "vm": vms})
    planned = estate.blueprint({"document": document}, check=True)
    order = [(one["place"].partition(" ")[0], one["action"]) for one in planned["plan"] if one["kind"] in ("vm", "affinity_group")]
    starts = [("vm[0]", "change"), ("vm[1]", "change")]
    assert sorted(order) == sorted([("vm[0]", "create"), ("vm[1]", "create"), ("affinity_group[0]", "create"), *starts])
    estate.line.writes.clear()
    once(estate, document)
    writes = [path.rpartition("/")[2] for _method, path in estate.line.writes]
    assert writes.index("affinitygroups") < writes.index("start") and writes.count("start") == 2
    running = estate.info("vm", {"name": ["db1", "db2"]})["vms"]
    assert len({vm["host"]["name"] for vm in running}) == 2
    stopped = estate.made("vm", {"name": "db1", "state": "stopped", "force": True, "grace_period": 0})
    assert stopped["after"]["status"] == "down"
    document["vm"][0]["description"] = "other"
    again = estate.blueprint({"document": document}, check=True)
    assert [(one["place"], one["action"]) for one in again["plan"]] == [("vm[0] (db1)", "change"), ("vm[0] (db1)", "change")]
    once(estate, document)


def test_levels_are_raised_in_the_order_that_the_engine_takes() -> None:
    estate = Estate()

    def at(version: str) -> dict[str, Any]:
        document = center("a")
        for kind in ("data_center", "cluster"):
            document[kind][0].update(compatibility_version=version, description=version)
        return document

    once(estate, at("4.6"))
    planned = estate.blueprint({"document": at("4.7")}, check=True)
    assert [one["kind"] for one in planned["plan"]] == ["cluster", "data_center"]
    made = once(estate, together(at("4.7"), {"network": [{"name": "lan", "data_center": "a", "clusters": [{"cluster": "a"}]}]}))
    assert made["skipped_entries"] == [] and {one["kind"] for one in made["results"]} == {"cluster", "data_center", "network"}
