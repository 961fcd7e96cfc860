"""Which permit each command of the engine asks for, and on what.

A command names its subjects, and the user needs the permit on each of them (``|`` between two: on either).  A subject is written ``PERMIT KIND``; the
object is the one the path lies below, else the row itself when it is of that kind, else what the row or the body refers to.  What depends on what is
changed has a function.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Callable, Iterable, Union

from .. import errors
from ..contract import roles
from . import authority
from .authority import SYSTEM, reference

if TYPE_CHECKING:
    from ..commands import Context
    from ..services.base import Collection
    from ..store import Row

Body = dict[str, Any]
Parents = dict[str, str]
Subject = tuple[str, str, Union[str, None]]          # permit, kind and id of the object
NOT_AUTHORIZED = "User is not authorized to perform this action."
FREE = ""                                            # a query in the dress of an action, or a command that asks for nothing
UNKNOWN = "unknown"                                  # the id of what a name should lead to and does not: the command says so itself


class Asked:
    """A command as it is asked for."""

    def __init__(self, ctx: Context, collection: Collection, row: Row | None, parents: Parents, body: Any) -> None:
        self.ctx, self.collection, self.row, self.parents = ctx, collection, row, parents
        self.body: Body = body if isinstance(body, dict) else {}

    def target(self, kind: str) -> str | None:
        """The id of the object of a kind that the command is about."""
        if kind == "system":
            return SYSTEM
        if kind in self.parents:
            return self.parents[kind].lower()
        if self.row is not None and self.collection.table == kind:
            return str(self.row["id"])
        found = reference(self.row, kind) if self.row is not None else None
        return found if found is not None else self.named(kind, self.body.get(kind))

    def named(self, kind: str, given: Any) -> str | None:
        """The id that a reference of the body means."""
        if not isinstance(given, dict):
            return None
        if given.get("id") is not None:
            return str(given["id"]).lower()
        if given.get("name") is None:
            return None
        row = self.ctx.table(kind).named(given["name"])
        return row["id"] if row is not None else UNKNOWN

    def at(self, kind: str, given: Any) -> Row:
        """The row that a reference of the body means, an empty one where there is none."""
        return self.ctx.row(kind, self.named(kind, given)) or {}

    def changes(self, member: str) -> bool:
        """Does the body change this member of the row?"""
        return member in self.body and self.body[member] != (self.row or {}).get(member)


Rule = Union[str, Callable[[Asked], Iterable[Subject]]]


def check(ctx: Context, collection: Collection, operation: str, row: Row | None, parents: Parents, body: Any) -> None:
    """Refuse a command that the user may not give."""
    store, user = ctx.store, ctx.identity.user_id
    if authority.is_super_user(store, user):
        return
    asked = Asked(ctx, collection, row, parents, body)
    for either in _alternatives(asked, rule_of(collection, operation)):
        if not any(ident == UNKNOWN or ident is not None and authority.may(store, user, roles.number(permit), kind, ident) for permit, kind, ident in either):
            raise errors.refused(403, NOT_AUTHORIZED)


def rule_of(collection: Collection, operation: str) -> Rule | None:
    """The rule of an operation; None when it has none, so that it is the super user's alone."""
    rules = COMMANDS.get(type(collection).__name__, {})
    return rules.get(operation, rules.get("*"))


def _alternatives(asked: Asked, rule: Rule | None) -> list[list[Subject]]:
    if rule is None:
        return [[("", "system", None)]]
    if callable(rule):
        return [[subject] for subject in rule(asked)]
    return [[(permit, kind, asked.target(kind)) for permit, kind in either] for either in _parsed(rule)]


@lru_cache(maxsize=None)
def _parsed(rule: str) -> list[list[tuple[str, str]]]:
    return [[tuple(subject.split()) for subject in either.split("|")] for either in rule.split(",") if either.strip()]  # type: ignore[misc]


# -- commands whose subjects depend on what they are asked for

def _storages(asked: Asked, disks: Iterable[Any]) -> Iterable[Subject]:
    """New disks need the right to make them where they go."""
    for disk in disks:
        for domain in (disk.get("storage_domains") or ())[:1] if isinstance(disk, dict) else ():
            yield "create_disk", "storage_domain", asked.named("storage_domain", domain)


