# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual machines: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-vm

The one big kind, by area: ``machine`` (processor, memory, firmware, operating system), ``console``, ``availability`` (high availability, placement, migration),
``initialization``, ``devices`` (NICs and disks by list) and ``power``. What they change is merged into one plan here: at most one PUT for the VM itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    LIVE,
    NEXT_RUN,
    Bool,
    Enum,
    Field,
    Int,
    ListOf,
    Map,
    Ref,
    Struct,
    Text,
    Wire,
    dig,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    ACT,
    CREATE,
    REMOVE,
    UPDATE,
    Problem,
    Reader,
    Resource,
    Settle,
    Situation,
    Step,
    Work,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import devices, power
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.availability import HIGH_AVAILABILITY, MIGRATION, PLACEMENT
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.console import CONSOLE, GRAPHICS
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.initialization import INITIALIZATION
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.machine import CPU, FIRMWARE, MEMORY, OPERATING_SYSTEM

BLANK = "00000000-0000-0000-0000-000000000000"
MADE = Settle(good=frozenset({"down"}))
PENDING = "next_run_configuration"
"""Where ``complete`` keeps the configuration that waits for the next start."""

GRAPHICS_ID = {"spice": "7370696365", "vnc": "766e63"}
"""Ids of graphical consoles: their protocols in hexadecimal."""


class Elsewhere(ListOf):
    """A list that has requests of its own and no place in the body of the VM."""

    def write(self, body: Wire, native: Any) -> None:
        """See ``steps``."""


class Graphics(Elsewhere):
    def read(self, wire: Wire) -> Any:
        consoles = dig(wire, self.where)
        return [str(one["protocol"]).lower() for one in consoles] if isinstance(consoles, list) else []


class Watchdog(Struct):
    """The one watchdog of a VM, which the engine keeps as a list."""

    def read(self, wire: Wire) -> Any:
        found = dig(wire, "watchdogs.watchdog")
        return self.from_wire(found[0]) if isinstance(found, list) and found else None

    def write(self, body: Wire, native: Any) -> None:
        """See ``steps``."""

    def same(self, wanted: Any, current: Any) -> bool:
        return current is None if not wanted else current is not None and super().same(wanted, current)


class Pending(Field):
    """Options whose configured value differs from what the VM runs with: ``{option: {running, next_run}}``."""

    ansible_type = "dict"

    def read(self, wire: Wire) -> Any:
        running = wire.get("_running")
        if running is None:
            return {}
        pairs = {item.option: (item.read(running), item.read(wire)) for item in _CONFIGURATION if not item.read_only and not item.write_only}
        return {option: {"running": now, "next_run": later} for option, (now, later) in pairs.items() if now != later}


class Addresses(Field):
    """IP addresses that the guest agent reports, by device of the guest."""

    ansible_type = "list"

    def shape(self) -> dict[str, Any]:
        return {"type": "list", "elements": "str"}

    def read(self, wire: Wire) -> Any:
        devices_found = dig(wire, "reported_devices.reported_device") or []
        return [address["address"] for device in devices_found for address in dig(device, "ips.ip") or [] if address.get("address")]


