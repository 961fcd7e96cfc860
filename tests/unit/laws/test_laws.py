# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What holds for every kind, tried on the embedded engine in process."""
from __future__ import annotations

from typing import Any

import pytest
import requests
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE
from in_process import WRITES, Estate
from samples import SAMPLES, STAGE, reference, removal

KINDS = sorted(set(CATALOGUE) & set(SAMPLES))


def staged(kind: str) -> Estate:
    estate = Estate()
    for name in SAMPLES[kind].stands_on:
        estate.made(*STAGE[name])
    estate.line.writes.clear()
    return estate


def built(kind: str) -> Estate:
    estate = staged(kind)
    estate.made(kind, SAMPLES[kind].options)
    estate.line.writes.clear()
    return estate


def parents(kind: str) -> dict[str, Any]:
    """The options that name what the sample is inside."""
    return {under.option: SAMPLES[kind].options[under.option] for under in CATALOGUE[kind].under if under.option in SAMPLES[kind].options}


def shown(result: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    return {name: result["after"].get(name) for name in options if name in result["after"]}


def covers(predicted: Any, found: Any) -> bool:
    """Whether everything that was predicted came true; what the engine chose by itself, the id of a new part too, could not be predicted."""
    if isinstance(predicted, dict) and isinstance(found, dict):
        return all(covers(value, found.get(name)) for name, value in predicted.items() if (name, value) != ("id", None))
    if isinstance(predicted, list) and isinstance(found, list):
        return len(predicted) == len(found) and all(map(covers, predicted, found))
    return bool(predicted == found)


def steady(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what the engine tells of one object only, and not in its lists: the size of a disk with its snapshots."""
    return [{name: value for name, value in one.items() if name != "total_size"} for one in objects]


def test_every_kind_has_a_sample() -> None:
    assert set(SAMPLES) == set(CATALOGUE)


@pytest.mark.parametrize("kind", KINDS)
def test_made_once(kind: str) -> None:
    estate, sample = staged(kind), SAMPLES[kind]
    planned = estate.run(kind, sample.options, check=True)
    assert planned["changed"] and not planned.get("failed"), planned.get("msg", planned)
    assert estate.line.writes == [], "check mode wrote"
    made = estate.run(kind, sample.options)
    assert made["changed"] and not made.get("failed"), made.get("msg", made)
    assert made["warnings"] == []
    assert planned["diff"] == made["diff"]
    assert [step["says"] for step in planned["steps"]] == [step["says"] for step in made["steps"]]
    assert covers(shown(planned, sample.options), shown(made, sample.options)), (planned["after"], made["after"])
    estate.line.writes.clear()
    again = estate.run(kind, sample.options)
    assert not again["changed"] and not again.get("failed"), again.get("msg", again)
    assert estate.line.writes == []
    assert again["after"] == again["before"]
    by_id = estate.run(kind, {**parents(kind), "id": made["id"]})
    assert by_id["id"] == made["id"] and not by_id["changed"]


@pytest.mark.parametrize(("kind", "place"), [(kind, place) for kind in KINDS for place in range(len(SAMPLES[kind].changes))])
def test_changed_once(kind: str, place: int) -> None:
    estate, sample = built(kind), SAMPLES[kind]
    for change in sample.changes[:place]:
        estate.made(kind, {**reference(kind), **change})
    options = {**reference(kind), **sample.changes[place]}
    fields = {item.option for item in CATALOGUE[kind].fields}
    changed = {name: value for name, value in sample.changes[place].items() if name in fields}
    estate.line.writes.clear()
    planned = estate.run(kind, options, check=True)
    assert planned["changed"] and not planned.get("failed"), planned.get("msg", planned)
    assert estate.line.writes == [], "check mode wrote"
    made = estate.run(kind, options)
    assert made["changed"] and not made.get("failed"), made.get("msg", made)
    assert made["warnings"] == []
    # NUMA nodes that exchange processors give them up in a request of its own.
    puts = [path for method, path in estate.line.writes if method == "PUT" and "/numanodes/" not in path]
    assert len(puts) == len(set(puts)), "one PUT for each object"
    assert planned["diff"] == made["diff"]
    if changed:
        assert set(made["diff"]["after"]) == set(changed)
    assert covers(shown(planned, changed), shown(made, changed)), (planned["after"], made["after"])
    assert planned["after"].get("status") == made["after"].get("status")
    estate.line.writes.clear()
    again = estate.run(kind, options)
    assert not again["changed"] and not again.get("failed"), again.get("msg", again)
    assert estate.line.writes == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if SAMPLES[kind].clears])
def test_an_empty_value_clears_and_a_missing_one_is_not_managed(kind: str) -> None:
    estate, sample = built(kind), SAMPLES[kind]
    for change in sample.changes:
        if set(change) & set(sample.clears):
            estate.made(kind, {**reference(kind), **change})
    before = estate.run(kind, reference(kind))
    assert not before["changed"]
    cleared = estate.run(kind, {**reference(kind), **sample.clears})
    assert cleared["changed"] and not cleared.get("failed"), cleared.get("msg", cleared)
    assert cleared["warnings"] == []
    assert not any(shown(cleared, sample.clears).values())
    assert not estate.run(kind, {**reference(kind), **sample.clears})["changed"]


@pytest.mark.parametrize("kind", KINDS)
def test_gone_once(kind: str) -> None:
    estate = built(kind)
    options = removal(kind)
    planned = estate.run(kind, options, check=True)
    assert planned["changed"] and not planned.get("failed"), planned.get("msg", planned)
    assert estate.line.writes == []
    gone = estate.run(kind, options)
    assert gone["changed"] and gone["after"] == {} and not gone.get("failed"), gone.get("msg", gone)
    assert [step["says"] for step in planned["steps"]] == [step["says"] for step in gone["steps"]]
    estate.line.writes.clear()
    again = estate.run(kind, options)
    assert not again["changed"] and not again.get("failed"), again.get("msg", again)
    assert estate.line.writes == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if SAMPLES[kind].fixed])
def test_what_cannot_change_is_refused_before_a_write(kind: str) -> None:
    estate, sample = built(kind), SAMPLES[kind]
    refused = estate.run(kind, {**reference(kind), **sample.fixed})
    assert refused["failed"] and all(name in refused["msg"] for name in sample.fixed), refused.get("msg", refused)
    assert estate.line.writes == []


@pytest.mark.parametrize(("kind", "option"), [(kind, option) for kind in KINDS for option in SAMPLES[kind].needs])
def test_what_is_needed_is_named(kind: str, option: str) -> None:
    estate = staged(kind)
    refused = estate.run(kind, {name: value for name, value in SAMPLES[kind].options.items() if name != option})
    assert refused["failed"] and option in refused["msg"], refused.get("msg", refused)
    assert estate.line.writes == []


@pytest.mark.parametrize(("kind", "place"), [(kind, place) for kind in KINDS for place in range(len(SAMPLES[kind].bad))])
def test_bad_input_is_named_before_a_write(kind: str, place: int) -> None:
    estate = staged(kind)
    bad = SAMPLES[kind].bad[place]
    refused = estate.run(kind, {**SAMPLES[kind].options, **bad})
    assert refused["failed"], refused.get("msg", refused)
    assert any(name in refused["msg"] or str(value) in refused["msg"] for name, value in bad.items()), refused["msg"]
    assert estate.line.writes == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if SAMPLES[kind].twins])
def test_two_of_one_name_are_an_error_with_both_ids(kind: str) -> None:
    estate = built(kind)
    first = estate.run(kind, reference(kind))["id"]
    by = CATALOGUE[kind].field_of(CATALOGUE[kind].identity.by)
    name = SAMPLES[kind].options[by.option]
    if by.fixed:
        vm = estate.run("vm", {"name": SAMPLES[kind].options["vm"]})["id"]
        other = estate.client().create(f"vms/{vm}/snapshots", {by.where: name})["id"]
    else:
        other = estate.made(kind, {**SAMPLES[kind].options, by.option: f"{name}-2"})["id"]
        estate.made(kind, {"id": other, by.option: name})
    estate.line.writes.clear()
    refused = estate.run(kind, reference(kind))
    assert refused["failed"] and first in refused["msg"] and other in refused["msg"], refused.get("msg", refused)
    assert estate.line.writes == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_lost_answer_makes_no_second_object(kind: str) -> None:
    estate, sample = staged(kind), SAMPLES[kind]
    lost: list[str] = []

    def lose(method: str, path: str) -> None:
        if method == "POST" and "/sso" not in path and not lost:
            lost.append(path)
            raise requests.exceptions.ConnectionError("the line broke")

    estate.line.after = lose
    first = estate.run(kind, sample.options)
    assert lost
    again = estate.run(kind, sample.options)
    assert not again.get("failed") and not again["changed"], (first, again)
    by = CATALOGUE[kind].identity.by
    assert len(estate.info(kind, {**parents(kind), by: sample.options[by]})[CATALOGUE[kind].many]) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_token_that_expires_on_the_way_does_not_matter(kind: str) -> None:
    estate, sample = staged(kind), SAMPLES[kind]
    asked = [0]

    def expire(_method: str, path: str) -> None:
        if "/sso" not in path:
            asked[0] += 1
            if asked[0] == 3:
                estate.engine.sso.forget()

    estate.line.before = expire
    made = estate.run(kind, sample.options)
    assert made["changed"] and not made.get("failed"), made.get("msg", made)


@pytest.mark.parametrize("kind", KINDS)
def test_info_has_the_shape_of_the_state_module(kind: str) -> None:
    estate, sample, resource = built(kind), SAMPLES[kind], CATALOGUE[kind]
    now = estate.run(kind, sample.options)
    by, parent = resource.identity.by, parents(kind)
    by_name = estate.info(kind, {**parent, by: sample.options[by]})
    assert steady(by_name[resource.many]) == steady([now["after"]])
    assert steady(estate.info(kind, {**parent, "id": [now["id"]]})[resource.many]) == steady([now["after"]])
    assert steady([now["after"]])[0] in steady(estate.info(kind, parent)[resource.many])
    assert estate.info(kind, {**parent, by: "no such"})[resource.many] == []
    assert not any(method in WRITES for method, _path in estate.line.writes)
