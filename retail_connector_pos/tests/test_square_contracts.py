import json
import unittest
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import DisputeState, PayoutState, TransactionState
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    MalformedPayloadError,
    RawRequest,
    StoredMessage,
)

from ..providers.square.signature import HEADER
from ..providers.square.topics import TOPICS
from .square_common import (
    NOW,
    contract,
    contracts_root,
    parsed,
    provider,
    received,
    ticket,
)

# What the published examples of an answer are read as, by the topic under which it is kept and the
# key of the answer. Of the others each says why nothing is read.
READ = {
    "GetPaymentResponse": ("poll/payment", "payment"),
    "CreatePaymentResponse": ("poll/payment", "payment"),
    "ListPaymentsResponse": ("poll/payment", "payments"),
    "GetPaymentRefundResponse": ("poll/refund", "refund"),
    "RefundPaymentResponse": ("poll/refund", "refund"),
    "GetPayoutResponse": ("poll/payout", "payout"),
    "ListPayoutsResponse": ("poll/payout", "payouts"),
    "RetrieveCatalogObjectResponse": ("poll/item", "object"),
    "SearchCatalogObjectsResponse": ("poll/item", "objects"),
    "PayOrderResponse": ("poll/order", "order"),
}
NOT_PAID = "the order is not paid yet"
NOT_READ = {
    "BatchChangeInventoryRequest": "a request of ours",
    "BatchUpsertCatalogObjectsRequest": "a request of ours",
    "CreateOrderRequest": "a request of others",
    "RefundPaymentRequest": "a request of others",
    "BatchChangeInventoryResponse": "counts, read by themselves",
    "BatchRetrieveInventoryCountsResponse": "counts, read by themselves",
    "RetrieveInventoryCountResponse": "counts, read by themselves",
    "RetrieveInventoryAdjustmentResponse": "a movement: only counts are told",
    "BatchUpsertCatalogObjectsResponse": "an answer that only says it was done",
    "CreateGiftCardActivityResponse": "read with the order that it belongs to",
    "ListCashDrawerShiftsResponse": "read with the sales of its day",
    "ListCatalogResponse": "a category and a tax: no items",
}
REFUSED = {
    "RetrieveOrderResponse": NOT_PAID,
    "CreateOrderResponse": NOT_PAID,
    "UpdateOrderResponse": NOT_PAID,
    "BatchRetrieveOrdersResponse": NOT_PAID,
}
# Events that are kept as what they are: nothing here is about them.
KEPT = {
    "customer.created", "customer.deleted", "gift_card.activity.created", "gift_card.created",
    "invoice.payment_made", "location.created", "terminal.checkout.updated",
    "terminal.refund.created",
}  # fmt: skip


def kept(topic, shown):
    """Return what an answer is read as, as it is kept."""
    return provider().parse(StoredMessage(topic, None, json.dumps(shown).encode(), {}))


