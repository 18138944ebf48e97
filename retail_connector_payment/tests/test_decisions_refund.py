from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import RestockKind

from ..decisions.refund_approval import needs_second_person
from ..decisions.refund_credit import (
    Invoiced,
    Part,
    Units,
    part_of,
    spread,
    spread_tax,
    units_of,
)
from ..decisions.refund_split import NotEnoughError, Room, room, split
from ..decisions.refund_tie import Account, Computation, TieVerdict, judge_refund

CENT = Decimal("0.01")
amounts = st.decimals(0, 100_000, places=2)
units = st.decimals(0, 100, places=2)


def found(told="10", paid="10", expected="10", ours="10", tax="2", ours_tax="2"):
    """Return a computation."""
    return Computation(*map(Decimal, (told, paid, expected, ours, tax, ours_tax)))


@tagged("post_install", "-at_install")
class TestRefundDecisions(BaseCase):
    # From which payments

    @given(amounts, st.lists(amounts, max_size=6))
    def test_an_amount_is_split_exactly_and_no_payment_gives_more_than_it_has(self, amount, has):
        rooms = [Room(index, each) for index, each in enumerate(has)]
        if amount > sum(has):
            with self.assertRaises(NotEnoughError) as caught:
                split(amount, rooms)
            self.assertEqual(caught.exception.short, amount - sum(has))
            return
        parts = split(amount, rooms)
        self.assertEqual(sum(part.amount for part in parts), amount)
        self.assertTrue(all(0 < part.amount <= has[part.payment] for part in parts))

    @given(amounts, st.lists(amounts, max_size=6))
    def test_the_first_payments_are_used_up_before_later_ones(self, amount, has):
        rooms = [Room(index, each) for index, each in enumerate(has)]
        if amount <= sum(has):
            parts = {part.payment: part.amount for part in split(amount, rooms)}
            last = max(parts, default=-1)
            self.assertTrue(all(parts.get(i, 0) == has[i] for i in range(last)))

    @given(amounts, amounts, amounts)
    def test_what_can_be_given_back_is_never_more_than_came(self, captured, refunded, requested):
        left = room(captured, refunded, requested)
        self.assertGreaterEqual(left, 0)
        self.assertTrue(left == 0 or left + refunded + requested <= captured)

    # Who approves

    @given(amounts, st.lists(amounts, min_size=1, max_size=5))
    def test_asking_in_parts_never_gives_more_back_alone(self, threshold, parts):
        alone = Decimal(0)
        for part in parts:
            if not needs_second_person(threshold, alone, part):
                alone += part
        self.assertLessEqual(alone, threshold)

    def test_without_a_threshold_two_people_are_needed(self):
        self.assertTrue(needs_second_person(Decimal(0), Decimal(0), CENT))

    # How many units

    @given(st.sampled_from(RestockKind), units, units, units, units, units)
    def test_never_more_units_are_credited_than_refunded_or_left_on_invoices(
        self, restock, quantity, invoiced, credited, cancelled, wanted
    ):
        cancelled = min(cancelled, credited)
        line = Invoiced(invoiced, credited, cancelled, wanted)
        result = units_of(restock, quantity, line)
        self.assertTrue(0 <= result.credit <= quantity)
        self.assertLessEqual(result.credit, max(invoiced - cancelled, 0))
        self.assertTrue(0 <= result.missing <= quantity)

    def test_units_that_left_before_they_were_invoiced_change_no_invoice(self):
        line = Invoiced(invoiced=Decimal(1), wanted=Decimal(1))
        self.assertEqual(units_of(RestockKind.CANCEL, Decimal(1), line), Units(0, 0))

    def test_units_that_left_after_they_were_invoiced_are_credited_once(self):
        line = Invoiced(invoiced=Decimal(3), wanted=Decimal(1))
        self.assertEqual(units_of(RestockKind.CANCEL, Decimal(2), line), Units(2, 0))
        again = Invoiced(Decimal(3), credited=Decimal(2), cancelled=Decimal(2), wanted=Decimal(1))
        self.assertEqual(units_of(RestockKind.CANCEL, Decimal(2), again), Units(0, 0))

    def test_a_return_does_not_use_up_what_a_cancellation_credits(self):
        line = Invoiced(Decimal(3), credited=Decimal(1), wanted=Decimal(2))
        self.assertEqual(units_of(RestockKind.CANCEL, Decimal(1), line), Units(1, 0))

    def test_a_return_waits_for_the_invoice_of_what_was_sold(self):
        line = Invoiced(invoiced=Decimal(1), wanted=Decimal(3))
        self.assertEqual(units_of(RestockKind.RETURN, Decimal(3), line), Units(1, 2))

    # How much money

    @given(st.decimals(-10_000, 10_000, places=2), st.lists(amounts, min_size=1, max_size=5))
    def test_an_amount_is_spread_without_a_remainder_and_each_part_is_a_rounding(
        self, amount, weights
    ):
        parts = spread(amount, weights, CENT)
        self.assertEqual(sum(parts), amount)
        total = sum(weights)
        if total:
            for part, weight in zip(parts, weights, strict=True):
                self.assertLessEqual(abs(part - amount * weight / total), CENT + CENT / 100)

    @given(st.lists(st.decimals(0, 1000, places=5), min_size=1, max_size=4), st.integers(-2, 6))
    def test_taxes_are_the_channels_or_none_and_each_is_a_rounding(self, exact, more):
        total = sum((each.quantize(CENT) for each in exact), Decimal(0)) + more * CENT
        result = spread_tax(total, dict(enumerate(exact)), CENT)
        if result is not None:
            self.assertEqual(sum(result.values()), total)
            self.assertTrue(all(abs(result[i] - each) < CENT for i, each in enumerate(exact)))

    @given(st.lists(st.decimals(0, 1000, places=5), min_size=1, max_size=4))
    def test_taxes_that_are_rounded_each_by_itself_are_taken(self, exact):
        total = sum((each.quantize(CENT) for each in exact), Decimal(0))
        self.assertIsNotNone(spread_tax(total, dict(enumerate(exact)), CENT))

    def test_another_tax_is_not_another_rounding(self):
        self.assertIsNone(spread_tax(Decimal("1.00"), {1: Decimal("1.90")}, CENT))
        self.assertIsNone(spread_tax(Decimal("1.00"), {}, CENT))

    def test_words_of_channels_for_amounts_without_lines(self):
        words = {"Shipping": Part.SHIPPING, "duties": Part.DUTY, "tip": Part.TIP}
        words |= {"refund_discrepancy": Part.AMOUNT, "": Part.AMOUNT, "anything": Part.AMOUNT}
        self.assertEqual({word: part_of(word) for word in words}, words)

    # Whether it ties

    def test_three_computations_must_agree(self):
        self.assertIs(judge_refund(found()), TieVerdict.TIES)
        self.assertIs(judge_refund(found(ours="9.99")), TieVerdict.COMPUTED)
        self.assertIs(judge_refund(found(ours_tax="1.99")), TieVerdict.COMPUTED)
        self.assertIs(judge_refund(found(paid="10.01")), TieVerdict.PAID_MORE)
        self.assertIs(judge_refund(found(paid="9.99")), TieVerdict.PAID_LESS)

    def test_what_was_set_off_against_new_goods_need_not_go_back(self):
        exchanged = Account(total=Decimal(20), credited=Decimal(10), paid=Decimal(10))
        self.assertIs(judge_refund(found(paid="0"), exchanged), TieVerdict.TIES)
        returned = Account(total=Decimal(10), credited=Decimal(10), paid=Decimal(10))
        self.assertIs(judge_refund(found(paid="0"), returned), TieVerdict.PAID_LESS)
