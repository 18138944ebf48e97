"""Whatever people do and however the shop answers: in the end the shop shows what Odoo wants.

The oracle knows nothing of states and differences: it looks at the product and at the shop.
"""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

from .publishing import PublishingCase

OUTCOMES = ("done", "lost", "unanswered", "refused", "rejected")
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("name"), st.sampled_from(["A", "B", "C"])),
        st.tuples(st.just("description_sale"), st.sampled_from(["", "x", "y"])),
        st.tuples(st.just("active"), st.booleans()),
        st.tuples(st.just("sale_ok"), st.booleans()),
        st.tuples(st.just("list_price"), st.sampled_from([1.0, 2.0, 3.5])),
        st.tuples(st.just("sku"), st.sampled_from(["S1", "S2"])),
        st.tuples(st.just("stop"), st.none()),
        st.tuples(st.just("publish"), st.none()),
        st.tuples(st.just("owner"), st.booleans()),
        st.tuples(st.just("pass"), st.sampled_from(OUTCOMES)),
    ),
    max_size=14,
)


@tagged("post_install", "-at_install")
class TestPublishingProperty(PublishingCase):
    @given(STEPS)
    @settings(
        max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    def test_in_the_end_the_shop_shows_what_odoo_wants(self, steps):
        with self.env.cr.savepoint() as savepoint:
            self._run_steps(steps)
            savepoint.close(rollback=True)
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def _run_steps(self, steps):
        self.shop.__init__()
        template = self.template("A", "S1", price=1.0)
        variant = template.product_variant_id
        listing = self.listings._ensure(self.backend, template)
        for name, value in steps:
            self._step(template, variant, listing, name, value)
        self.shop.script = []
        # What was rejected is told again once it is another value, or a person wants it.
        listing.action_compare()
        self._come_to_rest()
        self._assert_in_step(template, variant, listing)
        self._assert_minimal()

    def _step(self, template, variant, listing, name, value):
        if name == "pass":
            self.shop.script = [value]
            self.project("product")
            self.project("price")
        elif name == "stop":
            listing.action_stop()
        elif name == "publish":
            if listing.state in ("draft", "archived") and template.active and template.sale_ok:
                listing.action_publish()
        elif name == "owner":
            self.let("title", "odoo" if value else "separate")
        elif name == "sku":
            variant.default_code = value
        else:
            template[name] = value

    def _come_to_rest(self):
        for _time in range(2):
            for kind in ("product", "price"):
                self.project(kind, full=True)

    def _assert_in_step(self, template, variant, listing):
        self.assertLessEqual(len(self.shop.products), 1, "a product was made twice")
        told = listing.state in ("approved", "published") and template.active and template.sale_ok
        if not self.shop.products:
            self.assertFalse(told)
            return
        (shown,) = self.shop.products.values()
        self.assertEqual(shown.fields["state"], "active" if told else "archived")
        self.assertFalse(listing.pending or listing.attempt_key)
        if not told:
            return
        owned = self.backend._owned_fields()
        if "title" in owned:
            self.assertEqual(shown.fields["title"], template.name)
        self.assertEqual("x" in shown.fields["description_html"], template.description_sale == "x")
        (row,) = shown.variants.values()
        self.assertEqual(row["sku"], variant.default_code)
        price = self.shop.prices[row["id"]][0]
        self.assertEqual(price, Decimal(str(template.list_price)))

    def _assert_minimal(self):
        self.shop.calls.clear()
        self._come_to_rest()
        self.assertEqual(self.shop.calls, [])
