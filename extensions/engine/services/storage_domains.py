"""Storage domains: /storagedomains, and attached to a data center below /datacenters/D/storagedomains.

What lies on the storage outlives the engine's knowledge of it: a share (table ``_share``) remembers the domain that was made on it, its format
and the disks on it, so that a domain which was removed without formatting, or destroyed, is imported when the same path is named again.
"""

from __future__ import annotations

from .. import errors
from ..clock import timed
from ..commands import Job
from ..rules import places
from ..rules.refusals import Command
from . import storage_connections as connections
from . import storage_domain_contents as contents
from .base import Collection, Created, action, merge
from .hosts import hosts_of_data_center, select_spm, shown
from .permissions import own

ADD, EDIT, REMOVE = Command("add", "Storage"), Command("edit", "Storage"), Command("remove", "Storage")
DESTROY, ATTACH, DETACH = Command("destroy", "Storage"), Command("attach", "Storage"), Command("detach", "Storage")
ACTIVATE, DEACTIVATE = Command("activate", "Storage"), Command("deactivate", "Storage")

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
BLOCK_TYPES = ("iscsi", "fcp")
NOT_DATA = ("iso", "export")
MOVING_PHASES = ("transferring", "resuming", "finalizing_success", "finalizing_failure", "finalizing_cleanup")
IN_PROCESS = ("locked", "preparing_for_maintenance", "detaching", "activating")
SHOWN_STORAGE = ("type", "address", "path", "vfs_type", "mount_options", "nfs_version", "nfs_retrans", "nfs_timeo")
MAX_NAME = 50
CHANGEABLE = ("name", "description", "comment", "wipe_after_delete", "warning_low_space_indicator", "critical_space_action_blocker",
              "discard_after_delete", "backup")
INACCESSIBLE = "The relevant Storage Domain is inaccessible.\n-Please handle Storage Domain issues and retry the operation."
NO_HEIR = ("Cannot destroy the master Storage Domain from the Data Center without another active Storage Domain to take its place.\n-Either activate another "
           "Storage Domain in the Data Center, or remove the Data Center.\n-If you have problems with the master Data Domain, consider following the recovery "
           "process described in the documentation, or contact your system administrator.")
BUSY = "Related operation is currently in progress. Please try again later."


