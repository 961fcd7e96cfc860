# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NICs and disks inside a VM: lists whose elements are told apart by name and made true one by one.

Elements that are not listed are left alone; with ``purge_nics`` and ``purge_disks`` the plan marks them (``GONE_MARK``) for removal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.search import quoted
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._disk_names import illegal_name
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    HOTPLUG,
    LIVE,
    NEEDS_DOWN,
    NEXT_RUN,
    STRONGEST_FIRST,
    Bool,
    Enum,
    ListOf,
    Mac,
    Ref,
    Size,
    Struct,
    Text,
    Wire,
    dig,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    CREATE,
    REMOVE,
    UPDATE,
    Problem,
    Reader,
    Settle,
    Situation,
    Step,
)

GONE_MARK = "_gone"
LOOSE = "loose"
"""The fact that has the disks that are to be attached, by their ids."""
DISK_SETTLES = Settle(good=frozenset({"ok"}), bad=frozenset({"illegal"}))
RUNS = frozenset({"up", "powering_up", "wait_for_launch", "paused", "reboot_in_progress", "migrating", "powering_down"})


class ProfileRef(Ref):
    """A vNIC profile. Its name is unique on its network alone, and that of the network in its data center: it is looked up by ``find_profile``."""

    def resolve(self, native: Any, resolve: Any) -> Any:
        return native if native else {}


@dataclass(frozen=True, eq=False)
class Named(ListOf):
    """Elements told apart by the first of ``keys`` that they have; those of the engine that are not listed do not count.

    plug    the member that tells whether an element is plugged into the VM
    effects how a change of a member of a plugged one reaches a VM that runs; at once where it is not named
    """

    keys: Sequence[str] = ("id", "name")
    plug: str = ""
    effects: Mapping[str, str] = field(default_factory=dict)

    def effect_of(self, wanted: Any, current: Any) -> str | None:
        if self.effect is not None:
            return super().effect_of(wanted, current)
        found = [effect for item in wanted if self._differs(item, current) for effect in self._effects(item, self.match(item, current))]
        return min(found, key=STRONGEST_FIRST.index) if found else None

    def _effects(self, item: Any, now: Any) -> Iterator[str]:
        if GONE_MARK in item or now is None:
            yield HOTPLUG
            return
        stays = now.get(self.plug) and item.get(self.plug, True)
        for name, value in item.items():
            if not self.each.same({name: value}, now):
                yield HOTPLUG if name == self.plug else self.effects.get(name, LIVE) if stays else LIVE

    def held(self, wanted: Any, current: Any) -> Iterator[tuple[Any, list[str]]]:
        """Elements that are plugged into a VM that runs, each with its members that have to change and cannot so."""
        for item in wanted:
            now = self.match(item, current)
            if now is None or GONE_MARK in item or not (now.get(self.plug) and item.get(self.plug, True)):
                continue
            members = [name for name, value in item.items() if self.effects.get(name) == NEEDS_DOWN and not self.each.same({name: value}, now)]
            if members:
                yield now, members

    def accept(self, given: Any, option: str) -> Any:
        items = super().accept(given, option)
        seen: set[Any] = set()
        for place, item in enumerate(items):
            key = self.key(item)
            if key is None:
                raise InvalidInput(f"{option}[{place}] has no {self.keys[-1]}.")
            if key in seen:
                raise InvalidInput(f"{option} names {key!r} twice.")
            seen.add(key)
        return items

    def key(self, item: Any) -> Any:
        return next((item[name] for name in self.keys if item.get(name) not in (None, "")), None)

    def match(self, item: Any, current: Any) -> Any:
        """The element of the engine that an element of the list means.

        :raises Ambiguous: several have its name.
        """
        name = next((one for one in self.keys if item.get(one) not in (None, "")), self.keys[-1])
        fitting = [now for now in current or [] if item.get(name) == now.get(name)]
        if len(fitting) > 1:
            ids = ", ".join(sorted(str(now.get("id")) for now in fitting))
            raise Ambiguous(
                f"{self.option}: there are {len(fitting)} that are called {item[name]!r}, with the ids {ids}.", hint="Give the id instead of the name.")
        return fitting[0] if fitting else None

    def marked(self, items: list[Any], current: Any, purge: bool) -> list[Any]:
        """The list with a mark on each element that goes: those said to be, and with ``purge`` those that are not listed."""
        listed = []
        for item in items:
            item = dict(item)
            state = item.pop("state", "present")
            listed.append(item if state == "present" else self._gone(item, state))
        extra = [now for now in current or [] if purge and not any(self.match(one, [now]) for one in listed)]
        return listed + [self._gone(now, "detached") for now in extra]

    def _gone(self, item: Any, state: str) -> Any:
        return {**{name: item.get(name) for name in self.keys}, GONE_MARK: state}

    def write(self, body: Any, native: Any) -> None:
        """They have requests of their own."""

    def same(self, wanted: Any, current: Any) -> bool:
        return not any(self._differs(item, current) for item in wanted)

    def _differs(self, item: Any, current: Any) -> bool:
        now = self.match(item, current)
        if GONE_MARK in item:
            return now is not None
        return now is None or not self.each.same(item, now)

    def differing(self, wanted: Any, current: Any) -> tuple[Any, Any]:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for item in wanted:
            if not self._differs(item, current):
                continue
            now, key = self.match(item, current), str(item.get(self.keys[-1]) if item.get(self.keys[-1]) not in (None, "") else self.key(item))
            if key in before:
                # Of two that have one name, which are told apart by their ids.
                key = str(self.key(item))
            if GONE_MARK in item:
                before[key], after[key] = now, None
            elif now is None:
                before[key], after[key] = None, {name: value for name, value in item.items() if name != "state"}
            else:
                before[key], after[key] = self.each.differing(item, now)
        return before, after

    def merged(self, wanted: Any, current: Any) -> Any:
        items = []
        for now in current or []:
            item = next((one for one in wanted if self.match(one, [now]) is not None), None)
            if item is None:
                items.append(now)
            elif GONE_MARK not in item:
                items.append(self.each.merged(item, now))
        return items + [self.each.merged(item, {"id": None}) for item in wanted if GONE_MARK not in item and self.match(item, current) is None]


