# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded engine as a process of its own, for runs that speak to it over TLS.

    engine_process.py OPTION...

runs it in the foreground with these options (its own, see --help) and prints how to reach it.
"""
from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Iterator

import workspace

MODULE = "ansible_collections.virtops.ovirt.extensions.engine"
# It answers within a second; a machine that compiles beside it may take longer.
START_SECONDS = 60


class EngineDidNotStart(Exception):
    """The engine ended, or did not answer in time; the text is what it said."""


@dataclasses.dataclass(frozen=True)
class Engine:
    """A running engine.

    url, ca_file, username, password: how to reach it
    journal: the file in which it writes a line (JSON) for each request
    said: the file with its output so far
    pid: its process
    passwords: those of its plain users, by name
    """

    url: str
    ca_file: str
    username: str
    password: str
    journal: Path
    said: Path
    pid: int = 0
    passwords: dict[str, str] = dataclasses.field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        """The environment variables by which modules find it."""
        return {"OVIRT_URL": self.url, "OVIRT_CAFILE": self.ca_file, "OVIRT_USERNAME": self.username, "OVIRT_PASSWORD": self.password}

    def requests(self) -> list[dict]:
        """What was asked of it so far, in order: method, path, status, correlation_id, wrote and more."""
        return [json.loads(line) for line in self.journal.read_text(encoding="utf-8").splitlines()]


def command(*options: str) -> list[str]:
    """The command line of an engine with these options."""
    return [sys.executable, "-m", MODULE, *options]


def environment(collections: Path | None) -> dict[str, str]:
    """The environment of its process: `collections` is the root of the tree in which the collection lies (the checkout's own by default)."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")}
    # Compiled once and kept beside the sources, not among them: compiling takes longer than the rest of a start.
    return {**kept, "PYTHONPATH": str(collections or workspace.tree()), "PYTHONPYCACHEPREFIX": str(workspace.CACHE / "pycache")}


@contextlib.contextmanager
def running(*options: str, collections: Path | None = None, plain_users: tuple[str, ...] = ()) -> Iterator[Engine]:
    """Starts an engine on a free port with `options`, yields it, and ends it.  `plain_users` can log in and have no role."""
    with tempfile.TemporaryDirectory(prefix="virtops-engine-") as name:
        folder = Path(name)
        ready, journal, said = folder / "engine.json", folder / "journal", folder / "said"
        keys = {name: folder / f"{name}.password" for name in plain_users}
        options += tuple(part for name, path in keys.items() for part in ("--user", f"{name}={path}"))
        with open(said, "wb") as output:
            process = subprocess.Popen(
                command("--listen", "127.0.0.1:0", "--ready-file", str(ready), "--journal", str(journal), *options),
                env=environment(collections), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )
        try:
            facts = _wait(process, ready, said)
            password, *others = (path.read_text(encoding="utf-8").rstrip("\n") for path in (Path(facts["password_file"]), *keys.values()))
            yield Engine(facts["url"], facts["ca_file"], facts["username"], password, journal, said, process.pid, dict(zip(keys, others)))
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen, ready: Path, said: Path | None = None) -> dict[str, str]:
    """What the ready file says, once it is there."""
    deadline = time.monotonic() + START_SECONDS
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            heard = said.read_text(encoding="utf-8", errors="replace") if said else ""
            raise EngineDidNotStart(f"The embedded engine did not start (exit code {process.poll()}):\n{heard}")
        time.sleep(0.05)
    return json.loads(ready.read_text(encoding="utf-8"))


def main(options: list[str]) -> int:
    """Runs it in the foreground until it is interrupted."""
    if "--help" in options or "-h" in options:
        return subprocess.run(command("--help"), env=environment(None), check=False).returncode
    folder = workspace.CACHE / "engine"
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / "engine.json"
    ready.unlink(missing_ok=True)
    process = subprocess.Popen(command("--ready-file", str(ready), *options), env=environment(None))
    try:
        try:
            facts = _wait(process, ready)
        except EngineDidNotStart:
            return process.poll() or 1
        print("\nFor playbooks in another shell:")
        for name, value in (("URL", facts["url"]), ("CAFILE", facts["ca_file"]), ("USERNAME", facts["username"])):
            print(f"  export OVIRT_{name}={shlex.quote(value)}")
        print(f"  export OVIRT_PASSWORD=\"$(cat {shlex.quote(facts['password_file'])})\"")
        print("Control-C stops the engine.", flush=True)
        return process.wait()
    except KeyboardInterrupt:
        return process.wait(timeout=30)
    finally:
        if process.poll() is None:
            process.terminate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
