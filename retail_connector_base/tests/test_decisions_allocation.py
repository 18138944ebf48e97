from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.allocation import spread, take

stocks = st.lists(st.integers(0, 9), max_size=5)


@tagged("post_install", "-at_install")
class TestAllocation(BaseCase):
    def test_the_oldest_goes_first(self):
        self.assertEqual(take(4, {1: 3, 2: 5}, [2, 1]), [(2, 4)])
        self.assertEqual(take(4, {1: 3, 2: 5}, [1, 2]), [(1, 3), (2, 1)])

    @given(stocks, st.lists(st.integers(1, 9), max_size=6))
    def test_nothing_is_given_twice_and_nothing_is_kept_back(self, stock, needs):
        free = dict(enumerate(stock))
        given_out = [take(need, free, list(free)) for need in needs]
        total = sum(part for parts in given_out for _quant, part in parts)
        self.assertEqual(total, min(sum(stock), sum(needs)))
        self.assertEqual(sum(free.values()), sum(stock) - total)
        self.assertTrue(all(part >= 0 for part in free.values()))

    def test_a_change_goes_where_a_reservation_is(self):
        self.assertEqual(spread(-3, {1: 0, 2: 2, 3: 5}), {2: 0, 3: 4})
        self.assertEqual(spread(2, {1: 4, 2: -1}), {1: 5, 2: 0})

    def test_what_nobody_holds_is_noted_at_the_first(self):
        self.assertEqual(spread(-3, {1: 0, 2: 1}), {1: -2, 2: 0})

    @given(st.lists(st.integers(-9, 9), min_size=1, max_size=5), st.integers(-30, 30))
    def test_a_change_is_found_in_the_sum(self, held, change):
        reserved = dict(enumerate(held))
        after = {**reserved, **spread(change, reserved)}
        self.assertEqual(sum(after.values()), sum(held) + change)

    @given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(0, 45))
    def test_what_is_held_is_released_without_going_below_zero(self, held, quantity):
        reserved = dict(enumerate(held))
        after = {**reserved, **spread(-min(quantity, sum(held)), reserved)}
        self.assertGreaterEqual(min(after.values()), 0)
