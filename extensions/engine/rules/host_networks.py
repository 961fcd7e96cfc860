"""Networks on the interfaces of a host: what a setupnetworks asks for, what comes with its labels, and what the host does of it.

An interface (table ``host_nic``) is what the agent reports; an attachment (``network_attachment``) is what the engine wants of a network there.
Hosts take over all that they are told where ``Engine.real_hosts`` says so.  As on those of the recordings, which were imitated ones, interfaces
otherwise keep their MTU and get no IPv6 addresses: a network that asks for one is out of step.  What the engine forgets of a network (it leaves the
cluster) stays on the host, as an unmanaged network.
"""

from __future__ import annotations

import ipaddress
import uuid
from typing import Any, Iterator

from .. import errors

Row = dict[str, Any]
ETHERNET_MTU = 1500
ETHERNET_SPEED = 1000000000
DEFAULT_BOND = (("mode", "4"), ("miimon", "100"), ("xmit_hash_policy", "2"))
KEPT = ("properties", "dns_resolver_configuration", "qos")
ONLY_IPV6 = ("autoconf", "poly_dhcp_autoconf")
PROTOCOLS = {"static": "STATIC_IP", "dhcp": "DHCP", "none": "NONE", "autoconf": "AUTOCONF", "poly_dhcp_autoconf": "POLY_DHCP_AUTOCONF"}
OUTBOUND = (("outbound_average_linkshare", "outAverageLinkShare"), ("outbound_average_upperlimit", "outAverageUpperLimit"),
            ("outbound_average_realtime", "outAverageRealTime"))
HOST_NAME_SERVER = "127.0.0.1"


