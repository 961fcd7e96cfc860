# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Running a command and taking down what it cost."""
from __future__ import annotations

import dataclasses
import os
import sys
import time
from pathlib import Path

import engine_process
import workspace

BINARIES = Path(sys.executable).parent
OURS, THEIRS, FLOOR = "virtops.ovirt", "ovirt.ovirt", "floor"
HEAD = "- hosts: localhost\n  gather_facts: false\n  tasks:\n"


@dataclasses.dataclass
class Cost:
    """What one run took: seconds of wall clock and of processor, peak memory in MB, requests to the engine, and how many objects it was about."""

    who: str
    what: str
    objects: int
    wall: float
    cpu: float
    memory: float
    requests: int


class Bench:
    """Measurements, and the numbers that are not of one run."""

    def __init__(self, place: Path, repeats: int) -> None:
        self.place, self.repeats = place, repeats
        self.costs: list[Cost] = []
        self.numbers: dict[str, float] = {}
        (place / "inventory_plugins").mkdir()

    def run(self, who: str, what: str, objects: int, command: list[str], engine: engine_process.Engine, repeats: int | None = None) -> Cost:
        """Runs a command some times and keeps the run of the median wall time."""
        runs = sorted((self._once(who, what, objects, command, engine) for _turn in range(repeats or self.repeats)), key=lambda cost: cost.wall)
        chosen = runs[len(runs) // 2]
        self.costs.append(chosen)
        print(f"  {what:44s} {who:14s} {chosen.wall:8.2f} s  {chosen.cpu:8.2f} s CPU  {chosen.memory:6.0f} MB  {chosen.requests:6d} requests", flush=True)
        return chosen

    def _once(self, who: str, what: str, objects: int, command: list[str], engine: engine_process.Engine) -> Cost:
        environment = {
            **workspace.private_environment(self.place / "home"), **engine.variables(), "ANSIBLE_COLLECTIONS_PATH": str(workspace.tree()),
            "ANSIBLE_PIPELINING": "true", "ANSIBLE_INTERPRETER_PYTHON": sys.executable, "ANSIBLE_INVENTORY_PLUGINS": str(self.place / "inventory_plugins"),
        }
        # As it is where people run it: compiled once.
        environment.pop("PYTHONDONTWRITEBYTECODE")
        environment["PYTHONPYCACHEPREFIX"] = str(self.place / "compiled")
        before, begun = len(engine.requests()), time.monotonic()
        with open(self.place / "said", "wb") as said:
            child = os.posix_spawn(command[0], command, environment, file_actions=[
                (os.POSIX_SPAWN_DUP2, said.fileno(), 1), (os.POSIX_SPAWN_DUP2, said.fileno(), 2), (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)])
            _pid, status, usage = os.wait4(child, 0)
        wall = time.monotonic() - begun
        if status:
            raise SystemExit(f"{who}, {what}: exit status {os.waitstatus_to_exitcode(status)}\n{(self.place / 'said').read_text(errors='replace')[-3000:]}")
        return Cost(who, what, objects, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, len(engine.requests()) - before)

    def play(self, tasks: str) -> list[str]:
        path = self.place / "play.yml"
        path.write_text(HEAD + tasks, encoding="utf-8")
        return [str(BINARIES / "ansible-playbook"), "-e", f"ansible_python_interpreter={sys.executable}", str(path)]

    def inventory(self, text: str, name: str = "estate.ovirt.yml") -> list[str]:
        path = self.place / name
        path.write_text(text, encoding="utf-8")
        return [str(BINARIES / "ansible-inventory"), "-i", str(path), "--host", "vm00001"]

    def cost(self, who: str, what: str) -> Cost:
        return next(one for one in self.costs if one.who == who and one.what == what)

    def maybe(self, who: str, what: str) -> Cost | None:
        return next((one for one in self.costs if one.who == who and one.what == what), None)


def processor_seconds(pid: int) -> float:
    """Of a running process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_memory(pid: int) -> float:
    """MB of a running process at its highest."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024
