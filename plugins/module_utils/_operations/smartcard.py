# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Smart cards passed through to VMs, in VMs, templates, instance types and the VMs of pools.

A pool has no configuration of its own: the engine makes its further VMs like those that it has (``BackendVmPoolResource``), so these are changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View, of_kind
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Int, ListOf, Text, Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import UPDATE, Problem, State, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm import VM
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.power import taken_down

_RESTART = ("on_running", "grace_period", "force")


def survey(view: View) -> Draft:
    options, wanted = view.options, view.state == "enabled"
    if not any(options.get(option) for option in ("vms", "search", "vm_pools", "templates", "instance_types")):
        raise InvalidInput("None of vms, search, vm_pools, templates and instance_types is given: nothing says whose smart cards are meant.")
    draft = Draft(units=[_vm(view, vm, wanted) for vm in _vms(view)])
    for option, kind in (("templates", "template"), ("instance_types", "instance_type")):
        draft.units += [_model(view, kind, text, wanted) for text in options.get(option) or []]
    return draft


def _vms(view: View) -> Wires:
    """The VMs that are meant, each once."""
    options, estate = view.options, view.estate
    found: dict[str, Wire] = {}
    if options.get("search"):
        found.update((vm["id"], vm) for vm in estate.list("vms", search=options["search"]))
    if options.get("vms") or options.get("vm_pools"):
        all_of_them = {vm["id"]: vm for vm in estate.load("vms")}
        ids = [estate.reference("vm", text)["id"] for text in options.get("vms") or []]
        pools = {estate.reference("vm_pool", text)["id"] for text in options.get("vm_pools") or []}
        ids += [vm["id"] for vm in all_of_them.values() if dig(vm, "vm_pool.id") in pools]
        found.update((identifier, all_of_them[identifier]) for identifier in ids)
    return list(found.values())


def _vm(view: View, vm: Wire, wanted: bool) -> Unit:
    item = {"id": vm["id"], "name": vm["name"], "kind": "vm"}
    waiting = vm.get("next_run_configuration_exists") == "true"
    fallen = view.options.get("on_running") == "restart" and taken_down(vm)
    if _has(vm) == wanted and not waiting and not fallen:
        return Unit(f"VM {vm['name']}", item, shows={"smartcard": wanted, "active": "now"})
    steering = {option: view.options[option] for option in _RESTART if option in view.options}
    # What is loaded is a list; a VM that is going to change is read as a whole.
    view.estate.forget("vms", vm["id"])
    unit = of_kind(view, VM, {"id": vm["id"], "console": {"smartcard": wanted}, **steering})
    unit.item = item
    restarts = not unit.idle and steering.get("on_running") == "restart"
    late = vm.get("status") != "down" and not restarts and _has(vm) != wanted
    unit.shows = {"smartcard": wanted, "active": _when(not late)}
    work = unit.work
    if work is not None:

        def carry_out(hands: Hands) -> None:
            work(hands)
            now = hands.estate.get(f"vms/{vm['id']}")
            unit.shows = {"smartcard": wanted, "active": _when(now is not None and _has(now) == wanted)}

        unit.work = carry_out
    if wanted and not unit.idle and "spice" not in ((unit.current or {}).get("graphics") or []):
        unit.problems = [*unit.problems, _without_spice(unit.title)]
    return unit


def _model(view: View, kind: str, text: str, wanted: bool) -> Unit:
    """A template or an instance type."""
    place = REFERENCES[kind]
    reference = view.estate.reference(kind, text)
    path = f"{place.path}/{reference['id']}"
    wire = view.estate.get(path) or {}
    unit = Unit(f"{place.words} {reference['name']}", {**reference, "kind": kind}, shows={"smartcard": wanted, "active": "now"})
    if _has(wire) == wanted:
        return unit
    unit.problems = list(_model_problems(view, unit.title, path) if wanted else ())
    says = f"{'enable' if wanted else 'disable'} the smart card of {unit.title}"
    unit.steps = [Step(UPDATE, says, path, body={"display": {"smartcard_enabled": wanted}})]
    shown = {"console": {"smartcard": not wanted}}, {"console": {"smartcard": wanted}}
    unit.outcome = Outcome(True, *shown, steps=[{"do": UPDATE, "says": says}])
    unit.verify = lambda hands: {"console": {"smartcard": _has(hands.estate.get(path) or {})}}
    return unit


def _model_problems(view: View, title: str, path: str) -> Iterator[Problem]:
    if "spice" not in [str(one.get("protocol")).lower() for one in view.estate.list(f"{path}/graphicsconsoles")]:
        yield _without_spice(title)


def _has(wire: Wire) -> bool:
    return bool(dig(wire, "display.smartcard_enabled") == "true")


def _when(now: bool) -> str:
    return "now" if now else "next_start"


def _without_spice(title: str) -> Problem:
    return Problem(f"{title} has no SPICE console, and only SPICE passes a smart card through.", "Give it one first: graphics: [spice].")


def _listed(option: str, words: str, more: str = "") -> Any:
    return ListOf(option, f"{words}, by name or id.{more}", each=Text("name", ""))


SMARTCARD = Operation(
    name="smartcard",
    summary="Pass smart cards through to VMs",
    about=(
        "Enables or disables the smart card of VMs, templates, instance types and the VMs of pools, each named or found by a query.",
        "Before the first change, each that gets a smart card is looked at for a SPICE console, without which there is none.",
        "A VM that runs has the change at its next start; RV(results[].active) says so for each, and O(on_running) can restart it.",
        "A pool has no settings of its own: the VMs it has are changed, and the engine makes further ones like them.",
    ),
    options=(
        _listed("vms", "VMs"),
        Text("search", "VMs, by a query in the search language of the engine, such as V(tag=secure and cluster=office)."),
        _listed("vm_pools", "VM pools", " All their VMs are meant."),
        _listed("templates", "Templates", " VMs that were made from them before do not change."),
        _listed("instance_types", "Instance types"),
        Enum(
            "on_running",
            (
                "What happens with VMs that run.",
                "V(next_run) leaves the change for their next start, V(restart) shuts them down and starts them, V(fail) fails before anything is written.",
            ),
            choices=("next_run", "restart", "fail"),
        ),
        Int("grace_period", "With O(on_running=restart), seconds the guest has to shut down before O(force) decides. 300 when it is left out.", least=0),
        Bool("force", "With O(on_running=restart), whether a guest that does not shut down in time is powered off."),
    ),
    states=(State("enabled", "A smart card of the client's machine is passed through."), State("disabled", "It is not.")),
    defaults={"on_running": "next_run"},
    survey=survey,
    returned=(
        Text("name", "Name of the object."),
        Enum("kind", "What it is.", choices=("vm", "template", "instance_type")),
        Bool("smartcard", "Whether it has a smart card, now or after its next start."),
        Enum("active", "V(now), or V(next_start) for a VM that runs, or is suspended, without the change until then.", choices=("now", "next_start")),
    ),
    seealso=("vm",),
)
