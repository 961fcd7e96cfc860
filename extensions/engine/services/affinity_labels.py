"""/affinitylabels with the machines and hosts that carry them, also from the machine's and the host's side."""

from __future__ import annotations

from .. import errors
from ..rules import places
from .base import UUID, Collection, Created

READ_ONLY = "Cannot change read-only affinity label."


class AffinityLabels(Collection):
    type = "affinity_label"
    paths: tuple[str, ...] = ("affinitylabels",)
    links = ("hosts", "vms")

    def find(self, ctx, ident, parents):
        if ctx.request is not None and ctx.request.method == "DELETE" and UUID.fullmatch(ident) and self.of(ctx).get(ident.lower()) is None:
            raise errors.refused(400, "Affinity label does not exist.")
        return super().find(ctx, ident, parents)

    def add(self, ctx, body, parents):
        if not body.get("name"):
            raise errors.incomplete("AffinityLabel", ["name"], "add")
        self._check_name(ctx, body["name"], None)
        if body.get("read_only"):
            raise errors.refused(409, READ_ONLY)
        row = {"id": ctx.new_id(), "name": body["name"], "read_only": body.get("read_only", False),
               "has_implicit_affinity_group": body.get("has_implicit_affinity_group", False),
               "_vms": [one["id"].lower() for one in body.get("vms") or [] if one.get("id")],
               "_hosts": [one["id"].lower() for one in body.get("hosts") or [] if one.get("id")]}
        self.of(ctx).save(row)
        ctx.event(10380, "normal", f"Affinity Label {row['name']} was added. (User: {ctx.identity.principal})")
        return row

    def update(self, ctx, row, body):
        if row["read_only"]:
            raise errors.refused(409, READ_ONLY)
        if "name" in body:
            self._check_name(ctx, body["name"], row)
        # As observed: whether there is an implicit group is decided when a label is made, and a change of it is answered with 200.
        row.update({name: body[name] for name in ("name", "read_only") if name in body})
        ctx.event(10382, "normal", f"Affinity Label {row['name']} was updated. (User: {ctx.identity.principal})")
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        if row["read_only"]:
            raise errors.refused(409, READ_ONLY)
        if any(ctx.row("vm", one) for one in row["_vms"]) or any(ctx.row("host", one) for one in row["_hosts"]):
            raise errors.refused(409, "Cannot delete affinity label, remove it from all entities first.")
        self.of(ctx).remove(row["id"])
        ctx.event(10384, "normal", f"Affinity Label {row['name']} was removed. (User: {ctx.identity.principal})")

    def _check_name(self, ctx, name, row):
        if not places.NAME.fullmatch(name):
            raise errors.refused(400, places.violation("The name for affinity label is invalid. Only letters, numbers, '-', and '_' are valid characters.",
                                                       "label.name"))
        if any(one["name"] == name and one is not row for one in self.of(ctx)):
            raise errors.refused(409, "Cannot add affinity label with a conflicting NAME.")


class Carriers(Collection):
    """What carries a label; ``member`` is the private list of the label's row."""

    member = ""

    def _label(self, ctx, parents):
        found = ctx.row("affinity_label", parents["label"].lower())
        if found is None:
            raise errors.not_found()
        return found

    def rows(self, ctx, parents):
        return [{"id": one} for one in self._label(ctx, parents)[self.member] if ctx.row(self.type, one) is not None]

    def find(self, ctx, ident, parents):
        label = self._label(ctx, parents)
        if ident.lower() not in label[self.member]:
            raise errors.not_found()
        return {"id": ident.lower(), "_label": label["id"]}

    def render(self, ctx, row, parents=None):
        return {"id": row["id"], "href": ctx.href(self.type, row["id"])}

    def add(self, ctx, body, parents):
        if not body.get("id"):
            raise errors.incomplete(self.type.capitalize(), ["id"], "add")
        label = self._label(ctx, parents)
        ident = places.uuid(body["id"])
        attach(ctx, label, self.member, self.type, ident)
        return Created({"id": ident}, status=200)

    def remove(self, ctx, row):
        label = ctx.row("affinity_label", row["_label"])
        label[self.member] = [one for one in label[self.member] if one != row["id"]]
        ctx.table("affinity_label").save(label)


def attach(ctx, label, member, table, ident):
    if ctx.row(table, ident) is None:
        raise errors.refused(400, "Internal Engine Error")
    if ident not in label[member]:
        label[member] = [*label[member], ident]
        ctx.table("affinity_label").save(label)


class LabelVms(Carriers):
    type = "vm"
    paths = ("affinitylabels/{label}/vms",)
    member = "_vms"


class LabelHosts(Carriers):
    type = "host"
    paths = ("affinitylabels/{label}/hosts",)
    member = "_hosts"


class AssignedLabels(AffinityLabels):
    """The labels of one machine or host."""

    paths = ("vms/{vm}/affinitylabels", "hosts/{host}/affinitylabels")
    table = "affinity_label"

    @staticmethod
    def _carrier(parents):
        (kind, ident), = parents.items()
        return kind, f"_{kind}s", ident.lower()

    def rows(self, ctx, parents):
        _kind, member, ident = self._carrier(parents)
        return [row for row in self.of(ctx) if ident in row[member]]

    def find(self, ctx, ident, parents):
        _kind, member, carrier = self._carrier(parents)
        found = self.of(ctx).get(ident.lower())
        if found is None or carrier not in found[member]:
            raise errors.not_found()
        return {**found, "_carrier": (member, carrier)}

    def path_of(self, row):
        return f"/affinitylabels/{row['id']}"

    def add(self, ctx, body, parents):
        if not body.get("id"):
            raise errors.incomplete("AffinityLabel", ["id"], "add")
        kind, member, carrier = self._carrier(parents)
        label = self.of(ctx).get(places.uuid(body["id"]))
        if label is None:
            raise errors.not_found()
        attach(ctx, label, member, kind, carrier)
        rep = self.render(ctx, label)
        rep.pop("link", None)
        return Created(label, rep=rep)

    def remove(self, ctx, row):
        member, carrier = row["_carrier"]
        label = self.of(ctx).get(row["id"])
        label[member] = [one for one in label[member] if one != carrier]
        self.of(ctx).save(label)
