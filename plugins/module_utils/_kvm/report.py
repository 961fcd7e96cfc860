# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One machine's answer: every statement with its evidence, and one verdict.

``report`` reads, section by section; ``_verdict`` alone concludes. A device that made a virtual machine outweighs
everything else; a device that merely exists proves nothing (a POWER partition without nesting has it too).
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Optional, Set

from . import cluster_cpu, device
from .architectures import Extension, Family, family_of, power_generation, virtual
from .machine import Machine

HELPER_MODULES = ("vhost_net", "tun")
READY, FIXABLE, IMPOSSIBLE = "ready", "fixable", "impossible"


def report(machine: Machine, compatibility_version: str, probe: bool = True) -> Dict[str, Any]:
    """Everything :ref:`kvm_host_info` returns, as plain data."""
    family = family_of(machine.machine_name)
    extension = family.extension(machine) if family else _unknown_architecture(machine)
    kvm_device = device.examine(machine, family.name if family else "", probe)
    modules = _modules(machine, family, extension)
    smt = _smt(machine, family)
    answer: Dict[str, Any] = dict(
        architecture=_architecture(machine, family),
        cpu=_cpu(machine),
        virtualization=dict(extension=extension.name, available=extension.available, evidence=extension.evidence),
        modules=modules,
        device=kvm_device,
        nested=_nested(machine, family),
        iommu=_iommu(machine),
        smt=smt,
        huge_pages=_huge_pages(machine),
        page_size=_page_size(machine),
        guests=_guests(machine, family),
        engine=cluster_cpu.match(machine.machine_name, _cpu_flags(machine, family), compatibility_version),
    )
    answer["verdict"] = _verdict(machine, family, extension, modules, kvm_device, smt)
    return answer


def _unknown_architecture(machine: Machine) -> Extension:
    return Extension("unknown", None, ["uname says %s" % (machine.machine_name or "nothing")])


def _architecture(machine: Machine, family: Optional[Family]) -> Dict[str, Any]:
    order = machine.byte_order
    return dict(machine=machine.machine_name, family=family.name if family else None, byte_order=order,
                kernel=machine.kernel_release, command_line=machine.kernel_command_line, evidence=["uname -m: %s, kernel %s, %s-endian" % (
                    machine.machine_name, machine.kernel_release or "unknown", order or "unknown")])


# Parts of ARM Ltd. and others, from the MIDR registers' documentation; /proc/cpuinfo has the numbers only.
_ARM_PARTS = {
    (0x41, 0xd03): "Cortex-A53", (0x41, 0xd07): "Cortex-A57", (0x41, 0xd08): "Cortex-A72", (0x41, 0xd09): "Cortex-A73", (0x41, 0xd0b): "Cortex-A76",
    (0x41, 0xd0c): "Neoverse-N1", (0x41, 0xd40): "Neoverse-V1", (0x41, 0xd49): "Neoverse-N2", (0x41, 0xd4f): "Neoverse-V2",
    (0x43, 0x0a1): "ThunderX", (0x43, 0x0af): "ThunderX2", (0x48, 0xd01): "TaiShan-v110", (0xc0, 0xac3): "Ampere-1",
}


def _cpu_model(machine: Machine) -> str:
    implementer, part = machine.cpu_field("CPU implementer"), machine.cpu_field("CPU part")
    if implementer and part:
        key = (int(implementer, 16), int(part, 16))
        return _ARM_PARTS.get(key, "implementer %s part %s" % (implementer, part))
    return machine.cpu_field("model name", "cpu model", "cpu") or "unknown"


def _cpu(machine: Machine) -> Dict[str, Any]:
    blocks = [block for block in machine.cpuinfo() if "processor" in block]
    guest = virtual(machine)
    return dict(model=_cpu_model(machine), count=len(blocks), vendor=machine.cpu_field("vendor_id", "CPU implementer"), virtual_machine=bool(guest),
                evidence=["/proc/cpuinfo: %d processor(s), %s" % (len(blocks), _cpu_model(machine))] + ([guest] if guest else []))


