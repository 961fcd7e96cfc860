#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: vm
short_description: Manage virtual machines
version_added: 1.0.0
description:
  - Creates, changes, starts, stops and removes virtual machines with their disks, NICs, console and first boot configuration.
  - 'Options left out are not managed. For a VM that runs, RV(effects) says how each change reaches it: at once (C(live), C(hotplug)), at its next start
    (C(next_run)), or only while it is down (C(needs_down)).'
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the VM, instead of O(name). With both, the VM gets that name.
    type: str
  vms:
    description:
      - Several VMs, by name or id, instead of O(name). The other options are the same for each, and RV(results) has what became of each.
      - All of them are looked at before the first request that writes. A name that there is not yet is made, as with O(name).
    type: list
    elements: str
  search:
    description:
      - Several VMs, by a query in the search language of the engine, such as V(tag=batch and status=down); alone or beside O(vms).
      - That no VM fits is no error; RV(msg) says so.
    type: str
  at_once:
    description:
      - With O(vms) or O(search), how many are worked on at a time.
    type: int
    default: 4
  on_failure:
    description:
      - With O(vms) or O(search), what happens to the rest when the work on one fails. In both cases the task fails at the end, with the list of what failed
        and why.
      - V(stop) finishes what is under way and begins nothing more.
      - V(go_on) does the rest.
    type: str
    choices:
      - stop
      - go_on
    default: stop
  name:
    description:
      - Name, unique in its data center, at most 255 letters, digits, C(.), C(-) and C(_).
    type: str
  description:
    description:
      - Description.
    type: str
  comment:
    description:
      - Comment.
    type: str
  cluster:
    description:
      - 'Cluster, by name or id. Can be changed while the VM is down, to another one of its data center. Two data centers may have VMs of one name: the
        one in the data center of this cluster is meant. With O(state=absent), a VM that is in another cluster is not removed.'
      - Needed to create it.
    type: str
  template:
    description:
      - Template, by name or id, it is made from; V(Blank) when it is left out. Of several versions the newest, unless O(template_version) says which.
      - Cannot be changed later.
    type: str
  instance_type:
    description:
      - 'Instance type, by name or id, that sets its hardware: memory, processors, high availability, I/O threads. What it sets cannot be had otherwise.'
    type: str
  type:
    description:
      - What it is tuned for.
    type: str
    choices:
      - server
      - desktop
      - high_performance
  memory:
    description:
      - Memory, for example V(4GiB); a bare number is bytes.
      - A running VM gets more at once when what is added is a multiple of 128 MiB, up to O(memory_max); less waits for the next start.
      - With a unit, such as V(10GiB); a bare number is bytes.
    type: str
  memory_guaranteed:
    description:
      - Memory that the host keeps for it even when memory is short.
      - With a unit, such as V(10GiB); a bare number is bytes.
    type: str
  memory_max:
    description:
      - Up to where memory can be added while it runs. The engine takes four times O(memory) when it is left out.
      - With a unit, such as V(10GiB); a bare number is bytes.
    type: str
  ballooning:
    description:
      - Whether the host may take unused memory back from the guest.
    type: bool
  cpu:
    description:
      - Virtual processors. Their number is O(cpu.sockets) times O(cpu.cores) times O(cpu.threads).
    type: dict
    suboptions:
      sockets:
        description:
          - Number of sockets. More are plugged into a running VM at once.
        type: int
      cores:
        description:
          - Cores of each socket.
        type: int
      threads:
        description:
          - Threads of each core.
        type: int
      model:
        description:
          - CPU model the guest sees instead of the cluster's, in libvirt's spelling, for example V(Haswell-noTSX). An empty string takes the cluster's
            again.
        type: str
      mode:
        description:
          - 'Whether the guest sees the model (V(custom)), or the host''s own processor (V(host_passthrough)). V(host_model) is in the API, and engines
            do not keep it: it is refused.'
        type: str
        choices:
          - custom
          - host_model
          - host_passthrough
      architecture:
        description:
          - Processor architecture. The cluster's when it is left out.
          - Cannot be changed later.
        type: str
        choices:
          - x86_64
          - ppc64
          - s390x
          - aarch64
          - loongarch64
      shares:
        description:
          - Weight against other VMs when processors are short. V(0) is the default weight.
        type: int
      pinning:
        description:
          - Which virtual processor runs on which of the host's. Needs O(placement.hosts) and is a list managed as a whole.
        type: list
        elements: dict
        suboptions:
          vcpu:
            description:
              - Number of the virtual processor, from V(0).
            type: int
          cpu_set:
            description:
              - Processors of the host, for example V(1-4,^2).
            type: str
      pinning_policy:
        description:
          - How virtual processors are bound to the host's.
        type: str
        choices:
          - none
          - manual
          - resize_and_pin_numa
          - dedicated
          - isolate_threads
      profile:
        description:
          - CPU profile, by name or id, with its quality of service.
        type: str
  numa_nodes:
    description:
      - NUMA nodes that the guest sees, told apart by O(numa_nodes[].index). Listed ones are made true, others are left alone unless O(purge_numa_nodes=true).
      - A VM that runs has a change from its next start. Indices go from V(0) without a gap.
    type: list
    elements: dict
    suboptions:
      index:
        description:
          - Number of the node, from V(0).
        type: int
      memory:
        description:
          - Its memory, for example V(2GiB). A new node needs it.
          - With a unit, such as V(10GiB); a bare number is bytes.
        type: str
      cpus:
        description:
          - Numbers of the virtual processors that are in it. A new node needs them.
        type: list
        elements: int
      mode:
        description:
          - 'Where its memory is taken from: from the nodes it is pinned to alone (V(strict)), from all in turn (V(interleave)), or from one as far as it
            goes (V(preferred), for a single pinned node). V(interleave) when a new node leaves it out.'
        type: str
        choices:
          - strict
          - interleave
          - preferred
      pins:
        description:
          - NUMA nodes of the host that it is pinned to. Needs O(placement.hosts).
        type: list
        elements: int
      state:
        description:
          - V(absent) removes it.
        type: str
        choices:
          - present
          - absent
  host_devices:
    description:
      - Devices of the host that are passed through, told apart by O(host_devices[].name).
      - Listed ones are made true, others are left alone unless O(purge_host_devices=true).
      - Needs O(placement.hosts) with exactly one host, and a VM that is down. What is in the same IOMMU group comes along.
    type: list
    elements: dict
    suboptions:
      name:
        description:
          - Name on the host, for example V(pci_0000_65_00_0).
        type: str
      state:
        description:
          - V(absent) gives it back.
        type: str
        choices:
          - present
          - absent
  os:
    description:
      - Operating system and how it boots.
    type: dict
    suboptions:
      type:
        description:
          - Operating system in the engine's spelling, for example V(rhel_9x64), V(debian_9) or V(windows_2022); V(other) if it knows none.
        type: str
      boot_devices:
        description:
          - Devices to boot from, in this order.
        type: list
        elements: str
        choices:
          - hd
          - cdrom
          - network
      kernel:
        description:
          - Path of a kernel to boot directly, on an ISO domain or the host.
        type: str
      initrd:
        description:
          - Path of the initial RAM disk for O(os.kernel).
        type: str
      cmdline:
        description:
          - Command line for O(os.kernel).
        type: str
  bios_type:
    description:
      - Chipset and firmware. V(cluster_default) takes the cluster's. A running VM shows the new one at once and uses it from its next start.
    type: str
    choices:
      - cluster_default
      - i440fx_sea_bios
      - q35_sea_bios
      - q35_ovmf
      - q35_secure_boot
  boot_menu:
    description:
      - Whether the firmware shows a boot menu.
    type: bool
  machine_type:
    description:
      - Machine type instead of the cluster's, for example V(pc-q35-rhel9.4.0). An empty string takes the cluster's again.
    type: str
  tpm:
    description:
      - Whether it has a trusted platform module. Needs UEFI firmware.
    type: bool
  compatibility_version:
    description:
      - Compatibility level of its own instead of the cluster's, for example V(4.7). An empty string takes the cluster's again.
    type: str
  serial_number:
    description:
      - Serial number the firmware shows.
    type: dict
    suboptions:
      policy:
        description:
          - V(host) and V(vm) take the id of that, V(custom) takes O(serial_number.value).
        type: str
        choices:
          - host
          - vm
          - custom
          - none
      value:
        description:
          - Serial number for O(serial_number.policy=custom).
        type: str
  time_zone:
    description:
      - Offset of the hardware clock as a time zone, for example V(Etc/GMT) or V(W. Europe Standard Time).
    type: str
  graphics:
    description:
      - 'Graphical consoles: V(spice), V(vnc), both, or an empty list for a headless VM.'
      - Changing them on a running VM takes effect at its next start.
    type: list
    elements: str
    choices:
      - spice
      - vnc
  console:
    description:
      - Display and console.
    type: dict
    suboptions:
      video_type:
        description:
          - Video device. SPICE takes V(qxl) alone, VNC all; V(bochs) needs UEFI firmware and compatibility version 4.6, V(cirrus) 4.2.
          - When it is left out, it stays as it is while the consoles take it, and is V(qxl) for SPICE and V(vga) for VNC where they do not.
        type: str
        choices:
          - bochs
          - cirrus
          - vga
          - qxl
      monitors:
        description:
          - Number of monitors. More than one needs SPICE.
        type: int
      single_qxl_pci:
        description:
          - Whether several monitors share one QXL device. Engines of 4.5 decide that by the operating system, take the option and do not keep it.
        type: bool
      smartcard:
        description:
          - Whether a smart card of the client's machine is passed through, which needs SPICE. M(virtops.ovirt.smartcard) does it for many VMs.
        type: bool
      file_transfer:
        description:
          - Whether files can be dragged into a SPICE console.
        type: bool
      copy_paste:
        description:
          - Whether the clipboard is shared with a SPICE console.
        type: bool
      single_sign_on:
        description:
          - Whether who opens the console is logged in to the guest, by its agent.
        type: bool
      allow_override:
        description:
          - Whether another user may take over a connected console.
        type: bool
      keyboard_layout:
        description:
          - Keyboard layout of VNC, for example V(de). An empty string takes the engine's default.
        type: str
      disconnect_action:
        description:
          - What happens to the guest when the console is closed.
        type: str
        choices:
          - none
          - lock_screen
          - logout
          - reboot
          - shutdown
      disconnect_action_delay:
        description:
          - Minutes before the disconnect action is taken.
        type: int
      serial:
        description:
          - Whether it has a serial console over SSH.
        type: bool
      usb:
        description:
          - Whether USB devices of the client's machine are passed through.
        type: bool
      usb_type:
        description:
          - How USB is passed through. V(native) is the only one that current engines know.
        type: str
        choices:
          - legacy
          - native
      soundcard:
        description:
          - Whether it has a sound device.
        type: bool
  nics:
    description:
      - Network interfaces, told apart by O(nics[].name). Listed ones are made true, others are left alone unless O(purge_nics=true). Those that a new VM
        has from O(template) or O(from_snapshot) are meant by their names, too.
      - They can be added to, changed in and unplugged from a running VM; the model and the MAC address only of one that is not plugged in, or with the
        VM down.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - Id of the NIC, instead of O(nics[].name). With both, it gets that name.
        type: str
      name:
        description:
          - Name, for example V(nic1).
        type: str
      vnic_profile:
        description:
          - vNIC profile, by name or id; looked for on O(nics[].network), or on the networks of the VM's data center. An empty string disconnects the interface.
        type: str
      network:
        description:
          - Network of O(nics[].vnic_profile), where several have a profile of that name; alone it means the profile named like the network.
        type: str
      interface:
        description:
          - Device model.
        type: str
        choices:
          - virtio
          - e1000
          - e1000e
          - rtl8139
          - rtl8139_virtio
          - spapr_vlan
          - pci_passthrough
      mac:
        description:
          - MAC address. The engine draws one from its pool when it is left out.
        type: str
      linked:
        description:
          - Whether the link is up.
        type: bool
      plugged:
        description:
          - Whether it is plugged in.
        type: bool
      state:
        description:
          - V(absent) removes it.
        type: str
        choices:
          - present
          - absent
  disks:
    description:
      - Disks, told apart within the VM by O(disks[].name), or by O(disks[].id). Listed ones are made true, others are left alone unless O(purge_disks=true).
      - A disk that is not attached yet is attached, by its id, or by its name where no VM has it or several may have it; otherwise it is made. A disk of
        the same name that another VM has for itself does not count.
      - Those that a new VM has from O(template) or O(from_snapshot) are meant by their names, too.
      - They can be added to, enlarged in and unplugged from a running VM; its bus, and whether it is bootable, read-only, shareable or passes errors on,
        only of one that is not plugged in, or with the VM down.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - Id of the disk.
        type: str
      name:
        description:
          - Name (alias) of the disk.
        type: str
      size:
        description:
          - Size the guest sees, for example V(40GiB). It can be made larger, also while the VM runs.
          - With a unit, such as V(10GiB); a bare number is bytes.
        type: str
      storage_domain:
        description:
          - Storage domain, by name or id, a new disk is made on. M(virtops.ovirt.disk_move) moves it later.
        type: str
      format:
        description:
          - Image format. V(cow) knows snapshots and grows, V(raw) is faster. V(cow) when it is left out.
        type: str
        choices:
          - cow
          - raw
      sparse:
        description:
          - Whether space is taken as it is written (V(true)) or at once. Follows O(disks[].format) when it is left out.
        type: bool
      interface:
        description:
          - Bus of the disk.
        type: str
        choices:
          - virtio_scsi
          - virtio
          - sata
          - ide
          - spapr_vscsi
      bootable:
        description:
          - Whether the VM boots from it; one disk can.
        type: bool
      active:
        description:
          - Whether it is plugged in.
        type: bool
      read_only:
        description:
          - Whether the guest cannot write to it.
        type: bool
      pass_discard:
        description:
          - Whether freed space is given back to the storage.
        type: bool
      uses_scsi_reservation:
        description:
          - Whether the guest may use SCSI reservations on a direct LUN.
        type: bool
      description:
        description:
          - Description.
        type: str
      shareable:
        description:
          - Whether several VMs can have it. Needs O(disks[].format=raw).
        type: bool
      wipe_after_delete:
        description:
          - Whether it is overwritten when it is deleted.
        type: bool
      propagate_errors:
        description:
          - Whether I/O errors reach the guest instead of pausing it.
        type: bool
      backup:
        description:
          - Whether incremental backups are possible.
        type: str
        choices:
          - none
          - incremental
      disk_profile:
        description:
          - Disk profile, by name or id.
        type: str
      state:
        description:
          - V(detached) takes it from the VM and keeps it, V(absent) deletes it.
        type: str
        choices:
          - present
          - detached
          - absent
  initialization:
    description:
      - What the guest is told at its first boot, by cloud-init, Ignition or sysprep, whichever its operating system takes.
      - The engine never gives passwords back, so they are sent when something else here changes, and are not compared.
    type: dict
    suboptions:
      host_name:
        description:
          - Name of the guest.
        type: str
      domain:
        description:
          - Windows domain to join.
        type: str
      timezone:
        description:
          - Time zone of the guest, for example V(Europe/Berlin).
        type: str
      user_name:
        description:
          - User to make, or to give the password and keys to.
        type: str
      root_password:
        description:
          - Password of that user (of root or Administrator where none is named).
        type: str
      authorized_ssh_keys:
        description:
          - Public SSH keys that may log in.
        type: list
        elements: str
      regenerate_ssh_keys:
        description:
          - Whether the guest makes new host keys.
        type: bool
      dns_servers:
        description:
          - Name servers.
        type: list
        elements: str
      dns_search:
        description:
          - Domains that names are looked up in.
        type: list
        elements: str
      nics:
        description:
          - Network devices as the guest names them.
        type: list
        elements: dict
        suboptions:
          name:
            description:
              - Name in the guest, for example V(eth0).
            type: str
          on_boot:
            description:
              - Whether it is brought up at boot. V(true) when it is left out; the engine takes nothing else.
            type: bool
          boot_protocol:
            description:
              - How it gets its IPv4 address.
            type: str
            choices:
              - none
              - dhcp
              - autoconf
              - static
              - poly_dhcp_autoconf
          address:
            description:
              - IPv4 address for the static protocol.
            type: str
          netmask:
            description:
              - Netmask.
            type: str
          gateway:
            description:
              - IPv4 gateway.
            type: str
          ipv6_boot_protocol:
            description:
              - How it gets its IPv6 address.
            type: str
            choices:
              - none
              - dhcp
              - autoconf
              - static
              - poly_dhcp_autoconf
          ipv6_address:
            description:
              - IPv6 address for the static protocol.
            type: str
          ipv6_netmask:
            description:
              - Prefix length.
            type: str
          ipv6_gateway:
            description:
              - IPv6 gateway.
            type: str
      network_protocol:
        description:
          - Form in which cloud-init is told about networks.
        type: str
        choices:
          - openstack_metadata
          - eni
      custom_script:
        description:
          - Further cloud-config in YAML, an Ignition document, or a sysprep file.
          - 'It is shown in results and diffs, since the engine shows it, too: put secrets into it only if the engine''s users may read them.'
        type: str
      windows_license_key:
        description:
          - Product key for sysprep.
        type: str
      input_locale:
        description:
          - Input locale for sysprep.
        type: str
      ui_language:
        description:
          - Language of the user interface for sysprep.
        type: str
      system_locale:
        description:
          - System locale for sysprep.
        type: str
      user_locale:
        description:
          - User locale for sysprep.
        type: str
      active_directory_ou:
        description:
          - Organizational unit in Active Directory for sysprep.
        type: str
      org_name:
        description:
          - Organization for sysprep.
        type: str
  high_availability:
    description:
      - What the engine does when its host fails.
    type: dict
    suboptions:
      enabled:
        description:
          - Whether it is started again on another host.
        type: bool
      priority:
        description:
          - Which ones are started first; V(1) is low, V(50) medium, V(100) high.
        type: int
      lease:
        description:
          - Storage domain, by name or id, that holds a lease which keeps the VM from running twice. An empty string removes the lease.
          - The VM is locked for some seconds after the lease was added or removed; the module waits for that.
        type: str
      resume_behaviour:
        description:
          - What is done with a VM that was paused by a storage error once the storage is back. With a lease V(kill) is the only choice.
        type: str
        choices:
          - auto_resume
          - leave_paused
          - kill
  placement:
    description:
      - Hosts it may run on.
    type: dict
    suboptions:
      affinity:
        description:
          - Whether the engine may move it (V(migratable)), a user may (V(user_migratable)), or nobody (V(pinned)).
        type: str
        choices:
          - migratable
          - user_migratable
          - pinned
      hosts:
        description:
          - Hosts, by name or id, it may run on. An empty list allows all hosts of the cluster.
        type: list
        elements: str
  migration:
    description:
      - How it is migrated to another host.
    type: dict
    suboptions:
      auto_converge:
        description:
          - Whether a guest that writes too fast is slowed down.
        type: str
        choices:
          - inherit
          - 'true'
          - 'false'
      compressed:
        description:
          - Whether memory is compressed on the way.
        type: str
        choices:
          - inherit
          - 'true'
          - 'false'
      encrypted:
        description:
          - Whether memory is encrypted on the way.
        type: str
        choices:
          - inherit
          - 'true'
          - 'false'
      policy:
        description:
          - Migration policy, by name (Minimal downtime, Suspend workload if needed, Post-copy migration or Very large VMs) or id. An empty string takes
            the cluster's again.
        type: str
      parallel:
        description:
          - Whether several connections are used.
        type: str
        choices:
          - inherit
          - auto
          - auto_parallel
          - disabled
          - custom
      connections:
        description:
          - Number of connections for O(migration.parallel=custom).
        type: int
      downtime:
        description:
          - Longest pause at the end, in milliseconds. V(-1) takes the engine's default.
        type: int
  virtio_scsi:
    description:
      - Whether it has a VirtIO-SCSI controller.
    type: bool
  virtio_scsi_multi_queues:
    description:
      - Whether that controller uses several queues.
    type: bool
  multi_queues:
    description:
      - Whether its NICs use several queues.
    type: bool
  io_threads:
    description:
      - Number of threads for disk input and output.
    type: int
  rng:
    description:
      - Random number generator. The engine gives one to every VM that does not say otherwise.
    type: dict
    suboptions:
      source:
        description:
          - Where randomness comes from.
        type: str
        choices:
          - urandom
          - hwrng
          - random
      bytes:
        description:
          - Bytes in each O(rng.period).
        type: int
      period:
        description:
          - Milliseconds.
        type: int
  watchdog:
    description:
      - Watchdog card. An empty dictionary removes it.
    type: dict
    suboptions:
      model:
        description:
          - Model; V(diag288) is for s390x.
        type: str
        choices:
          - i6300esb
          - diag288
      action:
        description:
          - What is done when the guest stops responding.
        type: str
        choices:
          - none
          - reset
          - poweroff
          - pause
          - dump
  quota:
    description:
      - Quota, by name or id, that its processors and memory count against.
    type: str
  stateless:
    description:
      - Whether what the guest writes is thrown away when it stops.
    type: bool
  start_paused:
    description:
      - Whether it starts with its processors halted.
    type: bool
  delete_protected:
    description:
      - Whether it is protected against deletion.
    type: bool
  custom_properties:
    description:
      - Custom properties of the engine, managed as a whole; an empty dictionary clears them.
    type: dict
  use_latest_template_version:
    description:
      - Whether it is made again from the newest version of its template when it starts.
    type: bool
  tags:
    description:
      - Tags, managed as a whole; an empty list takes them all off.
    type: list
    elements: str
  affinity_labels:
    description:
      - Affinity labels, managed as a whole; an empty list takes them all off.
    type: list
    elements: str
  new_name:
    description:
      - Name that the VM called O(name) is to have. With O(id), O(name) is the new name.
    type: str
  grace_period:
    description:
      - Seconds the guest has to shut down before O(force) decides. V(0) pulls the plug at once, and needs O(force=true). 300 when it is left out.
    type: int
  force:
    description:
      - Whether a guest that does not shut down in time is powered off, and whether O(state=absent) may stop a VM that runs.
    type: bool
  run_once:
    description:
      - What differs from its configuration in the run that this task starts; it is forgotten when the VM stops.
    type: dict
    suboptions:
      boot_devices:
        description:
          - Devices to boot from.
        type: list
        elements: str
        choices:
          - hd
          - cdrom
          - network
      cdrom:
        description:
          - Id of an ISO image (or its file name on an ISO domain) in the CD drive.
        type: str
      host:
        description:
          - Host to start on, by name or id.
        type: str
      kernel:
        description:
          - Path of a kernel to boot directly.
        type: str
      initrd:
        description:
          - Path of the initial RAM disk.
        type: str
      cmdline:
        description:
          - Kernel command line.
        type: str
      stateless:
        description:
          - Whether what the guest writes is thrown away at the end of the run.
        type: bool
      initialize:
        description:
          - Force the first boot configuration to be applied in this run, in this form.
        type: str
        choices:
          - cloud_init
          - sysprep
          - ignition
  on_running:
    description:
      - What happens when a change cannot reach a VM that runs (see V(effects) in the result).
      - V(next_run) keeps it for the next start, V(restart) stops and starts the VM, V(fail) fails before anything is written. V(next_run) when it is left
        out.
    type: str
    choices:
      - next_run
      - restart
      - fail
  wait_for:
    description:
      - What has to be known of the guest of a VM that runs before the task ends, within O(timeout). When it is known already nothing is waited for.
      - Needs an agent in the guest (C(qemu-guest-agent)).
    type: dict
    suboptions:
      guest_agent:
        description:
          - Whether to wait until the agent in the guest has reported.
        type: bool
      address_on:
        description:
          - Network, by name or id, on which the guest has to have an IP address; link-local ones do not count.
        type: str
      address_family:
        description:
          - What kind of address O(wait_for.address_on) means.
        type: str
        choices:
          - any
          - ipv4
          - ipv6
  purge_nics:
    description:
      - Whether NICs that O(nics) does not list are removed.
    type: bool
  purge_numa_nodes:
    description:
      - Whether NUMA nodes that O(numa_nodes) does not list are removed.
    type: bool
  purge_host_devices:
    description:
      - Whether host devices that O(host_devices) does not list are given back.
    type: bool
  purge_disks:
    description:
      - Whether disks that O(disks) does not list are detached. They are never deleted by this.
    type: bool
  remove_disks:
    description:
      - With O(state=absent), whether its disks are deleted or kept. Has to be given when it has disks.
    type: bool
  template_version:
    description:
      - Number of the version of O(template).
    type: int
  clone:
    description:
      - At creation, whether its disks are independent copies of the template's, instead of thin layers over them.
    type: bool
  storage_domain:
    description:
      - At creation, storage domain, by name or id, for the disks that come from the template.
    type: str
  from_snapshot:
    description:
      - At creation, make it from a snapshot of another VM.
    type: dict
    suboptions:
      vm:
        description:
          - The other VM, by name or id.
        type: str
      snapshot:
        description:
          - Description or id of the snapshot.
        type: str
  state:
    description:
      - What the VM is to be.
      - 'V(present): It exists with the options given.'
      - 'V(running): It exists and runs; a suspended or paused one goes on.'
      - 'V(stopped): It exists and is down. The guest is asked first and has O(grace_period) to comply; then O(force) decides.'
      - 'V(suspended): It exists and its memory is kept on storage. Needs a VM that runs.'
      - 'V(paused): It exists and has been started, with its processors halted. Needs a VM that is down, or paused already.'
      - 'V(restarted): It is rebooted, or started when it was down. This is done every time.'
      - 'V(reset): It is reset as by the button, without asking the guest. This is done every time, and needs a VM that runs.'
      - 'V(absent): It does not exist.'
    type: str
    choices:
      - present
      - running
      - stopped
      - suspended
      - paused
      - restarted
      - reset
      - absent
    default: present
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.changes
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.vm_info
"""

EXAMPLES = r"""
---
- name: Have a VM with a disk and a NIC, and have it run
  virtops.ovirt.vm:
    name: web1
    cluster: haswell
    memory: 4GiB
    memory_max: 16GiB
    cpu:
      sockets: 2
      cores: 2
    os:
      type: rhel_9x64
      boot_devices: [hd, network]
    graphics: [spice, vnc]
    disks:
      - name: web1-system
        size: 40GiB
        storage_domain: fast
        bootable: true
    nics:
      - name: nic1
        vnic_profile: web
    state: running

