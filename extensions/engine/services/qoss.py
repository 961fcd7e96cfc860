"""/datacenters/D/qoss."""

from __future__ import annotations

from .. import errors
from ..rules import places
from ..rules.refusals import Command
from .base import Collection

ADD = Command("add", "QoS")
EDIT = Command("edit", "QoS")
MEMBERS = {
    "storage": ("max_throughput", "max_read_throughput", "max_write_throughput", "max_iops", "max_read_iops", "max_write_iops"),
    "cpu": ("cpu_limit",),
    "network": ("inbound_average", "inbound_peak", "inbound_burst", "outbound_average", "outbound_peak", "outbound_burst"),
    "hostnetwork": ("outbound_average_linkshare", "outbound_average_upperlimit", "outbound_average_realtime"),
}
# Member -> (field as violations name it, lowest and highest value).
RANGES = {
    "max_throughput": ("maxThroughput", 0, 2147483647), "max_read_throughput": ("maxReadThroughput", 0, 2147483647),
    "max_write_throughput": ("maxWriteThroughput", 0, 2147483647), "max_iops": ("maxIops", 0, 1000000), "max_read_iops": ("maxReadIops", 0, 1000000),
    "max_write_iops": ("maxWriteIops", 0, 1000000), "cpu_limit": ("cpuLimit", 1, 100),
}


class Qoss(Collection):
    type = "qos"
    paths = ("datacenters/{data_center}/qoss",)

    def present(self, ctx, row, rep):
        if not rep.get("description"):
            rep.pop("description", None)

    def add(self, ctx, body, parents):
        if not body["name"]:
            raise errors.incomplete("Qos", ["name"], "add")
        data_center = ctx.row("data_center", parents["data_center"].lower())
        row = {"id": ctx.new_id(), "name": body["name"], "type": body["type"], "description": body.get("description"),
               "data_center": {"id": parents["data_center"].lower()}, **{name: body[name] for name in MEMBERS[body["type"]] if name in body}}
        self._violations(row, ADD)
        if data_center is None:
            raise ADD.refuses(400, "Invalid data center.")
        self._check(row, ADD)
        if any(one["name"] == row["name"] and one["type"] == row["type"] for one in self.of(ctx).by("data_center.id", data_center["id"])):
            raise ADD.refuses(400, "QoS element name already exists.")
        self.of(ctx).save(row)
        ctx.event(10110, "normal", f"QoS {row['name']} was added. (User: {ctx.identity.principal})", data_center=data_center)
        return row

    def update(self, ctx, row, body):
        if body.get("type", row["type"]) != row["type"]:
            # Observed: the engine maps the body to the other type and fails.
            raise errors.fault(500, None)
        wanted = {**row, **{name: body[name] for name in ("name", "description", *MEMBERS[row["type"]]) if name in body}}
        self._violations(wanted, EDIT)
        center = (body.get("data_center") or {}).get("id")
        if center is not None and center.lower() != row["data_center"]["id"]:
            raise EDIT.refuses(400, "Cannot change QoS data center.")
        self._check(wanted, EDIT)
        same = [one for one in self.of(ctx).by("data_center.id", row["data_center"]["id"]) if one["id"] != row["id"] and one["type"] == row["type"]]
        if wanted["name"] != row["name"] and any(one["name"] == wanted["name"] for one in same):
            raise EDIT.refuses(400, "QoS element name already exists.")
        row.update(wanted)
        ctx.event(10114, "normal", f"QoS {row['name']} was updated. (User: {ctx.identity.principal})")
        return self.of(ctx).save(row)

    def remove(self, ctx, row):
        for kind in ("cpu_profile", "disk_profile", "vnic_profile", "network"):
            for one in ctx.table(kind).by("qos.id", row["id"]):
                one["qos"] = None
                ctx.table(kind).save(one)
        self.of(ctx).remove(row["id"])
        ctx.event(10112, "normal", f"QoS {row['name']} was removed. (User: {ctx.identity.principal})")

    # -- parts

    @staticmethod
    def _violations(row, command):
        wrong = []
        for name, (field, lowest, highest) in RANGES.items():
            value = row.get(name)
            if value is not None and name in MEMBERS[row["type"]] and not lowest <= value <= highest:
                shown = places.violation(f"Cannot {command.action} QoS. Values are out of range\n(Legal range is: {lowest}-{highest}).", f"qos.{field}")
                # Observed: the range takes the place of the first of two messages, whose attribute stays.
                wrong += [f"Attribute: qos.{field}", shown]
        if wrong:
            raise errors.refused(400, *wrong)

    @staticmethod
    def _check(row, command):
        kind = row["type"]
        if kind == "storage":
            for what in ("throughput", "iops"):
                if row.get(f"max_{what}") and (row.get(f"max_read_{what}") or row.get(f"max_write_{what}")):
                    raise errors.refused(400, f"Cannot {command.action} QoS.\nQoS have non-zero total value with non-zero read/write for either "
                                              "throughput or IOps "
                                              "or both.")
        elif kind == "cpu" and row.get("cpu_limit") is None:
            raise command.refuses(400, "QoS element has missing values.")
        elif kind == "network":
            for way in ("inbound", "outbound"):
                average, peak, burst = (row.get(f"{way}_{name}") for name in ("average", "peak", "burst"))
                if {average, peak, burst} != {None} and None in (average, peak, burst):
                    raise command.refuses(400, "All three values are needed in order to define QoS on each network directions.")
                if peak is not None and peak < average:
                    raise command.refuses(400, "Peak cannot be set lower than Average.")
        elif kind == "hostnetwork":
            share, limit, rate = (row.get(name) for name in MEMBERS["hostnetwork"])
            if share is None:
                raise command.refuses(400, "Weighted share must be specified to complete QoS configuration.")
            if limit is not None and rate is not None and limit < rate:
                raise command.refuses(400, "If both are provided, rate limit must not be lower than committed rate.")
