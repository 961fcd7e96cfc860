# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Disks: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-disk"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._disk_names import illegal_name
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Ref, Size, Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Identity, Problem, Reader, Resource, Settle, Situation, GONE

READY = Settle(good=frozenset({"ok"}), bad=frozenset({"illegal"}))


class DomainRef(Ref):
    """The storage domain that holds the image; the engine keeps a list of them, for disks of templates."""

    def read(self, wire: Wire) -> Any:
        found = dig(wire, self.where)
        return self.from_wire(found[0]) if isinstance(found, list) and found else None

    def write(self, body: Wire, native: Any) -> None:
        body["storage_domains"] = {"storage_domain": [{"id": native["id"]}]}


def complete(reader: Reader, wire: Wire) -> Wire:
    """Direct LUNs have no status of their own: they are ready."""
    return wire if "status" in wire else {**wire, "status": "ok"}


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    """How it stands with the storage domain of a new disk."""
    facts, domain = dict(situation.facts), situation.wanted.get("storage_domain")
    if situation.current is None and situation.state.exists and domain:
        facts["domain"] = domain_inside(reader, domain)
    return facts


def domain_inside(reader: Reader, domain: Wire) -> Wire:
    """A storage domain with the status that it has in its data center."""
    wire = reader.get(f"storagedomains/{domain['id']}") or {}
    home = (dig(wire, "data_centers.data_center") or [{}])[0].get("id")
    inside = next((one for one in reader.once(f"datacenters/{home}/storagedomains") if one["id"] == domain["id"]), {}) if home else {}
    return {"status": "unattached", **domain, **{name: one[name] for one in (wire, inside) for name in ("name", "status") if name in one}}


def domain_takes_disks(domain: Wire | None, title: str) -> Iterator[Problem]:
    status = str((domain or {}).get("status") or "")
    if domain and status in ("maintenance", "inactive"):
        yield Problem(
            f"Cannot add Virtual Disk. The relevant Storage Domain's status is {status.title()}. ({domain.get('name')}, for {title}.)",
            "Bring it to state present first, or name another one.",
        )


def rules(situation: Situation) -> Iterator[Problem]:
    wanted, current = situation.wanted, situation.current
    if not situation.state.exists:
        return
    if wanted.get("shareable") and (current or wanted).get("format", "cow") == "cow" and not (current or {}).get("shareable"):
        yield Problem(
            f"Cannot {'add' if current is None else 'edit'} Virtual Disk. Disk's volume format is not supported for shareable disk. "
            f"({situation.title} is cow.)",
            "Make it with format: raw.",
        )
    if current is None or situation.changes():
        renamed = current is None or "name" in wanted and wanted["name"] != current.get("name")
        yield from illegal_name("A disk" if renamed else situation.title, situation.effective("name"), there=not renamed)
    if current is None:
        absent = [name for name in ("size", "storage_domain") if not wanted.get(name)]
        if absent:
            yield Problem(f"{situation.title} does not exist, and cannot be made without {' and '.join(absent)}.", f"Add {', '.join(absent)}.")
        yield from domain_takes_disks(situation.facts.get("domain"), situation.title)
        return
    if wanted.get("size") and current.get("size") and wanted["size"] < current["size"]:
        yield Problem(f"{situation.title} has {current['size']} bytes and cannot be made smaller.", "Leave size as it is.")
    domain = wanted.get("storage_domain")
    if domain and current.get("storage_domain") and domain["id"] != current["storage_domain"]["id"]:
        yield Problem(f"{situation.title} is on {current['storage_domain']['name']}, not on {domain['name']}.", "Move it with virtops.ovirt.disk_move.")


def shape_body(body: Wire, situation: Situation) -> Wire:
    if situation.current is None:
        body.setdefault("format", "cow")
        body.setdefault("sparse", body["format"] == "cow")
    return body


DISK = Resource(
    kind="disk",
    words="disk",
    collection="disks",
    summary="Manage disks",
    about=(
        "Creates, grows, changes and removes disks that stand by themselves or are attached to VMs.",
        "Disks of a VM are best managed with O(virtops.ovirt.vm#module:disks), which finds them within the VM; "
        "a bare name in the whole estate may fit several disks, and then the id is needed.",
    ),
    fields=(
        Text("name", "Name (alias). The engine does not keep it unique: when several disks have it the module fails and lists their ids.", path="alias"),
        Text("description", "Description."),
        Size("size", "Size a guest sees. Needed to make one; it can be made larger, also while a VM runs, never smaller.", path="provisioned_size"),
        DomainRef(
            "storage_domain",
            "Storage domain, by name or id, it is made on. M(virtops.ovirt.disk_move) moves it later.",
            path="storage_domains.storage_domain",
            to="storage_domain",
        ),
        Enum("format", "Image format. V(cow) knows snapshots and grows, V(raw) is faster. V(cow) when it is left out.", choices=("cow", "raw"), fixed=True),
        Bool("sparse", "Whether space is taken as it is written (V(true)) or at once. Follows O(format) when it is left out.", fixed=True),
        Enum(
            "content_type",
            "What it holds.",
            choices=(
                "data",
                "iso",
                "memory_dump_volume",
                "memory_metadata_volume",
                "ovf_store",
                "hosted_engine",
                "hosted_engine_sanlock",
                "hosted_engine_metadata",
                "hosted_engine_configuration",
                "backup_scratch",
            ),
            fixed=True,
        ),
        Bool("shareable", "Whether several VMs can have it. Needs O(format=raw)."),
        Bool("wipe_after_delete", "Whether it is overwritten when it is deleted."),
        Bool("propagate_errors", "Whether I/O errors reach the guest instead of pausing it."),
        Enum("backup", "Whether incremental backups are possible.", choices=("none", "incremental")),
        Enum("qcow_version", "Version of the C(cow) format.", choices=("qcow2_v2", "qcow2_v3")),
        Ref("quota", "Quota, by name or id, that its space counts against.", to="quota", within="storage_domain.data_center", nobody="Default"),
        Ref("disk_profile", "Disk profile, by name or id, with its quality of service.", to="disk_profile"),
        Enum(
            "storage_type", "C(image), or C(lun) for a disk that is a LUN itself.", choices=("image", "lun", "cinder", "managed_block_storage"), read_only=True
        ),
        Size("actual_size", "Bytes it takes on the storage domain.", read_only=True),
        Size("total_size", "Bytes it takes with its snapshots.", read_only=True),
        Text("image_id", "Id of its active image.", read_only=True),
        Enum("status", "Status of the disk.", choices=("ok", "locked", "illegal"), read_only=True),
    ),
    identity=Identity(place="storage_domain"),
    gather=gather,
    rules=(rules,),
    complete=complete,
    # A list has 0 for all of them.
    unlisted=frozenset({"total_size"}),
    shape_body=shape_body,
    settles=READY,
    removed=GONE,
    # They are in their VMs, and their names alone would not tell them apart.
    exported=False,
    of_users=("content_type", ("data", "iso")),
)
