"""What a command of the engine leaves behind: events, jobs with steps, locks, and work that is due later."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import errors
from .rules import host_words

if TYPE_CHECKING:
    from .app import Engine
    from .http import Request
    from .store import Row, Table


@dataclass(frozen=True)
class Identity:
    """Who asks: ``name`` as typed at the login (``admin@internal``), ``principal`` as events show it (``admin@internal-authz``).

    ``admin`` is what the engine called the user at the login: whoever had a role for administrators, on any object.
    """

    user_id: str
    name: str
    principal: str
    admin: bool = True


class Context:
    """One piece of work: a request, or something that was due.  Everything it writes carries its correlation id."""

    def __init__(self, engine: Engine, identity: Identity, correlation_id: str, request: Request | None = None,
                 media: str = "json", prefix: str = "/ovirt-engine/api") -> None:
        self.engine = engine
        self.store = engine.store
        self.identity = identity
        self.correlation_id = correlation_id
        self.request = request
        self.media = media
        self.prefix = prefix
        # Only what the user's own roles show; what somebody without a role for administrators gets unless ``Filter`` says otherwise.
        asked = request.flag("filter", header=True) if request is not None else None
        self.filtered: bool = asked if asked is not None else not identity.admin
        self.visible: dict[str, set[str]] = {}   # kept by rules/reading.py for as long as the request lasts
        self.all_content = bool(request is not None and request.flag("all_content", header=True))
        self.current_job: Job | None = None
        self.listing = False               # a list is being rendered, not an item
        self.body: dict[str, Any] = {}     # the body of an action

    # -- reading

    def table(self, name: str) -> Table:
        return self.store.table(name)

    def row(self, table: str, ident: str | None) -> Row | None:
        return self.store.table(table).get(ident)

    def flag(self, name: str) -> bool | None:
        """A boolean parameter of the request (query or matrix)."""
        return self.request.flag(name) if self.request is not None else None

    def parameter(self, name: str) -> str | None:
        return self.request.parameter(name) if self.request is not None else None

    @property
    def now(self) -> int:
        """Epoch milliseconds of the simulated time."""
        return self.engine.clock.milliseconds()

    # -- writing

    def new_id(self) -> str:
        return self.engine.new_id()

    def event(self, code: int, severity: str, description: str, **references: Row | None) -> Row:
        """Write an event; references are rows (``vm=row``), kept by id and by the name they have now."""
        return write_event(self.engine, code, severity, description, self.correlation_id, self.identity, references)

    def job(self, description: str) -> Job:
        """Start the job of this command: validated, executing.  The first one is the job an action's answer names."""
        job = Job.start(self, description)
        if self.current_job is None:
            self.current_job = job
        return job

    def later(self, seconds: float, name: str, **arguments: Any) -> str:
        """Call the handler ``name`` (see ``clock.timed``) in so many simulated seconds, with a context of the same correlation id."""
        return self.engine.timeline.after(seconds, name, {**arguments, "_correlation": self.correlation_id, "_user": self.identity.user_id})

    def lock(self, key: str, message: str = "") -> None:
        """Hold ``key`` (``disk:ID``, ``vm:ID``); ``message`` is what others are refused with."""
        self.engine.locks.hold(key, message)

    def unlock(self, key: str) -> None:
        self.engine.locks.release(key)

    def locked(self, key: str) -> str | None:
        """The message of the lock, "" for a lock without one, None when it is free."""
        return self.engine.locks.held(key)

    def host_step(self, command: str, step: str | None = None, **subject: Any) -> str | None:
        """Ask the fault rules whether the host refuses this step; the host's own words if it does, which are in an event then."""
        found = self.engine.faults.step(command, step, subject)
        if found is None:
            return None
        host_words.tell(self, command, step, subject, found.message)
        return found.message

    def href(self, type_name: str, ident: str) -> str:
        return self.prefix + self.engine.services.href(self, type_name, ident)


class Locks:
    """Locks are rows, since what holds them outlives a restart too."""

    def __init__(self, engine: Engine) -> None:
        self._table = engine.store.table("_lock")

    def hold(self, key: str, message: str = "") -> None:
        self._table.save({"id": key, "message": message})

    def release(self, key: str) -> None:
        self._table.remove(key)

    def held(self, key: str) -> str | None:
        row = self._table.get(key)
        return None if row is None else row["message"]


