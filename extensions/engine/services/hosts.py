"""/hosts: hypervisors.  Every address but those of its own machine answers here, with the facts of a machine that fits its cluster."""

from __future__ import annotations

import re

from .. import errors
from ..clock import timed
from ..commands import Job
from ..rules import host_fencing, levels, places
from . import host_nics
from .host_fence_agents import renew_agents
from .base import Collection, action, merge

GIB = 1024 ** 3
INSTALL_SECONDS = 3
ACTIVATE_SECONDS = 2
MAINTENANCE_SECONDS = 2
CONNECT_SECONDS = 2
SILENT_SECONDS = 6
ISCSI_PORT = 3260
# Addresses of the engine's own machine, where no agent listens.
OWN_ADDRESSES = ("localhost", "::1")
NAME = re.compile(r"[A-Za-z0-9_.\-]+")
ADDRESS = re.compile(r"[A-Za-z0-9_.\-:\[\]]+")
NAME_USED = "The Host name is already in use, please choose a unique name and try again."
OPERATIONAL = "Host parameters cannot be modified while Host is operational.\nPlease switch Host to Maintenance mode first."
LONGEST_NAME = 255
LAST_PORT = 65535
# Statuses in which a host may be removed, and those in which its address may be changed.
REMOVABLE = ("non_responsive", "maintenance", "down", "unassigned", "install_failed", "pending_approval", "non_operational", "installing_os")
UNUSED = ("non_responsive", "maintenance", "down", "unassigned", "install_failed", "pending_approval", "installing_os", "installing")
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
    bare = ("setupnetworks",)
    links = ("katelloerrata", "permissions", "tags", "affinitylabels", "fenceagents", "devices", "hooks", "nics", "numanodes", "storage",
             "networkattachments", "storageconnectionextensions", "unmanagednetworks", "externalnetworkproviderconfigurations", "cpuunits",
             "statistics")

    def add(self, ctx, body, parents):
        absent = [name for name in ("name", "address") if not body.get(name)]
        if absent:
            raise errors.incomplete("Host", absent, "add")
        cluster = self._cluster(ctx, body)
        check_values(body)
        if ctx.table("host").by("name", body["name"]):
            raise errors.refused(409, f"Cannot add Host. {NAME_USED}")
        if ctx.table("host").by("address", body["address"]):
            raise errors.refused(409, "Cannot add Host. Host with the same address already exists.")
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
            "_spm_id": ctx.engine.next_number(f"spm:{(cluster.get('data_center') or {}).get('id')}"),
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
        reference = body.get("cluster") or {}
        if reference.get("id") or reference.get("name"):
            self._change_cluster(ctx, row, body)
        check_values(body)
        moved = body.get("address", row["address"]).lower() != row["address"].lower()
        port = (body.get("ssh") or {}).get("port", row["ssh"]["port"])
        if (moved or port != row["ssh"]["port"]) and row["status"] not in UNUSED:
            raise errors.refused(409, f"Cannot edit Host. {OPERATIONAL}")
        if moved and row["status"] not in ("install_failed", "installing"):
            raise errors.refused(400, "Cannot edit Host. Host Address can not be modified due to Security restrictions.  In order to change Host Address, "
                                      "Host has to be reinstalled.")
        name = body.get("name", row["name"])
        if name.lower() != row["name"].lower() and ctx.table("host").by("name", name):
            raise errors.refused(409, f"Cannot edit Host. {NAME_USED}")
        if body.get("port", row["port"]) not in (0, row["port"]):
            raise errors.refused(400, "The Host Port number cannot be changed without reinstalling the Host.")
        power = body.get("power_management") or {}
        if power.get("enabled", row["power_management"].get("enabled")) and not ctx.table("agent").by("host.id", row["id"]):
            raise errors.refused(400, "Cannot edit Host. Power Management is enabled for Host but no Agent type selected.")
        before = deployed(row)
        merge(row, body, *MUTABLE)
        if deployed(row) != before:
            row["reinstallation_required"] = True
        self.of(ctx).save(row)
        renew_agents(ctx, row)
        ctx.event(43, "normal", f"Host {row['name']} configuration was updated by {ctx.identity.principal}.", host=row,
                  cluster=ctx.row("cluster", row["cluster"]["id"]))
        return row

    def remove(self, ctx, row):
        if row["status"] not in REMOVABLE:
            raise errors.refused(409, "Cannot remove Host. Host is operational. Please switch Host to Maintenance mode first.")
        if ctx.table("vm").by("host.id", row["id"]):
            raise errors.refused(409, "Cannot remove Host. One or more VMs are still running on this Host.")
        pinned = [vm["name"] for vm in ctx.table("vm") if vm["placement_policy"].get("affinity") == "pinned"
                  and any(one["id"] == row["id"] for one in vm["placement_policy"].get("hosts", ()))]
        if pinned:
            raise errors.refused(409, f"Cannot remove Host. The following VMs are set to run specifically only on this Host: {','.join(pinned)}.\n"
                                      "In order to remove Host, you need to remove the association between the VMs and the Host (Using Edit VM properties).")
        self.of(ctx).remove(row["id"])
        for table in ("host_nic", "agent", "network_attachment", "network_label", "storage_connection_extension"):
            for other in ctx.table(table).by("host.id", row["id"]):
                ctx.table(table).remove(other["id"])
        ctx.event(44, "normal", f"Host {row['name']} was removed by {ctx.identity.principal}.")

    def listed(self, ctx, parents):
        machine = ctx.parameter("migration_target_of")
        if machine and not ctx.filtered and any(ctx.row("vm", ident.lower()) is None for ident in machine.split(",")):
            raise errors.entity_not_found("GetVmByVmId")
        return super().listed(ctx, parents)

    def present(self, ctx, row, rep):
        if ctx.filtered:
            # The type is worked out for searches alone.
            rep["cpu"] = {name: value for name, value in (rep.get("cpu") or {}).items() if name != "type"}
        if reading(ctx) and not ctx.all_content:
            rep.pop("network_operation_in_progress", None)
        if not (row.get("display") or {}).get("address"):
            rep.pop("display", None)
        if row["memory"]:
            vms = ctx.table("vm").by("host.id", row["id"])
            rep["summary"] = {"active": len([vm for vm in vms if vm["status"] == "up"]), "total": len(vms),
                              "migrating": len([vm for vm in vms if vm["status"] == "migrating"])}
        else:
            rep["summary"] = {"total": 0}

    def unknown(self, ctx, verb, ident):
        if verb == "fence":
            host_fencing.check_type(ctx.body["fence_type"].lower())
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
        if row["status"] == "up":
            raise errors.refused(409, "Cannot activate Host. Host in Up status.")
        if row["status"] == "non_responsive":
            raise errors.refused(409, "Cannot activate Host. Host is in non responsive state.")
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
        cluster = ctx.row("cluster", row["cluster"]["id"])
        if body.get("stop_gluster_service") and not cluster["gluster_service"]:
            raise errors.refused(400, "Cannot maintenance Host. The selected cluster doesn't support stopping gluster services.")
        if row["status"] not in ("up", "preparing_for_maintenance", "non_responsive", "error", "down", "non_operational", "install_failed"):
            raise errors.refused(409, "Cannot switch Host to Maintenance mode, Host is not operational.")
        vms = ctx.table("vm").by("host.id", row["id"])
        stuck = [vm["name"] for vm in vms if (vm.get("placement_policy") or {}).get("affinity") == "pinned"]
        if stuck:
            raise errors.refused(409, f"Cannot switch the following Hosts to Maintenance mode: {row['name']}.\nOne or more running VMs are indicated as "
                                      f"non-migratable. The non-migratable VMs are: {', '.join(stuck)}.")
        if row["status"] == "non_responsive" and vms:
            raise errors.refused(409, "Cannot switch Host to Maintenance mode.\nHost still has running VMs on it and is in Non Responsive state.")
        if row["spm"]["status"] == "spm" and tasks_run(ctx, row):
            raise errors.refused(409, "Cannot switch Host to Maintenance mode. Host has asynchronous running tasks,\nwait for operation to complete and retry.")
        others = [host for host in up_hosts(ctx, row["cluster"]["id"]) if host["id"] != row["id"]]
        if vms and not others:
            raise errors.refused(409, f"The following Hosts have running VMs and cannot be switched to maintenance mode: {row['name']}.\nPlease ensure that "
                                      f"the following Clusters have at least one Host in UP state: {cluster['name']}.")
        staying = self._migrate_away(ctx, row, vms, others)
        if staying and row["status"] == "preparing_for_maintenance":
            raise errors.refused(409, f"Cannot migrate VM. {staying[0]}")
        row["status"] = "preparing_for_maintenance"
        if body.get("reason"):
            row["status_detail"] = body["reason"]
        self.of(ctx).save(row)
        why = f" (Reason: {body['reason']})" if body.get("reason") else ""
        ctx.event(600 if why else 620, "normal", f"Host {row['name']} was switched to Maintenance mode by {ctx.identity.principal}{why}.",
                  host=row, cluster=cluster, data_center=data_center_of(ctx, row))
        ctx.later(MAINTENANCE_SECONDS, "host.maintenance", host=row["id"])

    @staticmethod
    def _migrate_away(ctx, row, vms, others):
        """Move machines to other hosts; why those that something else works on stay.  The host stays, too, until it is asked again."""
        staying = []
        for number, vm in enumerate(vms):
            busy = ctx.locked(f"vm:{vm['id']}")
            if busy:
                staying.append(busy)
                continue
            vm["host"] = {"id": others[number % len(others)]["id"]}
            ctx.table("vm").save(vm)
        if staying:
            ctx.event(602, "warning", f"Host {row['name']} cannot change into maintenance mode - not all Vms have been migrated successfully. Consider manual "
                                      f"intervention: stopping/migrating Vms running on this host. (User: {ctx.identity.principal}).",
                      host=row, cluster=ctx.row("cluster", row["cluster"]["id"]))
        return staying

    @action("install")
    def install(self, ctx, row, body):
        if row["status"] not in ("maintenance", "non_operational", "install_failed", "installing_os"):
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
        if row["status"] not in ("pending_approval", "install_failed", "installing_os"):
            raise errors.refused(409, "Cannot approve RHVH Host.\n-Host must be in \"Pending Approval\" or \"Install Failed\" status in order to be approved.")
        job = ctx.job(f"Adding new Host {row['name']} (Approve process) to Cluster {ctx.row('cluster', row['cluster']['id'])['name']}")
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
        ctx.event(884, "normal", f"Started to check for available updates on host {row['name']}.", host=row, cluster=ctx.row("cluster", row["cluster"]["id"]))
        event = ctx.event(885, "normal", f"Check for available updates on host {row['name']} was completed successfully with message 'no updates available.'.",
                          host=row)
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
        if row["status"] not in ("maintenance", "install_failed", "non_responsive"):
            raise errors.refused(409, "Cannot enroll certificate Host. Please switch Host to Maintenance mode first.")

    @action("commitnetconfig")
    def commit_net_config(self, ctx, row, body):
        """Kept by the host at once; there is nothing that could roll back here."""
        ctx.job(f"Applying saved network configuration to Host {row['name']}").finish()

    @action("syncallnetworks")
    def sync_all_networks(self, ctx, row, body):
        job = ctx.job(f"Synchronizing networks on host {row['name']}")
        host_nics.synchronize(ctx, row)
        job.finish()

    @action("setupnetworks", entity=False)
    def setup_networks(self, ctx, row, body):
        host_nics.setup(ctx, row, body)

    @action("copyhostnetworks")
    def copy_host_networks(self, ctx, row, body):
        source = ctx.row("host", places.uuid(body["source_host"]["id"]))
        if source is None:
            raise errors.refused(400, "The selected Host does not exist.")
        if source["cluster"]["id"] != row["cluster"]["id"]:
            raise errors.refused(400, "Cannot copy networks to Host. Hosts are not in the same cluster.")
        if host_nics.fewer(ctx, row, source):
            raise errors.refused(400, "Cannot copy networks to Host. Interface count of destination host has to be at least as high as that of the "
                                      "source host.")
        job = ctx.job(f"Copy host networks from {source['name']} to {row['name']}")
        host_nics.copy(ctx, source, row)
        job.finish()

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
        if not body.get("iscsi"):
            return {"storage_domains": []}
        raise errors.fault(400, "couldn't connect to the specified targets")

    @action("fence")
    def fence(self, ctx, row, body):
        kind = body["fence_type"].lower()
        host_fencing.check_type(kind)
        if kind == "manual":
            return host_fencing.confirm_reboot(ctx, row)
        proxies = any(host["status"] == "up" for host in fence_proxies(ctx, row))
        if kind == "status":
            return {"host": None, **host_fencing.power(ctx, row, proxies)}
        host_fencing.check(ctx, row, kind, proxies)
        host_fencing.carry_out(ctx, row, kind, keep_in_maintenance=bool(body.get("maintenance_after_restart")))
        return None

    @action("forceselectspm")
    def force_select_spm(self, ctx, row, body):
        if row["status"] != "up":
            raise errors.refused(409, f"Cannot force select SPM. The Host {row['name']} is not active.")
        pool = data_center_of(ctx, row)
        if pool is None:
            raise errors.refused(409, "Cannot force select SPM. The Host is not a part of a Storage Pool.")
        if row["spm"]["status"] != "none":
            raise errors.refused(409, f"Cannot force select SPM. The Host {row['name']} is already SPM or contending.")
        if row["spm"]["priority"] == -1:
            raise errors.refused(400, f"Cannot force select SPM. The SPM priority of Host {row['name']} is set to 'never'. This Host cannot be elected as SPM.")
        if pool["status"] != "up":
            raise errors.refused(409, "Cannot force select SPM. Unknown Data Center status.")
        if tasks_run(ctx, row):
            raise errors.refused(409, "Cannot force select SPM. The Storage Pool has running tasks.")
        ctx.job(f"Force selecting {row['name']} as SPM for Data Center {pool['name']}").finish()
        select_spm(ctx, pool, row)

    def _change_cluster(self, ctx, row, body):
        reference = body["cluster"]
        if reference.get("id") is None:
            cluster = self.resolve(ctx, reference, "cluster", "Cluster")
            ident = cluster["id"]
        else:
            ident = places.uuid(reference["id"])
            cluster = ctx.row("cluster", ident)
        if ident == row["cluster"]["id"]:
            return
        if row["status"] not in ("maintenance", "pending_approval"):
            raise errors.refused(409, f"Cannot edit Host. {OPERATIONAL}")
        if cluster is None:
            raise errors.refused(400, "Cannot edit Host. Cluster ID is not valid.")
        processor = processor_of(row)
        fits = levels.best(processor, levels.key(cluster["version"])) if processor is not None else None
        if processor is not None and fits is None:
            raise errors.refused(409, "Host CPU type is not supported in this cluster compatibility version or is not supported at all.")
        if fits is not None and cluster["cpu"]["architecture"] not in ("undefined", fits[2]):
            raise errors.refused(409, "Cannot edit Host. The host and destination cluster architectures do not match.")
        row["cluster"] = {"id": cluster["id"]}

    def _cluster(self, ctx, body, verb="add"):
        reference = body.get("cluster") or {"name": "Default"}
        cluster = self.resolve(ctx, reference, "cluster", "Cluster")
        if cluster is None:
            raise errors.refused(400, f"Cannot {verb} Host. Cluster ID is not valid.")
        return cluster


