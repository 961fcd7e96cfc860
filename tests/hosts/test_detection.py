# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""kvm_host_info on every recorded machine, on variations of them, and on this machine."""
from __future__ import annotations

import errno
import fcntl
import json
import os
import pwd
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import recorded

COLLECTION = "ansible_collections.virtops.ovirt.plugins"


def ask(root: recorded.Root | str, **options: Any) -> dict[str, Any]:
    """Run the module as Ansible does: a process of its own, JSON in, JSON out."""
    arguments = json.dumps({"ANSIBLE_MODULE_ARGS": dict(root=str(root), **options)})
    done = subprocess.run([sys.executable, "-m", f"{COLLECTION}.modules.kvm_host_info"], input=arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=60, check=False, env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)))
    assert done.stdout, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def judge(root: recorded.Root, **options: Any) -> dict[str, Any]:
    """The same without the process, for the many."""
    from ansible_collections.virtops.ovirt.plugins.module_utils._kvm.machine import Machine
    from ansible_collections.virtops.ovirt.plugins.module_utils._kvm.report import report

    answer: dict[str, Any] = report(Machine(str(root)), options.get("compatibility_version", "4.7"))
    return answer


@pytest.fixture
def machine(tmp_path: Path) -> Any:
    return lambda name: recorded.lay_out(name, tmp_path / "root")


# name: status, first fix, a word of the reason, family, byte order, machine type, cluster architecture, CPU type at 4.7
EXPECTED = {
    "amd64-q35-tcg-svm": ("ready", None, "AMD-V", "x86", "little", "q35", "x86_64", None),
    "arm64-virt-el2": ("ready", None, "EL2", "arm", "little", "virt", None, None),
    "mips64el-loongson3-virt": ("impossible", None, "no VZ", "mips", "little", "loongson3-virt", None, None),
    "mips64el-malta": ("impossible", None, "no VZ", "mips", "little", "malta", None, None),
    "ppc64el-powernv9": ("ready", None, "PowerNV", "power", "little", "pseries", "ppc64", "IBM POWER9"),
    "initramfs-arm64-el1": ("impossible", None, "EL1", "arm", None, "virt", None, None),
    "initramfs-arm64-el2": ("fixable", "device_permissions", "account", "arm", None, "virt", None, None),
    "initramfs-arm64-gicv2-el2": ("fixable", "device_permissions", "account", "arm", None, "virt", None, None),
    "initramfs-mips-loongson": ("impossible", None, "no VZ", "mips", None, "loongson3-virt", None, None),
    "initramfs-mips-malta": ("impossible", None, "no VZ", "mips", None, "malta", None, None),
    "initramfs-ppc-powernv10": ("fixable", "device_permissions", "account", "power", None, "pseries", "ppc64", None),
    "initramfs-ppc-powernv8": ("fixable", "device_permissions", "account", "power", None, "pseries", "ppc64", "IBM POWER8"),
    "initramfs-ppc-powernv9": ("fixable", "device_permissions", "account", "power", None, "pseries", "ppc64", "IBM POWER9"),
    "initramfs-ppc-pseries-nested": ("fixable", "device_permissions", "account", "power", None, "pseries", "ppc64", None),
    "initramfs-ppc-pseries-plain": ("impossible", None, "does not offer nested HV", "power", None, "pseries", "ppc64", None),
    "initramfs-x86-nosvm": ("impossible", None, "does not pass svm on", "x86", None, "q35", "x86_64", None),
    "initramfs-x86-tcg-svm": ("fixable", "device_permissions", "account", "x86", None, "q35", "x86_64", None),
}


def test_every_recorded_machine_is_expected() -> None:
    assert sorted(EXPECTED) == recorded.NAMES


