from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.access import create_user

from ..decisions.ledger import Role
from .common import PaymentCase, account_balance, set_rate


class UnmatchedCase(PaymentCase):
    """Payments whose order is known late, or was another one."""

    def receivable_of(self, binding):
        """Return what stands on an order's customer."""
        partner = binding.odoo_id.partner_invoice_id
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "asset_receivable"),
            ]
        )
        return sum(lines.mapped("balance"))

    def unmatched(self):
        return self.balance(Role.UNMATCHED)

    def posted_unmatched(self, amount=100):
        """Return an entry that was posted without an order."""
        entry = self.note(amount)
        self.post()
        self.assertEqual(entry.contra_line_id.account_id, self.gateway.unmatched_account_id)
        return entry

    def invoice(self, binding):
        """Return the order's invoice, posted."""
        invoice = binding.odoo_id._create_invoices()
        invoice.action_post()
        return invoice


@tagged("post_install", "-at_install")
class TestUnmatched(UnmatchedCase):
    def test_a_payment_waits_for_its_order(self):
        self.gateway.match_patience = 3600
        entry = self.note(100)
        self.assertEqual(self.post(), 0)
        self.assertEqual(entry.state, "to_post")
        entry._set_order(self.order())
        self.post()
        self.assertEqual(entry.contra_line_id.account_id.account_type, "asset_receivable")
        self.assertEqual(self.unmatched(), "0.00")

    def test_after_that_time_it_is_posted_as_unmatched(self):
        self.gateway.match_patience = 3600
        entry = self.note(100)
        self.env.cr.execute(
            "UPDATE retail_ledger_entry SET create_date = create_date - interval '2 hours' "
            "WHERE id = %s",
            [entry.id],
        )
        self.post()
        self.assertEqual(entry.contra_line_id.account_id, self.gateway.unmatched_account_id)
        self.assertEqual(self.unmatched(), "-100.00")

    def test_waiting_ones_hold_up_nothing(self):
        self.gateway.match_patience = 3600
        waiting, ready = self.note(100), self.note(50, order=self.order())
        self.post()
        self.assertEqual((waiting.state, ready.state), ("to_post", "posted"))

    def test_a_late_order_gets_it_by_a_transfer(self):
        entry, binding = self.posted_unmatched(), self.order()
        first, line = entry.move_id, entry.contra_line_id
        entry._set_order(binding)
        self.assertEqual(self.unmatched(), "-100.00", "the lane does it")
        self.post()
        self.assertEqual(self.unmatched(), "0.00")
        self.assertTrue(line.full_reconcile_id)
        self.assertEqual(self.receivable_of(binding), -100)
        self.assertEqual(entry.move_id, first)
        self.assertEqual(len(entry.move_ids), 2)
        self.assertEqual(entry.booked_order_id, binding)
        self.assertEqual(self.balance(), "100.00")

    def test_it_is_transferred_once(self):
        entry, binding = self.posted_unmatched(), self.order()
        entry._set_order(binding)
        entry._set_order(binding)
        self.post()
        self.assertEqual(self.post(), 0)
        self.assertEqual(len(entry.move_ids), 2)

    def test_a_refund_is_transferred_too(self):
        entry, binding = self.posted_unmatched(-30), self.order()
        entry._set_order(binding)
        self.post()
        self.assertEqual((self.unmatched(), self.receivable_of(binding)), ("0.00", 30))

    def test_the_customers_invoice_is_paid_by_it(self):
        binding = self.order()
        invoice = self.invoice(binding)
        entry = self.posted_unmatched()
        entry._set_order(binding)
        self.post()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))

    def test_a_settled_payment_can_still_get_its_order(self):
        entry, binding = self.posted_unmatched(), self.order()
        entry.state = "settled"
        entry._set_order(binding)
        self.post()
        self.assertEqual((entry.state, self.unmatched()), ("settled", "0.00"))

    def test_what_has_an_order_keeps_it(self):
        binding = self.order()
        entry = self.note(100, order=binding)
        self.post()
        entry._set_order(self.order())
        self.assertEqual(self.post(), 0)
        self.assertEqual(entry.order_binding_id, binding)

    def test_a_dispute_is_only_told_its_order(self):
        entry, binding = self.note(-30, "dispute"), self.order()
        self.post()
        entry._set_order(binding)
        self.assertEqual(self.post(), 0)
        self.assertEqual((entry.order_binding_id, len(entry.move_ids)), (binding, 1))


