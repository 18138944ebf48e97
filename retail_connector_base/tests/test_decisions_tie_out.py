from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.tax_check import is_exempt, is_rounding_of, tax_key
from ..decisions.tie_out import Totals, rounding_needed

cents = st.integers(-10_000, 10_000).map(lambda number: Decimal(number) / 100)
CENT = Decimal("0.01")


@tagged("post_install", "-at_install")
class TestTieOut(BaseCase):
    def needed(self, theirs, ours, tolerated=0, lines=3):
        return rounding_needed(Totals(*theirs), Totals(*ours), "EUR", tolerated, lines)

    def test_equal_totals_need_nothing(self):
        self.assertEqual(self.needed((Decimal(10), CENT), (Decimal(10), CENT)), 0)

    def test_a_tax_difference_is_never_made_up(self):
        self.assertIsNone(self.needed((Decimal(10), CENT), (Decimal(10), 2 * CENT), tolerated=99))

    def test_the_tolerance_holds_for_the_untaxed_total(self):
        ours = (Decimal("9.98"), CENT)
        self.assertIsNone(self.needed((Decimal(10), CENT), ours, tolerated=1))
        self.assertEqual(self.needed((Decimal(10), CENT), ours, tolerated=2), 2 * CENT)

    def test_one_minor_unit_per_line_at_most(self):
        ours = (Decimal("9.98"), CENT)
        self.assertIsNone(self.needed((Decimal(10), CENT), ours, tolerated=9, lines=1))

    @given(cents, cents, cents, st.integers(0, 50), st.integers(1, 50))
    def test_with_the_rounding_line_both_tie(self, theirs, ours, tax, tolerated, lines):
        needed = self.needed((theirs, tax), (ours, tax), tolerated, lines)
        if needed is not None:
            self.assertEqual(ours + needed, theirs)
            self.assertLessEqual(abs(needed), min(tolerated, lines) * CENT)


@tagged("post_install", "-at_install")
class TestTaxCheck(BaseCase):
    def test_a_half_may_go_either_way(self):
        for amount in ("0.12", "0.13"):
            self.assertTrue(is_rounding_of(Decimal(amount), Decimal("0.125"), CENT))

    def test_more_than_a_half_is_wrong(self):
        self.assertFalse(is_rounding_of(Decimal("0.12"), Decimal("0.126"), CENT))

    def test_what_was_named_and_not_charged_is_exempt(self):
        self.assertTrue(is_exempt(Decimal(0), Decimal("1.90"), CENT))
        self.assertFalse(is_exempt(Decimal(0), Decimal("0.004"), CENT))
        self.assertFalse(is_exempt(Decimal("1.90"), Decimal("1.90"), CENT))

    def test_the_word_of_a_tax(self):
        self.assertEqual(tax_key(" VAT ", Decimal("0.190"), True, "DE"), "VAT|0.19|included|DE")
        self.assertEqual(tax_key("GST", Decimal(0), False, None, True), "GST|0|excluded||channel")
