"""Volumes of Gluster in a cluster, their bricks, and hooks.

A volume needs a host that is up in a cluster with the Gluster service; what a task of Gluster does (rebalancing, removing bricks) is over at once here.
"""

from __future__ import annotations

from .. import errors, search
from .base import Collection, action

INVALID = "Gluster Volume is not valid."
VERBS = {"start": "start Gluster Volume", "stop": "stop Gluster Volume", "rebalance": "rebalance Gluster Volume",
         "stoprebalance": "stop rebalance Gluster Volume", "setoption": "set Gluster Volume Option", "resetoption": "reset Gluster Volume Option",
         "resetalloptions": "reset Gluster Volume Option", "startprofile": "start profiling Gluster Volume", "stopprofile": "stop profiling Gluster Volume"}
BRICKS = "Brick(s)"
DISPERSED = ("disperse", "distributed_disperse")


def up_server(ctx, cluster):
    """A host of the cluster that is up, None when there is none."""
    return next((host for host in ctx.table("host").by("cluster.id", cluster["id"]) if host["status"] == "up"), None)


def need_server(ctx, cluster, what):
    if up_server(ctx, cluster) is None:
        raise errors.refused(409, f"Cannot {what}. No up server found in {cluster['name']}.")


class GlusterVolumes(Collection):
    type = "gluster_volume"
    paths = ("clusters/{cluster}/glustervolumes", "datacenters/{data_center}/clusters/{cluster}/glustervolumes")
    parents = {"data_center": "_data_center"}
    links = ("glusterbricks", "statistics")

    def rows(self, ctx, parents):
        return self.of(ctx).by("cluster.id", parents["cluster"].lower())

    def listed(self, ctx, parents):
        # As on the real engine, a search is not held to the cluster.
        if ctx.parameter("search") is not None:
            return search.run(ctx, "glustervolumes", list(self.of(ctx)))
        return search.limited(ctx, self.rows(ctx, parents))

    def find(self, ctx, ident, parents):
        return super().find(ctx, ident, {"cluster": parents["cluster"].lower()})

    def unknown(self, ctx, verb, ident):
        if verb == "getprofilestatistics":
            return errors.fault(500, "Operation Failed")
        return errors.refused(400, f"Cannot {VERBS[verb]}. {INVALID}")

    def add(self, ctx, body, parents):
        cluster = ctx.row("cluster", parents["cluster"].lower())
        if cluster is None:
            raise errors.not_found()
        what = "create Gluster Volume"
        need_server(ctx, cluster, what)
        if not cluster.get("gluster_service"):
            raise errors.refused(409, f"Cannot {what}. Cluster does not support Gluster service.")
        kind = body["volume_type"]
        if kind in DISPERSED:
            raise errors.refused(400, f"Cannot {what}. Creation of disperse volume is not supported.")
        if any(one["name"] == body["name"] for one in self.of(ctx).by("cluster.id", cluster["id"])):
            raise errors.refused(409, f"Cannot {what}. Volume name {body['name']} already exists.")
        row = {"id": ctx.new_id(), "name": body["name"], "volume_type": kind, "cluster": {"id": cluster["id"]}, "status": "down",
               "replica_count": body.get("replica_count", 0), "stripe_count": body.get("stripe_count", 0), "disperse_count": 0, "redundancy_count": 0,
               "transport_types": body.get("transport_types") or ["tcp"], "options": [dict(one) for one in body.get("options") or ()]}
        bricks = checked_bricks(ctx, cluster, body["bricks"], what)
        check_count(row, len(bricks), what)
        self.of(ctx).save(row)
        save_bricks(ctx, row, bricks)
        ctx.event(4000, "normal", f"Gluster Volume {row['name']} created on cluster {cluster['name']}.", cluster=cluster)
        return row

    def remove(self, ctx, row):
        cluster = self._cluster(ctx, row, "remove Gluster Volume")
        if row["status"] == "up":
            raise errors.refused(409, f"Cannot remove Gluster Volume. Gluster Volume {row['name']} is up.")
        for brick in ctx.table("gluster_brick").by("gluster_volume.id", row["id"]):
            ctx.table("gluster_brick").remove(brick["id"])
        self.of(ctx).remove(row["id"])
        ctx.event(4010, "normal", f"Gluster Volume {row['name']} deleted on cluster {cluster['name']}.", cluster=cluster)

    @action("start")
    def start(self, ctx, row, body):
        cluster = self._cluster(ctx, row, VERBS["start"])
        if row["status"] == "up" and not body.get("force"):
            raise errors.refused(409, f"Cannot start Gluster Volume. Gluster Volume {row['name']} already started.")
        self._status(ctx, row, "up")
        ctx.event(4004, "normal", f"Gluster Volume {row['name']} of cluster {cluster['name']} started.", cluster=cluster)

    @action("stop")
    def stop(self, ctx, row, body):
        cluster = self._cluster(ctx, row, VERBS["stop"])
        if row["status"] != "up":
            raise errors.refused(409, f"Cannot stop Gluster Volume. Gluster Volume {row['name']} already stopped.")
        self._status(ctx, row, "down")
        ctx.event(4006, "normal", f"Gluster Volume {row['name']} stopped on cluster {cluster['name']}.", cluster=cluster)

    @action("rebalance")
    def rebalance(self, ctx, row, body):
        cluster = self._cluster(ctx, row, VERBS["rebalance"])
        if not row["volume_type"].startswith("distribute"):
            raise errors.refused(400, "Cannot rebalance Gluster Volume. Gluster Volume is not distributed.")
        if len(ctx.table("gluster_brick").by("gluster_volume.id", row["id"])) == 1:
            raise errors.refused(409, "Cannot rebalance Gluster Volume. Gluster Volume has a single brick.")
        if row["status"] != "up":
            raise errors.refused(409, "Cannot rebalance Gluster Volume. Gluster Volume should be started.")
        ctx.event(4012, "normal", f"Gluster Volume {row['name']} rebalance started on cluster {cluster['name']}.", cluster=cluster)

    @action("stoprebalance")
    def stop_rebalance(self, ctx, row, body):
        cluster = self._cluster(ctx, row, VERBS["stoprebalance"])
        raise errors.refused(409, f"Cannot stop rebalance Gluster Volume. Rebalance is not running on the volume {row['name']} in cluster {cluster['name']}.")

    @action("setoption")
    def set_option(self, ctx, row, body):
        cluster, option = self._cluster(ctx, row, VERBS["setoption"]), body["option"]
        known = next((one for one in row["options"] if one["name"] == option["name"]), None)
        if known is None:
            row["options"].append({"name": option["name"], "value": option["value"]})
            ctx.event(4002, "normal", f"Volume Option {option['name']}={option['value']} set on {row['name']} of cluster {cluster['name']}.", cluster=cluster)
        else:
            before, known["value"] = known["value"], option["value"]
            ctx.event(4052, "normal", f"Volume Option {option['name']} changed to {option['value']} from {before} on {row['name']} of cluster "
                      f"{cluster['name']}.", cluster=cluster)
        self.of(ctx).save(row)

    @action("resetoption")
    def reset_option(self, ctx, row, body):
        cluster, name = self._cluster(ctx, row, VERBS["resetoption"]), body["option"]["name"]
        value = next((one.get("value") for one in row["options"] if one["name"] == name), "")
        row["options"] = [one for one in row["options"] if one["name"] != name]
        self.of(ctx).save(row)
        ctx.event(4008, "normal", f"Volume Option {name}={value} reset on {row['name']} of cluster {cluster['name']}.", cluster=cluster)

    @action("resetalloptions")
    def reset_all_options(self, ctx, row, body):
        cluster = self._cluster(ctx, row, VERBS["resetalloptions"])
        row["options"] = []
        self.of(ctx).save(row)
        ctx.event(4074, "normal", f"All Volume Options reset on {row['name']} of cluster {cluster['name']}.", cluster=cluster)

    @action("startprofile")
    def start_profile(self, ctx, row, body):
        cluster = self._cluster(ctx, row, VERBS["startprofile"])
        ctx.event(4022, "normal", f"Gluster Volume {row['name']} profiling started on cluster {cluster['name']}.", cluster=cluster)

    @action("stopprofile")
    def stop_profile(self, ctx, row, body):
        cluster = self._cluster(ctx, row, VERBS["stopprofile"])
        ctx.event(4024, "normal", f"Gluster Volume {row['name']} profiling stopped on cluster {cluster['name']}.", cluster=cluster)

    @action("getprofilestatistics")
    def profile_statistics(self, ctx, row, body):
        raise errors.fault(500, "Operation Failed")

    def _cluster(self, ctx, row, what):
        cluster = ctx.row("cluster", row["cluster"]["id"])
        need_server(ctx, cluster, what)
        return cluster

    def _status(self, ctx, row, status):
        row["status"] = status
        self.of(ctx).save(row)
        bricks = ctx.table("gluster_brick")
        for brick in bricks.by("gluster_volume.id", row["id"]):
            brick["status"] = status
            bricks.save(brick)


