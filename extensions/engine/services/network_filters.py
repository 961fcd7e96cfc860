"""/networkfilters, also below /clusters/C/networkfilters: what the engine knows, unchangeable."""

from __future__ import annotations

from ..rules import levels
from .base import Collection


class NetworkFilters(Collection):
    type = "network_filter"
    paths = ("networkfilters", "clusters/{cluster}/networkfilters", "datacenters/{data_center}/clusters/{cluster}/networkfilters")
    seed_rank = 5

    def seed(self, ctx):
        for name, version, ident in levels.catalog()["network_filters"]:
            major, _dot, minor = version.partition(".")
            self.of(ctx).save({"id": ident or ctx.new_id(), "name": name, "version": {"major": int(major), "minor": int(minor)}})

    def rows(self, ctx, parents):
        return list(self.of(ctx))

    def find(self, ctx, ident, parents):
        return super().find(ctx, ident, {})
