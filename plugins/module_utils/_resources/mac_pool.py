# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MAC pools: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-mac_pool"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, ListOf, Mac, Struct, Text
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem, Resource, Situation


def ranges_ascend(situation: Situation) -> Iterator[Problem]:
    for one in situation.wanted.get("ranges", ()):
        if one["from"] > one["to"]:
            yield Problem(f"ranges of {situation.title} has {one['from']} to {one['to']}, which ends before it begins.", "Exchange from and to.")


MAC_POOL = Resource(
    kind="mac_pool",
    words="MAC pool",
    collection="macpools",
    summary="Manage MAC pools",
    about=("A MAC pool has the addresses that NICs of VMs get. Clusters choose one, see M(virtops.ovirt.cluster).",),
    fields=(
        Text("name", "Name of the pool, unique in the engine."),
        Text("description", "Description."),
        ListOf(
            "ranges",
            "Ranges of addresses, managed as a whole. They must not overlap with those of other pools.",
            path="ranges.range",
            needed=True,
            each=Struct("range", "", fields=(Mac("from", "First address.", needed=True), Mac("to", "Last address.", needed=True))),
        ),
        Bool("allow_duplicates", "Whether an address may be given by hand to several NICs."),
        Bool("default_pool", "Whether it is the pool that new clusters take.", read_only=True),
    ),
    rules=(ranges_ascend,),
    searchable=False,
)
