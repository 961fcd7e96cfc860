# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same work on the same embedded engine in one run: this collection, the incumbent `ovirt.ovirt`, and the floor below both.

    make benchmark [ARGS='--quick']

Writes docs/benchmarks.md with an SVG, and every measurement to benchmarks/results/.
"""
from __future__ import annotations

import argparse
import dataclasses
import json
import math
import os
import platform
import statistics
import sys
import tempfile
import time
from pathlib import Path

import requests

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "tools"))
import engine_process  # noqa: E402  pylint: disable=wrong-import-position
import workspace  # noqa: E402  pylint: disable=wrong-import-position

BINARIES = Path(sys.executable).parent
OURS, THEIRS, FLOOR = "virtops.ovirt", "ovirt.ovirt", "floor"
HEAD = "- hosts: localhost\n  gather_facts: false\n  tasks:\n"
AUTH = (
    "auth: {url: \"{{ lookup('env', 'OVIRT_URL') }}\", username: \"{{ lookup('env', 'OVIRT_USERNAME') }}\", "
    "password: \"{{ lookup('env', 'OVIRT_PASSWORD') }}\", ca_file: \"{{ lookup('env', 'OVIRT_CAFILE') }}\"}"
)


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
    def __init__(self, place: Path, repeats: int) -> None:
        self.place, self.repeats = place, repeats
        self.costs: list[Cost] = []

    def run(self, who: str, what: str, objects: int, command: list[str], engine: engine_process.Engine, repeats: int | None = None) -> None:
        """Runs a command some times and keeps the run of the median wall time."""
        runs = sorted((self._once(who, what, objects, command, engine) for _turn in range(repeats or self.repeats)), key=lambda cost: cost.wall)
        chosen = runs[len(runs) // 2]
        self.costs.append(chosen)
        print(f"  {what:44s} {who:14s} {chosen.wall:8.2f} s  {chosen.cpu:8.2f} s CPU  {chosen.memory:6.0f} MB  {chosen.requests:6d} requests", flush=True)

    def _once(self, who: str, what: str, objects: int, command: list[str], engine: engine_process.Engine) -> Cost:
        environment = {
            **workspace.private_environment(self.place / "home"), **engine.variables(),
            "ANSIBLE_COLLECTIONS_PATH": str(workspace.tree()), "ANSIBLE_PIPELINING": "true", "ANSIBLE_INTERPRETER_PYTHON": sys.executable,
        }
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

    def inventory(self, text: str) -> list[str]:
        path = self.place / "estate.ovirt.yml"
        path.write_text(text, encoding="utf-8")
        return [str(BINARIES / "ansible-inventory"), "-i", str(path), "--host", "vm00001"]

    def cost(self, who: str, what: str) -> Cost:
        return next(one for one in self.costs if one.who == who and one.what == what)


def no_op(bench: Bench, items: int) -> None:
    print("A task that changes nothing", flush=True)
    what = f"no-op task, {items} items"
    with engine_process.running("--estate", "demo") as engine:
        bench.run(FLOOR, f"ping, {items} items", items, bench.play(f"    - ansible.builtin.ping:\n      loop: '{{{{ range({items}) | list }}}}'\n"), engine)
        loop = f"      loop: '{{{{ range({items}) | list }}}}'\n"
        bench.run(OURS, what, items, bench.play(f"    - virtops.ovirt.data_center:\n        name: demo\n{loop}"), engine)
        bench.run(THEIRS, what, items, bench.play(f"    - ovirt.ovirt.ovirt_datacenter:\n        name: demo\n        {AUTH}\n{loop}"), engine)


def create(bench: Bench, ours: int, theirs: int) -> None:
    print("VMs with a disk and a NIC, created, started and waited for", flush=True)
    with engine_process.running("--estate", "scale:2", "--speed", "5") as engine:
        document = {"vm": [{
            "name": f"ours{number:05d}", "cluster": "scale", "memory": "1GiB", "state": "running", "nics": [{"name": "nic1", "vnic_profile": "lan"}],
            "disks": [{"name": f"ours{number:05d}-system", "size": "2GiB", "storage_domain": "scale-fast", "bootable": True}],
        } for number in range(ours)]}
        source = bench.place / "document.yml"
        source.write_text(json.dumps(document), encoding="utf-8")
        tasks = f"    - virtops.ovirt.blueprint:\n        src: {source}\n        at_once: 32\n        starts_at_once: 32\n"
        bench.run(OURS, "create and start a VM", ours, bench.play(tasks), engine, repeats=1)
        tasks = f"""    - ovirt.ovirt.ovirt_vm:
        name: "theirs{{{{ item }}}}"
        cluster: scale
        memory: 1GiB
        state: present
        nics: [{{name: nic1, profile_name: lan}}]
        {AUTH}
      loop: "{{{{ range({theirs}) | list }}}}"
    - ovirt.ovirt.ovirt_disk:
        name: "theirs{{{{ item }}}}-system"
        vm_name: "theirs{{{{ item }}}}"
        size: 2GiB
        format: cow
        interface: virtio
        bootable: true
        storage_domain: scale-fast
        {AUTH}
      loop: "{{{{ range({theirs}) | list }}}}"
    - ovirt.ovirt.ovirt_vm:
        name: "theirs{{{{ item }}}}"
        state: running
        {AUTH}
      loop: "{{{{ range({theirs}) | list }}}}"
