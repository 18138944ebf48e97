import json

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.tests.conformance import ProviderConformance

from ..providers import PROVIDERS
from ..providers.woocommerce import WooCommerceProvider
from .woocommerce_common import SETTINGS, line, order, shipping, signed


@tagged("post_install", "-at_install")
class TestWooCommerceConformance(ProviderConformance, BaseCase):
    provider_class = WooCommerceProvider
    settings = SETTINGS
    secret_name = "webhook_secret"
    signature_header = "x-wc-webhook-signature"

    def signed_request(self, body, secret, topic=None, event_id="event-1"):
        topic = "order.created" if topic is None else topic
        return signed(body, topic, secret, event_id)

    def sample(self):
        lines = line("10.00", "1.90"), line("5.00", "0.95", id=12)
        content = order(
            *lines, total="20.23", tax="3.23", shipping_lines=[shipping("2.00", "0.38")]
        )
        return "order.created", json.dumps(content).encode()

    def test_is_offered(self):
        self.assertIn(WooCommerceProvider, PROVIDERS)
