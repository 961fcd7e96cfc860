# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Processor, memory, firmware and operating system of a VM.

How a change reaches a running VM (``effect``) is what a real engine of 4.5 did, field by field.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import (
    HOTPLUG,
    LIVE,
    NEXT_RUN,
    Bool,
    Enum,
    Group,
    Int,
    ListOf,
    Ref,
    Size,
    Struct,
    Text,
    Version,
)

HOT_MEMORY_STEP = 128 * 1024 * 1024
"""The engine adds memory to a running VM in multiples of this alone."""


def memory_effect(wanted: Any, current: Any) -> str:
    """More memory is plugged in at once where it comes in whole steps; everything else waits for the next start."""
    return HOTPLUG if wanted > (current or 0) and (wanted - (current or 0)) % HOT_MEMORY_STEP == 0 else NEXT_RUN


def sockets_effect(wanted: Any, current: Any) -> str:
    return HOTPLUG if wanted > (current or 0) else NEXT_RUN


class CpuMode(Enum):
    """The engine keeps only whether it is the host's (``VmBaseMapper``: ``useHostCpuFlags``), and shows no other."""

    def accept(self, given: Any, option: str) -> Any:
        if given == "host_model":
            raise InvalidInput(f"{option} is host_model, which the engine takes for custom.", hint="Give custom, with a model, or host_passthrough.")
        return given


CPU = Group(
    "cpu",
    "Virtual processors. Their number is O(cpu.sockets) times O(cpu.cores) times O(cpu.threads).",
    fields=(
        Int("sockets", "Number of sockets. More are plugged into a running VM at once.", path="cpu.topology.sockets", least=1, effect=sockets_effect),
        Int("cores", "Cores of each socket.", path="cpu.topology.cores", least=1, effect=NEXT_RUN),
        Int("threads", "Threads of each core.", path="cpu.topology.threads", least=1, effect=NEXT_RUN),
        Text(
            "model",
            "CPU model the guest sees instead of the cluster's, in libvirt's spelling, "
            "for example V(Haswell-noTSX). An empty string takes the cluster's again.",
            path="custom_cpu_model",
            effect=NEXT_RUN,
        ),
        CpuMode(
            "mode",
            "Whether the guest sees the model (V(custom)), or the host's own processor (V(host_passthrough)). V(host_model) is in the API, and engines do not "
            "keep it: it is refused.",
            path="cpu.mode",
            choices=("custom", "host_model", "host_passthrough"),
            absent="custom",
            effect=NEXT_RUN,
        ),
        Enum(
            "architecture",
            "Processor architecture. The cluster's when it is left out.",
            path="cpu.architecture",
            choices=("x86_64", "ppc64", "s390x", "aarch64", "loongarch64"),
            effect=NEXT_RUN,
            fixed=True,
        ),
        Int("shares", "Weight against other VMs when processors are short. V(0) is the default weight.",
            path="cpu_shares", least=0, none=0, kept=True, effect=NEXT_RUN),
        ListOf(
            "pinning",
            "Which virtual processor runs on which of the host's. Needs O(placement.hosts) and is a list managed as a whole.",
            path="cpu.cpu_tune.vcpu_pins.vcpu_pin",
            each=Struct(
                "pin",
                "",
                fields=(
                    Int("vcpu", "Number of the virtual processor, from V(0).", least=0, needed=True),
                    Text("cpu_set", "Processors of the host, for example V(1-4,^2).", needed=True),
                ),
            ),
            effect=NEXT_RUN,
        ),
        Enum(
            "pinning_policy",
            "How virtual processors are bound to the host's.",
            path="cpu_pinning_policy",
            choices=("none", "manual", "resize_and_pin_numa", "dedicated", "isolate_threads"),
            effect=NEXT_RUN,
        ),
        Ref("profile", "CPU profile, by name or id, with its quality of service.", path="cpu_profile", to="cpu_profile", within="cluster", effect=LIVE),
    ),
)

MEMORY = (
    Size(
        "memory",
        (
            "Memory, for example V(4GiB); a bare number is bytes.",
            "A running VM gets more at once when what is added is a multiple of 128 MiB, up to O(memory_max); less waits for the next start.",
        ),
        effect=memory_effect,
    ),
    Size("memory_guaranteed", "Memory that the host keeps for it even when memory is short.", path="memory_policy.guaranteed", effect=LIVE),
    Size(
        "memory_max",
        "Up to where memory can be added while it runs. The engine takes four times O(memory) when it is left out.",
        path="memory_policy.max",
        effect=NEXT_RUN,
    ),
    Bool("ballooning", "Whether the host may take unused memory back from the guest.", path="memory_policy.ballooning", effect=NEXT_RUN),
)

OPERATING_SYSTEM = Group(
    "os",
    "Operating system and how it boots.",
    fields=(
        Text(
            "type",
            "Operating system in the engine's spelling, for example V(rhel_9x64), V(debian_9) or V(windows_2022); V(other) if it knows none.",
            path="os.type",
            effect=LIVE,
        ),
        ListOf(
            "boot_devices",
            "Devices to boot from, in this order.",
            path="os.boot.devices.device",
            each=Enum("device", "", choices=("hd", "cdrom", "network")),
            ordered=True,
            filled=True,
            effect=NEXT_RUN,
        ),
        Text("kernel", "Path of a kernel to boot directly, on an ISO domain or the host.", path="os.kernel", effect=NEXT_RUN),
        Text("initrd", "Path of the initial RAM disk for O(os.kernel).", path="os.initrd", effect=NEXT_RUN),
        Text("cmdline", "Command line for O(os.kernel).", path="os.cmdline", effect=NEXT_RUN),
    ),
)

FIRMWARE = (
    Enum(
        "bios_type",
        "Chipset and firmware. V(cluster_default) takes the cluster's. A running VM shows the new one at once and uses it from its next start.",
        path="bios.type",
        choices=("cluster_default", "i440fx_sea_bios", "q35_sea_bios", "q35_ovmf", "q35_secure_boot"),
        effect=LIVE,
    ),
    Bool("boot_menu", "Whether the firmware shows a boot menu.", path="bios.boot_menu.enabled", effect=NEXT_RUN),
    Text(
        "machine_type",
        "Machine type instead of the cluster's, for example V(pc-q35-rhel9.4.0). An empty string takes the cluster's again.",
        path="custom_emulated_machine",
        effect=NEXT_RUN,
    ),
    Bool("tpm", "Whether it has a trusted platform module. Needs UEFI firmware.", path="tpm_enabled", effect=NEXT_RUN),
    Version(
        "compatibility_version",
        "Compatibility level of its own instead of the cluster's, for example V(4.7). An empty string takes the cluster's again.",
        path="custom_compatibility_version",
        cleared={},
        effect=NEXT_RUN,
    ),
    Group(
        "serial_number",
        "Serial number the firmware shows.",
        fields=(
            Enum(
                "policy",
                "V(host) and V(vm) take the id of that, V(custom) takes O(serial_number.value).",
                path="serial_number.policy",
                choices=("host", "vm", "custom", "none"),
                absent="none",
                effect=NEXT_RUN,
            ),
            Text(
                "value",
                "Serial number for O(serial_number.policy=custom).",
                path="serial_number.value",
                effect=NEXT_RUN,
                only_with=("policy", "custom"),
            ),
        ),
    ),
    Text(
        "time_zone",
        "Offset of the hardware clock as a time zone, for example V(Etc/GMT) or V(W. Europe Standard Time).",
        path="time_zone.name",
        effect=NEXT_RUN,
    ),
)
