# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of an operation when the play is killed in its middle, or the host fails at it: nothing is done twice, nothing is lost."""
from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

import engine_process
import workspace

MOVE = re.compile(r"/disks/[0-9a-f-]{36}/move$")
EVACUATE = """
- hosts: localhost
  gather_facts: false
  tasks:
    - virtops.ovirt.disk_move:
        source: scale-fast
        targets: [scale-slow]
        at_once: 8
        per_source: 8
        per_target: 8
        on_failure: go_on
"""


def start(play: str, reached: engine_process.Engine, place: Path) -> subprocess.Popen[str]:
    """Begins a play in a process group of its own."""
    playbook = place / "play.yml"
    playbook.write_text(play, encoding="utf-8")
    environment = {**workspace.private_environment(place / "home", collections=workspace.tree()), **reached.variables()}
    return subprocess.Popen(
        [str(Path(sys.executable).parent / "ansible-playbook"), str(playbook)], cwd=place, env=environment,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
    )


def disks_on(reached: engine_process.Engine, name: str) -> set[str]:
    """The disks that are on a storage domain and not on their way."""

    def read(path: str) -> dict:
        answer = requests.get(
            f"{reached.url}/{path}", auth=(reached.username, reached.password), headers={"Accept": "application/json"}, verify=reached.ca_file, timeout=60
        )
        answer.raise_for_status()
        return answer.json()

    domain = next(one["id"] for one in read("storagedomains")["storage_domain"] if one["name"] == name)
    disks = read("disks").get("disk", [])
    return {
        disk["alias"] for disk in disks
        if disk["content_type"] == "data" and disk["status"] == "ok" and disk["storage_domains"]["storage_domain"][0]["id"] == domain
    }


def accepted(reached: engine_process.Engine) -> list[str]:
    """The paths of the moves that the engine has taken on."""
    return [one["path"] for one in reached.requests() if one["method"] == "POST" and MOVE.search(one["path"]) and one["status"] == 200]


@pytest.mark.slow
def test_an_evacuation_that_was_killed_is_finished_by_the_next_run(tmp_path: Path) -> None:
    with engine_process.running("--estate", "scale:40", "--speed", "30") as reached:
        everything = disks_on(reached, "scale-fast")
        assert len(everything) == 40
        for enough in (3, 12):
            play = start(EVACUATE, reached, tmp_path)
            while len(disks_on(reached, "scale-slow")) < enough and play.poll() is None:
                time.sleep(0.1)
            os.killpg(play.pid, signal.SIGKILL)
            said, _none = play.communicate()
            assert play.returncode == -signal.SIGKILL, said
        play = start(EVACUATE, reached, tmp_path)
        said, _none = play.communicate(timeout=300)
        assert play.returncode == 0, said
        assert disks_on(reached, "scale-slow") == everything
        moved = accepted(reached)
        assert len(moved) == len(set(moved)) == 40
        play = start(EVACUATE, reached, tmp_path)
        said, _none = play.communicate(timeout=300)
        assert play.returncode == 0 and "changed=0" in said, said


@pytest.mark.slow
def test_a_failed_move_says_why_and_where_the_disk_is(tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps([
        {"match": {"command": "MoveDisk", "subject": "vm00001-system"}, "do": {"message": "no space left on device"}},
        {"match": {"command": "LiveMigrateDisk", "subject": "vm00002-system"}, "do": {"message": "replication refused"}},
    ]), encoding="utf-8")
    with engine_process.running("--estate", "scale:4", "--speed", "60", "--faults", str(faults)) as reached:
        play = start(EVACUATE, reached, tmp_path)
        said, _none = play.communicate(timeout=300)
        assert play.returncode == 2, said
        assert "2 of 4 failed." in said and "disk vm00001-system: Could not move disk vm00001-system to scale-slow" in said, said
        assert "User admin@internal-authz has failed to move disk vm00001-system to domain scale-slow." in said, said
        assert "Disk vm00001-system is on scale-fast." in said and "Disk vm00002-system is on scale-fast." in said, said
        assert disks_on(reached, "scale-slow") == {"vm00003-system", "vm00004-system"}
        play = start(EVACUATE, reached, tmp_path)
        said, _none = play.communicate(timeout=300)
        assert play.returncode == 0, said
        assert len(disks_on(reached, "scale-slow")) == 4


