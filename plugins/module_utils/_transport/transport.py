# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One ``send(request) -> response`` over ``requests``."""

from __future__ import annotations

import json
import re
import ssl
import threading
import traceback
from http.cookiejar import DefaultCookiePolicy
from typing import Callable, Iterator, Mapping, Optional, Union
from urllib.parse import urljoin, urlsplit

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Clock, backoff
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import AnswerLost, InvalidInput, ProtocolError, TransportError, Unreachable
from ansible_collections.virtops.ovirt.plugins.module_utils._transport import limits, tls
from ansible_collections.virtops.ovirt.plugins.module_utils._transport.messages import SAFE_METHODS, Request, Response

try:
    import requests
    import urllib3
    from requests.adapters import BaseAdapter
except ImportError:
    REQUESTS_IMPORT_ERROR: Optional[str] = traceback.format_exc()
else:
    REQUESTS_IMPORT_ERROR = None

REDIRECTS = (301, 302, 303, 307, 308)
OUTAGES = (502, 503, 504)
_MOST_REDIRECTS = 5
_CHUNK = 64 * 1024
_MOST_PACKED = 32 * 1024**2
_MOST_SHRUNK = 200
"""An answer of more than so many bytes has not shrunk to less than a two-hundredth; lists of an engine shrink to a thirtieth."""
_LONGEST = 900.0
"""Seconds for a whole answer, however steadily it drips, where no deadline says how many."""
# A handshake that fails like this has not carried anything; any other TLS failure may have come while the answer was read.
_HANDSHAKE = re.compile(r"CERTIFICATE|WRONG_VERSION|HANDSHAKE|PROTOCOL|NO_SHARED|ALERT_|HTTP_REQUEST|Hostname|doesn't match", re.IGNORECASE)

OnExchange = Callable[[Request, Optional[int], float], None]


