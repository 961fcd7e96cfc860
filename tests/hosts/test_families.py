# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The roles over releases of Debian and Ubuntu with their own packages, and over user-lands that pose as Enterprise Linux and SUSE: real package
managers there, too, and packages of the right names without content."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator

import pytest

import engine_process
import native
import recorded
from lab import roots, rpm
from lab.places import USER_LANDS

pytestmark = pytest.mark.slow
OPTIONS: dict[str, Any] = {"kvm_host_nested": True, "kvm_host_tuned_profile": "virtual-host", "kvm_host_sysctls": {"vm.swappiness": 10}}
HASWELL = ("vmx nx lm cx16 ssse3 sse4_1 sse4_2 popcnt lahf_lm aes pclmulqdq avx xsave rdtscp x2apic f16c rdrand fsgsbase smep erms avx2 bmi1 bmi2 "
           "fma movbe invpcid")


@pytest.fixture
def bare() -> Iterator[Path]:
    """A user-land with the tools of RPM, posing as nothing yet."""
    with native.user_land("rpm") as root:
        yield root


def installed(root: Path) -> set[str]:
    return set(roots.must(roots.enter(root, "amd64", ["chroot", str(root), "rpm", "--query", "--all", "--queryformat", "%{NAME}\\n"]), 60).split())


def units(root: Path, state: str) -> set[str]:
    return {path.name[: -len(state) - 1] for path in (root / "var/lib/lab/units").glob(f"*.{state}")}


def settings(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted((root / "etc").rglob("*")) if path.is_file() and not path.is_symlink()}


@pytest.mark.parametrize("release", [name for name in USER_LANDS if name[-1].isdigit()])
def test_the_role_over_a_release_of_debian_or_ubuntu(release: str, tmp_path: Path) -> None:
    """The real packages of releases beside the one that test_role.py looks at closely."""
    with native.user_land(release) as root:
        before = settings(root)
        planned = roots.play_in_root(root, "amd64", OPTIONS, tmp_path, "--check", "--diff")
        assert planned.failed == 0 and planned.changed > 3, planned.output
        assert settings(root) == before, "check mode wrote something"
        first = roots.play_in_root(root, "amd64", OPTIONS, tmp_path)
        assert first.failed == 0, first.output
        assert (root / "usr/bin/qemu-system-x86_64").exists() and (root / "usr/bin/virsh").exists()
        second = roots.play_in_root(root, "amd64", OPTIONS, tmp_path)
        assert (second.failed, second.changed) == (0, 0), second.changed_tasks


@pytest.mark.parametrize("name", rpm.DISTRIBUTIONS)
def test_the_role_over_a_family(name: str, bare: Path, tmp_path: Path) -> None:
    distribution = rpm.DISTRIBUTIONS[name]
    options = dict(OPTIONS)
    if "rhel" in distribution.release["ID_LIKE"]:
        options.update(kvm_host_kernel_parameters=["iommu=pt"], kvm_host_kernel_parameters_absent=["quiet"])
    rpm.pose(bare, distribution)
    before = settings(bare)

    planned = roots.play_in_root(bare, "amd64", options, tmp_path, "--check", "--diff")
    assert planned.failed == 0 and planned.changed > 3, planned.output
    assert settings(bare) == before and not installed(bare), "check mode wrote something"

    rpm.repository(bare, "http://127.0.0.1:9/rpms")
    refused = roots.play_in_root(bare, "amd64", options, tmp_path)
    assert (refused.failed, refused.changed) == (1, 0), refused.output
    said = refused.output.replace("\n", " ").partition("The package manager said")[2]
    assert "127.0.0.1" in said and "Traceback" not in refused.output, refused.output
    rpm.repository(bare)

    first = roots.play_in_root(bare, "amd64", options, tmp_path)
    assert first.failed == 0, first.output
    assert set(distribution.packages) - {"chrony"} <= installed(bare)
    assert (bare / "etc/modprobe.d/kvm-host.conf").exists() and (bare / "etc/sysctl.d/60-kvm-host.conf").exists()
    if "kvm_host_kernel_parameters" in options:
        assert (bare / "var/lib/lab/kernel-arguments").read_text().split() == ["root=/dev/vda", "iommu=pt"]
    second = roots.play_in_root(bare, "amd64", options, tmp_path)
    assert (second.failed, second.changed) == (0, 0), second.changed_tasks

    live = {"kvm_host_runtime": True, "kvm_host_impossible": "emulate"}
    (bare / "var/lib/lab/units/libvirtd.socket.enabled").touch()
    libvirt = roots.play_in_root(bare, "amd64", live, tmp_path, "--tags", "libvirt")
    assert libvirt.failed == 0, libvirt.output
    socket, other = ("virtqemud.socket", "libvirtd.socket") if distribution.modular else ("libvirtd.socket", "virtqemud.socket")
    assert socket in units(bare, "enabled") & units(bare, "active")
    if (bare / "usr/lib/systemd/system" / other).exists():
        assert other not in units(bare, "enabled") | units(bare, "active")
    assert {"virtlogd.socket", "virtlockd.socket"} <= units(bare, "active")
    again = roots.play_in_root(bare, "amd64", live, tmp_path, "--tags", "libvirt")
    assert (again.failed, again.changed) == (0, 0), again.changed_tasks


