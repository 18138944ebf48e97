"""Disputes and payments of Shopify: what webhooks and lists tell of them."""

import json
import unittest
from datetime import datetime, timezone
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import DisputeState
from odoo.addons.retail_connector_base.providers import MalformedPayloadError, StoredMessage
from odoo.addons.retail_connector_base.tests.conformance import HOSTILE, ProviderConformance

from ..providers.shopify import ShopifyProvider
from ..providers.shopify.dispute import STATES
from ..providers.shopify.parse import parse
from .contract_orders import contracts_root
from .shopify_common import SETTINGS, FakeHttp, provider, read, signed
from .test_shopify_payout import connection, published_values

ROOT = contracts_root()
SINCE = datetime(2026, 4, 1, tzinfo=timezone.utc)
DISPUTE = {
    "id": 9,
    "order_id": 3,
    "type": "chargeback",
    "amount": "11.50",
    "currency": "CAD",
    "reason": "fraudulent",
    "network_reason_code": "4837",
    "status": "needs_response",
    "evidence_due_by": "2026-04-09T19:00:00-05:00",
    "evidence_sent_on": None,
    "finalized_on": None,
    "initiated_at": "2026-04-02T19:00:00-05:00",
}
DISPUTE_NODE = {
    "id": "gid://shopify/ShopifyPaymentsDispute/9",
    "type": "CHARGEBACK",
    "status": "NEEDS_RESPONSE",
    "initiatedAt": "2026-04-03T00:00:00Z",
    "evidenceDueBy": "2026-04-10T00:00:00Z",
    "evidenceSentOn": None,
    "finalizedOn": None,
    "amount": {"amount": "11.5", "currencyCode": "CAD"},
    "reasonDetails": {"reason": "FRAUDULENT", "networkReasonCode": "4837"},
    "order": {"id": "gid://shopify/Order/3"},
}
PAYMENT = {
    "id": 5,
    "order_id": 3,
    "kind": "authorization",
    "gateway": "shopify_payments",
    "status": "success",
    "message": "Transaction approved",
    "created_at": "2026-04-02T10:00:00-04:00",
    "processed_at": "2026-04-02T10:00:00-04:00",
    "test": False,
    "authorization": "pi_1",
    "parent_id": None,
    "error_code": None,
    "amount": "10.00",
    "currency": "EUR",
}
PAYMENT_NODE = {
    "id": "gid://shopify/OrderTransaction/5",
    "kind": "AUTHORIZATION",
    "status": "SUCCESS",
    "gateway": "shopify_payments",
    "test": False,
    "errorCode": None,
    "createdAt": "2026-04-02T14:00:00Z",
    "processedAt": "2026-04-02T14:00:00Z",
    "authorizationExpiresAt": None,
    "parentTransaction": None,
    "amountSet": {"presentmentMoney": {"amount": "10.0", "currencyCode": "EUR"}},
}


def dispute(**values):
    return read(DISPUTE | values, "disputes/update")


def payment(**values):
    return read(PAYMENT | values, "order_transactions/create")


def stored(message):
    return parse(StoredMessage(message.topic, message.kind, message.body, message.headers))


def heard(payload, topic):
    """Return the message that a webhook becomes."""
    (message,) = provider().verify(signed(json.dumps(payload).encode(), topic)).messages
    return message


@tagged("post_install", "-at_install")
class TestShopifyDispute(BaseCase):
    def test_a_dispute_is_read(self):
        found = dispute()
        self.assertEqual((found.external_id, found.order_external_id), ("9", "3"))
        self.assertEqual((found.amount.amount, found.amount.currency), (Decimal("11.5"), "CAD"))
        self.assertEqual((found.reason, found.gateway), ("fraudulent", "shopify_payments"))
        self.assertEqual(found.respond_until, datetime(2026, 4, 10, tzinfo=timezone.utc))
        self.assertIsNone(found.closed_at)

    def test_states_are_told(self):
        expected = {
            "needs_response": "needs_response",
            "under_review": "under_review",
            "won": "won",
            "lost": "lost",
            "accepted": "accepted",
            "charge_refunded": "closed",
            "prevented": "closed",
            "new_word": "unknown",
            None: "unknown",
        }
        for word, state in expected.items():
            self.assertEqual(dispute(status=word).state.value, state)

    @unittest.skipUnless(ROOT, "the folder of contracts is absent")
    def test_every_published_state_is_in_the_table_and_no_other(self):
        self.assertEqual(set(STATES), published_values("DisputeStatus"))

    def test_an_inquiry_takes_no_money_however_it_ends(self):
        for word in ("needs_response", "under_review"):
            self.assertIs(dispute(type="inquiry", status=word).state, DisputeState.INQUIRY)
        for word in ("won", "lost", "accepted", "charge_refunded"):
            self.assertIs(dispute(type="inquiry", status=word).state, DisputeState.CLOSED)

    def test_it_stands_in_the_queue_of_its_order(self):
        message = heard(DISPUTE, "disputes/create")
        self.assertEqual((message.kind, message.entity_key), ("dispute", "order:3"))
        self.assertEqual(dispute().entity_key, message.entity_key)

    def test_without_an_order_it_stands_in_a_queue_of_its_own(self):
        alone = DISPUTE | {"order_id": None}
        self.assertEqual(heard(alone, "disputes/create").entity_key, "dispute:9")
        self.assertEqual(dispute(order_id=None).entity_key, "dispute:9")

    def test_no_amount_is_no_dispute(self):
        for wrong in ({"amount": None}, {"currency": None}, {"id": None}):
            with self.assertRaises(MalformedPayloadError):
                dispute(**wrong)

    def test_a_list_and_a_webhook_tell_the_same(self):
        http = FakeHttp(lambda n, v: {"data": {"disputes": connection([DISPUTE_NODE])}})
        (page,) = provider(http).fetch("dispute", "", SINCE)
        (message,) = page.messages
        self.assertEqual(message.entity_key, "order:3")
        self.assertEqual(stored(message), dispute())
        ((_name, asked),) = http.calls
        self.assertEqual(asked["query"], "initiated_at:>='2025-10-02T23:58:00Z'")

    def test_one_dispute_is_read_by_its_number(self):
        http = FakeHttp(lambda n, v: {"data": {"dispute": DISPUTE_NODE}})
        self.assertEqual(stored(provider(http).fetch_one("dispute", "9")), dispute())
        gone = FakeHttp(lambda n, v: {"data": {"dispute": None}})
        self.assertIsNone(provider(gone).fetch_one("dispute", "9"))


