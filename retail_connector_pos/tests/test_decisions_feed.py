from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.feed_content import Grant, digest, plain, promotions
from ..decisions.feed_item import feed_answer, feed_item

AMOUNTS = st.decimals(min_value=0, max_value=10**7, places=4, allow_nan=False)
GRANTS = st.builds(
    Grant,
    program=st.integers(1, 9),
    name=st.sampled_from(["Sale", "Spring"]),
    mode=st.sampled_from(["percent", "per_order"]),
    discount=AMOUNTS,
    whole_ticket=st.booleans(),
    minimum_quantity=st.integers(1, 9),
    code=st.none() | st.just("SPRING"),
)


@tagged("post_install", "-at_install")
class TestFeedContent(BaseCase):
    """What registers are told, without a database."""

    @given(AMOUNTS)
    def test_an_amount_stays_what_it_is(self, amount):
        self.assertEqual(Decimal(plain(amount)), amount)
        self.assertNotIn("E", plain(amount))

    @given(st.lists(GRANTS, max_size=5), st.randoms())
    def test_the_order_of_promotions_says_nothing(self, grants, rng):
        shuffled = list(grants)
        rng.shuffle(shuffled)
        self.assertEqual(promotions(grants), promotions(shuffled))

    @given(st.lists(GRANTS, max_size=3), AMOUNTS, st.none() | st.integers(0, 999), st.booleans())
    def test_what_is_stored_is_told_to_both_alike(self, grants, price, available, active):
        stored = {
            "reference": "1", "store": "S1", "variant": None, "sku": "A", "barcodes": ["1"],
            "title": "A", "unit": "Units", "price": plain(price), "currency": "EUR",
            "taxes_included": True, "tax_rates": ["0.19"], "promotions": promotions(grants),
            "available": None if available is None else str(available), "active": active,
        }  # fmt: skip
        sent, answered = feed_item(stored), feed_answer(stored)
        self.assertEqual((sent.price, sent.available), (answered.price, answered.available))
        self.assertEqual(sent.price, price)
        self.assertEqual(
            [(each.percent, each.amount) for each in sent.promotions],
            [(each.percent, each.amount) for each in answered.promotions],
        )

    def test_a_digest_tells_contents_apart(self):
        self.assertEqual(digest({"a": "1", "b": 2}), digest({"b": 2, "a": "1"}))
        self.assertNotEqual(digest({"a": "1"}), digest({"a": 1}))
