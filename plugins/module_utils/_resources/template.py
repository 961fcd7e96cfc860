# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Templates: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-template

A template has the configuration of a VM, and its fields. All versions of one share its name and refer to the base version; the engine numbers them.
What a request for a new one can say of it is laid over the configuration of the VM it is made from (``BackendTemplatesResource``): all but its NICs,
consoles and watchdog, which come along and are changed afterwards, its firmware, which is always the VM's (``AddVmTemplateCommand``), and the name of
a base version.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    Bool,
    Enum,
    Int,
    ListOf,
    Ref,
    Resolve,
    Size,
    Struct,
    Text,
    Wire,
    Wires,
    at_rest,
    dig,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._marks import TAGS, mark_steps
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._places import centers, id_of, of_data_center
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    ABSENT,
    GONE,
    LOOK,
    PRESENT,
    REMOVE,
    UPDATE,
    Identity,
    Problem,
    Reader,
    Resource,
    Settle,
    Situation,
    Step,
    Work,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import VM, base_of, changes, console, devices, display, reported, snapshot_of
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.rest import FALLING, rest

MADE = Settle(good=frozenset({"ok"}), bad=frozenset({"illegal"}))
BASE_NAME = "base version"
"""What the engine calls a base version."""
NAMED_AT_MOST = 20
AFTERWARDS = ("bios_type",)
"""Options that a new template takes from its VM whatever the request says."""
BASED_ON_IT = ("based on it", 60.0)
"""Disks of VMs or pools that were just removed stand on those of a template for some seconds more, while their images are deleted."""
ELSEWHERE = frozenset({"nics", "disks", "graphics", "watchdog", "tags"})
"""Options that have no place in the body of a template."""


class VersionNumber(Int):
    """The engine numbers versions, and takes no number from anybody (``TemplateMapper``)."""

    def write(self, body: Wire, native: Any) -> None:
        """See ``meant`` and ``rules``."""


class SourceRef(Ref):
    """The VM that a template was made from may be gone when the task runs again."""

    def resolve(self, native: Any, resolve: Resolve) -> Any:
        try:
            return super().resolve(native, resolve)
        except NotFound:
            return {"id": None, "name": native}


class TemplateNics(devices.Named):
    """NICs like those of a VM; nothing of a template runs."""

    def effect_of(self, wanted: Any, current: Any) -> str | None:
        return None


class Disks(ListOf):
    """What the disks of a new template are to be like; a template that is there has its own."""

    def read(self, wire: Wire) -> Any:
        return [self.each.from_wire(one) for one in dig(wire, self.where) or []]

    def write(self, body: Wire, native: Any) -> None:
        """See ``shape_body``."""

    def same(self, wanted: Any, current: Any) -> bool:
        return True


DISKS = Disks(
    "disks",
    (
        "At creation, what copies of the VM's disks are to be like; those that are not listed are copied as they are. "
        "The disks of a template that exists are not changed.",
        "In results, all disks of the template.",
    ),
    path="disk_attachments.disk_attachment",
    each=Struct(
        "disk",
        "",
        fields=(
            Text("id", "Id of the VM's disk, instead of O(disks[].name). In results, that of the template's disk."),
            Text("name", "Name (alias) of the VM's disk. In results, that of the template's disk.", path="disk.alias"),
            Text("new_name", "Name that the template's disk is to have. The same as the VM's when it is left out.", write_only=True),
            Ref(
                "storage_domain",
                "Storage domain, by name or id, for the copy. That of the VM's disk when neither this nor O(storage_domain) is given.",
                to="storage_domain",
                write_only=True,
            ),
            Enum("format", "Image format of the copy.", path="disk.format", choices=("cow", "raw")),
            Bool(
                "sparse",
                "Whether space of the copy is taken as it is written (V(true)) or at once. Follows O(disks[].format) where that is given.",
                path="disk.sparse",
            ),
            Text("description", "Description of the copy.", path="disk.description"),
            ListOf(
                "storage_domains",
                "Storage domains that have a copy.",
                path="disk.storage_domains.storage_domain",
                each=Ref("storage_domain", "", to="storage_domain"),
                read_only=True,
            ),
            Size("size", "Size that a guest sees.", path="disk.provisioned_size", read_only=True),
            Enum("interface", "Bus of the disk.", read_only=True),
            Bool("bootable", "Whether VMs boot from it.", read_only=True),
            Text("status", "Status of the disk.", path="disk.status", read_only=True),
        ),
    ),
)