@tagged("post_install", "-at_install")
class TestShopifyPayment(BaseCase):
    def test_a_failure_says_why_and_a_success_does_not(self):
        self.assertIsNone(payment().failure)
        self.assertEqual(payment(status="failure").failure, "Transaction approved")
        failed = payment(status="error", error_code="CARD_DECLINED")
        self.assertEqual(failed.failure, "card_declined")

    def test_an_authorisation_says_when_it_lapses(self):
        self.assertIsNone(payment().expires_at)
        plain = payment(authorization_expires_at="2026-04-09T10:00:00-04:00")
        self.assertEqual(plain.expires_at, datetime(2026, 4, 9, 14, tzinfo=timezone.utc))
        extended = payment(
            authorization_expires_at="2026-04-09T10:00:00-04:00",
            extended_authorization_attributes={
                "standard_authorization_expires_at": "2026-04-09T10:00:00-04:00",
                "extended_authorization_expires_at": "2026-05-02T10:00:00-04:00",
            },
        )
        self.assertEqual(extended.expires_at.month, 5)

    def test_a_card_reader_authorises_as_well(self):
        self.assertEqual(payment(kind="emv_authorization").payment_kind.value, "authorization")

    def test_a_payment_without_an_order_stands_alone(self):
        alone = PAYMENT | {"order_id": None}
        self.assertEqual(heard(alone, "order_transactions/create").entity_key, "payment:5")
        self.assertEqual(payment(order_id=None).entity_key, "payment:5")
        self.assertEqual(heard(PAYMENT, "order_transactions/create").entity_key, "order:3")

    def test_what_names_nothing_is_kept_by_itself(self):
        message = heard({"kind": "sale"}, "order_transactions/create")
        self.assertEqual(message.entity_key, "event:event-1")

    def orders(self, *transactions):
        order = {"id": "gid://shopify/Order/3", "name": "#1001", "transactions": [*transactions]}
        return FakeHttp(lambda n, v: {"data": {"orders": connection([order])}})

    def test_a_list_tells_the_same_and_the_orders_name(self):
        (page,) = provider(self.orders(PAYMENT_NODE)).fetch("payment", "", SINCE)
        (message,) = page.messages
        self.assertEqual((message.kind, message.entity_key), ("payment", "order:3"))
        found = stored(message)
        self.assertEqual(found.reference, "#1001")
        # What the API does not tell, and what webhooks do not.
        left = {"reference", "authorization"}
        self.assertEqual(found.model_dump(exclude=left), payment().model_dump(exclude=left))

    def test_a_single_transaction_is_the_message_of_the_list(self):
        (page,) = provider(self.orders(PAYMENT_NODE)).fetch("payment", "", None)
        order = {"id": "gid://shopify/Order/3", "name": "#1001"}
        node = PAYMENT_NODE | {"multiCapturable": False, "order": order}
        http = FakeHttp(lambda n, v: {"data": {"node": node}})
        message = provider(http).fetch_one("payment", "5")
        self.assertEqual(message.event_id, page.messages[0].event_id)

    def test_each_transaction_of_an_order_is_a_message(self):
        capture = PAYMENT_NODE | {
            "id": "gid://shopify/OrderTransaction/6",
            "kind": "CAPTURE",
            "parentTransaction": {"id": PAYMENT_NODE["id"]},
        }
        (page,) = provider(self.orders(PAYMENT_NODE, capture)).fetch("payment", "", None)
        found = [stored(message) for message in page.messages]
        self.assertEqual([one.payment_kind.value for one in found], ["authorization", "capture"])
        self.assertEqual(found[1].parent_external_id, "5")


class MoneyConformance(ProviderConformance):
    """The shared checks with a webhook about money as their sample."""

    provider_class = ShopifyProvider
    settings = SETTINGS
    secret_name = "client_secret"
    signature_header = "x-shopify-hmac-sha256"
    topic, content = "disputes/create", DISPUTE

    def signed_request(self, body, secret, topic=None, event_id="event-1"):
        return signed(body, self.topic if topic is None else topic, secret, event_id)

    def sample(self):
        return self.topic, json.dumps(self.content).encode()

    def test_hostile_lists_cannot_be_read(self):
        for topic in ("poll/payouts", "poll/payments", "poll/disputes"):
            for body in HOSTILE:
                with self.assertRaises(MalformedPayloadError):
                    parse(StoredMessage(topic, None, body, {}))


@tagged("post_install", "-at_install")
class TestShopifyDisputeConformance(MoneyConformance, BaseCase):
    """Disputes."""


@tagged("post_install", "-at_install")
class TestShopifyPaymentConformance(MoneyConformance, BaseCase):
    """Transactions."""

    topic, content = "order_transactions/create", PAYMENT
