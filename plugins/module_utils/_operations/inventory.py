# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs as an inventory has them, read with a number of requests that does not grow with their number but for paging.

Clusters, data centers, hosts and templates are read as lists and joined by id; only what is cheap to follow is followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import AdministratorsOnly
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.jobs import Event
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, Wires, dig

_JOINS = {"clusters": "clusters", "data_centers": "datacenters", "hosts": "hosts", "templates": "templates", "affinity_labels": "affinitylabels"}
_NETWORK_JOINS = {"vnic_profiles": "vnicprofiles", "networks": "networks"}
_JOINS_AT_ONCE = 2
"""These lists are short: a connection for each would cost more than they do."""
_SESSIONS = frozenset({30, 31, 53, 54, 114})
"""Codes of events about logins and logouts, which change no VM."""

MOST_EVENTS = 1000
"""Events that one answer holds: when it is full, there may be more of which nothing is known."""
MOST_CHANGED = 50
"""From so many changed VMs on, reading all of them costs less than reading each."""


NAMES = (
    "id", "name", "fqdn", "status", "description", "comment", "cluster", "data_center", "host", "template", "type", "os_type", "memory", "cpu",
    "creation_time", "tags", "affinity_labels", "custom_properties", "devices", "addresses",
)
"""Variables that every VM has."""


@dataclass(frozen=True)
class Wish:
    """What an inventory asks for.

    search      in the engine's language
    params      further parameters of the list, as the engine takes them
    most        how many VMs are read at most
    statistics  whether the numbers that the engine gathers are read, too, which costs it 10 ms a VM
    networks    whether it has to be known which address is on which network
    page_size   VMs in one answer
    kept        whether it is kept, to be refreshed by events
    """

    search: str | None = None
    params: tuple[tuple[str, str], ...] = ()
    most: int | None = None
    statistics: bool = False
    networks: bool = False
    page_size: int = 1000
    kept: bool = True

    @property
    def follow(self) -> tuple[str, ...]:
        return ("reported_devices", "tags", *(("nics",) if self.networks else ()), *(("statistics",) if self.statistics else ()))


@dataclass
class Report:
    """Host variables by the id of the VM, and up to which event they are true."""

    vms: dict[str, dict[str, Any]] = field(default_factory=dict)
    cursor: int = 0


def read(client: Client, wish: Wish) -> Report:
    """Everything anew: the lists that are joined come while the engine makes that of the VMs, which takes by far the longest."""
    newest = client.events(limit=1) if wish.kept else []
    report = Report(cursor=newest[-1].id if newest else 0)
    with ThreadPoolExecutor(max_workers=1) as beside:
        joining = beside.submit(_joins, client, wish)
        for page in _pages(client, wish):
            joins = joining.result()
            left = None if wish.most is None else wish.most - len(report.vms)
            report.vms.update((wire["id"], describe(wire, joins)) for wire in page[:left])
            if left is not None and len(page) >= left:
                break
    return report


def _pages(client: Client, wish: Wish) -> Iterable[Wires]:
    params = dict(wish.params)
    if client.filtered:
        return [client.list("vms", search=wish.search, follow=wish.follow, params=params)]
    size = min(wish.page_size, wish.most or wish.page_size)
    expected = 0 if wish.search or wish.most else client.count("vms")
    return client.pages("vms", size, search=wish.search, follow=wish.follow, params=params, expected=expected)


def refresh(client: Client, wish: Wish, report: Report) -> Report:
    """What the events since the last time say has changed; everything anew where they do not tell which VMs."""
    events = client.events(since=report.cursor, limit=MOST_EVENTS)
    if not events:
        return report
    changed = _changed(events)
    if changed is None or len(events) >= MOST_EVENTS or len(changed) > MOST_CHANGED or (changed and (wish.search or wish.most)):
        return read(client, wish)
    joins = _joins(client, wish) if changed else {}
    for identifier in changed:
        wire = client.get(f"vms/{identifier}", follow=wish.follow, missing="none")
        if wire is None:
            report.vms.pop(identifier, None)
        else:
            report.vms[identifier] = describe(wire, joins)
    report.cursor = events[-1].id
    return report


def _changed(events: Iterable[Event]) -> set[str] | None:
    """The VMs that events are about; None where one may concern others."""
    changed: set[str] = set()
    for event in events:
        if event.code in _SESSIONS:
            continue
        if "vm" not in event.about:
            return None
        changed.add(event.about["vm"])
    return changed