_CONFIGURATION = (
    Text("name", "Name, unique in its data center, at most 255 letters, digits, C(.), C(-) and C(_).", effect=LIVE),
    Text("description", "Description.", effect=LIVE),
    Text("comment", "Comment.", effect=LIVE),
    Ref("cluster", "Cluster, by name or id. Can be changed while the VM is down.", to="cluster", needed=True, effect="needs_down"),
    Ref(
        "template",
        "Template, by name or id, it is made from; V(Blank) when it is left out.",
        to="template",
        fixed=True,
        on_create={"id": BLANK, "name": "Blank"},
    ),
    Ref("instance_type", "Instance type, by name or id, that sets its hardware.", to="instance_type", effect=NEXT_RUN),
    Enum("type", "What it is tuned for.", choices=("server", "desktop", "high_performance"), effect=NEXT_RUN),
    *MEMORY,
    CPU,
    OPERATING_SYSTEM,
    *FIRMWARE,
    Graphics(**{name: getattr(GRAPHICS, name) for name in ("option", "doc", "path", "each", "effect")}),
    CONSOLE,
    devices.NICS,
    devices.DISKS,
    INITIALIZATION,
    HIGH_AVAILABILITY,
    PLACEMENT,
    MIGRATION,
    Bool("virtio_scsi", "Whether it has a VirtIO-SCSI controller.", path="virtio_scsi.enabled", effect=NEXT_RUN),
    Bool("virtio_scsi_multi_queues", "Whether that controller uses several queues.", path="virtio_scsi_multi_queues_enabled", effect=NEXT_RUN),
    Bool("multi_queues", "Whether its NICs use several queues.", path="multi_queues_enabled", effect=NEXT_RUN),
    Int("io_threads", "Number of threads for disk input and output.", path="io.threads", least=0, effect=NEXT_RUN),
    Struct(
        "rng",
        "Random number generator. The engine gives one to every VM that does not say otherwise.",
        path="rng_device",
        fields=(
            Enum("source", "Where randomness comes from.", choices=("urandom", "hwrng", "random"), effect=NEXT_RUN),
            Int("bytes", "Bytes in each O(rng.period).", path="rate.bytes", least=1, effect=NEXT_RUN),
            Int("period", "Milliseconds.", path="rate.period", least=1, effect=NEXT_RUN),
        ),
    ),
    Watchdog(
        "watchdog",
        "Watchdog card. An empty dictionary removes it.",
        fields=(
            Enum("model", "Model; V(diag288) is for s390x.", choices=("i6300esb", "diag288")),
            Enum("action", "What is done when the guest stops responding.", choices=("none", "reset", "poweroff", "pause", "dump")),
        ),
        effect=NEXT_RUN,
    ),
    Ref("quota", "Quota, by name or id, that its processors and memory count against.", to="quota", within="cluster.data_center", effect=LIVE),
    Bool("stateless", "Whether what the guest writes is thrown away when it stops.", effect=NEXT_RUN),
    Bool("start_paused", "Whether it starts with its processors halted.", effect=NEXT_RUN),
    Bool("delete_protected", "Whether it is protected against deletion.", effect=LIVE),
    Map(
        "custom_properties",
        "Custom properties of the engine, managed as a whole; an empty dictionary clears them.",
        path="custom_properties.custom_property",
        effect=NEXT_RUN,
    ),
    Bool("use_latest_template_version", "Whether it is made again from the newest version of its template when it starts.", effect=NEXT_RUN),
    Elsewhere("tags", "Tags, managed as a whole; an empty list takes them all off.", path="tags.tag", each=Ref("tag", "", to="tag"), effect=LIVE),
    Elsewhere(
        "affinity_labels",
        "Affinity labels, managed as a whole; an empty list takes them all off.",
        path="affinity_labels.affinity_label",
        each=Ref("affinity_label", "", to="affinity_label"),
        effect=LIVE,
    ),
)

_REPORTED = (
    Text("status", "Status: C(down), C(up), C(suspended), C(paused), C(image_locked) and others.", read_only=True),
    Ref("host", "Host it runs on.", to="host", read_only=True),
    Text("fqdn", "Name of the guest, as its agent reports it.", read_only=True),
    Addresses("addresses", "IP addresses that the guest agent reports.", read_only=True),
    Pending("pending", "Options that wait for the next start, each with what it runs with and what it will run with.", read_only=True),
)


def complete(reader: Reader, wire: Wire) -> Wire:
    """Lays the configuration of the next start over a VM that runs, since that is what options are compared with."""
    wire = dict(wire)
    devices.flatten(wire)
    if str(wire.get("next_run_configuration_exists")).lower() != "true":
        return wire
    later = reader.get(f"vms/{wire['id']}", params={"next_run": "true", "all_content": "true"})
    if later is None:
        return wire
    reported: Wire = {
        name: wire[name] for name in ("status", "status_detail", "host", "fqdn", "reported_devices", "next_run_configuration_exists") if name in wire
    }
    inside = {name: wire[name] for name in FOLLOW if name in wire}
    inside["disk_attachments"] = wire.get("disk_attachments", {})
    return {**later, **inside, **reported, "_running": {**wire}}


FOLLOW = {
    "nics": "nics",
    "disk_attachments.disk": "disks",
    "graphics_consoles": "graphics",
    "watchdogs": "watchdog",
    "tags": "tags",
    "affinity_labels": "affinity_labels",
    "reported_devices": "addresses",
}
"""Links and what they show. Some cost an engine 20 ms for each VM of a list."""
UNLISTED = frozenset({"initialization", "rng", "virtio_scsi", "tpm", "console.serial", "console.soundcard", "pending"})
"""What only a VM that is read by itself shows (``BackendVmResource``)."""


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    facts = dict(situation.facts)
    if not situation.state.exists:
        return facts
    devices.prepare(reader, situation)
    origin = situation.wanted.get("from_snapshot")
    if origin and situation.current is None:
        facts["snapshot"] = _snapshot(reader, origin)
    domain = situation.wanted.get("storage_domain")
    template = situation.wanted.get("template")
    if domain and template and situation.current is None:
        facts["template_disks"] = [one["id"] for one in reader.list(f"templates/{template['id']}/diskattachments")]
    if situation.current is not None and {"tags", "watchdog"} & set(situation.wanted):
        facts["watchdog_id"] = next((one["id"] for one in dig(situation.wire, "watchdogs.watchdog") or []), None)
    return facts


