"""NICs of virtual machines, templates and instance types, with the parameters of their network filters."""

from __future__ import annotations

from .. import errors
from ..rules import estate, networking, power
from ..rules.refusals import Command
from .base import UUID, Collection, action

ADD = Command("add", "Interface")
EDIT = Command("edit", "Interface")
REMOVE = Command("remove", "Interface")
NOT_BY_RUNNING = ("wait_for_launch", "powering_down", "powering_up", "reboot_in_progress", "migrating", "suspended", "paused", "saving_state",
                  "restoring_state", "image_locked", "unknown", "not_responding", "unassigned")
PLUGGED = ("Updating some of the properties is not supported while the interface is plugged into a running virtual machine. Please un-plug the interface, "
           "update the properties, and then plug it back.")
MIRRORED = "Update is not possible when 'Port Mirroring' is set on the interface of a running virtual machine."
NOT_ON_HOST = ("The Network does not exist on the host the VM is running on.\n"
               " Either add the Network to the Host, migrate the VM to a Host that has this Network, or add the vNic as unplugged.")
NO_PROFILE = "The specified VM network interface profile doesn't exist."


def kind(row) -> str:
    """The type of an interface as events write it."""
    return {"virtio": "VirtIO", "rtl8139_virtio": "Dual mode rtl8139, VirtIO", "spapr_vlan": "sPAPR VLAN", "pci_passthrough": "PCI Passthrough"}.get(
        row["interface"], row["interface"])


