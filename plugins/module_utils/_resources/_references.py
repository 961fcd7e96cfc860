# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the objects live that others refer to. Every kind that a ``Ref`` names is here, with a module of its own or without."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """words  how a sentence calls the kind
    path   the collection below the API root; ``{data_center}`` stands for the id that the reference's ``within`` leads to
    versions  whether one may have several versions under its name, of which the newest is meant
    key    the member that is its name
    """

    words: str
    path: str
    versions: bool = False
    key: str = "name"


REFERENCES: dict[str, Place] = {
    "affinity_label": Place("affinity label", "affinitylabels"),
    "cluster": Place("cluster", "clusters"),
    "cpu_profile": Place("CPU profile", "cpuprofiles"),
    "data_center": Place("data center", "datacenters"),
    "disk": Place("disk", "disks"),
    "disk_profile": Place("disk profile", "diskprofiles"),
    "external_network_provider": Place("external network provider", "openstacknetworkproviders"),
    "group": Place("group", "groups"),
    "host": Place("host", "hosts"),
    "instance_type": Place("instance type", "instancetypes"),
    "mac_pool": Place("MAC pool", "macpools"),
    "network": Place("network", "networks"),
    "network_filter": Place("network filter", "networkfilters"),
    "qos": Place("QoS", "datacenters/{data_center}/qoss"),
    "quota": Place("quota", "datacenters/{data_center}/quotas"),
    "role": Place("role", "roles"),
    "scheduling_policy": Place("scheduling policy", "schedulingpolicies"),
    "storage_domain": Place("storage domain", "storagedomains"),
    "tag": Place("tag", "tags"),
    "template": Place("template", "templates", versions=True),
    "user": Place("user", "users", key="user_name"),
    "vm": Place("VM", "vms"),
    "vm_pool": Place("VM pool", "vmpools"),
    "vnic_profile": Place("vNIC profile", "vnicprofiles"),
}
