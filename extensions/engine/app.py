"""The engine without sockets: ``Engine.handle(request)`` answers one request, ``Engine.advance`` lets simulated time pass."""

from __future__ import annotations

import random
import re
import sys
import threading
import traceback
import uuid
from typing import Any, Mapping, Sequence

from . import codec, errors, follow, validate
from .clock import Clock, Timeline
from .commands import Context, Identity, Locks, correlation
from .contract.model import Model
from .faults import Faults
from .http import Parked, Request, Response
from .rules import permits, reading
from .services import Services, permissions, root
from .services.base import Collection, Created
from .sso import Sso
from .store import Store

API = ["ovirt-engine", "api"]
JSON = "application/json"
XML = "application/xml;charset=UTF-8"
GET_METHODS = ("GET", "HEAD")


class Engine:
    """All state of one engine.

    ``state`` is a path the estate is kept in, ``speed`` simulated seconds per real one (0: time passes only by ``advance``), ``faults`` a file of
    rules (see faults.py), ``seed`` makes ids and MAC addresses repeatable.  ``users`` (with their passwords, or None for who cannot log in) and
    ``groups`` are in the directory beside the administrator, not yet added to the engine.  One thread at a time is inside; the lock sees to it.
    """

    def __init__(self, *, username: str = "admin@internal", password: str = "", state: str | None = None, speed: float = 1.0,
                 faults: str | None = None, seed: int | None = None, start: float | None = None, users: Mapping[str, str | None] | None = None,
                 groups: Sequence[str] = ()) -> None:
        self._lock = threading.RLock()
        self.model = Model.load()
        self.store = Store(state)
        life = self.store.table("_engine")
        memory = life.get("engine") or {"id": "engine", "starts": 0, "now": None, "seed": seed if seed is not None else random.SystemRandom().getrandbits(62)}
        memory["starts"] += 1
        self._memory = life.save(memory)
        self._random = random.Random(f"{memory['seed']}:{memory['starts']}")
        self.instance_id: str = memory.setdefault("instance_id", self.new_id())
        self.clock = Clock(speed, start)
        self.timeline = Timeline(self.store, self.clock)
        self.locks = Locks(self)
        self.faults = Faults(faults, self)
        self.services = Services(self)
        self.parked: list[Parked] = []
        self.real_hosts = False            # whether hosts take over whatever networks ask for (rules/host_networks.py)
        self.sso = Sso(self, username, password, users or {}, groups)
        self.collection_by_table: dict[str, Collection] = {one.table: one for one in reversed(self.services.collections)}
        if not self.store.restored:
            ctx = self.context()
            for collection in sorted(self.services.collections, key=lambda one: one.seed_rank):
                collection.seed(ctx)
        self.store.commit()

    # -- time

    def advance(self, seconds: float) -> None:
        """Let simulated time pass (for tests); everything due meanwhile happens at its own moment."""
        with self._lock:
            self.clock.advance(seconds)
            self.tick()

    def tick(self) -> None:
        """Do what is due now, then look at the requests that wait."""
        with self._lock:
            if self.timeline.run(self._call):
                self._keep()
            self.resume()

    def due_in(self) -> float | None:
        """Real seconds until the next thing is due; None when nothing is."""
        due = self.timeline.next_due()
        return None if due is None else max(0.0, self.clock.real(due - self.clock.now()))

    def resume(self) -> None:
        """Carry out parked requests whose lock has become free, the oldest first."""
        with self._lock:
            for parked in list(self.parked):
                if parked.response is None and self.locks.held(parked.key) is None:
                    self.parked.remove(parked)
                    answer = self._dispatch(parked.request)
                    if isinstance(answer, Parked):
                        self.parked.remove(answer)
                        parked.key = answer.key
                        self.parked.append(parked)
                    else:
                        parked.response = answer

    def _call(self, handler: Any, arguments: dict[str, Any]) -> None:
        arguments = dict(arguments)
        correlation_id = arguments.pop("_correlation", None)
        ctx = self.context(correlation_id, arguments.pop("_user", None))
        handler(ctx, **arguments)

    # -- identities and numbers

    def context(self, correlation_id: str | None = None, user_id: str | None = None) -> Context:
        """A context outside a request, as the administrator unless said otherwise."""
        return Context(self, self.sso.identity(user_id), correlation_id or self.new_id())

    def new_id(self) -> str:
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def next_number(self, name: str) -> int:
        """The next of a row of numbers that never repeats (events, MAC addresses)."""
        table = self.store.table("_numbers")
        row = table.get(name) or {"id": name, "last": 0}
        row["last"] += 1
        table.save(row)
        return row["last"]

    # -- requests

    def handle(self, request: Request) -> Response | Parked:
        """Answer a request.  What it changed is kept before the answer is given out."""
        with self._lock:
            self.tick()
            return self._dispatch(request)

    def _dispatch(self, request: Request) -> Response | Parked:
        correlation_id = correlation(request)
        try:
            response = self._answer(request, correlation_id)
        except errors.Park as park:
            parked = Parked(request, park.key)
            self.parked.append(parked)
            return parked
        except errors.Answer as answer:
            response = self._ended(answer, request, None, correlation_id)
        except Exception:
            traceback.print_exc(file=sys.stderr)
            response = self._ended(errors.fault(500, "The embedded engine failed; its error output has the traceback."), request, None, correlation_id)
        if request.session is not None:
            response.headers["Set-Cookie"] = self.sso.cookie(request.session)
        response.wrote = self.store.changed
        self._keep()
        return response

    def _keep(self) -> None:
        permissions.forget(self.store)
        self.store.commit()

    def _answer(self, request: Request, correlation_id: str) -> Response:
        segments = request.segments
        if segments[:2] != API:
            if segments[:1] == ["ovirt-engine"] and segments[1:2] in (["sso"], ["services"]):
                return self.sso.handle(request)
            return self._page(404, "Error", "404 - Not Found")
        prefix, rest = "/ovirt-engine/api", segments[2:]
        version = request.headers.get("version")
        if rest and re.fullmatch(r"v\d+", rest[0]):
            version, rest, prefix = rest[0][1:], rest[1:], f"{prefix}/{rest[0]}"
        if version is not None and version != "4":
            raise errors.html(405 if version == "3" else 400, "Error", "")
        identity: Identity = self.sso.authenticate(request)
        ctx = Context(self, identity, correlation_id, request, prefix=prefix)
        try:
            if not rest:
                return self._root(ctx, request)
            return self._route(ctx, request, rest)
        except errors.Answer as answer:
            return self._ended(answer, request, ctx, correlation_id)

    def _route(self, ctx: Context, request: Request, rest: list[str]) -> Response:
        found = self.services.match(rest)
        if found is None or len(found[2]) > 2:
            return self._elsewhere(ctx, request, rest)
        collection, parents, left = found
        known = self.model.match(rest)
        if known is None or not self.model.operations(known.service):
            return self._elsewhere(ctx, request, rest)
        service = known.service
        if known.kind not in ("collection", "item", *collection.actions, *collection.collection_actions):
            return self._elsewhere(ctx, request, rest)
        method = "GET" if request.method == "HEAD" else request.method
        if len(left) == 0:
            return self._on_collection(ctx, request, collection, parents, service, method)
        if len(left) == 1 and left[0] in collection.collection_actions:
            return self._act(ctx, request, collection, parents, None, left[0], service, method)
        if len(left) == 1:
            return self._on_item(ctx, request, collection, parents, left[0], service, method)
        if left[1] in collection.actions:
            return self._act(ctx, request, collection, parents, left[0], left[1], service, method)
        return self._elsewhere(ctx, request, rest)

    def _root(self, ctx: Context, request: Request) -> Response:
        if request.method not in GET_METHODS:
            return self._not_allowed(request, "system")
        ctx.media = codec.negotiate(request)
        response = self._sent(ctx, 200, codec.encode(self.model, "api", root.document(ctx), ctx.media))
        response.headers["Link"] = root.link_header(self.origin(request), ctx.prefix)
        return response

    def _on_collection(self, ctx: Context, request: Request, collection: Collection, parents: dict[str, str], service: str, method: str) -> Response:
        if method == "GET":
            ctx.media = codec.negotiate(request)
            self._offered(collection, "rows", ctx, service, "list")
            reading.admit(ctx, collection, False)
            reps = [collection.render(ctx, row, parents) for row in collection.listed(ctx, parents)]
            self._follow(ctx, collection.type, reps)
            shape = "unregistered" if ctx.flag("unregistered") else service
            return self._sent(ctx, 200, codec.encode_list(self.model, collection.type, reps, ctx.media, shape, bool(ctx.parameter("follow"))))
        if method == "POST":
            self._offered(collection, "add", ctx, service, "add")
            ctx.media = codec.negotiate(request)
            body = self._body(request, collection.type, service, "add")
            permits.check(ctx, collection, "add", None, parents, body)
            made = collection.add(ctx, body, parents)
            if isinstance(made, list):
                reps = [collection.render(ctx, row, parents) for row in made]
                return self._sent(ctx, 201, codec.encode_list(self.model, collection.type, reps, ctx.media, service, False))
            if not isinstance(made, Created):
                made = Created(made)
            rep = made.rep if made.rep is not None else collection.render(ctx, made.row, parents)
            response = self._sent(ctx, made.status, codec.encode(self.model, made.kind or collection.type, rep, ctx.media))
            if made.status == 201 and "href" in rep:
                # As observed: the engine puts its own base in front of an href that has it already.
                response.headers["Location"] = f"{self.origin(request)}/ovirt-engine/api/v4{rep['href']}"
            return response
        return self._not_allowed(request, service)

    def _on_item(self, ctx: Context, request: Request, collection: Collection, parents: dict[str, str], ident: str, service: str, method: str) -> Response:
        if method == "GET":
            self._offered(collection, "find", ctx, service, "get")
            if not any(one in request.headers.get("accept", "") for one in collection.accepts):
                ctx.media = codec.negotiate(request)
            row = self._seen(ctx, collection, ident, parents)
            reps = [collection.render(ctx, row, parents)]
            self._follow(ctx, collection.type, reps)
            return self._sent(ctx, 200, codec.encode(self.model, collection.type, reps[0], ctx.media))
        if method == "PUT":
            self._offered(collection, "update", ctx, service, "update")
            ctx.media = codec.negotiate(request)
            body = self._body(request, collection.type, service, "update")
            row = self._seen(ctx, collection, ident, parents)
            permits.check(ctx, collection, "update", row, parents, body)
            if body.get("id", ident).lower() != ident.lower():
                raise errors.fault(409, "Attempt to set immutable field: id", "Broken immutability constraint")
            answer = collection.update(ctx, row, body)
            rep = answer.rep if isinstance(answer, Created) and answer.rep is not None else collection.render(
                ctx, answer.row if isinstance(answer, Created) else answer, parents)
            return self._sent(ctx, 200, codec.encode(self.model, collection.type, rep, ctx.media))
        if method == "DELETE":
            self._offered(collection, "remove", ctx, service, "remove")
            ctx.media = codec.negotiate(request)
            unseen = type(collection).__name__ in reading.REMOVED_UNSEEN
            row = collection.find(ctx, ident, parents) if unseen else self._seen(ctx, collection, ident, parents)
            permits.check(ctx, collection, "remove", row, parents, None)
            later = ctx.flag("async") or "202-accepted" in request.headers.get("expect", "")
            try:
                collection.remove(ctx, row)
            except errors.Answer:
                if not later:
                    raise
            if later:
                return self._sent(ctx, 202, b"")
            return self._sent(ctx, 200, codec.encode(self.model, "action", self._action_rep(ctx, "complete"), ctx.media))
        return self._not_allowed(request, service)

    @staticmethod
    def _seen(ctx: Context, collection: Collection, ident: str, parents: dict[str, str]) -> dict[str, Any]:
        """The row of an item that the user may see."""
        reading.admit(ctx, collection, True)
        row = collection.find(ctx, ident, parents)
        reading.look(ctx, collection, row, parents)
        return row

    def _act(self, ctx: Context, request: Request, collection: Collection, parents: dict[str, str], ident: str | None, verb: str,
             service: str, method: str) -> Response:
        if method != "POST":
            return self._not_allowed(request, service, verb)
        ctx.media = codec.negotiate(request)
        body = self._body(request, "action", service, verb)
        body.update(collection.echoed.get(verb, ()))
        ctx.body = body
        function, entity = (collection.actions if ident is not None else collection.collection_actions)[verb]
        row = None
        try:
            if ident is not None:
                try:
                    row = collection.find(ctx, ident, parents)
                except errors.Answer as missing:
                    if missing.kind == "empty":
                        raise collection.unknown(ctx, verb, ident) from None
                    raise
            permits.check(ctx, collection, verb, row, parents, body)
            extra = function(ctx, row if ident is not None else parents, body) or {}
        except errors.Answer as answer:
            if answer.kind != "refusal" or verb in collection.bare:
                raise
            rep = {**body, "status": "failed", "fault": {"reason": answer.reason, "detail": answer.detail}}
            return self._sent(ctx, answer.status, codec.encode(self.model, "action", rep, ctx.media))
        rep = {**body, **self._action_rep(ctx, "complete")}
        for name in collection.unechoed:
            rep.pop(name, None)
        if entity and row is not None and extra.get("status") != "pending" and self.model.attribute("action", collection.type) is not None:
            rep[collection.type] = collection.stub(ctx, collection.of(ctx).get(row["id"]) or row)
        rep.update(extra)
        status = 200
        if rep["status"] == "pending":
            status = 202
            base = ctx.prefix + (collection.path_of(row) if row is not None else "")
            rep.setdefault("id", f"{self.new_id()}%2C{self.new_id()}")
            rep.update({"async": True, "href": f"{base}/{verb}/{rep['id']}",
                        "link": [{"rel": "parent", "href": base}, {"rel": "replay", "href": f"{base}/{verb}"}]})
        return self._sent(ctx, status, codec.encode(self.model, "action", rep, ctx.media))

    def _body(self, request: Request, type_name: str, service: str, operation: str) -> Any:
        """The body of a request, after the checks the API's model asks for."""
        rules = self.model.operation(service, operation) or {"name": operation, "params": ()}
        read = codec.decode_list if any(one.get("in_body") and one.get("list") for one in rules["params"]) else codec.decode
        usage = f"{self.origin(request)}/ovirt-engine/apidoc#services/{service}/methods/{rules['name']}"
        body = read(self.model, type_name, request.headers.get("content-type"), request.body, usage)
        validate.check(self.model, service, operation, body)
        return body

    @staticmethod
    def _action_rep(ctx: Context, status: str) -> dict[str, Any]:
        rep: dict[str, Any] = {"status": status}
        if ctx.current_job is not None:
            rep["job"] = {"id": ctx.current_job.id, "href": f"{ctx.prefix}/jobs/{ctx.current_job.id}"}
        return rep

    def _follow(self, ctx: Context, type_name: str, reps: list[dict[str, Any]]) -> None:
        wanted = ctx.parameter("follow")
        if wanted:
            follow.apply(self, ctx, type_name, reps, wanted)

    # -- reading in process (follow, joins)

    def read(self, href: str, ctx: Context) -> dict[str, Any]:
        """The representation at an href, as a GET would give it."""
        collection, parents, left = self._at(href)
        return collection.render(ctx, self._seen(ctx, collection, left[0], parents), parents)

    def list_of(self, href: str, ctx: Context) -> list[dict[str, Any]]:
        """The representations of a list at an href, without search and max."""
        collection, parents, left = self._at(href)
        return [collection.render(ctx, row, parents) for row in reading.shown(ctx, collection, collection.rows(ctx, parents), parents)]

    def _at(self, href: str) -> tuple[Collection, dict[str, str], list[str]]:
        parts = [part for part in href.split("/") if part][2:]
        found = self.services.match(parts[1:] if parts[:1] == ["v4"] else parts)
        if found is None:
            raise errors.not_found()
        return found

    # -- answers

    def _offered(self, collection: Collection, method: str, ctx: Context, service: str, operation: str) -> None:
        """405 for what the API does not have, 501 for what this engine does not have."""
        if not any(one["name"] == operation for one in self.model.services[service]["operations"]):
            raise errors.empty(405, {"Allow": ", ".join(self._allowed(service))})
        if getattr(collection, method) is None:
            raise not_served(f"{operation} of {service}")

    def _not_allowed(self, request: Request, service: str, verb: str | None = None) -> Response:
        allowed = self._allowed(service, verb)
        if request.method == "OPTIONS":
            order = [name for name in ("HEAD", "POST", "DELETE", "GET", "OPTIONS", "PUT") if name in allowed]
            return Response(200, {"Content-Type": "text/plain;charset=UTF-8", "Allow": ", ".join(allowed),
                                  "Correlation-Id": correlation(request)}, ", ".join(order).encode())
        raise errors.empty(405, {"Allow": ", ".join(allowed)})

    def _allowed(self, service: str, verb: str | None = None) -> list[str]:
        if verb is not None:
            return ["OPTIONS", "POST"]
        methods = {one["http"] for one in self.model.services[service]["operations"] if not one.get("action")} | {"OPTIONS"}
        return sorted(methods | ({"HEAD"} if "GET" in methods else set()))

    def _elsewhere(self, ctx: Context, request: Request, rest: list[str]) -> Response:
        known = self.model.match(rest)
        if known is not None and self.model.operations(known.service):
            service, _params, kind = known
            methods = self._allowed(service, kind if kind not in ("collection", "item") else None)
            if request.method not in methods or request.method == "OPTIONS":
                return self._not_allowed(request, service, kind if kind not in ("collection", "item") else None)
            raise not_served(f"{request.method} /{'/'.join(rest)}")
        path = f"{self.origin(request)}/ovirt-engine/api/v4/{'/'.join(rest)}" + "".join(request.target.partition("?")[1:])
        raise errors.html(404, "", f"RESTEASY003210: Could not find resource for full path: {path}")

    def _sent(self, ctx: Context, status: int, body: bytes) -> Response:
        headers = {"Correlation-Id": ctx.correlation_id}
        if body:
            headers["Content-Type"] = JSON if ctx.media == "json" else XML
        return Response(status, headers, body)

    def _ended(self, answer: errors.Answer, request: Request, ctx: Context | None, correlation_id: str) -> Response:
        headers = dict(answer.headers)
        if answer.status != 401:
            headers["Correlation-Id"] = correlation_id
        if answer.kind == "empty":
            return Response(answer.status, headers)
        if answer.kind == "html":
            page = self._page(answer.status, answer.reason or "", answer.detail or "")
            page.headers.update(headers)
            return page
        if answer.kind == "text":
            headers["Content-Type"] = answer.reason or "text/plain"
            return Response(answer.status, headers, (answer.detail or "").encode())
        media = ctx.media if ctx is not None else "json"
        headers["Content-Type"] = JSON if media == "json" else XML
        return Response(answer.status, headers, codec.encode_fault(media, answer.reason, answer.detail))

    @staticmethod
    def _page(status: int, title: str, text: str) -> Response:
        body = f"<html><head><title>{title}</title></head><body>{text}</body></html>" if title else text
        return Response(status, {"Content-Type": "text/html;charset=UTF-8"}, body.encode())

    @staticmethod
    def origin(request: Request) -> str:
        """Scheme, host and port as the client sees them."""
        return f"https://{request.headers.get('host', 'localhost')}"

    def close(self) -> None:
        with self._lock:
            self.store.close()


def not_served(what: str) -> errors.Answer:
    """Loud on purpose: a client must never take a gap of this engine for an answer of the real one."""
    return errors.fault(501, f"The embedded engine does not serve this part of the API: {what}", "Not Implemented")
