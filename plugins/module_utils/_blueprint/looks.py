# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many waits folded into few requests: who looks at an object while others look at objects of the same collection gets it out of one list."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Optional

from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.jobs import Job
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire, Wires
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ID_PATTERN

_ONE = re.compile(rf"^(vms|disks|hosts)/({ID_PATTERN})$")
_JOBS, _CHANGES = "jobs", "changes"
_WORTH_A_LIST = 4
"""From so many that wait on, a list of all costs less than a request each."""
_REMEMBERED = 5.0
"""Seconds after a look during which its object counts as waited for."""
_APART = 1.0
"""Seconds between two lists of one collection."""
_GATHERING = 0.2
"""Seconds for which the first who asks lets others join."""
_MOST_CHANGES = 25
"""Changes that one search asks for: with more the address grows too long."""


class _Round:
    """One list, for all who asked before it was read."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.items: Wires = []
        self.error: Optional[Exception] = None
        self.over = threading.Event()


class SharedLooks:
    """A client whose plain looks at single objects are answered out of lists while several threads wait.

    A look is never answered out of a list that was read before it was asked for.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._waiting: dict[str, dict[str, float]] = {}
        self._coming: dict[str, _Round] = {}
        self._read: dict[str, float] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get(self, path: str, *, follow: Sequence[str] = (), params: Optional[Mapping[str, Any]] = None, missing: str = "raise") -> Optional[Wire]:
        found = _ONE.match(path)
        if found is None or follow or params or missing != "none":
            return self._client.get(path, follow=follow, params=params, missing=missing)  # type: ignore[call-overload,no-any-return]
        collection, identifier = found[1], found[2]
        if not self._crowded(collection, identifier):
            return self._client.get(path, missing="none")
        return self._out_of_a_list(collection, identifier) or self._client.get(path, missing="none")

    def job(self, correlation_id: str, job_id: Optional[str] = None) -> Optional[Job]:
        """The job of a change; one out of a list has no steps."""
        if job_id is not None and self._crowded(_JOBS, job_id):
            wire = self._out_of_a_list(_JOBS, job_id)
            if wire is not None:
                return Job.read(wire)
        if job_id is None and self._crowded(_CHANGES, correlation_id):
            jobs = [Job.read(wire) for wire in self._together(_CHANGES, correlation_id, self._jobs_of).items]
            if all(job.ended and not job.failed for job in jobs):
                # The engine does not tell which change a job is of, and need not where all went well.
                return jobs[0] if jobs else None
        return self._client.job(correlation_id, job_id)

    def _crowded(self, collection: str, identifier: str) -> bool:
        now = self._client.clock.now()
        with self._lock:
            waiting = self._waiting.setdefault(collection, {})
            waiting[identifier] = now
            for other in [one for one, seen in waiting.items() if now - seen > _REMEMBERED]:
                del waiting[other]
            return len(waiting) >= _WORTH_A_LIST

    def _out_of_a_list(self, collection: str, identifier: str) -> Optional[Wire]:
        items = self._together(collection, identifier, lambda _asked: self._client.list(collection)).items
        return next((item for item in items if item["id"] == identifier), None)

    def _jobs_of(self, correlation_ids: Sequence[str]) -> Wires:
        search = " or ".join(f"correlation_id={one}" for one in correlation_ids)
        return self._client.list("jobs", search=search)

    def _together(self, what: str, asked: str, read: Callable[[Sequence[str]], Wires]) -> _Round:
        """The next round, which the first who joins reads for all."""
        with self._lock:
            open_ = self._coming.get(what)
            joins = open_ is not None and (what != _CHANGES or len(open_.asked) < _MOST_CHANGES)
            round_ = open_ if open_ is not None and joins else _Round()
            self._coming[what] = round_
            round_.asked.append(asked)
        if joins:
            round_.over.wait()
        else:
            self._lead(what, round_, read)
        if round_.error is not None:
            raise round_.error
        return round_

    def _lead(self, what: str, round_: _Round, read: Callable[[Sequence[str]], Wires]) -> None:
        clock = self._client.clock
        try:
            clock.sleep(max(_GATHERING, self._read.get(what, float("-inf")) + _APART - clock.now()))
            with self._lock:
                if self._coming.get(what) is round_:
                    del self._coming[what]
                self._read[what] = clock.now()
            round_.items = read(round_.asked)
        except Exception as error:  # pylint: disable=broad-except
            round_.error = error
        finally:
            with self._lock:
                if self._coming.get(what) is round_:
                    del self._coming[what]
            round_.over.set()