"""
        bench.run(THEIRS, "create and start a VM", theirs, bench.play(tasks), engine, repeats=1)


def converged(bench: Bench, ours: int, theirs: int) -> None:
    print("VMs that are as wanted already", flush=True)
    with engine_process.running("--estate", f"scale:{ours}") as engine:
        document = {"vm": [{"name": f"vm{number:05d}", "cluster": "scale", "memory": "1GiB", "nics": [{"name": "nic1", "vnic_profile": "lan"}]}
                           for number in range(1, ours + 1)]}
        source = bench.place / "document.yml"
        source.write_text(json.dumps(document), encoding="utf-8")
        bench.run(OURS, "converged VM", ours, bench.play(f"    - virtops.ovirt.blueprint:\n        src: {source}\n"), engine)
        tasks = f"""    - ovirt.ovirt.ovirt_vm:
        name: "vm{{{{ '%05d' | format(item) }}}}"
        cluster: scale
        memory: 1GiB
        nics: [{{name: nic1, profile_name: lan}}]
        {AUTH}
      loop: "{{{{ range(1, {theirs} + 1) | list }}}}"
"""
        bench.run(THEIRS, "converged VM", theirs, bench.play(tasks), engine, repeats=1)


def inventories(bench: Bench, sizes: list[int], theirs: int) -> None:
    print("Inventories", flush=True)
    for size in sizes:
        with engine_process.running("--estate", f"scale:{size}") as engine:
            bench.run(OURS, f"inventory of {size}", size, bench.inventory("plugin: virtops.ovirt.engine\n"), engine)
            floor = [sys.executable, "-c", _LIST]
            bench.run(FLOOR, f"the engine's own list of {size}", size, floor, engine)
            if size == theirs:
                bench.run(THEIRS, f"inventory of {size}", size, bench.inventory("plugin: ovirt.ovirt.ovirt\n"), engine, repeats=1)


_LIST = """
import os, requests
session = requests.Session(); session.trust_env = False
session.auth = (os.environ["OVIRT_USERNAME"], os.environ["OVIRT_PASSWORD"]); session.verify = os.environ["OVIRT_CAFILE"]
page = 1
while len(session.get(os.environ["OVIRT_URL"] + f"/vms?search=sortby name asc page {page}&max=1000&follow=reported_devices,tags",
                      headers={"Accept": "application/json"}).json().get("vm", [])) == 1000:
    page += 1
