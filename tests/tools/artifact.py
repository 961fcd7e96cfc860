# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The artifact for Ansible Galaxy: built from a real copy of the checkout, installed without a network."""
from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import workspace


class ArtifactFailure(Exception):
    """Building or installing failed; the text is what ansible-galaxy said."""


def _galaxy(arguments: list[str], home: Path, binaries: Path | None) -> None:
    environment = workspace.private_environment(home, binaries=binaries)
    galaxy = shutil.which("ansible-galaxy", path=environment["PATH"]) or "ansible-galaxy"
    outcome = subprocess.run(
        [galaxy, "collection", *arguments],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )
    if outcome.returncode:
        raise ArtifactFailure(f"ansible-galaxy collection {' '.join(arguments)}\n{outcome.stdout}")


def build(into: Path, binaries: Path | None = None) -> Path:
    """Builds the artifact into a directory, which is emptied first, and returns the path of the tarball."""
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    source = workspace.copy(into / "copy")
    _galaxy(["build", str(source), "--output-path", str(into)], into / "home", binaries)
    shutil.rmtree(into / "copy")
    return next(into.glob("virtops-ovirt-*.tar.gz"))


def install(tarball: Path, root: Path, binaries: Path | None = None) -> Path:
    """Installs a tarball below `root` (replacing what is there) and returns the directory of the collection."""
    shutil.rmtree(root / workspace.COLLECTION, ignore_errors=True)
    _galaxy(["install", "--offline", "--force", "--collections-path", str(root), str(tarball)], root / "home", binaries)
    return root / workspace.COLLECTION


def main() -> int:
    """Builds into the cache and says where the tarball is."""
    try:
        print(build(workspace.CACHE / "artifact"))
    except ArtifactFailure as failure:
        print(failure, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
