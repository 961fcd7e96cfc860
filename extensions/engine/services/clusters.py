"""/clusters, also below /datacenters/D/clusters."""

from __future__ import annotations

from .. import errors
from ..rules import levels, networking, places, policies
from ..rules.refusals import Command
from .base import Collection, Created, action
from .hosts import retype
from .permissions import own
from .vms import CONFIGURATION

CREATE = Command("create", "Cluster")
EDIT = Command("edit", "Cluster")
REMOVE = Command("remove", "Cluster")
# The same on every engine: its first permissions name it.
DEFAULT_PROFILE = "58ca604e-01a7-003f-01de-000000000250"
DEFAULT = "Default"
MANAGEMENT = "ovirtmgmt"
PLAIN = ("description", "comment", "threads_as_cores", "tunnel_migration", "trusted_service", "ha_reservation", "ballooning_enabled", "virt_service",
         "gluster_service", "switch_type", "firewall_type", "gluster_tuned_profile", "vnc_encryption", "fips_mode")
MINIMAL_DOWNTIME = "80554327-0569-496b-bdeb-fcbbf52b827b"
BROKEN_CONNECTIVITY_PERCENT = 50
USED_MEMORY = {"percentage": 95, "absolute_value_in_mb": 1024}


class Clusters(Collection):
    type = "cluster"
    paths = ("clusters",)
    search: str | None = "clusters"
    links = ("glusterhooks", "glustervolumes", "enabledfeatures", "externalnetworkproviders", "cpuprofiles", "networkfilters", "networks", "permissions",
             "affinitygroups")
    seed_rank = 20

    def seed(self, ctx):
        data_center = ctx.table("data_center").named(DEFAULT)
        row = self._fresh(ctx, levels.LATEST)
        row.update({"name": DEFAULT, "description": "The default server cluster", "data_center": {"id": data_center["id"]}, "vnc_encryption": False,
                    "memory_policy": {"over_commit": {"percent": 100}, "transparent_hugepages": {"enabled": True}},
                    "custom_scheduling_policy_properties": None, "scheduling_policy": {"id": policies.NONE}, "_default": True})
        row["migration"]["policy"] = {"id": MINIMAL_DOWNTIME}
        self._settle(ctx, row, ctx.table("network").by("data_center.id", data_center["id"])[0])

    # -- answers

    def nested(self, ctx, row):
        """As the answers of POST and PUT show it: below its data center, with its management network."""
        rep = self.render(ctx, row)
        data_center = (row.get("data_center") or {}).get("id")
        if data_center is not None:
            places.moved(rep, f"{ctx.prefix}/datacenters/{data_center}/clusters/{row['id']}")
        if row.get("_management_network"):
            rep["management_network"] = {"id": row["_management_network"], "href": f"{rep['href']}/networks/{row['_management_network']}"}
        return Created(row, rep=rep)

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("Cluster", ["name"], "add")
        data_center = places.named(ctx, "data_center", body["data_center"], "Datacenter")
        level = levels.key(body.get("version")) or levels.key(data_center["version"])
        network = self._named_network(ctx, body, data_center)
        row = self._fresh(ctx, level)
        row.update({"id": places.uuid(body["id"]) if body.get("id") else row["id"], "name": body["name"], "data_center": {"id": data_center["id"]}})
        on_error = (body.get("error_handling") or {}).get("on_error")
        if not levels.supported(level) and on_error is None:
            raise errors.fault(500, "java.lang.NullPointerException")
        self._take(row, body, level)
        self._violations(row, CREATE)
        if self.of(ctx).named(row["name"]):
            raise errors.refused(409, "Cannot create Cluster. Cluster name is already in use.")
        if row.get("_network_provider") and ctx.row("open_stack_network_provider", row["_network_provider"]) is None:
            raise CREATE.refuses(400, "The provider does not exist in the system.")
        cpu_type = row["cpu"]["type"]
        if row["virt_service"] and cpu_type and levels.cpu(cpu_type, level) is None:
            raise CREATE.refuses(400, "The chosen CPU is not supported.")
        if not levels.supported(level):
            raise CREATE.refuses(400, "Selected Compatibility Version is not supported.")
        if row["virt_service"] and level < levels.key(data_center["version"]):
            raise errors.refused(400, "Cannot add Cluster with Compatibility Version that is lower than the Data Center Compatibility Version.\n"
                                      "-Please upgrade your Cluster to a later Compatibility version first.")
        if data_center["local"] and self.of(ctx).by("data_center.id", data_center["id"]):
            raise errors.refused(400, 'Cannot add more than one Cluster to a Data Center with "Local Storage".')
        self._services(row)
        self._parallel(row)
        policies.settle(ctx, row, body.get("scheduling_policy") or {}, CREATE)
        network = self._management(ctx, body, network, data_center, CREATE)
        self._memory(row)
        self._architecture(row, level)
        self._bios(row, level)
        pool = (body.get("mac_pool") or {}).get("id")
        if pool is not None and ctx.row("mac_pool", places.uuid(pool)) is None:
            raise errors.refused(400, "Internal Engine Error")
        row["mac_pool"] = {"id": pool.lower()} if pool is not None else row["mac_pool"]
        if row["bios_type"] is None and row["cpu"]["architecture"] != "undefined":
            row["bios_type"] = levels.bios_type(row["cpu"]["architecture"], level)
        self._settle(ctx, row, network)
        ctx.event(809, "normal", f"Cluster {row['name']} was added by {ctx.identity.principal}", cluster=row, data_center=data_center)
        self._fencing_alert(ctx, row)
        return self.nested(ctx, row)

    def update(self, ctx, row, body):
        old_level = levels.key(row["version"])
        level = levels.key(body.get("version")) or old_level
        data_center = ctx.row("data_center", (row.get("data_center") or {}).get("id"))
        wanted_center = (body.get("data_center") or {}).get("id")
        named = None
        if wanted_center is not None or data_center is not None:
            named = self._named_network(ctx, body, {"id": wanted_center or data_center["id"]})
        wanted = _copy(row)
        wanted["name"] = body.get("name", row["name"])
        self._take(wanted, body, level)
        self._violations(wanted, EDIT)
        if wanted["name"] != row["name"] and self.of(ctx).named(wanted["name"]):
            raise errors.refused(409, "Cannot edit Cluster. Cluster name is already in use.")
        if not levels.supported(level):
            raise EDIT.refuses(400, "Selected Compatibility Version is not supported.")
        hosts = ctx.table("host").by("cluster.id", row["id"])
        vms = ctx.table("vm").by("cluster.id", row["id"])
        if level < old_level and hosts:
            raise errors.refused(400, "Cluster compatibility version can't be decreased if there are hosts in the Cluster.")
        if level < old_level and data_center is not None and row["virt_service"] and old_level < levels.key(data_center["version"]):
            raise errors.refused(400, "Cannot decrease cluster compatibility version beneath data center compatibility version.")
        if level < (4, 5) and any((ctx.row("network", one["network"]["id"]) or {}).get("port_isolation")
                                  for one in ctx.table("cluster_network").by("cluster.id", row["id"])):
            raise EDIT.refuses(400, "Port isolation requires cluster compatibility level 4.5 or higher.")
        if data_center is not None and wanted_center is not None and wanted_center.lower() != data_center["id"]:
            raise errors.refused(409, "Cannot change Data Center association when editing a Cluster.")
        self._cpu(row, wanted, old_level, level, hosts, vms)
        lacking = self._lacking(ctx, hosts) if level > old_level else []
        previewed = [vm["name"] for vm in vms if any(one.get("snapshot_status") == "in_preview" for one in ctx.table("snapshot").by("vm.id", vm["id"]))]
        if level != old_level and previewed:
            raise errors.refused(400, "Cannot change cluster version since following VMs are previewing snapshots:", *previewed)
        if lacking:
            raise errors.refused(400, *lacking)
        network = None
        if data_center is None and wanted_center is not None:
            joined = ctx.row("data_center", places.uuid(wanted_center))
            network = self._management(ctx, body, named, joined, EDIT)
            if any(host["status"] == "up" for host in hosts):
                raise errors.refused(409, "Cannot change Cluster.Trying to connect Cluster to Data Center with Hosts that are up.")
            if joined["local"] and self.of(ctx).by("data_center.id", joined["id"]):
                raise errors.refused(400, 'Cannot add more than one Cluster to a Data Center with "Local Storage".')
            wanted["data_center"] = {"id": joined["id"]}
        if wanted["cpu"]["type"] != row["cpu"]["type"] and any(vm["status"] == "suspended" for vm in vms):
            raise errors.refused(409, "Cannot update Cluster and change CPU Cluster level if there are suspended VMs in the Cluster")
        self._services(wanted)
        if vms and not wanted["virt_service"]:
            raise errors.refused(409, "Cannot disable virt service on the cluster as it contains VMs.")
        if not wanted["gluster_service"] and ctx.table("gluster_volume").by("cluster.id", row["id"]):
            raise errors.refused(409, "Cannot disable gluster service on the cluster as it contains volumes.")
        if wanted["trusted_service"]:
            raise errors.refused(400, "Attestation server should be configured correctly.")
        self._parallel(wanted)
        self._architecture(wanted, level)
        self._bios(wanted, level)
        policies.settle(ctx, wanted, body.get("scheduling_policy") or {}, EDIT)
        self._memory(wanted)
        pool = (body.get("mac_pool") or {}).get("id")
        if pool is not None:
            if ctx.row("mac_pool", places.uuid(pool)) is None:
                raise errors.refused(500, "General command validation failure.")
            networking.check_move(ctx, ctx.table("vm").by("cluster.id", row["id"]), (row.get("mac_pool") or {}).get("id"), pool.lower())
            wanted["mac_pool"] = {"id": pool.lower()}
        if wanted["fips_mode"] != row["fips_mode"] and any(host["status"] != "maintenance" for host in hosts):
            raise errors.refused(409, "Cannot update Cluster FIPS mode unless all Hosts attached to this Cluster are in Maintenance.")
        if level != old_level:
            self._raise(ctx, row, wanted, old_level, level, vms)
        if wanted["bios_type"] is None and wanted["cpu"]["architecture"] != "undefined":
            wanted["bios_type"] = levels.bios_type(wanted["cpu"]["architecture"], level)
        if wanted["memory_policy"]["over_commit"]["percent"] <= 0:
            wanted["memory_policy"]["over_commit"]["percent"] = 100
        row.clear()
        row.update(wanted)
        if network is not None:
            self._attach(ctx, row, network)
        self.of(ctx).save(row)
        if level != old_level:
            retype(ctx, row)
        ctx.event(811, "normal", f"Host cluster {row['name']} was updated by {ctx.identity.principal}", cluster=row, data_center=data_center)
        self._fencing_alert(ctx, row)
        return self.nested(ctx, row)

    def remove(self, ctx, row):
        wrong = []
        if ctx.table("host").by("cluster.id", row["id"]):
            wrong.append("Cannot remove Cluster. Cluster contains one or more Hosts")
        if ctx.table("vm").by("cluster.id", row["id"]):
            wrong.append("Cannot remove Cluster. One or more VMs are still assigned to the Cluster")
        if ctx.table("template").by("cluster.id", row["id"]):
            wrong.append("Cannot remove Cluster. One or more Template(s) are still associated with the Cluster")
        if ctx.table("vm_pool").by("cluster.id", row["id"]):
            wrong.append("Cannot remove Cluster.One or more VM-Pools are still associated with it")
        if wrong:
            raise errors.refused(409, *wrong)
        for kind in ("cluster_network", "cpu_profile", "affinity_group", "_enabled_feature"):
            for one in ctx.table(kind).by("cluster.id", row["id"]):
                ctx.table(kind).remove(one["id"])
        self.of(ctx).remove(row["id"])
        ctx.event(813, "normal", f"Host cluster {row['name']} was removed by {ctx.identity.principal}")

    # -- actions

    def unknown(self, ctx, verb, ident):
        if verb == "upgrade":
            return errors.refused(400, "failed to set upgrade running flag on cluster '" + ident + "'.")
        return super().unknown(ctx, verb, ident)

    @action("upgrade")
    def upgrade(self, ctx, row, body):
        step, given = body.get("upgrade_action"), body.get("correlation_id") or ctx.correlation_id
        if step is None:
            raise errors.html(500, "Error", "")
        if step == "start":
            if row["upgrade_in_progress"]:
                raise errors.refused(400, f"failed to set upgrade running flag on cluster '{row['id']}'.")
            row.update({"upgrade_in_progress": True, "upgrade_percent_complete": 0, "upgrade_correlation_id": given})
        elif step == "update_progress":
            percent = body.get("upgrade_percent_complete", 0)
            if not row["upgrade_in_progress"]:
                raise errors.refused(400, "Cannot update progress, cluster upgrade has not been started.")
            if not 0 <= percent <= 100:
                raise errors.refused(400, "Cannot update upgrade percent complete, the value needs to be in the range of 0 to 100.")
            if row.get("upgrade_correlation_id") != given:
                raise errors.refused(400, "Cannot update progress, given correlation id does not match the current update correlation id.")
            row["upgrade_percent_complete"] = percent
        else:
            row.update({"upgrade_in_progress": False, "upgrade_percent_complete": 0})
        self.of(ctx).save(row)
        return None

    @action("resetemulatedmachine")
    def reset_emulated_machine(self, ctx, row, body):
        if any(host["status"] == "up" for host in ctx.table("host").by("cluster.id", row["id"])):
            raise errors.refused(409, "Cannot update Cluster. Clusters hosts must be down in order to perform this action.")
        return None

    @action("syncallnetworks")
    def sync_all_networks(self, ctx, row, body):
        ctx.job(f"Synchronizing networks on cluster {row['name']}").finish()
        return None

    @action("refreshglusterhealstatus")
    def refresh_gluster_heal_status(self, ctx, row, body):
        if not row["gluster_service"]:
            raise errors.refused(400, "Cannot sync Gluster Volume. The selected cluster doesn't support Storage provisioning.")
        ctx.job("Refreshing gluster volumes heal entries on cluster.").finish()

    # -- parts

    @staticmethod
    def _fresh(ctx, level):
        pool = next(one for one in ctx.table("mac_pool") if one["default_pool"])
        return {
            "id": ctx.new_id(), "description": "", "comment": "", "version": levels.shown(level), "cpu": {"architecture": "undefined", "type": ""},
            "bios_type": None, "memory_policy": {"over_commit": {"percent": 100}, "transparent_hugepages": {"enabled": False}},
            "error_handling": {"on_error": "migrate"}, "fencing_policy": _fencing({}), "fips_mode": "undefined", "firewall_type": "firewalld",
            "gluster_service": False, "virt_service": True, "ha_reservation": False, "ksm": {"enabled": True, "merge_across_nodes": True},
            "log_max_memory_used_threshold": 95, "log_max_memory_used_threshold_type": "percentage",
            "migration": {"auto_converge": "inherit", "bandwidth": {"assignment_method": "auto"}, "compressed": "inherit", "encrypted": "inherit",
                          "parallel_migrations_policy": "disabled"},
            "required_rng_sources": ["urandom"], "switch_type": "legacy", "threads_as_cores": False, "trusted_service": False, "tunnel_migration": False,
            "ballooning_enabled": True, "vnc_encryption": True, "upgrade_in_progress": False, "upgrade_percent_complete": 0, "mac_pool": {"id": pool["id"]}}

    @staticmethod
    def _take(row, body, level):
        """What a body says of a cluster, as the engine maps it: member by member, some members as a whole."""
        row.update({name: body[name] for name in PLAIN if name in body})
        row["version"] = levels.shown(level)
        cpu = body.get("cpu") or {}
        row["cpu"].update({name: cpu[name] for name in ("type", "architecture") if name in cpu})
        if "bios_type" in body:
            row["bios_type"] = body["bios_type"] if body["bios_type"] != "cluster_default" else None
        huge_pages = row["memory_policy"]["transparent_hugepages"]
        if "memory_policy" in body:
            percent = (body["memory_policy"].get("over_commit") or {}).get("percent")
            if percent is not None:
                row["memory_policy"]["over_commit"]["percent"] = percent
            huge_pages["enabled"] = (body["memory_policy"].get("transparent_hugepages") or {}).get("enabled", True)
        elif levels.key(body.get("version")):
            huge_pages["enabled"] = True
        on_error = (body.get("error_handling") or {}).get("on_error")
        if on_error is not None:
            row["error_handling"] = {"on_error": on_error}
        row["ksm"].update({name: body["ksm"][name] for name in ("enabled", "merge_across_nodes") if name in (body.get("ksm") or {})})
        if "proxy" in (body.get("display") or {}):
            row["display"] = {"proxy": body["display"]["proxy"]} if body["display"]["proxy"].strip() else None
        if "serial_number" in body:
            serial = {**(row.get("serial_number") or {}), **body["serial_number"]}
            row["serial_number"] = {name: value for name, value in serial.items() if value != ""}
        if "required_rng_sources" in body:
            row["required_rng_sources"] = [one for one in ("hwrng",) if one in body["required_rng_sources"]] + ["urandom"]
        if "fencing_policy" in body:
            row["fencing_policy"] = _fencing(body["fencing_policy"])
        if "log_max_memory_used_threshold_type" in body:
            kind = row["log_max_memory_used_threshold_type"] = body["log_max_memory_used_threshold_type"]
            row["log_max_memory_used_threshold"] = body.get("log_max_memory_used_threshold", USED_MEMORY[kind])
        _migration(row["migration"], body.get("migration") or {})
        if "custom_scheduling_policy_properties" in body:
            have = {one["name"]: one.get("value") for one in row.get("custom_scheduling_policy_properties") or []}
            have.update((one.get("name"), one.get("value")) for one in body["custom_scheduling_policy_properties"])
            row["custom_scheduling_policy_properties"] = [{"name": name, "value": value} for name, value in have.items()]
        if "external_network_providers" in body:
            first = next(iter(body["external_network_providers"]), {})
            row["_network_provider"] = (first.get("id") or "").lower() or None

    @staticmethod
    def _violations(row, command):
        wrong = []
        if len(row["name"]) > 40:
            wrong.append(places.violation("Cluster name must not exceed 40 characters", "cluster.name"))
        elif not places.NAME.fullmatch(row["name"]):
            wrong.append(places.violation("Cluster names may only contain letters, numbers, '-', or '_'.", "cluster.name"))
        serial = row.get("serial_number") or {}
        if serial.get("policy") == "custom" and not serial.get("value"):
            wrong.append(places.violation(f"Cannot {command.action} Cluster. Custom serial number must be non-empty when \"Custom\" serial number policy is "
                                          "specified.", "cluster"))
        if wrong:
            raise errors.refused(400, *wrong)

    @staticmethod
    def _services(row):
        if not row["virt_service"] and not row["gluster_service"]:
            raise errors.refused(400, "At least one service [virt / gluster] must be enabled on the cluster.")
        if row["trusted_service"]:
            raise errors.refused(400, "Attestation server should be configured correctly.")

    @staticmethod
    def _parallel(row):
        policy, number = row["migration"].get("parallel_migrations_policy"), row["migration"].get("custom_parallel_migrations")
        if policy == "inherit":
            raise errors.refused(400, "Cluster cannot inherit parallel migration settings.")
        if policy == "custom" and not (number is not None and 2 <= number <= 255):
            raise errors.refused(400, "Custom number of parallel migration connections must be between 2 and 255.")

    @staticmethod
    def _memory(row):
        if row["memory_policy"]["over_commit"]["percent"] > 100 and not (row["ksm"]["enabled"] or row["ballooning_enabled"]):
            raise errors.refused(409, "KSM or ballooning must be enabled to allow memory optimization.")
        if row["memory_policy"]["over_commit"]["percent"] <= 0:
            row["memory_policy"]["over_commit"]["percent"] = 100

    @staticmethod
    def _architecture(row, level):
        if row["cpu"]["type"]:
            row["cpu"]["architecture"] = levels.architecture(row["cpu"]["type"], level)

    @staticmethod
    def _bios(row, level):
        if level >= (4, 3) and row["bios_type"] not in (None, "i440fx_sea_bios") and row["cpu"]["architecture"] != "x86_64":
            raise errors.refused(409, "Q35 chipset is allowed for x86 architecture only.")

    @staticmethod
    def _cpu(row, wanted, old_level, level, hosts, vms):
        """May the CPU type change?  When the level changes too, a type the new level lacks is replaced afterwards."""
        old, new = row["cpu"]["type"], wanted["cpu"]["type"]
        outdated = level != old_level and ((levels.cpu(old, old_level) is not None and levels.cpu(old, level) is None) or levels.cpu(new, level) is None)
        exists = outdated or levels.cpu(new, level) is not None
        illegal = errors.refused(409, "Cannot change Cluster CPU type unless all Hosts attached to this Cluster are in Maintenance.")
        if wanted["virt_service"] and (old or new) and not exists:
            raise illegal
        if old and not new and (hosts or vms):
            raise errors.refused(409, "Cannot change Cluster CPU Type to Auto Detect when there are VMs or hosts in the cluster.")
        known = levels.cpu(old, level) is not None and levels.cpu(new, level) is not None
        if wanted["virt_service"] and old and known and levels.vendor(old) != levels.vendor(new) and any(one["status"] != "maintenance" for one in hosts):
            raise illegal
        architecture = levels.architecture(new, level) if new else wanted["cpu"]["architecture"]
        if wanted["virt_service"] and not outdated and row["cpu"]["architecture"] not in ("undefined", architecture) and (hosts or vms):
            raise errors.refused(409, "Cannot change Cluster CPU architecture when there are Hosts or VMs attached to this Cluster.")

    def _raise(self, ctx, row, wanted, old_level, level, vms):
        """What a change of the level brings with it: CPU types that are no more, and machines that run on as they were started."""
        new = wanted["cpu"]["type"]
        if new and levels.cpu(new, level) is None:
            found = levels.replacement(row["cpu"]["type"] or new, level)
            wanted["cpu"] = {"type": found[0], "architecture": found[2]}
            ctx.event(9029, "normal", f"Modified the CPU Type to {found[0]} when upgrading the Compatibility Version of Cluster {wanted['name']} "
                                      "because the previous CPU Type was deprecated.", cluster=row)
        for vm in vms:
            if vm["status"] not in ("down", "suspended", "image_locked") and not vm.get("custom_compatibility_version"):
                waiting = ctx.row("next_run", vm["id"]) or {"id": vm["id"], **_copy({name: vm[name] for name in CONFIGURATION if name in vm}), "_absent": []}
                waiting["_absent"] = [*waiting["_absent"], "custom_compatibility_version"]
                ctx.table("next_run").save(waiting)
                vm.update({"custom_compatibility_version": levels.shown(old_level), "next_run_configuration_exists": True})
                ctx.table("vm").save(vm)

    @staticmethod
    def _lacking(ctx, hosts):
        """What hosts that work answer when they are asked for a higher level: they are named together, by what they lack."""
        asked = [host for host in hosts if host["status"] in ("up", "preparing_for_maintenance")]
        old = [host["name"] for host in asked if ctx.host_step("UpdateCluster", "Compatibility version", name=host["name"], id=host["id"]) is not None]
        weak = [host["name"] for host in asked if ctx.host_step("UpdateCluster", "CPU flags", name=host["name"], id=host["id"]) is not None]
        other = [host["name"] for host in asked if ctx.host_step("UpdateCluster", "Machine types", name=host["name"], id=host["id"]) is not None]
        said = []
        if old:
            said.append("Cannot change Cluster Compatibility Version to higher version when there are active Hosts with lower version.\n"
                        f"-Please move Host {', '.join(old)} with lower version to maintenance first.")
        if weak:
            said.append("Cannot change Cluster CPU type when there are active Hosts that do not support the selected CPU type.\n\n"
                        f"Please move Host {', '.join(weak)} to maintenance first.")
        if other:
            said.append(f"Cannot change Cluster Compatibility Version to higher version when there are active Host {', '.join(other)} whose emulated machine "
                        "flags are not supported at the requested version.")
        return said

    @staticmethod
    def _named_network(ctx, body, data_center):
        """The management network of a body by name, which must be there; by id it is looked at later."""
        reference = body.get("management_network")
        if reference is None:
            return None
        if not reference.get("id") and not reference.get("name"):
            raise errors.incomplete("Network", ["id|name"], "getManagementNetworkId")
        if reference.get("id") is not None:
            return ctx.row("network", places.uuid(reference["id"]))
        found = next((one for one in ctx.table("network").by("data_center.id", data_center["id"]) if one["name"] == reference["name"]), None)
        if found is None:
            raise errors.entity_not_found(f"Network: {reference['name']}")
        return found

    def _management(self, ctx, body, network, data_center, command):
        if body.get("management_network") is not None:
            if network is None:
                raise errors.refused(400, "The specified Logical Network doesn't exist.")
            if network["data_center"]["id"] != data_center["id"]:
                raise command.refuses(400, "Network belongs to a different data-center.")
            if network.get("external_provider"):
                raise command.refuses(400, "Management network has to be not external one.")
            return network
        candidates = ctx.table("network").by("data_center.id", data_center["id"]) if data_center is not None else []
        found = next((one for one in candidates if one["name"] == MANAGEMENT), None)
        if found is None and len(candidates) == 1:
            found = candidates[0]
        if found is None:
            used = {one["_management_network"] for one in self.of(ctx) if one.get("_management_network")}
            managing = [one for one in candidates if one["id"] in used]
            found = managing[0] if len(managing) == 1 else None
        if found is None:
            raise command.refuses(400, "No single suitable network was found to serve as the management network.")
        return found

    @staticmethod
    def _attach(ctx, row, network):
        row["_management_network"] = network["id"]
        ctx.table("cluster_network").save({
            "id": ctx.new_id(), "cluster": {"id": row["id"]}, "network": {"id": network["id"]}, "required": True, "status": "operational",
            "_roles": ["display", "migration", "management", "default_route"]})

    def _settle(self, ctx, row, network):
        self._attach(ctx, row, network)
        self.of(ctx).save(row)
        ident = DEFAULT_PROFILE if row.get("_default") else ctx.new_id()
        ctx.table("cpu_profile").save({"id": ident, "name": row["name"], "cluster": {"id": row["id"]}})
        if not row.get("_default"):
            own(ctx, "cpu_profile", ident)

    @staticmethod
    def _fencing_alert(ctx, row):
        if not row["fencing_policy"]["enabled"]:
            ctx.event(9016, "alert", f"Fencing is disabled in Fencing Policy of the Cluster {row['name']}, so HA VMs running on a non-responsive host "
                                     "will not be "
                                     "restarted elsewhere.", cluster=row)


