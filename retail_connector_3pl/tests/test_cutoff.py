from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..decisions.cutoff import Promise, Rhythm, dates_of, promise

BERLIN = "Europe/Berlin"
ZONES = st.sampled_from(["UTC", BERLIN, "America/New_York", "Pacific/Auckland", "Asia/Kolkata"])
MOMENTS = st.datetimes(
    datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(timezone.utc)
)
RHYTHMS = st.builds(
    Rhythm,
    zone=ZONES,
    cutoff=st.none() | st.times(),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    closed=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 2, 1)), max_size=5),
)


def local(text, zone=BERLIN):
    """Return a local time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)


@tagged("post_install", "-at_install")
class TestCutoff(BaseCase):
    """By when a warehouse sends what it is told."""

    def setUp(self):
        super().setUp()
        self.rhythm = Rhythm(zone=BERLIN, cutoff=time(14), closed=dates_of("2026-12-25"))

    def told(self, text):
        """Return until when and by when, for what is told at a local time."""
        return promise(local(text), self.rhythm)

    def test_before_the_cutoff_it_leaves_the_same_day(self):
        # A Tuesday in summer: two hours before UTC.
        found = self.told("2026-06-09T13:59:59")
        self.assertEqual(found.cutoff_at, datetime(2026, 6, 9, 12, tzinfo=timezone.utc))
        self.assertEqual(found.ship_by, datetime(2026, 6, 9, 21, 59, 59, tzinfo=timezone.utc))

    def test_at_the_cutoff_it_is_too_late_for_the_day(self):
        self.assertEqual(self.told("2026-06-09T14:00").ship_by, local("2026-06-10T23:59:59"))

    def test_over_the_weekend_and_a_day_off_it_waits(self):
        self.assertEqual(self.told("2026-06-12T15:00").ship_by, local("2026-06-15T23:59:59"))
        # Thursday after the cut-off; Friday is Christmas, then the weekend.
        self.assertEqual(self.told("2026-12-24T15:00").ship_by, local("2026-12-28T23:59:59"))

    def test_without_a_cutoff_the_day_is_whole(self):
        found = promise(local("2026-06-09T23:59"), Rhythm(zone=BERLIN))
        self.assertEqual(found.cutoff_at, local("2026-06-10T00:00"))

    def test_the_clock_that_is_set_back_neither_loses_nor_gains_an_hour(self):
        # On 25 October 2026 the day has 25 hours.
        every_day = Rhythm(zone=BERLIN, cutoff=time(14), days=frozenset(range(7)))
        found = promise(local("2026-10-25T01:00"), every_day)
        self.assertEqual(found.cutoff_at, datetime(2026, 10, 25, 13, tzinfo=timezone.utc))

    def test_a_warehouse_that_never_works_is_a_mistake(self):
        with self.assertRaises(ValueError):
            promise(local("2026-06-09T13:00"), Rhythm(days=frozenset()))
        with self.assertRaises(ValueError):
            dates_of("Christmas")

    @given(MOMENTS, RHYTHMS)
    def test_a_promise_is_kept_on_a_working_day_after_its_cutoff(self, told_at, rhythm):
        found = promise(told_at, rhythm)
        day = found.ship_by.astimezone(ZoneInfo(rhythm.zone)).date()
        self.assertTrue(rhythm.works_on(day))
        self.assertLess(told_at, found.cutoff_at)
        self.assertLessEqual(told_at, found.ship_by + timedelta(seconds=1))

    @given(MOMENTS, RHYTHMS, st.integers(0, 10_000))
    def test_who_tells_later_is_never_promised_sooner(self, told_at, rhythm, minutes):
        first, later = (
            promise(told_at, rhythm),
            promise(told_at + timedelta(minutes=minutes), rhythm),
        )
        self.assertIsInstance(first, Promise)
        self.assertLessEqual(first.ship_by, later.ship_by)
