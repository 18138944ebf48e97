from random import Random

from odoo.tests import TransactionCase, tagged

from ..models.reservation_batch import ReservationBatch
from .stock import demand, make_product

FIELDS = ("quantity", "location_id", "location_dest_id", "state", "picked", "product_uom_id")


@tagged("post_install", "-at_install")
class TestReservationBatch(TransactionCase):
    """A batch leaves behind what Odoo would have, move by move."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search([], limit=1)
        cls.stock = cls.warehouse.lot_stock_id
        cls.shelves = cls.env["stock.location"].create(
            [{"name": f"Shelf {n}", "location_id": cls.stock.id} for n in range(2)]
        )

    def _world(self, seed, products=3, moves=12):
        """Make products with stock on several shelves and demand for them, the same for a seed."""
        random = Random(seed)
        goods = [make_product(self.env, self.warehouse, 0) for _ in range(products)]
        for product in goods:
            for shelf in (self.stock, *self.shelves):
                if quantity := random.choice((0, 1, 3, 7)):
                    self.env["stock.quant"]._update_available_quantity(product, shelf, quantity)
        demanded = self.env["stock.move"]
        for _ in range(moves):
            product = random.choice(goods)
            demanded += demand(
                self.env,
                self.warehouse,
                product,
                random.choice((1, 2, 5)),
                retail_defer_reservation=True,
            )
        return goods, demanded

    def _picture(self, goods, moves):
        """Return all that reserving decides, without ids."""
        self.env.flush_all()
        self.env.invalidate_all()
        quants = self.env["stock.quant"].search(
            [("product_id", "in", [product.id for product in goods])], order="id"
        )
        return {
            "moves": [(move.state, move.quantity, move.picking_id.state) for move in moves],
            "lines": [[self._line(one) for one in move.move_line_ids] for move in moves],
            "quants": [(q.location_id.id, q.quantity, q.reserved_quantity) for q in quants],
        }

    def _line(self, line):
        return tuple(line[name] for name in FIELDS) + (line.move_id.picking_id == line.picking_id,)

    def _reserve_in_bulk(self, moves):
        self.env["retail.reservation"]._assign(moves)

    def test_the_result_is_odoos_own(self):
        for seed in range(8):
            with self.subTest(seed=seed):
                goods, moves = self._world(seed)
                moves._action_assign()
                theirs = self._picture(goods, moves)
                goods, moves = self._world(seed)
                self._reserve_in_bulk(moves)
                self.assertEqual(self._picture(goods, moves), theirs)

    def test_reserving_twice_takes_nothing_more(self):
        goods, moves = self._world(3)
        self._reserve_in_bulk(moves)
        first = self._picture(goods, moves)
        self._reserve_in_bulk(moves)
        self.assertEqual(self._picture(goods, moves), first)

    def test_what_was_reserved_can_be_freed_again(self):
        goods, moves = self._world(4)
        self._reserve_in_bulk(moves)
        moves._do_unreserve()
        for product in goods:
            quants = self.env["stock.quant"].search([("product_id", "=", product.id)])
            self.assertFalse(sum(quants.mapped("reserved_quantity")))

    def test_a_partly_reserved_move_is_left_to_odoo(self):
        product = make_product(self.env, self.warehouse, 1)
        context = {"retail_defer_reservation": True}
        first = demand(self.env, self.warehouse, product, 3, **context)
        self._reserve_in_bulk(first)
        self.env["stock.quant"]._update_available_quantity(product, self.stock, 5)
        second = demand(self.env, self.warehouse, product, 2, **context)
        both = first + second
        self.assertFalse(ReservationBatch(both).moves)
        self._reserve_in_bulk(both)
        self.assertEqual(both.mapped("quantity"), [3, 2])

    def test_lots_are_left_to_odoo(self):
        product = make_product(self.env, self.warehouse, 0)
        product.tracking = "lot"
        move = demand(self.env, self.warehouse, product, 1, retail_defer_reservation=True)
        self.assertFalse(ReservationBatch(move).covers(move))

    def test_an_owners_goods_are_left_to_odoo(self):
        product = make_product(self.env, self.warehouse, 2)
        owner = self.env["res.partner"].create({"name": "Consignor"})
        self.env["stock.quant"]._update_available_quantity(product, self.stock, 2, owner_id=owner)
        move = demand(self.env, self.warehouse, product, 1, retail_defer_reservation=True)
        self.assertFalse(ReservationBatch(move).covers(move))

    def test_many_moves_need_few_queries(self):
        _goods, moves = self._world(5, products=2, moves=30)
        self.env.flush_all()
        before = self.cr.sql_log_count
        self._reserve_in_bulk(moves)
        self.env.flush_all()
        self.assertLess((self.cr.sql_log_count - before) / len(moves), 4)