NICS = Named(
    "nics",
    (
        "Network interfaces, told apart by O(nics[].name). Listed ones are made true, others are left alone unless O(purge_nics=true). "
        "Those that a new VM has from O(template) or O(from_snapshot) are meant by their names, too.",
        "They can be added to, changed in and unplugged from a running VM; the model and the MAC address only of one that is not plugged in, "
        "or with the VM down.",
    ),
    path="nics.nic",
    plug="plugged",
    effects={"interface": NEEDS_DOWN, "mac": NEEDS_DOWN},
    each=Struct(
        "nic",
        "",
        fields=(
            Text("id", "Id of the NIC, instead of O(nics[].name). With both, it gets that name."),
            Text("name", "Name, for example V(nic1)."),
            ProfileRef(
                "vnic_profile",
                "vNIC profile, by name or id; looked for on O(nics[].network), or on the networks of the VM's data center. "
                "An empty string disconnects the interface.",
                to="vnic_profile",
            ),
            Text(
                "network",
                "Network of O(nics[].vnic_profile), where several have a profile of that name; alone it means the profile named like the network.",
                write_only=True,
            ),
            Enum("interface", "Device model.", choices=("virtio", "e1000", "e1000e", "rtl8139", "rtl8139_virtio", "spapr_vlan", "pci_passthrough")),
            Mac("mac", "MAC address. The engine draws one from its pool when it is left out.", path="mac.address"),
            Bool("linked", "Whether the link is up.", absent=True),
            Bool("plugged", "Whether it is plugged in.", absent=True),
            Enum("state", "V(absent) removes it.", choices=("present", "absent"), write_only=True),
        ),
    ),
)

