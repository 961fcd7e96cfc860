"""What a filtered read shows: whose queries are for administrators alone, and which objects a user's own roles let them see.

The engine has two ways to answer a query.  An administrator gets everything.  A filtered query (of somebody without a role for administrators, or of
anybody who sends ``Filter: true``) is refused where it is the administrators' alone, and is otherwise answered from a view that knows the user's roles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable

from .. import errors
from . import authority
from .authority import SYSTEM, reference

if TYPE_CHECKING:
    from ..commands import Context
    from ..services.base import Collection
    from ..store import Row

Parents = dict[str, str]
Check = Callable[[Any, Any, Parents], bool]

REFUSED, OPEN, OWN = "refused", "open", "own"

# By collection: how its list and how its items are read.  ``open`` is for everybody, ``refused`` for administrators, a kind is a view: objects of that
# kind that the user may see.  ``in KIND`` has what the user's objects have, ``of KIND`` is not found below others; ``own`` is one's own profile.
READS: dict[str, tuple[str, str]] = {
    **{name: (REFUSED, REFUSED) for name in (
        "AffinityGroups", "GroupVms", "GroupHosts", "GroupVmLabels", "GroupHostLabels", "AffinityLabels", "LabelVms", "LabelHosts", "AssignedLabels",
        "Bookmarks", "LevelFeatures", "EnabledFeatures", "GlusterVolumes", "GlusterBricks", "GlusterHooks", "GlusterStatistics", "FenceAgents", "CpuUnits",
        "HostDevices", "HostHooks", "HostStorage", "StorageConnectionExtensions", "NetworkProviderConfigurations", "HostNics", "NetworkAttachments",
        "NicAttachments", "NetworkLabels", "UnmanagedNetworks", "AllowedNetworks", "AllowedLabels", "LinkLayerElements", "HostStatistics",
        "HostNicStatistics", "IscsiBonds", "IscsiBondNetworks", "IscsiBondConnections", "Steps", "StepStatistics", "KatelloErrata", "EngineKatelloErrata",
        "MacPools", "NetworkFilters", "CpuProfiles", "DiskProfiles", "ExternalHostProviders", "OpenstackNetworkProviders", "OpenstackImageProviders",
        "OpenstackVolumeProviders", "ProviderCertificates", "ComputeResources", "DiscoveredHosts", "HostGroups", "ExternalHosts", "OpenstackNetworks",
        "OpenstackSubnets", "Qoss", "SchedulingPolicies", "Filters", "Weights", "Balances", "SchedulingPolicyUnits", "StorageConnections",
        "DomainConnections", "DomainVms", "ContentDisks", "ContentAttachments", "Tags", "AssignedTags", "EventSubscriptions", "Backups", "Checkpoints",
        "BackupDisks", "CheckpointDisks", "VmHostDevices")},
    **{name: (OPEN, OPEN) for name in (
        "Icons", "OperatingSystems", "ClusterLevels", "SystemOptions", "ExternalVmImports", "ExternalTemplateImports", "OpenstackImages", "Permits",
        "UserGroups", "Domains", "DomainUsers", "DomainGroups", "QuotaClusterLimits", "QuotaStorageLimits", "VolumeProviderParts", "VolumeTypes",
        "VolumeKeys", "Permissions", "AssignedRoles", "Roles")},
    "Vms": ("vm", "vm"), "Templates": ("template", "template"), "InstanceTypes": ("template", "template"), "VmPools": ("vm_pool", "vm_pool"),
    "Clusters": ("cluster", "cluster"), "DataCenterClusters": ("cluster", "cluster"), "DataCenters": ("data_center", "data_center"),
    "StorageDomains": ("storage_domain", "storage_domain"), "AttachedStorageDomains": ("storage_domain", REFUSED), "Hosts": ("host", REFUSED),
    "Disks": ("disk", "disk"), "DomainDisks": (REFUSED, "disk"), "AttachedDomainDisks": (REFUSED, "disk"), "Networks": ("network", "network"),
    "DataCenterNetworks": ("network", "network"), "ClusterNetworks": ("in cluster", "in cluster"), "VnicProfiles": ("vnic_profile", "vnic_profile"),
    "NetworkVnicProfiles": ("vnic_profile", "vnic_profile"), "ClusterCpuProfiles": ("in cluster", REFUSED),
    "StorageDomainDiskProfiles": ("disk_profile", REFUSED), "DomainTemplates": ("template", "template"),
    "ClusterNetworkProviders": ("in cluster", "in cluster"), "DiskStatistics": ("of disk", "of disk"), "DiskSnapshots": ("in disk", REFUSED),
    "NumaNodes": ("in host", "in host"), "NumaNodeStatistics": ("in host", "in host"), "Events": (OPEN, REFUSED), "ImageTransfers": (REFUSED, OPEN),
    "Jobs": (REFUSED, OWN), "Quotas": ("nothing", OPEN), "Users": (OWN, OWN), "Groups": (OPEN, REFUSED), "SshPublicKeys": (OWN, OWN),
    "UserOptions": (OWN, OWN), "DomainFiles": ("in storage_domain", "in storage_domain"), "DomainImages": ("in storage_domain", "in storage_domain"),
    **{name: (f"in {kind}", f"in {kind}") for kind, names in {
        "vm": ("VmGraphicsConsoles", "VmNumaNodes", "VmMediatedDevices", "VmDiskAttachments", "ReportedDevices", "VmNics", "NetworkFilterParameters",
               "Snapshots", "SnapshotNics", "SnapshotDisks", "SnapshotCdroms", "NicStatistics", "VmWatchdogs"),
        "template": ("TemplateGraphicsConsoles", "TemplateMediatedDevices", "TemplateDiskAttachments", "TemplateNics", "TemplateWatchdogs"),
        "instance_type": ("InstanceTypeGraphicsConsoles", "InstanceTypeNics", "InstanceTypeWatchdogs")}.items() for name in names},
    "VmCdroms": ("of vm", "of vm"), "Applications": ("of vm", "of vm"), "Sessions": ("of vm", "of vm"), "VmStatistics": ("of vm", "of vm"),
    "TemplateCdroms": ("of template", "of template"),
}
# Removing asks for the object first, and so finds only what the user may see; these ask the command alone.
REMOVED_UNSEEN = frozenset((
    "AffinityLabels", "GroupVms", "GroupHosts", "GroupVmLabels", "GroupHostLabels", "VmDiskAttachments", "VmGraphicsConsoles", "TemplateGraphicsConsoles",
    "InstanceTypeGraphicsConsoles", "NetworkFilterParameters", "VmMediatedDevices", "TemplateMediatedDevices", "DomainVms", "DomainTemplates"))


class Nothing(Exception):
    """The list is not even empty: 204."""


def way(collection: Collection, item: bool) -> str:
    return READS.get(type(collection).__name__, (OPEN, OPEN))[item]


def admit(ctx: Context, collection: Collection, item: bool) -> None:
    """Refuse a query that is the administrators' alone."""
    if not ctx.filtered:
        if not ctx.identity.admin:
            raise errors.not_permitted()
    elif way(collection, item) == REFUSED:
        raise errors.not_permitted()


