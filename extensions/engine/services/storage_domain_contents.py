"""What lies on a storage domain: /storagedomains/D/vms, templates, files and images.

A domain that is detached or destroyed keeps the configurations of the machines and templates that lie on it wholly (table
``_unregistered_machine``); once it is
attached again they are listed with ``unregistered`` and come back by ``register``.
"""

from __future__ import annotations

from .. import errors
from .base import Collection, action

NO_CLUSTER = "The relevant Cluster doesn't exist."
NOT_PARTS = ("event", "job", "step", "disk", "permission", "image_transfer")


class DomainVms(Collection):
    type = "vm"
    table = "vm"
    paths = ("storagedomains/{storage_domain}/vms",)
    kind = "vm"
    shown_links: tuple[str, ...] = ("disks", "diskattachments")
    echoed = {"register": {"async": False}}

    def rows(self, ctx, parents):
        domain = parents["storage_domain"]
        if ctx.flag("unregistered"):
            return [{**aside["row"], "_domain": domain} for aside in self._asides(ctx, domain)]
        return [{**row, "_domain": domain} for row in lying_on(ctx, self.kind, domain)]

    def _asides(self, ctx, domain):
        if (ctx.row("storage_domain", domain) or {}).get("_pool") is None:
            return []
        return [aside for aside in ctx.table("_unregistered_machine").by("domain", domain) if aside["kind"] == self.kind]

    def find(self, ctx, ident, parents):
        domain = parents["storage_domain"]
        # What is not registered is in the list alone, and there for commands.
        asides = self._asides(ctx, domain) if ctx.request is not None and ctx.request.method != "GET" else []
        rows = [*lying_on(ctx, self.kind, domain), *(aside["row"] for aside in asides)]
        row = next((row for row in rows if row["id"] == ident.lower()), None)
        if row is None:
            raise errors.not_found()
        return {**row, "_domain": domain}

    def path_of(self, row):
        return f"/storagedomains/{row['_domain']}/{self.kind}s/{row['id']}"

    def render(self, ctx, row, parents=None):
        rep = self.engine.services.of_type(self.type).render(ctx, {name: value for name, value in row.items() if name != "_domain"})
        href = rep["href"] = ctx.prefix + self.path_of(row)
        rep["link"] = [{"rel": rel, "href": f"{href}/{rel}"} for rel in self.shown_links]
        rep["actions"] = {"link": [{"rel": verb, "href": f"{href}/{verb}"} for verb in ("import", "register")]}
        rep["storage_domain"] = {"id": row["_domain"], "href": ctx.href("storage_domain", row["_domain"])}
        if "display" in rep:
            rep["display"].pop("type", None)
        if ctx.row("_unregistered_machine", row["id"]) is not None:
            for name in ("cluster", "cpu_profile", *(("quota",) if self.kind == "template" else ())):
                rep.pop(name, None)
        return rep

    def stub(self, ctx, row):
        """Of one that was registered, too: at the place where it was asked for."""
        domain = row.get("_domain") or ctx.request.path.partition("/storagedomains/")[2].partition("/")[0]
        return {**super().stub(ctx, {**row, "_domain": domain}), "storage_domain": {"id": domain, "href": ctx.href("storage_domain", domain)}}

    def unknown(self, ctx, verb, ident):
        there = ctx.row(self.kind, ident.lower())
        if verb == "register" and there is not None:
            return self._there(ctx, there, ctx.body)
        if verb == "register":
            return errors.failed(500, "[General command validation failure.]") if self.kind == "vm" else (
                errors.refused(400, "Cannot import Template. VM is not found."))
        return errors.not_found() if ctx.body.get("storage_domain") else errors.incomplete("Action", ["storageDomain.id|name"], "doImport")

    def remove(self, ctx, row):
        aside = ctx.table("_unregistered_machine").get(row["id"])
        if aside is None:
            raise errors.refused(409, f"Cannot remove {self._word()}. Storage Domain type is illegal.")
        ctx.table("_unregistered_machine").remove(aside["id"])
        ctx.job(f"Remove Unregistered {'VM' if self.kind == 'vm' else 'VM Template'} {row['name']}").finish()

    @action("register")
    def register(self, ctx, row, body):
        aside = ctx.table("_unregistered_machine").get(row["id"])
        if aside is None:
            raise self._there(ctx, row, body)
        restored = dict(aside["row"])
        name = (body.get(self.kind) or {}).get("name")
        if name and body.get("clone"):
            restored["name"] = name
        base = (restored.get("template") or {}).get("id")
        if base is not None and ctx.row("template", base) is None:
            raise errors.refused(400, f"Cannot import {self._word()}. The relevant Template doesn't exist.")
        if ctx.table(self.kind).named(restored["name"]):
            place = "Data Center" if self.kind == "vm" else "system"
            raise errors.refused(409, f"Import {self._word()} failed - {self._word()} Name already exists in the {place}. Please rename the "
                                      f"{self._word()} in the {place} first")
        domain = ctx.row("storage_domain", row["_domain"])
        if domain["_pool"] is None or domain["_status"] != "active":
            raise errors.refused(409, f"Cannot import {self._word()}. The relevant Storage Domain's status is Unknown.")
        reference = body.get("cluster")
        cluster = self.resolve(ctx, reference, "cluster", "Cluster") if reference else ctx.row("cluster", (restored.get("cluster") or {}).get("id"))
        if cluster is None:
            raise errors.refused(400, f"Cannot import {self._word()}. " + (NO_CLUSTER if reference else "Cluster ID is not valid."))
        restored.pop("quota", None)
        restored["cluster"] = {"id": cluster["id"]}
        job = ctx.job(f"Importing {self._word()} {restored['name']} from configuration to Cluster {cluster['name']}")
        bring_back(ctx, aside, restored)
        job.finish()

    def _there(self, ctx, row, body):
        """The refusal of one that the engine has: its MAC addresses are looked at first."""
        if self.kind != "vm":
            return errors.refused(400, "Cannot import Template. Storage Domain doesn't exist.")
        nics = [nic["name"] for nic in ctx.table("nic").by("vm.id", row["id"])]
        if nics and not body.get("reassign_bad_macs"):
            listed = ",\n".join(f"\t{name}" for name in nics)
            return errors.refused(409, "Cannot import Virtual Machine, because that action would create duplicates in target MAC pool, which are not allowed. "
                                       "Either allow duplicate MACs in MAC Pool, or allow reassignment of bad MACs during import. Problematic NICs are "
                                       f"{listed}")
        return errors.refused(409, f"Import VM failed - VM ID already exists in the system. Please remove the VM ({row['name']}) from the system first")

    @action("import")
    def import_(self, ctx, row, body):
        target = self.resolve(ctx, body.get("storage_domain"), "storage_domain", "StorageDomain")
        if target is None:
            raise errors.incomplete("Action", ["storageDomain.id|name"], "doImport")
        raise errors.refused(409, f"Cannot import {self._word()}. Storage Domain type is illegal.")

    def _word(self):
        return "VM" if self.kind == "vm" else "Template"


