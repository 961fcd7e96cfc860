# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User-lands: built once with mmdebstrap, unpacked for each run, entered through a mount name space of their own.

The host's /dev is never bound into a root: a guest's maintainer scripts change owners and modes below it. The root has its own nodes,
/proc is mounted inside the name space only (its /proc/sys read-only), and the recorded /proc/cpuinfo lies over the host's.
"""
from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path
from typing import Any, Iterator, NamedTuple

import environments
import workspace

from .places import ARCHITECTURES, SUITE, USER_LANDS, Skip, cache, locked, mirror, must, need, run, workplace

RECORDINGS = Path(__file__).resolve().parents[1] / "machines"
_ENTER = """
set -e
root=$1; cpuinfo=$2; shift 2
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount --bind "$root/proc/sys" "$root/proc/sys"
mount -o remount,bind,ro "$root/proc/sys"
if [ -n "$cpuinfo" ]; then mount --bind "$cpuinfo" "$root/proc/cpuinfo"; fi
# This shell is the first process of its name space: it reaps what loses its parent.
"$@"
exit $?
"""
# libvirt by hand, as there is no service manager in a root: a private /dev with the nodes that it asks for, a network of its own.
_LIBVIRT = """
set -e
root=$1; shift
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,rw "$root/proc/sys/net"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=0755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
for node in null:3 zero:5 full:7 random:8 urandom:9; do mknod -m 0666 "$root/dev/${node%%:*}" c 1 "${node#*:}"; done
mknod -m 0666 "$root/dev/tty" c 5 0
ip link set lo up
chroot "$root" sh -c '
  mkdir -p /run/dbus; rm -f /run/dbus/pid /run/libvirtd.pid /run/virtlogd.pid
  dbus-daemon --system --fork; virtlogd -d; libvirtd -d
  for attempt in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do virsh -q -c qemu:///system list >/dev/null 2>&1 && exit 0; sleep 0.5; done
  exec virsh -c qemu:///system list'
# It stays, too: the emulators whose end libvirt waits for become its children.
"$@"
exit $?
"""


class Recap(NamedTuple):
    """What a play did to its one host. ``changed_tasks`` are the names of the tasks that changed something."""

    code: int
    changed: int
    failed: int
    output: str
    changed_tasks: list[str]


def foreign(name: str) -> bool:
    return ARCHITECTURES[name].machine != os.uname().machine


def base(kind: str, name: str) -> Path:
    """The archive ``minimal-<arch>`` or ``system-<arch>``, built when absent. Five minutes for a foreign architecture."""
    need("mmdebstrap")
    archive, land = cache() / f"{kind}-{name}.tar", USER_LANDS[kind]
    with locked(f"{kind}-{name}"):
        if archive.exists():
            return archive
        if foreign(name):
            _binfmt(name)
        partial = cache() / f"{kind}-{name}.part.tar"
        partial.unlink(missing_ok=True)
        options = [f"--dpkgopt=path-exclude=/usr/share/{part}/*" for part in ("man", "doc", "locale")]
        if land.ubuntu:
            options += ["--components=main,universe", f"--keyring={_keys_of_ubuntu()}"]
        with workplace("mmdebstrap") as work:
            must(["mmdebstrap", "--variant=minbase", f"--arch={name}", f"--include={land.packages}",
                  '--aptopt=Acquire::Languages "none"', *options, land.suite, str(partial), mirror(land)], 1800, cache() / f"{kind}-{name}.log",
                 env={**os.environ, "TMPDIR": str(work)})
        partial.rename(archive)
    return archive


def _keys_of_ubuntu() -> Path:
    """Ubuntu's signing keys, as Debian's first release that has them packages them."""
    keys = cache() / "ubuntu-keys"
    with locked(keys.name):
        if not keys.exists():
            debs("amd64", ["ubuntu-keyring"], keys.with_suffix(".part"), USER_LANDS["debian-13"].suite)
            keys.with_suffix(".part").rename(keys)
    return keys / "usr/share/keyrings/ubuntu-archive-keyring.gpg"


def _binfmt(name: str) -> None:
    need("qemu-aarch64-static", "update-binfmts", "arch-test")
    if not Path("/proc/sys/fs/binfmt_misc/register").exists():
        run(["mount", "-t", "binfmt_misc", "binfmt_misc", "/proc/sys/fs/binfmt_misc"], 10)
    run(["update-binfmts", "--enable"], 30)
    if not list(Path("/proc/sys/fs/binfmt_misc").glob("qemu-*")):
        raise Skip(f"binfmt_misc cannot be set up here, so no program of {name} runs")


@contextlib.contextmanager
def unpacked(kind: str, name: str, place: Path | None = None) -> Iterator[Path]:
    """A fresh copy of the user-land, removed afterwards; at ``place`` it stays."""
    archive = base(kind, name)
    if foreign(name):
        _binfmt(name)
    with contextlib.nullcontext(place) if place else workplace(f"root-{name}") as directory:
        directory.mkdir(parents=True, exist_ok=True)
        must(["tar", "--extract", "--numeric-owner", "--xattrs", f"--file={archive}", f"--directory={directory}"], 300)
        shutil.copy("/etc/resolv.conf", directory / "etc/resolv.conf")
        policy = directory / "usr/sbin/policy-rc.d"
        policy.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
        policy.chmod(0o755)
        yield directory


def enter(root: Path, name: str, command: list[str], *, libvirt: bool = False, cpuinfo: Path | None = None) -> list[str]:
    """The command line that runs ``command`` of this machine with the root's mounts in place.

    They and all processes end with the command, and with whoever runs it. ``libvirt`` starts the root's libvirt before, in a network of its own.
    """
    processor = str(cpuinfo or (RECORDINGS / ARCHITECTURES[name].recording / "cpuinfo" if foreign(name) else ""))
    spaces = ["setpriv", "--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child"]
    if libvirt:
        spaces += ["--net"]
        command = ["sh", "-c", _LIBVIRT, "libvirt", str(root), *command]
    return [*spaces, "sh", "-c", _ENTER, "enter", str(root), processor, *command]


def environment(home: Path) -> dict[str, str]:
    """A user's environment with ansible-core, community.general and the checkout as the collection."""
    made = workspace.private_environment(home, binaries=environments.ensure("hosts") / "bin")
    made.update(ANSIBLE_COLLECTIONS_PATH=str(workspace.tree()), ANSIBLE_PIPELINING="true", ANSIBLE_DEPRECATION_WARNINGS="false",
                ANSIBLE_CALLBACKS_ENABLED="ansible.posix.profile_tasks")
    return made


