#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: template_info
short_description: Read templates
version_added: 1.0.0
description:
  - Reads templates in the same shape that M(virtops.ovirt.template) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the templates to read.
    type: list
    elements: str
  name:
    description:
      - Names of the templates to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  search:
    description:
      - Query in the search language of the engine, such as V(name=prod* sortby name asc).
    type: str
  fields:
    description:
      - Members of the result to read, besides C(id) and C(name); all of them when it is left out.
      - 'Of many templates, reading only what is needed is much faster: they come in one list.'
      - Each of them is read by itself with any of V(console), V(initialization), V(rng), V(tpm), V(virtio_scsi).
    type: list
    elements: str
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.template
"""

EXAMPLES = r"""
---
- name: Read every template
  virtops.ovirt.template_info:

- name: Read one template by its name
  virtops.ovirt.template_info:
    name: my-template
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.templates[0]
  when: found.templates | length > 0

- name: Read templates with a query
  virtops.ovirt.template_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
templates:
  description:
    - The templates that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the template.
      returned: success
      type: str
    name:
      description:
        - Name, unique in its data center, which all its versions have.
      returned: success
      type: str
    version_name:
      description:
        - Name of the version. Where the template has none of that name, it is made, from C(vm) or C(from_snapshot). Together with C(version_number) or
          C(id), the name that the version is to have.
      returned: success
      type: str
    version_number:
      description:
        - Number of the version. The engine numbers them from V(1); one that does not exist can be made if it is the next.
      returned: success
      type: int
    base_template:
      description:
        - The base version; itself for that.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    comment:
      description:
        - Comment. That of its VM, when it is left out at creation.
      returned: success
      type: str
    cluster:
      description:
        - Cluster, by name or id. That of its VM, when it is left out at creation.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    type:
      description:
        - What it is tuned for.
      returned: success
      type: str
    memory:
      description:
        - Memory, for example V(4GiB); a bare number is bytes.
      returned: success
      type: int
    memory_guaranteed:
      description:
        - Memory that a host keeps for a VM even when memory is short.
      returned: success
      type: int
    memory_max:
      description:
        - Up to where memory can be added while a VM runs. That of its VM, when it is left out at creation.
      returned: success
      type: int
    ballooning:
      description:
        - Whether the host may take unused memory back from the guest.
      returned: success
      type: bool
    cpu:
      description:
        - Virtual processors. Their number is C(cpu.sockets) times C(cpu.cores) times C(cpu.threads).
      returned: success
      type: dict
      contains:
        sockets:
          description:
            - Number of sockets. More are plugged into a running VM at once.
          returned: success
          type: int
        cores:
          description:
            - Cores of each socket.
          returned: success
          type: int
        threads:
          description:
            - Threads of each core.
          returned: success
          type: int
        model:
          description:
            - CPU model the guest sees instead of the cluster's, in libvirt's spelling, for example V(Haswell-noTSX). An empty string takes the cluster's
              again.
          returned: success
          type: str
        mode:
          description:
            - 'Whether the guest sees the model (V(custom)), or the host''s own processor (V(host_passthrough)). V(host_model) is in the API, and engines
              do not keep it: it is refused.'
          returned: success
          type: str
        shares:
          description:
            - Weight against other VMs when processors are short. V(0) is the default weight.
          returned: success
          type: int
        pinning:
          description:
            - Which virtual processor runs on which of the host's. Needs C(placement.hosts) and is a list managed as a whole.
          returned: success
          type: list
          elements: dict
          contains:
            vcpu:
              description:
                - Number of the virtual processor, from V(0).
              returned: success
              type: int
            cpu_set:
              description:
                - Processors of the host, for example V(1-4,^2).
              returned: success
              type: str
        pinning_policy:
          description:
            - How virtual processors are bound to the host's.
          returned: success
          type: str
        profile:
          description:
            - CPU profile, by name or id, with its quality of service.
          returned: success
          type: dict
          contains:
            id:
              description:
                - Unique identifier.
              returned: success
              type: str
            name:
              description:
                - Name.
              returned: success
              type: str
    os:
      description:
        - Operating system and how it boots.
      returned: success
      type: dict
      contains:
        type:
          description:
            - Operating system in the engine's spelling, for example V(rhel_9x64), V(debian_9) or V(windows_2022); V(other) if it knows none.
          returned: success
          type: str
        boot_devices:
          description:
            - Devices to boot from, in this order.
          returned: success
          type: list
          elements: str
        kernel:
          description:
            - Path of a kernel to boot directly, on an ISO domain or the host.
          returned: success
          type: str
        initrd:
          description:
            - Path of the initial RAM disk for C(os.kernel).
          returned: success
          type: str
        cmdline:
          description:
            - Command line for C(os.kernel).
          returned: success
          type: str
    bios_type:
      description:
        - Chipset and firmware. V(cluster_default) takes the cluster's.
      returned: success
      type: str
    boot_menu:
      description:
        - Whether the firmware shows a boot menu.
      returned: success
      type: bool
    machine_type:
      description:
        - Machine type instead of the cluster's, for example V(pc-q35-rhel9.4.0). An empty string takes the cluster's again.
      returned: success
      type: str
    tpm:
      description:
        - Whether it has a trusted platform module. Needs UEFI firmware.
      returned: success
      type: bool
    compatibility_version:
      description:
        - Compatibility level of its own instead of the cluster's, for example V(4.7). An empty string takes the cluster's again.
      returned: success
      type: str
    serial_number:
      description:
        - Serial number the firmware shows.
      returned: success
      type: dict
      contains:
        policy:
          description:
            - V(host) and V(vm) take the id of that, V(custom) takes C(serial_number.value).
          returned: success
          type: str
        value:
          description:
            - Serial number for C(serial_number.policy=custom).
          returned: success
          type: str
    time_zone:
      description:
        - Offset of the hardware clock as a time zone, for example V(Etc/GMT) or V(W. Europe Standard Time).
      returned: success
      type: str
    graphics:
      description:
        - 'Graphical consoles: V(spice), V(vnc), both, or an empty list for none. Those of the VM at creation.'
      returned: success
      type: list
      elements: str
    console:
      description:
        - Display and console.
      returned: success
      type: dict
      contains:
        video_type:
          description:
            - Video device. SPICE takes V(qxl) alone, VNC all; V(bochs) needs UEFI firmware and compatibility version 4.6, V(cirrus) 4.2.
          returned: success
          type: str
        monitors:
          description:
            - Number of monitors. More than one needs SPICE.
          returned: success
          type: int
        smartcard:
          description:
            - Whether a smart card of the client's machine is passed through, which needs SPICE. M(virtops.ovirt.smartcard) does it for many VMs.
          returned: success
          type: bool
        file_transfer:
          description:
            - Whether files can be dragged into a SPICE console.
          returned: success
          type: bool
        copy_paste:
          description:
            - Whether the clipboard is shared with a SPICE console.
          returned: success
          type: bool
        single_sign_on:
          description:
            - Whether who opens the console is logged in to the guest, by its agent.
          returned: success
          type: bool
        allow_override:
          description:
            - Whether another user may take over a connected console.
          returned: success
          type: bool
        keyboard_layout:
          description:
            - Keyboard layout of VNC, for example V(de). An empty string takes the engine's default.
          returned: success
          type: str
        disconnect_action:
          description:
            - What happens to the guest when the console is closed.
          returned: success
          type: str
        disconnect_action_delay:
          description:
            - Minutes before the disconnect action is taken.
          returned: success
          type: int
        serial:
          description:
            - Whether it has a serial console over SSH.
          returned: success
          type: bool
        usb:
          description:
            - Whether USB devices of the client's machine are passed through.
          returned: success
          type: bool
        usb_type:
          description:
            - How USB is passed through. V(native) is the only one that current engines know.
          returned: success
          type: str
    nics:
      description:
        - Network interfaces, told apart by C(nics[].name). Listed ones are made true, others are left alone unless C(purge_nics=true).
      returned: success
      type: list
      elements: dict
      contains:
        id:
          description:
            - Id of the NIC, instead of C(nics[].name). With both, it gets that name.
          returned: success
          type: str
        name:
          description:
            - Name, for example V(nic1).
          returned: success
          type: str
        vnic_profile:
          description:
            - vNIC profile, by name or id; looked for on C(nics[].network), or on the networks of the VM's data center. An empty string disconnects the
              interface.
          returned: success
          type: dict
          contains:
            id:
              description:
                - Unique identifier.
              returned: success
              type: str
            name:
              description:
                - Name.
              returned: success
              type: str
        interface:
          description:
            - Device model.
          returned: success
          type: str
        linked:
          description:
            - Whether the link is up.
          returned: success
          type: bool
        plugged:
          description:
            - Whether it is plugged in.
          returned: success
          type: bool
    disks:
      description:
        - At creation, what copies of the VM's disks are to be like; those that are not listed are copied as they are. The disks of a template that exists
          are not changed.
      returned: success
      type: list
      elements: dict
      contains:
        id:
          description:
            - Id of the VM's disk, instead of C(disks[].name). In results, that of the template's disk.
          returned: success
          type: str
        name:
          description:
            - Name (alias) of the VM's disk. In results, that of the template's disk.
          returned: success
          type: str
        format:
          description:
            - Image format of the copy.
          returned: success
          type: str
        sparse:
          description:
            - Whether space of the copy is taken as it is written (V(true)) or at once. Follows C(disks[].format) where that is given.
          returned: success
          type: bool
        description:
          description:
            - Description of the copy.
          returned: success
          type: str
        storage_domains:
          description:
            - Storage domains that have a copy.
          returned: success
          type: list
          elements: dict
          contains:
            id:
              description:
                - Unique identifier.
              returned: success
              type: str
            name:
              description:
                - Name.
              returned: success
              type: str
        size:
          description:
            - Size that a guest sees.
          returned: success
          type: int
        interface:
          description:
            - Bus of the disk.
          returned: success
          type: str
        bootable:
          description:
            - Whether VMs boot from it.
          returned: success
          type: bool
        status:
          description:
            - Status of the disk.
          returned: success
          type: str
    initialization:
      description:
        - What the guest is told at its first boot, by cloud-init, Ignition or sysprep, whichever its operating system takes.
      returned: success
      type: dict
      contains:
        host_name:
          description:
            - Name of the guest.
          returned: success
          type: str
        domain:
          description:
            - Windows domain to join.
          returned: success
          type: str
        timezone:
          description:
            - Time zone of the guest, for example V(Europe/Berlin).
          returned: success
          type: str
        user_name:
          description:
            - User to make, or to give the password and keys to.
          returned: success
          type: str
        authorized_ssh_keys:
          description:
            - Public SSH keys that may log in.
          returned: success
          type: list
          elements: str
        regenerate_ssh_keys:
          description:
            - Whether the guest makes new host keys.
          returned: success
          type: bool
        dns_servers:
          description:
            - Name servers.
          returned: success
          type: list
          elements: str
        dns_search:
          description:
            - Domains that names are looked up in.
          returned: success
          type: list
          elements: str
        nics:
          description:
            - Network devices as the guest names them.
          returned: success
          type: list
          elements: dict
          contains:
            name:
              description:
                - Name in the guest, for example V(eth0).
              returned: success
              type: str
            on_boot:
              description:
                - Whether it is brought up at boot. V(true) when it is left out; the engine takes nothing else.
              returned: success
              type: bool
            boot_protocol:
              description:
                - How it gets its IPv4 address.
              returned: success
              type: str
            address:
              description:
                - IPv4 address for the static protocol.
              returned: success
              type: str
            netmask:
              description:
                - Netmask.
              returned: success
              type: str
            gateway:
              description:
                - IPv4 gateway.
              returned: success
              type: str
            ipv6_boot_protocol:
              description:
                - How it gets its IPv6 address.
              returned: success
              type: str
            ipv6_address:
              description:
                - IPv6 address for the static protocol.
              returned: success
              type: str
            ipv6_netmask:
              description:
                - Prefix length.
              returned: success
              type: str
            ipv6_gateway:
              description:
                - IPv6 gateway.
              returned: success
              type: str
        network_protocol:
          description:
            - Form in which cloud-init is told about networks.
          returned: success
          type: str
        custom_script:
          description:
            - Further cloud-config in YAML, an Ignition document, or a sysprep file.
          returned: success
          type: str
        input_locale:
          description:
            - Input locale for sysprep.
          returned: success
          type: str
        ui_language:
          description:
            - Language of the user interface for sysprep.
          returned: success
          type: str
        system_locale:
          description:
            - System locale for sysprep.
          returned: success
          type: str
        user_locale:
          description:
            - User locale for sysprep.
          returned: success
          type: str
        active_directory_ou:
          description:
            - Organizational unit in Active Directory for sysprep.
          returned: success
          type: str
        org_name:
          description:
            - Organization for sysprep.
          returned: success
          type: str
    high_availability:
      description:
        - What the engine does when its host fails.
      returned: success
      type: dict
      contains:
        enabled:
          description:
            - Whether it is started again on another host.
          returned: success
          type: bool
        priority:
          description:
            - Which ones are started first; V(1) is low, V(50) medium, V(100) high.
          returned: success
          type: int
        resume_behaviour:
          description:
            - What is done with a VM that was paused by a storage error once the storage is back. With a lease V(kill) is the only choice.
          returned: success
          type: str
    placement:
      description:
        - Hosts it may run on.
      returned: success
      type: dict
      contains:
        affinity:
          description:
            - Whether the engine may move it (V(migratable)), a user may (V(user_migratable)), or nobody (V(pinned)).
          returned: success
          type: str
        hosts:
          description:
            - Hosts, by name or id, it may run on. An empty list allows all hosts of the cluster.
          returned: success
          type: list
          elements: dict
          contains:
            id:
              description:
                - Unique identifier.
              returned: success
              type: str
            name:
              description:
                - Name.
              returned: success
              type: str
    migration:
      description:
        - How it is migrated to another host.
      returned: success
      type: dict
      contains:
        auto_converge:
          description:
            - Whether a guest that writes too fast is slowed down.
          returned: success
          type: str
        compressed:
          description:
            - Whether memory is compressed on the way.
          returned: success
          type: str
        encrypted:
          description:
            - Whether memory is encrypted on the way.
          returned: success
          type: str
        policy:
          description:
            - Migration policy, by name (Minimal downtime, Suspend workload if needed, Post-copy migration or Very large VMs) or id. An empty string takes
              the cluster's again.
          returned: success
          type: dict
          contains:
            id:
              description:
                - Unique identifier.
              returned: success
              type: str
            name:
              description:
                - Name.
              returned: success
              type: str
        parallel:
          description:
            - Whether several connections are used.
          returned: success
          type: str
        connections:
          description:
            - Number of connections for C(migration.parallel=custom).
          returned: success
          type: int
        downtime:
          description:
            - Longest pause at the end, in milliseconds. V(-1) takes the engine's default.
          returned: success
          type: int
    virtio_scsi:
      description:
        - Whether it has a VirtIO-SCSI controller.
      returned: success
      type: bool
    virtio_scsi_multi_queues:
      description:
        - Whether that controller uses several queues.
      returned: success
      type: bool
    multi_queues:
      description:
        - Whether its NICs use several queues.
      returned: success
      type: bool
    io_threads:
      description:
        - Number of threads for disk input and output.
      returned: success
      type: int
    rng:
      description:
        - Random number generator.
      returned: success
      type: dict
      contains:
        source:
          description:
            - Where randomness comes from.
          returned: success
          type: str
        bytes:
          description:
            - Bytes in each C(rng.period).
          returned: success
          type: int
        period:
          description:
            - Milliseconds.
          returned: success
          type: int
    watchdog:
      description:
        - Watchdog card. An empty dictionary removes it. That of the VM at creation.
      returned: success
      type: dict
      contains:
        model:
          description:
            - Model; V(diag288) is for s390x.
          returned: success
          type: str
        action:
          description:
            - What is done when the guest stops responding.
          returned: success
          type: str
    quota:
      description:
        - Quota, by name or id, that its processors and memory count against.
      returned: success
      type: dict
      contains:
        id:
          description:
            - Unique identifier.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    stateless:
      description:
        - Whether what the guest writes is thrown away when it stops.
      returned: success
      type: bool
    start_paused:
      description:
        - Whether it starts with its processors halted.
      returned: success
      type: bool
    delete_protected:
      description:
        - Whether it is protected against deletion. As its VM is, when it is left out.
      returned: success
      type: bool
    custom_properties:
      description:
        - Custom properties of the engine, managed as a whole; an empty dictionary clears them.
      returned: success
      type: dict
    tags:
      description:
        - Tags, managed as a whole; an empty list takes them all off.
      returned: success
      type: list
      elements: dict
      contains:
        id:
          description:
            - Unique identifier.
          returned: success
          type: str
        name:
          description:
            - Name.
          returned: success
          type: str
    status:
      description:
        - 'Status: C(ok), C(locked) while it is made, or C(illegal).'
      returned: success
      type: str
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.template import TEMPLATE


def main() -> None:
    run_info_module(TEMPLATE)


if __name__ == "__main__":
    main()
