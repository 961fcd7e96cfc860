# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What errors say, and which refusals pass by themselves. The texts are those of a real engine."""
from __future__ import annotations

import pytest

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Conflict, ServerError, ValidationError


@pytest.mark.parametrize(
    "detail",
    [
        "[Cannot run VM: VM is locked. Please try again in a few minutes.]",
        "[Another Power Management operation is still running, please retry in 173 Sec., Cannot start Host. Fence operation failed.]",
        "[Due to intermittent connectivity to this Host, fence operations are not allowed at this time. The system is trying to reconnect, please try again in "
        "30 seconds.]",
        "[Cannot remove VM: The following disks are locked: d. Please try again in a few minutes.]",
        "[Cannot edit Virtual Disk: The following disks are locked: ${diskAliases}. Please try again in a few minutes.]",
        "[Cannot create Snapshot. Snapshot is currently being created for VM v.]",
        "[Cannot create Snapshot. The VM is performing an operation on a Snapshot. Please wait for the operation to finish, and try again.]",
        "[Cannot remove Virtual Disk. Related operation is currently in progress. Please try again later.]",
        "[Cannot move Virtual Disk. Disk d is being moved or copied.]",
        "[Cannot remove Template. Template ${TemplateName} is being created.]",
        "[Cannot remove VM. VM is being updated.]",
        "[Cannot remove VM. VM is being cloned.]",
        "[Cannot migrate VM. VM v is being migrated.]",
        "[Cannot transfer Virtual Disk. Disk d is being transferred.]",
        "[Cannot switch Host to Maintenance mode. Host has asynchronous running tasks,\nwait for operation to complete and retry.]",
        "[Cannot stop VM. VM is in saving/restoring state.\n-Please try again when the VM is either up or down.]",
        "[Cannot deactivate Storage while there are running tasks on this Storage.\n-Tasks running: x\n-Please wait until tasks will finish and try again.]",
        "[Cannot backup VM: Disk is locked. Please try again later.]",
        "[Cannot create Snapshot. Snapshot is currently being created for VM v.]",
        "[Cannot preview Snapshot. Snapshot is currently being created for VM v.]",
        "[Cannot remove Snapshot. The VM is performing an operation on a Snapshot. Please wait for the operation to finish, and try again.]",
        "[Cannot edit VM. VM is being updated.]",
        "[Cannot revert to Snapshot: VM is locked. Please try again in a few minutes.]",
    ],
)
def test_a_busy_engine_passes(detail: str) -> None:
    assert Conflict("refused", detail=detail).passing
    assert ValidationError("refused", detail=detail).passing


@pytest.mark.parametrize(("detail", "seconds"), [
    ("[Another Power Management operation is still running, please retry in 173 Sec.]", 173.0),
    ("[The system is trying to reconnect, please try again in 30 seconds.]", 30.0),
    ("[Cannot run VM: VM is locked. Please try again in a few minutes.]", None),
])
def test_a_refusal_that_tells_how_long_it_lasts(detail: str, seconds: float | None) -> None:
    assert Conflict("refused", detail=detail).retry_in == seconds


@pytest.mark.parametrize(
    "detail",
    [
        "[Cannot edit VM. The VM name is already in use, please choose a unique name and try again.]",
        "[Cannot remove Network. This logical network is used by virtual machine: v\n - Please remove it from this virtual machine and try again.]",
        "[Cannot remove MAC Pool. Several Clusters (1) are using this MAC Pool:\n\tc\n - Please remove it from all Clusters that are using it and try again.]",
        "[Cannot delete Template. Template is being used by the following VMs: vm1.]",
        "[Cannot create Snapshot. The VM is running as Stateless. Please try again when VM is not running as Stateless.]",
        "[Cannot remove VM. VM is running.]",
        "[Cannot preview Snapshot. VM is previewing a Snapshot.]",
        "[Cannot preview Snapshot. At least one of the VMs is not down.]",
        "[Cannot revert to Snapshot. VM's Snapshot does not exist.]",
        "[Cannot remove Snapshot. The operation is only allowed for regular snapshots.]",
        "[Cannot remove Snapshot. The following disks are either unplugged or unattached: \n d]",
        "[Cannot remove Snapshot. VM v must be in status Down, Up or Paused.]",
        "[Cannot create Snapshot. The relevant Storage Domain's status is Inactive.]",
        "[Cannot edit Interface. Update is not possible when 'Port Mirroring' is set on the interface of a running virtual machine.]",
        "[Cannot edit Interface because the VM is in Suspended status.]",
        "[Cannot run VM. Quota has insufficient cluster resources.]",
        "[Cannot edit Virtual Disk. Quota has insufficient storage resources.]",
        "[Cannot remove Quota. Quota is still in use by a VM or a disk and Data Center's Quota enforcement is enabled.]",
        "[Cannot edit Quota. The Quota name is already in use, please choose a unique name and try again.]",
        "[Cannot activate Host. Host in Up status.]",
        "[Cannot attach Storage. The Data Center is not up.]",
        "[]",
        None,
    ],
)
def test_a_refusal_that_stays_does_not_pass(detail: str) -> None:
    assert not Conflict("refused", detail=detail).passing


def test_a_failure_inside_the_engine_never_passes() -> None:
    assert not ServerError("broken", detail="[VM is locked. Please try again in a few minutes.]").passing


def test_an_error_is_one_line_that_says_what_where_and_what_to_do() -> None:
    error = Conflict("Cannot run VM.\n  VM is locked.", method="POST", path="/ovirt-engine/api/vms/1/start", status=409, hint="Wait.")
    assert str(error) == "Cannot run VM. VM is locked. Wait. (POST /ovirt-engine/api/vms/1/start: 409)"
    assert str(Conflict("no more than this")) == "no more than this"
