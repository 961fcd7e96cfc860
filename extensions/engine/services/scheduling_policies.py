"""/schedulingpolicies with their filters, weights and balances, and /schedulingpolicyunits."""

from __future__ import annotations

from .. import errors
from ..rules import levels, places, policies
from ..rules.refusals import Command
from .base import Collection, Created

ADD = Command("add", "Scheduling Policy")
EDIT = Command("edit", "Scheduling Policy")
REMOVE = Command("remove", "Scheduling Policy")
INVALID = "Parameters are invalid."
# Lists of a policy, the kind of unit that belongs there, and the refusal of another.
PARTS = (("filters", "filter", "Policy unit doesn't implement Filtering."), ("weights", "weight", "Policy unit doesn't implement score function."),
         ("balances", "load_balancing", "Policy unit doesn't implement load balancing logic."))
ONE_FILTER = "Only a single filter can be selected as {}."


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
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description"), "default_policy": body.get("default_policy", False),
               "locked": False, "properties": body.get("properties") or [], "_parts": {"filters": [], "weights": [], "balances": []}}
        self.check(ctx, row, ADD)
        if row["default_policy"]:
            self._no_other_default(ctx)
        self.of(ctx).save(row)
        ctx.event(9910, "normal", f"Scheduling Policy {row['name']} was added. (User: {ctx.identity.principal})")
        return row

    def update(self, ctx, row, body):
        """As on a real engine what is refused stays in its memory, though not in what it keeps."""
        if row["locked"]:
            raise EDIT.refuses(400, INVALID)
        was_default = row["default_policy"]
        row.update({name: body[name] for name in ("name", "description", "properties", "default_policy") if name in body})
        self.check(ctx, row, EDIT)
        if row["default_policy"] and not was_default:
            self._no_other_default(ctx)
        self.of(ctx).save(row)
        ctx.event(9912, "normal", f"Scheduling Policy {row['name']} was updated. (User: {ctx.identity.principal})")
        return row

    def _no_other_default(self, ctx):
        for other in self.of(ctx):
            if other["default_policy"]:
                other["default_policy"] = False
                self.of(ctx).save(other)

    def remove(self, ctx, row):
        if row["locked"]:
            raise REMOVE.refuses(400, INVALID)
        users = [one["name"] for one in ctx.table("cluster").by("scheduling_policy.id", row["id"])]
        if users:
            raise REMOVE.refuses(400, f"Scheduling Policy is attached to cluster(s): {','.join(users)}, please unassign cluster(s).")
        self.of(ctx).remove(row["id"])
        ctx.event(9914, "normal", f"Scheduling Policy {row['name']} was removed. (User: {ctx.identity.principal})")

    def check(self, ctx, row, command):
        if any(one["name"] == row["name"] and one["id"] != row["id"] for one in self.of(ctx)):
            raise command.refuses(400, "Name is in use.")
        seen: set[str] = set()
        for part, kind, refusal in PARTS:
            for one in row["_parts"][part]:
                if one["id"] in seen and part != "balances":
                    raise command.refuses(400, "policy unit already exists in Scheduling Policy.")
                seen.add(one["id"])
                unit = ctx.row("scheduling_policy_unit", one["id"])
                if unit is None:
                    raise command.refuses(400, "Policy unit is unknown.")
                if unit.get("type") != kind:
                    raise command.refuses(400, refusal)
                if one.get("factor", 0) < 0:
                    raise command.refuses(400, "Function factor cannot be negative.")
            for position, text in ((-1, "first"), (1, "last")):
                if part == "filters" and sum(one.get("position") == position for one in row["_parts"][part]) > 1:
                    raise command.refuses(400, ONE_FILTER.format(text))
        policies.check(row["properties"] or [], policies.patterns(row), f"Cannot {command.action} Scheduling Policy")


class Parts(Collection):
    """Units of a policy; each kind is a list in the policy's row."""

    part = ""

    def _policy(self, ctx, parents):
        return ctx.row("scheduling_policy", parents["policy"].lower())

    def rows(self, ctx, parents):
        policy = self._policy(ctx, parents)
        return [{**one, "_policy": policy["id"]} for one in policy["_parts"][self.part]] if policy is not None else []

    def find(self, ctx, ident, parents):
        if ctx.request is not None and ctx.request.method == "DELETE" and self._policy(ctx, parents) is not None:
            return {"id": ident.lower(), "_policy": parents["policy"].lower()}
        # As observed: the engine stumbles over a unit alone, be it there or not.
        raise errors.html(500, "Error", "")

    def path_of(self, row):
        return f"/schedulingpolicies/{row['_policy']}/{self.part}/{row['id']}"

    def present(self, ctx, row, rep):
        rep.pop("href", None)
        rep["scheduling_policy_unit"] = {"id": row["id"], "href": f"{ctx.prefix}/schedulingpolicyunits/{row['id']}"}

    def add(self, ctx, body, parents):
        policy = self._policy(ctx, parents)
        if policy is None:
            raise errors.not_found()
        if policy["locked"]:
            raise EDIT.refuses(400, INVALID)
        row = {"id": places.uuid(body["scheduling_policy_unit"]["id"]), **self._details(body)}
        policy["_parts"][self.part] = ([] if self.part == "balances" else policy["_parts"][self.part]) + [row]
        ctx.engine.services.of_type("scheduling_policy").check(ctx, policy, EDIT)
        ctx.table("scheduling_policy").save(policy)
        return Created({**row, "_policy": policy["id"]}, status=200)

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

    @staticmethod
    def _details(body):
        return {"position": body.get("position", 0)}


class Weights(Parts):
    type = "weight"
    paths = ("schedulingpolicies/{policy}/weights",)
    part = "weights"

    @staticmethod
    def _details(body):
        return {"factor": body.get("factor", 1)}


class Balances(Parts):
    type = "balance"
    paths = ("schedulingpolicies/{policy}/balances",)
    part = "balances"


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
