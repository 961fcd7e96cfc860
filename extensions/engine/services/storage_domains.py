"""Storage domains: /storagedomains, and attached to a data center below /datacenters/D/storagedomains.

What lies on the storage outlives the engine's knowledge of it: a share (table ``_share``) remembers the domain that was made on it, its format
and the disks on it, so that a domain which was removed without formatting, or destroyed, is imported when the same path is named again.
"""

from __future__ import annotations

from .. import errors
from ..clock import timed
from ..commands import Job
from ..rules import places
from . import storage_domain_contents as contents
from .base import Collection, Created, action, merge
from .hosts import hosts_of_data_center, select_spm, shown

GIB = 1024 ** 3
CAPACITY = 1024 * GIB
OVERHEAD = 3 * GIB
UNATTACHED_SECONDS = 0.2
OVF_SECONDS = 2
FIRST_OVF_SECONDS = 5
OVF_STORES = 2
OVF_BYTES = 199680
MAINTENANCE_SECONDS = 2
FORMATS = ("v1", "v2", "v3", "v4", "v5")
FILE_TYPES = ("nfs", "posixfs", "glusterfs", "localfs")
CHANGEABLE = ("name", "description", "comment", "wipe_after_delete", "warning_low_space_indicator", "critical_space_action_blocker",
              "discard_after_delete", "backup")
BUSY = "Related operation is currently in progress. Please try again later."