def shown(ctx: Context, collection: Collection, rows: list[Row], parents: Parents) -> list[Row]:
    """The rows of a list that the user may see."""
    if not ctx.filtered:
        return rows
    admit(ctx, collection, False)
    how = way(collection, False)
    special = LISTS.get(type(collection).__name__)
    if special is not None:
        return [row for row in rows if special(ctx, row, parents)]
    if how == "nothing":
        raise errors.empty(204)
    if how == OPEN:
        return rows
    first, _blank, kind = how.partition(" ")
    if kind:
        if _below(ctx, kind, parents):
            return rows
        if first == "of":
            raise errors.not_found()
        return []
    ids = visible(ctx, how)
    return [row for row in rows if row["id"] in ids]


def look(ctx: Context, collection: Collection, row: Row, parents: Parents) -> None:
    """May the user see this item?  404 when not."""
    if not ctx.filtered:
        return
    how = way(collection, True)
    if how == OPEN:
        return
    special = ITEMS.get(type(collection).__name__)
    kind = how.partition(" ")[2]
    if not (special(ctx, row, parents) if special is not None else _below(ctx, kind, parents) if kind else row["id"] in visible(ctx, how)):
        raise errors.not_found()


def _below(ctx: Context, kind: str, parents: Parents) -> bool:
    ident = parents.get(kind) or next(iter(parents.values()))
    return ident.lower() in visible(ctx, "template" if kind == "instance_type" else kind)