@pytest.mark.slow
def test_a_group_of_snapshots_is_all_or_nothing(tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    faults.write_text(json.dumps([{"match": {"command": "CreateSnapshotForVm", "subject": "vm00002"}, "do": {"message": "disk is busy"}}]), encoding="utf-8")
    group = """
- hosts: localhost
  gather_facts: false
  tasks:
    - virtops.ovirt.snapshot_group:
        search: name=vm*
        description: before
        all_or_nothing: true
    """
    with engine_process.running("--estate", "scale:3", "--speed", "60", "--faults", str(faults)) as reached:
        play = start(group, reached, tmp_path)
        said, _none = play.communicate(timeout=300)
        assert play.returncode == 2 and "1 of 3 failed. snapshot before of VM vm00002" in said, said
        paths = [one["path"] for one in reached.requests() if one["method"] == "DELETE" and "/snapshots/" in one["path"] and one["status"] == 200]
        assert len(paths) == 2
        play = start(group, reached, tmp_path)
        said, _none = play.communicate(timeout=300)
        assert play.returncode == 0 and "changed=1" in said, said


MACHINES = """
- hosts: localhost
  gather_facts: false
  tasks:
    - virtops.ovirt.vm:
        vms: [m1, m2, m3, m4, m5, m6]
        cluster: scale
        template: Blank
        memory: 256MiB
        disks: [{name: system, size: 1GiB, storage_domain: scale-fast, bootable: true}]
        nics: [{name: nic1}]
        state: running
        at_once: 2
"""
# The worker of a killed play is a session of its own, and goes on for a while beside the next run.
DOCUMENT = """
- hosts: localhost
  gather_facts: false
  tasks:
    - virtops.ovirt.blueprint:
        at_once: 4
        document:
          vm:
""" + "".join(f"""
            - name: m{number}
              cluster: scale
              memory: 256MiB
              disks: [{{name: m{number}-system, size: 1GiB, storage_domain: scale-fast, bootable: true}}]
              nics: [{{name: nic1}}]
              state: running
""" for number in range(6))


@pytest.mark.slow
@pytest.mark.parametrize("machines", [MACHINES, DOCUMENT], ids=["vm", "blueprint"])
def test_machines_that_were_being_made_are_finished_by_the_next_run(machines: str, tmp_path: Path) -> None:
    with engine_process.running("--estate", "scale:1", "--speed", "10") as reached:

        def count(method: str, ending: str) -> int:
            return sum(one["method"] == method and one["path"].endswith(ending) and (one["status"] or 500) < 300 for one in reached.requests())

        for enough in (2, 4):
            play = start(machines, reached, tmp_path)
            while count("POST", "/vms") < enough and play.poll() is None:
                time.sleep(0.05)
            time.sleep(0.3 * enough)
            os.killpg(play.pid, signal.SIGKILL)
            said, _none = play.communicate()
            assert play.returncode == -signal.SIGKILL, said
        play = start(machines, reached, tmp_path)
        said, _none = play.communicate(timeout=300)
        assert play.returncode == 0, said
        assert count("POST", "/vms") == 6 and count("POST", "/diskattachments") == 6 and count("POST", "/nics") == 6, reached.requests()
        assert count("POST", "/start") == 6, "one was started twice"
        play = start(machines, reached, tmp_path)
        said, _none = play.communicate(timeout=300)
        assert play.returncode == 0 and "changed=0" in said, said


@pytest.mark.slow
def test_a_request_that_waits_at_the_engine_is_not_sent_again(tmp_path: Path) -> None:
    """The second live move of a VM gets no answer until the first is over; a play that is killed meanwhile has sent it all the same."""
    move = """
- hosts: localhost
  gather_facts: false
  tasks:
    - virtops.ovirt.disk_move: {vms: [web1], targets: [demo-slow], wait: WAIT}
"""
    disks = """
- hosts: localhost
  gather_facts: false
  tasks:
    - virtops.ovirt.vm: {name: web1, disks: [{name: web1-data, size: 1GiB, storage_domain: demo-fast}]}
"""
    with engine_process.running("--estate", "demo", "--speed", "3") as reached:
        play = start(disks, reached, tmp_path)
        said, _none = play.communicate(timeout=120)
        assert play.returncode == 0, said
        play = start(move.replace("WAIT", "false"), reached, tmp_path)
        while not accepted(reached) and play.poll() is None:
            time.sleep(0.05)
        time.sleep(1.0)
        assert play.poll() is None and len(accepted(reached)) == 1
        os.killpg(play.pid, signal.SIGKILL)
        play.communicate()
        play = start(move.replace("WAIT", "true"), reached, tmp_path)
        said, _none = play.communicate(timeout=120)
        assert play.returncode == 0, said
        assert disks_on(reached, "demo-slow") == {"web1-system", "web1-data"}
        assert len(accepted(reached)) <= 2
        play = start(move.replace("WAIT", "true"), reached, tmp_path)
        said, _none = play.communicate(timeout=120)
        assert play.returncode == 0 and "changed=0" in said, said
