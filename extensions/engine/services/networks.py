"""/networks, also below /datacenters/D/networks and /clusters/C/networks, with their labels."""

from __future__ import annotations

import ipaddress
import re

from .. import errors
from ..rules import host_networks, places
from ..rules.refusals import Command
from .base import Collection, Created
from .permissions import own

ADD = Command("add", "Network")
EDIT = Command("edit", "Network")
REMOVE = Command("remove", "Network")
DETACH = Command("detach", "Network")
HOST_NAME = re.compile(r"[A-Za-z0-9_-]{1,15}")
LABEL = re.compile(r"[A-Za-z0-9_-]+")
SMALLEST_MTU, LARGEST_VLAN, MOST_NAME_SERVERS = 68, 4094, 3
# In the order of the answers; the network itself says whether it carries virtual machines.
ROLES = ("display", "migration", "management", "gluster", "default_route")


def in_use(ctx, network, command, kinds=("vm", "template")):
    """Refuse while machines have NICs in the network."""
    profiles = {one["id"] for one in ctx.table("vnic_profile").by("network.id", network["id"])}
    for kind, one_word, many_words in (("vm", "virtual machine", "virtual machines"), ("template", "template", "templates")):
        users = {(nic.get(kind) or {}).get("id") for nic in ctx.table("nic") if (nic.get("vnic_profile") or {}).get("id") in profiles} - {None}
        names = [row["name"] for row in (ctx.row(kind, ident) for ident in users) if row is not None] if kind in kinds else []
        if len(names) == 1:
            raise command.refuses(409, f"This logical network is used by {one_word}: {names[0]}\n - Please remove it from this {one_word} and try again.")
        if names:
            raise command.refuses(409, f"This logical network is used by {many_words}: ({len(names)}): {', '.join(names)}\n"
                                       f" - Please detach {many_words} using this logical network and try again.")


def on_hosts(ctx, network):
    """Refuse while hosts carry the network.  The engine's own list of several never gets into its text."""
    names = host_networks.carrying(ctx, network)
    if len(names) == 1:
        raise EDIT.refuses(409, f"This logical network is used by host: {names[0]}\n - Please remove it from this host and try again.")
    if names:
        listed = ",\n".join(f"\t{name}" for name in names)
        raise errors.refused(409, f"Cannot edit Network. This logical network is used by hosts: ({len(names)}): "
                                  "${ACTION_TYPE_FAILED_NETWORK_IN_MANY_USES_LIST}\n - Please detach hosts using this logical network and try again.",
                             f"$action type failed network in many uses list {listed}")


