# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine would refuse of a VM, or take for something else, told before anything is written and in its own words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources.disk import domain_takes_disks
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem, Reader, Situation
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import devices, macs, parts, power

SYSTEMS = "operating_systems"
DOMAINS = "domains"
"""The fact that has the storage domains, with the status in their data center, that new disks are to be on."""
_NAME = re.compile(r"[\w.\-]+")
_MIB = 2**20
_WINDOWS_ZONES = re.compile(r"Standard Time$")


def gather(reader: Reader, situation: Situation) -> None:
    """The operating systems that the engine knows, where another one is wanted."""
    wanted, current = situation.wanted.get("os") or {}, (situation.current or {}).get("os") or {}
    if wanted.get("type") and wanted["type"] != current.get("type"):
        situation.facts[SYSTEMS] = [str(one.get("name")) for one in reader.once("operatingsystems")]
    situation.facts[macs.TAKEN] = macs.taken(reader, _macs(situation), (situation.effective("cluster") or {}).get("id"), situation.identifier)
    situation.facts[DOMAINS] = _domains(reader, situation)


def _macs(situation: Situation) -> dict[str, str]:
    """The MAC addresses that NICs are to get, each with the name of its NIC."""
    found = {}
    for item, now in _elements(devices.NICS, situation):
        if item.get("mac") and item["mac"] != (now or {}).get("mac"):
            found[item["mac"]] = str(item.get("name") or (now or {}).get("name"))
    return found


def _domains(reader: Reader, situation: Situation) -> dict[str, Wire]:
    wanted = _for_new_disks(situation)
    if not wanted or reader.together:
        return {}
    center = dig(reader.get(f"clusters/{(situation.effective('cluster') or {}).get('id')}"), "data_center.id")
    inside = reader.once(f"datacenters/{center}/storagedomains") if center else []
    return {one["id"]: one for one in inside if one["id"] in wanted}


def _for_new_disks(situation: Situation) -> set[str]:
    disks = _elements(devices.DISKS, situation)
    return {item["storage_domain"]["id"] for item, now in disks if now is None and not item.get("id") and item.get("storage_domain")}


def _elements(field: devices.Named, situation: Situation) -> Iterator[tuple[Any, Any]]:
    """What is wanted to be in a list, with what is there of it."""
    for item in situation.wanted.get(field.option) or []:
        if item.get("state", "present") == "present" and devices.GONE_MARK not in item:
            yield item, field.match(item, (situation.current or {}).get(field.option))


def rules(situation: Situation) -> Iterator[Problem]:
    """Of one that is to exist."""
    yield from _name(situation)
    yield from _memory(situation)
    yield from _system(situation)
    yield from _boot(situation)
    yield from macs.refused(situation.facts.get(macs.TAKEN) or {}, _macs(situation), situation.title)
    for domain in sorted(_for_new_disks(situation)):
        yield from domain_takes_disks((situation.facts.get(DOMAINS) or {}).get(domain), situation.title)


def _verb(situation: Situation) -> str:
    return "add" if situation.current is None else "edit"


def _changes(situation: Situation, option: str) -> bool:
    return option in situation.wanted and (situation.current is None or situation.wanted[option] != situation.current.get(option))


def _name(situation: Situation) -> Iterator[Problem]:
    name = situation.wanted.get("name")
    if name and _changes(situation, "name") and not _NAME.fullmatch(name):
        yield Problem(
            f"Can not {_verb(situation)} VM. The given name contains special characters. Only lower-case and upper-case letters, numbers, '_', '-', '.' "
            f"are allowed. (It is {name!r}.)"
        )


def _memory(situation: Situation) -> Iterator[Problem]:
    memory, least, most = (situation.effective(option) for option in ("memory", "memory_guaranteed", "memory_max"))
    said = f"of {situation.title}"
    if memory and least and _changes(situation, "memory_guaranteed") and least > memory:
        yield Problem(
            f"Cannot {_verb(situation)} VM. Physical Memory Guaranteed cannot exceed Memory Size. ({_mib(least)} and {_mib(memory)} {said}.)",
            "Lower memory_guaranteed, or raise memory.",
        )
    grows = power.runs(situation) and situation.state.name != "stopped" and _changes(situation, "memory")
    if memory and most and (_changes(situation, "memory_max") or grows) and memory > most:
        yield Problem(
            f"Cannot {_verb(situation)} VM. Memory size ({_mib(memory)}) cannot exceed maximum memory size "
            f"({_mib(most)}).", f"Change memory or memory_max {said}."
        )


def _mib(size: int) -> str:
    return f"{size // _MIB}MB"


def _system(situation: Situation) -> Iterator[Problem]:
    system = str((situation.wanted.get("os") or {}).get("type") or ((situation.current or {}).get("os") or {}).get("type") or "")
    known = situation.facts.get(SYSTEMS)
    if known and system not in known:
        near = get_close_matches(system, known, n=6, cutoff=0.4)
        yield Problem(
            f"The engine knows no operating system {system!r}, and would take other for {situation.title}.",
            f"Near to it: {', '.join(near)}." if near else f"It knows {', '.join(sorted(known))}.",
        )
        return
    zone = situation.wanted.get("time_zone")
    if zone and system and (_changes(situation, "time_zone") or SYSTEMS in situation.facts):
        windows = bool(_WINDOWS_ZONES.search(zone))
        if windows != system.startswith("windows") and (windows or "/" in zone):
            kind = "GMT Standard Time" if system.startswith("windows") else "Etc/GMT"
            yield Problem(
                f"Cannot {_verb(situation)} VM. Invalid time zone for given OS type. ({zone} and {system} of {situation.title}.)",
                f"Names of its kind are like {kind!r}.",
            )


def _boot(situation: Situation) -> Iterator[Problem]:
    """A VM that is down, or new, and is to start with nothing to boot from."""
    if situation.state.name not in ("running", "restarted", "paused") or (situation.current or {"status": "down"}).get("status") != "down":
        return
    if situation.current is None and not _from_nothing(situation):
        return
    once = situation.wanted.get("run_once") or {}
    system = {**((situation.current or {}).get("os") or {}), **(situation.wanted.get("os") or {})}
    order = once.get("boot_devices") or system.get("boot_devices") or ["hd"]
    current = situation.current or {}
    if order == ["hd"] and not any(disk.get("active", True) for disk in _then(devices.DISKS, situation, current.get("disks"))):
        yield Problem(
            f"Cannot run VM without at least one bootable disk. {situation.title} has none that is plugged in, and boots from disks alone.",
            "Add one to disks, or boot it otherwise: os: {boot_devices: [network]}, or run_once.",
        )
    if order == ["network"] and not _then(devices.NICS, situation, current.get("nics")):
        yield Problem(
            f"VM is configured to be 'Network bootable', but no Network Interface is configured. {situation.title} has no NIC.",
            "Add one to nics, or boot it otherwise.",
        )


def _from_nothing(situation: Situation) -> bool:
    template = situation.wanted.get("template") or {}
    alone = not situation.wanted.get("from_snapshot") and template.get("id") in (None, parts.BLANK)
    return alone and bool(template or not situation.wanted.get("instance_type"))


def _then(field: Any, situation: Situation, current: Any) -> list[Any]:
    """What there will be of a list."""
    return list(field.merged(situation.wanted.get(field.option) or [], current or []))