def _attachments(body: Body) -> list[Any]:
    return [one.get("disk") for one in body.get("disk_attachments") or () if isinstance(one, dict)]


def _add_vm(asked: Asked) -> Iterable[Subject]:
    body, cluster = asked.body, asked.named("cluster", asked.body.get("cluster"))
    yield "create_vm", "cluster", cluster
    snapshot = next(iter(body.get("snapshots") or ()), None)
    if isinstance(snapshot, dict) and snapshot.get("id"):
        yield "create_vm", "vm", reference(asked.ctx.row("snapshot", str(snapshot["id"]).lower()) or {}, "vm")
    else:
        template = asked.at("template", body.get("template"))
        yield "create_vm", "template", asked.named("template", body.get("template"))
        targets = {(disk or {}).get("id"): disk for disk in _attachments(body)}
        for one in asked.ctx.table("disk_attachment").by("template.id", template.get("id")) if template else ():
            given = targets.get(one["disk"]["id"])
            if given and given.get("storage_domains"):
                yield from _storages(asked, [given])
            else:
                yield "create_disk", "storage_domain", (asked.ctx.row("disk", one["disk"]["id"]) or {}).get("_domain")
    pinned = not asked.ctx.filtered and (body.get("placement_policy") or {}).get("hosts")
    if pinned or (body.get("cpu") or {}).get("cpu_tune"):
        yield "edit_admin_vm_properties", "cluster", cluster


def _update_vm(asked: Asked) -> Iterable[Subject]:
    row = asked.row or {}
    cluster = asked.named("cluster", asked.body.get("cluster"))
    if cluster not in (None, reference(row, "cluster")):
        yield from (("edit_vm_properties", "vm", row["id"]), ("create_vm", "cluster", cluster))
    yield "edit_vm_properties", "vm", row["id"]
    if asked.changes("custom_properties"):
        yield "change_vm_custom_properties", "vm", row["id"]
    hosts = {one.get("id") for one in (asked.body.get("placement_policy") or {}).get("hosts") or ()}
    pinned = "hosts" in (asked.body.get("placement_policy") or {}) and hosts != {one["id"] for one in (row.get("placement_policy") or {}).get("hosts") or ()}
    tuned = (row.get("cpu") or {}).get("cpu_tune")
    if pinned and not asked.ctx.filtered or (asked.body.get("cpu") or {}).get("cpu_tune", tuned) != tuned:
        yield "edit_admin_vm_properties", "vm", row["id"]


def _start(asked: Asked) -> Iterable[Subject]:
    row, once = asked.row or {}, asked.body.get("vm") or {}
    yield "run_vm", "vm", row["id"]
    if once.get("custom_properties"):
        yield "change_vm_custom_properties", "vm", row["id"]
    if (once.get("placement_policy") or {}).get("hosts"):
        yield "edit_admin_vm_properties", "vm", row["id"]


def _migrate(asked: Asked) -> Iterable[Subject]:
    row, cluster = asked.row or {}, asked.named("cluster", asked.body.get("cluster"))
    yield "migrate_vm", "vm", row["id"]
    if cluster not in (None, UNKNOWN, reference(row, "cluster")):
        yield from (("edit_vm_properties", "vm", row["id"]), ("create_vm", "cluster", cluster))


def _high_availability(asked: Asked) -> Iterable[Subject]:
    yield "manipulate_host", "host", reference(asked.row or {}, "host")


def _detach_from_pool(asked: Asked) -> Iterable[Subject]:
    yield "edit_vm_pool_configuration", "vm_pool", reference(asked.row or {}, "vm_pool")


def _add_disk(asked: Asked) -> Iterable[Subject]:
    domains = asked.body.get("storage_domains") or ([{"id": asked.parents["storage_domain"]}] if "storage_domain" in asked.parents else [])
    if not domains:
        yield "create_disk", "system", SYSTEM
    yield from _storages(asked, [{"storage_domains": domains}])