class GlusterBricks(Collection):
    type = "gluster_brick"
    paths = ("clusters/{cluster}/glustervolumes/{gluster_volume}/glusterbricks",
             "datacenters/{data_center}/clusters/{cluster}/glustervolumes/{gluster_volume}/glusterbricks")
    parents = {"cluster": "_cluster", "data_center": "_data_center"}
    links = ("statistics",)
    bare = ("migrate", "stopmigrate", "activate")

    def rows(self, ctx, parents):
        return self.of(ctx).by("gluster_volume.id", self._volume(ctx, parents)["id"])

    def find(self, ctx, ident, parents):
        return super().find(ctx, ident, {"gluster_volume": parents["gluster_volume"].lower()})

    def add(self, ctx, body, parents):
        for brick in body:
            absent = [name for name, member in (("serverId", "server_id"), ("brickDir", "brick_dir")) if not brick.get(member)]
            if absent:
                raise errors.incomplete("GlusterBrick", absent, "add")
        volume = self._valid(ctx, parents["gluster_volume"], "add")
        cluster = ctx.row("cluster", volume["cluster"]["id"])
        need_server(ctx, cluster, f"add {BRICKS}")
        if not body:
            raise errors.refused(400, f"Cannot add {BRICKS}. Bricks are required.")
        if volume["volume_type"] in DISPERSED:
            raise errors.refused(400, f"Cannot add {BRICKS}. Addition of bricks to disperse volume is not supported.")
        return save_bricks(ctx, volume, checked_bricks(ctx, cluster, body, f"add {BRICKS}"))

    def remove(self, ctx, row):
        volume = ctx.row("gluster_volume", row["gluster_volume"]["id"])
        need_server(ctx, ctx.row("cluster", volume["cluster"]["id"]), f"remove {BRICKS}")
        if len(self.of(ctx).by("gluster_volume.id", volume["id"])) == 1:
            raise errors.refused(409, f"Cannot remove {BRICKS}. Cannot remove all the bricks from a Volume.")
        self.of(ctx).remove(row["id"])

    @action("migrate", on_collection=True)
    def migrate(self, ctx, parents, body):
        self._named(body, "migrate")
        volume = self._valid(ctx, parents["gluster_volume"], "start removing")
        need_server(ctx, ctx.row("cluster", volume["cluster"]["id"]), f"start removing {BRICKS}")
        if len(body["bricks"]) >= len(self.of(ctx).by("gluster_volume.id", volume["id"])):
            raise errors.refused(409, f"Cannot start removing {BRICKS}. Cannot remove all the bricks from a Volume.")
        self._removing(ctx, volume, True)

    @action("stopmigrate", on_collection=True)
    def stop_migrate(self, ctx, parents, body):
        self._named(body, "stopMigrate")
        volume = self._valid(ctx, parents["gluster_volume"], "stop removing")
        if not volume.get("_removing"):
            raise errors.refused(409, f"Cannot stop removing {BRICKS}. Remove brick not started.")
        self._removing(ctx, volume, False)

    @action("activate", on_collection=True)
    def activate(self, ctx, parents, body):
        self._named(body, "activate")
        volume = ctx.row("gluster_volume", parents["gluster_volume"].lower())
        if volume is None:
            raise errors.entity_not_found("")
        if not volume.get("_removing"):
            raise errors.fault(409, None, "Brick(s) cannot be activated unless data migration is completed")
        self._removing(ctx, volume, False)

    @staticmethod
    def _removing(ctx, volume, started):
        volume["_removing"] = started
        ctx.table("gluster_volume").save(volume)

    @staticmethod
    def _named(body, verb):
        if "bricks" not in body:
            raise errors.incomplete("Action", ["bricks"], verb)
        if not all(one.get("name") for one in body["bricks"]):
            raise errors.fault(400, None, "Incomplete parameters")

    @staticmethod
    def _valid(ctx, ident, what):
        volume = ctx.row("gluster_volume", ident.lower())
        if volume is None:
            raise errors.refused(400, f"Cannot {what} {BRICKS}. {INVALID}")
        return volume

    @staticmethod
    def _volume(ctx, parents):
        volume = ctx.row("gluster_volume", parents["gluster_volume"].lower())
        if volume is None:
            raise errors.not_found()
        return volume


