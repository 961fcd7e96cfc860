# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Snapshots of several VMs in one task, and the removal of those that a policy has outlived."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import utc
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View, of_kind
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Int, ListOf, Map, Text, Wire, Wires
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import REMOVE, Settle, State, Step
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.snapshot import SNAPSHOT, taken

ENGINES_OWN = "Auto-generated for Live Storage Migration"
"""In the description of a snapshot that the engine makes for a live move, and removes when that is over."""
_AGE = re.compile(r"^(\d+)\s*([mhdw])$")
_SECONDS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}


def survey(view: View) -> Draft:
    options = view.options
    if not options.get("vms") and not options.get("search"):
        raise InvalidInput("Neither vms nor search is given: nothing says which VMs are meant.")
    retains = "keep_last" in options or "max_age" in options
    if retains and not options.get("pattern"):
        raise InvalidInput("keep_last and max_age remove snapshots, and pattern does not say which ones are theirs.", hint="Add pattern.")
    if not retains and not options.get("description"):
        raise InvalidInput("Neither description nor keep_last nor max_age is given: there is nothing to do.")
    draft = Draft(all_or_nothing=bool(options.get("all_or_nothing")))

    def look(vm: Wire) -> list[Unit]:
        made = [_made(view, vm)] if options.get("description") else []
        return made + (_outlived(view, vm, made) if retains else [])

    for units in view.client.side_by_side(look, _vms(view)):
        draft.units += units
    going = [unit for unit in draft.units if unit.shows.get("action") == "remove"]
    draft.shows["removed"] = [{**unit.item, **{name: unit.shows[name] for name in ("date", "taken")}} for unit in going]
    return draft


def _vms(view: View) -> Wires:
    """The VMs that are meant, each once."""
    found: dict[str, Wire] = {}
    if view.options.get("search"):
        found.update((vm["id"], vm) for vm in view.estate.list("vms", search=view.options["search"]))
    for text in view.options.get("vms") or []:
        vm = view.estate.reference("vm", text)
        found.setdefault(vm["id"], vm)
    return list(found.values())


def _made(view: View, vm: Wire) -> Unit:
    """The snapshot of one VM: made, or removed, as the state says."""
    options = view.options
    wanted: dict[str, Any] = {"vm": vm["id"], "description": options["description"], "state": view.state}
    if view.state == "present":
        wanted["memory"] = bool(options.get("memory"))
    unit = of_kind(view, SNAPSHOT, wanted)
    unit.title = f"{unit.title} of VM {vm['name']}"
    unit.shares = [(f"vm:{vm['id']}", 1)]
    busy = not unit.idle and not unit.outcome.changed
    unit.item = {**unit.item, "vm": vm["name"]}
    unit.shows = {"action": "none" if unit.idle else "wait" if busy else "make" if view.state == "present" else "remove", "date": None, "taken": None}
    if view.state == "present":
        unit.undo = partial(_undo, vm=vm["id"], unit=unit)
    else:
        unit.shows = {**unit.shows, **{name: (unit.current or {}).get(name) for name in ("date", "taken")}}
    return unit


def _undo(hands: Hands, *, vm: str, unit: Unit) -> None:
    path = f"vms/{vm}/snapshots/{unit.item['id']}"
    hands.do(Step(REMOVE, f"take back {unit.title}", path, settle=Settle(gone=True)), wait=True)


def _outlived(view: View, vm: Wire, made: Sequence[Unit]) -> list[Unit]:
    """A removal for each snapshot that the policy owns and does not keep, the oldest first."""
    options = view.options
    owned = [one for one in view.estate.once(f"vms/{vm['id']}/snapshots") if _owned(one, options["pattern"], options.get("description"))]
    owned.sort(key=taken)
    # The one that this task is about is the newest of them, there already or not.
    own = bool(made) and view.state == "present" and fnmatchcase(options["description"], options["pattern"])
    last = max(0, options.get("keep_last", 0) - own)
    kept = {one["id"] for one in owned[len(owned) - last:]} if last else set()
    if "max_age" in options:
        oldest = _now(view) - _seconds(options["max_age"]) * 1000
        kept |= {one["id"] for one in owned if taken(one) >= oldest}
    return [_removal(view, vm, one, made) for one in owned if one["id"] not in kept and one.get("date")]