@pytest.mark.parametrize("name", recorded.NAMES)
def test_recorded_machine(name: str, machine: Any) -> None:
    status, action, word, family, order, machine_type, cluster, cpu_type = EXPECTED[name]
    said = ask(machine(name))["kvm_host"]
    verdict = said["verdict"]
    assert verdict["status"] == status, verdict
    assert [fix["action"] for fix in verdict["fixes"]] == ([action] if action else [])
    assert word in " ".join(verdict["reasons"])
    assert said["architecture"]["family"] == family
    assert said["architecture"]["byte_order"] == order
    assert said["guests"]["machine_type"] == machine_type
    assert (said["engine"]["cluster_architecture"], said["engine"]["cluster_cpu_type"]) == (cluster, cpu_type)
    assert said["device"]["usable"] is None, "a recorded device cannot have been tried"


@pytest.mark.parametrize("name", recorded.NAMES)
def test_every_statement_has_evidence(name: str, machine: Any) -> None:
    said = judge(machine(name))
    sections = [said[key] for key in said if key not in ("verdict", "modules")] + said["modules"]
    assert all(section["evidence"] and all(isinstance(line, str) and line for line in section["evidence"]) for section in sections)
    assert said["verdict"]["reasons"]


def test_a_device_that_exists_proves_nothing(machine: Any) -> None:
    root = machine("initramfs-ppc-pseries-plain")
    said = judge(root)
    assert said["device"]["exists"] and said["verdict"]["status"] == "impossible"
    assert any("does not support nesting" in line for entry in said["modules"] for line in entry["evidence"])


@pytest.mark.parametrize("name", ["initramfs-arm64-el1", "initramfs-x86-nosvm", "mips64el-loongson3-virt"])
def test_a_loaded_core_module_proves_nothing(name: str, machine: Any) -> None:
    said = judge(machine(name))
    assert [entry["loaded"] for entry in said["modules"] if entry["name"] == "kvm"] == [True]
    assert said["verdict"]["status"] == "impossible"


@pytest.mark.parametrize("name", ["mips64el-loongson3-virt", "mips64el-malta"])
def test_the_verdict_does_not_follow_ansibles_virtualization_facts(name: str, machine: Any) -> None:
    facts = json.loads((recorded.MACHINES / name / "facts.json").read_text())
    assert facts["ansible_virtualization_tech_host"] == ["kvm"]
    assert judge(machine(name))["verdict"]["status"] == "impossible"


def test_cpu_models_where_ansible_knows_none(machine: Any) -> None:
    assert judge(machine("arm64-virt-el2"))["cpu"]["model"] == "Cortex-A72"


def test_mips_cpu_model_and_count(machine: Any) -> None:
    said = judge(machine("mips64el-malta"))["cpu"]
    assert (said["model"], said["count"]) == ("MIPS 5KE V0.0", 1)


def test_counts_and_guest_role(machine: Any) -> None:
    said = judge(machine("amd64-q35-tcg-svm"))["cpu"]
    assert (said["count"], said["virtual_machine"]) == (2, True)


def test_nested_follows_the_parameter(machine: Any) -> None:
    root = machine("amd64-q35-tcg-svm")
    assert judge(root)["nested"]["enabled"] is True
    root.write("sys/module/kvm_amd/parameters/nested", "0\n")
    assert judge(root)["nested"] == dict(enabled=False, supported=True, evidence=["/sys/module/kvm_amd/parameters/nested is 0"])


def test_gic_versions(tmp_path: Path) -> None:
    assert judge(recorded.lay_out("arm64-virt-el2", tmp_path / "3"))["guests"]["gic"] == "3"
    assert judge(recorded.lay_out("initramfs-arm64-gicv2-el2", tmp_path / "2"))["guests"]["gic"] == "2"


def test_power_has_iommu_groups(machine: Any) -> None:
    assert judge(machine("ppc64el-powernv9"))["iommu"]["active"] is True


def only_fix(verdict: dict[str, Any]) -> dict[str, Any]:
    assert verdict["status"] == "fixable", verdict
    assert len(verdict["fixes"]) == 1, verdict
    fix: dict[str, Any] = verdict["fixes"][0]
    return fix


