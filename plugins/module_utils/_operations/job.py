# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs of the engine: waiting for what an earlier task began, and reading what is going on."""

from __future__ import annotations

from functools import partial
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import InvalidInput, JobFailed, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.jobs import BAD_ENDS, ENDED, Job, own_job, reason_of
from ansible_collections.virtops.ovirt.plugins.module_utils._operations._operation import Draft, Hands, Operation, Unit, View
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.reconcile import Outcome
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Decimal, Enum, ListOf, Struct, Text
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import LOOK, Settle, Step

OVER = Settle(good=frozenset(set(ENDED) - set(BAD_ENDS)), bad=frozenset(BAD_ENDS), job=False)


def survey(view: View) -> Draft:
    wanted = [(text, None) for text in view.options.get("ids") or []] + [(None, text) for text in view.options.get("correlation_ids") or []]
    if not wanted:
        raise InvalidInput("Neither ids nor correlation_ids is given: nothing says which job is meant.")
    return Draft(units=[_unit(_job(view, *one), one[1]) for one in wanted])


def _job(view: View, identifier: str | None, correlation_id: str | None) -> Job:
    if correlation_id is not None:
        found = own_job(view.client.jobs(correlation_id))
    else:
        wire = view.estate.get(f"jobs/{identifier}", follow=("steps",))
        found = Job.read(wire) if wire is not None else None
    if found is None:
        hint = "The engine keeps finished jobs for some minutes, and failed ones for an hour: what it was about tells how it ended."
        raise NotFound(f"The engine has no job {identifier or correlation_id}.", hint=hint)
    return found


def _unit(job: Job, correlation_id: str | None) -> Unit:
    item = {"id": job.id, "description": job.description, "correlation_id": correlation_id}
    unit = Unit(f"job '{job.description}'", item, Outcome(False, {}, {}), shows=_shown(job))
    step = Step(LOOK, f"wait for the job '{job.description}'", f"jobs/{job.id}", settle=OVER)
    if not job.ended or job.failed:
        unit.outcome.steps = [{"do": LOOK, "says": step.says}]
        unit.work = partial(_wait, unit=unit, step=step, correlation_id=correlation_id)
    return unit


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
        "What a task with C(wait=false) has begun is waited for here later, by the job or the correlation id that it returned.",
        "Changes nothing. In check mode it does not wait, and shows how the jobs stand.",
    ),
    options=_WHICH,
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