class StorageDomains(Collection):
    type = "storage_domain"
    paths = ("storagedomains",)
    search = "storagedomains"

    def add(self, ctx, body, parents):
        storage = body.get("storage")
        host_reference = body.get("host") or {}
        absent = [] if host_reference.get("id") or host_reference.get("name") else ["host.id|name"]
        absent += [name for name in ("type", "storage") if not body.get(name)]
        if absent:
            raise errors.incomplete("StorageDomain", absent, "add")
        host = self.resolve(ctx, host_reference, "host", "Hosts")
        if storage.get("type") == "managed_block_storage":
            raise errors.failed(500, "WFLYEJB0442: Unexpected Error")
        connection = self._known_connection(ctx, storage)
        kind = (connection or storage).get("type")
        if kind is None:
            raise errors.incomplete("StorageDomain", ["storage.type"], "add")
        if kind in BLOCK_TYPES:
            self._add_block(ctx, body, storage, host)
        if connection is None:
            wanted = connections.described(storage)
            connections.check_new(ctx, wanted, host, given=True)
        else:
            wanted = connection
        share = wanted["_share"]
        known = ctx.row("_domain_on_share", share)
        if known is None and not body.get("name"):
            raise errors.incomplete("StorageDomain", ["name"], "add")
        name = body.get("name") or known["name"]
        wanted_format = body.get("storage_format") or ("v1" if body["type"] in NOT_DATA else FORMATS[-1])
        self._check_new(ctx, body, kind, name, wanted_format, host)
        used = [domain["name"] for domain in connections.domains_of(ctx, connection)] if connection is not None else []
        if used:
            raise ADD.refuses(409, f"Storage connection parameters are used by the following storage domains : {','.join(used)}.")
        if ctx.table("storage_domain").by("name", name):
            raise ADD.refuses(409, "The Storage Domain name is already in use.")
        if kind == "localfs" and not (data_center_of(ctx, host) or {}).get("local"):
            raise errors.refused(400, 'Data Center must be "Local Storage"')
        step = ctx.host_step("CreateStorageDomain", None, name=name, id="")
        if step is not None:
            raise errors.refused(400, f"Error creating a storage domain: {step}")
        if connection is None:
            connection = ctx.table("storage_connection").save({"id": ctx.new_id(), **wanted})
        row = {
            "id": known["domain"] if known else ctx.new_id(), "name": name, "description": body.get("description", ""),
            "comment": body.get("comment", ""), "type": body["type"],
            "storage": {member: wanted[member] for member in SHOWN_STORAGE if member in wanted}, "master": False, "block_size": 512,
            "external_status": "ok", "critical_space_action_blocker": body.get("critical_space_action_blocker", 5),
            "warning_low_space_indicator": body.get("warning_low_space_indicator", 10), "wipe_after_delete": body.get("wipe_after_delete", False),
            "discard_after_delete": False, "supports_discard": False, "supports_discard_zeroes_data": False,
            "backup": body.get("backup", False), "storage_format": known["format"] if known else wanted_format,
            "_status": "unattached", "_pool": None, "_share": share, "_connection": connection["id"],
        }
        self.of(ctx).save(row)
        profile = ctx.table("disk_profile").save({"id": ctx.new_id(), "name": row["name"], "storage_domain": {"id": row["id"]}})
        own(ctx, "disk_profile", profile["id"])
        if known is None:
            ctx.table("_domain_on_share").save({"id": share, "domain": row["id"], "name": row["name"], "format": row["storage_format"]})
        ctx.event(956, "normal", f"Storage Domain {row['name']} was added by {ctx.identity.principal}", storage_domain=row)
        rep = self.render(ctx, row)
        rep["status"] = "unknown"
        return Created(row, rep=rep)

    @staticmethod
    def _known_connection(ctx, storage):
        """The connection a storage names by its id; None when it describes a new one."""
        if not storage.get("id"):
            return None
        found = ctx.row("storage_connection", storage["id"].lower())
        if found is None:
            raise errors.failed(500, f"Can't find storage server connection for id '{storage['id']}'.")
        return found

    @staticmethod
    def _add_block(ctx, body, storage, host):
        """Block storage is refused in the end: no host here has a unit of it."""
        units = (storage.get("volume_group") or {}).get("logical_units") or storage.get("logical_units") or []
        if any(not unit.get("id") for unit in units):
            raise errors.incomplete("LogicalUnit", ["id"], "add")
        StorageDomains._check_new(ctx, body, storage["type"], body.get("name") or "", body.get("storage_format") or FORMATS[-1], host)
        if ctx.table("storage_domain").by("name", body.get("name") or ""):
            raise ADD.refuses(409, "The Storage Domain name is already in use.")
        raise errors.refused(400, "Internal Engine Error" if units else "Volume Group (VGs) and Logical Volumes (LVs) are not specified.")

    @staticmethod
    def _check_new(ctx, body, kind, name, wanted_format, host):
        check_values({**body, "name": name})
        if host is None:
            raise ADD.refuses(409, "There is no active Host in the Data Center.")
        check_length(name, ADD)
        if body["type"] in NOT_DATA and kind in BLOCK_TYPES:
            raise ADD.refuses(400, f"{'ISO' if body['type'] == 'iso' else 'Export'} Storage Domain can only be created on the following storage types: File.")
        if body["type"] in NOT_DATA and body.get("backup"):
            raise ADD.refuses(400, "ISO and Export storage domains do not support the backup property.")
        if wanted_format == "v2" and kind not in BLOCK_TYPES or wanted_format in FORMATS[1:] and body["type"] in NOT_DATA:
            raise ADD.refuses(409, f"Storage format {wanted_format.upper()} is not supported on the selected host version.")
        if body.get("discard_after_delete") and kind not in BLOCK_TYPES:
            raise ADD.refuses(400, "Discard after delete is supported only by block domains.")

    def update(self, ctx, row, body):
        wanted = {**row, **{name: body[name] for name in CHANGEABLE if name in body}}
        check_values(wanted)
        if row["_status"] == "locked":
            raise EDIT.refuses(409, "The relevant Storage Domain's status is Locked.")
        if wanted["name"] != row["name"]:
            if row["_status"] != "active":
                raise wrong_status(row, EDIT)
            check_length(wanted["name"], EDIT)
            if (ctx.row("data_center", row["_pool"]) or {}).get("status") != "up":
                raise EDIT.refuses(409, "Unknown Data Center status.")
            if self.of(ctx).by("name", wanted["name"]):
                raise EDIT.refuses(409, "The Storage Domain name is already in use.")
        if wanted["discard_after_delete"] and row["storage"]["type"] not in BLOCK_TYPES:
            raise EDIT.refuses(400, "Discard after delete is supported only by block domains.")
        if wanted["backup"] and not row["backup"] and (running_on(ctx, row) or leased_on(ctx, row)):
            raise EDIT.refuses(409, "The storage domain contains disks which are attached to running VMs or VMs with leases.")
        if any(body.get(name, row.get(name)) != row.get(name) for name in ("storage_format", "type")):
            raise EDIT.refuses(400, "Can only update the following fields: name, description, comment, wipe after delete, low space threshold, and critical "
                                    "space threshold.")
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
        if host["status"] != "up":
            raise REMOVE.refuses(409, f"Host {host['name']} is not up.")
        if row["_pool"] is not None:
            raise REMOVE.refuses(409, INACCESSIBLE)
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
        if row["_status"] == "locked":
            raise DESTROY.refuses(409, BUSY)
        if row["_status"] == "active":
            raise wrong_status(row, DESTROY)
        if row["master"] and len(ctx.table("storage_domain").by("_pool", row["_pool"])) > 1:
            if heir_of(ctx, row) is None:
                raise errors.refused(409, NO_HEIR)
            if not up_hosts(ctx, row["_pool"]):
                raise errors.refused(409, "In order to complete the operation a new master Storage Domain needs to be elected, which requires at least one "
                                          "active Host in the Data Center.\n-Please make sure one of the Hosts is active in the Data Center first.")
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
        if ctx.filtered:
            # Where it lies is no business of those who only see it.
            rep["storage"] = {"type": row["storage"]["type"]}
            rep.pop("data_centers", None)
        if row["_pool"] is None:
            rep["status"] = row["_status"]
        rep["link"] = links(rep["href"], ("diskprofiles", "disks", "storageconnections", "permissions", "images", "disksnapshots", "files")
                            if row["type"] == "image" else
                            ("diskprofiles", "disks", "storageconnections", "permissions", "files", "disksnapshots") if row["type"] == "iso" else
                            ("diskprofiles", "disks", "storageconnections", "permissions", "templates", "vms", "disksnapshots"))

    @action("isattached", entity=False)
    def is_attached(self, ctx, row, body):
        host = self.resolve(ctx, body.get("host"), "host", "Hosts")
        return {"host": None, "is_attached": host is not None and row["_pool"] is not None}

    @action("updateovfstore", entity=False)
    def update_ovf_store(self, ctx, row, body):
        if ctx.locked(f"ovf:{row['id']}") is not None:
            raise errors.fault(409, f"[Cannot ${{action}} Storage. {BUSY}]")
        pool = ctx.row("data_center", row["_pool"])
        if pool is None:
            raise errors.refused(400, "Data Center doesn't exist.")
        job = ctx.job(f"Updating OVFs for Storage Domain {row['name']} in Data Center {pool['name'] if pool else '<UNKNOWN>'}")
        ctx.lock(f"ovf:{row['id']}")
        ctx.later(OVF_SECONDS, "storage_domain.ovf_written", domain=row["id"], job=job.id)

    def unknown(self, ctx, verb, ident):
        return errors.fault(400, "[Data Center doesn't exist.]") if verb in ("updateovfstore", "refreshluns") else errors.not_found()

    @action("refreshluns", entity=False)
    def refresh_luns(self, ctx, row, body):
        # The command extends a domain, so it says that it edits; its refusals are not within the action.
        if (ctx.row("data_center", row["_pool"]) or {}).get("status") != "up":
            raise errors.fault(400, "[Data Center doesn't exist.]")
        raise errors.fault(400, "[Cannot edit Storage. Storage Domain type is illegal.]")

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
        if not up_hosts(ctx, pool["id"]):
            raise ATTACH.refuses(409, "There is no active Host in the Data Center.")
        if row is None:
            raise ATTACH.refuses(400, "Storage Domain doesn't exist.")
        attached = ctx.table("storage_domain").by("_pool", pool["id"])
        data = [one for one in attached if one["type"] == "data"]
        target = pool_format(pool)
        self._check_relation(row, pool, attached, target)
        if row["type"] != "data" and not data:
            raise errors.refused(409, "Cannot attach Storage Domain.\n-Please attach Data Domain to the Data Center first.")
        if data:
            check_master(ctx, pool["id"], ATTACH)
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

    @staticmethod
    def _check_relation(row, pool, attached, target):
        """Do the two go together?"""
        if row["type"] in NOT_DATA:
            if any(one["type"] == row["type"] for one in attached):
                kind = "ISO" if row["type"] == "iso" else "Import/Export"
                raise errors.refused(409, f"Cannot attach more than one {kind} Storage Domain to the same Data Center. If you want to use a newly created "
                                          "Domain, detach the existing attached Domain and attach the new one.")
            return
        if FORMATS.index(row["storage_format"]) > FORMATS.index(target):
            raise ATTACH.refuses(409, f"Storage Domain format {row['storage_format'].upper()} is illegal.")
        if row["_pool"] is not None:
            raise ATTACH.refuses(409, INACCESSIBLE)
        if row["storage"]["type"] == "localfs" and not pool.get("local"):
            raise errors.refused(400, "Cannot attach a local Storage Domain to a shared storage Data Center.")

    def remove(self, ctx, row):
        pool = ctx.row("data_center", row["_pool"])
        others = [one for one in ctx.table("storage_domain").by("_pool", row["_pool"]) if one["id"] != row["id"]]
        if ctx.locked(f"ovf:{row['id']}") is not None or row["_status"] == "locked":
            raise DETACH.refuses(409, BUSY)
        contents.check_detach(ctx, row, DETACH)
        if row["_status"] != "maintenance":
            raise wrong_status(row, DETACH)
        if not row["master"]:
            check_master(ctx, row["_pool"], DETACH)
        elif others:
            raise errors.refused(409, "Cannot detach the master Storage Domain from the Data Center while there are other storage domains attached to it.\n"
                                      "-Please try to activate another Storage Domain in the Data Center.")
        job = ctx.job(f"Detaching Storage Domain {row['name']} from Data Center {pool['name']}")
        put_aside(ctx, row)
        row.update({"_pool": None, "_status": "unattached", "master": False})
        self.of(ctx).save(row)
        pool_status(ctx, pool)
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
            raise wrong_status(row, ACTIVATE)
        if not row["master"]:
            check_master(ctx, row["_pool"], ACTIVATE)
        if not up_hosts(ctx, row["_pool"]):
            raise ACTIVATE.refuses(409, "There is no active Host in the Data Center.")
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
            raise DEACTIVATE.refuses(409, BUSY)
        if row["_status"] not in ("active", "unknown", "inactive"):
            raise wrong_status(row, DEACTIVATE)
        self._check_use(ctx, row)
        pool = ctx.row("data_center", row["_pool"])
        job = ctx.job(f"Deactivating Storage Domain {row['name']} in Data Center {pool['name']}")
        row["_status"] = "locked"
        self.of(ctx).save(row)
        ctx.later(OVF_SECONDS, "storage_domain.preparing", domain=row["id"], job=job.id)

    @staticmethod
    def _check_use(ctx, row):
        """What keeps a domain active, in the order the engine looks."""
        disks = disks_on(ctx, row["id"])
        ids = {disk["id"] for disk in disks}
        if any(((one.get("image") or one.get("disk") or {}).get("id")) in ids and one["phase"] in MOVING_PHASES for one in ctx.table("image_transfer")):
            raise DEACTIVATE.refuses(409, "Please pause or cancel all active disk uploads and downloads first.")
        others = [one for one in ctx.table("storage_domain").by("_pool", row["_pool"]) if one["id"] != row["id"]]
        active = [one for one in others if one["_status"] == "active"]
        if row["master"] and active and not any(one["type"] == "data" for one in active):
            raise errors.refused(409, "Cannot deactivate a Master Storage Domain while there are active non-data domains in the Data Center.\n"
                                      "-Please deactivate all the non-data domains first.")
        if row["master"] and any(one["_status"] in IN_PROCESS for one in others):
            raise errors.refused(409, "You are trying to deactivate a Master storage domain while there are locked domains in the Data Center. Please wait for "
                                      "the operations on those domains to finish first.")
        leases = [vm["name"] for vm in leased_on(ctx, row) if runs(vm)]
        if leases:
            raise errors.refused(409, f"Cannot deactivate domain, the domain contains leases for the following running VMs: {', '.join(leases)}")
        inserted = [vm["name"] for vm in ctx.table("vm") if runs(vm) and vm.get("_cd_now", vm.get("_cd")) in ids]
        if inserted:
            raise DEACTIVATE.refuses(409, f"The Storage Domain has ISO image(s) attached to the following VM(s): {','.join(inserted)}.")
        if running_on(ctx, row):
            raise DEACTIVATE.refuses(409, 'VMs in a state other than "Down" or "Suspended" were detected.\n-Please ensure all VMs associated with this Storage '
                                          "Domain are stopped and in the Down or Suspended state first.")
        if any(disk["status"] == "locked" for disk in disks):
            what = "Master Data Domain while there are running tasks on its Data Center" if row["master"] else \
                "Storage while there are running tasks on this Storage"
            raise errors.refused(409, f"Cannot deactivate {what}.\n-Tasks running: ${{tasksNames}}\n-Please wait until tasks will finish and try again.")


