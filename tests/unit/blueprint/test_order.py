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
