import os
import shutil
import sqlite3
import tempfile
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import sqlalchemy as sa

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    MalformedPayloadError,
    RawRequest,
    UnsupportedError,
)

from ..decisions.legacy_layout import Part
from ..providers.legacy_sql import poll
from .legacy_kit import NOW, keys_of, messages_of, parsed, sql_provider, table_layout

SALES = """
    CREATE TABLE sales (id integer, store varchar(20), till varchar(20), at {moment},
                        total numeric(12, 2), changed {moment})
"""
LINES = """
    CREATE TABLE sale_lines (sale integer, pos integer, sku varchar(20), qty numeric(12, 3),
                             price numeric(12, 2))
"""
PAYMENTS = "CREATE TABLE payments (sale integer, how varchar(20), amt numeric(12, 2))"


class LegacyTables:
    """What holds for every database; a subclass opens one."""

    moment = "timestamp"

    def setUp(self):
        super().setUp()
        self.engine = self.open_engine()
        self.addCleanup(self.engine.dispose)
        self.run_sql(
            *(statement.format(moment=self.moment) for statement in (SALES, LINES, PAYMENTS))
        )
        self.startPatch(patch.object(poll.Poll.__init__, "__defaults__", (2,)))

    def startPatch(self, patcher):
        patcher.start()
        self.addCleanup(patcher.stop)

    def run_sql(self, *statements, **values):
        with self.engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement), values)

    def at(self, minutes):
        """Return a watermark some minutes before noon."""
        moment = (NOW - timedelta(minutes=minutes)).replace(tzinfo=None)
        return moment if self.moment == "timestamp" else moment.isoformat(sep=" ")

    def sell(self, number, minutes, total=10, rows=True):
        """Write a sale with its rows, as the system does."""
        changed = None if minutes is None else self.at(minutes)
        self.run_sql(
            "INSERT INTO sales VALUES (:n, 'S1', 'R1', :at, :total, :changed)",
            n=number, at=self.at(200), total=total, changed=changed,
        )  # fmt: skip
        if rows:
            self.add_rows(number, total)

    def add_rows(self, number, total=10):
        values = {"n": number, "total": total}
        self.run_sql("INSERT INTO sale_lines VALUES (:n, 1, 'A', 1, :total)", **values)
        self.run_sql("INSERT INTO payments VALUES (:n, 'cash', :total)", **values)

    def provider(self, now=NOW, **options):
        layout = options.pop("layout", None) or table_layout(**options)
        return sql_provider(self.url, layout, now, self.secrets)

    def fetched(self, provider=None, cursor="", since=None):
        """Return the messages of a poll, and the cursor it ended at."""
        pages = list((provider or self.provider()).fetch("pos_ticket", cursor, since))
        return messages_of(pages), pages[-1].cursor if pages else cursor

    def again(self, provider, cursor):
        return self.fetched(provider, provider.first_cursor(cursor, False))

    # Reading

    def test_tickets_are_read_with_their_rows(self):
        self.sell(1, 100, 12.5)
        (message,), _cursor = self.fetched()
        ticket = parsed(self.provider(), message)
        self.assertEqual((ticket.external_id, str(ticket.total)), ("1", "12.5"))
        self.assertEqual([line.sku for line in ticket.lines], ["A"])
        self.assertEqual([tender.method for tender in ticket.tenders], ["cash"])
        self.assertEqual(message.entity_key, ticket.entity_key)

    def test_equal_watermarks_are_all_read(self):
        for number in range(1, 8):
            self.sell(number, 100)
        messages, _cursor = self.fetched()
        self.assertEqual(len(set(keys_of(messages))), 7)

    def test_an_interrupted_poll_goes_on_behind_its_last_page(self):
        for number in range(1, 6):
            self.sell(number, 100)
        provider = self.provider()
        first = next(iter(provider.fetch("pos_ticket", "", None)))
        rest, _cursor = self.fetched(provider, first.cursor)
        self.assertEqual(len(first.messages) + len(rest), 5)

    def test_what_was_committed_late_with_an_older_time_is_found(self):
        self.sell(1, 40)
        _messages, cursor = self.fetched()
        self.sell(2, 80)
        messages, _cursor = self.again(self.provider(), cursor)
        self.assertEqual(keys_of(messages), ["pos_ticket:2", "pos_ticket:1"])

    def test_the_same_state_is_the_same_event(self):
        self.sell(1, 40)
        first, cursor = self.fetched()
        again, _cursor = self.again(self.provider(NOW + timedelta(minutes=5)), cursor)
        self.assertEqual([m.event_id for m in first], [m.event_id for m in again])
        self.assertLess(first[0].observed_at, again[0].observed_at)

    def test_rows_that_came_later_make_another_event(self):
        """Writers commit a header before its lines: the first look must not be the last word."""
        self.sell(1, 40, rows=False)
        provider = self.provider()
        (first,), cursor = self.fetched(provider)
        with self.assertRaises(MalformedPayloadError):
            parsed(provider, first)
        self.add_rows(1)
        (second,), _cursor = self.again(provider, cursor)
        self.assertEqual(second.entity_key, first.entity_key)
        self.assertNotEqual(second.event_id, first.event_id)
        self.assertTrue(parsed(provider, second).lines)

    def test_rows_without_a_watermark_are_read_once_as_events(self):
        self.sell(1, None)
        self.sell(2, None)
        self.sell(3, None)
        first, cursor = self.fetched()
        again, _cursor = self.again(self.provider(), cursor)
        self.assertEqual(sorted(keys_of(first)), [f"pos_ticket:{n}" for n in (1, 2, 3)])
        self.assertEqual({m.event_id for m in first}, {m.event_id for m in again})
        self.assertEqual(self.fetched(self.provider(reads_nulls=False))[0], [])

    def test_a_clock_that_was_ahead_hides_nothing_once_it_is_right(self):
        self.sell(1, -24 * 60)
        _messages, cursor = self.fetched()
        self.sell(2, 5)
        messages, _cursor = self.again(self.provider(), cursor)
        self.assertIn("pos_ticket:2", keys_of(messages))

    def test_a_clock_that_goes_back_within_the_overlap_hides_nothing(self):
        self.sell(1, 5)
        _messages, cursor = self.fetched()
        self.sell(2, 60)
        messages, _cursor = self.again(self.provider(NOW + timedelta(minutes=10)), cursor)
        self.assertIn("pos_ticket:2", keys_of(messages))

    def test_what_may_still_be_written_is_left_for_the_next_poll(self):
        self.sell(1, 0)
        self.sell(2, 10)
        messages, cursor = self.fetched()
        self.assertEqual(keys_of(messages), ["pos_ticket:2"])
        messages, _cursor = self.again(self.provider(NOW + timedelta(minutes=1)), cursor)
        self.assertIn("pos_ticket:1", keys_of(messages))

    def test_a_first_poll_begins_where_it_is_told(self):
        self.sell(1, 300)
        self.sell(2, 30)
        messages, _cursor = self.fetched(since=NOW - timedelta(hours=1))
        self.assertEqual(keys_of(messages), ["pos_ticket:2"])

    def test_a_backfill_reaches_back_although_later_rows_were_read(self):
        self.sell(1, 300)
        self.sell(2, 30)
        provider = self.provider()
        _messages, cursor = self.fetched(provider, since=NOW - timedelta(hours=1))
        start = provider.first_cursor(cursor, True)
        messages, _cursor = self.fetched(provider, start, datetime(2026, 4, 1, tzinfo=timezone.utc))
        self.assertEqual(keys_of(messages), ["pos_ticket:1", "pos_ticket:2"])

    def test_a_number_as_watermark(self):
        for number in range(1, 6):
            self.sell(number, 100)
        layout = table_layout(watermark="id", watermark_kind="number", overlap=2, settle=0)
        provider = self.provider(layout=layout)
        messages, cursor = self.fetched(provider)
        self.assertEqual(len(messages), 5)
        self.sell(6, 100)
        messages, _cursor = self.again(provider, cursor)
        self.assertEqual(keys_of(messages), [f"pos_ticket:{n}" for n in (3, 4, 5, 6)])

    def test_a_row_without_a_key_is_shown_and_stops_nobody(self):
        self.run_sql("INSERT INTO sales VALUES (NULL, 'S1', 'R1', NULL, 3, NULL)")
        self.sell(1, 40)
        (bad, good), _cursor = self.fetched()
        self.assertEqual(good.entity_key, "pos_ticket:1")
        with self.assertRaises(MalformedPayloadError):
            parsed(self.provider(), bad)
        self.assertTrue(bad.entity_key.startswith("record:"))

    def test_a_select_and_a_key_of_several_columns(self):
        self.sell(1, 40)
        layout = table_layout()
        select = "SELECT s.*, ':x' AS note, 5 % 2 AS odd FROM sales s WHERE s.store <> ':none'"
        header = layout.header
        parts = (
            Part("header", header.rules, key=("id", "id"), select=select),
            *(Part(p.name, p.rules, key=("sale", "sale"), table=p.table) for p in layout.row_parts),
        )
        layout = type(layout)("pos_ticket", parts, key="k", tables=layout.tables)
        (message,), _cursor = self.fetched(self.provider(layout=layout))
        self.assertTrue(parsed(self.provider(), message).lines)

    def test_one_ticket_is_fetched_by_its_id(self):
        self.sell(1, 40)
        message = self.provider().fetch_one("pos_ticket", "1")
        self.assertEqual(message.event_id, self.fetched()[0][0].event_id)
        self.assertIsNone(self.provider().fetch_one("pos_ticket", "77"))

    def test_only_what_the_layout_names_is_kept(self):
        self.run_sql("ALTER TABLE sales ADD COLUMN card varchar(20)")
        self.sell_with_card()
        (message,), _cursor = self.fetched()
        self.assertNotIn(b"4111", message.body)

    def sell_with_card(self):
        self.run_sql(
            "INSERT INTO sales VALUES (1, 'S1', 'R1', :at, 10, :at, '4111111111111111')",
            at=self.at(40),
        )
        self.add_rows(1)

    # Looking

    def test_a_preview_shows_rows_and_tickets_and_changes_nothing(self):
        self.sell(1, 40)
        self.sell(2, 30, rows=False)
        provider = self.provider()
        newest, older = provider.sample(table_layout(), 5)
        self.assertTrue(newest.errors and "sales" not in newest.raw)
        self.assertEqual(older.canonical.external_id, "1")
        self.assertEqual(provider.columns(table_layout(), "lines"),
                         ["sale", "pos", "sku", "qty", "price"])  # fmt: skip
        self.assertIn("looked at", str(provider.test_connection().details))

    def test_a_missing_table_is_named(self):
        layout = table_layout()
        parts = (layout.header, *(Part(p.name, p.rules, key=p.key, table="gone")
                                  for p in layout.row_parts))  # fmt: skip
        self.sell(1, 40)
        provider = self.provider(layout=type(layout)("pos_ticket", parts, tables=layout.tables))
        with self.assertRaisesRegex(ConfigurationError, "gone"):
            list(provider.fetch("pos_ticket", ""))

    def test_a_database_of_odoo_is_refused(self):
        self.run_sql("CREATE TABLE ir_module_module (id integer)")
        with self.assertRaisesRegex(ConfigurationError, "Odoo"):
            self.fetched()

    # Writing is impossible

    def test_a_select_that_would_write_is_refused_by_its_words(self):
        self.sell(1, 40)
        layout = table_layout()
        select = "WITH x AS (DELETE FROM sales RETURNING *) SELECT * FROM x"
        header = Part("header", layout.header.rules, key=("id",), select=select)
        layout = type(layout)("pos_ticket", (header, *layout.row_parts), tables=layout.tables)
        with self.assertRaises(ConfigurationError):
            list(self.provider(layout=layout).fetch("pos_ticket", ""))

    def test_the_connection_itself_can_only_read(self):
        self.sell(1, 40)
        from ..providers.legacy_sql.address import address_of
        from ..providers.legacy_sql.connection import engine_of, reading

        engine = engine_of(address_of(self.provider().context))
        for statement in ("DELETE FROM sales", "CREATE TABLE x (a integer)"):
            with self.assertRaises(ConfigurationError), reading(engine) as connection:
                connection.exec_driver_sql(statement)
        self.assertEqual(len(self.fetched()[0]), 1)

    # What it says of itself

    def test_it_hears_nothing(self):
        with self.assertRaises(AuthenticationError):
            self.provider().verify(RawRequest(b"{}", {}, NOW))
        with self.assertRaises(UnsupportedError):
            list(self.provider().fetch("order", ""))

    def test_without_a_layout_nothing_is_read(self):
        provider = self.provider()
        provider.context.settings["ticket_layout"] = ""
        self.assertEqual(list(provider.fetch("pos_ticket", "")), [])
        self.assertTrue(provider.test_connection().warnings)


