from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.retail_connector_base.canonical import FulfillmentState, PaymentState

from .orders import OrderCase, changed, line, order


@tagged("post_install", "-at_install")
class TestOrderHolds(OrderCase):
    def pending(self, **values):
        return order(
            line("A", 2, "10.00"), total="20.00", payment_state=PaymentState.PENDING, **values
        )

    def test_an_unpaid_order_stays_a_quotation_until_it_is_paid(self):
        message = self.pending()
        sale = self.imported(message)
        self.assertEqual(sale.state, "draft")
        binding = self.binding(message)
        self.assertEqual((binding.is_held, binding.hold_reasons), (True, "Payment"))
        self.imported(changed(message, payment_state=PaymentState.PAID))
        self.assertEqual(sale.state, "sale")
        self.assertEqual((binding.is_held, binding.state), (False, "confirmed"))

    def test_an_authorisation_confirms_unless_the_policy_wants_the_money(self):
        authorized = {"payment_state": PaymentState.AUTHORIZED, "total": "10.00"}
        self.assertEqual(self.imported(order(line("A"), **authorized)).state, "sale")
        self.backend.confirm_on = "captured"
        self.assertEqual(self.imported(order(line("A"), **authorized)).state, "draft")

    def test_what_costs_nothing_needs_no_payment(self):
        message = order(line("A", price=0), total=0, payment_state=PaymentState.PENDING)
        self.assertEqual(self.imported(message).state, "sale")

    def test_stock_is_reserved_while_held_and_does_not_leave(self):
        self.backend.hold_stock = True
        message = self.pending()
        sale = self.imported(message)
        self.assertEqual(sale.state, "sale")
        self.env["retail.reservation"]._reserve(self.env["retail.reservation.request"].search([]))
        self.assertEqual(sale.picking_ids.state, "assigned")
        with self.assertRaisesRegex(UserError, "Payment"):
            sale.picking_ids.button_validate()
        self.imported(changed(message, payment_state=PaymentState.PAID))
        sale.picking_ids.button_validate()
        self.assertEqual(sale.picking_ids.state, "done")

    def test_what_left_before_it_was_known_does_not_leave_again(self):
        message = order(
            line("A", 2, "10.00"), total="20.00", fulfillment_state=FulfillmentState.FULFILLED
        )
        sale = self.imported(message)
        requests = self.env["retail.reservation.request"].search([])
        self.assertEqual((sale.state, sale.picking_ids.state), ("sale", "confirmed"))
        self.assertFalse(requests.move_id & sale.order_line.move_ids)
        with self.assertRaisesRegex(UserError, "Shipped Before Import"):
            sale.picking_ids.button_validate()
        self.binding(message).action_lift_holds()
        requests = self.env["retail.reservation.request"].search([])
        self.assertEqual(requests.move_id & sale.order_line.move_ids, sale.order_line.move_ids)

    def test_a_fulfilment_of_a_known_order_is_no_hold(self):
        message = order(line("A"), total="10.00")
        self.imported(message)
        self.imported(changed(message, fulfillment_state=FulfillmentState.FULFILLED))
        self.assertFalse(self.binding(message).is_held)

    def test_a_voided_payment_holds_again_and_the_record_shows_it(self):
        message = order(line("A"), total="10.00", payment_state=PaymentState.AUTHORIZED)
        self.imported(message)
        self.imported(changed(message, payment_state=PaymentState.VOIDED))
        binding = self.binding(message)
        self.assertTrue(binding.is_held)
        states = [(entry["step"], entry["state"]) for entry in binding.process_log]
        self.assertEqual(states, [("validated", "done"), ("paid", "done"), ("paid", "compensated")])
        self.assertIn("compensated", binding.process_html)

    def test_a_person_holds_and_lifts(self):
        operator = new_test_user(
            self.env,
            "retail-operator",
            groups="base.group_user,retail_connector_base.group_operator",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        message = self.pending()
        sale = self.imported(message)
        binding = self.binding(message).with_user(operator)
        binding.action_hold_fraud()
        self.imported(changed(message, payment_state=PaymentState.PAID))
        self.assertEqual(sale.state, "draft")
        binding.action_lift_holds()
        self.assertEqual(sale.state, "sale")
        actions = self.env["retail.audit"].search([("res_model", "=", binding._name)])
        self.assertEqual(set(actions.mapped("action")), {"hold.set", "hold.lifted"})
        self.assertEqual(actions.user_id, operator)

    def test_others_may_not(self):
        user = new_test_user(self.env, "retail-nobody", groups="base.group_user")
        message = self.pending()
        self.imported(message)
        with self.assertRaises(AccessError):
            self.binding(message).with_user(user).action_hold_fraud()
        with self.assertRaises(AccessError):
            self.binding(message).with_user(user).action_lift_holds()
