# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that are unique in a data center alone, of things that are in a cluster: VMs and templates."""

from __future__ import annotations

from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Reader, Situation


def centers(reader: Reader) -> dict[Any, Any]:
    """The data center of each cluster, by id."""
    return {one["id"]: dig(one, "data_center.id") for one in reader.once("clusters")}


def id_of(reader: Reader, kind: str, given: Any) -> str:
    """Of a reference that may be resolved already."""
    return str((reader.reference(kind, given) if isinstance(given, str) else given)["id"])


def of_data_center(reader: Reader, found: Wires, center: Any) -> Wires:
    """Those that are in a data center; what is in no cluster is in all of them."""
    known = centers(reader)
    return [one for one in found if dig(one, "cluster.id") is None or known.get(dig(one, "cluster.id")) == center]


def near_cluster(reader: Reader, situation: Situation, found: Wires) -> Wires:
    """Those in the data center of the cluster that is given."""
    given = situation.wanted.get("cluster")
    if not given or not found:
        return found
    try:
        cluster = id_of(reader, "cluster", given)
    except NotFound:
        if situation.state.exists:
            raise
        return []
    here = [one for one in found if dig(one, "cluster.id") == cluster]
    return here or of_data_center(reader, found, centers(reader).get(cluster))
