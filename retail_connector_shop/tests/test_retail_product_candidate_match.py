from odoo.tests import tagged

from odoo.addons.retail_connector_base.tests.common import create_backend

from .product_case import ProductCase, product, variant


@tagged("post_install", "-at_install")
class TestRetailProductCandidateMatch(ProductCase):
    def test_sku_and_barcode_agree(self):
        goods = self.goods("S-1", "4001")
        self.take(product("p", variant("v1", "S-1", "4001")))
        self.assertEqual(self.verdict("v1"), ("matched", "both"))
        self.assertEqual(self.candidate("v1").product_id, goods)

    def test_barcode_alone(self):
        goods = self.goods("OTHER", "4001")
        self.take(product("p", variant("v1", "S-1", "4001")))
        self.assertEqual(self.verdict("v1"), ("matched", "barcode"))
        self.assertEqual(self.candidate("v1").product_id, goods)

    def test_space_around_a_sku_in_odoo_does_not_hide_it(self):
        goods = self.goods(" S-1 ")
        self.take(product("p", variant("v1", "S-1")))
        self.assertEqual(self.candidate("v1").product_id, goods)

    def test_case_is_kept_apart(self):
        self.goods("s-1")
        self.take(product("p", variant("v1", "S-1")))
        self.assertEqual(self.verdict("v1"), ("unmatched", "none"))

    def test_sku_and_barcode_of_different_products_are_a_conflict(self):
        self.goods("S-1")
        self.goods("S-2", "4001")
        self.take(product("p", variant("v1", "S-1", "4001")))
        self.assertEqual(self.verdict("v1"), ("ambiguous", "conflict"))
        self.assertFalse(self.candidate("v1").product_id)

    def test_a_sku_of_two_products_is_ambiguous(self):
        self.goods("S-1")
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        self.assertEqual(self.verdict("v1"), ("ambiguous", "ambiguous"))

    def test_a_barcode_of_two_products_is_ambiguous(self):
        first = self.goods("A", "4001")
        second = self.goods("B")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE product_product SET barcode = '4001' WHERE id = %s", [second.id]
        )
        self.take(
            product("p", variant("v1", None, "4001")), product("q", variant("v2", "A", "4001"))
        )
        self.assertEqual(self.verdict("v1"), ("ambiguous", "duplicate_barcode"))
        self.take(product("q", variant("v2", "A"), minute=1))
        self.assertEqual(self.verdict("v1"), ("ambiguous", "ambiguous"))
        self.assertEqual(self.candidate("v2").product_id, first)

    def test_duplicate_skus_in_the_shop_suggest_and_wait(self):
        goods = self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        self.assertEqual(self.verdict("v1"), ("matched", "sku"))
        self.take(product("q", variant("v2", "S-1")))
        for external_id in ("v1", "v2"):
            self.assertEqual(self.verdict(external_id), ("ambiguous", "duplicate_sku"))
            self.assertEqual(self.candidate(external_id).product_id, goods)

    def test_ignoring_one_of_two_duplicates_decides_for_the_other(self):
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1"), variant("v2", "S-1")))
        self.candidate("v2").action_ignore()
        self.assertEqual(self.verdict("v1"), ("matched", "sku"))
        self.candidate("v2").action_reconsider()
        self.assertEqual(self.verdict("v1"), ("ambiguous", "duplicate_sku"))

    def test_one_product_that_fits_two_variants_waits_for_a_person(self):
        self.goods("S-1", "4001")
        self.take(product("p", variant("v1", "S-1")), product("q", variant("v2", "X", "4001")))
        self.assertEqual(self.verdict("v1"), ("ambiguous", "shared_product"))
        self.assertEqual(self.verdict("v2"), ("ambiguous", "shared_product"))
        self.take(product("q", variant("v2", "X"), minute=1))
        self.assertEqual(self.verdict("v1"), ("matched", "sku"))

    def test_a_product_bound_to_another_variant_waits_for_a_person(self):
        self.goods("S-1", "4001")
        self.take(product("p", variant("v1", "S-1")))
        self.candidate("v1").action_adopt()
        self.take(product("q", variant("v2", None, "4001")))
        self.assertEqual(self.verdict("v2"), ("ambiguous", "shared_product"))

    def test_an_archived_product_is_not_proposed(self):
        self.goods("S-1", active=False)
        self.take(product("p", variant("v1", "S-1")))
        self.assertEqual(self.verdict("v1"), ("unmatched", "none"))

    def test_a_product_of_another_company_is_not_proposed(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.goods("S-1", company_id=other.id)
        backend = create_backend(self.env, name="Other shop", company_id=other.id)
        self.take(product("p", variant("v1", "S-1")))
        self.take(product("p", variant("v1", "S-1")), backend=backend)
        self.assertEqual(self.verdict("v1"), ("unmatched", "none"))
        self.assertEqual(self.candidate("v1", backend).match_reason, "sku")

    def test_match_again_finds_what_was_corrected_in_odoo(self):
        self.take(product("p", variant("v1", "S-1"), variant("v2", "S-2")))
        goods = self.goods("S-1")
        archived = self.goods("S-2")
        self.candidates.action_match_again()
        self.assertEqual(self.candidate("v1").product_id, goods)
        archived.active = False
        self.candidates.action_match_again()
        self.assertEqual(self.verdict("v2"), ("unmatched", "none"))
        self.assertFalse(self.candidate("v2").product_id)

    def test_a_variant_that_something_else_bound_counts_as_adopted(self):
        goods = self.goods("S-1")
        self.bindings.create(
            {"backend_id": self.backend.id, "external_id": "v1", "odoo_id": goods.id}
        )
        self.take(product("p", variant("v1", "UNKNOWN")))
        self.assertEqual(self.verdict("v1"), ("adopted", "bound"))
        self.assertEqual(self.candidate("v1").product_id, goods)

    def test_a_variant_whose_binding_is_gone_is_reviewed_again(self):
        self.goods("S-1")
        self.take(product("p", variant("v1", "S-1")))
        self.candidate("v1").action_adopt()
        self.bindings._by_external_id(self.backend, ["v1"])["v1"].unlink()
        self.candidates.action_match_again()
        self.assertEqual(self.verdict("v1"), ("matched", "sku"))
