"""Interfaces of hosts, the networks attached to them, their labels, and the one action that changes all of these: setupnetworks.

An interface (table ``host_nic``) is what the agent reports; an attachment (``network_attachment``) is what the engine wants of a network
there.  Here the host does
what it is told, so the two always agree.
"""

from __future__ import annotations

import re
import uuid

from .. import errors
from ..commands import mac_from
from ..rules.refusals import Command
from .base import Collection, Created, action

MAC_BASE = 0x525400000000
SPEED = 1000000000
ETHERNET_MTU = 1500
NETMASK = "255.0.0.0"
NO_SRIOV = "The selected network interface {} is not SR-IOV enabled."
LABEL = re.compile(r"[A-Za-z0-9_\-]+")
BOND = re.compile(r"bond\w+")


class HostNics(Collection):
    type = "host_nic"
    paths = ("hosts/{host}/nics",)
    links = ("linklayerdiscoveryprotocolelements", "networkattachments", "networklabels", "statistics")

    def rows(self, ctx, parents):
        known_host(ctx, parents, errors.entity_not_found("Host"))
        return super().rows(ctx, parents)

    def present(self, ctx, row, rep):
        rep["actions"] = {"link": []}

    @action("updatevirtualfunctionsconfiguration")
    def update_virtual_functions_configuration(self, ctx, row, body):
        raise Command("edit", "host NIC VFs configuration").refuses(400, NO_SRIOV.format(row["name"]))


class NetworkAttachments(Collection):
    type = "network_attachment"
    paths = ("hosts/{host}/networkattachments",)

    def rows(self, ctx, parents):
        known_host(ctx, parents, errors.not_found())
        return super().rows(ctx, parents)

    def add(self, ctx, body, parents):
        host = known_host(ctx, parents, errors.not_found())
        nic = ctx.row("host_nic", parents.get("host_nic"))
        wanted = {**body, "host_nic": {"id": nic["id"]}} if nic is not None else body
        absent = [f"{name}.id|name" for name in ("network", "host_nic") if not wanted.get(name)]
        if absent:
            raise errors.incomplete("NetworkAttachment", [name.replace("host_nic", "hostNic") for name in absent], "add")
        before = {row["id"] for row in self.of(ctx).by("host.id", host["id"])}
        setup(ctx, host, {"modified_network_attachments": [wanted]})
        return next(row for row in self.of(ctx).by("host.id", host["id"]) if row["id"] not in before)

    def update(self, ctx, row, body):
        host = ctx.row("host", row["host"]["id"])
        setup(ctx, host, {"modified_network_attachments": [{**body, "id": row["id"]}]})
        return self.of(ctx).get(row["id"])

    def remove(self, ctx, row):
        setup(ctx, ctx.row("host", row["host"]["id"]), {"removed_network_attachments": [{"id": row["id"]}]})

    def present(self, ctx, row, rep):
        network = ctx.row("network", row["network"]["id"]) or {}
        rep["in_sync"] = True
        member = next((one for one in ctx.table("cluster_network").by("network.id", row["network"]["id"])
                       if one["cluster"] == ctx.row("host", row["host"]["id"])["cluster"]), None)
        rep["reported_configurations"] = reported(row, network, member or {})


class NicAttachments(NetworkAttachments):
    """Those of one interface; an attachment's address is below its host."""

    paths = ("hosts/{host}/nics/{host_nic}/networkattachments",)

    def path_of(self, row):
        return f"/hosts/{row['host']['id']}/networkattachments/{row['id']}"