- name: Make one from a template, with its first boot configuration
  virtops.ovirt.vm:
    name: web2
    cluster: haswell
    template: rhel9
    clone: true
    initialization:
      host_name: web2.example.com
      user_name: admin
      root_password: "{{ vault_guest_password }}"
      authorized_ssh_keys:
        - "{{ admin_public_key }}"
      nics:
        - name: eth0
          boot_protocol: static
          address: 192.0.2.20
          netmask: 255.255.255.0
          gateway: 192.0.2.1
          on_boot: true
    state: running

- name: Have three alike, running, and go on where they can be reached
  virtops.ovirt.vm:
    vms: [app1, app2, app3]
    cluster: haswell
    template: rhel9
    template_version: 3
    nics:
      - name: nic1
        network: web
    tags: [app]
    state: running
    wait_for:
      guest_agent: true
      address_on: web
      address_family: ipv4
    at_once: 2
    on_failure: go_on
  register: apps

- name: Show their addresses
  ansible.builtin.debug:
    msg: "{{ dict(apps.results | map(attribute='name') | zip(apps.results | map(attribute='vm.addresses'))) }}"

- name: Shut down for the night whatever has the tag, by at most ten at a time
  virtops.ovirt.vm:
    search: tag=office and status=up
    state: stopped
    grace_period: 120
    force: true
    at_once: 10
    on_failure: go_on