class StorageDomains(Collection):
    type = "storage_domain"
    paths = ("storagedomains",)
    search = "storagedomains"

    def add(self, ctx, body, parents):
        storage = body.get("storage")
        absent = [text for name, text in (("host", "host.id|name"), ("type", "type"), ("storage", "storage")) if not body.get(name)]
        if absent:
            raise errors.incomplete("StorageDomain", absent, "add")
        host = self.resolve(ctx, body["host"], "host", "Host")
        kind = storage.get("type")
        if kind is None:
            raise errors.incomplete("HostStorage", ["type"], "add")
        share = self._connection(ctx, storage)
        name = body.get("name")
        check_name(name)
        taken = ctx.table("storage_domain").by("name", name) if name else []
        if taken:
            raise errors.refused(409, "Cannot add Storage. The Storage Domain name is already in use.")
        for other in ctx.table("storage_domain").by("_share", share["id"]):
            raise errors.refused(409, f"Cannot add Storage Connection. Storage connection {other['_connection']} already exists for {other['name']}.")
        if host is None or host["status"] != "up":
            raise errors.refused(
                409, "Cannot add Storage Connection. There is no host in Up status." if host else "Cannot add Storage Connection. Invalid Host Id."
            )
        wanted = body.get("storage_format")
        if wanted == "v2" and kind in FILE_TYPES:
            raise errors.refused(409, "Cannot add Storage. Storage format V2 is not supported on the selected host version.")
        step = ctx.host_step("CreateStorageDomain", None, name=name or "", id="")
        if step is not None:
            raise errors.refused(400, f"Error creating a storage domain: {step}")
        known = ctx.row("_domain_on_share", share["id"])
        connection = ctx.table("storage_connection").save({"id": ctx.new_id(), "_share": share["id"], **share["storage"]})
        row = {
            "id": known["domain"] if known else ctx.new_id(), "name": name or (known or {}).get("name", ""), "description": body.get("description", ""),
            "comment": body.get("comment", ""), "type": body["type"], "storage": dict(share["storage"]), "master": False, "block_size": 512,
            "external_status": "ok", "critical_space_action_blocker": body.get("critical_space_action_blocker", 5),
            "warning_low_space_indicator": body.get("warning_low_space_indicator", 10), "wipe_after_delete": body.get("wipe_after_delete", False),
            "discard_after_delete": body.get("discard_after_delete", False), "supports_discard": False, "supports_discard_zeroes_data": False,
            "backup": body.get("backup", False), "storage_format": known["format"] if known else self._format(body, wanted),
            "_status": "unattached", "_pool": None, "_share": share["id"], "_connection": connection["id"],
        }
        self.of(ctx).save(row)
        ctx.table("disk_profile").save({"id": ctx.new_id(), "name": row["name"], "storage_domain": {"id": row["id"]}})
        if known is None:
            ctx.table("_domain_on_share").save({"id": share["id"], "domain": row["id"], "name": row["name"], "format": row["storage_format"]})
        ctx.event(956, "normal", f"Storage Domain {row['name']} was added by {ctx.identity.principal}", storage_domain=row)
        rep = self.render(ctx, row)
        rep["status"] = "unknown"
        return Created(row, rep=rep)

    @staticmethod
    def _format(body, wanted):
        if body["type"] in ("iso", "export"):
            return wanted or "v1"
        return wanted or FORMATS[-1]

    def _connection(self, ctx, storage):
        """The share a storage means: its identity and how it is shown."""
        if storage.get("id") and "type" in storage and "path" not in storage:
            connection = ctx.row("storage_connection", storage["id"])
            if connection is None:
                raise errors.refused(400, "Cannot add Storage Connection. Storage connection doesn't exist.")
            storage = {name: value for name, value in connection.items() if name not in ("id",) and name[0] != "_"}
        kind = storage["type"]
        if kind in ("iscsi", "fcp"):
            units = (storage.get("volume_group") or {}).get("logical_units") or storage.get("logical_units") or []
            if not units:
                raise errors.incomplete("LogicalUnit", ["id"], "add")
            raise errors.refused(400, "Internal Engine Error")
        if kind == "managed_block_storage":
            raise errors.refused(500, "WFLYEJB0442: Unexpected Error")
        needed = {"nfs": ("address", "path"), "posixfs": ("path", "vfs_type"), "glusterfs": ("path", "vfs_type")}.get(kind, ("path",))
        absent = [name for name in needed if not storage.get(name)]
        if absent:
            names = {"vfs_type": "vfsType"}
            raise errors.incomplete("HostStorage", [names.get(name, name) for name in absent], "add")
        if kind == "nfs" and not storage["path"].startswith("/"):
            raise errors.refused(400, "Mount path is illegal, please use [IP:/path or FQDN:/path] convention.")
        shown_storage = {name: storage[name] for name in ("type", "address", "path", "vfs_type", "mount_options", "nfs_version", "nfs_retrans", "nfs_timeo")
                         if name in storage}
        return {"id": f"{kind}:{storage.get('address', '')}:{storage['path']}", "storage": shown_storage}

    def update(self, ctx, row, body):
        changed = {name for name in body if name not in CHANGEABLE and name not in ("id", "href", "link", "actions", "host") and body[name] != row.get(name)}
        if changed & {"storage_format", "type"}:
            raise errors.refused(400, "Cannot edit Storage. Can only update the following fields: name, description, comment, wipe after delete, low space "
                                      "threshold, and critical space threshold.")
        name = body.get("name", row["name"])
        check_name(name)
        if name != row["name"] and self.of(ctx).by("name", name):
            raise errors.refused(409, "Cannot edit Storage. The Storage Domain name is already in use.")
        if row["_status"] not in ("active", "unattached", "maintenance"):
            raise errors.refused(409, f"Cannot edit Storage. The relevant Storage Domain's status is {shown(row['_status'])}.")
        merge(row, body, *CHANGEABLE)
        self.of(ctx).save(row)
        ctx.event(958, "normal", f"Storage Domain {row['name']} was updated by {ctx.identity.principal}.", storage_domain=row)
        rep = self.render(ctx, row)
        rep["link"] = links(rep["href"], ("diskprofiles", "disks", "storageconnections", "permissions", "images", "disksnapshots", "files"))
        return Created(row, rep=rep)

    def remove(self, ctx, row):
        host_name = ctx.parameter("host")
        if ctx.flag("destroy"):
            return self._destroy(ctx, row)
        if host_name is None:
            raise errors.fault(400, None, "host parameter is missing")
        host = ctx.row("host", host_name) or ctx.table("host").named(host_name)
        if host is None:
            raise errors.entity_not_found(host_name)
        if row["_pool"] is not None:
            raise errors.refused(409, "Cannot remove Storage. The relevant Storage Domain is inaccessible.\n-Please handle Storage Domain issues and retry the "
                                      "operation.")
        if host["status"] != "up":
            raise errors.refused(409, f"Cannot remove Storage. Host {host['name']} is not up.")
        job = ctx.job(f"Removing Storage Domain {row['name']}")
        if ctx.flag("format"):
            ctx.table("_domain_on_share").remove(row["_share"])
            for table in ("_unregistered", "_unregistered_machine"):
                for lost in ctx.table(table).by("domain", row["id"]):
                    ctx.table(table).remove(lost["id"])
        self._forget(ctx, row)
        ctx.event(960, "normal", f"Storage Domain {row['name']} was removed by {ctx.identity.principal}")
        job.finish()
        return None

    def _destroy(self, ctx, row):
        if row["_status"] in ("active", "locked", "preparing_for_maintenance"):
            raise errors.refused(409, f"Cannot destroy Storage. The relevant Storage Domain's status is {shown(row['_status'])}.")
        if row["master"] and len(ctx.table("storage_domain").by("_pool", row["_pool"])) > 1:
            raise errors.refused(409, "Cannot destroy the master Storage Domain from the Data Center without another active Storage Domain to take its place.\n"
                                      "-Either activate another Storage Domain in the Data Center, or remove the Data Center.")
        pool = ctx.row("data_center", row["_pool"])
        job = ctx.job(f"Removing Storage Domain {row['name']} (Force Remove) from Data Center {pool['name'] if pool else '<UNKNOWN>'}")
        put_aside(ctx, row)
        self._forget(ctx, row)
        ctx.event(981, "normal", f"Storage Domain {row['name']} was forcibly removed by {ctx.identity.principal}")
        if pool is not None:
            pool_status(ctx, pool)
        job.finish()

    def _forget(self, ctx, row):
        self.of(ctx).remove(row["id"])
        ctx.table("storage_connection").remove(row["_connection"])
        for profile in ctx.table("disk_profile").by("storage_domain.id", row["id"]):
            ctx.table("disk_profile").remove(profile["id"])

    def present(self, ctx, row, rep):
        fill(ctx, row, rep)
        if row["_pool"] is None:
            rep["status"] = row["_status"]
        rep["link"] = links(rep["href"], ("diskprofiles", "disks", "storageconnections", "permissions", "images", "disksnapshots", "files")
                            if row["type"] == "image" else
                            ("diskprofiles", "disks", "storageconnections", "permissions", "files", "disksnapshots") if row["type"] == "iso" else
                            ("diskprofiles", "disks", "storageconnections", "permissions", "templates", "vms", "disksnapshots"))

    @action("isattached", entity=False)
    def is_attached(self, ctx, row, body):
        return {"host": None, "is_attached": row["_pool"] is not None}

    @action("updateovfstore", entity=False)
    def update_ovf_store(self, ctx, row, body):
        if ctx.locked(f"ovf:{row['id']}") is not None:
            raise errors.fault(409, f"[Cannot ${{action}} Storage. {BUSY}]")
        pool = ctx.row("data_center", row["_pool"])
        job = ctx.job(f"Updating OVFs for Storage Domain {row['name']} in Data Center {pool['name'] if pool else '<UNKNOWN>'}")
        ctx.lock(f"ovf:{row['id']}")
        ctx.later(OVF_SECONDS, "storage_domain.ovf_written", domain=row["id"], job=job.id)

    @action("refreshluns", entity=False)
    def refresh_luns(self, ctx, row, body):
        raise errors.refused(400, "Cannot ${action} Storage. Storage Domain type is illegal.")

    @action("reduceluns", entity=False)
    def reduce_luns(self, ctx, row, body):
        raise errors.refused(400, "Cannot reduce Storage. Storage Domain type is illegal.")


