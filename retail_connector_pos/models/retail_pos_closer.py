import hashlib
import logging
import time
from datetime import timedelta

from psycopg2 import OperationalError
from psycopg2.errors import LockNotAvailable, UniqueViolation

from odoo import api, fields, models

from odoo.addons.queue_job.exception import RetryableJobError
from odoo.addons.retail_connector_base.fail_points import reach
from odoo.addons.retail_connector_base.models.read_committed import read_committed
from odoo.addons.retail_connector_base.models.retail_lane_mixin import LANE_SECONDS

_logger = logging.getLogger(__name__)

LOCK_SPACE = 0x52435F44

# What decides about a day; it is looked at again when any of it is new.
CANDIDATES = """
    SELECT day.id, day.state, concat_ws(
           '|', report.id, report.write_date, day.signed_at, found.tickets, found.last_id,
           found.changed_at, found.owed,
           day.reported_at + interval '5 minutes' < now() AT TIME ZONE 'UTC') AS key
      FROM retail_pos_day day
      LEFT JOIN retail_pos_report report ON report.id = day.report_id
      LEFT JOIN LATERAL (
           SELECT count(*) AS tickets, max(ticket.id) AS last_id,
                  max(ticket.write_date) AS changed_at,
                  count(*) FILTER (WHERE ticket.stock_state IN ('waiting', 'failed')) AS owed
             FROM retail_pos_ticket ticket
            WHERE ticket.day_id = day.id OR ticket.posted_day_id = day.id) found ON true
     WHERE day.backend_id = %(backend)s AND day.state <> 'closed'
       AND (day.report_id IS NOT NULL OR day.signed_at IS NOT NULL)
       AND (day.next_attempt_at IS NULL OR day.next_attempt_at <= now() AT TIME ZONE 'UTC')
     ORDER BY day.business_date, day.id
"""
MORE_WAITS = """
    SELECT FROM retail_pos_day
     WHERE backend_id = %s AND state = 'closing' AND next_attempt_at IS NULL
     LIMIT 1 FOR KEY SHARE SKIP LOCKED
"""


class RetailPosCloser(models.AbstractModel):
    """Compares business days with their reports and posts those that tie: one lane per backend.

    Each day is compared in a transaction of its own, which commits ``closing`` where it can be
    posted. Imports that still write into it are waited for, later ones see that it is shut. Then it
    is posted in a second transaction, on a cursor of its own: Odoo rolls back where an entry does
    not balance. What was lost in between is found again: nothing but the database says what is due.
    """

    _name = "retail.pos.closer"
    _description = "Retail Connector: closing of business days"
    _inherit = ["retail.lane.mixin"]

    _lane_job = "_job_close"

    def _lane_user(self, backend_id):
        return self.env["retail.backend"].browse(backend_id).user_id

    def _lane_title(self, backend_id):
        backend = self.env["retail.backend"].browse(backend_id)
        return self.env._("Close business days of %(name)s", name=backend.name)

    @api.model
    def _sweep(self):
        """Wake the lane of every backend with a day that is reported and not closed."""
        self.env.cr.execute(
            """
            SELECT DISTINCT backend_id FROM retail_pos_day
             WHERE state <> 'closed' AND (report_id IS NOT NULL OR signed_at IS NOT NULL)
            """
        )
        for (backend_id,) in self.env.cr.fetchall():
            self._wake_after_commit(backend_id)

    def _job_close(self, backend_id):
        """Compare and post the days of a backend that something is new about."""
        with self._lane_to_itself((LOCK_SPACE, backend_id), backend_id):
            started = time.monotonic()
            work, waiting = self._work(backend_id)
            for day_id, state, key in work:
                self._advance(backend_id, day_id, state, key=key, waiting=waiting)
                if time.monotonic() - started > LANE_SECONDS:
                    self._wake_after_commit(backend_id)
                    return

    def _more_waits(self, cr, backend_id):
        """Override."""
        cr.execute(MORE_WAITS, [backend_id])
        return bool(cr.rowcount)

    def _work(self, backend_id):
        """Return (day id, state, key) of the days to look at, since something of them is new or
        they are to be posted, and the tickets that wait in the inbox."""
        with read_committed(self.env.registry) as cr:
            env = api.Environment(cr, self.env.uid, {}, su=True)
            days = env["retail.pos.day"]
            cr.execute(CANDIDATES, {"backend": backend_id})
            rows = cr.fetchall()
            if not rows:
                return [], {}
            waiting = days._waiting(env["retail.backend"].browse(backend_id))
            seen = {day.id: day.review_key for day in days.browse(row[0] for row in rows)}
            own = {day.id: day._waiting_key() for day in days.browse(seen)}
        found = [
            (day_id, state, _digest(f"{key}|{waiting.get(own[day_id], '')}"))
            for day_id, state, key in rows
        ]
        wanted = [row for row in found if row[1] == "closing" or seen[row[0]] != row[2]]
        return wanted, waiting

    # One day

    def _advance(self, backend_id, day_id, state, **values):
        """Compare a day, and post it when that is all that is left to do."""
        if state == "closing" or self._run_chunk(
            backend_id, day_id=day_id, step="_step_review", **values
        ):
            self._post(backend_id, day_id)

    def _post(self, backend_id, day_id):
        try:
            self._await_imports(day_id)
            self._run_chunk(backend_id, day_id=day_id, step="_step_close")
        except (RetryableJobError, OperationalError, UniqueViolation):
            raise
        except Exception as error:  # noqa: BLE001 the job boundary of one day
            _logger.warning("closing business day %s: %s", day_id, type(error).__name__)
            reach("retail.pos.closer.refused")
            self._run_chunk(backend_id, day_id=day_id, step="_step_failed", error=error)

    def _await_imports(self, day_id):
        """Wait for imports that write into this day since before it was shut.

        They hold its row for their foreign keys. Whoever comes later gets a serialization failure
        and then sees that the day is shut.
        """
        try:
            with read_committed(self.env.registry) as cr:
                cr.execute("SELECT FROM retail_pos_day WHERE id = %s FOR UPDATE", [day_id])
        except LockNotAvailable as error:
            raise RetryableJobError("Busy.", seconds=2, ignore_retry=True) from error

    def _try_chunk(self, backend_id, day_id, step, **values):
        """Override: one step of one day; return whether another one follows at once."""
        day = self.env["retail.pos.day"].browse(day_id)
        return getattr(self, step)(day, **values)

    def _step_review(self, day, key, waiting):
        can_post = day._review(waiting)
        if day.review_key != key:
            day.review_key = key
        return can_post

    def _step_close(self, day):
        reach("retail.pos.closer.closing", [day.display_name])
        if day.state == "closing":
            day._close_now()
        return False

    def _step_failed(self, day, error):
        """Let the day take tickets again, show why it could not be posted, and try it later."""
        attempts = day.attempts + 1
        day.write(
            {
                "state": "reported" if day.report_id else "open",
                "problem": str(error)[:200],
                "attempts": attempts,
                "next_attempt_at": fields.Datetime.now() + timedelta(minutes=min(60, 2**attempts)),
                "review_key": False,
            }
        )
        self.env["retail.exception"]._report(day.backend_id, day._not_closed(error), record=day)
        return False


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


class RetailInboxSweeper(models.AbstractModel):
    """Sweeps the business days too."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: wake what has days to close, and show days that were never reported."""
        result = super()._sweep()
        self.env["retail.pos.closer"]._sweep()
        self.env["retail.pos.day"]._show_unreported()
        return result
