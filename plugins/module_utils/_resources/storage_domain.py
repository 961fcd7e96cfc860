# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storage domains: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-storage_domain

The engine shows the status of an attached domain only below its data center; ``complete`` brings it together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    Bool,
    Enum,
    Int,
    ListOf,
    Ref,
    SecretText,
    Size,
    Struct,
    Text,
    Version,
    Wire,
    dig,
    level,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    ACT,
    CREATE,
    GONE,
    LOOK,
    PRESENT,
    REMOVE,
    Leaves,
    Problem,
    Reader,
    Resource,
    Settle,
    Situation,
    State,
    Step,
    Work,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, update_steps, without_wait

FORMATS = ("v1", "v2", "v3", "v4", "v5")
FIRST_LEVEL = {"v4": "4.2", "v5": "4.3"}
"""The lowest compatibility level whose data domains have the format."""

MADE = Settle(good=frozenset({"unattached"}))
ACTIVE = Settle(good=frozenset({"active"}), bad=frozenset({"inactive"}), lasts=30)
IN_MAINTENANCE = Settle(good=frozenset({"maintenance"}))
DETACHED = Settle(gone=True)
USABLE = frozenset({"active", "locked", "activating", "mixed"})
ON_THE_WAY = frozenset({"locked", "activating", "preparing_for_maintenance", "detaching"})
"""A domain does not stay so, and the engine refuses to activate or deactivate it meanwhile."""
ASLEEP = frozenset({"maintenance", "inactive", "unknown", "preparing_for_maintenance", "detaching"})

SHARED = frozenset({"nfs", "posixfs", "glusterfs"})
"""Storage of which one path is for one domain alone, whoever asks."""

MAINTENANCE = State("maintenance", "It exists, attached to its data center, and in maintenance.")
UNATTACHED = State("unattached", "It exists, attached to no data center. It is brought to maintenance and detached where need be.")
ABSENT = State("absent", "It does not exist. It is brought to maintenance and detached where need be, and removed; see O(format) and O(destroy).", exists=False)

STORAGE = Struct(
    "storage",
    "Where it is. Cannot be changed afterwards.",
    fixed=True,
    fields=(
        Enum("type", "Kind of storage.", choices=("nfs", "posixfs", "glusterfs", "localfs", "iscsi", "fcp"), needed=True),
        Text("address", "Server, for V(nfs), V(posixfs) and V(iscsi)."),
        Text("path", "Export, volume or directory, for file storage."),
        Text("vfs_type", "File system, for V(posixfs); V(glusterfs) for that."),
        Text("mount_options", "Options of the mount, separated by commas."),
        Enum("nfs_version", "Version of NFS; the host decides when it is left out.", choices=("auto", "v3", "v4", "v4_0", "v4_1", "v4_2")),
        Int("nfs_timeo", "Tenths of a second before an NFS request is repeated.", least=1, most=6000),
        Int("nfs_retrans", "Repetitions before NFS gives up.", least=0, most=32767),
        ListOf(
            "logical_units",
            "LUNs, for V(iscsi) and V(fcp).",
            path="volume_group.logical_units.logical_unit",
            each=Struct(
                "lun",
                "",
                fields=(
                    Text("id", "Id of the LUN.", needed=True),
                    Text("address", "Address of the iSCSI portal."),
                    Int("port", "Port of the iSCSI portal."),
                    Text("target", "Qualified name of the iSCSI target."),
                    Text("username", "CHAP user."),
                    SecretText("password", "CHAP password."),
                ),
            ),
        ),
        Bool("override_luns", "Whether LUNs that have something on them are overwritten.", write_only=True),
    ),
)


