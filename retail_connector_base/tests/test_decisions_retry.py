from random import Random

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.retry import ATTEMPTS, CAP_SECONDS, decide_retry
from ..providers import ErrorClass


@tagged("post_install", "-at_install")
class TestRetry(BaseCase):
    def test_every_class_has_a_limit(self):
        self.assertEqual(set(ATTEMPTS), set(ErrorClass))

    def test_what_a_person_must_change_is_not_tried_again(self):
        for error_class in (ErrorClass.DATA, ErrorClass.MAPPING, ErrorClass.FINANCE):
            self.assertIsNone(decide_retry(error_class, 1, Random(1)))

    def test_a_bug_is_given_up_after_its_attempts(self):
        self.assertIsNotNone(decide_retry(ErrorClass.BUG, 3, Random(1)))
        self.assertIsNone(decide_retry(ErrorClass.BUG, 4, Random(1)))

    def test_the_other_side_is_not_asked_sooner_than_it_wished(self):
        retry = decide_retry(ErrorClass.RATE_LIMITED, 1, Random(1), retry_after=60)
        self.assertGreaterEqual(retry.seconds, 60)

    @given(st.integers(1, 10_000), st.integers())
    def test_waiting_is_bounded(self, attempts, seed):
        retry = decide_retry(ErrorClass.RATE_LIMITED, attempts, Random(seed))
        self.assertTrue(0 <= retry.seconds <= CAP_SECONDS)

    @given(st.integers())
    def test_waiting_is_spread(self, seed):
        random = Random(seed)
        waits = {decide_retry(ErrorClass.TRANSIENT, 8, random).seconds for _ in range(20)}
        self.assertGreater(len(waits), 15)
