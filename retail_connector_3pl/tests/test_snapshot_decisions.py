from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import SnapshotLine

from ..decisions.snapshot_columns import columns_of, count_of
from ..decisions.snapshot_entry import EntryError, lines_of
from ..decisions.snapshot_spread import Shelf, spread, still_right
from ..decisions.snapshot_tolerance import Approver, Limits, Variance, approver_of, is_tolerated
from ..decisions.snapshot_transit import Goods, Item, effect, still_to_move

START = datetime(2026, 5, 4, 10)
UNITS = st.integers(-50, 50).map(Decimal)
COUNTS = st.integers(0, 50).map(Decimal)
MOMENTS = st.none() | st.integers(-5, 5).map(lambda hours: START + timedelta(hours=hours))
GOODS = st.builds(
    Goods,
    item=st.builds(Item, product_id=st.integers(1, 3), lot=st.none() | st.just("L")),
    quantity=UNITS,
    there_at=MOMENTS,
    here_at=MOMENTS,
    document=st.just(("doc", 1)),
)
SHELVES = st.lists(
    st.builds(Shelf, key=st.integers(), quantity=UNITS, reserved=COUNTS, home=st.booleans()),
    max_size=4,
    unique_by=lambda shelf: shelf.key,
)


def variance(difference=1, expected=100, value=4, **values):
    return Variance(Decimal(difference), Decimal(expected), Decimal(value), **values)


@tagged("post_install", "-at_install")
class TestSnapshotTransit(BaseCase):
    """What was on its way explains exactly what one side had moved and the other had not."""

    @given(st.lists(GOODS, max_size=12))
    def test_the_warehouse_had_what_odoo_had_and_what_is_explained(self, goods):
        there, here = {}, {}
        for one in goods:
            for side, moment in ((there, one.there_at), (here, one.here_at)):
                if moment is not None and not moment > START:
                    side[one.item] = side.get(one.item, 0) + one.quantity
        found = _sums(replace(one, quantity=effect(one, START)) for one in goods)
        for item in {one.item for one in goods}:
            self.assertEqual(there.get(item, 0), here.get(item, 0) + found.get(item, 0))

    @given(GOODS)
    def test_what_both_did_or_neither_explains_nothing(self, goods):
        for moment in (START - timedelta(hours=9), START, START + timedelta(hours=9)):
            same = replace(goods, there_at=moment, here_at=moment)
            self.assertEqual(effect(same, START), 0)
        self.assertEqual(effect(replace(goods, there_at=None, here_at=None), START), 0)

    @given(st.lists(GOODS, max_size=6), st.lists(GOODS, max_size=6))
    def test_what_has_moved_is_not_waited_for(self, told, moved):
        told = [replace(one, quantity=abs(one.quantity)) for one in told]
        moved = [replace(one, quantity=abs(one.quantity)) for one in moved]
        left = _sums(still_to_move(told, moved))
        for item, units in _sums(told).items():
            self.assertEqual(left.get(item, 0), max(0, units - _sums(moved).get(item, 0)))


def _sums(goods):
    found = {}
    for one in goods:
        found[one.item] = found.get(one.item, 0) + one.quantity
    return found


