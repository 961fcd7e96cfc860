# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users that the engine knows: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-user

A user is made in a directory, and added to the engine from there. Nothing of a user is changed in the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._directory import domains, listed
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Text, Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem, Reader, Resource, Situation, Work
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import standard_work


def parts(situation: Situation) -> tuple[str, str]:
    """The name in the directory, and the authorization domain."""
    name, mark, domain = str(situation.wanted["name"]).rpartition("@")
    return (name, domain) if mark else (domain, "")


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    facts = dict(situation.facts)
    if situation.state.exists and situation.current is None:
        name, domain = parts(situation)
        facts["domains"] = domains(reader)
        facts["listed"] = listed(reader, "user", name, facts["domains"][domain]) if domain in facts["domains"] else []
    elif not situation.state.exists and situation.current is not None:
        # The list has those of the user's groups, too.
        found = reader.list(f"users/{situation.identifier}/permissions")
        facts["permissions"] = [one for one in found if dig(one, "user.id") == situation.identifier]
    return facts


def rules(situation: Situation) -> Iterator[Problem]:
    if "domains" in situation.facts:
        yield from missing("user", *parts(situation), situation)


def missing(sort: str, name: str, domain: str, situation: Situation) -> Iterator[Problem]:
    """Why the engine would not find somebody who is to be added."""
    known = situation.facts["domains"]
    if domain not in known:
        said = f"The engine has no authorization domain {domain!r}" if domain else f"{situation.title} names no authorization domain"
        yield Problem(f"{said}, and {situation.title} is not known to it.", f"It has {', '.join(sorted(known)) or 'none'}.")
    elif not situation.facts["listed"]:
        yield Problem(f"name: The directory of {domain} has no {sort} {name!r}.", "Check the spelling, or make it there first.")


def shape_body(body: Wire, situation: Situation) -> Wire:
    return {**body, "domain": {"name": parts(situation)[1]}}


def steps(situation: Situation) -> Work:
    work = standard_work(situation)
    gone = situation.facts.get("permissions")
    if gone:
        work.warnings.append(f"The permissions of {situation.title} go along with it: {len(gone)}.")
    return work


def told(option: str, doc: str) -> Text:
    return Text(option, doc, read_only=True)


NOT_TOUCHED = "What the directory has is not touched: making and removing accounts is its own business."

USER = Resource(
    kind="user",
    words="user",
    collection="users",
    summary="Manage which users the engine knows",
    about=(
        "A user of a directory is added to the engine, to be given permissions, or removed from it along with all permissions.",
        NOT_TOUCHED,
        "M(virtops.ovirt.permission) adds users by itself where it needs them.",
    ),
    fields=(
        Text("name", "Name with the authorization domain: C(alice@internal-authz), C(alice@example.com@example.com-authz).", path="user_name"),
        Text("namespace", "Namespace in the authorization domain, where that has several. Only looked at when the user is added.", fixed=True),
        Text("authz_name", "Authorization domain.", path="domain.name", read_only=True),
        told("principal", "Name in the directory."),
        Text("first_name", "First name.", path="name", read_only=True),
        told("last_name", "Last name."),
        told("email", "Address for mail."),
        told("department", "Department."),
        Text("domain_entry_id", "Identifier in the directory.", read_only=True),
    ),
    gather=gather,
    rules=(rules,),
    steps=steps,
    shape_body=shape_body,
)
