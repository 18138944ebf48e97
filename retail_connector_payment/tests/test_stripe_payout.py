from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import BalanceCategory, DisputeState, PayoutState
from odoo.addons.retail_connector_base.providers import MalformedPayloadError, StoredMessage

from ..providers.stripe.vocabulary import CATEGORIES
from .stripe_common import (
    NOW,
    FakeHttp,
    charge,
    dispute,
    listed,
    payout,
    provider,
    read,
    refund,
    transaction,
)


def fetched(shown, *rows):
    """Return a payout as it is fetched, with these movements of the balance."""

    def answer(method, path, fields):
        return listed(*rows) if path == "balance_transactions" else shown

    adapter = provider(FakeHttp(answer))
    message = adapter.fetch_one("payout", "po_1")
    found = adapter.parse(StoredMessage(message.topic, message.kind, message.body, message.headers))
    assert (message.entity_key, message.version) == (found.entity_key, found.version)
    return found


def movement(category, amount=-1_000, **values):
    """Return what a movement of a category is read as."""
    plain = {"fee": 0, "fee_details": [], "net": amount, "source": None, "type": "any"}
    row = transaction(reporting_category=category, amount=amount, **{**plain, **values})
    return fetched(payout(), row).transactions[0]


@tagged("post_install", "-at_install")
class TestStripePayout(BaseCase):
    def test_an_event_never_lists_the_transactions(self):
        for topic in ("payout.created", "payout.paid", "payout.reconciliation_completed"):
            found = read(topic, payout())
            self.assertFalse(found.transactions_complete)
            self.assertEqual(found.transactions, ())
        self.assertEqual((found.external_id, found.amount.amount), ("po_1", Decimal("48.15")))
        self.assertEqual((found.state, found.reference), (PayoutState.PAID, "MY SHOP"))
        self.assertEqual(found.arrival_date, date(2026, 4, 3))
        self.assertEqual(found.created_at, NOW - timedelta(seconds=60))

    def test_a_manual_payout_has_none(self):
        found = read("payout.paid", payout(automatic=False, reconciliation_status="not_applicable"))
        self.assertFalse(found.automatic)
        self.assertTrue(found.transactions_complete)

    def test_a_failed_payout_says_why(self):
        failure = {"failure_code": "account_closed", "failure_message": "It is closed."}
        found = read("payout.failed", payout(status="failed", **failure))
        self.assertIs(found.state, PayoutState.FAILED)
        self.assertEqual(found.failure, "account_closed: It is closed.")

    def test_a_negative_payout_is_money_that_goes_back(self):
        self.assertEqual(read("payout.paid", payout(amount=-250)).amount.amount, Decimal("-2.50"))

    def test_the_bank_can_trace_what_has_no_text_of_its_own(self):
        found = read(
            "payout.paid",
            payout(statement_descriptor=None, trace_id={"status": "supported", "value": "T1"}),
        )
        self.assertEqual(found.reference, "T1")

    def test_a_fetched_payout_has_all_its_transactions_but_its_own(self):
        own = transaction(
            id="txn_9", amount=-4_815, net=-4_815, fee=0, fee_details=[], source={"id": "po_1"},
            reporting_category="payout",
        )  # fmt: skip
        found = fetched(payout(destination={"id": "ba_1", "last4": "3000"}), own, transaction())
        self.assertTrue(found.transactions_complete)
        (line,) = found.transactions
        self.assertEqual(line.net, found.amount.amount)
        figures = (line.gross.amount, line.fee, line.fee_tax)
        self.assertEqual(figures, (Decimal("49.90"), Decimal("1.75"), Decimal("0.28")))
        self.assertEqual((line.payment_external_id, line.vendor_type), ("ch_1", "charge"))
        self.assertIsNone(line.original)
        self.assertEqual(found.bank_last_four, "3000")

    def test_what_is_not_reconciled_is_not_asked_for(self):
        shown = payout(reconciliation_status="in_progress")
        http = FakeHttp(lambda method, path, fields: shown)
        adapter = provider(http)
        message = adapter.fetch_one("payout", "po_1")
        found = adapter.parse(StoredMessage(message.topic, "payout", message.body, message.headers))
        self.assertFalse(found.transactions_complete)
        self.assertEqual([path for _method, path, _fields in http.calls], ["payouts/po_1"])

    def test_the_same_state_is_the_same_message(self):
        http = FakeHttp(
            lambda method, path, fields: listed(transaction()) if "bal" in path else payout()
        )
        first, again = (provider(http).fetch_one("payout", "po_1") for _time in range(2))
        self.assertEqual(first.event_id, again.event_id)
        self.assertTrue(first.authoritative)


