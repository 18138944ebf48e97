from odoo import api, fields, models

STATES = [
    ("open", "Open"),
    ("reported", "Reported"),
    ("different", "Does Not Tie"),
    ("closing", "Closing"),
    ("closed", "Closed"),
]


class RetailPosDay(models.Model):
    """A register's business day: its tickets, its own report, and the sessions that hold them.

    ``closed`` days are posted: what comes later is posted on a day that is open, and linked.
    """

    _name = "retail.pos.day"
    _description = "Retail Business Day"
    _order = "business_date desc, register_id, id"
    _check_company_auto = True

    register_id = fields.Many2one(
        "retail.pos.register", required=True, readonly=True, index=True, ondelete="restrict"
    )
    store_id = fields.Many2one(related="register_id.store_id", store=True, index=True)
    backend_id = fields.Many2one(related="register_id.backend_id", store=True, index=True)
    company_id = fields.Many2one(related="register_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="register_id.odoo_id.currency_id")
    business_date = fields.Date(required=True, readonly=True, index=True)
    state = fields.Selection(STATES, required=True, readonly=True, default="open", index=True)
    session_ids = fields.One2many("pos.session", "retail_day_id", string="Sessions", readonly=True)
    ticket_ids = fields.One2many("retail.pos.ticket", "day_id", string="Tickets", readonly=True)
    posted_ticket_ids = fields.One2many(
        "retail.pos.ticket", "posted_day_id", string="Posted Here", readonly=True
    )

    _day_unique = models.UniqueIndex(
        "(register_id, business_date)", "A register has each day once."
    )

    @api.depends("register_id", "business_date")
    def _compute_display_name(self):
        for day in self:
            day.display_name = f"{day.register_id.display_name} {day.business_date}"

    @api.model
    def _of(self, wanted):
        """Return ``{(register, date): day}`` of pairs, made where missing; in two queries.

        A day that another transaction makes at the same moment violates the unique index, and the
        chunk is run again.
        """
        registers = self.env["retail.pos.register"].union(*(register for register, _ in wanted))
        dates = {date for _register, date in wanted}
        found = self.search(
            [("register_id", "in", registers.ids), ("business_date", "in", list(dates))]
        )
        known = {(day.register_id, day.business_date): day for day in found}
        missing = sorted({pair for pair in wanted if pair not in known}, key=_order_of)
        made = self.create(
            [{"register_id": register.id, "business_date": date} for register, date in missing]
        )
        return known | dict(zip(missing, made, strict=True))

    def _posting_day(self):
        """Return the day that a ticket of this day is posted on: itself, or once it is closed the
        register's earliest later day that is open, made for today in the store when there is none.
        """
        self.ensure_one()
        raise NotImplementedError

    def _session(self):
        """Return the session that takes tickets of this day, opened when there is none."""
        self.ensure_one()
        raise NotImplementedError


def _order_of(pair):
    register, date = pair
    return register.id, date