def _shared() -> dict[str, Any]:
    """Fields that a template has in common with a VM."""
    nics: Any = VM.field_of("nics")
    # The engine draws MAC addresses for VMs, not for templates.
    kept = tuple(inner for inner in nics.each.fields if inner.option != "mac")
    own: dict[str, Any] = {
        "memory": at_rest(VM.field_of("memory"), "Memory, for example V(4GiB); a bare number is bytes."),
        "memory_guaranteed": at_rest(VM.field_of("memory_guaranteed"), "Memory that a host keeps for a VM even when memory is short."),
        "memory_max": at_rest(
            VM.field_of("memory_max"), "Up to where memory can be added while a VM runs. That of its VM, when it is left out at creation."
        ),
        # Its architecture is that of its cluster.
        "cpu": at_rest(VM.field_of("cpu"), without=("architecture",)),
        "bios_type": at_rest(
            VM.field_of("bios_type"),
            (
                "Chipset and firmware. V(cluster_default) takes the cluster's.",
                "The engine gives a new template that of its VM, and is asked to change it afterwards.",
            ),
        ),
        "graphics": at_rest(
            VM.field_of("graphics"), "Graphical consoles: V(spice), V(vnc), both, or an empty list for none. Those of the VM at creation."
        ),
        # Of a sound device an engine answers the opposite of what a template has (``BackendTemplateResource.doPopulate``): nothing could be compared.
        "console": at_rest(VM.field_of("console"), without=("soundcard", "single_qxl_pci")),
        "nics": TemplateNics(
            "nics",
            (
                "Network interfaces, told apart by O(nics[].name). Listed ones are made true, others are left alone unless O(purge_nics=true).",
                "A new template has those of its VM, without their MAC addresses.",
            ),
            path=nics.path,
            plug=nics.plug,
            each=replace(nics.each, fields=kept),
        ),
        "high_availability": at_rest(VM.field_of("high_availability"), without=("lease",)),
        "watchdog": at_rest(VM.field_of("watchdog"), "Watchdog card. An empty dictionary removes it. That of the VM at creation."),
        "rng": at_rest(VM.field_of("rng"), "Random number generator."),
        "delete_protected": at_rest(VM.field_of("delete_protected"), "Whether it is protected against deletion. As its VM is, when it is left out."),
        "custom_properties": at_rest(VM.field_of("custom_properties")),
    }
    plain = (
        "type", "ballooning", "os", "boot_menu", "machine_type", "tpm", "compatibility_version", "serial_number", "time_zone", "initialization", "placement",
        "migration", "virtio_scsi", "virtio_scsi_multi_queues", "multi_queues", "io_threads", "quota", "stateless", "start_paused",
    )
    return {**own, **{option: at_rest(VM.field_of(option)) for option in plain}}


ORDER = (
    "type", "memory", "memory_guaranteed", "memory_max", "ballooning", "cpu", "os", "bios_type", "boot_menu", "machine_type", "tpm", "compatibility_version",
    "serial_number", "time_zone", "graphics", "console", "nics", "initialization", "high_availability", "placement", "migration", "virtio_scsi",
    "virtio_scsi_multi_queues", "multi_queues", "io_threads", "rng", "watchdog", "quota", "stateless", "start_paused", "delete_protected", "custom_properties",
)
SHARED = _shared()
NICS: TemplateNics = SHARED["nics"]


# -- which version


def meant(reader: Reader, situation: Situation, found: Wires) -> Wires:
    """The version that is meant of all that have the name; one of each template where several templates have it.

    The name alone means the base version: a task that made it means the same one when there are further versions.
    """
    found = _in_data_center(reader, situation, found)
    bases = {base_of(one): one for one in found}
    if len(bases) > 1:
        return list(bases.values())
    if found:
        situation.facts["versions"] = found
    wanted = situation.wanted
    if "version_number" in wanted:
        return [one for one in found if _number(one) == wanted["version_number"]]
    if "version_name" in wanted:
        return [one for one in found if dig(one, "version.version_name") == wanted["version_name"]]
    return [min(found, key=_number)] if found else []


