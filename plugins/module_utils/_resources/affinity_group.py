# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Affinity groups: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-affinity_group

Their members are part of the group itself (``AffinityGroupMapper``), so that one request changes all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Decimal, Enum, ListOf, Ref, Text, Wire, dig, put
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Resource, Situation, Under

DISABLED, POSITIVE, NEGATIVE = "disabled", "positive", "negative"


@dataclass(frozen=True, eq=False)
class Rule(Enum):
    """A rule of a group: two members on the wire. While it is disabled, the engine does not tell which one it was."""

    choices: Any = (POSITIVE, NEGATIVE, DISABLED)
    absent: Any = DISABLED

    def from_wire(self, value: Any) -> Any:
        if str(value.get("enabled")).lower() != "true":
            return DISABLED
        return POSITIVE if str(value.get("positive")).lower() == "true" else NEGATIVE

    def write(self, body: Wire, native: Any) -> None:
        put(body, f"{self.where}.enabled", native != DISABLED)
        if native != DISABLED:
            put(body, f"{self.where}.positive", native == POSITIVE)


VMS, HOSTS = Rule("vms_rule", ""), Rule("hosts_rule", "")


def shape_body(body: Wire, situation: Situation) -> Wire:
    """A rule is sent as a whole: without the one member the other would stand for itself."""
    for rule in (VMS, HOSTS):
        if rule.where in body and dig(body, f"{rule.where}.enabled") is None:
            rule.write(body, situation.effective(rule.option) or DISABLED)
    return body


AFFINITY_GROUP = Resource(
    kind="affinity_group",
    words="affinity group",
    collection="affinitygroups",
    summary="Manage affinity groups",
    about=(
        "VMs of an affinity group run on one host or on different ones, on certain hosts or on others.",
        "Members are managed as a whole; whole sets of VMs and hosts are members by their affinity labels, see M(virtops.ovirt.affinity_label).",
    ),
    under=(Under("cluster", "cluster", "clusters/{id}/affinitygroups", "Cluster, by name or id, that its VMs and hosts are in."),),
    fields=(
        Text("name", "Name, unique in the engine: letters, digits, C(.), C(-) and C(_)."),
        Text("description", "Description."),
        Rule(
            "vms_rule",
            "What it means for its VMs: on one host (V(positive)), on different ones (V(negative)), or nothing. V(disabled) when it is left out at creation.",
        ),
        Bool("vms_enforcing", "Whether a VM rather does not run than break that rule.", path="vms_rule.enforcing"),
        Rule(
            "hosts_rule",
            "Where its VMs run: on its hosts (V(positive)), on others (V(negative)), or anywhere. V(disabled) when it is left out at creation.",
        ),
        Bool("hosts_enforcing", "Whether a VM rather does not run than break that rule.", path="hosts_rule.enforcing"),
        Decimal("priority", "Which of several groups comes first, where not all of them can be met: the higher one."),
        ListOf("vms", "VMs, by name or id, managed as a whole.", path="vms.vm", each=Ref("vm", "", to="vm", apart="cluster")),
        ListOf("hosts", "Hosts, by name or id, managed as a whole.", path="hosts.host", each=Ref("host", "", to="host")),
        ListOf(
            "vm_labels",
            "Affinity labels whose VMs are members, by name or id, managed as a whole.",
            path="vm_labels.affinity_label",
            each=Ref("affinity_label", "", to="affinity_label"),
        ),
        ListOf(
            "host_labels",
            "Affinity labels whose hosts are members, by name or id, managed as a whole.",
            path="host_labels.affinity_label",
            each=Ref("affinity_label", "", to="affinity_label"),
        ),
        Bool("broken", "Whether it is not met at present.", read_only=True),
    ),
    shape_body=shape_body,
    searchable=False,
)
