import json

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import RawRequest
from odoo.addons.retail_connector_base.tests import conformance
from odoo.addons.retail_connector_base.tests.conformance import ProviderConformance

from ..providers import PROVIDERS
from ..providers.square import SquareProvider
from ..providers.square.signature import HEADER, sign
from .square_common import URL, event, payment


@tagged("post_install", "-at_install")
class TestSquareConformance(ProviderConformance, BaseCase):
    provider_class = SquareProvider
    settings = {}
    secret_name = "signature_key"
    signature_header = HEADER

    def signed_request(self, body, secret, topic=None, event_id="event-1"):
        """An event's type stands in its body."""
        known, content = self.sample()
        if body == content and topic not in (None, known):
            body = json.dumps({**json.loads(body), "type": topic, "event_id": event_id}).encode()
        return RawRequest(body, {HEADER: sign(secret, URL, body)}, conformance.NOW, URL)

    def sample(self):
        shown = payment("P1", 4990, order_id="O1")
        content = event("payment.updated", "payment", shown)
        return "payment.updated", json.dumps(content).encode()

    def test_is_offered(self):
        self.assertIn(SquareProvider, PROVIDERS)
