from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.stock_batch import Leaving, batches, culprits, gone, halves

orders = st.lists(
    st.builds(
        Leaving,
        order_id=st.integers(1, 10**6),
        session_id=st.integers(1, 3),
        destination_id=st.integers(1, 2),
        alone=st.booleans(),
    ),
    unique_by=lambda one: one.order_id,
    max_size=30,
)
sales = st.lists(st.tuples(st.integers(1, 5), st.integers(-9, 9)), max_size=12)


@tagged("post_install", "-at_install")
class TestStockDecisions(BaseCase):
    """Which goods leave together."""

    @given(orders)
    def test_the_goods_of_every_order_leave_once(self, leaving):
        together = [id_ for batch in batches(leaving) for id_ in batch.order_ids]
        self.assertCountEqual(together, [one.order_id for one in leaving])

    @given(orders)
    def test_a_batch_is_of_one_session_and_destination(self, leaving):
        known = {one.order_id: one for one in leaving}
        for batch in batches(leaving):
            members = [known[id_] for id_ in batch.order_ids]
            self.assertEqual(
                {(one.session_id, one.destination_id) for one in members},
                {(batch.session_id, batch.destination_id)},
            )
            self.assertTrue(len(members) == 1 or not any(one.alone for one in members))

    @given(orders)
    def test_there_is_one_batch_of_each_session_and_destination(self, leaving):
        alone = {one.order_id for one in leaving if one.alone}
        keys = [
            (batch.session_id, batch.destination_id)
            for batch in batches(leaving)
            if batch.order_ids[0] not in alone
        ]
        self.assertEqual(len(keys), len(set(keys)))

    @given(orders)
    def test_who_comes_first_leaves_first(self, leaving):
        place = {one.order_id: number for number, one in enumerate(leaving)}
        found = batches(leaving)
        for batch in found:
            places = [place[id_] for id_ in batch.order_ids]
            self.assertEqual(places, sorted(places))
        firsts = [place[batch.order_ids[0]] for batch in found]
        self.assertEqual(firsts, sorted(firsts))

    @given(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60), max_size=6))
    def test_culprits_are_found_and_nobody_moves_twice(self, items, bad):
        items, moved = sorted(items), []

        def works(some):
            if bad.isdisjoint(some):
                moved.extend(some)
                return True
            return False

        self.assertEqual(culprits(items, works), sorted(bad.intersection(items)))
        self.assertEqual(moved, [one for one in items if one not in bad])

    @given(st.lists(st.integers(), min_size=2))
    def test_halves_are_smaller_than_the_whole(self, items):
        first, second = halves(items)
        self.assertEqual([*first, *second], items)
        self.assertTrue(first and second)

    @given(sales)
    def test_what_is_gone_is_never_less_than_what_left(self, sold):
        units = gone(sold, {})
        for product in {product for product, _quantity in sold}:
            left = sum(quantity for each, quantity in sold if each == product)
            self.assertGreaterEqual(units.get(product, 0), left)
        self.assertTrue(all(quantity > 0 for quantity in units.values()))

    def test_kits_are_gone_as_their_parts(self):
        self.assertEqual(gone([(1, 2), (2, 1), (1, -5)], {1: {2: 3.0, 3: 0.5}}), {2: 7.0, 3: 1.0})
