from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import estate
from .stock_goods import make_order, open_session, sell_in_odoo
from .test_stock_lane import LOGGER, StockCase


@tagged("post_install", "-at_install")
class TestStockClosing(StockCase):
    """The end of a session moves what is left, and nothing twice."""

    def _session(self):
        return self.register.day_ids.session_ids

    def test_stock_for_exactly_what_was_sold_leaves(self):
        for _time in range(3):
            self.sell((self.a, 1))
        self.run_lane()
        make_order(self.register, [(self.a, 1)])  # by hand, no ticket
        self._session()._create_picking_at_end_of_session()
        self.assertEqual((self.moved(), self.on_hand("A")), ({"A": 4}, 96))

    def test_what_still_waits_moves_at_the_end(self):
        ticket = self.sell((self.a, 2))
        self._session()._create_picking_at_end_of_session()
        self.assertEqual((self.moved(), ticket.stock_state), ({"A": 2}, "done"))
        self.assertFalse(self.run_lane())

    def test_goods_that_cannot_move_are_not_lost(self):
        self.sell((self.serial_product(), 1))
        with self.assertRaisesRegex(UserError, "SERIAL"), mute_logger(LOGGER):
            self._session()._create_picking_at_end_of_session()

    def test_to_ask_again_for_the_picking_of_an_order_moves_nothing(self):
        ticket = self.sell((self.a, 1))
        self.run_lane()
        ticket.odoo_id._create_order_picking()
        ticket.odoo_id.to_invoice = True
        ticket.odoo_id._create_order_picking()
        self.assertEqual((self.moved(), self.on_hand("A")), ({"A": 1}, 99))

    def test_a_ticket_that_is_invoiced_before_it_moved_moves_once(self):
        self.company.anglo_saxon_accounting = True
        partner = self.env["res.partner"].create({"name": "Invoiced"})
        ticket = self.sell((self.a, 1), partner_id=partner.id)
        ticket.odoo_id.to_invoice = True
        ticket.odoo_id._create_order_picking()
        self.assertEqual(ticket.stock_state, "done")
        self.assertEqual(ticket.odoo_id.picking_ids.state, "done")
        self.assertFalse(self.run_lane())
        self.assertEqual(self.on_hand("A"), 99)

    def test_a_ticket_to_be_invoiced_has_a_picking_of_its_own(self):
        self.company.anglo_saxon_accounting = True
        partner = self.env["res.partner"].create({"name": "Invoiced"})
        ticket = self.sell((self.a, 1), partner_id=partner.id, to_invoice=True)
        self.sell((self.a, 1))
        self.run_lane()
        own = ticket.odoo_id.picking_ids
        self.assertEqual(
            (own.state, own.partner_id, own.pos_session_id), ("done", partner, self._session())
        )
        self.assertEqual((len(self.pickings()), self.moved()), (2, {"A": 2}))
        self.assertTrue(ticket.odoo_id.lines.is_total_cost_computed)

    def test_a_session_of_odoos_own_closes_as_ever(self):
        cashier = estate.make_cashier(self.env, self.company)
        session = open_session(self.config2, cashier)
        sell_in_odoo(session, cashier, (self.a, 2))
        session._create_picking_at_end_of_session()
        self.assertEqual(self.moved(session.picking_ids), {"A": 2})


