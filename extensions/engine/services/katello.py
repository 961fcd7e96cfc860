"""Errata of Katello: hosts have none, and the engine is not registered anywhere."""

from __future__ import annotations

from .. import errors
from .base import Collection


class KatelloErrata(Collection):
    type = "katello_erratum"
    table = "_katello_erratum"
    paths = ("hosts/{host}/katelloerrata",)

    def rows(self, ctx, parents):
        return []

    def find(self, ctx, ident, parents):
        raise errors.not_found()


class EngineKatelloErrata(Collection):
    type = "katello_erratum"
    table = "_katello_erratum"
    paths = ("katelloerrata",)

    def rows(self, ctx, parents):
        raise errors.fault(400, "The engine is not associated with a Foreman/Satellite provider. No errata for the engine are available.")

    def find(self, ctx, ident, parents):
        raise errors.html(500, "ERROR", "")
