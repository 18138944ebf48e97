from odoo import fields, models


class RetailReturnTie(models.TransientModel):
    """Says which order a return is of."""

    _name = "retail.return.tie"
    _description = "Tie a Return to its Order"

    return_id = fields.Many2one("retail.return", required=True, readonly=True)
    company_id = fields.Many2one(related="return_id.company_id")
    order_id = fields.Many2one(
        "sale.order", required=True, domain="[('company_id', '=', company_id)]"
    )

    def action_tie(self):
        """Tie it, and read again what was told."""
        self.ensure_one()
        self.check_access("read")
        self.return_id._check_operator()
        self.order_id.check_access("read")
        self.return_id._tie_to(self.order_id)
        return True
