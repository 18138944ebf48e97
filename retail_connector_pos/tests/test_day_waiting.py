import base64
from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.inbox import blocked_message

from .closings import closing
from .day_case import TODAY, DayCase
from .tickets import line, ticket


@tagged("post_install", "-at_install")
class TestDayWaiting(DayCase):
    """Tickets in the inbox are found by their day, and missing ones are fetched."""

    def received(self, message, state="blocked"):
        """Put a ticket into the inbox as our API would."""
        body = base64.b64encode(message.model_dump_json().encode())
        values = {"source": "api", "topic": "api/pos_ticket", "kind": "pos_ticket", "body": body}
        key = {"entity_key": message.entity_key, "state": state}
        return blocked_message(self.backend, **values, **key, error="no such product")

    def test_what_waits_is_found_by_store_register_and_date(self):
        here, there = ticket(sequence=2), ticket(register="R2", sequence=9)
        self.received(here)
        self.received(there, "waiting")
        self.received(ticket(), "done")
        found = self.env["retail.pos.day"]._waiting(self.backend)
        self.assertEqual(set(found), {("S1", "R1", TODAY), ("S1", "R2", TODAY)})
        waiting = found["S1", "R1", TODAY][0]
        self.assertEqual((waiting.sequence, waiting.total, waiting.moves), (2, here.total, False))
        self.assertIn("no such product", waiting.words)

    def test_what_nobody_can_read_is_no_ticket(self):
        self.received(ticket()).body = base64.b64encode(b"{")
        self.assertEqual(self.env["retail.pos.day"]._waiting(self.backend), {})

    def test_a_blocked_ticket_is_named_and_counted(self):
        sold = [*self.tickets(1), ticket(line("X"), sequence=2)]
        self.sold(sold[0])
        message = self.received(sold[1])
        day = self.reported(closing(*sold))
        self.assertEqual((day.waiting_count, day.missing_count), (1, 0))
        self.assertIn(sold[1].number, day.differences_html)
        message.state = "done"
        day._review()
        self.assertEqual((day.waiting_count, day.missing_count), (0, 1))

    def test_missing_tickets_are_fetched_once_where_that_is_possible(self):
        self.store.tz = "Europe/Berlin"
        sold = self.tickets(3)
        self.sold(sold[0], sold[2])
        flow = self.env["retail.flow"]
        asked = []
        with (
            patch.object(type(self.day()), "_ticket_flow", lambda _day: flow.new({})),
            patch.object(type(flow), "_backfill", lambda _flow, since: asked.append(since)),
        ):
            day = self.reported(closing(*sold))
            day._review()
        self.assertEqual(asked, [datetime(2026, 5, 3, 22)])

    def test_where_nothing_can_be_listed_nothing_is_fetched(self):
        sold = self.tickets(3)
        self.sold(sold[0], sold[2])
        day = self.reported(closing(*sold))
        self.assertFalse(day.can_fetch)
        self.assertEqual(day.fetched_gaps, "2")
