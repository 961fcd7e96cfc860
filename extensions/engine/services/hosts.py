"""/hosts: hypervisors.  Every address but those of its own machine answers here, with the facts of a machine that fits its cluster."""

from __future__ import annotations

import re

from .. import errors
from ..clock import timed
from ..commands import Job
from ..rules import levels
from . import host_nics
from .base import Collection, action, merge

GIB = 1024 ** 3
INSTALL_SECONDS = 3
ACTIVATE_SECONDS = 2
MAINTENANCE_SECONDS = 2
REBOOT_SECONDS = 5
CONNECT_SECONDS = 2
SILENT_SECONDS = 6
ISCSI_PORT = 3260
FENCE_TYPES = ("manual", "restart", "start", "stop", "status")
# Addresses of the engine's own machine, where no agent listens.
OWN_ADDRESSES = ("localhost", "::1")
NAME = re.compile(r"[A-Za-z0-9_.\-]+")
ADDRESS = re.compile(r"[A-Za-z0-9_.\-:\[\]]+")
MUTABLE = ("name", "comment", "description", "power_management", "spm", "ssh", "os", "port", "vgpu_placement", "override_iptables",
           "network_operation_in_progress", "device_passthrough", "kdump_status", "display", "external_status")

# What a machine says of its processor, by vendor of the cluster's CPU type.
PROCESSORS = {
    "Intel": ("Intel(R) Xeon(R) Gold 6242R CPU @ 2.60GHz", "Secure Intel Cascadelake Server Family"),
    "AMD": ("AMD EPYC 7543 32-Core Processor", "Secure AMD EPYC"),
    "IBM POWER": ("POWER9, altivec supported", "IBM POWER9"),
    "IBM z": ("IBM/S390", "IBM z14"),
}