DISKS = Named(
    "disks",
    (
        "Disks, told apart within the VM by O(disks[].name), or by O(disks[].id). Listed ones are made true, others are left alone unless O(purge_disks=true).",
        "A disk that is not attached yet is attached, by its id, or by its name where no VM has it or several may have it; otherwise it is made. "
        "A disk of the same name that another VM has for itself does not count.",
        "Those that a new VM has from O(template) or O(from_snapshot) are meant by their names, too.",
        "They can be added to, enlarged in and unplugged from a running VM; its bus, and whether it is bootable, read-only, shareable or passes errors on, "
        "only of one that is not plugged in, or with the VM down.",
    ),
    path="disk_attachments.disk_attachment",
    plug="active",
    effects={
        **dict.fromkeys(("bootable", "interface", "read_only", "shareable", "propagate_errors"), NEEDS_DOWN),
        **dict.fromkeys(("pass_discard", "uses_scsi_reservation"), NEXT_RUN),
    },
    each=Struct(
        "disk",
        "",
        fields=(
            Text("id", "Id of the disk."),
            Text("name", "Name (alias) of the disk.", path="disk.alias"),
            Size("size", "Size the guest sees, for example V(40GiB). It can be made larger, also while the VM runs.", path="disk.provisioned_size"),
            Ref(
                "storage_domain",
                "Storage domain, by name or id, a new disk is made on. M(virtops.ovirt.disk_move) moves it later.",
                path="disk.storage_domains.storage_domain",
                to="storage_domain",
            ),
            Enum(
                "format",
                "Image format. V(cow) knows snapshots and grows, V(raw) is faster. V(cow) when it is left out.",
                path="disk.format",
                choices=("cow", "raw"),
            ),
            Bool("sparse", "Whether space is taken as it is written (V(true)) or at once. Follows O(disks[].format) when it is left out.", path="disk.sparse"),
            Enum("interface", "Bus of the disk.", choices=("virtio_scsi", "virtio", "sata", "ide", "spapr_vscsi")),
            Bool("bootable", "Whether the VM boots from it; one disk can."),
            Bool("active", "Whether it is plugged in.", absent=True),
            Bool("read_only", "Whether the guest cannot write to it."),
            Bool("pass_discard", "Whether freed space is given back to the storage."),
            Bool("uses_scsi_reservation", "Whether the guest may use SCSI reservations on a direct LUN."),
            Text("description", "Description.", path="disk.description"),
            Bool("shareable", "Whether several VMs can have it. Needs O(disks[].format=raw).", path="disk.shareable"),
            Bool("wipe_after_delete", "Whether it is overwritten when it is deleted.", path="disk.wipe_after_delete"),
            Bool("propagate_errors", "Whether I/O errors reach the guest instead of pausing it.", path="disk.propagate_errors"),
            Enum("backup", "Whether incremental backups are possible.", path="disk.backup", choices=("none", "incremental")),
            Ref("disk_profile", "Disk profile, by name or id.", path="disk.disk_profile", to="disk_profile"),
            Text("status", "Status of the disk.", path="disk.status", read_only=True),
            Enum("state", "V(detached) takes it from the VM and keeps it, V(absent) deletes it.", choices=("present", "detached", "absent"), write_only=True),
        ),
    ),
)

_CREATION_ONLY = ("storage_domain", "format", "sparse")
_OF_DISK = ("size", "description", "shareable", "wipe_after_delete", "propagate_errors", "backup", "disk_profile", "name")
_OF_ATTACHMENT = ("interface", "bootable", "active", "read_only", "pass_discard", "uses_scsi_reservation")


def flatten(wire: Any) -> None:
    """A disk's first storage domain in the place where a reference is read from."""
    for attachment in dig(wire, "disk_attachments.disk_attachment") or []:
        domains = dig(attachment, "disk.storage_domains.storage_domain")
        if isinstance(domains, list):
            attachment["disk"]["storage_domains"]["storage_domain"] = domains[0] if domains else {}


# -- facts


def prepare(reader: Reader, situation: Situation) -> None:
    """Marks what goes, and finds the profiles that NICs name, and disks of no VM that are to be attached."""
    wanted, current = situation.wanted, situation.current or {}
    for item in situation.resource.fields:
        purge = bool(wanted.get(f"purge_{item.option}"))
        if isinstance(item, Named) and (item.option in wanted or purge):
            wanted[item.option] = item.marked(wanted.get(item.option) or [], current.get(item.option), purge)
            _tell_which(situation, item)
    profiles: list[Any] | None = None
    for nic in wanted.get("nics") or []:
        name, network = nic.get("vnic_profile"), nic.pop("network", None)
        if isinstance(name, str) or network:
            profiles = _profiles(reader, situation) if profiles is None else profiles
            nic["vnic_profile"] = find_profile(profiles, name or network, network, lambda: center_of(reader, (situation.effective("cluster") or {}).get("id")))
    _find_loose(reader, situation)


