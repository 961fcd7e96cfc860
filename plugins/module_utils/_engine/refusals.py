# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an answer of the engine means when it is not the one that was asked for."""

from __future__ import annotations

import html
import re
from typing import Any, Optional, Sequence

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import (
    AdministratorsOnly,
    AuthError,
    Conflict,
    EngineError,
    NotFound,
    ProtocolError,
    ServerError,
    Unsupported,
    ValidationError,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._base.secrets import Secret, redact
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.words import told
from ansible_collections.virtops.ovirt.plugins.module_utils._transport.messages import Response

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_STYLE = re.compile(r"<(style|script|head)\b.*?</\1>", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_MOST_TEXT = 300

_NOT_THERE = ('cannot invoke "org.ovirt.engine.core.common.scheduling.affinitygroup.getvmlabels()" because "ag" is null',)
"""What the engine says, with a status of 400, of an affinity group that it does not have."""
_ADMINISTRATORS_ONLY = "query execution failed due to insufficient permissions."
_KINDS: dict[int, type[EngineError]] = {
    400: ValidationError,
    401: AuthError,
    403: AuthError,
    405: Unsupported,
    409: Conflict,
    500: ServerError,
    501: Unsupported,
}
_HINTS = {
    401: "Check engine.username (with its profile, admin@internal) and engine.password, or give a token that has not expired. "
    "A user without any role on the engine is not let in either.",
    403: "Give the user a role that allows it, or use another user.",
    405: "This engine does not offer the operation here; check its version.",
    501: "This engine does not offer the operation.",
}


def refusal(response: Response, correlation_id: Optional[str] = None, secrets: Sequence[Secret] = ()) -> EngineError:
    """The error that says what a refusing answer says, with the engine's own words first.

    A 404 is only :class:`NotFound` when the engine itself says so of an object: without a body, but with its ``Correlation-Id``, or by a whole fault.
    A page with that status, or another document, comes from a proxy or a gateway, or from an engine that does not know the path.
    """
    reason, detail = fault(response)
    page = None
    if reason is None and detail is None and response.body:
        page = readable(response)
        detail = page
    facts: dict[str, Any] = {
        "method": response.method,
        "path": response.path,
        "status": response.status,
        "reason": reason and redact(reason, secrets),
        "detail": detail and redact(detail, secrets),
        "correlation_id": correlation_id or response.headers.get("correlation-id"),
        "hint": _HINTS.get(response.status),
    }
    said = told(facts["detail"], response.method, response.path) or told(facts["reason"], response.method, response.path)
    if response.status == 400 and said in _NOT_THERE:
        return NotFound("there is no such object", **facts)
    if response.status == 404:
        if _signed(response, reason, None if page else detail):
            return NotFound(said or "there is no such object", **facts)
        facts["hint"] = "Check that engine.url leads to the API of an engine, and that the engine's version has this."
        return ProtocolError("this path is not known there" + (f": {page}" if page else ""), **facts)
    kind = _KINDS.get(response.status)
    if kind is None:
        kind = ValidationError if 400 <= response.status < 500 else ServerError
    if response.status == 400 and (detail or "").lower() == _ADMINISTRATORS_ONLY:
        kind = AdministratorsOnly
    if response.status == 400 and page and "Unrecognized field" in page:
        facts["hint"] = "This version of the engine does not have the attribute."
    if said == "Internal Engine Error":
        facts["hint"] = "The engine gives no reason: see its events and engine.log. For block storage, check that the host sees the LUNs."
    if response.status == 401:
        said = "the engine does not accept the credentials"
    return kind(said or f"the engine answers {response.status} and says no more", **facts)


def _signed(response: Response, reason: Optional[str], detail: Optional[str]) -> bool:
    """Whether an answer without a body, or a fault, is surely the engine's own."""
    if "correlation-id" in response.headers:
        return not response.body or reason is not None or detail is not None
    return reason is not None and detail is not None


def fault(response: Response) -> tuple[Optional[str], Optional[str]]:
    """Reason and detail of an answer, wherever the engine has put them; None for what is not there."""
    if not response.is_json:
        return None, None
    try:
        document = response.json()
    except ProtocolError:
        return None, None
    if not isinstance(document, dict):
        return None, None
    said = document.get("fault", document)
    if not isinstance(said, dict):
        return None, None
    reason, detail = said.get("reason"), said.get("detail")
    return (str(reason) if reason else None), (str(detail) if detail else None)


def readable(response: Response) -> str:
    """What a page says to a person: its text, or its title when it has none, cut to a sentence or two."""
    text = response.text
    words = " ".join(html.unescape(_TAG.sub(" ", _STYLE.sub(" ", text))).split())
    if not words:
        title = _TITLE.search(text)
        words = " ".join(html.unescape(title.group(1)).split()) if title else ""
    return words if len(words) <= _MOST_TEXT else words[:_MOST_TEXT] + " ..."
