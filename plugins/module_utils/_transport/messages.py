# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What goes out and what comes back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional

from ansible_collections.virtops.ovirt.plugins.module_utils._base.clock import Deadline
from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import ProtocolError

SAFE_METHODS = ("GET", "HEAD")


@dataclass(frozen=True)
class Request:
    """One request to the server of the transport.

    :param path: absolute path on the server, percent-encoded.
    :param params: members of the query, as text.
    :param json: body to send as JSON; None sends none.
    :param form: body to send as a form.
    :param timeout: seconds without an answer before it counts as lost; None takes the transport's.
    :param repeatable: whether sending it twice does no more than sending it once; None decides by the method.
    :param deadline: no repeat begins after it.
    """

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Optional[Mapping[str, str]] = field(default=None, repr=False)
    timeout: Optional[float] = None
    repeatable: Optional[bool] = None
    deadline: Optional[Deadline] = None

    @property
    def may_repeat(self) -> bool:
        return self.method in SAFE_METHODS if self.repeatable is None else self.repeatable


@dataclass(frozen=True)
class Response:
    """A whole answer.

    :param headers: names in lower case.
    :param body: unpacked.
    :param seconds: from sending the request to the last byte.
    :param repeated: an earlier sending of the same request was lost, and may have been carried out before this one.
    """

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0
    repeated: bool = False

    @property
    def media_type(self) -> str:
        """``application/json``, or the empty string when the answer does not say."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_json(self) -> bool:
        return self.media_type == "application/json"

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", errors="replace")

    def json(self) -> Any:
        """The document of the body.

        :raises ProtocolError: the body is no JSON, or is nested beyond all reason.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            what = f"not JSON but {self.media_type or 'of no type'} of {len(self.body)} bytes" if self.body else "empty"
            raise ProtocolError(
                f"the answer is {what}",
                method=self.method,
                path=self.path,
                status=self.status,
                hint="Something between here and the engine may have answered in its place, or the answer was cut; check engine.url and the proxy.",
            ) from error
