# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Affinity labels: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-affinity_label

The engine keeps their VMs and hosts in collections of their own, and removes a label only when nothing carries it any more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, ListOf, Ref, Text, Wire
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import CREATE, REMOVE, Problem, Reader, Resource, Situation, Step, Work
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, remove_step, update_steps


class Carriers(ListOf):
    def write(self, body: Wire, native: Any) -> None:
        """See ``steps``."""


HOSTS = Carriers(
    "hosts", "Hosts, by name or id, that carry it, managed as a whole; an empty list takes it off all of them.", path="_hosts", each=Ref("host", "", to="host")
)
# A VM says itself which labels it has: one place for each thing that is said.
VMS = Carriers("vms", "VMs that carry it.", path="_vms", each=Ref("vm", "", to="vm"), read_only=True)


def complete(reader: Reader, wire: Wire) -> Wire:
    base = f"affinitylabels/{wire['id']}"
    return {**wire, "_vms": reader.list(f"{base}/vms"), "_hosts": reader.list(f"{base}/hosts")}


def rules(situation: Situation) -> Iterator[Problem]:
    current = situation.current or {}
    if situation.state.exists or situation.wanted.get("force"):
        return
    carriers = [f"{kind} {one['name'] or one['id']}" for kind, option in (("VM", "vms"), ("host", "hosts")) for one in current.get(option) or []]
    if carriers:
        yield Problem(f"{situation.title} is carried by {', '.join(carriers)}.", "Take it off them first, or set force: true to have that done.")


def steps(situation: Situation) -> Work:
    work = Work()
    if not situation.state.exists:
        if situation.current is not None:
            work.steps.extend([*_carried(situation, VMS, []), *_carried(situation, HOSTS, []), remove_step(situation)])
        return work
    if situation.current is None:
        work.steps.append(create_step(situation))
    elif any(change.option != "hosts" for change in situation.changes()):
        work.steps.extend(update_steps(situation))
    if "hosts" in situation.wanted:
        work.steps.extend(_carried(situation, HOSTS, situation.wanted["hosts"]))
    return work


def _carried(situation: Situation, carriers: Carriers, wanted: list[Wire]) -> Iterator[Step]:
    """What brings the label to those wanted and takes it off the others."""
    base, words = f"{situation.own_path}/{carriers.option}", carriers.each.option
    now = {one["id"]: one for one in (situation.current or {}).get(carriers.option) or []}
    for one in wanted:
        if one["id"] not in now:
            yield Step(CREATE, f"put {situation.title} on {words} {one['name']}", base, body={"id": one["id"]})
    for identifier, one in now.items():
        if identifier not in {wish["id"] for wish in wanted}:
            yield Step(REMOVE, f"take {situation.title} off {words} {one['name']}", f"{base}/{identifier}")


AFFINITY_LABEL = Resource(
    kind="affinity_label",
    words="affinity label",
    collection="affinitylabels",
    summary="Manage affinity labels",
    about=("VMs with an affinity label run on hosts that carry the same one. VMs are given theirs with O(virtops.ovirt.vm#module:affinity_labels).",),
    fields=(
        Text("name", "Name, unique in the engine: letters, digits, C(-) and C(_)."),
        Bool("implicit_affinity_group", "Whether its VMs also stay together, as those of an affinity group do.", path="has_implicit_affinity_group"),
        HOSTS,
        VMS,
        Bool("read_only", "Whether it is the engine's own, and cannot be changed.", read_only=True),
    ),
    arguments=(Bool("force", "With O(state=absent), whether it is taken off the VMs and hosts that carry it. Otherwise that is an error."),),
    rules=(rules,),
    complete=complete,
    steps=steps,
    searchable=False,
)
