from decimal import ROUND_HALF_UP, Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged
from odoo.tools import float_round

from ..decisions.discount import express

UNITS = {"JPY": Decimal(1), "EUR": Decimal("0.01"), "BHD": Decimal("0.001")}


@tagged("post_install", "-at_install")
class TestDiscount(BaseCase):
    def express(self, gross, net, quantity=1):
        net = Decimal(net)
        found = express(Decimal(gross), net, net, Decimal(quantity), 2)
        return found.price_unit, found.discount

    def test_a_round_percentage_leaves_the_price_as_it_is(self):
        self.assertEqual(self.express("50.00", "40.00", 5), (10.0, 20.0))

    def test_no_discount(self):
        self.assertEqual(self.express("29.97", "29.97", 3), (9.99, 0.0))

    def test_all_of_it(self):
        self.assertEqual(self.express("20.00", "0.00", 2), (10.0, 100.0))

    def test_nearly_all_of_it_is_not_free_of_charge(self):
        price, discount = self.express("99999.00", "0.01")
        self.assertEqual((round(price, 6), discount), (0.01, 0.0))

    def test_a_surcharge_goes_into_the_price(self):
        self.assertEqual(self.express("10.00", "11.00"), (11.0, 0.0))

    def test_something_for_nothing(self):
        self.assertEqual(self.express("0.00", "0.00"), (0.0, 0.0))

    @given(
        st.sampled_from(sorted(UNITS)),
        st.integers(0, 10_000_000),
        st.integers(1, 9999),
        st.sampled_from((Decimal(1), Decimal("0.001"), Decimal("0.25"))),
        st.integers(0, 10_000_000),
    )
    def test_the_amount_is_exact(self, currency, price, pieces, size, discount):
        unit, quantity = UNITS[currency], pieces * size
        gross = price * unit * quantity
        net = (gross - discount * unit).quantize(unit, ROUND_HALF_UP)
        assume(net >= 0)
        found = express(gross, net, net, quantity, 2)  # pylint: disable=unreachable
        amount = found.price_unit * float(quantity) * (1 - found.discount / 100)
        self.assertEqual(
            Decimal(str(float_round(amount, precision_rounding=float(unit)))).quantize(unit), net
        )