def _joins(client: Client, wish: Wish) -> dict[str, dict[str, Wire]]:
    paths = {**_JOINS, **(_NETWORK_JOINS if wish.networks else {})}

    def listed(name: str) -> Wires:
        try:
            return client.list(paths[name], follow=("vms",) if name == "affinity_labels" else ())
        except AdministratorsOnly:
            return []

    with ThreadPoolExecutor(max_workers=_JOINS_AT_ONCE) as pool:
        joins = {name: {wire["id"]: wire for wire in wires} for name, wires in zip(paths, pool.map(listed, paths))}
    labels: dict[str, Wire] = {}
    for label in joins["affinity_labels"].values():
        for vm in dig(label, "vms.vm") or []:
            labels.setdefault(vm["id"], {"names": []})["names"].append(label["name"])
    return {**joins, "labels_of_vms": labels}


def describe(wire: Wire, joins: Mapping[str, Mapping[str, Wire]]) -> dict[str, Any]:
    """The host variables of a VM."""
    cluster = joins["clusters"].get(dig(wire, "cluster.id") or "", {})
    center = joins["data_centers"].get(dig(cluster, "data_center.id") or "", {})
    topology = dig(wire, "cpu.topology") or {}
    sockets, cores, threads = (int(topology.get(name) or 1) for name in ("sockets", "cores", "threads"))
    devices = _devices(wire, joins)
    shown = {
        "id": wire["id"],
        "name": wire.get("name"),
        "fqdn": wire.get("fqdn"),
        "status": wire.get("status"),
        "description": wire.get("description"),
        "comment": wire.get("comment"),
        "cluster": cluster.get("name"),
        "data_center": center.get("name"),
        "host": joins["hosts"].get(dig(wire, "host.id") or "", {}).get("name"),
        "template": joins["templates"].get(dig(wire, "template.id") or "", {}).get("name"),
        "type": wire.get("type"),
        "os_type": dig(wire, "os.type"),
        "memory": int(wire["memory"]) if wire.get("memory") else None,
        "cpu": {"sockets": sockets, "cores": cores, "threads": threads, "total": sockets * cores * threads},
        "creation_time": int(wire["creation_time"]) if wire.get("creation_time") else None,
        "tags": [one["name"] for one in dig(wire, "tags.tag") or []],
        "affinity_labels": joins["labels_of_vms"].get(wire["id"], {}).get("names", []),
        "custom_properties": {one["name"]: one.get("value") for one in dig(wire, "custom_properties.custom_property") or []},
        "devices": {device["name"]: [one["address"] for one in device["addresses"]] for device in devices},
        "addresses": [{**one, "device": device["name"], "network": device["network"]} for device in devices for one in device["addresses"]],
    }
    if "statistics" in wire:
        shown["statistics"] = {one["name"]: _datum(one) for one in dig(wire, "statistics.statistic") or []}
    return shown


def _devices(wire: Wire, joins: Mapping[str, Mapping[str, Wire]]) -> list[dict[str, Any]]:
    """What the guest agent reports, with the network that the NIC of the same MAC address is on."""
    networks: dict[str, Any] = {}
    for nic in dig(wire, "nics.nic") or []:
        profile = joins.get("vnic_profiles", {}).get(dig(nic, "vnic_profile.id") or "", {})
        network = joins.get("networks", {}).get(dig(profile, "network.id") or "", {})
        networks[str(dig(nic, "mac.address")).lower()] = network.get("name")
    return [
        {
            "name": device.get("name"),
            "network": networks.get(str(dig(device, "mac.address")).lower()),
            "addresses": [{"address": ip["address"], "family": ip.get("version") or "v4"} for ip in dig(device, "ips.ip") or [] if ip.get("address")],
        }
        for device in dig(wire, "reported_devices.reported_device") or []
    ]


def _datum(statistic: Wire) -> Any:
    values = [one.get("datum", one.get("detail")) for one in dig(statistic, "values.value") or []]
    return values[0] if len(values) == 1 else values


def address(vm: Mapping[str, Any], networks: Sequence[str], family: str) -> str | None:
    """The address to reach the VM by: of the first network that has one, of the family wanted; never a link-local one."""
    fit = [one for one in vm["addresses"] if family in ("any", one["family"]) and not one["address"].lower().startswith(("fe80:", "169.254.", "127.", "::1"))]
    if not networks:
        return fit[0]["address"] if fit else None
    return next((one["address"] for network in networks for one in fit if one["network"] == network), None)
