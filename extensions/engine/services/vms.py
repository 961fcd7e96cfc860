"""/vms: virtual machines, their making from templates and snapshots, their changes while down and while running, and their actions."""

from __future__ import annotations

import base64
import binascii
import copy

from .. import errors
from ..clock import timed
from ..commands import Job
from ..contract.roles import number
from ..rules import displays, estate, machine, networking, numa, power, previews, scheduling, storage
from ..rules import quota as quotas
from ..rules.authority import may
from ..rules.machine import BLANK, MIB
from ..rules.refusals import Command
from .base import UUID, Collection, Created, action
from .permissions import own

ADD = Command("add", "VM")
EDIT = Command("edit", "VM")
REMOVE = Command("remove", "VM")
EXPORT = Command("export", "VM")

CLONE_SECONDS, CLONE_LOCK_SECONDS = 0.6, 7.0
LEASE_SECONDS = 1.5
BEING_CLONED = "VM is being cloned."
SETTLED_SECONDS = 5.0
EXPORT_SECONDS = 3.0
HOTPLUG_MEMORY_MIB = 128
LOCKED = ": VM is locked. Please try again in a few minutes."
NAME_USED = "The VM name is already in use, please choose a unique name and try again."
# Members that a running machine takes at once; everything else waits in its next-run copy.
LIVE = (
    "name", "description", "comment", "cpu_profile", "soundcard_enabled", "high_availability", "lease", "placement_policy", "migration",
    "migration_downtime", "delete_protected", "sso", "quota", "large_icon", "small_icon", "_icons_of", "origin", "tunnel_migration", "initialization",
    "domain", "os.type", "bios.type", "display.disconnect_action", "display.disconnect_action_delay",
    "display.allow_override", "memory_policy.guaranteed",
)
# What hot plugging can only add to: less of it shows neither now nor in the next run.
HOT_PLUGGED = ("memory", "cpu.topology.sockets")
CONFIGURATION = (*(name for name in machine.INHERITED if name != "_watchdog"), "name", "instance_type", "_icons_of", "use_latest_template_version")
ACTIONS = ("cancelmigration", "ticket", "freezefilesystems", "maintenance", "clone", "thawfilesystems", "screenshot", "logon", "undosnapshot", "reboot",
           "migrate", "previewsnapshot", "reordermacaddresses", "autopincpuandnumanodes", "commitsnapshot", "shutdown", "start", "stop", "suspend", "reset",
           "export", "detach")
REFERENCES = (("cluster", "clusters"), ("template", "templates"), ("original_template", "templates"), ("cpu_profile", "cpuprofiles"), ("host", "hosts"),
              ("vm_pool", "vmpools"), ("instance_type", "instancetypes"), ("small_icon", "icons"), ("large_icon", "icons"))
LINKS = ("katelloerrata", "permissions", "tags", "affinitylabels", "watchdogs", "graphicsconsoles", "nics", "numanodes", "reporteddevices",
         "mediateddevices", "cdroms", "applications", "hostdevices", "checkpoints", "diskattachments", "sessions", "backups", "snapshots", "statistics")
HIDDEN = frozenset(machine.DEVICES)
# How actions on a machine that is not there name themselves.
UNKNOWN = {"stop": "stop VM", "shutdown": "shutdown VM", "migrate": "migrate VM", "cancelmigration": "cancel migration VM", "suspend": "hibernate VM",
           "reboot": "restart VM", "reset": "reset VM", "logon": "log on VM", "detach": "${action} ${type}", "commitsnapshot": "revert to Snapshot",
           "undosnapshot": "revert to Snapshot", "freezefilesystems": "freeze VM", "thawfilesystems": "thaw VM"}


def at(row, path):
    """The value at a dotted path, None when there is none."""
    for part in path.split("."):
        if not isinstance(row, dict):
            return None
        row = row.get(part)
    return row


def put(row, path, value):
    """Set or, with None, take away the value at a dotted path."""
    *above, last = path.split(".")
    for part in above:
        row = row.setdefault(part, {})
    if value is None:
        row.pop(last, None)
    else:
        row[last] = value


