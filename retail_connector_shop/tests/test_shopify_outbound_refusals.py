from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import RejectedError, TransientError

from ..providers.shopify.all_or_nothing import settle
from ..providers.shopify.user_errors import (
    UserError,
    payload_of,
    require_none,
    user_errors,
)

ITEMS = st.lists(st.sampled_from(("good", "bad", "worse")), max_size=12)


@tagged("post_install", "-at_install")
class TestShopifySettle(BaseCase):
    @given(ITEMS, st.booleans())
    def test_exactly_the_good_items_are_written_whatever_is_told_at_once(self, items, all_at_once):
        """The shop may name all refusals, or the first alone."""
        numbered = list(enumerate(items))
        written = []

        def send(rest):
            errors = [
                UserError(item, item, index)
                for index, (_number, item) in enumerate(rest)
                if item != "good"
            ]
            if not errors:
                written.append(list(rest))
            return errors if all_at_once else errors[:1]

        found = settle(numbered, send, "good", lambda item, errors: errors[0].code)
        self.assertEqual(found, items)
        good = [pair for pair in numbered if pair[1] == "good"]
        self.assertEqual(written, [good] if good else [])

    def test_refusals_of_no_item_in_particular_refuse_all(self):
        asked = []

        def send(rest):
            asked.append(rest)
            return [UserError("X", "No.")]

        self.assertEqual(settle([1, 2], send, True, lambda item, errors: False), [False, False])
        self.assertEqual(len(asked), 1)


@tagged("post_install", "-at_install")
class TestShopifyUserErrors(BaseCase):
    def index(self, path):
        (error,) = user_errors({"userErrors": [{"field": path, "message": "x"}]}, "variants")
        return error.index

    def test_indexes_follow_the_name_of_the_list(self):
        self.assertEqual(self.index(["variants", "3", "price"]), 3)
        self.assertEqual(self.index(["input", "variants", 3]), 3)
        for path in (None, [], ["variants"], ["variants", "id"], ["other", "3"], ["variants", "²"]):
            self.assertIsNone(self.index(path))

    def test_texts_hold_no_secrets(self):
        (error,) = user_errors({"userErrors": [{"message": "token shpat_abcdef0123456789 bad"}]})
        self.assertNotIn("shpat_abcdef", error.text)

    def test_errors_without_a_text_are_errors(self):
        with self.assertRaisesRegex(RejectedError, "refused"):
            require_none(user_errors({"userErrors": [{"message": None}]}))

    def test_no_payload_is_no_success(self):
        for data in ({}, {"productSet": None}, {"productSet": []}):
            with self.assertRaises(TransientError):
                payload_of(data, "productSet")
