from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import Money

from ..decisions.ledger import Role
from .common import make_backend, make_company, make_gateway, set_rate
from .payouts import Category, PayoutCase, payout_message, transaction

# Units of the currency for one of the company's, at the payments' day and at the payouts'.
RATES = {
    "USD": ("1.25", "1.20"),
    "GBP": ("0.80", "0.85"),
    "JPY": ("160", "170"),
    "BHD": ("0.40", "0.41"),
}


class ForeignCase(PayoutCase):
    """A company in EUR; every other currency is worth something else when the payout arrives."""

    own = "EUR"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.own != "EUR":
            cls.company = make_company(cls.env, currency=cls.own)
            cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.company.ids})
            cls.company = cls.company.with_env(cls.env)
            cls.backend = make_backend(cls.env, cls.company)
            cls.gateway = make_gateway(cls.backend)
        for currency, rates in RATES.items():
            for rate, day in zip(rates, ("2026-01-01", "2026-05-06"), strict=True):
                set_rate(cls.env, cls.company, currency, float(rate), day)

    def converted(self, payment, gross, currency, fee="0", **values):
        """Return the transaction of a payment that the gateway converted."""
        line = self.line_of(payment)
        gross, fee = Decimal(gross), Decimal(fee)
        original = Money(amount=line.gross.amount, currency=line.gross.currency)
        return line.model_copy(
            update={
                "gross": Money(amount=gross, currency=currency),
                "original": original,
                "fee": fee,
                "net": gross - fee,
                **values,
            }
        )

    def exchange(self):
        """Return the exchange difference: a gain is positive."""
        accounts = [self.gateway._role_account(r) for r in (Role.EXCHANGE_GAIN, Role.EXCHANGE_LOSS)]
        found = self.env["account.move.line"].search(
            [("account_id", "in", [one.id for one in accounts]), ("parent_state", "=", "posted")]
        )
        return round(-sum(found.mapped("balance")), 2)

    def clearing_is_empty(self):
        """Check the clearing account in every currency, and in the company's."""
        self.assertEqual(float(self.balance(Role.CLEARING)), 0)
        self.assert_tied()
        self.assert_balanced()