# -- what the two views share, and what other services ask


def check_values(row) -> None:
    """Bean validation: all that is wrong at once."""
    found = []
    if row.get("name") and not places.NAME.fullmatch(row["name"]):
        found.append(places.violation("Storage Domain name must be formed of 'a-z', 'A-Z', '0-9', '_' or '-' characters", "privateStorageDomain.name"))
    if len(row.get("description") or "") > 4000:
        found.append(places.violation("Storage Domain description must not exceed 4000 characters", "privateStorageDomain.description"))
    if not 0 <= row.get("warning_low_space_indicator", 0) <= 100:
        found.append(places.violation("Storage Domain's \"Warning Low Space Indicator\" must be an integer between 0 and 100.",
                                      "privateStorageDomain.warningLowSpaceIndicator"))
    if row.get("critical_space_action_blocker", 0) < 0:
        found.append(places.violation("Storage Domain's \"Critical Space Action Blocker\" must be a non-negative integer.",
                                      "privateStorageDomain.criticalSpaceActionBlocker"))
    if found:
        raise errors.refused(400, *found)


def check_length(name, command) -> None:
    if len(name) > MAX_NAME:
        raise command.refuses(400, "The given name is too long.")


def wrong_status(row, command):
    """What is on its way counts as locked by an operation; any other status is named."""
    return command.refuses(409, BUSY if row["_status"] in IN_PROCESS else f"The relevant Storage Domain's status is {shown(row['_status'])}.")


