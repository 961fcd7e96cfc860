"""Quotas of a data center and their limits for clusters and for storage."""

from __future__ import annotations

from .. import errors
from ..rules import quota as rules
from .base import UUID, Collection, Created

PERCENTAGES = {"cluster_hard_limit_pct": ("graceClusterPercentage", 20), "cluster_soft_limit_pct": ("thresholdClusterPercentage", 80),
               "storage_hard_limit_pct": ("graceStoragePercentage", 20), "storage_soft_limit_pct": ("thresholdStoragePercentage", 80)}
LONGEST_NAME = 65
DEFAULT = "Default quota cannot be changed."
MIXED = ("Limitation can not be configured as specific and general for the same Quota. Please choose whether the limitation should be enforced on the Data "
         "Center (global) or for specific storage domain or cluster.")


def percentages(body, names):
    """Percentages as they are kept: the engine takes 0 for not said."""
    return {name: body.get(name) or PERCENTAGES[name][1] for name in names}


class Quotas(Collection):
    type = "quota"
    paths = ("datacenters/{data_center}/quotas",)
    links = ("permissions", "quotastoragelimits", "quotaclusterlimits")

    def find(self, ctx, ident, parents):
        # As observed: a quota is found below any data center.
        return super().find(ctx, ident, {})

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("Quota", ["name"], "add")
        center = ctx.row("data_center", parents["data_center"].lower())
        if center is None:
            raise errors.refused(400, "Internal Engine Error")
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description", ""), "data_center": {"id": center["id"]},
               **percentages(body, PERCENTAGES)}
        self._check(ctx, row, "add")
        ctx.event(3000, "normal", f"Quota {row['name']} has been added by {ctx.identity.principal}.", data_center=center)
        return self.of(ctx).save(row)

    def update(self, ctx, row, body):
        if row.get("_default"):
            raise errors.refused(400, f"Cannot edit Quota. {DEFAULT}")
        told = {name: body[name] for name in ("name", "description") if name in body}
        wanted = {**row, **told, **percentages(body, [name for name in PERCENTAGES if name in body])}
        self._check(ctx, wanted, "edit")
        row.update(wanted)
        changed(ctx, row)
        return row

    def remove(self, ctx, row):
        if row.get("_default"):
            raise errors.refused(400, f"Cannot remove Quota. {DEFAULT}")
        center = ctx.row("data_center", row["data_center"]["id"])
        if center is not None and center["quota_mode"] != "disabled" and rules.in_use(ctx, row):
            raise errors.refused(409, "Cannot remove Quota. Quota is still in use by a VM or a disk and Data Center's Quota enforcement is enabled.")
        for table in ("vm", "disk", "template"):
            for one in ctx.table(table).by("quota.id", row["id"]):
                one.pop("quota")
                ctx.table(table).save(one)
        self.of(ctx).remove(row["id"])
        ctx.event(3004, "normal", f"Quota {row['name']} has been deleted by {ctx.identity.principal}.", data_center=center)

    def _check(self, ctx, row, verb):
        for name, (java, _default) in PERCENTAGES.items():
            if row[name] < 0:
                raise errors.refused(400, "must be greater than or equal to 0", f"Attribute: quota.{java}")
            if row[name] > 100:
                raise errors.refused(400, "must be less than or equal to 100", f"Attribute: quota.{java}")
        if not 1 <= len(row["name"]) <= LONGEST_NAME:
            raise errors.refused(400, f"size must be between 1 and {LONGEST_NAME}", "Attribute: quota.quotaName")
        for other in self.of(ctx).by("data_center.id", row["data_center"]["id"]):
            if other["name"] == row["name"] and other["id"] != row["id"]:
                raise errors.refused(409, f"Cannot {verb} Quota. The Quota name is already in use, please choose a unique name and try again.")


def changed(ctx, quota):
    """Save a changed quota; a side that has no limit left is unlimited again."""
    for side, unlimited in rules.UNLIMITED.items():
        if side in quota and not quota[side]:
            quota[side] = {rules.GLOBAL: dict(unlimited)}
    ctx.table("quota").save(quota)
    ctx.event(3002, "normal", f"Quota {quota['name']} has been updated by {ctx.identity.principal}.",
              data_center=ctx.row("data_center", quota["data_center"]["id"]))


