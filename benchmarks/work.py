# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The work that is measured: the same for all who do it."""
from __future__ import annotations

import json
import statistics
import sys
import threading
import time

import requests

import engine_process
from measure import FLOOR, OURS, THEIRS, Bench, peak_memory, processor_seconds

AUTH = (
    "auth: {url: \"{{ lookup('env', 'OVIRT_URL') }}\", username: \"{{ lookup('env', 'OVIRT_USERNAME') }}\", "
    "password: \"{{ lookup('env', 'OVIRT_PASSWORD') }}\", ca_file: \"{{ lookup('env', 'OVIRT_CAFILE') }}\"}"
)
LIFE = ("created and waited for", "started", "snapshot taken", "deleted")


def no_op(bench: Bench, items: int) -> None:
    print("A task that changes nothing", flush=True)
    loop = f"      loop: '{{{{ range({items}) | list }}}}'\n"
    ours, theirs = "virtops.ovirt.data_center:\n        name: demo\n", f"ovirt.ovirt.ovirt_datacenter:\n        name: demo\n        {AUTH}\n"
    with engine_process.running("--estate", "demo") as engine:
        bench.run(FLOOR, "a play without tasks", items, bench.play("    - ansible.builtin.meta: noop\n"), engine)
        bench.run(FLOOR, "debug, in a loop", items, bench.play(f"    - ansible.builtin.debug:\n{loop}"), engine)
        bench.run(FLOOR, "ping, in a loop", items, bench.play(f"    - ansible.builtin.ping:\n{loop}"), engine)
        bench.run(OURS, "no-op, in a loop", items, bench.play(f"    - {ours}{loop}"), engine)
        bench.run(THEIRS, "no-op, in a loop", items, bench.play(f"    - {theirs}{loop}"), engine)
        bench.run(FLOOR, "debug, task by task", items, bench.play("    - ansible.builtin.debug:\n" * items), engine)
        bench.run(FLOOR, "ping, task by task", items, bench.play("    - ansible.builtin.ping:\n" * items), engine)
        bench.run(OURS, "no-op, task by task", items, bench.play(f"    - {ours}" * items), engine)
        bench.run(THEIRS, "no-op, task by task", items, bench.play(f"    - {theirs}" * items), engine, repeats=1)


def _source(bench: Bench, document: object) -> str:
    path = bench.place / "document.yml"
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def life(bench: Bench, ours: int, theirs: int, *options: str, words: str = "VMs", stages: int = len(LIFE)) -> None:
    """
    :param options: of the engine.
    :param words: how the results are called.
    :param stages: how many of its stages are measured.
    """
    print("The life of VMs with a disk and a NIC", flush=True)
    names = [f"ours{number:05d}" for number in range(ours)]
    documents = (
        {"vm": [{
            "name": name, "cluster": "scale", "memory": "1GiB", "nics": [{"name": "nic1", "vnic_profile": "lan"}],
            "disks": [{"name": f"{name}-system", "size": "2GiB", "storage_domain": "scale-fast", "bootable": True}],
        } for name in names]},
        {"vm": [{"name": name, "state": "running"} for name in names]},
        {"snapshot": [{"vm": name, "description": "before"} for name in names]},
        {"vm": [{"name": name, "state": "absent", "force": True, "remove_disks": True} for name in names]},
    )
    loop = f"      loop: \"{{{{ range({theirs}) | list }}}}\"\n"
    machine = "    - ovirt.ovirt.ovirt_vm:\n        name: \"theirs{{ item }}\"\n        " + AUTH + "\n"
    tasks = (
        f"""{machine}        cluster: scale
        memory: 1GiB
        state: present
        nics: [{{name: nic1, profile_name: lan}}]
{loop}    - ovirt.ovirt.ovirt_disk:
        name: "theirs{{{{ item }}}}-system"
        vm_name: "theirs{{{{ item }}}}"
        size: 2GiB
        format: cow
        interface: virtio
        bootable: true
        storage_domain: scale-fast
        {AUTH}
{loop}""",
        f"{machine}        state: running\n{loop}",
        f"    - ovirt.ovirt.ovirt_snapshot:\n        vm_name: \"theirs{{{{ item }}}}\"\n        description: before\n        {AUTH}\n{loop}",
        f"{machine}        state: absent\n{loop}",
    )
    with engine_process.running("--estate", "scale:2", *(options or ("--speed", "5"))) as engine:
        for what, document in zip(LIFE[:stages], documents):
            blueprint = f"    - virtops.ovirt.blueprint:\n        src: {_source(bench, document)}\n        at_once: 32\n        starts_at_once: 32\n"
            bench.run(OURS, f"{words} {what}", ours, bench.play(blueprint), engine, repeats=1)
        for what, task in zip(LIFE[:stages], tasks):
            bench.run(THEIRS, f"{words} {what}", theirs, bench.play(task), engine, repeats=1)


