from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers import ErrorClass

from .retail_tracking import UNDERWAY

CODE = "parcels_silent"
SILENT = """
    SELECT tracking.id FROM retail_tracking tracking
      JOIN retail_backend backend ON backend.id = tracking.backend_id
     WHERE tracking.is_stale IS NOT TRUE AND tracking.state = ANY(%(underway)s)
       AND tracking.last_news_at
           < %(now)s - coalesce(backend.parcel_silence_days, 5) * interval '1 day'
     ORDER BY tracking.id LIMIT %(limit)s
"""
MOST = 1000


class RetailTracking(models.Model):
    """Parcels that nobody has told of for days."""

    _inherit = "retail.tracking"

    @api.model
    def _sweep_silent(self):
        """Mark parcels without news, and show each service's number of them to a person."""
        self.flush_model(["is_stale", "state", "last_news_at"])
        self.env["retail.backend"].flush_model(["parcel_silence_days"])
        now = fields.Datetime.now()
        self.env.cr.execute(SILENT, {"underway": list(UNDERWAY), "now": now, "limit": MOST})
        silent = self.browse(row[0] for row in self.env.cr.fetchall())
        silent.write({"is_stale": True})
        for backend in silent.backend_id:
            self._report_silence(backend)
        self._solve_silence(silent.backend_id)

    def _silent_domain(self, backend):
        return [
            ("backend_id", "=", backend.id),
            ("is_stale", "=", True),
            ("state", "in", UNDERWAY),
        ]

    def _report_silence(self, backend):
        count = self.search_count(self._silent_domain(backend))
        exceptions = self.env["retail.exception"]
        # Its title counts: a new one takes its place.
        exceptions._solved(backend, [f"{CODE}|{backend.id}"])
        exceptions._report(backend, self._silence(backend, count), record=backend)

    def _silence(self, backend, count):
        return Problem(
            error_class=ErrorClass.DATA,
            code=CODE,
            subject=str(backend.id),
            title=self.env._(
                "%(count)s parcels without news for %(days)s days",
                count=count,
                days=backend.parcel_silence_days,
            ),
            cause=self.env._(
                "Open Warehouses / Parcels on Their Way, filter “Without News”, and ask the "
                "carrier. This goes away by itself when there are news of all of them."
            ),
        )

    def _solve_silence(self, without):
        """Take the warning back of services all of whose parcels are told of again."""
        open_ones = self.env["retail.exception"].search(
            [("code", "=", CODE), ("state", "=", "open"), ("backend_id", "not in", without.ids)]
        )
        for backend in open_ones.backend_id:
            if not self.search_count(self._silent_domain(backend), limit=1):
                self.env["retail.exception"]._solved(backend, [f"{CODE}|{backend.id}"])


class RetailInboxSweeper(models.AbstractModel):
    """Looks for parcels without news, and labels that nobody could buy, as well."""

    _inherit = "retail.inbox.sweeper"

    @api.model
    def _sweep(self):
        """Override: look at parcels and labels."""
        result = super()._sweep()
        self.env["retail.tracking"]._sweep_silent()
        self.env["retail.label.request"]._sweep_late()
        self.env["retail.label.fetcher"]._sweep()
        return result
