"""Puts the rows of a record together although they are spread over files of any size.

Rows are kept in a file of their own on this machine while a delivery is read, not in memory.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .lines import Bad
from .plain import encoded
from .sets import HEADER

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE head (ordinal INTEGER PRIMARY KEY, key TEXT UNIQUE, place TEXT, row TEXT);
    CREATE TABLE row (ordinal INTEGER PRIMARY KEY, part TEXT, key TEXT, place TEXT, row TEXT);
    CREATE INDEX row_key ON row (key, part);
    CREATE TABLE bad (ordinal INTEGER PRIMARY KEY, place TEXT, text TEXT, problem TEXT);
"""


class Spool:
    """The rows of one delivery, to be read record by record in the order of their headers.

    Of each part of a record ``most_rows`` are given, and one more that tells that there are more.
    """

    def __init__(self, most_rows: int) -> None:
        self._most_rows = most_rows
        self._folder = tempfile.TemporaryDirectory(prefix="retail-spool-")
        path = Path(self._folder.name) / "rows.db"
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Forget everything."""
        self._db.close()
        self._folder.cleanup()

    def head(self, key: str, place: str, cells: dict[str, Any]) -> bool:
        """Keep a header; tell whether it is the first of its key or the same as that."""
        text = encoded(cells).decode()
        made = self._db.execute(
            "INSERT INTO head (key, place, row) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [key, place, text],
        ).rowcount
        if made:
            return True
        known = self._db.execute("SELECT row FROM head WHERE key = ?", [key]).fetchone()
        return known[0] == text

    def row(self, part: str, key: str, place: str, cells: dict[str, Any]) -> None:
        """Keep a row of a part."""
        self._db.execute(
            "INSERT INTO row (part, key, place, row) VALUES (?, ?, ?, ?)",
            [part, key, place, encoded(cells).decode()],
        )

    def bad(self, place: str, bad: Bad) -> None:
        """Keep a line that is no row."""
        self._db.execute(
            "INSERT INTO bad (place, text, problem) VALUES (?, ?, ?)",
            [place, bad.text.encode("utf-8", "replace").decode(), bad.problem],
        )

    def records(
        self, behind: int, parts: list[str]
    ) -> Iterator[tuple[int, str, dict[str, Any], dict[str, list[dict[str, Any]]]]]:
        """Yield (ordinal, place, header, rows by part) behind an ordinal."""
        heads = self._db.execute(
            "SELECT ordinal, key, place, row FROM head WHERE ordinal > ? ORDER BY ordinal", [behind]
        )
        for ordinal, key, place, row in heads:
            rows = {part: self._rows(part, key) for part in parts}
            yield ordinal, place, json.loads(row), rows

    def _rows(self, part: str, key: str) -> list[dict[str, Any]]:
        found = self._db.execute(
            "SELECT row FROM row WHERE key = ? AND part = ? ORDER BY ordinal LIMIT ?",
            [key, part, self._most_rows + 1],
        )
        return [json.loads(row) for (row,) in found]

    def leftovers(self) -> Iterator[tuple[str, str, str]]:
        """Yield (place, text, problem) of all that belongs to no record."""
        yield from self._db.execute("SELECT place, text, problem FROM bad ORDER BY ordinal")
        orphans = self._db.execute(
            "SELECT min(place), group_concat(row, char(10)) FROM "
            "(SELECT * FROM row WHERE key NOT IN (SELECT key FROM head) ORDER BY ordinal) "
            "GROUP BY key ORDER BY min(ordinal)"
        )
        for place, text in orphans:
            yield place, text, f"There is no {HEADER} that these rows belong to."
