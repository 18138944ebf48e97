from datetime import timedelta

from odoo import fields, models

from ..decisions.day_words import covers
from .pos_session_close import Drawer


class RetailPosDay(models.Model):
    """A day that ties, or whose difference is signed, is posted at its date."""

    _inherit = "retail.pos.day"

    closed_at = fields.Datetime(readonly=True, copy=False)
    posting_date = fields.Date(
        readonly=True, copy=False, help="Another than the business date when that was locked."
    )
    problem = fields.Char(readonly=True, copy=False, help="Why it could not be posted.")
    attempts = fields.Integer(readonly=True, copy=False)
    next_attempt_at = fields.Datetime(readonly=True, copy=False)

    def _is_signed(self, tie):
        """Tell whether somebody signed all that differs."""
        return covers(self.signature, tie.differences)

    def _close_now(self, waiting=None):
        """Post this day, in a transaction that began after ``closing`` was committed.

        What has changed since is seen: a day that ties no longer goes back. Raises ``UserError``
        where Odoo refuses.
        """
        self.ensure_one()
        day = self._quiet()
        _ours, tie = day._compare(waiting)
        if not (tie.ties or day._is_signed(tie)):
            return day._review(waiting)
        date = day._first_open_date()
        session = day._closing_session(tie)
        if session:
            day._prepare_session(session, tie)
            day._keep_movements(session, tie, date)
            drawer = Drawer(float(tie.drawer.over_short))
            session._retail_close(date, drawer, day._bank_differences(tie))
        day._note_closed(date)
        return True

    def _quiet(self):
        company = self.company_id
        context = {"allowed_company_ids": company.ids, "tracking_disable": True}
        user = self.backend_id.user_id
        return self.with_user(user).sudo().with_company(company).with_context(**context)

    def _closing_session(self, tie):
        """Return the session to close: opened where only its drawer has something to tell."""
        session = self._unclosed_sessions()
        drawer = tie.drawer
        if session or not (drawer.movements or drawer.over_short or drawer.deposit):
            return session
        return self._session()

    def _prepare_session(self, session, tie):
        """Write when the day began and ended, and what was in the drawer."""
        report = self.report_id
        sold = [order.date_order for order in session.order_ids]
        began = report.opened_at or min(sold, default=None) or session.start_at
        opening = self._opening_cash(session, tie.drawer.opening)
        session.write(
            {
                "start_at": self._start_of(began),
                "stop_at": report.closed_at or fields.Datetime.now(),
                "cash_register_balance_start": opening,
            }
        )

    def _note_closed(self, date):
        self.write(
            {
                "state": "closed",
                "closed_at": fields.Datetime.now(),
                "posting_date": date,
                "problem": False,
                "attempts": 0,
                "next_attempt_at": False,
            }
        )
        self._solve("pos_day_differs", "pos_day_unreported", "pos_day_not_closed")
        self.env["retail.audit"]._log(
            "pos_day.closed",
            self,
            detail={"total": str(self.imported_total), "posted_on": str(date)},
        )

    # Dates

    def _first_open_date(self):
        """Return the business date, or the first day after it that no lock forbids to post on."""
        date = self.business_date
        while violated := self._violated_locks(date):
            date = max(lock for lock, _field in violated) + timedelta(days=1)
        return date

    def _violated_locks(self, date):
        config = self.register_id.odoo_id
        journals = config.journal_id | config.payment_method_ids.journal_id
        company = config.company_id
        return [
            lock
            for journal in journals
            for lock in company._get_violated_lock_dates(date, True, journal)
        ]