class NetworkLabels(Collection):
    type = "network_label"
    paths = ("hosts/{host}/nics/{host_nic}/networklabels",)
    id_is_uuid = False

    def rows(self, ctx, parents):
        return ctx.table("network_label").by("host_nic.id", parents["host_nic"])

    def find(self, ctx, ident, parents):
        row = next((row for row in self.rows(ctx, parents) if row["_label"] == ident), None)
        if row is None:
            raise errors.not_found()
        return row

    def path_of(self, row):
        return f"/hosts/{row['host']['id']}/nics/{row['host_nic']['id']}/networklabels/{row['_label']}"

    def present(self, ctx, row, rep):
        rep["id"] = row["_label"]
        rep.pop("host", None)

    def add(self, ctx, body, parents):
        host = known_host(ctx, parents, errors.not_found())
        if not body.get("id"):
            raise errors.incomplete("NetworkLabel", ["id"], "add")
        setup(ctx, host, {"modified_labels": [{"id": body["id"], "host_nic": {"id": parents["host_nic"]}}]})
        return Created(self.find(ctx, body["id"], parents))

    def remove(self, ctx, row):
        setup(ctx, ctx.row("host", row["host"]["id"]), {"removed_labels": [{"id": row["_label"]}]})


class UnmanagedNetworks(Collection):
    type = "unmanaged_network"
    paths = ("hosts/{host}/unmanagednetworks",)

    def rows(self, ctx, parents):
        known_host(ctx, parents, errors.not_found())
        return super().rows(ctx, parents)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])


class AllowedNetworks(Collection):
    """Networks that virtual functions may have; no interface here has virtual functions."""

    type = "network"
    table = "_allowed_network"
    paths: tuple[str, ...] = ("hosts/{host}/nics/{host_nic}/virtualfunctionallowednetworks",)
    command = Command("add", "host NIC VFs configuration network")
    named: tuple[str, ...] = ("id", "name")

    def rows(self, ctx, parents):
        return []

    def find(self, ctx, ident, parents):
        raise errors.not_found()

    def add(self, ctx, body, parents):
        if not any(body.get(name) for name in self.named):
            raise errors.incomplete("".join(part.capitalize() for part in self.type.split("_")), ["|".join(self.named)], "add")
        nic = ctx.row("host_nic", parents["host_nic"].lower())
        raise self.command.refuses(400, NO_SRIOV.format(nic["name"]) if nic is not None else "The host network interface does not exist.")

    def remove(self, ctx, row):
        """Never reached: there is none."""


class AllowedLabels(AllowedNetworks):
    type = "network_label"
    paths = ("hosts/{host}/nics/{host_nic}/virtualfunctionallowedlabels",)
    command = Command("add", "host NIC VFs configuration label")
    named = ("id",)


class LinkLayerElements(Collection):
    """What neighbours say of themselves; no agent here listens to them."""

    type = "link_layer_discovery_protocol_element"
    paths = ("hosts/{host}/nics/{host_nic}/linklayerdiscoveryprotocolelements",)

    def rows(self, ctx, parents):
        raise errors.fault(400, 'cannot invoke "org.ovirt.engine.core.common.businessentities.network.lldpinfo.isenabled()" because "lldpinfo" is null')


def known_host(ctx, parents, otherwise):
    host = ctx.row("host", parents["host"].lower())
    if host is None:
        raise otherwise
    return host


# -- what the agent reports


def report(ctx, host) -> None:
    """Interfaces of a host that came up for the first time; the first one carries the management network."""
    table = ctx.table("host_nic")
    if table.by("host.id", host["id"]):
        return
    cluster = ctx.row("cluster", host["cluster"]["id"]) or {}
    management = (cluster.get("management_network") or {}).get("id") or cluster.get("_management_network")
    for number in (1, 2, 3, 0):
        nic = table.save(_interface(ctx, host, f"eth{number}", mac_from(MAC_BASE + ctx.engine.next_number("host_nic"))))
        if number == 0:
            address = {"address": host["address"], "gateway": "192.0.2.1", "netmask": NETMASK, "version": "v4"}
            if management:
                _attach(ctx, host, nic, ctx.row("network", management) or {"id": management},
                        {"ip_address_assignments": [{"assignment_method": "static", "ip": address}, {"assignment_method": "none", "ip": {"version": "v6"}}]})
            else:
                nic.update({"boot_protocol": "static", "ip": address})
            nic["ipv6"] = {"gateway": "::", "version": "v6"}
            table.save(nic)


