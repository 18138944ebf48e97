from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..providers import RateLimitedError, Verdict
from .test_projection_stock import StockCase, StockVendor


class StockReadCase(StockCase):
    """A channel whose quantities somebody changes by hand."""

    def by_hand(self, item, quantity):
        """Write a quantity in the channel's own administration."""
        self.channel.quantities[item, "main"] = quantity

    def flow(self, env):
        """Return the flow that publishes stock."""
        flows = env["retail.backend"].browse(self.backend_id).flow_ids
        return flows.filtered(lambda flow: flow._is_stock_out())

    def write_flow(self, **values):
        """Write on the flow."""
        with self.committed() as env:
            self.flow(env).write(values)

    def a_day_passes(self):
        """Make the next read due, and what is marked to be read as well."""
        self.write_flow(read_at=fields.Datetime.now() - timedelta(hours=24), retry_at=False)
        self.mark_is_due()

    def mark_is_due(self):
        """Let the time come that marked rows wait for."""
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE retail_stock_state SET read_due_at = now() AT TIME ZONE 'UTC' "
                "- interval '5 seconds' WHERE backend_id = %s AND read_due_at IS NOT NULL",
                [self.backend_id],
            )

    def flight_is_over(self):
        """Let what is in flight be older than any order takes."""
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE retail_stock_state SET owed_since = owed_since - interval '30 minutes' "
                "WHERE backend_id = %s",
                [self.backend_id],
            )

    def sweep(self):
        """Look for what is owed, as every minute; return whether anything is."""
        with self.committed() as env:
            projection = env["retail.projection.stock"]
            return bool(projection._owing(self.flow(env), fields.Datetime.now()))

    def to_read(self):
        """Return how many quantities are still to be read."""
        with self.committed() as env:
            return self.flow(env).unread_count


