"""The configuration of a machine, which virtual machines, templates and instance types share.

A machine's row holds its configuration in the shape of the API.  Private members: ``_graphics`` (protocols of its consoles, in the order they
were added) and ``_watchdog``; the tables of NICs, disk attachments and so on hold the rest.
"""

from __future__ import annotations

import copy
import re
from typing import Any

from .. import errors
from . import displays, guest_os

MIB = 1024 ** 2
BLANK = "00000000-0000-0000-0000-000000000000"
LEVELS = ("4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8")
ORIGINS = frozenset(("rhev", "vmware", "xen", "ovirt", "hosted_engine", "external", "managed_hosted_engine", "kvm", "physical_xen", "hyperv", "kubevirt"))
DISCONNECT_ACTIONS = ("NONE", "LOCK_SCREEN", "LOGOUT", "REBOOT", "SHUTDOWN")
SECRET = "******"
MAX_VCPUS = 710
MAX_SOCKETS, MAX_CORES, MAX_THREADS = 16, 254, 8
MAX_MEMORY = 16777216                # MiB, of a 64 bit guest
# Devices of a machine: GET shows them only with all content, the answer to a write always.
DEVICES = ("console", "rng_device", "soundcard_enabled", "tpm_enabled", "virtio_scsi")
# What a new machine takes over from what it is made of.
INHERITED = (
    "description", "comment", "bios", "console", "cpu", "cpu_shares", "custom_cpu_model", "custom_emulated_machine", "custom_properties", "display",
    "high_availability", "initialization", "io", "lease", "memory", "memory_policy", "migration", "migration_downtime", "multi_queues_enabled", "origin",
    "os", "placement_policy", "rng_device", "serial_number", "soundcard_enabled", "sso", "start_paused", "stateless", "storage_error_resume_behaviour",
    "time_zone", "tpm_enabled", "tunnel_migration", "type", "usb", "virtio_scsi", "virtio_scsi_multi_queues", "virtio_scsi_multi_queues_enabled",
    "cpu_pinning_policy", "auto_pinning_policy", "cpu_profile", "quota", "small_icon", "large_icon", "custom_compatibility_version", "domain",
    "delete_protected", "_graphics", "_watchdog",
)
# What an instance type decides for its machines, whatever a body says.
OF_INSTANCE_TYPE = ("memory", "io", "high_availability", "migration_downtime", "tunnel_migration")
# Devices that a new machine has as its instance type has them.
DEVICES_OF_INSTANCE_TYPE = ("soundcard_enabled", "console", "virtio_scsi", "rng_device", "tpm_enabled")
NIC_DEFAULTS = {"boot_protocol": "none", "ipv6_boot_protocol": "none"}
NAME = re.compile(r"[\w.\-]*")
# The custom properties that come with the engine (PredefinedVMProperties); more are the administrator's to configure.
PROPERTIES = {name: re.compile(pattern, re.ASCII) for name, pattern in {
    "sap_agent": "(true|false)", "sndbuf": "[0-9]+", "viodiskcache": "(none|writeback|writethrough)", "hugepages": "[0-9]+", "nvram_template": ".*",
    "vhost": r"([\w-]*:(true|false))(,([\w-]*:(true|false)))*", "scsi_hostdev": "(scsi_generic|scsi_block|scsi_hd|virtio_blk_pci)",
    "extra_cpu_flags": r"[+-]?[\w-]+(,[+-]?[\w-]+)*"}.items()}