def check_master(ctx, pool, command) -> None:
    if not any(one["master"] and one["_status"] == "active" for one in ctx.table("storage_domain").by("_pool", pool)):
        raise errors.refused(409, f"Failed to {command.action} {command.kind} due to an error on the Data Center master Storage Domain.\n-Please activate the "
                                  "master Storage Domain first.")


def up_hosts(ctx, pool):
    return [host for host in hosts_of_data_center(ctx, pool) if host["status"] == "up"]


def data_center_of(ctx, host):
    cluster = ctx.row("cluster", host["cluster"]["id"]) or {}
    return ctx.row("data_center", (cluster.get("data_center") or {}).get("id"))


def heir_of(ctx, row):
    """The domain that is the master after this one."""
    return next((one for one in ctx.table("storage_domain").by("_pool", row["_pool"])
                 if one["id"] != row["id"] and one["type"] == "data" and not one.get("backup") and one["_status"] in ("active", "unknown")), None)


def leased_on(ctx, row):
    """Machines with a lease on the domain."""
    return [vm for vm in ctx.table("vm") if ((vm.get("lease") or {}).get("storage_domain") or {}).get("id") == row["id"]]


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
    heir = heir_of(ctx, row)
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
    if stop_spm:
        alone = ctx.engine.context()   # a host's own words do not have the correlation id
        alone.event(9030, "error", f"Not stopping SPM on vds {(spm or {}).get('name', '')}, pool id {row['_pool']} as there are uncleared tasks {refused}",
                    host=spm)
    row["_status"] = "active"
    ctx.table("storage_domain").save(row)
    ctx.event(969, "error",
              f"Failed to deactivate Storage Domain {row['name']} (Data Center {(pool or {}).get('name', '')}).", storage_domain=row, data_center=pool)
    return True
