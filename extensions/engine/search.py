"""The engine's search language: ``name=web* and cluster.name=prod sortby name asc page 2``.

A search is read character by character, as the engine reads it, since its quirks depend on that: a field counts as soon as its name is complete, free text
may not begin like a word to come, ``sortby`` wants a direction before ``page``.  What the engine does not understand finds nothing and is no error; only
what its database refuses is one.  The words are in vocabulary.py.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Iterable

from . import errors
from .vocabulary import COLLECTIONS, ENTITIES, EQUAL, OBJECTS, TEXTS, Entity, Field, enum_number, joined, singular, tags_below, ENUMS

if TYPE_CHECKING:
    from .commands import Context
    from .store import Row, Store

NO_LIMIT = 2147483647
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DATES = ("%b %d, %Y", "%B %d, %Y", "%m/%d/%y", "%A, %B %d, %Y")
_TIMES = ("", ", %I:%M:%S %p", " %I:%M:%S %p", ", %I:%M %p", " %I:%M %p")


# ---------------------------------------------------------------- lists

def run(ctx: Context, collection: str, rows: list[Row], text: str | None = None) -> list[Row]:
    """The rows of a list of the API as ``search``, ``case_sensitive``, ``max`` and ``from`` of the request want them.

    ``text`` is searched instead of the request's own.
    """
    entity = ENTITIES[COLLECTIONS[collection]]
    given = ctx.parameter("search") if text is None else text
    if entity.intersected or (ctx.filtered and entity.word != "JOB"):
        if given is None:
            return limited(ctx, rows)
        query = _understood(entity, given)
        found = _answer(ctx, query, rows, NO_LIMIT, 0) if query is not None else []
        return limited(ctx, found)
    maximum = _integer(ctx, "max", NO_LIMIT)
    if maximum < 0:
        raise _database(f"Illegal max count value for query : {maximum}")
    query = _understood(entity, given or "")
    if query is None:
        return []
    return _answer(ctx, query, rows, maximum, _integer(ctx, "from", -1))


def limited(ctx: Context, rows: list[Row]) -> list[Row]:
    """``max`` for a list that is not searched."""
    maximum = _integer(ctx, "max", -1)
    return rows[:maximum] if maximum >= 0 else rows


def _integer(ctx: Context, name: str, default: int) -> int:
    """An integer parameter; the engine takes no notice of what is none."""
    text = ctx.parameter(name)
    if text and re.fullmatch(r"[+-]?[0-9]{1,10}", text) and -2147483648 <= int(text) <= NO_LIMIT:
        return int(text)
    return default


def _understood(entity: Entity, text: str) -> Query | None:
    if entity.suffix:
        text = f"{text} and {entity.suffix}" if text else entity.suffix
    return parse(entity.word, text)


def _answer(ctx: Context, query: Query, rows: list[Row], maximum: int, start: int) -> list[Row]:
    case_sensitive = bool(ctx.flag("case_sensitive"))
    query.check(case_sensitive, maximum, start)
    found = query.select(ctx, rows, case_sensitive)
    if start > 0:
        found = [row for row in found if int(row["id"]) > start]
    first = (query.page - 1) * maximum
    return found[first:first + maximum]


# ---------------------------------------------------------------- what a search says

@dataclass
class Condition:
    """``other`` is the entity a cross reference names, None for the one that is searched; ``field`` is None for free text."""

    value: str
    relation: str = "="
    field: Field | None = None
    other: str | None = None


@dataclass
class Query:
    """A search that was understood.  ``parts`` are conditions and ``AND``/``OR`` between them; two in a row mean AND, which then binds last."""

    entity: Entity
    text: str
    parts: list[Condition | str] = field(default_factory=list)
    sort: Field | None = None
    descending: bool = False
    page: int = 1

    # -- rows

    def select(self, ctx: Context, rows: list[Row], case_sensitive: bool) -> list[Row]:
        store = ctx.store
        if self.parts:
            rows = self._exactly(store, rows, case_sensitive) if self._is_exact() else rows
            test = self._test(ctx, case_sensitive)
            rows = [row for row in rows if test(row)]
        elif self.entity.word == "EVENT":
            rows = [row for row in rows if not row.get("_deleted")]
        return self._sorted(store, rows)

    def _is_exact(self) -> bool:
        """Is this a single condition that an index answers?"""
        first = self.parts[0]
        return (len(self.parts) == 1 and isinstance(first, Condition) and first.other is None and first.field is not None and first.relation == "="
                and (first.field.kind == "text" and first.field.place == "name" and not set(first.value) & set("*\\")
                     or first.field.kind == "id" and first.field.place == "id"))

    def _exactly(self, store: Store, rows: list[Row], case_sensitive: bool) -> list[Row]:
        condition = self.parts[0]
        assert isinstance(condition, Condition) and condition.field is not None
        table = _table_of(self.entity)
        if table is None:
            return rows
        if condition.field.kind == "id":
            ids = {condition.value.lower()}
        else:
            ids = {row["id"] for row in store.table(table).by("name", condition.value)}
        return [row for row in rows if row["id"] in ids] if ids else []

    def _test(self, ctx: Context, case_sensitive: bool) -> Callable[[Row], bool]:
        store = ctx.store
        others = list(dict.fromkeys(part.other for part in self.parts if isinstance(part, Condition) and part.other is not None))
        tree = _grouped([part if isinstance(part, str) else _judge(ctx, self.entity, part, case_sensitive) for part in self.parts])
        events = self.entity.word == "EVENT"

        def test(row: Row) -> bool:
            if events and row.get("_deleted"):
                return False
            if not others:
                return tree({None: row})
            choices = [joined(store, self.entity.word, other, row) or [{}] for other in others]
            return any(tree({None: row, **dict(zip(others, chosen))}) for chosen in itertools.product(*choices))

        return test

    def _sorted(self, store: Store, rows: list[Row]) -> list[Row]:
        if self.entity.word == "EVENT":
            rows = sorted(rows, key=lambda row: -row["index"])
        elif self.entity.word == "JOB":
            rows = sorted(rows, key=lambda row: row.get("start_time") or 0)
        else:
            for name in reversed(_ORDERS.get(self.entity.word, ("NAME",))):
                wanted = self.entity.fields[name]
                rows = sorted(rows, key=lambda row: _rank(wanted.value(store, row)))
        if self.sort is not None:
            sort = self.sort
            rows = sorted(rows, key=lambda row: _rank(sort.value(store, row)), reverse=self.descending)
        return rows

    # -- what the engine's database refuses

    def check(self, case_sensitive: bool, maximum: int, start: int) -> None:
        """Raise the database's refusal, with the statement it is about, as the engine shows it."""
        conditions = [part for part in self.parts if isinstance(part, Condition)]
        for one in conditions:
            if one.field is None:
                columns = _free_columns(ENTITIES[one.other] if one.other else self.entity)
                if not columns:
                    self._refuse(case_sensitive, maximum, start, 'syntax error at or near ")"', "(  ) ", 3)
                for column in self.entity.broken if one.other is None else ():
                    name = f"{self.entity.full}.{column}"
                    self._refuse(case_sensitive, maximum, start, f"column {name} does not exist", name, 0)
            elif one.field.kind == "id" and not re.fullmatch(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}", one.value):
                self._refuse(case_sensitive, maximum, start, f'invalid input syntax for type uuid: "{one.value}"', f"'{one.value}'", 0, grammar=False)
        if start > 0 and self.entity.word != "EVENT":
            self._refuse(case_sensitive, maximum, start, "operator does not exist: uuid > integer\n  Hint: No operator matches the given name and argument "
                         "types. You might need to add explicit type casts.", f" >  {start}", 1)
        if self.page < 1 and maximum:
            self._refuse(case_sensitive, maximum, start, "OFFSET must not be negative", None, 0, grammar=False)

    def _refuse(self, case_sensitive: bool, maximum: int, start: int, message: str, near: str | None, offset: int, grammar: bool = True) -> None:
        statement = _Statement(self, case_sensitive).text(maximum, start)
        error = f"ERROR: {message}"
        if near is not None:
            error += f"\n  Position: {statement.index(near) + offset + 1}"
        middle = f"bad SQL grammar [{statement}]" if grammar else f"SQL [{statement}]; {error}"
        raise _database(f"StatementCallback; {middle}; nested exception is org.postgresql.util.PSQLException: {error}")


