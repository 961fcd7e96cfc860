# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual environments in the cache, made from the lists in `requirements/` and made again when a list or the Python changes.

    environments.py NAME... [-- COMMAND ARGUMENT...]

makes the named environments where they are missing or outdated, and runs the command in the first one.
Needs nothing but a Python with `venv`; runs before anything is installed.
"""
from __future__ import annotations

import concurrent.futures
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path

from workspace import CACHE, CHECKOUT, locked

REQUIREMENTS = Path(__file__).resolve().parent / "requirements"


class EnvironmentFailure(Exception):
    """An environment could not be made; the text says which and why."""


def requirements(listing: Path) -> list[str]:
    """The requirement lines of a list and of the lists that it includes."""
    lines: list[str] = []
    for line in listing.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line.startswith("-r "):
            lines += requirements((listing.parent / line[3:].strip()).resolve())
        elif line:
            lines.append(line)
    return lines


def directory(name: str) -> Path:
    """Where the environment `name` lives for the running Python; those of several Pythons stand side by side."""
    return CACHE / "environments" / f"{name}-{sys.version_info.major}.{sys.version_info.minor}"


def ensure(name: str) -> Path:
    """Makes the environment unless an up-to-date one is there; returns its directory."""
    listing = REQUIREMENTS / f"{name}.txt"
    if not listing.is_file():
        known = ", ".join(sorted(path.stem for path in REQUIREMENTS.glob("*.txt")))
        raise EnvironmentFailure(f"There is no environment '{name}'; known are: {known}.")
    wanted = requirements(listing)
    base = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    # An environment holds absolute paths, so it is only good at the place where it was made.
    stamp = hashlib.sha256("\n".join([base, str(directory(name)), *wanted]).encode()).hexdigest()
    marker = directory(name) / "stamp"
    with locked(f"environment-{name}"):
        if not marker.is_file() or marker.read_text(encoding="utf-8") != stamp:
            _make(name, base, wanted)
            marker.write_text(stamp, encoding="utf-8")
    return directory(name)


def _make(name: str, base: str, wanted: list[str]) -> None:
    place = directory(name)
    started = time.monotonic()
    print(f"environment {name}: Python {platform.python_version()}, installing {', '.join(wanted)}", file=sys.stderr, flush=True)
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(parents=True, exist_ok=True)
    steps = [
        [base, "-m", "venv", str(place)],
        [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--prefer-binary", *wanted],
    ]
    outside = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_USER", "PIP_TARGET")}
    for step in steps:
        outcome = subprocess.run(step, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True, check=False, env=outside)
        if outcome.returncode:
            raise EnvironmentFailure(f"environment {name}: this failed with exit code {outcome.returncode}:\n  {' '.join(step)}\n{outcome.stdout}")
    print(f"environment {name}: ready in {time.monotonic() - started:.0f} s ({place})", file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Makes environments, side by side, and becomes the command if one is given."""
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    names, command = arguments[:cut], arguments[cut + 1:]
    if not names:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
            places = list(pool.map(ensure, names))
    except EnvironmentFailure as failure:
        print(failure, file=sys.stderr)
        return 1
    if not command:
        return 0
    executable = places[0] / "bin" / command[0]
    os.chdir(CHECKOUT)
    os.environ["PATH"] = os.pathsep.join([str(places[0] / "bin"), os.environ.get("PATH", os.defpath)])
    os.execv(executable, [str(executable), *command[1:]])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