@tagged("post_install", "-at_install")
class TestSnapshotTolerance(BaseCase):
    """What is applied without a person, and who decides about the rest."""

    def test_without_limits_nothing_is_small_enough(self):
        self.assertFalse(is_tolerated(variance(), Limits(applies=True)))

    def test_limits_of_a_policy_that_does_not_apply_mean_nothing(self):
        self.assertFalse(is_tolerated(variance(), Limits(quantity=Decimal(5))))

    def test_every_limit_that_is_set_has_to_be_kept(self):
        limits = Limits(True, Decimal(2), Decimal(5), Decimal(10))
        self.assertTrue(is_tolerated(variance(-2, 100, -8), limits))
        self.assertFalse(is_tolerated(variance(3, 100, 9), limits))
        self.assertFalse(is_tolerated(variance(2, 10, 8), limits))
        self.assertFalse(is_tolerated(variance(-2, 100, -11), limits))

    def test_units_out_of_nothing_are_no_small_share(self):
        self.assertFalse(is_tolerated(variance(1, 0, 1), Limits(True, percent=Decimal(100))))

    def test_odd_lines_are_never_applied_without_a_person(self):
        limits = Limits(True, quantity=Decimal(100))
        self.assertFalse(is_tolerated(variance(has_cause=True), limits))

    def test_gains_do_not_hide_losses_from_the_accountant(self):
        values = [Decimal(60), Decimal(-60)]
        self.assertIs(approver_of(values, Decimal(100)), Approver.ACCOUNTANT)
        self.assertIs(approver_of(values, Decimal(120)), Approver.OPERATOR)

    def test_without_a_threshold_an_accountant_always_approves(self):
        self.assertIs(approver_of([], Decimal(0)), Approver.ACCOUNTANT)


@tagged("post_install", "-at_install")
class TestSnapshotSpread(BaseCase):
    """Where differences are put and taken from."""

    @given(UNITS, SHELVES)
    def test_all_of_a_difference_is_placed(self, difference, shelves):
        changes, rest = spread(difference, shelves)
        self.assertEqual(sum(changes.values()) + rest, difference)
        self.assertLessEqual(changes.keys(), {shelf.key for shelf in shelves})

    @given(COUNTS, SHELVES)
    def test_what_is_reserved_goes_last(self, missing, shelves):
        changes, _rest = spread(-missing, shelves)
        by_key = {shelf.key: shelf for shelf in shelves}
        touched = any(-units > by_key[key].free for key, units in changes.items())
        if touched:
            self.assertTrue(all(-changes.get(s.key, 0) >= s.free for s in shelves))

    def test_only_what_is_left_of_an_approval_is_applied(self):
        self.assertEqual(still_right(Decimal(-5), Decimal(-5)), -5)
        self.assertEqual(still_right(Decimal(-5), Decimal(-2)), -2)
        self.assertEqual(still_right(Decimal(-5), Decimal(0)), 0)

    def test_more_or_otherwise_is_asked_for_again(self):
        self.assertIsNone(still_right(Decimal(-5), Decimal(-6)))
        self.assertIsNone(still_right(Decimal(5), Decimal(-1)))


@tagged("post_install", "-at_install")
class TestSnapshotLines(BaseCase):
    """How lines of counts are kept, and read from what a person enters."""

    def test_lines_are_kept_by_column_without_what_nobody_tells(self):
        lines = [
            SnapshotLine(sku=" A ", on_hand=Decimal("1.50")),
            SnapshotLine(sku="B\x00", on_hand=Decimal("1E+1"), lot="L1"),
        ]
        found = columns_of(lines)
        self.assertEqual(found["sku"], ["A", "B�"])
        self.assertEqual([Decimal(one) for one in found["on_hand"]], [Decimal("1.5"), 10])
        self.assertEqual(found["lot"], [None, "L1"])
        self.assertEqual(found.keys(), {"sku", "on_hand", "lot"})
        self.assertEqual(count_of(found), 2)
        self.assertEqual(count_of(columns_of([])), 0)

    def test_lists_of_spreadsheets_are_read(self):
        for text in ("sku;qty\nA;1,5\n\nB;2;L1;EA", "A\t1.5\nB\t2\tL1\tEA", "A,1.5\nB,2,L1,EA\n"):
            first, second = lines_of(text)
            self.assertEqual((first.sku, first.on_hand, first.lot), ("A", Decimal("1.5"), None))
            self.assertEqual((second.on_hand, second.lot, second.unit), (2, "L1", "EA"))

    def test_what_cannot_be_read_is_named(self):
        for text in ("A;1\nB;two", "A;1\n;2", "A;1\nB", "A;1\nB;1;x;y;z", "A;1\nB;NaN"):
            with self.assertRaises(EntryError) as caught:
                lines_of(text)
            self.assertEqual(caught.exception.number, 2)