def _cpu_flags(machine: Machine, family: Optional[Family]) -> Set[str]:
    if family is not None and family.name == "power":
        return {(machine.cpu_field("platform") or "").lower(), "POWER%s" % power_generation(machine)}
    return set((machine.cpu_field("flags") or "").split())


def _module(machine: Machine, name: str, needed: bool) -> Dict[str, Any]:
    """``able`` is False when the kernel refused the module or has none of that name, None when nobody can say."""
    entry: Dict[str, Any] = dict(name=name, needed=needed, loaded=machine.exists("sys/module/" + name), builtin=False, able=None, evidence=[])
    tree = "lib/modules/%s/" % machine.kernel_release
    pattern = r"(^|/)%s\.ko" % name.replace("_", "[-_]")
    builtin = machine.text(tree + "modules.builtin")
    listed = machine.text(tree + "modules.dep")
    loaded_list = machine.text("proc/modules")
    entry["builtin"] = bool(builtin and re.search(pattern, builtin, re.M)) or (
        entry["loaded"] and loaded_list is not None and re.search(r"^%s " % name, loaded_list, re.M) is None)
    refusal = machine.log_line(
        r"(no hardware support for '%s'|^%s: .*(does not support nesting|not supported|disabled \(by BIOS\)))" % (name, name.replace("_", "[-_]"))
    )
    if entry["loaded"]:
        entry["able"] = True
        entry["evidence"].append("/sys/module/%s exists" % name)
    elif refusal:
        entry["able"] = False
        entry["evidence"].append("kernel log: " + refusal)
    elif entry["builtin"]:
        entry["able"] = True
        entry["evidence"].append("/%smodules.builtin lists it" % tree)
    elif listed is not None:
        found = re.search(r"^([^:\n]*%s[^:\n]*):" % pattern.replace("(^|/)", "/"), listed, re.M)
        entry["able"] = bool(found)
        entry["evidence"].append("/%s%s" % (tree, found.group(1) if found else "modules.dep does not list it"))
    else:
        entry["evidence"].append("not loaded, and /%s is not there to look in" % tree)
    return entry


def _modules(machine: Machine, family: Optional[Family], extension: Extension) -> List[Dict[str, Any]]:
    if family is None:
        return []
    return [_module(machine, name, True) for name in (family.core_module,) + extension.modules] + [
        _module(machine, name, False) for name in HELPER_MODULES]


def _nested(machine: Machine, family: Optional[Family]) -> Dict[str, Any]:
    answer: Dict[str, Any] = dict(enabled=False, supported=False, evidence=[])
    for module, parameter in sorted(family.nested_parameter.items()) if family else []:
        path = "sys/module/%s/parameters/%s" % (module, parameter)
        value = machine.text(path)
        if value is not None:
            answer.update(supported=True, enabled=value in ("1", "Y"))
            answer["evidence"].append("/%s is %s" % (path, value))
    if family is not None and family.name == "arm":
        mode = machine.kernel_parameter("kvm-arm.mode")
        line = machine.log_line(r"kvm \[\d+\]: .*nested")
        answer.update(supported=line is not None, enabled=mode == "nested" and line is not None)
        answer["evidence"].append("kvm-arm.mode is %s%s" % (mode or "not set", ", kernel log: " + line if line else ""))
    if not answer["evidence"]:
        answer["evidence"].append("no module of this machine has a nested parameter")
    return answer


def _iommu(machine: Machine) -> Dict[str, Any]:
    groups = len(machine.names("sys/kernel/iommu_groups"))
    units = machine.names("sys/class/iommu")
    tables = [name for name in machine.names("sys/firmware/acpi/tables") if name in ("DMAR", "IVRS", "IORT")]
    return dict(active=groups > 0, groups=groups, firmware_tables=tables, evidence=[
        "/sys/kernel/iommu_groups has %d group(s), /sys/class/iommu %s, ACPI tables %s" % (groups, ", ".join(units) or "nothing", ", ".join(tables) or "none")])