class Networks(Collection):
    type = "network"
    paths = ("networks",)
    search: str | None = "networks"
    links: tuple[str, ...] = ("networklabels", "permissions", "vnicprofiles")

    def nested(self, ctx, row):
        return Created(row, rep=places.moved(Networks.render(self, ctx, row), f"{ctx.prefix}/datacenters/{row['data_center']['id']}/networks/{row['id']}"))

    def add(self, ctx, body, parents):
        reference = dict(body.get("data_center") or {})
        absent = [] if body.get("name") else ["name"]
        absent += [] if reference.get("id") or reference.get("name") else ["dataCenter.name|id"]
        if absent:
            raise errors.incomplete("Network", absent, "add")
        if reference.get("id"):
            data_center = ctx.row("data_center", places.uuid(reference["id"]))
        else:
            data_center = places.named(ctx, "data_center", reference, "Datacenter")
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description", ""), "comment": body.get("comment", ""), "mtu": 0,
               "port_isolation": False, "stp": False, "usages": ["vm"]}
        row["vdsm_name"] = self._host_name(row)
        self._take(row, body)
        self._violations(row)
        if data_center is None:
            raise errors.refused(400, "Data Center doesn't exist.")
        row["data_center"] = {"id": data_center["id"]}
        if body.get("external_provider"):
            if ctx.row("open_stack_network_provider", body["external_provider"].get("id")) is None:
                raise ADD.refuses(400, "The provider does not exist in the system.")
            provider = ctx.row("open_stack_network_provider", body["external_provider"]["id"])
            if provider.get("type") == "external" and provider.get("read_only"):
                raise errors.refused(400, f"External network provider {provider['name']} is read only.")
            row["external_provider"] = {"id": body["external_provider"]["id"].lower()}
        self._check(ctx, row, ADD)
        if (row.get("qos") or {}).get("id") is not None and ctx.row("qos", row["qos"]["id"]) is None:
            raise errors.refused(400, "Internal Engine Error")
        self.of(ctx).save(row)
        own(ctx, "network", row["id"])
        if "vm" in row["usages"] and body.get("profile_required", True):
            own(ctx, "vnic_profile", ctx.engine.services.of_type("vnic_profile").for_network(ctx, row)["id"])
        ctx.event(9423, "normal", f"Start adding Network {row['name']} to Data Center: {data_center['name']}; no hosts affected", data_center=data_center)
        return self.nested(ctx, row)

    def update(self, ctx, row, body):
        center = (body.get("data_center") or {}).get("id")
        wanted = {name: list(value) if isinstance(value, list) else value for name, value in row.items()}
        wanted["name"] = body.get("name", row["name"])
        wanted.update({name: body[name] for name in ("description", "comment") if name in body})
        self._take(wanted, body)
        self._violations(wanted)
        if center is not None and center.lower() != row["data_center"]["id"]:
            raise EDIT.refuses(400, "Change of Data Center ID is not allowed.")
        self._check(ctx, wanted, EDIT)
        if "vm" in row["usages"] and "vm" not in wanted["usages"]:
            in_use(ctx, row, EDIT)
        if (wanted.get("qos") or {}).get("id") is not None and ctx.row("qos", wanted["qos"]["id"]) is None:
            raise errors.refused(400, "Internal Engine Error")
        if wanted["port_isolation"] != row["port_isolation"]:
            raise EDIT.refuses(400, "Port isolation option cannot be updated after Network is defined.")
        if wanted["name"] != row["name"]:
            on_hosts(ctx, row)
            in_use(ctx, row, EDIT)
            wanted["vdsm_name"] = self._host_name(wanted)
        carried = "vm" in row["usages"]
        redefined = any(wanted.get(name) != row.get(name) for name in ("vlan", "mtu", "usages", "vdsm_name"))
        row.clear()
        row.update(wanted)
        self.of(ctx).save(row)
        if redefined:
            host_networks.changed(ctx, row)
        profiles = ctx.table("vnic_profile").by("network.id", row["id"])
        if carried and "vm" not in row["usages"]:
            for profile in profiles:
                ctx.table("vnic_profile").remove(profile["id"])
        elif not carried and "vm" in row["usages"] and not profiles and body.get("profile_required", True):
            ctx.engine.services.of_type("vnic_profile").for_network(ctx, row)
        data_center = ctx.row("data_center", row["data_center"]["id"])
        ctx.job(f"Updating network {row['name']} on Data Center: {data_center['name']}").finish()
        ctx.event(1114, "normal", f"Finished Network {row['name']} update on Data Center: {data_center['name']}", data_center=data_center)
        return self.nested(ctx, row)

    def remove(self, ctx, row):
        if any(cluster.get("_management_network") == row["id"] for cluster in ctx.table("cluster")):
            raise errors.refused(400, f"The Management Network ('{row['name']}') is mandatory and cannot be removed.")
        bonds = [one["name"] for one in ctx.table("iscsi_bond") if row["id"] in one["_networks"]]
        if bonds:
            listed = ",\n".join(f"\t{name}" for name in bonds)
            raise errors.refused(400, f"The Network ('{row['name']}') could not be removed since several iSCSI bonds ({len(bonds)}) are using this network:\n "
                                      f"{listed}.\nPlease remove the network first from those iSCSI bonds, and try again.")
        in_use(ctx, row, REMOVE)
        data_center = ctx.row("data_center", row["data_center"]["id"])
        ctx.job(f"Removing network {row['name']} from Data Center: {data_center['name']}").finish()
        host_networks.forgotten(ctx, row)
        for kind in ("cluster_network", "vnic_profile"):
            for one in ctx.table(kind).by("network.id", row["id"]):
                ctx.table(kind).remove(one["id"])
        self.of(ctx).remove(row["id"])
        ctx.event(944, "normal", f"Finished Network {row['name']} removal from Data Center: {data_center['name']}", data_center=data_center)

    # -- parts

    @staticmethod
    def _host_name(row):
        """What hosts call the network: its name where that can be a device's, else one made of the id."""
        return row["name"] if HOST_NAME.fullmatch(row["name"]) else f"on{row['id'].replace('-', '')[:13]}"

    @staticmethod
    def _take(row, body):
        row.update({name: body[name] for name in ("mtu", "stp", "port_isolation") if name in body})
        if "usages" in body:
            row["usages"] = ["vm"] if "vm" in body["usages"] else []
        if "vlan" in body:
            row["vlan"] = {"id": body["vlan"]["id"]} if body["vlan"].get("id") is not None else None
        if "qos" in body:
            row["qos"] = {"id": body["qos"]["id"].lower()} if body["qos"].get("id") is not None else None
        if "dns_resolver_configuration" in body:
            servers = body["dns_resolver_configuration"].get("name_servers")
            row["dns_resolver_configuration"] = {"name_servers": servers} if servers is not None else None

    @staticmethod
    def _violations(row):
        wrong = []
        if row.get("vlan") is not None and not 0 <= row["vlan"]["id"] <= LARGEST_VLAN:
            wrong.append(places.violation("VLAN ID must be a number between 0 and 4094.", "network.vlanId"))
        if row["mtu"] != 0 and row["mtu"] < SMALLEST_MTU:
            wrong.append(places.violation("mtu value invalid", "network.mtu"))
        servers = (row.get("dns_resolver_configuration") or {}).get("name_servers")
        if servers is not None and not 1 <= len(servers) <= MOST_NAME_SERVERS:
            wrong.append(places.violation("size must be between 1 and 3", "network.dnsResolverConfiguration.nameServers"))
        for position, server in enumerate(servers or ()):
            try:
                ipaddress.ip_address(server)
            except ValueError:
                wrong.append(places.violation(f'IPv4 or IPv6 address should be provided, supplied "{server}" is neither.',
                                              f"network.dnsResolverConfiguration.nameServers[{position}].address"))
        if wrong:
            raise errors.refused(400, *wrong)

    @staticmethod
    def _check(ctx, row, command):
        carries = "vm" in row["usages"]
        if row["stp"] and not carries:
            raise command.refuses(409, "STP can only be enabled on VM Networks.")
        if row["port_isolation"] and not carries:
            raise command.refuses(409, "Port isolation can only be enabled on VM Networks.")
        if row["name"].lower().startswith("bond"):
            raise errors.refused(400, "Bad network name, network cannot start with 'bond'")
        others = [one for one in ctx.table("network").by("data_center.id", row["data_center"]["id"]) if one["id"] != row["id"]]
        if any(one["name"] == row["name"] for one in others):
            raise command.refuses(409, f"The name of the logical network '{row['name']}' is already used by an existing logical network in the same "
                                       "data-center.\n"
                                       "-Please choose a different name.")
        conflict = next((one["name"] for one in others if one["vdsm_name"] == row["name"]), None)
        if conflict is not None:
            raise errors.refused(400, f"Bad network name ({row['name']}). The name is already used as an on-host identifier of the network: {conflict}")