class Vms(Collection):
    type = "vm"
    paths = ("vms",)
    search = "vms"
    links = LINKS
    unechoed = ("optimize_cpu_settings",)

    # -- reading

    def render(self, ctx, row, parents=None):
        """As the base does it, by hand: lists of ten thousand machines are made of this."""
        writing = ctx.request is not None and ctx.request.method in ("POST", "PUT")
        if ctx.request is not None and ctx.flag("next_run") and (ctx.request.method == "GET" or power.running(row)):
            row = self.next_run(ctx, row)
        full = writing or ctx.all_content
        rep = {name: value for name, value in row.items() if name[0] != "_" and (full or name not in HIDDEN)}
        prefix = ctx.prefix
        href = rep["href"] = f"{prefix}/vms/{row['id']}"
        for name, segment in REFERENCES:
            reference = rep.get(name)
            if reference:
                rep[name] = {"id": reference["id"], "href": f"{prefix}/{segment}/{reference['id']}"}
        rep["link"] = [{"rel": rel, "href": f"{href}/{rel}"} for rel in LINKS]
        rep["actions"] = {"link": [{"rel": verb, "href": f"{href}/{verb}"} for verb in ACTIONS]}
        mode = numa.tune_mode(ctx.table("virtual_numa_node").by("vm.id", row["id"]))
        if mode is not None:
            rep["numa_tune_mode"] = mode
        self.runtime(ctx, row, rep)
        if rep["placement_policy"].get("hosts"):
            rep["placement_policy"] = {**rep["placement_policy"], "hosts": [{"id": host["id"], "href": f"{prefix}/hosts/{host['id']}"}
                                                                            for host in rep["placement_policy"]["hosts"]]}
        if "lease" in rep:
            domain = rep["lease"]["storage_domain"]["id"]
            rep["lease"] = {"storage_domain": {"id": domain, "href": f"{prefix}/storagedomains/{domain}"}}
        if not row.get("stateless"):
            rep.pop("use_latest_template_version", None)
        if full and row["status"] != "image_locked" and not row.get("_later"):
            rep["initialization"] = {**rep.get("initialization", {}), "configuration": {"type": "ovf", "data": machine.ovf(row)}}
        if ctx.filtered:
            rep.pop("host", None)
            rep.pop("placement_policy", None)
        return rep

    @staticmethod
    def runtime(ctx, row, rep):
        """Display and boot order as they are in the running machine, secrets as stars."""
        run = row.get("_running") if row["status"] not in power.NOT_RUNNING else None
        protocols = (run["graphics"] if run and "_console" in row else row["_graphics"])
        if not protocols:
            rep.pop("display", None)
        else:
            display = rep["display"] = {**row["display"], "type": "spice" if "spice" in protocols else protocols[0]}
            if run:
                host = ctx.row("host", (row.get("host") or {}).get("id"))
                display.update(row.get("_console", ()))
                display["certificate"] = {"content": authority(ctx), "organization": "oVirt", "subject": f"O=oVirt,CN={(host or {}).get('address', '')}"}
        if run and run["boot"]:
            rep["os"] = {**row["os"], "boot": {"devices": run["boot"]}}
        if "initialization" in rep:
            rep["initialization"] = machine.hidden_secrets(rep["initialization"])

    @staticmethod
    def next_run(ctx, row):
        """The machine as it will be after its next start."""
        waiting = ctx.row("next_run", row["id"])
        if waiting is None:
            return row
        merged = {name: value for name, value in row.items() if name not in waiting.get("_absent", ())}
        merged.update({name: value for name, value in waiting.items() if name not in ("id", "_absent")})
        if row.get("_running"):
            merged["_running"] = {**row["_running"], "boot": []}
        merged["_later"] = True
        return merged

    def unknown(self, ctx, verb, ident):
        if not UUID.fullmatch(ident):
            return errors.not_found()
        if verb in UNKNOWN:
            return errors.refused(400, f"Cannot {UNKNOWN[verb]}. VM is not found.")
        if verb == "screenshot":
            return errors.fault(400, "[Cannot screenshot VM. VM is not found.]")
        if verb == "ticket":
            return errors.entity_not_found("GetVmByVmId")
        if verb == "autopincpuandnumanodes":
            return errors.entity_not_found(f"VM: id={ident}")
        if verb == "start":
            return errors.failed(500, 'java.lang.NullPointerException: Cannot invoke "org.ovirt.engine.core.common.businessentities.VM.getStatus()" because '
                                      'the return value of "org.ovirt.engine.core.bll.RunVmCommand.getVm()" is null')
        return errors.not_found()

    # -- making

    def add(self, ctx, body, parents):
        cluster_reference = body.get("cluster") or {}
        if not cluster_reference.get("id") and not cluster_reference.get("name"):
            raise errors.incomplete("Vm", ["cluster.id|name"], "add")
        machine.check_compatibility(body)
        if not body.get("name"):
            raise errors.incomplete("Vm", ["name"], "add")
        snapshots = body.get("snapshots") or []
        template_reference = body.get("template") or {}
        if snapshots and not snapshots[0].get("id"):
            raise errors.incomplete("Snapshot", ["id"], "add")
        if not snapshots and not template_reference.get("id") and not template_reference.get("name"):
            raise errors.incomplete("Vm", ["template.id|name"], "add")
        cluster = self.resolve(ctx, cluster_reference, "cluster", "Cluster")
        if cluster is None:
            raise errors.entity_not_found("GetClusterById")
        if snapshots:
            return self._from_snapshot(ctx, body, cluster, snapshots[0]["id"])
        template = self._template(ctx, template_reference, cluster)
        kind = self._instance_type(ctx, body)
        return self.make(ctx, body, cluster, template, kind, clone=bool(ctx.flag("clone")))

    @staticmethod
    def _template(ctx, reference, cluster):
        if reference.get("id"):
            if not UUID.fullmatch(reference["id"]):
                raise errors.fault(400, f"Invalid UUID string: {reference['id']}", "Operation failed")
            template = ctx.row("template", reference["id"].lower())
        else:
            named = [one for one in ctx.table("template").by("name", reference["name"]) if one["name"] == reference["name"]]
            center = (cluster.get("data_center") or {}).get("id")
            template = max((one for one in named if one["id"] == BLANK or ((estate.cluster_of(ctx, one) or {}).get("data_center") or {}).get("id") == center),
                           key=lambda one: one["version"]["version_number"], default=None)
        if template is None:
            raise errors.entity_not_found("GetVmTemplate")
        return template

    @staticmethod
    def _instance_type(ctx, body):
        reference = body.get("instance_type") or {}
        if not reference:
            return None
        if not reference.get("id"):
            raise errors.html(500, "ERROR", "ERROR")
        kind = ctx.row("instance_type", reference["id"].lower())
        if kind is None:
            raise errors.entity_not_found("GetInstanceType")
        return kind

    def make(self, ctx, body, cluster, template, kind=None, *, clone=False, pool=None):
        """A machine from a template: independent disks when cloned, else disks on top of the template's."""
        row = {"id": (body.get("id") or ctx.new_id()).lower(), "name": body["name"], "status": "down", "next_run_configuration_exists": False,
               "creation_time": ctx.now, "stop_time": ctx.now, "time_zone": machine.blank()["time_zone"], **machine.inherit(template),
               "cluster": {"id": cluster["id"]}, "original_template": {"id": template["id"]}, "template": {"id": BLANK if clone else template["id"]}}
        row.update({"description": "", "comment": ""})
        row["cpu"]["architecture"] = (cluster.get("cpu") or {}).get("architecture", "undefined")
        row.setdefault("_graphics", ["vnc"])
        if (template.get("cluster") or {}).get("id") != cluster["id"]:
            row.pop("cpu_profile", None)
            row.pop("quota", None)
        if kind is not None:
            machine.begin_with_type(row, kind)
        estate.named_hosts(ctx, body)
        machine.configure(row, body)
        row["name"] = body["name"]
        if pool is None:
            machine.memory_defaults(row, body, cluster)
        if kind is not None:
            machine.take_type(row, kind)
        machine.set_usb(row, body, creating=True)
        row["bios"].setdefault("type", cluster.get("bios_type") if cluster.get("bios_type") not in (None, "cluster_default") else "q35_ovmf")
        machine.set_graphics(row, body, cluster)
        displays.suit_consoles(row, body, machine.level_of(row, cluster))
        if row.get("stateless") or "use_latest_template_version" in body or pool is not None:
            row["use_latest_template_version"] = bool(body.get("use_latest_template_version", False))
        if pool is not None:
            row["vm_pool"] = {"id": pool["id"]}
        attachments = [] if template["id"] == BLANK else ctx.table("disk_attachment").by("template.id", template["id"])
        self._check_new(ctx, row, body, cluster, template, attachments)
        estate.icons(ctx, row)
        self._icon(ctx, row, body)
        self.of(ctx).save(row)
        if pool is None and (ctx.filtered or not may(ctx.store, ctx.identity.user_id, number("manipulate_permissions"), "vm", row["id"])):
            own(ctx, "vm", row["id"])
        self._started(ctx, row, cluster, template, clone, bool(attachments))
        devices = (kind or template)["id"]
        networking.copy_nics(ctx, devices, row)
        self._first_snapshot(ctx, row)
        machine_watchdog(ctx, row, devices)
        if not attachments:
            ctx.event(34, "normal", f"VM {row['name']} was created by {ctx.identity.principal}.", **estate.about(ctx, row), **estate.master_of(ctx, cluster))
            ctx.later(SETTLED_SECONDS, "vm.settled", vm=row["id"], job=ctx.current_job.id if ctx.current_job is not None else None)
            ctx.current_job = None
            return Created(row)
        job = ctx.current_job
        ctx.event(37, "normal", f"VM {row['name']} creation was initiated by {ctx.identity.principal}.", **estate.about(ctx, row))
        row["status"] = "image_locked"
        self.of(ctx).save(row)
        storage.copy_disks(ctx, attachments, row, body, clone=clone)
        ctx.later(storage.COPY_SECONDS, "vm.created", vm=row["id"], job=job.id if job is not None else None)
        ctx.current_job = None
        return Created(row) if clone else self._pending(ctx, row)

    def _pending(self, ctx, row):
        """The answer while images of a new machine are still being made."""
        rep = self.render(ctx, row)
        rep["creation_status"] = "pending"
        rep["link"].append({"rel": "creation_status", "href": f"{rep['href']}/creation_status/{ctx.new_id()}"})
        return Created(row, 202, rep)

    def _check_new(self, ctx, row, body, cluster, template, attachments):
        center = estate.data_center_of(ctx, cluster)
        machine.violations(row, ADD, "vmStatic")
        if center is None:
            raise ADD.refuses(400, "The relevant Data Center doesn't exist.")
        if center.get("status") != "up":
            raise ADD.refuses(409, "Unknown Data Center status.")
        own = row.get("custom_compatibility_version")
        if own and center.get("version") and (own["major"], own["minor"]) < (4, 2):
            raise ADD.refuses(400, f"Custom Compatibility Version is not supported: {own['major']}.{own['minor']}.")
        if row["cpu"]["architecture"] == "undefined":
            raise ADD.refuses(400, "The cluster does not have a defined architecture.")
        if template["id"] != BLANK and template["cpu"].get("architecture") not in (None, row["cpu"]["architecture"]):
            raise errors.refused(400, "Can not add VM. The selected template is not compatible with Cluster architecture.")
        if template.get("status") == "locked":
            raise ADD.refuses(409, f"Template {template['name']} is being created.")
        machine.check_tpm(row, ADD, cluster)
        if "quota" in body:
            estate.check_quota(ctx, row, cluster, ADD)
        if self._name_taken(ctx, row, center):
            raise ADD.refuses(409, NAME_USED)
        estate.check_dedicated(ctx, row, ADD)
        check_monitors(row, ADD)
        machine.check_properties(row, ADD)
        machine.check_platform(ctx, row, ADD, cluster)
        machine.check_display(row, ADD, cluster)
        machine.check_pinning(row)
        machine.check_cpu(row, ADD)
        self._check_memory_first(row)
        estate.check_cpu_profile(ctx, row, cluster, ADD)
        if ctx.row("vm", row["id"]) is not None:
            raise ADD.refuses(409, "VM with the same identifier already exists.")
        machine.check_memory(row, ADD)
        self._check_lease(ctx, row, ADD)
        machine.check_initialization(row, ADD)
        self._check_disks(ctx, body, attachments)
        if "quota" not in row:
            quota = estate.default_quota(ctx, center)
            if quota:
                row["quota"] = quota

    @staticmethod
    def _check_memory_first(row):
        if row["memory_policy"]["guaranteed"] > row["memory"]:
            raise ADD.refuses(400, "Physical Memory Guaranteed cannot exceed Memory Size.")

    @staticmethod
    def _check_disks(ctx, body, attachments):
        known = {one["disk"]["id"] for one in attachments}
        for one in body.get("disk_attachments") or []:
            ident = ((one.get("disk") or {}).get("id") or "").lower()
            if ident and ident not in known and attachments:
                raise errors.not_found()
        locked = [disk["alias"] for disk in (ctx.row("disk", ident) for ident in known) if disk is not None and disk.get("status") == "locked"]
        if locked:
            raise ADD.refuses(409, f": The following disks are locked: {', '.join(locked)}. Please try again in a few minutes.")

    @staticmethod
    def _check_lease(ctx, row, command):
        domain = ((row.get("lease") or {}).get("storage_domain") or {}).get("id")
        if domain is None:
            return
        if not row["high_availability"]["enabled"]:
            raise command.refuses(409, "A VM lease was defined but high availability option is set to false.")
        found = ctx.row("storage_domain", domain)
        if found is None:
            raise command.refuses(400, "Storage Domain doesn't exist.")
        if found["_status"] != "active":
            raise command.refuses(409, f"The relevant Storage Domain's status is {power.shown(found['_status'])}.")

    def _name_taken(self, ctx, row, center):
        for other in self.of(ctx).by("name", row["name"]):
            if other["id"] != row["id"] and other["name"] == row["name"]:
                cluster = estate.cluster_of(ctx, other)
                if center is None or ((cluster or {}).get("data_center") or {}).get("id") == center["id"]:
                    return True
        return False

    def _started(self, ctx, row, cluster, template, clone, disks):
        source = f" from Template {template['name']}" if disks and not clone else ""
        ctx.current_job = Job.start(ctx, f"Creating VM {row['name']}{source} in Cluster {cluster['name']}")

    @staticmethod
    def _first_snapshot(ctx, row):
        ctx.table("snapshot").save({"id": ctx.new_id(), "vm": {"id": row["id"]}, "description": "Active VM", "date": ctx.now, "snapshot_type": "active",
                                    "snapshot_status": "ok", "persist_memorystate": False})

    def _from_snapshot(self, ctx, body, cluster, ident):
        if not UUID.fullmatch(ident):
            raise errors.fault(400, f"Invalid UUID string: {ident}", "Operation failed")
        snapshot = ctx.row("snapshot", ident.lower())
        if snapshot is None or "_vm" not in snapshot:
            raise errors.entity_not_found("GetSnapshotBySnapshotId: snapshot id=" + ident) if snapshot is None else ADD.refuses(
                400, "The snapshot has no configuration available. Please choose a snapshot with configuration available.")
        source = ctx.row("vm", snapshot["vm"]["id"])
        if snapshot["snapshot_status"] == "locked":
            raise ADD.refuses(409, f"Snapshot is currently being created for VM {source['name']}.")
        saved = snapshot["_vm"]
        row = {"id": ctx.new_id(), "status": "down", "next_run_configuration_exists": False, "creation_time": ctx.now, "stop_time": ctx.now,
               **machine.inherit(saved), "cluster": {"id": cluster["id"]}, "original_template": dict(saved["original_template"]), "template": {"id": BLANK}}
        row["delete_protected"] = False
        estate.named_hosts(ctx, body)
        machine.configure(row, body)
        machine.memory_defaults(row, body, cluster)
        machine.set_usb(row, body, creating=False)
        machine.set_graphics(row, body, cluster)
        displays.suit_consoles(row, body, machine.level_of(row, cluster))
        self._check_new(ctx, row, body, cluster, {"id": BLANK}, [])
        estate.icons(ctx, row)
        self.of(ctx).save(row)
        job = Job.start(ctx, f"Creating VM {row['name']} from Snapshot {snapshot['description']} in Cluster {cluster['name']}")
        networking.copy_saved(ctx, snapshot.get("_nics", ()), row)
        self._first_snapshot(ctx, row)
        if not snapshot.get("_disks"):
            ctx.event(34, "normal", f"VM {row['name']} was created by {ctx.identity.principal}.", **estate.about(ctx, row), **estate.master_of(ctx, cluster))
            ctx.later(SETTLED_SECONDS, "vm.settled", vm=row["id"], job=job.id)
            return Created(row)
        ctx.event(37, "normal", f"VM {row['name']} creation was initiated by {ctx.identity.principal}.", **estate.about(ctx, row))
        row["status"] = "image_locked"
        self.of(ctx).save(row)
        storage.clone_saved(ctx, snapshot, row, body)
        ctx.later(storage.COPY_SECONDS, "vm.created", vm=row["id"], job=job.id)
        return self._pending(ctx, row)

    # -- changing

    def update(self, ctx, row, body):
        machine.check_compatibility(body)
        self._change_cluster(ctx, row, body)
        estate.named_hosts(ctx, body)
        cluster = estate.cluster_of(ctx, row) or {}
        later = bool(ctx.flag("next_run")) and power.running(row)
        before = self.next_run(ctx, row) if later else row
        wanted = {**copy.deepcopy({name: before[name] for name in CONFIGURATION if name in before}), "id": row["id"], "status": row["status"],
                  "cluster": row["cluster"], "template": row["template"]}
        EDIT.free(ctx, f"vm:{row['id']}")
        self._change_type(ctx, wanted, body)
        machine.configure(wanted, body)
        kind = ctx.row("instance_type", (wanted.get("instance_type") or {}).get("id"))
        if kind is not None:
            machine.take_type(wanted, kind)
        machine.set_usb(wanted, body, creating=False)
        machine.set_graphics(wanted, body, cluster, sets_video=True)
        if not wanted.get("stateless"):
            wanted.pop("use_latest_template_version", None)
        elif "use_latest_template_version" in body or "use_latest_template_version" not in wanted:
            wanted["use_latest_template_version"] = bool(body.get("use_latest_template_version", False))
        self._check_changes(ctx, row, wanted, body, cluster)
        if wanted["os"]["type"] != row["os"]["type"]:
            estate.icons(ctx, wanted)
        self._icon(ctx, wanted, body)
        job = Job.start(ctx, f"Editing VM {row['name']} properties")
        if power.running(row) or row["status"] == "suspended":
            self._apply_running(ctx, row, wanted, later)
        else:
            if wanted["placement_policy"].get("hosts") != row["placement_policy"].get("hosts"):
                for device in ctx.table("vm_host_device").by("vm.id", row["id"]):
                    ctx.table("vm_host_device").remove(device["id"])
            self._apply(row, wanted)
        self.of(ctx).save(row)
        job.finish(finalizing=False)
        ctx.event(35, "normal", f"VM {row['name']} configuration was updated by {ctx.identity.principal}.", **estate.about(ctx, row))
        return row

    def _change_type(self, ctx, wanted, body):
        reference = body.get("instance_type") or {}
        if reference.get("id") == BLANK:
            wanted["instance_type"] = {"id": BLANK}
            return
        if not reference.get("id") and not reference.get("name"):
            if "instance_type" in body:
                wanted.pop("instance_type", None)
            return
        kind = ctx.row("instance_type", reference["id"].lower()) if reference.get("id") else ctx.table("instance_type").named(reference.get("name") or "")
        if kind is None:
            raise errors.entity_not_found("GetInstanceType")
        wanted["instance_type"] = {"id": kind["id"]}

    def follow_type(self, ctx, row, kind):
        """A changed instance type changes its machines, but for those whose memory may not grow so far."""
        if kind["memory"] <= row["memory_policy"]["max"]:
            machine.take_type(row, kind)
            self.of(ctx).save(row)

    def _change_cluster(self, ctx, row, body):
        reference = body.get("cluster") or {}
        if not reference.get("id") and not reference.get("name"):
            return
        target = self.resolve(ctx, reference, "cluster", "Cluster")
        if target is not None and target["id"] == row["cluster"]["id"]:
            return
        if row["status"] != "down":
            raise errors.refused(409, "Cannot update a VM in this status. Try stopping the VM first.")
        if target is None:
            raise errors.refused(500, "General command validation failure.")
        old = estate.cluster_of(ctx, row) or {}
        if (target.get("data_center") or {}).get("id") != (old.get("data_center") or {}).get("id"):
            raise errors.refused(409, "VM can be moved only to a Cluster in the same Data Center.")
        if (target.get("cpu") or {}).get("architecture") not in (None, row["cpu"]["architecture"]):
            raise Command("update", "VM Cluster").refuses(400, "The VM and the destination cluster architectures do not match.")
        networking.check_move(ctx, [row], (old.get("mac_pool") or {}).get("id"), (target.get("mac_pool") or {}).get("id"))
        row["cluster"] = {"id": target["id"]}
        row.pop("cpu_profile", None)
        profile = estate.cpu_profile(ctx, target)
        if profile:
            row["cpu_profile"] = profile
        self.of(ctx).save(row)

    def _check_changes(self, ctx, row, wanted, body, cluster):
        machine.violations(wanted, EDIT, "vmStatic")
        reference = body.get("template") or {}
        if reference.get("id") and reference["id"].lower() != row["template"]["id"]:
            self._check_template(ctx, row, reference["id"].lower())
        if wanted["name"] != row["name"] and self._name_taken(ctx, wanted, estate.data_center_of(ctx, cluster)):
            raise EDIT.refuses(409, NAME_USED)
        if row["status"] == "image_locked":
            raise EDIT.refuses(409, LOCKED)
        machine.check_properties(wanted, EDIT)
        machine.check_platform(ctx, wanted, EDIT, cluster)
        estate.check_dedicated(ctx, wanted, EDIT)
        check_monitors(wanted, EDIT)
        if power.running(row):
            self._check_host_cpus(ctx, row, wanted)
        machine.check_cpu(wanted, EDIT)
        machine.check_display(wanted, EDIT, cluster)
        machine.check_pinning(wanted)
        if power.running(row):
            self._check_hot(ctx, row, wanted)
        if wanted["memory_policy"]["guaranteed"] > wanted["memory"]:
            raise EDIT.refuses(400, "Physical Memory Guaranteed cannot exceed Memory Size.")
        if wanted.get("cpu_profile") != row.get("cpu_profile"):
            estate.check_cpu_profile(ctx, wanted, cluster, EDIT)
        machine.check_tpm(wanted, EDIT, cluster)
        numa.check(ctx, wanted, numa.nodes_of(ctx, row), "Cannot edit VM")
        if "quota" in body:
            estate.check_quota(ctx, wanted, cluster, EDIT)
            if quotas.counts(row) and wanted.get("quota") != row.get("quota"):
                quotas.run_vm(ctx, wanted, "Cannot edit VM")
        if power.running(row) and wanted["memory"] > row["memory_policy"]["max"]:
            raise EDIT.refuses(409, f"Memory size ({wanted['memory'] // MIB}MB) cannot exceed maximum memory size ({row['memory_policy']['max'] // MIB}MB).")
        machine.check_memory(wanted, EDIT)
        if wanted.get("lease") != row.get("lease"):
            self._check_lease(ctx, wanted, EDIT)
            if row.get("lease") and wanted.get("lease") and row["status"] != "down":
                raise EDIT.refuses(409, "Hot swapping of VM leases is not supported, please remove the current lease and then set a new one.")
        machine.check_initialization(wanted, EDIT)
        if row.get("vm_pool") and wanted.get("initialization") != row.get("initialization"):
            pool = ctx.row("vm_pool", row["vm_pool"]["id"])
            if pool is not None and not pool.get("stateful"):
                raise EDIT.refuses(409, "The Initial Run Data cannot be modified for Stateless Pool Virtual Machines.")
        if (wanted["display"].get("disconnect_action_delay") or 0) < 0:
            raise EDIT.refuses(400, "Illegal disconnection action delay is provided.")

    def _check_template(self, ctx, row, ident):
        template, old = ctx.row("template", ident), ctx.row("template", row["template"]["id"])
        if template is None:
            raise EDIT.refuses(400, "The relevant Template doesn't exist.")
        if old is not None and old["version"]["base_template"]["id"] != template["version"]["base_template"]["id"]:
            raise EDIT.refuses(400, "The requested template doesn't belong to the same base template as the original template.")
        if not row.get("vm_pool"):
            raise EDIT.refuses(400, "The Template can be changed for pool VMs only.")

    @staticmethod
    def _check_host_cpus(ctx, row, wanted):
        """CPUs are plugged in at once, so the host must have them; its threads count where the cluster says so."""
        host, cluster = ctx.row("host", (row.get("host") or {}).get("id")), estate.cluster_of(ctx, row) or {}
        if host is None or ctx.flag("next_run"):
            return
        topology = wanted["cpu"]["topology"]
        if topology["sockets"] * topology["cores"] * topology["threads"] > scheduling.cpus(host, threads=bool(cluster.get("threads_as_cores"))):
            raise errors.refused(400, "The requested number of vCPUs is not available on the host the VM is running on")

    @staticmethod
    def _check_hot(ctx, row, wanted):
        waiting = ctx.row("next_run", row["id"])
        if waiting is not None and wanted["memory"] != waiting["memory"] and waiting["memory"] != row["memory"]:
            if not ctx.flag("next_run"):
                raise errors.refused(400, "Cannot hot change memory because memory next run configuration already exists.")
        added = (wanted["memory"] - row["memory"]) // MIB
        if added > 0 and added % HOTPLUG_MEMORY_MIB and not ctx.flag("next_run"):
            raise EDIT.refuses(400, f"Amount of added memory ({added}MiB) is not dividable by {HOTPLUG_MEMORY_MIB}MiB.")

    @staticmethod
    def _apply(row, wanted):
        for name in CONFIGURATION:
            if name in wanted:
                row[name] = wanted[name]
            else:
                row.pop(name, None)

    def _apply_running(self, ctx, row, wanted, later):
        """Take at once what a running machine can take; keep everything for its next run when something else differs."""
        before = {name: copy.deepcopy(row[name]) for name in CONFIGURATION if name in row}
        if not later and row["status"] != "suspended":
            lease = row.get("lease") != wanted.get("lease")
            for path in LIVE:
                put(row, path, copy.deepcopy(at(wanted, path)))
            for path in HOT_PLUGGED:
                if at(wanted, path) > at(row, path):
                    self._hot_plug(ctx, row, path, at(row, path), at(wanted, path))
            if lease:
                ctx.lock(f"vm:{row['id']}", power.BEING_UPDATED)
                ctx.later(LEASE_SECONDS, "vm.unlock", vm=row["id"])
        elif not later:
            self._take_suspended(row, wanted)
        pending = any(self._differs(row, wanted, name, later) for name in CONFIGURATION)
        if pending or ctx.row("next_run", row["id"]) is not None:
            absent = [name for name in CONFIGURATION if name in before and name not in wanted]
            waiting = {name: wanted[name] for name in CONFIGURATION if name in wanted}
            ctx.table("next_run").save({"id": row["id"], **copy.deepcopy(waiting), "_absent": absent})
            row["next_run_configuration_exists"] = True

    @staticmethod
    def cluster_level_changed(ctx, row):
        """Its cluster was raised while it ran: it keeps the old level as its own, and its next run has none."""
        waiting = ctx.row("next_run", row["id"]) or {"id": row["id"], **copy.deepcopy({name: row[name] for name in CONFIGURATION if name in row})}
        waiting.pop("custom_compatibility_version", None)
        absent = [*waiting.get("_absent", ()), "custom_compatibility_version"]
        ctx.table("next_run").save({**waiting, "_absent": absent})
        row["next_run_configuration_exists"] = True
        ctx.table("vm").save(row)

    @staticmethod
    def _take_suspended(row, wanted):
        """Observed on a suspended machine: more memory shows at once and in the next run as well."""
        for path in (*LIVE, *HOT_PLUGGED):
            put(row, path, copy.deepcopy(at(wanted, path)))
        row["next_run_configuration_exists"] = True

    @staticmethod
    def _differs(row, wanted, name, later):
        """Whether something has to wait; less memory and fewer sockets, of which hot plugging gives nothing back, only when everything waits."""
        if name == "memory" and not later:
            return False
        if name == "cpu" and not later:
            one, other = copy.deepcopy(row["cpu"]), copy.deepcopy(wanted["cpu"])
            one["topology"].pop("sockets", None)
            other["topology"].pop("sockets", None)
            return one != other
        return row.get(name) != wanted.get(name)

    @staticmethod
    def _hot_plug(ctx, row, path, old, new):
        put(row, path, new)
        if path == "memory":
            ctx.event(2039, "normal", f"Hotset memory: changed the amount of memory on VM {row['name']} from {old // MIB} to {new // MIB}",
                      **estate.about(ctx, row))
        else:
            rest = row["cpu"]["topology"]["cores"] * row["cpu"]["topology"]["threads"]
            ctx.event(2033, "normal", f"Hotplug CPU: changed the number of CPUs on VM {row['name']} from {old * rest} to {new * rest}",
                      **estate.about(ctx, row))

    @staticmethod
    def _icon(ctx, row, body):
        icon = body.get("large_icon") or {}
        if not icon.get("data"):
            return
        try:
            data = base64.b64decode(icon["data"], validate=True)
        except (binascii.Error, ValueError):
            data = b""
        if not data.startswith((b"\x89PNG", b"\xff\xd8", b"GIF8")):
            raise errors.refused(400, "Provided VM icon is of unknown type.")
        made = ctx.table("icon").save({"id": ctx.new_id(), "media_type": icon.get("media_type", "image/png"), "data": icon["data"]})
        row["large_icon"] = row["small_icon"] = {"id": made["id"]}
        row.pop("_icons_of", None)

    # -- removing

    def remove(self, ctx, row):
        self.check_removal(ctx, row)
        job = ctx.job(f"Removing VM {row['name']} from system")
        self.erase(ctx, row, job, keep_disks=bool(ctx.flag("detach_only")))

    @staticmethod
    def check_removal(ctx, row, *, from_pool=False):
        REMOVE.free(ctx, f"vm:{row['id']}")
        if row.get("delete_protected"):
            raise REMOVE.refuses(409, "Delete protection is enabled. In order to delete, disable Delete protection first.")
        if row["status"] == "suspended":
            raise errors.refused(409, "Cannot remove VM that its state is not down.\n-Please stop the VM first.")
        if power.running(row):
            raise REMOVE.refuses(409, "VM is running.")
        if row.get("vm_pool") and not from_pool:
            raise REMOVE.refuses(409, "VM is attached to a VM Pool.")
        REMOVE.free(ctx, f"snapshots:{row['id']}")
        detach_only = bool(ctx.flag("detach_only"))
        disks = storage.disks_of(ctx, row)
        locked = [disk["alias"] for disk in disks if disk.get("status") == "locked"]
        if locked and not detach_only:
            raise REMOVE.refuses(409, f": The following disks are locked: {', '.join(locked)}. Please try again in a few minutes.")
        if row["status"] == "image_locked" and not ctx.flag("force"):
            raise REMOVE.refuses(409, LOCKED)
        if detach_only and row["template"]["id"] != BLANK:
            raise errors.refused(409, "Cannot remove VM with detaching disks, VM is based from template.")
        if detach_only and any(one["snapshot_type"] == "regular" for one in ctx.table("snapshot").by("vm.id", row["id"])):
            raise errors.refused(409, "Cannot remove VM with detaching disks, snapshots exist.")

    @staticmethod
    def erase(ctx, row, job, *, keep_disks=False):
        """Take a machine out of the estate; its images go a little later."""
        references = {**estate.about(ctx, row), "vm": None}
        for snapshot in ctx.table("snapshot").by("vm.id", row["id"]):
            previews.forget(ctx, snapshot)
        doomed = []
        for attachment in ctx.table("disk_attachment").by("vm.id", row["id"]):
            ctx.table("disk_attachment").remove(attachment["id"])
            disk = ctx.row("disk", attachment["disk"]["id"])
            if disk is not None and disk["storage_type"] == "image" and not disk.get("shareable") and not keep_disks:
                doomed.append(disk)
        for table in ("nic", "watchdog", "cdrom", "backup", "checkpoint", "permission", "virtual_numa_node", "vm_host_device",
                      "vm_mediated_device"):
            for other in ctx.table(table).by("vm.id", row["id"]):
                ctx.table(table).remove(other["id"])
        for table in ("next_run", "vm"):
            ctx.table(table).remove(row["id"])
        for key in power.keys(row):
            ctx.unlock(key)
        ctx.event(113, "normal", f"VM {row['name']} was successfully removed by {ctx.identity.principal}.", **{**references, "vm": row})
        if doomed or job is None:
            storage.erase_disks(ctx, doomed, job)
        else:
            ctx.later(SETTLED_SECONDS, "vm.settled", vm=row["id"], job=job.id)

    # -- actions

    @action("start")
    def start(self, ctx, row, body):
        chosen = [name for name in ("use_cloud_init", "use_sysprep", "use_ignition") if body.get(name)]
        if len(chosen) > 1:
            raise errors.fault(409, None, "Cannot use multiple initialization tags simultaneously when running VM.")
        once = body.get("vm")
        if once is not None:
            if any(host.get("id") and not UUID.fullmatch(host["id"]) for host in (once.get("placement_policy") or {}).get("hosts") or []):
                raise errors.html(500, "Error", "Internal Server Error")
            estate.named_hosts(ctx, once)
            if not once:
                once = None
        power.start(ctx, row, once=once, pause=bool(body.get("pause")), stateless=bool((once or {}).get("stateless")))

    @action("stop")
    def stop(self, ctx, row, body):
        power.stop(ctx, row, body.get("reason"))

    @action("shutdown")
    def shutdown(self, ctx, row, body):
        power.shutdown(ctx, row, body.get("reason"))

    @action("reboot")
    def reboot(self, ctx, row, body):
        power.reboot(ctx, row, "restart")

    @action("reset")
    def reset(self, ctx, row, body):
        power.reboot(ctx, row, "reset")

    @action("suspend")
    def suspend(self, ctx, row, body):
        power.suspend(ctx, row)
        return {"status": "pending", "id": f"{ctx.new_id()}%2C{ctx.new_id()}"}

    @action("migrate")
    def migrate(self, ctx, row, body):
        target = None
        if "host" in body:
            target = estate.host_id(ctx, body["host"] or {})
            if target is None:
                raise errors.entity_not_found("null")
        reference = body.get("cluster") or {}
        if reference.get("id"):
            cluster = self.resolve(ctx, reference, "cluster", "Cluster")
            if cluster is None:
                raise errors.refused(500, "General command validation failure.")
        else:
            cluster = ctx.table("cluster").named(reference.get("name") or "")   # a name that leads nowhere is not looked at
        if cluster is not None and (cluster.get("data_center") or {}) != (estate.cluster_of(ctx, row) or {}).get("data_center"):
            raise errors.refused(409, "VM can be moved only to a Cluster in the same Data Center.")
        power.migrate(ctx, row, target=target, force=bool(body.get("force")), reason=body.get("reason"))

    @action("cancelmigration")
    def cancel_migration(self, ctx, row, body):
        power.cancel_migration(ctx, row)

    @action("clone")
    def clone(self, ctx, row, body):
        wanted = body["vm"]
        if not wanted.get("name"):
            raise errors.incomplete("Action", ["vm.name"], "clone")
        ADD.free(ctx, *power.keys(row))
        previews.check_creation(ctx, row, None, ADD)
        clone = {**row, "id": ctx.new_id(), "name": wanted["name"]}
        if machine.name_violations(clone, "clone", "vmStatic"):
            raise errors.refused(400, *machine.name_violations(clone, "clone", "vmStatic"))
        if self._name_taken(ctx, clone, estate.data_center_of(ctx, estate.cluster_of(ctx, row))):
            raise ADD.refuses(409, NAME_USED)
        if body.get("storage_domain") and self.resolve(ctx, body["storage_domain"], "storage_domain", "StorageDomain") is None:
            raise errors.refused(500, "General command validation failure.")
        job = ctx.job(f"Creating VM {wanted['name']} as a clone of VM {row['name']}")
        ctx.lock(f"vm:{row['id']}", BEING_CLONED)
        ctx.later(CLONE_SECONDS, "vm.cloned", vm=row["id"], clone=clone["id"], called=wanted["name"], job=job.id)

    @action("detach")
    def detach(self, ctx, row, body):
        if not row.get("vm_pool"):
            raise errors.refused(403, "User is not authorized to perform this action.")
        if row["status"] != "down":
            raise Command("detach", "VM from VM-Pool").refuses(409, "VM is running.")
        pool = ctx.row("vm_pool", row["vm_pool"]["id"])
        row.pop("vm_pool")
        self.of(ctx).save(row)
        if pool is not None:
            ctx.event(308, "normal", f"VM {row['name']} was removed from VM Pool {pool['name']} by {ctx.identity.principal}.", **estate.about(ctx, row))
            if not ctx.table("vm").by("vm_pool.id", pool["id"]):
                ctx.table("vm_pool").remove(pool["id"])

    @action("export", entity=True)
    def export(self, ctx, row, body):
        EXPORT.free(ctx, *power.keys(row))
        if body.get("storage_domain"):
            domain = self.resolve(ctx, body["storage_domain"], "storage_domain", "Storage")
            if domain is None:
                raise EXPORT.refuses(400, "Storage Domain doesn't exist.")
            if domain["type"] != "export":
                raise EXPORT.refuses(400, f"The specified domain '{domain['name']}' is not an export domain.")
            where = f"Exporting VM {row['name']} To Export Domain {domain['name']}"
        else:
            host = estate.export_host(ctx, row, body["host"], EXPORT)
            where = f"Exporting VM {row['name']} as an OVA to {body['directory']}/{body.get('filename') or row['name'] + '.ova'} on Host {host['name']}"
        if power.running(row) and body.get("storage_domain"):
            raise EXPORT.refuses(409, f" because the VM is in {power.shown(row['status'])} status.")
        job = ctx.job(where)
        ctx.lock(f"vm:{row['id']}", f"VM {row['name']} is being exported.")
        ctx.later(EXPORT_SECONDS, "vm.exported", vm=row["id"], job=job.id)

    @action("logon")
    def logon(self, ctx, row, body):
        raise errors.refused(400, *(("General Exception",) if power.running(row) else ()))

    @action("freezefilesystems")
    def freeze(self, ctx, row, body):
        self._file_systems(ctx, row, "freeze", "Freezing")

    @action("thawfilesystems")
    def thaw(self, ctx, row, body):
        self._file_systems(ctx, row, "thaw", "Thawing")

    @staticmethod
    def _file_systems(ctx, row, verb, doing):
        if row["status"] not in ("up", "powering_up"):
            raise Command(verb, "VM").refuses(409, f" because the VM is in {power.shown(row['status'])} status.")
        ctx.job(f"{doing} VM {row['name']}").finish(finalizing=False)

    @action("ticket", entity=False)
    def ticket(self, ctx, row, body):
        if not power.running(row):
            raise errors.fault(409, f"[Cannot set Virtual Machine Ticket because the VM is in {power.shown(row['status'])} status.]")
        raise errors.fault(400, "[Internal Engine Error]")

    @action("screenshot", entity=False)
    def screenshot(self, ctx, row, body):
        if not power.running(row):
            raise errors.fault(409, f"[Cannot screenshot VM because the VM is in {power.shown(row['status'])} status.]")
        raise errors.empty(200)

    @action("maintenance", entity=False)
    def maintenance(self, ctx, row, body):
        raise errors.text(400, "Moving to maintenance mode is currently only available for the VM containing the hosted engine.", "application/json")

    @action("reordermacaddresses")
    def reorder_mac_addresses(self, ctx, row, body):
        networking.reorder(ctx, row)

    @action("autopincpuandnumanodes", entity=False)
    def auto_pin(self, ctx, row, body):
        EDIT.free(ctx, f"vm:{row['id']}")
        job = ctx.job(f"Editing VM {row['name']} properties")
        machine.set_pinning(row, "resize_and_pin_numa")
        self.of(ctx).save(row)
        job.finish(finalizing=False)

    @action("previewsnapshot", entity=False)
    def preview_snapshot(self, ctx, row, body):
        snapshot = ctx.row("snapshot", body["snapshot"]["id"].lower())
        if snapshot is None or snapshot["vm"]["id"] != row["id"]:
            raise errors.failed(500, "java.lang.NullPointerException")
        chosen = [one["id"].lower() for one in body.get("disks") or [] if one.get("id")] if "disks" in body else None
        for ident in chosen or ():
            if ctx.row("disk", ident) is None:
                raise errors.entity_not_found(f"GetDiskImageByDiskAndImageIds: disk id={ident}, image_id={BLANK}")
        job = previews.preview(ctx, row, snapshot, memory=bool(body.get("restore_memory")), disks=chosen)
        return self._going_on(ctx, row, job.row["status"] == "started")

    @action("commitsnapshot", entity=False)
    def commit_snapshot(self, ctx, row, body):
        return self._going_on(ctx, row, previews.commit(ctx, row))

    @action("undosnapshot", entity=False)
    def undo_snapshot(self, ctx, row, body):
        return self._going_on(ctx, row, previews.undo(ctx, row))

    def _going_on(self, ctx, row, going):
        """The answer to an action that images are needed for: pending, or the machine when it has none."""
        return {"status": "pending", "id": ctx.new_id()} if going else {"vm": self.stub(ctx, row)}