def check_values(body) -> None:
    """The checks of single values that the engine's bean validation makes, for new hosts and changes alike."""
    problems = []
    name = body.get("name", "x")
    if not 1 <= len(name) <= LONGEST_NAME:
        problems.append(places.violation(f"size must be between 1 and {LONGEST_NAME}", "vdsStatic.name"))
    if not NAME.fullmatch(name):
        problems.append(places.violation('Host name must be formed of alphanumeric characters, numbers or "-_."', "vdsStatic.name"))
    if not ADDRESS.fullmatch(body.get("address", "x")):
        problems.append(places.violation("Host address must be a FQDN or a valid IP address", "vdsStatic.hostName"))
    console = (body.get("display") or {}).get("address")
    if console and not ADDRESS.fullmatch(console):
        problems.append(places.violation("Console address must be a FQDN or a valid IP address", "vdsStatic.consoleAddress"))
    if body.get("port", 1) > LAST_PORT:
        problems.append(places.violation(f"The Port number must be between 1 and {LAST_PORT}.", "vdsStatic.port"))
    priority = (body.get("spm") or {}).get("priority", 0)
    if priority > 10:
        problems.append(places.violation("must be less than or equal to 10", "vdsStatic.vdsSpmPriority"))
    if priority < -1:
        problems.append(places.violation("must be greater than or equal to -1", "vdsStatic.vdsSpmPriority"))
    if problems:
        raise errors.refused(400, *problems)


