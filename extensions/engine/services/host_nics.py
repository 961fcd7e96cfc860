"""Interfaces of hosts, the networks attached to them and their labels.  What setupnetworks does is in ``rules/host_networks.py``."""

from __future__ import annotations

import re

from .. import errors
from ..commands import mac_from
from ..rules import host_network_checks, host_networks
from ..rules.refusals import Command
from .base import Collection, Created, action

MAC_BASE = 0x525400000000
NETMASK = "255.0.0.0"
NO_CONFIGURATION = ('java.lang.NullPointerException: Cannot invoke "org.ovirt.engine.core.common.businessentities.network.HostNicVfsConfig.getNicId()" '
                    'because the return value of "org.ovirt.engine.core.bll.network.host.VfsConfigCommandBase.getVfsConfig()" is null')
HEX = re.compile(r"(?:[0-9a-fA-F]{2})+")
# What the engine calls the modes of a bond.
BOND_MODES = ("Round-robin", "Active-Backup", "Load balance (balance-xor)", "Broadcast", "Dynamic link aggregation (802.3ad)",
              "Adaptive transmit load balancing (balance-tlb)", "Adaptive load balancing (balance-alb)")


class HostNics(Collection):
    type = "host_nic"
    paths = ("hosts/{host}/nics",)
    links = ("linklayerdiscoveryprotocolelements", "networkattachments", "networklabels", "statistics")

    def rows(self, ctx, parents):
        known_host(ctx, parents, errors.entity_not_found("Host"))
        ctx.listing = True
        return super().rows(ctx, parents)

    def present(self, ctx, row, rep):
        rep["actions"] = {"link": []}
        if not ctx.listing:
            rep.pop("properties", None)
        if "network" in row:
            attached = next(iter(ctx.table("network_attachment").by("_carrier", row["id"])), None)
            rep["custom_configuration"] = attached is None or not host_networks.in_sync(ctx, attached)
        if "bonding" in row:
            rep["link"] = [link for link in rep["link"] if link["rel"] != "linklayerdiscoveryprotocolelements"]
            rep["bonding"] = {**rep["bonding"], "options": [described(one) for one in row["bonding"]["options"]]}
        if row.get("_bond"):
            rep["link"].append({"rel": "master", "href": ctx.href("host_nic", row["_bond"])})

    @action("updatevirtualfunctionsconfiguration")
    def update_virtual_functions_configuration(self, ctx, row, body):
        wanted = body.get("virtual_functions_configuration") or {}
        if not {"number_of_virtual_functions", "all_networks_allowed"} & set(wanted):
            raise errors.fault(400, "Action [virtualFunctionsConfiguration.numberOfVirtualFunctions|allNetworksAllowed] required for "
                                    "updateVirtualFunctionsConfiguration", "Incomplete parameters")
        raise errors.fault(405, row["id"], "Attempt to configure SR-IOV properties on a NIC that does not support that.")


def described(option):
    """An option of a bond; its mode has words of its own."""
    mode = option["value"] if option["name"] == "mode" else ""
    return {**option, "type": BOND_MODES[int(mode)]} if mode.isdigit() and int(mode) < len(BOND_MODES) else option


class NetworkAttachments(Collection):
    type = "network_attachment"
    paths: tuple[str, ...] = ("hosts/{host}/networkattachments",)

    def rows(self, ctx, parents):
        known_host(ctx, parents, errors.not_found())
        return super().rows(ctx, parents)

    def add(self, ctx, body, parents):
        host = known_host(ctx, parents, errors.not_found())
        if not any((body.get("network") or {}).get(name) for name in ("id", "name")):
            raise errors.incomplete("NetworkAttachment", ["network.id|name"], "add")
        request = host_networks.Request(ctx, host)
        wanted = request.attachment(body, None)
        if wanted["id"] is not None:
            raise Command("add", "Network Attachment").refuses(400, "New Network attachment cannot be created with given ID. Please remove Network Attachment "
                                                                    f"ID (id '{wanted['id']}') from request.")
        request.attachments.append(wanted)
        host_network_checks.setup(ctx, request)
        return next(row for row in self.of(ctx).by("host.id", host["id"]) if row["network"]["id"] == wanted["network"])

    def update(self, ctx, row, body):
        request = host_networks.Request(ctx, ctx.row("host", row["host"]["id"]))
        known = {**request.existing[row["id"]], "network_name": None, "nic_name": None}
        request.attachments.append(request.attachment({**body, "id": row["id"]}, known))
        if ctx.flag("override_configuration"):
            request.attachments[0]["override"] = True
        host_network_checks.setup(ctx, request)
        return self.of(ctx).get(row["id"])

    def remove(self, ctx, row):
        setup(ctx, ctx.row("host", row["host"]["id"]), {"removed_network_attachments": [{"id": row["id"]}]})

    def present(self, ctx, row, rep):
        rep["reported_configurations"] = host_networks.reported(ctx, row)
        rep["in_sync"] = all(one["in_sync"] for one in rep["reported_configurations"])


