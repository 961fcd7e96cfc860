"""Representations to and from JSON and XML.

A representation is a dict of model attributes: integers ``int``, booleans ``bool``, decimals ``int`` or ``float``, dates ``int`` (epoch milliseconds), enums
lower case ``str``, lists plain lists, ``actions`` a dict with a list ``link``.  Absent is absent; members whose names start with ``_`` stay inside.

On the wire integers and booleans are strings in JSON, decimals and dates numbers, and a list is an object with one member.  What is refused, and in which
words, is as the engine's JSON and XML readers do it: an unknown JSON member is a page of the application server, any other mistake in JSON and
a broken document in XML ``Request syntactically incorrect.``, a bad value in XML ``Invalid value``.
"""

from __future__ import annotations

import html
import json
import re
from datetime import datetime, timedelta, timezone
from json.encoder import encode_basestring as _quoted
from typing import Any, Callable
from xml.parsers import expat
from xml.sax.saxutils import escape as _escape

from . import errors
from .contract.model import SCALARS, Model
from .http import Request

Rep = dict[str, Any]

SYNTAX = "Request syntactically incorrect."
INVALID = "Invalid value"
PACKAGE = "org.ovirt.engine.api.model."
XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
LARGEST = {"int": 2 ** 31 - 1, "unsigned_int": 2 ** 32 - 1, "long": 2 ** 63 - 1}
LARGEST_NAMES = {"int": "integer", "unsigned_int": "unsigned integer", "long": "long"}
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

# Lists the engine writes as {"x": []} when they are empty; all others are {} then.
EMPTY_MEMBERS = frozenset((
    ("affinity_group", "hosts"), ("affinity_group", "vms"), ("affinity_group", "host_labels"), ("affinity_group", "vm_labels"),
    ("hardware_information", "supported_rng_sources"), ("user", "groups"), ("iscsi_bond", "networks"), ("iscsi_bond", "storage_connections")))
EMPTY_LISTS = frozenset((
    "networks", "data_center_networks", "vnic_profiles", "assigned_vnic_profiles", "disk_profiles", "assigned_disk_profiles", "host_hooks",
    "assigned_affinity_labels", "affinity_label_hosts", "affinity_label_vms", "ssh_public_keys", "vm_numa_nodes",
    "storage_domain_vms", "storage_domain_templates", "unregistered",
    "affinity_group_vms", "affinity_group_vm_labels", "affinity_group_host_labels", "domain_user_groups", "user_options"))


class _Malformed(Exception):
    """The document is not what the reader can take."""


class _Invalid(Exception):
    """A value that is none of its type."""


# -- which media


def negotiate(request: Request) -> str:
    """``json`` or ``xml``, by ``?accept=`` or the header; 406 when the client takes neither.  Without a wish it is XML."""
    wish = request.query.get("accept") or request.headers.get("accept")
    if not wish or wish == "*/*":
        return "xml"
    if wish == "application/json":
        return "json"
    best, media = (0.0, 0), ""
    for part in wish.split(","):
        kind, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    quality = float(parameter[2:])
                except ValueError:
                    quality = 0.0
        exact = {"application/json": "json", "application/xml": "xml"}.get(kind)
        found = exact or ("xml" if kind in ("*/*", "application/*") else "")
        rank = (quality, 2 if exact else 1)
        if found and quality > 0 and rank > best:
            best, media = rank, found
    if not media:
        raise errors.empty(406)
    return media