@tagged("post_install", "-at_install")
class TestPayoutForeign(ForeignCase):
    def test_a_payout_in_another_currency_has_an_exchange_difference(self):
        charge = self.charge("125.00", "USD")
        payout = self.settle(payout_message(self.line_of(charge, fee="5.00"), currency="USD"))
        self.assertEqual(payout.state, "settled")
        # 125 USD were 100 EUR; 120 + 5 USD are 100 + 4.17 EUR now.
        self.assertEqual(self.balance(Role.TRANSIT), "100.00")
        self.assertEqual(self.balance(Role.TRANSIT, "USD"), "120.00")
        self.assertEqual(self.balance(Role.FEE), "4.17")
        self.assertEqual(self.exchange(), 4.17)
        self.clearing_is_empty()

    def test_a_charge_in_another_currency_than_its_payout(self):
        charge = self.charge("125.00", "USD")
        line = self.converted(charge, "99.00", "EUR", fee="1.00")
        payout = self.settle(payout_message(line))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.TRANSIT), "98.00")
        self.assertEqual(self.exchange(), -1.0)
        self.clearing_is_empty()

    def test_three_currencies(self):
        charge = self.charge("100.00", "GBP")
        line = self.converted(charge, "150.00", "USD", fee="3.00")
        payout = self.settle(payout_message(line, currency="USD"))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.TRANSIT, "USD"), "147.00")
        self.assertEqual(self.balance(Role.TRANSIT), "122.50")
        self.clearing_is_empty()

    def test_yen_have_no_decimal_places(self):
        charge = self.charge("16000", "JPY")
        payout = self.settle(payout_message(self.line_of(charge, fee="400"), currency="JPY"))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.TRANSIT, "JPY"), "15600")
        self.clearing_is_empty()

    def test_a_fraction_of_a_yen_is_not_believed(self):
        charge = self.charge("16000", "JPY")
        line = self.line_of(charge, fee="0.5")
        message = payout_message(line, currency="JPY", amount="16000")
        payout = self.settle(message)
        self.assertEqual(payout.state, "parked")
        self.assertFalse(payout.move_ids)

    def test_dinars_have_three(self):
        charge = self.charge("12.345", "BHD")
        payout = self.settle(payout_message(self.line_of(charge, fee="0.123"), currency="BHD"))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.TRANSIT, "BHD"), "12.222")
        self.clearing_is_empty()

    def test_many_small_amounts_are_closed_one_by_one(self):
        charges = [self.charge(f"0.0{number}", "USD") for number in range(1, 8)]
        payout = self.settle(payout_message(*map(self.line_of, charges), currency="USD"))
        self.assertEqual(payout.state, "settled")
        self.assertTrue(all(self.entries().clearing_line_id.mapped("full_reconcile_id")))
        self.clearing_is_empty()

    def test_what_the_customer_paid_must_be_what_was_posted(self):
        charge = self.charge("125.00", "USD")
        line = self.converted(
            charge, "99.00", "EUR", original=Money(amount=Decimal(120), currency="USD")
        )
        self.assertEqual(self.settle(payout_message(line)).state, "parked")

    def test_a_conversion_that_is_not_told_must_be_likely(self):
        likely, unlikely = self.charge("125.00", "USD"), self.charge("125.00", "USD")
        line = self.converted(likely, "99.00", "EUR", original=None)
        self.assertEqual(self.settle(payout_message(line)).state, "settled")
        line = self.converted(unlikely, "60.00", "EUR", original=None)
        self.assertEqual(self.settle(payout_message(line)).state, "parked")

    def test_one_clearing_account_holds_several_currencies(self):
        dollars = self.charge("125.00", "USD")
        self.charge("7.00", "GBP")
        self.settle(payout_message(self.line_of(dollars), currency="USD"))
        self.assertEqual(self.balance(Role.CLEARING, "USD"), "0.00")
        self.assertEqual(self.balance(Role.CLEARING, "GBP"), "7.00")
        self.assert_tied()

    def test_without_accounts_of_its_own_the_company_s_take_the_difference(self):
        self.gateway.sudo().write(
            {"exchange_gain_account_id": False, "exchange_loss_account_id": False}
        )
        charge = self.charge("125.00", "USD")
        payout = self.settle(payout_message(self.line_of(charge), currency="USD"))
        self.assertEqual(payout.state, "settled")
        gain = self.company.income_currency_exchange_account_id
        self.assertIn(gain, payout.move_ids.line_ids.account_id)

    def test_an_adjustment_in_the_payout_s_currency(self):
        charge = self.charge("125.00", "USD")
        other = transaction(Category.ADJUSTMENT, "-1.20", currency="USD")
        self.settle(payout_message(self.line_of(charge), other, currency="USD"))
        self.assertEqual(self.balance(Role.ADJUSTMENT), "1.00")
        self.clearing_is_empty()


@tagged("post_install", "-at_install")
class TestPayoutOfAYenCompany(ForeignCase):
    own = "JPY"

    def test_a_company_without_decimal_places(self):
        rate = self.env["res.currency.rate"]
        rate.search([("company_id", "=", self.company.id)]).unlink()
        set_rate(self.env, self.company, "USD", 0.0067, "2026-01-01")
        set_rate(self.env, self.company, "USD", 0.0069, "2026-05-06")
        charges = [self.charge(amount, "USD") for amount in ("0.01", "19.99", "7.77")]
        lines = [self.line_of(one, fee="0.01") for one in charges]
        payout = self.settle(payout_message(*lines, currency="USD"))
        self.assertEqual(payout.state, "settled")
        self.assertEqual(self.balance(Role.TRANSIT, "USD"), "27.74")
        self.clearing_is_empty()