@tagged("post_install", "-at_install")
@unittest.skipUnless(contracts_root(), "the published contracts are not beside this checkout")
class TestSquareContracts(BaseCase):
    """What the published samples are read as, derived by hand from the payloads."""

    def one(self, name):
        """Return the only thing, beside notices, that a published event tells."""
        adapter = provider()
        found = [parsed(adapter, message) for message in received(adapter, contract(name))]
        (told,) = [one for one in found if one.kind != "notice"]
        return told

    def test_signature_vectors(self):
        vectors = contract("signature_vectors")
        self.assertEqual(vectors["header"], HEADER)
        for vector in vectors["vectors"]:
            with self.subTest(valid=vector["valid"]):
                adapter = provider(notification_url=vector["notification_url"])
                adapter.context.secrets["signature_key"] = (vector["signature_key"],)
                body = vector["body"].encode()
                request = RawRequest(body, {HEADER: vector["signature"]}, NOW, "")
                if vector["valid"]:
                    (message,) = adapter.verify(request).messages
                    self.assertEqual(message.topic, "webhooks.test_notification")
                else:
                    with self.assertRaises(AuthenticationError):
                        adapter.verify(request)

    def test_every_event_is_read_or_kept_on_purpose(self):
        for path in sorted((contracts_root() / "events").glob("*.json")):
            with self.subTest(event=path.stem):
                shown = json.loads(path.read_text())
                messages = received(provider(), shown)
                self.assertEqual({message.topic for message in messages}, {shown["type"]})
                if shown["type"] in KEPT:
                    self.assertNotIn(shown["type"], TOPICS)
                    self.assertEqual([message.kind for message in messages], [None])
                    continue
                for message in messages:
                    parsed(provider(), message)

    def test_every_example_is_read_or_left_on_purpose(self):
        names = {path.stem for path in (contracts_root() / "api_examples").glob("*.json")}
        self.assertEqual(names, {*READ, *NOT_READ, *REFUSED})
        for name, (topic, key) in READ.items():
            with self.subTest(example=name):
                shown = contract(f"api_examples/{name}")[key]
                for row in shown if isinstance(shown, list) else [shown]:
                    content = {"order": row} if key == "order" else row
                    self.assertTrue(kept(topic, content).external_id)
        for name in REFUSED:
            shown = contract(f"api_examples/{name}")
            row = shown.get("order") or shown["orders"][0]
            with self.subTest(example=name), self.assertRaises(MalformedPayloadError):
                kept("poll/order", {"order": row})

    def test_a_paid_order(self):
        found = ticket(contract("api_examples/PayOrderResponse")["order"], location=None)
        self.assertEqual((found.total, found.total_tax, found.currency), (20, 0, "USD"))
        self.assertEqual([(line.quantity, line.unit_price) for line in found.lines],
                         [(1, 5), (2, Decimal("7.5"))])  # fmt: skip
        self.assertEqual([(one.method, one.amount) for one in found.tenders],
                         [("CARD", 10), ("CARD", 10)])  # fmt: skip
        self.assertEqual(found.sold_at.isoformat(), "2019-08-06T02:47:37.140000+00:00")

    def test_discounts_and_taxes_of_an_order_once_it_is_paid(self):
        shown = contract("api_examples/CreateOrderResponse")["order"]
        shown |= {"state": "COMPLETED", "closed_at": shown["updated_at"]}
        found = ticket(shown, location=None)
        self.assertEqual((found.total, found.total_tax), (Decimal("61.76"), Decimal("5.10")))
        steak, larger = found.lines
        self.assertEqual((steak.unit_price, steak.discount),
                         (Decimal("15.99"), Decimal("0.87")))  # fmt: skip
        # Two at 22.00, each with a modifier of 0.50.
        self.assertEqual((larger.unit_price, larger.discount), (Decimal("22.5"), Decimal("3.46")))
        self.assertEqual(larger.promotions,
                         ("Membership Discount", "Labor Day Sale", "Sale - $1.00 off"))  # fmt: skip
        self.assertEqual((larger.taxes[0].rate, larger.taxes[0].amount),
                         (Decimal("0.09"), Decimal("3.74")))  # fmt: skip
        self.assertEqual(larger.title, "New York Steak (Larger)")

    def test_payments(self):
        approved = self.one("events/PaymentCreatedEvent")
        done = self.one("events/PaymentUpdatedEvent")
        self.assertEqual(approved.entity_key, done.entity_key)
        self.assertIs(approved.state, TransactionState.PENDING)
        self.assertEqual(approved.expires_at.isoformat(), "2020-11-29T21:16:51.086000+00:00")
        self.assertIs(done.state, TransactionState.SUCCESS)
        self.assertEqual(done.amount.amount, 1)
        self.assertGreater(done.version, approved.version)

    def test_refunds(self):
        found = self.one("events/RefundCreatedEvent")
        self.assertEqual((found.amount.amount, found.state), (10, TransactionState.PENDING))
        self.assertEqual(found.parent_external_id, "KkAkhdMsgzn59SM8A89WgKwekxLZY")

    def test_stock(self):
        found = self.one("events/InventoryCountUpdatedEvent")
        self.assertEqual(found.external_id, "FGQ5JJWT2PYTHF35CKZ2DSKP:YYQR03DGCTXA4")
        self.assertEqual(found.available, 10)
        self.assertEqual(found.updated_at.isoformat(), "2019-10-29T18:38:45.102960+00:00")

    def test_payouts_write_the_currency_otherwise(self):
        found = self.one("events/PayoutPaidEvent")
        self.assertEqual((found.amount.amount, found.amount.currency), (Decimal("4.57"), "EUR"))
        self.assertEqual((found.state, str(found.arrival_date)), (PayoutState.PAID, "2021-07-13"))
        listed = contract("api_examples/ListPayoutsResponse")["payouts"]
        self.assertEqual(kept("poll/payout", listed[0]).reference, "L2100000005")
        self.assertEqual(kept("poll/payout", listed[1]).amount.amount, Decimal("-1.03"))

    def test_disputes_have_two_names_for_one_id(self):
        opened = self.one("events/DisputeCreatedEvent")
        won = self.one("events/DisputeStateChangedEvent")
        self.assertEqual(opened.external_id, won.external_id)
        self.assertIs(opened.state, DisputeState.NEEDS_RESPONSE)
        self.assertIs(won.state, DisputeState.WON)
        self.assertEqual(won.won_amount, Decimal("88.01"))
        self.assertEqual(won.closed_at, won.updated_at)

    def test_items(self):
        found = kept("poll/item", contract("api_examples/RetrieveCatalogObjectResponse")["object"])
        (mug,) = found.variants
        self.assertEqual((found.title, mug.title, mug.price), ("Tea", "Mug", Decimal("1.5")))
        self.assertEqual(mug.inventory_item_external_id, mug.external_id)
