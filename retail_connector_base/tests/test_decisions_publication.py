from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.publication import Count, decide_publication

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("channel sells"), st.integers(1, 4)),
        st.tuples(st.just("odoo imports"), st.integers(1, 4)),
        st.tuples(st.just("store sells"), st.integers(1, 4)),
        st.tuples(st.just("goods arrive"), st.integers(1, 6)),
        st.tuples(st.just("publish"), st.just(0)),
    ),
    max_size=40,
)


class Oracle:
    """A shop that knows the truth: what is on the shelf and what is promised to whom."""

    def __init__(self, stock):
        self.shelf, self.channel = stock, 0
        self.in_flight = 0
        self.count = Count(stock)

    def run(self, step, units):
        """Let one thing happen."""
        if step == "channel sells":
            units = min(units, self.channel)
            self.channel -= units
            self.in_flight += units
        elif step == "odoo imports":
            units = min(units, self.in_flight)
            self.in_flight -= units
            self.shelf -= units
            self._know(imported=self.count.imported + units)
        elif step == "store sells":
            self.shelf -= min(units, max(0, self.shelf - self.in_flight - self.channel))
        elif step == "goods arrive":
            self.shelf += units
        else:
            self.publish()

    def _know(self, **values):
        self.count = Count(**{**self.count.__dict__, **values})

    def publish(self):
        """Publish as the projection does: compare, and decide again on a stale answer."""
        self._know(available=max(0, self.shelf))
        for _try in range(3):
            publication = decide_publication(self.count)
            if publication.held is None or publication.held == self.channel:
                break
            owed = self.count.in_flight(self.channel)
            self._know(acknowledged=self.channel, owed=owed, imported=0)
        self.channel = publication.quantity
        self._know(acknowledged=self.channel, owed=publication.owed, imported=0)


@tagged("post_install", "-at_install")
class TestPublication(BaseCase):
    """What a channel may be told while it goes on selling."""

    @given(st.integers(0, 10), STEPS)
    @settings(max_examples=400, deadline=None)
    def test_the_channel_is_never_told_more_than_the_truth(self, stock, steps):
        oracle = Oracle(stock)
        for step, units in steps:
            oracle.run(step, units)
            if step == "publish":
                truth = max(0, oracle.shelf - oracle.in_flight)
                self.assertEqual(oracle.channel, truth)
            self.assertGreaterEqual(oracle.shelf - oracle.in_flight, 0)

    def test_what_was_imported_is_no_difference(self):
        publication = decide_publication(Count(9, acknowledged=10, imported=1))
        self.assertFalse(publication.is_needed)
        self.assertEqual(publication.owed, 0)

    def test_a_sale_in_flight_is_kept_back(self):
        publication = decide_publication(Count(3, acknowledged=10), held=8)
        self.assertEqual((publication.quantity, publication.owed), (1, 2))

    def test_a_sale_that_waits_in_the_inbox_is_kept_back_once(self):
        publication = decide_publication(Count(10, unimported=1, acknowledged=10), held=9)
        self.assertEqual((publication.quantity, publication.is_needed), (9, False))

    def test_a_change_by_hand_upwards_is_overwritten(self):
        publication = decide_publication(Count(5, acknowledged=5), held=50)
        self.assertEqual((publication.quantity, publication.owed), (5, 0))

    def test_the_first_publication_has_to_read(self):
        self.assertIsNone(decide_publication(Count(5)).held)

    def test_a_cancellation_that_the_channel_took_back_is_expected(self):
        count = Count(10, acknowledged=9, imported=-1)
        self.assertEqual((count.expected, decide_publication(count).is_needed), (10, False))