def _media_of(content_type: str | None) -> str:
    kind = (content_type or "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return "json"
    if kind == "application/xml":
        return "xml"
    raise errors.empty(415)


# -- reading


def decode(model: Model, type_name: str, content_type: str | None, data: bytes, usage: str = "") -> Rep | None:
    """The representation in a body; None when the body is empty or ``null``.

    ``usage`` is where the right usage is described (the service's page in the API's documentation); it is the detail of a syntax error.
    """
    return _read(model, type_name, content_type, data, usage, False)


def decode_list(model: Model, type_name: str, content_type: str | None, data: bytes, usage: str = "") -> list[Rep] | None:
    """The representations in a body that is a list of objects."""
    return _read(model, type_name, content_type, data, usage, True)


def _read(model: Model, type_name: str, content_type: str | None, data: bytes, usage: str, many: bool) -> Any:
    media = _media_of(content_type)
    readers = _Readers.of(model)
    try:
        if media == "json":
            return _read_json(readers, type_name, data, many)
        return _read_xml(readers, type_name, data, many)
    except (_Malformed, RecursionError):
        raise errors.fault(400, f"For correct usage, see: {usage}", SYNTAX) from None
    except _Invalid as invalid:
        raise errors.fault(400, str(invalid), INVALID) from None


class _Number(str):
    """A number of a JSON document as it was written."""


def _no_constant(text: str) -> Any:
    raise _Malformed


_JSON = json.JSONDecoder(parse_int=_Number, parse_float=_Number, parse_constant=_no_constant)


def _read_json(readers: _Readers, type_name: str, data: bytes, many: bool) -> Any:
    try:
        text = data.decode(json.detect_encoding(data)).lstrip("\ufeff \t\r\n")
    except UnicodeDecodeError:
        raise _Malformed from None
    if not text:
        return None
    try:
        value, _end = _JSON.raw_decode(text)
    except ValueError:
        raise _Malformed from None
    if value is None:
        return None
    try:
        if many:
            return readers.wrapped(type_name)(value)
        return readers.json(type_name)(value)
    except _Invalid:
        raise _Malformed from None


def _java(name: str) -> str:
    """The name of a type as a Java class has it."""
    return "".join(word.capitalize() for word in name.split("_"))


def _unknown_member(name: str, java_class: str) -> errors.Answer:
    said = f'Unrecognized field "{name}" (class {PACKAGE}{java_class}), not marked as ignorable'
    return errors.text(400, html.escape(said), "text/html;charset=UTF-8")


_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_DATE = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    raise _Malformed


def _read_string(value: Any) -> str:
    return str(_text(value))


def _integer_reader(wire: str) -> Callable[[Any], int]:
    largest, name = LARGEST[wire], LARGEST_NAMES[wire]

    def read(value: Any) -> int:
        text = _text(value)
        plain = text.strip(" \t\r\n") or "0"
        if not _INTEGER.fullmatch(plain) or len(plain) > 4000:
            raise _Malformed
        number = int(plain)
        if number > largest:
            raise _Invalid(f"Value {text} is greater than maximum {name} {largest}")
        if wire == "unsigned_int":
            if number < 0:
                raise _Invalid(f"Negative value {text} not allowed for unsigned integers, valid values are between 0 and {largest}")
            return number
        # As the engine does: no check below, the lower bits are taken.
        return (number + largest + 1) % (2 * largest + 2) - largest - 1

    return read


def _read_boolean(value: Any) -> bool:
    text = _text(value)
    found = _BOOLEANS.get(text.lower())
    if found is None:
        raise _Invalid(f'Value "{text}" isn\'t a valid boolean, it should be "true" , "false", "0" or "1"')
    return found


def _read_decimal(value: Any) -> int | float | None:
    if isinstance(value, bool):
        raise _Malformed
    text = _text(value).strip(" \t\r\n")
    if not text:
        return None
    if not _DECIMAL.fullmatch(text):
        raise _Malformed
    return int(text) if _INTEGER.fullmatch(text) else float(text)


def _read_date(value: Any) -> int | None:
    """Epoch milliseconds as a number, or a moment as XML schema writes it."""
    if isinstance(value, _Number) and _INTEGER.fullmatch(value):
        return int(value)
    if isinstance(value, bool):
        raise _Malformed
    text = _text(value).strip(" \t\r\n")
    if not text:
        return None
    match = _DATE.fullmatch(text)
    if match is None:
        raise _Malformed
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=timezone.utc)
    except ValueError:
        raise _Malformed from None
    shift = 0
    if zone and zone != "Z":
        shift = (int(zone[1:3]) * 60 + int(zone[4:6])) * (-1 if zone[0] == "-" else 1)
    return int((moment - EPOCH).total_seconds() - shift * 60) * 1000 + int((fraction or "0")[:3].ljust(3, "0"))


def _enum_reader(name: str, values: list[str]) -> Callable[[Any], str]:
    known = frozenset(values)
    listed = ", ".join(f"'{value}'" for value in values)

    def read(value: Any) -> str:
        text = _text(value)
        found = text.lower()
        if found not in known:
            raise _Invalid(f"The string '{text}' isn't a valid value for the '{_java(name)}' enumerated type. Valid values are: {listed}.")
        return found

    return read


