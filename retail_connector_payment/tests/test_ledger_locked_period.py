from datetime import date

from odoo.tests import tagged

from .common import PaymentCase, set_rate


@tagged("post_install", "-at_install")
class TestLockedPeriod(PaymentCase):
    def entry_of(self, day, **values):
        """Return an entry of a day, posted."""
        entry = self.note(100, order=self.order(), occurred_at=f"{day} 10:00:00", **values)
        self.post()
        self.assertEqual(entry.state, "posted", entry.error)
        return entry

    def test_it_is_booked_on_the_first_open_day_and_says_so(self):
        self.company.fiscalyear_lock_date = date(2026, 4, 30)
        entry = self.entry_of("2026-04-10")
        self.assertEqual(entry.move_id.date, date(2026, 5, 1))
        self.assertIn("2026-04-10", entry.remark)

    def test_an_open_day_is_kept_without_a_remark(self):
        self.company.fiscalyear_lock_date = date(2026, 4, 30)
        entry = self.entry_of("2026-05-01")
        self.assertEqual(entry.move_id.date, date(2026, 5, 1))
        self.assertFalse(entry.remark)

    def test_the_last_of_several_locks_counts(self):
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        self.company.hard_lock_date = date(2026, 4, 15)
        self.assertEqual(self.entry_of("2026-03-10").move_id.date, date(2026, 4, 16))

    def test_locks_of_sales_and_taxes_do_not_concern_it(self):
        self.company.sale_lock_date = date(2026, 4, 30)
        self.company.tax_lock_date = date(2026, 4, 30)
        self.assertEqual(self.entry_of("2026-04-10").move_id.date, date(2026, 4, 10))

    def test_only_what_lies_in_the_locked_period_moves(self):
        self.company.fiscalyear_lock_date = date(2026, 4, 30)
        before = self.note(1, order=self.order(), occurred_at="2026-04-30 10:00:00")
        after = self.note(2, order=self.order(), occurred_at="2026-05-20 10:00:00")
        self.post()
        self.assertEqual(before.move_id.date, date(2026, 5, 1))
        self.assertEqual(after.move_id.date, date(2026, 5, 20))

    def test_the_rate_is_still_that_of_the_day_it_happened(self):
        set_rate(self.env, self.company, "USD", 2.0, "2026-01-01")
        set_rate(self.env, self.company, "USD", 4.0, "2026-05-01")
        self.company.fiscalyear_lock_date = date(2026, 4, 30)
        entry = self.entry_of("2026-04-10", currency="USD")
        self.assertEqual(entry.clearing_line_id.balance, 50)
