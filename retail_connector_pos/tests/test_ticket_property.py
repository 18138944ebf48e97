from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from . import estate
from .common import PosCase
from .tickets import line, minor_unit, rounded, ticket

DIGITS = {"JPY": 0, "EUR": 2, "BHD": 3}
RATES = ("0.19", "0.07")

positions = st.tuples(
    st.sampled_from("ABC"),
    st.sampled_from(("1", "2", "5", "-1", "-3", "0.335")),
    st.integers(0, 20000),
    st.integers(0, 100),
    st.sampled_from((None, *RATES)),
)


@tagged("post_install", "-at_install")
class TestTicketProperty(PosCase):
    """Whatever a register sells and however it rounds: either Odoo's figures are its own, to the
    minor unit, or nothing is there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.backend.allows_unreferenced_returns = True
        cls.weigh()
        for name, digits in DIGITS.items():
            currency = estate.activate(cls.env, name)
            currency.rounding = 10.0**-digits
            if name != "EUR":
                cls._make_register_in(currency)

    @classmethod
    def _make_register_in(cls, currency):
        cls.env["res.currency.rate"].create(
            {
                "currency_id": currency.id,
                "company_id": cls.company.id,
                "name": "2026-01-01",
                "rate": 2.5,
            }
        )
        card = estate.make_method(cls.env, cls.company, "bank", f"Card {currency.name}", currency)
        config = estate.make_config(cls.env, cls.company, cls.warehouse, card, currency=currency)
        estate.make_register(cls.store, currency.name, config)

    def draw_ticket(self, currency, included, drawn):
        """Return a ticket of a register that rounds each line and each line's tax."""
        lines = []
        for sku, quantity, units, percent, rate in drawn:
            quantity, price = Decimal(quantity), units * minor_unit(currency)
            discount = rounded(price * quantity * percent / 100, currency)
            rates = (rate,) if rate else ()
            lines.append(line(sku, quantity, price, discount, rates, included, currency))
        register = "R1" if currency == "EUR" else currency
        return ticket(*lines, included=included, currency=currency, register=register)

    @settings(
        max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(
        st.sampled_from(sorted(DIGITS)), st.booleans(), st.lists(positions, min_size=1, max_size=5)
    )
    def test_what_is_imported_is_what_was_told(self, currency, included, drawn):
        message = self.draw_ticket(currency, included, drawn)
        _results, failures = self.run_import(message)
        order = self.order(message)
        if failures:
            (failure,) = failures.values()
            self.assertEqual(failure.problem.code, "total_mismatch")
            self.assertFalse(order)
            return
        found = [Decimal(str(order[f"amount_{name}"])) for name in ("total", "tax", "paid")]
        exact = [rounded(amount, currency) for amount in found]
        self.assertEqual(exact, [message.total, message.total_tax, message.total])
        self.assertEqual(self.computed(order, currency), [message.total, message.total_tax])

    def computed(self, order, currency):
        """Return (total, tax) as Odoo computes them anew, e.g. for the session's entry."""
        engine = self.env["account.tax"]
        base_lines = order._prepare_tax_base_line_values()
        engine._add_tax_details_in_base_lines(base_lines, order.company_id)
        engine._round_base_lines_tax_details(base_lines, order.company_id)
        sign = -1 if order.amount_total < 0 else 1
        details = [base_line["tax_details"] for base_line in base_lines]
        tax = sum(data["tax_amount_currency"] for each in details for data in each["taxes_data"])
        net = sum(
            each["total_excluded_currency"] + each["delta_total_excluded_currency"]
            for each in details
        )
        return [rounded(Decimal(str(round(a * sign, 6))), currency) for a in (net + tax, tax)]
