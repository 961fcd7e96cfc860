# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The KVM device: whether it is there, who may open it, and whether it truly makes virtual machines.

Numbers are those of ``linux/kvm.h``. ``_IO`` differs by architecture: PowerPC and MIPS set a direction bit for
"no data" where the others have zero, so the same request has another number there.
"""

from __future__ import annotations

import errno
import os
from typing import Any, Dict, List, Optional

from .machine import Machine

DEVICE = "dev/kvm"
_KVM_TYPE = 0xAE
_GET_API_VERSION = 0x00
_CREATE_VM = 0x01
_CHECK_EXTENSION = 0x03
_CAP_ARM_VM_IPA_SIZE = 165
_NONE_BIT_FAMILIES = ("power", "mips")
_MIPS_VZ_VM = 1


def _request(number: int, family: str) -> int:
    return ((1 << 29) if family in _NONE_BIT_FAMILIES else 0) | (_KVM_TYPE << 8) | number


def _vm_types(handle: int, family: str) -> List[int]:
    """Arguments of KVM_CREATE_VM worth trying, the default first."""
    import fcntl

    types = [0]
    if family == "mips":
        types.append(_MIPS_VZ_VM)
    if family == "arm":
        size = fcntl.ioctl(handle, _request(_CHECK_EXTENSION, family), _CAP_ARM_VM_IPA_SIZE)
        if size > 0:
            types.append(size)
    return types


def create_vm(path: str, family: str) -> Dict[str, Any]:
    """Open the device, ask for the API version, create a virtual machine and close it at once.

    Answers ``usable``, ``api_version`` and one line of ``evidence``; never raises.
    """
    import fcntl

    try:
        handle = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
    except OSError as problem:
        return dict(usable=False, api_version=None, errno=errno.errorcode.get(problem.errno or 0), evidence="open: %s" % problem.strerror)
    version: Optional[int] = None
    try:
        version = fcntl.ioctl(handle, _request(_GET_API_VERSION, family), 0)
        refusal = None
        for vm_type in _vm_types(handle, family):
            try:
                os.close(fcntl.ioctl(handle, _request(_CREATE_VM, family), vm_type))
                return dict(usable=True, api_version=version, errno=None, evidence="KVM_CREATE_VM succeeded, API version %d" % version)
            except OSError as problem:
                refusal = refusal or problem
        return dict(usable=False, api_version=version, errno=errno.errorcode.get(refusal.errno or 0) if refusal else None,
                    evidence="KVM_CREATE_VM: %s" % (refusal.strerror if refusal else "not tried"))
    except OSError as problem:
        return dict(usable=False, api_version=version, errno=errno.errorcode.get(problem.errno or 0),
                    evidence="KVM_GET_API_VERSION: %s" % problem.strerror)
    finally:
        os.close(handle)


def examine(machine: Machine, family: str, probe: bool = True) -> Dict[str, Any]:
    """The device's existence, ownership and use. ``usable`` is None where nobody could try it."""
    answer: Dict[str, Any] = dict(path="/" + DEVICE, exists=False, mode=None, owner=None, group=None, permitted=None,
                                  usable=None, api_version=None, error=None, evidence=[])
    status = machine.stat(DEVICE)
    if status is None:
        answer["evidence"].append("/dev/kvm does not exist")
        return answer
    mode = status.st_mode & 0o7777
    answer.update(exists=True, mode="%04o" % mode, owner=machine.user_name(status.st_uid), group=machine.group_name(status.st_gid))
    # The emulator runs as an account of the distribution that is a member of the group kvm.
    answer["permitted"] = mode & 0o006 == 0o006 or (mode & 0o060 == 0o060 and answer["group"] == "kvm")
    answer["evidence"].append("/dev/kvm is %(mode)s %(owner)s:%(group)s" % answer)
    if not machine.is_character_device(DEVICE):
        answer["evidence"].append("/dev/kvm below %s is not a device, so it was not tried" % machine.root)
    elif probe:
        tried = create_vm(machine.path(DEVICE), family)
        answer.update(usable=tried["usable"], api_version=tried["api_version"], error=tried["errno"])
        answer["evidence"].append(tried["evidence"])
        if tried["errno"] in ("EACCES", "EPERM") and tried["api_version"] is None:
            # That says something of who asks, nothing of the machine.
            answer["usable"] = None
            answer["evidence"].append("this account may not open it; run the module as root to have it tried")
    return answer
