"""What the engine refuses of a setupnetworks, in the order in which it looks."""

from __future__ import annotations

import re
from typing import Any, Callable

from .. import errors
from . import host_networks
from .places import violation

Row = dict[str, Any]
SETUP = "Cannot setup Networks. "
LABEL = re.compile(r"[A-Za-z0-9_\-]+")
LABEL_FORMAT = "Network label must be formed only from: English letters, numbers, hyphen or underscore."
BOND, OLD_BOND, LONGEST_BOND, CUSTOM_BOND_NAMES = re.compile(r"bond\w+"), re.compile(r"bond\d+"), 50, (4, 3)
VM_BOND_MODES = ("1", "active-backup", "2", "balance-xor", "3", "broadcast", "4", "802.3ad")
OCTET = r"(25[0-5]|2[0-4]\d|[01]\d\d|\d?\d)"
IPV4 = re.compile(rf"^\b({OCTET}\.){{3}}{OCTET}$")
IPV6 = re.compile(r"(?:(?:[0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|((?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*)?)::((?:[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*)?))")
IPV4_TEXT = r'must match "^\b((25[0-5]|2[0-4]\d|[01]\d\d|\d?\d)\.){3}(25[0-5]|2[0-4]\d|[01]\d\d|\d?\d)"'
IPV6_TEXT = ('must match "(?:(?:[0-9a-fa-f]{1,4}:){7}[0-9a-fa-f]{1,4}|((?:[0-9a-fa-f]{1,4}(?::[0-9a-fa-f]{1,4})*)?)::'
             '((?:[0-9a-fa-f]{1,4}(?::[0-9a-fa-f]{1,4})*)?))"')
SUBNET_FORMAT = ("This field must contain a subnet in either of the following formats:\n\txxx.xxx.xxx.xxx where xxx is between 0 and 255.\n"
                 "\txx where xx is between 0-32")
LONGEST_PREFIX = 128
PROPERTIES = {"bridge_opts": re.compile(r"[^\s=]+=[^\s=]+(\s+[^\s=]+=[^\s=]+)*")}
# Names of what is out of step, as the refusal writes them.
CONFIGURATIONS = {"mtu": "MTU", "bridged": "Bridged", "vlan": "VLAN", "ipv4_boot_protocol": "IPv4 Boot Protocol", "ipv4_address": "IPv4 Address",
                  "ipv4_netmask": "IPv4 Netmask", "ipv4_gateway": "IPv4 Gateway", "ipv6_boot_protocol": "IPv6 Boot Protocol",
                  "dns_configuration": "Dns Configuration", "default_route": "Default Route"}
STATUSES = ("up", "maintenance", "non_operational")
WRONG_STATUS = "Operation can be performed only when Host status is  Maintenance, Up, NonOperational."
PROTOCOL_NAMES = {"poly_dhcp_autoconf": "poly dhcp autoconf"}


def refuse(reason: str, status: int = 400) -> None:
    raise errors.refused(status, SETUP + reason)


def conflict(reason: str) -> None:
    refuse(reason, 409)


def setup(ctx: Any, request: host_networks.Request) -> None:
    """Carry out what a request asks for, or refuse all of it; nothing is changed by half."""
    if request.host["status"] not in STATUSES:
        conflict(WRONG_STATUS)
    request.complete()
    violations = [text for one in request.attachments for text in address_violations(one["assignments"])]
    violations += [violation(f"size must be between 1 and {LONGEST_BOND}", "name") for bond in request.bonds
                   if bond["name"] is not None and not 1 <= len(bond["name"]) <= LONGEST_BOND]
    if violations:
        raise errors.refused(400, *violations)
    request.forget_unchanged()
    for check in CHECKS:
        check(ctx, request)
    job = ctx.job(f"Configuring networks on host {request.host['name']}") if ctx.current_job is None else None
    request.carry_out()
    host_networks.refresh_status(ctx, request.host["cluster"]["id"])
    if job is not None:
        job.finish()


# -- addresses


def address_violations(assignments: list[Row]) -> list[str]:
    found = []
    for version, attribute in (("v4", "iPv4Addresses"), ("v6", "ipV6Addresses")):
        given = host_networks.of_version(assignments, version)
        if len(given) > 1:
            found.append(violation(f"only one ip{version} address is supported for a network attachment.", f"ipConfiguration.{attribute}"))
        for position, one in enumerate(given):
            place = f"ipConfiguration.{attribute}[{position}]"
            found += _violations_of_four(one["ip"], place) if version == "v4" else _violations_of_six(one["ip"], place)
    return found


