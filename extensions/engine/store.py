"""Tables of rows, kept in memory and, when asked, in a file that survives a killed process.

A row is a dict in the shape of its representation (snake_case members, references as ``{"id": ...}``) plus private members whose
names start with ``_``.  A changed row counts only once it was given to ``save``.
"""

from __future__ import annotations

import json
from typing import Any, Callable, Iterator

Row = dict[str, Any]


def _dig(row: Row, path: str) -> Any:
    value: Any = row
    for part in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    return value


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


class Table:
    """Rows by id, in the order they were added, with indices that are made when they are first asked for."""

    def __init__(self, name: str, changed: Callable[[str, str], None]) -> None:
        self.name = name
        self.rows: dict[str, Row] = {}
        self._changed = changed
        self._indices: dict[str, dict[Any, dict[str, Row]]] = {}
        self._keys: dict[str, dict[str, Any]] = {}

    def __iter__(self) -> Iterator[Row]:
        return iter(list(self.rows.values()))

    def __len__(self) -> int:
        return len(self.rows)

    def get(self, ident: str | None) -> Row | None:
        return self.rows.get(ident) if ident is not None else None

    def by(self, path: str, value: Any) -> list[Row]:
        """Rows whose member (dotted path) equals the value; texts without regard to case."""
        index = self._indices.get(path)
        if index is None:
            index = self._indices[path] = {}
            keys = self._keys[path] = {}
            for ident, row in self.rows.items():
                key = keys[ident] = _folded(_dig(row, path))
                index.setdefault(key, {})[ident] = row
        return list(index.get(_folded(value), {}).values())

    def named(self, name: str) -> Row | None:
        """The first row of exactly this name."""
        return next((row for row in self.by("name", name) if row.get("name") == name), None)

    def save(self, row: Row) -> Row:
        """Add the row or take its changes."""
        ident = row["id"]
        self.rows[ident] = row
        for path, index in self._indices.items():
            keys = self._keys[path]
            key = _folded(_dig(row, path))
            if ident in keys and keys[ident] != key:
                index.get(keys[ident], {}).pop(ident, None)
            keys[ident] = key
            index.setdefault(key, {})[ident] = row
        self._changed(self.name, ident)
        return row

    def remove(self, ident: str) -> Row | None:
        row = self.rows.pop(ident, None)
        if row is not None:
            for path, index in self._indices.items():
                key = self._keys[path].pop(ident, None)
                index.get(key, {}).pop(ident, None)
            self._changed(self.name, ident)
        return row


class Store:
    """All tables.  ``commit`` makes what has changed since the last time outlive the process."""

    def __init__(self, path: str | None = None) -> None:
        self.tables: dict[str, Table] = {}
        self.generation = 0
        self._dirty: dict[tuple[str, str], None] = {}
        self._file: Any = None
        self.restored = False
        if path:
            self._open(path)

    def table(self, name: str) -> Table:
        found = self.tables.get(name)
        if found is None:
            found = self.tables[name] = Table(name, self._mark)
        return found

    @property
    def changed(self) -> bool:
        """Has anything been saved or removed since the last commit?"""
        return bool(self._dirty)

    def removed(self) -> list[tuple[str, str]]:
        """Tables and ids of what is gone since the last commit."""
        return [(name, ident) for name, ident in self._dirty if ident not in self.tables[name].rows]

    def commit(self) -> None:
        if not self._dirty:
            return
        self.generation += 1
        if self._file is not None:
            gone, kept = [], []
            for name, ident in self._dirty:
                row = self.tables[name].rows.get(ident)
                if row is None:
                    gone.append((name, ident))
                else:
                    kept.append((name, ident, json.dumps(row, separators=(",", ":"))))
            self._file.execute("begin")
            self._file.executemany("delete from rows where kind=? and id=?", gone)
            self._file.executemany(
                "insert into rows(kind,id,data) values(?,?,?) on conflict(kind,id) do update set data=excluded.data", kept)
            self._file.execute("commit")
        self._dirty.clear()

    def close(self) -> None:
        self.commit()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _mark(self, name: str, ident: str) -> None:
        self._dirty[(name, ident)] = None

    def _open(self, path: str) -> None:
        import sqlite3

        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._file.execute("pragma journal_mode=wal")
        # What a killed process has written stays in the page cache; only a power cut needs more, and no estate here is worth that.
        self._file.execute("pragma synchronous=off")
        self._file.execute("create table if not exists rows(seq integer primary key, kind text, id text, data text, unique(kind,id))")
        for kind, ident, data in self._file.execute("select kind,id,data from rows order by seq"):
            self.table(kind).rows[ident] = json.loads(data)
            self.restored = True
