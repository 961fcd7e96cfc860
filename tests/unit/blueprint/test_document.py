# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is made of a document: its order, and all that is wrong with it at once."""
from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._blueprint.document import InvalidDocument, Reading, read, tell
from ansible_collections.virtops.ovirt.plugins.module_utils._module.blueprint import _check


def of(document: Mapping[str, Any]) -> Reading:
    return read(document, _check)


def places(document: Mapping[str, Any]) -> list[str]:
    return [entry.place for entry in of(document).entries]


def machines(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"name": f"vm{number}", "cluster": f"c{number % 20}", "memory": "1GiB", **more} for number in range(count)]


def test_what_others_need_comes_first_and_goes_last() -> None:
    document = {
        "vm": [{"name": "web", "cluster": "c", "nics": [{"name": "nic1", "vnic_profile": "lan"}]}],
        "network": [{"name": "lan", "data_center": "d", "clusters": [{"cluster": "c"}]}],
        "cluster": [{"name": "c", "data_center": "d"}],
        "data_center": [{"name": "d"}],
    }
    assert places(document) == ["data_center[0] (d)", "cluster[0] (c)", "network[0] (lan)", "vm[0] (web)"]
    gone = {kind: [{**section[0], "state": "absent"}] for kind, section in document.items()}
    order = places(gone)
    assert order.index("vm[0] (web)") < order.index("network[0] (lan)") < order.index("cluster[0] (c)") < order.index("data_center[0] (d)")


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"vmm": []}, ["vmm: there is no such kind. Did you mean vm?"]),
        ({"vm": {}}, ["vm: has to be a list"]),
        ({"vm": ["web"]}, ["vm[0]: has to be a dictionary"]),
        ({"vm": [{"name": "a", "cpus": 2}]}, ["vm[0] (a): cpus. Supported"]),
        ({"vm": [{"name": "a", "memory": "a lot"}]}, ["vm[0] (a): memory"]),
        ({"vm": [{"memory": "1GiB"}]}, ["vm[0]: "]),
        ({"vm": [{"name": "a"}, {"name": "b"}, {"name": "a"}]}, ["vm[2] (a): is the same VM as vm[0] (a)."]),
        (
            {"network": [{"name": "n", "data_center": "d", "clusters": [{"cluster": "c"}]}],
             "cluster": [{"name": "c", "data_center": "d", "management_network": "n"}]},
            ["network[0] (n) -> cluster[0] (c) -> network[0] (n)"],
        ),
        ({"vm": [{"name": "a", "cpus": 2}, {"name": "b", "memory": "much"}], "disks": []}, ["vm[0] (a)", "vm[1] (b)", "disks: there is no such kind"]),
    ],
)
def test_all_that_is_wrong_is_named_with_its_place(document: dict[str, Any], said: Sequence[str]) -> None:
    problems = [problem.message + " " + problem.hint for problem in of(document).problems]
    assert len(problems) == len(said), problems
    for text in said:
        assert any(text in problem for problem in problems), (text, problems)


def test_a_hundred_thousand_entries_are_read_in_a_time_that_grows_with_their_number() -> None:
    """Ten times the entries may take ten times as long (with room for a busy machine), not a hundred times."""

    def seconds(count: int) -> float:
        document = {
            "cluster": [{"name": f"c{number}", "data_center": "d"} for number in range(20)],
            "storage_domain": [{"name": f"s{number}", "data_center": "d"} for number in range(20)],
            "vm": [*machines(count), *({"name": f"old{number}", "state": "absent"} for number in range(count))],
            "disk": [{"name": f"old{number}", "state": "absent"} for number in range(count // 2)],
        }
        begun = time.process_time()
        assert len(of(document).entries) == 40 + 2 * count + count // 2
        return time.process_time() - begun

    few = seconds(4_000)
    assert seconds(40_000) < 25 * few


def test_of_many_problems_a_message_names_some_and_the_rest_is_data() -> None:
    reading = of({"vm": machines(2_000, nonsense=1)})
    with pytest.raises(InvalidDocument, match="2000 problems.*And 1950 more") as failed:
        tell(reading.problems)
    assert len(failed.value.told) == 2_000 and failed.value.told[1_999].startswith("vm[1999] (vm1999): nonsense")