class NicAttachments(NetworkAttachments):
    """Those of one interface."""

    paths = ("hosts/{host}/nics/{host_nic}/networkattachments",)

    def rows(self, ctx, parents):
        known_nic(ctx, parents)
        return super().rows(ctx, parents)

    def add(self, ctx, body, parents):
        nic = known_nic(ctx, parents)
        if (body.get("host_nic") or {}).get("id", nic["id"]).lower() != nic["id"]:
            raise errors.empty(400)
        return super().add(ctx, {**body, "host_nic": {"id": nic["id"]}}, parents)

    def present(self, ctx, row, rep):
        super().present(ctx, row, rep)
        rep.pop("host")


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
        label = body.get("id")
        if not label:
            raise errors.incomplete("NetworkLabel", ["id"], "add")
        nic = ctx.row("host_nic", parents["host_nic"].lower())
        if nic is None:
            raise Command("add", "Label").refuses(400, f"The host network interface (id {parents['host_nic']}) does not exist.")
        there = next((one for one in ctx.table("network_label").by("host.id", host["id"]) if one["_label"] == label), None)
        if there is not None:
            other = ctx.row("host_nic", there["host_nic"]["id"])
            raise Command("add", "Label").refuses(409, f"The network interface '{other['name']}' is already labeled with the specified label '{label}'."
                                                  if other is nic else f"Label '{label}' is already provided to another network interface '{other['name']}'.")
        setup(ctx, host, {"modified_labels": [{"id": label, "host_nic": {"id": nic["id"]}}]})
        return Created(self.find(ctx, label, parents))

    def remove(self, ctx, row):
        setup(ctx, ctx.row("host", row["host"]["id"]), {"removed_labels": [{"id": row["_label"]}]})
        ctx.current_job = None


class UnmanagedNetworks(Collection):
    """Networks that a host has and the engine does not know; the id of one is its name in hexadecimal digits."""

    type = "unmanaged_network"
    paths = ("hosts/{host}/unmanagednetworks",)
    id_is_uuid = False

    def rows(self, ctx, parents):
        host = known_host(ctx, parents, errors.not_found())
        return [{"id": nic["_unmanaged"].encode().hex(), "name": nic["_unmanaged"], "host": {"id": host["id"]}, "host_nic": {"id": nic["id"]}}
                for nic in ctx.table("host_nic").by("host.id", host["id"]) if nic.get("_unmanaged")]

    def find(self, ctx, ident, parents):
        if not HEX.fullmatch(ident):
            raise errors.html(500, "Error", "")
        row = next((row for row in self.rows(ctx, parents) if row["id"] == ident.lower()), None)
        if row is None:
            raise errors.not_found()
        return row

    def remove(self, ctx, row):
        request = host_networks.Request(ctx, ctx.row("host", row["host"]["id"]))
        request.removed_unmanaged.append(row["name"])
        host_network_checks.setup(ctx, request)


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
        if ctx.row("host_nic", parents["host_nic"].lower()) is None:
            raise self.command.refuses(400, "The host network interface does not exist.")
        raise errors.failed(500, NO_CONFIGURATION)

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


def known_nic(ctx, parents):
    nic = ctx.row("host_nic", parents["host_nic"].lower())
    if nic is None or nic["host"]["id"] != parents["host"].lower():
        raise errors.not_found()
    return nic


# -- what the agent reports


