#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: template
short_description: Manage templates and their versions
version_added: 1.0.0
description:
  - Makes templates, and further versions of them, from VMs or their snapshots, and changes and removes them.
  - 'A template that exists is not made again when its VM has changed: give O(version_name) for a further version. All versions of a template have its name.
    With O(name) alone the base version is meant, here; a VM that is made by the name gets the newest.'
  - A new template has the configuration of its VM, but for the options that are given here. Options left out are not managed.
  - A template on the way is waited for until its status is C(ok) and the engine's job is over, which may be some time later.
author:
  - virtops.ovirt contributors (@virtops)
options:
  id:
    description:
      - Unique identifier of the template, instead of O(name). With both, the template gets that name.
    type: str
  name:
    description:
      - Name, unique in its data center, which all its versions have.
    type: str
  version_name:
    description:
      - Name of the version. Where the template has none of that name, it is made, from O(vm) or O(from_snapshot). Together with O(version_number) or O(id),
        the name that the version is to have.
    type: str
  version_number:
    description:
      - Number of the version. The engine numbers them from V(1); one that does not exist can be made if it is the next.
      - Cannot be changed later.
    type: int
  description:
    description:
      - Description.
    type: str
  comment:
    description:
      - Comment. That of its VM, when it is left out at creation.
    type: str
  cluster:
    description:
      - Cluster, by name or id. That of its VM, when it is left out at creation.
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
      - With a unit, such as V(10GiB); a bare number is bytes.
    type: str
  memory_guaranteed:
    description:
      - Memory that a host keeps for a VM even when memory is short.
      - With a unit, such as V(10GiB); a bare number is bytes.
    type: str
  memory_max:
    description:
      - Up to where memory can be added while a VM runs. That of its VM, when it is left out at creation.
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
      - Chipset and firmware. V(cluster_default) takes the cluster's.
      - The engine gives a new template that of its VM, and is asked to change it afterwards.
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
      - 'Graphical consoles: V(spice), V(vnc), both, or an empty list for none. Those of the VM at creation.'
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
  nics:
    description:
      - Network interfaces, told apart by O(nics[].name). Listed ones are made true, others are left alone unless O(purge_nics=true).
      - A new template has those of its VM, without their MAC addresses.
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
      - At creation, what copies of the VM's disks are to be like; those that are not listed are copied as they are. The disks of a template that exists
        are not changed.
      - In results, all disks of the template.
    type: list
    elements: dict
    suboptions:
      id:
        description:
          - Id of the VM's disk, instead of O(disks[].name). In results, that of the template's disk.
        type: str
      name:
        description:
          - Name (alias) of the VM's disk. In results, that of the template's disk.
        type: str
      new_name:
        description:
          - Name that the template's disk is to have. The same as the VM's when it is left out.
        type: str
      storage_domain:
        description:
          - Storage domain, by name or id, for the copy. That of the VM's disk when neither this nor O(storage_domain) is given.
        type: str
      format:
        description:
          - Image format of the copy.
        type: str
        choices:
          - cow
          - raw
      sparse:
        description:
          - Whether space of the copy is taken as it is written (V(true)) or at once. Follows O(disks[].format) where that is given.
        type: bool
      description:
        description:
          - Description of the copy.
        type: str
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
      - Random number generator.
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
      - Watchdog card. An empty dictionary removes it. That of the VM at creation.
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
      - Whether it is protected against deletion. As its VM is, when it is left out.
    type: bool
  custom_properties:
    description:
      - Custom properties of the engine, managed as a whole; an empty dictionary clears them.
    type: dict
  tags:
    description:
      - Tags, managed as a whole; an empty list takes them all off.
    type: list
    elements: str
  new_name:
    description:
      - Name that the template called O(name) is to have. With O(id), O(name) is the new name. All versions get it.
    type: str
  vm:
    description:
      - At creation, VM, by name or id, it is made from. It has to be down. A template that exists is not compared with it, and the VM may be gone.
    type: str
  from_snapshot:
    description:
      - At creation, instead of O(vm), a snapshot of a VM, which may run.
    type: dict
    suboptions:
      vm:
        description:
          - The VM, by name or id.
        type: str
      snapshot:
        description:
          - Description or id of the snapshot.
        type: str
  storage_domain:
    description:
      - At creation, storage domain, by name or id, for the copies of all disks that O(disks) does not give another one.
    type: str
  seal:
    description:
      - At creation, whether what is the VM's own is taken out of the copied disks (C(virt-sysprep)). Not for Windows.
    type: bool
  clone_permissions:
    description:
      - At creation, whether permissions on the VM are given on the template, too.
    type: bool
  purge_nics:
    description:
      - Whether NICs that O(nics) does not list are removed.
    type: bool
  all_versions:
    description:
      - With O(state=absent), whether all versions are removed. Otherwise that takes O(version_number) or O(version_name).
    type: bool
  data_center:
    description:
      - Data center, by name or id, it is in, where neither O(cluster) nor O(vm) tells, and several have a template of that name.
    type: str
  state:
    description:
      - What the template is to be.
      - 'V(present): It exists with the options given.'
      - 'V(absent): It does not exist.'
    type: str
    choices:
      - present
      - absent
    default: present