def _violations_of_four(address: Row, place: str) -> list[str]:
    found = [violation(IPV4_TEXT, f"{place}.{name}") for name in ("address", "gateway") if address.get(name) and not IPV4.match(address[name])]
    netmask = address.get("netmask")
    if netmask and not (netmask.isdigit() and int(netmask) <= 32):
        if not IPV4.match(netmask):
            found.append(violation(SUBNET_FORMAT, f"{place}.netmask.mask"))
        elif "01" in "".join(f"{int(part):08b}" for part in netmask.split(".")):
            found.append(violation("Invalid subnet's prefix", f"{place}.netmask.mask"))
    return found


def _violations_of_six(address: Row, place: str) -> list[str]:
    found = [violation(IPV6_TEXT, f"{place}.{name}") for name in ("address", "gateway") if address.get(name) and not IPV6.fullmatch(address[name])]
    prefix = int(address.get("netmask") or 0)
    if prefix > LONGEST_PREFIX:
        found.append(violation(f"must be less than or equal to {LONGEST_PREFIX}", f"{place}.prefix"))
    if prefix < 0:
        found.append(violation("must be greater than or equal to 0", f"{place}.prefix"))
    return found


def check_addresses(request: host_networks.Request) -> None:
    default = next((one["id"] for one in request.existing.values() if "default_route" in request.members.get(one["network"], {}).get("_roles", ())), None)
    for one in request.attachments:
        where = f"Network attachment for Network {one['network_name']}, Interface {one['nic_name']}."
        for version in ("v4", "v6"):
            assignment = host_networks.of_version(one["assignments"], version)[0]
            address, method = assignment["ip"], assignment.get("assignment_method")
            if method is None:
                raise errors.refused(400, f"Insufficient ip configuration details of {where} Boot protocol is missing.")
            if method == "static":
                if not (address.get("address") and address.get("netmask")):
                    raise errors.refused(400, f"Insufficient ip configuration of {where} Must define ip address and netmask when boot protocol is static.")
                if version == "v6" and address.get("gateway") and default is not None and one["id"] != default:
                    raise errors.refused(400, f"Bad IPv6 configuration for Network attachment of Network {one['network_name']}. IPv6 gateway can only be set "
                                              "on a network which holds the default route role.")
            elif any(address.get(name) for name in ("address", "netmask", "gateway")):
                raise errors.refused(400, f"Incompatible ip configuration of {where} Can't determine the ip address, netmask or gateway when boot protocol "
                                          f"is set to {PROTOCOL_NAMES.get(method, method)}.")


# -- labels


def check_labels(ctx: Any, request: host_networks.Request) -> None:
    for one in request.labels:
        if not LABEL.fullmatch(one["label"]):
            raise errors.refused(400, LABEL_FORMAT)
        _coherent(one["nic"], one["nic_name"], request.nics, request.by_name,
                  f"NicLabel ({one['label']}) does not reference nic coherently. Nic name and id reference different nics: nicId {{}} nicName {{}}.")
        name = one["nic_name"]
        if name is None or not _there(request, one["nic"], name) or one["nic"] in request.removed_bonds:
            refuse(f"Label '{one['label']}' cannot be attached to non-existing/removed '{name or one['nic']}' network interface.")
        if _will_be_slave(request, name) or "vlan" in request.by_name.get(name, {}):
            refuse(f"Network interface '{name}' cannot be labeled. Label can be provided only to interfaces or to bonds (not to slaves nor vlans).")
    there = {label["_label"] for label in request.host_labels}
    for label in request.removed_labels:
        if label not in there:
            refuse(f"Label '{label}' cannot be removed, since it isn't attached to any network interface.")
    asked = [one["label"] for one in request.labels] + request.removed_labels
    twice = sorted({label for label in asked if asked.count(label) > 1})
    if twice:
        refuse(f"Labels '{_listed(twice)}' appear in the 'labels/removed labels' lists more than once.")


