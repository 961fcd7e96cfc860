# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What options and states of the collection ``ovirt.ovirt`` are called here, for whoever brings a playbook along: a refusal says it in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

_OPTIONS = {
    "affinity_group": """
        host_enforcing=hosts_enforcing host_rule=hosts_rule hosts_labels=host_labels vm_enforcing=vms_enforcing vm_rule=vms_rule
        vms_labels=vm_labels
    """,
    "affinity_label": """
        hosts=@host.affinity_labels vms=@vm.affinity_labels
    """,
    "cluster": """
        cpu_arch=architecture fence_connectivity_threshold=fencing.connectivity_threshold fence_enabled=fencing.enabled
        fence_skip_if_connectivity_broken=fencing.skip_if_connectivity_broken fence_skip_if_gluster_bricks_up=fencing.skip_if_gluster_bricks_up
        fence_skip_if_gluster_quorum_not_met=fencing.skip_if_gluster_quorum_not_met fence_skip_if_sd_active=fencing.skip_if_storage_lease
        gluster=gluster_service ksm_numa=ksm.merge_across_nodes memory_policy=memory_overcommit
        migration_auto_converge=migration.auto_converge migration_bandwidth=migration.bandwidth migration_bandwidth_limit=migration.bandwidth_mbps
        migration_compressed=migration.compressed migration_encrypted=migration.encrypted migration_policy=migration.policy
        network=management_network resilience_policy=error_handling serial_policy=serial_number.policy serial_policy_value=serial_number.value
        virt=virt_service
    """,
    "disk": """
        activate=@vm.disks.active bootable=@vm.disks.bootable interface=@vm.disks.interface pass_discard=@vm.disks.pass_discard profile=disk_profile
        quota_id=quota read_only=@vm.disks.read_only uses_scsi_reservation=@vm.disks.uses_scsi_reservation vm_id=@vm.disks vm_name=@vm.disks
    """,
    "host": """
        activate=state kdump_integration=power_management.kdump_detection kernel_params=kernel_cmdline override_display=console_address
        password=root_password power_management_enabled=power_management.enabled public_key=ssh.authentication ssh_port=ssh.port
    """,
    "instance_type": """
        ballooning_enabled=ballooning cpu_cores=cpu.cores cpu_sockets=cpu.sockets cpu_threads=cpu.threads graphical_console=graphics
        high_availability_priority=high_availability.priority placement_policy=placement.affinity
        rng_bytes=rng.bytes rng_device=rng.source rng_period=rng.period serial_console=console.serial smartcard_enabled=console.smartcard
        usb_support=console.usb
    """,
    "network": """
        clusters.name=clusters.cluster vlan_tag=vlan_id
    """,
    "nic": """
        mac_address=mac profile=vnic_profile
    """,
    "permission": """
        group_name=group quota_name=quota user_name=user
    """,
    "quota": """
        clusters=cluster_limit storages=storage_limit
    """,
    "snapshot": """
        keep_days_old=@snapshot_group.max_age snapshot_id=id use_memory=memory vm_id=vm vm_name=vm
    """,
    "storage_domain": """
        critical_space_action_blocker=critical_space domain_function=type fcp=storage glusterfs=storage iscsi=storage.logical_units localfs=storage
        nfs=storage posixfs=storage
    """,
    "tag": """
        hosts=@host.tags vms=@vm.tags
    """,
    "template": """
        ballooning_enabled=ballooning cloud_init=initialization cloud_init_nics=initialization.nics cpu_profile=cpu.profile
        nics.profile_name=nics.vnic_profile operating_system=os.type smartcard_enabled=console.smartcard sso=console.single_sign_on
        sysprep=initialization timezone=time_zone usb_support=console.usb version=version_name
    """,
    "vm": """
        ballooning_enabled=ballooning boot_devices=os.boot_devices cd_iso=run_once.cdrom cloud_init=initialization
        cloud_init_nics=initialization.nics cloud_init_persist=run_once.initialize cpu_cores=cpu.cores cpu_mode=cpu.mode cpu_pinning=cpu.pinning
        cpu_shares=cpu.shares cpu_sockets=cpu.sockets cpu_threads=cpu.threads custom_compatibility_version=compatibility_version
        custom_emulated_machine=machine_type disks.activate=disks.active graphical_console=graphics
        high_availability_priority=high_availability.priority host=run_once.host initrd_path=os.initrd kernel_params=os.cmdline
        kernel_params_persist=os.cmdline kernel_path=os.kernel lease=high_availability.lease multi_queues_enabled=multi_queues next_run=on_running
        nics.mac_address=nics.mac nics.profile_name=nics.vnic_profile numa_nodes.cores=numa_nodes.cpus numa_nodes.numa_node_pins=numa_nodes.pins
        numa_tune_mode=numa_nodes.mode operating_system=os.type placement_policy=placement.affinity placement_policy_hosts=placement.hosts
        quota_id=quota rng_device=rng.source serial_console=console.serial serial_policy=serial_number.policy
        serial_policy_value=serial_number.value smartcard_enabled=console.smartcard snapshot_name=from_snapshot.snapshot
        snapshot_vm=from_snapshot.vm soundcard_enabled=console.soundcard sso=console.single_sign_on
        storage_error_resume_behaviour=high_availability.resume_behaviour sysprep=initialization timezone=time_zone tpm_enabled=tpm
        usb_support=console.usb virtio_scsi_enabled=virtio_scsi
    """,
    "vm_pool": """
        vm_count=size vm_per_user=vms_per_user vm=template
    """,
}
"""By module: their names, and ours; one of another module begins with ``@`` and its name."""