def _snapshot(reader: Reader, origin: Mapping[str, Any]) -> str:
    text = origin["snapshot"]
    found = [one for one in reader.list(f"vms/{origin['vm']['id']}/snapshots") if text in (one.get("id"), one.get("description"))]
    if len(found) > 1:
        raise Ambiguous(f"from_snapshot: there are {len(found)} snapshots {text!r}, with the ids {', '.join(one['id'] for one in found)}.", hint="Give the id.")
    if not found:
        raise NotFound(f"from_snapshot: VM {origin['vm']['name']} has no snapshot {text!r}.")
    return str(found[0]["id"])


def rules(situation: Situation) -> Iterator[Problem]:
    yield from power.power_rules(situation)
    if situation.state.exists:
        yield from devices.disks_in_place(situation)
        yield from _down_first(situation)


def _down_first(situation: Situation) -> Iterator[Problem]:
    if (situation.current or {}).get("status") not in power.ACTIVE or situation.state.name == "stopped" or situation.wanted.get("on_running") == "restart":
        return
    for change in situation.changes():
        if change.effect == "needs_down":
            yield Problem(f"{change.option} of {situation.title} can only change while it is down.", "Use state: stopped, or on_running: restart.")


def shape_body(body: Wire, situation: Situation) -> Wire:
    """Members that only make sense together, and those of a creation."""
    secrets = INITIALIZATION.write
    if "initialization" in body and "initialization" in situation.wanted:
        secrets(body, situation.wanted["initialization"])
    if "migration" in body and "policy" in body["migration"] and not body["migration"]["policy"].get("id"):
        body["migration"]["policy"] = {}
    if situation.current is not None:
        return body
    if "snapshot" in situation.facts:
        body["snapshots"] = {"snapshot": [{"id": situation.facts["snapshot"]}]}
    if situation.facts.get("template_disks"):
        domain = {"storage_domain": [{"id": situation.wanted["storage_domain"]["id"]}]}
        attachments = [{"disk": {"id": disk, "storage_domains": domain}} for disk in situation.facts["template_disks"]]
        body["disk_attachments"] = {"disk_attachment": attachments}
    return body


def steps(situation: Situation) -> Work:
    work = Work()
    if not situation.state.exists:
        _remove(work, situation)
        return work
    late = power.late(situation)
    restart = bool(late) and situation.wanted.get("on_running") == "restart"
    stops_first = restart and situation.state.name != "stopped" and any(change.effect == "needs_down" for change in situation.changes())
    if situation.state.name == "stopped" and any(change.effect == "needs_down" for change in situation.changes()):
        power.power_steps(work, situation)
        _configure(work, situation)
        return work
    if stops_first:
        power.stop_steps(work, situation, "up")
    _configure(work, situation)
    if stops_first:
        power.start_steps(work, situation, "down")
        work.leads["status"] = "up"
    elif restart and situation.state.name in ("present", "running", "restarted"):
        power.restart_steps(work, situation)
    else:
        power.power_steps(work, situation)
    if late and not restart and situation.state.name != "stopped":
        work.warnings.append(f"{situation.title} runs: {', '.join(late)} will change at its next start.")
    return work


def _configure(work: Work, situation: Situation) -> None:
    if situation.current is None:
        step = create_step(situation)
        params = {"clone": "true"} if situation.wanted.get("clone") else {}
        work.steps.append(Step(**{**vars(step), "params": params}))
    else:
        changed = [change.option for change in situation.changes() if change.option not in _ELSEWHERE]
        if changed:
            body = situation.resource.body(situation, changed)
            work.steps.append(Step(UPDATE, f"change {', '.join(changed)} of {situation.title}", situation.own_path, body=body))
    work.steps.extend(devices.nic_steps(situation))
    work.steps.extend(devices.disk_steps(situation))
    work.steps.extend(_graphics_steps(situation))
    work.steps.extend(_watchdog_steps(situation))
    work.steps.extend(_mark_steps(situation, "tags"))
    work.steps.extend(_mark_steps(situation, "affinity_labels"))


_ELSEWHERE = frozenset({"nics", "disks", "graphics", "watchdog", "tags", "affinity_labels"})