- name: Call it by another name
  virtops.ovirt.vm:
    name: web1
    new_name: web-old

- name: Split a large VM over two nodes of the host it is bound to
  virtops.ovirt.vm:
    name: db1
    memory: 64GiB
    cpu:
      sockets: 2
      cores: 4
    placement:
      hosts: [host1]
      affinity: pinned
    numa_nodes:
      - index: 0
        memory: 32GiB
        cpus: [0, 1, 2, 3]
        mode: strict
        pins: [0]
      - index: 1
        memory: 32GiB
        cpus: [4, 5, 6, 7]
        mode: strict
        pins: [1]
    purge_numa_nodes: true
    on_running: restart

- name: Lend it the host's graphics card, and no other device
  virtops.ovirt.vm:
    name: db1
    host_devices:
      - name: pci_0000_65_00_0
    purge_host_devices: true
    on_running: restart

- name: Give it more memory at once, and fail if that needed a restart
  virtops.ovirt.vm:
    name: web1
    memory: 6GiB
    on_running: fail

- name: Show which changes would wait for the next start
  virtops.ovirt.vm:
    name: web1
    cpu:
      cores: 4
  check_mode: true
  diff: true
  register: plan

- name: Ask the guest to shut down, and power it off after two minutes
  virtops.ovirt.vm:
    name: web1
    grace_period: 120
    force: true
    state: stopped

