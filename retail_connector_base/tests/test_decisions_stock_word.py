from datetime import datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.publication import Count
from ..decisions.stock_word import CLOCK_SKEW, Told, Word, judge_word

NOW = datetime(2026, 4, 2, 12, tzinfo=timezone.utc)
UNITS = st.integers(0, 50)


@tagged("post_install", "-at_install")
class TestStockWord(BaseCase):
    """What a channel's word about a quantity means."""

    def test_what_it_was_told_is_no_news(self):
        self.assertIs(judge_word(Told(5, 5), 5, NOW), Word.KNOWN)
        self.assertIs(judge_word(Told(5, 5, attempted=8), 8, NOW), Word.KNOWN)

    def test_what_is_left_after_imported_sales_is_no_news(self):
        self.assertIs(judge_word(Told(5, 3), 3, NOW), Word.KNOWN)

    def test_more_than_it_was_told_is_urgent_and_less_is_not(self):
        self.assertIs(judge_word(Told(5, 3), 6, NOW), Word.RAISED)
        self.assertIs(judge_word(Told(5, 3), 4, NOW), Word.LOWERED)
        self.assertIs(judge_word(Told(5, 5), 2, NOW), Word.LOWERED)

    def test_what_is_not_counted_there_is_no_number(self):
        self.assertIs(judge_word(Told(0, 0), None, NOW), Word.LOWERED)

    def test_only_what_is_certainly_older_is_old(self):
        told = Told(5, 5, at=NOW)
        self.assertIs(judge_word(told, 9, NOW - CLOCK_SKEW - timedelta(seconds=1)), Word.OLD)
        self.assertIs(judge_word(told, 9, NOW - CLOCK_SKEW), Word.RAISED)
        self.assertIs(judge_word(told, 9, None), Word.RAISED)

    @given(acknowledged=UNITS, owed=UNITS, imported=st.integers(-20, 50), said=UNITS)
    def test_an_unexplained_rise_is_never_passed_over(self, acknowledged, owed, imported, said):
        count = Count(0, 0, acknowledged, owed, imported)
        word = judge_word(Told(acknowledged, count.expected), said, NOW)
        if said > max(acknowledged, count.expected):
            self.assertIs(word, Word.RAISED)
        elif said not in (acknowledged, count.expected):
            self.assertIs(word, Word.LOWERED)
        else:
            self.assertIs(word, Word.KNOWN)
