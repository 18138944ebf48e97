from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.kit_units import whole_kits, without_kits

NEEDS = st.dictionaries(st.sampled_from("ABC"), st.integers(1, 4).map(Decimal), min_size=1)
UNITS = st.dictionaries(st.sampled_from("ABCD"), st.integers(0, 20).map(Decimal))


@tagged("post_install", "-at_install")
class TestKitUnits(BaseCase):
    """Whole kits among loose parts."""

    @settings(max_examples=60, deadline=None)
    @given(UNITS, NEEDS)
    def test_kits_and_what_is_left_are_all_the_parts_and_no_kit_is_left(self, units, needs):
        kits = whole_kits(units, needs)
        left = without_kits(units, needs, kits)
        for part in {*units, *needs}:
            together = left.get(part, Decimal(0)) + kits * needs.get(part, Decimal(0))
            self.assertEqual(together, units.get(part, Decimal(0)))
        self.assertEqual(whole_kits(left, needs), 0)

    def test_a_kit_without_one_part_is_none(self):
        needs = {"MUG": Decimal(1), "SPOON": Decimal(2)}
        self.assertEqual(whole_kits({"MUG": Decimal(3)}, needs), 0)
        self.assertEqual(whole_kits({"MUG": Decimal(3), "SPOON": Decimal(5)}, needs), 2)
        self.assertEqual(whole_kits({"MUG": Decimal(3)}, {}), 0)

    def test_more_kits_than_parts_leave_nothing(self):
        needs = {"MUG": Decimal(1)}
        self.assertEqual(without_kits({"MUG": Decimal(1)}, needs, Decimal(2)), {})