class AttachedStorageDomains(Collection):
    type = "storage_domain"
    paths = ("datacenters/{data_center}/storagedomains",)
    parents = {"data_center": "_pool"}
    links = ("disks",)

    def add(self, ctx, body, parents):
        pool = ctx.row("data_center", parents["data_center"])
        if not body.get("id") and not body.get("name"):
            raise errors.incomplete("StorageDomain", ["id|name"], "add")
        row = self.resolve(ctx, body, "storage_domain", "StorageDomain")
        if pool is None:
            raise errors.refused(400, "Data Center doesn't exist.")
        if row is None:
            raise errors.refused(400, "Cannot attach Storage. Storage Domain doesn't exist.")
        hosts = [host for host in hosts_of_data_center(ctx, pool["id"]) if host["status"] == "up"]
        if not hosts:
            raise errors.refused(409, "Cannot attach Storage. There is no active Host in the Data Center.")
        if row["_pool"] is not None:
            raise errors.refused(409, "Cannot attach Storage. The relevant Storage Domain is inaccessible.\n-Please handle Storage Domain issues and retry the "
                                      "operation.")
        if bool(pool.get("local")) != (row["storage"]["type"] == "localfs"):
            raise errors.refused(400, "Cannot attach a local Storage Domain to a shared storage Data Center." if not pool.get("local") else
                                      "Cannot attach a shared Storage Domain to a local Data Center.")
        attached = ctx.table("storage_domain").by("_pool", pool["id"])
        data = [one for one in attached if one["type"] == "data"]
        if row["type"] != "data" and not data:
            raise errors.refused(409, "Cannot attach Storage Domain.\n-Please attach Data Domain to the Data Center first.")
        if row["type"] in ("iso", "export") and any(one["type"] == row["type"] for one in attached):
            kind = "ISO" if row["type"] == "iso" else "Import/Export"
            raise errors.refused(409, f"Cannot attach more than one {kind} Storage Domain to the same Data Center. If you want to use "
                                      "a newly created Domain, detach the existing attached Domain and attach the new one.")
        target = pool_format(pool)
        if row["type"] == "data" and FORMATS.index(row["storage_format"]) > FORMATS.index(target):
            raise errors.refused(409, f"Cannot attach Storage. Storage Domain format {row['storage_format'].upper()} is illegal.")
        master = not data and row["type"] == "data"
        if row["type"] == "data":
            set_format(ctx, row, target)
            pool["storage_format"] = target
        row.update({"_pool": pool["id"], "_status": "active", "master": master})
        self.of(ctx).save(row)
        job = ctx.job(f"Attaching Storage Domain {row['name']} to Data Center {pool['name']}")
        ctx.table("data_center").save(pool)
        select_spm(ctx, pool)
        pool_status(ctx, pool)
        job.finish()
        ctx.later(FIRST_OVF_SECONDS, "storage_domain.ovf_stores", domain=row["id"])
        ctx.event(962, "normal", f"Storage Domain {row['name']} was attached to Data Center {pool['name']} by {ctx.identity.principal}", storage_domain=row,
                  data_center=pool)
        return row

    def remove(self, ctx, row):
        pool = ctx.row("data_center", row["_pool"])
        others = [one for one in ctx.table("storage_domain").by("_pool", row["_pool"]) if one["id"] != row["id"]]
        if row["master"]:
            raise errors.refused(409, "Cannot detach the master Storage Domain from the Data Center while there are other storage domains attached to it.\n"
                                      "-Please try to activate another Storage Domain in the Data Center." if others else
                                      "Cannot detach Storage. The Storage Domain is the last one of the Data Center; remove the Data Center instead.")
        if row["_status"] not in ("maintenance", "inactive"):
            raise errors.refused(409, f"Cannot detach Storage. The relevant Storage Domain's status is {shown(row['_status'])}.")
        job = ctx.job(f"Detaching Storage Domain {row['name']} from Data Center {pool['name']}")
        put_aside(ctx, row)
        row.update({"_pool": None, "_status": "unattached", "master": False})
        self.of(ctx).save(row)
        job.finish()
        ctx.event(964, "normal", f"Storage Domain {row['name']} was detached from Data Center {pool['name']} by {ctx.identity.principal}", storage_domain=row,
                  data_center=pool)

    def present(self, ctx, row, rep):
        fill(ctx, row, rep)
        rep["status"] = row["_status"]
        rep["data_center"] = {"id": row["_pool"], "href": ctx.href("data_center", row["_pool"])}

    def stub(self, ctx, row):
        rep = self.render(ctx, row)
        return {name: rep[name] for name in ("id", "href", "link", "actions", "data_center", "data_centers") if name in rep}

    def unknown(self, ctx, verb, ident):
        if verb == "activate":
            return errors.refused(400, "Internal Engine Error")
        return errors.failed(
            500,
            "java.lang.NullPointerException: Cannot invoke \"org.ovirt.engine.core.common.businessentities.StorageDomain.getStatus()\" because "
            "the return value of \"org.ovirt.engine.core.bll.storage.domain.DeactivateStorageDomainWithOvfUpdateCommand.getStorageDomain()\" is null",
        )

    @action("activate")
    def activate(self, ctx, row, body):
        if row["_status"] not in ("inactive", "unknown", "maintenance", "preparing_for_maintenance"):
            raise errors.refused(409, f"Cannot activate Storage. The relevant Storage Domain's status is {shown(row['_status'])}.")
        pool = ctx.row("data_center", row["_pool"])
        job = ctx.job(f"Activating Storage Domain {row['name']} on Data Center {pool['name']}")
        row["_status"] = "active"
        domains = ctx.table("storage_domain").by("_pool", pool["id"])
        if row["type"] == "data" and not any(one["master"] and one["_status"] == "active" for one in domains if one["id"] != row["id"]):
            for one in domains:
                one["master"] = False
                ctx.table("storage_domain").save(one)
            row["master"] = True
        self.of(ctx).save(row)
        select_spm(ctx, pool)
        pool_status(ctx, pool)
        job.finish()
        ctx.event(
            966,
            "normal",
            f"Storage Domain {row['name']} (Data Center {pool['name']}) was activated by {ctx.identity.principal}",
            storage_domain=row,
            data_center=pool,
        )

    @action("deactivate")
    def deactivate(self, ctx, row, body):
        if ctx.locked(f"ovf:{row['id']}") is not None:
            raise errors.refused(409, f"Cannot deactivate Storage. {BUSY}")
        if row["_status"] not in ("active", "unknown", "inactive", "locked") or row["_status"] == "locked":
            raise errors.refused(409, f"Cannot deactivate Storage. The relevant Storage Domain's status is {shown(row['_status'])}.")
        pool = ctx.row("data_center", row["_pool"])
        others = [one for one in ctx.table("storage_domain").by("_pool", row["_pool"]) if one["id"] != row["id"] and one["_status"] == "active"]
        if row["master"] and others and not any(one["type"] == "data" for one in others):
            raise errors.refused(409, "Cannot deactivate a Master Storage Domain while there are active non-data domains in the Data Center.\n"
                                      "-Please deactivate all the non-data domains first.")
        leases = [vm["name"] for vm in ctx.table("vm") if ((vm.get("lease") or {}).get("storage_domain") or {}).get("id") == row["id"] and runs(vm)]
        if leases:
            raise errors.refused(409, f"Cannot deactivate domain, the domain contains leases for the following running VMs: {', '.join(leases)}")
        running = [vm["name"] for vm in running_on(ctx, row)]
        if running:
            raise errors.refused(409, 'Cannot deactivate Storage. VMs in a state other than "Down" or "Suspended" were detected.\n-Please ensure all VMs '
                                      "associated with this Storage Domain are stopped and in the Down or Suspended state first.")
        if any(disk["status"] == "locked" for disk in disks_on(ctx, row["id"])):
            what = "Master Data Domain while there are running tasks on its Data Center" if row["master"] else \
                "Storage while there are running tasks on this Storage"
            raise errors.refused(409, f"Cannot deactivate {what}.\n-Tasks running: ${{tasksNames}}\n-Please wait until tasks will finish and try again.")
        job = ctx.job(f"Deactivating Storage Domain {row['name']} in Data Center {pool['name']}")
        row["_status"] = "locked"
        self.of(ctx).save(row)
        ctx.later(OVF_SECONDS, "storage_domain.preparing", domain=row["id"], job=job.id)


