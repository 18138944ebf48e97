import json

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import RawRequest
from odoo.addons.retail_connector_base.tests import conformance
from odoo.addons.retail_connector_base.tests.conformance import ProviderConformance

from ..providers import PROVIDERS
from ..providers.stripe import StripeProvider
from ..providers.stripe.signature import sign
from .stripe_common import charge, event


@tagged("post_install", "-at_install")
class TestStripeConformance(ProviderConformance, BaseCase):
    provider_class = StripeProvider
    settings = {}
    secret_name = "webhook_secret"
    signature_header = "stripe-signature"

    def signed_request(self, body, secret, topic=None, event_id="event-1"):
        """An event's type stands in its body."""
        known, content = self.sample()
        if body == content and topic not in (None, known):
            body = json.dumps({**json.loads(body), "type": topic, "id": event_id}).encode()
        moment = str(int(conformance.NOW.timestamp()))
        signature = f"t={moment},v1={sign(secret, moment, body).decode()}"
        return RawRequest(body, {"stripe-signature": signature}, conformance.NOW)

    def sample(self):
        return "charge.succeeded", json.dumps(event("charge.succeeded", charge())).encode()

    def test_is_offered(self):
        self.assertIn(StripeProvider, PROVIDERS)
