# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values that must not be seen."""

from __future__ import annotations

from typing import Iterable

MASK = "********"


class Secret:
    """A password or token: shown masked wherever it is printed, formatted or serialised; :meth:`reveal` gives the value."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not written anywhere")


def redact(text: str, secrets: Iterable[Secret]) -> str:
    """``text`` with every occurrence of the secrets masked; the longest first, so that no rest of one stays visible."""
    for value in sorted({secret.reveal() for secret in secrets if secret}, key=len, reverse=True):
        text = text.replace(value, MASK)
    return text