@tagged("post_install", "-at_install")
class TestLegacySqlite(LegacyTables, BaseCase):
    """A file of SQLite, whose times are texts."""

    moment = "text"
    secrets = {}

    def open_engine(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.startPatch(patch.dict(os.environ, {"RETAIL_CONNECTOR_FOLDERS": folder}))
        self.url = f"sqlite:///{folder}/tills.db"
        sqlite3.connect(f"{folder}/tills.db").close()
        return sa.create_engine(self.url)

    def test_a_file_outside_the_opened_folders_is_refused(self):
        for path in ("/etc/passwd", f"{os.path.dirname(self.url[10:])}/../x.db"):
            with self.assertRaisesRegex(ConfigurationError, "operator"):
                sql_provider(f"sqlite:///{path}", table_layout()).test_connection()

    def test_attaching_another_file_is_refused(self):
        from ..providers.legacy_sql.address import address_of
        from ..providers.legacy_sql.connection import engine_of, reading

        engine = engine_of(address_of(self.provider().context))
        with self.assertRaises(ConfigurationError), reading(engine) as connection:
            connection.exec_driver_sql("ATTACH '/tmp/other.db' AS other")


@tagged("post_install", "-at_install")
class TestLegacyPostgres(LegacyTables, BaseCase):
    """A database of its own on the server that the tests run on."""

    secrets = {"database_password": (os.environ.get("PGPASSWORD") or "not-asked-for",)}

    def open_engine(self):
        server = sa.create_engine(self._address("postgres"), isolation_level="AUTOCOMMIT")
        name = f"legacy_{os.getpid()}"
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}"')
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        self.addCleanup(self._drop, server, name)
        address = self._address(name)
        self.url = self._address(name, password=None).render_as_string()
        return sa.create_engine(address)

    def _address(self, database, password=secrets["database_password"][0]):
        """Return a database of the server; a socket is in a folder that is opened to us."""
        host, port = os.environ["PGHOST"], os.environ.get("PGPORT", "5432")
        user, query = os.environ.get("PGUSER", "odoo"), {}
        if host.startswith("/"):
            self.startPatch(patch.dict(os.environ, {"RETAIL_CONNECTOR_FOLDERS": host}))
            query, host = {"host": host}, None
        return sa.URL.create(
            "postgresql+psycopg2", user, password, host, int(port), database, query=query
        )

    def _drop(self, server, name):
        with server.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.dispose()

    def test_a_query_that_takes_too_long_is_ended(self):
        from ..providers.legacy_sql.address import address_of
        from ..providers.legacy_sql.connection import engine_of, reading

        engine = engine_of(address_of(self.provider().context))
        with reading(engine) as connection:
            for name, expected in (("statement_timeout", "1min"), ("transaction_read_only", "on")):
                self.assertEqual(connection.exec_driver_sql(f"SHOW {name}").scalar(), expected)

    def test_addresses_that_leave_something_to_the_server_are_refused(self):
        for url in (
            "postgresql:///tills",
            "postgresql://host/tills",
            "postgresql://user@/tills",
            "postgresql://user:secret-canary@host/tills",
            "postgresql://user@host/tills?service=x",
            "postgresql://user@host/tills?options=-c%20a=b",
            "postgresql://user@/tills?host=/etc",
            "nonsense",
            "nodialect://user@host/tills",
        ):
            with self.assertRaises(ConfigurationError) as caught:
                sql_provider(url, table_layout(), secrets=self.secrets).test_connection()
            self.assertNotIn("canary", str(caught.exception))
        with self.assertRaises(ConfigurationError):
            sql_provider("postgresql://user@host/tills", table_layout()).test_connection()