# -- what the two views share, and what other services ask


def check_name(name) -> None:
    if name and not places.NAME.fullmatch(name):
        said = "Storage Domain name must be formed of 'a-z', 'A-Z', '0-9', '_' or '-' characters"
        raise errors.refused(400, places.violation(said, "privateStorageDomain.name"))


def links(href, names):
    return [{"rel": rel, "href": f"{href}/{rel}"} for rel in names]


def fill(ctx, row, rep) -> None:
    """Sizes and data centers, which both views show."""
    used, committed = occupied(ctx, row["id"])
    rep.update({"available": CAPACITY - used, "used": used, "committed": committed})
    if row["_pool"] is not None:
        rep["data_centers"] = [{"id": row["_pool"], "href": ctx.href("data_center", row["_pool"])}]


def occupied(ctx, domain_id) -> tuple[int, int]:
    """Bytes in use on a domain, and bytes promised to its disks."""
    used, committed = OVERHEAD, 0
    for disk in disks_on(ctx, domain_id):
        used += disk.get("total_size") or disk.get("actual_size") or 0
        if disk.get("content_type") != "ovf_store":
            committed += disk.get("provisioned_size") or 0
    return used, committed


def available(ctx, domain_id) -> int:
    return CAPACITY - occupied(ctx, domain_id)[0]


