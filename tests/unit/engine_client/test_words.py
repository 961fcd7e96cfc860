# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine's words for people. The texts are recorded ones."""
from __future__ import annotations

import pytest
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.jobs import Event, Job, Step, reason_of
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.words import told

API = "/ovirt-engine/api"


@pytest.mark.parametrize(
    ("method", "path", "detail", "words"),
    [
        ("POST", "vms/1/graphicsconsoles", "[Cannot ${action} ${type}. One VM can not contain more than one device with the same graphics type.]",
         "Cannot add graphics console. One VM can not contain more than one device with the same graphics type."),
        ("POST", "vms/1/detach", "[Cannot ${action} ${type}. VM is not found.]", "Cannot detach VM. VM is not found."),
        ("DELETE", "vms/1/watchdogs/2", "[Cannot ${action} ${type}. Watchdog was not found.]", "Cannot remove watchdog. Watchdog was not found."),
        ("POST", "disks/1/reduce", "[Cannot ${action} Storage. Reduce image isn't required for file based domains.]",
         "Cannot reduce Storage. Reduce image isn't required for file based domains."),
        ("POST", "somewhere/new", "[Cannot ${action} ${type}. No.]", "Cannot new it. No."),
        ("PUT", "disks/1", "[Cannot edit Virtual Disk: The following disks are locked: ${diskAliases}. Please try again in a few minutes.]",
         "Cannot edit Virtual Disk: The following disks are locked. Please try again in a few minutes."),
        ("DELETE", "vms/1/diskattachments/2", "[Cannot detach Virtual Disk. The specified disk is not attached to the VM ${VmName}., web-1]",
         "Cannot detach Virtual Disk. The specified disk is not attached to the VM web-1."),
        ("DELETE", "instancetypes/1",
         "[Cannot remove Template. Template ${TemplateName} is being created.]", "Cannot remove Template. Template is being created."),
        ("PUT", "vms/1", "[Cannot edit VM. CPU profile with id ${cpuProfileId} doesn't exist.]", "Cannot edit VM. CPU profile doesn't exist."),
        ("POST", "templates/1/export", "[Cannot export Template. The specified domain '${storageDomainName}' is not an export domain.]",
         "Cannot export Template. The specified domain is not an export domain."),
        ("DELETE", "vnicprofiles/1",
         "[Cannot remove VM network interface profile. This VM network interface profile is used by virtual machines (2): ${ENTITIES_USING_VNIC_PROFILE}\n"
         " - Please detach virtual machines using this profile and try again., $entities using vnic profile \tweb-2,\n\tweb-1]",
         "Cannot remove VM network interface profile. This VM network interface profile is used by virtual machines (2): web-2, web-1\n"
         " - Please detach virtual machines using this profile and try again."),
        ("POST", "vms/1/start", "[Cannot run VM. There is no host. See below., The host a is too small., The host a is too small.]",
         "Cannot run VM. There is no host. See below., The host a is too small."),
        ("PUT", "vms/1", "[]", ""),
        ("PUT", "vms/1", None, ""),
    ],
)
def test_what_the_machinery_left_is_replaced(method: str, path: str, detail: str, words: str) -> None:
    assert told(detail, method, f"{API}/{path}") == words


REFUSED = ("Cannot run VM. There is no host that satisfies current scheduling constraints. See below for details:, "
           "The host a did not satisfy internal filter Network.")


def event(severity: str, text: str) -> Event:
    return Event(1, 54, severity, text, 0.0, None, {})


def job(*steps: Step) -> Job:
    return Job("1", "Launching VM web", "failed", steps=steps)


VALIDATING = Step("s", "Validating", "failed", "validating")
COPYING = Step("s", "Copying Volume", "failed", "unknown")
AGAIN = event("error", f"Failed to run VM web due to a failed validation: [{REFUSED}] (User: admin@internal-authz).")
MORE = event("error", "VM web is down with error. Exit message: no memory.")


@pytest.mark.parametrize(
    ("jobs", "events", "said", "reason"),
    [
        ([job(VALIDATING)], [AGAIN], REFUSED, None),
        ([job(VALIDATING)], [AGAIN, AGAIN], "", " ".join(AGAIN.description.split())),
        ([job(VALIDATING)], [MORE, AGAIN], REFUSED, MORE.description),
        ([job(VALIDATING)], [], "", "Job failed: Launching VM web at: Validating."),
        ([job(COPYING)], [AGAIN], REFUSED, "Job failed: Launching VM web at: Copying Volume."),
    ],
)
def test_each_thing_is_told_once(jobs: list[Job], events: list[Event], said: str, reason: str) -> None:
    assert reason_of(jobs, events, said=said) == reason
