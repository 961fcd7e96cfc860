# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-host"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    Bool,
    Enum,
    Group,
    Int,
    ListOf,
    Map,
    Ref,
    SecretText,
    Size,
    Struct,
    Text,
    Wire,
    dig,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._marks import AFFINITY_LABELS, FOLLOW, MARKS, TAGS, mark_steps
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import (
    ACT,
    CREATE,
    GONE,
    LOOK,
    PRESENT,
    REMOVE,
    UPDATE,
    Problem,
    Reader,
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


class Agents(ListOf):
    """Fence agents, told apart by their addresses; the engine keeps them in a collection of their own."""

    def accept(self, given: Any, option: str) -> Any:
        agents = super().accept(given, option)
        addresses = [agent["address"] for agent in agents]
        twice = next((address for address in addresses if addresses.count(address) > 1), None)
        if twice:
            raise InvalidInput(f"{option} names {twice!r} twice.")
        return agents

    def write(self, body: Wire, native: Any) -> None:
        """They have requests of their own."""

    def merged(self, wanted: Any, current: Any) -> Any:
        return [self.each.merged(agent, agent_at(agent["address"], current)) for agent in wanted]

    def differing(self, wanted: Any, current: Any) -> tuple[Any, Any]:
        return current, self.merged(wanted, current)


class AgentOptions(Map):
    """The engine shows the port among the options, too."""

    def from_wire(self, value: Any) -> Any:
        return value

    def read(self, wire: Wire) -> Any:
        return {name: value for name, value in super().read(wire).items() if name != "port"}


FENCE_AGENTS = Agents(
    "fence_agents",
    (
        "Devices that can switch it off and on, told apart by their addresses. What is listed is what there is; an empty list removes them all.",
        "They are there before O(power_management.enabled) is switched on, and go after it is switched off.",
    ),
    path="_fence_agents",
    each=Struct(
        "agent",
        "",
        fields=(
            Text("address", "Name or address of the device.", needed=True),
            Text("type", "Kind of the device, for example V(ipmilan), V(ilo4) or V(apc). Has to be given for a new one."),
            Text("username", "User to log in as. Has to be given for a new one."),
            SecretText("password", "Password. The engine never shows it: it is sent with a new agent and with any other change of one."),
            Int("port", "Port of the device.", least=1, most=65535),
            Int("order", "In which order agents are asked. The place in the list when it is left out for a new one.", least=1),
            Bool("concurrent", "Whether it is asked at the same time as others of its order."),
            Bool("encrypt_options", "Whether the engine keeps the options encrypted."),
            AgentOptions(
                "options",
                (
                    "Further options of the device by name, for example C(lanplus). The engine shows them to whoever may see the host.",
                    "Values that are called like a password are masked in that task alone: a password goes into O(fence_agents[].password).",
                ),
                path="options.option",
            ),
        ),
    ),
)


def agent_at(address: str, agents: Any) -> Any:
    fitting = [agent for agent in agents or [] if agent["address"] == address]
    if len(fitting) > 1:
        hint = "Take off all but one of them in the administration portal."
        raise Ambiguous(f"fence_agents: the host has {len(fitting)} agents at {address}, and they are told apart by their addresses.", hint=hint)
    return fitting[0] if fitting else None


def complete(reader: Reader, wire: Wire) -> Wire:
    return {**wire, "_fence_agents": reader.list(f"hosts/{wire['id']}/fenceagents")}


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
    for agent in wanted.get("fence_agents") or []:
        absent = [name for name in ("type", "username", "password") if not agent.get(name)]
        if absent and agent_at(agent["address"], (current or {}).get("fence_agents")) is None:
            yield Problem(f"{situation.title} has no fence agent at {agent['address']}, and it cannot be added without {' and '.join(absent)}.",
                          f"Add {', '.join(absent)}.")
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
                work.steps.append(deactivation(situation.title, situation.own_path, situation.wanted.get("reason"), status))
            work.steps.append(remove_step(situation))
        return work
    if current is None:
        work.steps.extend(_create(situation))
        status = "up"
        work.leads["status"] = status
    else:
        work.steps.extend(_change(situation))
    work.steps.extend(mark_steps(situation))
    if name == "up" and status in ON_THE_WAY:
        work.steps.append(Step(LOOK, f"wait until {situation.title} is up", situation.own_path, settle=UP))
    elif name == "up" and status != "up":
        work.steps.append(Step(ACT, f"activate {situation.title}", situation.own_path, verb="activate", settle=UP))
        work.leads["status"] = "up"
        work.follows["status_detail"] = ""
    elif name == "maintenance" and status != "maintenance":
        step = deactivation(situation.title, situation.own_path, situation.wanted.get("reason"), status)
        work.steps.append(step)
        # What is only waited for is no change of this task.
        (work.follows if step.do == LOOK else work.leads)["status"] = "maintenance"
        work.follows["spm_status"] = "none"
        if step.do != LOOK:
            # The engine shows the reason of a maintenance there.
            work.follows["status_detail"] = situation.wanted.get("reason") or ""
    return work


def _create(situation: Situation) -> Iterator[Step]:
    """The engine switches power management on only once there is an agent."""
    step = create_step(situation)
    fencing = step.body.pop("power_management", None) if situation.wanted.get("fence_agents") else None
    yield step
    yield from _agent_steps(situation)
    if fencing:
        yield Step(UPDATE, f"change power_management of {situation.title}", situation.own_path, body={"power_management": fencing}, settle=INSTALLED)


def _change(situation: Situation) -> Iterator[Step]:
    yield from _agent_steps(situation)
    changing = any(change.option not in MARKS | {"fence_agents"} for change in situation.changes())
    if changing:
        yield from update_steps(situation)
    unwanted, base = _unwanted_agents(situation), f"{situation.own_path}/fenceagents"
    if changing and unwanted:
        yield _renewed_agents(situation, unwanted)
    for agent in unwanted:
        known = f"{{agent {agent['address']}}}" if changing else agent["id"]
        yield Step(REMOVE, f"remove fence agent {agent['address']} from {situation.title}", f"{base}/{known}")


def _renewed_agents(situation: Situation, agents: list[Wire]) -> Step:
    """Each PUT of a host gives its agents new ids: they are looked up by their addresses."""
    before = {f"agent {agent['address']}": str(agent["id"]) for agent in agents}

    def learns(wire: Wire) -> dict[str, str]:
        return {**before, **{f"agent {agent['address']}": str(agent["id"]) for agent in wire.get("agent", [])}}

    return Step(LOOK, f"see the fence agents of {situation.title}", f"{situation.own_path}/fenceagents", settle=Settle(job=False), learns=learns)


def _agent_steps(situation: Situation) -> Iterator[Step]:
    """Adds and changes. A change carries the whole agent, as the engine forgets the options that it does not name."""
    base = f"{situation.own_path}/fenceagents"
    current = (situation.current or {}).get("fence_agents")
    for place, agent in enumerate(situation.wanted.get("fence_agents") or [], 1):
        now = agent_at(agent["address"], current)
        if now is None:
            body = FENCE_AGENTS.each.to_wire({"order": place, **agent})
            yield Step(CREATE, f"add fence agent {agent['address']} to {situation.title}", base, body=body, look_for=("address", agent["address"]))
        elif not FENCE_AGENTS.each.same(agent, now):
            known = {name: value for name, value in now.items() if value is not None}
            body = FENCE_AGENTS.each.to_wire({**known, **agent})
            yield Step(UPDATE, f"change fence agent {agent['address']} of {situation.title}", f"{base}/{_agent_id(situation, agent['address'])}", body=body)


def _unwanted_agents(situation: Situation) -> list[Wire]:
    if "fence_agents" not in situation.wanted:
        return []
    return [agent for agent in dig(situation.wire, "_fence_agents") or [] if agent_at(agent["address"], situation.wanted["fence_agents"]) is None]


def _agent_id(situation: Situation, address: str) -> str:
    return str(agent_at(address, dig(situation.wire, "_fence_agents"))["id"])


def deactivation(title: str, path: str, reason: str | None, status: Any) -> Step:
    """Brings a host to maintenance; one on its way, asked by a task that was killed for example, is asked only where that leads elsewhere."""
    act = Step(ACT, f"bring {title} to maintenance", path, verb="deactivate", body={"reason": reason} if reason else {}, settle=DOWN)
    if status not in ON_THE_WAY - {"pending_approval"} | {"preparing_for_maintenance"}:
        return act
    settle = replace(DOWN, bad=BROKEN | {"up", "down"}, lasts=3, job=False)
    return Step(LOOK, f"wait until {title} is in maintenance", path, settle=settle, instead=act)


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
            "Fencing.",
            fields=(
                Bool("enabled", "Whether the engine may switch it off and on. Needs one of O(fence_agents).", path="power_management.enabled"),
                Bool("automatic", "Whether the engine may do so to save power.", path="power_management.automatic_pm_enabled"),
                Bool("kdump_detection", "Whether a host that writes a crash dump is left alone.", path="power_management.kdump_detection"),
            ),
        ),
        FENCE_AGENTS,
        Text("kernel_cmdline", "Additions to its kernel's command line; used when it is installed.", path="os.custom_kernel_cmdline"),
        Enum("vgpu_placement", "How virtual GPUs are spread.", choices=("consolidated", "separated")),
        TAGS,
        AFFINITY_LABELS,
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
    follow=FOLLOW,
    complete=complete,
    rules=(rules,),
    steps=steps,
    settles=INSTALLED,
    removed=GONE,
)