def disks_on(ctx, domain_id):
    """Disks with an image on the domain."""
    table = ctx.table("disk")
    found = table.by("_domain", domain_id)
    return found + [disk for disk in table.by("_copies", True) if domain_id in [one["id"] for one in disk["storage_domains"]] and disk["_domain"] != domain_id]


def running_on(ctx, domain):
    """VMs that run with a disk of the domain plugged."""
    found = {}
    for disk in disks_on(ctx, domain["id"]):
        for attachment in ctx.table("disk_attachment").by("disk.id", disk["id"]):
            vm = ctx.row("vm", (attachment.get("vm") or {}).get("id"))
            if vm is not None and attachment.get("active") and runs(vm):
                found[vm["id"]] = vm
    return list(found.values())


def runs(vm) -> bool:
    return vm["status"] not in ("down", "image_locked", "suspended")


def pool_format(pool) -> str:
    """The format of data domains in a data center of this level: v4 at 4.2, v5 from 4.3 on."""
    version = pool.get("version") or {"major": 4, "minor": 8}
    return "v4" if (version["major"], version["minor"]) < (4, 3) else "v5"


def set_format(ctx, row, wanted: str) -> None:
    """Convert a domain; the share remembers it."""
    row["storage_format"] = wanted
    known = ctx.row("_domain_on_share", row["_share"])
    if known is not None:
        known["format"] = wanted
        ctx.table("_domain_on_share").save(known)
    ctx.table("storage_domain").save(row)