def report(ctx, host) -> None:
    """Interfaces of a host that came up for the first time; eth0 carries the management network."""
    table = ctx.table("host_nic")
    if table.by("host.id", host["id"]):
        return
    cluster = ctx.row("cluster", host["cluster"]["id"]) or {}
    management = (cluster.get("management_network") or {}).get("id") or cluster.get("_management_network")
    for number in (1, 2, 3, 0):
        nic = table.save(host_networks.interface(ctx, host, f"eth{number}", mac_from(MAC_BASE + ctx.engine.next_number("host_nic"))))
    address = {"address": host["address"], "gateway": "192.0.2.1", "netmask": NETMASK, "version": "v4"}
    if management:
        host_networks.attach(ctx, host, nic, ctx.row("network", management) or {"id": management},
                             {"assignments": host_networks.completed([{"assignment_method": "static", "ip": address}])})
    else:
        nic.update({"boot_protocol": "static", "ip": address, "ipv6": {"gateway": "::", "version": "v6"}})
        table.save(nic)


# -- commands


def setup(ctx, host, body) -> None:
    """A setupnetworks of this body."""
    host_network_checks.setup(ctx, host_networks.Request(ctx, host).read(body))


def synchronize(ctx, host) -> None:
    """Give the host again what is out of step."""
    wanted = [{"id": row["id"]} for row in ctx.table("network_attachment").by("host.id", host["id"]) if not host_networks.in_sync(ctx, row)]
    setup(ctx, host, {"synchronized_network_attachments": wanted})


def copy(ctx, source, target) -> None:
    """Bonds and networks of another host, interface by interface in the order of their names; the management network stays, addresses are not copied."""
    theirs, ours = host_networks.Request(ctx, source), host_networks.Request(ctx, target)
    pairs = list(zip(free_interfaces(theirs), free_interfaces(ours)))
    for _their, our in pairs:
        where = our.get("_bond") or our["id"]
        if our.get("_bond"):
            ours.removed_bonds = list(dict.fromkeys([*ours.removed_bonds, our["_bond"]]))
        ours.removed = list(dict.fromkeys([*ours.removed, *(ident for ident, one in ours.existing.items() if one["nic"] == where)]))
    places = {their["id"]: our["name"] for their, our in pairs}
    slaves: dict[str, list[str]] = {}
    for their, our in pairs:
        if their.get("_bond"):
            slaves.setdefault(their["_bond"], []).append(our["name"])
    for ident, names in slaves.items():
        bond = theirs.bond({"id": ident})
        same = ours.by_name.get(bond["name"])
        if same is not None:
            ours.removed_bonds = [one for one in ours.removed_bonds if one != same["id"]]
        ours.bonds.append({**bond, "id": same["id"] if same is not None else None, "slaves": names})
        places[ident] = bond["name"]
    known = {one["network"]: ident for ident, one in ours.existing.items()}
    for one in theirs.existing.values():
        if one["nic"] in places:
            reused = known.get(one["network"])
            ours.removed = [other for other in ours.removed if other != reused]
            ours.attachments.append({"id": reused, "network": one["network"], "network_name": None, "nic": None, "nic_name": places[one["nic"]],
                                     "assignments": without_addresses(one["assignments"])})
    host_network_checks.setup(ctx, ours)


def fewer(ctx, target, source) -> bool:
    """Has the target fewer interfaces than the networks of the source need?"""
    return len(free_interfaces(host_networks.Request(ctx, target))) < len(free_interfaces(host_networks.Request(ctx, source)))


def free_interfaces(request):
    """Physical interfaces that do not carry the management network, by name."""
    cluster = request.ctx.row("cluster", request.host["cluster"]["id"]) or {}
    taken = {one["nic"] for one in request.existing.values() if one["network"] == cluster.get("_management_network")}
    return sorted((nic for nic in request.nics.values() if "bonding" not in nic and "vlan" not in nic and not {nic["id"], nic.get("_bond")} & taken),
                  key=lambda nic: nic["name"])


def without_addresses(assignments):
    return [{"assignment_method": "none" if one.get("assignment_method") == "static" else one.get("assignment_method"), "ip": {"version": one["ip"]["version"]}}
            for one in assignments]
