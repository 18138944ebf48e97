import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..canonical import COMMANDS, DeliverEvent, Event
from ..canonical.base import EPOCH
from ..canonical.event import EVENTS, UNASKED, OrderCancelled
from ..decisions.fingerprint import storable_json


def envelope(subject="S1", order="S1"):
    """Return an event of an order."""
    return Event.of(
        OrderCancelled(order=order),
        event_id="e1",
        source="urn:uuid:1",
        subject=subject,
        time=EPOCH,
        schemas="https://odoo.example.com/retail/v1/schemas/",
    )


@tagged("post_install", "-at_install")
class TestEvent(BaseCase):
    """The envelope: CloudEvents 1.0, the same bytes whenever it is sent."""

    def test_it_has_what_cloud_events_demand(self):
        body = json.loads(envelope().body())
        self.assertEqual(body["specversion"], "1.0")
        self.assertEqual(body["time"], "1970-01-01T00:00:00Z")
        self.assertEqual(
            body["dataschema"],
            "https://odoo.example.com/retail/v1/schemas/retail.order.cancelled.v1/1.0.json",
        )
        self.assertTrue(all(body[name] for name in ("id", "source", "type", "subject")))

    def test_types_are_named_by_what_happened_and_by_version(self):
        for code, model in {**EVENTS, **UNASKED}.items():
            self.assertRegex(code, r"^retail\.[a-z]+\.[a-z]+\.v[0-9]+$")
            self.assertTrue(model.label and model.__doc__)

    @given(st.text(), st.text())
    def test_what_is_stored_is_sent_with_the_same_bytes_every_time(self, subject, order):
        command = DeliverEvent(subscription=1, entity="order:1", event=envelope(subject, order))
        stored = json.loads(json.dumps(storable_json(command.model_dump(mode="json"))))
        first = COMMANDS["deliver_event"].model_validate(stored)
        again = COMMANDS["deliver_event"].model_validate(dict(reversed(stored.items())))
        self.assertEqual(first.event.body(), again.event.body())
        self.assertEqual(first.entity_key, "subscription:1:order:1")
        self.assertIsInstance(first.event.content(), OrderCancelled)