def complete(reader: Reader, wire: Wire) -> Wire:
    attached = dig(wire, "data_centers.data_center")
    if not isinstance(attached, list) or not attached:
        return wire
    inside = reader.get(f"datacenters/{attached[0]['id']}/storagedomains/{wire['id']}") or {}
    return {**wire, "data_center": {"id": attached[0]["id"]}, **{name: inside[name] for name in ("status", "master") if name in inside}}


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    """The host that makes or removes the domain: the one given, or any that is up, of the data center first."""
    facts = dict(situation.facts)
    current = situation.current
    leaves = situation.state.name in ("unattached", "absent") and current is not None
    home = situation.effective("data_center") if situation.state.exists else (current or {}).get("data_center")
    data_center = (home or {}).get("id")
    if leaves and data_center:
        facts["siblings"] = [one.get("name") for one in reader.list(f"datacenters/{data_center}/storagedomains") if one["id"] != situation.identifier]
    if situation.state.exists and data_center and (current or {}).get("data_center") is None:
        facts["format"] = _format_of(reader.get(f"datacenters/{data_center}") or {})
    storage = situation.wanted.get("storage") or {}
    if situation.state.exists and current is None and storage.get("type") in SHARED and not reader.together:
        facts["connection"] = _connection(reader, storage)
    if situation.wanted.get("host") or (situation.state.exists and current is not None):
        return facts
    up = reader.list("hosts", search="status=up")
    clusters = {one["id"] for one in reader.list("clusters") if dig(one, "data_center.id") == data_center} if data_center else set()
    near = [one for one in up if dig(one, "cluster.id") in clusters] or up
    if near:
        facts["host"] = {"id": near[0]["id"], "name": near[0].get("name")}
    return facts


def _connection(reader: Reader, storage: dict[str, Any]) -> dict[str, Any] | None:
    """The connection to the same storage that there is already, with the domains on it."""
    same = ("type", "address", "path")
    found = next((one for one in reader.list("storageconnections") if all(one.get(name) == storage.get(name) for name in same)), None)
    if found is None:
        return None
    on_it = [one for one in reader.list("storagedomains") if all(dig(one, f"storage.{name}") == storage.get(name) for name in same)]
    return {"id": found["id"], "domains": [str(one.get("name")) for one in on_it]}


def _format_of(center: Wire) -> str:
    """The format of the data domains of a data center. One that never had a domain does not tell; its compatibility level does."""
    now = str(Version("version", "").read(center) or "0.0")
    return str(center.get("storage_format") or next((one for one in reversed(FORMATS) if one in FIRST_LEVEL and level(now) >= level(FIRST_LEVEL[one])), "v3"))


def _host(situation: Situation) -> Any:
    return situation.wanted.get("host") or situation.facts.get("host")


def rules(situation: Situation) -> Iterator[Problem]:
    wanted, current = situation.wanted, situation.current
    name = situation.state.name
    if situation.state.exists:
        yield from _too_new(situation)
    if situation.state.exists and current is None:
        if not wanted.get("storage"):
            yield Problem(f"{situation.title} does not exist, and cannot be made or imported without storage.", "Add storage.")
        elif not _host(situation):
            yield Problem(f"No host is up that could make {situation.title}.", "Name one as host, or wait until one is up.")
        connection = situation.facts.get("connection")
        if connection and connection["domains"]:
            yield Problem(
                f"Storage connection {connection['id']} already exists for {connection['domains'][0]}. "
                f"({wanted['storage'].get('address') or ''}:{wanted['storage'].get('path')}, for {situation.title}.)",
                "Name another path, or remove that storage domain first.",
            )
        if name == "maintenance" and not wanted.get("data_center"):
            yield Problem(f"{situation.title} does not exist; for maintenance it has to be attached first.", "Add data_center.")
        return
    if current is None:
        return
    home, goal = current.get("data_center"), wanted.get("data_center")
    if name in ("present", "maintenance") and goal and home and goal["id"] != home["id"]:
        yield Problem(f"{situation.title} is attached to data center {home['name']}, not to {goal['name']}.", "Detach it first, with state: unattached.")
    if name == "maintenance" and not home and not goal:
        yield Problem(f"{situation.title} is attached to no data center.", "Add data_center.")
    if name == "absent" and wanted.get("destroy") and current.get("status") == "active":
        yield Problem(f"{situation.title} is active; only one that cannot be reached any more is to be destroyed.", "Leave destroy out to remove it in order.")
    if name in ("absent", "unattached") and current.get("master") and home and not wanted.get("destroy") and situation.facts.get("siblings") == []:
        yield Problem(
            f"{situation.title} is the last one of data center {home['name']}, which cannot lose it.",
            "Remove the data center first; the domain is then unattached.",
        )
    if name == "absent" and not wanted.get("destroy") and not _host(situation):
        yield Problem(f"No host is up that could remove {situation.title}.", "Name one as host, or use destroy: true to make the engine forget it.")


