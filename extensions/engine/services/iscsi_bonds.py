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
        rep["networks"] = [{"id": ident, "href": ctx.href("network", ident)} for ident in row["_networks"]]
        rep["storage_connections"] = [{"id": ident, "href": f"{ctx.prefix}/storageconnections/{ident}"} for ident in row["_connections"]]

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("IscsiBond", ["name"], "add")
        data_center = ctx.row("data_center", parents["data_center"].lower())
        if data_center is None:
            raise errors.refused(400, "Data Center doesn't exist.")
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description"), "data_center": {"id": data_center["id"]},
               "_networks": [places.uuid(one["id"]) for one in body.get("networks") or [] if one.get("id")],
               "_connections": [one["id"] for one in body.get("storage_connections") or [] if one.get("id")]}
        check(ctx, row, {}, ADD)
        self.of(ctx).save(row)
        ctx.event(10400, "normal", f"iSCSI bond '{row['name']}' was successfully created in Data Center '{data_center['name']}'.", data_center=data_center)
        return row

    def update(self, ctx, row, body):
        wanted = {**row, **{name: body[name] for name in ("name", "description") if name in body}}
        check(ctx, wanted, row, EDIT)
        row.update(wanted)
        ctx.event(10402, "normal", f"iSCSI bond '{row['name']}' was successfully updated.", data_center=ctx.row("data_center", row["data_center"]["id"]))
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        data_center = ctx.row("data_center", row["data_center"]["id"])
        self.of(ctx).remove(row["id"])
        ctx.event(10404, "normal", f"iSCSI bond '{row['name']}' was removed from Data Center '{data_center['name']}'", data_center=data_center)


def check(ctx, row, before, command):
    """Refuse a name that is taken, and what is added that the data center does not have for it."""
    same = ctx.table("iscsi_bond").by("data_center.id", row["data_center"]["id"])
    if any(one["name"] == row["name"] and one["id"] != row["id"] for one in same):
        raise command.refuses(409, "iSCSI bond with the same name already exists in the Data Center.")
    added = [ident for ident in row["_networks"] if ident not in before.get("_networks", ())]
    center = row["data_center"]["id"]
    missing = [ident for ident in added if ((ctx.row("network", ident) or {}).get("data_center") or {}).get("id") != center]
    if missing:
        raise command.refuses(409, f"The following Logical Networks: {','.join(missing)} do not exist in the Data Center: {center}.")
    if any(one["required"] for ident in added for one in ctx.table("cluster_network").by("network.id", ident)):
        raise command.refuses(400, "Required network cannot be a part of an iSCSI bond.")
    strange = [ident for ident in row["_connections"] if ident not in before.get("_connections", ())]
    if strange:
        # No data center here has connections of iSCSI: its domains are files.
        raise command.refuses(409, f"The following storage connections {','.join(strange)} cannot be added to the specified iSCSI bond. \nPossible reasons:\n"
                                   "- They are not of type iSCSI.\n- Their status is not one of the following: Unknown, Active. Inactive.\n"
                                   "- They already exist in the iSCSI bond.\n- They do not belong to the same Data Center as the specified iSCSI bond.")


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
        if ident in bond[self.member]:
            raise errors.refused(400, "Internal Engine Error")
        wanted = {**bond, self.member: [*bond[self.member], ident]}
        check(ctx, wanted, bond, EDIT)
        ctx.table("iscsi_bond").save(wanted)
        return Created({**ctx.row(self.table, ident), "_bond": bond["id"], "_data_center": parents["data_center"]}, status=200)

    def remove(self, ctx, row):
        bond = ctx.row("iscsi_bond", row["_bond"])
        bond[self.member] = [one for one in bond[self.member] if one != row["id"]]
        ctx.table("iscsi_bond").save(bond)


class IscsiBondNetworks(Parts):
    type = "network"
    table = "network"
    links = ("networklabels", "permissions", "vnicprofiles")
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