def _in_data_center(reader: Reader, situation: Situation, found: Wires) -> Wires:
    """Those of the data center that is meant, since a name is unique in one alone; templates that are in none are in all."""
    meant_one = _center_meant(reader, situation.wanted) if found else None
    if meant_one is None:
        return found
    return of_data_center(reader, found, meant_one)


def _center_meant(reader: Reader, wanted: dict[str, Any]) -> Any:
    """The data center that is given, or that of the cluster, or of the VM; None where nothing tells."""
    if wanted.get("data_center"):
        return id_of(reader, "data_center", wanted["data_center"])
    if wanted.get("cluster"):
        return centers(reader).get(id_of(reader, "cluster", wanted["cluster"]))
    vm = wanted.get("vm") or (wanted.get("from_snapshot") or {}).get("vm")
    if not vm or len(set(centers(reader).values())) < 2:
        return None
    try:
        wire = reader.get(f"vms/{id_of(reader, 'vm', vm)}")
    except NotFound:
        return None
    return centers(reader).get(dig(wire, "cluster.id"))


def _number(wire: Wire) -> int:
    return int(dig(wire, "version.version_number") or 1)


# -- facts


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    current = situation.current
    if not situation.state.exists:
        if current is not None:
            _see_users(reader, situation)
        return dict(situation.facts)
    display.gather(reader, situation)
    if current is None:
        _see_source(reader, situation)
    else:
        console.leave_out_what_is_not_shown(situation)
        devices.prepare(reader, situation)
        situation.facts["watchdog_id"] = next((one["id"] for one in dig(situation.wire, "watchdogs.watchdog") or []), None)
    return dict(situation.facts)


def _see_users(reader: Reader, situation: Situation) -> None:
    """What goes, and the VMs whose disks stand on it."""
    wire = situation.wire or {}
    versions = [one for one in reader.find("templates", wire["name"]) if base_of(one) == base_of(wire)]
    situation.facts["versions"] = versions
    doomed = {one["id"] for one in _doomed(situation)}
    situation.facts["users"] = sorted(str(one.get("name")) for one in reader.list("vms") if dig(one, "template.id") in doomed)


def _doomed(situation: Situation) -> Wires:
    """The versions that go, the base last: while it is there no other has to take its place."""
    if not situation.wanted.get("all_versions"):
        return [situation.wire or {}]
    return sorted(situation.facts["versions"], key=_number, reverse=True)


def _shown(reader: Reader, profile: Any) -> Any:
    """A vNIC profile as results show it."""
    return {"id": profile["id"], "name": reader.name_of("vnic_profile", profile["id"])} if profile else None


def _see_source(reader: Reader, situation: Situation) -> None:
    """The VM that a new template is made from, with what comes along from it."""
    wanted, facts = situation.wanted, situation.facts
    origin = wanted.get("from_snapshot")
    vm = origin["vm"] if origin else wanted.get("vm")
    if not vm:
        return
    along = ("nics", "disk_attachments.disk", "graphics_consoles", "watchdogs")
    wire = vm["id"] and reader.get(f"vms/{vm['id']}", follow=along, params={"all_content": "true"})
    if not wire:
        raise NotFound(f"vm: There is no VM {vm['name']!r}.", hint="Check the spelling, or create it first.")
    facts["vm"] = wire
    if origin:
        facts["snapshot"] = snapshot_of(reader, origin)
    born = {
        "id": "{id}",
        "name": wanted.get("name"),
        "cluster": wanted.get("cluster") or {"id": dig(wire, "cluster.id")},
        "nics": [{**one, "id": f"{{nic {one['name']}}}", "vnic_profile": _shown(reader, one["vnic_profile"])} for one in NICS.read(wire)],
        "graphics": SHARED["graphics"].read(wire),
        "watchdog": SHARED["watchdog"].read(wire),
    }
    facts["born"] = born
    facts["watchdog_id"] = "{watchdog}"
    like = replace(situation, current=born)
    console.leave_out_what_is_not_shown(like)
    devices.prepare(reader, like)


