# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Roles and what they permit: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-role

A new role wants the ids of its permits, the engine's levels tell which there are, and later changes are requests for one permit each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, ListOf, Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import CREATE, REMOVE, UPDATE, Problem, Reader, Resource, Situation, Step, Work
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, remove_step


class Permits(ListOf):
    """Permits by name, in the order of the alphabet."""

    def accept(self, given: Any, option: str) -> Any:
        return sorted({str(one).strip().lower() for one in given})

    def read(self, wire: Wire) -> Any:
        return sorted(str(one["name"]) for one in dig(wire, self.where) or [])

    def write(self, body: Wire, native: Any) -> None:
        """See ``create`` and ``steps``: the engine takes ids."""


PERMITS = Permits(
    "permits",
    (
        "What it permits, managed as a whole: names as the engine has them, such as C(login), C(create_vm), C(reboot_vm).",
        "Those of a role that is there already are shown by M(virtops.ovirt.role_info); the role SuperUser has nearly all.",
    ),
    path="permits.permit",
    each=Text("permit", ""),
    needed=True,
)


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    """The permits that the engine knows, where any is to be given."""
    facts = dict(situation.facts)
    current = (situation.current or {}).get(PERMITS.option) or []
    if situation.state.exists and set(situation.wanted.get(PERMITS.option) or ()) - set(current):
        levels = reader.once("clusterlevels")
        facts["permits"] = {one["name"]: one for level in levels for one in dig(level, "permits.permit") or []}
    if situation.current is not None and not situation.state.exists and situation.current.get("mutable") and not reader.together:
        facts["holders"] = _holders(reader, situation.identifier)
    return facts


def _holders(reader: Reader, role: str) -> list[str]:
    """Users and groups who have it on anything, as a sentence calls them."""
    return [
        f"{words} {one.get('user_name') or one.get('name')}"
        for place, words in (("users", "user"), ("groups", "group"))
        for one in reader.list(place, follow=("permissions",))
        if any(dig(permission, "role.id") == role for permission in dig(one, "permissions.permission") or [])
    ]


def rules(situation: Situation) -> Iterator[Problem]:
    current, wanted = situation.current, situation.wanted
    if current is not None and not current.get("mutable"):
        if not situation.state.exists or situation.changes():
            yield Problem(f"{situation.title} is the engine's own, and can be neither changed nor removed.", "Make a role of your own with the permits it has.")
        return
    holders = situation.facts.get("holders")
    if holders:
        yield Problem(
            f"One or more Permissions is still associated with Role. ({situation.title}, which {', '.join(holders)} {'has' if len(holders) == 1 else 'have'}.)",
            "Please remove all Permissions first.",
        )
    if not situation.state.exists or PERMITS.option not in wanted:
        return
    if not wanted[PERMITS.option]:
        yield Problem(f"{situation.title} would have no permit.", "Name at least one, such as login.")
    offered = situation.facts.get("permits")
    if offered is None:
        return
    unknown = [name for name in wanted[PERMITS.option] if name not in offered and name not in ((current or {}).get(PERMITS.option) or [])]
    if unknown:
        yield Problem(f"permits: the engine knows no permit {', '.join(unknown)}.", f"It knows {', '.join(sorted(offered))}.")
    if not situation.effective("administrative"):
        above = [name for name in wanted[PERMITS.option] if name in offered and str(offered[name].get("administrative")).lower() == "true"]
        if above:
            problem = f"permits: {', '.join(above)} of {situation.title} are for administrators, and it is a role of users."
            yield Problem(problem, "Make it with administrative: true.")


def steps(situation: Situation) -> Work:
    work = Work()
    if not situation.state.exists:
        if situation.current is not None:
            work.steps.append(remove_step(situation))
        return work
    offered = situation.facts.get("permits") or {}
    if situation.current is None:
        step = create_step(situation)
        step.body["permits"] = {"permit": [{"id": offered[name]["id"]} for name in situation.wanted[PERMITS.option]]}
        permits = ((f"roles/{{new}}/permits/{offered[name]['id']}", {"name": name}) for name in situation.wanted[PERMITS.option])
        step = replace(step, leaves=(("roles/{new}", {"mutable": True}), *permits))
        work.steps.append(step)
        return work
    changed = [change.option for change in situation.changes() if change.option != PERMITS.option]
    if changed:
        body = situation.resource.body(situation, changed)
        work.steps.append(Step(UPDATE, f"change {', '.join(changed)} of {situation.title}", situation.own_path, body=body))
    if PERMITS.option in situation.wanted:
        wanted, base = situation.wanted[PERMITS.option], f"{situation.own_path}/permits"
        now = {str(one["name"]): one["id"] for one in dig(situation.wire, PERMITS.where) or []}
        # What it is to permit comes before what it is to permit no longer.
        for name in wanted:
            if name not in now:
                identifier = offered[name]["id"]
                work.steps.append(Step(CREATE, f"add {name} to {situation.title}", base, body={"id": identifier}, look_for=("id", identifier),
                                       leaves=((f"{base}/{identifier}", {"name": name}),)))
        for name, identifier in sorted(now.items()):
            if name not in wanted:
                work.steps.append(Step(REMOVE, f"take {name} from {situation.title}", f"{base}/{identifier}"))
    return work


ROLE = Resource(
    kind="role",
    words="role",
    collection="roles",
    summary="Manage roles",
    about=(
        "A role says what somebody may do who has it on an object, see M(virtops.ovirt.permission).",
        "The engine's own roles, such as UserRole and ClusterAdmin, can be neither changed nor removed.",
    ),
    fields=(
        Text("name", "Name, unique in the engine."),
        Text("description", "Description."),
        Bool("administrative", "Whether it may have permits of administrators, and lets into the administration portal.", fixed=True, on_create=False),
        PERMITS,
        Bool("mutable", "Whether it can be changed; the engine's own cannot.", read_only=True),
    ),
    follow={"permits": "permits"},
    gather=gather,
    rules=(rules,),
    steps=steps,
    searchable=False,
    of_users=("mutable", ("true",)),
)
