"""Answers that end a request early: refusals, faults and pages."""

from __future__ import annotations

OPERATION_FAILED = "Operation Failed"


class Answer(Exception):
    """Raised by services and by the protocol; the application turns it into a response.

    ``kind`` says what the body is: ``fault`` (reason and detail in the media of the request), ``refusal`` (the same, but within
    the action when the request is an action), ``html``, ``text`` or ``empty``.
    """

    def __init__(self, status: int, kind: str, reason: str | None = None, detail: str | None = None,
                 headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {reason or ''} {detail or ''}".strip())
        self.status = status
        self.kind = kind
        self.reason = reason
        self.detail = detail
        self.headers = headers or {}


def refused(status: int, *messages: str) -> Answer:
    """A command of the engine refuses: detail is the engine's list of messages, brackets included."""
    return Answer(status, "refusal", OPERATION_FAILED, "[" + ", ".join(messages) + "]")


def failed(status: int, detail: str, reason: str = OPERATION_FAILED) -> Answer:
    """A command fails with a bare text, within the action when there is one."""
    return Answer(status, "refusal", reason, detail)


def fault(status: int, detail: str | None, reason: str | None = OPERATION_FAILED) -> Answer:
    """A fault of the REST layer itself; never wrapped in an action."""
    return Answer(status, "fault", reason, detail)


def entity_not_found(what: str) -> Answer:
    """A name in a body that leads nowhere, as in ``Entity not found: Cluster: name=nope``."""
    return fault(404, f"Entity not found: {what}")


def incomplete(type_name: str, members: list[str], verb: str) -> Answer:
    """The assertor of completeness: ``Vm [name] required for add``."""
    return fault(400, f"{type_name} [{', '.join(members)}] required for {verb}", "Incomplete parameters")


def not_found() -> Answer:
    """404 without a body: an unknown id in the path."""
    return empty(404)


def not_permitted() -> Answer:
    """A query that is the administrators' alone, asked with ``Filter: true``."""
    return fault(400, "query execution failed due to insufficient permissions.")


def empty(status: int, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, "empty", headers=headers)


def html(status: int, title: str, text: str) -> Answer:
    """A page of the application server."""
    return Answer(status, "html", title, text)


def text(status: int, body: str, content_type: str = "text/plain") -> Answer:
    return Answer(status, "text", content_type, body)


class Park(Exception):
    """The request waits until the lock is free and is then carried out as if it had come just now."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key