def converged(bench: Bench, sizes: list[int], compared: int, theirs: int) -> None:
    print("VMs that are as wanted already", flush=True)
    for size in sizes:
        document = {"vm": [{"name": f"vm{number:05d}", "cluster": "scale", "memory": "1GiB", "nics": [{"name": "nic1", "vnic_profile": "lan"}]}
                           for number in range(1, size + 1)]}
        with engine_process.running("--estate", f"scale:{size}") as engine:
            task = f"    - virtops.ovirt.blueprint:\n        src: {_source(bench, document)}\n"
            bench.run(OURS, f"converged, of {size}", size, bench.play(task), engine)
            if size == compared:
                task = f"""    - ovirt.ovirt.ovirt_vm:
        name: "vm{{{{ '%05d' | format(item) }}}}"
        cluster: scale
        memory: 1GiB
        nics: [{{name: nic1, profile_name: lan}}]
        {AUTH}
      loop: "{{{{ range(1, {theirs} + 1) | list }}}}"
"""
                bench.run(THEIRS, f"converged, of {size}", theirs, bench.play(task), engine, repeats=1)


def inventories(bench: Bench, sizes: list[int], theirs: list[int]) -> None:
    print("Inventories", flush=True)
    (bench.place / "inventory_plugins" / "bare.py").write_text(_BARE, encoding="utf-8")
    for size in sizes:
        with engine_process.running("--estate", f"scale:{size}") as engine:
            bench.run(FLOOR, f"the engine's own list of {size}", size, [sys.executable, "-c", _LIST], engine)
            bench.run(FLOOR, f"a bare inventory of {size}", size, bench.inventory(f"plugin: bare\ncount: {size}\n", "count.bare.yml"), engine)
            bench.run(OURS, f"inventory of {size}", size, bench.inventory("plugin: virtops.ovirt.engine\n"), engine)
            if size in theirs:
                bench.run(THEIRS, f"inventory of {size}", size, bench.inventory("plugin: ovirt.ovirt.ovirt\n"), engine, repeats=1)


def real_costs(bench: Bench, vms: int, ours: int, theirs: int) -> None:
    print("What requests would cost a real engine", flush=True)
    with engine_process.running("--estate", f"scale:{vms}", "--costs", "real") as engine:
        bench.run(FLOOR, f"at real costs: list of {vms}", vms, [sys.executable, "-c", _LIST.replace("&follow=reported_devices,tags", "")], engine)
        bench.run(OURS, f"at real costs: inventory of {vms}", vms, bench.inventory("plugin: virtops.ovirt.engine\n"), engine)
        bench.run(THEIRS, f"at real costs: inventory of {vms}", vms, bench.inventory("plugin: ovirt.ovirt.ovirt\n"), engine, repeats=1)
    life(bench, ours, theirs, "--costs", "real", words="at real costs: VMs", stages=1)


_LIST = """
import os, requests
session = requests.Session(); session.trust_env = False
session.auth = (os.environ["OVIRT_USERNAME"], os.environ["OVIRT_PASSWORD"]); session.verify = os.environ["OVIRT_CAFILE"]
page = 1
while len(session.get(os.environ["OVIRT_URL"] + f"/vms?search=sortby name asc page {page}&max=1000&follow=reported_devices,tags",
                      headers={"Accept": "application/json"}).json().get("vm", [])) == 1000:
    page += 1
"""
_BARE = '''
DOCUMENTATION = """
name: bare
short_description: Hosts from nowhere
description: As many hosts, with as many variables, as an inventory of an engine has.
options:
  plugin: {description: Its name., required: true}
  count: {description: How many., type: int, required: true}
"""
from ansible.plugins.inventory import BaseInventoryPlugin


class InventoryModule(BaseInventoryPlugin):
    NAME = "bare"

    def parse(self, inventory, loader, path, cache=True):
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        for number in range(1, self.get_option("count") + 1):
            host = f"vm{number:05d}"
            self.inventory.add_host(host)
            for variable in range(18):
                self.inventory.set_variable(host, f"bare_{variable}", f"value {number}")
            self.inventory.set_variable(host, "bare_cpu", {"sockets": 1, "cores": 1, "threads": 1, "total": 1})
            self.inventory.set_variable(host, "bare_addresses", [{"address": "192.0.2.1", "family": "v4", "device": "eth0", "network": "lan"}])
'''