def unload(root: recorded.Root, *names: str) -> None:
    import shutil

    for name in names:
        shutil.rmtree(root.path("sys/module/" + name))


def test_a_module_that_waits_to_be_loaded(machine: Any) -> None:
    root = machine("amd64-q35-tcg-svm")
    unload(root, "kvm_amd")
    root.path("dev/kvm").unlink()
    root.log("Linux version")
    root.kernel_tree("kernel/arch/x86/kvm/kvm-amd.ko")
    fix = only_fix(judge(root)["verdict"])
    assert (fix["action"], fix["modules"], fix["reboot"]) == ("load_module", ["kvm_amd"], False)


def test_a_kernel_without_the_module(machine: Any) -> None:
    root = machine("amd64-q35-tcg-svm")
    unload(root, "kvm_amd")
    root.path("dev/kvm").unlink()
    root.log("Linux version")
    root.kernel_tree("kernel/drivers/net/tun.ko")
    fix = only_fix(judge(root)["verdict"])
    assert (fix["action"], fix["reboot"]) == ("kernel", True)


@pytest.mark.parametrize("line", ["x86/cpu: VMX (outside TXT) disabled by BIOS", "SVM disabled (by BIOS) in MSR_VM_CR",
                                  "kvm_amd: SVM disabled (by BIOS) in MSR_VM_CR on CPU 0", "kvm: disabled by bios"])
def test_firmware_that_switches_it_off(line: str, machine: Any) -> None:
    root = machine("initramfs-x86-nosvm")
    root.log("Linux version", line)
    verdict = judge(root)["verdict"]
    assert only_fix(verdict)["action"] == "firmware_setting"
    assert verdict["reboot_needed"] is True


def test_bare_metal_without_the_extension_does_not_blame_a_parent(machine: Any) -> None:
    root = machine("initramfs-x86-nosvm")
    root.edit("proc/cpuinfo", " hypervisor ", " ")
    verdict = judge(root)["verdict"]
    assert verdict["status"] == "impossible"
    assert "the CPU does not offer svm" in verdict["reasons"][0]


def test_power8_needs_smt_off(machine: Any) -> None:
    root = machine("initramfs-ppc-powernv8")
    root.device(0o660, "kvm")
    assert judge(root)["verdict"]["status"] == "ready"
    for cpu in range(8):
        root.write("sys/devices/system/cpu/cpu%d/topology/thread_siblings_list" % cpu, "0-7\n")
    said = judge(root)
    assert said["smt"]["threads_per_core"] == 8
    fix = only_fix(said["verdict"])
    assert (fix["action"], fix["reboot"]) == ("smt_off", False)


def test_power9_may_keep_smt(machine: Any) -> None:
    root = machine("ppc64el-powernv9")
    for cpu in range(4):
        root.write("sys/devices/system/cpu/cpu%d/topology/thread_siblings_list" % cpu, "0-3\n")
    said = judge(root)
    assert (said["smt"]["active"], said["smt"]["must_be_off"], said["verdict"]["status"]) == (True, False, "ready")


def test_a_partition_whose_module_was_never_tried(machine: Any) -> None:
    root = machine("initramfs-ppc-pseries-plain")
    root.log("Linux version")
    root.kernel_tree("kernel/arch/powerpc/kvm/kvm-hv.ko")
    fix = only_fix(judge(root)["verdict"])
    assert (fix["action"], fix["modules"]) == ("load_module", ["kvm_hv"])


def test_mips_with_vz(machine: Any) -> None:
    root = machine("mips64el-loongson3-virt")
    root.edit("proc/cpuinfo", r"^(ASEs implemented\s*:.*)$", r"\1 vz")
    root.device(0o660, "kvm")
    said = judge(root)
    assert said["virtualization"]["available"] is True
    assert said["verdict"]["status"] == "ready"


