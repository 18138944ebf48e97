from odoo import api, fields, models


class RetailSnapshotDecision(models.TransientModel):
    """Asks why differences of a count are put into the stock, or are not."""

    _name = "retail.snapshot.decision"
    _description = "Decide about a Stock Count"

    decision = fields.Selection(
        [("approve", "Approve"), ("reject", "Reject")], required=True, readonly=True
    )
    line_ids = fields.Many2many(
        "retail.snapshot.line", string="Differences", required=True, readonly=True
    )
    line_count = fields.Integer(string="Items", compute="_compute_figures")
    currency_id = fields.Many2one("res.currency", compute="_compute_figures")
    value = fields.Monetary(compute="_compute_figures", help="Gains less losses, at cost.")
    size = fields.Monetary(
        string="Value at Risk", compute="_compute_figures", help="Gains and losses added up."
    )
    reason = fields.Char(required=True, help="Kept with the count and in the audit trail.")

    @api.depends("line_ids")
    def _compute_figures(self):
        for wizard in self:
            lines = wizard._open_lines()
            wizard.line_count = len(lines)
            wizard.currency_id = lines.currency_id[:1]
            wizard.value = sum(lines.mapped("value"))
            wizard.size = sum(lines.mapped("size"))

    def _open_lines(self):
        return self.line_ids.filtered(lambda line: line.state == "open")

    def action_decide(self):
        """Approve or reject what is shown; the warehouse's lane applies what is approved."""
        self.ensure_one()
        self._open_lines()._decide(self.decision, self.reason)
        return {"type": "ir.actions.act_window_close"}