class Hosts(Collection):
    type = "host"
    paths = ("hosts",)
    search = "hosts"
    links = ("katelloerrata", "permissions", "tags", "affinitylabels", "fenceagents", "devices", "hooks", "nics", "numanodes", "storage",
             "networkattachments", "storageconnectionextensions", "unmanagednetworks", "externalnetworkproviderconfigurations", "cpuunits",
             "statistics")

    def add(self, ctx, body, parents):
        absent = [name for name in ("name", "address") if not body.get(name)]
        if absent:
            raise errors.incomplete("Host", absent, "add")
        cluster = self._cluster(ctx, body)
        problems = []
        if not NAME.fullmatch(body["name"]):
            problems.append('Host name must be formed of alphanumeric characters, numbers or "-_.", Attribute: vdsStatic.name')
        if not ADDRESS.fullmatch(body["address"]):
            problems.append("Host address must be a FQDN or a valid IP address, Attribute: vdsStatic.hostName")
        priority = (body.get("spm") or {}).get("priority")
        if priority is not None and priority > 10:
            problems.append("must be less than or equal to 10, Attribute: vdsStatic.vdsSpmPriority")
        if problems:
            raise errors.refused(400, *problems)
        if ctx.table("host").by("name", body["name"]):
            raise errors.refused(409, "Cannot add Host. The Host name is already in use, please choose a unique name and try again.")
        if ctx.table("host").by("address", body["address"]):
            raise errors.refused(409, "Cannot add Host. The Host address is already in use.")
        ssh = body.get("ssh") or {}
        if not body.get("root_password") and ssh.get("authentication_method") != "publickey":
            raise errors.refused(400, "Cannot install Host with empty password.")
        row = {
            "id": ctx.new_id(),
            "name": body["name"],
            "comment": body.get("comment", ""),
            "address": body["address"],
            "status": "unassigned",
            "cluster": {"id": cluster["id"]},
            "auto_numa_status": "unknown",
            "certificate": {"organization": "oVirt", "subject": f"O=oVirt,CN={body['address']}"},
            "cpu": {"speed": 0, "topology": {}},
            "device_passthrough": {"enabled": False},
            "external_status": "ok",
            "hardware_information": {"supported_rng_sources": []},
            "kdump_status": "unknown",
            "ksm": {"enabled": False},
            "max_scheduling_memory": 0,
            "memory": 0,
            "network_operation_in_progress": False,
            "numa_supported": False,
            "os": {"custom_kernel_cmdline": "", "description": ""},
            "ovn_configured": False,
            "port": body.get("port", 54321),
            "power_management": {"automatic_pm_enabled": True, "enabled": False, "kdump_detection": True, "pm_proxies": []},
            "protocol": "stomp",
            "reinstallation_required": False,
            "se_linux": {},
            "spm": {"priority": 5, "status": "none"},
            "ssh": {"port": ssh.get("port", 22)},
            "transparent_hugepages": {"enabled": False},
            "type": "rhel",
            "update_available": False,
            "vgpu_placement": "consolidated",
            "_serial": ctx.engine.next_number("host"),
        }
        merge(row, body, "power_management", "spm", "os", "vgpu_placement")
        self.of(ctx).save(row)
        ctx.event(42, "normal", f"Host {row['name']} was added by {ctx.identity.principal}.", host=row, cluster=cluster)
        if row["address"] in OWN_ADDRESSES:
            ctx.later(CONNECT_SECONDS, "host.connecting", host=row["id"])
        else:
            ctx.later(INSTALL_SECONDS, "host.up", host=row["id"])
        return row

    def update(self, ctx, row, body):
        name = body.get("name", row["name"])
        if name != row["name"] and ctx.table("host").by("name", name):
            raise errors.refused(409, "Cannot edit Host. The Host name is already in use, please choose a unique name and try again.")
        if not NAME.fullmatch(name):
            raise errors.refused(400, 'Host name must be formed of alphanumeric characters, numbers or "-_.", Attribute: vdsStatic.name')
        if "address" in body and body["address"] != row["address"]:
            raise errors.refused(400, "Cannot edit Host. Host Address can not be modified due to Security restrictions.  In order to change Host Address, "
                                      "Host has to be reinstalled.")
        if "cluster" in body:
            cluster = self._cluster(ctx, body, "edit")
            if cluster["id"] != row["cluster"]["id"] and row["status"] not in ("maintenance", "installing", "install_failed"):
                raise errors.refused(409, "Cannot change Host Cluster. Host Cluster can be changed only in the following statuses: Maintenance, "
                                          "Pending Approval.")
            row["cluster"] = {"id": cluster["id"]}
        if (body.get("power_management") or {}).get("enabled") and not ctx.table("agent").by("host.id", row["id"]):
            raise errors.refused(409, "Cannot edit Host. Power Management is enabled for Host but no Agent was added.")
        kernel = row["os"].get("custom_kernel_cmdline")
        merge(row, body, *MUTABLE)
        if row["os"].get("custom_kernel_cmdline") != kernel:
            row["reinstallation_required"] = True
        self.of(ctx).save(row)
        ctx.event(43, "normal", f"Host {row['name']} configuration was updated by {ctx.identity.principal}.", host=row,
                  cluster=ctx.row("cluster", row["cluster"]["id"]))
        return row

    def remove(self, ctx, row):
        if row["status"] not in ("maintenance", "install_failed", "pending_approval", "non_responsive", "down"):
            raise errors.refused(409, "Cannot remove Host. Host is operational. Please switch Host to Maintenance mode first.")
        if ctx.table("vm").by("host.id", row["id"]):
            raise errors.refused(409, "Cannot remove Host. Host still has running VMs on it.")
        self.of(ctx).remove(row["id"])
        for table in ("host_nic", "agent", "network_attachment", "network_label", "storage_connection_extension"):
            for other in ctx.table(table).by("host.id", row["id"]):
                ctx.table(table).remove(other["id"])
        ctx.event(44, "normal", f"Host {row['name']} was removed by {ctx.identity.principal}.")

    def find(self, ctx, ident, parents):
        if ctx.filtered and reading(ctx):
            raise errors.fault(400, "query execution failed due to insufficient permissions.")
        return super().find(ctx, ident, parents)

    def present(self, ctx, row, rep):
        if reading(ctx) and not ctx.all_content:
            rep.pop("network_operation_in_progress", None)
        if row["memory"]:
            vms = ctx.table("vm").by("host.id", row["id"])
            rep["summary"] = {"active": len([vm for vm in vms if vm["status"] == "up"]), "total": len(vms),
                              "migrating": len([vm for vm in vms if vm["status"] == "migrating"])}
        else:
            rep["summary"] = {"total": 0}

    def unknown(self, ctx, verb, ident):
        if verb == "fence":
            check_fence_type(ctx.body["fence_type"])
        texts = {"activate": "Cannot activate Host. Invalid Host Id.", "deactivate": "Cannot maintenance Host. Invalid Host Id.",
                 "approve": "Cannot approve Host - Host does not exists.", "upgrade": "Cannot upgrade Host. Invalid Host Id.",
                 "upgradecheck": "Cannot check for upgrade Host. Invalid Host Id.", "refresh": "",
                 "enrollcertificate": "Cannot enroll certificate Host. Invalid Host Id.", "commitnetconfig": "Host not found.",
                 "syncallnetworks": "Internal Engine Error"}
        faults = {"iscsidiscover": "Host not found.", "discoveriscsi": "Host not found.", "iscsilogin": "Host not found.",
                  "fence": 'cannot invoke "org.ovirt.engine.core.common.businessentities.vds.getid()" because "this.fencedhost" is null'}
        if verb in faults:
            return errors.fault(400, faults[verb])
        if verb == "forceselectspm":
            return errors.failed(500, 'java.lang.NullPointerException: Cannot invoke "org.ovirt.engine.core.common.businessentities.VDS.getName()" because the '
                                      'return value of "org.ovirt.engine.core.bll.storage.pool.ForceSelectSPMCommand.getVds()" is null')
        if verb in texts:
            return errors.refused(400, texts[verb])
        if verb in ("install", "unregisteredstoragedomainsdiscover"):
            return errors.entity_not_found(ident)
        return errors.not_found()

    # -- actions

    @action("activate")
    def activate(self, ctx, row, body):
        if row["status"] not in ("maintenance", "non_responsive", "non_operational", "install_failed", "preparing_for_maintenance"):
            raise errors.refused(409, f"Cannot activate Host. Host in {shown(row['status'])} status.")
        job = ctx.job(f"Activating Host {row['name']}")
        row["status"] = "unassigned"
        row.pop("status_detail", None)
        self.of(ctx).save(row)
        ctx.event(16, "normal", f"Activation of host {row['name']} initiated by {ctx.identity.principal}.", host=row,
                  cluster=ctx.row("cluster", row["cluster"]["id"]))
        ctx.later(ACTIVATE_SECONDS, "host.up", host=row["id"], job=job.id)

    @action("deactivate")
    def deactivate(self, ctx, row, body):
        if row["status"] == "maintenance":
            raise errors.refused(409, "Cannot switch Host to Maintenance mode. Host is already in Maintenance mode.")
        vms = ctx.table("vm").by("host.id", row["id"])
        stuck = [vm["name"] for vm in vms if (vm.get("placement_policy") or {}).get("affinity") in ("pinned", "user_migratable")]
        if stuck:
            raise errors.refused(409, f"Cannot switch the following Hosts to Maintenance mode: {row['name']}.\nOne or more running VMs are indicated as "
                                      f"non-migratable. The non-migratable VMs are: {', '.join(stuck)}.")
        if row["spm"]["status"] == "spm" and tasks_run(ctx, row):
            raise errors.refused(409, f"Cannot switch the following Hosts to Maintenance mode: {row['name']}.\nHost has asynchronous running tasks,\n"
                                      "wait for operation to complete and retry.")
        others = [host for host in up_hosts(ctx, row["cluster"]["id"]) if host["id"] != row["id"]]
        if vms and not others:
            raise errors.refused(409, f"Cannot switch the following Hosts to Maintenance mode: {row['name']}.\nThere is no host available to migrate the "
                                      "running VMs to.")
        for number, vm in enumerate(vms):
            vm["host"] = {"id": others[number % len(others)]["id"]}
            ctx.table("vm").save(vm)
        row["status"] = "preparing_for_maintenance"
        if body.get("reason"):
            row["status_detail"] = body["reason"]
        self.of(ctx).save(row)
        ctx.later(MAINTENANCE_SECONDS, "host.maintenance", host=row["id"])

    @action("install")
    def install(self, ctx, row, body):
        if row["status"] not in ("maintenance", "install_failed", "installing_os", "pending_approval", "initializing"):
            raise errors.refused(409, "Cannot install Host. Please move Host to Maintenance mode first.")
        ssh = body.get("ssh") or {}
        if not body.get("root_password") and not ssh.get("user", {}).get("password") and ssh.get("authentication_method") != "publickey":
            raise errors.refused(400, "Cannot install Host with empty password.")
        job = ctx.job(f"Installing Host {row['name']}")
        row["status"] = "installing"
        row["reinstallation_required"] = False
        self.of(ctx).save(row)
        ctx.later(INSTALL_SECONDS, "host.installed", host=row["id"], job=job.id, activate=bool(body.get("activate")))

    @action("approve")
    def approve(self, ctx, row, body):
        if row["status"] not in ("pending_approval", "install_failed"):
            raise errors.refused(409, "Cannot approve Host. The Host is not in a status that can be approved.")
        job = ctx.job(f"Approving Host {row['name']}")
        row["status"] = "installing"
        self.of(ctx).save(row)
        ctx.later(INSTALL_SECONDS, "host.installed", host=row["id"], job=job.id, activate=True)

    @action("refresh")
    def refresh(self, ctx, row, body):
        if row["status"] not in ("up", "maintenance", "non_operational"):
            raise errors.refused(409, f"Cannot refresh Host. Host in {shown(row['status'])} status.")
        event = ctx.event(606, "normal", f"Successfully refreshed the capabilities of host {row['name']}.", host=row,
                          cluster=ctx.row("cluster", row["cluster"]["id"]))
        event["correlation_id"] = ctx.new_id()[:8]
        ctx.table("event").save(event)

    @action("upgradecheck")
    def upgrade_check(self, ctx, row, body):
        event = ctx.event(841, "normal", f"Check for available updates on host {row['name']} was completed successfully.", host=row)
        for name in ("user", "correlation_id"):
            event.pop(name, None)
        ctx.table("event").save(event)

    @action("upgrade")
    def upgrade(self, ctx, row, body):
        if not row["update_available"]:
            raise errors.refused(409, "Cannot upgrade Host. There are no available updates for the host.")
        self.install(ctx, row, {"root_password": "kept", "activate": True})

    @action("enrollcertificate")
    def enroll_certificate(self, ctx, row, body):
        if row["status"] not in ("maintenance", "installing_os"):
            raise errors.refused(409, "Cannot enroll certificate Host. Please switch Host to Maintenance mode first.")

    @action("commitnetconfig")
    def commit_net_config(self, ctx, row, body):
        """Kept by the host at once; there is nothing that could roll back here."""

    @action("syncallnetworks")
    def sync_all_networks(self, ctx, row, body):
        """Networks of these hosts are never out of step."""

    @action("setupnetworks")
    def setup_networks(self, ctx, row, body):
        if row["status"] not in ("up", "maintenance", "non_operational"):
            raise errors.refused(409, "Cannot setup Networks. Operation can be performed only when Host status is  Maintenance, Up, NonOperational.")
        host_nics.setup(ctx, row, body)

    @action("copyhostnetworks")
    def copy_host_networks(self, ctx, row, body):
        source = self.resolve(ctx, body["source_host"], "host", "Host")
        if source is None:
            raise errors.refused(400, "Cannot copy host networks Host. Invalid Host Id.")
        if source["id"] == row["id"]:
            raise errors.refused(400, "Cannot copy host networks Host. Source and destination hosts are the same.")
        ctx.job(f"Copy host networks from {source['name']} to {row['name']}").finish()
        host_nics.copy(ctx, source, row)

    @action("iscsidiscover", entity=False)
    def iscsi_discover(self, ctx, row, body):
        return discovered(body["iscsi"])

    @action("discoveriscsi", entity=False)
    def discover_iscsi(self, ctx, row, body):
        return discovered(body["iscsi"])

    @action("iscsilogin")
    def iscsi_login(self, ctx, row, body):
        ctx.job(f"Connecting Host {row['name']} to Storage server").finish()

    @action("unregisteredstoragedomainsdiscover", entity=False)
    def unregistered_storage_domains_discover(self, ctx, row, body):
        raise errors.fault(400, "couldn't connect to the specified targets")

    @action("fence")
    def fence(self, ctx, row, body):
        kind = body["fence_type"]
        check_fence_type(kind)
        if kind == "manual":
            return None
        agents = ctx.table("agent").by("host.id", row["id"])
        if not row["power_management"].get("enabled") or not agents:
            if kind == "status":
                return {"status": "failed", "fault": {"reason": f"Invalid fence agents defined for host '{row['address']}'."}}
            raise errors.refused(409, f"Cannot {kind} Host. Power Management is disabled or not configured for the Host.")
        if kind == "status":
            return {"host": None, "power_management": {"status": "off" if row["status"] == "down" else "on"}}
        job = ctx.job({"start": "Starting", "stop": "Stopping", "restart": "Restarting"}[kind] + f" Host {row['name']}")
        row["status"] = "down" if kind == "stop" else "reboot"
        self.of(ctx).save(row)
        if kind == "stop":
            job.finish()
        else:
            ctx.later(REBOOT_SECONDS, "host.up", host=row["id"], job=job.id)
        return None

    @action("forceselectspm")
    def force_select_spm(self, ctx, row, body):
        if row["status"] != "up":
            raise errors.refused(409, f"Cannot force select SPM. The Host {row['name']} is not active.")
        ctx.job(f"Force selecting {row['name']} as SPM").finish()
        select_spm(ctx, data_center_of(ctx, row), row)

    def _cluster(self, ctx, body, verb="add"):
        reference = body.get("cluster") or {"name": "Default"}
        cluster = self.resolve(ctx, reference, "cluster", "Cluster")
        if cluster is None:
            raise errors.refused(400, f"Cannot {verb} Host. Cluster ID is not valid.")
        return cluster