def _too_new(situation: Situation) -> Iterator[Problem]:
    """A domain can be brought to a newer format by attaching it, never to an older one. Without an attachment it may be the rest of an earlier run."""
    most, format_now = situation.facts.get("format"), situation.effective("storage_format")
    goal = situation.wanted.get("data_center")
    if not most or not goal or not format_now or situation.state.name == "unattached" or situation.effective("type") not in (None, "data"):
        return
    if FORMATS.index(format_now) > FORMATS.index(most):
        yield Problem(
            f"{situation.title} has the format {format_now}, and data center {goal['name']} takes {most} at most.",
            "Remove it with state: absent and format: true, which deletes what is on it, and make it again; or raise the compatibility level of the "
            "data center."
            if situation.current
            else f"Leave storage_format out, or make it {most}.",
        )


def shape_body(body: Wire, situation: Situation) -> Wire:
    body.pop("data_center", None)
    if situation.current is None:
        body.setdefault("type", "data")
        if body["type"] == "data" and situation.facts.get("format"):
            body.setdefault("storage_format", situation.facts["format"])
        body["host"] = {"id": _host(situation)["id"]}
    return body


def steps(situation: Situation) -> Work:
    work = Work()
    if situation.state.exists:
        _exist(work, situation)
    elif situation.current is not None:
        _vanish(work, situation)
    return work


def _exist(work: Work, situation: Situation) -> None:
    current, name = situation.current, situation.state.name
    if name == "unattached":
        # It only said where the domain was to be looked for.
        situation.wanted.pop("data_center", None)
    if current is None:
        work.steps.append(create_step(situation))
    else:
        changes = [change.option for change in situation.changes() if change.option != "data_center"]
        if changes:
            work.steps.extend(without_wait(step) for step in update_steps(situation))
    home = (current or {}).get("data_center")
    status = (current or {}).get("status")
    if name == "unattached":
        if home:
            _leave(work, situation, home, status)
            work.leads.update(status="unattached", data_center=None, master=False)
        return
    goal = situation.wanted.get("data_center") or home
    if not goal:
        return
    inside = f"datacenters/{goal['id']}/storagedomains"
    if not home:
        body = {"id": current["id"]} if current else {"name": situation.wanted["name"]}
        watch = f"{inside}/{situation.identifier or '{id}'}"
        work.steps.append(
            Step(
                CREATE,
                f"attach {situation.title} to data center {goal['name']}",
                inside,
                body=body,
                settle=ACTIVE,
                watch=watch,
                look_for=("name", str(situation.effective("name"))),
                leaves=(
                    ("storagedomains/{new}", {"status": "active", "data_centers": {"data_center": [{"id": goal["id"]}]}}),
                    (f"datacenters/{goal['id']}", {"status": "up"}),
                ),
            )
        )
        status = "active"
        work.leads["status"] = status
    if name == "present" and status in ASLEEP | ON_THE_WAY:
        activate = Step(ACT, f"activate {situation.title}", f"{inside}/{situation.identifier}", verb="activate", settle=ACTIVE)
        _add(work, _at_rest(situation, status, activate, bad="maintenance"), "active")
    if name == "maintenance" and status != "maintenance":
        _add(work, _deactivate(situation, status, f"{inside}/{situation.identifier or '{id}'}"), "maintenance")


def _add(work: Work, step: Step, status: str) -> None:
    """What is only waited for is no change of this task."""
    work.steps.append(step)
    (work.follows if step.do == LOOK else work.leads)["status"] = status


def _deactivate(situation: Situation, status: Any, path: str) -> Step:
    """The last domain takes the storage pool manager along, which is not given up before all tasks are cleared: a matter of some seconds."""
    act = Step(ACT, f"bring {situation.title} to maintenance", path, verb="deactivate", settle=IN_MAINTENANCE, insists=lambda why: "uncleared tasks" in why)
    return _at_rest(situation, status, act, bad="active")


def _at_rest(situation: Situation, status: Any, act: Step, bad: str) -> Step:
    """The action; for a domain on its way, begun by a task that was killed for example, a look that asks for it only where that leads elsewhere."""
    if status not in ON_THE_WAY or act.settle is None:
        return act
    goal = " or ".join(sorted(act.settle.good))
    settle = replace(act.settle, bad=frozenset({bad, "inactive"}), lasts=3, job=False)
    return Step(LOOK, f"wait until {situation.title} is {goal}", act.path, settle=settle, instead=act)


