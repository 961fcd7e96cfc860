# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Affinity labels: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-affinity_label

The engine keeps their VMs and hosts in collections of their own, and removes a label only when nothing carries it any more.
"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, ListOf, Ref, Text, Wire
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import REMOVE, Problem, Reader, Resource, Situation, Step, Work
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, remove_step, update_steps


# VMs and hosts say themselves which labels they have: one place for each thing that is said.
HOSTS = ListOf("hosts", "Hosts that carry it.", path="_hosts", each=Ref("host", "", to="host"), read_only=True)
VMS = ListOf("vms", "VMs that carry it.", path="_vms", each=Ref("vm", "", to="vm"), read_only=True)


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
            work.steps.extend([*_taken_off(situation, VMS), *_taken_off(situation, HOSTS), remove_step(situation)])
    elif situation.current is None:
        work.steps.append(create_step(situation))
    else:
        work.steps.extend(update_steps(situation))
    return work


def _taken_off(situation: Situation, carriers: ListOf) -> Iterator[Step]:
    for one in (situation.current or {}).get(carriers.option) or []:
        yield Step(REMOVE, f"take {situation.title} off {carriers.each.option} {one['name']}", f"{situation.own_path}/{carriers.option}/{one['id']}")


AFFINITY_LABEL = Resource(
    kind="affinity_label",
    words="affinity label",
    collection="affinitylabels",
    summary="Manage affinity labels",
    about=(
        "VMs with an affinity label run on hosts that carry the same one.",
        "VMs are given theirs with O(virtops.ovirt.vm#module:affinity_labels), hosts with O(virtops.ovirt.host#module:affinity_labels).",
    ),
    fields=(
        Text("name", "Name, unique in the engine: letters, digits, C(-) and C(_)."),
        Bool(
            "implicit_affinity_group",
            "Whether its VMs also stay together, as those of an affinity group do.",
            path="has_implicit_affinity_group",
            fixed=True,
        ),
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
