"""/vmpools: machines of one template, lent to users."""

from __future__ import annotations

import re

from .. import errors
from ..clock import timed
from ..commands import Job
from ..rules import estate, machine, power, storage
from ..rules.refusals import Command
from .base import UUID, Collection, action
from .vms import ACTIONS, HIDDEN, Vms

CREATE = Command("create", "VM-Pool")
EDIT = Command("edit", "VM-Pool")
REMOVE = Command("remove", "VM-Pool")
ALLOCATE = Command("attach VM to", "VM-Pool")
NAME = re.compile(r"[\w.\-]*\?*[\w.\-]*", re.ASCII)
DEFAULT_MAX_USER_VMS = 1
REMOVE_SECONDS = 1.0
# Members of a machine that its pool does not show.
OWN = ("description", "comment", "stateless", "quota", "cpu_profile", "small_icon", "large_icon", "_graphics", "delete_protected")
NOT_SHOWN = frozenset(("cluster", "quota", "cpu_profile", "vm_pool", "small_icon"))


class VmPools(Collection):
    type = "vm_pool"
    paths = ("vmpools",)
    search = "vmpools"
    links = ("permissions",)

    # -- reading

    def present(self, ctx, row, rep):
        rep["size"] = len(machines_of(ctx, row))
        vm = self._shown(ctx, row)
        if vm is not None:
            rep["vm"] = self._machine(ctx, row, vm)

    @staticmethod
    def _shown(ctx, row):
        """The machine that stands for all of the pool."""
        vms = machines_of(ctx, row)
        running = [vm for vm in vms if power.running(vm)]
        if running:
            return running[0]
        with_disks = [vm for vm in vms if storage.attachments_of(ctx, vm)]
        return (with_disks[-1:] or vms[:1] or [None])[0]

    @staticmethod
    def _machine(ctx, row, vm):
        latest = row["use_latest_template_version"]
        if latest:
            # It is shown as its next version: what the newest template says.
            template = ctx.row("template", row["template"]["id"]) or {}
            vm = {**vm, **{name: template[name] for name in machine.INHERITED if name in template and name not in OWN}}
        writing = ctx.request is not None and ctx.request.method in ("POST", "PUT")
        rep = {name: value for name, value in vm.items() if name[0] != "_" and name not in NOT_SHOWN and (writing or name not in HIDDEN)}
        Vms.runtime(ctx, vm, rep)
        rep.pop("host", None)
        rep["href"] = f"{ctx.prefix}/vms/{vm['id']}"
        for name in ("template", "original_template", "large_icon"):
            if name in rep:
                rep[name] = Bare(rep[name])
        if not writing or latest:
            rep.pop("template", None)
        if not vm.get("stateless"):
            rep.pop("use_latest_template_version", None)
        if "initialization" in rep:
            rep["initialization"] = machine.hidden_secrets(rep["initialization"])
        return rep

    # -- making

    def add(self, ctx, body, parents):
        for name in ("name",):
            if not body.get(name):
                raise errors.incomplete("VmPool", [name], "add")
        cluster = self.resolve(ctx, body["cluster"], "cluster", "Cluster")
        if cluster is None:
            raise errors.entity_not_found("GetClusterById")
        template = self._template(ctx, body["template"], cluster)
        if template is None:
            raise errors.entity_not_found(str(body["template"].get("id") or body["template"].get("name")))
        size = body.get("size", 0)
        check_values(body["name"], body.get("max_user_vms", 1), "create")
        if size < 1:
            raise errors.refused(400, "Cannot create Pool with 0 VMs")
        if template["id"] == machine.BLANK:
            raise errors.refused(409, "VM-Pool must be based on  non-blank Template.")
        if self.of(ctx).named(body["name"]) is not None:
            raise CREATE.refuses(409, "The VM-Pool name is already in use, please choose a unique name and try again.")
        if body.get("prestarted_vms", 0) > size:
            raise CREATE.refuses(409, "Number of Prestarted VMs cannot exceed the number of VMs in the Pool.")
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description", ""), "cluster": {"id": cluster["id"]},
               "template": {"id": template["id"]}, "prestarted_vms": body.get("prestarted_vms", 0),
               "max_user_vms": body.get("max_user_vms", DEFAULT_MAX_USER_VMS), "type": body.get("type", "automatic"), "stateful": body.get("stateful", False),
               "auto_storage_select": body.get("auto_storage_select", False),
               "use_latest_template_version": body.get("use_latest_template_version", False), "_last": 0}
        if body.get("comment"):
            row["comment"] = body["comment"]
        self.of(ctx).save(row)
        self._grow(ctx, row, size, body)
        ctx.event(302, "normal", f"VM Pool {row['name']} (containing {size} VMs) was created by {ctx.identity.principal}.", cluster=cluster, template=template)
        return row

    @staticmethod
    def _template(ctx, reference, cluster):
        if reference.get("id"):
            if not UUID.fullmatch(reference["id"]):
                raise errors.fault(400, f"Invalid UUID string: {reference['id']}", "Operation failed")
            return ctx.row("template", reference["id"].lower())
        return max(ctx.table("template").by("name", reference.get("name")), key=lambda one: one["version"]["version_number"], default=None)

    def _grow(self, ctx, row, count, given):
        """More machines; what the request says of them counts, for earlier ones nothing is kept."""
        vms = ctx.engine.services.of_type("vm")
        cluster, template = ctx.row("cluster", row["cluster"]["id"]), ctx.row("template", row["template"]["id"])
        made = []
        for _one in range(count):
            body = {**_machine_body(given), "name": self._next_name(ctx, row), "description": row["description"], "stateless": not row["stateful"],
                    "use_latest_template_version": row["use_latest_template_version"]}
            made.append(vms.make(ctx, body, cluster, template, pool=row).row)
        locked = [vm for vm in made if vm["status"] == "image_locked"]
        if locked or ctx.request.method == "PUT":
            ctx.lock(f"vm_pool:{row['id']}", f"This VM Pool is currently in use to create VM {made[-1]['name']}.")
            ctx.later(storage.COPY_SECONDS, "vm_pool.grown", pool=row["id"])

    def _next_name(self, ctx, row):
        while True:
            row["_last"] += 1
            self.of(ctx).save(row)
            name = pool_name(row["name"], row["_last"])
            if not ctx.table("vm").by("name", name):
                return name

    # -- changing

    def update(self, ctx, row, body):
        EDIT.free(ctx, f"vm_pool:{row['id']}")
        check_values(body.get("name", row["name"]), body.get("max_user_vms", row["max_user_vms"]), "edit")
        size = len(machines_of(ctx, row))
        wanted = body.get("size", size)
        prestarted = body.get("prestarted_vms", row["prestarted_vms"])
        reference = body.get("cluster") or {}
        if reference.get("id") and ctx.row("cluster", reference["id"].lower()) is None:
            raise EDIT.refuses(400, "Cluster ID is not valid.")
        other = self.of(ctx).named(body.get("name", row["name"]))
        if other is not None and other["id"] != row["id"]:
            raise EDIT.refuses(409, "The VM-Pool name is already in use, please choose a unique name and try again.")
        if prestarted > wanted or wanted < size and prestarted >= wanted and wanted != 0:
            raise EDIT.refuses(409, "Number of Prestarted VMs cannot exceed the number of VMs in the Pool.")
        if ((body.get("template") or {}).get("id") or "").lower() == machine.BLANK:
            raise errors.refused(400, "No CPU profile exist.")
        if wanted < size:
            raise errors.refused(400, "Cannot decrease VMs from VM-Pool.")
        if "type" in body and body["type"] != row["type"]:
            raise errors.refused(400, "Cannot change VM-Pool type.")
        if "stateful" in body and body["stateful"] != row["stateful"]:
            raise errors.refused(400, "Cannot change VM-Pool stateful option.")
        if "auto_storage_select" in body and body["auto_storage_select"] != row["auto_storage_select"]:
            raise errors.refused(400, "Cannot change VM-Pool automatic selection of target storage domains during disks allocation.")
        if "name" in body and body["name"] != row["name"]:
            raise errors.refused(400, "Cannot change VM-Pool name.")
        row.update({name: body[name] for name in ("description", "comment", "prestarted_vms", "max_user_vms", "use_latest_template_version") if name in body})
        self.of(ctx).save(row)
        for vm in machines_of(ctx, row):
            if vm.get("use_latest_template_version", False) != row["use_latest_template_version"]:
                vm["use_latest_template_version"] = row["use_latest_template_version"]
                ctx.table("vm").save(vm)
        if wanted > size:
            self._grow(ctx, row, wanted - size, body)
        ctx.event(314, "normal", f"VM Pool {row['name']} configuration was updated by {ctx.identity.principal}.",
                  cluster=ctx.row("cluster", row["cluster"]["id"]))
        return row

    # -- removing

    def remove(self, ctx, row):
        message = ctx.locked(f"vm_pool:{row['id']}")
        if message is not None:
            raise errors.refused(409, *[f"Cannot remove VM-Pool. {message}"] * 2)
        job = ctx.job(f"Removing VM Pool {row['name']} from Cluster {ctx.row('cluster', row['cluster']['id'])['name']}")
        ctx.event(321, "normal", f"VM Pool {row['name']} removal was initiated by {ctx.identity.principal}.")
        vms = machines_of(ctx, row)
        if any(power.running(vm) for vm in vms):
            for vm in vms:
                if power.running(vm):
                    power.down(ctx, vm, "")
                else:
                    Vms.erase(ctx, vm, None)
            ctx.later(REMOVE_SECONDS, "vm_pool.removed", pool=row["id"], job=job.id)
            return
        removed(ctx, row["id"], job.id)

    # -- lending

    @action("allocatevm", entity=False)
    def allocate(self, ctx, row, body):
        refusals = []
        mine = [vm for vm in machines_of(ctx, row) if vm.get("_user") == ctx.identity.user_id]
        if len(mine) >= row["max_user_vms"] and mine:
            raise errors.refused(409, "User is already attached to maximum number of VMs from this VM-Pool.")
        for vm in sorted(machines_of(ctx, row), key=lambda one: one["name"]):
            if vm.get("_user") or vm["status"] not in ("down", "up"):
                continue
            if vm["status"] == "down":
                try:
                    power.check_start(ctx, vm, None, ALLOCATE)
                except errors.Answer as refusal:
                    refusals.append((refusal.detail or "")[1:-1])
                    continue
                job = ctx.current_job
                power.start(ctx, vm, stateless=not row["stateful"], command=ALLOCATE)
                ctx.current_job = job
            vm["_user"] = ctx.identity.user_id
            ctx.table("vm").save(vm)
            ctx.event(316, "normal", f"Attaching User {ctx.identity.name} to VM {vm['name']} in VM Pool {row['name']} was initiated by "
                                     f"{ctx.identity.principal}.", **estate.about(ctx, vm))
            href = f"{ctx.prefix}/vms/{vm['id']}"
            return {"vm": {"id": vm["id"], "href": href, "actions": {"link": [{"rel": verb, "href": f"{href}/{verb}"} for verb in ACTIONS]}}}
        raise errors.refused(409, *refusals, "Cannot attach VM to VM-Pool. There are no available VMs in the VM-Pool.")


