# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Events, the engine's log: https://ovirt.github.io/ovirt-engine-api-model/4.5/#types-event

Fields of its search are those of ``AuditLogConditionFieldAutoCompleter``. ``from`` is an index, only later ones are answered; ``max`` cuts what is answered.
Without an order of its own a search is answered from the highest index down.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import utc
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.search import quoted
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate, is_id
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Bool, Enum, Int, ListOf, Struct, Text, Wire, Wires, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._references import REFERENCES
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ABSENT, CREATE, REMOVE, Problem, Reader, State, Step

SEVERITIES = ("normal", "warning", "error", "alert")
WRITTEN = SEVERITIES[:-1]
"""The engine loses the alerts of others, and refuses them without a reason."""
ABOUT = ("vm", "host", "cluster", "data_center", "storage_domain", "template")
"""What an event may be about, and an external one be written for."""
FIELDS = {
    "vm": ("event_vm", "_event_vm_id"),
    "host": ("event_host", "_event_host_id"),
    "cluster": ("cluster", ""),
    "data_center": ("event_datacenter", "_event_datacenter_id"),
    "storage_domain": ("event_storage", "_event_storage_id"),
    "template": ("event_template", "_event_template_id"),
    "user": ("usrname", "usrid"),
}
"""What the search calls the name and the id of each."""
LIMIT = 100
SLACK = 20
"""Events are cut by time, and their indices are drawn a moment before: so many more are read, that none of a lower index is left out."""


def report(view: View) -> Draft:
    options, estate = view.options, view.estate
    terms = _terms(options, estate)
    after, limit = options.get("after"), options.get("limit", LIMIT)
    since = _moment(options["since"]) if options.get("since") else None
    # Read before the others: what is written meanwhile is left for the next time.
    newest = max((_index(one) for one in _read(view, limit=1)), default=0)
    search = " and ".join(terms)
    if after is None:
        found = [one for one in _read(view, search, limit=limit + 1) if since is None or _time(one) >= since]
        kept, more = sorted(found, key=_index)[-limit:], len(found) > limit
        last = max([newest, *(_index(one) for one in kept)])
    else:
        found = sorted((one for one in _read(view, f"{search} sortby time asc".strip(), after, limit + SLACK + 1) if _index(one) > after), key=_index)
        kept, more = found[:limit], len(found) > limit
        last = _index(kept[-1]) if more else max([newest, *(_index(one) for one in kept)])
        kept = [one for one in kept if since is None or _time(one) >= since]
    return Draft(shows={"events": [_shown(one) for one in sorted(kept, key=lambda one: (_time(one), _index(one)))], "last": last, "more": more})


def _read(view: View, search: str = "", after: int | None = None, limit: int | None = None) -> Wires:
    params = {name: value for name, value in (("from", after), ("max", limit)) if value is not None}
    return view.client.list("events", search=search or None, params=params)


def _terms(options: Mapping[str, Any], estate: Estate) -> list[str]:
    """Conditions of the search; all of them have to be met."""
    terms = []
    if options.get("severity"):
        terms.append(f"severity>={options['severity']}")
    for name in ("correlation_id", "origin"):
        if options.get(name):
            terms.append(f"{name}={quoted(options[name])}")
    if options.get("codes"):
        terms.append(" or ".join(f"type={code}" for code in options["codes"]))
    terms += [_about(kind, str(options[kind]), estate) for kind in FIELDS if options.get(kind)]
    search = str(options.get("search") or "").strip()
    if re.search(r"\bsortby\b|\bpage\s+\d+\s*$", search, re.IGNORECASE):
        raise InvalidInput("search has sortby or page: events come in the order of time, and limit says how many.")
    if search:
        terms.insert(0, search)
    if len(terms) > 1 and (re.search(r"\bor\b", search, re.IGNORECASE) or len(options.get("codes") or ()) > 1):
        # The engine's language has no parentheses, and binds "and" first.
        raise InvalidInput("Conditions with or (in search, or by several codes) cannot be combined with others.", hint="Give all of them in search.")
    return terms