def blank() -> dict[str, Any]:
    """The configuration of the Blank template: what everything starts from."""
    return {
        "description": "", "comment": "", "bios": {"boot_menu": {"enabled": False}}, "console": {"enabled": False},
        "cpu": {"architecture": "undefined", "topology": {"cores": 1, "sockets": 1, "threads": 1}}, "cpu_shares": 0,
        "display": {"allow_override": False, "copy_paste_enabled": True, "disconnect_action": "LOCK_SCREEN", "disconnect_action_delay": 0,
                    "file_transfer_enabled": True, "monitors": 1, "smartcard_enabled": False, "video_type": "vga"},
        "high_availability": {"enabled": False, "priority": 0}, "io": {"threads": 1}, "memory": 1024 * MIB,
        "memory_policy": {"ballooning": True, "guaranteed": 1024 * MIB, "max": 4096 * MIB},
        "migration": {"auto_converge": "inherit", "compressed": "inherit", "encrypted": "inherit", "parallel_migrations_policy": "inherit"},
        "migration_downtime": -1, "multi_queues_enabled": True, "origin": "ovirt", "os": {"boot": {"devices": ["hd"]}, "type": "other"},
        "placement_policy": {"affinity": "migratable"}, "rng_device": {"source": "urandom"}, "soundcard_enabled": True,
        "sso": {"methods": [{"id": "guest_agent"}]}, "start_paused": False, "stateless": False, "storage_error_resume_behaviour": "auto_resume",
        "time_zone": {"name": "Etc/GMT"}, "tpm_enabled": False, "type": "server", "usb": {"enabled": False}, "virtio_scsi": {"enabled": True},
        "virtio_scsi_multi_queues_enabled": False, "cpu_pinning_policy": "none", "auto_pinning_policy": "disabled", "delete_protected": False,
        "_graphics": ["vnc"],
    }


def inherit(source: dict[str, Any]) -> dict[str, Any]:
    """A copy of the configuration of a machine, for one that is made of it."""
    return {name: copy.deepcopy(source[name]) for name in INHERITED if name in source}


def level_of(row: dict[str, Any], cluster: dict[str, Any] | None) -> tuple[int, int]:
    """The compatibility level a machine runs at: its own, else its cluster's."""
    version = row.get("custom_compatibility_version") or (cluster or {}).get("version") or {}
    return version.get("major", 4), version.get("minor", 8)


# -- taking a body

def configure(row: dict[str, Any], body: dict[str, Any]) -> None:
    """Take what a body says of the configuration into the row; members it leaves out stay as they are."""
    for name in ("name", "description", "comment", "cpu_shares", "stateless", "delete_protected", "type", "storage_error_resume_behaviour", "start_paused",
                 "multi_queues_enabled", "migration_downtime", "tunnel_migration", "custom_cpu_model", "custom_emulated_machine", "soundcard_enabled",
                 "tpm_enabled"):
        if name in body:
            row[name] = body[name]
    for name in ("large_icon", "small_icon", "cpu_profile"):
        if (body.get(name) or {}).get("id"):
            row[name] = {"id": body[name]["id"].lower()}
    if "memory" in body:
        row["memory"] = body["memory"] // MIB * MIB
    _nested(row, body, "io", "threads")
    _nested(row, body, "high_availability", "enabled", "priority")
    _nested(row, body, "console", "enabled")
    _nested(row, body, "virtio_scsi", "enabled")
    policy = body.get("memory_policy") or {}
    for name in ("guaranteed", "max"):
        if name in policy:
            row["memory_policy"][name] = policy[name] // MIB * MIB
    _nested(row, body, "memory_policy", "ballooning")
    _cpu(row, body)
    _display(row, body.get("display") or {})
    _os(row, body.get("os") or {})
    _bios(row, body.get("bios") or {})
    _migration(row, body.get("migration") or {})
    _placement(row, body)
    _pairs(row, body)
    if "initialization" in body or (body.get("domain") or {}).get("name"):
        initialize(row, body)


def _nested(row: dict[str, Any], body: dict[str, Any], name: str, *members: str) -> None:
    given = body.get(name) or {}
    if any(member in given for member in members):
        row[name] = {**row.get(name, {}), **{member: given[member] for member in members if member in given}}


def _cpu(row: dict[str, Any], body: dict[str, Any]) -> None:
    cpu = body.get("cpu") or {}
    have = row["cpu"]
    for name in ("cores", "sockets", "threads"):
        if name in (cpu.get("topology") or {}):
            have["topology"][name] = cpu["topology"][name]
    if "mode" in cpu:
        have.pop("mode", None)
        if cpu["mode"] == "host_passthrough":
            have["mode"] = "host_passthrough"
    if "cpu_tune" in cpu:
        pins = (cpu["cpu_tune"] or {}).get("vcpu_pins") or []
        have.pop("cpu_tune", None)
        if pins:
            have["cpu_tune"] = {"vcpu_pins": pins}
            if row["cpu_pinning_policy"] == "none":
                row["cpu_pinning_policy"] = "manual"
        elif row["cpu_pinning_policy"] == "manual":
            row["cpu_pinning_policy"] = "none"
    if "auto_pinning_policy" in body:
        set_pinning(row, "resize_and_pin_numa" if body["auto_pinning_policy"] == "adjust" else "none")
    if "cpu_pinning_policy" in body:
        set_pinning(row, body["cpu_pinning_policy"])


