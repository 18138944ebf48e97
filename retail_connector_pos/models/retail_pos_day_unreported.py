from datetime import timedelta

from odoo import api, fields, models


class RetailPosDay(models.Model):
    """Days that were never reported."""

    _inherit = "retail.pos.day"

    @api.model
    def _show_unreported(self):
        """Show days with tickets that should have been reported by now, each once."""
        backends = self.env["retail.backend"].search([("pos_report_days", ">", 0)])
        for backend in backends.filtered(lambda backend: backend.state == "running"):
            oldest = fields.Date.today() - timedelta(days=backend.pos_report_days)
            late = self.search(
                [
                    ("backend_id", "=", backend.id),
                    ("state", "=", "open"),
                    ("report_id", "=", False),
                    ("signed_at", "=", False),
                    ("business_date", "<", oldest),
                    ("ticket_ids", "!=", False),
                ],
                limit=200,
            )
            for day in late - late._with_problem("pos_day_unreported"):
                problem = day._unreported()
                self.env["retail.exception"]._report(backend, problem, record=day)