def convert_domains(ctx, pool) -> None:
    """Bring the data domains of a data center to the format of its level, as a raise of the level does."""
    wanted = pool_format(pool)
    for row in ctx.table("storage_domain").by("_pool", pool["id"]):
        if row["type"] == "data" and row["storage_format"] != wanted:
            set_format(ctx, row, wanted)
    if pool.get("storage_format"):
        pool["storage_format"] = wanted


def pool_status(ctx, pool) -> None:
    """The status of a data center by its master domain and its hosts."""
    domains = ctx.table("storage_domain").by("_pool", pool["id"])
    hosts = [host for host in hosts_of_data_center(ctx, pool["id"]) if host["status"] == "up"]
    if not domains:
        status = "uninitialized"
    elif not any(one["master"] and one["_status"] in ("active", "locked") for one in domains):
        status = "maintenance"
    else:
        status = "up" if hosts else "not_operational"
    if pool.get("status") != status:
        pool["status"] = status
        ctx.table("data_center").save(pool)


def put_aside(ctx, domain) -> None:
    """What lies on a domain that goes away is known to it alone from now on: its disks, and the machines and templates that lie on it wholly."""
    disks = disks_on(ctx, domain["id"])
    contents.put_aside(ctx, domain, disks)
    for disk in disks:
        for attachment in ctx.table("disk_attachment").by("disk.id", disk["id"]):
            ctx.table("disk_attachment").remove(attachment["id"])
        ctx.table("disk").remove(disk["id"])
        if disk.get("content_type") != "ovf_store":
            ctx.table("_unregistered").save({"id": disk["id"], "domain": domain["id"], "disk": disk})


