from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import CashMovementKind
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from ..providers.square.closing import closing_id, read_closing_id, to_closing
from ..providers.square.closings import sums_of
from ..providers.square.node import Node
from .square_common import line, order, tender, ticket, usd

CASH = {"buyer_tendered_money": usd(1000), "change_back_money": usd(300)}


def shift(number="S1", opened=10_000, sales=700, paid_in=0, paid_out=0, counted=None, **more):
    expected = opened + sales + paid_in - paid_out
    events = [
        {"id": f"{number}-{kind}", "event_type": kind, "event_money": usd(amount),
         "created_at": "2026-04-02T14:00:00Z"}
        for kind, amount in (("PAID_IN", paid_in), ("PAID_OUT", paid_out)) if amount
    ]  # fmt: skip
    return {
        "id": number, "state": "CLOSED", "opened_at": "2026-04-02T12:00:00Z",
        "closed_at": "2026-04-02T22:00:00Z", "opened_cash_money": usd(opened),
        "cash_paid_in_money": usd(paid_in), "cash_paid_out_money": usd(paid_out),
        "expected_cash_money": usd(expected), "events": events,
        "closed_cash_money": usd(expected if counted is None else counted), **more,
    }  # fmt: skip


def report(*shifts):
    rows = [
        ticket(order(line("a", 700), total=700, tenders=[tender("P1", 700, "CASH",
                                                                cash_details=CASH)])),
        ticket(order(line("b", 500), total=500, tenders=[tender("P2", 500)])),
        ticket(order(line("c", 900), total=900, state="CANCELED", tenders=[tender("P3", 900)])),
    ]  # fmt: skip
    content = {"store": "L1", "register": "D7", "date": "2026-04-02", "currency": "USD",
               "shifts": list(shifts), "sales": sums_of(rows)}  # fmt: skip
    return to_closing(Node(content))


@tagged("post_install", "-at_install")
class TestSquareClosing(BaseCase):
    """The day of a register, from its drawer and from Square's list of sales."""

    def test_a_day(self):
        found = report(shift())
        self.assertEqual((found.ticket_count, found.total), (2, 12))
        cash, card = found.tenders
        self.assertEqual((cash.expected, cash.counted, card.expected), (7, 7, 5))
        self.assertEqual(found.opening_float, 100)
        self.assertEqual(found.entity_key, "pos_day:L1:D7:2026-04-02")

    def test_cash_is_what_sales_brought(self):
        (cash, _card) = report(shift(paid_in=2_000, paid_out=500, counted=12_150)).tenders
        self.assertEqual(cash.expected, 7)
        self.assertEqual(cash.counted - cash.expected, Decimal("-0.50"))

    def test_movements(self):
        found = report(shift(paid_in=2_000, paid_out=500))
        self.assertEqual(
            [(one.kind, one.amount) for one in found.cash_movements],
            [(CashMovementKind.PAID_IN, 20), (CashMovementKind.PAID_OUT, -5)],
        )

    def test_two_shifts_of_a_day_are_one_report(self):
        second = shift("S2", opened=5_000, sales=0, opened_at="2026-04-02T22:10:00Z",
                       closed_at="2026-04-02T23:00:00Z")  # fmt: skip
        found = report(second, shift())
        self.assertEqual(found.tenders[0].expected, 7)
        (drop,) = found.cash_movements
        self.assertEqual((drop.kind, drop.amount), (CashMovementKind.BANK_DROP, -57))
        self.assertEqual(found.closed_at.isoformat(), "2026-04-02T23:00:00+00:00")

    def test_what_nobody_counted(self):
        found = report({**shift(), "closed_cash_money": None})
        self.assertIsNone(found.tenders[0].counted)

    def test_without_a_shift_there_is_no_report(self):
        with self.assertRaises(MalformedPayloadError):
            report()

    def test_identities_are_read_back(self):
        found = report(shift())
        self.assertEqual(read_closing_id(found.external_id), ("L1", found.business_date, "D7"))
        self.assertEqual(closing_id("L1", "D7", found.business_date), found.external_id)
        for text in ("", "L1", "L1:x:y", "L1:2026-04-02:"):
            self.assertIsNone(read_closing_id(text))
