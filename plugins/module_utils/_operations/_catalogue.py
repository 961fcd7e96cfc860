# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation, by the name of its module."""

from __future__ import annotations

from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Operation
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.disk_move import DISK_MOVE
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.event import EVENT, EVENT_INFO
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.host_network import HOST_NETWORK
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.host_power import HOST_POWER
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.job import JOB, JOB_INFO
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.permission import PERMISSION, PERMISSION_INFO
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.port_mirroring import PORT_MIRRORING, PORT_MIRRORING_INFO
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.quota_enforcement import QUOTA_ENFORCEMENT
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.smartcard import SMARTCARD
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.snapshot_group import SNAPSHOT_GROUP
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.storage_domain_upgrade import STORAGE_DOMAIN_UPGRADE

_ALL: tuple[Operation, ...] = (
    DISK_MOVE,
    EVENT,
    EVENT_INFO,
    HOST_NETWORK,
    HOST_POWER,
    JOB,
    JOB_INFO,
    PERMISSION,
    PERMISSION_INFO,
    PORT_MIRRORING,
    PORT_MIRRORING_INFO,
    QUOTA_ENFORCEMENT,
    SMARTCARD,
    SNAPSHOT_GROUP,
    STORAGE_DOMAIN_UPGRADE,
)

OPERATIONS = {operation.name: operation for operation in _ALL}
