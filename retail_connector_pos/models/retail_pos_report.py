from odoo import api, fields, models

from odoo.addons.retail_connector_base.canonical import PosClosing


class RetailPosReport(models.Model):
    """A register's own report of its day, as it was told. The newest one of a day counts.

    What a day was closed with stays: what is told afterwards is kept beside it, as a correction.
    """

    _name = "retail.pos.report"
    _description = "Retail Day Report"
    _inherit = ["retail.binding"]
    _order = "business_date desc, register_id, id desc"
    _rec_name = "external_id"

    _canonical_kind = "pos_closing"

    day_id = fields.Many2one(
        "retail.pos.day", string="Business Day", required=True, readonly=True, index=True,
        ondelete="restrict",
    )  # fmt: skip
    register_id = fields.Many2one(related="day_id.register_id", store=True, index=True)
    store_id = fields.Many2one(related="day_id.store_id", store=True, index=True)
    business_date = fields.Date(related="day_id.business_date", store=True, index=True)
    counts = fields.Boolean(compute="_compute_counts", help="No newer report of the day is known.")
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    opened_at = fields.Datetime(readonly=True)
    closed_at = fields.Datetime(readonly=True)
    received_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    ticket_count = fields.Integer(string="Tickets", readonly=True)
    first_sequence = fields.Integer(readonly=True)
    last_sequence = fields.Integer(readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    amount_tax = fields.Monetary(string="Taxes", readonly=True)
    opening_float = fields.Monetary(readonly=True)
    closing_float = fields.Monetary(readonly=True)
    snapshot = fields.Json(readonly=True, help="The report as it was told.")
    correction = fields.Json(readonly=True, help="What was told after the day was closed.")

    def _compute_counts(self):
        for report in self:
            report.counts = report.day_id.report_id == report

    def _canonical(self):
        """Return the report as it was told."""
        self.ensure_one()
        return PosClosing.model_validate(self.snapshot)

    def _rank(self):
        """Return what orders the reports of a day: the newest counts."""
        return int(self.external_version or 0), self.closed_at, self.id

    @api.model
    def _told_content(self, snapshot):
        """Return what a report says, without when and under which name it says it."""
        return {
            name: value
            for name, value in (snapshot or {}).items()
            if name not in ("external_id", "updated_at")
        }
