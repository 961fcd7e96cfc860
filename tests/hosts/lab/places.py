# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Architectures, the cache, the programs of this machine, and the one way to run a program: niced, bounded, logged."""
from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any, Iterator, NamedTuple

SUITE = "bookworm"
UBUNTU = "http://archive.ubuntu.com/ubuntu"


class UserLand(NamedTuple):
    """What it holds, and of which release it is."""

    packages: str
    suite: str = SUITE
    ubuntu: bool = False


# The one with the tools of RPM poses as a distribution of that family.
USER_LANDS = {
    "minimal": UserLand("python3,python3-apt"),
    "system": UserLand("python3,python3-apt,systemd-sysv,udev,openssh-server,iproute2,kmod,dbus,procps"),
    "rpm": UserLand("python3,rpm,dnf,zypper,createrepo-c"),
    "debian-11": UserLand("python3,python3-apt", "bullseye"),
    "debian-13": UserLand("python3,python3-apt", "trixie"),
    "ubuntu-22.04": UserLand("apt,python3,python3-apt", "jammy", ubuntu=True),
    "ubuntu-24.04": UserLand("apt,python3,python3-apt", "noble", ubuntu=True),
}


class Boot(NamedTuple):
    """A machine under emulation. ``proof`` is the line by which a guest's own kernel says that it runs under KVM; None: KVM is impossible."""

    name: str
    qemu: tuple[str, ...]
    console: str
    kernel: str
    proof: str | None
    seconds: int


class Architecture(NamedTuple):
    name: str
    machine: str
    recording: str
    boots: tuple[Boot, ...]


_DISK = ("-device", "virtio-blk-pci,drive=disk", "-device", "virtio-net-pci,netdev=net")
_POWERNV_DISK = ("-device", "virtio-blk-pci,drive=disk,bus=pcie.0", "-device", "virtio-net-pci,netdev=net,bus=pcie.1")

ARCHITECTURES = {
    "amd64": Architecture("amd64", "x86_64", "amd64-q35-tcg-svm", (
        Boot("q35 with SVM", ("qemu-system-x86_64", "-M", "q35", "-cpu", "qemu64,+svm,+npt", *_DISK), "ttyS0", "amd64",
             "Hypervisor detected: KVM", 400),
    )),
    "arm64": Architecture("arm64", "aarch64", "arm64-virt-el2", (
        Boot("virt with EL2", ("qemu-system-aarch64", "-M", "virt,virtualization=on,gic-version=3", "-cpu", "cortex-a72", *_DISK), "ttyAMA0", "arm64",
             "smccc: KVM: hypervisor services detected", 400),
    )),
    "ppc64el": Architecture("ppc64el", "ppc64le", "ppc64el-powernv9", (
        Boot("powernv9", ("qemu-system-ppc64", "-M", "powernv9", "-cpu", "power9", *_POWERNV_DISK), "hvc0", "powerpc64le", "hv:linux,kvm", 500),
        Boot("pseries with nested HV", ("qemu-system-ppc64", "-M", "pseries,cap-nested-hv=on,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off",
                                        "-cpu", "power9", *_DISK), "hvc0", "powerpc64le", "hv:linux,kvm", 500),
        Boot("pseries without nesting", ("qemu-system-ppc64", "-M", "pseries,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,cap-ccf-assist=off",
                                         "-cpu", "power9", *_DISK), "hvc0", "powerpc64le", None, 500),
    )),
    # 5KEc, which Debian names its kernel after, has no floating point: its kernel emulates it, and everything takes thrice as long.
    "mips64el": Architecture("mips64el", "mips64", "mips64el-loongson3-virt", (
        Boot("malta", ("qemu-system-mips64el", "-M", "malta", "-cpu", "MIPS64R2-generic", *_DISK), "ttyS0", "5kc-malta", None, 500),
        Boot("loongson3-virt", ("qemu-system-mips64el", "-M", "loongson3-virt", "-cpu", "Loongson-3A1000", *_DISK), "ttyS0", "loongson-3", None, 500),
    )),
}


class Skip(Exception):
    """Something cannot be shown on this machine; the text is the reason that is printed."""


