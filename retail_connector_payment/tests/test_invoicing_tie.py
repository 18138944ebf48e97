from odoo.tests import tagged

from .common import PaymentCase, make_order, set_rate

PAID = ("paid", "in_payment")


class TieCase(PaymentCase):
    """Orders that are invoiced and paid, in any order."""

    def invoice(self, binding, **values):
        """Return the order's invoice, posted."""
        invoice = binding.odoo_id._create_invoices()
        invoice.write(values)
        invoice.action_post()
        return invoice

    def pay(self, binding, amount, category="charge", **values):
        """Return an entry of an order, posted."""
        entry = self.note(amount, category, order=binding, **values)
        self.post()
        self.assertIn(entry.state, ("posted", "settled"), entry.error)
        return entry

    def credit(self, invoice, amount=None):
        """Return a posted credit note of an invoice; of a part of it where an amount is given."""
        move = invoice._reverse_moves([{"invoice_date": "2026-05-10", "date": "2026-05-10"}])
        if amount is not None:
            move.invoice_line_ids.price_unit = amount
        move.action_post()
        return move

    def residual(self, entry):
        return entry.contra_line_id.amount_residual_currency


@tagged("post_install", "-at_install")
class TestTie(TieCase):
    def test_a_payment_before_its_invoice_waits_as_the_customers_credit(self):
        binding = self.order()
        entry = self.pay(binding, 100)
        self.assertEqual(self.residual(entry), -100)
        invoice = self.invoice(binding)
        self.assertIn(invoice.payment_state, PAID)
        self.assertEqual(self.residual(entry), 0)

    def test_a_payment_after_its_invoice_pays_it(self):
        binding = self.order()
        invoice = self.invoice(binding)
        self.pay(binding, 100)
        self.assertIn(invoice.payment_state, PAID)

    def test_a_partial_payment_stays_visible(self):
        binding = self.order()
        invoice = self.invoice(binding)
        self.pay(binding, 60)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("partial", 40))
        self.pay(binding, 40)
        self.assertIn(invoice.payment_state, PAID)

    def test_an_overpayment_stays_with_the_customer(self):
        binding = self.order()
        entry = self.pay(binding, 120)
        self.assertIn(self.invoice(binding).payment_state, PAID)
        self.assertEqual(self.residual(entry), -20)

    def test_the_oldest_payment_is_used_first(self):
        binding = self.order()
        younger = self.pay(binding, 80, occurred_at="2026-05-06 10:00:00")
        older = self.pay(binding, 80, occurred_at="2026-05-04 10:00:00")
        self.invoice(binding)
        self.assertEqual((self.residual(older), self.residual(younger)), (0, -60))

    def test_one_customers_orders_do_not_pay_each_other(self):
        mine = self.order(partner=self.partner)
        other = self.order(partner=self.partner)
        invoice = self.invoice(other)
        entry = self.pay(mine, 100)
        self.assertEqual((invoice.payment_state, self.residual(entry)), ("not_paid", -100))

    def test_a_refund_goes_with_its_credit_note(self):
        binding = self.order()
        self.pay(binding, 100)
        invoice = self.invoice(binding)
        refund = self.pay(binding, -30, "refund")
        self.assertEqual(self.residual(refund), 30)
        credit = self.credit(invoice, 30)
        self.assertEqual((self.residual(refund), credit.amount_residual), (0, 0))
        self.assertIn(invoice.payment_state, PAID)

    def test_a_refund_does_not_eat_a_payment_before_the_invoice(self):
        binding = self.order()
        entry = self.pay(binding, 100)
        self.pay(binding, -30, "refund")
        self.assertEqual(self.residual(entry), -100)
        self.assertIn(self.invoice(binding).payment_state, PAID)

    def test_of_a_cancelled_order_payment_and_refund_cancel_out(self):
        binding = self.order()
        entry = self.pay(binding, 100)
        binding.odoo_id._action_cancel()
        refund = self.pay(binding, -100, "refund")
        self.assertEqual((self.residual(entry), self.residual(refund)), (0, 0))

    def test_a_refund_that_failed_is_owed_to_the_customer_again(self):
        binding = self.order()
        self.pay(binding, 100)
        invoice = self.invoice(binding)
        self.pay(binding, -100, "refund")
        self.credit(invoice)
        failed = self.pay(binding, 100, "refund_failure")
        self.assertEqual(self.residual(failed), -100)

    def test_an_invoice_of_two_orders_is_paid_by_both(self):
        mine, other = (self.order(partner=self.partner) for _time in range(2))
        invoice = (mine.odoo_id | other.odoo_id)._create_invoices()
        invoice.action_post()
        self.pay(mine, 100)
        self.assertEqual(invoice.amount_residual, 100)
        self.pay(other, 100)
        self.assertIn(invoice.payment_state, PAID)

    def test_invoices_of_other_orders_are_left_alone(self):
        partner = self.env["res.partner"].create({"name": "Walk-in"})
        order = make_order(self.backend, self.product, partner=partner)
        sale = order.odoo_id
        order.unlink()
        invoice = sale._create_invoices()
        invoice.action_post()
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_the_process_shows_that_it_is_settled(self):
        binding = self.order()
        steps = {step.value for step in binding._facts()}
        self.assertFalse({"invoiced", "settled"} & steps)
        invoice = binding.odoo_id._create_invoices()
        steps = {step.value for step in binding._facts()}
        self.assertFalse({"invoiced", "settled"} & steps, "a draft is no invoice")
        invoice.action_post()
        self.assertIn("invoiced", {step.value for step in binding._facts()})
        self.pay(binding, 100)
        self.assertIn("settled", {step.value for step in binding._facts()})

    def test_a_reversed_invoice_is_settled(self):
        binding = self.order()
        invoice = self.invoice(binding)
        self.credit(invoice)
        self.assertEqual(invoice.payment_state, "reversed")
        self.assertIn("settled", {step.value for step in binding._facts()})


@tagged("post_install", "-at_install")
class TestTieCurrency(TieCase):
    def test_a_foreign_order_is_paid_and_the_rate_difference_booked(self):
        set_rate(self.env, self.company, "USD", 2.0, "2026-01-01")
        set_rate(self.env, self.company, "USD", 4.0, "2026-05-06")
        binding = self.order(currency="USD")
        entry = self.pay(binding, 100, currency="USD", occurred_at="2026-05-04 10:00:00")
        invoice = self.invoice(binding, invoice_date="2026-05-07")
        self.assertIn(invoice.payment_state, PAID)
        self.assertEqual(self.residual(entry), 0)
        self.assertEqual(entry.contra_line_id.amount_residual, 0)
        self.assertTrue(entry.contra_line_id.full_reconcile_id)

    def test_a_payment_in_another_currency_waits_for_a_person(self):
        set_rate(self.env, self.company, "USD", 2.0)
        binding = self.order("50.00")
        invoice = self.invoice(binding)
        entry = self.pay(binding, 100, currency="USD")
        self.assertEqual((invoice.payment_state, self.residual(entry)), ("not_paid", -100))
