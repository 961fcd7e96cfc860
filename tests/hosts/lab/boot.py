# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Machines: a user-land that the role has prepared becomes a disk, boots with a real kernel under emulation and is reached by ssh on loopback."""
from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Iterator

from . import roots
from .places import ARCHITECTURES, Boot, cache, locked, must, need, run, workplace

_INIT = """#!/bin/busybox sh
/bin/busybox mkdir -p /proc /sys /dev /root /sbin /usr/bin /usr/sbin
/bin/busybox --install -s
export PATH=/bin:/sbin:/usr/bin:/usr/sbin
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs devtmpfs /dev
for module in virtio_pci virtio_blk virtio_net ext4; do modprobe $module; done
tries=0
while [ ! -b /dev/vda ] && [ $tries -lt 100 ]; do tries=$((tries + 1)); sleep 1; done
mount -t ext4 /dev/vda /root || exec sh
mount --move /dev /root/dev; umount /proc /sys
exec switch_root /root /sbin/init
"""
_NETWORK = "[Match]\nName=en* eth*\n[Network]\nDHCP=ipv4\n"


def _key() -> Path:
    key = cache() / "ssh-key"
    with locked("ssh-key"):
        if not key.exists():
            must(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "host-lab", "-f", str(key)], 30)
    return key


def initramfs(name: str, flavour: str) -> Path:
    """A busybox that loads the disk's modules and hands over to the disk."""
    archive = cache() / f"initramfs-{name}-{flavour}.gz"
    kernel = roots.kernel(name, flavour)
    with locked(archive.name):
        if archive.exists():
            return archive
        with workplace("initramfs") as work:
            box, tree = work / "box", work / "tree"
            roots.debs(name, ["busybox-static"], box)
            (tree / "bin").mkdir(parents=True)
            shutil.copy(box / "bin/busybox", tree / "bin/busybox")
            release = next((kernel / "lib/modules").iterdir()).name
            for module in ("virtio_pci", "virtio_blk", "virtio_net", "ext4"):
                said = run(["modprobe", "--dirname", str(kernel), "--set-version", release, "--show-depends", module], 30).stdout
                for line in said.splitlines():
                    if line.startswith("insmod "):
                        source = Path(line.split()[1])
                        target = tree / source.relative_to(kernel)
                        target.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy(source, target)
            place = tree / "lib/modules" / release
            place.mkdir(parents=True, exist_ok=True)
            for part in ("modules.builtin", "modules.order"):
                shutil.copy(kernel / "lib/modules" / release / part, place)
            must(["depmod", "-b", str(tree), release], 60)
            (tree / "init").write_text(_INIT, encoding="utf-8")
            (tree / "init").chmod(0o755)
            must(["sh", "-c", f"cd {tree} && find . | cpio --quiet -o -H newc | gzip -1 > {archive}.part"], 120)
            os.rename(f"{archive}.part", archive)
    return archive


def disk(name: str, flavour: str, root: Path) -> Path:
    """An ext4 image of a prepared root with ssh, a network and the kernel's modules. The root is used up."""
    need("mke2fs", "ssh-keygen", "depmod", "cpio")
    kernel = roots.kernel(name, flavour)
    (root / "usr/sbin/policy-rc.d").unlink(missing_ok=True)
    (root / "root/.ssh").mkdir(mode=0o700, exist_ok=True)
    shutil.copy(f"{_key()}.pub", root / "root/.ssh/authorized_keys")
    (root / "etc/systemd/network").mkdir(parents=True, exist_ok=True)
    (root / "etc/systemd/network/10-dhcp.network").write_text(_NETWORK, encoding="utf-8")
    wants = root / "etc/systemd/system/multi-user.target.wants"
    wants.mkdir(parents=True, exist_ok=True)
    if not (wants / "systemd-networkd.service").is_symlink():
        (wants / "systemd-networkd.service").symlink_to("/lib/systemd/system/systemd-networkd.service")
    (root / "etc/hostname").write_text(f"kvm-{name}\n", encoding="utf-8")
    (root / "etc/hosts").write_text(f"127.0.0.1 localhost\n127.0.1.1 kvm-{name}\n", encoding="utf-8")
    (root / "etc/fstab").write_text("/dev/vda / ext4 defaults 0 1\n", encoding="utf-8")
    (root / "etc/machine-id").write_text("", encoding="utf-8")
    must(["cp", "--recursive", "--no-target-directory", str(kernel / "lib/modules"), str(root / "lib/modules")], 120)
    for path in (kernel / "boot").iterdir():
        shutil.copy(path, root / "boot")
    image = cache() / f"disk-{name}-{flavour}.ext4"
    image.unlink(missing_ok=True)
    must(["mke2fs", "-q", "-t", "ext4", "-d", str(root), "-L", "root", f"{image}.part", "4G"], 600)
    os.rename(f"{image}.part", image)
    return image


def _free_port() -> int:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])


@contextlib.contextmanager
def booted(name: str, machine: Boot, image: Path, console: Path) -> Iterator[list[str]]:
    """The machine with ssh up; yields the arguments of an inventory that reaches it. Its disk keeps no change; it is switched off at the end."""
    need(machine.qemu[0], "ssh")
    kernel = roots.image_of(roots.kernel(name, machine.kernel))
    port = _free_port()
    ssh = ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=10", "-i", str(_key())]
    command = [
        "nice",
        "-n",
        "19",
        *machine.qemu,
        "-accel",
        "tcg,thread=multi",
        "-m",
        "2048",
        "-kernel",
        str(kernel),
        "-initrd",
        str(initramfs(name, machine.kernel)),
        "-append",
        f"console={machine.console} root=/dev/vda rw",
        "-drive",
        f"file={image},format=raw,if=none,id=disk,cache=unsafe,snapshot=on",
        "-netdev",
        f"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:{port}-:22",
        "-display",
        "none",
        "-monitor",
        "none",
        "-serial",
        f"file:{console}",
        "-no-reboot",
    ]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            end = time.monotonic() + machine.seconds
            while run(["ssh", *ssh, "-p", str(port), "root@127.0.0.1", "true"], 60).returncode:
                if process.poll() is not None:
                    raise RuntimeError(f"{machine.name}: qemu ended: {process.stdout.read() if process.stdout else ''}")
                if time.monotonic() > end:
                    raise RuntimeError(
                        f"{machine.name}: no ssh within {machine.seconds} s; the console ended with:\n{console.read_text(errors='replace')[-1500:]}"
                    )
                time.sleep(2)
            yield ["--inventory", "127.0.0.1,", "--user", "root", "--private-key", str(_key()), "--ssh-common-args", " ".join(ssh[:-2]),
                   "--extra-vars", f"ansible_port={port}", "--timeout", "60"]
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


__all__ = ["ARCHITECTURES", "booted", "disk", "initramfs"]
