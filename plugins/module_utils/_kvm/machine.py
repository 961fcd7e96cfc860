# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a Linux machine says of itself, read below a root directory.

Every reading goes through :class:`Machine`, so a recorded machine (a directory with ``proc``, ``sys``, ``dev`` ...) is
judged by the very code that runs on a live one. Nothing here draws conclusions.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from typing import Dict, List, Optional

_MAX_SYMLINKS = 40
_KMSG_READ = 65536


class Machine:
    """Reads files of the machine whose root directory is ``root``.

    ``text`` answers None for whatever cannot be read: an absent file and a refused one are both "not said".
    """

    def __init__(self, root: str = "/") -> None:
        self.root = os.path.abspath(root)
        self._log: Optional[List[str]] = None
        self._log_read = False

    @property
    def live(self) -> bool:
        return self.root == "/"

    def path(self, name: str) -> str:
        """The host's path of ``name``; symbolic links are followed inside the root, absolute ones too."""
        if self.live:
            return os.path.join("/", name)
        todo = [part for part in name.split("/") if part]
        done: List[str] = []
        links = 0
        while todo:
            part = todo.pop(0)
            if part == ".":
                continue
            if part == "..":
                done = done[:-1]
                continue
            here = os.path.join(self.root, *done, part)
            if links < _MAX_SYMLINKS and os.path.islink(here):
                links += 1
                target = os.readlink(here)
                if target.startswith("/"):
                    done = []
                todo = [piece for piece in target.split("/") if piece] + todo
                continue
            done.append(part)
        return os.path.join(self.root, *done)

    def text(self, name: str) -> Optional[str]:
        """Content without trailing white space and NULs, or None."""
        try:
            with open(self.path(name), "rb") as source:
                return source.read().decode("utf-8", "replace").rstrip("\n\x00 ")
        except OSError:
            return None

    def exists(self, name: str) -> bool:
        return os.path.exists(self.path(name))

    def names(self, name: str) -> List[str]:
        """Sorted entries of a directory; empty where there is none."""
        try:
            return sorted(os.listdir(self.path(name)))
        except OSError:
            return []

    def first(self, names: List[str]) -> Optional[str]:
        """The first of these paths that exists, as the machine itself would name it."""
        for name in names:
            if self.exists(name):
                return "/" + name.lstrip("/")
        return None

    def stat(self, name: str) -> Optional[os.stat_result]:
        try:
            return os.stat(self.path(name))
        except OSError:
            return None

    @property
    def kernel_release(self) -> str:
        return self.text("proc/sys/kernel/osrelease") or ""

    @property
    def kernel_command_line(self) -> List[str]:
        return (self.text("proc/cmdline") or "").split()

    def kernel_parameter(self, name: str) -> Optional[str]:
        """The last value of ``name=value`` on the kernel command line ("" for a bare word), None when absent."""
        found = None
        for word in self.kernel_command_line:
            key, dummy, value = word.partition("=")
            if key == name:
                found = value
        return found

    @property
    def machine_name(self) -> str:
        """``uname -m``. The kernel also shows it as a file since 6.1, but a foreign user-land under an emulator sees the real kernel's there."""
        return os.uname().machine if self.live else self.text("proc/sys/kernel/arch") or ""

    @property
    def byte_order(self) -> Optional[str]:
        """``little`` or ``big``: from the kernel (6.2 and later) or from the header of a program of this machine."""
        said = self.text("sys/kernel/cpu_byteorder")
        if said in ("little", "big"):
            return said
        for program in ("usr/bin/env", "bin/sh", "usr/bin/python3", "bin/busybox"):
            try:
                with open(self.path(program), "rb") as source:
                    header = source.read(6)
            except OSError:
                continue
            if header[:4] == b"\x7fELF" and header[5] in (1, 2):
                return "little" if header[5] == 1 else "big"
        return sys.byteorder if self.live else None

    def cpuinfo(self) -> List[Dict[str, str]]:
        """``/proc/cpuinfo`` block by block; keys as the kernel writes them."""
        blocks: List[Dict[str, str]] = [{}]
        for line in (self.text("proc/cpuinfo") or "").splitlines():
            key, separator, value = line.partition(":")
            if not line.strip():
                if blocks[-1]:
                    blocks.append({})
            elif separator:
                blocks[-1][key.strip()] = value.strip()
        return [block for block in blocks if block]

    def cpu_field(self, *keys: str) -> Optional[str]:
        """The first non-empty value under one of these keys, wherever in ``/proc/cpuinfo`` it stands."""
        for key in keys:
            for block in self.cpuinfo():
                if block.get(key):
                    return block[key]
        return None

    def kernel_log(self) -> Optional[List[str]]:
        """The kernel's messages without time stamps; None when the machine does not show them.

        The ring buffer may have lost the boot: a line that is absent proves nothing.
        """
        if not self._log_read:
            self._log_read = True
            self._log = self._kmsg()
            if self._log is None:
                saved = self.text("var/log/dmesg")
                if saved is not None:
                    self._log = [re.sub(r"^(<\d+>)?\[ *[\d.]+\] ?", "", line) for line in saved.splitlines()]
        return self._log

    def _kmsg(self) -> Optional[List[str]]:
        try:
            handle = os.open(self.path("dev/kmsg"), os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            return None
        content = b""
        try:
            while True:
                try:
                    piece = os.read(handle, _KMSG_READ)
                except OSError as problem:
                    if problem.errno == errno.EPIPE:
                        continue
                    if problem.errno == errno.EAGAIN:
                        break
                    return None
                if not piece:
                    break
                content += piece
        finally:
            os.close(handle)
        lines = content.decode("utf-8", "replace").splitlines()
        return [line.partition(";")[2] for line in lines if re.match(r"\d+,", line)]

    def log_line(self, pattern: str) -> Optional[str]:
        """The last kernel message in which ``pattern`` is found."""
        for line in reversed(self.kernel_log() or []):
            if re.search(pattern, line):
                return line.strip()
        return None

    def is_character_device(self, name: str) -> bool:
        status = self.stat(name)
        return status is not None and stat.S_ISCHR(status.st_mode)

    def group_name(self, gid: int) -> str:
        return self._account("etc/group", gid)

    def user_name(self, uid: int) -> str:
        return self._account("etc/passwd", uid)

    def _account(self, name: str, number: int) -> str:
        for line in (self.text(name) or "").splitlines():
            fields = line.split(":")
            if len(fields) > 2 and fields[2] == str(number):
                return fields[0]
        return str(number)
