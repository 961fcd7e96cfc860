# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the integration targets."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import engine_process
import workspace

HERE = workspace.CHECKOUT / "tests" / "integration"
ENGINE = ("--estate", "empty", "--speed", "60", "--user", "itest_user", "--user", "itest_other", "--group", "itest_group")
"""Options of the embedded engine that they are run on; users and groups are of the directory, and not known to the engine yet."""
NAMES = sorted(path.parents[1].name for path in HERE.glob("targets/*/tasks/test.yml"))


def play(target: str, reached: engine_process.Engine, home: Path, *, record: Path | None = None, ship: bool = False) -> subprocess.CompletedProcess[str]:
    """Runs a target.

    record: where the results of the modules are written to
    ship: modules run in processes of their own, not in the controller's; what is shipped passes through HOME/shipped
    """
    environment = workspace.private_environment(home, collections=workspace.tree())
    environment.update(
        reached.variables(),
        ANSIBLE_ROLES_PATH=str(HERE / "targets"),
        ANSIBLE_CALLBACK_RESULT_FORMAT="yaml",
        OBJC_DISABLE_INITIALIZE_FORK_SAFETY="YES",
    )
    if record:
        environment.update(ANSIBLE_CALLBACK_PLUGINS=str(HERE / "callbacks"), ANSIBLE_CALLBACKS_ENABLED="record", RECORD_RESULTS=str(record))
    command = [str(Path(sys.executable).parent / "ansible-playbook"), str(HERE / "target.yml"), "--extra-vars", f"target={target}"]
    if ship:
        command += ["--extra-vars", '{"virtops_ovirt_ship_modules": true}']
    environment["ANSIBLE_REMOTE_TMP"] = str(home / "shipped")
    if os.environ.get("ENGINE_VARS"):
        command += ["--extra-vars", f"@{os.environ['ENGINE_VARS']}"]
    return subprocess.run(
        command, cwd=home, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=1800,
    )