def _about(kind: str, text: str, estate: Estate) -> str:
    by_name, by_id = FIELDS[kind]
    if not is_id(text):
        return f"{by_name}={quoted(text)}"
    if by_id:
        return f"{by_id}={text}"
    name = estate.name_of(kind, text)
    if name is None:
        raise NotFound(f"{kind}: There is no {REFERENCES[kind].words} with the id {text}.")
    return f"{by_name}={quoted(name)}"


def _moment(text: str) -> int:
    """Milliseconds since the epoch."""
    try:
        moment = datetime.fromisoformat(re.sub(r"[zZ]$", "+00:00", text.strip()))
    except ValueError:
        raise InvalidInput(f"since is {text!r}, and has to be a time such as '2026-01-31T18:30:00Z'.") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp() * 1000)


def _index(wire: Wire) -> int:
    return int(wire.get("index") or wire["id"])


def _time(wire: Wire) -> int:
    return int(wire.get("time") or 0)


def _shown(wire: Wire) -> dict[str, Any]:
    about = {kind: {"id": dig(wire, f"{kind}.id"), "name": dig(wire, f"{kind}.name")} if wire.get(kind) else None for kind in (*ABOUT, "user")}
    return {
        "id": _index(wire),
        "code": int(wire.get("code") or 0),
        "severity": wire.get("severity"),
        "time": utc(_time(wire) / 1000),
        "time_ms": _time(wire),
        "description": str(wire.get("description") or ""),
        "correlation_id": wire.get("correlation_id"),
        "origin": wire.get("origin"),
        "custom_id": int(wire["custom_id"]) if int(wire.get("custom_id") or -1) != -1 else None,
        "custom_data": wire.get("custom_data"),
        **about,
    }


def survey(view: View) -> Draft:
    """The event of that origin and number, written or removed."""
    options, estate = view.options, view.estate
    origin, number = options["origin"], options["custom_id"]
    unit = Unit(f"event {number} of {origin}", {"id": None, "origin": origin, "custom_id": number}, Outcome(False, {}, {}))
    draft = Draft(units=[unit])
    there = _of_number(estate, origin, number)
    if there:
        unit.item = {**unit.item, "id": _index(there[0])}
    if view.state == ABSENT.name:
        unit.steps = [Step(REMOVE, f"remove {unit.title}", f"events/{one['id']}") for one in there]
        unit.outcome = Outcome(bool(there), _told(there[0]) if there else {}, {}, steps=[{"do": step.do, "says": step.says} for step in unit.steps])
        return draft
    if not options.get("description"):
        raise InvalidInput("description is missing.")
    if origin.lower() == "ovirt":
        raise InvalidInput(f"Cannot add External Event. Illegal Origin for External Event : {origin}", hint="That is the engine's own: name another system.")
    wanted = {"severity": options.get("severity", SEVERITIES[0]), "description": options["description"]}
    if there:
        now = _told(there[0])
        differing = [name for name, value in wanted.items() if now[name] != value]
        if differing:
            problem = f"{unit.title} is there already with another {' and '.join(differing)}: {now['severity']}, {now['description']!r}."
            unit.problems = [Problem(problem, "Events do not change: take another custom_id.")]
        return draft
    body: Wire = {"origin": origin, "custom_id": number, **wanted}
    if options.get("custom_data"):
        body["custom_data"] = options["custom_data"]
    for kind in ABOUT:
        if options.get(kind):
            body[kind] = {"id": estate.reference(kind, options[kind])["id"]}
    step = Step(CREATE, f"write {unit.title}", "events", body=body, saves="event", finds=lambda reader: _of_number(reader, origin, number))
    unit.outcome = Outcome(True, {}, dict(wanted), steps=[{"do": step.do, "says": step.says}])
    unit.work = partial(_write, unit=unit, step=step)
    return draft


def _of_number(reader: Reader, origin: str, number: int) -> Wires:
    found = reader.list("events", search=f"origin={quoted(origin)} and custom_event_id={number}")
    return [one for one in found if one.get("origin") == origin and int(one.get("custom_id") or -1) == number]


def _told(wire: Wire) -> dict[str, Any]:
    return {"severity": wire.get("severity"), "description": str(wire.get("description") or "")}


def _write(hands: Hands, *, unit: Unit, step: Step) -> None:
    hands.do(step)
    unit.item = {**unit.item, "id": int(hands.journal.ids["event"])}


