from odoo.tests import tagged

from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .orders import BERLIN, OrderCase, line, order, tax


@tagged("post_install", "-at_install")
class TestOrderTaxes(OrderCase):
    def message(self, rate="0.19", amount="1.90", title="VAT", **values):
        total = f"{10 + float(amount):.2f}"
        return order(
            line("A", taxes=[tax(rate, amount, title)]), total=total, total_tax=amount, **values
        )

    def test_the_only_tax_that_fits_is_mapped_and_visible(self):
        vat = self.make_tax(19)
        self.make_tax(7)
        self.make_tax(19, included=True)
        self.assertEqual(self.imported(self.message()).order_line.tax_ids, vat)
        mapping = self.env["retail.mapping"].search([("backend_id", "=", self.backend.id)])
        self.assertEqual((mapping.tax_id, mapping.origin, mapping.kind), (vat, "automatic", "tax"))
        self.assertEqual(mapping.external_key, "vat|0.19|excluded|de")

    def test_none_or_several_is_for_a_person(self):
        problem = self.problem_of(self.message())
        self.assertEqual((problem.code, problem.fix), ("unmapped_tax", "map_value"))
        self.assertIs(problem.error_class, ErrorClass.MAPPING)
        self.assertEqual(problem.fix_values["context"]["rate"], "0.19")
        self.make_tax(19, name="VAT goods")
        self.make_tax(19, name="VAT services")
        self.assertEqual(self.problem_of(self.message()).code, "unmapped_tax")

    def test_a_tax_of_another_country_does_not_fit(self):
        self.make_tax(19)
        abroad = BERLIN.model_copy(update={"country_code": "RO"})
        self.assertEqual(
            self.problem_of(self.message(shipping_address=abroad)).code, "unmapped_tax"
        )

    def test_a_backend_may_want_every_tax_mapped(self):
        self.make_tax(19)
        self.backend.tax_policy = "mapped"
        self.assertEqual(self.problem_of(self.message()).code, "unmapped_tax")

    def test_a_mapped_tax_is_used_whatever_else_would_fit(self):
        self.make_tax(19)
        special = self.make_tax(19, name="Special", active=False)
        special.active = True
        problem_word = "VAT|0.19|excluded|DE"
        self.env["retail.mapping"].create(
            {
                "backend_id": self.backend.id,
                "kind": "tax",
                "external_key": problem_word,
                "tax_id": special.id,
            }
        )
        self.assertEqual(self.imported(self.message()).order_line.tax_ids, special)

    def test_what_the_channel_pays_is_never_guessed(self):
        self.make_tax(19)
        message = order(
            line("A", taxes=[tax("0.19", "1.90", channel_liable=True)]),
            total="11.90",
            total_tax="1.90",
        )
        self.assertEqual(self.problem_of(message).code, "unmapped_tax")

    def test_a_fiscal_position_translates_nothing(self):
        vat = self.make_tax(19)
        other = self.make_tax(0, name="Export")
        self.env["account.fiscal.position"].create(
            {
                "name": "Everybody",
                "auto_apply": True,
                "company_id": self.company.id,
                "tax_ids": [(4, other.id)],
            }
        )
        self.assertEqual(self.imported(self.message()).order_line.tax_ids, vat)

    def test_a_rate_of_zero_needs_no_tax(self):
        self.assertFalse(self.imported(self.message("0", "0.00")).order_line.tax_ids)
