from base64 import b64encode
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.canonical import PosTicket

from .stock_goods import run_lane
from .test_stock_lane import LOGGER, StockCase
from .tickets import changed, line, ticket


@tagged("post_install", "-at_install")
class TestStockAvailability(StockCase):
    """What left a store cannot be sold again: from its message to the move, and never more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.places = cls.env["retail.location.binding"].create(
            [
                {
                    "backend_id": cls.backend.id,
                    "external_id": name,
                    "name": name,
                    "odoo_id": warehouse.lot_stock_id.id,
                }
                for name, warehouse in (("one", cls.warehouse), ("two", cls.warehouse2))
            ]
        )

    def free(self, product):
        """Return what is free in either store."""
        self.env.flush_all()
        sql = self.env["retail.availability"]._free_sql(self.places.ids, product.ids)
        free = {place: float(units) for place, _product, units in self.env.execute_query(sql)}
        return tuple(free.get(place.id, 0) for place in self.places)

    def receive(self, *messages, state="received"):
        """Put tickets into the inbox as they came over the API."""
        inbox = self.env["retail.inbox.message"]
        for message in messages:
            inbox += inbox.create(self._row(message, state))
        return inbox

    def _row(self, message, state):
        assert isinstance(message, PosTicket)
        return {
            "backend_id": self.backend.id,
            "company_id": self.company.id,
            "received_at": fields.Datetime.now(),
            "kind": message.kind,
            "topic": f"api/{message.kind}",
            "source": "api",
            "event_id": message.external_id,
            "entity_key": f"pos_ticket/{message.external_id}",
            "lane": 0,
            "body": b64encode(message.model_dump_json().encode()),
            "body_hash": message.content_hash(),
            "state": state,
            "correlation_id": message.external_id,
        }

    def test_goods_of_a_ticket_are_gone_before_they_move(self):
        self.assertEqual(self.free(self.a), (100, 100))
        self.sell((self.a, 3), (self.b, 1))
        self.assertEqual((self.free(self.a), self.free(self.b)), ((97, 100), (99, 100)))
        self.run_lane()
        self.assertEqual((self.free(self.a), self.free(self.b)), ((97, 100), (99, 100)))

    def test_what_comes_back_counts_when_it_is_there(self):
        self.sell((self.a, -2))
        self.assertEqual(self.free(self.a), (100, 100))
        self.sell((self.a, 1), (self.a, -1))
        self.assertEqual(self.free(self.a), (99, 100))
        self.run_lane()
        self.assertEqual(self.free(self.a), (102, 100))

    @mute_logger(LOGGER)
    def test_goods_that_failed_to_move_are_gone_all_the_same(self):
        serial = self.serial_product()
        lot = self.env["stock.lot"].create({"name": "SN9", "product_id": serial.id})
        place = self.warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(serial, place, 1, lot_id=lot)
        bad = self.sell((serial, 1))
        self.run_lane()
        self.assertEqual((bad.stock_state, self.free(serial)), ("failed", (0, 0)))

    def test_the_parts_of_a_kit_are_gone(self):
        kit = self.make_goods("KIT")
        needs = {kit: {self.a: 2.0, self.b: 1.0}}
        with patch.object(type(self.env["retail.availability"]), "_kits", lambda *args: needs):
            self.sell((kit, 3))
        self.assertEqual((self.free(self.a), self.free(self.b)), ((94, 100), (97, 100)))

    def test_a_ticket_in_the_inbox_has_sold_at_its_store(self):
        self.receive(ticket(line("A", 2), line("B", 1)))
        self.assertEqual((self.free(self.a), self.free(self.b)), ((98, 100), (99, 100)))
        self.receive(ticket(line("A", 4), store="S2"), state="blocked")
        self.assertEqual(self.free(self.a), (98, 96))

    def test_what_nobody_can_place_is_left_to_its_exception(self):
        self.receive(ticket(line("A", 2), store="S9"), ticket(line("UNKNOWN", 2)))
        self.assertEqual(self.free(self.a), (100, 100))

    def test_voided_and_imported_tickets_and_returns_count_for_nothing(self):
        known = self.sell((self.a, 1))
        run_lane(self.warehouse)
        again = ticket(line("A", 1), external_id=known.external_id)
        self.receive(again, ticket(line("A", 1), voided=True), ticket(line("A", -1)))
        self.assertEqual(self.free(self.a), (99, 100))

    def test_two_states_of_a_ticket_count_once(self):
        first = ticket(line("A", 2))
        self.receive(first, state="blocked")
        self.receive(changed(first, lines=(line("A", 3),)), state="conflict")
        self.assertEqual(self.free(self.a)[0], 97)

    def test_nothing_rises_while_more_tickets_come_than_are_read(self):
        unimported = self.env["retail.unimported"]
        self.assertTrue(unimported._is_drained(self.backend))
        with patch("odoo.addons.retail_connector_pos.models.retail_unimported.READ_AT_MOST", 1):
            self.receive(ticket())
            self.assertTrue(unimported._is_drained(self.backend))
            self.receive(ticket())
            self.assertFalse(unimported._is_drained(self.backend))

    def test_channels_hear_of_goods_that_left(self):
        noted = []
        with patch.object(
            type(self.env["retail.change"]),
            "_note",
            lambda _model, kind, product_ids: noted.append((kind, set(product_ids))),
        ):
            self.sell((self.a, 1), (self.b, 1))
            self.assertEqual(noted, [("stock_level", {self.a.id, self.b.id})])
            noted.clear()
            message = self.receive(ticket(line("C", 1)), state="blocked")
            self.env["retail.unimported"]._note_gone(message)
            self.assertEqual(noted, [("stock_level", {self.c.id})])

    def test_it_is_never_more_than_what_is_there(self):
        seen = []
        sold = ticket(line("A", 5))
        message = self.receive(sold)
        seen.append(self.free(self.a)[0])
        message.write({"state": "done"})
        self.sell((self.a, 5))
        seen.append(self.free(self.a)[0])
        self.run_lane()
        seen.append(self.free(self.a)[0])
        self.assertEqual(seen, [95, 95, 95])
