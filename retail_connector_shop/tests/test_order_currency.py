from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import Money, MoneySet, PayableMoneySet
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .orders import OrderCase, line, order, tax


def activate(env, code, rounding):
    """Return a currency that is in use."""
    currency = env["res.currency"].with_context(active_test=False).search([("name", "=", code)])
    currency.write({"active": True, "rounding": rounding})
    return currency


@tagged("post_install", "-at_install")
class TestOrderCurrency(OrderCase):
    def test_a_currency_without_decimals(self):
        activate(self.env, "JPY", 1)
        self.make_tax(10)
        message = order(
            line("A", 3, "333", taxes=[tax("0.1", "100", currency="JPY")], currency="JPY"),
            total="1099",
            total_tax="100",
            currency="JPY",
        )
        sale = self.imported(message)
        self.assertEqual(sale.currency_id.name, "JPY")
        self.assertTotals(sale, "999", "100")

    def test_a_currency_with_three_decimals(self):
        activate(self.env, "BHD", 0.001)
        self.make_tax(10)
        message = order(
            line("A", 1, "1.235", taxes=[tax("0.1", "0.124", currency="BHD")], currency="BHD"),
            total="1.359",
            total_tax="0.124",
            currency="BHD",
        )
        self.assertTotals(self.imported(message), "1.235", "0.124")

    def test_orders_of_one_currency_share_a_price_list(self):
        activate(self.env, "JPY", 1)
        sales = [
            self.imported(order(line("A", 1, "5", currency="JPY"), total="5", currency="JPY"))
            for _time in range(2)
        ]
        self.assertEqual(len({sale.pricelist_id for sale in sales}), 1)

    def test_a_currency_that_is_not_in_use_is_a_matter_of_configuration(self):
        activate(self.env, "JPY", 1).active = False
        message = order(line("A", 1, "5", currency="JPY"), total="5", currency="JPY")
        problem = self.problem_of(message)
        self.assertIs(problem.error_class, ErrorClass.CONFIGURATION)
        self.assertEqual((problem.code, problem.subject), ("currency", "JPY"))

    def test_a_currency_that_rounds_otherwise_is_not_used(self):
        activate(self.env, "BHD", 0.01)
        message = order(line("A", 1, "5", currency="BHD"), total="5", currency="BHD")
        self.assertEqual(self.problem_of(message).code, "currency")

    def test_the_customers_currency_is_chosen_and_frozen(self):
        activate(self.env, "USD", 0.01)
        self.backend.currency_side = "presentment"

        def both(euro, dollar):
            return {
                "shop": Money(amount=Decimal(euro), currency="EUR"),
                "presentment": Money(amount=Decimal(dollar), currency="USD"),
            }

        position = line("A", 1, "10.00").model_copy(
            update={"unit_price": MoneySet(**both("10", "11")), "discount": MoneySet(**both(0, 0))}
        )
        message = order(position, total="10.00").model_copy(
            update={
                "presentment_currency": "USD",
                "total": PayableMoneySet(**both("10", "11")),
                "total_tax": PayableMoneySet(**both(0, 0)),
            }
        )
        sale = self.imported(message)
        self.assertEqual((sale.currency_id.name, sale.amount_total), ("USD", 11.0))
        binding = self.binding(message)
        self.assertEqual(binding.currency_side, "presentment")
        self.assertEqual((binding.other_currency, binding.other_amount_total), ("EUR", 10.0))
