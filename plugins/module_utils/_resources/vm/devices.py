# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""NICs and disks inside a VM: lists whose elements are told apart by name and made true one by one.

Elements that are not listed are left alone; with ``purge_nics`` and ``purge_disks`` the plan marks them (``GONE_MARK``) for removal.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, ListOf, Mac, Ref, Size, Struct, Text, dig
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
DISK_SETTLES = Settle(good=frozenset({"ok"}), bad=frozenset({"illegal"}))
RUNS = frozenset({"up", "powering_up", "wait_for_launch", "paused", "reboot_in_progress", "migrating", "powering_down"})


class ProfileRef(Ref):
    """A vNIC profile. Its name is unique on its network alone, and that of the network in its data center: it is looked up by ``find_profile``."""

    def resolve(self, native: Any, resolve: Any) -> Any:
        return native if native else {}


class Named(ListOf):
    """Elements by name; those of the engine that are not listed do not count."""

    def accept(self, given: Any, option: str) -> Any:
        items = super().accept(given, option)
        seen: set[str] = set()
        for place, item in enumerate(items):
            key = item.get("id") or item.get("name")
            if not key:
                raise InvalidInput(f"{option}[{place}] has no name.")
            if key in seen:
                raise InvalidInput(f"{option} names {key!r} twice.")
            seen.add(key)
        return items

    def write(self, body: Any, native: Any) -> None:
        """They have requests of their own."""

    def same(self, wanted: Any, current: Any) -> bool:
        return not any(self._differs(item, current) for item in wanted)

    def _differs(self, item: Any, current: Any) -> bool:
        now = match(item, current)
        if GONE_MARK in item:
            return now is not None
        return now is None or not self.each.same(item, now)

    def differing(self, wanted: Any, current: Any) -> tuple[Any, Any]:
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for item in wanted:
            if not self._differs(item, current):
                continue
            now, key = match(item, current), str(item.get("name") or item.get("id"))
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
            item = next((one for one in wanted if match(one, [now]) is not None), None)
            if item is None:
                items.append(now)
            elif GONE_MARK not in item:
                items.append(self.each.merged(item, now))
        return items + [self.each.merged(item, {"id": None}) for item in wanted if GONE_MARK not in item and match(item, current) is None]


def match(item: Any, current: Any) -> Any:
    """The element of the engine that an element of the list means."""
    for now in current or []:
        if (item["id"] == now.get("id")) if item.get("id") else (item.get("name") == now.get("name")):
            return now
    return None


