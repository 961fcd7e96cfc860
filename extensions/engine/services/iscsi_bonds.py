"""/datacenters/D/iscsibonds: networks and storage connections that belong together, kept as the client gives them."""

from __future__ import annotations

from .. import errors
from ..rules import places
from ..rules.refusals import Command
from .base import Collection, Created

ADD = Command("add", "iSCSI Bond")
EDIT = Command("edit", "iSCSI Bond")


class IscsiBonds(Collection):
    type = "iscsi_bond"
    paths = ("datacenters/{data_center}/iscsibonds",)
    links = ("networks", "storageserverconnections")

    def present(self, ctx, row, rep):
        if not rep.get("description"):
            rep.pop("description", None)

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("IscsiBond", ["name"], "add")
        data_center = ctx.row("data_center", parents["data_center"].lower())
        if data_center is None:
            raise errors.refused(400, "Data Center doesn't exist.")
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description"), "data_center": {"id": data_center["id"]},
               "_networks": [places.uuid(one["id"]) for one in body.get("networks") or [] if one.get("id")],
               "_connections": [one["id"] for one in body.get("storage_connections") or [] if one.get("id")]}
        self._check(ctx, row, ADD)
        self.of(ctx).save(row)
        ctx.event(10400, "normal", f"iSCSI bond '{row['name']}' was successfully created in Data Center '{data_center['name']}'.", data_center=data_center)
        return row

    def update(self, ctx, row, body):
        wanted = {**row, **{name: body[name] for name in ("name", "description") if name in body}}
        self._check(ctx, wanted, EDIT)
        row.update(wanted)
        ctx.event(10402, "normal", f"iSCSI bond '{row['name']}' was successfully updated.", data_center=ctx.row("data_center", row["data_center"]["id"]))
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        data_center = ctx.row("data_center", row["data_center"]["id"])
        self.of(ctx).remove(row["id"])
        ctx.event(10404, "normal", f"iSCSI bond '{row['name']}' was removed from Data Center '{data_center['name']}'", data_center=data_center)

    def _check(self, ctx, row, command):
        same = self.of(ctx).by("data_center.id", row["data_center"]["id"])
        if any(one["name"] == row["name"] and one["id"] != row["id"] for one in same):
            raise command.refuses(409, "iSCSI bond with the same name already exists in the Data Center.")
        for ident in row["_networks"]:
            network = ctx.row("network", ident)
            if network is None:
                raise errors.refused(400, "The specified Logical Network doesn't exist.")
            if any(one["required"] for one in ctx.table("cluster_network").by("network.id", ident)):
                raise command.refuses(400, "Required network cannot be a part of an iSCSI bond.")


class Parts(Collection):
    member = ""

    def _bond(self, ctx, parents):
        found = ctx.row("iscsi_bond", parents["bond"].lower())
        if found is None:
            raise errors.not_found()
        return found

    def rows(self, ctx, parents):
        found = (ctx.row(self.table, one) for one in self._bond(ctx, parents)[self.member])
        return [{**row, "_bond": parents["bond"].lower(), "_data_center": parents["data_center"]} for row in found if row is not None]

    def find(self, ctx, ident, parents):
        found = next((row for row in self.rows(ctx, parents) if row["id"] == ident.lower()), None)
        if found is None:
            raise errors.not_found()
        return found

    def add(self, ctx, body, parents):
        bond = self._bond(ctx, parents)
        ident = places.uuid(body.get("id") or "")
        if ctx.row(self.table, ident) is None:
            raise errors.not_found()
        if ident not in bond[self.member]:
            bond[self.member] = [*bond[self.member], ident]
            ctx.table("iscsi_bond").save(bond)
        return Created({**ctx.row(self.table, ident), "_bond": bond["id"], "_data_center": parents["data_center"]}, status=200)

    def remove(self, ctx, row):
        bond = ctx.row("iscsi_bond", row["_bond"])
        bond[self.member] = [one for one in bond[self.member] if one != row["id"]]
        ctx.table("iscsi_bond").save(bond)


class IscsiBondNetworks(Parts):
    type = "network"
    table = "network"
    paths = ("datacenters/{data_center}/iscsibonds/{bond}/networks",)
    member = "_networks"

    def path_of(self, row):
        return f"/networks/{row['id']}"


class IscsiBondConnections(Parts):
    type = "storage_connection"
    table = "storage_connection"
    paths = ("datacenters/{data_center}/iscsibonds/{bond}/storageserverconnections",)
    member = "_connections"

    def path_of(self, row):
        return f"/storageconnections/{row['id']}"
