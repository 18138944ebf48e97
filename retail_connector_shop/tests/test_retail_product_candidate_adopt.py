from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass
from odoo.addons.retail_connector_base.tests.common import create_backend

from .product_case import ProductCase, product, variant


@tagged("post_install", "-at_install")
class TestRetailProductCandidateAdopt(ProductCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "retail_connector_base.group_"
        cls.operator = new_test_user(cls.env, "adopt-operator", f"{group}operator")
        cls.administrator = new_test_user(
            cls.env, "adopt-administrator", f"{group}administrator,product.group_product_manager"
        )

    def bound(self, *external_ids):
        """Return the products that variants are bound to."""
        found = self.bindings._by_external_id(self.backend, external_ids)
        return {external_id: binding.odoo_id for external_id, binding in found.items()}

    def test_adoption_binds_with_all_that_the_binding_knows(self):
        goods = self.goods("S-1", "4001")
        self.take(product("p", variant("v1", "S-1", "4001")))
        self.candidate("v1").with_user(self.administrator).action_adopt()
        binding = self.bindings._by_external_id(self.backend, ["v1"])["v1"]
        self.assertEqual(binding.odoo_id, goods)
        self.assertEqual(binding.company_id, self.backend.company_id)
        self.assertEqual((binding.sku, binding.barcode, binding.title), ("S-1", "4001", "Shirt"))
        self.assertEqual(binding.product_external_id, "p")
        self.assertEqual(binding.inventory_item_external_id, "stock-v1")
        self.assertEqual(binding.create_uid, self.administrator)
        self.assertEqual(self.verdict("v1"), ("adopted", "both"))

    def test_adopting_twice_is_adopting_once(self):
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        self.candidate("v1").action_adopt()
        self.candidate("v1").sudo().write({"state": "matched"})
        self.candidate("v1").action_adopt()
        self.assertEqual(self.verdict("v1"), ("adopted", "sku"))
        self.assertEqual(self.bindings.search_count([("backend_id", "=", self.backend.id)]), 1)

    def test_a_binding_that_exists_wins_over_the_proposal(self):
        other = self.goods("OTHER")
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        self.bindings.create(
            {"backend_id": self.backend.id, "external_id": "v1", "odoo_id": other.id}
        )
        self.candidate("v1").action_adopt()
        self.assertEqual(self.verdict("v1"), ("adopted", "bound"))
        self.assertEqual(self.candidate("v1").product_id, other)

    def test_what_has_no_product_is_left_with_a_reason(self):
        self.take(product("p", variant("v1", "S-1")))
        self.candidate("v1").action_adopt()
        self.assertEqual(self.verdict("v1")[0], "unmatched")
        self.assertTrue(self.candidate("v1").error)

    def test_a_product_archived_after_it_was_proposed_is_not_bound(self):
        goods = self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        goods.active = False
        self.candidate("v1").action_adopt()
        self.assertFalse(self.bound("v1"))
        self.assertTrue(self.candidate("v1").error)

    def test_a_person_decides_a_conflict(self):
        self.goods("S-1")
        right = self.goods("S-2", "4001")
        self.take(product("p", variant("v1", "S-1", "4001")))
        row = self.candidate("v1").with_user(self.administrator)
        row.product_id = right
        self.candidates.action_match_again()
        self.assertEqual(self.verdict("v1"), ("matched", "chosen"))
        row.action_adopt()
        self.assertEqual(self.bound("v1"), {"v1": right})

    def test_a_choice_taken_back_is_matched_again(self):
        goods = self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        row = self.candidate("v1").with_user(self.administrator)
        row.product_id = self.goods("S-9")
        row.product_id = False
        self.assertEqual(self.verdict("v1"), ("matched", "sku"))
        self.assertEqual(self.candidate("v1").product_id, goods)

    def test_a_product_of_another_company_cannot_be_chosen(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreign = self.goods("S-1", company_id=other.id)
        self.take(product("p", variant("v1", "S-1")))
        with self.assertRaises(UserError):
            self.candidate("v1").with_user(self.administrator).product_id = foreign

    def test_an_adopted_row_cannot_be_turned(self):
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        self.candidate("v1").action_adopt()
        with self.assertRaises(UserError):
            self.candidate("v1").with_user(self.administrator).product_id = self.goods("S-2")

    def test_an_operator_reads_and_decides_nothing(self):
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        row = self.candidate("v1").with_user(self.operator)
        self.assertEqual(row.sku, "S-1")
        for action in (
            "action_adopt",
            "action_adopt_safe",
            "action_create_products",
            "action_match_again",
            "action_ignore",
            "action_reconsider",
        ):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(row, action)()
        with self.assertRaises(AccessError):
            row.product_id = False

    def test_an_administrator_cannot_write_what_the_shop_told(self):
        self.take(product("p", variant("v1", "S-1")))
        with self.assertRaises(AccessError):
            self.candidate("v1").with_user(self.administrator).write({"state": "adopted"})

    def test_an_administrator_of_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        backend = create_backend(self.env, name="Other shop", company_id=other.id)
        self.take(product("p", variant("v1", "S-1")), backend=backend)
        row = self.candidate("v1", backend).with_user(self.administrator)
        with self.assertRaises(AccessError):
            row.action_adopt()
        seen = self.candidates.with_user(self.administrator).search([])
        self.assertNotIn(row.id, seen.ids)

    def test_missing_products_are_created_and_adopted(self):
        self.take(product("p", variant("v1", "S-1", "4001", price="12.50")))
        self.candidate("v1").with_user(self.administrator).action_create_products()
        goods = self.bound("v1")["v1"]
        self.assertEqual((goods.default_code, goods.barcode), ("S-1", "4001"))
        self.assertEqual((goods.name, goods.list_price), ("Shirt (L)", 12.5))
        self.assertTrue(goods.is_storable)
        self.assertEqual(self.verdict("v1"), ("adopted", "created"))

    def test_a_price_in_another_currency_is_not_taken_for_our_own(self):
        foreign = "JPY" if self.backend.company_id.currency_id.name != "JPY" else "EUR"
        self.backend.last_test_report = {"details": [["Currency", foreign]]}
        self.take(product("p", variant("v1", "S-1", price="1200")))
        self.candidate("v1").action_create_products()
        self.assertEqual(self.bound("v1")["v1"].list_price, 0.0)

    def test_a_product_made_meanwhile_is_adopted_instead_of_created_again(self):
        self.take(product("p", variant("v1", "S-1")))
        goods = self.goods("S-1")
        self.candidate("v1").action_create_products()
        self.assertEqual(self.bound("v1"), {"v1": goods})
        self.assertEqual(
            self.env["product.product"].search_count([("default_code", "=", "S-1")]), 1
        )

    def test_a_product_that_cannot_be_created_does_not_stop_the_others(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.goods("FOREIGN", "4001", company_id=other.id)
        self.take(product("p", variant("v1", "S-1", "4001"), variant("v2", "S-2")))
        rows = self.candidate("v1") | self.candidate("v2")
        rows.action_create_products()
        self.assertEqual(set(self.bound("v1", "v2")), {"v2"})
        self.assertIn("4001", self.candidate("v1").error)
        self.assertEqual(self.verdict("v1")[0], "unmatched")

    def test_duplicates_of_the_shop_are_not_created(self):
        self.take(product("p", variant("v1", "S-1"), variant("v2", "S-1")))
        rows = self.candidate("v1") | self.candidate("v2")
        with self.assertRaises(UserError):
            rows.action_create_products()

    def test_who_may_not_create_products_cannot_do_it_here(self):
        plain = new_test_user(self.env, "adopt-plain", "retail_connector_base.group_administrator")
        self.take(product("p", variant("v1", "S-1")))
        with self.assertRaises(AccessError):
            self.candidate("v1").with_user(plain).action_create_products()

    def test_orders_that_wait_for_the_variant_are_tried_again(self):
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")), product("q", variant("v2", "S-2")))
        exceptions = {sku: self.blocked(sku) for sku in ("S-1", "S-2")}
        self.candidate("v1").action_adopt()
        self.assertEqual(exceptions["S-1"].inbox_message_ids.state, "received")
        self.assertEqual(exceptions["S-2"].inbox_message_ids.state, "blocked")

    def blocked(self, sku):
        """Return the exception of an order that waits for a SKU."""
        message = self.env["retail.inbox.message"].create(
            {
                "backend_id": self.backend.id,
                "company_id": self.backend.company_id.id,
                "source": "webhook",
                "topic": "orders/create",
                "kind": "order",
                "event_id": f"order-{sku}",
                "entity_key": f"order:{sku}",
                "lane": 0,
                "state": "blocked",
                "body_hash": sku,
                "correlation_id": sku,
                "received_at": "2026-01-01 12:00:00",
            }
        )
        problem = Problem(
            error_class=ErrorClass.MAPPING,
            code="unknown_sku",
            subject=sku,
            title=f"No product for {sku}",
            cause="",
            fix_values={"sku": sku, "variant_external_id": None},
        )
        return self.env["retail.exception"]._report(self.backend, problem, messages=message)
