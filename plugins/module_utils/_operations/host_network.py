# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Networks on the NICs of hosts: what is listed is made true by one ``setupnetworks`` for each host, everything else stays.

An attachment joins a network of the host's cluster to a NIC, with addresses for both versions of IP; a body that has addresses replaces all of
them, so what is not managed is sent along. The engine tells of each whether the host is in step with it (``in_sync``).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput, JobFailed, NotFound, NotKept
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.foreseen import is_foreseen
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Int, ListOf, Map, Struct, Text, Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ACT, Problem, Settle, Step

READY = ("up", "maintenance", "non_operational")
VERSIONS = {"ipv4": "v4", "ipv6": "v6"}
METHODS = {"dhcp_and_autoconf": "poly_dhcp_autoconf"}
"""Boot protocols that the engine calls otherwise."""
NO_ADDRESS = {"method": "none", "address": None, "netmask": None, "gateway": None}
AS_THE_ENGINE_WANTS = Settle()


@dataclass(frozen=True)
class Place:
    """A host as it is: its NICs and attachments, and the networks of its cluster."""

    host: Wire
    cluster: str
    nics: Wires
    attachments: Wires
    networks: Wires

    @property
    def title(self) -> str:
        return f"host {self.host['name']}"

    def network(self, text: str) -> Wire | None:
        return next((one for one in self.networks if text in (one["id"], one.get("name"))), None)

    def nic(self, text: str) -> Wire | None:
        return next((one for one in self.nics if text in (one["id"], one.get("name"))), None)

    def attached(self, network: Wire) -> Wire | None:
        return next((one for one in self.attachments if dig(one, "network.id") == network["id"]), None)

    def shown(self, attachment: Wire) -> dict[str, Any]:
        """An attachment as results have it."""
        nic = next((one for one in self.nics if one["id"] == dig(attachment, "host_nic.id")), {})
        network = next((one for one in self.networks if one["id"] == dig(attachment, "network.id")), {})
        return {
            "network": network.get("name"),
            "nic": nic.get("name"),
            **{name: _address(attachment, version) for name, version in VERSIONS.items()},
            "in_sync": str(attachment.get("in_sync", "true")).lower() == "true",
        }


def _address(attachment: Wire, version: str) -> dict[str, Any]:
    for one in dig(attachment, "ip_address_assignments.ip_address_assignment") or []:
        if dig(one, "ip.version") == version:
            method = str(one.get("assignment_method") or "none")
            known = {theirs: ours for ours, theirs in METHODS.items()}
            return {"method": known.get(method, method), **{name: dig(one, f"ip.{name}") for name in ("address", "netmask", "gateway")}}
    return dict(NO_ADDRESS)


# -- looking


def survey(view: View) -> Draft:
    draft = Draft()
    wanted = _wanted(view)
    seen: set[str] = set()
    for text in view.options["hosts"]:
        reference = view.estate.reference("host", text)
        if reference["id"] in seen:
            raise InvalidInput(f"hosts: {text!r} is named twice.")
        seen.add(reference["id"])
        if is_foreseen(reference["id"]):
            draft.units.append(_to_come(reference, wanted))
            continue
        place = _place(view, reference)
        unit = _unit(view, place, wanted)
        draft.units.append(unit)
        draft.warnings += _out_of_step(view, place, wanted)
    return draft


def _to_come(reference: Wire, wanted: list[dict[str, Any]]) -> Unit:
    """A host that a former task of a run in check mode would add: nobody knows its NICs yet."""
    unit = Unit(f"host {reference['name']}", dict(reference))
    present = [one for one in wanted if one.get("state") != "absent"]
    after = {one["network"]: {name: one[name] for name in ("nic", *VERSIONS) if one.get(name)} for one in present}
    if after:
        places = ", ".join(f"network {name} on NIC {shown.get('nic')}" for name, shown in after.items())
        says = f"on {unit.title}: put {places}"
        unit.steps = [Step(ACT, says, f"hosts/{reference['id']}", verb="setupnetworks")]
        unit.outcome = Outcome(True, {name: None for name in after}, after, steps=[{"do": ACT, "says": says}])
    unit.shows = {"networks": []}
    return unit