def _leave(work: Work, situation: Situation, home: Any, status: Any) -> None:
    path = f"datacenters/{home['id']}/storagedomains/{situation.identifier}"
    if status not in ("maintenance", "inactive"):
        work.steps.append(_deactivate(situation, status, path))
    alone = (situation.own_path, {"status": "unattached", "data_centers": {"data_center": []}})
    work.steps.append(Step(REMOVE, f"detach {situation.title} from data center {home['name']}", path, settle=DETACHED, leaves=(alone,)))


def _vanish(work: Work, situation: Situation) -> None:
    current = situation.current or {}
    if situation.wanted.get("destroy"):
        work.steps.append(Step(REMOVE, f"destroy {situation.title}", situation.own_path, params={"destroy": "true"}, settle=GONE))
        return
    if current.get("data_center"):
        _leave(work, situation, current["data_center"], current.get("status"))
    params = {"host": _host(situation)["id"], **({"format": "true"} if situation.wanted.get("format") else {})}
    work.steps.append(Step(REMOVE, f"remove {situation.title}", situation.own_path, params=params, settle=GONE))


def born(situation: Situation) -> Leaves:
    """Data domains have the newest format where nothing else is said."""
    format_ = {"storage_format": situation.wanted.get("storage_format") or "v5"} if situation.wanted.get("type", "data") == "data" else {}
    return (("storagedomains/{new}", format_), ("diskprofiles/{profile}", {"name": situation.wanted.get("name"), "storage_domain": {"id": "{new}"}}))


STORAGE_DOMAIN = Resource(
    kind="storage_domain",
    words="storage domain",
    collection="storagedomains",
    summary="Manage storage domains",
    about=(
        "Makes or imports a storage domain, attaches it to a data center, activates it, brings it to maintenance, detaches, removes or destroys it.",
        "A file domain that is already on the storage is imported with what is on it; the engine does so by itself when the path is named again.",
        "The first data domain brings its data center up.",
    ),
    fields=(
        Text("name", "Name, unique in the engine: letters, digits, C(-) and C(_)."),
        Text("description", "Description."),
        Text("comment", "Comment."),
        Ref("data_center", "Data center, by name or id, it is attached to. Left out, it stays where it is.", to="data_center"),
        Enum("type", "What it is for. V(data) when it is left out.", choices=("data", "iso", "export", "image", "volume", "managed_block_storage"), fixed=True),
        STORAGE,
        Enum(
            "storage_format",
            (
                "Format at creation; when it is left out that of the data center, or the newest without one. It follows the compatibility level of "
                "the data center from then on.",
                "M(virtops.ovirt.storage_domain_upgrade) brings it to a newer one.",
            ),
            choices=("v1", "v2", "v3", "v4", "v5"),
            fixed=True,
        ),
        Bool("wipe_after_delete", "Whether new disks on it are overwritten when they are deleted."),
        Bool("discard_after_delete", "Whether blocks of deleted disks are given back to block storage."),
        Bool("backup", "Whether it is for backups: VMs on it cannot be started."),
        Int("warning_low_space", "Percent of free space below which the engine warns.", path="warning_low_space_indicator", least=0, most=100),
        Int("critical_space", "GiB of free space below which the engine refuses to use more.", path="critical_space_action_blocker", least=0),
        Enum(
            "status",
            "Status in its data center; C(unattached) where it has none.",
            choices=("active", "inactive", "maintenance", "preparing_for_maintenance", "unattached", "locked", "unknown", "activating", "detaching", "mixed"),
            read_only=True,
        ),
        Bool("master", "Whether it is the master domain of its data center.", read_only=True),
        Size("available", "Free bytes.", read_only=True),
        Size("used", "Bytes in use.", read_only=True),
        Size("committed", "Bytes promised to its disks.", read_only=True),
    ),
    arguments=(
        Ref("host", "Host, by name or id, that makes or removes it. Any that is up when it is left out.", to="host"),
        Bool("format", "With O(state=absent), whether what is on the storage is deleted. Without it, the domain can be imported again."),
        Bool("destroy", "With O(state=absent), make the engine forget a domain whose storage is lost. Its disks and VMs are forgotten, too."),
    ),
    states=(PRESENT, MAINTENANCE, UNATTACHED, ABSENT),
    gather=gather,
    complete=complete,
    rules=(rules,),
    shape_body=shape_body,
    steps=steps,
    born=born,
    settles=MADE,
    removed=GONE,
)