def check_monitors(row, command):
    """Several monitors need SPICE alone."""
    if "vnc" in row["_graphics"] and row["display"].get("monitors", 1) > 1:
        raise command.refuses(400, "Illegal number of monitors is provided, max allowed number of monitors is 1 for VNC and the max number in the "
                                   "ValidNumOfMonitors configuration variable for SPICE.")


def machine_watchdog(ctx, row, source, owner="vm"):
    """The watchdog of what a machine, or a template, is made of."""
    for watchdog in ctx.table("watchdog").by("_owner", source):
        kept = {"id": ctx.new_id(), "model": watchdog["model"], "action": watchdog["action"]}
        ctx.table("watchdog").save({**kept, owner: {"id": row["id"]}, "_owner": row["id"]})


def authority(ctx):
    """The certificate clients verify consoles with."""
    pki = next((row for row in ctx.table("_pki") if row.get("ca_certificate")), None)
    return pki["ca_certificate"] if pki else "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"


@timed("vm.settled")
def settled(ctx, vm, job):
    """What the engine notices when it next looks at its commands: a machine is made, or is gone."""
    row, running = ctx.row("vm", vm), Job.find(ctx, job)
    if row is not None:
        ctx.event(53, "normal", f"VM {row['name']} creation has been completed.", **estate.about(ctx, row),
                  **estate.master_of(ctx, ctx.row("cluster", row["cluster"]["id"])))
    if running is not None:
        running.finish()


