from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.retail_connector_base.canonical.parcel_tracking import TrackingState

from ..decisions.tracking_delivery import delivery_state, parcel_state
from ..decisions.tracking_state import (
    ARRIVED,
    Passed,
    adds,
    next_state,
    parcel_key,
    state_after,
)

START = datetime(2026, 5, 4, 9, 30)
ways = st.lists(
    st.builds(
        Passed,
        st.sampled_from(TrackingState),
        st.integers(0, 12).map(lambda hours: START + timedelta(hours=hours)),
    ),
    max_size=8,
)


def way(*states):
    """Return milestones an hour apart."""
    return [
        Passed(TrackingState(state), START + timedelta(hours=hour))
        for hour, state in enumerate(states)
    ]


@tagged("post_install", "-at_install")
class TestTrackingDecisions(BaseCase):
    def test_a_parcel_goes_its_way(self):
        for told, expected in (
            ((), "unknown"),
            (("announced",), "announced"),
            (("announced", "in_transit", "announced"), "in_transit"),
            (("in_transit", "out_for_delivery", "attempted", "in_transit"), "in_transit"),
            (("in_transit", "unknown"), "in_transit"),
            (("in_transit", "delivered", "in_transit"), "delivered"),
            (("delivered", "failed"), "delivered"),
            (("delivered", "cancelled"), "delivered"),
            (("failed", "in_transit", "delivered"), "delivered"),
            (("delivered", "returning"), "returning"),
            (("delivered", "returning", "in_transit"), "returning"),
            (("returning", "delivered"), "returned"),
            (("returning", "returned", "delivered"), "returned"),
            (("cancelled", "in_transit"), "in_transit"),
        ):
            with self.subTest(told=told):
                self.assertEqual(state_after(way(*told)).value, expected)

    def test_of_two_things_at_one_moment_the_further_on_counts(self):
        both = [Passed(TrackingState.DELIVERED, START), Passed(TrackingState.IN_TRANSIT, START)]
        self.assertIs(state_after(both), TrackingState.DELIVERED)
        self.assertIs(state_after(both[::-1]), TrackingState.DELIVERED)

    @given(ways, st.randoms(use_true_random=False))
    @settings(deadline=None, max_examples=200)
    def test_order_and_repetition_of_news_do_not_matter(self, told, random):
        shuffled = told + told[: len(told) // 2]
        random.shuffle(shuffled)
        self.assertIs(state_after(shuffled), state_after(told))

    @given(ways, ways)
    @settings(deadline=None, max_examples=200)
    def test_what_was_delivered_is_so_whatever_is_heard_later(self, told, more):
        if state_after(told) in ARRIVED:
            self.assertIn(state_after(told + more), ARRIVED)
        if state_after(told) is TrackingState.RETURNED:
            self.assertIs(state_after(told + more), TrackingState.RETURNED)

    @given(st.sampled_from(TrackingState), st.sampled_from(TrackingState))
    @settings(deadline=None)
    def test_a_step_is_never_taken_twice(self, current, told):
        once = next_state(current, told)
        self.assertIs(next_state(once, told), once)
        self.assertEqual(adds(current, told), once is not current)

    def test_numbers_are_one_in_any_spelling(self):
        self.assertEqual(parcel_key(" 1z-999 aa1_0123 "), "1Z999AA10123")
        self.assertEqual(parcel_key(None), "")
        self.assertEqual(parcel_key("–—"), "")

    def test_a_delivery_has_arrived_with_the_last_of_its_parcels(self):
        state = TrackingState
        for parcels, expected in (
            ((), state.UNKNOWN),
            ((state.UNKNOWN,), state.UNKNOWN),
            ((state.DELIVERED,), state.DELIVERED),
            ((state.DELIVERED, state.UNKNOWN), state.IN_TRANSIT),
            ((state.DELIVERED, state.OUT_FOR_DELIVERY), state.OUT_FOR_DELIVERY),
            ((state.DELIVERED, state.RETURNING), state.RETURNING),
            ((state.DELIVERED, state.CANCELLED), state.DELIVERED),
            ((state.CANCELLED,), state.UNKNOWN),
            ((state.FAILED, state.IN_TRANSIT), state.FAILED),
        ):
            with self.subTest(parcels=parcels):
                self.assertIs(delivery_state(parcels), expected)

    def test_of_two_services_the_one_that_knows_what_came_of_it_counts(self):
        state = TrackingState
        self.assertIs(parcel_state([state.IN_TRANSIT, state.DELIVERED]), state.DELIVERED)
        self.assertIs(parcel_state([state.DELIVERED, state.RETURNING]), state.RETURNING)
        self.assertIs(parcel_state([]), state.UNKNOWN)

    @given(st.lists(st.sampled_from(TrackingState), max_size=5))
    @settings(deadline=None)
    def test_delivered_means_that_every_parcel_is(self, parcels):
        told = [one for one in parcels if one is not TrackingState.CANCELLED]
        whole = bool(told) and all(one is TrackingState.DELIVERED for one in told)
        self.assertEqual(delivery_state(parcels) is TrackingState.DELIVERED, whole)