_ORDERS = {"NETWORK": ("DATACENTER", "NAME")}
_TABLES = {"VM": "vm", "HOST": "host", "CLUSTER": "cluster", "DATACENTER": "data_center", "STORAGE": "storage_domain", "TEMPLATE": "template",
           "NETWORK": "network", "VNICPROFILE": "vnic_profile", "POOL": "vm_pool", "VOLUME": "gluster_volume", "INSTANCETYPE": "instance_type"}


def _table_of(entity: Entity) -> str | None:
    return _TABLES.get(entity.word)


def _database(message: str) -> errors.Answer:
    """The engine shows unknown messages in lower case and with spaces for underscores, as if they were keys."""
    return errors.fault(400, message.lower().replace("_", " "))


def _rank(value: Any) -> tuple[int, Any, Any]:
    """Nothing first, then numbers, then texts without regard to case."""
    if value is None:
        return (0, 0, "")
    if isinstance(value, (int, float)):
        return (1, value, "")
    return (2, str(value).casefold(), str(value))


Bound = dict[Any, Any]
Judge = Callable[[Bound], bool]


def _grouped(parts: list[Any]) -> Judge:
    """AND binds first, then OR, then what merely stands side by side."""
    for word, join in (("AND", all), ("OR", any)):
        while word in parts:
            at = parts.index(word)
            parts[at - 1:at + 2] = [_both(join, parts[at - 1], parts[at + 1])]
    return functools.partial(_every, parts) if len(parts) != 1 else parts[0]