class _Readers:
    """Readers of a model's types, made when they are first needed."""

    _made: dict[int, _Readers] = {}

    def __init__(self, model: Model) -> None:
        self.model = model
        self._json: dict[str, Callable[[Any], Any]] = {}
        self._enums: dict[str, Callable[[Any], str]] = {}

    @classmethod
    def of(cls, model: Model) -> _Readers:
        found = cls._made.get(id(model))
        if found is None:
            found = cls._made[id(model)] = cls(model)
        return found

    def scalar(self, attribute: dict[str, Any]) -> Callable[[Any], Any] | None:
        """The reader of a value without members; None for a struct."""
        kind, wire = attribute["type"], attribute.get("wire")
        if attribute.get("enum"):
            if kind not in self._enums:
                self._enums[kind] = _enum_reader(kind, self.model.enum_values[kind])
            return self._enums[kind]
        if kind == "string":
            return _read_string
        if kind == "boolean":
            return _read_boolean
        if kind == "date":
            return _read_date
        if kind == "decimal" or wire == "double":
            return _read_decimal
        if kind == "integer":
            return _INTEGERS[wire or "int"]
        return None

    # JSON

    def json(self, type_name: str) -> Callable[[Any], Rep]:
        found = self._json.get(type_name)
        if found is None:
            members = self.model.members(type_name)
            java_class = _java(type_name)
            readers: dict[str, Callable[[Any], Any]] = {}

            def read(value: Any) -> Rep:
                if not isinstance(value, dict):
                    raise _Malformed
                rep: Rep = {}
                for name, one in value.items():
                    reader = readers.get(name)
                    if reader is None:
                        attribute = members.get(name)
                        if attribute is None:
                            raise _unknown_member(name, java_class)
                        reader = readers[name] = self._member(type_name, attribute)
                    if one is not None:
                        result = reader(one)
                        if result is not None:
                            rep[name] = result
                return rep

            found = self._json[type_name] = read
        return found

    def _member(self, owner: str, attribute: dict[str, Any]) -> Callable[[Any], Any]:
        inner = self.scalar(attribute) or self.json(attribute["type"])
        if not attribute.get("list"):
            return inner
        if attribute.get("bare"):
            return lambda value: _items(value, inner)
        if self.scalar(attribute) is None:
            return self.wrapped(attribute["type"], attribute["item"])
        return _wrapped(inner, attribute["item"], frozenset(), f"{_java(owner)}${_java(attribute['name'])}List")

    def wrapped(self, type_name: str, item: str | None = None) -> Callable[[Any], list[Rep]]:
        """The reader of an object that wraps a list of this type."""
        kind = self.model.types[type_name]
        also = frozenset(("actions", "size", "total", "active")) if kind["identified"] else frozenset()
        return _wrapped(self.json(type_name), kind["element"], also, _java(kind["collection"]))

    # XML

    def xml(self, type_name: str, node: _Node) -> Rep:
        members = self.model.members(type_name)
        rep: Rep = {}
        for name, value in node.attributes.items():
            attribute = members.get(name)
            if attribute is not None and name in ("id", "href", "rel"):
                reader = self.scalar(attribute)
                rep[name] = reader(value) if reader is not None else value
        if node.text.strip():
            raise _Malformed
        for child in node.children:
            attribute = members.get(child.tag)
            if attribute is None or child.tag in ("id", "href"):
                raise _Malformed
            if attribute.get("bare"):
                rep.setdefault(child.tag, []).append(self.xml(attribute["type"], child))
            elif attribute.get("list"):
                rep[child.tag] = self.xml_list(attribute, child)
            else:
                value = self.xml_value(attribute, child)
                if value is not None:
                    rep[child.tag] = value
        return rep

    def xml_value(self, attribute: dict[str, Any], node: _Node) -> Any:
        reader = self.scalar(attribute)
        if reader is None:
            return self.xml(attribute["type"], node)
        if node.children:
            raise _Malformed
        return reader(node.text)

    def xml_list(self, attribute: dict[str, Any], node: _Node) -> list[Any]:
        if node.text.strip():
            raise _Malformed
        scalar = self.scalar(attribute) is not None
        item = attribute["item"] if scalar else self.model.types[attribute["type"]]["element"]
        found = []
        for child in node.children:
            if child.tag == item:
                found.append(self.xml_value(attribute, child))
            elif scalar or child.tag not in ("actions", "size", "total", "active"):
                raise _Malformed
        return found


def _items(value: Any, inner: Callable[[Any], Any]) -> list[Any]:
    if not isinstance(value, list):
        raise _Malformed
    return [inner(one) for one in value if one is not None]


def _wrapped(inner: Callable[[Any], Any], item: str, also: frozenset[str], java_class: str) -> Callable[[Any], list[Any]]:
    def read(value: Any) -> list[Any]:
        if not isinstance(value, dict):
            raise _Malformed
        found: list[Any] = []
        for name, one in value.items():
            if name == item:
                found = _items(one, inner) if one is not None else []
            elif name not in also:
                raise _unknown_member(name, java_class)
        return found

    return read