def _smt(machine: Machine, family: Optional[Family]) -> Dict[str, Any]:
    """Threads per core that are on line now; ``must_be_off`` on POWER8 and earlier running HV guests."""
    base = "sys/devices/system/cpu/"
    control = machine.text(base + "smt/control")
    threads = 1
    for name in machine.names(base):
        if re.fullmatch(r"cpu\d+", name):
            siblings = machine.text(base + name + "/topology/thread_siblings_list")
            threads = max(threads, _count(siblings or ""))
    generation = power_generation(machine) if family is not None and family.name == "power" else None
    bare_power = machine.cpu_field("platform") == "PowerNV" and generation is not None
    return dict(control=control, threads_per_core=threads, active=threads > 1, must_be_off=bool(bare_power and generation is not None and generation <= 8),
                evidence=["/%ssmt/control: %s, %d thread(s) of a core on line" % (base, control or "absent", threads)])


def _count(cpu_list: str) -> int:
    """Members of a kernel CPU list such as ``0-3,8``."""
    total = 0
    for piece in filter(None, cpu_list.split(",")):
        first, dummy, last = piece.partition("-")
        total += int(last or first) - int(first) + 1
    return total


def _huge_pages(machine: Machine) -> Dict[str, Any]:
    meminfo = dict(re.findall(r"^(\w+):\s+(\d+)", machine.text("proc/meminfo") or "", re.M))
    sizes: List[Dict[str, int]] = []
    for name in machine.names("sys/kernel/mm/hugepages"):
        found = re.fullmatch(r"hugepages-(\d+)kB", name)
        if found:
            sizes.append(dict(size_kib=int(found.group(1)), total=int(machine.text("sys/kernel/mm/hugepages/%s/nr_hugepages" % name) or 0),
                              free=int(machine.text("sys/kernel/mm/hugepages/%s/free_hugepages" % name) or 0)))
    default = meminfo.get("Hugepagesize")
    transparent = re.search(r"\[(\w+)\]", machine.text("sys/kernel/mm/transparent_hugepage/enabled") or "")
    return dict(default_size_kib=int(default) if default else None, total=int(meminfo.get("HugePages_Total", 0)), free=int(meminfo.get("HugePages_Free", 0)),
                sizes=sizes, transparent=transparent.group(1) if transparent else None,
                evidence=["/proc/meminfo: Hugepagesize %s kB, HugePages_Total %s" % (default or "absent", meminfo.get("HugePages_Total", "absent"))])


def _page_size(machine: Machine) -> Dict[str, Any]:
    found = re.search(r"^KernelPageSize:\s+(\d+) kB", machine.text("proc/self/smaps") or "", re.M)
    return dict(bytes=int(found.group(1)) * 1024 if found else None,
                evidence=["/proc/self/smaps: KernelPageSize %s" % (found.group(1) + " kB" if found else "absent")])


def _guests(machine: Machine, family: Optional[Family]) -> Dict[str, Any]:
    if family is None:
        return dict(machine_type=None, emulator=None, firmware={}, gic=None, evidence=["unknown architecture"])
    guests = family.guests(machine)
    firmware = {kind: machine.first(list(paths)) for kind, paths in sorted(guests.firmware.items())}
    emulator = machine.first(list(guests.emulators))
    gic = None
    if family.name == "arm":
        gic = (
            "3"
            if machine.log_line(r"GICv3: GICv3 features|GIC system register CPU interface enabled")
            else "2" if machine.log_line(r"vgic interrupt") else None
        )
    return dict(machine_type=guests.machine_type, emulator=emulator, firmware=firmware, gic=gic, evidence=[
        "guests of %s use the machine type %s; emulator %s; firmware %s" % (
            machine.machine_name, guests.machine_type, emulator or "not installed",
            ", ".join("%s %s" % (kind, path or "not installed") for kind, path in firmware.items()) or "built into the emulator")])


