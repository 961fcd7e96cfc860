"""/clusters/C/affinitygroups with their machines, hosts and labels."""

from __future__ import annotations

import re

from .. import errors
from ..rules import affinity, places
from ..rules.refusals import Command
from .base import UUID, Collection, Created

ADD = Command("add", "Affinity Group")
EDIT = Command("edit", "Affinity Group")
NAME = re.compile(r"[\w.-]+")
LONGEST_NAME = 255
PRECISION = 1000
# Member of the group -> (table, what refusals call it).
MEMBERS = {"vms": ("vm", "VM"), "hosts": ("host", "VDS"), "vm_labels": ("affinity_label", "label"), "host_labels": ("affinity_label", "label")}
PLACES = ("clusters/{cluster}/affinitygroups", "datacenters/{data_center}/clusters/{cluster}/affinitygroups")


def group_of(ctx, ident):
    """The group of an id, whichever cluster the path names; the engine stumbles over one that is not there."""
    if not UUID.fullmatch(ident):
        raise errors.not_found()
    found = ctx.row("affinity_group", ident.lower())
    if found is None:
        raise errors.fault(400, 'cannot invoke "org.ovirt.engine.core.common.scheduling.affinitygroup.getvmlabels()" because "ag" is null')
    return found


def check(ctx, group, command):
    """Are the members there, in the group's cluster, and each but once?"""
    for member, (table, word) in MEMBERS.items():
        idents = [one["id"] for one in group[member]]
        for ident in idents:
            row = ctx.row(table, ident)
            if row is None:
                raise command.refuses(400, f"Provided {word} is invalid (does not exist).")
            if table != "affinity_label" and row["cluster"]["id"] != group["cluster"]["id"]:
                raise command.refuses(400, f"Provided {word} resides in another Cluster.")
        if len(idents) != len(set(idents)):
            raise command.refuses(400, f"Duplicate {word}.")


class AffinityGroups(Collection):
    type = "affinity_group"
    paths = PLACES
    links = ("vms", "hosts", "vmlabels", "hostlabels")

    def rows(self, ctx, parents):
        return self.of(ctx).by("cluster.id", parents["cluster"])

    def find(self, ctx, ident, parents):
        return group_of(ctx, ident)

    def present(self, ctx, row, rep):
        rep["enforcing"] = row["vms_rule"]["enforcing"]
        if row["vms_rule"]["enabled"]:
            rep["positive"] = row["vms_rule"]["positive"]
        if not rep.get("description"):
            rep.pop("description", None)
        for member, (table, _word) in MEMBERS.items():
            rep[member] = [{"id": one["id"], "href": ctx.href(table, one["id"])} for one in row[member] if ctx.row(table, one["id"]) is not None]

    def add(self, ctx, body, parents):
        rule = {"enabled": False, "enforcing": False, "positive": False}
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description"), "cluster": {"id": parents["cluster"].lower()}, "broken": False,
               "priority": 1, "vms_rule": dict(rule), "hosts_rule": dict(rule), "vms": [], "hosts": [], "vm_labels": [], "host_labels": []}
        self._take(row, body)
        self._violations(row, ADD)
        if any(one["name"] == row["name"] for one in self.of(ctx)):
            raise ADD.refuses(400, "Affinity Group name already exists.")
        if ctx.row("cluster", row["cluster"]["id"]) is None:
            raise ADD.refuses(400, "Provided Cluster is invalid.")
        check(ctx, row, ADD)
        affinity.check_conflicts(ctx, row)
        self.of(ctx).save(row)
        self.event(ctx, 10350, row, "added")
        return row

    def update(self, ctx, row, body):
        wanted = {**row, "name": body.get("name", row["name"]), "description": body.get("description", row.get("description")),
                  "vms_rule": dict(row["vms_rule"]), "hosts_rule": dict(row["hosts_rule"])}
        self._take(wanted, body)
        self._violations(wanted, EDIT)
        cluster = (body.get("cluster") or {}).get("id")
        if cluster is not None and cluster.lower() != row["cluster"]["id"]:
            raise EDIT.refuses(400, "Cannot change Cluster for Affinity Group.")
        if wanted["name"] != row["name"] and any(one["name"] == wanted["name"] for one in self.of(ctx)):
            raise EDIT.refuses(400, "Affinity Group name already exists.")
        check(ctx, wanted, EDIT)
        affinity.check_conflicts(ctx, wanted)
        row.update(wanted)
        self.event(ctx, 10352, row, "updated")
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])
        self.event(ctx, 10354, row, "removed")

    # -- parts

    @staticmethod
    def event(ctx, code, row, what):
        ctx.event(code, "normal", f"Affinity Group {row['name']} was {what}. (User: {ctx.identity.principal})",
                  cluster=ctx.row("cluster", row["cluster"]["id"]))

    @staticmethod
    def _take(row, body):
        if "priority" in body:
            priority = round(body["priority"] * PRECISION) / PRECISION
            row["priority"] = int(priority) if priority == int(priority) else priority
        for name in ("hosts_rule", "vms_rule"):
            rule = body.get(name)
            if rule is None:
                continue
            if rule.get("enabled") is False:
                row[name].update({"enabled": False, "positive": False})
            elif "positive" in rule:
                row[name].update({"enabled": True, "positive": rule["positive"]})
            if "enforcing" in rule:
                row[name]["enforcing"] = rule["enforcing"]
        if "vms_rule" not in body:
            if "positive" in body:
                row["vms_rule"].update({"enabled": True, "positive": body["positive"]})
            if "enforcing" in body:
                row["vms_rule"]["enforcing"] = body["enforcing"]
        for member in MEMBERS:
            if member in body:
                row[member] = [{"id": one["id"].lower()} for one in body[member] if one.get("id")]

    @staticmethod
    def _violations(row, command):
        if not 1 <= len(row["name"]) <= LONGEST_NAME:
            raise errors.refused(400, places.violation(f"Cannot {command.action} Affinity Group. Name field input is too long.", "affinityGroup.name"))
        if not NAME.fullmatch(row["name"]):
            raise errors.refused(400, places.violation(f"Cannot {command.action} Affinity Group. Name field is invalid.", "affinityGroup.name"))