def set_pinning(row: dict[str, Any], policy: str) -> None:
    """The pinning policy shows under two names, the older one knows only two values."""
    row["cpu_pinning_policy"] = policy
    row["auto_pinning_policy"] = "adjust" if policy == "resize_and_pin_numa" else "disabled"


def _display(row: dict[str, Any], display: dict[str, Any]) -> None:
    have = row["display"]
    for name in ("monitors", "smartcard_enabled", "allow_override", "file_transfer_enabled", "copy_paste_enabled", "disconnect_action_delay"):
        if name in display:
            have[name] = display[name]
    if "keyboard_layout" in display:
        have.pop("keyboard_layout", None)
        if display["keyboard_layout"]:
            have["keyboard_layout"] = display["keyboard_layout"]
    if "disconnect_action" in display:
        wanted = display["disconnect_action"].upper()
        have["disconnect_action"] = wanted if wanted in DISCONNECT_ACTIONS else "LOCK_SCREEN"


def _os(row: dict[str, Any], system: dict[str, Any]) -> None:
    have = row["os"]
    devices = ((system.get("boot") or {}).get("devices")) or []
    if devices:
        have["boot"] = {"devices": list(dict.fromkeys(devices))}
    if "type" in system:
        have["type"] = guest_os.canonical(system["type"])
    for name in ("kernel", "initrd", "cmdline"):
        if name in system:
            have[name] = system[name]


def _bios(row: dict[str, Any], bios: dict[str, Any]) -> None:
    if "boot_menu" in bios:
        row["bios"]["boot_menu"] = {"enabled": bool((bios["boot_menu"] or {}).get("enabled"))}
    if "type" in bios:
        row["bios"]["type"] = bios["type"]


def _migration(row: dict[str, Any], migration: dict[str, Any]) -> None:
    for name in ("auto_converge", "compressed", "encrypted", "parallel_migrations_policy"):
        if name in migration:
            row["migration"][name] = migration[name]
            if name == "parallel_migrations_policy":
                row["migration"].pop("custom_parallel_migrations", None)
    if migration.get("parallel_migrations_policy") == "custom" and "custom_parallel_migrations" in migration:
        row["migration"]["custom_parallel_migrations"] = migration["custom_parallel_migrations"]
    if "policy" in migration:
        row["migration"].pop("policy", None)
        if (migration["policy"] or {}).get("id"):
            row["migration"]["policy"] = {"id": migration["policy"]["id"]}


def _placement(row: dict[str, Any], body: dict[str, Any]) -> None:
    if "placement_policy" not in body:
        return
    policy = body["placement_policy"] or {}
    have = row["placement_policy"] = {"affinity": policy.get("affinity", row["placement_policy"].get("affinity", "migratable"))}
    hosts = [{"id": host["id"]} for host in policy.get("hosts") or [] if host.get("id")]
    if hosts:
        have["hosts"] = hosts


