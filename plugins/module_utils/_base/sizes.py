# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sizes with units. The engine counts memory and disks in bytes."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Union

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput

_LETTERS = "KMGTPE"
_UNITS: dict[str, int] = {"": 1, "B": 1}
for _power, _letter in enumerate(_LETTERS, start=1):
    _UNITS[f"{_letter}iB"] = 1024**_power
    _UNITS[f"{_letter}B"] = 1000**_power
_BY_CASELESS = {name.lower(): factor for name, factor in _UNITS.items()}
_SIZE = re.compile(r"^\s*(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[A-Za-z]*)\s*$")


def to_bytes(size: Union[int, str]) -> int:
    """Bytes of ``1073741824``, ``"1073741824"``, ``"1 GiB"``, ``"1.5TiB"`` (powers of 1024) or ``"20GB"`` (powers of 1000).

    A bare letter (``10G``) means 1024 to some tools and 1000 to others, and is refused.

    :raises InvalidInput: not a size, negative, or not a whole number of bytes.
    """
    if isinstance(size, bool) or not isinstance(size, (int, str)):
        raise InvalidInput(f"{size!r} is not a size; write it like 10GiB or as a number of bytes")
    if isinstance(size, int):
        if size < 0:
            raise InvalidInput(f"a size cannot be negative: {size}")
        return size
    match = _SIZE.match(size)
    if match is None:
        raise InvalidInput(f"{size!r} is not a size; write it like 10GiB, 512 MiB or as a number of bytes")
    unit = match["unit"]
    if len(unit) == 1 and unit.upper() in _LETTERS:
        letter = unit.upper()
        raise InvalidInput(f"{size!r} is ambiguous; write {letter}iB (powers of 1024) or {letter}B (powers of 1000)")
    factor = _BY_CASELESS.get(unit.lower())
    if factor is None:
        raise InvalidInput(f"{size!r} has an unknown unit; known are B, KiB, MiB, GiB, TiB, PiB, EiB and KB, MB, GB, TB, PB, EB")
    try:
        exact = Decimal(match["number"]) * factor
    except InvalidOperation as error:
        raise InvalidInput(f"{size!r} is not a size") from error
    if exact != exact.to_integral_value():
        raise InvalidInput(f"{size!r} is not a whole number of bytes")
    return int(exact)


def from_bytes(count: int) -> str:
    """The shortest exact way to write a number of bytes, in powers of 1024: ``10GiB``, ``1536MiB``, ``1000B``."""
    for power in range(len(_LETTERS), 0, -1):
        unit = 1024**power
        if count >= unit and count % unit == 0:
            return f"{count // unit}{_LETTERS[power - 1]}iB"
    return f"{count}B"
