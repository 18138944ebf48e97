from datetime import datetime, timedelta, timezone
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import PaymentKind, TransactionState
from odoo.addons.retail_connector_base.providers import MalformedPayloadError

from .stripe_common import NOW, STAMP, charge, intent, read, refund

HELD = {"captured": False, "amount_captured": 0}
CARD = {"type": "card", "card": {"capture_before": STAMP + 604_800}}


@tagged("post_install", "-at_install")
class TestStripeCharge(BaseCase):
    def test_a_charge_is_a_sale(self):
        found = read("charge.succeeded", charge(metadata={"order_id": "S00042"}))
        self.assertEqual((found.external_id, found.authorization), ("ch_1", "pi_1"))
        self.assertIs(found.payment_kind, PaymentKind.SALE)
        self.assertIs(found.state, TransactionState.SUCCESS)
        self.assertEqual((found.amount.amount, found.amount.currency), (Decimal("49.90"), "EUR"))
        self.assertEqual((found.reference, found.payer_email), ("S00042", "ada@example.com"))
        self.assertEqual(found.processed_at, NOW - timedelta(seconds=60))
        self.assertIsNone(found.parent_external_id)
        self.assertFalse(found.test)

    def test_the_reference_is_looked_for_where_the_setting_says(self):
        metadata = {"order_id": "", "order_number": "1001", "cart": "C7"}
        self.assertEqual(read("charge.succeeded", charge(metadata=metadata)).reference, "1001")
        found = read(
            "charge.succeeded", charge(metadata=metadata), {"reference_keys": "order_id, cart"}
        )
        self.assertEqual(found.reference, "C7")

    def test_the_receipt_tells_the_address_where_billing_does_not(self):
        found = read("charge.succeeded", charge(billing_details=None, receipt_email="b@c.de"))
        self.assertEqual(found.payer_email, "b@c.de")

    def test_a_charge_that_is_not_captured_is_the_intents_authorisation(self):
        found = read("charge.succeeded", charge(payment_method_details=CARD, **HELD))
        self.assertIs(found.payment_kind, PaymentKind.AUTHORIZATION)
        self.assertEqual((found.external_id, found.amount.amount), ("pi_1", Decimal("49.90")))
        self.assertEqual(found.expires_at, NOW + timedelta(days=7))
        alone = read("charge.succeeded", charge(payment_intent=None, **HELD))
        self.assertEqual((alone.external_id, alone.expires_at), ("ch_1", None))

    def test_a_captured_charge_is_the_capture_of_its_intent(self):
        found = read("charge.captured", charge(amount_captured=3_000))
        self.assertIs(found.payment_kind, PaymentKind.CAPTURE)
        self.assertEqual((found.external_id, found.parent_external_id), ("ch_1", "pi_1"))
        self.assertEqual(found.amount.amount, Decimal(30))
        later = read("charge.updated", charge(payment_method_details=CARD))
        self.assertIs(later.payment_kind, PaymentKind.CAPTURE)

    def test_a_failed_charge_says_why_and_is_no_authorisation(self):
        for topic in ("charge.failed", "charge.updated"):
            reason = {"failure_code": "card_declined", "failure_message": "No."}
            found = read(topic, charge(status="failed", **reason, **HELD))
            self.assertEqual((found.external_id, found.payment_kind), ("ch_1", PaymentKind.SALE))
            self.assertIs(found.state, TransactionState.FAILURE)
            self.assertEqual(found.failure, "card_declined: No.")
            self.assertEqual(found.amount.amount, Decimal("49.90"))

    def test_what_is_pending_is_no_money_yet(self):
        found = read("charge.pending", charge(status="pending", captured=True, amount_captured=0))
        self.assertIs(found.state, TransactionState.PENDING)
        self.assertEqual(found.amount.amount, Decimal("49.90"))

    def test_test_mode_is_told(self):
        self.assertTrue(read("charge.succeeded", charge(livemode=False)).test)
        # Refunds do not say it; their events do.
        self.assertTrue(read("refund.created", refund(), livemode=False).test)
        self.assertFalse(read("refund.created", refund()).test)


