from odoo.tests import tagged

from .common import WarehouseCase
from .messages import left


@tagged("post_install", "-at_install")
class TestWarehouseSteps(WarehouseCase):
    """A third party's warehouse has one step in Odoo; with more, somebody is told so."""

    def run_lane(self):
        self.env.flush_all()
        while self.env["retail.releaser"]._try_chunk(self.warehouse.id):
            self.env.flush_all()
        self.send()

    def step(self):
        """Return the step of the backend's set-up that is about warehouses."""
        self.backend.invalidate_recordset(["setup_steps"])
        return next(one for one in self.backend.setup_steps if one["code"] == "warehouses")

    def test_several_steps_are_shown_until_there_is_one(self):
        self.assertTrue(self.step()["done"])
        self.stock.delivery_steps = "pick_ship"
        problem = self.env["retail.exception"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual((problem.code, problem.error_class), ("warehouse_steps", "configuration"))
        self.assertEqual((problem.res_model, problem.res_id), (self.stock._name, self.stock.id))
        self.assertIn("Outgoing Shipments", self.warehouse.steps_problem)
        self.assertNotIn("Incoming Shipments", self.warehouse.steps_problem)
        self.assertFalse(self.step()["done"])
        self.stock.write({"reception_steps": "two_steps", "delivery_steps": "ship_only"})
        self.assertIn("Incoming Shipments", self.warehouse.steps_problem)
        self.stock.reception_steps = "one_step"
        self.assertEqual((problem.state, self.warehouse.steps_problem), ("resolved", ""))
        self.assertTrue(self.step()["done"])

    def test_a_warehouse_that_is_chosen_later_is_looked_at_then(self):
        other = self._make_stock("Stepped")
        other.delivery_steps = "pick_pack_ship"
        self.assertEqual(self.problems(), [])
        self.warehouse.odoo_id = other
        self.assertEqual(self.problems(), ["warehouse_steps"])
        self.warehouse.odoo_id = self.stock
        self.assertEqual(self.problems(), [])

    def test_nothing_is_released_before_the_earlier_steps_and_then_the_last_one_once(self):
        self.stock.delivery_steps = "pick_ship"
        order = self.sell(A=2)
        pick = order.picking_ids.filtered(lambda one: one.picking_type_id.code == "internal")
        self.run_lane()
        self.assertFalse(self.release_of(order))
        self.assertFalse(pick.retail_may_release)
        # Nobody has the picking but us: it is validated by hand.
        pick.move_ids.picked = True
        pick.with_context(skip_backorder=True).button_validate()
        self.run_lane()
        release = self.release_of(order)
        self.assertEqual(release.picking_id.picking_type_id.code, "outgoing")
        self.assertEqual(len(self.asked("release_order")), 1)
        release._take_state("accepted")
        self.happen(left(release, "S1", A=2))
        self.assertEqual((release.state, release.picking_id.state), ("shipped", "done"))
        inside = self.products["A"].with_context(location=self.stock.view_location_id.id)
        self.assertEqual(inside.qty_available, 98)
