from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import BalanceCategory, PaymentKind

from ..providers.square.node import Node
from ..providers.square.payments import to_payment, to_refund
from ..providers.square.payouts import to_payout
from ..providers.square.vocabulary import category_of
from .square_common import payment, usd


def entry(number, kind, gross, fee=0, **details):
    return {
        "id": number,
        "payout_id": "po_1",
        "type": kind,
        "gross_amount_money": usd(gross),
        "fee_amount_money": usd(fee),
        "net_amount_money": usd(gross - fee),
        **details,
    }


def payout(amount, *entries, **more):
    shown = {"id": "po_1", "location_id": "L1", "status": "PAID", "type": "BATCH",
             "amount_money": usd(amount), "arrival_date": "2026-04-03", **more}  # fmt: skip
    return to_payout(Node({**shown, "entries": list(entries)} if entries else shown))


@tagged("post_install", "-at_install")
class TestSquareMoney(BaseCase):
    """Payments, refunds and payouts of what Square holds."""

    def test_a_payment_is_one_from_its_approval_on(self):
        states = {}
        for word in ("APPROVED", "COMPLETED", "CANCELED", "FAILED", "NOVEL"):
            found = to_payment(Node(payment("P1", 100, status=word)))
            states[word] = found.state.value
            self.assertIs(found.payment_kind, PaymentKind.SALE)
        self.assertEqual(list(states.values()),
                         ["pending", "success", "failure", "failure", "unknown"])  # fmt: skip

    def test_the_tip_is_money_too(self):
        found = to_payment(Node(payment("P1", 100, total_money=usd(120), tip_money=usd(20))))
        self.assertEqual(found.amount.amount, Decimal("1.2"))

    def test_an_offline_payment_was_made_when_the_device_says(self):
        details = {"client_created_at": "2026-04-01T10:00:00Z"}
        found = to_payment(Node(payment("P1", 100, offline_payment_details=details)))
        self.assertEqual(found.processed_at.isoformat(), "2026-04-01T10:00:00+00:00")

    def test_why_it_failed(self):
        card = {"errors": [{"code": "CARD_EXPIRED"}]}
        found = to_payment(Node(payment("P1", 100, status="FAILED", card_details=card)))
        self.assertEqual(found.failure, "FAILED: CARD_EXPIRED")

    def test_what_square_does_not_hold_is_no_payment(self):
        for word in ("CASH", "EXTERNAL"):
            self.assertIsNone(to_payment(Node(payment("P1", 100, source_type=word))))
            shown = {"id": "R1", "amount_money": usd(1), "destination_type": word}
            self.assertIsNone(to_refund(Node(shown)))

    def test_a_payout_is_its_entries(self):
        found = payout(
            5_805,
            entry("e1", "CHARGE", 10_000, 270, type_charge_details={"payment_id": "P1"}),
            entry("e2", "REFUND", -4_000, -75,
                  type_refund_details={"payment_id": "P1", "refund_id": "R1"}),
        )  # fmt: skip
        charge, refund = found.transactions
        self.assertEqual((charge.net, charge.fee, charge.payment_external_id),
                         (Decimal("97.3"), Decimal("2.7"), "P1"))  # fmt: skip
        self.assertEqual((refund.net, refund.payment_external_id), (Decimal("-39.25"), "R1"))
        self.assertEqual(sum(one.net for one in found.transactions), found.amount.amount)
        self.assertTrue(found.transactions_complete)

    def test_a_fee_of_the_payout_itself_that_no_entry_has(self):
        fees = [{"type": "TRANSFER_FEE", "amount_money": usd(95)}]
        rows = [entry("e1", "CHARGE", 6_354)]
        found = payout(6_259, *rows, payout_fee=fees)
        self.assertEqual(sum(one.net for one in found.transactions), found.amount.amount)
        self.assertIs(found.transactions[-1].category, BalanceCategory.FEE)
        rows.append(entry("e2", "DEPOSIT_FEE", -95))
        self.assertEqual(len(payout(6_259, *rows, payout_fee=fees).transactions), 2)

    def test_an_event_has_no_entries(self):
        self.assertFalse(payout(100).transactions_complete)
        self.assertTrue(payout(100, type="SIMPLE").transactions_complete)
        self.assertFalse(payout(100, type="SIMPLE").automatic)

    def test_categories(self):
        for word, sign, expected in (
            ("CHARGE", 1, "charge"), ("REFUND", -1, "refund"), ("REFUND", 1, "refund_failure"),
            ("DISPUTE", -1, "dispute"), ("DISPUTE", 1, "dispute_reversal"),
            ("OPEN_DISPUTE", -1, "dispute"), ("FEE", -1, "fee"), ("FEE", 1, "fee_refund"),
            ("DEPOSIT_FEE_REVERSED", 1, "fee_refund"), ("TAX_ON_FEE", -1, "tax"),
            ("RESERVE_HOLD", -1, "reserve_hold"), ("RESERVE_RELEASE", 1, "reserve_release"),
            ("SQUARE_CAPITAL_PAYMENT", -1, "unknown"), ("OTHER", 1, "unknown"),
            ("BRAND_NEW", 1, "unknown"), (None, 1, "unknown"),
        ):  # fmt: skip
            with self.subTest(word=word, sign=sign):
                self.assertEqual(category_of(word, sign).value, expected)