def _interface(ctx, host, name, mac):
    return {"id": ctx.new_id(), "name": name, "host": {"id": host["id"]}, "boot_protocol": "none", "ipv6_boot_protocol": "none", "bridged": False,
            "mac": {"address": mac}, "mtu": ETHERNET_MTU, "speed": SPEED, "status": "up"}


def reported(row, network, member):
    """Configuration of an attachment as wanted and as found, which is the same; ``member`` is the network in the host's cluster."""
    four = next((one for one in row.get("ip_address_assignments", ()) if (one.get("ip") or {}).get("version", "v4") == "v4"), {})
    six = next((one for one in row.get("ip_address_assignments", ()) if (one.get("ip") or {}).get("version") == "v6"), {})
    method, address = four.get("assignment_method", "none"), four.get("ip") or {}
    protocols = {"static": "STATIC_IP", "dhcp": "DHCP", "none": "NONE", "autoconf": "AUTOCONF", "poly_dhcp_autoconf": "POLY_DHCP_AUTOCONF"}
    vlan = (network.get("vlan") or {}).get("id")
    found = [("mtu", str(network.get("mtu") or ETHERNET_MTU)), ("bridged", "true" if "vm" in network.get("usages", ("vm",)) else "false"),
             ("vlan", None if vlan is None else str(vlan)), ("switchType", "LEGACY"), ("ipv4_boot_protocol", protocols[method])]
    if method == "static":
        found += [("ipv4_netmask", address.get("netmask")), ("ipv4_address", address.get("address")), ("ipv4_gateway", address.get("gateway"))]
    found.append(("ipv6_boot_protocol", protocols[six.get("assignment_method", "none")]))
    rows = [{"name": name, "in_sync": True, **({"actual_value": value, "expected_value": value} if value is not None else {})} for name, value in found]
    rows.append({"name": "dns_configuration", "in_sync": True, "actual_value": "name_servers=192.0.2.1"})
    default = "true" if {"default_route", "management"} & {*network.get("usages", ()), *member.get("_roles", ())} else "false"
    return [*rows, {"name": "default_route", "in_sync": True, "actual_value": default, "expected_value": default}]


# -- setupnetworks


def setup(ctx, host, wanted) -> None:
    """Carry out what a setupnetworks asks for, or refuse all of it; nothing is changed by half."""
    plan = _Plan(ctx, host, wanted)
    plan.check()
    plan.carry_out()


