# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Users and groups by name: those that the engine knows, and those of its directories.

The engine calls a user ``alice@internal-authz``: the name in the directory, and the authorization domain (extension) that the directory is. Its search has
the first of both as ``usrname``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ansible_collections.virtops.ovirt.plugins.module_utils._base.errors import Ambiguous, InvalidInput, NotFound
from ansible_collections.virtops.ovirt.plugins.module_utils._engine.search import quoted
from ansible_collections.virtops.ovirt.plugins.module_utils._reconcile.estate import Estate, is_id
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._directory import COLLECTIONS, GROUP, NAMES, USER, domains, is_called, listed
from ansible_collections.virtops.ovirt.plugins.module_utils._resources._fields import Text, Wire, Wires, dig

AUTHZ_NAME = Text(
    "authz_name",
    (
        "Authorization domain of the user or group, such as C(internal-authz) or C(example.com-authz).",
        "It may be left out where the name ends with it (C(alice@internal-authz)), or is known to the engine only once.",
    ),
)
NAMESPACE = Text("namespace", "Namespace of the user or group in its authorization domain, where that has several (C(dc=example,dc=com)).")
OPTIONS = (
    Text(
        "user",
        "User, by id or name: C(alice@internal-authz), or with O(authz_name) the name that the directory has, C(alice) or C(alice@example.com).",
    ),
    Text("group", "Group, by id or name, instead of O(user)."),
    AUTHZ_NAME,
    NAMESPACE,
)


@dataclass(frozen=True)
class Principal:
    """A user or group.

    id    None: the engine does not know it yet, and ``body`` adds it
    name  as the engine shows it, or will
    """

    sort: str
    id: str | None
    name: str
    body: Wire | None = None

    @property
    def title(self) -> str:
        return f"{self.sort} {self.name}"


def given(options: Mapping[str, Any], place: str = "") -> tuple[str, str]:
    """Which of ``user`` and ``group`` is given, and its text."""
    named = [(sort, str(options[sort])) for sort in (USER, GROUP) if options.get(sort)]
    if len(named) != 1:
        raise InvalidInput(f"{place}Give either user or group." if named else f"{place}Neither user nor group is given.")
    return named[0]


def find(estate: Estate, options: Mapping[str, Any], place: str = "") -> Principal:
    """The user or group that options name; one that only a directory knows has no id.

    :raises NotFound: neither the engine nor a directory knows it.
    """
    sort, text = given(options, place)
    authz, namespace = options.get("authz_name"), options.get("namespace")
    if is_id(text):
        wire = estate.get(f"{COLLECTIONS[sort]}/{text}")
        if wire is None:
            raise NotFound(f"{place}There is no {sort} with the id {text}.", hint="Give a name to have it added from its directory.")
        return Principal(sort, text, wire[NAMES[sort]])
    fitting = known(estate, sort, text, authz, namespace)
    if len(fitting) > 1:
        told = ", ".join(f"{one['id']} ({dig(one, 'domain.name') or 'no domain'}, namespace {one.get('namespace')})" for one in fitting)
        raise Ambiguous(f"{place}There are {len(fitting)} {sort}s {text!r}: {told}.", hint="Give authz_name, namespace, or the id.")
    if fitting:
        return Principal(sort, fitting[0]["id"], fitting[0][NAMES[sort]])
    return _in_directory(estate, sort, text, authz, namespace, place)


def known(estate: Estate, sort: str, text: str, authz: str | None = None, namespace: str | None = None) -> Wires:
    """The users or groups of that name that the engine knows."""
    field = "usrname" if sort == USER else "name"
    short = text.removesuffix(f"@{authz}") if authz else text.rpartition("@")[0] or text
    search = f'{field}={quoted(short)[:-1]}*"'
    fits = [one for one in estate.list(COLLECTIONS[sort], search=search) if _is(one, sort, text, authz, namespace)]
    if not fits:
        # A search that the engine does not understand finds nothing.
        fits = [one for one in estate.once(COLLECTIONS[sort]) if _is(one, sort, text, authz, namespace)]
    exact = [one for one in fits if text in (one.get(NAMES[sort]), one.get("principal"), f"{one.get('name')}@{dig(one, 'domain.name')}")]
    return exact or fits


def _is(one: Wire, sort: str, text: str, authz: str | None, namespace: str | None) -> bool:
    fits = authz in (None, dig(one, "domain.name")) and namespace in (None, one.get("namespace"))
    return fits and is_called(one, sort, text)


def _in_directory(estate: Estate, sort: str, text: str, authz: str | None, namespace: str | None, place: str) -> Principal:
    known_domains = domains(estate)
    there = f"the engine has {', '.join(sorted(known_domains)) or 'none'}."
    if authz is None:
        authz = next((name for name in known_domains if text.endswith(f"@{name}")), None)
    if authz is None:
        problem = f"{place}The engine knows no {sort} {text!r}, and no authorization domain is named whose directory may know it."
        raise NotFound(problem, hint=f"Give authz_name; {there}")
    if authz not in known_domains:
        raise NotFound(f"{place}The engine has no authorization domain {authz!r}.", hint=f"There are others: {there}")
    short = text.removesuffix(f"@{authz}")
    found = [one for one in listed(estate, sort, short, known_domains[authz]) if namespace in (None, one.get("namespace"))]
    if not found:
        raise NotFound(f"{place}The directory of {authz} has no {sort} {short!r}.", hint="Check the spelling, or make it there first.")
    body: Wire = {NAMES[sort]: f"{short}@{authz}" if sort == USER else short, "domain": {"name": authz}}
    if namespace is not None:
        body["namespace"] = namespace
    return Principal(sort, None, found[0].get(NAMES[sort]) or body[NAMES[sort]], body)


class Names:
    """Names of users and groups by their ids: one request for each, or one list where they are many."""

    _WORTH_A_LIST = 3

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._known: dict[tuple[str, str], str | None] = {}

    def learn(self, sort: str, ids: set[str]) -> None:
        unknown = {one for one in ids if (sort, one) not in self._known}
        path = COLLECTIONS[sort]
        if len(unknown) >= self._WORTH_A_LIST:
            self.note(sort, self._estate.once(path))
        else:
            self.note(sort, [wire for one in sorted(unknown) if (wire := self._estate.get(f"{path}/{one}")) is not None])

    def note(self, sort: str, wires: Wires) -> None:
        """What was read for another reason."""
        for wire in wires:
            self._known[sort, wire["id"]] = wire.get(NAMES[sort])

    def of(self, sort: str, identifier: str) -> str | None:
        self.learn(sort, {identifier})
        return self._known.setdefault((sort, identifier), None)