@tagged("post_install", "-at_install")
class TestProjectionStockRead(StockReadCase):
    """What is changed by hand in the channel is found by itself."""

    def test_a_raised_quantity_is_overwritten(self):
        _product, item = self.listed(5)
        self.publish()
        self.by_hand(item, 99)
        self.a_day_passes()
        self.assertTrue(self.sweep())
        self.publish()
        self.assertEqual((self.held(item), self.to_read()), (5, 0))

    def test_a_lowered_quantity_may_be_a_sale_until_it_is_not(self):
        product, item = self.listed(10)
        self.publish()
        self.by_hand(item, 4)
        self.a_day_passes()
        self.publish()
        self.assertEqual((self.held(item), self.state(product)["owed"]), (4, 6))
        self.flight_is_over()
        self.assertTrue(self.sweep())
        self.publish()
        self.assertEqual((self.held(item), self.state(product)["owed"]), (10, 0))

    def test_a_sale_on_its_way_is_not_offered_again(self):
        product, item = self.listed(10)
        self.publish()
        self.channel.sell(item, 3)
        self.a_day_passes()
        self.publish()
        self.assertEqual(self.held(item), 7)
        with self.committed() as env:
            self._add(env, env["product.product"].browse(product), -3)
            env["retail.channel.sale"].create(
                {"backend_id": self.backend_id, "product_id": product, "quantity": 3}
            )
            env["retail.change"]._note("stock_level", [product])
        self.publish()
        self.assertEqual((self.held(item), self.state(product)["owed"]), (7, 0))

    def test_what_is_in_step_is_read_and_not_written(self):
        for _number in range(3):
            self.listed(5)
        self.publish()
        self.channel.calls.clear()
        self.a_day_passes()
        self.publish()
        self.assertFalse(self.channel.calls)
        self.assertEqual([len(keys) for keys in self.channel.reads], [3])
        self.assertFalse(self.sweep())

    def test_it_is_read_in_batches(self):
        for _number in range(5):
            self.listed(1)
        self.publish()
        self.a_day_passes()
        with patch.object(StockVendor, "stock_batch", 2):
            self.publish()
        self.assertEqual([len(keys) for keys in self.channel.reads], [2, 2, 1])

    def test_a_deleted_variant_is_shown_once(self):
        product, item = self.listed(5)
        self.publish()
        del self.channel.quantities[item, "main"]
        self.channel.refused[item] = Verdict.MISSING
        for _day in range(3):
            self.a_day_passes()
            self.publish()
        self.assertEqual(self.state(product)["verdict"], "missing")
        with self.committed() as env:
            found = env["retail.exception"].search([("backend_id", "=", self.backend_id)])
            self.assertEqual(found.mapped("code"), ["stock_level_missing"])
        self.assertEqual(len(self.channel.reads), 1)

    def test_a_lost_answer_is_asked_for_again(self):
        _product, item = self.listed(5)
        self.publish()
        self.by_hand(item, 99)
        self.a_day_passes()
        self.channel.failures = ["before"]
        self.publish()
        self.assertEqual((self.held(item), self.to_read()), (99, 1))
        self.write_flow(retry_at=False)
        self.publish()
        self.assertEqual((self.held(item), self.to_read()), (5, 0))

    def test_a_closed_gate_is_no_failure(self):
        self.listed(5)
        self.publish()
        self.a_day_passes()
        self.channel.failures = [RateLimitedError("Slowly.", retry_after=7)]
        self.publish()
        with self.committed() as env:
            flow = self.flow(env)
            self.assertEqual((flow.attempts, flow.unread_count), (0, 1))
            self.assertGreater(flow.retry_at, fields.Datetime.now())

    def test_what_differs_is_told_before_anything_is_read(self):
        product, item = self.listed(5)
        self.publish()
        self.by_hand(item, 3)
        self.restock(product, 4)
        self.a_day_passes()
        self.channel.calls.clear()
        self.publish()
        self.assertEqual(self.channel.calls[0][1][0].expected, 5)
        self.assertEqual(self.held(item), 7)

    def test_an_attempt_without_answer_is_not_read_over(self):
        product, item = self.listed(5)
        self.publish()
        self.restock(product, 2)
        self.channel.failures = ["after"]
        self.publish()
        self.a_day_passes()
        self.write_flow(retry_at=fields.Datetime.now() + timedelta(hours=1))
        self.publish()
        self.assertFalse(self.channel.reads)
        self.write_flow(retry_at=False)
        self.publish()
        self.assertEqual((self.held(item), self.to_read()), (7, 0))

    def test_a_mark_made_after_the_question_stays(self):
        product, _item = self.listed(5)
        self.publish()
        with self.committed() as env:
            projection = env["retail.projection.stock"]
            row = env["retail.stock.state"].search([("binding_id.odoo_id", "=", product)])
            row._read_from(fields.Datetime.now() - timedelta(seconds=5))
            asked = projection._begin_reading(self.backend_id)
            row.read_due_at = fields.Datetime.now() + timedelta(seconds=1)
            projection._keep_read(self.backend_id, asked, {next(iter(asked["keys"].values())): 5})
            env.invalidate_all()
            self.assertTrue(row.read_due_at)

    def test_never_is_never(self):
        _product, item = self.listed(5)
        self.publish()
        self.write_flow(read_every=0)
        self.by_hand(item, 99)
        self.a_day_passes()
        self.assertFalse(self.sweep())
        self.publish()
        self.assertEqual(self.held(item), 99)
        with self.committed() as env:
            self.assertFalse(self.flow(env).read_next_at)

    def test_stock_is_read_daily_from_the_start_on(self):
        self.listed(5)
        self.publish()
        with self.committed() as env:
            flow = self.flow(env)
            self.assertEqual(flow.read_every, 24)
            self.assertFalse(flow._is_read_due(fields.Datetime.now()))
            later = flow.read_next_at
            self.assertTrue(flow._is_read_due(later))
            flow.paused = True
            self.assertFalse(flow.read_next_at)

    def test_a_place_that_is_not_published_is_not_read(self):
        self.listed(5)
        self.publish()
        with self.committed() as env:
            env["retail.location.binding"].browse(self.place_id).odoo_id = False
        self.a_day_passes()
        self.publish()
        self.assertFalse(self.channel.reads)

    def test_a_person_has_refusals_told_again(self):
        product, item = self.listed(5)
        self.channel.refused[item] = Verdict.REJECTED
        self.publish()
        self.channel.refused.clear()
        self.a_day_passes()
        self.publish()
        self.assertEqual(self.state(product)["verdict"], "refused")
        with self.committed() as env:
            self.flow(env).action_read_again()
        self.publish()
        self.assertEqual((self.held(item), self.state(product)["verdict"]), (5, "ok"))