- name: Boot it once from a CD image
  virtops.ovirt.vm:
    name: web1
    run_once:
      cdrom: "{{ rescue_image_id }}"
      boot_devices: [cdrom]
    state: running

- name: Remove it with its disks
  virtops.ovirt.vm:
    name: web1
    force: true
    remove_disks: true
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the VM. Null when there is none.
  returned: success
  type: str
vm:
  description:
    - The VM as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
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
          one in the data center of this cluster is meant. With O(state=absent), a VM that is in another cluster is not removed.'
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
        - Template, by name or id, it is made from; V(Blank) when it is left out. Of several versions the newest, unless O(template_version) says which.
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
        - Up to where memory can be added while it runs. The engine takes four times O(memory) when it is left out.
      returned: success
      type: int
    ballooning:
      description:
        - Whether the host may take unused memory back from the guest.
      returned: success
      type: bool
    cpu:
      description:
        - Virtual processors. Their number is O(cpu.sockets) times O(cpu.cores) times O(cpu.threads).
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
            - Which virtual processor runs on which of the host's. Needs O(placement.hosts) and is a list managed as a whole.
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
        - NUMA nodes that the guest sees, told apart by O(numa_nodes[].index). Listed ones are made true, others are left alone unless O(purge_numa_nodes=true).
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
            - NUMA nodes of the host that it is pinned to. Needs O(placement.hosts).
          returned: success
          type: list
          elements: int
    host_devices:
      description:
        - Devices of the host that are passed through, told apart by O(host_devices[].name).
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
            - Path of the initial RAM disk for O(os.kernel).
          returned: success
          type: str
        cmdline:
          description:
            - Command line for O(os.kernel).
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
            - V(host) and V(vm) take the id of that, V(custom) takes O(serial_number.value).
          returned: success
          type: str
        value:
          description:
            - Serial number for O(serial_number.policy=custom).
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
        - Network interfaces, told apart by O(nics[].name). Listed ones are made true, others are left alone unless O(purge_nics=true). Those that a new
          VM has from O(template) or O(from_snapshot) are meant by their names, too.
      returned: success
      type: list
      elements: dict
      contains:
        id:
          description:
            - Id of the NIC, instead of O(nics[].name). With both, it gets that name.
          returned: success
          type: str
        name:
          description:
            - Name, for example V(nic1).
          returned: success
          type: str
        vnic_profile:
          description:
            - vNIC profile, by name or id; looked for on O(nics[].network), or on the networks of the VM's data center. An empty string disconnects the
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
        - Disks, told apart within the VM by O(disks[].name), or by O(disks[].id). Listed ones are made true, others are left alone unless O(purge_disks=true).
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
            - Whether space is taken as it is written (V(true)) or at once. Follows O(disks[].format) when it is left out.
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
            - Whether several VMs can have it. Needs O(disks[].format=raw).
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
            - Number of connections for O(migration.parallel=custom).
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
            - Bytes in each O(rng.period).
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
before:
  description:
    - The VM as it was before, with the keys of RV(vm). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(vm).
  returned: always
  type: dict