def _mine(ctx: Context, row: Row, parents: Parents) -> bool:
    """A permission of one's own, or of everyone."""
    return row["_principal"] in (ctx.identity.user_id, authority.EVERYONE)


def _myself(ctx: Context, row: Row, parents: Parents) -> bool:
    return ctx.identity.admin or row["id"] == ctx.identity.user_id


def _my_profile(ctx: Context, row: Row, parents: Parents) -> bool:
    return ctx.identity.admin or parents["user"].lower() == ctx.identity.user_id


def _plain(ctx: Context, row: Row, parents: Parents) -> bool:
    return ctx.identity.admin or not row["administrative"]


def _my_job(ctx: Context, row: Row, parents: Parents) -> bool:
    return reference(row, "owner") == ctx.identity.user_id


def _event(ctx: Context, row: Row, parents: Parents) -> bool:
    """Events of what one may see, where somebody has a role on it by name (the engine does not ask who)."""
    named = ctx.visible.get("named")
    if named is None:
        named = ctx.visible["named"] = {one["_object"] for one in ctx.table("permission") if one["_principal"] != authority.EVERYONE}
    return any(ident in named and ident in visible(ctx, kind) for kind in EVENT_KINDS for ident in [reference(row, kind)] if ident)


EVENT_KINDS = ("vm", "template", "host", "storage_domain", "cluster", "data_center")
LISTS: dict[str, Check] = {"Permissions": _mine, "Users": _myself, "Roles": _plain, "SshPublicKeys": _my_profile, "UserOptions": _my_profile, "Events": _event}
ITEMS: dict[str, Check] = {"Users": _myself, "SshPublicKeys": _my_profile, "UserOptions": _my_profile, "Jobs": _my_job}


# -- views

def visible(ctx: Context, kind: str) -> set[str]:
    """Ids of the objects of a kind that the user's own roles let them see; roles for administrators do not count."""
    found = ctx.visible.get(kind)
    if found is None:
        found = ctx.visible[kind] = VIEWS[kind](_View(ctx))
    return found


