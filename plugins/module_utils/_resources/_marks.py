# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tags and affinity labels, which VMs and hosts carry: the engine keeps them in collections of the carrier, not in its body."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import LIVE, ListOf, Ref, Wire
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import CREATE, REMOVE, Situation, Step


class Elsewhere(ListOf):
    """A list that has requests of its own and no place in the body."""

    def write(self, body: Wire, native: Any) -> None:
        """See the steps of the kind."""


TAGS = Elsewhere("tags", "Tags, managed as a whole; an empty list takes them all off.", path="tags.tag", each=Ref("tag", "", to="tag"), effect=LIVE)
AFFINITY_LABELS = Elsewhere(
    "affinity_labels",
    "Affinity labels, managed as a whole; an empty list takes them all off.",
    path="affinity_labels.affinity_label",
    each=Ref("affinity_label", "", to="affinity_label"),
    effect=LIVE,
)
MARKS = frozenset({TAGS.option, AFFINITY_LABELS.option})
FOLLOW = {option: option for option in sorted(MARKS)}
"""Links that show them."""


def mark_steps(situation: Situation) -> Iterator[Step]:
    """What puts on and takes off."""
    for option in (TAGS.option, AFFINITY_LABELS.option):
        if option in situation.wanted:
            yield from _steps(situation, option)


def _steps(situation: Situation, option: str) -> Iterator[Step]:
    path = option.replace("_", "")
    words = option[:-1].replace("_", " ")
    current = {one["id"]: one for one in (situation.current or {}).get(option) or []}
    wanted = {one["id"]: one for one in situation.wanted[option]}
    for identifier, one in wanted.items():
        if identifier not in current:
            yield Step(
                CREATE, f"put {words} {one['name']} on {situation.title}", f"{situation.own_path}/{path}", body={"id": identifier}, look_for=("id", identifier)
            )
    for identifier, one in current.items():
        if identifier not in wanted:
            yield Step(REMOVE, f"take {words} {one['name']} off {situation.title}", f"{situation.own_path}/{path}/{identifier}")
