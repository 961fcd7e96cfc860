# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Field types for migration, which clusters set and VMs override."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Enum, Field, Text
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ID_PATTERN

INHERITABLE = ("inherit", "true", "false")

POLICIES = {
    "80554327-0569-496b-bdeb-fcbbf52b827b": "Minimal downtime",
    "80554327-0569-496b-bdeb-fcbbf52b827c": "Suspend workload if needed",
    "a7aeedb2-8d66-4e51-bb22-32595027ce71": "Post-copy migration",
    "57237b82-b8c2-425f-b425-114b35219626": "Very large VMs",
}
"""The policies that an engine brings along. Its API does not list them; further ones of an engine are named by id."""


class Inheritable(Enum):
    """``inherit``, ``true`` or ``false``; YAML's own truth values are taken, too."""

    def accept(self, given: Any, option: str) -> Any:
        return super().accept(str(given).lower(), option)


@dataclass(frozen=True, eq=False)
class MigrationPolicy(Field):
    """A migration policy, by name or id. An empty string clears it."""

    cleared: Any = field(default_factory=dict)

    def shape(self) -> dict[str, Any]:
        return {"type": "dict", "fields": (Text("id", "Unique identifier."), Text("name", "Name."))}

    def accept(self, given: Any, option: str) -> Any:
        text = str(given)
        if text == "":
            return {}
        if re.fullmatch(ID_PATTERN, text):
            return _policy(text.lower())
        found = next((one for one, name in POLICIES.items() if name.lower() == text.lower()), None)
        if found is None:
            raise InvalidInput(f"{option} is {text!r}, which is no migration policy that every engine has.", hint=f"Give its id, or {self.known()}.")
        return _policy(found)

    @staticmethod
    def known() -> str:
        *names, last = POLICIES.values()
        return f"{', '.join(names)} or {last}"

    def as_given(self, native: Any) -> Any:
        return native["name"] or native["id"] if native else None

    def from_wire(self, value: Any) -> Any:
        return _policy(str(value["id"])) if value.get("id") else None

    def to_wire(self, native: Any) -> Any:
        return {"id": native["id"]}

    def same(self, wanted: Any, current: Any) -> bool:
        return bool((wanted or {}).get("id") == (current or {}).get("id"))

    def merged(self, wanted: Any, current: Any) -> Any:
        return wanted or None

    def differing(self, wanted: Any, current: Any) -> tuple[Any, Any]:
        return current, wanted or None


def _policy(identifier: str) -> dict[str, Any]:
    return {"id": identifier, "name": POLICIES.get(identifier)}
