# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of the engine: waiting for what an earlier task began, and reading what is going on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput, JobFailed, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.jobs import BAD_ENDS, ENDED, Event, Job, own_job, reason_of
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import is_id
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Decimal, Enum, ListOf, Struct, Text
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import LOOK, Settle, Step

OVER = Settle(good=frozenset(set(ENDED) - set(BAD_ENDS)), bad=frozenset(BAD_ENDS), job=False)


def survey(view: View) -> Draft:
    options = view.options
    if not any(name in options for name in ("handles", "ids", "correlation_ids")):
        raise InvalidInput("Neither handles nor ids nor correlation_ids is given: nothing says which job is meant.")
    strange = next((text for text in options.get("ids") or [] if not is_id(text)), None)
    if strange is not None:
        raise InvalidInput(f"ids has {strange!r}, which is not an id of the engine.")
    wanted = [(text, None) for text in options.get("ids") or []] + [(None, text) for text in options.get("correlation_ids") or []]
    wanted += [(text, None) if is_id(text) else (None, text) for text in options.get("handles") or []]
    return Draft(units=[_unit(_job(view, *one), one[1]) for one in wanted])


def _job(view: View, identifier: str | None, correlation_id: str | None) -> Job:
    if correlation_id is not None:
        found = own_job(view.client.jobs(correlation_id)) or _remembered(view.client.events(correlation_id))
    else:
        wire = view.estate.get(f"jobs/{identifier}", follow=("steps",))
        found = Job.read(wire) if wire is not None else None
    if found is None:
        hint = "The engine keeps finished jobs for some minutes, and failed ones for an hour: what it was about tells how it ended."
        raise NotFound(f"The engine has no job {identifier or correlation_id}.", hint=hint)
    return found


def _remembered(events: Sequence[Event]) -> Job | None:
    """A job that the engine has cleared away, as its events tell of it: they are kept for a month."""
    if not events:
        return None
    bad = [event for event in events if event.severity in ("error", "alert")]
    told = bad[-1] if bad else events[-1]
    return Job("", told.description, "failed" if bad else "finished", events[0].time, told.time)


def _unit(job: Job, correlation_id: str | None) -> Unit:
    item = {"id": job.id, "description": job.description, "correlation_id": correlation_id}
    unit = Unit(f"job '{job.description}'", item, Outcome(False, {}, {}), shows=_shown(job))
    step = Step(LOOK, f"wait for the job '{job.description}'", f"jobs/{job.id}", settle=OVER)
    if not job.id and job.failed:
        unit.work = partial(_failed, job=job, correlation_id=correlation_id)
    elif not job.ended or job.failed:
        unit.outcome.steps = [{"do": LOOK, "says": step.says}]
        unit.work = partial(_wait, unit=unit, step=step, correlation_id=correlation_id)
    return unit


def _failed(hands: Hands, *, job: Job, correlation_id: str | None) -> None:
    why = hands.client.why(correlation_id) if correlation_id else None
    message = f"What was begun under the correlation id {correlation_id} has failed. The engine says: {why or job.description}"
    raise JobFailed(message, correlation_id=correlation_id)


def _wait(hands: Hands, *, unit: Unit, step: Step, correlation_id: str | None) -> None:
    try:
        hands.do(step, wait=True)
    except JobFailed as failed:
        wire = hands.estate.get(step.path, follow=("steps",))
        why = hands.client.why(correlation_id) if correlation_id else reason_of([Job.read(wire)], []) if wire else None
        raise JobFailed(f"{failed.message} {why}" if why else failed.message, correlation_id=correlation_id) from failed
    finally:
        now = hands.estate.get(step.path, follow=("steps",))
        unit.shows = _shown(Job.read(now)) if now is not None else unit.shows


def _shown(job: Job) -> dict[str, Any]:
    steps = [{"description": one.description, "status": one.status, "type": one.type} for one in job.steps]
    return {"status": job.status, "start": job.start, "end": job.end, "engine_steps": steps}


def report(view: View) -> Draft:
    wires = view.estate.list("jobs", follow=("steps",))
    status, ids = view.options.get("status"), view.options.get("ids")
    jobs = [Job.read(wire) for wire in wires]
    if view.options.get("correlation_ids"):
        jobs = [job for text in view.options["correlation_ids"] for job in view.client.jobs(text)]
    fit = [job for job in jobs if status in (None, job.status) and (ids is None or job.id in ids)]
    return Draft(shows={"jobs": [{"id": job.id, "description": job.description, **_shown(job)} for job in fit]})


_MEMBERS = (
    Enum("status", "How it stands.", choices=("started", "finished", "failed", "aborted", "unknown")),
    Decimal("start", "When it began, in seconds since the epoch, by the engine's clock."),
    Decimal("end", "When it ended; null while it goes on."),
    ListOf(
        "engine_steps",
        "Its steps.",
        each=Struct("step", "", fields=(Text("description", "What it does."), Text("status", "How it stands."), Text("type", "Its phase."))),
    ),
)
_WHICH = (
    ListOf("ids", "Ids of jobs, as C(job) of the modules that change something returns them.", each=Text("id", "")),
    ListOf("correlation_ids", "Correlation ids, as C(correlation_id) of these modules.", each=Text("id", "")),
)

JOB = Operation(
    name="job",
    summary="Wait for jobs of the engine",
    about=(
        "Waits until jobs of the engine are over, and fails with the engine's reason when one fails.",
        "What a task with C(wait=false) has begun is waited for here later, by the handles, the job or the correlation id that it returned.",
        "A job that the engine has cleared away meanwhile is judged by the events that it left.",
        "Changes nothing. In check mode it does not wait, and shows how the jobs stand.",
    ),
    options=(
        ListOf(
            "handles",
            "What a module for several objects returned as C(handles) with C(wait=false): correlation ids, or ids of jobs. An empty list waits for nothing.",
            each=Text("handle", ""),
        ),
        *_WHICH,
    ),
    survey=survey,
    returned=(Text("description", "The engine's words for it."), Text("correlation_id", "The correlation id it was asked for by."), *_MEMBERS),
    seealso=("job_info",),
)

JOB_INFO = Operation(
    name="job_info",
    summary="Read jobs of the engine",
    about=("Reads what the engine does and has done lately. It keeps finished jobs for some minutes, and failed ones for an hour.",),
    options=(*_WHICH, Enum("status", "Only jobs that stand like this.", choices=("started", "finished", "failed", "aborted", "unknown"))),
    survey=report,
    shows=(
        ListOf(
            "jobs",
            "The jobs that fit.",
            each=Struct("job", "", fields=(Text("id", "Unique identifier."), Text("description", "The engine's words for it."), *_MEMBERS)),
        ),
    ),
    seealso=("job",),
    reads=True,
)
