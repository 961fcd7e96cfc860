# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client of the engine's REST API."""

from __future__ import annotations

import re
import threading
import uuid
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Callable, Collection, Iterable, Iterator, Literal, Mapping, Optional, Sequence, TypeVar, overload
from urllib.parse import quote, unquote

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Clock, Deadline, backoff
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import (
    AdministratorsOnly,
    AnswerLost,
    EngineError,
    InvalidInput,
    JobFailed,
    NotFound,
    ProtocolError,
    ServerError,
    TransportError,
)
from ansible_collections.virtops.ovirt.plugins.module_utils._engine import search as language
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.connection import Connection
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.jobs import Event, Job, own_job, reason_of
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.refusals import fault, readable, refusal
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.session import Session
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.words import told
from ansible_collections.virtops.ovirt.plugins.module_utils._transport.messages import Request, Response
from ansible_collections.virtops.ovirt.plugins.module_utils._transport.transport import Transport

Document = dict[str, Any]
Documents = list[Document]
Jobs = list[Job]
Events = list[Event]

_MOST_CALLS = 10_000
_PAGES_AHEAD = 3
_CORRELATION_LENGTH = 36
_CANONICAL_ROOT = "/ovirt-engine/api"
_OF_HOSTS = (10802, 9030)
"""Events in which a host says why it did not do its part: a command failed; the storage pool manager has tasks that are not cleared."""
_GOODBYE = 5.0
_ID = re.compile(r"[0-9a-fA-F-]{36}")
_ALL_JOBS = ("jobs", "")
_NOT_THE_API = "Something between here and the engine may have answered in its place; check engine.url and the proxy."


Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Call:
    """A line of a client's log.

    :param status: of the answer; None when none came.
    :param seconds: until the answer was complete.
    """

    method: str
    path: str
    status: Optional[int]
    seconds: float


@dataclass(frozen=True, order=True)
class EngineVersion:
    """Version of an engine; compares by its numbers."""

    major: int
    minor: int
    build: int = 0
    revision: int = 0
    full: str = field(default="", compare=False)

    @classmethod
    def read(cls, wire: Mapping[str, Any]) -> EngineVersion:
        major, minor, build, revision = (int(wire.get(name) or 0) for name in ("major", "minor", "build", "revision"))
        return cls(major, minor, build, revision, str(wire.get("full_version", "")))

    def __str__(self) -> str:
        return self.full or f"{self.major}.{self.minor}.{self.build}"


