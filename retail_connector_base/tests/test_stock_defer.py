from odoo.tests import TransactionCase, tagged

from .stock import demand, make_product

DEFER = {"retail_defer_reservation": True}


@tagged("post_install", "-at_install")
class TestStockDefer(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search([], limit=1)
        cls.product = make_product(cls.env, cls.warehouse, 5)

    def requests(self):
        return self.env["retail.reservation.request"].search([])

    def test_without_the_context_odoo_reserves_as_ever(self):
        move = demand(self.env, self.warehouse, self.product)
        self.assertEqual(move.state, "assigned")
        self.assertFalse(self.requests())

    def test_with_it_the_move_is_left_to_the_lane(self):
        move = demand(self.env, self.warehouse, self.product, **DEFER)
        self.assertEqual(move.state, "confirmed")
        self.assertEqual(self.requests().move_id, move)

    def test_what_needs_no_reservation_is_not_asked_for(self):
        consumable = self.env["product.product"].create({"name": "Flyer", "type": "consu"})
        move = demand(self.env, self.warehouse, consumable, **DEFER)
        self.assertEqual(move.state, "assigned")
        self.assertFalse(self.requests())

    def test_a_warehouse_that_reserves_by_hand_is_left_alone(self):
        self.warehouse.out_type_id.reservation_method = "manual"
        demand(self.env, self.warehouse, self.product, **DEFER)
        self.assertFalse(self.requests())

    def test_the_lane_reserves_what_there_is(self):
        first = demand(self.env, self.warehouse, self.product, 3, **DEFER)
        second = demand(self.env, self.warehouse, self.product, 3, **DEFER)
        self.env["retail.reservation"]._reserve(self.requests())
        self.assertEqual((first.quantity, second.quantity), (3, 2))
        self.assertFalse(self.requests())

    def test_a_cancelled_move_is_forgotten(self):
        move = demand(self.env, self.warehouse, self.product, **DEFER)
        move._action_cancel()
        self.env["retail.reservation"]._reserve(self.requests())
        self.assertEqual(move.state, "cancel")
        self.assertFalse(self.requests())

    def test_reordering_rules_see_the_demand_in_the_lane(self):
        self.env["stock.warehouse.orderpoint"].create(
            {"product_id": self.product.id, "product_min_qty": 9, "product_max_qty": 9}
        )
        seen = []
        moves = self.registry["stock.move"]
        self.patch(moves, "_trigger_scheduler", lambda move: seen.append(move.ids))
        move = demand(self.env, self.warehouse, self.product, **DEFER)
        self.env["retail.reservation"]._reserve(self.requests())
        self.assertIn(move.ids, seen)
