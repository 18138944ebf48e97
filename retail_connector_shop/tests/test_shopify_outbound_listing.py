from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    Listing,
    ListingImage,
    ListingVariant,
    ProductOption,
)
from odoo.addons.retail_connector_base.providers import (
    ListingChange,
    RejectedError,
    TransientError,
    Verdict,
)

from ..providers.shopify.images import file_name, mark_of
from ..providers.shopify.listing_read import ListedVariant
from ..providers.shopify.listing_variants import match, variants_input
from .shopify_common import FakeHttp, provider

DIGEST = "0123456789abcdef" * 4


def ours(reference, *options, **values):
    pairs = tuple(ProductOption(name=name, value=value) for name, value in options)
    return ListingVariant(reference=reference, options=pairs, **values)


def listed(number, *options, sku=""):
    return ListedVariant(str(number), sku, options, str(number + 1000))


SMALL, LARGE = ("Size", "S"), ("Size", "L")


@tagged("post_install", "-at_install")
class TestShopifyListingVariants(BaseCase):
    def test_an_id_counts_more_than_option_values(self):
        mine = ours("a", SMALL, external_id="2")
        (found,) = match([mine], [listed(1, SMALL), listed(2, LARGE)])
        self.assertEqual(found.listed.id, "2")

    def test_no_variant_is_two_of_ours(self):
        found = match([ours("a", SMALL, external_id="1"), ours("b", SMALL)], [listed(1, SMALL)])
        self.assertEqual([one.listed and one.listed.id for one in found], ["1", None])

    def test_values_of_all_variants_are_in_the_options(self):
        options, variants = variants_input([ours("a", SMALL)], [listed(2, LARGE)])
        self.assertEqual(
            options,
            [{"name": "Size", "position": 1, "values": [{"name": "S"}, {"name": "L"}]}],
        )
        self.assertEqual([row["position"] for row in variants], [1, 2])
        self.assertEqual(variants[1]["id"], "gid://shopify/ProductVariant/2")
        self.assertNotIn("inventoryItem", variants[1])

    def test_a_variant_that_is_not_sold_any_more_goes(self):
        known = [listed(1, SMALL), listed(2, LARGE)]
        options, variants = variants_input([ours("a", SMALL, external_id="1")], known, ("2",))
        self.assertEqual([row["id"] for row in variants], ["gid://shopify/ProductVariant/1"])
        self.assertEqual(options[0]["values"], [{"name": "S"}])

    def test_prices_are_for_new_variants_only(self):
        price = Decimal("9.50")
        for known, expected in (((), "9.50"), ((listed(1, SMALL),), None)):
            _options, (row,) = variants_input([ours("a", SMALL, price=price)], known)
            self.assertEqual(row.get("price"), expected)

    def test_what_is_none_is_not_written(self):
        _options, (row,) = variants_input([ours("a", SMALL)], ())
        self.assertEqual(set(row), {"inventoryItem", "optionValues", "position"})
        self.assertEqual(row["inventoryItem"], {"tracked": True})

    def test_variants_without_options_have_the_default_one(self):
        _options, (row,) = variants_input([ours("a")], ())
        self.assertEqual(row["optionValues"], [{"optionName": "Title", "name": "Default Title"}])

    def test_different_options_among_ours_are_refused(self):
        with self.assertRaises(RejectedError):
            variants_input([ours("a", SMALL), ours("b", ("Colour", "Red"))], ())

    def test_different_options_of_others_are_refused_by_name(self):
        with self.assertRaisesRegex(RejectedError, "FOREIGN"):
            variants_input([ours("a", SMALL)], [listed(1, ("Colour", "Red"), sku="FOREIGN")])


