from odoo import api, fields, models

from ..decisions.day_words import stored_difference


class RetailPosSign(models.TransientModel):
    """Shows an accountant what differs on a business day, and asks why it can be posted."""

    _name = "retail.pos.sign"
    _description = "Sign a Business Day"

    day_id = fields.Many2one("retail.pos.day", string="Business Day", required=True, readonly=True)
    differences_html = fields.Html(related="day_id.differences_html")
    consequences = fields.Text(compute="_compute_consequences", string="What Signing Does")
    seen = fields.Json(compute="_compute_seen", store=True, readonly=False)
    reason = fields.Char(required=True, help="Kept with the day and in the audit trail.")

    @api.depends("day_id")
    def _compute_seen(self):
        for wizard in self:
            differences = wizard.day_id._differences()
            wizard.seen = [stored_difference(each) for each in differences]

    @api.depends("day_id")
    def _compute_consequences(self):
        for wizard in self:
            wizard.consequences = "\n".join(wizard.day_id._consequences())

    def action_sign(self):
        """Sign what is shown; the day is posted then."""
        self.ensure_one()
        self.day_id._sign(self.seen, self.reason)
        return {"type": "ir.actions.act_window_close"}
