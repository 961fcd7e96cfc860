"""/templates: machines to make others of, in versions."""

from __future__ import annotations

import copy

from .. import errors
from ..clock import timed
from ..commands import Job
from ..rules import displays, estate, machine, storage
from ..rules.machine import BLANK
from ..rules.refusals import Command
from . import disks, permissions
from .base import UUID, Collection, action
from .vms import HIDDEN, check_monitors, machine_watchdog

ADD = Command("add", "Template")
EDIT = Command("edit", "Template")
REMOVE = Command("remove", "Template")
EXPORT = Command("export", "Template")
REFERENCES = (("cluster", "clusters"), ("cpu_profile", "cpuprofiles"), ("small_icon", "icons"), ("large_icon", "icons"))
EMPTY_SECONDS = 1.0
FROM_VM = "Template is being created from this VM."
NAME_USED = "The Template name is already in use, please choose a unique name and try again."


class Templates(Collection):
    type = "template"
    paths = ("templates",)
    search = "templates"
    links = ("permissions", "tags", "watchdogs", "graphicsconsoles", "nics", "mediateddevices", "cdroms", "diskattachments")
    seed_rank = 60

    def seed(self, ctx):
        row = {"id": BLANK, "name": "Blank", "status": "ok", "creation_time": 1206997200000, **machine.blank(), "description": "Blank template",
               "version": {"version_name": "", "version_number": 0, "base_template": {"id": BLANK}}}
        # Observed: the default time zone is put into it with its first update.
        del row["time_zone"]
        estate.icons(ctx, row)
        self.of(ctx).save(row)

    # -- reading

    def render(self, ctx, row, parents=None):
        if row["id"] == BLANK and "large_icon" not in row:
            estate.icons(ctx, row)
        full = ctx.all_content or (ctx.request is not None and ctx.request.method in ("POST", "PUT"))
        rep = {name: value for name, value in row.items() if name[0] != "_" and (full or name not in HIDDEN)}
        href = rep["href"] = f"{ctx.prefix}{self.path_of(row)}"
        for name, segment in REFERENCES:
            if rep.get(name):
                rep[name] = {"id": rep[name]["id"], "href": f"{ctx.prefix}/{segment}/{rep[name]['id']}"}
        base = (row.get("version") or {}).get("base_template")
        if base:
            rep["version"] = {**row["version"], "base_template": {"id": base["id"], "href": f"{ctx.prefix}/templates/{base['id']}"}}
        rep["link"] = [{"rel": rel, "href": f"{href}/{rel}"} for rel in self.links]
        if self.actions:
            rep["actions"] = {"link": [{"rel": verb, "href": f"{href}/{verb}"} for verb in self.actions]}
        if row["placement_policy"].get("hosts"):
            rep["placement_policy"] = {**row["placement_policy"], "hosts": [{"id": host["id"], "href": f"{ctx.prefix}/hosts/{host['id']}"}
                                                                            for host in row["placement_policy"]["hosts"]]}
        if row["_graphics"]:
            rep["display"] = {**row["display"], "type": "spice" if "spice" in row["_graphics"] else row["_graphics"][0]}
        else:
            rep.pop("display", None)
        if "initialization" in rep:
            rep["initialization"] = machine.hidden_secrets(rep["initialization"])
        return rep

    # -- making

    def add(self, ctx, body, parents):
        if not body.get("name"):
            raise errors.incomplete("Template", ["name"], "add")
        reference = body.get("vm") or {}
        if not reference.get("id") and not reference.get("name"):
            raise errors.incomplete("Template", ["vm.id|name"], "add")
        vm = self._source(ctx, reference)
        snapshot = next((ctx.row("snapshot", one.get("id")) for one in reference.get("snapshots") or []), None)
        cluster = estate.cluster_of(ctx, vm)
        if body.get("cluster"):
            cluster = self.resolve(ctx, body["cluster"], "cluster", "Cluster")
            if cluster is None:
                raise errors.entity_not_found("GetClusterById")
        machine.check_compatibility(body)
        if ctx.locked(f"vm:{vm['id']}") != FROM_VM:
            # Templates share their machine; what keeps others off is its status.
            ADD.free(ctx, f"vm:{vm['id']}")
        row = {"id": ctx.new_id(), "name": body["name"], "status": "locked", "creation_time": ctx.now,
               **machine.inherit(snapshot["_vm"] if snapshot is not None and "_vm" in snapshot else vm), "cluster": {"id": cluster["id"]}}
        row["description"] = ""
        # The firmware is that of the machine, whatever the body says.
        machine.configure(row, {name: value for name, value in body.items() if name not in ("vm", "bios")})
        if (body.get("bios") or {}).get("boot_menu"):
            machine.configure(row, {"bios": {"boot_menu": body["bios"]["boot_menu"]}})
        machine.set_graphics(row, body, cluster)
        displays.suit_consoles(row, body, machine.level_of(row, cluster))
        base = self._version(ctx, row, body)
        wrong = machine.name_violations(row, "add", "", "Template")
        if wrong:
            words = {"size must be between 1 and 255": "VM Template name must not exceed 255 characters"} if len(row["name"]) > 255 else {}
            raise errors.refused(400, *["Attribute: name" if one.startswith("Attribute: ") else words.get(one, one) for one in wrong])
        center = estate.data_center_of(ctx, cluster)
        if vm["status"] not in ("down",) and snapshot is None:
            raise ADD.refuses(409, "VM is locked or still running, try again once VM is in the Down state.")
        if base is None and self._name_taken(ctx, row, center):
            raise ADD.refuses(409, NAME_USED)
        machine.check_properties(row, ADD)
        if ctx.flag("seal") and row["os"]["type"].startswith("windows"):
            raise ADD.refuses(400, "Sealing of Windows systems is currently not supported.")
        machine.check_display(row, ADD, cluster)
        estate.check_quota(ctx, row, cluster, ADD)
        estate.check_cpu_profile(ctx, row, cluster, ADD)
        machine.check_memory(row, ADD)
        attachments = ctx.table("disk_attachment").by("vm.id", vm["id"])
        locked = [disk["alias"] for disk in storage.disks_of(ctx, vm) if disk.get("status") == "locked"]
        if locked:
            raise ADD.refuses(409, storage.locked_words(ctx, locked))
        estate.icons(ctx, row)
        self.of(ctx).save(row)
        permissions.own(ctx, "template", row["id"])
        job = Job.start(ctx, f"Creating VM Template {row['name']} in Data Center {(center or {}).get('name', '')}")
        ctx.event(48, "normal", f"Creation of Template {row['name']} from VM {vm['name']} was initiated by {ctx.identity.principal}.",
                  template=row, **{name: value for name, value in estate.about(ctx, vm).items() if name != "template"})
        for nic in ctx.table("nic").by("vm.id", vm["id"]):
            made = {name: nic[name] for name in ("name", "interface", "linked", "plugged", "vnic_profile") if name in nic}
            ctx.table("nic").save({"id": ctx.new_id(), **made, "synced": True, "template": {"id": row["id"]}})
        machine_watchdog(ctx, row, vm["id"], "template")
        if ctx.flag("clone_permissions"):
            for one in ctx.table("permission").by("_object", vm["id"]):
                permissions.grant(ctx, one["role"]["id"], "template", row["id"], *((one.get(who) or {}).get("id") for who in ("user", "group")))
        copied = self._copy_disks(ctx, attachments, row, body)
        ctx.lock(f"vm:{vm['id']}", FROM_VM)
        if copied and vm["status"] == "down":
            vm["status"] = "image_locked"
            ctx.table("vm").save(vm)
        seconds = storage.COPY_SECONDS if copied else EMPTY_SECONDS
        ctx.later(seconds, "template.created", template=row["id"], vm=vm["id"], disks=copied, job=job.id, seal=bool(ctx.flag("seal") and copied))
        return row

    def _source(self, ctx, reference):
        if reference.get("id") and not UUID.fullmatch(reference["id"]):
            raise errors.fault(400, f"Invalid UUID string: {reference['id']}", "Operation failed")
        vm = ctx.row("vm", reference["id"].lower()) if reference.get("id") else ctx.table("vm").named(reference["name"])
        if vm is None:
            raise errors.entity_not_found(reference.get("id") or reference.get("name"))
        return vm

    @staticmethod
    def _copy_disks(ctx, attachments, row, body):
        made = []
        # What is said of disks is said of those of the machine; the domain of the template counts for those that are named there.
        wanted = {"disk_attachments": (body.get("vm") or {}).get("disk_attachments") or []}
        for attachment in attachments:
            disk = ctx.row("disk", attachment["disk"]["id"])
            if disk is None or disk["storage_type"] != "image" or disk.get("shareable"):
                continue
            said = storage._wanted(wanted, disk["id"])
            if said and (body.get("storage_domain") or {}).get("id"):
                said = {**said, "storage_domains": [{"id": body["storage_domain"]["id"]}]}
            copied = storage.duplicate(ctx, disk, said, {})
            ctx.table("disk").save(copied)
            disks.hold(ctx, copied)
            storage.attach(ctx, row, copied, {**attachment, "active": True}, "template")
            made.append(copied["id"])
        return made

    def _version(self, ctx, row, body):
        """The version of a new template: of its own, or the next of a base template."""
        version = body.get("version") or {}
        if version and not version.get("base_template"):
            raise errors.incomplete("TemplateVersion", ["baseTemplate"], "addFromVm")
        base = ctx.row("template", ((version.get("base_template") or {}).get("id") or "").lower()) if version.get("base_template") else None
        if version.get("base_template") and base is None:
            raise ADD.refuses(400, "The relevant Template doesn't exist.")
        if base is not None and base["version"]["base_template"]["id"] != base["id"]:
            raise ADD.refuses(400, "Only the first template version can be selected as the base template.")
        if base is not None and base["id"] == BLANK:
            raise errors.refused(400, "Blank template can't have sub-templates.")
        if base is None:
            row["version"] = {"version_name": "base version", "version_number": 1, "base_template": {"id": row["id"]}}
            return None
        number = 1 + max(one["version"]["version_number"] for one in self.of(ctx).by("version.base_template.id", base["id"]))
        row["name"] = base["name"]
        row["version"] = {"version_name": version.get("version_name", ""), "version_number": number, "base_template": {"id": base["id"]}}
        return base

    def _name_taken(self, ctx, row, center):
        for other in self.of(ctx).by("name", row["name"]):
            if other["id"] == row["id"] or other["name"] != row["name"]:
                continue
            place = (estate.cluster_of(ctx, other) or {}).get("data_center") or {}
            if center is None or other["id"] == BLANK or place.get("id") == center["id"]:
                return True
        return False

    # -- changing

    def update(self, ctx, row, body):
        machine.check_compatibility(body)
        cluster = estate.cluster_of(ctx, row)
        if body.get("cluster"):
            cluster = self.resolve(ctx, body["cluster"], "cluster", "Cluster") or cluster
        if row["status"] == "locked":
            raise EDIT.refuses(409, f"Template {row['name']} is being created.")
        if row["id"] == BLANK and body.get("cluster"):
            raise EDIT.refuses(400, "Only Blank template and instance types can have empty bios type.")
        wanted = copy.deepcopy(row)
        if self.type == "template" and row["id"] != BLANK:
            # A sound card that is not asked for goes.
            wanted["soundcard_enabled"] = False
        wanted.setdefault("time_zone", machine.blank()["time_zone"])
        machine.configure(wanted, body)
        machine.set_usb(wanted, body, creating=False)
        machine.set_graphics(wanted, body, cluster)
        version = body.get("version") or {}
        if "version_name" in version:
            wanted["version"]["version_name"] = version["version_name"]
        machine.violations(wanted, EDIT, "vmTemplate")
        if wanted["name"] != row["name"]:
            if self.type == "template" and row["version"]["base_template"]["id"] != row["id"]:
                raise errors.refused(400, "Cannot update the name of Sub-Templates, Only the Version name can be updated.")
            if self._name_taken(ctx, wanted, estate.data_center_of(ctx, cluster)):
                raise EDIT.refuses(409, NAME_USED)
        check_monitors(wanted, EDIT)
        machine.check_properties(wanted, EDIT)
        machine.check_memory(wanted, EDIT)
        if cluster is not None:
            machine.check_platform(ctx, wanted, EDIT, cluster)
            machine.check_display(wanted, EDIT, cluster)
            machine.check_tpm(wanted, EDIT, cluster)
            wanted["cluster"] = {"id": cluster["id"]}
        if "quota" in body:
            estate.check_quota(ctx, wanted, cluster, EDIT)
        machine.check_initialization(wanted, EDIT)
        if wanted["os"]["type"] != row["os"]["type"]:
            estate.icons(ctx, wanted)
        row.clear()
        row.update(wanted)
        self.of(ctx).save(row)
        if self.type == "template":
            for other in self.of(ctx).by("version.base_template.id", row["id"]):
                if other["name"] != row["name"]:
                    other["name"] = row["name"]
                    self.of(ctx).save(other)
        Job.start(ctx, f"Editing Template {row['name']} properties").finish(finalizing=False)
        ctx.event(49, "normal", f"Template {row['name']} configuration was updated by {ctx.identity.principal}.", template=row, cluster=cluster)
        return row

    # -- removing

    def remove(self, ctx, row):
        if row["id"] == BLANK or not row.get("cluster"):
            raise REMOVE.refuses(400, "The relevant Cluster doesn't exist.")
        if row["status"] == "locked":
            raise REMOVE.refuses(409, "Template ${TemplateName} is being created.")
        made = being_made(ctx, row)
        if made is not None:
            raise REMOVE.refuses(409, f"This template is currently in use to create VM {made['name']}.")
        cluster = estate.cluster_of(ctx, row)
        center = estate.data_center_of(ctx, cluster)
        if center is None:
            raise REMOVE.refuses(400, "The relevant Cluster doesn't exist.")
        if row.get("delete_protected"):
            raise REMOVE.refuses(409, "Delete protection is enabled. In order to delete, disable Delete protection first.")
        users = [vm["name"] for vm in ctx.table("vm").by("template.id", row["id"])]
        if users:
            raise errors.refused(409, f"Cannot delete Template. Template is being used by the following VMs: {','.join(users)}.")
        attachments = ctx.table("disk_attachment").by("template.id", row["id"])
        based = [disk for one in attachments for disk in ctx.table("disk").by("_based_on", one["disk"]["id"])]
        if based:
            lines = "%n".join(f"{disk['alias']}  ({disk['id']}) " for disk in reversed(based))
            raise REMOVE.refuses(409, f"The following Disk(s) are based on it: \n {lines}.")
        doomed = [disk for disk in (ctx.row("disk", one["disk"]["id"]) for one in attachments) if disk is not None]
        locked = [disk["alias"] for disk in doomed if disk.get("status") == "locked"]
        if locked:
            raise REMOVE.refuses(409, storage.locked_words(ctx, locked))
        job = ctx.job(f"Removing VM Template {row['name']} from Data Center {center['name']}")
        ctx.event(50, "normal", f"Removal of Template {row['name']} was initiated by {ctx.identity.principal}.",
                  template=row, cluster=cluster, data_center=center)
        forget(ctx, row["id"])
        self._hand_over(ctx, row)
        self.of(ctx).remove(row["id"])
        ctx.event(251, "normal", f"Removal of Template {row['name']} has been completed.", template=row, cluster=cluster, data_center=center)
        storage.erase_disks(ctx, doomed, job)

    def _hand_over(self, ctx, row):
        """The oldest of the versions that are left is the base of the others once their base is gone."""
        left = sorted((one for one in self.of(ctx).by("version.base_template.id", row["id"]) if one["id"] != row["id"]),
                      key=lambda one: one["version"]["version_number"])
        for one in left:
            self.of(ctx).save({**one, "version": {**one["version"], "base_template": {"id": left[0]["id"]}}})

    @action("export")
    def export(self, ctx, row, body):
        if body.get("storage_domain"):
            domain = self.resolve(ctx, body["storage_domain"], "storage_domain", "Storage")
            if domain is None:
                raise EXPORT.refuses(400, "Storage Domain doesn't exist.")
            if row["id"] == BLANK:
                raise errors.refused(409, "Cannot export Blank Template.")
            if domain["type"] != "export":
                raise EXPORT.refuses(400, "The specified domain '${storageDomainName}' is not an export domain.")
            words = f"Exporting VM Template {row['name']} To Export Domain {domain['name']}"
        else:
            host = estate.export_host(ctx, row, body["host"], EXPORT)
            words = f"Exporting Template {row['name']} as an OVA to {body['directory']}/{body.get('filename') or row['name'] + '.ova'} on Host {host['name']}"
        job = ctx.job(words)
        ctx.later(storage.COPY_SECONDS, "template.exported", job=job.id)


