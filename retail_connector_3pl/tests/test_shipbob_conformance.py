import json

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.tests import conformance
from odoo.addons.retail_connector_base.tests.conformance import ProviderConformance

from ..providers import PROVIDERS
from ..providers.shipbob import ShipBobProvider
from ..providers.shipbob.signature import SIGNATURE
from .shipbob_common import item, product, shipment, signed


@tagged("post_install", "-at_install")
class TestShipBobConformance(ProviderConformance, BaseCase):
    provider_class = ShipBobProvider
    settings = {"channel_id": "100102"}
    secret_name = "webhook_secret"
    signature_header = SIGNATURE

    def signed_request(self, body, secret, topic=None, event_id="event-1"):
        """An event's topic stands in a header."""
        return signed(body, topic, secret, event_id, conformance.NOW)

    def sample(self):
        shown = shipment(7, "Cancelled", product("MUG", item(81, 2)))
        return "order.shipment.cancelled", json.dumps(shown).encode()

    def test_is_offered(self):
        self.assertIn(ShipBobProvider, PROVIDERS)

    def test_polled_kinds_have_lists(self):
        for flow in ShipBobProvider.flows:
            if flow.direction.value == "in":
                self.assertTrue(ShipBobProvider.can_fetch(flow.kind), flow.kind)
