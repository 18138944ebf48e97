from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.retail_connector_base.canonical import MoneySet, TransactionState
from odoo.addons.retail_connector_base.providers.errors import TransientError
from odoo.addons.retail_connector_base.tests.common import offer_sample_provider

from .common import activate, make_gateway, payment_message
from .refund_provider import RefundingProvider, make_refunding_backend, take
from .refunds import RefundCase, adjusted, back, paid_back, refund_message


@tagged("post_install", "-at_install")
class TestRefundFlow(RefundCase):
    """Refunds between a channel, our own requests and people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(offer_sample_provider(cls.registry, RefundingProvider))
        cls.backend = make_refunding_backend(cls.env, cls.company)

    def credited(self, order):
        """Return an order's posted credit note of one unit, made by a person."""
        invoice = order.odoo_id.invoice_ids
        note = invoice._reverse_moves()
        note.invoice_line_ids.quantity = 1
        note.action_post()
        return note

    def ours(self, order, move=None, amount="12.00"):
        """Return an approved request of ours."""
        payment = order.payment_ids[:1] or take(self.backend, "24.00", order=order)
        refund = self.env["retail.refund"]._request(
            payment, Decimal(amount), "Damaged", order, move
        )
        refund.sudo()._approve(self.env.user)
        return refund.sudo()

    # From the request to the books

    def test_what_we_give_back_settles_its_credit_note_and_what_fails_opens_it_again(self):
        gateway = make_gateway(self.backend)
        order = self.sold(("L1", 2, "10.00", self.vat))
        charge = payment_message("24.00", order=order)
        self.drain(charge)
        self.post(gateway)
        note = self.credited(order)
        refund = self.ours(order, note)
        refund._note_sent(("RE-1",))
        told = payment_message(
            "12.00",
            order=order,
            external_id="RE-1",
            payment_kind="refund",
            parent_external_id=charge.external_id,
        )
        self.drain(told)
        self.post(gateway)
        self.assertEqual((refund.state, note.amount_residual), ("confirmed", 0))
        self.assertEqual(self.balance(gateway=gateway), "12.00")
        failed = {"state": TransactionState.FAILURE, "failure": "account closed"}
        self.drain(told.model_copy(update=failed))
        self.post(gateway)
        self.assertEqual((refund.state, refund.holds), ("failed", False))
        self.assertEqual(self.balance(gateway=gateway), "24.00")
        self.assertIn("refund_failed", self.problems())

    # The echo of what we asked for

    def test_the_echo_of_our_own_refund_makes_no_second_credit_note(self):
        order = self.sold(("L1", 2, "10.00", self.vat))
        note = self.credited(order)
        refund = self.ours(order, note)
        refund._note_sent(("T-OURS",))
        binding = self.refunded(
            refund_message(order, transactions=[paid_back("12.00", name="T-OURS")])
        )
        self.assertEqual((binding.state, binding.odoo_id), ("posted", note))

    def test_the_echo_waits_while_our_own_refund_is_being_sent(self):
        order = self.sold(("L1", 2, "10.00", self.vat))
        refund = self.ours(order, self.credited(order))
        refund.command_id.state = "leased"
        message = refund_message(order, transactions=[paid_back("12.00", name="T-OURS")])
        _results, failures = self.run_import(message)
        self.assertIsInstance(failures[message.external_id], TransientError)

    def test_what_we_gave_back_makes_a_draft_tie(self):
        order = self.sold(("L1", 2, "10.00", self.vat))
        self.drain(payment_message("24.00", order=order))
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line))
        self.assertEqual(binding.state, "draft")
        refund = self.ours(order, binding.odoo_id)
        refund._note_sent(("T-OURS",))
        take(self.backend, "12.00", kind="refund", external_id="T-OURS", order=order)
        self.env["retail.credit.note"]._try(binding)
        self.assertNote(binding, "12.00", "2.00")
        self.assertNotIn("refund_mismatch", self.problems())

    # What people start

    def test_an_accountant_gives_back_what_a_channel_did_not(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        take(self.backend, "12.00", order=order)
        binding = self.refunded(refund_message(order, back("L1", 1, "10.00", "2.00")))
        exception = self.env["retail.exception"].search([("code", "=", "refund_mismatch")])
        self.assertEqual(exception.fix, "give_money_back")
        action = exception.action_fix()
        wizard = self.env["retail.refund.wizard"].browse(action["res_id"])
        self.assertEqual((wizard.amount, wizard.credit_move_id), (12, binding.odoo_id))

    def test_an_operator_neither_settles_nor_makes_credit_notes(self):
        order = self.sold(("L1", 1, "10.00", self.vat), invoiced=False)
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("12.00")]))
        operator = new_test_user(
            self.env,
            "refund-flow-operator",
            "base.group_user,retail_connector_base.group_operator",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        for action in ("action_settle", "action_make"):
            with self.assertRaises(AccessError):
                getattr(binding.with_user(operator), action)()

    def test_retrying_the_exception_tries_the_refund_again(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        journal = order.odoo_id.invoice_ids.journal_id
        journal.active = False
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("12.00")]))
        self.assertEqual((binding.waits_for, self.problems()), ("person", ["refund_refused"]))
        journal.active = True
        self.env["retail.exception"].search([("code", "=", "refund_refused")]).action_retry()
        self.assertNote(binding, "12.00", "2.00")
        self.assertEqual(self.problems(), [])

    def test_a_draft_that_was_deleted_is_made_again_when_an_accountant_asks(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("11.00")]))
        binding.odoo_id.unlink()
        self.env["retail.credit.note"]._try(binding)
        self.assertEqual((binding.state, binding.odoo_id.ids), ("draft", []))
        binding.action_make()
        self.assertNote(binding, "12.00", "2.00", state="draft")

    def test_the_sweeper_leaves_what_waits_for_its_invoice_to_the_invoice(self):
        order = self.sold(("L1", 1, "10.00", self.vat), invoiced=False)
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("12.00")]))
        binding.tried_at = before = fields.Datetime.now() - timedelta(hours=1)
        self.env["retail.credit.note"]._sweep()
        self.assertEqual(binding.tried_at, before)
        order.odoo_id._action_cancel()
        binding.tried_at = fields.Datetime.now() - timedelta(days=2)
        self.env["retail.credit.note"]._sweep()
        self.assertEqual(binding.state, "no_effect")

    def test_the_sweeper_looks_again_at_what_waits(self):
        order = self.sold(("L1", 1, "10.00", self.vat))
        tx = paid_back("12.00", "pending", name="T-SLOW")
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, transactions=[tx]))
        take(self.backend, "12.00", kind="sale", external_id="T-SLOW", order=order)
        binding.tried_at = fields.Datetime.now() - timedelta(hours=1)
        self.env["retail.credit.note"]._sweep()
        self.assertEqual(binding.state, "posted")

    # Deleted in the channel

    def test_a_refund_that_the_channel_deletes_before_it_is_credited_is_forgotten(self):
        order = self.sold(("L1", 1, "10.00", self.vat), invoiced=False)
        line = back("L1", 1, "10.00", "2.00")
        binding = self.refunded(refund_message(order, line, transactions=[paid_back("12.00")]))
        self.env["retail.importer.refund"]._on_deleted(binding)
        self.invoice(order)
        self.assertEqual((binding.state, binding.odoo_id.ids), ("cancelled", []))

    # Currencies

    def test_a_refund_is_credited_in_the_currency_of_its_order(self):
        activate(self.env, "USD")
        order = self.sold(("L1", 1, "10.00", self.vat), currency="USD")
        order.currency_side = "presentment"

        def both(euros, dollars):
            return MoneySet.model_validate(
                {
                    "shop": {"amount": euros, "currency": "EUR"},
                    "presentment": {"amount": dollars, "currency": "USD"},
                }
            )

        line = back("L1").model_copy(
            update={"subtotal": both("9.00", "10.00"), "tax": both("1.80", "2.00")}
        )
        # The channel tells its transactions in the shop's currency.
        message = refund_message(order, line, transactions=[paid_back("10.80")])
        move = self.assertNote(self.refunded(message), "12.00", "2.00")
        self.assertEqual(move.currency_id.name, "USD")

    def test_shipping_that_goes_back_in_two_parts_goes_to_its_charge(self):
        order = self.sold(("L1", 1, "10.00", self.vat), shipping=("6.00", self.vat))
        for amount, tax, total in (("2.00", "0.40", "2.40"), ("4.00", "0.80", "4.80")):
            message = refund_message(
                order,
                adjustments=[adjusted(amount, "shipping", tax)],
                transactions=[paid_back(total)],
            )
            move = self.assertNote(self.refunded(message), total, tax)
            self.assertEqual(move.invoice_line_ids[0].product_id, self.shipping)
        self.assertEqual(order.odoo_id.order_line.mapped("qty_to_invoice"), [0, 0])