def _will_be_slave(request: host_networks.Request, name: str) -> bool:
    if any(name in bond["slaves"] for bond in request.bonds):
        return True
    bond = request.nics.get(request.by_name.get(name, {}).get("_bond") or "")
    return bond is not None and bond["id"] not in request.removed_bonds and not _leaves(request, name, bond["name"])


def _leaves(request: host_networks.Request, slave: str, bond: str) -> bool:
    return any(one["name"] == bond and slave not in one["slaves"] for one in request.bonds)


def _there(request: host_networks.Request, ident: str | None, name: str | None) -> bool:
    return (ident or "") in request.nics or (name or "") in request.by_name or any(name is not None and bond["name"] == name for bond in request.bonds)


def _coherent(ident: str | None, name: str | None, by_id: dict[str, Row], by_name: dict[str, Row], text: str) -> None:
    if ident is not None and name is not None and by_id.get(ident) is not by_name.get(name):
        refuse(text.format(ident, name))


def _listed(items: list[Any]) -> str:
    return ",\n".join(f"\t{'null' if item is None else item}" for item in items)


# -- attachments


def check_attachments(ctx: Any, request: host_networks.Request) -> None:
    networks_by_name = {network["name"]: network for network in request.networks.values()}
    label_nics = {one["label"]: one["nic_name"] for one in request.labels}
    taken = {one["network"]: ident for ident, one in request.existing.items()}
    for one in request.attachments:
        if one["id"] is not None and one["id"] not in request.existing:
            refuse(f"Updated Network Attachment (id '{one['id']}') does not exist.")
        _check_network_is_known(one)
        known = request.existing.get(one["id"] or "")
        _coherent(one["nic"], one["nic_name"], request.nics, request.by_name, f"NetworkAttachment (id {one['id'] or 'null'}) does not reference nic "
                  "coherently. Nic name and id reference different nics: nicId {} nicName {}.")
        _coherent(one["network"], one["network_name"], request.networks, networks_by_name, f"NetworkAttachment (id {one['id'] or 'null'}) does not reference "
                  "network coherently. Network name and id reference different networks: networkId {} networkName {}.")
        if one["id"] is not None and one["id"] in request.removed:
            refuse("Cannot remove and update a Network Attachment simultaneously. The same network attachment "
                   f"('{one['id']}') appears in both 'network attachments' and 'removed network attachments' lists.")
        if "vlan" in request.by_name.get(one["nic_name"] or "", {}):
            refuse(f"The attachment of network '{one['network_name']}' references vlan device '{one['nic_name']}'. Network attachment cannot reference vlan "
                   "device.")
        if taken.get(one["network"], one["id"]) != one["id"]:
            refuse(f"Network {one['network_name']} is already attached via attachment {taken[one['network']]}. A new attachment cannot be used for the same "
                   "network, please reuse the existing one.")
        network = request.networks[one["network"]]
        labelled = label_nics.get(network.get("_label"))
        if labelled is not None and labelled != one["nic_name"]:
            conflict(f"Cannot attach network '{network['name']}' to network interface '{one['nic_name']}', it should be attached via label to network "
                     f"interface '{labelled}'.")
        _check_roles(request, one, network)
        if one["nic"] is None and one["nic_name"] is None:
            refuse("The host network interface does not have name set.")
        if not _there(request, one["nic"], one["nic_name"]):
            refuse(f"The host network interface (id {one['nic'] or 'null'}, name {one['nic_name'] or 'null'}) does not exist.")
        if known is not None and known["network"] != one["network"]:
            refuse(f"Network of given Network Attachment (id {one['id']}) cannot be updated.")
        check_addresses(request)
        if known is not None and known["nic"] != one["nic"] and network.get("_label") in _labels_after(request, known["nic"]):
            conflict(f"Network '{network['name']}' cannot be moved to another network interface since it's managed by label '{network['_label']}'. Please "
                     "remove the label from the network interface in order to remove the network.")


def _check_network_is_known(one: Row) -> None:
    if one["network"] is None and one["network_name"] is None:
        refuse("There's unset networkId or networkName among given network attachments. At least one of them should be set.")
    if one["network_name"] is None:
        raise errors.refused(400, f"Logical Network (id '{one['network']}') doesn't exist.")
    if one["network"] is None:
        raise errors.refused(400, f"Logical Network (name '{one['network_name']}') doesn't exist.")


