# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance types: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-instance_type

Of all that a VM has they keep the hardware alone. The engine makes no NICs for them: it fails at the request.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Text, at_rest, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import GONE, UPDATE, Identity, Reader, Resource, Situation, Step, Work
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._steps import create_step, remove_step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import VM, changes, console, display

ELSEWHERE = frozenset({"graphics", "watchdog"})


def gather(reader: Reader, situation: Situation) -> dict[str, Any]:
    if situation.state.exists:
        display.gather(reader, situation)
    if situation.state.exists and situation.current is not None:
        console.leave_out_what_is_not_shown(situation)
        situation.facts["watchdog_id"] = next((one["id"] for one in dig(situation.wire, "watchdogs.watchdog") or []), None)
    return dict(situation.facts)


def steps(situation: Situation) -> Work:
    work = Work()
    if not situation.state.exists:
        if situation.current is not None:
            work.steps.append(remove_step(situation))
        return work
    if situation.current is None:
        step = create_step(situation)
        work.steps.append(replace(step, body=display.write(step.body, situation)))
    else:
        work.steps.extend(display.before(situation))
        changed = [change.option for change in situation.changes() if change.option not in ELSEWHERE]
        if changed or display.plan(situation).body:
            body = display.write(situation.resource.body(situation, changed), situation)
            says = f"change {', '.join(changed or ['graphics'])} of {situation.title}"
            work.steps.append(Step(UPDATE, says, situation.own_path, body=body, leaves=display.left(situation)))
    work.steps.extend(display.after(situation))
    work.steps.extend(changes.watchdog_steps(situation))
    return work


INSTANCE_TYPE = Resource(
    kind="instance_type",
    words="instance type",
    collection="instancetypes",
    summary="Manage instance types",
    about=(
        "An instance type sets the hardware of the VMs that have it (O(virtops.ovirt.vm#module:instance_type)).",
        "For some seconds after one was made the engine refuses to remove it, which is waited for.",
    ),
    identity=Identity(new="new_name"),
    fields=(
        Text("name", "Name, unique in the engine."),
        Text("description", "Description."),
        at_rest(VM.field_of("memory"), "Memory, for example V(4GiB); a bare number is bytes. The engine takes 1 GiB when it is left out at creation."),
        at_rest(VM.field_of("memory_guaranteed"), "Memory that a host keeps for a VM even when memory is short."),
        at_rest(VM.field_of("memory_max"), "Up to where memory can be added while a VM runs. The engine takes four times O(memory) when it is left out."),
        at_rest(VM.field_of("ballooning")),
        at_rest(VM.field_of("cpu"), only=("sockets", "cores", "threads")),
        at_rest(VM.field_of("graphics"), "Graphical consoles: V(spice), V(vnc), both, or an empty list for none. V(vnc) when it is left out at creation."),
        at_rest(VM.field_of("console"), only=("monitors", "smartcard", "serial", "usb")),
        at_rest(VM.field_of("high_availability"), only=("enabled", "priority")),
        at_rest(VM.field_of("placement"), only=("affinity",)),
        at_rest(VM.field_of("migration"), only=("auto_converge", "compressed", "encrypted", "downtime")),
        at_rest(VM.field_of("virtio_scsi")),
        at_rest(VM.field_of("io_threads")),
        at_rest(VM.field_of("rng"), "Random number generator."),
        at_rest(VM.field_of("watchdog")),
    ),
    arguments=(Text("new_name", "Name that the instance type called O(name) is to have. With O(id), O(name) is the new name."),),
    follow={"graphics_consoles": ("graphics", "console"), "watchdogs": "watchdog"},
    unlisted=frozenset({"rng", "virtio_scsi", "console.serial"}),
    read_params={"all_content": "true"},
    rules=(display.rules,),
    gather=gather,
    steps=steps,
    born=display.born,
    removed=GONE,
)
