# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values with which the law tests try every kind of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._catalogue import CATALOGUE

Options = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """
    options   with which the object is made
    changes   options to change afterwards, one after the other; each differs from what is there then
    fixed     an option that cannot be changed, with another value
    stands_on what has to be there before: kinds of STAGE, in order
    clears    options that an empty value clears, with that value
    twins     whether the engine lets two of them have the same name
    needs     options without which it cannot be made
    bad       options that are refused before anything is written
    """

    options: Options
    changes: tuple[Options, ...] = ()
    fixed: Options = field(default_factory=dict)
    stands_on: tuple[str, ...] = ()
    clears: Options = field(default_factory=dict)
    twins: bool = False
    needs: tuple[str, ...] = ()
    bad: tuple[Options, ...] = ()


STAGE: dict[str, tuple[str, Options]] = {
    "tag": ("tag", {"name": "stage"}),
    "affinity label": ("affinity_label", {"name": "stage"}),
    "data center": ("data_center", {"name": "stage"}),
    "cluster": ("cluster", {"name": "stage", "data_center": "stage", "cpu_type": "Intel Haswell Family"}),
    "host": ("host", {"name": "stage", "address": "192.0.2.10", "cluster": "stage", "root_password": "secret-of-root", "state": "up"}),
    "storage": ("storage_domain", {"name": "stage", "data_center": "stage", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/stage"}}),
    "network": ("network", {"name": "stage", "data_center": "stage", "clusters": [{"cluster": "stage"}]}),
    "carried network": ("host_network", {"hosts": ["stage"], "networks": [{"network": "stage", "nic": "eth1"}]}),
    "vm": ("vm", {"name": "stage", "cluster": "stage"}),
    "vm with a disk": ("vm", {"name": "stage", "cluster": "stage", "disks": [{"name": "stage", "size": "1GiB", "storage_domain": "stage"}]}),
    "template": ("template", {"name": "stage", "vm": "stage"}),
}
ESTATE = ("data center", "cluster", "host", "storage")

SAMPLES: dict[str, Sample] = {
    "data_center": Sample(
        {"name": "law", "description": "d", "comment": "c"},
        changes=({"description": "other"}, {"comment": "über \"c\" * 'x'"}, {"quota_mode": "audit"}, {"local": True}),
        clears={"description": "", "comment": ""},
        bad=({"compatibility_version": "4"}, {"compatibility_version": "four.two"}),
    ),
    "tag": Sample(
        {"name": "law", "description": "d"},
        changes=({"description": "other"}, {"parent": "stage"}, {"parent": "root"}),
        stands_on=("tag",),
        clears={"description": ""},
    ),
    "affinity_label": Sample(
        {"name": "law"},
        fixed={"implicit_affinity_group": True},
    ),
    "mac_pool": Sample(
        {"name": "law pool", "description": "d", "ranges": [{"from": "02-00-00-00-00-00", "to": "0200000000FF"}]},
        changes=(
            {"allow_duplicates": True},
            {"description": "other"},
            {"ranges": [{"from": "02:00:00:00:01:00", "to": "02:00:00:00:01:ff"}, {"from": "02:00:00:00:03:00", "to": "02:00:00:00:03:0f"}]},
        ),
        clears={"description": ""},
        needs=("ranges",),
        bad=({"ranges": [{"from": "02:00:00:00:00:ff", "to": "02:00:00:00:00:00"}]}, {"ranges": [{"from": "nonsense", "to": "02:00:00:00:00:00"}]}),
    ),
    "cluster": Sample(
        {"name": "law", "data_center": "stage", "cpu_type": "Intel Haswell Family", "description": "d"},
        changes=(
            {"description": "other"},
            {"cpu_type": "AMD Opteron G5"},
            {"memory_overcommit": 150},
            {"threads_as_cores": True},
            {"ksm": {"merge_across_nodes": False}},
            {"error_handling": "do_not_migrate"},
            {"fencing": {"enabled": False, "connectivity_threshold": 30}},
            {"migration": {"auto_converge": True}},
            {"ha_reservation": True},
            {"rng_sources": ["hwrng", "urandom"]},
            {"serial_number": {"policy": "custom", "value": "abc"}},
            {"ballooning": False},
        ),
        fixed={"data_center": "Default"},
        stands_on=("data center",),
        clears={"description": ""},
        needs=("data_center",),
        bad=({"cpu_type": "Intel Nosuch Family"}, {"compatibility_version": "3.6"}, {"cpu_type": "Intel Haswell Family", "architecture": "ppc64"}),
    ),
    "network": Sample(
        {"name": "law net", "data_center": "stage", "description": "d", "vlan_id": 100},
        changes=(
            {"mtu": 9000},
            {"vlan_id": 200},
            {"stp": True},
            {"dns_servers": ["192.0.2.1", "192.0.2.2"]},
            {"comment": "c"},
            {"clusters": [{"cluster": "stage", "migration": True}]},
        ),
        fixed={"port_isolation": True},
        stands_on=("data center", "cluster"),
        clears={"description": "", "vlan_id": -1, "dns_servers": []},
        needs=("data_center",),
        bad=({"vlan_id": 5000},),
    ),
    "vnic_profile": Sample(
        {"name": "law", "network": "stage", "data_center": "stage", "description": "d"},
        changes=({"port_mirroring": True}, {"port_mirroring": False}, {"network_filter": "clean-traffic"}, {"description": "other"}),
        stands_on=("data center", "cluster", "network"),
        clears={"network_filter": "", "description": ""},
        needs=("network",),
        bad=({"port_mirroring": True, "pass_through": True},),
    ),
    "host": Sample(
        {"name": "law", "address": "192.0.2.30", "cluster": "stage", "root_password": "secret-of-root", "comment": "c"},
        changes=(
            {"comment": "other"},
            {"spm_priority": 2},
            {"tags": ["stage"], "affinity_labels": ["stage"]},
            {"tags": [], "affinity_labels": []},
            {"console_address": "192.0.2.99"},
            {
                "fence_agents": [{"address": "192.0.2.50", "type": "ipmilan", "username": "admin", "password": "secret-of-the-bmc"}],
                "power_management": {"enabled": True},
            },
            {"fence_agents": [], "power_management": {"enabled": False}, "comment": "without"},
            {"state": "maintenance"},
            {"state": "up"},
            {"state": "maintenance"},
        ),
        fixed={"address": "192.0.2.31"},
        stands_on=("data center", "cluster", "tag", "affinity label"),
        clears={"comment": ""},
        needs=("address", "cluster", "root_password"),
        bad=({"spm_priority": 99},),
    ),
    "storage_domain": Sample(
        {"name": "law", "data_center": "stage", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/law"}, "description": "d"},
        changes=(
            {"description": "other"},
            {"warning_low_space": 15},
            {"critical_space": 7},
            {"state": "maintenance"},
            {"state": "present"},
            {"state": "unattached"},
        ),
        fixed={"type": "iso"},
        stands_on=ESTATE,
        clears={"description": ""},
        needs=("storage",),
    ),
    "disk": Sample(
        {"name": "law_disk", "size": "1GiB", "storage_domain": "stage", "description": "d"},
        changes=({"size": "2 GiB"}, {"description": "other"}, {"wipe_after_delete": True}),
        fixed={"format": "raw"},
        stands_on=ESTATE,
        clears={"description": ""},
        twins=True,
        needs=("size", "storage_domain"),
        bad=({"size": "10G"}, {"size": "much"}),
    ),
    "instance_type": Sample(
        {"name": "law", "description": "d", "memory": "2GiB", "cpu": {"sockets": 2}},
        changes=(
            {"description": "other"},
            {"memory": "4GiB", "memory_guaranteed": "1GiB", "memory_max": "12GiB", "ballooning": False},
            {"cpu": {"sockets": 1, "cores": 4, "threads": 2}, "io_threads": 2},
            {"high_availability": {"enabled": True, "priority": 50}, "placement": {"affinity": "pinned"}},
            {"migration": {"downtime": 500, "auto_converge": True}},
            {"graphics": ["spice"], "console": {"monitors": 2, "smartcard": True, "serial": True, "usb": True}},
            {"graphics": ["spice", "vnc"], "console": {"monitors": 1}},
            {"graphics": []},
            {"graphics": ["vnc"]},
            {"watchdog": {"model": "i6300esb", "action": "reset"}, "rng": {"source": "hwrng", "bytes": 100, "period": 1000}},
            {"watchdog": {"action": "poweroff"}, "virtio_scsi": False},
        ),
        clears={"description": "", "graphics": [], "watchdog": {}},
        bad=({"memory": "10G"}, {"cpu": {"sockets": 0}}),
    ),
    "template": Sample(
        {"name": "law", "vm": "stage", "description": "d", "memory": "2GiB", "storage_domain": "stage"},
        changes=(
            {"description": "other"},
            {"comment": "c", "memory": "4GiB", "memory_max": "12GiB", "ballooning": False, "type": "desktop"},
            {"cpu": {"sockets": 2, "cores": 4, "model": "Haswell-noTSX", "shares": 512}, "delete_protected": True},
            {"delete_protected": False, "custom_properties": {"sap_agent": "true"}},
            {
                "os": {"type": "rhel_9x64", "boot_devices": ["network", "hd"]}, "bios_type": "q35_secure_boot", "boot_menu": True, "tpm": True,
                "serial_number": {"policy": "custom", "value": "abc"}, "time_zone": "Europe/Berlin", "machine_type": "pc-q35-rhel9.4.0",
            },
            {"graphics": ["spice"], "console": {"video_type": "qxl", "monitors": 2, "smartcard": True, "serial": True, "disconnect_action": "shutdown"}},
            {"graphics": ["spice", "vnc"], "console": {"monitors": 1}},
            {"graphics": []},
            {"graphics": ["vnc"]},
            {"high_availability": {"enabled": True, "priority": 50}, "placement": {"affinity": "user_migratable"}, "migration": {"downtime": 500}},
            {"nics": [{"name": "nic1"}, {"name": "nic2", "interface": "e1000", "linked": False}]},
            {"nics": [{"name": "nic2", "linked": True}], "purge_nics": True},
            {"watchdog": {"model": "i6300esb", "action": "reset"}, "rng": {"source": "hwrng", "bytes": 100, "period": 1000}, "io_threads": 2},
            {"watchdog": {"action": "poweroff"}, "virtio_scsi": False, "virtio_scsi_multi_queues": True, "multi_queues": False},
            {"initialization": {"host_name": "law.example.com", "root_password": "secret-of-guest", "dns_servers": ["192.0.2.1"]}},
            {"tags": ["stage"]},
        ),
        stands_on=("tag", *ESTATE, "vm"),
        clears={"description": "", "graphics": [], "machine_type": "", "custom_properties": {}, "watchdog": {}, "tags": []},
        needs=("vm",),
        bad=({"memory": "10G"}, {"version_number": 3}, {"disks": [{"name": "nosuch"}]}, {"nics": [{"name": "nic1"}, {"name": "nic1"}]}),
    ),
    "vm_pool": Sample(
        {"name": "law", "cluster": "stage", "template": "stage", "size": 2, "description": "d", "comment": "c"},
        changes=(
            {"description": "other"},
            {"prestarted": 1, "vms_per_user": 2},
            {"size": 3},
            {"comment": "other", "use_latest_template_version": True, "prestarted": 0},
        ),
        fixed={"type": "manual"},
        stands_on=(*ESTATE, "vm with a disk", "template"),
        clears={"description": "", "comment": ""},
        needs=("cluster", "template", "size"),
        bad=({"prestarted": 3}, {"size": 0}),
    ),
    "nic": Sample(
        {"vm": "stage", "name": "nic1", "network": "stage"},
        changes=({"linked": False}, {"interface": "e1000"}, {"mac": "02-00-00-00-00-7F"}, {"plugged": False}),
        stands_on=(*ESTATE, "network", "vm"),
        clears={"vnic_profile": ""},
        bad=({"mac": "nonsense"},),
    ),
    "quota": Sample(
        {"data_center": "stage", "name": "law", "description": "d", "cluster_limit": {"vcpus": 40, "memory": 200}},
        changes=({"description": "other"}, {"cluster_limit": {"vcpus": 50}}, {"storage_limit": {"size": 2048}}, {"cluster_threshold": 70}),
        stands_on=("data center", "cluster"),
        clears={"description": ""},
    ),
    "affinity_group": Sample(
        {"cluster": "stage", "name": "law", "description": "d", "vms_rule": "positive", "vms": ["stage"]},
        changes=(
            {"description": "other"},
            {"vms_enforcing": True},
            {"vms_rule": "negative"},
            {"vms_rule": "disabled"},
            {"hosts_rule": "positive", "hosts": ["stage"], "hosts_enforcing": True, "priority": 2.5},
            {"vms": [], "vm_labels": ["stage"]},
            {"hosts": [], "vm_labels": [], "hosts_rule": "disabled"},
        ),
        stands_on=(*ESTATE, "vm", "affinity label"),
        clears={"description": ""},
    ),
    "role": Sample(
        {"name": "law", "description": "d", "permits": ["login", "create_vm"]},
        changes=({"description": "other"}, {"permits": ["login", "delete_vm", "reboot_vm"]}),
        fixed={"administrative": True},
        clears={"description": ""},
        needs=("permits",),
        bad=({"permits": ["nonsense"]}, {"permits": ["login", "create_host"]}),
    ),
    "user": Sample(
        {"name": "law@internal-authz"},
        bad=({"name": "nobody@internal-authz"}, {"name": "law@nowhere"}),
    ),
    "group": Sample(
        {"name": "law", "authz_name": "internal-authz"},
        needs=("authz_name",),
        bad=({"name": "nobody"}, {"authz_name": "nowhere"}),
    ),
    "snapshot": Sample(
        {"vm": "stage", "description": "law"},
        stands_on=(*ESTATE, "vm"),
        twins=True,
    ),
    "vm": Sample(
        {"name": "law", "cluster": "stage", "memory": "1GiB", "description": "d"},
        changes=(
            {"description": "other"},
            {"memory": "2GiB"},
            {"delete_protected": True},
            {"delete_protected": False},
            {
                "cpu": {"sockets": 2, "cores": 4, "threads": 2, "model": "Haswell-noTSX", "shares": 512},
                "memory_max": "16GiB", "memory_guaranteed": "512MiB", "ballooning": False, "type": "high_performance",
            },
            {
                "os": {"type": "rhel_9x64", "boot_devices": ["network", "hd"], "kernel": "/boot/k", "initrd": "/boot/i", "cmdline": "quiet"},
                "bios_type": "q35_secure_boot", "boot_menu": True, "machine_type": "pc-q35-rhel9.4.0", "tpm": True, "compatibility_version": "4.7",
                "serial_number": {"policy": "custom", "value": "abc"}, "time_zone": "Europe/Berlin",
            },
            {
                "graphics": ["spice"],
                "console": {
                    "video_type": "qxl", "monitors": 2, "smartcard": True, "file_transfer": False, "copy_paste": False, "single_sign_on": False,
                    "allow_override": True, "keyboard_layout": "de", "disconnect_action": "shutdown", "disconnect_action_delay": 5, "serial": True,
                    "usb": True, "usb_type": "native", "soundcard": False,
                },
            },
            {"graphics": ["spice", "vnc"], "console": {"monitors": 1}},
            {"graphics": []},
            {"graphics": ["vnc"]},
            {
                "high_availability": {"enabled": True, "priority": 50, "lease": "stage", "resume_behaviour": "kill"},
                "placement": {"hosts": ["stage"], "affinity": "user_migratable"},
                "migration": {"policy": "very large vms", "auto_converge": True, "compressed": False, "parallel": "custom", "connections": 4, "downtime": 500},
            },
            {"cpu": {"pinning": [{"vcpu": 0, "cpu_set": "0"}, {"vcpu": 1, "cpu_set": "1"}], "pinning_policy": "manual"}},
            {
                "numa_nodes": [
                    {"index": 0, "memory": "1GiB", "cpus": list(range(8)), "mode": "strict", "pins": [0]},
                    {"index": 1, "memory": "1GiB", "cpus": list(range(8, 16))},
                ]
            },
            {"numa_nodes": [{"index": 1, "cpus": list(range(8))}, {"index": 0, "cpus": list(range(8, 16))}]},
            {"watchdog": {"model": "i6300esb", "action": "reset"}, "rng": {"source": "hwrng", "bytes": 100, "period": 1000}, "io_threads": 2},
            {"watchdog": {"action": "poweroff"}, "virtio_scsi": False, "virtio_scsi_multi_queues": True, "multi_queues": False},
            {
                "initialization": {
                    "host_name": "law.example.com", "timezone": "Europe/Berlin", "user_name": "admin", "root_password": "secret-of-guest",
                    "authorized_ssh_keys": ["ssh-ed25519 AAAA a", "ssh-ed25519 BBBB b"], "regenerate_ssh_keys": True, "dns_servers": ["192.0.2.1", "192.0.2.2"],
                    "dns_search": ["example.com"], "custom_script": "runcmd:\n- date\n", "network_protocol": "eni",
                    "nics": [{"name": "eth0", "on_boot": True, "boot_protocol": "static", "address": "192.0.2.9", "netmask": "255.255.255.0"}],
                }
            },
            {"initialization": {"domain": "ad.example.com", "org_name": "law", "input_locale": "de-DE", "windows_license_key": "secret-of-windows"}},
            {"custom_properties": {"sap_agent": "true"}, "virtio_scsi": True},
            {
                "disks": [
                    {"name": "data", "size": "1GiB", "storage_domain": "stage"},
                    {"name": "raw", "size": "1GiB", "storage_domain": "stage", "format": "raw"},
                ]
            },
            {"disks": [{"name": "data", "size": "2GiB", "description": "d", "active": False}], "purge_disks": True},
            {"nics": [{"name": "nic1"}, {"name": "nic2", "interface": "e1000", "linked": False}]},
            {"nics": [{"name": "nic2", "mac": "02-00-00-00-00-7F", "plugged": False}], "purge_nics": True},
            {"stateless": True, "high_availability": {"enabled": False, "lease": ""}},
            {"use_latest_template_version": True},
        ),
        stands_on=ESTATE,
        clears={"description": "", "graphics": [], "machine_type": "", "compatibility_version": "", "custom_properties": {}, "watchdog": {}},
        needs=("cluster",),
        bad=(
            {"memory": "10G"},
            {"nics": [{"name": "nic1"}, {"name": "nic1"}]},
            {"cpu": {"sockets": 0}},
            {"migration": {"policy": "no such policy"}},
            {"nics": [{"name": "nic1", "mac": "nonsense"}]},
        ),
    ),
}


def reference(kind: str) -> Options:
    """The options by which the sample is found again, and nothing else."""
    sample, resource = SAMPLES[kind], CATALOGUE[kind]
    names = [resource.identity.by, resource.identity.within, *(under.option for under in resource.under), "data_center" if kind == "vnic_profile" else ""]
    return {name: sample.options[name] for name in names if name in sample.options}


def removal(kind: str) -> Options:
    """The options that remove the sample."""
    allowed = {"host": {"force": True}, "storage_domain": {"format": True}, "vm": {"force": True, "remove_disks": True}}
    return {**reference(kind), "state": "absent", **allowed.get(kind, {})}


@dataclass(frozen=True)
class Work:
    """Something to do that is more than one object of a kind with its options: an operation, a state, a restart.

    play      the kind or the operation, and its options
    stands_on what has to be there before: kinds of STAGE, in order
    after     tasks that come before it, of kinds or operations
    again     whether it is done every time, so that a second run changes something
    """

    play: tuple[str, Options]
    stands_on: tuple[str, ...] = ()
    after: tuple[tuple[str, Options], ...] = ()
    again: bool = False


_DISK = {"name": "system", "size": "1GiB", "storage_domain": "stage", "bootable": True}
_OFF = ("vm", {"name": "web", "cluster": "stage", "graphics": ["spice"], "disks": [_DISK], "nics": [{"name": "nic1", "vnic_profile": "stage"}]})
_RUNS = ("vm", {"name": "web", "state": "running"})
_HOSTED = (*ESTATE, "network", "carried network")
_RESTART = {"on_running": "restart", "force": True}
_SECOND = ("storage_domain", {"name": "second", "data_center": "stage", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/second"}})
_SNAPSHOT = ("snapshot", {"vm": "web", "description": "then"})
_MIRROR = {"network": "stage", "replug": True, "listeners": [{"vm": "web", "nic": "nic1"}]}
_AGENT = {"type": "ipmilan", "address": "192.0.2.99", "username": "u", "password": "secret-of-agent"}
_FENCED = ("host", {"name": "stage", "fence_agents": [_AGENT], "power_management": {"enabled": True}})
_OTHER = ("host", {**STAGE["host"][1], "name": "other", "address": "192.0.2.11"})
_OLD = (
    ("data_center", {"name": "old", "compatibility_version": "4.2"}),
    ("cluster", {"name": "old", "data_center": "old", "compatibility_version": "4.2", "cpu_type": "Intel Nehalem Family"}),
    ("host", {**STAGE["host"][1], "name": "old", "address": "192.0.2.12", "cluster": "old"}),
    ("storage_domain", {"name": "old", "data_center": "old", "storage_format": "v4", "storage": {"type": "nfs", "address": "192.0.2.20", "path": "/old"}}),
    ("vm", {"name": "web", "cluster": "old", "disks": [{**_DISK, "storage_domain": "old"}], "state": "running"}),
)


def _vm(state: str, *after: tuple[str, Options], again: bool = False, **more: Any) -> Work:
    return Work(("vm", {"name": "web", "state": state, **more}), _HOSTED, (_OFF, *after), again)


WORKS: dict[str, Work] = {
    "vm.running": _vm("running"),
    "vm.stopped": _vm("stopped", _RUNS, force=True),
    "vm.suspended": _vm("suspended", _RUNS),
    "vm.resumed": _vm("running", _RUNS, ("vm", {"name": "web", "state": "suspended"})),
    "vm.restarted": _vm("restarted", _RUNS, again=True),
    "vm.restart": _vm("present", _RUNS, boot_menu=True, **_RESTART),
    "vm.restart with more": _vm("present", _RUNS, boot_menu=True, description="d", watchdog={"model": "i6300esb"}, **_RESTART),
    "vm.hot": _vm("present", _RUNS, nics=[{"name": "nic1"}, {"name": "nic2"}], disks=[_DISK, {"name": "data", "size": "1GiB", "storage_domain": "stage"}]),
    "vm.gone": _vm("absent", _RUNS, force=True, remove_disks=True),
    "snapshot.gone": Work(("snapshot", {**_SNAPSHOT[1], "state": "absent"}), _HOSTED, (_OFF, _SNAPSHOT)),
    "snapshot.previewed": Work(("snapshot", {**_SNAPSHOT[1], "state": "previewed"}), _HOSTED, (_OFF, _SNAPSHOT)),
    "smartcard.now": Work(("smartcard", {"vms": ["web"]}), _HOSTED, (_OFF,)),
    "smartcard.restart": Work(("smartcard", {"vms": ["web"], **_RESTART}), _HOSTED, (_OFF, _RUNS)),
    "disk_move.cold": Work(("disk_move", {"disks": ["system"], "targets": ["second"]}), _HOSTED, (_OFF, _SECOND)),
    "disk_move.live": Work(("disk_move", {"vms": ["web"], "targets": ["second"]}), _HOSTED, (_OFF, _RUNS, _SECOND)),
    "snapshot_group.made": Work(("snapshot_group", {"vms": ["web"], "description": "nightly"}), _HOSTED, (_OFF,)),
    "snapshot_group.kept": Work(
        ("snapshot_group", {"vms": ["web"], "description": "nightly-2", "pattern": "nightly-*", "keep_last": 1}),
        _HOSTED,
        (_OFF, ("snapshot", {"vm": "web", "description": "nightly-1"})),
    ),
    "host_power.stopped": Work(("host_power", {"hosts": ["stage"], "state": "stopped", "force": True}), ESTATE, (_OTHER, _FENCED)),
    "host_power.started": Work(
        ("host_power", {"hosts": ["stage"], "state": "started"}),
        ESTATE,
        (_OTHER, _FENCED, ("host_power", {"hosts": ["stage"], "state": "stopped", "force": True})),
    ),
    "host_network.attached": Work(STAGE["carried network"], (*ESTATE, "network")),
    "host_network.detached": Work(("host_network", {"hosts": ["stage"], "networks": [{"network": "stage", "state": "absent"}]}), _HOSTED),
    "permission.given": Work(("permission", {"vm": "web", "user": "law", "authz_name": "internal-authz", "role": "UserRole"}), _HOSTED, (_OFF,)),
    "permission.purged": Work(
        ("permission", {"vm": "web", "permissions": [], "purge": True}),
        _HOSTED,
        (_OFF, ("permission", {"vm": "web", "user": "law", "authz_name": "internal-authz", "role": "UserRole"})),
    ),
    "event.written": Work(("event", {"origin": "law", "custom_id": 7, "description": "d"})),
    "event.removed": Work(("event", {"origin": "law", "custom_id": 7, "state": "absent"}), (),
                          (("event", {"origin": "law", "custom_id": 7, "description": "d"}),)),
    "port_mirroring.on": Work(("port_mirroring", _MIRROR), _HOSTED, (_OFF,)),
    "port_mirroring.on, replugged": Work(("port_mirroring", _MIRROR), _HOSTED, (_OFF, _RUNS)),
    "port_mirroring.off": Work(("port_mirroring", {**_MIRROR, "state": "disabled"}), _HOSTED, (_OFF, _RUNS, ("port_mirroring", _MIRROR))),
    "quota_enforcement.on": Work(
        ("quota_enforcement", {"data_center": "stage", "quota": "all", "quota_mode": "enabled"}
         ), _HOSTED, (_OFF, ("quota", {"data_center": "stage", "name": "all"}))
    ),
    "storage_domain_upgrade.in place": Work(("storage_domain_upgrade", {"storage_domain": "old", "compatibility_version": "4.7"}), (), _OLD),
    "storage_domain_upgrade.restart": Work(
        ("storage_domain_upgrade", {"storage_domain": "old", "compatibility_version": "4.7", "on_running": "restart", "force": True}), (), _OLD
    ),
}
"""By names that begin with the kind or the operation."""
