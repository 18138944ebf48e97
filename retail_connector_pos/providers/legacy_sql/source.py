"""The queries of a layout: what its tables and views are, in the order of their watermark."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql import FromClause, Select

from ...decisions.legacy_layout import Layout, Part
from ...decisions.legacy_query import table_of
from ...decisions.legacy_reading import MOST_ROWS, Record
from ...decisions.legacy_values import CellError, as_text
from .position import Clock, Position

Row = dict[str, Any]
# Rows of one part that are fetched for a page; a page with more is read record by record.
MOST_PAGE_ROWS = 20_000


def clause_of(part: Part, columns: Sequence[str]) -> FromClause:
    """Return what a part is read from: a table or view by its name, or the declared SELECT."""
    wanted = [sa.column(name) for name in columns]
    if part.table:
        schema, name = table_of(part.table)
        return sa.table(name, *wanted, schema=schema)
    # Colons of the statement are no parameters.
    text = sa.text(part.select.replace(":", "\\:"))
    return text.columns(*wanted).subquery("source")


def first_row(connection: Connection, part: Part) -> Row | None:
    """Return all columns of any one row, ``None`` where there is no row."""
    every = sa.literal_column("*")
    if part.table:
        schema, name = table_of(part.table)
        query = sa.select(every).select_from(sa.table(name, schema=schema)).limit(1)
    else:
        text = sa.text(part.select.replace(":", "\\:")).columns().subquery("source")
        query = sa.select(every).select_from(text).limit(1)
    found = connection.execute(query).mappings().first()
    return dict(found) if found else None


@dataclass(frozen=True)
class Source:
    """The records of a layout in one transaction."""

    connection: Connection
    layout: Layout
    clock: Clock

    # Headers

    def without_key(self, limit: int) -> list[Row]:
        """Return rows that cannot be told apart: a part of their key is missing."""
        clause = self._header()
        nothing = sa.or_(*(clause.c[name].is_(None) for name in self.layout.header.key))
        return self._rows(sa.select(clause).where(nothing).limit(limit))

    def page(self, position: Position, limit: int, fresh: tuple[Any, Any] | None) -> list[Row]:
        """Return the next headers behind a position, without ``fresh`` watermarks."""
        clause = self._header()
        mark = clause.c[self.layout.tables.watermark]
        keys = [clause.c[name] for name in self.layout.header.key]
        query = sa.select(clause).where(*(key.is_not(None) for key in keys))
        if position.phase == "nulls":
            query = query.where(mark.is_(None)).order_by(*keys)
            if position.key:
                query = query.where(_behind(keys, position.key))
        else:
            query = query.where(mark.is_not(None)).order_by(mark, *keys)
            query = self._from(query, mark, keys, position)
            if fresh:
                query = query.where(sa.not_(mark.between(*fresh)))
        return self._rows(query.limit(limit))

    def _from(
        self, query: Select, mark: sa.ColumnElement, keys: list, position: Position
    ) -> Select:
        if position.mark is None:
            return query
        if not position.key:
            return query.where(mark >= position.mark)
        return query.where(_behind([mark, *keys], (position.mark, *position.key)))

    def fresh(self, now: datetime) -> tuple[Any, Any] | None:
        """Return the watermarks of rows that may still be written; the next poll reaches back."""
        tables = self.layout.tables
        if tables.watermark_kind != "moment" or not tables.settle:
            return None
        sample = self.watermark()
        if sample is None or not _has_time(sample):
            return None
        margin = timedelta(seconds=tables.settle)
        return self.clock.like(sample, now - margin), self.clock.like(sample, now + margin)

    def watermark(self) -> Any:
        """Return the largest watermark, ``None`` without any."""
        clause = self._header()
        return self.connection.execute(
            sa.select(sa.func.max(clause.c[self.layout.tables.watermark]))
        ).scalar()

    def newest(self, limit: int) -> list[Row]:
        """Return the headers that were written last."""
        clause = self._header()
        mark = clause.c[self.layout.tables.watermark]
        query = sa.select(clause).where(mark.is_not(None)).order_by(mark.desc()).limit(limit)
        return self._rows(query) or self._rows(sa.select(clause).limit(limit))

    def where(self, column: str, value: Any) -> list[Row]:
        """Return headers by one of their columns."""
        clause = self._header()
        return self._rows(sa.select(clause).where(clause.c[column] == value).limit(2))

    def _header(self) -> FromClause:
        return clause_of(self.layout.header, self.layout.header_columns())

    def _rows(self, query: Select) -> list[Row]:
        return [dict(row) for row in self.connection.execute(query).mappings()]

    # Records

    def key_of(self, part: Part, row: Row) -> tuple[str, ...]:
        """Return what a row is joined by: one side may be a number where the other is a text."""
        return tuple(_word(row[name]) for name in part.key)

    def records(self, headers: Sequence[Row]) -> list[Record]:
        """Return headers with the rows of their parts."""
        rows = {part.name: self._rows_of(part, headers) for part in self.layout.row_parts}
        return [
            Record(
                header,
                {
                    name: found.get(self.key_of(self.layout.header, header), [])
                    for name, found in rows.items()
                },
            )
            for header in headers
        ]

    def _rows_of(self, part: Part, headers: Sequence[Row]) -> dict[tuple[str, ...], list[Row]]:
        found = self._fetched(part, headers, MOST_PAGE_ROWS)
        if len(found) > MOST_PAGE_ROWS:
            found = [row for header in headers for row in self._fetched(part, [header], MOST_ROWS)]
        grouped: dict[tuple[str, ...], list[Row]] = {}
        for row in found:
            grouped.setdefault(self.key_of(part, row), []).append(row)
        return grouped

    def _fetched(self, part: Part, headers: Sequence[Row], most: int) -> list[Row]:
        clause = clause_of(part, part.columns())
        keys = [clause.c[name] for name in part.key]
        wanted = [tuple(header[name] for name in self.layout.header.key) for header in headers]
        if len(keys) == 1:
            condition = keys[0].in_([values[0] for values in wanted])
        else:
            condition = sa.or_(*(_equal(keys, values) for values in wanted))
        query = sa.select(clause).where(condition).limit(most + 1)
        return self._rows(query.order_by(*(clause.c[name] for name in part.sort)))


def _word(value: Any) -> str:
    try:
        return as_text(value)
    except CellError:
        return repr(value)


def _behind(columns: list, values: Sequence[Any]) -> sa.ColumnElement[bool]:
    """Return the condition that columns are behind some values, in their common order."""
    pairs = list(zip(columns, values, strict=True))
    return sa.or_(
        *(
            sa.and_(*(c == v for c, v in pairs[:n]), column > value)
            for n, (column, value) in enumerate(pairs)
        )
    )


def _equal(columns: list, values: Sequence[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(*(c == v for c, v in zip(columns, values, strict=True)))


def _has_time(value: Any) -> bool:
    """Tell whether a watermark says more than the day."""
    return isinstance(value, datetime) or (isinstance(value, str) and len(value) > 10)
