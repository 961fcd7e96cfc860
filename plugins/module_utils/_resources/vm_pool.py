# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VM pools: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-vm_pool

A pool has no status. While its VMs are made the engine holds it, and the VM that it shows of them is locked. It only ever gets larger, and what it is made
with mostly stays (observed: name, type, stateful and auto_storage_select are refused).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Int, ListOf, Ref, Text, Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    GONE,
    UPDATE,
    Problem,
    Reader,
    Resource,
    Settle,
    Situation,
    Step,
    Work,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, remove_step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import VM, placing, version_of

MADE = Settle(read="vm.status", busy=frozenset({"image_locked"}))
VMS = "_vms"
NAMED_AT_MOST = 20


def _machines(reader: Reader, name: Any) -> Wires:
    """The VMs of the pool; names of pools have no quotes in them."""
    return sorted((one for one in reader.list("vms", search=f'pool="{name}"') if one.get("vm_pool")), key=lambda one: str(one.get("name")))


def see_machines(reader: Reader, wire: Wire) -> Wire:
    mine = [one for one in _machines(reader, wire.get("name")) if dig(one, "vm_pool.id") == wire["id"]]
    return {**wire, VMS: [{"id": one["id"], "name": one.get("name")} for one in mine]}


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    facts, wanted = dict(situation.facts), situation.wanted
    if not situation.state.exists and situation.current is not None:
        mine = [one for one in _machines(reader, situation.current["name"]) if dig(one, "vm_pool.id") == situation.identifier]
        facts["running"] = [str(one.get("name")) for one in mine if one.get("status") not in ("down", "image_locked")]
    if situation.state.exists and wanted.get("template") and wanted.get("template_version"):
        wanted["template"] = version_of(reader, wanted["template"], wanted["template_version"])
    facts["unplaced"] = placing.pool_warnings(reader, situation)
    return facts


def rules(situation: Situation) -> Iterator[Problem]:
    title, wanted, current = situation.title, situation.wanted, situation.current
    if not situation.state.exists:
        running = situation.facts.get("running")
        if running and not wanted.get("force"):
            more = f" and {len(running) - NAMED_AT_MOST} more" if len(running) > NAMED_AT_MOST else ""
            yield Problem(
                f"VMs of {title} run: {', '.join(running[:NAMED_AT_MOST])}{more}. The engine stops and removes them together with it.",
                "Set force: true if that is meant, or stop them first.",
            )
        return
    if current is not None and wanted.get("size", current["size"]) < current["size"]:
        yield Problem(f"{title} has {current['size']} VMs, and the engine does not make a pool smaller.", "Leave size as it is.")
    size, prestarted = situation.effective("size"), situation.effective("prestarted")
    if "prestarted" in wanted and (prestarted or 0) > (size or 0):
        yield Problem(f"{title} cannot have {prestarted} VMs that are started in advance among its {size or 0}.", "Raise size, or lower prestarted.")


def steps(situation: Situation) -> Work:
    work = Work()
    if not situation.state.exists:
        if situation.current is not None:
            work.steps.append(remove_step(situation))
        return work
    work.warnings.extend(situation.facts["unplaced"])
    size = situation.effective("size")
    settle = replace(MADE, until=partial(_has, size), tells=partial(_tell, size))
    if situation.current is None:
        work.steps.append(replace(create_step(situation), settle=settle))
        return work
    changed = [change.option for change in situation.changes()]
    if changed:
        body = situation.resource.body(situation, changed)
        says = f"change {', '.join(changed)} of {situation.title}"
        work.steps.append(Step(UPDATE, says, situation.own_path, body=body, settle=settle if "size" in changed else None))
    return work


def _has(size: int, wire: Wire) -> bool:
    return int(wire.get("size") or 0) >= (size or 0)


def _tell(size: int, wire: Wire) -> str:
    return f"it has {wire.get('size')} of {size} VMs"


VM_POOL = Resource(
    kind="vm_pool",
    words="VM pool",
    collection="vmpools",
    summary="Manage pools of VMs",
    about=(
        "A pool lends VMs of one template to its users. Their configuration is that of the template; M(virtops.ovirt.template) makes it.",
        "VMs that the pool makes are waited for until none is locked any more.",
        "The engine makes pools larger and never smaller. Removing a pool removes its VMs.",
    ),
    fields=(
        Text(
            "name",
            "Name, unique in the engine. Numbers of its VMs take the place of one run of question marks in it, or come behind it after a dash.",
            fixed=True,
        ),
        Text("description", "Description."),
        Text("comment", "Comment."),
        Ref("cluster", "Cluster, by name or id, its VMs are in.", to="cluster", needed=True, fixed=True),
        replace(
            VM.field_of("template"),
            doc="Template, by name or id, its VMs are made from. Of several versions the newest, unless O(template_version) says which.",
            on_create=None,
            needed=True,
        ),
        Int("size", "Number of VMs. It can only be raised.", least=1, needed=True),
        Int("prestarted", "Number of VMs that are started before anybody asks for them.", path="prestarted_vms", least=0),
        Int("vms_per_user", "Most VMs of the pool that a user can have.", path="max_user_vms", least=1),
        Enum(
            "type",
            "Whether the engine takes back a VM that its user has stopped (V(automatic)), or an administrator does (V(manual)). V(automatic) when left out.",
            choices=("automatic", "manual"),
            fixed=True,
        ),
        Bool("stateful", "Whether what a guest writes is kept when its VM goes back to the pool.", fixed=True),
        Bool(
            "auto_storage_select",
            "Whether each disk is made on the storage domain with most space of those that have the template's.",
            fixed=True,
        ),
        Bool("use_latest_template_version", "Whether VMs are made again from the newest version of the template when they start."),
        ListOf("vms", "Its VMs.", path=VMS, each=Ref("vm", "", to="vm"), read_only=True),
    ),
    arguments=(
        Int("template_version", "Number of the version of O(template).", least=1),
        Bool("force", "With O(state=absent), whether VMs of the pool that run may be stopped and removed. Otherwise that is an error."),
    ),
    unlisted=frozenset({"vms"}),
    beside={"vms": see_machines},
    rules=(rules,),
    gather=gather,
    steps=steps,
    settles=MADE,
    removed=GONE,
)
