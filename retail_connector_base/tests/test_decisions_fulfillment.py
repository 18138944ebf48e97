import json

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.fulfillment import Delivered, left_to_tell, parcels_of


@tagged("post_install", "-at_install")
class TestFulfillmentDecisions(BaseCase):
    def test_what_was_told_is_not_told_again(self):
        lines = {"a": Delivered(3, 3), "b": Delivered(1, 2)}
        self.assertEqual(left_to_tell(lines, {"a": 1.0, "b": 1.0}), {"a": 2})

    def test_floats_that_mean_whole_pieces_are_whole(self):
        self.assertEqual(left_to_tell({"a": Delivered(2.9999999999, 3)}, {}), {"a": 3})
        self.assertEqual(left_to_tell({"a": Delivered(2.9, 3)}, {}), {"a": 2})

    @given(
        st.lists(st.tuples(st.floats(0, 5), st.none() | st.integers(0, 5)), max_size=8),
        st.integers(0, 20),
    )
    def test_the_sum_of_what_is_told_is_the_highest_level_never_more_than_wanted(
        self, movements, wanted
    ):
        level, told = 0.0, 0
        for moved, at_most in [*movements, (0.0, None)]:
            level += moved
            line = Delivered(level, wanted, at_most)
            told += left_to_tell({"a": line}, {"a": told}).get("a", 0)
            self.assertLessEqual(told, min(level + 1e-3, wanted))
        self.assertEqual(told, int(min(level, wanted) + 1e-6))

    def test_parcels_are_read_from_what_carriers_write(self):
        self.assertEqual(parcels_of("", "", ""), [])
        self.assertEqual(parcels_of("P1", "https://x/P1", ""), [("P1", "https://x/P1")])
        self.assertEqual(
            parcels_of("P1,P2;P3 P1", "https://x/P1,P2", ""),
            [("P1", None), ("P2", None), ("P3", None)],
        )
        links = json.dumps([["P1", "https://x/1"], ["P2", "https://x/2"]])
        self.assertEqual(
            parcels_of("P1,P2", links, ""), [("P1", "https://x/1"), ("P2", "https://x/2")]
        )
        template = "https://y/<shipmenttrackingnumber>"
        self.assertEqual(
            parcels_of("P1,P2", "https://y/P1,P2", template),
            [("P1", "https://y/P1"), ("P2", "https://y/P2")],
        )
