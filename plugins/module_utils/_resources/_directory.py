# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups in the directories of the engine, whether it knows them already or not.

The engine adds a user by the search ``username=`` in the directory of the authorization domain and a group by ``name=`` (``BackendUsersResource``,
``BackendGroupsResource``); the same searches answer below ``/domains``, which tells before anything is written whether it would find somebody.
"""

from __future__ import annotations

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, Wires
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Reader

USER, GROUP = "user", "group"
COLLECTIONS = {USER: "users", GROUP: "groups"}
NAMES = {USER: "user_name", GROUP: "name"}
"""The member of the representation that has the name."""
EVERYONE = "eee00000-0000-0000-0000-123456789eee"
"""The built-in group Everyone has this id on every engine."""


def domains(reader: Reader) -> dict[str, str]:
    """The ids of the authorization domains, by their names."""
    return {str(one.get("name")): one["id"] for one in reader.once("domains")}


def listed(reader: Reader, sort: str, name: str, domain: str) -> Wires:
    """Who has this name in the directory of the domain with this id."""
    field = "username" if sort == USER else "name"
    value = f'"{name}"' if " " in name else name
    return [one for one in reader.list(f"domains/{domain}/{COLLECTIONS[sort]}", search=f"{field}={value}") if is_called(one, sort, name)]


def is_called(one: Wire, sort: str, name: str) -> bool:
    """Directories do not tell capital letters from small ones."""
    domain = (one.get("domain") or {}).get("name")
    own = [one.get("user_name"), one.get("principal")] if sort == USER else [one.get("name"), f"{one.get('name')}@{domain}"]
    return name.casefold() in [str(known).casefold() for known in own if known]
