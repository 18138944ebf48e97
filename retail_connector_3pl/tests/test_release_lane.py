from datetime import timedelta

from psycopg2.errors import UniqueViolation

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.retail_connector_base.decisions.hold import HoldReason
from odoo.addons.retail_connector_base.decisions.order_process import Step, StepState

from .common import WarehouseCase


@tagged("post_install", "-at_install")
class TestReleaseLane(WarehouseCase):
    """What is released when, and how often."""

    def run_lane(self):
        """Let the lane do all that it finds."""
        for _chunk in range(20):
            if not self.env["retail.releaser"]._try_chunk(self.warehouse.id):
                return
        self.fail("The lane does not come to rest.")

    def test_a_delivery_that_is_ready_is_sent_once(self):
        order = self.sell(bound=True, A=3, B=1)
        self.run_lane()
        self.send()
        self.run_lane()
        self.send()
        (told,) = self.asked("release_order")
        release = self.release_of(order)
        self.assertEqual(told.order_external_id, release.name)
        self.assertEqual(told.order_name, order.retail_binding_ids.name)
        self.assertEqual(
            [(line.sku, line.quantity, line.external_id) for line in told.lines],
            [("A", 3, "1"), ("B", 1, "2")],
        )
        self.assertEqual(told.recipient.address.country_code, "DE")
        self.assertEqual(told.lines[0].value.amount, 10)
        self.assertEqual((release.state, release.external_id), ("sent", "W-1"))
        binding = order.retail_binding_ids
        self.assertEqual(binding.state, "released")
        self.assertIs(binding._latest(binding.process_log, Step.RELEASED), StepState.DONE)

    def test_who_only_looks_for_work_locks_nothing(self):
        release, lane = self.release(self.sell(A=1)), self.env["retail.releaser"]
        release.changed = True
        release.flush_recordset()
        before = self.locker(release)
        with self.env.cr.savepoint():
            lane._sweep()
            self.assertTrue(lane._has_work(self.warehouse))
            self.assertEqual(self.locker(release), before)
            lane._changed(self.warehouse)
            self.assertNotEqual(self.locker(release), before)

    def locker(self, release):
        """Return who locked a release last."""
        self.env.cr.execute("SELECT xmax FROM retail_release WHERE id = %s", [release.id])
        return self.env.cr.fetchone()

    def test_a_second_open_release_of_a_delivery_cannot_exist(self):
        release = self.release(self.sell(A=1))
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            release.copy({"name": "again", "picking_id": release.picking_id.id}).flush_recordset()

    def test_a_held_order_does_not_go_and_goes_when_it_is_let_go(self):
        order = self.sell(bound=True, A=1)
        holds, binding = self.env["retail.order.hold"], order.retail_binding_ids
        holds._hold(binding, HoldReason.FRAUD)
        self.run_lane()
        self.assertFalse(self.release_of(order))
        holds._lift(binding, HoldReason.FRAUD)
        self.run_lane()
        self.assertTrue(self.release_of(order).command_id)

    def test_a_hold_that_comes_before_the_command_went_out_keeps_it(self):
        order = self.sell(bound=True, A=1)
        self.run_lane()
        holds, binding = self.env["retail.order.hold"], order.retail_binding_ids
        holds._hold(binding, HoldReason.FRAUD)
        self.send()
        self.run_lane()
        self.assertFalse(self.asked("release_order"))
        self.assertEqual(self.release_of(order).state, "ready")
        holds._lift(binding, HoldReason.FRAUD)
        self.run_lane()
        self.send()
        self.assertEqual(len(self.asked("release_order")), 1)

    def test_the_delay_is_waited_for(self):
        self.warehouse.release_delay = 30
        order = self.sell(A=1)
        self.run_lane()
        release = self.release_of(order)
        self.assertFalse(release.command_id)
        release.due_at -= timedelta(minutes=31)
        self.run_lane()
        self.assertTrue(release.command_id)

    def test_what_was_ready_before_the_cutover_is_released_by_hand_only(self):
        self.warehouse.release_since = self.env.cr.now() + timedelta(days=1)
        order = self.sell(A=1)
        self.run_lane()
        self.assertFalse(self.release_of(order))
        order.picking_ids.action_retail_release()
        self.assertTrue(self.release_of(order).command_id)

    def test_the_urgent_go_first(self):
        tag = self.env["crm.tag"].create({"name": "Express"})
        self.warehouse.priority_ids = [Command.create({"tag_id": tag.id, "priority": 5})]
        slow, fast = self.sell(A=1), self.sell(A=1)
        fast.tag_ids = tag
        self.run_lane()
        self.send()
        names = [told.order_external_id for told in self.asked("release_order")]
        self.assertEqual(names, [self.release_of(fast).name, self.release_of(slow).name])

    def test_whole_deliveries_wait_for_all_of_their_goods(self):
        order = self.sell(A=101, B=1)
        self.run_lane()
        self.assertFalse(self.release_of(order))

    def test_what_is_there_goes_and_the_rest_becomes_a_delivery_of_its_own(self):
        self.warehouse.ship_policy = "available"
        order = self.sell(A=101, B=1)
        self.run_lane()
        release = self.release_of(order)
        told = {line.product_id.default_code: line.quantity for line in release.line_ids}
        self.assertEqual(told, {"A": 100, "B": 1})
        rest = order.picking_ids - release.picking_id
        self.assertEqual(rest.move_ids.mapped("product_uom_qty"), [1])
        self.assertFalse(rest.retail_release_ids)

    def test_goods_of_our_own_warehouses_are_nobodys_business(self):
        other = self._make_stock("Own")
        self.env["stock.quant"]._update_available_quantity(
            self.products["A"], other.lot_stock_id, 5
        )
        order = self.sell(warehouse=other, A=1)
        self.assertEqual(order.picking_ids.state, "assigned")
        self.run_lane()
        self.assertFalse(self.release_of(order))
        self.assertFalse(order.picking_ids.retail_may_release)

    def test_what_no_warehouse_could_send_is_shown_instead_and_goes_when_it_is_right(self):
        self.customer.write({"street": False, "city": False})
        order = self.sell(A=1)
        self.run_lane()
        release = self.release_of(order)
        self.assertIn("street", release.reason)
        self.assertEqual(self.problems(), ["release_held_back"])
        self.customer.write({"street": "Main Street 2", "city": "Berlin"})
        self.run_lane()
        self.send()
        (told,) = self.asked("release_order")
        self.assertEqual(told.recipient.address.street, "Main Street 2")
        self.assertEqual(self.problems(), [])

    def test_what_changes_before_it_is_sent_is_sent_as_it_is_then(self):
        order = self.sell(A=3)
        self.run_lane()
        order.order_line.product_uom_qty = 2
        self.run_lane()
        self.send()
        (told,) = self.asked("release_order")
        self.assertEqual([line.quantity for line in told.lines], [2])

    def test_a_warehouse_that_reads_by_itself_gets_no_command(self):
        self.backend.provider = "canonical"
        order = self.sell(bound=True, A=1)
        self.run_lane()
        release = self.release_of(order)
        self.assertEqual(release.state, "sent")
        self.assertFalse(self.commands())
        self.assertEqual(order.retail_binding_ids.state, "released")

    def test_the_promise_follows_the_warehouses_clock(self):
        self.warehouse.write({"tz": "Asia/Tokyo", "cutoff": 12.5})
        release = self.release(self.sell(A=1))
        self.assertEqual((release.cutoff_at.hour, release.cutoff_at.minute), (3, 30))
        self.assertLessEqual(release.due_at, release.cutoff_at)
        release.ship_by = release.due_at - timedelta(days=1)
        found = self.env["retail.release"].search([("is_late", "=", True)])
        self.assertIn(release, found)
        self.assertTrue(release.is_late)