class Request:
    """What is asked for, each attachment and bond merged with what is there.

    An attachment is ``{id, network, network_name, nic, nic_name, assignments}`` and what it keeps; a bond ``{id, name, slaves, options}``, its
    slaves by name.  ``None`` stands for what was neither said nor found.
    """

    def __init__(self, ctx: Any, host: Row) -> None:
        self.ctx, self.host = ctx, host
        self.nics: dict[str, Row] = {nic["id"]: nic for nic in ctx.table("host_nic").by("host.id", host["id"])}
        self.by_name: dict[str, Row] = {nic["name"]: nic for nic in self.nics.values()}
        self.existing: dict[str, Row] = {row["id"]: self.entity(row) for row in ctx.table("network_attachment").by("host.id", host["id"])}
        self.members: dict[str, Row] = {one["network"]["id"]: one for one in ctx.table("cluster_network").by("cluster.id", host["cluster"]["id"])}
        self.networks: dict[str, Row] = {ident: ctx.row("network", ident) for ident in self.members}
        self.host_labels: list[Row] = ctx.table("network_label").by("host.id", host["id"])
        self.attachments: list[Row] = []
        self.removed: list[str | None] = []
        self.bonds: list[Row] = []
        self.removed_bonds: list[str | None] = []
        self.labels: list[Row] = []
        self.removed_labels: list[str] = []
        self.removed_unmanaged: list[str] = []

    # -- reading bodies

    def read(self, body: Row) -> Request:
        """The body of a setupnetworks; attachments and bonds are known by id or by name."""
        for one in body.get("modified_network_attachments") or ():
            self.attachments.append(self.attachment(one, self._meant(one)))
        for one in body.get("synchronized_network_attachments") or ():
            self._synchronize(one)
        for one in body.get("modified_labels") or ():
            nic = one.get("host_nic") or {}
            self.labels.append({"label": one.get("id") or "", "nic": (nic.get("id") or "").lower() or None, "nic_name": nic.get("name")})
        self.removed_labels = [one.get("id") or "" for one in body.get("removed_labels") or ()]
        for one in body.get("removed_network_attachments") or ():
            self.removed.append((self._meant(one) or {}).get("id") or one.get("id"))
        self.bonds = [self.bond(one) for one in body.get("modified_bonds") or ()]
        self.removed_bonds = [self.bond(one)["id"] for one in body.get("removed_bonds") or ()]
        return self

    def _meant(self, one: Row) -> Row | None:
        if one.get("id"):
            return self.existing.get(one["id"].lower())
        network = one.get("network") or {}
        return next((known for known in self.existing.values()
                     if known["network"] == (network.get("id") or "-").lower() or known["network_name"] == network.get("name")), None)

    def _synchronize(self, one: Row) -> None:
        if not one.get("id"):
            return
        ident = one["id"].lower()
        asked = next((wanted for wanted in self.attachments if wanted["id"] == ident), None)
        if asked is None:
            asked = self.existing.get(ident)
            if asked is None:
                raise errors.entity_not_found(f"NetworkAttachment.id: {one['id']}")
            self.attachments.append(asked := dict(asked))
        asked["override"] = True

    def entity(self, row: Row) -> Row:
        nic, network = self.ctx.row("host_nic", row["_base"]) or {}, self.ctx.row("network", row["network"]["id"]) or {}
        return {"id": row["id"], "network": row["network"]["id"], "network_name": network.get("name"), "nic": nic.get("id"), "nic_name": nic.get("name"),
                "assignments": row["ip_address_assignments"], **{name: row[name] for name in KEPT if name in row}}

    @staticmethod
    def attachment(body: Row, known: Row | None) -> Row:
        """An attachment of a body, over the one it changes."""
        entity: Row = {"id": None, "network": None, "network_name": None, "nic": None, "nic_name": None, "assignments": None, **(known or {})}
        if body.get("id"):
            entity["id"] = body["id"].lower()
        network, nic = body.get("network"), body.get("host_nic")
        if network:
            if network.get("id") and network["id"].lower() != entity["network"]:
                entity["network"], entity["network_name"] = network["id"].lower(), network.get("name") or entity["network_name"]
            entity["network_name"] = network.get("name") or entity["network_name"]
        if nic is not None:
            entity["nic"], entity["nic_name"] = (nic.get("id") or "").lower() or None, nic.get("name")
        if "ip_address_assignments" in body:
            entity["assignments"] = assignments(body["ip_address_assignments"] or ())
        entity.update({name: body[name] for name in KEPT if name in body})
        return entity

    def bond(self, body: Row) -> Row:
        known = self.nics.get((body.get("id") or "").lower()) if body.get("id") else self.by_name.get(body.get("name") or "")
        known = known if known is not None and "bonding" in known else {}
        have, wanted = known.get("bonding") or {}, body.get("bonding") or {}
        slaves = [self.nics[one["id"]]["name"] for one in have.get("slaves", ()) if one["id"] in self.nics]
        if "slaves" in wanted:
            slaves = [name for name in (one.get("name") or self.nics.get((one.get("id") or "").lower(), {}).get("name") for one in wanted["slaves"]) if name]
        options = wanted["options"] if "options" in wanted else have.get("options") or []
        return {"id": (body.get("id") or "").lower() or known.get("id"), "name": body.get("name") or known.get("name"),
                "slaves": list(dict.fromkeys(slaves)), "options": [{"name": one.get("name"), "value": one.get("value")} for one in options]}

    # -- what was not said

    def complete(self) -> None:
        for one in (*self.attachments, *self.labels):
            self._complete_nic(one, "nic", "nic_name")
        for bond in self.bonds:
            self._complete_nic(bond, "id", "name")
            if not bond["options"]:
                bond["options"] = [{"name": name, "value": value} for name, value in DEFAULT_BOND]
        for one in self.attachments:
            one["assignments"] = completed(one["assignments"])
            if one["network"] is not None and one["network_name"] is None:
                one["network_name"] = self.networks.get(one["network"], {}).get("name")
            elif one["network"] is None and one["network_name"] is not None:
                one["network"] = next((ident for ident, network in self.networks.items() if network["name"] == one["network_name"]), None)
        self._follow_labels()

    def _complete_nic(self, one: Row, ident: str, name: str) -> None:
        if one[ident] is not None and one[name] is None:
            one[name] = self.nics.get(one[ident], {}).get("name")
        elif one[ident] is None and one[name] is not None:
            one[ident] = self.by_name.get(one[name], {}).get("id")

    def _follow_labels(self) -> None:
        """Networks go where their label goes, and leave with it."""
        asked = {one["network"]: one for one in self.attachments}
        known = {one["network"]: one for one in self.existing.values()}
        for label in self.labels:
            for network in self._labelled(label["label"]):
                new, old = asked.get(network["id"]), known.get(network["id"])
                meant = old if new is None and (old is None or old["id"] not in self.removed) else new
                if meant is None:
                    self.attachments.append({"id": None, "network": network["id"], "network_name": network["name"], "nic": label["nic"],
                                             "nic_name": label["nic_name"], "assignments": completed(None)})
                elif meant["nic_name"] != label["nic_name"] and new is None:
                    self.attachments.append({**meant, "nic": label["nic"], "nic_name": label["nic_name"]})
        for name in self.removed_labels:
            for network in self._labelled(name):
                old, new = known.get(network["id"]), asked.get(network["id"])
                changed = old is not None and new is not None and new["id"] == old["id"]
                if old is not None and not changed and name in self.labels_of(old["nic"]):
                    self.removed.append(old["id"])

    def _labelled(self, label: str) -> list[Row]:
        return [network for network in self.networks.values() if network.get("_label") == label]

    def labels_of(self, nic: str | None) -> list[str]:
        return [one["_label"] for one in self.host_labels if one["host_nic"]["id"] == nic]

    def forget_unchanged(self) -> None:
        def same(one: Row) -> bool:
            return one["id"] is not None and not one.get("override") and one == self.existing.get(one["id"])

        self.attachments = [one for one in self.attachments if not same(one)]
        self.bonds = [bond for bond in self.bonds if not self._bond_as_it_is(bond)]

    def _bond_as_it_is(self, bond: Row) -> bool:
        known = self.nics.get(bond["id"] or "")
        if known is None or "bonding" not in known:
            return False
        now = self.bond({"id": known["id"]})
        return (bond["name"], sorted(bond["slaves"]), bond["options"]) == (now["name"], sorted(now["slaves"]), now["options"])

    def to_configure(self) -> Iterator[Row]:
        """All attachments that are there afterwards."""
        changed = {one["id"]: one for one in self.attachments if one["id"] is not None}
        yield from changed.values()
        yield from (one for ident, one in self.existing.items() if ident not in changed and ident not in self.removed)
        yield from (one for one in self.attachments if one["id"] is None)

    # -- the work

    def carry_out(self) -> None:
        ctx = self.ctx
        for ident in self.removed:
            detach(ctx, ctx.row("network_attachment", ident))
        for ident in self.removed_bonds:
            self._break(self.nics[str(ident)])
        for name in self.removed_unmanaged:
            clear(ctx, next(nic for nic in self.nics.values() if nic.get("_unmanaged") == name))
        for bond in self.bonds:
            self._make_bond(bond)
        for one in self.attachments:
            row = ctx.row("network_attachment", one["id"])
            if row is not None:
                clear(ctx, ctx.row("host_nic", row["_carrier"]))
            attach(ctx, self.host, self.by_name[one["nic_name"]], self.networks[one["network"]], one)
        for label in self.host_labels:
            if label["_label"] in self.removed_labels or any(label["_label"] == one["label"] for one in self.labels):
                ctx.table("network_label").remove(label["id"])
        for label in self.labels:
            nic = self.by_name[label["nic_name"]]["id"]
            ctx.table("network_label").save({"id": str(uuid.uuid5(uuid.UUID(nic), label["label"])), "_label": label["label"],
                                             "host": {"id": self.host["id"]}, "host_nic": {"id": nic}})

    def _make_bond(self, bond: Row) -> None:
        table = self.ctx.table("host_nic")
        row = self.nics.get(bond["id"] or "") or interface(self.ctx, self.host, bond["name"], "")
        row.pop("status", None)
        for slave in (row.get("bonding") or {}).get("slaves", ()):
            self._release(slave["id"])
        slaves = [self.by_name[name] for name in bond["slaves"]]
        for slave in slaves:
            slave["_bond"] = row["id"]
            table.save(slave)
        row["mac"] = dict(slaves[0]["mac"])
        row["bonding"] = {"slaves": [{"id": slave["id"]} for slave in slaves], "options": bond["options"], "ad_partner_mac": {"address": ""}}
        row["ad_aggregator_id"] = 1
        self.nics[row["id"]] = self.by_name[row["name"]] = table.save(row)

    def _break(self, bond: Row) -> None:
        for slave in bond["bonding"]["slaves"]:
            if self.nics[slave["id"]].get("_bond") == bond["id"]:
                self._release(slave["id"])
        self.ctx.table("host_nic").remove(bond["id"])

    def _release(self, ident: str) -> None:
        nic = self.nics[ident]
        nic.pop("_bond", None)
        self.ctx.table("host_nic").save(nic)


