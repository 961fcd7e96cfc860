#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: vm_info
short_description: Read VMs
version_added: 1.0.0
description:
  - Reads VMs in the same shape that M(virtops.ovirt.vm) returns.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifiers of the VMs to read.
    type: list
    elements: str
  name:
    description:
      - Names of the VMs to read. One that does not exist adds nothing to the list.
    type: list
    elements: str
  search:
    description:
      - Query in the search language of the engine, such as V(name=prod* sortby name asc).
    type: str
  fields:
    description:
      - Members of the result to read, besides C(id) and C(name); all of them when it is left out.
      - 'Of many VMs, reading only what is needed is much faster: they come in one list.'
      - Each of them is read by itself with any of V(console), V(consoles), V(guest_devices), V(initialization), V(numa_nodes), V(pending), V(rng), V(tpm),
        V(virtio_scsi).
    type: list
    elements: str
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.attributes.info
seealso:
  - module: virtops.ovirt.vm
"""

EXAMPLES = r"""
---
- name: Read every VM
  virtops.ovirt.vm_info:

- name: Read one VM by its name
  virtops.ovirt.vm_info:
    name: my-vm
  register: found

- name: Show what it is
  ansible.builtin.debug:
    var: found.vms[0]
  when: found.vms | length > 0

- name: Read VMs with a query
  virtops.ovirt.vm_info:
    search: name=my-* sortby name asc
