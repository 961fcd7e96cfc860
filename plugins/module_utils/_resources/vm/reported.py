# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a VM shows of its run: status, host, guest, consoles, what waits for the next start, and the wait for a guest that can be reached."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Field, Int, ListOf, Mac, Ref, Struct, Text, Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import LOOK, Problem, Reader, Settle, Situation, Step

RUNNING = "_running"
"""Where ``complete`` keeps what a VM runs with, while another configuration waits for its next start."""
CONSOLES = "_consoles"
"""Where it keeps the consoles that the running VM has."""
NETWORKS = "_networks"
"""Where it keeps the name of the network of each of the VM's MAC addresses."""

FOLLOW = ("nics", "reported_devices")
"""Links that the wait for a guest reads along."""


@dataclass(frozen=True, eq=False)
class Pending(Field):
    """Options whose configured value differs from what the VM runs with, cut down to the difference: ``{option: {running, next_run}}``."""

    of: Sequence[Field] = ()
    ansible_type = "dict"

    def read(self, wire: Wire) -> Any:
        found: dict[str, Any] = {}
        running: Wire = wire.get(RUNNING, wire)
        for item in self.of if RUNNING in wire else ():
            now, later = item.read(running), item.read(wire)
            if now != later:
                found[item.option] = dict(zip(("running", "next_run"), item.differing(later, now)))
        drawn = sorted(str(one["protocol"]).lower() for one in wire.get(CONSOLES) or [])
        configured = sorted(str(one["protocol"]).lower() for one in dig(wire, "graphics_consoles.graphics_console") or [])
        if drawn and drawn != configured:
            found["graphics"] = {"running": drawn, "next_run": configured}
        return found


def running(current: Mapping[str, Any], option: str) -> Any:
    """What a VM runs with of an option of which another value waits: ``pending`` has only what differs."""
    runs, shown = current["pending"][option]["running"], current.get(option)
    return {**shown, **runs} if isinstance(shown, dict) and isinstance(runs, dict) else runs


class Addresses(ListOf):
    """All addresses that the guest agent reports."""

    def read(self, wire: Wire) -> Any:
        return [address for device in _devices(wire) for address in _addresses(device)]


class GuestDevices(ListOf):
    """Network devices of the guest, as its agent reports them."""

    def read(self, wire: Wire) -> Any:
        networks = wire.get(NETWORKS) or {}
        return [
            {"name": device.get("name", ""), "mac": _mac(device), "network": networks.get(_mac(device), ""), "addresses": _addresses(device)}
            for device in _devices(wire)
        ]


class Consoles(ListOf):
    """What a viewer needs of the graphical consoles of a VM that runs, but for the ticket."""

    def read(self, wire: Wire) -> Any:
        return [self.each.from_wire(one) for one in wire.get(CONSOLES) or []]


def _devices(wire: Wire) -> Wires:
    return dig(wire, "reported_devices.reported_device") or []


def _mac(device: Wire) -> str:
    return str(dig(device, "mac.address") or "").lower()


def _addresses(device: Wire) -> list[str]:
    return [str(ip["address"]) for ip in dig(device, "ips.ip") or [] if ip.get("address")]


REPORTED = (
    Text("status", "Status: C(down), C(up), C(suspended), C(paused), C(image_locked) and others.", read_only=True),
    Ref("host", "Host it runs on.", to="host", read_only=True),
    Text("fqdn", "Name of the guest, as its agent reports it.", read_only=True),
    Addresses("addresses", "IP addresses that the guest agent reports.", read_only=True),
    GuestDevices(
        "guest_devices",
        "Network devices of the guest that its agent reports.",
        each=Struct(
            "device",
            "",
            fields=(
                Text("name", "Name in the guest, for example V(eth0)."),
                Mac("mac", "MAC address."),
                Text("network", "Network of the VM's NIC that has this MAC address; empty for a device that is no NIC of the VM."),
                ListOf("addresses", "Its IP addresses."),
            ),
        ),
        read_only=True,
    ),
    Consoles(
        "consoles",
        "Where the graphical consoles of a VM that runs are to be found. What lets a viewer in, the ticket, is not among it.",
        each=Struct(
            "console",
            "",
            fields=(
                Enum("protocol", "V(spice) or V(vnc)."),
                Text("address", "Address of the host."),
                Int("port", "Port."),
                Int("tls_port", "Port for TLS."),
            ),
        ),
        read_only=True,
    ),
)


AT_REST: dict[str, Any] = {"host": None, "addresses": [], "guest_devices": [], "consoles": []}
"""What a VM shows of a run that is over."""


def see_consoles(reader: Reader, wire: Wire) -> Wire:
    """The consoles that a running VM has."""
    if not dig(wire, "display.address"):
        return wire
    shown = reader.get(f"vms/{wire['id']}/graphicsconsoles", params={"current": "true"}) or {}
    return {**wire, CONSOLES: shown.get("graphics_console") or []}


def see_networks(reader: Reader, wire: Wire) -> Wire:
    """The network of each MAC address."""
    if not _devices(wire):
        return wire
    profiles = {one["id"]: dig(one, "network.id") for one in reader.once("vnicprofiles")}
    names = {one["id"]: str(one.get("name") or "") for one in reader.once("networks")}
    nics = dig(wire, "nics.nic") or []
    return {**wire, NETWORKS: {_mac(nic): names.get(str(profiles.get(dig(nic, "vnic_profile.id"))), "") for nic in nics}}


