# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way by evacuation: everything is moved away, live, by the rules of ``disk_move``, and the old domain goes when told so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput, JobFailed
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Unit, View, of_kind
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.disk_move import evacuation
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.disk_places import OF_THE_ENGINE, Surroundings, name_of, places
from ansible_collections.virtops.ovirt.plugins.module_utils._operations.storage_formats import find_domain, has, home_of
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Problem
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.storage_domain import STORAGE_DOMAIN
from ansible_collections.virtops.ovirt.plugins.module_utils._resources.vm.power import ACTIVE


def draft(view: View, draft: Draft, domain: Wire) -> None:
    options, estate = view.options, view.estate
    if not options.get("targets"):
        raise InvalidInput("targets is not given: nothing says where the disks go.")
    draft.shows["format"] = {"before": domain.get("storage_format"), "after": domain.get("storage_format")}
    moves: list[Unit] = []
    if home_of(domain) is not None:
        around = Surroundings.read(estate)
        targets = [around.domain(text, "targets") for text in options["targets"]]
        if domain["id"] in [target.id for target in targets]:
            raise InvalidInput(f"targets: {domain['name']} is what is to be evacuated.")
        for wire in (find_domain(estate, target.id) for target in targets):
            if not has(wire, options["format"]):
                draft.warnings.append(f"Storage domain {wire['name']} is {wire.get('storage_format')}: what goes there does not come to {options['format']}.")
        steering = {name: options[name] for name in ("templates", "per_source", "per_target") if name in options}
        moved, left = evacuation(around, around.domains[domain["id"]], targets, steering)
        moves = moved.units
        draft.units += moves
        draft.warnings += moved.warnings
        draft.shows["bytes"] = moved.shows["bytes"]
        draft.shows["left"] = [{"id": disk["id"], "name": disk.get("alias"), "content_type": disk.get("content_type")} for disk in left]
        only = {disk["id"] for disk in around.disks if [one["id"] for one in places(disk)] == [domain["id"]]}
        stay = [unit.title for unit in moves if options.get("templates") == "keep" and unit.idle and unit.item["id"] in only]
        if stay and options["afterwards"] in ("unattached", "absent"):
            draft.problems.append(Problem(f"On storage domain {domain['name']} is the only copy of {', '.join(stay)}.", "Use templates: move."))
        elif stay:
            draft.warnings.append(f"Stays on storage domain {domain['name']}: {', '.join(stay)}.")
    elif options["afterwards"] in ("kept", "maintenance"):
        draft.problems.append(Problem(f"Storage domain {domain['name']} belongs to no data center: nothing runs there.", "Use method: attach."))
        return
    if options["afterwards"] != "kept":
        _go(view, draft, domain, moves)


def _go(view: View, draft: Draft, domain: Wire, moves: list[Unit]) -> None:
    state = view.options["afterwards"]
    draft.problems += _held(view, domain, state)
    draft.warnings += _leases_of_what_is_down(view, domain)
    steering: dict[str, Any] = {"format": True} if state == "absent" else {}
    unit = of_kind(view, STORAGE_DOMAIN, {"id": domain["id"], "state": state, **steering})
    unit.item = {**unit.item, "kind": "storage_domain"}
    unit.after = list(moves)
    if unit.work is not None:
        unit.work = partial(_last, domain=domain, then=unit.work)
    draft.units.append(unit)


def _held(view: View, domain: Wire, state: str) -> Iterator[Problem]:
    """What keeps the engine from letting the domain go although its disks are elsewhere."""
    for vm in view.estate.once("vms"):
        if dig(vm, "lease.storage_domain.id") == domain["id"] and vm.get("status") in ACTIVE:
            yield Problem(f"VM {vm['name']} runs, and has its lease on storage domain {domain['name']}.", "Give it a lease elsewhere first.")
    if state == "absent":
        kept = [
            f"{words} {wire.get('name') or wire['id']}"
            for words, kind in (("template", "templates"), ("VM", "vms"), ("disk", "disks"))
            for wire in view.client.list(f"storagedomains/{domain['id']}/{kind}", params={"unregistered": "true"})
        ]
        if kept:
            yield Problem(
                f"Storage domain {domain['name']} has what the engine does not know, and what would be lost: {', '.join(kept)}.",
                "Register it first, or use afterwards: unattached.",
            )


def _leases_of_what_is_down(view: View, domain: Wire) -> Iterator[str]:
    names = [vm["name"] for vm in view.estate.once("vms") if dig(vm, "lease.storage_domain.id") == domain["id"] and vm.get("status") not in ACTIVE]
    if names:
        yield f"These VMs have their lease on storage domain {domain['name']}, and lose it: {', '.join(names)}."


def _last(hands: Hands, *, domain: Wire, then: Callable[[Hands], None]) -> None:
    """Looks again before the domain goes: nothing of a user's may have been put on it meanwhile, and no template have its only copy there."""
    stay = [
        name_of(disk)
        for disk in hands.estate.list("disks")
        if [one["id"] for one in places(disk)] == [domain["id"]] and disk.get("content_type") not in OF_THE_ENGINE
    ]
    if stay:
        raise JobFailed(f"Storage domain {domain['name']} still has disks: {', '.join(stay)}.", hint="Run the task again to move them, too.")
    then(hands)