def assignments(given: Any) -> list[Row]:
    """Addresses of a body, those of IPv4 first."""
    four: list[Row] = []
    six: list[Row] = []
    for one in given:
        address = {name: value for name, value in (one.get("ip") or {}).items() if name in ("address", "gateway", "netmask", "version") and value is not None}
        version = address.get("version") or ("v6" if ":" in address.get("address", "") else "v4")
        method = one.get("assignment_method")
        if version == "v4" and method in ONLY_IPV6:
            raise errors.fault(400, f"Boot protocol = '{method.upper()}' is not applicable for IPv4.", "Invalid value")
        if version == "v6" and "netmask" in address and not address["netmask"].lstrip("-").isdigit():
            raise errors.fault(400, f"IPv6 prefix has to be integer number. '{address['netmask']}' is not a valid value", "Invalid value")
        (six if version == "v6" else four).append({**({"assignment_method": method} if method else {}), "ip": {**address, "version": version}})
    return four + six


def of_version(given: list[Row] | None, version: str) -> list[Row]:
    return [one for one in given or () if one["ip"]["version"] == version]


def completed(given: list[Row] | None) -> list[Row]:
    """Both versions of IP; none where nothing is said of one."""
    return [one for version in ("v4", "v6") for one in of_version(given, version) or [{"assignment_method": "none", "ip": {"version": version}}]]


