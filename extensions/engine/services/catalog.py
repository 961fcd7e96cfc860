"""What every engine brings along: /clusterlevels, /operatingsystems, /icons, /options."""

from __future__ import annotations

import base64
import struct
import zlib

from .. import errors
from ..rules import levels
from .base import Collection

# The icons of guest systems in pairs of small and large; data of operating_systems names them by number.
ICONS = 20
SIZES = ((43, 43), (150, 120))


def picture(number):
    """A small picture in one colour, as PNG in base64."""
    width, height = SIZES[number % 2]
    colour = bytes((40 + number * 37 % 180, 40 + number * 71 % 180, 40 + number * 113 % 180))
    line = b"\0" + b"".join(colour if (column // 4 + number) % 3 else b"\xff\xff\xff" for column in range(width))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(line * height, 1)) + chunk(b"IEND", b"")
    return base64.b64encode(png).decode()


class Icons(Collection):
    type = "icon"
    paths = ("icons",)
    seed_rank = 1

    def seed(self, ctx):
        for number in range(ICONS):
            self.of(ctx).save({"id": ctx.new_id(), "media_type": "image/png", "data": picture(number)})


class OperatingSystems(Collection):
    type = "operating_system_info"
    paths = ("operatingsystems",)
    table = "operating_system"
    id_is_uuid = False
    seed_rank = 2

    def seed(self, ctx):
        icons = list(ctx.table("icon").rows)
        for number, name, description, architecture, tpm, small, large in levels.catalog()["operating_systems"]:
            row = {"id": str(number), "name": name, "description": description, "architecture": architecture, "tpm_support": tpm}
            if small is not None:
                row.update({"small_icon": {"id": icons[small]}, "large_icon": {"id": icons[large]}})
            self.of(ctx).save(row)

    def listed(self, ctx, parents):
        # Observed: this list does not heed max.
        return self.rows(ctx, parents)

    def find(self, ctx, ident, parents):
        if not ident.isdigit():
            # Observed: the engine reads a number here and fails with a page.
            raise errors.html(500, "ERROR", "")
        return super().find(ctx, ident, parents)


class ClusterLevels(Collection):
    """Compatibility levels with their CPU types and permits."""

    type = "cluster_level"
    paths = ("clusterlevels",)
    id_is_uuid = False

    def rows(self, ctx, parents):
        return [self._row(level) for level in levels.LEVELS]

    def find(self, ctx, ident, parents):
        found = next((level for level in levels.LEVELS if levels.text(level) == ident), None)
        if found is None:
            raise errors.not_found()
        return self._row(found)

    @staticmethod
    def _row(level):
        return {"id": levels.text(level),
                "cpu_types": [{"name": name, "level": rank, "architecture": architecture} for name, rank, architecture in levels.cpu_types(level)],
                "permits": [{"id": str(number), "name": name, "administrative": administrative}
                            for name, number, administrative in levels.catalog()["permits"]]}

    def present(self, ctx, row, rep):
        if ctx.filtered:
            rep.pop("cpu_types", None)
        for permit in rep["permits"]:
            permit.pop("href", None)


class SystemOptions(Collection):
    """Values of the engine's configuration; there is no list of them."""

    type = "system_option"
    paths = ("options",)
    id_is_uuid = False

    def find(self, ctx, ident, parents):
        values = levels.catalog()["options"].get(ident)
        version = ctx.parameter("version")
        if values is not None and version:
            values = {version: values[version]} if version in values else None
        if values is None:
            raise errors.not_found()
        return {"id": ident, "name": ident, "values": [{"value": value, "version": level} for level, value in values.items()]}
