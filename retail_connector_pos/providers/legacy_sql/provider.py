"""The adapter of a database that a foreign system writes its sales to."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from odoo.addons.retail_connector_base.providers import (
    ConfigurationError,
    ConnectionReport,
    CredentialSpec,
    Page,
    ReceivedMessage,
    SettingSpec,
    UnsupportedError,
)

from ...decisions.legacy_layout import Layout
from ..legacy_common import LayoutProvider, MessageMaker, Sample, sample_of
from .address import address_of, shown
from .connection import engine_of, reading, refuse_odoo
from .poll import Poll
from .position import AGAIN, BACK, Clock
from .source import Source, first_row


class LegacySqlProvider(LayoutProvider):
    """A database that is read where a system cannot tell of its sales by itself."""

    code = "legacy_sql"
    label = "SQL Database"
    medium = "tables"
    keeps_position = True
    flows = LayoutProvider.poll_flows
    settings = (
        SettingSpec(
            "database_url",
            "Database",
            "dialect+driver://user@host:port/database, without the password, e.g. "
            "postgresql://reader@10.0.0.5/tills; sqlite:////folder/file.db for a file. Use a user "
            "that may only read.",
        ),
        *LayoutProvider.layout_specs,
    )
    credentials = (
        CredentialSpec(
            "database_password",
            "Password",
            "Of the database's user; a file has none.",
            required=False,
        ),
    )

    @classmethod
    def first_cursor(cls, position: str, back: bool) -> str:
        """Override: polls start where the last one ended; a backfill reaches back on purpose."""
        if back:
            return BACK
        return f"{AGAIN}{position}" if position else ""

    def fetch(self, kind: str, cursor: str, since: datetime | None = None) -> Iterator[Page]:
        """Yield the records behind the watermark that was reached, less the layout's overlap."""
        if kind not in self.layout_settings:
            yield from super().fetch(kind, cursor, since)
        elif self.has_layout(kind):
            layout = self.layout(kind)
            yield from Poll(self._engine(), layout, self.context.now()).pages(cursor, since)

    def fetch_one(self, kind: str, external_id: str) -> ReceivedMessage | None:
        """Return one record as the database holds it now."""
        layout = self.layout(kind)
        column = self._identity(layout)
        with reading(self._engine()) as connection:
            source = self._source(connection, layout)
            headers = source.where(column, _typed(connection, layout, column, external_id))
            records = source.records(headers)
        if len(records) > 1:
            raise ConfigurationError(f"“{column}” is not unique: it cannot be asked for.")
        made = MessageMaker(layout, self.context.now())
        return made.of_record(records[0]) if records else None

    def _identity(self, layout: Layout) -> str:
        """Return the column that holds the record's id as it is."""
        for rule in layout.header.rules:
            plain = len(rule.columns) == 1 and not rule.lookup
            if rule.target == "external_id" and plain:
                return rule.columns[0]
        raise UnsupportedError("Records of this layout are not found by their id alone.")

    def test_connection(self) -> ConnectionReport:
        """Look at the tables of the layouts in use."""
        url = address_of(self.context)
        with reading(self._engine()) as connection:
            refuse_odoo(connection)
            connection.execute(sa.select(sa.literal(1)))
            details = [
                (kind, self._report(connection, self.layout(kind)))
                for kind in self.layout_settings
                if self.has_layout(kind)
            ]
        warnings = () if details else ("No layout is in use yet.",)
        return ConnectionReport(shown(url), tuple(details), warnings)

    def _report(self, connection: Connection, layout: Layout) -> str:
        source = self._source(connection, layout)
        found = source.records(source.newest(1))
        return f"{len(found)} record looked at" if found else "the tables are empty"

    def sample(self, layout: Layout, limit: int) -> list[Sample]:
        """Return the newest records and what a layout makes of them."""
        layout = self.checked(layout, layout.kind)
        with reading(self._engine()) as connection:
            refuse_odoo(connection)
            source = self._source(connection, layout)
            records = source.records(source.newest(limit))
        return [sample_of(layout, record) for record in records]

    def columns(self, layout: Layout, part: str) -> list[str]:
        """Return the names of the columns of a part's table."""
        found = next(each for each in layout.parts if each.name == part)
        with reading(self._engine()) as connection:
            refuse_odoo(connection)
            return list(first_row(connection, found) or ())

    def _engine(self) -> Engine:
        return engine_of(address_of(self.context))

    def _source(self, connection: Connection, layout: Layout) -> Source:
        return Source(connection, layout, Clock(layout.tables, ZoneInfo(layout.tz)))


def _typed(connection: Connection, layout: Layout, column: str, value: str) -> object:
    """Return an id as its column holds ids: drivers do not compare texts with numbers."""
    row = first_row(connection, layout.header) or {}
    if isinstance(row.get(column), int) and value.lstrip("-").isdecimal():
        return int(value)
    return value
