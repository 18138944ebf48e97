from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical.product import ProductState

from .product_case import ProductCase, product, variant


@tagged("post_install", "-at_install")
class TestRetailImporterProduct(ProductCase):
    def test_a_new_product_becomes_one_row_per_variant_and_binds_nothing(self):
        goods = self.goods("S-1")
        outcomes = self.take(product("p", variant("v1", " S-1 ", "400"), variant("v2", "S-2")))
        self.assertEqual(outcomes, ["done"])
        row = self.candidate("v1")
        self.assertEqual((row.sku, row.barcode, row.options), ("S-1", "400", "L"))
        self.assertEqual((row.price, row.status), (10.0, "active"))
        self.assertEqual(row.product_id, goods)
        self.assertEqual(self.verdict("v1"), ("matched", "sku"))
        self.assertEqual(self.verdict("v2"), ("unmatched", "none"))
        self.assertFalse(self.bindings.search([("backend_id", "=", self.backend.id)]))

    def test_the_same_state_again_changes_nothing(self):
        state = product("p", variant("v1", "S-1"))
        self.take(state)
        before = self.candidate("v1").write_date
        self.assertEqual(self.take(state), ["done"])
        self.assertEqual(self.candidate("v1").write_date, before)
        self.assertEqual(len(self.candidate("v1")), 1)

    def test_an_older_state_changes_nothing(self):
        self.take(product("p", variant("v1", "NEW"), minute=5))
        outcomes = self.take(product("p", variant("v1", "OLD"), variant("v2"), minute=1))
        self.assertEqual(outcomes, ["superseded"])
        self.assertEqual(self.candidate("v1").sku, "NEW")
        self.assertFalse(self.candidate("v2"))

    def test_a_price_change_keeps_every_decision(self):
        self.goods("S-1")
        other = self.goods("X-9")
        self.take(product("p", variant("v1", "S-1"), variant("v2", "S-2")))
        self.candidate("v1").sudo(False).with_user(self.env.ref("base.user_admin")).write(
            {"product_id": other.id}
        )
        self.candidate("v2").action_ignore()
        self.take(product("p", variant("v1", "S-1", price="12.34"), variant("v2", "S-2"), minute=1))
        self.assertEqual(self.candidate("v1").price, 12.34)
        self.assertEqual(self.candidate("v1").product_id, other)
        self.assertEqual(self.verdict("v1"), ("matched", "chosen"))
        self.assertEqual(self.verdict("v2")[0], "ignored")

    def test_a_changed_sku_is_matched_again(self):
        first, second = self.goods("S-1"), self.goods("S-2")
        self.take(product("p", variant("v1", "S-1")))
        self.assertEqual(self.candidate("v1").product_id, first)
        self.take(product("p", variant("v1", "S-2"), minute=1))
        self.assertEqual(self.candidate("v1").product_id, second)

    def test_a_variant_that_the_shop_deleted_leaves_the_list(self):
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1"), variant("v2", "S-2")))
        self.take(product("p", variant("v1", "S-1"), minute=1))
        self.assertFalse(self.candidate("v2"))
        self.assertTrue(self.candidate("v1"))

    def test_variants_that_an_event_leaves_out_for_their_number_are_asked_for(self):
        self.take(product("p", variant("v1"), variant("v2")))
        first = product("p", variant("v1"), minute=1)
        with patch.object(self.registry["retail.poll"], "_refetch_after_commit") as refetch:
            self.take(first.model_copy(update={"variants_complete": False}))
        self.assertTrue(self.candidate("v2"))
        self.assertEqual(refetch.call_args.args, (self.backend, "product", "p"))

    def test_an_adopted_variant_that_the_shop_deleted_stays_bound(self):
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        self.candidate("v1").action_adopt()
        self.take(product("p", minute=1))
        self.assertEqual(self.verdict("v1"), ("adopted", "sku"))
        self.assertEqual(self.candidate("v1").status, "deleted")
        self.assertTrue(self.bindings._by_external_id(self.backend, ["v1"]))

    def test_a_deleted_variant_no_longer_makes_its_sku_a_duplicate(self):
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1"), variant("v2", "S-1")))
        self.assertEqual(self.verdict("v1"), ("ambiguous", "duplicate_sku"))
        self.take(product("p", variant("v1", "S-1"), minute=1))
        self.assertEqual(self.verdict("v1"), ("matched", "sku"))

    def test_a_deleted_product_takes_its_variants_along(self):
        self.take(product("p", variant("v1", "S-1"), variant("v2")), product("q", variant("v3")))
        listing = self.env["retail.product.listing"]._by_external_id(self.backend, ["p"])["p"]
        self.env["retail.importer.product"]._on_deleted(listing)
        left = self.candidates.search([("backend_id", "=", self.backend.id)])
        self.assertEqual(left.mapped("external_id"), ["v3"])

    def test_an_adopted_variant_tells_its_binding_what_is_new(self):
        goods = self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        self.candidate("v1").action_adopt()
        self.take(product("p", variant("v1", "S-1b", "400"), minute=1, title="Shirt 2"))
        binding = self.bindings._by_external_id(self.backend, ["v1"])["v1"]
        self.assertEqual((binding.sku, binding.barcode), ("S-1b", "400"))
        self.assertEqual((binding.title, binding.odoo_id), ("Shirt 2", goods))
        self.assertEqual(self.verdict("v1")[0], "adopted")

    def test_a_variant_told_twice_in_one_batch_is_one_row(self):
        self.take(product("p", variant("v1", "A"), variant("v1", "B")), product("q", variant("v2")))
        self.assertEqual(self.candidate("v1").sku, "B")

    def test_text_that_no_database_holds_is_made_fit(self):
        self.take(product("p", variant("v1", "S\0-1", " "), title="x" * 500))
        self.assertEqual(self.candidate("v1").sku, "S�-1")
        self.assertFalse(self.candidate("v1").barcode)
        self.assertEqual(len(self.candidate("v1").title), 255)

    def test_the_currency_is_the_one_that_the_connection_test_reported(self):
        self.backend.last_test_report = {"details": [["Currency", "JPY"]]}
        self.take(product("p", variant("v1", price="1200"), state=ProductState.DRAFT))
        self.assertEqual(self.candidate("v1").currency_id.name, "JPY")
        self.assertEqual(self.candidate("v1").status, "draft")