def _both(join: Callable[[Iterable[bool]], bool], left: Judge, right: Judge) -> Judge:
    return lambda bound: join(test(bound) for test in (left, right))


def _every(tests: list[Judge], bound: Bound) -> bool:
    return all(test(bound) for test in tests)


# ---------------------------------------------------------------- conditions

def _judge(ctx: Context, entity: Entity, condition: Condition, case_sensitive: bool) -> Judge:
    store, other = ctx.store, condition.other
    if condition.field is None:
        looked_at = [one for one in (ENTITIES[other] if other else entity).fields.values() if one.kind in TEXTS and one.free]
        matches = _pattern(condition.value, case_sensitive, inside=True, literal=condition.relation == "=")
        wanted = condition.relation == "="

        def free(bound: Bound) -> bool:
            row = bound[other]
            return any(value is not None and matches(str(value)) == wanted for one in looked_at for value in one.values(store, row))

        return free
    read, test = condition.field.values, _value_test(ctx, condition, case_sensitive)
    return lambda bound: any(test(value) for value in read(store, bound[other]))


def _value_test(ctx: Context, condition: Condition, case_sensitive: bool) -> Callable[[Any], bool]:
    wanted, text, relation = condition.field, condition.value, condition.relation
    assert wanted is not None
    kind, equal = wanted.kind, relation == "="
    if kind == "text":
        matches = _pattern(text, case_sensitive, literal=equal)
        if equal:
            return lambda value: value is not None and matches(str(value))
        return lambda value: value is None or not matches(str(value))
    if kind == "tagged":
        if equal:
            expression = re.compile("^" + text.replace("*", ".*") + "$") if _compiles(text) else None
            names = tags_below(ctx.store, lambda name: expression is not None and expression.search(name) is not None)
            return lambda value: value in names
        matches = _pattern(text, case_sensitive, literal=False)
        return lambda value: value is None or not matches(value)
    if kind == "listed":
        # The list's items are the patterns here, and the value is what they are held against: a wildcard in it stands for itself.
        if equal:
            return lambda value: value is not None and value.lower() == text.replace("*", "%").lower()
        return lambda value: value is not None and value.lower() != text.replace("*", "%").lower()
    if kind in ("quota", "exact", "id"):
        if text == "" or text.lower() == "null":
            return (lambda value: value is None) if equal else (lambda value: value is not None)
        if kind == "id":
            text = text.lower()
        return (lambda value: value == text) if equal else (lambda value: value is None or value != text)
    if kind == "flag":
        truth = text.lower() == "true"
        return (lambda value: bool(value) is truth) if equal else (lambda value: bool(value) is not truth)
    if wanted.enum is not None:
        name = wanted.enum
        return _compared(relation, enum_number(name, text), lambda value: enum_number(name, value))
    if kind in ("time", "date"):
        moment = _moment(text, ctx.now)
        if equal:
            return lambda value: value is not None and moment <= value <= moment + 86400000
        return _compared(relation, moment, lambda value: value)
    if kind == "span":
        return _compared(relation, _span(text), lambda value: value)
    return _compared(relation, float(text), lambda value: value)