def complete(reader: Reader, wire: Wire) -> Wire:
    """Lays the configuration of the next start over a VM that runs, since that is what options are compared with."""
    wire = dict(wire)
    if dig(wire, "quota.id"):
        wire["quota"] = {**wire["quota"], "href": _quota(reader, wire)}
    if str(wire.get("next_run_configuration_exists")).lower() != "true":
        return wire
    later = reader.get(f"vms/{wire['id']}", params={"next_run": "true", "all_content": "true"})
    if later is None:
        return wire
    if dig(later, "quota.id"):
        later["quota"] = {**later["quota"], "href": _quota(reader, later)}
    kept = {name: value for name, value in wire.items() if name in _OF_THE_RUN or isinstance(value, dict) and name in _SUB_COLLECTIONS}
    return {**later, **kept, RUNNING: wire}


_OF_THE_RUN = frozenset({"status", "status_detail", "host", "fqdn", "guest_operating_system", "next_run_configuration_exists", CONSOLES, NETWORKS})
_SUB_COLLECTIONS = frozenset(
    {"nics", "disk_attachments", "graphics_consoles", "watchdogs", "tags", "affinity_labels", "reported_devices", "numa_nodes", "host_devices"}
)


def _quota(reader: Reader, wire: Wire) -> str:
    """Where the quota is to be found, which the engine does not say of a VM."""
    cluster = next((one for one in reader.once("clusters") if one["id"] == dig(wire, "cluster.id")), None)
    return f"datacenters/{dig(cluster, 'data_center.id')}/quotas/{wire['quota']['id']}"


# -- waiting for the guest

WAIT_FOR = Struct(
    "wait_for",
    (
        "What has to be known of the guest of a VM that runs before the task ends, within O(timeout). When it is known already nothing is waited for.",
        "Needs an agent in the guest (C(qemu-guest-agent)).",
    ),
    fields=(
        Bool("guest_agent", "Whether to wait until the agent in the guest has reported."),
        Text("address_on", "Network, by name or id, on which the guest has to have an IP address; link-local ones do not count."),
        Enum("address_family", "What kind of address O(wait_for.address_on) means.", choices=("any", "ipv4", "ipv6")),
    ),
)


def wait_facts(reader: Reader, situation: Situation) -> dict[str, Any]:
    """The vNIC profiles of the network on which an address is waited for."""
    network = (situation.wanted.get("wait_for") or {}).get("address_on")
    if not network or not situation.effective("cluster"):
        return {}
    cluster = reader.get(f"clusters/{situation.effective('cluster')['id']}")
    found = reader.reference("network", network, scope={"data_center": dig(cluster, "data_center.id")})
    return {"awaited_network": found, "awaited_profiles": {one["id"] for one in reader.once("vnicprofiles") if dig(one, "network.id") == found["id"]}}


def wait_rules(situation: Situation, will_run: bool) -> Iterator[Problem]:
    wanted = situation.wanted.get("wait_for") or {}
    if (wanted.get("guest_agent") or wanted.get("address_on")) and not will_run:
        yield Problem(f"wait_for needs a VM that runs, and {situation.title} will not after this task.", "Use state: running.")


def wait_steps(situation: Situation) -> Iterator[Step]:
    wanted = situation.wanted.get("wait_for") or {}
    if wanted.get("guest_agent"):
        yield from _look(situation, f"hear from the guest agent of {situation.title}", _has_agent, _tell_agent)
    if wanted.get("address_on"):
        family = wanted.get("address_family", "any")
        kind = "" if family == "any" else f"{family.replace('ip', 'IP')} "
        on = f"{kind}address of {situation.title} on network {situation.facts['awaited_network']['name']}"
        profiles = situation.facts["awaited_profiles"]
        yield from _look(situation, f"learn of an {on}", partial(_has_address, profiles=profiles, family=family), partial(_tell_addresses, profiles=profiles))


def _look(situation: Situation, says: str, until: Any, tells: Any) -> Iterator[Step]:
    settle = Settle(good=frozenset({"up"}), bad=frozenset({"down", "suspended"}), until=until, tells=tells, job=False)
    if situation.wire is None or settle.verdict(situation.wire) != "done":
        yield Step(LOOK, says, situation.own_path, settle=settle, follow=FOLLOW)


def _has_agent(wire: Wire) -> bool:
    return bool(wire.get("fqdn") or wire.get("guest_operating_system") or _devices(wire))


def _tell_agent(wire: Wire) -> str:
    return "its guest agent has not reported, which has to be installed and running in the guest"


def _has_address(wire: Wire, profiles: set[str], family: str) -> bool:
    macs = {_mac(nic) for nic in _awaited(wire, profiles)}
    found = [ipaddress.ip_address(text.partition("%")[0]) for device in _devices(wire) if _mac(device) in macs for text in _addresses(device)]
    return any(not one.is_link_local and not one.is_loopback and family in ("any", f"ipv{one.version}") for one in found)


def _awaited(wire: Wire, profiles: set[str]) -> Wires:
    return [nic for nic in dig(wire, "nics.nic") or [] if dig(nic, "vnic_profile.id") in profiles]


def _tell_addresses(wire: Wire, profiles: set[str]) -> str:
    nics = _awaited(wire, profiles)
    if not nics:
        return "it has no NIC on that network"
    mine = ", ".join(f"{nic.get('name')} ({_mac(nic)})" for nic in nics)
    if not _has_agent(wire):
        return f"its NIC there is {mine}, and its guest agent has not reported"
    reported = ", ".join(f"{device.get('name')} ({_mac(device)}) with {', '.join(_addresses(device)) or 'no address'}" for device in _devices(wire))
    return f"its NIC there is {mine}, and the guest reports {reported or 'no network device'}"