class Transport:
    """HTTP to one server; may be used by several threads at once.

    :param origin: ``https://engine.example.com:8443``.
    :param timeout: seconds that a request may stay without an answer.
    :param headers: sent with each request, unless the request has its own of that name.
    :param proxy: URL of a proxy, the empty string for none, None for what ``environ`` says.
    :param environ: where proxies and trusted authorities are looked up.
    :param pool_size: connections kept, and requests in flight at most.
    :param max_answer: bytes of an unpacked answer that are accepted.
    :param retries: repeats before the server has ever answered.
    :param patience: seconds for which repeats go on once it has.
    :param on_exchange: told each request that was sent, its status (None: no answer) and seconds.
    :param adapter: stands in for the network, as ``requests`` has it.
    :raises InvalidInput: what was given makes no connection.
    """

    def __init__(
        self,
        origin: str,
        *,
        clock: Clock,
        environ: Mapping[str, str],
        ca_file: Optional[str] = None,
        validate_certs: bool = True,
        timeout: float = 60.0,
        connect_timeout: float = 10.0,
        headers: Optional[Mapping[str, str]] = None,
        proxy: Optional[str] = None,
        pool_size: int = 8,
        max_answer: int = 1024**3,
        retries: int = 3,
        patience: float = 180.0,
        on_exchange: Optional[OnExchange] = None,
        adapter: Optional[BaseAdapter] = None,
    ) -> None:
        if REQUESTS_IMPORT_ERROR is not None:
            raise InvalidInput("the Python library requests is missing", hint="Install it for the Python that runs this.")
        self.origin = origin
        self.reached = False
        self._clock = clock
        self._timeout = timeout
        self._connect_timeout = connect_timeout
        self._max_answer = max_answer
        self._retries = retries
        self._patience = patience
        self.on_exchange = on_exchange
        self._verify: Union[bool, str] = tls.trusted(ca_file, validate_certs, environ) if origin.startswith("https:") else True
        self._proxies = _proxies(origin, proxy, environ)
        self._lock = threading.Lock()
        self._session = requests.Session()
        # Otherwise a .netrc replaces the Authorization header, and the environment the verification.
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._session.headers.update(headers or {})
        self._session.mount(origin, adapter or limits.adapter(pool_connections=2, pool_maxsize=pool_size, pool_block=True))
        if not validate_certs:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def close(self) -> None:
        self._session.close()

    def send(self, request: Request) -> Response:
        """The server's answer, whatever its status but for the 502, 503 and 504 pages of a proxy whose engine is away.

        A request that is safe to repeat, or that surely never left, is repeated with growing pauses: a few times when the
        server has never answered, and for ``patience`` seconds when it has, as an engine that restarts is away for half a minute.

        :raises Unreachable: it never left; nothing was carried out.
        :raises AnswerLost: it left, must not be repeated, and its answer did not come.
        :raises TransportError: repeated in vain.
        :raises ProtocolError: the answer is too large or leads elsewhere.
        """
        patience = self._clock.deadline(self._patience)
        lost: Optional[AnswerLost] = None
        attempt = 0
        while True:
            failure: TransportError
            try:
                response = self._follow(request, repeated=lost is not None)
            except _Final as final:
                raise final.error from final.__cause__
            except (Unreachable, AnswerLost) as error:
                failure = error
            else:
                if response.status not in OUTAGES or response.is_json:
                    self.reached = True
                    return response
                failure = _outage(response, request)
            if isinstance(failure, AnswerLost):
                if not request.may_repeat:
                    raise failure
                lost = failure
            tired = patience.passed or (not self.reached and attempt >= self._retries)
            if tired or (request.deadline is not None and request.deadline.passed):
                raise self._given_up(failure, lost, request, attempt)
            pause = backoff(attempt)
            self._clock.sleep(pause if request.deadline is None else min(pause, request.deadline.left))
            attempt += 1

    def _given_up(self, failure: TransportError, lost: Optional[AnswerLost], request: Request, attempt: int) -> TransportError:
        if lost is not None and request.method not in SAFE_METHODS:
            return lost
        if isinstance(failure, AnswerLost):
            tries = f", tried {attempt + 1} times" if attempt else ""
            return TransportError(failure.message + tries, method=failure.method, path=failure.path, status=failure.status, hint=failure.hint)
        return failure

    def _follow(self, request: Request, repeated: bool) -> Response:
        path, params = request.path, request.params
        for _hop in range(_MOST_REDIRECTS):
            response = self._once(request, path, params, repeated)
            if response.status not in REDIRECTS:
                return response
            target = urlsplit(urljoin(self.origin + path, response.headers.get("location", "")))
            here = f"{target.scheme}://{target.netloc}" == self.origin
            if request.method not in SAFE_METHODS or not here:
                elsewhere = f"{target.scheme}://{target.netloc}{target.path}"
                raise ProtocolError(
                    f"the server redirects to {elsewhere}, and credentials are not sent on",
                    method=request.method,
                    path=path,
                    status=response.status,
                    hint="Write engine.url with the address that the engine itself has.",
                )
            path, params = target.path + (f"?{target.query}" if target.query else ""), {}
        raise ProtocolError("the server redirects in a circle", method=request.method, path=path, hint="Check engine.url.")

    def _once(self, request: Request, path: str, params: Mapping[str, str], repeated: bool) -> Response:
        headers = dict(request.headers)
        data: Union[bytes, Mapping[str, str], None] = request.form
        if request.json is not None:
            data = json.dumps(request.json, ensure_ascii=False, allow_nan=False).encode()
            headers.setdefault("Content-Type", "application/json")
        try:
            prepared = self._session.prepare_request(requests.Request(request.method, self.origin + path, params=dict(params), headers=headers, data=data))
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader, UnicodeError) as error:
            # What the library says of a header quotes its value.
            what = "a header has a value that no header can have" if isinstance(error, requests.exceptions.InvalidHeader) else str(error)
            raise InvalidInput(f"the request cannot be made: {what}", method=request.method, path=path) from error
        connecting, silence = self._connect_timeout, request.timeout or self._timeout
        if request.deadline is not None:
            left = max(1.0, request.deadline.left)
            connecting, silence = min(connecting, left), min(silence, left)
        whole = _LONGEST if request.deadline is None else max(1.0, request.deadline.left)
        began = self._clock.now()
        line = limits.begin(whole)
        status: Optional[int] = None
        try:
            with self._session.send(
                prepared, timeout=(connecting, silence), verify=self._verify, proxies=self._proxies, allow_redirects=False, stream=True
            ) as answer:
                status = answer.status_code
                body = b"".join(self._chunks(answer, request, path))
                return Response(
                    method=request.method,
                    path=path,
                    status=status,
                    headers={name.lower(): value for name, value in answer.headers.items()},
                    body=body,
                    seconds=self._clock.now() - began,
                    repeated=repeated,
                )
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if line.handshake_cut:
                what = f"{urlsplit(self.origin).netloc} ended the connection during the TLS handshake"
                raise Unreachable(what, method=request.method, path=path, hint="The engine, or the proxy before it, may be starting.") from error
            if line.passed:
                raise self._too_late(request, path, status) from error
            raise self._failure(error, request, path, status, connecting, silence) from error
        except ValueError as error:
            # The library looks at where an answer redirects to, whether it is followed or not.
            raise ProtocolError("the server redirects to what is no URL", method=request.method, path=path, hint="Check engine.url and the proxy.") from error
        finally:
            if self.on_exchange is not None:
                self.on_exchange(request, status, self._clock.now() - began)

    def _chunks(self, answer: requests.Response, request: Request, path: str) -> Iterator[bytes]:
        size = 0
        for chunk in answer.iter_content(_CHUNK):
            size += len(chunk)
            if size > _MOST_PACKED and size > _MOST_SHRUNK * max(1, answer.raw.tell()):
                raise ProtocolError(
                    f"the answer is packed so tightly that it is none of an engine: {answer.raw.tell()} bytes of more than {size}",
                    method=request.method,
                    path=path,
                    status=answer.status_code,
                    hint="Check engine.url and the proxy.",
                )
            if size > self._max_answer:
                raise ProtocolError(
                    f"the answer is larger than {self._max_answer} bytes",
                    method=request.method,
                    path=path,
                    status=answer.status_code,
                    hint="Ask for less (a search, fewer links to follow).",
                )
            yield chunk
        announced = answer.headers.get("Content-Length", "")
        if request.method != "HEAD" and announced.isdigit() and answer.raw.tell() < int(announced):
            raise requests.exceptions.ChunkedEncodingError(f"{answer.raw.tell()} of {announced} bytes came")

    def _too_late(self, request: Request, path: str, status: Optional[int]) -> AnswerLost:
        return AnswerLost(
            f"{urlsplit(self.origin).netloc} did not come to the end of its answer in the time of the task",
            method=request.method,
            path=path,
            status=status,
            correlation_id=request.headers.get("Correlation-Id"),
            hint=None if request.method in SAFE_METHODS else "The engine may have carried the request out all the same.",
        )

    def _failure(self, error: Exception, request: Request, path: str, status: Optional[int], connecting: float, silence: float) -> Exception:
        """What an exception of the library means for the request."""
        host = urlsplit(self.origin).netloc
        chain = list(_chain(error))
        secure = next((link for link in chain if isinstance(link, (ssl.SSLError, urllib3.exceptions.SSLError))), None)
        if secure is not None and status is None and _HANDSHAKE.search(str(secure)):
            what, hint = tls.explain(secure)
            return _Final(Unreachable(f"{host}: {what}", method=request.method, path=path, hint=hint))
        if any(isinstance(link, requests.exceptions.InvalidURL) for link in chain):
            return InvalidInput(f"engine.url has a host or port that is none: {host}")
        if isinstance(error, requests.exceptions.ProxyError):
            said = f"the proxy does not lead to {host}: {_cause(chain)}"
            refused = Unreachable(said, method=request.method, path=path, hint="Check engine.proxy, HTTPS_PROXY and NO_PROXY.")
            return _Final(refused) if "407" in str(error) or "403" in str(error) else refused
        if isinstance(error, requests.exceptions.ConnectTimeout) or any(
            isinstance(link, (urllib3.exceptions.NewConnectionError, urllib3.exceptions.ConnectTimeoutError)) for link in chain
        ):
            late = isinstance(error, requests.exceptions.ConnectTimeout)
            what = f"no connection within {connecting:g} s" if late else _cause(chain)
            return Unreachable(
                f"{host} cannot be reached: {what}",
                method=request.method,
                path=path,
                hint="Check engine.url, and that the engine runs and no firewall is between.",
            )
        timed_out = any(isinstance(link, (requests.exceptions.Timeout, urllib3.exceptions.ReadTimeoutError, TimeoutError)) for link in chain)
        what = f"stayed silent for {silence:g} s" if timed_out else f"ended the connection before its answer was complete ({_cause(chain)})"
        return AnswerLost(
            f"{host} {what}",
            method=request.method,
            path=path,
            status=status,
            correlation_id=request.headers.get("Correlation-Id"),
            hint=None if request.method in SAFE_METHODS else "The engine may have carried the request out all the same.",
        )


