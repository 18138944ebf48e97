import json
import unicodedata

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import AuthenticationError, RawRequest
from odoo.addons.retail_connector_base.tests import conformance
from odoo.addons.retail_connector_base.tests.conformance import ProviderConformance

from ..providers import PROVIDERS
from ..providers.easypost import EasyPostProvider
from ..providers.easypost.signature import HEADER, sign

TRACKER = {
    "id": "trk_1",
    "object": "Tracker",
    "tracking_code": "9400110898825022579493",
    "status": "in_transit",
    "updated_at": "2026-04-01T10:00:00Z",
    "carrier": "USPS",
    "tracking_details": [
        {"status": "pre_transit", "message": "Label made", "datetime": "2026-03-31T08:00:00Z"},
        {"status": "in_transit", "message": "Scanned", "datetime": "2026-04-01T09:59:00Z",
         "tracking_location": {"city": "BONN", "state": None, "country": "DE", "zip": "53111"}},
    ],
}  # fmt: skip
EVENT = {
    "id": "evt_1",
    "object": "Event",
    "description": "tracker.updated",
    "created_at": "2026-04-01T10:00:01Z",
    "result": TRACKER,
}


@tagged("post_install", "-at_install")
class TestEasyPostConformance(ProviderConformance, BaseCase):
    provider_class = EasyPostProvider
    settings = {}
    secret_name = "webhook_secret"
    signature_header = HEADER

    def signed_request(self, body, secret, topic=None, event_id="event-1"):
        """An event's name stands in its body."""
        known, content = self.sample()
        if body == content and topic not in (None, known):
            number = f"evt_{event_id.replace('-', '')}"
            body = json.dumps({**EVENT, "description": topic, "id": number}).encode()
        return RawRequest(body, {HEADER: sign(secret, body)}, conformance.NOW)

    def sample(self):
        return "tracker.updated", json.dumps(EVENT).encode()

    def test_is_offered(self):
        self.assertIn(EasyPostProvider, PROVIDERS)

    def test_the_secret_is_decomposed_before_it_signs(self):
        """As EasyPost's own clients do it: the same secret in another form is the same."""
        _topic, body = self.sample()
        composed = "Schlüssel-ﬁ"
        request = self.signed_request(body, unicodedata.normalize("NFD", composed))
        self.assertTrue(self.provider(composed).verify(request).messages)

    def test_a_signature_without_its_scheme_is_refused(self):
        _topic, body = self.sample()
        request = self.signed_request(body, "one")
        digest = request.header(HEADER).partition("=")[2]
        for given in (digest, f"sha256={digest}", f"hmac-sha256-hex={digest.upper()}"):
            with self.assertRaises(AuthenticationError):
                self.provider("one").verify(self.changed(request, **{HEADER: given}))
