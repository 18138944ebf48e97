from datetime import datetime, timedelta, timezone
from itertools import permutations

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import Price
from odoo.addons.retail_connector_base.tests.access import create_user
from odoo.addons.retail_connector_base.tests.common import create_backend

from .orders import OrderCase, run_import

NOON = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)


@tagged("post_install", "-at_install")
class TestRetailImporterPrice(OrderCase):
    """A system that owns prices, and one that does not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_backend(cls.env, name="Prices", company_id=cls.company.id)
        cls.source._set_owner("price", "price", "channel")
        cls.list = cls.env["product.pricelist"].create(
            {
                "name": "Retail",
                "currency_id": cls.env.ref("base.EUR").id,
                "company_id": cls.company.id,
            }
        )
        cls.env["retail.mapping"].create(
            {
                "backend_id": cls.source.id,
                "kind": "price_list",
                "external_key": "retail",
                "pricelist_id": cls.list.id,
            }
        )
        cls.product = cls.products["A"]
        cls.product.list_price = 99.0

    def price(self, amount, minutes=0, external_id="A", **values):
        """Return a price told ``minutes`` after noon."""
        defaults = {"sku": "A", "price_list": "retail", "currency": "EUR"}
        return Price(
            external_id=external_id,
            updated_at=NOON + timedelta(minutes=minutes),
            amount=amount,
            **{**defaults, **values},
        )

    def tell(self, *prices, backend=None):
        results, failures = run_import(backend or self.source, *prices)
        for failure in failures.values():
            self.fail(failure.problem.cause)
        return [results[price.external_id].outcome.value for price in prices]

    def problem(self, price):
        results, failures = run_import(self.source, price)
        self.assertFalse(results, "it was taken")
        (failure,) = failures.values()
        return failure.problem

    def items(self):
        return self.list.item_ids

    def refusals(self, backend):
        return self.env["retail.refusal"].search([("backend_id", "=", backend.id)])

    def test_a_price_becomes_a_rule_of_its_list(self):
        until = NOON + timedelta(days=30)
        self.assertEqual(
            self.tell(self.price("12.5", min_quantity="10", valid_from=NOON, valid_until=until)),
            ["done"],
        )
        rule = self.items()
        self.assertEqual(
            (rule.product_id, rule.fixed_price, rule.min_quantity), (self.product, 12.5, 10)
        )
        self.assertEqual(rule.date_start, datetime(2026, 1, 1, 12))
        self.assertEqual(self.product.list_price, 99.0)
        self.assertEqual(
            self.list._get_product_price(self.product, 10, date=datetime(2026, 1, 5)), 12.5
        )

    def test_a_new_amount_changes_the_rule(self):
        self.tell(self.price("12.5"))
        self.tell(self.price("11", 1))
        self.assertEqual(self.items().fixed_price, 11)

    def test_a_price_that_is_taken_back_is_gone(self):
        self.tell(self.price("12.5"))
        self.assertEqual(self.tell(self.price(None, 1)), ["done"])
        self.assertFalse(self.items())
        self.assertEqual(self.tell(self.price(None, 2)), ["done"])
        self.tell(self.price("13", 3))
        self.assertEqual(self.items().fixed_price, 13)

    def test_prices_in_any_order_end_with_the_latest(self):
        for number, order in enumerate(permutations([1, 2, 3])):
            self.items().unlink()
            for minute in order:
                self.tell(self.price(str(minute), minute, external_id=f"A{number}"))
            self.assertEqual(self.items().fixed_price, 3)

    def test_a_replay_makes_no_second_rule(self):
        self.tell(self.price("12.5"), self.price("7", sku="B", external_id="B"))
        self.tell(self.price("12.5"))
        self.assertEqual(len(self.items()), 2)

    def test_a_rule_that_a_person_made_is_taken_over(self):
        rule = self.env["product.pricelist.item"].create(
            {
                "pricelist_id": self.list.id,
                "applied_on": "0_product_variant",
                "product_id": self.product.id,
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "compute_price": "fixed",
                "fixed_price": 20,
            }
        )
        self.tell(self.price("12.5"))
        self.assertEqual((self.items(), rule.fixed_price), (rule, 12.5))
        self.assertEqual(self.refusals(self.source).side, "replaced")

    def test_without_a_list_it_is_the_sales_price_or_the_backends_list(self):
        self.tell(self.price("12.5", price_list=None))
        self.assertEqual(self.product.list_price, 12.5)
        self.source.write({"price_target": "pricelist", "pricelist_id": self.list.id})
        self.tell(self.price("8", 1, price_list=None, external_id="other"))
        self.assertEqual((self.items().fixed_price, self.product.list_price), (8, 12.5))

    def test_a_sales_price_cannot_be_taken_back(self):
        self.tell(self.price("12.5", price_list=None))
        self.tell(self.price(None, 1, price_list=None))
        self.assertEqual(self.product.list_price, 12.5)

    # What does not fit

    def test_what_does_not_fit_waits_for_a_person(self):
        included = self.company.account_price_include == "tax_included"
        cases = [
            (self.price("1", currency="USD"), "price_currency"),
            (self.price("1", price_list="unheard of"), "unmapped_price_list"),
            (self.price("1", sku="NOBODY"), "unknown_sku"),
            (self.price("1", taxes_included=not included), "price_taxes"),
            (self.price("0.123456"), "price_digits"),
            (self.price("1", price_list=None, min_quantity="10"), "price_place"),
        ]
        for price, code in cases:
            with self.subTest(code=code):
                self.assertEqual(self.problem(price).code, code)
        self.assertFalse(self.items())

    def test_the_sales_price_of_one_variant_is_not_that_of_all(self):
        attribute = self.env["product.attribute"].create(
            {"name": "Size", "value_ids": [(0, 0, {"name": "S"}), (0, 0, {"name": "M"})]}
        )
        template = self.env["product.template"].create(
            {
                "name": "Shirt",
                "attribute_line_ids": [
                    (0, 0, {"attribute_id": attribute.id,
                            "value_ids": [(6, 0, attribute.value_ids.ids)]})
                ],
            }
        )  # fmt: skip
        template.product_variant_ids[0].default_code = "SHIRT-S"
        problem = self.problem(self.price("1", sku="SHIRT-S", price_list=None))
        self.assertEqual(problem.code, "price_place")
        self.tell(self.price("1", sku="SHIRT-S"))
        self.assertEqual(self.items().product_id, template.product_variant_ids[0])

    def test_one_bad_price_does_not_sink_the_others(self):
        results, failures = run_import(
            self.source, self.price("1"), self.price("2", sku="NOBODY", external_id="bad")
        )
        self.assertEqual((set(results), len(failures)), ({"A"}, 1))
        self.assertEqual(self.items().fixed_price, 1)

    # Other owners

    def test_where_odoo_owns_prices_they_are_refused_and_an_accountant_may_take_them(self):
        self.source._set_owner("price", "price", "odoo")
        self.assertEqual(self.tell(self.price("12.5")), ["ignored"])
        self.assertFalse(self.items())
        row = self.refusals(self.source)
        self.assertEqual((row.state, row.values["amount"]["theirs"]), ("open", "12.5"))
        with self.assertRaises(AccessError):
            row.with_user(
                create_user(self.env, "operator", company=self.company)
            ).action_take_theirs()
        row.with_user(
            create_user(self.env, "accountant", company=self.company)
        ).action_take_theirs()
        self.assertEqual((self.items().fixed_price, row.state), (12.5, "taken"))

    def test_where_another_system_owns_prices_they_are_refused(self):
        self.assertEqual(
            self.tell(self.price("1", price_list=None), backend=self.backend), ["ignored"]
        )
        self.assertEqual(self.refusals(self.backend).reason, "Another system owns prices.")
        self.assertEqual(self.product.list_price, 99.0)

    def test_a_failed_batch_leaves_no_trace(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.tell(self.price("12.5"))
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertFalse(self.items())
        self.assertFalse(
            self.env["retail.price.binding"].search([("backend_id", "=", self.source.id)])
        )