def _pairs(row: dict[str, Any], body: dict[str, Any]) -> None:
    """Members that go away when they are given empty."""
    if "custom_compatibility_version" in body:
        version = body["custom_compatibility_version"] or {}
        row.pop("custom_compatibility_version", None)
        if "major" in version and "minor" in version:
            row["custom_compatibility_version"] = {"major": version["major"], "minor": version["minor"]}
    if "lease" in body:
        domain = ((body["lease"] or {}).get("storage_domain") or {}).get("id")
        row.pop("lease", None)
        if domain:
            row["lease"] = {"storage_domain": {"id": domain}}
            row["storage_error_resume_behaviour"] = "kill"
    if "name" in (body.get("time_zone") or {}):
        row.pop("time_zone", None)
        if body["time_zone"]["name"]:
            row["time_zone"] = {"name": body["time_zone"]["name"]}
    if "origin" in body:
        row.pop("origin", None)
        if body["origin"].lower() in ORIGINS:
            row["origin"] = body["origin"].lower()
    if "methods" in (body.get("sso") or {}):
        row["sso"] = {"methods": [{"id": method["id"]} for method in body["sso"]["methods"] or [] if method.get("id")]}
    if "serial_number" in body:
        number = body["serial_number"] or {}
        policy = number.get("policy", (row.get("serial_number") or {}).get("policy"))
        row.pop("serial_number", None)
        if policy and policy != "none":
            row["serial_number"] = {"policy": policy}
            if policy == "custom":
                row["serial_number"]["value"] = number.get("value", "")
    if "custom_properties" in body:
        row.pop("custom_properties", None)
        found = [{"name": one["name"], "value": one.get("value", "")} for one in body["custom_properties"] or [] if one.get("name")]
        if found:
            row["custom_properties"] = found
    if "quota" in body:
        row.pop("quota", None)
        if (body["quota"] or {}).get("id"):
            row["quota"] = {"id": body["quota"]["id"].lower()}
    if "rng_device" in body:
        device = body["rng_device"] or {}
        row.pop("rng_device", None)
        if device.get("source"):
            row["rng_device"] = {"source": device["source"]}
            if device.get("rate"):
                row["rng_device"]["rate"] = dict(device["rate"])
    if "virtio_scsi_multi_queues" in body:
        row["virtio_scsi_multi_queues_enabled"] = body["virtio_scsi_multi_queues"] != 0
        row.pop("virtio_scsi_multi_queues", None)
        if body["virtio_scsi_multi_queues"] > 0:
            row["virtio_scsi_multi_queues"] = body["virtio_scsi_multi_queues"]
    elif "virtio_scsi_multi_queues_enabled" in body:
        row["virtio_scsi_multi_queues_enabled"] = body["virtio_scsi_multi_queues_enabled"]
        row.pop("virtio_scsi_multi_queues", None)


def set_usb(row: dict[str, Any], body: dict[str, Any], creating: bool) -> None:
    usb = body.get("usb") or {}
    if creating or "enabled" in usb:
        row["usb"] = {"enabled": True, "type": "native"} if usb.get("enabled") else {"enabled": False}


def initialize(row: dict[str, Any], body: dict[str, Any]) -> None:
    """Initialization of the guest: members given are taken, an empty one takes all away."""
    if "initialization" in body:
        given = {name: value for name, value in (body["initialization"] or {}).items() if name not in ("configuration", "regenerate_ids")}
        if not given:
            row.pop("initialization", None)
            row.pop("domain", None)
        else:
            have = row.setdefault("initialization", {"nic_configurations": [], "regenerate_ssh_keys": False})
            _cloud_init(given, given.pop("cloud_init", None) or {})
            if "nic_configurations" in given:
                given["nic_configurations"] = [_nic_configuration(nic) for nic in given["nic_configurations"] or []]
            have.update(given)
    if (body.get("domain") or {}).get("name") and not (body.get("initialization") or {}).get("domain"):
        row.setdefault("initialization", {"nic_configurations": [], "regenerate_ssh_keys": False})["domain"] = body["domain"]["name"]
    if "initialization" in row:
        row.pop("domain", None)
        if row["initialization"].get("domain"):
            row["domain"] = {"name": row["initialization"]["domain"]}


def _cloud_init(given: dict[str, Any], old: dict[str, Any]) -> None:
    """The form of 3.x, still understood."""
    if (old.get("host") or {}).get("address"):
        given["host_name"] = old["host"]["address"]
    keys = [key["key"] for key in old.get("authorized_keys") or [] if key.get("key")]
    if keys:
        given["authorized_ssh_keys"] = "\n".join(keys)
    if "regenerate_ssh_keys" in old:
        given["regenerate_ssh_keys"] = old["regenerate_ssh_keys"]
    if old.get("timezone"):
        given["timezone"] = old["timezone"]
    for user in old.get("users") or []:
        if user.get("password"):
            given["root_password"] = user["password"]