OPTIONS = {module: dict(pair.split("=") for pair in table.split()) for module, table in _OPTIONS.items()}

SENTENCES: dict[str, str] = {
    "auth": "the login is the option engine, or module_defaults of the group virtops.ovirt.all",
    "fetch_nested": "results have what belongs to an object already",
    "nested_attributes": "results have what belongs to an object already",
    "poll_interval": "what is waited for is looked at as often as it changes",
    "timeout": "waiting is limited by timeout of the task",
    "exclusive": "names that several objects have are an error",
    "ticket": "consoles are opened with the engine's portal",
    "migrate": "machines are migrated by the engine's own policies, or by a host that goes to maintenance",
    "force_migrate": "machines are migrated by the engine's own policies, or by a host that goes to maintenance",
    "volatile": "run_once says what a single run is to have",
    "kvm": "machines of other systems are imported by the engine's portal",
    "xen": "machines of other systems are imported by the engine's portal",
    "vmware": "machines of other systems are imported by the engine's portal",
    "upload_image_path": "image files are not transferred by this collection",
    "download_image_path": "image files are not transferred by this collection",
    "logical_unit": "disks that are LUNs themselves are made in the engine's portal, and attached by their ids",
    "reboot_after_installation": "a host that is added is rebooted as the engine does it",
    "hosted_engine": "hosts of the engine itself are deployed by its own installer",
    "object_id": "the option that is named after the kind says which object",
    "object_name": "the option that is named after the kind says which object",
    "object_type": "the option that is named after the kind says which object",
    "iscsi": "a storage domain logs its hosts in to iSCSI targets by itself",
}
"""Their options that are no option here, under any name."""

STATES: dict[str, dict[str, str]] = {
    "host": {
        "restarted": "use virtops.ovirt.host_power with state restarted", "started": "use virtops.ovirt.host_power with state started",
        "stopped": "use virtops.ovirt.host_power with state stopped", "reinstalled": "remove the host and add it again, or reinstall it in the portal",
        "upgraded": "upgrade it in the portal, in maintenance", "refreshed": "the engine refreshes it when it is activated: use maintenance, then up",
        "iscsidiscover": "give storage_domain its portal and target", "iscsilogin": "a storage domain logs its hosts in by itself",
    },
    "vm": {
        "next_run": "use on_running: next_run", "registered": "register it in the portal", "exported": "export it in the portal",
    },
    "disk": {
        "attached": "attach it with disks of virtops.ovirt.vm", "detached": "use state: detached in disks of virtops.ovirt.vm",
        "exported": "export it in the portal", "imported": "import it in the portal", "copied": "use virtops.ovirt.disk_move, which moves disks",
        "sparsified": "sparsify it in the portal",
    },
    "nic": {"plugged": "use plugged: true", "unplugged": "use plugged: false"},
    "snapshot": {"restore": "it is called restored", "preview": "it is called previewed", "commit": "it is called committed", "undo": "it is called undone"},
    "template": {"exported": "export it in the portal", "imported": "import it in the portal", "registered": "register it in the portal"},
    "storage_domain": {"update_ovf_store": "the engine does that by itself", "imported": "use state: present, which imports what is there"},
    "affinity_label": {"attached": "use affinity_labels of virtops.ovirt.vm and virtops.ovirt.host"},
    "tag": {"attached": "use tags of virtops.ovirt.vm and virtops.ovirt.host", "detached": "use tags of virtops.ovirt.vm and virtops.ovirt.host"},
}
"""By module: their states, and what to use instead."""

_UNSUPPORTED = re.compile(r"^(?:Unsupported parameters for \([^)]*\) module: )?(?P<names>[\w., ]+?)\. Supported parameters include")
_STATE = re.compile(r"value of state must be one of: .*?, got: (?P<state>\w+)")


def answered(module: str, message: str) -> str:
    """A refusal of parameters, with what they are called here where ``ovirt.ovirt`` has them."""
    said = " ".join(dict.fromkeys([*_options(module, message), *_states(module, message)]))
    return f"{message.rstrip('.')}. {said}" if said else message


def _options(module: str, message: str) -> Iterator[str]:
    found = _UNSUPPORTED.match(message)
    for name in found["names"].split(", ") if found else ():
        ours = OPTIONS.get(module, {}).get(name)
        if ours is None and name in SENTENCES:
            yield f"For {name} of ovirt.ovirt: {SENTENCES[name]}."
        elif ours is not None and ours.startswith("@"):
            other, _dot, option = ours[1:].partition(".")
            yield f"{name} of ovirt.ovirt is {option} of virtops.ovirt.{other}."
        elif ours is not None:
            yield f"{name} of ovirt.ovirt is {ours} here."


def _states(module: str, message: str) -> Iterator[str]:
    found = _STATE.search(message)
    instead = STATES.get(module, {}).get(found["state"]) if found else None
    if found and instead:
        yield f"For state {found['state']} of ovirt.ovirt: {instead}."
