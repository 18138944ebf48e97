from datetime import datetime, timedelta, timezone

from odoo.tests import BaseCase, tagged

from ..decisions.moment import naive_utc, text_of_moment


@tagged("post_install", "-at_install")
class TestMoment(BaseCase):
    """Moments without a time zone, whatever the calendar allows."""

    def test_a_moment_is_told_in_utc_and_whole_seconds(self):
        moment = datetime(2026, 5, 4, 1, 2, 3, 4, tzinfo=timezone(timedelta(hours=2)))
        self.assertEqual(naive_utc(moment), datetime(2026, 5, 3, 23, 2, 3))
        self.assertEqual(text_of_moment(moment), "2026-05-03 23:02:03")

    def test_none_stays(self):
        self.assertIsNone(naive_utc(None))
        self.assertIsNone(text_of_moment(None))

    def test_texts_compare_as_moments_do_in_any_year(self):
        early = datetime(102, 1, 1, tzinfo=timezone.utc)
        self.assertEqual(text_of_moment(early), "0102-01-01 00:00:00")
        self.assertLess(text_of_moment(early), text_of_moment(early.replace(year=1999)))

    def test_the_ends_of_the_calendar_are_no_error(self):
        first = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
        last = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))
        self.assertEqual(naive_utc(first), datetime(1, 1, 1))
        self.assertEqual(naive_utc(last), datetime(9999, 12, 31, 23))
