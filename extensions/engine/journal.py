"""What the engine was asked and what it answered, one JSON object a line.

``time``            epoch milliseconds, real time
``method``, ``path``, ``query``  of the request as it came; the query is left out where it can hold a password
``status``          of the answer; null when none was sent (a dropped connection)
``correlation_id``  as the answer carried it, null without
``wrote``           did the request change the estate?
``milliseconds``    from the whole request read to the answer given out
``fault``           the number of the fault rule that fired, left out without one
"""

from __future__ import annotations

import json
import os
import time

from .http import Request, Response


class Journal:
    """Appends to a file; each line is written at once, so that a killed engine loses none."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def record(self, request: Request, response: Response | None, started: float, fault: int | None = None, sent: bool = True) -> None:
        """Note one request; ``started`` is the ``time.monotonic()`` at which it was whole, ``response`` None when it was not carried out."""
        path, _mark, query = request.target.partition("?")
        line = {"time": int(time.time() * 1000), "method": request.method, "path": path, "status": response.status if response is not None and sent else None,
                "correlation_id": response.headers.get("Correlation-Id") if response is not None else None,
                "wrote": response is not None and response.wrote, "milliseconds": round((time.monotonic() - started) * 1000, 2)}
        if query and not path.startswith("/ovirt-engine/sso"):
            line["query"] = query
        if fault is not None:
            line["fault"] = fault
        os.write(self._file, json.dumps(line, separators=(",", ":")).encode() + b"\n")

    def close(self) -> None:
        os.close(self._file)
