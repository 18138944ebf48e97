"""What shipments say, what of it is new, and which demands it meets: without a database."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical import (
    Lot,
    Parcel,
    Shipment,
    ShipmentLine,
    ShipmentState,
    WarehouseOrderState,
)

from ..decisions.release_state import release_state
from ..decisions.shipment_change import Goods, change
from ..decisions.shipment_date import moved_at
from ..decisions.shipment_lines import told_lines
from ..decisions.shipment_plan import Demand, Left, Meets, plan

NOW = datetime(2026, 5, 4, 12, 0)
units = st.integers(1, 5).map(Decimal)


def line(quantity, sku="A", reference=None, external_id=None, lots=(), unit=None):
    """Return a line of a shipment."""
    return ShipmentLine(
        external_id=external_id,
        order_line_external_id=reference,
        sku=sku,
        quantity=Decimal(quantity),
        lots=tuple(Lot(number=number, quantity=Decimal(part)) for number, part in lots),
        unit=unit,
    )


def told(lines=(), parcels=()):
    """Return what a shipment says of goods."""
    shipment = Shipment(
        external_id="S",
        order_external_id="R",
        state=ShipmentState.SHIPPED,
        lines=tuple(lines),
        parcels=tuple(parcels),
    )
    return told_lines(shipment)


@tagged("post_install", "-at_install")
class TestToldLines(BaseCase):
    """Each thing is told once, whether lines, parcels or both name it."""

    def test_lines_that_say_the_same_are_one(self):
        [found] = told([line(2), line(3)])
        self.assertEqual((found.key, found.quantity), ("A", 5))

    def test_lines_with_the_same_name_get_a_number(self):
        found = told([line(2, "A", external_id="1"), line(3, "B", external_id="1")])
        self.assertEqual([one.key for one in found], ["1", "1~2"])

    def test_parcels_are_the_goods_where_there_are_no_lines(self):
        found = told(
            parcels=[
                Parcel(external_id="P1", lines=(line(1, "A"), line(2, "B"))),
                Parcel(external_id="P2", lines=(line(4, "A"),)),
            ]
        )
        self.assertEqual({one.sku: one.quantity for one in found}, {"A": 5, "B": 2})
        self.assertEqual(found[0].parcels, (("P1", 1), ("P2", 4)))

    def test_parcels_only_say_where_goods_lie_beside_lines(self):
        [found] = told(
            [line(5, "A", "1", external_id="L1")],
            [Parcel(external_id="P1", lines=(line(5, "A", lots=[("X", 5)]),))],
        )
        self.assertEqual((found.quantity, found.parcels), (5, (("P1", 5),)))
        self.assertEqual([lot.number for lot in found.lots], ["X"], "parcels name lots, too")

    def test_nothing_of_a_thing_is_no_line(self):
        self.assertEqual(told([line(0)]), [])


@tagged("post_install", "-at_install")
class TestChange(BaseCase):
    """Nothing moves twice, whatever later versions call it."""

    def goods(self, *rows):
        return [Goods(key, what, Decimal(quantity)) for key, what, quantity in rows]

    def test_the_same_again_is_nothing(self):
        same = self.goods(("L1", "A", 2), ("L2", "B", 1))
        self.assertEqual(change(same, same), change([], []))

    def test_more_of_a_line_is_the_difference(self):
        found = change(self.goods(("L1", "A", 5)), self.goods(("L1", "A", 2)))
        self.assertEqual(found.new, tuple(self.goods(("L1", "A", 3))))

    def test_less_of_a_line_is_taken_back(self):
        found = change(self.goods(("L1", "A", 1)), self.goods(("L1", "A", 2)))
        self.assertEqual(found.taken_back, tuple(self.goods(("L1", "A", 1))))

    def test_lines_with_new_names_do_not_move_again(self):
        found = change(
            self.goods(("L2", "A", 2), ("L1", "B", 1)), self.goods(("L1", "A", 2), ("L2", "B", 1))
        )
        self.assertEqual((found.new, found.taken_back), ((), ()))

    @settings(max_examples=200)
    @given(
        st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("AB"), units)),
        st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from("AB"), units)),
    )
    def test_new_less_taken_back_is_the_difference(self, now, before):
        found = change(self.goods(*now), self.goods(*before))
        for what in "AB":

            def total(goods, what=what):
                return sum(one.quantity for one in goods if one.what == what)

            self.assertEqual(
                total(found.new) - total(found.taken_back),
                total(self.goods(*now)) - total(self.goods(*before)),
            )
            self.assertFalse(total(found.new) and total(found.taken_back))


@tagged("post_install", "-at_install")
class TestPlan(BaseCase):
    """Goods meet the demands that they are for."""

    demands = (Demand(1, 10, Decimal(3)), Demand(2, 10, Decimal(2)), Demand(3, 20, Decimal(1)))

    def plan(self, *rows):
        left = [Left(key, product, Decimal(units), line) for key, product, units, line in rows]
        return [(one.key, one.quantity, one.line_id, one.meets) for one in plan(left, self.demands)]

    def test_a_named_line_is_met(self):
        self.assertEqual(self.plan(("a", 10, 2, 2)), [("a", 2, 2, Meets.ASKED)])

    def test_an_item_fills_its_lines_in_order(self):
        self.assertEqual(
            self.plan(("a", 10, 4, None)),
            [("a", 3, 1, Meets.ASKED), ("a", 1, 2, Meets.ASKED)],
        )

    def test_a_named_line_keeps_its_place(self):
        self.assertEqual(
            self.plan(("a", 10, 3, None), ("b", 10, 2, 1)),
            [("a", 1, 1, Meets.ASKED), ("a", 2, 2, Meets.ASKED), ("b", 2, 1, Meets.ASKED)],
        )

    def test_too_much_is_over(self):
        self.assertEqual(
            self.plan(("a", 20, 3, 3)), [("a", 1, 3, Meets.ASKED), ("a", 2, 3, Meets.OVER)]
        )

    def test_another_product_stands_in(self):
        self.assertEqual(
            self.plan(("a", 30, 1, 3), ("b", 20, 1, None)),
            [("a", 1, 3, Meets.SUBSTITUTE), ("b", 1, 3, Meets.OVER)],
        )

    def test_what_nobody_asked_for_is_unasked(self):
        self.assertEqual(self.plan(("a", 99, 1, None)), [("a", 1, None, Meets.UNASKED)])

    @settings(max_examples=200)
    @given(
        st.lists(
            st.tuples(st.sampled_from((10, 20, 30)), units, st.sampled_from((None, 1, 2, 3))),
            max_size=6,
        )
    )
    def test_all_goods_leave_and_no_demand_is_met_twice(self, rows):
        left = [Left(str(n), *row) for n, row in enumerate(rows)]
        found = plan(left, self.demands)
        self.assertEqual(
            sum(one.quantity for one in found), sum((one.quantity for one in left), Decimal(0))
        )
        for demand in self.demands:
            met = sum(
                one.quantity
                for one in found
                if one.line_id == demand.line_id and one.meets is Meets.ASKED
            )
            self.assertLessEqual(met, demand.quantity)


@tagged("post_install", "-at_install")
class TestMoments(BaseCase):
    """Goods left when they are told to have left, unless that cannot be."""

    def test_the_past_is_believed(self):
        told_at = NOW - timedelta(days=3)
        self.assertEqual(moved_at(told_at, NOW), told_at)

    def test_nobody_ships_tomorrow(self):
        self.assertEqual(moved_at(NOW + timedelta(days=1), NOW), NOW)
        self.assertEqual(moved_at(NOW + timedelta(minutes=5), NOW), NOW, "clocks differ")

    def test_the_epoch_is_no_date(self):
        self.assertEqual(moved_at(datetime(1970, 1, 1), NOW), NOW)
        self.assertEqual(moved_at(None, NOW), NOW)

    def test_times_are_utc(self):
        self.assertEqual(
            Shipment(
                external_id="S",
                order_external_id="R",
                state=ShipmentState.SHIPPED,
                shipped_at=datetime(2026, 5, 4, 12, tzinfo=timezone(timedelta(hours=2))),
            ).shipped_at,
            datetime(2026, 5, 4, 10, tzinfo=timezone.utc),
        )


@tagged("post_install", "-at_install")
class TestReleaseState(BaseCase):
    """Words about orders never move goods."""

    def test_shipped_says_that_it_was_taken(self):
        self.assertEqual(release_state(WarehouseOrderState.SHIPPED, "sent", False), "accepted")
        self.assertIsNone(release_state(WarehouseOrderState.SHIPPED, "partly_shipped", False))

    def test_delivered_counts_once_the_goods_have_left(self):
        self.assertEqual(release_state(WarehouseOrderState.DELIVERED, "shipped", True), "delivered")
        self.assertEqual(release_state(WarehouseOrderState.DELIVERED, "sent", False), "accepted")

    def test_the_unknown_says_nothing(self):
        self.assertIsNone(release_state(WarehouseOrderState.UNKNOWN, "sent", False))