class Job:
    """A job of the engine with its steps; rows of the tables ``job`` and ``step``."""

    def __init__(self, engine: Engine, row: Row) -> None:
        self.engine = engine
        self.row = row

    @property
    def id(self) -> str:
        return self.row["id"]

    @classmethod
    def start(cls, ctx: Context, description: str) -> Job:
        now = ctx.now
        row = {"id": ctx.new_id(), "description": description, "status": "started", "start_time": now, "last_updated": now,
               "auto_cleared": True, "external": False, "owner": {"id": ctx.identity.user_id}, "_correlation": ctx.correlation_id}
        ctx.table("job").save(row)
        job = cls(ctx.engine, row)
        job.step("validating", "Validating", status="finished")
        job.step("executing", "Executing")
        return job

    @classmethod
    def find(cls, ctx: Context, ident: str | None) -> Job | None:
        row = ctx.row("job", ident)
        return cls(ctx.engine, row) if row is not None else None

    @property
    def steps(self) -> list[Row]:
        return self.engine.store.table("step").by("job.id", self.id)

    def step(self, kind: str, description: str, status: str = "started", parent: Row | None = None) -> Row:
        """Add a step (type as in the API: ``executing``, ``unknown`` ...), below ``parent`` if given."""
        now = self.engine.clock.milliseconds()
        siblings = [one for one in self.steps if (one.get("parent_step") or {}).get("id") == (parent or {}).get("id")]
        row: Row = {"id": self.engine.new_id(), "job": {"id": self.id}, "type": kind, "description": description, "status": status,
                    "number": len(siblings), "start_time": now, "external": False}
        if parent is not None:
            row["parent_step"] = {"id": parent["id"]}
        if status in ("finished", "failed"):
            row["end_time"] = now
        self.engine.store.table("step").save(row)
        self._touch()
        return row

    def end_step(self, row: Row, status: str = "finished") -> None:
        row["status"] = status
        row["end_time"] = self.engine.clock.milliseconds()
        self.engine.store.table("step").save(row)
        self._touch()

    def executing(self) -> Row | None:
        return next((one for one in self.steps if one["type"] == "executing" and "parent_step" not in one), None)

    def finish(self, *, finalizing: bool = True) -> None:
        """The command is through: executing finished, finalizing added unless the command has none, job finished."""
        self._end("finished", finalizing)

    def fail(self, *, validating: bool = False, finalizing: bool = False) -> None:
        """The command failed: in its validation, in its execution, or (``finalizing``) after it."""
        if validating:
            for row in self.steps:
                if row["type"] == "executing":
                    self.engine.store.table("step").remove(row["id"])
                else:
                    self.end_step(row, "failed")
            self._close("failed")
        else:
            self._end("failed", finalizing)

    def _end(self, status: str, finalizing: bool) -> None:
        for row in self.steps:
            if row["status"] == "started":
                self.end_step(row, "finished" if finalizing else status)
        if finalizing:
            self.step("finalizing", "Finalizing", status=status)
        self._close(status)

    def _close(self, status: str) -> None:
        self.row["status"] = status
        self.row["end_time"] = self.engine.clock.milliseconds()
        self._touch()

    def _touch(self) -> None:
        self.row["last_updated"] = self.engine.clock.milliseconds()
        self.engine.store.table("job").save(self.row)


def write_event(engine: Engine, code: int, severity: str, description: str, correlation_id: str | None, identity: Identity | None,
                references: dict[str, Row | None]) -> Row:
    """Add an event row; its id is its index, as on the real engine."""
    index = engine.next_number("event")
    row: Row = {"id": str(index), "index": index, "code": code, "severity": severity, "description": description,
                "custom_id": -1, "flood_rate": 0, "origin": "oVirt", "time": engine.clock.milliseconds()}
    if correlation_id is not None:
        row["correlation_id"] = correlation_id
    if identity is not None:
        row["user"] = {"id": identity.user_id, "name": identity.principal}
    for member, other in references.items():
        if other is not None:
            row[member] = {"name": other.get("name"), **({"id": other["id"]} if "id" in other else {})}
    return engine.store.table("event").save(row)


def correlation(request: Request) -> str:
    """The correlation id of a request: what it gave, sanitised and cut as the engine does it, else a new one."""
    given = request.headers.get("correlation-id") or request.query.get("correlation_id")
    if given:
        clean = "".join(c for c in given if c.isascii() and (c.isalnum() or c in "_-"))[:36]
        if clean:
            return clean
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def mac_from(number: int) -> str:
    """A MAC address from its number."""
    text = f"{number:012x}"
    return ":".join(text[i:i + 2] for i in range(0, 12, 2))


__all__ = ["Context", "Identity", "Job", "Locks", "correlation", "errors", "mac_from", "write_event"]
