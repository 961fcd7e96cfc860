"""/events: what happened, with events of other systems among it."""

from __future__ import annotations

from .. import errors
from .base import Collection, action

EXTERNAL = {"normal": 9801, "warning": 9802, "error": 9803, "alert": 9804}
REFERENCES = ("vm", "host", "cluster", "data_center", "storage_domain", "template")
FLOOD_RATE = 30
LONGEST = 10000


class Events(Collection):
    type = "event"
    paths = ("events",)
    search = "events"
    id_is_uuid = False

    def rows(self, ctx, parents):
        # A search sorts by itself.
        rows = super().rows(ctx, parents)
        return rows[::-1] if ctx.filtered else rows

    def find(self, ctx, ident, parents):
        if not ident.isdigit():
            raise errors.fault(400, f'For input string: "{ident}"', "Operation failed")
        row = self.of(ctx).get(str(int(ident)))
        if row is None:
            raise errors.not_found()
        return row

    def render(self, ctx, row, parents=None):
        rep = super().render(ctx, row, parents)
        rep.pop("actions", None)
        return rep

    def add(self, ctx, body, parents):
        absent = [java for name, java in (("origin", "origin"), ("description", "description")) if not body.get(name)]
        if absent:
            raise errors.incomplete("Event", absent, "add")
        if body["origin"].lower() == "ovirt":
            raise errors.refused(400, f"Cannot add External Event. Illegal Origin for External Event : {body['origin']}")
        if any(row["origin"] == body["origin"] for row in self.of(ctx).by("custom_id", body["custom_id"])):
            raise errors.refused(400, "=Cannot add External Event. External Event with this custom id already exists.")
        if body["severity"] == "alert":
            # As observed: the engine finds its own event no more, and says nothing else.
            raise errors.refused(400)
        index = ctx.engine.next_number("event")
        row = {"id": str(index), "index": index, "code": EXTERNAL[body["severity"]], "severity": body["severity"], "origin": body["origin"],
               "custom_id": body["custom_id"], "flood_rate": body.get("flood_rate", FLOOD_RATE), "time": ctx.now, "description": body["description"][:LONGEST]}
        if "custom_data" in body:
            row["custom_data"] = body["custom_data"]
        if (body.get("user") or {}).get("id"):
            row["user"] = {"id": body["user"]["id"].lower()}
        for member in REFERENCES:
            ident = (body.get(member) or {}).get("id")
            if ident:
                row[member] = self._reference(ctx, member, ident)
        self._places(ctx, row)
        self._external_status(ctx, body)
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        row["_deleted"] = True
        self.of(ctx).save(row)
        ctx.event(10600, "normal", f"Event list message {row['id']} was removed by User {ctx.identity.principal}.")

    @action("undelete", on_collection=True)
    def undelete(self, ctx, parents, body):
        """Show deleted alerts again; other events stay deleted, as on the real engine."""
        for row in self.of(ctx).by("severity", "alert"):
            if row.pop("_deleted", None):
                self.of(ctx).save(row)
        ctx.event(10608, "normal", f"All alerts were displayed. (User: {ctx.identity.principal})")

    @staticmethod
    def _reference(ctx, member, ident):
        known = ctx.row(member, ident.lower())
        return {"id": ident.lower(), "name": known["name"]} if known else {"id": ident.lower()}

    def _places(self, ctx, row):
        """What the engine adds: the cluster of a host or a machine, the template of a machine, the data center of a storage domain."""
        of = {member: ctx.row(member, row[member]["id"]) or {} for member in ("host", "vm", "storage_domain") if member in row}
        found = {"cluster": ((of.get("host") or of.get("vm") or {}).get("cluster") or {}).get("id"),
                 "template": (of.get("vm", {}).get("template") or {}).get("id"), "data_center": of.get("storage_domain", {}).get("_pool")}
        for member, ident in found.items():
            if ident and member not in row:
                row[member] = self._reference(ctx, member, ident)

    @staticmethod
    def _external_status(ctx, body):
        for member in ("host", "storage_domain"):
            given = body.get(member) or {}
            known = ctx.row(member, (given.get("id") or "").lower())
            if known is not None and "external_status" in given:
                known["external_status"] = given["external_status"]
                ctx.table(member).save(known)