def _update_disk(asked: Asked) -> Iterable[Subject]:
    ident = (asked.row or {}).get("id")
    yield "edit_disk_properties", "disk", ident
    if asked.changes("sgio"):
        yield "configure_scsi_generic_io", "disk", ident


def _move_disk(asked: Asked) -> Iterable[Subject]:
    yield "configure_disk_storage", "disk", (asked.row or {}).get("id")
    yield "create_disk", "storage_domain", asked.named("storage_domain", asked.body.get("storage_domain"))


def _export_disk(asked: Asked) -> Iterable[Subject]:
    yield "attach_disk", "disk", (asked.row or {}).get("id")
    yield "create_disk", "storage_domain", asked.named("storage_domain", asked.body.get("storage_domain"))


def _attach_disk(asked: Asked) -> Iterable[Subject]:
    disk = asked.body.get("disk") or {}
    yield "configure_vm_storage", "vm", asked.target("vm")
    if disk.get("id"):
        yield "attach_disk", "disk", str(disk["id"]).lower()
    elif not disk.get("storage_domains"):
        yield "create_disk", "system", SYSTEM
    yield from _storages(asked, [disk])


def _update_attachment(asked: Asked) -> Iterable[Subject]:
    if asked.changes("active"):
        yield "configure_vm_storage", "vm", asked.target("vm")
    if set(asked.body) - {"active", "id"}:
        yield "edit_disk_properties", "disk", asked.target("disk")


def _remove_attachment(asked: Asked) -> Iterable[Subject]:
    if asked.ctx.flag("detach_only") is False:
        yield "delete_disk", "disk", asked.target("disk")
    else:
        yield "configure_vm_storage", "vm", asked.target("vm")


def _nic(permit: str, owner: str) -> Callable[[Asked], Iterable[Subject]]:
    """A NIC needs the permit on its machine, and on a profile that it comes to."""
    def rule(asked: Asked) -> Iterable[Subject]:
        yield permit, owner, asked.target(owner)
        profile = asked.named("vnic_profile", asked.body.get("vnic_profile"))
        if profile not in (None, reference(asked.row or {}, "vnic_profile")):
            yield permit, "vnic_profile", profile
    return rule


def _add_template(asked: Asked) -> Iterable[Subject]:
    """Where its machine is, or the cluster that is asked for."""
    cluster = asked.named("cluster", asked.body.get("cluster")) or reference(asked.at("vm", asked.body.get("vm")), "cluster")
    center = authority.center_of(asked.ctx.store, cluster)
    yield "create_template", "data_center", center
    if (asked.body.get("placement_policy") or {}).get("hosts"):
        yield "edit_admin_template_properties", "data_center", center


def _update_template(asked: Asked) -> Iterable[Subject]:
    ident = (asked.row or {}).get("id")
    yield "edit_template_properties", "template", ident
    if (asked.body.get("placement_policy") or {}).get("hosts"):
        yield "edit_admin_template_properties", "template", ident


def _update_cluster(asked: Asked) -> Iterable[Subject]:
    row = asked.row or {}
    yield "edit_cluster_configuration", "cluster", row.get("id")
    pool = asked.named("mac_pool", asked.body.get("mac_pool"))
    if pool not in (None, reference(row, "mac_pool")):
        yield "configure_mac_pool", "mac_pool", pool


def _add_cluster(asked: Asked) -> Iterable[Subject]:
    yield "create_cluster", "data_center", asked.target("data_center")
    default = next((row["id"] for row in asked.ctx.table("mac_pool") if row.get("default_pool")), None)
    yield "configure_mac_pool", "mac_pool", asked.named("mac_pool", asked.body.get("mac_pool")) or default


def _update_host(asked: Asked) -> Iterable[Subject]:
    row = asked.row or {}
    cluster = asked.named("cluster", asked.body.get("cluster"))
    yield "edit_host_configuration", "host", row.get("id")
    if cluster not in (None, reference(row, "cluster")):
        yield "edit_host_configuration", "cluster", cluster