class VmNics(Collection):
    type = "nic"
    paths = ("vms/{vm}/nics",)
    links: tuple[str, ...] = ("reporteddevices", "statistics", "networkfilterparameters")
    parents = {"vm": "vm.id"}
    owner = "vm"

    def add(self, ctx, body, parents):
        owner = self._owner(ctx, parents)
        if not body.get("name"):
            raise errors.incomplete("Nic", ["name"], "add")
        profile = self._profile(ctx, body, ADD)
        row = {"id": ctx.new_id(), "name": body["name"], "interface": body.get("interface", "virtio"), "linked": body.get("linked", True),
               "plugged": body.get("plugged", True), "synced": True, self.owner: {"id": owner["id"]}}
        if profile is not None:
            row["vnic_profile"] = {"id": profile["id"]}
        wanted = (body.get("mac") or {}).get("address") or ""
        self._violations(row, wanted)
        if self.owner == "vm":
            if owner["status"] == "migrating":
                raise errors.refused(409, "Cannot add a Network Interface when VM is not Down, Up or Image-Locked.")
            ADD.free(ctx, f"vm:{owner['id']}")
            if owner["status"] in NOT_BY_RUNNING:
                raise ADD.refuses(409, f" because the VM is in {power.shown(owner['status'])} status.")
        if any(other["name"] == row["name"] for other in self._siblings(ctx, owner)):
            raise errors.refused(409, "Network interface name is already in use")
        self._check(ctx, row, profile, owner, ADD)
        self._check_host(ctx, row, profile, owner)
        if self.owner == "vm":
            cluster = estate.cluster_of(ctx, owner)
            row["mac"] = {"address": networking.take(ctx, cluster, wanted.lower()) if wanted else networking.draw(ctx, cluster)}
        self.of(ctx).save(row)
        if self.owner == "vm":
            self._refused_by_host(ctx, owner, row)
            ctx.event(932, "normal", f"Interface {row['name']} ({kind(row)}) was added to VM {owner['name']}. (User: {ctx.identity.principal})",
                      **estate.about(ctx, owner))
        return row

    def _refused_by_host(self, ctx, vm, row):
        if power.running(vm) and row["plugged"]:
            refused = ctx.host_step("ActivateDeactivateVmNic", None, vm=vm, nic=row)
            if refused is not None:
                self.of(ctx).remove(row["id"])
                ctx.event(1013, "error", f"Failed to plug Network Interface {row['name']} ({kind(row)}) to VM {vm['name']}. (User: {ctx.identity.principal})",
                          **estate.about(ctx, vm))
                raise errors.refused(400, refused)

    def _owner(self, ctx, parents):
        vm = ctx.row("vm", parents["vm"])
        if vm is None:
            raise ADD.refuses(400, "VM is not found.")
        return vm

    def _siblings(self, ctx, owner):
        return self.of(ctx).by(f"{self.owner}.id", owner["id"])

    @staticmethod
    def _violations(row, mac):
        found = []
        name = row["name"]
        if not networking.NAME.fullmatch(name):
            found += ['Name must be formed of alphanumeric characters, numbers or "-_.".', "Attribute: nic.name"]
        if not 1 <= len(name) <= 50:
            found += ["size must be between 1 and 50", "Attribute: nic.name"]
        wrong = networking.mac_violation(mac) if mac else None
        if wrong:
            found += [wrong, "Attribute: nic.macAddress"]
        if found:
            raise errors.refused(400, *found)

    def _profile(self, ctx, body, command):
        reference = body.get("vnic_profile") or {}
        if not reference.get("id"):
            return None
        if not UUID.fullmatch(reference["id"]):
            raise errors.fault(400, f"Invalid UUID string: {reference['id']}", "Operation failed")
        profile = ctx.row("vnic_profile", reference["id"].lower())
        if profile is None:
            raise command.refuses(400, NO_PROFILE)
        return profile

    def _check(self, ctx, row, profile, owner, command):
        passthrough = ((profile or {}).get("pass_through") or {}).get("mode") == "enabled"
        if (row["interface"] == "pci_passthrough") != passthrough:
            raise command.refuses(409, "The network interface type doesn't match the profile. Virtual machine interface of type 'PCI Passthrough' should have "
                                       "'Passthrough' profile and vice versa.")
        if profile is not None and self.owner == "vm":
            networking.check_profile(ctx, profile, owner, command)

    def _check_host(self, ctx, row, profile, owner):
        """What is plugged into a running machine needs its network on the machine's host; an external one is there when it is needed."""
        if self.owner != "vm" or not row["plugged"] or not power.running(owner) or profile is None:
            return
        network = ctx.row("network", (profile.get("network") or {}).get("id"))
        there = {one["network"]["id"] for one in ctx.table("network_attachment").by("host.id", (owner.get("host") or {}).get("id"))}
        if network is not None and not network.get("external_provider") and network["id"] not in there:
            raise errors.refused(409, NOT_ON_HOST)

    def update(self, ctx, row, body):
        owner = ctx.row(self.owner, row[self.owner]["id"])
        wanted = {**row, **{name: body[name] for name in ("name", "interface", "linked", "plugged") if name in body}}
        profile = ctx.row("vnic_profile", (row.get("vnic_profile") or {}).get("id"))
        if "vnic_profile" in body:
            profile = self._profile(ctx, body, EDIT)
            wanted.pop("vnic_profile", None)
            if profile is not None:
                wanted["vnic_profile"] = {"id": profile["id"]}
        mac = (body.get("mac") or {}).get("address")
        self._violations(wanted, mac or "")
        if self.owner == "vm":
            EDIT.free(ctx, f"vm:{owner['id']}")
            if owner["status"] in NOT_BY_RUNNING and owner["status"] != "powering_up":
                raise EDIT.refuses(409, f" because the VM is in {power.shown(owner['status'])} status.")
        if wanted["name"] != row["name"] and any(other["name"] == wanted["name"] for other in self._siblings(ctx, owner)):
            raise errors.refused(409, "Network interface name is already in use")
        if self.owner == "vm" and power.running(owner) and row["plugged"] and wanted["plugged"]:
            self._check_plugged(ctx, row, wanted, profile, mac)
        self._check(ctx, wanted, profile, owner, EDIT)
        if wanted.get("vnic_profile") != row.get("vnic_profile") or wanted["plugged"] != row["plugged"]:
            self._check_host(ctx, wanted, profile, owner)
        if mac and mac.lower() != row["mac"]["address"]:
            wanted["mac"] = {"address": networking.take(ctx, estate.cluster_of(ctx, owner), mac.lower(), row["id"])}
        linked = " " if wanted["linked"] == row["linked"] else f"Link State is {'UP' if wanted['linked'] else 'DOWN'}."
        row.clear()
        row.update(wanted)
        self.of(ctx).save(row)
        if self.owner == "vm":
            ctx.event(934, "normal", f"Interface {row['name']} ({kind(row)}) was updated for VM {owner['name']}. {linked} (User: {ctx.identity.principal})",
                      **estate.about(ctx, owner))
        return row

    @staticmethod
    def _check_plugged(ctx, row, wanted, profile, mac):
        if wanted["interface"] != row["interface"] or (mac and mac.lower() != row["mac"]["address"]):
            raise EDIT.refuses(409, PLUGGED)
        if wanted.get("vnic_profile") != row.get("vnic_profile"):
            old = ctx.row("vnic_profile", (row.get("vnic_profile") or {}).get("id")) or {}
            if old.get("port_mirroring") or (profile or {}).get("port_mirroring"):
                raise EDIT.refuses(409, MIRRORED)

    def remove(self, ctx, row):
        if self.owner == "vm":
            vm = ctx.row("vm", row["vm"]["id"])
            REMOVE.free(ctx, f"vm:{vm['id']}")
            if vm["status"] in NOT_BY_RUNNING:
                raise REMOVE.refuses(409, f" because the VM is in {power.shown(vm['status'])} status.")
            if power.running(vm) and row["plugged"]:
                raise REMOVE.refuses(409, "The VM Network Interface is plugged to a running VM.")
            ctx.event(930, "normal", f"Interface {row['name']} ({kind(row)}) was removed from VM {vm['name']}. (User: {ctx.identity.principal})",
                      **estate.about(ctx, vm))
        self.of(ctx).remove(row["id"])
        for parameter in ctx.table("network_filter_parameter").by("nic.id", row["id"]):
            ctx.table("network_filter_parameter").remove(parameter["id"])

    @action("activate", entity=False)
    def activate(self, ctx, row, body):
        self._plug(ctx, row, True)

    @action("deactivate", entity=False)
    def deactivate(self, ctx, row, body):
        self._plug(ctx, row, False)

    def _plug(self, ctx, row, plugged):
        vm = ctx.row("vm", row["vm"]["id"])
        command = Command("activate" if plugged else "deactivate", "Interface")
        command.free(ctx, f"vm:{vm['id']}")
        if row["plugged"] == plugged:
            return
        if vm["status"] not in ("up", "down", "image_locked"):
            raise command.refuses(409, f" because the VM is in {power.shown(vm['status'])} status.")
        if plugged:
            self._check_host(ctx, {**row, "plugged": True}, ctx.row("vnic_profile", (row.get("vnic_profile") or {}).get("id")), vm)
        row["plugged"] = plugged
        self.of(ctx).save(row)
        code, words = (1012, "was plugged to") if plugged else (1014, "was unplugged from")
        ctx.event(code, "normal", f"Network Interface {row['name']} ({kind(row)}) {words} VM {vm['name']}. (User: {ctx.identity.principal})",
                  **estate.about(ctx, vm))


