from odoo import api, fields, models

from odoo.addons.retail_connector_base.decisions.problem import Problem
from odoo.addons.retail_connector_base.providers.errors import ErrorClass

from ..decisions.day_gaps import gaps, named

LOST = "pos_numbers_between_days"


class RetailPosDay(models.Model):
    """Ticket numbers that no day has: they lie between the reports of two days.

    Nobody knows which day they belong to, so neither is held up by them; an operator finds out.
    """

    _inherit = "retail.pos.day"

    lost_numbers = fields.Char(
        compute="_compute_lost_numbers",
        string="Numbers of No Day",
        help="Ticket numbers between the last one of the day before and the first one of this day.",
    )

    @api.depends("tie")
    def _compute_lost_numbers(self):
        for day in self:
            day.lost_numbers = named(day._lost_between())

    def _lost_between(self):
        """Return the gaps before this day's first number, without what came meanwhile."""
        self.ensure_one()
        bounds = (self.tie or {}).get("between_numbers")
        if not bounds:
            return []
        first, last = bounds
        known = self.env["retail.pos.ticket"].search_fetch(
            [
                ("register_id", "=", self.register_id.id),
                ("has_sequence", "=", True),
                ("sequence", ">=", first),
                ("sequence", "<=", last),
            ],
            ["sequence"],
        )
        return gaps(sorted(known.mapped("sequence")), first, last)

    def _show(self, tie, is_news):
        """Override: name the numbers that lie between two days."""
        result = super()._show(tie, is_news)
        found = self._lost_between()
        if found and (is_news or not self._has_problem(LOST)):
            self.env["retail.exception"]._report(
                self.backend_id, self._lost(named(found)), record=self
            )
        elif not found and self._has_problem(LOST):
            self._solve(LOST)
        return result

    def _lost(self, names):
        return Problem(
            error_class=ErrorClass.DATA,
            code=LOST,
            subject=self._subject(),
            title=self.env._(
                "Tickets are missing before %(day)s: %(names)s", day=self.display_name, names=names
            ),
            cause=self.env._(
                "The day before ended with a lower number than this one begins with. Ask the store "
                "for these tickets, or close this exception if the numbers were never used. Both "
                "days are closed without them."
            ),
            fix="open_record",
        )
