"""/schedulingpolicies with their filters, weights and balances, and /schedulingpolicyunits."""

from __future__ import annotations

from .. import errors
from ..rules import levels, places, policies
from ..rules.refusals import Command
from .base import Collection

ADD = Command("add", "Scheduling Policy")
EDIT = Command("edit", "Scheduling Policy")
REMOVE = Command("remove", "Scheduling Policy")
INVALID = "Parameters are invalid."


class SchedulingPolicies(Collection):
    type = "scheduling_policy"
    paths = ("schedulingpolicies",)
    links = ("filters", "weights", "balances")
    seed_rank = 5

    def seed(self, ctx):
        for one in levels.catalog()["policies"]:
            self.of(ctx).save({"id": one["id"], "name": one["name"], "default_policy": one["default"], "locked": True,
                               "properties": [{"name": name, "value": value} for name, value in one["properties"].items()],
                               "_parts": policies.built_in(one["name"])})

    def present(self, ctx, row, rep):
        for name in ("description", "properties"):
            if not rep.get(name):
                rep.pop(name, None)

    def add(self, ctx, body, parents):
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description"), "default_policy": False, "locked": False,
               "properties": body.get("properties") or [], "_parts": {"filters": [], "weights": [], "balances": []}}
        self._check(ctx, row, ADD)
        self.of(ctx).save(row)
        ctx.event(9910, "normal", f"Scheduling Policy {row['name']} was added. (User: {ctx.identity.principal})")
        return row

    def update(self, ctx, row, body):
        if row["locked"]:
            raise EDIT.refuses(400, INVALID)
        wanted = {**row, **{name: body[name] for name in ("name", "description", "properties", "default_policy") if name in body}}
        self._check(ctx, wanted, EDIT)
        if wanted["default_policy"] and not row["default_policy"]:
            for other in self.of(ctx):
                if other["default_policy"]:
                    other["default_policy"] = False
                    self.of(ctx).save(other)
        row.update(wanted)
        self.of(ctx).save(row)
        ctx.event(9912, "normal", f"Scheduling Policy {row['name']} was updated. (User: {ctx.identity.principal})")
        return row

    def remove(self, ctx, row):
        if row["locked"]:
            raise REMOVE.refuses(400, INVALID)
        users = [one["name"] for one in ctx.table("cluster").by("scheduling_policy.id", row["id"])]
        if users:
            raise REMOVE.refuses(400, f"Scheduling Policy is attached to cluster(s): {','.join(users)}, please unassign cluster(s).")
        self.of(ctx).remove(row["id"])
        ctx.event(9914, "normal", f"Scheduling Policy {row['name']} was removed. (User: {ctx.identity.principal})")

    def _check(self, ctx, row, command):
        if any(one["name"] == row["name"] and one["id"] != row["id"] for one in self.of(ctx)):
            raise command.refuses(400, "Name is in use.")
        policies.check(row["properties"] or [], policies.patterns(row), f"Cannot {command.action} Scheduling Policy")


class Parts(Collection):
    """Units of a policy; each kind is a list in the policy's row."""

    part = ""
    kind = ""
    refusal = ""

    def _policy(self, ctx, parents):
        return ctx.row("scheduling_policy", parents["policy"].lower())

    def rows(self, ctx, parents):
        policy = self._policy(ctx, parents)
        return [{**one, "_policy": policy["id"]} for one in policy["_parts"][self.part]] if policy is not None else []

    def find(self, ctx, ident, parents):
        found = next((one for one in self.rows(ctx, parents) if one["id"] == ident.lower()), None)
        if found is not None:
            return found
        if ctx.request is not None and ctx.request.method == "DELETE" and self._policy(ctx, parents) is not None:
            return {"id": ident.lower(), "_policy": parents["policy"].lower()}
        # Observed: the engine stumbles over a unit that the policy does not have.
        raise errors.html(500, "ERROR", "")

    def path_of(self, row):
        return f"/schedulingpolicies/{row['_policy']}/{self.part}/{row['id']}"

    def present(self, ctx, row, rep):
        rep["scheduling_policy_unit"] = {"id": row["id"], "href": f"{ctx.prefix}/schedulingpolicyunits/{row['id']}"}

    def add(self, ctx, body, parents):
        policy = self._policy(ctx, parents)
        if policy is None:
            raise errors.not_found()
        if policy["locked"]:
            raise EDIT.refuses(400, INVALID)
        ident = places.uuid(body["scheduling_policy_unit"]["id"])
        unit = ctx.row("scheduling_policy_unit", ident)
        parts = policy["_parts"][self.part]
        if unit is None:
            raise EDIT.refuses(400, "Policy unit is unknown.")
        if unit.get("type") != self.kind:
            raise EDIT.refuses(400, self.refusal)
        if any(one["id"] == ident for one in parts):
            raise EDIT.refuses(400, "policy unit already exists in Scheduling Policy.")
        row = {"id": ident, **self._details(body)}
        policy["_parts"][self.part] = ([] if self.part == "balances" else parts) + [row]
        ctx.table("scheduling_policy").save(policy)
        return {**row, "_policy": policy["id"]}

    def remove(self, ctx, row):
        policy = ctx.row("scheduling_policy", row["_policy"])
        if policy["locked"]:
            raise EDIT.refuses(400, INVALID)
        policy["_parts"][self.part] = [one for one in policy["_parts"][self.part] if one["id"] != row["id"]]
        ctx.table("scheduling_policy").save(policy)

    @staticmethod
    def _details(body):
        return {}


class Filters(Parts):
    type = "filter"
    paths = ("schedulingpolicies/{policy}/filters",)
    part = "filters"
    kind = "filter"
    refusal = "Policy unit doesn't implement Filtering."

    @staticmethod
    def _details(body):
        return {"position": body.get("position", 0)}


class Weights(Parts):
    type = "weight"
    paths = ("schedulingpolicies/{policy}/weights",)
    part = "weights"
    kind = "weight"
    refusal = "Policy unit doesn't implement score function."

    @staticmethod
    def _details(body):
        factor = body.get("factor", 1)
        if factor < 0:
            raise EDIT.refuses(400, "Function factor cannot be negative.")
        return {"factor": factor}


class Balances(Parts):
    type = "balance"
    paths = ("schedulingpolicies/{policy}/balances",)
    part = "balances"
    kind = "load_balancing"
    refusal = "Policy unit doesn't implement load balancing logic."


class SchedulingPolicyUnits(Collection):
    type = "scheduling_policy_unit"
    paths = ("schedulingpolicyunits",)
    seed_rank = 5

    def seed(self, ctx):
        for one in levels.catalog()["policy_units"]:
            self.of(ctx).save({"id": one["id"], "name": one["name"], "description": one["description"], "enabled": True, "internal": True, "type": one["type"],
                               "properties": [{"name": name, "value": value} for name, value in one["properties"].items()] or None})

    def remove(self, ctx, row):
        users = [policy["name"] for policy in ctx.table("scheduling_policy")
                 if any(one["id"] == row["id"] for part in policy["_parts"].values() for one in part)]
        if users:
            raise Command("remove", "Policy Unit").refuses(409, f"Policy unit is attached to the following cluster policies: {','.join(users)}.")
        raise Command("remove", "Policy Unit").refuses(400, INVALID)
