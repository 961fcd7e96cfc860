# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The quickstart: the built collection, an embedded engine, and `playbooks/quickstart.yml`: foretold, done, and done again with nothing changed."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import artifact
import engine_process
import workspace

# A host takes minutes to come up on a real engine.
SPEED = "30"


class Failed(Exception):
    """A run of the playbook failed, or changed what it should not."""


def play(title: str, collections: Path, home: Path, engine: engine_process.Engine, arguments: list[str]) -> int:
    """Runs the playbook once and returns how many results said that they changed something."""
    recap = home / "recap.json"
    recap.unlink(missing_ok=True)
    print(f"\n{title}", flush=True)
    environment = workspace.private_environment(home, collections=collections)
    if sys.stdout.isatty():
        environment.pop("ANSIBLE_NOCOLOR")
    environment.update(
        engine.variables(), ANSIBLE_STDOUT_CALLBACK="progress", PROGRESS_RECAP_FILE=str(recap), ANSIBLE_CALLBACK_PLUGINS=str(
            collections / workspace.COLLECTION / "playbooks" / "callback_plugins"), ANSIBLE_RETRY_FILES_ENABLED="false",
    )
    outcome = subprocess.run(
        [str(Path(sys.executable).parent / "ansible-playbook"), "virtops.ovirt.quickstart", *arguments],
        cwd=home, env=environment, stdin=subprocess.DEVNULL, check=False,
    )
    counts = json.loads(recap.read_text(encoding="utf-8")) if recap.exists() else {}
    if outcome.returncode or counts.get("failed"):
        raise Failed(f"The playbook failed (exit code {outcome.returncode}).")
    return counts["changed"]


def main(arguments: list[str]) -> int:
    """Does it all and prints one closing line."""
    place = workspace.CACHE / "quickstart"
    collections, home = place / "collections", place / "home"
    shutil.rmtree(home, ignore_errors=True)
    try:
        print("Building the collection and installing it into a place of its own ...", flush=True)
        installed = artifact.install(artifact.build(place / "artifact"), collections)
        print(f"  {installed}\nStarting an embedded engine ...", flush=True)
        with engine_process.running("--estate", "empty", "--speed", SPEED, collections=collections) as engine:
            print(f"  {engine.url}", flush=True)
            foretold = play("In check mode: what would be built, on nothing", collections, home, engine, ["--check", *arguments])
            first = play("First run: what is written in the playbook is built", collections, home, engine, arguments)
            second = play("Second run: nothing is left to do", collections, home, engine, arguments)
    except (artifact.ArtifactFailure, engine_process.EngineDidNotStart, Failed) as failure:
        print(f"\n{failure}", file=sys.stderr)
        print("quickstart: failed")
        return 1
    shown = os.path.relpath(installed / "playbooks" / "quickstart.yml")
    print(f"""
The same playbook against an engine of your own (its hosts and storage are variables, see {shown}):
  export OVIRT_URL=https://engine.example.com/ovirt-engine/api OVIRT_USERNAME=admin@internal
  export OVIRT_PASSWORD=... OVIRT_CAFILE=/path/to/ca.pem ANSIBLE_COLLECTIONS_PATH={collections}
  {Path(sys.executable).parent / 'ansible-playbook'} virtops.ovirt.quickstart --check --diff -e @my_estate.yml
""")
    print(f"quickstart: check mode foretold={foretold}, first run changed={first}, second run changed={second}")
    return 0 if first and foretold == first and not second else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