# -- what the host does


def interface(ctx: Any, host: Row, name: str, mac: str) -> Row:
    return {"id": ctx.new_id(), "name": name, "host": {"id": host["id"]}, "boot_protocol": "none", "ipv6_boot_protocol": "none", "bridged": False,
            "mac": {"address": mac}, "mtu": ETHERNET_MTU, "speed": ETHERNET_SPEED, "status": "up"}


def attach(ctx: Any, host: Row, nic: Row, network: Row, wanted: Row) -> None:
    """Put a network on an interface; one with a VLAN gets a device of its own on top of it."""
    table = ctx.table("host_nic")
    vlan = (network.get("vlan") or {}).get("id")
    carrier = nic
    if vlan is not None:
        name = f"{nic['name']}.{vlan}"
        there = next((one for one in table.by("host.id", host["id"]) if one["name"] == name), None)
        if there is not None:
            carrier = there
        else:
            carrier = {**interface(ctx, host, name, ""), "vlan": {"id": vlan}, "base_interface": nic["name"]}
            for member in ("mac", "status"):
                carrier.pop(member)
    ctx.table("network_attachment").save({
        "id": wanted.get("id") or ctx.new_id(), "host": {"id": host["id"]}, "host_nic": {"id": nic["id"]}, "network": {"id": network["id"]},
        "_base": nic["id"], "_carrier": carrier["id"], "ip_address_assignments": wanted["assignments"],
        **{name: wanted[name] for name in KEPT if wanted.get(name)}})
    four, six = (of_version(wanted["assignments"], version)[0] for version in ("v4", "v6"))
    carrier.update({"network": {"id": network["id"]}, "bridged": "vm" in network.get("usages", ("vm",)), "boot_protocol": four.get("assignment_method", "none"),
                    "ipv6": {"gateway": "::", "version": "v6"}, "properties": wanted.get("properties") or []})
    if ctx.engine.real_hosts:
        carrier.update({"mtu": network.get("mtu") or ETHERNET_MTU, "ipv6_boot_protocol": six.get("assignment_method", "none"),
                        "ipv6": {"gateway": "::", **six["ip"]}})
    carrier.pop("_unmanaged", None)
    carrier.pop("ip", None)
    if four["ip"].get("address"):
        carrier["ip"] = {**four["ip"], "netmask": dotted(four["ip"].get("netmask", ""))}
    table.save(carrier)