def _nic_configuration(nic: dict[str, Any]) -> dict[str, Any]:
    found = {"on_boot": False, **NIC_DEFAULTS, "ip": {}, "ipv6": {}}
    found.update({name: nic[name] for name in ("name", "on_boot", "boot_protocol", "ipv6_boot_protocol") if name in nic})
    for name in ("ip", "ipv6"):
        found[name] = {member: value for member, value in (nic.get(name) or {}).items() if member in ("address", "netmask", "gateway")}
    return found


def set_graphics(row: dict[str, Any], body: dict[str, Any], cluster: dict[str, Any] | None, *, sets_video: bool = False) -> None:
    displays.take(row, body, level_of(row, cluster) if cluster else None, uefi(row, cluster), sets_video=sets_video)


def check_display(row: dict[str, Any], command: Any, cluster: dict[str, Any] | None) -> None:
    displays.check(row, command, level_of(row, cluster), uefi(row, cluster))


def lends(host: dict[str, Any]) -> bool:
    """Whether a host can lend devices: its kernel has to use the IOMMU."""
    return "iommu=on" in (host.get("os") or {}).get("custom_kernel_cmdline", "")


def display_supported(ctx: Any, row: dict[str, Any]) -> bool:
    return displays.supported(row, level_of(row, ctx.row("cluster", row["cluster"]["id"])))


def uefi(row: dict[str, Any], cluster: dict[str, Any] | None) -> bool:
    return (row["bios"].get("type") or (cluster or {}).get("bios_type")) in ("q35_ovmf", "q35_secure_boot")