class Bare(dict):
    """A reference that shows its id alone."""


def check_values(name, most, verb) -> None:
    """Bean validation: all that is wrong at once."""
    found = []
    if not 1 <= len(name) <= 255:
        found += ["size must be between 1 and 255", "Attribute: vmPool.name"]
    if not name or not NAME.fullmatch(name):
        found += [f"Can not {verb} VM-Pool. The given name is invalid for pool name. Only lower-case and upper-case letters, numbers, '_', '-', '.', "
                  "and one mask "
                  "sequence are allowed.", "Attribute: vmPool.name"]
    if not 1 <= most <= 32767:
        found += ["Number of max assigned VMs per user must be between 1 and 32,767.", "Attribute: vmPool.maxAssignedVmsPerUser"]
    if found:
        raise errors.refused(400, *found)


def machines_of(ctx, row):
    return ctx.table("vm").by("vm_pool.id", row["id"])


def pool_name(name: str, number: int) -> str:
    """The name of a machine: its number takes the place of the question marks, or follows a dash."""
    mask = re.search(r"\?+", name)
    if mask is None:
        return f"{name}-{number}"
    return name[:mask.start()] + str(number).zfill(len(mask.group())) + name[mask.end():]


def _machine_body(body):
    """What the body of a pool says of its machines."""
    found = {name: value for name, value in (body.get("vm") or {}).items() if name not in ("name", "id")}
    for name in ("soundcard_enabled", "tpm_enabled"):
        if name in body:
            found[name] = body[name]
    return found


@timed("vm_pool.grown")
def grown(ctx, pool):
    ctx.unlock(f"vm_pool:{pool}")


@timed("vm_pool.removed")
def removed(ctx, pool, job):
    row, running = ctx.row("vm_pool", pool), Job.find(ctx, job)
    if row is not None:
        for vm in machines_of(ctx, row):
            Vms.erase(ctx, vm, None)
        ctx.table("vm_pool").remove(pool)
        ctx.event(304, "normal", f"VM Pool {row['name']} was removed by {ctx.identity.principal}.")
    if running is not None:
        running.finish()
