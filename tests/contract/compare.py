# Copyright: (c) 2026, virtops.ovirt contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a recorded exchange with the answer of another server.

Five scores for each step, kept apart so that nothing hides behind an average; None where a step has nothing of the kind:

========  ================================================================================================================
status    HTTP status and class of the content (empty, json, xml, html, text): half a point each
shape     members of the recorded answer, at every level: matched / (matched + missing + extra)
text      reason and detail of a fault, exact
value     other scalars and headers: equal / compared
sequence  of a watched field: same first and last value, none that the recorded server never showed
========  ================================================================================================================

Place holders are matched, not compared: ``{id:x}`` takes any uuid but always the same one within a story, ``{time}`` any epoch milliseconds as a
number, ``{time:s}`` as a text, and so on.
"""
from __future__ import annotations

import json
import re
from typing import Any

import requests

from .stories import UUID, Sequences, Variables, content, dig, page_text

SCORES = ("status", "shape", "text", "value", "sequence")
MAC = re.compile(r"(?<![0-9a-fA-F:])(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}(?![0-9a-fA-F:])")
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?")
# Values that differ between two engines or two moments; their presence counts in shape all the same.  Paths are without [] and #text.
IGNORED = [re.compile(pattern) for pattern in (
    r"\.(available|used|committed|actual_size|total_size|max_scheduling_memory)$",  # sizes of storage and hosts move
    r"\.values\.value\.(datum|detail)$",                                            # measurements
    r"\.summary\..*\.(active|total)$",                                              # counts of the whole estate
    r"product_info\.(instance_id|version\..*|name|vendor)$",                        # names the product under test
    r"\.engine_backup\..*",                                                         # backups of the engine's machine
    r"\.mac\.address$|\.mac_address$",                                              # drawn from a pool
    r"\.(fingerprint|public_key|certificate\..*)$",                                 # keys of the machine
    r"\.(hardware_information|libvirt_version)\.",                                  # what a host is made of
    r"\.time_zone\.utc_offset$",                                                    # clock of the machine
    r"\.(progress|last_updated|end_time|start_time)$",                              # moment of reading
)]
FAULT = ("reason", "detail", "error", "error_code", "error_description")
PLACE = re.compile(r"\{(id|mac|other|time|int|hexid|vdsmname|hash|any|long|secret|pem|origin|hostport|hostname|html|cut)(?::([^}]*))?\}")
VARIABLE_OR_PLACE = re.compile(r"\{[a-z][a-z0-9_]*(?::[^}]*)?\}")
PATTERNS = {
    "id": UUID.pattern, "mac": MAC.pattern, "other": r"(?s:.*)", "hexid": r"[0-9A-Fa-f]{72}", "vdsmname": r"on[0-9a-f]{13}", "hash": r"[0-9a-f]+",
    "int": r"\d+", "any": r".+", "long": r"(?s:.{200,})", "secret": r".*", "pem": r"(?s:-----BEGIN.*?-----END CERTIFICATE-----\s*)",
    "origin": r"https?://[^/\s\"']+", "hostport": r"[^/\s\"']+", "hostname": r"[^/\s\"':]+", "html": r"(?s:.*)", "cut": r"(?s:.*)",
}
TELLING = ("rel", "id", "name", "@id", "@rel", "href", "description", "disk.id", "user.id", "role.id", "protocol", "event.name")


class Binding:
    """What each place holder of a story stands for on the other server."""

    def __init__(self, variables: Variables) -> None:
        self.forward: dict[str, str] = {}
        self.backward: dict[str, str] = {}
        self.variables = variables

    def bind(self, place: str, value: str) -> bool:
        value = value.lower()
        if re.fullmatch(r"\{id:host\d+_id\}", place):  # which of the hosts it is, is the scheduler's choice
            return value in {str(one).lower() for name, one in self.variables.items() if re.fullmatch(r"host\d+_id", name)}
        if place in self.forward:
            return self.forward[place] == value
        if value in self.backward:
            return False
        self.forward[place], self.backward[value] = value, place
        return True

    def force(self, place: str, value: str) -> None:
        """Bind, whatever was bound before."""
        value = value.lower()
        self.backward.pop(self.forward.pop(place, ""), None)
        self.forward.pop(self.backward.pop(value, ""), None)
        self.forward[place], self.backward[value] = value, place

    def matches(self, want: str, got: Any) -> bool:
        """Does a string of the other server fit a recorded one?"""
        if not isinstance(got, str):
            return False
        pattern, places, last = "", [], 0
        for match in VARIABLE_OR_PLACE.finditer(want):
            pattern += re.escape(want[last:match.start()]) + f"({self._pattern(match.group(0))})"
            last = match.end()
            place = PLACE.fullmatch(match.group(0))
            places.append(match.group(0) if place and place.group(1) in ("id", "mac") and place.group(2) else None)
        found = re.fullmatch(pattern + re.escape(want[last:]), got, re.S)
        return found is not None and all(self.bind(place, found.group(number)) for number, place in enumerate(places, 1) if place)

    def _pattern(self, text: str) -> str:
        place = PLACE.fullmatch(text)
        if place:
            if place.group(1) == "time":
                return ISO.pattern if place.group(2) == "iso" else r"\d{12,14}"
            return PATTERNS[place.group(1)]
        name = text[1:-1]
        if re.fullmatch(r"host\d+_\w+", name):
            suffix = name[name.index("_"):]
            same = [re.escape(str(value)) for other, value in self.variables.items() if re.fullmatch(r"host\d+" + suffix, other)]
            return "|".join(same) or re.escape(text)
        return re.escape(str(self.variables.get(name, text)))

    def likeness(self, got: str) -> str:
        """A string of the other server in the words of the recording, as far as they are bound (to align lists)."""
        text = UUID.sub(lambda match: self.backward.get(match.group(0).lower(), match.group(0)), got)
        return text.replace(self.variables["u"], "{u}") if self.variables.get("u") else text


class Result:
    """Scores of one step and the differences behind them: (what, where, recorded, here)."""

    def __init__(self) -> None:
        self.status: float | None = None
        self.kind: float = 0
        self.matched = self.missing = self.extra = 0
        self.text_total = self.text_ok = 0
        self.value_total = self.value_ok = 0
        self.sequence: float | None = None
        self.differences: list[tuple[str, str, str, str]] = []

    def differ(self, what: str, where: str, want: Any, got: Any) -> None:
        self.differences.append((what, where, short(want), short(got)))

    def scores(self) -> dict[str, float | None]:
        total = self.matched + self.missing + self.extra
        return {"status": (self.status + self.kind) / 2 if self.status is not None else None,
                "shape": self.matched / total if total else None,
                "text": self.text_ok / self.text_total if self.text_total else None,
                "value": self.value_ok / self.value_total if self.value_total else None,
                "sequence": self.sequence}


def short(value: Any, limit: int = 400) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= limit else text[:limit] + "..."


def exchange(entry: dict[str, Any], response: requests.Response | None, sequences: Sequences | None, binding: Binding) -> Result:
    """Compare one exchange; ``response`` is None when the step could not be sent."""
    result = Result()
    mode = entry["step"].get("compare", "full")
    answer = entry.get("answer")
    if answer is not None and response is None:
        result.status = 0
        result.missing += len(answer["body"]) if isinstance(answer.get("body"), dict) else 0
        result.text_total += _fault(answer.get("body")) is not None
        result.value_total += 1
        result.differ("status", "", answer["status"], "not sent")
    elif answer is not None and response is not None:
        kind, data = content(response)
        result.status, result.kind = int(response.status_code == answer["status"]), int(kind == answer["kind"])
        if not result.status:
            result.differ("status", "", answer["status"], f"{response.status_code} {short(response.text, 300)}")
        if not result.kind:
            result.differ("content", "", answer["kind"], kind)
        _headers(answer.get("headers", {}), response, result, binding, mode)
        if mode != "status" and answer["kind"] in ("json", "xml"):
            _body(answer["body"], data if kind in ("json", "xml") else None, "", result, binding, mode)
        elif mode != "status" and answer["kind"] == kind and "body" in answer:
            result.value_total += 1
            if binding.matches(answer["body"], page_text(data) if kind == "html" else data):
                result.value_ok += 1
            else:
                result.differ("value", "(text)", answer["body"], data)
    for number, seen in enumerate(entry.get("sequences", [])):
        _sequence(seen, sequences[number][1] if sequences and number < len(sequences) else ([], False), result)
    return result


def _sequence(recorded: dict[str, Any], other: tuple[list[str], bool], result: Result) -> None:
    want, (seen, reached) = recorded["seen"], other
    shown = "/".join(seen or ["nothing"])
    if recorded["kind"] != "watch":
        if recorded["reached"] and not reached:
            result.sequence = 0
            result.differ("sequence", recorded["field"], "/".join(want), f"{shown} (waited in vain)")
        return
    problems = ["not watched"] * 3
    if seen:
        problems = [problem for problem, bad in (
            ("other start", seen[0] not in want), ("other end", seen[-1] != want[-1]),
            ("never shown by the real one: " + ", ".join(one for one in seen if one not in want), any(one not in want for one in seen))) if bad]
    score = 1 - len(problems) / 3
    result.sequence = score if result.sequence is None else min(score, result.sequence)
    if problems:
        result.differ("sequence", recorded["field"], "/".join(want), f"{shown} ({'; '.join(dict.fromkeys(problems))})")


def _headers(want: dict[str, str], response: requests.Response, result: Result, binding: Binding, mode: str) -> None:
    for name, value in want.items():
        if name == "Content-Type":  # compared as the class of the content
            continue
        got = response.headers.get(name)
        result.value_total += 1
        if got is None:
            result.differ("header", name, value, "absent")
            continue
        if name == "Set-Cookie":
            got = ", ".join(sorted({cookie.name for cookie in response.cookies})) or re.sub(r"=[^;,]*", "", got.split(";")[0])
        elif name == "Allow":
            got = ", ".join(sorted(one.strip() for one in got.split(",")))
        if mode != "full" or binding.matches(value, got):
            result.value_ok += 1
        else:
            result.differ("header", name, value, got)
    for name in ("Location", "WWW-Authenticate", "Set-Cookie"):
        if name not in want and response.headers.get(name) is not None:
            result.value_total += 1
            result.differ("header", name, "absent", response.headers[name])


def _is_fault(data: dict[str, Any]) -> bool:
    return set(data) <= {"@href", *FAULT}


def _fault(data: Any) -> dict[str, Any] | None:
    if not isinstance(data, dict):
        return None
    if isinstance(data.get("fault"), dict):
        return data["fault"]
    return data if {"reason", "error"} & set(data) and _is_fault(data) else None


def _body(want: Any, got: Any, path: str, result: Result, binding: Binding, mode: str) -> None:
    if isinstance(want, dict):
        _object(want, got, path, result, binding, mode)
    elif isinstance(want, list):
        if isinstance(got, list):
            _list(want, got, path, result, binding, mode)
        else:
            result.missing += 1
            result.differ("shape", path, "list", _type(got))
    else:
        _scalar(want, got, path, result, binding, mode)


def _object(want: dict[str, Any], got: Any, path: str, result: Result, binding: Binding, mode: str) -> None:
    if not isinstance(got, dict):
        result.missing += len(want)
        result.differ("shape", path or ".", "object with " + ", ".join(list(want)[:12]), _type(got))
        return
    for name, value in want.items():
        place = f"{path}.{name}"
        here = name if name in got else next((one for one in got if binding.likeness(one) == name), None)
        is_text = name in FAULT and _is_fault(want)
        if here is None:
            result.missing += 1
            result.text_total += is_text
            result.differ("missing", place, value, "absent")
            continue
        result.matched += 1
        if is_text and isinstance(value, str):
            result.text_total += 1
            if _same_text(value, got[here], binding):
                result.text_ok += 1
            else:
                result.differ("text", place, value, got[here])
        else:
            _body(value, got[here], place, result, binding, mode)
    for name in got:
        if name not in want and binding.likeness(name) not in want:
            result.extra += 1
            result.differ("extra", f"{path}.{name}", "absent", got[name])


def _same_text(want: str, got: Any, binding: Binding) -> bool:
    """Equal, but for messages whose parts the engine itself lists in no fixed order."""
    if binding.matches(want, got):
        return True
    if not isinstance(got, str) or not ("Attribute: " in want or "_USING_" in want or ", Cannot " in want):
        return False
    parts, other = (set(re.split(r",\s*", binding.likeness(text).strip("[]").replace("\t", ""))) for text in (want, got))
    return parts == other


def _scalar(want: Any, got: Any, path: str, result: Result, binding: Binding, mode: str) -> None:
    if isinstance(got, (dict, list)):
        result.missing += 1
        result.differ("shape", path, want, _type(got))
        return
    plain = path.replace("[].#text", "").replace("[]", "")
    if mode == "shape" or any(pattern.search(plain) for pattern in IGNORED):
        if isinstance(want, str) and isinstance(got, str):
            binding.matches(want, got)
        return
    result.value_total += 1
    if _equal(want, got, binding):
        result.value_ok += 1
    else:
        result.differ("value", path, want, got)


def _equal(want: Any, got: Any, binding: Binding) -> bool:
    if want == "{time}":
        return isinstance(got, int) and not isinstance(got, bool) and got > 1_000_000_000_000
    if isinstance(want, str):
        return binding.matches(want, got)
    if isinstance(want, bool) or isinstance(got, bool):
        return want is got
    if isinstance(want, (int, float)) and isinstance(got, (int, float)):
        return want == got
    return bool(want == got and type(want) is type(got))


def _list(want: list[Any], got: list[Any], path: str, result: Result, binding: Binding, mode: str) -> None:
    if not any(isinstance(one, (dict, list)) for one in (*want, *got)):
        for index in range(max(len(want), len(got))) if mode != "shape" else ():
            result.value_total += 1
            if index < min(len(want), len(got)) and _equal(want[index], got[index], binding):
                result.value_ok += 1
            else:
                result.differ("value", f"{path}[{index}]", *(values[index] if index < len(values) else "absent" for values in (want, got)))
        return
    pairs, lost, surplus = _align(want, got, binding)
    for one, other in pairs:
        _body(one, other, path + "[]", result, binding, mode)
    if mode != "shape":
        for one in lost:
            result.differ("value", path + "[]", one, "no such item")
        for other in surplus:
            result.differ("value", path + "[]", "no such item", other)
        result.value_total += len(lost) + len(surplus) + 1
        result.value_ok += not (lost or surplus)
    elif want and not got:
        result.missing += 1
        result.differ("missing", path + "[]", want[0], "empty list")


def _align(want: list[Any], got: list[Any], binding: Binding) -> tuple[list[tuple[Any, Any]], list[Any], list[Any]]:
    """Pairs of items that are the same thing, items that are only recorded, items that are only here."""
    left, right, pairs = list(want), list(got), []
    for name in TELLING:
        if not left or not right:
            break
        table: dict[str | None, list[Any]] = {}
        for item in right:
            table.setdefault(_label(item, name, binding), []).append(item)
        labels = [_label(item, name, None) for item in left]
        rest = []
        for item, label in zip(left, labels):
            if label is not None and labels.count(label) == 1 and len(table.get(label, [])) == 1:
                partner = table[label][0]
                pairs.append((item, partner))
                right = [one for one in right if one is not partner]
            else:
                rest.append(item)
        left = rest
    # What has no telling member is taken in order, when it can be the same thing at all.
    for item in [one for one in left if not _named(one)]:
        possible = [one for one in right if not _named_otherwise(item, one, binding)]
        partner = max(possible, key=lambda one: _alike(item, one, binding), default=None)
        if partner is not None:
            pairs.append((item, partner))
            left = [one for one in left if one is not item]
            right = [one for one in right if one is not partner]
    return pairs, left, right


def _label(item: Any, name: str, binding: Binding | None) -> str | None:
    value = dig(item, name)
    if not isinstance(value, str):
        return None
    return binding.likeness(value) if binding is not None else value


def _alike(item: Any, other: Any, binding: Binding) -> float:
    """How much two items without a name have in common: members first, then equal plain values."""
    if not isinstance(item, dict) or not isinstance(other, dict):
        return 0
    values = sum(1 for name, value in item.items() if isinstance(value, str) and isinstance(other.get(name), str) and binding.likeness(other[name]) == value)
    return sum(1 for name in item if name in other) - len(set(other) - set(item)) + values / 100


def _named(item: Any) -> bool:
    """Has it a member with a fixed value that names it?  Then only its namesake is its partner."""
    return isinstance(item, dict) and any(isinstance(item.get(name), str) and "{" not in item[name] for name in ("rel", "name", "@rel"))


def _named_otherwise(item: Any, other: Any, binding: Binding) -> bool:
    for name in ("name", "@name"):
        one, two = _label(item, name, None), _label(other, name, binding)
        if one is not None and two is not None and one != two and not binding.matches(one, dig(other, name)):
            return True
    return False


def _type(value: Any) -> str:
    if value is None:
        return "absent"
    kind = {dict: "object", list: "list", str: "string"}.get(type(value), type(value).__name__)
    return f"{kind} {short(value, 80)}"
