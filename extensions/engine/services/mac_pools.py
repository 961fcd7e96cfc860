"""/macpools."""

from __future__ import annotations

from .. import errors
from ..rules import places
from ..rules.networking import DEFAULT_RANGE, FORMAT, MAC, number_of
from ..rules.refusals import Command
from .base import Collection
from .permissions import own

CREATE = Command("create", "MAC Pool")
EDIT = Command("edit", "MAC Pool")
REMOVE = Command("remove", "MAC Pool")
MULTICAST = 1 << 40


def spans(row):
    return [tuple(sorted((number_of(one["from"]), number_of(one["to"])))) for one in row["ranges"]]


def overlap(left, right):
    return left[0] <= right[1] and right[0] <= left[1]


class MacPools(Collection):
    type = "mac_pool"
    paths = ("macpools",)
    links = ("permissions",)
    seed_rank = 5

    def seed(self, ctx):
        first, last = DEFAULT_RANGE
        self.of(ctx).save({"id": ctx.new_id(), "name": "Default", "description": "Default MAC pool", "allow_duplicates": False, "default_pool": True,
                           "ranges": [{"from": first, "to": last}]})

    def present(self, ctx, row, rep):
        if not rep.get("description"):
            rep.pop("description", None)

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("MacPool", ["name"], "add")
        row = {"id": ctx.new_id(), "name": body["name"], "description": body.get("description"), "allow_duplicates": body.get("allow_duplicates", False),
               "default_pool": body.get("default_pool", False), "ranges": body["ranges"]}
        self._violations(row)
        if row["default_pool"]:
            raise CREATE.refuses(400, "Setting default MAC Pool is not supported.")
        self._check(ctx, row, CREATE)
        if all(first & MULTICAST for first, _last in spans(row)):
            raise errors.refused(400, "Error Initializing MAC Pool")
        self.of(ctx).save(row)
        own(ctx, "mac_pool", row["id"])
        ctx.event(10700, "normal", f"MAC Pool '{row['name']}' (id={row['id']}) was created. (User: {ctx.identity.principal})")
        return row

    def update(self, ctx, row, body):
        wanted = {**row, **{name: body[name] for name in ("name", "description", "allow_duplicates", "default_pool") if name in body}}
        if "ranges" in body:
            wanted["ranges"] = body["ranges"]
        self._violations(wanted)
        self._check(ctx, wanted, EDIT)
        if row["allow_duplicates"] and not wanted["allow_duplicates"] and self._duplicates(ctx, row):
            raise EDIT.refuses(409, "Cannot unset 'Allow Duplicates' when mac pool contains duplicate macs.")
        if wanted["default_pool"] != row["default_pool"]:
            raise EDIT.refuses(400, "Changing default MAC Pool is not supported.")
        row.update(wanted)
        self.of(ctx).save(row)
        ctx.event(10702, "normal", f"MAC Pool '{row['name']}' (id={row['id']}) was changed. (User: {ctx.identity.principal})")
        return row

    def remove(self, ctx, row):
        if row["default_pool"]:
            raise REMOVE.refuses(409, "Default MAC Pool cannot be removed.")
        users = [one["name"] for one in ctx.table("cluster").by("mac_pool.id", row["id"])]
        if users:
            listed = ",\n".join(f"\t{name}" for name in users)
            raise REMOVE.refuses(409, f"Several Clusters ({len(users)}) are using this MAC Pool:\n{listed}\n - Please remove it from all Clusters "
                                      "that are using "
                                      "it and try again.")
        self.of(ctx).remove(row["id"])
        ctx.event(10704, "normal", f"MAC Pool '{row['name']}' (id={row['id']}) was removed. (User: {ctx.identity.principal})")

    # -- parts

    @staticmethod
    def _violations(row):
        # As observed: the engine names the end of a range, whichever of the two is wrong.
        if not row["ranges"]:
            raise errors.refused(400, places.violation("MAC Pool must contain at least one MAC address range.", "macPool.ranges"))
        wrong = [places.violation(FORMAT, f"macPool.ranges[{position}].macTo") for position, one in enumerate(row["ranges"])
                 for name in ("from", "to") if not MAC.fullmatch(one.get(name) or "")]
        if wrong:
            raise errors.refused(400, *wrong)

    def _check(self, ctx, row, command):
        if any(one["name"] == row["name"] and one["id"] != row["id"] for one in self.of(ctx)):
            raise command.refuses(409, "The MAC Pool name is already in use, please choose a unique name and try again.")
        own = spans(row)
        if any(overlap(one, other) for position, one in enumerate(own) for other in own[position + 1:]):
            raise command.refuses(409, "MAC pool cannot contain overlapping ranges.")
        others = [one["name"] for one in self.of(ctx) if one["id"] != row["id"] and any(overlap(mine, theirs) for mine in own for theirs in spans(one))]
        if others:
            raise command.refuses(409, f"MAC pool cannot contain ranges which overlap with ranges in MAC pools: {', '.join(repr(name) for name in others)}")

    @staticmethod
    def _duplicates(ctx, row):
        seen = [nic["mac"]["address"].lower() for cluster in ctx.table("cluster").by("mac_pool.id", row["id"])
                for vm in ctx.table("vm").by("cluster.id", cluster["id"]) for nic in ctx.table("nic").by("vm.id", vm["id"]) if nic.get("mac")]
        return len(seen) != len(set(seen))
