from decimal import Decimal
from itertools import count

from odoo import fields
from odoo.tests import tagged

from .publishing import PublishingCase

numbers = count(1)


@tagged("post_install", "-at_install")
class TestPrice(PublishingCase):
    """What a price is in a shop."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.template(price=10.0).product_variant_id
        cls.company = cls.backend.company_id

    def shown(self, product=None):
        """Return the price of a product in the shop, and what it is compared with."""
        product = product or self.product
        price = self.env["retail.price"]._of(self.backend, product)[product.id]
        return price.price, price.compare_at

    def pricelist(self, currency=None, **item):
        """Create a price list of one rule for everything."""
        currency = currency or self.company.currency_id
        rule = {"compute_price": "percentage", "percent_price": 20.0, **item}
        return self.env["product.pricelist"].create(
            {"name": "Shop", "currency_id": currency.id, "item_ids": [(0, 0, rule)]}
        )

    def currency(self, name, rate):
        """Return a currency at a rate."""
        currency = self.env["res.currency"].with_context(active_test=False)
        found = currency.search([("name", "=", name)])
        found.active = True
        found.rate_ids.unlink()
        found.rate_ids = [(0, 0, {"name": "2020-01-01", "rate": rate})]
        return found

    def tax(self, included, amount=20.0):
        """Create a tax that prices do or do not include."""
        return self.env["account.tax"].create(
            {
                "name": f"VAT {next(numbers)}",
                "amount": amount,
                "price_include_override": "tax_included" if included else "tax_excluded",
            }
        )

    def report(self, **details):
        """Let the connection test have reported something."""
        told = [[name.replace("_", " "), value] for name, value in details.items()]
        self.backend.last_test_report = {"details": told}

    def test_the_sales_price_without_a_list(self):
        self.assertEqual(self.shown(), (Decimal("10.00"), None))

    def test_the_price_list(self):
        self.backend.pricelist_id = self.pricelist()
        self.assertEqual(self.shown(), (Decimal("8.00"), None))

    def test_one_unit_today(self):
        self.backend.pricelist_id = self.pricelist(min_quantity=2)
        self.assertEqual(self.shown()[0], Decimal("10.00"))
        self.backend.pricelist_id.item_ids.write(
            {"min_quantity": 0, "date_start": fields.Datetime.add(fields.Datetime.now(), days=1)}
        )
        self.assertEqual(self.shown()[0], Decimal("10.00"))

    def test_compare_at_is_the_sales_price_or_another_list(self):
        self.backend.pricelist_id = self.pricelist()
        self.backend.compare_at_policy = "list_price"
        self.assertEqual(self.shown(), (Decimal("8.00"), Decimal("10.00")))
        self.backend.compare_at_policy = "pricelist"
        self.backend.compare_at_pricelist_id = self.pricelist(percent_price=10.0)
        self.assertEqual(self.shown(), (Decimal("8.00"), Decimal("9.00")))

    def test_a_price_that_is_not_lower_is_compared_with_nothing(self):
        self.backend.compare_at_policy = "list_price"
        self.assertEqual(self.shown(), (Decimal("10.00"), None))

    def test_currencies_without_and_with_three_decimals(self):
        self.product.list_price = 10.0
        for name, rate, expected in (("JPY", 161.237, "1612"), ("BHD", 0.37654, "3.765")):
            currency = self.currency(name, rate)
            self.report(Currency=name)
            self.backend.pricelist_id = self.pricelist(currency, percent_price=0.0)
            self.assertFalse(self.backend.price_problem)
            self.assertEqual(str(self.shown()[0]), expected)

    def test_a_list_in_another_currency_is_a_problem(self):
        self.currency("JPY", 160.0)
        self.report(Currency="JPY")
        self.assertIn("JPY", self.backend.price_problem)
        self.backend.pricelist_id = self.pricelist()
        self.assertIn(self.company.currency_id.name, self.backend.price_problem)

    def test_taxes_are_added_and_taken_away_as_the_shop_shows_prices(self):
        table = (
            (False, "included", "12.00"),
            (False, "excluded", "10.00"),
            (True, "included", "10.00"),
            (True, "excluded", "8.33"),
        )
        for included, display, expected in table:
            self.product.taxes_id = self.tax(included)
            self.backend.price_tax_display = display
            with self.subTest(included=included, display=display):
                self.assertEqual(self.shown()[0], Decimal(expected))

    def test_several_taxes_and_fixed_ones(self):
        """Two taxes in per cent, and an amount per unit, as an order would be taxed."""
        self.backend.price_tax_display = "included"
        fixed = self.tax(False, amount=1.5)
        fixed.amount_type = "fixed"
        for taxes, expected in (
            (self.tax(False) | self.tax(False, amount=5.5), "12.55"),
            (self.tax(False) | fixed, "13.50"),
            (fixed, "11.50"),
        ):
            self.product.taxes_id = taxes
            with self.subTest(taxes=taxes.mapped("name")):
                self.assertEqual(self.shown()[0], Decimal(expected))

    def test_prices_are_those_that_an_order_would_have(self):
        for price in (0.01, 9.99, 19.95, 1234.56):
            for included in (True, False):
                taxes = self.tax(included, amount=21.0) | self.tax(included, amount=2.5)
                self.product.write({"taxes_id": [(6, 0, taxes.ids)], "list_price": price})
                totals = taxes.compute_all(price, product=self.product)
                for display in ("included", "excluded"):
                    self.backend.price_tax_display = display
                    with self.subTest(price=price, included=included, display=display):
                        expected = totals[f"total_{display}"]
                        self.assertAlmostEqual(float(self.shown()[0]), expected, delta=0.0101)

    def test_the_shop_says_whether_it_shows_taxes(self):
        self.product.taxes_id = self.tax(False)
        self.report(Prices_include_taxes="yes")
        self.assertEqual(self.shown()[0], Decimal("12.00"))
        self.report(Prices_include_taxes="no")
        self.assertEqual(self.shown()[0], Decimal("10.00"))

    def test_taxes_of_other_companies_do_not_count(self):
        other = self.env["res.company"].create(
            {"name": "Other", "country_id": self.company.country_id.id}
        )
        group = self.env["account.tax.group"].create({"name": "T", "company_id": other.id})
        theirs = self.env["account.tax"].create(
            {
                "name": "Theirs",
                "amount": 50.0,
                "company_id": other.id,
                "tax_group_id": group.id,
                "country_id": self.company.country_id.id,
            }
        )
        self.product.taxes_id = theirs
        self.backend.price_tax_display = "included"
        self.assertEqual(self.shown()[0], Decimal("10.00"))

    def test_compare_at_is_shown_with_the_same_taxes(self):
        self.product.taxes_id = self.tax(False)
        self.backend.write(
            {
                "pricelist_id": self.pricelist().id,
                "compare_at_policy": "list_price",
                "price_tax_display": "included",
            }
        )
        self.assertEqual(self.shown(), (Decimal("9.60"), Decimal("12.00")))