_INTEGERS = {wire: _integer_reader(wire) for wire in LARGEST}


class _Node:
    __slots__ = ("tag", "attributes", "children", "text")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[_Node] = []
        self.text = ""


def _parse_xml(data: bytes) -> _Node:
    """The elements of a document.  Entities of its own are not expanded: a reference to one is nothing, as the engine reads it."""
    parser = expat.ParserCreate("UTF-8")
    top: list[_Node] = []
    stack: list[_Node] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        node = _Node(tag.rpartition(":")[2], attributes)
        (stack[-1].children if stack else top).append(node)
        stack.append(node)

    def end(_tag: str) -> None:
        stack.pop()

    def characters(text: str) -> None:
        stack[-1].text += text

    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.DefaultHandler = lambda _data: None
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        raise _Malformed from None
    return top[0]


def _read_xml(readers: _Readers, type_name: str, data: bytes, many: bool) -> Any:
    node = _parse_xml(data)
    kinds = readers.model.types
    if node.tag == kinds[type_name]["collection" if many else "element"]:
        if many:
            return readers.xml_list({"type": type_name, "list": True}, node)
        return readers.xml(type_name, node)
    if any(node.tag in (kind["element"], kind["collection"]) for kind in kinds.values()):
        raise errors.text(500, "java.lang.ClassCastException@1b4f6d9a", "text/html;charset=UTF-8")
    raise _Malformed


# -- writing

Writer = Callable[[Any], str]


_SPECIAL = re.compile("[&<>\"\t\r\n]")


def escape(text: str) -> str:
    return _escape(text, {"\r": "&#13;"}) if _SPECIAL.search(text) else text


def _attribute(text: str) -> str:
    return _escape(text, {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}) if _SPECIAL.search(text) else text


def _json_links(links: Any) -> str:
    return "[" + ",".join([f'{{"href":{_quoted(one["href"])},"rel":{_quoted(one["rel"])}}}' for one in links]) + "]"


def _xml_links(tag: str, links: Any) -> str:
    return "".join([f'<{tag} href="{_attribute(one["href"])}" rel="{_attribute(one["rel"])}"/>' for one in links])


def _json_number(value: Any) -> str:
    return repr(value)


def _json_integer(value: Any) -> str:
    return f'"{value}"'


def _json_boolean(value: Any) -> str:
    return '"true"' if value else '"false"'


def _json_string(value: Any) -> str:
    return _quoted(value) if isinstance(value, str) else _quoted(_plain(value))


