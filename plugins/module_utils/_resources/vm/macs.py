# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MAC addresses that other VMs have: the engine gives each once in a MAC pool, and refuses the NIC of a VM that has been made by then."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ansible_collections.virtops.ovirt.plugins.module_utils._engine.search import quoted
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem, Reader

TAKEN = "taken_macs"
"""The fact that has the names of the VMs which have MAC addresses that are wanted."""


def taken(reader: Reader, macs: Collection[str], cluster: str | None, own: str) -> dict[str, str]:
    """Of MAC addresses that a VM is to get, those that others of its pool have, with their names.

    :param cluster: that of the VM; the VM is asked where it is left out.
    :param own: the id of the VM, which may have them itself.
    """
    if not macs or reader.together:
        return {}
    search = " or ".join(f"vnic.mac={quoted(mac)}" for mac in sorted(macs))
    holders = [vm for vm in reader.list("vms", search=search, follow=("nics",)) if vm["id"] != own]
    if not holders:
        return {}
    pools = {one["id"]: dig(one, "mac_pool.id") for one in reader.once("clusters")}
    pool = pools.get(cluster or dig(reader.get(f"vms/{own}"), "cluster.id"))
    if pool and str((reader.get(f"macpools/{pool}") or {}).get("allow_duplicates")).lower() == "true":
        return {}
    return {
        mac: str(vm.get("name"))
        for vm in holders
        if pools.get(dig(vm, "cluster.id")) == pool
        for mac in (str(dig(nic, "mac.address") or "").lower() for nic in dig(vm, "nics.nic") or [])
        if mac in macs
    }


def refused(found: Mapping[str, str], macs: Mapping[str, str], title: str) -> Iterator[Problem]:
    """
    :param macs: the MAC addresses that are wanted, each with the name of its NIC.
    """
    for mac, owner in found.items():
        yield Problem(
            f"MAC Address {mac} is already in use by VM or snapshot: {owner}. (NIC {macs[mac]} of {title}.)",
            "Give another one, or leave mac out to have one drawn from the pool.",
        )
