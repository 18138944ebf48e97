from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models

STATES = [
    ("open", "Open"),
    ("reported", "Reported"),
    ("different", "Does Not Tie"),
    ("closing", "Closing"),
    ("closed", "Closed"),
]
# What takes no more tickets: they are posted on a later day.
SHUT = ("closing", "closed")


class RetailPosDay(models.Model):
    """A register's business day: its tickets, its own report, and the sessions that hold them.

    ``closed`` days are posted: what comes later is posted on a day that is open, and linked.
    ``closing`` is committed before anything is posted, so that no ticket slips in while it is.
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

    # Which day posts

    def _posting_day(self):
        """Return the day that a ticket of this day is posted on: itself, or once it is closed the
        register's earliest later day that is open, made for today in the store when there is none.
        """
        self.ensure_one()
        return self._posting_days()[self]

    def _posting_days(self):
        """Return by day the one that its tickets are posted on (``_posting_day``)."""
        shut = self.filtered(lambda day: day.state in SHUT)
        return {day: day for day in self - shut} | (shut._later_days() if shut else {})

    def _later_days(self):
        of_register = self._later_by_register()
        found = {day: self._first_open(of_register[day.register_id], day) for day in self}
        wanted = {
            day: (day.register_id, day._next_date(of_register[day.register_id]))
            for day, later in found.items()
            if not later
        }
        made = self._of(set(wanted.values())) if wanted else {}
        return found | {day: made[pair] for day, pair in wanted.items()}

    def _later_by_register(self):
        """Return by register its days from the first of ours on, in their order."""
        later = self.search(
            [
                ("register_id", "in", self.register_id.ids),
                ("business_date", ">=", min(self.mapped("business_date"))),
            ],
            order="business_date",
        )
        return later.grouped("register_id")

    def _first_open(self, days, day):
        is_open = days.filtered(
            lambda each: each.business_date > day.business_date and each.state not in SHUT
        )
        return is_open[:1]

    def _next_date(self, days):
        """Return today in the store, or the day after its last one where that is not earlier."""
        return max(self._today(), days[-1].business_date + timedelta(days=1))

    def _today(self):
        """Return the date that it is at the store."""
        self.ensure_one()
        return datetime.now(ZoneInfo(self.store_id._timezone())).date()


def _order_of(pair):
    register, date = pair
    return register.id, date