class _Plan:
    def __init__(self, ctx, host, wanted) -> None:
        self.ctx, self.host = ctx, host
        self.nics = {nic["id"]: nic for nic in ctx.table("host_nic").by("host.id", host["id"])}
        self.attachments = ctx.table("network_attachment").by("host.id", host["id"])
        self.labels = ctx.table("network_label").by("host.id", host["id"])
        self.bonds, self.removed_bonds = wanted.get("modified_bonds") or [], wanted.get("removed_bonds") or []
        self.modified, self.removed = wanted.get("modified_network_attachments") or [], wanted.get("removed_network_attachments") or []
        self.labelled, self.unlabelled = wanted.get("modified_labels") or [], wanted.get("removed_labels") or []

    def refuse(self, reason, status=409):
        raise errors.refused(status, f"Cannot setup Networks. {reason}")

    def nic(self, reference):
        """The interface that a reference means by id or name."""
        ident, name = (reference or {}).get("id"), (reference or {}).get("name")
        return self.nics.get((ident or "").lower()) or next((nic for nic in self.nics.values() if name and nic["name"] == name), None)

    def network(self, reference):
        ident, name = (reference or {}).get("id"), (reference or {}).get("name")
        if ident:
            return self.ctx.row("network", ident.lower())
        cluster = self.ctx.row("cluster", self.host["cluster"]["id"])
        member = [one["network"]["id"] for one in self.ctx.table("cluster_network").by("cluster.id", cluster["id"])]
        return next((found for found in self.ctx.table("network").by("name", name) if found["id"] in member), None)

    def attachment(self, reference):
        ident = (reference.get("id") or "").lower()
        return next((one for one in self.attachments if one["id"] == ident), None)

    # -- refusals

    def check(self):
        self._check_removals()
        self._check_bonds()
        names = {bond["name"] for bond in self.bonds if bond.get("name")}
        going = {one["id"] for one in map(self.attachment, self.removed)}
        taken = {one["network"]["id"]: one for one in self.attachments if one["id"] not in going}
        for one in self.modified:
            known = self.attachment(one)
            if one.get("id") and known is None:
                self.refuse(f"Updated Network Attachment (id '{one['id']}') does not exist.", 400)
            if known is None and not one.get("network"):
                self.refuse("There's unset networkId or networkName among given network attachments. At least one of them should be set.", 400)
            network = self.network(one.get("network") or known["network"])
            if network is None:
                reference = one["network"].get("name") or one["network"].get("id")
                self.refuse(f"The following networks do not exist: {reference}.", 400)
            if known is None and network["id"] in taken:
                self.refuse(
                    f"Network {network['name']} is already attached via attachment {taken[network['id']]['id']}. A new attachment cannot be used for the "
                    "same network, please reuse the existing one."
                )
            taken[network["id"]] = known or one
            if known is None and self.nic(one.get("host_nic")) is None and (one.get("host_nic") or {}).get("name") not in names:
                self.refuse(f"The given network interface does not exist on specified host '{(one.get('host_nic') or {}).get('name') or ''}'.", 400)
            self._check_addresses(one, network)
        for one in self.labelled:
            if not LABEL.fullmatch(one.get("id") or ""):
                raise errors.refused(400, "Network label must be formed only from: English letters, numbers, hyphen or underscore.")
            reference = one.get("host_nic") or {}
            if self.nic(reference) is None and reference.get("name") not in names:
                self.refuse(f"Label '{one['id']}' cannot be attached to non-existing/removed '{reference.get('name') or ''}' network interface.", 400)
        for one in self.unlabelled:
            if not any(label["_label"] == one.get("id") for label in self.labels):
                self.refuse(f"Label '{one.get('id')}' cannot be removed, since it isn't attached to any network interface.", 400)

    def _check_removals(self):
        for one in self.removed:
            known = self.attachment(one)
            if known is None:
                self.refuse(f"Cannot remove following Network Attachments, because they do not exist: {one.get('id')}.", 400)
            management = (self.ctx.row("cluster", self.host["cluster"]["id"]) or {}).get("_management_network")
            if known["network"]["id"] == management:
                name = (self.ctx.row("network", management) or {}).get("name")
                self.refuse(f"It is not allowed to remove the management network '{name}' from the host.")

    def _check_bonds(self):
        for bond in self.removed_bonds:
            known = self.nic(bond)
            if known is None or "bonding" not in known:
                self.refuse(f"The given network interface '{bond.get('name') or bond.get('id')}' is not a bond.", 400)
        for bond in self.bonds:
            slaves = (bond.get("bonding") or {}).get("slaves")
            known = self.nic(bond)
            if not bond.get("name") and not bond.get("id"):
                self.refuse(
                    "Among the given bonds, there is a bond with neither nicName nor nicId. If you wish to add a new bond, the nicName is mandatory. If "
                    "you wish to update an existing bond, at least one of these is mandatory.",
                    400,
                )
            if known is None and not BOND.fullmatch(bond.get("name") or ""):
                raise errors.refused(
                    400,
                    f"Bond name '{bond.get('name')}' does not follow naming criteria. For host compatibility version 4.3 or greater, custom "
                    "bond names must begin with the prefix 'bond' followed by 'a-z', 'A-Z', '0-9', or '_' characters.",
                )
            if known is not None and slaves is None:
                continue
            if len(slaves or ()) < 2:
                self.refuse(f"The following bonds consist of less than two Network Interfaces: {bond.get('name') or known['name']}.", 400)
            for reference in slaves:
                slave = self.nic(reference)
                if slave is None:
                    self.refuse(f"The given network interface does not exist on specified host '{reference.get('name') or reference.get('id')}'.", 400)
                if "bonding" in slave or "vlan" in slave:
                    self.refuse(f"Network Interface '{slave['name']}' cannot be slave: Neither bond nor vlan can be slave.")

    @staticmethod
    def _check_addresses(one, network):
        for assignment in one.get("ip_address_assignments") or ():
            address = assignment.get("ip") or {}
            if assignment.get("assignment_method") == "static" and not (address.get("address") and address.get("netmask")):
                raise errors.refused(400, f"Insufficient ip configuration of Network attachment for Network {network['name']}, Interface "
                                          f"{(one.get('host_nic') or {}).get('name', '')}. Must define ip address and netmask.")

    # -- the work

    def carry_out(self):
        ctx, host = self.ctx, self.host
        job = ctx.job(f"Configuring networks on host {host['name']}") if ctx.current_job is None else None
        for one in self.removed:
            _detach(ctx, self.attachment(one))
        for bond in self.removed_bonds:
            self._break(self.nic(bond))
        for bond in self.bonds:
            self._bond(bond)
        for one in self.modified:
            known = self.attachment(one)
            nic = self.nic(one.get("host_nic")) or self.nics.get((known or {}).get("_base"))
            if known is not None:
                network = ctx.row("network", known["network"]["id"])
                merged = {
                    **{name: known[name] for name in ("ip_address_assignments", "properties", "dns_resolver_configuration", "qos") if name in known},
                    **one,
                }
                _detach(ctx, known)
                _attach(ctx, host, nic, network, merged, known["id"])
            else:
                _attach(ctx, host, nic, self.network(one["network"]), one)
        for one in self.unlabelled:
            for label in self.labels:
                if label["_label"] == one["id"]:
                    ctx.table("network_label").remove(label["id"])
                    for attachment in self._by_label(label["_label"]):
                        _detach(ctx, attachment)
        for one in self.labelled:
            self._label(one["id"], self.nic(one["host_nic"]))
        if job is not None:
            job.finish()

    def _by_label(self, label):
        labelled = {network["id"] for network in self.ctx.table("network") if network.get("_label") == label}
        return [one for one in self.ctx.table("network_attachment").by("host.id", self.host["id"]) if one["network"]["id"] in labelled]

    def _label(self, label, nic):
        ctx = self.ctx
        ctx.table("network_label").save({"id": str(uuid.uuid5(uuid.UUID(nic["id"]), label)), "_label": label, "host": {"id": self.host["id"]},
                                         "host_nic": {"id": nic["id"]}})

    def _bond(self, bond):
        ctx = self.ctx
        known = self.nic(bond)
        wanted = bond.get("bonding") or {}
        row = known or _interface(ctx, self.host, bond["name"], "")
        bonding = dict(row.get("bonding") or {})
        if "slaves" in wanted:
            for slave in bonding.get("slaves", ()):
                self._free(slave["id"])
            bonding["slaves"] = [{"id": self.nic(one)["id"]} for one in wanted["slaves"]]
            for slave in bonding["slaves"]:
                nic = self.nics[slave["id"]]
                nic["_bond"] = row["id"]
                ctx.table("host_nic").save(nic)
            row["mac"] = dict(self.nics[bonding["slaves"][0]["id"]]["mac"])
        if "options" in wanted:
            bonding["options"] = wanted["options"]
        bonding.setdefault("options", [{"name": "mode", "value": "4"}, {"name": "miimon", "value": "100"}])
        row["bonding"] = bonding
        self.nics[row["id"]] = ctx.table("host_nic").save(row)

    def _break(self, bond):
        for one in self.ctx.table("network_attachment").by("_base", bond["id"]):
            _detach(self.ctx, one)
        for slave in bond["bonding"].get("slaves", ()):
            self._free(slave["id"])
        self.ctx.table("host_nic").remove(bond["id"])
        self.nics.pop(bond["id"], None)

    def _free(self, ident):
        nic = self.nics[ident]
        nic.pop("_bond", None)
        self.ctx.table("host_nic").save(nic)


