# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Recorded machines as root directories.

``machines/<name>`` holds what a machine said (``cpuinfo``, ``dmesg``, ``kvm``, ``meminfo`` ..., or the console of an
initramfs probe in ``boot.txt``). ``lay_out`` turns that into ``proc``, ``sys``, ``dev`` and ``etc`` below a directory, which is
what ``kvm_host_info`` reads on a live machine.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

MACHINES = Path(__file__).parent / "machines"
NAMES = sorted(path.name for path in MACHINES.iterdir() if path.is_dir())

_BYTE_ORDERS = {"Little Endian": "little", "Big Endian": "big"}


def _read(name: str, part: str) -> str:
    path = MACHINES / name / part
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _section(console: str, title: str) -> str:
    found = re.search(r"^@@%s\r?\n(.*?)^@@" % title, console, re.M | re.S)
    return found.group(1) if found else ""


class Root:
    """A root directory under construction; ``write`` creates the parents."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __str__(self) -> str:
        return str(self.directory)

    def path(self, name: str) -> Path:
        return self.directory / name

    def write(self, name: str, text: str) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def edit(self, name: str, pattern: str, replacement: str) -> None:
        """Replace and insist that something was replaced."""
        text, count = re.subn(pattern, replacement, self.path(name).read_text(encoding="utf-8"), flags=re.M)
        assert count, "%s does not match %s" % (name, pattern)
        self.path(name).write_text(text, encoding="utf-8")

    def log(self, *lines: str) -> None:
        """Replace the kernel log by these messages."""
        self.write("dev/kmsg", "".join("6,%d,%d,-;%s\n" % (number, number, line) for number, line in enumerate(lines)))

    def device(self, mode: int, group: str) -> None:
        """A stand-in for /dev/kvm. Its group is the tester's own, called ``group`` in this root's etc/group."""
        self.write("dev/kvm", "")
        path = self.path("dev/kvm")
        path.chmod(mode)
        self.write("etc/group", "%s:x:%d:\n" % (group, path.stat().st_gid))
        self.write("etc/passwd", "root:x:%d:0::/root:/bin/sh\n" % path.stat().st_uid)

    def module(self, name: str, **parameters: str) -> None:
        """Show ``name`` as loaded."""
        self.path("sys/module/" + name).mkdir(parents=True, exist_ok=True)
        for key, value in parameters.items():
            self.write("sys/module/%s/parameters/%s" % (name, key), value + "\n")

    def kernel_tree(self, *files: str) -> None:
        """The tree of the running kernel with these module files, e.g. ``kernel/arch/x86/kvm/kvm-amd.ko``."""
        release = self.path("proc/sys/kernel/osrelease").read_text(encoding="utf-8").strip()
        self.write("lib/modules/%s/modules.dep" % release, "".join("%s:\n" % name for name in files))
        self.write("lib/modules/%s/modules.builtin" % release, "")


def lay_out(name: str, directory: Path) -> Root:
    root = Root(directory)
    console = _read(name, "boot.txt").replace("\r", "")
    uname = _read(name, "uname").split()
    root.write("proc/sys/kernel/osrelease", uname[2] + "\n")
    root.write("proc/sys/kernel/arch", uname[-2] + "\n")
    root.write("proc/cpuinfo", _read(name, "cpuinfo"))
    kvm = _read(name, "kvm") or _section(console, "kvm")
    _modules(root, kvm)
    if re.search(r"^crw", kvm, re.M):
        mode, group = _device_line(kvm)
        root.device(mode, group)
    _kernel_log(root, _read(name, "dmesg") or console)
    tree = _read(name, "dt-compatible") or _section(console, "dt")
    words = [word for word in re.split(r"\s+", tree) if re.fullmatch(r"[\w.-]+,[\w,.-]+", word)]
    if words:
        root.write("proc/device-tree/compatible", "\x00".join(words) + "\x00")
    meminfo = _read(name, "meminfo")
    if meminfo:
        command_line, dummy, rest = meminfo.partition("\n")
        root.write("proc/cmdline", command_line + "\n")
        root.write("proc/meminfo", rest)
    else:
        found = re.search(r"Kernel command line: (.*)", console)
        root.write("proc/cmdline", (found.group(1) if found else "") + "\n")
    _sysfs(root, _read(name, "sysfs").splitlines())
    lscpu = _read(name, "lscpu.json")
    if lscpu:
        fields = {entry["field"]: entry["data"] for entry in json.loads(lscpu)["lscpu"]}
        root.write("sys/kernel/cpu_byteorder", _BYTE_ORDERS[fields["Byte Order:"]] + "\n")
    return root


def _device_line(kvm: str) -> "tuple[int, str]":
    fields = re.search(r"^c([rwx-]{9})\s+\d+\s+(\S+)\s+(\S+)", kvm, re.M)
    assert fields is not None
    bits = "".join("0" if letter == "-" else "1" for letter in fields.group(1))
    return int(bits, 2), "root" if fields.group(3) == "0" else fields.group(3)


def _modules(root: Root, kvm: str) -> None:
    for found in re.finditer(r"/sys/module/(\w+)(?:/(\w+)=(.*))?", kvm):
        if found.group(2):
            root.module(found.group(1), **{found.group(2): found.group(3)})
        elif "cannot access" not in kvm[:found.start()].rpartition("\n")[2]:
            root.module(found.group(1))
    loaded = re.findall(r"^(\w+) +(\d+) +(\d+) *(\S*)", kvm.partition("Module ")[2], re.M)
    root.write("proc/modules", "".join("%s %s %s - Live 0x0\n" % entry[:3] for entry in loaded))
    for entry in loaded:
        root.module(entry[0])


def _kernel_log(root: Root, text: str) -> None:
    found = re.findall(r"^\[ *(\d+\.\d+)(?:,\d)?\] (.*)$", text, re.M)
    root.write("dev/kmsg", "".join("6,%d,%d,-;%s\n" % (number, float(seconds) * 1e6, line) for number, (seconds, line) in enumerate(found)))


def _sysfs(root: Root, lines: "list[str]") -> None:
    """The recording is a list of readings: detect-virt, IOMMU groups, THP, KSM's files, firmware's, SMT control."""
    if len(lines) < 4:
        return
    for number in range(int(lines[1])):
        os.makedirs(root.path("sys/kernel/iommu_groups/%d" % number))
    if lines[2].startswith("[") or "[" in lines[2].split(":")[0]:
        root.write("sys/kernel/mm/transparent_hugepage/enabled", lines[2] + "\n")
    for line in lines:
        if line.startswith("/sys/firmware/"):
            os.makedirs(root.path(line.lstrip("/")))
    if not lines[-1].startswith("cat:"):
        root.write("sys/devices/system/cpu/smt/control", lines[-1] + "\n")
