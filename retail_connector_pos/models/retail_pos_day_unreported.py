from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .retail_pos_day_problem import UNREPORTED

# As many in one transaction; the next sweep shows the rest.
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
            for day in late:
                problem = day._unreported()
                self.env["retail.exception"]._report(day.backend_id, problem, record=day)

    def _unreported_since(self, backends, oldest):
        """Return open days of backends before a date that were never shown, the oldest first."""
        self.env["retail.exception"].flush_model(["res_model", "res_id", "code"])
        return self.search(
            Domain(
                [
                    ("backend_id", "in", backends.ids),
                    ("state", "=", "open"),
                    ("report_id", "=", False),
                    ("signed_at", "=", False),
                    ("business_date", "<", oldest),
                    ("ticket_ids", "!=", False),
                ]
            )
            & Domain.custom(to_sql=_never_shown),
            order="business_date, id",
            limit=AT_ONCE,
        )


def _never_shown(model, alias, _query):
    """Return the SQL condition; what somebody dismissed was shown."""
    return SQL(
        "NOT EXISTS (SELECT FROM retail_exception shown "
        "WHERE shown.res_model = %s AND shown.res_id = %s AND shown.code = %s)",
        model._name,
        SQL.identifier(alias, "id"),
        UNREPORTED,
    )
