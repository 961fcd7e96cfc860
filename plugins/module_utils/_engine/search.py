# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine's search language: what can be said in it, and how.

Facts (observed on 4.5.8, and read in its ``SyntaxChecker``): a value with spaces stands in double quotes; no escape puts a
double quote inside; ``'`` and ``;`` are refused anywhere; ``*`` is the only wildcard; case does not matter; a search that the
engine cannot parse answers 200 with an empty list, so that nothing found does not prove that nothing is there; the page needs
the direction of the sort before it.
"""

from __future__ import annotations

import re
from typing import Optional

SORT_FIELDS = {
    "clusters": "name",
    "datacenters": "name",
    "disks": "alias",
    "groups": "name",
    "hosts": "name",
    "networks": "name",
    "storagedomains": "name",
    "templates": "name",
    "users": "usrname",
    "vmpools": "name",
    "vms": "name",
}
"""Top-level collections that are searched by name, and the field that sorts their pages.

Of the others the engine ignores a search, or lists them as fast as it would search them.
"""

_PLAIN = re.compile(r"^[\w.-]+(?: [\w.-]+)*$", re.ASCII)
_UNSPEAKABLE = re.compile(r"""["';\\%]+""")
_SORTED = re.compile(r"\bsortby\s+[\w.]+(\s+(asc|desc))?\s*$", re.IGNORECASE)


def quoted(value: str) -> str:
    """A value for the right side of ``=``, as exact as the language allows: what it cannot say becomes a wildcard.

    The answer may therefore hold more than was asked for, and is to be compared afterwards.
    """
    return '"' + _UNSPEAKABLE.sub("*", value) + '"'


def certain(value: str) -> bool:
    """Whether the engine is sure to find an object by this value, so that an empty answer means that there is none."""
    return bool(_PLAIN.match(value))


def collection_of(path: str) -> Optional[str]:
    """The name of the top-level collection that a path below the API's root is, if it is a searchable one."""
    name = path.strip("/")
    return name if name in SORT_FIELDS else None


def page(collection: str, search: Optional[str], number: int) -> str:
    """The search for one page, sorted so that pages do not overlap.

    :param number: from 1.
    """
    query = (search or "").strip()
    order = _SORTED.search(query)
    if order is None:
        query = f"{query} sortby {SORT_FIELDS[collection]} asc".strip()
    elif order.group(1) is None:
        query += " asc"
    return f"{query} page {number}"


def nothing_fits(words: str, search: str) -> str:
    """What to say where a search has found nothing."""
    return f"No {words} fits the search {search!r}. A query that the engine does not understand looks the same."