def test_mips_with_vz_and_a_kernel_without_kvm(machine: Any) -> None:
    root = machine("mips64el-malta")
    root.edit("proc/cpuinfo", r"^ASEs implemented\s*:.*$", "ASEs implemented\t: vz msa")
    fix = only_fix(judge(root)["verdict"])
    assert (fix["action"], fix["reboot"]) == ("kernel", True)


def test_a_mips_model_with_vz_that_the_kernel_does_not_see(machine: Any) -> None:
    root = machine("mips64el-malta")
    root.edit("proc/cpuinfo", r"MIPS 5KE V0.0", "Cavium Octeon III V0.2")
    assert only_fix(judge(root)["verdict"])["action"] == "firmware_setting"


def test_arm_switched_off_on_the_command_line(machine: Any) -> None:
    root = machine("arm64-virt-el2")
    root.write("proc/cmdline", "console=ttyAMA0 kvm-arm.mode=none\n")
    root.path("dev/kvm").unlink()
    fix = only_fix(judge(root)["verdict"])
    assert (fix["action"], fix["reboot"]) == ("kernel_command_line", True)


def test_arm_whose_log_was_overwritten_says_so(machine: Any) -> None:
    root = machine("initramfs-arm64-el1")
    root.log("eth0: link up")
    said = judge(root)
    assert said["virtualization"]["available"] is None
    assert said["verdict"]["status"] == "impossible"
    assert "no longer says" in said["verdict"]["reasons"][0]


def test_32_bit_arm_is_refused(machine: Any) -> None:
    root = machine("arm64-virt-el2")
    root.write("proc/sys/kernel/arch", "armv7l\n")
    root.path("dev/kvm").unlink()
    assert "removed from Linux" in judge(root)["verdict"]["reasons"][0]


@pytest.mark.parametrize("name", ["s390x", "riscv64", "loongarch64", "sparc64"])
def test_an_unknown_architecture_is_named(name: str, machine: Any) -> None:
    root = machine("initramfs-x86-nosvm")
    root.write("proc/sys/kernel/arch", name + "\n")
    said = judge(root)
    assert said["verdict"]["status"] == "impossible"
    assert name in said["verdict"]["reasons"][0]
    assert said["engine"]["cluster_architecture"] is None


NEHALEM = "vmx nx lm cx16 ssse3 sse4_1 sse4_2 popcnt lahf_lm"
HASWELL = NEHALEM + " aes pclmulqdq avx xsave rdtscp x2apic f16c rdrand fsgsbase smep erms avx2 bmi1 bmi2 fma movbe invpcid"
SKYLAKE_SERVER = HASWELL + " adx rdseed smap 3dnowprefetch xsavec xgetbv1 avx512f avx512dq avx512bw avx512cd avx512vl clwb pdpe1gb"
OPTERON_G4 = "svm nx lm cx16 ssse3 sse4_1 sse4_2 popcnt aes pclmulqdq avx xop fma4"
EPYC = "svm nx lm cx16 ssse3 sse4_1 sse4_2 popcnt aes pclmulqdq avx avx2 bmi1 bmi2 f16c fma movbe adx rdseed smap sha_ni xsavec"


