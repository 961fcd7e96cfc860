# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User-lands that pose as distributions of the RPM families, whose own repositories are no part of the lab.

Real rpm, dnf and zypper install from a real repository, whose packages have the distribution's names and are empty but for the files that the
role looks for. grubby and systemctl are stand-ins that keep what they were told below /var/lib/lab.
"""
from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from . import roots
from .places import must

_UNITS = "/usr/lib/systemd/system/"
MODULAR = tuple(_UNITS + f"virt{part}d{kind}.socket" for part in ("qemu", "network", "nodedev", "nwfilter", "secret", "storage", "interface", "proxy")
                for kind in ("", "-ro", "-admin"))
MONOLITHIC = tuple(_UNITS + name for name in ("libvirtd.service", "libvirtd.socket", "libvirtd-ro.socket", "libvirtd-admin.socket"))
LOGS = (_UNITS + "virtlogd.socket", _UNITS + "virtlockd.socket")
EMULATOR_OF_EL = "/usr/libexec/qemu-kvm"


class Distribution(NamedTuple):
    """``packages`` are those of the distribution's x86_64 repositories that matter here, with the files that matter of them."""

    release: dict[str, str]
    packages: dict[str, tuple[str, ...]]
    modular: bool


_EL = {"kmod": (), "qemu-kvm": (EMULATOR_OF_EL,), "qemu-img": (), "libvirt-client": ("/usr/bin/virsh",), "dnsmasq": (), "seabios-bin": (), "tuned": (),
       "edk2-ovmf": ("/usr/share/edk2/ovmf/OVMF_CODE.fd",), "chrony": ("/usr/sbin/chronyd",)}
_SUSE = {"kmod": (), "qemu-tools": (), "libvirt-client": ("/usr/bin/virsh",), "dnsmasq": (), "qemu-x86": ("/usr/bin/qemu-system-x86_64",), "tuned": (),
         "qemu-seabios": (), "qemu-ovmf-x86_64": ("/usr/share/qemu/ovmf-x86_64-code.bin",), "qemu-ipxe": ()}


def _release(name: str, identity: str, like: str, version: str) -> dict[str, str]:
    return {"NAME": name, "ID": identity, "ID_LIKE": like, "VERSION_ID": version, "PRETTY_NAME": f"{name} {version}"}


DISTRIBUTIONS = {
    "Rocky Linux 8": Distribution(_release("Rocky Linux", "rocky", "rhel centos fedora", "8.10"), {**_EL, "libvirt-daemon-kvm": MONOLITHIC + LOGS}, False),
    "Rocky Linux 9": Distribution(_release("Rocky Linux", "rocky", "rhel centos fedora", "9.4"),
                                  {**_EL, "libvirt-daemon-kvm": MONOLITHIC + MODULAR + LOGS}, True),
    "openSUSE Leap 15.5": Distribution(_release("openSUSE Leap", "opensuse-leap", "suse opensuse", "15.5"),
                                       {**_SUSE, "libvirt-daemon-qemu": MONOLITHIC + MODULAR + LOGS}, False),
    "openSUSE Leap 15.6": Distribution(_release("openSUSE Leap", "opensuse-leap", "suse opensuse", "15.6"),
                                       {**_SUSE, "libvirt-daemon-qemu": MODULAR + LOGS}, True),
}