"""

RETURN = r"""
vms:
  description:
    - The VMs that fit; an empty list when there is none.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description:
        - Unique identifier of the VM.
      returned: success
      type: str
    name:
      description:
        - Name, unique in its data center, at most 255 letters, digits, C(.), C(-) and C(_).
      returned: success
      type: str
    description:
      description:
        - Description.
      returned: success
      type: str
    comment:
      description:
        - Comment.
      returned: success
      type: str
    cluster:
      description:
        - 'Cluster, by name or id. Can be changed while the VM is down, to another one of its data center. Two data centers may have VMs of one name: the
          one in the data center of this cluster is meant. With C(state=absent), a VM that is in another cluster is not removed.'
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
    template:
      description:
        - Template, by name or id, it is made from; V(Blank) when it is left out. Of several versions the newest, unless C(template_version) says which.
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
    instance_type:
      description:
        - 'Instance type, by name or id, that sets its hardware: memory, processors, high availability, I/O threads. What it sets cannot be had otherwise.'
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
        - Memory that the host keeps for it even when memory is short.
      returned: success
      type: int
    memory_max:
      description:
        - Up to where memory can be added while it runs. The engine takes four times C(memory) when it is left out.
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
        architecture:
          description:
            - Processor architecture. The cluster's when it is left out.
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
    numa_nodes:
      description:
        - NUMA nodes that the guest sees, told apart by C(numa_nodes[].index). Listed ones are made true, others are left alone unless C(purge_numa_nodes=true).
      returned: success
      type: list
      elements: dict
      contains:
        index:
          description:
            - Number of the node, from V(0).
          returned: success
          type: int
        memory:
          description:
            - Its memory, for example V(2GiB). A new node needs it.
          returned: success
          type: int
        cpus:
          description:
            - Numbers of the virtual processors that are in it. A new node needs them.
          returned: success
          type: list
          elements: int
        mode:
          description:
            - 'Where its memory is taken from: from the nodes it is pinned to alone (V(strict)), from all in turn (V(interleave)), or from one as far as
              it goes (V(preferred), for a single pinned node). V(interleave) when a new node leaves it out.'
          returned: success
          type: str
        pins:
          description:
            - NUMA nodes of the host that it is pinned to. Needs C(placement.hosts).
          returned: success
          type: list
          elements: int
    host_devices:
      description:
        - Devices of the host that are passed through, told apart by C(host_devices[].name).
      returned: success
      type: list
      elements: dict
      contains:
        name:
          description:
            - Name on the host, for example V(pci_0000_65_00_0).
          returned: success
          type: str
        capability:
          description:
            - Kind of device, for example C(pci).
          returned: success
          type: str
        vendor:
          description:
            - Vendor.
          returned: success
          type: str
        product:
          description:
            - Product.
          returned: success
          type: str
        iommu_group:
          description:
            - IOMMU group.
          returned: success
          type: int
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
        - Chipset and firmware. V(cluster_default) takes the cluster's. A running VM shows the new one at once and uses it from its next start.
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
        - 'Graphical consoles: V(spice), V(vnc), both, or an empty list for a headless VM.'
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
        soundcard:
          description:
            - Whether it has a sound device.
          returned: success
          type: bool
    nics:
      description:
        - Network interfaces, told apart by C(nics[].name). Listed ones are made true, others are left alone unless C(purge_nics=true). Those that a new
          VM has from C(template) or C(from_snapshot) are meant by their names, too.
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
        mac:
          description:
            - MAC address. The engine draws one from its pool when it is left out.
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
        - Disks, told apart within the VM by C(disks[].name), or by C(disks[].id). Listed ones are made true, others are left alone unless C(purge_disks=true).
      returned: success
      type: list
      elements: dict
      contains:
        id:
          description:
            - Id of the disk.
          returned: success
          type: str
        name:
          description:
            - Name (alias) of the disk.
          returned: success
          type: str
        size:
          description:
            - Size the guest sees, for example V(40GiB). It can be made larger, also while the VM runs.
          returned: success
          type: int
        storage_domain:
          description:
            - Storage domain, by name or id, a new disk is made on. M(virtops.ovirt.disk_move) moves it later.
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
        format:
          description:
            - Image format. V(cow) knows snapshots and grows, V(raw) is faster. V(cow) when it is left out.
          returned: success
          type: str
        sparse:
          description:
            - Whether space is taken as it is written (V(true)) or at once. Follows C(disks[].format) when it is left out.
          returned: success
          type: bool
        interface:
          description:
            - Bus of the disk.
          returned: success
          type: str
        bootable:
          description:
            - Whether the VM boots from it; one disk can.
          returned: success
          type: bool
        active:
          description:
            - Whether it is plugged in.
          returned: success
          type: bool
        read_only:
          description:
            - Whether the guest cannot write to it.
          returned: success
          type: bool
        pass_discard:
          description:
            - Whether freed space is given back to the storage.
          returned: success
          type: bool
        uses_scsi_reservation:
          description:
            - Whether the guest may use SCSI reservations on a direct LUN.
          returned: success
          type: bool
        description:
          description:
            - Description.
          returned: success
          type: str
        shareable:
          description:
            - Whether several VMs can have it. Needs C(disks[].format=raw).
          returned: success
          type: bool
        wipe_after_delete:
          description:
            - Whether it is overwritten when it is deleted.
          returned: success
          type: bool
        propagate_errors:
          description:
            - Whether I/O errors reach the guest instead of pausing it.
          returned: success
          type: bool
        backup:
          description:
            - Whether incremental backups are possible.
          returned: success
          type: str
        disk_profile:
          description:
            - Disk profile, by name or id.
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
        lease:
          description:
            - Storage domain, by name or id, that holds a lease which keeps the VM from running twice. An empty string removes the lease.
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
        - Random number generator. The engine gives one to every VM that does not say otherwise.
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
        - Watchdog card. An empty dictionary removes it.
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
        - Whether it is protected against deletion.
      returned: success
      type: bool
    custom_properties:
      description:
        - Custom properties of the engine, managed as a whole; an empty dictionary clears them.
      returned: success
      type: dict
    use_latest_template_version:
      description:
        - Whether it is made again from the newest version of its template when it starts.
      returned: success
      type: bool
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
    affinity_labels:
      description:
        - Affinity labels, managed as a whole; an empty list takes them all off.
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
        - 'Status: C(down), C(up), C(suspended), C(paused), C(image_locked) and others.'
      returned: success
      type: str
    host:
      description:
        - Host it runs on.
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
    fqdn:
      description:
        - Name of the guest, as its agent reports it.
      returned: success
      type: str
    addresses:
      description:
        - IP addresses that the guest agent reports.
      returned: success
      type: list
      elements: str
    guest_devices:
      description:
        - Network devices of the guest that its agent reports.
      returned: success
      type: list
      elements: dict
      contains:
        name:
          description:
            - Name in the guest, for example V(eth0).
          returned: success
          type: str
        mac:
          description:
            - MAC address.
          returned: success
          type: str
        network:
          description:
            - Network of the VM's NIC that has this MAC address; empty for a device that is no NIC of the VM.
          returned: success
          type: str
        addresses:
          description:
            - Its IP addresses.
          returned: success
          type: list
          elements: str
    consoles:
      description:
        - Where the graphical consoles of a VM that runs are to be found. What lets a viewer in, the ticket, is not among it.
      returned: success
      type: list
      elements: dict
      contains:
        protocol:
          description:
            - V(spice) or V(vnc).
          returned: success
          type: str
        address:
          description:
            - Address of the host.
          returned: success
          type: str
        port:
          description:
            - Port.
          returned: success
          type: int
        tls_port:
          description:
            - Port for TLS.
          returned: success
          type: int
    pending:
      description:
        - Options that wait for the next start, each with what it runs with and what it will run with.
      returned: success
      type: dict
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_info_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import VM


def main() -> None:
    run_info_module(VM)


if __name__ == "__main__":
    main()
