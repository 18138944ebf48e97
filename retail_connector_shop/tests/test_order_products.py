from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from .orders import OrderCase, charge, line, order


@tagged("post_install", "-at_install")
class TestOrderProducts(OrderCase):
    def bind(self, variant, product):
        self.env["retail.product.binding"].create(
            {"backend_id": self.backend.id, "external_id": variant, "odoo_id": product.id}
        )

    def product_of(self, **values):
        return self.imported(order(line(**values), total="10.00")).order_line.product_id

    def test_a_binding_comes_before_the_sku(self):
        self.bind("V-A", self.products["B"])
        self.assertEqual(self.product_of(sku="A"), self.products["B"])

    def test_the_policy_says_what_comes_first(self):
        self.products["B"].barcode = "4006381333931"
        both = {"sku": "A", "barcode": "4006381333931"}
        self.assertEqual(self.product_of(**both), self.products["A"])
        self.backend.product_match = "barcode_sku"
        self.assertEqual(self.product_of(**both), self.products["B"])
        self.backend.product_match = "binding"
        self.assertEqual(self.problem_of(order(line(**both), total="10.00")).code, "unknown_sku")

    def test_a_shared_sku_is_not_guessed(self):
        self.make_product("A")
        problem = self.problem_of(order(line("A"), total="10.00"))
        self.assertEqual((problem.code, problem.subject), ("unknown_sku", "A"))

    def test_another_companys_product_is_not_found(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.products["A"].copy({"default_code": "X", "company_id": other.id})
        self.assertEqual(self.problem_of(order(line("X"), total="10.00")).code, "unknown_sku")

    def test_all_failures_of_a_batch_are_named_at_once_and_the_rest_comes_through(self):
        good, *bad = (order(line(sku), total="10.00") for sku in ("A", "X", "Y"))
        results, failures = self.run_import(*bad, good)
        self.assertEqual(list(results), [good.external_id])
        self.assertEqual({f.problem.subject for f in failures.values()}, {"X", "Y"})

    def test_a_backend_without_a_product_for_shipping_is_told(self):
        self.backend.shipping_product_id = False
        problem = self.problem_of(order(line("A"), shipping=[charge("1")], total="11.00"))
        self.assertIs(problem.error_class, ErrorClass.CONFIGURATION)

    # The fix

    def exception_of(self, message):
        return self.env["retail.exception"]._report(self.backend, self.problem_of(message))

    def wizard(self, message):
        context = self.exception_of(message).action_fix()["context"]
        return self.env["retail.product.wizard"].with_context(**context).create({})

    def test_an_unknown_variant_is_mapped_by_a_button(self):
        message = order(line("X"), total="10.00")
        wizard = self.wizard(message)
        wizard.product_id = self.products["C"]
        wizard.action_apply()
        self.assertEqual(wizard.exception_id.state, "resolved")
        self.assertEqual(self.imported(message).order_line.product_id, self.products["C"])

    def test_an_unknown_variant_becomes_a_product(self):
        message = order(line("X"), total="10.00")
        self.wizard(message).action_create_target()
        product = self.imported(message).order_line.product_id
        self.assertEqual((product.default_code, product.list_price), ("X", 10.0))
        self.assertTrue(product.is_storable)

    def test_a_deleted_product_is_sold_as_a_service(self):
        message = order(line(None, variant_external_id=None, title="Gone"), total="10.00")
        self.wizard(message).action_use_service()
        found = self.imported(message).order_line
        self.assertEqual((found.product_id, found.name), (self.backend.custom_product_id, "Gone"))

    def test_an_operator_does_not_decide_about_products(self):
        operator = new_test_user(
            self.env,
            "retail-operator",
            groups="base.group_user,retail_connector_base.group_operator",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        exception = self.exception_of(order(line("X"), total="10.00"))
        with self.assertRaises(AccessError):
            exception.with_user(operator).action_fix()