def _compared(relation: str, wanted: Any, read: Callable[[Any], Any]) -> Callable[[Any], bool]:
    compare: dict[str, Callable[[Any], bool]] = {
        "=": lambda value: value == wanted, "<": lambda value: value < wanted, ">": lambda value: value > wanted,
        "<=": lambda value: value <= wanted, ">=": lambda value: value >= wanted}
    if relation == "!=":
        return lambda value: read(value) is None or read(value) != wanted
    return lambda value: read(value) is not None and compare[relation](read(value))


def _compiles(text: str) -> bool:
    try:
        re.compile(text.replace("*", ".*"))
    except re.error:
        return False
    return True


def _pattern(text: str, case_sensitive: bool, inside: bool = False, literal: bool = True) -> Callable[[str], bool]:
    """A test for the database's LIKE: ``*`` is any text; ``_`` is any character where the engine forgets to quote it (``literal`` is False)."""
    if not case_sensitive:
        text = text.lower()
    pieces = re.split(r"(\\[%'\\]|\*|_)", text)
    plain = not inside and not any(piece == "*" or piece == "_" and not literal or len(piece) == 2 and piece[0] == "\\" for piece in pieces[1::2])
    if plain:
        return (lambda value: value == text) if case_sensitive else (lambda value: value.lower() == text)
    expression = "".join(".*" if piece == "*" else "." if piece == "_" and not literal else re.escape(piece[-1] if number % 2 else piece)
                         for number, piece in enumerate(pieces))
    compiled = re.compile(f".*{expression}.*" if inside else expression, re.DOTALL)
    return (lambda value: compiled.fullmatch(value) is not None) if case_sensitive else (lambda value: compiled.fullmatch(value.lower()) is not None)


def _moment(text: str, now: int) -> int:
    """Epoch milliseconds of a date, or of the midnight a word means."""
    found = _date(text)
    if found is not None:
        return int(found.timestamp() * 1000)
    today = datetime.datetime.fromtimestamp(now / 1000).replace(hour=0, minute=0, second=0, microsecond=0)
    word = text.lower()
    back = 1 if word == "yesterday" else 0
    if word in _DAYS:
        back = (today.weekday() - _DAYS.index(word)) % 7
        back = back if back > 1 else 0
    return int((today - datetime.timedelta(days=back)).timestamp() * 1000)


def _date(text: str) -> datetime.datetime | None:
    for form in (day + time for day in _DATES for time in _TIMES):
        try:
            return datetime.datetime.strptime(text, form)
        except ValueError:
            continue
    return None


_SPAN = re.compile(r"(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?|(\d+)")


def _span(text: str) -> int:
    """Seconds of ``days.hours:minutes:seconds``."""
    found = _SPAN.fullmatch(text.strip())
    assert found is not None
    if found[6] is not None:
        return int(found[6]) * 86400
    seconds = int(found[2] or 0) * 86400 + int(found[3]) * 3600 + int(found[4]) * 60 + int(found[5] or 0)
    return -seconds if found[1] else seconds