def haswell(directory: Path) -> Path:
    """The cpuinfo of a machine of that generation."""
    text = (recorded.MACHINES / "amd64-q35-tcg-svm/cpuinfo").read_text()
    lines = ["vendor_id\t: GenuineIntel" if line.startswith("vendor_id") else f"flags\t\t: {HASWELL}" if line.startswith("flags") else line
             for line in text.splitlines()]
    (directory / "cpuinfo").write_text("\n".join(lines) + "\n")
    return directory / "cpuinfo"


CLUSTER = """
- hosts: localhost
  gather_facts: false
  tasks:
    - virtops.ovirt.data_center: {name: lab}
    - virtops.ovirt.cluster: {name: intel, data_center: lab, cpu_type: Intel Haswell Family}
"""


def mixed(machines: dict[str, Path], engine: engine_process.Engine, home: Path, processor: Path, *arguments: str) -> roots.Recap:
    """The collection's playbook over these user-lands, which all have this processor."""
    inventory = {"kvm_hosts": {"vars": {"ansible_connection": "community.general.chroot", "engine_host_address": "{{ inventory_hostname }}.example.com"},
                               "hosts": {name: {"ansible_host": str(root)} for name, root in machines.items()}}}
    home.mkdir(parents=True, exist_ok=True)
    (home / "inventory.json").write_text(json.dumps(inventory))
    variables = {"kvm_hosts_engine": {"url": engine.url, "username": engine.username, "password": engine.password, "ca_file": engine.ca_file}}

    def wrap(command: list[str]) -> list[str]:
        for root in machines.values():
            command = roots.enter(root, "amd64", command, cpuinfo=processor)
        return command

    book = "- import_playbook: virtops.ovirt.kvm_hosts\n"
    return roots.play(["--inventory", str(home / "inventory.json")], variables, home, *arguments, wrap=wrap, playbook=book)


def test_mixed_machines_become_hosts_and_those_that_can_join_the_engine(bare: Path, tmp_path: Path) -> None:
    rpm.pose(bare, rpm.DISTRIBUTIONS["Rocky Linux 9"], "ovirt-host")
    with engine_process.running("--estate", "empty", "--speed", "100") as engine, roots.unpacked("minimal", "amd64") as debian:
        made = roots.play([], {}, tmp_path / "cluster", playbook=CLUSTER, environ=engine.variables())
        assert made.failed == 0, made.output
        machines, processor = {"rocky1": bare, "debian1": debian}, haswell(tmp_path)
        first = mixed(machines, engine, tmp_path / "mixed", processor)
        assert first.code == 0, first.output
        assert "debian1 stays a host of its own: the engine deploys to the Enterprise Linux family only" in first.output.replace("\n", " ")
        keys = (bare / "root/.ssh/authorized_keys").read_text()
        assert keys.endswith(" ovirt-engine\n") and keys.count("\n") == 1
        assert (bare / "usr/sbin/chronyd").exists(), "the engine's deployment wants a clock"
        written = [request for request in engine.requests() if request["method"] == "POST" and request["path"].endswith("/hosts")]
        assert len(written) == 1
        second = mixed(machines, engine, tmp_path / "mixed", processor)
        assert second.code == 0 and "changed=0" in second.output, second.output
        assert not [line for line in second.output.splitlines() if line.startswith("changed:")], second.output


@pytest.mark.parametrize("pose, words", [
    (lambda root: rpm.pose(root, rpm.DISTRIBUTIONS["Rocky Linux 9"]), "has the package ovirt-host that the engine installs"),
    (lambda root: rpm.pose(root, rpm.DISTRIBUTIONS["openSUSE Leap 15.6"]), "must be of the Enterprise Linux family"),
])
def test_the_engine_s_prerequisites(pose: Any, words: str, bare: Path, tmp_path: Path) -> None:
    pose(bare)
    book = "- hosts: all\n  gather_facts: false\n  roles: [virtops.ovirt.engine_host]\n"
    processor = haswell(tmp_path)
    told = roots.play(roots.chroot_inventory(bare), {"engine_host_engine": {"url": "https://127.0.0.1:9"}}, tmp_path, playbook=book,
                      wrap=lambda command: roots.enter(bare, "amd64", command, cpuinfo=processor))
    assert told.failed == 1 and words in told.output.replace("\n", " "), told.output
