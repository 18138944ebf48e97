from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.providers import NotYetError, RejectedError

from ..providers.shopify.fulfillment_allocation import (
    OPEN,
    FulfillmentOrder,
    Part,
    allocate,
)

LINES = ("1", "2", "3")
STATUSES = ("OPEN", "IN_PROGRESS", "ON_HOLD", "SCHEDULED", "CLOSED", "CANCELLED", "INCOMPLETE")


def order(number, status="OPEN", location="10", reason="", wait=None, **parts):
    """Return a fulfilment order; ``parts`` are units by line, as ``line_1=2``."""
    made = tuple(
        Part(f"{number}{name[5:]}", name[5:], units) for name, units in sorted(parts.items())
    )
    return FulfillmentOrder(str(number), status, location, made, reason, wait)


def shipped(consignments, orders):
    """Return the units by line that consignments take."""
    parts = {(item.id, part.id): part.line for item in orders for part in item.parts}
    total = Counter()
    for consignment in consignments:
        for item, units in consignment.units.items():
            for part, count in units.items():
                total[parts[item, part]] += count
    return total


@st.composite
def situations(draw):
    """Draw fulfilment orders, and units wanted of their lines."""
    orders = [
        order(
            number,
            draw(st.sampled_from(STATUSES)),
            draw(st.sampled_from(("10", "20", "30"))),
            **{
                f"line_{line}": draw(st.integers(0, 4))
                for line in draw(st.sets(st.sampled_from(LINES)))
            },
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    wanted = {line: draw(st.integers(0, 5)) for line in LINES}
    return wanted, orders, draw(st.sampled_from((None, "10", "20", "99")))


@tagged("post_install", "-at_install")
class TestShopifyAllocation(BaseCase):
    @given(situations())
    def test_exactly_what_is_wanted_leaves_or_nothing(self, situation):
        wanted, orders, location = situation
        ready, waiting = Counter(), Counter()
        for item in orders:
            total = ready if item.status in OPEN else waiting
            if item.status in OPEN or item.status in ("ON_HOLD", "SCHEDULED"):
                for part in item.parts:
                    total[part.line] += part.remaining
        try:
            found = allocate(wanted, orders, location)
        except NotYetError:
            self.assertTrue(any(count > ready[line] for line, count in wanted.items()))
            self.assertTrue(
                all(count <= ready[line] + waiting[line] for line, count in wanted.items())
            )
        except RejectedError:
            self.assertTrue(
                any(count > ready[line] + waiting[line] for line, count in wanted.items())
            )
        else:
            self.assertEqual(shipped(found, orders), Counter(wanted) - Counter())

    @given(situations())
    def test_a_consignment_leaves_one_place_from_what_is_open_there(self, situation):
        wanted, orders, location = situation
        by_id = {item.id: item for item in orders}
        try:
            found = allocate(wanted, orders, location)
        except (NotYetError, RejectedError):
            return
        places = [consignment.location for consignment in found]
        self.assertEqual(len(places), len(set(places)))
        for consignment in found:
            self.assertTrue(consignment.units)
            for number, units in consignment.units.items():
                item = by_id[number]
                self.assertEqual(item.location, consignment.location)
                self.assertIn(item.status, OPEN)
                remaining = {part.id: part.remaining for part in item.parts}
                for part, count in units.items():
                    self.assertTrue(0 < count <= remaining[part])

    def test_the_place_that_shipped_comes_first(self):
        orders = [order(1, line_1=9), order(2, location="20", line_1=1)]
        found = allocate({"1": 2}, orders, "20")
        self.assertEqual([one.location for one in found], ["20", "10"])

    def test_as_few_places_as_possible(self):
        orders = [
            order(1, line_1=1),
            order(2, location="20", line_1=1, line_2=1),
            order(3, location="30", line_2=1),
        ]
        found = allocate({"1": 1, "2": 1}, orders)
        self.assertEqual([one.location for one in found], ["20"])

    def test_a_line_may_wait_in_several_fulfilment_orders_of_a_place(self):
        orders = [order(1, line_1=1), order(2, line_1=2)]
        (found,) = allocate({"1": 3}, orders)
        self.assertEqual(found.units, {"1": {"11": 1}, "2": {"21": 2}})

    def test_refusals_name_line_and_quantities(self):
        with self.assertRaisesRegex(RejectedError, r"line 1: 5 wanted, 3 remaining"):
            allocate({"1": 5}, [order(1, line_1=2), order(2, "ON_HOLD", line_1=1)])

    def test_a_wait_says_why_and_how_long(self):
        held = order(1, "ON_HOLD", reason="on hold (fraud)", wait=600.0, line_1=1)
        later = order(2, "SCHEDULED", reason="scheduled for Monday", wait=3600.0, line_1=1)
        with self.assertRaisesRegex(NotYetError, "fraud.*Monday") as caught:
            allocate({"1": 2}, [held, later])
        self.assertEqual(caught.exception.retry_after, 3600.0)
