import json

from odoo.tests import BaseCase, HttpCase, tagged

from odoo.addons.retail_connector_base.canonical import version_of
from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    ConfigurationError,
    HttpClient,
    ProviderContext,
    RawRequest,
)

from ..providers.woocommerce import WooCommerceProvider
from .woocommerce_common import FORM, NOW, SECRET, line, order, provider, read, signed


def message(content, topic="order.updated", **headers):
    """Return the message of a signed payload."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return provider().verify(signed(body, topic, **headers)).messages[0]


@tagged("post_install", "-at_install")
class TestWooCommerceMessages(BaseCase):
    """Identity and place of what the shop sends."""

    def test_one_state_is_one_event_whatever_its_delivery_is_called(self):
        content = order(line("1.00"), total="1.00")
        first, again = message(content), message(content, delivery_id="d2")
        self.assertEqual(first.event_id, again.event_id)

    def test_deliveries_of_one_second_share_an_id_and_are_two_events(self):
        """The delivery id is a hash of webhook and second (``get_new_delivery_id``)."""
        one = order(line("1.00"), total="1.00")
        self.assertNotEqual(message(one).event_id, message({**one, "id": 701}).event_id)

    def test_two_states_of_one_second_are_two_events_and_nobody_knows_which_holds(self):
        one = message(order(line("1.00"), total="1.00"))
        other = message(order(line("1.00"), total="1.00", status="completed"))
        self.assertNotEqual(one.event_id, other.event_id)
        self.assertEqual((one.version, one.observed_at), (other.version, 0))

    def test_versions_are_seconds_in_utc(self):
        found = message(order(line("1.00"), total="1.00"))
        moment = read(order(line("1.00"), total="1.00")).updated_at
        self.assertEqual(found.version, version_of(moment))
        self.assertEqual(found.entity_key, "order:700")

    def test_a_checkout_that_was_only_begun_is_kept_and_not_read(self):
        found = message(order(line("1.00"), total="1.00", status="checkout-draft"))
        self.assertIsNone(found.kind)
        self.assertEqual(found.entity_key, "order:700")

    def test_deletions_tell_an_id_only(self):
        for entity in ("order", "customer", "product"):
            found = message({"id": 5}, f"{entity}.deleted")
            self.assertEqual((found.kind, found.entity_key), ("deletion", f"{entity}:5"))
            self.assertEqual(read({"id": 5}, f"{entity}.deleted").deleted_kind, entity)

    def test_a_variation_stands_in_its_products_queue(self):
        content = {"id": 6, "type": "variation", "parent_id": 5, "name": "Mug - Red"}
        content |= {"date_modified_gmt": "2026-04-01T22:31:00", "price": "3.00"}
        self.assertEqual(message(content, "product.updated").entity_key, "product:5")
        found = read(content, "product.updated")
        self.assertEqual((found.external_id, found.variants_complete), ("5", False))
        self.assertEqual(found.variants[0].inventory_item_external_id, "5:6")

    def test_the_ping_of_a_new_webhook_is_acknowledged_without_a_message(self):
        delivery = provider().verify(RawRequest(b"webhook_id=12", {"content-type": FORM}, NOW))
        self.assertEqual((delivery.messages, delivery.acknowledgement.status), ((), 200))

    def test_nothing_else_passes_unsigned(self):
        for body, mimetype in (
            (b"webhook_id=12&order=1", FORM),
            (b"webhook_id=", FORM),
            (b"", FORM),
            (b"webhook_id=12", "application/json"),
            (b'{"id": 1}', "application/json"),
        ):
            with self.subTest(body=body), self.assertRaises(AuthenticationError):
                provider().verify(RawRequest(body, {"content-type": mimetype}, NOW))

    def test_credentials_go_over_https_only(self):
        """But for a shop on this machine, which is the simulator."""
        held = {"consumer_key": ("ck",), "consumer_secret": ("cs",)}
        for address in ("http://shop.example", "shop.example", "ftp://shop.example", "https://"):
            context = ProviderContext({"shop_url": address}, held, HttpClient())
            with self.subTest(address=address), self.assertRaises(ConfigurationError):
                WooCommerceProvider(context).fetch_one("order", "1")


@tagged("post_install", "-at_install")
class TestWooCommerceFrontDoor(HttpCase):
    """The same through our own controller, over real HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend = cls.env["retail.backend"].create(
            {"name": "Woo", "provider": "woocommerce", "state": "running"}
        )
        secret = cls.backend.credential_ids.filtered(lambda c: c.name == "webhook_secret")
        secret.secret_input = SECRET

    def _post(self, body, headers):
        path = f"/retail/v1/hooks/{self.backend.key}"
        return self.url_open(path, data=body, headers=headers, timeout=20)

    def _messages(self):
        return self.env["retail.inbox.message"].search([("backend_id", "=", self.backend.id)])

    def test_the_activation_ping_gets_exactly_200_and_leaves_nothing(self):
        answer = self._post(b"webhook_id=12", {"Content-Type": FORM})
        self.assertEqual(answer.status_code, 200)
        self.assertFalse(self._messages())

    def test_a_signed_order_is_kept_once(self):
        request = signed(json.dumps(order(line("1.00"), total="1.00")).encode())
        answers = [self._post(request.body, request.headers) for _ in range(2)]
        self.assertEqual([answer.status_code for answer in answers], [202, 200])
        self.assertEqual(self._messages().entity_key, "order:700")

    def test_a_forged_signature_is_refused_and_leaves_nothing(self):
        for forged in ("", "wrong", "A" * 44):
            request = signed(b'{"id": 1}')
            headers = {**request.headers, "x-wc-webhook-signature": forged}
            self.assertEqual(self._post(request.body, headers).status_code, 401)
        self.assertFalse(self._messages())

    def test_a_form_that_is_no_ping_is_refused(self):
        answer = self._post(b"order_id=12", {"Content-Type": FORM})
        self.assertEqual(answer.status_code, 401)