EVENT = Operation(
    name="event",
    summary="Write events of other systems into the engine's log",
    about=(
        "Writes an event into the log that administrators see in the portal: that a backup went wrong, or that maintenance begins.",
        "An event is known by its O(origin) and O(custom_id). What is there already is not written again, and cannot be changed.",
        "The engine refuses the number of an event that was removed, too.",
    ),
    options=(
        Text("origin", "The system that the event comes from, such as C(backup); anything but C(oVirt).", needed=True),
        Int("custom_id", "Number of the event, unique for its origin.", needed=True, least=0, most=2**31 - 1),
        Text("description", "What has happened."),
        Enum("severity", "How bad it is; V(normal) when it is left out. The engine takes no alerts from others.", choices=WRITTEN),
        Text("custom_data", "Further text that is kept with it."),
        *(Text(kind, f"{REFERENCES[kind].words[:1].upper()}{REFERENCES[kind].words[1:]}, by name or id, that it is about.") for kind in ABOUT),
    ),
    states=(State("present", "It is in the log."), State("absent", "It is not shown any more.", exists=False)),
    survey=survey,
    returned=(Text("origin", "Its origin."), Int("custom_id", "Its number.")),
    seealso=("event_info",),
)

_NAMED = (Text("id", "Unique identifier; null where the object was removed before the event was written."), Text("name", "Name."))

EVENT_INFO = Operation(
    name="event_info",
    summary="Read the events of the engine",
    about=(
        "Reads the engine's log: what happened, how bad it is, and what it is about. It keeps events for a month, unless configured otherwise.",
        "Without O(after) these are the newest, at most O(limit); with it those that came next. A job that looks regularly gives O(after) what C(last) "
        "was in the run before, and nothing is read twice or left out.",
        "All conditions have to be met.",
    ),
    options=(
        Enum("severity", "Only events that are at least this bad.", choices=SEVERITIES),
        Text(
            "search",
            (
                "Search in the engine's language, such as C(message=*storage* and severity>=warning). It has no parentheses.",
                "What the engine does not understand finds nothing, and is no error.",
            ),
        ),
        ListOf("codes", "Only events of one of these kinds, by number: C(54) for a VM that could not be started.", each=Int("code", "")),
        Text("correlation_id", "Only events of one request, as C(correlation_id) of the modules that change something returns it."),
        Text("origin", "Only events that come from there: C(oVirt) for the engine's own."),
        *(
            Text(kind, f"Only events about this {REFERENCES[kind].words}, by name or id; C(*) in a name is any text.")
            for kind in ABOUT
        ),
        Text("user", "Only events of what this user did, by the name that events have (C(admin@internal-authz)) or id."),
        Int("after", "Only events with a higher index, beginning with the oldest of them.", least=0),
        Text("since", "Only events from this time on, by the engine's clock: C(2026-01-31T18:30:00Z). It is UTC unless it says otherwise."),
        Int("limit", "At most so many.", least=1, most=10000),
    ),
    defaults={"limit": LIMIT},
    survey=report,
    shows=(
        ListOf(
            "events",
            "The events that fit, oldest first.",
            each=Struct(
                "event",
                "",
                fields=(
                    Int("id", "Its index, which grows from event to event."),
                    Int("code", "Number of its kind."),
                    Enum("severity", "How bad it is.", choices=SEVERITIES),
                    Text("time", "When it happened, by the engine's clock, in UTC."),
                    Int("time_ms", "The same in milliseconds since the epoch."),
                    Text("description", "The engine's words."),
                    Text("correlation_id", "The request it belongs to."),
                    Text("origin", "Where it comes from: C(oVirt), or another system."),
                    Int("custom_id", "Number that another system gave it."),
                    Text("custom_data", "Text that another system gave it."),
                    *(Struct(kind, f"{REFERENCES[kind].words[:1].upper()}{REFERENCES[kind].words[1:]} it is about.", fields=_NAMED) for kind in ABOUT),
                    Struct("user", "User whose request it belongs to.", fields=_NAMED),
                ),
            ),
        ),
        Int("last", "The index up to which events were looked at, to be given as O(after) by the next run."),
        Bool("more", "Whether there are more that fit, which O(limit) has cut off."),
    ),
    seealso=("event", "job_info"),
    reads=True,
)
