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

    def test_promotions_of_odoo_do_not_apply(self):
        self.env["loyalty.program"].create(
            {
                "name": "Ten percent",
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "company_id": self.company.id,
                "rule_ids": [(0, 0, {"minimum_amount": 1})],
                "reward_ids": [(0, 0, {"reward_type": "discount", "discount": 10})],
            }
        )
        sale = self.imported(order(line("A"), total="10.00", customer=customer()))
        self.assertTotals(sale, "10.00", "0.00")
        sale._update_programs_and_rewards()
        self.assertFalse(sale._get_claimable_rewards())
        self.assertEqual(len(sale.order_line), 1)

    def test_nobody_gets_mail(self):
        mails = self.env["mail.mail"].search_count([])
        sale = self.imported(order(line("A"), total="10.00", customer=customer()))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(sale.message_ids)

    def test_an_order_of_a_batch_has_its_own_delivery(self):
        messages = [order(line("A"), line("B"), total="20.00") for _number in range(3)]
        _results, failures = self.run_import(*messages)
        self.assertFalse(failures)
        sales = self.env["sale.order"].union(*(self.binding(one).odoo_id for one in messages))
        self.assertEqual([len(sale.picking_ids) for sale in sales], [1, 1, 1])
        self.assertEqual([len(sale.picking_ids.move_ids) for sale in sales], [2, 2, 2])

    def test_test_orders_are_left_out_unless_wanted(self):
        message = order(line("A"), total="10.00", test=True)
        results, _failures = self.run_import(message)
        self.assertIs(results[message.external_id].outcome, Outcome.IGNORED)
        self.backend.import_test_orders = True
        self.assertTrue(self.imported(message))

    def test_the_number_of_queries_hardly_grows_with_the_batch(self):
        def count(size):
            messages = [order(line("A"), line("B"), total="20.00") for _number in range(size)]
            before = self.env.cr.sql_log_count
            self.run_import(*messages)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLess((count(22) - count(2)) / 20, 20)
