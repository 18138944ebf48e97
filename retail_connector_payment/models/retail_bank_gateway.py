from odoo import api, fields, models

PATIENCE_DAYS = 5


class RetailGateway(models.Model):
    """Where a gateway's payouts arrive."""

    _inherit = "retail.gateway"

    bank_journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        check_company=True,
        ondelete="restrict",
        domain=[("type", "=", "bank")],
        help="Payouts arrive here. Empty: they are looked for on every bank account whose last "
        "digits fit.",
    )
    bank_patience = fields.Integer(
        string="Patience (days)",
        default=PATIENCE_DAYS,
        help="For how many days before and after its arrival a payout is looked for by its amount; "
        "later it is overdue.",
    )

    _bank_patience_sensible = models.Constraint(
        "CHECK (bank_patience BETWEEN 0 AND 60)", "Patience is between 0 and 60 days."
    )

    @api.model
    def _new_row(self, backend, code, name):
        """Override: a gateway is made by a plain insert, without the defaults of the fields."""
        row = super()._new_row(backend, code, name)
        return {**row, "bank_patience": PATIENCE_DAYS}