def _fence_agent(asked: Asked) -> Iterable[Subject]:
    """As the engine has it: the cluster's id in the place of the host's, so that nothing above the cluster counts but the system."""
    yield "edit_host_configuration", "", reference(asked.ctx.row("host", asked.parents["host"].lower()) or {}, "cluster")


def _host_network(asked: Asked) -> Iterable[Subject]:
    yield "configure_host_network", "host", asked.target("host")
    if asked.body.get("source_host"):
        yield "configure_host_network", "host", asked.named("host", asked.body["source_host"])


def _network_label(asked: Asked) -> Iterable[Subject]:
    """Of a host's NIC, or of a network."""
    if "host" in asked.parents:
        yield "configure_host_network", "host", asked.target("host")
    else:
        yield "configure_storage_pool_network", "network", asked.target("network")


def _qos(asked: Asked) -> Iterable[Subject]:
    kind = asked.body.get("type") or (asked.row or {}).get("type")
    yield "configure_storage_pool_network" if kind == "network" else "edit_storage_pool_configuration", "data_center", asked.target("data_center")


def _event(asked: Asked) -> Iterable[Subject]:
    """On all that the event names, on the system when it names nothing."""
    row = asked.row or asked.body
    if asked.row is not None and row.get("severity") == "alert":
        yield "audit_log_management", "system", SYSTEM
        return
    found = [(kind, asked.named(kind, row[kind])) for kind in ("storage_domain", "data_center", "cluster", "host", "vm", "template") if row.get(kind)]
    for kind, ident in found or [("system", SYSTEM)]:
        yield "inject_external_events", kind, ident
    if asked.row is None and (row.get("host") or {}).get("external_status"):
        yield "edit_host_configuration", "host", asked.named("host", row["host"])
    if asked.row is None and (row.get("storage_domain") or {}).get("external_status"):
        yield "edit_storage_domain_configuration", "storage_domain", asked.named("storage_domain", row["storage_domain"])


def _transfer(asked: Asked) -> Iterable[Subject]:
    given = asked.body.get("disk") or asked.body.get("image") or {}
    snapshot = asked.ctx.row("disk_snapshot", str((asked.body.get("snapshot") or {}).get("id", "")).lower()) or {}
    yield "edit_disk_properties", "disk", str(given["id"]).lower() if given.get("id") else reference(snapshot, "disk")


def _backup(asked: Asked) -> Iterable[Subject]:
    yield "backup_disk", "vm", asked.target("vm")
    for disk in asked.body.get("disks") or (asked.row or {}).get("disks") or ():
        yield "backup_disk", "disk", str(disk.get("id", "")).lower()


def _permission(asked: Asked) -> Iterable[Subject]:
    """On the object that the permission is on."""
    if asked.row is not None:
        kind, ident = asked.row["_kind"], asked.row["_object"]
    else:
        kind = list(asked.parents)[-1] if asked.parents else "system"
        ident = asked.parents[kind].lower() if asked.parents else SYSTEM
        if kind in ("user", "group"):
            kind = next((one for one in ("data_center", "cluster", "host", "storage_domain", "vm", "vm_pool", "template") if asked.body.get(one)), "")
            ident = str((asked.body.get(kind) or {}).get("id") or UNKNOWN).lower()
    yield "manipulate_permissions", kind, ident


def _own_profile(asked: Asked) -> Iterable[Subject]:
    """Everybody may edit a profile, administrators also that of others."""
    user = str(asked.parents.get("user") or (asked.row or {}).get("id")).lower()
    allowed = user == asked.ctx.identity.user_id or asked.ctx.identity.admin
    yield "edit_profile", "", user if allowed else None


def _cluster_network(asked: Asked) -> Iterable[Subject]:
    """Only a permit on the network counts where it is attached or detached."""
    network = reference(asked.row or {}, "network") or asked.named("network", asked.body)
    yield "assign_cluster_network", "network", network


def _update_cluster_network(asked: Asked) -> Iterable[Subject]:
    """On the cluster, else on the network."""
    store, user, network = asked.ctx.store, asked.ctx.identity.user_id, reference(asked.row or {}, "network")
    cluster = reference(asked.row or {}, "cluster")
    if not authority.may(store, user, roles.number("configure_cluster_network"), "cluster", cluster):
        yield "assign_cluster_network", "network", network