def check_fence_type(kind) -> None:
    if kind not in FENCE_TYPES:
        raise errors.fault(400, f"{kind.upper()} is not a member of FenceType. Possible values for FenceType are: {', '.join(FENCE_TYPES)}", "Invalid value")


def reading(ctx) -> bool:
    return ctx.request is not None and ctx.request.method in ("GET", "HEAD")


def discovered(portal):
    """What an iSCSI portal shows: every address has one with two targets."""
    address, port = portal["address"], portal.get("port", ISCSI_PORT)
    targets = [f"iqn.2026-01.lab:{address}:target{number}" for number in (1, 2)]
    return {"iscsi_targets": targets,
            "discovered_targets": [{"address": address, "port": port, "portal": f"{address}:{port},1", "target": target} for target in targets]}


def shown(status: str) -> str:
    """A status as messages write it: ``PreparingForMaintenance``, ``Up``."""
    return "".join(part.capitalize() for part in status.split("_"))


def up_hosts(ctx, cluster_id):
    """Hosts of a cluster that can work now."""
    return [host for host in ctx.table("host").by("cluster.id", cluster_id) if host["status"] == "up"]


def data_center_of(ctx, host):
    cluster = ctx.row("cluster", host["cluster"]["id"])
    return ctx.row("data_center", (cluster.get("data_center") or {}).get("id")) if cluster else None


