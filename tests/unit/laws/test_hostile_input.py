# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever a user writes, a task answers in words, and never with a defect of the collection."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._catalogue import OPERATIONS
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Field, Group, ListOf, Ref, Struct
from in_process import Estate
from samples import ESTATE, SAMPLES, STAGE

EMPTY = ("", [""], ["", ""], [None])


def places(item: Field) -> Iterator[tuple[Any, ...]]:
    """The ways to every reference and list in an option: names, and 0 for the element of a list."""
    if isinstance(item, ListOf):
        yield (item.option,)
        for inner in places(item.each):
            yield (item.option, 0, *inner[1:])
    elif isinstance(item, (Struct, Group)):
        for inner_field in item.fields:
            for inner in places(inner_field):
                yield (item.option, *inner)
    elif isinstance(item, Ref):
        yield (item.option,)


def placed(way: tuple[Any, ...], value: Any) -> Any:
    for step in reversed(way):
        value = [value] if step == 0 else {step: value}
    return value


def stage() -> Estate:
    estate = Estate()
    for name in ("tag", "affinity label", *ESTATE, "network", "vm with a disk", "template"):
        estate.made(*STAGE[name])
    estate.line.writes.clear()
    return estate


@pytest.fixture(scope="module")
def estate() -> Estate:
    return stage()


@pytest.mark.parametrize("kind", sorted(CATALOGUE))
def test_nothing_where_an_object_is_named_is_no_defect(estate: Estate, kind: str) -> None:
    for item in CATALOGUE[kind].options:
        for way in places(item):
            for empty in EMPTY:
                for base in (SAMPLES[kind].options, {**SAMPLES[kind].options, CATALOGUE[kind].identity.by: "stage"}):
                    options = {**base, **placed(way, empty)}
                    said = estate.run(kind, options, check=True)
                    assert "please report it" not in said.get("msg", ""), (way, empty, said["msg"])


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_nor_in_an_operation(estate: Estate, name: str) -> None:
    for item in OPERATIONS[name].options:
        for way in places(item):
            for empty in EMPTY:
                said = estate.operate(name, placed(way, empty), check=True)
                assert "please report it" not in said.get("msg", ""), (way, empty, said["msg"])
    assert estate.line.writes == []
