# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of VMs: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-snapshot"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import utc
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Field, ListOf, Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    ACT,
    GONE,
    LOOK,
    PRESENT,
    Identity,
    Leaves,
    Problem,
    Reader,
    Resource,
    Settle,
    Situation,
    State,
    Step,
    Under,
    Work,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, remove_step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.rest import FALLING, PASSING, rest

MADE = Settle(read="snapshot_status", good=frozenset({"ok"}))
PREVIEWED = Settle(read="snapshot_status", good=frozenset({"in_preview"}))

PREVIEWED_STATE = State(
    "previewed", "The VM, which has to be down, shows what it was then; to be followed by V(committed) or V(undone). With O(restore_memory) it is "
                 "suspended meanwhile.")
COMMITTED_STATE = State(
    "committed",
    "The VM is what it was then, for good; newer snapshots are gone. Ends a preview, or begins and ends one. Nothing is done where no newer snapshot was "
    "taken and the VM has not run since.",
)
UNDONE_STATE = State("undone", "A preview of it is ended, and the VM is again what it was before.")
RESTORED_STATE = State(
    "restored", "The VM, which has to be down, is made what it was then, in one request; newer snapshots are gone. This is done every time."
)
ABSENT_STATE = State("absent", "It does not exist. Of a VM that runs it is merged live, and that is waited for.", exists=False)

AT_REST = frozenset({"up", "down", "paused"})
"""A snapshot can be made and removed while its VM is so."""
END_PREVIEW = "End it with state: committed or undone first."


class Moment(Field):
    """Milliseconds since the epoch on the wire."""

    ansible_type = "int"

    def from_wire(self, value: Any) -> Any:
        return int(value)


class MomentText(Text):
    """The same for people."""

    def from_wire(self, value: Any) -> Any:
        return utc(int(value) / 1000)


class AtCreation(Bool):
    """Says how it is made. One that is there already stays what it is."""

    def same(self, wanted: Any, current: Any) -> bool:
        return current is not None


def complete(reader: Reader, wire: Wire) -> Wire:
    """With the snapshots that were taken after it."""
    siblings = reader.once(collection_of(wire)) if wire.get("snapshot_type") == "regular" and wire.get("href") else []
    newer = [one for one in siblings if one.get("snapshot_type") == "regular" and taken(one) > taken(wire)]
    return {**wire, "_newer": [str(one.get("description")) for one in sorted(newer, key=taken)]}


def taken(wire: Wire) -> float:
    """When it was taken; one that has no date yet is newer than all."""
    return float(wire.get("date") or "inf")


def collection_of(wire: Wire) -> str:
    """``vms/ID/snapshots``, out of the snapshot's own address."""
    return str(wire["href"]).rpartition("/")[0].partition("/api/")[2]


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    facts = dict(situation.facts)
    path = situation.collection.rsplit("/", 1)[0]
    facts["path"] = path
    facts["siblings"] = reader.once(situation.collection)
    if situation.current is not None and situation.state.name == "present" and "disks" not in situation.wanted:
        # It is there, and stays as it is.
        return {**facts, "vm_wire": {}}
    facts["vm_wire"] = reader.get(path, follow=("disk_attachments.disk",)) or {}
    attached = dig(facts["vm_wire"], "disk_attachments.disk_attachment") or []
    wanted = situation.wanted.get("disks")
    if wanted is not None:
        facts["disks"], facts["unknown"] = [], []
        for text in wanted:
            found = [one["id"] for one in attached if text in (one["id"], dig(one, "disk.alias"))]
            if len(found) > 1:
                ids = ", ".join(sorted(found))
                raise Ambiguous(f"disks: {len(found)} disks of VM {facts['vm_wire'].get('name')} are called {text!r}, with the ids {ids}.", hint="Give the id.")
            facts["disks" if found else "unknown"].append(found[0] if found else text)
    if situation.current is not None and not situation.state.exists and facts["vm_wire"].get("status") in ("up", "paused"):
        plugged = {one["id"] for one in attached if one.get("active") == "true"}
        facts["unplugged"] = [disk.get("alias") for disk in reader.list(f"{situation.own_path}/disks") if disk["id"] not in plugged]
    return facts