def _verdict(machine: Machine, family: Optional[Family], extension: Extension, modules: List[Dict[str, Any]],
             kvm_device: Dict[str, Any], smt: Dict[str, Any]) -> Dict[str, Any]:
    reasons: List[str] = []
    fixes: List[Dict[str, Any]] = []

    def fix(action: str, detail: str, reboot: bool = False, modules: Optional[List[str]] = None) -> None:
        fixes.append(dict(action=action, detail=detail, reboot=reboot, modules=modules or []))

    vendor_modules = [entry for entry in modules if entry["needed"] and entry["name"] in extension.modules]
    if kvm_device["usable"]:
        reasons.append("/dev/kvm made a virtual machine")
    elif family is None:
        reasons.append("this collection does not know how KVM works on %s" % (machine.machine_name or "an unnamed architecture"))
    elif extension.fix is not None:
        fix(extension.fix[0], extension.fix[1], reboot=True)
        reasons.append("%s: %s" % (extension.name, extension.reason))
    elif extension.available is False:
        reasons.append("%s is not available: %s" % (extension.name, extension.reason))
    elif vendor_modules and not any(entry["loaded"] for entry in vendor_modules):
        loadable = [entry["name"] for entry in vendor_modules if entry["able"] or (entry["able"] is None and _untold(machine))]
        if loadable:
            fix("load_module", "load the kernel module %s" % " or ".join(loadable), modules=loadable)
            reasons.append("%s is not loaded" % " or ".join(loadable))
        elif any("kernel log: " in line for entry in vendor_modules for line in entry["evidence"]):
            reasons.append("; ".join(line for entry in vendor_modules for line in entry["evidence"]))
        else:
            fix("kernel", "install and boot a kernel that has %s" % " or ".join(extension.modules), reboot=True)
            reasons.append("kernel %s has no module %s" % (machine.kernel_release, " or ".join(extension.modules)))
    elif not kvm_device["exists"]:
        if extension.available is None and not vendor_modules:
            reasons.append("%s: %s, and /dev/kvm does not exist" % (extension.name, "; ".join(extension.evidence)))
        else:
            fix("device_node", "let udev or devtmpfs create /dev/kvm; in a container, pass the device in")
            reasons.append("KVM is loaded but /dev/kvm does not exist")
    elif kvm_device["usable"] is False:
        if kvm_device["error"] == "EBUSY":
            fix("other_hypervisor", "stop the other hypervisor that holds %s (VirtualBox, VMware ...) and unload its kernel modules" % extension.name)
        reasons.append("/dev/kvm exists but makes no virtual machine (%s)" % kvm_device["evidence"][-1])
    if kvm_device["exists"] and not kvm_device["permitted"] and (kvm_device["usable"] or (not reasons and not fixes)):
        fix("device_permissions", "give /dev/kvm to the group kvm with mode 0660; it is %(mode)s %(owner)s:%(group)s" % kvm_device)
        reasons.append("the emulator's account may not open /dev/kvm")
    if smt["must_be_off"] and smt["active"] and extension.available:
        fix("smt_off", "switch SMT off on the host (ppc64_cpu --smt=off); guests may still use all threads of a core")
        reasons.append("guests do not run on POWER8 and earlier while more than one thread of a core is on line")
    works = kvm_device["usable"] or (kvm_device["usable"] is None and kvm_device["exists"] and extension.available is not False and not reasons)
    status = FIXABLE if fixes else READY if works else IMPOSSIBLE
    if status == READY and not reasons:
        reasons.append("%s is available, the modules are loaded and /dev/kvm exists (it was not tried)" % extension.name)
    return dict(status=status, reasons=reasons, fixes=fixes, reboot_needed=any(item["reboot"] for item in fixes))


def _untold(machine: Machine) -> bool:
    """True where the kernel's module tree is out of sight, so loading the module is the only way to know."""
    return not machine.exists("lib/modules/" + machine.kernel_release) or not machine.kernel_release
