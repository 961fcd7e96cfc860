# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where things are: the checkout, its cache, a real copy of the collection, and a process environment that knows nothing of its user."""
from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("VIRTOPS_CACHE") or CHECKOUT / ".cache").absolute()
COLLECTION = Path("ansible_collections") / "virtops" / "ovirt"

_NEVER_COPIED = shutil.ignore_patterns(".git", ".cache", "__pycache__", "*.pyc", ".mypy_cache", ".pytest_cache", "*.tar.gz")
# Settings of the user's own shell that would change what a run does or speaks to.
_FOREIGN_PREFIXES = ("ANSIBLE_", "OVIRT_", "MOLECULE_", "PYTEST_", "COVERAGE_")
_FOREIGN = {
    "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PYENV_VERSION", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "MAKEFLAGS", "MAKELEVEL", "MFLAGS",
}


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """Holds a lock of the cache, so that runs side by side make a thing once."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def tree() -> Path:
    """A directory for PYTHONPATH and ANSIBLE_COLLECTIONS_PATH in which the checkout, under whatever name, is the collection."""
    root = CACHE / "tree"
    link = root / COLLECTION
    with locked("tree"):
        if not link.is_symlink() or link.resolve() != CHECKOUT:
            link.unlink(missing_ok=True)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(CHECKOUT)
    return root


def sources() -> list[Path] | None:
    """The files of the checkout that belong to it, relative: tracked or new, not ignored. None where that cannot be told (no git, no history)."""
    try:
        listing = subprocess.run(
            ["git", "-c", f"safe.directory={CHECKOUT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
        ).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        return None
    files = sorted({Path(name) for name in listing.split("\0") if name})
    return [name for name in files if (CHECKOUT / name).is_file() or (CHECKOUT / name).is_symlink()]


def copy(root: Path) -> Path:
    """Lays a real copy of the collection below `root` (replacing one that is there) and returns it.

    A copy, because ansible-test resolves links and then finds either no collection or nothing to check.
    """
    target = root / COLLECTION
    shutil.rmtree(target, ignore_errors=True)
    files = sources()
    if files is None:
        shutil.copytree(CHECKOUT, target, ignore=_NEVER_COPIED, symlinks=True)
        return target
    for name in files:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(CHECKOUT / name, target / name, follow_symlinks=False)
    return target


def repository(root: Path) -> Path:
    """The same as `copy`, as a git repository of its own: tools that ask git which files there are see the copy's, not what the checkout ignores."""
    target = copy(root)
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=target, check=True, stdin=subprocess.DEVNULL)
    return target


def private_environment(home: Path, collections: Path | None = None, binaries: Path | None = None) -> dict[str, str]:
    """The environment for a run that must not see, or change, anything of the user who started it.

    home: the run's HOME, made where it is missing; Ansible's own home lies in it
    collections: the only place where collections are looked up
    binaries: put first in PATH, usually the bin directory of an environment
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = {name: value for name, value in os.environ.items() if name not in _FOREIGN and not name.startswith(_FOREIGN_PREFIXES)}
    kept.update(
        HOME=str(home), ANSIBLE_HOME=str(home / ".ansible"), ANSIBLE_LOCALHOST_WARNING="false", ANSIBLE_INVENTORY_UNPARSED_WARNING="false",
        LC_ALL="C.UTF-8", PYTHONDONTWRITEBYTECODE="1", NO_PROXY="*", ANSIBLE_NOCOLOR="1",
    )
    kept["PATH"] = os.pathsep.join([str(binaries or Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    if collections is not None:
        kept["ANSIBLE_COLLECTIONS_PATH"] = str(collections)
    return kept