@timed("vm.created")
def created(ctx, vm, job):
    row, running = ctx.row("vm", vm), Job.find(ctx, job)
    if row is None:
        return
    storage.settle(ctx, row)
    row["status"] = "down"
    ctx.table("vm").save(row)
    ctx.event(53, "normal", f"VM {row['name']} creation has been completed.", **estate.about(ctx, row))
    if running is not None:
        running.finish()


@timed("vm.cloned")
def cloned(ctx, vm, clone, called, job):
    row, running = ctx.row("vm", vm), Job.find(ctx, job)
    if row is None:
        return
    made = {member: copy.deepcopy(value) for member, value in row.items() if member not in (*power.RUNTIME, "vm_pool", "status_detail", "stop_reason")}
    made.update({"id": clone, "name": called, "status": "down", "creation_time": ctx.now, "stop_time": ctx.now, "next_run_configuration_exists": False,
                 "template": {"id": BLANK}, "delete_protected": False})
    ctx.table("vm").save(made)
    networking.copy_nics(ctx, row["id"], made)
    Vms._first_snapshot(ctx, made)
    # The clone is made of a snapshot, so that its source may go on; the merge of that snapshot comes last.
    attachments = ctx.table("disk_attachment").by("vm.id", vm)
    if attachments:
        ctx.unlock(f"vm:{vm}")
        ctx.lock(f"snapshots:{vm}", previews.BUSY)
    for ident in storage.copy_disks(ctx, attachments, made, {}, clone=True):
        disk = ctx.row("disk", ident)
        disk["alias"] = disk["name"] = f"{disk['alias']}_{called}"
        storage.disks.hold(ctx, disk)
    ctx.later(storage.COPY_SECONDS if attachments else 0.0, "vm.clone_copied", vm=vm, clone=clone, job=job)


