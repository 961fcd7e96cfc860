"""Which host takes a machine: the filters that the engine applies, in its order and with its words.

Mandatory filters come first, then those of the cluster's policy.  A filter sees the hosts that those before it left.  What a refusal says of several
hosts is, as with the engine, one line for each of them with the values of the last one: its translator keeps one value for each name.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator

from .. import errors
from . import affinity, policies
from .machine import MIB, lends

Row = dict[str, Any]
NO_HOSTS = "There are no hosts to use. Check that the cluster contains at least one host in Up state."
FILTERED = "There is no host that satisfies current scheduling constraints. See below for details:"
# What a host and its agent take for themselves, and its swap, in MiB.
OWN_SHARE, SWAP = 32, 16383
NOT_PINNED = "the host is not present in the pinning list."
POSITIVE, NEGATIVE = "it did not match positive affinity rules ", "it matched negative affinity rules "


def running_on(ctx: Any, host: Row) -> list[Row]:
    return ctx.table("vm").by("host.id", host["id"])


class Call:
    """One question for a host; what filters need to know of the estate is looked up once."""

    def __init__(self, ctx: Any, vm: Row) -> None:
        self.ctx, self.vm = ctx, vm
        self.cluster: Row = ctx.row("cluster", vm["cluster"]["id"]) or {}
        self.source: str | None = (vm.get("host") or {}).get("id")
        self._networks: list[Row] | None = None
        self._groups: list[Row] | None = None

    def filters(self) -> Iterator[tuple[str, Filter]]:
        yield from MANDATORY.items()
        policy = self.ctx.row("scheduling_policy", (self.cluster.get("scheduling_policy") or {}).get("id"))
        for name in policies.filters_of(policy) if policy else ():
            if name in BY_POLICY:
                yield name, BY_POLICY[name]

    def networks(self) -> list[Row]:
        """The networks that a host has to carry: those of plugged NICs, but for what providers and virtual functions bring."""
        if self._networks is None:
            found = []
            for nic in self.ctx.table("nic").by("vm.id", self.vm["id"]):
                profile = self.ctx.row("vnic_profile", (nic.get("vnic_profile") or {}).get("id")) or {}
                network = self.ctx.row("network", (profile.get("network") or {}).get("id"))
                passed = (profile.get("pass_through") or {}).get("mode") == "enabled"
                if network is not None and nic.get("plugged", True) and not passed and not network.get("external_provider"):
                    found.append(network)
            self._networks = found
        return self._networks

    def display_network(self) -> Row | None:
        member = next((one for one in self.ctx.table("cluster_network").by("cluster.id", self.cluster["id"]) if "display" in one.get("_roles", ())), None)
        return self.ctx.row("network", member["network"]["id"]) if member else None

    def groups(self) -> list[Row]:
        """The affinity groups that the machine is in, with the members of their labels."""
        if self._groups is None:
            self._groups = affinity.groups_of(self.ctx, self.vm)
        return self._groups


Filter = Callable[[Call, Row], "str | None"]
"""Why a host does not take the machine; None when it does."""


# -- filters


def _level(call: Call, host: Row) -> str | None:
    own, versions = call.vm.get("custom_compatibility_version"), host.get("_levels")
    if not own or not versions or (own["major"], own["minor"]) in versions:
        return None
    shown = ",".join(f"{major}.{minor}" for major, minor in versions)
    return (f"it doesn't support compatibility version '{own['major']}.{own['minor']}' which is required by the VM. Host supported compatibility versions "
            f"are: {shown}.")


def _topology(call: Call, host: Row) -> str | None:
    wanted, have = call.vm["cpu"]["topology"], (host.get("cpu") or {}).get("topology") or {}
    policy = call.vm.get("cpu_pinning_policy")
    if policy == "resize_and_pin_numa" and have.get("cores", 2) <= 1:
        return "it has to have more than one core per socket for VMs with Resize and Pin CPU pinning policy"
    if policy == "dedicated" and have.get("threads", 1) < wanted["threads"]:
        return "it has not enough CPU threads per core to run the VM with Dedicated CPU pinning policy"
    return None


def _pinning(call: Call, host: Row) -> str | None:
    pins = (call.vm["cpu"].get("cpu_tune") or {}).get("vcpu_pins") or []
    wanted = {number for pin in pins for number in _numbers(str(pin.get("cpu_set") or ""))}
    missing = sorted(wanted - set(range(cpus(host, threads=True))))
    if not missing:
        return None
    return ("it is either missing online CPU core(s) or the requested CPU core(s) are exclusively pinned by another VM. Unavailable cores are: "
            + ", ".join(map(str, missing)))


def _numbers(text: str) -> set[int]:
    """The CPUs of a set such as ``0-3,^2``."""
    kept: set[int] = set()
    left_out: set[int] = set()
    for part in filter(None, text.replace(" ", "").split(",")):
        first, _dash, last = part.lstrip("^").partition("-")
        if first.isdigit() and (not last or last.isdigit()):
            (left_out if part.startswith("^") else kept).update(range(int(first), int(last or first) + 1))
    return kept - left_out


def cpus(host: Row, *, threads: bool) -> int:
    """How many CPUs a host has for one machine."""
    topology = (host.get("cpu") or {}).get("topology") or {}
    return int(topology.get("sockets", 1) * topology.get("cores", 1) * (topology.get("threads", 1) if threads else 1))


def _devices(call: Call, host: Row) -> str | None:
    devices = call.ctx.table("vm_host_device").by("vm.id", call.vm["id"])
    bound = call.vm["placement_policy"].get("hosts") or [{}]
    if not devices:
        return None
    if any(one.get("capability") == "pci" for one in devices) and not lends(host):
        return "it does not support host device passthrough"
    if bound[0].get("id") != host["id"]:
        return "the host does not provide requested host devices"
    wanted = {one["_device"] for one in devices}
    if any(one["_device"] in wanted for vm in running_on(call.ctx, host) if vm["id"] != call.vm["id"]
           for one in call.ctx.table("vm_host_device").by("vm.id", vm["id"])):
        return "some of the required host devices are unavailable"
    return None


def _pinned(call: Call, host: Row) -> str | None:
    policy = call.vm["placement_policy"]
    if policy.get("affinity") != "pinned":
        return None
    bound = {one["id"] for one in policy.get("hosts", ())}
    if bound:
        return None if host["id"] in bound else NOT_PINNED
    return NOT_PINNED if call.source else None


def _maintenance(call: Call, host: Row) -> str | None:
    if call.source or call.vm["high_availability"]["enabled"]:
        return None
    return "the cluster is in maintenance and only highly available VMs are allowed to start"


def _cpu(call: Call, host: Row) -> str | None:
    topology = call.vm["cpu"]["topology"]
    wanted = topology["sockets"] * topology["cores"] * topology["threads"]
    return "it has an insufficient amount of CPU cores to run the VM" if wanted > cpus(host, threads=bool(call.cluster.get("threads_as_cores"))) else None


def _memory(call: Call, host: Row) -> str | None:
    """First what the host says it has free, with its swap; guests here touch no memory. Then what it has promised to others."""
    if call.vm["status"] == "paused" or host["id"] == call.source:
        return None
    total = (host.get("memory") or 0) // MIB
    others = [vm for vm in running_on(call.ctx, host) if vm["id"] != call.vm["id"]]
    free = total - total // OWN_SHARE + SWAP
    if call.vm["memory"] // MIB > free:
        return _too_little(free)
    over_commit = ((call.cluster.get("memory_policy") or {}).get("over_commit") or {}).get("percent") or 100
    left = (host.get("max_scheduling_memory") or 0) // MIB * over_commit // 100 - sum(vm["memory_policy"]["guaranteed"] for vm in others) // MIB
    return _too_little(left) if call.vm["memory_policy"]["guaranteed"] // MIB > left else None


def _too_little(mebibytes: int) -> str:
    return f"its available memory is too low ({mebibytes} MB) to run the VM"


def _migration(call: Call, host: Row) -> str | None:
    source = call.ctx.row("host", call.source) if call.source else None
    same = source is not None and source["id"] != host["id"] and source.get("address") == host.get("address")
    return "it currently hosts the VM." if same else None


def _machines(call: Call, host: Row) -> str | None:
    ruled = [one for one in call.groups() if one["group"]["vms_rule"]["enabled"] and one["group"]["vms_rule"]["enforcing"]]
    together = {ident for one in ruled if one["group"]["vms_rule"]["positive"] for ident in one["vms"]} - {call.vm["id"]}
    apart = {ident for one in ruled if not one["group"]["vms_rule"]["positive"] for ident in one["vms"]} - {call.vm["id"]}
    wanted = _places(call, together)
    if wanted and host["id"] not in wanted:
        return POSITIVE
    return NEGATIVE if host["id"] in _places(call, apart) else None


def _places(call: Call, machines: set[str]) -> set[str]:
    """The hosts that these machines run on."""
    rows = [call.ctx.row("vm", ident) for ident in machines]
    return {row["host"]["id"] for row in rows if row is not None and row.get("host")}


def _hosts(call: Call, host: Row) -> str | None:
    for one in call.groups():
        rule = one["group"]["hosts_rule"]
        if not (rule["enabled"] and rule["enforcing"]):
            continue
        if rule["positive"] and host["id"] not in one["hosts"]:
            return POSITIVE
        if not rule["positive"] and host["id"] in one["hosts"]:
            return NEGATIVE
    return None


def _network(call: Call, host: Row) -> str | None:
    attached = {row["network"]["id"]: row for row in call.ctx.table("network_attachment").by("host.id", host["id"])}
    missing = [network["name"] for network in call.networks() if network["id"] not in attached]
    if missing:
        return f"network(s) {', '.join(missing)} are missing"
    display = call.display_network()
    if display is None:
        return None
    if display["id"] not in attached:
        return f"display network {display['name']} was missing"
    carrier = call.ctx.row("host_nic", attached[display["id"]].get("_carrier")) or {}
    if carrier.get("boot_protocol", "none") == "none" and carrier.get("ipv6_boot_protocol", "none") == "none":
        return f"the display network {display['name']} must have a DHCP or Static boot protocol when configured on a host"
    return None


MANDATORY: dict[str, Filter] = {"Compatibility-Version": _level, "CPUTopology": _topology, "CpuPinning": _pinning, "HostDevice": _devices,
                                "PinToHost": _pinned}
BY_POLICY: dict[str, Filter] = {"ClusterInMaintenance": _maintenance, "CPU": _cpu, "Memory": _memory, "Migration": _migration,
                                "VmAffinityGroups": _machines, "VmToHostsAffinityGroups": _hosts, "Network": _network}


# -- the choice


def choose(ctx: Any, vm: Row, command: Any, *, only: str | None = None, leave: str | None = None) -> Row:
    """The host for a machine: the one with the fewest machines among those that pass.

    ``only`` is a host asked for, ``leave`` the one it runs on now.  Refuses with a line for each host that was filtered out.
    """
    hosts = [host for host in ctx.table("host").by("cluster.id", vm["cluster"]["id"]) if host["status"] == "up" and host["id"] != leave]
    if only is not None:
        hosts = [host for host in hosts if host["id"] == only]
    if not hosts:
        raise errors.refused(400, NO_HOSTS)
    call = Call(ctx, vm)
    passed, reasons = hosts, {}
    for name, judge in call.filters():
        judged = [(host, judge(call, host)) for host in passed]
        reasons.update({host["id"]: (host["name"], name, why) for host, why in judged if why is not None})
        passed = [host for host, why in judged if why is None]
        if not passed:
            raise errors.refused(409, f"Cannot {command.action} {command.kind}. {FILTERED}", *_told(hosts, reasons))
    bound = {host["id"] for host in vm["placement_policy"].get("hosts", ())}
    preferred = [host for host in passed if host["id"] in bound]
    return min(preferred or passed, key=lambda host: (len(running_on(ctx, host)), (host.get("spm") or {}).get("status") == "spm"))


def _told(hosts: list[Row], reasons: dict[str, tuple[str, str, str]]) -> list[str]:
    name, unit, why = reasons[hosts[-1]["id"]]
    return [f"The host {name} did not satisfy internal filter {unit} because {why}."] * len(hosts)
