from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical import Deletion
from odoo.addons.retail_connector_base.decisions.listing_difference import OWNED_FIELDS
from odoo.addons.retail_connector_base.decisions.outcome import InboundItem
from odoo.addons.retail_connector_base.models import retail_projection
from odoo.addons.retail_connector_base.tests.common import create_backend
from odoo.addons.retail_connector_base.tests.sample_listings import SampleProduct

from .product_case import product as told_product
from .product_case import variant as told_variant
from .publishing import PublishingCase
from .test_retail_listing_builder import PIXEL


@tagged("post_install", "-at_install")
class TestProjectionProduct(PublishingCase):
    """Products on their way to a shop."""

    def told(self):
        """Return the fields that were told since the last time, product by product."""
        fields = [sorted(change.fields) for change in self.shop.called("product")]
        self.shop.calls.clear()
        return fields

    def only(self):
        """Return the shop's only product."""
        (product,) = self.shop.products.values()
        return product

    def own(self, *names):
        """Let Odoo write these fields only."""
        for name in OWNED_FIELDS:
            self.let(name, "odoo" if name in names else "separate")

    # New products

    def test_a_new_product_is_made_with_all_of_its_fields(self):
        template = self.with_variants(
            self.attribute("Size", "S", "M"), image_1920=PIXEL, description_sale="Soft"
        )
        listing = self.publish(template)
        shown = self.only()
        self.assertEqual((listing.state, listing.verdict), ("published", "ok"))
        self.assertEqual(shown.fields["title"], "Shirt")
        self.assertEqual(shown.fields["state"], "active")
        self.assertEqual(len(shown.fields["images"]), 1)
        self.assertTrue(shown.fields["images"][0].startswith(b"\x89PNG"))
        self.assertEqual([row["sku"] for row in shown.variants.values()], ["SKU-0", "SKU-1"])

    def test_what_was_changed_by_hand_is_told_anew_but_for_pictures(self):
        self.own("title", "images", "sku")
        listing = self.publish(self.template(image_1920=PIXEL))
        self.told()
        shown = self.only()
        shown.fields.update(title="By hand", vendor="By hand")
        self.flow("product").action_read_again()
        self.project("product")
        [fields] = self.told()
        self.assertIn("title", fields)
        self.assertNotIn("images", fields)
        self.assertEqual((shown.fields["title"], shown.fields["vendor"]), ("Shirt", "By hand"))
        self.assertEqual((listing.verdict, len(self.shop.products)), ("ok", 1))
        self.project("product", full=True)
        self.assertFalse(self.told())

    def test_its_variants_are_bound(self):
        template = self.with_variants(self.attribute("Size", "S", "M"))
        listing = self.publish(template)
        bindings = self.bindings.search([("odoo_id", "in", template.product_variant_ids.ids)])
        ids = {row["id"] for row in self.only().variants.values()}
        self.assertEqual(set(bindings.mapped("external_id")), ids)
        self.assertEqual(set(bindings.mapped("product_external_id")), {listing.external_id})
        self.assertTrue(all(bindings.mapped("inventory_item_external_id")))

    def test_the_review_list_knows_what_was_published(self):
        """The channel's own word of the new product may come before its answer, or after it."""
        for name, told_first in (("early", True), ("late", False)):
            self.shop.script = ["unanswered"]
            template = self.template(name, name)
            listing = self.publish(template)
            if told_first:
                self.channel_tells(listing, self.shop.find(listing.reference))
            self.project("product")
            if not told_first:
                self.channel_tells(listing)
            found = self.env["retail.product.candidate"].search([("sku", "=", name)])
            with self.subTest(name):
                self.assertEqual(listing.state, "published")
                self.assertEqual(found.state, "adopted")
                self.assertEqual(found.product_id, template.product_variant_id)

    def test_an_unknown_outcome_makes_no_second_product(self):
        for outcome in ("unanswered", "lost"):
            with self.subTest(outcome):
                self.shop.script = [outcome]
                listing = self.publish(self.template(sku=outcome))
                self.assertEqual(listing.state, "approved")
                self.project("product")
                self.assertEqual(listing.state, "published")
        self.assertEqual(len(self.shop.products), 2)

    def test_what_is_paused_is_not_told(self):
        self.flow("product").paused = True
        self.publish(self.template())
        self.assertFalse(self.shop.calls)

    # Changes

    def test_only_the_field_that_changed_is_told(self):
        template = self.with_variants(self.attribute("Size", "S", "M"), image_1920=PIXEL)
        self.publish(template)
        self.told()
        changes = (
            (template, {"name": "Jumper"}, ["title"]),
            (template, {"description_sale": "Warm"}, ["description_html"]),
            (template, {"image_1920": False}, ["images"]),
            (template.product_variant_ids[0], {"default_code": "NEW"}, ["variants"]),
            (template.product_variant_ids[1], {"weight": 2.0}, ["variants"]),
            (template, {"name": "Shirt", "description_sale": ""}, ["description_html", "title"]),
        )
        for record, values, expected in changes:
            record.write(values)
            self.project("product")
            with self.subTest(values):
                self.assertEqual(self.told(), [expected])
        self.project("product", full=True)
        self.assertEqual(self.told(), [])

    def test_what_is_changed_back_in_time_is_not_told(self):
        template = self.template()
        self.publish(template)
        self.told()
        template.name = "Jumper"
        template.name = "Shirt"
        self.project("product")
        self.assertEqual(self.told(), [])

    def test_many_products_are_compared_in_several_transactions(self):
        templates = [self.template(name, name) for name in "abc"]
        self.publish(*templates)
        self.told()
        self.env["retail.change"].search([]).unlink()
        self.env.cr.execute('UPDATE product_template SET name = \'{"en_US": "New"}\'')
        self.env.invalidate_all()
        with patch.object(retail_projection, "AT_ONCE", 2):
            self.project("product", full=True)
        self.assertEqual(self.told(), [["title"]] * 3)

    def test_prices_and_stock_are_no_difference(self):
        template = self.template()
        self.publish(template)
        self.told()
        template.list_price = 99.0
        self.project("product", full=True)
        self.assertEqual(self.told(), [])

    def test_a_new_variant_is_published(self):
        size = self.attribute("Size", "S", "M")
        template = self.with_variants(size)
        self.publish(template)
        before = {key: row["id"] for key, row in self.only().variants.items()}
        size.value_ids = [(0, 0, {"name": "L"})]
        template.attribute_line_ids.value_ids = [(6, 0, size.value_ids.ids)]
        new = template.product_variant_ids.filtered(lambda variant: not variant.default_code)
        new.default_code = "L"
        self.project("product")
        after = {key: row["id"] for key, row in self.only().variants.items()}
        self.assertLess(before.items(), after.items())
        self.assertTrue(self.bindings.search([("odoo_id", "=", new.id)]))

    def test_a_variant_without_a_sku_holds_the_product_back(self):
        size = self.attribute("Size", "S", "M")
        template = self.with_variants(size)
        listing = self.publish(template)
        self.told()
        variant = template.product_variant_ids[0]
        variant.default_code = False
        self.project("product")
        self.assertEqual((self.told(), listing.verdict), ([], "refused"))
        self.assertTrue(self.open_exceptions("product_refused"))
        variant.default_code = "SKU-0"
        self.project("product")
        self.assertEqual((self.told(), listing.verdict), ([], "ok"))
        self.assertFalse(self.open_exceptions("product_refused"))

    # Who writes what

    def test_a_new_product_has_what_the_channel_writes_later(self):
        self.own("state", "sku")
        self.publish(self.template(description_sale="Soft"))
        self.assertEqual(self.only().fields["title"], "Shirt")

    def test_what_the_channel_owns_is_left_alone(self):
        self.own("state", "sku")
        template = self.template()
        self.publish(template)
        self.told()
        self.only().fields["title"] = "The shop's own title"
        template.write({"name": "Jumper", "barcode": "4006381333931", "weight": 3.0})
        self.project("product")
        self.assertEqual(self.told(), [])
        template.default_code = "NEW"
        self.project("product")
        self.assertEqual(self.only().fields["title"], "The shop's own title")
        (row,) = self.only().variants.values()
        self.assertEqual((row["sku"], row["barcode"]), ("NEW", ""))

    def test_a_field_that_is_odoos_again_is_told_again(self):
        self.own("state")
        self.publish(self.template())
        self.only().fields["title"] = "The shop's own title"
        self.told()
        self.own("state", "title")
        self.project("product")
        self.assertEqual((self.told(), self.only().fields["title"]), ([["title"]], "Shirt"))

    def test_presets(self):
        wizard = self.env["retail.ownership.preset"].create({"backend_id": self.backend.id})
        wizard.preset = "shop_content"
        wizard.action_apply()
        self.assertEqual(self.backend._owned_fields(), {"state", "sku", "barcode", "weight_grams"})
        wizard.preset = "shop"
        wizard.action_apply()
        self.assertEqual(len(self.backend._owned_fields()), 10)

    def test_what_a_pim_owns_is_passed_on(self):
        pim = create_backend(self.env, name="PIM")
        pim._set_owner("product", "content", "channel")
        self.assertIn("title", self.backend._owned_fields())
        self.assertNotIn("title", pim._owned_fields())

    # Managed from Odoo

    def adopted(self):
        """Return a product that the shop made and Odoo adopted."""
        template = self.template()
        self.bound(template.product_variant_id, "V1", "P1")
        row = {"id": "V1", "sku": "OLD"}
        self.shop.products["P1"] = SampleProduct("", {"title": "Old"}, {"old": row})
        return template

    def test_what_was_adopted_is_left_alone(self):
        template = self.adopted()
        template.name = "Jumper"
        self.project("product", full=True)
        self.assertFalse(self.shop.calls)

    def test_what_was_adopted_is_written_once_an_administrator_wants_it(self):
        template = self.adopted()
        self.own("title", "sku")
        wizard = self.env["retail.listing.publish"].create(
            {
                "backend_id": self.backend.id,
                "product_tmpl_ids": [(6, 0, template.ids)],
                "manage_bound": True,
            }
        )
        wizard.action_preview()
        wizard.action_publish()
        self.project("product")
        self.assertEqual(self.told(), [["title", "variants"]])
        self.assertEqual(self.only().fields["title"], "Shirt")
        (row,) = self.only().variants.values()
        self.assertEqual((row["id"], row["sku"]), ("V1", "SKU"))
        self.assertEqual(wizard.listing_ids.state, "published")

    # Refusals

    def test_rejected_then_corrected(self):
        self.shop.rejects = {"Shirt": "A title has to shine."}
        template = self.template()
        listing = self.publish(template)
        self.assertEqual((listing.verdict, listing.error), ("refused", "A title has to shine."))
        self.assertTrue(self.open_exceptions("product_refused"))
        self.told()
        self.project("product", full=True)
        self.assertEqual(self.told(), [])
        template.name = "Shining Shirt"
        self.project("product")
        self.assertEqual((listing.state, listing.verdict), ("published", "ok"))
        self.assertFalse(listing.error)
        self.assertFalse(self.open_exceptions("product_refused"))

    def test_everything_is_told_again_on_demand(self):
        listing = self.publish(self.template())
        self.only().fields["title"] = "Changed by hand"
        listing.action_compare()
        self.project("product")
        self.assertEqual(self.only().fields["title"], "Shirt")

    # The end of a product

    def test_archived_in_odoo_is_archived_in_the_channel_and_back(self):
        template = self.with_variants(self.attribute("Size", "S", "M"))
        listing = self.publish(template)
        self.told()
        template.active = False
        self.project("product")
        self.assertEqual(self.told(), [["state"]])
        self.assertEqual(self.only().fields["state"], "archived")
        self.assertEqual(len(self.only().variants), 2)
        template.active = True
        self.project("product")
        self.assertEqual((self.told(), listing.verdict), ([["state"]], "ok"))
        self.assertEqual(self.only().fields["state"], "active")

    def test_stopped_is_archived_in_the_channel_and_published_again(self):
        listing = self.publish(self.template())
        listing.action_stop()
        self.project("product")
        self.assertEqual(self.only().fields["state"], "archived")
        self.assertEqual((listing.state, listing.verdict), ("archived", "ok"))
        listing.action_publish()
        self.project("product")
        self.assertEqual((listing.state, self.only().fields["state"]), ("published", "active"))

    def test_stopped_while_it_is_on_its_way(self):
        self.shop.script = ["unanswered"]
        listing = self.publish(self.template())
        listing.action_stop()
        self.project("product")
        self.assertEqual(listing.state, "archived")
        self.assertEqual(self.only().fields["state"], "archived")

    def test_what_may_be_there_is_taken_off_for_certain(self):
        """It was made without our hearing of it, then refused, then nobody wanted it any more."""
        self.shop.script = ["unanswered", "rejected"]
        listing = self.publish(self.template())
        self.project("product")
        self.assertEqual((listing.verdict, listing.external_id), ("refused", False))
        listing.action_stop()
        self.project("product")
        self.assertEqual(self.only().fields["state"], "archived")
        self.assertTrue(listing.external_id)

    def test_what_was_never_published_needs_no_end(self):
        listing = self.listings._ensure(self.backend, self.template())
        listing.action_publish()
        listing.action_stop()
        self.project("product", full=True)
        self.assertFalse(self.shop.calls)

    # Gone from the channel

    def test_what_is_missing_is_published_again_by_a_person(self):
        template = self.template()
        listing = self.publish(template)
        self.shop.products.clear()
        template.name = "Jumper"
        self.project("product")
        self.assertEqual(listing.state, "missing")
        problem = self.open_exceptions("listing_missing")
        self.assertEqual(problem.fix, "publish_again")
        self.project("product", full=True)
        self.assertFalse(self.shop.products)
        problem.action_fix()
        self.project("product")
        self.assertEqual((listing.state, self.only().fields["title"]), ("published", "Jumper"))
        self.assertFalse(self.open_exceptions("listing_missing"))
        bound = self.bindings.search([("odoo_id", "=", template.product_variant_id.id)])
        self.assertEqual(bound.product_external_id, listing.external_id)

    def test_what_is_missing_is_given_up_by_a_person(self):
        listing = self.publish(self.template())
        self.deleted(listing.external_id)
        self.assertEqual(listing.state, "missing")
        listing.action_stop()
        self.project("product", full=True)
        self.assertEqual(listing.state, "archived")
        self.assertFalse(self.open_exceptions("listing_missing"))

    def deleted(self, external_id):
        """Let the channel tell that it deleted a product."""
        self.shop.products.pop(external_id, None)
        canonical = Deletion(
            external_id=external_id, deleted_kind="product", updated_at="2026-01-01T00:00:00Z"
        )
        item = InboundItem(
            message_id=1,
            canonical=canonical,
            topic="products/delete",
            observed_at=canonical.version,
            content_hash=canonical.content_hash(),
            correlation_id="test",
        )
        self.env["retail.importer.deletion"].sudo()._import_batch(self.backend, [item])

    def test_a_deletion_in_the_channel_asks_a_person(self):
        listing = self.publish(self.template())
        former = listing.external_id
        self.deleted(former)
        self.assertEqual(listing.state, "missing")
        self.assertTrue(self.open_exceptions("listing_missing"))
        listing.action_publish_again()
        self.project("product")
        self.assertEqual(listing.state, "published")
        self.assertNotEqual(listing.external_id, former)

    def test_a_deletion_of_what_was_stopped_asks_nobody(self):
        listing = self.publish(self.template())
        listing.action_stop()
        self.project("product")
        self.deleted(listing.external_id)
        self.assertFalse(self.open_exceptions("listing_missing"))
        listing.action_publish()
        self.project("product")
        self.assertEqual((listing.state, len(self.shop.products)), ("published", 1))

    def channel_tells(self, listing, external_id=None, minute=1):
        """Let the channel tell what variants it has of a product."""
        external_id = external_id or listing.external_id
        rows = self.shop.products[external_id].variants.values()
        variants = [told_variant(row["id"], row["sku"]) for row in rows]
        canonical = told_product(external_id, *variants, minute=minute)
        item = InboundItem(
            message_id=minute,
            canonical=canonical,
            topic="products/update",
            observed_at=canonical.version,
            content_hash=canonical.content_hash(),
            correlation_id="test",
        )
        self.env["retail.importer.product"].sudo()._import_batch(self.backend, [item])

    def test_a_variant_deleted_in_the_channel_asks_a_person(self):
        template = self.with_variants(self.attribute("Size", "S", "M"))
        listing = self.publish(template)
        self.channel_tells(listing)
        product = self.only()
        product.variants.popitem()
        self.channel_tells(listing, minute=2)
        self.assertEqual(listing.state, "missing")
        listing.action_publish_again()
        self.project("product")
        self.assertEqual((listing.state, len(self.shop.products)), ("published", 1))
        self.assertEqual(len(self.only().variants), 2)
        bound = self.bindings.search([("odoo_id", "in", template.product_variant_ids.ids)])
        self.assertEqual(
            set(bound.mapped("external_id")), {row["id"] for row in self.only().variants.values()}
        )

    def test_a_variant_that_odoo_took_away_asks_nobody(self):
        template = self.with_variants(self.attribute("Size", "S", "M"))
        listing = self.publish(template)
        self.channel_tells(listing)
        template.product_variant_ids[1].active = False
        self.project("product")
        self.assertEqual(len(self.only().variants), 1)
        self.channel_tells(listing, minute=2)
        self.assertEqual(listing.state, "published")
        self.assertFalse(self.open_exceptions("listing_missing"))

    def test_a_variant_comes_back_under_a_new_id(self):
        template = self.with_variants(self.attribute("Size", "S", "M"))
        self.publish(template)
        variant = template.product_variant_ids[1]
        former = self.bindings.search([("odoo_id", "=", variant.id)]).external_id
        variant.active = False
        self.project("product")
        # A late order still finds its product.
        self.assertTrue(self.bindings.search([("external_id", "=", former)]))
        variant.active = True
        self.project("product")
        binding = self.bindings.search([("odoo_id", "=", variant.id)])
        self.assertNotEqual(binding.external_id, former)
        self.assertIn(binding.external_id, [row["id"] for row in self.only().variants.values()])
        prices = [row["price"] for row in self.only().variants.values()]
        self.assertTrue(all(prices))

    def test_variants_that_are_not_in_odoo_stay_as_they_are(self):
        listing = self.publish(self.template())
        self.channel_tells(listing)
        self.only().variants["strange"] = {"id": "V99", "sku": "strange"}
        self.channel_tells(listing, minute=2)
        listing.product_tmpl_id.default_code = "NEW"
        self.project("product")
        skus = {row["sku"] for row in self.only().variants.values()}
        self.assertEqual(skus, {"strange", "NEW"})
