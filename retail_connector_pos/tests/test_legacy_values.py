from datetime import date, datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from ..decisions.legacy_check import problems_of
from ..decisions.legacy_layout import Files, Layout, Part, Tables, layout_of
from ..decisions.legacy_query import problem_of_select, table_of
from ..decisions.legacy_targets import Type
from ..decisions.legacy_values import CellError, Notation, is_format, number, read
from .legacy_kit import file_layout, header_rules, rule, table_layout

GERMAN = Notation(",", ".", ZoneInfo("Europe/Berlin"), "EUR")


@tagged("post_install", "-at_install")
class TestLegacyValues(BaseCase):
    """What a cell says, and when it says nothing that is safe to believe."""

    def _read(self, value, kind, notation=GERMAN, **options):
        return read({"c": value}, rule("x", "c", **options), kind, notation)

    def test_numbers_are_read_as_the_system_writes_them(self):
        for text, expected in (
            ("1.234,50", "1234.50"), ("12,5-", "-12.5"), ("+3", "3"), (",5", "0.5"), ("7,", "7"),
            ("-0,01", "-0.01"), ("1.234.567", "1234567"),
        ):  # fmt: skip
            self.assertEqual(self._read(text, Type.AMOUNT), Decimal(expected), text)

    def test_a_number_that_could_be_another_is_no_number(self):
        """A point where thousands are declared must not make 1250 of 12.50."""
        for text in ("12.50", "1.23,4", "1.2345", "1,234,5", "12,50 EUR", "1e3", "NaN", "٣", "--1"):
            with self.assertRaises(CellError, msg=text):
                self._read(text, Type.AMOUNT)

    def test_numbers_of_databases_are_taken_as_they_are(self):
        for value in (Decimal("12.50"), 12.5):
            self.assertEqual(self._read(value, Type.AMOUNT), Decimal("12.5"))
        for value in (True, float("nan"), Decimal("1E+999999")):
            with self.assertRaises(CellError):
                self._read(value, Type.AMOUNT)

    def test_minor_units_follow_the_currency(self):
        for currency, expected in (("EUR", "12.50"), ("JPY", "1250"), ("BHD", "1.250")):
            notation = Notation(currency=currency)
            found = self._read("1250", Type.AMOUNT, notation, minor_units=True)
            self.assertEqual(found, Decimal(expected))

    def test_rates_and_signs(self):
        self.assertEqual(self._read("19", Type.RATE, percent=True), Decimal("0.19"))
        self.assertEqual(self._read("5,00", Type.AMOUNT, flip=True), Decimal(-5))

    def test_times_are_clocks_of_the_declared_zone(self):
        expected = datetime(2026, 4, 12, 8, 15, tzinfo=timezone.utc)
        found = self._read("12.04.2026 10:15", Type.MOMENT, formats=("%Y", "%d.%m.%Y %H:%M"))
        self.assertEqual(found, expected)
        self.assertEqual(self._read("2026-04-12T08:15:00Z", Type.MOMENT), expected)
        self.assertEqual(self._read("1775981700", Type.MOMENT, formats=("epoch",)), expected)
        self.assertEqual(self._read("20260412", Type.DAY, formats=("%Y%m%d",)), date(2026, 4, 12))

    def test_times_that_do_not_exist_are_errors(self):
        for text in ("32.04.2026 10:15", "12/04/2026", "9" * 400):
            with self.assertRaises(CellError):
                self._read(text, Type.MOMENT, formats=("%d.%m.%Y %H:%M",))

    def test_formats_that_python_does_not_read_safely_are_no_formats(self):
        for form in ("%d.%m.%Y %H:%M:%S", "%Y%m%d", "iso", "100%% %Y"):
            self.assertTrue(is_format(form), form)
        for form in ("%d%d%d", "%c", "%-d", "Y-m-d", "%", "%Y" + " " * 80, ""):
            self.assertFalse(is_format(form), form)

    def test_several_columns_are_put_together(self):
        row = {"d": "20260412", "t": "1015"}
        made = rule("x", "d", "t", joiner=" ", formats=("%Y%m%d %H%M",))
        self.assertEqual(read(row, made, Type.MOMENT, Notation()).hour, 10)
        self.assertIsNone(read({"d": "", "t": ""}, made, Type.MOMENT, Notation()))

    def test_a_table_of_values_refuses_what_nobody_declared(self):
        table = (("B", "cash"), ("K", "card"))
        self.assertEqual(self._read(" B ", Type.WORD, lookup=table), "cash")
        with self.assertRaises(CellError):
            self._read("X", Type.WORD, lookup=table)
        self.assertEqual(self._read("X", Type.WORD, lookup=(*table, ("*", "other"))), "other")

    def test_errors_do_not_quote_what_they_complain_of(self):
        with self.assertRaises(CellError) as caught:
            self._read("canary-4111", Type.AMOUNT)
        self.assertNotIn("canary", str(caught.exception))

    def test_huge_numbers_cost_nothing(self):
        for text in ("9" * 100_000, "0." + "1" * 100_000):
            with self.assertRaises(CellError):
                number(text)


