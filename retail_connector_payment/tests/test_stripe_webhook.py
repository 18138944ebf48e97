import json

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import AuthenticationError, HttpClient
from odoo.addons.retail_connector_base.providers.provider import ProviderContext

from ..providers.stripe import StripeProvider
from ..providers.stripe.signature import TOLERANCE
from .stripe_common import (
    NOW,
    SECRET,
    STAMP,
    FakeHttp,
    charge,
    event,
    listed,
    provider,
    signed,
)

BODY = json.dumps(event("charge.succeeded", charge()), indent=2).encode()


def verify(request, *secrets):
    held = {"webhook_secret": secrets or (SECRET,)}
    adapter = StripeProvider(ProviderContext({}, held, HttpClient(), lambda: NOW))
    return adapter.verify(request).messages[0]


@tagged("post_install", "-at_install")
class TestStripeSignature(BaseCase):
    def assert_refused(self, request, *secrets):
        with self.assertRaises(AuthenticationError):
            verify(request, *secrets)

    def test_one_of_several_signatures_is_enough(self):
        """While a secret rolls there are two signatures, or two secrets here, or both."""
        self.assertTrue(verify(signed(BODY, "whsec_new", SECRET)))
        self.assertTrue(verify(signed(BODY, SECRET, "whsec_new")))
        self.assertTrue(verify(signed(BODY, "whsec_new"), SECRET, "whsec_new"))
        self.assert_refused(signed(BODY, "whsec_a", "whsec_b"))

    def test_the_moment_must_be_near_in_both_directions(self):
        for seconds in (-TOLERANCE, -1, 0, 1, TOLERANCE):
            self.assertTrue(verify(signed(BODY, moment=STAMP + seconds)))
        for seconds in (-TOLERANCE - 1, TOLERANCE + 1, -86_400, 86_400):
            self.assert_refused(signed(BODY, moment=STAMP + seconds))

    def test_the_moment_is_signed(self):
        old = signed(BODY, moment=STAMP - 3_600)
        header = old.header("stripe-signature").replace(str(STAMP - 3_600), str(STAMP))
        self.assert_refused(type(old)(BODY, {"stripe-signature": header}, NOW))

    def test_other_schemes_count_for_nothing(self):
        self.assert_refused(signed(BODY, scheme="v0"))

    def test_headers_that_are_none_are_refused(self):
        good = signed(BODY).header("stripe-signature")
        wrong = ["", ",", "t=,v1=", f"t={STAMP}", "v1=" + "0" * 64, good.upper(), good[:-1],
                 good.replace("t=", "t=x"), good.replace("t=", "t=-"), f"t={'9' * 500},v1=0",
                 "t=١٢٣,v1=0", good.replace("v1=", "v1=\udcff")]  # fmt: skip
        for header in wrong:
            with self.subTest(header=header[:40]):
                self.assert_refused(type(signed(BODY))(BODY, {"stripe-signature": header}, NOW))


@tagged("post_install", "-at_install")
class TestStripeMessage(BaseCase):
    def test_an_event_goes_by_its_id_and_its_second(self):
        message = verify(signed(BODY))
        self.assertEqual((message.event_id, message.topic), ("evt_1", "charge.succeeded"))
        self.assertEqual((message.kind, message.entity_key), ("payment", "payment:ch_1"))
        # A microsecond more than the intent's event of the same second: the charge tells more.
        self.assertEqual(message.version, STAMP * 1_000_000 + 1)

    def test_a_retry_with_another_countdown_is_the_same_message(self):
        again = json.dumps(event("charge.succeeded", charge(), pending_webhooks=0)).encode()
        self.assertEqual(verify(signed(BODY)), verify(signed(again)))

    def test_another_content_is_another_body(self):
        other = json.dumps(event("charge.succeeded", charge(amount=1))).encode()
        self.assertNotEqual(verify(signed(BODY)).body, verify(signed(other)).body)

    def test_a_listed_event_is_the_same_message(self):
        def answer(method, path, fields):
            found = event("charge.succeeded", charge(), pending_webhooks=0)
            return listed(found) if path == "events" else listed()

        pages = list(provider(FakeHttp(answer)).fetch("payment", "", NOW))
        (polled,) = [message for page in pages for message in page.messages]
        self.assertEqual(polled, verify(signed(BODY)))

    def test_another_version_of_the_api_shows_in_the_identity(self):
        """Our endpoint has a version of its own, and listed events may be of the account's."""
        other = json.dumps(event("charge.succeeded", charge(), api_version="2020-08-27")).encode()
        self.assertEqual(verify(signed(other)).event_id, "evt_1#2020-08-27")

    def test_types_that_are_not_known_are_kept(self):
        body = json.dumps(event("customer.created", {"id": "cus_1"})).encode()
        message = verify(signed(body))
        self.assertEqual((message.kind, message.entity_key), (None, "event:evt_1"))
        self.assertEqual(message.topic, "customer.created")