@pytest.mark.parametrize("flags, version, expected", [
    (NEHALEM, "4.7", "Intel Nehalem Family"),
    (NEHALEM + " aes pclmulqdq", "4.7", "Intel Westmere Family"),
    (HASWELL, "4.7", "Intel Haswell Family"),
    (HASWELL, "4.3", "Intel Haswell-noTSX Family"),
    (HASWELL + " hle rtm", "4.3", "Intel Haswell Family"),
    (HASWELL + " ibrs ssbd md_clear", "4.7", "Secure Intel Haswell Family"),
    (HASWELL + " ibrs ssbd md_clear", "4.3", "Intel Haswell-noTSX Family"),
    (SKYLAKE_SERVER, "4.2", "Intel Skylake Client Family"),
    (SKYLAKE_SERVER, "4.4", "Intel Skylake Server Family"),
    (SKYLAKE_SERVER + " avx512_vnni", "4.4", "Intel Cascadelake Server Family"),
    (OPTERON_G4, "4.7", "AMD Opteron G4"),
    (OPTERON_G4 + " f16c fma tbm", "4.7", "AMD Opteron G5"),
    (EPYC, "4.7", "AMD EPYC"),
    (EPYC + " ibpb ssbd", "4.7", "Secure AMD EPYC"),
    (EPYC + " clwb rdpid umip", "4.7", "AMD EPYC"),
    (EPYC + " clwb rdpid umip", "4.8", "AMD EPYC-Rome"),
    (NEHALEM.replace("sse4_2", ""), "4.7", None),
    (HASWELL.replace("vmx ", ""), "4.7", None),
])
def test_cluster_cpu_type(flags: str, version: str, expected: str | None, machine: Any) -> None:
    root = machine("amd64-q35-tcg-svm")
    root.edit("proc/cpuinfo", r"^flags.*$", "flags\t\t: " + flags)
    said = judge(root, compatibility_version=version)["engine"]
    assert said["cluster_cpu_type"] == expected, said
    assert (said["cluster_cpu_types"] or [None])[0] == expected


def test_the_missing_flags_of_the_nearest_type_are_named(machine: Any) -> None:
    said = judge(machine("amd64-q35-tcg-svm"))["engine"]
    assert "lacks" in said["evidence"][0] and "sse4_2" in said["evidence"][0]


@pytest.mark.parametrize("cpu, version, expected", [("POWER8E", "4.7", "IBM POWER8"), ("POWER8NVL", "4.2", "IBM POWER8"), ("POWER9", "4.2", None),
                                                    ("POWER10", "4.7", None), ("POWER10", "4.8", "IBM POWER10"), ("POWER11", "4.8", None)])
def test_power_cluster_cpu_type(cpu: str, version: str, expected: str | None, machine: Any) -> None:
    root = machine("initramfs-ppc-powernv9")
    root.edit("proc/cpuinfo", r"POWER9", cpu)
    assert judge(root, compatibility_version=version)["engine"]["cluster_cpu_type"] == expected


def test_a_refused_device_is_not_ready(machine: Any) -> None:
    """A character device that is no KVM: opened, asked, and found out."""
    root = machine("initramfs-x86-tcg-svm")
    root.path("dev/kvm").unlink()
    root.path("dev/kvm").symlink_to("null")
    if os.geteuid() != 0:
        pytest.skip("making a device node needs root")
    root.path("dev/kvm").unlink()
    os.mknod(root.path("dev/kvm"), 0o660 | 0o020000, os.makedev(1, 3))
    said = judge(root)
    assert said["device"]["usable"] is False
    assert said["verdict"]["status"] == "impossible"
    assert "makes no virtual machine" in " ".join(said["verdict"]["reasons"])


def character_device(root: recorded.Root) -> None:
    """A device at the place of /dev/kvm that may be opened; what KVM says through it is the test's to decide."""
    if os.geteuid() != 0:
        pytest.skip("making a device node needs root")
    root.path("dev/kvm").unlink()
    os.mknod(root.path("dev/kvm"), 0o020000, os.makedev(1, 3))
    root.path("dev/kvm").chmod(0o660)
    root.write("etc/group", "kvm:x:%d:\n" % root.path("dev/kvm").stat().st_gid)


