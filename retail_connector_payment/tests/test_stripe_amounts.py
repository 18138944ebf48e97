from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import Money
from odoo.addons.retail_connector_base.providers import RejectedError

from ..providers.stripe.amounts import PLACES, STEPS, places, to_money, to_number, unconverted

CURRENCIES = sorted({*PLACES, *STEPS, "EUR", "USD", "HUF", "TWD"})


@tagged("post_install", "-at_install")
class TestStripeAmounts(BaseCase):
    def test_currencies_with_rules_of_their_own(self):
        """docs.stripe.com/currencies: 5 ISK are 500, 500 JPY are 500, 5.12 KWD are 5120."""
        cases = [(500, "ISK", "5"), (500, "UGX", "5"), (500, "JPY", "500"), (5_120, "KWD", "5.12"),
                 (1_045, "HUF", "10.45"), (80_000, "TWD", "800"), (500, "MGA", "500"),
                 (1_000, "USD", "10")]  # fmt: skip
        for number, currency, amount in cases:
            with self.subTest(currency=currency):
                money = to_money(number, currency)
                self.assertEqual(money, Money(amount=Decimal(amount), currency=currency))
                self.assertEqual(to_number(money), number)

    def test_what_stripe_cannot_express_is_refused(self):
        for amount, currency in [("1.005", "EUR"), ("0.5", "JPY"), ("5.123", "KWD"),
                                 ("5.5", "ISK"), ("0.01", "UGX")]:  # fmt: skip
            with self.subTest(currency=currency), self.assertRaises(RejectedError):
                to_number(Money(amount=Decimal(amount), currency=currency))

    @given(st.integers(1, 10**9), st.decimals("0.001", "1000", places=6), st.floats(0, 1))
    def test_before_a_conversion_it_was_a_part_of_the_whole(self, whole, rate, share):
        part = min(whole, round(whole * share))
        found = unconverted(round(part * rate), rate, whole, "JPY")
        self.assertLessEqual(abs(found - part), 2 / rate + whole * Decimal("0.000002") + 1)
        self.assertLessEqual(found, whole)
        self.assertEqual(unconverted(round(whole * rate), rate, whole, "JPY"), whole)

    def test_a_part_is_one_that_can_be_paid(self):
        self.assertEqual(unconverted(10, Decimal("0.244"), 10_000, "BHD"), 40)

    @given(st.sampled_from(CURRENCIES), st.integers(-(10**12), 10**12))
    def test_numbers_come_back_as_they_were(self, currency, units):
        number = units * STEPS.get(currency, 1)
        money = to_money(number, currency)
        self.assertEqual(to_number(money), number)
        self.assertEqual(money.amount * 10 ** places(currency), number)

    @given(st.sampled_from(CURRENCIES), st.lists(st.integers(-(10**9), 10**9), max_size=20))
    def test_sums_of_amounts_are_amounts_of_sums(self, currency, numbers):
        amounts = [to_money(number, currency).amount for number in numbers]
        self.assertEqual(sum(amounts, Decimal(0)), to_money(sum(numbers), currency).amount)