def _import_vm(asked: Asked) -> Iterable[Subject]:
    yield "create_vm", "cluster", asked.named("cluster", asked.body.get("cluster"))
    yield "import_export_vm", "storage_domain", asked.target("storage_domain")


def _synced_hosts(asked: Asked) -> Iterable[Subject]:
    for host in asked.ctx.table("host").by("cluster.id", (asked.row or {}).get("id")):
        yield "configure_host_network", "host", host["id"]


PROVIDER = {"*": "create_storage_pool system"}
IN_GROUPS = {"*": "manipulate_affinity_groups cluster"}
LABELS = {"*": "tag_management system"}
POLICIES = {"*": "edit_storage_pool_configuration system"}
CLUSTERS: dict[str, Rule] = {
    "add": _add_cluster, "update": _update_cluster, "remove": "delete_cluster cluster", "refreshglusterhealstatus": "manipulate_gluster_volume cluster",
    "resetemulatedmachine": "edit_cluster_configuration cluster", "syncallnetworks": _synced_hosts, "upgrade": "edit_cluster_configuration cluster"}
DISKS: dict[str, Rule] = {
    "add": _add_disk, "update": _update_disk, "remove": "delete_disk disk", "convert": "edit_disk_properties disk", "copy": _move_disk, "move": _move_disk,
    "export": _export_disk, "reduce": "reduce_disk disk", "refreshlun": "configure_vm_storage disk", "sparsify": "sparsify_disk disk", "register": _add_disk}
CPU_PROFILES = {"add": "create_cpu_profile cluster", "update": "update_cpu_profile cpu_profile", "remove": "delete_cpu_profile cpu_profile"}
DISK_PROFILES = {"add": "create_storage_disk_profile storage_domain", "update": "configure_storage_disk_profile disk_profile",
                 "remove": "delete_storage_disk_profile disk_profile"}
NETWORKS = {"add": "create_storage_pool_network data_center", "update": "configure_storage_pool_network network",
            "remove": "configure_storage_pool_network network"}
PROFILES = {"add": "create_network_vnic_profile network", "update": "configure_network_vnic_profile vnic_profile",
            "remove": "delete_network_vnic_profile vnic_profile"}
CONTENTS: dict[str, Rule] = {"remove": "delete_vm storage_domain", "import": _import_vm, "register": _import_vm}
HOST = "edit_host_configuration host"
MANIPULATE_HOST = "manipulate_host host"