@tagged("post_install", "-at_install")
class TestLegacyCheck(BaseCase):
    """A layout that cannot work says why before it is used."""

    def test_sample_layouts_are_fine(self):
        self.assertEqual(problems_of(table_layout()), [])
        self.assertEqual(problems_of(file_layout()), [])

    def test_what_is_wrong_is_named(self):
        bad = Layout(
            "pos_ticket",
            (
                Part("header", (rule("total", "a", formats=("%c",)), rule("nothing", "b"))),
                Part("lines", (rule("kind", constant="thing"), rule("quantity", constant="x"))),
                Part("taxes"),
            ),
            tz="Mars/Olympus",
            files=Files(delimiter=";;", encoding="rot13", quote=""),
        )
        text = "\n".join(problems_of(bad))
        for word in ("Mars", "delimiter", "rot13", "%c", "nothing", "“thing”", "“x”", "external_id",
                     "taxes", "“*”"):  # fmt: skip
            self.assertIn(word, text)

    def test_a_watermark_that_does_not_sort_is_refused(self):
        self.assertTrue(problems_of(table_layout(moment_format="%d.%m.%Y %H:%M")))
        self.assertFalse(problems_of(table_layout(moment_format="%Y%m%d%H%M%S")))

    def test_an_overlap_shorter_than_the_settling_time_would_lose_rows(self):
        self.assertTrue(problems_of(table_layout(overlap=0)))

    def test_neither_or_both_sources_are_refused(self):
        for options in ({}, {"tables": Tables("c"), "files": Files()}):
            layout = Layout("pos_ticket", (Part("header", header_rules()),), **options)
            self.assertTrue(any("either" in text for text in problems_of(layout)))

    def test_what_is_no_layout_is_an_error_in_words(self):
        for text in ("", "{}", "[]", '{"kind": "order"}', '{"kind":"pos_ticket","code":"x"}'):
            with self.assertRaises(ValueError):
                layout_of(text)


@tagged("post_install", "-at_install")
class TestLegacyQuery(BaseCase):
    """Only one statement that reads."""

    def test_reading_is_allowed(self):
        for text in (
            "SELECT * FROM pos.sales WHERE state = 'it''s (done'",
            "with x as (select 1 as a) select a from x",
            'SELECT "update" FROM t',
        ):
            self.assertIsNone(problem_of_select(text), text)

    def test_everything_else_is_not(self):
        for text in (
            "",
            "DELETE FROM sales",
            "SELECT 1; DELETE FROM sales",
            "SELECT 1) AS x UNION (SELECT 2",
            "SELECT 1 -- x",
            "SELECT /* x */ 1",
            "SELECT $$a$$",
            "SELECT E'\\''",
            "SELECT 'open",
            "WITH x AS (DELETE FROM y RETURNING *) SELECT * FROM x",
            "SELECT * INTO z FROM y",
            "SELECT pg_sleep(100)",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT * FROM t FOR UPDATE",
            "EXEC xp_cmdshell",
            "SELECT " + "1," * 4_000,
        ):
            self.assertTrue(problem_of_select(text), text)

    def test_names_of_tables(self):
        self.assertEqual(table_of("pos.sales"), ("pos", "sales"))
        self.assertEqual(table_of("Sales 2026"), (None, "Sales 2026"))
        for name in ("", "a.b.c", "x; drop", 'a"b', "(select 1)"):
            self.assertIsNone(table_of(name), name)
