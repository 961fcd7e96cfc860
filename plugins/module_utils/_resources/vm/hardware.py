# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NUMA nodes of a VM, and devices that its host lends it: lists that are made true like those of NICs and disks.

The engine looks at all nodes with each request: their indices have to go from 0 without a gap, their memory must not exceed the VM's, and no
processor may be in two of them. The order of the requests keeps to that all the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    NEEDS_DOWN,
    NEXT_RUN,
    Enum,
    Int,
    ListOf,
    Size,
    Struct,
    Text,
    Wire,
    dig,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import CREATE, REMOVE, UPDATE, Problem, Reader, Situation, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.devices import GONE_MARK, Named

MIB = 1024 ** 2


class Mebibytes(Size):
    """A size of which the engine keeps mebibytes."""

    def accept(self, given: Any, option: str) -> Any:
        size = super().accept(given, option)
        if size % MIB:
            raise InvalidInput(f"{option} is {given!r}, and has to be in whole mebibytes.")
        return size

    def from_wire(self, value: Any) -> Any:
        return int(value) * MIB

    def to_wire(self, native: Any) -> Any:
        return native // MIB


class Index(Int):
    """A number that is an object of its own on the wire."""

    def from_wire(self, value: Any) -> Any:
        return int(value["index"])

    def to_wire(self, native: Any) -> Any:
        return {"index": native}


class HostDevices(Named):
    """Devices that a user asked for; what comes along in the same IOMMU group is no choice of anybody."""

    def read(self, wire: Wire) -> Any:
        found = dig(wire, self.where)
        return [self.each.from_wire(one) for one in found if str(one.get("placeholder")).lower() != "true"] if isinstance(found, list) else []


NUMA_NODES = Named(
    "numa_nodes",
    (
        "NUMA nodes that the guest sees, told apart by O(numa_nodes[].index). "
        "Listed ones are made true, others are left alone unless O(purge_numa_nodes=true).",
        "A VM that runs has a change from its next start. Indices go from V(0) without a gap.",
    ),
    path="numa_nodes.vm_numa_node",
    each=Struct(
        "node",
        "",
        fields=(
            Int("index", "Number of the node, from V(0).", least=0, needed=True),
            Mebibytes("memory", "Its memory, for example V(2GiB). A new node needs it."),
            ListOf("cpus", "Numbers of the virtual processors that are in it. A new node needs them.", path="cpu.cores.core", each=Index("index", "", least=0)),
            Enum(
                "mode",
                "Where its memory is taken from: from the nodes it is pinned to alone (V(strict)), from all in turn (V(interleave)), or from one as far as "
                "it goes (V(preferred), for a single pinned node). V(interleave) when a new node leaves it out.",
                path="numa_tune_mode",
                choices=("strict", "interleave", "preferred"),
            ),
            ListOf(
                "pins",
                "NUMA nodes of the host that it is pinned to. Needs O(placement.hosts).",
                path="numa_node_pins.numa_node_pin",
                each=Index("index", "", least=0),
            ),
            Enum("state", "V(absent) removes it.", choices=("present", "absent"), write_only=True),
        ),
    ),
    keys=("index",),
    effect=NEXT_RUN,
)

HOST_DEVICES = HostDevices(
    "host_devices",
    (
        "Devices of the host that are passed through, told apart by O(host_devices[].name).",
        "Listed ones are made true, others are left alone unless O(purge_host_devices=true).",
        "Needs O(placement.hosts) with exactly one host, and a VM that is down. What is in the same IOMMU group comes along.",
    ),
    path="host_devices.host_device",
    each=Struct(
        "device",
        "",
        fields=(
            Text("name", "Name on the host, for example V(pci_0000_65_00_0).", needed=True),
            Enum("state", "V(absent) gives it back.", choices=("present", "absent"), write_only=True),
            Text("capability", "Kind of device, for example C(pci).", read_only=True),
            Text("vendor", "Vendor.", path="vendor.name", read_only=True),
            Text("product", "Product.", path="product.name", read_only=True),
            Int("iommu_group", "IOMMU group.", read_only=True),
        ),
    ),
    keys=("name",),
    effect=NEEDS_DOWN,
)


def see_nodes(reader: Reader, wire: Wire) -> Wire:
    """NUMA nodes, which cannot be read along with the VM."""
    found = reader.get(f"vms/{wire['id']}/numanodes") or {}
    return {**wire, "numa_nodes": found}


def ids_of(wire: Wire | None) -> dict[int, str]:
    """Ids of NUMA nodes by their index."""
    return {int(one["index"]): one["id"] for one in dig(wire, "numa_nodes.vm_numa_node") or []}


# -- rules


def numa_in_place(situation: Situation) -> Iterator[Problem]:
    current = (situation.current or {}).get("numa_nodes") or []
    wanted = situation.wanted.get("numa_nodes")
    if wanted is None:
        return
    for item in wanted:
        if GONE_MARK not in item and NUMA_NODES.match(item, current) is None and not (item.get("memory") and item.get("cpus")):
            yield Problem(f"{situation.title} has no NUMA node {item['index']}, and it cannot be made without memory and cpus.", "Add them.")
    there = sorted(one["index"] for one in NUMA_NODES.merged(wanted, current))
    if there != list(range(len(there))):
        yield Problem(
            f"{situation.title} would have NUMA nodes with the indices {', '.join(map(str, there))}, which have to go from 0 without a gap.",
            "Name the missing ones, or remove those behind the gap.",
        )


