# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role kvm_host over a native user-land: planned, without a network, twice, with libvirt and a guest of its own; and on machines that it must refuse."""
from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any, Iterator

import pytest

import native
from lab import roots
from lab.places import Skip, mirror, need

pytestmark = pytest.mark.slow
NATIVE = "amd64"
OPTIONS: dict[str, Any] = {
    "kvm_host_nested": True, "kvm_host_smt": "off", "kvm_host_ksm": True, "kvm_host_sysctls": {"net.ipv4.ip_forward": 1},
    "kvm_host_huge_pages": [{"size": "2MiB", "count": 4}], "kvm_host_packages_extra": ["firewalld"], "kvm_host_firewall_ports": ["16514/tcp"],
    "kvm_host_kernel_parameters": ["iommu=pt"], "kvm_host_kernel_parameters_absent": ["quiet"],
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A minimal Debian of this machine's architecture."""
    with native.user_land("minimal") as root:
        (root / "etc/default").mkdir(exist_ok=True)
        (root / "etc/default/grub").write_text(
            'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT="quiet"\nGRUB_CMDLINE_LINUX="quiet console=tty0"\n', encoding="utf-8")
        yield root


def content(root: Path) -> dict[str, Any]:
    """Every file below /etc with its bytes, and the list of packages."""
    files = {str(path): path.read_bytes() for path in sorted((root / "etc").rglob("*")) if path.is_file() and not path.is_symlink()}
    files["packages"] = (root / "var/lib/dpkg/status").read_bytes()
    return files


def test_the_role_over_a_user_land(lab: Path, tmp_path: Path) -> None:
    before = content(lab)
    planned = roots.play_in_root(lab, NATIVE, OPTIONS, tmp_path, "--check", "--diff")
    assert planned.failed == 0, planned.output
    assert planned.changed > 5
    assert content(lab) == before, "check mode wrote something"

    sources = lab / "etc/apt/sources.list"
    mirrors = sources.read_text(encoding="utf-8")
    sources.write_text("deb http://127.0.0.1:9/debian bookworm main\n", encoding="utf-8")
    refused = roots.play_in_root(lab, NATIVE, OPTIONS, tmp_path)
    assert (refused.failed, refused.changed) == (1, 0), refused.output
    assert "could not install" in refused.output and "127.0.0.1" in refused.output.partition("The package manager said")[2], refused.output
    sources.write_text(mirrors, encoding="utf-8")
    assert content(lab) == before, "a run that could not fetch packages left something"

    first = roots.play_in_root(lab, NATIVE, OPTIONS, tmp_path)
    assert first.failed == 0, first.output
    assert (lab / "etc/modprobe.d/kvm-host.conf").read_text().endswith(" nested=1\n")
    assert "kvm\n" in (lab / "etc/modules-load.d/kvm-host.conf").read_text()
    assert 'MODE="0660"' in (lab / "etc/udev/rules.d/65-kvm-host.rules").read_text()
    assert "net.ipv4.ip_forward = 1" in (lab / "etc/sysctl.d/60-kvm-host.conf").read_text()
    assert (lab / "etc/tmpfiles.d/kvm-host.conf").read_text().splitlines()[1:] == [
        "w /sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages - - - - 4", "w /sys/kernel/mm/ksm/run - - - - 1"]
    assert (lab / "etc/default/grub").read_text() == 'GRUB_TIMEOUT=5\nGRUB_CMDLINE_LINUX_DEFAULT=""\nGRUB_CMDLINE_LINUX="console=tty0 iommu=pt"\n'
    assert 'port="16514"' in (lab / "etc/firewalld/zones/public.xml").read_text()
    assert (lab / "etc/systemd/system/multi-user.target.wants/kvm-host-smt-off.service").resolve(strict=False).name == "kvm-host-smt-off.service"
    assert (lab / "usr/sbin/libvirtd").exists()
    planned_tasks = set(planned.changed_tasks) - {"virtops.ovirt.kvm_host : Tell what would be installed"}
    assert planned_tasks - set(first.changed_tasks) <= {"virtops.ovirt.kvm_host : Make the directories of settings that a minimal system lacks",
                                                        "virtops.ovirt.kvm_host : Make the group of the device"}, "packages may bring these themselves"
    assert set(first.changed_tasks) - planned_tasks <= {"virtops.ovirt.kvm_host : Install the missing packages of Debian",
                                                        "virtops.ovirt.kvm_host : Open the ports in firewalld"}, "check mode hid a change"

    second = roots.play_in_root(lab, NATIVE, OPTIONS, tmp_path)
    assert (second.failed, second.changed) == (0, 0), second.changed_tasks

    a_boot_loader_that_was_left_behind(lab, tmp_path)
    libvirt_and_a_guest(lab, tmp_path)


def a_boot_loader_that_was_left_behind(lab: Path, tmp_path: Path) -> None:
    """Its defaults were set while nothing ran there; the next run that may finishes, and says that the running kernel is another."""
    program = lab / "usr/sbin/update-grub"
    program.write_text('#!/bin/sh\nmkdir -p /boot/grub; sleep 1; cp /etc/default/grub /boot/grub/grub.cfg\n')
    program.chmod(0o755)
    live = {**OPTIONS, "kvm_host_runtime": True, "kvm_host_impossible": "emulate", "kvm_host_verify": False}
    planned = roots.play_in_root(lab, NATIVE, live, tmp_path, "--tags", "kernel_parameters", "--check")
    assert planned.failed == 0 and "virtops.ovirt.kvm_host : Write the boot loader's configuration" in planned.changed_tasks, planned.output
    assert not (lab / "boot/grub").exists()
    first = roots.play_in_root(lab, NATIVE, live, tmp_path, "--tags", "kernel_parameters,verify")
    assert first.failed == 0, first.output
    assert "iommu=pt" in (lab / "boot/grub/grub.cfg").read_text()
    assert "needs a reboot, which this role never does itself" in first.output.replace("\n", " ")
    second = roots.play_in_root(lab, NATIVE, live, tmp_path, "--tags", "kernel_parameters")
    assert (second.failed, second.changed) == (0, 0), second.changed_tasks
    text = 'GRUB_CMDLINE_LINUX="dyndbg=\\"file x\\""\n'
    (lab / "etc/default/grub").write_text(text)
    refused = roots.play_in_root(lab, NATIVE, live, tmp_path, "--tags", "kernel_parameters")
    assert refused.failed == 1 and "holds quotes or substitutions" in refused.output.replace("\n", " "), refused.output
    assert (lab / "etc/default/grub").read_text() == text


def libvirt_and_a_guest(lab: Path, tmp_path: Path) -> None:
    """libvirt as the role installed it, in a network of its own; the guest's kernel says on its console that it runs."""
    shutil.copy(roots.image_of(roots.kernel(NATIVE, "amd64")), lab / "boot")
    options = {
        "kvm_host_runtime": True, "kvm_host_impossible": "emulate", "kvm_host_verify_guest": True,
        "kvm_host_libvirt_networks": [dict(name="lab", bridge="virlab0", address="192.0.2.1", dhcp_start="192.0.2.10", dhcp_end="192.0.2.20")],
        "kvm_host_libvirt_pools": [dict(name="lab", path="/var/lib/libvirt/images/lab")],
    }
    first = roots.play_in_root(lab, NATIVE, options, tmp_path, "--tags", "libvirt_objects,verify", libvirt=True)
    assert first.failed == 0, first.output
    assert "Linux version" in first.output.partition("Tell what the guest said")[2], first.output
    assert (lab / "etc/libvirt/qemu/networks/autostart/lab.xml").is_symlink()
    assert (lab / "etc/libvirt/storage/autostart/lab.xml").is_symlink()
    assert not (lab / "var/lib/libvirt/images/kvm-host-verify").exists()


def half_install(root: Path) -> None:
    status = root / "var/lib/dpkg/status"
    text = status.read_text()
    assert "Package: python3-apt\nStatus: install ok installed" in text
    status.write_text(text.replace("Package: python3-apt\nStatus: install ok installed", "Package: python3-apt\nStatus: install ok half-configured"))


def old_python(root: Path) -> None:
    for path in (root / "usr/bin").glob("python3*"):
        path.unlink()
    (root / "usr/bin/python3").write_text('#!/bin/sh\necho 3.6\n')
    (root / "usr/bin/python3").chmod(0o755)


# name: what is done to the machine, options, words of the message
REFUSED: dict[str, tuple[Any, dict[str, Any], str]] = {
    "distribution": (
        lambda root: (root / "etc/os-release").unlink()
        or (root / "etc/os-release").write_text('ID=slackware\nNAME="Slackware"\nVERSION_ID=15.0\n')
        or (root / "etc/debian_version").unlink()
        or (root / "etc/slackware-version").write_text("Slackware 15.0\n"),
        {},
        "This role does not know Slackware",
    ),
    "half-installed packages": (half_install, {}, "dpkg --configure -a"),
    "an old Python": (old_python, {}, "needs Python 3.9 or later"),
    "an impossible machine": (None, {"kvm_host_runtime": True}, "cannot be a KVM host"),
    "an option of the wrong kind": (None, {"kvm_host_smt": "sometimes"}, "value of kvm_host_smt must be one of"),
}


def test_an_account_that_is_not_root(tmp_path: Path) -> None:
    try:
        need("mmdebstrap", "unshare")
        with roots.unpacked("minimal", NATIVE) as root:
            before = content(root)
            nobody = {"ansible_become_flags": "-s /bin/sh"}
            told = roots.play_in_root(root, NATIVE, nobody, tmp_path, "--become", "--become-method", "su", "--become-user", "nobody")
            assert told.failed == 1, told.output
            assert "must be root there; it is nobody" in told.output.replace("\n", " "), told.output
            assert content(root) == before
    except Skip as reason:
        pytest.skip(str(reason))


def test_an_architecture_that_the_role_does_not_know(tmp_path: Path) -> None:
    try:
        need("mmdebstrap", "unshare", "setarch")
        with roots.unpacked("minimal", NATIVE) as root:
            before = content(root)
            strange = roots.play(roots.chroot_inventory(root), {}, tmp_path, wrap=lambda command: roots.enter(root, NATIVE, ["setarch", "i686", *command]))
            assert strange.failed == 1, strange.output
            assert "does not prepare KVM hosts on i686" in strange.output.replace("\n", " "), strange.output
            assert content(root) == before
    except Skip as reason:
        pytest.skip(str(reason))


@pytest.mark.parametrize("name", REFUSED)
def test_a_machine_that_is_refused(name: str, tmp_path: Path) -> None:
    prepare, options, words = REFUSED[name]
    if name == "an impossible machine" and os.path.exists("/sys/module/kvm_amd"):
        pytest.skip("this machine's kernel has KVM, which a root on it sees")
    try:
        need("mmdebstrap", "unshare")
        with roots.unpacked("minimal", NATIVE) as root:
            if prepare:
                prepare(root)
            before = content(root)
            told = roots.play_in_root(root, NATIVE, options, tmp_path, "--skip-tags", "modules")
            assert told.failed == 1, told.output
            assert words in told.output.replace("\n", " "), told.output
            assert "Traceback" not in told.output
            assert content(root) == before, "something was left half-configured"
    except Skip as reason:
        pytest.skip(str(reason))


def test_a_repeated_run_finishes_what_was_refused(tmp_path: Path) -> None:
    """Half-installed packages, repaired by option."""
    try:
        need("mmdebstrap", "unshare", "mount")
        mirror()
        with roots.unpacked("minimal", NATIVE) as root:
            half_install(root)
            done = roots.play_in_root(root, NATIVE, {"kvm_host_packages_repair": True, "kvm_host_libvirt_manage": False}, tmp_path, "--tags", "packages")
            assert done.failed == 0, done.output
            assert "half-configured" not in (root / "var/lib/dpkg/status").read_text()
    except Skip as reason:
        pytest.skip(str(reason))
