import json
from datetime import timedelta

from standardwebhooks import Webhook

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import ShipmentState, WarehouseOrderState
from odoo.addons.retail_connector_base.providers import AuthenticationError, RawRequest

from ..providers.shipbob.signature import ID, SIGNATURE, TIME, sign
from .shipbob_common import (
    NOW,
    SECRET,
    URL,
    detail,
    heard,
    item,
    order,
    parsed,
    product,
    provider,
    shipment,
    signed,
)

OTHER = "whsec_" + "B" * 32
BODY = b'{"test": 2432232314}'


@tagged("post_install", "-at_install")
class TestShipBobSignature(BaseCase):
    def test_published_scheme(self):
        """Standard Webhooks' own library signs the same."""
        theirs = Webhook(SECRET).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", NOW, BODY.decode())
        ours = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", str(int(NOW.timestamp())), BODY)
        self.assertEqual(ours, theirs)

    def test_vector(self):
        """Computed by hand: openssl dgst -sha256 -mac HMAC over ``id.timestamp.body``."""
        found = sign(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", BODY)
        self.assertEqual(found, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")

    def refused(self, request, *secrets):
        with self.assertRaises(AuthenticationError):
            provider(secrets=secrets or (SECRET,)).verify(request)

    def test_one_of_several_signatures_suffices(self):
        good, name, stamp = signed(BODY), "msg_1", str(int(NOW.timestamp()))
        both = f"{sign(OTHER, name, stamp, BODY)} {good.header(SIGNATURE)} v2,other"
        request = RawRequest(BODY, {**good.headers, SIGNATURE: both}, NOW, URL)
        self.assertTrue(provider().verify(request).messages)
        self.assertTrue(provider(secrets=(OTHER, SECRET)).verify(good).messages)

    def test_old_and_future_deliveries_are_refused(self):
        for shift in (-301, 301, -86_400, 10**9):
            self.refused(signed(BODY, moment=NOW + timedelta(seconds=shift)))
        for shift in (-299, 299):
            moment = NOW + timedelta(seconds=shift)
            self.assertTrue(provider().verify(signed(BODY, moment=moment)).messages)

    def test_what_is_signed_cannot_be_changed(self):
        request = signed(BODY)
        for name, value in ((ID, "msg_2"), (TIME, "1775131201"), (TIME, "x"), (TIME, ""),
                            (ID, ""), (ID, "a b"), (ID, "Ä")):  # fmt: skip
            self.refused(RawRequest(BODY, {**request.headers, name: value}, NOW, URL))

    def test_worthless_secrets_fit_nothing(self):
        for secret in ("", "whsec_", "whsec_!!!", "whsec_Ä"):
            self.refused(signed(BODY, secret="x"), secret)
            self.refused(signed(BODY, secret="whsec_"), secret)

    def test_subscriptions_of_old_versions_are_refused(self):
        """They send ``shipbob-topic`` and no signature."""
        headers = {"shipbob-topic": "order_shipped", "shipbob-subscription-id": "1582"}
        self.refused(RawRequest(BODY, headers, NOW, URL))


@tagged("post_install", "-at_install")
class TestShipBobWebhook(BaseCase):
    def test_an_order_is_told_with_all_that_left(self):
        shown = order(
            shipment(7), shipment(8, "Processing"), shipment(9), status="PartiallyFulfilled",
            wanted={"MUG": 6},
        )  # fmt: skip
        state, *left = heard("order.shipped", shown)
        self.assertEqual(state.state, WarehouseOrderState.IN_PROGRESS)
        self.assertEqual([(one.kind, one.external_id) for one in left],
                         [("shipment", "7"), ("shipment", "9")])  # fmt: skip
        self.assertEqual({one.entity_key for one in (state, *left)}, {"order:REL-1"})
        self.assertFalse(any(one.final for one in left))

    def test_a_label_is_no_departure(self):
        """``order.shipped`` comes when the label is printed."""
        labeled = shipment(7, "Processing", status_details=[detail("Labeled", 102)])
        (state,) = heard("order.shipped", order(labeled))
        self.assertEqual(state.state, WarehouseOrderState.IN_PROGRESS)

    def test_identities_of_one_delivery_differ(self):
        body = json.dumps(order(shipment(7), shipment(8), status="Fulfilled")).encode()
        messages = provider().verify(signed(body, name="msg_9")).messages
        self.assertEqual([m.event_id for m in messages], ["msg_9", "msg_9#1", "msg_9#2"])
        for message in messages:
            parsed(provider(), message)

    def test_customers_are_not_kept_twice(self):
        body = json.dumps(order(shipment(7), status="Fulfilled")).encode()
        _order, left = provider().verify(signed(body)).messages
        self.assertNotIn(b"jane@example.com", left.body)

    def test_a_held_shipment_holds_its_order(self):
        shown = shipment(
            7, "Exception",
            status_details=[detail("OutOfStock", 303, "No Stock On Hand For Sku")],
        )  # fmt: skip
        (state,) = heard("order.shipment.exception", shown)
        self.assertEqual(state.state, WarehouseOrderState.ON_HOLD)
        self.assertEqual(state.reason, "It cannot be fulfilled: No Stock On Hand For Sku.")
        self.assertEqual((state.external_id, state.reason_code), ("5", "OutOfStock"))

    def test_a_delivered_shipment_tells_of_goods_and_parcel(self):
        shown = shipment(7, delivery_date="2026-04-04T10:00:00Z")
        left, tracking = heard("order.shipment.delivered", shown)
        self.assertEqual(left.state, ShipmentState.SHIPPED)
        self.assertEqual((tracking.kind, tracking.number), ("tracking", "9400"))
        self.assertEqual(tracking.state.value, "delivered")

    def test_a_cancelled_shipment_tells_so(self):
        (gone,) = heard("order.shipment.cancelled", shipment(7, "Cancelled"))
        self.assertEqual((gone.state, gone.lines), (ShipmentState.CANCELLED, ()))

    def test_orders_of_another_channel_are_kept_and_not_imported(self):
        shown = order(shipment(7), channel={"id": 1, "name": "Other"})
        body = json.dumps(shown).encode()
        (message,) = provider().verify(signed(body)).messages
        self.assertIsNone(message.kind)
        self.assertEqual(message.body, body)

    def test_a_bundle_alone_waits_for_the_poll(self):
        """A shipment does not say how many bundles it holds; its order does."""
        bundle = product("SET", item(81, 2), item(82, 4))
        body = json.dumps(shipment(7, "Completed", bundle)).encode()
        (message,) = provider().verify(signed(body, "order.shipment.delivered")).messages
        self.assertIsNone(message.kind)

    def test_a_broken_event_is_quarantined_as_what_it_says(self):
        body = json.dumps(shipment(7, reference_id=None)).encode()
        (message,) = provider().verify(signed(body, "order.shipment.cancelled")).messages
        self.assertEqual((message.kind, message.body), ("shipment", body))

    def test_returns_are_told(self):
        shown = {"id": 9, "reference_id": "RMA-1", "status": "Completed", "inventory": [],
                 "insert_date": "2026-04-01T08:00:00Z"}  # fmt: skip
        for topic in ("return.created", "return.updated", "return.completed"):
            (found,) = heard(topic, shown)
            self.assertEqual((found.kind, found.name), ("return", "RMA-1"))
