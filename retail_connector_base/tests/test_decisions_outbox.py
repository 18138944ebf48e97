from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.outbox import CommandState, after_failure, leaves_in_doubt
from ..providers import (
    ErrorClass,
    GateClosedError,
    MalformedPayloadError,
    RejectedError,
    TransientError,
    UnknownOutcomeError,
)


def after(error, error_class=ErrorClass.TRANSIENT, attempts=0, in_doubt=False, hours=0):
    """Return where a command goes."""
    failing_for = timedelta(hours=hours)
    return after_failure(error, error_class, attempts, in_doubt, failing_for, Random(1))


@tagged("post_install", "-at_install")
class TestOutboxDecisions(BaseCase):
    def test_only_a_class_of_its_own_says_that_nothing_happened(self):
        for error in (UnknownOutcomeError("x"), MalformedPayloadError("x"), KeyError("x")):
            self.assertTrue(leaves_in_doubt(error))
        for error in (TransientError("x"), RejectedError("x"), GateClosedError("x")):
            self.assertFalse(leaves_in_doubt(error))

    def test_a_closed_gate_is_no_attempt(self):
        following = after(GateClosedError("x", retry_after=9), ErrorClass.RATE_LIMITED, attempts=2)
        self.assertEqual((following.state, following.attempts), (CommandState.RETRY, 2))
        self.assertGreaterEqual(following.seconds, 9)

    @given(st.integers(0, 29), st.floats(1, 600))
    def test_what_the_gate_held_back_comes_when_the_gate_says(self, attempts, seconds):
        error = GateClosedError("x", retry_after=seconds)
        following = after(error, ErrorClass.RATE_LIMITED, attempts=attempts)
        self.assertGreaterEqual(following.seconds, seconds)
        self.assertLessEqual(following.seconds, max(seconds, 4))

    def test_a_rejection_needs_a_person_at_once(self):
        self.assertEqual(after(RejectedError("x"), ErrorClass.DATA).state, CommandState.BLOCKED)

    def test_a_day_without_an_outcome_needs_a_person(self):
        error = UnknownOutcomeError("x")
        self.assertEqual(after(error, in_doubt=True, hours=23).state, CommandState.UNKNOWN)
        self.assertEqual(after(error, in_doubt=True, hours=24).state, CommandState.BLOCKED)

    @given(st.sampled_from(ErrorClass), st.integers(0, 60), st.booleans(), st.integers(0, 48))
    def test_doubt_is_never_forgotten_and_no_state_has_no_way_on(
        self, error_class, attempts, in_doubt, hours
    ):
        following = after(TransientError("x"), error_class, attempts, in_doubt, hours)
        self.assertEqual(following.in_doubt, in_doubt)
        self.assertEqual(following.attempts, attempts + 1)
        if following.state is CommandState.BLOCKED:
            self.assertIsNone(following.seconds)
        else:
            self.assertIs(following.state is CommandState.UNKNOWN, in_doubt)
            self.assertGreaterEqual(following.seconds, 0)
