from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical.product import ProductState

from .publishing import PublishingCase

# A picture of one pixel.
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5Er"
    "kJggg=="
)


@tagged("post_install", "-at_install")
class TestListingBuilder(PublishingCase):
    """What is shown of a product."""

    def built(self, template):
        """Return the complete listing of a product."""
        listing = self.listings._ensure(self.backend, template)
        return self.env["retail.listing.builder"]._build(self.backend, listing)[listing]

    def options(self, template):
        """Return the options of each variant as pairs."""
        return [
            [(option.name, option.value) for option in variant.options]
            for variant in self.built(template).variants
        ]

    def test_the_fields_of_a_product(self):
        tags = self.env["product.tag"].create(
            [
                {"name": "Summer"},
                {"name": "Inner", "visible_to_customers": False},
                {"name": "Alpha"},
            ]
        )
        category = self.env["product.category"].create({"name": "Shirts"})
        built = self.built(
            self.template(
                " Shirt ",
                " A-1 ",
                barcode="4006381333931",
                description_sale="Soft & <b>light</b>",
                categ_id=category.id,
                product_tag_ids=[(6, 0, tags.ids)],
            )
        )
        (variant,) = built.variants
        self.assertEqual((built.title, variant.sku), ("Shirt", "A-1"))
        self.assertEqual(variant.barcode, "4006381333931")
        self.assertIn("Soft &amp; &lt;b&gt;light", built.description_html)
        self.assertEqual((built.product_type, built.tags), ("Shirts", ("Alpha", "Summer")))
        self.assertEqual(built.vendor, self.backend.company_id.name)
        self.assertEqual(variant.price, Decimal("10.00"))
        self.assertTrue(variant.tracked)

    def test_the_brand_is_the_vendor(self):
        self.backend.brand_id = self.env["retail.brand"].create({"name": "Brand"})
        self.assertEqual(self.built(self.template()).vendor, "Brand")

    def test_the_state_is_what_the_product_and_people_say(self):
        template = self.template()
        listing = self.listings._ensure(self.backend, template)
        self.assertEqual(self.built(template).state, ProductState.ACTIVE)
        listing.publish_as = "draft"
        self.assertEqual(self.built(template).state, ProductState.DRAFT)
        template.sale_ok = False
        self.assertEqual(self.built(template).state, ProductState.ARCHIVED)
        template.write({"sale_ok": True, "active": False})
        self.assertEqual(self.built(template).state, ProductState.ARCHIVED)
        template.active = True
        listing.state = "archived"
        self.assertEqual(self.built(template).state, ProductState.ARCHIVED)

    def test_options_are_what_variants_differ_by(self):
        size, colour = self.attribute("Size", "S", "M"), self.attribute("Colour", "Red", "Blue")
        template = self.with_variants(size, colour)
        self.assertEqual(
            sorted(map(tuple, self.options(template))),
            [
                (("Size", "M"), ("Colour", "Blue")),
                (("Size", "M"), ("Colour", "Red")),
                (("Size", "S"), ("Colour", "Blue")),
                (("Size", "S"), ("Colour", "Red")),
            ],
        )

    def test_attributes_that_make_no_variants_are_no_options(self):
        engraving = self.attribute("Engraving", "Yes", "No", create_variant="no_variant")
        material = self.attribute("Material", "Wool")
        size = self.attribute("Size", "S", "M")
        template = self.with_variants(engraving, material, size)
        self.assertEqual(self.options(template), [[("Size", "S")], [("Size", "M")]])

    def test_dynamic_variants_are_shown_once_they_exist(self):
        size = self.attribute("Size", "S", "M", create_variant="dynamic")
        template = self.with_variants(size)
        self.assertEqual(self.options(template), [])
        value = template.attribute_line_ids.product_template_value_ids[1]
        template._create_product_variant(value)
        self.assertEqual(self.options(template), [[("Size", "M")]])

    def test_archived_variants_are_not_shown(self):
        template = self.with_variants(self.attribute("Size", "S", "M"))
        template.product_variant_ids[0].active = False
        self.assertEqual(self.options(template), [[("Size", "M")]])

    def test_weights_are_in_grams(self):
        template = self.template(weight=0.25)
        self.assertEqual(self.built(template).variants[0].weight_grams, Decimal(250))
        self.env["ir.config_parameter"].set_param("product.weight_in_lbs", "1")
        weight = self.built(template).variants[0].weight_grams
        self.assertAlmostEqual(weight, Decimal("113.398"), 2)
        template.weight = 0
        self.assertIsNone(self.built(template).variants[0].weight_grams)

    def test_texts_are_in_the_shops_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.template("Shirt")
        template.with_context(lang="fr_FR").name = "Chemise"
        self.backend.listing_lang = "fr_FR"
        self.assertEqual(self.built(template).title, "Chemise")
        self.backend.listing_lang = "en_US"
        self.assertEqual(self.built(template).title, "Shirt")

    def test_pictures_are_known_by_their_content(self):
        template = self.template(image_1920=PIXEL)
        (image,) = self.built(template).images
        listing = self.listings._of(self.backend, template)[template]
        self.assertEqual(list(listing._image_bytes()), [image.digest])
        self.assertEqual(len(image.digest), 64)
        self.assertTrue(image.filename.endswith(".png"))
        template.image_1920 = False
        self.assertEqual(self.built(template).images, ())

    def test_ids_of_the_channel_are_those_of_its_own_product(self):
        template = self.template()
        variant = template.product_variant_id
        listing = self.listings._ensure(self.backend, template)
        self.bound(variant, "V-other", "P-other")
        self.bound(variant, "V1", "P1")
        self.assertIsNone(self.built(template).variants[0].external_id)
        listing.external_id = "P1"
        self.assertEqual(self.built(template).variants[0].external_id, "V1")