def rules(situation: Situation) -> Iterator[Problem]:
    facts, state, current = situation.facts, situation.state.name, situation.current
    status = str(facts["vm_wire"].get("status") or "")
    vm = f"VM {facts['vm_wire'].get('name')}"
    shown = next((one for one in facts["siblings"] if one.get("snapshot_status") == "in_preview"), None)
    preview = Problem(f"{vm} shows a preview of snapshot {shown.get('description')!r}.", END_PREVIEW) if shown is not None else None
    for text in facts.get("unknown") or []:
        yield Problem(f"{vm} has no disk {text!r}.", "Give names or ids of disks that are attached to it.")
    if current is None:
        if state not in ("present", "absent"):
            yield Problem(f"{vm} has no {situation.title}.", "Make it first, with state: present.")
        elif state == "present" and preview is not None:
            yield preview
        elif state == "present" and status not in AT_REST | PASSING:
            yield Problem(f"{vm} is {status}; a snapshot needs it up, paused or down.", f"Bring it there first{_how(status)}.")
        return
    if current.get("type") != "regular" and state != "present":
        yield Problem(f"{situation.title} of {vm} is no snapshot that was taken: its type is {current.get('type')}.", "Name another one.")
        return
    mine = current.get("status") == "in_preview"
    if preview is not None and (state in ("restored", "absent") or state in ("previewed", "committed") and not mine):
        yield preview
    elif _reverts(situation) and status not in _from(situation) | FALLING:
        yield Problem(f"{vm} is {status}; it has to be down for that.", f"Bring it to state stopped "
                                                                        f"first{', which gives its memory up' * (status == 'suspended')}.")
    elif state == "absent" and status not in AT_REST | PASSING:
        yield Problem(f"{vm} is {status}; a snapshot can be removed while it is up, paused or down.", f"Bring it there first{_how(status)}.")
    if state == "absent" and facts.get("unplugged"):
        disks = ", ".join(facts["unplugged"])
        yield Problem(
            f"{situation.title} of {vm}, which is {status}, holds disks that are not plugged into it any more: {disks}.",
            "Plug them, or stop the VM, and the snapshot can be removed.",
        )


def _how(status: str) -> str:
    return ": start or stop it" if status == "suspended" else ""


def _reverts(situation: Situation) -> bool:
    """Whether the state asks for a request that makes the VM another one."""
    current, state = situation.current or {}, situation.state.name
    mine = current.get("status") == "in_preview"
    return state == "restored" or state == "previewed" and not mine or state == "undone" and mine or state == "committed" and (mine or not _stands(situation))


def _from(situation: Situation) -> frozenset[str]:
    """How the VM may be. One that shows a preview with its memory is suspended, and goes from there."""
    return frozenset({"down", "suspended"} if (situation.current or {}).get("status") == "in_preview" else {"down"})


def _stands(situation: Situation) -> bool:
    """Whether the VM is what the snapshot holds: nothing newer was taken, and the VM has not run since. With its memory it is suspended."""
    current, vm = situation.current or {}, situation.facts["vm_wire"]
    active = next((one for one in situation.facts["siblings"] if one.get("snapshot_type") == "active"), None)
    ran = max(int(vm.get(name) or 0) for name in ("start_time", "stop_time"))
    return vm.get("status") in FALLING | {"down", "suspended"} and not current.get("newer") and active is not None and ran <= int(active["date"])


def shape_body(body: Wire, situation: Situation) -> Wire:
    body.setdefault("persist_memorystate", False)
    if "disks" in situation.facts:
        chosen = [{"disk": {"id": one}} for one in situation.facts["disks"]]
        # The engine fails at an empty list; an attachment without a disk means none (``BackendSnapshotsResource.mapDisks``).
        body["disk_attachments"] = {"disk_attachment": chosen or [{}]}
    return body


def born(situation: Situation) -> Leaves:
    return ((f"{situation.collection}/{{new}}", {"snapshot_type": "regular"}),)


def steps(situation: Situation) -> Work:
    work = Work()
    facts, state = situation.facts, situation.state.name
    if state == "absent":
        if situation.current is not None:
            work.steps += [*rest(facts["vm_wire"], facts["path"], AT_REST), remove_step(situation)]
    elif situation.current is None:
        _make(work, situation)
    elif state == "present":
        if situation.current.get("status") == "locked":
            work.steps.append(Step(LOOK, f"wait for {situation.title}", situation.own_path, settle=MADE))
            work.leads["status"] = "ok"
        if situation.wanted.get("memory") and not situation.current.get("memory"):
            work.warnings.append(f"{situation.title} is there already, and has no memory.")
    elif _reverts(situation):
        work.steps += [*rest(facts["vm_wire"], facts["path"], _from(situation)), *_reverting(situation)]
        work.leads["status"] = "in_preview" if state == "previewed" else "ok"
        if state in ("committed", "restored"):
            work.leads["newer"] = []
    return work


