# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a new VM has from its template or snapshot: NICs, disks and watchdog. Its consoles are in ``display``.

A new VM is planned as if it were there already with them: what a task says of them changes them, and nothing is made twice. Their ids are known
only once it is made; until then keys stand for them in the paths of later steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Reader, Situation, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import devices

BLANK = "00000000-0000-0000-0000-000000000000"
BORN = "born"
LISTS = ("nics", "disks")
AT_CREATION = ("storage_domain", "format", "sparse")
"""What a request for a new VM says of the disks that come along; everything else is changed afterwards."""


def as_born(situation: Situation) -> Situation:
    """A new VM as it is once the request for it is done; one that exists as it is."""
    born = situation.facts.get(BORN)
    return replace(situation, current=born) if situation.current is None and born else situation


def see(reader: Reader, situation: Situation) -> None:
    """Looks at what comes along, as far as the task says anything of it."""
    wanted, facts = situation.wanted, situation.facts
    template = wanted.get("template") or {}
    if "snapshot" in facts:
        source = f"vms/{wanted['from_snapshot']['vm']['id']}"
        nics, disks = f"{source}/snapshots/{facts['snapshot']}/nics", _of_snapshot
    elif template.get("id") not in (None, BLANK):
        source = f"templates/{template['id']}"
        nics, disks = f"{source}/nics", _of_template
    else:
        return
    born: dict[str, Any] = {"id": "{id}", "name": wanted.get("name"), "status": "down", "cluster": wanted.get("cluster")}
    if "nics" in wanted or wanted.get("purge_nics"):
        found = devices.NICS.read({"nics": {"nic": reader.once(nics)}})
        # The engine draws their addresses anew.
        born["nics"] = [{**nic, "id": f"{{nic {nic['name']}}}", "mac": None} for nic in found]
    if {"disks", "storage_domain"} & set(wanted) or wanted.get("purge_disks"):
        facts["template_disks"], born["disks"] = [], []
        for attachment in disks(reader, source, situation):
            facts["template_disks"].append(attachment["id"])
            shown = devices.DISKS.each.from_wire(attachment)
            born["disks"].append({**shown, "id": f"{{disk {shown['name']}}}", "status": "ok", **_shaped(situation, shown)})
    if "watchdog" in wanted:
        found = situation.resource.field_of("watchdog").read({"watchdogs": {"watchdog": reader.once(f"{source}/watchdogs")}})
        born["watchdog"], facts["watchdog_id"] = found, "{watchdog}"
    facts[BORN] = born


def _of_template(reader: Reader, source: str, situation: Situation) -> Wires:
    """Thin disks are layers of their own format over those of the template."""
    thin = {} if situation.wanted.get("clone") else {"format": "cow", "sparse": "true"}
    return [_flat({**one, "disk": {**one["disk"], **thin}}) for one in reader.once(f"{source}/diskattachments", follow=("disk",))]


def _of_snapshot(reader: Reader, source: str, situation: Situation) -> Wires:
    """A snapshot tells its disks alone; how they are attached, the VM tells."""
    attached = {one["id"]: one for one in reader.once(f"{source}/diskattachments")}
    kept = reader.once(f"{source}/snapshots/{situation.facts['snapshot']}/disks")
    return [_flat({**attached.get(one["id"], {}), "id": one["id"], "disk": one}) for one in kept]


def _flat(attachment: Wire) -> Wire:
    attachment = {**attachment, "disk": {**attachment["disk"], "storage_domains": dict(attachment["disk"].get("storage_domains") or {})}}
    devices.flatten({"disk_attachments": {"disk_attachment": [attachment]}})
    return attachment


def _shaped(situation: Situation, shown: Mapping[str, Any]) -> dict[str, Any]:
    """What the request for the new VM says of a disk that comes along."""
    if "snapshot" in situation.facts:
        return {}
    named: list[Any] = [one for one in situation.wanted.get("disks") or [] if not one.get("id") and one.get("name") == shown["name"]]
    item = named[0] if named else {}
    names = AT_CREATION if situation.wanted.get("clone") else AT_CREATION[:1]
    said = {name: item[name] for name in names if name in item}
    if "format" in said:
        said.setdefault("sparse", said["format"] == "cow")
    if "storage_domain" not in said and situation.wanted.get("storage_domain"):
        said["storage_domain"] = situation.wanted["storage_domain"]
    return said


def body_of_disks(situation: Situation) -> Wires:
    """The disks that come along, as the request for the new VM says them; empty where it says nothing of them."""
    born = (situation.facts.get(BORN) or {}).get("disks") or []
    said = [(identifier, _shaped(situation, disk)) for identifier, disk in zip(situation.facts.get("template_disks", ()), born)]
    return [{"disk": _body(identifier, shape)} for identifier, shape in said if shape]


def _body(identifier: str, shape: Mapping[str, Any]) -> Wire:
    disk: Wire = {"id": identifier, **{name: shape[name] for name in ("format", "sparse") if name in shape}}
    if "storage_domain" in shape:
        disk["storage_domains"] = {"storage_domain": [{"id": shape["storage_domain"]["id"]}]}
    return disk


def learning(situation: Situation, made: Step) -> Step:
    """The request for the new VM, with what later steps have to know of it."""
    if BORN not in situation.facts:
        return made
    return replace(made, follow=("nics", "disk_attachments.disk", "watchdogs"), learns=_ids)


def _ids(wire: Wire) -> dict[str, str]:
    nics = {f"nic {one['name']}": str(one["id"]) for one in dig(wire, "nics.nic") or []}
    disks = {f"disk {dig(one, 'disk.alias')}": str(one["id"]) for one in dig(wire, "disk_attachments.disk_attachment") or []}
    return {**nics, **disks, **{"watchdog": str(one["id"]) for one in dig(wire, "watchdogs.watchdog") or []}}


def foreseen(situation: Situation) -> Iterator[tuple[str, Any]]:
    """The lists of the new VM, as they will be with what comes along."""
    born = situation.facts.get(BORN) or {}
    for option in LISTS:
        if option in born:
            merged = situation.resource.field_of(option).merged(situation.wanted.get(option) or [], born[option])
            yield option, [{**one, "id": None} for one in merged]
