from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.decisions.outbox import together

from ..decisions.release_change import Held, changes_of
from ..decisions.release_progress import AT_WAREHOUSE, ENDED, OPEN, is_contradiction, may_go
from ..decisions.release_rejection import About, about

STATES = st.sampled_from(sorted(OPEN | ENDED))
UNITS = st.integers(0, 20).map(float)
LINES = st.builds(Held, key=st.just("1"), told=UNITS, shipped=UNITS, open=UNITS, reserved=UNITS)


@tagged("post_install", "-at_install")
class TestReleaseDecisions(BaseCase):
    """How releases go on, whom a refusal concerns, and what a change asks for."""

    @given(st.lists(STATES, max_size=12))
    def test_whatever_is_said_goods_that_left_never_come_back(self, words):
        state, left, ended = "ready", False, False
        for word in words:
            if may_go(state, word):
                self.assertFalse(ended and word != "delivered", f"{state} → {word}")
                state = word
            left = left or state in ("partly_shipped", "shipped", "delivered")
            ended = state in ENDED
            if left:
                self.assertIn(state, ("partly_shipped", "shipped", "delivered"))

    def test_a_refusal_of_what_left_is_a_contradiction_and_a_late_word_is_none(self):
        self.assertTrue(is_contradiction("shipped", "rejected"))
        self.assertFalse(is_contradiction("shipped", "accepted"))
        self.assertFalse(is_contradiction("cancelled", "cancelled"))
        self.assertFalse(AT_WAREHOUSE & ENDED)

    def test_a_refusal_names_whom_it_concerns(self):
        said = {
            "The postal code 10115 is not valid": About.ADDRESS,
            "Invalid country for recipient": About.ADDRESS,
            "SKU A-1 not found": About.ITEM,
            "Country of origin missing for product A-1": About.ITEM,
            "Insufficient inventory for SKU A-1": About.STOCK,
            "out of stock": About.STOCK,
            "Shipping method EXPRESS is not set up": About.CARRIER,
            "Computer says no": About.OTHER,
            "": About.OTHER,
        }
        for reason, topic in said.items():
            self.assertIs(about(reason), topic, reason)
        self.assertIs(about("Please check", "ADDRESS"), About.ADDRESS)
        self.assertIs(about(None, "ITEM_UNKNOWN"), About.ITEM)

    @given(LINES)
    def test_a_change_never_asks_for_less_than_left_nor_for_what_is_not_there(self, line):
        wanted = changes_of([line])["1"]
        if line.shipped >= line.told:
            self.assertEqual(wanted, line.told)
            return
        self.assertGreaterEqual(wanted, line.shipped)
        self.assertLessEqual(wanted, max(line.told, line.shipped + line.reserved))
        self.assertLessEqual(wanted, line.shipped + line.open)

    @given(st.lists(st.sampled_from(["a", "b", None]), min_size=1, max_size=8), st.integers(1, 4))
    def test_what_goes_out_together_is_of_one_kind_and_fits(self, kinds, most):
        count = together(kinds, {"a": most})
        self.assertTrue(1 <= count <= len(kinds))
        if count > 1:
            self.assertEqual(set(kinds[:count]), {"a"})
            self.assertLessEqual(count, most)