def _wanted(view: View) -> list[dict[str, Any]]:
    wanted: list[dict[str, Any]] = view.options["networks"]
    names = [one["network"] for one in wanted]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InvalidInput(f"networks: {', '.join(map(repr, twice))} is listed twice.")
    for one in wanted:
        for name in VERSIONS:
            _check_address(one, name)
    return wanted


def _check_address(one: Mapping[str, Any], name: str) -> None:
    given = one.get(name) or {}
    place = f"networks: {name} of {one['network']}"
    for member in ("address", "gateway"):
        if given.get(member):
            if _version(given[member]) != name:
                raise InvalidInput(f"{place}: {given[member]!r} is no {name.replace('ip', 'IP')} address.")
    static = given.get("method") == "static" or "method" not in given and given.get("address")
    if given and static and not (given.get("address") and given.get("netmask")):
        raise InvalidInput(f"{place}: a static address needs address and netmask.")
    if given and not static and any(given.get(member) for member in ("address", "netmask", "gateway")):
        raise InvalidInput(f"{place}: an address is only for the method static, not for {given.get('method')}.")
    if given.get("netmask") and _prefix(given["netmask"], name) is None:
        raise InvalidInput(f"{place}: {given['netmask']!r} is no netmask.", hint="Write it as 255.255.255.0 or as the length of a prefix, 24.")


def _version(address: str) -> str:
    try:
        return f"ipv{ipaddress.ip_address(address).version}"
    except ValueError:
        return ""


def _prefix(netmask: Any, name: str) -> int | None:
    zero = "0.0.0.0" if name == "ipv4" else "::"
    try:
        return ipaddress.ip_network(f"{zero}/{netmask}").prefixlen
    except ValueError:
        return None


def _place(view: View, reference: Wire) -> Place:
    wire = view.estate.get(f"hosts/{reference['id']}", follow=("nics", "network_attachments"))
    if wire is None:
        raise NotFound(f"There is no host {reference['name']!r}.")
    cluster = str(dig(wire, "cluster.id"))
    attachments = dig(wire, "network_attachments.network_attachment") or []
    networks = view.estate.once(f"clusters/{cluster}/networks")
    return Place(wire, view.estate.name_of("cluster", cluster) or cluster, dig(wire, "nics.host_nic") or [], attachments, networks)


def _out_of_step(view: View, place: Place, wanted: list[dict[str, Any]]) -> Iterator[str]:
    for one in wanted:
        network = place.network(one["network"])
        attachment = place.attached(network) if network else None
        if attachment is not None and not place.shown(attachment)["in_sync"] and one.get("state", "present") == "present" and not view.options.get("sync"):
            yield f"Network {network['name'] if network else ''} on {place.title} is out of sync: {_differences(attachment)}. sync: true makes it so."


def _differences(attachment: Wire) -> str:
    found = []
    for one in dig(attachment, "reported_configurations.reported_configuration") or []:
        if str(one.get("in_sync")).lower() == "false":
            found.append(f"{one.get('name')} is {one.get('actual_value') or 'not set'} and should be {one.get('expected_value') or 'not set'}")
    return ", ".join(found) or "the engine does not say how"


# -- drafting


def _unit(view: View, place: Place, wanted: list[dict[str, Any]]) -> Unit:
    unit = Unit(place.title, {"id": place.host["id"], "name": place.host["name"]})
    unit.shows = {"networks": [place.shown(one) for one in place.attachments]}
    unit.problems = list(_problems(view, place, wanted))
    if unit.problems:
        return unit
    body: Wire = {}
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    says = []
    for one in wanted:
        change = _change(view, place, one)
        if change is None:
            continue
        member, element, said, was_and_is = change
        body.setdefault(member, {"network_attachment": []})["network_attachment"].append(element)
        if member.startswith("modified") and "id" in element and view.options.get("sync"):
            # One that is out of sync is edited only together with its synchronization.
            body.setdefault("synchronized_network_attachments", {"network_attachment": []})["network_attachment"].append({"id": element["id"]})
        before[one["network"]], after[one["network"]] = was_and_is
        says.append(said)
    if not says:
        return unit
    body.update({"check_connectivity": view.options.get("check_connectivity", True), "commit_on_success": True})
    if "connectivity_timeout" in view.options:
        body["connectivity_timeout"] = view.options["connectivity_timeout"]
    step = Step(ACT, f"on {place.title}: {', '.join(says)}", f"hosts/{place.host['id']}",
                verb="setupnetworks", body=body, settle=AS_THE_ENGINE_WANTS, slow=True)
    unit.steps = [step]
    unit.outcome = Outcome(True, before, after, steps=[{"do": step.do, "says": step.says}])
    unit.shows = {"networks": _foreseen(place, after)}
    unit.shares = [(f"cluster:{place.cluster}", 1)]
    unit.verify = lambda hands: _verify(hands, view, place, unit, after)
    return unit