_GRUBBY = """#!/bin/sh
args=/var/lib/lab/kernel-arguments
for word in "$@"; do case $word in
  --info=ALL) echo 'kernel="/boot/vmlinuz"'; echo "args=\\"$(cat $args)\\"";;
  --args=*) echo "$(cat $args) ${word#--args=}" >$args;;
  --remove-args=*) for gone in ${word#--remove-args=}; do sed -i "s/ \\?\\b$gone\\b//" $args; done;;
esac; done
"""
_SYSTEMCTL = """#!/bin/sh
state=/var/lib/lab/units; command=$1; shift
for unit in "$@"; do case $unit in -*) ;; *) break;; esac; done
case $command in
  show) for unit in "$@"; do
    case $unit in -*) continue;; esac
    echo "Id=$unit"; echo LoadState=loaded
    [ -e $state/$unit.active ] && echo ActiveState=active || echo ActiveState=inactive
    [ -e $state/$unit.enabled ] && echo UnitFileState=enabled || echo UnitFileState=disabled
    echo
  done;;
  is-enabled) [ -e $state/$unit.enabled ] && echo enabled || { echo disabled; exit 1; };;
  is-active) [ -e $state/$unit.active ] && echo active || { echo inactive; exit 3; };;
  enable) : >$state/$unit.enabled;;
  disable) rm -f $state/$unit.enabled;;
  start) : >$state/$unit.active;;
  stop) rm -f $state/$unit.active;;
esac
"""
_REPOSITORIES = {
    "etc/yum.repos.d/lab.repo": "[lab]\nname=lab\nbaseurl={url}\nenabled=1\ngpgcheck=0\n",
    "etc/zypp/repos.d/lab.repo": "[lab]\nname=lab\nbaseurl={url}\nenabled=1\nautorefresh=1\ntype=rpm-md\ngpgcheck=0\n",
}


def repository(root: Path, url: str = "file:///srv/rpms") -> None:
    """Configure the only repository that dnf and zypper have."""
    for name, text in _REPOSITORIES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.format(url=url), encoding="utf-8")


def pose(root: Path, distribution: Distribution, *further: str) -> None:
    """Turn a user-land with the tools of RPM into ``distribution``; ``further`` names packages that its repository has beside the usual."""
    for name in ("etc/debian_version", "etc/os-release", "usr/lib/os-release"):
        (root / name).unlink(missing_ok=True)
    text = "".join(f'{key}="{value}"\n' for key, value in distribution.release.items())
    (root / "etc/os-release").write_text(text, encoding="utf-8")
    if "rhel" in distribution.release["ID_LIKE"]:
        (root / "etc/redhat-release").write_text(f"{distribution.release['NAME']} release {distribution.release['VERSION_ID']}\n", encoding="utf-8")
        _program(root, "usr/sbin/grubby", _GRUBBY)
    _program(root, "usr/bin/systemctl", _SYSTEMCTL)
    # Debian's rpm keeps its database in the account's home otherwise.
    (root / "etc/rpm").mkdir(exist_ok=True)
    (root / "etc/rpm/macros").write_text("%_dbpath /var/lib/rpm\n", encoding="utf-8")
    (root / "var/lib/lab/units").mkdir(parents=True, exist_ok=True)
    (root / "var/lib/lab/kernel-arguments").write_text("root=/dev/vda quiet\n", encoding="utf-8")
    packages = {**distribution.packages, **{name: () for name in further}}
    (root / "srv/lab.spec").write_text(_spec(packages), encoding="utf-8")
    must(roots.enter(root, "amd64", ["chroot", str(root), "sh", "-ec", "rpmbuild -bb --quiet --define '_rpmdir /srv/rpms' "
                                     "--define '_topdir /srv/build' /srv/lab.spec; "
                                     "createrepo_c --quiet /srv/rpms; rm -rf /srv/build"]), 300)
    repository(root)


def _program(root: Path, name: str, text: str) -> None:
    (root / name).write_text(text, encoding="utf-8")
    (root / name).chmod(0o755)


def _spec(packages: dict[str, tuple[str, ...]]) -> str:
    lines = ["Name: lab", "Version: 1", "Release: 1", "Summary: lab", "License: GPL-3.0-or-later", "BuildArch: noarch", "AutoReqProv: no",
             "%description", "lab"]
    install = ["%install"]
    for name, files in packages.items():
        lines += [f"%package -n {name}", "Summary: lab", "AutoReqProv: no", f"%description -n {name}", "lab"]
        for path in files:
            install += [f"mkdir -p %{{buildroot}}{path.rpartition('/')[0]}", f"touch %{{buildroot}}{path}", f"chmod 755 %{{buildroot}}{path}"]
    for name, files in packages.items():
        install += [f"%files -n {name}", *files]
    return "\n".join([*lines, *install]) + "\n"
