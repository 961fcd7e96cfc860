# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Cluster architectures and CPU types of the engine, and which of them a machine can serve.

Names, required flags, order and versions are those of the engine's option ``ServerCPUList``. The engine compares with
flags that its agent computes from libvirt; here the CPU model is recognised from the flags of ``/proc/cpuinfo`` that tell
one generation from the one before, which is what libvirt's own models are made of.
"""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional, Set, Tuple

VERSIONS = ("4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8")

CLUSTER_ARCHITECTURES = {"x86_64": "x86_64", "ppc64le": "ppc64", "ppc64": "ppc64"}


class CpuType(NamedTuple):
    """One entry of the engine's list: valid from ``first`` to ``last`` version, ``needs`` in names of /proc/cpuinfo."""

    name: str
    first: str
    last: str
    needs: FrozenSet[str]


def _flags(text: str) -> FrozenSet[str]:
    return frozenset(text.split())


_NEHALEM = _flags("vmx nx lm cx16 ssse3 sse4_1 sse4_2 popcnt lahf_lm")
_WESTMERE = _NEHALEM | _flags("aes pclmulqdq")
_SANDY_BRIDGE = _WESTMERE | _flags("avx xsave rdtscp x2apic")
_IVY_BRIDGE = _SANDY_BRIDGE | _flags("f16c rdrand fsgsbase smep erms")
_HASWELL = _IVY_BRIDGE | _flags("avx2 bmi1 bmi2 fma movbe invpcid")
_HASWELL_TSX = _HASWELL | _flags("hle rtm")
_BROADWELL = _HASWELL | _flags("adx rdseed smap 3dnowprefetch")
_BROADWELL_TSX = _BROADWELL | _flags("hle rtm")
_SKYLAKE_CLIENT = _BROADWELL | _flags("xsavec xgetbv1")
_SKYLAKE_SERVER = _SKYLAKE_CLIENT | _flags("avx512f avx512dq avx512bw avx512cd avx512vl clwb pdpe1gb")
_CASCADELAKE = _SKYLAKE_SERVER | _flags("avx512_vnni")
_ICELAKE = _CASCADELAKE | _flags("avx512_vbmi2 avx512vbmi gfni vaes vpclmulqdq avx512_bitalg avx512_vpopcntdq la57 wbnoinvd")
_SAPPHIRE_RAPIDS = _ICELAKE | _flags("amx_tile avx512_fp16 avx512_bf16 serialize")
_OPTERON_G4 = _flags("svm nx lm cx16 ssse3 sse4_1 sse4_2 popcnt aes pclmulqdq avx xop fma4")
_OPTERON_G5 = _OPTERON_G4 | _flags("f16c fma tbm")
_EPYC = _flags("svm nx lm cx16 ssse3 sse4_1 sse4_2 popcnt aes pclmulqdq avx avx2 bmi1 bmi2 f16c fma movbe adx rdseed smap sha_ni xsavec")
_EPYC_ROME = _EPYC | _flags("clwb rdpid umip")
_EPYC_MILAN = _EPYC_ROME | _flags("invpcid fsrm erms pku")
_EPYC_GENOA = _EPYC_MILAN | _flags("avx512f avx512_vnni avx512_bf16 gfni vaes")
_SSBD = _flags("ibrs ssbd")
_MDS = _SSBD | _flags("md_clear")

