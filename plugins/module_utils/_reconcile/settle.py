# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting for the end of an operation: by the object's status and by the engine's job of it.

Neither alone is honest. A job of a snapshot fails some time after the snapshot's status was ``ok``; a VM is ``up`` a while after its
job was finished. And an engine may give an action up: its job is over, finished even, and the status is back at what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Optional

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Clock, Deadline, polling_delay
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import GivenUp, JobFailed, TimedOut, TransportError
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, dig
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import Settle

_LOOKS_BETWEEN_JOB_CHECKS = 8
_RESTS = 10.0
"""Seconds for which an object has to be as it was before an action of which the job is over: then the engine has given it up."""


@dataclass
class Watch:
    """One thing that is waited for. It is shown representations, from wherever they come (a GET of its own, or a list that serves many
    watches at once), and says what they mean.

    title           what is waited for, in words
    settle          the table
    correlation_id  of the request that began it; None leaves the job out
    job_id          the job that the answer named, if it named one
    follow          links that are read along
    origin          the status before the request; empty where it is not known
    """

    title: str
    settle: Settle
    client: Client
    correlation_id: Optional[str] = None
    job_id: Optional[str] = None
    follow: Sequence[str] = ()
    origin: str = ""
    status: str = ""
    told: str = ""
    seen: Optional[Wire] = None
    _job_over: bool = False
    _bad_since: Optional[float] = None
    _resting_since: Optional[float] = None
    _looks: int = 0

    def see(self, wire: Wire | None) -> bool:
        """Whether it is over. ``wire`` is None when the object is not there.

        :raises JobFailed: it failed; the message has the engine's own reason.
        """
        self.seen = wire
        self.status = str(dig(wire, self.settle.read) or "") if wire is not None else "gone"
        self.told = self.settle.tells(wire) if self.settle.tells and wire is not None else ""
        verdict = self.settle.verdict(wire)
        self._looks += 1
        if verdict == "bad":
            return self._judge_bad(wire)
        self._bad_since = None
        if verdict == "done":
            if self._job_over or not self.settle.job:
                return True
            return self._check_job(reached=self.settle.decides)
        resting = self._resting()
        if self.settle.job and not self._job_over and (resting or self._looks % _LOOKS_BETWEEN_JOB_CHECKS == 0):
            self._job_over = self._check_job()
        if resting and self._job_over:
            raise self._failed(f"the engine has given it up, and it is {self.status}", GivenUp)
        return False

    def _resting(self) -> bool:
        """Whether the object is, for some time now, as it was before it was asked for anything."""
        if not self.settle.job or not self.correlation_id or not self.origin or self.status != self.origin:
            self._resting_since = None
            return False
        now = self.client.clock.now()
        self._resting_since = self._resting_since if self._resting_since is not None else now
        return now - self._resting_since >= _RESTS

    def _judge_bad(self, wire: Wire | None) -> bool:
        now = self.client.clock.now()
        if self._bad_since is None:
            self._bad_since = now
        if wire is not None and now - self._bad_since < self.settle.lasts:
            self._judge_laments(wire)
            return False
        detail = str((wire or {}).get("status_detail") or "")
        state = "it is not there any more" if wire is None else f"it ended {self.status}" + (f" ({detail})" if detail else "")
        raise self._failed(state)

    def _judge_laments(self, wire: Wire) -> None:
        if self.settle.laments and self.correlation_id and wire.get("id"):
            said = self.client.lamented(self.correlation_id, wire["id"], self.settle.laments)
            if said:
                raise JobFailed(f"Could not {self.title}: it is {self.status}. The engine says: {said}", correlation_id=self.correlation_id)

    def _check_job(self, *, reached: bool = False) -> bool:
        """Whether the job is over, and well or about something beside what has been reached."""
        if self.correlation_id is None:
            return True
        job = self.client.job(self.correlation_id, self.job_id)
        if job is None:
            return True
        self.job_id = job.id
        if job.failed and not reached:
            raise self._failed(f"the engine's job '{job.description}' failed")
        if job.ended:
            self._job_over = True
        return job.ended

    def _failed(self, what: str, kind: type[JobFailed] = JobFailed) -> JobFailed:
        why = self.client.why(self.correlation_id, what, given_up=kind is GivenUp) if self.correlation_id else None
        message = f"Could not {self.title}: {what}." + (f" The engine says: {why}" if why else "")
        return kind(message, detail=why, correlation_id=self.correlation_id, hint=None if why else "See the events of the engine.")

    def late(self, seconds: float | None) -> TimedOut:
        """The task's time is over. That the engine goes on is said only where its job says so."""
        more = f"; {self.told}" if self.told else ""
        message = f"Could not {self.title} within {seconds:g} s: it is {self.status or 'not known how it is'}{more}."
        job = self.client.job(self.correlation_id, self.job_id) if self.correlation_id else None
        if job is not None and not job.ended:
            hint = "The engine goes on with it. Run the task again to wait for its end, or raise timeout."
        else:
            why = self.client.why(self.correlation_id, given_up=True) if self.correlation_id else None
            message += f" The engine says: {why}" if why else ""
            hint = "Run the task again to wait for its end, or raise timeout."
        return TimedOut(message, correlation_id=self.correlation_id, hint=hint)


def settle(watch: Watch, path: str, clock: Clock, deadline: Deadline, progress: Callable[[str], None], seen: Optional[Wire] = None) -> None:
    """Reads ``path`` until the watch is over; less and less often, and through an engine that is away for a while.

    :param seen: what the answer that began it showed, which saves looks where it was over by then.
    :raises JobFailed: with the engine's reason, as soon as it is known.
    :raises TimedOut: the task's time is over; the operation goes on at the engine.
    """
    begun = clock.now()
    said = ""
    if seen and dig(seen, watch.settle.read) and watch.settle.verdict(seen) == "done":
        # What takes the engine a while is locked in its answer: this was done by then, its job included.
        watch.seen = seen
        return
    while True:
        try:
            if watch.see(watch.client.get(path, follow=watch.follow, missing="none")):
                return
        except TransportError:
            if deadline.passed:
                raise
        if watch.status != said:
            said = watch.status
            progress(f"{watch.title}: {said}")
        if deadline.passed:
            raise watch.late(deadline.seconds)
        clock.sleep(min(polling_delay(clock.now() - begun), deadline.left))