class Limits(Collection):
    """One side of a quota; the id of a limit is that of what it is for, or the quota's when it is for everything."""

    table = "quota"
    side = ""
    member = ""                     # what a specific limit is for
    path = ""

    def rows(self, ctx, parents):
        quota = self._quota(ctx, parents)
        found = rules.limits(quota, self.side)
        if rules.GLOBAL in found:
            found = {rules.GLOBAL: found[rules.GLOBAL]} if None not in found[rules.GLOBAL].values() else {}
        return [{"id": quota["id"] if name == rules.GLOBAL else name, "_quota": quota["id"], "_limit": limit} for name, limit in found.items()]

    def find(self, ctx, ident, parents):
        if not UUID.fullmatch(ident):
            raise errors.not_found()
        quota, ident = self._quota(ctx, parents), ident.lower()
        known = next((one for one in self.rows(ctx, parents) if one["id"] == ident), None)
        if known is not None:
            return known
        if ident == quota["id"] and (ctx.request is None or ctx.request.method == "GET"):
            raise errors.fault(500, None)
        # As observed: a limit that is not there is answered with its id alone.
        return {"id": ident, "_quota": quota["id"], "_limit": None}

    def render(self, ctx, row, parents=None):
        limit = row["_limit"]
        if limit is None:
            return {"id": row["id"]}
        quota = ctx.row("quota", row["_quota"])
        home = f"{ctx.prefix}/datacenters/{quota['data_center']['id']}/quotas/{quota['id']}"
        rep = {"id": row["id"], **self._values(ctx, quota, row, limit), "quota": {"id": quota["id"], "href": home}, "href": f"{home}/{self.path}/{row['id']}"}
        if row["id"] != quota["id"]:
            rep[self.member] = {"id": row["id"], "href": f"{ctx.prefix}/{self.engine.services.of_type(self.member).paths[0]}/{row['id']}"}
        return rep

    def add(self, ctx, body, parents):
        quota = self._quota(ctx, parents)
        if quota.get("_default"):
            raise errors.refused(400, f"Cannot edit Quota. {DEFAULT}")
        target = (body.get(self.member) or {}).get("id")
        if target is not None and not UUID.fullmatch(target):
            raise errors.fault(400, f"Invalid UUID string: {target}", "Operation failed")
        found = dict(rules.limits(quota, self.side))
        whole = found.get(rules.GLOBAL)
        if whole is not None and None in whole.values():
            del found[rules.GLOBAL]
        name = target.lower() if target is not None else rules.GLOBAL
        if any((other == rules.GLOBAL) != (name == rules.GLOBAL) for other in found):
            raise errors.refused(409, f"Cannot edit Quota. {MIXED}")
        if target is not None and ctx.row(self.member, target.lower()) is None:
            raise errors.refused(400, "Internal Engine Error")
        found[name] = self._limit(body)
        quota[self.side] = found
        changed(ctx, quota)
        if name == rules.GLOBAL and None in found[name].values():
            # As observed: the limit is kept, but the engine cannot read it any more.
            raise errors.fault(500, None)
        row = {"id": quota["id"] if name == rules.GLOBAL else name, "_quota": quota["id"], "_limit": found[name]}
        return Created(row, status=200, rep=self.render(ctx, row))

    def remove(self, ctx, row):
        quota = ctx.row("quota", row["_quota"])
        if row["_limit"] is None:
            raise errors.not_found()
        if quota.get("_default"):
            raise errors.refused(400, f"Cannot edit Quota. {DEFAULT}")
        found = dict(rules.limits(quota, self.side))
        del found[rules.GLOBAL if row["id"] == quota["id"] else row["id"]]
        quota[self.side] = found
        changed(ctx, quota)

    @staticmethod
    def _quota(ctx, parents):
        ident = parents["quota"].lower()
        quota = ctx.row("quota", ident)
        if quota is None:
            raise errors.entity_not_found(ident)
        return quota


class QuotaClusterLimits(Limits):
    type = "quota_cluster_limit"
    paths = ("datacenters/{data_center}/quotas/{quota}/quotaclusterlimits",)
    side = "_cluster"
    member = "cluster"
    path = "quotaclusterlimits"

    @staticmethod
    def _limit(body):
        memory = body.get("memory_limit")
        return {"vcpu": body.get("vcpu_limit"), "memory": None if memory is None else -1 if memory < 0 else int(memory * 1024)}

    @staticmethod
    def _values(ctx, quota, row, limit):
        used = rules.cluster_usage(ctx, quota, None if row["id"] == quota["id"] else row["id"])
        values = {"memory_usage": used[1] / 1024, "vcpu_usage": used[0]}
        if limit["memory"] is not None:
            values["memory_limit"] = -1.0 if limit["memory"] == -1 else limit["memory"] / 1024
        if limit["vcpu"] is not None:
            values["vcpu_limit"] = limit["vcpu"]
        return values


class QuotaStorageLimits(Limits):
    type = "quota_storage_limit"
    paths = ("datacenters/{data_center}/quotas/{quota}/quotastoragelimits",)
    side = "_storage"
    member = "storage_domain"
    path = "quotastoragelimits"

    @staticmethod
    def _limit(body):
        return {"size": body.get("limit")}

    @staticmethod
    def _values(ctx, quota, row, limit):
        values = {"usage": rules.storage_usage(ctx, quota, None if row["id"] == quota["id"] else row["id"])}
        if limit["size"] is not None:
            values["limit"] = limit["size"]
        return values