# Ascending: the last entry that fits is the best.
_X86: Tuple[CpuType, ...] = (
    CpuType("Intel Nehalem Family", "4.2", "4.8", _NEHALEM),
    CpuType("Secure Intel Nehalem Family", "4.4", "4.8", _NEHALEM | _SSBD),
    CpuType("Intel Westmere Family", "4.2", "4.8", _WESTMERE),
    CpuType("Secure Intel Westmere Family", "4.4", "4.8", _WESTMERE | _SSBD),
    CpuType("Intel SandyBridge Family", "4.2", "4.8", _SANDY_BRIDGE),
    CpuType("Secure Intel SandyBridge Family", "4.4", "4.8", _SANDY_BRIDGE | _MDS),
    CpuType("Intel IvyBridge Family", "4.4", "4.8", _IVY_BRIDGE),
    CpuType("Secure Intel IvyBridge Family", "4.4", "4.8", _IVY_BRIDGE | _MDS),
    CpuType("Intel Haswell-noTSX Family", "4.2", "4.3", _HASWELL),
    CpuType("Intel Haswell Family", "4.2", "4.3", _HASWELL_TSX),
    CpuType("Intel Haswell Family", "4.4", "4.8", _HASWELL),
    CpuType("Secure Intel Haswell Family", "4.4", "4.8", _HASWELL | _MDS),
    CpuType("Intel Broadwell-noTSX Family", "4.2", "4.3", _BROADWELL),
    CpuType("Intel Broadwell Family", "4.2", "4.3", _BROADWELL_TSX),
    CpuType("Intel Broadwell Family", "4.4", "4.8", _BROADWELL),
    CpuType("Secure Intel Broadwell Family", "4.4", "4.8", _BROADWELL | _MDS),
    CpuType("Intel Skylake Client Family", "4.2", "4.8", _SKYLAKE_CLIENT),
    CpuType("Secure Intel Skylake Client Family", "4.4", "4.8", _SKYLAKE_CLIENT | _MDS),
    CpuType("Intel Skylake Server Family", "4.3", "4.8", _SKYLAKE_SERVER),
    CpuType("Secure Intel Skylake Server Family", "4.4", "4.8", _SKYLAKE_SERVER | _MDS),
    CpuType("Intel Cascadelake Server Family", "4.4", "4.8", _CASCADELAKE),
    CpuType("Secure Intel Cascadelake Server Family", "4.4", "4.8", _CASCADELAKE | _flags("arch_capabilities md_clear")),
    CpuType("Intel Icelake Server Family", "4.5", "4.8", _ICELAKE),
    CpuType("Secure Intel Icelake Server Family", "4.5", "4.8", _ICELAKE | _flags("arch_capabilities")),
    CpuType("Intel Sapphire Rapids Server Family", "4.8", "4.8", _SAPPHIRE_RAPIDS),
    CpuType("AMD Opteron G4", "4.2", "4.8", _OPTERON_G4),
    CpuType("AMD Opteron G5", "4.2", "4.8", _OPTERON_G5),
    CpuType("AMD EPYC", "4.3", "4.8", _EPYC),
    CpuType("Secure AMD EPYC", "4.4", "4.8", _EPYC | _flags("ibpb ssbd")),
    CpuType("AMD EPYC-Rome", "4.8", "4.8", _EPYC_ROME),
    CpuType("Secure AMD EPYC-Rome", "4.8", "4.8", _EPYC_ROME | _flags("ibrs ssbd")),
    CpuType("AMD EPYC-Milan", "4.8", "4.8", _EPYC_MILAN),
    CpuType("AMD EPYC-Genoa", "4.8", "4.8", _EPYC_GENOA),
)

_POWER: Tuple[CpuType, ...] = (
    CpuType("IBM POWER8", "4.2", "4.8", _flags("powernv POWER8")),
    CpuType("IBM POWER9", "4.3", "4.8", _flags("powernv POWER9")),
    CpuType("IBM POWER10", "4.8", "4.8", _flags("powernv POWER10")),
)


def _in_version(entry: CpuType, version: str) -> bool:
    return VERSIONS.index(entry.first) <= VERSIONS.index(version) <= VERSIONS.index(entry.last)


def match(machine_name: str, flags: Set[str], version: str) -> Dict[str, Any]:
    """Cluster architecture and CPU types for a machine.

    ``flags`` are those of /proc/cpuinfo on x86; on POWER the platform in lower case and the CPU's generation. The answer
    has ``cluster_architecture`` and ``cluster_cpu_type`` (None where the engine has none), ``cluster_cpu_types`` (best
    first) and ``evidence``.
    """
    architecture = CLUSTER_ARCHITECTURES.get(machine_name)
    answer: Dict[str, Any] = dict(compatibility_version=version, cluster_architecture=architecture, cluster_cpu_type=None,
                                  cluster_cpu_types=[], evidence=[])
    if architecture is None:
        answer["evidence"].append("the engine has no cluster architecture for %s" % (machine_name or "this machine"))
        return answer
    table = _X86 if architecture == "x86_64" else _POWER
    entries = [entry for entry in table if _in_version(entry, version)]
    fitting = [entry.name for entry in entries if entry.needs <= flags]
    answer["cluster_cpu_types"] = fitting[::-1]
    if fitting:
        answer["cluster_cpu_type"] = fitting[-1]
        answer["evidence"].append("%s is the highest type of version %s whose flags the CPU has" % (fitting[-1], version))
    else:
        answer["evidence"].append(_missing(entries, flags, version))
    return answer


def _missing(entries: List[CpuType], flags: Set[str], version: str) -> str:
    nearest: Optional[CpuType] = min(entries, key=lambda entry: len(entry.needs - flags), default=None)
    if nearest is None:
        return "version %s has no CPU type for this architecture" % version
    return "no CPU type of version %s fits; the nearest, %s, lacks %s" % (version, nearest.name, ", ".join(sorted(nearest.needs - flags)))
