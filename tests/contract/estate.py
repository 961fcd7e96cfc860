# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The estate that stories need (estate.json), built through the REST API alone."""
from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Callable

from .stories import Pace, Server, dig

SPECIFICATION = Path(__file__).with_name("estate.json")
ALWAYS = {"stage1"}


class NotBuilt(Exception):
    """A part that everything else stands on could not be made."""


def specification() -> dict[str, Any]:
    return dict(json.loads(SPECIFICATION.read_text(encoding="utf-8")))


def build(server: Server, pace: Pace, say: Callable[[str], None], plain_user: tuple[str, str] | None = None) -> tuple[dict[str, str], set[str]]:
    """Make what is not there yet and wait until it is in use.  Gives the variables of the estate and the needs it meets; what cannot be had is said.

    ``plain_user`` is the name and the password of somebody who can log in and has no role.
    """
    wish = specification()
    builder = _Builder(server, pace, say)
    center = builder.make("/datacenters", "data_center", {"local": False, **wish["data_center"]})
    cluster = builder.make("/clusters", "cluster", {"data_center": {"id": center["id"]}, **wish["cluster"]})
    out = {"dc_id": center["id"], "dc_name": center["name"], "cluster_id": cluster["id"], "cluster_name": cluster["name"]}
    out["mgmt_network"] = dig(server.get(f"/datacenters/{center['id']}/networks"), "network[name=ovirtmgmt].id") or ""
    out["mgmt_profile"] = dig(server.get(f"/networks/{out['mgmt_network']}/vnicprofiles"), "vnic_profile[name=ovirtmgmt].id") or ""
    hosts = builder.hosts(wish["hosts"], cluster, out)
    domains = builder.domains(wish["storage"], center, out) if hosts else 0
    for number, share in enumerate(wish["spare"], 1):
        out.update({f"nfs{number}_address": share["address"], f"nfs{number}_path": share["path"]})
    for number, address in enumerate(wish["spare_hosts"], 1):
        out["spare_host_address" if number == 1 else f"spare_host{number}_address"] = address
    if plain_user is not None:
        out["reader_name"], out["reader_password"] = plain_user
    if hosts:
        builder.relive(wish["history"], out)
    met = {"plain_user": plain_user is not None, "host": hosts > 0, "two_hosts": hosts > 1, "spare_host": len(wish["spare_hosts"]) > 1, "storage": domains > 0,
           "two_domains": domains > 1, "spare_domain": domains > 0 and bool(wish["spare"]),
           "updc": builder.until(f"/datacenters/{center['id']}", {"up"}, 60 if domains else 1)}
    return out, ALWAYS | {need for need, yes in met.items() if yes}


class _Builder:
    def __init__(self, server: Server, pace: Pace, say: Callable[[str], None]) -> None:
        self.server, self.pace, self.say = server, pace, say

    def make(self, path: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        found = dig(self.server.get(path, {"search": f"name={body['name']}"}), f"{key}[name={body['name']}]")
        if found:
            return dict(found)
        answer = self.server.send("POST", path, body=body)
        if answer.status_code not in (200, 201, 202):
            raise NotBuilt(f"{key} {body['name']}: HTTP {answer.status_code} {answer.text[:300]}")
        return dict(answer.json())

    def hosts(self, wishes: list[dict[str, Any]], cluster: dict[str, Any], out: dict[str, str]) -> int:
        up = 0
        for wish in wishes:
            try:
                host = self.make("/hosts", "host", {"root_password": "no-password", "cluster": {"id": cluster["id"]}, **wish})
            except NotBuilt as error:
                self.say(str(error))
                continue
            if self.until(f"/hosts/{host['id']}", {"up"}, 300):
                up += 1
                out.update({f"host{up}_id": host["id"], f"host{up}_name": host["name"], f"host{up}_address": host["address"]})
        return up

    def domains(self, wishes: list[dict[str, Any]], center: dict[str, Any], out: dict[str, str]) -> int:
        active, inside = 0, f"/datacenters/{center['id']}/storagedomains"
        for wish in wishes:
            try:
                domain = self.make("/storagedomains", "storage_domain", {
                    "name": wish["name"], "type": "data", "host": {"id": out["host1_id"]},
                    "storage": {"type": wish.get("type", "nfs"), "address": wish["address"], "path": wish["path"]}})
                if self.server.get(f"{inside}/{domain['id']}") is None:
                    answer = self.server.send("POST", inside, body={"id": domain["id"]})
                    if not answer.ok:
                        raise NotBuilt(f"attach {wish['name']}: HTTP {answer.status_code} {answer.text[:300]}")
            except NotBuilt as error:
                self.say(str(error))
                continue
            if self.until(f"{inside}/{domain['id']}", {"active"}, 180):
                active += 1
                out.update({f"sd{active}_id": domain["id"], f"sd{active}_name": domain["name"], f"sd{active}_address": wish["address"],
                            f"sd{active}_path": wish["path"]})
        return active

    def relive(self, history: list[tuple[str, dict[str, Any]]], out: dict[str, str]) -> None:
        """What had been done to the recorded estate before the stories, and shows in their answers: a first update of Blank, a host's command line."""
        for path, body in history:
            answer = self.server.send("PUT", path.format(**out), body=body)
            if not answer.ok:
                self.say(f"{path}: HTTP {answer.status_code} {answer.text[:300]}")

    def until(self, path: str, wanted: set[str], seconds: float) -> bool:
        limit = time.monotonic() + max(seconds / self.pace.speed, 5.0)
        while True:
            value = dig(self.server.get(path), "status")
            if value in wanted:
                return True
            if time.monotonic() > limit:
                self.say(f"{path} is {value}, never {'/'.join(sorted(wanted))}")
                return False
            self.pace.poll(1)