def dotted(netmask: str) -> str:
    return str(ipaddress.ip_network(f"0.0.0.0/{netmask}").netmask) if netmask.isdigit() else netmask


def detach(ctx: Any, row: Row) -> None:
    ctx.table("network_attachment").remove(row["id"])
    clear(ctx, ctx.row("host_nic", row["_carrier"]))


def clear(ctx: Any, carrier: Row | None) -> None:
    table = ctx.table("host_nic")
    if carrier is None:
        return
    if "base_interface" in carrier:
        table.remove(carrier["id"])
        return
    for name in ("network", "ip", "ipv6", "properties", "_unmanaged"):
        carrier.pop(name, None)
    carrier.update({"bridged": False, "mtu": ETHERNET_MTU, "boot_protocol": "none", "ipv6_boot_protocol": "none"})
    table.save(carrier)


# -- networks that change, come and go


def changed(ctx: Any, network: Row) -> None:
    """Hosts that carry a network get its new definition."""
    for row in list(ctx.table("network_attachment").by("network.id", network["id"])):
        request = Request(ctx, ctx.row("host", row["host"]["id"]))
        clear(ctx, ctx.row("host_nic", row["_carrier"]))
        attach(ctx, request.host, request.nics[row["_base"]], network, request.existing[row["id"]])


def forgotten(ctx: Any, network: Row, cluster: str | None = None) -> None:
    """The network left a cluster (or all): its label takes it from hosts, otherwise it stays there unmanaged."""
    for row in list(ctx.table("network_attachment").by("network.id", network["id"])):
        host = ctx.row("host", row["host"]["id"])
        if cluster is not None and host["cluster"]["id"] != cluster:
            continue
        labels = [one["_label"] for one in ctx.table("network_label").by("host_nic.id", row["_base"])]
        carrier = ctx.row("host_nic", row["_carrier"])
        if network.get("_label") in labels or carrier is None:
            detach(ctx, row)
            continue
        ctx.table("network_attachment").remove(row["id"])
        carrier["network"] = {"name": network["name"]}
        carrier["_unmanaged"] = network["name"]
        ctx.table("host_nic").save(carrier)


def labelled(ctx: Any, network: Row) -> None:
    """Attach a labelled network to the interfaces of its clusters' hosts that have the label."""
    for member in ctx.table("cluster_network").by("network.id", network["id"]):
        for host in ctx.table("host").by("cluster.id", member["cluster"]["id"]):
            there = any(one["network"]["id"] == network["id"] for one in ctx.table("network_attachment").by("host.id", host["id"]))
            nics = [one["host_nic"]["id"] for one in ctx.table("network_label").by("host.id", host["id"]) if one["_label"] == network.get("_label")]
            if nics and not there:
                attach(ctx, host, ctx.row("host_nic", nics[0]), network, {"assignments": completed(None)})


def unlabelled(ctx: Any, network: Row, label: str) -> None:
    """Take a network from the interfaces that had it by its label."""
    for row in list(ctx.table("network_attachment").by("network.id", network["id"])):
        if any(one["_label"] == label for one in ctx.table("network_label").by("host_nic.id", row["_base"])):
            detach(ctx, row)


def carrying(ctx: Any, network: Row) -> list[str]:
    """Names of the hosts that carry a network."""
    return sorted({ctx.row("host", row["host"]["id"])["name"] for row in ctx.table("network_attachment").by("network.id", network["id"])})