def _check_roles(request: host_networks.Request, one: Row, network: Row) -> None:
    if network.get("external_provider"):
        raise errors.refused(400, f"The external network '{network['name']}' cannot be configured on the host's interface.")
    roles = set(request.members[network["id"]].get("_roles", ())) & {"display", "migration", "gluster", "default_route"}
    if roles and all(assignment.get("assignment_method") == "none" for assignment in one["assignments"]):
        conflict(f"Role (migration/display/gluster/default-route) network '{network['name']}' has no boot protocol assigned.")


def _labels_after(request: host_networks.Request, nic: str | None) -> list[str]:
    """Labels that an interface has when the request is through."""
    moved = {one["label"]: one["nic"] for one in request.labels}
    kept = [label for label in request.labels_of(nic) if label not in request.removed_labels and moved.get(label, nic) == nic]
    return kept + [label for label, where in moved.items() if where == nic]


def check_removed(ctx: Any, request: host_networks.Request) -> None:
    unknown = [ident for ident in request.removed if ident not in request.existing]
    if unknown:
        refuse(f"Cannot remove following Network Attachments, because they do not exist: {_listed(unknown)}.")
    management = (ctx.row("cluster", request.host["cluster"]["id"]) or {}).get("_management_network")
    for ident in request.removed:
        one = request.existing[str(ident)]
        network = request.networks.get(one["network"]) or {"name": one["network_name"]}
        if one["network"] == management:
            raise errors.refused(400, f"The Management Network ('{network['name']}') is mandatory and cannot be removed.")
        if network.get("_label") in _labels_after(request, one["nic"]):
            conflict(f"The following networks cannot be removed from the network interface since they are managed by the label: {network['name']}. Please "
                     "remove the label from the network interface in order to remove the network.")
        users = _machines_on(ctx, request.host, one["network"])
        if users:
            conflict(f"The following Logical Network: ' {network['name']}' is being used by the following VM(s): ' {', '.join(users)}' . Please stop the "
                     "VM(s) and try again.")


def _machines_on(ctx: Any, host: Row, network: str) -> list[str]:
    """Names of the machines that run on a host with a plugged NIC in a network."""
    profiles = {one["id"] for one in ctx.table("vnic_profile").by("network.id", network)}
    return [vm["name"] for vm in ctx.table("vm").by("host.id", host["id"])
            if any(nic.get("plugged") and (nic.get("vnic_profile") or {}).get("id") in profiles for nic in ctx.table("nic").by("vm.id", vm["id"]))]


# -- bonds


def check_bonds(ctx: Any, request: host_networks.Request) -> None:
    version = (ctx.row("cluster", request.host["cluster"]["id"]) or {}).get("version") or {"major": 4, "minor": 8}
    pattern = BOND if (version["major"], version["minor"]) >= CUSTOM_BOND_NAMES else OLD_BOND
    for bond in request.bonds:
        if bond["name"] is None:
            refuse(f"The host network interface (id {bond['id']}) does not exist." if bond["id"] is not None else
                   "Among the given bonds, there is a bond with neither nicName nor nicId. If you wish to add a new bond, the nicName is mandatory. If "
                   "you wish to update an existing bond you should pass nicName or nicId or both of them.")
        _coherent(bond["id"], bond["name"], request.nics, request.by_name, f"Bond ({bond['name']}) does not reference nic coherently. Nic name and id "
                  "reference different nics: nicId {} nicName {}.")
        if not pattern.fullmatch(bond["name"]):
            raise errors.refused(400, f"Bond name '{bond['name']}' does not follow naming criteria. For host compatibility version 4.3 or greater, custom bond "
                                      "names must begin with the prefix 'bond'  followed by 'a-z', 'A-Z', '0-9', or '_' characters. For host compatibility "
                                      "version 4.2 and lower, custom bond names must begin with the prefix 'bond' followed by a number.")
        if "bonding" not in request.by_name.get(bond["name"], {"bonding": None}):
            conflict(f"The given network interface '{bond['name']}' is not a bond.")
        if len(bond["slaves"]) < 2:
            refuse(f"The following bonds consist of less than two Network Interfaces: {bond['name']}.")
        for slave in bond["slaves"]:
            _check_slave(request, bond, slave)