def cache() -> Path:
    """Outside the checkout and of the account's real home, whatever HOME says."""
    base = os.environ.get("VIRTOPS_LAB_CACHE") or os.path.join(pwd.getpwuid(os.getuid()).pw_dir, ".cache", "virtops-ovirt-lab")
    Path(base).mkdir(parents=True, exist_ok=True)
    return Path(base)


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """One run at a time makes or uses the thing called ``name``."""
    with open(cache() / f"{name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def workplace(name: str) -> Iterator[Path]:
    """A directory that goes with its user. What a killed run left is recognised by its lock that nobody holds, and removed by the next."""
    places = cache() / "work"
    with locked("work"):
        places.mkdir(exist_ok=True)
        for left in places.iterdir():
            if _claimed(left) is not None:
                run(["rm", "-rf", "--one-file-system", str(left)], 300)
        place = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=places))
        claim = _claimed(place)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
        if claim is not None:
            os.close(claim)


def _claimed(place: Path) -> int | None:
    """The lock on a directory, None where somebody has it."""
    handle = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return handle
    except BlockingIOError:
        os.close(handle)
        return None


def contain() -> None:
    """Go on in process and mount name spaces of our own: emulators, mounts and half-done installations end with the run, however it ends."""
    if os.environ.get("VIRTOPS_LAB_CONTAINED"):
        return
    command = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable, *sys.argv]
    with subprocess.Popen(command, env={**os.environ, "VIRTOPS_LAB_CONTAINED": "1"}) as inside:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *dummy: inside.kill())
        code = inside.wait()
    sys.exit(code if code >= 0 else 128 - code)


def need(*programs: str) -> None:
    """Skip unless root and these programs are here."""
    if os.geteuid() != 0:
        raise Skip("needs root: name spaces, chroot")
    path = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    missing = [program for program in programs if not shutil.which(program, path=path)]
    if missing:
        raise Skip(f"this machine lacks {', '.join(missing)} (tests/hosts/lab/install, with --all for foreign architectures, installs them)")
    if "unshare" in programs:
        tried = run(["unshare", "--mount", "--net", "--pid", "--fork", "mount", "-t", "proc", "proc", "/proc"], 30)
        if tried.returncode:
            raise Skip(f"name spaces are not permitted here: {tried.stdout.strip()}")


def mirror(land: UserLand = USER_LANDS["minimal"]) -> str:
    """Of VIRTOPS_LAB_MIRROR, or where this machine's own apt has Debian from, or Debian's; of Ubuntu, VIRTOPS_LAB_UBUNTU_MIRROR or Ubuntu's.

    Skip unless it answers and has the release.
    """
    name = "VIRTOPS_LAB_UBUNTU_MIRROR" if land.ubuntu else "VIRTOPS_LAB_MIRROR"
    url = os.environ.get(name, "") or (UBUNTU if land.ubuntu else "")
    if not url and shutil.which("apt-get"):
        said = run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", f"Codename: {SUITE}", "Component: main"], 60).stdout.split()
        url = next((line for line in said if line.startswith(("http://", "https://"))), "")
    url = (url or "http://deb.debian.org/debian").rstrip("/")
    try:
        with urllib.request.urlopen(f"{url}/dists/{land.suite}/Release", timeout=30):
            return url
    except (OSError, ValueError) as problem:
        raise Skip(f"no packages of {land.suite} from {url}: {problem} ({name} names another mirror)") from problem


def run(command: list[str], seconds: int, log: Path | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run niced, within ``seconds``, output captured and appended to ``log``. Failure is the caller's to judge."""
    environment = dict(options.pop("env", None) or os.environ)
    environment["PATH"] = environment.get("PATH", os.defpath) + ":/usr/sbin:/sbin"
    done = subprocess.run(
        ["nice", "-n", "19", *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
        env=environment,
        **options,
    )
    if log:
        with open(log, "a", encoding="utf-8") as out:
            out.write(f"$ {' '.join(command)}\n{done.stdout}\nrc={done.returncode}\n")
    return done


def must(command: list[str], seconds: int, log: Path | None = None, **options: Any) -> str:
    """The same, where failure is nobody's to judge; it shows the end of the output."""
    done = run(command, seconds, log, **options)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed with {done.returncode}:\n{done.stdout[-3000:]}")
    return done.stdout
