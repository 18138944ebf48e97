from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.gate import (
    FAILURES,
    OPEN_CAP_SECONDS,
    PROBE_SECONDS,
    Admission,
    GateState,
    Outcome,
    Reason,
    Verdict,
    Wait,
    enter,
    learn,
    leave,
    outcome_of,
    try_now,
)
from ..providers import (
    AuthenticationError,
    RateLimitedError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
)

NOW = 1_000_000.0
FAILED = Outcome(Verdict.FAILED, note="no answer")
ALIVE = Outcome()


def opened(openings=1, now=NOW, seed=1):
    """Return a state whose breaker opened so many times in a row."""
    state = GateState()
    for _ in range(FAILURES):
        state = leave(state, Admission(), FAILED, now, Random(seed))
    for _ in range(openings - 1):
        state, admission = enter(state, 1, state.open_until)
        state = leave(state, admission, FAILED, now, Random(seed))
    return state


@tagged("post_install", "-at_install")
class TestBucket(BaseCase):
    def test_unknown_limits_hold_nothing_back(self):
        self.assertEqual(enter(GateState(), 10_000, NOW), (GateState(), Admission()))

    def test_waiting_is_exactly_what_is_missing(self):
        state = learn(GateState(), 50, 1000, 50, NOW)
        _state, wait = enter(state, 300, NOW)
        self.assertEqual(wait, Wait(5.0, Reason.TOKENS))
        self.assertIsInstance(enter(state, 300, NOW + 5)[1], Admission)

    def test_more_than_the_bucket_holds_is_let_through_when_it_is_full(self):
        state = learn(GateState(), 1000, 1000, 50, NOW)
        after, answer = enter(state, 5000, NOW)
        self.assertIsInstance(answer, Admission)
        self.assertEqual(after.tokens(NOW), 0)

    def test_a_clock_that_goes_back_restores_nothing(self):
        state = learn(GateState(), 10, 100, 5, NOW)
        self.assertEqual(state.tokens(NOW - 100), 10)

    @given(
        st.lists(st.tuples(st.floats(0.1, 50), st.floats(0, 10)), max_size=60),
        st.floats(1, 100),
        st.floats(0.1, 20),
    )
    def test_never_more_leaves_than_the_bucket_gives(self, requests, capacity, rate):
        state, now, taken = learn(GateState(), capacity, capacity, rate, NOW), NOW, 0.0
        for cost, pause in requests:
            now += pause
            cost = min(cost, capacity)
            state, answer = enter(state, cost, now)
            taken += cost if isinstance(answer, Admission) else 0
        self.assertLessEqual(taken, capacity + rate * (now - NOW) + 1e-6)

    @given(st.floats(0.1, 1e4), st.floats(0, 1e4), st.floats(0.1, 1e3), st.floats(0, 1e4))
    def test_who_waits_as_long_as_told_is_admitted(self, capacity, available, rate, cost):
        state = learn(GateState(), available, capacity, rate, NOW)
        state, answer = enter(state, cost, NOW)
        if isinstance(answer, Wait):
            _state, answer = enter(state, cost, NOW + answer.seconds + 0.001)
        self.assertIsInstance(answer, Admission)


