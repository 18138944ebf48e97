import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import (
    AuthenticationError,
    MalformedPayloadError,
    RawRequest,
    StoredMessage,
)

from ..providers.stripe.topics import TOPICS
from .stripe_common import (
    NOW,
    charge,
    dispute,
    event,
    intent,
    payout,
    provider,
    refund,
    signed,
    transaction,
)

SHOWN = [
    charge(refunds={"data": [refund()]}),
    intent(latest_charge=charge(), last_payment_error={"code": "x", "charge": "ch_1"}),
    refund(),
    dispute(balance_transactions=[transaction()]),
    dispute(currency="usd", status="won", balance_transactions=[transaction(exchange_rate=0.9)]),
    payout(destination={"id": "ba_1"}, trace_id={}, balance_transactions=[transaction()]),
]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "x"]), inner)
    ),
    max_leaves=4,
)


@st.composite
def broken_events(draw):
    """Return an event whose object has some fields of any kind."""
    shown = dict(draw(st.sampled_from(SHOWN)))
    for name in draw(st.lists(st.sampled_from(sorted(shown)), max_size=3)):
        shown[name] = draw(VALUES)
    changed = draw(st.dictionaries(st.sampled_from(["created", "livemode", "data"]), VALUES))
    return event(draw(st.sampled_from(sorted(TOPICS))), shown, **changed)


@tagged("post_install", "-at_install")
class TestStripeHostile(BaseCase):
    """Whatever is authentic becomes a message; what cannot be read says so, and nothing else."""

    def parsed(self, body):
        adapter = provider()
        (message,) = adapter.verify(signed(body)).messages
        self.assertTrue(message.event_id and message.entity_key)
        stored = StoredMessage(message.topic, message.kind, message.body, message.headers)
        try:
            found = adapter.parse(stored)
        except MalformedPayloadError:
            return
        self.assertEqual((message.kind, message.entity_key), (found.kind, found.entity_key))
        self.assertEqual(message.version, found.version)

    @given(broken_events())
    def test_any_field_of_any_kind(self, content):
        self.parsed(json.dumps(content).encode())

    @given(st.binary(max_size=200))
    def test_any_bytes(self, body):
        self.parsed(body)

    @given(st.text(max_size=100) | st.builds("t={},v1={}".format, st.integers(), st.text()))
    def test_any_signature(self, header):
        with self.assertRaises(AuthenticationError):
            provider().verify(RawRequest(b"{}", {"stripe-signature": header}, NOW))
