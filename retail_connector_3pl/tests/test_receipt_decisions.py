from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    Condition,
    GoodsReceipt,
    Lot,
    ReceiptLine,
    ReceiptState,
)

from ..decisions.announcement_change import Demand, changes
from ..decisions.receipt_lines import told_lines
from ..decisions.receipt_split import Expected, Part, is_over, shares, taken_back
from ..decisions.unit_word import is_each, same_unit
from ..decisions.warehouse_match import Place, proposed

units = st.integers(0, 20).map(Decimal)
expected = st.builds(Expected, st.integers(1, 99), units, units)


def receipt(*lines, state=ReceiptState.RECEIVING):
    return GoodsReceipt(external_id="R1", state=state, lines=lines)


def line(sku="A", quantity=1, **values):
    return ReceiptLine(sku=sku, quantity=quantity, **values)


@tagged("post_install", "-at_install")
class TestToldLines(BaseCase):
    def keys(self, *lines):
        return [found.key for found in told_lines(receipt(*lines))]

    def test_lines_keep_their_names_when_others_come(self):
        first = line("A", 1, external_id="1")
        self.assertEqual(self.keys(first), ["1|unknown|"])
        self.assertEqual(self.keys(line("B", external_id="2"), first)[1], "1|unknown|")

    def test_conditions_of_one_item_are_kept_apart(self):
        good = line("A", 8, condition=Condition.SELLABLE, line_reference="1")
        bad = line("A", 2, condition=Condition.DAMAGED, line_reference="1")
        self.assertEqual(self.keys(good, bad), ["~1|sellable|", "~1|damaged|"])

    def test_lots_are_lines_of_their_own_with_the_rest_beside_them(self):
        lots = (Lot(number="L1", quantity=3, expires_on=date(2027, 1, 1)),)
        found = told_lines(receipt(line("A", 5, external_id="1", lots=lots)))
        self.assertEqual([(one.lot, one.quantity) for one in found], [("L1", 3), (None, 2)])
        self.assertEqual(found[0].expires_on, date(2027, 1, 1))

    def test_one_name_told_twice_is_added_up(self):
        found = told_lines(receipt(line("A", 2, external_id="1"), line("A", 3, external_id="1")))
        self.assertEqual([one.quantity for one in found], [5])

    def test_what_is_only_expected_or_was_cancelled_has_not_come(self):
        for state in (ReceiptState.EXPECTED, ReceiptState.CANCELLED):
            self.assertEqual(told_lines(receipt(line(quantity=5), state=state)), [])

    @given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 9)), max_size=6))
    def test_nothing_that_came_is_lost(self, told):
        found = told_lines(receipt(*(line(sku, quantity) for sku, quantity in told)))
        for sku in "AB":
            came = sum(quantity for name, quantity in told if name == sku)
            self.assertEqual(sum(one.quantity for one in found if one.sku == sku), came)
        self.assertEqual(len({one.key for one in found}), len(found))


@tagged("post_install", "-at_install")
class TestShares(BaseCase):
    def test_what_was_expected_comes_first_and_the_rest_is_extra(self):
        found = shares(Decimal(12), [Expected(1, Decimal(4)), Expected(2, Decimal(6))])
        self.assertEqual(
            [(one.part, one.key, one.quantity) for one in found],
            [(Part.EXPECTED, 1, 4), (Part.EXPECTED, 2, 6), (Part.EXTRA, 2, 2)],
        )

    def test_an_item_that_nobody_announced_is_extra_of_no_line(self):
        self.assertEqual([one.key for one in shares(Decimal(1), [])], [None])

    def test_what_somebody_moved_by_hand_does_not_move_again(self):
        found = shares(Decimal(5), [Expected(1, Decimal(10), Decimal(3))])
        self.assertEqual([(one.part, one.quantity) for one in found],
                         [(Part.MOVED, 3), (Part.EXPECTED, 2)])  # fmt: skip

    @given(units, st.lists(expected, max_size=4))
    def test_every_unit_has_one_place(self, quantity, lines):
        found = shares(quantity, lines)
        self.assertEqual(sum(one.quantity for one in found), quantity)
        self.assertTrue(all(one.quantity > 0 for one in found))
        if any(one.part is Part.EXTRA for one in found):
            taken = sum(one.quantity for one in found if one.part is not Part.EXTRA)
            self.assertEqual(taken, sum(one.open + one.moved for one in lines))

    @given(st.lists(units, max_size=5), st.integers(0, 100))
    def test_what_is_taken_back_had_come(self, moved, quantity):
        pairs = list(enumerate(moved))
        if quantity > sum(moved):
            self.assertRaises(ValueError, taken_back, Decimal(quantity), pairs)
            return
        found = taken_back(Decimal(quantity), pairs)
        self.assertEqual(sum(part for _key, part in found), quantity)
        self.assertTrue(all(part <= moved[key] for key, part in found))

    def test_a_tolerance_is_a_share_of_what_was_announced(self):
        self.assertFalse(is_over(Decimal(100), Decimal(105), Decimal(5)))
        self.assertTrue(is_over(Decimal(100), Decimal("105.1"), Decimal(5)))
        self.assertTrue(is_over(Decimal(0), Decimal(1), Decimal(50)))


@tagged("post_install", "-at_install")
class TestWords(BaseCase):
    def test_pieces_have_many_names(self):
        self.assertTrue(all(map(is_each, (None, "", " EA ", "Each", "C62"))))
        self.assertFalse(is_each("CS"))
        self.assertTrue(same_unit("pack of  6", "Pack of 6"))

    def test_a_delivery_has_changed_when_more_or_less_is_open_than_should_be(self):
        same, more = Demand("A", 10, 4, 6), Demand("B", 10, 4, 7)
        over = Demand("C", 10, 12, 0)
        self.assertEqual(changes([same, more, over]), [more])


@tagged("post_install", "-at_install")
class TestWarehouseMatch(BaseCase):
    def test_code_or_name_propose_a_warehouse(self):
        ours = [Place(1, "WH", "Main"), Place(2, "ROT", "Rotterdam")]
        theirs = [Place("a", "7", " rotterdam "), Place("b", "WH", "Whatever")]
        self.assertEqual(proposed(theirs, ours), {"a": 2, "b": 1})

    def test_what_is_not_certain_is_not_proposed(self):
        ours = [Place(1, "WH", "Main")]
        self.assertEqual(proposed([Place("a", "x", "Main"), Place("b", "WH", "y")], ours), {})
        self.assertEqual(proposed([Place("a", "x", "Only One")], ours), {})
        self.assertEqual(proposed([Place("a", "x", "")], [Place(1, "", "")]), {})