class Members(Collection):
    """One kind of members of a group."""

    member = ""
    word = ""      # what refusals call it
    missing = ""   # the refusal of one that is not there

    def rows(self, ctx, parents):
        table = MEMBERS[self.member][0]
        found = (ctx.row(table, one["id"]) for one in group_of(ctx, parents["group"])[self.member])
        return [row for row in found if row is not None]

    def render(self, ctx, row, parents=None):
        home = ctx.engine.services.of_type(self.type)
        return {"id": row["id"], "name": row["name"], "href": home.stub(ctx, row)["href"]}

    def add(self, ctx, body, parents):
        group = self._group(ctx, parents["group"])
        ident = self._ident(ctx, body)
        self._check(ctx, ident)
        if any(one["id"] == ident for one in group[self.member]):
            raise EDIT.refuses(400, f"Duplicate {self.word}.")
        group[self.member] = [*group[self.member], {"id": ident}]
        self._changed(ctx, group)
        if self.member == "vms":
            return Created({"id": ident}, status=200, rep=body)
        return Created({"id": ident}, status=200, rep={"status": "complete"}, kind="action")

    def find(self, ctx, ident, parents):
        return {"id": places.uuid(ident), "_group": parents["group"]}

    def remove(self, ctx, row):
        group = self._group(ctx, row["_group"])
        self._check(ctx, row["id"])
        kept = [one for one in group[self.member] if one["id"] != row["id"]]
        # The engine looks for a label among the machines, so it never finds one.
        if len(kept) == len(group[self.member]) or self.word == "LABEL":
            raise EDIT.refuses(400, f"Provided {self.word} is invalid (does not exist).")
        group[self.member] = kept
        self._changed(ctx, group)

    @staticmethod
    def _group(ctx, ident):
        if not UUID.fullmatch(ident):
            raise errors.not_found()
        group = ctx.row("affinity_group", ident.lower())
        if group is None:
            raise EDIT.refuses(400, "No matching Affinity Group.")
        return group

    def _ident(self, ctx, body):
        """The id a body names; only hosts are found by name."""
        if body.get("id") is not None:
            return places.uuid(body["id"])
        if self.member != "hosts":
            raise errors.html(500, "ERROR", "")
        named = ctx.table("host").named(body.get("name") or "")
        if named is None:
            raise errors.entity_not_found(str(body.get("name")))
        return named["id"]

    def _check(self, ctx, ident):
        if ctx.row(MEMBERS[self.member][0], ident) is None:
            raise EDIT.refuses(400, self.missing) if self.member == "hosts" else errors.refused(400, self.missing)

    @staticmethod
    def _changed(ctx, group):
        ctx.table("affinity_group").save(group)
        AffinityGroups.event(ctx, 10352, group, "updated")


class GroupVms(Members):
    type = "vm"
    member = "vms"
    word = "VM"
    missing = "The selected VM does not exist."
    paths = tuple(f"{place}/{{group}}/vms" for place in PLACES)


class GroupHosts(Members):
    type = "host"
    member = "hosts"
    word = "VDS"
    missing = "Host does not exist."
    paths = tuple(f"{place}/{{group}}/hosts" for place in PLACES)


class GroupVmLabels(Members):
    type = "affinity_label"
    member = "vm_labels"
    word = "LABEL"
    missing = "Affinity label does not exist."
    paths = tuple(f"{place}/{{group}}/vmlabels" for place in PLACES)


class GroupHostLabels(Members):
    type = "affinity_label"
    member = "host_labels"
    word = "LABEL"
    missing = "Affinity label does not exist."
    paths = tuple(f"{place}/{{group}}/hostlabels" for place in PLACES)