def _check_slave(request: host_networks.Request, bond: Row, slave: str) -> None:
    nic = request.by_name.get(slave)
    if nic is None:
        refuse(f"The host network interface (name {slave}) does not exist.")
        return
    if "bonding" in nic or "vlan" in nic:
        conflict(f"Network Interface '{slave}' cannot be slave: Neither bond nor vlan can be slave.")
    former = request.nics.get(nic.get("_bond") or "")
    if former is not None and former["name"] != bond["name"] and former["id"] not in request.removed_bonds and not _leaves(request, slave, former["name"]):
        raise errors.refused(409, f"Network Interface '{slave}' already belongs to the bond.")
    for one in request.to_configure():
        if one["nic_name"] == slave:
            why = (f"because you're also attaching network '{one['network_name']}' to it." if one["id"] is None
                   else f"there's network '{one['network_name']}' attached to it.")
            conflict(f"Network Interface '{slave}' cannot become slave, {why}")
    for other in request.nics.values():
        if other.get("_unmanaged") and other.get("base_interface", other["name"]) == slave:
            raise errors.refused(400, f"Network interface {slave} can not be a slave. It has an unmanaged network {other['_unmanaged']} attached.")
    if sum(one["slaves"].count(slave) for one in request.bonds) > 1:
        conflict(f"Network interface '{slave}' is used multiple times in new or modified bonds in this request. Slave can be neither shared by multiple bonds "
                 "nor used multiple times in one bond.")
    if _labels_after(request, nic["id"]):
        refuse(f"Network interface '{slave}' cannot be labeled. Label can be provided only to interfaces or to bonds (not to slaves nor vlans).")


def check_removed_bonds(ctx: Any, request: host_networks.Request) -> None:
    unknown = [ident for ident in request.removed_bonds if ident not in request.nics]
    if unknown:
        raise errors.refused(400, f"Following bonds do not exist: {_listed(unknown)}.")
    for ident in request.removed_bonds:
        bond = request.nics[str(ident)]
        if "bonding" not in bond:
            conflict(f"The given network interface '{bond['name']}' is not a bond.")
        users = [one["id"] for one in request.to_configure() if one["nic_name"] == bond["name"]]
        if users:
            raise errors.refused(409, f"Cannot remove bond {bond['name']}, because it's used by Network Attachments: {_listed(users)}.")
    both = [bond["name"] for bond in request.bonds if bond["id"] is not None and bond["id"] in request.removed_bonds]
    if both:
        refuse(f"Bond {_listed(both)} is updated and removed simultaneously.")


# -- networks together


def check_networks_together(ctx: Any, request: host_networks.Request) -> None:
    there = list(request.to_configure())
    for one in there:
        same = [other["id"] for other in there if other["network"] == one["network"]]
        if len(same) > 1:
            refuse(f"Multiple network attachments ({_listed(same)}) references same network ({one['network_name']}).")
    by_nic: dict[str, list[Row]] = {}
    for one in there:
        by_nic.setdefault(one["nic_name"], []).append(request.networks.get(one["network"]) or {"name": one["network_name"]})
    crowded = [nic for nic, networks in by_nic.items() if sum(not _vlan(network) for network in networks) > 1]
    if crowded:
        conflict("At most one VLAN-untagged Logical Network is allowed on a NIC (optionally in conjunction with several VLAN Logical Networks). The following "
                 f"Network Interfaces violate that rule: {_listed(crowded)}.")
    for networks in by_nic.values():
        if not all(map(_vlan, networks)) and len({network.get("mtu") or host_networks.ETHERNET_MTU for network in networks}) > 1:
            sizes = [f"{network['name']}({network.get('mtu') or 'default'})" for network in networks]
            conflict(f"The following Logical Networks do not have the same MTU value: {_listed(sizes)}.")


def _vlan(network: Row) -> bool:
    return (network.get("vlan") or {}).get("id") is not None


def check_properties(ctx: Any, request: host_networks.Request) -> None:
    for one in request.attachments:
        allowed = PROPERTIES if "vm" in request.networks[one["network"]]["usages"] else {}
        for given in one.get("properties") or ():
            pattern = allowed.get(given.get("name"))
            if pattern is None or not pattern.fullmatch(given.get("value") or ""):
                refuse("Some network custom properties contained errors (bad syntax, non-existing keys or invalid values), please take a closer look at the "
                       f"following network(s): {one['network_name']}. Refer to the engine log for further details.")