def _problems(view: View, place: Place, wanted: list[dict[str, Any]]) -> Iterator[Problem]:
    status = str(place.host.get("status"))
    if status not in READY:
        yield Problem(f"The networks of {place.title} cannot be changed while it is {status}.", "Bring it to state up or maintenance first.")
    carried: dict[str, str] = {}
    for one in place.attachments:
        there = place.network(str(dig(one, "network.id"))) or {}
        if not dig(there, "vlan.id") and all(item["network"] not in (there.get("id"), there.get("name")) for item in wanted):
            carried[str(dig(one, "host_nic.id"))] = str(there.get("name"))
    for one in wanted:
        network = place.network(one["network"])
        if network is None:
            if one.get("state") != "absent":
                known = ", ".join(sorted(str(other.get("name")) for other in place.networks))
                yield Problem(
                    f"Network {one['network']!r} is not in cluster {place.cluster} of {place.title}, which has {known}.",
                    "Check the spelling, or add the cluster to the network's clusters first.",
                )
            continue
        yield from _in_the_way(view, place, one, network, carried)


def _in_the_way(view: View, place: Place, one: dict[str, Any], network: Wire, carried: dict[str, str]) -> Iterator[Problem]:
    attachment = place.attached(network)
    management = "management" in (dig(network, "usages.usage") or [])
    if one.get("state") == "absent":
        if management and attachment is not None:
            yield Problem(f"{network['name']} is the management network of {place.title}, which would be cut off without it.", "Leave it where it is.")
        return
    nic = place.nic(one["nic"]) if one.get("nic") else None
    if one.get("nic") and nic is None:
        known = ", ".join(sorted(str(other.get("name")) for other in place.nics if not other.get("base_interface")))
        yield Problem(f"Host {place.host['name']} has no NIC {one['nic']!r}. It has {known}.", "Check the spelling.")
        return
    if nic is None and attachment is None:
        yield Problem(f"Network {network['name']} is not on {place.title} yet, and nothing says on which NIC it is to be.", "Give it a nic.")
        return
    if nic is not None and (nic.get("base_interface") or _bond_of(place, nic)):
        bond = _bond_of(place, nic)
        what = f"belongs to {bond}" if bond else f"is a VLAN of {nic['base_interface']}"
        yield Problem(f"NIC {nic['name']} of {place.title} {what} and takes no network.", f"Name {bond or nic['base_interface']} instead.")
    where = nic["id"] if nic is not None else str(dig(attachment, "host_nic.id"))
    if not dig(network, "vlan.id"):
        if where in carried:
            name = {other["id"]: other.get("name") for other in place.nics}[where]
            yield Problem(
                f"NIC {name} of {place.title} carries network {carried[where]} without a VLAN already, and cannot carry {network['name']} without one, too.",
                "Give one of them a vlan_id, or use another NIC.",
            )
        carried[where] = network["name"]
    if attachment is not None and not place.shown(attachment)["in_sync"] and not view.options.get("sync") and _change(view, place, one) is not None:
        yield Problem(
            f"Network {network['name']} on {place.title} is out of sync ({_differences(attachment)}), and the engine changes it only together with that.",
            "Set sync: true.",
        )
    if management and attachment is not None and not view.options.get("change_management") and _change(view, place, one, only_sync=False) is not None:
        yield Problem(
            f"{network['name']} is the management network of {place.title}: if its NIC or its addresses change, the engine may lose the host.",
            "If that is meant, set change_management: true.",
        )


