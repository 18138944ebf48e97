import json

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.tests.conformance import ProviderConformance

from ..providers import PROVIDERS
from ..providers.shopify import ShopifyProvider
from .shopify_common import SETTINGS, signed
from .shopify_orders import OrderBuilder


@tagged("post_install", "-at_install")
class TestShopifyConformance(ProviderConformance, BaseCase):
    provider_class = ShopifyProvider
    settings = SETTINGS
    secret_name = "client_secret"
    signature_header = "x-shopify-hmac-sha256"

    def signed_request(self, body, secret, topic=None, event_id="event-1"):
        topic = "orders/create" if topic is None else topic
        return signed(body, topic, secret, event_id)

    def sample(self):
        order = OrderBuilder().line("10.00", 2).ship("5.00").build()
        return "orders/create", json.dumps(order).encode()

    def test_is_offered(self):
        self.assertIn(ShopifyProvider, PROVIDERS)
