# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one tree of errors that floors 0 to 4 raise; floor 5 alone turns one of them into a failed task."""

from __future__ import annotations

import re
from typing import Optional

_PASSING = re.compile(
    r"""\bplease\ wait\b | \bwait\ for\ (the\ )?operation\b | \btry\ again\ (later|in\ a\ few) | \bcurrently\ (being|in\ progress|in\ use\ to\ create)\b
      | \b(is|are)\ locked\b | \bin\ progress\b | \basynchronous\ running\ tasks\b | \brunning\ tasks\b | \bsaving/restoring\ state\b
      | \bis\ being\ (created|updated|cloned|imported|exported|removed|moved|copied|migrated|transferred|initialized|hot)
      | \bis\ being\ moved\ or\ copied\b | \bperforming\ an\ operation\ on\ a\ snapshot\b
      | \b(retry|try\ again)\ in\ \d+\ sec""",
    re.IGNORECASE | re.VERBOSE,
)
_TOLD = re.compile(r"\b(?:retry|try again) in (\d+) sec", re.IGNORECASE)


class EngineError(Exception):
    """Something that kept a call to the engine from doing its work.

    :param message: what happened, one sentence for a user.
    :param method: HTTP method of the request, where there was one.
    :param path: path of the request below the server, without its query.
    :param status: HTTP status of the answer, None when there was no answer.
    :param reason: ``fault.reason`` of the engine's answer, as it came.
    :param detail: ``fault.detail`` of the engine's answer, as it came; the engine writes it like ``[Cannot run VM. ...]``.
    :param correlation_id: value of the ``Correlation-Id`` header under which the engine keeps its jobs and events of this call.
    :param hint: what the user can do about it, one sentence.
    """

    def __init__(
        self,
        message: str,
        *,
        method: Optional[str] = None,
        path: Optional[str] = None,
        status: Optional[int] = None,
        reason: Optional[str] = None,
        detail: Optional[str] = None,
        correlation_id: Optional[str] = None,
        hint: Optional[str] = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.method = method
        self.path = path
        self.status = status
        self.reason = reason
        self.detail = detail
        self.correlation_id = correlation_id
        self.hint = hint

    def __str__(self) -> str:
        parts = [_one_line(self.message)]
        if self.hint:
            if parts[0][-1:] not in ".!?":
                parts[0] += "."
            parts.append(_one_line(self.hint))
        where = " ".join(part for part in (self.method, self.path) if part)
        if where and self.status is not None:
            where += f": {self.status}"
        if where:
            parts.append(f"({where})")
        return " ".join(parts)

    @property
    def passing(self) -> bool:
        """Whether the engine refused only because it is busy with the object, so that the same request will be accepted by and by."""
        return False

    @property
    def retry_in(self) -> Optional[float]:
        """Seconds after which the engine itself says that the request will be accepted, where it says so."""
        told = _TOLD.search(self.detail or self.reason or "")
        return float(told.group(1)) if told else None


class TransportError(EngineError):
    """No usable HTTP answer: the connection failed, or what answered is not the engine."""


class Unreachable(TransportError):
    """The request surely never reached the engine, so nothing was carried out."""


class AnswerLost(TransportError):
    """A request that changes something was sent and its answer never came: it may or may not have been carried out.

    ``correlation_id`` finds the job and the events it has left, if it was carried out.
    """


class ProtocolError(EngineError):
    """An answer came that is not what the API promises: not JSON, too large, a redirect to elsewhere, an error page of a proxy."""


class AuthError(EngineError):
    """The engine does not accept the credentials, or the user may not do this."""


class NotFound(EngineError):
    """The engine itself says that the object does not exist (a clean 404)."""


class _Refusal(EngineError):
    @property
    def passing(self) -> bool:
        return bool(_PASSING.search(self.detail or self.reason or ""))


class Conflict(_Refusal):
    """The engine refuses in the present state of its objects (409)."""


class ValidationError(_Refusal):
    """The engine finds the request wrong (400).

    Several messages of different kinds come back as a 400 too, so that a passing refusal can be among these.
    """


class AdministratorsOnly(ValidationError):
    """The engine answers this query to administrators alone."""


class ServerError(EngineError):
    """The engine failed inside (500)."""


class Unsupported(EngineError):
    """This engine does not offer the operation, or not in its version."""


class JobFailed(EngineError):
    """The engine accepted an operation and its job then failed."""


class GivenUp(JobFailed):
    """The engine accepted an operation and then gave it up: its job is over, and the object is as it was before."""


class NotKept(EngineError):
    """The engine accepted a change, and shows something else afterwards."""


class TimedOut(EngineError):
    """The task's own time is over while the engine is still at work."""


class Ambiguous(EngineError):
    """A name fits more than one object; the message lists their ids."""


class InvalidInput(EngineError):
    """An option of the user is wrong; found before anything was sent."""


def _one_line(text: str) -> str:
    return " ".join(text.split())