# -- steps


def numa_steps(situation: Situation) -> list[Step]:
    wanted = situation.wanted.get("numa_nodes")
    current = {one["index"]: one for one in (situation.current or {}).get("numa_nodes") or []}
    if wanted is None or NUMA_NODES.same(wanted, list(current.values())):
        return []
    after = {one["index"]: one for one in NUMA_NODES.merged(wanted, list(current.values()))}
    kept = {index: one for index, one in current.items() if index in after}
    order = _in_order(kept, after)
    given_up: list[Step] = []
    if order is None:
        # Processors change places between nodes: each first gives up those that go to others. None is removed, which would lose what else it has.
        given_up, kept = _given_up(situation, kept, after)
        order = list(kept)
    gone = [_remove(situation, index) for index in sorted(set(current) - set(kept), reverse=True)]
    changed = [_change(situation, index, kept[index], after[index]) for index in order if not NUMA_NODES.each.same(_sendable(after[index]), kept[index])]
    return gone + given_up + changed + [_add(situation, after[index]) for index in sorted(set(after) - set(kept))]


def _given_up(situation: Situation, kept: Mapping[int, Any], after: Mapping[int, Any]) -> tuple[list[Step], dict[int, Any]]:
    """The steps in which nodes give up what others are to have, memory first, and the nodes as they are then."""
    steps, then = [], dict(kept)
    for index in sorted(kept, key=lambda index: (after[index]["memory"] or 0) - (kept[index]["memory"] or 0)):
        less = {**kept[index], "cpus": [cpu for cpu in kept[index]["cpus"] if cpu in after[index]["cpus"]]}
        if (after[index]["memory"] or 0) < (kept[index]["memory"] or 0):
            less["memory"] = after[index]["memory"]
        if not NUMA_NODES.each.same(_sendable(less), kept[index]):
            says = f"take from NUMA node {index} of {situation.title} what others are to have"
            steps.append(replace(_change(situation, index, kept[index], less), says=says))
            then[index] = less
    return steps, then


def _in_order(kept: Mapping[int, Any], after: Mapping[int, Any]) -> list[int] | None:
    """The nodes that stay in an order in which none takes what another still has: memory or processors. None where there is no such order."""
    order = sorted(kept, key=lambda index: (after[index]["memory"] or 0) - (kept[index]["memory"] or 0))
    has = {index: set(one["cpus"]) for index, one in kept.items()}
    for index in order:
        takes = set(after[index]["cpus"])
        if any(takes & cpus for other, cpus in has.items() if other != index):
            return None
        has[index] = takes
    return order


def _sendable(node: Any) -> Any:
    return {name: value for name, value in node.items() if name in ("index", "memory", "cpus", "mode", "pins") and value is not None}


def _base(situation: Situation) -> str:
    return f"{situation.own_path}/numanodes"


def _add(situation: Situation, node: Any) -> Step:
    body = NUMA_NODES.each.to_wire(_sendable(node))
    return Step(CREATE, f"add NUMA node {node['index']} to {situation.title}", _base(situation), body=body, look_for=("index", str(node["index"])))


def _change(situation: Situation, index: int, now: Any, node: Any) -> Step:
    changed = {name: value for name, value in _sendable(node).items() if not NUMA_NODES.each.same({name: value}, now)}
    path = f"{_base(situation)}/{ids_of(situation.wire)[index]}"
    return Step(UPDATE, f"change {', '.join(changed)} of NUMA node {index} of {situation.title}", path, body=NUMA_NODES.each.to_wire(changed))


def _remove(situation: Situation, index: int) -> Step:
    return Step(REMOVE, f"remove NUMA node {index} of {situation.title}", f"{_base(situation)}/{ids_of(situation.wire)[index]}")


def less_room(situation: Situation) -> bool:
    """Whether NUMA nodes have to change before the VM: it gets less memory or fewer processors than they have."""
    current = situation.current
    if current is None:
        return False
    before, after = current.get("cpu") or {}, {**(current.get("cpu") or {}), **(situation.wanted.get("cpu") or {})}
    fewer = _count(after) < _count(before)
    return fewer or bool(situation.wanted.get("memory") and current.get("memory") and situation.wanted["memory"] < current["memory"])


def _count(cpu: Mapping[str, Any]) -> int:
    return (cpu.get("sockets") or 1) * (cpu.get("cores") or 1) * (cpu.get("threads") or 1)


def host_device_steps(situation: Situation, *, gone: bool) -> Iterator[Step]:
    """Those given back, or those taken."""
    current = (situation.current or {}).get("host_devices")
    base = f"{situation.own_path}/hostdevices"
    for item in situation.wanted.get("host_devices") or []:
        there = HOST_DEVICES.match(item, current) is not None
        name = item["name"]
        if gone and GONE_MARK in item and there:
            yield Step(REMOVE, f"give back host device {name} of {situation.title}", f"{base}/{name.encode().hex()}")
        elif not gone and GONE_MARK not in item and not there:
            yield Step(CREATE, f"pass host device {name} through to {situation.title}", base, body={"name": name}, look_for=("name", name))
