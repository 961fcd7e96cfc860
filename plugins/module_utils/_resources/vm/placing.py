# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a VM from starting on the hosts there are: networks that none of them has.

The engine says so when it is asked to start the VM. A run in check mode looks for itself, and warns: another task of the run may put the network there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._engine.search import quoted
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Reader, Situation

STARTS = frozenset({"running", "restarted", "paused"})
AT_REST = frozenset({None, "down", "image_locked"})


def warnings(reader: Reader, situation: Situation) -> list[str]:
    starts = situation.state.name in STARTS and (situation.current or {}).get("status") in AT_REST
    return missing(reader, situation, set(_profiles(situation))) if starts and reader.foretells else []


def pool_warnings(reader: Reader, situation: Situation) -> list[str]:
    """The same for the VMs of a pool that are to be started in advance, which have the NICs of its template."""
    starts = situation.state.exists and any(change.option in ("prestarted", "template") for change in situation.changes())
    template = (situation.effective("template") or {}).get("id") if starts and situation.effective("prestarted") and reader.foretells else None
    wire = reader.get(f"templates/{template}", follow=("nics",)) if template else None
    nics = dig(wire, "nics.nic") or []
    return missing(reader, situation, {profile for nic in nics if str(nic.get("plugged")).lower() != "false" for profile in _profile({**nic, "plugged": True})})


def missing(reader: Reader, situation: Situation, profiles: set[str]) -> list[str]:
    """One for each network of these vNIC profiles that no host of the cluster has which is up; two requests, or none."""
    cluster = situation.effective("cluster") or {}
    if not profiles or not cluster.get("name"):
        return []
    wanted = {dig(one, "network.id") for one in reader.once("vnicprofiles") if one["id"] in profiles}
    # A network that the cluster requires is on each of its hosts that is operational.
    networks = [one for one in reader.once(f"clusters/{cluster['id']}/networks") if one["id"] in wanted and _may_be_missing(one)]
    if not networks:
        return []
    hosts = [one for one in reader.list("hosts", search=f"cluster={quoted(cluster['name'])}", follow=("network_attachments",)) if _counts(one, cluster)]
    return [_said(situation, network, hosts) for network in networks if hosts and not any(_has(host, network) for host in hosts)]


def _profiles(situation: Situation) -> Iterator[str]:
    wanted = {one.get("name"): one for one in situation.wanted.get("nics") or []}
    for nic in (situation.current or {}).get("nics") or []:
        if nic["name"] not in wanted:
            yield from _profile(nic)
    for nic in wanted.values():
        yield from _profile(nic)


def _profile(nic: dict[str, Any]) -> Iterator[str]:
    identifier = (nic.get("vnic_profile") or {}).get("id")
    if identifier and nic.get("plugged", True):
        yield str(identifier)


def _may_be_missing(network: Wire) -> bool:
    return str(network.get("required")).lower() != "true" and not network.get("external_provider")


def _counts(host: Wire, cluster: Wire) -> bool:
    return bool(dig(host, "cluster.id") == cluster["id"] and host.get("status") == "up" and dig(host, "network_attachments.network_attachment"))


def _has(host: Wire, network: Wire) -> bool:
    return any(dig(one, "network.id") == network["id"] for one in dig(host, "network_attachments.network_attachment") or [])


def _said(situation: Situation, network: Wire, hosts: list[Wire]) -> str:
    names = ", ".join(sorted(str(host.get("name")) for host in hosts))
    return (
        f"{situation.title} will not start: it has a NIC on network {network.get('name')}, which none of the hosts has that are up in its cluster ({names}). "
        "Put it there with virtops.ovirt.host_network first."
    )