def _attach(ctx, host, nic, network, wanted, ident=None) -> None:
    """Attach a network to an interface; a network with a VLAN gets an interface of its own on top of it."""
    table = ctx.table("host_nic")
    vlan = (network.get("vlan") or {}).get("id")
    carrier = nic
    if vlan is not None:
        name = f"{nic['name']}.{vlan}"
        carrier = next((one for one in table.by("host.id", host["id"]) if one["name"] == name), None)
        if carrier is None:
            carrier = {**_interface(ctx, host, name, nic["mac"]["address"]), "vlan": {"id": vlan}, "base_interface": nic["name"]}
    assignments = wanted.get("ip_address_assignments") or [
        {"assignment_method": "none", "ip": {"version": "v4"}},
        {"assignment_method": "none", "ip": {"version": "v6"}},
    ]
    row = {"id": ident or ctx.new_id(), "host": {"id": host["id"]}, "host_nic": {"id": nic["id"]}, "network": {"id": network["id"]}, "_base": nic["id"],
           "_carrier": carrier["id"], "ip_address_assignments": assignments,
           **{name: wanted[name] for name in ("properties", "dns_resolver_configuration", "qos") if wanted.get(name)}}
    ctx.table("network_attachment").save(row)
    carrier.update({"network": {"id": network["id"]}, "bridged": "vm" in network.get("usages", ("vm",)), "mtu": network.get("mtu") or ETHERNET_MTU,
                    "custom_configuration": False, "properties": wanted.get("properties") or []})
    for one in assignments:
        address = one.get("ip") or {}
        if address.get("version") == "v6":
            carrier["ipv6_boot_protocol"] = one.get("assignment_method", "none")
            if address.get("address"):
                carrier["ipv6"] = address
        else:
            carrier["boot_protocol"] = one.get("assignment_method", "none")
            if address.get("address"):
                carrier["ip"] = {**address, "version": "v4"}
    table.save(carrier)


def _detach(ctx, row) -> None:
    table = ctx.table("host_nic")
    ctx.table("network_attachment").remove(row["id"])
    carrier = table.get(row["_carrier"])
    if carrier is None:
        return
    if carrier["id"] != row["_base"]:
        table.remove(carrier["id"])
        return
    for name in ("network", "ip", "ipv6", "custom_configuration", "properties"):
        carrier.pop(name, None)
    carrier.update({"bridged": False, "boot_protocol": "none", "ipv6_boot_protocol": "none", "mtu": ETHERNET_MTU})
    table.save(carrier)


def copy(ctx, source, target) -> None:
    """Attach to a host what is attached to another, interface by interface of the same name; addresses are not copied."""
    names = {nic["id"]: nic["name"] for nic in ctx.table("host_nic").by("host.id", source["id"])}
    have = {one["network"]["id"] for one in ctx.table("network_attachment").by("host.id", target["id"])}
    wanted = [{"network": dict(one["network"]), "host_nic": {"name": names[one["_base"]]}}
              for one in ctx.table("network_attachment").by("host.id", source["id"]) if one["network"]["id"] not in have]
    setup(ctx, target, {"modified_network_attachments": wanted})