def check_qos(ctx: Any, request: host_networks.Request) -> None:
    for one in request.attachments:
        qos = _limits(one)
        if qos and qos.get("outbound_average_linkshare") is None:
            refuse(f"Weighted share must be specified to complete QoS configuration, but the following network(s) are missing it: {one['network_name']}.")
        upper, committed = qos.get("outbound_average_upperlimit"), qos.get("outbound_average_realtime")
        if upper is not None and committed is not None and upper < committed:
            refuse("If both are provided, rate limit must not be lower than committed rate. However, this is not the case with the following network(s): "
                   f"{one['network_name']}.")
    having: dict[str, set[bool]] = {}
    for one in request.to_configure():
        network = request.networks.get(one["network"]) or {}
        having.setdefault(one["nic_name"], set()).add(bool(_limits(one)) if "qos" in one else network.get("qos") is not None)
    for nic, found in having.items():
        if len(found) > 1:
            refuse("All or none of the networks attached to an interface must have QoS configured, but on the following interface(s) some of the networks are "
                   f"missing QoS: {nic}.")


def _limits(one: Row) -> Row:
    return {name: value for name, value in (one.get("qos") or {}).items() if name.startswith("outbound_average") and value is not None}


def check_bond_modes(ctx: Any, request: host_networks.Request) -> None:
    for one in request.to_configure():
        network = request.networks.get(one["network"])
        if network is None or "vm" not in network["usages"]:
            continue
        bond = next((bond for bond in request.bonds if bond["name"] == one["nic_name"]), None)
        if bond is None and "bonding" in request.by_name.get(one["nic_name"], {}):
            bond = request.bond({"name": one["nic_name"]})
        mode = next((option["value"] for option in bond["options"] if option["name"] == "mode"), None) if bond else "4"
        if mode not in VM_BOND_MODES:
            label = network.get("_label")
            via = f" (via label {label})" if bond and label in _labels_after(request, bond["id"]) else ""
            raise errors.refused(400, f"Network {network['name']} is attached{via} to bond {one['nic_name']}. VM networks cannot be attached to bonds in mode "
                                      "0, 5 or 6.")


def check_unmanaged(ctx: Any, request: host_networks.Request) -> None:
    there = {nic["_unmanaged"]: nic.get("base_interface", nic["name"]) for nic in request.nics.values() if nic.get("_unmanaged")}
    for name in request.removed_unmanaged:
        if any(network["name"] == name for network in request.networks.values()):
            raise errors.refused(400, f"Cannot remove unmanaged network {name} from host, as it is an existing cluster network.")
        if name not in there:
            raise errors.refused(400, f"Cannot remove unmanaged network {name} from host, as it does not exist on the host.")
    for nic in (nic for name, nic in there.items() if name not in request.removed_unmanaged):
        for label in request.labels:
            if label["nic_name"] == nic:
                raise errors.refused(400, f"Cannot add label {label['label']} to network interface {nic}. Network interface has an unmanaged network attached.")
        for one in request.attachments:
            if one["nic_name"] == nic:
                raise errors.refused(400, f"Cannot add network {one['network_name']} to network interface {nic}. Network interface has an unmanaged network "
                                          "attached.")


def check_in_step(ctx: Any, request: host_networks.Request) -> None:
    for one in request.attachments:
        row = ctx.row("network_attachment", one["id"])
        if row is None or one.get("override"):
            continue
        wrong = sorted((found for found in host_networks.reported(ctx, row) if not found["in_sync"]), key=lambda found: found["name"])
        if wrong:
            values = "; ".join(f"{CONFIGURATIONS[found['name']]} Host - {found.get('actual_value', 'null')}, DC - {found.get('expected_value', 'null')}"
                               for found in wrong)
            conflict("The following Network definitions on the Network Interface are different than those on the Logical Network. Please synchronize the "
                     f"Network Interface before editing network {one['network_name']}. The non-synchronized values are: {values}.")


CHECKS: tuple[Callable[[Any, host_networks.Request], None], ...] = (
    check_labels, check_attachments, check_removed, check_bonds, check_removed_bonds, check_networks_together, check_properties, check_qos, check_bond_modes,
    check_unmanaged, check_in_step)
