# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Formats of storage domains, and the compatibility levels that they come with."""

from __future__ import annotations

from functools import partial

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate, ambiguous
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Version, Wire, dig, level
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Settle
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.storage_domain import FORMATS

LEVEL = Version("version", "")


def level_of(wire: Wire) -> str:
    """The compatibility level of a cluster or data center."""
    return str(LEVEL.read(wire) or "0.0")


def below(one: str, other: str) -> bool:
    return level(one) < level(other)


def has(wire: Wire, wanted: str) -> bool:
    """Whether a domain has the format, or a newer one."""
    return FORMATS.index(wire.get("storage_format") or "v1") >= FORMATS.index(wanted)


def converted(wanted: str) -> Settle:
    return Settle(good=frozenset({"active"}), until=partial(has, wanted=wanted), job=False)


def home_of(domain: Wire) -> str | None:
    """The id of the data center that a domain is attached to."""
    centers = dig(domain, "data_centers.data_center") or []
    return centers[0]["id"] if centers else None


def find_domain(estate: Estate, text: str) -> Wire:
    """:raises NotFound: there is no storage domain of this name or id."""
    found = [one for one in estate.once("storagedomains") if text in (one["id"], one["name"])]
    if len(found) > 1:
        raise ambiguous("storage domain", text, found)
    if not found:
        raise NotFound(f"There is no storage domain {text!r}.", hint="Check the spelling.")
    return found[0]
