# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a VM runs, how it moves, and what happens when a host fails."""

from __future__ import annotations

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import LIVE, NEXT_RUN, Bool, Enum, Group, Int, ListOf, Ref
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._migration import INHERITABLE, Inheritable, MigrationPolicy

HIGH_AVAILABILITY = Group(
    "high_availability",
    "What the engine does when its host fails.",
    fields=(
        Bool("enabled", "Whether it is started again on another host.", path="high_availability.enabled", effect=LIVE),
        Int(
            "priority",
            "Which ones are started first; V(1) is low, V(50) medium, V(100) high.",
            path="high_availability.priority",
            least=0,
            most=100,
            effect=LIVE,
        ),
        Ref(
            "lease",
            (
                "Storage domain, by name or id, that holds a lease which keeps the VM from running twice. An empty string removes the lease.",
                "The VM is locked for some seconds after the lease was added or removed; the module waits for that.",
            ),
            path="lease.storage_domain",
            to="storage_domain",
            effect=LIVE,
        ),
        Enum(
            "resume_behaviour",
            "What is done with a VM that was paused by a storage error once the storage is back. With a lease V(kill) is the only choice.",
            path="storage_error_resume_behaviour",
            choices=("auto_resume", "leave_paused", "kill"),
            effect=NEXT_RUN,
        ),
    ),
)

PLACEMENT = Group(
    "placement",
    "Hosts it may run on.",
    fields=(
        Enum(
            "affinity",
            "Whether the engine may move it (V(migratable)), a user may (V(user_migratable)), or nobody (V(pinned)).",
            path="placement_policy.affinity",
            choices=("migratable", "user_migratable", "pinned"),
            effect=LIVE,
        ),
        ListOf(
            "hosts",
            "Hosts, by name or id, it may run on. An empty list allows all hosts of the cluster.",
            path="placement_policy.hosts.host",
            each=Ref("host", "", to="host"),
            effect=LIVE,
        ),
    ),
)


MIGRATION = Group(
    "migration",
    "How it is migrated to another host.",
    fields=(
        Inheritable("auto_converge", "Whether a guest that writes too fast is slowed down.", path="migration.auto_converge", choices=INHERITABLE, effect=LIVE),
        Inheritable("compressed", "Whether memory is compressed on the way.", path="migration.compressed", choices=INHERITABLE, effect=LIVE),
        Inheritable("encrypted", "Whether memory is encrypted on the way.", path="migration.encrypted", choices=INHERITABLE, effect=LIVE),
        MigrationPolicy(
            "policy",
            f"Migration policy, by name ({MigrationPolicy.known()}) or id. An empty string takes the cluster's again.",
            path="migration.policy",
            effect=LIVE,
        ),
        Enum(
            "parallel",
            "Whether several connections are used.",
            path="migration.parallel_migrations_policy",
            choices=("inherit", "auto", "auto_parallel", "disabled", "custom"),
            effect=LIVE,
        ),
        Int(
            "connections",
            "Number of connections for O(migration.parallel=custom).",
            path="migration.custom_parallel_migrations",
            least=2,
            most=255,
            effect=LIVE,
            only_with=("parallel", "custom"),
        ),
        Int("downtime", "Longest pause at the end, in milliseconds. V(-1) takes the engine's default.", path="migration_downtime", least=-1, effect=LIVE),
    ),
)
