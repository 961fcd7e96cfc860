# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes with units, to bytes and back."""
from __future__ import annotations

import pytest

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._base.sizes import from_bytes, to_bytes


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (1073741824, 1024**3),
        (0, 0),
        ("1073741824", 1024**3),
        ("10GiB", 10 * 1024**3),
        ("512 MiB", 512 * 1024**2),
        ("1.5TiB", 1536 * 1024**3),
        ("10gib", 10 * 1024**3),
        ("20GB", 20 * 1000**3),
        ("4 KiB", 4096),
        ("7B", 7),
        (" 2 PiB ", 2 * 1024**5),
        ("1EiB", 1024**6),
        ("0.5KiB", 512),
    ],
)
def test_a_size_is_understood(text: object, count: int) -> None:
    assert to_bytes(text) == count


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10G", "10G.*ambiguous.*GiB"),
        ("5k", "ambiguous.*KiB"),
        ("-1", "not a size"),
        (-1, "negative"),
        ("", "not a size"),
        ("GiB", "not a size"),
        ("1e3", "not a size|unknown unit"),
        ("10 GiB extra", "not a size"),
        ("3 furlongs", "unknown unit"),
        ("0.3B", "whole number"),
        ("1.0000001KiB", "whole number"),
        (1.5, "not a size"),
        (True, "not a size"),
        (None, "not a size"),
    ],
)
def test_what_is_no_clear_size_is_refused(text: object, said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        to_bytes(text)


@pytest.mark.parametrize(
    ("count", "text"), [(1024**3, "1GiB"), (1536 * 1024**2, "1536MiB"), (1000, "1000B"), (0, "0B"), (1024**6, "1EiB"), (3 * 1024, "3KiB"), (1025, "1025B")]
)
def test_bytes_are_written_short_and_exact(count: int, text: str) -> None:
    assert from_bytes(count) == text
    assert to_bytes(text) == count
