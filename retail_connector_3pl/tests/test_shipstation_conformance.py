import json

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    RawRequest,
    TransientError,
)
from odoo.addons.retail_connector_base.tests.conformance import ProviderConformance

from ..providers import PROVIDERS
from ..providers.shipstation import ShipEngineProvider, ShipStationProvider
from ..providers.shipstation.signature import KEY_ID, SIGNATURE, TIMESTAMP
from .shipstation_keys import event, provider, signed


@tagged("post_install", "-at_install")
class TestShipStationConformance(ProviderConformance, BaseCase):
    """Keys are published instead of being entered: a “secret” here is a published key's name."""

    provider_class = ShipEngineProvider
    secret_name = "unused"
    signature_header = SIGNATURE

    def provider(self, *secrets):
        return provider(None, *filter(None, secrets))[0]

    def signed_request(self, body, secret, topic=None, event_id="event-1"):
        known, content = self.sample()
        if body == content and topic not in (None, known):
            body = json.dumps({**json.loads(body), "resource_type": topic, "n": event_id}).encode()
        return signed(body, secret or "nobody")

    def sample(self):
        return "API_TRACK", event()

    def test_are_offered(self):
        self.assertLessEqual({ShipEngineProvider, ShipStationProvider}, set(PROVIDERS))

    def test_old_and_future_requests_are_refused(self):
        for when in ("2026-04-02T11:54:00Z", "2026-04-02T12:06:00Z", "yesterday", "１", ""):
            with self.subTest(when=when), self.assertRaises(AuthenticationError):
                self.provider("a").verify(signed(event(), "a", when))

    def test_the_time_is_signed_along(self):
        request = signed(event(), "a")
        later = self.changed(request, **{TIMESTAMP: "2026-04-02T12:00:01Z"})
        with self.assertRaises(AuthenticationError):
            self.provider("a").verify(later)

    def test_a_key_of_another_name_does_not_fit(self):
        with self.assertRaises(AuthenticationError):
            self.provider("a", "b").verify(signed(event(), "a", key_id="b"))

    def test_missing_headers_are_refused(self):
        request = signed(event(), "a")
        for name in (KEY_ID, SIGNATURE, TIMESTAMP):
            bare = {key: value for key, value in request.headers.items() if key != name}
            with self.assertRaises(AuthenticationError):
                self.provider("a").verify(RawRequest(request.body, bare, request.received_at))

    def test_forged_key_ids_cost_one_request(self):
        adapter, http = provider(None, "a")
        for number in range(20):
            with self.assertRaises(AuthenticationError):
                adapter.verify(signed(event(), "a", key_id=f"forged-{number}"))
        self.assertTrue(adapter.verify(signed(event(), "a")).messages)
        self.assertEqual([call[1] for call in http.calls], ["/jwks"])

    def test_without_keys_nothing_is_authentic(self):
        adapter, http = provider(None)
        http._answer = lambda *call: TransientError("down")
        with self.assertRaises(AuthenticationError):
            adapter.verify(signed(event(), "a"))

    def test_keys_that_are_none_are_left_out(self):
        adapter, http = provider(None)
        odd = {"kty": "RSA", "kid": "a", "e": "AQAB", "n": "!"}
        rows = [odd, {"kty": "EC", "kid": "a"}, None, 3, {"kty": "RSA", "kid": "a", "e": "Aw",
                "n": "AQAB"}]  # fmt: skip
        http._answer = lambda *call: {"keys": rows}
        with self.assertRaises(AuthenticationError):
            adapter.verify(signed(event(), "a"))