"""


def engine_itself(bench: Bench) -> dict[str, float]:
    print("The embedded engine", flush=True)
    begun = time.monotonic()
    with engine_process.running("--estate", "demo") as engine:
        started = time.monotonic() - begun
        session = requests.Session()
        session.trust_env, session.auth, session.verify = False, (engine.username, engine.password), engine.ca_file
        vm = session.get(f"{engine.url}/vms", headers={"Accept": "application/json"}, timeout=60).json()["vm"][0]["id"]
        begun = time.monotonic()
        for _turn in range(1000):
            session.get(f"{engine.url}/vms/{vm}", headers={"Accept": "application/json"}, timeout=60)
        rate = 1000 / (time.monotonic() - begun)
        served = statistics.median(one["milliseconds"] for one in engine.requests() if one["path"].endswith(vm))
    print(f"  start {started:.2f} s; {rate:.0f} GETs of a VM a second over one connection, {served:.2f} ms each in the engine", flush=True)
    return {"start": started, "gets": rate, "milliseconds": served}


def report(bench: Bench, engine: dict[str, float], took: float) -> str:
    """The page: a table of ratios, and how it was measured."""
    rows = []

    def ratio(measure: str, ours: float, theirs: float, at_most: str) -> None:
        rows.append(f"| {measure} | {ours:.4g} | {theirs:.4g} | 1/{theirs / ours:.3g} | {at_most} |")

    items = next(one.objects for one in bench.costs if one.what.startswith("no-op"))
    no_op_task = f"no-op task, {items} items"
    ours, theirs, ping = bench.cost(OURS, no_op_task), bench.cost(THEIRS, no_op_task), bench.cost(FLOOR, f"ping, {items} items")
    ratio("no-op task: CPU seconds an item, incumbent", ours.cpu / items, theirs.cpu / items, "1/10")
    ratio("no-op task: wall seconds an item, incumbent", ours.wall / items, theirs.wall / items, "1/10")
    ratio("no-op task: wall seconds an item, `ansible.builtin.ping`", ours.wall / items, ping.wall / items, "1/5")
    for what, wall, asked in (("create and start a VM", "1/20", "1/5"), ("converged VM", "1/100", "")):
        ours, theirs = bench.cost(OURS, what), bench.cost(THEIRS, what)
        ratio(f"{what}: wall seconds each ({ours.objects} and {theirs.objects} VMs)", ours.wall / ours.objects, theirs.wall / theirs.objects, wall)
        ratio(f"{what}: requests each", ours.requests / ours.objects, theirs.requests / theirs.objects, asked)
    both = next((one for one in bench.costs if one.who == THEIRS and one.what.startswith("inventory")), None)
    if both is not None:
        ours = bench.cost(OURS, both.what)
        ratio(f"{both.what}: wall seconds", ours.wall, both.wall, "")
        ratio(f"{both.what}: requests", ours.requests, both.requests, "")
    lines = [f"| {one.what} | {one.who} | {one.objects} | {one.wall:.2f} | {one.cpu:.2f} | {one.memory:.0f} | {one.requests} |" for one in bench.costs]
    return "\n".join([
        "# Benchmarks", "",
        "Written by `make benchmark`; do not edit. The same work on the same embedded engine in one run, medians of "
        f"{bench.repeats} runs where a run is short. Loops of the incumbent are shorter where they would take hours, and compared by object.", "",
        f"{platform.platform()}, {os.cpu_count()} processors, Python {platform.python_version()}, {took / 60:.0f} minutes.", "",
        "![wall seconds by object](benchmarks.svg)", "",
        "| measure | ours | other | ratio | at most |", "|---|---|---|---|---|", *rows, "",
        "| work | by | objects | wall s | CPU s | peak MB | requests |", "|---|---|---|---|---|---|---|", *lines, "",
        f"The engine itself starts in {engine['start']:.2f} s and answers {engine['gets']:.0f} GETs of a VM a second over one connection "
        f"({engine['milliseconds']:.2f} ms each).", "",
    ])


def plot(bench: Bench) -> str:
    """Bars of wall seconds by object, on a logarithmic scale, without a library."""
    chosen = [one for one in bench.costs if one.who in (OURS, THEIRS)]
    bars, low = [], min(one.wall / one.objects for one in chosen) / 2
    span = math.log10(max(one.wall / one.objects for one in chosen) / low)
    for number, one in enumerate(chosen):
        each, top = one.wall / one.objects, 20 + number * 24
        width = 420 * math.log10(each / low) / span
        colour = "#2a7" if one.who == OURS else "#b55"
        bars.append(f'<text x="290" y="{top + 13}" text-anchor="end">{one.what} ({one.who})</text>'
                    f'<rect x="300" y="{top}" width="{width:.0f}" height="17" fill="{colour}"/>'
                    f'<text x="{305 + width:.0f}" y="{top + 13}">{each * 1000:.3g} ms</text>')
    height = 40 + len(chosen) * 24
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="820" height="{height}" font-family="sans-serif" font-size="12">'
            f'<rect width="100%" height="100%" fill="white"/>{"".join(bars)}</svg>\n')


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="smaller sizes, one run each, nothing written")
    quick = parser.parse_args().quick
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="virtops-benchmark-") as name:
        bench = Bench(Path(name), 1 if quick else 3)
        engine = engine_itself(bench)
        no_op(bench, 10 if quick else 20)
        converged(bench, 100 if quick else 1000, 5 if quick else 30)
        inventories(bench, [100] if quick else [100, 1000, 5000, 10000], 100)
        create(bench, 10 if quick else 100, 3 if quick else 10)
    page = report(bench, engine, time.monotonic() - begun)
    print(f"\n{page}")
    if not quick:
        docs, results = workspace.CHECKOUT / "docs", workspace.CHECKOUT / "benchmarks" / "results"
        results.mkdir(exist_ok=True)
        (docs / "benchmarks.md").write_text(page, encoding="utf-8")
        (docs / "benchmarks.svg").write_text(plot(bench), encoding="utf-8")
        (results / "costs.json").write_text(json.dumps([dataclasses.asdict(one) for one in bench.costs], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