class DomainTemplates(DomainVms):
    type = "template"
    table = "template"
    paths = ("storagedomains/{storage_domain}/templates",)
    kind = "template"
    shown_links = ("disks",)
    echoed: dict[str, dict[str, bool]] = {}


class ContentDisks(Collection):
    """The disks of a machine or template that lies on a domain."""

    type = "disk"
    paths: tuple[str, ...] = ("storagedomains/{storage_domain}/vms/{machine}/disks", "storagedomains/{storage_domain}/templates/{machine}/disks")

    def rows(self, ctx, parents):
        return [disk for _attachment, disk in self._known_pairs(ctx, parents)]

    def _known_pairs(self, ctx, parents):
        machine = parents["machine"].lower()
        if ctx.row("_unregistered_machine", machine) is not None and ctx.request is not None and ctx.request.method == "GET":
            raise errors.not_found()
        return self._pairs(ctx, machine)

    @staticmethod
    def _pairs(ctx, machine):
        aside = ctx.row("_unregistered_machine", machine)
        if aside is not None:
            pairs = [(one, (ctx.row("_unregistered", one["disk"]["id"]) or {}).get("disk")) for one in aside["parts"].get("disk_attachment", ())]
        else:
            pairs = [(one, ctx.row("disk", one["disk"]["id"])) for kind in ("vm", "template") for one in ctx.table("disk_attachment").by(f"{kind}.id", machine)]
        return [(attachment, disk) for attachment, disk in pairs if disk is not None]

    def find(self, ctx, ident, parents):
        row = next((row for row in self.rows(ctx, parents) if row["id"] == ident.lower()), None)
        if row is None:
            raise errors.not_found()
        return row

    def path_of(self, row):
        return f"/disks/{row['id']}"


class ContentAttachments(ContentDisks):
    type = "disk_attachment"
    paths = ("storagedomains/{storage_domain}/vms/{machine}/diskattachments",)

    def rows(self, ctx, parents):
        return [{**attachment, "id": disk["id"], "_at": f"/storagedomains/{parents['storage_domain']}/vms/{parents['machine']}/diskattachments"}
                for attachment, disk in self._known_pairs(ctx, parents)]

    def path_of(self, row):
        return f"{row['_at']}/{row['id']}"