@tagged("post_install", "-at_install")
class TestStripeTransactions(BaseCase):
    def test_every_word_of_the_table_is_read(self):
        for word, category in CATEGORIES.items():
            found = movement(word, 0)
            self.assertEqual((found.category, found.vendor_type), (category, word))

    def test_the_sign_tells_fees_and_reserves_that_come_back(self):
        self.assertIs(movement("fee").category, BalanceCategory.FEE)
        self.assertIs(movement("fee", 1_000).category, BalanceCategory.FEE_REFUND)
        self.assertIs(movement("risk_reserved_funds").category, BalanceCategory.RESERVE_HOLD)
        self.assertIs(
            movement("risk_reserved_funds", 1_000).category, BalanceCategory.RESERVE_RELEASE
        )

    def test_an_unknown_word_is_kept(self):
        for word in ("charge_failure", "issuing_transaction", "brand_new"):
            found = movement(word)
            self.assertEqual((found.category, found.vendor_type), ("unknown", word))

    def test_a_converted_charge_keeps_what_was_paid(self):
        found = movement("charge", 900, source=charge(currency="usd", amount=1_000))
        self.assertEqual((found.original.amount, found.original.currency), (Decimal(10), "USD"))
        found = movement("refund", -900, source=refund(currency="usd", amount=1_000))
        self.assertEqual(found.original.amount, Decimal(-10))
        self.assertEqual(found.payment_external_id, "re_1")

    def test_what_was_not_captured_is_the_charges(self):
        found = movement("partial_capture_reversal", source=refund())
        self.assertEqual((found.category, found.payment_external_id), ("charge", "ch_1"))

    def test_a_bank_debit_counts_as_a_charge(self):
        found = movement("charge", 1_000, source=charge(id="py_1"), type="payment")
        self.assertEqual((found.category, found.payment_external_id), ("charge", "py_1"))

    def test_a_failed_refund_names_the_refund(self):
        found = movement("refund_failure", 1_000, source=refund())
        self.assertEqual(
            (found.category, found.payment_external_id), (BalanceCategory.REFUND_FAILURE, "re_1")
        )

    def test_a_dispute_names_itself_and_its_charge(self):
        found = movement("dispute", fee=2_000, net=-3_000, source=dispute())
        self.assertEqual((found.dispute_external_id, found.payment_external_id), ("dp_1", "ch_1"))
        self.assertEqual((found.gross.amount, found.fee, found.net), (-10, 20, -30))

    def test_ids_are_enough_where_nothing_is_expanded(self):
        self.assertEqual(movement("refund", source="re_7").payment_external_id, "re_7")
        self.assertEqual(movement("dispute", source="dp_7").dispute_external_id, "dp_7")


@tagged("post_install", "-at_install")
class TestStripeDispute(BaseCase):
    def test_a_dispute_wants_an_answer_in_time(self):
        found = read("charge.dispute.created", dispute())
        self.assertEqual((found.external_id, found.payment_external_id), ("dp_1", "ch_1"))
        self.assertIs(found.state, DisputeState.NEEDS_RESPONSE)
        self.assertEqual(found.respond_until, NOW + timedelta(days=7))
        self.assertEqual((found.amount.amount, found.fee), (Decimal("49.90"), None))

    def test_states(self):
        states = {"warning_needs_response": "inquiry", "warning_under_review": "inquiry",
                  "warning_closed": "closed", "under_review": "under_review", "lost": "lost",
                  "prevented": "closed", "brand_new": "unknown"}  # fmt: skip
        for word, state in states.items():
            self.assertEqual(read("charge.dispute.updated", dispute(status=word)).state, state)

    def test_what_is_won_says_how_much(self):
        taken = transaction(amount=-4_990, fee=2_000, net=-6_990)
        back = transaction(amount=2_000, fee=-2_000, net=4_000)
        found = read(
            "charge.dispute.closed", dispute(status="won", balance_transactions=[taken, back])
        )
        self.assertEqual((found.state, found.won_amount, found.fee), ("won", Decimal(20), 20))
        self.assertTrue(found.fee_returned)
        self.assertEqual(found.closed_at, NOW)
        whole = read("charge.dispute.closed", dispute(status="won"))
        self.assertEqual(whole.won_amount, Decimal("49.90"))

    def test_a_lost_one_keeps_its_fee(self):
        taken = transaction(amount=-4_990, fee=2_000, net=-6_990)
        found = read("charge.dispute.closed", dispute(status="lost", balance_transactions=[taken]))
        self.assertEqual((found.won_amount, found.fee, found.fee_returned), (None, 20, False))

    def test_what_is_won_of_a_converted_one_is_told_by_the_rate(self):
        taken = transaction(amount=-3_044, net=-3_044, fee=0, exchange_rate=0.0061)
        for back, won in ((3_044, 499_000), (1_220, 200_000)):
            row = transaction(amount=back, net=back, fee=0, exchange_rate=0.0061)
            shown = dispute(
                status="won", currency="jpy", amount=499_000, balance_transactions=[taken, row]
            )
            found = read("charge.dispute.closed", shown)
            self.assertEqual(found.won_amount, won)
            line = movement("dispute_reversal", back, source=shown, exchange_rate=0.0061)
            self.assertEqual((line.original.amount, line.original.currency), (won, "JPY"))

    def test_a_converted_one_without_a_rate_is_won_as_a_whole(self):
        row = transaction(amount=1_220, net=1_220, fee=0)
        shown = dispute(status="won", currency="jpy", amount=499_000, balance_transactions=[row])
        self.assertEqual(read("charge.dispute.closed", shown).won_amount, 499_000)

    def test_a_rate_that_is_none_is_refused(self):
        for rate in (0, -1, True, "0.5", 10**13):
            row = transaction(amount=1_220, net=1_220, fee=0, exchange_rate=rate)
            shown = dispute(status="won", currency="jpy", balance_transactions=[row])
            with self.subTest(rate=rate), self.assertRaises(MalformedPayloadError):
                read("charge.dispute.closed", shown)

    def test_movements_in_another_currency_say_nothing_of_its_own(self):
        taken = transaction(amount=-4_590, fee=2_000, net=-6_590)
        found = read(
            "charge.dispute.funds_withdrawn", dispute(currency="usd", balance_transactions=[taken])
        )
        self.assertIsNone(found.fee)
