# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual machines: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-vm

The one big kind, by area: ``machine`` (processor, memory, firmware, operating system), ``console``, ``availability`` (high availability, placement, migration),
``initialization``, ``devices`` (NICs and disks by list) and ``power``. ``changes`` makes one plan of what they want.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    LIVE,
    NEEDS_DOWN,
    NEXT_RUN,
    Bool,
    Enum,
    Int,
    ListOf,
    Map,
    Ref,
    Resolve,
    Struct,
    Text,
    Wire,
    dig,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._marks import AFFINITY_LABELS, FOLLOW as MARKS_FOLLOWED, TAGS, Elsewhere
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._places import near_cluster
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ID_PATTERN, Identity, Leaves, Problem, Reader, Resource, Situation
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import (
    changes,
    console,
    devices,
    display,
    hardware,
    parts,
    placing,
    power,
    refusals,
    reported,
    typed,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.availability import HIGH_AVAILABILITY, MIGRATION, PLACEMENT
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.console import CONSOLE, GRAPHICS
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.initialization import INITIALIZATION
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.machine import CPU, FIRMWARE, MEMORY, OPERATING_SYSTEM

EXACT = "_exact"
"""Marks a template of which one version is meant."""


class Graphics(Elsewhere):
    def read(self, wire: Wire) -> Any:
        consoles = dig(wire, self.where)
        return [str(one["protocol"]).lower() for one in consoles] if isinstance(consoles, list) else []


class TemplateRef(Ref):
    """The template it was made from, whether its disks still stand on it or not. A name alone means any version that it was made from."""

    def accept(self, given: Any, option: str) -> Any:
        if given == "":
            raise InvalidInput(f"{option} is empty: every VM has a template.", hint="Leave it out; a new VM is made of Blank then.")
        return super().accept(given, option)

    def read(self, wire: Wire) -> Any:
        origin = wire.get("original_template") or wire.get("template")
        return self.from_wire(origin) if origin else None

    def resolve(self, native: Any, resolve: Resolve) -> Any:
        found = super().resolve(native, resolve)
        return {**found, EXACT: True} if isinstance(native, str) and re.fullmatch(ID_PATTERN, native) else found

    def same(self, wanted: Any, current: Any) -> bool:
        return super().same(wanted, current) or not wanted.get(EXACT) and wanted.get("name") == (current or {}).get("name")

    def merged(self, wanted: Any, current: Any) -> Any:
        return current if current and self.same(wanted, current) else {"id": wanted["id"], "name": wanted["name"]}

    def differing(self, wanted: Any, current: Any) -> tuple[Any, Any]:
        return current, self.merged(wanted, current)


class Watchdog(Struct):
    """The one watchdog of a VM, which the engine keeps as a list."""

    def read(self, wire: Wire) -> Any:
        found = dig(wire, "watchdogs.watchdog")
        return self.from_wire(found[0]) if isinstance(found, list) and found else None

    def write(self, body: Wire, native: Any) -> None:
        """See ``steps``."""

    def same(self, wanted: Any, current: Any) -> bool:
        return current is None if not wanted else current is not None and super().same(wanted, current)


_CONFIGURATION = (
    Text("name", "Name, unique in its data center, at most 255 letters, digits, C(.), C(-) and C(_).", effect=LIVE),
    Text("description", "Description.", effect=LIVE),
    Text("comment", "Comment.", effect=LIVE),
    Ref(
        "cluster",
        "Cluster, by name or id. Can be changed while the VM is down, to another one of its data center. "
        "Two data centers may have VMs of one name: the one in the data center of this cluster is meant. "
        "With O(state=absent), a VM that is in another cluster is not removed.",
        to="cluster",
        needed=True,
        effect=NEEDS_DOWN,
    ),
    TemplateRef(
        "template",
        "Template, by name or id, it is made from; V(Blank) when it is left out. Of several versions the newest, unless O(template_version) says which.",
        to="template",
        apart="cluster.data_center",
        fixed=True,
        on_create={"id": parts.BLANK, "name": "Blank"},
    ),
    Ref(
        "instance_type",
        "Instance type, by name or id, that sets its hardware: memory, processors, high availability, I/O threads. What it sets cannot be had otherwise.",
        to="instance_type",
        effect=NEXT_RUN,
    ),
    Enum("type", "What it is tuned for.", choices=("server", "desktop", "high_performance"), effect=NEXT_RUN),
    *MEMORY,
    CPU,
    hardware.NUMA_NODES,
    hardware.HOST_DEVICES,
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
            Int("bytes", "Bytes in each O(rng.period).", path="rate.bytes", least=1, effect=NEXT_RUN, only_with=("source", None)),
            Int("period", "Milliseconds.", path="rate.period", least=1, effect=NEXT_RUN, only_with=("source", None)),
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
    Ref("quota", "Quota, by name or id, that its processors and memory count "
                 "against.", to="quota", within="cluster.data_center", nobody="Default", effect=LIVE),
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
    TAGS,
    AFFINITY_LABELS,
)


def complete(reader: Reader, wire: Wire) -> Wire:
    devices.flatten(wire)
    return reported.complete(reader, wire)


FOLLOW = {
    "nics": ("nics", "guest_devices"),
    "disk_attachments.disk": "disks",
    "graphics_consoles": ("graphics", "pending"),
    "watchdogs": "watchdog",
    **MARKS_FOLLOWED,
    "reported_devices": ("addresses", "guest_devices"),
    "host_devices": "host_devices",
}
"""Links and what they show. Some cost an engine 20 ms for each VM of a list."""
BESIDE = {
    "numa_nodes": hardware.see_nodes,
    "purge_numa_nodes": hardware.see_nodes,
    "guest_devices": reported.see_networks,
    "consoles": reported.see_consoles,
    "pending": reported.see_consoles,
}
UNLISTED = frozenset({"initialization", "rng", "virtio_scsi", "tpm", "console.serial", "console.soundcard", "wait_for", *BESIDE})
"""What only a VM that is read by itself shows (``BackendVmResource``)."""


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    facts = dict(situation.facts)
    if not situation.state.exists:
        return facts
    facts.update(reported.wait_facts(reader, situation))
    facts.update(typed.type_facts(reader, situation))
    situation.facts = facts
    console.leave_out_what_is_not_shown(situation)
    if situation.wanted.get("template") and situation.wanted.get("template_version"):
        situation.wanted["template"] = version_of(reader, situation.wanted["template"], situation.wanted["template_version"])
    origin = situation.wanted.get("from_snapshot")
    if origin and situation.current is None:
        facts["snapshot"] = snapshot_of(reader, origin)
    display.gather(reader, situation)
    if situation.current is None:
        parts.see(reader, situation)
    devices.prepare(reader, parts.as_born(situation))
    refusals.gather(reader, situation)
    if situation.current is not None and {"tags", "watchdog"} & set(situation.wanted):
        facts["watchdog_id"] = next((one["id"] for one in dig(situation.wire, "watchdogs.watchdog") or []), None)
    facts["unplaced"] = placing.warnings(reader, situation)
    return facts


def base_of(wire: Wire) -> str:
    """The base version of a template; itself for that."""
    return str(dig(wire, "version.base_template.id") or wire["id"])


def version_of(reader: Reader, template: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A version of a template, by its number."""
    name = template["name"]
    found = reader.find("templates", name)
    base = next((base_of(one) for one in found if one["id"] == template["id"]), None)
    versions = {int(dig(one, "version.version_number") or 1): one["id"] for one in found if base_of(one) == base}
    if number not in versions:
        known = ", ".join(map(str, sorted(versions)))
        raise NotFound(f"template_version: template {name} has no version {number}.", hint=f"It has {known}.")
    return {"id": versions[number], "name": name, EXACT: True}


def snapshot_of(reader: Reader, origin: Mapping[str, Any]) -> str:
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
        yield from devices.nics_in_place(parts.as_born(situation))
        yield from devices.disks_in_place(parts.as_born(situation))
        yield from hardware.numa_in_place(situation)
        yield from reported.wait_rules(situation, power.will_run(situation))
        yield from typed.type_rules(situation)
        yield from _down_first(situation)
        yield from refusals.rules(situation)


def _down_first(situation: Situation) -> Iterator[Problem]:
    if (situation.current or {}).get("status") not in power.ACTIVE or situation.state.name == "stopped" or situation.wanted.get("on_running") == "restart":
        return
    for change in situation.changes():
        if change.effect != NEEDS_DOWN:
            continue
        held = list(devices.held_in_place(situation, change.option))
        yield from held
        if not held:
            yield Problem(f"{change.option} of {situation.title} can only change while it is down.", "Use state: stopped, or on_running: restart.")


def shape_body(body: Wire, situation: Situation) -> Wire:
    """Members that only make sense together, and those of a creation."""
    secrets = INITIALIZATION.write
    if "initialization" in body and "initialization" in situation.wanted:
        secrets(body, situation.wanted["initialization"])
    if situation.current is not None:
        return body
    body = display.write(body, situation)
    if "snapshot" in situation.facts:
        body["snapshots"] = {"snapshot": [{"id": situation.facts["snapshot"]}]}
    attachments = parts.body_of_disks(situation)
    if attachments:
        body["disk_attachments"] = {"disk_attachment": attachments}
    return body


def born(situation: Situation) -> Leaves:
    """A new VM is down, and has the consoles of its template."""
    return ("vms/{new}", {"status": "down"}), *display.born(situation)


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
    fields=(
        *_CONFIGURATION,
        *reported.REPORTED,
        reported.Pending(
            "pending",
            "Options that wait for the next start, each with what it runs with and what it will run with.",
            read_only=True,
            of=tuple(item for item in _CONFIGURATION if not item.write_only and item.option not in changes.ELSEWHERE),
        ),
    ),
    identity=Identity(new="new_name", place="cluster", apart=("cluster",), meant=near_cluster),
    several=True,
    arguments=(
        Text("new_name", "Name that the VM called O(name) is to have. With O(id), O(name) is the new name."),
        *power.POWER_ARGUMENTS,
        reported.WAIT_FOR,
        Bool("purge_nics", "Whether NICs that O(nics) does not list are removed."),
        Bool("purge_numa_nodes", "Whether NUMA nodes that O(numa_nodes) does not list are removed."),
        Bool("purge_host_devices", "Whether host devices that O(host_devices) does not list are given back."),
        Bool("purge_disks", "Whether disks that O(disks) does not list are detached. They are never deleted by this."),
        Bool("remove_disks", "With O(state=absent), whether its disks are deleted or kept. Has to be given when it has disks."),
        Int("template_version", "Number of the version of O(template).", least=1),
        Bool("clone", "At creation, whether its disks are independent copies of the template's, instead of thin layers over them."),
        Ref("storage_domain", "At creation, storage domain, by name or id, for the disks that come from the template.", to="storage_domain"),
        Struct(
            "from_snapshot",
            "At creation, make it from a snapshot of another VM.",
            fields=(
                Ref("vm", "The other VM, by name or id.", to="vm", apart="cluster.data_center", needed=True),
                Text("snapshot", "Description or id of the snapshot.", needed=True),
            ),
        ),
    ),
    states=power.STATES,
    follow=FOLLOW,
    unlisted=UNLISTED,
    beside=BESIDE,
    read_params={"all_content": "true"},
    rules=(rules, display.rules),
    gather=gather,
    complete=complete,
    shape_body=shape_body,
    steps=changes.steps,
    born=born,
    settles=changes.MADE,
    at_rest=frozenset({"down", "image_locked"}),
    running=reported.running,
)
