from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.posting import (
    LONGEST_PAUSE,
    cause_key,
    first_open_day,
    local_day,
    pause_after,
)

days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31))


@tagged("post_install", "-at_install")
class TestPosting(BaseCase):
    def test_the_day_is_the_companys(self):
        late = datetime(2026, 5, 4, 22, 30)
        self.assertEqual(local_day(late, "Europe/Berlin"), date(2026, 5, 5))
        self.assertEqual(local_day(late, "America/New_York"), date(2026, 5, 4))

    @given(moments, st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "Asia/Tokyo"]))
    def test_a_local_day_is_at_most_one_day_off(self, moment, zone):
        self.assertLessEqual(abs((local_day(moment, zone) - moment.date()).days), 1)

    @given(days, st.lists(days, max_size=4))
    def test_no_lock_is_violated_and_no_day_is_skipped(self, day, locks):
        violated = [lock for lock in locks if day <= lock]
        found = first_open_day(day, violated)
        self.assertTrue(all(found > lock for lock in locks if lock in violated))
        self.assertTrue(found == day or found - timedelta(days=1) in violated)
        self.assertEqual(found == day, not violated)

    @given(st.integers(0, 10_000))
    def test_pauses_grow_and_end_at_an_hour(self, attempts):
        self.assertLessEqual(pause_after(attempts), pause_after(attempts + 1))
        self.assertLessEqual(timedelta(minutes=1), pause_after(attempts))
        self.assertLessEqual(pause_after(attempts), LONGEST_PAUSE)

    def test_numbers_do_not_make_another_cause(self):
        self.assertEqual(cause_key("Entry 12 of 2026 failed!"), cause_key("entry 7 of 2025 failed"))
        self.assertNotEqual(cause_key("No account"), cause_key("No journal"))