def hosts_of_data_center(ctx, data_center_id):
    """All hosts of the clusters of a data center."""
    return [host for cluster in ctx.table("cluster").by("data_center.id", data_center_id) for host in ctx.table("host").by("cluster.id", cluster["id"])]


def tasks_run(ctx, host) -> bool:
    """Does the storage manager carry out a task now?"""
    data_center = data_center_of(ctx, host)
    if data_center is None:
        return False
    domains = {row["id"] for row in ctx.table("storage_domain").by("_pool", data_center["id"])}
    return any(row["arguments"].get("_domain") in domains for row in ctx.engine.timeline.pending())


def select_spm(ctx, data_center, host=None) -> None:
    """Give the role of the storage pool manager to the host, or to the first one that is up."""
    if data_center is None or not ctx.table("storage_domain").by("_pool", data_center["id"]):
        return
    hosts = hosts_of_data_center(ctx, data_center["id"])
    up = [one for one in hosts if one["status"] == "up"]
    if host is None:
        if any(one["spm"]["status"] == "spm" for one in up) or not up:
            return
        host = up[0]
    for one in hosts:
        status = "spm" if one["id"] == host["id"] else "none"
        if one["spm"]["status"] != status:
            one["spm"] = {**one["spm"], "status": status}
            ctx.table("host").save(one)