@tagged("post_install", "-at_install")
class TestCorrection(UnmatchedCase):
    def correct(self, entry, binding, user=None):
        """Let a person say which order it is."""
        wizard = self.env["retail.ledger.correction"]
        wizard = wizard.with_user(user) if user else wizard
        wizard.create(
            {"entry_id": entry.id, "order_binding_id": binding.id, "reason": "By phone"}
        ).action_correct()
        self.post()

    def paid_and_invoiced(self):
        """Return an entry whose money paid the invoice of the wrong order; the invoice."""
        wrong = self.order()
        entry = self.note(100, order=wrong)
        self.post()
        invoice = self.invoice(wrong)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        return entry, wrong, invoice

    def test_the_wrong_customer_owes_again_and_the_right_one_has_paid(self):
        entry, wrong, invoice = self.paid_and_invoiced()
        right = self.order()
        other = self.invoice(right)
        self.correct(entry, right)
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertIn(other.payment_state, ("paid", "in_payment"))
        self.assertEqual((self.receivable_of(wrong), self.receivable_of(right)), (100, 0))
        self.assertEqual(self.unmatched(), "0.00")
        self.assertEqual(self.balance(), "100.00")

    def test_what_was_posted_is_not_edited(self):
        entry, _wrong, _invoice = self.paid_and_invoiced()
        before = [(line.id, line.account_id, line.balance) for line in entry.move_id.line_ids]
        self.correct(entry, self.order())
        after = [(line.id, line.account_id, line.balance) for line in entry.move_id.line_ids]
        self.assertEqual(before, after)
        self.assertEqual(len(entry.move_ids), 3)
        self.assertEqual(set(entry.move_ids.mapped("state")), {"posted"})

    def test_a_wrong_transfer_is_reversed(self):
        entry, wrong, right = self.posted_unmatched(), self.order(), self.order()
        entry._set_order(wrong)
        self.post()
        transfer = entry.contra_line_id.move_id
        self.correct(entry, right)
        reversal = entry.move_ids.filtered("reversed_entry_id")
        self.assertEqual(reversal.reversed_entry_id, transfer)
        self.assertEqual((self.receivable_of(wrong), self.receivable_of(right)), (0, -100))
        self.assertEqual(len(entry.move_ids), 4)

    def test_it_can_be_put_back_to_the_unmatched_ones(self):
        entry, wrong, _invoice = self.paid_and_invoiced()
        self.correct(entry, self.env["retail.order.binding"])
        self.assertEqual(self.unmatched(), "-100.00")
        self.assertEqual(self.receivable_of(wrong), 100)
        self.assertFalse(entry.booked_order_id)
        right = self.order()
        entry._set_order(right)
        self.post()
        self.assertEqual((self.unmatched(), self.receivable_of(right)), ("0.00", -100))

    def test_only_an_accountant_may_and_it_is_kept_who_did(self):
        entry, right = self.posted_unmatched(), self.order()
        for role in ("operator", "administrator", "auditor"):
            user = create_user(self.env, role, company=self.company)
            with self.assertRaises(AccessError):
                self.correct(entry, right, user)
        accountant = create_user(self.env, "accountant", company=self.company)
        self.correct(entry, right, accountant)
        self.assertEqual(self.receivable_of(right), -100)
        audit = self.env["retail.audit"].search([("action", "=", "entry.order")], limit=1)
        self.assertEqual(audit.user_id, accountant)
        self.assertEqual(audit.detail["reason"], "By phone")

    def test_an_entry_that_waits_is_just_told(self):
        self.gateway.match_patience = 3600
        entry, right = self.note(100, order=self.order()), self.order()
        self.correct(entry, right)
        self.assertEqual((len(entry.move_ids), self.receivable_of(right)), (1, -100))


@tagged("post_install", "-at_install")
class TestUnmatchedCurrency(UnmatchedCase):
    def test_a_transfer_makes_no_exchange_difference(self):
        set_rate(self.env, self.company, "USD", 2.0, "2026-01-01")
        entry = self.note(100, currency="USD")
        self.post()
        set_rate(self.env, self.company, "USD", 4.0, "2026-05-05")
        entry._set_order(self.order(currency="USD"))
        self.post()
        self.assertEqual(account_balance(self.gateway.unmatched_account_id), "0.00")
        self.assertEqual(entry.contra_line_id.balance, -50)