def evacuation(bench: Bench, ours: int, theirs: int) -> None:
    print("Disks moved away from a storage domain", flush=True)
    with engine_process.running("--estate", f"scale:{ours}", "--speed", "20") as engine:
        task = """    - virtops.ovirt.disk_move:
        source: scale-fast
        targets: [scale-slow]
        at_once: 32
        per_source: 32
        per_target: 32
"""
        bench.run(OURS, "disks moved", ours, bench.play(task), engine, repeats=1)
        api = Api(engine)
        disks = [disk["id"] for disk in api.get("disks")["disk"] if disk["content_type"] == "data"][:theirs]
        task = f"""    - ovirt.ovirt.ovirt_disk:
        id: "{{{{ item }}}}"
        storage_domain: scale-fast
        {AUTH}
      loop: {json.dumps(disks)}
"""
        bench.run(THEIRS, "disks moved", theirs, bench.play(task), engine, repeats=1)


def waits(bench: Bench, speeds: list[float]) -> None:
    """How late the end of a start is noticed, and with how many looks, at several lengths of it."""
    print("How late a wait notices the end", flush=True)
    for number, speed in enumerate(speeds):
        with engine_process.running("--estate", "demo", "--speed", str(speed)) as engine:
            observer = Observer(Api(engine), "spare1")
            observer.start()
            play = bench.play("    - virtops.ovirt.vm:\n        name: spare1\n        state: running\n")
            bench.run(OURS, f"wait at speed {speed:g}", 1, play, engine, repeats=1)
            observer.join()
            said = [one for one in engine.requests() if f"{observer.path}" in one["path"] or "/jobs" in one["path"]]
            begun = next(one["time"] for one in said if one["path"].endswith("/start"))
            looks = [one for one in said if one["time"] > begun and one["method"] == "GET" and "observer" not in (one.get("query") or "")]
            # What it became is read once the wait is over.
            noticed = next(one["time"] for one in looks if "follow" in (one.get("query") or "") and "/vms/" in one["path"])
            length, late = (observer.up - begun) / 1000, max(0.0, (noticed - observer.up) / 1000)
            asked = sum(one["time"] < noticed for one in looks)
            bench.numbers.update({f"wait {number} length": length, f"wait {number} late": late, f"wait {number} rate": asked / (length + late)})
            print(f"  an operation of {length:.1f} s was noticed {late:.2f} s late, with {asked / (length + late):.2f} requests a second", flush=True)


class Api:
    """A bare client."""

    def __init__(self, engine: engine_process.Engine) -> None:
        self.url, self.session = engine.url, requests.Session()
        self.session.trust_env, self.session.auth, self.session.verify = False, (engine.username, engine.password), engine.ca_file

    def get(self, path: str) -> dict:
        return self.session.get(f"{self.url}/{path}", headers={"Accept": "application/json"}, timeout=60).json()


class Observer(threading.Thread):
    """Looks at a VM many times a second; ``up`` is when it was up, in milliseconds since the epoch."""

    def __init__(self, api: Api, name: str) -> None:
        super().__init__()
        self.api, self.up = api, 0.0
        self.path = f"vms/{api.get(f'vms?search=name={name}')['vm'][0]['id']}"

    def run(self) -> None:
        while self.api.get(f"{self.path}?observer=1")["status"] != "up":
            time.sleep(0.02)
        self.up = time.time() * 1000


def engine_itself(bench: Bench) -> None:
    print("The embedded engine", flush=True)
    starts = []
    for _turn in range(3):
        begun = time.monotonic()
        with engine_process.running("--estate", "demo"):
            starts.append(time.monotonic() - begun)
    bench.numbers["start"] = statistics.median(starts)
    with engine_process.running("--estate", "demo") as engine:
        api = Api(engine)
        vm = api.get("vms")["vm"][0]["id"]
        api.get(f"vms/{vm}")
        before, begun = processor_seconds(engine.pid), time.monotonic()
        for _turn in range(2000):
            api.get(f"vms/{vm}")
        bench.numbers["gets"] = 2000 / (processor_seconds(engine.pid) - before)
        bench.numbers["gets over one connection"] = 2000 / (time.monotonic() - begun)
    with engine_process.running("--estate", "scale:10000") as engine:
        before = processor_seconds(engine.pid)
        Api(engine).get("vms?follow=nics,disk_attachments.disk")
        bench.numbers["list"] = processor_seconds(engine.pid) - before
        bench.numbers["memory"] = peak_memory(engine.pid)
    print(f"  start {bench.numbers['start']:.2f} s; {bench.numbers['gets']:.0f} GETs of a VM in a second of its processor, "
          f"{bench.numbers['gets over one connection']:.0f} a second over one connection; list of 10,000 VMs with their NICs and disks "
          f"{bench.numbers['list']:.2f} s of processor; {bench.numbers['memory']:.0f} MB", flush=True)