def describe(ctx, row) -> None:
    """Fill in what an agent reports once the host is reached."""
    cluster = ctx.row("cluster", row["cluster"]["id"]) or {}
    wanted = (cluster.get("cpu") or {}).get("type") or "Intel"
    vendor = next((one for one in ("AMD", "IBM POWER", "IBM z") if one in wanted), "Intel")
    model, kind = PROCESSORS[vendor]
    serial = f"SN{row['_serial']:04d}"
    row.update(
        {
            "auto_numa_status": "enable",
            "numa_supported": True,
            "kdump_status": "disabled",
            "memory": 128 * GIB,
            "max_scheduling_memory": 128 * GIB - 385 * 1024**2,
            "cpu": {"name": model, "speed": 2600, "type": kind, "topology": {"cores": 8, "sockets": 2, "threads": 2}},
            "hardware_information": {
                "family": "Fake",
                "manufacturer": "Fake Inc.",
                "product_name": "FakeServer 9000",
                "serial_number": serial,
                "version": "1.0",
                "supported_rng_sources": ["random", "hwrng"],
                "uuid": row["hardware_information"].get("uuid") or ctx.new_id(),
            },
            "iscsi": {"initiator": f"iqn.1994-05.com.redhat:{row['name']}"},
            "libvirt_version": {"build": 0, "full_version": "libvirt-10.10.0-7.el9", "major": 10, "minor": 10, "revision": 0},
            "os": {
                **row["os"],
                "description": "Fake Linux 9",
                "reported_kernel_cmdline": "BOOT_IMAGE=/vmlinuz ro",
                "type": "RHEL",
                "version": {"full_version": "9.6 - 1.el9", "major": 9, "minor": 6},
            },
            "se_linux": {"mode": "enforcing"},
            "transparent_hugepages": {"enabled": True},
            "version": {"build": 6, "full_version": "vdsm-4.50.6-1.el9", "major": 4, "minor": 50, "revision": 0},
        }
    )


