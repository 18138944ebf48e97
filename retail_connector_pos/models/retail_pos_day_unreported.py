from datetime import timedelta

from odoo import api, fields, models

from .retail_pos_day_problem import UNREPORTED

AT_ONCE = 200


class RetailPosDay(models.Model):
    """Days that were never reported."""

    _inherit = "retail.pos.day"

    @api.model
    def _show_unreported(self):
        """Show days with tickets that should have been reported by now, each once."""
        backends = self.env["retail.backend"].search(
            [("pos_report_days", ">", 0), ("state", "=", "running")]
        )
        for days, some in backends.grouped("pos_report_days").items():
            late = self._unreported_since(some, fields.Date.today() - timedelta(days=days))
            for day in late - late._with_problem(UNREPORTED):
                problem = day._unreported()
                self.env["retail.exception"]._report(day.backend_id, problem, record=day)

    def _unreported_since(self, backends, oldest):
        """Return open days of backends before a date; what became late last comes first."""
        return self.search(
            [
                ("backend_id", "in", backends.ids),
                ("state", "=", "open"),
                ("report_id", "=", False),
                ("signed_at", "=", False),
                ("business_date", "<", oldest),
                ("ticket_ids", "!=", False),
            ],
            order="business_date desc, id",
            limit=AT_ONCE,
        )