def _fits(wanted: Field, text: str) -> bool:
    """Does the engine take this value for the field?"""
    kind = wanted.kind
    if kind in ("number", "integer"):
        return re.fullmatch(r"[+-]?\d{1,10}", text) is not None and -2147483648 <= int(text) <= NO_LIMIT
    if kind == "decimal":
        return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text) is not None
    if kind == "amount":
        return re.fullmatch(r"[+-]?\d+", text) is not None
    if kind == "flag":
        return text.lower() in ("true", "false")
    if wanted.enum is not None:
        return text.upper() in ENUMS[wanted.enum]
    if kind in ("time", "date"):
        return text.lower() in ("today", "yesterday", *_DAYS) or _date(text) is not None
    if kind == "span":
        return _SPAN.fullmatch(text.strip()) is not None
    return True


# ---------------------------------------------------------------- reading a search

class _Wrong(Exception):
    """The engine does not understand the search."""


@functools.lru_cache(maxsize=256)
def _parsed(word: str, text: str) -> Query | None:
    try:
        return _Reader(ENTITIES[word], text).read()
    except _Wrong:
        return None


def parse(word: str, text: str) -> Query | None:
    """What a search of an entity (``VM``, ``CLUSTER`` ...) says; None for one that finds nothing because it is wrong."""
    return _parsed(word, text)


@functools.lru_cache(maxsize=None)
def _beginnings(*words: str) -> frozenset[str]:
    return frozenset(word[:length] for word in words for length in range(1, len(word) + 1))


_OBJECT_BEGINNINGS = _beginnings(*OBJECTS)
_AND_OR_BEGINNINGS = _beginnings("AND", "OR")
_DELIMITERS = frozenset(" !=<>")