def _set_processor(ctx, cluster, kind) -> None:
    """The first host of a cluster that was made without a CPU type gives it its own, where the cluster's level knows that type."""
    level = (cluster["version"]["major"], cluster["version"]["minor"])
    architecture = levels.architecture(kind, level)
    if architecture != "undefined":
        cluster["cpu"] = {**cluster["cpu"], "type": kind, "architecture": architecture}
        cluster["bios_type"] = cluster.get("bios_type") or levels.bios_type(architecture, level)
        ctx.table("cluster").save(cluster)


@timed("host.up")
def came_up(ctx, host, job=None):
    """The host answers: facts are read, networks too, and the storage pool gets its manager."""
    row = ctx.row("host", host)
    if row is None:
        return
    refused = ctx.host_step("ActivateVds", None, name=row["name"], id=row["id"])
    running = Job.find(ctx, job)
    if refused is not None:
        row["status"] = "non_operational"
        row["status_detail"] = refused
        ctx.table("host").save(row)
        if running is not None:
            running.fail()
        return
    describe(ctx, row)
    row["status"] = "up"
    ctx.table("host").save(row)
    host_nics.report(ctx, row)
    data_center = data_center_of(ctx, row)
    select_spm(ctx, data_center)
    if data_center is not None:
        from .storage_domains import pool_status

        pool_status(ctx, data_center)
    if running is not None:
        running.finish()
    cluster = ctx.row("cluster", row["cluster"]["id"])
    if cluster is not None and cluster["cpu"]["architecture"] == "undefined":
        _set_processor(ctx, cluster, row["cpu"]["type"])
    if cluster is not None and cluster.get("fips_mode") == "undefined" and (cluster["version"]["major"], cluster["version"]["minor"]) >= (4, 4):
        # The first host of a cluster says whether its hosts run in FIPS mode.
        cluster["fips_mode"] = "disabled"
        ctx.table("cluster").save(cluster)
    event = ctx.event(13, "normal", f"Status of host {row['name']} was set to Up.", host=row, cluster=cluster, data_center=data_center)
    # The engine's own monitoring saw it.
    event.update({"user": {"name": "SYSTEM"}, "correlation_id": ctx.new_id()[:8]})
    ctx.table("event").save(event)