def refresh_status(ctx: Any, cluster_id: str) -> None:
    """A network that a cluster requires is operational when all its hosts that are up carry it; with no host up it stays as it is."""
    up = [host for host in ctx.table("host").by("cluster.id", cluster_id) if host["status"] == "up"]
    for member in ctx.table("cluster_network").by("cluster.id", cluster_id):
        have = {row["host"]["id"] for row in ctx.table("network_attachment").by("network.id", member["network"]["id"])}
        status = "operational"
        if member["required"]:
            if not up:
                continue
            status = "operational" if all(host["id"] in have for host in up) else "non_operational"
        if member["status"] != status:
            member["status"] = status
            ctx.table("cluster_network").save(member)


# -- what the engine makes of it


def reported(ctx: Any, row: Row) -> list[Row]:
    """Configuration of an attachment as the host has it and as it is wanted."""
    network, carrier = ctx.row("network", row["network"]["id"]) or {}, ctx.row("host_nic", row["_carrier"]) or {}
    host = ctx.row("host", row["host"]["id"])
    members = ctx.table("cluster_network").by("network.id", row["network"]["id"])
    member: Row = next((one for one in members if one["cluster"]["id"] == host["cluster"]["id"]), {})
    found: list[Row] = []

    def add(name: str, actual: Any, expected: Any, in_sync: bool | None = None) -> None:
        values = {"actual_value": actual, "expected_value": expected}
        found.append({"name": name, "in_sync": actual == expected if in_sync is None else in_sync,
                      **{key: str(value) for key, value in values.items() if value is not None}})

    add("mtu", carrier.get("mtu"), network.get("mtu") or ETHERNET_MTU)
    add("bridged", _word(carrier.get("bridged")), _word("vm" in network.get("usages", ("vm",))))
    add("vlan", (carrier.get("vlan") or {}).get("id"), (network.get("vlan") or {}).get("id"))
    add("switchType", "LEGACY", "LEGACY")
    for one in of_version(row["ip_address_assignments"], "v4")[:1]:
        method, wanted, have = one.get("assignment_method", "none"), one["ip"], carrier.get("ip") or {}
        add("ipv4_boot_protocol", PROTOCOLS[carrier.get("boot_protocol", "none")], PROTOCOLS[method])
        if method == "static" == carrier.get("boot_protocol"):
            add("ipv4_netmask", have.get("netmask"), wanted.get("netmask"), have.get("netmask") == dotted(wanted.get("netmask") or ""))
            add("ipv4_address", have.get("address"), wanted.get("address"))
            add("ipv4_gateway", have.get("gateway"), wanted.get("gateway"))
    for one in of_version(row["ip_address_assignments"], "v6")[:1]:
        add("ipv6_boot_protocol", PROTOCOLS[carrier.get("ipv6_boot_protocol", "none")], PROTOCOLS[one.get("assignment_method", "none")])
    limits = _limits(ctx, row, network)
    for member_name, name in OUTBOUND if limits else ():
        add(name, limits.get(member_name), limits.get(member_name))
    default_route = "default_route" in member.get("_roles", ())
    if default_route:
        _name_servers(add, row, network)
    add("default_route", _word(default_route), _word(default_route))
    return found


def _limits(ctx: Any, row: Row, network: Row) -> Row:
    """The limits of an attachment, its own or those of its network."""
    return row.get("qos") or ctx.row("qos", (network.get("qos") or {}).get("id")) or {}


def _name_servers(add: Any, row: Row, network: Row) -> None:
    told = [(one.get("dns_resolver_configuration") or {}).get("name_servers") for one in (row, network)]
    wanted: list[str] = next(filter(None, told), [])
    add("dns_configuration", HOST_NAME_SERVER, ",".join(sorted(wanted)) or None, {*wanted} <= {HOST_NAME_SERVER})


def _word(value: Any) -> str:
    return "true" if value else "false"


def in_sync(ctx: Any, row: Row) -> bool:
    return all(one["in_sync"] for one in reported(ctx, row))
