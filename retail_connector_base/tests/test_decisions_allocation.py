from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.allocation import take

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