class DataCenterNetworks(Networks):
    """The networks of one data center; its list names no links."""

    paths = ("datacenters/{data_center}/networks",)
    table = "network"
    search = None
    links = ()

    def add(self, ctx, body, parents):
        if not body.get("name"):
            raise errors.incomplete("Network", ["name"], "add")
        return super().add(ctx, {**body, "data_center": {"id": parents["data_center"]}}, parents)

    def path_of(self, row):
        return f"/networks/{row['id']}"


class ClusterNetworks(Collection):
    """Networks of a cluster: what they are used for there."""

    type = "network"
    paths = ("clusters/{cluster}/networks", "datacenters/{data_center}/clusters/{cluster}/networks")
    table = "cluster_network"

    def rows(self, ctx, parents):
        return self.of(ctx).by("cluster.id", parents["cluster"])

    def find(self, ctx, ident, parents):
        found = next((row for row in self.of(ctx).by("cluster.id", parents["cluster"]) if row["network"]["id"] == ident.lower()), None)
        if found is None:
            raise errors.not_found()
        return found

    def render(self, ctx, row, parents=None):
        network = ctx.row("network", row["network"]["id"])
        rep = {name: value for name, value in network.items() if name[0] != "_" and value is not None}
        rep.update({"required": row["required"], "status": row["status"], "display": "display" in row["_roles"],
                    "usages": (["vm"] if "vm" in network["usages"] else []) + [role for role in ROLES if role in row["_roles"]],
                    "href": f"{ctx.prefix}/clusters/{row['cluster']['id']}/networks/{network['id']}", "cluster": {"id": row["cluster"]["id"]}})
        self.engine.services.complete(ctx, self.type, rep)
        return rep

    def add(self, ctx, body, parents):
        if not body.get("id") and not body.get("name"):
            raise errors.incomplete("Network", ["id|name"], "add")
        cluster = ctx.row("cluster", parents["cluster"].lower())
        if cluster is None:
            raise errors.not_found()
        center = (cluster.get("data_center") or {}).get("id")
        known = ctx.table("network").by("data_center.id", center) if center else []
        network = next((one for one in known if one["id"] == (body.get("id") or "").lower() or (not body.get("id") and one["name"] == body.get("name"))), None)
        if network is None:
            raise errors.not_found()
        if any(row["network"]["id"] == network["id"] for row in self.of(ctx).by("cluster.id", cluster["id"])):
            raise errors.refused(409, "Logical Network is already attached to Cluster.")
        self._isolated(cluster, network, Command("attach", "Network"))
        row = {"id": ctx.new_id(), "cluster": {"id": cluster["id"]}, "network": {"id": network["id"]}, "required": body.get("required", True),
               "status": "operational", "_roles": []}
        self.of(ctx).save(row)
        self._roles(ctx, cluster, row, body)
        host_networks.labelled(ctx, network)
        host_networks.refresh_status(ctx, cluster["id"])
        ctx.event(946, "normal", f"Network {network['name']} attached to Cluster {cluster['name']}", cluster=cluster)
        return row

    def update(self, ctx, row, body):
        cluster = ctx.row("cluster", row["cluster"]["id"])
        network = ctx.row("network", row["network"]["id"])
        edit = Command("edit", "Network")
        managing = "management" in (body["usages"] if "usages" in body else row["_roles"])
        if "management" in row["_roles"] and not managing:
            raise edit.refuses(400, "Unsetting management network property is not allowed. It is done automatically when moving the role to another network.")
        required = body.get("required", row["required"])
        if managing and not required:
            raise edit.refuses(400, f"The management network '{network['name']}' must be required, please change the network to be required and try again.")
        if managing and "management" not in row["_roles"] and ctx.table("host").by("cluster.id", cluster["id"]):
            raise edit.refuses(400, "Changing management network in a non-empty cluster is not allowed.")
        row["required"] = required
        self._roles(ctx, cluster, row, body)
        self.of(ctx).save(row)
        host_networks.refresh_status(ctx, cluster["id"])
        return row

    def remove(self, ctx, row):
        cluster = ctx.row("cluster", row["cluster"]["id"])
        network = ctx.row("network", row["network"]["id"])
        if "management" in row["_roles"]:
            raise errors.refused(400, f"The Management Network ('{network['name']}') is mandatory and cannot be removed.")
        machines = {vm["id"] for vm in ctx.table("vm").by("cluster.id", cluster["id"])}
        profiles = {one["id"] for one in ctx.table("vnic_profile").by("network.id", network["id"])}
        if any((nic.get("vm") or {}).get("id") in machines and (nic.get("vnic_profile") or {}).get("id") in profiles for nic in ctx.table("nic")):
            in_use(ctx, network, DETACH, ("vm",))
        self._give_back(ctx, row, row["_roles"])
        self.of(ctx).remove(row["id"])
        host_networks.forgotten(ctx, network, cluster["id"])
        ctx.event(948, "normal", f"Network {network['name']} detached from Cluster {cluster['name']}", cluster=cluster)

    # -- parts

    @staticmethod
    def _isolated(cluster, network, command):
        if network["port_isolation"] and (cluster["version"]["major"], cluster["version"]["minor"]) < (4, 5):
            raise command.refuses(400, "Port isolation requires cluster compatibility level 4.5 or higher.")
        if network["port_isolation"] and cluster["switch_type"] != "legacy":
            raise command.refuses(400, "Port isolation requires Cluster Switch Type Linux Bridge.")

    def _roles(self, ctx, cluster, row, body):
        """Every role belongs to one network of the cluster; one that a network gives up goes to the management network."""
        wanted = set(row["_roles"])
        if "usages" in body:
            wanted = {role for role in ROLES if role in body["usages"]}
        elif "display" in body:
            wanted = wanted | {"display"} if body["display"] else wanted - {"display"}
        given_up = [role for role in row["_roles"] if role not in wanted]
        if "management" in wanted and "management" not in row["_roles"]:
            cluster["_management_network"] = row["network"]["id"]
            ctx.table("cluster").save(cluster)
        for other in self.of(ctx).by("cluster.id", cluster["id"]):
            if other["id"] != row["id"] and wanted & set(other["_roles"]):
                other["_roles"] = [role for role in other["_roles"] if role not in wanted]
                self.of(ctx).save(other)
        row["_roles"] = [role for role in ROLES if role in wanted]
        self.of(ctx).save(row)
        self._give_back(ctx, row, [role for role in given_up if role != "gluster"])

    def _give_back(self, ctx, row, roles):
        cluster = ctx.row("cluster", row["cluster"]["id"])
        home = next((one for one in self.of(ctx).by("cluster.id", cluster["id"]) if one["network"]["id"] == cluster.get("_management_network")), None)
        if home is not None and roles:
            home["_roles"] = [role for role in ROLES if role in home["_roles"] or role in roles]
            self.of(ctx).save(home)