class Client:
    """Talks to one engine; may be used by several threads at once, over one pool of connections.

    Paths are those below the API's root (``vms/ID/nics``) or an ``href`` as the engine answers it. Documents are the API's own,
    with integers and booleans as the text that the engine sends.

    Every call raises :class:`TransportError` when the engine cannot be reached, :class:`AuthError` when it does not accept the
    credentials, :class:`ProtocolError` when what answers is not the API, and one of the refusals (:class:`ValidationError`,
    :class:`Conflict`, :class:`NotFound`, :class:`Unsupported`, :class:`ServerError`) with the engine's own words.

    :param connection: where the engine is, and who asks.
    :param correlation: how the correlation ids of this client begin.
    :param transport: stands in for the network.
    """

    def __init__(
        self, connection: Connection, clock: Optional[Clock] = None, correlation: Optional[str] = None, transport: Optional[Transport] = None
    ) -> None:
        self.connection = connection
        self.clock = clock or Clock()
        self.log: deque[Call] = deque(maxlen=_MOST_CALLS)
        self.counts: Counter[str] = Counter()
        self._prefix = re.sub(r"[^0-9A-Za-z_-]", "-", correlation or "ansible")[: _CORRELATION_LENGTH - 17]
        self._transport = transport or open_transport(connection, self.clock)
        self._transport.on_exchange = self._record
        self._session = Session(connection, self._transport, self.clock)
        self._lock = threading.Lock()
        self._counting = threading.Lock()
        self._root: Optional[Document] = None
        self._limits = threading.local()
        self._closed: set[tuple[str, str]] = set()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]) -> None:
        self.close()

    def close(self) -> None:
        """Log out, unless the token stays for the next task, and give the connections back. Never fails."""
        try:
            with self.within(self.clock.deadline(_GOODBYE)):
                self._session.close(self._deadline)
        except EngineError:
            pass
        self._transport.close()

    @property
    def session_kept(self) -> bool:
        """Whether an earlier task has left a session that this client would go on with."""
        return self._session.kept

    def log_out(self) -> bool:
        """End the session on the engine, also one that was kept from an earlier task; whether there was one."""
        return self._session.revoke(self._deadline)

    @contextmanager
    def within(self, deadline: Deadline) -> Iterator[None]:
        """Inside, this thread repeats no request after the deadline, however long an outage may otherwise be waited out."""
        before = self._deadline
        self._limits.deadline = deadline
        try:
            yield
        finally:
            self._limits.deadline = before

    def side_by_side(self, work: Callable[[Item], Result], items: Iterable[Item], *, at_once: int = 8) -> Sequence[Result]:
        """The work of each item in a thread of its own, within the limit of this one; results in order."""
        limit = self._deadline

        def limited(item: Item) -> Result:
            self._limits.deadline = limit
            return work(item)

        with ThreadPoolExecutor(max_workers=at_once) as pool:
            return [*pool.map(limited, items)]

    # Reads

    @overload
    def get(self, path: str, *, follow: Sequence[str] = (), params: Optional[Mapping[str, Any]] = None, missing: Literal["raise"] = "raise") -> Document:
        ...

    @overload
    def get(self, path: str, *, follow: Sequence[str] = (), params: Optional[Mapping[str, Any]] = None, missing: Literal["none"]) -> Optional[Document]:
        ...

    def get(self, path: str, *, follow: Sequence[str] = (), params: Optional[Mapping[str, Any]] = None, missing: str = "raise") -> Optional[Document]:
        """One object, or the document of a singleton.

        :param follow: links to answer within, such as ``("nics", "disk_attachments.disk")``.
        :param params: further members of the query.
        :param missing: ``none`` answers None where the engine says that there is no such object.
        """
        try:
            return self._document(self._read(path, params, follow))
        except NotFound:
            if missing == "none":
                return None
            raise

    def list(
        self,
        path: str,
        *,
        search: Optional[str] = None,
        follow: Sequence[str] = (),
        params: Optional[Mapping[str, Any]] = None,
        page_size: Optional[int] = None,
    ) -> Documents:
        """The objects of a collection.

        The engine answers a search that it cannot parse, and a sub-collection of an object that does not exist, with an empty list.

        :param search: in the engine's language; only some top-level collections heed it.
        :param page_size: ask for so many at a time, where the collection can be paged; otherwise all come in one answer.
        """
        if page_size is None or language.collection_of(path) is None or self.filtered:
            return self._items(self._read(path, params, follow, search=search))
        found = {item["id"]: item for page in self.pages(path, page_size, search=search, follow=follow, params=params) for item in page}
        return [*found.values()]

    def pages(
        self,
        path: str,
        size: int,
        *,
        search: Optional[str] = None,
        follow: Sequence[str] = (),
        params: Optional[Mapping[str, Any]] = None,
        expected: int = 0,
    ) -> Iterator[Documents]:
        """The same in pages of so many, the next of which are on their way while one is worked on.

        What is made or removed meanwhile may show twice, or not at all.

        :param expected: how many objects there are, as far as known: their pages are asked for side by side, and further ones while pages are full.
        """
        collection = language.collection_of(path) or path
        sure = -(-expected // size)

        def page(number: int) -> Documents:
            return self._items(self._read(path, params, follow, search=language.page(collection, search, number), max=size))

        with ThreadPoolExecutor(max_workers=_PAGES_AHEAD) as ahead:
            coming = deque(ahead.submit(page, number) for number in range(1, max(1, min(sure, _PAGES_AHEAD)) + 1))
            asked = len(coming)
            while coming:
                items = coming.popleft().result()
                if asked < sure or not coming and len(items) >= size:
                    asked += 1
                    coming.append(ahead.submit(page, asked))
                yield items

    def find(
        self,
        path: str,
        name: str,
        *,
        search_field: str = "name",
        member: str = "name",
        within: Optional[Mapping[str, str]] = None,
        follow: Sequence[str] = (),
    ) -> Documents:
        """The objects of a collection that have exactly this name; any number of them.

        :param search_field: what the search language calls the member.
        :param member: the member of the objects to compare.
        :param within: members by their dotted path and the value that they must have, such as ``{"data_center.id": ID}``.
        """

        def exact(items: Documents) -> Documents:
            return [item for item in items if item.get(member) == name and all(_reach(item, path) == value for path, value in (within or {}).items())]

        if language.collection_of(path) is not None:
            found = exact(self.list(path, search=f"{search_field}={language.quoted(name)}", follow=follow))
            if found or language.certain(name):
                return found
        return exact(self.list(path, follow=follow))

    def _read(self, path: str, params: Optional[Mapping[str, Any]], follow: Sequence[str] = (), **more: Any) -> Response:
        """The answer to a GET.  Where the engine fails because a link leads to what is the administrators' alone, it is asked again without such links."""
        kind = _kind(path)
        links = [link for link in follow if (kind, link) not in self._closed]
        try:
            return self._exchange("GET", path, params=_query(params, links, **more))
        except ServerError as error:
            if not links or error.status != 500 or not self.filtered:
                raise
        for link in links:
            try:
                self._exchange("GET", path, params=_query(params, (link,), **more))
            except ServerError:
                self._closed.add((kind, link))
        return self._exchange("GET", path, params=_query(params, [link for link in links if (kind, link) not in self._closed], **more))

    # Changes

    def create(self, path: str, body: Any, *, params: Optional[Mapping[str, Any]] = None, correlation_id: Optional[str] = None) -> Document:
        """Add an object to a collection; the answer is the new object, which the engine may still be at work on.

        :raises AnswerLost: it may or may not have been added; look for it before adding it again.
        """
        response = self._exchange("POST", path, params=_query(params), body=body, correlation_id=correlation_id or self.new_correlation_id())
        made = self._document(response)
        if not isinstance(made.get("id"), str):
            raise _unreadable(response, "the answer names no object")
        return made

    def update(self, path: str, body: Document, *, params: Optional[Mapping[str, Any]] = None, correlation_id: Optional[str] = None) -> Document:
        """Change members of an object; those not named stay. Sent again when its answer is lost, since it says what shall be."""
        correlation_id = correlation_id or self.new_correlation_id()
        return self._document(self._exchange("PUT", path, params=_query(params), body=body, correlation_id=correlation_id, repeatable=True))

    def remove(
        self,
        path: str,
        *,
        params: Optional[Mapping[str, Any]] = None,
        body: Optional[Document] = None,
        missing: str = "done",
        correlation_id: Optional[str] = None,
    ) -> bool:
        """Remove an object; the engine may still be at work on it afterwards. Sent again when its answer is lost.

        :param missing: ``raise`` lets :class:`NotFound` through; otherwise an object that is not there answers False.
        """
        correlation_id = correlation_id or self.new_correlation_id()
        try:
            self._exchange("DELETE", path, params=_query(params), body=body, correlation_id=correlation_id, repeatable=True)
        except _AlreadyDone:
            return True
        except NotFound:
            if missing == "raise":
                raise
            return False
        return True

    def act(self, path: str, verb: str, body: Optional[Document] = None, *, correlation_id: Optional[str] = None, timeout: Optional[float] = None) -> Document:
        """Tell an object to do something; the answer is the action, which says that it was accepted, not that it is done.

        :param timeout: seconds to wait for the answer; some actions answer only when the work before theirs is over.
        :raises AnswerLost: it may or may not have been accepted; look for its job before telling it again.
        """
        correlation_id = correlation_id or self.new_correlation_id()
        response = self._exchange("POST", f"{path.rstrip('/')}/{verb}", body=body or {}, correlation_id=correlation_id, timeout=timeout)
        action = self._document(response)
        if action.get("status") == "failed":
            reason, detail = fault(response)
            raise JobFailed(
                told(detail, "POST", response.path) or told(reason, "POST", response.path) or f"the engine could not {verb} it",
                method="POST",
                path=response.path,
                status=response.status,
                reason=reason,
                detail=detail,
                correlation_id=correlation_id,
            )
        return action

    def new_correlation_id(self) -> str:
        """An id for one change, under which the engine keeps its jobs and events; the engine takes 36 characters of ``[0-9A-Za-z_-]``."""
        return f"{self._prefix}-{uuid.uuid4().hex[:16]}"

    # What became of a change

    def jobs(self, correlation_id: str, job_id: Optional[str] = None) -> Jobs:
        """The jobs of a change with their steps, in the order of their start. Finished ones stay for some minutes, failed ones for an hour.

        Their list is the administrators' alone: whoever is none gets the one that the answer of the change named, without its steps.
        """
        found: Documents = []
        if _ALL_JOBS not in self._closed:
            try:
                found = self.list("jobs", search=f"correlation_id={_correlation(correlation_id)}", follow=("steps",))
            except AdministratorsOnly:
                self._closed.add(_ALL_JOBS)
        if _ALL_JOBS in self._closed and job_id:
            own = self.get(f"jobs/{job_id}", missing="none")
            found = [own] if own else []
        return sorted((Job.read(item) for item in found), key=lambda job: job.start or 0.0)

    def job(self, correlation_id: str, job_id: Optional[str] = None) -> Optional[Job]:
        """The job of the changing command itself, which alone tells whether it succeeded; None before it has one.

        :param job_id: as the answer of the change named it in ``job.id``, where it did.
        """
        return own_job(self.jobs(correlation_id, job_id), job_id)

    def events(
        self, correlation_id: Optional[str] = None, since: Optional[int] = None, search: Optional[str] = None, limit: Optional[int] = None
    ) -> Events:
        """Events, oldest first.

        :param correlation_id: only those of one change.
        :param since: only those with a higher id.
        :param search: in the engine's language, besides.
        :param limit: at most so many; without ``since`` the newest, otherwise the next.
        """
        terms = [f"correlation_id={_correlation(correlation_id)}"] if correlation_id else []
        terms += [search] if search else []
        order = "asc" if since is not None else "desc"
        query = " ".join([" and ".join(terms), f"sortby time {order}"]).strip()
        params: dict[str, Any] = {"from": since, "max": limit}
        found = [Event.read(item) for item in self.list("events", search=query, params=params)]
        return sorted((event for event in found if since is None or event.id > since), key=lambda event: event.id)

    def why(self, correlation_id: str, said: str = "", *, given_up: bool = False) -> Optional[str]:
        """The engine's own reason for the failure of a change, from its events and failed steps; None when it tells none.

        The host's part of it has another correlation id, and is found by its time.

        :param said: what was told of it already, and is not told again.
        :param given_up: nothing came of the change, though its job does not say that it failed.
        """
        jobs = self.jobs(correlation_id)
        nearby: Events = []
        own = own_job(jobs)
        if own is not None and (own.failed or given_up) and own.start is not None:
            end = own.end if own.end is not None else float("inf")
            nearby = [event for event in self.events(limit=100) if event.code in _OF_HOSTS and own.start - 1.0 <= event.time <= end + 1.0]
        return reason_of(jobs, self.events(correlation_id), nearby, said)

    def lamented(self, correlation_id: str, identifier: str, codes: Collection[int]) -> Optional[str]:
        """What the engine says in events of these codes about an object since the change began, whatever their correlation id."""
        own = self.job(correlation_id)
        if own is None or own.start is None:
            return None
        said = [event for event in self.events(limit=100) if event.code in codes and identifier in event.about.values() and event.time >= own.start]
        return " ".join(dict.fromkeys(" ".join(event.description.split()) for event in said)) or None

    # The engine itself

    @property
    def root(self) -> Document:
        """The API's root document; read once."""
        with self._lock:
            if self._root is None:
                document = self._document(self._exchange("GET", ""))
                if "product_info" not in document:
                    raise ProtocolError("what answers is not the API of an engine", path=self.connection.api_root, hint="Check engine.url.")
                self._root = document
            return self._root

    @property
    def version(self) -> EngineVersion:
        return EngineVersion.read(self.root["product_info"].get("version", {}))

    @property
    def product(self) -> str:
        """Name of the product, ``oVirt Engine``; some builds tell none."""
        return str(self.root["product_info"].get("name", ""))

    @property
    def special_objects(self) -> dict[str, str]:
        """Ids of the objects that every engine has, such as ``{"blank_template": "0000...", "root_tag": "..."}``."""
        return {name: value["id"] for name, value in self.root.get("special_objects", {}).items() if isinstance(value, dict) and "id" in value}

    def count(self, collection: str) -> int:
        """How many objects of a collection there are: those of the summary (``vms``, ``hosts``, ``storage_domains``); 0 where it is not told."""
        return int(_reach(self.root, f"summary.{collection}.total") or 0)

    @property
    def filtered(self) -> bool:
        """Whether the engine shows this user only what he may use; it then leaves out objects after it has cut a page."""
        return "summary" not in self.root

    # Beneath

    @property
    def _deadline(self) -> Optional[Deadline]:
        deadline: Optional[Deadline] = getattr(self._limits, "deadline", None)
        return deadline

    def _exchange(
        self,
        method: str,
        path: str,
        *,
        params: Optional[Mapping[str, str]] = None,
        body: Any = None,
        correlation_id: Optional[str] = None,
        repeatable: Optional[bool] = None,
        timeout: Optional[float] = None,
    ) -> Response:
        """Send one request, logged in; a good answer comes back, any other is raised."""
        headers = {"Accept": "application/json", "Version": "4"}
        if correlation_id is not None:
            headers["Correlation-Id"] = correlation_id
        deadline = self._deadline
        outage = self.clock.deadline(self.connection.patience)
        attempt = 0
        renewed = False
        while True:
            authorization = self._session.authorization(deadline)
            request = Request(
                method,
                self._path(path),
                params=params or {},
                headers={**headers, "Authorization": authorization.reveal()},
                json=body,
                repeatable=repeatable,
                timeout=timeout,
                deadline=deadline,
            )
            response = self._transport.send(request)
            if response.status != 401:
                break
            if _token_unchecked(response):
                if outage.passed or (deadline is not None and deadline.passed):
                    raise TransportError(f"the engine cannot check tokens now: {readable(response)}", method=method, path=request.path, status=401)
                self.clock.sleep(backoff(attempt))
                attempt += 1
            elif renewed or not self._session.renew(authorization, deadline):
                break
            else:
                renewed = True
        if 200 <= response.status < 300:
            return response
        error = refusal(response, correlation_id, self._session.secrets)
        self._point_to_roles(error)
        if isinstance(error, NotFound) and method == "DELETE" and response.repeated:
            raise _AlreadyDone
        if response.repeated and method not in ("GET", "HEAD") and not error.hint:
            error.hint = "The answer to an earlier sending was lost; the engine may have carried that one out."
        raise error

    def _point_to_roles(self, error: EngineError) -> None:
        """Say of a refusal for want of a permission whose roles are meant."""
        who = self.connection.username or "the user"
        if error.status == 403:
            error.hint = f"Give {who} a role that permits it on this object, or on what it lies in; or use another user."
        elif isinstance(error, AdministratorsOnly):
            error.hint = f"This is shown to administrators alone: {who} needs a role for them, such as ReadOnlyAdmin."

    def below_root(self, path: str) -> str:
        """The path below the API's root, of such a one or of an href; without slashes around it."""
        root = next((root for root in (_CANONICAL_ROOT, self.connection.api_root) if path.startswith(f"{root}/")), "")
        return path[len(root) :].strip("/")

    def _path(self, path: str) -> str:
        """The absolute path of one below the API's root, or of an href."""
        parts = unquote(self.below_root(path)).strip("/").split("/")
        if any(part in (".", "..") for part in parts) or any(ord(letter) < 32 for letter in path):
            raise InvalidInput(f"{path!r} is no path of the API")
        below = quote("/".join(parts), safe="/;=")
        return f"{self.connection.api_root}/{below}" if below else self.connection.api_root

    def _document(self, response: Response) -> Document:
        """The one object that an answer is; the engine never answers with nothing where it has accepted what was asked."""
        try:
            document = response.json()
        except ProtocolError as error:
            raise _unreadable(response, error.message, error.hint) from error
        if not isinstance(document, dict):
            raise _unreadable(response, "the answer is not an object")
        return document

    def _items(self, response: Response) -> Documents:
        """The objects of a collection. ``{}`` is an empty one, and nothing else is; but who may not see any is answered without content."""
        if response.status == 204:
            return []
        document = self._document(response)
        lists = [value for value in document.values() if isinstance(value, list)]
        if document and len(lists) != 1:
            raise _unreadable(response, "the answer is not one collection")
        items: Documents = lists[0] if lists else []
        if not all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in items):
            raise _unreadable(response, "the answer lists something that is no object of the engine")
        return items

    def _record(self, request: Request, status: Optional[int], seconds: float) -> None:
        with self._counting:
            self.log.append(Call(request.method, request.path, status, seconds))
            self.counts[request.method] += 1


