"""Estates to begin with: ``demo``, and ``scale:VMS`` for as many machines as wanted.

Both are made through the engine's own front door.  Of a large one only two machines are; the others are copies of what those two left in the tables.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from .commands import mac_from
from .http import Request, Response

if TYPE_CHECKING:
    from .app import Engine

GIB = 1024 ** 3
MAC_BASE = 0x566F00000000
VMS_OF_A_HOST = 50


def build(engine: Engine, kind: str) -> None:
    """Fill an engine that has nothing but its defaults."""
    builder = Builder(engine)
    if kind == "demo":
        demo(builder)
    else:
        scale(builder, int(kind.partition(":")[2]))
    engine.store.commit()


class Builder:
    """A client in the same process, for whom time passes at once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        account = engine.sso.administrator()
        login = base64.b64encode(f"{account.identity.name}:{account.password}".encode()).decode()
        self.headers = {"authorization": f"Basic {login}", "accept": "application/json", "content-type": "application/json", "host": "localhost"}

    def post(self, path: str, body: dict[str, Any], seconds: float = 0) -> dict[str, Any]:
        """Ask for something, and let so many simulated seconds pass."""
        answer = self.engine.handle(Request("POST", f"/ovirt-engine/api/{path}", dict(self.headers), json.dumps(body).encode()))
        if not isinstance(answer, Response) or answer.status >= 300:
            raise RuntimeError(f"POST {path} was not answered as expected: {answer.body.decode() if isinstance(answer, Response) else answer}")
        if seconds:
            self.engine.advance(seconds)
        return dict(json.loads(answer.body))

    def base(self, name: str, hosts: int, networks: tuple[str, ...]) -> dict[str, Any]:
        """A data center with a cluster, hosts, networks and two storage domains."""
        data_center = self.post("datacenters", {"name": name, "local": False})
        cluster = self.post("clusters", {"name": name, "data_center": {"id": data_center["id"]}, "cpu": {"type": "Intel Haswell Family"}})
        for network in networks:
            made = self.post("networks", {"name": network, "data_center": {"id": data_center["id"]}}, seconds=1)
            self.post(f"clusters/{cluster['id']}/networks", {"id": made["id"], "required": False})
        made_hosts = []
        for number in range(1, hosts + 1):
            address = f"{name}-host{number}.example.com"
            host = self.post("hosts", {"name": f"{name}-host{number}", "address": address, "root_password": "secret", "cluster": {"id": cluster["id"]}})
            made_hosts.append(host["id"])
        self.engine.advance(20)
        # Machines run only where their networks are; each without a VLAN needs an interface of its own.
        attachments = [{"network": {"name": network}, "host_nic": {"name": f"eth{number}"}} for number, network in enumerate(networks, start=1)]
        for ident in made_hosts:
            self.post(f"hosts/{ident}/setupnetworks", {"modified_network_attachments": {"network_attachment": attachments}})
        domains = []
        for label in ("fast", "slow"):
            storage = {"type": "nfs", "address": "nas.example.com", "path": f"/exports/{name}/{label}"}
            domain = self.post("storagedomains", {"name": f"{name}-{label}", "type": "data", "host": {"id": host["id"]}, "storage": storage}, seconds=2)
            self.post(f"datacenters/{data_center['id']}/storagedomains", {"id": domain["id"]}, seconds=5)
            domains.append(domain)
        profiles = {row["name"]: row["id"] for row in self.engine.store.table("vnic_profile")
                    if row["network"]["id"] in {one["id"] for one in self.engine.store.table("network").by("data_center.id", data_center["id"])}}
        return {"cluster": cluster, "domains": domains, "profiles": profiles}

    def vm(self, base: dict[str, Any], name: str, profile: str, memory: int, start: bool) -> str:
        """A machine with a bootable disk and a NIC."""
        vm = self.post("vms", {"name": name, "cluster": {"id": base["cluster"]["id"]}, "template": {"name": "Blank"}, "memory": memory,
                               "memory_policy": {"guaranteed": memory // 2, "max": memory * 4}}, seconds=1)
        self.post(f"vms/{vm['id']}/nics", {"name": "nic1", "vnic_profile": {"id": base["profiles"][profile]}})
        disk = {"name": f"{name}-system", "provisioned_size": 20 * GIB, "format": "cow", "sparse": True,
                "storage_domains": {"storage_domain": [{"id": base["domains"][0]["id"]}]}}
        self.post(f"vms/{vm['id']}/diskattachments", {"interface": "virtio_scsi", "bootable": True, "active": True, "disk": disk}, seconds=5)
        if start:
            self.post(f"vms/{vm['id']}/start", {}, seconds=15)
        return str(vm["id"])


def demo(builder: Builder) -> None:
    base = builder.base("demo", 2, ("web", "backend"))
    for name, profile, memory, start in (("web1", "web", 2, True), ("web2", "web", 2, True), ("db1", "backend", 8, True), ("spare1", "web", 2, False)):
        builder.vm(base, name, profile, memory * GIB, start)


def scale(builder: Builder, count: int) -> None:
    """So many machines; every second one runs."""
    base = builder.base("scale", max(1, min(200, count // VMS_OF_A_HOST)), ("lan",))
    originals = [builder.vm(base, f"vm{number:05d}", "lan", GIB, number == 2) for number in (1, 2)][:count]
    hosts = [row["id"] for row in builder.engine.store.table("host")]
    patterns = [_pattern(builder.engine, ident) for ident in originals]
    for number in range(3, count + 1):
        _copy(builder.engine, patterns[(number - 1) % 2], number, hosts[number % len(hosts)])


def _pattern(engine: Engine, ident: str) -> tuple[list[tuple[str, str]], list[str], str]:
    """All rows of one machine as text with their tables, the ids in them that are its own, and its name."""
    disks = [row["disk"]["id"] for row in engine.store.table("disk_attachment").by("vm.id", ident)]
    rows, own = [], [ident, *disks]
    for name, table in engine.store.tables.items():
        if name in ("event", "job", "step") or name.startswith("_"):
            continue
        for row in table:
            if row["id"] in own or (row.get("vm") or {}).get("id") == ident:
                rows.append((name, json.dumps(row)))
                if row["id"] not in own and not any(part in str(row["id"]) for part in own):
                    own.append(row["id"])
    vm = engine.store.table("vm").get(ident)
    assert vm is not None
    return rows, own, str(vm["name"])


def _copy(engine: Engine, pattern: tuple[list[tuple[str, str]], list[str], str], number: int, host: str) -> None:
    rows, own, name = pattern
    ids = {ident: engine.new_id() for ident in own}
    for table, text in rows:
        for old, new in ids.items():
            text = text.replace(old, new)
        row = json.loads(text.replace(f'"{name}', f'"vm{number:05d}'))
        if table == "vm" and row.get("host"):
            row["host"] = {"id": host}
        if "mac" in row:
            row["mac"] = {"address": mac_from(MAC_BASE + number)}
        engine.store.table(table).save(row)