def complete(reader: Reader, wire: Wire) -> Wire:
    return reported.complete(reader, wire)


# -- rules


def rules(situation: Situation) -> Iterator[Problem]:
    current = situation.current
    if not situation.state.exists:
        if current is not None:
            yield from _removable(situation)
        return
    if current is None:
        yield from _can_be_made(situation)
        yield from _memory_fits(situation)
        yield from devices.nics_in_place(replace(situation, current=situation.facts.get("born")))
        return
    if current.get("status") == "illegal":
        yield Problem(f"{situation.title} is illegal: the engine could not make it.", "Remove it with state: absent, and have it made again.")
    if any(change.option == "name" for change in situation.changes()) and (current.get("base_template") or {}).get("id") != current["id"]:
        yield Problem(
            f"{situation.title} is version {current['version_number']}, and is called like its base version.",
            "Name the base version to rename all of them, by name alone or by its id; a single version has a version_name.",
        )
    yield from _memory_fits(situation)
    yield from devices.nics_in_place(situation)


def _memory_fits(situation: Situation) -> Iterator[Problem]:
    """Of the sizes that belong together, those that are left out stay as they are, or as the VM has them."""
    sizes = ("memory_guaranteed", "memory", "memory_max")
    if not set(sizes) & set(situation.wanted):
        return
    now = situation.current or {option: SHARED[option].read(situation.facts["vm"]) for option in sizes if "vm" in situation.facts}
    known: dict[str, Any] = {option: situation.wanted.get(option, now.get(option)) for option in sizes}
    for less, more in zip(sizes, sizes[1:]):
        if known[less] and known[more] and known[less] > known[more]:
            missing = next((option for option in (less, more) if option not in situation.wanted), less)
            message = f"{less} of {situation.title} would be {known[less]}, and {more} {known[more]}, which is less."
            yield Problem(message, f"Give {missing} another value, too.")


def _removable(situation: Situation) -> Iterator[Problem]:
    wanted, title = situation.wanted, situation.title
    versions = sorted(situation.facts["versions"], key=_number)
    said = {"id", "version_number", "version_name"} & set(wanted) or wanted.get("all_versions")
    if len(versions) > 1 and not said:
        listed = ", ".join(f"{_number(one)} ({dig(one, 'version.version_name')})" for one in versions)
        yield Problem(
            f"{title} has {len(versions)} versions: {listed}.",
            "Say which goes with version_number or version_name, or all of them with all_versions.",
        )
        return
    kept = [one for one in _doomed(situation) if str(one.get("delete_protected")).lower() == "true"]
    if kept:
        which = ", ".join(str(_number(one)) for one in kept)
        yield Problem(f"{title} is protected against deletion (version {which}).", "Set delete_protected: false in a task of its own first.")
    users = situation.facts["users"]
    if users:
        more = f" and {len(users) - NAMED_AT_MOST} more" if len(users) > NAMED_AT_MOST else ""
        yield Problem(
            f"{title} is being used by VMs, whose disks stand on it: {', '.join(users[:NAMED_AT_MOST])}{more}.",
            "Remove them first, or make them again as independent copies, with clone: true.",
        )


def _can_be_made(situation: Situation) -> Iterator[Problem]:
    wanted, facts, title = situation.wanted, situation.facts, situation.title
    versions = facts.get("versions") or []
    number = 1 + max((_number(one) for one in versions), default=0)
    if wanted.get("version_number", number) != number:
        has = f"has {', '.join(str(_number(one)) for one in sorted(versions, key=_number))}" if versions else "does not exist"
        yield Problem(
            f"{title} has no version {wanted['version_number']}, and the next to be made gets the number {number}.",
            f"It {has}. Leave version_number out, or give version_name.",
        )
        return
    vm = facts.get("vm")
    if wanted.get("vm") and wanted.get("from_snapshot"):
        yield Problem(f"{title} can be made of a vm, or of a snapshot with from_snapshot, and both are given.", "Leave one of them out.")
        return
    if vm is None:
        what = f"version {wanted.get('version_name') or number} of {title}" if versions else title
        yield Problem(f"{what} does not exist, and cannot be made without vm or from_snapshot.", "Add one of them.")
        return
    if "snapshot" not in facts and vm.get("status") not in FALLING | {"down"}:
        yield Problem(
            f"VM {vm.get('name')} is {vm.get('status')}; a template is made of one that is down.",
            "Bring it to state stopped first, or make the template of a snapshot of it, with from_snapshot.",
        )
    for item in wanted.get("disks") or []:
        label = item.get("id") or item.get("name")
        fitting = [one for one in _attached(situation) if _is_meant(item, one)]
        if len(fitting) != 1:
            count = f"{len(fitting)} disks" if fitting else "no disk"
            ids = f", with the ids {', '.join(sorted(one['id'] for one in fitting))}" if fitting else ""
            yield Problem(f"VM {vm.get('name')} has {count} {label!r} that a template can have{ids}.", "In disks, give names or ids of its images.")


