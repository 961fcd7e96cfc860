# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that the engine knows: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-group

Like users they are made in a directory, and added to the engine from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._directory import EVERYONE, domains, listed
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Text
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem, Reader, Resource, Situation
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.user import NOT_TOUCHED, missing, steps


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    facts = dict(situation.facts)
    if situation.state.exists and situation.current is None:
        facts["domains"] = domains(reader)
        domain = facts["domains"].get(situation.wanted.get("authz_name"))
        facts["listed"] = listed(reader, "group", str(situation.wanted["name"]), domain) if domain else []
    elif not situation.state.exists and situation.current is not None:
        facts["permissions"] = reader.list(f"groups/{situation.identifier}/permissions")
    return facts


def rules(situation: Situation) -> Iterator[Problem]:
    if not situation.state.exists and situation.identifier == EVERYONE:
        yield Problem('The built-in group "Everyone" cannot be removed.', "Take its permissions away, where it is not to have them.")
    if "domains" in situation.facts:
        yield from missing("group", str(situation.wanted["name"]), str(situation.wanted["authz_name"]), situation)


GROUP = Resource(
    kind="group",
    words="group",
    collection="groups",
    summary="Manage which groups the engine knows",
    about=(
        "A group of a directory is added to the engine, so that all its users can be given permissions at once, or removed from it along with all permissions.",
        NOT_TOUCHED,
        "M(virtops.ovirt.permission) adds groups by itself where it needs them.",
    ),
    fields=(
        Text("name", "Name as the directory has it."),
        Text("authz_name", "Authorization domain, such as C(internal-authz).", path="domain.name", needed=True, fixed=True),
        Text("namespace", "Namespace in the authorization domain, where that has several.", fixed=True),
        Text("domain_entry_id", "Identifier in the directory.", read_only=True),
    ),
    gather=gather,
    rules=(rules,),
    steps=steps,
)
