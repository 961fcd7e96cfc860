# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every kind there is. Tests, documentation, action group and whatever works on many kinds go by it; a module imports its own kind only."""

from __future__ import annotations

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Resource
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.affinity_group import AFFINITY_GROUP
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.affinity_label import AFFINITY_LABEL
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.cluster import CLUSTER
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.data_center import DATA_CENTER
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.disk import DISK
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.group import GROUP
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.host import HOST
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.instance_type import INSTANCE_TYPE
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.mac_pool import MAC_POOL
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.network import NETWORK
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.nic import NIC
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.quota import QUOTA
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.role import ROLE
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.snapshot import SNAPSHOT
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.storage_domain import STORAGE_DOMAIN
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.tag import TAG
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.template import TEMPLATE
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.user import USER
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import VM
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm_pool import VM_POOL
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vnic_profile import VNIC_PROFILE

CATALOGUE: dict[str, Resource] = {
    resource.kind: resource
    for resource in (
        TAG, DATA_CENTER, MAC_POOL, CLUSTER, HOST, NETWORK, VNIC_PROFILE, STORAGE_DOMAIN, DISK, INSTANCE_TYPE, TEMPLATE, NIC, VM, VM_POOL, SNAPSHOT, QUOTA,
        AFFINITY_LABEL, AFFINITY_GROUP, ROLE, USER, GROUP,
    )
}
