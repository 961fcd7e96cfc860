"""/cpuprofiles of clusters and /diskprofiles of storage domains, also below their owners."""

from __future__ import annotations

from .. import errors
from ..rules import places
from ..rules.refusals import Command
from .base import Collection, Created
from .permissions import own


class Profiles(Collection):
    """What both kinds share; ``owner`` is the member and table of what a profile belongs to."""

    owner = ""
    named = ""
    words = ""
    codes = (0, 0, 0)
    last = ""
    links: tuple[str, ...] = ("permissions",)

    def present(self, ctx, row, rep):
        if not rep.get("description"):
            rep.pop("description", None)
        # References lead to the profile itself; its own representation is at home with its owner.
        place = {"cluster": "clusters", "storage_domain": "storagedomains"}[self.owner]
        places.moved(rep, f"{ctx.prefix}/{place}/{row[self.owner]['id']}/{self.type.replace('_', '')}s/{row['id']}")

    def path_of(self, row):
        return f"/{self.type.replace('_', '')}s/{row['id']}"

    def command(self, action):
        return Command(action, self.words)

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("".join(word.capitalize() for word in self.type.split("_")), ["name"], "validateParameters")
        owner = places.named(ctx, self.owner, {"id": body[self.owner]["id"]}, self.named)
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description"), self.owner: {"id": owner["id"]}}
        self._take(row, body)
        self._check(ctx, row, self.command("add"))
        self.of(ctx).save(row)
        own(ctx, self.type, row["id"])
        ctx.event(self.codes[0], "normal", f"{self.words} {row['name']} was successfully added (User: {ctx.identity.principal}).")
        rep = self.render(ctx, row)
        if "qos" in rep:
            # Observed: the answer names the quality of service without its place.
            rep["qos"].pop("href", None)
        return Created(row, rep=rep)

    def update(self, ctx, row, body):
        wanted = {**row, **{name: body[name] for name in ("name", "description") if name in body}}
        self._take(wanted, body)
        owner = (body.get(self.owner) or {}).get("id")
        if owner is not None and owner.lower() != row[self.owner]["id"]:
            if ctx.row(self.owner, owner.lower()) is None:
                raise errors.refused(500, "General command validation failure.")
        self._check(ctx, wanted, self.command("edit"), moved=owner is not None and owner.lower() != row[self.owner]["id"])
        row.update(wanted)
        ctx.event(self.codes[1], "normal", f"{self.words} {row['name']} was successfully updated (User: {ctx.identity.principal}).")
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        command = self.command("remove")
        if len(self.of(ctx).by(f"{self.owner}.id", row[self.owner]["id"])) == 1:
            raise command.refuses(400, self.last)
        for many, users in self._users(ctx, row):
            if users:
                listed = ",\n".join(f"\t{name}" for name in users)
                raise command.refuses(400, f"Several {many} ({len(users)}) are using this Profile:\n{listed}\n - Please remove it from all {many} "
                                           "that are using it "
                                           "and try again.")
        self.of(ctx).remove(row["id"])
        ctx.event(self.codes[2], "normal", f"{self.words} {row['name']} was successfully removed (User: {ctx.identity.principal}).")

    def _users(self, ctx, row):
        """Names of what uses a profile, by the word for it in the plural."""
        return ()

    @staticmethod
    def _take(row, body):
        # Observed: a reference without an id leaves the quality of service as it is.
        if (body.get("qos") or {}).get("id") is not None:
            row["qos"] = {"id": body["qos"]["id"].lower()}

    def _check(self, ctx, row, command, moved=False):
        same = self.of(ctx).by(f"{self.owner}.id", row[self.owner]["id"])
        if any(one["name"] == row["name"] and one["id"] != row["id"] for one in same):
            raise command.refuses(400, "Profile name is in use.")
        if moved:
            raise command.refuses(400, "Cannot change profile.")
        if row.get("qos") is not None and ctx.row("qos", row["qos"]["id"]) is None:
            raise command.refuses(400, "QoS element not found.")


class CpuProfiles(Profiles):
    type = "cpu_profile"
    paths: tuple[str, ...] = ("cpuprofiles",)
    owner = "cluster"
    named = "cluster"
    words = "CPU Profile"
    codes = (10130, 10134, 10132)
    last = "Cannot remove last CPU profile in Cluster."

    def _users(self, ctx, row):
        for many, kind in (("virtual machines", "vm"), ("templates", "template")):
            yield many, [one["name"] for one in ctx.table(kind).by("cpu_profile.id", row["id"])]


class ClusterCpuProfiles(CpuProfiles):
    paths = ("clusters/{cluster}/cpuprofiles", "datacenters/{data_center}/clusters/{cluster}/cpuprofiles")
    table = "cpu_profile"
    links = ()

    def rows(self, ctx, parents):
        return self.of(ctx).by("cluster.id", parents["cluster"])

    def find(self, ctx, ident, parents):
        return super().find(ctx, ident, {"cluster": parents["cluster"]})

    def add(self, ctx, body, parents):
        return super().add(ctx, {**body, "cluster": {"id": parents["cluster"]}}, parents)


class DiskProfiles(Profiles):
    type = "disk_profile"
    paths: tuple[str, ...] = ("diskprofiles",)
    owner = "storage_domain"
    named = "storagedomain"
    words = "Disk Profile"
    codes = (10120, 10124, 10122)
    last = "Cannot remove last Disk profile in Storage Domain."

    def _users(self, ctx, row):
        disks = ctx.table("disk").by("disk_profile.id", row["id"])
        attached = {one["id"]: ctx.table("disk_attachment").by("disk.id", one["id"]) for one in disks}
        for many, kind in (("virtual machines", "vm"), ("templates", "template")):
            owners = {(one.get(kind) or {}).get("id") for found in attached.values() for one in found} - {None}
            yield many, [one["name"] for one in (ctx.row(kind, ident) for ident in owners) if one is not None]
        yield "Disks", [one["name"] for one in disks if not attached[one["id"]]]


class StorageDomainDiskProfiles(DiskProfiles):
    paths = ("storagedomains/{storage_domain}/diskprofiles",)
    table = "disk_profile"
    links = ()

    def add(self, ctx, body, parents):
        return super().add(ctx, {**body, "storage_domain": {"id": parents["storage_domain"]}}, parents)
