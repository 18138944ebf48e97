from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import LineKind
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .orders import OrderCase, charge, custom, line, order, tax


@tagged("post_install", "-at_install")
class TestOrderTotals(OrderCase):
    def invoice_of(self, sale):
        invoice = sale._create_invoices()
        invoice.action_post()
        return invoice

    def three_roundings(self):
        """Three lines of 1.05 with 7 %: 0.07 each in the shop, 0.22 over the document."""
        return order(
            *(line(sku, 1, "1.05", taxes=[tax("0.07", "0.07")]) for sku in "ABC"),
            total="3.36",
            total_tax="0.21",
        )

    def test_rounding_per_line_holds_where_the_company_rounds_globally(self):
        self.make_tax(7)
        self.company.tax_calculation_rounding_method = "round_globally"
        sale = self.imported(self.three_roundings())
        self.assertTotals(sale, "3.15", "0.21")
        self.assertTrue(all(sale.order_line.mapped("extra_tax_data")))

    def test_the_invoice_has_the_channels_totals_too(self):
        self.make_tax(7)
        self.company.tax_calculation_rounding_method = "round_globally"
        self.load_chart()
        invoice = self.invoice_of(self.imported(self.three_roundings()))
        self.assertTotals(invoice, "3.15", "0.21")

    def load_chart(self):
        """Give the company the accounts and the journal that an invoice needs."""
        accounts = self.env["account.account"].with_company(self.company)
        income = accounts.create({"name": "Sales", "code": "400000", "account_type": "income"})
        receivable = accounts.create(
            {
                "name": "Debtors",
                "code": "120000",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )
        self.env["account.journal"].create(
            {
                "name": "Sales",
                "code": "INV",
                "type": "sale",
                "company_id": self.company.id,
                "default_account_id": income.id,
            }
        )
        self.env["ir.default"].set(
            "res.partner",
            "property_account_receivable_id",
            receivable.id,
            company_id=self.company.id,
        )

    def test_a_company_that_rounds_per_line_needs_nothing_of_it(self):
        self.make_tax(7)
        self.company.tax_calculation_rounding_method = "round_per_line"
        sale = self.imported(self.three_roundings())
        self.assertTotals(sale, "3.15", "0.21")
        self.assertFalse(any(sale.order_line.mapped("extra_tax_data")))

    def test_a_wrong_tax_amount_is_not_papered_over(self):
        self.make_tax(19)
        message = order(
            line("A", 1, "10.00", taxes=[tax("0.19", "1.95")]), total="11.95", total_tax="1.95"
        )
        self.backend.rounding_tolerance = 100
        partners = self.env["res.partner"].search_count([])
        problem = self.problem_of(message)
        self.assertEqual(problem.code, "total_mismatch")
        self.assertIs(problem.error_class, ErrorClass.FINANCE)
        self.assertEqual(str(problem.amount), "11.95")
        self.assertIn(("Taxes", "1.95 EUR", "1.90 EUR"), problem.comparison)
        self.assertFalse(self.binding(message))
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_included_taxes_with_a_discount(self):
        self.make_tax(19, included=True)
        message = order(
            line("A", 3, "9.99", discount="1.00", taxes=[tax("0.19", "4.63")]),
            shipping=[charge("4.90", taxes=[tax("0.19", "0.78")])],
            total="33.87",
            total_tax="5.41",
            taxes_included=True,
        )
        sale = self.imported(message)
        self.assertTotals(sale, "28.46", "5.41")
        self.assertEqual(sale.order_line[0].discount, 3.34)
        self.assertAlmostEqual(sale.order_line[0].price_unit, 9.99, 2)

    def test_two_taxes_on_a_line(self):
        self.company.account_fiscal_country_id = self.env.ref("base.de")
        state, city = self.make_tax(6), self.make_tax(2.5)
        message = order(
            line(
                "A",
                2,
                "9.95",
                taxes=[tax("0.06", "1.19", "State"), tax("0.025", "0.50", "City")],
            ),
            total="21.59",
            total_tax="1.69",
        )
        sale = self.imported(message)
        self.assertTotals(sale, "19.90", "1.69")
        self.assertEqual(sale.order_line.tax_ids, state | city)

    def test_a_tax_of_the_other_kind_may_be_mapped(self):
        excluded = self.make_tax(19)
        message = order(
            line("A", 1, "11.90", taxes=[tax("0.19", "1.90")]),
            total="11.90",
            total_tax="1.90",
            taxes_included=True,
        )
        problem = self.problem_of(message)
        self.assertEqual(problem.code, "unmapped_tax")
        mapping = self.env["retail.mapping"]._note_unmapped(self.backend, [problem.fix_values])[0]
        mapping.tax_id = excluded
        self.assertTotals(self.imported(message), "10.00", "1.90")

    def test_the_untaxed_total_may_differ_within_the_tolerance(self):
        message = order(line("A", 1, "10.00"), total="10.01")
        self.assertEqual(self.problem_of(message).code, "total_mismatch")
        self.backend.rounding_tolerance = 5
        sale = self.imported(message)
        self.assertTotals(sale, "10.01", "0.00")
        self.assertEqual(sale.order_line[-1].product_id, self.backend.rounding_product_id)

    def test_not_more_than_a_minor_unit_per_line(self):
        self.backend.rounding_tolerance = 5
        message = order(line("A", 1, "10.00"), total="10.02")
        self.assertEqual(self.problem_of(message).code, "total_mismatch")

    def test_tips_duties_gift_cards_and_order_discounts_are_lines_of_their_own(self):
        kinds = (LineKind.TIP, LineKind.DUTY, LineKind.GIFT_CARD, LineKind.FEE, LineKind.CUSTOM)
        message = order(
            line("A", 1, "10.00"),
            *(custom(kind, "1.00") for kind in kinds),
            custom(LineKind.DISCOUNT, "-2.50"),
            total="12.50",
        )
        sale = self.imported(message)
        self.assertTotals(sale, "12.50", "0.00")
        self.assertEqual(
            sale.order_line[1:].product_id,
            self.backend.tip_product_id
            | self.backend.duty_product_id
            | self.backend.gift_card_product_id
            | self.backend.fee_product_id
            | self.backend.custom_product_id
            | self.backend.discount_product_id,
        )

    def test_an_exempt_line_has_no_tax_not_even_its_products(self):
        vat = self.make_tax(19)
        self.products["A"].taxes_id = vat
        message = order(line("A", 1, "10.00", taxes=[tax("0.19", "0.00")]), total="10.00")
        sale = self.imported(message)
        self.assertFalse(sale.order_line.tax_ids)
        self.assertTotals(sale, "10.00", "0.00")

    def test_everything_free(self):
        message = order(line("A", 2, "10.00", discount="20.00"), total="0.00")
        sale = self.imported(message)
        self.assertTotals(sale, "0.00", "0.00")
        self.assertEqual((sale.order_line.price_unit, sale.order_line.discount), (10.0, 100.0))

    def test_fractional_quantities(self):
        self.products["A"].uom_id = self.env.ref("uom.product_uom_kgm")
        message = order(line("A", "1.25", "3.33"), total="4.16")
        sale = self.imported(message)
        self.assertTotals(sale, "4.16", "0.00")
        self.assertEqual(sale.order_line.product_uom_qty, 1.25)