def _find_loose(reader: Reader, situation: Situation) -> None:
    """Disks that the VM does not have and that are there: those that are named by their ids, and those of the name that can be attached."""
    for disk in situation.wanted.get("disks") or []:
        if GONE_MARK in disk or not isinstance(situation.resource.field_of("disks"), Named) or DISKS.match(disk, (situation.current or {}).get("disks")):
            continue
        wire = reader.get(f"disks/{disk['id']}") if disk.get("id") else _loose(reader, disk["name"])
        if wire is None and disk.get("id"):
            raise NotFound(f"disks: there is no disk with the id {disk['id']}.", hint="Give a name instead to have it made.")
        if wire is not None:
            wire = {**wire, "storage_domains": dict(wire.get("storage_domains") or {})}
            flatten({"disk_attachments": {"disk_attachment": [{"disk": wire}]}})
            disk["id"] = wire["id"]
            situation.facts.setdefault(LOOSE, {})[wire["id"]] = {**DISKS.each.from_wire({"disk": wire}), "id": wire["id"]}


def _loose(reader: Reader, name: str) -> Wire | None:
    """The disk of this name that no VM has, or that several may have; another VM's own disk of the name is no concern of this one.

    :raises Ambiguous: there are several.
    """
    found = [one for one in reader.find("disks", name, key="alias") if one.get("content_type", "data") == "data"]
    if not found:
        return None
    free = {one["id"] for one in reader.list("disks", search=f"alias={quoted(name)} and number_of_vms=0")}
    fitting = [one for one in found if one["id"] in free or str(one.get("shareable")).lower() == "true"]
    if len(fitting) > 1:
        ids = ", ".join(sorted(one["id"] for one in fitting))
        raise Ambiguous(f"disks: there are {len(fitting)} disks {name!r} that could be attached, with the ids {ids}.", hint="Give the id instead of the name.")
    return fitting[0] if fitting else None


def _tell_which(situation: Situation, field_of_list: Named) -> None:
    """:raises Ambiguous: an element of the list means several of the engine."""
    try:
        for item in situation.wanted[field_of_list.option]:
            field_of_list.match(item, (situation.current or {}).get(field_of_list.option))
    except Ambiguous as error:
        error.message = f"{situation.title}: {error.message}"
        raise


def _profiles(reader: Reader, situation: Situation) -> list[Any]:
    """Profiles of the VM's data center, each with its network's name; of a template that is in none, all of them."""
    cluster = situation.effective("cluster")
    wire = (reader.get(f"clusters/{cluster['id']}") or {}) if cluster else None
    networks = {one["id"]: one.get("name") for one in reader.list("networks") if wire is None or dig(one, "data_center.id") == dig(wire, "data_center.id")}
    found = reader.list("vnicprofiles")
    return [{"id": one["id"], "name": one.get("name"), "network": networks[dig(one, "network.id")]} for one in found if dig(one, "network.id") in networks]


def center_of(reader: Reader, cluster: str | None) -> str:
    """How a message calls the data center that profiles are looked for in."""
    wire = reader.get(f"clusters/{cluster}") if cluster else None
    center = dig(wire, "data_center.id")
    return f"data center {reader.name_of('data_center', center) or center}" if center else "any data center"


def find_profile(profiles: list[Any], name: str, network: str | None, center: Callable[[], str]) -> Any:
    """``{"id", "name"}`` of the one profile of that name or id.

    :param center: how a message calls the data center that was looked in; asked only where there is something to say.
    :raises InvalidInput: there is none, or there are several.
    """
    fitting = [one for one in profiles if name in (one["id"], one["name"]) and network in (None, one["network"])]
    if len(fitting) == 1:
        return {"id": fitting[0]["id"], "name": fitting[0]["name"]}
    where = f" on network {network} in {center()}" if network else f" in {center()}"
    if len(fitting) > 1:
        ids = ", ".join(f"{one['id']} on {one['network']}" for one in fitting)
        raise InvalidInput(f"nics: there are {len(fitting)} vNIC profiles {name!r}{where}: {ids}.", hint="Add network, or give the id.")
    raise InvalidInput(f"nics: there is no vNIC profile {name!r}{where}.", hint="Check the spelling, or create it first.")


