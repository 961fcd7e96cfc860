# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-host"""

from __future__ import annotations

from collections.abc import Iterator

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Group, Int, Ref, SecretText, Size, Text
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    ACT,
    GONE,
    LOOK,
    PRESENT,
    Problem,
    Resource,
    Settle,
    Situation,
    State,
    Step,
    Work,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, remove_step, update_steps

BROKEN = frozenset({"install_failed", "non_operational", "non_responsive", "error", "kdumping"})
# A host that was just installed passes through non_responsive while it restarts its agent.
UP = Settle(good=frozenset({"up"}), bad=BROKEN, lasts=60)
INSTALLED = Settle(good=frozenset({"up", "maintenance"}), bad=BROKEN, lasts=60)
DOWN = Settle(good=frozenset({"maintenance"}))
ON_THE_WAY = frozenset({"installing", "reboot", "initializing", "unassigned", "connecting", "installing_os", "pending_approval"})
ASLEEP = frozenset({"maintenance", "non_operational", "non_responsive", "install_failed"})

UP_STATE = State("up", "It is part of its cluster and up; one in maintenance is activated.")
MAINTENANCE_STATE = State("maintenance", "It is part of its cluster and in maintenance; its VMs are migrated away first.")
ABSENT_STATE = State("absent", "It is not part of any cluster. It has to be in maintenance, or O(force) be true.", exists=False)


def rules(situation: Situation) -> Iterator[Problem]:
    current, wanted = situation.current, situation.wanted
    if situation.state.exists and current is None:
        if not wanted.get("address"):
            yield Problem(f"{situation.title} does not exist, and cannot be added without address.", "Add address.")
        if not wanted.get("root_password") and wanted.get("ssh", {}).get("authentication") != "publickey":
            yield Problem(
                f"Nothing says how the engine is to log in to {situation.title}.",
                "Add root_password, or ssh: {authentication: publickey} once the engine's key is on it.",
            )
    if current is None:
        return
    cluster = wanted.get("cluster")
    if situation.state.exists and cluster and cluster["id"] != current["cluster"]["id"] and current["status"] != "maintenance":
        yield Problem(f"{situation.title} is {current['status']}; it can change its cluster only in maintenance.", "Bring it to state maintenance first.")
    if not situation.state.exists and current["status"] not in ("maintenance", "install_failed", "pending_approval") and not wanted.get("force"):
        yield Problem(f"{situation.title} is {current['status']}.", "Bring it to state maintenance first, or add force: true to have that done.")


def steps(situation: Situation) -> Work:
    work = Work()
    current, name = situation.current, situation.state.name
    status = (current or {}).get("status")
    if not situation.state.exists:
        if current is not None:
            if status not in ("maintenance", "install_failed", "pending_approval"):
                work.steps.append(_deactivate(situation))
            work.steps.append(remove_step(situation))
        return work
    if current is None:
        work.steps.append(create_step(situation))
        status = "up"
        work.leads["status"] = status
    else:
        work.steps.extend(update_steps(situation))
    if name == "up" and status in ON_THE_WAY:
        work.steps.append(Step(LOOK, f"wait until {situation.title} is up", situation.own_path, settle=UP))
    elif name == "up" and status != "up":
        work.steps.append(Step(ACT, f"activate {situation.title}", situation.own_path, verb="activate", settle=UP))
        work.leads["status"] = "up"
    elif name == "maintenance" and status != "maintenance":
        work.steps.append(_deactivate(situation))
        work.leads["status"] = "maintenance"
    return work


def _deactivate(situation: Situation) -> Step:
    reason = situation.wanted.get("reason")
    body = {"reason": reason} if reason else {}
    return Step(ACT, f"bring {situation.title} to maintenance", situation.own_path, verb="deactivate", body=body, settle=DOWN)


HOST = Resource(
    kind="host",
    words="host",
    collection="hosts",
    summary="Manage hosts",
    about=("Adds a hypervisor to a cluster, waits until the engine has deployed it, activates it, brings it to maintenance, and removes it.",),
    fields=(
        Text("name", "Name: letters, digits, C(-), C(_) and C(.)."),
        Text("address", "Name or address under which the engine reaches it. Cannot be changed afterwards.", fixed=True),
        Ref("cluster", "Cluster, by name or id. Can be changed in maintenance.", to="cluster", needed=True),
        Text("comment", "Comment."),
        SecretText("root_password", "Password of root, or of O(ssh.user), with which the engine logs in once to deploy it."),
        Group(
            "ssh",
            "How the engine logs in.",
            fields=(
                Enum(
                    "authentication",
                    "By O(root_password), or by the engine's public key.",
                    path="ssh.authentication_method",
                    choices=("password", "publickey"),
                    write_only=True,
                ),
                Int("port", "Port of SSH.", path="ssh.port", least=1, most=65535),
                Text("fingerprint", "Fingerprint of its key that the engine has to see.", path="ssh.fingerprint", write_only=True),
                Text("user", "User to log in as.", path="ssh.user.user_name", write_only=True),
            ),
        ),
        Int("port", "Port of its agent.", least=1, most=65535, fixed=True),
        Int("spm_priority", "How readily it becomes the storage pool manager, from V(-1) (never) to V(10).", path="spm.priority", least=-1, most=10),
        Group(
            "power_management",
            "Fencing. Agents are managed in the engine's C(fenceagents).",
            fields=(
                Bool("enabled", "Whether the engine may switch it off and on. Needs an agent.", path="power_management.enabled"),
                Bool("automatic", "Whether the engine may do so to save power.", path="power_management.automatic_pm_enabled"),
                Bool("kdump_detection", "Whether a host that writes a crash dump is left alone.", path="power_management.kdump_detection"),
            ),
        ),
        Text("kernel_cmdline", "Additions to its kernel's command line; used when it is installed.", path="os.custom_kernel_cmdline"),
        Enum("vgpu_placement", "How virtual GPUs are spread.", choices=("consolidated", "separated")),
        Text("console_address", "Address that consoles connect to instead of its own.", path="display.address"),
        Enum(
            "status",
            "Status of the host.",
            choices=(
                "up",
                "maintenance",
                "preparing_for_maintenance",
                "installing",
                "install_failed",
                "non_operational",
                "non_responsive",
                "unassigned",
                "connecting",
                "down",
                "error",
                "initializing",
                "installing_os",
                "kdumping",
                "pending_approval",
                "reboot",
            ),
            read_only=True,
        ),
        Text("status_detail", "Why it is not operational.", read_only=True),
        Size("memory", "Bytes of memory.", read_only=True),
        Text("cpu_type", "Best CPU type of the engine that its processor has.", path="cpu.type", read_only=True),
        Text("cpu_model", "Name of its processor.", path="cpu.name", read_only=True),
        Bool("update_available", "Whether there are newer packages for it.", read_only=True),
        Bool("reinstallation_required", "Whether changes wait for a reinstallation.", read_only=True),
        Enum("spm_status", "Whether it is the storage pool manager.", path="spm.status", choices=("none", "contending", "spm"), read_only=True),
    ),
    arguments=(
        Text("reason", "Reason of the maintenance, for the engine's log."),
        Bool("force", "With O(state=absent), whether it is brought to maintenance first."),
    ),
    states=(PRESENT, UP_STATE, MAINTENANCE_STATE, ABSENT_STATE),
    rules=(rules,),
    steps=steps,
    settles=INSTALLED,
    removed=GONE,
)