class GlusterHooks(Collection):
    """A cluster has hooks once its hosts tell of some; those here have none."""

    type = "gluster_hook"
    paths = ("clusters/{cluster}/glusterhooks", "datacenters/{data_center}/clusters/{cluster}/glusterhooks")
    parents = {"data_center": "_data_center"}

    def unknown(self, ctx, verb, ident):
        return errors.refused(500, "General command validation failure.")

    @action("enable")
    def enable(self, ctx, row, body):
        self._set(ctx, row, "enabled")

    @action("disable")
    def disable(self, ctx, row, body):
        self._set(ctx, row, "disabled")

    @action("resolve")
    def resolve_conflict(self, ctx, row, body):
        raise errors.refused(409, "Cannot resolve Gluster Hook. There are no conflicting servers to add or update hook.")

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])

    def _set(self, ctx, row, status):
        row["status"] = status
        self.of(ctx).save(row)


class GlusterStatistics(Collection):
    type = "statistic"
    table = "_gluster_statistic"
    paths = ("clusters/{cluster}/glustervolumes/{gluster_volume}/statistics",
             "clusters/{cluster}/glustervolumes/{gluster_volume}/glusterbricks/{gluster_brick}/statistics",
             "datacenters/{data_center}/clusters/{cluster}/glustervolumes/{gluster_volume}/statistics",
             "datacenters/{data_center}/clusters/{cluster}/glustervolumes/{gluster_volume}/glusterbricks/{gluster_brick}/statistics")

    def rows(self, ctx, parents):
        return []


