import json
from datetime import timedelta

from odoo.tests import BaseCase, HttpCase, tagged

from odoo.addons.retail_connector_base.canonical import PrivacyRequestType
from odoo.addons.retail_connector_base.providers import AuthenticationError, MalformedPayloadError

from .shopify_common import SECRET, SHOP, provider, read, signed

PERSON = {"id": 191167, "email": "john@example.com", "phone": "555-625-1199"}
DATA_REQUEST = {
    "shop_id": 954889,
    "shop_domain": SHOP,
    "orders_requested": [299938, 280263],
    "customer": PERSON,
    "data_request": {"id": 9999},
}
REDACT = {
    "shop_id": 954889,
    "shop_domain": SHOP,
    "customer": PERSON,
    "orders_to_redact": [299938, "280263"],
}
SHOP_REDACT = {"shop_id": 954889, "shop_domain": SHOP}
CASES = (
    ("customers/data_request", DATA_REQUEST, PrivacyRequestType.DATA_REQUEST),
    ("customers/redact", REDACT, PrivacyRequestType.REDACT),
    ("shop/redact", SHOP_REDACT, PrivacyRequestType.SHOP_REDACT),
)
HEADERS = {"x-shopify-triggered-at": "2026-04-02T14:00:01Z"}


@tagged("post_install", "-at_install")
class TestShopifyPrivacy(BaseCase):
    """Shapes as in Shopify's schemas of 2026-04."""

    def test_each_topic_is_a_request(self):
        for topic, payload, wanted in CASES:
            with self.subTest(topic=topic):
                message = provider().verify(signed(json.dumps(payload).encode(), topic)).messages[0]
                self.assertEqual(message.kind, "privacy_request")
                request = read(payload, topic, **HEADERS)
                self.assertIs(request.type, wanted)
                self.assertEqual(request.due_at - request.updated_at, timedelta(days=30))

    def test_whose_data_it_is(self):
        request = read(REDACT, "customers/redact", **HEADERS)
        self.assertEqual(request.customer_external_id, "191167")
        self.assertEqual((request.email, request.phone), ("john@example.com", "555-625-1199"))
        self.assertEqual(request.order_external_ids, ("299938", "280263"))
        asked = read(DATA_REQUEST, "customers/data_request", **HEADERS)
        self.assertEqual(asked.external_id, "data_request:9999")
        self.assertEqual(asked.order_external_ids, ("299938", "280263"))
        self.assertIsNone(read(SHOP_REDACT, "shop/redact").email)

    def test_a_customer_may_be_an_email_only(self):
        payload = {**REDACT, "customer": {"id": None, "email": "john@example.com", "phone": None}}
        request = read(payload, "customers/redact")
        self.assertIsNone(request.customer_external_id)
        self.assertEqual(request.email, "john@example.com")

    def test_nonsense_is_named(self):
        for payload in (
            {"customer": 1, "shop_id": 1},
            {"customer": {"id": "x"}, "shop_id": 1},
            {**REDACT, "orders_to_redact": {}},
            {**REDACT, "orders_to_redact": [[]]},
            {},
        ):
            with self.subTest(payload=payload), self.assertRaises(MalformedPayloadError):
                read(payload, "customers/redact")

    def test_a_forgery_is_refused(self):
        for topic, payload, _wanted in CASES:
            with self.subTest(topic=topic), self.assertRaises(AuthenticationError):
                provider().verify(signed(json.dumps(payload).encode(), topic, secret="wrong"))


@tagged("post_install", "-at_install")
class TestShopifyPrivacyWebhook(HttpCase):
    def setUp(self):
        super().setUp()
        self.backend = self.env["retail.backend"].create(
            {"name": "Shop", "provider": "shopify", "state": "running", "lane_count": 1}
        )
        self.backend.setting_ids.filtered(lambda s: s.name == "shop_domain").value = SHOP
        credentials = self.backend.credential_ids
        credentials.filtered(lambda c: c.name == "client_secret").secret_input = SECRET

    def post(self, topic, payload, secret=SECRET):
        request = signed(json.dumps(payload).encode(), topic, secret, event_id=topic)
        return self.url_open(
            f"/retail/v1/hooks/{self.backend.key}",
            data=request.body,
            headers={"Content-Type": "application/json", **request.headers},
        )

    def test_a_bad_signature_is_401_and_leaves_nothing(self):
        for topic, payload, _wanted in CASES:
            self.assertEqual(self.post(topic, payload, "wrong").status_code, 401)
        domain = [("backend_id", "=", self.backend.id)]
        self.assertFalse(self.env["retail.inbox.message"].search(domain))

    def test_each_becomes_a_request_once(self):
        for topic, payload, _wanted in CASES:
            self.assertIn(self.post(topic, payload).status_code, (200, 202))
            self.assertEqual(self.post(topic, payload).status_code, 200)
        self.env.invalidate_all()
        domain = [("backend_id", "=", self.backend.id)]
        messages = self.env["retail.inbox.message"].search(domain, order="id")
        self.assertEqual(len(messages), 3)
        self.env["retail.inbox.processor"]._process(messages)
        self.assertEqual(messages.mapped("state"), ["done"] * 3, messages.mapped("error"))
        requests = self.env["retail.erasure"].search(domain).sorted(lambda each: each.message_id.id)
        self.assertEqual(requests.mapped("type"), ["access", "erase", "shop"])
        self.assertEqual(requests.mapped("state"), ["requested", "approved", "requested"])
        self.assertTrue(all(request.due_at for request in requests))
