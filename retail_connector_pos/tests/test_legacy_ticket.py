from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..decisions.legacy_apply import apply
from ..decisions.legacy_layout import Files, Layout, Part
from ..decisions.legacy_reading import Record, UnreadableError
from ..decisions.legacy_tie import differing
from .legacy_kit import header_rules, rule

LINE = (
    rule("sku", "sku"),
    rule("quantity", "qty"),
    rule("unit_price", "price"),
    rule("total", "sum"),
    rule("discount_percent", "off", percent=True),
    rule("tax.rate", "vat", percent=True),
    rule("skip", "void"),
    rule("sign", "back", lookup=(("", "1"), ("R", "-1"))),
)


def ticket(header=(), lines=({},), tenders=({"amt": "10"},), more=(), **options):
    """Return what is read of a ticket of 10.00 with some cells changed."""
    head = {"id": "1", "store": "S", "till": "T", "at": "2026-04-12 23:30:00", "total": "10"}
    line = {"sku": "A", "qty": "1", "price": "10", "sum": "", "off": "", "vat": "19", "void": "",
            "back": ""}  # fmt: skip
    layout = Layout(
        "pos_ticket",
        (
            Part("header", header_rules(*more), pattern="*"),
            Part("lines", LINE),
            Part("tenders", (rule("method", "how", default="x"), rule("amount", "amt"))),
        ),
        files=Files(),
        **options,
    )
    rows = {
        "lines": [{**line, **each} for each in lines],
        "tenders": [{"how": "cash", **each} for each in tenders],
    }
    return apply(layout, Record({**head, **dict(header)}, rows))


@tagged("post_install", "-at_install")
class TestLegacyTicket(BaseCase):
    """What a system leaves out is worked out, and what does not fit is said."""

    def test_tax_is_worked_out_of_its_rate(self):
        (line,) = ticket().lines
        self.assertEqual(line.taxes[0].amount, Decimal("1.60"))
        self.assertEqual((line.taxes[0].title, line.taxes[0].rate), ("19%", Decimal("0.19")))

    def test_a_total_below_the_price_is_a_discount(self):
        (line,) = ticket({"total": "9"}, [{"sum": "9"}], [{"amt": "9"}]).lines
        self.assertEqual((line.unit_price, line.discount), (10, 1))

    def test_rounding_of_weighed_goods_is_no_discount(self):
        (line,) = ticket({"total": "1"}, [{"qty": "0.333", "price": "2.99", "sum": "1.00"}]).lines
        self.assertEqual(line.discount, 0)

    def test_a_discount_in_per_cent(self):
        (line,) = ticket({"total": "8.50"}, [{"off": "15"}]).lines
        self.assertEqual(line.discount, Decimal("1.50"))

    def test_a_price_is_worked_out_of_the_total(self):
        (line,) = ticket(lines=[{"price": "", "qty": "4", "sum": "10"}]).lines
        self.assertEqual(line.unit_price, Decimal("2.5"))

    def test_lines_of_an_exchange_have_their_own_sign(self):
        first, second = ticket({"total": "0"}, [{}, {"back": "R"}], []).lines
        self.assertEqual((first.quantity, second.quantity), (1, -1))
        self.assertEqual(second.taxes[0].amount, Decimal("-1.60"))

    def test_rows_that_are_voided_are_left_out(self):
        self.assertEqual(len(ticket(lines=[{}, {"void": "yes", "price": "?"}]).lines), 1)

    def test_a_sale_after_midnight_counts_for_the_day_before(self):
        late = {"at": "2026-04-13 01:30:00"}
        found = ticket(late, day_starts_at=240, tz="Europe/Berlin")
        self.assertEqual(found.business_date.isoformat(), "2026-04-12")
        self.assertEqual(found.sold_at.isoformat(), "2026-04-12T23:30:00+00:00")

    def test_stores_may_have_clocks_of_their_own(self):
        zone = rule("time_zone", "store", lookup=(("S", "Asia/Tokyo"),))
        self.assertEqual(ticket(more=(zone,)).sold_at.hour, 14)

    def test_a_total_that_nobody_told_is_that_of_the_lines(self):
        found = ticket({"total": ""}, [{}, {"price": "0.5"}])
        self.assertEqual(found.total, Decimal("10.5"))
        self.assertEqual([each[0] for each in differing(found)], ["tenders"])

    def test_everything_that_is_wrong_is_named_at_once(self):
        with self.assertRaises(UnreadableError) as caught:
            ticket({"at": "x", "total": "y"}, [{"qty": "z"}, {"price": ""}])
        text = str(caught.exception)
        for place in ("header, sold_at", "header, total", "lines 1, quantity"):
            self.assertIn(place, text)

    def test_a_ticket_without_its_rows_is_not_believed(self):
        for lines, tenders in (((), [{"amt": "10"}]), ([{}], ())):
            with self.assertRaises(UnreadableError):
                ticket(lines=lines, tenders=tenders)

    def test_a_voided_ticket_needs_no_rows(self):
        more = (rule("voided", constant="true"),)
        self.assertTrue(ticket(lines=(), tenders=(), more=more).voided)

    def test_a_customer_without_any_identity_is_nobody(self):
        name = rule("customer.first_name", "name")
        self.assertIsNone(ticket({"name": "Ann"}, more=(name,)).customer)
        mail = rule("customer.email", "mail")
        found = ticket({"name": "Ann", "mail": "a@b.example"}, more=(name, mail)).customer
        self.assertEqual((found.external_id, found.first_name), ("a@b.example", "Ann"))


@tagged("post_install", "-at_install")
class TestLegacyClosing(BaseCase):
    """A day's report, its tenders in columns and its taxes in rows."""

    def test_a_report_is_read(self):
        layout = Layout(
            "pos_closing",
            (
                Part(
                    "header",
                    (
                        rule("store_external_id", "store"),
                        rule("register_external_id", "till"),
                        rule("business_date", "day", formats=("%d.%m.%Y",)),
                        rule("closed_at", "at"),
                        rule("currency", constant="EUR"),
                        rule("ticket_count", "n"),
                        rule("total", "sum", minor_units=True),
                        rule("total_tax", "vat", minor_units=True),
                    ),
                    pattern="z_*.csv",
                ),
                Part(
                    "tenders",
                    (rule("method", constant="cash"), rule("expected", "cash", minor_units=True)),
                    of_header=True,
                ),
                Part("taxes", (rule("rate", "r", percent=True), rule("base", "b"),
                               rule("amount", "a"))),
            ),
            files=Files(),
        )  # fmt: skip
        head = {"store": "S", "till": "T", "day": "12.04.2026", "at": "2026-04-12 20:00:00",
                "n": "2", "sum": "11900", "vat": "1900", "cash": "11900"}  # fmt: skip
        found = apply(layout, Record(head, {"taxes": [{"r": "19", "b": "100", "a": "19"}]}))
        self.assertEqual(found.entity_key, "pos_day:S:T:2026-04-12")
        self.assertEqual((found.total, found.tenders[0].expected), (119, 119))
        self.assertEqual(differing(found), [])