@timed("host.connecting")
def connecting(ctx, host):
    """Nobody answers at the address; after a while that is what the status says."""
    row = ctx.row("host", host)
    if row is None or row["status"] not in ("unassigned", "connecting"):
        return
    silent = row["status"] == "connecting"
    row["status"] = "non_responsive" if silent else "connecting"
    ctx.table("host").save(row)
    if silent:
        ctx.event(12, "error", f"Host {row['name']} is non responsive.", host=row, cluster=ctx.row("cluster", row["cluster"]["id"]))
    else:
        ctx.later(SILENT_SECONDS, "host.connecting", host=host)


@timed("host.installed")
def installed(ctx, host, job, activate):
    row, running = ctx.row("host", host), Job.find(ctx, job)
    if row is None:
        return
    refused = ctx.host_step("InstallVds", None, name=row["name"], id=row["id"])
    row["status"] = "install_failed" if refused is not None else "maintenance"
    ctx.table("host").save(row)
    if refused is not None:
        ctx.event(505, "error", f"Host {row['name']} installation failed. {refused}", host=row)
        if running is not None:
            running.fail()
        return
    if running is not None:
        running.finish()
    if activate:
        row["status"] = "unassigned"
        ctx.table("host").save(row)
        ctx.later(ACTIVATE_SECONDS, "host.up", host=host)


@timed("host.maintenance")
def in_maintenance(ctx, host):
    row = ctx.row("host", host)
    if row is None or row["status"] != "preparing_for_maintenance":
        return
    row["status"] = "maintenance"
    was_spm = row["spm"]["status"] == "spm"
    row["spm"] = {**row["spm"], "status": "none"}
    ctx.table("host").save(row)
    data_center = data_center_of(ctx, row)
    if was_spm:
        select_spm(ctx, data_center)
    if data_center is not None:
        from .storage_domains import pool_status

        pool_status(ctx, data_center)
    ctx.event(600, "normal", f"Host {row['name']} was switched to Maintenance Mode.", host=row)
