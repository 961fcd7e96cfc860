"""/datacenters."""

from __future__ import annotations

from .. import errors
from ..rules import levels, places
from ..rules.refusals import Command
from .base import Collection, action
from .hosts import hosts_of_data_center
from .permissions import own
from .storage_domains import FORMATS, put_aside, set_format

CREATE = Command("create", "Data Center")
EDIT = Command("edit", "Data Center")
REMOVE = Command("remove", "Data Center")
DEFAULT = "Default"
QUOTA_NAMES = {"disabled": "DISABLED", "audit": "SOFT_ENFORCEMENT", "enabled": "HARD_ENFORCEMENT"}
MANAGEMENT = "ovirtmgmt"


class DataCenters(Collection):
    type = "data_center"
    paths = ("datacenters",)
    search = "datacenters"
    links = ("quotas", "qoss", "clusters", "networks", "storagedomains", "permissions", "iscsibonds")
    seed_rank = 10

    def seed(self, ctx):
        row = self._make(ctx, {"name": DEFAULT, "description": "The default Data Center", "local": False}, levels.LATEST)
        self._network(ctx, row, "Management Network")

    def present(self, ctx, row, rep):
        for name in ("description", "comment"):
            if not rep.get(name):
                rep.pop(name, None)
        own = levels.key(row["version"])
        clusters = ctx.table("cluster").by("data_center.id", row["id"])
        highest = min((levels.key(one["version"]) for one in clusters), default=levels.LATEST)
        rep["supported_versions"] = [levels.shown(one) for one in levels.AS_A_SET if own <= one <= max(own, highest)]
        pool = next((one["mac_pool"]["id"] for one in clusters if one.get("mac_pool")), None)
        if pool is not None:
            rep["mac_pool"] = {"id": pool, "href": ctx.href("mac_pool", pool)}

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("DataCenter", ["name"], "add")
        self._check_name(body["name"])
        level = levels.key(body.get("version")) or levels.LATEST
        if self.of(ctx).named(body["name"]):
            raise CREATE.refuses(409, "The Data Center name is already in use.")
        if not levels.supported(level):
            raise CREATE.refuses(400, "Selected Compatibility Version is not supported.")
        row = self._make(ctx, body, level)
        network, profile = self._network(ctx, row, "Default Management Network")
        own(ctx, "network", network["id"])
        own(ctx, "vnic_profile", profile["id"], public=True)
        ctx.event(950, "normal", f"Data Center {row['name']}, Compatibility Version {levels.text(level)} and Quota Type {QUOTA_NAMES[row['quota_mode']]} "
                                 f"was added by {ctx.identity.principal}", data_center={"name": row["name"]})
        return row

    def update(self, ctx, row, body):
        name = body.get("name", row["name"])
        self._check_name(name)
        if name != row["name"] and self.of(ctx).named(name):
            raise EDIT.refuses(409, "The Data Center name is already in use.")
        domains = ctx.table("storage_domain").by("_pool", row["id"])
        clusters = ctx.table("cluster").by("data_center.id", row["id"])
        local = body.get("local", row["local"])
        if row["local"] and not local and any((one.get("storage") or {}).get("type") == "localfs" for one in domains):
            raise errors.refused(409, "Cannot change Data Center type to shared while local Storage Domains are still attached to it.\n"
                                      "-Please detach all local Storage Domains and retry.")
        if local and not row["local"]:
            if len(clusters) > 1:
                raise errors.refused(400, 'Cannot add more than one Cluster to a Data Center with "Local Storage".')
            if len(hosts_of_data_center(ctx, row["id"])) > 1:
                raise errors.refused(400, 'Cannot add more than one Host to "Local Storage" Data Center')
        old, level = levels.key(row["version"]), levels.key(body.get("version")) or levels.key(row["version"])
        if level != old:
            self._check_level(ctx, row, old, level, domains, clusters)
        if local and not row["local"] and any(one["name"] == DEFAULT and one.get("_default") for one in clusters):
            raise errors.refused(409, "Default Cluster cannot be moved to the Data Center that has local Storage.")
        row.update({"name": name, "local": local})
        row.update({member: body[member] for member in ("description", "comment", "quota_mode") if member in body})
        if level != old:
            row["version"] = levels.shown(level)
            row["storage_format"] = levels.storage_format(level)
            for domain in domains:
                if domain["type"] == "data":
                    set_format(ctx, domain, row["storage_format"])
        pool = (body.get("mac_pool") or {}).get("id")
        if pool is not None:
            if ctx.row("mac_pool", places.uuid(pool)) is None:
                raise errors.refused(500, "General command validation failure.")
            for cluster in clusters:
                cluster["mac_pool"] = {"id": pool.lower()}
                ctx.table("cluster").save(cluster)
        ctx.job(f"Editing Data Center {row['name']} properties").finish(finalizing=False)
        ctx.event(952, "normal", f"Data Center {row['name']} was updated by {ctx.identity.principal}", data_center=row)
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        domains = ctx.table("storage_domain").by("_pool", row["id"])
        hosts = hosts_of_data_center(ctx, row["id"])
        force = bool(ctx.flag("force"))
        if row["status"] == "up":
            raise errors.refused(409, "Cannot remove an active Data Center.")
        if row["status"] != "uninitialized" and not force and not any(host["status"] == "up" for host in hosts):
            raise REMOVE.refuses(409, "There is no active Host in the Data Center.")
        if any(one["_status"] != "maintenance" for one in domains):
            raise errors.refused(409, "Cannot remove Data Center which contains Storage Domains that are not in Maintenance status.\n"
                                      "-Please deactivate all domains and wait for tasks to finish before removing the Data Center.")
        if not force and len(domains) > 1:
            raise errors.refused(409, "Cannot remove Data Center when more than one Storage Domain is attached.")
        if force and any(host["status"] != "maintenance" for host in hosts):
            raise errors.refused(409, "Cannot remove Data Center while there are Hosts that are not in Maintenance mode.")
        job = ctx.job(f"Removing Data Center {row['name']}")
        for domain in domains:
            if force:
                ctx.table("storage_domain").remove(domain["id"])
            else:
                put_aside(ctx, domain)
                domain.update({"_pool": None, "_status": "unattached", "master": False})
                ctx.table("storage_domain").save(domain)
        for host in hosts:
            if (host.get("spm") or {}).get("status") not in (None, "none"):
                host["spm"]["status"] = "none"
                ctx.table("host").save(host)
        for network in ctx.table("network").by("data_center.id", row["id"]):
            for kind in ("cluster_network", "vnic_profile", "network_label"):
                for one in ctx.table(kind).by("network.id", network["id"]):
                    ctx.table(kind).remove(one["id"])
            ctx.table("network").remove(network["id"])
        for kind in ("quota", "qos", "iscsi_bond"):
            for one in ctx.table(kind).by("data_center.id", row["id"]):
                ctx.table(kind).remove(one["id"])
        for cluster in ctx.table("cluster").by("data_center.id", row["id"]):
            cluster.pop("data_center", None)
            cluster.pop("_management_network", None)
            ctx.table("cluster").save(cluster)
        self.of(ctx).remove(row["id"])
        job.finish()
        ctx.event(954, "normal", f"Data Center {row['name']} was removed by {ctx.identity.principal}")

    @action("cleanfinishedtasks", entity=False)
    def clean_finished_tasks(self, ctx, row, body):
        ctx.job(f"Cleaning finished tasks of Data Center {row['name']}").finish()

    @action("setmaster", entity=False)
    def set_master(self, ctx, row, body):
        reference = body["storage_domain"]
        domain = self.resolve(ctx, reference, "storage_domain", "StorageDomain")
        set_master = Command("set", "master Storage Domain")
        if domain is None or domain.get("_pool") != row["id"]:
            raise set_master.refuses(400, "Storage Domain doesn't exist.")
        if row["status"] != "up":
            raise set_master.refuses(409, "Unknown Data Center status.")
        if domain["master"]:
            raise set_master.refuses(409, "The Storage Domain is already the master.")
        if domain["type"] != "data" or domain["_status"] != "active":
            raise set_master.refuses(409, "The relevant Storage Domain is inaccessible.\n-Please handle Storage Domain issues and retry the operation.")
        old = next((one["name"] for one in ctx.table("storage_domain").by("_pool", row["id"]) if one["master"]), "")
        for one in ctx.table("storage_domain").by("_pool", row["id"]):
            if one["master"] != (one["id"] == domain["id"]):
                one["master"] = one["id"] == domain["id"]
                ctx.table("storage_domain").save(one)
        ctx.job(f"Switching master storage domain from {old} to {domain['name']}").finish()
        return {"storage_domain": None}

    # -- parts

    def _make(self, ctx, body, level):
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description"), "comment": body.get("comment"), "local": body["local"],
               "quota_mode": body.get("quota_mode", "disabled"), "status": "uninitialized", "version": levels.shown(level)}
        self.of(ctx).save(row)
        ctx.table("quota").save({
            "id": ctx.new_id(), "name": "Default", "description": "Default unlimited quota", "data_center": {"id": row["id"]}, "_default": True,
            "cluster_hard_limit_pct": 20, "cluster_soft_limit_pct": 80, "storage_hard_limit_pct": 20, "storage_soft_limit_pct": 80})
        return row

    @staticmethod
    def _network(ctx, row, description):
        network = ctx.table("network").save({
            "id": ctx.new_id(), "name": MANAGEMENT, "description": description, "comment": "", "data_center": {"id": row["id"]}, "mtu": 0,
            "port_isolation": False, "stp": False, "usages": ["vm"], "vdsm_name": MANAGEMENT})
        return network, ctx.engine.services.of_type("vnic_profile").for_network(ctx, network)

    @staticmethod
    def _check_name(name):
        wrong = []
        if not places.NAME.fullmatch(name):
            wrong.append(places.violation("Data Center name may only contain letters, numbers, '-', or '_'.", "privateStoragePool.name"))
        if not 1 <= len(name) <= 40:
            wrong.append(places.violation("size must be between 1 and 40", "privateStoragePool.name"))
        if wrong:
            raise errors.refused(400, *wrong)

    @staticmethod
    def _check_level(ctx, row, old, level, domains, clusters):
        if not levels.supported(level):
            raise EDIT.refuses(400, "Selected Compatibility Version is not supported.")
        if level < old:
            target = levels.storage_format(level)
            stuck = [one["name"] for one in domains if one["type"] == "data" and FORMATS.index(one["storage_format"]) > FORMATS.index(target)]
            if stuck:
                raise EDIT.refuses(400, "This action will cause storage format downgrading which is not supported. "
                                        f"The following storage domains cannot be downgraded:  {', '.join(stuck)}.")
            management = {cluster.get("_management_network") for cluster in clusters}
            if any(network["id"] not in management for network in ctx.table("network").by("data_center.id", row["id"])):
                raise errors.refused(400, "Cannot decrease data center compatibility version.")
            return
        low = [one["name"] for one in clusters if levels.key(one["version"]) < level]
        if low:
            raise errors.refused(400, "Cannot update Data Center compatibility version to a value that is greater than its cluster's version. "
                                      f"The following clusters should be upgraded: {','.join(low)}.")
        machines = (vm for cluster in clusters for vm in ctx.table("vm").by("cluster.id", cluster["id"]))
        asleep = [vm["name"] for vm in machines if vm["status"] == "suspended" and (levels.key(vm.get("custom_compatibility_version")) or level) < level]
        if asleep:
            raise errors.refused(409, "Update failed: The data center compatibility version cannot be updated. Please resume/power-off the following "
                                      "VMs before "
                                      f"updating the data center: <ul>{''.join(f'<li>{name}</li>' for name in asleep)}</ul>.")