def _bond_of(place: Place, nic: Wire) -> str | None:
    for other in place.nics:
        if nic["id"] in [one.get("id") for one in dig(other, "bonding.slaves.host_nic") or []]:
            return str(other.get("name"))
    return None


def _change(view: View, place: Place, one: dict[str, Any], *, only_sync: bool = True) -> tuple[str, Wire, str, tuple[Any, Any]] | None:
    """The member of the body, its element, what it says, and how the network shows before and after; None where nothing changes."""
    network = place.network(one["network"])
    attachment = place.attached(network) if network else None
    if network is None or one.get("state") == "absent":
        if attachment is None:
            return None
        gone = _cut(place.shown(attachment))
        return "removed_network_attachments", {"id": attachment["id"]}, f"take network {one['network']} off NIC {gone['nic']}", (gone, None)
    now = place.shown(attachment) if attachment is not None else None
    nic = place.nic(one["nic"]) if one.get("nic") else None
    wants: dict[str, Any] = {} if nic is None or now is not None and nic["name"] == now["nic"] else {"nic": nic["name"]}
    for name in VERSIONS:
        target = _target(one.get(name))
        if target is not None and not _same(target, (now or {}).get(name) or NO_ADDRESS, name):
            wants[name] = target
    if now is None or attachment is None:
        on = nic or {}
        element = {"network": {"id": network["id"]}, "host_nic": {"id": on["id"]}, **_assignments({**{name: NO_ADDRESS for name in VERSIONS}, **wants})}
        fresh = {"nic": on["name"], **{name: wants[name] for name in VERSIONS if name in wants}}
        return "modified_network_attachments", element, f"put network {network['name']} on NIC {on['name']}", (None, fresh)
    if wants:
        element = {"id": attachment["id"], "network": {"id": network["id"]}, "host_nic": {"id": (nic or attachment["host_nic"])["id"]}}
        if any(name in wants for name in VERSIONS):
            element.update(_assignments({name: wants.get(name, now[name]) for name in VERSIONS}))
        change = f"move network {network['name']} to NIC {wants['nic']}" if "nic" in wants else f"change the addresses of network {network['name']}"
        return "modified_network_attachments", element, change, ({name: now[name] for name in wants}, wants)
    if only_sync and view.options.get("sync") and not now["in_sync"]:
        says = f"bring network {network['name']} into sync"
        return "synchronized_network_attachments", {"id": attachment["id"]}, says, ({"in_sync": False}, {"in_sync": True})
    return None


def _cut(shown: dict[str, Any]) -> dict[str, Any]:
    """Without what is not there."""
    return {name: value for name, value in shown.items() if name == "nic" or name in VERSIONS and value["method"] != "none"}