def checked_bricks(ctx, cluster, bricks, what):
    """The bricks of a body with the hosts they are on; each host must be in the cluster, no brick twice."""
    found, seen = [], set()
    for brick in bricks:
        host = ctx.row("host", brick["server_id"].lower())
        if host is None or host["cluster"]["id"] != cluster["id"]:
            raise errors.refused(400, f"Cannot {what}. Invalid server id in brick.")
        name = f"{host['address']}:{brick['brick_dir']}"
        if name in seen:
            raise errors.refused(409, f"Cannot {what}. Duplicate entries found for brick {name}.")
        seen.add(name)
        for other in ctx.table("gluster_brick").by("server_id", host["id"]):
            if other["brick_dir"] == brick["brick_dir"]:
                volume = ctx.row("gluster_volume", other["gluster_volume"]["id"]) or {}
                raise errors.refused(409, f"Cannot {what}. Brick {name} is already used by the volume {volume.get('name', '')}.")
        found.append((host, brick["brick_dir"]))
    return found


def check_count(volume, count, what):
    """The number of bricks that goes with a type."""
    kind, replicas, stripes = volume["volume_type"], volume["replica_count"], volume["stripe_count"]
    texts = {
        "replicate": (count == replicas, "Number of bricks must be equal to the replica count for a REPLICATED volume."),
        "distributed_replicate": (replicas and count % replicas == 0 and count > replicas,
                                  "Number of bricks must be a multiple of replica count for a DISTRIBUTED REPLICATE volume."),
        "stripe": (count == stripes, "Number of bricks must be equal to stripe count for a STRIPE volume."),
        "distributed_stripe": (stripes and count % stripes == 0 and count > stripes,
                               "Number of bricks must be a multiple of stripe count for a DISTRIBUTED STRIPE volume.")}
    fits, text = texts.get(kind, (True, ""))
    if not fits:
        raise errors.refused(400, f"Cannot {what}. {text}")


def save_bricks(ctx, volume, bricks):
    return [ctx.table("gluster_brick").save({
        "id": ctx.new_id(), "name": f"{host['address']}:{folder}", "server_id": host["id"], "brick_dir": folder, "status": volume["status"],
        "gluster_volume": {"id": volume["id"]}, "_cluster": volume["cluster"]["id"]}) for host, folder in bricks]