class DomainFiles(Collection):
    """Images of installation media; data domains have none, and no list of them either."""

    type = "file"
    paths = ("storagedomains/{storage_domain}/files",)

    def rows(self, ctx, parents):
        domain = ctx.row("storage_domain", parents["storage_domain"].lower())
        if domain is None or domain["type"] != "iso":
            raise errors.not_found()
        return []


class DomainImages(Collection):
    type = "image"
    paths = ("storagedomains/{storage_domain}/images",)

    def find(self, ctx, ident, parents):
        if ctx.request is not None and ctx.request.method == "POST":
            return {"id": ident}
        return self.rows(ctx, parents)

    @action("import", entity=False)
    def import_(self, ctx, row, body):
        raise errors.refused(409, "Cannot import Virtual Disk. Failed to import from the repository.")

    def rows(self, ctx, parents):
        raise errors.fault(400, "engineexception: images not supported error (failed with error images not supported error and code 329)")


def lying_on(ctx, kind, domain):
    """Machines or templates with a disk on the domain."""
    table = ctx.table("disk_attachment")
    found = {}
    for disk in ctx.table("disk").by("_domain", domain):
        for attachment in table.by("disk.id", disk["id"]):
            owner = ctx.row(kind, (attachment.get(kind) or {}).get("id"))
            if owner is not None:
                found[owner["id"]] = owner
    return list(found.values())


def check_detach(ctx, domain, command) -> None:
    """Machines and templates that go with a domain must be ones that may go; all that stands against it is told at once."""
    vms, templates = lying_on(ctx, "vm", domain["id"]), lying_on(ctx, "template", domain["id"])
    previewed = [vm["name"] for vm in vms if any(one["snapshot_type"] == "preview" for one in ctx.table("snapshot").by("vm.id", vm["id"]))]
    vms, templates = ([row for row in rows if _wholly(ctx, kind, row, domain["id"])] for kind, rows in (("vm", vms), ("template", templates)))
    protected = [row["name"] for row in (*vms, *templates) if row.get("delete_protected")]
    pooled = [vm["name"] for vm in vms if vm.get("vm_pool")]
    found = [command.refuses(409, f"{words}: {','.join(names)}.").detail[1:-1] for words, names in (
        ("The following VMs/Templates are delete protected", protected), ("The following VMs/Templates are attached to pool", pooled),
        ("The following VMs are previewing a snapshot", previewed)) if names]
    if found:
        raise errors.refused(409, *found)


def _wholly(ctx, kind, row, domain):
    """Are all images of a machine on the domain?"""
    held = (ctx.row("disk", one["disk"]["id"]) for one in ctx.table("disk_attachment").by(f"{kind}.id", row["id"]))
    return all(disk is None or disk["storage_type"] != "image" or domain in [one["id"] for one in disk["storage_domains"]] for disk in held)


def put_aside(ctx, domain, disks) -> None:
    """Keep the configurations of what has all its images among the disks of a domain, and forget it otherwise."""
    here = {disk["id"] for disk in disks}
    for kind in ("vm", "template"):
        for row in lying_on(ctx, kind, domain["id"]):
            held = [ctx.row("disk", one["disk"]["id"]) for one in ctx.table("disk_attachment").by(f"{kind}.id", row["id"])]
            if any(disk is not None and disk["storage_type"] == "image" and disk["id"] not in here for disk in held):
                continue
            parts = {}
            for name, table in list(ctx.store.tables.items()):
                if name[0] != "_" and name not in NOT_PARTS and name != kind:
                    parts[name] = table.by(f"{kind}.id", row["id"])
            parts = {name: rows for name, rows in parts.items() if rows}
            ctx.table("_unregistered_machine").save({"id": row["id"], "domain": domain["id"], "kind": kind, "row": row, "parts": parts})
            for name, rows in parts.items():
                for one in rows:
                    ctx.table(name).remove(one["id"])
            ctx.table(kind).remove(row["id"])


def bring_back(ctx, aside, row) -> None:
    """A machine that its domain remembered is known to the engine again, with its disks."""
    from . import disks

    ctx.table("_unregistered_machine").remove(aside["id"])
    for attachment in aside["parts"].get("disk_attachment", ()):
        lost = ctx.row("_unregistered", attachment["disk"]["id"])
        if lost is not None:
            disks.register(ctx, lost)
            disk = ctx.row("disk", attachment["disk"]["id"])
            if disk.pop("quota", None) is not None:
                ctx.table("disk").save(disk)
    ctx.table(aside["kind"]).save(row)
    for name, rows in aside["parts"].items():
        for one in rows:
            if name != "disk_attachment" or ctx.row("disk", one["disk"]["id"]) is not None:
                ctx.table(name).save(one)
