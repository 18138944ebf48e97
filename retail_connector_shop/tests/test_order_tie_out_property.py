from decimal import ROUND_HALF_UP, Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .orders import OrderCase, charge, line, order, tax
from .test_order_currency import activate

DIGITS = {"JPY": 0, "EUR": 2, "BHD": 3}
RATES = (Decimal("0.19"), Decimal("0.07"), Decimal("0.0825"))


def unit(currency):
    return Decimal(1).scaleb(-DIGITS[currency])


def rounded(amount, currency):
    return amount.quantize(unit(currency), ROUND_HALF_UP)


positions = st.tuples(
    st.sampled_from("ABC"),
    st.integers(1, 9),
    st.integers(0, 20000),
    st.integers(0, 100),
    st.sampled_from((None, *RATES)),
)


@tagged("post_install", "-at_install")
class TestOrderTieOutProperty(OrderCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code, digits in DIGITS.items():
            activate(cls.env, code, float(Decimal(1).scaleb(-digits)))
        for rate in RATES:
            for included in (False, True):
                cls.make_tax(float(rate * 100), included=included)

    def draw_order(self, currency, included, drawn):
        """Return an order as a shop computes it: every line's tax rounded on its own.

        The first position is the shipping charge.
        """
        parts, total, total_tax = [], Decimal(0), Decimal(0)
        for index, (sku, quantity, minor_units, percent, rate) in enumerate(drawn):
            quantity = quantity if index else 1
            price = minor_units * unit(currency)
            discount = rounded(price * quantity * percent / 100, currency)
            net = price * quantity - discount
            base = net / (1 + (rate or 0)) if included else net
            amount = rounded(base * (rate or 0), currency)
            taxes = [tax(rate, amount, f"VAT {rate}", currency)] if rate else []
            if index:
                parts.append(line(sku, quantity, price, discount, taxes, currency))
            else:
                parts.append(charge(price, discount, taxes, currency))
            total += net if included else net + amount
            total_tax += amount
        return order(
            *parts[1:],
            shipping=parts[:1],
            total=total,
            total_tax=total_tax,
            currency=currency,
            taxes_included=included,
        )

    def check(self, method, currency, included, drawn):
        self.company.tax_calculation_rounding_method = method
        message = self.draw_order(currency, included, drawn)
        sale = self.imported(message)
        total = Decimal(str(sale.amount_total)).quantize(unit(currency))
        taxes = Decimal(str(sale.amount_tax)).quantize(unit(currency))
        self.assertEqual((total, taxes), (message.total.shop.amount, message.total_tax.shop.amount))

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(("round_globally", "round_per_line")),
        st.sampled_from(sorted(DIGITS)),
        st.booleans(),
        st.lists(positions, min_size=2, max_size=6),
    )
    def test_what_a_shop_rounds_per_line_ties_in_odoo(self, method, currency, included, drawn):
        self.check(method, currency, included, drawn)
