from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.event_filter import Facts, Wish, wants
from ..decisions.event_retry import (
    DELIVERY,
    FAILURES,
    JITTER,
    REST_CAP_SECONDS,
    SCHEDULE,
    after_delivery_failure,
    decide_delivery,
)
from ..decisions.outbox import CommandState, after_failure
from ..providers import ErrorClass, RejectedError

DAY = timedelta(days=1)
TYPE = "retail.order.confirmed.v1"
sets = st.frozensets(st.integers(1, 4), max_size=3)


def wish(**values):
    """Return a wish for one type in company 1."""
    return Wish(1, 1, 1, frozenset([TYPE]), **values)


@tagged("post_install", "-at_install")
class TestSchedule(BaseCase):
    def test_it_lasts_about_three_days(self):
        self.assertTrue(2.5 * DAY < timedelta(seconds=sum(SCHEDULE)) < 4 * DAY)
        self.assertEqual(tuple(sorted(SCHEDULE)), SCHEDULE)

    @given(
        st.sampled_from(ErrorClass),
        st.integers(0, 40),
        st.integers(),
        st.one_of(st.none(), st.floats(0, 3600)),
    )
    def test_every_class_has_the_same_schedule(self, error_class, attempts, seed, asked):
        found = decide_delivery(error_class, attempts, Random(seed), asked)
        if attempts > len(SCHEDULE):
            self.assertIsNone(found)
            return
        planned = SCHEDULE[max(attempts, 1) - 1]
        low, high = planned * (1 - JITTER), planned * (1 + JITTER)
        self.assertGreaterEqual(found.seconds, max(low, asked or 0))
        self.assertLessEqual(found.seconds, max(high, asked or 0))

    @given(st.integers())
    def test_a_delivery_is_tried_ten_times_whatever_is_answered(self, seed):
        attempts, failing_for, tries = 0, timedelta(), 0
        while True:
            tries += 1
            following = after_failure(
                RejectedError("x"),
                ErrorClass.DATA,
                attempts,
                False,
                failing_for,
                Random(seed + tries),
                DELIVERY,
            )
            attempts = following.attempts
            if following.state is CommandState.BLOCKED:
                break
            failing_for += timedelta(seconds=following.seconds)
        self.assertEqual(tries, len(SCHEDULE) + 1)
        self.assertTrue(2 * DAY < failing_for < 5 * DAY)

    @given(st.integers(0, 50), st.integers(0, 71), st.integers())
    def test_a_subscriber_rests_after_some_failures_and_never_for_long(self, failures, hours, seed):
        health = after_delivery_failure(
            failures, 500, timedelta(hours=hours), 3 * DAY, Random(seed)
        )
        self.assertEqual((health.failures, health.dead), (failures + 1, None))
        self.assertEqual(health.rest is not None, failures + 1 >= FAILURES)
        self.assertLessEqual(health.rest or 0, REST_CAP_SECONDS)

    def test_gone_and_silent_subscribers_are_given_up(self):
        gone = after_delivery_failure(0, 410, timedelta(), 3 * DAY, Random(1))
        silent = after_delivery_failure(9, None, 3 * DAY, 3 * DAY, Random(1))
        self.assertEqual((gone.dead, silent.dead), ("gone", "silent"))


@tagged("post_install", "-at_install")
class TestFilter(BaseCase):
    def test_without_filters_everything_of_the_company_is_heard(self):
        facts = Facts(TYPE, 1, channels=frozenset([7]), warehouses=frozenset([8]))
        self.assertTrue(wants(wish(), facts))

    def test_orders_of_no_channel_are_heard_on_request(self):
        facts = Facts(TYPE, 1, channels=frozenset())
        self.assertFalse(wants(wish(), facts))
        self.assertTrue(wants(wish(every_order=True), facts))
        self.assertFalse(wants(wish(every_order=True, channels=frozenset([1])), facts))

    @given(sets, sets, sets, sets, st.booleans())
    def test_another_company_or_type_is_never_heard(self, one, two, three, four, every):
        wanted = wish(channels=one, brands=two, warehouses=three, every_order=every)
        self.assertFalse(wants(wanted, Facts(TYPE, 2, channels=four)))
        self.assertFalse(wants(wanted, Facts("other", 1, channels=four)))

    @given(sets, sets)
    def test_a_filter_lets_pass_what_it_names(self, wanted, found):
        facts = Facts(TYPE, 1, warehouses=found)
        passes = not wanted or bool(wanted & found)
        self.assertEqual(wants(wish(warehouses=wanted), facts), passes)
        self.assertTrue(wants(wish(warehouses=wanted), Facts(TYPE, 1)))