def _now(view: View) -> int:
    """By the engine's clock, which the dates of snapshots are from."""
    return int((view.estate.get("") or {}).get("time") or view.client.clock.time() * 1000)


def _owned(wire: Wire, pattern: str, description: str | None) -> bool:
    """Whether the policy may touch it: a finished, regular snapshot that fits the pattern, and not the one that this task is about."""
    regular = wire.get("snapshot_type") == "regular" and wire.get("snapshot_status") == "ok"
    name = str(wire.get("description") or "")
    return regular and fnmatchcase(name, pattern) and name != description and (ENGINES_OWN not in name or ENGINES_OWN in pattern)


def _removal(view: View, vm: Wire, wire: Wire, made: Sequence[Unit]) -> Unit:
    unit = of_kind(view, SNAPSHOT, {"vm": vm["id"], "id": wire["id"], "state": "absent"})
    taken = utc(int(wire["date"]) / 1000)
    unit.title = f"{unit.title} of VM {vm['name']} from {taken}"
    unit.item = {**unit.item, "vm": vm["name"]}
    unit.shares = [(f"vm:{vm['id']}", 1)]
    unit.after = list(made)
    unit.shows = {"action": "remove", "date": int(wire["date"]), "taken": taken}
    return unit


def _seconds(text: str) -> int:
    found = _AGE.match(text.strip())
    if not found:
        raise InvalidInput(f"max_age is {text!r}.", hint="Give a number and a unit: 90m, 12h, 14d or 8w.")
    return int(found[1]) * _SECONDS[found[2]]


SNAPSHOT_GROUP = Operation(
    name="snapshot_group",
    summary="Take snapshots of several VMs, and remove outlived ones",
    about=(
        "Takes one snapshot of each of several VMs, named by its description and made once; or removes it.",
        "With O(keep_last) and O(max_age) it is a rotation: of the snapshots that fit O(pattern), those that neither keeps are removed, "
        "after the new one was made well. What goes is listed in check mode, with the date.",
        "The snapshots of a group are taken side by side; each is consistent in itself. All begin within seconds where O(at_once) is as large.",
        "Never touched: the active state, previews, snapshots that are being made or removed, those that the engine makes for a live move, and whatever "
        "does not fit the pattern.",
    ),
    options=(
        ListOf("vms", "VMs, by name or id.", each=Text("vm", "")),
        Text("search", "VMs, by a query in the search language of the engine, such as V(tag=nightly)."),
        Text("description", "Description, which is the name of the snapshot in each VM. Without it nothing is made, and only the rotation is done."),
        Bool("memory", "Whether the memory of VMs that run is kept, too. V(false) when it is left out."),
        Bool("all_or_nothing", "Whether snapshots that this task has made are removed again when another one of the group fails."),
        Text("pattern", "Which snapshots the rotation owns: a pattern for the description, with V(*) for any text. Needed with O(keep_last) and O(max_age)."),
        Int("keep_last", "How many of the newest of them are kept in each VM, the one that this task makes included.", least=1),
        Text("max_age", "Those younger than this are kept, too: a number with V(m), V(h), V(d) or V(w), by the engine's clock; time zones do not matter."),
    ),
    states=(State("present", "Each VM has the snapshot."), State("absent", "No VM has it.")),
    survey=survey,
    returned=(
        Text("description", "Description of the snapshot."),
        Text("vm", "Its VM."),
        Enum("action", "What is done.", choices=("make", "wait", "remove", "none")),
        Int("date", "For one that is removed, when it was taken, in milliseconds since the epoch."),
        Text("taken", "The same as text, in UTC."),
        Bool("undone", "That it was made and removed again, because another one of the group failed."),
    ),
    shows=(ListOf("removed", "Snapshots that go: C(id), C(description), C(vm), C(date), and C(taken), the date as text in UTC.", each=Map("snapshot", "")),),
    seealso=("snapshot", "snapshot_info"),
)