# -- rules


def nics_in_place(situation: Situation) -> Iterator[Problem]:
    for item in situation.wanted.get("nics") or []:
        if item.get("id") and GONE_MARK not in item and NICS.match(item, (situation.current or {}).get("nics")) is None:
            yield Problem(f"{situation.title} has no NIC with the id {item['id']}.", "Give a name instead to have it made.")


def disks_in_place(situation: Situation) -> Iterator[Problem]:
    current = (situation.current or {}).get("disks")
    for item in situation.wanted.get("disks") or []:
        now = DISKS.match(item, current) or _loose_one(situation, item)
        if GONE_MARK in item:
            continue
        label = item.get("name") or item.get("id")
        if item.get("name") and (now or {}).get("name") != item["name"] and not (now is None and item.get("id")):
            yield from illegal_name(f"A disk of {situation.title}", item["name"])
        elif now is not None and any(name in item and not DISKS.each.same({name: item[name]}, now) for name in _OF_DISK):
            yield from illegal_name(f"Disk {now.get('name')!r} of {situation.title}", now.get("name"), there=True)
        if now is None:
            if not item.get("id") and not (item.get("size") and item.get("storage_domain")):
                yield Problem(
                    f"{situation.title} has no disk {label!r}, and it cannot be made without size and storage_domain.",
                    "Add them, or the id of a disk to attach.",
                )
            continue
        for option in _CREATION_ONLY:
            if option in item and not DISKS.each.same({option: item[option]}, now):
                yield Problem(f"{option} of disk {label!r} of {situation.title} cannot be changed here.", _elsewhere(situation, item, option, now))
        if item.get("size") and now.get("size") and item["size"] < now["size"]:
            hint = "Leave size as it is." if _loose_one(situation, item) is None else _elsewhere(situation, item, "size", now)
            yield Problem(f"Disk {label!r} of {situation.title} has {now['size']} bytes and cannot be made smaller.", hint)


def _elsewhere(situation: Situation, item: Any, option: str, now: Any) -> str:
    """What to do about an option that is only for a disk that is made."""
    if _loose_one(situation, item) is not None:
        return f"Disk {now['name']} ({now['id']}) is there, and would be attached: leave {option} out for that, or give a new disk another name."
    if situation.identifier == "{id}" and option != "storage_domain" and "snapshot" not in situation.facts:
        return "A disk that stands on that of the template is a thin one: add clone: true to have another."
    return "Move it with virtops.ovirt.disk_move." if option == "storage_domain" else "Convert the disk, or make a new one."


def held_in_place(situation: Situation, option: str) -> Iterator[Problem]:
    """Names each NIC or disk that would have to be unplugged, or the VM stopped."""
    elements = situation.resource.field_of(option)
    if not isinstance(elements, Named):
        return
    words = elements.each.option.replace("nic", "NIC")
    for now, members in elements.held(situation.wanted[option], (situation.current or {}).get(option)):
        yield Problem(
            f"{' and '.join(members)} of {words} {now.get('name')} of {situation.title} can only change while the VM is down, or the {words} is not "
            "plugged in.",
            f"Use state: stopped, or on_running: restart, or unplug it first ({elements.plug}: false).",
        )


# -- steps


def nic_steps(situation: Situation) -> list[Step]:
    steps: list[Step] = []
    current = (situation.current or {}).get("nics")
    running = (situation.current or {}).get("status") in RUNS
    base = f"{situation.own_path}/nics"
    for item in situation.wanted.get("nics") or []:
        now = NICS.match(item, current)
        label = f"NIC {item.get('name') or (now or {}).get('name')} of {situation.title}"
        if GONE_MARK in item:
            if now is None:
                continue
            if running and now.get("plugged", True):
                steps.append(Step(UPDATE, f"unplug {label}", f"{base}/{now['id']}", body={"plugged": False}))
            steps.append(Step(REMOVE, f"remove {label}", f"{base}/{now['id']}"))
        elif now is None:
            steps.append(Step(CREATE, f"add {label}", base, body=NICS.each.to_wire(_sendable(item)), look_for=("name", item["name"])))
        elif not NICS.each.same(item, now):
            changed = {name: value for name, value in item.items() if not NICS.each.same({name: value}, now)}
            steps.append(Step(UPDATE, f"change {', '.join(changed)} of {label}", f"{base}/{now['id']}", body=NICS.each.to_wire(_sendable(changed))))
    return steps