@tagged("post_install", "-at_install")
class TestBreaker(BaseCase):
    def test_opens_after_failures_in_a_row_only(self):
        state = GateState()
        for _ in range(FAILURES - 1):
            state = leave(state, Admission(), FAILED, NOW, Random(1))
        self.assertIsNone(state.open_until)
        state = leave(state, Admission(), ALIVE, NOW, Random(1))
        state = leave(state, Admission(), FAILED, NOW, Random(1))
        self.assertIsNone(state.open_until)
        self.assertGreater(opened().open_until, NOW)

    def test_open_breaker_lets_nobody_through(self):
        _state, wait = enter(opened(), 1, NOW)
        self.assertEqual(wait.reason, Reason.FAILING)

    def test_one_probe_at_a_time(self):
        state = opened()
        state, first = enter(state, 1, state.open_until)
        self.assertEqual(first, Admission(1))
        _state, second = enter(state, 1, state.open_until)
        self.assertEqual(second.reason, Reason.PROBING)

    def test_a_probe_that_succeeds_closes_the_breaker(self):
        state = opened(3)
        state, probe = enter(state, 1, state.open_until)
        state = leave(state, probe, ALIVE, state.open_until, Random(1))
        self.assertEqual((state.open_until, state.failures, state.openings), (None, 0, 0))

    def test_a_probe_that_died_blocks_until_its_deadline_only(self):
        state = opened()
        state, dead = enter(state, 1, state.open_until)
        later = state.open_until + PROBE_SECONDS
        state, second = enter(state, 1, later)
        self.assertEqual(second, Admission(2))
        # What the dead one's late answer says does not count any more.
        self.assertEqual(leave(state, dead, FAILED, later, Random(1)), state)
        self.assertEqual(leave(state, dead, ALIVE, later, Random(1)), state)

    def test_those_who_left_before_it_opened_do_not_count(self):
        state = opened()
        self.assertEqual(leave(state, Admission(), FAILED, NOW, Random(1)), state)
        self.assertEqual(leave(state, Admission(), ALIVE, NOW, Random(1)), state)

    @given(st.integers(1, 40), st.integers())
    def test_opening_time_doubles_and_is_capped(self, openings, seed):
        state = opened(openings, seed=seed)
        self.assertEqual(state.openings, openings)
        ceiling = min(10 * 2 ** (openings - 1), OPEN_CAP_SECONDS)
        self.assertTrue(1 <= state.open_until - NOW <= ceiling + 1e-6)

    def test_opening_time_is_spread(self):
        ends = {opened(5, seed=seed).open_until for seed in range(20)}
        self.assertGreater(len(ends), 15)

    def test_a_person_may_try_now(self):
        state, answer = enter(try_now(opened(9), NOW), 1, NOW)
        self.assertEqual(answer, Admission(state.probe))
        self.assertEqual(enter(state, 1, NOW)[1].reason, Reason.PROBING)

    def test_probe_does_not_start_without_tokens(self):
        state = learn(opened(), 0, 100, 1, NOW)
        state = replace(state, open_until=NOW)
        after, answer = enter(state, 50, NOW)
        self.assertEqual((answer.reason, after.probe_until), (Reason.TOKENS, None))


@tagged("post_install", "-at_install")
class TestLimitsAndPause(BaseCase):
    def test_a_rate_limit_closes_for_everybody_until_then(self):
        limited = outcome_of(RateLimitedError("slow", retry_after=30))
        state = leave(GateState(), Admission(), limited, NOW, Random(1))
        self.assertEqual(enter(state, 1, NOW)[1], Wait(30, Reason.LIMITED))
        self.assertIsInstance(enter(state, 1, NOW + 30)[1], Admission)
        sooner = leave(state, Admission(), outcome_of(RateLimitedError("s", 5)), NOW, Random(1))
        self.assertEqual(sooner.not_before, NOW + 30)

    def test_a_limit_without_a_time_is_short(self):
        state = leave(
            GateState(), Admission(), outcome_of(RateLimitedError("slow")), NOW, Random(1)
        )
        self.assertEqual(enter(state, 1, NOW)[1].seconds, 1)

    def test_who_refuses_is_alive(self):
        for error in (None, RejectedError("no"), AuthenticationError("no")):
            self.assertEqual(outcome_of(error), ALIVE)
        self.assertIs(outcome_of(RateLimitedError("slow")).verdict, Verdict.LIMITED)

    def test_who_does_not_answer_is_not(self):
        for error in (TransientError("x"), UnknownOutcomeError("x")):
            self.assertIs(outcome_of(error).verdict, Verdict.FAILED)

    def test_a_rate_limit_counts_as_an_answer(self):
        state = opened()
        state, probe = enter(state, 1, state.open_until)
        state = leave(state, probe, outcome_of(RateLimitedError("s", 9)), NOW, Random(1))
        self.assertIsNone(state.open_until)

    def test_a_failure_that_names_a_time_is_left_in_peace_until_then(self):
        error = TransientError("503", retry_after=40)
        state = leave(GateState(), Admission(), outcome_of(error), NOW, Random(1))
        self.assertEqual((state.failures, enter(state, 1, NOW)[1].seconds), (1, 40))

    def test_paused_lets_nothing_through(self):
        self.assertEqual(enter(GateState(paused=True), 1, NOW)[1].reason, Reason.PAUSED)

    @given(st.lists(st.sampled_from(["enter", "alive", "failed", "limited", "tick"]), max_size=80))
    def test_whatever_happens_the_gate_lets_through_again(self, events):
        state, now, admission = learn(GateState(), 5, 5, 1, NOW), NOW, Admission()
        outcomes = {
            "alive": ALIVE,
            "failed": FAILED,
            "limited": Outcome(Verdict.LIMITED, 10.0),
        }
        for event in events:
            if event == "tick":
                now += 3
            elif event == "enter":
                state, answer = enter(state, 1, now)
                admission = answer if isinstance(answer, Admission) else admission
            else:
                state = leave(state, admission, outcomes[event], now, Random(1))
        later = now + OPEN_CAP_SECONDS + PROBE_SECONDS + 10
        self.assertIsInstance(enter(state, 1, later)[1], Admission)
