"""Reads what is new in a database, page by page: no transaction is open while a page is stored."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Engine

from odoo.addons.retail_connector_base.providers import Page, ReceivedMessage

from ...decisions.legacy_layout import Layout
from ...decisions.legacy_reading import Record
from ..legacy_common import MessageMaker
from .connection import reading, refuse_odoo
from .position import AGAIN, BACK, MAIN, NULLS, Clock, Position, position_of
from .source import Row, Source

PAGE = 200
# How many rows without a key are shown of one poll.
MOST_KEYLESS = 100


class Poll:
    """One run over the tables of a layout."""

    def __init__(self, engine: Engine, layout: Layout, now: datetime, page: int = PAGE) -> None:
        self.engine, self.layout, self.now, self.page = engine, layout, now, page
        self.clock = Clock(layout.tables, ZoneInfo(layout.tz))
        self.messages = MessageMaker(layout, now)
        self._fresh: tuple[object, object] | None = None

    def pages(self, cursor: str, since: datetime | None) -> Iterator[Page]:
        """Yield pages behind a cursor; at the start of a run from where the last one came to."""
        if cursor and not cursor.startswith((AGAIN, BACK)):
            position = position_of(cursor)
        else:
            position, first = self._begun(cursor, since)
            if first:
                yield Page(first, position.text())
        with reading(self.engine) as connection:
            self._fresh = self._source(connection).fresh(self.now)
        start = self._start(cursor, since, position)
        while position is not None:
            found, position = self._next(position, start)
            if found is not None:
                yield found

    def _begun(
        self, cursor: str, since: datetime | None
    ) -> tuple[Position, tuple[ReceivedMessage, ...]]:
        """Return the first position, and messages of the rows that have no place in any order."""
        reached = position_of(cursor.removeprefix(AGAIN)).reached if cursor[:6] == AGAIN else None
        with reading(self.engine) as connection:
            refuse_odoo(connection)
            keyless = self._source(connection).without_key(MOST_KEYLESS)
        phase = NULLS if self.layout.tables.reads_nulls else MAIN
        records = [Record(row) for row in keyless]
        return Position(phase, reached=reached), self._messages(records)

    def _start(self, cursor: str, since: datetime | None, position: Position) -> object:
        """Return the watermark to start from, ``None`` for all there is."""
        if position.phase == MAIN and position.mark is not None:
            return None
        if position.reached is not None:
            return self.clock.back(position.reached, self.now)
        if since is None:
            return None
        return self._of_moment(cursor, since)

    def _of_moment(self, cursor: str, since: datetime) -> object:
        with reading(self.engine) as connection:
            sample = self._source(connection).watermark()
        if sample is None:
            return None
        if self.layout.tables.watermark_kind == "moment":
            return self.clock.like(sample, since)
        # Numbers tell no time: the first run begins now, a backfill reads everything.
        return None if cursor.startswith(BACK) else self.clock.back(sample, self.now)

    def _next(self, position: Position, start: object) -> tuple[Page | None, Position | None]:
        """Return the page behind a position and the position behind it, ``None`` at the end."""
        if position.phase == MAIN and position.mark is None and not position.key:
            position = position.main(start)
        with reading(self.engine) as connection:
            source = self._source(connection)
            headers = source.page(position, self.page, self._fresh)
            records = source.records(headers) if headers else []
        if not headers:
            return None, position.main(start) if position.phase == NULLS else None
        position = self._behind(position, headers[-1])
        following = position if len(headers) == self.page or position.phase == NULLS else None
        return Page(self._messages(records), position.text()), following

    def _behind(self, position: Position, row: Row) -> Position:
        key = tuple(row[name] for name in self.layout.header.key)
        return position.after(row[self.layout.tables.watermark], key)

    def _messages(self, records: list[Record]) -> tuple[ReceivedMessage, ...]:
        made = (self.messages.of_record(record) for record in records)
        return tuple(message for message in made if message)

    def _source(self, connection: object) -> Source:
        return Source(connection, self.layout, self.clock)
