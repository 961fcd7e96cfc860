# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many waits folded into few requests: who looks at an object while others look at objects of the same collection gets it out of one list."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from typing import Any, Optional

from ansible_collections.virtops.ovirt.plugins.module_utils._engine.client import Client
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.jobs import Job
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Wire
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._resource import ID_PATTERN

_ONE = re.compile(rf"^(vms|disks|hosts)/({ID_PATTERN})$")
_WORTH_A_LIST = 4
"""From so many that wait on, a list of all costs less than a request each."""
_FRESH = 1.0
"""Seconds for which a list is shown to others."""


class SharedLooks:
    """A client whose plain looks at single objects are answered out of lists while several threads wait."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._waiting: dict[str, dict[str, float]] = {}
        self._lists: dict[str, tuple[float, dict[str, Wire]]] = {}
        self._reading: dict[str, threading.Lock] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get(self, path: str, *, follow: Sequence[str] = (), params: Optional[Mapping[str, Any]] = None, missing: str = "raise") -> Optional[Wire]:
        found = _ONE.match(path)
        if found is None or follow or params or missing != "none":
            return self._client.get(path, follow=follow, params=params, missing=missing)  # type: ignore[call-overload,no-any-return]
        collection, identifier = found[1], found[2]
        if not self._crowded(collection, identifier):
            return self._client.get(path, missing="none")
        # What a list does not show may be newer than the list.
        return self._out_of_a_list(collection, identifier) or self._client.get(path, missing="none")

    def job(self, correlation_id: str, job_id: Optional[str] = None) -> Optional[Job]:
        """The job of a change; one out of the list of all has no steps."""
        if job_id is not None and self._crowded("jobs", job_id):
            wire = self._out_of_a_list("jobs", job_id)
            if wire is not None:
                return Job.read(wire)
        return self._client.job(correlation_id, job_id)

    def _crowded(self, collection: str, identifier: str) -> bool:
        now = self._client.clock.now()
        with self._lock:
            waiting = self._waiting.setdefault(collection, {})
            waiting[identifier] = now
            for other in [one for one, seen in waiting.items() if now - seen > 5 * _FRESH]:
                del waiting[other]
            self._reading.setdefault(collection, threading.Lock())
            return len(waiting) >= _WORTH_A_LIST

    def _out_of_a_list(self, collection: str, identifier: str) -> Optional[Wire]:
        with self._reading[collection]:
            read, items = self._lists.get(collection, (float("-inf"), {}))
            if self._client.clock.now() - read > _FRESH:
                begun = self._client.clock.now()
                items = {item["id"]: item for item in self._client.list(collection)}
                self._lists[collection] = (begun, items)
        return items.get(identifier)