def _attached(situation: Situation) -> Wires:
    """The VM's disks that a template gets: images that are not shared."""
    found = dig(situation.facts.get("vm"), "disk_attachments.disk_attachment") or []
    return [one for one in found if dig(one, "disk.storage_type") == "image" and str(dig(one, "disk.shareable")).lower() != "true"]


def _is_meant(item: Wire, attachment: Wire) -> bool:
    return bool(item["id"] == attachment["id"] if item.get("id") else item.get("name") == dig(attachment, "disk.alias"))


def display_rules(situation: Situation) -> Iterator[Problem]:
    """A new template has the consoles and the video device of its VM first."""
    yield from display.rules(replace(situation, current=situation.facts.get("born", situation.current)))


# -- bodies


def shape_body(body: Wire, situation: Situation) -> Wire:
    """Members that only make sense together, and those of a creation."""
    if "initialization" in body and "initialization" in situation.wanted:
        SHARED["initialization"].write(body, situation.wanted["initialization"])
    if situation.current is not None:
        return body
    vm: Wire = {"id": situation.facts["vm"]["id"]}
    if "snapshot" in situation.facts:
        vm["snapshots"] = {"snapshot": [{"id": situation.facts["snapshot"]}]}
    copies = [{"disk": one} for one in _copies(situation)]
    if copies:
        vm["disk_attachments"] = {"disk_attachment": copies}
    version = body.pop("version", {})
    versions = situation.facts.get("versions")
    if versions:
        # The engine takes no version without the base that it is one of.
        body["version"] = {**version, "base_template": {"id": base_of(versions[0])}}
    return {**body, "vm": vm}


def _copies(situation: Situation) -> Iterator[Wire]:
    """What is said of copies of disks; the engine takes a storage domain only together with the disk that it is for."""
    for attachment, item in _paired(situation):
        domain = item.get("storage_domain") or situation.wanted.get("storage_domain")
        copy: Wire = {name: item[name] for name in ("format", "sparse", "description") if name in item}
        if "format" in item:
            copy.setdefault("sparse", item["format"] == "cow")
        if item.get("new_name"):
            copy["alias"] = item["new_name"]
        if domain:
            copy["storage_domains"] = {"storage_domain": [{"id": domain["id"]}]}
        if copy:
            yield {"id": attachment["id"], **copy}


def _paired(situation: Situation) -> Iterator[tuple[Wire, Wire]]:
    for attachment in _attached(situation):
        yield attachment, next((item for item in situation.wanted.get("disks") or [] if _is_meant(item, attachment)), {})


# -- steps


def steps(situation: Situation) -> Work:
    work = Work()
    if not situation.state.exists:
        _remove(work, situation)
    elif situation.current is None:
        _create(work, situation)
    else:
        _locked(work, situation)
        changed = [change.option for change in situation.changes() if change.option not in ELSEWHERE]
        _configure(work, situation, changed)
        _tell_of_disks(work, situation)
    return work


def _locked(work: Work, situation: Situation) -> None:
    """A template that is still being made, by a task that was killed for example, is waited for before anything is asked of it."""
    if (situation.current or {}).get("status") == "locked":
        work.steps.append(Step(LOOK, f"see {situation.title} unlocked", situation.own_path, settle=MADE))
        work.leads["status"] = "ok"


