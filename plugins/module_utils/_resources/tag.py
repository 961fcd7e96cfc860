# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags, a tree of names: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-tag"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Ref, Text, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem, Reader, Resource, Situation


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    facts = dict(situation.facts)
    if situation.current is not None and not situation.state.exists:
        facts["below"] = [one["name"] for one in _below(reader.list("tags"), situation.identifier)]
    return facts


def _below(tags: Wires, identifier: str) -> Wires:
    children = [one for one in tags if dig(one, "parent.id") == identifier]
    return children + [one for child in children for one in _below(tags, child["id"])]


def rules(situation: Situation) -> Iterator[Problem]:
    below = situation.facts.get("below")
    if below and not situation.wanted.get("recursive"):
        yield Problem(
            f"{situation.title} has tags below it ({', '.join(below)}), and the engine removes these, too.",
            "Set recursive: true if that is meant, or give them another parent first.",
        )


TAG = Resource(
    kind="tag",
    words="tag",
    collection="tags",
    summary="Manage tags",
    about=(
        "Tags mark hosts, VMs, templates and users, and searches find them by it.",
        "VMs are given theirs with O(virtops.ovirt.vm#module:tags), hosts with O(virtops.ovirt.host#module:tags).",
    ),
    fields=(
        Text("name", "Name, unique in the engine: at most 50 letters, digits, C(-) and C(_)."),
        Text("description", "Description."),
        Ref("parent", "Tag, by name or id, that it is below. V(root) when it is left out at creation.", to="tag"),
    ),
    arguments=(Bool("recursive", "With O(state=absent), whether tags below it may be removed along with it."),),
    rules=(rules,),
    gather=gather,
    searchable=False,
)
