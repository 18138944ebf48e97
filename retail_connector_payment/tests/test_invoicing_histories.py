from random import Random

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import set_rate
from .test_invoicing_tie import PAID, TieCase

TIER = "odoo.addons.retail_connector_payment.models.retail_invoicing_tie"
HISTORIES = 12


@tagged("post_install", "-at_install")
class TestHistories(TieCase):
    """Invoices, payments, refunds and credit notes of orders, in any order of arrival."""

    def test_whatever_comes_first_all_that_ties_is_closed(self):
        for seed in range(HISTORIES):
            with self.subTest(seed=seed):
                self._history(Random(f"tie:{seed}"))

    def _history(self, random):
        binding = self.order()
        refunded = random.choice((0, 30, 100))
        parts = random.choice(([100], [40, 60], [10, 20, 70]))
        steps = [lambda part=part: self._paid(binding, part) for part in parts]
        steps.append(lambda: self._billed(binding, refunded))
        if refunded:
            steps.append(lambda: self._paid(binding, -refunded, "refund"))
        random.shuffle(steps)
        entries = self.env["retail.ledger.entry"]
        for step in steps:
            entries |= step() or entries.browse()
        self.assertEqual({self.residual(entry) for entry in entries}, {0})
        documents = binding.odoo_id.invoice_ids
        self.assertEqual(set(documents.mapped("amount_residual")), {0})
        self.assertTrue({"invoiced", "settled"} <= {step.value for step in binding._facts()})

    def _paid(self, binding, amount, category="charge"):
        """Let a payment come, with or without its order known at once."""
        known = Random(f"{binding.id}:{amount}").random() < 0.5
        entry = self.note(amount, category, order=binding if known else None)
        self.post()
        entry._set_order(binding)
        self.post()
        return entry

    def _billed(self, binding, credited):
        invoice = self.invoice(binding)
        if credited:
            self.credit(invoice, credited)


@tagged("post_install", "-at_install")
class TestTieTrouble(TieCase):
    @mute_logger(TIER)
    def test_what_cannot_be_reconciled_is_shown_and_stops_nothing(self):
        good, bad = self.order(), self._foreign()
        invoice = self.invoice(good)
        self.invoice(bad, invoice_date="2026-05-07")
        journal = self.company.currency_exchange_journal_id
        self.company.currency_exchange_journal_id = False
        paid = self.note(100, order=good)
        foreign = self.note(100, currency="USD", order=bad)
        self.post()
        self.assertEqual({paid.state, foreign.state}, {"posted"})
        self.assertIn(invoice.payment_state, PAID)
        self.assertTrue(bad.tie_error)
        exception = self.env["retail.exception"].search([("code", "=", "tie_failed")])
        self.assertEqual(exception.res_id, bad.id)
        self.company.currency_exchange_journal_id = journal
        exception.action_retry()
        self.assertEqual(exception.state, "resolved")
        self.assertFalse(bad.tie_error)
        self.assertEqual(self.residual(foreign), 0)

    def _foreign(self):
        set_rate(self.env, self.company, "USD", 2.0, "2026-01-01")
        set_rate(self.env, self.company, "USD", 4.0, "2026-05-06")
        return self.order(currency="USD")
