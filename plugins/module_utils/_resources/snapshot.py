# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of VMs: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-snapshot"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Field, ListOf, Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    ACT,
    GONE,
    PRESENT,
    Identity,
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

MADE = Settle(read="snapshot_status", good=frozenset({"ok"}))
PREVIEWED = Settle(read="snapshot_status", good=frozenset({"in_preview"}))

PREVIEWED_STATE = State("previewed", "The VM, which has to be down, shows what it was then; to be followed by V(committed) or V(undone).")
COMMITTED_STATE = State("committed", "The VM is what it was then, for good; newer snapshots are gone. Ends a preview, or begins and ends one.")
UNDONE_STATE = State("undone", "A preview of it is ended, and the VM is again what it was before.")
RESTORED_STATE = State("restored", "The VM, which has to be down, is made what it was then, in one request. This is done every time.")
ABSENT_STATE = State("absent", "It does not exist. Of a VM that runs it is merged live, and that is waited for.", exists=False)


class Moment(Field):
    """Milliseconds since the epoch on the wire."""

    ansible_type = "int"

    def from_wire(self, value: Any) -> Any:
        return int(value)


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    facts = dict(situation.facts)
    path = situation.collection.rsplit("/", 1)[0]
    facts["path"] = path
    facts["vm_wire"] = reader.get(path, follow=("disk_attachments.disk",)) or {}
    facts["siblings"] = reader.list(situation.collection)
    wanted = situation.wanted.get("disks")
    if wanted is not None:
        attached = dig(facts["vm_wire"], "disk_attachments.disk_attachment") or []
        facts["disks"], facts["unknown"] = [], []
        for text in wanted:
            found = [one["id"] for one in attached if text in (one["id"], dig(one, "disk.alias"))]
            facts["disks" if len(found) == 1 else "unknown"].append(found[0] if len(found) == 1 else text)
    return facts


def rules(situation: Situation) -> Iterator[Problem]:
    facts, name = situation.facts, situation.state.name
    status = str(facts["vm_wire"].get("status") or "")
    vm = f"VM {facts['vm_wire'].get('name')}"
    previewed = next((one for one in facts["siblings"] if one.get("snapshot_status") == "in_preview"), None)
    for text in facts.get("unknown") or []:
        yield Problem(f"{vm} has no disk {text!r}, or several of that name.", "Give names or ids of disks that are attached to it.")
    if situation.current is None:
        if name in ("previewed", "committed", "undone", "restored"):
            yield Problem(f"{vm} has no {situation.title}.", "Make it first, with state: present.")
        elif name == "present" and previewed is not None:
            yield Problem(f"{vm} shows a preview of snapshot {previewed.get('description')!r}.", "End it with state: committed or undone first.")
        elif name == "present" and status not in ("up", "down", "paused", "powering_up"):
            yield Problem(f"{vm} is {status}; a snapshot needs it up, paused or down.", "Wait until it is, or stop it.")
        return
    mine = situation.current.get("status") == "in_preview"
    if name == "previewed" and previewed is not None and not mine:
        yield Problem(f"{vm} shows a preview of snapshot {previewed.get('description')!r} already.", "End it with state: committed or undone first.")
    if name in ("previewed", "committed", "restored") and not mine and status != "down":
        yield Problem(f"{vm} is {status}; it has to be down for that.", "Bring it to state stopped first.")
    if name == "restored" and previewed is not None:
        yield Problem(f"{vm} shows a preview.", "End it with state: committed or undone first.")
    if name == "absent":
        if previewed is not None:
            yield Problem(f"{vm} shows a preview of snapshot {previewed.get('description')!r}.", "End it with state: committed or undone first.")
        elif status not in ("up", "down", "paused"):
            yield Problem(f"{vm} is {status}; a snapshot can be removed while it is up, paused or down.", "Wait until it is, or stop it.")


def shape_body(body: Wire, situation: Situation) -> Wire:
    body.setdefault("persist_memorystate", False)
    if "disks" in situation.facts:
        body["disk_attachments"] = {"disk_attachment": [{"disk": {"id": one}} for one in situation.facts["disks"]]}
    return body


def steps(situation: Situation) -> Work:
    work = Work()
    current, name, path = situation.current, situation.state.name, situation.facts["path"]
    if name == "absent":
        if current is not None:
            work.steps.append(remove_step(situation))
        return work
    if current is None:
        if name == "present":
            work.steps.append(create_step(situation))
        return work
    mine = current.get("status") == "in_preview"
    preview = Step(
        ACT,
        f"preview {situation.title}",
        path,
        verb="previewsnapshot",
        body={"snapshot": {"id": situation.identifier}, "restore_memory": bool(situation.wanted.get("restore_memory"))},
        settle=PREVIEWED,
        watch=situation.own_path,
    )
    if name == "previewed" and not mine:
        work.steps.append(preview)
        work.leads["status"] = "in_preview"
    elif name == "committed" and (mine or situation.facts["siblings"]):
        if not mine:
            work.steps.append(preview)
        work.steps.append(Step(ACT, f"commit {situation.title}", path, verb="commitsnapshot", settle=MADE, watch=situation.own_path))
        work.leads["status"] = "ok"
    elif name == "undone" and mine:
        work.steps.append(Step(ACT, f"undo the preview of {situation.title}", path, verb="undosnapshot", settle=MADE, watch=situation.own_path))
        work.leads["status"] = "ok"
    elif name == "restored":
        body = {"restore_memory": bool(situation.wanted.get("restore_memory"))}
        work.steps.append(Step(ACT, f"restore {situation.title}", situation.own_path, verb="restore", body=body, settle=MADE))
    return work


SNAPSHOT = Resource(
    kind="snapshot",
    words="snapshot",
    collection="snapshots",
    summary="Manage snapshots of VMs",
    about=(
        "Takes, previews, commits, restores and removes snapshots of a VM, told apart by their description.",
        "Two snapshots of one description are an error that lists their ids, unless O(id) is given.",
        "A live snapshot that the engine shows as C(ok) may still fail afterwards; the module waits for the engine's job and tells why it failed.",
    ),
    identity=Identity(by="description"),
    under=(Under("vm", "vm", "vms/{id}/snapshots", "VM, by name or id."),),
    fields=(
        Text("description", "Description, which is its name.", fixed=True),
        Bool("memory", "At creation, whether the memory of a VM that runs is kept, too. V(false) when it is left out.", path="persist_memorystate", fixed=True),
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
    ),
    arguments=(
        ListOf("disks", "At creation, disks by name or id that are part of it; all of them when it is left out.", each=Text("disk", "")),
        Bool("restore_memory", "Whether a preview, commit or restore brings the memory back, too."),
    ),
    states=(PRESENT, PREVIEWED_STATE, COMMITTED_STATE, UNDONE_STATE, RESTORED_STATE, ABSENT_STATE),
    gather=gather,
    rules=(rules,),
    shape_body=shape_body,
    steps=steps,
    settles=MADE,
    removed=GONE,
    searchable=False,
)
