"""Compatibility levels, and what the engine's configuration says for each: CPU types, storage formats, options (``contract/catalog.json``)."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

LEVELS = tuple((4, minor) for minor in range(2, 9))
LATEST = LEVELS[-1]
# The order the engine lists levels in where it keeps them as a set.
AS_A_SET = ((4, 2), (4, 7), (4, 8), (4, 6), (4, 5), (4, 4), (4, 3))
VENDORS = ("Intel", "AMD", "IBM POWER", "IBM z")


@lru_cache(maxsize=None)
def catalog() -> dict[str, Any]:
    """Names, numbers and texts that every installation has."""
    return json.loads((Path(__file__).parents[1] / "contract" / "catalog.json").read_bytes())


def key(version: dict[str, Any] | None) -> tuple[int, int] | None:
    """A level to compare; None when it does not name both numbers."""
    if not version or version.get("major") is None or version.get("minor") is None:
        return None
    return version["major"], version["minor"]


def shown(level: tuple[int, int]) -> dict[str, int]:
    return {"major": level[0], "minor": level[1]}


def text(level: tuple[int, int]) -> str:
    return f"{level[0]}.{level[1]}"


def supported(level: tuple[int, int]) -> bool:
    return level in LEVELS


def storage_format(level: tuple[int, int]) -> str:
    return "v5" if level >= (4, 3) else "v4"


def cpu_types(level: tuple[int, int]) -> list[list[Any]]:
    """``[name, rank, architecture]`` of the CPU types of a level, in the engine's order."""
    return catalog()["cpu_types"].get(text(level), [])


def cpu(name: str, level: tuple[int, int]) -> list[Any] | None:
    return next((one for one in cpu_types(level) if one[0] == name), None)


def architecture(name: str, level: tuple[int, int]) -> str:
    found = cpu(name, level)
    return found[2] if found else "undefined"


def vendor(name: str) -> str:
    """Who makes a CPU type; types of one vendor can follow each other in a cluster."""
    plain = name.removeprefix("Secure ")
    return next((one for one in VENDORS if plain.startswith(one)), "")


def replacement(name: str, level: tuple[int, int]) -> list[Any]:
    """The CPU type that takes the place of one the level no longer has: the lowest of its vendor."""
    types = cpu_types(level)
    return next((one for one in types if vendor(one[0]) == vendor(name)), types[0])


def best(name: str, level: tuple[int, int]) -> list[Any] | None:
    """What a level makes of a processor that is of this type at the latest one: the type itself, or the best of its vendor where the level is older."""
    return cpu(name, level) or next((one for one in reversed(cpu_types(level)) if vendor(one[0]) == vendor(name)), None)


def bios_type(cpu_architecture: str, level: tuple[int, int]) -> str:
    if cpu_architecture == "x86_64" and level > (4, 6):
        return "q35_ovmf"
    if cpu_architecture == "x86_64" and level >= (4, 4):
        return "q35_sea_bios"
    return "i440fx_sea_bios"