class TemplateNics(VmNics):
    paths = ("templates/{template}/nics",)
    links = ()
    parents = {"template": "template.id"}
    owner = "template"
    activate = deactivate = None

    def _owner(self, ctx, parents):
        template = ctx.row("template", parents["template"])
        if template is None:
            raise ADD.refuses(400, "The relevant Template doesn't exist.")
        return template

    def present(self, ctx, row, rep):
        super().present(ctx, row, rep)
        # The engine takes every owner for a machine.
        rep["vm"] = {"id": row["template"]["id"], "href": f"{ctx.prefix}/vms/{row['template']['id']}"}


class InstanceTypeNics(VmNics):
    """Observed: the engine makes one, fails all the same, and never shows it; machines of the type get it."""

    paths = ("instancetypes/{instance_type}/nics",)
    links = ()
    parents = {"instance_type": "instance_type.id"}
    owner = "instance_type"
    activate = deactivate = None

    def add(self, ctx, body, parents):
        profile = body.get("vnic_profile") or {}
        ctx.table("_instance_type_nic").save({
            "id": ctx.new_id(), "name": body.get("name"), "interface": body.get("interface", "virtio"), "linked": body.get("linked", True),
            "plugged": body.get("plugged", True), "instance_type": {"id": parents["instance_type"].lower()},
            **({"vnic_profile": {"id": profile["id"].lower()}} if profile.get("id") else {})})
        raise errors.fault(500, 'Cannot invoke "Object.toString()" because "id" is null')


class NetworkFilterParameters(Collection):
    type = "network_filter_parameter"
    paths = ("vms/{vm}/nics/{nic}/networkfilterparameters",)
    parents = {"vm": "_vm", "nic": "nic.id"}

    def find(self, ctx, ident, parents):
        """As observed: the engine stumbles over one that is not there, and only its removal says so."""
        method = ctx.request.method if ctx.request is not None else "GET"
        if UUID.fullmatch(ident) and self.of(ctx).get(ident.lower()) is None and method in ("GET", "DELETE"):
            raise errors.html(500, "Error", "") if method == "GET" else errors.refused(
                400, f"Cannot remove VM network interface filter parameter. The network filter parameter (id '{ident}') is not found.")
        return super().find(ctx, ident, parents)

    def add(self, ctx, body, parents):
        absent = [name for name in ("value", "name") if not body.get(name)]
        if absent:
            raise errors.incomplete("NetworkFilterParameter", absent[:1], "add")
        if ctx.row("nic", parents["nic"]) is None:
            raise errors.refused(400, f"Cannot add VM network interface filter parameter. The network interface (id '{parents['nic']}') is not found.")
        return self.of(ctx).save({"id": ctx.new_id(), "name": body["name"], "value": body["value"], "nic": {"id": parents["nic"]}, "_vm": parents["vm"]})

    def update(self, ctx, row, body):
        row.update({name: body[name] for name in ("name", "value") if name in body})
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])