def _create(work: Work, situation: Situation) -> None:
    wanted, facts = situation.wanted, situation.facts
    vm, versions = facts["vm"], facts.get("versions") or []
    if "snapshot" not in facts:
        work.steps.extend(rest(vm, f"vms/{vm['id']}", frozenset({"down"})))
    params = {name: "true" for name in ("seal", "clone_permissions") if wanted.get(name)}
    number = 1 + max((_number(one) for one in versions), default=0)
    made = replace(create_step(situation), leaves=display.consoles_at("templates/{new}", facts["born"]["graphics"]))
    if versions:
        made = replace(made, says=f"create version {wanted.get('version_name') or number} of {situation.title}")
    parts = ("nics", "watchdog") if any(option in wanted for option in ("nics", "watchdog")) else ()
    learning: dict[str, Any] = {"follow": ("nics", "watchdogs"), "learns": _ids_of_parts} if parts else {}
    work.steps.append(replace(made, params=params, **learning))
    own = [option for option in AFTERWARDS if option in wanted and not _field(option).same(wanted[option], _field(option).read(vm))]
    if not versions and wanted.get("version_name", BASE_NAME) != BASE_NAME:
        own.append("version_name")
    _configure(work, replace(situation, current=facts["born"]), own)
    work.leads.update({"status": "ok", "version_number": number})
    work.follows["nics"] = [{**one, "id": None} for one in NICS.merged(wanted.get("nics") or [], facts["born"]["nics"])]
    work.follows["disks"] = [_predicted(situation, attachment, item) for attachment, item in _paired(situation)]


def _field(option: str) -> Any:
    return SHARED[option]


def _ids_of_parts(wire: Wire) -> dict[str, str]:
    """Ids of what came along from the VM, by the keys that ``born`` has for them."""
    found = {f"nic {one['name']}": str(one["id"]) for one in dig(wire, "nics.nic") or []}
    return {**found, **{"watchdog": str(one["id"]) for one in dig(wire, "watchdogs.watchdog") or []}}


def _predicted(situation: Situation, attachment: Wire, item: Wire) -> Wire:
    copy = next((one for one in _copies(situation) if one["id"] == attachment["id"]), {})
    shown: Wire = {"id": None, "name": copy.get("alias") or dig(attachment, "disk.alias")}
    domain = item.get("storage_domain") or situation.wanted.get("storage_domain")
    return {
        **shown,
        **{name: copy[name] for name in ("format", "sparse", "description") if name in copy},
        **({"storage_domains": [domain]} if domain else {}),
    }


def _configure(work: Work, situation: Situation, changed: Sequence[str]) -> None:
    work.steps.extend(display.before(situation))
    if changed or display.plan(situation).body:
        body = display.write(situation.resource.body(situation, changed), situation)
        says = f"change {', '.join(changed or ['graphics'])} of {situation.title}"
        work.steps.append(Step(UPDATE, says, situation.own_path, body=body, leaves=display.left(situation)))
    work.steps.extend(devices.nic_steps(situation))
    work.steps.extend(display.after(situation))
    work.steps.extend(changes.watchdog_steps(situation))
    work.steps.extend(mark_steps(situation))


def _tell_of_disks(work: Work, situation: Situation) -> None:
    """Disks are shaped when the template is made: what is not as it is said now is only told."""
    now = {one["name"]: one for one in (situation.current or {}).get("disks") or []}
    for item in situation.wanted.get("disks") or []:
        disk = now.get(item.get("new_name") or item.get("name"))
        if disk is None:
            continue
        domain = item.get("storage_domain")
        differing = [name for name in ("format", "sparse") if name in item and item[name] != disk[name]]
        if domain and domain["id"] not in [one["id"] for one in disk["storage_domains"]]:
            differing.append("storage_domain")
        if differing:
            work.warnings.append(f"Disk {disk['name']} of {situation.title} is otherwise than {', '.join(differing)} says. Disks are shaped at creation alone.")


def _remove(work: Work, situation: Situation) -> None:
    if situation.current is None:
        return
    doomed = _doomed(situation)
    for one in doomed:
        path = f"{situation.collection}/{one['id']}"
        words = situation.title if len(situation.facts["versions"]) == 1 else f"version {_number(one)} of {situation.title}"
        if one.get("status") == "locked":
            work.steps.append(Step(LOOK, f"see {words} unlocked", path, settle=MADE))
        work.steps.append(Step(REMOVE, f"remove {words}", path, settle=GONE, passing=BASED_ON_IT))


