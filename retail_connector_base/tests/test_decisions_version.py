from dataclasses import replace
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.version import Seen, Verdict, judge

states = st.builds(
    Seen,
    version=st.integers(0, 5),
    observed_at=st.integers(0, 5),
    content_hash=st.sampled_from("abc"),
)


@tagged("post_install", "-at_install")
class TestVersionGuard(BaseCase):
    def test_first_state_is_applied(self):
        self.assertIs(judge(None, Seen(1, 1, "a")), Verdict.APPLY)

    def test_older_state_is_stale_whenever_it_comes(self):
        self.assertIs(judge(Seen(2, 1, "a"), Seen(1, 9, "b")), Verdict.STALE)

    def test_nothing_revives_what_was_deleted(self):
        self.assertIs(judge(None, Seen(9, 9, "a"), tombstone=1), Verdict.STALE)

    def test_same_version_and_content_is_the_same(self):
        self.assertIs(judge(Seen(2, 1, "a"), Seen(2, 5, "a")), Verdict.SAME)

    def test_same_version_later_observation_wins(self):
        self.assertIs(judge(Seen(2, 1, "a"), Seen(2, 5, "b")), Verdict.APPLY)

    def test_same_version_earlier_observation_loses(self):
        self.assertIs(judge(Seen(2, 5, "a"), Seen(2, 1, "b")), Verdict.STALE)

    def test_same_version_without_observation_asks_the_source(self):
        self.assertIs(judge(Seen(2, 0, "a"), Seen(2, 5, "b")), Verdict.REFETCH)

    def test_what_the_source_just_said_ends_the_question(self):
        self.assertIs(judge(Seen(2, 0, "a"), Seen(2, 0, "b", True)), Verdict.APPLY)

    @given(st.one_of(st.none(), states), states)
    def test_the_applied_version_never_decreases(self, applied, incoming):
        if judge(applied, incoming) is Verdict.APPLY and applied:
            self.assertGreaterEqual(incoming.version, applied.version)

    @given(st.lists(states, max_size=4, unique_by=lambda s: (s.version, s.observed_at)))
    def test_every_order_of_arrival_ends_in_the_same_state(self, history):
        history = [s for s in history if s.observed_at]
        self.assertLessEqual(len({self._end(order) for order in permutations(history)}), 1)

    def _end(self, order):
        applied = None
        for seen in order:
            verdict = judge(applied, seen)
            if verdict is Verdict.APPLY:
                applied = seen
            elif verdict is Verdict.SAME and seen.observed_at > applied.observed_at:
                applied = replace(applied, observed_at=seen.observed_at)
        return applied and (applied.version, applied.content_hash)