def memory_defaults(row: dict[str, Any], body: dict[str, Any], cluster: dict[str, Any] | None) -> None:
    """A new size of memory brings its own limits, unless the body has them."""
    if "memory" not in body:
        return
    policy = body.get("memory_policy") or {}
    if "max" not in policy:
        row["memory_policy"]["max"] = 4 * row["memory"]
    if "guaranteed" not in policy:
        percent = (((cluster or {}).get("memory_policy") or {}).get("over_commit") or {}).get("percent") or 100
        row["memory_policy"]["guaranteed"] = int(row["memory"] // MIB * 100 / percent) * MIB


# -- taking an instance type

def take_type(row: dict[str, Any], kind: dict[str, Any]) -> None:
    """What an instance type decides, with each change of a machine.  How much memory it may grow to is the machine's own."""
    row["instance_type"] = {"id": kind["id"]}
    _take(row, kind, OF_INSTANCE_TYPE)
    row["memory_policy"]["guaranteed"] = kind["memory_policy"]["guaranteed"]
    row["placement_policy"]["affinity"] = kind["placement_policy"]["affinity"]
    row["cpu"]["topology"] = dict(kind["cpu"]["topology"])
    row["migration"].pop("policy", None)
    _take(row["migration"], kind["migration"], ("policy",))


def begin_with_type(row: dict[str, Any], kind: dict[str, Any]) -> None:
    """What a new machine has of its instance type where the body says nothing."""
    take_type(row, kind)
    row["memory_policy"]["max"] = kind["memory_policy"]["max"]
    row["os"]["boot"] = copy.deepcopy(kind["os"]["boot"])
    _take(row, kind, ("placement_policy", *DEVICES_OF_INSTANCE_TYPE))
    _take(row["display"], kind["display"], ("monitors", "smartcard_enabled"))


def _take(row: dict[str, Any], source: dict[str, Any], names: tuple[str, ...]) -> None:
    row.update({name: copy.deepcopy(source[name]) for name in names if name in source})


# -- judging the result

def check_compatibility(body: dict[str, Any]) -> None:
    """The REST layer's own look at ``custom_compatibility_version``, before any command."""
    version = body.get("custom_compatibility_version") or {}
    if "major" in version and "minor" in version and f"{version['major']}.{version['minor']}" not in LEVELS:
        raise errors.fault(400, f"Supported versions are {', '.join(LEVELS)}", "Invalid version")
    if "virtio_scsi_multi_queues" in body and body.get("virtio_scsi_multi_queues_enabled") is False:
        raise errors.fault(400, "Virtio scsi multi queues must be enabled when setting a number of virtio scsi multi queues",
                           "Invalid virtio scsi multi queues")


def name_violations(row: dict[str, Any], verb: str, attribute: str, kind: str = "VM") -> list[str]:
    """What bean validation says of names and descriptions, as ``[text, Attribute: path]``."""
    found: list[str] = []
    name = row.get("name") or ""
    if not 1 <= len(name) <= 255:
        found += ["size must be between 1 and 255", f"Attribute: {attribute}.name"]
    if not NAME.fullmatch(name):
        what = "VM" if kind == "VM" else "Template"
        rest = "lower-case and upper-case letters, numbers, '_', '-', '.' are allowed."
        found += [f"Can not {verb} {what}. The given name contains special characters. Only {rest}", f"Attribute: {attribute}.name"]
    return found


def violations(row: dict[str, Any], command: Any, attribute: str) -> None:
    """Bean validation of a machine: all that is wrong at once."""
    found = name_violations(row, command.action, attribute, command.kind)
    if row["display"].get("monitors", 1) not in (1, 2, 4):
        found += ["VM exceeded the number of allowed monitors", f"Attribute: {attribute}.numOfMonitors"]
    if row["migration_downtime"] < -1:
        found += ["Migration downtime must be greater than or equal to 0", f"Attribute: {attribute}.migrationDowntime"]
    if not guest_os.takes_zone(row["os"]["type"], (row.get("time_zone") or {}).get("name")):
        found += [f"Cannot {command.action} {command.kind}. Invalid time zone for given OS type.", f"Attribute: {attribute}"]
    if row["io"]["threads"] < 0 or row["io"]["threads"] > 127:
        found += [f"Cannot {command.action} {command.kind}. Num of IO Threads is not in supported limit.", f"Attribute: {attribute}.numOfIoThreads"]
    if found:
        raise errors.refused(400, *found)


def check_platform(ctx: Any, row: dict[str, Any], command: Any, cluster: dict[str, Any], *, changed_cpu: bool = True) -> None:
    """What a machine's cluster and guest do not support."""
    system = row["os"]["type"]
    cpu_type = (cluster.get("cpu") or {}).get("type")
    if "custom_cpu_model" not in row:
        families = guest_os.unsupported_cpus(system, cpu_type)
        if families:
            raise errors.refused(400, f"The guest OS doesn't support the following CPUs: {', '.join(families)}. "
                                      "Its possible to change the cluster cpu or set a different one per VM")


def check_tpm(row: dict[str, Any], command: Any, cluster: dict[str, Any]) -> None:
    system = row["os"]["type"]
    architecture = (cluster.get("cpu") or {}).get("architecture", "undefined")
    if row.get("tpm_enabled") and not (guest_os.has_tpm(system) and uefi(row, cluster) and level_of(row, cluster) >= (4, 6)):
        raise command.refuses(400, f"TPM device is not supported on '{architecture}' architecture, or for the guest OS, or UEFI firmware is not enabled, "
                                   "or insufficient compatibility level (4.6 required by default).")
    if not row.get("tpm_enabled") and guest_os.needs_tpm(system):
        raise command.refuses(400, "TPM device is required by the guest OS.")


def check_cpu(row: dict[str, Any], command: Any) -> None:
    topology = row["cpu"]["topology"]
    if topology["sockets"] > MAX_SOCKETS:
        raise command.refuses(409, "Maximum number of sockets exceeded.")
    if topology["cores"] > MAX_CORES:
        raise command.refuses(409, "Maximum number of CPUs per socket exceeded.")
    if topology["cores"] * topology["sockets"] * topology["threads"] > MAX_VCPUS:
        raise errors.refused(400, "Too many cores and threads")


def check_pinning(row: dict[str, Any]) -> None:
    pins = (row["cpu"].get("cpu_tune") or {}).get("vcpu_pins")
    if pins and not row["placement_policy"].get("hosts"):
        raise errors.refused(400, "Cannot set host CPU pinning when a host is not selected")


def check_memory(row: dict[str, Any], command: Any) -> None:
    memory, most = row["memory"] // MIB, row["memory_policy"]["max"] // MIB
    if row["memory_policy"]["guaranteed"] > row["memory"]:
        raise command.refuses(400, "Physical Memory Guaranteed cannot exceed Memory Size.")
    if most < memory:
        raise command.refuses(409, f"Memory size ({memory}MB) cannot exceed maximum memory size ({most}MB).")
    if most > MAX_MEMORY:
        raise command.refuses(400, f"Maximum memory ({most}MB) cannot exceed platform limit ({MAX_MEMORY}MB).")


def check_properties(row: dict[str, Any], command: Any) -> None:
    """Custom properties must be ones that the engine knows, with values that fit."""
    given = {one["name"]: one.get("value", "") for one in row.get("custom_properties") or [] if one.get("name")}
    for what, keys in (("are not configured by the system", [name for name in given if name not in PROPERTIES]),
                       ("have illegal values", [name for name, value in given.items() if name in PROPERTIES and not PROPERTIES[name].fullmatch(value)])):
        if keys:
            raise errors.refused(400, f"Cannot {command.action} {command.kind} if some of the specified custom properties {what}. "
                                      f"The keys are: {', '.join(keys)}")


def check_initialization(row: dict[str, Any], command: Any) -> None:
    """Networks of cloud-init, as far as its protocol can tell them to the guest."""
    initialization = row.get("initialization") or {}
    if initialization.get("cloud_init_network_protocol") == "eni":
        return
    found = []
    for nic in initialization.get("nic_configurations") or []:
        if not nic["on_boot"]:
            found.append(f"Cannot {command.action} {command.kind}. Start On Boot selection in cloud-init configuration is invalid. Only 'true' is supported.")
        if nic["ipv6_boot_protocol"] == "autoconf":
            found.append(f"Cannot {command.action} {command.kind}. Option 'autoconf' in cloud-init configuration is not supported.")
        for name, protocol, kind in (("ip", "boot_protocol", "IPv4"), ("ipv6", "ipv6_boot_protocol", "IPv6")):
            if nic[protocol] == "static" and not nic[name].get("address"):
                found.append(f"Cannot {command.action} {command.kind}. Static {kind} address is missing in cloud-init configuration.")
    if found:
        raise errors.refused(400, *dict.fromkeys(found))


# -- showing

def hidden_secrets(initialization: dict[str, Any]) -> dict[str, Any]:
    """Initialization as the API shows it: passwords and keys are stars."""
    shown = dict(initialization)
    for name in ("root_password", "windows_license_key"):
        if shown.get(name):
            shown[name] = SECRET
    return shown


def ovf(row: dict[str, Any]) -> str:
    """The machine as an OVF descriptor."""
    topology = row["cpu"]["topology"]
    return (
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ovf:Envelope xmlns:ovf=\"http://schemas.dmtf.org/ovf/envelope/1/\" "
        "xmlns:rasd=\"http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData\" "
        "xmlns:vssd=\"http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData\" "
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" ovf:version=\"4.4.0.0\"><References/><NetworkSection><Info>List of networks</Info>"
        "</NetworkSection><Section xsi:type=\"ovf:DiskSection_Type\"><Info>List of Virtual Disks</Info></Section>"
        f"<Content ovf:id=\"out\" xsi:type=\"ovf:VirtualSystem_Type\"><Name>{row['name']}</Name><Description>{row['description']}</Description>"
        f"<Comment>{row['comment']}</Comment><MinAllocatedMem>{row['memory_policy']['guaranteed'] // MIB}</MinAllocatedMem>"
        f"<MaxMemorySizeMb>{row['memory_policy']['max'] // MIB}</MaxMemorySizeMb><Origin>3</Origin><VmType>1</VmType>"
        f"<Section ovf:id=\"{row['id']}\" ovf:required=\"false\" xsi:type=\"ovf:OperatingSystemSection_Type\"><Info>Guest Operating System</Info>"
        f"<Description>{row['os']['type']}</Description></Section><Section xsi:type=\"ovf:VirtualHardwareSection_Type\">"
        f"<Info>{topology['cores'] * topology['sockets'] * topology['threads']} CPU, {row['memory'] // MIB} Memory</Info>"
        f"<Item><rasd:Caption>{row['memory'] // MIB} MB of memory</rasd:Caption><rasd:ResourceType>4</rasd:ResourceType></Item>"
        "</Section></Content></ovf:Envelope>")