class _Final(Exception):
    """Carries a transport error that no repeat can mend."""

    def __init__(self, error: TransportError) -> None:
        super().__init__(str(error))
        self.error = error


def _outage(response: Response, request: Request) -> TransportError:
    """A page of what stands before the engine: 503 says that it did not pass the request on, 502 and 504 that no answer came back."""
    method, path, status = response.method, response.path, response.status
    hint = "It may be starting; look at the ovirt-engine service, and at the proxy before it."
    if status == 503:
        return Unreachable("the engine is not available (Service Unavailable)", method=method, path=path, status=status, hint=hint)
    lost_id = request.headers.get("Correlation-Id")
    return AnswerLost("no answer came from behind the web server or proxy", method=method, path=path, status=status, correlation_id=lost_id, hint=hint)


def _proxies(origin: str, proxy: Optional[str], environ: Mapping[str, str]) -> dict[str, str]:
    scheme = urlsplit(origin).scheme
    if proxy is None:
        for variable in (f"{scheme}_proxy", "all_proxy"):
            proxy = environ.get(variable) or environ.get(variable.upper())
            if proxy:
                break
        excepted = environ.get("no_proxy") or environ.get("NO_PROXY") or ""
        if proxy and requests.utils.should_bypass_proxies(origin, excepted):
            proxy = None
    return {scheme: proxy} if proxy else {}


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and all those that it wraps, in any of the ways of ``requests`` and ``urllib3``."""
    pending: list[object] = [error]
    seen: set[int] = set()
    while pending:
        link = pending.pop(0)
        if not isinstance(link, BaseException) or id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        pending += [*link.args, getattr(link, "reason", None), link.__cause__, link.__context__]


def _cause(chain: list[BaseException]) -> str:
    """The system's own words at the bottom of a chain."""
    for link in reversed(chain):
        if isinstance(link, OSError) and link.strerror:
            return link.strerror.lower()
    return re.sub(r"<[^>]*>:? ?", "", str(chain[-1])) or type(chain[-1]).__name__