@tagged("post_install", "-at_install")
class TestStripeIntent(BaseCase):
    def test_what_can_be_captured_is_an_authorisation(self):
        found = read("payment_intent.amount_capturable_updated", intent(amount_capturable=5_500))
        self.assertIs(found.payment_kind, PaymentKind.AUTHORIZATION)
        self.assertEqual((found.external_id, found.amount.amount), ("pi_1", Decimal(55)))

    def test_the_charge_of_the_same_second_counts_more(self):
        of_intent = read("payment_intent.amount_capturable_updated", intent())
        of_charge = read("charge.succeeded", charge(payment_method_details=CARD, **HELD))
        self.assertEqual(of_intent.entity_key, of_charge.entity_key)
        self.assertEqual(of_charge.version - of_intent.version, 1)

    def test_a_cancelled_intent_voids_its_authorisation(self):
        found = read("payment_intent.canceled", intent(status="canceled", canceled_at=STAMP - 5))
        self.assertIs(found.payment_kind, PaymentKind.VOID)
        self.assertEqual((found.external_id, found.parent_external_id), ("pi_1:void", "pi_1"))
        self.assertEqual(found.processed_at, NOW - timedelta(seconds=5))

    def test_what_lapses_or_is_given_back_uncaptured_is_the_same_void(self):
        for topic in ("charge.expired", "charge.refunded"):
            found = read(topic, charge(refunded=True, amount_refunded=4_990, **HELD))
            self.assertEqual((found.external_id, found.payment_kind), ("pi_1:void", "void"))
        found = read("refund.created", refund(reason="expired_uncaptured_charge"))
        self.assertEqual((found.external_id, found.payment_kind), ("pi_1:void", "void"))

    def test_an_abandoned_checkout_voids_nothing(self):
        with self.assertRaises(MalformedPayloadError):
            read("payment_intent.canceled", intent(status="canceled", latest_charge=None))

    def test_a_payment_that_failed_before_it_was_a_charge_is_told(self):
        error = {
            "code": "payment_intent_authentication_failure",
            "message": "Not you.",
            "payment_method": {"id": "pm_1", "billing_details": {"email": "e@f.g"}},
        }
        found = read("payment_intent.payment_failed", intent(last_payment_error=error))
        self.assertEqual((found.external_id, found.state), ("pi_1:failed", "failure"))
        self.assertEqual(found.payer_email, "e@f.g")
        of_charge = {**error, "charge": "ch_9"}
        found = read("payment_intent.payment_failed", intent(last_payment_error=of_charge))
        self.assertEqual(found.external_id, "ch_9")


@tagged("post_install", "-at_install")
class TestStripeRefund(BaseCase):
    def test_a_refund_names_its_charge(self):
        found = read("refund.created", refund(metadata={"reference": "RINV/7"}))
        self.assertIs(found.payment_kind, PaymentKind.REFUND)
        self.assertEqual((found.external_id, found.parent_external_id), ("re_1", "ch_1"))
        self.assertEqual((found.amount.amount, found.reference), (Decimal(10), "RINV/7"))

    def test_a_refund_may_fail_after_it_succeeded(self):
        states = {"pending": "pending", "requires_action": "pending", "succeeded": "success",
                  "canceled": "failure", "new": "unknown"}  # fmt: skip
        for word, state in states.items():
            self.assertEqual(read("refund.updated", refund(status=word)).state, state)
        failed = refund(status="failed", failure_reason="lost_or_stolen_card")
        for topic in ("refund.updated", "charge.refund.updated", "refund.failed"):
            found = read(topic, failed)
            self.assertEqual((found.state, found.failure), ("failure", "lost_or_stolen_card"))

    def test_a_refunded_charge_tells_its_last_refund_if_it_lists_any(self):
        rows = [refund(id="re_1", created=1), refund(id="re_2", created=2)]
        found = read("charge.refunded", charge(refunds={"data": rows}))
        self.assertEqual(found.external_id, "re_2")
        with self.assertRaises(MalformedPayloadError):
            read("charge.refunded", charge(amount_refunded=1_000))

    def test_what_was_not_captured_is_set_free_and_no_refund(self):
        movement = {"id": "txn_2", "reporting_category": "partial_capture_reversal"}
        found = read("refund.created", refund(balance_transaction=movement))
        self.assertEqual((found.external_id, found.payment_kind), ("re_1", "void"))
        self.assertEqual((found.parent_external_id, found.amount.amount), ("pi_1", Decimal(10)))

    def test_a_charge_that_we_set_free_is_not_refunded(self):
        found = read("refund.created", refund(payment_intent=None, metadata={"retail_void": "k"}))
        self.assertEqual((found.external_id, found.payment_kind), ("ch_1:void", "void"))


@tagged("post_install", "-at_install")
class TestStripeHostileObjects(BaseCase):
    def test_wrong_fields_are_named_and_not_shown(self):
        wrong = [{"amount_captured": "49.90"}, {"amount_captured": 49.9}, {"currency": "€"},
                 {"amount_captured": 10**16}, {"amount_captured": True}, {"created": -1},
                 {"created": 10**14}, {"id": None}, {"id": "x y"}, {"metadata": []},
                 {"payment_intent": {"id": 7.5}}, {"status": {}}]  # fmt: skip
        for values in wrong:
            with self.subTest(values=values), self.assertRaises(MalformedPayloadError) as caught:
                read("charge.succeeded", charge(**values))
            self.assertNotIn("€", str(caught.exception))

    def test_moments_are_utc(self):
        found = read("charge.succeeded", charge(created=0))
        self.assertEqual(found.processed_at, datetime(1970, 1, 1, tzinfo=timezone.utc))