def _make(work: Work, situation: Situation) -> None:
    vm = situation.facts["vm_wire"]
    if situation.wanted.get("memory") and vm.get("status") == "down":
        situation.wanted["memory"] = False
        work.warnings.append(f"VM {vm.get('name')} is down: there is no memory to keep in {situation.title}.")
    work.steps += [*rest(vm, situation.facts["path"], AT_REST), create_step(situation)]


def _reverting(situation: Situation) -> list[Step]:
    state, path, title = situation.state.name, situation.facts["path"], situation.title
    memory = {"restore_memory": bool(situation.wanted.get("restore_memory"))}
    if state == "undone":
        return [Step(ACT, f"undo the preview of {title}", path, verb="undosnapshot", settle=MADE, watch=situation.own_path)]
    if state == "restored":
        return [Step(ACT, f"restore {title}", situation.own_path, verb="restore", body=memory, settle=MADE)]
    preview = Step(
        ACT,
        f"preview {title}",
        path,
        verb="previewsnapshot",
        body={"snapshot": {"id": situation.identifier}, **memory},
        settle=PREVIEWED,
        watch=situation.own_path,
    )
    if state == "previewed":
        return [preview]
    commit = Step(ACT, f"commit {title}", path, verb="commitsnapshot", settle=MADE, watch=situation.own_path)
    return [commit] if (situation.current or {}).get("status") == "in_preview" else [preview, commit]


SNAPSHOT = Resource(
    kind="snapshot",
    words="snapshot",
    collection="snapshots",
    summary="Manage snapshots of VMs",
    about=(
        "Takes, previews, commits, restores and removes snapshots of a VM, told apart by their description.",
        "Two snapshots of one description are an error that lists their ids and dates, unless O(id) is given.",
        "A VM on its way (starting, stopping, migrating, locked) is waited for; one that stays as it is is refused before anything is written.",
        "A live snapshot that the engine shows as C(ok) may still fail afterwards; the module waits for the engine's job and tells why it failed.",
    ),
    identity=Identity(by="description"),
    under=(Under("vm", "vm", "vms/{id}/snapshots", "VM, by name or id."),),
    fields=(
        Text("description", "Description, which is its name.", fixed=True),
        AtCreation(
            "memory",
            "At creation, whether the memory of a VM that runs is kept, too. V(false) when it is left out. A VM that is down has none.",
            path="persist_memorystate",
        ),
        Enum(
            "status",
            "Status: C(ok), C(locked) while it is made or removed, or C(in_preview).",
            path="snapshot_status",
            choices=("ok", "locked", "in_preview"),
            read_only=True,
        ),
        Enum(
            "type",
            "C(regular), C(active), C(stateless) or C(preview).",
            path="snapshot_type",
            choices=("active", "preview", "regular", "stateless"),
            read_only=True,
        ),
        Moment("date", "When it was taken, in milliseconds since the epoch.", read_only=True),
        MomentText("taken", "The same as text, in UTC.", path="date", read_only=True),
        ListOf(
            "newer",
            "Descriptions of the snapshots that were taken after it; they go when it is committed or restored.",
            path="_newer",
            each=Text("description", ""),
            read_only=True,
        ),
    ),
    arguments=(
        ListOf(
            "disks",
            "At creation, disks by name or id that are part of it; all of them when it is left out, and only the configuration of the VM when it is empty.",
            each=Text("disk", ""),
        ),
        Bool("restore_memory", "Whether a preview, commit or restore brings the memory back, too."),
    ),
    states=(PRESENT, PREVIEWED_STATE, COMMITTED_STATE, UNDONE_STATE, RESTORED_STATE, ABSENT_STATE),
    complete=complete,
    gather=gather,
    rules=(rules,),
    shape_body=shape_body,
    steps=steps,
    born=born,
    settles=MADE,
    removed=GONE,
    searchable=False,
)