def play(inventory: list[str], variables: dict[str, Any], home: Path, *arguments: str, seconds: int = 900, wrap: Any = None, log: Path | None = None,
         playbook: str = "", environ: dict[str, str] | None = None) -> Recap:
    """Run the role on one host. ``wrap`` turns the command line into one inside the root's name spaces."""
    import json

    home.mkdir(parents=True, exist_ok=True)
    book = home / "play.yml"
    book.write_text(playbook or "- hosts: all\n  gather_facts: false\n  roles: [virtops.ovirt.kvm_host]\n", encoding="utf-8")
    command = [str(environments.ensure("hosts") / "bin" / "ansible-playbook"), *inventory, str(book), "--extra-vars", json.dumps(variables), *arguments]
    done = run(wrap(command) if wrap else command, seconds, log, env={**environment(home), **(environ or {})}, cwd=str(home))
    found = re.search(r"ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)", done.stdout)
    changed_tasks: list[str] = []
    task = ""
    for line in done.stdout.splitlines():
        task = line[6:].split("]")[0] if line.startswith("TASK [") else task
        if line.startswith("changed:") and task not in changed_tasks:
            changed_tasks.append(task)
    if not found:
        return Recap(done.returncode, -1, -1, done.stdout, changed_tasks)
    return Recap(done.returncode, int(found.group(1)), int(found.group(2)) + int(found.group(3)), done.stdout, changed_tasks)


def chroot_inventory(root: Path) -> list[str]:
    return ["--inventory", f"{root},", "--connection", "community.general.chroot"]


def play_in_root(root: Path, name: str, variables: dict[str, Any], home: Path, *arguments: str, **options: Any) -> Recap:
    libvirt = options.pop("libvirt", False)
    return play(chroot_inventory(root), variables, home, *arguments, wrap=lambda command: enter(root, name, command, libvirt=libvirt), **options)


def debs(name: str, packages: list[str], into: Path, suite: str = SUITE) -> None:
    """Download packages of an architecture without touching this machine's dpkg, and unpack them below ``into``."""
    need("dpkg-deb", "apt-get")
    state = cache() / (f"apt-{name}" if suite == SUITE else f"apt-{name}-{suite}")
    for part in ("lists/partial", "cache/archives/partial", "etc"):
        (state / part).mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    (state / "etc/sources.list").write_text(f"deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {mirror()} {suite} main\n", encoding="utf-8")
    options = [f"-oAPT::Architecture={name}", f"-oAPT::Architectures::={name}", f"-oDir::State={state}", f"-oDir::State::Lists={state}/lists",
               f"-oDir::State::status={state}/status", f"-oDir::Cache={state}/cache", f"-oDir::Etc::sourcelist={state}/etc/sources.list",
               "-oDir::Etc::sourceparts=/dev/null", "-oAcquire::Languages=none", "-oAPT::Sandbox::User=root"]
    with locked(state.name), workplace("packages") as work:
        must(["apt-get", *options, "-q", "update"], 300)
        must(["apt-get", *options, "-q", "download", *packages], 600, cwd=work)
        for deb in sorted(work.glob("*.deb")):
            must(["dpkg-deb", "--extract", str(deb), str(into)], 300)


def kernel(name: str, flavour: str) -> Path:
    """A directory with ``boot/vmlinu*`` and ``lib/modules`` of Debian's kernel, cached."""
    directory = cache() / f"kernel-{name}-{flavour}"
    with locked(directory.name):
        if not (directory / "done").exists():
            shutil.rmtree(directory, ignore_errors=True)
            directory.mkdir()
            debs(name, [_image(name, flavour)], directory)
            release = next((directory / "lib/modules").iterdir()).name
            must(["depmod", "-b", str(directory), release], 120)
            (directory / "done").write_text(f"{release}\n", encoding="utf-8")
    return directory


def _image(name: str, flavour: str) -> str:
    """The package that the metapackage linux-image-<flavour> stands for."""
    debs(name, [f"linux-image-{flavour}"], cache() / f"apt-{name}" / "meta")
    state = cache() / f"apt-{name}"
    said = must(["apt-cache", f"-oAPT::Architecture={name}", f"-oAPT::Architectures::={name}", f"-oDir::State={state}", f"-oDir::State::Lists={state}/lists",
                 f"-oDir::State::status={state}/status", f"-oDir::Cache={state}/cache", f"-oDir::Etc::sourcelist={state}/etc/sources.list",
                 "-oDir::Etc::sourceparts=/dev/null", "depends", f"linux-image-{flavour}"], 60)
    found = re.search(r"Depends: (linux-image-\S+)", said)
    if not found:
        raise RuntimeError(f"linux-image-{flavour} of {name} names no kernel:\n{said}")
    return found.group(1)


def image_of(kernel_directory: Path) -> Path:
    return next(path for path in sorted((kernel_directory / "boot").iterdir()) if path.name.startswith(("vmlinuz", "vmlinux")))