TEMPLATE = Resource(
    kind="template",
    words="template",
    collection="templates",
    summary="Manage templates and their versions",
    about=(
        "Makes templates, and further versions of them, from VMs or their snapshots, and changes and removes them.",
        "A template that exists is not made again when its VM has changed: give O(version_name) for a further version. "
        "All versions of a template have its name. With O(name) alone the base version is meant, here; a VM that is made by the name gets the newest.",
        "A new template has the configuration of its VM, but for the options that are given here. Options left out are not managed.",
        "A template on the way is waited for until its status is C(ok) and the engine's job is over, which may be some time later.",
    ),
    identity=Identity(new="new_name", place="cluster", apart=("version_name", "version_number"), meant=meant),
    fields=(
        Text("name", "Name, unique in its data center, which all its versions have."),
        Text(
            "version_name",
            "Name of the version. Where the template has none of that name, it is made, from O(vm) or O(from_snapshot). "
            "Together with O(version_number) or O(id), the name that the version is to have.",
            path="version.version_name",
        ),
        VersionNumber(
            "version_number",
            "Number of the version. The engine numbers them from V(1); one that does not exist can be made if it is the next.",
            path="version.version_number",
            least=0,
            fixed=True,
        ),
        Ref("base_template", "The base version; itself for that.", path="version.base_template", to="template", read_only=True),
        Text("description", "Description."),
        Text("comment", "Comment. That of its VM, when it is left out at creation."),
        Ref("cluster", "Cluster, by name or id. That of its VM, when it is left out at creation.", to="cluster"),
        *(SHARED[option] for option in ORDER[: ORDER.index("nics") + 1]),
        DISKS,
        *(SHARED[option] for option in ORDER[ORDER.index("nics") + 1:]),
        replace(TAGS, effect=None),
        Text("status", "Status: C(ok), C(locked) while it is made, or C(illegal).", read_only=True),
    ),
    arguments=(
        Text("new_name", "Name that the template called O(name) is to have. With O(id), O(name) is the new name. All versions get it."),
        SourceRef(
            "vm",
            "At creation, VM, by name or id, it is made from. It has to be down. A template that exists is not compared with it, and the VM may be gone.",
            to="vm",
            apart="cluster.data_center",
        ),
        Struct(
            "from_snapshot",
            "At creation, instead of O(vm), a snapshot of a VM, which may run.",
            fields=(
                SourceRef("vm", "The VM, by name or id.", to="vm", apart="cluster.data_center", needed=True),
                Text("snapshot", "Description or id of the snapshot.", needed=True),
            ),
        ),
        Ref(
            "storage_domain",
            "At creation, storage domain, by name or id, for the copies of all disks that O(disks) does not give another one.",
            to="storage_domain",
        ),
        Bool("seal", "At creation, whether what is the VM's own is taken out of the copied disks (C(virt-sysprep)). Not for Windows."),
        Bool("clone_permissions", "At creation, whether permissions on the VM are given on the template, too."),
        Bool("purge_nics", "Whether NICs that O(nics) does not list are removed."),
        Bool("all_versions", "With O(state=absent), whether all versions are removed. Otherwise that takes O(version_number) or O(version_name)."),
        Ref(
            "data_center",
            "Data center, by name or id, it is in, where neither O(cluster) nor O(vm) tells, and several have a template of that name.",
            to="data_center",
        ),
    ),
    states=(PRESENT, ABSENT),
    follow={
        "nics": "nics",
        "disk_attachments.disk": "disks",
        "graphics_consoles": ("graphics", "console"),
        "watchdogs": "watchdog",
        "tags": "tags",
    },
    unlisted=frozenset({"initialization", "rng", "virtio_scsi", "tpm", "console.serial"}),
    read_params={"all_content": "true"},
    rules=(rules, display_rules),
    gather=gather,
    complete=complete,
    shape_body=shape_body,
    steps=steps,
    settles=MADE,
    removed=GONE,
    # Nobody knows any more which VM another engine could make them from.
    exported=False,
)