COMMANDS: dict[str, dict[str, Rule]] = {
    "AffinityGroups": {**IN_GROUPS}, "GroupVms": {**IN_GROUPS}, "GroupHosts": {**IN_GROUPS}, "GroupVmLabels": {**IN_GROUPS},
    "GroupHostLabels": {**IN_GROUPS},
    "AffinityLabels": {**LABELS}, "LabelVms": {**LABELS}, "LabelHosts": {**LABELS}, "AssignedLabels": {**LABELS},
    "Tags": {**LABELS}, "AssignedTags": {**LABELS},
    "Bookmarks": {"*": "bookmark_management system"}, "EventSubscriptions": {"*": "event_notification_management system"},
    "Events": {"*": _event, "undelete": "audit_log_management system"},
    "Jobs": {"*": "inject_external_tasks system"}, "Steps": {"*": "inject_external_tasks system"},
    "Roles": {"add": "manipulate_roles system", "*": "manipulate_roles role"}, "Permits": {"*": "manipulate_roles system"},
    "AssignedRoles": {"*": "manipulate_roles role"}, "Permissions": {"*": _permission},
    "Users": {"*": "manipulate_users system", "update": _own_profile}, "Groups": {"add": "manipulate_users system", "remove": "manipulate_users group"},
    "SshPublicKeys": {"*": _own_profile}, "UserOptions": {"*": _own_profile},
    "DataCenters": {"add": "create_storage_pool system", "update": "edit_storage_pool_configuration data_center", "remove": "delete_storage_pool data_center",
                    "setmaster": "manipulate_storage_domain data_center", "cleanfinishedtasks": "manipulate_host data_center"},
    "Clusters": CLUSTERS, "DataCenterClusters": CLUSTERS, "EnabledFeatures": {"*": "edit_cluster_configuration cluster"},
    "ClusterNetworks": {"add": _cluster_network, "update": _update_cluster_network, "remove": _cluster_network},
    "GlusterVolumes": {"add": "create_gluster_volume cluster", "remove": "delete_gluster_volume gluster_volume",
                       "*": "manipulate_gluster_volume gluster_volume"},
    "GlusterBricks": {"*": "manipulate_gluster_volume gluster_volume"}, "GlusterHooks": {"*": "manipulate_gluster_hook gluster_hook"},
    "Disks": DISKS, "DomainDisks": DISKS, "AttachedDomainDisks": DISKS,
    "ImageTransfers": {"add": _transfer, "*": "create_disk disk"},
    "ExternalVmImports": {"add": "import_export_vm storage_domain"}, "ExternalTemplateImports": {"add": "import_export_vm storage_domain"},
    "Hosts": {"add": "create_host cluster", "update": _update_host, "remove": "delete_host host", "activate": MANIPULATE_HOST,
              "approve": "create_host host", "commitnetconfig": "configure_host_network host", "copyhostnetworks": _host_network,
              "deactivate": MANIPULATE_HOST, "discoveriscsi": FREE, "iscsidiscover": FREE, "unregisteredstoragedomainsdiscover": FREE,
              "enrollcertificate": HOST, "fence": MANIPULATE_HOST, "forceselectspm": MANIPULATE_HOST, "install": HOST,
              "iscsilogin": "create_storage_domain system", "refresh": MANIPULATE_HOST, "setupnetworks": "configure_host_network host",
              "syncallnetworks": "configure_host_network host", "upgrade": HOST, "upgradecheck": HOST},
    "FenceAgents": {"*": _fence_agent}, "StorageConnectionExtensions": {"*": "create_storage_domain system"}, "NetworkLabels": {"*": _network_label},
    **{name: {"*": "configure_host_network host"} for name in (
        "HostNics", "NetworkAttachments", "NicAttachments", "UnmanagedNetworks", "AllowedNetworks", "AllowedLabels")},
    **{name: {"*": "edit_storage_pool_configuration data_center"} for name in ("IscsiBonds", "IscsiBondNetworks", "IscsiBondConnections")},
    "MacPools": {"add": "create_mac_pool system", "update": "edit_mac_pool mac_pool", "remove": "delete_mac_pool mac_pool"},
    "Networks": {**NETWORKS}, "DataCenterNetworks": {**NETWORKS}, "VnicProfiles": {**PROFILES}, "NetworkVnicProfiles": {**PROFILES},
    "CpuProfiles": {**CPU_PROFILES}, "ClusterCpuProfiles": {**CPU_PROFILES}, "DiskProfiles": {**DISK_PROFILES}, "StorageDomainDiskProfiles": {**DISK_PROFILES},
    **{name: {**PROVIDER} for name in ("ExternalHostProviders", "OpenstackNetworkProviders", "OpenstackImageProviders", "OpenstackVolumeProviders",
                                       "VolumeProviderParts", "VolumeTypes", "VolumeKeys", "OpenstackSubnets")},
    "OpenstackNetworks": {"import": "create_storage_pool_network data_center"}, "OpenstackImages": {"import": "create_disk storage_domain"},
    "Qoss": {"*": _qos}, "Quotas": {"add": "configure_quota data_center", "*": "configure_quota quota"},
    "QuotaClusterLimits": {"*": "configure_quota quota"}, "QuotaStorageLimits": {"*": "configure_quota quota"},
    "SchedulingPolicies": {**POLICIES}, "Filters": {**POLICIES}, "Weights": {**POLICIES}, "Balances": {**POLICIES}, "SchedulingPolicyUnits": {**POLICIES},
    "StorageConnections": {"*": "create_storage_domain system"}, "DomainConnections": {"*": "manipulate_storage_domain storage_domain"},
    "StorageDomains": {"add": "create_storage_domain system", "update": "edit_storage_domain_configuration storage_domain",
                       "remove": "delete_storage_domain storage_domain", "isattached": FREE, "updateovfstore": "manipulate_storage_domain storage_domain",
                       "*": "edit_storage_domain_configuration storage_domain"},
    "AttachedStorageDomains": {"add": lambda asked: [("manipulate_storage_domain", "storage_domain", asked.named("storage_domain", asked.body)),
                                                     ("manipulate_storage_domain", "data_center", asked.target("data_center"))],
                               "*": "manipulate_storage_domain storage_domain"},
    "DomainImages": {"import": "create_disk storage_domain"}, "DomainVms": CONTENTS, "DomainTemplates": {**CONTENTS, "remove": "delete_template "
                                                                                                                               "storage_domain"},
    "Templates": {"add": _add_template, "update": _update_template, "remove": "delete_template template", "export": "import_export_vm template"},
    "InstanceTypes": {"add": "create_template system", "update": "edit_template_properties instance_type", "remove": "delete_template instance_type"},
    "TemplateNics": {"*": _nic("configure_template_network", "template")}, "InstanceTypeNics": {"*": _nic("configure_template_network", "instance_type")},
    "TemplateDiskAttachments": {"remove": "delete_disk disk"},
    **{f"{owner}{part}": {"*": f"edit_vm_properties {kind}"} for owner, kind in (("Vm", "vm"), ("Template", "template"), ("InstanceType", "instance_type"))
       for part in ("Watchdogs", "MediatedDevices")},
    "TemplateGraphicsConsoles": {"*": "edit_vm_properties template"}, "InstanceTypeGraphicsConsoles": {"*": "edit_vm_properties instance_type"},
    "VmGraphicsConsoles": {"*": "edit_vm_properties vm", "ticket": "connect_to_vm vm", "proxyticket": FREE, "remoteviewerconnectionfile": FREE},
    "Backups": {"*": _backup}, "Checkpoints": {"*": _backup}, "VmNumaNodes": {"*": "edit_vm_properties vm"},
    "VmCdroms": {"add": "edit_vm_properties vm", "update": lambda asked: [
        ("change_vm_cd" if asked.ctx.flag("current") else "edit_vm_properties", "vm", asked.target("vm"))]},
    "VmHostDevices": {"*": "edit_admin_vm_properties vm"}, "NetworkFilterParameters": {"*": "configure_vm_network vm"},
    "VmDiskAttachments": {"add": _attach_disk, "update": _update_attachment, "remove": _remove_attachment},
    "VmNics": {"*": _nic("configure_vm_network", "vm")}, "Snapshots": {"*": "manipulate_vm_snapshots vm"},
    "VmPools": {"add": "create_vm_pool cluster, create_vm template", "update": "edit_vm_pool_configuration vm_pool", "remove": "delete_vm_pool vm_pool",
                "allocatevm": "vm_pool_basic_operations vm_pool"},
    "Vms": {"add": _add_vm, "update": _update_vm, "remove": "delete_vm vm", "autopincpuandnumanodes": "edit_vm_properties vm",
            "cancelmigration": "migrate_vm vm", "clone": "create_vm vm", "commitsnapshot": "manipulate_vm_snapshots vm",
            "previewsnapshot": "manipulate_vm_snapshots vm", "undosnapshot": "manipulate_vm_snapshots vm", "detach": _detach_from_pool,
            "export": "import_export_vm vm", "freezefilesystems": "configure_vm_storage vm", "thawfilesystems": "configure_vm_storage vm",
            "logon": "connect_to_vm vm", "ticket": "connect_to_vm vm", "screenshot": "connect_to_vm vm", "maintenance": _high_availability,
            "migrate": _migrate, "reboot": "reboot_vm vm", "reordermacaddresses": "create_vm vm", "reset": "reset_vm vm", "shutdown": "shut_down_vm vm",
            "start": _start, "stop": "stop_vm vm", "suspend": "hibernate_vm vm"},
}