@timed("template.exported")
def exported(ctx, job):
    Job(ctx.engine, ctx.row("job", job)).finish()


def being_made(ctx, row):
    """The newest machine that is still being made from a template."""
    entries = [*ctx.engine.timeline.pending("vm.settled"), *ctx.engine.timeline.pending("vm.created")]
    found = [ctx.row("vm", entry["arguments"].get("vm")) for entry in sorted(entries, key=lambda entry: entry["order"], reverse=True)]
    return next((vm for vm in found if vm is not None and vm["original_template"]["id"] == row["id"]), None)


def forget(ctx, template):
    """Remove what belongs to a template that goes, but for the images."""
    for table, member in (("disk_attachment", "template.id"), ("nic", "template.id"), ("watchdog", "_owner")):
        for other in ctx.table(table).by(member, template):
            ctx.table(table).remove(other["id"])


@timed("template.created")
def created(ctx, template, vm, disks, job, seal=False):
    row, running = ctx.row("template", template), Job.find(ctx, job)
    ctx.unlock(f"vm:{vm}")
    source = ctx.row("vm", vm)
    if source is not None and source["status"] == "image_locked":
        source["status"] = "down"
        ctx.table("vm").save(source)
    if row is None:
        return
    words = None
    if ctx.host_step("AddVmTemplate", None, name=row["name"], id=template) is not None:
        words = 1322, f"Failed to create Template {row['name']} or its disks from VM {(source or {}).get('name', '')}."
    elif seal and ctx.host_step("SealVmTemplate", None, name=row["name"], id=template) is not None:
        words = 1324, f"Failed to seal Template {row['name']} (VM: {(source or {}).get('name', '')})."
    if words is not None:
        failed(ctx, row, source, disks, running, *words)
        return
    for ident in disks:
        disk = ctx.row("disk", ident)
        if disk is not None:
            release(ctx, disk)
    row["status"] = "ok"
    ctx.table("template").save(row)
    ctx.event(51, "normal", f"Creation of Template {row['name']} from VM {(source or {}).get('name', '')} has been completed.", template=row, vm=source,
              cluster=estate.cluster_of(ctx, row), data_center=estate.data_center_of(ctx, estate.cluster_of(ctx, row)))
    if running is not None:
        running.finish()


def failed(ctx, row, source, disks, running, code, words):
    """Nothing is left of a template that could not be made."""
    forget(ctx, row["id"])
    for ident in disks:
        ctx.table("disk").remove(ident)
    ctx.table("template").remove(row["id"])
    cluster = estate.cluster_of(ctx, row)
    ctx.event(code, "error", words, template=row, vm=source, cluster=cluster, data_center=estate.data_center_of(ctx, cluster))
    if running is not None:
        running.fail()


release = disks.release