NICS = Named(
    "nics",
    (
        "Network interfaces, told apart by O(nics[].name). Listed ones are made true, others are left alone unless O(purge_nics=true).",
        "They can be added to, changed in and unplugged from a running VM.",
    ),
    path="nics.nic",
    each=Struct(
        "nic",
        "",
        fields=(
            Text("name", "Name, for example V(nic1).", needed=True),
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
        "A disk with an id that is not attached yet is attached; one with a name that the VM does not have is made.",
    ),
    path="disk_attachments.disk_attachment",
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
    """Marks what goes, and finds the profiles that NICs name."""
    wanted, current = situation.wanted, situation.current or {}
    for option, purge in (("nics", "purge_nics"), ("disks", "purge_disks")):
        if option not in wanted and not wanted.get(purge):
            continue
        wanted[option] = _marked(wanted.get(option) or [])
        if wanted.get(purge):
            listed = wanted[option]
            extra = [now for now in current.get(option) or [] if not any(match(one, [now]) for one in listed)]
            wanted[option] = listed + [{"id": now.get("id"), "name": now.get("name"), GONE_MARK: "detached"} for now in extra]
    profiles: list[Any] | None = None
    for nic in wanted.get("nics") or []:
        name, network = nic.get("vnic_profile"), nic.pop("network", None)
        if isinstance(name, str) or network:
            profiles = _profiles(reader, situation) if profiles is None else profiles
            nic["vnic_profile"] = find_profile(profiles, name or network, network)


def _marked(items: list[Any]) -> list[Any]:
    marked = []
    for item in items:
        item = dict(item)
        state = item.pop("state", "present")
        marked.append({"id": item.get("id"), "name": item.get("name"), GONE_MARK: state} if state != "present" else item)
    return marked


def _profiles(reader: Reader, situation: Situation) -> list[Any]:
    """Profiles of the VM's data center, each with its network's name."""
    cluster = situation.effective("cluster")
    wire = reader.get(f"clusters/{cluster['id']}") or {}
    data_center = dig(wire, "data_center.id")
    networks = {one["id"]: one.get("name") for one in reader.list("networks") if dig(one, "data_center.id") == data_center}
    found = reader.list("vnicprofiles")
    return [{"id": one["id"], "name": one.get("name"), "network": networks[dig(one, "network.id")]} for one in found if dig(one, "network.id") in networks]


def find_profile(profiles: list[Any], name: str, network: str | None) -> Any:
    """``{"id", "name"}`` of the one profile of that name or id.

    :raises InvalidInput: there is none, or there are several.
    """
    fitting = [one for one in profiles if name in (one["id"], one["name"]) and network in (None, one["network"])]
    where = f" on network {network}" if network else " in the VM's data center"
    if len(fitting) > 1:
        ids = ", ".join(f"{one['id']} on {one['network']}" for one in fitting)
        raise InvalidInput(f"nics: there are {len(fitting)} vNIC profiles {name!r}{where}: {ids}.", hint="Add network, or give the id.")
    if not fitting:
        raise InvalidInput(f"nics: there is no vNIC profile {name!r}{where}.", hint="Check the spelling, or create it first.")
    return {"id": fitting[0]["id"], "name": fitting[0]["name"]}


# -- rules


def disks_in_place(situation: Situation) -> Iterator[Problem]:
    current = (situation.current or {}).get("disks")
    for item in situation.wanted.get("disks") or []:
        now = match(item, current)
        if GONE_MARK in item:
            continue
        label = item.get("name") or item.get("id")
        if now is None:
            if not item.get("id") and not (item.get("size") and item.get("storage_domain")):
                yield Problem(
                    f"{situation.title} has no disk {label!r}, and it cannot be made without size and storage_domain.",
                    "Add them, or the id of a disk to attach.",
                )
            continue
        for option in _CREATION_ONLY:
            if option in item and not DISKS.each.same({option: item[option]}, now):
                hint = "Move it with virtops.ovirt.disk_move." if option == "storage_domain" else "Convert the disk, or make a new one."
                yield Problem(f"{option} of disk {label!r} of {situation.title} cannot be changed here.", hint)
        if item.get("size") and now.get("size") and item["size"] < now["size"]:
            yield Problem(f"Disk {label!r} of {situation.title} has {now['size']} bytes and cannot be made smaller.", "Leave size as it is.")


# -- steps


def nic_steps(situation: Situation) -> list[Step]:
    steps: list[Step] = []
    current = (situation.current or {}).get("nics")
    running = (situation.current or {}).get("status") in RUNS
    base = f"{situation.own_path}/nics"
    for item in situation.wanted.get("nics") or []:
        now = match(item, current)
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
        now = match(item, current)
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
                )
            )
        elif now is None:
            steps.append(_add_disk(item, base, label))
        elif not DISKS.each.same(item, now):
            changed = {name: value for name, value in item.items() if not DISKS.each.same({name: value}, now)}
            body = DISKS.each.to_wire(changed)
            steps.append(
                Step(UPDATE, f"change {', '.join(changed)} of {label}", f"{base}/{now['id']}", body=body, settle=DISK_SETTLES, watch=f"disks/{now['id']}")
            )
    return steps


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
    return Step(CREATE, f"add {label}", base, body={**body, "disk": inner}, saves=key, settle=DISK_SETTLES, watch=f"disks/{{{key}}}")
