"""Guest operating systems: what they cannot do (facts of the engine's osinfo)."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache

OTHER = "other"
NEWEST = (4, 8)

NAMES = frozenset("""
other other_linux other_linux_kernel_4 other_ppc64 other_linux_ppc64 other_s390x other_linux_s390x
rhel_3 rhel_3x64 rhel_4 rhel_4x64 rhel_5 rhel_5x64 rhel_6 rhel_6x64 rhel_7x64 rhel_8x64 rhel_9x64 rhel_10x64 rhcos_x64 rhel_atomic7x64
rhel_6_ppc64 rhel_6_9_plus_ppc64 rhel_7_ppc64 rhel_8_ppc64 rhel_9_ppc64 rhel_7_s390x sles_11 sles_11_ppc64 sles_12_s390x
windows_xp windows_2003 windows_2003x64 windows_2008 windows_2008x64 windows_2008r2x64 windows_7 windows_7x64 windows_8 windows_8x64
windows_2012x64 windows_2012r2x64 windows_10 windows_10x64 windows_2016x64 windows_2019x64 windows_11 windows_2022 windows_2025
ubuntu_12_04 ubuntu_12_10 ubuntu_13_04 ubuntu_13_10 ubuntu_14_04 ubuntu_18_04 ubuntu_14_04_ppc64 ubuntu_16_04_s390x
debian_7 debian_9 freebsd freebsdx64
""".split())

_WITH_TPM = frozenset("""
rhel_7x64 rhel_8x64 rhel_9x64 rhel_10x64 rhcos_x64 rhel_atomic7x64 other_linux_kernel_4 windows_8 windows_8x64 windows_2012x64 windows_2012r2x64
windows_10 windows_10x64 windows_2016x64 windows_2019x64 windows_11 windows_2022 windows_2025
""".split())

_OLD_CPUS_8 = ("conroe", "opteron_g1")
_OLD_CPUS_10 = ("opteron_g1", "conroe", "nehalem", "penryn")
_UNSUPPORTED_CPUS = {**dict.fromkeys(("windows_8", "windows_8x64", "windows_2012x64", "windows_2012r2x64"), _OLD_CPUS_8),
                     **dict.fromkeys(("windows_10", "windows_10x64", "windows_2016x64", "windows_2019x64", "windows_11", "windows_2022", "windows_2025"),
                                     _OLD_CPUS_10)}
_WINDOWS_ZONES = ("Standard Time", "UTC")


def canonical(name: str | None) -> str:
    """The name the engine keeps; what it does not know becomes ``other``."""
    lower = (name or "").lower()
    return name if lower in NAMES and name is not None else OTHER


def is_windows(name: str) -> bool:
    return name.lower().startswith("windows")


def is_linux(name: str) -> bool:
    return name.startswith(("rhel", "rhcos", "sles", "ubuntu", "debian", "other_linux"))


def has_tpm(name: str) -> bool:
    return name.lower() in _WITH_TPM


def needs_tpm(name: str) -> bool:
    return name == "windows_11"


def unsupported_cpus(name: str, cpu_type: str | None) -> tuple[str, ...]:
    """The families a guest cannot run on, when the cluster's CPU is one of them."""
    families = _UNSUPPORTED_CPUS.get(name.lower(), ())
    words = (cpu_type or "").lower().replace(" ", "_")
    return families if any(family in words for family in families) else ()


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def takes_zone(name: str, zone: str | None) -> bool:
    """Is the time zone one of the guest's kind?  No zone means the engine's default and is always right."""
    if not zone:
        return True
    windows = zone.endswith(_WINDOWS_ZONES)
    if is_windows(name):
        return windows
    known = _zones()
    return not windows and (zone in known if known else "/" in zone or zone == "UTC")


def displays(name: str, level: tuple[int, int]) -> list[tuple[str, str]]:
    """Protocols and video types a guest takes at a cluster level, the preferred first."""
    if name.lower().endswith("ppc64"):
        return [("vnc", "vga")]
    pairs = [("spice", "qxl"), ("vnc", "vga"), ("vnc", "qxl")]
    if level >= (4, 6):
        pairs.append(("vnc", "bochs"))
    elif level <= (4, 2):
        pairs.append(("vnc", "cirrus"))
    return pairs


def takes_video(name: str, video: str, level: tuple[int, int]) -> bool:
    return any(known == video for _protocol, known in displays(name, level))


def video_type(protocols: list[str], server: bool, uefi: bool, level: tuple[int, int], name: str) -> str:
    """The video type the engine picks for a set of protocols when it is free to choose."""
    by_video: dict[str, set[str]] = {}
    for protocol, video in displays(name, level):
        by_video.setdefault(video, set()).add(protocol)
    wanted = set(protocols)
    if server and uefi and wanted <= by_video.get("bochs", set()):
        return "bochs"
    for video, known in by_video.items():
        if wanted <= known:
            return video
    return next(video for video in by_video if video != "qxl")
