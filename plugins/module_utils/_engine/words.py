# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The engine's own words, as they are told to people: without the marks of its machinery, and each sentence once.

Facts (observed on 4.5.8): a detail is a list in brackets; where the engine forgot to fill a placeholder in, its text has ``${name}``, and at
times the value comes after the text, as ``, value`` or ``, $name value``; the event of a refused start has the refusal once more, in brackets.
"""

from __future__ import annotations

import re
from typing import Iterable, Optional

_TYPES = {
    "affinitygroups": "affinity group",
    "affinitylabels": "affinity label",
    "cdroms": "CD-ROM",
    "clusters": "cluster",
    "datacenters": "data center",
    "diskattachments": "disk attachment",
    "disks": "disk",
    "fenceagents": "fence agent",
    "graphicsconsoles": "graphics console",
    "hostdevices": "host device",
    "hosts": "host",
    "instancetypes": "instance type",
    "jobs": "job",
    "mediateddevices": "mediated device",
    "networkattachments": "network attachment",
    "networks": "network",
    "nics": "NIC",
    "numanodes": "NUMA node",
    "permissions": "permission",
    "quotas": "quota",
    "roles": "role",
    "snapshots": "snapshot",
    "steps": "step",
    "storageconnections": "storage connection",
    "storagedomains": "storage domain",
    "tags": "tag",
    "templates": "template",
    "vmpools": "VM pool",
    "vms": "VM",
    "vnicprofiles": "vNIC profile",
    "watchdogs": "watchdog",
}
_VERBS = {"PUT": "edit", "DELETE": "remove"}

_HOLE = re.compile(r"\$\{(\w+)\}")
_EMPTY = re.compile(r"(?::| with id)?\s*['\"]?\$\{\w+\}['\"]?")
_LAST = re.compile(r"\.,\s+([^,\s][^,]*)\Z")
_SENTENCE = re.compile(r"(?<=[.!?])(,?\s+)")
_INSIDE = re.compile(r"\[(.+)\]", re.DOTALL)
_BY = re.compile(r"\(User: [^()]*\)")


def plain(text: Optional[str]) -> str:
    """The engine's detail without the brackets of its list; empty for ``[]``."""
    text = (text or "").strip()
    while text.startswith("[") and text.endswith("]"):
        text = text[1:-1].strip()
    return text


def told(text: Optional[str], method: str, path: str) -> str:
    """A reason or detail of a refusal for people.

    :param method: of the refused request, which says what ``${action}`` is.
    :param path: of the refused request, which says what ``${type}`` is.
    """
    return _once(_filled(plain(text), method, path))


def unsaid(texts: Iterable[str], said: str = "") -> list[str]:
    """The texts without those that say what was said before; what stands in their brackets counts for them."""
    found: list[str] = []
    bare = _bare(said)
    for text in texts:
        inside = _INSIDE.search(text)
        if _bare(text) in bare or inside and _bare(inside[1]) in bare:
            continue
        found.append(" ".join(text.split()))
        bare += " " + _bare(text)
    return found


def _filled(text: str, method: str, path: str) -> str:
    holes = _HOLE.findall(text)
    if not holes:
        return text
    verb, what = _meant(method, path)
    known = {"action": verb, "type": what}
    for name in holes:
        before, _mark, value = text.partition(f", ${name.replace('_', ' ').lower()} ")
        if value:
            text, known[name] = before, " ".join(value.split())
    text = _HOLE.sub(lambda hole: known.get(hole[1], hole[0]), text)
    last = _LAST.search(text)
    if last and len(_HOLE.findall(text)) == 1:
        text = _HOLE.sub(lambda _hole: last[1], text[: last.start() + 1])
    return _EMPTY.sub("", text)


def _meant(method: str, path: str) -> tuple[str, str]:
    """What a request does, and to what: ``("add", "graphics console")``."""
    parts = path.partition("/api/")[2].strip("/").split("/")
    collection = next((part for part in reversed(parts) if part in _TYPES), "")
    if method == "POST":
        verb = "add" if parts[-1] == collection else parts[-1]
    else:
        verb = _VERBS.get(method, method.lower())
    return verb, _TYPES.get(collection, "it")


def _once(text: str) -> str:
    """Each sentence where it comes first."""
    pieces = _SENTENCE.split(text)
    seen: set[str] = set()
    kept: list[str] = []
    for sentence, gap in zip(pieces[::2], ["", *pieces[1::2]]):
        if sentence and sentence not in seen:
            kept.append((gap if kept else "") + sentence)
        seen.add(sentence)
    return "".join(kept)


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[][]", " ", _BY.sub("", text)).split()).rstrip(" .").lower()
