"""/vnicprofiles, also below /networks/N/vnicprofiles."""

from __future__ import annotations

from .. import errors
from ..rules import places, policies
from ..rules.refusals import Command
from .base import Collection, Created
from .permissions import own

ADD = Command("add", "VM network interface profile")
EDIT = Command("edit", "VM network interface profile")
REMOVE = Command("remove", "VM network interface profile")
NO_SPOOFING = "d2370ab4-fee3-11e9-a310-8c1645ce738e"
_GROUP = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
PROPERTIES = {"SecurityGroups": f"(?:(?:{_GROUP}, *)*{_GROUP}|)"}


class VnicProfiles(Collection):
    type = "vnic_profile"
    paths = ("vnicprofiles",)
    search: str | None = "vnicprofiles"
    links = ("permissions",)

    def present(self, ctx, row, rep):
        if not rep.get("description"):
            rep.pop("description", None)
        if row["pass_through"]["mode"] == "enabled":
            rep["migratable"] = row["_migratable"]

    def nested(self, ctx, row):
        return Created(row, rep=places.moved(self.render(ctx, row), f"{ctx.prefix}/networks/{row['network']['id']}/vnicprofiles/{row['id']}"))

    def for_network(self, ctx, network):
        """The profile that every new network for virtual machines gets."""
        return self.of(ctx).save(self._fresh(ctx, network["name"], network["id"]))

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("VnicProfile", ["name"], "validateParameters")
        network = places.named(ctx, "network", {"id": body["network"]["id"]}, "Network")
        row = self._fresh(ctx, body["name"], network["id"])
        self._take(row, body)
        if "network_filter" in body or row["pass_through"]["mode"] == "enabled":
            row["network_filter"] = self._filter(body)
        self._check_qos(ctx, row)
        if "vm" not in network["usages"]:
            raise ADD.refuses(400, "VM network interface profiles cannot be added to a non-VM network. Please make sure the network is a VM network.")
        self._check_name(ctx, row, ADD)
        self._check(ctx, row, network, ADD)
        self.of(ctx).save(row)
        own(ctx, "vnic_profile", row["id"])
        self._event(ctx, 1122, "added to", row, network)
        return self.nested(ctx, row)

    def update(self, ctx, row, body):
        wanted = {name: dict(value) if isinstance(value, dict) else value for name, value in row.items()}
        wanted["name"] = body.get("name", row["name"])
        self._take(wanted, body)
        if "network_filter" in body:
            wanted["network_filter"] = self._filter(body)
        self._check_name(ctx, wanted, EDIT)
        network_id = (body.get("network") or {}).get("id")
        if network_id is not None and network_id.lower() != row["network"]["id"]:
            raise EDIT.refuses(400, "VM network interface profile's network cannot be changed.")
        self._check_qos(ctx, wanted)
        if wanted["port_mirroring"] != row["port_mirroring"]:
            self._unused(ctx, row, EDIT, ("vm",))
        network = ctx.row("network", row["network"]["id"])
        if wanted["pass_through"] != row["pass_through"]:
            self._unused(ctx, row, EDIT, ("vm",))
        self._check(ctx, wanted, network, EDIT)
        users = [one["name"] for one in self.of(ctx) if (one.get("failover") or {}).get("id") == row["id"]]
        if users:
            raise EDIT.refuses(400, f"Profile is selected as failover for: \t{', '.join(users)}.")
        if wanted.get("failover") != row.get("failover"):
            self._unused(ctx, row, EDIT, ("vm",))
        row.clear()
        row.update(wanted)
        self.of(ctx).save(row)
        self._event(ctx, 1124, "updated for", row, network)
        return self.nested(ctx, row)

    def remove(self, ctx, row):
        self._unused(ctx, row, REMOVE, ("vm", "template"))
        self.of(ctx).remove(row["id"])
        self._event(ctx, 1126, "removed from", row, ctx.row("network", row["network"]["id"]))

    # -- parts

    @staticmethod
    def _fresh(ctx, name, network):
        return {"id": ctx.new_id(), "name": name, "network": {"id": network}, "network_filter": {"id": NO_SPOOFING}, "pass_through": {"mode": "disabled"},
                "port_mirroring": False, "_migratable": False}

    @staticmethod
    def _filter(body):
        ident = (body.get("network_filter") or {}).get("id")
        return {"id": ident.lower()} if ident is not None else None

    @staticmethod
    def _take(row, body):
        row.update({name: body[name] for name in ("description", "port_mirroring") if name in body})
        if "mode" in (body.get("pass_through") or {}):
            row["pass_through"] = {"mode": body["pass_through"]["mode"]}
            if body["pass_through"]["mode"] == "disabled":
                row["_migratable"] = False
        if "migratable" in body and row["pass_through"]["mode"] == "enabled":
            row["_migratable"] = body["migratable"]
        for name in ("qos", "failover"):
            # An empty failover is not taken (``VnicProfileMapper``): none takes it off again.
            if name in body and (name == "qos" or body[name].get("id") is not None):
                row[name] = {"id": body[name]["id"].lower()} if body[name].get("id") is not None else None
        if "custom_properties" in body:
            row["custom_properties"] = body["custom_properties"] or None

    @staticmethod
    def _check_qos(ctx, row):
        if row.get("qos") is not None and ctx.row("qos", row["qos"]["id"]) is None:
            raise errors.refused(400, "The specified Network QoS doesn't exist.")

    def _check_name(self, ctx, row, command):
        if any(one["name"] == row["name"] and one["id"] != row["id"] for one in self.of(ctx).by("network.id", row["network"]["id"])):
            raise command.refuses(409, "The VM network interface profile's name is already used by an existing profile for the same network.\n"
                                       "-Please choose a different name.")

    def _check(self, ctx, row, network, command):
        passes = row["pass_through"]["mode"] == "enabled"
        if row["port_mirroring"] and network.get("external_provider"):
            raise command.refuses(400, "External network cannot be used when port mirroring is set.")
        policies.check(row.get("custom_properties") or [], PROPERTIES, f"Cannot {command.action} VM network interface profile")
        if passes and (row["port_mirroring"] or row.get("qos") or row.get("network_filter")):
            raise command.refuses(400, "'Port Mirroring,'Qos' and 'Network Filter' are not supported on passthrough profiles.")
        if passes and network["port_isolation"]:
            raise command.refuses(400, "Networks with Port Isolation enabled are not supported on passthrough profiles.")
        wanted = (row.get("network_filter") or {}).get("id")
        if wanted is not None and ctx.row("network_filter", wanted) is None:
            raise command.refuses(400, f"vNIC profile '{row['name']}' has an invalid network filter id '{wanted}'.")
        if row.get("failover") is None:
            return
        other = ctx.row("vnic_profile", row["failover"]["id"])
        if row["failover"]["id"] == row["id"]:
            raise command.refuses(400, "Failover vNIC profile cannot point to itself.")
        if not passes or not row["_migratable"]:
            raise command.refuses(400, "Failover vNIC profile is supported only for migratable passthrough vNIC profiles.")
        if other is None or other["pass_through"]["mode"] == "enabled":
            raise command.refuses(400, "Failover must be valid non-passthrough vNIC profile.")
        if (ctx.row("network", other["network"]["id"]) or {}).get("external_provider"):
            raise command.refuses(400, "Failover vNIC profile based on external network is not supported.")

    @staticmethod
    def _unused(ctx, row, command, kinds):
        for kind, one_word, many_words in (("vm", "virtual machine", "virtual machines"), ("template", "template", "templates")):
            nics = ctx.table("nic").by("vnic_profile.id", row["id"]) if kind in kinds else []
            idents = dict.fromkeys(nic[kind]["id"] for nic in reversed(nics) if nic.get(kind))
            names = [one["name"] for one in (ctx.row(kind, ident) for ident in idents) if one is not None]
            if len(names) == 1:
                raise command.refuses(409, f"This VM network interface profile is used by {one_word}:  \t{names[0]}.\n"
                                           f" - Please remove it from this {one_word} and try again.")
            if names:
                # The engine leaves the variable open and gives its value as a message of its own.
                first = (f"Cannot {command.action} {command.kind}. This VM network interface profile is used by {many_words} ({len(names)}): "
                         f"${{ENTITIES_USING_VNIC_PROFILE}}\n - Please detach {many_words} using this profile and try again.")
                listed = ",\n".join(f"\t{name}" for name in names)
                raise errors.refused(409, first, f"$entities using vnic profile {listed}")

    @staticmethod
    def _event(ctx, code, what, row, network):
        data_center = ctx.row("data_center", network["data_center"]["id"])
        ctx.event(code, "normal", f"VM network interface profile {row['name']} was {what} network {network['name']} in Data Center: {data_center['name']}. "
                                  f"(User: {ctx.identity.principal})", data_center=data_center)


class NetworkVnicProfiles(VnicProfiles):
    """The profiles of one network."""

    paths = ("networks/{network}/vnicprofiles",)
    table = "vnic_profile"
    search = None

    def path_of(self, row):
        return f"/vnicprofiles/{row['id']}"

    def add(self, ctx, body, parents):
        return super().add(ctx, {**body, "network": {"id": parents["network"]}}, parents)
