"""The roles that a fresh engine has, and the permits they are made of."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any


@lru_cache(maxsize=None)
def catalog() -> tuple[dict[int, tuple[str, bool]], list[dict[str, Any]]]:
    """``(permits by id: (name, administrative), roles)``."""
    data = json.loads(Path(__file__).with_name("roles.json").read_text(encoding="utf-8"))
    return {ident: (name, administrative) for ident, name, administrative in data["permits"]}, data["roles"]


@lru_cache(maxsize=None)
def number(name: str) -> int | None:
    """The number of the permit of this name, None when there is none."""
    return next((ident for ident, (known, _administrative) in catalog()[0].items() if known == name), None)
