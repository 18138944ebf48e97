from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..canonical.listing import Listing, ListingImage, ListingVariant
from ..canonical.product import ProductOption, ProductState
from ..decisions.listing_difference import (
    OWNED_FIELDS,
    VARIANT_FIELDS,
    acknowledged_of,
    content_of,
    differing,
    kept,
)
from ..decisions.listing_rules import ListingRules, problems_of
from ..decisions.price_display import in_minor_units, shown

texts = st.sampled_from(["", "a", "b"])
owned_fields = st.sets(st.sampled_from(OWNED_FIELDS))


def variant(number, sku="S", price="1", options=(), **values):
    """Return a variant that is complete."""
    return ListingVariant(
        reference=f"v{number}",
        sku=sku,
        price=price,
        options=tuple(ProductOption(name=name, value=value) for name, value in options),
        **values,
    )


def listing(*variants, title="Shirt", **values):
    """Return a listing of variants."""
    return Listing(reference="r", title=title, variants=variants, **values)


@st.composite
def listings(draw):
    """Return any complete listing of up to three variants."""
    return Listing(
        reference="r",
        title=draw(texts),
        description_html=draw(texts),
        state=draw(st.sampled_from([ProductState.ACTIVE, ProductState.DRAFT])),
        vendor=draw(texts),
        product_type=draw(texts),
        tags=tuple(draw(st.lists(texts, max_size=2))),
        images=tuple(
            ListingImage(digest=digest, filename="x")
            for digest in draw(st.lists(texts, max_size=2, unique=True))
        ),
        variants=tuple(
            variant(number, sku=draw(texts), barcode=draw(texts), weight_grams=draw(weights))
            for number in draw(st.lists(st.integers(1, 3), unique=True, min_size=1))
        ),
    )


weights = st.sampled_from([None, Decimal(1), Decimal("2.5")])


def codes(*variants, rules=None, taken=(), **values):
    """Return the codes of what speaks against a listing."""
    found = problems_of(listing(*variants, **values), rules or ListingRules(), taken)
    return [problem.code for problem in found]


@tagged("post_install", "-at_install")
class TestRules(BaseCase):
    def test_a_complete_product_has_no_problems(self):
        self.assertEqual(codes(variant(1), variant(2, sku="T")), [])

    def test_each_rule_is_named(self):
        many = [variant(n, sku=f"S{n}") for n in range(4)]
        sizes = [(f"O{n}", "x") for n in range(4)]
        self.assertEqual(codes(variant(1), title=" "), ["no_title"])
        self.assertEqual(codes(variant(1), title="x" * 256), ["long_title"])
        self.assertEqual(codes(), ["no_variants"])
        self.assertEqual(codes(*many, rules=ListingRules(variants=3)), ["many_variants"])
        self.assertEqual(codes(variant(1, options=sizes)), ["many_options"])
        self.assertEqual(codes(variant(1, options=[("A", "1"), ("a", "2")])), ["same_option"])
        self.assertEqual(codes(variant(1, sku=" ")), ["no_sku"])
        self.assertEqual(codes(variant(1), variant(2)), ["same_sku"])
        self.assertEqual(codes(variant(1), taken={"S"}), ["taken_sku"])
        self.assertEqual(codes(variant(1, price="0")), ["no_price"])
        self.assertEqual(
            codes(variant(1, options=[("A", "1")]), variant(2, sku="T")), ["uneven_options"]
        )

    def test_a_variant_that_is_there_needs_no_price(self):
        self.assertEqual(codes(variant(1, price=None, external_id="V1")), [])


@tagged("post_install", "-at_install")
class TestDifference(BaseCase):
    @given(listings())
    def test_what_was_acknowledged_does_not_differ(self, one):
        content = content_of(one)
        self.assertEqual(differing(content, acknowledged_of(content, OWNED_FIELDS)), [])

    @given(listings(), listings())
    def test_exactly_the_fields_that_differ_are_named(self, before, after):
        content, known = content_of(after), content_of(before)
        expected = [name for name in content if content[name] != known.get(name)]
        got = differing(content, known)
        # A variant without a weight does not take away the weight that the channel has.
        if "variants" in expected and "variants" not in got:
            expected.remove("variants")
            for key, row in content["variants"].items():
                self.assertLessEqual(row.items(), known["variants"][key].items())
        self.assertEqual(got, expected)

    @given(listings(), owned_fields)
    def test_what_the_channel_owns_is_not_told(self, one, owned):
        content = content_of(kept(one, owned))
        self.assertLessEqual(content.keys() - {"variants"}, owned)
        for row in content["variants"].values():
            self.assertLessEqual(row.keys() & set(VARIANT_FIELDS), owned)

    @given(listings(), owned_fields, owned_fields)
    def test_a_field_that_becomes_ours_again_is_told_again(self, one, before, later):
        known = acknowledged_of(content_of(one), before)
        told = differing(content_of(kept(one, later)), known)
        regained = {name for name in later - before if name not in VARIANT_FIELDS}
        self.assertEqual(set(told) - {"variants"}, regained)


@tagged("post_install", "-at_install")
class TestPrices(BaseCase):
    def test_amounts_have_whole_minor_units(self):
        self.assertEqual(str(in_minor_units(1.005, "EUR")), "1.01")
        self.assertEqual(str(in_minor_units(1234.5, "JPY")), "1235")
        self.assertEqual(str(in_minor_units(0.1 + 0.2, "BHD")), "0.300")

    def test_a_price_that_is_no_offer_stands_alone(self):
        self.assertEqual(shown(10.0, 12.0, "EUR").compare_at, Decimal("12.00"))
        for before in (None, 0.0, 10.0, 10.004, 9.0):
            self.assertIsNone(shown(10.0, before, "EUR").compare_at)

    def test_nothing_is_given_away_by_accident(self):
        for amount in (0.0, -1.0, 0.001):
            self.assertFalse(shown(amount, None, "EUR").is_given)

    @given(st.decimals(0, 10**7, places=3), st.sampled_from(["EUR", "JPY", "BHD"]))
    def test_floats_make_no_difference(self, amount, currency):
        self.assertEqual(in_minor_units(float(amount), currency), in_minor_units(amount, currency))