def _graphics_steps(situation: Situation) -> Iterator[Step]:
    if "graphics" not in situation.wanted:
        return
    # A VM made from a template has the template's consoles, from Blank VNC alone: they are told apart once it is there.
    current = (situation.current or {"graphics": situation.facts.get("graphics", ["vnc"])})["graphics"]
    base = f"{situation.own_path}/graphicsconsoles"
    for protocol in situation.wanted["graphics"]:
        if protocol not in current:
            yield Step(CREATE, f"add the {protocol} console of {situation.title}", base, body={"protocol": protocol}, look_for=("protocol", protocol))
    for protocol in current:
        if protocol not in situation.wanted["graphics"]:
            yield Step(REMOVE, f"remove the {protocol} console of {situation.title}", f"{base}/{GRAPHICS_ID[protocol]}")


def _watchdog_steps(situation: Situation) -> Iterator[Step]:
    item = situation.resource.field_of("watchdog")
    wanted = situation.wanted.get("watchdog")
    current = (situation.current or {}).get("watchdog")
    if wanted is None or item.same(wanted, current):
        return
    base = f"{situation.own_path}/watchdogs"
    if not wanted:
        yield Step(REMOVE, f"remove the watchdog of {situation.title}", f"{base}/{situation.facts['watchdog_id']}")
    elif current is None:
        yield Step(CREATE, f"add a watchdog to {situation.title}", base, body={"model": "i6300esb", "action": "none", **wanted})
    else:
        yield Step(UPDATE, f"change the watchdog of {situation.title}", f"{base}/{situation.facts['watchdog_id']}", body=dict(wanted))


def _mark_steps(situation: Situation, option: str) -> Iterator[Step]:
    if option not in situation.wanted:
        return
    path = option.replace("_", "")
    words = option[:-1].replace("_", " ")
    current = {one["id"]: one for one in (situation.current or {}).get(option) or []}
    wanted = {one["id"]: one for one in situation.wanted[option]}
    for identifier, one in wanted.items():
        if identifier not in current:
            yield Step(
                CREATE, f"put {words} {one['name']} on {situation.title}", f"{situation.own_path}/{path}", body={"id": identifier}, look_for=("id", identifier)
            )
    for identifier, one in current.items():
        if identifier not in wanted:
            yield Step(REMOVE, f"take {words} {one['name']} off {situation.title}", f"{situation.own_path}/{path}/{identifier}")


def _remove(work: Work, situation: Situation) -> None:
    if situation.current is None:
        return
    if situation.current.get("status") in power.ACTIVE:
        work.steps.append(Step(ACT, f"power off {situation.title}", situation.own_path, verb="stop", settle=power.STOPPED))
    keep = situation.current.get("disks") and situation.wanted.get("remove_disks") is False
    params = {"detach_only": "true"} if keep else {}
    work.steps.append(Step(REMOVE, f"remove {situation.title}", situation.own_path, params=params, settle=Settle(gone=True)))


VM = Resource(
    kind="vm",
    words="VM",
    collection="vms",
    summary="Manage virtual machines",
    about=(
        "Creates, changes, starts, stops and removes virtual machines with their disks, NICs, console and first boot configuration.",
        "Options left out are not managed. For a VM that runs, RV(effects) says how each change reaches it: at once (C(live), C(hotplug)), "
        "at its next start (C(next_run)), or only while it is down (C(needs_down)).",
    ),
    fields=(*_CONFIGURATION, *_REPORTED),
    arguments=(
        *power.POWER_ARGUMENTS,
        Bool("purge_nics", "Whether NICs that O(nics) does not list are removed."),
        Bool("purge_disks", "Whether disks that O(disks) does not list are detached. They are never deleted by this."),
        Bool("remove_disks", "With O(state=absent), whether its disks are deleted or kept. Has to be given when it has disks."),
        Bool("clone", "At creation, whether its disks are independent copies of the template's, instead of thin layers over them."),
        Ref("storage_domain", "At creation, storage domain, by name or id, for the disks that come from the template.", to="storage_domain"),
        Struct(
            "from_snapshot",
            "At creation, make it from a snapshot of another VM.",
            fields=(
                Ref("vm", "The other VM, by name or id.", to="vm", needed=True),
                Text("snapshot", "Description or id of the snapshot.", needed=True),
            ),
        ),
    ),
    states=power.STATES,
    follow=FOLLOW,
    unlisted=UNLISTED,
    read_params={"all_content": "true"},
    rules=(rules,),
    gather=gather,
    complete=complete,
    shape_body=shape_body,
    steps=steps,
    settles=MADE,
)