def deployed(row):
    """What a change of asks for the host to be installed again."""
    return row["os"].get("custom_kernel_cmdline"), row["power_management"].get("kdump_detection")


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


def fence_proxies(ctx, row):
    """Hosts that may ask the fence agents of a host: those of its cluster and data center, unless its proxies are named otherwise."""
    sources = [one.get("type") for one in row["power_management"].get("pm_proxies") or ()] or ["cluster", "dc"]
    center = (data_center_of(ctx, row) or {}).get("id")
    near = {"cluster": lambda host: host["cluster"] == row["cluster"], "dc": lambda host: (data_center_of(ctx, host) or {}).get("id") == center,
            "other_dc": lambda host: (data_center_of(ctx, host) or {}).get("id") != center}
    return [host for host in ctx.table("host") if host["id"] != row["id"] and any(near[source](host) for source in sources if source in near)]


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


def processor_of(row):
    """The CPU type of a host's processor at the latest level; None while the host was never reached."""
    return next((kind for model, kind in PROCESSORS.values() if model == row["cpu"].get("name")), None)


def retype(ctx, cluster) -> None:
    """The level of a cluster changed, and with it what its hosts' processors are called."""
    level = levels.key(cluster["version"]) or levels.LATEST
    for row in ctx.table("host").by("cluster.id", cluster["id"]):
        known = levels.best(processor_of(row), level) if processor_of(row) is not None else None
        if known is not None:
            row["cpu"] = {**row["cpu"], "type": known[0]}
            ctx.table("host").save(row)


def describe(ctx, row) -> None:
    """Fill in what an agent reports once the host is reached."""
    cluster = ctx.row("cluster", row["cluster"]["id"]) or {}
    wanted = (cluster.get("cpu") or {}).get("type") or "Intel"
    vendor = next((one for one in ("AMD", "IBM POWER", "IBM z") if one in wanted), "Intel")
    model, kind = next((one for one in PROCESSORS.values() if one[0] == row["cpu"].get("name")), PROCESSORS[vendor])
    known = levels.best(kind, levels.key(cluster.get("version")) or levels.LATEST)
    kind = known[0] if known is not None else kind
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
        ctx.event(505, "error", f"Host {row['name']} installation failed. {refused}.", host=row)
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
    if ctx.table("vm").by("host.id", host):
        ctx.later(MAINTENANCE_SECONDS, "host.maintenance", host=host)
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