def _kind(path: str) -> str:
    """A path without its ids: what is closed for one object of a kind is closed for all."""
    return "/".join(part for part in path.strip("/").split("/") if not _ID.fullmatch(part))


class _AlreadyDone(Exception):
    """A repeated removal finds nothing: the sending whose answer was lost has done it."""


def _unreadable(response: Response, what: str, hint: Optional[str] = None) -> EngineError:
    """A good status with an answer that is not the API's: the engine may well have carried out what was asked."""
    facts: dict[str, Any] = {"method": response.method, "path": response.path, "status": response.status, "hint": hint or _NOT_THE_API}
    if response.method in ("GET", "HEAD"):
        return ProtocolError(what, **facts)
    return AnswerLost(f"the request may have been carried out, but {what}", correlation_id=response.headers.get("correlation-id"), **facts)


def open_transport(connection: Connection, clock: Clock, adapter: Any = None) -> Transport:
    """The transport that a connection describes.

    :param adapter: stands in for the network, a ``requests.adapters.BaseAdapter``.
    """
    return Transport(
        connection.origin,
        clock=clock,
        environ=connection.environ,
        ca_file=connection.ca_file,
        validate_certs=connection.validate_certs,
        timeout=connection.timeout,
        connect_timeout=connection.connect_timeout,
        headers=connection.headers,
        proxy=connection.proxy,
        pool_size=connection.pool_size,
        max_answer=connection.max_answer,
        retries=connection.retries,
        patience=connection.patience,
        adapter=adapter,
    )


def _query(params: Optional[Mapping[str, Any]], follow: Sequence[str] = (), **more: Any) -> dict[str, str]:
    query = {**(params or {}), **more, "follow": ",".join(follow) or None}
    return {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in query.items() if value is not None}


def _correlation(correlation_id: str) -> str:
    return re.sub(r"[^0-9A-Za-z_-]", "", correlation_id)[:_CORRELATION_LENGTH]


def _reach(item: Mapping[str, Any], path: str) -> Any:
    value: Any = item
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _token_unchecked(response: Response) -> bool:
    """Whether a 401 only says that an engine which goes down could not look the token up."""
    return "server_error" in response.text[:2000]