def keep_ovfs(ctx, row) -> None:
    """Make sure that a data domain has the two disks its machines' configurations are kept on."""
    if row is None or row["type"] != "data" or row["_pool"] is None:
        return
    found = [disk for disk in disks_on(ctx, row["id"]) if disk.get("content_type") == "ovf_store"]
    profile = next(iter(ctx.table("disk_profile").by("storage_domain.id", row["id"])), None)
    quota = next((one for one in ctx.table("quota").by("data_center.id", row["_pool"]) if one.get("_default")), None)
    for _missing in range(OVF_STORES - len(found)):
        ctx.table("disk").save({
            "id": ctx.new_id(), "image_id": ctx.new_id(), "name": "OVF_STORE", "alias": "OVF_STORE", "description": "OVF_STORE", "status": "ok",
            "storage_type": "image", "content_type": "ovf_store", "format": "raw", "sparse": True, "provisioned_size": OVF_BYTES, "actual_size": OVF_BYTES,
            "backup": "none", "propagate_errors": False, "shareable": True, "wipe_after_delete": False, "storage_domains": [{"id": row["id"]}],
            "_domain": row["id"], **({"disk_profile": {"id": profile["id"]}} if profile else {}), **({"quota": {"id": quota["id"]}} if quota else {})})


@timed("storage_domain.ovf_stores")
def ovf_stores(ctx, domain):
    row = ctx.row("storage_domain", domain)
    if row is not None and row["_status"] == "active":
        keep_ovfs(ctx, row)


@timed("storage_domain.ovf_written")
def ovf_written(ctx, domain, job):
    ctx.unlock(f"ovf:{domain}")
    keep_ovfs(ctx, ctx.row("storage_domain", domain))
    running = Job.find(ctx, job)
    if running is not None:
        running.finish()


@timed("storage_domain.preparing")
def preparing(ctx, domain, job):
    row = ctx.row("storage_domain", domain)
    if row is None:
        return
    keep_ovfs(ctx, row)
    row["_status"] = "preparing_for_maintenance"
    ctx.table("storage_domain").save(row)
    ctx.later(MAINTENANCE_SECONDS, "storage_domain.maintenance", domain=domain, job=job)


@timed("storage_domain.maintenance")
def in_maintenance(ctx, domain, job):
    row, running = ctx.row("storage_domain", domain), Job.find(ctx, job)
    if row is None:
        return
    pool = ctx.row("data_center", row["_pool"])
    heir = next((one for one in ctx.table("storage_domain").by("_pool", row["_pool"]) if one["type"] == "data" and one["_status"] == "active"), None)
    if _given_up(ctx, row, pool, stop_spm=row["master"] and heir is None):
        if running is not None:
            running.finish()
        return
    row["_status"] = "maintenance"
    ctx.table("storage_domain").save(row)
    if row["master"] and heir is not None:
        row["master"], heir["master"] = False, True
        ctx.table("storage_domain").save(row)
        ctx.table("storage_domain").save(heir)
    if pool is not None:
        pool_status(ctx, pool)
    ctx.event(
        968,
        "normal",
        f"Storage Domain {row['name']} (Data Center {pool['name'] if pool else ''}) was deactivated and has moved to 'Preparing for maintenance' "
        f"until it will no longer be accessed by any Host of the Data Center.",
        storage_domain=row,
        data_center=pool,
    )
    if running is not None:
        running.finish()


def _given_up(ctx, row, pool, *, stop_spm: bool) -> bool:
    """Is the deactivation given up?  The domain is active again then, and the job finished all the same: events alone tell.

    The last domain takes the storage pool manager with it, which a host does not give up while it has tasks that nobody has cleared.
    """
    refused = (ctx.host_step("DeactivateStorageDomain", "Stopping SPM", name=row["name"], id=row["id"]) if stop_spm else
               ctx.host_step("DeactivateStorageDomain", "Deactivating Storage Domain", name=row["name"], id=row["id"]))
    if refused is None:
        return False
    spm = next((host for host in hosts_of_data_center(ctx, pool["id"]) if host["spm"].get("status") == "spm"), None) if pool is not None else None
    alone = ctx.engine.context()       # a host's own words do not have the correlation id
    if stop_spm:
        alone.event(9030, "error", f"Not stopping SPM on vds {(spm or {}).get('name', '')}, pool id {row['_pool']} as there are uncleared tasks {refused}",
                    host=spm)
    else:
        alone.event(10802, "error", f"VDSM {(spm or {}).get('name', 'host')} command DeactivateStorageDomainVDS failed: {refused}", host=spm)
    row["_status"] = "active"
    ctx.table("storage_domain").save(row)
    ctx.event(969, "error", f"Failed to deactivate Storage Domain {row['name']} (Data Center {(pool or {}).get('name', '')}).", storage_domain=row, data_center=pool)
    return True
