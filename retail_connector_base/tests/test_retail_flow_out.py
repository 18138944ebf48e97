from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..providers import AuthenticationError, RateLimitedError, Verdict
from .access import create_user
from .test_projection_stock import StockCase


@tagged("post_install", "-at_install")
class TestRetailFlowOut(StockCase):
    """What people see and do of a flow that tells a channel."""

    def _flow(self, env):
        flows = env["retail.backend"].browse(self.backend_id).flow_ids
        return flows.filtered(lambda flow: flow._is_stock_out())

    def _health(self):
        with self.committed() as env:
            return self._flow(env).health

    def _row(self, env, product_id):
        return env["retail.stock.state"].search(
            [("backend_id", "=", self.backend_id), ("binding_id.odoo_id", "=", product_id)]
        )

    def _reason(self, product_id):
        with self.committed() as env:
            row = self._row(env, product_id)
            return row.differs, row.reason

    # Health

    def test_health_from_the_first_run_on(self):
        self.assertEqual(self._health(), "idle")
        self.listed(3)
        self.publish()
        self.assertEqual(self._health(), "ok")

    def test_nothing_to_tell_is_healthy(self):
        self.publish()
        self.assertEqual(self._health(), "ok")

    def test_no_comparison_for_long_is_late(self):
        self.publish()
        with self.committed() as env:
            self._flow(env).full_at = fields.Datetime.now() - timedelta(days=1)
        self.assertEqual(self._health(), "late")

    def test_to_be_asked_to_wait_is_late_and_to_fail_is_failing(self):
        self.listed(3)
        self.channel.failures = [RateLimitedError("Slowly.", retry_after=7)]
        self.publish()
        self.assertEqual(self._health(), "late")
        with self.committed() as env:
            self._flow(env).retry_at = False
        self.channel.failures = [AuthenticationError("No.")]
        self.publish()
        self.assertEqual(self._health(), "failing")

    # Reading the channel again

    def test_what_was_changed_by_hand_is_read_and_overwritten(self):
        product, item = self.listed(5)
        self.publish()
        self.channel.quantities[item, "main"] = 99
        with self.committed() as env:
            self._flow(env).action_read_again()
        self.channel.calls.clear()
        self.publish()
        [(_key, [change])] = self.channel.calls
        self.assertEqual(change.expected, 99, "a sale in between must not be overwritten")
        self.assertEqual((self.held(item), self.state(product)["verdict"]), (5, "ok"))

    def test_what_is_being_sent_keeps_its_attempt(self):
        product, _item = self.listed(5)
        self.channel.failures = ["after"]
        self.publish()
        key = self.state(product)["attempt_key"]
        with self.committed() as env:
            self._flow(env).action_read_again()
        self.assertEqual(self.state(product)["attempt_key"], key)

    def test_a_place_that_is_not_published_is_not_overwritten(self):
        _product, item = self.listed(5)
        self.publish()
        with self.committed() as env:
            env["retail.location.binding"].browse(self.place_id).odoo_id = False
            self._flow(env).action_read_again()
        self.publish()
        self.assertEqual(self.held(item), 5)

    def test_it_is_in_the_audit_trail_and_for_administrators(self):
        with self.committed() as env:
            operator = create_user(env, "operator", login=f"operator-{self.backend_id}")
            with self.assertRaises(AccessError):
                self._flow(env).with_user(operator).action_read_again()
            self._flow(env).action_read_again()
            entries = env["retail.audit"].search([("backend_id", "=", self.backend_id)])
            self.assertIn("flow_read_again", entries.mapped("action"))
            operator.active = False

    def test_other_flows_have_nothing_to_read_again(self):
        with self.committed() as env:
            inbound = env["retail.backend"].browse(self.backend_id).flow_ids - self._flow(env)
            self.assertFalse(inbound.can_compare)
            with self.assertRaises(UserError):
                inbound.action_read_again()

    # What is different and why

    def test_in_step_needs_no_reason(self):
        product, _item = self.listed(5)
        self.publish()
        self.assertEqual(self._reason(product), (False, False))

    def test_what_differs_is_found_and_says_why(self):
        product, item = self.listed(5)
        self.channel.refused[item] = Verdict.REJECTED
        self.publish()
        self.assertEqual(self._reason(product), (True, "Refused: Not this one."))
        with self.committed() as env:
            states = env["retail.stock.state"].search(
                [("backend_id", "=", self.backend_id), ("differs", "=", True)]
            )
            self.assertEqual(states, self._row(env, product))
            backend = env["retail.backend"].browse(self.backend_id)
            self.assertEqual(backend.stock_difference_count, 1)

    def test_an_unanswered_attempt_says_so(self):
        product, _item = self.listed(5)
        self.channel.failures = ["after"]
        self.publish()
        self.assertIn("has not answered yet", self._reason(product)[1])

    def test_what_is_in_flight_says_so(self):
        product, item = self.listed(10)
        self.publish()
        self.channel.sell(item, 2)
        self.restock(product, -7)
        self.publish()
        self.assertIn("2 sold in the channel", self._reason(product)[1])
