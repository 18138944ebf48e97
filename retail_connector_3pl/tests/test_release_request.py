from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.retail_connector_base.decisions.order_process import Step, StepState
from odoo.addons.retail_connector_base.providers import Capability

from .common import WarehouseCase


@tagged("post_install", "-at_install")
class TestReleaseRequest(WarehouseCase):
    """What is asked about orders that a warehouse has, and what the answers do."""

    def compare(self):
        """Let the lane compare what changed."""
        self.env["retail.releaser"]._compare(self.warehouse)

    def requests(self, release, state=None):
        """Return (kind, state) of a release's requests in order, or those of one state."""
        found = release.request_ids.sorted("id")
        return [(one.kind, one.state) for one in found if state in (None, one.state)]

    def told(self, release):
        """Return the quantities that the warehouse has to send, by SKU."""
        return {line.product_id.default_code: line.quantity for line in release.line_ids}

    # Cancellations

    def test_a_channels_cancellation_waits_for_the_warehouse(self):
        order = self.sell(bound=True, A=1)
        release, binding = self.accepted(order), order.retail_binding_ids
        self.assertEqual(binding._ask_to_stop("customer"), binding)
        self.assertEqual(binding._ask_to_stop("customer"), binding)
        self.send()
        (asked,) = self.asked("cancel_release")
        self.assertEqual((asked.reason, asked.warehouse_order_external_id), ("customer", "W-1"))
        self.assertEqual((order.state, order.picking_ids.state), ("sale", "assigned"))
        release.request_ids._answer(True, "Fine")
        self.assertEqual((order.state, order.picking_ids.state), ("cancel", "cancel"))
        self.assertEqual((release.state, binding.state), ("cancelled", "cancelled"))
        noted = binding._latest(binding.process_log, Step.RELEASED)
        self.assertIs(noted, StepState.COMPENSATED)
        self.assertEqual(self.problems(), [])

    def test_a_refused_cancellation_leaves_the_order_and_shows_it(self):
        order = self.sell(bound=True, A=1)
        release = self.accepted(order)
        self.provider.details = {"cancel_release": {"answer": "refused", "reason": "On the truck"}}
        order.retail_binding_ids._ask_to_stop()
        self.send()
        self.assertEqual(self.requests(release), [("cancel", "refused")])
        self.assertEqual((order.state, release.state), ("sale", "accepted"))
        self.assertEqual(self.problems(), ["release_cancel_refused"])
        order.retail_binding_ids._ask_to_stop()
        self.assertEqual(len(release.request_ids), 1)
        # It was stopped after all.
        release._take_state("cancelled", "Found it")
        self.assertEqual((order.state, self.problems()), ("cancel", []))

    def test_a_clear_no_is_a_refusal_and_holds_up_nothing(self):
        release = self.accepted(self.sell(A=1))
        release.action_withdraw()
        self.provider.manners = ["reject"]
        self.send()
        self.assertEqual(self.requests(release), [("cancel", "refused")])
        self.assertEqual(self.commands("cancel_release").state, "cancelled")
        release.action_withdraw()
        self.send()
        self.assertEqual(self.requests(release, "asked"), [("cancel", "asked")])
        self.assertEqual(len(self.asked("cancel_release")), 2)

    def test_an_order_that_was_not_sent_yet_is_cancelled_at_once(self):
        order = self.sell(A=1)
        release = self.release(order)
        release._send()
        order.action_cancel()
        self.send()
        self.assertEqual((order.state, release.state), ("cancel", "cancelled"))
        self.assertFalse(self.provider.sent)

    def test_who_presses_cancel_is_told_that_the_warehouse_is_asked(self):
        order = self.sell(A=1)
        release = self.accepted(order)
        answer = order.action_cancel()
        self.assertIn("asked", answer["params"]["message"])
        self.assertEqual(order.state, "sale")
        release.request_ids._answer(True)
        self.assertEqual(order.state, "cancel")

    def test_code_that_cannot_wait_is_refused(self):
        order = self.sell(A=1)
        self.accepted(order)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order._action_cancel()
        self.assertEqual(order.state, "sale")

    def test_a_delivery_that_is_cancelled_by_hand_is_asked_for(self):
        order = self.sell(A=1)
        release = self.accepted(order)
        order.picking_ids.action_cancel()
        self.assertEqual(order.picking_ids.state, "assigned")
        release.request_ids._answer(True)
        self.assertEqual((order.picking_ids.state, order.state), ("cancel", "sale"))

    def test_goods_that_left_before_the_answer_are_a_refusal(self):
        order = self.sell(bound=True, A=1)
        release = self.accepted(order)
        order.retail_binding_ids._ask_to_stop()
        release._take_state("shipped")
        self.assertEqual(self.requests(release), [("cancel", "refused")])
        self.assertEqual(self.problems(), ["release_cancel_refused"])

    def test_an_order_in_two_releases_is_cancelled_when_both_agree(self):
        self.warehouse.ship_policy = "available"
        order = self.sell(bound=True, A=101, B=1)
        first = self.accepted(order)
        self.put_in_stock(self.products["A"], 5)
        (order.picking_ids - first.picking_id).action_assign()
        both = self.release(order)
        (both - first)._send()
        self.send()
        order.retail_binding_ids._ask_to_stop()
        first.request_ids._answer(True)
        self.assertEqual(order.state, "sale")
        (both - first).request_ids._answer(True)
        self.assertEqual(order.state, "cancel")

    def test_what_is_under_way_is_cancelled_behind_its_release(self):
        order = self.sell(A=1)
        release = self.release(order)
        release._send()
        self.provider.manners = ["lose"]
        self.send(all_due=False)
        order.action_cancel()
        self.assertEqual(self.requests(release), [("cancel", "asked")])
        self.send()
        self.send()
        kinds = [command.kind for _key, command in self.provider.sent]
        self.assertEqual(kinds, ["release_order", "cancel_release"])

    # Lines

    def test_less_is_asked_for_and_counts_when_it_is_accepted(self):
        order = self.sell(A=3, B=1)
        release = self.accepted(order)
        order.order_line[0].product_uom_qty = 2
        order.order_line[1].product_uom_qty = 0
        self.compare()
        self.send()
        (asked,) = self.asked("change_release")
        self.assertEqual([(line.sku, line.quantity) for line in asked.lines], [("A", 2)])
        self.assertEqual(self.told(release), {"A": 3, "B": 1})
        release.request_ids._answer(True)
        self.assertEqual(self.told(release), {"A": 2, "B": 0})
        self.compare()
        self.assertEqual(len(release.request_ids), 1)

    def test_refused_less_is_shown_side_by_side_and_asked_once(self):
        order = self.sell(A=3)
        release = self.accepted(order)
        order.order_line.product_uom_qty = 2
        self.compare()
        release.request_ids._answer(False, "Packed")
        problem = self.env["retail.exception"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual(problem.code, "release_change_refused")
        self.assertEqual([row[1:] for row in problem.comparison], [["3", "2"]])
        order.picking_ids.move_ids._action_assign()
        release._mark_changed(order.picking_ids)
        self.compare()
        self.assertEqual(self.requests(release), [("lines", "refused")])

    def test_refused_more_becomes_a_delivery_of_its_own(self):
        order = self.sell(A=3)
        release = self.accepted(order)
        order.order_line.product_uom_qty = 5
        order.picking_ids.action_assign()
        self.compare()
        self.assertEqual(self.requests(release), [("lines", "asked")])
        release.request_ids._answer(False, "Packed")
        rest = order.picking_ids - release.picking_id
        self.assertEqual(rest.move_ids.product_uom_qty, 2)
        self.assertEqual(release.picking_id.move_ids.product_uom_qty, 3)
        self.assertEqual(self.problems(), [])
        self.assertEqual(len(self.release(order)), 2)

    def test_added_goods_are_asked_for_with_a_line_of_their_own(self):
        order = self.sell(A=3)
        release = self.accepted(order)
        order.order_line = [Command.create({"product_id": self.products["B"].id})]
        order.picking_ids.action_assign()
        self.compare()
        self.send()
        (asked,) = self.asked("change_release")
        self.assertEqual(
            [(line.external_id, line.sku, line.quantity) for line in asked.lines],
            [("1", "A", 3), ("2", "B", 1)],
        )
        release.request_ids._answer(True)
        self.assertEqual(self.told(release), {"A": 3, "B": 1})

    def test_of_two_changes_only_the_last_is_asked_for(self):
        order = self.sell(A=5)
        release = self.accepted(order)
        for quantity in (4, 3):
            order.order_line.product_uom_qty = quantity
            self.compare()
        self.send()
        self.assertEqual(self.requests(release), [("lines", "dropped"), ("lines", "asked")])
        (asked,) = self.asked("change_release")
        self.assertEqual(asked.lines[0].quantity, 3)

    def test_lines_that_all_go_are_a_cancellation(self):
        order = self.sell(A=3)
        release = self.accepted(order)
        order.order_line.product_uom_qty = 0
        self.compare()
        self.assertEqual(self.requests(release), [("cancel", "asked")])

    # Address

    def test_a_new_address_is_asked_for_and_counts_when_it_is_accepted(self):
        order = self.sell(bound=True, A=1)
        release, binding = self.accepted(order), order.retail_binding_ids
        self.assertTrue(binding._may_change_address())
        other = self.make_customer(
            street="Side Street 7", parent_id=self.customer.id, type="delivery"
        )
        order.with_context(update_delivery_shipping_partner=True).partner_shipping_id = other
        self.compare()
        self.send()
        (asked,) = self.asked("change_release")
        self.assertEqual((asked.recipient.address.street, asked.lines), ("Side Street 7", None))
        self.assertEqual(release.recipient["address"]["street"], "Main Street 1")
        release.request_ids._answer(True)
        self.assertEqual(release.recipient["address"]["street"], "Side Street 7")

    def test_a_contact_that_moves_is_asked_for_and_a_refusal_is_shown(self):
        release = self.accepted(self.sell(A=1))
        self.customer.street = "Side Street 7"
        self.compare()
        release.request_ids._answer(False, "Too late")
        self.assertEqual(self.problems(), ["release_change_refused"])
        self.customer.street = "Main Street 1"
        self.compare()
        self.assertEqual(self.requests(release), [("address", "refused")])
        self.assertEqual(self.problems(), [])

    # By hand

    def test_a_warehouse_without_requests_has_to_be_called(self):
        able = self.provider.capabilities - {Capability.CANCEL_RELEASE, Capability.CHANGE_RELEASE}
        self.patch(self.provider, "capabilities", able)
        order = self.sell(A=3)
        release = self.accepted(order)
        release.action_withdraw()
        self.assertEqual(self.problems(), ["release_request_by_hand"])
        release.request_ids.action_accepted()
        self.assertEqual((release.state, self.problems()), ("cancelled", []))

    def test_more_goes_in_its_own_delivery_where_nothing_can_be_asked(self):
        able = self.provider.capabilities - {Capability.CHANGE_RELEASE}
        self.patch(self.provider, "capabilities", able)
        order = self.sell(A=3)
        release = self.accepted(order)
        order.order_line.product_uom_qty = 5
        order.picking_ids.action_assign()
        self.compare()
        self.assertFalse(release.request_ids)
        self.assertEqual(len(order.picking_ids), 2)
