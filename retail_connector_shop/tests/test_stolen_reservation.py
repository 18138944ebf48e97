from odoo.tests import tagged

from .orders import OrderCase, line, order


@tagged("post_install", "-at_install")
class TestStolenReservation(OrderCase):
    """A store takes what a web order had reserved."""

    def setUp(self):
        super().setUp()
        self.product = self.make_product("SCARCE", stock=3)
        self.sale = self.imported(order(line("SCARCE", 2, "10.00"), total="20.00"))
        requests = self.env["retail.reservation.request"].search([])
        self.env["retail.reservation"]._reserve(requests)
        self.move = self.sale.order_line.move_ids
        self.assertEqual(self.move.state, "assigned")

    def sell_in_store(self, quantity):
        """Let goods leave over the counter, whatever is reserved."""
        move = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": quantity,
                "location_id": self.move.location_id.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        move._action_confirm()
        move.quantity = quantity
        move.picked = True
        move._action_done()
        return move

    def problems(self, state="open"):
        """Return the exceptions of taken reservations."""
        return self.env["retail.exception"].search(
            [("code", "=", "reservation_taken"), ("state", "=", state)]
        )

    def test_the_order_and_its_shortage_are_shown(self):
        self.sell_in_store(2)
        problem = self.problems()
        self.assertEqual((problem.res_model, problem.res_id), ("sale.order", self.sale.id))
        self.assertEqual(problem.amount_at_risk, 10)
        self.assertIn("1 Units", problem.cause)

    def test_what_is_left_of_a_reservation_is_no_full_one(self):
        self.sell_in_store(2)
        self.assertEqual((self.move.quantity, self.move.state), (1, "partially_available"))

    def test_a_store_sale_of_what_is_free_takes_nothing(self):
        self.sell_in_store(1)
        self.assertFalse(self.problems())

    def test_it_ends_when_goods_arrive(self):
        self.sell_in_store(3)
        self.assertEqual(self.problems().amount_at_risk, 20)
        quants = self.env["stock.quant"]
        quants._update_available_quantity(self.product, self.move.location_id, 5)
        self.env["retail.reservation"]._reserve(self.env["retail.reservation.request"].search([]))
        self.assertEqual(self.move.state, "assigned")
        self.env["retail.stolen.reservation"]._sweep()
        self.assertFalse(self.problems())
        self.assertTrue(self.problems("resolved"))

    def test_orders_of_no_channel_are_none_of_its_business(self):
        self.sale.retail_binding_ids.line_ids.unlink()
        self.sale.retail_binding_ids.unlink()
        self.sell_in_store(3)
        self.assertFalse(self.problems())
