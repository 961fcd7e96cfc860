# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs, their steps and the events of the engine, as read from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional, Sequence

from ansible_collections.virtops.ovirt.plugins.module_utils._engine.words import unsaid

ENDED = ("finished", "failed", "aborted")
BAD_ENDS = ("failed", "aborted")
_PHASES = ("validating", "executing", "finalizing")
_GRAVITY = {"alert": 0, "error": 1, "warning": 2, "normal": 3}


@dataclass(frozen=True)
class Step:
    """A step of a job.

    :param status: ``started``, ``finished``, ``failed``, ``aborted`` or ``unknown``.
    :param type: ``validating``, ``executing``, ``finalizing`` or the name of a sub-step.
    :param parent: id of the step it belongs to, None at the top.
    :param start: seconds since the epoch; None unknown.
    :param end: seconds since the epoch; None while it runs.
    """

    id: str
    description: str
    status: str
    type: str
    parent: Optional[str] = None
    start: Optional[float] = None
    end: Optional[float] = None

    @classmethod
    def read(cls, wire: Mapping[str, Any]) -> Step:
        return cls(
            id=wire["id"],
            description=str(wire.get("description", "")),
            status=str(wire.get("status", "unknown")),
            type=str(wire.get("type", "")),
            parent=wire.get("parent_step", {}).get("id"),
            start=_seconds(wire.get("start_time")),
            end=_seconds(wire.get("end_time")),
        )


@dataclass(frozen=True)
class Job:
    """What the engine does about one command.

    :param description: the engine's own words, such as ``Launching VM web1``.
    :param status: ``started``, ``finished``, ``failed``, ``aborted`` or ``unknown``.
    :param start: seconds since the epoch on the engine's clock.
    :param end: seconds since the epoch; None while it runs.
    """

    id: str
    description: str
    status: str
    start: Optional[float] = None
    end: Optional[float] = None
    steps: Sequence[Step] = ()

    @classmethod
    def read(cls, wire: Mapping[str, Any]) -> Job:
        return cls(
            id=wire["id"],
            description=str(wire.get("description", "")),
            status=str(wire.get("status", "unknown")),
            start=_seconds(wire.get("start_time")),
            end=_seconds(wire.get("end_time")),
            steps=tuple(Step.read(step) for step in wire.get("steps", {}).get("step", [])),
        )

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def failed(self) -> bool:
        return self.status in BAD_ENDS

    @property
    def failed_steps(self) -> list[Step]:
        """The failed steps that name work of their own, or else the failed phases of the command."""
        failed = [step for step in self.steps if step.status in BAD_ENDS]
        parents = {step.parent for step in failed}
        return [step for step in failed if step.id not in parents]


@dataclass(frozen=True)
class Event:
    """A line of the engine's audit log.

    :param id: grows with time; the ``since`` of a later read.
    :param code: number of the kind of event.
    :param severity: ``normal``, ``warning``, ``error`` or ``alert``.
    :param time: seconds since the epoch on the engine's clock.
    :param about: kind -> id of the objects that it names, such as ``{"vm": "..."}``.
    """

    id: int
    code: int
    severity: str
    description: str
    time: float
    correlation_id: Optional[str]
    about: Mapping[str, str]

    @classmethod
    def read(cls, wire: Mapping[str, Any]) -> Event:
        return cls(
            id=int(wire.get("index") or wire["id"]),
            code=int(wire.get("code", 0)),
            severity=str(wire.get("severity", "normal")),
            description=str(wire.get("description", "")),
            time=_seconds(wire.get("time")) or 0.0,
            correlation_id=wire.get("correlation_id"),
            about={kind: value["id"] for kind, value in wire.items() if isinstance(value, dict) and "id" in value},
        )

    @property
    def gravity(self) -> int:
        """0 for an alert up to 3 for a normal one."""
        return _GRAVITY.get(self.severity, 3)


def own_job(jobs: Sequence[Job], job_id: Optional[str] = None) -> Optional[Job]:
    """The job of the command itself among all those of its correlation id: the one that the answer named, else the first started.

    A command that starts others leaves several jobs under one correlation id; only its own tells whether it succeeded.
    """
    named = [job for job in jobs if job.id == job_id]
    if named:
        return named[0]
    return min(jobs, key=lambda job: job.start if job.start is not None else float("inf"), default=None)


def reason_of(jobs: Sequence[Job], events: Sequence[Event], of_hosts: Sequence[Event] = (), said: str = "") -> Optional[str]:
    """The engine's reason for a failure in one text: the gravest events first, then the failed steps, then what hosts said meanwhile.

    :param jobs: all jobs of the change.
    :param events: its events.
    :param of_hosts: events of the time of the change in which a host tells of a failed command.
    :param said: what was told of it already, and is not told again. A job that failed in none but its own phases then adds nothing, either.
    """
    grave = [event.description for event in sorted(events, key=lambda event: event.gravity) if event.gravity < _GRAVITY["normal"]]
    found = unsaid(grave, said)
    own = own_job(jobs)
    failed = [step for job in jobs if job.failed for step in job.failed_steps if step.description]
    if own is not None and own.failed and (any(step.type not in _PHASES for step in failed) or not (found or said)):
        at = f" at: {', '.join(dict.fromkeys(step.description for step in failed))}" if failed else ""
        found.append(f"Job failed: {own.description}{at}.")
    if of_hosts:
        found.append("A host said meanwhile: " + "; ".join(dict.fromkeys(event.description for event in of_hosts)))
    return " ".join(" ".join(text.split()) for text in found) or None


def _seconds(milliseconds: Any) -> Optional[float]:
    return None if milliseconds in (None, "") else float(milliseconds) / 1000.0
