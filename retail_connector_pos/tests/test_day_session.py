from datetime import datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo.exceptions import UserError
from odoo.tests import tagged

from . import estate
from .day_case import TODAY, DayCase
from .odoo_register import open_session
from .tickets import SOLD_AT, ticket


@tagged("post_install", "-at_install")
class TestDaySession(DayCase):
    """Which session takes a day's tickets, and which day posts them."""

    def make_day(self, days=0, register=None):
        pair = (register or self.register, TODAY + timedelta(days=days))
        return self.env["retail.pos.day"]._of({pair})[pair]

    def test_a_day_has_one_session(self):
        day = self.make_day()
        session = day._session()
        self.assertEqual(day._session(), session)
        self.assertEqual(session.state, "opened")
        self.assertTrue(session.update_stock_at_closing)
        self.assertEqual(session.user_id, self.backend.user_id)
        self.assertFalse(session.rescue)

    def test_its_name_tells_store_register_and_day(self):
        session = self.make_day()._session()
        self.assertIn(f"S1:R1 {TODAY}", session.name)

    def test_a_company_that_moves_stock_in_real_time_still_batches_tickets(self):
        self.company.point_of_sale_update_stock_quantities = "real"
        self.assertTrue(self.make_day()._session().update_stock_at_closing)

    def test_an_older_day_does_not_block_today(self):
        first, second = self.make_day(), self.make_day(1)
        sessions = (first | second)._sessions()
        self.assertEqual(len({*sessions.values()}), 2)
        self.assertEqual([sessions[day].rescue for day in (first, second)], [False, True])

    def test_odoos_own_session_does_not_block_a_day(self):
        cashier = estate.make_cashier(self.env, self.company)
        own = open_session(self.config, cashier)
        session = self.make_day()._session()
        self.assertNotEqual(session, own)
        self.assertTrue(session.rescue)

    def test_sessions_of_many_days_take_few_queries(self):
        days = self.make_day() | self.make_day(0, self.register2) | self.make_day(0, self.register3)
        days._sessions()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(4):
            days._sessions()

    def test_a_person_does_not_close_it_by_odoos_own_button(self):
        session = self.make_day()._session()
        cashier = estate.make_cashier(self.env, self.company)
        with self.assertRaisesRegex(UserError, "external register"):
            session.with_user(cashier).action_pos_session_closing_control()

    def test_an_open_day_posts_its_own_tickets(self):
        day = self.make_day()
        self.assertEqual(day._posting_day(), day)

    def test_a_closed_day_posts_on_the_earliest_open_later_day(self):
        closed, shut, later, last = (self.make_day(days) for days in range(4))
        closed.state, shut.state = "closed", "closing"
        self.assertEqual(closed._posting_days(), {closed: later})
        self.assertEqual((closed | later | last)._posting_days()[closed], later)

    def test_where_none_is_open_it_posts_today(self):
        day = self.make_day()
        day.state = "closed"
        today = datetime.now(ZoneInfo("UTC")).date()
        self.assertEqual(day._posting_day().business_date, today)

    def test_today_is_the_stores_own(self):
        self.store.tz = "Pacific/Kiritimati"
        day = self.make_day()
        expected = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
        self.assertEqual(day._today(), expected)

    def test_today_is_closed_already(self):
        day = self.make_day()
        day.state = "closed"
        with patch.object(type(day), "_today", lambda self: TODAY):
            self.assertEqual(day._posting_day().business_date, TODAY + timedelta(days=1))

    def test_a_session_never_begins_in_a_locked_period(self):
        self.company.hard_lock_date = TODAY
        day = self.make_day()
        moment = SOLD_AT.replace(tzinfo=None)
        self.assertGreater(day._start_of(moment), moment)

    def test_days_of_one_register_are_shared_by_tickets_around_midnight(self):
        late = ticket(minutes=60 * 16, business_date=TODAY)
        self.sold(ticket(), late)
        self.assertEqual(self.ticket(late).day_id, self.day())
        self.assertEqual(len(self.day().session_ids), 1)
