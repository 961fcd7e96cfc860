#!/usr/bin/python
# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kvm_host_info
short_description: Tell whether a Linux machine can be a KVM host, with evidence
version_added: 1.0.0
description:
  - Reads the machine it runs on and says whether KVM works there, what is missing, and why it cannot work.
  - The proof is a virtual machine that the module asks C(/dev/kvm) for and closes at once, not the existence of a file, a
    module or a CPU flag.
  - Knows x86, ARM, POWER and MIPS. Runs on the target with nothing but Python's standard library.
author:
  - virtops.ovirt contributors (@virtops)
requirements:
  - Python 3.9 or later on the target
options:
  root:
    description:
      - Directory that holds the machine's C(proc), C(sys), C(dev) and so on.
      - With anything but V(/) the module judges a recorded machine or a mounted image; C(/dev/kvm) counts as tried only if it is a
        device there.
    type: path
    default: /
  probe:
    description:
      - Whether to ask C(/dev/kvm) for a virtual machine. Without it the verdict rests on the other evidence alone.
    type: bool
    default: true
  compatibility_version:
    description:
      - Cluster compatibility version of the engine whose CPU types are named in RV(kvm_host.engine).
    type: str
    default: "4.7"
    choices: ["4.2", "4.3", "4.4", "4.5", "4.6", "4.7", "4.8"]
attributes:
  check_mode:
    support: full
    description: Runs in check mode as always; nothing is ever changed.
  diff_mode:
    support: none
    description: There is no change to show.
  platform:
    support: full
    platforms: linux
    description: Linux on x86, ARM, POWER and MIPS.
seealso:
  - name: The role virtops.ovirt.kvm_host
    description: Acts on the verdict.
    link: https://github.com/virtops/virtops.ovirt/blob/main/roles/kvm_host/README.md
"""

EXAMPLES = r"""
- name: Ask the machine
  virtops.ovirt.kvm_host_info:
  register: machine

- name: Stop where KVM cannot work
  ansible.builtin.assert:
    that: machine.kvm_host.verdict.status != 'impossible'
    fail_msg: "{{ machine.kvm_host.verdict.reasons | join('; ') }}"

- name: Choose the cluster of the engine
  ansible.builtin.debug:
    msg: "{{ machine.kvm_host.engine.cluster_architecture }}: {{ machine.kvm_host.engine.cluster_cpu_type }}"
"""

RETURN = r"""
kvm_host:
  description:
    - What the machine said. Every section has C(evidence), a list of the lines that its statements rest on.
  returned: always
  type: dict
  contains:
    architecture:
      description: C(machine) (as uname says), C(family) (x86, arm, power, mips or null), C(byte_order), C(kernel),
        and the words of its C(command_line).
      type: dict
      returned: always
    cpu:
      description: C(model), C(vendor), C(count) of logical CPUs and C(virtual_machine), true where the machine is a guest itself.
      type: dict
      returned: always
    virtualization:
      description: C(extension) by name and C(available), which is null where the machine does not say.
      type: dict
      returned: always
    modules:
      description:
        - Kernel modules. C(needed) for KVM itself, or useful to guests; C(loaded); C(builtin); C(able), which is null where nobody can say.
      type: list
      elements: dict
      returned: always
    device:
      description:
        - C(/dev/kvm). C(exists), C(mode), C(owner), C(group), C(permitted) to the emulator's account, C(usable) (it made a virtual
          machine; null where it was not tried, or the module's account may not open it), C(api_version), C(error) by its name in errno.h.
      type: dict
      returned: always
    nested:
      description: Whether guests may be KVM hosts themselves, C(supported) and C(enabled).
      type: dict
      returned: always
    iommu:
      description: C(active), number of C(groups), and the ACPI tables that announce one.
      type: dict
      returned: always
    smt:
      description: C(control) of the kernel, C(threads_per_core) on line, C(active), and C(must_be_off) (POWER8 and earlier).
      type: dict
      returned: always
    huge_pages:
      description: C(default_size_kib), C(total), C(free), C(sizes) and the state of C(transparent) huge pages.
      type: dict
      returned: always
    page_size:
      description: The kernel's page size in C(bytes).
      type: dict
      returned: always
    guests:
      description: C(machine_type), C(emulator), C(firmware) by kind and C(gic) version that guests of this machine use.
      type: dict
      returned: always
    engine:
      description:
        - C(cluster_architecture) and C(cluster_cpu_type) of the engine for this machine, all fitting C(cluster_cpu_types) best first;
          null where the engine has none.
      type: dict
      returned: always
    verdict:
      description:
        - C(status) is V(ready), V(fixable) or V(impossible), C(reasons) says why.
        - C(fixes) lists what to do, each with C(action) (V(load_module), V(device_node), V(device_permissions), V(smt_off), V(kernel),
          V(kernel_command_line), V(firmware_setting), V(other_hypervisor)), C(detail), C(modules) and C(reboot). C(reboot_needed) sums them up.
      type: dict
      returned: always
  sample:
    verdict:
      status: fixable
      reasons: ["kvm_amd is not loaded"]
      fixes:
        - action: load_module
          detail: load the kernel module kvm_amd
          modules: [kvm_amd]
          reboot: false
      reboot_needed: false
"""

import os

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.virtops.ovirt.plugins.module_utils._kvm.cluster_cpu import VERSIONS
from ansible_collections.virtops.ovirt.plugins.module_utils._kvm.machine import Machine
from ansible_collections.virtops.ovirt.plugins.module_utils._kvm.report import report


def main():
    module = AnsibleModule(
        argument_spec=dict(
            root=dict(type="path", default="/"),
            probe=dict(type="bool", default=True),
            compatibility_version=dict(type="str", default="4.7", choices=list(VERSIONS)),
        ),
        supports_check_mode=True,
    )
    root = module.params["root"]
    machine = Machine(root)
    if not os.path.isdir(root):
        module.fail_json(msg="root %s is not a directory" % root)
    if machine.text("proc/cpuinfo") is None:
        module.fail_json(msg="%s cannot be read; mount /proc, or point root at a directory that holds it" % os.path.join(root, "proc/cpuinfo"))
    module.exit_json(changed=False, kvm_host=report(machine, module.params["compatibility_version"], module.params["probe"]))


if __name__ == "__main__":
    main()
