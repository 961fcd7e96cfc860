# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields: what users write, what the engine sends, and when the two are the same."""
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    LIVE,
    NEEDS_DOWN,
    NEXT_RUN,
    Bool,
    Enum,
    Field,
    Int,
    ListOf,
    Mac,
    Map,
    Ref,
    SecretText,
    Size,
    Struct,
    Switch,
    Text,
    Version,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES

ID = "6f6ba5e4-6b1e-4f6e-9f6a-0123456789ab"
RANGE = Struct("range", "", fields=(Mac("from", ""), Mac("to", "")))


@pytest.mark.parametrize(
    ("field", "wire", "native"),
    [
        (Text("name", ""), {"name": "x"}, "x"),
        (Text("name", ""), {}, ""),
        (Bool("stp", ""), {"stp": "true"}, True),
        (Bool("stp", ""), {"stp": False}, False),
        (Bool("stp", "", absent=True), {}, True),
        (Int("mtu", ""), {"mtu": "1500"}, 1500),
        (Int("id", "", path="vlan.id"), {"vlan": {"id": "7"}}, 7),
        (Int("id", "", path="vlan.id"), {"vlan": {}}, None),
        (Size("memory", ""), {"memory": "1073741824"}, 1073741824),
        (Enum("status", "", choices=("up",)), {"status": "UP"}, "up"),
        (Switch("pass_through", "", path="pass_through.mode"), {"pass_through": {"mode": "enabled"}}, True),
        (Version("level", "", path="version"), {"version": {"major": "4", "minor": "10"}}, "4.10"),
        (Version("level", "", path="version"), {}, ""),
        (Ref("cluster", "", to="cluster"), {"cluster": {"id": ID, "link": []}}, {"id": ID}),
        (Ref("cluster", "", to="cluster"), {"cluster": {}}, None),
        (Map("properties", "", path="p.property"), {"p": {"property": [{"name": "a", "value": "1"}, {"name": "b"}]}}, {"a": "1", "b": ""}),
        (ListOf("devices", "", path="boot.devices.device"), {"boot": {"devices": {"device": ["hd", "network"]}}}, ["hd", "network"]),
        (ListOf("devices", "", path="boot.devices.device"), {"boot": {"devices": {}}}, []),
        (ListOf("ranges", "", path="ranges.range", each=RANGE), {"ranges": {"range": [{"from": "02:00:00:00:00:0A", "to": "02:00:00:00:00:0B"}]}},
         [{"from": "02:00:00:00:00:0a", "to": "02:00:00:00:00:0b"}]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Field) else None,
)
def test_read(field: Field, wire: dict[str, Any], native: Any) -> None:
    assert field.read(wire) == native


@pytest.mark.parametrize(
    ("field", "given", "body"),
    [
        (Size("memory", ""), "1 GiB", {"memory": 1073741824}),
        (Version("level", "", path="version"), "4.7", {"version": {"major": 4, "minor": 7}}),
        (Switch("pass_through", "", path="pass_through.mode"), False, {"pass_through": {"mode": "disabled"}}),
        (Text("description", ""), "", {"description": ""}),
        (ListOf("ranges", "", path="ranges.range", each=RANGE), [{"from": "020000000000", "to": "02-00-00-00-00-01"}],
         {"ranges": {"range": [{"from": "02:00:00:00:00:00", "to": "02:00:00:00:00:01"}]}}),
        (ListOf("names", "", path="names.name"), [], {"names": {"name": []}}),
        (Map("properties", "", path="p.property"), {"n": 4, "yes": True}, {"p": {"property": [{"name": "n", "value": "4"}, {"name": "yes", "value": "true"}]}}),
        (Struct("ksm", "", fields=(Bool("enabled", ""), Bool("merge", "", path="merge_across_nodes"))), {"merge": False, "enabled": None},
         {"ksm": {"merge_across_nodes": False}}),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Field) else None,
)
def test_write(field: Field, given: Any, body: dict[str, Any]) -> None:
    written: dict[str, Any] = {}
    field.write(written, field.accept(given, field.option))
    assert written == body


def test_a_reference_is_written_by_its_id_and_cleared_by_an_empty_object() -> None:
    ref, body = Ref("filter", "", path="network_filter", to="network_filter"), {}
    ref.write(body, {"id": ID, "name": "clean-traffic"})
    assert body == {"network_filter": {"id": ID}}
    ref.write(body, ref.resolve(ref.accept("", "filter"), lambda _ref, _text: {}))
    assert body == {"network_filter": {}}


@pytest.mark.parametrize(
    ("field", "given", "said"),
    [
        (Int("mtu", "", least=0, most=10), 11, "mtu is 11, and has to be from 0 to 10."),
        (Int("mtu", "", least=5), 4, "at least 5"),
        (Size("size", ""), "10G", "size: '10G' is ambiguous"),
        (Version("level", ""), "4", "such as '4.7'"),
        (Mac("mac", ""), "02:00", "has to be a MAC address"),
        (Ref("cluster", "", to="cluster"), " x", "does not begin or end with a space"),
        (ListOf("ranges", "", each=RANGE), [{"from": "x", "to": "020000000000"}], "ranges[0].from is 'x'"),
        (Struct("storage", "", fields=(Text("type", "", needed=True),)), {}, "storage.type is missing"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Field) else None,
)
def test_what_is_wrong_is_named(field: Field, given: Any, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        field.accept(given, field.option)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("field", "wanted", "current", "same"),
    [
        (Text("d", ""), "", None, True),
        (Text("d", ""), "x", None, False),
        (Bool("b", ""), False, None, True),
        (Bool("b", "", absent=True), True, None, True),
        (Int("v", "", none=-1), -1, None, True),
        (Int("v", "", none=-1), -1, 5, False),
        (Ref("r", "", to="vm"), {"id": ID, "name": "a"}, {"id": ID, "name": "b"}, True),
        (Ref("r", "", to="vm"), {}, None, True),
        (Ref("r", "", to="vm"), {}, {"id": ID}, False),
        (ListOf("l", ""), ["a", "b"], ["b", "a"], True),
        (ListOf("l", "", ordered=True), ["a", "b"], ["b", "a"], False),
        (ListOf("l", ""), ["a", "a"], ["a", "b"], False),
        (ListOf("l", ""), [], None, True),
        (Struct("s", "", fields=(Bool("x", ""), Bool("y", ""))), {"x": True}, {"x": True, "y": True}, True),
        (Struct("s", "", fields=(Bool("x", ""), SecretText("p", ""))), {"p": "secret"}, {"x": True}, True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Field) else None,
)
def test_same(field: Field, wanted: Any, current: Any, same: bool) -> None:
    assert field.same(wanted, current) is same


def test_a_struct_shows_only_what_differs_and_keeps_the_rest() -> None:
    struct = Struct("s", "", fields=(Bool("x", "", effect=LIVE), Bool("y", "", effect=NEXT_RUN), SecretText("p", "")))
    wanted, current = {"x": True, "y": False, "p": "secret"}, {"x": True, "y": True}
    assert struct.differing(wanted, current) == ({"y": True}, {"y": False})
    assert struct.merged(wanted, current) == {"x": True, "y": False}
    assert struct.effect_of(wanted, current) == NEXT_RUN


def test_the_gravest_effect_counts() -> None:
    struct = Struct("s", "", fields=(Int("a", "", effect=LIVE), Int("b", "", effect=lambda wanted, current: NEEDS_DOWN if wanted < current else LIVE)))
    assert struct.effect_of({"a": 2, "b": 1}, {"a": 1, "b": 2}) == NEEDS_DOWN
    assert struct.effect_of({"a": 2, "b": 3}, {"a": 1, "b": 2}) == LIVE


def every_field(fields: Any) -> list[Field]:
    found = []
    for item in fields:
        inner = item.each if isinstance(item, ListOf) else item
        found += [item, inner, *(every_field(inner.fields) if isinstance(inner, Struct) else [])]
    return found


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_a_declaration_is_sound(kind: str) -> None:
    resource = CATALOGUE[kind]
    names = [item.option for item in (*resource.fields, *resource.arguments)]
    assert len(names) == len(set(names)), "an option twice"
    assert resource.identity.by in names
    fields = every_field((*resource.fields, *resource.arguments))
    for ref in fields:
        if isinstance(ref, Ref):
            assert ref.to in REFERENCES, f"{ref.option} refers to {ref.to!r}"
    for item in (*resource.fields, *resource.arguments):
        assert item.doc, f"{item.option} is not documented"
        assert not (item.read_only and item.needed)
    assert all(under.to in REFERENCES for under in resource.under)
    assert kind in REFERENCES or resource.under or kind in ("snapshot",)


@pytest.mark.parametrize("given", [4, "4", "512", 1024 * 1024 - 1])
def test_a_small_number_without_a_unit_is_no_size(given: Any) -> None:
    with pytest.raises(InvalidInput, match=f"memory is {given} without a unit") as refused:
        Size("memory", "").accept(given, "memory")
    assert f"{given}GiB, {given}MiB" in str(refused.value)


@pytest.mark.parametrize(("given", "size"), [(0, 0), ("512B", 512), ("4KiB", 4096), (1024 ** 2, 1024 ** 2), (str(4 * 1024 ** 3), 4 * 1024 ** 3)])
def test_other_sizes_are_taken(given: Any, size: int) -> None:
    assert Size("memory", "").accept(given, "memory") == size


@pytest.mark.parametrize(("given", "named"), [
    ("web", "web"), ("", ""), ({"id": "1", "name": "web"}, "1"), (str({"id": "1", "name": "web"}), "1"), ("{'id': None, 'name': 'web'}", "web"),
    ("{web}", "{web}"),
])
def test_a_reference_is_taken_as_results_show_it(given: Any, named: str) -> None:
    assert Ref("tag", "", to="tag").accept(given, "tag") == named
    assert ListOf("tags", "", each=Ref("tag", "", to="tag")).accept([given], "tags") == ([named] if named else [])