class _Reader:
    """Reads a search from left to right.  ``state`` names what was read last; ``start`` is where the word begins that is being read."""

    def __init__(self, entity: Entity, text: str) -> None:
        self.entity = entity
        self.text = text
        self.at = 0
        self.start = 0
        self.state = "begin"
        self.valid = True
        self.query = Query(entity, text)
        self.offered = _beginnings(*(one.verb for one in entity.fields.values() if not one.hidden))
        self.other: str | None = None           # the cross reference being read
        self.field: Field | None = None
        self.relation: str | None = None
        self.free: set[str] = set()             # entities that had their free text

    def read(self) -> Query | None:
        length = len(self.text)
        while self.at < length:
            if self.text[self.at] in "';":
                raise _Wrong
            if self.text[self.at] == " " and self.state not in ("relation", "begin", "value", "and"):
                self.start += 1
            else:
                getattr(self, f"_after_{self.state}")()
            self.at += 1
        return self.query if self.valid else None

    @property
    def word(self) -> str:
        return self.text[self.start:self.at + 1].upper()

    def _next_word(self) -> None:
        self.start = self.at + 1

    # -- the states

    def _after_begin(self) -> None:
        word, valid = self.word, False
        if word in self.entity.fields:
            if self.at + 1 < len(self.text) and self.text[self.at + 1] in _DELIMITERS:
                self._take_field(word)
        elif not (self._take_clause(word) or self._take_other(word)):
            self._read_value(free=True, once=False)
            valid = True
        self.valid = valid

    def _after_and(self) -> None:
        word, valid = self.word, False
        if word in self.entity.fields:
            self._take_field(word)
        elif not self._take_other(word):
            valid = self._read_value(free=True)
        self.valid = valid

    def _after_value(self) -> None:
        word = self.word.strip()
        if not word:
            return
        valid = False
        if word in self.entity.fields:
            self._take_field(word)
        elif self._take_clause(word) or self._take_other(word):
            pass
        elif word in ("AND", "OR"):
            self.query.parts.append(word)
            self._next_word()
            self.state = "and"
        elif word not in self.offered and word not in _beginnings("SORTBY") and word not in _OBJECT_BEGINNINGS and word not in _AND_OR_BEGINNINGS:
            valid = self._read_value(free=True)
        self.valid = valid

    def _after_other(self) -> None:
        if self.word == ".":
            self._next_word()
            self.state = "dot"
        else:
            self._read_relation(EQUAL, ends_word=False)

    def _after_dot(self) -> None:
        assert self.other is not None
        fields = ENTITIES[self.other].fields
        if self.word in fields:
            self.field = fields[self.word]
            self._next_word()
            self.state = "field"
        elif self.word not in _beginnings(*(one.verb for one in fields.values() if not one.hidden)):
            raise _Wrong

    def _after_field(self) -> None:
        assert self.field is not None
        self._read_relation(self.field.relations, ends_word=True)
        self.valid = False

    def _after_relation(self) -> None:
        if self._read_value(free=False) and self.query.parts:
            last = self.query.parts[-1]
            assert isinstance(last, Condition)
            if last.field is None and last.other is not None:
                self._once(last.other)

    def _after_sortby(self) -> None:
        if self.word in self.entity.fields:
            self.query.sort = self.entity.fields[self.word]
            self._next_word()
            self.state = "sort_field"
            self.valid = True
        elif self.word not in self.offered:
            raise _Wrong

    def _after_sort_field(self) -> None:
        if self.word in ("ASC", "DESC"):
            self.query.descending = self.word == "DESC"
            self._next_word()
            self.state = "direction"
            self.valid = True
        elif self.word not in _beginnings("ASC", "DESC"):
            raise _Wrong

    def _after_direction(self) -> None:
        if self.word == "PAGE":
            self._next_word()
            self.state = "page"
            self.valid = True
        elif self.word not in _beginnings("PAGE"):
            raise _Wrong

    def _after_page(self) -> None:
        if not self.word.isdigit():
            raise _Wrong
        digits = re.match(r"\d*", self.text[self.at:])
        assert digits is not None
        end = self.at + len(digits[0])
        # Whatever follows the number is swallowed with it and makes it none.
        self.query.page = int(digits[0]) if end == len(self.text) else 1
        self.at = end + 1
        self.state = "end"
        self.valid = True

    def _after_end(self) -> None:
        raise _Wrong

    # -- parts of the states

    def _take_field(self, word: str) -> None:
        self.field = self.entity.fields[word]
        self.other = None
        self._next_word()
        self.state = "field"

    def _take_clause(self, word: str) -> bool:
        if word not in ("SORTBY", "PAGE"):
            return False
        self._next_word()
        self.state = word.lower()
        return True

    def _take_other(self, word: str) -> bool:
        if word not in self.entity.crosses:
            return False
        if self.text[self.at + 1:self.at + 2].upper() == "S":
            self.at += 1
        self.other = singular(word)
        self.field = None
        self._next_word()
        self.state = "other"
        return True

    def _read_relation(self, relations: tuple[str, ...], ends_word: bool) -> None:
        word = self.word
        if self.at + 1 < len(self.text) and self.text[self.start:self.at + 2] in relations:
            return
        if word in relations:
            self.relation = word
            self._next_word()
            self.state = "relation"
        elif word not in _beginnings(*relations):
            raise _Wrong
        elif ends_word:
            self._next_word()

    def _read_value(self, free: bool, once: bool = True) -> bool:
        """Read on in a value; True when it is complete with this character."""
        text, at = self.text, self.at
        value = text[self.start:at + 1]
        quoted = '"' in text[self.start:at]
        complete = False
        if text[at] == '"':
            quoted = not quoted
            if quoted:
                if value.strip() != '"':
                    raise _Wrong
            else:
                value = value.strip('"')
                complete = True
        if (text[at] == " " or at + 1 == len(text)) and not quoted and not complete:
            value = value.strip()
            if value and not any(one.isspace() for one in value):
                complete = True
            else:
                self._next_word()
        if not complete:
            return False
        if free:
            condition = Condition(value)
        else:
            condition = Condition(value, self.relation or "=", self.field, self.other)
            if self.field is not None and not _fits(self.field, value):
                raise _Wrong
        if value.endswith("\\"):
            raise _Wrong
        if free and once and self.entity.word in self.free:
            raise _Wrong
        if free:
            self.free.add(self.entity.word)
        self.query.parts.append(condition)
        self._next_word()
        self.state = "value"
        self.field = self.relation = self.other = None
        self.valid = True
        return True

    def _once(self, word: str) -> None:
        if word in self.free:
            raise _Wrong
        self.free.add(word)


