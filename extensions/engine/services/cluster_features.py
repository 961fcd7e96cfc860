"""Additional features: those a level has, those a cluster has switched on, and a cluster's external network providers."""

from __future__ import annotations

from .. import errors
from ..rules import places
from .base import Collection, Created

# The one feature the engine knows; it belongs to the gluster category.
FEATURES = {"00000017-0017-0017-0017-000000000066": "GLUSTER_GEO_REPLICATION"}


class LevelFeatures(Collection):
    """Observed: the lists of levels are empty, and the items are not found."""

    type = "cluster_feature"
    paths = ("clusterlevels/{level}/clusterfeatures",)

    def rows(self, ctx, parents):
        return []

    def find(self, ctx, ident, parents):
        raise errors.not_found()


class EnabledFeatures(Collection):
    type = "cluster_feature"
    paths = ("clusters/{cluster}/enabledfeatures", "datacenters/{data_center}/clusters/{cluster}/enabledfeatures")
    table = "_enabled_feature"

    def rows(self, ctx, parents):
        return self.of(ctx).by("cluster.id", parents["cluster"])

    def find(self, ctx, ident, parents):
        found = next((row for row in self.rows(ctx, parents) if row["_feature"] == ident.lower()), None)
        if found is None:
            raise errors.not_found()
        return found

    def render(self, ctx, row, parents=None):
        return {"id": row["_feature"], "name": FEATURES[row["_feature"]]}

    def add(self, ctx, body, parents):
        ident = places.uuid(body["id"])
        if ident not in FEATURES and any(host["status"] == "up" for host in ctx.table("host").by("cluster.id", parents["cluster"].lower())):
            raise errors.refused(400, "Cannot enable new Cluster feature when there are active hosts which don't support the selected feature.\n"
                                      "-Please move hosts with lower version to maintenance first.")
        if ident not in FEATURES or ctx.row("cluster", parents["cluster"].lower()) is None:
            raise errors.refused(400, "Internal Engine Error")
        row = self.of(ctx).save({"id": ctx.new_id(), "cluster": {"id": parents["cluster"].lower()}, "_feature": ident})
        return Created(row, status=200)

    def remove(self, ctx, row):
        self.of(ctx).remove(row["id"])


class ClusterNetworkProviders(Collection):
    """The provider that new hosts of a cluster are connected to."""

    type = "external_provider"
    paths = ("clusters/{cluster}/externalnetworkproviders", "datacenters/{data_center}/clusters/{cluster}/externalnetworkproviders")
    table = "open_stack_network_provider"

    def rows(self, ctx, parents):
        cluster = ctx.row("cluster", parents["cluster"].lower()) or {}
        found = ctx.row(self.table, cluster.get("_network_provider"))
        return [found] if found is not None else []

    def render(self, ctx, row, parents=None):
        return {"id": row["id"], "name": row["name"], "href": f"{ctx.prefix}/openstacknetworkproviders/{row['id']}"}
