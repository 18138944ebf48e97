from odoo.tests import tagged

from odoo.addons.retail_connector_base.decisions.outcome import Outcome

from .orders import OrderCase, charge, customer, line, order, tax


@tagged("post_install", "-at_install")
class TestOrderCreate(OrderCase):
    def test_a_paid_order_is_confirmed_with_the_channels_figures(self):
        self.make_tax(19)
        message = order(
            line("A", 2, "10.00", taxes=[tax("0.19", "3.80")]),
            line("B", 1, "5.00", discount="1.00", taxes=[tax("0.19", "0.76")]),
            shipping=[charge("4.90", taxes=[tax("0.19", "0.93")])],
            total="34.39",
            total_tax="5.49",
            customer=customer(),
        )
        sale = self.imported(message)
        self.assertEqual(sale.state, "sale")
        self.assertTotals(sale, "28.90", "5.49")
        self.assertEqual(sale.order_line.mapped("discount"), [0.0, 20.0, 0.0])
        self.assertEqual(sale.order_line.mapped("price_unit"), [10.0, 5.0, 4.9])
        self.assertEqual(self.binding(message).state, "confirmed")
        self.assertEqual(str(sale.date_order), "2026-05-04 09:30:00")

    def test_the_same_state_twice_is_one_order(self):
        message = order(line("A"), total="10.00")
        self.imported(message)
        results, _failures = self.run_import(message)
        self.assertIs(results[message.external_id].outcome, Outcome.DONE)
        self.assertEqual(len(self.binding(message)), 1)
