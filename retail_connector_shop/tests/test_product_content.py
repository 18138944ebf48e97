import base64
from datetime import timedelta
from itertools import permutations
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.retail_connector_base.canonical.product import (
    Product,
    ProductAttribute,
    ProductImage,
    ProductOption,
    ProductVariant,
)
from odoo.addons.retail_connector_base.decisions.problem import ImportProblem
from odoo.addons.retail_connector_base.providers import RejectedError, TransientError
from odoo.addons.retail_connector_base.providers.picture import Picture
from odoo.addons.retail_connector_base.tests.access import create_user
from odoo.addons.retail_connector_base.tests.common import create_backend

from .product_case import NOON, ProductCase
from .test_retail_listing_builder import PIXEL

PIXEL_BYTES = base64.b64decode(PIXEL)


class ContentCase(ProductCase):
    """A PIM that owns content, pictures and identity, and one product of Odoo that it knows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pim = create_backend(cls.env, name="PIM")
        wizard = cls.env["retail.ownership.preset"].create(
            {"backend_id": cls.pim.id, "preset": "pim"}
        )
        wizard.action_apply()
        cls.shirt = cls.goods("S-1", list_price=12.5, name="Old name").product_tmpl_id

    def content(self, minute=0, sku="S-1", external_id="p", **values):
        """Return what the PIM says of a product of one variant."""
        codes = {name: values.pop(name) for name in ("barcode", "weight_grams") if name in values}
        return Product(
            **{
                "external_id": external_id,
                "updated_at": NOON + timedelta(minutes=minute),
                "title": "Shirt of wool",
                "variants": (
                    ProductVariant(external_id=f"{external_id}-v", title="-", sku=sku, **codes),
                ),
                **values,
            }
        )

    def tell(self, *products, backend=None):
        return self.take(*products, backend=backend or self.pim)

    def refusals(self, backend=None):
        return self.env["retail.refusal"].search([("backend_id", "=", (backend or self.pim).id)])

    def waiting(self, backend=None):
        return self.refusals(backend).filtered(lambda row: row.state in ("open", "asked"))


@tagged("post_install", "-at_install")
class TestProductContent(ContentCase):
    def test_content_is_taken_and_the_price_is_left(self):
        self.tell(
            self.content(
                description_html="<p>Warm <script>alert(1)</script>and soft</p>",
                tags=("winter", "wool"),
                attributes=(ProductAttribute(name="Material", value="Wool"),),
                barcode="4006381333931",
                weight_grams="250",
            )
        )
        self.assertEqual(self.shirt.name, "Shirt of wool")
        self.assertIn("Warm", self.shirt.description_sale)
        self.assertNotIn("<script", str(self.shirt.description_sale))
        self.assertEqual(sorted(self.shirt.product_tag_ids.mapped("name")), ["winter", "wool"])
        self.assertEqual(self.shirt.retail_attribute_ids.mapped("value"), ["Wool"])
        self.assertEqual(self.shirt.barcode, "4006381333931")
        self.assertEqual(self.shirt.weight, 0.25)
        self.assertEqual(self.shirt.list_price, 12.5)

    def test_what_is_not_said_stays(self):
        self.tell(self.content(tags=("winter",), description_html="Warm"))
        self.tell(self.content(minute=1, title="Another name"))
        self.assertEqual(self.shirt.name, "Another name")
        self.assertEqual(self.shirt.product_tag_ids.name, "winter")
        self.assertEqual(self.shirt.description_sale, "Warm")

    def test_what_is_said_to_be_none_goes(self):
        self.tell(self.content(tags=("winter",), description_html="Warm", attributes=()))
        self.tell(self.content(minute=1, tags=(), description_html=""))
        self.assertFalse(self.shirt.product_tag_ids)
        self.assertFalse(self.shirt.description_sale)
        self.assertFalse(self.waiting())

    def test_an_edit_in_odoo_is_replaced_and_listed(self):
        self.tell(self.content())
        self.shirt.name = "My own name"
        self.tell(self.content(minute=1, title="Newer"))
        self.assertEqual(self.shirt.name, "Newer")
        (row,) = self.refusals()
        self.assertEqual((row.side, row.values["title"]["ours"]), ("replaced", "My own name"))
        self.assertEqual(row.state, "taken")

    def test_a_first_word_lists_what_it_replaced(self):
        self.tell(self.content())
        (row,) = self.refusals()
        self.assertEqual(row.values["title"]["ours"], "Old name")

    def test_the_same_state_again_and_an_older_one_change_nothing(self):
        self.tell(self.content(minute=5))
        count = self.refusals().count
        self.assertEqual(self.tell(self.content(minute=5)), ["done"])
        self.assertEqual(self.tell(self.content(minute=1, title="Older")), ["superseded"])
        self.assertEqual(self.shirt.name, "Shirt of wool")
        self.assertEqual(self.refusals().count, count)

    def test_states_in_any_order_end_with_the_latest(self):
        for number, order in enumerate(permutations([1, 2, 3])):
            template = self.goods(f"N-{number}").product_tmpl_id
            for minute in order:
                told = self.content(minute, f"N-{number}", f"n{number}", title=f"Title {minute}")
                self.tell(told)
            self.assertEqual(template.name, "Title 3")

    def test_a_batch_that_fails_leaves_no_trace(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.tell(self.content())
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual(self.shirt.name, "Old name")
        self.assertFalse(self.refusals())

    # Other owners

    def test_a_shop_that_owns_nothing_changes_nothing(self):
        self.tell(self.content(), backend=self.backend)
        self.assertEqual(self.shirt.name, "Old name")
        self.assertEqual(self.verdict("p-v"), ("matched", "sku"))

    def test_where_odoo_owns_a_field_of_a_pim_it_is_refused_visibly(self):
        self.pim._ownership("product", "content").action_split()
        self.pim._ownership("product", "content", "title").owner = "odoo"
        self.tell(self.content(tags=("winter",)))
        self.assertEqual(self.shirt.name, "Old name")
        self.assertEqual(self.shirt.product_tag_ids.name, "winter")
        self.assertEqual(set(self.waiting().values), {"title"})

    def test_a_person_takes_what_was_refused(self):
        self.pim._ownership("product", "content").action_split()
        self.pim._ownership("product", "content", "title").owner = "odoo"
        self.tell(self.content())
        row = self.waiting()
        row.with_user(create_user(self.env, "operator")).action_take_theirs()
        self.assertEqual((self.shirt.name, row.state), ("Shirt of wool", "taken"))
        with self.assertRaises(AccessError):
            row.with_user(create_user(self.env, "auditor")).action_take_theirs()

    def test_a_conflict_is_asked_about_once(self):
        self.pim._set_owner("product", "content", "channel", "ask")
        self.tell(self.content())
        exception = self.env["retail.exception"].search(
            [("backend_id", "=", self.pim.id), ("code", "=", "ownership_conflict")]
        )
        self.assertEqual(exception.comparison, [["Title", "Shirt of wool", "Old name", "–"]])
        exception.action_keep_ours()
        self.tell(self.content(minute=1))
        self.assertEqual((self.shirt.name, exception.state), ("Old name", "resolved"))
        self.tell(self.content(minute=2, title="Third"))
        self.assertEqual(exception.state, "open")
        exception.action_fix()
        self.assertEqual(self.shirt.name, "Third")

    def test_of_two_pims_the_first_in_order_that_knows_a_product_owns_it(self):
        second = create_backend(self.env, name="Second PIM")
        self.pim._ownership("product", "content").rank = 1
        second._ownership("product", "content").write({"owner": "channel", "rank": 2})
        other = self.goods("S-2").product_tmpl_id
        self.tell(self.content())
        self.tell(self.content(minute=5, title="No"), backend=second)
        self.tell(self.content(sku="S-2", external_id="q", title="Yes"), backend=second)
        self.assertEqual((self.shirt.name, other.name), ("Shirt of wool", "Yes"))
        self.assertIn("title", self.waiting(second).values)
        self.assertEqual(self.waiting(second).res_id, self.shirt.id)

    # Products that are not known

    def test_an_unknown_product_stays_in_the_review_list(self):
        self.tell(self.content(sku="NEW", external_id="n"))
        self.assertEqual(self.candidate("n-v", self.pim).state, "unmatched")

    def test_content_told_before_a_person_adopts_is_taken_then(self):
        goods = self.goods("OTHER")
        self.tell(self.content(sku="NEW", external_id="n"))
        row = self.candidate("n-v", self.pim)
        row.write({"product_id": goods.id, "state": "matched", "match_reason": "chosen"})
        row.action_adopt()
        self.assertEqual(goods.name, "Shirt of wool")

    def test_a_new_product_is_made_with_its_variants(self):
        self.pim.create_products = True
        variants = tuple(
            ProductVariant(
                external_id=f"n-{size}-{colour}",
                title=size,
                sku=f"NEW-{size}-{colour}",
                options=(
                    ProductOption(name="Size of test", value=size),
                    ProductOption(name="Colour of test", value=colour),
                ),
            )
            for size, colour in (("S", "red"), ("M", "red"), ("M", "blue"))
        )
        self.tell(self.content(external_id="n", variants=variants))
        products = self.env["product.product"].search([("default_code", "like", "NEW-")])
        self.assertEqual(len(products), 3)
        self.assertEqual(len(products.product_tmpl_id), 1)
        self.assertEqual(products.product_tmpl_id.name, "Shirt of wool")
        self.assertEqual(products.product_tmpl_id.list_price, 0)
        bound = self.bindings.search([("backend_id", "=", self.pim.id)])
        self.assertEqual(bound.odoo_id, products)
        self.tell(self.content(minute=1, external_id="n", variants=variants))
        self.assertEqual(
            self.env["product.product"].search([("default_code", "like", "NEW-")]), products
        )

    # Categories

    def test_a_category_is_found_by_its_path(self):
        parent = self.env["product.category"].create({"name": "Clothes of test"})
        child = parent.create({"name": "Shirts", "parent_id": parent.id})
        self.tell(self.content(category="clothes of test > shirts"))
        self.assertEqual(self.shirt.categ_id, child)

    def test_an_unknown_category_waits_for_its_mapping(self):
        with self.assertRaises(ImportProblem) as caught:
            self.tell(self.content(category="Unheard of"))
        self.assertEqual(caught.exception.problem.fix, "map_value")
        category = self.env["product.category"].create({"name": "Heard of"})
        self.env["retail.mapping"].create(
            {
                "backend_id": self.pim.id,
                "kind": "category",
                "external_key": "Unheard of",
                "category_id": category.id,
            }
        )
        self.tell(self.content(category="Unheard of"))
        self.assertEqual(self.shirt.categ_id, category)


@tagged("post_install", "-at_install")
class TestPictures(ContentCase):
    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()
        self.asked, self.web = [], {}

    def fetch(self, url):
        """Answer as the web would."""
        self.asked.append(url)
        answer = self.web.get(url, Picture(PIXEL_BYTES, "image/png"))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def run_fetcher(self):
        self.env.flush_all()
        fetcher = self.registry["retail.picture.fetcher"]
        with patch.object(fetcher, "_fetch", lambda _self, url: self.fetch(url)):
            while self.env["retail.picture.fetcher"].sudo()._run_chunk(self.pim.id):
                pass
        self.env.invalidate_all()

    def images(self, *urls, minute=0):
        images = tuple(ProductImage(url=url) for url in urls)
        self.tell(self.content(minute=minute, images=images))
        self.run_fetcher()

    def states(self):
        return self.shirt.retail_picture_ids.mapped("state")

    def test_the_first_picture_becomes_the_products(self):
        self.images("https://pim.example/1.png")
        self.assertTrue(self.shirt.image_1920)
        self.assertEqual(self.states(), ["done"])

    def test_a_picture_is_fetched_once(self):
        self.images("https://pim.example/1.png")
        self.images("https://pim.example/1.png", minute=1)
        self.assertEqual(len(self.asked), 1)

    def test_another_picture_replaces_it(self):
        self.images("https://pim.example/1.png")
        self.images("https://pim.example/2.png", minute=1)
        self.assertEqual(self.shirt.retail_picture_ids.mapped("url"), ["https://pim.example/2.png"])
        self.images(minute=2)
        self.assertFalse(self.shirt.image_1920)

    def test_what_is_no_picture_is_shown_and_not_asked_for_again(self):
        self.web["https://pim.example/1.png"] = RejectedError("no picture")
        self.images("https://pim.example/1.png")
        self.assertEqual(self.states(), ["failed"])
        self.run_fetcher()
        self.assertEqual(len(self.asked), 1)

    def test_a_failure_that_passes_is_tried_again_later(self):
        self.web["https://pim.example/1.png"] = TransientError("busy")
        self.images("https://pim.example/1.png")
        self.assertEqual(self.states(), ["waiting"])
        self.web.clear()
        self.shirt.retail_picture_ids.next_attempt_at = False
        self.run_fetcher()
        self.assertEqual(self.states(), ["done"])

    def test_bytes_that_odoo_cannot_read_fail_alone(self):
        self.web["https://pim.example/1.png"] = Picture(b"\x89PNG\r\n\x1a\nbroken", "image/png")
        self.images("https://pim.example/1.png")
        self.assertEqual(self.states(), ["failed"])
        self.assertFalse(self.shirt.image_1920)