class _View:
    """What the views are made of: objects by kind that the user has a role on, and those whose children the role shows."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.on: dict[str, set[str]] = {}
        self.into: dict[str, set[str]] = {}
        self.clusters: set[str] = set()
        for permission, role in authority.permissions_of(ctx.store, ctx.identity.user_id):
            kind, ident = permission["_kind"], permission["_object"]
            if kind == "cluster":
                self.clusters.add(ident)
            if role["administrative"]:
                continue
            self.on.setdefault(kind, set()).add(ident)
            if authority.shows_children(role):
                self.into.setdefault(kind, set()).add(ident)

    @property
    def everywhere(self) -> bool:
        return SYSTEM in self.on.get("system", ())

    @property
    def into_everything(self) -> bool:
        return SYSTEM in self.into.get("system", ())

    def all(self, kind: str) -> set[str]:
        return {row["id"] for row in self.ctx.table(kind)}

    def refer(self, kind: str, member: str, targets: set[str]) -> set[str]:
        """Ids of the rows of a kind whose member refers to one of the targets."""
        return {row["id"] for target in targets for row in self.ctx.table(kind).by(member, target)}

    def rows(self, kind: str) -> list[Row]:
        """The rows of a kind that the user has a role on."""
        return [row for ident in self.on.get(kind, ()) for row in [self.ctx.row(kind, ident)] if row is not None]

    def centers(self, clusters: set[str | None]) -> set[str]:
        return {center for one in clusters for center in [authority.center_of(self.ctx.store, one)] if center is not None}


def _clusters(view: _View) -> set[str]:
    if view.everywhere:
        return view.all("cluster")
    holders = [*view.rows("vm"), *view.rows("template")]
    return {*view.on.get("cluster", ()), *(one for row in holders for one in [reference(row, "cluster")] if one is not None),
            *view.refer("cluster", "data_center.id", view.on.get("data_center", set()))}


def _centers(view: _View) -> set[str]:
    if view.everywhere:
        return view.all("data_center")
    holders = [*view.rows("vm"), *view.rows("vm_pool")]
    return {*view.on.get("data_center", ()), *view.centers({*view.on.get("cluster", ()), *(reference(row, "cluster") for row in holders)})}


def _domains(view: _View) -> set[str]:
    if view.everywhere:
        return view.all("storage_domain")
    vms = view.rows("vm")
    centers = {*view.on.get("data_center", ()), *view.centers({reference(row, "cluster") for row in vms})}
    templates = {*view.on.get("template", ()), *(one for row in vms for one in [reference(row, "template")] if one is not None)}
    disks = [view.ctx.row("disk", reference(one, "disk")) for ident in templates for one in view.ctx.table("disk_attachment").by("template.id", ident)]
    held = {disk["_domain"] for disk in disks if disk and disk.get("_domain")}
    return {*view.on.get("storage_domain", ()), *view.refer("storage_domain", "_pool", centers), *held}


def _hosts(view: _View) -> set[str]:
    if view.everywhere:
        return view.all("host")
    # A cluster shows its hosts to whoever has any role on it, also one for administrators.
    clusters = {*view.clusters, *view.refer("cluster", "data_center.id", view.on.get("data_center", set()))}
    return {*view.on.get("host", ()), *view.refer("host", "cluster.id", clusters)}


def _clusters_shown(view: _View) -> set[str]:
    """Clusters whose children a role on them, or on their data center, shows."""
    return {*view.into.get("cluster", ()), *view.refer("cluster", "data_center.id", view.into.get("data_center", set()))}


def _pools(view: _View) -> set[str]:
    if view.into_everything:
        return view.all("vm_pool")
    own = {one for row in view.rows("vm") for one in [reference(row, "vm_pool")] if one is not None}
    return {*view.on.get("vm_pool", ()), *own, *view.refer("vm_pool", "cluster.id", _clusters_shown(view))}


def _templates(view: _View) -> set[str]:
    if view.into_everything:
        return view.all("template") | view.all("instance_type")
    own = {one for row in view.rows("vm") for one in [reference(row, "template")] if one is not None}
    clusters = view.refer("cluster", "data_center.id", view.into.get("data_center", set()))
    return {*view.on.get("template", ()), *own, *view.refer("template", "cluster.id", clusters)}


def _vms(view: _View) -> set[str]:
    if view.into_everything:
        return view.all("vm")
    return {*view.on.get("vm", ()), *view.refer("vm", "cluster.id", _clusters_shown(view))}


def _disks(view: _View) -> set[str]:
    if view.into_everything:
        return view.all("disk")
    ctx = view.ctx
    attached = [one for member, kind in (("vm.id", "vm"), ("template.id", "template")) for ident in visible(ctx, kind)
                for one in ctx.table("disk_attachment").by(member, ident)]
    domains = {*view.into.get("storage_domain", ()), *view.refer("storage_domain", "_pool", view.into.get("data_center", set()))}
    return {*view.on.get("disk", ()), *(one["disk"]["id"] for one in attached), *view.refer("disk", "_domain", domains)}


def _vnic_profiles(view: _View) -> set[str]:
    if view.into_everything:
        return view.all("vnic_profile")
    in_clusters = {one["network"]["id"] for ident in view.into.get("cluster", ()) for one in view.ctx.table("cluster_network").by("cluster.id", ident)}
    networks = {*view.into.get("network", ()), *view.refer("network", "data_center.id", view.into.get("data_center", set())), *in_clusters}
    return {*view.on.get("vnic_profile", ()), *view.refer("vnic_profile", "network.id", networks)}


def _networks(view: _View) -> set[str]:
    """A network is seen through its profiles alone."""
    return {row["network"]["id"] for ident in visible(view.ctx, "vnic_profile") for row in [view.ctx.row("vnic_profile", ident)] if row is not None}


def _disk_profiles(view: _View) -> set[str]:
    return set(view.on.get("disk_profile", ()))


VIEWS: dict[str, Callable[[_View], set[str]]] = {
    "cluster": _clusters, "data_center": _centers, "storage_domain": _domains, "host": _hosts, "vm_pool": _pools, "template": _templates, "vm": _vms,
    "disk": _disks, "vnic_profile": _vnic_profiles, "network": _networks, "disk_profile": _disk_profiles}
