import json

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.providers import AuthenticationError

from ..providers.shopify.node import Node
from .shopify_common import provider, signed
from .shopify_orders import OrderBuilder


@tagged("post_install", "-at_install")
class TestShopifyWebhook(BaseCase):
    def message(self, content, topic="orders/create", **headers):
        body = json.dumps(content).encode()
        return provider().verify(signed(body, topic, **headers)).messages[0]

    def test_another_shops_event_is_refused(self):
        for shop in ("", "other.myshopify.com", "retail-connector.myshopify.com.evil.example"):
            with self.subTest(shop=shop), self.assertRaises(AuthenticationError):
                self.message({"id": 1}, shop_domain=shop)

    def test_the_shops_name_may_be_written_in_any_case(self):
        self.assertTrue(self.message({"id": 1}, shop_domain="Retail-Connector.MyShopify.com"))

    def test_identity_is_the_events_then_the_webhooks_then_the_contents(self):
        self.assertEqual(self.message({"id": 1}).event_id, "event-1")
        self.assertEqual(self.message({"id": 1}, event_id="").event_id, "webhook-")
        bare = {"event_id": "", "webhook_id": ""}
        first, again = (self.message({"id": 1}, **bare).event_id for _ in range(2))
        self.assertEqual(first, again)
        self.assertNotEqual(first, self.message({"id": 2}, **bare).event_id)
        self.assertNotEqual(first, self.message({"id": 1}, "orders/updated", **bare).event_id)

    def test_events_of_one_order_share_its_queue(self):
        for topic, content in (
            ("orders/create", {"id": 7}),
            ("orders/delete", {"id": 7}),
            ("orders/edited", {"order_edit": {"id": 1, "order_id": 7}}),
            ("refunds/create", {"id": 1, "order_id": 7}),
            ("fulfillments/update", {"id": 1, "order_id": 7}),
            ("order_transactions/create", {"id": 1, "order_id": 7}),
            ("returns/request", {"id": 1, "order": {"id": 7}}),
        ):
            with self.subTest(topic=topic):
                self.assertEqual(self.message(content, topic).entity_key, "order:7")

    def test_other_entities_have_their_own(self):
        for topic, content, key in (
            ("products/update", {"id": 7}, "product:7"),
            ("customers/delete", {"id": 7}, "customer:7"),
            ("customers/redact", {"customer": {"id": 7}}, "privacy_request:7"),
            (
                "inventory_levels/update",
                {"inventory_item_id": 1, "location_id": 2},
                "stock_level:1:2",
            ),
            ("app/uninstalled", {"id": 7}, "event:event-1"),
        ):
            with self.subTest(topic=topic):
                self.assertEqual(self.message(content, topic).entity_key, key)

    def test_version_is_the_entitys_else_the_events(self):
        order = OrderBuilder().line("1.00").build()
        message = self.message(order)
        self.assertEqual(message.version, version_of(Node(order).utc("updated_at")))
        self.assertEqual(message.observed_at, 1775138401123456)
        deletion = self.message({"id": 7}, "orders/delete")
        self.assertEqual(deletion.version, deletion.observed_at)

    def test_unreadable_times_do_no_harm(self):
        for text in (
            "",
            "yesterday",
            "2026-04-02",
            "9999-99-99T99:99:99Z",
            "0001-01-01T00:00:00+23:59",
        ):
            with self.subTest(text=text):
                message = self.message({"id": 1, "updated_at": text}, triggered_at=text)
                self.assertEqual(message.observed_at, 0)

    def test_headers_are_kept_without_the_signature(self):
        headers = self.message({"id": 1}).headers
        self.assertEqual(headers["x-shopify-topic"], "orders/create")
        self.assertNotIn("x-shopify-hmac-sha256", headers)

    def test_endless_headers_are_bounded(self):
        message = self.message({"id": 1}, event_id="e" * 5000)
        self.assertLess(len(message.event_id), 300)
        self.assertLess(max(map(len, message.headers.values())), 300)
