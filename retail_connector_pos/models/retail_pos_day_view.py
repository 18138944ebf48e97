from odoo import api, fields, models

from ..decisions.day_gaps import gaps, named

# Few of many: most tickets are posted on their own day.
LATE = """
    SELECT id FROM retail_pos_ticket
     WHERE posted_day_id <> day_id
       AND (day_id = ANY(%(days)s) OR posted_day_id = ANY(%(days)s))
     ORDER BY sold_at, id
"""


class RetailPosDay(models.Model):
    """What is shown of a day, and where its buttons lead."""

    _inherit = "retail.pos.day"

    progress = fields.Integer(
        compute="_compute_progress",
        store=True,
        aggregator="avg",
        string="Closed (%)",
        help="Of a store, or of the whole estate: how much of the day is closed.",
    )
    ticket_count = fields.Integer(compute="_compute_tickets", string="Tickets")
    ticket_total = fields.Monetary(compute="_compute_tickets", string="Sales")
    late_count = fields.Integer(
        compute="_compute_late", string="Late Tickets", help="They came after it was posted."
    )
    foreign_count = fields.Integer(
        compute="_compute_late", string="Of Other Days", help="Late ones that are posted here."
    )
    still_missing = fields.Char(compute="_compute_still_missing", help="Ticket numbers.")
    is_elsewhere = fields.Boolean(
        compute="_compute_is_elsewhere", help="The business date was locked."
    )
    exception_count = fields.Integer(compute="_compute_exception_count", string="Exceptions")

    @api.depends("state")
    def _compute_progress(self):
        for day in self:
            day.progress = 100 if day.state == "closed" else 0

    def _compute_tickets(self):
        groups = self.env["retail.pos.ticket"]._read_group(
            [("day_id", "in", self.ids), ("voided", "=", False)],
            ["day_id"],
            ["__count", "amount_total:sum"],
        )
        found = {day: (count, total) for day, count, total in groups}
        for day in self:
            day.ticket_count, day.ticket_total = found.get(day, (0, 0.0))

    def _compute_late(self):
        late = self._late_tickets()
        own, here = late.grouped("day_id"), late.grouped("posted_day_id")
        for day in self:
            day.late_count = len(own.get(day, ()))
            day.foreign_count = len(here.get(day, ()))

    def _late_tickets(self):
        """Return tickets of these days that are posted elsewhere, or of others posted here."""
        self.env["retail.pos.ticket"].flush_model(["day_id", "posted_day_id"])
        self.env.cr.execute(LATE, {"days": self.ids})
        found = self.env["retail.pos.ticket"].browse(row[0] for row in self.env.cr.fetchall())
        return found._filtered_access("read")

    @api.depends("tie", "ticket_ids")
    def _compute_still_missing(self):
        for day in self:
            numbers = day.ticket_ids.filtered("has_sequence").sorted("sold_at").mapped("sequence")
            report = day.report_id and day.report_id._canonical()
            bounds = (report.first_sequence, report.last_sequence) if report else (None, None)
            day.still_missing = named(gaps(numbers, *bounds)) or False

    @api.depends("posting_date", "business_date")
    def _compute_is_elsewhere(self):
        for day in self:
            day.is_elsewhere = bool(day.posting_date) and day.posting_date != day.business_date

    def _compute_exception_count(self):
        groups = self.env["retail.exception"]._read_group(
            [("res_model", "=", self._name), ("res_id", "in", self.ids), ("state", "=", "open")],
            ["res_id"],
            ["__count"],
        )
        counts = dict(groups)
        for day in self:
            day.exception_count = counts.get(day.id, 0)

    # Where the buttons lead

    def action_open_tickets(self):
        """Open the tickets of this day, wherever they are posted."""
        return self._open_list("retail.pos.ticket", [("day_id", "=", self.id)])

    def action_open_late(self):
        """Open late tickets: those of this day, and those of others that are posted here."""
        return self._open_list("retail.pos.ticket", [("id", "in", self._late_tickets().ids)])

    def action_open_sessions(self):
        """Open the sessions of Odoo's point of sale that hold this day."""
        return self._open_list("pos.session", [("retail_day_id", "=", self.id)])

    def action_open_entries(self):
        """Open all journal items that this day made."""
        self.ensure_one()
        self.check_access("read")
        moves = self.sudo().session_ids._get_related_account_moves()
        return self._open_list("account.move.line", [("move_id", "in", moves.ids)])

    def action_open_reports(self):
        """Open what the register told of this day."""
        return self._open_list("retail.pos.report", [("day_id", "=", self.id)])

    def action_open_exceptions(self):
        """Open what people have to know of this day."""
        about = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return self._open_list("retail.exception", about)

    def _open_list(self, model, domain):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": domain,
        }