def _sendable(item: Any) -> Any:
    return {name: value for name, value in item.items() if name not in ("state", "network")}


def disk_steps(situation: Situation) -> list[Step]:
    steps: list[Step] = []
    current = (situation.current or {}).get("disks")
    running = (situation.current or {}).get("status") in RUNS
    base = f"{situation.own_path}/diskattachments"
    for item in situation.wanted.get("disks") or []:
        now = DISKS.match(item, current)
        label = f"disk {item.get('name') or (now or {}).get('name') or item.get('id')} of {situation.title}"
        if GONE_MARK in item:
            if now is None:
                continue
            if running and now.get("active"):
                steps.append(Step(UPDATE, f"unplug {label}", f"{base}/{now['id']}", body={"active": False}, settle=DISK_SETTLES, watch=f"disks/{now['id']}"))
            delete = item[GONE_MARK] == "absent"
            steps.append(
                Step(
                    REMOVE,
                    f"{'delete' if delete else 'detach'} {label}",
                    f"{base}/{now['id']}",
                    params={"detach_only": "false" if delete else "true"},
                    settle=Settle(gone=True, job=False) if delete else None,
                    watch=f"disks/{now['id']}" if delete else "",
                    leaves=((f"disks/{now['id']}", None),) if delete else (),
                )
            )
        elif now is None:
            steps.append(_add_disk(item, base, label))
            loose = _loose_one(situation, item)
            changed = {name: item[name] for name in _OF_DISK if loose and name in item and not DISKS.each.same({name: item[name]}, loose)}
            if changed:
                says = f"change {', '.join(changed)} of {label}"
                body = DISKS.each.to_wire(changed)
                steps.append(Step(UPDATE, says, f"{base}/{item['id']}", body=body, settle=DISK_SETTLES, watch=f"disks/{item['id']}"))
        elif not DISKS.each.same(item, now):
            changed = {name: value for name, value in item.items() if not DISKS.each.same({name: value}, now)}
            body = DISKS.each.to_wire(changed)
            steps.append(
                Step(
                    UPDATE,
                    f"change {', '.join(changed)} of {label}",
                    f"{base}/{now['id']}",
                    body=body,
                    settle=DISK_SETTLES,
                    watch=f"disks/{now['id']}",
                    leaves=((f"disks/{now['id']}", body.get("disk") or {}),),
                )
            )
    return steps


def _loose_one(situation: Situation, item: Any) -> Any:
    """The disk that an element of the list means and that is to be attached, as it is now."""
    return situation.facts.get(LOOSE, {}).get(item.get("id"))


def _add_disk(item: Any, base: str, label: str) -> Step:
    attachment = {name: item[name] for name in _OF_ATTACHMENT if name in item}
    attachment.setdefault("interface", "virtio_scsi")
    attachment.setdefault("active", True)
    attachment.setdefault("bootable", False)
    body = DISKS.each.to_wire(attachment)
    if item.get("id"):
        return Step(
            CREATE,
            f"attach {label}",
            base,
            body={**body, "disk": {"id": item["id"]}},
            settle=DISK_SETTLES,
            watch=f"disks/{item['id']}",
            look_for=("id", item["id"]),
        )
    new = {"format": "cow", **item}
    new.setdefault("sparse", new["format"] == "cow")
    inner = DISKS.each.to_wire({name: new[name] for name in (*_OF_DISK, "format", "sparse") if name in new})["disk"]
    inner["storage_domains"] = {"storage_domain": [{"id": item["storage_domain"]["id"]}]}
    key = f"disk {item['name']}"
    return Step(
        CREATE,
        f"add {label}",
        base,
        body={**body, "disk": inner},
        saves=key,
        settle=DISK_SETTLES,
        watch=f"disks/{{{key}}}",
        leaves=(("disks/{new}", {**inner, "status": "ok", "storage_type": "image"}), (f"{base}/{{new}}", {"disk": {"id": "{new}"}})),
    )
