from odoo import fields, models


class RetailBackend(models.Model):
    """Who may give money back alone."""

    _inherit = "retail.backend"

    company_currency_id = fields.Many2one(related="company_id.currency_id")
    refund_approval_above = fields.Monetary(
        string="Refunds: Two People above",
        currency_field="company_currency_id",
        default=0.0,
        help="In the company's currency, of one order in all. Up to it an accountant gives money "
        "back alone; above it somebody else approves. 0: somebody else always approves.",
    )

    _refund_approval_not_negative = models.Constraint(
        "CHECK (refund_approval_above >= 0)", "An amount that is not negative."
    )

    def _governed_fields(self):
        """Override: who may give money back alone is configuration."""
        return super()._governed_fields() | {"refund_approval_above"}
