from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import retail_pos_stock
from . import estate
from .common import PosCase
from .stock_goods import make_day, make_order, make_ticket, run_lane, sell

LOGGER = "odoo.addons.retail_connector_pos.models.retail_pos_stock"


class StockCase(PosCase):
    """Tickets of store S1 whose goods the lane of its warehouse moves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.a, cls.b, cls.c = (cls.products[sku] for sku in "ABC")

    def sell(self, *lines, register=None, **values):
        """Let a ticket be imported; return it."""
        return sell(register or self.register, *lines, **values)

    def run_lane(self):
        """Let the lane of the store's warehouse work."""
        return run_lane(self.warehouse)

    def pickings(self, *registers):
        """Return the pickings of the registers' sessions, in their order."""
        days = self.env["retail.pos.day"].search(
            [("register_id", "in", [one.id for one in registers or (self.register,)])]
        )
        return days.session_ids.picking_ids.sorted("id")

    def moved(self, pickings=None):
        """Return by SKU the units that left, less what came back."""
        units = {}
        for move in (self.pickings() if pickings is None else pickings).move_ids:
            sign = 1 if move.location_dest_id.usage == "customer" else -1
            self.assertEqual(move.state, "done")
            sku = move.product_id.default_code
            units[sku] = units.get(sku, 0) + sign * move.quantity
        return units

    def owed(self):
        """Return the orders whose goods have not moved."""
        return self.env["retail.pos.stock.request"].search([]).order_id

    def make_goods(self, sku, **values):
        """Create a product of which there is nothing."""
        return estate.make_product(self.env, self.company, sku, **values)

    def serial_product(self, **values):
        """Create a product of which each piece has a number."""
        return self.make_goods("SERIAL", tracking="serial", **values)