extends_documentation_fragment:
  - virtops.ovirt.engine
  - virtops.ovirt.changes
  - virtops.ovirt.attributes
seealso:
  - module: virtops.ovirt.template_info
"""

EXAMPLES = r"""
---
- name: A template of a VM that is down, sealed, with all its disks on one storage domain
  virtops.ovirt.template:
    name: debian
    vm: debian-golden
    description: Debian 13, as of January
    storage_domain: templates
    seal: true

- name: A further version, made only where the template has none of that name
  virtops.ovirt.template:
    name: debian
    version_name: "2026-02"
    vm: debian-golden
    seal: true

- name: A template of a VM that runs, by a snapshot, with one of its disks elsewhere and in another format
  virtops.ovirt.template:
    name: database
    from_snapshot:
      vm: db1
      snapshot: before the upgrade
    cluster: prod
    disks:
      - name: db1-data
        new_name: database-data
        storage_domain: fast
        format: raw
    clone_permissions: true

- name: Change a version; without version_name this would be the first one
  virtops.ovirt.template:
    name: debian
    version_name: "2026-02"
    memory: 4GiB
    cpu:
      cores: 4
    graphics: [vnc]
    nics:
      - name: nic1
        network: web
    tags: [golden]

- name: Give a version another name
  virtops.ovirt.template:
    name: debian
    version_number: 2
    version_name: February

- name: Remove one version
  virtops.ovirt.template:
    name: debian
    version_name: February
    state: absent

- name: Remove a template with all its versions
  virtops.ovirt.template:
    name: debian
    all_versions: true
    state: absent
"""

RETURN = r"""
id:
  description:
    - Unique identifier of the template. Null when there is none.
  returned: success
  type: str
template:
  description:
    - The template as it is after the task, or would be in check mode. Empty when there is none.
  returned: success
  type: dict
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
        - Name of the version. Where the template has none of that name, it is made, from O(vm) or O(from_snapshot). Together with O(version_number) or
          O(id), the name that the version is to have.
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
        - Network interfaces, told apart by O(nics[].name). Listed ones are made true, others are left alone unless O(purge_nics=true).
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
            - Id of the VM's disk, instead of O(disks[].name). In results, that of the template's disk.
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
            - Whether space of the copy is taken as it is written (V(true)) or at once. Follows O(disks[].format) where that is given.
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
before:
  description:
    - The template as it was before, with the keys of RV(template). Empty when there was none.
  returned: always
  type: dict
after:
  description:
    - The same as RV(template).
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
"""

from ansible_collections.virtops.ovirt.plugins.module_utils._module.run import run_state_module
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.template import TEMPLATE


def main() -> None:
    run_state_module(TEMPLATE)


if __name__ == "__main__":
    main()