diff:
  description:
    - What changes, and nothing else.
  returned: always
  type: dict
  contains:
    before:
      description:
        - Options that change, as they were.
      returned: always
      type: dict
    after:
      description:
        - The same options as they are now.
      returned: always
      type: dict
    after_header:
      description:
        - How the changes reach what runs, and in check mode what they stand on that is not there yet, as C(--diff) prints it above them.
      returned: when there is any of it
      type: str
steps:
  description:
    - What was asked of the engine, in order; or would be in check mode.
  returned: always
  type: list
  elements: dict
  contains:
    do:
      description:
        - One of V(create), V(update), V(remove) and V(act).
      returned: always
      type: str
    says:
      description:
        - The step in words.
      returned: always
      type: str
    correlation_id:
      description:
        - Under it the engine keeps jobs and events of the step.
      returned: when it was sent
      type: str
    job:
      description:
        - The engine's job of the step, where the answer named one.
      returned: when it was sent
      type: str
    settled:
      description:
        - Whether its end was waited for.
      returned: when it was sent
      type: bool
effects:
  description:
    - 'For each changed option of something that runs, how the change reaches it: V(live), V(hotplug), V(next_run) or V(needs_down).'
  returned: always
  type: dict
correlation_id:
  description:
    - That of the last step.
  returned: success
  type: str
job:
  description:
    - The engine's job of the last step, where its answer named one.
  returned: success
  type: str
results:
  description:
    - 'One for each VM: its C(id) and C(name), and C(changed), C(before), C(after), C(steps), C(effects), C(vm), C(correlation_id) and C(job) as they are
      for a single one, but C(before) and C(after) cut down to what changes.'
    - One on which the work failed has C(failed) and C(msg); one that was not begun has C(skipped).
  returned: with O(vms) or O(search)
  type: list
  elements: dict
handles:
  description:
    - 'What M(virtops.ovirt.job) waits for later: correlation ids and jobs of what goes on, after O(wait=false).'
  returned: with O(vms) or O(search)
  type: list
  elements: str
msg:
  description:
    - That nothing fits the search.
  returned: when nothing does
  type: str
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_state_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import VM


def main() -> None:
    run_state_module(VM)


if __name__ == "__main__":
    main()