@timed("vm.clone_copied")
def clone_copied(ctx, vm, clone, job):
    made, running = ctx.row("vm", clone), Job.find(ctx, job)
    if made is not None:
        storage.settle(ctx, made)
        ctx.event(53, "normal", f"VM {made['name']} creation has been completed.", **estate.about(ctx, made))
    if running is not None:
        running.finish()
    row = ctx.row("vm", vm)
    held = [disk for disk in storage.disks_of(ctx, row) if disk["storage_type"] == "image" and disk["status"] == "ok"] if row is not None else []
    for disk in held:
        storage.disks.hold(ctx, disk)
    ctx.later(CLONE_LOCK_SECONDS, "vm.clone_merged", vm=vm, disks=[disk["id"] for disk in held])


@timed("vm.clone_merged")
def clone_merged(ctx, vm, disks):
    ctx.unlock(f"snapshots:{vm}")
    if ctx.locked(f"vm:{vm}") == BEING_CLONED:
        ctx.unlock(f"vm:{vm}")
    for ident in disks:
        disk = ctx.row("disk", ident)
        if disk is not None:
            storage.disks.release(ctx, disk)


@timed("vm.exported")
def exported(ctx, vm, job):
    ctx.unlock(f"vm:{vm}")
    running = Job.find(ctx, job)
    if running is not None:
        running.finish()