# ---------------------------------------------------------------- the statement the engine would send to its database

class _Statement:
    """The SQL text of a search: the engine's refusals quote it."""

    def __init__(self, query: Query, case_sensitive: bool) -> None:
        self.query = query
        self.entity = query.entity
        self.like = "LIKE" if case_sensitive else "ILIKE"
        others = [part.other for part in query.parts if isinstance(part, Condition) and part.other]
        self.full = "tag" in query.text or "DATACENTER" in others or "STORAGE" in others or (self.entity.word == "USER" and "vm" in query.text)

    def text(self, maximum: int, start: int) -> str:
        entity, parts = self.entity, []
        for part in self.query.parts:
            parts.append(part if isinstance(part, str) else self._condition(part))
        for word in ("AND", "OR"):
            while word in parts:
                at = parts.index(word)
                parts[at - 1:at + 2] = [f"( {parts[at - 1]} {word} {parts[at + 1]} )"]
        if entity.word == "EVENT":
            parts.append("not deleted")
        where = f" WHERE {' AND '.join(parts)}" if parts else ""
        table = entity.full if self.full else entity.view
        order = f" ORDER BY {entity.order}"
        if self.query.sort is not None:
            order = f" ORDER BY {self.query.sort.column} {'DESC NULLS LAST' if self.query.descending else 'ASC NULLS FIRST'}"
            if entity.order not in order:
                order += f",{entity.order}"
        joins = "".join(f"  LEFT OUTER JOIN {ENTITIES[one].full}  " for one in dict.fromkeys(
            part.other for part in self.query.parts if isinstance(part, Condition) and part.other))
        if self.full:
            inner = f"SELECT * FROM {entity.view} WHERE ( {entity.key} IN (SELECT distinct {table}.{entity.key} FROM  {table} {joins} {where})"
        else:
            inner = f"(SELECT {'distinct' if entity.distinct else ''} {table}.* FROM  {table} {joins} {where}"
        if start > 0:
            inner += f" and  {entity.key} >  {start}"
        first = (self.query.page - 1) * maximum + 1
        return f"SELECT * FROM ({inner}) {order}) as T1 OFFSET ({first} -1) LIMIT {maximum}"

    def _condition(self, condition: Condition) -> str:
        entity = ENTITIES[condition.other] if condition.other else self.entity
        negative = condition.relation == "!="
        if condition.field is None:
            self.full = True
            like, value = (f" NOT {self.like}" if negative else self.like), self._quoted(condition.value, wild=True)
            columns = dict.fromkeys(f" {entity.full}.{column} {like} '%{value}%'" for column in _free_columns(entity))
            return f" ( {' OR '.join(columns)} ) "
        wanted = condition.field
        text = wanted.kind in ("text", "listed", "tagged")
        relation = (f" NOT {self.like}" if negative else self.like) if text else condition.relation
        value = self._quoted(condition.value, wild=text)
        table = entity.full if condition.other or wanted.verb == "TAG" or (self.full and entity.tagged) else entity.view
        name = f"{table}.{wanted.column}"
        return f" ({name} IS NULL OR {name} {relation} '{value}') " if negative else f" {name} {relation} '{value}' "

    @staticmethod
    def _quoted(value: str, wild: bool) -> str:
        value = value.replace("\\", "\\\\").replace("%", "\\%")
        return value.replace("*", "%").replace("_", "\\_") if wild else value


def _free_columns(entity: Entity) -> list[str]:
    return sorted(one.column for one in entity.fields.values() if one.kind in TEXTS and one.free)
