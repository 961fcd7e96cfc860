# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What KVM needs on each family of processors, and how the machine shows that it has it.

An architecture is a value: its name in messages, the kernel modules, what guests use, and one function that reads the
virtualization extension. The messages looked for in the kernel's log are Linux's own (``arch/*/kvm``, on x86 also
``arch/x86/kernel/cpu``).
"""

from __future__ import annotations

import re
from typing import Callable, Dict, List, NamedTuple, Optional, Tuple

from .machine import Machine


class Extension(NamedTuple):
    """The processor's virtualization extension.

    ``available`` is True, False, or None where the machine does not say. ``reason`` tells why it is absent; ``fix`` is an
    ``(action, what to do)`` pair when somebody can change that.
    """

    name: str
    available: Optional[bool]
    evidence: List[str]
    modules: Tuple[str, ...] = ()
    reason: str = ""
    fix: Optional[Tuple[str, str]] = None


class Guests(NamedTuple):
    """What a guest of this architecture is started with. Paths are those of the distributions, best first."""

    machine_type: Optional[str]
    emulators: Tuple[str, ...]
    firmware: Dict[str, Tuple[str, ...]]


class Family(NamedTuple):
    name: str
    extension: Callable[[Machine], Extension]
    core_module: str
    guests: Callable[[Machine], Guests]
    nested_parameter: Dict[str, str]


def _emulators(target: str) -> Tuple[str, ...]:
    return ("usr/bin/qemu-system-" + target, "usr/libexec/qemu-kvm", "usr/bin/qemu-kvm")


def virtual(machine: Machine) -> Optional[str]:
    """The line that shows the machine to be a guest itself."""
    if "hypervisor" in (machine.cpu_field("flags") or "").split():
        return "the CPU flag hypervisor is set"
    compatible = (machine.text("proc/device-tree/compatible") or "").replace("\x00", " ").split()
    for word in compatible:
        if word in ("linux,dummy-virt", "linux,kvm") or word.startswith("qemu,") or word.endswith("-virtio"):
            return "the device tree is compatible with %s" % word
    for name in ("sys/class/dmi/id/sys_vendor", "sys/class/dmi/id/product_name"):
        said = machine.text(name) or ""
        if re.search(r"QEMU|KVM|VMware|VirtualBox|Xen|oVirt|RHEV|Bochs|Virtual Machine", said):
            return "/%s is %s" % (name, said)
    if "emulated by qemu" in (machine.cpu_field("model", "machine") or ""):
        return "the platform calls itself %s" % machine.cpu_field("model", "machine")
    return None


def _x86_extension(machine: Machine) -> Extension:
    flags = (machine.cpu_field("flags") or "").split()
    vendor = machine.cpu_field("vendor_id") or "an unknown vendor"
    amd = vendor in ("AuthenticAMD", "HygonGenuine")
    flag, module, name = ("svm", "kvm_amd", "AMD-V (SVM)") if amd else ("vmx", "kvm_intel", "Intel VT-x (VMX)")
    evidence = ["/proc/cpuinfo: vendor %s, flag %s %s" % (vendor, flag, "present" if flag in flags else "absent")]
    if not flags:
        return Extension(name, None, ["/proc/cpuinfo lists no CPU flags"], (module,))
    firmware = machine.log_line(r"(?i)\b(vmx|svm|kvm\w*).*disabled \(?by bios")
    if firmware:
        evidence.append("kernel log: " + firmware)
        return Extension(name, False, evidence, (module,), "the firmware has switched it off",
                         ("firmware_setting", "switch on %s in the firmware setup (BIOS), then power the machine off and on" % name))
    if flag in flags:
        return Extension(name, True, evidence, (module,))
    refusal = machine.log_line(r"(?i)(has_svm: svm not available|no hardware support for '%s'|(vmx|svm) not supported by cpu)" % module)
    if refusal:
        evidence.append("kernel log: " + refusal)
    guest = virtual(machine)
    if guest:
        evidence.append(guest)
        return Extension(name, False, evidence, (module,),
                         "this machine is a guest and its hypervisor does not pass %s on; only nested virtualization on the parent changes that" % flag)
    return Extension(name, False, evidence, (module,), "the CPU does not offer %s, or its firmware hides it" % flag)


def _x86_guests(machine: Machine) -> Guests:
    return Guests("q35", _emulators("x86_64"), {
        "bios": ("usr/share/seabios/bios-256k.bin", "usr/share/seabios/bios.bin", "usr/share/qemu/bios-256k.bin"),
        "uefi": ("usr/share/OVMF/OVMF_CODE_4M.fd", "usr/share/OVMF/OVMF_CODE.fd", "usr/share/edk2/ovmf/OVMF_CODE.fd", "usr/share/qemu/ovmf-x86_64-code.bin"),
    })


def _arm_extension(machine: Machine) -> Extension:
    name = "EL2 (hypervisor mode)"
    if machine.machine_name not in ("aarch64", "aarch64_be", "arm64"):
        return Extension(name, False, ["uname says %s" % machine.machine_name], (),
                         "KVM for 32-bit ARM was removed from Linux in 5.7; only 64-bit ARM machines can be KVM hosts")
    if machine.kernel_parameter("kvm-arm.mode") == "none":
        return Extension(name, False, ["/proc/cmdline: kvm-arm.mode=none"], (), "the kernel command line switches KVM off",
                         ("kernel_command_line", "remove kvm-arm.mode=none from the kernel command line and reboot"))
    for pattern in (r"kvm \[\d+\]: (Hyp|VHE|Protected nVHE|Protected hVHE) mode initialized", r"All CPU\(s\) started at EL2"):
        line = machine.log_line(pattern)
        if line:
            return Extension(name, True, ["kernel log: " + line])
    for pattern in (r"HYP mode not available", r"All CPU\(s\) started at EL1", r"CPU\(s\) started in inconsistent modes"):
        line = machine.log_line(pattern)
        if line:
            evidence = ["kernel log: " + line]
            guest = virtual(machine)
            if guest:
                evidence.append(guest)
                return Extension(name, False, evidence, (), "the kernel was started at EL1: this machine is a guest whose hypervisor keeps EL2 to itself")
            return Extension(name, False, evidence, (), "the kernel was started at EL1: firmware or boot loader keeps EL2 from it")
    return Extension(name, None, ["the kernel log no longer says at which exception level the CPUs were started"])


def _arm_guests(machine: Machine) -> Guests:
    return Guests("virt", _emulators("aarch64"), {
        "uefi": ("usr/share/AAVMF/AAVMF_CODE.fd", "usr/share/edk2/aarch64/QEMU_EFI-pflash.raw", "usr/share/edk2/aarch64/QEMU_EFI-silent-pflash.raw",
                 "usr/share/qemu-efi-aarch64/QEMU_EFI.fd", "usr/share/qemu/aavmf-aarch64-code.bin"),
    })


def power_generation(machine: Machine) -> Optional[int]:
    """8 for POWER8, POWER8E and POWER8NVL, 9 for POWER9 ...; None for a CPU that is not one of the line."""
    found = re.match(r"POWER(\d+)", machine.cpu_field("cpu") or "")
    return int(found.group(1)) if found else None


def _power_extension(machine: Machine) -> Extension:
    platform = machine.cpu_field("platform") or "unknown"
    cpu = machine.cpu_field("cpu") or "unknown"
    evidence = ["/proc/cpuinfo: platform %s, cpu %s, MMU %s" % (platform, cpu, machine.cpu_field("MMU") or "unknown")]
    if platform == "PowerNV":
        generation = power_generation(machine)
        if generation is not None and generation < 7:
            return Extension("HV mode on PowerNV", False, evidence, ("kvm_hv",), "kvm_hv needs POWER7 or later")
        return Extension("HV mode on PowerNV", True, evidence, ("kvm_hv",))
    if platform == "pSeries":
        name = "nested HV on pSeries"
        hash_mmu = (machine.cpu_field("MMU") or "").lower() == "hash"
        modules = ("kvm_hv", "kvm_pr") if hash_mmu else ("kvm_hv",)
        for module in modules:
            if machine.exists("sys/module/" + module):
                return Extension(name if module == "kvm_hv" else "problem state (PR) on pSeries", True,
                                 evidence + ["/sys/module/%s exists" % module], (module,))
        refusal = machine.log_line(r"kvm-hv: .*(does not support nesting|not supported)")
        if refusal and not hash_mmu:
            return Extension(name, False, evidence + ["kernel log: " + refusal], modules,
                             "the hypervisor of this partition does not offer nested HV (cap-nested-hv=on on a QEMU parent)")
        return Extension(name, None, evidence, modules)
    return Extension("HV mode", False, evidence, ("kvm_hv", "kvm_pr"), "KVM is known on the platforms PowerNV and pSeries only, not on %s" % platform)


def _power_guests(machine: Machine) -> Guests:
    return Guests(
        "pseries",
        _emulators("ppc64"),
        {"slof": ("usr/share/qemu/slof.bin", "usr/share/SLOF/slof.bin", "usr/share/slof/slof.bin", "usr/share/qemu-kvm/slof.bin")},
    )


# Processors whose documentation lists the VZ module, by their name in "cpu model" or "model name".
_VZ_MODELS = re.compile(r"octeon iii|loongson-3a[4-9]\d{3}|p5600|p6600|i6400|i6500|m515[0x]", re.I)


def _mips_extension(machine: Machine) -> Extension:
    name = "MIPS VZ"
    cpu = machine.cpu_field("model name", "cpu model") or "unknown"
    said = machine.cpu_field("ASEs implemented")
    ases = (said or "").split()
    evidence = ["/proc/cpuinfo: cpu model %s, ASEs implemented: %s" % (cpu, said or "none")]
    if "vz" in ases:
        if _kernel_without_kvm(machine):
            evidence.append("kernel %s has no KVM" % machine.kernel_release)
            return Extension(name, True, evidence, (), "the kernel was built without KVM",
                             ("kernel", "boot a kernel with CONFIG_KVM (on Debian the loongson-3 flavour has it), then run this again"))
        return Extension(name, True, evidence)
    if _VZ_MODELS.search(cpu):
        return Extension(name, False, evidence, (), "the CPU model has VZ but the kernel does not see it: the firmware or a parent hypervisor masks it",
                         ("firmware_setting", "update or change the firmware so that the VZ module is visible to Linux"))
    return Extension(name, False, evidence, (),
                     "the CPU has no VZ module (OCTEON III, Loongson-3A4000 and later, P5600, I6400 have it) "
                     "and Linux dropped trap-and-emulate KVM for MIPS in 2021")


def _mips_guests(machine: Machine) -> Guests:
    loongson = "loongson" in ((machine.cpu_field("machine") or "") + (machine.cpu_field("cpu model") or "")).lower()
    release6 = "mips64r6" in (machine.cpu_field("isa") or "").split()
    kind = "loongson3-virt" if loongson else "boston" if release6 else "malta"
    return Guests(kind, _emulators("mips64el" if machine.byte_order == "little" else "mips64"), {})


def _kernel_without_kvm(machine: Machine) -> bool:
    config = machine.text("boot/config-" + machine.kernel_release)
    if config is not None:
        return re.search(r"^CONFIG_KVM=[ym]", config, re.M) is None
    return not machine.exists("sys/module/kvm")


X86 = Family("x86", _x86_extension, "kvm", _x86_guests, {"kvm_intel": "nested", "kvm_amd": "nested"})
ARM = Family("arm", _arm_extension, "kvm", _arm_guests, {})
POWER = Family("power", _power_extension, "kvm", _power_guests, {"kvm_hv": "nested"})
MIPS = Family("mips", _mips_extension, "kvm", _mips_guests, {})

_FAMILIES = (
    (r"x86_64|amd64|i[3-6]86", X86),
    (r"aarch64(_be)?|arm64|armv\d.*|arm", ARM),
    (r"ppc64(le|el)?|powerpc64(le)?", POWER),
    (r"mips(64)?(el)?", MIPS),
)


def family_of(machine_name: str) -> Optional[Family]:
    """The family of a ``uname -m``; None for one this collection does not prepare (s390x, riscv64 ...)."""
    for pattern, family in _FAMILIES:
        if re.fullmatch(pattern, machine_name):
            return family
    return None
