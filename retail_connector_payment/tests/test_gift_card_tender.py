from odoo.tests import tagged

from ..decisions.ledger import Role
from .common import PaymentCase, make_gateway, make_order, make_product


@tagged("post_install", "-at_install")
class TestGiftCardTender(PaymentCase):
    """A gift card is a gateway whose clearing account is what we owe the cards' owners."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.liability = cls.env["account.account"].create(
            {
                "name": "Gift Cards",
                "code": "289999",
                "account_type": "liability_current",
            }
        )
        cls.cards = make_gateway(cls.backend, "gift_card")
        cls.cards.sudo().write({"purpose": "gift_card", "clearing_account_id": cls.liability.id})

    def card(self, amount, category="charge", order=None):
        """Return an entry of the gift card's gateway, posted."""
        entry = self.note(amount, category, order=order or self.order(), gateway=self.cards)
        self.post(self.cards)
        return entry

    def test_paying_with_a_card_takes_from_the_liability(self):
        entry = self.card(40)
        self.assertEqual(entry.clearing_line_id.account_id, self.liability)
        self.assertEqual(entry.clearing_line_id.balance, 40)
        self.assertEqual(entry.contra_line_id.account_id.account_type, "asset_receivable")

    def test_a_refund_to_a_card_adds_to_the_liability(self):
        self.card(40)
        self.card(-15, "refund")
        self.assertEqual(self.balance(gateway=self.cards), "25.00")

    def test_it_waits_for_no_payout(self):
        entry = self.card(40)
        self.assertEqual(entry.state, "settled")
        self.assertFalse(self.cards._is_settled_by_payouts())
        self.assertFalse(self.entries(state="posted"))

    def test_an_order_is_paid_with_a_card_and_money(self):
        binding = self.order("100.00")
        invoice = binding.odoo_id._create_invoices()
        invoice.action_post()
        self.card(40, order=binding)
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("partial", 60))
        self.note(60, order=binding)
        self.post()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(self.balance(), "60.00")

    def test_a_sold_card_is_owed_until_it_is_used(self):
        card = make_product(self.env, self.company, property_account_income_id=self.liability.id)
        binding = make_order(self.backend, card, "50.00")
        sold = binding.odoo_id._create_invoices()
        sold.action_post()
        self.assertEqual(self.balance(gateway=self.cards), "-50.00")
        self.card(50)
        self.assertEqual(self.balance(gateway=self.cards), "0.00")

    def test_a_late_order_gets_what_was_paid_with_a_card(self):
        entry = self.note(40, gateway=self.cards)
        self.post(self.cards)
        entry._set_order(self.order())
        self.post(self.cards)
        self.assertEqual(self.balance(Role.UNMATCHED, gateway=self.cards), "0.00")
        self.assertEqual(entry.state, "settled")