class DataCenterClusters(Clusters):
    """Clusters as parts of a data center."""

    paths = ("datacenters/{data_center}/clusters",)
    table = "cluster"
    search = None

    def seed(self, ctx):
        """Seeded by the collection itself."""

    def path_of(self, row):
        return f"/clusters/{row['id']}"


def _copy(value):
    if isinstance(value, dict):
        return {name: _copy(one) for name, one in value.items()}
    return [_copy(one) for one in value] if isinstance(value, list) else value


def _fencing(body):
    """The policy a body describes; what it leaves out is the engine's default again."""
    broken = body.get("skip_if_connectivity_broken") or {}
    return {"enabled": body.get("enabled", True),
            "skip_if_sd_active": {"enabled": (body.get("skip_if_sd_active") or {}).get("enabled", False)},
            "skip_if_connectivity_broken": {"enabled": broken.get("enabled", False), "threshold": broken.get("threshold", BROKEN_CONNECTIVITY_PERCENT)},
            "skip_if_gluster_bricks_up": body.get("skip_if_gluster_bricks_up", False),
            "skip_if_gluster_quorum_not_met": body.get("skip_if_gluster_quorum_not_met", False)}


def _migration(have, body):
    have.update({name: body[name] for name in ("auto_converge", "compressed", "encrypted") if name in body})
    if "parallel_migrations_policy" in body:
        have["parallel_migrations_policy"] = body["parallel_migrations_policy"]
        have["custom_parallel_migrations"] = body.get("custom_parallel_migrations") if body["parallel_migrations_policy"] == "custom" else None
    if "policy" in body:
        ident = (body["policy"] or {}).get("id")
        have["policy"] = {"id": ident.lower()} if ident is not None else None
    method = (body.get("bandwidth") or {}).get("assignment_method")
    if method is not None:
        have["bandwidth"] = {"assignment_method": method}
        if method == "custom" and body["bandwidth"].get("custom_value") is not None:
            have["bandwidth"]["custom_value"] = body["bandwidth"]["custom_value"]