class NetworkLabels(Collection):
    """The label of a network; it has one at most."""

    type = "network_label"
    paths = ("networks/{network}/networklabels",)
    id_is_uuid = False

    def rows(self, ctx, parents):
        network = ctx.row("network", parents["network"].lower())
        return [self._label(network)] if network is not None and network.get("_label") else []

    def find(self, ctx, ident, parents):
        found = next((one for one in self.rows(ctx, parents) if one["id"] == ident), None)
        if found is None:
            raise errors.not_found()
        return found

    @staticmethod
    def _label(network):
        return {"id": network["_label"], "network": {"id": network["id"]}}

    def add(self, ctx, body, parents):
        network = ctx.row("network", parents["network"].lower())
        if network is None:
            raise Command("add", "Label").refuses(400, "The specified Logical Network doesn't exist.")
        if not LABEL.fullmatch(body["id"]):
            raise errors.refused(400, places.violation("Network label must be formed only from: English letters, numbers, hyphen or underscore.", "label"))
        if network.get("_label"):
            raise Command("add", "Label").refuses(400, "The specified network is already labeled.")
        network["_label"] = body["id"]
        ctx.table("network").save(network)
        host_networks.labelled(ctx, network)
        data_center = ctx.row("data_center", network["data_center"]["id"])
        ctx.event(1132, "normal", f"Network {network['name']} was labeled {body['id']} in data-center {data_center['name']}.", data_center=data_center)
        return self._label(network)

    def remove(self, ctx, row):
        network = ctx.row("network", row["network"]["id"])
        host_networks.unlabelled(ctx, network, network.pop("_label"))
        ctx.table("network").save(network)
        data_center = ctx.row("data_center", network["data_center"]["id"])
        ctx.event(1134, "normal", f"Network {network['name']} was unlabeled in data-center {data_center['name']}.", data_center=data_center)