@tagged("post_install", "-at_install")
class TestStockLane(StockCase):
    """Goods of tickets leave the warehouse once, a micro-batch in one picking."""

    def test_a_micro_batch_is_one_picking(self):
        tickets = [self.sell((self.a, 1), (self.b, 2)) for _time in range(3)]
        self.assertEqual({ticket.stock_state for ticket in tickets}, {"waiting"})
        self.assertEqual(self.run_lane(), 1)
        picking = self.pickings()
        self.assertEqual(len(picking), 1)
        self.assertEqual((picking.state, picking.origin), ("done", picking.pos_session_id.name))
        self.assertFalse(picking.pos_order_id)
        self.assertEqual(self.moved(), {"A": 3, "B": 6})
        self.assertEqual((self.on_hand("A"), self.on_hand("B")), (97, 94))
        self.assertEqual({ticket.stock_state for ticket in tickets}, {"done"})
        self.assertFalse(self.owed())

    def test_nothing_is_reserved_afterwards(self):
        self.sell((self.a, 4))
        self.run_lane()
        quants = self.env["stock.quant"].search([("product_id", "=", self.a.id)])
        self.assertEqual(set(quants.mapped("reserved_quantity")), {0})

    def test_goods_are_taken_from_where_they_lie(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.lot_stock_id.id}
        )
        goods = self.make_goods("SHELF")
        self.env["stock.quant"]._update_available_quantity(goods, shelf, 5)
        self.sell((goods, 7))
        self.run_lane()
        lines = self.pickings().move_line_ids
        self.assertEqual(
            {line.location_id: line.quantity for line in lines},
            {shelf: 5, self.warehouse.lot_stock_id: 2},
        )

    def test_each_session_destination_and_sign_has_a_picking(self):
        elsewhere = self.env["stock.location"].create(
            {"name": "Staff", "usage": "customer", "company_id": self.company.id}
        )
        staff = self.env["res.partner"].create(
            {"name": "Staff", "property_stock_customer": elsewhere.id}
        )
        self.sell((self.a, 1))
        self.sell((self.a, 1), (self.b, -1))
        self.sell((self.a, 1), partner_id=staff.id)
        self.sell((self.a, 1), register=self.register2)
        self.run_lane()
        self.assertEqual(len(self.pickings()), 3)
        self.assertEqual(len(self.pickings(self.register2)), 1)
        self.assertEqual(self.moved(), {"A": 3, "B": -1})
        self.assertEqual(self.on_hand("B"), 101)

    def test_a_return_comes_back_to_the_store(self):
        self.sell((self.a, -2))
        self.run_lane()
        self.assertEqual((self.on_hand("A"), self.moved()), (102, {"A": -2}))

    def test_fractions_move(self):
        unit = self.env.ref("uom.product_uom_kgm")
        goods = self.make_product("KG", stock=10, uom_id=unit.id)
        for quantity in (0.1, 0.2, 0.35):
            self.sell((goods, quantity))
        self.run_lane()
        self.assertAlmostEqual(self.moved()["KG"], 0.65)

    def test_stock_may_fall_below_zero(self):
        self.sell((self.a, 130))
        self.run_lane()
        self.assertEqual(self.on_hand("A"), -30)

    def test_services_do_not_move(self):
        service = self.make_goods("SERVICE", type="service", is_storable=False)
        ticket = self.sell((service, 1))
        self.assertEqual(ticket.stock_state, "none")
        self.assertFalse(self.run_lane())
        ticket = self.sell((service, 1), (self.a, 1))
        self.run_lane()
        self.assertEqual((ticket.stock_state, self.moved()), ("done", {"A": 1}))

    def test_to_note_a_ticket_twice_is_to_note_it_once(self):
        ticket = self.sell((self.a, 1))
        self.env["retail.pos.stock"]._note(ticket)
        self.run_lane()
        self.env["retail.pos.stock"]._note(ticket)
        self.assertEqual(ticket.stock_state, "done")
        self.assertFalse(self.run_lane())
        self.assertEqual(self.on_hand("A"), 99)

    def test_what_takes_a_ticket_back_moves_too(self):
        ticket = self.sell((self.a, 3))
        self.run_lane()
        ticket.reversal_id = make_order(self.register, [(self.a, -3)])
        self.env["retail.pos.stock"]._note(ticket)
        self.assertEqual(ticket.stock_state, "waiting")
        self.run_lane()
        self.assertEqual((self.on_hand("A"), ticket.stock_state), (100, "done"))

    def test_a_chunk_has_its_limit(self):
        for _time in range(5):
            self.sell((self.a, 1))
        with patch.object(retail_pos_stock, "CHUNK_ORDERS", 2):
            self.assertEqual(self.run_lane(), 3)
        self.assertEqual((len(self.pickings()), self.moved()), (3, {"A": 5}))

    def test_the_other_store_has_a_lane_of_its_own(self):
        ticket = self.sell((self.a, 1), register=self.register3)
        self.assertFalse(self.run_lane())
        self.assertEqual(run_lane(self.warehouse2), 1)
        self.assertEqual((ticket.stock_state, self.on_hand("A")), ("done", 100))
        self.assertEqual(self.on_hand("A", self.warehouse2), 99)

    def test_goods_that_left_go_before_reservations(self):
        scarce = self.make_product("SCARCE", stock=1)
        move = self.env["stock.move"].create(
            {
                "product_id": scarce.id,
                "product_uom_qty": 1,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "picking_type_id": self.warehouse.out_type_id.id,
                "company_id": self.company.id,
            }
        )
        deferred = {"retail_defer_reservation": True, "retail_backend_id": self.backend.id}
        move.with_context(**deferred)._action_confirm()
        self.sell((scarce, 1))
        self.run_lane()
        self.assertEqual((move.state, self.moved()), ("confirmed", {"SCARCE": 1}))

    def test_whose_reservation_a_store_sale_took_is_shown(self):
        scarce = self.make_product("SCARCE", stock=2)
        order = self._web_order(scarce, 2)
        self.assertEqual(order.order_line.move_ids.state, "assigned")
        self.sell((scarce, 1))
        self.run_lane()
        problem = self.env["retail.exception"].search([("code", "=", "reservation_taken")])
        self.assertEqual((problem.res_model, problem.res_id), ("sale.order", order.id))
        self.assertIn("1 Units", problem.cause)
        self.assertIn(self.pickings().name, problem.cause)

    def _web_order(self, product, quantity):
        """Confirm an order of a channel that reserves in the store."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.env["res.partner"].create({"name": "Web"}).id,
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    (0, 0, {"product_id": product.id, "product_uom_qty": quantity, "price_unit": 5})
                ],
            }
        )
        self.env["retail.order.binding"].create(
            {
                "backend_id": self.backend.id,
                "external_id": "web-1",
                "odoo_id": order.id,
                "currency_id": order.currency_id.id,
            }
        )
        order.action_confirm()
        return order

    def test_no_mail_is_written_about_goods(self):
        before = self.env["mail.message"].search_count([])
        self.sell((self.a, 1))
        opened = self.env["mail.message"].search_count([])
        self.run_lane()
        self.assertEqual(self.env["mail.message"].search_count([]), opened)
        self.assertGreaterEqual(opened, before)

    def test_an_order_that_is_shipped_has_a_delivery_of_its_own(self):
        partner = self.env["res.partner"].create({"name": "Far Away"})
        ticket = self.sell((self.a, 1), shipping_date="2026-05-20", partner_id=partner.id)
        self.run_lane()
        picking = ticket.odoo_id.picking_ids
        self.assertEqual((picking.state, picking.picking_type_id.code), ("assigned", "outgoing"))
        self.assertEqual((ticket.stock_state, self.on_hand("A")), ("done", 100))

    def test_a_day_knows_whether_its_goods_have_moved(self):
        day = make_day(self.register)
        self.assertTrue(day._stock_is_settled())
        self.sell((self.a, 1))
        self.assertFalse(day._stock_is_settled())
        self.run_lane()
        self.assertTrue(day._stock_is_settled())


@tagged("post_install", "-at_install")
class TestStockFailure(StockCase):
    """What cannot move hinders nobody and is shown to a person."""

    def setUp(self):
        super().setUp()
        self.serial = self.serial_product()

    def _unfit(self):
        """Return a product that another company owns by now: Odoo refuses to move it."""
        other = self.env["res.company"].create({"name": "Elsewhere"})
        goods = self.make_goods("UNFIT")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_template SET company_id = %s WHERE id = %s",
            [other.id, goods.product_tmpl_id.id],
        )
        self.env.invalidate_all()
        return goods

    def _fit(self, product):
        self.env.cr.execute(
            "UPDATE product_template SET company_id = %s WHERE id = %s",
            [self.company.id, product.product_tmpl_id.id],
        )
        self.env.invalidate_all()

    @mute_logger(LOGGER)
    def test_the_culprit_is_found_and_the_others_move(self):
        unfit = self._unfit()
        good = [self.sell((self.a, 1)) for _time in range(5)]
        bad = self.sell((unfit, 1), (self.a, 1))
        good += [self.sell((self.a, 1)) for _time in range(4)]
        self.run_lane()
        self.assertEqual(bad.stock_state, "failed")
        self.assertEqual({ticket.stock_state for ticket in good}, {"done"})
        self.assertEqual((self.moved(), self.owed()), ({"A": 9}, bad.odoo_id))

    @mute_logger(LOGGER)
    def test_a_person_sees_order_product_and_amount(self):
        bad = self.sell((self._unfit(), 3))
        self.run_lane()
        problem = self.env["retail.exception"].search([("code", "=", "goods_not_moved")])
        self.assertEqual((problem.res_model, problem.res_id), ("pos.order", bad.odoo_id.id))
        self.assertIn("UNFIT", problem.title)
        self.assertIn(bad.number, problem.title)
        self.assertEqual(problem.amount_at_risk, 30)

    @mute_logger(LOGGER)
    def test_what_is_fixed_moves_when_it_is_tried_again(self):
        unfit = self._unfit()
        bad = self.sell((unfit, 1))
        self.run_lane()
        self.assertFalse(self.run_lane(), "it rests")
        self._fit(unfit)
        problem = self.env["retail.exception"].search([("code", "=", "goods_not_moved")])
        problem.action_retry()
        self.assertEqual(problem.state, "open")
        self.run_lane()
        self.assertEqual((bad.stock_state, problem.state), ("done", "resolved"))
        self.assertEqual(self.moved(), {"UNFIT": 1})

    @mute_logger(LOGGER)
    def test_what_failed_does_not_hinder_the_next_batch(self):
        self.sell((self._unfit(), 1))
        self.run_lane()
        self.owed()._owed_goods()._try_now()
        for _time in range(3):
            self.sell((self.a, 1))
        self.run_lane()
        self.assertEqual((len(self.pickings()), self.moved()), (1, {"A": 3}))

    @mute_logger(LOGGER)
    def test_what_is_dismissed_moves_no_more(self):
        bad = self.sell((self._unfit(), 1))
        self.run_lane()
        problem = self.env["retail.exception"].search([("code", "=", "goods_not_moved")])
        problem.action_dismiss("Counted and written off.")
        self.assertEqual((bad.stock_state, self.owed()), ("none", self.env["pos.order"]))
        self.assertTrue(make_day(self.register)._stock_is_settled())

    def test_a_piece_without_its_number_waits_for_a_person(self):
        bad = self.sell((self.serial, 1), (self.a, 1))
        self.sell((self.b, 1))
        self.run_lane()
        self.assertEqual((bad.stock_state, self.moved()), ("failed", {"B": 1}))
        self.assertIn("serial number", bad.odoo_id._owed_goods().error)

    def test_a_piece_moves_once_its_number_is_named(self):
        ticket = self.sell((self.serial, 1))
        self.run_lane()
        line = ticket.odoo_id.lines
        line.pack_lot_ids = [(0, 0, {"lot_name": "SN1"})]
        self.owed()._owed_goods()._try_now()
        self.run_lane()
        self.assertEqual(ticket.stock_state, "done")
        self.assertEqual(self.pickings().move_line_ids.lot_id.name, "SN1")

    def test_what_odoo_swallows_is_told(self):
        lot = self.env["stock.lot"].create({"name": "SN2", "product_id": self.serial.id})
        self.env["stock.quant"]._update_available_quantity(
            self.serial, self.warehouse.lot_stock_id, 1, lot_id=lot
        )
        twice = {"pack_lot_ids": [(0, 0, {"lot_name": "SN2"})]}
        self.sell((self.serial, 1, twice))
        self.run_lane()
        bad = self.sell((self.serial, 1, twice), (self.serial, 1, twice))
        self.run_lane()
        self.assertEqual(bad.stock_state, "failed")
        self.assertTrue(bad.odoo_id._owed_goods().error)
        self.assertEqual(self.moved(), {"SERIAL": 1})

    def test_goods_of_tickets_that_were_never_noted_stay(self):
        make_ticket(self.register, [(self.a, 1)])
        self.assertFalse(self.run_lane())