class EqualCase(StockCase):
    """The same sales, once as tickets and once through Odoo's own screen, in twin warehouses."""

    cost_method = "standard"
    update = "closing"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {
                "inventory_valuation": "real_time",
                "point_of_sale_update_stock_quantities": cls.update,
            }
        )
        cls.cashier = estate.make_cashier(cls.env, cls.company)
        category = cls.env["product.category"].create(
            {
                "name": "Valued",
                "property_valuation": "real_time",
                "property_cost_method": cls.cost_method,
            }
        )
        cls.ours = cls._goods("OURS", category)
        cls.theirs = cls._goods("THEIRS", category)

    @classmethod
    def _goods(cls, sku, category):
        """Create a product that was bought twice, at 4 and at 6."""
        goods = estate.make_product(cls.env, cls.company, sku, categ_id=category.id)
        incoming = cls.env["stock.move"]
        for price, quantity in ((4, 10), (6, 30)):
            move = incoming.create(
                {
                    "product_id": goods.id,
                    "product_uom_qty": quantity,
                    "product_uom": goods.uom_id.id,
                    "price_unit": price,
                    "location_id": cls.env.ref("stock.stock_location_suppliers").id,
                    "location_dest_id": cls.warehouse.lot_stock_id.id,
                    "company_id": cls.company.id,
                }
            )
            move._action_confirm()
            move.quantity = quantity
            move.picked = True
            move._action_done()
        return goods

    def trade(self, *tickets):
        """Sell the same to both; return (our session, Odoo's own), both closed."""
        theirs = open_session(self.config2, self.cashier)
        for number, quantities in enumerate(tickets):
            self.sell(*[(self.ours, quantity) for quantity in quantities])
            sell_in_odoo(
                theirs, self.cashier, *[(self.theirs, quantity) for quantity in quantities]
            )
            if number % 2:
                self.run_lane()
        self.run_lane()
        ours = self.register.day_ids.session_ids
        for session in (ours, theirs):
            session.cash_register_balance_end_real = session.cash_register_balance_end
            session.action_pos_session_closing_control()
            self.assertEqual(session.state, "closed")
        return ours, theirs

    def goods(self, session):
        """Return by direction the units and their value that a session moved."""
        found = {}
        for move in session.picking_ids.move_ids:
            direction = (move.location_id.usage, move.location_dest_id.usage, move.state)
            units, value = found.get(direction, (0, 0))
            found[direction] = (units + move.quantity, round(value + move.value, 2))
        return found

    def books(self, session):
        """Return what a session's entry has on each account, by the account's code."""
        found = {}
        for line in session.move_id.line_ids:
            code = line.account_id.code
            found[code] = round(found.get(code, 0) + line.balance, 2)
        return found

    def margins(self, session):
        """Return cost and margin of each order."""
        return [
            (round(sum(order.lines.mapped("total_cost")), 2), round(order.margin, 2))
            for order in session.order_ids.sorted("id")
        ]

    def check(self, *tickets):
        """Trade, and compare what came of it."""
        ours, theirs = self.trade(*tickets)
        self.assertTrue(self.goods(ours))
        self.assertEqual(self.goods(ours), self.goods(theirs))
        self.assertEqual(self.books(ours), self.books(theirs))
        self.assertEqual(self.margins(ours), self.margins(theirs))


SALES = ([1], [2, 3], [4], [1, 1, 5], [-1], [3, -2])


@tagged("post_install", "-at_install")
class TestStockEqualsOdooStandard(EqualCase):
    """Cost of goods at a standard price."""

    def test_goods_books_and_margins_are_those_of_odoo(self):
        self.check(*SALES)


@tagged("post_install", "-at_install")
class TestStockEqualsOdooAverage(EqualCase):
    """Cost of goods at their average."""

    cost_method = "average"

    def test_goods_books_and_margins_are_those_of_odoo(self):
        self.check(*SALES)


@tagged("post_install", "-at_install")
class TestStockEqualsOdooFifo(EqualCase):
    """Cost of goods as they came in: the batches cross the change from one price to the next."""

    cost_method = "fifo"

    def test_goods_books_and_margins_are_those_of_odoo(self):
        self.check([1], [2, 3], [4], [1, 1, 5])


@tagged("post_install", "-at_install")
class TestStockEqualsOdooRealTime(EqualCase):
    """Beside registers of Odoo's own whose stock moves with every order."""

    update = "real"

    def test_goods_and_books_are_those_of_odoo(self):
        ours, theirs = self.trade(*SALES)
        self.assertEqual(self.goods(ours), self.goods(theirs))
        self.assertEqual(self.books(ours), self.books(theirs))
        self.assertEqual(self.margins(ours), self.margins(theirs))
        self.assertEqual(len(theirs.picking_ids), 7)
        self.assertLess(len(ours.picking_ids), len(theirs.picking_ids))