@tagged("post_install", "-at_install")
class TestShopifyImages(BaseCase):
    def name(self, filename):
        return file_name(ListingImage(digest=DIGEST, filename=filename))

    def test_names_hold_the_mark_of_the_content(self):
        self.assertEqual(self.name("Front view.PNG"), f"front-view-rc{DIGEST[:20]}.png")
        for name in (
            "",
            "…",
            ".png",
            "no ending",
            "x" * 500 + ".jpg",
            "../../etc/passwd",
            "a\r\nb.x",
        ):
            made = self.name(name)
            self.assertRegex(made, r"\A[a-z0-9-]{1,100}\.[a-z0-9]{1,100}\Z")
            self.assertEqual(mark_of(f"https://cdn.example/files/{made}?v=1"), DIGEST[:20])

    def test_marks_survive_what_the_shop_adds_to_names(self):
        name = self.name("front.png").replace(".png", "_6f1d7b1c-3f0e-4a0b-9d1c-0c6f5b1d2e3f.png")
        self.assertEqual(mark_of(f"https://cdn.example/s/files/1/{name}?v=17"), DIGEST[:20])

    def test_names_of_others_hold_no_mark(self):
        for url in ("", "https://cdn.example/photo.jpg", "https://cdn.example/x-rc12.png"):
            self.assertIsNone(mark_of(url))


@tagged("post_install", "-at_install")
class TestShopifyListing(BaseCase):
    def publish(self, answers, **values):
        values = {"reference": "r", "title": "T", "variants": (ours("v", SMALL),), **values}
        change = ListingChange(Listing(**values), frozenset({"title"}), lambda digest: b"")
        http = FakeHttp(lambda name, _variables: answers(name, len(http.calls)))
        (answer,) = provider(http).change_listings([change], "key")
        return answer, [name for name, _variables in http.calls]

    def shop(self, *set_answers):
        """A shop that has no product, and answers in turn when one is written."""
        left = list(set_answers)
        nothing = {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}
        product = {"id": "gid://shopify/Product/7", "variants": nothing, "media": nothing}

        def answers(name, _count):
            data = {
                "ByReference": {"productByIdentifier": None},
                "DefineReference": {"metafieldDefinitionCreate": {"userErrors": []}},
                "Listed": {"product": product},
            }
            return {"data": data.get(name) or {"productSet": left.pop(0)}}

        return answers

    def test_our_metafield_is_defined_when_the_shop_asks_for_it(self):
        error = {"message": "Metafield definition of type 'id' is required when using custom ids."}
        done = {"product": {"id": "gid://shopify/Product/7"}, "userErrors": []}
        shop = self.shop({"userErrors": [error]}, done)
        answer, names = self.publish(shop)
        self.assertEqual((answer.verdict, answer.external_id), (Verdict.DONE, "7"))
        self.assertEqual(
            names, ["ByReference", "SetProduct", "DefineReference", "SetProduct", "Listed"]
        )

    def test_a_lookup_that_lacks_the_definition_finds_nothing(self):
        error = {"message": "Metafield definition of type 'id' is required when using custom ids."}
        done = {"product": {"id": "gid://shopify/Product/7"}, "userErrors": []}
        shop = self.shop(done)
        answer, _names = self.publish(
            lambda name, count: {"errors": [error]} if name == "ByReference" else shop(name, count)
        )
        self.assertEqual(answer.verdict, Verdict.DONE)

    def test_other_errors_of_a_lookup_do_not_make_a_second_product(self):
        with self.assertRaises(RejectedError):
            self.publish(lambda name, count: {"errors": [{"message": "Something is wrong."}]})

    def test_what_may_pass_is_transient(self):
        error = {"code": "GENERIC_ERROR", "message": "Something went wrong, please try again."}
        with self.assertRaises(TransientError):
            self.publish(self.shop({"userErrors": [error]}))

    def test_refusals_say_why(self):
        error = {"code": "INVALID_PRODUCT", "message": "Title can't be blank"}
        answer, _names = self.publish(self.shop({"userErrors": [error]}))
        self.assertEqual((answer.verdict, answer.text), (Verdict.REJECTED, "Title can't be blank"))