def _plain(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _xml_boolean(value: Any) -> str:
    return "true" if value else "false"


def _xml_string(value: Any) -> str:
    return escape(value if isinstance(value, str) else _plain(value))


def _xml_date(value: Any) -> str:
    moment = EPOCH + timedelta(milliseconds=value)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


_JSON_SCALARS: dict[str, Writer] = {"string": _json_string, "integer": _json_integer, "boolean": _json_boolean, "decimal": _json_number, "date": _json_number}
_XML_SCALARS: dict[str, Writer] = {"string": _xml_string, "integer": str, "boolean": _xml_boolean, "decimal": repr, "date": _xml_date}


def _kind(attribute: dict[str, Any]) -> str | None:
    """The scalar a value is written as; None for a struct."""
    if attribute.get("enum"):
        return "string"
    if attribute.get("wire") == "double":
        return "decimal"
    return attribute["type"] if attribute["type"] in SCALARS else None


class _Writers:
    """Writers of a model's types, made when they are first needed."""

    _made: dict[int, _Writers] = {}

    def __init__(self, model: Model) -> None:
        self.model = model
        self._json: dict[str, Writer] = {}
        self._xml: dict[str, Callable[[str, Rep], str]] = {}

    @classmethod
    def of(cls, model: Model) -> _Writers:
        found = cls._made.get(id(model))
        if found is None:
            found = cls._made[id(model)] = cls(model)
        return found

    def _lacks(self, type_name: str, name: str) -> LookupError:
        return LookupError(f"the API's type {type_name} has no member {name}")

    def json(self, type_name: str) -> Writer:
        found = self._json.get(type_name)
        if found is None:
            members = self.model.members(type_name)
            table: dict[str, tuple[str, Writer]] = {}

            def write(rep: Rep) -> str:
                parts = []
                for name, value in rep.items():
                    if value is None:
                        continue
                    entry = table.get(name)
                    if entry is None:
                        if name[0] == "_":
                            continue
                        attribute = members.get(name)
                        if attribute is None:
                            raise self._lacks(type_name, name)
                        entry = table[name] = (f'"{name}":', self._json_member(type_name, attribute))
                    parts.append(entry[0] + entry[1](value))
                return "{" + ",".join(parts) + "}"

            found = self._json[type_name] = write
        return found

    def _json_member(self, owner: str, attribute: dict[str, Any]) -> Writer:
        kind = _kind(attribute)
        inner = _JSON_SCALARS[kind] if kind else self.json(attribute["type"])
        if not attribute.get("list"):
            return inner
        if attribute.get("bare"):
            return _json_links
        item = attribute["item"] if kind else self.model.types[attribute["type"]]["element"]
        head = f'{{"{item}":['
        empty = f'{{"{item}":[]}}' if (owner, attribute["name"]) in EMPTY_MEMBERS else "{}"
        return lambda values: head + ",".join([inner(value) for value in values]) + "]}" if values else empty

    def xml(self, type_name: str) -> Callable[[str, Rep], str]:
        found = self._xml.get(type_name)
        if found is None:
            members = self.model.members(type_name)
            order = {name: rank for rank, name in enumerate(members)}
            attributes = frozenset(("id", "href", "rel"))
            table: dict[str, Callable[[str, Any], str]] = {}

            def write(tag: str, rep: Rep) -> str:
                inside, opening = [], f"<{tag}"
                for name, value in rep.items():
                    if value is None or name[0] == "_":
                        continue
                    if name in attributes and name in members:
                        opening += f' {name}="{_attribute(value if isinstance(value, str) else _plain(value))}"'
                        continue
                    writer = table.get(name)
                    if writer is None:
                        attribute = members.get(name)
                        if attribute is None:
                            raise self._lacks(type_name, name)
                        writer = table[name] = self._xml_member(attribute)
                    inside.append((order[name], writer(name, value)))
                if not inside:
                    return f"{opening}/>"
                inside.sort()
                return f"{opening}>{''.join([text for _rank, text in inside])}</{tag}>"

            found = self._xml[type_name] = write
        return found

    def _xml_member(self, attribute: dict[str, Any]) -> Callable[[str, Any], str]:
        kind = _kind(attribute)
        inner = _xml_scalar(_XML_SCALARS[kind]) if kind else self.xml(attribute["type"])
        if not attribute.get("list"):
            return inner
        if attribute.get("bare"):
            return _xml_links
        item = attribute["item"] if kind else self.model.types[attribute["type"]]["element"]

        def write(tag: str, values: Any) -> str:
            if not values:
                return f"<{tag}/>"
            return f"<{tag}>{''.join([inner(item, value) for value in values])}</{tag}>"

        return write


def _xml_scalar(scalar: Writer) -> Callable[[str, Any], str]:
    return lambda tag, value: f"<{tag}>{scalar(value)}</{tag}>"


def encode(model: Model, type_name: str, rep: Rep, media: str) -> bytes:
    """One object.  A member the API does not have is a LookupError: it must never reach a client."""
    writers = _Writers.of(model)
    if media == "json":
        return writers.json(type_name)(rep).encode("utf-8", "replace")
    return (XML_HEAD + writers.xml(type_name)(model.types[type_name]["element"], rep)).encode("utf-8", "replace")


def encode_list(model: Model, type_name: str, reps: list[Rep], media: str, service: str | None = None, followed: bool = False) -> bytes:
    """A list of objects.  ``service`` and ``followed`` (links were followed) decide how an empty one looks in JSON."""
    kind = model.types[type_name]
    writers = _Writers.of(model)
    if media == "json":
        if not reps and not followed and service not in EMPTY_LISTS:
            return b"{}"
        write = writers.json(type_name)
        return f'{{"{kind["element"]}":[{",".join([write(rep) for rep in reps])}]}}'.encode("utf-8", "replace")
    tag, item = kind["collection"], kind["element"]
    write_xml = writers.xml(type_name)
    inside = "".join([write_xml(item, rep) for rep in reps])
    return f"{XML_HEAD}<{tag}>{inside}</{tag}>".encode("utf-8", "replace") if inside else f"{XML_HEAD}<{tag}/>".encode("utf-8", "replace")


def encode_fault(media: str, reason: str | None, detail: str | None) -> bytes:
    """A fault of its own; members without a value are left out."""
    if media == "json":
        return json.dumps({name: value for name, value in (("reason", reason), ("detail", detail)) if value is not None}).encode("utf-8", "replace")
    inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in (("reason", reason), ("detail", detail)) if value is not None)
    return f"{XML_HEAD}<fault>{inside}</fault>".encode("utf-8", "replace")