def _target(given: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not given:
        return None
    method = given.get("method") or ("static" if given.get("address") else None)
    return None if method is None else {**NO_ADDRESS, **given, "method": method}


def _same(wanted: Mapping[str, Any], now: Mapping[str, Any], name: str) -> bool:
    if wanted["method"] != now["method"]:
        return False
    if wanted["method"] != "static":
        return True
    addresses = all(not wanted.get(one) or _plain(wanted[one]) == _plain(now.get(one)) for one in ("address", "gateway"))
    return addresses and _prefix(wanted["netmask"], name) == _prefix(now.get("netmask"), name)


def _plain(address: Any) -> Any:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return address


def _assignments(addresses: Mapping[str, Any]) -> Wire:
    found = []
    for name, version in VERSIONS.items():
        one = addresses[name]
        ip = {"version": version, **{member: str(one[member]) for member in ("address", "netmask", "gateway") if one["method"] == "static" and one.get(member)}}
        found.append({"assignment_method": METHODS.get(one["method"], one["method"]), "ip": ip})
    return {"ip_address_assignments": {"ip_address_assignment": found}}


def _foreseen(place: Place, after: Mapping[str, Any]) -> list[dict[str, Any]]:
    shown = {one["network"]: one for one in (place.shown(attachment) for attachment in place.attachments)}
    for text, change in after.items():
        network = place.network(text)
        name = network["name"] if network else text
        if change is None:
            shown.pop(name, None)
        else:
            fresh = {"network": name, "nic": None, **{version: dict(NO_ADDRESS) for version in VERSIONS}, "in_sync": True}
            shown[name] = {**shown.get(name, fresh), **change}
    return list(shown.values())


def _verify(hands: Hands, view: View, place: Place, unit: Unit, after: Mapping[str, Any]) -> Mapping[str, Any]:
    """Whether each network is where it was to be. One that the host did not take over as wanted is told with the difference; when nothing else
    was asked for, that is an error: each further run would ask for it again.
    """
    now = _place(view, {"id": place.host["id"], "name": place.host["name"]})
    unit.shows = {"networks": [now.shown(one) for one in now.attachments]}
    for text, change in after.items():
        network = now.network(text)
        attachment = now.attached(network) if network else None
        if (attachment is None) != (change is None):
            raise JobFailed(f"The engine accepted the change, and yet network {text} is {'not ' if attachment is None else ''}on {place.title}.")
        if attachment is None or now.shown(attachment)["in_sync"]:
            continue
        if change == {"in_sync": True}:
            raise NotKept(
                f"{place.title} accepted network {text}, and did not take all of it over: {_differences(attachment)}.",
                hint="Change the network to what the host has, or find out on the host why its NIC does not take it.",
            )
        unit.outcome.warnings.append(f"Network {text} on {place.title} is out of sync: {_differences(attachment)}.")
    return {}


def _ip(option: str, methods: tuple[str, ...], netmask: str) -> Struct:
    return Struct(
        option,
        f"Addresses of {option.replace('ip', 'IP')} that the host has on the network. Not managed when it is left out; a new attachment has none then.",
        fields=(
            Enum("method", f"Where they come from; V(static) when O(networks[].{option}.address) is given.", choices=methods),
            Text("address", "Address, for V(static)."),
            Text("netmask", netmask),
            Text("gateway", "Gateway, for V(static)."),
        ),
    )


HOST_NETWORK = Operation(
    name="host_network",
    summary="Put logical networks on the NICs of hosts",
    about=(
        "Makes the listed networks true on the NICs of each host, with their addresses, by one request for each host. Networks that are not listed stay.",
        "A VM starts only on a host that has all networks of its plugged NICs, so every network of VMs has to be on the hosts of its cluster.",
        "The VLAN and the MTU are those of the network (M(virtops.ovirt.network)), which has to be in the cluster of the host.",
        "What is in the way is named for all hosts before the first change: unknown networks and NICs, two networks without a VLAN on one NIC, and "
        "whatever would cut off the management network.",
    ),
    options=(
        ListOf("hosts", "Hosts, by name or id. Those of one cluster are changed one after the other.", each=Text("name", ""), needed=True),
        ListOf(
            "networks",
            "The networks, each at most once.",
            each=Struct(
                "network",
                "",
                fields=(
                    Text("network", "Logical network, by name or id, of the host's cluster.", needed=True),
                    Text("nic", "NIC or bond, by name or id, that carries it. Needed for a network that is not on the host yet; another NIC moves it."),
                    _ip("ipv4", ("none", "dhcp", "static"), "Netmask, V(255.255.255.0), or the length of the prefix, V(24)."),
                    _ip("ipv6", ("none", "dhcp", "autoconf", "dhcp_and_autoconf", "static"), "Length of the prefix, for V(static), for example V(64)."),
                    Enum("state", "Whether it is on the host; V(present) when it is left out.", choices=("present", "absent")),
                ),
            ),
            needed=True,
        ),
        Bool(
            "sync",
            "Whether listed networks that are out of sync with the host (its VLAN, MTU or addresses are others than the engine wants) are made as wanted. "
            "Otherwise a warning tells of them.",
        ),
        Bool("change_management", "Whether the NIC and the addresses of the management network may change. It is never removed."),
        Bool("check_connectivity", "Whether the host takes the change back when it loses the engine by it. True when it is left out."),
        Int("connectivity_timeout", "Seconds for that check.", least=1),
    ),
    survey=survey,
    returned=(
        Text("name", "Name of the host."),
        ListOf(
            "networks",
            "All networks on the host: C(network), C(nic), C(ipv4) and C(ipv6) with C(method), C(address), C(netmask) and C(gateway), C(in_sync).",
            each=Map("network", ""),
        ),
    ),
    seealso=("network", "host"),
)
