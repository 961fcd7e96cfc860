# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""VMs with an instance type: the engine takes some of their hardware from it, at creation and with every change, whatever is asked for
(``VmManagementCommandBase.updateParametersVmFromInstanceType``)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Field, Struct
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem, Reader, Situation

NO_TYPE = "00000000-0000-0000-0000-000000000000"
TAKEN = frozenset(
    {
        "memory",
        "memory_policy.guaranteed",
        "cpu.topology.sockets",
        "cpu.topology.cores",
        "cpu.topology.threads",
        "high_availability.enabled",
        "high_availability.priority",
        "io.threads",
        "migration_downtime",
    }
)
"""Where on the wire the hardware sits that comes from the type."""


def _asked(situation: Situation) -> Iterator[tuple[str, Field, Any]]:
    for item in situation.resource.fields:
        wanted = situation.wanted.get(item.option)
        if wanted is None:
            continue
        if isinstance(item, Struct):
            said = [inner for inner in item.fields if inner.option in wanted and inner.where in TAKEN]
            yield from ((f"{item.option}.{inner.option}", inner, wanted[inner.option]) for inner in said)
        elif item.where in TAKEN:
            yield item.option, item, wanted


def type_facts(reader: Reader, situation: Situation) -> dict[str, Any]:
    kind = situation.effective("instance_type") or {}
    if kind.get("id") in (None, NO_TYPE) or not any(_asked(situation)):
        return {}
    return {"instance_type": reader.get(f"instancetypes/{kind['id']}") or {}}


def type_rules(situation: Situation) -> Iterator[Problem]:
    kind = situation.facts.get("instance_type")
    if not kind:
        return
    name = kind.get("name")
    for option, item, wanted in _asked(situation):
        given = item.read(kind)
        if given is not None and not item.same(wanted, given):
            yield Problem(
                f"{option} of {situation.title} comes from its instance type {name}: {given}, not {wanted}.",
                f"Leave {option} out, change it in the instance type, or take the type away with instance_type: ''.",
            )