def test_a_device_that_another_hypervisor_keeps_busy(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    root = machine("initramfs-x86-tcg-svm")
    character_device(root)

    def busy(dummy_handle: int, request: int, dummy_argument: int) -> int:
        if request & 0xFF == 0:
            return 12
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(fcntl, "ioctl", busy)
    said = judge(root)
    assert (said["device"]["usable"], said["device"]["error"], said["device"]["api_version"]) == (False, "EBUSY", 12)
    fix = only_fix(said["verdict"])
    assert (fix["action"], fix["reboot"]) == ("other_hypervisor", False)


def test_an_account_that_may_not_open_the_device_learns_no_verdict_from_it(machine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    root = machine("initramfs-x86-tcg-svm")
    character_device(root)
    real = os.open

    def refuse(path: Any, *arguments: Any, **options: Any) -> int:
        if str(path).endswith("dev/kvm"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refuse)
    said = judge(root)
    assert (said["device"]["usable"], said["device"]["error"], said["verdict"]["status"]) == (None, "EACCES", "ready")
    assert "run the module as root" in said["device"]["evidence"][-1]


def old_pythons() -> list[str]:
    found = [str(path) for path in sorted(Path.home().glob(".pyenv/versions/3.9.*/bin/python3"))]
    found += [str(path) for path in sorted(Path(pwd.getpwuid(os.getuid()).pw_dir).glob(".pyenv/versions/3.9.*/bin/python3"))]
    return found + [path for path in ("/usr/bin/python3.9", "/usr/local/bin/python3.9") if os.path.exists(path)]


def test_the_oldest_python_that_targets_may_have(machine: Any, tmp_path: Path) -> None:
    """Shipped by Ansible and run by a bare Python 3.9, as on Enterprise Linux 9."""
    if not old_pythons():
        pytest.skip("there is no Python 3.9 here")
    root = machine("ppc64el-powernv9")
    book = tmp_path / "play.yml"
    book.write_text("""
- hosts: localhost
  gather_facts: false
  tasks:
    - virtops.ovirt.kvm_host_info: {root: "%s"}
      register: machine
    - ansible.builtin.debug: {msg: "said {{ machine.kvm_host.verdict.status }} {{ machine.kvm_host.engine.cluster_cpu_type }}"}
""" % root)
    done = subprocess.run([str(Path(sys.executable).parent / "ansible-playbook"), str(book), "-e", "ansible_python_interpreter=" + old_pythons()[0]],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
    assert "said ready IBM POWER9" in done.stdout


def test_request_numbers_follow_the_architecture() -> None:
    """Where _IO has a direction bit (PowerPC, MIPS) the plain number would be refused by the kernel."""
    from ansible_collections.virtops.ovirt.plugins.module_utils._kvm import device

    assert {family: hex(device._request(1, family)) for family in ("x86", "arm", "power", "mips")} == {
        "x86": "0xae01", "arm": "0xae01", "power": "0x2000ae01", "mips": "0x2000ae01"}


def test_links_stay_inside_the_root(machine: Any) -> None:
    root = machine("amd64-q35-tcg-svm")
    root.write("opt/ovmf/code.fd", "")
    root.path("usr/share/OVMF").mkdir(parents=True)
    root.path("usr/share/OVMF/OVMF_CODE.fd").symlink_to("/opt/ovmf/code.fd")
    assert judge(root)["guests"]["firmware"]["uefi"] == "/usr/share/OVMF/OVMF_CODE.fd"


@pytest.mark.parametrize("prepare, said", [
    (lambda path: None, "is not a directory"),
    (lambda path: path.mkdir(), "proc/cpuinfo cannot be read"),
])
def test_a_root_that_is_no_machine(prepare: Any, said: str, tmp_path: Path) -> None:
    prepare(tmp_path / "root")
    answer = ask(str(tmp_path / "root"))
    assert answer["failed"] and said in answer["msg"]


def test_this_machine() -> None:
    """Live: whatever the verdict, it agrees with what this test itself gets from the device."""
    said = ask("/")["kvm_host"]
    assert said["architecture"]["machine"] == os.uname().machine
    assert said["page_size"]["bytes"] == os.sysconf("SC_PAGE_SIZE")
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        pytest.skip("no /dev/kvm here that this account may open")
    assert said["device"]["usable"] is not None
    assert (said["verdict"]["status"] == "impossible") == (not said["device"]["usable"])


def test_no_time_stamps_in_evidence(machine: Any) -> None:
    said = judge(machine("arm64-virt-el2"))
    assert not re.search(r"\[ +\d+\.\d+\]", json.dumps(said))
